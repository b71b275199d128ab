//! Where plans that different sources hold disagree (PROCESS D7): topic by topic, in clinical order.
//!
//! Two plans disagree where both say something and cannot both be followed. What only one of them says, what one of them
//! does not know yet, and what is in the patient's own words (5a, 6) is no disagreement: those stand beside each other.

use crate::date::FhirDateTime;
use crate::plan::{Content, Decision, OtherLimit, TopicId, Treatment, alike};
use crate::words::{self, Said};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// What one plan says on a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What counts there; absent: not discussed.
    pub said: Option<Said>,
    /// What is proposed there, and not set yet.
    pub proposed: Option<Said>,
    /// It is the newest of all that were said on this topic, and another is older.
    pub newest: bool,
}

/// One topic of several plans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The topic.
    pub topic: TopicId,
    /// What each plan says, in the order of the plans.
    pub cells: Vec<Cell>,
    /// Two of them disagree.
    pub conflict: bool,
}

/// A topic on which another plan says something else, and the day it says it of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differs {
    /// The topic.
    pub topic: TopicId,
    /// When it was said there, where that is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_on: Option<FhirDateTime>,
}

/// The topics that are laid beside each other: those of the form, but for what is about one conversation or one
/// organisation alone (2, 8a, 8b).
pub const TOPICS: [TopicId; 17] = [
    TopicId::Capacity,
    TopicId::Goal,
    TopicId::Cpr,
    TopicId::Ventilation,
    TopicId::Icu,
    TopicId::Hospital,
    TopicId::Antibiotics,
    TopicId::BloodProduct,
    TopicId::OtherLimits,
    TopicId::Icd,
    TopicId::IcdDeactivation,
    TopicId::CareWishes,
    TopicId::PlaceOfDeath,
    TopicId::Euthanasia,
    TopicId::OrganDonation,
    TopicId::SenseOfPurpose,
    TopicId::EarlierRecorded,
];

/// The plans side by side: the topics of which any says anything.
pub fn side_by_side(plans: &[&Content]) -> Vec<Row> {
    TOPICS
        .into_iter()
        .map(|topic| row(topic, plans))
        .filter(|row| row.cells.iter().any(|c| c.said.is_some() || c.proposed.is_some()))
        .collect()
}

fn row(topic: TopicId, plans: &[&Content]) -> Row {
    let said: Vec<Option<Said>> = plans.iter().map(|content| words::said(content, topic)).collect();
    let dates: Vec<&FhirDateTime> = said.iter().flatten().filter_map(|s| s.said_on.as_ref()).collect();
    let newest = |said: &Said| {
        said.said_on.as_ref().is_some_and(|own| {
            let order = |other: &&FhirDateTime| own.cmp_common(other);
            dates.iter().all(|d| order(d) != Ordering::Less) && dates.iter().any(|d| order(d) == Ordering::Greater)
        })
    };
    let mut pairs = plans.iter().enumerate().flat_map(|(n, a)| plans[n + 1..].iter().map(move |b| (a, b)));
    let conflict = pairs.any(|(a, b)| disagree(topic, a, b));
    let cells = plans
        .iter()
        .zip(&said)
        .map(|(content, said)| Cell {
            newest: said.as_ref().is_some_and(newest),
            proposed: words::proposed(content, topic),
            said: said.clone(),
        })
        .collect();
    Row { topic, cells, conflict }
}

/// What the lead has to look at: where another plan disagrees with the one here, and the one here is not the newer of the
/// two. Where it is, the newest conversation counts already (decision 3), and it is the other that lags behind.
pub fn for_the_lead(here: &Content, there: &Content) -> Vec<Differs> {
    let day = |content: &Content, topic| words::said(content, topic).and_then(|said| said.said_on);
    TOPICS
        .into_iter()
        .filter(|topic| disagree(*topic, here, there))
        .map(|topic| Differs { topic, said_on: day(there, topic) })
        .filter(|differs| {
            let own = day(here, differs.topic);
            own.zip(differs.said_on.as_ref()).is_none_or(|(own, theirs)| own.cmp_common(theirs) != Ordering::Greater)
        })
        .collect()
}

