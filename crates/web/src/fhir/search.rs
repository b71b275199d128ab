//! `GET {type}?…` and `POST {type}/_search`.

use super::caller::Caller;
use super::failure::Failure;
use super::read::permit;
use super::view::Loaded;
use super::{Ask, Payload, Reply, prepared};
use crate::app::App;
use crate::oauth::scope::Interaction;
use axum::http::StatusCode;
use domain::ident::PatientId;
use fhir::format::Version;
use fhir::r4::ResourceType;
use fhir::r4::search::{self, Entry, Handling, Mode, Options, Page, PatientSelector, Query};
use store::log::{Event, Outcome};

/// Searches.
///
/// # Errors
/// 400 where the question cannot be understood, 403 where it names a patient by id without a basis.
pub async fn run(app: &App, caller: &Caller, ask: &Ask, kind: ResourceType) -> Result<Reply, Failure> {
    caller.may(kind.as_str(), Interaction::Search)?;
    let base = ask.base(app);
    // Only what is asked in R4 is kept rendered.
    let standard = prepared::which(kind, &ask.params).filter(|_| ask.version == Version::R4);
    if let Some((nth, patient)) = &standard
        && let Some(reply) = known(app, caller, ask, kind, *nth, patient, &base).await?
    {
        return Ok(reply);
    }
    Box::pin(at_length(app, caller, ask, kind, standard.map(|(_, patient)| patient), &base)).await
}

/// Any search, and one of the standard's own that was not asked since the plan changed.
async fn at_length(
    app: &App,
    caller: &Caller,
    ask: &Ask,
    kind: ResourceType,
    standard: Option<PatientId>,
    base: &str,
) -> Result<Reply, Failure> {
    let prefer = ask.headers.get_all("prefer").iter().filter_map(|v| v.to_str().ok());
    let options = Options { base, version: ask.version, handling: Handling::of_prefer(prefer), key: app.page_key() };
    let query = search::parse(kind, &ask.params, &options).map_err(Failure::bad)?;
    if let Some(patient) = standard {
        return anew(app, caller, &query, &patient).await;
    }
    if let Some(problem) = query.lacks_patient() {
        return Err(Failure::bad(vec![problem]));
    }
    let page = match find(app, caller, &query).await? {
        Found::Nobody => Page::default(),
        Found::Candidates(ids) => candidates(app, caller, &query, ids).await?,
        Found::One(patient) => one(app, caller, &query, &patient).await?,
    };
    Ok(Reply::ok(search::searchset(&query, page, app.page_key())))
}

/// One of the standard's own searches, from what was rendered beforehand; `None` where that is not there.
async fn known(
    app: &App,
    caller: &Caller,
    ask: &Ask,
    kind: ResourceType,
    nth: u32,
    patient: &PatientId,
    base: &str,
) -> Result<Option<Reply>, Failure> {
    let permit = permit(app, caller, patient).await?;
    let kept = app.store().read_projection_part(&permit, nth, app.clock().now(), kind.as_str()).await?;
    let answered = kept.filter(|k| k.format == prepared::FORMAT).and_then(|kept| {
        let (around, used): (Vec<_>, Vec<_>) = ask.params.iter().partition(|(name, _)| name == "_format");
        let own = search::link(base, kind.as_str(), used.into_iter().chain(around));
        prepared::answer(&kept.bytes, base, &own)
    });
    Ok(answered.map(|b| Reply { status: StatusCode::OK, body: Some(Payload::Json(b)), headers: Vec::new() }))
}

/// One of the standard's own searches the long way, after which it is kept for the next time.
async fn anew(app: &App, caller: &Caller, query: &Query, patient: &PatientId) -> Result<Reply, Failure> {
    let permit = permit(app, caller, patient).await?;
    let kind = query.kind();
    let loaded = Loaded::load(app, &permit, query.version(), kind.as_str(), &[kind]).await?;
    if let Some(plan) = &loaded.record().plan
        && let Some(projection) = prepared::projection(&loaded.record().patient, plan)
    {
        app.store().keep_projection(&permit, &projection).await?;
    }
    let page = query.select(&|kind| loaded.resources(kind), &|reference| loaded.resolve(reference));
    Ok(Reply::ok(search::searchset(query, page, app.page_key())))
}

enum Found {
    /// Nobody here, or nobody whom the caller may know of (decision 53).
    Nobody,
    One(PatientId),
    Candidates(Vec<PatientId>),
}

/// Finds the patient that a query is about; who searches by number or name is logged.
async fn find(app: &App, caller: &Caller, query: &Query) -> Result<Found, Failure> {
    let found = match query.patient() {
        // A patient's id names one patient: without a basis that is refused, whether they exist or not; only a search
        // among patients is answered with nothing.
        PatientSelector::Id(id) => return Ok(Found::One(id.clone())),
        PatientSelector::Nobody if query.kind() == ResourceType::Patient => return Ok(Found::Nobody),
        PatientSelector::Nobody => return Err(Failure::no_basis()),
        PatientSelector::Unnamed => return Ok(Found::Nobody),
        PatientSelector::Bsn(bsn) => {
            app.store().find_by_bsn(bsn).await?.map_or(Found::Nobody, |id| Found::Candidates(vec![id]))
        }
        PatientSelector::Named { birth_date, family } => match birth_date.day() {
            Some(day) => Found::Candidates(app.store().find_by_typed_name(day, family).await?),
            None => Found::Nobody,
        },
    };
    let event = Event {
        at: app.clock().now(),
        actor: Some(&caller.actor),
        action: "search",
        data: query.kind().as_str(),
        patient: None,
        outcome: Outcome::Done,
        detail: None,
    };
    app.store().event(event).await?;
    Ok(found)
}

/// One patient named by id. A search among patients gives nothing without a basis; any other is refused.
async fn one(app: &App, caller: &Caller, query: &Query, patient: &PatientId) -> Result<Page, Failure> {
    match select(app, caller, query, patient).await {
        Err(failure) if query.kind() == ResourceType::Patient && failure.is_denied() => Ok(Page::default()),
        other => other,
    }
}

/// Patients found by number or name: those without a basis are as if unknown (decision 53).
async fn candidates(app: &App, caller: &Caller, query: &Query, ids: Vec<PatientId>) -> Result<Page, Failure> {
    let mut all = Page::default();
    for id in ids {
        match select(app, caller, query, &id).await {
            Ok(page) => {
                all.total += page.total;
                all.entries.extend(page.entries);
            }
            Err(failure) if failure.is_denied() => {}
            Err(failure) => return Err(failure),
        }
    }
    all.entries.sort_by_key(|e: &Entry| e.mode == Mode::Include);
    Ok(all)
}

async fn select(app: &App, caller: &Caller, query: &Query, patient: &PatientId) -> Result<Page, Failure> {
    let kind = query.kind();
    let permit = permit(app, caller, patient).await?;
    let loaded = Loaded::load(app, &permit, query.version(), kind.as_str(), &[kind]).await?;
    Ok(query.select(&|kind| loaded.resources(kind), &|reference| loaded.resolve(reference)))
}

impl Failure {
    /// Is it the answer for whoever has no basis?
    fn is_denied(&self) -> bool {
        self.status == axum::http::StatusCode::FORBIDDEN
    }
}
