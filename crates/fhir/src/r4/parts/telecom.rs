//! Telephone numbers and e-mail addresses (nl-core-ContactInformation).

use super::codeable;
use super::extension;
use super::node::Node;
use super::object::Object;
use domain::code::{ContactUse, TelecomType};
use domain::people::{Email, Telephone};
use serde_json::{Value, json};

/// Telephone numbers, then e-mail addresses.
pub(in crate::r4) fn write(telephones: &[Telephone], emails: &[Email]) -> Vec<Value> {
    telephones.iter().filter_map(telephone).chain(emails.iter().filter_map(email)).collect()
}

fn telephone(of: &Telephone) -> Option<Value> {
    if *of == Telephone::default() {
        return None;
    }
    let system = match of.kind {
        Some(TelecomType::Fax) => "fax",
        Some(TelecomType::Pager) => "pager",
        Some(TelecomType::LandLine | TelecomType::Mobile) | None => "phone",
    };
    let exact = |kind| json!({"extension": [extension::of(extension::CODE_SPECIFICATION, "valueCodeableConcept", codeable::member(kind))]});
    let point = Object::new()
        .list("extension", extension::text(extension::COMMENT, of.comment.as_deref()))
        .with("system", system)
        .maybe("_system", of.kind.map(exact))
        .maybe("value", of.number.as_deref())
        .maybe("use", of.purpose.map(purpose));
    Some(point.build())
}

fn email(of: &Email) -> Option<Value> {
    if *of == Email::default() {
        return None;
    }
    Some(
        Object::new()
            .with("system", "email")
            .maybe("value", of.address.as_deref())
            .maybe("use", of.purpose.map(purpose))
            .build(),
    )
}

fn purpose(of: ContactUse) -> &'static str {
    match of {
        ContactUse::Home => "home",
        ContactUse::Temporary => "temp",
        ContactUse::Work => "work",
    }
}

/// Takes the telephone numbers and e-mail addresses of a resource; other ways to reach somebody are left for naming.
pub(in crate::r4) fn take(resource: &Node<'_>) -> (Vec<Telephone>, Vec<Email>) {
    let (mut telephones, mut emails) = (Vec::new(), Vec::new());
    for point in resource.each("telecom") {
        match point.peek("system") {
            Some("email") => emails.push(take_email(&point)),
            Some("phone" | "fax" | "pager" | "sms") => telephones.push(take_telephone(&point)),
            // A value without a system is in no slice, and still reaches somebody.
            None if point.peek("value").is_some() => telephones.push(take_telephone(&point)),
            _ => {}
        }
    }
    (telephones, emails)
}

fn take_purpose(point: &Node<'_>) -> Option<ContactUse> {
    let purpose = match point.peek("use")? {
        "home" => ContactUse::Home,
        "temp" => ContactUse::Temporary,
        "work" => ContactUse::Work,
        _ => return None,
    };
    point.text("use");
    Some(purpose)
}

fn take_telephone(point: &Node<'_>) -> Telephone {
    let exact = point.get("_system").and_then(|beside| {
        let specification = extension::all(&beside, extension::CODE_SPECIFICATION).into_iter().next()?;
        let found = codeable::take_member::<TelecomType>(&specification.get("valueCodeableConcept")?)?;
        specification.take();
        Some(found)
    });
    let system = point.text("system");
    // A mobile phone is a use in FHIR and a kind in the Netherlands.
    let mobile = point.peek("use") == Some("mobile") && exact.is_none();
    if mobile {
        point.text("use");
    }
    let kind = exact.or(match system.as_deref() {
        Some("fax") => Some(TelecomType::Fax),
        Some("pager") => Some(TelecomType::Pager),
        Some("sms") => Some(TelecomType::Mobile),
        _ => mobile.then_some(TelecomType::Mobile),
    });
    Telephone {
        number: point.text("value"),
        kind,
        purpose: take_purpose(point),
        comment: extension::take_text(point, extension::COMMENT),
    }
}

fn take_email(point: &Node<'_>) -> Email {
    point.text("system");
    Email { address: point.text("value"), purpose: take_purpose(point) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::r4::parts::node::Findings;

    #[test]
    fn what_is_written_is_read_back() {
        let telephones = vec![
            Telephone {
                number: Some("06 - 1234".into()),
                kind: Some(TelecomType::Mobile),
                purpose: Some(ContactUse::Home),
                comment: Some(" 's avonds".into()),
            },
            Telephone {
                number: None,
                kind: Some(TelecomType::Pager),
                purpose: Some(ContactUse::Temporary),
                comment: None,
            },
            Telephone { number: Some("030".into()), ..Telephone::default() },
            Telephone {
                number: Some("031".into()),
                kind: Some(TelecomType::Fax),
                purpose: Some(ContactUse::Work),
                comment: None,
            },
        ];
        let emails = vec![
            Email { address: Some("a@b.nl".into()), purpose: Some(ContactUse::Work) },
            Email { address: Some("c".into()), purpose: None },
        ];
        let resource = json!({"resourceType": "Patient", "telecom": write(&telephones, &emails)});
        let findings = Findings::default();
        let node = Node::root(&resource, "Patient", &findings);
        assert_eq!(take(&node), (telephones, emails));
        node.name_the_rest();
        assert_eq!(findings.finish(), []);
    }

    #[test]
    fn other_ways_are_named() {
        let resource = json!({"resourceType": "Patient", "telecom": [{"system": "url", "value": "x"}, {"system": "phone", "value": "1", "use": "mobile", "rank": 1}]});
        let findings = Findings::default();
        let node = Node::root(&resource, "Patient", &findings);
        let (telephones, _) = take(&node);
        assert_eq!(telephones[0].kind, Some(TelecomType::Mobile));
        node.name_the_rest();
        let paths: Vec<String> = findings.finish().into_iter().map(|p| p.path).collect();
        assert_eq!(paths, ["Patient.telecom[0]", "Patient.telecom[1].rank"]);
    }
}
