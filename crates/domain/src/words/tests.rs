//! Words as a reader sees them.

use super::*;
use crate::code::{
    AdvanceDirectiveType, CodeSet, Coding, ContactRole, EuthanasiaPosition, IcdType, Place, PolicyGoal, RelationKind,
    SharingAnswer, TelecomType, YesNoUnknown, system,
};
use crate::date::FhirDateTime;
use crate::people::{Name, PersonKey, RelationOf, RoleOf, Telephone};
use crate::plan::sample::{
    DOCTOR, NURSE, Said as Input, Story, gp, nurse, person as made, professional as made_professional, with_phone,
};
use crate::plan::{
    AgreementState, Content, Decision, DocumentKey, Icd, InformRelatives, LifeDomain, OrganDonationChoice, Party,
    PositionRegardingEuthanasia, SharingConsent, SpecificCareWishes, Topic, TopicId, Treatment, Why,
};
use jiff::civil;

fn on() -> Input {
    Input::on("2022-11-08")
}

fn fhir(text: &str) -> FhirDateTime {
    FhirDateTime::parse(text).unwrap()
}

#[test]
fn dates_are_as_precise_as_they_are_known() {
    assert_eq!(date(&fhir("2022-11-08")), "8 november 2022");
    assert_eq!(date(&fhir("2020-10-01T22:30:00Z")), "2 oktober 2020");
    assert_eq!(date(&fhir("2018-03")), "maart 2018");
    assert_eq!(date(&fhir("2018")), "2018");
    assert_eq!(short_date(&fhir("2025-11-08")), "8 nov 2025");
    assert_eq!(short_date(&fhir("2018-03")), "mrt 2018");
    assert_eq!(moment("2022-11-08T13:03:00Z".parse().unwrap()), "8 november 2022 om 14:03");
}

#[test]
fn ages_are_told_in_the_unit_one_would_use() {
    let today = civil::date(2025, 11, 23);
    for (day, words) in [
        ("2025-11-23", "vandaag"),
        ("2025-11-22", "gisteren"),
        ("2025-11-21", "2 dagen geleden"),
        ("2025-11-10", "13 dagen geleden"),
        ("2025-11-09", "2 weken geleden"),
        ("2025-09-24", "8 weken geleden"),
        ("2025-09-23", "2 maanden geleden"),
        ("2024-11-23", "12 maanden geleden"),
        ("2024-11-24", "11 maanden geleden"),
        ("2023-11-24", "23 maanden geleden"),
        ("2023-11-23", "2 jaar geleden"),
        ("2022-11-08", "3 jaar geleden"),
        ("2025-11-24", "morgen"),
        ("2025-11-26", "over 3 dagen"),
        ("2026-02-23", "over 3 maanden"),
    ] {
        assert_eq!(age(day.parse().unwrap(), today), words, "{day}");
        assert_eq!(age_of(&fhir(day), today), words, "{day}");
    }
    for (partial, words) in [
        ("2025", "dit jaar"),
        ("2024", "vorig jaar"),
        ("2018", "7 jaar geleden"),
        ("2027", "in 2027"),
        ("2025-11", "deze maand"),
        ("2025-10", "vorige maand"),
        ("2024-12", "11 maanden geleden"),
        ("2022-11", "3 jaar geleden"),
        ("2026-01", "in januari 2026"),
    ] {
        assert_eq!(age_of(&fhir(partial), today), words, "{partial}");
    }
    assert_eq!(old(civil::date(2024, 11, 8), today), "12 maanden oud");
    assert_eq!(old(civil::date(2025, 11, 22), today), "1 dag oud");
    assert_eq!(old(today, today), "van vandaag");
}

#[test]
fn months_end_on_the_last_day_of_a_short_month() {
    let months =
        |a: (i16, i8, i8), b: (i16, i8, i8)| months_between(civil::date(a.0, a.1, a.2), civil::date(b.0, b.1, b.2));
    assert_eq!(months((2022, 8, 31), (2023, 2, 27)), 5);
    assert_eq!(months((2022, 8, 31), (2023, 2, 28)), 6);
    assert_eq!(months((2022, 5, 9), (2022, 5, 8)), 0);
    assert_eq!(months((2022, 11, 8), (2022, 5, 8)), -6);
}

