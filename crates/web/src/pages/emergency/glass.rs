//! `/spoed/noodknop`: breaking the glass.

use super::find::{Wanted, candidates, wanted};
use super::{SearchPage, enter};
use crate::access::ask;
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Link, Place};
use crate::pages::render::{Answer, page, refused};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect};
use domain::access::{Action, Refusal, Relation, permit};
use domain::glass::{Kind, OPEN_FOR, Reason, Unreasonable};
use domain::ident::PatientId;
use store::random;

/// The page that offers to break the glass. It is made of what was typed and who asks, and of nothing else.
#[derive(Template)]
#[template(path = "emergency/glass.html")]
pub struct GlassPage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong with the reason.
    pub errors: Vec<Problem>,
    /// Who was looked for, as typed.
    pub sought: String,
    /// The same, sent on with the reason.
    pub hidden: Vec<(&'static str, String)>,
    /// May this role break the glass, for this organisation?
    pub may_break: bool,
    /// Minutes that it stays open.
    pub minutes: i64,
    /// Kind of reason.
    pub kind: Field,
    /// The reason in words.
    pub words: Field,
}

/// The page on which acute care confirms that the patient cannot be asked.
#[derive(Template)]
#[template(path = "emergency/objection.html")]
pub struct ObjectionPage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// Who was looked for, as typed.
    pub sought: String,
    /// The same, and the reason given, sent on.
    pub hidden: Vec<(&'static str, String)>,
}

/// Nothing is known here.
#[derive(Template)]
#[template(path = "emergency/nothing.html")]
pub struct NothingPage {
    /// Title, menu.
    pub frame: Frame,
    /// Who was looked for, as typed.
    pub sought: String,
}

fn frame(who: &SignedIn, title: &str) -> Frame {
    Frame { back: Some(Link::to("/spoed", "Zoek opnieuw")), ..Frame::signed(who, title, Place::BelowEmergency) }
}

impl GlassPage {
    /// The page with what was typed.
    pub fn new(who: &SignedIn, wanted: &Wanted, fields: &Fields, errors: Vec<Problem>) -> Self {
        Self::of(frame(who, "Noodknop"), who.actor.breaks_glass, wanted, fields, errors)
    }

    /// The same within a frame.
    pub fn of(frame: Frame, may_break: bool, wanted: &Wanted, fields: &Fields, errors: Vec<Problem>) -> Self {
        let kinds = Kind::ALL.into_iter().map(|k| Choice::of(k.code(), k.dutch())).collect();
        Self {
            frame: frame.failing(!errors.is_empty()),
            sought: wanted.dutch(),
            hidden: wanted.fields(),
            may_break,
            minutes: OPEN_FOR.as_mins(),
            kind: Field::radios("soort", "Waarom hebt u de gegevens nu nodig?", fields.get("soort"), kinds)
                .checked(&errors),
            words: Field::area("reden", "Licht dit toe", fields.get("reden"))
                .hint("In een zin. De patiënt, het zorgteam en de privacyfunctionaris lezen dit.")
                .checked(&errors),
            errors,
        }
    }
}

fn problem(wrong: &Unreasonable) -> Problem {
    let field = if *wrong == Unreasonable::NoKind { "soort" } else { "reden" };
    Problem::at(field, wrong.to_string())
}

/// `POST /spoed/noodknop`.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    enter(&who)?;
    let wanted = match wanted(&fields) {
        Ok(wanted) => wanted,
        Err(problem) => {
            let frame = Frame::signed(&who, "Spoed", Place::Emergency);
            return Ok(refused(&SearchPage::new(frame, &fields, vec![problem], Vec::new())));
        }
    };
    let reason = match Reason::given(fields.get("soort"), fields.get("reden")) {
        Ok(reason) if who.actor.breaks_glass => reason,
        Ok(_) => return Ok(refused(&GlassPage::new(&who, &wanted, &fields, Vec::new()))),
        Err(wrong) => {
            let errors = wrong.iter().map(problem).collect();
            return Ok(refused(&GlassPage::new(&who, &wanted, &fields, errors)));
        }
    };
    // In an emergency nobody waits; whoever goes through a list of numbers does.
    let person = who.person.as_str();
    app.throttle()
        .attempt(&format!("noodknop {person}"), person)
        .map_err(|wait| PageError::TooMany(wait.as_secs() + 1))?;
    if let Some(problem) = super::forged(&app, &who, &wanted).await? {
        let frame = Frame::signed(&who, "Spoed", Place::Emergency);
        return Ok(refused(&SearchPage::new(frame, &fields, vec![problem], Vec::new())));
    }
    let (seen, strange) = candidates(&app, &who, &wanted).await?;
    if let [one, ..] = &seen[..] {
        // Consent came meanwhile, or the glass is open already.
        return Ok(Redirect::to(&format!("/spoed/{}", one.patient())).into_response());
    }
    // Somebody unknown takes the same way, under an id that is nobody's.
    let id = match <[PatientId; 1]>::try_from(strange) {
        Ok([one]) => one,
        Err(_) => PatientId::from_bits(random::bits()),
    };
    let relation = app.store().relation(&id, &who.actor, app.clock().now()).await?;
    let objected = relation.is_some_and(|r: Relation| {
        permit(&who.actor, Action::BreakGlass, &id, r).is_err_and(|refusal| refusal == Refusal::Objection)
    });
    if objected && fields.get("bevestigd") != "ja" {
        let asked = fields.has("gevraagd");
        let missing = "Bevestig dat u de patiënt nu niet kunt vragen. Kan dat wel, vraag dan eerst toestemming.";
        let errors: Vec<Problem> = asked.then(|| Problem::at("bevestigd", missing)).into_iter().collect();
        let mut hidden = wanted.fields();
        hidden.extend([("soort", reason.kind.code().to_owned()), ("reden", reason.words.clone())]);
        let frame = frame(&who, "Noodknop").failing(asked);
        let view = ObjectionPage { frame, errors, sought: wanted.dutch(), hidden };
        return Ok(if asked { refused(&view) } else { page(&view) });
    }
    let action = if objected { Action::BreakGlassRefused } else { Action::BreakGlass };
    let leave = match ask(&app, &who.actor, action, &id).await {
        Ok(leave) => leave,
        Err(crate::access::Denied::Broken(error)) => return Err(error.into()),
        Err(crate::access::Denied::NoBasis) => {
            return Ok(page(&NothingPage { frame: frame(&who, "Niets bekend"), sought: wanted.dutch() }));
        }
    };
    app.store().break_glass(&leave, &reason, wanted.by_name(), app.clock().now()).await?;
    metrics::counter!("tijdig_glass_broken_total").increment(1);
    Ok(Redirect::to(&format!("/spoed/{id}")).into_response())
}
