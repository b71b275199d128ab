//! One file: what is in it, what is wrong with it, and bringing it in or taking it back.

use super::{may, sees_rows, send, state_words};
use crate::app::App;
use crate::error::PageError;
use crate::extract::{self, MOST_BAD, repair};
use crate::forms::SignedForm;
use crate::pages::field::Problem;
use crate::pages::frame::{Frame, Notice, Place};
use crate::pages::patient::Fact;
use crate::pages::render::{Answer, Told, done, show};
use crate::pages::rows::visible;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use domain::date::local_day;
use domain::ident::ExtractId;
use domain::words::{self, number};
use jiff::SignedDuration;
use store::extracts::{Extract, State as Stands};

/// Rows to mend on the page.
const SHOWN: u32 = 50;
/// Patients of each comparison on the page.
const COMPARED: u32 = 20;
/// Without a sign of life for so long, it was broken off.
const ALIVE: SignedDuration = SignedDuration::from_mins(1);

/// The page.
#[derive(Template)]
#[template(path = "practice/extract.html")]
pub struct ExtractPage {
    /// Title, menu.
    pub frame: Frame,
    /// Where it is sent.
    pub here: String,
    /// In a sentence.
    pub lead: String,
    /// How many of what.
    pub facts: Vec<Fact>,
    /// It goes on just now.
    pub progress: Option<Progress>,
    /// Why it could not be read.
    pub failed: Option<String>,
    /// What is wrong, and how often.
    pub reasons: Vec<(String, String)>,
    /// Rows to mend: line, and what is wrong.
    pub bad: Vec<(String, String)>,
    /// More of them than are shown.
    pub more_bad: Option<String>,
    /// May this person take the rows along to mend them?
    pub takes_rows: bool,
    /// It may be brought in, with this on the button.
    pub brings_in: Option<&'static str>,
    /// It may be taken back.
    pub takes_back: bool,
    /// Rows to mend or the file are still kept.
    pub shreds: bool,
    /// Episodes A20 without a plan; absent: not for this person, or not brought in.
    pub talked: Option<Vec<TalkedRow>>,
    /// Plans without an episode A20.
    pub planned: Vec<TalkedRow>,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read.
    pub read: u64,
    /// Of so many.
    pub of: u64,
}

/// Somebody in a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TalkedRow {
    /// Their page, where they are here.
    pub href: Option<String>,
    /// Who.
    pub name: String,
    /// Since when.
    pub fine: String,
}

/// A file of the practice of whoever asks, or the refusal that strangers get.
async fn find(app: &App, who: &SignedIn, id: &str) -> Result<Extract, PageError> {
    let id = ExtractId::parse(id).map_err(|_| PageError::Forbidden)?;
    if !may(who) {
        return Err(PageError::Forbidden);
    }
    app.store().extract(&who.organisation.id, &id).await?.ok_or(PageError::Forbidden)
}

fn is_at_work(app: &App, extract: &Extract) -> bool {
    let alive = app.clock().now().duration_since(extract.touched_at) < ALIVE;
    let begun = extract.state == Stands::Running || (extract.state == Stands::Tried && !is_tried(extract));
    begun && alive
}

/// The trial came to its end.
fn is_tried(extract: &Extract) -> bool {
    extract.about.whole || extract.about.failed.is_some()
}

/// In a sentence.
fn lead(extract: &Extract, at_work: bool) -> String {
    let counts = extract.counts;
    let rows = number(counts.rows);
    match (extract.state, at_work) {
        (_, true) => format!("{rows} rijen gelezen. Laad deze pagina opnieuw om te zien hoe ver het is."),
        (Stands::Running, false) => {
            "Het inlezen is afgebroken. Lees het opnieuw in: wat er al stond, wordt niet dubbel.".to_owned()
        }
        (Stands::Tried, false) if extract.about.failed.is_some() => {
            "Dit bestand kan niet worden gelezen. Er is niets veranderd.".to_owned()
        }
        (Stands::Tried, false) if !extract.about.whole => {
            "De proef is afgebroken. Kies het bestand opnieuw.".to_owned()
        }
        (Stands::Tried, false) if counts.wrong == 0 => {
            format!("{rows} rijen gelezen, zonder fouten. Er is nog niets ingelezen.")
        }
        (Stands::Tried, false) => format!(
            "{rows} rijen gelezen, {} met een fout. Er is nog niets ingelezen. De goede rijen kunt u inlezen; de andere \
             herstelt u en leest u daarna in.",
            number(counts.wrong)
        ),
        (Stands::Done, _) => {
            format!("Ingelezen: {} nieuw, {} stond er al.", number(counts.new), number(counts.known))
        }
        (Stands::Undone, _) => "Teruggedraaid: van dit bestand telt niets meer mee.".to_owned(),
    }
}

