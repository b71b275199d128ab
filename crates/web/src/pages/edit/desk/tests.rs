use super::*;
use crate::pages::samples::{actor, gp, nurse, sample};
use domain::plan::{Directive, Treatment, open_proposals};
use domain::role::Role;

fn fields(pairs: &[(&str, &str)]) -> Fields {
    Fields(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
}

fn desk(role: Role, pairs: &[(&str, &str)]) -> Desk {
    let sample = sample();
    let writer = if role == Role::Gp { gp() } else { nurse() };
    let mut desk = Desk::new(Some(sample.current()), None, &sample.patient, &actor(role), &writer, sample.today);
    desk.post(&fields(pairs));
    desk
}

fn input(desk: &Desk, role: Role) -> Result<PlanInput, Vec<Problem>> {
    let writer = if role == Role::Gp { gp() } else { nurse() };
    desk.input(desk.plan.as_ref(), &writer, "2026-11-22T12:00:00Z".parse().unwrap())
}

fn cpr(input: &PlanInput) -> &domain::plan::Topic<Directive> {
    &input.content.directives[&Treatment::Cpr]
}

#[test]
fn an_untouched_form_says_nothing_and_is_told_so() {
    let errors = input(&desk(Role::Gp, &[("rev.head", "0")]), Role::Gp).unwrap_err();
    assert!(errors[0].message.contains("nog niets ingevuld"));
}

#[test]
fn only_what_was_filled_in_is_touched() {
    let desk =
        desk(Role::Gp, &[("rev.4a", "0"), ("1386", "0"), ("rev.4b", "0"), ("rev.head", "0"), ("963", "22-11-2026")]);
    let input = input(&desk, Role::Gp).unwrap();
    assert_eq!(input.content.directives.len(), 1);
    assert!(cpr(&input).current.as_ref().unwrap().value.set_by.is_some());
    assert!(input.content.life_wishes.is_empty());
}

#[test]
fn an_explanation_alone_is_asked_for_its_answer_where_there_was_one() {
    let words = [("rev.4a", "0"), ("1002", "nog eens besproken")];
    for role in [Role::Gp, Role::DistrictNurse] {
        let errors = input(&desk(role, &words), role).unwrap_err();
        assert_eq!((errors.len(), errors[0].field.as_str()), (1, "1386"));
        assert!(errors[0].message.contains("kies ook een antwoord. Er staat nu: "), "{}", errors[0].message);
        let answered = [words[0], words[1], ("1386", "2")];
        assert!(input(&desk(role, &answered), role).is_ok());
    }
}

#[test]
fn a_nurse_proposes_what_a_doctor_sets() {
    let pairs = [("rev.4a", "0"), ("1386", "0")];
    assert!(cpr(&input(&desk(Role::DistrictNurse, &pairs), Role::DistrictNurse).unwrap()).proposed.is_some());
    assert!(cpr(&input(&desk(Role::Gp, &pairs), Role::Gp).unwrap()).proposed.is_none());
}

#[test]
fn who_may_not_touch_limits_does_not_even_by_a_forged_form() {
    let desk =
        desk(Role::PalliativeNurse, &[("rev.4a", "0"), ("1386", "0"), ("rev.5a", "0"), ("1190", "graag muziek")]);
    let input = input(&desk, Role::PalliativeNurse).unwrap();
    assert!(input.content.directives.is_empty() && open_proposals(&input.content).is_empty());
    assert!(input.content.care_wishes.value().is_some());
}

#[test]
fn left_out_on_purpose_is_kept_as_such() {
    let desk = desk(Role::Gp, &[("rev.5d", "0"), ("niet.5d", "ja"), ("rev.4a", "0"), ("niet.4a", "ja"), ("1386", "2")]);
    let input = input(&desk, Role::Gp).unwrap();
    assert_eq!(input.skipped, [TopicId::OrganDonation], "an answer beats leaving out");
}

#[test]
fn switching_off_an_icd_that_is_known_needs_no_second_question() {
    let desk = desk(Role::Gp, &[("rev.4i", "0"), ("1005", "0")]);
    let input = input(&desk, Role::Gp).unwrap();
    assert!(input.content.directives[&Treatment::IcdDeactivation].current.is_some());
    assert_eq!(input.content.icd.value().map(|i| i.present), Some(YesNoUnknown::Yes));
}

#[test]
fn mistakes_come_back_at_their_fields() {
    let long = "x".repeat(domain::form::MAX_TEXT + 1);
    let desk = desk(
        Role::Gp,
        &[
            ("rev.head", "0"),
            ("963", "23-11-2026"),
            ("rev.4a", "0"),
            ("1386", "7"),
            ("1002", &long),
            ("rev.1", "0"),
            ("976.0", "055"),
            ("976.1", &long),
        ],
    );
    let fields: Vec<String> = input(&desk, Role::Gp).unwrap_err().into_iter().map(|e| e.field).collect();
    for wanted in ["963", "1386", "1002", "976.1"] {
        assert!(fields.iter().any(|f| f == wanted), "{wanted} in {fields:?}");
    }
    assert!(!fields.iter().any(|f| f == "976.0"));
}

#[test]
fn a_wrong_date_is_told_as_a_date() {
    let errors =
        input(&desk(Role::Gp, &[("rev.head", "0"), ("963", "gisteren"), ("rev.4a", "0"), ("1386", "2")]), Role::Gp)
            .unwrap_err();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].message.starts_with("Datum van het gesprek: dit is geen datum"), "{}", errors[0].message);
}

