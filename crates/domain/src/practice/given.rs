//! From what was typed to what is kept; everything that is wrong with it, each at its field.

use super::{Action, Agreement, Goal, Progress, Said, Visit};
use crate::figures::Figure;
use crate::ident::OrganisationId;
use crate::signal::LONGEST;
use jiff::civil::Date;

/// Agreements that fit on the form at once.
pub const ROWS: usize = 4;

/// What is wrong, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Name of the field.
    pub field: String,
    /// Dutch sentence for it.
    pub sentence: &'static str,
}

/// A flaw.
pub(crate) fn flaw(field: impl Into<String>, sentence: &'static str) -> Flaw {
    Flaw { field: field.into(), sentence }
}

/// A text without blanks around it.
pub(crate) fn text(typed: &str, field: &str, flaws: &mut Vec<Flaw>) -> String {
    let typed = typed.trim();
    if typed.chars().count() > LONGEST {
        flaws.push(flaw(field, "Schrijf het korter: in hoogstens 2000 tekens."));
    }
    typed.to_owned()
}

/// The same; nothing where nothing is left.
pub(crate) fn optional(typed: &str, field: &str, flaws: &mut Vec<Flaw>) -> Option<String> {
    Some(text(typed, field, flaws)).filter(|t| !t.is_empty())
}

/// How far an action is.
///
/// # Errors
/// Everything that is wrong with it.
pub fn did(action: &str, progress: &str, words: &str) -> Result<Said, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let words = optional(words, "woorden", &mut flaws);
    match (Action::of_code(action), Progress::of_code(progress)) {
        (Some(action), Some(progress)) if flaws.is_empty() => return Ok(Said::Did { action, progress, words }),
        (None, _) => flaws.push(flaw("actie", "Kies welke actie het is.")),
        (_, None) => flaws.push(flaw("stand", "Kies hoe ver het is.")),
        _ => {}
    }
    Err(flaws)
}

/// A goal as typed.
#[derive(Debug, Clone, Copy, Default)]
#[expect(missing_docs, reason = "each is the field of its name in `Goal`")]
pub struct GoalGiven<'a> {
    pub figure: &'a str,
    pub percent: &'a str,
    pub words: &'a str,
}

/// A goal; `by` is the day as far as it could be read, or what is wrong with it.
///
/// # Errors
/// Everything that is wrong with it.
pub fn goal(given: GoalGiven<'_>, by: Result<Date, &'static str>, today: Date) -> Result<Said, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let figure = Figure::of_code(given.figure);
    if figure.is_none() {
        flaws.push(flaw("cijfer", "Kies voor welk cijfer het doel is."));
    }
    let percent = given.percent.trim().trim_end_matches('%').trim().parse::<u8>().ok().filter(|p| *p <= 100);
    if percent.is_none() {
        flaws.push(flaw("procent", "Vul een heel getal van 0 tot en met 100 in."));
    }
    let by = match by {
        Ok(day) if day <= today => {
            flaws.push(flaw("dag", "Kies een dag die nog komt."));
            None
        }
        Ok(day) => Some(day),
        Err(sentence) => {
            flaws.push(flaw("dag", sentence));
            None
        }
    };
    let words = optional(given.words, "woorden", &mut flaws);
    match (figure, percent, by) {
        (Some(figure), Some(percent), Some(by)) if flaws.is_empty() => {
            Ok(Said::Goal(Goal { figure, percent, by, words }))
        }
        _ => Err(flaws),
    }
}

/// A day as typed: none, or as far as it could be read.
pub type Typed = Option<Result<Date, &'static str>>;

/// A visit as typed; days as far as they could be read.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each is the field of its name in `Visit`")]
pub struct VisitGiven<'a> {
    pub people: &'a str,
    pub agenda: &'a str,
    pub progress: &'a str,
    pub goes_well: &'a str,
    pub support: &'a str,
    pub cooperation: &'a str,
    pub feedback: &'a str,
    pub in_report: bool,
    /// What, who and the day of each agreement; a row of which all are empty is none.
    pub agreements: Vec<(&'a str, &'a str, Typed)>,
}

/// A visit.
///
/// # Errors
/// Everything that is wrong with it.
pub fn visit(
    given: &VisitGiven<'_>,
    (organisation, region): (&OrganisationId, &OrganisationId),
    on: Result<Date, &'static str>,
    today: Date,
) -> Result<Visit, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let on = on.map_err(|sentence| flaws.push(flaw("dag", sentence))).ok();
    let mut agreements = Vec::new();
    for (i, (what, who, by)) in given.agreements.iter().enumerate() {
        let what = text(what, &format!("wat.{i}"), &mut flaws);
        let who = text(who, &format!("wie.{i}"), &mut flaws);
        match (what.is_empty(), who.is_empty(), by) {
            (true, true, None) => {}
            (true, ..) => flaws.push(flaw(format!("wat.{i}"), "Schrijf wat er is afgesproken.")),
            (_, true, _) => flaws.push(flaw(format!("wie.{i}"), "Schrijf wie het doet.")),
            (.., None) => flaws.push(flaw(format!("voor.{i}"), "Vul in uiterlijk wanneer.")),
            (.., Some(Err(sentence))) => flaws.push(flaw(format!("voor.{i}"), sentence)),
            (.., Some(Ok(by))) => agreements.push(Agreement { what, who, by: *by }),
        }
    }
    let mut of = |typed: &str, field: &str| text(typed, field, &mut flaws);
    let mut visit = Visit {
        organisation: organisation.clone(),
        region: region.clone(),
        on: on.unwrap_or(today),
        people: of(given.people, "wie"),
        agenda: of(given.agenda, "agenda"),
        progress: of(given.progress, "voortgang"),
        goes_well: of(given.goes_well, "goed"),
        support: of(given.support, "steun"),
        cooperation: of(given.cooperation, "samen"),
        feedback: of(given.feedback, "terug"),
        agreements,
        in_report: given.in_report,
    };
    if visit.is_held() && on.is_some_and(|on| on > today) {
        flaws.push(flaw("dag", "Dit bezoek is nog niet geweest. Leg bevindingen vast op de dag zelf, of daarna."));
    }
    if visit.in_report && visit.goes_well.is_empty() {
        flaws.push(flaw("goed", "Schrijf wat goed gaat: dat is wat in het rapport komt."));
        visit.in_report = false;
    }
    if flaws.is_empty() { Ok(visit) } else { Err(flaws) }
}
