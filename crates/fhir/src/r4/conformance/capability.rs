//! The CapabilityStatement, made from the table of search parameters and the list of what each type offers (SPEC 4.3).

use super::search_parameters::definition;
use super::sets::GUIDE;
use crate::format::Version;
use crate::r4::ResourceType;
use crate::r4::search::table::{COMMON, Param, includes, params};
use serde_json::{Value, json};

/// What a server has to say of itself.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Of which version of FHIR.
    pub fhir: Version,
    /// URL of the API of that version, such as `https://host/fhir/r4`.
    pub base: &'a str,
    /// URL where a client gets its token.
    pub token_url: &'a str,
    /// Version of the program.
    pub version: &'a str,
    /// When what it offers last changed: a FHIR `dateTime`.
    pub date: &'a str,
}

/// Interactions on resources of a patient.
const READ: &[&str] = &["read", "vread", "history-instance", "search-type"];
/// Interactions on the form.
const FORM: &[&str] = &["read", "vread", "history-instance", "search-type", "create"];
/// Interactions on what describes the server.
const DESCRIPTIVE: &[&str] = &["read", "search-type"];

/// What is offered of a type; `None` for what is only answered for the sake of older clients.
fn interactions(kind: ResourceType) -> Option<&'static [&'static str]> {
    match kind {
        ResourceType::Communication | ResourceType::CapabilityStatement => None,
        ResourceType::QuestionnaireResponse => Some(FORM),
        kind if kind.is_of_patient() => Some(READ),
        _ => Some(DESCRIPTIVE),
    }
}

/// Names of the guide's profiles for a type.
pub fn profiles(kind: ResourceType) -> &'static [&'static str] {
    match kind {
        ResourceType::Patient => &["ACP-Patient"],
        ResourceType::RelatedPerson => &["ACP-ContactPerson"],
        ResourceType::Practitioner => &["ACP-HealthProfessional-Practitioner"],
        ResourceType::PractitionerRole => &["ACP-HealthProfessional-PractitionerRole"],
        ResourceType::Encounter => &["ACP-Encounter"],
        ResourceType::Procedure => &["ACP-Procedure"],
        ResourceType::Consent => &["ACP-AdvanceDirective", "ACP-TreatmentDirective"],
        ResourceType::Goal => &["ACP-MedicalPolicyGoal"],
        ResourceType::Observation => &[
            "ACP-LegallyCapable",
            "ACP-SpecificCareWishes",
            "ACP-PreferredPlaceOfDeath",
            "ACP-PositionRegardingEuthanasia",
            "ACP-OrganDonationChoiceRegistration",
            "ACP-SenseOfPurpose",
        ],
        ResourceType::DeviceUseStatement => &["ACP-MedicalDevice"],
        ResourceType::Device => &["ACP-MedicalDevice.Product-ICD"],
        ResourceType::CommunicationRequest => &["ACP-InformRelativesRequest"],
        _ => &[],
    }
}

/// The statement of this server.
pub fn capability_statement(about: &About<'_>) -> Value {
    let base = about.base.trim_end_matches('/');
    let (version, guide, name) = match about.fhir {
        Version::R4 => (Version::R4, GUIDE, "R4"),
        Version::Stu3 => (Version::Stu3, crate::stu3::GUIDE, "STU3"),
    };
    let mut resources: Vec<Value> =
        ResourceType::ALL.iter().filter_map(|kind| resource(version, *kind, guide, base)).collect();
    if version == Version::R4 {
        resources.push(subscription());
        resources.push(handed_over());
    }
    json!({
        "resourceType": "CapabilityStatement",
        "id": "tijdig",
        "language": "nl-NL",
        "url": format!("{base}/metadata"),
        "version": about.version,
        "name": "Tijdig",
        "title": format!("Tijdig: proactieve zorgplanning, FHIR {name}"),
        "status": "active",
        "date": about.date,
        "kind": "instance",
        "instantiates": [format!("{guide}/CapabilityStatement/ACP-CapabilityStatementProvider")],
        "software": {"name": "Tijdig", "version": about.version},
        "implementation": {"description": "Plannen voor proactieve zorgplanning, als bouwstenen en als formulier.", "url": base},
        "fhirVersion": version.number(),
        "format": ["json", "xml"],
        "rest": [{
            "mode": "server",
            "documentation": "Elke vraag gaat over één patiënt en heeft een toegangstoken nodig. Wat niet gevonden wordt is een lege Bundle.",
            "security": security(about.token_url),
            "resource": resources,
            "interaction": [{
                "code": "transaction",
                "documentation": "Een plan van elders: de patiënt met het formulier, of met de bouwstenen."
            }],
            "searchParam": COMMON.iter().map(|param| search_param(param, base)).collect::<Vec<_>>()
        }]
    })
}