#[test]
fn beginning_with_what_the_plan_says_gives_its_words_and_clearing_opens_it_again() {
    let mut desk = desk(Role::Gp, &[]);
    let part = Part::Topic(TopicId::Cpr);
    desk.carry(part);
    assert_eq!((desk.typed(part).get("1386"), desk.is_filled(part)), ("2", true));
    assert!(desk.typed(part).get("1002").starts_with("Mijn hart is op"));
    desk.clear(part);
    assert!(!desk.is_filled(part));
}

#[test]
fn a_proposal_that_waits_is_never_taken_for_what_the_plan_says() {
    let mut desk = desk(Role::Gp, &[]);
    let part = Part::Topic(TopicId::Hospital);
    desk.carry(part);
    assert_eq!(desk.typed(part).get("1393"), "0", "in force: to the hospital");
    assert!(!desk.typed(part).get("1395").contains("Voorgesteld"));
}

#[test]
fn progress_counts_topics_of_which_nothing_is_known() {
    let sample = sample();
    let fresh = Desk::new(None, None, &sample.patient, &actor(Role::Gp), &gp(), sample.today);
    let progress = fresh.progress();
    assert_eq!((progress.left, progress.of), (19, 19), "all but switching off an ICD nobody has");
    let mut desk = Desk::new(None, None, &sample.patient, &actor(Role::Gp), &gp(), sample.today);
    desk.post(&fields(&[
        ("rev.4a", "0"),
        ("1386", "2"),
        ("rev.4b", "0"),
        ("niet.4b", "ja"),
        ("rev.4h", "0"),
        ("1006", "373066001"),
    ]));
    assert_eq!(desk.progress().sentence(), "Nog 17 onderwerpen, 1 bewust niet besproken.");
    let limited = Desk::new(None, None, &sample.patient, &actor(Role::PalliativeNurse), &nurse(), sample.today);
    assert_eq!(limited.progress().of, 12, "limits are not asked of who may not record them");
}

#[test]
fn the_draft_is_what_stands_on_the_table() {
    let sample = sample();
    let part = Part::Topic(TopicId::Cpr);
    let mut typed = Typed::default();
    typed.add("1386", "1".to_owned());
    typed.add("1001", "alleen thuis".to_owned());
    let kept = DraftTopic {
        part: "4a".to_owned(),
        revision: 3,
        answers: answers_of(part, &typed),
        skipped: false,
        origin: None,
        saved_by: "Ayşe Yılmaz".to_owned(),
        saved_at: "2026-11-22T10:00:00Z".parse().unwrap(),
    };
    let by = sample.versions[0].version.recorder.clone();
    let draft = Draft { based_on: 4, begun_by: by, begun_at: kept.saved_at, topics: vec![kept] };
    let mut desk =
        Desk::new(Some(sample.current()), Some(draft), &sample.patient, &actor(Role::Gp), &gp(), sample.today);
    assert_eq!(desk.typed(part), &typed);
    assert!(!desk.is_unsaved(part));
    desk.post(&fields(&[("rev.4a", "3"), ("1386", "2"), ("1001", "alleen thuis")]));
    assert!(desk.is_unsaved(part));
    assert_eq!(desk.typed(part).get("1001"), "alleen thuis", "what is not asked any more is not lost yet");
    assert!(!desk.is_unsaved(Part::Life), "wishes that stand as in the plan are nothing to save");
}
