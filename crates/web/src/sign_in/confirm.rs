//! Whoever changes how an account is opened proves again who they are, unless they signed in just now: a session that
//! was left open, or stolen, must not become one for ever.

use crate::app::App;
use crate::error::PageError;
use crate::pages::field::{Field, Problem};
use crate::password;
use crate::session::SignedIn;
use jiff::SignedDuration;

/// Signing in is this long enough of a proof.
const JUST_NOW: SignedDuration = SignedDuration::from_mins(15);
/// Name of the field.
pub const FIELD: &str = "wachtwoord";

/// Is the password to be asked?
pub fn is_needed(app: &App, who: &SignedIn) -> bool {
    app.clock().real().duration_since(who.since) > JUST_NOW
}

/// The field, where it is needed.
pub fn field(app: &App, who: &SignedIn, errors: &[Problem]) -> Option<Field> {
    is_needed(app, who)
        .then(|| Field::password(FIELD, "Uw wachtwoord").hint("Omdat u al een tijdje bent ingelogd.").checked(errors))
}

/// What is wrong with the proof; `None` where it is right, or not needed.
///
/// # Errors
/// Where the store fails, or guessed too often.
pub async fn problem(app: &App, who: &SignedIn, given: &str) -> Result<Option<Problem>, PageError> {
    if is_needed(app, who) { password_problem(app, who, FIELD, given).await } else { Ok(None) }
}

/// What is wrong with a password typed in this field, however fresh the session.
///
/// # Errors
/// Where the store fails, or guessed too often.
pub async fn password_problem(
    app: &App,
    who: &SignedIn,
    field: &str,
    given: &str,
) -> Result<Option<Problem>, PageError> {
    if given.is_empty() {
        return Ok(Some(Problem::at(field, "Vul uw wachtwoord in.")));
    }
    let attempt = app.throttle().code(who.person.as_str(), None).map_err(|w| PageError::TooMany(w.as_secs() + 1))?;
    let kept = match app.store().person(&who.person).await? {
        Some(person) => app.store().login(&person.username, app.clock().real()).await?.and_then(|l| l.password_hash),
        None => None,
    };
    if kept.is_none() {
        // Signs in through a provider, and has none.
        return Ok(Some(Problem::at(field, "U hebt hier geen wachtwoord. Log uit en opnieuw in, en probeer het dan.")));
    }
    if !password::verify(given, kept.as_deref()).await {
        return Ok(Some(Problem::at(field, "Dit is niet uw wachtwoord.")));
    }
    app.throttle().succeeded(attempt);
    Ok(None)
}
