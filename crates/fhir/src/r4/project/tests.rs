//! What the blocks say (SPEC section 6), and that they are sound FHIR by the profiles.

use super::samples::{DAUGHTER, bare, date, empty, full, negative, said, unsigned};
use super::{filed, resource, resources};
use crate::format;
use crate::r4::ResourceType as R;
use crate::r4::receive::testing::{Record, now, somebody};
use crate::r4::standard_files;
use domain::code::PolicyGoal;
use domain::form::{LimitsAs, ReadCtx, read, testing};
use domain::ident::PatientId;
use domain::patient::Patient;
use domain::plan::{
    Arrival, Content, Decision, Directive, MedicalPolicyGoal, OtherLimit, OtherLimits, SourceFacts, Topic, apply,
};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

fn one(record: &Record, kind: R, local: &str) -> Value {
    record.with(|view| resource(view, kind, local)).unwrap_or_else(|| panic!("no {kind} {local}"))
}

fn all(record: &Record) -> Vec<Value> {
    let locals = ["cpr", "icu", "goal", "other-1", "icd", "wishes", "ad6", "ad7", "inform", "capacity"];
    let mut list = record.blocks();
    list.extend(record.with(|view| locals.iter().flat_map(|l| filed(view, l)).collect::<Vec<_>>()));
    list
}

fn samples() -> Vec<(&'static str, Record)> {
    vec![("full", full()), ("bare", bare()), ("negative", negative()), ("empty", empty())]
}

#[test]
fn every_block_is_sound_fhir() {
    for (_, record) in samples() {
        for resource in all(&record) {
            assert_eq!(format::check(&resource), [], "{resource:#}");
        }
    }
}

#[test]
fn elements_stand_in_the_order_of_fhir() {
    for resource in all(&full()) {
        let kind = resource["resourceType"].as_str().unwrap();
        let of = format::tables(format::Version::R4).resource(kind).unwrap();
        let place = |key: &String| of.property(key.strip_prefix('_').unwrap_or(key)).map(|(_, p)| p.element);
        let places: Vec<_> = resource.as_object().unwrap().keys().filter_map(place).collect();
        assert!(places.is_sorted(), "{kind}: {:?}", resource.as_object().unwrap().keys().collect::<Vec<_>>());
    }
}

/// Plans out of random forms.
fn from_forms(count: usize) -> Vec<Record> {
    let mut runner = TestRunner::deterministic();
    let answers = (0..count).map(|_| testing::answers().new_tree(&mut runner).unwrap().current());
    let ctx = ReadCtx { limits: LimitsAs::SetElsewhere, author: None, written_on: date("2026-11-23"), now: now() };
    answers
        .map(|answers| {
            let form = read(&answers, &ctx).unwrap();
            let applied = apply(&Content::default(), &form.input, Arrival::Elsewhere, 1, now());
            Record::of(Patient { name: form.identity.name, ..somebody() }, applied.content)
        })
        .collect()
}

