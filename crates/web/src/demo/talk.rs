//! Conversations in the synthetic region: how they are prepared and held, so that each part of the page has something.

use super::region::Worker;
use domain::ident::OrganisationId;
use domain::path::{Appointment, What};
use domain::plan::TopicId;
use domain::role::Role;
use domain::talk::{
    AskedOf, Attended, Attention, Fact, Interpreter, LeftOpen, Place, Point, PointKind, Reply, ReplyKind, Report,
    SupportAsked, SupportKind, Talk,
};
use jiff::civil::{Date, time};

/// A conversation at home with the nurse, and the daughter whom the patient wants there.
pub fn appointment(on: Date, nurse: &Worker) -> Appointment {
    Appointment {
        on,
        at: Some(time(10, 30, 0, 0)),
        place: Some(Place::Home),
        team: vec![format!("{}, {}", nurse.name.full(), nurse.role.dutch())],
        wished: vec!["uw dochter".to_owned()],
        bring: Some("Leg uw lijst met medicijnen klaar.".to_owned()),
        words: Some("Belt liever niet; bel de dochter als de tijd verandert.".to_owned()),
        ..Appointment::default()
    }
}

/// What asks for attention.
pub fn attention() -> What {
    What::Talk(Talk::Attention(Attention {
        language: Some("Turks".to_owned()),
        interpreter: Some(Interpreter::Professional),
        points: vec![
            Point {
                kind: PointKind::Culture,
                words: Some("de oudste zoon beslist mee; bidt op vaste tijden".to_owned()),
            },
            Point { kind: PointKind::Literacy, words: None },
        ],
    }))
}

/// What a carer heard.
pub fn fact() -> What {
    What::Talk(Talk::Fact(Fact {
        who: Some("mevrouw".to_owned()),
        words:
            "Zei bij het wassen dat ze niet meer naar het ziekenhuis wil, en dat ze dat haar zoon niet durft te zeggen."
                .to_owned(),
    }))
}

/// Support of a palliative nurse at the same organisation.
pub fn asked(organisation: OrganisationId, of: &str, needed_by: Date) -> What {
    What::Talk(Talk::Asked(SupportAsked {
        kind: SupportKind::PalliativeNurse,
        question: "Mevrouw hoopt op een nieuwe behandeling, haar klachten nemen toe. Hoe brengen we grenzen ter sprake zonder de hoop weg te nemen?".to_owned(),
        of: AskedOf::Team {
            organisation,
            role: Role::PalliativeNurse,
            person: None,
            words: format!("een {} van {of}", Role::PalliativeNurse.dutch()),
        },
        needed_by,
        referrer: None,
    }))
}

/// The answer to the question that was step `asked`.
pub fn replied(asked: u32) -> What {
    What::Talk(Talk::Replied(Reply {
        asked,
        kind: ReplyKind::Comes,
        words: "Ik ga mee met het volgende huisbezoek. Vraag alvast wat ze zelf verwacht van de komende maanden."
            .to_owned(),
    }))
}

/// The report of a first conversation, which left something.
pub fn held(nurse: &Worker) -> What {
    What::Talk(Talk::Held(Report {
        attended: Attended {
            patient: true,
            representative: false,
            others: vec![format!("{}, {}", nurse.name.full(), nurse.role.dutch()), "dochter".to_owned()],
        },
        minutes: Some(45),
        place: Some(Place::Home),
        subjective: Some("Wil thuis blijven zolang het gaat. Is bang om benauwd te worden.".to_owned()),
        objective: Some("Sneller moe, loopt met rollator tot de keuken.".to_owned()),
        evaluation: Some("Weet wat de ziekte is; over het beloop wil ze stap voor stap horen.".to_owned()),
        plan: Some("Volgende keer met de huisarts over ziekenhuis en benauwdheid.".to_owned()),
        left_open: vec![LeftOpen::Topic(TopicId::Hospital), LeftOpen::Words("wat er met de hond gebeurt".to_owned())],
    }))
}