fn facts(extract: &Extract) -> Vec<Fact> {
    let c = extract.counts;
    let others = c.patients.saturating_sub(c.own);
    [
        ("Gekozen op", format!("{}, door {}", words::day(local_day(extract.made_at)), extract.about.by)),
        ("Stand", state_words(extract.state).to_owned()),
        ("Indeling", extract.about.layout.clone()),
        ("Rijen", number(c.rows)),
        ("Rijen met een fout", number(c.wrong)),
        ("Rijen waar een regel naar vraagt", number(c.kept)),
        ("Eigen patiënten die hier staan", number(c.own)),
        ("Anderen, onder een kenmerk zonder naam of BSN", number(others)),
        ("Kolommen die niet gebruikt zijn", extract.about.passed_over.join(", ")),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(label, value)| Fact { label, value })
    .collect()
}

/// The page without what is read with permits.
pub fn view(frame: Frame, extract: &Extract, at_work: bool, sees_rows: bool, errors: Vec<Problem>) -> ExtractPage {
    let c = extract.counts;
    let tried = extract.state == Stands::Tried && extract.about.whole;
    let broken_off = extract.state == Stands::Running && !at_work;
    ExtractPage {
        frame: frame.failing(!errors.is_empty()),
        here: format!("/praktijk/extract/{}", extract.id),
        lead: lead(extract, at_work),
        facts: facts(extract),
        progress: at_work.then_some(Progress { read: c.read.min(c.bytes), of: c.bytes }),
        failed: extract.about.failed.clone(),
        reasons: extract.about.reasons.iter().map(|(why, times)| (why.clone(), number(*times))).collect(),
        bad: Vec::new(),
        more_bad: (c.wrong > u64::from(SHOWN)).then(|| {
            let kept = if c.wrong > MOST_BAD as u64 { " De eerste 10.000 zijn bewaard." } else { "" };
            format!("Dit zijn de eerste {SHOWN} van {} rijen.{kept}", number(c.wrong))
        }),
        takes_rows: sees_rows && c.wrong > 0 && !at_work,
        brings_in: (!at_work && c.kept > 0)
            .then_some(match (tried, broken_off) {
                (true, _) if c.wrong > 0 => "Lees de goede rijen in",
                (true, _) => "Lees in",
                (false, true) => "Lees opnieuw in",
                (false, false) => "",
            })
            .filter(|words| !words.is_empty()),
        takes_back: !at_work && matches!(extract.state, Stands::Done | Stands::Running),
        shreds: !at_work && extract.state != Stands::Running,
        talked: None,
        planned: Vec::new(),
        errors,
    }
}

async fn filled(app: &App, who: &SignedIn, extract: &Extract, errors: Vec<Problem>) -> Result<ExtractPage, PageError> {
    let (store, now) = (app.store(), app.clock().now());
    let frame = Frame::signed(who, "HIS-extract", Place::BelowPractice).back_to("/praktijk/extract", "HIS-extract");
    let at_work = is_at_work(app, extract);
    let sees = sees_rows(who);
    let mut view = view(frame, extract, at_work, sees, errors);
    if !at_work {
        let bad = store.bad_rows(&who.actor, &extract.id, 0, SHOWN, now).await?;
        view.bad = bad.iter().map(|row| (number(row.line), row.reasons.join(" "))).collect();
        // They went with their key.
        view.takes_rows &= !bad.is_empty();
        let waits = extract.state == Stands::Tried && store.extract_waits(&extract.id).await?;
        view.brings_in = view.brings_in.filter(|_| waits || extract.state == Stands::Running);
        view.shreds &= waits || !bad.is_empty();
    }
    if sees && extract.state == Stands::Done {
        let mut talked = Vec::new();
        for one in store.talked_without_plan(&who.actor, COMPARED, now).await? {
            let since = format!("A20 sinds {}", words::day(one.since));
            let row = match (one.patient, one.known) {
                (Some(patient), _) => {
                    let found = visible(app, &who.actor, vec![patient], "candidates").await?;
                    found.first().map(|r| here(&r.id.to_string(), &r.patient, &since))
                }
                (None, Some((number, line))) => Some(unknown(number.as_deref(), line, &since)),
                (None, None) => None,
            };
            talked.extend(row);
        }
        view.talked = Some(talked);
        let planned = store.planned_without_a20(&who.actor, COMPARED, now).await?;
        let planned = visible(app, &who.actor, planned, "candidates").await?;
        view.planned =
            planned.iter().map(|r| here(&r.id.to_string(), &r.patient, "plan hier, geen A20 in het HIS")).collect();
    }
    Ok(view)
}

