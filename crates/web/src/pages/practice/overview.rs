//! `/praktijk`: plan, do, check and act: what the practice did, and the figures that tell how it goes.

use super::{Which, YEARS, allowed, own, problems, written};
use crate::app::App;
use crate::forms::{Fields, SignedForm};
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Link, Notice, Place};
use crate::pages::region::words;
use crate::pages::render::{Answer, Told, done, page, refused};
use crate::pages::{claims, extract, implementation};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use domain::date::local_day;
use domain::figures::Compared;
use domain::practice::{Action, Entry, Phase, Progress, given, goal, progress};
use domain::words::{capitalised, day};

/// The page.
#[derive(Template)]
#[template(path = "practice/overview.html")]
pub struct OverviewPage {
    /// Title, menu.
    pub frame: Frame,
    /// Which practice.
    pub organisation: String,
    /// The year.
    pub year: i16,
    /// The practice's own work beside its figures, as far as it is for this person.
    pub beside: Vec<Link>,
    /// The choice of a year.
    pub years: Field,
    /// The steps.
    pub phases: Vec<PhaseView>,
    /// Figures that belong to no step: how it ends.
    pub outcomes: Vec<FigureRow>,
    /// How far an action is: which, how far, words.
    pub form: [Field; 3],
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseView {
    /// Its code, for anchors.
    pub code: &'static str,
    /// Its name.
    pub title: &'static str,
    /// What is done.
    pub actions: Vec<ActionRow>,
    /// The figures.
    pub figures: Vec<FigureRow>,
}

/// One action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionRow {
    /// What.
    pub what: String,
    /// How far.
    pub progress: &'static str,
    /// It is done.
    pub is_done: bool,
    /// What was said with it, by whom and when.
    pub fine: String,
}

/// One figure.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureRow {
    /// Its page.
    pub href: String,
    /// What it is called.
    pub title: &'static str,
    /// The number.
    pub number: Option<String>,
    /// Numbers beside it.
    pub fine: String,
    /// How the region stands.
    pub region: String,
    /// The goal, and whether it is reached.
    pub goal: Option<(String, bool)>,
    /// What it counts.
    pub sentence: &'static str,
}

/// How the region stands beside it, in words.
pub fn beside(figure: &Compared) -> String {
    let region = figure.region.map(|p| format!("Hele regio: {}%", words::decimal(p)));
    let spread = figure.spread().map(|(least, middle, most)| {
        let [least, middle, most] = [least, middle, most].map(words::decimal);
        format!("andere praktijken tussen {least}% en {most}%, de middelste {middle}%")
    });
    match (region, spread) {
        (Some(region), Some(spread)) => format!("{region}; {spread}."),
        (Some(region), None) => format!("{region}."),
        _ => String::new(),
    }
}

fn figure(of: &Compared, entries: &[Entry], year: i16) -> FigureRow {
    let figure = of.definition.figure;
    let percent = of.line.percent();
    FigureRow {
        href: format!("/praktijk/cijfer/{}?jaar={year}", figure.code()),
        title: figure.dutch(),
        number: words::percent(of.line),
        fine: if of.line.of > 0 {
            format!("{} van {}", of.line.above, of.line.of)
        } else {
            "Niemand telde mee.".to_owned()
        },
        region: beside(of),
        goal: goal(entries, figure).map(|(_, goal)| (goal.sentence(), percent.is_some_and(|p| goal.is_reached(p)))),
        sentence: of.definition.sentence,
    }
}

fn action(entries: &[Entry], of: Action) -> ActionRow {
    let newest = progress(entries, of);
    let how = newest.map_or(Progress::NotYet, |(_, progress, _)| progress);
    let fine = newest.map_or_else(String::new, |(entry, _, words)| {
        let on = day(local_day(entry.written.at));
        let said = words.map(|w| format!("{w}; ")).unwrap_or_default();
        format!("{said}{}, {on}", entry.written.by)
    });
    ActionRow { what: capitalised(of.dutch()), progress: how.dutch(), is_done: how == Progress::Done, fine }
}

