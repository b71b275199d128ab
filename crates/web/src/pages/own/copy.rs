//! `/mijn/{id}/kopie`: a complete copy of the record and of its log, to print or as JSON (Wabvpz 15d and 15e).

use super::rights::{SaidRow, row};
use super::{Id, Visit};
use crate::access::ask_own;
use crate::app::App;
use crate::error::PageError;
use crate::pages::frame::Frame;
use crate::pages::history::{left_out, who as recorded_by};
use crate::pages::log::who_looked::{WhoLooked, told};
use crate::pages::patient::{Fact, facts};
use crate::pages::plan_view::PlanView;
use crate::pages::render::{Answer, page, review_by};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use domain::access::{Action, Own, Permit};
use domain::date::local_day;
use domain::words;
use serde_json::{Value, json};
use store::log::read::{Filter, LogRow, Which};

/// Rows of the log taken at a time.
const STEP: usize = 1_000;

/// The page.
#[derive(Template)]
#[template(path = "own/copy.html")]
pub struct OwnCopyPage {
    /// Title, menu.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// On which day it was made.
    pub made: String,
    /// Who the patient is.
    pub facts: Vec<Fact>,
    /// The plan as it stands.
    pub plan: Option<PlanView>,
    /// Every version, newest first, in a line.
    pub versions: Vec<String>,
    /// Documents, each in a line.
    pub documents: Vec<String>,
    /// What was chosen about sharing, newest first.
    pub sharing: Vec<String>,
    /// What the patient's side said.
    pub said: Vec<SaidRow>,
    /// Who did what, all of it.
    pub looked: WhoLooked,
}

/// Leave to hand out everything; a relative has none.
pub async fn leave(app: &App, who: SignedIn, id: &str) -> Result<(Visit, Permit), PageError> {
    let visit = Visit::of(app, who, id, "own page").await?;
    if visit.own == Own::Relative {
        return Err(PageError::Forbidden);
    }
    let permit = ask_own(app, &visit.who.actor, Action::ExportRecord, &visit.id).await?;
    Ok((visit, permit))
}

/// The whole log, newest first.
pub async fn log(app: &App, permit: &Permit) -> Result<Vec<LogRow>, PageError> {
    let mut rows = Vec::new();
    let mut cursor = None;
    loop {
        let which = Which { cursor, limit: STEP };
        let part = app.store().patient_log(permit, &Filter::default(), which, "log export", app.clock().now()).await?;
        rows.extend(part.rows);
        cursor = part.next;
        if cursor.is_none() {
            // What the copying itself wrote stands at the front of later pages only: one row is enough.
            return Ok(rows);
        }
    }
}

/// The documents, each in a line: what it is, how it is with plan and doctor, and why it counts no longer.
pub async fn documents(app: &App, visit: &Visit, permit: &Permit) -> Result<Vec<String>, PageError> {
    let (steps, _) = app.store().looking_back(permit).await?;
    let all = domain::document::standing(&steps, visit.plan.as_ref().map(|p| &p.content));
    Ok(all
        .iter()
        .map(|s| match &s.ended {
            Some(ended) => format!("{}: {} ({})", s.document.title(), ended.why.dutch(), ended.reason),
            None => format!("{}: {}", s.document.title(), s.flags().join("; ")).trim_end_matches(": ").to_owned(),
        })
        .collect())
}

/// `GET /mijn/{id}/kopie`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Id) -> Answer {
    let (visit, permit) = leave(&app, who, &id).await?;
    let (store, now, today) = (app.store(), app.clock().now(), app.clock().today());
    let versions = store.versions(&permit, now, "copy").await?;
    let (_, events) = store.sharing(&permit, now).await?;
    let rows = log(&app, &permit).await?;
    let day = |at| words::day(local_day(at));
    let before: Vec<_> = versions.iter().rev().skip(1).map(|v| &v.version.content).collect();
    let by = review_by(&app, &permit).await?;
    Ok(page(&OwnCopyPage {
        frame: visit.below("Kopie van alles"),
        made: words::moment(now),
        facts: facts(&visit.patient),
        plan: visit.plan.as_ref().map(|p| PlanView::with_history(p, &before, &left_out(&versions), by)),
        versions: versions
            .iter()
            .rev()
            .map(|v| {
                format!("Versie {}, {}: {}", v.version.number, day(v.version.recorded_at), recorded_by(&v.version))
            })
            .collect(),
        documents: documents(&app, &visit, &permit).await?,
        sharing: events
            .iter()
            .rev()
            .map(|e| format!("{}: {}, gezegd door {}", day(e.at), e.said.value.dutch(), e.said.by.dutch()))
            .collect(),
        said: store.own_words(&permit, now).await?.iter().map(|w| row(w, "", today)).collect(),
        looked: WhoLooked { days: told(&app, &rows).await?, next: None },
        id: visit.id.to_string(),
    }))
}

/// `GET /mijn/{id}/kopie.json`: everything, for another system or to keep.
pub async fn json(State(app): State<App>, who: SignedIn, Path(id): Id) -> Answer {
    let (visit, permit) = leave(&app, who, &id).await?;
    let (store, now) = (app.store(), app.clock().now());
    let versions = store.versions(&permit, now, "copy").await?;
    let (consent, events) = store.sharing(&permit, now).await?;
    let said = store.own_words(&permit, now).await?;
    let team = store.team(&permit, now).await?;
    let earlier = store.earlier_identities(&permit, now).await?;
    let rows = log(&app, &permit).await?;
    let versions: Vec<Value> =
        versions.iter().map(|v| json!({ "version": v.version, "mark": v.mark, "digest": hex(&v.digest) })).collect();
    let events: Vec<Value> = events
        .iter()
        .map(|e| json!({ "at": e.at, "said": e.said, "version": e.version, "recorded_by": e.recorded_by }))
        .collect();
    let said: Vec<Value> =
        said.iter().map(|w| json!({ "number": w.number, "said_at": w.said_at, "said": w.said })).collect();
    let team: Vec<Value> = team
        .iter()
        .map(|m| json!({ "member": format!("{:?}", m.member), "about": m.about, "from": m.from, "until": m.until }))
        .collect();
    let rows: Vec<Value> = rows.iter().map(log_row).collect();
    let earlier: Vec<Value> =
        earlier.iter().map(|r| json!({ "until_revision": r.revision, "patient": r.patient })).collect();
    let documents = store.documents_of(&permit, now).await?;
    let path = store.path(&permit, now).await?.steps;
    let copy = json!({
        "made_at": now,
        "id": visit.id.as_str(),
        "patient": visit.patient,
        "earlier_identities": earlier,
        "plan_versions": versions,
        "documents": documents,
        "path": path,
        "consent": { "now": consent, "events": events },
        "own_words": said,
        "team": team,
        "log": rows,
    });
    let body = serde_json::to_vec_pretty(&copy).unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"kopie-dossier.json\""),
    ];
    Ok((headers, body).into_response())
}

fn log_row(row: &LogRow) -> Value {
    json!({
        "seq": row.seq,
        "at": row.at,
        "actor": row.actor,
        "role": row.role,
        "organisation": row.organisation,
        "on_behalf_of": row.behalf,
        "action": row.action,
        "data": row.data,
        "basis": row.basis,
        "outcome": row.outcome,
        "detail": row.detail,
    })
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, b| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{b:02x}");
        out
    })
}
