//! The store as others use it: one story told on both databases, and what must hold on disk.
//!
//! PostgreSQL is looked for at `TIJDIG_TEST_POSTGRES` (the address of a server on which databases may be made); each
//! test makes its own database there and drops it.

#![expect(clippy::unwrap_used, reason = "a test that fails here shows where")]

mod backup;
mod cards;
mod circle;
mod claims;
mod clients;
mod course;
mod crash;
mod documents;
mod elsewhere;
mod erasure;
mod extracts;
mod figures;
mod glass;
mod groups;
mod hooks;
mod instances;
mod keys;
mod leavers;
mod left;
mod looked;
mod meetings;
mod members;
mod network;
mod outbox;
mod own;
mod path;
mod prepare;
mod raw;
mod rotation;
mod sign_in;
mod talk;
mod tamper;
mod together;
mod told;
mod toolkit;
mod unread;
mod world;

use std::future::Future;
use std::io::Write;
use store::{Database, MasterKey, Settings};
use tempfile::TempDir;
use world::Place;

/// Runs a test on SQLite.
fn on_sqlite<F: Future<Output = ()> + Send + 'static>(test: fn(Place) -> F) {
    let folder = TempDir::new().expect("a folder");
    let settings = Settings::folder(folder.path());
    run(test(Place { settings, folder: folder.path().to_owned() }));
}

/// Runs a test on PostgreSQL, in a database of its own.
fn on_postgres<F: Future<Output = ()> + Send + 'static>(test: fn(Place) -> F) {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration to read it from")]
    let Ok(server) = std::env::var("TIJDIG_TEST_POSTGRES") else {
        skipped("PostgreSQL: set TIJDIG_TEST_POSTGRES to the address of a server to run this test");
        return;
    };
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().to_owned();
    run(async move {
        let name = format!("tijdig_test_{}", domain::ident::id_text(store::random::bits()));
        let (client, connection) =
            tokio_postgres::connect(&server, tokio_postgres::NoTls).await.expect("the server answers");
        tokio::spawn(connection);
        client.batch_execute(&format!("CREATE DATABASE {name}")).await.expect("a database can be made");
        let (before, _) = server.rsplit_once('/').expect("an address ends in a database");
        let settings = Settings {
            database: Database::Postgres { url: format!("{before}/{name}"), keys_url: None, connections: 12 },
            master_key: MasterKey::File(path.join("master.key")),
            anchor_file: path.join("anchor.json"),
        };
        // In a task of its own, so that the database is dropped when the test fails too.
        let ended = tokio::spawn(test(Place { settings, folder: path })).await;
        for name in [format!("{name}_b"), format!("{name}_c"), name] {
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            client.batch_execute(&drop).await.expect("the database is dropped");
        }
        if let Err(failed) = ended {
            std::panic::resume_unwind(failed.into_panic());
        }
    });
}

/// Says it past the test harness, which keeps what passing tests print to itself.
fn skipped(why: &str) {
    let said = std::io::stderr().write_all(format!("SKIPPED: {why}\n").as_bytes());
    said.expect("standard error takes a line");
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .on_thread_start(store::hold_reads)
        .on_thread_park(store::release_reads)
        .build()
        .expect("a runtime")
        .block_on(test);
}

