//! Form → plan → form.

use super::testing::{answers, canonical, filled};
use super::*;
use crate::date::FhirDateTime;
use crate::ident::Bsn;
use crate::patient::Patient;
use crate::plan::{Applied, Arrival, Content, PlanInput, TopicId, apply};
use jiff::Timestamp;
use proptest::prelude::*;
use std::collections::BTreeSet;

pub(super) fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

pub(super) fn date(text: &str) -> FhirDateTime {
    FhirDateTime::parse(text).unwrap()
}

pub(super) fn from_elsewhere() -> ReadCtx {
    ReadCtx { limits: LimitsAs::SetElsewhere, author: None, written_on: date("2026-11-22"), now: now() }
}

pub(super) fn patient(identity: &FormIdentity) -> Patient {
    Patient {
        bsn: Bsn::parse("999911120").unwrap(),
        name: identity.name.clone(),
        birth_date: identity.birth_date.clone().unwrap_or_else(|| date("1961-01-01")),
        gender: None,
        address: None,
        telephones: vec![],
        emails: vec![],
        living: None,
        general_practitioner: None,
        insurer: None,
        died_on: None,
    }
}

/// Lays an input upon a plan and writes the form of that.
pub(super) fn written(base: &Content, input: &PlanInput, number: u32, identity: &FormIdentity) -> (Content, Answers) {
    let Applied { content, conflicts, older, .. } = apply(base, input, Arrival::Elsewhere, number, now());
    assert_eq!((conflicts, older), (vec![], vec![]));
    let head = content.conversations.iter().find(|c| c.version == number).unwrap().key;
    let form = write(&content, &CurrentHead { conversation: head }, &patient(identity));
    (content, form)
}

fn there_and_back(answers: &Answers) -> Answers {
    let form = read(answers, &from_elsewhere()).unwrap();
    assert_eq!(form.kept, []);
    written(&Content::default(), &form.input, 1, &form.identity).1
}

#[test]
fn the_guides_forms_come_back_to_the_letter() {
    for year in ["20201001", "20221108"] {
        let Some(form) = standard::load(&format!("examples/QuestionnaireResponse-HendrikHartman-{year}.json")) else {
            return;
        };
        let answers = standard::answers(&form);
        assert_eq!(there_and_back(&answers), answers);
        assert_eq!(canonical(&answers), answers);
    }
}

#[test]
fn both_of_the_guides_forms_make_one_plan_that_reads_as_the_second() {
    let load = |year: &str| standard::load(&format!("examples/QuestionnaireResponse-HendrikHartman-{year}.json"));
    let (Some(first), Some(second)) = (load("20201001"), load("20221108")) else { return };
    let (first, second) = (standard::answers(&first), standard::answers(&second));
    let first = read(&first, &from_elsewhere()).unwrap();
    let (plan, _) = written(&Content::default(), &first.input, 1, &first.identity);
    let later = read(&second, &from_elsewhere()).unwrap();
    let (plan, form) = written(&plan, &later.input, 2, &later.identity);
    assert_eq!((plan.conversations.len(), plan.people.len(), plan.professionals.len()), (2, 1, 1));
    assert_eq!(form, second);
}

#[test]
fn an_unanswered_question_keeps_its_explanation() {
    let base = [("966", "Hartman"), ("967", "1961-01-01")];
    for (topic, link_id) in [
        ("1651", "1407"),
        ("1386", "1002"),
        ("1402", "1404"),
        ("1005", "1010"),
        ("1191", "1192"),
        ("1193", "1194"),
        ("1197", "1198"),
    ] {
        let answers = filled(&[base[0], base[1], (link_id, " Nog niet besproken ")]);
        assert!(answers.find(topic).unwrap().answers.is_empty());
        assert_eq!(there_and_back(&answers), canonical(&answers), "{topic}");
    }
}

#[test]
fn a_form_of_blanks_touches_nothing() {
    let form = read(&filled(&[("1190", "  "), ("1002", "\n"), ("973", " ")]), &from_elsewhere()).unwrap();
    assert_eq!(form.input.content.discussed(), []);
    assert!(form.input.content.people.is_empty());
    assert_eq!(form.kept, []);
}

/// Answers of one topic, or of those that no topic has.
fn only(items: &[Item], wanted: &dyn Fn(Option<TopicId>) -> bool) -> Vec<Item> {
    let mut kept = Vec::new();
    for item in items {
        let asked = question(&item.link_id).unwrap();
        if asked.topic.is_none() && !item.items.is_empty() && matches!(item.link_id.as_str(), "83" | "107" | "119") {
            kept.push(Item::group(&item.link_id, only(&item.items, wanted)));
        } else if wanted(asked.topic) {
            kept.push(item.clone());
        }
    }
    kept
}

fn laid_together(a: Vec<Item>, b: Vec<Item>) -> Vec<Item> {
    let mut all: Vec<Item> = a;
    for item in b {
        match all.iter_mut().find(|i| i.link_id == item.link_id) {
            Some(group) => group.items = laid_together(std::mem::take(&mut group.items), item.items),
            None => all.push(item),
        }
    }
    all
}

