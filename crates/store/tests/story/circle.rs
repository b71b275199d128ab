//! Who belongs to a patient's team, who leads, and what the patient says about sharing.

use crate::world::{at, gp, may, organisation, system};
use domain::access::{Action, Actor, Sharing};
use domain::consent::{GivenBy, Level, Part, Said, Scope};
use domain::ident::{PatientId, PersonId};
use domain::lead::State;
use domain::organisation::OrganisationKind;
use domain::role::Role;
use store::leads::{Answered, Candidate};
use store::team::{About, Member};
use store::{Error, Store};

pub async fn team(store: &Store, id: &PatientId) {
    let gp = gp(1);
    let (read, manage) = (may(&gp, Action::ReadPlan, id), may(&gp, Action::ManageTeam, id));
    let home_care = Member::Organisation(organisation(2));
    let person = Member::Person(PersonId::from_bits(301));
    let about = About { role: Some(Role::DistrictNurse), word: "de dochter".into(), ..About::default() };
    store.add_to_team(&manage, &home_care, &About::default(), at(30)).await.unwrap();
    store.add_to_team(&manage, &home_care, &about, at(31)).await.unwrap();
    store.add_to_team(&manage, &person, &about, at(32)).await.unwrap();
    let wrong = store.add_to_team(&may(&gp, Action::RecordPlan, id), &person, &about, at(32)).await;
    assert!(matches!(wrong, Err(Error::Permit(_))));
    let team = store.team(&read, at(33)).await.unwrap();
    let members: Vec<_> = team.iter().map(|m| (&m.member, m.from, m.until)).collect();
    let practice = Member::Organisation(organisation(1));
    assert_eq!(members, [(&practice, at(0), None), (&home_care, at(30), None), (&person, at(32), None)]);
    let said = &team[1].about;
    assert_eq!((said.role, said.word.as_str()), (Some(Role::DistrictNurse), "de dochter"), "said later, and kept");
    assert!(said.by.starts_with("person:"));
    assert!(store.relation(id, &system(2), at(33)).await.unwrap().unwrap().team);
    assert!(!store.relation(id, &system(2), at(29)).await.unwrap().unwrap().team, "not in it yet");
    assert!(store.relation(id, &crate::world::gp(3), at(33)).await.unwrap().unwrap().team, "in person");
    assert!(store.leave_team(&manage, &home_care, Some("zorg beëindigd"), at(40)).await.unwrap());
    assert!(!store.leave_team(&manage, &home_care, None, at(40)).await.unwrap());
    let team = store.team(&read, at(41)).await.unwrap();
    let ended = &team[1].about;
    assert_eq!((ended.ended_because.as_deref(), ended.word.as_str()), (Some("zorg beëindigd"), "de dochter"));
    assert!(store.relation(id, &system(2), at(39)).await.unwrap().unwrap().team);
    assert!(!store.relation(id, &system(2), at(40)).await.unwrap().unwrap().team);

    let correct = may(&gp, Action::CorrectPatient, id);
    let nowhere = store.move_practice(&correct, &organisation(8), &organisation(4), "verhuisd", at(41)).await;
    assert!(matches!(nowhere, Err(Error::Missing(_))));
    store.move_practice(&correct, &organisation(1), &organisation(4), "verhuisd", at(42)).await.unwrap();
    assert!(!store.relation(id, &gp, at(43)).await.unwrap().unwrap().team);
    assert!(store.relation(id, &crate::world::gp(4), at(43)).await.unwrap().unwrap().team);
    store.move_practice(&correct, &organisation(4), &organisation(1), "terug", at(44)).await.unwrap();
}

