//! The notices on the work page, for the lead, the doctors of the team and who watches over use.
//!
//! The patient and the representative are told with `glass/mine.html`: a page that has leave to read the log gives it a
//! list `glass` with a [`Told`] for each of `Store::glass_of_patient`.

use super::Told;
use crate::app::App;
use crate::pages::dutch;
use crate::session::SignedIn;
use domain::access::{Action, permit};
use domain::ident::PatientId;
use domain::role::Role;
use jiff::SignedDuration;
use store::Error;
use store::glass::{Broken, Case};

/// What was judged stays to be seen this long: the lead hears of it, whoever was first to judge.
pub const STAYS: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Notices on the work page, at most; the list has all.
const SHOWN: usize = 6;
/// Cases looked at.
pub const MOST: usize = 200;

/// A notice on the work page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Where it is judged, or read.
    pub href: String,
    /// Whom it is about: the patient's name, or a number for who may not know it.
    pub about: String,
    /// What happened.
    pub told: Told,
    /// Whoever looks broke it.
    pub own: bool,
}

/// What a patient is called by whoever may not know the name.
pub fn nameless(id: &PatientId) -> String {
    let text = id.as_str();
    format!("patiënt {}", text.get(..6).unwrap_or(text))
}

/// The notices for somebody's work page: the lead, doctors of the team, and a privacy officer.
///
/// # Errors
/// Where the store fails.
pub async fn for_work(app: &App, who: &SignedIn) -> Result<Vec<Notice>, Error> {
    let actor = &who.actor;
    let watches = actor.role == Some(Role::PrivacyOfficer);
    if !watches && !actor.role.is_some_and(Role::is_care_professional) {
        return Ok(Vec::new());
    }
    let hears = |case: &Case| !case.own && (case.leads || watches || actor.may_set_limits());
    let mut cases = open_cases(app, who).await?;
    cases.retain(hears);
    cases.truncate(SHOWN);
    notices(app, who, &cases).await
}

/// The cases of somebody's list.
pub async fn open_cases(app: &App, who: &SignedIn) -> Result<Vec<Case>, Error> {
    let now = app.clock().now();
    let since = now.checked_sub(STAYS).unwrap_or(now);
    app.store().glass_cases(&who.actor, since, now, MOST).await
}

/// Cases in words; those without leave are passed over. Each patient's are read once, and logged.
pub async fn notices(app: &App, who: &SignedIn, cases: &[Case]) -> Result<Vec<Notice>, Error> {
    let now = app.clock().now();
    let mut known: Vec<(PatientId, Vec<Broken>, String)> = Vec::new();
    let mut all = Vec::new();
    for case in cases {
        let id = &case.patient;
        if !known.iter().any(|(k, ..)| k == id) {
            let Some(relation) = app.store().relation(id, &who.actor, now).await? else { continue };
            let Ok(log) = permit(&who.actor, Action::ReadLog, id, relation) else { continue };
            let name = match permit(&who.actor, Action::ReadPatient, id, relation) {
                Ok(leave) => app.store().read_patient(&leave, now, "glass").await?,
                Err(_) => None,
            };
            let name = name.map_or_else(|| nameless(id), |r| dutch::addressed(&r.patient));
            known.push((id.clone(), app.store().glass_of_patient(&log, now).await?, name));
        }
        let Some((_, broken, about)) = known.iter().find(|(k, ..)| k == id) else { continue };
        let Some(broken) = broken.iter().find(|b| b.number == case.number) else { continue };
        all.push(Notice {
            href: format!("/beheer/noodknop/{id}/{}", case.number),
            about: about.clone(),
            told: Told::of(app, broken).await?,
            own: case.own,
        });
    }
    Ok(all)
}
