//! For tests: Bundles out of resources, and plans out of Bundles.

use super::{Delivery, ReceiveCtx, bundle};
use crate::format::Problem;
use crate::r4::{ResourceType, View, project};
use domain::date::FhirDateTime;
use domain::ident::{AttachmentId, Bsn, OrganisationId, PatientId};
use domain::patient::Patient;
use domain::people::Name;
use domain::plan::{Applied, Arrival, Content, ConversationKey, CurrentPlan, Recorder, VersionKind, apply};
use jiff::Timestamp;
use serde_json::{Value, json};

/// When everything in tests happens.
pub(crate) fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// A transaction of resources that refer to each other by type and id.
pub(crate) fn transaction(resources: &[Value]) -> Value {
    let entry = |resource: &Value| {
        let kind = resource["resourceType"].as_str().unwrap();
        let id = resource["id"].as_str().unwrap();
        json!({"fullUrl": format!("https://bron.voorbeeld.nl/fhir/{kind}/{id}"), "resource": resource, "request": {"method": "POST", "url": kind}})
    };
    json!({"resourceType": "Bundle", "type": "transaction", "entry": resources.iter().map(entry).collect::<Vec<_>>()})
}

/// Reads a delivery.
pub(crate) fn receive(of: &Value) -> Result<Delivery, Vec<Problem>> {
    let mut last = 0;
    let mut new_id = || {
        last += 1;
        last
    };
    bundle(
        of,
        &mut ReceiveCtx { now: now(), written_on: FhirDateTime::parse("2026-11-23").unwrap(), new_id: &mut new_id },
    )
}

/// A patient's record in memory.
pub(crate) struct Record {
    pub id: PatientId,
    pub patient: Patient,
    pub plan: CurrentPlan,
    pub files: Vec<(AttachmentId, Vec<u8>)>,
}

impl Record {
    /// A record with this content.
    pub fn of(patient: Patient, content: Content) -> Self {
        let recorder = Recorder {
            person: None,
            client: None,
            name: "Test".into(),
            role: None,
            organisation: OrganisationId::from_bits(1),
            organisation_name: "Test".into(),
        };
        let conversation = content.newest_conversation().map_or(ConversationKey(1), |c| c.key);
        let plan =
            CurrentPlan { number: 1, kind: VersionKind::Recorded, recorded_at: now(), recorder, conversation, content };
        Self { id: PatientId::from_bits(42), patient, plan, files: Vec::new() }
    }

    /// Looks at it.
    pub fn with<R>(&self, look: impl FnOnce(&View<'_>) -> R) -> R {
        let files = |id: &AttachmentId| self.files.iter().find(|(i, _)| i == id).map(|(_, b)| b.clone());
        look(&View {
            id: &self.id,
            patient: &self.patient,
            revision: 3,
            changed_at: now(),
            plan: Some(&self.plan),
            files: &files,
        })
    }

    /// Every building block.
    pub fn blocks(&self) -> Vec<Value> {
        self.with(|view| ResourceType::ALL.iter().flat_map(|kind| project::resources(view, *kind)).collect())
    }
}

/// The record after a delivery to an empty plan.
pub(crate) fn recorded(delivery: &Delivery) -> (Record, Applied) {
    let applied = apply(&Content::default(), &delivery.input, Arrival::Elsewhere, 1, now());
    let mut record = Record::of(delivery.patient.to_register().unwrap(), applied.content.clone());
    record.files = delivery.files.iter().map(|f| (f.id.clone(), f.bytes.clone())).collect();
    (record, applied)
}

/// A patient to make plans of.
pub(crate) fn somebody() -> Patient {
    Patient {
        bsn: Bsn::parse("999911120").unwrap(),
        name: Name::of("Anna", "de", "Vries"),
        birth_date: FhirDateTime::parse("1940-02-03").unwrap(),
        gender: None,
        address: None,
        telephones: Vec::new(),
        emails: Vec::new(),
        living: None,
        general_practitioner: None,
        insurer: None,
        died_on: None,
    }
}
