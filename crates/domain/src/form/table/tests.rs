use super::super::standard;
use super::*;
use crate::code::{
    CodeSet, ContactRole, ContactUse, EuthanasiaPosition, IcdType, Place, PolicyGoal, RelationKind, SharingAnswer,
    TelecomType, YesNoUnknown,
};
use serde_json::Value as Json;
use std::collections::BTreeSet;

#[test]
fn every_item_stands_once_after_the_item_above_it() {
    let mut seen = BTreeSet::new();
    for q in &QUESTIONS {
        assert!(q.parent.is_none_or(|p| seen.contains(p)), "{} stands before {:?}", q.link_id, q.parent);
        assert!(seen.insert(q.link_id), "{} stands twice", q.link_id);
        assert!(!q.label.trim().is_empty());
        assert_eq!(question(q.link_id), Some(q));
        assert!(children(q.parent).contains(&q));
    }
    assert_eq!(seen.len(), FORM_SIZE);
    assert_eq!(question("1430"), None);
    assert!(children(Some("1430")).is_empty());
}

#[test]
fn every_condition_can_come_true_and_looks_back() {
    let place = |id: &str| QUESTIONS.iter().position(|q| q.link_id == id).unwrap();
    for q in &QUESTIONS {
        let Some(when) = q.enable_when else { continue };
        assert!(place(when.question) < place(q.link_id));
        let asked = question(when.question).unwrap();
        match when.is {
            Is::Code(code) => assert!(asked.options().contains(&code), "{}", q.link_id),
            Is::Boolean(_) => assert_eq!(asked.kind, Kind::Boolean),
        }
    }
}

#[test]
fn a_choice_offers_no_code_twice_and_a_preset_is_one_of_them() {
    for q in &QUESTIONS {
        let codes: BTreeSet<_> = q.options().iter().map(|c| (c.system, c.code)).collect();
        assert_eq!(codes.len(), q.options().len(), "{}", q.link_id);
        assert_eq!(matches!(q.kind, Kind::Choice { .. }), !q.options().is_empty(), "{}", q.link_id);
        assert!(q.initial.is_none_or(|c| q.options().contains(&c)));
        assert!(!q.read_only || q.options().len() == 1);
    }
}

#[test]
fn topics_stand_in_clinical_order_and_each_has_questions() {
    let mut met: Vec<TopicId> = QUESTIONS.iter().filter_map(|q| q.topic).collect();
    met.dedup();
    assert_eq!(met, TopicId::FORM);
    assert_eq!(of_topic(TopicId::Cpr).map(|q| q.link_id).collect::<Vec<_>>(), ["1409", "1410", "1386", "1001", "1002"]);
}

/// The plan's enumerations and the form's options are written down apart: each option must have its member.
#[test]
fn every_option_has_a_member_in_the_plan() {
    fn all<S: CodeSet>(link_ids: &[&str]) {
        for id in link_ids {
            for choice in question(id).unwrap().options() {
                assert!(S::of(&choice.coding()).is_some(), "{id}: {}", choice.code);
            }
        }
    }
    fn whole<S: CodeSet>(link_id: &str) {
        all::<S>(&[link_id]);
        let options = question(link_id).unwrap().options();
        assert_eq!(options.len(), S::ALL.len());
        for (choice, member) in options.iter().zip(S::ALL) {
            assert_eq!(
                (choice.system, choice.code, choice.display),
                (Some(member.system()), member.code(), member.display())
            );
        }
    }
    whole::<PolicyGoal>("999");
    whole::<Place>("1191");
    whole::<EuthanasiaPosition>("1193");
    whole::<IcdType>("1008");
    whole::<YesNoUnknown>("1006");
    whole::<SharingAnswer>("1201");
    all::<ContactRole>(&["982", "997", "1644"]);
    all::<RelationKind>(&["983", "995", "998"]);
    all::<TelecomType>(&["977", "989"]);
    all::<ContactUse>(&["978", "981", "990", "993"]);
}

#[test]
fn a_label_says_by_itself_what_is_asked() {
    assert_eq!(question("1002").unwrap().full_label(), "Reanimatie: Waarom / toelichting");
    assert_eq!(question("963").unwrap().full_label(), "Datum van het gesprek");
    assert_eq!(question("1386").unwrap().path(), "83/1409/1386");
    assert_eq!(question("411").unwrap().level(), 3);
}

#[test]
fn a_specialty_is_of_either_list() {
    let asked = question("1405").unwrap();
    assert!(asked.accepts(&Coding::new(crate::code::system::UZI_ROLE, "01.015", "Huisarts")));
    assert!(asked.accepts(&Coding::new(crate::code::system::UZI_ROLE, "30.065", "")));
    assert!(asked.accepts(&Coding::new(crate::code::system::AGB_SPECIALTY, "0100", "Huisartsen")));
    assert!(!asked.accepts(&Coding::new(crate::code::system::UZI_ROLE, "01.999", "Huisarts")));
    assert!(!asked.accepts(&Coding::new(crate::code::system::AGB_SPECIALTY, "", "")));
    assert!(!asked.accepts(&Coding { system: None, code: "01.015".into(), display: None }));
    assert!(asked.options().iter().all(|c| c.code != "30.065"));
}

