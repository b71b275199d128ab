use super::*;

fn fields(wrong: Result<impl std::fmt::Debug, Vec<Flaw>>) -> Vec<String> {
    wrong.unwrap_err().into_iter().map(|f| f.field).collect()
}

#[test]
fn a_code_is_read_as_somebody_types_it() {
    let code = Code::of([0, 1, 2, 31, 30, 255]);
    assert_eq!((code.as_str(), code.groups().as_str()), ("ABC989", "ABC 989"));
    assert_eq!(Code::parse(" abc-989 "), Some(code.clone()));
    for wrong in ["", "ABC98", "ABC9891", "ABC98O", "<b>abc", "ABC98é"] {
        assert_eq!(Code::parse(wrong), None, "{wrong}");
    }
    let json = serde_json::to_string(&code).unwrap();
    assert_eq!(serde_json::from_str::<Code>(&json).unwrap(), code);
    assert_eq!(format!("{code:?}"), "Code", "it opens a round");
}

#[test]
fn fewer_than_three_answers_are_not_shown() {
    let count = |agree, disagree, none| Count { agree, disagree, none };
    assert_eq!(count(2, 0, 0).agrees(), None);
    assert_eq!(count(2, 1, 1).agrees(), Some(50.0));
    assert_eq!(agrees_with_all(&[count(4, 0, 0), count(2, 2, 0)]), Some(75.0));
    assert_eq!(agrees_with_all(&[count(1, 0, 0)]), None);
}

#[test]
fn a_round_has_a_team_and_statements() {
    let mine = own(" Wij bellen na. \n\n Wij schrijven op. ").unwrap();
    assert_eq!(mine.statements, ["Wij bellen na.", "Wij schrijven op."]);
    assert_eq!(round(" Team Noord ", "eigen", &mine).unwrap(), ("Team Noord".into(), mine.statements.clone()));
    assert_eq!(round("Noord", "beide", &mine).unwrap().1.len(), OURS.len() + 2);
    assert_eq!(fields(round("Noord", "eigen", &Own::default())), ["welke"]);
    assert_eq!(fields(round(" ", "x", &mine)), ["team", "welke"]);
    assert_eq!(fields(own(&"stelling\n".repeat(MOST + 1))), ["stellingen"]);
    assert_eq!(fields(own(&"a".repeat(LONGEST + 1))), ["stellingen"]);
}

#[test]
fn each_statement_gets_an_answer() {
    let sent = ["agree", "x", "none"];
    let of = |n: usize| sent[n].to_owned();
    assert_eq!(fields(votes(3, &of)), ["stelling.1"]);
    assert_eq!(votes(1, &of).unwrap(), [Vote::Agree]);
}
