//! `Subscription`: a system asks to be told that a patient's plan changed (decision 38). Only `rest-hook`, without payload:
//! what changed, it reads itself. It sees and removes its own; the headers that it gave are given back to nobody.

use super::caller::Caller;
use super::failure::Failure;
use super::read::{http_date, permit};
use super::{Ask, Payload, Reply, parse};
use crate::app::App;
use crate::hooks::{self, origin};
use crate::oauth::scope::Interaction;
use axum::http::{Method, StatusCode, header};
use domain::hook::{Kind, State};
use domain::ident::{HookId, PatientId};
use fhir::format::{IssueType, Problem, Severity, check_as, has_errors};
use fhir::r4::ResourceType;
use jiff::Timestamp;
use serde_json::{Value, json};
use store::hooks::{At, Hook};

/// The name of the type.
pub const NAME: &str = "Subscription";
/// Most subscriptions of one system.
const MOST: u64 = 20_000;
/// Subscriptions of one page, and the most that can be asked for.
const PAGE: usize = 50;
const MOST_OF_PAGE: usize = 200;
/// Most headers of one, and the longest.
const MOST_HEADERS: usize = 10;
const LONGEST_HEADER: usize = 1000;
/// The longest reason.
const LONGEST_REASON: usize = 500;

/// What a system sent, as far as it is kept.
struct Asked {
    patient: PatientId,
    resource: ResourceType,
    until: Option<Timestamp>,
    at: At,
}

/// Answers whatever is asked of subscriptions.
///
/// # Errors
/// 422 for what cannot be promised, with the path of each; 403 without a basis; 404 for one that is not the caller's own.
pub(super) async fn run(app: &App, caller: &Caller, ask: &Ask, body: &[u8]) -> Result<Reply, Failure> {
    let rest: Vec<&str> = ask.path.iter().skip(1).map(String::as_str).collect();
    match (&ask.method, rest.as_slice()) {
        (&Method::POST, []) => create(app, caller, ask, body).await,
        (&Method::GET, []) | (&Method::POST, ["_search"]) => find(app, caller, ask).await,
        (&Method::GET, [id]) => {
            caller.may(NAME, Interaction::Read)?;
            let hook = own(app, caller, id).await?;
            Ok(given(&hook, app.clock().now(), StatusCode::OK))
        }
        (&Method::DELETE, [id]) => {
            caller.may(NAME, Interaction::Delete)?;
            let hook = own(app, caller, id).await?;
            app.store().remove_hook(&caller.actor, caller.client(), &hook.id, app.clock().now()).await?;
            Ok(Reply { status: StatusCode::NO_CONTENT, body: None, headers: Vec::new() })
        }
        _ => Err(Failure::method(
            "GET, POST, DELETE",
            "Een Subscription wordt gemaakt, gelezen of verwijderd; wijzigen doet u met een nieuwe.",
        )),
    }
}

/// One of the caller's own; anybody else's is as if it were not there.
async fn own(app: &App, caller: &Caller, id: &str) -> Result<Hook, Failure> {
    let id = HookId::parse(id).map_err(|_| Failure::not_found())?;
    let hook = app.store().hook(&id).await?;
    hook.filter(|h| h.kind == Kind::Subscription && h.client == *caller.client()).ok_or_else(Failure::not_found)
}

async fn create(app: &App, caller: &Caller, ask: &Ask, body: &[u8]) -> Result<Reply, Failure> {
    caller.may(NAME, Interaction::Create)?;
    let value = parse(ask, body)?;
    let problems = check_as(ask.version, &value);
    if has_errors(&problems) {
        return Err(Failure::refused(problems));
    }
    let now = app.clock().now();
    let registered = app.store().hooks_of(caller.client()).await?;
    let origins: Vec<String> = registered
        .iter()
        .filter(|h| h.state != State::Off)
        .filter_map(|h| h.at.address.parse().ok().as_ref().map(origin))
        .collect();
    let asked = read(app, &value, &origins, now).map_err(Failure::refused)?;
    let kind = asked.resource.as_str();
    if caller.may(kind, Interaction::Search).is_err() {
        caller.may(kind, Interaction::Read)?;
    }
    let permit = permit(app, caller, &asked.patient).await?;
    if app.store().count_subscriptions(caller.client()).await? >= MOST {
        let text = format!("Een systeem heeft hoogstens {MOST} abonnementen. Verwijder er eerst een.");
        return Err(Failure::refused(vec![problem(IssueType::TooCostly, NAME, &text)]));
    }
    let hook = Hook {
        id: HookId::from_bits(store::random::bits()),
        client: caller.client().clone(),
        kind: Kind::Subscription,
        patient: Some(asked.patient),
        // The address was registered by an administrator: nothing is left to find out.
        state: State::Active,
        made_at: now,
        until: asked.until,
        at: asked.at,
        last: None,
    };
    match app.store().subscribe(&permit, &hook, now).await {
        // Whoever was merged meanwhile is not here under this id any more.
        Err(store::Error::Merged(_) | store::Error::NoPatient) => return Err(Failure::no_basis()),
        other => other?,
    }
    let location = format!("{}/{NAME}/{}", ask.base(app), hook.id);
    let reply = given(&hook, now, StatusCode::CREATED).with(header::LOCATION, location);
    let minimal = ask.header("prefer").is_some_and(|p| p.contains("return=minimal"));
    Ok(if minimal { Reply { body: None, ..reply } } else { reply })
}

