//! Where things are kept: patients, plans, people and the log, in SQLite or PostgreSQL, sealed at rest (DESIGN
//! section 3, decisions 70 to 76).
//!
//! Every function that touches a patient takes a `&Permit`, and writes its row of the log from it. Time is a
//! parameter. Nothing here knows HTTP or FHIR.

pub mod accounts;
pub mod anchor;
pub mod backup;
pub mod bulk;
pub mod candidates;
pub mod cards;
pub mod ceremonies;
pub mod claims;
pub mod clients;
mod db;
pub mod documents;
pub mod drafts;
mod elsewhere;
pub mod erasure;
mod error;
pub mod export;
pub mod extracts;
pub mod factors;
pub mod figures;
pub mod glass;
pub mod hooks;
mod job;
pub mod known;
pub mod leads;
mod leavers;
pub mod log;
pub mod mail_address;
pub mod meetings;
pub mod notes;
pub mod organisations;
pub mod outbox;
pub mod path;
pub mod patients;
pub mod people;
mod permits;
pub mod plans;
mod postgres;
pub mod practices;
pub mod preparations;
pub mod questionnaires;
pub mod random;
pub mod readings;
pub mod recovery;
pub mod retention;
pub mod rights;
pub mod rotate;
pub mod rounds;
mod schema;
mod seal;
pub mod second_factor;
pub mod secrets;
pub mod sessions;
mod settings;
pub mod sharing;
mod sqlite;
mod store;
pub mod tasks;
pub mod team;
pub mod toolkit;
mod value;
pub mod verify;

pub use error::{Error, Result};
pub use settings::{Database, MasterKey, Settings};
pub use sqlite::{hold_reads, release_reads};
pub use store::{Migrated, Store};
