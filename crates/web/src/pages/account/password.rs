//! `/account/wachtwoord`: another password.

use crate::app::App;
use crate::error::PageError;
use crate::forms::SignedForm;
use crate::pages::field::{Field, Problem};
use crate::pages::frame::{Frame, Notice, Place};
use crate::pages::render::{Answer, done, page, refused};
use crate::password;
use crate::people::SHORTEST_PASSWORD;
use crate::session::{self, SignedIn};
use crate::sign_in::confirm;
use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use axum_extra::extract::cookie::CookieJar;

/// The page.
#[derive(Template)]
#[template(path = "account/password.html")]
pub struct PasswordPage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// Password now.
    pub now: Field,
    /// The new one, twice.
    pub new: [Field; 2],
}

impl PasswordPage {
    /// The page with what is wrong.
    pub fn new(frame: Frame, errors: Vec<Problem>) -> Self {
        Self {
            frame: frame.back_to("/account", "Uw account").failing(!errors.is_empty()),
            now: Field::password("huidig", "Uw wachtwoord nu").checked(&errors),
            new: new_fields(&errors),
            errors,
        }
    }
}

/// The fields for a new password.
pub fn new_fields(errors: &[Problem]) -> [Field; 2] {
    let hint =
        format!("Minstens {SHORTEST_PASSWORD} tekens. Een paar losse woorden is goed en makkelijk te onthouden.");
    [
        Field::password("nieuw", "Nieuw wachtwoord").completed_by("new-password").hint(&hint).checked(errors),
        Field::password("nogmaals", "Nieuw wachtwoord, nog eens").completed_by("new-password").checked(errors),
    ]
}

/// What is wrong with a new password.
pub fn new_problems(username: &str, new: &str, again: &str) -> Vec<Problem> {
    let problem = if new.chars().count() < SHORTEST_PASSWORD {
        Problem::at("nieuw", format!("Neem een wachtwoord van minstens {SHORTEST_PASSWORD} tekens."))
    } else if new.chars().count() > 200 {
        Problem::at("nieuw", "Neem een wachtwoord van hoogstens 200 tekens.")
    } else if new.to_lowercase().contains(&username.to_lowercase()) && username.len() > 3 {
        Problem::at("nieuw", "Neem een wachtwoord zonder uw gebruikersnaam erin.")
    } else if new.chars().all(|c| new.starts_with(c)) {
        Problem::at("nieuw", "Neem een wachtwoord dat niet uit één teken bestaat.")
    } else if new != again {
        Problem::at("nogmaals", "De twee wachtwoorden zijn niet gelijk.")
    } else {
        return Vec::new();
    };
    vec![problem]
}

/// Has this person a password at all?
///
/// # Errors
/// Where the store fails.
pub async fn has_one(app: &App, who: &SignedIn) -> Result<bool, store::Error> {
    let Some(person) = app.store().person(&who.person).await? else { return Ok(false) };
    let login = app.store().login(&person.username, app.clock().real()).await?;
    Ok(login.is_some_and(|l| l.password_hash.is_some()))
}

fn frame(who: &SignedIn) -> Frame {
    Frame::signed(who, "Wijzig uw wachtwoord", Place::Account)
}

/// `GET /account/wachtwoord`.
pub async fn get(State(app): State<App>, who: SignedIn) -> Answer {
    if !has_one(&app, &who).await? {
        return Err(PageError::NotFound);
    }
    Ok(page(&PasswordPage::new(frame(&who), Vec::new())))
}

/// `POST /account/wachtwoord`. The other sessions end, and this one goes on under another token.
pub async fn post(State(app): State<App>, jar: CookieJar, SignedForm { who, fields }: SignedForm) -> Answer {
    let username = app.store().person(&who.person).await?.map(|p| p.username).unwrap_or_default();
    let mut errors = new_problems(&username, fields.get("nieuw"), fields.get("nogmaals"));
    if errors.is_empty() {
        errors.extend(confirm::password_problem(&app, &who, "huidig", fields.get("huidig")).await?);
    }
    if !errors.is_empty() {
        return Ok(refused(&PasswordPage::new(frame(&who), errors)));
    }
    let now = app.clock().real();
    let hash = password::make(fields.get("nieuw")).await;
    app.store().set_password(&who.actor, &who.person, &hash, now).await?;
    app.store().end_other_sessions(&who.person, &who.session, now).await?;
    let (fresh, cookie) = session::fresh(&app);
    app.store().renew_session(&who.session, &fresh).await?;
    Ok((jar.add(cookie), done("/account", Notice::PasswordChanged)).into_response())
}

#[cfg(test)]
mod tests {
    use super::new_problems;

    #[test]
    fn a_new_password_is_long_and_typed_twice_alike() {
        assert!(new_problems("gp", "boterham met kaas", "boterham met kaas").is_empty());
        for (new, again, field) in [
            ("kort", "kort", "nieuw"),
            ("boterham met kaas", "boterham met jam", "nogmaals"),
            ("aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "nieuw"),
            ("Saskia.deWit is er", "Saskia.deWit is er", "nieuw"),
        ] {
            assert_eq!(new_problems("saskia.dewit", new, again)[0].field, field, "{new}");
        }
    }
}
