//! `/praktijk/bezoeken`: the visits of the region to its practices (M3). A practice sees its own; the coordinator of the region
//! sees all, and plans them.

use super::may_see;
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
use domain::practice::{VISIT_MONTHS, Visit};
use domain::words::{capitalised, day};
use jiff::ToSpan;
use store::practices::Kept;

/// Visits on a page.
const SHOWN: u32 = 200;

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

/// Visits that this person may see.
async fn all(app: &App, who: &SignedIn) -> Result<Vec<Kept>, PageError> {
    if region::may_see(who) {
        Ok(app.store().visits_of_region(&who.organisation.id, SHOWN).await?)
    } else if may_see(who) {
        Ok(app.store().visits_to(&who.organisation.id, SHOWN).await?)
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
        let since = today.checked_sub(VISIT_MONTHS.months()).unwrap_or(today);
        let visited = |id| visits.iter().any(|k| k.visit.organisation == id && k.visit.on >= since);
        due = practices(&app, &who).await?.into_iter().filter(|n| !visited(n.id.clone())).map(|n| n.name).collect();
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
    let on = typed_day(fields.get("dag"));
    let (Some(practice), Ok(on)) = (practice, on) else {
        let mut errors = Vec::new();
        if practice.is_none() {
            errors.push(Problem::at("praktijk", "Kies welke praktijk u bezoekt."));
        }
        errors.extend(on.err().map(|sentence| Problem::at("dag", sentence)));
        return Ok(refused(&new_view(new_frame(&who), &practices, &fields, errors)));
    };
    let report = region::report(&app, &who.organisation, app.clock().today().year()).await?;
    let visit = Visit {
        organisation: practice.id.clone(),
        region: who.organisation.id.clone(),
        on,
        people: fields.get("wie").trim().chars().take(200).collect(),
        agenda: agenda(&report, practice),
        progress: String::new(),
        goes_well: String::new(),
        support: String::new(),
        cooperation: String::new(),
        agreements: Vec::new(),
        feedback: String::new(),
        in_report: false,
    };
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
    for Kept { visit, .. } in app.store().visits_of_region(region, SHOWN).await? {
        if visit.in_report && visit.on.year() == year {
            let name = app.store().organisation(&visit.organisation).await?.map_or_else(String::new, |o| o.name);
            all.push((capitalised(&name), visit.goes_well));
        }
    }
    Ok(all)
}
