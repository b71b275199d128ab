//! Two hundred patients with hand-counted outcomes, in a region of two practices and a home care organisation: real records,
//! written as the pages write them.

use crate::harness::Server;
use domain::access::{Action, Actor, Permit, Relation, Who, permit};
use domain::code::{Place, PolicyGoal};
use domain::date::FhirDateTime;
use domain::happening::{Death, Happening, How, Move};
use domain::ident::{Bsn, OrganisationId, PatientId};
use domain::onward::{Event, System};
use domain::path::What;
use domain::patient::{Living, Patient};
use domain::people::Name;
use domain::plan::{
    Content, Conversation, ConversationKey, Decision, Directive, EncounterFacts, LegalCapacity, MedicalPolicyGoal,
    Origin, PlanInput, PlanVersion, PreferredPlaceOfDeath, ProcedureFacts, Recorder, SourceFacts, Statement, Topic,
    Treatment, VersionKind,
};
use domain::role::Role;
use domain::signal::{Condition, Material, Openness, Reason, Signal};
use jiff::Timestamp;
use jiff::civil::Date;
use store::bulk::BulkPatient;
use store::organisations::{Organisation, OrganisationKind};
use store::plans::WriteVersion;
use store::team::Member;

/// The year in which everything happened.
pub const YEAR: i16 = 2025;

/// What happened to so many patients alike. Days are months and days of [`YEAR`].
#[derive(Clone, Copy, Default)]
pub struct Alike {
    pub people: u32,
    pub signal: Option<(i8, i8)>,
    pub talk: Option<(i8, i8)>,
    /// 'Not now' was said on this day.
    pub not_now: Option<(i8, i8)>,
    /// Dementia was diagnosed on this day.
    pub dementia: Option<(i8, i8)>,
    pub died: Option<(i8, i8)>,
    pub place: Option<Place>,
    pub wished: Option<Place>,
    pub admitted: Option<(i8, i8)>,
    /// What the plan says beside the conversation.
    pub says: Says,
    /// On this day it was ticked that the plan stands in the practice's own system too.
    pub ticked: Option<(i8, i8)>,
    /// With a plan admitted to a hospital on this day; and did the out-of-hours post read the plan?
    pub hospital: Option<((i8, i8), bool)>,
}

/// What a plan says.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Says {
    /// That there was a conversation.
    #[default]
    Nothing,
    /// No resuscitation, and why.
    LimitWithReason,
    /// No resuscitation.
    LimitOnly,
    /// Something about each of the nine core topics; no limit.
    All,
}

fn alike(people: u32, signal: Option<(i8, i8)>, talk: Option<(i8, i8)>) -> Alike {
    Alike { people, signal, talk, ..Alike::default() }
}

/// Practice A: 100 patients.
pub fn a() -> Vec<Alike> {
    vec![
        Alike { says: Says::LimitWithReason, ticked: Some((3, 10)), ..alike(40, Some((2, 3)), Some((3, 3))) },
        Alike { says: Says::LimitOnly, ..alike(20, Some((2, 3)), Some((6, 2))) },
        alike(20, Some((5, 5)), None),
        Alike { not_now: Some((5, 12)), ..alike(10, Some((5, 5)), None) },
        Alike {
            died: Some((10, 10)),
            place: Some(Place::Home),
            wished: Some(Place::Home),
            admitted: Some((10, 1)),
            ..alike(10, None, Some((4, 1)))
        },
    ]
}

/// Practice B: 60 patients.
pub fn b() -> Vec<Alike> {
    vec![
        Alike { hospital: Some(((10, 1), true)), ..alike(15, Some((8, 4)), Some((8, 11))) },
        Alike { hospital: Some(((10, 1), false)), ..alike(10, Some((8, 4)), Some((8, 11))) },
        alike(15, Some((8, 4)), None),
        Alike {
            died: Some((11, 11)),
            place: Some(Place::Hospital),
            wished: Some(Place::Hospice),
            ..alike(12, None, None)
        },
        Alike { dementia: Some((1, 15)), ..alike(8, None, Some((2, 20))) },
    ]
}

/// Home care C: 40 patients.
fn c() -> Vec<Alike> {
    vec![
        Alike { says: Says::All, ..alike(28, Some((2, 3)), Some((2, 17))) },
        alike(7, Some((2, 3)), None),
        Alike { says: Says::All, ..alike(5, None, Some((3, 3))) },
    ]
}

fn day((month, day): (i8, i8)) -> Date {
    jiff::civil::date(YEAR, month, day)
}

