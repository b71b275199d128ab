use super::*;
use crate::code::Coding;
use crate::code::system;
use crate::form::standard;

fn today() -> Date {
    "2026-11-22".parse().unwrap()
}

fn text(id: &str, text: &str) -> Item {
    Item::question(id, vec![Answer::of(Value::Text(text.into()))])
}

fn coded(id: &str, system: &str, code: &str) -> Item {
    Item::question(id, vec![Answer::of(Value::Coding(Coding::new(system, code, "")))])
}

fn cpr(items: Vec<Item>) -> Answers {
    Answers { items: vec![Item::group("83", vec![Item::group("1409", items)])] }
}

/// The only problem of these answers.
fn one(answers: &Answers) -> FormProblem {
    let mut problems = check(answers, today());
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.remove(0)
}

fn kind_of(items: Vec<Item>) -> ProblemKind {
    one(&Answers { items }).kind
}

#[test]
fn the_guides_forms_have_no_problem() {
    for year in ["20201001", "20221108"] {
        let Some(form) = standard::load(&format!("examples/QuestionnaireResponse-HendrikHartman-{year}.json")) else {
            return;
        };
        assert_eq!(check(&standard::answers(&form), today()), []);
    }
}

#[test]
fn an_empty_form_has_no_problem() {
    assert_eq!(check(&Answers::default(), today()), []);
    assert_eq!(check(&Answers { items: vec![Item::group("26", vec![]), Item::question("967", vec![])] }, today()), []);
}

#[test]
fn a_code_outside_the_set_is_named_with_its_place_and_the_codes_to_use() {
    let mut answers = cpr(vec![coded("1410", system::SNOMED, "89666000"), coded("1386", system::DECISION, "7")]);
    answers.items.insert(0, Item::group("7", vec![text("966", "Hartman")]));
    let problem = one(&answers);
    assert_eq!(problem.kind, ProblemKind::NotInSet);
    assert_eq!((problem.link_id.as_str(), problem.path.as_str()), ("1386", "83/1409/1386"));
    assert_eq!(problem.location(), "item[1].item[0].item[1].answer[0]");
    assert_eq!(
        problem.text,
        "‘Reanimatie: Wat spreken we af?’ (1386) heeft een code die niet in de lijst staat. Gebruik: \
         urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.25.1|0, urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.25.1|1, \
         urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.25.1|2, http://terminology.hl7.org/CodeSystem/v3-NullFlavor|UNK."
    );
}

#[test]
fn the_right_code_of_another_system_and_a_changed_preset_are_outside_the_set() {
    assert_eq!(one(&cpr(vec![coded("1386", system::SNOMED, "2")])).kind, ProblemKind::NotInSet);
    assert_eq!(one(&cpr(vec![coded("1410", system::SNOMED, "40617009")])).kind, ProblemKind::NotInSet);
}

#[test]
fn an_unknown_link_id_is_refused_and_not_repeated_when_it_could_be_anything() {
    let problem = one(&cpr(vec![text("9999", "x")]));
    assert_eq!((problem.kind, problem.path.as_str()), (ProblemKind::UnknownLinkId, "83/1409/9999"));
    let problem = one(&Answers { items: vec![text("mevrouw Jansen", "x")] });
    assert!(!format!("{problem:?}").contains("Jansen"));
}

#[test]
fn an_item_elsewhere_is_refused_once() {
    let problem = one(&Answers { items: vec![Item::group("1409", vec![coded("1386", system::DECISION, "2")])] });
    assert_eq!(problem.kind, ProblemKind::WrongPlace);
    assert_eq!(
        problem.text,
        "‘Behandelgrenzen: Reanimatie’ (1409) staat niet op zijn plaats. Zet deze vraag onder ‘Behandelgrenzen’ (83)."
    );
    assert_eq!(kind_of(vec![Item::group("83", vec![text("963", "x")])]), ProblemKind::WrongPlace);
}

#[test]
fn what_is_asked_beneath_an_answer_stands_beneath_it() {
    let mut decision = coded("1386", system::DECISION, "2");
    decision.items.push(text("1002", "x"));
    let problem = one(&cpr(vec![decision.clone()]));
    assert_eq!((problem.kind, problem.path.as_str()), (ProblemKind::WrongPlace, "83/1409/1386/1002"));
    decision.answers.clear();
    assert_eq!(check(&cpr(vec![decision]), today()), []);
}

