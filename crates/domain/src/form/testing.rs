//! For property tests: random forms, and the shape in which two forms are compared. Compiled for tests and with the
//! feature `testing` only.

use super::{Answer, Answers, EnableWhen, Is, Item, Kind, Options, Question, Value, children, question};
use crate::code::{Coding, system};
use crate::date::FhirDateTime;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// Random answers over the whole form, each fit to be read: in the form's order, every condition (enableWhen) kept,
/// fixed answers there or left out. Surname (966) and birth date (967) are always answered; everything else may be
/// absent, an explanation beneath a question without an answer included. Dates lie between 1920 and 2024.
pub fn answers() -> BoxedStrategy<Answers> {
    (level(None), any::<bool>())
        .prop_map(|(items, with_fixed)| {
            let items = prune(items, &mut Vec::new());
            if with_fixed { canonical(&Answers { items }) } else { Answers { items } }
        })
        .boxed()
}

/// A form with these answers, by linkId and in the form's order: a code for a choice, `true` or `false`, a date, or a
/// text. What belongs beneath an answer goes beneath the last one given, or beneath the question where there is none;
/// a question of a repeating group that is answered again begins the next of them.
///
/// # Panics
/// On a linkId, code or date that the form does not know.
pub fn filled(values: &[(&str, &str)]) -> Answers {
    let mut answers = Answers::default();
    for (link_id, said) in values {
        let Some(asked) = question(link_id) else { panic!("the form has no {link_id}") };
        let mut path: Vec<&'static Question> = std::iter::successors(Some(asked), |q| q.parent()).collect();
        path.reverse();
        enter(&mut answers.items, &path, &value_of(asked, said));
    }
    answers
}

fn value_of(asked: &Question, said: &str) -> Value {
    let date = || FhirDateTime::parse(said).unwrap_or_else(|_| panic!("{said} is no date"));
    match asked.kind {
        Kind::Group { .. } => panic!("{} is a group", asked.link_id),
        Kind::Text => Value::Text(said.to_owned()),
        Kind::Boolean => Value::Boolean(said == "true"),
        Kind::Date => Value::Date(date()),
        Kind::DateTime => Value::DateTime(date()),
        Kind::Choice { options, .. } => match options.choices().iter().find(|c| c.code == said) {
            Some(choice) => Value::Coding(choice.coding()),
            None => panic!("{} has no code {said}", asked.link_id),
        },
    }
}

fn enter(items: &mut Vec<Item>, path: &[&'static Question], value: &Value) {
    let [asked, below @ ..] = path else { return };
    let again = |item: &Item| matches!(below, [next] if item.items.iter().any(|i| i.link_id == next.link_id));
    let known = items
        .iter()
        .rposition(|i| i.link_id == asked.link_id)
        .filter(|n| !(asked.is_group() && asked.repeats() && again(&items[*n])));
    let at = known.unwrap_or_else(|| {
        items.push(Item::group(asked.link_id, Vec::new()));
        items.len() - 1
    });
    let item = &mut items[at];
    match (below.is_empty(), item.answers.last_mut()) {
        (true, _) => item.answers.push(Answer::of(value.clone())),
        (false, Some(answer)) => enter(&mut answer.items, below, value),
        (false, None) => enter(&mut item.items, below, value),
    }
}

/// Answers as writing gives them: the form's order, no empty item, every fixed answer beside what is answered, and
/// the displays of the sets. 982 holding 01 answers 984 (decision 33).
pub fn canonical(answers: &Answers) -> Answers {
    let first_contact = Coding::new(system::CONTACT_ROLE, "01", "");
    let is_first = |a: &Answer| matches!(&a.value, Value::Coding(c) if c.same(&first_contact));
    let also_first = answers.find("982").is_some_and(|i| i.answers.iter().any(is_first));
    let unsaid = answers.find("984").is_none_or(|i| i.answers.is_empty());
    let mut items = ordered(&answers.items, None);
    if also_first
        && unsaid
        && let Some(people) = find_mut(&mut items, "29")
    {
        people.items.push(Item::question("984", vec![Answer::of(Value::Boolean(true))]));
        items = ordered(&items, None);
    }
    Answers { items: with_fixed(&items, None, &values(&items)) }
}

fn find_mut<'a>(items: &'a mut [Item], link_id: &str) -> Option<&'a mut Item> {
    items.iter_mut().find_map(|i| if i.link_id == link_id { Some(i) } else { find_mut(&mut i.items, link_id) })
}

