//! A form read into a plan, told as blocks, delivered as a Bundle, and written as a form again: the same form, but for
//! what has no block (decision 33).

use super::super::testing::{Record, now, receive, recorded, somebody, transaction};
use domain::code::YesNoUnknown;
use domain::date::FhirDateTime;
use domain::form::{Answers, CurrentHead, LimitsAs, ReadCtx, read, testing, write};
use domain::patient::Patient;
use domain::plan::VALUE_IN_TEXT;
use domain::plan::{Applied, Arrival, Content, Topic, apply};
use proptest::prelude::*;

fn from_form(answers: &Answers) -> (Patient, Applied) {
    let ctx = ReadCtx {
        limits: LimitsAs::SetElsewhere,
        author: None,
        written_on: FhirDateTime::parse("2026-11-23").unwrap(),
        now: now(),
    };
    let form = read(answers, &ctx).unwrap();
    let patient = Patient { name: form.identity.name, birth_date: form.identity.birth_date.unwrap(), ..somebody() };
    (patient, apply(&Content::default(), &form.input, Arrival::Elsewhere, 1, now()))
}

/// What of a plan lives in the form only (decision 33).
fn without_form_only(content: &Content) -> Content {
    let mut content = content.clone();
    if content.icd.value().is_some_and(|i| i.present != YesNoUnknown::Yes) {
        content.icd = Topic::default();
    }
    let unanswered =
        content.earlier.current.as_ref().is_some_and(|s| s.source.absent_reason.as_deref() == Some(VALUE_IN_TEXT));
    if unanswered || content.earlier.value().is_some_and(|e| e.recorded != YesNoUnknown::Yes) {
        content.earlier = Topic::default();
    }
    if let Some(earlier) = &mut content.earlier.current {
        earlier.value.differs = None;
    }
    if content.inform_relatives.value().is_some_and(|i| !i.informed) {
        content.inform_relatives = Topic::default();
    }
    content.sharing = Topic::default();
    content
}

fn form_of(content: &Content, patient: &Patient) -> Answers {
    let conversation = content.newest_conversation().unwrap().key;
    testing::canonical(&write(content, &CurrentHead { conversation }, patient))
}

fn there_and_back(answers: &Answers) {
    let (patient, applied) = from_form(answers);
    let expected = form_of(&without_form_only(&applied.content), &patient);
    let record = Record::of(patient, applied.content);
    let delivery = receive(&transaction(&record.blocks())).unwrap_or_else(|p| panic!("{p:#?}"));
    assert_eq!(delivery.kept, [], "every element of our own is read");
    let (back, _) = recorded(&delivery);
    let told = form_of(&back.plan.content, &back.patient);
    assert_eq!(told, expected);

    // And once more: what came as blocks goes out as the same blocks.
    let again = receive(&transaction(&back.blocks())).unwrap();
    assert_eq!(again.same_as, delivery.same_as);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_form_survives_the_way_through_the_blocks(answers in testing::answers()) {
        there_and_back(&answers);
    }
}
