use super::given::{Field, Given, events, undone};
use super::*;
use crate::code::{PolicyGoal, RelationKind};
use crate::ident::OrganisationId;
use crate::plan::sample::{Said, Story, person, with_phone};
use crate::plan::{AgreementState, Decision, LifeDomain, Treatment, VersionKind};
use crate::role::Role;

const TODAY: Date = jiff::civil::date(2022, 11, 10);

fn by(role: Role) -> Recorder {
    Recorder {
        person: None,
        client: None,
        name: "Mia Bakker".into(),
        role: Some(role),
        organisation: OrganisationId::from_bits(1),
        organisation_name: "Praktijk".into(),
    }
}

fn step(number: u32, event: Event) -> Step {
    let what = What::Onward(Box::new(event));
    Step { number, at: Timestamp::UNIX_EPOCH, day: TODAY, by: by(Role::DistrictNurse), what }
}

fn plan(number: u32, role: Role) -> CurrentPlan {
    let content = Story::of(Said::on("2022-11-08").wishes("x")).content;
    let conversation = content.newest_conversation().unwrap().key;
    let (kind, recorded_at) = (VersionKind::Recorded, Timestamp::UNIX_EPOCH);
    CurrentPlan { number, kind, recorded_at, recorder: by(role), conversation, content }
}

#[test]
fn whether_a_doctor_knows_is_always_told() {
    let nurses = plan(2, Role::DistrictNurse);
    assert_eq!(doctor_knows(&[], &nurses), Knows::NotYet);
    assert_eq!(doctor_knows(&[], &plan(2, Role::Gp)), Knows::Recorded("Mia Bakker".into()));
    let mut steps = vec![step(1, Event::Informed { doctor: Doctor::Gp, version: 1 })];
    assert_eq!(doctor_knows(&steps, &nurses), Knows::Earlier(1));
    assert!(doctor_knows(&steps, &nurses).is_open());
    steps.push(step(2, Event::Informed { doctor: Doctor::Gp, version: 2 }));
    assert_eq!(
        doctor_knows(&steps, &nurses).sentence(),
        "De huisarts is geïnformeerd op 10 november 2022 door Mia Bakker."
    );
    steps.push(step(3, undone(2, "verkeerde patiënt").unwrap()));
    assert_eq!(doctor_knows(&steps, &nurses), Knows::Earlier(1), "what was not so counts no longer");
    let all = done(&steps);
    assert_eq!(all.iter().map(|d| d.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(all[0].undone.as_ref().map(|u| u.0.as_str()), Some("verkeerde patiënt"));
}

#[test]
fn what_the_patient_was_told_is_told_by_whom_and_when() {
    let steps = [step(1, Event::Told { what: Told::Whereabouts, version: 1 })];
    let told = patient_told(&steps);
    assert_eq!(told[0], (Told::Whereabouts, Some("op 10 november 2022 door Mia Bakker".into())));
    assert_eq!(told[1], (Told::Relatives, None));
}

#[test]
fn everything_ticked_happened_and_what_contradicts_is_told() {
    let of = |codes: &[&str]| codes.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
    let given = Given {
        systems: of(&["his", "other"]),
        other: "Puur".into(),
        channels: of(&["paper"]),
        with: "dochter".into(),
        told: of(&["relatives"]),
        doctors: of(&["gp"]),
        day: String::new(),
    };
    let (day, all) = events(&given, 3, TODAY).unwrap();
    assert_eq!((day, all.len()), (TODAY, 5));
    assert_eq!(all[1].sentence(), "Ook vastgelegd in: een ander dossier (Puur)");
    assert_eq!(all[2].sentence(), "Gedeeld met dochter, op papier");
    for (given, field) in [
        (Given::default(), Field::Systems),
        (Given { systems: of(&["x"]), ..Given::default() }, Field::Systems),
        (Given { systems: of(&["other"]), ..Given::default() }, Field::Other),
        (Given { other: "Puur".into(), ..Given::default() }, Field::Systems),
        (Given { with: "dochter".into(), ..Given::default() }, Field::Channels),
        (Given { channels: of(&["paper"]), with: "x".repeat(201), ..Given::default() }, Field::With),
        (Given { doctors: of(&["gp"]), day: "2022-11-11".into(), ..Given::default() }, Field::Day),
    ] {
        assert_eq!(events(&given, 1, TODAY).unwrap_err()[0].field, field, "{given:?}");
    }
    assert!(undone(1, " ").is_err());
}

#[test]
fn the_plan_as_soep_says_what_is_proposed_and_what_was_not_discussed() {
    let piet = with_phone(person(1, "Piet", "Smit", Some(RelationKind::Son)), "06-1");
    let story = Story::of(
        Said::on("2022-11-08")
            .limit_because(Treatment::Cpr, Decision::DoNot, Some("Het is goed geweest."))
            .propose(Treatment::Icu, Decision::DoNot)
            .goal(PolicyGoal::RelieveSymptoms)
            .wishes("Muziek van Bach.")
            .life_wish(3, LifeDomain::Social, "naar de kleinkinderen", Some("de buurman rijdt"))
            .agreement(7, "palliatieve sedatie", AgreementState::NotYetCurrent)
            .person(piet)
            .capacity(Some(true), Some(1), Some(1)),
    );
    let text = soep(&story.content).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[0].starts_with("S: Gesprek over toekomstige zorg op 8 november 2022.") && lines[0].contains("Bach"));
    assert!(lines[0].contains("naar de kleinkinderen (afgesproken: de buurman rijdt)"), "{text}");
    assert!(lines[1].starts_with("O: ") && lines[1].contains("Piet Smit") && lines[1].contains("06-1"), "{text}");
    assert!(lines[2].starts_with("E: ") && lines[2].len() > 10, "{text}");
    assert!(lines[3].starts_with("P: Niet reanimeren (reden: Het is goed geweest). "), "{text}");
    for said in [
        "nog niet medisch vastgesteld",
        "Niet besproken: beademing, ziekenhuisopname",
        "palliatieve sedatie (nog niet actueel)",
    ] {
        assert!(lines[3].contains(said), "{said}: {text}");
    }
    let line = episode(&story.content).unwrap();
    assert!(
        line.starts_with("A20 gesprek levenseinde/behandelwensen. Besproken op 8 november 2022: niet reanimeren"),
        "{line}"
    );
    assert_eq!(soep(&crate::plan::Content::default()), None);
}