#[test]
fn lists_read_as_one_writes_them() {
    assert_eq!(join::<&str>(&[]), "");
    assert_eq!(join(&["a"]), "a");
    assert_eq!(join(&["a", "b"]), "a en b");
    assert_eq!(join(&["a", "b", "c"]), "a, b en c");
    assert_eq!(capitalised("één"), "Één");
    assert_eq!([0_u32, 999, 1000, 146_239, 1_000_000].map(number), ["0", "999", "1.000", "146.239", "1.000.000"]);
    assert_eq!(counted(1, "onderwerp", "onderwerpen"), "1 onderwerp");
    assert_eq!(trimmed(" Niet thuis. "), "Niet thuis");
    assert_eq!(trimmed("En dan..."), "En dan...");
}

#[test]
fn every_topic_has_its_own_title() {
    let mut titles: Vec<&str> = TopicId::FORM.into_iter().map(title).collect();
    assert!(
        TopicId::FORM.into_iter().all(|t| !long_title(t).is_empty() && long_title(t).len() >= title(t).len().min(8))
    );
    titles.sort_unstable();
    titles.dedup();
    assert_eq!(titles.len(), TopicId::FORM.len());
    assert_eq!(in_text(TopicId::Cpr), "reanimatie");
    assert_eq!(in_text(TopicId::Icu), "IC-opname");
    assert_eq!(in_text(TopicId::IcdDeactivation), "ICD uitzetten");
}

#[test]
fn decisions_read_as_one_would_say_them() {
    let soms = Decision::Otherwise(Some("alleen bij operatie.".into()));
    for (treatment, decision, line) in [
        (Treatment::Cpr, &Decision::Perform, "Wel reanimeren"),
        (Treatment::Cpr, &Decision::DoNot, "Niet reanimeren"),
        (Treatment::Cpr, &soms, "Reanimeren: onder voorwaarde – alleen bij operatie."),
        (Treatment::Cpr, &Decision::Otherwise(None), "Reanimeren: onder voorwaarde"),
        (Treatment::Cpr, &Decision::Unknown, "Reanimeren: nog onbekend"),
        (Treatment::Ventilation, &Decision::DoNot, "Niet beademen"),
        (Treatment::Icu, &Decision::DoNot, "Geen IC"),
        (Treatment::Hospital, &Decision::Perform, "Ziekenhuis: ja"),
        (Treatment::Hospital, &Decision::DoNot, "Niet naar het ziekenhuis"),
        (Treatment::Antibiotics, &Decision::DoNot, "Geen antibiotica"),
        (Treatment::BloodProduct, &Decision::Perform, "Bloedproducten: ja"),
        (Treatment::IcdDeactivation, &Decision::Undecided, "ICD uitzetten: nog geen besluit"),
        (Treatment::IcdDeactivation, &Decision::NotDiscussed, "ICD uitzetten: niet besproken"),
    ] {
        assert_eq!(decision_line(treatment, decision), line);
    }
    assert_eq!(decision_short(Treatment::Ventilation, &soms), "Beademing: alleen bij operatie");
    assert_eq!(decision_short(Treatment::Icu, &Decision::DoNot), "Geen IC");
    assert_eq!(decision_value(Treatment::Antibiotics, &Decision::DoNot), "niet geven");
    assert_eq!(decision_phrase(Treatment::Icu, &Decision::Perform), "wel naar de IC");
    assert_eq!(undiscussed_line(TopicId::Ventilation), "Beademing: niet besproken");
    assert_eq!(undiscussed_line(TopicId::Goal), "Doel van de behandeling: niet besproken");
}

/// No two decisions on a treatment may read alike: the line is all that some readers see.
#[test]
fn no_two_decisions_read_alike() {
    let soms = Decision::Otherwise(None);
    let all = [
        &Decision::Perform,
        &Decision::DoNot,
        &soms,
        &Decision::Unknown,
        &Decision::Undecided,
        &Decision::NotDiscussed,
    ];
    for treatment in Treatment::ALL {
        for tell in [decision_line, decision_short, decision_phrase, decision_value] {
            let mut said: Vec<String> = all.iter().map(|d| tell(treatment, d)).collect();
            said.sort();
            said.dedup();
            assert_eq!(said.len(), all.len(), "{treatment:?}: {said:?}");
        }
    }
}

