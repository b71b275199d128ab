//! The lines of a month as CSV, for whoever sends them in: what, for whom, under which rule, and what is missing (F2).

use super::row::is_counting;
use super::{Which, may_see};
use crate::app::App;
use crate::error::PageError;
use crate::pages::render::Answer;
use crate::pages::rows::leaves;
use crate::pages::table_file::{self, attached};
use crate::session::SignedIn;
use axum::extract::{Query, State};
use domain::access::Action;
use domain::date::local_day;
use domain::patient::Patient;
use store::claims::{ClaimEvent, Written};

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
pub fn cells(patient: &Patient, claimed: &Written, counts: bool) -> [String; 15] {
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
    let mut rows = Vec::new();
    for id in app.store().claimed_for(&who.actor, (from, until)).await? {
        let [Some(leave)] = leaves(&app, &who.actor, [Action::ReadPlan], &id).await? else { continue };
        let Some(record) = app.store().read_patient(&leave, now, "claim").await? else { continue };
        let all = app.store().claims(&leave, now).await?;
        for one in all.iter().filter(|c| (from..=until).contains(&c.written.on)) {
            let counts = is_counting(&all, one);
            rows.push((one.written.on, one.written.at, cells(&record.patient, &one.written, counts)));
        }
    }
    rows.sort_by_key(|(on, at, _)| (*on, *at));
    let cells = rows.into_iter().map(|(_, _, cells)| cells);
    Ok(attached(table_file::csv(HEAD, cells)?, table_file::CSV, "declaraties.csv"))
}
