//! The story of Mr Van Dam, who has dementia: from the diagnosis, with the capacity to decide lost halfway, a daughter who
//! speaks for him, a nursing home where another doctor leads, and a plan that is looked at twice a year, once too late.
//! He and what is told of him are ours.

use super::life::{Life, Say, afternoon, bsn};
use super::path::morning;
use super::region::{Region, Worker, place};
use super::story::{Brought, Talk, person, versions};
use domain::access::{Action, Permit, Sharing};
use domain::code::{ContactRole, EuthanasiaPosition, Gender, Place, PolicyGoal, RelationKind, SharingAnswer};
use domain::date::FhirDateTime;
use domain::happening::{Capable, GoesOn, Happening, How, Move};
use domain::ident::PatientId;
use domain::path::{Appointment, What};
use domain::patient::{Living, Patient};
use domain::people::{Address, ContactPerson, Name, PersonKey, ProfessionalKey};
use domain::plan::{
    Attendance, Content, Decision, InformRelatives, LegalCapacity, LifeDomain, LifeWish, MedicalPolicyGoal,
    PositionRegardingEuthanasia, PreferredPlaceOfDeath, SenseOfPurpose, SharingConsent, SpecificCareWishes, Treatment,
    WishKey,
};
use domain::role::Role;
use domain::signal::{Condition, Openness, Reason, Signal, Thought};
use jiff::civil::{Date, date};
use store::leads::Candidate;
use store::team::{About, Member};
use store::{Error, Store};

/// Which patient of the region he is.
pub const N: u32 = 47;
/// The day of the last thing that is told of him.
pub const LAST: Date = date(2026, 7, 14);
/// The day on which he came to live in the nursing home.
const MOVED: Date = date(2026, 1, 12);

const DAUGHTER: PersonKey = PersonKey(100);
const SINGING: WishKey = WishKey(900);

/// Does somebody whose day is `today` know his whole story?
pub fn is_told(today: Date) -> bool {
    today > LAST
}

/// Who tells: a role at a place of the region.
#[derive(Clone, Copy)]
enum By {
    Doctor,
    CaseManager,
    Carer,
    NursingHome,
}

impl By {
    fn worker(self, region: &Region) -> &Worker {
        match self {
            Self::Doctor => region.worker(Role::Gp, place::PRACTICES[0]),
            Self::CaseManager => region.worker(Role::DementiaCaseManager, place::HOME_CARE[0]),
            Self::Carer => region.worker(Role::Carer, place::HOME_CARE[0]),
            Self::NursingHome => region.worker(Role::ElderlyCarePhysician, place::NURSING_HOME),
        }
    }
}

struct Told {
    on: Date,
    by: By,
    patient: bool,
    reason: Option<&'static str>,
    brought: Option<Brought>,
}

/// The conversations, oldest first; each is a version, and two say that nothing changed.
const TALKS: [Told; 6] = [
    Told { on: date(2024, 3, 25), by: By::Doctor, patient: true, reason: None, brought: Some(first) },
    Told { on: date(2024, 9, 20), by: By::CaseManager, patient: true, reason: None, brought: None },
    Told {
        on: date(2025, 3, 18),
        by: By::Doctor,
        patient: true,
        reason: Some("Hij wil vastleggen wat hij wil, zolang hij dat zelf kan."),
        brought: Some(limits),
    },
    // Due on 18 September: too late.
    Told {
        on: date(2025, 11, 5),
        by: By::Doctor,
        patient: false,
        reason: Some("Hij overziet het niet meer; zijn dochter spreekt voor hem."),
        brought: Some(capacity_lost),
    },
    Told {
        on: date(2026, 1, 26),
        by: By::NursingHome,
        patient: false,
        reason: Some("Na de verhuizing naar het verpleeghuis."),
        brought: Some(nursing_home),
    },
    Told { on: LAST, by: By::NursingHome, patient: false, reason: None, brought: None },
];

fn capacity(capable: bool) -> LegalCapacity {
    LegalCapacity {
        capable: Some(capable),
        comment: (!capable).then(|| "Overziet de gevolgen van medische keuzes niet meer.".to_owned()),
        representative: Some(DAUGHTER),
        first_contact: Some(DAUGHTER),
        others: Vec::new(),
    }
}

