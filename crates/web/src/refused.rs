//! Every refusal leaves a row in the log. Whoever asks leave for a patient writes their own, with what was asked; all
//! other answers that refuse are noted here, on their way out ([`watch`]). Of whoever is not known not so many that one
//! address could fill the log.

use crate::app::App;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use domain::access::Actor;
use domain::ident::PatientId;
use fhir::r4::ResourceType;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use store::log::{Event, Outcome};

/// Rows for one address in one window of time; what comes above is counted in the figures only.
const MOST: u32 = 120;
const WINDOW: Duration = Duration::from_mins(1);
/// So many addresses, and those whose window is over are cleared away.
const SWEEP: usize = 4096;

/// What an answer says of itself to [`watch`], as an extension of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trace {
    /// It stands in the log already.
    Noted,
    /// Why it was refused, in words that hold nothing of the request.
    Because(&'static str),
}

/// Who asks, as far as it was found out; every request carries one, which the session fills in.
#[derive(Debug, Clone, Default)]
pub struct Asker(Arc<OnceLock<Actor>>);

impl Asker {
    /// It is this one.
    pub fn is(&self, actor: &Actor) {
        // Who asks does not change within a request: the first word holds.
        let _ = self.0.set(actor.clone());
    }
}

/// An answer of which [`watch`] is told something.
pub fn marked(mut response: Response, mark: Trace) -> Response {
    response.extensions_mut().insert(mark);
    response
}

/// Notes each answer that refuses and does not stand in the log yet: with who asked, the pattern of the path, and the
/// patient where the path names one who is here.
pub async fn watch(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let asker = Asker::default();
    request.extensions_mut().insert(asker.clone());
    // Few answers refuse: what is kept for them costs the others no copy.
    let pattern = request.extensions().get::<MatchedPath>().cloned();
    let (uri, method) = (request.uri().clone(), request.method().clone());
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().copied();
    let response = next.run(request).await;
    let path = uri.path();
    let of_system = crate::fhir::api_of(path).is_some();
    let refuses =
        response.status() == StatusCode::FORBIDDEN || (of_system && response.status() == StatusCode::UNAUTHORIZED);
    let why = match response.extensions().get::<Trace>() {
        _ if !refuses => return response,
        Some(Trace::Noted) => return response,
        Some(Trace::Because(why)) => Some(*why),
        None => None,
    };
    let pattern = pattern.as_ref().map_or("", MatchedPath::as_str);
    let what = if of_system { format!("{method} {}", of_fhir(path)) } else { format!("{method} {pattern}") };
    let Some(actor) = asker.0.get() else {
        note(&app, &crate::peer(peer.as_ref()), &what, why.unwrap_or_default()).await;
        return response;
    };
    metrics::counter!("tijdig_refusals_total").increment(1);
    let wrote = async {
        let patient = match patient_in(pattern, path) {
            // Only one who is here has a log of their own.
            Some(id) => app.store().relation(&id, actor, app.clock().now()).await?.map(|_| id),
            None => None,
        };
        let event = Event {
            at: app.clock().now(),
            actor: Some(actor),
            action: "refused",
            data: &what,
            patient: patient.as_ref(),
            outcome: Outcome::Refused,
            detail: why,
        };
        app.store().event(event).await
    };
    if let Err(error) = wrote.await {
        tracing::error!(%error, "a refusal could not be logged");
    }
    response
}

/// A path of the FHIR API as it may stand in the log: the type that was asked for, and no id.
fn of_fhir(path: &str) -> String {
    let Some((api, _, rest)) = crate::fhir::api_of(path) else { return String::new() };
    let rest = rest.trim_matches('/');
    let first = rest.split('/').next().unwrap_or_default();
    match first.parse::<ResourceType>() {
        Ok(kind) => format!("{api}/{}", kind.as_str()),
        Err(_) => api.to_owned(),
    }
}

/// The patient whom a path names, where it can be one.
fn patient_in(pattern: &str, path: &str) -> Option<PatientId> {
    if let Some((_, _, rest)) = crate::fhir::api_of(path) {
        // A logical id is the patient's, with the name of a part behind it.
        return rest.split('/').skip(2).find_map(|s| PatientId::parse(s.split('-').next()?).ok());
    }
    let places = pattern.split('/').zip(path.split('/'));
    places.filter(|(place, _)| matches!(*place, "{id}" | "{patient}")).find_map(|(_, s)| PatientId::parse(s).ok())
}

/// How many refusals each address had lately.
#[derive(Debug, Default)]
pub struct Tally(Mutex<HashMap<String, (Instant, u32)>>);

impl Tally {
    fn takes(&self, address: &str, now: Instant) -> bool {
        let mut tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tally.len() >= SWEEP {
            tally.retain(|_, (since, _)| now.duration_since(*since) < WINDOW);
        }
        let (since, count) = tally.entry(address.to_owned()).or_insert((now, 0));
        if now.duration_since(*since) >= WINDOW {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        *count <= MOST
    }
}

/// Notes a refusal; `data` says of what, `why` in words. Neither holds anything that came with the request.
pub async fn note(app: &App, address: &str, data: &str, why: &'static str) {
    metrics::counter!("tijdig_refusals_total").increment(1);
    if !app.tally().takes(address, Instant::now()) {
        return;
    }
    let event = Event {
        at: app.clock().real(),
        actor: None,
        action: "refused",
        data,
        patient: None,
        outcome: Outcome::Refused,
        detail: Some(why).filter(|w| !w.is_empty()),
    };
    if let Err(error) = app.store().event(event).await {
        tracing::error!(%error, "a refusal could not be logged");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stands_in_the_log_without_ids() {
        let id = PatientId::from_bits(7);
        assert_eq!(of_fhir(&format!("/fhir/r4/Consent/{id}-cpr/_history")), "/fhir/r4/Consent");
        assert_eq!(of_fhir(&format!("/fhir/r4/{id}")), "/fhir/r4");
        assert_eq!(of_fhir(&format!("/fhir/stu3/Consent/{id}-cpr")), "/fhir/stu3/Consent");
        assert_eq!(patient_in("/fhir/r4/{*rest}", &format!("/fhir/r4/Consent/{id}-cpr")), Some(id.clone()));
        assert_eq!(patient_in("/fhir/r4/{*rest}", &format!("/fhir/r4/Patient/{id}")), Some(id.clone()));
        assert_eq!(patient_in("/fhir/r4/{*rest}", "/fhir/r4/Patient/x"), None);
        assert_eq!(patient_in("/mijn/{id}/plan", &format!("/mijn/{id}/plan")), Some(id.clone()));
        assert_eq!(patient_in("/beheer/noodknop/{patient}/{number}", &format!("/beheer/noodknop/{id}/1")), Some(id));
        assert_eq!(patient_in("/patienten", "/patienten"), None);
    }

    #[test]
    fn one_address_does_not_fill_the_log() {
        let (tally, now) = (Tally::default(), Instant::now());
        let taken = (0..500).filter(|_| tally.takes("a", now)).count();
        assert_eq!(taken, usize::try_from(MOST).unwrap());
        assert!(tally.takes("b", now) && tally.takes("a", now + WINDOW));
    }
}
