//! What goes along with a handover (D6): the plan as it was then, for the sheet, and as a FHIR document.

use crate::app::App;
use domain::access::Permit;
use domain::handover::{Handover, handovers};
use domain::ident::{AttachmentId, PatientId};
use domain::plan::{CurrentPlan, PlanVersion};
use fhir::r4::View;
use fhir::r4::handed::{Handed, document};
use serde_json::Value;
use store::patients::PatientRecord;
use store::plans::StoredVersion;

/// A handover with what goes along.
pub struct Taken {
    id: PatientId,
    /// What was handed over, to whom.
    pub handover: Handover,
    /// Of whom.
    pub record: PatientRecord,
    /// The versions up to the one that goes along; none where there was no plan.
    pub versions: Vec<StoredVersion>,
}

impl Taken {
    /// The handover with this number, where there is one.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn of(app: &App, permit: &Permit, number: u32) -> Result<Option<Self>, store::Error> {
        let now = app.clock().now();
        let Some(record) = app.store().read_patient(permit, now, "handover").await? else { return Ok(None) };
        let (steps, _) = app.store().looking_back(permit).await?;
        let Some(handover) = handovers(&steps).into_iter().find(|h| h.number == number) else { return Ok(None) };
        let mut versions = app.store().versions(permit, now, "handover").await?;
        versions.retain(|v| v.version.number <= handover.version);
        Ok(Some(Self { id: permit.patient().clone(), handover, record, versions }))
    }

    /// The version that goes along.
    pub fn version(&self) -> Option<&PlanVersion> {
        self.versions.last().map(|v| &v.version)
    }

    /// As a FHIR document. What stands in files stays here: it says that they are there.
    pub fn document(&self, app: &App) -> Value {
        let plan = self.version().map(CurrentPlan::from);
        let nothing = |_: &AttachmentId| None;
        let view = View {
            id: &self.id,
            patient: &self.record.patient,
            revision: self.record.revision,
            changed_at: self.record.changed_at,
            plan: plan.as_ref(),
            files: &nothing,
        };
        let mark = self.versions.last().and_then(|v| v.mark.as_ref());
        let gone = mark.map(|mark| format!("Deze versie telt niet meer: {}.", mark.reason.trim_end_matches('.')));
        let by = &self.handover.made_by;
        let author = by.role.map_or_else(|| by.name.clone(), |role| format!("{}, {}", by.name, role.dutch()));
        document(
            &view,
            &Handed {
                base: &format!("{}{}", app.config().base_url, crate::R4),
                number: self.handover.number,
                at: self.handover.at,
                author: &author,
                organisation: &by.organisation_name,
                about: &format!("{}.", self.handover.sentence()),
                gone: gone.as_deref(),
            },
        )
    }
}
