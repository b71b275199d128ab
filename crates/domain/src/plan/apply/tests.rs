//! What becomes of a plan when something new is said: decisions 1, 3, 4, 5 and 9.

use super::*;
use crate::code::{Place, PolicyGoal};
use crate::plan::sample::{Said, Story, date, recorded};
use crate::plan::{Decision, Recorder, SetBy, VALUE_IN_TEXT, Verdict, VersionKind, decide};

mod keys;
mod random;

const CPR: Treatment = Treatment::Cpr;
const ICU: Treatment = Treatment::Icu;

#[test]
fn a_proposal_stands_beside_the_set_limit() {
    let mut plan = Story::of(Said::on("2020-10-01").limit(CPR, Decision::Perform));
    let applied = plan.here(Said::on("2022-11-08").propose(CPR, Decision::DoNot));
    assert_eq!(plan.decision(CPR), Some(&Decision::Perform), "the set limit stays in force");
    assert_eq!(plan.proposal(CPR), Some(&Decision::DoNot));
    assert_eq!(applied.touched, [TopicId::Cpr]);
}

#[test]
fn a_proposal_where_nothing_was_set_leaves_nothing_in_force() {
    let plan = Story::of(Said::on("2022-11-08").propose(CPR, Decision::DoNot));
    assert_eq!((plan.decision(CPR), plan.proposal(CPR)), (None, Some(&Decision::DoNot)));
}

fn doctor_decides(plan: &mut Story, verdict: Verdict) -> Applied {
    let number = u32::try_from(plan.versions.len()).unwrap();
    let current = crate::plan::CurrentPlan {
        number,
        kind: VersionKind::Recorded,
        recorded_at: recorded(number),
        recorder: Recorder {
            person: None,
            client: None,
            name: "x".into(),
            role: None,
            organisation: crate::ident::OrganisationId::from_bits(1),
            organisation_name: "x".into(),
        },
        conversation: plan.content.newest_conversation().unwrap().key,
        content: plan.content.clone(),
    };
    let doctor = crate::plan::sample::professional(
        crate::people::ProfessionalKey(0),
        crate::people::Name::of("", "van", "Huissen"),
        Some(crate::plan::sample::gp()),
    );
    let input = decide(&current, &[(TopicId::Cpr, verdict)], &doctor).unwrap();
    plan.arrives(Arrival::Here, input)
}

#[test]
fn a_doctor_sets_a_proposal() {
    let mut plan = Story::of(Said::on("2020-10-01").limit(CPR, Decision::Perform));
    plan.here(Said::on("2022-11-08").propose(CPR, Decision::DoNot));
    doctor_decides(&mut plan, Verdict::Set);

    let topic = plan.content.directive(CPR).unwrap();
    let set = topic.current.as_ref().unwrap();
    assert_eq!(set.value.decision, Decision::DoNot);
    assert_eq!(set.said_on, Some(date("2022-11-08")), "it counts from the conversation in which it was proposed");
    assert_eq!(set.origin.version, 3);
    assert!(topic.proposed.is_none() && topic.filed.is_empty());
    let who = |key| plan.content.professional(key).unwrap().name.full();
    assert_eq!(set.value.proposed_by.map(who).as_deref(), Some("Els Bos"));
    let Some(SetBy::Here(doctor)) = set.value.set_by else { panic!("not set here") };
    assert_eq!(who(doctor), "van Huissen");
    assert_eq!(plan.content.professionals.len(), 2, "the doctor of the first version is known again");
}

#[test]
fn a_doctor_rejects_a_proposal_and_it_is_kept_with_the_reason() {
    let mut plan = Story::of(Said::on("2020-10-01").limit(CPR, Decision::Perform));
    plan.here(Said::on("2022-11-08").propose(CPR, Decision::DoNot));
    let applied = doctor_decides(&mut plan, Verdict::Reject("Eerst nog een gesprek".into()));
    assert_eq!((plan.decision(CPR), plan.proposal(CPR)), (Some(&Decision::Perform), None));
    assert_eq!(plan.filed(CPR), [(&Why::Rejected { reason: "Eerst nog een gesprek".into() }, &Decision::DoNot)]);
    assert_eq!(applied.touched, [TopicId::Cpr]);
}

#[test]
fn a_rejection_does_not_take_the_proposal_that_comes_with_it() {
    let mut plan = Story::of(Said::on("2022-11-08").propose(CPR, Decision::DoNot));
    let condition = Decision::Otherwise(Some("alleen bij operatie".into()));
    plan.here(Said::on("2022-11-09").reject(TopicId::Cpr, "Te stellig").propose(CPR, condition.clone()));
    assert_eq!(plan.proposal(CPR), Some(&condition));
    assert_eq!(plan.filed(CPR), [(&Why::Rejected { reason: "Te stellig".into() }, &Decision::DoNot)]);
}

