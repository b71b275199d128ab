//! A delivery: a transaction Bundle with one patient and either the form or the building blocks, read as a part of a
//! plan, or refused whole (decision 31).
//!
//! ```text
//! Bundle ── index: structure, requests, one patient, references, rules of each profile ── refused: problems with paths
//!               └─ reading: people → conversations → documents → topics ── Delivery: patient, PlanInput, files
//!                      └─ what nobody took is named (kept beside)
//! ```

mod conversation;
mod directive;
mod document;
mod fingerprint;
mod form;
mod index;
mod observation;
mod patient;
mod people;
mod reading;
mod recognise;
mod rules;
mod topics;
mod verify;

use super::ResourceType;
use super::form::ResponseIn;
use super::id::{Local, Standing, Subject};
use super::parts::node::{Findings, Node};
use crate::format::{IssueType, Kind, Problem};
use domain::date::{FhirDateTime, local_day};
use domain::form::FormIdentity;
use domain::ident::AttachmentId;
use domain::plan::{Applied, PlanInput, VersionKind};
use index::{Entry, Index};
use jiff::Timestamp;
use reading::{Place, Reading};
use rules::Held;
use serde_json::Value;
use verify::Against;

pub use patient::DeliveredPatient;

/// 128 random bits, for the id of a file.
pub type NewId<'a> = dyn FnMut() -> u128 + 'a;

/// What reading a delivery needs beside it.
pub struct ReceiveCtx<'a> {
    /// Now; days are Dutch ones.
    pub now: Timestamp,
    /// Day to count from where the delivery has no date: that of arrival.
    pub written_on: FhirDateTime,
    /// Makes the id of a file.
    pub new_id: &'a mut NewId<'a>,
}

/// A file that came with a document.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// Its id in the plan.
    pub id: AttachmentId,
    /// Media type.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "File({}, {} bytes)", self.id, self.bytes.len())
    }
}

/// A delivery that was read.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Who it is about.
    pub patient: DeliveredPatient,
    /// What it adds to the plan.
    pub input: PlanInput,
    /// The whole form, or building blocks.
    pub kind: VersionKind,
    /// The form to the letter, where it was one (decision 30).
    pub form: Option<Value>,
    /// Files of documents.
    pub files: Vec<File>,
    /// What was kept with the source, and named (decision 31).
    pub kept: Vec<Problem>,
    /// What the delivery says, in a form that is the same when it is sent again: for a keyed hash to know it by. It holds
    /// what the patient said, and is not to be kept as it is.
    pub same_as: Vec<String>,
    entries: Vec<Option<Outcome>>,
}

/// Where an entry of the Bundle ended up.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Outcome {
    kind: ResourceType,
    place: Place,
}

impl Delivery {
    /// For each entry of the Bundle the type and local id of the resource that now tells it; `None` for what is only kept
    /// with the source. `number` is the version that the delivery became.
    pub fn locations(&self, applied: &Applied, number: u32) -> Vec<Option<(ResourceType, String)>> {
        let keys = &applied.keys;
        let local = |place: &Place| match place {
            Place::At(Local::Person(key)) => Local::Person(keys.people.get(key).copied().unwrap_or(*key)),
            Place::At(Local::Professional(key)) => {
                Local::Professional(keys.professionals.get(key).copied().unwrap_or(*key))
            }
            Place::At(Local::Encounter(key)) => Local::Encounter(keys.conversations.get(key).copied().unwrap_or(*key)),
            Place::At(Local::Procedure(key)) => Local::Procedure(keys.conversations.get(key).copied().unwrap_or(*key)),
            Place::At(Local::Document(key)) => Local::Document(keys.documents.get(key).copied().unwrap_or(*key)),
            Place::At(Local::Form(_)) => Local::Form(number),
            Place::At(other) => *other,
            Place::Other(text, standing) => other_limit(applied, text.as_ref(), *standing),
        };
        self.entries.iter().map(|e| e.as_ref().map(|o| (o.kind, local(&o.place).to_string()))).collect()
    }
}

fn other_limit(applied: &Applied, text: Option<&String>, standing: Standing) -> Local {
    let texts = super::project::other_texts(&applied.content.other_limits);
    let at = texts.iter().position(|t| t.as_ref() == text).unwrap_or(0);
    Local::Topic(Subject::Other(u32::try_from(at + 1).unwrap_or(1)), standing)
}

/// Reads a delivery.
///
/// # Errors
/// Everything that has it refused, each with its path (`Bundle.entry[i].resource…`) and a sentence to act on; nothing of
/// a value is repeated in it.
pub fn bundle(bundle: &Value, ctx: &mut ReceiveCtx<'_>) -> Result<Delivery, Vec<Problem>> {
    let findings = Findings::default();
    let read = read(bundle, ctx, &findings);
    let problems = findings.finish();
    match read {
        Some(mut delivery) if !problems.iter().any(Problem::is_error) => {
            delivery.kept.extend(problems);
            Ok(delivery)
        }
        _ => Err(problems),
    }
}

/// A form that came by itself, read.
#[derive(Debug, Clone)]
pub struct FormDelivery {
    /// Whom it is about, and what stands around the answers; those are in `input`.
    pub response: ResponseIn,
    /// Name and date of birth that the form gives (decision 32).
    pub identity: FormIdentity,
    /// What it adds to the plan.
    pub input: PlanInput,
    /// What was kept with the source, and named (decision 31).
    pub kept: Vec<Problem>,
    /// As in [`Delivery::same_as`].
    pub same_as: Vec<String>,
}

