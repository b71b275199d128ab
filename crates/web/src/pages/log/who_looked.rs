//! 'Wie keek er in uw plan?': the log in plain Dutch (B1), by day, for the patient and who speaks for them (D8, Wabvpz
//! 15e). A part of a page: whoever shows it puts it into their own with `{{ looked|safe }}`.
//!
//! One page view reads several things; what somebody did more than once a day stands there once, with its times.

use super::super::dutch;
use super::names::Names;
use super::{attempted, words};
use crate::app::App;
use askama::Template;
use domain::access::{Own, Permit, Who};
use domain::date::local_day;
use domain::role::Role;
use domain::words as said;
use jiff::Timestamp;
use store::log::read::{Filter, LogRow, Which};

/// Rows that are read for one page.
const ROWS: usize = 300;
/// Rows that are read to tell of the last that others did.
const LATELY: usize = 60;

/// The part of a page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "log/who_looked.html")]
pub struct WhoLooked {
    /// What was done, by day.
    pub days: Vec<LookedDay>,
    /// Address of what was done before that.
    pub next: Option<String>,
}

/// A day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedDay {
    /// '23 november 2026'.
    pub title: String,
    /// What was done.
    pub rows: Vec<Looked>,
}

/// Somebody who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// When on that day: 'om 14:03', 'tussen 14:03 en 15:20'.
    pub time: String,
    /// Who: a name, or 'U'.
    pub who: String,
    /// Role and organisation.
    pub part: String,
    /// What, as the rest of the sentence that begins with the name: 'las uw plan'.
    pub what: String,
    /// On what ground, as a sentence of its own.
    pub ground: String,
    /// It was not allowed.
    pub refused: bool,
}

/// Who looked, newest first; `cursor` is where the page before ended, `path` the address of the page it stands on.
///
/// # Errors
/// Where the permit is not for reading the log, or the store fails.
pub async fn who_looked(
    app: &App,
    permit: &Permit,
    cursor: Option<u64>,
    path: &str,
) -> Result<WhoLooked, store::Error> {
    let which = Which { cursor, limit: ROWS };
    let now = app.clock().now();
    let page = app.store().patient_log(permit, &Filter::default(), which, "log", now).await?;
    let mark = if path.contains('?') { '&' } else { '?' };
    let next = page.next.map(|n| format!("{path}{mark}verder={n}"));
    Ok(WhoLooked { days: told(app, &page.rows).await?, next })
}

/// The last `most` things that others did, newest first: the reader's own are left out.
///
/// # Errors
/// As [`who_looked`].
pub async fn lately(app: &App, permit: &Permit, most: usize) -> Result<WhoLooked, store::Error> {
    let which = Which { cursor: None, limit: LATELY };
    let mut rows = app.store().patient_log(permit, &Filter::default(), which, "log", app.clock().now()).await?.rows;
    if let Who::Person(me) = &permit.actor().who {
        let me = format!("person:{me}");
        rows.retain(|row| row.actor != me);
    }
    let mut days = told(app, &rows).await?;
    let mut left = most;
    for day in &mut days {
        day.rows.truncate(left);
        left -= day.rows.len();
    }
    days.retain(|day| !day.rows.is_empty());
    Ok(WhoLooked { days, next: None })
}

/// These rows in plain words, by day; they come newest first.
///
/// # Errors
/// Where the store fails.
pub async fn told(app: &App, rows: &[LogRow]) -> Result<Vec<LookedDay>, store::Error> {
    Ok(days(rows, &Names::of(app, rows).await?))
}

/// Something done, before it is known how often on that day.
struct Seen {
    looked: Looked,
    first: Timestamp,
    last: Timestamp,
}

