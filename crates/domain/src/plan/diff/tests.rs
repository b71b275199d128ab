//! What a reader is told has changed.

use super::*;
use crate::code::{AdvanceDirectiveType, Place, PolicyGoal, RelationKind, YesNoUnknown};
use crate::plan::sample::{Said as Input, Story, person, with_phone};
use crate::plan::{
    AgreementKey, AgreementState, Decision, DocumentKey, EarlierRecorded, LifeDomain, Topic, Treatment, WishKey,
};

const CPR: Treatment = Treatment::Cpr;

/// Kind and sentence of each change from the first to what the plan is after both.
fn told(first: Input, then: Input) -> Vec<(ChangeKind, String)> {
    let mut plan = Story::of(first);
    let before = plan.content.clone();
    plan.here(then);
    sentences(&diff(&before, &plan.content))
}

fn sentences(changes: &[Change]) -> Vec<(ChangeKind, String)> {
    changes.iter().map(|c| (c.kind, c.sentence.clone())).collect()
}

fn one(first: Input, then: Input) -> (ChangeKind, String) {
    let all = told(first, then);
    let [one] = &all[..] else { panic!("{all:?}") };
    one.clone()
}

fn is(kind: ChangeKind, sentence: &str) -> (ChangeKind, String) {
    (kind, sentence.to_owned())
}

fn before() -> Input {
    Input::on("2020-10-01")
}

fn after() -> Input {
    Input::on("2022-11-08")
}

#[test]
fn a_plan_against_itself_has_not_changed() {
    let plan = Story::of(before().limit(CPR, Decision::DoNot).wishes("rust").attended(true, &[]));
    assert!(diff(&plan.content, &plan.content).is_empty());
    assert_eq!(summary(&[]), "Niets gewijzigd.");
}

#[test]
fn a_limit_that_says_something_else() {
    assert_eq!(
        one(before().limit(CPR, Decision::Perform), after().limit(CPR, Decision::DoNot)),
        is(ChangeKind::Changed, "Reanimatie: van wel uitvoeren naar niet uitvoeren.")
    );
    let condition = Decision::Otherwise(Some("Wel op OK, niet thuis.".into()));
    assert_eq!(
        one(before().limit(CPR, Decision::Perform), after().limit(CPR, condition)),
        is(ChangeKind::Changed, "Reanimatie: van wel uitvoeren naar onder voorwaarde (‘Wel op OK, niet thuis’).")
    );
}

#[test]
fn a_limit_for_the_first_time() {
    assert_eq!(
        one(before(), after().limit(Treatment::Hospital, Decision::Perform)),
        is(ChangeKind::Added, "Ziekenhuisopname is voor het eerst besproken: wel opnemen.")
    );
    assert_eq!(
        one(before(), after().limit(Treatment::BloodProduct, Decision::Unknown)),
        is(ChangeKind::Added, "Bloedproducten zijn voor het eerst besproken: nog onbekend.")
    );
}

#[test]
fn the_text_of_an_answer_and_its_explanation() {
    let why = |text| before().limit_because(CPR, Decision::DoNot, text);
    assert_eq!(
        one(why(None), why(Some("te zwak"))),
        is(ChangeKind::Wording, "De toelichting bij reanimatie is toegevoegd.")
    );
    assert_eq!(
        one(why(Some("a")), why(Some("b"))),
        is(ChangeKind::Wording, "De toelichting bij reanimatie is aangepast.")
    );
    assert_eq!(one(why(Some("a")), why(None)), is(ChangeKind::Wording, "De toelichting bij reanimatie is vervallen."));
    assert_eq!(
        one(before().wishes("Rustig thuis"), after().wishes("rustig, thuis.")),
        is(ChangeKind::Wording, "Wensen voor goede zorg: alleen de bewoording is aangepast.")
    );
    let mut plan = Story::of(why(Some("a")));
    let first = plan.content.clone();
    plan.here(after().limit_because(CPR, Decision::Perform, Some("b")));
    let change = &diff(&first, &plan.content)[0];
    assert_eq!((change.before.as_deref(), change.after.as_deref()), (Some("Niet reanimeren"), Some("Wel reanimeren")));
    assert_eq!((change.comment_before.as_deref(), change.comment_after.as_deref()), (Some("a"), Some("b")));
}

#[test]
fn long_texts_are_not_in_the_sentence() {
    assert_eq!(
        one(before(), after().wishes("Hij wil hardlopen")),
        is(ChangeKind::Added, "Wensen voor goede zorg zijn voor het eerst besproken.")
    );
    assert_eq!(
        one(before().wishes("Hij wil hardlopen"), after().wishes("Hij wil rust")),
        is(ChangeKind::Changed, "Wensen voor goede zorg zijn aangepast.")
    );
}