#[test]
fn marks_have_sign_and_word() {
    assert_eq!(Mark::of(&Decision::Otherwise(None)), Mark::But);
    assert_eq!(Mark::of(&Decision::NotDiscussed), Mark::Unknown);
    let signs: Vec<_> = Mark::ALL.into_iter().map(|m| (m.symbol(), m.dutch(), m.token())).collect();
    assert_eq!(
        signs,
        [
            ("✓", "wel uitvoeren", "do"),
            ("✕", "niet uitvoeren", "do-not"),
            ("≈", "onder voorwaarde", "but"),
            ("?", "nog onbekend", "unknown"),
        ]
    );
}

#[test]
fn unknown_is_never_no_and_nothing_is_called_not_applicable() {
    let mut all: Vec<&str> = Vec::new();
    all.extend(PolicyGoal::ALL.iter().flat_map(|g| [goal(*g), goal_short(*g)]));
    all.extend(Place::ALL.iter().map(|p| place(*p)));
    all.extend(EuthanasiaPosition::ALL.iter().map(|e| euthanasia(*e)));
    all.extend(
        YesNoUnknown::ALL
            .iter()
            .flat_map(|y| [donor(*y), icd(*y), earlier(*y), policy_differs(*y), yes_no_unknown(*y)]),
    );
    all.extend(SharingAnswer::ALL.iter().map(|s| sharing(*s)));
    all.extend(AdvanceDirectiveType::ALL.iter().map(|d| document_kind(*d)));
    all.extend(IcdType::ALL.iter().map(|k| icd_kind(*k)));
    all.extend(RelationKind::ALL.iter().map(|r| relation(*r)));
    all.extend(ContactRole::ALL.iter().map(|r| contact_role(*r)));
    all.extend(["not-asked", "asked-declined", "not-applicable", "unknown", "as-text", "zzz"].map(value::absent));
    for words in all {
        let plain = words.to_lowercase();
        assert!(!words.is_empty() && !plain.contains("n.v.t") && !plain.contains("van toepassing"), "{words}");
    }
    for unknown in [
        goal(PolicyGoal::Unknown),
        place(Place::Unknown),
        donor(YesNoUnknown::Unknown),
        sharing(SharingAnswer::Unknown),
    ] {
        assert_eq!(unknown, "nog onbekend");
    }
    assert_eq!(capacity(None, None), None);
    assert_eq!(capacity(None, Some("not-asked")), None);
    assert_eq!(capacity(None, Some("unknown")), Some("wilsbekwaamheid nog onbekend"));
}

#[test]
fn professionals_are_named_as_one_speaks_of_them() {
    let named = |name: Name, specialty| professional(&made_professional(DOCTOR, name, specialty));
    let dr = |family: &str| Name::of("", "van", family);
    assert_eq!(named(dr("Huissen"), Some(gp())), "dr. Van Huissen, huisarts");
    let agb = Coding::new(system::AGB_SPECIALTY, "0100", "Huisartsen, niet nader gespecificeerd");
    assert_eq!(named(dr("Huissen"), Some(agb)), "dr. Van Huissen, huisarts");
    assert_eq!(named(Name::of("Anna", "de", "Boer"), Some(gp())), "Anna de Boer, huisarts");
    assert_eq!(named(Name::of("", "de", "Boer"), Some(nurse())), "De Boer, verpleegkundige");
    assert_eq!(named(Name { titles: Some("prof. dr.".into()), ..dr("Huissen") }, None), "prof. dr. Van Huissen");
    assert_eq!(named(Name { titles: Some("MSc".into()), ..Name::of("Els", "", "Bos") }, None), "Els Bos MSc");
    assert_eq!(named(Name::default(), Some(gp())), "huisarts");
    assert_eq!(named(Name::default(), None), "een zorgverlener");
    let cardiologist = Coding::new(system::UZI_ROLE, "01.010", "Cardioloog");
    assert_eq!(named(Name::of("J.", "", "Smit"), Some(cardiologist)), "J. Smit, cardioloog");
    let post = Coding::new(system::AGB_SPECIALTY, "9999", "SEH-arts");
    assert_eq!(named(Name::of("J.", "", "Smit"), Some(post)), "J. Smit, SEH-arts");
}

