//! `/praktijk/bezoeken/{bezoek}`: one visit: agenda, findings, agreements, and what the practice gets back. The coordinator
//! writes it; the practice reads it.

use super::problems;
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::days::typed_day;
use crate::pages::dutch::date_to_type;
use crate::pages::field::{Field, Problem};
use crate::pages::frame::{Frame, Notice, Place};
use crate::pages::region;
use crate::pages::render::{Answer, Told, done, page, show};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::date::FhirDateTime;
use domain::ident::VisitId;
use domain::practice::Visit;
use domain::practice::given::{ROWS, VisitGiven, visit as given};
use domain::words::day;
use jiff::civil::Date;
use store::practices::Kept;

/// The page.
#[derive(Template)]
#[template(path = "practice/visit.html")]
pub struct VisitPage {
    /// Title, menu.
    pub frame: Frame,
    /// Which practice, which day.
    pub title: String,
    /// Its address.
    pub here: String,
    /// What is known: label and words.
    pub parts: Vec<(&'static str, String)>,
    /// What was agreed: what, who, by when.
    pub agreements: Vec<(String, String, String)>,
    /// The good example stands in the report.
    pub in_report: bool,
    /// For the coordinator: the form.
    pub form: Option<VisitForm>,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// The form of a visit.
pub struct VisitForm {
    /// The revision that was read.
    pub seen: u32,
    /// Day, people, agenda and findings.
    pub fields: Vec<Field>,
    /// Agreements: what, who, by when.
    pub rows: Vec<[Field; 3]>,
    /// The good example may stand in the report.
    pub in_report: bool,
}

/// A visit that this person may see, or the refusal that strangers get.
async fn find(app: &App, who: &SignedIn, id: &str) -> Result<Kept, PageError> {
    let id = VisitId::parse(id).map_err(|_| PageError::Forbidden)?;
    if !region::may_see(who) && !super::may_see(who) {
        return Err(PageError::Forbidden);
    }
    app.store().visit(&who.actor, &id).await?.ok_or(PageError::Forbidden)
}

fn typed_of(visit: &Visit) -> Fields {
    let mut all = vec![
        ("dag".to_owned(), date_to_type(&FhirDateTime::of_day(visit.on))),
        ("wie".to_owned(), visit.people.clone()),
        ("agenda".to_owned(), visit.agenda.clone()),
        ("voortgang".to_owned(), visit.progress.clone()),
        ("goed".to_owned(), visit.goes_well.clone()),
        ("steun".to_owned(), visit.support.clone()),
        ("samen".to_owned(), visit.cooperation.clone()),
        ("terug".to_owned(), visit.feedback.clone()),
    ];
    if visit.in_report {
        all.push(("rapport".to_owned(), "ja".to_owned()));
    }
    for (i, a) in visit.agreements.iter().enumerate() {
        all.push((format!("wat.{i}"), a.what.clone()));
        all.push((format!("wie.{i}"), a.who.clone()));
        all.push((format!("voor.{i}"), date_to_type(&FhirDateTime::of_day(a.by))));
    }
    Fields(all)
}

fn form(seen: u32, typed: &Fields, rows: usize, errors: &[Problem]) -> VisitForm {
    let area = |name: &str, label: &str, hint: &str| {
        let field = Field::area(name, label, typed.get(name)).checked(errors);
        if hint.is_empty() { field } else { field.hint(hint) }
    };
    let row = |i: usize| {
        [
            Field::text(&format!("wat.{i}"), "Wat?", typed.get(&format!("wat.{i}"))).checked(errors),
            Field::text(&format!("wie.{i}"), "Wie?", typed.get(&format!("wie.{i}"))).checked(errors),
            Field::short(&format!("voor.{i}"), "Uiterlijk wanneer?", typed.get(&format!("voor.{i}"))).checked(errors),
        ]
    };
    VisitForm {
        seen,
        fields: vec![
            Field::short("dag", "Op welke dag?", typed.get("dag")).checked(errors),
            Field::text("wie", "Wie zijn erbij?", typed.get("wie")).checked(errors),
            area("agenda", "Agenda", "Ingevuld uit de cijfers; pas aan wat u wilt bespreken."),
            area("voortgang", "Hoe staat het ervoor?", ""),
            area("goed", "Wat gaat goed?", "Een goed voorbeeld om te delen."),
            area("steun", "Waar is steun nodig?", ""),
            area("samen", "Hoe gaat de samenwerking?", ""),
            area("terug", "Terugkoppeling aan de praktijk", "De praktijk leest dit hele verslag."),
        ],
        rows: (0..rows).map(row).collect(),
        in_report: typed.get("rapport") == "ja",
    }
}

/// The page, of a visit.
pub fn view(frame: Frame, name: &str, kept: &Kept, writes: Option<&Fields>, errors: Vec<Problem>) -> VisitPage {
    let visit = &kept.visit;
    let all = [
        ("Wie erbij zijn", &visit.people),
        ("Agenda", &visit.agenda),
        ("Hoe het ervoor staat", &visit.progress),
        ("Wat goed gaat", &visit.goes_well),
        ("Waar steun nodig is", &visit.support),
        ("Hoe de samenwerking gaat", &visit.cooperation),
        ("Terugkoppeling", &visit.feedback),
    ];
    let rows = (visit.agreements.len() + 2).max(ROWS);
    VisitPage {
        frame: frame.failing(!errors.is_empty()),
        title: format!("Bezoek aan {name} op {}", day(visit.on)),
        here: format!("/praktijk/bezoeken/{}", kept.id),
        parts: all.into_iter().filter(|(_, t)| !t.is_empty()).map(|(l, t)| (l, t.clone())).collect(),
        agreements: visit.agreements.iter().map(|a| (a.what.clone(), a.who.clone(), day(a.by))).collect(),
        in_report: visit.in_report,
        form: writes.map(|typed| form(kept.revision, typed, rows, &errors)),
        errors,
    }
}

async fn name(app: &App, kept: &Kept) -> Result<String, store::Error> {
    Ok(app.store().organisation(&kept.visit.organisation).await?.map_or_else(String::new, |o| o.name))
}

fn frame(who: &SignedIn) -> Frame {
    let place = if region::may_see(who) { Place::BelowRegion } else { Place::BelowPractice };
    Frame::signed(who, "Praktijkbezoek", place).back_to("/praktijk/bezoeken", "Praktijkbezoeken")
}

/// `GET /praktijk/bezoeken/{bezoek}`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let kept = find(&app, &who, &id).await?;
    let typed = region::may_see(&who).then(|| typed_of(&kept.visit));
    Ok(page(&view(frame(&who).told(&told), &name(&app, &kept).await?, &kept, typed.as_ref(), Vec::new())))
}

/// A day that was typed; nothing where the field is empty.
fn maybe_day(fields: &Fields, name: &str) -> Option<Result<Date, &'static str>> {
    fields.filled(name).map(typed_day)
}

