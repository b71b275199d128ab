//! Who is who: the same person keeps their key through all versions, whichever of them are marked wrong.

use super::*;
use crate::code::{AdvanceDirectiveType, Coding, RelationKind, system};
use crate::ident::Agb;
use crate::people::{Name, PersonKey, ProfessionalKey};
use crate::plan::sample::{DOCTOR, gp, identifier, nurse, person, professional, with_phone};
use crate::plan::{DocumentKey, FileRef, Party};

fn mirjam(phone: &str) -> Said {
    let mirjam = with_phone(person(1, "Mirjam", "Jansen", Some(RelationKind::Daughter)), phone);
    Said::on("2022-11-08").person(mirjam).capacity(Some(true), Some(1), Some(1))
}

#[test]
fn the_same_person_keeps_the_key_and_details_are_renewed() {
    let mut plan = Story::of(mirjam("06-1"));
    let key = plan.content.representative().unwrap().key;
    let later = with_phone(person(9, "mirjam", "JANSEN", None), "06-2");
    plan.here(Said::on("2023-01-01").person(later).capacity(Some(false), Some(9), None));
    let now = plan.content.representative().unwrap();
    assert_eq!((now.key, plan.content.people.len()), (key, 1));
    assert_eq!(now.telephones[0].number.as_deref(), Some("06-2"));
    assert_eq!(now.changed_in, 2);
    assert!(now.relations.is_empty(), "topic 1 was touched, and replaced whole");
}

#[test]
fn nothing_changes_of_a_person_who_is_told_the_same() {
    let mut plan = Story::of(mirjam("06-1"));
    plan.elsewhere(mirjam("06-1"));
    assert_eq!(plan.content.people.len(), 1);
    assert_eq!(plan.content.people[0].changed_in, 1);
}

#[test]
fn a_mention_in_passing_takes_no_phone_number_away() {
    let mut plan = Story::of(mirjam("06-1"));
    let there = person(3, "Mirjam", "Jansen", Some(RelationKind::Daughter));
    plan.elsewhere(Said::on("2023-01-01").person(there).attended(true, &[3]));
    assert_eq!(plan.content.people.len(), 1);
    assert_eq!(plan.content.representative().unwrap().telephones[0].number.as_deref(), Some("06-1"));
    assert_eq!(plan.content.attended().unwrap().1.people, [plan.content.people[0].key]);
}

#[test]
fn an_older_delivery_does_not_bring_back_an_old_phone_number() {
    let mut plan = Story::of(mirjam("06-new"));
    let old = with_phone(person(1, "Mirjam", "Jansen", Some(RelationKind::Daughter)), "06-old");
    plan.elsewhere(Said::on("2020-10-01").person(old).capacity(Some(true), Some(1), None));
    assert_eq!(plan.content.people.len(), 1);
    assert_eq!(plan.content.people[0].telephones[0].number.as_deref(), Some("06-new"));
}

#[test]
fn an_older_delivery_fills_in_what_nobody_told_before() {
    let there = person(1, "Mirjam", "Jansen", Some(RelationKind::Daughter));
    let mut plan = Story::of(Said::on("2022-11-08").person(there).attended(true, &[1]));
    let old = with_phone(person(1, "Mirjam", "Jansen", None), "06-1");
    plan.elsewhere(Said::on("2020-10-01").person(old).capacity(Some(true), Some(1), None));
    let representative = plan.content.representative().unwrap();
    assert_eq!(representative.telephones[0].number.as_deref(), Some("06-1"));
    assert_eq!(representative.relations[0].relation, RelationKind::Daughter);
}

#[test]
fn namesakes_with_another_relation_are_two() {
    let mut plan = Story::of(Said::on("2022-11-08").person(person(1, "Jan", "Jansen", Some(RelationKind::Father))));
    plan.here(Said::on("2022-11-09").person(person(1, "Jan", "Jansen", Some(RelationKind::Son))));
    assert_eq!(plan.content.people.len(), 2);
}

