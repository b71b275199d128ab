//! `/praktijk/bezoeken`: the visits of the region to its practices (M3). A practice sees its own; the coordinator of the region
//! sees all, and plans them.

use super::{YEARS, may_see, problems};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::days::typed_day;
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Notice, Place};
use crate::pages::region;
use crate::pages::render::{Answer, Told, done, page, refused};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use domain::figures::Unit;
use domain::figures::report::{Named, Report};
use domain::ident::VisitId;
use domain::organisation::OrganisationKind;
use domain::practice::given::{VisitGiven, visit as given};
use domain::practice::{Visit, is_due};
use domain::words::{capitalised, day};
use jiff::civil::Date;
use std::ops::RangeInclusive;
use store::practices::Kept;

/// The page.
#[derive(Template)]
#[template(path = "practice/visits.html")]
pub struct VisitsPage {
    /// Title, menu.
    pub frame: Frame,
    /// Newest first.
    pub rows: Vec<VisitRow>,
    /// Practices that were not visited for a year, for the coordinator.
    pub due: Vec<String>,
    /// May this person plan one?
    pub plans: bool,
}

/// One visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitRow {
    /// Its page.
    pub href: String,
    /// Which practice, which day.
    pub title: String,
    /// How it stands.
    pub fine: String,
}

/// A new visit.
#[derive(Template)]
#[template(path = "practice/visit_new.html")]
pub struct NewVisitPage {
    /// Title, menu.
    pub frame: Frame,
    /// Practice, day, who is there.
    pub form: [Field; 3],
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// From the first day of a year to the last day of another.
fn years(first: i16, last: i16) -> RangeInclusive<Date> {
    Date::new(first, 1, 1).unwrap_or(Date::MIN)..=Date::new(last, 12, 31).unwrap_or(Date::MAX)
}

/// Visits that this person may see: those of the years that can be looked back at, and those to come.
async fn all(app: &App, who: &SignedIn) -> Result<Vec<Kept>, PageError> {
    let shown = years(app.clock().today().year() - YEARS + 1, 9999);
    if region::may_see(who) {
        Ok(app.store().visits_of_region(&who.organisation.id, shown).await?)
    } else if may_see(who) {
        Ok(app.store().visits_to(&who.organisation.id, shown).await?)
    } else {
        Err(PageError::Forbidden)
    }
}

async fn practices(app: &App, who: &SignedIn) -> Result<Vec<Named>, store::Error> {
    let all = region::named(app, &who.organisation.id).await?;
    Ok(all.into_iter().filter(|n| n.kind == OrganisationKind::GpPractice).collect())
}

/// `GET /praktijk/bezoeken`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    let visits = all(&app, &who).await?;
    let (plans, today) = (region::may_see(&who), app.clock().today());
    let (mut rows, mut due) = (Vec::new(), Vec::new());
    for Kept { id, visit, .. } in &visits {
        let name = app.store().organisation(&visit.organisation).await?.map_or_else(String::new, |o| o.name);
        let fine = match (visit.is_held(), visit.on > today) {
            (true, _) if visit.in_report => {
                "Verslag en terugkoppeling; een goed voorbeeld staat in het rapport van de regio."
            }
            (true, _) => "Verslag en terugkoppeling.",
            (false, true) => "Gepland; de agenda staat klaar.",
            (false, false) => "Nog geen verslag.",
        };
        rows.push(VisitRow {
            href: format!("/praktijk/bezoeken/{id}"),
            title: format!("{name}, {}", day(visit.on)),
            fine: fine.to_owned(),
        });
    }
    if plans {
        let waits = |n: &Named| is_due(visits.iter().map(|k| &k.visit).filter(|v| v.organisation == n.id), today);
        due = practices(&app, &who).await?.into_iter().filter(waits).map(|n| n.name).collect();
    }
    let (place, back) = if plans {
        (Place::BelowRegion, ("/regio", "Cijfers van de regio"))
    } else {
        (Place::BelowPractice, ("/praktijk", "Praktijk"))
    };
    let frame = Frame::signed(&who, "Praktijkbezoeken", place).back_to(back.0, back.1).told(&told);
    Ok(page(&VisitsPage { frame, rows, due, plans }))
}

