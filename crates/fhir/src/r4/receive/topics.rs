//! Goal, ICD and the request to inform relatives of a delivery.

use super::index::Entry;
use super::reading::{Candidate, Place, Reading, Stands, unusual};
use super::rules::{self, Held};
use crate::r4::id::{Local, Standing, Subject};
use crate::r4::parts::node::Node;
use crate::r4::parts::{codeable, extension};
use crate::r4::project::{ADVANCE_CARE_PLANNING, ICD_KIND_NOT_SAID, UDI};
use domain::code::{CodeSet, Coding, IcdType, PolicyGoal, YesNoUnknown, system};
use domain::plan::{Icd, Identifier, InformRelatives, MedicalPolicyGoal, Party, SourceFacts};

/// Where a `UDI` type of identifier belongs.
const IDENTIFIER_TYPES: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";

impl Reading<'_, '_> {
    /// Takes the goals.
    pub fn goals(&mut self) {
        let mut candidates = Vec::new();
        for (at, entry) in self.held(Held::Goal) {
            let node = &entry.node;
            self.take_patient(entry, "subject");
            for category in node.each("category") {
                codeable::take_code(&category, system::SNOMED, ADVANCE_CARE_PLANNING);
            }
            let of = |c: &Coding| {
                if rules::is_old_symptom_relief(c) { Some(PolicyGoal::RelieveSymptoms) } else { PolicyGoal::of(c) }
            };
            let Some(goal) = node.get("description").and_then(|d| codeable::take_known(&d, of)) else { continue };
            let (start, status_date) = (node.date("startDate"), node.date("statusDate"));
            let said_on = status_date.clone().or_else(|| start.clone());
            // A start on the day of the statement says nothing more, unless it is all there is.
            let start = start.filter(|s| status_date.as_ref() != Some(s));
            let status = node.text("lifecycleStatus");
            let stands = match status.as_deref() {
                Some("proposed") => Stands::Proposed,
                Some("completed" | "cancelled" | "entered-in-error" | "rejected") => Stands::Ended,
                _ => Stands::Current,
            };
            let (comment, notes) = codeable::first_note(codeable::take_notes(node));
            let source = SourceFacts {
                identifiers: codeable::take_identifiers(node),
                status: unusual(status, if stands == Stands::Proposed { "proposed" } else { "active" }),
                notes,
                ..SourceFacts::default()
            };
            let by = self.one_party(entry, "expressedBy").into_iter().collect();
            let statement = self.statement(MedicalPolicyGoal { goal, comment, start }, said_on, by, source, None);
            let standing = if stands == Stands::Proposed { Standing::Proposed } else { Standing::Current };
            self.places.insert(at, Place::At(Local::Topic(Subject::Goal, standing)));
            candidates.push(Candidate { statement, stands, path: node.path.to_string() });
        }
        self.content.goal = self.settle(candidates);
    }

    /// Takes that there is an ICD, with the ICD. Another device has no place in the plan.
    pub fn icds(&mut self) {
        let mut candidates = Vec::new();
        for (at, entry) in self.held(Held::DeviceUse) {
            let node = &entry.node;
            let reference = node.get("device");
            let device = reference.as_ref().and_then(|r| self.target(entry, r));
            let is_icd = device.and_then(|d| self.index.entries.get(d)).filter(|d| {
                let unspecified = entry.named && d.held.is_none() && d.node.value.get("type").is_none();
                d.held == Some(Held::Device) || unspecified
            });
            let (Some(device_at), Some(product)) = (device, is_icd) else {
                node.keep("Dit hulpmiddel is geen ICD. Het is bewaard bij het bericht, niet in het plan.");
                continue;
            };
            reference.iter().for_each(Node::skip);
            self.take_patient(entry, "subject");
            let mut icd = product_facts(product);
            icd.comment = node.each("note").first().and_then(|n| n.text("text"));
            if let Some(period) = node.get("timingPeriod") {
                icd.since = period.date("start");
                icd.until = period.date("end");
            } else {
                icd.since = node.date("timingDateTime");
            }
            let status = node.text("status");
            let stands = match status.as_deref() {
                Some("active" | "on-hold") => Stands::Current,
                _ => Stands::Ended,
            };
            let source = SourceFacts {
                identifiers: codeable::take_identifiers(node),
                status: unusual(status, "active"),
                ..SourceFacts::default()
            };
            let by = self.one_party(entry, "source").into_iter().collect();
            let statement = self.statement(icd, node.date("recordedOn"), by, source, None);
            self.places.insert(at, Place::At(Local::of(Subject::Icd)));
            self.places.insert(device_at, Place::At(Local::of(Subject::IcdDevice)));
            candidates.push(Candidate { statement, stands, path: node.path.to_string() });
        }
        self.content.icd = self.settle(candidates);
    }

