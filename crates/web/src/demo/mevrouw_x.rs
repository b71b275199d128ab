//! The story of Mrs X (seed document 004), from the first signal to her death: two lines of care, hope for an
//! experimental treatment, limits when it was time for them, a request for euthanasia that was later not current, and a
//! plan for sedation. Names are ours, and so is the place of her death, which the source does not tell.

use super::life::{Life, Say, afternoon, bsn};
use super::region::{Region, Worker, place};
use super::story::{Brought, Talk as Told, person, versions};
use domain::access::Sharing;
use domain::code::{ContactRole, EuthanasiaPosition, Gender, Place, PolicyGoal, RelationKind, SharingAnswer};
use domain::date::FhirDateTime;
use domain::happening::{Death, Happening};
use domain::ident::PatientId;
use domain::path::{Appointment, What};
use domain::patient::{Living, Patient};
use domain::people::{Address, ContactPerson, Name, PersonKey, ProfessionalKey};
use domain::plan::{
    Agreement, AgreementKey, AgreementState, Attendance, Content, Decision, InformRelatives, LegalCapacity, LifeDomain,
    LifeWish, MedicalPolicyGoal, PositionRegardingEuthanasia, PreferredPlaceOfDeath, SenseOfPurpose, SharingConsent,
    SpecificCareWishes, Treatment, WishKey,
};
use domain::role::Role;
use domain::signal::{Finding, Material, Openness, Reason, Signal, Surprise, Thought};
use jiff::civil::{Date, date};

/// Which patient of the region she is.
pub const N: u32 = 57;
/// The day she died.
pub const DIED: Date = date(2021, 5, 14);

const SON: PersonKey = PersonKey(100);
const HUSBAND: PersonKey = PersonKey(101);
const REQUEST: AgreementKey = AgreementKey(950);
const SEDATION: AgreementKey = AgreementKey(951);

/// Does somebody whose day is `today` know her whole story?
pub fn is_told(today: Date) -> bool {
    today > DIED
}

/// Who tells: a role at a place of the region.
#[derive(Clone, Copy)]
enum By {
    Doctor,
    Nurse,
    Oncologist,
}

impl By {
    fn worker(self, region: &Region) -> &Worker {
        match self {
            Self::Doctor => region.worker(Role::Gp, place::PRACTICES[0]),
            Self::Nurse => region.worker(Role::DistrictNurse, place::HOME_CARE[0]),
            Self::Oncologist => region.worker(Role::HospitalPhysician, place::HOSPITAL),
        }
    }
}

struct Talk {
    on: Date,
    by: By,
    reason: Option<&'static str>,
    brought: Brought,
}

/// The conversations, oldest first; each is a version.
const TALKS: [Talk; 7] = [
    Talk { on: date(2020, 9, 21), by: By::Doctor, reason: None, brought: first },
    Talk {
        on: date(2020, 11, 19),
        by: By::Oncologist,
        reason: Some("De ziekte groeide na vier kuren; de chemotherapie is gestopt."),
        brought: chemotherapy_ends,
    },
    Talk {
        on: date(2021, 1, 28),
        by: By::Nurse,
        reason: Some("Gesproken over wat zij wil als de pijn niet meer te stillen is."),
        brought: limits,
    },
    Talk {
        on: date(2021, 1, 29),
        by: By::Doctor,
        reason: Some("Na het gesprek van gisteren nagelopen en vastgesteld."),
        brought: limits,
    },
    Talk {
        on: date(2021, 2, 11),
        by: By::Doctor,
        reason: Some("Ook een studie kan niets meer bieden."),
        brought: comfort,
    },
    Talk {
        on: date(2021, 4, 28),
        by: By::Doctor,
        reason: Some("Zij wil nu geen uitvoering; een SCEN-arts is nog niet nodig."),
        brought: not_now,
    },
    Talk { on: date(2021, 5, 12), by: By::Doctor, reason: Some("De pijn is niet meer te stillen."), brought: sedation },
];

