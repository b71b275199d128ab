//! A row of the log as an AuditEvent, after the patterns of IHE Basic Audit Log Patterns (BALP 1.1): for whoever asks
//! for the log in a form that other systems read (NEN 7513, Wabvpz 15e).
//!
//! What was refused follows no BALP profile: those are about what succeeded.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const EVENT_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
const INTERACTION: &str = "http://hl7.org/fhir/restful-interaction";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const SOURCE_TYPE: &str = "http://terminology.hl7.org/CodeSystem/security-source-type";
const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
const PROFILE: &str = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";

/// What kind of thing was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something was read.
    Read,
    /// Something was looked for.
    Search,
    /// Something was made.
    Create,
    /// Something was changed.
    Update,
    /// Something was destroyed.
    Delete,
    /// A copy left the system.
    Export,
    /// Somebody signed in.
    SignIn,
    /// Somebody signed out.
    SignOut,
    /// Who may do what was changed, or another setting.
    Settings,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Refused.
    Refused,
    /// Failed.
    Failed,
}

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who<'a> {
    /// Id in this system; empty where nobody is known.
    pub id: &'a str,
    /// Name.
    pub name: &'a str,
    /// A person, rather than a system.
    pub is_person: bool,
    /// Role acted in: code and words.
    pub role: Option<(&'a str, &'a str)>,
    /// Organisation acted for: id and name.
    pub organisation: Option<(&'a str, &'a str)>,
}

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit<'a> {
    /// Id of the row, one of a kind in this server.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What kind of thing.
    pub kind: Kind,
    /// What was done, as the log writes it.
    pub action: &'a str,
    /// How it ended.
    pub outcome: Outcome,
    /// Who.
    pub who: Who<'a>,
    /// The patient's id.
    pub patient: Option<&'a str>,
    /// Done on behalf of the patient.
    pub for_patient: bool,
    /// With which data, as the log writes it.
    pub data: &'a str,
    /// On what ground: code in the log, words, and its code in v3-ActReason.
    pub basis: Option<(&'a str, &'a str, Option<&'a str>)>,
    /// More.
    pub detail: Option<&'a str>,
}

impl Kind {
    fn action(self) -> &'static str {
        match self {
            Self::Create => "C",
            Self::Read | Self::Export => "R",
            Self::Update | Self::Settings => "U",
            Self::Delete => "D",
            Self::Search | Self::SignIn | Self::SignOut => "E",
        }
    }

    /// Interaction of the FHIR API that it resembles, and the BALP profile for it.
    fn interaction(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Read => Some(("read", "PatientRead")),
            Self::Search => Some(("search", "PatientQuery")),
            Self::Create => Some(("create", "PatientCreate")),
            Self::Update => Some(("update", "PatientUpdate")),
            Self::Delete => Some(("delete", "PatientDelete")),
            Self::Export | Self::SignIn | Self::SignOut | Self::Settings => None,
        }
    }

    fn coded(self) -> (Value, Option<Value>) {
        let dicom = |code: &str, display: &str| coding(DICOM, code, display);
        match self {
            Self::Export => (dicom("110106", "Export"), None),
            Self::SignIn => (dicom("110114", "User Authentication"), Some(dicom("110122", "Login"))),
            Self::SignOut => (dicom("110114", "User Authentication"), Some(dicom("110123", "Logout"))),
            Self::Settings => (dicom("110113", "Security Alert"), Some(dicom("110131", "Security Configuration"))),
            _ => {
                let code = self.interaction().map_or("operation", |(code, _)| code);
                (coding(EVENT_TYPE, "rest", "Restful Operation"), Some(coding(INTERACTION, code, code)))
            }
        }
    }
}

fn coding(system: &str, code: &str, display: &str) -> Value {
    json!({"system": system, "code": code, "display": display})
}

