//! The sample patient and plan.

use crate::pages::edit::answers_from;
use domain::access::{Actor, Who};
use domain::code::{Coding, system};
use domain::date::FhirDateTime;
use domain::form::{LimitsAs, ReadCtx, read};
use domain::ident::{OrganisationId, PatientId, PersonId};
use domain::patient::{Living, Patient};
use domain::people::{Name, Professional, ProfessionalKey, Telephone};
use domain::plan::{
    Agreement, AgreementKey, AgreementState, CurrentPlan, LifeDomain, LifeWish, Mark, MarkKind, NextVersion, Origin,
    PlanVersion, Recorder, SourceFacts, Statement, Topic, VersionKind, WishKey,
};
use domain::role::Role;
use jiff::Timestamp;
use jiff::civil::Date;
use store::plans::StoredVersion;

/// A patient with a history.
pub struct Sample {
    pub id: PatientId,
    pub patient: Patient,
    pub versions: Vec<StoredVersion>,
    pub today: Date,
}

impl Sample {
    pub fn current(&self) -> CurrentPlan {
        CurrentPlan::from(&self.versions.last().unwrap().version)
    }
}

fn who(name: Name, role: Role, person: u128) -> Professional {
    let (code, display) = role.uzi_role();
    Professional {
        key: ProfessionalKey(1),
        name,
        agb: None,
        uzi: None,
        big: None,
        specialty: vec![Coding::new(system::UZI_ROLE, code, display)],
        organisation: Some(place(role).to_owned()),
        identifiers: Vec::new(),
        role_identifiers: Vec::new(),
        person: Some(PersonId::from_bits(person)),
        changed_in: 0,
    }
}

fn place(role: Role) -> &'static str {
    if role == Role::Gp { "Huisartsenpraktijk De Linde" } else { "Thuiszorg Veluwezoom" }
}

pub fn gp() -> Professional {
    who(Name::of("Saskia", "van", "Huissen"), Role::Gp, 1)
}

pub fn nurse() -> Professional {
    who(Name::of("Ayşe", "", "Yılmaz"), Role::DistrictNurse, 2)
}

pub fn actor(role: Role) -> Actor {
    Actor {
        who: Who::Person(PersonId::from_bits(1)),
        name: "Saskia van Huissen".to_owned(),
        role: Some(role),
        organisation: OrganisationId::from_bits(1),
        nurses_set_limits: false,
        breaks_glass: true,
    }
}

fn recorder(by: &Professional, role: Role) -> Recorder {
    Recorder {
        person: by.person.clone(),
        client: None,
        name: by.name.full(),
        role: Some(role),
        organisation: OrganisationId::from_bits(1),
        organisation_name: place(role).to_owned(),
    }
}

fn next(
    versions: &mut Vec<StoredVersion>,
    at: &str,
    by: &Professional,
    role: Role,
    typed: &[(&str, &str)],
    more: impl Fn(&mut domain::plan::Content, Statement<()>),
) {
    let now: Timestamp = at.parse().unwrap();
    let ctx = ReadCtx {
        limits: if role == Role::Gp { LimitsAs::SetHere } else { LimitsAs::Proposed },
        author: Some(by.clone()),
        written_on: FhirDateTime::of_day(domain::date::local_day(now)),
        now,
    };
    let mut input = read(&answers_from(typed), &ctx).unwrap().input;
    let origin = Origin { conversation: input.conversation, version: 0, recorded_at: now };
    let said_on = input.content.conversations[0].held_on.clone();
    more(&mut input.content, Statement { value: (), said_on, by: Vec::new(), origin, source: SourceFacts::default() });
    let next = NextVersion {
        kind: VersionKind::Recorded,
        recorder: recorder(by, role),
        reason: (versions.len() == 3).then(|| "Na de ziekenhuisopname anders gaan denken.".to_owned()),
        input,
        kept_beside: Vec::new(),
    };
    let current = versions.last().map(|v| CurrentPlan::from(&v.version));
    let (version, _) = next.after(current.as_ref(), now);
    push(versions, version);
}

fn push(versions: &mut Vec<StoredVersion>, version: PlanVersion) {
    versions.push(StoredVersion { version, mark: None, digest: [1; 32], previous_digest: [0; 32] });
}

fn like<T>(like: &Statement<()>, value: T) -> Topic<T> {
    Topic::said(Statement {
        value,
        said_on: like.said_on.clone(),
        by: like.by.clone(),
        origin: like.origin.clone(),
        source: SourceFacts::default(),
    })
}

