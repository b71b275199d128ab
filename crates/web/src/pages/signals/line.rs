//! The path as a line with dates, for the page of signals and the patient at a glance.

use domain::path::{Past, line};
use domain::words;
use jiff::civil::Date;

/// A point on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DotRow {
    /// The day, for machines.
    pub date: String,
    /// The day, for people.
    pub day: String,
    /// What happened.
    pub title: String,
    /// More about it.
    pub more: Vec<String>,
    /// By whom.
    pub by: Option<String>,
    /// It is still to come.
    pub ahead: bool,
}

/// The line, oldest first.
pub fn rows(past: Past<'_>, today: Date) -> Vec<DotRow> {
    line(past, today)
        .into_iter()
        .map(|dot| DotRow {
            date: dot.day.to_string(),
            day: words::day(dot.day),
            title: dot.title,
            more: dot.more,
            by: dot.by,
            ahead: dot.ahead,
        })
        .collect()
}