#[test]
fn a_newly_set_limit_overtakes_an_older_proposal_but_not_a_later_one() {
    let mut plan = Story::of(Said::on("2022-01-01").propose(CPR, Decision::DoNot));
    plan.here(Said::on("2022-02-01").limit(CPR, Decision::Perform));
    assert_eq!((plan.decision(CPR), plan.proposal(CPR)), (Some(&Decision::Perform), None));
    assert_eq!(plan.filed(CPR), [(&Why::Overtaken, &Decision::DoNot)]);

    let mut plan = Story::of(Said::on("2022-03-01").propose(CPR, Decision::DoNot));
    plan.elsewhere(Said::on("2022-02-01").limit(CPR, Decision::Perform));
    assert_eq!((plan.decision(CPR), plan.proposal(CPR)), (Some(&Decision::Perform), Some(&Decision::DoNot)));
}

#[test]
fn a_doctor_who_sets_the_same_of_his_own_accord_answers_the_proposal() {
    let mut plan = Story::of(Said::on("2022-01-01").propose(CPR, Decision::DoNot));
    plan.here(Said::on("2022-02-01").limit(CPR, Decision::DoNot));
    let topic = plan.content.directive(CPR).unwrap();
    assert!(topic.proposed.is_none() && topic.filed.is_empty());
    assert!(topic.value().unwrap().proposed_by.is_some(), "who proposed it stays known");
}

#[test]
fn a_delivery_of_the_same_day_leaves_the_open_proposal_for_the_doctor() {
    let mut plan = Story::of(Said::on("2022-11-08").propose(CPR, Decision::DoNot));
    plan.elsewhere(Said::on("2022-11-08").limit_elsewhere(CPR, Decision::Perform, Some(true)));
    assert_eq!((plan.decision(CPR), plan.proposal(CPR)), (Some(&Decision::Perform), Some(&Decision::DoNot)));
}

#[test]
fn an_older_proposal_does_not_push_out_a_newer_one() {
    let mut plan = Story::of(Said::on("2022-11-08").propose(CPR, Decision::DoNot));
    let applied = plan.elsewhere(Said::on("2021-01-01").propose(CPR, Decision::Perform));
    assert_eq!(plan.proposal(CPR), Some(&Decision::DoNot));
    assert_eq!(plan.filed(CPR), [(&Why::Older, &Decision::Perform)]);
    assert_eq!((applied.touched, applied.older), (vec![], vec![TopicId::Cpr]));
}

#[test]
fn a_later_proposal_replaces_an_earlier_one_which_is_kept() {
    let mut plan = Story::of(Said::on("2022-01-01").propose(CPR, Decision::Unknown));
    plan.here(Said::on("2022-02-01").propose(CPR, Decision::DoNot));
    assert_eq!(plan.proposal(CPR), Some(&Decision::DoNot));
    assert_eq!(plan.filed(CPR), [(&Why::Overtaken, &Decision::Unknown)]);
}

#[test]
fn a_proposal_dated_before_the_set_limit_is_filed() {
    let mut plan = Story::of(Said::on("2022-11-08").limit(CPR, Decision::DoNot));
    let applied = plan.here(Said::on("2022-11-01").propose(CPR, Decision::Perform));
    assert_eq!((plan.decision(CPR), plan.proposal(CPR)), (Some(&Decision::DoNot), None));
    assert_eq!(applied.older, [TopicId::Cpr]);
}

#[test]
fn what_arrives_dated_before_is_filed_and_changes_nothing() {
    for arrival in [Arrival::Here, Arrival::Elsewhere] {
        let mut plan = Story::of(Said::on("2022-11-08").limit(CPR, Decision::DoNot).place(Place::Home, None));
        let before = plan.content.clone();
        let applied = plan
            .arrives(arrival, Said::on("2020-10-01").limit(CPR, Decision::Perform).place(Place::Hospice, None).input());
        assert_eq!(applied.older, [TopicId::Cpr, TopicId::PlaceOfDeath]);
        assert!(applied.touched.is_empty() && applied.conflicts.is_empty());
        assert_eq!(plan.content.directive(CPR).unwrap().current, before.directive(CPR).unwrap().current);
        assert_eq!(plan.filed(CPR), [(&Why::Older, &Decision::Perform)]);
        assert_eq!(plan.content.place_of_death.value().unwrap().place, Place::Home);
    }
}

