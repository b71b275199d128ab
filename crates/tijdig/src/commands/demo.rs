//! `tijdig demo`: a synthetic region, served (decisions 90 and 91).

use super::serve::{Offers, bind, serve};
use super::{Done, Failure, close};
use crate::args::Demo;
use crate::config::Config;
use crate::output::{progress, say};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use web::demo::{EACH, ELSEWHERE, FEWEST, Order, Progress, Sheet, make, make_elsewhere};
use web::{App, AppConfig, Clock, SourceFhir, SourceOffers, SourceSettings, Store};

/// The file that says what is in a demo's folder.
const SHEET: &str = "demo.json";
/// Patients, where nobody says how many.
const PATIENTS: u32 = 200;

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
    let (elsewhere, sources) = elsewhere(&folder.join("elders"), &demo, clock, &sheet).await?;
    // Whoever tries it has a receiver on the same machine.
    let hooks = web::HookSettings { private_addresses: true };
    let offers = Offers { hooks, sources, ..Offers::default() };
    let outcome = serve(store, app, offers, listener, web::Shell::default(), move || {
        write(&told, &sheet)?;
        tell(&sheet, keep.then_some(&told));
        Ok(())
    })
    .await;
    close(elsewhere).await?;
    drop(temporary);
    outcome
}

/// Another system with some of the same patients, on a port of its own, that each organisation may ask for its plans. It
/// is kept in the demo's folder, and stays what it was with it.
async fn elsewhere(
    folder: &Path,
    demo: &Demo,
    clock: Clock,
    sheet: &Sheet,
) -> Result<(Store, Vec<SourceSettings>), Failure> {
    std::fs::create_dir_all(folder)?;
    let secret = folder.join("geheim");
    let settings = web::StoreSettings::folder(folder);
    let new = Store::is_empty(&settings).await?;
    let store = Store::open(&settings).await?;
    if new && let Some(client) = make_elsewhere(&store, order(demo, clock)).await? {
        std::fs::write(&secret, client.client_secret)?;
    }
    let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let base_url = format!("http://localhost:{}", listener.local_addr()?.port());
    let config = AppConfig { base_url: base_url.clone(), today: demo.today, review_months: 6 };
    let app = App::new(store.clone(), config, web::install_metrics()?).await?;
    // It ends with the demo.
    tokio::spawn(web::serve(app, listener, std::future::pending()));
    let mut names: Vec<&String> = sheet.users.iter().map(|u| &u.organisation).filter(|o| !o.is_empty()).collect();
    names.sort();
    names.dedup();
    let source = |organisation: &&String| SourceSettings {
        name: ELSEWHERE.to_owned(),
        organisation: (*organisation).clone(),
        fhir: SourceFhir::R4,
        offers: SourceOffers::Blocks,
        address: format!("{base_url}/fhir/r4"),
        token: format!("{base_url}/oauth/token"),
        client_id: "provider-test".to_owned(),
        client_secret_file: secret.clone(),
        scope: "system/*.rs".to_owned(),
        time_limit: 8,
    };
    Ok((store, names.iter().map(source).collect()))
}

fn order(demo: &Demo, clock: Clock) -> Order {
    let usual = if demo.practices > FEWEST { demo.practices * EACH } else { PATIENTS };
    let patients = demo.patients.unwrap_or(usual);
    Order { patients, practices: demo.practices, seed: demo.seed, today: clock.today(), now: clock.real() }
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
    let order = order(demo, clock);
    let total = order.patients;
    let sheet = make(store, order, |done| {
        if total > 1_000 {
            progress(&match done {
                Progress::Patients(done) => format!("{done} van {total} patiënten"),
                Progress::Extracts(done, of) => format!("HIS-extracten: {done} van {of} praktijken"),
            });
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
