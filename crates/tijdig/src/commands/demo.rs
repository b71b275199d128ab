//! `tijdig demo`: a synthetic region, served (decisions 90 and 91).

use super::serve::{Offers, bind, serve};
use super::{Done, Failure};
use crate::args::Demo;
use crate::config::Config;
use crate::output::{progress, say};
use std::path::{Path, PathBuf};
use web::demo::{Order, Sheet, make};
use web::{AppConfig, Clock, Store};

/// The file that says what is in a demo's folder.
const SHEET: &str = "demo.json";

/// Makes the region, or opens the one that is there, and serves it.
pub async fn run(demo: Demo) -> Done {
    let temporary = match &demo.data {
        Some(_) => None,
        None => Some(tempfile::Builder::new().prefix("tijdig-demo-").tempdir()?),
    };
    let folder: PathBuf = match (&demo.data, &temporary) {
        (Some(data), _) => data.clone(),
        (None, Some(t)) => t.path().to_owned(),
        (None, None) => return Err(Failure::Failed("geen map".to_owned())),
    };
    let known = look(&folder)?;
    std::fs::create_dir_all(&folder)?;
    let listener = bind(demo.listen).await?;
    let mut config = Config::empty();
    config.data = Some(folder.clone());
    config.database.clone_from(&demo.database);
    let base_url = config.base_url(listener.local_addr()?.port());
    let clock = Clock::new(demo.today);
    let settings = config.store();
    match (known.is_some(), Store::is_empty(&settings).await?) {
        (false, false) => return Err(Failure::Failed("Deze database is niet leeg; kies een andere.".to_owned())),
        // The sign-ins of the folder would open nothing.
        (true, true) => {
            let folder = folder.display();
            return Err(Failure::Failed(format!(
                "De demo van {folder} staat niet in deze database; kies een andere map."
            )));
        }
        _ => {}
    }
    let store = Store::open(&settings).await?;
    let mut sheet = match known {
        Some(sheet) => sheet,
        None => fill(&store, &demo, clock).await?,
    };
    sheet.base_url.clone_from(&base_url);
    let app = AppConfig { base_url, today: demo.today, review_months: config.review_months };
    let told = folder.clone();
    let keep = temporary.is_none();
    // Whoever tries it has a receiver on the same machine.
    let offers = Offers { hooks: web::HookSettings { private_addresses: true }, ..Offers::default() };
    let outcome = serve(store, app, offers, listener, web::Shell::default(), move || {
        write(&told, &sheet)?;
        tell(&sheet, keep.then_some(&told));
        Ok(())
    })
    .await;
    drop(temporary);
    outcome
}

/// The demo that is in the folder; an empty or missing folder has none; anything else is left alone.
fn look(folder: &Path) -> Result<Option<Sheet>, Failure> {
    let Ok(mut entries) = std::fs::read_dir(folder) else { return Ok(None) };
    if entries.next().is_none() {
        return Ok(None);
    }
    let other = || {
        Failure::Failed(format!("{} is niet leeg en niet door demo gemaakt; kies een andere map.", folder.display()))
    };
    let text = std::fs::read_to_string(folder.join(SHEET)).map_err(|_| other())?;
    Ok(Some(serde_json::from_str(&text).map_err(|_| other())?))
}

async fn fill(store: &Store, demo: &Demo, clock: Clock) -> Result<Sheet, Failure> {
    let order = Order { patients: demo.patients, seed: demo.seed, today: clock.today(), now: clock.real() };
    let total = demo.patients;
    let sheet = make(store, order, |done| {
        if total > 1_000 {
            progress(&format!("{done} van {total} patiënten"));
        }
    })
    .await?;
    if total > 1_000 {
        progress("\n");
    }
    Ok(sheet)
}

/// Written under another name and renamed when it is whole, so that whoever waits for it never reads half.
fn write(folder: &Path, sheet: &Sheet) -> Done {
    let half = folder.join("demo.json.tmp");
    std::fs::write(&half, serde_json::to_vec_pretty(sheet)?)?;
    std::fs::rename(&half, folder.join(SHEET))?;
    Ok(())
}

fn tell(sheet: &Sheet, folder: Option<&PathBuf>) {
    say(&format!("Tijdig (demo) luistert op {}", sheet.base_url));
    say("");
    say("Inloggen kan als:");
    for user in &sheet.users {
        say(&format!("  {:<24} {:<18} {}, {}", user.username, user.password, user.name, user.organisation));
    }
    say("");
    say("Koppelingen (client_id, client_secret):");
    for client in &sheet.api_clients {
        say(&format!("  {:<24} {}", client.client_id, client.client_secret));
    }
    if let Some(folder) = folder {
        say(&format!("\nAlles staat in {}", folder.join(SHEET).display()));
    }
}