#[test]
fn of_equal_dates_here_the_new_one_replaces() {
    let mut plan = Story::of(Said::on("2022-11-08").limit(CPR, Decision::DoNot));
    let applied = plan.here(Said::on("2022-11-08T16:00:00Z").limit(CPR, Decision::Perform));
    assert_eq!(plan.decision(CPR), Some(&Decision::Perform));
    assert!(applied.conflicts.is_empty());
}

#[test]
fn of_equal_dates_from_elsewhere_other_content_is_a_conflict() {
    let mut plan = Story::of(Said::on("2022-11-08").limit(CPR, Decision::DoNot));
    let applied = plan.elsewhere(Said::on("2022-11-08").limit_elsewhere(CPR, Decision::Perform, Some(true)));
    assert_eq!(plan.decision(CPR), Some(&Decision::DoNot), "the one that stands stays");
    assert_eq!(applied.conflicts, [TopicId::Cpr]);
    assert_eq!(plan.filed(CPR), [(&Why::Conflict, &Decision::Perform)]);

    // A year says no more than that: the day may be before or after.
    let applied = plan.elsewhere(Said::on("2022").limit_elsewhere(CPR, Decision::Unknown, None));
    assert_eq!(applied.conflicts, [TopicId::Cpr]);
}

#[test]
fn words_without_an_answer_take_no_set_limit_away() {
    let words = |day| {
        Said::on(day).limit_elsewhere(CPR, Decision::Unknown, Some(true)).with(|c| {
            let said = c.directives.get_mut(&CPR).unwrap().current.as_mut().unwrap();
            said.value.comment = Some("nog eens besproken".into());
            said.source.absent_reason = Some(VALUE_IN_TEXT.into());
        })
    };
    let mut plan = Story::of(Said::on("2022-11-08").limit(CPR, Decision::DoNot));
    let applied = plan.elsewhere(words("2023-11-08"));
    assert_eq!(plan.decision(CPR), Some(&Decision::DoNot), "in an emergency it still says so");
    assert_eq!((applied.conflicts, applied.touched), (vec![TopicId::Cpr], vec![]));
    assert_eq!(plan.filed(CPR), [(&Why::WordsOnly, &Decision::Unknown)], "and the words are kept");
    // Who fills in the form here leaves it open no less than who does elsewhere.
    plan.here(words("2023-11-09"));
    assert_eq!(plan.decision(CPR), Some(&Decision::DoNot));
    // An answer settles it, 'unknown' too where somebody says so.
    plan.elsewhere(Said::on("2023-11-10").limit_elsewhere(CPR, Decision::Unknown, Some(true)));
    assert_eq!(plan.decision(CPR), Some(&Decision::Unknown));
    // Where nothing was said before, the words are all there is.
    let plan = Story::of(words("2022-11-08"));
    assert_eq!(plan.decision(CPR), Some(&Decision::Unknown));
}

