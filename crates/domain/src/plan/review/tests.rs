//! What is open and doubtful, as a reader is told it.

use super::*;
use crate::code::{RelationKind, YesNoUnknown};
use crate::people::{ProfessionalKey, Telephone};
use crate::plan::sample::{NURSE, Said, Story, nurse, person, professional, with_phone};
use crate::plan::{EarlierRecorded, Topic, Why};

const BY: ReviewBy = ReviewBy { today: jiff::civil::date(2022, 11, 10), interval_months: 6 };

fn said() -> Said {
    Said::on("2022-11-08")
}

fn kinds(content: &Content) -> Vec<DoubtKind> {
    doubts(content, BY).iter().map(|d| d.kind).collect()
}

fn only(content: &Content) -> Doubt {
    let all = doubts(content, BY);
    let [one] = &all[..] else { panic!("{all:?}") };
    one.clone()
}

#[test]
fn a_fresh_plan_set_here_is_not_doubted() {
    let piet = with_phone(person(1, "Piet", "Smit", Some(RelationKind::Son)), "06-1");
    let plan =
        Story::of(said().limit(Treatment::Cpr, Decision::DoNot).person(piet).capacity(Some(false), Some(1), None));
    assert_eq!(doubts(&plan.content, BY), []);
    assert_eq!(doubts(&Content::default(), BY), []);
}

#[test]
fn proposals_wait_in_clinical_order() {
    let mut plan =
        Story::of(said().propose(Treatment::Hospital, Decision::DoNot).propose(Treatment::Cpr, Decision::DoNot));
    assert_eq!(open_proposals(&plan.content), [TopicId::Cpr, TopicId::Hospital]);
    plan.here(said().limit(Treatment::Cpr, Decision::DoNot));
    assert_eq!(open_proposals(&plan.content), [TopicId::Hospital]);
}

#[test]
fn a_conflict_stays_until_something_newer_is_said() {
    let mut plan = Story::of(said().limit(Treatment::Cpr, Decision::DoNot));
    plan.elsewhere(said().limit_elsewhere(Treatment::Cpr, Decision::Perform, Some(true)));
    let doubt = only(&plan.content);
    assert_eq!((doubt.kind, doubt.topic), (DoubtKind::Conflict, Some(TopicId::Cpr)));
    assert_eq!(
        doubt.sentence,
        "Reanimatie: op 8 november 2022 is elders iets anders vastgelegd (wel uitvoeren) dan hier staat (niet uitvoeren)."
    );
    assert_eq!(doubt.since.unwrap().as_str(), "2022-11-08");
    // The lead keeps what stands, by saying it again.
    plan.here(said().limit(Treatment::Cpr, Decision::DoNot));
    assert_eq!(kinds(&plan.content), []);
}

#[test]
fn words_without_an_answer_are_told_beside_what_stays_in_force() {
    let mut plan = Story::of(said().limit(Treatment::Cpr, Decision::DoNot));
    plan.elsewhere(Said::on("2022-11-09").limit_elsewhere(Treatment::Cpr, Decision::Unknown, Some(true)).with(|c| {
        let said = c.directives.get_mut(&Treatment::Cpr).unwrap().current.as_mut().unwrap();
        said.value.comment = Some("zie brief.".into());
        said.source.absent_reason = Some(crate::plan::VALUE_IN_TEXT.into());
    }));
    assert_eq!(
        only(&plan.content).sentence,
        "Reanimatie: op 9 november 2022 is alleen een toelichting gegeven, zonder keuze (‘zie brief’); wat er stond \
         (niet uitvoeren) geldt tot iemand kiest."
    );
    assert_eq!(to_settle(&plan.content), [DoubtKind::Conflict], "a task for the lead");
    plan.here(said().limit(Treatment::Cpr, Decision::DoNot));
    assert_eq!(to_settle(&plan.content), []);
}

#[test]
fn a_limit_that_ended_elsewhere_is_told_so() {
    let mut plan = Story::of(said().limit(Treatment::Cpr, Decision::DoNot));
    plan.elsewhere(Said::on("2022-11-09").filed(Treatment::Cpr, Decision::DoNot, Why::Ended, "2022-11-08"));
    assert_eq!(
        only(&plan.content).sentence,
        "Reanimatie: op 8 november 2022 kwam deze afspraak van elders als beëindigd, terwijl die hier nog geldt."
    );
}

#[test]
fn limits_set_elsewhere_by_nobody_who_may_are_one_doubt_each_hand() {
    let all = [Treatment::Cpr, Treatment::Ventilation, Treatment::Icu];
    let unnamed = all.into_iter().fold(said(), |s, t| s.limit_elsewhere(t, Decision::DoNot, None));
    let mut plan = Story::default();
    plan.elsewhere(unnamed);
    let doubt = only(&plan.content);
    assert_eq!(
        doubt.sentence,
        "Reanimatie, beademing en IC-opname zijn elders vastgesteld; er staat niet bij door wie en in welke functie."
    );
    assert_eq!((doubt.topic, doubt.topics.len()), (None, 3));

    let by = |may| {
        let mut plan = Story::default();
        plan.elsewhere(said().limit_elsewhere(Treatment::Cpr, Decision::DoNot, may).with(|c| {
            c.professionals.push(professional(NURSE, crate::people::Name::of("Els", "", "Bos"), Some(nurse())));
            let topic = c.directives.get_mut(&Treatment::Cpr).unwrap();
            topic.current.as_mut().unwrap().value.set_by = Some(SetBy::Elsewhere { by: Some(NURSE), may });
        }));
        assert_ne!(plan.content.professionals[0].key, ProfessionalKey(0));
        plan.content
    };
    let sentence = |content: &Content| only(content).sentence;
    assert_eq!(
        sentence(&by(Some(false))),
        "Reanimatie is elders vastgesteld door Els Bos, verpleegkundige; die functie mag geen behandelgrenzen vaststellen."
    );
    assert_eq!(
        sentence(&by(None)),
        "Reanimatie is elders vastgesteld door Els Bos, verpleegkundige; niet bekend is of die behandelgrenzen mag vaststellen."
    );
    assert_eq!(kinds(&by(Some(true))), []);
}

