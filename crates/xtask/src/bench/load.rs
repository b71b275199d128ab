//! Sixteen users who do the same thing over and over for some seconds.

use std::rc::Rc;
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::task::LocalSet;

use super::http::Connection;
use super::machine;
use super::random::Random;
use super::rows::{Ground, Row};

/// How hard and how long.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Kept connections, each with one request at a time.
    pub connections: usize,
    /// Length of a row.
    pub during: Duration,
    /// Order in which patients come.
    pub seed: u64,
}

/// What one row came to.
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    /// Turns a second: a turn is one request, or the seven of a plan.
    pub per_second: f64,
    /// Half of the turns took at most this long, in milliseconds.
    pub p50_ms: f64,
    /// All but one in a hundred took at most this long, in milliseconds.
    pub p99_ms: f64,
    /// Turns in all.
    pub turns: usize,
    /// Turns that were not answered as they should.
    pub wrong: usize,
    /// What the first of those said: status and the first bytes.
    pub first_wrong: Option<String>,
    /// Mean size of the bodies of one turn.
    pub bytes: f64,
    /// Processor time of the server for one turn, in microseconds. For PostgreSQL without the database's own.
    pub server_us: f64,
    /// Processor time of this client for one turn, in microseconds.
    pub client_us: f64,
}

#[derive(Debug, Default)]
struct Tally {
    micros: Vec<u32>,
    bytes: u64,
    wrong: usize,
    first_wrong: Option<String>,
}

/// Runs a row against the server with this process id at this address.
pub async fn measure(row: Row, ground: &Rc<Ground>, address: &str, server: u32, load: Load) -> Result<Figures, String> {
    if ground.turn(row, &mut Random::new(load.seed)).is_empty() {
        return Err(format!("{}: no patient to measure it with", row.name()));
    }
    let taken = |pid| machine::processor_time(pid).unwrap_or_default();
    let before = (taken(server), taken(std::process::id()));
    let began = Instant::now();
    let local = LocalSet::new();
    let users: Vec<_> = (0..load.connections)
        .map(|user| {
            let (ground, address) = (Rc::clone(ground), address.to_owned());
            let random = Random::new(load.seed.wrapping_mul(1000).wrapping_add(user as u64));
            local.spawn_local(one_user(row, ground, address, random, began + load.during))
        })
        .collect();
    let tallies = local
        .run_until(async {
            let mut tallies = Vec::new();
            for user in users {
                tallies.push(user.await.map_err(|e| e.to_string())??);
            }
            Ok::<_, String>(tallies)
        })
        .await
        .map_err(|e| format!("{}: {e}", row.name()))?;
    let took = began.elapsed();
    let after = (taken(server), taken(std::process::id()));
    Ok(sum(&tallies, took, (after.0.saturating_sub(before.0), after.1.saturating_sub(before.1))))
}

async fn one_user(
    row: Row,
    ground: Rc<Ground>,
    address: String,
    mut random: Random,
    until: Instant,
) -> Result<Tally, String> {
    let mut connection = Connection::open(&address).await.map_err(|e| e.to_string())?;
    let mut tally = Tally::default();
    while Instant::now() < until {
        let requests = ground.turn(row, &mut random);
        let began = Instant::now();
        let mut right = true;
        for request in &requests {
            let answer = connection.send(request).await.map_err(|e| e.to_string())?;
            tally.bytes += answer.body.len() as u64;
            if !row.is_right(answer.status, answer.body) {
                right = false;
                tally.first_wrong.get_or_insert_with(|| {
                    format!("{}: {}", answer.status, answer.text().chars().take(300).collect::<String>())
                });
            }
        }
        tally.micros.push(u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX));
        tally.wrong += usize::from(!right);
    }
    Ok(tally)
}

#[expect(clippy::cast_precision_loss, reason = "figures for people: counts stay far below 2^52")]
fn sum(tallies: &[Tally], took: Duration, processor: (Duration, Duration)) -> Figures {
    let mut micros: Vec<u32> = tallies.iter().flat_map(|t| t.micros.iter().copied()).collect();
    micros.sort_unstable();
    let turns = micros.len();
    let each = |whole: f64| if turns == 0 { 0.0 } else { whole / turns as f64 };
    Figures {
        per_second: turns as f64 / took.as_secs_f64(),
        p50_ms: quantile(&micros, 50),
        p99_ms: quantile(&micros, 99),
        turns,
        wrong: tallies.iter().map(|t| t.wrong).sum(),
        first_wrong: tallies.iter().find_map(|t| t.first_wrong.clone()),
        bytes: each(tallies.iter().map(|t| t.bytes).sum::<u64>() as f64),
        server_us: each(processor.0.as_secs_f64() * 1e6),
        client_us: each(processor.1.as_secs_f64() * 1e6),
    }
}

/// The smallest value that this share of them (in hundredths) does not exceed, in milliseconds.
fn quantile(sorted: &[u32], hundredths: usize) -> f64 {
    let at = (sorted.len() * hundredths).div_ceil(100).saturating_sub(1);
    sorted.get(at).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_sorted_turns() {
        let turns: Vec<u32> = (1..=100).map(|n| n * 1000).collect();
        assert!((quantile(&turns, 50) - 50.0).abs() < 1e-9);
        assert!((quantile(&turns, 99) - 99.0).abs() < 1e-9);
        assert!((quantile(&[7000], 99) - 7.0).abs() < 1e-9);
        assert!(quantile(&[], 50).abs() < 1e-9);
    }

    #[test]
    fn a_wrong_answer_is_counted_and_shown_and_nothing_is_divided_by_zero() {
        let tally = Tally { micros: vec![1000, 3000], bytes: 300, wrong: 1, first_wrong: Some("500: no".to_owned()) };
        let figures =
            sum(&[Tally::default(), tally], Duration::from_secs(2), (Duration::from_micros(500), Duration::ZERO));
        assert_eq!((figures.turns, figures.wrong, figures.first_wrong.as_deref()), (2, 1, Some("500: no")));
        assert!(
            (figures.per_second - 1.0).abs() < 1e-9
                && (figures.bytes - 150.0).abs() < 1e-9
                && (figures.server_us - 250.0).abs() < 1e-9
        );
        assert!(sum(&[], Duration::from_secs(1), (Duration::ZERO, Duration::ZERO)).bytes.abs() < 1e-9);
    }
}
