//! The patient's own page: an invitation on paper becomes a sign-in, which sees one patient and ends.

use crate::world::{Place, at, gp, log_of, may, organisation, program, registered};
use domain::access::{Action, Actor, Own, Permit, Relation, Who, permit};
use domain::ident::{PatientId, PersonId};
use domain::people::Name;
use domain::rights::{Ground, Kind, State};
use domain::role::Role;
use jiff::ToSpan;
use store::accounts::{Code, Invite, MOST_TRIES, Redeemed, Stand};
use store::people::Person;
use store::rights::{Verdict, Went};
use store::sessions::Session;
use store::{Error, Store};

fn person(n: u128, username: &str) -> Person {
    let id = PersonId::from_bits(n);
    Person {
        id,
        username: username.into(),
        name: Name::of("x", "", "y"),
        agb: None,
        uzi: None,
        big: None,
        active: true,
    }
}

fn actor(person: &Person, role: Role) -> Actor {
    Actor { who: Who::Person(person.id.clone()), role: Some(role), organisation: Own::organisation(), ..gp(1) }
}

fn invite(own: Own, name: &str) -> Invite {
    Invite { own, name: Name::of(name, "van", "Bergsma"), relation: Some("dochter".into()), from: at(0), until: None }
}

async fn leave(store: &Store, actor: &Actor, action: Action, id: &PatientId, minutes: i64) -> Option<Permit> {
    let relation = store.relation(id, actor, at(minutes)).await.unwrap().unwrap_or_default();
    permit(actor, action, id, relation).ok()
}

const BORN: &str = "1941-03-12";

pub async fn inviting(place: Place) {
    let store = place.open().await;
    let (id, other) = (registered(&store, 0, 1).await, registered(&store, 1, 0).await);
    let inviting = may(&gp(1), Action::Invite, &id);
    let code = Code::fresh();
    assert_eq!(store.invite(&inviting, &code, &invite(Own::Patient, "Aaltje"), at(10)).await.unwrap(), 1);
    let wrong = may(&gp(1), Action::ManageTeam, &id);
    assert!(matches!(store.invite(&wrong, &code, &invite(Own::Patient, "A"), at(10)).await, Err(Error::Permit(_))));
    assert_eq!(place.number("SELECT count(*) FROM invitation WHERE hash IS NOT NULL").await, 1);

    // Code and birth date, and a user name nobody has.
    assert!(!store.may_redeem(&Code::fresh(), BORN, at(11)).await.unwrap());
    assert!(!store.may_redeem(&code, "1941-03-13", at(11)).await.unwrap());
    assert!(store.may_redeem(&code, BORN, at(11)).await.unwrap());
    store.add_person(&program(), &person(50, "aaltje"), None, at(0)).await.unwrap();
    let taken = store.redeem(&code, BORN, &person(51, "Aaltje"), "hash", at(11)).await.unwrap();
    assert_eq!(taken, Redeemed::NameTaken);
    let aaltje = person(51, "aaltje.b");
    let done = store.redeem(&code, BORN, &aaltje, "hash", at(12)).await.unwrap();
    assert_eq!(done, Redeemed::Done(Own::Patient));
    assert_eq!(store.redeem(&code, BORN, &person(52, "again"), "hash", at(12)).await.unwrap(), Redeemed::No, "once");

    // She signs in in the role of the patient, at no organisation that others see.
    let login = store.login("aaltje.b", at(13)).await.unwrap().unwrap();
    assert_eq!(login.roles.len(), 1);
    let grant = &login.roles[0];
    assert_eq!((&grant.organisation, grant.role, grant.from), (&Own::organisation(), Role::Patient, at(12)));
    assert!(store.organisation(&grant.organisation).await.unwrap().is_some());
    assert!(store.organisations().await.unwrap().iter().all(|o| o.id != grant.organisation));
    assert_eq!(store.person(&aaltje.id).await.unwrap().unwrap().name.full(), "Aaltje van Bergsma");
    assert_eq!(store.own_patients(&aaltje.id, Role::Patient, at(13)).await.unwrap(), std::slice::from_ref(&id));
    let me = actor(&aaltje, Role::Patient);
    assert!(leave(&store, &me, Action::ReadPlan, &id, 13).await.is_some());
    assert!(leave(&store, &me, Action::ReadPlan, &other, 13).await.is_none());
    let twice = actor(&aaltje, Role::Representative);
    assert!(leave(&store, &twice, Action::ReadPlan, &id, 13).await.is_none(), "in another role than invited");

    let rows = log_of(&store, &id, at(14)).await;
    let redeemed: Vec<_> = rows.iter().filter(|r| r.action == "redeem").map(|r| r.outcome.as_str()).collect();
    assert_eq!(redeemed, ["done", "refused"]);
    assert!(rows.iter().any(|r| r.action == "redeem" && r.basis.as_deref() == Some("own")));
    assert!(rows.iter().any(|r| r.action == "invite" && r.data == "invitation: patient"));
    store.close().await.unwrap();
}

