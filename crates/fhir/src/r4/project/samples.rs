//! Hand-made plans that together have everything a plan can have.

use crate::r4::receive::testing::{Record, now, somebody};
use domain::code::{
    AdvanceDirectiveType, Coding, ContactRole, ContactUse, EuthanasiaPosition, Gender, IcdType, Place, PolicyGoal,
    ProcedureType, RelationKind, SharingAnswer, TelecomType, YesNoUnknown, system,
};
use domain::date::FhirDateTime;
use domain::ident::{Agb, AttachmentId, Big, Postcode, Uzi};
use domain::people::{
    Address, ContactPerson, Email, Name, NameUsage, PersonKey, Professional, ProfessionalKey, RelationOf, RoleOf,
    Telephone,
};
use domain::plan::*;

/// The doctor of every sample.
pub(in crate::r4) const DOCTOR: ProfessionalKey = ProfessionalKey(2);
/// The nurse who proposes.
pub(in crate::r4) const NURSE: ProfessionalKey = ProfessionalKey(3);
/// The daughter who speaks for the patient.
pub(in crate::r4) const DAUGHTER: PersonKey = PersonKey(4);
/// Somebody of whom no more is known than a relation.
pub(in crate::r4) const NAMELESS: PersonKey = PersonKey(5);
const TALK: ConversationKey = ConversationKey(1);
const LIVING_WILL: DocumentKey = DocumentKey(6);
const WITHDRAWN_WILL: DocumentKey = DocumentKey(7);

pub(in crate::r4) fn date(text: &str) -> FhirDateTime {
    FhirDateTime::parse(text).unwrap()
}

pub(in crate::r4) fn said<T>(value: T, on: &str) -> Statement<T> {
    Statement {
        value,
        said_on: (!on.is_empty()).then(|| date(on)),
        by: vec![Party::Professional(DOCTOR)],
        origin: Origin { conversation: TALK, version: 1, recorded_at: now() },
        source: SourceFacts::default(),
    }
}

fn with_source<T>(value: T, on: &str, id: &str, status: Option<&str>) -> Statement<T> {
    let kind = Some(Coding::new("http://terminology.hl7.org/CodeSystem/v2-0203", "RI", "Resource identifier"));
    let identifier = Identifier { kind, system: Some("https://bron.voorbeeld.nl/ids".into()), value: Some(id.into()) };
    let source = SourceFacts {
        identifiers: vec![identifier],
        status: status.map(str::to_owned),
        absent_reason: None,
        notes: vec!["Tweede opmerking".into()],
    };
    Statement { source, ..said(value, on) }
}

fn filed<T>(why: Why, statement: Statement<T>) -> Filed<T> {
    Filed { why, filed_in: 1, statement }
}

/// A professional with nothing but a key.
pub(in crate::r4) fn professional(key: ProfessionalKey, name: Name) -> Professional {
    Professional {
        key,
        name,
        agb: None,
        uzi: None,
        big: None,
        specialty: Vec::new(),
        organisation: None,
        identifiers: Vec::new(),
        role_identifiers: Vec::new(),
        person: None,
        changed_in: 1,
    }
}

/// A contact person with nothing but a key.
pub(in crate::r4) fn person(key: PersonKey, name: Name) -> ContactPerson {
    ContactPerson {
        key,
        name,
        telephones: Vec::new(),
        emails: Vec::new(),
        address: None,
        roles: Vec::new(),
        relations: Vec::new(),
        identifiers: Vec::new(),
        changed_in: 1,
    }
}

/// A conversation of a day.
pub(in crate::r4) fn conversation(held_on: Option<&str>) -> Conversation {
    Conversation {
        key: TALK,
        held_on: held_on.map(date),
        ended: None,
        written_on: date("2024-05-02"),
        held_by: Vec::new(),
        attendance: None,
        encounter: EncounterFacts::default(),
        procedure: ProcedureFacts::default(),
        version: 1,
        recorded_at: now(),
    }
}

