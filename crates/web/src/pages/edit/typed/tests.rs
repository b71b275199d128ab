use super::*;
use domain::form::children;

fn typed(pairs: &[(&str, &str)]) -> Typed {
    let mut typed = Typed::default();
    for (name, value) in pairs {
        typed.add(name, (*value).to_owned());
    }
    typed
}

fn answers(pairs: &[(&str, &str)], unasked: Unasked) -> Answers {
    Answers { items: items(children(None), &typed(pairs), unasked) }
}

#[test]
fn an_explanation_stands_beneath_its_decision() {
    let got = answers(&[("1386", "1"), ("1001", "alleen bij verslikken"), ("1002", "ik wil niet meer")], Unasked::Drop);
    let decision = got.find("1386").unwrap();
    let under: Vec<&str> = decision.answers[0].items.iter().map(|i| i.link_id.as_str()).collect();
    assert_eq!(under, ["1001", "1002"]);
    assert!(domain::form::check(&got, "2026-11-22".parse().unwrap()).is_empty());
}

#[test]
fn an_explanation_without_a_decision_is_kept() {
    let got = answers(&[("1002", "daar praten we later over")], Unasked::Drop);
    assert_eq!(got.find("1386").unwrap().items[0].link_id, "1002");
}

#[test]
fn what_is_not_asked_any_more_is_not_said_but_stays_in_the_draft() {
    let pairs = [("1386", "2"), ("1001", "alleen bij verslikken")];
    assert!(answers(&pairs, Unasked::Drop).find("1001").is_none());
    let draft = answers(&pairs, Unasked::Keep);
    assert_eq!(Typed::of(&draft), typed(&pairs));
}

#[test]
fn several_roles_and_numbers_keep_their_order_and_rows() {
    let pairs = [
        ("982", "24"),
        ("982", "09"),
        ("411", "buurvrouw met volmacht"),
        ("976.0", "055-1234567"),
        ("977.0", "LL"),
        ("976.1", "06-12345678"),
        ("979.1", "alleen 's avonds"),
    ];
    let got = answers(&pairs, Unasked::Drop);
    let roles = got.find("982").unwrap();
    assert_eq!(roles.answers.len(), 2);
    assert_eq!(roles.answers[1].items[0].link_id, "411");
    assert_eq!(Typed::of(&got), typed(&pairs));
    assert!(domain::form::check(&got, "2026-11-22".parse().unwrap()).is_empty());
}

#[test]
fn an_empty_row_between_two_closes_up() {
    let got = answers(&[("976.0", "1111"), ("976.2", "2222")], Unasked::Drop);
    assert_eq!(Typed::of(&got), typed(&[("976.0", "1111"), ("976.1", "2222")]));
}

#[test]
fn the_first_contact_is_asked_only_where_it_is_somebody_else() {
    let name = ("987", "Hartman");
    assert!(answers(&[("984", "true"), name], Unasked::Drop).find("987").is_none());
    assert!(answers(&[("984", "false"), name], Unasked::Drop).find("987").is_some());
}

#[test]
fn a_wrong_date_is_kept_as_typed_and_refused_by_the_form() {
    let got = answers(&[("963", "gisteren")], Unasked::Keep);
    assert_eq!(Typed::of(&got).get("963"), "gisteren");
    assert_eq!(domain::form::check(&got, "2026-11-22".parse().unwrap())[0].link_id, "963");
    assert_eq!(Typed::of(&answers(&[("963", "2022-11-08")], Unasked::Drop)).get("963"), "08-11-2022");
}

#[test]
fn a_code_outside_the_list_survives_with_its_system() {
    let pairs = [("1405", "urn:oid:2.16.840.1.113883.2.4.6.7|0110")];
    assert_eq!(Typed::of(&answers(&pairs, Unasked::Keep)), typed(&pairs));
}

#[test]
fn every_question_that_can_be_answered_comes_back_as_it_was_typed() {
    for question in domain::form::QUESTIONS.iter().filter(|q| !q.is_group() && !q.read_only) {
        let value = match question.kind {
            Kind::Boolean => "true".to_owned(),
            Kind::Choice { .. } => question.options().last().unwrap().code.to_owned(),
            Kind::Date | Kind::DateTime => "08-11-2022".to_owned(),
            _ => "een tekst".to_owned(),
        };
        let row = question.parent().is_some_and(|p| p.kind == Kind::Group { repeats: true }).then_some(0);
        let mut one = Typed::default();
        one.add(&name(question.link_id, row), value);
        let built = Answers { items: items(children(None), &one, Unasked::Keep) };
        assert_eq!(Typed::of(&built), one, "{}", question.link_id);
    }
}