fn first(say: &Say<'_>, content: &mut Content) {
    content.capacity = say.topic(capacity(true));
    content.goal = say.topic(MedicalPolicyGoal { goal: PolicyGoal::CareForIllness, comment: None, start: None });
    content.care_wishes = say.topic(SpecificCareWishes {
        text: Some(
            "Wil het van de dokter zelf horen, met zijn dochter erbij. Rustig uitleggen, één ding tegelijk.".to_owned(),
        ),
    });
    content.place_of_death = say.topic(PreferredPlaceOfDeath {
        place: Place::Home,
        comment: Some("Zolang zijn dochter het volhoudt.".to_owned()),
    });
    content.sense_of_purpose =
        say.topic(SenseOfPurpose { text: Some("Zingen in het koor, en zijn volkstuin.".to_owned()) });
    content.inform_relatives =
        say.topic(InformRelatives { informed: true, recipients: Vec::new(), told_by: Some(ProfessionalKey(1)) });
    content.sharing = say.topic(SharingConsent { answer: SharingAnswer::Agreed });
    let singing = LifeWish {
        domain: LifeDomain::Social,
        wish: "Blijven zingen in het koor".to_owned(),
        action: Some("Een koorlid haalt hem op".to_owned()),
        by_whom: Some("casemanager".to_owned()),
        until: None,
        withdrawn: false,
    };
    content.life_wishes.insert(SINGING, say.topic(singing));
}

fn limits(say: &Say<'_>, content: &mut Content) {
    let all = [
        (Treatment::Cpr, Decision::DoNot, "Wil niet verder als zijn hart stilstaat."),
        (Treatment::Ventilation, Decision::DoNot, "Geen slangen."),
        (Treatment::Icu, Decision::DoNot, "Zou daar niets van begrijpen."),
        (
            Treatment::Hospital,
            Decision::Otherwise(Some("alleen bij een botbreuk".to_owned())),
            "Raakt in het ziekenhuis in de war.",
        ),
    ];
    for (treatment, decision, why) in all {
        content.directives.insert(treatment, say.topic(say.directive(decision, Some(why.to_owned()))));
    }
    content.euthanasia = say.topic(PositionRegardingEuthanasia {
        position: EuthanasiaPosition::DoesNotWant,
        comment: Some("Vanuit zijn geloof.".to_owned()),
    });
}

fn capacity_lost(say: &Say<'_>, content: &mut Content) {
    content.capacity = say.topic(capacity(false));
    content.goal = say.topic(MedicalPolicyGoal { goal: PolicyGoal::RelieveSymptoms, comment: None, start: None });
    let hospital = say.directive(Decision::DoNot, Some("Hij wilde dit eerder alleen bij een botbreuk.".to_owned()));
    content.directives.insert(Treatment::Hospital, say.topic(hospital));
}

fn nursing_home(say: &Say<'_>, content: &mut Content) {
    content.place_of_death = say.topic(PreferredPlaceOfDeath {
        place: Place::NursingHome,
        comment: Some("De kamer met zijn eigen stoel is nu zijn thuis.".to_owned()),
    });
    let antibiotics = say.directive(
        Decision::Otherwise(Some("alleen als het benauwdheid of pijn verlicht".to_owned())),
        Some("Zo zou hij het willen, zegt zijn dochter.".to_owned()),
    );
    content.directives.insert(Treatment::Antibiotics, say.topic(antibiotics));
    content.care_wishes =
        say.topic(SpecificCareWishes { text: Some("Wordt rustig van zingen. Kondig aan wat u gaat doen.".to_owned()) });
}

fn people(family: &Name) -> Vec<ContactPerson> {
    vec![person(DAUGHTER, ("Els", family), ContactRole::WrittenProxy, RelationKind::Daughter, "06-10000047")]
}

/// His life, as others of the region have theirs.
pub fn life(region: &Region, id: PatientId) -> Life {
    let name = Name { called: Some("Wim".to_owned()), ..Name::of("Willem", "van", "Dam") };
    let patient = Patient {
        bsn: bsn(N),
        birth_date: FhirDateTime::of_day(date(1944, 2, 11)),
        gender: Some(Gender::Male),
        address: Some(Address {
            street: Some("Rietveld".to_owned()),
            house_number: Some("5".to_owned()),
            city: Some("Overveld".to_owned()),
            ..Address::default()
        }),
        telephones: Vec::new(),
        emails: Vec::new(),
        living: Some(Living::Home),
        general_practitioner: Some(region.organisations[place::PRACTICES[0]].name.clone()),
        insurer: None,
        died_on: None,
        name,
    };
    let talk = |told: &Told| Talk {
        on: told.on,
        by: told.by.worker(region),
        with: Attendance { patient: told.patient, people: vec![DAUGHTER] },
        reason: told.reason,
        brought: told.brought,
        proposes: false,
    };
    let talks: Vec<Talk<'_>> = TALKS.iter().map(talk).collect();
    let versions = versions(region, &talks, &people(&patient.name));
    Life {
        id,
        patient,
        team: vec![place::PRACTICES[0], place::HOME_CARE[0], place::PROVIDER],
        sharing: Sharing::Agreed,
        lead: Some((Role::Gp, place::PRACTICES[0])),
        known_since: afternoon(date(2024, 3, 1)),
        versions,
        happened: Vec::new(),
    }
}