/// Do two plans say what cannot both be followed?
pub fn disagree(topic: TopicId, a: &Content, b: &Content) -> bool {
    use crate::code::{EuthanasiaPosition, Place, PolicyGoal, YesNoUnknown};
    fn differ<T: PartialEq>(a: Option<T>, b: Option<T>, unknown: &T) -> bool {
        matches!((a, b), (Some(a), Some(b)) if a != b && a != *unknown && b != *unknown)
    }
    match topic {
        TopicId::Capacity => {
            let capable = |c: &Content| c.capacity.value().and_then(|v| v.capable);
            let speaks = |c: &Content| c.representative().map(|p| p.name.full()).filter(|n| !n.trim().is_empty());
            matches!((capable(a), capable(b)), (Some(a), Some(b)) if a != b)
                || matches!((speaks(a), speaks(b)), (Some(a), Some(b)) if !alike(&a, &b))
        }
        TopicId::Goal => {
            let goal = |c: &Content| c.goal.value().map(|v| v.goal);
            differ(goal(a), goal(b), &PolicyGoal::Unknown)
        }
        TopicId::OtherLimits => {
            let all = |c: &Content| c.other_limits.value().map(|v| v.0.clone()).unwrap_or_default();
            let same = |x: &OtherLimit, y: &OtherLimit| match (&x.text, &y.text) {
                (Some(x), Some(y)) => alike(x, y),
                _ => false,
            };
            let others = all(b);
            all(a).iter().any(|x| {
                others.iter().any(|y| same(x, y) && decided_otherwise(&x.directive.decision, &y.directive.decision))
            })
        }
        TopicId::Icd => {
            let present = |c: &Content| c.icd.value().map(|v| v.present);
            differ(present(a), present(b), &YesNoUnknown::Unknown)
        }
        TopicId::PlaceOfDeath => {
            let place = |c: &Content| c.place_of_death.value().map(|v| v.place);
            differ(place(a), place(b), &Place::Unknown)
        }
        TopicId::Euthanasia => {
            let position = |c: &Content| c.euthanasia.value().map(|v| v.position);
            differ(position(a), position(b), &EuthanasiaPosition::Unknown)
        }
        TopicId::OrganDonation => {
            let registered = |c: &Content| c.organ_donation.value().map(|v| v.registered);
            differ(registered(a), registered(b), &YesNoUnknown::Unknown)
        }
        _ => {
            let decision = |c: &Content| {
                let topic = Treatment::of_topic(topic).and_then(|t| c.directive(t).cloned());
                topic.and_then(|t| t.value().map(|d| d.decision.clone()))
            };
            matches!((decision(a), decision(b)), (Some(a), Some(b)) if decided_otherwise(&a, &b))
        }
    }
}