/// Mevrouw Jansen: four versions, two proposals open, one version marked wrong.
pub fn sample() -> Sample {
    let patient = Patient {
        bsn: domain::ident::Bsn::parse("999911120").unwrap(),
        name: Name { initials: Some("S.M.".into()), ..Name::of("Sophia Maria", "", "Jansen") },
        birth_date: FhirDateTime::parse("1941-03-12").unwrap(),
        gender: Some(domain::code::Gender::Female),
        address: Some(domain::people::Address {
            street: Some("Dorpsstraat".into()),
            house_number: Some("12".into()),
            addition: None,
            postcode: Some(domain::ident::Postcode::parse("7311AB").unwrap()),
            city: Some("Apeldoorn".into()),
            ..domain::people::Address::default()
        }),
        telephones: vec![Telephone { number: Some("055-5551234".into()), ..Telephone::default() }],
        emails: Vec::new(),
        living: Some(Living::Home),
        general_practitioner: Some("Huisartsenpraktijk De Linde".into()),
        insurer: None,
        died_on: None,
    };
    let mut versions = Vec::new();
    next(
        &mut versions,
        "2024-05-14T13:20:00Z",
        &nurse(),
        Role::DistrictNurse,
        &[
            ("963", "14-05-2024"),
            ("1651", "true"),
            ("973", "Mirjam"),
            ("975", "Jansen"),
            ("983", "DAUC"),
            ("982", "24"),
            ("976.0", "06-12345678"),
            ("979.0", "ook 's nachts"),
            ("984", "true"),
            ("82", "Patiënt"),
            ("998", "DAUC"),
            ("999", "713148004"),
            ("1386", "2"),
            ("1002", "Mijn hart is op. Als het stopt, laat me dan gaan."),
            ("1393", "0"),
            ("1395", "Voor iets dat snel te verhelpen is, wil ik wel naar het ziekenhuis."),
            (
                "1190",
                "Ik wil graag zelf mijn tijd indelen. Praat met mij, ook als ik even moet zoeken naar woorden.\nMuziek van Bach maakt me rustig.",
            ),
        ],
        |_, _| {},
    );
    let current = CurrentPlan::from(&versions[0].version);
    let verdicts: Vec<_> =
        domain::plan::open_proposals(&current.content).into_iter().map(|t| (t, domain::plan::Verdict::Set)).collect();
    let input = domain::plan::decide(&current, &verdicts, &gp()).unwrap();
    let set = NextVersion {
        kind: VersionKind::LimitsSet,
        recorder: recorder(&gp(), Role::Gp),
        reason: None,
        input,
        kept_beside: Vec::new(),
    };
    push(&mut versions, set.after(Some(&current), "2024-05-16T07:45:00Z".parse().unwrap()).0);
    next(
        &mut versions,
        "2025-11-08T10:05:00Z",
        &gp(),
        Role::Gp,
        &[
            ("963", "08-11-2025"),
            ("82", "Patiënt"),
            ("1387", "1"),
            ("1388", "Alleen rond een geplande operatie"),
            ("1390", "2"),
            ("1392", "De vorige keer was ik bang en verward. Dat wil ik niet nog eens."),
            ("1396", "0"),
            ("1402", "2"),
            ("1404", "Sondevoeding"),
            ("1006", "373066001"),
            ("1008", "72506001"),
            ("1005", "ASKU"),
            ("1191", "264362003"),
            ("1192", "In mijn eigen bed, met uitzicht op de tuin."),
            ("1193", "340191000146100"),
            ("1435", "373067005"),
            ("1196", "Dat mijn kleinzoon in juni trouwt. Daar wil ik bij zijn."),
            ("1197", "373067005"),
            ("1200", "true"),
            ("1201", "441898007"),
        ],
        |content, s| {
            let wish = |domain, wish: &str, action: Option<&str>, by: Option<&str>| LifeWish {
                domain,
                wish: wish.to_owned(),
                action: action.map(str::to_owned),
                by_whom: by.map(str::to_owned),
                until: None,
                withdrawn: false,
            };
            let social =
                wish(LifeDomain::Social, "Bij de bruiloft van Tim zijn", Some("rolstoeltaxi regelen"), Some("Mirjam"));
            content.life_wishes.insert(WishKey(101), like(&s, social));
            let daily = wish(
                LifeDomain::DailyLife,
                "Zelf koffie blijven zetten",
                Some("ergotherapeut vragen"),
                Some("de wijkverpleging"),
            );
            content.life_wishes.insert(WishKey(102), like(&s, daily));
            let sedation = Agreement {
                text: "Palliatieve sedatie".to_owned(),
                condition: Some("als benauwdheid niet meer te behandelen is".to_owned()),
                state: AgreementState::NotYetCurrent,
            };
            content.agreements.insert(AgreementKey(103), like(&s, sedation));
        },
    );
    next(
        &mut versions,
        "2026-11-20T15:30:00Z",
        &nurse(),
        Role::DistrictNurse,
        &[
            ("963", "20-11-2026"),
            ("82", "Patiënt"),
            ("1393", "2"),
            ("1395", "Na de opname in september wil ik niet meer weg van huis."),
            ("1399", "2"),
            ("1192", "Thuis, met Mirjam erbij."),
            ("1191", "264362003"),
        ],
        |_, _| {},
    );
    versions[0].mark = Some(Mark {
        kind: MarkKind::Wrong,
        reason: "Het telefoonnummer hoorde bij een ander.".to_owned(),
        by: recorder(&nurse(), Role::DistrictNurse),
        at: "2024-05-20T09:00:00Z".parse().unwrap(),
    });
    Sample { id: PatientId::from_bits(77), patient, versions, today: "2026-11-22".parse().unwrap() }
}
