//! The server over HTTP: every interaction, allowed, refused, and with bad input.

#![expect(clippy::unwrap_used, reason = "a test that fails here shows where")]

mod access;
mod account;
mod admin;
mod attack_forms;
mod attack_guess;
mod attack_ids;
mod attacks;
mod attacks_text;
mod backend_services;
mod browser;
mod circle;
mod database;
mod documents;
mod doors;
mod fhir_in;
mod fhir_out;
mod glass;
mod harness;
mod hartman;
mod log;
mod mail;
mod meetings;
mod oauth;
mod on_paper;
mod own;
mod own_doors;
mod people_list;
mod plain;
mod recovery;
mod second_factor;
mod signer;
mod smtp;
mod sound;
mod stranger;
mod stu3;
mod table;
mod table_fhir;
mod table_rows;
mod talks;
mod throttle;
mod toolkit;
mod unread;
mod visitor;
mod work;
