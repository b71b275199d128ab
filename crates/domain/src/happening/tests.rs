use super::given::{Field, Given, Known, Wrong, aftercare, happening, mistake, stopped};
use super::*;
use crate::code::Place;
use crate::path::tests::by;
use crate::path::{Step, What};
use jiff::Timestamp;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn steps(what: &[(&str, Happening)]) -> Vec<Step> {
    let step = |(i, (on, happened)): (usize, &(&str, Happening))| Step {
        number: u32::try_from(i).unwrap() + 1,
        at: format!("{on}T10:00:00Z").parse::<Timestamp>().unwrap(),
        day: day(on),
        by: by(),
        what: What::Happened(Box::new(happened.clone())),
    };
    what.iter().enumerate().map(step).collect()
}

fn known(steps: &[Step]) -> Known<'_> {
    Known {
        today: day("2026-11-24"),
        steps,
        last_talk: Some(day("2026-06-01")),
        wished: Some(Place::Home),
        living: Some(Living::Home),
    }
}

fn given(which: &str) -> Given {
    Given { which: vec![which.to_owned()], ..Given::default() }
}

fn told(made: Result<(Date, What), Vec<Wrong>>) -> Result<String, Vec<Field>> {
    match made {
        Ok((on, What::Happened(happened))) => Ok(format!("{on} {}", happened.title())),
        Ok((_, other)) => panic!("{other:?}"),
        Err(wrong) => Err(wrong.into_iter().map(|w| w.field).collect()),
    }
}

fn moved(how: How, to: Living, from: Option<Living>) -> Happening {
    Happening::Moved(Move { how, to, from, name: None, words: None })
}

#[test]
fn each_kind_is_told_in_a_few_words() {
    let none = steps(&[]);
    let of = |kind, given: &Given| told(happening(kind, given, known(&none)));
    let changed = Given { which: vec!["goals".into(), "health".into()], on: "2026-11-20".into(), ..Given::default() };
    assert_eq!(of(Kind::Changed, &changed).unwrap(), "2026-11-20 Veranderd: gezondheid en wensen of doelen");
    for (kind, which, title) in [
        (Kind::Diagnosis, "dementia", "Nieuwe diagnose: dementie of kwetsbaarheid"),
        (Kind::Capacity, "no", "Wilsbekwaamheid veranderd: niet (meer) wilsbekwaam"),
        (Kind::Admitted, "hospital", "Opname in het ziekenhuis"),
        (Kind::Discharged, "home", "Ontslag naar huis"),
        (Kind::Moved, "nursing-home", "Verhuizing naar een verpleeghuis"),
        (Kind::HomeCare, "evaluation", "Evaluatie van de thuiszorg"),
        (Kind::Died, "264362003", "Overleden"),
    ] {
        assert_eq!(of(kind, &given(which)).unwrap(), format!("2026-11-24 {title}"));
    }
    let course = Given {
        name: "Chemotherapie".into(),
        goal: "tijd winnen".into(),
        until: "2027-03-01".into(),
        ..Given::default()
    };
    assert_eq!(of(Kind::Course, &course).unwrap(), "2026-11-24 Gaat door: Chemotherapie, tot 1 maart 2027");
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    let none = steps(&[]);
    let of = |kind, given: &Given| told(happening(kind, given, known(&none))).unwrap_err();
    for (kind, which, fields) in [
        (Kind::Changed, "", vec![Field::Which]),
        (Kind::Changed, "weather", vec![Field::Which]),
        (Kind::Capacity, "maybe", vec![Field::Which]),
        (Kind::Admitted, "home", vec![Field::Which]),
        (Kind::Discharged, "hospital", vec![Field::Which]),
        (Kind::Moved, "hospital", vec![Field::Which]),
        (Kind::Course, "", vec![Field::Name, Field::Goal]),
        (Kind::Died, "", vec![Field::Which]),
    ] {
        assert_eq!(of(kind, &given(which)), fields, "{kind:?} {which}");
    }
    for on in ["2026-11-25", "2025-01-01", "gisteren"] {
        assert_eq!(of(Kind::HomeCare, &Given { on: on.into(), ..given("intake") }), [Field::On], "{on}");
    }
    let late = Given { words: "a".repeat(2001), ..given("intake") };
    assert_eq!(of(Kind::HomeCare, &late), [Field::Words]);
    let course = |until: &str| Given {
        name: "Bloed".into(),
        goal: "minder moe".into(),
        until: until.into(),
        instead_of: "9".into(),
        ..Given::default()
    };
    assert_eq!(of(Kind::Course, &course("2026-11-01")), [Field::Until, Field::Step], "it ends before it was agreed");
    assert_eq!(of(Kind::Course, &course("2036-11-01")), [Field::Until, Field::Step]);
    // A conversation after death contradicts it, and both are named.
    let wrong = happening(Kind::Died, &Given { on: "2026-05-30".into(), ..given("264362003") }, known(&none));
    assert!(wrong.unwrap_err()[0].sentence.contains("1 juni 2026"));
}

