//! A plan recorded elsewhere becomes a version here: the way that a Bundle, a form and the command line share.

use super::failure::Failure;
use super::view::Loaded;
use crate::access;
use crate::app::App;
use crate::record::{Beside, Recorded, record};
use axum::http::StatusCode;
use domain::access::{Action, Actor, Permit};
use domain::consent::Consent;
use domain::date::FhirDateTime;
use domain::form::{FormIdentity, FormProblem, LimitsAs, ReadCtx, modernise};
use domain::ident::PatientId;
use domain::patient::{Patient, normalise_family};
use domain::people::Name;
use domain::plan::{CurrentPlan, NextVersion, PlanInput, TopicId, VersionKind};
use domain::words;
use fhir::format::{IssueType, Problem, Severity, Version};
use fhir::r4::ResourceType;
use fhir::r4::form::{ResponseIn, Subject};
use fhir::r4::receive::{self, DeliveredPatient, Delivery, ReceiveCtx};
use fhir::stu3;
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::patients::Registered;
use store::plans::{File, Record};

/// What came of a delivery.
#[derive(Debug, Clone)]
pub struct Delivered {
    /// Whose plan.
    pub patient: PatientId,
    /// Version of the plan.
    pub version: u32,
    /// Newly written, rather than known from an earlier delivery.
    pub new: bool,
    /// The patient was not here before.
    pub registered: bool,
    /// What was kept with the source and has no place in the plan, and what the sender should know.
    pub kept: Vec<Problem>,
}

/// A delivery in words, for the command line.
#[derive(Debug, Clone)]
pub struct Told {
    /// Version of the plan.
    pub version: u32,
    /// Newly written.
    pub new: bool,
    /// What was kept beside the plan.
    pub kept: Vec<String>,
}

/// Delivers a file: a Bundle or a QuestionnaireResponse, JSON or XML.
///
/// # Errors
/// Why it was refused, one sentence per problem; nothing was written then.
pub async fn deliver(app: &App, actor: &Actor, bytes: &[u8]) -> Result<Told, Vec<String>> {
    let say = |problems: Vec<Problem>| problems.iter().map(ToString::to_string).collect::<Vec<_>>();
    let is_xml = bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'<');
    let version = version_of(bytes);
    let value = if is_xml {
        let text = std::str::from_utf8(bytes).map_err(|_| vec!["De inhoud is geen geldige UTF-8.".to_owned()])?;
        fhir::format::from_xml_as(version, text).map_err(say)?
    } else {
        fhir::format::from_json(bytes).map_err(say)?
    };
    let outcome = if value["resourceType"] == "QuestionnaireResponse" {
        form(app, actor, version, &value).await
    } else {
        bundle(app, actor, version, &value).await.map(|(delivered, _)| delivered)
    };
    let delivered = outcome.map_err(|failure| say(failure.problems))?;
    Ok(Told { version: delivered.version, new: delivered.new, kept: say(delivered.kept) })
}

/// The version of FHIR of a file, which nothing beside it says: that of the guide whose profiles or form it names.
fn version_of(bytes: &[u8]) -> Version {
    let names = |guide: &str| bytes.windows(guide.len()).any(|w| w == guide.as_bytes());
    if names(stu3::GUIDE) { Version::Stu3 } else { Version::R4 }
}

/// The resource that now tells what an entry of a Bundle told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Type.
    pub kind: ResourceType,
    /// Name in the plan.
    pub local: String,
    /// Its `meta.versionId`: what did not change by the delivery keeps the one it had.
    pub edition: String,
}

/// For each entry of a Bundle where it stands; `None` for what is only kept with the source.
pub type Places = Vec<Option<Placed>>;

/// Takes a transaction Bundle in.
///
/// # Errors
/// 422 that names what is wrong (decision 31), 403, or a store that fails; nothing was written then.
pub async fn bundle(app: &App, actor: &Actor, version: Version, value: &Value) -> Result<(Delivered, Places), Failure> {
    let now = app.clock().now();
    let delivery = read_bundle(version, value, now)?;
    let mut kept = delivery.kept.clone();
    let (permit, registered) = patient_of(app, actor, &delivery.patient).await?;
    let said = FormIdentity { name: delivery.patient.name.clone(), birth_date: delivery.patient.birth_date.clone() };
    let source = delivery.form.as_ref().unwrap_or(value);
    let mut same_as = delivery.same_as.clone();
    // A form may come again without its Bundle.
    same_as.extend(delivery.form.as_ref().map(fingerprint));
    let file = |f: &receive::File| File { id: f.id.clone(), media_type: f.media_type.clone(), bytes: f.bytes.clone() };
    let files = delivery.files.iter().map(file).collect();
    let beside = Beside { source: Some(written_out(source)), files, same_as, ends_draft: false };
    let what = What { kind: delivery.kind, input: &delivery.input, said: &said };
    let written = write(app, actor, &permit, &what, &beside, &mut kept).await?;
    let patient = permit.patient().clone();
    let delivered = Delivered { patient, version: written.number(), new: written.is_new(), registered, kept };
    Ok((delivered, places(version, &delivery, written)))
}

