use super::*;
use crate::code::{IcdType, PolicyGoal};
use crate::form::testing::filled;
use crate::form::tests::{date, from_elsewhere, now, patient};
use crate::form::{FormIdentity, LimitsAs, ReadCtx, check, read};
use crate::people::{PersonKey, ProfessionalKey};
use crate::plan::{
    Agreement, AgreementKey, AgreementState, Arrival, Icd, LegalCapacity, LifeDomain, LifeWish, MedicalPolicyGoal,
    Origin, PlanInput, SourceFacts, WishKey, apply,
};

/// The plan after these forms, each laid upon the one before.
fn plan(forms: &[(&[(&str, &str)], LimitsAs)]) -> Content {
    let mut content = Content::default();
    for (number, (values, limits)) in (1..).zip(forms) {
        let ctx = ReadCtx { limits: *limits, ..from_elsewhere() };
        let input = read(&filled(values), &ctx).unwrap().input;
        content = apply(&content, &input, Arrival::Here, number, now()).content;
    }
    content
}

fn form(content: &Content) -> Answers {
    let key = content.newest_conversation().map_or(ConversationKey(0), |c| c.key);
    let answers = write(content, &CurrentHead { conversation: key }, &patient(&FormIdentity::default()));
    assert_eq!(check(&answers, "2026-11-22".parse().unwrap()), []);
    answers
}

/// What a text question says in the form of a plan.
fn said(content: &Content, link_id: &str) -> Option<String> {
    match &form(content).find(link_id)?.answers.first()?.value {
        Value::Text(text) => Some(text.clone()),
        other => panic!("{other:?}"),
    }
}

fn code(content: &Content, link_id: &str) -> Option<String> {
    match &form(content).find(link_id)?.answers.first()?.value {
        Value::Coding(coding) => Some(coding.code.clone()),
        other => panic!("{other:?}"),
    }
}

fn statement<T>(value: T) -> Statement<T> {
    Statement {
        value,
        said_on: Some(date("2022-11-08")),
        by: vec![],
        origin: Origin { conversation: ConversationKey(1), version: 1, recorded_at: now() },
        source: SourceFacts::default(),
    }
}

const NURSE: [(&str, &str); 5] =
    [("963", "2022-11-08"), ("968", "Sanne"), ("969", "de"), ("970", "Wit"), ("1405", "30.000")];

#[test]
fn a_proposal_is_a_sentence_and_what_is_in_force_stays() {
    let in_force: &[(&str, &str)] = &[("963", "2020-10-01"), ("970", "Huissen"), ("1386", "0"), ("1002", "Vitaal")];
    let proposes = [&NURSE[..], &[("1386", "2"), ("1002", "Wil niet meer"), ("1387", "2")]].concat();
    let content = plan(&[(in_force, LimitsAs::SetHere), (&proposes, LimitsAs::Proposed)]);
    assert_eq!(code(&content, "1386").as_deref(), Some("0"));
    assert_eq!(
        said(&content, "1002").unwrap(),
        "Vitaal\nVoorgesteld door S. de Wit (verpleegkundige) op 8 november 2022: niet uitvoeren; Wil niet meer. Nog niet medisch vastgesteld."
    );
    // Nothing was in force: the question is left without an answer, and the sentence stands beneath it.
    assert_eq!(code(&content, "1387"), None);
    assert_eq!(
        said(&content, "1389").unwrap(),
        "Voorgesteld door S. de Wit (verpleegkundige) op 8 november 2022: niet uitvoeren. Nog niet medisch vastgesteld."
    );
    let answers = form(&content);
    let group = answers.find("1411").unwrap();
    assert_eq!(group.items.iter().map(|i| i.link_id.as_str()).collect::<Vec<_>>(), ["1412", "1387"]);
    assert!(group.items[1].answers.is_empty());
}

#[test]
fn a_proposal_without_name_or_with_a_partial_date_says_what_is_known() {
    for (head, sentence) in [
        (
            &[("963", "2022-11")][..],
            "Voorgesteld in november 2022: onder voorwaarde (‘alleen kort’). Nog niet medisch vastgesteld.",
        ),
        (
            &[("963", "2022"), ("1405", "30.000")],
            "Voorgesteld door verpleegkundige in 2022: onder voorwaarde (‘alleen kort’). Nog niet medisch vastgesteld.",
        ),
        (
            &[("970", "Wit")],
            "Voorgesteld door Wit op 22 november 2026: onder voorwaarde (‘alleen kort’). Nog niet medisch vastgesteld.",
        ),
    ] {
        let content = plan(&[(&[head, &[("1390", "1"), ("1391", "alleen kort")]].concat(), LimitsAs::Proposed)]);
        assert_eq!(said(&content, "1392").unwrap(), sentence);
    }
}