/// A directive in force here, agreed with the patient and the doctor.
pub(in crate::r4) fn limit(decision: Decision, comment: Option<&str>) -> Directive {
    Directive {
        comment: comment.map(str::to_owned),
        agreed_with: vec![Party::Patient, Party::Professional(DOCTOR), Party::Person(DAUGHTER)],
        set_by: Some(SetBy::Here(DOCTOR)),
        ..Directive::of(decision)
    }
}

fn address() -> Address {
    Address {
        street: Some("Dorpsstraat".into()),
        house_number: Some("24".into()),
        addition: Some("A".into()),
        postcode: Postcode::parse("3511 ZL").ok(),
        city: Some("Utrecht".into()),
        locator: Some("to".into()),
        unit: Some("achterhuis".into()),
        municipality: Some("Utrecht".into()),
        country: Some("Nederland".into()),
        country_code: Some(Coding::new("urn:iso:std:iso:3166", "NL", "Netherlands")),
        sort: Some(Coding::new("http://terminology.hl7.org/CodeSystem/v3-AddressUse", "HP", "Primary Home")),
        used_as: Some("home".into()),
        reached_as: Some("both".into()),
    }
}

/// Everything a plan can have.
pub(in crate::r4) fn full() -> Record {
    let mut patient = somebody();
    patient.name.initials = Some("A.".into());
    patient.name.called = Some("An".into());
    patient.name.partner_prefix = Some("van den".into());
    patient.name.partner_family = Some("Berg".into());
    patient.name.usage = Some(NameUsage::PartnerOwn);
    patient.name.titles = Some("dr.".into());
    patient.gender = Some(Gender::Undifferentiated);
    patient.address = Some(address());
    patient.telephones = vec![Telephone {
        number: Some("06-12345678".into()),
        kind: Some(TelecomType::Mobile),
        purpose: Some(ContactUse::Home),
        comment: Some("alleen 's avonds".into()),
    }];
    patient.emails = vec![Email { address: Some("anna@voorbeeld.nl".into()), purpose: Some(ContactUse::Work) }];
    patient.died_on = Some("2026-10-01".parse().unwrap());

    let mut doctor = professional(DOCTOR, Name { initials: Some("S.".into()), ..Name::of("Sanne", "de", "Wit") });
    doctor.agb = Agb::parse("01999999").ok();
    doctor.uzi = Uzi::parse("123456789").ok();
    doctor.big = Big::parse("19012345601").ok();
    doctor.specialty = vec![
        Coding::new(system::UZI_ROLE, "01.015", "Huisarts"),
        Coding::new(system::AGB_SPECIALTY, "0100", "Huisartsen, niet nader gespecificeerd"),
    ];
    doctor.organisation = Some("Huisartsenpraktijk De Linde".into());
    let mut nurse = professional(NURSE, Name::default());
    nurse.specialty = vec![Coding::new(system::UZI_ROLE, "30.000", "Verpleegkundige")];

    let mut daughter = person(DAUGHTER, Name { called: Some("Els".into()), ..Name::of("Elisabeth Anna", "", "Berg") });
    daughter.roles = vec![
        RoleOf { role: ContactRole::WrittenProxy, text: None },
        RoleOf { role: ContactRole::Other, text: Some("buurvrouw".into()) },
    ];
    daughter.relations = vec![
        RelationOf { relation: RelationKind::Daughter, text: None },
        RelationOf { relation: RelationKind::Other, text: Some("mantelzorger".into()) },
    ];
    daughter.telephones.clone_from(&patient.telephones);
    daughter.address = Some(address());
    let mut nameless = person(NAMELESS, Name::default());
    nameless.relations = vec![RelationOf { relation: RelationKind::Brother, text: None }];

    let mut talk = conversation(Some("2024-05-01T10:00:00+02:00"));
    talk.ended = Some(date("2024-05-01T11:00:00+02:00"));
    let part = Coding::new("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "RESP", "Responsible Party");
    talk.held_by = vec![HeldBy { professional: DOCTOR, part: Some(part) }, HeldBy { professional: NURSE, part: None }];
    talk.attendance = Some(Attendance { patient: true, people: vec![DAUGHTER, NAMELESS] });
    talk.encounter.class = Some(Coding::new("http://terminology.hl7.org/CodeSystem/v3-ActCode", "HH", "home health"));
    talk.encounter.reason = Some("Achteruitgang na val".into());
    talk.procedure.code = Some(ProcedureType::Nza);
    talk.procedure.performers = Some(vec![Party::Professional(DOCTOR)]);

    let mut content = Content {
        conversations: vec![talk],
        professionals: vec![doctor, nurse],
        people: vec![daughter, nameless],
        ..Content::default()
    };
    content.capacity = Topic::said(said(
        LegalCapacity {
            capable: Some(false),
            comment: Some("Wisselend".into()),
            representative: Some(DAUGHTER),
            first_contact: Some(NAMELESS),
            others: vec![],
        },
        "2024-05-01",
    ));
    content.goal = Topic {
        current: Some(with_source(
            MedicalPolicyGoal {
                goal: PolicyGoal::RelieveSymptoms,
                comment: Some("Comfort".into()),
                start: Some(date("2024-04")),
            },
            "2024-05-01",
            "g1",
            Some("accepted"),
        )),
        proposed: Some(said(MedicalPolicyGoal { goal: PolicyGoal::Unknown, comment: None, start: None }, "2024-06-01")),
        filed: vec![filed(
            Why::Older,
            said(MedicalPolicyGoal { goal: PolicyGoal::ProlongLife, comment: None, start: None }, "2020-10-01"),
        )],
    };
    let decisions = [
        (Treatment::Cpr, Decision::DoNot),
        (Treatment::Ventilation, Decision::Perform),
        (Treatment::Icu, Decision::Otherwise(Some("Alleen bij snel herstel".into()))),
        (Treatment::Hospital, Decision::Otherwise(None)),
        (Treatment::Antibiotics, Decision::Unknown),
        (Treatment::IcdDeactivation, Decision::Undecided),
    ];
    for (treatment, decision) in decisions {
        content.directives.insert(
            treatment,
            Topic::said(said(limit(decision, Some("Omdat herstel niet te verwachten is")), "2024-05-01")),
        );
    }
    let cpr = content.directives.entry(Treatment::Cpr).or_default();
    let proposal = Directive { proposed_by: Some(NURSE), set_by: None, ..limit(Decision::Perform, None) };
    cpr.proposed = Some(said(proposal, "2024-06-01"));
    let ended = Directive {
        ended: Some(date("2024-04-30")),
        end_reason: Some("Nieuw gesprek".into()),
        document: Some(LIVING_WILL),
        more_documents: vec![WITHDRAWN_WILL],
        ..limit(Decision::Perform, None)
    };
    cpr.filed = vec![
        filed(Why::Older, said(limit(Decision::Unknown, None), "2019-01-01")),
        filed(Why::Ended, with_source(ended, "2020-10-01", "c1", Some("entered-in-error"))),
        filed(Why::Rejected { reason: "Nog niet".into() }, said(limit(Decision::DoNot, None), "2023-01-01")),
        filed(Why::Conflict, said(limit(Decision::DoNot, None), "2024-05-01")),
        filed(Why::Overtaken, said(limit(Decision::DoNot, None), "2022-01-01")),
    ];
    let blood = content.directives.entry(Treatment::BloodProduct).or_default();
    blood.proposed = Some(said(limit(Decision::DoNot, None), ""));
    let other = |text: Option<&str>, directive| OtherLimit {
        text: text.map(str::to_owned),
        said_on: None,
        directive,
        source: SourceFacts::default(),
    };
    content.other_limits = Topic {
        current: Some(said(
            OtherLimits(vec![
                other(Some("Sondevoeding"), limit(Decision::DoNot, Some("Wil zelf eten"))),
                other(None, limit(Decision::Unknown, None)),
            ]),
            "2024-05-01",
        )),
        proposed: Some(said(OtherLimits(vec![other(Some("Dialyse"), limit(Decision::DoNot, None))]), "2024-06-01")),
        filed: vec![filed(
            Why::Older,
            said(OtherLimits(vec![other(Some("Sondevoeding"), limit(Decision::Perform, None))]), "2020-10-01"),
        )],
    };
    let udi = Coding {
        system: Some("http://terminology.hl7.org/CodeSystem/v2-0203".into()),
        code: super::UDI.into(),
        display: None,
    };
    let icd = Icd {
        present: YesNoUnknown::Yes,
        kind: Some(IcdType::Subcutaneous),
        comment: Some("Geplaatst in 2018".into()),
        since: Some(date("2018")),
        until: None,
        product: Some("Type X".into()),
        product_identifiers: vec![
            Identifier {
                kind: None,
                system: Some("https://www.gs1.org/gtin".into()),
                value: Some("08712345678906".into()),
            },
            Identifier {
                kind: Some(udi),
                system: Some("https://www.gs1.org/gtin".into()),
                value: Some("(01)08712345678906".into()),
            },
        ],
    };
    content.icd = Topic {
        current: Some(said(icd.clone(), "2024-05-01")),
        proposed: None,
        filed: vec![filed(Why::Ended, with_source(icd, "", "d1", Some("stopped")))],
    };
    content.care_wishes = Topic {
        current: Some(said(SpecificCareWishes { text: Some("Wil thuis blijven".into()) }, "2024-05-01")),
        proposed: None,
        filed: vec![filed(Why::Older, said(SpecificCareWishes { text: None }, "2020"))],
    };
    content.place_of_death = Topic::said(with_source(
        PreferredPlaceOfDeath { place: Place::Unknown, comment: Some("Later".into()) },
        "2024-05-01",
        "p1",
        Some("amended"),
    ));
    content.euthanasia = Topic::said(said(
        PositionRegardingEuthanasia {
            position: EuthanasiaPosition::HasStatement,
            comment: Some("Bij huisarts".into()),
        },
        "2024-05-01",
    ));
    content.organ_donation =
        Topic::said(with_source(OrganDonationChoice { registered: YesNoUnknown::No }, "2024-05-01", "o1", None));
    content.sense_of_purpose =
        Topic::said(said(SenseOfPurpose { text: Some("De kleinkinderen".into()) }, "2024-05-01"));
    content.earlier = Topic::said(said(
        EarlierRecorded {
            recorded: YesNoUnknown::Yes,
            comment: Some("Levenstestament".into()),
            differs: Some(YesNoUnknown::No),
        },
        "2024-05-01",
    ));
    let file = FileRef {
        id: AttachmentId::from_bits(9),
        media_type: "application/pdf".into(),
        size: 4,
        title: Some("Verklaring".into()),
    };
    let will = AdvanceDirective {
        kind: AdvanceDirectiveType::DoNotResuscitate,
        kind_text: None,
        comment: Some("Ligt thuis".into()),
        representative: Some(DAUGHTER),
        file: Some(file),
    };
    let lost = AdvanceDirective {
        kind: AdvanceDirectiveType::Other,
        kind_text: Some("Brief".into()),
        comment: None,
        representative: None,
        file: None,
    };
    content.documents.insert(LIVING_WILL, Topic::said(with_source(will, "2019-03", "w1", None)));
    content
        .documents
        .insert(WITHDRAWN_WILL, Topic { filed: vec![filed(Why::Ended, said(lost, "2015"))], ..Topic::default() });
    content.inform_relatives = Topic::said(said(
        InformRelatives { informed: true, recipients: vec![DAUGHTER], told_by: Some(DOCTOR) },
        "2024-05-01",
    ));
    content.sharing = Topic::said(said(SharingConsent { answer: SharingAnswer::Agreed }, "2024-05-01"));
    let wish = LifeWish {
        domain: LifeDomain::Social,
        wish: "Nog een keer naar zee".into(),
        action: Some("Wensambulance bellen".into()),
        by_whom: Some("Els".into()),
        until: Some(date("2024-08")),
        withdrawn: false,
    };
    content.life_wishes.insert(WishKey(8), Topic::said(said(wish, "2024-05-01")));
    let agreement = Agreement {
        text: "Palliatieve sedatie bij benauwdheid".into(),
        condition: Some("als medicijnen niet helpen".into()),
        state: AgreementState::NotYetCurrent,
    };
    content.agreements.insert(AgreementKey(9), Topic::said(said(agreement, "2024-05-01")));

    let mut record = Record::of(patient, content);
    record.files = vec![(AttachmentId::from_bits(9), b"%PDF".to_vec())];
    record
}

/// Said by nobody in particular.
pub(in crate::r4) fn unsigned<T>(value: T, on: &str) -> Statement<T> {
    Statement { by: Vec::new(), ..said(value, on) }
}

/// A form with hardly a head: nobody, no date, nothing but a few answers.
pub(in crate::r4) fn bare() -> Record {
    let mut content = Content { conversations: vec![conversation(None)], ..Content::default() };
    let as_text = SourceFacts { absent_reason: Some(domain::plan::VALUE_IN_TEXT.into()), ..SourceFacts::default() };
    let set_by = Some(SetBy::Elsewhere { by: None, may: None });
    let directive = Directive { comment: Some("Nog te bespreken".into()), set_by, ..Directive::of(Decision::Unknown) };
    content.directives.insert(Treatment::Cpr, Topic::said(Statement { source: as_text, ..unsigned(directive, "") }));
    let icd = Icd {
        present: YesNoUnknown::Yes,
        kind: None,
        comment: None,
        since: None,
        until: None,
        product: None,
        product_identifiers: vec![],
    };
    content.icd = Topic::said(unsigned(icd, ""));
    content.earlier =
        Topic::said(unsigned(EarlierRecorded { recorded: YesNoUnknown::Yes, comment: None, differs: None }, ""));
    content.inform_relatives =
        Topic::said(unsigned(InformRelatives { informed: true, recipients: vec![], told_by: None }, ""));
    content.organ_donation = Topic::said(unsigned(OrganDonationChoice { registered: YesNoUnknown::Unknown }, ""));
    content.people = vec![person(NAMELESS, Name::default())];
    let capacity =
        LegalCapacity { first_contact: Some(NAMELESS), representative: Some(NAMELESS), ..LegalCapacity::default() };
    content.capacity = Topic::said(unsigned(capacity, ""));
    Record::of(somebody(), content)
}

/// Answers of 'no' throughout: what has no building block.
pub(in crate::r4) fn negative() -> Record {
    let mut content = Content { conversations: vec![conversation(Some("2024"))], ..Content::default() };
    let icd = Icd {
        present: YesNoUnknown::No,
        kind: None,
        comment: None,
        since: None,
        until: None,
        product: None,
        product_identifiers: vec![],
    };
    content.icd = Topic::said(unsigned(icd, "2024"));
    let earlier =
        EarlierRecorded { recorded: YesNoUnknown::Unknown, comment: Some("Weet het niet".into()), differs: None };
    content.earlier = Topic::said(unsigned(earlier, "2024"));
    content.inform_relatives =
        Topic::said(unsigned(InformRelatives { informed: false, recipients: vec![], told_by: None }, "2024"));
    Record::of(somebody(), content)
}

/// No plan content at all, but for a plan.
pub(in crate::r4) fn empty() -> Record {
    Record::of(somebody(), Content::default())
}
