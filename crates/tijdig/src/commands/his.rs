//! `tijdig import his`.

use super::{Done, Failure, close, open};
use crate::args::His;
use crate::output::{complain, progress, say};
use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;
use web::extract::{Desk, Found, Layout, Work, digest, digest_for, layout, repair, run as read};
use web::{About, Agb, Clock, Counts, ExtractId, OrganisationId, Store, program};

/// Rows to mend that are told one by one.
const TOLD: usize = 20;
/// Of a file longer than this, in bytes, it is told how far it is.
const LONG: u64 = 4_000_000;

/// Brings in what a practice's own system gives, or tells what is in it; exit 1 where rows are to be mended.
pub async fn run(his: His) -> Done {
    let (_, store) = open(&his.at).await?;
    let home = his.practice.as_deref().map(Agb::parse).transpose().map_err(|e| Failure::Use(e.to_string()))?;
    let desk = Desk::of_all(&store.organisations().await?, home.as_ref()).map_err(Failure::Use)?;
    let done = match (&his.undo, &his.file) {
        (Some(id), _) => undo(&store, &desk, id).await,
        (None, Some(file)) => bring_in(&store, desk, &his, file).await,
        (None, None) => Err(Failure::Use("Noem een bestand.".to_owned())),
    };
    close(store).await?;
    done
}

/// A layout by its name: our own, or a file.
fn named(name: &str) -> Result<(Layout, String), Failure> {
    let text = if name == Layout::default().name { String::new() } else { opened(Path::new(name))? };
    let layout = layout(&text).map_err(|wrong| Failure::Use(format!("{name}: {}", wrong.join(" "))))?;
    Ok((layout, text))
}

fn opened(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|e| unread(path, &e))
}

/// Why a file cannot be read or written.
fn unread(path: &Path, error: &std::io::Error) -> Failure {
    let path = path.display();
    Failure::Failed(match error.kind() {
        ErrorKind::NotFound => format!("{path}: dit bestand is er niet."),
        ErrorKind::PermissionDenied => format!("{path}: dit bestand mag niet gelezen of geschreven worden."),
        ErrorKind::IsADirectory => format!("{path} is een map; noem een bestand."),
        ErrorKind::InvalidData => format!("{path}: dit bestand is niet in UTF-8 geschreven."),
        _ => format!("{path}: {error}"),
    })
}

async fn undo(store: &Store, desk: &Desk, id: &str) -> Done {
    let id = ExtractId::parse(id).map_err(|e| Failure::Use(e.to_string()))?;
    // A file of several practices is kept as one of them; which one, whoever takes it back need not know.
    let of: Vec<&OrganisationId> =
        desk.home.as_ref().map_or_else(|| desk.practices.values().collect(), |home| vec![home]);
    let now = Clock::default().now();
    for practice in of {
        let is_here = store.extract(practice, &id).await?.is_some();
        if is_here && store.undo_extract(&program(practice.clone()), &id, now).await? {
            say("Teruggedraaid.");
            return Ok(());
        }
    }
    Err(Failure::Failed("Dit extract is er niet, of is al teruggedraaid.".to_owned()))
}