/// The AuditEvent of a row; `base_url` is the address of this server.
pub fn audit_event(row: &Audit<'_>, base_url: &str) -> Value {
    let mut event = Map::new();
    event.insert("resourceType".into(), "AuditEvent".into());
    event.insert("id".into(), row.id.as_str().into());
    let is_query = row.kind == Kind::Search;
    // The query itself is kept nowhere (decision 54), and the profile for queries asks for it.
    let profile = row
        .kind
        .interaction()
        .filter(|_| row.outcome == Outcome::Done && row.patient.is_some() && !is_query && !row.who.id.is_empty());
    if let Some((_, profile)) = profile {
        event.insert("meta".into(), json!({"profile": [format!("{PROFILE}{profile}")]}));
    }
    let (kind, subtype) = row.kind.coded();
    event.insert("type".into(), kind);
    if let Some(subtype) = subtype {
        event.insert("subtype".into(), json!([subtype]));
    }
    event.insert("action".into(), row.kind.action().into());
    event.insert("recorded".into(), row.at.to_string().into());
    let outcome = match row.outcome {
        Outcome::Done => "0",
        Outcome::Refused => "4",
        Outcome::Failed => "8",
    };
    event.insert("outcome".into(), outcome.into());
    if let Some(detail) = row.detail {
        event.insert("outcomeDesc".into(), detail.into());
    }
    event.insert("agent".into(), agents(row, base_url).into());
    let source = json!({
        "site": base_url,
        "observer": {"display": "Tijdig"},
        "type": [coding(SOURCE_TYPE, "4", "Application Server")],
    });
    event.insert("source".into(), source);
    event.insert("entity".into(), entities(row).into());
    Value::Object(event)
}

/// Whoever asked, the system that asked and the one that answered. BALP calls the one that gives the source: when
/// reading that is the server, when writing the client.
fn agents(row: &Audit<'_>, base_url: &str) -> Vec<Value> {
    let reads = matches!(row.kind, Kind::Read | Kind::Export);
    let (source, destination) =
        (coding(DICOM, "110153", "Source Role ID"), coding(DICOM, "110152", "Destination Role ID"));
    let (client_role, server_role) = if reads { (destination, source) } else { (source, destination) };
    let mut agents = vec![user(row)];
    let client = if row.who.is_person || row.who.id.is_empty() {
        json!({"display": "Tijdig, pagina's"})
    } else {
        json!({"identifier": {"value": row.who.id}, "display": row.who.name})
    };
    // From which machine is not kept: an address says where somebody sits.
    let unknown = json!({"_address": {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}});
    agents.push(json!({"type": {"coding": [client_role]}, "who": client, "requestor": false, "network": unknown}));
    agents.push(json!({
        "type": {"coding": [server_role]},
        "who": {"display": "Tijdig"},
        "requestor": false,
        "network": {"address": base_url, "type": "5"},
    }));
    if row.for_patient
        && let Some(patient) = row.patient
    {
        agents.push(json!({
            "type": {"coding": [coding(PARTICIPATION, "RESP", "responsible party")]},
            "who": {"reference": format!("Patient/{patient}")},
            "requestor": false,
        }));
    }
    agents
}

fn user(row: &Audit<'_>) -> Value {
    let who = &row.who;
    let (code, display) =
        if row.kind.action() == "R" { ("IRCP", "information recipient") } else { ("AUT", "author (originator)") };
    let mut user = json!({"type": {"coding": [coding(PARTICIPATION, code, display)]}});
    if let Some((code, words)) = who.role {
        user["role"] = json!([{"coding": [{"code": code, "display": words}], "text": words}]);
    }
    user["who"] = match (who.is_person, who.id) {
        (_, "") => json!({"display": "onbekend"}),
        (true, id) => json!({"type": "Practitioner", "identifier": {"value": id}, "display": who.name}),
        (false, id) => json!({"type": "Device", "identifier": {"value": id}, "display": who.name}),
    };
    if !who.name.is_empty() {
        user["name"] = who.name.into();
    }
    user["requestor"] = true.into();
    if let Some((code, words, reason)) = row.basis {
        user["policy"] = json!([format!("urn:tijdig:basis:{code}")]);
        let mut purpose = json!({"text": words});
        if let Some(reason) = reason {
            purpose = json!({"coding": [{"system": REASON, "code": reason}], "text": words});
        }
        user["purposeOfUse"] = json!([purpose]);
    }
    user
}