#[test]
fn the_table_is_the_standards_form() {
    let Some(form) = standard::load("examples/Questionnaire-ACP-zib2020.json") else { return };
    assert_eq!((form["url"].as_str(), form["version"].as_str()), (Some(FORM_CANONICAL), Some(FORM_VERSION)));
    let mut rows = QUESTIONS.iter();
    compare(&form["item"], None, &mut rows);
    assert_eq!(rows.next(), None);
}

fn compare(items: &Json, parent: Option<&str>, rows: &mut std::slice::Iter<'_, Question>) {
    for item in items.as_array().map_or(&[][..], Vec::as_slice) {
        let row = rows.next().unwrap();
        let id = item["linkId"].as_str().unwrap();
        assert_eq!((row.link_id, row.parent), (id, parent));
        assert_eq!(row.prefix, item["prefix"].as_str(), "{id}");
        let kind = match row.kind {
            Kind::Group { .. } => "group",
            Kind::Text => "string",
            Kind::Date => "date",
            Kind::DateTime => "dateTime",
            Kind::Boolean => "boolean",
            Kind::Choice { .. } => "choice",
        };
        assert_eq!(item["type"], kind, "{id}");
        assert_eq!(item["repeats"].as_bool().unwrap_or(false), row.repeats(), "{id}");
        assert_eq!(item["readOnly"].as_bool().unwrap_or(false), row.read_only, "{id}");
        compare_options(item, row);
        compare_condition(item, row);
        compare(&item["item"], Some(id), rows);
    }
}

fn compare_options(item: &Json, row: &Question) {
    let set = match row.kind {
        Kind::Choice { options: Options::Set(set), .. } => Some(set.canonical),
        _ => None,
    };
    assert_eq!(item["answerValueSet"].as_str(), set, "{}", row.link_id);
    if set.is_some() {
        return;
    }
    let options = item["answerOption"].as_array().map_or(&[][..], Vec::as_slice);
    assert_eq!(options.len(), row.options().len(), "{}", row.link_id);
    for (option, choice) in options.iter().zip(row.options()) {
        let coding = &option["valueCoding"];
        assert_eq!(
            (coding["system"].as_str(), coding["code"].as_str(), coding["display"].as_str()),
            (choice.system, Some(choice.code), Some(choice.display)),
            "{}",
            row.link_id
        );
        assert_eq!(
            option["initialSelected"].as_bool().unwrap_or(false),
            row.initial == Some(*choice),
            "{}",
            row.link_id
        );
    }
}

fn compare_condition(item: &Json, row: &Question) {
    let Some(when) = row.enable_when else {
        assert!(item["enableWhen"].is_null(), "{}", row.link_id);
        return;
    };
    let [said] = item["enableWhen"].as_array().unwrap().as_slice() else { panic!("one condition each") };
    assert_eq!(
        (said["question"].as_str(), said["operator"].as_str()),
        (Some(when.question), Some("=")),
        "{}",
        row.link_id
    );
    match when.is {
        Is::Boolean(is) => assert_eq!(said["answerBoolean"], is),
        Is::Code(code) => {
            let coding = &said["answerCoding"];
            assert_eq!((coding["system"].as_str(), coding["code"].as_str()), (code.system, Some(code.code)));
        }
    }
}

/// The register's file writes letters with accents in two parts.
fn composed(text: &str) -> String {
    unicode_normalization::UnicodeNormalization::nfc(text).collect()
}

#[test]
fn the_specialties_are_the_registers() {
    let Some(list) = standard::load("definitions/nictiz/CodeSystem-uzi-rolcode.json") else { return };
    let mut listed = BTreeSet::new();
    for concept in list["concept"].as_array().unwrap() {
        let has = |name| {
            concept["property"].as_array().unwrap().iter().any(|p| p["code"] == name && p["valueBoolean"] == true)
        };
        if !has("notSelectable") {
            listed.insert((
                concept["code"].as_str().unwrap().to_owned(),
                composed(concept["display"].as_str().unwrap()),
                has("inactive"),
            ));
        }
    }
    let ours = |choices: &[Choice], inactive| {
        choices.iter().map(move |c| (c.code.to_owned(), c.display.to_owned(), inactive)).collect::<Vec<_>>()
    };
    let all: BTreeSet<_> =
        ours(SPECIALTY_SET.choices, false).into_iter().chain(ours(SPECIALTY_SET.retired, true)).collect();
    assert_eq!(all, listed);
}

#[test]
fn the_sets_are_the_standards() {
    for set in VALUE_SETS {
        if set.open_system.is_some() {
            continue;
        }
        let file = format!("definitions/ValueSet-{}.json", set.canonical.rsplit('/').next().unwrap());
        let Some(theirs) = standard::load(&file) else { return };
        assert_eq!(theirs["url"], set.canonical);
        let codes: BTreeSet<_> = theirs["compose"]["include"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|include| {
                let system = include["system"].as_str().unwrap().to_owned();
                include["concept"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(move |c| (system.clone(), c["code"].as_str().unwrap().to_owned()))
            })
            .collect();
        let ours: BTreeSet<_> = set.choices.iter().map(|c| (c.system.unwrap().to_owned(), c.code.to_owned())).collect();
        assert_eq!(ours, codes, "{}", set.name);
    }
}