/// `POST /praktijk/bezoeken/{bezoek}`: the coordinator writes it down.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let kept = find(&app, &who, &id).await?;
    if !region::may_see(&who) {
        return Err(PageError::Forbidden);
    }
    let rows = (kept.visit.agreements.len() + 2).max(ROWS);
    let names: Vec<[String; 3]> = (0..rows).map(|i| ["wat", "wie", "voor"].map(|n| format!("{n}.{i}"))).collect();
    let typed = VisitGiven {
        people: fields.get("wie"),
        agenda: fields.get("agenda"),
        progress: fields.get("voortgang"),
        goes_well: fields.get("goed"),
        support: fields.get("steun"),
        cooperation: fields.get("samen"),
        feedback: fields.get("terug"),
        in_report: fields.get("rapport") == "ja",
        agreements: names
            .iter()
            .map(|[what, who, by]| (fields.get(what), fields.get(who), maybe_day(&fields, by)))
            .collect(),
    };
    let of = (&kept.visit.organisation, &kept.visit.region);
    let visit = match given(&typed, of, typed_day(fields.get("dag")), app.clock().today()) {
        Ok(visit) => visit,
        Err(flaws) => {
            let page = view(frame(&who), &name(&app, &kept).await?, &kept, Some(&fields), problems(flaws));
            return Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    let seen = fields.get("gezien").parse().unwrap_or(u32::MAX);
    if app.store().write_visit(&who.actor, &kept.id, &visit, seen, app.clock().now()).await? {
        return Ok(done(&format!("/praktijk/bezoeken/{id}"), Notice::VisitKept));
    }
    let now = find(&app, &who, &id).await?;
    let sentence = "Iemand anders wijzigde dit verslag intussen. Hierboven staat wat er nu is; wat u typte staat nog in de \
                    velden. Klopt het nog, leg het dan opnieuw vast.";
    let errors = vec![Problem::whole(sentence)];
    Ok(show(StatusCode::CONFLICT, &view(frame(&who), &name(&app, &now).await?, &now, Some(&fields), errors)))
}