fn happened(happening: Happening) -> What {
    What::Happened(Box::new(happening))
}

/// What happened beside his plan, each with the day it is about, oldest first.
pub fn steps(region: &Region) -> Vec<(Date, &Worker, What)> {
    let [doctor, manager, carer, nursing] =
        [By::Doctor, By::CaseManager, By::Carer, By::NursingHome].map(|by| by.worker(region));
    let told = date(2024, 3, 4);
    let signal = What::Signal(Signal {
        noticed_on: date(2024, 3, 11),
        reasons: vec![Reason::Dementia, Reason::Cognition],
        findings: Vec::new(),
        words: Some("Weet de diagnose sinds vorige week en begint er zelf over.".to_owned()),
        thought: Some(Thought::NotYet),
        talks_with: Some("de huisarts, met zijn dochter erbij".to_owned()),
    });
    let words = Some("Thuis, 11 uur; dochter Els is erbij.".to_owned());
    let dementia = Some("Ziekte van Alzheimer; op de geheugenpoli verteld, met zijn dochter erbij.".to_owned());
    let lost = Some("Specialist ouderengeneeskunde, voor beslissingen over behandeling.".to_owned());
    let rietveld = Move {
        how: How::Moved,
        to: Living::NursingHome,
        from: Some(Living::Home),
        name: Some(region.organisations[place::NURSING_HOME].name.clone()),
        words: Some("Thuis ging het niet meer, ook niet met zijn dochter in de buurt.".to_owned()),
    };
    vec![
        (told, doctor, happened(Happening::Diagnosis { condition: Condition::Dementia, words: dementia })),
        (date(2024, 3, 11), manager, signal),
        (date(2024, 3, 12), manager, What::TakenUp),
        (date(2024, 3, 14), manager, What::Asked(Openness::Yes)),
        (
            date(2024, 3, 14),
            manager,
            What::Planned(Appointment { on: date(2024, 3, 25), words, ..Appointment::default() }),
        ),
        (date(2025, 9, 2), doctor, happened(Happening::Capacity { now: Capable::No, words: lost })),
        (MOVED, carer, happened(Happening::Moved(rietveld))),
        (
            date(2026, 1, 26),
            nursing,
            happened(Happening::GoesOn(GoesOn {
                what: "Muziektherapie".to_owned(),
                goal: "rust in de middag".to_owned(),
                until: None,
                instead_of: None,
            })),
        ),
    ]
}

/// The nursing home joins the team, and its doctor leads from then.
///
/// # Errors
/// Where the store fails.
pub async fn change_of_lead(
    store: &Store,
    region: &Region,
    leave: impl Fn(&Worker, Action) -> Option<Permit>,
) -> Result<(), Error> {
    let nursing = By::NursingHome.worker(region);
    let Some(manage) = leave(By::Doctor.worker(region), Action::ManageTeam) else { return Ok(()) };
    let organisation = region.organisations[place::NURSING_HOME].id.clone();
    let about = About { word: "de vertegenwoordiger".to_owned(), ..About::default() };
    store.add_to_team(&manage, &Member::Organisation(organisation.clone()), &about, morning(MOVED)).await?;
    let candidate = Candidate { organisation, role: nursing.role, person: Some(nursing.id.clone()) };
    let reason = Some("De patiënt is nu hier: verpleeghuis.");
    store.propose_lead(&manage, &candidate, reason, morning(MOVED)).await?;
    let Some(answers) = leave(nursing, Action::ManageTeam) else { return Ok(()) };
    let asked = store.leads(&answers, morning(date(2026, 1, 15))).await?;
    if let Some(asked) = asked.asked() {
        store.answer_lead(&answers, asked.number, true, None, morning(date(2026, 1, 15))).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