#[test]
fn a_proposal_is_told_as_one() {
    assert_eq!(
        one(before(), after().propose(CPR, Decision::DoNot)),
        is(ChangeKind::Proposed, "Voorgesteld: niet reanimeren (nog niet medisch vastgesteld).")
    );
    assert_eq!(
        one(before().limit(CPR, Decision::Perform), after().propose(CPR, Decision::DoNot)),
        is(
            ChangeKind::Proposed,
            "Voorgesteld: niet reanimeren (nog niet medisch vastgesteld); tot die tijd geldt: wel uitvoeren."
        )
    );
}

#[test]
fn a_proposal_that_was_set_rejected_or_overtaken() {
    let open = || before().propose(CPR, Decision::DoNot);
    assert_eq!(
        one(open(), after().limit(CPR, Decision::DoNot)),
        is(ChangeKind::Set, "Reanimatie: niet uitvoeren is medisch vastgesteld.")
    );
    let beside = || before().limit(CPR, Decision::Perform).propose(CPR, Decision::DoNot);
    assert_eq!(
        one(beside(), after().limit(CPR, Decision::DoNot)),
        is(ChangeKind::Set, "Reanimatie: niet uitvoeren is medisch vastgesteld (eerder wel uitvoeren).")
    );
    let repeated = || before().limit(CPR, Decision::DoNot).propose(CPR, Decision::DoNot);
    assert_eq!(
        one(repeated(), after().limit(CPR, Decision::DoNot)),
        is(ChangeKind::Set, "Reanimatie: niet uitvoeren is opnieuw medisch vastgesteld.")
    );
    assert_eq!(
        one(repeated(), after().reject(TopicId::Cpr, "Geldt al.")),
        is(ChangeKind::ProposalEnded, "Voorstel niet overgenomen: niet reanimeren. Reden: Geldt al.")
    );
    assert_eq!(
        told(open(), after().limit(CPR, Decision::Perform)),
        [
            is(ChangeKind::Added, "Reanimatie is voor het eerst besproken: wel uitvoeren."),
            is(
                ChangeKind::ProposalEnded,
                "Voorstel vervallen: niet reanimeren, want er is daarna iets anders vastgesteld."
            ),
        ]
    );
}

#[test]
fn a_statement_that_no_longer_counts() {
    let mut plan = Story::of(before().limit(CPR, Decision::DoNot));
    plan.here(after().limit(Treatment::Antibiotics, Decision::DoNot).wishes("rust"));
    let changes = diff(&plan.content, &plan.without(&[2]));
    assert_eq!(
        sentences(&changes),
        [
            is(ChangeKind::Removed, "Antibiotica tellen niet meer: eerder niet geven."),
            is(ChangeKind::Removed, "Wensen voor goede zorg tellen niet meer."),
        ]
    );
}

#[test]
fn icd_not_discussed_is_an_answer_but_no_discussion() {
    const OFF: Treatment = Treatment::IcdDeactivation;
    assert_eq!(
        one(before(), after().limit(OFF, Decision::NotDiscussed)),
        is(ChangeKind::Wording, "ICD uitzetten: vastgelegd dat dit niet is besproken.")
    );
    assert_eq!(
        one(before().limit(OFF, Decision::NotDiscussed), after().limit(OFF, Decision::Undecided)),
        is(ChangeKind::Added, "ICD uitzetten is voor het eerst besproken: nog geen besluit.")
    );
    assert_eq!(
        one(before().limit(OFF, Decision::Perform), after().limit(OFF, Decision::NotDiscussed)),
        is(ChangeKind::Changed, "ICD uitzetten: van wel uitzetten naar niet besproken.")
    );
}

fn with(given: &str, relation: RelationKind, phone: Option<&str>, capable: bool) -> Input {
    let one = person(1, given, "Jansen", Some(relation));
    let one = phone.map_or(one.clone(), |p| with_phone(one, p));
    before().person(one).capacity(Some(capable), Some(1), Some(1))
}

