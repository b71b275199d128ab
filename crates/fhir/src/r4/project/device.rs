//! ACP-MedicalDevice and ACP-MedicalDevice.Product-ICD. 'No ICD' and 'unknown' have no resource (SPEC section 2).

use super::{ICD_KIND_NOT_SAID, Told, filed_of};
use crate::r4::id::{Local, Subject};
use crate::r4::parts::object::Object;
use crate::r4::parts::{codeable, meta, reference};
use crate::r4::{ResourceType, View};
use domain::code::{CodeSet, IcdType, YesNoUnknown};
use domain::date::FhirDateTime;
use domain::plan::{Icd, Identifier, Statement};
use serde_json::Value;

/// Code of v2-0203 for what stands in `Device.udiCarrier` rather than in `Device.identifier`.
pub(in crate::r4) const UDI: &str = "UDI";

/// That the patient has an ICD.
pub(super) fn statement(view: &View<'_>) -> Option<Value> {
    let statement = view.content()?.icd.current.as_ref().filter(|s| s.value.present == YesNoUnknown::Yes)?;
    Some(write(view, statement, Told::Now))
}

/// What was said earlier about it.
pub(super) fn earlier(view: &View<'_>) -> Vec<Value> {
    let Some(content) = view.content() else { return Vec::new() };
    let filed = filed_of(view, &content.icd).into_iter().filter(|(s, _)| s.value.present == YesNoUnknown::Yes);
    filed.map(|(statement, told)| write(view, statement, told)).collect()
}

fn write(view: &View<'_>, statement: &Statement<Icd>, told: Told<'_>) -> Value {
    let (icd, source) = (&statement.value, &statement.source);
    let own = source.status.as_deref();
    let status = match told {
        Told::Now | Told::Proposed => own.unwrap_or("active"),
        Told::Filed { .. } => own.filter(|s| *s != "active").unwrap_or("completed"),
    };
    let time = |t: &Option<FhirDateTime>| t.as_ref().map(|t| t.as_str().to_owned());
    let period = Object::new().maybe("start", time(&icd.since)).maybe("end", time(&icd.until));
    meta::begin(
        view,
        ResourceType::DeviceUseStatement,
        Local::of(Subject::Icd),
        "ACP-MedicalDevice",
        told.edition(statement),
        told.history(),
    )
    .list("identifier", meta::identifiers(source))
    .with("status", status)
    .with("subject", reference::patient(view))
    .maybe("timingPeriod", period.some())
    .maybe("recordedOn", statement.said_on.as_ref().map(FhirDateTime::as_str))
    .maybe("source", statement.by.first().and_then(|p| reference::party(view, *p)))
    .with("device", reference::to(view, "Device", Local::of(Subject::IcdDevice), "ICD"))
    .list("note", codeable::notes(icd.comment.as_deref()))
    .build()
}

/// The ICD itself. A kind that nobody named is the general one, with a text that says so (decision 35).
pub(super) fn device(view: &View<'_>) -> Option<Value> {
    let topic = &view.content()?.icd;
    let last = topic.current.as_ref().or_else(|| topic.filed.last().map(|f| &f.statement));
    let statement = last.filter(|s| s.value.present == YesNoUnknown::Yes)?;
    let icd = &statement.value;
    let kind = match icd.kind {
        Some(kind) => codeable::member(kind),
        None => codeable::concept_with(&IcdType::Icd.coding(), Some(ICD_KIND_NOT_SAID)),
    };
    let (carriers, identifiers): (Vec<&Identifier>, Vec<&Identifier>) =
        icd.product_identifiers.iter().partition(|i| i.kind.as_ref().is_some_and(|k| k.code == UDI));
    let carrier = |i: &&Identifier| {
        Object::new().maybe("issuer", i.system.as_deref()).maybe("carrierHRF", i.value.as_deref()).build()
    };
    let edition = super::edition(statement);
    let resource = meta::begin(
        view,
        ResourceType::Device,
        Local::of(Subject::IcdDevice),
        "ACP-MedicalDevice.Product-ICD",
        edition,
        None,
    )
    .list("identifier", identifiers.into_iter().take(1).map(codeable::identifier))
    .list("udiCarrier", carriers.iter().take(1).map(carrier))
    .with("type", kind)
    .list("note", codeable::notes(icd.product.as_deref()));
    Some(resource.build())
}
