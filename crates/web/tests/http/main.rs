//! The server over HTTP: every interaction, allowed, refused, and with bad input.

#![expect(clippy::unwrap_used, reason = "a test that fails here shows where")]

mod access;
mod attacks;
mod attacks_text;
mod backend_services;
mod browser;
mod circle;
mod doors;
mod fhir_in;
mod fhir_out;
mod glass;
mod harness;
mod hartman;
mod oauth;
mod plain;
mod signer;
mod stranger;
mod visitor;
