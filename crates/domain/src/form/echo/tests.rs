use super::*;
use crate::form::testing::filled;
use crate::form::tests::{date, from_elsewhere, now, patient};
use crate::form::write::CurrentHead;
use crate::form::{FormIdentity, Item, LimitsAs, ReadCtx, Value, read, write};
use crate::plan::{
    Agreement, AgreementKey, AgreementState, Applied, Arrival, ConversationKey, Decision, Directive, LifeDomain,
    LifeWish, Origin, OtherLimit, SourceFacts, Statement, Treatment, WishKey, apply,
};

fn statement<T>(value: T) -> Statement<T> {
    let origin = Origin { conversation: ConversationKey(1), version: 1, recorded_at: now() };
    Statement { value, said_on: Some(date("2022-11-08")), by: vec![], origin, source: SourceFacts::default() }
}

fn told(base: &Content, values: &[(&str, &str)], limits: LimitsAs, number: u32) -> Content {
    let input = read(&filled(values), &ReadCtx { limits, ..from_elsewhere() }).unwrap().input;
    apply(base, &input, Arrival::Here, number, now()).content
}

/// A plan with something of everything that the form has no item for.
fn plan() -> Content {
    let doctor =
        [("963", "2022-11-08"), ("970", "Huissen"), ("1190", "Graag rust."), ("1386", "0"), ("1002", "Vitaal")];
    let mut content = told(&Content::default(), &doctor, LimitsAs::SetHere, 1);
    let nurse = [("963", "2022-11-08"), ("970", "Wit"), ("1405", "30.000"), ("1386", "2"), ("1387", "2")];
    content = told(&content, &nurse, LimitsAs::Proposed, 2);
    let wish = LifeWish {
        domain: LifeDomain::Social,
        wish: "Kleinkinderen zien".into(),
        action: None,
        by_whom: None,
        until: None,
        withdrawn: false,
    };
    content.life_wishes.insert(WishKey(1), Topic::said(statement(wish)));
    let agreement =
        Agreement { text: "Palliatieve sedatie".into(), condition: None, state: AgreementState::NotYetCurrent };
    content.agreements.insert(AgreementKey(1), Topic::said(statement(agreement)));
    content
}

fn limit(text: &str, decision: Decision) -> OtherLimit {
    OtherLimit {
        text: Some(text.into()),
        said_on: None,
        directive: Directive::of(decision),
        source: SourceFacts::default(),
    }
}

fn put(items: &mut [Item], link_id: &str, value: &Value) {
    for item in items {
        for answer in &mut item.answers {
            if item.link_id == link_id {
                answer.value.clone_from(value);
            }
            put(&mut answer.items, link_id, value);
        }
        put(&mut item.items, link_id, value);
    }
}

/// What comes of it when another system sends our own form back, with other answers to some questions.
fn sent_back(content: &Content, changed: &[(&str, &str)]) -> (PlanInput, Applied) {
    let key = content.newest_conversation().map_or(ConversationKey(0), |c| c.key);
    let mut answers = write(content, &CurrentHead { conversation: key }, &patient(&FormIdentity::default()));
    for (link_id, text) in changed {
        put(&mut answers.items, link_id, &filled(&[(link_id, text)]).find(link_id).unwrap().answers[0].value);
    }
    let mut input = read(&answers, &from_elsewhere()).unwrap().input;
    without_own_lines(&mut input, content);
    let applied = apply(content, &input, Arrival::Elsewhere, 9, now());
    (input, applied)
}

#[test]
fn our_own_form_sent_back_says_nothing_that_we_added() {
    let plan = plan();
    let (input, applied) = sent_back(&plan, &[]);
    assert_eq!(applied.conflicts, []);
    assert_eq!(input.content.care_wishes.value().unwrap().text.as_deref(), Some("Graag rust."));
    assert_eq!(input.content.sense_of_purpose, Topic::default(), "nothing but our own lines");
    let said = &input.content.directives;
    assert_eq!(said[&Treatment::Cpr].value().unwrap().comment.as_deref(), Some("Vitaal"));
    assert!(!said.contains_key(&Treatment::Ventilation), "only proposed");
    let after = &applied.content;
    assert_eq!(after.life_wishes, plan.life_wishes);
    assert_eq!(after.directives[&Treatment::Cpr].proposed, plan.directives[&Treatment::Cpr].proposed);
}

#[test]
fn what_the_other_system_added_itself_is_its_own() {
    let plan = plan();
    let own = "Sociaal: Kleinkinderen zien";
    for (text, left) in [
        (format!("Liever thuis.\n{own} \n"), "Liever thuis.".to_owned()),
        (format!("Graag rust.\n{own}\nEn muziek."), format!("Graag rust.\n{own}\nEn muziek.")),
        (format!("Graag rust.{own}"), format!("Graag rust.{own}")),
        ("Graag rust.".to_owned(), "Graag rust.".to_owned()),
    ] {
        let (input, _) = sent_back(&plan, &[("1190", &text)]);
        assert_eq!(input.content.care_wishes.value().unwrap().text, Some(left));
    }
    let (input, _) = sent_back(&plan, &[("1386", "2")]);
    let cpr = input.content.directives[&Treatment::Cpr].value().unwrap();
    assert_eq!((&cpr.decision, cpr.comment.as_deref()), (&Decision::DoNot, Some("Vitaal")));
}

#[test]
fn other_limits_that_come_back_as_one_text_are_those_that_stand_here() {
    let several = |second| vec![limit("Dialyse", Decision::DoNot), limit("Sondevoeding", second)];
    for limits in [several(Decision::DoNot), several(Decision::Perform), vec![limit("Dialyse", Decision::DoNot)]] {
        let mut plan = plan();
        plan.other_limits = Topic::said(statement(OtherLimits(limits)));
        let (input, applied) = sent_back(&plan, &[]);
        assert_eq!(input.content.other_limits, Topic::default());
        assert_eq!((applied.content.other_limits, applied.conflicts), (plan.other_limits, vec![]));
    }
    let mut plan = plan();
    plan.other_limits = Topic::said(statement(OtherLimits(several(Decision::DoNot))));
    let (input, _) = sent_back(&plan, &[("1402", "0")]);
    assert_eq!(input.content.other_limits.value().unwrap().0[0].directive.decision, Decision::Perform, "it changed");
    // What a nurse proposes stands beneath what counts, and is not part of it.
    let mut content =
        told(&Content::default(), &[("970", "Huissen"), ("1402", "2"), ("1404", "Dialyse")], LimitsAs::SetHere, 1);
    content = told(&content, &[("970", "Wit"), ("1402", "2"), ("1404", "Sonde")], LimitsAs::Proposed, 2);
    let (input, applied) = sent_back(&content, &[]);
    assert_eq!(input.content.other_limits.value().unwrap().0[0].text.as_deref(), Some("Dialyse"));
    assert_eq!(applied.content.other_limits.proposed, content.other_limits.proposed);
    // Only proposed, and nothing in force.
    let content = told(&Content::default(), &[("970", "Wit"), ("1402", "2"), ("1404", "Sonde")], LimitsAs::Proposed, 1);
    let (input, applied) = sent_back(&content, &[]);
    assert_eq!(input.content.other_limits, Topic::default());
    assert_eq!((applied.content.other_limits, applied.conflicts), (content.other_limits, vec![]));
}