/// The form with what was typed.
pub fn new_view(frame: Frame, practices: &[Named], typed: &Fields, errors: Vec<Problem>) -> NewVisitPage {
    let choices = practices.iter().map(|n| Choice::of(n.id.as_str(), n.name.clone()));
    let choices = std::iter::once(Choice::of("", "Kies een praktijk")).chain(choices).collect();
    NewVisitPage {
        frame: frame.failing(!errors.is_empty()),
        form: [
            Field::select("praktijk", "Welke praktijk?", typed.get("praktijk"), choices).checked(&errors),
            Field::short("dag", "Op welke dag?", typed.get("dag")).hint("Bijvoorbeeld 20-01-2027.").checked(&errors),
            Field::text("wie", "Wie zijn erbij?", typed.get("wie")).checked(&errors),
        ],
        errors,
    }
}

fn new_frame(who: &SignedIn) -> Frame {
    Frame::signed(who, "Plan een praktijkbezoek", Place::BelowRegion).back_to("/praktijk/bezoeken", "Praktijkbezoeken")
}

/// `GET /praktijk/bezoeken/nieuw`.
pub async fn get_new(State(app): State<App>, who: SignedIn) -> Answer {
    if !region::may_see(&who) {
        return Err(PageError::Forbidden);
    }
    Ok(page(&new_view(new_frame(&who), &practices(&app, &who).await?, &Fields::default(), Vec::new())))
}

/// What a visit begins with: what the figures that may be shown tell of the practice, beside the region.
fn agenda(report: &Report, practice: &Named) -> String {
    let mut lines = vec!["Voortgang, wat goed gaat, waar steun nodig is, en de samenwerking.".to_owned()];
    for told in &report.figures {
        let here = told.organisations.iter().find(|e| e.unit == Unit::Organisation(practice.id.clone()));
        let Some(line) = here.and_then(|e| e.shown.line()).filter(|l| l.of > 0) else { continue };
        let region = told.region.map(|p| format!("; hele regio {}%", region::words::decimal(p))).unwrap_or_default();
        lines.push(format!("{}: {}{region}.", told.definition.figure.dutch(), region::words::line(line)));
    }
    if lines.len() == 1 {
        lines.push("Van deze praktijk zijn nog te weinig mensen geteld om cijfers te tonen. De praktijk heeft haar eigen cijfers bij Praktijk.".to_owned());
    }
    lines.join("\n")
}

/// `POST /praktijk/bezoeken/nieuw`.
pub async fn post_new(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    if !region::may_see(&who) {
        return Err(PageError::Forbidden);
    }
    let practices = practices(&app, &who).await?;
    let practice = practices.iter().find(|n| n.id.as_str() == fields.get("praktijk"));
    let (own, today) = (&who.organisation.id, app.clock().today());
    let typed = VisitGiven { people: fields.get("wie"), ..VisitGiven::default() };
    let visit = given(&typed, (practice.map_or(own, |p| &p.id), own), typed_day(fields.get("dag")), today);
    let (practice, visit) = match (practice, visit) {
        (Some(practice), Ok(visit)) => (practice, visit),
        (practice, visit) => {
            let mut errors = Vec::new();
            if practice.is_none() {
                errors.push(Problem::at("praktijk", "Kies welke praktijk u bezoekt."));
            }
            errors.extend(problems(visit.err().unwrap_or_default()));
            return Ok(refused(&new_view(new_frame(&who), &practices, &fields, errors)));
        }
    };
    let report = region::report(&app, &who.organisation, today.year()).await?;
    let visit = Visit { agenda: agenda(&report, practice), ..visit };
    let id = VisitId::from_bits(store::random::bits());
    app.store().write_visit(&who.actor, &id, &visit, 0, app.clock().now()).await?;
    Ok(done(&format!("/praktijk/bezoeken/{id}"), Notice::VisitKept))
}

/// The good examples of a region's year that practices agreed to share, for its report.
///
/// # Errors
/// Where the store fails.
pub async fn examples(
    app: &App,
    region: &domain::ident::OrganisationId,
    year: i16,
) -> Result<Vec<(String, String)>, store::Error> {
    let mut all = Vec::new();
    for Kept { visit, .. } in app.store().visits_of_region(region, years(year, year)).await? {
        if visit.in_report {
            let name = app.store().organisation(&visit.organisation).await?.map_or_else(String::new, |o| o.name);
            all.push((capitalised(&name), visit.goes_well));
        }
    }
    Ok(all)
}
