//! What a projection looks at: one patient, the plan as it stands, and the way to the sealed files.

use super::id::{Local, resource_id};
use domain::ident::{AttachmentId, PatientId};
use domain::patient::Patient;
use domain::plan::{Content, CurrentPlan};
use jiff::Timestamp;

/// One patient's record as FHIR sees it.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The patient's id.
    pub id: &'a PatientId,
    /// Identity.
    pub patient: &'a Patient,
    /// How often the identity was changed, from 1.
    pub revision: u32,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// The plan, where there is one.
    pub plan: Option<&'a CurrentPlan>,
    /// The bytes of a file of the plan; `None` where they cannot be had.
    pub files: &'a dyn Fn(&AttachmentId) -> Option<Vec<u8>>,
}

impl<'a> View<'a> {
    /// The plan's content, where there is a plan.
    pub fn content(&self) -> Option<&'a Content> {
        self.plan.map(|p| &p.content)
    }

    /// The logical id of a resource of this patient.
    pub fn id_of(&self, local: Local) -> String {
        resource_id(self.id, &local.to_string())
    }

    /// When a version of the plan was recorded, as far as the plan as it stands still tells; the newest version's time
    /// otherwise.
    pub(super) fn recorded_at(&self, version: u32) -> Timestamp {
        let Some(plan) = self.plan else { return self.changed_at };
        if version == plan.number {
            return plan.recorded_at;
        }
        let of_conversation = plan.content.conversations.iter().find(|c| c.version == version).map(|c| c.recorded_at);
        of_conversation.unwrap_or(plan.recorded_at)
    }
}

impl std::fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Neither name nor BSN may reach a log line by accident.
        f.debug_struct("View")
            .field("id", self.id)
            .field("version", &self.plan.map(|p| p.number))
            .finish_non_exhaustive()
    }
}
