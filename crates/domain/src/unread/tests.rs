//! Who is told of a change, in which words, and who is late in looking.

use super::*;
use crate::access::{Action, Actor, Relation, Who, permit};
use crate::ident::{OrganisationId, PatientId};
use crate::plan::diff;
use crate::plan::sample::{Said, Story};
use crate::role::Role;

fn person(n: u128) -> PersonId {
    PersonId::from_bits(n)
}

fn hours(h: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(h)
}

fn reader(n: u128, tie: Option<Tie>) -> Reader {
    Reader { tie, ..Reader::new(person(n)) }
}

fn leave(role: Role, action: Action) -> Permit {
    let actor = Actor {
        who: Who::Person(person(1)),
        name: String::new(),
        role: Some(role),
        organisation: OrganisationId::from_bits(1),
        nurses_set_limits: false,
        breaks_glass: true,
    };
    let own = Own::of_role(role);
    let relation = Relation { team: true, own, ..Relation::default() };
    permit(&actor, action, &PatientId::from_bits(1), relation).unwrap()
}

#[test]
fn reading_the_plan_the_form_or_the_sheet_is_reading_it_and_the_emergency_view_is_for_acute_care() {
    for shown in [Shown::Plan, Shown::Form, Shown::Paper] {
        assert_eq!(has_read(&leave(Role::Carer, Action::ReadPlan), shown, 3), Some(3), "{shown:?}");
        assert_eq!(has_read(&leave(Role::Relative, Action::ReadPlan), shown, 3), None, "{shown:?}");
    }
    let look = |role| has_read(&leave(role, Action::ReadEmergency), Shown::Emergency, 3);
    assert_eq!(look(Role::OutOfHours), Some(3), "there is no more for them");
    assert_eq!(look(Role::Gp), Some(0), "the wishes were not in it");
}

#[test]
fn told_is_the_team_by_name_the_lead_and_who_opened_it_but_not_who_wrote() {
    let readers =
        [reader(1, Some(Tie::Named)), reader(2, Some(Tie::Leads)), reader(3, Some(Tie::Opened)), reader(4, None)];
    let (writer, told) = (person(2), |by| to_tell(&readers, by, false, hours(0)).cloned().collect::<Vec<_>>());
    assert_eq!(told(Some(&writer)), [person(1), person(3)]);
    assert_eq!(told(None), [person(1), person(2), person(3)], "a system wrote");
}

#[test]
fn where_a_limit_changes_whoever_looked_within_half_a_year_is_told_too() {
    let looked = |at| Reader { looked_at: Some(at), ..reader(4, None) };
    let (lately, long_ago) = ([looked(hours(24))], [looked(hours(0))]);
    let now = hours(184 * 24);
    assert_eq!(to_tell(&lately, None, true, now).count(), 1);
    assert_eq!(to_tell(&lately, None, false, now).count(), 0, "a wish changed: that is for the team");
    assert_eq!(to_tell(&long_ago, None, true, now).count(), 0);
}

#[test]
fn three_days_after_a_change_who_did_not_look_is_late() {
    let told = Told { first: 2, newest: 3, at: hours(0), urgent: false };
    let waiting = Reader { told: Some(told), read: 1, ..reader(1, Some(Tie::Opened)) };
    assert!(!waiting.is_late(hours(71)));
    assert!(waiting.is_late(hours(72)));
    assert!(!Reader { tie: None, ..waiting.clone() }.is_late(hours(99)), "no longer in the team");
    assert!(!Reader { told: None, ..waiting }.is_late(hours(99)));
}

#[test]
fn changes_are_told_against_what_somebody_knows() {
    let told = Some(Told { first: 4, newest: 5, at: hours(0), urgent: false });
    assert_eq!(Reader { told, read: 2, ..reader(1, None) }.knows(), 2);
    assert_eq!(Reader { told, ..reader(1, None) }.knows(), 3, "never opened it");
    let told = Some(Told { first: 1, newest: 1, at: hours(0), urgent: false });
    assert_eq!(Reader { told, ..reader(1, None) }.knows(), 0, "the first plan");
}

#[test]
fn limits_come_first_and_the_rest_is_counted() {
    let before = Said::on("2020-10-01").wishes("thuis blijven").limit(Treatment::Cpr, Decision::Perform);
    let mut plan = Story::of(before);
    let first = plan.content.clone();
    plan.here(
        Said::on("2022-11-08")
            .wishes("rust")
            .limit(Treatment::Hospital, Decision::DoNot)
            .limit(Treatment::Cpr, Decision::DoNot)
            .attended(true, &[]),
    );
    let told = news(&diff(&first, &plan.content));
    assert_eq!(told.more, 0);
    assert_eq!(
        told.text(),
        "Reanimatie: van wel uitvoeren naar niet uitvoeren. Ziekenhuisopname is voor het eerst besproken: niet opnemen. \
         Wensen voor goede zorg zijn aangepast."
    );
    assert_eq!(news(&[]).text(), "Opnieuw besproken; de afspraken zijn gelijk gebleven.");
}

#[test]
fn a_limit_changed_when_its_decision_did_and_not_for_a_wish_a_word_or_a_proposal() {
    let of = |said: Said| Limits::of(&Story::of(said).content);
    let on = || Said::on("2020-10-01");
    let limit = |d| of(on().limit(Treatment::Cpr, d));
    assert_ne!(limit(Decision::Perform), limit(Decision::DoNot));
    assert_ne!(limit(Decision::Otherwise(Some("op OK".into()))), limit(Decision::Otherwise(None)));
    assert_ne!(limit(Decision::Unknown), of(on().wishes("rust")), "unknown was said");
    assert_eq!(of(on().wishes("rust")), of(on().wishes("thuis")));
}
