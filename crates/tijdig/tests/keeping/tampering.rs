//! Whoever writes to the database past the program is found by `tijdig log verify`, with the place, and exit code 1.

use crate::home::{Home, Machine, text};
use serde_json::Value;

/// What is kept of the log, to put it back.
const KEEP: &str = "CREATE TABLE log_kept AS SELECT * FROM log; CREATE TABLE head_kept AS SELECT * FROM log_head; \
     CREATE TABLE anchor_kept AS SELECT * FROM anchor; CREATE TABLE meta_kept AS SELECT * FROM meta;";
const PUT_BACK: &str = "DELETE FROM log; INSERT INTO log SELECT * FROM log_kept; \
     DELETE FROM log_head; INSERT INTO log_head SELECT * FROM head_kept; \
     DELETE FROM anchor; INSERT INTO anchor SELECT * FROM anchor_kept; \
     DELETE FROM meta; INSERT INTO meta SELECT * FROM meta_kept;";
/// Makes the table of heads fit a log that was cut off.
const FIT: &str = "DELETE FROM log_head; INSERT INTO log_head (chain, seq, id, mac) SELECT chain, seq, id, mac FROM log l \
     WHERE seq = (SELECT max(seq) FROM log m WHERE m.chain = l.chain); \
     UPDATE meta SET number = (SELECT max(id) FROM log) WHERE name = 'heads_upto';";

/// What must be found: what is wrong, in which chain, at which place.
type Place<'a> = (&'a str, Option<&'a str>, i64);

pub fn story(machine: &Machine) {
    let home = machine.home("data");
    let program = home.start_and_anchor();
    let id = program.demo["patients"][0]["id"].as_str().unwrap().to_owned();
    let token = program.token();
    for _ in 0..8 {
        assert!(!program.forms(&token, &id).is_empty());
    }
    assert!(program.stop().success());
    // Another start makes another anchor, over all of that; then there is more behind it.
    let program = home.start_and_anchor();
    program.forms(&program.token(), &id);
    assert!(program.stop().success());
    let report = home.whole();
    assert!(report["rows_after"].as_u64().unwrap() > 0, "{report}");
    let anchor = report["proven_until"]["anchor"].as_i64().unwrap();
    assert_eq!(anchor, home.number("SELECT max(number) FROM anchor"));
    assert!(anchor >= 2, "{report}");
    let anchored = home.number(&format!(
        "SELECT max(seq) FROM log WHERE chain = '{id}' AND id <= (SELECT upto FROM anchor WHERE number = {anchor})"
    ));
    let last = home.number(&format!("SELECT max(seq) FROM log WHERE chain = '{id}'"));
    assert!(anchored >= 9 && last > anchored, "{anchored} of {last} rows are under an anchor");
    home.sql(KEEP);

    let (chain, of) = (Some(id.as_str()), |seq: i64| format!("chain = '{id}' AND seq = {seq}"));
    let flip = if home.database.is_some() {
        "set_byte(mac, 31, get_byte(mac, 31) # 1)"
    } else {
        "CAST(substr(mac, 1, 31) || CASE substr(mac, 32) WHEN x'00' THEN x'01' ELSE x'00' END AS BLOB)"
    };
    // A byte of what a row says, and one of its seal.
    let changed = format!("UPDATE log SET data = 'X' || substr(data, 2) WHERE {}", of(5));
    found(&home, &changed, &[("Changed", chain, 5)], true);
    found(&home, &format!("UPDATE log SET mac = {flip} WHERE {}", of(5)), &[("Changed", chain, 5)], false);
    // A row removed.
    found(&home, &format!("DELETE FROM log WHERE {}", of(4)), &[("Removed", chain, 4)], false);
    // Rows put in: behind the last, and in between with all that follow numbered anew.
    let columns =
        "prev, at, actor, role, organisation, action, data, basis, outcome, patient, digest, detail, mac, behalf";
    let put_in = |seq: i64| {
        format!(
            "INSERT INTO log (id, chain, seq, {columns}) SELECT (SELECT max(id) + 1 FROM log), chain, {seq}, {columns} \
             FROM log_kept WHERE {};",
            of(6)
        )
    };
    found(&home, &put_in(last + 1), &[("Changed", chain, last + 1)], true);
    let shifted = format!(
        "UPDATE log SET seq = -seq WHERE chain = '{id}' AND seq >= 4; \
         UPDATE log SET seq = 1 - seq WHERE chain = '{id}' AND seq < 0; {}",
        put_in(4)
    );
    found(&home, &shifted, &[("Moved", chain, 4)], false);
    // Two rows swapped, neighbours or not.
    for (one, other) in [(5, 6), (3, 8)] {
        let swapped = format!(
            "UPDATE log SET seq = -1 WHERE {}; UPDATE log SET seq = {one} WHERE {}; \
             UPDATE log SET seq = {other} WHERE chain = '{id}' AND seq = -1;",
            of(one),
            of(other)
        );
        found(&home, &swapped, &[("Moved", chain, one), ("Moved", chain, other)], true);
    }
    // The tail of a chain cut off, from before the last anchor; then with the table of heads made to fit; then with
    // the anchors that tell of it gone as well, so that only the one outside the database does.
    let cut = format!("DELETE FROM log WHERE chain = '{id}' AND seq >= {anchored};");
    // The first anchor over that row tells it; a later one may have been made for what others did.
    let over = home.number(&format!(
        "SELECT min(number) FROM anchor WHERE upto >= (SELECT id FROM log WHERE chain = '{id}' AND seq = {anchored})"
    ));
    found(&home, &cut, &[("CutOff", chain, anchored), ("Anchor", None, over)], false);
    found(&home, &format!("{cut} {FIT}"), &[("Anchor", None, over)], false);
    let all = format!("DELETE FROM log WHERE id > (SELECT upto FROM anchor WHERE number = {});", anchor - 1);
    found(&home, &format!("{all} {FIT}"), &[("Anchor", None, anchor)], true);
    let anchors = format!("{all} {FIT} DELETE FROM anchor WHERE number = {anchor};");
    found(&home, &anchors, &[("Outside", None, anchor)], true);
    assert_eq!(home.whole()["proven_until"]["anchor"], anchor);
}

/// Does it to the log, looks for what must be found (and nothing else, if that is `all`), and puts everything back.
fn found(home: &Home, tampering: &str, places: &[Place<'_>], all: bool) {
    home.sql(tampering);
    let out = home.tijdig(&["log", "verify", "--json"]);
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((out.status.code(), &report["whole"]), (Some(1), &false.into()), "{tampering}: {report}");
    let named = report["findings"].as_array().unwrap();
    for (wrong, chain, seq) in places {
        let is_it = |f: &&Value| f["wrong"] == *wrong && f["chain"].as_str() == *chain && f["seq"] == *seq;
        assert!(named.iter().any(|f| is_it(&f)), "{tampering}: {report}");
    }
    assert!(!all || named.len() == places.len(), "{tampering}: {report}");
    // In words too.
    let out = home.tijdig(&["log", "verify"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("niet heel"), "{}", text(&out.stderr));
    let said = text(&out.stdout);
    for (_, chain, seq) in places {
        let place = |line: &str| line.contains(&format!(" {seq} ")) && chain.is_none_or(|chain| line.contains(chain));
        assert!(said.lines().any(|line| line.starts_with("FOUT") && place(line)), "{tampering}: {said}");
    }
    home.sql(PUT_BACK);
    home.whole();
}
