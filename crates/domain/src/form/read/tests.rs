use super::*;
use crate::code::system;
use crate::code::{Coding, ContactRole, EuthanasiaPosition, Place, PolicyGoal, RelationKind, SharingAnswer};
use crate::form::testing::filled;
use crate::form::tests::{date, from_elsewhere, now};
use crate::form::{Answer, Item, Value};
use crate::people::{PersonKey, RelationOf, RoleOf};
use crate::plan::{Attendance, Decision, SetBy, TopicId, Treatment};

fn reads(values: &[(&str, &str)]) -> Content {
    let form = read(&filled(values), &from_elsewhere()).unwrap();
    assert_eq!(form.kept, []);
    form.input.content
}

fn kept(values: &[(&str, &str)]) -> Vec<String> {
    let form = read(&filled(values), &from_elsewhere()).unwrap();
    form.kept.into_iter().map(|p| p.link_id).collect()
}

fn doctor() -> Professional {
    Professional {
        key: ProfessionalKey(77),
        name: Name { initials: Some("G.".into()), ..Name::of("", "van", "Huissen") },
        agb: None,
        uzi: None,
        big: None,
        specialty: vec![Coding::new(system::AGB_SPECIALTY, "0100", "Huisartsen")],
        organisation: Some("Praktijk De Linde".into()),
        identifiers: vec![],
        role_identifiers: vec![],
        person: None,
        changed_in: 0,
    }
}

#[test]
fn a_topic_is_touched_when_one_of_its_questions_is_answered() {
    assert_eq!(
        reads(&[("963", "2020"), ("966", "Hartman"), ("967", "1961-01-01"), ("970", "Huissen")]).discussed(),
        []
    );
    let by_question = [
        ("1651", "true", TopicId::Capacity),
        ("1407", "x", TopicId::Capacity),
        ("976", "x", TopicId::Capacity),
        ("984", "false", TopicId::Capacity),
        ("82", "Patiënt", TopicId::Attendance),
        ("998", "BRO", TopicId::Attendance),
        ("999", "UNK", TopicId::Goal),
        ("1386", "UNK", TopicId::Cpr),
        ("1389", "x", TopicId::Ventilation),
        ("1390", "2", TopicId::Icu),
        ("1393", "0", TopicId::Hospital),
        ("1396", "1", TopicId::Antibiotics),
        ("1401", "x", TopicId::BloodProduct),
        ("1404", "x", TopicId::OtherLimits),
        ("1006", "373067005", TopicId::Icd),
        ("1005", "NASK", TopicId::IcdDeactivation),
        ("1190", "x", TopicId::CareWishes),
        ("1192", "x", TopicId::PlaceOfDeath),
        ("1193", "UNK", TopicId::Euthanasia),
        ("1435", "UNK", TopicId::OrganDonation),
        ("1196", "x", TopicId::SenseOfPurpose),
        ("1198", "x", TopicId::EarlierRecorded),
        ("1200", "false", TopicId::InformRelatives),
        ("1201", "UNK", TopicId::Sharing),
    ];
    for (link_id, answer, topic) in by_question {
        assert_eq!(reads(&[(link_id, answer)]).discussed(), [topic], "{link_id}");
    }
}

#[test]
fn fixed_answers_touch_nothing() {
    assert_eq!(
        reads(&[("1408", "180771000146100"), ("1410", "89666000"), ("1422", "OTH"), ("1648", "370819000")]).discussed(),
        []
    );
    assert_eq!(reads(&[("1644", "01")]).discussed(), []);
}

#[test]
fn unknown_no_and_not_discussed_are_three_things() {
    let plan = reads(&[("1191", "UNK"), ("1006", "373067005"), ("1386", "UNK"), ("1387", "2")]);
    assert_eq!(plan.place_of_death.value().unwrap().place, Place::Unknown);
    assert_eq!(plan.icd.value().unwrap().present, YesNoUnknown::No);
    assert_eq!(plan.directive(Treatment::Cpr).unwrap().value().unwrap().decision, Decision::Unknown);
    assert_eq!(plan.directive(Treatment::Ventilation).unwrap().value().unwrap().decision, Decision::DoNot);
    assert!(plan.euthanasia.is_empty());
    assert!(plan.directive(Treatment::Icu).is_none());
}

