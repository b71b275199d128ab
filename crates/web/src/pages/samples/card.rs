//! The pages of the emergency card.

use super::checks::whole_and_labelled;
use super::pages::{frame, of};
use super::plan::sample;
use crate::pages::card::check::{CheckPage, NO_CODE};
use crate::pages::card::{CardPage, renew_sentence};
use crate::pages::field::Problem;
use crate::pages::frame::{Frame, Place, Tab};
use askama::Template;
use domain::card::{Kind, Standing};
use jiff::civil::date;
use store::Store;
use store::cards::Issued;

/// A card that was made.
fn issued(number: u32, kind: Kind, standing: Standing) -> Issued {
    let token = Store::fresh_token();
    Issued {
        number,
        kind,
        version: 3,
        made_at: sample().current().recorded_at,
        code: format!("{}#K1.20261120.c0.1.sig", token.as_str()),
        token,
        by: "Saskia van Huissen".to_owned(),
        standing,
    }
}

fn pages() -> Vec<(&'static str, String)> {
    let sample = sample();
    let plan = sample.current();
    let replaced = Standing::Replaced(date(2026, 11, 20));
    let cards = |standing| vec![issued(2, Kind::Sheet, replaced), issued(1, Kind::Card, standing)];
    let of_patient = |cards: &[Issued], own: bool| CardPage {
        may_withdraw: true,
        letter: Some("#".to_owned()),
        own,
        ..CardPage::new(of(&sample, "Noodkaart", Tab::Beneath), "/patienten/x/kaart".to_owned(), Some(&plan), cards)
    };
    let none = CardPage::new(of(&sample, "Noodkaart", Tab::Beneath), "/patienten/x/kaart".to_owned(), None, &[]);
    let checked = |standing| CheckPage::new(Frame::default(), "", Some(standing), Vec::new());
    let look = CheckPage {
        look: Some("ABCD-EFGH-JKLM-NPQR".to_owned()),
        ..CheckPage::new(frame("", Place::None), "", Some(replaced), Vec::new())
    };
    let wrong = vec![Problem::at("code", NO_CODE)];
    vec![
        ("noodkaart", of_patient(&cards(Standing::Current), false).render().unwrap()),
        ("noodkaart-oud", of_patient(&cards(replaced), false).render().unwrap()),
        ("noodkaart-eigen", of_patient(&cards(Standing::Withdrawn), true).render().unwrap()),
        ("noodkaart-geen", none.render().unwrap()),
        ("kaart", CheckPage::new(Frame::default(), "", None, Vec::new()).render().unwrap()),
        ("kaart-fout", CheckPage::new(Frame::default(), "\"<b>\"", None, wrong).render().unwrap()),
        ("kaart-actueel", checked(Standing::Current).render().unwrap()),
        ("kaart-vervangen", checked(replaced).render().unwrap()),
        ("kaart-ingetrokken", checked(Standing::Withdrawn).render().unwrap()),
        ("kaart-niet-van-ons", checked(Standing::Unknown).render().unwrap()),
        ("kaart-verder", look.render().unwrap()),
    ]
}

#[test]
fn the_pages_render_and_say_what_a_card_is_worth() {
    let all = pages();
    for (name, html) in &all {
        whole_and_labelled(name, html);
        assert!(!html.contains("<b>"), "{name}: what was typed is no mark-up");
    }
    let of = |name: &str| &all.iter().find(|(n, _)| *n == name).unwrap().1;
    assert!(of("kaart-vervangen").contains("Vervangen op 20 november 2026"));
    assert!(of("noodkaart-oud").contains("vervangen op 20 november 2026: print een nieuwe."));
    assert!(of("kaart-verder").contains("Bekijk de noodgegevens") && !of("kaart-vervangen").contains("noodgegevens"));
}

#[test]
fn a_card_is_to_be_renewed_where_none_holds_and_one_was_replaced() {
    let (old, new) = (Standing::Replaced(date(2026, 11, 20)), Standing::Current);
    let card = |n, standing| issued(n, Kind::Card, standing);
    assert_eq!(renew_sentence(&[]), None);
    assert_eq!(renew_sentence(&[issued(1, Kind::Sheet, old)]), None, "a sheet is no card");
    assert_eq!(renew_sentence(&[card(2, new), card(1, old)]), None);
    assert_eq!(renew_sentence(&[card(1, Standing::Withdrawn)]), None, "nobody carries it");
    let sentence = renew_sentence(&[card(1, old)]).unwrap();
    assert_eq!(sentence, "De noodkaart (versie 3) is vervangen op 20 november 2026: print een nieuwe.");
}