fn security(token_url: &str) -> Value {
    json!({
        "extension": [{
            "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
            "extension": [{"url": "token", "valueUri": token_url}]
        }],
        "service": [{
            "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/restful-security-service", "code": "SMART-on-FHIR", "display": "SMART-on-FHIR"
            }],
            "text": "OAuth 2, client credentials"
        }]
    })
}

fn resource(version: Version, kind: ResourceType, guide: &str, base: &str) -> Option<Value> {
    let codes: Vec<Value> = interactions(kind)?.iter().map(|code| json!({"code": code})).collect();
    let mut resource = json!({"type": kind.as_str()});
    let supported: Vec<String> =
        profiles(kind).iter().map(|name| format!("{guide}/StructureDefinition/{name}")).collect();
    if !supported.is_empty() {
        resource["supportedProfile"] = json!(supported);
    }
    resource["interaction"] = codes.into();
    if kind.is_of_patient() {
        resource["versioning"] = "versioned".into();
        resource["readHistory"] = true.into();
        resource["conditionalRead"] = "not-match".into();
        resource["referencePolicy"] = json!(["resolves"]);
        let mut include: Vec<String> = includes(version, kind).map(|param| format!("{kind}:{}", param.name)).collect();
        if kind == ResourceType::Device {
            // The guide lists it here too, where it is accepted and finds nothing more (SPEC 4.3).
            include.push("DeviceUseStatement:device".to_owned());
        }
        if !include.is_empty() {
            resource["searchInclude"] = json!(include);
        }
    }
    let search: Vec<Value> = params(version, kind).iter().map(|param| search_param(param, base)).collect();
    if !search.is_empty() {
        resource["searchParam"] = search.into();
    }
    if kind == ResourceType::ValueSet {
        resource["operation"] =
            json!([{"name": "expand", "definition": "http://hl7.org/fhir/OperationDefinition/ValueSet-expand"}]);
    }
    Some(resource)
}

/// What a system can ask to be told of: its own, of no patient's record.
fn subscription() -> Value {
    let codes = ["create", "read", "delete", "search-type"].map(|code| json!({"code": code}));
    json!({
        "type": "Subscription",
        "documentation": "Alleen rest-hook zonder inhoud, op {type}?patient={id} voor een type dat het plan geeft. Het adres hoort bij een server die een beheerder voor het systeem heeft opgegeven.",
        "interaction": codes,
        "versioning": "no-version",
        "searchParam": [{
            "name": "status",
            "definition": "http://hl7.org/fhir/SearchParameter/Subscription-status",
            "type": "token"
        }]
    })
}

fn handed_over() -> Value {
    json!({
        "type": "Bundle",
        "documentation": "Het document van een overdracht, zoals een bericht van soort plan.handed-over het noemt. POST Bundle/{id}/$acknowledge met Parameters, waarin 'by' (valueString) zegt wie het ontving, bevestigt de ontvangst; alleen het systeem waarheen het is verstuurd kan dat.",
        "interaction": [{"code": "read"}],
        "versioning": "no-version",
    })
}

fn search_param(param: &Param, base: &str) -> Value {
    let mut out = json!({"name": param.name, "definition": definition(param, base), "type": param.sort.code()});
    if param.names_patient {
        out["documentation"] = "Noemt de patiënt; ook als keten naar identifier, met het BSN.".into();
    }
    out
}
