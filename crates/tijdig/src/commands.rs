//! One file per command; each answers done (0), failed (1) or wrong use (2).

mod backup;
mod client;
mod demo;
mod export;
mod his;
mod import;
mod keys;
mod links;
mod log;
mod migrate;
mod people;
mod report;
mod restore;
mod serve;
mod user;

use crate::args::{Command, Export, Import, Keys, Links, Log, Report, User, Where};
use crate::config::Config;
pub use crate::failure::Failure;
use crate::output::{complain, say};
use std::process::ExitCode;
use web::{Clock, Organisation, OrganisationKind, Store};

type Done = Result<(), Failure>;

/// Runs a command.
pub fn run(command: Command) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .on_thread_start(web::hold_reads)
        .on_thread_park(web::release_reads)
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&error.to_string());
            return ExitCode::from(1);
        }
    };
    match runtime.block_on(dispatch(command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Use(why)) => {
            complain(&why);
            ExitCode::from(2)
        }
        Err(Failure::Failed(why)) => {
            complain(&why);
            ExitCode::from(1)
        }
    }
}

async fn dispatch(command: Command) -> Done {
    match command {
        Command::Demo(demo) => demo::run(demo).await,
        Command::Serve { at, listen } => serve::run(&at, listen).await,
        Command::Migrate { at } => migrate::run(&at).await,
        Command::Backup(backup) => backup::run(backup).await,
        Command::Restore(restore) => restore::run(restore).await,
        Command::Keys(Keys::Rotate { at, forget_old, json }) => keys::rotate(&at, forget_old, json).await,
        Command::Keys(Keys::Card { at, json }) => keys::card(&at, json).await,
        Command::Export(Export::Patient { at, id, to, json }) => export::patient(&at, &id, &to, json).await,
        Command::User(add @ User::Add { .. }) => user::add(add).await,
        Command::Client(command) => client::run(command).await,
        Command::Import(Import::Fhir { at, organisation, files, json }) => {
            import::fhir(&at, &organisation, &files, json).await
        }
        Command::Import(Import::People { at, file, organisation, dry_run, json }) => {
            people::people(&at, &file, organisation.as_deref(), dry_run, json).await
        }
        Command::Import(Import::His(his)) => his::run(his).await,
        Command::Import(Import::Questionnaire { at, file }) => import::questionnaire(&at, &file).await,
        Command::Links(Links::Check { at, json }) => links::check(&at, json).await,
        Command::Report(Report::Region { at, to, region, year }) => {
            report::region(&at, &to, region.as_deref(), year).await
        }
        Command::Log(Log::Verify { at, json }) => log::verify(&at, json).await,
        Command::Version { json } => {
            let version = env!("CARGO_PKG_VERSION");
            say(&if json { format!("{{\"version\":\"{version}\"}}") } else { format!("tijdig {version}") });
            Ok(())
        }
    }
}

/// Opens the store that the command line names, which has to be there: nothing can be said of what is in the wrong place.
async fn open(at: &Where) -> Result<(Config, Store), Failure> {
    let config = Config::of(at).map_err(Failure::Use)?;
    if Store::is_empty(&config.store()).await? {
        let place = match &config.database {
            // There may be a password in its address.
            Some(_) => "deze database".to_owned(),
            None => config.data().display().to_string(),
        };
        return Err(Failure::Failed(format!("In {place} staan geen gegevens van Tijdig. Klopt --data of --config?")));
    }
    let store = Store::open(&config.store()).await?;
    Ok((config, store))
}

/// Opens the store that the command line names, and makes it where it is not there yet.
async fn open_or_make(at: &Where) -> Result<(Config, Store), Failure> {
    let config = Config::of(at).map_err(Failure::Use)?;
    let store = Store::open(&config.store()).await?;
    Ok((config, store))
}

/// The organisation with this name, made where it is not there and its kind is given.
async fn organisation(store: &Store, name: &str, kind: Option<&str>) -> Result<Organisation, Failure> {
    if let Some(found) = store.organisations().await?.into_iter().find(|o| o.name == name) {
        return Ok(found);
    }
    let Some(kind) = kind else {
        return Err(Failure::Use(format!(
            "Er is geen organisatie '{name}'. Met user add of client add en --kind wordt zij gemaakt."
        )));
    };
    let kind = OrganisationKind::of_code(kind).ok_or_else(|| {
        Failure::Use(
            "Soorten: gp-practice, home-care, nursing-home, hospital, hospice, out-of-hours, other.".to_owned(),
        )
    })?;
    let organisation = web::people::new_organisation(name, kind);
    store.add_organisation(&web::program(organisation.id.clone()), &organisation, Clock::default().real()).await?;
    Ok(organisation)
}

/// Ends quietly: what is in the queue is written first.
async fn close(store: Store) -> Done {
    store.close().await?;
    Ok(())
}