fn days(rows: &[LogRow], names: &Names) -> Vec<LookedDay> {
    let mut days: Vec<(String, Vec<Seen>)> = Vec::new();
    for row in rows {
        let title = said::day(local_day(row.at));
        let looked = looked(row, names);
        let seen = match days.last_mut() {
            Some((day, seen)) if *day == title => seen,
            _ => {
                days.push((title, Vec::new()));
                let Some((_, seen)) = days.last_mut() else { continue };
                seen
            }
        };
        // Rows come newest first.
        match seen.iter_mut().find(|s| s.looked == looked) {
            Some(known) => known.first = row.at,
            None => seen.push(Seen { looked, first: row.at, last: row.at }),
        }
    }
    let timed = |s: Seen| {
        let (first, last) = (dutch::clock(s.first), dutch::clock(s.last));
        let time = if first == last { format!("om {first}") } else { format!("tussen {first} en {last}") };
        Looked { time, ..s.looked }
    };
    days.into_iter().map(|(title, seen)| LookedDay { title, rows: seen.into_iter().map(timed).collect() }).collect()
}

fn looked(row: &LogRow, names: &Names) -> Looked {
    let refused = row.outcome != "done";
    let action = attempted(row);
    let own = row.basis.as_deref() == Some("own");
    let what = if refused {
        format!("wilde {}. Dat mocht niet", words::wanted(action))
    } else {
        words::did(action, &row.data).to_owned()
    };
    let role = row.role.as_deref().and_then(Role::of_code).filter(|_| !own).map(Role::dutch);
    let nowhere = Own::organisation();
    let organisation = row.organisation.as_deref().filter(|o| *o != nowhere.as_str()).map(|o| names.organisation(o));
    let organisation = organisation.filter(|o| !o.is_empty() && !own);
    let part = match (role, organisation) {
        (Some(role), Some(organisation)) => format!("{role} bij {organisation}"),
        (Some(role), None) => role.to_owned(),
        (None, Some(organisation)) => organisation,
        (None, None) => String::new(),
    };
    let who = match row.actor.as_str() {
        _ if own => "U".to_owned(),
        "" => "Iemand zonder inlog".to_owned(),
        _ => names.who(row),
    };
    let ground = match row.basis.as_deref().map(words::ground) {
        Some(ground) if !ground.is_empty() && !own => format!("{who} {ground}."),
        _ => String::new(),
    };
    Looked { time: String::new(), who, part, what, ground, refused }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(at: &str, action: &str, data: &str, basis: Option<&str>, outcome: &str) -> LogRow {
        LogRow {
            seq: 1,
            at: at.parse().unwrap(),
            actor: "program".to_owned(),
            role: Some("gp".to_owned()),
            organisation: None,
            behalf: None,
            action: action.to_owned(),
            data: data.to_owned(),
            basis: basis.map(str::to_owned),
            outcome: outcome.to_owned(),
            patient: None,
            detail: None,
        }
    }

    #[test]
    fn what_was_done_several_times_on_a_day_stands_there_once() {
        let rows = [
            row("2026-11-23T15:20:00Z", "read-plan", "plan", Some("team"), "done"),
            row("2026-11-23T13:03:00Z", "read-plan", "plan", Some("team"), "done"),
            row("2026-11-23T09:00:00Z", "refused", "read-plan", None, "refused"),
            row("2026-11-22T09:00:00Z", "record-plan", "version 2", Some("own"), "done"),
        ];
        let days = days(&rows, &Names::default());
        assert_eq!(
            days.iter().map(|d| (d.title.as_str(), d.rows.len())).collect::<Vec<_>>(),
            [("23 november 2026", 2), ("22 november 2026", 1)]
        );
        let first = &days[0].rows[0];
        assert_eq!((first.time.as_str(), first.what.as_str()), ("tussen 14:03 en 16:20", "las uw plan"));
        assert!(first.ground.ends_with("hoort bij uw zorgteam."));
        assert_eq!(days[0].rows[1].what, "wilde uw plan lezen. Dat mocht niet");
        assert_eq!((days[1].rows[0].who.as_str(), days[1].rows[0].ground.as_str()), ("U", ""));
        let html = WhoLooked { days, next: Some("/mijn?verder=7".to_owned()) }.render().unwrap();
        assert!(html.contains("<h3>23 november 2026</h3>") && html.contains("href=\"/mijn?verder=7\""), "{html}");
    }
}
