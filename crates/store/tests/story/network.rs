//! What organisations keep of their own work: two who change it at once, a link without an account, and rounds of statements.

use crate::path::{date, day};
use crate::world::{Place, gp, organisation};
use domain::access::Actor;
use domain::ident::{LinkToken, NoteId, RoundId};
use domain::network::{Aim, Answers, Level, Party, Question, Reply, Sector};
use domain::statements::{Code, Count, Round, Vote};
use jiff::SignedDuration;
use store::notes::{Kept, MOST};
use store::rounds::{Held, Voted};
use store::{Error, Store};

fn party(name: &str) -> Party {
    Party { sector: Sector::Gp, name: name.into(), contact: "Zonneweide".into(), known: None, left: false }
}

fn answers(words: &str) -> Answers {
    let mut all = Answers { by: "E. Prins".into(), ..Answers::default() };
    all.now.insert(Question::Roles, Reply { choice: Some(Level::Partly), words: words.into() });
    all
}

pub async fn notes(place: Place) {
    let store = place.open().await;
    let (own, other) = (gp(1), gp(2));
    let id = NoteId::from_bits(7);
    assert!(store.write_note(&own, &id, &party("De Linde"), 0, day(1)).await.unwrap());
    assert!(!store.write_note(&own, &id, &party("nog eens"), 0, day(1)).await.unwrap(), "it is there already");
    assert!(store.write_note(&own, &id, &party("Linde"), 1, day(2)).await.unwrap());
    assert!(!store.write_note(&own, &id, &party("te laat"), 1, day(2)).await.unwrap(), "somebody was first");
    let kept: Vec<Kept<Party>> = store.notes(&own.organisation).await.unwrap();
    assert_eq!(kept, [Kept { id: id.clone(), revision: 2, note: party("Linde") }]);
    // Another organisation's are another's, under the same id too.
    assert_eq!(store.note::<Party>(&other.organisation, &id).await.unwrap(), None);
    assert!(!store.write_note(&other, &id, &party("van een ander"), 2, day(3)).await.unwrap());
    assert!(store.note::<Answers>(&own.organisation, &id).await.unwrap().is_none(), "of another kind");
    links(&store, &own, &id).await;
    full(&store, &other).await;
    if place.is_sqlite() {
        let open = "SELECT count(*) FROM house_note WHERE CAST(sealed AS TEXT) LIKE '%Zonneweide%'";
        assert_eq!(place.number(open).await, 0, "nothing of it can be read");
    }
}

/// More than anybody oversees is not kept, and what may be kept is read whole.
async fn full(store: &Store, own: &Actor) {
    let add = |n: u32| {
        let (store, own) = (store.clone(), own.clone());
        let note = Aim { words: n.to_string() };
        tokio::spawn(async move { store.write_note(&own, &NoteId::from_bits(n.into()), &note, 0, day(1)).await })
    };
    let all: Vec<_> = (0..MOST).map(add).collect();
    for one in all {
        assert!(one.await.unwrap().unwrap());
    }
    assert!(matches!(add(MOST).await.unwrap(), Err(Error::Full)));
    let kept: Vec<Kept<Aim>> = store.notes(&own.organisation).await.unwrap();
    assert_eq!(kept.len(), MOST as usize);
    assert!(store.write_note(own, &kept[0].id, &Aim::default(), 1, day(2)).await.unwrap(), "one can be changed");
}

