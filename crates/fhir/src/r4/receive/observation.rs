//! The six Observations of a delivery, and the capacity that rc2 kept in the Patient.

use super::index::Entry;
use super::people::Roles;
use super::reading::{Candidate, Place, Reading, Stands, unusual};
use super::rules::Held;
use crate::r4::id::{Local, Subject};
use crate::r4::parts::codeable;
use crate::r4::parts::node::Node;
use crate::r4::project::OBSERVATIONS;
use domain::code::{CodeSet, EuthanasiaPosition, Place as PlaceOfDeath, YesNoUnknown, system};
use domain::date::FhirDateTime;
use domain::plan::{
    LegalCapacity, OrganDonationChoice, PositionRegardingEuthanasia, PreferredPlaceOfDeath, SenseOfPurpose,
    SourceFacts, SpecificCareWishes, Statement, Topic,
};

/// What an Observation says beside its value.
struct Said {
    absent: Option<String>,
    notes: Vec<String>,
}

impl<'a> Reading<'a, '_> {
    /// Takes every Observation.
    pub fn observations(&mut self, roles: Roles) {
        self.content.place_of_death = self.observed(Subject::Place, |node, said| {
            let mut comment = said.first_note();
            let place = place(node, said, &mut comment);
            (PreferredPlaceOfDeath { place, comment }, place == PlaceOfDeath::Unknown)
        });
        self.content.euthanasia = self.observed(Subject::Euthanasia, |node, said| {
            let position = value(node);
            let value = PositionRegardingEuthanasia {
                position: position.unwrap_or(EuthanasiaPosition::Unknown),
                comment: said.first_note(),
            };
            (value, position.is_none())
        });
        self.content.organ_donation = self.observed(Subject::Donor, |node, _| {
            let registered = value(node);
            (OrganDonationChoice { registered: registered.unwrap_or(YesNoUnknown::Unknown) }, registered.is_none())
        });
        self.content.care_wishes = self.observed(Subject::Wishes, |node, _| {
            let text = node.text("valueString");
            let absent = text.is_none();
            (SpecificCareWishes { text }, absent)
        });
        self.content.sense_of_purpose = self.observed(Subject::Purpose, |node, _| {
            let text = node.text("valueString");
            let absent = text.is_none();
            (SenseOfPurpose { text }, absent)
        });
        let capacity = self.observed(Subject::Capacity, |node, said| {
            let capable = node.boolean("valueBoolean");
            (LegalCapacity { capable, comment: said.first_note(), ..LegalCapacity::default() }, false)
        });
        self.content.capacity = self.capacity(capacity, roles);
    }

    /// Takes the Observations on a subject. A reader gives the value, and whether there was none and a reason for that
    /// must be kept.
    fn observed<T: PartialEq>(&mut self, subject: Subject, of: impl Fn(&Node<'a>, &mut Said) -> (T, bool)) -> Topic<T> {
        let mut candidates = Vec::new();
        for (at, entry) in self.held(Held::Observation(subject)) {
            let node = &entry.node;
            let kind = OBSERVATIONS.iter().find(|o| o.subject == subject);
            for (element, code) in [("code", kind.map(|k| k.code)), ("method", kind.and_then(|k| k.method))] {
                if let (Some(concept), Some((code, _))) = (node.get(element), code) {
                    codeable::take_code(&concept, system::SNOMED, code);
                }
            }
            self.take_patient(entry, "subject");
            let status = node.text("status");
            let stands = match status.as_deref() {
                Some("registered" | "cancelled" | "entered-in-error") => Stands::Ended,
                _ => Stands::Current,
            };
            let absent = node.get("dataAbsentReason").and_then(|c| {
                codeable::take_known(&c, |c| (c.system.as_deref() == Some(system::DATA_ABSENT)).then(|| c.code.clone()))
            });
            let mut said = Said { absent, notes: codeable::take_notes(node) };
            let (value, must_say_why) = of(node, &mut said);
            if must_say_why && said.absent.is_none() && subject != Subject::Place {
                said.absent = Some("unknown".to_owned());
            }
            let source = SourceFacts {
                identifiers: codeable::take_identifiers(node),
                status: unusual(status, "final"),
                absent_reason: said.absent,
                notes: said.notes,
            };
            let by = self.parties(entry, "performer");
            let named = self.encounter(entry);
            let statement = self.statement(value, effective(entry), by, source, named);
            self.places.insert(at, Place::At(Local::of(subject)));
            candidates.push(Candidate { statement, stands, path: node.path.to_string() });
        }
        self.settle(candidates)
    }

    /// Capacity with who speaks for the patient. Without an Observation, rc2's extension of the Patient is read; without
    /// either, roles 24 and 01 are said all the same (SPEC section 2).
    fn capacity(&mut self, mut topic: Topic<LegalCapacity>, roles: Roles) -> Topic<LegalCapacity> {
        let patient = self.index.entries.get(self.index.patient).map(|e| e.node.clone());
        let before = patient.as_ref().and_then(legal_capability);
        let speaks = roles.representative.is_some() || roles.first_contact.is_some();
        if topic.current.is_none() && (before.is_some() || speaks) {
            let value = before.map(|extension| take_legal_capability(&extension)).unwrap_or_default();
            let statement = self.statement(value, None, Vec::new(), SourceFacts::default(), None);
            let said_on = self.content.conversation(statement.origin.conversation).and_then(|c| c.held_on.clone());
            topic.current = Some(Statement { said_on, ..statement });
        }
        if let Some(current) = &mut topic.current {
            current.value.representative = roles.representative;
            current.value.first_contact = roles.first_contact;
            current.value.others = roles.others;
        }
        topic
    }
}