#[test]
fn another_limit_may_be_proposed_too() {
    let content = plan(&[(&[&NURSE[..], &[("1402", "2"), ("1404", "Dialyse")]].concat(), LimitsAs::Proposed)]);
    assert_eq!(code(&content, "1402"), None);
    assert_eq!(
        said(&content, "1404").unwrap(),
        "Voorgesteld door S. de Wit (verpleegkundige) op 8 november 2022: Dialyse: niet uitvoeren. Nog niet medisch vastgesteld."
    );
}

fn limit(text: Option<&str>, decision: Decision, comment: Option<&str>) -> OtherLimit {
    let directive = Directive { comment: comment.map(str::to_owned), ..Directive::of(decision) };
    OtherLimit { text: text.map(str::to_owned), said_on: None, directive, source: SourceFacts::default() }
}

fn with_limits(limits: Vec<OtherLimit>) -> Content {
    Content { other_limits: Topic::said(statement(OtherLimits(limits))), ..Content::default() }
}

#[test]
fn several_other_limits_are_a_line_each_and_the_decision_only_if_all_agree() {
    let dialysis = || limit(Some("Dialyse"), Decision::DoNot, Some("Te belastend"));
    let feeding = |decision| limit(Some("Sondevoeding"), decision, None);
    let agreed = with_limits(vec![dialysis(), feeding(Decision::DoNot)]);
    assert_eq!(code(&agreed, "1402").as_deref(), Some("2"));
    assert_eq!(said(&agreed, "1404").unwrap(), "Dialyse: niet uitvoeren; Te belastend\nSondevoeding: niet uitvoeren");
    let mixed = with_limits(vec![dialysis(), feeding(Decision::Otherwise(Some("hooguit een week".into())))]);
    assert_eq!(code(&mixed, "1402"), None);
    assert_eq!(
        said(&mixed, "1404").unwrap(),
        "Dialyse: niet uitvoeren; Te belastend\nSondevoeding: onder voorwaarde (‘hooguit een week’)"
    );
    // The form has no code for 'otherwise' here.
    assert_eq!(code(&with_limits(vec![feeding(Decision::Otherwise(None))]), "1402"), None);
}

#[test]
fn a_single_other_limit_is_its_text_word_for_word() {
    let one = with_limits(vec![limit(Some(" Geen dialyse "), Decision::DoNot, Some(" Geen dialyse "))]);
    assert_eq!(said(&one, "1404").as_deref(), Some(" Geen dialyse "));
    assert_eq!(said(&with_limits(vec![limit(None, Decision::DoNot, None)]), "1404"), None);
    assert_eq!(said(&with_limits(vec![limit(Some("Overige behandelgrenzen"), Decision::DoNot, None)]), "1404"), None);
    let named = with_limits(vec![limit(Some("Dialyse"), Decision::DoNot, None)]);
    assert_eq!(
        (said(&named, "1404").as_deref(), code(&named, "1402").as_deref()),
        (Some("Dialyse: niet uitvoeren"), Some("2"))
    );
}

#[test]
fn life_wishes_are_lines_of_5a_under_their_domain() {
    let wish = |domain, wish: &str, withdrawn| LifeWish {
        domain,
        wish: wish.into(),
        action: Some("fysiotherapie".into()),
        by_whom: Some("Jan".into()),
        until: Some(date("2023-05-01")),
        withdrawn,
    };
    let mut content = plan(&[(&[("1190", "Graag rust.")], LimitsAs::SetHere)]);
    let mut add = |key, w| content.life_wishes.insert(WishKey(key), Topic::said(statement(w)));
    add(10, wish(LifeDomain::Social, "Kleinkinderen zien", false));
    add(11, wish(LifeDomain::Physical, "Weer lopen", false));
    add(12, wish(LifeDomain::Care, "Vergeten wens", true));
    add(13, LifeWish { action: None, by_whom: None, until: None, ..wish(LifeDomain::Physical, "Geen pijn", false) });
    assert_eq!(
        said(&content, "1190").unwrap(),
        "Graag rust.\nLichamelijk: Weer lopen; afspraak: fysiotherapie; door: Jan; tot: 1 mei 2023\nLichamelijk: Geen pijn\n\
         Sociaal: Kleinkinderen zien; afspraak: fysiotherapie; door: Jan; tot: 1 mei 2023"
    );
    content.care_wishes = Topic::default();
    assert!(said(&content, "1190").unwrap().starts_with("Lichamelijk: Weer lopen"));
}