fn first(say: &Say<'_>, content: &mut Content) {
    content.capacity = say.topic(LegalCapacity {
        capable: Some(true),
        comment: None,
        representative: Some(SON),
        first_contact: Some(HUSBAND),
        others: Vec::new(),
    });
    content.goal = say.topic(MedicalPolicyGoal { goal: PolicyGoal::ProlongLife, comment: None, start: None });
    content.care_wishes = say.topic(SpecificCareWishes {
        text: Some("Wil alles weten, en wil dat haar zoon bij elk gesprek zit.".to_owned()),
    });
    content.place_of_death =
        say.topic(PreferredPlaceOfDeath { place: Place::Home, comment: Some("Bij haar man en zoon.".to_owned()) });
    content.sense_of_purpose = say.topic(SenseOfPurpose {
        text: Some("Behandeld worden zolang er iets te proberen is, en helder blijven.".to_owned()),
    });
    content.inform_relatives =
        say.topic(InformRelatives { informed: true, recipients: Vec::new(), told_by: Some(DOCTOR) });
    content.sharing = say.topic(SharingConsent { answer: SharingAnswer::Agreed });
    let wish = |domain, wish: &str, action: &str, by: &str| LifeWish {
        domain,
        wish: wish.to_owned(),
        action: Some(action.to_owned()),
        by_whom: Some(by.to_owned()),
        until: None,
        withdrawn: false,
    };
    let walking = wish(LifeDomain::Physical, "Zo lang mogelijk zelf lopen", "Fysiotherapie aan huis", "huisarts");
    let one = wish(
        LifeDomain::Care,
        "Niet steeds hetzelfde hoeven vertellen",
        "Ziekenhuis en huisarts houden elkaar op de hoogte",
        "oncoloog en huisarts",
    );
    content.life_wishes.insert(WishKey(900), say.topic(walking));
    content.life_wishes.insert(WishKey(901), say.topic(one));
}

fn chemotherapy_ends(say: &Say<'_>, content: &mut Content) {
    content.care_wishes = say.topic(SpecificCareWishes {
        text: Some(
            "Wil verwezen worden voor een onderzoek naar een nieuwe behandeling, en een tweede mening.".to_owned(),
        ),
    });
    let ziekenhuis = say.directive(Decision::Perform, Some("Voor behandeling, en voor de pijn.".to_owned()));
    content.directives.insert(Treatment::Hospital, say.topic(ziekenhuis));
}

fn limits(say: &Say<'_>, content: &mut Content) {
    let all = [
        (Treatment::Cpr, Decision::DoNot, "Als haar hart stopt, wil zij rustig gaan."),
        (Treatment::Ventilation, Decision::DoNot, "Wil niet aan een machine liggen."),
        (Treatment::Icu, Decision::DoNot, "Wil bij haar man en zoon zijn."),
        (
            Treatment::Hospital,
            Decision::Otherwise(Some("alleen voor de pijn".to_owned())),
            "Voor een katheter of pomp.",
        ),
    ];
    for (treatment, decision, why) in all {
        content.directives.insert(treatment, say.topic(say.directive(decision, Some(why.to_owned()))));
    }
    content.euthanasia = say.topic(PositionRegardingEuthanasia {
        position: EuthanasiaPosition::HasNoStatement,
        comment: Some("Deed haar verzoek mondeling aan de huisarts.".to_owned()),
    });
    content.agreements.insert(REQUEST, say.topic(request(AgreementState::Current)));
}

fn request(state: AgreementState) -> Agreement {
    Agreement {
        text: "Verzoek om euthanasie, gedaan aan de huisarts".to_owned(),
        condition: Some("als de pijn niet meer te stillen is".to_owned()),
        state,
    }
}

fn comfort(say: &Say<'_>, content: &mut Content) {
    content.goal = say.topic(MedicalPolicyGoal { goal: PolicyGoal::RelieveSymptoms, comment: None, start: None });
    content.care_wishes = say.topic(SpecificCareWishes {
        text: Some("Thuis, met een pomp tegen de pijn; het pijnteam blijft bereikbaar.".to_owned()),
    });
}

fn not_now(say: &Say<'_>, content: &mut Content) {
    content.agreements.insert(REQUEST, say.topic(request(AgreementState::NotYetCurrent)));
}

fn sedation(say: &Say<'_>, content: &mut Content) {
    let plan = Agreement {
        text: "Continue palliatieve sedatie, thuis".to_owned(),
        condition: Some("nu de pijn niet meer te stillen is".to_owned()),
        state: AgreementState::Current,
    };
    content.agreements.insert(SEDATION, say.topic(plan));
}

const DOCTOR: ProfessionalKey = ProfessionalKey(1);