fn places(version: Version, delivery: &Delivery, written: Recorded) -> Places {
    let Recorded::New { version: new, applied, patient } = written else { return Vec::new() };
    let locations = delivery.locations(&applied, new.number);
    let is_first = new.number == 1;
    let plan = Some(CurrentPlan::from(*new));
    let told = Loaded::of(version, Record { patient: *patient, plan, consent: Consent::default() });
    let placed = |(kind, local): (ResourceType, String)| {
        // What the first version brought has one edition; only who the patient is may be older.
        let is_told = kind == ResourceType::Patient || !is_first;
        let found = if is_told { told.resource(kind, &local) } else { None };
        let edition = found.and_then(|r| r["meta"]["versionId"].as_str().map(str::to_owned));
        // A form is a resource of its own with each version.
        Placed { kind, edition: edition.unwrap_or_else(|| "1".to_owned()), local }
    };
    locations.into_iter().map(|place| place.map(placed)).collect()
}

fn read_bundle(version: Version, value: &Value, now: Timestamp) -> Result<Delivery, Failure> {
    let mut new_id = store::random::bits;
    let mut ctx = ReceiveCtx { now, written_on: FhirDateTime::of_moment(now), new_id: &mut new_id };
    let read = match version {
        Version::R4 => receive::bundle(value, &mut ctx),
        Version::Stu3 => stu3::receive::bundle(value, &mut ctx),
    };
    read.map_err(Failure::refused)
}

/// Takes a form in whose patient is here already.
///
/// # Errors
/// As [`bundle`].
pub async fn form(app: &App, actor: &Actor, version: Version, value: &Value) -> Result<Delivered, Failure> {
    let (response, input, identity, mut kept) = match version {
        Version::R4 => {
            let mut kept = structure(value)?;
            let response = fhir::r4::form::from_response(value).map_err(Failure::refused)?;
            let (input, identity, notes) = read_form(app, &response)?;
            kept.extend(notes);
            (response, input, identity, kept)
        }
        Version::Stu3 => {
            let over = stu3::receive::response(value).map_err(Failure::refused)?;
            let told = |problems: Vec<Problem>| problems.into_iter().map(|p| over.told(p)).collect::<Vec<_>>();
            let refused = |problems| Failure::refused(told(problems));
            let response = fhir::r4::form::from_response(&over.response).map_err(refused)?;
            let read = read_form(app, &response);
            let (input, identity, notes) =
                read.map_err(|failure| Failure { problems: told(failure.problems.clone()), ..failure })?;
            let kept = [over.kept.clone(), told(notes)].concat();
            (response, input, identity, kept)
        }
    };
    let patient = subject(app, actor, &response).await?;
    let permit = access::ask(app, actor, Action::DeliverPlan, &patient).await?;
    let same_as = vec![fingerprint(value)];
    let beside = Beside { source: Some(written_out(value)), files: Vec::new(), same_as, ends_draft: false };
    let what = What { kind: VersionKind::DeliveredForm, input: &input, said: &identity };
    let written = write(app, actor, &permit, &what, &beside, &mut kept).await?;
    Ok(Delivered { patient, version: written.number(), new: written.is_new(), registered: false, kept })
}

/// Errors of structure refuse; elements that FHIR does not know are kept with the source and named.
fn structure(value: &Value) -> Result<Vec<Problem>, Failure> {
    let problems = fhir::format::check(value);
    if fhir::format::has_errors(&problems) { Err(Failure::refused(problems)) } else { Ok(problems) }
}

fn read_form(app: &App, response: &ResponseIn) -> Result<(PlanInput, FormIdentity, Vec<Problem>), Failure> {
    let now = app.clock().now();
    let written_on = response.authored.clone().unwrap_or_else(|| FhirDateTime::of_moment(now));
    let ctx = ReadCtx { limits: LimitsAs::SetElsewhere, author: None, written_on, now };
    let named = |problems: &[FormProblem]| problems.iter().map(|p| response.problem(p)).collect::<Vec<_>>();
    let (answers, read_differently) = modernise(response.answers.clone());
    let read = domain::form::read(&answers, &ctx).map_err(|problems| Failure::refused(named(&problems)))?;
    let mut notes = response.kept.clone();
    notes.extend(read_differently.iter().map(|n| note("QuestionnaireResponse", n)));
    notes.extend(named(&read.kept));
    Ok((read.input, read.identity, notes))
}

/// Whose form it is: by our own reference, where there is a basis, or by BSN (decision 32).
async fn subject(app: &App, actor: &Actor, response: &ResponseIn) -> Result<PatientId, Failure> {
    match &response.subject {
        Subject::Reference { kind, id } => {
            let id = PatientId::parse(id).ok().filter(|_| kind == "Patient").ok_or_else(Failure::no_basis)?;
            // Delivering by BSN shows that one knows the patient; an id alone does not (decision 53).
            access::ask(app, actor, Action::ReadPlan, &id).await?;
            Ok(id)
        }
        Subject::Bsn(bsn) => app.store().find_by_bsn(bsn).await?.ok_or_else(|| {
            refuse(
                IssueType::NotFound,
                "QuestionnaireResponse.subject",
                "Deze patiënt is hier nog niet bekend. Stuur het formulier samen met de Patient in een transaction Bundle.",
            )
        }),
        Subject::InBundle(_) | Subject::Missing => Err(refuse(
            IssueType::Required,
            "QuestionnaireResponse.subject",
            "Noem de patiënt: een verwijzing Patient/{id} van deze server, of een identifier met het BSN.",
        )),
    }
}

