//! `/mijn/{id}`: the first page: what was agreed, who knows it, who looked, what one can change.

use super::looked::glass_of_late;
use super::plan::plain;
use super::{Id, Visit};
use crate::access::quietly_own;
use crate::app::App;
use crate::error::PageError;
use crate::pages::card::renew_sentence;
use crate::pages::frame::Frame;
use crate::pages::glass::Told as ToldGlass;
use crate::pages::log::who_looked::{WhoLooked, lately};
use crate::pages::plan_view::{LimitView, PlanView};
use crate::pages::render::{Answer, Told, page, review_by};
use crate::pages::toolkit::{GivenRow, given_rows};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::access::{Action, Own, Sharing};
use domain::consent::Part;
use domain::role::Role;
use domain::words;
use store::team::Member;

/// Things that others did, told on this page.
const SHOWN: usize = 4;

/// The page.
#[derive(Template)]
#[template(path = "own/front.html")]
pub struct OwnFrontPage {
    /// Title, menu.
    pub frame: Frame,
    /// Heading.
    pub title: String,
    /// Whose page it is, for who is not the patient.
    pub as_whom: String,
    /// Id in paths.
    pub id: String,
    /// There is a plan.
    pub planned: bool,
    /// How old it is.
    pub about: String,
    /// The limits that matter most.
    pub limits: Vec<LimitView>,
    /// Proposals wait for a doctor.
    pub waiting: String,
    /// Not everything is for relatives.
    pub hidden: bool,
    /// Who leads, in a sentence.
    pub lead: String,
    /// Who is in the team.
    pub team: Vec<String>,
    /// What holds about sharing, in a sentence; not for relatives.
    pub sharing: String,
    /// Who broke the glass of late.
    pub glass: Vec<ToldGlass>,
    /// The last who looked; absent for relatives.
    pub looked: Option<WhoLooked>,
    /// What the patient was given to read; not for relatives.
    pub given: Vec<GivenRow>,
    /// May change consent and use the rights.
    pub may_change: bool,
    /// There is a card that no longer holds.
    pub renew: Option<String>,
}

/// What holds about sharing, in a plain sentence.
pub fn sharing_sentence(sharing: Sharing, me: bool) -> String {
    let who = if me { "U vindt" } else { "De afspraak is" };
    match (sharing, me) {
        (Sharing::Agreed, true) => format!("{who} het goed dat andere betrokken zorgverleners het plan zien."),
        (Sharing::Agreed, false) => format!("{who}: andere betrokken zorgverleners mogen het plan zien."),
        (Sharing::Refused, true) => "U wilt niet dat andere zorgverleners het plan zien.".to_owned(),
        (Sharing::Refused, false) => format!("{who}: andere zorgverleners mogen het plan niet zien."),
        (Sharing::Unknown, true) => "U heeft nog niet gekozen of andere zorgverleners het plan mogen zien.".to_owned(),
        (Sharing::Unknown, false) => "Er is nog niet gekozen of andere zorgverleners het plan mogen zien.".to_owned(),
    }
}

/// `GET /mijn/{id}`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Id, Query(told): Query<Told>) -> Answer {
    let visit = Visit::of(&app, who, &id, "own page").await?;
    let by = review_by(&app, &visit.read).await?;
    let view = visit.plan.as_ref().map(|p| PlanView::of(p, by));
    let shows_limits = !visit.hidden.contains(&Part::Limits);
    let (team, lead) = team(&app, &visit).await?;
    let (glass, looked) = match quietly_own(&app, &visit.who.actor, Action::ReadLog, &visit.id).await? {
        Some(permit) => (glass_of_late(&app, &permit).await?, Some(lately(&app, &permit, SHOWN).await?)),
        None => (Vec::new(), None),
    };
    let as_whom = match visit.own {
        Own::Patient => String::new(),
        Own::Representative => format!("U kijkt als vertegenwoordiger van {}.", visit.name()),
        Own::Relative => format!("U kijkt als naaste van {}.", visit.name()),
    };
    let waiting = view.as_ref().filter(|v| shows_limits && !v.waiting.is_empty()).map(|v| {
        let names = words::capitalised(&words::join(&v.waiting));
        format!("{names}: dit is nog een voorstel. Een arts moet het nog vaststellen.")
    });
    let may_change = visit.own != Own::Relative;
    let about = visit.plan.as_ref().map(|plan| {
        let day = domain::date::local_day(plan.recorded_at);
        format!("Het plan is het laatst bijgewerkt op {}.", words::day(day))
    });
    let renew =
        if may_change { renew_sentence(&app.store().cards(&visit.read, app.clock().now()).await?) } else { None };
    let told_parts = view.clone().map(|v| plain(v, &visit.hidden)).unwrap_or_default();
    Ok(page(&OwnFrontPage {
        frame: visit.frame(if visit.is_me() { "Mijn plan" } else { "Het plan" }).told(&told),
        title: if visit.is_me() { "Mijn plan".to_owned() } else { format!("Het plan van {}", visit.name()) },
        as_whom,
        id: visit.id.to_string(),
        planned: !told_parts.is_empty(),
        about: about.unwrap_or_default(),
        limits: view.filter(|_| shows_limits).map(|v| v.emergency).unwrap_or_default(),
        waiting: waiting.unwrap_or_default(),
        hidden: !visit.hidden.is_empty(),
        lead,
        team,
        sharing: if may_change { sharing_sentence(visit.consent.everyone, visit.is_me()) } else { String::new() },
        glass,
        looked,
        given: if may_change {
            given_rows(&visit.id, &app.store().looking_back(&visit.read).await?.0)
        } else {
            Vec::new()
        },
        may_change,
        renew,
    }))
}

/// Who is in the team now, and who leads, each in a sentence.
async fn team(app: &App, visit: &Visit) -> Result<(Vec<String>, String), PageError> {
    let (store, now) = (app.store(), app.clock().now());
    let mut team = Vec::new();
    for membership in store.team(&visit.read, now).await? {
        if membership.until.is_some_and(|until| until <= now) {
            continue;
        }
        let role = membership.about.role.map(Role::dutch);
        team.extend(match &membership.member {
            Member::Organisation(id) => {
                store.organisation(id).await?.map(|o| format!("{} ({})", o.name, role.unwrap_or(o.kind.dutch())))
            }
            Member::Person(id) => store
                .person(id)
                .await?
                .map(|p| role.map_or_else(|| p.name.full(), |role| format!("{} ({role})", p.name.full()))),
        });
    }
    let leads = store.leads(&visit.read, now).await?;
    let lead = match leads.now() {
        Some(lead) => {
            let name = match &lead.candidate.person {
                Some(id) => store.person(id).await?.map(|p| p.name.full()),
                None => None,
            };
            let house = store.organisation(&lead.candidate.organisation).await?.map(|o| o.name).unwrap_or_default();
            let role = lead.candidate.role.dutch();
            let who = name.map_or_else(|| format!("de {role}"), |name| format!("{name}, {role}"));
            format!("{} bij {house} houdt het overzicht. Dat is het vaste aanspreekpunt.", words::capitalised(&who))
        }
        None => "Er is nog geen vast aanspreekpunt. Vraag ernaar bij de huisarts.".to_owned(),
    };
    Ok((team, lead))
}
