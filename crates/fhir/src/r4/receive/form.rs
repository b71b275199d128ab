//! The form in a Bundle: read as the form is anywhere, with what the Bundle tells of the people it names.

use super::ReceiveCtx;
use super::patient::DeliveredPatient;
use super::reading::{Place, Reading};
use super::rules::Held;
use crate::format::{IssueType, Problem, Severity};
use crate::r4::form::{ResponseIn, from_response};
use crate::r4::id::Local;
use crate::r4::parts::node::Node;
use domain::date::FhirDateTime;
use domain::form::{FormIdentity, FormRead, LimitsAs, ReadCtx, modernise, read};
use domain::people::{ContactPerson, Name, Professional};
use domain::plan::{Content, PlanInput};
use jiff::Timestamp;
use serde_json::Value;
use std::cmp::Ordering;

/// A form, read.
pub(super) struct FormIn {
    /// To the letter.
    pub form: Value,
    /// What it adds to the plan.
    pub input: PlanInput,
}

const ROOT: &str = "QuestionnaireResponse";

/// Takes the form. `None`, with why in the findings, where it cannot be read.
pub(super) fn take(
    reading: &mut Reading<'_, '_>,
    patient: &mut DeliveredPatient,
    ctx: &ReceiveCtx<'_>,
) -> Option<FormIn> {
    let (at, entry) = reading.held(Held::Form).into_iter().next()?;
    let node = &entry.node;
    let author =
        node.get("author").and_then(|a| reading.target(entry, &a)).and_then(|at| reading.professionals.get(&at));
    let author = author.and_then(|key| reading.content.professional(*key)).cloned();
    let (_, found) = read_response(node, author, ctx.now, &ctx.written_on)?;
    same_patient(node, &found.identity, patient);
    let mut input = found.input;
    know_people(reading, &mut input.content);
    reading.places.insert(at, Place::At(Local::Form(1)));
    for (_, beside) in [Held::Encounter, Held::Procedure, Held::Device].into_iter().flat_map(|held| reading.held(held))
    {
        beside.node.keep(
            "Naast het formulier heeft dit geen plaats in het plan. Het is bewaard bij het bericht zoals het kwam.",
        );
    }
    Some(FormIn { form: node.value.clone(), input })
}

/// Reads the answers of a form. `None`, with why in the findings, where that cannot be.
pub(super) fn read_response(
    node: &Node<'_>,
    author: Option<Professional>,
    now: Timestamp,
    written_on: &FhirDateTime,
) -> Option<(ResponseIn, FormRead)> {
    let mut response = match from_response(node.value) {
        Ok(response) => response,
        Err(problems) => {
            tell(node, problems);
            return None;
        }
    };
    tell(node, std::mem::take(&mut response.kept));
    let (answers, notes) = modernise(std::mem::take(&mut response.answers));
    for note in notes {
        node.findings.keep(node.path.clone(), note);
    }
    let written_on = response.authored.clone().unwrap_or_else(|| written_on.clone());
    match read(&answers, &ReadCtx { limits: LimitsAs::SetElsewhere, author, written_on, now }) {
        Ok(found) => {
            tell(node, found.kept.iter().map(|p| response.problem(p)));
            Some((response, found))
        }
        Err(problems) => {
            tell(node, problems.iter().map(|p| response.problem(p)));
            None
        }
    }
}

/// Tells problems of the form at their places in the Bundle.
fn tell(node: &Node<'_>, problems: impl IntoIterator<Item = Problem>) {
    for mut problem in problems {
        let rest = problem.path.strip_prefix(ROOT).unwrap_or_default();
        problem.path = format!("{}{rest}", node.path);
        if !problem.is_error() {
            problem.severity = Severity::Warning;
        }
        node.findings.add(problem);
    }
}

/// The form is about the patient of the Bundle: another date of birth is refused, another spelling named (decision 32).
fn same_patient(node: &Node<'_>, form: &FormIdentity, patient: &mut DeliveredPatient) {
    match (&form.birth_date, &patient.birth_date) {
        (Some(said), Some(known)) if said.cmp_common(known) != Ordering::Equal => {
            let path = item_path(node, "967").unwrap_or_else(|| node.path.to_string());
            let text = "De geboortedatum in het formulier is een andere dan die van de Patient in de Bundle. Controleer om wie het gaat.";
            node.findings.add(Problem::new(Severity::Error, IssueType::BusinessRule, path, text));
        }
        (Some(said), None) => patient.birth_date = Some(said.clone()),
        _ => {}
    }
    let family = |name: &Name| domain::patient::normalise_family(name.family.as_deref().unwrap_or_default());
    if form.name.family.is_some() && family(&form.name) != family(&patient.name) {
        let path = item_path(node, "966").unwrap_or_else(|| node.path.to_string());
        node.findings
            .keep(path, "De achternaam in het formulier is anders geschreven dan die van de Patient in de Bundle.");
    }
}

/// Where a question stands, as a path.
fn item_path(node: &Node<'_>, link_id: &str) -> Option<String> {
    node.each("item").into_iter().find_map(|item| {
        if item.peek("linkId") == Some(link_id) {
            return Some(item.path.into());
        }
        item_path(&item, link_id)
    })
}

/// Puts what the Bundle tells of people beside what the form tells of them: identifiers, an address, a number. Somebody
/// whom the form does not name has no place in the plan.
fn know_people(reading: &mut Reading<'_, '_>, content: &mut Content) {
    let told = std::mem::take(&mut reading.content);
    let same_name =
        |a: &Name, b: &Name| !a.is_empty() && a.full().trim().to_lowercase() == b.full().trim().to_lowercase();
    let people: Vec<(usize, Option<&ContactPerson>)> =
        reading.people.iter().map(|(at, key)| (*at, told.person(*key))).collect();
    for (at, person) in people {
        let known = person.and_then(|p| content.people.iter_mut().find(|k| same_name(&k.name, &p.name)));
        match (person, known) {
            (Some(person), Some(known)) => {
                known.identifiers.clone_from(&person.identifiers);
                known.address = known.address.take().or_else(|| person.address.clone());
                reading.places.insert(at, Place::At(Local::Person(known.key)));
            }
            _ => unnamed(reading, at),
        }
    }
    let professionals: Vec<(usize, Option<&Professional>)> =
        reading.professionals.iter().map(|(at, key)| (*at, told.professional(*key))).collect();
    for (at, professional) in professionals {
        let known = professional.and_then(|p| {
            content.professionals.iter_mut().find(|k| {
                let by_identifier = !p.role_identifiers.is_empty() && k.role_identifiers == p.role_identifiers;
                by_identifier || (p.agb.is_some() && k.agb == p.agb) || same_name(&k.name, &p.name)
            })
        });
        match (professional, known) {
            (Some(told), Some(known)) => {
                known.agb = known.agb.take().or_else(|| told.agb.clone());
                known.uzi = known.uzi.take().or_else(|| told.uzi.clone());
                known.big = known.big.take().or_else(|| told.big.clone());
                if known.role_identifiers.is_empty() {
                    known.role_identifiers.clone_from(&told.role_identifiers);
                }
                reading.places.insert(at, Place::At(Local::Professional(known.key)));
            }
            _ => unnamed(reading, at),
        }
    }
}

fn unnamed(reading: &mut Reading<'_, '_>, at: usize) {
    reading.places.remove(&at);
    if let Some(entry) = reading.index.entries.get(at) {
        entry
            .node
            .keep("Het formulier noemt deze persoon niet. De resource is bewaard bij het bericht zoals zij kwam.");
    }
}