#[test]
fn each_kind_of_question_takes_its_kind_of_answer_only() {
    let moment = FhirDateTime::parse("2020-10-01T16:27:36Z").unwrap();
    assert_eq!(kind_of(vec![text("963", "2020")]), ProblemKind::WrongType);
    assert_eq!(
        kind_of(vec![Item::question("967", vec![Answer::of(Value::DateTime(moment.clone()))])]),
        ProblemKind::WrongType
    );
    assert_eq!(kind_of(vec![Item::question("967", vec![Answer::of(Value::Date(moment))])]), ProblemKind::WrongType);
    assert_eq!(kind_of(vec![Item::group("26", vec![text("1651", "ja")])]), ProblemKind::WrongType);
    assert_eq!(kind_of(vec![text("26", "ja")]), ProblemKind::WrongType);
    assert_eq!(one(&cpr(vec![text("1386", "nee")])).kind, ProblemKind::WrongType);
}

#[test]
fn only_what_repeats_may_stand_twice() {
    let twice = |id: &str, parent: &str| Item::group(parent, vec![text(id, "a"), text(id, "b")]);
    assert_eq!(kind_of(vec![twice("966", "7")]), ProblemKind::TooMany);
    let two = Item::question("966", vec![Answer::of(Value::Text("a".into())), Answer::of(Value::Text("b".into()))]);
    let problem = one(&Answers { items: vec![Item::group("7", vec![two])] });
    assert_eq!((problem.kind, problem.location()), (ProblemKind::TooMany, "item[0].item[0].answer[1]".into()));
    let phones = vec![Item::group("40", vec![text("976", "1")]), Item::group("40", vec![text("976", "2")])];
    let answers = Answers { items: vec![Item::group("26", vec![Item::group("29", vec![Item::group("39", phones)])])] };
    assert_eq!(check(&answers, today()), []);
}

#[test]
fn a_text_is_neither_empty_nor_endless() {
    assert_eq!(kind_of(vec![Item::group("7", vec![text("966", "")])]), ProblemKind::Empty);
    assert_eq!(check(&Answers { items: vec![Item::group("7", vec![text("966", " ")])] }, today()), []);
    let long = |n| Answers { items: vec![Item::group("7", vec![text("966", &"é".repeat(n))])] };
    assert_eq!(check(&long(MAX_TEXT), today()), []);
    assert_eq!(one(&long(MAX_TEXT + 1)).kind, ProblemKind::TooLong);
}

#[test]
fn neither_conversation_nor_birth_lies_ahead() {
    let on = |date: &str| {
        let date = FhirDateTime::parse(date).unwrap();
        let held = Item::question("963", vec![Answer::of(Value::DateTime(date.clone()))]);
        let born =
            Item::question("967", vec![Answer::of(Value::Date(FhirDateTime::parse(&date.date_part()).unwrap()))]);
        check(&Answers { items: vec![held, born] }, today()).iter().map(|p| p.kind).collect::<Vec<_>>()
    };
    assert_eq!(on("2026-11-22"), []);
    assert_eq!(on("2026"), []);
    assert_eq!(on("2026-11-22T22:59:59Z"), []);
    assert_eq!(on("2026-11-23"), [ProblemKind::Future; 2]);
    assert_eq!(on("2026-12"), [ProblemKind::Future; 2]);
    assert_eq!(on("2026-11-22T23:30:00Z"), [ProblemKind::Future; 2]);
}

#[test]
fn a_form_of_nonsense_gives_a_bounded_list() {
    let items = (0..10_000).map(|n| Item::group(&n.to_string(), vec![])).collect();
    assert_eq!(check(&Answers { items }, today()).len(), MAX_PROBLEMS);
}

/// Holds for every problem there is: it can be logged.
#[test]
fn no_problem_repeats_an_answer() {
    let secret = "Hartman-999911120";
    let answers = Answers {
        items: vec![
            text("963", secret),
            text(secret, secret),
            coded("1405", secret, secret),
            Item::group("83", vec![Item::group("1409", vec![coded("1386", secret, secret), text("1410", secret)])]),
        ],
    };
    let problems = check(&answers, today());
    assert_eq!(problems.len(), 5);
    assert!(!format!("{problems:?}").contains("99991"));
}