async fn links(store: &Store, own: &Actor, id: &NoteId) {
    let opens = async |token: &LinkToken, on: i64| store.open_link(token, date(on)).await.unwrap();
    let first = store.issue_link(own, id, date(10), day(1)).await.unwrap();
    let opened = opens(&first, 10).await.unwrap();
    assert_eq!((&opened.region, &opened.party), (&own.organisation, id));
    assert_eq!(opens(&first, 11).await, None, "it ran out");
    assert!(store.write_answers(&opened, &answers("eerst"), 0, day(2)).await.unwrap());
    assert!(!store.write_answers(&opened, &answers("tegelijk"), 0, day(2)).await.unwrap(), "a colleague was first");
    assert!(store.write_answers(&opened, &answers("samen"), 1, day(2)).await.unwrap());
    let kept: Kept<Answers> = store.note(&own.organisation, id).await.unwrap().unwrap();
    assert_eq!((kept.revision, kept.note), (2, answers("samen")));
    let second = store.issue_link(own, id, date(20), day(3)).await.unwrap();
    assert_eq!(opens(&first, 5).await, None, "a new one takes its place");
    assert!(opens(&second, 15).await.is_some());
    assert_eq!(store.link_until(&own.organisation, id).await.unwrap(), Some(date(20)));
    assert!(!store.withdraw_link(&gp(2), id, day(4)).await.unwrap(), "not by another");
    assert!(store.withdraw_link(own, id, day(4)).await.unwrap());
    assert_eq!(opens(&second, 15).await, None);
    assert_eq!(opens(&LinkToken::from_bits(1), 5).await, None, "a guess");
}

fn round(code: &Code) -> Round {
    Round {
        team: "Team Noord".into(),
        statements: vec!["Ik durf het.".into(), "Wij doen het.".into()],
        by: "dr. Tijdig, huisarts".into(),
        began: day(1),
        code: code.clone(),
    }
}

pub async fn rounds(place: Place) {
    let store = place.open().await;
    let (own, code) = (gp(1), Code::of([1, 2, 3, 4, 5, 6]));
    let (id, closes) = (RoundId::from_bits(7), day(1) + SignedDuration::from_hours(4));
    assert!(store.begin_round(&own, &id, &round(&code), closes).await.unwrap());
    assert!(
        !store.begin_round(&gp(2), &RoundId::from_bits(8), &round(&code), closes).await.unwrap(),
        "a code is one's own"
    );
    assert_eq!(store.round_of(&Code::of([9; 6]), day(1)).await.unwrap(), None);
    let held: Held = store.round_of(&code, day(1)).await.unwrap().unwrap();
    assert_eq!((&held.id, held.voters, &held.round), (&id, 0, &round(&code)));
    assert_eq!(store.round(&organisation(2), &id).await.unwrap(), None, "another's");

    let soon = day(1) + SignedDuration::from_mins(5);
    let vote = async |phone: &[u8], votes: [Vote; 2], at| store.vote(&id, phone, &votes, at).await.unwrap();
    assert_eq!(vote(b"a", [Vote::Agree, Vote::None], soon).await, Voted::Done);
    assert_eq!(vote(b"a", [Vote::Disagree, Vote::None], soon).await, Voted::Before, "a phone votes once");
    assert!(store.has_voted(&id, b"a").await.unwrap() && !store.has_voted(&id, b"b").await.unwrap());
    assert_eq!(vote(b"b", [Vote::Agree, Vote::Disagree], soon).await, Voted::Done);
    let seen = async |at| {
        let held = store.round(&own.organisation, &id).await.unwrap().unwrap();
        (held.voters, store.outcome(&held, at).await.unwrap())
    };
    assert_eq!(seen(soon).await, (2, vec![Count::default(); 2]), "too few to be shown");
    assert_eq!(vote(b"c", [Vote::Disagree, Vote::Disagree], soon).await, Voted::Done);
    let count = |agree, disagree, none| Count { agree, disagree, none };
    let three = vec![count(2, 1, 0), count(0, 2, 1)];
    assert_eq!(seen(soon).await, (3, three.clone()));
    assert_eq!(vote(b"d", [Vote::Agree, Vote::Agree], soon).await, Voted::Done);
    assert_eq!(seen(soon).await, (4, three), "what one more said is not to be seen");
    // Many at once: each counts, and once.
    let all: Vec<_> = (0..6_u8)
        .map(|n| {
            let (store, id) = (store.clone(), id.clone());
            tokio::spawn(async move { store.vote(&id, &[n % 3, 0], &[Vote::Agree, Vote::Agree], soon).await.unwrap() })
        })
        .collect();
    let mut done = 0;
    for one in all {
        done += usize::from(one.await.unwrap() == Voted::Done);
    }
    assert_eq!(done, 3);
    assert!(!store.close_round(&gp(2), &id, soon).await.unwrap(), "not by another");
    assert!(store.close_round(&own, &id, soon).await.unwrap());
    assert_eq!(vote(b"z", [Vote::Agree, Vote::Agree], soon).await, Voted::Closed);
    assert_eq!(seen(soon).await, (7, vec![count(6, 1, 0), count(4, 2, 1)]), "closed, all is there");
    assert!(
        store.round_of(&code, soon + SignedDuration::from_hours(23)).await.unwrap().is_some(),
        "who is late is told"
    );
    assert_eq!(store.round_of(&code, soon + SignedDuration::from_hours(24)).await.unwrap(), None, "not for ever");
    let all = store.rounds(&own.organisation, 10).await.unwrap();
    assert_eq!(all.len(), 1);
    over(&store, &own, &code, &all[0]).await;
    if place.is_sqlite() {
        assert_eq!(place.number("SELECT count(*) FROM statement_voter").await, 0, "which phones took part is gone");
    }
    assert!(store.verify().await.unwrap().is_whole());
}