#[test]
fn people_are_named_with_what_they_are_to_the_patient() {
    assert_eq!(person(&made(1, "Michiel", "Hartman", Some(RelationKind::Brother))), "Michiel Hartman (broer)");
    assert_eq!(person(&made(1, "", "", Some(RelationKind::Sister))), "zus");
    assert_eq!(person(&made(1, "", "", None)), "een naaste");
    let mut neighbour = made(1, "Ria", "Kok", None);
    neighbour.relations = vec![RelationOf { relation: RelationKind::Other, text: Some(" buurvrouw ".into()) }];
    assert_eq!(person(&neighbour), "Ria Kok (buurvrouw)");
    let mut mentor = made(1, "Ria", "Kok", None);
    let role = |role| RoleOf { role, text: None };
    mentor.roles = vec![role(ContactRole::LegalRepresentative), role(ContactRole::Mentor)];
    assert_eq!(person(&mentor), "Ria Kok (mentor)");
    mentor.name = Name::default();
    mentor.roles.pop();
    assert_eq!(person(&mentor), "wettelijk vertegenwoordiger");
}

#[test]
fn telephone_numbers_say_what_one_must_know() {
    let number = |number: &str| Telephone { number: Some(number.into()), ..Telephone::default() };
    assert_eq!(phone(&number(" 06-1 ")).as_deref(), Some("06-1"));
    assert_eq!(phone(&number(" ")), None);
    let fax = Telephone { kind: Some(TelecomType::Fax), comment: Some("overdag".into()), ..number("020-1") };
    assert_eq!(phone(&fax).as_deref(), Some("020-1 (fax, overdag)"));
    assert_eq!(phones(&with_phone(made(1, "", "", None), "06-2")), ["06-2"]);
}

fn hartman() -> Content {
    let michiel = with_phone(made(1, "Michiel", "Hartman", Some(RelationKind::Brother)), "06-1");
    Story::of(
        on().person(michiel)
            .capacity(Some(true), Some(1), Some(1))
            .attended(true, &[1])
            .goal(PolicyGoal::RelieveSymptoms)
            .limit_because(Treatment::Cpr, Decision::Otherwise(Some("Wel op OK".into())), Some("kans op herstel"))
            .propose(Treatment::Icu, Decision::DoNot)
            .other_limit(Some("Dialyse"), Decision::DoNot)
            .wishes("Hij wil rust.")
            .place(Place::Home, Some("Het liefst rustig thuis"))
            .life_wish(1, LifeDomain::Social, "De bruiloft meemaken", Some("vervoer regelen."))
            .agreement(1, "Sedatie.", AgreementState::NotYetCurrent)
            .document(1, AdvanceDirectiveType::DoNotResuscitate, Some("2020-05"), None),
    )
    .content
}

#[test]
fn each_topic_is_one_line() {
    let plan = hartman();
    let line = |t| statement_line(&plan, t);
    for (topic, expected) in [
        (TopicId::Capacity, "Wilsbekwaam; vertegenwoordiger en eerste contactpersoon: Michiel Hartman (broer)"),
        (TopicId::Attendance, "Aanwezig: de patiënt en Michiel Hartman (broer)"),
        (TopicId::Goal, "Doel: voorkomen en behandelen van symptomen"),
        (TopicId::Cpr, "Reanimeren: onder voorwaarde – Wel op OK"),
        (TopicId::OtherLimits, "Dialyse: niet uitvoeren"),
        (TopicId::CareWishes, "Hij wil rust."),
        (TopicId::PlaceOfDeath, "Plek van overlijden: thuis"),
        (TopicId::EarlierRecorded, "Niet-reanimerenverklaring van mei 2020"),
    ] {
        assert_eq!(line(topic).as_deref(), Some(expected), "{topic:?}");
    }
    for silent in [TopicId::Icu, TopicId::Euthanasia, TopicId::Sharing] {
        assert_eq!(line(silent), None, "{silent:?} was not discussed");
    }
    let wishes: Vec<String> =
        topics(&plan).into_iter().filter(|t| !TopicId::FORM.contains(t)).filter_map(line).collect();
    assert_eq!(wishes, ["Sociaal: De bruiloft meemaken", "Sedatie (nog niet actueel)"]);
    assert_eq!(proposed_line(&plan, TopicId::Icu).as_deref(), Some("Voorgesteld: geen IC"));
}