    /// Takes the requests to inform relatives.
    pub fn informs(&mut self) {
        let mut candidates = Vec::new();
        for (at, entry) in self.held(Held::Inform) {
            let node = &entry.node;
            for element in ["subject", "sender"] {
                self.take_patient(entry, element);
            }
            for (element, code) in [("category", "223449006"), ("reasonCode", ADVANCE_CARE_PLANNING)] {
                for concept in node.each(element) {
                    codeable::take_code(&concept, system::SNOMED, code);
                }
            }
            let told_by = match self.one_party(entry, "requester") {
                Some(Party::Professional(key)) => Some(key),
                _ => None,
            };
            if let Some(requester) =
                node.get("requester").filter(|r| !extension::all(r, extension::DATA_ABSENT).is_empty())
            {
                requester.take();
            }
            let recipients = self.parties(entry, "recipient").into_iter().filter_map(|p| match p {
                Party::Person(key) => Some(key),
                _ => None,
            });
            let value = InformRelatives { informed: true, recipients: recipients.collect(), told_by };
            let status = node.text("status");
            let stands = match status.as_deref() {
                Some("draft" | "revoked" | "entered-in-error") => Stands::Ended,
                _ => Stands::Current,
            };
            let source = SourceFacts {
                identifiers: codeable::take_identifiers(node),
                status: unusual(status, "active"),
                notes: codeable::take_notes(node),
                ..SourceFacts::default()
            };
            let named = self.encounter(entry);
            let statement = self.statement(value, node.date("authoredOn"), Vec::new(), source, named);
            self.places.insert(at, Place::At(Local::of(Subject::Inform)));
            candidates.push(Candidate { statement, stands, path: node.path.to_string() });
        }
        self.content.inform_relatives = self.settle(candidates);
    }
}

/// The ICD itself. A kind that its text says to be unknown is none (decision 35).
fn product_facts(product: &Entry<'_>) -> Icd {
    let node = &product.node;
    let not_said = node.get("type").is_some_and(|t| t.peek("text") == Some(ICD_KIND_NOT_SAID));
    let kind = node.get("type").and_then(|t| {
        let kind = codeable::take_member::<IcdType>(&t);
        if not_said {
            t.take();
        }
        kind.filter(|_| !not_said)
    });
    let mut product_identifiers = codeable::take_identifiers(node);
    for carrier in node.each("udiCarrier") {
        let udi = Coding { system: Some(IDENTIFIER_TYPES.to_owned()), code: UDI.to_owned(), display: None };
        let identifier =
            Identifier { kind: Some(udi), system: carrier.text("issuer"), value: carrier.text("carrierHRF") };
        product_identifiers.extend(Some(identifier).filter(|i| i.value.is_some()));
    }
    let product = node.each("note").first().and_then(|n| n.text("text"));
    if node.peek("status") == Some("active") {
        node.text("status");
    }
    Icd { present: YesNoUnknown::Yes, kind, comment: None, since: None, until: None, product, product_identifiers }
}