/// The patient of a Bundle: found by BSN, else registered. One who is found is not overwritten (decision 32).
async fn patient_of(app: &App, actor: &Actor, delivered: &DeliveredPatient) -> Result<(Permit, bool), Failure> {
    let now = app.clock().now();
    let mut registered = false;
    let id = if let Some(id) = app.store().find_by_bsn(&delivered.bsn).await? {
        id
    } else {
        let id = PatientId::from_bits(store::random::bits());
        let identity = delivered.to_register().map_err(|p| Failure::refused(vec![p]))?;
        let permit = access::ask_new(app, actor, &id).await?;
        match app.store().register(&permit, &identity, &[], now).await? {
            Registered::New => {
                registered = true;
                id
            }
            Registered::Double(id) => id,
        }
    };
    Ok((access::ask(app, actor, Action::DeliverPlan, &id).await?, registered))
}

/// Birth date must agree; another spelling of the name is a warning (decision 32).
fn check_identity(known: &Patient, said: &FormIdentity) -> Result<Option<Problem>, Failure> {
    if said.birth_date.as_ref().is_some_and(|d| d.cmp_common(&known.birth_date).is_ne()) {
        return Err(refuse(
            IssueType::BusinessRule,
            "Patient.birthDate",
            "De geboortedatum is een andere dan die van de patiënt met dit BSN. Controleer of dit de juiste patiënt is.",
        ));
    }
    let other = "De naam is hier anders geschreven; de naam die hier bekend is, is gebleven.";
    Ok(differs(&known.name, &said.name).then(|| note("Patient.name", other)))
}

fn differs(known: &Name, said: &Name) -> bool {
    let family = |n: &Name| n.family.as_deref().map(normalise_family);
    let given = |n: &Name| n.given.as_deref().map(|g| g.trim().to_lowercase());
    let both = |a: Option<String>, b: Option<String>| matches!((a, b), (Some(a), Some(b)) if a != b);
    both(family(known), family(said)) || both(given(known), given(said))
}

async fn write(
    app: &App,
    actor: &Actor,
    permit: &Permit,
    what: &What<'_>,
    beside: &Beside,
    kept: &mut Vec<Problem>,
) -> Result<Recorded, Failure> {
    let recorder = super::caller::recorder(app, actor).await?;
    let kept_beside: Vec<String> = kept.iter().map(ToString::to_string).collect();
    let mut other_name = None;
    let outcome = record::<Failure>(app, permit, beside, |record| {
        let spelled = check_identity(&record.patient.patient, what.said)?;
        let mut kept_beside = kept_beside.clone();
        kept_beside.extend(spelled.iter().map(ToString::to_string));
        other_name = spelled;
        let mut input = what.input.clone();
        if let Some(plan) = &record.plan {
            domain::form::without_own_lines(&mut input, &plan.content);
        }
        Ok(NextVersion { kind: what.kind, recorder: recorder.clone(), reason: None, input, kept_beside })
    })
    .await?;
    kept.extend(other_name);
    if let Recorded::New { applied, .. } = &outcome {
        kept.extend(topics(&applied.older, "Ouder dan wat hier geldt; bewaard in de geschiedenis"));
        kept.extend(topics(
            &applied.conflicts,
            "Zelfde datum en andere inhoud, of een toelichting zonder keuze; de regiebehandelaar kiest. Tot dan blijft wat hier stond",
        ));
    }
    Ok(outcome)
}

/// What is delivered, and of whom the sender says that it is.
struct What<'a> {
    kind: VersionKind,
    input: &'a PlanInput,
    said: &'a FormIdentity,
}

fn topics(list: &[TopicId], what: &str) -> Option<Problem> {
    let names: Vec<String> = list.iter().map(|t| words::in_text(*t)).collect();
    (!names.is_empty()).then(|| note("", &format!("{what}: {}.", names.join(", "))))
}

fn note(path: &str, text: &str) -> Problem {
    Problem::new(Severity::Warning, IssueType::Informational, path, text)
}

fn refuse(code: IssueType, path: &str, text: &str) -> Failure {
    Failure::of(StatusCode::UNPROCESSABLE_ENTITY, code, path, text)
}

/// By which a second delivery of the same is known: everything but what the server itself gives.
fn fingerprint(value: &Value) -> String {
    let mut plain = value.clone();
    if let Some(object) = plain.as_object_mut() {
        object.remove("id");
        object.remove("meta");
    }
    let hash = Sha256::digest(written_out(&plain));
    hash.iter().fold(String::from("content:"), |text, byte| text + &format!("{byte:02x}"))
}

/// A value as JSON; quicker than its `Display`.
fn written_out(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}