pub async fn leading(store: &Store, id: &PatientId) {
    let (gp, other) = (gp(1), crate::world::gp(4));
    let read = may(&gp, Action::ReadPlan, id);
    let manage = |actor| may(actor, Action::ManageTeam, id);
    let before = store.leads(&read, at(44)).await.unwrap();
    assert!(before.now().is_none() && before.without_since.is_some(), "counted from registration");
    assert!(store.without_lead(&gp, at(44), 100).await.unwrap().contains(id));
    assert!(
        !store
            .without_lead(&gp, before.without_since.unwrap() - jiff::SignedDuration::from_secs(1), 100)
            .await
            .unwrap()
            .contains(id)
    );

    let candidate = Candidate { organisation: organisation(1), role: Role::Gp, person: None };
    store.propose_lead(&manage(&gp), &candidate, Some("eerste regie"), at(44)).await.unwrap();
    assert_eq!(store.asked_to_lead(&gp, 10).await.unwrap(), std::slice::from_ref(id));
    assert!(store.asked_to_lead(&other, 10).await.unwrap().is_empty());
    let answer = |actor, number, accepts| {
        let permit = manage(actor);
        async move { store.answer_lead(&permit, number, accepts, None, at(45)).await.unwrap() }
    };
    assert_eq!(answer(&other, 1, true).await, Answered::NotYours);
    assert_eq!(answer(&gp, 7, true).await, Answered::Gone);
    assert_eq!(answer(&gp, 1, true).await, Answered::Done);
    assert_eq!(answer(&gp, 1, true).await, Answered::Gone, "answered once");
    let led = store.leads(&read, at(46)).await.unwrap();
    assert_eq!((led.now().unwrap().number, led.without_since), (1, None));
    assert!(led.now().unwrap().candidate.person.is_some(), "whoever accepts is known");
    assert!(store.without_lead(&gp, at(99), 100).await.unwrap().iter().all(|p| p != id));

    // A second proposal lets the first one lead until it is accepted; a third makes the second fall.
    let elsewhere = Candidate { organisation: organisation(4), ..candidate.clone() };
    store.propose_lead(&manage(&gp), &candidate, None, at(46)).await.unwrap();
    store.propose_lead(&manage(&gp), &elsewhere, Some("verhuisd"), at(46)).await.unwrap();
    assert_eq!(answer(&gp, 2, true).await, Answered::Gone);
    assert_eq!(store.leads(&read, at(46)).await.unwrap().now().unwrap().number, 1);
    assert_eq!(answer(&other, 3, true).await, Answered::Done);
    let led = store.leads(&read, at(47)).await.unwrap();
    let states: Vec<_> = led.all.iter().map(|l| l.state).collect();
    assert_eq!(states, [State::Accepted, State::Withdrawn, State::Ended], "exactly one leads");

    // Who leaves the team leads no more.
    let them = Member::Organisation(organisation(4));
    store.add_to_team(&manage(&gp), &them, &About::default(), at(47)).await.unwrap();
    store.leave_team(&manage(&gp), &them, None, at(48)).await.unwrap();
    let led = store.leads(&read, at(48)).await.unwrap();
    assert_eq!((led.now(), led.without_since), (None, Some(at(48))));
    let lacks = async |who: &Actor, since| store.without_lead(who, at(since), 100).await.unwrap().contains(id);
    assert!(lacks(&gp, 48).await && !lacks(&gp, 47).await && !lacks(&other, 48).await);
    store.add_to_team(&manage(&gp), &them, &About::default(), at(48)).await.unwrap();
    assert!(lacks(&other, 48).await, "who joins sees at once that nobody leads");
    store.leave_team(&manage(&gp), &them, None, at(49)).await.unwrap();
    assert!(!lacks(&other, 49).await && lacks(&gp, 49).await);
    store.propose_lead(&manage(&gp), &candidate, None, at(48)).await.unwrap();
    assert_eq!(answer(&gp, 4, false).await, Answered::Done);
    assert_eq!(store.leads(&read, at(48)).await.unwrap().all[0].state, State::Declined);
}

pub async fn sharing(store: &Store, id: &PatientId) {
    let gp = gp(1);
    let (read, consent) = (may(&gp, Action::ReadPlan, id), may(&gp, Action::RecordConsent, id));
    let relation = async |organisation| store.relation(id, &system(organisation), at(46)).await.unwrap().unwrap();
    let refused = Said {
        note: Some("wil eerst overleggen".into()),
        by: GivenBy::Representative,
        ..Said::for_everyone(Sharing::Refused)
    };
    let wrong = store.set_sharing(&may(&gp, Action::RecordPlan, id), std::slice::from_ref(&refused), at(45)).await;
    assert!(matches!(wrong, Err(Error::Permit(_))));
    store.set_sharing(&consent, std::slice::from_ref(&refused), at(45)).await.unwrap();
    let (now, events) = store.sharing(&read, at(46)).await.unwrap();
    assert_eq!(now.everyone, Sharing::Refused);
    let told: Vec<_> = events.iter().map(|e| (e.said.value, e.version, e.said.note.as_deref())).collect();
    assert_eq!(told, [(Sharing::Agreed, Some(1), None), (Sharing::Refused, None, Some("wil eerst overleggen"))]);
    assert!(events[1].recorded_by.starts_with("person:"));
    assert_eq!(relation(7).await.sharing, Sharing::Refused);

    // The more specific beats the less specific, at the very next request.
    let narrower = [
        Said { scope: Scope::Kind(OrganisationKind::GpPractice), ..Said::for_everyone(Sharing::Agreed) },
        Said { scope: Scope::Organisation(organisation(7)), ..Said::for_everyone(Sharing::Refused) },
        Said { scope: Scope::Relatives(Part::Euthanasia), ..Said::for_everyone(Sharing::Refused) },
    ];
    store.set_sharing(&consent, &narrower, at(46)).await.unwrap();
    let seven = relation(7).await;
    assert_eq!((seven.sharing, seven.level), (Sharing::Refused, Some(Level::Organisation)));
    let one = relation(1).await;
    assert_eq!((one.sharing, one.level), (Sharing::Agreed, Some(Level::Kind)));
    let (now, _) = store.sharing(&read, at(47)).await.unwrap();
    assert!(now.not_for_relatives.contains(&Part::Euthanasia));
    let back = narrower.map(|s| Said { value: Sharing::Unknown, ..s });
    store.set_sharing(&consent, &back, at(47)).await.unwrap();
    assert_eq!(relation(7).await.level, Some(Level::Everyone));
    store.set_sharing(&consent, &[refused], at(47)).await.unwrap();
}