impl Said {
    /// The first note, which is the explanation; the others stay with the source.
    fn first_note(&mut self) -> Option<String> {
        let (first, rest) = codeable::first_note(std::mem::take(&mut self.notes));
        self.notes = rest;
        first
    }
}

fn value<S: CodeSet>(node: &Node<'_>) -> Option<S> {
    let concept = node.get("valueCodeableConcept")?;
    codeable::take_member(&concept)
}

/// The place; its set is extensible. A place outside it is 'other', and what it is called goes to the explanation.
fn place(node: &Node<'_>, said: &mut Said, comment: &mut Option<String>) -> PlaceOfDeath {
    let Some(concept) = node.get("valueCodeableConcept") else {
        said.absent = said.absent.take().filter(|reason| reason != "asked-unknown");
        return PlaceOfDeath::Unknown;
    };
    if let Some(place) = codeable::take_member(&concept) {
        return place;
    }
    let display = concept.each("coding").first().and_then(|c| c.peek("display"));
    let called = concept.peek("text").or(display).map(str::to_owned);
    concept.keep("Deze plaats staat niet in de lijst van de standaard. Zij is gelezen als 'anders', met de omschrijving als toelichting.");
    *comment =
        Some([called, comment.take()].into_iter().flatten().collect::<Vec<_>>().join("\n")).filter(|t| !t.is_empty());
    PlaceOfDeath::Other
}

/// When it was said: a moment, or the begin of a period.
fn effective(entry: &Entry<'_>) -> Option<FhirDateTime> {
    let node = &entry.node;
    node.date("effectiveDateTime")
        .or_else(|| node.date("effectiveInstant"))
        .or_else(|| node.get("effectivePeriod")?.date("start"))
}

/// Up to rc2 capacity stood in the Patient; the extension's name changed once.
fn legal_capability<'a>(patient: &Node<'a>) -> Option<Node<'a>> {
    let is_it = |url: &str| {
        url.ends_with("/ext-Patient.LegallyCapableMedicalTreatmentDecisions")
            || url.ends_with("/ext-LegallyCapable-MedicalTreatmentDecisions")
    };
    patient.each("extension").into_iter().find(|e| e.peek("url").is_some_and(is_it))
}

fn take_legal_capability(extension: &Node<'_>) -> LegalCapacity {
    let part = |url: &str| extension.each("extension").into_iter().find(|e| e.peek("url") == Some(url));
    let capable = part("legallyCapable").and_then(|e| e.boolean("valueBoolean"));
    let comment = part("legallyCapableComment").and_then(|e| e.text("valueString"));
    extension.take();
    LegalCapacity { capable, comment, ..LegalCapacity::default() }
}
