//! The command line, parsed once into what the commands need (DESIGN section 6).

use crate::output::complain;
use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};
use jiff::civil::Date;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use web::demo::{FEWEST, MOST};

mod hook;
mod import;

pub use hook::Hook;
pub use import::{His, Import};

/// Proactieve zorgplanning: van het eerste signaal tot de evaluatie.
#[derive(Debug, Parser)]
#[command(name = "tijdig", version, disable_help_subcommand = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where the data is.
#[derive(Debug, Clone, Args, Default)]
pub struct Where {
    /// Data folder: database (SQLite), keys, and what goes with them.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Configuration file (TOML).
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Database instead of SQLite in the data folder: postgres://…
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a synthetic region and serve it.
    Demo(Demo),
    /// Serve.
    Serve {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Address to listen on; goes before the configuration file's.
        #[arg(long)]
        listen: Option<SocketAddr>,
    },
    /// Bring the database up to this version of the program.
    Migrate {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
    },
    /// Write a backup to a new file, sealed with a key of its own; also while the server runs.
    Backup(Backup),
    /// Put a backup back where nothing is yet.
    Restore(Restore),
    /// The keys under which everything is sealed.
    #[command(subcommand)]
    Keys(Keys),
    /// Take data out.
    #[command(subcommand)]
    Export(Export),
    /// People who sign in.
    #[command(subcommand)]
    User(User),
    /// Systems that exchange.
    #[command(subcommand)]
    Client(Client),
    /// Bring data in.
    #[command(subcommand)]
    Import(Import),
    /// The log.
    #[command(subcommand)]
    Log(Log),
    /// The links of the toolkit.
    #[command(subcommand)]
    Links(Links),
    /// Figures to take along.
    #[command(subcommand)]
    Report(Report),
    /// Which version this is.
    Version {
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// `tijdig demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Data folder; without it a temporary one is used and removed at the end.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Number of patients; 200 where absent, and with more practices 150 for each.
    #[arg(long)]
    pub patients: Option<u32>,
    /// Number of practices; with more than three a wide region over three years.
    #[arg(long, default_value_t = FEWEST, value_parser = clap::value_parser!(u32).range(i64::from(FEWEST)..=i64::from(MOST)))]
    pub practices: u32,
    /// Database instead of SQLite in the data folder: postgres://…
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Which region: the same seed gives the same data.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Day of care, YYYY-MM-DD; the real day where absent.
    #[arg(long, value_name = "DATE")]
    pub today: Option<Date>,
}

/// `tijdig backup`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Backup {
    /// Where the data is.
    #[command(flatten)]
    pub at: Where,
    /// File to write.
    pub file: PathBuf,
    /// The key store instead of the data: keep the two apart, and replace this one after each erasure.
    #[arg(long)]
    pub keys: bool,
    /// File with the key that seals backups; the configuration's `backup_key_file` where absent.
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Make the file of --key first.
    #[arg(long)]
    pub make_key: bool,
    /// Put it in the place of a file that is there.
    #[arg(long)]
    pub replace: bool,
    /// Answer as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `tijdig restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// Where it goes: an empty or missing folder, or an empty database.
    #[command(flatten)]
    pub at: Where,
    /// Backup of the data.
    #[arg(required_unless_present = "keys")]
    pub file: Option<PathBuf>,
    /// Backup of the key store; without it the one that is there is used.
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// File with the key of the backups; the configuration's `backup_key_file` where absent.
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Answer as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `tijdig keys`.
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Replace the master key, and the keys by which patients are found; also while the server runs. Goes on with what
    /// was broken off.
    Rotate {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Then take the older master keys from the key file: older copies of the key store are void from then on.
        #[arg(long)]
        forget_old: bool,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make a new key to sign emergency cards with, and destroy the one before; also while the server runs. Cards that
    /// were signed before can still be checked.
    Card {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// `tijdig export`.
#[derive(Debug, Subcommand)]
pub enum Export {
    /// A complete copy of one patient's record and log, as JSON.
    Patient {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Id, as in /patienten/{id}.
        id: String,
        /// File to write; it holds everything in readable form.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// `tijdig user`.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a person who can sign in; the password is read from the standard input.
    Add {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// User name.
        username: String,
        /// Full name: given names, then family name with its prefix.
        #[arg(long)]
        name: String,
        /// Role's code, such as gp or district-nurse.
        #[arg(long)]
        role: String,
        /// Organisation's name; made where it is not there, with --kind.
        #[arg(long)]
        organisation: String,
        /// Kind of a new organisation: gp-practice, home-care, nursing-home, hospital, hospice, out-of-hours, other.
        #[arg(long)]
        kind: Option<String>,
        /// AGB code of the person.
        #[arg(long)]
        agb: Option<String>,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// `tijdig client`.
#[derive(Debug, Subcommand)]
pub enum Client {
    /// Add a system that exchanges over FHIR. With its public keys it signs in by private_key_jwt; without, it gets a
    /// secret, which is shown once.
    Add {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Client id.
        id: String,
        /// Scopes, such as "system/*.rs".
        #[arg(long)]
        scope: String,
        /// Organisation's name.
        #[arg(long)]
        organisation: String,
        /// Kind of a new organisation.
        #[arg(long)]
        kind: Option<String>,
        /// What it asks for: treatment, or emergency.
        #[arg(long, default_value = "treatment")]
        purpose: String,
        /// Its public keys.
        #[command(flatten)]
        keys: PublicKeys,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show the systems there are.
    List {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Shut a system out; its tokens stop working at its next request.
    Disable {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Client id.
        id: String,
    },
    /// Let a system in again.
    Enable {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Client id.
        id: String,
    },
    /// Give a system another secret, which is shown once; the old one and its tokens stop working.
    RotateSecret {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Client id.
        id: String,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Give a system other public keys; its tokens, and a secret if it had one, stop working.
    Keys {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Client id.
        id: String,
        /// Its public keys.
        #[command(flatten)]
        keys: PublicKeys,
    },
    /// Where a system is told that plans changed.
    #[command(subcommand)]
    Hook(Hook),
}

/// Public keys of a system.
#[derive(Debug, Clone, Args, Default)]
#[group(multiple = false)]
pub struct PublicKeys {
    /// File with its JWK set.
    #[arg(long, value_name = "FILE")]
    pub jwks: Option<PathBuf>,
    /// Address of its JWK set, https.
    #[arg(long, value_name = "URL")]
    pub jwks_url: Option<String>,
}

/// `tijdig log`.
#[derive(Debug, Subcommand)]
pub enum Log {
    /// Prove that the log is whole.
    Verify {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// `tijdig links`.
#[derive(Debug, Subcommand)]
pub enum Links {
    /// Ask whether they still answer, and mark those that do not. Only the public web is asked.
    Check {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// `tijdig report`.
#[derive(Debug, Subcommand)]
pub enum Report {
    /// The figures of a region. The ending of the file says in which form: pdf, csv, xlsx, or json (FHIR MeasureReport).
    Region {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// File to write.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        /// Name of the region, where there are several.
        #[arg(long, value_name = "NAME")]
        region: Option<String>,
        /// The year; this one where absent.
        #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(1990..2200))]
        year: Option<i16>,
    },
}

/// Parses the command line. Help and the version are shown; wrong use is told in one or two lines, and is a 2.
///
/// # Errors
/// The code to end with, where everything is said.
pub fn parse() -> Result<Command, ExitCode> {
    match Cli::try_parse() {
        Ok(cli) => Ok(cli.command),
        Err(error) => {
            let is_help = matches!(
                error.kind(),
                ErrorKind::DisplayHelp
                    | ErrorKind::DisplayVersion
                    | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            );
            if is_help {
                let _ = error.print();
            } else {
                complain(&briefly(&error.to_string()));
            }
            Err(if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS })
        }
    }
}

/// What is wrong in a line, and how it is used in another.
fn briefly(said: &str) -> String {
    let mut parts = said.split("\n\n").map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "));
    let wrong = parts.next().unwrap_or_default();
    let usage = parts.find(|p| p.starts_with("Usage:")).unwrap_or_else(|| "Zie --help.".to_owned());
    format!("{}\n{usage}", wrong.trim_start_matches("error: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(words: &[&str]) -> String {
        briefly(&Cli::try_parse_from(words).unwrap_err().to_string())
    }

    #[test]
    fn wrong_use_is_told_in_two_lines() {
        assert_eq!(
            wrong(&["tijdig", "backup", "--data", "x"]),
            "the following required arguments were not provided: <FILE>\nUsage: tijdig backup --data <DIR> <FILE>"
        );
        assert_eq!(wrong(&["tijdig", "onzin"]), "unrecognized subcommand 'onzin'\nUsage: tijdig <COMMAND>");
        assert_eq!(
            wrong(&["tijdig", "demo", "--patients", "veel"]),
            "invalid value 'veel' for '--patients <PATIENTS>': invalid digit found in string\nZie --help."
        );
    }
}
