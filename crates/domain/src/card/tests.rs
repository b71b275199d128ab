//! What a code holds and how it is read.

use super::*;
use crate::plan::sample::{Said as Input, Story};
use crate::plan::{Decision, ReviewBy, Treatment, emergency_view};
use jiff::civil::date;

fn printed() -> Printed {
    Printed {
        token: Token::of([7; LENGTH]),
        kind: Kind::Card,
        day: date(2025, 11, 8),
        decisions: "c0v2i0h1".to_owned(),
        key: 3,
    }
}

#[test]
fn a_token_is_read_as_it_is_typed_and_never_shown_by_mistake() {
    let token = Token::of(*b"0123456789abcdef");
    assert_eq!(token.groups().len(), LENGTH + 3);
    for typed in [
        token.groups(),
        token.groups().to_lowercase(),
        token.groups().replace('-', " "),
        format!(" {}\n", token.as_str()),
    ] {
        assert_eq!(Token::parse(&typed).as_ref(), Some(&token), "{typed}");
    }
    for wrong in ["", "ABCD-EFGH-JKLM", "ABCD-EFGH-JKLM-NPQ0", "ABCD-EFGH-JKLM-NPQRS", "ÄBCD-EFGH-JKLM-NPQR"] {
        assert_eq!(Token::parse(wrong), None, "{wrong}");
    }
    assert_eq!(format!("{token:?}"), "Token");
}

#[test]
fn a_code_is_read_from_an_address_a_text_or_a_token() {
    let printed = printed();
    let message = printed.message();
    assert_eq!(message, "HHHHHHHHHHHHHHHH#K1.20251108.c0v2i0h1.3");
    let whole = Scanned::Whole { printed: printed.clone(), signature: "c2ln".to_owned() };
    for text in [
        format!("https://tijdig.example/kaart/{message}.c2ln"),
        format!("  {message}.c2ln\n"),
        format!("HTTP://LOCALHOST:8080/KAART/{}.c2ln", message.replace('#', "%23")),
    ] {
        assert_eq!(Scanned::read(&text).as_ref(), Some(&whole), "{text}");
    }
    for text in ["https://tijdig.example/kaart/HHHHHHHHHHHHHHHH", "hhhh-hhhh-hhhh-hhhh", "/kaart/HHHHHHHHHHHHHHHH/"] {
        assert_eq!(Scanned::read(text), Some(Scanned::Token(printed.token.clone())), "{text}");
    }
}

#[test]
fn what_is_not_to_the_letter_ours_is_no_code() {
    for text in [
        "",
        "999911120",
        "HHHHHHHHHHHHHHHH#K1.20251108.c0.3",
        "HHHHHHHHHHHHHHHH#K2.20251108.c0.3.c2ln",
        "HHHHHHHHHHHHHHHH#K1.20251308.c0.3.c2ln",
        "HHHHHHHHHHHHHHHH#K1.20251108.c0.03.c2ln",
        "hhhh-hhhh-hhhh-hhhh#K1.20251108.c0.3.c2ln",
        "HHHHHHHHHHHHHHHH#K1.20251108.c0.3.4.c2ln",
    ] {
        assert_eq!(Scanned::read(text), None, "{text}");
    }
}

#[test]
fn the_decisions_on_a_card_are_told_apart_as_the_print_does() {
    let otherwise = Decision::Otherwise(Some("alleen bij een operatie".to_owned()));
    let plan = Story::of(
        Input::on("2022-11-08")
            .limit(Treatment::Cpr, Decision::DoNot)
            .limit(Treatment::Ventilation, otherwise)
            .propose(Treatment::Hospital, Decision::DoNot),
    );
    let by = ReviewBy { today: date(2022, 11, 10), interval_months: 6 };
    assert_eq!(decisions(&emergency_view(&plan.content, by).first), "c0v2ixhp");
    let plan = Story::of(
        Input::on("2022-11-08").limit(Treatment::Cpr, Decision::Perform).limit(Treatment::Icu, Decision::Unknown),
    );
    let view = emergency_view(&plan.content, by);
    assert_eq!(decisions(&view.first), "c1vxi9hx");
    assert_eq!(decisions(&view.more), "", "what is not printed is not told");
}
