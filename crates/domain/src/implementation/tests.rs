use super::given::{AnchorGiven, Person, anchor, backing, training};
use super::*;
use crate::practice::given::Flaw;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn fields(wrong: Result<impl std::fmt::Debug, Vec<Flaw>>) -> Vec<String> {
    wrong.unwrap_err().into_iter().map(|f| f.field).collect()
}

fn people() -> Vec<Person> {
    vec![(PersonId::from_bits(1), "Saskia de Wit".into()), (PersonId::from_bits(2), "Denise Hoek".into())]
}

#[test]
fn who_pulls_it_does_so_from_a_day_on_and_perhaps_until_another() {
    let people = people();
    let (saskia, denise) = (people[0].0.as_str(), people[1].0.as_str());
    let rows = [
        (saskia, Some(Ok(day("2026-01-01"))), Some(Ok(day("2026-06-30")))),
        (denise, Some(Ok(day("2026-07-01"))), None),
        ("", None, None),
    ];
    let made = backing(" J. Bos ", &rows, &people).unwrap();
    assert_eq!((made.sponsor.as_str(), made.champions.len()), ("J. Bos", 2));
    let active =
        |on: &str| made.champions.iter().filter(|c| c.is_active(day(on))).map(|c| c.name.as_str()).collect::<Vec<_>>();
    assert_eq!(active("2026-06-30"), ["Saskia de Wit"], "the last day counts");
    assert_eq!(active("2026-11-30"), ["Denise Hoek"]);
    let wrong = [
        ("x", None, None),
        (saskia, None, None),
        ("", Some(Ok(day("2026-01-01"))), None),
        (saskia, Some(Ok(day("2026-02-01"))), Some(Ok(day("2026-01-01")))),
        (saskia, Some(Err("Geen datum.")), None),
    ];
    assert_eq!(fields(backing("", &wrong, &people)), ["wie.0", "sinds.1", "wie.2", "tot.3", "sinds.4"]);
}

#[test]
fn who_was_trained_is_due_again_from_three_months_before_the_day() {
    let (people, today) = (people(), day("2026-11-30"));
    let here: Vec<PersonId> = people.iter().map(|(id, _)| id.clone()).collect();
    let all = [here[0].as_str(), here[1].as_str()];
    let held =
        |what, on: &str, who: &[&str], months| training(what, Ok(day(on)), who, months, (&people, today)).unwrap();
    let trainings = [
        held("Gesprek voeren", "2024-11-01", &all, "24"),
        held("gesprek voeren ", "2026-11-15", &all[..1], "24"),
        held("Signaleren", "2025-03-15", &all[..1], "23"),
        held("Welkom", "2020-01-01", &all, ""),
    ];
    let due = due(&trainings, &here, today);
    let told: Vec<_> = due.iter().map(|d| (d.name.as_str(), d.what.as_str(), d.by.to_string(), d.late)).collect();
    let expected = [
        ("Denise Hoek", "Gesprek voeren", "2026-11-01".to_owned(), true),
        ("Saskia de Wit", "Signaleren", "2027-02-15".to_owned(), false),
    ];
    assert_eq!(told, expected);
    assert!(super::due(&trainings, &here[..1], today).iter().all(|d| d.name != "Denise Hoek"), "she left");
    let wrong = training(" ", Ok(day("2026-12-01")), &["x"], "0", (&people, today));
    assert_eq!(fields(wrong), ["wat", "dag", "wie", "maanden"]);
}

#[test]
fn an_agreement_is_looked_at_on_its_day_until_it_works() {
    let today = day("2026-11-30");
    let given = AnchorGiven { what: "Vast punt in het MDO", place: "agenda", owner: "Saskia", works: false };
    let open = anchor(given, Ok(day("2026-11-29")), (None, today)).unwrap();
    assert!(open.is_late(today) && !open.is_late(open.check_on));
    let works = anchor(AnchorGiven { works: true, ..given }, Ok(day("2026-11-29")), (None, today)).unwrap();
    assert_eq!((works.works_since, works.is_late(today)), (Some(today), false));
    let again = anchor(AnchorGiven { works: true, ..given }, Ok(today), (Some(day("2026-10-01")), today)).unwrap();
    assert_eq!(again.works_since, Some(day("2026-10-01")), "since when does not move");
    let wrong = anchor(AnchorGiven::default(), Err("Geen datum."), (None, today));
    assert_eq!(fields(wrong), ["wat", "waar", "wie", "dag"]);
}

#[test]
fn who_works_there_reads_and_who_leads_or_manages_writes() {
    for kind in OrganisationKind::ALL {
        for role in Role::ALL {
            let reads = may_read(*role, *kind);
            assert!(reads || !may_write(*role, *kind), "{role:?} at {kind:?}");
        }
        assert_eq!(may_read(Role::Carer, *kind), kind.gives_care());
    }
    for (role, kind, writes) in [
        (Role::Gp, OrganisationKind::GpPractice, true),
        (Role::PracticeManager, OrganisationKind::GpPractice, true),
        (Role::PrivacyOfficer, OrganisationKind::GpPractice, false),
        (Role::DistrictNurse, OrganisationKind::HomeCare, true),
        (Role::OrganisationAdmin, OrganisationKind::NursingHome, true),
        (Role::Carer, OrganisationKind::HomeCare, false),
        (Role::HospitalPhysician, OrganisationKind::Hospital, true),
        (Role::NetworkCoordinator, OrganisationKind::Region, false),
        (Role::Patient, OrganisationKind::GpPractice, false),
    ] {
        assert_eq!(may_write(role, kind), writes, "{role:?} at {kind:?}");
    }
}
