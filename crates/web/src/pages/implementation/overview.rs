//! `/invoering`: how it stands, on one page.

use super::{people, reading, writes};
use crate::app::App;
use crate::pages::frame::{Frame, Place};
use crate::pages::render::{Answer, Told, page, sees_patients};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use domain::ident::PersonId;
use domain::implementation::{Anchor, Backing, Training, due};
use domain::words::day;
use jiff::civil::Date;
use store::notes::only;

/// The page.
#[derive(Template)]
#[template(path = "implementation/overview.html")]
pub struct OverviewPage {
    /// Title, menu.
    pub frame: Frame,
    /// Of which organisation.
    pub organisation: String,
    /// Who of the management stands for it.
    pub sponsor: String,
    /// Who pulls it now: name and since when; and who did before.
    pub champions: Vec<(String, String)>,
    /// Who is to be trained again: who, what and by when; and whether that is over.
    pub due: Vec<(String, bool)>,
    /// Agreements whose day is over.
    pub late: Vec<String>,
    /// How many agreements work, of how many.
    pub works: (usize, usize),
    /// May this person write?
    pub writes: bool,
    /// May this person come to the meetings?
    pub meets: bool,
}

/// What the page is made of.
pub struct Given {
    /// Who stands behind it.
    pub backing: Backing,
    /// Trainings.
    pub trainings: Vec<Training>,
    /// Agreements.
    pub anchors: Vec<Anchor>,
    /// Who works there.
    pub here: Vec<PersonId>,
    /// The day.
    pub today: Date,
}

/// Since when somebody pulls it, and until when.
fn champions(backing: &Backing, today: Date) -> Vec<(String, String)> {
    let mut all: Vec<_> = backing.champions.iter().collect();
    all.sort_by_key(|c| (!c.is_active(today), c.since));
    let one = |c: &domain::implementation::Champion| {
        let until = c.until.map(|u| format!(" tot en met {}", day(u))).unwrap_or_default();
        (c.name.clone(), format!("vanaf {}{until}", day(c.since)))
    };
    all.into_iter().map(one).collect()
}

/// The page.
pub fn view(frame: Frame, organisation: &str, given: &Given, writes: bool, meets: bool) -> OverviewPage {
    let due = due(&given.trainings, &given.here, given.today).into_iter();
    let late = given.anchors.iter().filter(|a| a.is_late(given.today));
    OverviewPage {
        frame,
        organisation: organisation.to_owned(),
        sponsor: given.backing.sponsor.clone(),
        champions: champions(&given.backing, given.today),
        due: due.map(|d| (format!("{}: {}, uiterlijk {}", d.name, d.what, day(d.by)), d.late)).collect(),
        late: late.map(|a| format!("{} ({}, {})", a.what, a.owner, day(a.check_on))).collect(),
        works: (given.anchors.iter().filter(|a| a.works_since.is_some()).count(), given.anchors.len()),
        writes,
        meets,
    }
}

/// `GET /invoering`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    reading(&who)?;
    let (store, own) = (app.store(), &who.organisation.id);
    let given = Given {
        backing: store.note::<Backing>(own, &only()).await?.map(|k| k.note).unwrap_or_default(),
        trainings: store.notes::<Training>(own).await?.into_iter().map(|k| k.note).collect(),
        anchors: store.notes::<Anchor>(own).await?.into_iter().map(|k| k.note).collect(),
        here: people(&app, &who).await?.into_iter().map(|(id, _)| id).collect(),
        today: app.clock().today(),
    };
    let frame = Frame::signed(&who, "Invoering", Place::BelowToolkit).back_to("/toolkit", "Toolkit").told(&told);
    Ok(page(&view(frame, &who.organisation.name, &given, writes(&who), sees_patients(&who))))
}
