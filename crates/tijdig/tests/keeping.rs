//! Keeping, as an operator does it: backup, restore, keys and copies by command, while the server runs.

#![expect(clippy::unwrap_used, reason = "a test that fails here shows where")]

#[path = "crash/program.rs"]
#[expect(dead_code, reason = "what this test does not need of the program, the test of crashes does")]
mod program;

use program::{Program, verify_log};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn tijdig(arguments: &[&str], data: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tijdig")).args(arguments).arg("--data").arg(data).output().unwrap()
}

fn done(arguments: &[&str], data: &Path) -> Value {
    let out = tijdig(&[arguments, &["--json"]].concat(), data);
    assert_eq!(out.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

/// Refused with this code and one or two lines that hold `says`.
fn refused(arguments: &[&str], data: &Path, code: i32, says: &str) {
    let out = tijdig(arguments, data);
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(code), "{arguments:?}: {said}");
    assert!(said.contains(says), "{arguments:?}: {said}");
    assert!(out.stdout.is_empty() && (code == 2 || said.lines().count() <= 2), "{arguments:?}: {said}");
}

#[test]
fn an_operator_keeps_copies_replaces_keys_and_gets_everything_back() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let at = |name: &str| folder.path().join(name);
    let path = |name: &str| at(name).to_str().unwrap().to_owned();
    let (data, file, keys, key) = (at("data"), path("gegevens"), path("sleutels"), path("backup.key"));
    let program = Program::start(&data, &[]);
    let id = program.demo["patients"][0]["id"].as_str().unwrap().to_owned();

    // While the server runs.
    refused(&["backup", &file], &data, 2, "--key");
    refused(&["backup", &file, "--key", &key], &data, 1, "--make-key");
    let made = done(&["backup", &file, "--key", &key, "--make-key"], &data);
    assert_eq!(made["what"], "data");
    assert!(made["log_rows"].as_u64().unwrap() > 24);
    refused(&["backup", &file, "--key", &key], &data, 1, "there already");
    let rotated = done(&["keys", "rotate"], &data);
    assert_eq!((&rotated["master_key"], &rotated["resumed"]), (&2.into(), &false.into()));
    assert!(rotated["rewrapped"].as_u64().unwrap() >= 24 && rotated["rehashed"] == 24, "{rotated}");
    done(&["backup", &keys, "--keys", "--key", &key], &data);
    // The server, which was told nothing, still finds and reads everybody.
    let token = program.token();
    assert_eq!(program.patients(&token).len(), 24);
    let forms = program.forms(&token, &id);
    let copy = path("dossier.json");
    let exported = done(&["export", "patient", &id, "--to", &copy], &data);
    let copy_text = std::fs::read_to_string(&copy).unwrap();
    let record: Value = serde_json::from_str(&copy_text).unwrap();
    assert_eq!(record["id"], id.as_str());
    assert_eq!(exported["versions"], record["versions"].as_array().unwrap().len());
    let bsn = program.demo["patients"][0]["bsn"].as_str().unwrap();
    assert_eq!(record["identity"]["patient"]["bsn"], bsn);
    assert!(record["log"].as_array().unwrap().iter().any(|row| row["action"] == "export-record"));
    refused(&["export", "patient", &id, "--to", &copy], &data, 1, "bestaat al");
    refused(&["export", "patient", "niemand", "--to", &path("niets.json")], &data, 1, "geen patiënt");
    refused(&["export", "patient", &id], &data, 2, "--to");
    assert!(program.stop().success());

    // On another folder, from nothing but the two files and the two keys.
    let other = at("elders");
    refused(&["restore", &file, "--key", &key], &other, 1, "key store is missing");
    assert!(!other.exists());
    refused(&["restore", "--key", &key], &other, 2, "<FILE>");
    refused(&["restore", &file, "--keys", &keys, "--key", &key], &data, 1, "not empty");
    let cut = path("afgebroken");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    refused(&["restore", &cut, "--keys", &keys, "--key", &key], &other, 1, "cut off");
    assert!(!other.exists());
    std::fs::create_dir(&other).unwrap();
    std::fs::copy(data.join("master.key"), other.join("master.key")).unwrap();
    let restored = done(&["restore", &file, "--keys", &keys, "--key", &key], &other);
    assert_eq!((&restored["patients"], &restored["without_key"]), (&24.into(), &0.into()));
    assert_eq!(restored["log"]["whole"], true);
    assert!(restored["log"]["proven_until"]["anchor"].as_u64().is_some(), "{restored}");
    let (is_whole, said) = verify_log(&other);
    assert!(is_whole, "{said}");
    // The same plans: the demo's sheet goes along, so that it opens the folder again.
    std::fs::copy(data.join("demo.json"), other.join("demo.json")).unwrap();
    let program = Program::start(&other, &[]);
    let token = program.token();
    assert_eq!(program.patients(&token).len(), 24);
    assert_eq!(program.forms(&token, &id), forms);
    assert!(program.stop().success());
    let again = done(&["keys", "rotate", "--forget-old"], &other);
    assert_eq!(again["forgotten"], serde_json::json!([2, 1]));
    refused(&["keys", "rotate", "--nee"], &other, 2, "--nee");
    assert!(verify_log(&other).0);
}