fn problem(code: IssueType, path: &str, text: &str) -> Problem {
    Problem::new(Severity::Error, code, path, text)
}

/// Reads what can be promised, or says of each element why it cannot.
fn read(app: &App, value: &Value, origins: &[String], now: Timestamp) -> Result<Asked, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut wrong = |path: &str, text: &str| problems.push(problem(IssueType::Value, path, text));
    if value["resourceType"] != NAME {
        wrong("", "Hier hoort een Subscription.");
    }
    if !value["modifierExtension"].is_null() || !value["channel"]["modifierExtension"].is_null() {
        wrong("Subscription.modifierExtension", "Deze uitbreiding is hier niet bekend.");
    }
    if value["status"] != "requested" {
        wrong("Subscription.status", "Een nieuwe Subscription heeft de status 'requested'.");
    }
    let until: Option<Timestamp> = value["end"].as_str().and_then(|end| end.parse().ok());
    if until.is_some_and(|until| until <= now) {
        wrong("Subscription.end", "Dit moment is voorbij.");
    }
    let reason = value["reason"].as_str().unwrap_or_default();
    if reason.chars().count() > LONGEST_REASON {
        wrong("Subscription.reason", &format!("Houd de reden op hoogstens {LONGEST_REASON} tekens."));
    }
    let about = criteria(value["criteria"].as_str().unwrap_or_default());
    if about.is_none() {
        wrong(
            "Subscription.criteria",
            "De vraag ziet eruit als Consent?patient={id}, met een type dat het plan geeft en één patiënt.",
        );
    }
    let channel = &value["channel"];
    if channel["type"] != "rest-hook" {
        wrong("Subscription.channel.type", "Alleen 'rest-hook' wordt ondersteund.");
    }
    if !channel["payload"].is_null() {
        wrong("Subscription.channel.payload", "Er gaat geen inhoud mee: laat payload weg, en lees daarna zelf.");
    }
    let endpoint = channel["endpoint"].as_str().unwrap_or_default();
    match app.hooks().checked(endpoint) {
        Err(why) => wrong("Subscription.channel.endpoint", &why),
        Ok(url) if !origins.contains(&origin(&url)) => wrong(
            "Subscription.channel.endpoint",
            "Dit adres hoort niet bij een server die een beheerder voor dit systeem heeft opgegeven (Beheer, Koppelingen).",
        ),
        Ok(_) => {}
    }
    let lines = || channel["header"].as_array().into_iter().flatten().map(|line| line.as_str().unwrap_or_default());
    if lines().count() > MOST_HEADERS || lines().any(|l| l.len() > LONGEST_HEADER || hooks::header(l).is_none()) {
        let text = "Een kop is 'Naam: waarde', geen die bij de verbinding zelf hoort; hoogstens tien, elk hoogstens 1000 tekens.";
        wrong("Subscription.channel.header", text);
    }
    match about.filter(|_| problems.is_empty()) {
        Some((resource, patient)) => {
            let at = At {
                address: endpoint.trim().to_owned(),
                secret: String::new(),
                headers: lines().map(str::to_owned).collect(),
                resource: resource.as_str().to_owned(),
                reason: reason.to_owned(),
            };
            Ok(Asked { patient, resource, until, at })
        }
        None => Err(problems),
    }
}

/// What may be asked for: a type of the plan, of one patient by id.
fn criteria(text: &str) -> Option<(ResourceType, PatientId)> {
    let (kind, query) = text.split_once('?')?;
    let kind: ResourceType = kind.parse().ok()?;
    let (name, value) = query.split_once('=')?;
    let named = name == "patient" || name == "subject" && kind == ResourceType::QuestionnaireResponse;
    let id = value.strip_prefix("Patient/").unwrap_or(value);
    let patient = PatientId::parse(id).ok()?;
    (named && may_be_watched(kind)).then_some((kind, patient))
}

/// Is this a type that a patient's plan gives, and that is found by patient?
fn may_be_watched(kind: ResourceType) -> bool {
    kind.is_of_patient()
        && !matches!(
            kind,
            ResourceType::Patient
                | ResourceType::Practitioner
                | ResourceType::PractitionerRole
                | ResourceType::Communication
        )
}

