//! The pages of the toolkit: all of it, one piece, giving it, and an organisation's own.

use super::pages::{frame, of};
use super::plan::Sample;
use crate::forms::Fields;
use crate::pages::caseload::{Found, search_fields};
use crate::pages::field::Problem;
use crate::pages::frame::{Place, Tab};
use crate::pages::toolkit::{FoundRow, GivePage, ManagePage, OnePage, OwnRow, Which, give_form, manage_form, view};
use askama::Template;
use domain::toolkit::{LIBRARY, Material};
use std::collections::HashMap;
use store::toolkit::Link;

fn all() -> Vec<Material> {
    LIBRARY.iter().map(Material::listed).collect()
}

fn links() -> HashMap<String, Link> {
    let at = "2026-11-30T08:00:00Z".parse().unwrap();
    let link = Link {
        checked_at: at,
        answered_at: None,
        failing_since: Some(at),
        why: Some("de pagina is er niet meer".into()),
    };
    HashMap::from([("https://www.thuisarts.nl/levenseinde".to_owned(), link)])
}

fn give(sample: &Sample, typed: &Fields, errors: Vec<Problem>) -> GivePage {
    GivePage {
        frame: of(sample, "Materiaal", Tab::Beneath).failing(!errors.is_empty()),
        id: sample.id.to_string(),
        given: if errors.is_empty() { Vec::new() } else { vec!["Folder <b> (Pharos): meegegeven".to_owned()] },
        form: Some(give_form(&all(), typed, &errors)),
        errors,
    }
}

fn manage(some: bool, typed: &Fields, errors: Vec<Problem>) -> ManagePage {
    let row = OwnRow { id: "x".into(), seen: 1, title: "Reanimatiebeleid <b>".into(), fine: "De Linde".into() };
    ManagePage {
        frame: frame("Eigen materiaal", Place::BelowAdmin),
        here: "/beheer/organisaties/x/materiaal".to_owned(),
        organisation: "De Linde".to_owned(),
        rows: if some { vec![row] } else { Vec::new() },
        form: manage_form(typed, &errors),
        errors,
    }
}

/// Each under the name of its file.
pub fn pages(sample: &Sample) -> Vec<(&'static str, String)> {
    let typed =
        |pairs: &[(&str, &str)]| Fields(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
    let none = Fields::default();
    let toolkit = |which: &Which| view(frame("Toolkit", Place::Toolkit), &all(), which, &links()).render().unwrap();
    let found = FoundRow { href: "#".into(), name: "Mw. S.M. Jansen".into(), born: "12 maart 1941".into() };
    let one = OnePage {
        frame: frame("Toolkit", Place::BelowToolkit),
        here: "/toolkit/x".to_owned(),
        title: "Keuzewijzer".to_owned(),
        fine: "Thuisarts.nl; voor patiënt".to_owned(),
        source: "Genoemd in: de toolkit.".to_owned(),
        place: Some(("https://www.thuisarts.nl/levenseinde".to_owned(), "Open de pagina")),
        broken: Some("Werkt niet sinds 30 november 2026: de pagina is er niet meer.".to_owned()),
        search: Some(search_fields("Achternaam", &Fields::default(), &[])),
        found: Some(Found { rows: vec![found], total: 40 }),
        errors: vec![Problem::at("achternaam", "Schrijf de achternaam.")],
    };
    let wrong = vec![Problem::at("stuk", "Kies welk materiaal u gaf."), Problem::at("aan", "Kies aan wie u het gaf.")];
    let unfit = vec![Problem::at("voor", "Kies voor wie het is."), Problem::at("bestand", "Dit bestand is leeg.")];
    vec![
        ("toolkit", toolkit(&Which::default())),
        ("toolkit-niets", toolkit(&Which::of("coordinator", "meaning"))),
        ("toolkit-stuk", one.render().unwrap()),
        ("materiaal", give(sample, &none, Vec::new()).render().unwrap()),
        ("materiaal-fout", give(sample, &typed(&[("woorden", "<b>")]), wrong).render().unwrap()),
        ("eigen-materiaal", manage(true, &none, Vec::new()).render().unwrap()),
        ("eigen-materiaal-fout", manage(false, &typed(&[("titel", "<b>")]), unfit).render().unwrap()),
    ]
}