pub async fn running_out(place: Place) {
    let store = place.open().await;
    let id = registered(&store, 0, 1).await;
    let inviting = may(&gp(1), Action::Invite, &id);

    // Too many wrong birth dates make a code void; so does withdrawing, time, and a newer one for the same person.
    let codes: Vec<Code> = (0..5).map(|_| Code::fresh()).collect();
    let names = ["een", "twee", "drie", "vier", "vier"];
    for (code, name) in codes.iter().zip(names) {
        store.invite(&inviting, code, &invite(Own::Relative, name), at(10)).await.unwrap();
    }
    for _ in 0..MOST_TRIES {
        assert!(!store.may_redeem(&codes[0], "1900-01-01", at(11)).await.unwrap());
    }
    assert!(!store.may_redeem(&codes[0], BORN, at(11)).await.unwrap(), "void");
    assert!(store.withdraw_invitation(&inviting, 2, at(12)).await.unwrap());
    assert!(!store.withdraw_invitation(&inviting, 2, at(12)).await.unwrap());
    assert!(!store.may_redeem(&codes[1], BORN, at(12)).await.unwrap(), "withdrawn");
    let late = at(10) + 336.hours();
    assert!(!store.may_redeem(&codes[2], BORN, late).await.unwrap(), "too late");
    assert!(!store.may_redeem(&codes[3], BORN, at(12)).await.unwrap(), "a newer one came");
    let stands: Vec<Stand> =
        store.invitations(&inviting, late).await.unwrap().into_iter().rev().map(|i| i.stand).collect();
    let gone = Stand::Withdrawn;
    assert_eq!(stands, [Stand::Void, gone(at(12)), Stand::Expired, gone(at(10)), Stand::Expired]);

    // A representation runs from one day until another.
    let code = Code::fresh();
    let running = Invite { from: at(30), until: Some(at(60)), ..invite(Own::Representative, "Mirjam") };
    store.invite(&inviting, &code, &running, at(13)).await.unwrap();
    let mirjam = person(61, "mirjam");
    assert_eq!(store.redeem(&code, BORN, &mirjam, "h", at(14)).await.unwrap(), Redeemed::Done(Own::Representative));
    let she = actor(&mirjam, Role::Representative);
    for (minutes, runs) in [(29, false), (30, true), (59, true), (60, false)] {
        assert_eq!(leave(&store, &she, Action::RecordConsent, &id, minutes).await.is_some(), runs, "{minutes}");
        assert_eq!(store.roles(&mirjam.id, at(minutes)).await.unwrap().is_empty(), !runs, "{minutes}");
    }
    // Ended before that: signed out at once.
    let session = Session {
        person: mirjam.id.clone(),
        role: Some(Role::Representative),
        organisation: Some(Own::organisation()),
        csrf: "c".into(),
        device: String::new(),
        must_enrol: false,
        created_at: at(31),
        seen_at: at(31),
        idle_end: at(61),
        absolute_end: at(600),
    };
    store.create_session(&[3; 32], &session, "password").await.unwrap();
    assert!(store.end_account(&inviting, &mirjam.id, at(40), Some("andere vertegenwoordiger"), at(40)).await.unwrap());
    assert!(!store.end_account(&inviting, &mirjam.id, at(41), None, at(41)).await.unwrap());
    assert_eq!(store.session(&[3; 32], at(40)).await.unwrap(), None);
    assert!(leave(&store, &she, Action::ReadPlan, &id, 40).await.is_none());
    let account = &store.accounts(&inviting, at(42)).await.unwrap()[0];
    assert_eq!((account.own, account.until), (Own::Representative, Some(at(40))));
    assert_eq!(account.about.ended_because.as_deref(), Some("andere vertegenwoordiger"));
    assert!(account.about.invited_by.starts_with("person:"));
    store.close().await.unwrap();
}

