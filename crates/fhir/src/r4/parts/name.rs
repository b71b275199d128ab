//! Names in the Dutch way (nl-core-NameInformation): the official name in its parts, and the name people are called by.

use super::extension;
use super::node::Node;
use super::object::Object;
use crate::format::{IssueType, Kind};
use domain::people::{Name, NameUsage};
use serde_json::{Value, json};

const ASSEMBLY_ORDER: &str = "http://hl7.org/fhir/StructureDefinition/humanname-assembly-order";
const QUALIFIER: &str = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-qualifier";
const OWN_PREFIX: &str = "http://hl7.org/fhir/StructureDefinition/humanname-own-prefix";
const OWN_NAME: &str = "http://hl7.org/fhir/StructureDefinition/humanname-own-name";
const PARTNER_PREFIX: &str = "http://hl7.org/fhir/StructureDefinition/humanname-partner-prefix";
const PARTNER_NAME: &str = "http://hl7.org/fhir/StructureDefinition/humanname-partner-name";

/// Codes of the assembly order.
const USAGES: [(&str, NameUsage); 4] = [
    ("NL1", NameUsage::Own),
    ("NL2", NameUsage::Partner),
    ("NL3", NameUsage::PartnerOwn),
    ("NL4", NameUsage::OwnPartner),
];

/// Whose name: of a professional the given name is asked as the name they are called by (SPEC section 6, 968).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::r4) enum Of {
    /// The patient or a contact person.
    Person,
    /// A professional.
    Professional,
}

/// The official name, and the usual one where it is known.
pub(in crate::r4) fn write(name: &Name, of: Of) -> Vec<Value> {
    let called = match of {
        Of::Person => name.called.as_deref(),
        Of::Professional => name.called.as_deref().or(name.given.as_deref()),
    };
    let usual = called.map(|c| Object::new().with("use", "usual").list("given", [c.into()])).filter(|u| !u.is_empty());
    official(name).into_iter().chain(usual.map(Object::build)).collect()
}

fn official(name: &Name) -> Option<Value> {
    let (given, qualifiers): (Vec<Value>, Vec<Value>) = words(name.initials.as_deref())
        .map(|w| (w, "IN"))
        .chain(words(name.given.as_deref()).map(|w| (w, "BR")))
        .map(|(word, qualifier)| (Value::from(word), json!({"extension": [extension::code(QUALIFIER, qualifier)]})))
        .unzip();
    let family_parts: Vec<Value> = [
        (OWN_PREFIX, &name.prefix),
        (OWN_NAME, &name.family),
        (PARTNER_PREFIX, &name.partner_prefix),
        (PARTNER_NAME, &name.partner_family),
    ]
    .into_iter()
    .filter_map(|(url, part)| extension::text(url, part.as_deref()))
    .collect();
    let parts = Object::new()
        .with("family", name.family_used())
        .maybe("_family", Object::new().list("extension", family_parts).some())
        .list("given", given)
        .list("_given", qualifiers)
        .list("suffix", words(name.titles.as_deref()).map(Value::from));
    if parts.is_empty() {
        return None;
    }
    let usage = name
        .usage
        .and_then(|u| USAGES.iter().find(|(_, v)| *v == u))
        .map(|(code, _)| extension::code(ASSEMBLY_ORDER, code));
    let mut official = Object::new().list("extension", usage).with("use", "official").with("text", name.full()).build();
    if let (Some(whole), Value::Object(parts)) = (official.as_object_mut(), parts.build()) {
        whole.extend(parts);
    }
    Some(official)
}

/// A part of a name as separate words, or whole where words alone would lose a blank.
fn words(part: Option<&str>) -> impl Iterator<Item = &str> {
    let text = part.filter(|t| !t.trim().is_empty()).unwrap_or_default();
    let splits = text.split(' ').all(|w| !w.trim().is_empty());
    let list: Vec<&str> = if text.is_empty() {
        Vec::new()
    } else if splits {
        text.split(' ').collect()
    } else {
        vec![text]
    };
    list.into_iter()
}

/// Takes the name of a resource. A given name of an official name that does not say whether it is a first name or an
/// initial is refused: the profile requires it.
pub(in crate::r4) fn take(resource: &Node<'_>, of: Of) -> Name {
    let names = resource.each("name");
    let with_use = |wanted: Option<&str>| names.iter().find(|n| n.peek("use") == wanted);
    let mut name = with_use(Some("official")).or_else(|| with_use(None)).map(take_official).unwrap_or_default();
    if let Some(usual) = with_use(Some("usual")) {
        if usual.value.get("given").is_none() {
            let text = "Een naam met use usual heeft een given. Vul die in of laat de naam weg.";
            usual.findings.refuse(Kind::Missing, IssueType::Required, format!("{}.given", usual.path), text);
        }
        usual.text("use");
        let called = joined(&usual.each("given"));
        match (of, called) {
            (Of::Professional, called) if name.given.is_none() || name.given == called => name.given = called,
            (_, called) => name.called = called,
        }
    }
    name
}

