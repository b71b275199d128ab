//! The pages of work: the list, a task, signals and the line.

use super::glass::notice;
use super::pages::{frame, of};
use super::plan::Sample;
use crate::forms::Fields;
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Link, Place, Tab};
use crate::pages::signals::{DotRow, SignalsPage, answer_form, signal_form};
use crate::pages::work::list::{Group, Item};
use crate::pages::work::task::{Agreed, TaskPage};
use crate::pages::work::{WorkPage, empty, links};
use domain::signal::Instruments;
use store::tasks::Whose;

/// My work, with something or nothing to do.
pub fn work(some: bool, whose: Whose) -> WorkPage {
    let (views, kinds) = links(whose, None);
    WorkPage {
        frame: frame("Mijn werk", Place::Work),
        lead: "Er wachten 2 taken.".to_owned(),
        glass: vec![notice()],
        reminder: some.then(|| Link::to("/praktijk/kandidaten", "Kijk de kandidaten na")),
        views,
        kinds,
        groups: if some { work_groups() } else { Vec::new() },
        empty: empty(whose, None),
        more: Some("/?na=x".to_owned()),
        may_register: true,
        sees_retention: true,
    }
}

fn work_groups() -> Vec<Group> {
    let item = |take: bool| Item {
        name: "Mw. S.M. Jansen".to_owned(),
        sentence: "Mw. S.M. Jansen: er is een signaal; nog niemand pakte het op.".to_owned(),
        fine: "uiterlijk 27 november 2026; wacht sinds 24 november 2026; voor een wijkverpleegkundige".to_owned(),
        next: ("/patienten/x/signalen".to_owned(), "Lees het signaal"),
        take: take.then(|| "/patienten/x/taken/1".to_owned()),
        page: Some("/patienten/x/taken/1".to_owned()),
    };
    vec![Group { title: "Te laat", items: vec![item(true)] }, Group { title: "Deze week", items: vec![item(false)] }]
}

/// A line.
pub fn dots() -> Vec<DotRow> {
    let dot = |day: &str, title: &str, ahead: bool| DotRow {
        date: "2026-11-24".to_owned(),
        day: day.to_owned(),
        title: title.to_owned(),
        more: vec!["Informatiemateriaal: uitgereikt en uitgelegd.".to_owned()],
        by: (!ahead).then(|| "Ayşe Yılmaz".to_owned()),
        ahead,
    };
    vec![dot("24 november 2026", "Signaal: wordt kwetsbaarder", false), dot("3 maart 2027", "Opnieuw vragen", true)]
}

/// The page of signals, as typed.
pub fn signals(sample: &Sample, typed: &Fields, errors: Vec<Problem>) -> SignalsPage {
    let one = |name: &str| Field::text(name, "Waarom?", typed.get(name)).checked(&errors);
    SignalsPage {
        frame: of(sample, "Signalen", Tab::Signals),
        id: sample.id.to_string(),
        state: "Gesignaleerd op 24 november 2026; nog niemand pakte het op.".to_owned(),
        seen: 1,
        signal: Some(signal_form(&Instruments::default(), typed, &errors)),
        answer: Some(answer_form(typed, &errors)),
        end: Some([one("einde"), one("einde-dag"), one("einde-woorden")]),
        tried: typed.get("doe").to_owned(),
        line: if errors.is_empty() { dots() } else { Vec::new() },
        errors,
    }
}

/// One task.
pub fn task(sample: &Sample) -> TaskPage {
    let field = |name: &str, label: &str| Field::text(name, label, "");
    TaskPage {
        frame: of(sample, "Taak", Tab::Beneath),
        here: "/patienten/x/taken/1".to_owned(),
        title: "Signaal oppakken".to_owned(),
        sentence: "Er is een signaal; nog niemand pakte het op.".to_owned(),
        fine: "Uiterlijk 27 november 2026.".to_owned(),
        seen: 1,
        moves: vec!["Doorgegeven vandaag om 9:12 door Ayşe Yılmaz: kent mevrouw goed".to_owned()],
        next: ("/patienten/x/signalen".to_owned(), "Lees het signaal"),
        may_take: true,
        to: Field::select("wie", "Wie doet het?", "", vec![Choice::of("", "Kies wie het doet")]),
        pass_note: field("bericht", "Waarom, of wat moet de ander weten?"),
        until: field("tot", "Tot welke dag?"),
        off_note: field("waarom", "Waarom?"),
        agreed: None,
        errors: vec![Problem::at("wie", "Kies wie het doet.")],
    }
}

/// A task that a meeting agreed on, and that is one's own.
pub fn agreed_task(sample: &Sample) -> TaskPage {
    let typed = Field::area("verslag", "Wat is er gedaan, of waarom niet?", "<b>gebeld");
    TaskPage {
        title: "Afgesproken in een overleg".to_owned(),
        agreed: Some(Agreed {
            what: "Belt de dochter (Saskia de Wit)".to_owned(),
            report: Some([
                Field::radios("uitkomst", "Hoe is het gegaan?", "", vec![Choice::of("done", "Gedaan")]),
                typed,
            ]),
        }),
        errors: Vec::new(),
        ..task(sample)
    }
}
