//! `/beheer/organisaties/{organisation}/instrumenten`: which instruments are offered to who signals (PROCESS S2), and
//! where the line of a frailty score is, with who says so.

use super::super::field::{Choice, Field, Problem};
use super::super::frame::{Frame, Notice};
use super::super::render::{Answer, Told, done, page, refused};
use super::{desk, frame_at};
use crate::app::App;
use crate::forms::{Fields, SignedForm};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::policy::Policy;
use domain::signal::offered::{OWN, ScaleGiven, ScalePart, Unoffered, offered, own_code};
use domain::signal::{Asks, Instruments, Scale, scale, scales};
use store::organisations::Organisation;

/// The page.
#[derive(Template)]
#[template(path = "admin/instruments.html")]
pub struct InstrumentsPage {
    /// Title, menu.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// Name of the organisation.
    pub organisation: String,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// How the Surprise Question is asked.
    pub surprise: Field,
    /// Is SPICT offered?
    pub spict: Field,
    /// Scales that everybody knows.
    pub known: Vec<KnownScale>,
    /// Scales of the organisation's own: name, lowest, highest, line and source.
    pub own: Vec<[Field; 5]>,
}

/// A scale that everybody knows.
#[derive(Debug, Clone)]
pub struct KnownScale {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Its range, in words.
    pub range: String,
    /// It is offered.
    pub on: bool,
    /// The line, and who says so.
    pub line: [Field; 2],
}

fn name(code: &str, part: ScalePart) -> String {
    let part = match part {
        ScalePart::Name => "naam",
        ScalePart::Lowest => "laagste",
        ScalePart::Highest => "hoogste",
        ScalePart::FrailFrom => "grens",
        ScalePart::Source => "bron",
    };
    format!("{part}-{code}")
}

/// What stands in a field: what was typed, else what is offered.
fn value(typed: Option<&Fields>, field: &str, of: impl Fn() -> Option<String>) -> String {
    typed.map_or_else(|| of().unwrap_or_default(), |fields| fields.get(field).to_owned())
}

fn known(offers: &Instruments, typed: Option<&Fields>, errors: &[Problem]) -> Vec<KnownScale> {
    let of = |usual: Scale| {
        let now = scale(&offers.scales, &usual.code);
        let on = match typed {
            Some(fields) => fields.0.iter().any(|(n, v)| n == "schaal" && *v == usual.code),
            None => now.is_some(),
        };
        let line = now.unwrap_or(&usual);
        let [from, source] = [ScalePart::FrailFrom, ScalePart::Source].map(|part| name(&usual.code, part));
        let frail = value(typed, &from, || Some(line.frail_from.to_string()));
        let who = value(typed, &source, || Some(line.source.clone()));
        KnownScale {
            range: format!("score van {} tot {}", usual.lowest, usual.highest),
            on,
            line: [
                Field::shorter(&from, "Kwetsbaar vanaf", &frail).digits().checked(errors),
                Field::text(&source, "Bron van deze grens", &who).checked(errors),
            ],
            name: usual.name.clone(),
            code: usual.code,
        }
    };
    scales().into_iter().map(of).collect()
}

fn own(offers: &Instruments, typed: Option<&Fields>, errors: &[Problem]) -> Vec<[Field; 5]> {
    let of = |n: usize| {
        let code = own_code(n);
        let now = scale(&offers.scales, &code);
        let value = |part| {
            value(typed, &name(&code, part), || {
                let scale = now?;
                Some(match part {
                    ScalePart::Name => scale.name.clone(),
                    ScalePart::Lowest => scale.lowest.to_string(),
                    ScalePart::Highest => scale.highest.to_string(),
                    ScalePart::FrailFrom => scale.frail_from.to_string(),
                    ScalePart::Source => scale.source.clone(),
                })
            })
        };
        let text = |part, label: &str| Field::text(&name(&code, part), label, &value(part)).checked(errors);
        let short =
            |part, label: &str| Field::shorter(&name(&code, part), label, &value(part)).digits().checked(errors);
        [
            text(ScalePart::Name, &format!("Eigen instrument {n}: naam")),
            short(ScalePart::Lowest, "Laagste score"),
            short(ScalePart::Highest, "Hoogste score"),
            short(ScalePart::FrailFrom, "Kwetsbaar vanaf"),
            text(ScalePart::Source, "Bron van deze grens"),
        ]
    };
    (1..=OWN).map(of).collect()
}