#[test]
fn other_agreements_are_lines_of_6_with_where_they_stand() {
    let mut content = Content::default();
    let mut add = |key, condition: Option<&str>, state| {
        let agreement =
            Agreement { text: "Palliatieve sedatie".into(), condition: condition.map(str::to_owned), state };
        content.agreements.insert(AgreementKey(key), Topic::said(statement(agreement)));
    };
    add(1, Some("bij benauwdheid"), AgreementState::Current);
    add(2, None, AgreementState::NotYetCurrent);
    add(3, None, AgreementState::Withdrawn);
    assert_eq!(
        said(&content, "1196").unwrap(),
        "Afspraak: Palliatieve sedatie; voorwaarde: bij benauwdheid (geldt nu, 8 november 2022)\n\
         Afspraak: Palliatieve sedatie (nog niet actueel, 8 november 2022)\n\
         Afspraak: Palliatieve sedatie (ingetrokken, 8 november 2022)"
    );
}

#[test]
fn a_plan_goes_out_whole_with_each_topic_as_it_last_stood() {
    let content = plan(&[
        (
            &[("963", "2020-10-01"), ("970", "Huissen"), ("82", "Patiënt"), ("999", "1351964001"), ("1386", "0")],
            LimitsAs::SetHere,
        ),
        (&[("963", "2022-11-08"), ("970", "Jansen"), ("1386", "2")], LimitsAs::SetHere),
    ]);
    assert_eq!((code(&content, "999").as_deref(), code(&content, "1386").as_deref()), (Some("1351964001"), Some("2")));
    assert_eq!(said(&content, "970").as_deref(), Some("Jansen"));
    assert_eq!(code(&content, "82").as_deref(), Some("Patiënt"));
    assert_eq!(form(&content).find("963").unwrap().answers[0].value, Value::DateTime(date("2022-11-08")));
    let first = content.conversations[0].key;
    let of_first = write(&content, &CurrentHead { conversation: first }, &patient(&FormIdentity::default()));
    assert_eq!(of_first.find("963").unwrap().answers[0].value, Value::DateTime(date("2020-10-01")));
}

#[test]
fn the_icd_is_told_as_far_as_it_was() {
    let icd = |present, kind| {
        let icd = Icd {
            present,
            kind,
            comment: Some("2018".into()),
            since: None,
            until: None,
            product: None,
            product_identifiers: vec![],
        };
        let mut content = plan(&[(&[("970", "Wit"), ("1006", "373066001"), ("1005", "0")], LimitsAs::SetHere)]);
        content.icd = Topic::said(statement(icd));
        form(&content)
    };
    let without_kind = icd(YesNoUnknown::Yes, None);
    assert!(
        without_kind.find("1008").is_none()
            && without_kind.find("1009").is_some()
            && without_kind.find("1005").is_some()
    );
    assert!(icd(YesNoUnknown::Yes, Some(IcdType::DualChamber)).find("1008").is_some());
    // Without an ICD there is nothing to switch off, whatever was agreed before.
    let none = icd(YesNoUnknown::No, Some(IcdType::DualChamber));
    assert!(none.find("1006").is_some() && none.find("1008").is_none() && none.find("1425").is_none());
    // What was agreed is told even where nobody answered whether there is one.
    let alone = plan(&[(&[("970", "Wit"), ("1005", "0")], LimitsAs::SetHere)]);
    assert_eq!((code(&alone, "1005").as_deref(), code(&alone, "1006")), (Some("0"), None));
}

fn somebody(key: u32, roles: &[ContactRole], relations: &[RelationKind]) -> ContactPerson {
    ContactPerson {
        key: PersonKey(key),
        name: Name::of("Mirjam", "", "Hartman"),
        telephones: vec![],
        emails: vec![],
        address: None,
        roles: roles.iter().map(|role| RoleOf { role: *role, text: None }).collect(),
        relations: relations.iter().map(|relation| RelationOf { relation: *relation, text: None }).collect(),
        identifiers: vec![],
        changed_in: 0,
    }
}

