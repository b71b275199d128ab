use super::given::{
    AppointmentGiven, AttentionGiven, Flaw, Part, ReportGiven, SupportGiven, appointment, attention as noted, fact,
    off, read, reply, report, support, time,
};
use super::*;
use crate::ident::{OrganisationId, PersonId};
use crate::path::tests::by;
use crate::plan::{Recorder, TopicId};
use crate::role::Role;
use crate::task::Kind;
use jiff::civil::Date;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn today() -> Date {
    day("2026-11-30")
}

fn recorder(n: u128, role: Role) -> Recorder {
    Recorder { person: Some(PersonId::from_bits(n)), role: Some(role), ..by() }
}

/// Steps in order, each by whom and on which day.
fn steps(what: Vec<(&str, Recorder, What)>) -> Vec<Step> {
    (1..)
        .zip(what)
        .map(|(number, (on, by, what))| {
            let at = format!("{on}T10:00:00Z").parse().unwrap();
            Step { number, at, day: day(on), by, what }
        })
        .collect()
}

fn parts<T: std::fmt::Debug>(read: Result<T, Vec<Flaw>>) -> Vec<Part> {
    read.unwrap_err().iter().map(|f| f.part).collect()
}

#[test]
fn what_was_planned_in_words_alone_is_still_read() {
    let old = r#"{"planned":{"on":"2026-12-08","words":"10 uur, thuis; dochter komt"}}"#;
    let What::Planned(read) = serde_json::from_str(old).unwrap() else { panic!("no appointment") };
    assert_eq!(read.on, day("2026-12-08"));
    assert_eq!(read.lines(), ["10 uur, thuis; dochter komt"]);
    let older: What = serde_json::from_str(r#"{"planned":{"on":"2026-12-08"}}"#).unwrap();
    assert_eq!(older, What::Planned(Appointment { on: day("2026-12-08"), ..Appointment::default() }));
}

#[test]
fn an_appointment_says_when_where_and_who() {
    let given = AppointmentGiven {
        on: "2026-12-08".into(),
        at: "10.30 uur".into(),
        place: "home".into(),
        team: "S. de Wit, wijkverpleegkundige\n\n S. de Wit, wijkverpleegkundige \ndr. Bos, huisarts".into(),
        wished: "dochter Mirjam".into(),
        ..AppointmentGiven::default()
    };
    let Ok(What::Planned(planned)) = appointment(&given, today()) else { panic!("refused") };
    assert_eq!(planned.when(), "8 december 2026 om 10.30 uur");
    assert_eq!(
        planned.lines(),
        [
            "Om 10.30 uur.",
            "Bij de patiënt thuis.",
            "Van de zorg: S. de Wit, wijkverpleegkundige; dr. Bos, huisarts.",
            "Op wens van de patiënt: dochter Mirjam.",
        ]
    );
    let text = serde_json::to_string(&What::Planned(planned.clone())).unwrap();
    assert_eq!(serde_json::from_str::<What>(&text).unwrap(), What::Planned(planned));
}

#[test]
fn what_is_wrong_with_an_appointment_is_said_at_its_field() {
    let on = |on: &str| AppointmentGiven { on: on.into(), ..AppointmentGiven::default() };
    for wrong in ["", "2026-11-29", "2028-11-30", "morgen"] {
        assert_eq!(parts(appointment(&on(wrong), today())), [Part::On], "{wrong}");
    }
    let all = AppointmentGiven {
        at: "25:00".into(),
        place: "other".into(),
        team: "a".repeat(201),
        wished: (0..21).map(|n| format!("naaste {n}")).collect::<Vec<_>>().join("\n"),
        bring: "a".repeat(2001),
        words: "a".repeat(2001),
        ..on("2026-12-08")
    };
    let expected = [Part::At, Part::PlaceWords, Part::Team, Part::Wished, Part::Bring, Part::Words];
    assert_eq!(parts(appointment(&all, today())), expected);
    assert_eq!(
        parts(appointment(&AppointmentGiven { place: "maan".into(), ..on("2026-12-08") }, today())),
        [Part::Place]
    );
}

#[test]
fn hours_are_taken_as_people_type_them() {
    for (typed, meant) in [
        ("10:30", "10:30"),
        ("9.05", "09:05"),
        ("14u15", "14:15"),
        ("14 uur", "14:00"),
        ("8", "08:00"),
        ("10.30 uur", "10:30"),
    ] {
        assert_eq!(time(typed).map(|t| t.to_string()[..5].to_owned()), Ok(meant.to_owned()), "{typed}");
    }
    for wrong in ["", "half elf", "24:00", "10:60", "10:5:5", "-1:00", "+9"] {
        assert!(time(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_conversation_that_does_not_take_place_is_planned_anew_or_not() {
    assert!(matches!(off("yes", "ziek"), Ok(What::Cancelled { .. })));
    assert!(matches!(off("no", "alles is besproken"), Ok(What::Talk(Talk::NotNeeded { .. }))));
    assert_eq!(parts(off("", " ")), [Part::Kind, Part::Words]);
}

#[test]
fn what_asks_for_attention_helps_who_prepares_and_the_newest_holds() {
    let points = |dementia: bool| {
        PointKind::ALL
            .iter()
            .map(|kind| (*kind, dementia && *kind == PointKind::Dementia, String::new()))
            .collect::<Vec<_>>()
    };
    let mut given =
        AttentionGiven { language: String::new(), interpreter: "professional".into(), points: points(true) };
    assert_eq!(parts(noted(&given)), [Part::Language]);
    given.language = "Turks".into();
    given.points[0].2 = "bidt vijf keer per dag".into();
    let first = noted(&given).unwrap();
    let nothing = noted(&AttentionGiven { points: points(false), ..AttentionGiven::default() }).unwrap();
    let all = steps(vec![("2026-11-01", by(), first), ("2026-11-20", by(), nothing)]);
    let (step, now) = attention(&all[..1]).unwrap();
    assert_eq!(step.number, 1);
    assert_eq!(
        now.lines(),
        [
            "Taal: Turks; een tolk is nodig.",
            "Cultuur en religie: bidt vijf keer per dag",
            "Dementie of problemen met geheugen of denken."
        ]
    );
    assert!(now.helps()[0].contains("tolk (Turks)") && now.helps().len() == 3);
    assert_eq!(crate::review::groups(&all[..1]), [crate::review::Group::Dementia], "it is reviewed as often");
    assert!(attention(&all).is_none() && crate::review::groups(&all).is_empty());
    given.points[3].1 = true;
    assert_eq!(parts(noted(&given)), [Part::Point(PointKind::Other)]);
}

#[test]
fn a_fact_is_what_was_said_on_a_day_that_was() {
    let (on, what) = fact("", "de heer", "ik wil niet meer naar het ziekenhuis", today()).unwrap();
    let What::Talk(Talk::Fact(said)) = &what else { panic!("no fact") };
    assert_eq!((on, said.sentence().as_str()), (today(), "de heer: ik wil niet meer naar het ziekenhuis"));
    assert_eq!(parts(fact("2026-12-01", "", " ", today())), [Part::On, Part::Words]);
    assert_eq!(parts(fact("2024-12-01", "", "x", today())), [Part::On]);
    assert_eq!(parts(fact("gisteren", &"a".repeat(201), "x", today())), [Part::On, Part::Who]);
    let told = |on: &str| fact(on, "", "iets", today()).unwrap().1;
    let all =
        steps(vec![("2026-11-20", by(), told("")), ("2026-11-22", by(), told("")), ("2026-11-10", by(), told(""))]);
    let order: Vec<u32> = facts(&all).iter().map(|(s, _)| s.number).collect();
    assert_eq!(order, [2, 1, 3], "the newest day first");
}

fn asked(of: AskedOf) -> What {
    let given = SupportGiven {
        kind: "palliative-nurse".into(),
        question: "Hoe bespreken we palliatieve sedatie?".into(),
        of: Some(of),
        needed_by: "2026-12-04".into(),
        ..SupportGiven::default()
    };
    support(&given, today()).unwrap()
}

fn of_team() -> AskedOf {
    AskedOf::Team {
        organisation: OrganisationId::from_bits(7),
        role: Role::PalliativeNurse,
        person: None,
        words: "een palliatief verpleegkundige van Thuiszorg Nabij".into(),
    }
}

fn wanted(steps: &[Step]) -> Vec<(Kind, u32, String)> {
    let past = crate::path::Past { steps, spoken: None, draft_since: None, died_on: None, months: 6 };
    crate::task::wanted(past).into_iter().map(|w| (w.kind, w.about, w.due.to_string())).collect()
}

#[test]
fn support_is_work_for_who_is_asked_and_its_answer_for_who_asked() {
    let (nurse, other) = (recorder(1, Role::DistrictNurse), recorder(2, Role::PalliativeNurse));
    let mut all = steps(vec![("2026-11-30", nurse.clone(), asked(of_team()))]);
    assert_eq!(wanted(&all), [(Kind::Support, 1, "2026-12-04".into())]);
    let to = assignee(&all, Kind::Support, 1).unwrap();
    assert_eq!(
        (to.organisation, to.role, to.person),
        (OrganisationId::from_bits(7), Some(Role::PalliativeNurse), None)
    );
    let open = request(&all, 1).unwrap();
    assert_eq!(open.state(), "wacht op antwoord");
    assert_eq!(parts(reply(&open, "", "")), [Part::Kind, Part::Words]);
    let comes = reply(&open, "comes", "Ik ga donderdag mee.").unwrap();
    all.extend(later(2, "2026-12-01", &other, comes));
    assert_eq!(
        wanted(&all),
        [(Kind::Support, 1, "2026-12-04".into()), (Kind::SupportAnswer, 1, "2026-12-04".into())],
        "who takes it up still owes a report; who asked hears of it"
    );
    assert_eq!(assignee(&all, Kind::SupportAnswer, 1).unwrap().person, nurse.person);
    let seen = read(&request(&all, 1).unwrap(), "fijn").unwrap();
    all.extend(later(3, "2026-12-02", &nurse, seen));
    assert_eq!(wanted(&all), [(Kind::Support, 1, "2026-12-04".into())]);
    let done = reply(&request(&all, 1).unwrap(), "report", "Samen besproken; plan van sedatie volgt.").unwrap();
    all.extend(later(4, "2026-12-03", &other, done));
    assert_eq!(wanted(&all), [(Kind::SupportAnswer, 1, "2026-12-06".into())]);
    let closed = request(&all, 1).unwrap();
    assert!(!closed.is_open() && closed.replies.len() == 2 && closed.state() == "beantwoord");
}

fn later(number: u32, on: &str, by: &Recorder, what: What) -> Vec<Step> {
    let mut one = steps(vec![(on, by.clone(), what)]);
    one[0].number = number;
    one
}

#[test]
fn who_asked_somebody_outside_writes_down_the_answer_and_need_not_read_it_again() {
    let nurse = recorder(1, Role::DistrictNurse);
    let outside = AskedOf::Outside { words: "Centrum voor levensvragen, per telefoon".into() };
    let mut all = steps(vec![("2026-11-30", nurse.clone(), asked(outside))]);
    assert_eq!(assignee(&all, Kind::Support, 1).unwrap().person, nurse.person);
    let no = reply(&request(&all, 1).unwrap(), "no", "Pas in januari weer plaats.").unwrap();
    all.extend(later(2, "2026-12-01", &nurse, no));
    assert!(wanted(&all).is_empty());
    assert_eq!(request(&all, 1).unwrap().state(), "kan niet");
    assert!(request(&all, 2).is_none() && assignee(&all, Kind::Support, 9).is_none());
}

#[test]
fn two_questions_are_two_tasks() {
    let nurse = recorder(1, Role::DistrictNurse);
    let all = steps(vec![("2026-11-29", nurse.clone(), asked(of_team())), ("2026-11-30", nurse, asked(of_team()))]);
    assert_eq!(wanted(&all).iter().map(|w| w.1).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn what_is_wrong_with_a_question_is_said_at_its_field() {
    assert_eq!(parts(support(&SupportGiven::default(), today())), [Part::Kind, Part::Words, Part::Of]);
    let given = SupportGiven {
        kind: "home-visit".into(),
        question: "Wil met haar praten over thuis blijven.".into(),
        of: Some(of_team()),
        outside: "ook nog iemand".into(),
        needed_by: "2026-11-29".into(),
        referrer: String::new(),
    };
    assert_eq!(parts(support(&given, today())), [Part::Outside, Part::NeededBy, Part::Referrer]);
    let right = SupportGiven { outside: String::new(), needed_by: String::new(), referrer: "gp".into(), ..given };
    let Ok(What::Talk(Talk::Asked(asked))) = support(&right, today()) else { panic!("refused") };
    assert_eq!((asked.needed_by, asked.referrer), (day("2026-12-07"), Some(Referrer::Gp)));
}

fn held(topics: &[&str], words: &str) -> What {
    let given = ReportGiven {
        patient: true,
        soep: ["Wil thuis blijven.".into(), String::new(), String::new(), "Voorstel: niet reanimeren.".into()],
        topics: topics.iter().map(|t| (*t).to_owned()).collect(),
        left_open: words.into(),
        ..ReportGiven::default()
    };
    report(&given, today()).unwrap().1
}

#[test]
fn a_report_says_something_and_who_was_there() {
    assert_eq!(parts(report(&ReportGiven::default(), today())), [Part::Attended, Part::Soep('S')]);
    let long = ReportGiven { patient: true, soep: std::array::from_fn(|_| "a".repeat(5001)), ..ReportGiven::default() };
    assert_eq!(parts(report(&long, today())), ['S', 'O', 'E', 'P'].map(Part::Soep));
    let What::Talk(Talk::Held(report)) = held(&["4a", "99"], "contact met broer\n") else { panic!("no report") };
    assert_eq!(report.soep(), [("S", "Wil thuis blijven."), ("P", "Voorstel: niet reanimeren.")]);
    assert_eq!(report.attended.sentence(), "de patiënt");
    assert_eq!(
        Talk::Held(report).more(),
        ["Nog te bespreken: reanimatie en contact met broer."],
        "an unknown topic is none"
    );
}

/// A plan in which the place was talked about on that day.
fn talked_on(on: &str) -> crate::plan::Content {
    use crate::plan::sample::{Said, Story};
    Story::of(Said::on(on).place(crate::code::Place::Home, None)).content
}

#[test]
fn what_one_conversation_leaves_the_next_is_shown() {
    let all = steps(vec![
        ("2026-10-01", by(), held(&["4a", "5b"], "contact met broer")),
        ("2026-11-01", by(), held(&["5b"], "contact met broer")),
    ]);
    let left = |n: usize, plan| -> Vec<(String, String)> {
        still_open(&all[..n], plan).into_iter().map(|o| (o.what.words(), o.since.to_string())).collect()
    };
    assert_eq!(left(1, None).len(), 3);
    let both = left(2, None);
    assert_eq!(both.len(), 2);
    assert!(both.iter().all(|(_, since)| since == "2026-10-01"), "since the first that left it: {both:?}");
    // What the plan has since is open no more; an older statement changes nothing.
    let plan = talked_on("2026-11-02");
    assert!(plan.discussed().contains(&TopicId::PlaceOfDeath));
    assert_eq!(left(2, Some(&plan)), [("contact met broer".to_owned(), "2026-10-01".to_owned())]);
    let before = talked_on("2026-09-02");
    assert_eq!(left(2, Some(&before)).len(), 2);
    assert!(still_open(&[], None).is_empty());
}

#[test]
fn the_guide_goes_by_domain_and_life_comes_first() {
    let titles: Vec<&str> = guide::LIFE.iter().map(|s| s.title).collect();
    assert_eq!(titles, ["Lichamelijk", "Psychologisch", "Sociaal", "Zorgverlening", "Spiritueel en zingeving"]);
    let words = |s: &guide::Subject| s.questions.join(" ");
    let all: String = guide::LIFE.iter().chain(&guide::TREATMENT).map(words).collect();
    assert!(!all.contains("levenseinde") && all.matches('?').count() > 20);
    assert_eq!(guide::FIRST.len(), 4);
}
