//! The pages of how an organisation anchors it, and of statements.

use super::pages::frame;
use crate::forms::Fields;
use crate::pages::field::{Field, Problem};
use crate::pages::frame::{Frame, Place};
use crate::pages::implementation::{
    EntryPage, Given, Past, RoundsView, VoteStand, anchor_view, anchors_view, backing_view, overview_view, own_view,
    round_view, rounds_view, training_view, trainings_view, vote_view,
};
use crate::pages::note_form::changed;
use askama::Template;
use domain::ident::{NoteId, PersonId, RoundId};
use domain::implementation::{Anchor, Backing, Champion, Trainee, Training};
use domain::statements::{Code, Count, OURS, Own, Round};
use jiff::civil::Date;
use store::notes::Kept;
use store::rounds::Held;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn backing() -> Backing {
    Backing {
        sponsor: "J. <b>Bos</b>, directeur".into(),
        champions: vec![Champion {
            person: PersonId::from_bits(1),
            name: "Saskia <b>de Wit</b>".into(),
            since: day("2026-01-01"),
            until: Some(day("2026-12-31")),
        }],
    }
}

fn training() -> Kept<Training> {
    let people = vec![Trainee { person: PersonId::from_bits(1), name: "Saskia <b>de Wit</b>".into() }];
    let note = Training { what: "Het <b>gesprek</b>".into(), on: day("2024-11-01"), people, months: Some(24) };
    Kept { id: NoteId::from_bits(1), revision: 1, note }
}

fn anchor(works: bool) -> Kept<Anchor> {
    let note = Anchor {
        what: "Vast punt <b>in het MDO</b>".into(),
        place: "agenda".into(),
        owner: "Saskia".into(),
        check_on: day("2026-11-01"),
        works_since: works.then(|| day("2026-11-02")),
    };
    Kept { id: NoteId::from_bits(u128::from(works)), revision: 1, note }
}

fn held() -> Held {
    Held {
        id: RoundId::from_bits(1),
        round: Round {
            team: "Team <b>Noord</b>".into(),
            statements: OURS[..2].iter().map(|s| (*s).to_owned()).collect(),
            by: "Saskia de Wit, wijkverpleegkundige".into(),
            began: "2026-11-30T10:00:00Z".parse().unwrap(),
            code: Code::of([1, 2, 3, 4, 5, 6]),
        },
        closes: "2026-11-30T14:00:00Z".parse().unwrap(),
        voters: 4,
    }
}

