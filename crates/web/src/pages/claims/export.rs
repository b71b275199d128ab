//! The lines of a month as CSV, for whoever sends them in: what, for whom, under which rule, and what is missing (F2).

use super::row::counting;
use super::{Which, may_see};
use crate::app::App;
use crate::error::PageError;
use crate::pages::harmless;
use crate::pages::render::Answer;
use crate::pages::rows::leaves;
use crate::session::SignedIn;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use domain::access::Action;
use domain::date::local_day;
use domain::ident::PatientId;
use domain::patient::Patient;
use store::claims::{ClaimEvent, Claimed};

/// Patients looked up at once.
const STEP: u32 = 500;

const HEAD: [&str; 15] = [
    "datum",
    "stand",
    "bsn",
    "naam",
    "geboortedatum",
    "uzovi",
    "code",
    "bedrag_euro",
    "naar_verwachting",
    "regel",
    "grondslag",
    "ontbreekt",
    "vastgelegd_op",
    "vastgelegd_door",
    "reden",
];

/// The cells of a line, or of what withdrew one.
pub fn cells(patient: &Patient, claimed: &Claimed, counts: bool) -> [String; 15] {
    let (line, reason) = match &claimed.what {
        ClaimEvent::Claimed(line) => (Some(line), String::new()),
        ClaimEvent::Withdrawn { reason, .. } => (None, reason.clone()),
    };
    let of = |f: fn(&domain::claims::Line) -> String| line.map(f).unwrap_or_default();
    let stands = match (line.is_some(), counts) {
        (true, true) => "gedeclareerd",
        (true, false) => "gedeclareerd en later teruggetrokken",
        (false, _) => "teruggetrokken",
    };
    [
        claimed.on.to_string(),
        stands.to_owned(),
        patient.bsn.as_str().to_owned(),
        patient.name.full(),
        patient.birth_date.as_str().to_owned(),
        of(|l| l.insurer.as_str().to_owned()),
        of(|l| l.code.clone()),
        of(|l| l.cents.map(|c| format!("{},{:02}", c / 100, c % 100)).unwrap_or_default()),
        of(|l| if l.expected { "ja" } else { "nee" }.to_owned()),
        of(|l| l.rule.clone()),
        of(|l| l.evidence.join("; ")),
        of(|l| l.missing.join(" ")),
        local_day(claimed.at).to_string(),
        claimed.by.name.clone(),
        reason,
    ]
}

/// `GET /declaraties/declaraties.csv`: the month's lines; each patient's by a permit.
pub async fn csv(State(app): State<App>, who: SignedIn, Query(which): Query<Which>) -> Answer {
    if !may_see(&who) {
        return Err(PageError::Forbidden);
    }
    let (from, until) = which.period(app.clock().today());
    let now = app.clock().now();
    let mut all_of: Vec<PatientId> = Vec::new();
    loop {
        let page = app.store().claimed_for(&who.actor, (from, until), all_of.last(), STEP).await?;
        if page.is_empty() {
            break;
        }
        all_of.extend(page);
    }
    let mut rows = Vec::new();
    for id in all_of {
        let [Some(leave)] = leaves(&app, &who.actor, [Action::ReadPlan], &id).await? else { continue };
        let Some(record) = app.store().read_patient(&leave, now, "claim").await? else { continue };
        let all = app.store().claims(&leave, now).await?;
        for one in all.iter().filter(|c| (from..=until).contains(&c.on)) {
            let counts = counting(&all).any(|c| c.number == one.number);
            rows.push((one.on, one.at, cells(&record.patient, one, counts)));
        }
    }
    rows.sort_by_key(|(on, at, _)| (*on, *at));
    let mut out = csv::WriterBuilder::new().delimiter(b';').from_writer(vec![0xEF, 0xBB, 0xBF]);
    let broken = |_| PageError::Broken(store::Error::Bug("a row of CSV could not be written"));
    out.write_record(HEAD).map_err(broken)?;
    for (_, _, cells) in &rows {
        out.write_record(cells.iter().map(|c| harmless(c))).map_err(broken)?;
    }
    let bytes = out.into_inner().map_err(|_| PageError::Broken(store::Error::Bug("CSV could not be written")))?;
    let kept = "attachment; filename=\"declaraties.csv\"";
    let head = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, kept)];
    Ok((head, bytes).into_response())
}
