//! The server over HTTP: every interaction, allowed, refused, and with bad input.

mod access;
mod fhir_in;
mod fhir_out;
mod hartman;
mod harness;
mod oauth;
mod plain;