/// Each under the name of its file.
pub fn pages() -> Vec<(&'static str, String)> {
    let below = |title: &str| frame(title, Place::BelowToolkit);
    let people = [(PersonId::from_bits(1), "Saskia <b>de Wit</b>".to_owned())];
    let typed =
        Fields(vec![("wat".to_owned(), "te <b>lang</b>".to_owned()), ("wie".to_owned(), people[0].0.to_string())]);
    let (none, today) = (Fields::default(), day("2026-11-30"));
    let wrong = |field: &str| vec![Problem::at(field, "Vul dit in.")];
    let given = |some: bool| Given {
        backing: if some { backing() } else { Backing::default() },
        trainings: if some { vec![training().note] } else { Vec::new() },
        anchors: if some { vec![anchor(true).note, anchor(false).note] } else { Vec::new() },
        here: vec![people[0].0.clone()],
        today,
    };
    let overview =
        |some| overview_view(below("Invoering"), "Thuiszorg <b>Nabij</b>", &given(some), some, some).render().unwrap();
    let stands = backing();
    let of_backing = |errors, second| {
        backing_view(below("Wie het trekt"), (1, &stands), &people, &typed, errors, second).render().unwrap()
    };
    let trainings = |kept: &[Kept<Training>], typed: Option<&Fields>, errors| {
        trainings_view(below("Scholing"), kept, (&people, today), typed, errors).render().unwrap()
    };
    let of_training = |errors, second| {
        training_view(below("Een scholing"), &training(), &people, &typed, errors, second).render().unwrap()
    };
    let anchors = |kept: &[Kept<Anchor>], typed: Option<&Fields>, errors| {
        anchors_view(below("Afspraken in het werk"), kept, today, typed, errors).render().unwrap()
    };
    let of_anchor =
        |errors, second| anchor_view(below("Een afspraak"), &anchor(false), &typed, errors, second).render().unwrap();
    let count = |agree| Count { agree, disagree: 1, none: 0 };
    let past = |on: &str, agree| Past {
        href: "/invoering/stellingen/x".into(),
        team: "Team <b>Noord</b>".into(),
        on: day(on),
        voters: 5,
        said: OURS.iter().map(|s| ((*s).to_owned(), count(agree))).collect(),
    };
    let own = Own { statements: vec!["Wij bellen <b>na</b>.".into()] };
    let rounds = |some: bool, errors| {
        let given = RoundsView {
            open: if some { vec![("/invoering/stellingen/x".into(), "Team <b>Noord</b>".into())] } else { Vec::new() },
            past: if some {
                vec![past("2025-11-10", 2), past("2026-11-10", 4), past("2026-11-20", 1)]
            } else {
                Vec::new()
            },
            own: if some { own.clone() } else { Own::default() },
            writes: some,
        };
        rounds_view(below("Stellingen voor een overleg"), given, &typed, errors).render().unwrap()
    };
    let of_own =
        |errors, second| own_view(below("Onze eigen stellingen"), (1, &own), &typed, errors, second).render().unwrap();
    let round = |counts: &[Count], now: &str| {
        let now = now.parse().unwrap();
        round_view(below("Een ronde stellingen"), &held(), counts, "https://tijdig.example", now).render().unwrap()
    };
    let vote = |stand, errors| {
        let of = held().round;
        vote_view(&of.team, &of.code, &of.statements, stand, (&none, errors)).render().unwrap()
    };
    let enter = |errors: Vec<Problem>| EntryPage {
        frame: Frame { title: "Stellingen".into(), ..Frame::default() },
        code: Field::short("code", "De code", "AB<b>").checked(&errors),
        errors,
    };
    vec![
        ("invoering", overview(true)),
        ("invoering-leeg", overview(false)),
        ("invoering-kartrekkers", of_backing(Vec::new(), false)),
        ("invoering-kartrekkers-anders", of_backing(changed(), true)),
        ("invoering-scholing", trainings(&[training()], Some(&none), Vec::new())),
        ("invoering-scholing-lezen", trainings(&[training()], None, Vec::new())),
        ("invoering-scholing-fout", trainings(&[], Some(&typed), wrong("wie"))),
        ("invoering-een-scholing", of_training(Vec::new(), false)),
        ("invoering-een-scholing-anders", of_training(changed(), true)),
        ("invoering-afspraken", anchors(&[anchor(true), anchor(false)], Some(&none), Vec::new())),
        ("invoering-afspraken-lezen", anchors(&[anchor(true)], None, Vec::new())),
        ("invoering-afspraken-fout", anchors(&[], Some(&typed), wrong("waar"))),
        ("invoering-een-afspraak", of_anchor(Vec::new(), false)),
        ("invoering-een-afspraak-anders", of_anchor(changed(), true)),
        ("stellingen-rondes", rounds(true, Vec::new())),
        ("stellingen-rondes-leeg", rounds(false, wrong("team"))),
        ("stellingen-eigen", of_own(Vec::new(), false)),
        ("stellingen-eigen-anders", of_own(changed(), true)),
        ("stellingen-ronde", round(&[count(2), count(3)], "2026-11-30T11:00:00Z")),
        ("stellingen-ronde-weinig", round(&[Count::default(); 2], "2026-11-30T11:00:00Z")),
        ("stellingen-ronde-dicht", round(&[count(2), Count::default()], "2026-11-30T15:00:00Z")),
        ("stellingen-code", enter(wrong("code")).render().unwrap()),
        ("stellingen-antwoorden", vote(VoteStand::Open, Vec::new())),
        ("stellingen-antwoorden-fout", vote(VoteStand::Open, wrong("stelling.1"))),
        ("stellingen-geteld", vote(VoteStand::Voted, Vec::new())),
        ("stellingen-gesloten", vote(VoteStand::Closed, Vec::new())),
    ]
}
