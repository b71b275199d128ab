//! `tijdig client hook`.

use super::Where;
use clap::Subcommand;

/// `tijdig client hook`.
#[derive(Debug, Subcommand)]
pub enum Hook {
    /// Add an address: a webhook, whose secret is shown once, or an origin for FHIR Subscriptions.
    Add {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Client id.
        id: String,
        /// The address, https.
        #[arg(long, value_name = "URL")]
        address: String,
        /// What it is: webhook, or origin.
        #[arg(long, default_value = "webhook")]
        kind: String,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show the addresses of a system.
    List {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Client id.
        id: String,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Send nothing to an address for now; what changes meanwhile is not sent later.
    Pause {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Client id.
        id: String,
        /// Id of the address, as `list` shows it.
        hook: String,
    },
    /// Send to an address again.
    Resume {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Client id.
        id: String,
        /// Id of the address.
        hook: String,
    },
    /// Remove an address.
    Remove {
        /// Where the data is.
        #[command(flatten)]
        at: Where,
        /// Client id.
        id: String,
        /// Id of the address.
        hook: String,
    },
}
