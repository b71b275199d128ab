//! The pages of a practice: steps, one figure, goals, a list, visits.

use super::pages::frame;
use crate::forms::Fields;
use crate::pages::field::Problem;
use crate::pages::frame::Place;
use crate::pages::patients::Pages;
use crate::pages::practice::{
    ListPage, VisitRow, VisitsPage, figure_view, goals_view, new_view, overview_view, visit_view,
};
use crate::pages::rows::PatientRow;
use askama::Template;
use domain::figures::report::Named;
use domain::figures::{Compared, DEFINITIONS, Figure, Line};
use domain::ident::{OrganisationId, VisitId};
use domain::organisation::OrganisationKind;
use domain::practice::{Action, Agreement, Entry, Goal, Progress, Said, Visit, Written};
use store::practices::Kept;

fn figures() -> Vec<Compared> {
    let line = |above, of| Line { above, of, unknown: 2 };
    DEFINITIONS
        .iter()
        .map(|definition| Compared {
            definition,
            line: line(30, 40),
            answers: vec![7; definition.answers.len()],
            weeks: (definition.figure == Figure::Wait).then_some(3),
            region: Some(62.5),
            others: vec![line(20, 50), line(60, 80), line(9, 9)],
        })
        .collect()
}

fn entries() -> Vec<Entry> {
    let written =
        Written { by: "M. <b>Koster</b>, praktijkondersteuner".into(), at: "2026-11-20T10:00:00Z".parse().unwrap() };
    let by = "2027-06-30".parse().unwrap();
    [
        Said::Did { action: Action::Mdo, progress: Progress::Done, words: Some("elke <b>maand</b>".into()) },
        Said::Did { action: Action::Website, progress: Progress::Busy, words: None },
        Said::Goal(Goal { figure: Figure::Coverage, percent: 70, by, words: Some("samen met de thuiszorg".into()) }),
        Said::Goal(Goal { figure: Figure::Late, percent: 10, by, words: None }),
        Said::NoGoal { figure: Figure::Late },
    ]
    .into_iter()
    .map(|said| Entry { written: written.clone(), said })
    .collect()
}

fn kept() -> Kept {
    let visit = Visit {
        organisation: OrganisationId::from_bits(1),
        region: OrganisationId::from_bits(2),
        on: "2026-11-20".parse().unwrap(),
        people: "Marja Koster en Hanneke Regt".into(),
        agenda: "Heeft een plan: 75,0% (30 van 40); hele regio 62,5%.".into(),
        progress: "Gaat <b>goed</b>".into(),
        goes_well: "Elke maand MDO".into(),
        support: String::new(),
        cooperation: "Korte lijnen met de wijk".into(),
        agreements: vec![Agreement { what: "Folder".into(), who: "Marja".into(), by: "2027-01-15".parse().unwrap() }],
        feedback: "Dank voor het gesprek".into(),
        in_report: true,
    };
    Kept { id: VisitId::from_bits(1), revision: 2, visit }
}

/// Each under the name of its file.
pub fn pages() -> Vec<(&'static str, String)> {
    let typed = Fields(vec![("woorden".to_owned(), "te <b>lang</b>".to_owned())]);
    let below = |title: &str| frame(title, Place::BelowPractice);
    let overview = |figures: &[Compared], entries: &[Entry], errors| {
        overview_view(frame("Praktijk", Place::Practice), "De Linde", (2026, 2026), figures, entries, (&typed, errors))
    };
    let of = |figure| figures().into_iter().find(|c| c.definition.figure == figure).unwrap();
    let figure = |figure, opens| figure_view(below("Cijfer"), "De Linde", 2026, &of(figure), &entries(), opens);
    let patient = PatientRow {
        id: "x".into(),
        name: "Mw. S.M. <b>".into(),
        born: "12 maart 1941 (85 jaar)".into(),
        address: String::new(),
        state: String::new(),
    };
    let list = |rows: Vec<(PatientRow, &'static str)>| ListPage {
        frame: below("Heeft een plan"),
        title: "Heeft een plan, 2026".into(),
        lead: "Teller: wie een plan heeft dat op een gesprek rust.".into(),
        missing: (!rows.is_empty()).then(|| "1 van de 2 mensen staat niet op deze bladzijde.".into()),
        pages: Pages {
            before: None,
            after: (!rows.is_empty()).then(|| "/praktijk/lijst/coverage?deel=teller&pagina=2".into()),
        },
        rows,
    };
    let row = VisitRow {
        href: "/praktijk/bezoeken/x".into(),
        title: "De Linde, 20 november 2026".into(),
        fine: "Verslag en terugkoppeling.".into(),
    };
    let visits = |rows, due: Vec<String>, plans| VisitsPage { frame: below("Praktijkbezoeken"), rows, due, plans };
    let named = [Named {
        id: OrganisationId::from_bits(1),
        name: "De <b>Linde</b>".into(),
        kind: OrganisationKind::GpPractice,
    }];
    let wrong = |field: &str| vec![Problem::at(field, "Vul dit in.")];
    let visit =
        |writes, errors| visit_view(below("Praktijkbezoek"), "De Linde", &kept(), writes, errors).render().unwrap();
    vec![
        ("praktijk", overview(&figures(), &entries(), Vec::new()).render().unwrap()),
        ("praktijk-leeg", overview(&[], &[], wrong("stand")).render().unwrap()),
        ("praktijk-cijfer", figure(Figure::Coverage, true).render().unwrap()),
        ("praktijk-cijfer-wachttijd", figure(Figure::Wait, false).render().unwrap()),
        ("praktijk-lijst", list(vec![(patient, "heeft een plan")]).render().unwrap()),
        ("praktijk-lijst-leeg", list(Vec::new()).render().unwrap()),
        ("praktijk-doelen", goals_view(below("Doelen"), &entries(), &Fields::default(), Vec::new()).render().unwrap()),
        ("praktijk-doelen-fout", goals_view(below("Doelen"), &[], &typed, wrong("procent")).render().unwrap()),
        ("praktijkbezoeken", visits(vec![row], vec!["Molenzicht".into()], true).render().unwrap()),
        ("praktijkbezoeken-leeg", visits(Vec::new(), Vec::new(), false).render().unwrap()),
        ("praktijkbezoek-nieuw", new_view(below("Bezoek"), &named, &typed, wrong("praktijk")).render().unwrap()),
        ("praktijkbezoek", visit(None, Vec::new())),
        ("praktijkbezoek-schrijven", visit(Some(&typed), wrong("wat.0"))),
    ]
}
