//! Life wishes and other agreements (decisions 20 and 21): rows that are typed, their place in a draft, and what they
//! add to a plan. Each row is a topic of its own: only rows that say something else than the plan are touched.

use super::typed::{MOST_ROWS, Typed, name};
use crate::pages::dutch;
use crate::pages::field::Problem;
use domain::date::FhirDateTime;
use domain::form::{Answer, Answers, Item, MAX_TEXT, Value};
use domain::plan::{Agreement, AgreementKey, AgreementState, Content, LifeDomain, LifeWish, Statement, Topic, WishKey};

/// What a life wish is asked.
pub const LIFE: [&str; 7] =
    ["life-key", "life-domain", "life-wish", "life-action", "life-by", "life-until", "life-withdrawn"];
/// What another agreement is asked.
pub const OTHER: [&str; 4] = ["other-key", "other-text", "other-condition", "other-state"];

const STATES: [(AgreementState, &str); 3] = [
    (AgreementState::Current, "current"),
    (AgreementState::NotYetCurrent, "not-yet-current"),
    (AgreementState::Withdrawn, "withdrawn"),
];

/// Code of a state in form fields.
pub fn state_code(state: AgreementState) -> &'static str {
    STATES.iter().find(|(s, _)| *s == state).map_or("", |(_, code)| code)
}

/// The rows as answers, for the draft.
pub fn answers(names: &[&str], typed: &Typed) -> Answers {
    let row = |n: usize| -> Vec<Item> {
        names
            .iter()
            .filter_map(|field| {
                let value = typed.get(&name(field, Some(n)));
                (!value.is_empty()).then(|| Item::question(field, vec![Answer::of(Value::Text(value.to_owned()))]))
            })
            .collect()
    };
    // A row that says no more than its domain or state was left open.
    let says = |items: &Vec<Item>| items.iter().any(|i| !["life-domain", "other-state"].contains(&i.link_id.as_str()));
    let items = (0..typed.rows(names)).map(row).filter(says);
    Answers { items: items.map(|items| Item::group("row", items)).collect() }
}

/// The rows of a draft, as they were typed.
pub fn typed(answers: &Answers) -> Typed {
    let mut typed = Typed::default();
    for (n, row) in answers.items.iter().take(MOST_ROWS).enumerate() {
        for item in &row.items {
            if let Some(Answer { value: Value::Text(text), .. }) = item.answers.first() {
                typed.add(&name(&item.link_id, Some(n)), text.clone());
            }
        }
    }
    typed
}

/// The life wishes of a plan as rows.
pub fn wishes_of(content: &Content) -> Typed {
    let mut typed = Typed::default();
    let wishes = content.life_wishes.iter().filter_map(|(key, topic)| topic.value().map(|w| (key, w)));
    let ordered = LifeDomain::ALL.into_iter().flat_map(|d| wishes.clone().filter(move |(_, w)| w.domain == d));
    for (n, (key, wish)) in ordered.enumerate() {
        let mut put = |field: &str, value: Option<String>| typed.add(&name(field, Some(n)), value.unwrap_or_default());
        put("life-key", Some(key.0.to_string()));
        put("life-domain", Some(wish.domain.code().to_owned()));
        put("life-wish", Some(wish.wish.clone()));
        put("life-action", wish.action.clone());
        put("life-by", wish.by_whom.clone());
        put("life-until", wish.until.as_ref().map(dutch::date_to_type));
        put("life-withdrawn", wish.withdrawn.then(|| "ja".to_owned()));
    }
    typed
}

/// The other agreements of a plan as rows.
pub fn agreements_of(content: &Content) -> Typed {
    let mut typed = Typed::default();
    let agreements = content.agreements.iter().filter_map(|(key, topic)| topic.value().map(|a| (key, a)));
    for (n, (key, agreement)) in agreements.enumerate() {
        let mut put = |field: &str, value: Option<String>| typed.add(&name(field, Some(n)), value.unwrap_or_default());
        put("other-key", Some(key.0.to_string()));
        put("other-text", Some(agreement.text.clone()));
        put("other-condition", agreement.condition.clone());
        put("other-state", Some(state_code(agreement.state).to_owned()));
    }
    typed
}

