//! Bringing in what a practice's own system (HIS) gives (M1): a file read row by row in a thread of its own, handed over in
//! batches, and written by another, so that a file of any size takes a bounded room. First as a trial that writes nothing but
//! which rows are to be mended; then for good.

mod cells;
mod mapping;
mod parse;
mod records;
pub mod repair;

pub use domain::extract::Layout;
pub use mapping::layout;

use crate::app::program;
use crate::clock::Clock;
use domain::access::Actor;
use domain::candidates::wanted;
use domain::extract::{FactKind, Wanted};
use domain::ident::{Agb, OrganisationId};
use jiff::Timestamp;
use jiff::civil::Date;
use parse::Part;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::Read;
use store::extracts::{About, BadRow, Batch, Counts, Run, State};
use store::log::{Event, Outcome};
use store::organisations::Organisation;
use store::{Error, Store};

/// Rows to mend that are kept of one file.
pub const MOST_BAD: usize = 10_000;
/// Batches on their way: one that is written, and one that waits.
const ON_THEIR_WAY: usize = 2;

/// Whose rows a file may hold.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Practices by AGB code.
    pub practices: HashMap<String, OrganisationId>,
    /// Whose a row is that names none; absent: each row has to name one.
    pub home: Option<OrganisationId>,
}

impl Desk {
    /// For one practice, and no other.
    pub fn of(practice: &Organisation) -> Self {
        let agb = practice.agb.as_ref().map(|agb| (agb.as_str().to_owned(), practice.id.clone()));
        Self { practices: agb.into_iter().collect(), home: Some(practice.id.clone()) }
    }

    /// For all of these; a row that names none is of `home`.
    ///
    /// # Errors
    /// Where no practice has that code.
    pub fn of_all(all: &[Organisation], home: Option<&Agb>) -> Result<Self, String> {
        let practices: HashMap<String, OrganisationId> = all
            .iter()
            .filter(|o| o.kind == store::organisations::OrganisationKind::GpPractice)
            .filter_map(|o| Some((o.agb.as_ref()?.as_str().to_owned(), o.id.clone())))
            .collect();
        let home = match home {
            Some(agb) => Some(
                practices
                    .get(agb.as_str())
                    .cloned()
                    .ok_or_else(|| format!("Er is geen huisartsenpraktijk met AGB-code {}.", agb.as_str()))?,
            ),
            None => None,
        };
        Ok(Self { practices, home })
    }
}

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Work {
    /// Where things are kept.
    pub store: Store,
    /// Who brings it in.
    pub by: Actor,
    /// As which file it is kept, and in which turn; absent: nothing at all is written.
    pub run: Option<Run>,
    /// For good; else only which rows are to be mended.
    pub writes: bool,
    /// Rows to mend are kept with the file; else they are only told. A file of several practices keeps none: they would all be
    /// the first one's.
    pub keeps_bad: bool,
    /// Whose rows it may hold.
    pub desk: Desk,
    /// Its layout.
    pub layout: Layout,
    /// What is known of it.
    pub about: About,
    /// Its length.
    pub bytes: u64,
    /// When it begins.
    pub now: Timestamp,
    /// The clock by which it goes on; absent: time stands still.
    pub clock: Option<Clock>,
    /// Today.
    pub today: Date,
    /// Who is told how far it is, after each part.
    pub tells: Option<fn(&Counts)>,
}

impl Work {
    fn time(&self) -> Timestamp {
        self.clock.map_or(self.now, Clock::now)
    }
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// How many of what.
    pub counts: Counts,
    /// What is wrong, columns, and the like.
    pub about: About,
    /// Rows to mend, where they are kept nowhere else.
    pub bad: Vec<BadRow>,
    /// Rows by practice.
    pub practices: BTreeMap<OrganisationId, u64>,
}

/// The digest of a file, by which it is known again.
///
/// # Errors
/// Where it cannot be read.
pub fn digest(mut source: impl Read) -> std::io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut room = vec![0; 64 << 10];
    loop {
        let read = source.read(&mut room)?;
        if read == 0 {
            return Ok(hash.finalize().into());
        }
        hash.update(&room[..read]);
    }
}

/// Puts in the log that a file held rows of a practice, with their number.
///
/// # Errors
/// Where the store fails.
pub async fn told(store: &Store, practice: &OrganisationId, rows: u64, now: Timestamp) -> Result<(), Error> {
    let event = Event {
        at: now,
        actor: Some(&program(practice.clone())),
        action: "extract",
        data: &format!("{rows} rows of this practice"),
        patient: None,
        outcome: Outcome::Done,
        detail: None,
    };
    store.event(event).await
}

