//! `tijdig import`: what it takes.

use super::Where;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `tijdig import`.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// Plans as FHIR: transaction Bundles or QuestionnaireResponses, JSON or XML.
    Fhir {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Name of the organisation that delivers them.
        #[arg(long)]
        organisation: String,
        /// Files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// People who work with it, from a list (CSV): all rows or none.
    People {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// File with the list.
        file: PathBuf,
        /// Name of the organisation, for rows that name none.
        #[arg(long)]
        organisation: Option<String>,
        /// Only tell what would be done.
        #[arg(long)]
        dry_run: bool,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// What a practice's own system (HIS) gives, as CSV: `docs/his-extract.md` names the columns.
    His(His),
    /// The standard's own Questionnaire, served under its canonical from then on (decision 37).
    Questionnaire {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// File with the Questionnaire as JSON or XML.
        file: PathBuf,
    },
}

/// `tijdig import his`.
#[derive(Debug, Args)]
pub struct His {
    /// Where the data is.
    #[command(flatten)]
    pub at: Where,
    /// File to read.
    #[arg(required_unless_present = "undo")]
    pub file: Option<PathBuf>,
    /// Its layout: 'tijdig' for our own columns, or a mapping file (TOML).
    #[arg(long, value_name = "NAME", default_value = "tijdig")]
    pub mapping: String,
    /// AGB code of the practice, for rows that name none.
    #[arg(long, value_name = "AGB")]
    pub practice: Option<String>,
    /// Only tell what is in it.
    #[arg(long)]
    pub dry_run: bool,
    /// Where rows to mend go, as CSV; it holds what the file says of patients.
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// Take back a file that was brought in, by the id that was told then.
    #[arg(long, value_name = "ID", conflicts_with_all = ["file", "dry_run", "faults"])]
    pub undo: Option<String>,
    /// Answer as JSON.
    #[arg(long)]
    pub json: bool,
}
