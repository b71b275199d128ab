//! What changed lately in a few plans after the GP and the district nurse read them, so that there is news to read.

use super::life::Life;
use super::region::{Region, Worker, place};
use domain::access::{Action, Actor, Permit, Relation, Who, permit};
use domain::code::Place;
use domain::date::{FhirDateTime, TIME_ZONE};
use domain::people::ProfessionalKey;
use domain::plan::{
    Content, Conversation, ConversationKey, CurrentPlan, Decision, Directive, EncounterFacts, HeldBy, NextVersion,
    Origin, Party, PlanInput, PreferredPlaceOfDeath, ProcedureFacts, SetBy, SourceFacts, SpecificCareWishes, Statement,
    Topic, Treatment, VersionKind,
};
use domain::role::Role;
use domain::unread::Shown;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use store::plans::WriteVersion;
use store::{Error, Store};

/// Of so many patients, one may have news: those whom the first practice and the first home care both know.
const EACH: u32 = 6;
/// No more than a work page shows at once.
const UNTIL: u32 = 48;
/// The doctor of the hospital, or the palliative nurse at home.
const KEY: ProfessionalKey = ProfessionalKey(1);
const CONVERSATION: ConversationKey = ConversationKey(1);

/// Tells it of the n-th patient.
///
/// # Errors
/// Where the store fails.
pub async fn tell(store: &Store, region: &Region, life: &Life, n: u32, today: Date) -> Result<(), Error> {
    let Some(last) = life.versions.last() else { return Ok(()) };
    // Where the GP leads, there is somebody to hear of who did not look.
    let gp_leads = life.lead == Some((Role::Gp, place::PRACTICES[0]));
    if n == 0 || n > UNTIL || !n.is_multiple_of(EACH) || !gp_leads {
        return Ok(());
    }
    let day = |ago: i32| today.checked_sub(ago.days()).unwrap_or(today);
    // In half of them the hospital changed limits the day before yesterday; in the others home care wrote down a wish,
    // longer ago than the lead likes.
    let in_hospital = n.is_multiple_of(2 * EACH);
    let is_no =
        last.content.directive(Treatment::Cpr).and_then(Topic::value).map(|d| &d.decision) == Some(&Decision::DoNot);
    let (by, ago) = if in_hospital {
        (region.worker(Role::HospitalPhysician, place::HOSPITAL), 2)
    } else {
        (region.worker(Role::PalliativeNurse, place::HOME_CARE[0]), 5)
    };
    for reader in [Role::Gp, Role::DistrictNurse] {
        let at = if reader == Role::Gp { place::PRACTICES[0] } else { place::HOME_CARE[0] };
        if let Some(leave) = leave(region, region.worker(reader, at), Action::ReadPlan, life) {
            store.read_shown(&leave, moment(day(20)), Shown::Plan).await?;
        }
    }
    // The readings are on disk before there is something new to tell.
    store.flush().await?;
    let Some(leave) = leave(region, by, Action::RecordPlan, life) else { return Ok(()) };
    let next = NextVersion {
        kind: VersionKind::Recorded,
        recorder: region.recorder(by),
        reason: Some(if in_hospital { "Opname" } else { "Gezondheid is veranderd" }.to_owned()),
        input: input(region, by, in_hospital.then_some(is_no), day(ago)),
        kept_beside: Vec::new(),
    };
    let at = moment(day(ago));
    let (version, _) = next.after(Some(&CurrentPlan::from(last)), at);
    store.write_version(&leave, WriteVersion::of(last.number, &version), at).await.map(|_| ())
}

fn leave(region: &Region, by: &Worker, action: Action, life: &Life) -> Option<Permit> {
    let actor = Actor {
        who: Who::Person(by.id.clone()),
        name: by.name.full(),
        role: Some(by.role),
        organisation: region.organisations[by.organisation].id.clone(),
        nurses_set_limits: false,
        breaks_glass: true,
    };
    permit(&actor, action, &life.id, Relation { team: true, ..Relation::default() }).ok()
}

/// What the hospital decides otherwise about resuscitation, or what home care writes down.
fn input(region: &Region, by: &Worker, was_no: Option<bool>, on: Date) -> PlanInput {
    let date = FhirDateTime::of_day(on);
    let mut content = Content {
        professionals: vec![region.professional(by, KEY.0)],
        conversations: vec![Conversation {
            key: CONVERSATION,
            held_on: Some(date.clone()),
            ended: None,
            written_on: date.clone(),
            held_by: vec![HeldBy { professional: KEY, part: None }],
            attendance: None,
            encounter: EncounterFacts::default(),
            procedure: ProcedureFacts::default(),
            version: 0,
            recorded_at: moment(on),
        }],
        ..Content::default()
    };
    if let Some(was_no) = was_no {
        let (decision, why) = if was_no {
            (Decision::Perform, "Is na de ingreep goed hersteld en wil de kans nu wel krijgen.")
        } else {
            (Decision::DoNot, "Wil na deze opname niet meer gereanimeerd worden.")
        };
        for (treatment, decision, why) in [(Treatment::Cpr, decision, why), (Treatment::Icu, Decision::DoNot, "")] {
            let directive = Directive {
                comment: (!why.is_empty()).then(|| why.to_owned()),
                agreed_with: vec![Party::Patient, Party::Professional(KEY)],
                set_by: Some(SetBy::Here(KEY)),
                ..Directive::of(decision)
            };
            content.directives.insert(treatment, said(directive, &date, on));
        }
    } else {
        let text = "Slaapt het rustigst met het licht op de gang aan. Praat langzaam en kijk mij aan.".to_owned();
        content.care_wishes = said(SpecificCareWishes { text: Some(text) }, &date, on);
        let comment = Some("Als het thuis niet meer gaat".to_owned());
        content.place_of_death = said(PreferredPlaceOfDeath { place: Place::Hospice, comment }, &date, on);
    }
    PlanInput { conversation: CONVERSATION, content, rejected: Vec::new(), skipped: Vec::new() }
}

fn said<T>(value: T, date: &FhirDateTime, on: Date) -> Topic<T> {
    Topic::said(Statement {
        value,
        said_on: Some(date.clone()),
        by: vec![Party::Professional(KEY)],
        origin: Origin { conversation: CONVERSATION, version: 0, recorded_at: moment(on) },
        source: SourceFacts::default(),
    })
}

/// Ten past eleven on a day.
fn moment(day: Date) -> Timestamp {
    let zone = TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC);
    day.at(11, 10, 0, 0).to_zoned_datetime(zone).map_or(Timestamp::UNIX_EPOCH, |z| z.timestamp())
}