fn entities(row: &Audit<'_>) -> Vec<Value> {
    let mut entities = Vec::new();
    if let Some(patient) = row.patient {
        entities.push(json!({
            "what": {"reference": format!("Patient/{patient}")},
            "type": coding(ENTITY_TYPE, "1", "Person"),
            "role": coding(OBJECT_ROLE, "1", "Patient"),
        }));
    }
    let mut details = vec![json!({"type": "action", "valueString": row.action})];
    if let Some((id, name)) = row.who.organisation {
        details.push(json!({"type": "organization", "valueString": if name.is_empty() { id } else { name }}));
    }
    let data = if row.data.is_empty() { row.action } else { row.data };
    entities.push(json!({
        "what": {"display": data},
        "type": coding(ENTITY_TYPE, "2", "System Object"),
        "role": coding(OBJECT_ROLE, "4", "Domain Resource"),
        "detail": details,
    }));
    entities
}

/// Rows as a Bundle of type `collection`, in the order given.
pub fn bundle(rows: &[Audit<'_>], base_url: &str, at: Timestamp) -> Value {
    let entries: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({"fullUrl": format!("{base_url}/AuditEvent/{}", row.id), "resource": audit_event(row, base_url)})
        })
        .collect();
    json!({"resourceType": "Bundle", "type": "collection", "timestamp": at.to_string(), "entry": entries})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::check;

    fn row(kind: Kind, outcome: Outcome) -> Audit<'static> {
        Audit {
            id: "0123456789abcdefghjkmnpqrs-12".to_owned(),
            at: "2026-11-23T09:00:00Z".parse().unwrap(),
            kind,
            action: "read-plan",
            outcome,
            who: Who {
                id: "0000000000000000000000000g",
                name: "Saskia de Wit",
                is_person: true,
                role: Some(("district-nurse", "wijkverpleegkundige")),
                organisation: Some(("00000000000000000000000001", "Thuiszorg Nabij")),
            },
            patient: Some("0123456789abcdefghjkmnpqrs"),
            for_patient: false,
            data: "plan",
            basis: Some(("team", "lid van het zorgteam", Some("TREAT"))),
            detail: None,
        }
    }

    const ALL: [Kind; 9] = [
        Kind::Read,
        Kind::Search,
        Kind::Create,
        Kind::Update,
        Kind::Delete,
        Kind::Export,
        Kind::SignIn,
        Kind::SignOut,
        Kind::Settings,
    ];

    #[test]
    fn every_kind_is_a_sound_audit_event() {
        for kind in ALL {
            for outcome in [Outcome::Done, Outcome::Refused, Outcome::Failed] {
                let nobody = Who { id: "", name: "", is_person: false, role: None, organisation: None };
                let bare = Audit { who: nobody, patient: None, basis: None, data: "", ..row(kind, outcome) };
                let full = Audit { for_patient: true, detail: Some("waarom"), ..row(kind, outcome) };
                for event in [
                    audit_event(&row(kind, outcome), "https://t.example"),
                    audit_event(&bare, "http://x"),
                    audit_event(&full, "http://x"),
                ] {
                    assert!(check(&event).is_empty(), "{kind:?} {outcome:?}: {:?}", check(&event));
                }
            }
        }
        let bundle =
            bundle(&[row(Kind::Read, Outcome::Done)], "https://t.example", "2026-11-23T10:00:00Z".parse().unwrap());
        assert!(check(&bundle).is_empty(), "{:?}", check(&bundle));
    }

    #[test]
    fn a_read_follows_the_pattern_for_reads() {
        let event = audit_event(&row(Kind::Read, Outcome::Done), "https://t.example");
        assert_eq!(event["meta"]["profile"][0], format!("{PROFILE}PatientRead"));
        let role = |n: usize| event["agent"][n]["type"]["coding"][0]["code"].clone();
        assert_eq!((role(0), role(1), role(2)), (json!("IRCP"), json!("110152"), json!("110153")));
        assert_eq!(event["agent"][0]["policy"][0], "urn:tijdig:basis:team");
        assert_eq!(event["entity"][0]["what"]["reference"], "Patient/0123456789abcdefghjkmnpqrs");
        let change = audit_event(&row(Kind::Update, Outcome::Done), "https://t.example");
        assert_eq!(change["agent"][1]["type"]["coding"][0]["code"], "110153", "who writes is the source");
        let refused = audit_event(&row(Kind::Read, Outcome::Refused), "https://t.example");
        assert_eq!((&refused["outcome"], &refused["meta"]), (&json!("4"), &Value::Null));
    }
}
