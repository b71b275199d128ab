//! `/praktijk/cijfer/{cijfer}`: one figure of the practice: numerator and denominator, each with the list behind it, and how
//! the other practices of the region stand.

use super::overview::beside;
use super::{Which, allowed, own};
use crate::app::App;
use crate::error::PageError;
use crate::pages::frame::{Frame, Place};
use crate::pages::region::chart::{self, Dot, svg};
use crate::pages::region::words;
use crate::pages::render::{Answer, page, sees_patients};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::date::local_day;
use domain::figures::{Compared, Figure, ONCE};
use domain::practice::{Entry, goal};
use domain::words::{capitalised, day};

/// The page.
#[derive(Template)]
#[template(path = "practice/figure.html")]
pub struct FigurePage {
    /// Title, menu.
    pub frame: Frame,
    /// What it is called.
    pub title: &'static str,
    /// Which practice, which year.
    pub about: String,
    /// The number in a sentence.
    pub lead: String,
    /// Its middle of the weeks.
    pub more: String,
    /// How the region stands.
    pub beside: String,
    /// The goal, by whom and when it was set, whether it is reached.
    pub goal: Option<String>,
    /// What it counts.
    pub definition: Vec<(&'static str, String)>,
    /// Numerator, denominator, who is left out: words, how many, the list behind it.
    pub parts: Vec<PartRow>,
    /// Each answer with how many and the list behind it.
    pub answers: Vec<PartRow>,
    /// The practice among the others, ready to be put in the page.
    pub drawing: Option<String>,
}

/// A number with the list behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRow {
    /// What it counts.
    pub what: String,
    /// How many.
    pub people: u32,
    /// The list; absent where there is nobody, or this role sees no patients.
    pub href: Option<String>,
}

fn drawing(of: &Compared) -> Option<String> {
    let region = of.region?;
    let mut dots: Vec<Dot> = Vec::new();
    for (line, label) in of.others.iter().map(|l| (l, "")).chain([(&of.line, "uw praktijk")]) {
        let Some(percent) = line.percent() else { continue };
        let limits = domain::figures::limits(region / 100.0, line.of);
        let share = percent / 100.0;
        let outside = limits.is_some_and(|l| share < l.inner.0 || share > l.inner.1);
        dots.push(Dot { label: label.to_owned(), size: line.of, percent, outside });
    }
    (dots.len() > 1).then(|| {
        svg(&chart::funnel(&format!("{}: uw praktijk en de andere", of.definition.figure.dutch()), region, &dots))
    })
}

/// The page, of what is known.
pub fn view(
    frame: Frame,
    organisation: &str,
    year: i16,
    of: &Compared,
    entries: &[Entry],
    opens_lists: bool,
) -> FigurePage {
    let (definition, line) = (of.definition, of.line);
    let figure = definition.figure;
    let href = |part: &str, people: u32| {
        (opens_lists && people > 0).then(|| format!("/praktijk/lijst/{}?jaar={year}&deel={part}", figure.code()))
    };
    let row = |what: &str, part: &str, people| PartRow { what: capitalised(what), people, href: href(part, people) };
    let mut parts = vec![
        row(&format!("teller: {}", definition.numerator), "teller", line.above),
        row(&format!("noemer: {}", definition.denominator), "noemer", line.of),
    ];
    if line.unknown > 0 {
        parts.push(row("telt niet mee", "onbekend", line.unknown));
    }
    let answers = definition.answers.iter().zip(&of.answers).enumerate();
    FigurePage {
        frame,
        title: figure.dutch(),
        about: format!("{organisation}, {year}"),
        lead: if line.of > 0 {
            format!("{}: {}.", figure.dutch(), words::line(line))
        } else {
            "In dit jaar telde niemand mee.".to_owned()
        },
        more: of.weeks.map(|w| format!("De middelste wachtte {}.", words::weeks(w))).unwrap_or_default(),
        beside: beside(of),
        goal: goal(entries, figure).map(|(entry, goal)| {
            let reached = line.percent().is_some_and(|p| goal.is_reached(p));
            let state = if reached { "Nu gehaald" } else { "Nog niet gehaald" };
            let words = goal.words.as_ref().map(|w| format!(" {w}")).unwrap_or_default();
            format!(
                "{}. {state}. Gesteld door {} op {}.{words}",
                capitalised(&goal.sentence()),
                entry.written.by,
                day(local_day(entry.written.at))
            )
        }),
        definition: vec![
            ("Wat het telt", definition.sentence.to_owned()),
            ("In welke periode", capitalised(definition.period)),
            ("Waar iemand meetelt", ONCE.to_owned()),
            ("Herkomst", definition.source.to_owned()),
            ("Versie van de definitie", definition.version.to_string()),
        ],
        parts,
        answers: answers.map(|(i, (answer, people))| row(answer.dutch, &i.to_string(), *people)).collect(),
        drawing: drawing(of),
    }
}

/// `GET /praktijk/cijfer/{cijfer}`.
pub async fn get(
    State(app): State<App>,
    who: SignedIn,
    Path(figure): Path<String>,
    Query(which): Query<Which>,
) -> Answer {
    allowed(&who)?;
    let figure = Figure::of_code(&figure).ok_or(PageError::NotFound)?;
    let year = which.year(app.clock().today().year());
    let all = own(&app, &who, year, Some(figure)).await?;
    let of = all.first().ok_or(PageError::NotFound)?;
    let entries = app.store().practice_entries(&who.organisation.id).await?;
    let frame =
        Frame::signed(&who, figure.dutch(), Place::BelowPractice).back_to(format!("/praktijk?jaar={year}"), "Praktijk");
    Ok(page(&view(frame, &who.organisation.name, year, of, &entries, sees_patients(&who))))
}
