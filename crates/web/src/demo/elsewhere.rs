//! Another system of the region, with some of the same patients: the hospital's own, where some were spoken with after the
//! plan here was made, and decided otherwise. For trying the plans of other sources side by side.

use super::life::{Life, Say, afternoon, tell};
use super::region::{Region, place};
use super::{Order, SheetClient, clients, write};
use crate::app::program;
use domain::date::FhirDateTime;
use domain::plan::{
    Attendance, Content, Conversation, ConversationKey, CurrentPlan, Decision, EncounterFacts, HeldBy, NextVersion,
    Party, PlanInput, ProcedureFacts, SpecificCareWishes, Treatment, VersionKind,
};
use domain::role::Role;
use jiff::ToSpan;
use jiff::civil::Date;
use store::{Error, Store};

/// So many of the region's first patients the other system knows.
const MOST: u32 = 240;

/// What the other system is called.
pub const NAME: &str = "Streekziekenhuis Weidedorp (eigen dossier)";

/// Fills the store of the other system; gives the client by which it may be asked.
///
/// # Errors
/// Where the store fails.
pub async fn make_elsewhere(store: &Store, order: Order) -> Result<Option<SheetClient>, Error> {
    let mut dice = fastrand::Rng::with_seed(order.seed);
    let region = Region::make(&mut dice, order.practices);
    let by = program(region.organisations[place::HOSPITAL].id.clone());
    for organisation in &region.organisations {
        store.add_organisation(&by, organisation, order.now).await?;
    }
    let all = clients(store, &by, &region, &mut dice, order.now).await?;
    let lives: Vec<Life> = (0..order.patients.min(MOST))
        .map(|n| spoken_with(tell(&region, order.seed, n, order.today), &region, order.today))
        .collect();
    write(store, &region, &lives).await?;
    Ok(all.into_iter().find(|c| c.client_id == "provider-test"))
}

/// The same life, with a conversation in the hospital some weeks after the newest one, where there was time for that.
fn spoken_with(mut life: Life, region: &Region, today: Date) -> Life {
    let Some(last) = life.versions.last() else { return life };
    let Some(before) = last.content.newest_conversation().map(|c| c.date().first_day()) else { return life };
    let held_on = before.checked_add(3.weeks()).unwrap_or(today);
    let Some(cpr) = last.content.directive(Treatment::Cpr).and_then(|t| t.value()).map(|d| d.decision.clone()) else {
        return life;
    };
    if held_on >= today {
        return life;
    }
    let doctor = region.worker(Role::HospitalPhysician, place::HOSPITAL);
    let professional = region.professional(doctor, 1);
    let (key, at, date) = (professional.key, afternoon(held_on), FhirDateTime::of_day(held_on));
    let conversation = ConversationKey(1);
    let say = Say { date: &date, by: Party::Professional(key), conversation, at };
    let (decision, why) = match cpr {
        Decision::DoNot => (Decision::Otherwise(Some("Wel tijdens deze opname".to_owned())), None),
        _ => (Decision::DoNot, Some("Na de opname: als het hart stilstaat, wil ik rustig gaan.".to_owned())),
    };
    let mut content = Content {
        professionals: vec![professional],
        conversations: vec![Conversation {
            key: conversation,
            held_on: Some(date.clone()),
            ended: None,
            written_on: date.clone(),
            held_by: vec![HeldBy { professional: key, part: None }],
            attendance: Some(Attendance { patient: true, people: Vec::new() }),
            encounter: EncounterFacts::default(),
            procedure: ProcedureFacts::default(),
            version: 0,
            recorded_at: at,
        }],
        care_wishes: say.topic(SpecificCareWishes { text: Some("Wil op de afdeling een kamer alleen.".to_owned()) }),
        ..Content::default()
    };
    content.directives.insert(Treatment::Cpr, say.topic(say.directive(decision, why)));
    let next = NextVersion {
        kind: VersionKind::Recorded,
        recorder: region.recorder(doctor),
        reason: Some("Opname in het ziekenhuis".to_owned()),
        input: PlanInput { conversation, content, rejected: Vec::new(), skipped: Vec::new() },
        kept_beside: Vec::new(),
    };
    let version = next.after(Some(&CurrentPlan::from(last)), at).0;
    life.versions.push(version);
    life
}