/// The page, of what is known.
pub fn view(
    frame: Frame,
    organisation: &str,
    (year, this_year): (i16, i16),
    figures: &[Compared],
    entries: &[Entry],
    (typed, errors): (&Fields, Vec<Problem>),
) -> OverviewPage {
    let row = |f: &domain::figures::Figure| {
        figures.iter().find(|c| c.definition.figure == *f).map(|c| figure(c, entries, year))
    };
    let of_phase = |phase: &Phase| PhaseView {
        code: phase.code(),
        title: phase.dutch(),
        actions: Action::ALL.iter().filter(|a| a.phase() == *phase).map(|a| action(entries, *a)).collect(),
        figures: phase.figures().iter().filter_map(row).collect(),
    };
    let in_a_phase = |c: &&Compared| Phase::ALL.iter().any(|p| p.figures().contains(&c.definition.figure));
    let actions = Action::ALL.iter().map(|a| Choice::of(a.code(), capitalised(a.dutch())));
    let actions = std::iter::once(Choice::of("", "Kies een actie")).chain(actions).collect();
    let stands = Progress::ALL.iter().map(|p| Choice::of(p.code(), capitalised(p.dutch()))).collect();
    let years = (this_year - YEARS + 1..=this_year).rev().map(|y| Choice::of(y.to_string(), y.to_string())).collect();
    OverviewPage {
        frame: frame.failing(!errors.is_empty()),
        organisation: organisation.to_owned(),
        year,
        beside: Vec::new(),
        years: Field::select("jaar", "Welk jaar?", &year.to_string(), years),
        phases: Phase::ALL.iter().map(of_phase).collect(),
        outcomes: figures.iter().filter(|c| !in_a_phase(c)).map(|c| figure(c, entries, year)).collect(),
        form: [
            Field::select("actie", "Welke actie?", typed.get("actie"), actions).checked(&errors),
            Field::radios("stand", "Hoe ver bent u?", typed.get("stand"), stands).checked(&errors),
            Field::area("woorden", "Toelichting", typed.get("woorden"))
                .hint("Mag leeg blijven. Zet hier niets in over patiënten.")
                .checked(&errors),
        ],
        errors,
    }
}

async fn shown(
    app: &App,
    who: &SignedIn,
    which: &Which,
    frame: Frame,
    typed: (&Fields, Vec<Problem>),
) -> Result<OverviewPage, store::Error> {
    let this_year = app.clock().today().year();
    let year = which.year(this_year);
    let figures = own(app, who, year, None).await?;
    let entries = app.store().practice_entries(&who.organisation.id).await?;
    let beside = own_work(who);
    Ok(OverviewPage { beside, ..view(frame, &who.organisation.name, (year, this_year), &figures, &entries, typed) })
}

/// What else a practice does here, each for those who may.
fn own_work(who: &SignedIn) -> Vec<Link> {
    [
        (extract::sees_rows(who), "/praktijk/kandidaten", "Kandidaten"),
        (extract::may(who), "/praktijk/extract", "HIS-extract"),
        (claims::may_see(who), "/declaraties", "Declaraties"),
        (implementation::reads(who), "/invoering", "Invoering"),
    ]
    .into_iter()
    .filter(|(may, ..)| *may)
    .map(|(_, href, label)| Link::to(href, label))
    .collect()
}

fn frame(who: &SignedIn) -> Frame {
    Frame::signed(who, "Praktijk", Place::Practice)
}

/// `GET /praktijk`.
pub async fn get(
    State(app): State<App>,
    who: SignedIn,
    Query(which): Query<Which>,
    Query(told): Query<Told>,
) -> Answer {
    allowed(&who)?;
    let frame = frame(&who).told(&told);
    Ok(page(&shown(&app, &who, &which, frame, (&Fields::default(), Vec::new())).await?))
}

/// `POST /praktijk`: how far an action is.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    allowed(&who)?;
    match given::did(fields.get("actie"), fields.get("stand"), fields.get("woorden")) {
        Ok(said) => {
            app.store().practice_says(&who.actor, &said, &written(&app, &who)).await?;
            Ok(done("/praktijk", Notice::PracticeKept))
        }
        Err(flaws) => {
            let typed = (&fields, problems(flaws));
            Ok(refused(&shown(&app, &who, &Which::default(), frame(&who), typed).await?))
        }
    }
}