/// What the rules of each of these practices ask for.
async fn asked_for(store: &Store, desk: &Desk) -> Result<BTreeMap<OrganisationId, Wanted>, Error> {
    let mut all = BTreeMap::new();
    for practice in desk.practices.values().chain(&desk.home).collect::<BTreeSet<_>>() {
        all.insert(practice.clone(), wanted(&store.rules_in_use(practice).await?));
    }
    Ok(all)
}

/// The digest of a file together with how it is read and what is asked of it: the same file may be read again once the mapping
/// says something else, or the rules ask for more.
///
/// # Errors
/// Where the store fails.
pub async fn digest_for(store: &Store, desk: &Desk, content: &[u8; 32], mapping: &str) -> Result<[u8; 32], Error> {
    let mut hash = Sha256::new();
    hash.update(content);
    hash.update(Sha256::digest(mapping.trim()));
    for (practice, wanted) in asked_for(store, desk).await? {
        hash.update(practice.as_str());
        for (kind, code) in &wanted.codes {
            hash.update([0]);
            hash.update(FactKind::code(*kind));
            hash.update(code);
        }
        hash.update([0, 0]);
        hash.update(wanted.from_age.unwrap_or(0).to_be_bytes());
    }
    Ok(hash.finalize().into())
}

/// Reads a file to its end, and writes what is to be written. Each part is on disk before the next but one is read.
///
/// # Errors
/// Where the store fails. What is wrong with the file stands in what was found.
pub async fn run(work: &Work, source: impl Read + Send + 'static) -> Result<Found, Error> {
    let wanted = asked_for(&work.store, &work.desk).await?;
    let (sender, mut parts) = tokio::sync::mpsc::channel(ON_THEIR_WAY);
    let reading = parse::Reading::of(work, wanted);
    let thread = tokio::task::spawn_blocking(move || reading.run(source, &sender));
    let mut found = Found { about: work.about.clone(), ..Found::default() };
    found.counts.bytes = work.bytes;
    let mut seen = HashSet::new();
    let mut number = 0;
    while let Some(part) = parts.recv().await {
        take(work, &mut found, &mut seen, number, part).await?;
        number += 1;
        if let Some(tell) = work.tells {
            tell(&found.counts);
        }
    }
    thread.await.map_err(|_| Error::Bug("the thread that reads a file stopped"))?;
    found.about.whole = found.about.failed.is_none();
    if let Some(run) = &work.run {
        if work.writes && found.about.whole {
            let worked = work.store.work_out_extract(run, &|| work.time()).await?;
            let counts = &mut found.counts;
            (counts.patients, counts.own, counts.new, counts.known) =
                (worked.patients, worked.own, worked.new, worked.known);
        }
        let state = if work.writes && found.about.whole { State::Done } else { State::Tried };
        work.store.note_extract(&work.by, run, state, &found.counts, Some(&found.about), work.time()).await?;
    }
    Ok(found)
}

/// Takes a part over into what was found, and writes it where it is to be.
async fn take(
    work: &Work,
    found: &mut Found,
    seen: &mut HashSet<store::extracts::Subject>,
    number: u32,
    part: Part,
) -> Result<(), Error> {
    let Part { rows, wrong, kept, read, subjects, mut bad, reasons, practices, header, passed_over, failed } = part;
    found.counts.rows += rows;
    found.counts.wrong += wrong;
    found.counts.kept += kept;
    found.counts.read = read;
    for (organisation, rows) in practices {
        *found.practices.entry(organisation).or_default() += rows;
    }
    for (reason, times) in reasons {
        match found.about.reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, all)) => *all += times,
            None => found.about.reasons.push((reason, times)),
        }
    }
    found.about.reasons.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    if !header.is_empty() {
        (found.about.header, found.about.passed_over) = (header, passed_over);
    }
    found.about.failed = found.about.failed.take().or(failed);
    for one in &subjects {
        if !work.writes && seen.insert(work.store.subject(&one.organisation, &one.who)) {
            found.counts.patients += 1;
            if let Some(bsn) = &one.who.bsn {
                let own = work.store.own_patient(&one.organisation, bsn, work.now).await?;
                found.counts.own += u64::from(own.is_some());
            }
        }
    }
    if work.run.is_none() || !work.keeps_bad {
        bad.truncate(MOST_BAD.saturating_sub(found.bad.len()));
        found.bad.append(&mut bad);
    }
    let Some(run) = &work.run else { return Ok(()) };
    let subjects = if work.writes { subjects } else { Vec::new() };
    let batch = Batch { part: number, subjects, bad };
    work.store.put_extract(run, batch, &found.counts, work.time()).await
}

#[cfg(test)]
mod tests;