/// What the rows add: life wishes and agreements that are new or say something else than the plan.
///
/// # Errors
/// Every field that is not right.
pub fn touched<'a>(
    typed: &Typed,
    plan: &Content,
    statement: &Statement<()>,
    into: &'a mut Content,
) -> Result<&'a mut Content, Vec<Problem>> {
    let mut errors = Vec::new();
    // Fresh keys lie beyond every key of the plan; the plan takes note of them when they are laid upon it.
    let mut fresh = plan.last_key;
    for n in 0..typed.rows(&LIFE) {
        let Some(wish) = wish(typed, n, &mut errors) else { continue };
        let known =
            key(typed, "life-key", n).map(WishKey).and_then(|k| plan.life_wishes.get(&k)?.value().map(|w| (k, w)));
        let key = match known {
            Some((_, same)) if *same == wish => continue,
            Some((key, _)) => key,
            None => {
                fresh += 1;
                WishKey(fresh)
            }
        };
        into.life_wishes.insert(key, Topic::said(with(statement, wish)));
    }
    for n in 0..typed.rows(&OTHER) {
        let Some(agreement) = agreement(typed, n, &mut errors) else { continue };
        let known =
            key(typed, "other-key", n).map(AgreementKey).and_then(|k| plan.agreements.get(&k)?.value().map(|a| (k, a)));
        let key = match known {
            Some((_, same)) if *same == agreement => continue,
            Some((key, _)) => key,
            None => {
                fresh += 1;
                AgreementKey(fresh)
            }
        };
        into.agreements.insert(key, Topic::said(with(statement, agreement)));
    }
    if errors.is_empty() { Ok(into) } else { Err(errors) }
}

fn with<T>(like: &Statement<()>, value: T) -> Statement<T> {
    Statement {
        value,
        said_on: like.said_on.clone(),
        by: like.by.clone(),
        origin: like.origin.clone(),
        source: like.source.clone(),
    }
}

fn key(typed: &Typed, field: &str, n: usize) -> Option<u32> {
    typed.get(&name(field, Some(n))).parse().ok()
}

fn text(typed: &Typed, field: &str, n: usize, errors: &mut Vec<Problem>) -> Option<String> {
    let field = name(field, Some(n));
    let value = typed.get(&field);
    if value.chars().count() > MAX_TEXT {
        errors.push(Problem::at(&field, format!("Deze tekst is te lang: gebruik hoogstens {MAX_TEXT} tekens.")));
    }
    Some(value.to_owned()).filter(|v| !v.trim().is_empty())
}

fn wish(typed: &Typed, n: usize, errors: &mut Vec<Problem>) -> Option<LifeWish> {
    let domain = LifeDomain::ALL.into_iter().find(|d| d.code() == typed.get(&name("life-domain", Some(n))))?;
    let mut part = |field| text(typed, field, n, errors);
    let (wish, action, by_whom, until) = (part("life-wish"), part("life-action"), part("life-by"), part("life-until"));
    let until: Option<FhirDateTime> = until.and_then(|t| match dutch::typed_date(&t) {
        Ok(date) => Some(date),
        Err(message) => {
            errors.push(Problem::at(&name("life-until", Some(n)), message));
            None
        }
    });
    let Some(wish) = wish else {
        let field = name("life-wish", Some(n));
        if key(typed, "life-key", n).is_some() {
            let message =
                format!("{}: een wens blijft staan; vink ‘Losgelaten’ aan als die niet meer geldt.", domain.dutch());
            errors.push(Problem::at(&field, message));
        } else if action.is_some() || by_whom.is_some() || until.is_some() {
            errors.push(Problem::at(&field, format!("{}: schrijf ook de wens of het doel op.", domain.dutch())));
        }
        return None;
    };
    let withdrawn = typed.get(&name("life-withdrawn", Some(n))) == "ja";
    Some(LifeWish { domain, wish, action, by_whom, until, withdrawn })
}

