//! What is acknowledged stays: through a kill in the middle of sixteen writers, and as far as the disk.
#![expect(clippy::print_stderr, reason = "what could not be checked, and what was counted, is said")]

#[path = "crash/program.rs"]
mod program;
#[path = "crash/trace.rs"]
mod trace;

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use program::{Connection, Program, bundle, verify_log};

const WRITERS: usize = 16;

/// A patient by number, and the care wish of a version that was acknowledged.
type Acknowledged = (usize, String);

/// On the disk of the workspace: a file system in memory would prove nothing.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder")
}

#[test]
fn a_kill_amid_sixteen_writers_loses_nothing_acknowledged_and_the_log_verifies() {
    const ROUNDS: usize = 3;
    const ENOUGH: usize = 150;
    let folder = folder();
    let data = folder.path().join("data");
    let mut acknowledged: Vec<Acknowledged> = Vec::new();

    for round in 0..ROUNDS {
        let program = Program::start(&data, &[]);
        let token = program.token();
        let patients = program.patients(&token);
        let log = program.log.clone();
        let (port, written, wrong, killed) =
            (program.port, Mutex::new(Vec::new()), Mutex::new(Vec::new()), AtomicBool::new(false));
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (token, patients, written, wrong, killed) = (&token, &patients, &written, &wrong, &killed);
                scope.spawn(move || {
                    let mut connection = Connection::open(port).expect("a connection");
                    for turn in 0.. {
                        // Neighbours write to the same patients at the same time.
                        let patient = (writer / 2 + turn) % patients.len();
                        let mark = format!("wens-{round}-{writer}-{turn}.");
                        match connection.transaction(token, &bundle(&patients[patient], &mark)) {
                            Ok((200, _)) => written.lock().expect("no panic").push((patient, mark)),
                            Ok((status, body)) => {
                                wrong
                                    .lock()
                                    .expect("no panic")
                                    .push(format!("{status} {}", String::from_utf8_lossy(&body)));
                                return;
                            }
                            Err(_) if killed.load(Ordering::SeqCst) => return,
                            Err(error) => {
                                wrong.lock().expect("no panic").push(error.to_string());
                                return;
                            }
                        }
                    }
                });
            }
            let until = Instant::now() + Duration::from_mins(5);
            while written.lock().expect("no panic").len() < ENOUGH
                && wrong.lock().expect("no panic").is_empty()
                && Instant::now() < until
            {
                std::thread::sleep(Duration::from_millis(1));
            }
            killed.store(true, Ordering::SeqCst);
            program.kill();
        });
        let wrong = wrong.into_inner().unwrap();
        let said = std::fs::read_to_string(log).unwrap_or_default();
        assert!(wrong.is_empty(), "a writer was refused or cut off before the kill: {}\n{said}", wrong.join("\n"));
        let written = written.into_inner().unwrap();
        assert!(written.len() >= ENOUGH, "only {} versions were acknowledged in time", written.len());
        acknowledged.extend(written);

        let (whole, said) = verify_log(&data);
        assert!(whole, "the log does not verify as the kill left it: {said}");
        let program = Program::start(&data, &[]);
        let token = program.token();
        for (number, patient) in program.patients(&token).iter().enumerate() {
            let forms = program.forms(&token, patient["id"].as_str().unwrap_or_default());
            let lost: Vec<_> =
                acknowledged.iter().filter(|(who, mark)| *who == number && !forms.contains(mark.as_str())).collect();
            let first = lost.first();
            assert!(first.is_none(), "round {round}: {} versions acknowledged and gone, first {first:?}", lost.len());
        }
        assert!(program.stop().success(), "the program did not stop well");
        let (whole, said) = verify_log(&data);
        assert!(whole, "the log does not verify after reading everything back: {said}");
    }
    eprintln!("{} versions acknowledged before {ROUNDS} kills, all there", acknowledged.len());
}

#[test]
fn each_answer_to_a_plan_leaves_after_the_disk_has_confirmed_it() {
    const ALONE: usize = 8;
    const TOGETHER: usize = 6;
    if let Some(why) = tracing_fails() {
        eprintln!("SKIPPED: counting what reaches the disk needs strace: {why}");
        return;
    }
    let folder = folder();
    let (data, log) = (folder.path().join("data"), folder.path().join("trace"));
    assert!(Program::start(&data, &[]).stop().success(), "the program did not stop well");

    let calls = "trace=fsync,fdatasync,read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg";
    let to = log.to_string_lossy();
    let program =
        Program::start(&data, &["strace", "-f", "-qq", "-yy", "-s", "64", "-e", calls, "-e", "signal=none", "-o", &to]);
    let token = program.token();
    let patients = program.patients(&token);

    let mut alone = Connection::open(program.port).unwrap();
    for (turn, patient) in patients.iter().enumerate().take(ALONE) {
        assert_eq!(alone.get("/healthz", "").unwrap().0, 200);
        let (status, body) = alone.transaction(&token, &bundle(patient, &format!("alleen {turn}."))).unwrap();
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    }
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (token, patients, port) = (&token, &patients, program.port);
            scope.spawn(move || {
                let mut connection = Connection::open(port).expect("a connection");
                for turn in 0..TOGETHER {
                    let sent = bundle(&patients[(writer + turn) % patients.len()], &format!("samen {writer} {turn}."));
                    let (status, body) = connection.transaction(token, &sent).expect("an answer");
                    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
                }
            });
        }
    });
    program.stop();

    let trace = std::fs::read_to_string(&log).unwrap();
    let (exchanges, syncs) = trace::read(&trace, &data.to_string_lossy());
    let before = |e: &trace::Exchange| syncs.iter().filter(|s| s.began > e.received && s.ended < e.answered).count();
    let (plans, others): (Vec<_>, Vec<_>) = exchanges.iter().partition(|e| e.is_transaction);
    assert_eq!(plans.len(), ALONE + WRITERS * TOGETHER, "the trace shows every plan that was sent in");
    let early: Vec<_> = plans.iter().filter(|e| before(e) == 0).collect();
    let first = early.first();
    assert!(
        first.is_none(),
        "{} of {} answered before the disk had confirmed anything, first {first:?}",
        early.len(),
        plans.len()
    );
    // If everything had a sync before its answer, the rule above would say nothing.
    assert!(others.iter().any(|e| before(e) == 0), "an answer that promises nothing waits for no disk");
    let (first, last) = (plans[0].received, plans[plans.len() - 1].answered);
    let spent = syncs.iter().filter(|s| s.began > first && s.ended < last).count();
    eprintln!("{} plans acknowledged with {spent} syncs", plans.len());
}

/// Why a program cannot be traced here, if it cannot.
fn tracing_fails() -> Option<String> {
    let done =
        Command::new("strace").args(["-f", "-o"]).arg(Path::new("/dev/null")).arg("true").stdin(Stdio::null()).output();
    match done {
        Err(error) => Some(error.to_string()),
        Ok(done) if done.status.success() => None,
        Ok(done) => Some(String::from_utf8_lossy(&done.stderr).trim().to_owned()),
    }
}
