//! A day of an operator, with plans coming in all the time.

use crate::home::Machine;
use crate::load::{Acknowledged, Load};
use crate::program::Program;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};

const WRITERS: usize = 8;

pub fn story(machine: &Machine) {
    let home = machine.home("data");
    let [file, later, keys, key] = ["gegevens", "later", "sleutels", "backup.key"].map(|name| machine.path(name));
    let program = home.start();
    let id = program.demo["patients"][0]["id"].as_str().unwrap().to_owned();

    // While the server runs, and eight deliver plans.
    home.refused(&["backup", &file], 2, "--key");
    home.refused(&["backup", &file, "--key", &key], 1, "--make-key");
    let load = Load::begin(&program, "dag", WRITERS);
    load.more(30);
    let before = load.so_far();
    let made = home.done(&["backup", &file, "--key", &key, "--make-key"]);
    assert_eq!(made["what"], "data");
    load.more(20);
    home.refused(&["backup", &file, "--key", &key], 1, "bestaat al");
    let rotated = home.done(&["keys", "rotate"]);
    assert_eq!((&rotated["master_key"], &rotated["resumed"]), (&2.into(), &false.into()));
    assert!(rotated["rewrapped"].as_u64().unwrap() >= 24 && rotated["rehashed"] == 24, "{rotated}");
    load.more(20);
    home.done(&["backup", &keys, "--keys", "--key", &key]);
    exported(machine, &home, &program, &id);
    load.more(20);
    let acknowledged = load.end();
    home.whole();
    // The server, which was told nothing of the new keys, still finds and reads everybody.
    let plans = plans(&program);
    told(&plans, &acknowledged);

    // Again, when it is quiet: then nothing at all may differ.
    home.done(&["backup", &later, "--key", &key]);
    let counts = home.counts();
    assert!(program.stop().success());

    // On another machine, from nothing but the two files and the two keys.
    let other = machine.home("elders");
    let restore = ["restore", &file, "--keys", &keys, "--key", &key];
    let master = home.data.join("master.key");
    other.refused(&["restore", &file, "--key", &key], 1, "sleutelbestand ontbreekt");
    other.refused(&["restore", "--key", &key], 2, "<FILE>");
    home.refused(&restore, 1, "niet leeg");
    let cut = machine.path("afgebroken");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    other.refused(&["restore", &cut, "--keys", &keys, "--key", &key], 1, "afgebroken");
    assert!(!other.data.exists());
    std::fs::create_dir(&other.data).unwrap();
    std::fs::copy(&master, other.data.join("master.key")).unwrap();
    let restored = other.done(&restore);
    assert_eq!((&restored["patients"], &restored["without_key"]), (&24.into(), &0.into()));
    assert_eq!(restored["log"]["whole"], true);
    assert!(restored["log"]["proven_until"]["anchor"].as_u64().is_some(), "{restored}");
    other.whole();

    // Row by row the log is what it was at that moment, and so is every plan.
    let here: HashSet<_> = home.log().into_iter().collect();
    let own = other.number("SELECT id FROM log WHERE action = 'restore'");
    let there: Vec<_> = other.log().into_iter().filter(|(id, _)| *id < own).collect();
    assert_eq!(there.len() as u64, made["log_rows"].as_u64().unwrap());
    assert!(there.len() < here.len(), "others went on writing after the moment of the backup");
    let strange: Vec<_> = there.iter().filter(|row| !here.contains(*row)).collect();
    assert!(strange.is_empty(), "{strange:?}");
    // The demo's sheet goes along, so that it opens the folder again.
    std::fs::copy(home.data.join("demo.json"), other.data.join("demo.json")).unwrap();
    let program = other.start();
    let earlier = self::plans(&program);
    told(&earlier, &before);
    let mut fewer = 0;
    for (patient, forms) in &earlier {
        let now = &plans[patient];
        assert!(forms.len() <= now.len());
        assert_eq!(forms[..], now[now.len() - forms.len()..], "patient {patient}");
        fewer += now.len() - forms.len();
    }
    assert!(fewer > 0, "plans came in after the moment of the backup");
    assert!(program.stop().success());

    let third = machine.home("derde");
    std::fs::create_dir(&third.data).unwrap();
    std::fs::copy(&master, third.data.join("master.key")).unwrap();
    third.done(&["restore", &later, "--keys", &keys, "--key", &key]);
    assert_eq!(third.counts(), counts);
    std::fs::copy(home.data.join("demo.json"), third.data.join("demo.json")).unwrap();
    let program = third.start();
    assert_eq!(self::plans(&program), plans);
    assert!(program.stop().success());
    let again = third.done(&["keys", "rotate", "--forget-old"]);
    assert_eq!(again["forgotten"], serde_json::json!([2, 1]));
    third.refused(&["keys", "rotate", "--nee"], 2, "--nee");
    third.whole();
}

/// The forms of every patient by number, newest first.
fn plans(program: &Program) -> BTreeMap<usize, Vec<Value>> {
    let token = program.token();
    let patients = program.patients(&token);
    assert_eq!(patients.len(), 24);
    let forms = |patient: &Value| {
        let pages = program.pages_of_forms(&token, patient["id"].as_str().unwrap());
        let pages = pages.iter().map(|page| serde_json::from_str::<Value>(page).unwrap());
        pages.flat_map(|page| page["entry"].as_array().cloned().unwrap_or_default()).collect()
    };
    patients.iter().map(forms).enumerate().collect()
}

/// Everything that was acknowledged is there.
fn told(plans: &BTreeMap<usize, Vec<Value>>, acknowledged: &[Acknowledged]) {
    assert!(!acknowledged.is_empty());
    let plans: BTreeMap<_, _> = plans.iter().map(|(n, forms)| (n, serde_json::json!(forms).to_string())).collect();
    let lost: Vec<_> = acknowledged.iter().filter(|(n, mark)| !plans[n].contains(mark.as_str())).collect();
    assert!(lost.is_empty(), "acknowledged and gone: {lost:?}");
}

/// A copy for the patient, and what is refused.
fn exported(machine: &Machine, home: &crate::home::Home, program: &Program, id: &str) {
    let copy = machine.path("dossier.json");
    let exported = home.done(&["export", "patient", id, "--to", &copy]);
    let record: Value = serde_json::from_str(&std::fs::read_to_string(&copy).unwrap()).unwrap();
    assert_eq!(record["id"], id);
    let versions = record["versions"].as_array().unwrap();
    assert!(!versions.is_empty() && exported["versions"] == versions.len(), "{exported}");
    let bsn = program.demo["patients"][0]["bsn"].as_str().unwrap();
    assert_eq!(record["identity"]["patient"]["bsn"], bsn);
    assert!(record["log"].as_array().unwrap().iter().any(|row| row["action"] == "export-record"));
    home.refused(&["export", "patient", id, "--to", &copy], 1, "bestaat al");
    home.refused(&["export", "patient", "niemand", "--to", &machine.path("niets.json")], 1, "geen patiënt");
    home.refused(&["export", "patient", id], 2, "--to");
}
