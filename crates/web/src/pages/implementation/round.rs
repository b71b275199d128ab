//! `/invoering/stellingen/{ronde}`: the page of who leads a round: its code while it is open, and what comes of it. With a script
//! the numbers come by themselves; without, a link asks for them again.

use super::{HERE, frame, reading};
use crate::app::App;
use crate::error::PageError;
use crate::forms::SignedForm;
use crate::pages::frame::{Frame, Notice};
use crate::pages::region::chart::{self, Point};
use crate::pages::render::{Answer, Told, done, page};
use crate::qr;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::date::local_day;
use domain::ident::RoundId;
use domain::statements::{Count, SMALLEST};
use domain::words::{counted, day, moment};
use jiff::Timestamp;
use store::rounds::Held;

/// The page.
#[derive(Template)]
#[template(path = "implementation/round.html")]
pub struct RoundPage {
    /// Title, menu.
    pub frame: Frame,
    /// Its address.
    pub here: String,
    /// Which team, which day, who led it.
    pub about: String,
    /// How many took part.
    pub voters: String,
    /// What colleagues need, as long as it is open.
    pub door: Option<Door>,
    /// Each statement with the numbers of each answer; nothing where too few answered to be shown.
    pub rows: Vec<(String, Option<[u32; 3]>)>,
    /// The share that agrees, drawn; nothing where too few answered.
    pub chart: Option<String>,
    /// What is to be known of the numbers.
    pub note: String,
}

/// What colleagues need to take part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// The code, in two groups.
    pub code: String,
    /// Where it is typed.
    pub typed_at: String,
    /// The address that the QR code holds.
    pub address: String,
    /// Side and path of the QR code.
    pub qr: (usize, String),
    /// Until when.
    pub until: String,
}

/// The page, of a round.
pub fn view(frame: Frame, held: &Held, counts: &[Count], base_url: &str, now: Timestamp) -> RoundPage {
    let round = &held.round;
    let is_open = held.closes > now;
    let rows = round
        .statements
        .iter()
        .zip(counts)
        .map(|(statement, count)| (statement.clone(), count.shown().map(|of| [of.agree, of.disagree, of.none])));
    let rows: Vec<_> = rows.collect();
    let points: Vec<Point> = round
        .statements
        .iter()
        .zip(counts)
        .map(|(statement, count)| Point { name: statement.clone(), percent: count.agrees(), hidden: true })
        .collect();
    let door = is_open.then(|| {
        let address = format!("{base_url}/stellingen/{}", round.code.as_str());
        Door {
            code: round.code.groups(),
            typed_at: format!("{base_url}/stellingen"),
            qr: qr::draw(&address).map_or_else(Default::default, |d| (d.side, d.path)),
            address,
            until: moment(held.closes),
        }
    });
    let note = if is_open {
        format!("De uitslag loopt mee per {SMALLEST} antwoorden, zodat niemand ziet wat één collega zei.")
    } else {
        format!("Minder dan {SMALLEST} antwoorden worden niet getoond.")
    };
    RoundPage {
        frame,
        here: format!("{HERE}/stellingen/{}", held.id),
        about: format!("{}, {}; geleid door {}", round.team, day(local_day(round.began)), round.by),
        voters: format!(
            "{} tot nu toe",
            counted(usize::try_from(held.voters).unwrap_or(usize::MAX), "antwoord", "antwoorden")
        ),
        door,
        chart: points
            .iter()
            .any(|p| p.percent.is_some())
            .then(|| chart::svg(&chart::bars("Deel dat het eens is", &points))),
        rows,
        note,
    }
}

async fn find(app: &App, who: &SignedIn, id: &str) -> Result<Held, PageError> {
    reading(who)?;
    let id = RoundId::parse(id).map_err(|_| PageError::NotFound)?;
    app.store().round(&who.organisation.id, &id).await?.ok_or(PageError::NotFound)
}

/// `GET /invoering/stellingen/{ronde}`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let held = find(&app, &who, &id).await?;
    let now = app.clock().now();
    let counts = app.store().outcome(&held, now).await?;
    let frame = frame(&who, "Een ronde stellingen")
        .back_to(format!("{HERE}/stellingen"), "Stellingen voor een overleg")
        .told(&told);
    Ok(page(&view(frame, &held, &counts, &app.config().base_url, now)))
}

/// `POST /invoering/stellingen/{ronde}`: closes it.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, .. }: SignedForm) -> Answer {
    let held = find(&app, &who, &id).await?;
    app.store().close_round(&who.actor, &held.id, app.clock().now()).await?;
    Ok(done(&format!("{HERE}/stellingen/{}", held.id), Notice::RoundClosed))
}
