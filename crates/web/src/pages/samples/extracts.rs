//! The pages of a practice: what its own system gives, candidates, and their rules.

use super::pages::frame;
use crate::forms::Fields;
use crate::pages::candidates::{CandidateRow, CandidatesPage, RulesPage, SetRow, lead, rules_form};
use crate::pages::extract::{TalkedRow, one_view, overview_view};
use crate::pages::field::Problem;
use crate::pages::frame::Place;
use askama::Template;
use domain::candidates::SHIPPED;
use domain::ident::{ExtractId, OrganisationId};
use store::candidates::Chosen;
use store::extracts::{About, Counts, Extract, State};

fn extract(state: State, wrong: u64) -> Extract {
    let at = "2026-11-30T08:00:00Z".parse().unwrap();
    Extract {
        id: ExtractId::from_bits(7),
        turn: 0,
        organisation: OrganisationId::from_bits(1),
        made_at: at,
        touched_at: at,
        state,
        counts: Counts {
            rows: 12_345,
            wrong,
            kept: 900,
            patients: 300,
            own: 80,
            bytes: 2_000,
            read: 900,
            ..Counts::default()
        },
        about: About {
            layout: "Voorbeeld-HIS".into(),
            by: "Saskia <b>".into(),
            reasons: vec![("icpc: Dit is geen ICPC-code, zoals A20 of N99.01.".into(), wrong)],
            passed_over: vec!["Huisdier <b>".into()],
            whole: true,
            ..About::default()
        },
    }
}

fn one(state: State, wrong: u64, at_work: bool) -> String {
    let here =
        TalkedRow { href: Some("/patienten/x".into()), name: "Mw. Jansen".into(), fine: "A20 sinds 3 mei 2026".into() };
    let there = TalkedRow { href: None, name: "Nummer <b> in uw HIS".into(), fine: "hier nog niet bekend".into() };
    let mut view =
        one_view(frame("HIS-extract", Place::BelowPractice), &extract(state, wrong), at_work, true, Vec::new());
    if wrong > 0 {
        view.bad = vec![("1.204".into(), "icpc: Dit is geen ICPC-code.".into())];
    }
    if state == State::Done {
        (view.talked, view.planned) = (Some(vec![here.clone(), there]), vec![here]);
    }
    view.render().unwrap()
}

fn candidates(some: bool) -> CandidatesPage {
    let row = |id: Option<&str>| CandidateRow {
        id: id.map(str::to_owned),
        name: "Mw. S.M. Jansen <b>".to_owned(),
        fine: "12-03-1941 (85); laatste contact over A20 op 3 mei 2024".to_owned(),
        causes: vec!["Dementie (P70, episode sinds 3 maart 2024)".to_owned()],
    };
    CandidatesPage {
        frame: frame("Kandidaten", Place::BelowPractice),
        lead: lead(u64::from(some) * 2),
        checked: "De lijst is nog niet nagekeken.".to_owned(),
        is_due: some,
        rows: if some { vec![row(Some("x")), row(None)] } else { Vec::new() },
        more: some.then(|| "/praktijk/kandidaten?na=x".to_owned()),
        empty: "Lees eerst een uitdraai van uw HIS in.",
        errors: if some { vec![Problem::whole("Kies bij wie u een signaal vastlegt.")] } else { Vec::new() },
    }
}

fn rules(typed: &Fields, errors: Vec<Problem>) -> RulesPage {
    let chosen = |own: bool| Chosen { set: SHIPPED[0].set(), used: !own, own, revision: 1 };
    RulesPage {
        frame: frame("Regels voor kandidaten", Place::BelowPractice),
        sets: vec![SetRow::of(&chosen(false)), SetRow::of(&chosen(true))],
        code: if errors.is_empty() { String::new() } else { "x".to_owned() },
        seen: 1,
        fields: rules_form(typed, &errors),
        errors,
    }
}

/// Each under the name of its file.
pub fn pages() -> Vec<(&'static str, String)> {
    let typed =
        |pairs: &[(&str, &str)]| Fields(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
    let none = Fields::default();
    let overview = |extracts: &[Extract], typed: &Fields, errors: Vec<Problem>| {
        overview_view(frame("HIS-extract", Place::BelowPractice), "De Linde", true, extracts, typed, errors)
            .render()
            .unwrap()
    };
    let wrong = vec![Problem::at("bestand", "Kies een bestand."), Problem::at("indeling", "Regel 1 is niet te lezen.")];
    let unfit = vec![Problem::at("naam", "Schrijf hoe de set heet."), Problem::at("regels", "Regel 2: geen regel.")];
    vec![
        ("extract", overview(&[extract(State::Tried, 3), extract(State::Done, 0)], &none, Vec::new())),
        ("extract-fout", overview(&[], &typed(&[("indeling", "<b>")]), wrong)),
        ("extract-proef", one(State::Tried, 3, false)),
        ("extract-bezig", one(State::Running, 0, true)),
        ("extract-ingelezen", one(State::Done, 2_000, false)),
        ("extract-teruggedraaid", one(State::Undone, 0, false)),
        ("kandidaten", candidates(true).render().unwrap()),
        ("kandidaten-leeg", candidates(false).render().unwrap()),
        ("kandidaten-regels", rules(&none, Vec::new()).render().unwrap()),
        ("kandidaten-regels-fout", rules(&typed(&[("regels", "<b>")]), unfit).render().unwrap()),
    ]
}
