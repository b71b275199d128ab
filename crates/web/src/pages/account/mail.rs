//! `/account/mail`: be told by mail that something changed; an address counts when its code came back.

use crate::app::App;
use crate::error::PageError;
use crate::forms::SignedForm;
use crate::mail::is_address;
use crate::pages::field::{Field, Problem};
use crate::pages::frame::{Frame, Notice, Place};
use crate::pages::render::{Answer, Told, done, page, refused, sees_patients};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use store::mail_address::{Asked, Confirmed, MailAddress};

/// The page.
#[derive(Template)]
#[template(path = "account/mail.html")]
pub struct MailPage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// The address that counts.
    pub on: Option<String>,
    /// The address to which a code was sent.
    pub asked: Option<String>,
    /// An address.
    pub address: Field,
    /// The code.
    pub code: Field,
}

impl MailPage {
    /// The page, as typed.
    pub fn new(frame: Frame, kept: Option<&MailAddress>, typed: &str, errors: Vec<Problem>) -> Self {
        let of = |confirmed: bool| kept.filter(|k| k.confirmed_at.is_some() == confirmed).map(|k| k.address.clone());
        Self {
            frame: frame.back_to("/account", "Uw account").failing(!errors.is_empty()),
            on: of(true),
            asked: of(false),
            address: Field::text("adres", "Uw e-mailadres", typed).completed_by("email").checked(&errors),
            code: Field::short("code", "Code uit de mail", "")
                .completed_by("one-time-code")
                .hint("Zes cijfers; de code telt een uur.")
                .checked(&errors),
            errors,
        }
    }
}

/// Is this for whoever asks: is there mail, and do they see patients?
pub fn is_for(app: &App, who: &SignedIn) -> bool {
    app.mailer().is_some() && sees_patients(who)
}

fn frame(who: &SignedIn) -> Frame {
    Frame::signed(who, "Bericht per e-mail", Place::Account)
}

/// `GET /account/mail`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    if !is_for(&app, &who) {
        return Err(PageError::NotFound);
    }
    let kept = app.store().mail_address(&who.person).await?;
    Ok(page(&MailPage::new(frame(&who).told(&told), kept.as_ref(), "", Vec::new())))
}

/// `POST /account/mail`: an address, its code, or no more.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    if !is_for(&app, &who) {
        return Err(PageError::NotFound);
    }
    let (store, now) = (app.store(), app.clock().now());
    let typed = fields.get("adres").trim();
    let problem = match fields.get("doe") {
        "adres" if !is_address(typed) => {
            Problem::at("adres", "Dit is geen e-mailadres. Schrijf bijvoorbeeld s.dewit@thuiszorg.nl.")
        }
        "adres" => match store.ask_mail_address(&who.person, typed, &fresh_code(), now).await? {
            Asked::Sent => return Ok(done("/account/mail", Notice::MailAsked)),
            Asked::TooSoon => {
                Problem::at("adres", "Er is net een code verstuurd. Wacht een minuut voor u een nieuwe vraagt.")
            }
        },
        "code" => match store.confirm_mail_address(&who.person, fields.get("code").trim(), now).await? {
            Confirmed::Done => return Ok(done("/account/mail", Notice::MailOn)),
            Confirmed::Wrong => Problem::at("code", "Deze code klopt niet. Kijk in de laatste mail."),
            Confirmed::Over => Problem::at("code", "Deze code telt niet meer. Vraag hieronder een nieuwe."),
        },
        "uit" => {
            store.remove_mail_address(&who.person, now).await?;
            return Ok(done("/account/mail", Notice::MailOff));
        }
        _ => Problem::at("adres", "Vul een e-mailadres in."),
    };
    let kept = store.mail_address(&who.person).await?;
    Ok(refused(&MailPage::new(frame(&who), kept.as_ref(), typed, vec![problem])))
}

/// Six digits.
fn fresh_code() -> String {
    let number = u32::from_be_bytes(store::random::bytes::<4>()) % 1_000_000;
    format!("{number:06}")
}