fn agreement(typed: &Typed, n: usize, errors: &mut Vec<Problem>) -> Option<Agreement> {
    let agreed = text(typed, "other-text", n, errors);
    let condition = text(typed, "other-condition", n, errors);
    let code = typed.get(&name("other-state", Some(n)));
    let state = STATES.iter().find(|(_, c)| *c == code).map_or(AgreementState::Current, |(s, _)| *s);
    let Some(text) = agreed else {
        let field = name("other-text", Some(n));
        if key(typed, "other-key", n).is_some() {
            errors.push(Problem::at(&field, "Een afspraak blijft staan; kies ‘Ingetrokken’ als die niet meer geldt."));
        } else if condition.is_some() {
            errors.push(Problem::at(&field, "Schrijf ook de afspraak zelf op."));
        }
        return None;
    };
    Some(Agreement { text, condition, state })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::plan::{ConversationKey, Origin, SourceFacts};
    use jiff::Timestamp;

    fn typed_of(pairs: &[(&str, &str)]) -> Typed {
        let mut typed = Typed::default();
        for (name, value) in pairs {
            typed.add(name, (*value).to_owned());
        }
        typed
    }

    fn like() -> Statement<()> {
        let origin = Origin { conversation: ConversationKey(1), version: 0, recorded_at: Timestamp::UNIX_EPOCH };
        Statement { value: (), said_on: None, by: Vec::new(), origin, source: SourceFacts::default() }
    }

    fn plan() -> Content {
        let mut content = Content { last_key: 7, ..Content::default() };
        let typed = typed_of(&[
            ("life-domain.0", "social"),
            ("life-wish.0", "zondags met de kinderen eten"),
            ("life-until.0", "01-06-2027"),
            ("other-text.0", "palliatieve sedatie bij benauwdheid"),
            ("other-state.0", "not-yet-current"),
        ]);
        let empty = Content { last_key: 3, ..Content::default() };
        touched(&typed, &empty, &like(), &mut content).unwrap();
        content
    }

    #[test]
    fn what_stays_as_it_is_is_not_touched() {
        let plan = plan();
        let mut typed = wishes_of(&plan);
        typed.extend(agreements_of(&plan));
        let mut delta = Content::default();
        touched(&typed, &plan, &like(), &mut delta).unwrap();
        assert_eq!(delta, Content::default());
    }

    #[test]
    fn a_changed_row_keeps_its_key_and_a_new_one_gets_its_own() {
        let plan = plan();
        let mut typed = wishes_of(&plan);
        typed.extend(typed_of(&[
            ("life-withdrawn.0", "ja"),
            ("life-domain.1", "daily-life"),
            ("life-wish.1", "weer in de tuin zitten"),
        ]));
        let mut delta = Content::default();
        touched(&typed, &plan, &like(), &mut delta).unwrap();
        let keys: Vec<WishKey> = delta.life_wishes.keys().copied().collect();
        assert_eq!(keys, [WishKey(4), WishKey(8)]);
        assert!(delta.life_wishes[&WishKey(4)].value().unwrap().withdrawn);
        assert!(delta.agreements.is_empty());
    }

    #[test]
    fn an_action_without_a_wish_is_told_at_the_wish() {
        let typed = typed_of(&[
            ("life-domain.2", "care"),
            ("life-action.2", "fysiotherapie aanvragen"),
            ("life-until.2", "ooit"),
        ]);
        let errors = touched(&typed, &Content::default(), &like(), &mut Content::default()).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["life-until.2", "life-wish.2"]);
    }

    #[test]
    fn a_draft_gives_the_rows_back() {
        let rows = typed_of(&[
            ("life-domain.0", "care"),
            ("life-wish.0", "thuis blijven"),
            ("life-domain.1", "social"),
            ("life-wish.1", "b"),
        ]);
        assert_eq!(typed(&answers(&LIFE, &rows)), rows);
    }
}
