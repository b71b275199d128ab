//! The figures of a wide region of forty practices over three years: the page, the page with twice the history, and counting
//! what a day brought. The page reads sums only, whose number goes with organisations, years and answers: that twice the
//! people and everything that happened to them cost it no more is what is measured, so that it tells of a million patients too.

use std::path::Path;
use std::time::Duration;

use super::load::{Figures, Load};
use super::report::{Measured, Target};
use super::rows::Row;
use super::server::Program;
use super::{Session, make};
use crate::process;

/// Part of the names of these rows.
pub const NAME: &str = "wide region";
/// Practices.
const PRACTICES: usize = 40;
/// A day brings no more than this many changed plans of each thousand patients; at least a hundred.
const CHANGED: usize = 10;

const PAGE: &str = "wide region: page";
const DAY: &str = "wide region: counting a day";

/// Name of the row of a page.
fn page(patients: usize) -> String {
    format!("{PAGE}, {PRACTICES} practices, {patients} patients")
}

/// Makes two wide regions, one after the other, and measures them.
pub async fn measure(program: &Program, folder: &Path, patients: usize, load: Load) -> Result<Vec<Measured>, String> {
    let mut rows = Vec::new();
    for patients in [patients, 2 * patients] {
        let program = Program {
            binary: program.binary.clone(),
            data: folder.join(format!("wide-{patients}")),
            database: None,
            patients,
            practices: PRACTICES,
            seed: program.seed,
            port: process::free_port()?,
        };
        make(&program).await?;
        let mut session = Session::open(&program, load).await?;
        session.wait_for_figures().await?;
        session.count_figures().await?;
        let figures = session.figures(Row::Region, load).await?;
        rows.push(Measured { name: page(patients), after_restart: false, figures });
        if rows.len() == 1 {
            rows.push(day(&mut session, patients, load).await?);
        }
        session.close().await?;
        std::fs::remove_dir_all(&program.data).map_err(|e| e.to_string())?;
    }
    Ok(rows)
}

/// Changed plans come in, as many as a day brings; then they are counted.
async fn day(session: &mut Session<'_>, patients: usize, load: Load) -> Result<Measured, String> {
    session.prepare().await?;
    let (wanted, before) = ((patients * CHANGED / 1000).max(100), session.acknowledged);
    while session.acknowledged - before < wanted {
        let sent = session.figures(Row::Bundle, Load { during: Duration::from_millis(200), ..load }).await?;
        if sent.turns == 0 || sent.wrong > 0 {
            return Err(format!("a plan was not taken: {}", sent.first_wrong.unwrap_or_default()));
        }
    }
    let plans = session.acknowledged - before;
    let ms = session.count_figures().await? * 1000.0;
    let figures = Figures {
        per_second: 1000.0 / ms.max(0.001),
        p50_ms: ms,
        p99_ms: ms,
        turns: 1,
        wrong: 0,
        first_wrong: None,
        bytes: 0.0,
        server_us: 0.0,
        client_us: 0.0,
    };
    Ok(Measured { name: format!("{DAY}, {plans} plans"), after_restart: false, figures })
}

/// What is asked of these rows.
pub fn targets(rows: &[Measured]) -> Vec<Target> {
    let mut targets = Vec::new();
    let pages: Vec<&Measured> = rows.iter().filter(|m| m.name.starts_with(PAGE)).collect();
    for page in &pages {
        targets.push(Target {
            what: format!("{}: under a second", page.name),
            found: format!("{:.0} ms", page.figures.p50_ms),
            holds: page.figures.wrong == 0 && page.figures.p50_ms < 1000.0,
        });
    }
    if let [once, twice] = pages.as_slice() {
        targets.push(Target {
            what: format!("{PAGE} costs no more than a quarter more with twice the patients and what happened to them"),
            found: format!("{:.0} ms and {:.0} ms", once.figures.p50_ms, twice.figures.p50_ms),
            holds: twice.figures.p50_ms <= once.figures.p50_ms * 1.25 + 5.0,
        });
    }
    if let Some(day) = rows.iter().find(|m| m.name.starts_with(DAY)) {
        targets.push(Target {
            what: format!("{}: under five seconds", day.name),
            found: format!("{:.2} s", day.figures.p50_ms / 1000.0),
            holds: day.figures.p50_ms < 5000.0,
        });
    }
    targets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_grows_with_its_history_misses_its_target() {
        let row = |name: String, ms: f64| Measured {
            name,
            after_restart: false,
            figures: Figures {
                per_second: 1.0,
                p50_ms: ms,
                p99_ms: ms,
                turns: 1,
                wrong: 0,
                first_wrong: None,
                bytes: 1.0,
                server_us: 0.0,
                client_us: 0.0,
            },
        };
        let of =
            |once, twice, day| targets(&[row(page(10), once), row(page(20), twice), row(format!("{DAY}, 1"), day)]);
        let holds = |all: Vec<Target>| all.into_iter().map(|t| t.holds).collect::<Vec<_>>();
        assert_eq!(holds(of(100.0, 110.0, 900.0)), [true; 4]);
        assert_eq!(holds(of(600.0, 1200.0, 5000.0)), [true, false, false, false]);
        assert!(targets(&[]).is_empty());
    }
}
