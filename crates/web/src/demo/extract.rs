//! What the practices' own systems gave last time: a file each, so that there are candidates, a comparison with the plans, and a
//! list that is due again. The first practice brought in its new file already, and has a few rows of it to mend.

use super::life::Life;
use super::path::morning;
use super::region::{Region, place};
use crate::app::program;
use crate::extract::{Desk, Work, digest, digest_for, run as bring};
use domain::ident::ExtractId;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Cursor;
use store::extracts::About;
use store::{Error, Store};

/// A region with fewer patients has nothing of it: its practices brought nothing in yet.
pub const FROM: u32 = 100;
/// Patients of a practice whom only its own system knows.
const OTHERS: u32 = 60;

/// What of each patient stands in the practices' own systems, by the place of the practice.
#[derive(Default)]
pub struct Gathered(BTreeMap<usize, String>);

const HEAD: &str = "praktijk_agb;bsn;patientnummer;geboortedatum;geslacht;uzovi;icpc;episode_begin;episode_einde;\
                    episode_status;contact_datum;contact_soort;declaratiecode;bepaling_code;bepaling_waarde;bepaling_datum\n";

/// In a wide region one practice in so many has brought in nothing yet.
const NOT_YET: usize = 6;

/// Rows with a mistake in them, as they come from a system in use.
const WRONG: &[&str] = &[
    ";;9001;31-02-1938;v;;P70;2024-05-05;;actief;;;;;;",
    ";;9002;1940-04-04;m;;P7O;2023-01-01;;actief;;;;;;",
    ";123456789;9003;1936-06-06;v;7095;N87;2022-02-02;;actief;;;;;;",
    ";;9004;1944-07-07;m;;K77;2024-09-09;2024-01-01;actief;;;;;;",
    ";;9005;1939-03-03;v;;;;;;;consult;13034;;;",
];

impl Gathered {
    /// What the practice's system holds of somebody.
    pub fn see(&mut self, region: &Region, lives: &[Life], first: u32, today: Date) {
        for (n, life) in (first..).zip(lives) {
            if !region.practices.contains(&life.team[0]) {
                continue;
            }
            let file = self.0.entry(life.team[0]).or_default();
            let who = format!(
                ";{};{};{};;{}",
                life.patient.bsn.as_str(),
                1_000 + n,
                life.patient.birth_date.first_day(),
                life.patient.insurer.as_ref().map_or("", |u| u.as_str())
            );
            let mut row = |cells: &str| {
                // Writing to a string cannot fail.
                let _ = writeln!(file, "{who};{cells}");
            };
            // The episode is there for most who have a plan, and for a few who have none.
            let talked = life.versions.last().map(|v| domain::date::local_day(v.recorded_at));
            match (talked, n % 7) {
                (Some(day), 0..=5) => row(&format!("A20;{day};;actief;{day};visite;;;;")),
                (None, 2) => row(&format!("A20;{0};;actief;{0};consult;;;;", before(today, 400))),
                _ => {}
            }
            match n % 5 {
                0 => row(&format!("K77;{};;actief;;;;;;", before(today, 900))),
                2 => row(&format!("P70;{};;actief;;;;;;", before(today, 500))),
                4 => row(&format!(";;;;{};visite;13034;2808;ja;{0}", before(today, 200))),
                _ => row(";;;;;;;;;"),
            }
        }
    }

    /// Brings the files in: most did so half a year ago, the first some days ago. All looked at their list half a year ago.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn bring_in(
        mut self,
        store: &Store,
        region: &Region,
        seed: u64,
        today: Date,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<(), Error> {
        let mut dice = fastrand::Rng::with_seed(seed ^ 0x0e17_2ac7);
        // So that the next look is due within two weeks.
        let looked = before(today, 172);
        for (nth, at) in region.practices.iter().enumerate() {
            progress(nth, region.practices.len());
            let practice = &region.organisations[*at];
            // Of the practices of a wide region some brought nothing in yet; without an AGB code none can.
            if nth >= place::PRACTICES.len() && nth % NOT_YET == 0 || practice.agb.is_none() {
                continue;
            }
            let file = self.0.entry(*at).or_default();
            // Rows to mend are kept for ninety days.
            let recent = *at == place::PRACTICES[0];
            let day = if recent { before(today, 9) } else { looked };
            for n in 0..OTHERS {
                let year = dice.i32(1930..1975);
                let code = ["N87", "P70", "R95", "X76", "K77", "T90", "A05", ""][n as usize % 8];
                let begun =
                    if code.is_empty() { String::new() } else { before(today, dice.i32(60..2_000)).to_string() };
                let _ = writeln!(file, ";;{};{year}-07-01;;;{code};{begun};;;;;;;;", 5_000 + n);
            }
            if recent {
                for wrong in WRONG {
                    let _ = writeln!(file, "{wrong}");
                }
            }
            let content = [HEAD, file.as_str()].concat().into_bytes();
            let by = program(practice.id.clone());
            let desk = Desk::of(practice);
            let known = digest(Cursor::new(&content)).map_err(|_| Error::Bug("memory cannot be read"))?;
            let known = digest_for(store, &desk, &known, "").await?;
            let id = ExtractId::from_bits(dice.u128(..));
            let about = About { layout: "tijdig".to_owned(), by: by.name.clone(), ..About::default() };
            let now = morning(day);
            let begun = store.begin_extract(&by, &id, &known, &about, None, now).await?;
            let run = store.start_extract(&by, &begun, now).await?;
            let bytes = content.len() as u64;
            let layout = crate::extract::Layout::default();
            let work = Work {
                store: store.clone(),
                by: by.clone(),
                run,
                writes: true,
                keeps_bad: true,
                desk,
                layout,
                about,
                bytes,
                now,
                clock: None,
                today,
                tells: None,
            };
            bring(&work, Cursor::new(content)).await?;
            store.check_candidates(&by, looked, morning(looked)).await?;
            // Rules look at today: whoever is old enough or on the path since then.
            store.work_out_practice(&practice.id, morning(today)).await?;
        }
        Ok(())
    }
}

fn before(today: Date, days: i32) -> Date {
    today.checked_sub(days.days()).unwrap_or(today)
}
