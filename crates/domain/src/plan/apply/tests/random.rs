//! Whatever arrives in whatever order: nothing said is lost, and no key means two.

use super::*;
use crate::code::RelationKind;
use crate::plan::Content;
use crate::plan::keys::{Keyed, Named};
use crate::plan::sample::{person, with_phone};
use proptest::prelude::*;
use std::collections::BTreeSet;

#[derive(Debug, Clone)]
struct Step {
    here: bool,
    day: usize,
    cpr: Option<usize>,
    proposal: Option<usize>,
    filed: Option<(usize, usize, bool)>,
    named: Option<usize>,
    brother: bool,
    reject: bool,
    encounter: Option<usize>,
    document: Option<usize>,
}

const DAYS: [&str; 5] = ["2019", "2020-10", "2020-10-01", "2022-11-08", "2022-11-08T10:00:00Z"];
const NAMES: [(&str, &str); 3] = [("Mirjam", "Jansen"), ("mirjam", "jansen"), ("Piet", "Smit")];

fn decision(i: usize) -> Decision {
    [Decision::Perform, Decision::DoNot, Decision::Unknown, Decision::Otherwise(Some("soms".into()))][i % 4].clone()
}

fn step() -> impl Strategy<Value = Step> {
    let few = || proptest::option::of(0..4_usize);
    let who = (few(), any::<bool>(), any::<bool>(), few(), few());
    (any::<bool>(), 0..DAYS.len(), few(), few(), proptest::option::of((0..4_usize, 0..3_usize, any::<bool>())), who)
        .prop_map(|(here, day, cpr, proposal, filed, (named, brother, reject, encounter, document))| Step {
            here,
            day,
            cpr,
            proposal,
            filed,
            named,
            brother,
            reject,
            encounter,
            document,
        })
}

impl Step {
    fn arrival(&self) -> Arrival {
        if self.here { Arrival::Here } else { Arrival::Elsewhere }
    }

    fn input(&self) -> PlanInput {
        let mut said = Said::on(DAYS[self.day]);
        if let Some(i) = self.cpr {
            said = if self.here {
                said.limit(CPR, decision(i))
            } else {
                said.limit_elsewhere(CPR, decision(i), Some(i % 2 == 0))
            };
        }
        if let Some(i) = self.proposal {
            said = said.propose(CPR, decision(i));
        }
        if let Some((i, day, ended)) = self.filed {
            said = said.filed(CPR, decision(i), if ended { Why::Ended } else { Why::Older }, DAYS[day]);
        }
        if let Some(i) = self.named {
            let (given, family) = NAMES[i % NAMES.len()];
            let relation = (i == 3).then_some(RelationKind::Daughter);
            said =
                said.person(with_phone(person(1, given, family, relation), "06-1")).capacity(Some(true), Some(1), None);
        }
        if self.brother {
            said = said.person(person(2, "", "", Some(RelationKind::Brother))).attended(true, &[2]);
        }
        if let Some(i) = self.encounter {
            said = said.encounter(["e1", "e2", "e3", "e4"][i]);
        }
        if let Some(i) = self.document {
            let kind = crate::code::AdvanceDirectiveType::Other;
            said =
                said.document(1, kind, Some(DAYS[i]), (i > 1).then_some("d1")).document(2, kind, Some(DAYS[i]), None);
        }
        if self.reject {
            said = said.reject(TopicId::Cpr, "nee");
        }
        said.input()
    }
}

/// The decisions on CPR that the plan still holds, in whatever way.
fn held(content: &Content) -> Vec<Decision> {
    content.directive(CPR).iter().flat_map(|t| t.statements()).map(|s| s.value.decision.clone()).collect()
}

fn names_only_who_is_there(content: &Content) {
    let mut whole = content.clone();
    let mut named = Vec::new();
    whole.keys(&mut |k| named.push(k.named()));
    for key in named {
        let there = match key {
            Named::Person(k) => content.person(k).is_some(),
            Named::Professional(k) => content.professional(k).is_some(),
            Named::Conversation(k) => content.conversation(k).is_some(),
            Named::Document(k) => content.documents.contains_key(&k),
        };
        assert!(there, "{key:?} is named, but not there");
    }
}

fn keys_are_unique(content: &Content) {
    let mut all: Vec<u32> = content.people.iter().map(|p| p.key.0).collect();
    all.extend(content.professionals.iter().map(|p| p.key.0));
    all.extend(content.conversations.iter().map(|c| c.key.0));
    all.extend(content.documents.keys().map(|k| k.0));
    let distinct: BTreeSet<u32> = all.iter().copied().collect();
    assert_eq!(distinct.len(), all.len(), "a key stands twice");
    assert!(all.iter().all(|k| (1..=content.last_key).contains(k)));
}

proptest! {
    #[test]
    fn nothing_is_lost_and_keys_stay_unique(steps in proptest::collection::vec(step(), 1..8), wrong in proptest::collection::vec(1..8_u32, 0..3)) {
        let mut plan = Story::default();
        for step in &steps {
            let before = plan.content.clone();
            let applied = plan.arrives(step.arrival(), step.input());
            let now = &plan.content;
            keys_are_unique(now);
            names_only_who_is_there(now);
            for i in step.cpr.into_iter().chain(step.proposal).chain(step.filed.map(|f| f.0)) {
                prop_assert!(held(now).contains(&decision(i)), "{:?} was said and is gone", decision(i));
            }
            // What was filed stays filed, word for word.
            let filed = |c: &Content| c.directive(CPR).map(|t| t.filed.clone()).unwrap_or_default();
            prop_assert!(filed(now).starts_with(&filed(&before)));
            // What is open goes only by being set, rejected, overtaken, or said again.
            if let Some(open) = before.directive(CPR).and_then(|t| t.proposed.as_ref()) {
                prop_assert!(held(now).contains(&open.value.decision));
            }
            for key in before.people.iter().map(|p| p.key) {
                prop_assert!(now.person(key).is_some(), "a person is gone");
            }
            prop_assert!(applied.touched.windows(2).all(|w| w[0] < w[1]));
        }
        prop_assert_eq!(&plan.without(&[]), &plan.content);

        let without = plan.without(&wrong);
        keys_are_unique(&without);
        names_only_who_is_there(&without);
        prop_assert_eq!(without.last_key, plan.content.last_key);
        for person in &without.people {
            let now = plan.content.person(person.key);
            prop_assert!(now.is_some_and(|n| n.name.full().to_lowercase() == person.name.full().to_lowercase()), "a key means somebody else");
        }
        // Marked wrong before or after the last version came: the same plan.
        let Some((last, earlier)) = plan.versions.split_last() else { return Ok(()) };
        let number = u32::try_from(plan.versions.len()).unwrap();
        if !wrong.contains(&number) {
            let story = Story { versions: earlier.to_vec(), ..Story::default() };
            let marked_before = apply(&story.without(&wrong), &last.1, last.0, number, recorded(number)).content;
            prop_assert_eq!(marked_before, without);
        }
    }
}