#[test]
fn words_without_an_answer_take_no_proposal_away() {
    let silent = |said: Said| {
        said.with(|c| {
            let topic = c.directives.get_mut(&CPR).unwrap();
            let said = topic.current.as_mut().or(topic.proposed.as_mut()).unwrap();
            said.value.comment = Some("nog eens besproken".into());
            said.source.absent_reason = Some(VALUE_IN_TEXT.into());
        })
    };
    let set = |day| silent(Said::on(day).limit_elsewhere(CPR, Decision::Unknown, Some(true)));
    let proposed = |day| silent(Said::on(day).propose(CPR, Decision::Unknown));
    for words in [&set as &dyn Fn(&'static str) -> Said, &proposed] {
        let mut plan = Story::of(Said::on("2022-11-08").propose(CPR, Decision::DoNot));
        let applied = plan.elsewhere(words("2023-11-08"));
        assert_eq!((plan.decision(CPR), plan.proposal(CPR)), (None, Some(&Decision::DoNot)), "it waits as before");
        assert_eq!((applied.conflicts, applied.touched), (vec![TopicId::Cpr], vec![]));
        assert_eq!(plan.filed(CPR), [(&Why::WordsOnly, &Decision::Unknown)], "and the words are kept");
    }
    // Nor are such words proposed in the place of what is set.
    let mut plan = Story::of(Said::on("2022-11-08").limit(CPR, Decision::DoNot));
    plan.here(proposed("2023-11-08"));
    assert_eq!((plan.decision(CPR), plan.proposal(CPR)), (Some(&Decision::DoNot), None));
    assert_eq!(plan.filed(CPR), [(&Why::WordsOnly, &Decision::Unknown)]);
}

#[test]
fn of_equal_dates_from_elsewhere_the_same_content_changes_nothing() {
    let mut plan = Story::of(Said::on("2022-11-08").limit_because(CPR, Decision::DoNot, Some("weinig kans")));
    let before = plan.content.directive(CPR).unwrap().clone();
    let back = Said::on("2022-11-08").limit_elsewhere(CPR, Decision::DoNot, None).with(|c| {
        let topic = c.directives.get_mut(&CPR).unwrap();
        topic.current.as_mut().unwrap().value.comment = Some("weinig kans".into());
    });
    let applied = plan.elsewhere(back);
    assert_eq!(plan.content.directive(CPR), Some(&before), "still set here, by our doctor");
    assert!(applied.touched.is_empty() && applied.conflicts.is_empty() && applied.older.is_empty());
}

#[test]
fn the_same_from_elsewhere_tells_who_stands_behind_it() {
    let mut plan = Story::default();
    plan.elsewhere(Said::on("2022-11-08").limit_elsewhere(CPR, Decision::DoNot, None));
    let named = Said::on("2022-11-08").limit(CPR, Decision::DoNot).known_as(CPR, "a1").with(|c| {
        let doctor = crate::plan::sample::DOCTOR;
        let topic = c.directives.get_mut(&CPR).unwrap();
        topic.current.as_mut().unwrap().value.set_by = Some(SetBy::Elsewhere { by: Some(doctor), may: Some(true) });
    });
    plan.elsewhere(named);
    let current = plan.content.directive(CPR).unwrap().current.as_ref().unwrap();
    assert_eq!(current.origin.version, 1, "nothing new was said");
    assert_eq!(current.source.identifiers.len(), 1);
    let Some(SetBy::Elsewhere { by: Some(doctor), may: Some(true) }) = current.value.set_by else {
        panic!("{current:?}")
    };
    assert_eq!(plan.content.professional(doctor).unwrap().name.full(), "van Huissen");
}

#[test]
fn the_same_proposal_twice_is_one_proposal() {
    let mut plan = Story::default();
    for _ in 0..2 {
        plan.elsewhere(Said::on("2022-11-08").propose(CPR, Decision::DoNot));
    }
    assert_eq!(plan.proposal(CPR), Some(&Decision::DoNot));
    assert!(plan.filed(CPR).is_empty());
    let applied = plan.elsewhere(Said::on("2022-11-08").propose(CPR, Decision::Perform));
    assert_eq!(applied.conflicts, [TopicId::Cpr]);
    assert_eq!(plan.proposal(CPR), Some(&Decision::DoNot));
}

#[test]
fn touched_is_replaced_whole_and_untouched_keeps_its_date_and_version() {
    let first = Said::on("2020-10-01").limit_because(CPR, Decision::Perform, Some("fit")).goal(PolicyGoal::ProlongLife);
    let mut plan = Story::of(first);
    let applied = plan.here(Said::on("2022-11-08").limit(CPR, Decision::DoNot));
    let cpr = plan.content.directive(CPR).unwrap().current.as_ref().unwrap();
    assert_eq!(cpr.value.comment, None, "no explanation is carried to another decision");
    assert_eq!((cpr.said_on.as_ref().unwrap().as_str(), cpr.origin.version), ("2022-11-08", 2));
    assert_eq!(cpr.origin.recorded_at, recorded(2));
    let goal = plan.content.goal.current.as_ref().unwrap();
    assert_eq!((goal.said_on.as_ref().unwrap().as_str(), goal.origin.version), ("2020-10-01", 1));
    assert_eq!(plan.content.conversation(goal.origin.conversation).unwrap().date(), &date("2020-10-01"));
    assert_eq!(applied.touched, [TopicId::Cpr]);
}

#[test]
fn attendance_counts_with_the_newest_conversation_that_tells_it() {
    let mut plan = Story::of(Said::on("2022-11-08").attended(true, &[]));
    let applied = plan.elsewhere(Said::on("2020-10-01").attended(false, &[]));
    assert_eq!((applied.touched, applied.older), (vec![], vec![TopicId::Attendance]));
    assert!(plan.content.attended().unwrap().1.patient);
    let days: Vec<&str> = plan.content.conversations.iter().map(|c| c.date().as_str()).collect();
    assert_eq!(days, ["2020-10-01", "2022-11-08"], "oldest first, whatever the order of arrival");
}

#[test]
fn marking_a_version_wrong_brings_the_former_statement_back() {
    let mut plan = Story::of(Said::on("2020-10-01").limit(CPR, Decision::Perform).goal(PolicyGoal::ProlongLife));
    let first = plan.content.clone();
    plan.here(Said::on("2022-11-08").limit(CPR, Decision::DoNot).limit(ICU, Decision::DoNot));
    let without = plan.without(&[2]);
    assert_eq!(without.directives, first.directives);
    assert_eq!(without.conversations, first.conversations);
    assert_eq!(plan.without(&[]), plan.content, "with nothing wrong the fold is the plan");
}

#[test]
fn a_rejected_proposal_is_open_again_when_the_rejection_was_wrong() {
    let mut plan = Story::of(Said::on("2022-11-08").propose(CPR, Decision::DoNot));
    doctor_decides(&mut plan, Verdict::Reject("nee".into()));
    let without = plan.without(&[2]);
    assert_eq!(without.directive(CPR).unwrap().proposed.as_ref().unwrap().value.decision, Decision::DoNot);
}

fn delivery() -> Said {
    Said::on("2022-11-08")
        .limit_elsewhere(ICU, Decision::DoNot, Some(true))
        .filed(ICU, Decision::Perform, Why::Older, "2020-10-01")
        .filed(ICU, Decision::Unknown, Why::Ended, "2019-01-01")
}

#[test]
fn of_several_directives_the_newest_counts_and_the_others_are_kept() {
    let mut plan = Story::default();
    plan.elsewhere(delivery());
    assert_eq!(plan.decision(ICU), Some(&Decision::DoNot));
    let filed = [(&Why::Older, &Decision::Perform), (&Why::Ended, &Decision::Unknown)];
    assert_eq!(plan.filed(ICU), filed);
    assert!(
        plan.content.directive(ICU).unwrap().filed.iter().all(|f| f.filed_in == 1 && f.statement.origin.version == 1)
    );

    let applied = plan.elsewhere(delivery());
    assert_eq!(plan.filed(ICU), filed, "a second delivery of the same adds nothing");
    assert!(applied.touched.is_empty() && applied.conflicts.is_empty());
}

#[test]
fn an_older_delivery_twice_is_filed_once() {
    let mut plan = Story::of(Said::on("2022-11-08").limit(CPR, Decision::DoNot));
    for _ in 0..2 {
        let applied = plan.elsewhere(Said::on("2020-10-01").limit_elsewhere(CPR, Decision::Perform, Some(true)));
        assert_eq!(applied.older, [TopicId::Cpr]);
    }
    assert_eq!(plan.filed(CPR), [(&Why::Older, &Decision::Perform)]);
}

#[test]
fn a_source_that_ends_its_own_limit_ends_it_here() {
    let mut plan = Story::default();
    plan.elsewhere(Said::on("2020-10-01").limit_elsewhere(CPR, Decision::DoNot, Some(true)).known_as(CPR, "a1"));
    let ended = |id| Said::on("2021-05-01").filed(CPR, Decision::DoNot, Why::Ended, "2020-10-01").known_as(CPR, id);
    let mut other = Story::default();
    other.elsewhere(Said::on("2020-10-01").limit_elsewhere(CPR, Decision::DoNot, Some(true)).known_as(CPR, "a1"));

    let applied = plan.elsewhere(ended("a1"));
    assert_eq!(plan.decision(CPR), None);
    assert_eq!(plan.filed(CPR), [(&Why::Ended, &Decision::DoNot)]);
    assert_eq!(applied.touched, [TopicId::Cpr]);

    // Nobody can tell that this is the same one: the lead decides, until then it stays.
    let applied = other.elsewhere(ended("b2"));
    assert_eq!(other.decision(CPR), Some(&Decision::DoNot));
    assert_eq!(applied.conflicts, [TopicId::Cpr]);
}

#[test]
fn an_ended_limit_beside_the_one_that_counts_is_no_conflict() {
    let mut plan = Story::of(Said::on("2020-10-01").limit(CPR, Decision::DoNot));
    let again = Said::on("2020-10-01").limit_elsewhere(CPR, Decision::DoNot, Some(true)).filed(
        CPR,
        Decision::Perform,
        Why::Ended,
        "2020-10-01",
    );
    let applied = plan.elsewhere(again);
    assert!(applied.conflicts.is_empty());
    assert_eq!(plan.decision(CPR), Some(&Decision::DoNot));
}

#[test]
fn a_topic_named_without_a_statement_leaves_no_trace() {
    let mut plan = Story::of(Said::on("2020-10-01").with(|c| {
        c.directives.insert(CPR, Topic::default());
    }));
    assert!(plan.content.directives.is_empty());
    plan.here(Said::on("2020-10-02").reject(TopicId::Cpr, "er is niets"));
    assert!(plan.content.directives.is_empty());
}
