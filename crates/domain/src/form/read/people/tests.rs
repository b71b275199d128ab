use super::*;
use proptest::prelude::*;

fn role() -> impl Strategy<Value = RoleOf> {
    prop_oneof![
        Just(RoleOf { role: ContactRole::Curator, text: None }),
        Just(RoleOf { role: ContactRole::Mentor, text: None }),
        "[ab]".prop_map(|t| RoleOf { role: ContactRole::Other, text: Some(t) }),
    ]
}

fn relation() -> impl Strategy<Value = RelationOf> {
    prop_oneof![
        Just(RelationOf { relation: RelationKind::Brother, text: None }),
        Just(RelationOf { relation: RelationKind::Son, text: None }),
    ]
}

fn person(key: u32) -> impl Strategy<Value = ContactPerson> {
    let hidden = RoleOf { role: ContactRole::LegalRepresentative, text: None };
    (prop::collection::vec(role(), 0..3), prop::collection::vec(relation(), 0..2)).prop_map(
        move |(mut roles, relations)| {
            roles.insert(0, hidden.clone());
            ContactPerson { key: PersonKey(key), roles, relations, ..nobody() }
        },
    )
}

proptest! {
    /// Whoever is taken to have been there: the form written of it has both lists as they were.
    #[test]
    fn both_lists_come_back(
        a in person(1),
        b in person(2),
        roles in prop::collection::vec(role(), 0..5),
        relations in prop::collection::vec(relation(), 0..5),
    ) {
        let there = pair(&[&a, &b], roles.clone(), relations.clone());
        let known = |key: PersonKey| if key == a.key { &a } else { &b };
        let mut back = (Vec::new(), Vec::new());
        let mut met = Vec::new();
        for one in there {
            match one {
                There::Known(key) => {
                    prop_assert!(!met.contains(&key));
                    met.push(key);
                    back.0.extend(attending_roles(known(key)).cloned());
                    back.1.extend(known(key).relations.clone());
                }
                There::Role(role) => back.0.push(role),
                There::Relation(relation) => back.1.push(relation),
            }
        }
        prop_assert_eq!(back, (roles, relations));
    }
}

#[test]
fn two_described_persons_with_one_relation_need_two_answers() {
    let brother = RelationOf { relation: RelationKind::Brother, text: None };
    let person = |key| ContactPerson { key: PersonKey(key), relations: vec![brother.clone()], ..nobody() };
    let (a, b) = (person(1), person(2));
    assert_eq!(pair(&[&a, &b], vec![], vec![brother.clone()]), [There::Known(PersonKey(1))]);
    assert_eq!(
        pair(&[&a, &b], vec![], vec![brother.clone(), brother.clone()]),
        [There::Known(PersonKey(1)), There::Known(PersonKey(2))]
    );
}

#[test]
fn somebody_of_whom_nothing_is_told_was_not_there() {
    let silent = ContactPerson { key: PersonKey(1), ..nobody() };
    assert_eq!(pair(&[&silent], vec![], vec![]), []);
}