#[test]
fn what_the_form_does_not_list_is_told_in_words() {
    let mut content = plan(&[(&[("82", "Patiënt")], LimitsAs::SetHere)]);
    content.people = vec![
        somebody(1, &[ContactRole::LegalRepresentative, ContactRole::InformalCarer], &[RelationKind::DaughterInLaw]),
        somebody(2, &[ContactRole::FirstContact, ContactRole::Interpreter], &[]),
    ];
    content.capacity =
        Topic::said(statement(LegalCapacity { representative: Some(PersonKey(1)), ..LegalCapacity::default() }));
    content.conversations[0].attendance = Some(Attendance { patient: false, people: vec![PersonKey(2), PersonKey(1)] });
    assert_eq!(
        (said(&content, "411").as_deref(), said(&content, "408").as_deref()),
        (Some("Mantelzorger"), Some("Schoondochter"))
    );
    assert_eq!(
        (said(&content, "414").as_deref(), said(&content, "413").as_deref()),
        (Some("Tolk"), Some("Schoondochter"))
    );
    assert_eq!(form(&content).find("997").unwrap().answers.len(), 1);
    assert!(form(&content).find("984").is_none() && form(&content).find("82").is_none());
}

#[test]
fn names_and_specialties_are_told_as_far_as_the_form_can() {
    let mut content = plan(&[(&NURSE, LimitsAs::SetHere)]);
    let nurse = &mut content.professionals[0];
    nurse.name.given = None;
    nurse.name.initials = Some("S.".into());
    nurse.specialty.insert(0, Coding::new(system::AGB_SPECIALTY, "9100", "Verpleegkundigen"));
    assert_eq!((said(&content, "968").as_deref(), code(&content, "1405").as_deref()), (Some("S."), Some("30.000")));
    content.professionals[0].specialty.remove(1);
    assert_eq!(code(&content, "1405").as_deref(), Some("9100"));
    content.professionals[0].specialty[0] = Coding::new("urn:oid:1.2.3", "x", "Anders");
    assert_eq!(code(&content, "1405"), None);
}

#[test]
fn an_empty_plan_is_a_form_with_just_the_patient() {
    let identity = FormIdentity { name: Name::of("Hendrik", "", "Hartman"), birth_date: Some(date("1961-01-01")) };
    let answers = write(&Content::default(), &CurrentHead { conversation: ConversationKey(1) }, &patient(&identity));
    assert_eq!(answers, filled(&[("964", "Hendrik"), ("966", "Hartman"), ("967", "1961-01-01")]));
}

#[test]
fn not_asked_and_unknown_stay_apart() {
    let place = |reason: Option<&str>| {
        let mut content = plan(&[(&[("1191", "UNK"), ("1192", "Nog niet besproken")], LimitsAs::SetHere)]);
        content.place_of_death.current.as_mut().unwrap().source.absent_reason = reason.map(str::to_owned);
        (code(&content, "1191"), said(&content, "1192").unwrap())
    };
    let why = || "Nog niet besproken".to_owned();
    assert_eq!(place(None), (Some("UNK".into()), why()));
    assert_eq!(place(Some("asked-unknown")), (Some("UNK".into()), why()));
    assert_eq!(place(Some("not-asked")), (None, why()));
    assert_eq!(place(Some(VALUE_IN_TEXT)), (None, why()));
}

/// Fixed answers go along with what is answered, and only there.
#[test]
fn fixed_answers_stand_where_something_is_answered() {
    let goal = MedicalPolicyGoal { goal: PolicyGoal::Unknown, comment: None, start: None };
    let content = Content { goal: Topic::said(statement(goal)), ..Content::default() };
    let answers = form(&content);
    assert_eq!(answers.find("1408").unwrap().answers.len(), 1);
    assert!(answers.find("1410").is_none() && answers.find("1644").is_none());
    let contact = plan(&[(&[("984", "false")], LimitsAs::SetHere)]);
    assert!(form(&contact).find("1644").is_some());
}

/// A proposal that a doctor sets is no proposal any more.
#[test]
fn a_set_proposal_is_the_decision() {
    let mut content = plan(&[(&[&NURSE[..], &[("1386", "2")]].concat(), LimitsAs::Proposed)]);
    let mut set = content.directives[&Treatment::Cpr].proposed.clone().unwrap();
    set.value.set_by = Some(crate::plan::SetBy::Here(ProfessionalKey(9)));
    let delta = Content { directives: [(Treatment::Cpr, Topic::said(set))].into(), ..Content::default() };
    let input = PlanInput { conversation: ConversationKey(1), content: delta, rejected: vec![], skipped: vec![] };
    content = apply(&content, &input, Arrival::Here, 2, now()).content;
    assert_eq!((code(&content, "1386").as_deref(), said(&content, "1002")), (Some("2"), None));
}
