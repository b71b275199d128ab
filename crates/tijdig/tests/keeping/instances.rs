//! Two servers on one database: both write to the same patients, and a third program verifies all the while.

use crate::home::Machine;
use crate::load::Load;

const WRITERS: usize = 8;
/// Versions of each server.
const ENOUGH: usize = 100;

pub fn story(machine: &Machine) {
    const DELIVERED: &str = "SELECT count(*) FROM log WHERE action = 'deliver-plan' AND data LIKE 'version %'";
    const VERSIONS: &str = "SELECT count(*) FROM plan_version";
    let home = machine.home("een");
    let one = home.start_and_anchor();
    let beside = home.beside(machine, "twee");
    let two = beside.start();
    let (delivered, versions) = (home.number(DELIVERED), home.number(VERSIONS));

    let loads = [Load::begin(&one, "een", WRITERS), Load::begin(&two, "twee", WRITERS)];
    let mut looks = 0;
    while loads.iter().any(|load| load.so_far().len() < ENOUGH) {
        home.whole();
        looks += 1;
        for load in &loads {
            load.more(1);
        }
    }
    let [first, second] = loads.map(Load::end);
    assert!(looks > 0);

    // What the one acknowledged, the other gives.
    for (program, written) in [(&two, &first), (&one, &second)] {
        let token = program.token();
        for (number, patient) in program.patients(&token).iter().enumerate() {
            let forms = program.forms(&token, patient["id"].as_str().unwrap());
            let lost: Vec<_> = written.iter().filter(|(n, mark)| *n == number && !forms.contains(mark)).collect();
            assert!(lost.is_empty(), "acknowledged by the other server and not here: {lost:?}");
        }
    }
    assert!(one.stop().success() && two.stop().success());
    let acknowledged = i64::try_from(first.len() + second.len()).unwrap();
    assert_eq!(home.number(DELIVERED) - delivered, acknowledged, "a row of the log for each");
    assert_eq!(home.number(VERSIONS) - versions, acknowledged);
    assert_eq!(home.whole()["rows"], home.number("SELECT count(*) FROM log"));

    // And with an anchor over all of it.
    assert!(home.start_and_anchor().stop().success());
    let report = home.whole();
    assert!(report["anchors"].as_u64().unwrap() > 1 && report["rows_after"] == 0, "{report}");
}
