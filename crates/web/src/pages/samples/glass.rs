//! The pages around an emergency and a broken glass, from the sample.

use super::checks::whole_and_labelled;
use super::pages::frame;
use super::sample;
use crate::forms::Fields;
use crate::pages::emergency::SearchPage;
use crate::pages::emergency::find::Wanted;
use crate::pages::emergency::glass::{GlassPage, NothingPage, ObjectionPage};
use crate::pages::emergency::view::{PlanLines, ViewPage, introduced};
use crate::pages::field::Problem;
use crate::pages::frame::Place;
use crate::pages::glass::cases::CasesPage;
use crate::pages::glass::judge::{JudgePage, fields, looked};
use crate::pages::glass::report::{ReportPage, lead, others_months, own_months};
use crate::pages::glass::told::Notice;
use crate::pages::glass::{Opinion, Told};
use askama::Template;
use domain::glass::Kind;
use domain::plan::ReviewBy;

fn told(judged: bool) -> Told {
    Told {
        who: "Iris Nachtegaal (spoedzorg, Huisartsenpost Overveld)".to_owned(),
        when: "gisteren om 22:14".to_owned(),
        kind: Kind::Acute.short(),
        words: "Gevonden op straat, <b>niet</b> aanspreekbaar.".to_owned(),
        despite: true,
        judgement: judged.then(|| Opinion {
            justified: true,
            verdict: "met goede reden",
            words: Some("Terecht.".to_owned()),
            by: "Sanne van Huissen (huisarts)".to_owned(),
            when: "vandaag om 9:12".to_owned(),
        }),
    }
}

/// A notice on the work page.
pub fn notice() -> Notice {
    Notice {
        href: "/beheer/noodknop/x/1".to_owned(),
        about: "Mw. S.M. Jansen".to_owned(),
        told: told(false),
        own: false,
    }
}

fn pages() -> Vec<(&'static str, String)> {
    let sample = sample();
    let by = ReviewBy { today: sample.today, interval_months: 6 };
    let wanted = Wanted::Name { family: "Jansen \"<b>\"".to_owned(), born: jiff::civil::date(1941, 3, 12) };
    let empty = Fields::default();
    let wrong = vec![Problem::at("reden", "Schrijf in een zin waarom.")];
    let view = |named: bool, plan: bool| {
        let (who, born) = introduced(&sample.patient, sample.today, named);
        ViewPage {
            frame: frame("Noodgegevens", Place::BelowEmergency),
            who,
            born,
            plan: plan.then(|| PlanLines::of(&sample.current(), by)),
            open_until: (!named).then(|| "14:35".to_owned()),
            whole: named.then(|| "/patienten/x/plan".to_owned()),
        }
    };
    let judge = |judged: bool, own: bool| {
        let (verdict, words) = fields(&empty, &[]);
        JudgePage {
            frame: frame("Noodknop beoordelen", Place::None),
            errors: Vec::new(),
            action: "/beheer/noodknop/x/1".to_owned(),
            about: "Mw. S.M. Jansen".to_owned(),
            told: told(judged),
            glass: vec![told(judged)],
            until: "23:14".to_owned(),
            looked: looked(&[]),
            own,
            verdict,
            words,
        }
    };
    let own = own_months(&[], sample.today);
    let search = SearchPage::new(frame("Spoed", Place::Emergency), &empty, Vec::new(), Vec::new());
    let glass =
        |may_break, errors| GlassPage::of(frame("Noodknop", Place::BelowEmergency), may_break, &wanted, &empty, errors);
    let objection = ObjectionPage {
        frame: frame("Noodknop", Place::BelowEmergency),
        errors: Vec::new(),
        sought: wanted.dutch(),
        hidden: wanted.fields(),
    };
    let nothing = NothingPage { frame: frame("Niets bekend", Place::BelowEmergency), sought: wanted.dutch() };
    let cases = CasesPage {
        frame: frame("Noodknop", Place::None),
        waiting: vec![notice()],
        judged: vec![Notice { told: told(true), ..notice() }],
        figures: true,
    };
    let report = ReportPage {
        frame: frame("Noodknop per maand", Place::None),
        organisation: "Huisartsenpraktijk De Linde".to_owned(),
        lead: lead(&own, &[]),
        kinds: Kind::ALL.iter().map(|k| k.short()).collect(),
        own,
        others: others_months(&[], sample.today),
        made: "22 november 2026".to_owned(),
    };
    vec![
        ("spoed", search.render().unwrap()),
        ("spoed-noodknop", glass(true, Vec::new()).render().unwrap()),
        ("spoed-noodknop-fout", glass(true, wrong).render().unwrap()),
        ("spoed-noodknop-niet", glass(false, Vec::new()).render().unwrap()),
        ("spoed-bezwaar", objection.render().unwrap()),
        ("spoed-niets", nothing.render().unwrap()),
        ("spoed-plan", view(true, true).render().unwrap()),
        ("spoed-naamloos", view(false, true).render().unwrap()),
        ("spoed-zonder-plan", view(true, false).render().unwrap()),
        ("noodknop", cases.render().unwrap()),
        ("noodknop-beoordelen", judge(false, false).render().unwrap()),
        ("noodknop-eigen", judge(false, true).render().unwrap()),
        ("noodknop-beoordeeld", judge(true, false).render().unwrap()),
        ("noodknop-overzicht", report.render().unwrap()),
    ]
}

#[test]
fn the_pages_render_and_can_be_found_ones_way_in() {
    for (name, html) in pages() {
        whole_and_labelled(name, &html);
        assert!(!html.contains("<b>"), "{name}: what was typed is no mark-up");
    }
}

#[test]
fn the_emergency_view_says_what_is_proposed_and_what_was_not_discussed() {
    let all = pages();
    let of = |name: &str| &all.iter().find(|(n, _)| *n == name).unwrap().1;
    let plan = of("spoed-plan");
    assert!(plan.contains("Voorgesteld: niet naar het ziekenhuis. Nog niet medisch vastgesteld."), "{plan}");
    assert!(plan.contains("href=\"tel:"), "somebody to call");
    assert!(of("spoed-naamloos").contains("geboren in 1941") && !of("spoed-naamloos").contains("S.M. Jansen"));
}
