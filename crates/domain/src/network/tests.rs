use super::given::{
    ActionGiven, PartyGiven, action, aim, answers, choice_of, group, last_of_link, link_until, party, words_of,
};
use super::*;
use crate::practice::given::Flaw;
use std::collections::HashMap;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn fields(wrong: Result<impl std::fmt::Debug, Vec<Flaw>>) -> Vec<String> {
    wrong.unwrap_err().into_iter().map(|f| f.field).collect()
}

fn named(sector: &'static str, name: &'static str) -> PartyGiven<'static> {
    PartyGiven { sector, name, ..PartyGiven::default() }
}

fn filled(level: &str, need: &str) -> HashMap<String, String> {
    let mut all = HashMap::from([("door".to_owned(), "Ellen Prins, casemanager".to_owned())]);
    all.extend(Question::ALL.iter().map(|q| (choice_of(q.code(), false), level.to_owned())));
    all.extend(Wish::ALL.iter().map(|w| (choice_of(w.code(), true), need.to_owned())));
    all
}

fn read(typed: &HashMap<String, String>, sends: Option<Date>) -> Result<Answers, Vec<Flaw>> {
    answers(&|name| typed.get(name).cloned().unwrap_or_default(), sends, None)
}

#[test]
fn an_organisation_has_a_sector_and_a_name_and_may_be_one_that_is_known() {
    let known = [OrganisationId::from_bits(1)];
    let linked = PartyGiven { known: known[0].as_str(), ..named("gp", " De Linde ") };
    let made = party(linked, &known).unwrap();
    assert_eq!((made.name.as_str(), made.known.as_ref()), ("De Linde", Some(&known[0])));
    assert_eq!(fields(party(named("x", " "), &known)), ["sector", "naam"]);
    assert_eq!(fields(party(linked, &[])), ["bekend"], "one of another region");
}

#[test]
fn answers_are_kept_half_and_sent_in_whole() {
    let half = HashMap::from([
        (choice_of("roles", false), "partly".to_owned()),
        (words_of("training", true), " wie? ".to_owned()),
    ]);
    let kept = read(&half, None).unwrap();
    assert_eq!(kept.answered(), 1);
    assert_eq!(kept.wish[&Wish::Training], Reply { choice: None, words: "wie?".into() });
    let wrong = fields(read(&half, Some(day("2026-11-30"))));
    assert_eq!(wrong.len(), QUESTIONS, "all but one, and the name: {wrong:?}");
    let whole = filled("yes", "better");
    let sent = read(&whole, Some(day("2026-11-30"))).unwrap();
    assert_eq!((sent.answered(), sent.sent_on), (QUESTIONS, Some(day("2026-11-30"))));
    let json = serde_json::to_string(&sent).unwrap();
    assert_eq!(serde_json::from_str::<Answers>(&json).unwrap(), sent);
    let odd = HashMap::from([(choice_of("roles", false), "<b>".to_owned())]);
    assert_eq!(fields(read(&odd, None)), ["nu-roles"]);
    // Amended later, it stays sent in, and so whole.
    let of = |from: &HashMap<String, String>| {
        let from = from.clone();
        answers(&move |name| from.get(name).cloned().unwrap_or_default(), None, sent.sent_on)
    };
    assert_eq!(of(&filled("no", "fine")).unwrap().sent_on, sent.sent_on);
    assert_eq!(fields(of(&half)).len(), QUESTIONS);
}

#[test]
fn each_question_is_compared_under_one_theme() {
    for question in Question::ALL {
        assert_eq!(THEMES.iter().filter(|t| t.now.contains(question)).count(), 1, "{question:?}");
        assert!(!question.asked().is_empty() && !question.hint().is_empty());
    }
    for wish in Wish::ALL {
        assert_eq!(THEMES.iter().filter(|t| t.wish.contains(wish)).count(), 1, "{wish:?}");
        assert!(!wish.asked().is_empty() && !wish.hint().is_empty());
    }
}

#[test]
fn answers_are_counted_per_question_with_who_did_not_answer() {
    let (counts, none) = tally(Level::ALL, [Some(Level::Yes), None, Some(Level::Yes), Some(Level::No)]);
    assert_eq!(counts, [(Level::Yes, 2), (Level::Partly, 0), (Level::No, 1), (Level::Unknown, 0)]);
    assert_eq!(none, 1);
}

#[test]
fn an_action_has_somebody_and_a_day_and_is_late_after_it() {
    let today = day("2026-11-30");
    let given =
        ActionGiven { what: "Scholing", owner: "Ellen", state: "busy", wish: "training", ..ActionGiven::default() };
    let made = action(given, Ok(day("2026-11-29")), &[]).unwrap();
    assert!(made.is_late(today) && made.wish == Some(Wish::Training));
    assert!(!Action { by: today, ..made.clone() }.is_late(today), "on the day itself it is not");
    assert!(!Action { state: State::Done, ..made }.is_late(today));
    let dropped = ActionGiven { state: "dropped", ..given };
    assert_eq!(fields(action(dropped, Ok(today), &[])), ["woorden"], "with a reason");
    let wrong = ActionGiven { state: "x", wish: "y", party: "z", ..ActionGiven::default() };
    assert_eq!(fields(action(wrong, Err("Vul een datum in."), &[])), ["wat", "wie", "dag", "stand", "wens", "partij"]);
}