#[test]
fn a_statement_tells_why_by_whom_and_since_when() {
    let plan = hartman();
    let cpr = said(&plan, TopicId::Cpr).unwrap();
    assert_eq!(cpr.comment.as_deref(), Some("kans op herstel"));
    assert_eq!(cpr.mark, Some(Mark::But));
    assert_eq!(cpr.set_by.as_deref(), Some("vastgesteld door dr. Van Huissen, huisarts"));
    assert_eq!((cpr.said_on, cpr.version), (Some(fhir("2022-11-08")), 1));
    let icu = proposed(&plan, TopicId::Icu).unwrap();
    assert_eq!(icu.set_by.as_deref(), Some("voorgesteld door Els Bos, verpleegkundige, nog niet medisch vastgesteld"));
    let wish = topics(&plan).into_iter().find(|t| matches!(t, TopicId::LifeWish(_))).unwrap();
    assert_eq!(comment(&plan, wish).as_deref(), Some("vervoer regelen"));
    assert_eq!(mark(&plan, TopicId::Goal), None);
    assert_eq!(role_in_plan(&plan, plan.people[0].key), Some("vertegenwoordiger en eerste contactpersoon"));
    assert_eq!(role_in_plan(&plan, PersonKey(999)), None);
}

#[test]
fn parties_are_told_once_each() {
    let plan = Story::of(on().limit(Treatment::Cpr, Decision::DoNot).propose(Treatment::Icu, Decision::DoNot)).content;
    let [doctor, nurse] = &plan.professionals[..] else { panic!("two professionals") };
    let all = [Party::Patient, Party::Professional(doctor.key), Party::Professional(nurse.key), Party::Patient];
    assert_eq!(parties(&plan, &all), "de patiënt, dr. Van Huissen (huisarts) en Els Bos (verpleegkundige)");
    assert_eq!(party(&plan, Party::Person(PersonKey(77))), "een naaste");
    assert_ne!(DOCTOR, NURSE);
}

#[test]
fn limits_from_elsewhere_say_so() {
    let mut plan = Story::default();
    plan.elsewhere(on().limit_elsewhere(Treatment::Cpr, Decision::DoNot, None));
    let cpr = said(&plan.content, TopicId::Cpr).unwrap();
    assert_eq!(cpr.set_by.as_deref(), Some("vastgesteld elders, niet genoemd door wie"));
    plan.elsewhere(Input::on("2020-01-01").limit_elsewhere(Treatment::Cpr, Decision::Perform, None));
    let [older] = &filed(&plan.content, TopicId::Cpr)[..] else { panic!("nothing filed") };
    assert_eq!((&older.why, older.filed_in, older.said.line.as_str()), (&Why::Older, 2, "Wel reanimeren"));
}

#[test]
fn a_limit_with_an_end_says_until_when() {
    let plan = Story::of(on().limit(Treatment::Cpr, Decision::DoNot).with(|c| {
        let topic = c.directives.get_mut(&Treatment::Cpr).unwrap();
        topic.current.as_mut().unwrap().value.ended = Some(fhir("2023-05-01"));
    }));
    assert_eq!(statement_line(&plan.content, TopicId::Cpr).as_deref(), Some("Niet reanimeren (tot 1 mei 2023)"));
}

