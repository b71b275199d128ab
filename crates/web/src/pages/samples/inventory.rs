//! The pages of a region's inventory: full, empty, and with what is wrong; and the questionnaire.

use super::pages::frame;
use crate::forms::Fields;
use crate::pages::field::Problem;
use crate::pages::frame::{Frame, Place};
use crate::pages::inventory::{
    Asked, ClosedPage, LinkPage, PartyView, action_view, actions_view, answers_view, group_view, overview_view,
    parties_view, party_view, questionnaire_view, typed_of,
};
use crate::pages::note_form::changed;
use askama::Template;
use domain::figures::report::Named;
use domain::ident::{NoteId, OrganisationId};
use domain::network::{
    Action, Aim, Answers, Group, Inventory, Level, Member, Need, Party, Question, Reply, Sector, Sitting, State, Wish,
};
use domain::organisation::OrganisationKind;
use jiff::civil::Date;
use store::notes::Kept;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn today() -> Date {
    day("2026-11-30")
}

fn answers(sent: bool) -> Answers {
    let mut all = Answers { by: "Ellen <b>Prins</b>".into(), ..Answers::default() };
    for question in Question::ALL {
        all.now.insert(*question, Reply { choice: Some(Level::Partly), words: "met <b>de wijk</b>".into() });
    }
    all.wish.insert(Wish::Training, Reply { choice: Some(Need::First), words: String::new() });
    all.sent_on = sent.then(today);
    all
}

fn inventory() -> Inventory {
    let party = |n: u128, sector, name: &str, answers| {
        let party = Party { sector, name: name.into(), contact: "M. <b>Koster</b>".into(), known: None, left: n == 4 };
        (NoteId::from_bits(n), party, answers)
    };
    let action = |n: u128, state, by: &str| {
        let action = Action {
            what: "Scholing <b>plannen</b>".into(),
            owner: "Ellen Prins".into(),
            by: day(by),
            state,
            words: Some("wacht op geld".into()),
            wish: Some(Wish::Training),
            party: Some(NoteId::from_bits(2)),
        };
        (NoteId::from_bits(n), action)
    };
    Inventory {
        parties: vec![
            party(1, Sector::Gp, "De <b>Linde</b>", Some(answers(true))),
            party(2, Sector::Vvt, "Thuiszorg Nabij", Some(answers(false))),
            party(3, Sector::Hospital, "Weidedorp", None),
            party(4, Sector::Welfare, "Welzijn", None),
        ],
        aim: Aim { words: "Eén <b>formulier</b>".into() },
        actions: vec![action(1, State::Busy, "2026-11-01"), action(2, State::Done, "2026-10-01")],
        group: group(),
    }
}

fn group() -> Group {
    Group {
        members: vec![Member { name: "Hanneke <b>".into(), role: "coördinator".into(), organisation: "NPZ".into() }],
        sittings: vec![Sitting { on: day("2026-10-01"), notes: "Begonnen".into() }],
    }
}

/// Each under the name of its file.
pub fn pages() -> Vec<(&'static str, String)> {
    let below = |title: &str| frame(title, Place::BelowRegion);
    let (full, empty) = (inventory(), Inventory::default());
    let typed = Fields(vec![
        ("naam".to_owned(), "te <b>lang</b>".to_owned()),
        ("naam.1".to_owned(), "te <b>lang</b>".to_owned()),
        ("samen".to_owned(), "samen <b>".to_owned()),
    ]);
    let wrong = |field: &str| vec![Problem::at(field, "Vul dit in.")];
    let known = [Named {
        id: OrganisationId::from_bits(1),
        name: "De <b>Linde</b>".into(),
        kind: OrganisationKind::GpPractice,
    }];
    let overview =
        |inventory| overview_view(below("Inventarisatie en plan van aanpak"), "Overveld", inventory, today());
    let (id, party, said) = full.parties[0].clone();
    let kept = Kept { id, revision: 2, note: party };
    let one = |answers: Option<&Answers>, link, errors, second| {
        let of = PartyView { kept: &kept, answers, link, known: &known, today: today() };
        party_view(below("De Linde"), &of, &typed, errors, second).render().unwrap()
    };
    let action = Kept { id: full.actions[0].0.clone(), revision: 1, note: full.actions[0].1.clone() };
    let of_action =
        |errors, second| action_view(below("Een actie"), &action, &full, &typed, errors, second).render().unwrap();
    let answered = answers(true);
    let questionnaire = |errors, second| {
        let asked = Asked {
            here: "/vragenlijst/x",
            region: "Overveld",
            party: "De <b>Linde</b>",
            until: today(),
            stands: (2, &answered),
        };
        let other = Fields::default();
        let typed = if second { other } else { typed_of(&answered) };
        questionnaire_view(&asked, &typed, errors, second).render().unwrap()
    };
    let link = LinkPage {
        frame: below("De link naar de vragenlijst"),
        name: "De <b>Linde</b>".into(),
        address: "https://tijdig.example/vragenlijst/x".into(),
        qr: (8, "M4 4h1v1h-1z".into()),
        until: "31 december 2026".into(),
        back: "/regio/inventarisatie/organisaties/x".into(),
    };
    let closed = ClosedPage { frame: Frame { title: "Deze link opent geen vragenlijst".into(), ..Frame::default() } };
    vec![
        ("inventarisatie", overview(&full).render().unwrap()),
        ("inventarisatie-leeg", overview(&empty).render().unwrap()),
        (
            "inventarisatie-organisaties",
            parties_view(below("Wie doet mee?"), &full, &known, &Fields::default(), Vec::new()).render().unwrap(),
        ),
        (
            "inventarisatie-organisaties-leeg",
            parties_view(below("Wie doet mee?"), &empty, &known, &typed, wrong("sector")).render().unwrap(),
        ),
        ("inventarisatie-organisatie", one(said.as_ref(), Some(day("2026-12-31")), Vec::new(), false)),
        ("inventarisatie-organisatie-anders", one(None, Some(day("2026-11-01")), changed(), true)),
        ("inventarisatie-organisatie-fout", one(None, None, wrong("tot"), false)),
        ("inventarisatie-link", link.render().unwrap()),
        (
            "inventarisatie-antwoorden",
            answers_view(below("Nu en gewenst"), &full, 1, &typed, Vec::new()).render().unwrap(),
        ),
        (
            "inventarisatie-antwoorden-leeg",
            answers_view(below("Nu en gewenst"), &empty, 0, &typed, wrong("samen")).render().unwrap(),
        ),
        (
            "inventarisatie-acties",
            actions_view(below("Wat gaan wij doen?"), &full, &typed, today(), Vec::new()).render().unwrap(),
        ),
        (
            "inventarisatie-acties-leeg",
            actions_view(below("Wat gaan wij doen?"), &empty, &typed, today(), wrong("wat")).render().unwrap(),
        ),
        ("inventarisatie-actie", of_action(Vec::new(), false)),
        ("inventarisatie-actie-anders", of_action(changed(), true)),
        (
            "inventarisatie-werkgroep",
            group_view(below("Werkgroep"), (1, &group()), &Fields::default(), Vec::new()).render().unwrap(),
        ),
        (
            "inventarisatie-werkgroep-fout",
            group_view(below("Werkgroep"), (0, &Group::default()), &typed, wrong("naam.1")).render().unwrap(),
        ),
        ("vragenlijst", questionnaire(Vec::new(), false)),
        ("vragenlijst-fout", questionnaire(wrong("nu-roles"), false)),
        ("vragenlijst-anders", questionnaire(changed(), true)),
        ("vragenlijst-dicht", closed.render().unwrap()),
    ]
}
