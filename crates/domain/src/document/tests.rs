use super::given::{Beside, Field, Given, document, ended};
use super::*;
use crate::code::CodeSet;
use crate::ident::{AttachmentId, OrganisationId};
use crate::path::{Step, What};
use crate::people::{Name as PersonName, Professional, ProfessionalKey};
use crate::plan::sample::{Said, Story, date, professional};
use crate::plan::{Arrival, Content, CurrentPlan, PlanInput, Recorder, VersionKind, diff, summary};
use jiff::Timestamp;

const TODAY: Date = jiff::civil::date(2022, 11, 10);

fn here(n: u128) -> Name {
    Name::Here(AttachmentId::from_bits(n))
}

fn given(kind: Kind) -> Given {
    Given { kind: kind.code().to_owned(), ..Given::default() }
}

fn beside() -> Beside<'static> {
    Beside { people: &[PersonKey(3)], version: 2, today: TODAY }
}

fn read(given: &Given) -> Document {
    document(given, None, beside()).unwrap()
}

fn by() -> Recorder {
    Recorder {
        person: None,
        client: None,
        name: "Mia Bakker".into(),
        role: None,
        organisation: OrganisationId::from_bits(1),
        organisation_name: "Praktijk".into(),
    }
}

fn step(number: u32, event: Event) -> Step {
    let at = Timestamp::from_second(1_668_000_000 + i64::from(number)).unwrap();
    Step { number, at, day: TODAY, by: by(), what: What::Document(Box::new(event)) }
}

fn author() -> Professional {
    professional(ProfessionalKey(1), PersonName::of("Mia", "", "Bakker"), None)
}

fn current(content: Content) -> CurrentPlan {
    CurrentPlan {
        number: 1,
        kind: VersionKind::Recorded,
        recorded_at: Timestamp::UNIX_EPOCH,
        recorder: by(),
        conversation: content.newest_conversation().unwrap().key,
        content,
    }
}

/// Lays a document in a story's plan; `false` where that changes nothing.
fn lay(story: &mut Story, name: &Name, document: Option<&Document>) -> bool {
    let plan = current(story.content.clone());
    let input: Option<PlanInput> = laid(name, document, Some(&plan), &author(), Timestamp::UNIX_EPOCH);
    input.map(|input| story.arrives(Arrival::Here, input)).is_some()
}

#[test]
fn every_kind_of_the_standard_is_there_under_its_own_code_and_word() {
    for kind in AdvanceDirectiveType::ALL {
        let own = Kind::of_directive(*kind);
        assert_eq!((own.code(), own.dutch()), (kind.code(), words::document_kind(*kind)));
        assert_eq!(own.directive(), Some(*kind));
    }
    assert_eq!(Kind::LifeStory.directive(), None);
    assert!(Kind::TreatmentPassport.is_for_doctor() && !Kind::LifeStory.is_for_doctor());
}

#[test]
fn everything_that_is_wrong_is_told_at_its_field() {
    let of = |change: &dyn Fn(&mut Given)| {
        let mut given = given(Kind::DoNotResuscitate);
        change(&mut given);
        document(&given, None, beside()).unwrap_err().into_iter().map(|w| w.field).collect::<Vec<_>>()
    };
    assert_eq!(of(&|g| g.kind = "iets".into()), [Field::Kind]);
    assert_eq!(of(&|g| g.kind = "OTH".into()), [Field::KindText]);
    assert_eq!(of(&|g| g.kind_text = "codicil".into()), [Field::KindText]);
    assert_eq!(of(&|g| g.dated_on = "gisteren".into()), [Field::DatedOn]);
    assert_eq!(of(&|g| g.dated_on = "2023".into()), [Field::DatedOn]);
    assert_eq!(of(&|g| g.person = "4".into()), [Field::Person]);
    assert_eq!(of(&|g| (g.person, g.representative) = ("3".into(), "Piet".into())), [Field::Representative]);
    assert_eq!(of(&|g| g.comment = "x".repeat(2001)), [Field::Comment]);
    assert_eq!(of(&|g| g.agrees = "bijna".into()), [Field::Agrees]);
    assert_eq!(of(&|g| g.discussed = "yes".into()), [Field::DiscussedOn]);
    assert_eq!(of(&|g| (g.discussed, g.discussed_on) = ("yes".into(), "2022-11-11".into())), [Field::DiscussedOn]);
    assert_eq!(of(&|g| g.discussed_on = "2022-11-01".into()), [Field::Discussed]);
    assert_eq!(of(&|g| (g.copy, g.kind) = ("misschien".into(), String::new())), [Field::Kind, Field::Copy]);
    let without_plan = Beside { version: 0, ..beside() };
    let compared = Given { agrees: "yes".into(), ..given(Kind::Proxy) };
    assert_eq!(document(&compared, None, without_plan).unwrap_err()[0].field, Field::Agrees);
    assert_eq!(read(&compared).compared_with, Some(2));
    assert_eq!(ended(&here(1), "x".into(), Why::Withdrawn, "  ").unwrap_err().field, Field::Reason);
}