fn take_official(node: &Node<'_>) -> Name {
    node.text("use");
    let usage = extension::all(node, ASSEMBLY_ORDER).first().and_then(|e| {
        let found = USAGES.iter().find(|(code, _)| e.peek("valueCode") == Some(code))?;
        e.take();
        Some(found.1)
    });
    let (mut given, mut initials, mut called) = (Vec::new(), Vec::new(), Vec::new());
    let beside = node.each("_given");
    for (at, word) in node.each("given").into_iter().enumerate() {
        let qualifier = beside.get(at).and_then(|b| extension::all(b, QUALIFIER).into_iter().next());
        let code = qualifier.as_ref().and_then(|q| q.peek("valueCode"));
        match (code, node.peek("use")) {
            (Some("IN"), _) => initials.push(word),
            (Some("CL"), _) => called.push(word),
            (Some(_), _) | (None, None) => given.push(word),
            (None, Some(_)) => {
                let text = "Zeg met iso21090-EN-qualifier of dit een voornaam (BR) of een voorletter (IN) is.";
                node.findings.refuse(Kind::Missing, IssueType::Required, format!("{}.extension", word.path), text);
            }
        }
        if let Some(qualifier) = qualifier {
            qualifier.take();
        }
    }
    let mut name = Name {
        given: joined(&given),
        initials: joined(&initials),
        called: joined(&called),
        titles: joined(&node.each("suffix")),
        usage,
        ..Name::default()
    };
    if let Some(beside) = node.get("_family") {
        name.prefix = extension::take_text(&beside, OWN_PREFIX);
        name.family = extension::take_text(&beside, OWN_NAME);
        name.partner_prefix = extension::take_text(&beside, PARTNER_PREFIX);
        name.partner_family = extension::take_text(&beside, PARTNER_NAME);
    }
    let family = node.text("family");
    let in_parts =
        [&name.prefix, &name.family, &name.partner_prefix, &name.partner_family].into_iter().any(Option::is_some);
    if !in_parts {
        name.family = family;
    }
    let text = node.text("text");
    if name.is_empty() {
        // Somebody of whom no more is known than a line of text still has a name to show.
        name.family = text;
    }
    name
}

fn joined(parts: &[Node<'_>]) -> Option<String> {
    let words: Vec<&str> = parts.iter().filter_map(|p| p.take().as_str()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::r4::parts::node::Findings;

    fn read(names: &[Value], of: Of) -> (Name, Vec<crate::format::Problem>) {
        let resource = json!({"resourceType": "Patient", "name": names});
        let findings = Findings::default();
        let node = Node::root(&resource, "Patient", &findings);
        let name = take(&node, of);
        node.name_the_rest();
        (name, findings.finish())
    }

    #[test]
    fn what_is_written_is_read_back_to_the_letter() {
        let whole = Name {
            given: Some("Mirjam  Anna".into()),
            initials: Some("M. A.".into()),
            called: Some("Mir".into()),
            prefix: Some("van de".into()),
            family: Some("Hartman".into()),
            partner_prefix: Some("de".into()),
            partner_family: Some("Leeuw".into()),
            titles: Some("prof. dr.".into()),
            usage: Some(NameUsage::PartnerOwn),
        };
        let doctor = Name::of("Jan Piet", "van", "Huissen");
        let bare = Name { family: Some("Bos".into()), ..Name::default() };
        let only_prefix = Name { prefix: Some("van".into()), ..Name::default() };
        let persons = [&whole, &doctor, &bare, &only_prefix].map(|name| (name, Of::Person));
        for (name, of) in persons.into_iter().chain([(&whole, Of::Professional), (&doctor, Of::Professional)]) {
            assert_eq!(read(&write(name, of), of), (name.clone(), vec![]));
        }
        assert_eq!(write(&Name::default(), Of::Person), Vec::<Value>::new());
    }

    #[test]
    fn the_parts_stand_where_the_dutch_core_has_them() {
        let written = &write(&Name::of("Jan", "van", "Huissen"), Of::Professional);
        assert_eq!(written[0]["family"], "van Huissen");
        assert_eq!(written[0]["_given"][0]["extension"][0]["valueCode"], "BR");
        assert_eq!(written[1], json!({"use": "usual", "given": ["Jan"]}));
    }

    #[test]
    fn a_name_of_text_only_still_names_somebody() {
        let (name, problems) = read(&[json!({"use": "official", "text": "Adam Gerrits"})], Of::Professional);
        assert_eq!((name.full().as_str(), problems), ("Adam Gerrits", vec![]));
    }

    #[test]
    fn a_given_name_that_may_be_an_initial_is_refused() {
        let (_, problems) = read(&[json!({"use": "official", "family": "Bos", "given": ["J"]})], Of::Person);
        assert_eq!(problems[0].path, "Patient.name[0].given[0].extension");
        assert!(problems[0].is_error());
    }

    #[test]
    fn further_names_are_named() {
        let (_, problems) = read(
            &[
                json!({"use": "official", "family": "Bos", "prefix": ["dr."]}),
                json!({"use": "maiden", "family": "Vos"}),
            ],
            Of::Person,
        );
        let paths: Vec<_> = problems.iter().map(|p| (p.path.as_str(), p.is_error())).collect();
        assert_eq!(paths, [("Patient.name[0].prefix[0]", false), ("Patient.name[1]", false)]);
    }
}