#[test]
fn a_group_has_people_and_days() {
    let made = group(
        &[["Hanneke Regt", "netwerkcoördinator", "NPZ"], ["", "", ""]],
        &[(Some(Ok(day("2026-12-10"))), ""), (None, ""), (Some(Ok(day("2026-10-01"))), "Begonnen")],
    );
    let made = made.unwrap();
    assert_eq!((made.members.len(), made.sittings[0].on), (1, day("2026-10-01")), "the earliest first");
    let wrong = group(&[["", "rol", ""]], &[(None, "verslag"), (Some(Err("Geen datum.")), "")]);
    assert_eq!(fields(wrong), ["naam.0", "dag.0", "dag.1"]);
}

#[test]
fn the_plan_says_which_step_one_is_at() {
    let today = day("2026-11-30");
    let mut all = Inventory::default();
    let at = |all: &Inventory| all.stage(today);
    let said =
        |all: &Inventory, stage: Stage| all.stands(today).into_iter().find(|s| s.stage == stage).unwrap().sentence;
    assert_eq!(at(&all), Some(Stage::Parties));
    let add =
        |all: &mut Inventory, n, given| all.parties.push((NoteId::from_bits(n), party(given, &[]).unwrap(), None));
    add(&mut all, 1, named("vvt", "Nabij"));
    add(&mut all, 2, named("welfare", "Welzijn"));
    assert_eq!(at(&all), Some(Stage::Parties), "not without the general practices");
    add(&mut all, 3, named("gp", "De Linde"));
    add(&mut all, 4, PartyGiven { left: true, ..named("hospital", "Weidedorp") });
    assert_eq!(at(&all), Some(Stage::Now));
    assert!(
        said(&all, Stage::Parties).starts_with("3 organisaties doen mee. Nog niemand van: keten dementie; ziekenhuis")
    );
    let sent = read(&filled("no", "first"), Some(today)).unwrap();
    all.parties[0].2 = Some(Answers { sent_on: None, ..sent.clone() });
    assert_eq!(said(&all, Stage::Now), "0 van 3 stuurden de vragenlijst in.", "kept is not sent in");
    for party in &mut all.parties[..3] {
        party.2 = Some(sent.clone());
    }
    assert_eq!(at(&all), Some(Stage::Wish), "who left is not waited for");
    all.aim = aim("Eén formulier").unwrap();
    assert_eq!(at(&all), Some(Stage::Actions));
    let given = ActionGiven { what: "Scholing", owner: "Ellen", state: "open", ..ActionGiven::default() };
    all.actions.push((NoteId::from_bits(9), action(given, Ok(day("2026-11-01")), &[]).unwrap()));
    assert_eq!(at(&all), Some(Stage::Group));
    all.group = group(&[["Hanneke", "", ""]], &[(Some(Ok(day("2026-12-10"))), "")]).unwrap();
    assert_eq!(said(&all, Stage::Group), "1 lid. De volgende bijeenkomst is op 10 december 2026.");
    assert_eq!(at(&all), Some(Stage::Follow));
    assert!(said(&all, Stage::Follow).contains("1 te doen") && said(&all, Stage::Follow).contains("1 te laat"));
    all.actions[0].1.state = State::Done;
    assert_eq!(at(&all), None, "all is done");
}

#[test]
fn a_link_works_for_no_more_than_half_a_year_and_not_for_who_left() {
    let today = day("2026-11-30");
    let here = party(named("gp", "De Linde"), &[]).unwrap();
    let until = |on: &str| link_until(&here, Ok(day(on)), today).map_err(|flaw| (flaw.field, flaw.sentence));
    assert_eq!(last_of_link(today), day("2027-05-31"));
    for good in ["2026-11-30", "2027-05-31"] {
        assert_eq!(until(good), Ok(day(good)));
    }
    for (bad, says) in [("2026-11-29", "al voorbij"), ("2027-06-01", "hoogstens 26 weken")] {
        let (field, sentence) = until(bad).unwrap_err();
        assert!(field == "tot" && sentence.contains(says), "{sentence}");
    }
    assert_eq!(link_until(&here, Err("Dit is geen dag."), today).unwrap_err().sentence, "Dit is geen dag.");
    let gone = Party { left: true, ..here.clone() };
    assert!(here.answers_by_link() && !gone.answers_by_link());
    assert_eq!(link_until(&gone, Ok(day("2026-12-01")), today).unwrap_err().field, "weg");
}
