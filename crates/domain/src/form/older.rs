//! Forms of earlier versions read as the current one (SPEC sections 5, 7, 8 and 9): older linkIds, types and codes.
//! What is not known as older stays as it is, and [`super::check()`] refuses it.

use super::{Answers, Item, Kind, Value, question};
use crate::code::{Coding, system};
use crate::date::FhirDateTime;
use unicode_normalization::UnicodeNormalization;

/// Code systems under the names they had or also have: STU3 URLs of HL7, and OIDs.
const SYSTEMS: [(&str, &str); 14] = [
    ("http://hl7.org/fhir/v3/NullFlavor", system::NULL_FLAVOR),
    ("http://hl7.org/fhir/v3/RoleCode", system::ROLE_CODE),
    ("http://hl7.org/fhir/v3/AddressUse", system::ADDRESS_USE),
    ("urn:oid:2.16.840.1.113883.5.1008", system::NULL_FLAVOR),
    ("urn:oid:2.16.840.1.113883.5.111", system::ROLE_CODE),
    ("urn:oid:2.16.840.1.113883.5.1119", system::ADDRESS_USE),
    ("urn:oid:2.16.840.1.113883.6.96", system::SNOMED),
    ("urn:oid:2.16.840.1.113883.2.4.15.111", system::UZI_ROLE),
    ("2.16.840.1.113883.2.4.15.111", system::UZI_ROLE),
    ("2.16.840.1.113883.2.4.6.7", system::AGB_SPECIALTY),
    ("2.16.840.1.113883.2.4.3.11.22.472", system::CONTACT_ROLE),
    ("2.16.840.1.113883.2.4.3.11.60.40.4.25.1", system::DECISION),
    ("2.16.840.1.113883.2.4.3.11.60.40.4.22.1", system::TELECOM_TYPE),
    ("https://snomed.info/sct", system::SNOMED),
];

/// Answers of an older form as those of the current one, and a Dutch sentence for each thing that was read
/// differently. Answers of the current form come back unchanged, without notes.
pub fn modernise(answers: Answers) -> (Answers, Vec<String>) {
    let mut notes = Notes(Vec::new());
    let mut items = answers.items;
    for item in &mut items {
        modernise_item(item, &mut notes);
    }
    (Answers { items }, notes.0)
}

struct Notes(Vec<String>);

impl Notes {
    fn add(&mut self, note: &str) {
        if self.0.iter().all(|n| n != note) {
            self.0.push(note.to_owned());
        }
    }
}

fn modernise_item(item: &mut Item, notes: &mut Notes) {
    rename(item, notes);
    if item.link_id == "82" {
        patient_present(item, notes);
    }
    if item.link_id == "78" {
        group_relatives(item, notes);
    }
    for answer in &mut item.answers {
        modernise_value(&item.link_id, &mut answer.value, notes);
        answer.items.iter_mut().for_each(|i| modernise_item(i, notes));
    }
    item.items.iter_mut().for_each(|i| modernise_item(i, notes));
}

fn rename(item: &mut Item, notes: &mut Notes) {
    let (new, note) = match item.link_id.as_str() {
        "1406" if item.answers.iter().all(|a| yes_or_no(&a.value).is_some()) => {
            ("1651", "Vraag 1406 (wilsbekwaam) van een oudere versie is gelezen als 1651.")
        }
        "1430" => ("1649", "Vraag 1430 (plaats van overlijden) van een oudere versie is gelezen als 1649."),
        _ => return,
    };
    new.clone_into(&mut item.link_id);
    notes.add(note);
}