/// Are two decisions made, and not the same? One condition that is told and one that is not may be the same.
fn decided_otherwise(a: &Decision, b: &Decision) -> bool {
    use Decision as D;
    match (a, b) {
        (D::Unknown | D::Undecided | D::NotDiscussed, _) | (_, D::Unknown | D::Undecided | D::NotDiscussed) => false,
        (D::Otherwise(a), D::Otherwise(b)) => matches!((a, b), (Some(a), Some(b)) if !alike(a, b)),
        _ => a != b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{Place, PolicyGoal};
    use crate::plan::sample::{Said as Say, Story, person};

    fn plan(said: Say) -> Content {
        Story::of(said).content
    }

    fn conflicts(a: &Content, b: &Content) -> Vec<TopicId> {
        side_by_side(&[a, b]).into_iter().filter(|r| r.conflict).map(|r| r.topic).collect()
    }

    #[test]
    fn plans_disagree_where_both_decided_otherwise_in_clinical_order() {
        let here = Say::on("2024-05-14")
            .goal(PolicyGoal::RelieveSymptoms)
            .limit(Treatment::Cpr, Decision::DoNot)
            .limit(Treatment::Icu, Decision::Unknown)
            .limit(Treatment::Hospital, Decision::Perform)
            .place(Place::Home, None)
            .wishes("Rust.");
        let there = Say::on("2025-11-08")
            .place(Place::Hospice, None)
            .limit(Treatment::Cpr, Decision::Perform)
            .limit(Treatment::Icu, Decision::DoNot)
            .limit(Treatment::Hospital, Decision::Perform)
            .limit(Treatment::Antibiotics, Decision::DoNot)
            .wishes("Muziek.");
        let (here, there) = (plan(here), plan(there));
        assert_eq!(conflicts(&here, &there), [TopicId::Cpr, TopicId::PlaceOfDeath]);
        assert_eq!(conflicts(&there, &here), conflicts(&here, &there), "whoever asks");
        assert!(conflicts(&here, &here).is_empty());
    }

    #[test]
    fn the_newest_is_marked_per_topic() {
        let old = plan(Say::on("2024-05-14").limit(Treatment::Cpr, Decision::DoNot).goal(PolicyGoal::ProlongLife));
        let new = plan(Say::on("2025-11-08").limit(Treatment::Cpr, Decision::DoNot));
        let rows = side_by_side(&[&old, &new, &Content::default()]);
        let newest = |topic| -> Vec<bool> {
            rows.iter().find(|r| r.topic == topic).unwrap().cells.iter().map(|c| c.newest).collect()
        };
        assert_eq!(newest(TopicId::Cpr), [false, true, false]);
        assert_eq!(newest(TopicId::Goal), [false, false, false], "alone it is newer than nothing");
        let year = plan(Say::on("2025").limit(Treatment::Cpr, Decision::DoNot));
        let same = side_by_side(&[&new, &year]);
        assert!(same[0].cells.iter().all(|c| !c.newest), "of a year alone nobody knows");
    }

    #[test]
    fn the_lead_looks_at_what_is_not_older_than_the_plan_here() {
        let here = plan(Say::on("2025-01-10").limit(Treatment::Cpr, Decision::DoNot));
        let there = |day| plan(Say::on(day).limit(Treatment::Cpr, Decision::Perform));
        let topics = |day| -> Vec<TopicId> { for_the_lead(&here, &there(day)).iter().map(|d| d.topic).collect() };
        assert_eq!(topics("2025-06-01"), [TopicId::Cpr]);
        assert_eq!(topics("2025-01-10"), [TopicId::Cpr], "of one day, nobody knows which counts");
        assert!(topics("2024-06-01").is_empty(), "what is here is newer");
        let mut dateless = there("2024-06-01");
        dateless.directives.get_mut(&Treatment::Cpr).unwrap().current.as_mut().unwrap().said_on = None;
        dateless.conversations.clear();
        assert_eq!(for_the_lead(&here, &dateless), [Differs { topic: TopicId::Cpr, said_on: None }]);
    }

    #[test]
    fn conditions_and_other_limits_are_compared_by_what_they_are_about() {
        let on_condition = |text: Option<&str>| {
            plan(Say::on("2025-01-10").limit(Treatment::Icu, Decision::Otherwise(text.map(str::to_owned))))
        };
        assert!(disagree(TopicId::Icu, &on_condition(Some("alleen kort")), &on_condition(Some("alleen na operatie"))));
        assert!(!disagree(TopicId::Icu, &on_condition(Some("Alleen kort.")), &on_condition(Some("alleen kort"))));
        assert!(!disagree(TopicId::Icu, &on_condition(None), &on_condition(Some("alleen kort"))));
        let other = |text: &str, decision| plan(Say::on("2025-01-10").other_limit(Some(text), decision));
        let tube = other("Sondevoeding", Decision::DoNot);
        assert!(disagree(TopicId::OtherLimits, &tube, &other("sondevoeding", Decision::Perform)));
        assert!(!disagree(TopicId::OtherLimits, &tube, &other("Dialyse", Decision::Perform)));
    }

    #[test]
    fn who_speaks_for_the_patient_is_compared_by_name() {
        let with = |given: &str| {
            let said = Say::on("2025-01-10").person(person(7, given, "Jansen", None));
            plan(said.capacity(Some(true), Some(7), None))
        };
        assert!(disagree(TopicId::Capacity, &with("Mirjam"), &with("Peter")));
        assert!(!disagree(TopicId::Capacity, &with("Mirjam"), &with("mirjam")));
        let silent = plan(Say::on("2025-01-10").capacity(Some(true), None, None));
        assert!(!disagree(TopicId::Capacity, &with("Mirjam"), &silent));
    }
}