/// The check of a third party against the profiles.
#[test]
fn every_block_passes_the_profiles() {
    let dir = std::env::temp_dir().join(format!("tijdig-blocks-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let records = samples().into_iter().map(|(_, record)| record).chain(from_forms(12));
    for (n, mut record) in (1_u128..).zip(records) {
        record.id = PatientId::from_bits(n);
        for resource in all(&record) {
            let (kind, id) = (resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap());
            let version = resource["meta"]["versionId"].as_str().unwrap();
            std::fs::write(dir.join(format!("{kind}-{id}-{version}.json")), resource.to_string()).unwrap();
        }
    }
    if let Some(right) = standard_files::validate(&dir, "validation against the profiles") {
        assert!(right > 200, "{right}");
    }
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_decision_is_told_by_type_or_by_specification() {
    let record = full();
    let told = |local: &str| {
        let consent = one(&record, R::Consent, local);
        let specification = consent["modifierExtension"][0]["valueString"].clone();
        (consent["provision"]["type"].clone(), specification)
    };
    assert_eq!(told("cpr"), (json!("deny"), Value::Null));
    assert_eq!(told("ventilation"), (json!("permit"), Value::Null));
    assert_eq!(told("icu"), (Value::Null, json!("Alleen bij snel herstel")));
    assert_eq!(told("hospital"), (Value::Null, Value::Null));
    assert_eq!(told("antibiotics"), (Value::Null, json!("Onbekend")));
    assert_eq!(told("icd-off"), (Value::Null, json!("Nee, nog geen besluit genomen")));
    let icd = one(&record, R::Consent, "icd-off");
    assert_eq!(icd["provision"]["code"][0]["coding"][0]["code"], "OTH");
    assert_eq!(icd["provision"]["code"][0]["text"], super::ICD_OFF_TEXT);
    assert_eq!(icd["policy"][0]["uri"], "https://wetten.overheid.nl/");
}

#[test]
fn a_question_without_answer_is_no_decision() {
    let cpr = one(&bare(), R::Consent, "cpr");
    assert_eq!(cpr["modifierExtension"], Value::Null);
    assert_eq!(cpr["provision"]["_type"]["extension"][0]["valueCode"], "as-text");
    assert_eq!(cpr["extension"][0]["valueString"], "Nog te bespreken");
}

#[test]
fn a_proposal_stands_beside_what_is_in_force() {
    let record = full();
    let (set, proposed) = (one(&record, R::Consent, "cpr"), one(&record, R::Consent, "cpr-proposed"));
    assert_eq!((&set["status"], &set["provision"]["type"]), (&json!("active"), &json!("deny")));
    assert_eq!((&proposed["status"], &proposed["provision"]["type"]), (&json!("proposed"), &json!("permit")));
    assert_ne!(set["id"], proposed["id"]);
    assert_eq!(one(&record, R::Goal, "goal-proposed")["lifecycleStatus"], "proposed");
    let blood: Vec<Value> = record.with(|v| {
        resources(v, R::Consent).into_iter().filter(|c| c["id"].as_str().unwrap().contains("-blood")).collect()
    });
    assert_eq!(blood.len(), 1, "where nothing is in force the proposal is all there is");
}

#[test]
fn what_was_said_before_is_history_and_never_in_force() {
    let record = full();
    let history = record.with(|view| filed(view, "cpr"));
    let statuses: Vec<&str> = history.iter().map(|c| c["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["inactive", "entered-in-error", "rejected", "inactive", "inactive"]);
    let versions: Vec<&str> = history.iter().map(|c| c["meta"]["versionId"].as_str().unwrap()).collect();
    assert_eq!(versions, ["1-1", "1-2", "1-3", "1-4", "1-5"]);
    assert_eq!(history[1]["provision"]["period"]["end"], "2024-04-30");
    assert_eq!(history[1]["provision"]["extension"][0]["valueString"], "Nieuw gesprek");
    assert_eq!(history[1]["sourceReference"]["reference"].as_str().unwrap().rsplit('-').next(), Some("ad6"));
    let will = one(&record, R::Consent, "ad7");
    assert_eq!(will["status"], "inactive", "a document that ended can still be read");
    assert!(record.with(|v| resources(v, R::Consent)).iter().all(|c| c["id"] != will["id"]), "but is not found");
    assert_eq!(record.with(|v| filed(v, "goal"))[0]["lifecycleStatus"], "cancelled");
}

#[test]
fn other_limits_are_told_by_their_words() {
    let record = full();
    let code = |local: &str| one(&record, R::Consent, local)["provision"]["code"][0]["text"].clone();
    assert_eq!(
        (code("other-1"), code("other-2"), code("other-3-proposed")),
        (json!("Sondevoeding"), json!("Overige behandelgrenzen"), json!("Dialyse"))
    );
    assert_eq!(record.with(|v| filed(v, "other-1"))[0]["provision"]["type"], "permit");

    // From the form: its one text is the comment and the treatment, word for word (decision 34).
    let directive =
        Directive { comment: Some(" Geen dialyse,  ook niet kort".into()), ..Directive::of(Decision::DoNot) };
    let only = OtherLimit { text: None, said_on: Some(date("2023-01-01")), directive, source: SourceFacts::default() };
    let content =
        Content { other_limits: Topic::said(unsigned(OtherLimits(vec![only]), "2024-01-01")), ..Content::default() };
    let told = one(&Record::of(somebody(), content), R::Consent, "other-1");
    assert_eq!(told["provision"]["code"][0]["text"], " Geen dialyse,  ook niet kort");
    assert_eq!(told["extension"][0]["valueString"], " Geen dialyse,  ook niet kort");
    assert_eq!(told["dateTime"], "2023-01-01");
}

#[test]
fn wishes_and_agreements_are_lines_of_5a_and_6() {
    let record = full();
    let wishes = one(&record, R::Observation, "wishes")["valueString"].as_str().unwrap().to_owned();
    assert!(wishes.starts_with("Wil thuis blijven\nSociaal: Nog een keer naar zee"), "{wishes}");
    let purpose = one(&record, R::Observation, "purpose")["valueString"].as_str().unwrap().to_owned();
    assert!(purpose.starts_with("De kleinkinderen\nAfspraak: Palliatieve sedatie bij benauwdheid"), "{purpose}");
}

#[test]
fn unknown_is_told_in_the_way_of_each_profile() {
    let record = full();
    let place = one(&record, R::Observation, "place");
    assert_eq!(place["dataAbsentReason"]["coding"][0]["code"], "asked-unknown");
    assert_eq!((&place["valueCodeableConcept"], &place["status"]), (&Value::Null, &json!("amended")));
    assert_eq!(place["note"], json!([{"text": "Later"}, {"text": "Tweede opmerking"}]));
    assert_eq!(one(&bare(), R::Observation, "donor")["valueCodeableConcept"]["coding"][0]["code"], "UNK");
}

#[test]
fn who_speaks_for_the_patient_has_role_24() {
    let record = full();
    let codes = |local: &str| {
        let list = one(&record, R::RelatedPerson, local)["relationship"].as_array().unwrap().clone();
        list.iter().map(|c| c["coding"][0]["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes(&format!("p{}", DAUGHTER.0)), ["310141000146103", "09", "DAUC", "OTH", "24"]);
    assert_eq!(codes("p5"), ["BRO", "01"]);
}

#[test]
fn the_patient_is_subject_of_the_encounter_only_where_present() {
    let record = full();
    let encounter = one(&record, R::Encounter, "e1");
    assert!(encounter["subject"]["reference"].is_string());
    assert_eq!(encounter["participant"].as_array().unwrap().len(), 4);
    assert_eq!(encounter["reasonReference"][0]["extension"][0]["valueString"], "Achteruitgang na val");
    assert_eq!(one(&record, R::Procedure, "c1")["code"]["coding"][0]["code"], "190099");
    let absent = one(&negative(), R::Encounter, "e1");
    assert_eq!((&absent["subject"], &absent["class"]["code"]), (&Value::Null, &json!("AMB")));
}

#[test]
fn nothing_is_invented_where_nothing_is_known() {
    let record = bare();
    assert_eq!(record.with(|v| resources(v, R::Encounter).len() + resources(v, R::Procedure).len()), 0);
    let request = one(&record, R::CommunicationRequest, "inform");
    assert_eq!(request["requester"]["extension"][0]["valueCode"], "unknown");
    assert_eq!(request["authoredOn"], "2024-05-02", "a request has a date of its own or an encounter");
    let earlier = one(&record, R::Consent, "ad-earlier");
    assert_eq!(
        (&earlier["dateTime"], &earlier["provision"]["code"][0]["coding"][0]["code"]),
        (&Value::Null, &json!("OTH"))
    );
    let device = one(&record, R::Device, "icd-device");
    assert_eq!(device["type"]["text"], super::ICD_KIND_NOT_SAID);

    let record = negative();
    for kind in [R::DeviceUseStatement, R::Device, R::CommunicationRequest, R::Consent] {
        assert_eq!(record.with(|v| resources(v, kind)), Vec::<Value>::new(), "{kind}");
    }
}

#[test]
fn a_goal_has_the_date_that_its_source_gave() {
    let goal = one(&full(), R::Goal, "goal");
    assert_eq!(
        (&goal["statusDate"], &goal["startDate"], &goal["lifecycleStatus"]),
        (&json!("2024-05-01"), &json!("2024-04"), &json!("accepted"))
    );
    let goal = MedicalPolicyGoal { goal: PolicyGoal::ProlongLife, comment: None, start: None };
    let content = Content { goal: Topic::said(said(goal, "2024-05-01T08:00:00Z")), ..Content::default() };
    let own = one(&Record::of(somebody(), content), R::Goal, "goal");
    assert_eq!((&own["statusDate"], &own["startDate"]), (&json!("2024-05-01"), &json!("2024-05-01")));
}

#[test]
fn a_place_of_another_type_or_nowhere_is_nothing() {
    let record = full();
    for (kind, local) in [
        (R::Goal, "cpr"),
        (R::Consent, "goal"),
        (R::Patient, "p4"),
        (R::RelatedPerson, "p99"),
        (R::Consent, "x"),
        (R::QuestionnaireResponse, "v1"),
    ] {
        assert!(record.with(|view| resource(view, kind, local)).is_none(), "{kind} {local}");
    }
    assert_eq!(one(&record, R::Patient, "")["meta"]["versionId"], "3");
}

#[test]
fn a_patient_without_a_plan_is_a_patient() {
    let record = empty();
    let id = record.id.clone();
    let none = |_: &domain::ident::AttachmentId| None;
    let view = crate::r4::View {
        id: &id,
        patient: &record.patient,
        revision: 1,
        changed_at: crate::r4::receive::testing::now(),
        plan: None,
        files: &none,
    };
    assert_eq!(resources(&view, R::Patient).len(), 1);
    assert!(R::ALL.iter().filter(|k| **k != R::Patient).all(|k| resources(&view, *k).is_empty()));
    assert!(!format!("{view:?}").contains("Vries"));
}