#[test]
fn who_speaks_for_the_patient_and_how_to_reach_them_is_topic_1() {
    let mirjam = |phone, capable| with("Mirjam", RelationKind::Daughter, phone, capable);
    assert_eq!(
        one(mirjam(Some("06-1"), true), mirjam(Some("06-2"), true)),
        is(ChangeKind::Changed, "Telefoonnummer van Mirjam Jansen: van 06-1 naar 06-2.")
    );
    assert_eq!(
        one(mirjam(None, true), mirjam(Some("06-2"), false)),
        is(
            ChangeKind::Changed,
            "Wilsbekwaamheid: van wilsbekwaam naar niet wilsbekwaam; telefoonnummer van Mirjam Jansen toegevoegd: 06-2."
        )
    );
    let piet = with("Piet", RelationKind::Son, Some("06-3"), true);
    assert_eq!(
        one(mirjam(Some("06-1"), true), piet),
        is(
            ChangeKind::Changed,
            "Vertegenwoordiger: van Mirjam Jansen (dochter) naar Piet Jansen (zoon); \
             eerste contactpersoon: van Mirjam Jansen (dochter) naar Piet Jansen (zoon)."
        )
    );
    assert_eq!(
        one(before(), mirjam(None, false)),
        is(
            ChangeKind::Added,
            "Wilsbekwaamheid en vertegenwoordiging zijn voor het eerst besproken: niet wilsbekwaam; \
             vertegenwoordiger en eerste contactpersoon: Mirjam Jansen (dochter)."
        )
    );
    let mut plan = Story::of(mirjam(Some("06-1"), true));
    let first = plan.content.clone();
    plan.here(mirjam(Some("06-2"), true));
    let after = diff(&first, &plan.content)[0].after.clone();
    assert_eq!(
        after.as_deref(),
        Some("Wilsbekwaam; vertegenwoordiger en eerste contactpersoon: Mirjam Jansen (dochter), 06-2")
    );
}

#[test]
fn who_was_there_is_compared_by_the_newest_conversation() {
    let brother = || person(1, "", "", Some(RelationKind::Brother));
    assert_eq!(
        one(before().attended(true, &[]), after().person(brother()).attended(true, &[1])),
        is(ChangeKind::Changed, "Aanwezig bij het gesprek: de patiënt en broer (eerder de patiënt).")
    );
    assert!(told(before().attended(true, &[]), after().attended(true, &[])).is_empty());
    assert_eq!(
        one(before(), after().attended(true, &[])),
        is(ChangeKind::Added, "Aanwezig bij het gesprek: de patiënt.")
    );
}

#[test]
fn earlier_wishes_with_their_documents() {
    let paper = |said: Input, day| said.document(1, AdvanceDirectiveType::DoNotResuscitate, Some(day), Some("d1"));
    assert_eq!(
        one(before(), paper(after(), "2020-05-01")),
        is(
            ChangeKind::Added,
            "Eerder vastgelegde wensen zijn voor het eerst besproken: Niet-reanimerenverklaring van 1 mei 2020."
        )
    );
    let recorded = |said: Input, recorded, differs| {
        let value = EarlierRecorded { recorded, comment: None, differs };
        let topic = Topic::said(said.statement(value));
        said.with(|c| c.earlier = topic)
    };
    assert_eq!(
        one(
            recorded(before(), YesNoUnknown::No, None),
            paper(recorded(after(), YesNoUnknown::Yes, Some(YesNoUnknown::Yes)), "2020-05-01")
        ),
        is(
            ChangeKind::Changed,
            "Eerder vastgelegde wensen: van er is niet eerder iets vastgelegd naar er is eerder iets vastgelegd, met andere \
             wensen dan in dit plan; document toegevoegd: Niet-reanimerenverklaring van 1 mei 2020."
        )
    );
    let commented = paper(after(), "2020-05-01").with(|c| {
        let topic = c.documents.get_mut(&DocumentKey(1)).unwrap();
        topic.current.as_mut().unwrap().value.comment = Some("origineel thuis".into());
    });
    assert_eq!(
        one(paper(before(), "2020-05-01"), commented),
        is(ChangeKind::Wording, "Toelichting aangepast bij Niet-reanimerenverklaring van 1 mei 2020.")
    );
}

#[test]
fn life_wishes_are_told_with_what_was_agreed() {
    let wish = |said: Input, action| said.life_wish(1, LifeDomain::Social, "Bruiloft van kleinzoon meemaken.", action);
    assert_eq!(
        one(before(), wish(after(), None)),
        is(ChangeKind::Added, "Nieuwe levenswens: sociaal: Bruiloft van kleinzoon meemaken.")
    );
    assert_eq!(
        one(wish(before(), None), wish(after(), Some("vervoer regelen"))),
        is(ChangeKind::Changed, "Afspraak bij levenswens ‘Bruiloft van kleinzoon meemaken’: vervoer regelen.")
    );
    let gone = wish(after(), None).with(|c| {
        let topic = c.life_wishes.get_mut(&WishKey(1)).unwrap();
        topic.current.as_mut().unwrap().value.withdrawn = true;
    });
    assert_eq!(
        one(wish(before(), None), gone),
        is(ChangeKind::Changed, "Levenswens losgelaten: Bruiloft van kleinzoon meemaken.")
    );
}