/// The page of what an organisation offers, or as it was filled in.
pub fn view(
    frame: Frame,
    organisation: (&str, &str),
    offers: &Instruments,
    typed: Option<&Fields>,
    errors: Vec<Problem>,
) -> InstrumentsPage {
    let surprise = value(typed, "surprise", || Some(offers.surprise.code().to_owned()));
    let spict = value(typed, "spict", || Some(if offers.spict { "ja" } else { "nee" }.to_owned()));
    let asks = Asks::ALL.iter().map(|a| Choice::of(a.code(), domain::words::capitalised(a.dutch()))).collect();
    InstrumentsPage {
        frame: frame.failing(!errors.is_empty()),
        id: organisation.0.to_owned(),
        organisation: organisation.1.to_owned(),
        surprise: Field::radios("surprise", "Hoe vraagt u de Surprise Question?", &surprise, asks).checked(&errors),
        spict: Field::radios(
            "spict",
            "Gebruikt u SPICT?",
            &spict,
            vec![Choice::of("ja", "Ja"), Choice::of("nee", "Nee")],
        )
        .checked(&errors),
        known: known(offers, typed, &errors),
        own: own(offers, typed, &errors),
        errors,
    }
}

fn answer(
    who: &SignedIn,
    organisation: &Organisation,
    typed: Option<&Fields>,
    errors: Vec<Problem>,
) -> InstrumentsPage {
    let frame = frame_at(who, "Instrumenten bij een signaal", organisation, "", "Beheer");
    let id = organisation.id.to_string();
    view(frame, (&id, &organisation.name), &organisation.policy.instruments, typed, errors)
}

/// `GET …/instrumenten`.
pub async fn get(
    State(app): State<App>,
    who: SignedIn,
    Path(organisation): Path<String>,
    Query(told): Query<Told>,
) -> Answer {
    let organisation = desk(&app, &who, &organisation).await?;
    let mut view = answer(&who, &organisation, None, Vec::new());
    view.frame = view.frame.told(&told);
    Ok(page(&view))
}

fn read(fields: &Fields) -> Result<Instruments, Vec<Problem>> {
    let one = |code: String| {
        let typed = |part| fields.get(&name(&code, part)).to_owned();
        ScaleGiven {
            offered: fields.0.iter().any(|(n, v)| n == "schaal" && *v == code),
            name: typed(ScalePart::Name),
            lowest: typed(ScalePart::Lowest),
            highest: typed(ScalePart::Highest),
            frail_from: typed(ScalePart::FrailFrom),
            source: typed(ScalePart::Source),
            code,
        }
    };
    let codes = scales().into_iter().map(|s| s.code).chain((1..=OWN).map(own_code));
    let given: Vec<ScaleGiven> = codes.map(one).collect();
    let problem = |wrong: Unoffered| match wrong.scale {
        Some((code, part)) => Problem::at(&name(&code, part), wrong.sentence),
        None => Problem::at("surprise", wrong.sentence),
    };
    let spict = match fields.get("spict") {
        "ja" => Ok(true),
        "nee" => Ok(false),
        _ => Err(Problem::at("spict", "Kies ja of nee.")),
    };
    let made = offered(fields.get("surprise"), spict.as_ref().is_ok_and(|yes| *yes), &given);
    match (made, spict) {
        (Ok(made), Ok(_)) => Ok(made),
        (made, spict) => {
            let wrong = made.err().unwrap_or_default().into_iter().map(problem);
            Err(wrong.chain(spict.err()).collect())
        }
    }
}

/// `POST …/instrumenten`.
pub async fn post(
    State(app): State<App>,
    Path(organisation): Path<String>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let organisation = desk(&app, &who, &organisation).await?;
    let instruments = match read(&fields) {
        Ok(instruments) => instruments,
        Err(errors) => return Ok(refused(&answer(&who, &organisation, Some(&fields), errors))),
    };
    let policy = Policy { instruments, ..organisation.policy.clone() };
    let changed = Organisation { policy, ..organisation };
    app.store().change_organisation(&who.actor, &changed, app.clock().real()).await?;
    Ok(done(&format!("/beheer/organisaties/{}/instrumenten", changed.id), Notice::Kept))
}