fn topics(items: &[Item]) -> BTreeSet<TopicId> {
    let mut all = BTreeSet::new();
    for item in items {
        let asked = question(&item.link_id).unwrap();
        if !item.answers.is_empty() && !asked.read_only {
            all.extend(asked.topic);
        }
        all.extend(item.answers.iter().flat_map(|a| topics(&a.items)).chain(topics(&item.items)));
    }
    all
}

fn held_on(mut answers: Answers, day: &str) -> Answers {
    answers.items.retain(|i| i.link_id != "963");
    answers.items.insert(0, Item::question("963", vec![Answer::of(Value::DateTime(date(day)))]));
    answers
}

/// A question, and the explanation that may stand beneath it alone.
const EXPLAINED: [(&str, &str); 10] = [
    ("1386", "1002"),
    ("1387", "1389"),
    ("1390", "1392"),
    ("1393", "1395"),
    ("1396", "1398"),
    ("1399", "1401"),
    ("1005", "1010"),
    ("1191", "1192"),
    ("1193", "1194"),
    ("1197", "1198"),
];

/// Without the explanations that stand alone where another form has an answer: they take nothing away.
fn without_lone_words(mut form: Answers, beside: &Answers) -> Answers {
    fn strip(items: &mut Vec<Item>, gone: &[&str]) {
        for item in items.iter_mut() {
            strip(&mut item.items, gone);
            item.answers.iter_mut().for_each(|a| strip(&mut a.items, gone));
        }
        items.retain(|i| !gone.contains(&i.link_id.as_str()) && (!i.items.is_empty() || !i.answers.is_empty()));
    }
    let answered = |form: &Answers, id| form.find(id).is_some_and(|i| !i.answers.is_empty());
    let lone = EXPLAINED.iter().filter(|(asked, _)| !answered(&form, asked) && answered(beside, asked));
    let gone: Vec<&str> = lone.map(|(_, words)| *words).collect();
    if !gone.is_empty() {
        strip(&mut form.items, &gone);
    }
    form
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn random_forms_fit_the_form(a in answers()) {
        prop_assert_eq!(check(&a, "2026-11-22".parse().unwrap()), vec![]);
        prop_assert_eq!(modernise(a.clone()), (a, vec![]));
    }

    #[test]
    fn what_goes_in_comes_out(a in answers()) {
        prop_assert_eq!(there_and_back(&a), canonical(&a));
    }

    #[test]
    fn what_is_touched_is_replaced_whole_and_the_rest_carried_whole(a in answers(), b in answers()) {
        let b = without_lone_words(b, &a);
        let (a, b) = (held_on(a, "2015-05-05"), held_on(b, "2025-06-06"));
        let first = read(&a, &from_elsewhere()).unwrap();
        let (plan, _) = written(&Content::default(), &first.input, 1, &first.identity);
        let second = read(&b, &from_elsewhere()).unwrap();
        let (_, form) = written(&plan, &second.input, 2, &second.identity);

        let touched = topics(&b.items);
        // Without an ICD there is nothing to switch off.
        let icd = b.find("1006").and_then(|i| i.answers.first());
        let no_icd = icd.is_some_and(|a| !matches!(&a.value, Value::Coding(c) if c.code == "373066001"));
        let stays = |t| !touched.contains(&t) && (!no_icd || t != TopicId::IcdDeactivation);
        let carried = only(&a.items, &|t| t.is_some_and(stays));
        let expected = Answers { items: laid_together(b.items.clone(), carried) };
        prop_assert_eq!(form, canonical(&expected));
    }

    #[test]
    fn reading_survives_any_order_of_items(a in answers(), seed in any::<u64>()) {
        let mut shuffled = a.clone();
        shuffle(&mut shuffled.items, &mut seed.clone());
        prop_assert_eq!(there_and_back(&shuffled), canonical(&a));
    }
}

fn shuffle(items: &mut Vec<Item>, seed: &mut u64) {
    let keep_order = |i: &Item| question(&i.link_id).is_some_and(Question::repeats);
    for n in (1..items.len()).rev() {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(*seed >> 33).unwrap() % (n + 1);
        if !keep_order(&items[n]) && !keep_order(&items[other]) {
            items.swap(n, other);
        }
    }
    for item in items {
        shuffle(&mut item.items, seed);
        item.answers.iter_mut().for_each(|a| shuffle(&mut a.items, seed));
    }
}

/// Father and son may bear one name; the form tells them apart.
#[test]
fn two_persons_of_one_name_stay_two() {
    let answers = filled(&[
        ("966", "Hartman"),
        ("967", "1961-01-01"),
        ("973", "Jan"),
        ("975", "Hartman"),
        ("984", "false"),
        ("985", "Jan"),
        ("987", "Hartman"),
        ("995", "SONC"),
    ]);
    assert_eq!(there_and_back(&answers), canonical(&answers));
}