/// Reads a form that comes by itself. Its references lead to resources of this server, which is for the caller to see.
///
/// # Errors
/// As [`bundle`]; paths begin with `QuestionnaireResponse`.
pub fn response(form: &Value, now: Timestamp, written_on: &FhirDateTime) -> Result<FormDelivery, Vec<Problem>> {
    let findings = Findings::default();
    for problem in crate::format::check(form) {
        findings.add(problem);
    }
    let node = Node::root(form, "QuestionnaireResponse", &findings);
    if let Some(profile) = rules::profile(Held::Form).filter(|_| !findings.refused()) {
        verify::verify(&node, profile, &Against { today: local_day(now), target: &|_| None });
    }
    let read = if findings.refused() { None } else { form::read_response(&node, None, now, written_on) };
    let kept = findings.finish();
    match read {
        Some((response, found)) if !kept.iter().any(Problem::is_error) => Ok(FormDelivery {
            response,
            identity: found.identity,
            input: found.input,
            kept,
            same_as: vec![fingerprint::of_form(form)],
        }),
        _ => Err(kept),
    }
}

fn read(bundle: &Value, ctx: &mut ReceiveCtx<'_>, findings: &Findings) -> Option<Delivery> {
    let today = local_day(ctx.now);
    let index = index::open(bundle, today, findings)?;
    let has_form = one_of_both(&index, findings)?;
    let mut reading = Reading::new(&index, findings, ctx.now, today);
    let mut patient = patient::take(&reading);
    let mut form = None;
    let mut files = Vec::new();
    let roles = reading.contact_persons();
    reading.all_professionals();
    let input = if has_form {
        let read = form::take(&mut reading, &mut patient, ctx)?;
        form = Some(read.form);
        read.input
    } else {
        reading.all_conversations(&ctx.written_on);
        let documents = reading.documents(ctx.new_id);
        reading.limits(&documents.keys);
        reading.goals();
        reading.icds();
        reading.informs();
        reading.observations(roles);
        files = documents.files;
        let conversation = reading.main_conversation(&ctx.written_on);
        PlanInput {
            conversation,
            content: std::mem::take(&mut reading.content),
            rejected: Vec::new(),
            skipped: Vec::new(),
        }
    };
    index.entries.iter().for_each(name_what_is_kept);
    let entries = outcomes(&index, &reading);
    Some(Delivery {
        patient,
        input,
        kind: if has_form { VersionKind::DeliveredForm } else { VersionKind::DeliveredBlocks },
        form,
        files,
        kept: Vec::new(),
        same_as: vec![fingerprint::of(&index)],
        entries,
    })
}

/// A delivery is the form or the building blocks, never both: they would have to say the same.
fn one_of_both(index: &Index<'_>, findings: &Findings) -> Option<bool> {
    let mut forms = index.entries.iter().filter(|e| e.held == Some(Held::Form));
    let form = forms.next();
    let statement = index.entries.iter().find(|e| e.held.is_some_and(Held::is_statement));
    let conversation = index.entries.iter().any(|e| matches!(e.held, Some(Held::Encounter | Held::Procedure)));
    let refuse = |entry: &Entry<'_>, text: &str| {
        findings.refuse(Kind::Other, IssueType::BusinessRule, entry.node.path.clone(), text);
    };
    match (form, statement) {
        (Some(_), Some(statement)) => {
            refuse(statement, "Een levering is het formulier of de bouwstenen, niet beide. Stuur ze apart.");
        }
        (Some(_), None) => {
            if let Some(second) = forms.next() {
                refuse(second, "Een levering heeft één formulier. Stuur elk formulier apart.");
            }
        }
        (None, None) if !conversation && !index.entries.iter().any(|e| e.held == Some(Held::ContactPerson)) => {
            let text = "De Bundle zegt niets over het plan. Neem het formulier of de bouwstenen op.";
            findings.refuse(Kind::Missing, IssueType::Required, "Bundle.entry", text);
        }
        _ => {}
    }
    (!findings.refused()).then_some(form.is_some())
}

fn name_what_is_kept(entry: &Entry<'_>) {
    if entry.node.value.pointer("/meta/security").is_some_and(|list| list.as_array().is_some_and(|l| !l.is_empty())) {
        let text = "Dit label over vertrouwelijkheid heeft geen plaats in het plan. Het is bewaard bij het bericht.";
        entry.node.findings.keep(format!("{}.meta.security", entry.node.path), text);
    }
    match entry.held {
        Some(Held::Form) => {}
        Some(_) => entry.node.name_the_rest(),
        None => {
            let text = "Deze resource heeft geen plaats in het plan. Zij is bewaard bij het bericht zoals zij kwam.";
            entry.node.findings.keep(entry.node.path.clone(), text);
        }
    }
}

fn outcomes(index: &Index<'_>, reading: &Reading<'_, '_>) -> Vec<Option<Outcome>> {
    let mut outcomes = vec![None; index.count];
    for (i, entry) in index.entries.iter().enumerate().filter(|(_, e)| !e.contained) {
        let place = if i == index.patient { Some(Place::At(Local::Patient)) } else { reading.places.get(&i).cloned() };
        if let (Some(slot), Some(place), Ok(kind)) = (outcomes.get_mut(entry.at), place, entry.kind.parse()) {
            *slot = Some(Outcome { kind, place });
        }
    }
    outcomes
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