#[test]
fn each_decision_is_read_as_it_was_said() {
    let plan = reads(&[
        ("1386", "0"),
        ("1387", "1"),
        ("1388", "Alleen kort"),
        ("1390", "1"),
        ("1393", "2"),
        ("1395", " Te zwaar  "),
        ("1006", "373066001"),
        ("1005", "ASKU"),
    ]);
    let said = |t| plan.directive(t).unwrap().value().unwrap().clone();
    assert_eq!(said(Treatment::Cpr).decision, Decision::Perform);
    assert_eq!(said(Treatment::Ventilation).decision, Decision::Otherwise(Some("Alleen kort".into())));
    assert_eq!(said(Treatment::Icu).decision, Decision::Otherwise(None));
    assert_eq!(said(Treatment::Hospital).comment.as_deref(), Some(" Te zwaar  "));
    assert_eq!(said(Treatment::IcdDeactivation).decision, Decision::Undecided);
    for (code, decision) in [("0", Decision::Perform), ("NASK", Decision::NotDiscussed)] {
        let plan = reads(&[("1006", "373066001"), ("1005", code)]);
        assert_eq!(plan.directive(Treatment::IcdDeactivation).unwrap().value().unwrap().decision, decision);
    }
}

#[test]
fn another_limit_is_its_own_explanation() {
    let limit = |values: &[(&str, &str)]| reads(values).other_limits.value().unwrap().0[0].clone();
    let both = limit(&[("1402", "2"), ("1404", "Geen dialyse")]);
    assert_eq!((both.text.as_deref(), both.directive.comment.as_deref()), (Some("Geen dialyse"), Some("Geen dialyse")));
    assert_eq!(both.directive.decision, Decision::DoNot);
    assert_eq!(limit(&[("1402", "UNK")]).text, None);
    assert_eq!(limit(&[("1404", "Geen dialyse")]).source.absent_reason.as_deref(), Some(VALUE_IN_TEXT));
}

#[test]
fn every_statement_bears_the_forms_date_and_professional() {
    let plan = reads(&[
        ("963", "2022-11-08T17:27:36Z"),
        ("969", "van"),
        ("970", "Huissen"),
        ("1405", "01.015"),
        ("82", "Patiënt"),
        ("1386", "2"),
        ("999", "713148004"),
    ]);
    let goal = plan.goal.current.as_ref().unwrap();
    assert_eq!(goal.value.goal, PolicyGoal::RelieveSymptoms);
    assert_eq!(
        (&goal.said_on, goal.by.as_slice(), goal.origin.version),
        (&Some(date("2022-11-08T17:27:36Z")), &[Party::Professional(ProfessionalKey(1))][..], 0)
    );
    let cpr = plan.directive(Treatment::Cpr).unwrap().value().unwrap();
    assert_eq!(cpr.agreed_with, [Party::Patient, Party::Professional(ProfessionalKey(1))]);
    assert_eq!(cpr.set_by, Some(SetBy::Elsewhere { by: Some(ProfessionalKey(1)), may: Some(true) }));
    let conversation = &plan.conversations[0];
    assert_eq!(conversation.held_on, goal.said_on);
    assert_eq!(conversation.held_by[0].professional, ProfessionalKey(1));
    assert_eq!(plan.professionals[0].name.full(), "van Huissen");
}

#[test]
fn whether_the_source_may_set_limits_is_told_by_its_role() {
    let may = |values: &[(&str, &str)]| {
        let plan = reads(&[values, &[("1386", "2")]].concat());
        let Some(SetBy::Elsewhere { may, .. }) =
            plan.directive(Treatment::Cpr).unwrap().value().unwrap().set_by.clone()
        else {
            panic!("set")
        };
        may
    };
    assert_eq!(may(&[]), None);
    assert_eq!(may(&[("970", "Huissen")]), None);
    assert_eq!(may(&[("1405", "01.047")]), Some(true));
    assert_eq!(may(&[("1405", "30.000")]), Some(false));
}

#[test]
fn a_proposal_stands_beside_the_plan() {
    let ctx = ReadCtx { limits: LimitsAs::Proposed, author: Some(doctor()), ..from_elsewhere() };
    let plan = read(&filled(&[("1386", "2"), ("1402", "2"), ("999", "UNK"), ("1006", "373066001")]), &ctx)
        .unwrap()
        .input
        .content;
    let cpr = plan.directive(Treatment::Cpr).unwrap();
    assert_eq!(cpr.current, None);
    let proposed = &cpr.proposed.as_ref().unwrap().value;
    assert_eq!((proposed.proposed_by, &proposed.set_by), (Some(ProfessionalKey(1)), &None));
    assert!(plan.other_limits.current.is_none() && plan.other_limits.proposed.is_some());
    // What is no limit needs no doctor.
    assert!(plan.goal.current.is_some() && plan.icd.current.is_some());
}

