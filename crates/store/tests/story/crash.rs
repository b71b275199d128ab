//! What was acknowledged survives: a process that is killed while it writes, and what it did before each answer.
//!
//! The process is this test program itself, run again for [`child`] alone.

use crate::skipped;
use crate::world::{Place, at, gp, may, registered, says, version};
use domain::access::Action;
use domain::ident::PatientId;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use store::plans::{WriteVersion, Written};
use store::{Settings, Store};
use tempfile::TempDir;

/// Tells the child its folder, and how many versions each of its writers makes.
const FOLDER: &str = "TIJDIG_TEST_CHILD_FOLDER";
const ROUNDS: &str = "TIJDIG_TEST_CHILD_ROUNDS";
const WRITERS: u32 = 16;

#[expect(clippy::disallowed_methods, reason = "a test's child is told by its environment")]
fn told(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// One whole line at once, past the test harness.
fn say(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// What the other tests run in a process of its own; without a folder there is nothing to do.
#[test]
fn child() {
    let Some(folder) = told(FOLDER) else { return };
    let rounds: u32 = told(ROUNDS).unwrap().parse().unwrap();
    crate::run(async move {
        let store = Store::open(&Settings::folder(Path::new(&folder))).await.unwrap();
        let write = |n| tokio::spawn(writer(store.clone(), n, rounds));
        let writers: Vec<_> = (0..WRITERS).map(write).collect();
        for writer in writers {
            writer.await.unwrap();
        }
        store.close().await.unwrap();
    });
}

async fn writer(store: Store, n: u32, rounds: u32) {
    let id = registered(&store, n, 0).await;
    for number in 1..=rounds {
        let version = version(number, &format!("wens {number}"), &gp(1), at(number.into()));
        let write = WriteVersion::of(number - 1, &version);
        say(&format!("begin {id} {number}"));
        let written = store.write_version(&may(&gp(1), Action::RecordPlan, &id), write, at(number.into())).await;
        assert_eq!(written.unwrap(), Written::Done(number));
        say(&format!("done {id} {number}"));
        store.read(&may(&gp(1), Action::ReadPlan, &id), at(number.into()), "plan").await.unwrap().unwrap();
    }
}

/// This program again, for the child alone.
fn again(command: &mut Command, folder: &Path, rounds: u32) {
    command.args(["crash::child", "--exact", "--nocapture", "--test-threads=1"]);
    command.env(FOLDER, folder).env(ROUNDS, rounds.to_string()).stdout(Stdio::null()).stderr(Stdio::piped());
}

/// The word, the patient and the version of a line.
fn read_line(line: &str) -> Option<(&str, PatientId, u32)> {
    let mut words = line.split_whitespace();
    let word = words.next().filter(|w| matches!(*w, "begin" | "done"))?;
    Some((word, PatientId::parse(words.next()?).ok()?, words.next()?.parse().ok()?))
}

#[test]
fn a_kill_loses_nothing_that_was_acknowledged() {
    let folder = TempDir::new().unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    again(&mut command, folder.path(), 1_000_000);
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut acknowledged: HashMap<PatientId, u32> = HashMap::new();
    let mut count = 0;
    for line in lines.map_while(Result::ok) {
        if let Some(("done", id, number)) = read_line(&line) {
            acknowledged.insert(id, number);
            count += 1;
            if count == 300 {
                child.kill().unwrap();
            }
        }
    }
    child.wait().unwrap();
    assert!(count >= 300, "the child wrote {count} versions");
    assert_eq!(acknowledged.len(), WRITERS as usize);

    let settings = Settings::folder(folder.path());
    let place = Place { settings, folder: folder.path().to_owned() };
    crate::run(async move {
        let store = place.open().await;
        for (id, number) in &acknowledged {
            let permit = may(&gp(1), Action::ReadPlan, id);
            let plan = store.read(&permit, at(1), "plan").await.unwrap().unwrap().plan.unwrap();
            assert!(plan.number == *number || plan.number == number + 1, "{} for {number}", plan.number);
            assert_eq!(says(&plan.content), format!("wens {}", plan.number));
        }
        let report = store.verify().await.unwrap();
        assert!(report.is_whole(), "{report:?}");
        // And it goes on from there.
        let (id, _) = acknowledged.into_iter().next().unwrap();
        let permit = may(&gp(1), Action::RecordPlan, &id);
        let newest = store.read(&permit, at(2), "plan").await.unwrap().unwrap().plan.unwrap().number;
        let next = version(newest + 1, "verder", &gp(1), at(3));
        let written = store.write_version(&permit, WriteVersion::of(newest, &next), at(3)).await.unwrap();
        assert_eq!(written, Written::Done(newest + 1));
        assert!(store.verify().await.unwrap().is_whole());
        store.close().await.unwrap();
    });
}

/// A call to fsync or fdatasync on the write-ahead log: lines of the trace at which it began and ended.
struct Synced {
    began: usize,
    ended: usize,
}

/// A kill does not show that data reached the disk, so the calls are counted: between a request and its answer there
/// is one on the write-ahead log, and fewer of them than answers.
#[test]
fn each_answer_comes_after_the_disk_was_synced() {
    let folder = TempDir::new().unwrap();
    let trace = folder.path().join("trace");
    let mut command = Command::new("strace");
    command.args(["-f", "-y", "-s", "80", "-e", "trace=fsync,fdatasync,write", "-o"]).arg(&trace);
    command.arg(std::env::current_exe().unwrap());
    again(&mut command, &folder.path().join("data"), 6);
    command.stderr(Stdio::null());
    let may_trace = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    if !may_trace.is_ok_and(|s| s.success()) {
        skipped("strace: it is not here, or may not trace");
        return;
    }
    assert!(command.status().unwrap().success(), "the child failed");
    let trace = std::fs::read_to_string(trace).unwrap();
    let mut began: HashMap<(PatientId, u32), usize> = HashMap::new();
    let mut answers = Vec::new();
    let mut syncs = Vec::new();
    let mut under_way: HashMap<&str, usize> = HashMap::new();
    for (at, line) in trace.lines().enumerate() {
        let (thread, call) = line.split_once(char::is_whitespace).unwrap_or_default();
        let call = call.trim_start();
        let is_sync = call.starts_with("fsync(") || call.starts_with("fdatasync(");
        if is_sync && call.contains("tijdig.db-wal") {
            if call.contains("<unfinished") {
                under_way.insert(thread, at);
            } else {
                syncs.push(Synced { began: at, ended: at });
            }
        } else if call.starts_with("<... f") && call.contains("sync resumed") {
            syncs.extend(under_way.remove(thread).map(|began| Synced { began, ended: at }));
        } else if let Some((_, said)) = call.split_once(", \"").filter(|_| call.starts_with("write(")) {
            match read_line(&said.replace("\\n", " ")) {
                Some(("begin", id, number)) => drop(began.insert((id, number), at)),
                Some((_, id, number)) => answers.push((at, began[&(id, number)])),
                None => {}
            }
        }
    }
    assert_eq!(answers.len(), (WRITERS * 6) as usize);
    for (answered, asked) in &answers {
        let between = syncs.iter().any(|s| s.began > *asked && s.ended < *answered);
        assert!(between, "no sync between lines {asked} and {answered}");
    }
    let during = answers.iter().map(|(_, asked)| *asked).min().unwrap();
    let groups = syncs.iter().filter(|s| s.began > during).count();
    assert!(groups < answers.len(), "{groups} syncs for {} answers: they were not grouped", answers.len());
}
