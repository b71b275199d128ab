//! The plan as a FHIR document (Documents in R4): a Bundle that begins with a Composition, for handing over (D6). Every
//! section says in words what stands and what was not discussed, and points at the resources that say it in codes, all of
//! them in the Bundle.

use super::parts::meta::instant;
use super::project::resources;
use super::{ResourceType, View};
use domain::ident::PatientId;
use domain::plan::{Content, TopicId};
use domain::words;
use jiff::Timestamp;
use serde_json::{Value, json};

/// What is said of a handover in its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed<'a> {
    /// Base of this server's addresses.
    pub base: &'a str,
    /// Number of the handover, counted per patient.
    pub number: u32,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub author: &'a str,
    /// For which organisation.
    pub organisation: &'a str,
    /// Why and to whom, in a sentence.
    pub about: &'a str,
    /// Why this version counts no more, in a sentence, where it was marked since.
    pub gone: Option<&'a str>,
}

/// A section: heading, topics told in words, and which resources say them in codes.
struct Section {
    title: &'static str,
    topics: &'static [TopicId],
    holds: fn(&Value) -> bool,
}

const SECTIONS: [Section; 4] = [
    Section {
        title: "Behandelgrenzen en doel",
        topics: &[
            TopicId::Goal,
            TopicId::Cpr,
            TopicId::Ventilation,
            TopicId::Icu,
            TopicId::Hospital,
            TopicId::Antibiotics,
            TopicId::BloodProduct,
            TopicId::OtherLimits,
            TopicId::Icd,
            TopicId::IcdDeactivation,
        ],
        holds: |r| is(r, &["Goal", "DeviceUseStatement"]) || is_consent(r, "treatment"),
    },
    Section {
        title: "Wensen",
        topics: &[
            TopicId::CareWishes,
            TopicId::PlaceOfDeath,
            TopicId::Euthanasia,
            TopicId::OrganDonation,
            TopicId::SenseOfPurpose,
        ],
        holds: |r| is(r, &["Observation"]),
    },
    Section {
        title: "Wilsbekwaamheid en vertegenwoordiging",
        topics: &[TopicId::Capacity],
        holds: |r| is(r, &["RelatedPerson"]),
    },
    Section {
        title: "Eerder vastgelegde wensen en documenten",
        topics: &[TopicId::EarlierRecorded],
        holds: |r| is_consent(r, "adr"),
    },
];

/// Everything that goes along, in the order of the Bundle.
const KINDS: [ResourceType; 12] = [
    ResourceType::Patient,
    ResourceType::RelatedPerson,
    ResourceType::Practitioner,
    ResourceType::PractitionerRole,
    ResourceType::Encounter,
    ResourceType::Procedure,
    ResourceType::Goal,
    ResourceType::Consent,
    ResourceType::Observation,
    ResourceType::DeviceUseStatement,
    ResourceType::Device,
    ResourceType::CommunicationRequest,
];

fn is(resource: &Value, kinds: &[&str]) -> bool {
    resource["resourceType"].as_str().is_some_and(|kind| kinds.contains(&kind))
}

fn is_consent(resource: &Value, scope: &str) -> bool {
    is(resource, &["Consent"]) && resource["scope"]["coding"][0]["code"] == scope
}

fn address(resource: &Value) -> String {
    format!("{}/{}", resource["resourceType"].as_str().unwrap_or_default(), resource["id"].as_str().unwrap_or_default())
}

/// Id of the document of a handover.
pub fn id(patient: &PatientId, number: u32) -> String {
    format!("{patient}-overdracht-{number}")
}

/// The document.
pub fn document(view: &View<'_>, handed: &Handed<'_>) -> Value {
    let all: Vec<Value> = KINDS.iter().flat_map(|kind| resources(view, *kind)).collect();
    let nothing = Content::default();
    let content = view.content().unwrap_or(&nothing);
    let sections: Vec<Value> = SECTIONS.iter().map(|s| section(content, s, &all)).chain(told(content, &all)).collect();
    let id = id(view.id, handed.number);
    let date = instant(handed.at);
    let about: Vec<String> = handed.gone.into_iter().chain([handed.about]).map(str::to_owned).collect();
    let composition = json!({
        "resourceType": "Composition",
        "id": id,
        "language": "nl",
        "text": {"status": "generated", "div": div(&about)},
        "status": if handed.gone.is_some() { "entered-in-error" } else { "final" },
        "type": {
            "coding": [{"system": "http://loinc.org", "code": "18761-7", "display": "Transfer summary note"}],
            "text": "Overdracht proactieve zorgplanning",
        },
        "subject": {"reference": format!("Patient/{}", view.id), "type": "Patient"},
        "date": date,
        "author": [{"display": handed.author}],
        "title": "Overdracht proactieve zorgplanning",
        "custodian": {"display": handed.organisation},
        "section": sections,
    });
    let entry =
        |resource: Value| json!({"fullUrl": format!("{}/{}", handed.base, address(&resource)), "resource": resource});
    let entries: Vec<Value> = std::iter::once(composition).chain(all).map(entry).collect();
    json!({
        "resourceType": "Bundle",
        "id": id,
        "identifier": {"system": format!("{}/overdracht", handed.base), "value": id},
        "type": "document",
        "timestamp": date,
        "entry": entries,
    })
}

