//! One patient's record as the projection wants it: read once, then asked for any resource type.

use super::failure::Failure;
use crate::app::App;
use domain::access::Permit;
use domain::ident::AttachmentId;
use domain::plan::{CurrentPlan, PlanVersion, VersionKind};
use fhir::format::Version;
use fhir::r4::form::{self, VersionOut};
use fhir::r4::{ResourceType, View, id, project};
use fhir::stu3;
use serde_json::Value;
use std::collections::HashMap;
use store::plans::{Record, StoredVersion};

/// A patient's record, loaded under a permit.
pub struct Loaded {
    version: Version,
    record: Record,
    forms: Vec<Value>,
    files: HashMap<AttachmentId, Vec<u8>>,
}

impl Loaded {
    /// Reads the record; with the forms or the files of documents where these types are asked for.
    ///
    /// # Errors
    /// [`Failure`] where there is no such patient or the store fails.
    pub async fn load(
        app: &App,
        permit: &Permit,
        version: Version,
        what: &'static str,
        kinds: &[ResourceType],
    ) -> Result<Self, Failure> {
        let now = app.clock().now();
        let record = app.store().read(permit, now, what).await?.ok_or_else(Failure::no_basis)?;
        let mut loaded = Self::of(version, record);
        if kinds.contains(&ResourceType::QuestionnaireResponse) {
            loaded.forms = forms(app, permit, version, &loaded.record).await?;
        }
        if kinds.contains(&ResourceType::Consent) {
            loaded.load_files(app, permit).await?;
        }
        Ok(loaded)
    }

    /// A record that was read already, without forms and files.
    pub fn of(version: Version, record: Record) -> Self {
        Self { version, record, forms: Vec::new(), files: HashMap::new() }
    }

    async fn load_files(&mut self, app: &App, permit: &Permit) -> Result<(), Failure> {
        let Some(plan) = &self.record.plan else { return Ok(()) };
        let documents = plan.content.documents.values().flat_map(domain::plan::Topic::statements);
        let ids: Vec<AttachmentId> = documents.filter_map(|s| s.value.file.as_ref().map(|f| f.id.clone())).collect();
        for id in ids {
            if let Some(file) = app.store().file(permit, &id, app.clock().now()).await? {
                self.files.insert(id, file.bytes);
            }
        }
        Ok(())
    }

    fn with_view<T>(&self, plan: Option<&CurrentPlan>, f: impl FnOnce(&View<'_>) -> T) -> T {
        let files = |id: &AttachmentId| self.files.get(id).cloned();
        let patient = &self.record.patient;
        f(&View {
            id: &patient.id,
            patient: &patient.patient,
            revision: patient.revision,
            changed_at: patient.changed_at,
            plan,
            files: &files,
        })
    }

    /// One resource of the plan as it stands, in the version that was asked for.
    fn told(&self, plan: Option<&CurrentPlan>, kind: ResourceType, local: &str) -> Option<Value> {
        self.with_view(plan, |view| match self.version {
            Version::R4 => project::resource(view, kind, local),
            Version::Stu3 => stu3::project::resource(view, kind, local),
        })
    }

    /// Every resource of a type that counts now; forms newest first.
    pub fn resources(&self, kind: ResourceType) -> Vec<Value> {
        if kind == ResourceType::QuestionnaireResponse {
            return self.forms.clone();
        }
        self.with_view(self.record.plan.as_ref(), |view| match self.version {
            Version::R4 => project::resources(view, kind),
            Version::Stu3 => stu3::project::resources(view, kind),
        })
    }

    /// One resource by its name in the plan.
    pub fn resource(&self, kind: ResourceType, local: &str) -> Option<Value> {
        if kind == ResourceType::QuestionnaireResponse {
            let wanted = id::resource_id(&self.record.patient.id, local);
            return self.forms.iter().find(|f| f["id"] == wanted).cloned();
        }
        self.told(self.record.plan.as_ref(), kind, local)
    }

    /// The resource as it stood in another version of the plan.
    pub fn resource_in(&self, version: &PlanVersion, kind: ResourceType, local: &str) -> Option<Value> {
        let plan = CurrentPlan::from(version);
        self.told(Some(&plan), kind, local)
    }

    /// Earlier statements of a directive that never were a version of their own (decision 9).
    pub fn filed(&self, local: &str) -> Vec<Value> {
        self.with_view(self.record.plan.as_ref(), |view| match self.version {
            Version::R4 => project::filed(view, local),
            Version::Stu3 => stu3::project::filed(view, local),
        })
    }

    /// The resource that a relative reference points at, where it is one of this patient's.
    pub fn resolve(&self, reference: &str) -> Option<Value> {
        let (kind, id) = reference.split_once('/')?;
        let kind: ResourceType = kind.parse().ok()?;
        if kind == ResourceType::Patient {
            return (id == self.record.patient.id.as_str()).then(|| self.resource(kind, "")).flatten();
        }
        let (patient, local) = id::split_id(id)?;
        (patient == self.record.patient.id).then(|| self.resource(kind, local)).flatten()
    }

    /// The record itself.
    pub fn record(&self) -> &Record {
        &self.record
    }
}

/// Every version as a form, newest first: delivered forms to the letter, the others as the plan stood (decision 30).
async fn forms(app: &App, permit: &Permit, fhir: Version, record: &Record) -> Result<Vec<Value>, Failure> {
    let now = app.clock().now();
    let base = super::base(app, fhir);
    let mut versions = app.store().versions(permit, now, "QuestionnaireResponse").await?;
    let sources = app.store().sources(permit, now).await?;
    versions.reverse();
    let source = |number: u32| sources.iter().find(|(n, _)| *n == number).map(|(_, bytes)| bytes.as_slice());
    Ok(versions.iter().map(|stored| one_form((fhir, &base), record, stored, source(stored.version.number))).collect())
}

/// One version as a form.
///
/// One that came in the other version is put over; one that came in this version is as it came.
fn one_form((fhir, base): (Version, &str), record: &Record, stored: &StoredVersion, source: Option<&[u8]>) -> Value {
    let version = &stored.version;
    let delivered = version.kind == VersionKind::DeliveredForm;
    let source: Option<Value> = source.filter(|_| delivered).and_then(|bytes| serde_json::from_slice(bytes).ok());
    let came_in = source.as_ref().map(|s| if stu3::form::is_stu3(s) { Version::Stu3 } else { Version::R4 });
    let source = match (source, came_in, fhir) {
        (Some(source), Some(Version::Stu3), Version::R4) => Some(stu3::form::source_in_r4(&source)),
        (source, ..) => source,
    };
    let form = form::of_version(&VersionOut {
        base,
        id: &record.patient.id,
        patient: &record.patient.patient,
        version,
        mark: stored.mark.as_ref(),
        source: source.as_ref(),
    });
    match (fhir, came_in) {
        (Version::R4, _) | (Version::Stu3, Some(Version::Stu3)) => form,
        (Version::Stu3, _) => stu3::down(form).unwrap_or_default(),
    }
}