/// The items in the form's order, without empty ones and fixed answers.
fn ordered(items: &[Item], parent: Option<&str>) -> Vec<Item> {
    let asked = children(parent).iter().filter(|q| !q.read_only);
    let all = asked.flat_map(|q| items.iter().filter(|i| i.link_id == q.link_id).map(move |i| (q, i)));
    all.map(|(asked, item)| {
        let value = |value: &Value| match value {
            Value::Coding(coding) => Value::Coding(asked.coding(coding)),
            other => other.clone(),
        };
        let below = |items: &[Item]| ordered(items, Some(asked.link_id));
        Item {
            link_id: item.link_id.clone(),
            answers: item.answers.iter().map(|a| Answer { value: value(&a.value), items: below(&a.items) }).collect(),
            items: below(&item.items),
        }
    })
    .filter(|item| !item.is_empty())
    .collect()
}

/// Adds the fixed answers to each level that has an answer.
fn with_fixed(items: &[Item], parent: Option<&str>, said: &[(String, Value)]) -> Vec<Item> {
    if items.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    for asked in children(parent) {
        for item in items.iter().filter(|i| i.link_id == asked.link_id) {
            let below = |items: &[Item]| with_fixed(items, Some(asked.link_id), said);
            all.push(Item {
                link_id: item.link_id.clone(),
                answers: item
                    .answers
                    .iter()
                    .map(|a| Answer { value: a.value.clone(), items: below(&a.items) })
                    .collect(),
                items: below(&item.items),
            });
        }
        if let (Some(choice), true) = (asked.initial, asked.read_only)
            && asked.enable_when.is_none_or(|when| holds(when, said))
        {
            all.push(Item::question(asked.link_id, vec![Answer::of(Value::Coding(choice.coding()))]));
        }
    }
    all
}

/// Every answered value with its linkId.
fn values(items: &[Item]) -> Vec<(String, Value)> {
    let own = |i: &Item| i.answers.iter().map(|a| (i.link_id.clone(), a.value.clone())).collect::<Vec<_>>();
    let below = |i: &Item| i.answers.iter().flat_map(|a| values(&a.items)).chain(values(&i.items)).collect::<Vec<_>>();
    items.iter().flat_map(|i| own(i).into_iter().chain(below(i)).collect::<Vec<_>>()).collect()
}

fn holds(when: EnableWhen, said: &[(String, Value)]) -> bool {
    said.iter().filter(|(id, _)| id == when.question).any(|(_, value)| match (value, when.is) {
        (Value::Coding(coding), Is::Code(code)) => code.means(coding),
        (Value::Boolean(said), Is::Boolean(wanted)) => *said == wanted,
        _ => false,
    })
}

/// Takes out what is not asked. A condition always looks at an earlier item, or at the answer around it.
fn prune(items: Vec<Item>, said: &mut Vec<(String, Value)>) -> Vec<Item> {
    let mut kept = Vec::new();
    for mut item in items {
        let asked = question(&item.link_id);
        if asked.and_then(|q| q.enable_when).is_some_and(|when| !holds(when, said)) {
            continue;
        }
        for answer in &mut item.answers {
            // What stands beneath one of several answers depends on that answer alone.
            let mut here = if asked.is_some_and(Question::repeats) { Vec::new() } else { said.clone() };
            here.push((item.link_id.clone(), answer.value.clone()));
            answer.items = prune(std::mem::take(&mut answer.items), &mut here);
        }
        said.extend(item.answers.iter().map(|a| (item.link_id.clone(), a.value.clone())));
        item.items = prune(std::mem::take(&mut item.items), said);
        if !item.is_empty() {
            kept.push(item);
        }
    }
    kept
}

fn level(parent: Option<&'static str>) -> BoxedStrategy<Vec<Item>> {
    let items: Vec<_> = children(parent).iter().map(|q| question_items(q)).collect();
    items.prop_map(|items: Vec<Vec<Item>>| items.into_iter().flatten().collect()).boxed()
}