#[test]
fn an_agreement_that_is_no_longer_current() {
    let asked = |said: Input, state| said.agreement(1, "Euthanasieverzoek bij de huisarts", state);
    assert_eq!(
        one(asked(before(), AgreementState::Current), asked(after(), AgreementState::NotYetCurrent)),
        is(ChangeKind::Changed, "Afspraak ‘Euthanasieverzoek bij de huisarts’: van geldt nu naar nog niet actueel.")
    );
    assert_eq!(
        one(before(), asked(after(), AgreementState::NotYetCurrent)),
        is(ChangeKind::Added, "Nieuwe afspraak: Euthanasieverzoek bij de huisarts (nog niet actueel).")
    );
    let condition = asked(after(), AgreementState::Current).with(|c| {
        let topic = c.agreements.get_mut(&AgreementKey(1)).unwrap();
        topic.current.as_mut().unwrap().value.condition = Some("als de pijn niet te behandelen is".into());
    });
    assert_eq!(
        one(asked(before(), AgreementState::Current), condition),
        is(
            ChangeKind::Changed,
            "Afspraak ‘Euthanasieverzoek bij de huisarts’: nieuwe voorwaarde, ‘als de pijn niet te behandelen is’."
        )
    );
}

#[test]
fn other_limits_are_told_by_name() {
    let dialysis = |said: Input, d| said.other_limit(Some("Dialyse"), d);
    assert_eq!(
        one(before(), dialysis(after(), Decision::DoNot)),
        is(ChangeKind::Added, "Overige behandelgrenzen zijn voor het eerst besproken: Dialyse: niet uitvoeren.")
    );
    assert_eq!(
        one(
            dialysis(before(), Decision::DoNot),
            dialysis(after(), Decision::DoNot).other_limit(None, Decision::Perform)
        ),
        is(
            ChangeKind::Changed,
            "Overige behandelgrenzen: van Dialyse: niet uitvoeren naar Dialyse: niet uitvoeren; wel uitvoeren."
        )
    );
}

#[test]
fn changes_come_in_clinical_order_and_sum_up() {
    let first = before()
        .limit(CPR, Decision::Perform)
        .limit(Treatment::Ventilation, Decision::Perform)
        .limit(Treatment::Icu, Decision::Perform);
    let then = after()
        .agreement(1, "Palliatieve sedatie", AgreementState::NotYetCurrent)
        .life_wish(1, LifeDomain::Physical, "Helder zijn", None)
        .place(Place::Home, None)
        .limit(Treatment::Icu, Decision::DoNot)
        .limit(Treatment::Ventilation, Decision::DoNot)
        .limit(CPR, Decision::DoNot);
    let mut plan = Story::of(first);
    let old = plan.content.clone();
    plan.here(then);
    let changes = diff(&old, &plan.content);
    let topics: Vec<TopicId> = changes.iter().map(|c| c.topic).collect();
    assert_eq!(
        topics,
        [
            TopicId::Cpr,
            TopicId::Ventilation,
            TopicId::Icu,
            TopicId::LifeWish(WishKey(1)),
            TopicId::PlaceOfDeath,
            TopicId::Agreement(AgreementKey(1)),
        ]
    );
    assert_eq!(
        summary(&changes),
        "3 onderwerpen gewijzigd: reanimatie, beademing en IC-opname; \
         levenswens, plek van overlijden en andere afspraak voor het eerst besproken."
    );
}

#[test]
fn summaries_tell_each_kind() {
    let sum = |first: Input, then: Input| {
        let mut plan = Story::of(first);
        let old = plan.content.clone();
        plan.here(then);
        summary(&diff(&old, &plan.content))
    };
    assert_eq!(
        sum(before().goal(PolicyGoal::ProlongLife), after().goal(PolicyGoal::RelieveSymptoms)),
        "1 onderwerp gewijzigd: doel van de behandeling."
    );
    assert_eq!(sum(before(), after().propose(CPR, Decision::DoNot)), "Voorgesteld, nog niet vastgesteld: reanimatie.");
    assert_eq!(
        sum(before().propose(CPR, Decision::DoNot), after().limit(CPR, Decision::DoNot)),
        "Reanimatie medisch vastgesteld."
    );
    assert_eq!(
        sum(before().propose(CPR, Decision::DoNot), after().reject(TopicId::Cpr, "nee")),
        "Voorstel vervallen: reanimatie."
    );
    assert_eq!(
        sum(before().place(Place::Home, None), after().place(Place::Home, Some("het liefst"))),
        "Alleen tekst aangepast: plek van overlijden."
    );
    assert_eq!(sum(before(), after().attended(true, &[])), "Alleen wie bij het gesprek aanwezig waren is anders.");
    let all = Treatment::ALL.into_iter().fold(after(), |said, t| said.limit(t, Decision::Perform));
    assert_eq!(sum(before(), all), "7 onderwerpen voor het eerst besproken.");
    let two = after().life_wish(1, LifeDomain::Care, "a", None).life_wish(2, LifeDomain::Care, "b", None);
    assert_eq!(sum(before(), two), "2 levenswensen voor het eerst besproken.");
}