#[test]
fn an_identifier_tells_who_it_is_whatever_the_name() {
    let with_id = |given: &str| {
        let mut p = person(1, given, "Jansen", None);
        p.identifiers = vec![identifier("r1")];
        Said::on("2022-11-08").person(p)
    };
    let mut plan = Story::of(with_id("M."));
    plan.elsewhere(with_id("Mirjam"));
    assert_eq!(plan.content.people.len(), 1);
    assert_eq!(plan.content.people[0].name.full(), "Mirjam Jansen");
    // And by the former name without an identifier.
    plan.elsewhere(Said::on("2022-11-08").person(person(1, "M.", "Jansen", None)));
    assert_eq!(plan.content.people.len(), 1);
}

#[test]
fn people_without_a_name_are_one_across_versions_and_two_within_one() {
    let brother = |key| person(key, "", "", Some(RelationKind::Brother));
    let mut plan = Story::of(Said::on("2022-11-08").person(brother(1)).attended(true, &[1]));
    plan.here(Said::on("2022-12-08").person(brother(1)).attended(true, &[1]));
    assert_eq!(plan.content.people.len(), 1);
    plan.here(Said::on("2023-01-08").person(brother(1)).person(brother(2)).attended(true, &[1, 2]));
    assert_eq!(plan.content.people.len(), 2);
    let there = &plan.content.attended().unwrap().1.people;
    assert_ne!(there[0], there[1]);
    plan.here(Said::on("2023-02-08").person(person(1, "", "", Some(RelationKind::Sister))).attended(true, &[1]));
    assert_eq!(plan.content.people.len(), 3);
}

#[test]
fn a_doctor_is_one_in_both_code_systems_of_functions() {
    let named = |specialty| {
        Said::on("2022-11-08").with(|c| {
            c.professionals.push(professional(DOCTOR, Name::of("", "van", "Huissen"), Some(specialty)));
        })
    };
    let mut plan = Story::of(named(gp()));
    plan.elsewhere(named(Coding::new(system::AGB_SPECIALTY, "0100", "Huisartsen, niet nader gespecificeerd")));
    assert_eq!(plan.content.professionals.len(), 1);
    plan.elsewhere(named(nurse()));
    assert_eq!(plan.content.professionals.len(), 2, "a namesake in another function");
}

#[test]
fn numbers_tell_professionals_apart_and_what_is_not_told_stays() {
    let with_agb = |agb: &str, given: &str| {
        let mut p = professional(DOCTOR, Name::of(given, "van", "Huissen"), None);
        p.agb = Some(Agb::parse(agb).unwrap());
        p
    };
    let mut first = with_agb("01999999", "Anna");
    first.organisation = Some("Praktijk De Linde".into());
    first.specialty = vec![gp()];
    let mut plan = Story::of(Said::on("2022-11-08").with(|c| c.professionals.push(first)));
    plan.elsewhere(Said::on("2022-11-09").with(|c| c.professionals.push(with_agb("01999999", "A."))));
    plan.elsewhere(Said::on("2022-11-09").with(|c| c.professionals.push(with_agb("01888888", "Anna"))));
    let [one, other] = &plan.content.professionals[..] else { panic!("{:?}", plan.content.professionals) };
    assert_eq!(one.name.full(), "A. van Huissen");
    assert_eq!(one.organisation.as_deref(), Some("Praktijk De Linde"));
    assert_eq!((one.changed_in, other.changed_in), (2, 3));
}

#[test]
fn one_practitioner_in_two_functions_stays_two_roles() {
    let roles = || {
        let role = |key, specialty, id: &str| {
            let mut p = professional(ProfessionalKey(key), Name::of("Anna", "", "Bos"), Some(specialty));
            p.agb = Some(Agb::parse("01999999").unwrap());
            p.role_identifiers = vec![identifier(id)];
            p
        };
        Said::on("2022-11-08").with(|c| c.professionals.extend([role(1, gp(), "r1"), role(2, nurse(), "r2")]))
    };
    let mut plan = Story::of(roles());
    plan.elsewhere(roles());
    assert_eq!(plan.content.professionals.len(), 2);
    assert!(plan.content.professionals.iter().all(|p| p.changed_in == 1));
}