#[test]
fn what_was_said_before_stays_to_be_read() {
    let first =
        read(&Given { dated_on: "2020-05".into(), comment: "Ligt bij de notaris.".into(), ..given(Kind::Euthanasia) });
    let then = Document { discussed_on: Some(TODAY), comment: None, copy: Copy::Yes, ..first.clone() };
    let differs = Document { agrees: Agrees::No, compared_with: Some(2), ..then.clone() };
    let mut steps = vec![
        step(1, Event::Added { name: here(1), document: first }),
        step(2, Event::Added { name: here(2), document: read(&given(Kind::LifeStory)) }),
        step(4, Event::Changed { name: here(1), document: then }),
        step(5, Event::Changed { name: here(1), document: differs }),
    ];
    let all = standing(&steps, None);
    assert_eq!(
        all.iter().map(|s| s.document.title()).collect::<Vec<_>>(),
        ["Levensverhaal", "Euthanasieverzoek van mei 2020"]
    );
    let told: Vec<String> = all[1].history.iter().map(|n| n.what.join("; ")).collect();
    assert_eq!(
        told,
        [
            "toegevoegd",
            "toelichting gewijzigd; eerst ‘Ligt bij de notaris’; met de arts besproken op 10 november 2022; de arts heeft een kopie",
            "zegt iets anders dan het plan",
        ]
    );
    assert_eq!((all[1].last, last_event(&steps, &here(1)), last_event(&steps, &here(9))), (5, 5, 0));
    assert_eq!(doubts(&steps, None), ["Euthanasieverzoek van mei 2020 zegt iets anders dan dit plan."]);
    let event = ended(&here(1), "Euthanasieverzoek".into(), Why::Withdrawn, " Wil dit niet meer. ").unwrap();
    steps.push(step(6, event));
    let all = standing(&steps, None);
    let ending = all[1].ended.as_ref().unwrap();
    assert_eq!((ending.why, ending.reason.as_str()), (Why::Withdrawn, "Wil dit niet meer."));
    assert!(doubts(&steps, None).is_empty(), "what counts no longer makes nothing doubtful");
}

#[test]
fn one_that_no_doctor_knows_waits_and_a_life_story_does_not() {
    let mut steps = vec![step(1, Event::Added { name: here(1), document: read(&given(Kind::LifeStory)) })];
    assert_eq!(to_discuss(&steps), None);
    let open = read(&given(Kind::DoNotResuscitate));
    steps.push(step(2, Event::Added { name: here(2), document: open.clone() }));
    steps.push(step(3, Event::Added { name: here(3), document: open.clone() }));
    assert_eq!(to_discuss(&steps), Some(steps[1].at), "since the one that waits longest");
    let known = Document { discussed_on: Some(TODAY), ..open };
    steps.push(step(4, Event::Changed { name: here(2), document: known }));
    assert_eq!(to_discuss(&steps), Some(steps[2].at));
    steps.push(step(5, ended(&here(3), "x".into(), Why::Mistaken, "van een ander").unwrap()));
    assert_eq!(to_discuss(&steps), None);
}

#[test]
fn a_written_wish_stands_in_the_plan_once_and_goes_with_its_document() {
    let mut story = Story::of(Said::on("2022-11-08").wishes("muziek"));
    let before = story.content.clone();
    let wish =
        read(&Given { dated_on: "2020-05-01".into(), representative: "Piet Smit".into(), ..given(Kind::LivingWill) });
    assert!(lay(&mut story, &here(1), Some(&wish)));
    let told = summary(&diff(&before, &story.content));
    assert!(told.contains("Eerder vastgelegde wensen voor het eerst besproken"), "{told}");
    assert_eq!(story.content.conversations.len(), 1, "a document is no conversation");
    assert!(!lay(&mut story, &here(1), Some(&wish)), "the same again changes nothing");
    let steps = [step(1, Event::Added { name: here(1), document: wish.clone() })];
    assert_eq!(standing(&steps, Some(&story.content)).len(), 1, "plan and document are one");
    // Another day, earlier than it was thought to bear.
    let older = Document { dated_on: Some(date("2019-01-02")), ..wish };
    assert!(lay(&mut story, &here(1), Some(&older)));
    let counts: Vec<_> = story.content.documents.values().filter_map(|t| t.current.as_ref()).collect();
    assert_eq!(counts.len(), 1);
    assert_eq!(counts[0].said_on, Some(date("2019-01-02")));
    assert_eq!(counts[0].value.comment.as_deref(), Some("Vertegenwoordiger: Piet Smit."));
    assert!(lay(&mut story, &here(1), None));
    assert!(story.content.documents.values().all(|t| t.current.is_none()), "it counts no longer");
    assert!(!lay(&mut story, &here(1), None));
    assert!(!lay(&mut story, &here(2), Some(&read(&given(Kind::LifeStory)))), "a life story does not belong there");
}

#[test]
fn a_wish_that_came_with_a_plan_is_shown_and_can_be_ended_here() {
    for id in [Some("d1"), None] {
        let mut story = Story::of(Said::on("2022-11-08").wishes("muziek").document(
            1,
            AdvanceDirectiveType::DoNotResuscitate,
            Some("2020-05-01"),
            id,
        ));
        let all = standing(&[], Some(&story.content));
        assert_eq!(all[0].document.title(), "Niet-reanimerenverklaring van 1 mei 2020");
        let Name::InPlan(_) = all[0].name else { panic!("it was not added here") };
        assert_eq!(Name::of_code(&all[0].name.code()), Some(all[0].name.clone()));
        let said = Document { agrees: Agrees::No, ..all[0].document.clone() };
        let steps = [step(1, Event::Changed { name: all[0].name.clone(), document: said })];
        let told = standing(&steps, Some(&story.content));
        assert_eq!((told.len(), told[0].document.agrees), (1, Agrees::No));
        assert!(lay(&mut story, &all[0].name, None), "{id:?}");
        assert!(standing(&[], Some(&story.content)).is_empty(), "{id:?}");
    }
}
