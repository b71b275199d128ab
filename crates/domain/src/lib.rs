//! What a plan for proactive care planning (PZP) is, who may do what, and what is due: pure types and rules.
//!
//! Nothing here does input or output, is async, or reads a clock: time and randomness are parameters.

pub mod access;
pub mod administration;
pub mod candidates;
pub mod card;
pub mod claims;
pub mod code;
mod coded;
pub mod conflicts;
pub mod consent;
pub mod date;
pub mod document;
pub mod elsewhere;
pub mod extract;
pub mod figures;
pub mod form;
pub mod glass;
pub mod handover;
pub mod happening;
pub mod hook;
pub mod ident;
pub mod lead;
pub mod meeting;
pub mod onward;
pub mod organisation;
pub mod outbox;
pub mod path;
pub mod patient;
pub mod people;
pub mod plan;
pub mod policy;
pub mod practice;
pub mod prepare;
pub mod purpose;
pub mod review;
pub mod rights;
pub mod role;
pub mod seen;
pub mod signal;
pub mod talk;
pub mod task;
pub mod toolkit;
pub mod unread;
pub mod words;
