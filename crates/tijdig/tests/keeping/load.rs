//! Load on a program that runs: many who deliver plans and read them back, until they are told to stop.

use crate::program::{Connection, Program, bundle};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A patient by number, and the care wish of a version that was acknowledged.
pub type Acknowledged = (usize, String);

/// Those at work.
pub struct Load {
    state: Arc<State>,
    threads: Vec<JoinHandle<()>>,
}

struct State {
    port: u16,
    token: String,
    patients: Vec<Value>,
    name: String,
    written: Mutex<Vec<Acknowledged>>,
    wrong: Mutex<Vec<String>>,
    stop: AtomicBool,
    /// What the program said of itself.
    log: PathBuf,
}

impl Load {
    /// So many begin; `name` tells their wishes from those of others.
    pub fn begin(program: &Program, name: &str, writers: usize) -> Self {
        let token = program.token();
        let state = Arc::new(State {
            port: program.port,
            patients: program.patients(&token),
            token,
            name: name.to_owned(),
            written: Mutex::default(),
            wrong: Mutex::default(),
            stop: AtomicBool::new(false),
            log: program.log.clone(),
        });
        let work = |writer| {
            let state = Arc::clone(&state);
            std::thread::spawn(move || {
                if let Err(wrong) = state.work(writer) {
                    state.wrong.lock().unwrap().push(wrong);
                }
            })
        };
        let threads = (0..writers).map(work).collect();
        Self { state, threads }
    }

    /// Waits until so many more were acknowledged.
    pub fn more(&self, many: usize) {
        let enough = self.so_far().len() + many;
        let until = Instant::now() + Duration::from_mins(5);
        while self.so_far().len() < enough {
            let wrong = self.state.wrong.lock().unwrap().join("\n");
            assert!(wrong.is_empty(), "{wrong}\n{}", std::fs::read_to_string(&self.state.log).unwrap_or_default());
            assert!(Instant::now() < until, "{} of {enough} versions in five minutes", self.so_far().len());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// What was acknowledged so far.
    pub fn so_far(&self) -> Vec<Acknowledged> {
        self.state.written.lock().unwrap().clone()
    }

    /// Ends; everything that was acknowledged, and nobody was refused.
    pub fn end(self) -> Vec<Acknowledged> {
        self.state.stop.store(true, Ordering::SeqCst);
        for thread in self.threads {
            thread.join().unwrap();
        }
        let wrong = self.state.wrong.lock().unwrap().join("\n");
        assert!(wrong.is_empty(), "{wrong}");
        self.state.written.lock().unwrap().clone()
    }
}

impl State {
    fn work(&self, writer: usize) -> Result<(), String> {
        let mut connection = Connection::open(self.port).map_err(|e| e.to_string())?;
        for turn in 0.. {
            if self.stop.load(Ordering::SeqCst) {
                break;
            }
            // Neighbours write to the same patients at the same time.
            let number = (writer / 2 + turn) % self.patients.len();
            let patient = &self.patients[number];
            let mark = format!("wens-{}-{writer}-{turn}.", self.name);
            let sent = connection.transaction(&self.token, &bundle(patient, &mark));
            Self::fine(sent)?;
            self.written.lock().unwrap().push((number, mark));
            let id = patient["id"].as_str().unwrap_or_default();
            Self::fine(connection.get(&format!("/fhir/r4/Consent?patient=Patient/{id}"), &self.token))?;
        }
        Ok(())
    }

    fn fine(answer: std::io::Result<(u16, Vec<u8>)>) -> Result<(), String> {
        match answer {
            Ok((200, _)) => Ok(()),
            Ok((status, body)) => Err(format!("{status} {}", String::from_utf8_lossy(&body))),
            Err(error) => Err(error.to_string()),
        }
    }
}