#[test]
fn who_sets_a_limit_here_is_named() {
    let ctx = |author| ReadCtx { limits: LimitsAs::SetHere, author, ..from_elsewhere() };
    let form = filled(&[("970", "Wit"), ("1386", "2")]);
    let plan = read(&form, &ctx(Some(doctor()))).unwrap().input.content;
    let cpr = plan.directive(Treatment::Cpr).unwrap().value().unwrap();
    assert_eq!(cpr.set_by, Some(SetBy::Here(ProfessionalKey(1))));
    assert_eq!(cpr.agreed_with, [Party::Professional(ProfessionalKey(2)), Party::Professional(ProfessionalKey(1))]);
    assert_eq!(plan.professional(ProfessionalKey(2)).unwrap().name.full(), "Wit");

    let problems = read(&filled(&[("1386", "2")]), &ctx(None)).unwrap_err();
    assert_eq!((problems.len(), problems[0].kind, problems[0].path.as_str()), (1, ProblemKind::NobodySets, "8"));
    assert!(read(&filled(&[("1190", "x")]), &ctx(None)).is_ok());
}

#[test]
fn the_author_and_the_forms_professional_are_one_where_the_name_fits() {
    let people = |values: &[(&str, &str)]| {
        let ctx = ReadCtx { author: Some(doctor()), ..from_elsewhere() };
        read(&filled(values), &ctx).unwrap().input.content.professionals
    };
    for values in [
        &[][..],
        &[("969", "van"), ("970", "huissen")],
        &[("968", "Gerard"), ("969", "van"), ("970", "Huissen"), ("1405", "01.015")],
    ] {
        let one = people(values);
        assert_eq!(one.len(), 1);
        assert_eq!(one[0].organisation.as_deref(), Some("Praktijk De Linde"));
    }
    let named = people(&[("968", "Gerard"), ("969", "van"), ("970", "Huissen"), ("1405", "01.015")]);
    assert_eq!(named[0].name.full(), "Gerard van Huissen");
    assert_eq!(named[0].specialty.iter().map(|s| s.code.as_str()).collect::<Vec<_>>(), ["01.015", "0100"]);
    assert_eq!(people(&[("970", "Jansen")]).len(), 2);
}

#[test]
fn the_first_contact_is_the_representative_or_somebody_else() {
    let roles = |values: &[(&str, &str)]| {
        let plan = reads(values);
        let c = plan.capacity.value().unwrap().clone();
        (c.representative, c.first_contact, plan.people.len())
    };
    let (a, b) = (Some(PersonKey(1)), Some(PersonKey(2)));
    assert_eq!(roles(&[("975", "Hartman"), ("984", "true")]), (a, a, 1));
    assert_eq!(roles(&[("984", "true")]), (a, a, 1));
    assert_eq!(roles(&[("975", "Hartman"), ("984", "false")]), (a, b, 2));
    assert_eq!(roles(&[("984", "false")]), (None, a, 1));
    assert_eq!(roles(&[("975", "Hartman")]), (a, None, 1));
    // Decision 33: 982 holding 01 says what 984 true says.
    assert_eq!(roles(&[("982", "01")]), (a, a, 1));
    assert_eq!(roles(&[("982", "01"), ("984", "false")]), (a, b, 2));
    // A sender who skips 984 but describes the first contact.
    assert_eq!(roles(&[("975", "Hartman"), ("988", "0612345678")]), (a, b, 2));
}