fn here(id: &str, patient: &domain::patient::Patient, fine: &str) -> TalkedRow {
    TalkedRow {
        href: Some(format!("/patienten/{id}")),
        name: crate::pages::dutch::addressed(patient),
        fine: fine.to_owned(),
    }
}

/// Somebody who is not known here: as the practice finds them in its own system.
pub fn unknown(number_there: Option<&str>, line: u64, fine: &str) -> TalkedRow {
    let name = match number_there {
        Some(number) => format!("Nummer {number} in uw HIS"),
        None => format!("Rij {} van het bestand", number(line)),
    };
    TalkedRow { href: None, name, fine: format!("{fine}; hier nog niet bekend") }
}

/// `GET /praktijk/extract/{extract}`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let extract = find(&app, &who, &id).await?;
    let mut view = filled(&app, &who, &extract, Vec::new()).await?;
    view.frame = view.frame.told(&told);
    Ok(show(StatusCode::OK, &view))
}

/// `POST /praktijk/extract/{extract}`: brings it in, takes it back, or removes the rows to mend.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let extract = find(&app, &who, &id).await?;
    let (store, now) = (app.store(), app.clock().now());
    let here = format!("/praktijk/extract/{}", extract.id);
    let conflict = "Iemand anders deed dit intussen. Lees hoe het er nu voor staat.";
    let what = fields.get("doe");
    if matches!(what, "inlezen" | "terugdraaien" | "klaar") && is_at_work(&app, &extract) {
        let busy = "Dit bestand wordt op dit moment gelezen. Wacht tot dat klaar is.";
        return again(&app, &who, &id, busy).await;
    }
    match what {
        "inlezen" => {
            let layout =
                extract::layout(&extract.about.mapping).map_err(|wrong| PageError::BadRequest(wrong.join(" ")))?;
            let Some(file) = store.extract_file(&extract.id).await? else {
                return again(&app, &who, &id, conflict).await;
            };
            let Some(run) = store.start_extract(&who.actor, &extract.run(), now).await? else {
                return again(&app, &who, &id, conflict).await;
            };
            send::work(&app, &who, &run, layout, extract.about.clone(), file, true).await;
            let stands = find(&app, &who, &id).await?.state;
            if stands == Stands::Done {
                return Ok(done(&here, Notice::ExtractDone));
            }
            Ok(Redirect::to(&here).into_response())
        }
        "terugdraaien" => {
            if store.undo_extract(&who.actor, &extract.id, now).await? {
                return Ok(done(&here, Notice::ExtractUndone));
            }
            again(&app, &who, &id, conflict).await
        }
        "klaar" => {
            store.shred_extract(&who.actor, &extract.id, now).await?;
            Ok(done(&here, Notice::ExtractShredded))
        }
        _ => again(&app, &who, &id, "Kies wat u wilt doen.").await,
    }
}

async fn again(app: &App, who: &SignedIn, id: &str, why: &str) -> Answer {
    let extract = find(app, who, id).await?;
    let view = filled(app, who, &extract, vec![Problem::whole(why)]).await?;
    Ok(show(StatusCode::CONFLICT, &view))
}

/// `GET /praktijk/extract/{extract}/fouten.csv`: rows to mend, for whoever gives care.
pub async fn csv(State(app): State<App>, who: SignedIn, Path(id): Path<String>) -> Answer {
    let extract = find(&app, &who, &id).await?;
    if !sees_rows(&who) {
        return Err(PageError::Forbidden);
    }
    let most = u32::try_from(MOST_BAD).unwrap_or(u32::MAX);
    let rows = app.store().bad_rows(&who.actor, &extract.id, 0, most, app.clock().now()).await?;
    if rows.is_empty() {
        return Err(PageError::NotFound);
    }
    let bytes = repair::file(&extract.about.header, &rows);
    let kept = "attachment; filename=\"rijen-om-te-herstellen.csv\"";
    let head = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, kept)];
    Ok((head, bytes).into_response())
}