/// A section of topics. Of one that nobody talked about it says so: there is no empty section.
fn section(content: &Content, section: &Section, all: &[Value]) -> Value {
    let lines: Vec<String> = section.topics.iter().flat_map(|topic| lines(content, *topic)).collect();
    let entries: Vec<Value> =
        all.iter().filter(|r| (section.holds)(r)).map(|r| json!({"reference": address(r)})).collect();
    let mut told = json!({"title": section.title, "text": {"status": "additional", "div": div(&lines)}});
    if entries.is_empty() {
        told["emptyReason"] = json!({
            "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/list-empty-reason",
                "code": "notasked",
                "display": "Not Asked",
            }],
            "text": "Niet besproken",
        });
    } else {
        told["entry"] = entries.into();
    }
    told
}

/// What stands on a topic, what is proposed beside it, or that it was not discussed.
fn lines(content: &Content, topic: TopicId) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(said) = words::said(content, topic) {
        let since = said.said_on.as_ref().map(words::date);
        let fine: Vec<String> = since.into_iter().chain(said.set_by.clone()).collect();
        let fine = if fine.is_empty() { String::new() } else { format!(" ({})", fine.join(", ")) };
        lines.push(format!("{}{fine}", said.line));
        lines.extend(said.comment.map(|why| format!("Toelichting: {why}")));
    }
    if let Some(proposed) = words::proposed_line(content, topic) {
        lines.push(format!("{proposed}. Nog niet medisch vastgesteld."));
    }
    if lines.is_empty() {
        lines.push(words::undiscussed_line(topic));
    }
    lines
}

/// The conversation behind it, where there was one.
fn told(content: &Content, all: &[Value]) -> Option<Value> {
    let talk = content.newest_conversation()?;
    let held: Vec<String> =
        talk.held_by.iter().filter_map(|h| content.professional(h.professional).map(words::professional)).collect();
    let with = if held.is_empty() { String::new() } else { format!(", met {}", words::join(&held)) };
    let line = format!("Het laatste gesprek was op {}{with}.", words::date(talk.date()));
    let entries: Vec<Value> =
        all.iter().filter(|r| is(r, &["Encounter", "Procedure"])).map(|r| json!({"reference": address(r)})).collect();
    Some(json!({"title": "Het gesprek", "text": {"status": "additional", "div": div(&[line])}, "entry": entries}))
}

/// Sentences as XHTML; what was typed is text, never markup.
fn div(lines: &[String]) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let items: Vec<String> = lines.iter().map(|l| escaped(l).replace('\n', "<br/>")).collect();
    format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><ul><li>{}</li></ul></div>", items.join("</li><li>"))
}

#[cfg(test)]
mod tests {
    use super::super::project::samples;
    use super::*;
    use std::collections::BTreeSet;

    const AT: Timestamp = Timestamp::UNIX_EPOCH;

    fn handed() -> Handed<'static> {
        Handed {
            base: "https://tijdig.example/fhir/r4",
            number: 7,
            at: AT,
            author: "Mia Bakker, wijkverpleegkundige",
            organisation: "Thuiszorg",
            about: "Bij opname naar Rijnstate <afdeling> & meer",
            gone: None,
        }
    }

    fn references(value: &Value, out: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    match value.as_str() {
                        Some(text) if key == "reference" => drop(out.insert(text.to_owned())),
                        _ => references(value, out),
                    }
                }
            }
            Value::Array(all) => all.iter().for_each(|v| references(v, out)),
            _ => {}
        }
    }

    #[test]
    fn a_document_begins_with_its_composition_and_holds_all_it_points_at() {
        let record = samples::full();
        let bundle = record.with(|view| document(view, &handed()));
        assert_eq!(bundle["type"], "document");
        let entries = bundle["entry"].as_array().unwrap();
        assert_eq!(entries[0]["resource"]["resourceType"], "Composition");
        let there: BTreeSet<String> = entries.iter().map(|e| address(&e["resource"])).collect();
        assert_eq!(there.len(), entries.len(), "each once");
        let mut asked = BTreeSet::new();
        references(&bundle, &mut asked);
        let lost: Vec<_> = asked.iter().filter(|r| !there.contains(*r)).collect();
        assert!(lost.is_empty(), "{lost:?}");
        let text = bundle.to_string();
        assert!(text.contains("Rijnstate &lt;afdeling&gt; &amp; meer"), "what was typed is no markup");
        assert!(text.contains("Nog niet medisch vastgesteld."), "a proposal says that it is one");
    }

    #[test]
    fn what_counts_no_more_says_so_to_who_fetches_it_later() {
        let gone = Handed { gone: Some("Deze versie telt niet meer: verkeerde patiënt."), ..handed() };
        let bundle = samples::full().with(|view| document(view, &gone));
        let composition = &bundle["entry"][0]["resource"];
        assert_eq!(composition["status"], "entered-in-error");
        assert!(composition["text"]["div"].as_str().unwrap().contains("telt niet meer: verkeerde"), "{composition}");
    }

    #[test]
    fn what_was_not_discussed_is_said_where_there_is_no_plan_at_all() {
        let record = samples::full();
        let bundle = record.with(|view| document(&View { plan: None, ..*view }, &handed()));
        let sections = bundle["entry"][0]["resource"]["section"].as_array().unwrap();
        assert_eq!(sections.len(), 4);
        for section in sections {
            assert_eq!(section["emptyReason"]["coding"][0]["code"], "notasked", "{section}");
            assert!(section["text"]["div"].as_str().unwrap().contains("iet besproken"), "{section}");
        }
        assert_eq!(bundle["entry"].as_array().unwrap().len(), 2, "the patient goes along");
    }
}