fn at(on: (i8, i8)) -> Timestamp {
    format!("{}T10:00:00Z", day(on)).parse().unwrap()
}

fn actor(organisation: &OrganisationId) -> Actor {
    Actor {
        who: Who::Program,
        name: "dr. Tijdig".into(),
        role: Some(Role::Gp),
        organisation: organisation.clone(),
        nurses_set_limits: false,
        breaks_glass: true,
    }
}

fn may(organisation: &OrganisationId, action: Action, id: &PatientId) -> Permit {
    permit(&actor(organisation), action, id, Relation { team: true, ..Relation::default() }).unwrap()
}

fn recorder(organisation: &OrganisationId) -> Recorder {
    Recorder {
        person: None,
        client: None,
        name: "dr. Tijdig".into(),
        role: Some(Role::Gp),
        organisation: organisation.clone(),
        organisation_name: "Praktijk".into(),
    }
}

fn said<T>(value: T, on: (i8, i8)) -> Topic<T> {
    let origin = Origin { version: 1, conversation: ConversationKey(1), recorded_at: at(on) };
    Topic::said(Statement { value, said_on: None, by: vec![], origin, source: SourceFacts::default() })
}

/// Puts into a plan what it says.
fn say(content: &mut Content, says: Says, on: (i8, i8)) {
    let no =
        |comment: Option<&str>| Directive { comment: comment.map(str::to_owned), ..Directive::of(Decision::DoNot) };
    match says {
        Says::Nothing => {}
        Says::LimitWithReason => {
            content.directives.insert(Treatment::Cpr, said(no(Some("Het zou het lijden verlengen.")), on));
        }
        Says::LimitOnly => {
            content.directives.insert(Treatment::Cpr, said(no(None), on));
        }
        Says::All => {
            content.capacity = said(LegalCapacity { capable: Some(true), ..LegalCapacity::default() }, on);
            content.goal = said(MedicalPolicyGoal { goal: PolicyGoal::CareForIllness, comment: None, start: None }, on);
            content.place_of_death = said(PreferredPlaceOfDeath { place: Place::Home, comment: None }, on);
            let all = [
                Treatment::Cpr,
                Treatment::Ventilation,
                Treatment::Icu,
                Treatment::Hospital,
                Treatment::Antibiotics,
                Treatment::BloodProduct,
            ];
            for treatment in all {
                content.directives.insert(treatment, said(Directive::of(Decision::Perform), on));
            }
        }
    }
}

fn version(organisation: &OrganisationId, on: (i8, i8), says: Says) -> PlanVersion {
    let held_on = FhirDateTime::of_day(day(on));
    let key = ConversationKey(1);
    let conversation = Conversation {
        key,
        held_on: Some(held_on.clone()),
        ended: None,
        written_on: held_on,
        held_by: vec![],
        attendance: None,
        encounter: EncounterFacts::default(),
        procedure: ProcedureFacts::default(),
        version: 1,
        recorded_at: at(on),
    };
    let mut content = Content { last_key: 1, conversations: vec![conversation], ..Content::default() };
    say(&mut content, says, on);
    PlanVersion {
        number: 1,
        kind: VersionKind::Recorded,
        recorded_at: at(on),
        recorder: recorder(organisation),
        reason: None,
        conversation: key,
        input: PlanInput { conversation: key, content: content.clone(), rejected: vec![], skipped: vec![] },
        content,
        touched: vec![],
        kept_beside: vec![],
    }
}

fn who(n: u32) -> Patient {
    let bsn = (600_000_000 + n * 30..).find_map(|i: u32| Bsn::parse(&i.to_string()).ok()).unwrap();
    Patient {
        bsn,
        name: Name::of("Proef", "van", &format!("Figuur{n}")),
        birth_date: FhirDateTime::parse("1940-01-01").unwrap(),
        gender: None,
        address: None,
        telephones: vec![],
        emails: vec![],
        living: None,
        general_practitioner: None,
        insurer: None,
        died_on: None,
    }
}

fn steps(of: &Alike) -> Vec<(Date, What)> {
    let mut all = Vec::new();
    if let Some(on) = of.signal {
        let signal = Signal {
            noticed_on: day(on),
            reasons: vec![Reason::Frail],
            findings: vec![],
            words: None,
            thought: None,
            talks_with: None,
        };
        all.push((day(on), What::Signal(signal)));
    }
    if let Some(on) = of.dementia {
        let happened = Happening::Diagnosis { condition: Condition::Dementia, words: None };
        all.push((day(on), What::Happened(Box::new(happened))));
    }
    if let Some(on) = of.not_now {
        let ask_again_on = day((12, 1));
        all.push((day(on), What::Asked(Openness::NotNow { ask_again_on, material: Material::Given })));
    }
    if let Some((on, _)) = of.hospital {
        let to = Living::Hospital;
        let moved = Move { how: How::Admitted, to, from: Some(Living::Home), name: None, words: None };
        all.push((day(on), What::Happened(Box::new(Happening::Moved(moved)))));
    }
    all
}

