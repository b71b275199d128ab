//! The pages of documents.

use super::pages::of;
use super::plan::Sample;
use crate::forms::Fields;
use crate::pages::documents::one::DocumentPage;
use crate::pages::documents::{DocumentForm, DocumentRow, DocumentsPage};
use crate::pages::field::{Field, Problem};
use crate::pages::frame::Tab;
use crate::pages::handover::{HandoverForm, HandoverPage, rows as handovers};
use crate::pages::onward::{Known, OnwardForm, OnwardPage, rows};
use domain::handover;
use domain::ident::HookId;
use domain::onward::{Channel, Event, episode, soep};
use domain::outbox::State;
use domain::path::{Step, What};

/// A document in a list.
pub fn row(differs: bool, ended: bool) -> DocumentRow {
    DocumentRow {
        href: "/patienten/x/documenten/plan-1".to_owned(),
        title: "Niet-reanimerenverklaring van 1 mei 2020".to_owned(),
        differs,
        flags: vec!["Nog niet met de arts besproken".to_owned(), "De arts heeft nog geen kopie".to_owned()],
        representative: Some("Mirjam Jansen, dochter".to_owned()),
        comment: Some("Het origineel ligt thuis in de la.".to_owned()),
        file: differs.then(|| ("/patienten/x/documenten/plan-1/bestand".to_owned(), "PDF, 1,2 MB".to_owned())),
        from: "Toegevoegd op 20 november 2026 door Saskia van Huissen".to_owned(),
        ended: ended
            .then(|| "Ingetrokken door de patiënt (21 november 2026, Ayşe Yılmaz): wil dit niet meer".to_owned()),
    }
}

/// Overnemen en delen.
pub fn onward(sample: &Sample, typed: &Fields, errors: Vec<Problem>) -> OnwardPage {
    let plan = sample.current();
    let event = Event::Shared { channel: Channel::Paper, with: Some("dochter".to_owned()), version: 4 };
    let step = |number, event| Step {
        number,
        at: plan.recorded_at,
        day: sample.today,
        by: plan.recorder.clone(),
        what: What::Onward(Box::new(event)),
    };
    let undone = Event::Undone { number: 1, reason: "De dochter kreeg niets.".to_owned() };
    let steps = [step(1, event.clone()), step(2, undone), step(3, event)];
    OnwardPage {
        frame: of(sample, "Overnemen en delen", Tab::Beneath),
        id: sample.id.to_string(),
        soep: soep(&plan.content),
        episode: episode(&plan.content),
        on_paper: Some("#".to_owned()),
        known: known(sample),
        form: Some(OnwardForm::of(typed, &errors)),
        rows: rows(&steps, true, typed, &errors),
        errors,
    }
}

/// Overdracht.
pub fn handover(sample: &Sample, typed: &Fields, errors: Vec<Problem>) -> HandoverPage {
    let by = sample.current().recorder;
    let step = |number, event| Step {
        number,
        at: sample.current().recorded_at,
        day: sample.today,
        by: by.clone(),
        what: What::Handover(Box::new(event)),
    };
    let made = |name: &str| handover::Event::Made {
        reason: handover::Reason::Admission,
        to: handover::Receiver::Hospital,
        name: name.to_owned(),
        way: handover::Way::Paper,
        version: 4,
        system: None,
    };
    let came = handover::Event::Acknowledged {
        number: 1,
        by: "B. Smit, verpleegkundige".to_owned(),
        heard: handover::Heard::ByHand,
    };
    let steps = [step(1, made("Rijnstate")), step(2, came), step(3, made("Gelre \"<b>\""))];
    HandoverPage {
        frame: of(sample, "Overdracht", Tab::Beneath),
        here: "/patienten/x/overdracht".to_owned(),
        open: vec!["Er is nog geen overdracht gemaakt.".to_owned()],
        without_plan: true,
        form: Some(HandoverForm::of(&[(HookId::from_bits(7), "Ziekenhuis Overveld, epd".to_owned())], typed, &errors)),
        rows: handovers(handover::handovers(&steps), &[(3, State::Waiting, None)], (true, true), typed, &errors),
        errors,
    }
}

/// Whether doctor and patient know.
pub fn known(sample: &Sample) -> Known {
    Known::of(&sample.id, &[], &sample.current())
}

/// The list, with something or nothing in it.
pub fn documents(sample: &Sample, some: bool, errors: Vec<Problem>) -> DocumentsPage {
    let plan = sample.current();
    DocumentsPage {
        frame: of(sample, "Documenten", Tab::Documents),
        id: sample.id.to_string(),
        lead: "Er is één document over wat deze patiënt wil.".to_owned(),
        rows: if some { vec![row(true, false), row(false, false)] } else { Vec::new() },
        ended: if some { vec![row(false, true)] } else { Vec::new() },
        form: Some(DocumentForm::of(&Fields::default(), Some(&plan), true, true, &errors)),
        errors,
    }
}

/// One of them.
pub fn document(sample: &Sample, ended: bool, errors: Vec<Problem>) -> DocumentPage {
    let plan = sample.current();
    let field = |name: &str| Field::text(name, "Waarom?", "").checked(&errors);
    DocumentPage {
        frame: of(sample, "Een document", Tab::Beneath),
        here: "/patienten/x/documenten/plan-1".to_owned(),
        row: row(!ended, ended),
        history: vec!["20 november 2026 om 9:12, Saskia van Huissen: toegevoegd".to_owned()],
        seen: 4,
        form: (!ended).then(|| DocumentForm::of(&Fields::default(), Some(&plan), true, false, &errors)),
        end: (!ended).then(|| [field("waarom"), field("reden")]),
        tried: "wijzig".to_owned(),
        errors,
    }
}