pub async fn rights(place: Place) {
    let store = place.open().await;
    let id = registered(&store, 0, 1).await;
    let them = Relation { own: Some(Own::Patient), ..Relation::default() };
    let me = actor(&person(51, "me"), Role::Patient);
    let say = permit(&me, Action::OwnWords, &id, them).unwrap();
    let statement = store.say(&say, Kind::Statement, "Ik zie dit anders.", at(20)).await.unwrap();
    let correct = store.say(&say, Kind::Correction, "Mijn dochter heet Mirjam.", at(21)).await.unwrap();
    let erase = store.say(&say, Kind::Erasure, "Alles weg.", at(22)).await.unwrap();
    let mine = store.say(&say, Kind::Erasure, "Toch niet.", at(22)).await.unwrap();
    let relative = actor(&person(52, "rel"), Role::Relative);
    let theirs = Relation { own: Some(Own::Relative), ..Relation::default() };
    let no = store.say(&permit(&relative, Action::OwnWords, &id, theirs).unwrap(), Kind::Erasure, "x", at(22)).await;
    assert!(matches!(no, Err(Error::Permit(_))), "these rights are the patient's");

    assert_eq!(store.waiting_for_answer(&gp(1), 10, at(23)).await.unwrap(), std::slice::from_ref(&id));
    assert!(store.waiting_for_answer(&gp(2), 10, at(23)).await.unwrap().is_empty());
    let answer = may(&gp(1), Action::AnswerRequest, &id);
    let refused = Verdict::Refused(Some(Ground::Law));
    assert_eq!(store.answer_words(&answer, correct, &Verdict::Done, "Verbeterd.", at(24)).await.unwrap(), Went::Done);
    assert_eq!(store.answer_words(&answer, correct, &refused, "x", at(24)).await.unwrap(), Went::Gone, "once");
    assert_eq!(store.answer_words(&answer, statement, &refused, "x", at(24)).await.unwrap(), Went::Gone, "it stands");
    assert_eq!(store.answer_words(&answer, erase, &refused, "Loopt nog.", at(25)).await.unwrap(), Went::Done);
    assert_eq!(store.take_back(&say, mine, at(26)).await.unwrap(), Went::Done);
    assert_eq!(store.take_back(&say, erase, at(26)).await.unwrap(), Went::Gone, "answered");
    let other =
        permit(&Actor { who: Who::Person(PersonId::from_bits(99)), ..me }, Action::OwnWords, &id, them).unwrap();
    assert_eq!(store.take_back(&other, statement, at(26)).await.unwrap(), Went::Gone, "somebody else's");
    assert!(store.waiting_for_answer(&gp(1), 10, at(27)).await.unwrap().is_empty());

    let all = store.own_words(&may(&gp(1), Action::ReadPlan, &id), at(28)).await.unwrap();
    let told: Vec<_> = all.iter().rev().map(|w| (w.said.kind, w.said.state)).collect();
    let (kinds, states) = (Kind::ALL, [State::Stands, State::Done, State::Refused, State::Withdrawn]);
    assert_eq!(told, [(kinds[0], states[0]), (kinds[1], states[1]), (kinds[2], states[2]), (kinds[2], states[3])]);
    let answer = all[1].said.answer.as_ref().unwrap();
    assert_eq!((answer.ground, answer.text.as_str()), (Some(Ground::Law), "Loopt nog."));

    // Kept from the last medical change: the version at minute 1, whatever else was done later.
    let due = async |before| store.falling_due(&gp(1), &organisation(1), at(before), 10, at(50)).await.unwrap();
    assert!(due(1).await.is_empty());
    let falling = due(2).await;
    assert_eq!((falling.len(), &falling[0].patient, falling[0].last_change), (1, &id, at(1)));
    assert!(store.falling_due(&gp(2), &organisation(2), at(90), 10, at(50)).await.unwrap().is_empty());
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}