#[test]
fn the_form_s_only_text_for_4g_is_not_told_twice() {
    let text = "Alleen de bovengenoemde afspraken zijn besproken";
    let plan = Story::of(on().other_limit(Some(text), Decision::DoNot).with(|c| {
        c.other_limits.current.as_mut().unwrap().value.0[0].directive.comment = Some(text.into());
    }));
    let said = said(&plan.content, TopicId::OtherLimits).unwrap();
    assert_eq!(said.line, "Alleen de bovengenoemde afspraken zijn besproken: niet uitvoeren");
    assert_eq!((said.comment, said.mark), (None, Some(Mark::DoNot)));
    let two = Story::of(on().other_limit(None, Decision::DoNot).other_limit(Some("Dialyse"), Decision::Perform));
    assert_eq!(
        statement_line(&two.content, TopicId::OtherLimits).as_deref(),
        Some("Overige behandelgrenzen: niet uitvoeren; Dialyse: wel uitvoeren")
    );
    assert_eq!(mark(&two.content, TopicId::OtherLimits), None);
}

#[test]
fn the_other_topics_in_words() {
    let said = on();
    let icd = Icd {
        present: YesNoUnknown::Yes,
        kind: Some(IcdType::Icd),
        comment: Some("Geïmplanteerd in 2018".into()),
        since: Some(fhir("2018")),
        until: None,
        product: None,
        product_identifiers: vec![],
    };
    let icd = Topic::said(said.statement(icd));
    let euthanasia = |position| Topic::said(on().statement(PositionRegardingEuthanasia { position, comment: None }));
    let donor = Topic::said(said.statement(OrganDonationChoice { registered: YesNoUnknown::No }));
    let inform = Topic::said(said.statement(InformRelatives {
        informed: true,
        recipients: vec![PersonKey(1)],
        told_by: Some(DOCTOR),
    }));
    let sharing = Topic::said(said.statement(SharingConsent { answer: SharingAnswer::Unknown }));
    let mut wishes = Topic::said(said.statement(SpecificCareWishes { text: None }));
    wishes.current.as_mut().unwrap().source.absent_reason = Some("asked-declined".into());
    let plan =
        Story::of(said.person(made(1, "Michiel", "Hartman", None)).limit(Treatment::Cpr, Decision::DoNot).with(|c| {
            c.icd = icd;
            c.euthanasia = euthanasia(EuthanasiaPosition::DoesNotWant);
            c.organ_donation = donor;
            c.inform_relatives = inform;
            c.sharing = sharing;
            c.care_wishes = wishes;
        }))
        .content;
    for (topic, line) in [
        (TopicId::Icd, "Heeft een ICD (implanteerbare cardioverter-defibrillator, sinds 2018)"),
        (TopicId::Euthanasia, "Wil geen euthanasie"),
        (TopicId::OrganDonation, "Geen keuze vastgelegd in het donorregister"),
        (
            TopicId::InformRelatives,
            "Besproken dat de patiënt zelf de naasten informeert, te weten Michiel Hartman (verteld door dr. Van Huissen, huisarts)",
        ),
        (TopicId::Sharing, "Delen met andere zorgverleners: nog onbekend"),
        (TopicId::CareWishes, "Wensen voor goede zorg: wil de patiënt niet zeggen"),
    ] {
        assert_eq!(statement_line(&plan, topic).as_deref(), Some(line));
    }
    let unknown = Story::of(on().with(|c| c.euthanasia = euthanasia(EuthanasiaPosition::Unknown)));
    assert_eq!(statement_line(&unknown.content, TopicId::Euthanasia).as_deref(), Some("Euthanasie: nog onbekend"));
}

#[test]
fn a_document_is_told_by_what_it_is() {
    let plan = Story::of(
        on().person(made(1, "Mirjam", "Jansen", None)).document(1, AdvanceDirectiveType::Other, None, None).with(|c| {
            let value = &mut c.documents.get_mut(&DocumentKey(1)).unwrap().current.as_mut().unwrap().value;
            value.kind_text = Some("Levenstestament".into());
            value.representative = Some(PersonKey(1));
        }),
    );
    let topic = plan.content.documents.values().next().unwrap();
    assert_eq!(
        document_line(&plan.content, topic).as_deref(),
        Some("Levenstestament, vertegenwoordiger Mirjam Jansen")
    );
}