fn people(family: &Name) -> Vec<ContactPerson> {
    vec![
        person(SON, ("Daan", family), ContactRole::WrittenProxy, RelationKind::Son, "06-10000057"),
        person(HUSBAND, ("Henk", family), ContactRole::FirstContact, RelationKind::Husband, "06-20000057"),
    ]
}

/// Her life, as others of the region have theirs.
pub fn life(region: &Region, id: PatientId) -> Life {
    let name = Name { called: Some("Greet".to_owned()), ..Name::of("Margaretha", "", "Xanten") };
    let patient = Patient {
        bsn: bsn(N),
        birth_date: FhirDateTime::of_day(date(1955, 3, 8)),
        gender: Some(Gender::Female),
        address: Some(Address {
            street: Some("Singel".to_owned()),
            house_number: Some("57".to_owned()),
            city: Some("Overveld".to_owned()),
            ..Address::default()
        }),
        telephones: Vec::new(),
        emails: Vec::new(),
        living: Some(Living::Home),
        general_practitioner: Some(region.organisations[place::PRACTICES[0]].name.clone()),
        insurer: None,
        died_on: Some(DIED),
        name,
    };
    let talk = |one: &Talk| Told {
        on: one.on,
        by: one.by.worker(region),
        with: Attendance { patient: true, people: vec![SON] },
        reason: one.reason,
        brought: Some(one.brought),
        proposes: matches!(one.by, By::Nurse),
    };
    let talks: Vec<Told<'_>> = TALKS.iter().map(talk).collect();
    let versions = versions(region, &talks, &people(&patient.name));
    Life {
        id,
        patient,
        team: vec![place::PRACTICES[0], place::HOME_CARE[0], place::PROVIDER, place::HOSPITAL],
        sharing: Sharing::Agreed,
        lead: Some((Role::Gp, place::PRACTICES[0])),
        known_since: afternoon(date(2020, 9, 1)),
        versions,
        happened: Vec::new(),
    }
}

/// What happened beside her plan, each with the day it is about, oldest first.
pub fn steps(region: &Region) -> Vec<(Date, &Worker, What)> {
    let [doctor, nurse] = [By::Doctor, By::Nurse].map(|by| by.worker(region));
    let signal = |day, reasons: &[Reason], findings, words: &str| {
        What::Signal(Signal {
            noticed_on: day,
            reasons: reasons.to_vec(),
            findings,
            words: Some(words.to_owned()),
            thought: Some(Thought::Thought),
            talks_with: Some("haar zoon en de huisarts".to_owned()),
        })
    };
    let planned =
        |on, words: &str| What::Planned(Appointment { on, words: Some(words.to_owned()), ..Appointment::default() });
    let day = date;
    let surprise = Finding::Surprise(Surprise { if_died: false, if_alive: None });
    vec![
        (
            day(2020, 9, 14),
            nurse,
            signal(
                day(2020, 9, 14),
                &[Reason::Palliative, Reason::Incurable],
                vec![surprise],
                "Rugpijn door uitzaaiingen. Wil behandeld worden zolang het kan, en thuis zijn.",
            ),
        ),
        (day(2020, 9, 15), doctor, What::TakenUp),
        (day(2020, 9, 16), doctor, What::Asked(Openness::Yes)),
        (day(2020, 9, 16), doctor, planned(day(2020, 9, 21), "Thuis, 14 uur; man en zoon zijn erbij.")),
        (
            day(2021, 1, 12),
            nurse,
            signal(
                day(2021, 1, 12),
                &[Reason::Worse],
                Vec::new(),
                "De zoon vindt praten over het einde nu te confronterend: eerst afwachten of er een nieuwe behandeling komt.",
            ),
        ),
        (
            day(2021, 1, 12),
            nurse,
            What::Asked(Openness::NotNow { ask_again_on: day(2021, 1, 26), material: Material::Given }),
        ),
        (day(2021, 1, 26), nurse, What::Asked(Openness::Yes)),
        (day(2021, 1, 26), nurse, planned(day(2021, 1, 28), "Thuis, samen met de huisarts; zoon is erbij.")),
        (
            DIED,
            doctor,
            What::Happened(Box::new(Happening::Died(Death {
                place: Place::Home,
                wished: Some(Place::Home),
                admitted_on: None,
                words: Some("Met haar man en zoon.".to_owned()),
            }))),
        ),
    ]
}

#[cfg(test)]
mod tests;