/// Yes or no as it is given now, or as system-less code 1 or 0 before rc3.
fn yes_or_no(value: &Value) -> Option<bool> {
    match value {
        Value::Boolean(b) => Some(*b),
        Value::Coding(Coding { system: None, code, .. }) => match code.as_str() {
            "1" => Some(true),
            "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn modernise_value(link_id: &str, value: &mut Value, notes: &mut Notes) {
    let Some(asked) = question(link_id) else { return };
    match (asked.kind, &mut *value) {
        (Kind::Boolean, Value::Coding(_)) => {
            if let Some(answer) = yes_or_no(value) {
                *value = Value::Boolean(answer);
                notes.add(&format!("Vraag {link_id} had code 1 of 0 als antwoord en is gelezen als ja of nee."));
            }
        }
        (Kind::Date, Value::DateTime(date)) => {
            if let Ok(day) = FhirDateTime::parse(&date.date_part()) {
                *value = Value::Date(day);
                notes.add(&format!("Vraag {link_id} had een datum met tijd en is gelezen als datum."));
            }
        }
        (Kind::DateTime, Value::Date(date)) => {
            *value = Value::DateTime(date.clone());
            notes.add(&format!("Vraag {link_id} had een datum zonder tijd; die is zo gelezen."));
        }
        (Kind::Choice { .. }, Value::Coding(coding)) => modernise_coding(link_id, coding, notes),
        _ => {}
    }
}

fn modernise_coding(link_id: &str, coding: &mut Coding, notes: &mut Notes) {
    let named = coding.system.as_deref();
    if let Some((_, current)) = SYSTEMS.iter().find(|(older, _)| Some(*older) == named) {
        coding.system = Some((*current).to_owned());
        notes.add(&format!("Vraag {link_id} noemde het codesysteem op een oudere manier."));
    }
    let one_digit = matches!(coding.code.as_bytes(), [b'1'..=b'9']);
    if one_digit && coding.system.as_deref() == Some(system::CONTACT_ROLE) {
        coding.code.insert(0, '0');
        notes.add(&format!("Vraag {link_id} had een rolcode zonder voorloopnul."));
    }
    if link_id == "999" && coding.is(system::SNOMED, "225353007") {
        "713148004".clone_into(&mut coding.code);
        coding.display = question(link_id).and_then(|q| q.choice(coding)).map(|c| c.display.to_owned());
        notes.add("Het doel had de oudere code 225353007 en is gelezen als 713148004.");
    }
}

/// 82 in the shapes seen for 'the patient was there'. 'Not there' cannot be said in the form: no answer.
fn patient_present(item: &mut Item, notes: &mut Notes) {
    let Some(current) = question("82").and_then(|q| q.options().first()) else { return };
    let word = |text: &str| {
        let plain: String = text.nfd().filter(char::is_ascii_alphabetic).collect();
        matches!(plain.to_ascii_lowercase().as_str(), "patient" | "patiente")
    };
    let before = item.answers.len();
    item.answers.retain(|answer| answer.value != Value::Boolean(false));
    if item.answers.len() < before {
        notes.add("Vraag 82 zei dat de patiënt er niet bij was; dat is gelezen als niet beantwoord.");
    }
    for answer in &mut item.answers {
        let present = match &answer.value {
            Value::Boolean(there) => *there,
            Value::Text(text) => word(text),
            Value::Coding(coding) => {
                !current.means(coding) && (word(&coding.code) || (coding.code == "1" && coding.system.is_none()))
            }
            _ => false,
        };
        if present {
            answer.value = Value::Coding(current.coding());
            notes.add("Vraag 82 (patiënt aanwezig) had een ouder antwoord en is gelezen als aanwezig.");
        }
    }
}

/// 997 and 998 stood directly under 78 before there was a group 1652.
fn group_relatives(item: &mut Item, notes: &mut Notes) {
    let is_loose = |i: &Item| matches!(i.link_id.as_str(), "997" | "998");
    let Some(first) = item.items.iter().position(is_loose) else { return };
    let (loose, mut rest): (Vec<Item>, Vec<Item>) = std::mem::take(&mut item.items).into_iter().partition(is_loose);
    match rest.iter_mut().find(|i| i.link_id == "1652") {
        Some(group) => group.items.extend(loose),
        None => rest.insert(first.min(rest.len()), Item::group("1652", loose)),
    }
    item.items = rest;
    notes.add("De vragen 997 en 998 stonden buiten groep 1652 en zijn daarin gelezen.");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Answer, check, standard};

    fn answered(link_id: &str, value: Value) -> Item {
        Item::question(link_id, vec![Answer::of(value)])
    }

    fn coding(system: Option<&str>, code: &str) -> Value {
        Value::Coding(Coding { system: system.map(str::to_owned), code: code.to_owned(), display: None })
    }

    fn problems(answers: &Answers) -> usize {
        check(answers, "2026-11-22".parse().unwrap()).len()
    }

    /// The one answer of a question in a form that is then current.
    fn now(top: Item, link_id: &str) -> Value {
        let (answers, notes) = modernise(Answers { items: vec![top] });
        assert_eq!(problems(&answers), 0, "{answers:?}");
        assert!(!notes.is_empty());
        answers.find(link_id).unwrap().answers[0].value.clone()
    }

    #[test]
    fn the_current_form_is_left_alone() {
        for year in ["20201001", "20221108"] {
            let Some(form) = standard::load(&format!("examples/QuestionnaireResponse-HendrikHartman-{year}.json"))
            else {
                return;
            };
            let answers = standard::answers(&form);
            assert_eq!(modernise(answers.clone()), (answers, Vec::new()));
        }
    }

    #[test]
    fn yes_and_no_were_codes() {
        let explained = |code: &str| {
            let mut item = answered("1406", coding(None, code));
            item.answers[0].items.push(answered("1407", Value::Text("Dementie".into())));
            Item::group("26", vec![item])
        };
        assert_eq!(now(explained("1"), "1651"), Value::Boolean(true));
        assert_eq!(now(explained("0"), "1651"), Value::Boolean(false));
        assert_eq!(now(explained("0"), "1407"), Value::Text("Dementie".into()));
        let first_contact = Item::group("26", vec![Item::group("29", vec![answered("984", coding(None, "0"))])]);
        assert_eq!(now(first_contact, "984"), Value::Boolean(false));
        assert_eq!(now(Item::group("119", vec![answered("1200", coding(None, "1"))]), "1200"), Value::Boolean(true));
    }

    #[test]
    fn place_of_death_was_named_under_another_link_id() {
        let group = Item::group("1429", vec![answered("1430", coding(Some(system::SNOMED), "395091006"))]);
        assert_eq!(now(Item::group("107", vec![group]), "1649"), coding(Some(system::SNOMED), "395091006"));
    }

    #[test]
    fn roles_had_no_leading_zero_and_systems_other_names() {
        let role = |system: &str, code: &str| {
            Item::group("26", vec![Item::group("29", vec![answered("982", coding(Some(system), code))])])
        };
        for (older, current) in [("1", "01"), ("3", "03"), ("9", "09")] {
            assert_eq!(now(role(system::CONTACT_ROLE, older), "982"), coding(Some(system::CONTACT_ROLE), current));
        }
        assert_eq!(
            now(role("2.16.840.1.113883.2.4.3.11.22.472", "3"), "982"),
            coding(Some(system::CONTACT_ROLE), "03")
        );
        let goal = answered("999", coding(Some("http://hl7.org/fhir/v3/NullFlavor"), "UNK"));
        assert_eq!(now(Item::group("586", vec![goal]), "999"), coding(Some(system::NULL_FLAVOR), "UNK"));
    }

    #[test]
    fn the_goal_of_relief_had_another_code() {
        let goal = Item::group("586", vec![answered("999", coding(Some(system::SNOMED), "225353007"))]);
        let Value::Coding(goal) = now(goal, "999") else { panic!("a code") };
        assert_eq!(goal, Coding::new(system::SNOMED, "713148004", "voorkomen en behandelen van symptomen"));
    }

    #[test]
    fn relatives_stood_outside_their_group() {
        let loose = vec![
            answered("82", coding(None, "Patiënt")),
            answered("997", coding(Some(system::CONTACT_ROLE), "3")),
            answered("998", coding(Some(system::ROLE_CODE), "BRO")),
        ];
        let (answers, notes) = modernise(Answers { items: vec![Item::group("78", loose)] });
        assert_eq!(notes.len(), 2);
        assert_eq!(problems(&answers), 0);
        let ids: Vec<_> = answers.find("1652").unwrap().items.iter().map(|i| i.link_id.as_str()).collect();
        assert_eq!(ids, ["997", "998"]);
    }

    #[test]
    fn the_patients_presence_was_said_in_many_ways() {
        for value in [
            coding(None, "patient"),
            coding(Some("urn:oid:1.2.3"), "Patiënt"),
            coding(None, "Patie\u{308}nt"),
            coding(None, "1"),
            Value::Text("Patiënt".into()),
            Value::Boolean(true),
        ] {
            let there = now(Item::group("78", vec![answered("82", value)]), "82");
            assert_eq!(
                there,
                Value::Coding(Coding { system: None, code: "Patiënt".into(), display: Some("Patiënt".into()) })
            );
        }
        let (answers, notes) =
            modernise(Answers { items: vec![Item::group("78", vec![answered("82", Value::Boolean(false))])] });
        assert!(answers.is_empty());
        assert_eq!(notes.len(), 1);
    }

    #[test]
    fn dates_had_the_other_type() {
        let date = |t| FhirDateTime::parse(t).unwrap();
        assert_eq!(
            now(answered("967", Value::DateTime(date("1961-01-01T12:00:00Z"))), "967"),
            Value::Date(date("1961-01-01"))
        );
        assert_eq!(now(answered("963", Value::Date(date("2020-10-01"))), "963"), Value::DateTime(date("2020-10-01")));
    }

    #[test]
    fn the_unknown_stays_unknown() {
        for item in [
            answered("1406", coding(None, "2")),
            answered("9999", Value::Text("x".into())),
            Item::group("586", vec![answered("999", coding(Some(system::SNOMED), "1"))]),
            Item::group("78", vec![answered("82", Value::Text("nee".into()))]),
            Item::group("119", vec![answered("1200", coding(Some(system::SNOMED), "1"))]),
        ] {
            let answers = Answers { items: vec![item] };
            assert_eq!(modernise(answers.clone()), (answers.clone(), Vec::new()));
            assert_eq!(problems(&answers), 1);
        }
    }
}