#[test]
fn a_role_stays_as_said() {
    let plan = reads(&[
        ("982", "24"),
        ("982", "09"),
        ("411", "Bewindvoerder"),
        ("983", "OTH"),
        ("408", "Buurvrouw"),
        ("976", "1"),
        ("977", "MC"),
        ("976", "2"),
        ("980", "a@b.nl"),
        ("981", "WP"),
    ]);
    let person = plan.representative().unwrap();
    let role = |role, text: Option<&str>| RoleOf { role, text: text.map(str::to_owned) };
    assert_eq!(
        person.roles,
        [role(ContactRole::LegalRepresentative, None), role(ContactRole::Other, Some("Bewindvoerder"))]
    );
    assert_eq!(person.relations, [RelationOf { relation: RelationKind::Other, text: Some("Buurvrouw".into()) }]);
    assert_eq!(person.telephones.iter().map(|t| t.number.as_deref().unwrap()).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(person.telephones[1].kind, None);
    assert_eq!(person.emails[0].address.as_deref(), Some("a@b.nl"));
}

/// Where a question has several answers, senders differ in beneath which one the text stands.
#[test]
fn the_text_of_another_role_is_found_beneath_any_answer() {
    let mut answers = filled(&[("982", "09"), ("411", "Bewindvoerder"), ("982", "24")]);
    let roles = &mut answers.items[0].items[0].items[0].answers;
    let text = std::mem::take(&mut roles[0].items);
    roles[1].items = text;
    let form = read(&answers, &from_elsewhere()).unwrap();
    assert_eq!(form.kept, []);
    assert_eq!(form.input.content.representative().unwrap().roles[0].text.as_deref(), Some("Bewindvoerder"));
}

#[test]
fn a_brother_who_is_described_is_the_brother_who_was_there() {
    let there = |values: &[(&str, &str)]| reads(values).conversations[0].attendance.clone();
    let michiel = [("973", "Michiel"), ("983", "BRO")];
    let with = |more: &[(&str, &str)]| there(&[&michiel[..], more].concat()).unwrap();
    assert_eq!(with(&[("82", "Patiënt"), ("998", "BRO")]), Attendance { patient: true, people: vec![PersonKey(1)] });
    assert_eq!(with(&[("998", "SONC")]), Attendance { patient: false, people: vec![PersonKey(2)] });
    assert_eq!(with(&[("998", "BRO"), ("998", "BRO")]).people, [PersonKey(1), PersonKey(2)]);
    // As a mentor he would have been told in 997 too.
    assert_eq!(with(&[("982", "15"), ("998", "BRO")]).people, [PersonKey(2)]);
    assert_eq!(with(&[("982", "15"), ("997", "15"), ("998", "BRO")]).people, [PersonKey(1)]);
    assert_eq!(there(&michiel), None);
}

#[test]
fn what_was_not_asked_is_kept_beside_the_plan_and_named() {
    assert_eq!(kept(&[("1386", "2"), ("1001", "Alleen kort")]), ["1001"]);
    assert_eq!(kept(&[("984", "true"), ("985", "Jan"), ("988", "06"), ("1644", "01")]), ["985", "988"]);
    assert_eq!(
        kept(&[("1006", "373067005"), ("1008", "72506001"), ("1005", "0"), ("1010", "x")]),
        ["1008", "1005", "1010"]
    );
    assert_eq!(kept(&[("1197", "UNK"), ("1199", "373066001")]), ["1199"]);
    assert_eq!(kept(&[("983", "BRO"), ("408", "x")]), ["408"]);
    assert_eq!(kept(&[("983", "BRO"), ("408", " ")]), Vec::<String>::new());
    let form = read(&filled(&[("1386", "2"), ("1001", "Alleen kort")]), &from_elsewhere()).unwrap();
    assert_eq!(form.kept[0].location(), "item[0].item[0].item[0].answer[0].item[0]");
    assert!(!form.kept[0].text.contains("kort"));
    let cpr = form.input.content.directive(Treatment::Cpr).unwrap().value().unwrap();
    assert_eq!(cpr.decision, Decision::DoNot);
}

#[test]
fn a_form_with_a_problem_is_not_read_at_all() {
    let mut answers = filled(&[("1386", "2"), ("963", "2030-01-01")]);
    answers.items.push(Item::question("1430", vec![Answer::of(Value::Boolean(true))]));
    let problems = read(&answers, &from_elsewhere()).unwrap_err();
    assert_eq!(problems.iter().map(|p| p.kind).collect::<Vec<_>>(), [ProblemKind::Future, ProblemKind::UnknownLinkId]);
}

#[test]
fn who_it_is_about_is_told_apart() {
    let form =
        read(&filled(&[("964", "Hendrik"), ("966", "Hartman "), ("967", "1961-01-01")]), &from_elsewhere()).unwrap();
    assert_eq!(
        form.identity.name,
        Name { given: Some("Hendrik".into()), family: Some("Hartman ".into()), ..Name::default() }
    );
    assert_eq!(form.identity.birth_date, Some(date("1961-01-01")));
    assert_eq!(form.input.content.conversations[0].recorded_at, now());
    assert_eq!(form.input.content.conversations[0].date(), &date("2026-11-22"));
}

#[test]
fn sharing_and_earlier_wishes_are_read() {
    let plan = reads(&[
        ("1197", "373066001"),
        ("1198", "Begin 2020"),
        ("1199", "373067005"),
        ("1200", "true"),
        ("1201", "441898007"),
        ("1193", "340201000146103"),
        ("970", "Wit"),
    ]);
    let earlier = plan.earlier.value().unwrap();
    assert_eq!((earlier.recorded, earlier.differs), (YesNoUnknown::Yes, Some(YesNoUnknown::No)));
    assert_eq!(plan.sharing.value().unwrap().answer, SharingAnswer::Agreed);
    assert_eq!(plan.inform_relatives.value().unwrap().told_by, Some(ProfessionalKey(1)));
    assert_eq!(plan.euthanasia.value().unwrap().position, EuthanasiaPosition::DoesNotWant);
    assert!(plan.documents.is_empty());
}