async fn bring_in(store: &Store, desk: Desk, his: &His, path: &Path) -> Done {
    let failed = |e: std::io::Error| unread(path, &e);
    let (layout, mapping) = named(&his.mapping)?;
    let bytes = std::fs::metadata(path).map_err(failed)?.len();
    let content = digest(File::open(path).map_err(failed)?).map_err(failed)?;
    let digest = digest_for(store, &desk, &content, &mapping).await?;
    // A file of several practices is kept as the region's, or whoever brings it in.
    let Some(whose) = desk.home.clone().or_else(|| desk.practices.values().min().cloned()) else {
        return Err(Failure::Failed("Er is geen huisartsenpraktijk met een AGB-code.".to_owned()));
    };
    let by = program(whose.clone());
    let clock = Clock::default();
    let about = About { layout: layout.name.clone(), mapping, by: by.name.clone(), ..About::default() };
    if let Some(known) = store.same_extract(&whose, &digest).await? {
        let told = serde_json::json!({"id": known.id.as_str(), "already": true, "written": false});
        say(&if his.json { told.to_string() } else { format!("Dit bestand is al ingelezen ({}).", known.id) });
        return Ok(());
    }
    let id = (!his.dry_run).then(|| ExtractId::from_bits(web::random_bits()));
    let mut run = None;
    if let Some(id) = &id {
        let begun = store.begin_extract(&by, id, &digest, &about, None, clock.now()).await?;
        run = store.start_extract(&by, &begun, clock.now()).await?;
    }
    let work = Work {
        store: store.clone(),
        by: by.clone(),
        run,
        writes: !his.dry_run,
        // They may be of several practices, and go to --faults.
        keeps_bad: false,
        desk,
        layout,
        about,
        bytes,
        now: clock.now(),
        clock: Some(clock),
        today: clock.today(),
        tells: (!his.json && bytes > LONG).then_some(tell as fn(&Counts)),
    };
    let found = read(&work, File::open(path).map_err(failed)?).await?;
    if work.tells.is_some() {
        progress("\n");
    }
    if let (Some(id), Some(_)) = (&id, &found.about.failed) {
        // Nothing of it was read: nothing of it is kept.
        store.undo_extract(&by, id, clock.now()).await?;
    }
    if let Some(to) = &his.faults {
        std::fs::write(to, repair::file(&found.about.header, &found.bad)).map_err(|e| unread(to, &e))?;
    }
    log(store, &found, &work).await?;
    told(&found, id.as_ref(), his.json);
    match &found.about.failed {
        Some(why) => Err(Failure::Failed(format!("{}: {why}", path.display()))),
        None if found.counts.wrong > 0 => {
            Err(Failure::Failed(format!("{} rijen kloppen niet; de andere tellen mee.", found.counts.wrong)))
        }
        None => Ok(()),
    }
}

fn tell(counts: &Counts) {
    let part = counts.read.saturating_mul(100) / counts.bytes.max(1);
    progress(&format!("{part:>3}%: {} rijen, {} met een fout", counts.rows, counts.wrong));
}

/// A row of the log for each practice whose rows were in the file.
async fn log(store: &Store, found: &Found, work: &Work) -> Done {
    if !work.writes || found.about.failed.is_some() {
        return Ok(());
    }
    for (practice, rows) in &found.practices {
        web::extract::told(store, practice, *rows, work.now).await?;
    }
    Ok(())
}

fn told(found: &Found, id: Option<&ExtractId>, json: bool) {
    let (c, bad) = (found.counts, &found.bad);
    let of_practice = |(id, rows): (&OrganisationId, &u64)| (id.as_str().to_owned(), serde_json::json!(rows));
    if json {
        let practices: serde_json::Map<_, _> = found.practices.iter().map(of_practice).collect();
        let told = serde_json::json!({
            "id": id.map(ExtractId::as_str), "written": id.is_some() && found.about.failed.is_none(),
            "rows": c.rows, "wrong": c.wrong, "kept": c.kept, "patients": c.patients, "own": c.own,
            "new": c.new, "known": c.known, "practices": practices, "failed": found.about.failed,
            "reasons": found.about.reasons.iter().map(|(why, n)| serde_json::json!({"why": why, "rows": n})).collect::<Vec<_>>(),
            "faults": bad.iter().map(|row| serde_json::json!({"row": row.line, "why": row.reasons})).collect::<Vec<_>>(),
        });
        say(&told.to_string());
        return;
    }
    // Why it could not be read is told as what failed.
    if found.about.failed.is_some() {
        return;
    }
    for row in bad.iter().take(TOLD) {
        complain(&format!("rij {}: {}", row.line, row.reasons.join(" ")));
    }
    if bad.len() > TOLD {
        complain(&format!("en nog {} rijen; met --faults FILE komen zij alle in een bestand.", bad.len() - TOLD));
    }
    let done =
        id.map_or_else(|| "niets geschreven".to_owned(), |id| format!("ingelezen; terugdraaien kan met --undo {id}"));
    say(&format!(
        "{} rijen, {} met een fout; {} patiënten bewaard, van wie {} hier bekend: {done}.",
        c.rows, c.wrong, c.patients, c.own
    ));
}