/// A day after it closed nothing is kept of a round but what came of it; one that is open stays as it is.
async fn over(store: &Store, own: &Actor, code: &Code, held: &Held) {
    let open = RoundId::from_bits(9);
    let began = held.closes + SignedDuration::from_hours(20);
    let next = Round { began, code: Code::of([6, 5, 4, 3, 2, 1]), ..round(code) };
    assert!(store.begin_round(own, &open, &next, began + SignedDuration::from_hours(8)).await.unwrap());
    let at = began + SignedDuration::from_hours(1);
    assert_eq!(store.vote(&open, b"a", &[Vote::Agree, Vote::Agree], at).await.unwrap(), Voted::Done);
    let before = store.outcome(held, at).await.unwrap();
    assert_eq!(store.tidy_rounds(held.closes + SignedDuration::from_hours(23)).await.unwrap(), 0, "not yet a day");
    let day_after = held.closes + SignedDuration::from_hours(24);
    assert_eq!(store.tidy_rounds(day_after).await.unwrap(), 1);
    assert_eq!(store.tidy_rounds(day_after).await.unwrap(), 0, "once");
    assert!(!store.has_voted(&held.id, b"a").await.unwrap());
    assert_eq!(store.vote(&open, b"a", &[Vote::Agree, Vote::Agree], at).await.unwrap(), Voted::Before, "that is open");
    assert_eq!(store.vote(&held.id, b"a", &[Vote::Agree, Vote::Agree], day_after).await.unwrap(), Voted::Closed);
    let all = store.rounds(&own.organisation, 10).await.unwrap();
    assert_eq!(all.iter().map(|h| (&h.id, h.voters)).collect::<Vec<_>>(), [(&open, 1), (&held.id, 7)]);
    let counts = store.outcomes(&own.organisation, &all, day_after).await.unwrap();
    assert_eq!(counts, [vec![Count::default(); 2], before], "each as by itself");
    assert!(store.outcomes(&organisation(2), &all, day_after).await.unwrap().iter().flatten().all(|c| c.all() == 0));
    assert!(store.outcomes(&own.organisation, &[], day_after).await.unwrap().is_empty());
    // Its code may be another's from then on.
    let again = Round { began: day_after, ..round(code) };
    assert!(
        store
            .begin_round(&gp(2), &RoundId::from_bits(10), &again, day_after + SignedDuration::from_hours(1))
            .await
            .unwrap()
    );
    assert_eq!(store.tidy_rounds(day_after + SignedDuration::from_hours(48)).await.unwrap(), 2);
}
