//! The pages of claims: the conversations of a month, and contracts.

use super::pages::frame;
use crate::forms::Fields;
use crate::pages::claims::{ClaimRow, ClaimsPage, ContractRow, ContractsPage, Stands, contract_form, months};
use crate::pages::field::{Field, Problem};
use crate::pages::frame::Place;
use askama::Template;
use domain::claims::given::insurers;
use domain::claims::{Contract, ContractKind, RULES};
use domain::ident::ContractId;
use store::claims::Agreed;

fn row(stands: Stands) -> ClaimRow {
    ClaimRow {
        patient: "x".into(),
        name: "Mw. S.M. Jansen <b>".into(),
        on: "2026-11-08".into(),
        record: "x".into(),
        step: 3,
        fine: "8 november 2026, 35 minuten, door Saskia van Huissen".into(),
        stands,
        lines: vec!["12003 (bedrag nog niet ingevuld)".into()],
        evidence: vec!["gesprek op 8 november 2026, 35 minuten".into()],
        missing: vec!["In het laatste HIS-extract staat geen episode A20.".into()],
        past: vec!["Op 9 november 2026 teruggetrokken door Saskia: <b> dubbel".into()],
    }
}

fn list(some: bool, errors: Vec<Problem>) -> ClaimsPage {
    let (first, today) = ("2026-10-01".parse().unwrap(), "2026-11-30".parse().unwrap());
    ClaimsPage {
        frame: frame("Declaraties", Place::BelowPractice).failing(!errors.is_empty()),
        month: "oktober 2026".into(),
        code: "2026-10".into(),
        months: months(first, today),
        rows: if some { [Stands::Open, Stands::Claimed, Stands::Not].map(row).to_vec() } else { Vec::new() },
        more: some.then(|| "/declaraties?maand=2026-10&pagina=2".to_owned()),
        lacks: vec!["Vul in welke contracten u hebt.".to_owned()],
        errors,
    }
}

fn contracts(typed: &Fields, errors: Vec<Problem>) -> ContractsPage {
    let of = |revision, withdrawn| Agreed {
        id: ContractId::from_bits(3),
        revision,
        at: "2026-11-30T08:00:00Z".parse().unwrap(),
        by: "Peter <b>".into(),
        contract: Contract {
            kind: ContractKind::Acp,
            with: "VGZ".into(),
            from: "2026-01-01".parse().unwrap(),
            until: None,
            code: None,
            cents: Some(5_000),
            most_a_year: Some(2),
            least_minutes: Some(20),
            source: Some("addendum <b>".into()),
            withdrawn,
        },
    };
    let list = insurers("7095 VGZ\n9664 CZ").unwrap();
    ContractsPage {
        frame: frame("Contracten", Place::BelowPractice).failing(!errors.is_empty()),
        rows: vec![ContractRow::of(&of(2, false), &[of(1, false)]), ContractRow::of(&of(1, true), &[])],
        id: String::new(),
        seen: 0,
        fields: contract_form(typed, &list, &errors),
        insurers: Field::area("verzekeraars", "Verzekeraars", "7095 VGZ").checked(&errors),
        insurers_seen: 1,
        rules: RULES.iter().map(|r| (r.words, r.source.to_owned())).collect(),
        may_change: true,
        errors,
    }
}

/// Each under the name of its file.
pub fn pages() -> Vec<(&'static str, String)> {
    let typed =
        |pairs: &[(&str, &str)]| Fields(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
    let wrong = vec![Problem::at("vanaf", "Vul de eerste dag in."), Problem::at("verzekeraars", "Regel 1: geen code.")];
    vec![
        ("declaraties", list(true, Vec::new()).render().unwrap()),
        ("declaraties-leeg", list(false, vec![Problem::whole("Kies een gesprek.")]).render().unwrap()),
        ("contracten", contracts(&Fields::default(), Vec::new()).render().unwrap()),
        ("contracten-fout", contracts(&typed(&[("bron", "<b>")]), wrong).render().unwrap()),
    ]
}
