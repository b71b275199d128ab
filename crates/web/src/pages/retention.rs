//! `/beheer/bewaartermijnen`: records that need be kept no longer, or soon will not (WGBO, article 7:454 BW). Ids and
//! days only: what is in them is for the care team.

use super::admin::refuse;
use super::frame::{Frame, Place};
use super::log::names::actor;
use super::render::{Answer, page};
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::State;
use domain::date::{TIME_ZONE, local_day};
use domain::rights::{KEEP_YEARS, keep_until};
use domain::role::Role;
use domain::words;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use store::erasure::{Erasure, Ground};

/// Months beforehand that a record is listed.
const SOON: i64 = 6;
/// Records listed at once.
const MOST: usize = 500;
/// Proofs read at once.
const AT_ONCE: u32 = 1_000;

/// The page.
#[derive(Template)]
#[template(path = "retention.html")]
pub struct RetentionPage {
    /// Title, menu.
    pub frame: Frame,
    /// The records, oldest first.
    pub rows: Vec<RetentionRow>,
    /// There are more.
    pub more: bool,
    /// The reader may open a record.
    pub opens: bool,
    /// What was destroyed: the proof, without content (decision 70).
    pub erased: Vec<ErasedRow>,
}

/// A record that was destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedRow {
    /// The id it had.
    pub id: String,
    /// When.
    pub day: String,
    /// Why.
    pub ground: &'static str,
    /// By whom.
    pub by: String,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionRow {
    /// Id.
    pub id: String,
    /// Last medical change.
    pub changed: String,
    /// From when it need be kept no longer.
    pub until: String,
    /// That day has come.
    pub due: bool,
}

/// May this role open the records that are listed? To weigh whether one is kept is a doctor's.
pub fn may_open(role: Role) -> bool {
    role.may_set_limits(false)
}

/// `GET /beheer/bewaartermijnen`.
pub async fn get(State(app): State<App>, who: SignedIn) -> Answer {
    let opens = who.actor.role.is_some_and(may_open);
    if !opens && !matches!(who.actor.role, Some(Role::OrganisationAdmin | Role::PrivacyOfficer)) {
        return Err(refuse(&app, &who).await);
    }
    let today = app.clock().today();
    let zone = TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC);
    let horizon = today.checked_sub(i64::from(KEEP_YEARS).years()).and_then(|d| d.checked_add(SOON.months()));
    let before = horizon.and_then(|d| d.to_zoned_datetime(zone)).map_or(Timestamp::MIN, |z| z.timestamp());
    let now = app.clock().now();
    let mut found = app.store().falling_due(&who.actor, &who.organisation.id, before, MOST + 1, now).await?;
    let more = found.len() > MOST;
    found.truncate(MOST);
    let rows = found.into_iter().map(|f| {
        let changed = local_day(f.last_change);
        let until = keep_until(changed);
        RetentionRow {
            id: f.patient.to_string(),
            changed: words::day(changed),
            until: words::day(until),
            due: until <= today,
        }
    });
    let frame = Frame::signed(&who, "Bewaartermijnen", if opens { Place::Work } else { Place::BelowAdmin });
    let frame = if opens { frame.back_to("/", "Mijn werk") } else { frame.back_to("/beheer", "Beheer") };
    let erased = erased(&app, &who).await?;
    Ok(page(&RetentionPage { frame, rows: rows.collect(), more, opens, erased }))
}

/// What this organisation destroyed, the last first.
async fn erased(app: &App, who: &SignedIn) -> Result<Vec<ErasedRow>, PageError> {
    let mut ours: Vec<Erasure> = Vec::new();
    let mut after = None;
    loop {
        let part = app.store().erasures(after.as_ref(), AT_ONCE).await?;
        let last = part.last().map(|e| e.patient.clone());
        let whole = part.len() < AT_ONCE as usize;
        ours.extend(part.into_iter().filter(|e| e.organisation.as_deref() == Some(who.organisation.id.as_str())));
        after = last;
        if whole {
            break;
        }
    }
    ours.sort_by_key(|e| std::cmp::Reverse(e.at));
    ours.truncate(MOST);
    let mut rows = Vec::new();
    for e in ours {
        rows.push(ErasedRow {
            id: e.patient.to_string(),
            day: words::day(local_day(e.at)),
            ground: match e.ground {
                Ground::Request => "op verzoek van de patiënt",
                Ground::Retention => "de bewaartermijn was voorbij",
                Ground::Mistake => "het dossier hoorde hier niet",
                Ground::Restored => "kwam terug met een oude reservekopie",
            },
            by: actor(app, &e.actor).await?,
        });
    }
    Ok(rows)
}