fn question_items(asked: &'static Question) -> BoxedStrategy<Vec<Item>> {
    let link_id = asked.link_id;
    let below = level(Some(link_id));
    match asked.kind {
        _ if asked.read_only => Just(Vec::new()).boxed(),
        Kind::Group { repeats: true } => vec(below, 0..3)
            .prop_map(move |rows| rows.into_iter().map(|row| Item::group(link_id, row)).collect())
            .boxed(),
        Kind::Group { repeats: false } => {
            // Whole sections are often left out, so that small forms come up too.
            maybe(asked, 0.8, below)
                .prop_map(move |items| items.map(|i| Item::group(link_id, i)).into_iter().collect())
                .boxed()
        }
        Kind::Choice { repeats: true, .. } => {
            let answer = (value(asked), below).prop_map(|(value, items)| Answer { value, items });
            vec(answer, 0..4).prop_map(move |answers| vec![Item::question(link_id, answers)]).boxed()
        }
        _ => (maybe(asked, 0.6, value(asked)), below)
            .prop_map(move |(value, items)| match value {
                Some(value) => vec![Item::question(link_id, vec![Answer { value, items }])],
                None => vec![Item::group(link_id, items)],
            })
            .boxed(),
    }
}

/// Whom a form is about is always told (decision 32).
fn maybe<T: std::fmt::Debug + Clone + 'static>(
    asked: &Question,
    share: f64,
    of: BoxedStrategy<T>,
) -> BoxedStrategy<Option<T>> {
    if matches!(asked.link_id, "7" | "966" | "967") {
        of.prop_map(Some).boxed()
    } else {
        option::weighted(share, of).boxed()
    }
}

fn value(asked: &'static Question) -> BoxedStrategy<Value> {
    match asked.kind {
        Kind::Group { .. } | Kind::Text => text().prop_map(Value::Text).boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Kind::Date => day("19[2-9]").prop_map(Value::Date).boxed(),
        Kind::DateTime => {
            prop_oneof![4 => day("201"), 1 => moment(), 1 => short("201[0-9]"), 1 => short("202[0-4]-(0[1-9]|1[0-2])")]
                .prop_map(Value::DateTime)
                .boxed()
        }
        Kind::Choice { options, .. } => {
            // Now and then on purpose what opens further questions.
            let opening: Vec<_> = asked
                .children()
                .iter()
                .filter_map(|q| q.enable_when)
                .filter_map(|w| match w.is {
                    Is::Code(choice) => Some(choice.coding()),
                    Is::Boolean(_) => None,
                })
                .collect();
            let any = coding(options);
            let coded = if opening.is_empty() {
                any
            } else {
                prop_oneof![3 => any, 1 => proptest::sample::select(opening)].boxed()
            };
            coded.prop_map(Value::Coding).boxed()
        }
    }
}

fn coding(options: Options) -> BoxedStrategy<Coding> {
    let listed = proptest::sample::select(options.choices()).prop_map(|c| c.coding());
    match options {
        Options::Set(super::ValueSet { open_system: Some(open), .. }) => {
            let agb = proptest::string::string_regex("0[1-9][0-9]{2}")
                .map_or_else(|_| Just("0100".to_owned()).boxed(), Strategy::boxed);
            prop_oneof![3 => listed, 1 => agb.prop_map(|code| Coding::new(open, &code, "Specialisme"))].boxed()
        }
        _ => listed.boxed(),
    }
}

/// Texts as people write them, blanks and line ends included; never blank only.
fn text() -> BoxedStrategy<String> {
    matching("[ ]{0,2}[A-Za-z0-9éïß€Ç]{4}([A-Za-z0-9 .,;:|<>&\"'’éïßĳ☎\n]{0,30}[A-Za-z0-9.!?])?[ ]{0,1}", "Tekst")
}

fn matching(pattern: &str, otherwise: &'static str) -> BoxedStrategy<String> {
    proptest::string::string_regex(pattern).map_or_else(|_| Just(otherwise.to_owned()).boxed(), Strategy::boxed)
}

fn short(pattern: &str) -> BoxedStrategy<FhirDateTime> {
    dates(matching(pattern, "2019"))
}

fn day(decade: &str) -> BoxedStrategy<FhirDateTime> {
    dates(matching(&format!("{decade}[0-9]-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"), "1950-01-01"))
}

fn moment() -> BoxedStrategy<FhirDateTime> {
    dates(matching(
        "20(1[0-9]|2[0-4])-(0[1-9]|1[0-2])-2[0-8]T(0[0-9]|1[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{3})?(Z|\\+0[12]:00)",
        "2020-10-01T16:27:36Z",
    ))
}

fn dates(texts: BoxedStrategy<String>) -> BoxedStrategy<FhirDateTime> {
    texts.prop_filter_map("a date", |text| FhirDateTime::parse(&text).ok()).boxed()
}
