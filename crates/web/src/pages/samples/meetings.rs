//! The pages of meetings: the list of them, one with its list, one patient of it, and calling one.

use super::pages::{frame, of};
use super::plan::Sample;
use crate::forms::Fields;
use crate::pages::caseload::{Found, search_fields};
use crate::pages::field::{Choice, Problem};
use crate::pages::frame::{Link, Place, Tab};
use crate::pages::meetings::{
    CallPage, Candidate, DiscussPage, Known, MeetingPage, MeetingRow, MeetingsPage, Offered, RowView, Said, TaskView,
    discuss_form, of_form,
};
use crate::pages::patient::Fact;
use askama::Template;
use domain::ident::OrganisationId;
use domain::meeting::{Attendee, Kind, Meeting};

/// What a meeting said of the sample patient.
pub fn said() -> Said {
    let task = |number, open: bool, state: &str| TaskView {
        number,
        who: "Saskia de Wit, wijkverpleegkundige (Thuiszorg Nabij)".to_owned(),
        what: "Belt de dochter <b>eerst</b>".to_owned(),
        by: "1 december 2026".to_owned(),
        state: state.to_owned(),
        open,
    };
    Said {
        title: "PaTz-overleg, 20 november 2026".to_owned(),
        decisions: "Een gesprek over wensen en grenzen voeren.".to_owned(),
        words: Some("Eerst met de dochter erbij.".to_owned()),
        situation: Some("Wordt sneller moe.".to_owned()),
        knows: "Sanne van Huissen, huisarts".to_owned(),
        lead: Some("Saskia de Wit, wijkverpleegkundige (Thuiszorg Nabij)".to_owned()),
        tasks: vec![task(4, true, "open"), task(5, false, "gedaan op 22 november 2026 door S. de Wit: gebeld")],
        by: "Sanne van Huissen (De Linde)".to_owned(),
        link: Some(Link::to("#", "Lees wat er is besproken")),
    }
}

fn meeting() -> Meeting {
    Meeting {
        kind: Kind::Patz,
        organisation: OrganisationId::from_bits(1),
        on: "2026-11-20".parse().unwrap(),
        at: None,
        place: Some("vergaderkamer 2".to_owned()),
        chair: Some("Sanne van Huissen, huisarts".to_owned()),
        with: Vec::new(),
        attends: vec![Attendee { person: None, words: "Noor Verbeek, palliatief verpleegkundige".to_owned() }],
    }
}

fn one(some: bool, errors: Vec<Problem>) -> MeetingPage {
    let row = |said: Option<&str>| RowView {
        id: "x".to_owned(),
        name: "Mw. S.M. Jansen".to_owned(),
        born: "12 maart 1941 (85 jaar)".to_owned(),
        state: "Gesignaleerd op 24 november 2026; nog niemand pakte het op.".to_owned(),
        said: said.map(str::to_owned),
        open: "2 open taken".to_owned(),
        href: "/overleg/x/patient/y".to_owned(),
        may_remove: said.is_none(),
    };
    let candidate = |why: &str| Candidate { id: "x".into(), name: "Dhr. P. <b>".into(), why: why.into() };
    let fact = |label, value: &str| Fact { label, value: value.to_owned() };
    MeetingPage {
        frame: frame("Overleg", Place::BelowMeetings),
        here: "/overleg/x".to_owned(),
        title: "PaTz-overleg op 20 november 2026".to_owned(),
        facts: vec![fact("Voorzitter", "Sanne van Huissen"), fact("Wie erbij zijn", "Noor Verbeek")],
        rows: if some { vec![row(Some("Nu niets doen.")), row(None)] } else { Vec::new() },
        hidden: some.then(|| "Er staat nog 1 andere patiënt op de lijst.".to_owned()),
        candidates: if some { vec![candidate("signaal oppakken, uiterlijk 1 december 2026")] } else { Vec::new() },
        found: some.then(|| Found::all(vec![candidate("")])),
        search: search_fields("Achternaam", &Fields::default(), &[]),
        may_list: true,
        may_change: true,
        errors,
    }
}

fn discuss(sample: &Sample, typed: &Fields, errors: Vec<Problem>) -> DiscussPage {
    let team = vec![Choice::of("x/gp", "een huisarts van De Linde")];
    let form = discuss_form(&meeting(), &team, &said().tasks, typed, &errors);
    DiscussPage {
        frame: of(sample, "Overleg over een patiënt", Tab::Beneath).failing(!errors.is_empty()),
        here: "/overleg/x/patient/y".to_owned(),
        title: "PaTz-overleg op 20 november 2026".to_owned(),
        seen: 4,
        known: Known {
            state: "Actueel.".to_owned(),
            leads: "Niemand heeft de regie.".to_owned(),
            last: "Er is nog geen gesprek vastgelegd.".to_owned(),
            plan: Some(("Niet reanimeren.".to_owned(), Link::to("#", "Lees het hele plan"))),
        },
        said: errors.is_empty().then(said),
        earlier: vec!["MDO, 3 mei 2026: Nu niets doen.".to_owned()],
        form: Some(form),
        to_come: false,
        errors,
    }
}

fn call(errors: Vec<Problem>) -> CallPage {
    let typed = Fields(vec![("plaats".to_owned(), "kamer <b>2</b>".to_owned())]);
    of_form(frame("Overleg", Place::BelowMeetings), None, &Offered::default(), &typed, errors)
}

/// Each under the name of its file.
pub fn pages(sample: &Sample) -> Vec<(&'static str, String)> {
    let row = MeetingRow {
        href: "/overleg/x".to_owned(),
        title: "MDO op 8 december 2026".to_owned(),
        fine: "om 10.30 uur; Praktijk De Linde; 3 patiënten op de lijst".to_owned(),
    };
    let all = |rows: Vec<MeetingRow>| MeetingsPage {
        frame: frame("Overleg", Place::Meetings),
        coming: rows.clone(),
        past: rows,
        may_call: true,
    };
    let typed = Fields(
        [("besluit", "nothing"), ("besluit", "review"), ("wat.0", "bellen <b>"), ("vervalt", "4")]
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .to_vec(),
    );
    let wrong = vec![
        Problem::at("besluit", "U koos ‘nu niets doen’ en ook ‘het plan opnieuw bespreken’."),
        Problem::at("wie.0", "Kies wie dit doet."),
    ];
    vec![
        ("overleggen", all(vec![row]).render().unwrap()),
        ("overleggen-leeg", all(Vec::new()).render().unwrap()),
        ("overleg", one(true, Vec::new()).render().unwrap()),
        ("overleg-leeg", one(false, vec![Problem::at("patient", "Kies wie er op de lijst komt.")]).render().unwrap()),
        ("overleg-patient", discuss(sample, &Fields::default(), Vec::new()).render().unwrap()),
        ("overleg-patient-fout", discuss(sample, &typed, wrong).render().unwrap()),
        ("overleg-nieuw", call(Vec::new()).render().unwrap()),
        ("overleg-nieuw-fout", call(vec![Problem::at("dag", "Kies de dag van het overleg.")]).render().unwrap()),
    ]
}