#[test]
fn not_capable_without_a_representative_is_missing() {
    let plan = Story::of(said().capacity(Some(false), None, None));
    let doubt = only(&plan.content);
    assert_eq!(doubt.kind, DoubtKind::NoRepresentative);
    assert!(doubt.kind.is_missing());
    assert_eq!(doubt.sentence, "De patiënt is niet wilsbekwaam, maar er is geen vertegenwoordiger vastgelegd.");
    for capable in [Some(true), None] {
        assert_eq!(kinds(&Story::of(said().capacity(capable, None, None)).content), []);
    }
}

#[test]
fn a_representative_must_be_reachable() {
    let piet = person(1, "Piet", "Smit", Some(RelationKind::Son));
    let named = |p| Story::of(said().person(p).capacity(Some(true), Some(1), None)).content;
    assert_eq!(
        only(&named(piet.clone())).sentence,
        "Van vertegenwoordiger Piet Smit (zoon) is geen telefoonnummer vastgelegd."
    );
    let mut fax = piet.clone();
    fax.telephones =
        vec![Telephone { number: Some("020-1".into()), kind: Some(TelecomType::Fax), ..Telephone::default() }];
    assert_eq!(kinds(&named(fax)), [DoubtKind::NoPhone]);
    assert_eq!(kinds(&named(with_phone(piet, "  "))), [DoubtKind::NoPhone]);
}

#[test]
fn an_old_plan_is_overdue_from_the_day_after_the_interval() {
    let plan = Story::of(Said::on("2022-05-09").limit(Treatment::Cpr, Decision::DoNot));
    let on = |today: jiff::civil::Date, interval_months| doubts(&plan.content, ReviewBy { today, interval_months });
    assert_eq!(on(jiff::civil::date(2022, 11, 9), 6), []);
    let late = on(jiff::civil::date(2022, 11, 10), 6);
    assert_eq!(
        late[0].sentence,
        "Dit plan is 6 maanden oud (laatste gesprek: 9 mei 2022); het hoort elke 6 maanden opnieuw besproken te worden."
    );
    assert_eq!(on(jiff::civil::date(2022, 11, 10), 12), []);
    assert_eq!(on(jiff::civil::date(2030, 1, 1), 0), []);
    assert!(
        on(jiff::civil::date(2024, 6, 1), 12)[0].sentence.ends_with("het hoort elk jaar opnieuw besproken te worden.")
    );
}

#[test]
fn a_conversation_that_changed_nothing_makes_the_plan_young_again() {
    let mut plan = Story::of(Said::on("2020-10-01").limit(Treatment::Cpr, Decision::DoNot));
    assert_eq!(kinds(&plan.content), [DoubtKind::Overdue]);
    plan.here(said());
    assert_eq!(kinds(&plan.content), []);
}

#[test]
fn what_was_recorded_earlier_may_differ() {
    let earlier = |differs| {
        let said = said();
        let value = EarlierRecorded { recorded: YesNoUnknown::Yes, comment: None, differs };
        let topic = Topic::said(said.statement(value));
        Story::of(said.with(|c| c.earlier = topic)).content
    };
    assert_eq!(only(&earlier(Some(YesNoUnknown::Yes))).kind, DoubtKind::EarlierDiffers);
    for differs in [Some(YesNoUnknown::No), Some(YesNoUnknown::Unknown), None] {
        assert_eq!(kinds(&earlier(differs)), []);
    }
}

#[test]
fn one_sentence_sums_the_plan_up() {
    let sum = |content: &Content| sum_up(content, Some(jiff::civil::date(2025, 11, 20)));
    assert_eq!(sum(&Content::default()), "Er is nog geen plan vastgelegd.");
    let condition = Decision::Otherwise(Some("Wel op OK".into()));
    let mut plan = Story::of(
        said()
            .limit(Treatment::Cpr, condition)
            .limit(Treatment::Ventilation, Decision::DoNot)
            .limit(Treatment::Hospital, Decision::Perform)
            .goal(PolicyGoal::RelieveSymptoms),
    );
    assert_eq!(
        sum(&plan.content),
        "Besproken op 8 november 2022 (3 jaar geleden): reanimeren onder voorwaarde, niet beademen en wel naar het \
         ziekenhuis; doel is voorkomen en behandelen van symptomen; nog niets vastgesteld over IC-opname."
    );
    plan.here(Said::on("2025-11-08").propose(Treatment::Icu, Decision::DoNot));
    assert!(sum(&plan.content).ends_with("nog niets vastgesteld over IC-opname; 1 voorstel wacht op een arts."));
    assert!(sum(&plan.content).starts_with("Besproken op 8 november 2025 (12 dagen geleden): "));
    assert_eq!(
        sum(&Story::of(Said::on("2025-11")).content),
        "Besproken op november 2025 (deze maand): over reanimatie, beademing, IC- en ziekenhuisopname is nog niets \
         vastgesteld; doel van de behandeling niet besproken."
    );
}
