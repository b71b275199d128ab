//! The command: parse, configure, wire, run.

mod args;
mod commands;
mod config;
mod output;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::run(args::parse())
}
