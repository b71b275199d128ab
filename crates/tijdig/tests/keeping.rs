//! Keeping, as an operator does it: backup, restore, keys and copies by command, while the server runs and is busy;
//! several servers on one database; and a log that somebody tampered with.

#![expect(clippy::unwrap_used, reason = "a test that fails here shows where")]

#[path = "keeping/home.rs"]
mod home;
#[path = "keeping/instances.rs"]
mod instances;
#[path = "keeping/load.rs"]
mod load;
#[path = "keeping/operator.rs"]
mod operator;
#[path = "crash/program.rs"]
#[expect(dead_code, reason = "what this test does not need of the program, the test of crashes does")]
mod program;
#[path = "keeping/tampering.rs"]
mod tampering;

use home::Machine;

macro_rules! on_both {
    ($($name:ident => $test:path;)+) => {
        mod sqlite {
            $(#[test] fn $name() { $test(&super::Machine::sqlite()); })+
        }
        mod postgres {
            $(#[test] fn $name() { if let Some(machine) = super::Machine::postgres() { $test(&machine); } })+
        }
    };
}

on_both! {
    an_operator_keeps_copies_replaces_keys_and_gets_everything_back => crate::operator::story;
    what_is_not_there_is_told_so => crate::nothing_is_said_of_what_is_not_there;
    whatever_is_done_to_the_log_is_told_with_its_place => crate::tampering::story;
}

/// A slip in a path must not read as 'the log is whole'.
fn nothing_is_said_of_what_is_not_there(machine: &Machine) {
    let nowhere = machine.home("nergens");
    let to = machine.path("kopie");
    for asked in [
        &["log", "verify"][..],
        &["log", "verify", "--json"],
        &["client", "list"],
        &["keys", "rotate"],
        &["backup", &to, "--key", &machine.path("sleutel"), "--make-key"],
        &["export", "patient", "niemand", "--to", &to],
        &["import", "fhir", "--organisation", "Praktijk", &to],
    ] {
        nowhere.refused(asked, 1, "geen gegevens");
    }
    assert!(!nowhere.data.exists(), "asking makes nothing");
}

/// Only PostgreSQL serves several instances.
#[test]
fn two_instances_write_at_once_and_the_log_stays_whole() {
    if let Some(machine) = Machine::postgres() {
        instances::story(&machine);
    }
}
