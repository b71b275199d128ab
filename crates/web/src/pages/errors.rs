//! When a page cannot be shown: what happened, why, and how to go on. Nobody learns from it whether a patient exists
//! (decision 53).

use super::frame::{Frame, Link};
use super::render::show;
use crate::error::PageError;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use std::any::Any;

/// The page.
#[derive(Template)]
#[template(path = "failure.html")]
pub struct FailurePage {
    /// Title, back link.
    pub frame: Frame,
    /// What happened, as heading.
    pub what: &'static str,
    /// Why.
    pub why: String,
    /// How to go on.
    pub how: &'static str,
    /// More, each in a sentence.
    pub problems: Vec<String>,
    /// Where to go.
    pub way: Link,
}

/// The page that goes with an error.
pub fn view(error: &PageError) -> FailurePage {
    let (what, why, how, way) = match error {
        PageError::SignIn(_) | PageError::MustEnrol => (
            "U bent niet ingelogd",
            "Deze pagina is er alleen voor wie is ingelogd.".to_owned(),
            "Log in en probeer het opnieuw.",
            Link::to("/inloggen", "Log in"),
        ),
        PageError::Forbidden | PageError::Denied => (
            "U kunt deze pagina niet openen",
            "U bent niet bij deze patiënt betrokken, uw rol staat dit niet toe, of de patiënt is hier niet bekend."
                .to_owned(),
            "Bent u wel bij de zorg betrokken? Vraag dan de huisarts van de patiënt om uw organisatie aan het zorgteam toe te voegen.",
            // Whoever it is: the patient and theirs come here too.
            Link::to("/", "Naar het begin"),
        ),
        PageError::NotFound => (
            "Deze pagina is er niet",
            "Het adres klopt niet, of de pagina is verplaatst.".to_owned(),
            "Controleer het adres, of ga naar het begin.",
            Link::to("/", "Naar het begin"),
        ),
        PageError::Csrf => (
            "Dit formulier is verlopen",
            "U bent intussen opnieuw ingelogd, of het formulier kwam niet van deze website. Er is niets veranderd."
                .to_owned(),
            "Ga terug, laad de pagina opnieuw en probeer het nog eens. Wat al als concept was bewaard, is er nog.",
            Link::to("/", "Naar het begin"),
        ),
        PageError::TooLarge => (
            "Dit is te groot",
            "Wat u hebt verstuurd, is groter dan dit formulier aankan. Er is niets bewaard.".to_owned(),
            "Ga terug, maak de tekst korter en probeer het opnieuw.",
            Link::to("/", "Naar het begin"),
        ),
        PageError::BadRequest(sentence) => (
            "Dit kunnen we niet verwerken",
            sentence.clone(),
            "Ga terug, verbeter wat er staat en probeer het opnieuw.",
            Link::to("/", "Naar het begin"),
        ),
        PageError::TooMany(seconds) => (
            "Even wachten",
            format!("Er is te vaak achter elkaar geprobeerd. Over {} kan het weer.", waiting(*seconds)),
            "Wacht even en probeer het dan opnieuw.",
            Link::to("/inloggen", "Naar inloggen"),
        ),
        PageError::TooManySearches(seconds) => (
            "Even wachten met zoeken",
            format!("U hebt in korte tijd veel patiënten gezocht. Over {} kan het weer.", waiting(*seconds)),
            "Uw eigen patiënten staan in de lijst, ook zonder zoeken.",
            Link::to("/patienten", "Naar patiënten"),
        ),
        PageError::Broken(store::Error::Died) => (
            "De patiënt is overleden",
            "Er wordt geen nieuw plan meer vastgelegd. Wat er staat, blijft te lezen.".to_owned(),
            "Klopt het overlijden niet? Wie plannen vastlegt, kan dat bij Verloop als onjuist aanmerken.",
            Link::to("/", "Naar het begin"),
        ),
        PageError::Broken(store::Error::Merged(into)) => (
            "Dit dossier is samengevoegd",
            "Iemand voegde het intussen samen met een ander dossier van deze patiënt. Er is niets bewaard.".to_owned(),
            "Open het dossier dat er nu is, en leg het daar vast.",
            Link::to(format!("/patienten/{into}"), "Naar het dossier"),
        ),
        PageError::Broken(store::Error::Full) => (
            "Er kan niets meer bij",
            format!("Er staan hier al {} van. Er is niets bewaard.", store::notes::MOST),
            "Pas een aan die er al staat, of bel uw beheerder.",
            Link::to("/", "Naar het begin"),
        ),
        PageError::Broken(_) | PageError::Unprinted(_) => (
            "Er ging iets mis bij ons",
            "De pagina kon niet worden gemaakt. Wat eerder was vastgelegd of als concept bewaard, is er nog."
                .to_owned(),
            "Probeer het over een minuut opnieuw. Blijft het misgaan, bel dan uw beheerder.",
            Link::to("/", "Naar het begin"),
        ),
    };
    let frame = Frame { title: what.to_owned(), ..Frame::default() };
    FailurePage { frame, what, why, how, problems: Vec::new(), way }
}

fn waiting(seconds: u64) -> String {
    match seconds {
        0 | 1 => "een seconde".to_owned(),
        2..=90 => format!("{seconds} seconden"),
        _ => format!("{} minuten", seconds.div_ceil(60)),
    }
}

/// The answer to an error.
pub fn respond(error: &PageError) -> Response {
    let mut response = show(error.status(), &view(error));
    if let PageError::TooMany(seconds) | PageError::TooManySearches(seconds) = error
        && let Ok(value) = HeaderValue::from_str(&seconds.to_string())
    {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// No such page.
pub async fn nowhere() -> PageError {
    PageError::NotFound
}

/// The page is there, but not for this way of asking.
pub async fn not_this_way() -> Response {
    let page = FailurePage { what: "Dit kan hier niet", ..view(&PageError::NotFound) };
    let why = "Deze pagina kan niet zo worden opgevraagd. Misschien hebt u een formulier ververst.".to_owned();
    let frame = Frame { title: page.what.to_owned(), ..Frame::default() };
    show(StatusCode::METHOD_NOT_ALLOWED, &FailurePage { frame, why, ..page })
}

/// A handler panicked; what it said may hold anything and goes nowhere.
pub fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    let page = view(&PageError::Broken(store::Error::Bug("panic")));
    show(StatusCode::INTERNAL_SERVER_ERROR, &page)
}