#[test]
fn a_conversation_told_again_keeps_its_key_and_who_was_there() {
    let mut plan = Story::of(Said::on("2022-11-08").encounter("e1").attended(true, &[]));
    let key = plan.content.conversations[0].key;
    plan.elsewhere(Said::on("2022-11-08").encounter("e1").goal(PolicyGoal::ProlongLife));
    let [one] = &plan.content.conversations[..] else { panic!("two conversations") };
    assert_eq!((one.key, one.version), (key, 2));
    assert!(one.attendance.as_ref().unwrap().patient);
    assert_eq!(plan.content.goal.current.as_ref().unwrap().origin.conversation, key);
}

#[test]
fn documents_keep_their_key_and_their_file() {
    let kind = AdvanceDirectiveType::DoNotResuscitate;
    let with_file = Said::on("2022-11-08").document(5, kind, Some("2020-01-01"), Some("d1")).with(|c| {
        let file = FileRef {
            id: crate::ident::AttachmentId::from_bits(1),
            media_type: "application/pdf".into(),
            size: 1,
            title: None,
        };
        c.documents.get_mut(&DocumentKey(5)).unwrap().current.as_mut().unwrap().value.file = Some(file);
    });
    let mut plan = Story::default();
    plan.elsewhere(with_file);
    let keys: Vec<_> = plan.content.documents.keys().copied().collect();
    let again = Said::on("2022-11-08").document(1, kind, Some("2020-01-01"), Some("d1")).with(|c| {
        c.documents.get_mut(&DocumentKey(1)).unwrap().current.as_mut().unwrap().value.comment =
            Some("met handtekening".into());
    });
    let applied = plan.elsewhere(again);
    assert_eq!(plan.content.documents.keys().copied().collect::<Vec<_>>(), keys);
    let value = plan.content.documents[&keys[0]].value().unwrap();
    assert_eq!(value.comment.as_deref(), Some("met handtekening"), "told again, it is as its source has it now");
    assert!(value.file.is_some());
    assert!(applied.conflicts.is_empty() && plan.content.documents[&keys[0]].filed.is_empty());
}

#[test]
fn an_older_delivery_does_not_turn_a_document_back() {
    let told = |day: &str, comment: &str| {
        Said::on(day).document(1, AdvanceDirectiveType::Proxy, Some("2019-01-01"), Some("d1")).with(|c| {
            let topic = c.documents.get_mut(&DocumentKey(1)).unwrap();
            topic.current.as_mut().unwrap().value.comment = Some(comment.into());
        })
    };
    let mut plan = Story::default();
    plan.elsewhere(told("2022-11-08", "notaris Bos"));
    plan.elsewhere(told("2020-10-01", "notaris onbekend"));
    let topic = plan.content.documents.values().next().unwrap();
    assert_eq!(topic.value().unwrap().comment.as_deref(), Some("notaris Bos"));
    assert_eq!(topic.filed.len(), 1);
}

#[test]
fn two_documents_alike_are_two_and_stay_two() {
    let both = || {
        let kind = AdvanceDirectiveType::Other;
        Said::on("2022-11-08").document(1, kind, None, None).document(2, kind, None, None)
    };
    let mut plan = Story::default();
    plan.elsewhere(both());
    plan.elsewhere(both());
    assert_eq!(plan.content.documents.len(), 2);
}