#[test]
fn where_somebody_is_follows_the_newest_move_and_a_mistake_leads_back() {
    let mut all = vec![
        ("2026-03-01", moved(How::Admitted, Living::Hospital, Some(Living::Home))),
        ("2026-03-09", moved(How::Discharged, Living::NursingHome, Some(Living::Hospital))),
    ];
    assert_eq!(place_now(&steps(&all)), Some(Living::NursingHome));
    assert_eq!(last_admission(&steps(&all)), Some(day("2026-03-01")));
    let wrong = |step| Happening::Mistaken { step, title: "Ontslag".into(), reason: "andere patiënt".into() };
    all.push(("2026-03-10", wrong(2)));
    assert_eq!(place_now(&steps(&all)), Some(Living::Hospital));
    all.push(("2026-03-10", wrong(1)));
    assert_eq!(place_now(&steps(&all)), Some(Living::Home), "where the patient was before");
    assert_eq!(last_admission(&steps(&all)), None);
    assert_eq!(place_now(&steps(&[])), None);
}

#[test]
fn treatment_goes_on_until_it_stops_or_something_takes_its_place() {
    let course = |what: &str, instead_of| {
        Happening::GoesOn(GoesOn { what: what.into(), goal: "tijd".into(), until: None, instead_of })
    };
    let mut all = vec![("2026-03-01", course("chemo", None)), ("2026-03-02", course("bloed", None))];
    let going = |all: &[(&str, Happening)]| {
        courses(&steps(all)).iter().map(|(step, c)| format!("{} {}", step.number, c.what)).collect::<Vec<_>>()
    };
    assert_eq!(going(&all), ["1 chemo", "2 bloed"]);
    all.push(("2026-03-09", course("chemo, lagere dosis", Some(1))));
    assert_eq!(going(&all), ["2 bloed", "3 chemo, lagere dosis"]);
    let so_far = steps(&all);
    assert_eq!(told(stopped("3", "", "te ziek", known(&so_far))).unwrap(), "2026-11-24 Gestopt: chemo, lagere dosis");
    assert_eq!(told(stopped("1", "", "", known(&so_far))).unwrap_err(), [Field::Step], "it goes on no more");
    all.push(("2026-03-19", Happening::Stopped { step: 2, what: "bloed".into(), words: None }));
    assert_eq!(going(&all), ["3 chemo, lagere dosis"]);
    all.push(("2026-03-20", Happening::Mistaken { step: 4, title: String::new(), reason: "nee".into() }));
    assert_eq!(going(&all).len(), 2, "it did not stop");
}

#[test]
fn death_keeps_what_was_wished_and_can_be_taken_back() {
    let admitted = [("2026-11-03", moved(How::Admitted, Living::Hospital, Some(Living::Home)))];
    let all = steps(&admitted);
    let (on, what) = happening(Kind::Died, &given("22232009"), known(&all)).unwrap();
    let What::Happened(happened) = what else { panic!() };
    let Happening::Died(death) = *happened else { panic!() };
    assert_eq!((death.as_wished(), death.admitted_on), (Some(false), Some(day("2026-11-03"))));
    assert_eq!(
        death.lines(),
        [
            "Overleden in het ziekenhuis.",
            "De wens was: thuis.",
            "Laatste bekende opname in het ziekenhuis: 3 november 2026."
        ]
    );
    let unknown = Death { wished: Some(Place::Unknown), ..death.clone() };
    assert_eq!(unknown.as_wished(), None);
    let mut all = admitted.to_vec();
    all.push(("2026-11-24", Happening::Died(death)));
    let so_far = steps(&all);
    assert_eq!(super::death(&so_far).map(|(day, _)| day), Some(on));
    assert_eq!(told(aftercare("2026-11-20", "met de dochter", known(&so_far))).unwrap_err(), [Field::On]);
    assert_eq!(told(aftercare("", " ", known(&so_far))).unwrap_err(), [Field::Words]);
    assert!(aftercare("", "met de dochter", known(&so_far)).is_ok());
    assert_eq!(told(mistake("2", "", known(&so_far))).unwrap_err(), [Field::Words]);
    assert_eq!(told(mistake("7", "verkeerd", known(&so_far))).unwrap_err(), [Field::Step]);
    let (on, back) = mistake("2", "verkeerde patiënt", known(&so_far)).unwrap();
    let What::Happened(back) = back else { panic!() };
    assert_eq!(back.title(), "Ten onrechte vastgelegd: Overleden");
    all.push(("2026-11-24", *back));
    assert_eq!((on, super::death(&steps(&all))), (day("2026-11-24"), None));
    assert_eq!(told(mistake("2", "nog eens", known(&steps(&all)))).unwrap_err(), [Field::Step], "once is enough");
}

#[test]
fn what_happened_is_read_back_as_it_was_written() {
    let all = steps(&[
        ("2026-03-01", moved(How::Admitted, Living::Hospital, None)),
        ("2026-03-02", Happening::Changed { what: vec![Change::Goals], words: Some("wil naar huis".into()) }),
    ]);
    let text = serde_json::to_string(&all).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Step>>(&text).unwrap(), all);
}