fn death(of: &Alike) -> Option<(Date, What)> {
    let death = Death { place: of.place?, wished: of.wished, admitted_on: of.admitted.map(day), words: None };
    Some((day(of.died?), What::Happened(Box::new(Happening::Died(death)))))
}

/// Adds patients of an organisation.
pub async fn add(server: &Server, organisation: &OrganisationId, all: &[Alike], from: &mut u32) {
    for of in all {
        let ids: Vec<PatientId> = (0..of.people).map(|_| PatientId::from_bits(store::random::bits())).collect();
        let patients: Vec<Patient> = (0..of.people).map(|n| who(*from + n)).collect();
        *from += of.people;
        let version = of.talk.map(|on| version(organisation, on, of.says));
        let register: Vec<Permit> = ids.iter().map(|id| may(organisation, Action::RegisterPatient, id)).collect();
        let record: Vec<Permit> = ids.iter().map(|id| may(organisation, Action::RecordPlan, id)).collect();
        let team = [Member::Organisation(organisation.clone())];
        let rows: Vec<BulkPatient<'_>> = (0..ids.len())
            .map(|i| BulkPatient {
                permit: &register[i],
                patient: &patients[i],
                at: at((1, 2)),
                team: &team,
                sharing: None,
                lead: None,
                versions: version.iter().map(|v| (&record[i], WriteVersion::of(0, v), v.recorded_at)).collect(),
                happened: Vec::new(),
            })
            .collect();
        server.store.bulk(&rows).await.unwrap();
        for id in &ids {
            let tells = async |action, happened: &[(Date, What)]| {
                let permit = may(organisation, action, id);
                server.store.add_steps(&permit, happened, None, &recorder(organisation), at((12, 30))).await.unwrap();
            };
            let all = steps(of);
            if !all.is_empty() {
                tells(Action::FollowUp, &all).await;
            }
            if let Some(on) = of.ticked {
                let event = Event::Recorded { system: System::His, words: None, version: 1 };
                tells(Action::FollowUp, &[(day(on), What::Onward(Box::new(event)))]).await;
            }
            if let Some((on, true)) = of.hospital {
                let look = may(&post(), Action::ReadEmergency, id);
                server.store.read(&look, at(on), "emergency view").await.unwrap();
            }
            if let Some(death) = death(of) {
                tells(Action::CorrectPatient, &[death]).await;
            }
        }
    }
}

/// An organisation of the region of the demo's network coordinator.
pub async fn house(
    server: &Server,
    region: &Organisation,
    n: u128,
    name: &str,
    kind: OrganisationKind,
) -> OrganisationId {
    let id = OrganisationId::from_bits(0x0f16_0000 + n);
    let house = Organisation { region: Some(region.id.clone()), ..Organisation::new(id.clone(), name, kind) };
    server.store.add_organisation(&actor(&id), &house, at((1, 1))).await.unwrap();
    id
}

/// The out-of-hours post that reads plans.
fn post() -> OrganisationId {
    OrganisationId::from_bits(0x0f16_0000 + POST)
}
const POST: u128 = 9;

/// The three organisations with their two hundred patients; the demo's own belong to no region any more.
pub async fn region(server: &Server) -> (Organisation, u32) {
    let all = server.store.organisations().await.unwrap();
    let region = all.iter().find(|o| o.kind == OrganisationKind::Region).unwrap().clone();
    for other in all.iter().filter(|o| o.region.is_some()) {
        let other = Organisation { region: None, ..other.clone() };
        server.store.change_organisation(&actor(&region.id), &other, at((1, 1))).await.unwrap();
    }
    house(server, &region, POST, "Spoedpost", OrganisationKind::OutOfHours).await;
    let mut n = 0;
    for (i, name, kind, all) in [
        (1, "Praktijk A", OrganisationKind::GpPractice, a()),
        (2, "=Praktijk B", OrganisationKind::GpPractice, b()),
        (3, "Thuiszorg C", OrganisationKind::HomeCare, c()),
    ] {
        let id = house(server, &region, i, name, kind).await;
        add(server, &id, &all, &mut n).await;
    }
    assert_eq!(n, 200);
    (region, n)
}
