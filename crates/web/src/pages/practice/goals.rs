//! `/praktijk/doelen`: the goals that a practice sets itself. The newest counts; what was said before stays to be read, with who
//! and when.

use super::{allowed, problems, written};
use crate::app::App;
use crate::forms::{Fields, SignedForm};
use crate::pages::days::typed_day;
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Notice, Place};
use crate::pages::render::{Answer, Told, done, page, refused};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use domain::date::local_day;
use domain::figures::Figure;
use domain::practice::given::{GoalGiven, goal as set};
use domain::practice::{Entry, Said, goal};
use domain::words::{capitalised, day};

/// The page.
#[derive(Template)]
#[template(path = "practice/goals.html")]
pub struct GoalsPage {
    /// Title, menu.
    pub frame: Frame,
    /// The goals that stand: code, figure, sentence, by whom.
    pub goals: Vec<GoalRow>,
    /// What was said before, newest first.
    pub before: Vec<String>,
    /// A new goal.
    pub form: [Field; 4],
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// One goal that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoalRow {
    /// Code of the figure.
    pub code: &'static str,
    /// The figure.
    pub title: &'static str,
    /// The goal.
    pub sentence: String,
    /// Words, by whom and when.
    pub fine: String,
}

fn who_and_when(entry: &Entry) -> String {
    format!("{}, {}", entry.written.by, day(local_day(entry.written.at)))
}

fn said(entry: &Entry) -> Option<String> {
    let what = match &entry.said {
        Said::Goal(goal) => format!("{}: {}", goal.figure.dutch(), goal.sentence()),
        Said::NoGoal { figure } => format!("{}: geen doel meer", figure.dutch()),
        Said::Did { .. } => return None,
    };
    Some(format!("{what} ({})", who_and_when(entry)))
}

/// The page, of what was said.
pub fn view(frame: Frame, entries: &[Entry], typed: &Fields, errors: Vec<Problem>) -> GoalsPage {
    let row = |figure: &Figure| {
        let (entry, goal) = goal(entries, *figure)?;
        let words = goal.words.as_ref().map(|w| format!("{w}; ")).unwrap_or_default();
        Some(GoalRow {
            code: figure.code(),
            title: figure.dutch(),
            sentence: capitalised(&goal.sentence()),
            fine: format!("{words}{}", who_and_when(entry)),
        })
    };
    let figures = Figure::ALL.iter().map(|f| Choice::of(f.code(), f.dutch()));
    let figures = std::iter::once(Choice::of("", "Kies een cijfer")).chain(figures).collect();
    GoalsPage {
        frame: frame.failing(!errors.is_empty()),
        goals: Figure::ALL.iter().filter_map(row).collect(),
        before: entries.iter().rev().filter_map(said).collect(),
        form: [
            Field::select("cijfer", "Voor welk cijfer?", typed.get("cijfer"), figures).checked(&errors),
            Field::shorter("procent", "Hoeveel procent?", typed.get("procent"))
                .hint("Een heel getal. Bij 'te laat' en bij opnames is minder beter.")
                .digits()
                .checked(&errors),
            Field::short("dag", "Uiterlijk wanneer?", typed.get("dag"))
                .hint("Bijvoorbeeld 30-06-2027.")
                .checked(&errors),
            Field::area("woorden", "Hoe gaat u dat bereiken?", typed.get("woorden"))
                .hint("Mag leeg blijven. Zet hier niets in over patiënten.")
                .checked(&errors),
        ],
        errors,
    }
}

fn frame(who: &SignedIn) -> Frame {
    Frame::signed(who, "Doelen van de praktijk", Place::BelowPractice).back_to("/praktijk", "Praktijk")
}

/// `GET /praktijk/doelen`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    allowed(&who)?;
    let entries = app.store().practice_entries(&who.organisation.id).await?;
    Ok(page(&view(frame(&who).told(&told), &entries, &Fields::default(), Vec::new())))
}

/// `POST /praktijk/doelen`: sets a goal, or takes one away.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    allowed(&who)?;
    let ends = Figure::of_code(fields.get("cijfer")).filter(|_| fields.get("doe") == "weg");
    let said = if let Some(figure) = ends {
        Ok(Said::NoGoal { figure })
    } else {
        let given =
            GoalGiven { figure: fields.get("cijfer"), percent: fields.get("procent"), words: fields.get("woorden") };
        set(given, typed_day(fields.get("dag")), app.clock().today())
    };
    match said {
        Ok(said) => {
            app.store().practice_says(&who.actor, &said, &written(&app, &who)).await?;
            Ok(done("/praktijk/doelen", Notice::PracticeKept))
        }
        Err(flaws) => {
            let entries = app.store().practice_entries(&who.organisation.id).await?;
            Ok(refused(&view(frame(&who), &entries, &fields, problems(flaws))))
        }
    }
}