/// Version 2 is wrong, and it is the one that brought Mirjam; version 3 names her again.
#[test]
fn keys_do_not_depend_on_which_versions_are_wrong() {
    let mut plan = Story::of(Said::on("2022-01-01").limit(CPR, Decision::Perform));
    plan.here(mirjam("06-wrong"));
    let key = plan.content.representative().unwrap().key;
    let piet = Said::on("2022-12-01").person(person(2, "Piet", "Smit", None)).capacity(Some(true), Some(2), None);

    // Marked wrong before version 3 comes, or after it: the same keys.
    let folded = plan.without(&[2]);
    assert!(folded.people.is_empty() && folded.capacity.is_empty());
    let again = with_phone(person(7, "Mirjam", "Jansen", None), "06-right");
    let said = Said::on("2022-12-01").person(again).capacity(Some(true), Some(7), None);
    let before = apply(&folded, &said.clone().input(), Arrival::Here, 3, recorded(3)).content;
    plan.here(said);
    let after = plan.without(&[2]);
    assert_eq!(before, after);
    assert_eq!(after.representative().unwrap().key, key);
    assert_eq!(after.representative().unwrap().telephones[0].number.as_deref(), Some("06-right"));

    plan.here(piet);
    let (with, without) = (plan.content.clone(), plan.without(&[2]));
    assert_eq!(with.representative().unwrap().key, without.representative().unwrap().key);
    assert_eq!(with.last_key, without.last_key);
}

#[test]
fn a_wrong_phone_number_goes_with_its_version() {
    let mut plan = Story::of(mirjam("06-1"));
    plan.here(mirjam("06-2"));
    assert_eq!(plan.without(&[2]).people[0].telephones[0].number.as_deref(), Some("06-1"));
    assert_eq!(plan.without(&[1]).people[0].telephones[0].number.as_deref(), Some("06-2"));
    assert_eq!(plan.without(&[1]).people[0].key, plan.content.people[0].key);
}

/// Version 3 speaks, by the plan's own key, of somebody whom only the wrong version 2 had told.
#[test]
fn what_counts_never_names_somebody_who_is_not_there() {
    let mut plan = Story::of(Said::on("2022-01-01").limit(CPR, Decision::Perform));
    plan.here(mirjam("06-1").propose(CPR, Decision::DoNot).attended(true, &[1]));
    let key = plan.content.representative().unwrap().key;
    let by_key = Said::on("2022-12-01").limit(ICU, Decision::DoNot).with(|c| {
        let topic = c.directives.get_mut(&ICU).unwrap();
        topic.current.as_mut().unwrap().value.agreed_with = vec![Party::Person(key)];
        c.professionals[0].key = ProfessionalKey(900);
        topic.current.as_mut().unwrap().value.set_by = Some(SetBy::Here(ProfessionalKey(900)));
    });
    plan.here(by_key);
    doctor_decides(&mut plan, Verdict::Set);
    let without = plan.without(&[2]);
    assert_eq!(without.person(key).map(|p| p.name.full()).as_deref(), Some("Mirjam Jansen"));
    assert!(without.capacity.is_empty(), "she speaks for nobody");
    assert!(without.attended().is_none());
    let set = without.directive(CPR).unwrap().current.as_ref().unwrap();
    assert_eq!(set.value.decision, Decision::DoNot, "what the doctor set in version 4 counts");
    assert!(without.conversation(set.origin.conversation).is_some());
    assert!(without.professional(set.value.proposed_by.unwrap()).is_some());
}

#[test]
fn keys_of_a_part_are_its_own() {
    let mut plan =
        Story::of(Said::on("2022-01-01").person(person(1, "Anna", "Bos", None)).capacity(None, Some(1), None));
    plan.here(Said::on("2022-02-01").person(person(1, "Piet", "Smit", None)).capacity(None, Some(1), None));
    let names: Vec<_> = plan.content.people.iter().map(|p| p.name.full()).collect();
    assert_eq!(names, ["Anna Bos", "Piet Smit"]);
    assert_eq!(plan.content.representative().unwrap().name.full(), "Piet Smit");
    assert_ne!(plan.content.people[0].key, plan.content.people[1].key);
    assert_ne!(plan.content.people[1].key, PersonKey(1));
}