macro_rules! on_both {
    ($($name:ident => $test:path;)+) => {
        mod sqlite {
            $(#[test] fn $name() { super::on_sqlite($test); })+
        }
        mod postgres {
            $(#[test] fn $name() { super::on_postgres($test); })+
        }
    };
}

/// Only PostgreSQL serves several instances.
#[test]
fn two_instances_write_at_once_while_a_third_verifies() {
    on_postgres(instances::together);
}

on_both! {
    a_change_is_told_to_who_is_to_know_until_they_read_it => crate::unread::told;
    a_changed_limit_is_told_to_whoever_looked_lately => crate::unread::urgent;
    the_lead_hears_who_did_not_look => crate::unread::late;
    reading_and_writing_at_once_loses_no_news => crate::unread::racing;
    what_changed_is_mailed_once_and_in_time => crate::outbox::story;
    what_fails_waits_in_order => crate::outbox::failing;
    a_message_has_one_sender => crate::outbox::claiming;
    an_address_counts_when_its_code_came_back => crate::outbox::addresses;
    systems_are_told_of_a_change_once_and_in_order => crate::hooks::story;
    a_kill_loses_and_doubles_no_message => crate::hooks::killed;
    a_hook_goes_with_the_patient_and_stands_still_when_asked => crate::hooks::standing;
    a_version_has_one_card_until_it_is_replaced => crate::cards::story;
    a_card_is_withdrawn_by_hand_by_a_mark_and_by_death => crate::cards::withdrawn;
    what_is_left_of_a_card_when_its_record_goes => crate::cards::left;
    a_key_to_sign_with_is_replaced_and_the_one_before_destroyed => crate::cards::keys;
    the_story => crate::told::story;
    an_assertion_is_taken_once => crate::clients::replay;
    the_glass_is_broken_and_judged => crate::glass::story;
    two_deliveries_that_race_make_one_version => crate::together::race;
    caseload_pages_and_searches_by_name => crate::together::caseload;
    documents_are_kept_with_what_is_said_of_them => crate::documents::story;
    from_a_signal_to_the_review => crate::path::story;
    what_happens_is_followed_up_until_death => crate::course::story;
    conversations_are_prepared_and_held => crate::talk::story;
    material_is_kept_and_its_links_are_known => crate::toolkit::story;
    a_file_of_a_practice_tells_who_is_a_candidate => crate::extracts::story;
    a_line_is_claimed_once_and_its_correction_leaves_a_trace => crate::claims::story;
    what_an_organisation_keeps_is_its_own_and_a_link_opens_one_of_it => crate::network::notes;
    a_phone_votes_once_and_few_answers_are_not_shown => crate::network::rounds;
    a_meeting_decides_and_tasks_follow => crate::meetings::story;
    another_source_disagrees_until_somebody_settles_it => crate::elsewhere::story;
    who_leaves_is_signed_out_at_once => crate::members::leaving;
    who_leaves_leads_nobody_and_keeps_no_task => crate::leavers::story;
    an_import_is_whole_or_nothing => crate::members::importing;
    a_filter_looks_no_further_than_it_says => crate::looked::bounded;
    an_invitation_on_paper_becomes_a_sign_in => crate::own::inviting;
    codes_and_representations_run_out => crate::own::running_out;
    what_the_patient_says_is_answered => crate::own::rights;
    what_is_prepared_at_home_is_theirs => crate::prepare::story;
    many_at_once => crate::together::bulk;
    one_that_fails_takes_no_neighbour_with_it => crate::groups::neighbours;
    rows_of_the_log_are_on_disk_after_closing => crate::groups::closing;
    whatever_is_done_to_the_log_is_found => crate::tamper::tampering;
    versions_are_proven_too => crate::tamper::versions;
    verifying_while_others_write_finds_nothing => crate::tamper::verifying_while_writing;
    a_newer_database_is_refused => crate::keys::newer;
    another_master_key_is_refused => crate::keys::other_master_key;
    a_lost_key_store_is_refused => crate::keys::lost_key_store;
    secrets_stay_the_same => crate::keys::secrets;
    factors_count_once_and_two_people_let_a_third_back_in => crate::sign_in::sign_in;
    nothing_readable_lies_on_disk => crate::raw::nothing_readable;
    a_moved_value_does_not_open => crate::raw::moved;
    a_backup_under_load_is_one_moment => crate::backup::under_load;
    a_backup_comes_back_whole => crate::backup::at_rest;
    a_backup_that_does_not_fit_is_refused => crate::backup::refusals;
    what_changed_is_counted_and_nothing_else => crate::figures::story;
    an_erased_record_is_gone_everywhere => crate::erasure::erased;
    what_somebody_looks_at_still_is_not_called_overwritten => crate::erasure::seen_still;
    an_erasure_that_was_broken_off_is_finished => crate::erasure::broken_off;
    a_copy_for_the_patient_holds_everything => crate::erasure::copy;
    twenty_years_count_from_the_last_medical_change => crate::erasure::retention;
    keys_are_replaced_while_everybody_works => crate::rotation::while_running;
    a_rotation_that_was_broken_off_goes_on => crate::rotation::broken_off;
    a_rotation_that_cannot_be_is_refused => crate::rotation::refusals;
    a_lost_key_store_comes_back_from_its_backup => crate::backup::key_store_alone;
}
