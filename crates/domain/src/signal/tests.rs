use super::*;

fn today() -> Date {
    "2026-11-24".parse().unwrap()
}

fn given(reasons: &[&str]) -> SignalGiven {
    SignalGiven { reasons: reasons.iter().map(|r| (*r).to_owned()).collect(), ..SignalGiven::default() }
}

/// All instruments, as the program has them.
fn all() -> Instruments {
    Instruments::default()
}

fn fields(wrong: Result<Signal, Vec<Wrong>>) -> Vec<Field> {
    wrong.unwrap_err().into_iter().map(|w| w.field).collect()
}

#[test]
fn one_reason_is_enough() {
    let made = signal(&given(&["asks"]), &all(), today()).unwrap();
    assert_eq!((made.noticed_on, made.reasons), (today(), vec![Reason::Asks]));
    assert!(made.findings.is_empty());
}

#[test]
fn instruments_are_kept_with_their_threshold_and_its_source() {
    let mut typed = given(&["seventy", "frail", "frail"]);
    typed.scores = vec![("gfi".into(), "5".into()), (String::new(), String::new())];
    typed.signs = vec!["weight".into()];
    typed.conditions = vec!["heart".into()];
    (typed.if_died, typed.if_alive) = ("no".into(), "yes".into());
    let made = signal(&typed, &all(), today()).unwrap();
    assert_eq!(made.reasons, [Reason::Frail, Reason::Seventy]);
    let said: Vec<String> = made.findings.iter().map(Finding::sentence).collect();
    assert_eq!(
        said,
        [
            "Surprise Question: overlijden binnen een jaar zou niet verbazen; nog in leven zijn zou wel verbazen",
            "SPICT: valt af of blijft mager en hart- of vaatziekte",
            "GFI (Groningen Frailty Indicator): 5 van 15, kwetsbaar (grens: 5 of hoger; KNGF 2024: hoger dan 4; elders \
             4 of hoger)",
        ]
    );
}

#[test]
fn an_organisation_may_draw_the_line_elsewhere() {
    let mut own = all();
    own.scales[0].frail_from = 4;
    let mut typed = given(&["frail"]);
    typed.scores = vec![("gfi".into(), "4".into())];
    let made = signal(&typed, &own, today()).unwrap();
    assert!(made.findings[0].sentence().contains("kwetsbaar (grens: 4"));
}

#[test]
fn what_is_missing_too_long_or_unknown_is_said_at_its_field() {
    assert_eq!(fields(signal(&given(&[]), &all(), today())), [Field::Reasons]);
    assert_eq!(fields(signal(&given(&["nonsense"]), &all(), today())), [Field::Reasons]);
    let mut typed = given(&["asks"]);
    typed.words = "a".repeat(LONGEST + 1);
    typed.noticed_on = "2026-11-25".into();
    typed.scores = vec![("gfi".into(), "16".into()), (String::new(), "3".into())];
    typed.other_name = "TraZAG".into();
    assert_eq!(
        fields(signal(&typed, &all(), today())),
        [Field::NoticedOn, Field::Score, Field::Score, Field::Other, Field::Words]
    );
    for (day, fine) in [("2025-11-24", true), ("2025-11-20", false), ("gisteren", false), ("", true)] {
        let typed = SignalGiven { noticed_on: day.into(), ..given(&["asks"]) };
        assert_eq!(signal(&typed, &all(), today()).is_ok(), fine, "{day}");
    }
}

#[test]
fn what_an_organisation_does_not_use_is_not_taken() {
    let few = Instruments { surprise: Asks::Single, spict: false, scales: Vec::new() };
    let mut typed = given(&["asks"]);
    typed.if_died = "no".into();
    assert!(signal(&typed, &few, today()).is_ok());
    typed.if_alive = "no".into();
    typed.signs = vec!["weight".into()];
    typed.scores = vec![("gfi".into(), "4".into())];
    assert_eq!(fields(signal(&typed, &few, today())), [Field::IfAlive, Field::Spict, Field::Score]);
    let none = Instruments { surprise: Asks::Not, ..few };
    typed = given(&["asks"]);
    typed.if_died = "no".into();
    assert_eq!(fields(signal(&typed, &none, today())), [Field::IfDied]);
}

#[test]
fn contradictions_are_named() {
    let with = |reasons: &[&str], died: &str, alive: &str| {
        let typed = SignalGiven { if_died: died.into(), if_alive: alive.into(), ..given(reasons) };
        signal(&typed, &all(), today())
    };
    assert_eq!(fields(with(&["within-year"], "yes", "")), [Field::IfDied]);
    assert_eq!(fields(with(&["asks"], "yes", "no")), [Field::IfAlive]);
    assert_eq!(fields(with(&["asks"], "", "no")), [Field::IfDied]);
    assert!(with(&["within-year"], "no", "no").is_ok());
}

#[test]
fn the_three_answers_carry_what_belongs_to_them() {
    let given = |open: &str, again: &str, material: &str, reason: &str| {
        let given = AnswerGiven {
            open: open.into(),
            ask_again_on: again.into(),
            material: material.into(),
            reason: reason.into(),
        };
        answer(&given, today()).map_err(|w| w.into_iter().map(|w| w.field).collect::<Vec<_>>())
    };
    assert_eq!(given("yes", "", "", ""), Ok(Openness::Yes));
    let later = Openness::NotNow { ask_again_on: "2027-01-10".parse().unwrap(), material: Material::Given };
    assert_eq!(given("not-now", "2027-01-10", "given", ""), Ok(later));
    assert_eq!(given("no", "", "", " wil niet "), Ok(Openness::No { reason: "wil niet".into() }));
    assert_eq!(given("", "", "", ""), Err(vec![Field::Open]));
    assert_eq!(given("not-now", "", "", ""), Err(vec![Field::AskAgainOn, Field::Material]));
    assert_eq!(given("not-now", "2026-11-24", "given", ""), Err(vec![Field::AskAgainOn]), "today is no later day");
    assert_eq!(given("not-now", "2028-11-24", "given", ""), Err(vec![Field::AskAgainOn]));
    assert_eq!(given("no", "", "", " "), Err(vec![Field::Reason]));
    assert_eq!(given("yes", "2027-01-10", "", "x"), Err(vec![Field::AskAgainOn, Field::Reason]));
}

#[test]
fn codes_lead_back() {
    for reason in Reason::ALL {
        assert_eq!(Reason::of_code(reason.code()), Some(*reason));
    }
    assert_eq!(Reason::ALL.iter().filter(|r| r.part() == Part::Feature).count(), 5);
    assert_eq!(serde_json::to_string(&Reason::WithinYear).unwrap(), "\"within-year\"");
}