/// The resource of a subscription; without its headers, which may hold a secret.
fn resource(hook: &Hook, now: Timestamp) -> Value {
    let state = hook.state_at(now);
    let patient = hook.patient.as_ref().map_or("", PatientId::as_str);
    let mut value = json!({
        "resourceType": NAME,
        "id": hook.id.as_str(),
        "meta": {"lastUpdated": whole_seconds(hook.made_at)},
        "status": state.code(),
        "reason": hook.at.reason,
        "criteria": format!("{}?patient={patient}", hook.at.resource),
        "channel": {"type": "rest-hook", "endpoint": hook.at.address},
    });
    if let Some(until) = hook.until {
        value["end"] = until.to_string().into();
    }
    if let (State::Error, Some((_, Some(failure)))) = (state, hook.last) {
        value["error"] = failure.dutch().into();
    }
    value
}

fn whole_seconds(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn given(hook: &Hook, now: Timestamp, status: StatusCode) -> Reply {
    let value = resource(hook, now);
    let modified = http_date(&value);
    let reply = Reply { status, body: Some(Payload::Value(value)), headers: Vec::new() };
    match modified {
        Some(date) => reply.with(header::LAST_MODIFIED, date),
        None => reply,
    }
}

/// The caller's own, by id and status, a page at a time.
async fn find(app: &App, caller: &Caller, ask: &Ask) -> Result<Reply, Failure> {
    caller.may(NAME, Interaction::Search)?;
    let (mut id, mut status, mut limit, mut after) = (None, None, PAGE, None);
    for (name, value) in &ask.params {
        match name.as_str() {
            "_id" => id = Some(value.as_str()),
            "status" => {
                let text = "Deze status is er niet. Kies uit: active, error, off.";
                let known = State::of_code(value);
                let wrong = || Failure::bad(vec![problem(IssueType::Value, "http.status", text)]);
                status = Some(known.ok_or_else(wrong)?);
            }
            "_count" => limit = value.parse::<usize>().unwrap_or(PAGE).clamp(1, MOST_OF_PAGE),
            "_after" => after = HookId::parse(value).ok(),
            "_format" | "_pretty" => {}
            other => {
                let text = format!("Op '{other}' kan hier niet gezocht worden: alleen op _id en status.");
                return Err(Failure::bad(vec![problem(IssueType::NotSupported, "", &text)]));
            }
        }
    }
    let now = app.clock().now();
    let mut hooks = match id {
        Some(id) => match own(app, caller, id).await {
            Err(absent) if absent.status == StatusCode::NOT_FOUND => Vec::new(),
            found => vec![found?],
        },
        None => app.store().subscriptions_of(caller.client(), after.as_ref(), limit).await?,
    };
    let next = hooks.last().filter(|_| id.is_none() && hooks.len() == limit).map(|h: &Hook| h.id.clone());
    hooks.retain(|h| status.is_none_or(|s| h.state_at(now) == s));
    let base = format!("{}/{NAME}", ask.base(app));
    let status = status.map(|s| format!("&status={}", s.code())).unwrap_or_default();
    let own = after.map(|a| format!("&_after={a}")).unwrap_or_default();
    let mut links = vec![json!({"relation": "self", "url": format!("{base}?_count={limit}{status}{own}")})];
    if let Some(next) = next {
        links.push(json!({"relation": "next", "url": format!("{base}?_count={limit}{status}&_after={next}")}));
    }
    let entry = |h: &Hook| json!({"fullUrl": format!("{base}/{}", h.id), "resource": resource(h, now), "search": {"mode": "match"}});
    let mut bundle = json!({"resourceType": "Bundle", "type": "searchset", "link": links});
    if !hooks.is_empty() {
        bundle["entry"] = hooks.iter().map(entry).collect::<Vec<_>>().into();
    }
    Ok(Reply::ok(bundle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_watched_is_one_patients_plan() {
        let id = PatientId::from_bits(3);
        for good in ["Consent?patient=", "Goal?patient=Patient/", "QuestionnaireResponse?subject=Patient/"] {
            assert!(criteria(&format!("{good}{id}")).is_some_and(|(_, p)| p == id), "{good}");
        }
        for bad in [
            "Consent?subject=",
            "Patient?patient=",
            "Practitioner?patient=",
            "Questionnaire?patient=",
            "MedicationRequest?patient=",
            "Consent?category=a&patient=",
            "Consent?patient.identifier=",
            "Consent?patient=Group/",
        ] {
            assert!(criteria(&format!("{bad}{id}")).is_none(), "{bad}");
        }
        assert!(criteria(&format!("Consent?patient={id}&status=active")).is_none() && criteria("Consent").is_none());
    }
}
