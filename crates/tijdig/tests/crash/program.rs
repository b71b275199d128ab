//! The real program on a demo region: started, asked, killed.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Day of all care dates.
const TODAY: &str = "2026-06-01";

/// System of the citizen service number.
const BSN: &str = "http://fhir.nl/fhir/NamingSystem/bsn";

/// A running program, with everything that it started in one process group.
pub struct Program {
    child: Child,
    pub port: u16,
    pub demo: Value,
    /// What it says of itself.
    pub log: PathBuf,
}

impl Program {
    /// Starts it on `data`, through `before` (a tracer with its arguments) where that is not empty, and waits until it is ready.
    pub fn start(data: &Path, before: &[&str]) -> Self {
        Self::start_on(data, None, before)
    }

    /// As [`Program::start`], on a PostgreSQL database where one is given.
    pub fn start_on(data: &Path, database: Option<&str>, before: &[&str]) -> Self {
        let program = env!("CARGO_BIN_EXE_tijdig");
        let mut command = match before.split_first() {
            Some((tracer, arguments)) => {
                let mut command = Command::new(tracer);
                command.args(arguments).arg(program);
                command
            }
            None => Command::new(program),
        };
        let log = std::fs::File::create(log_of(data)).expect("a log");
        command.args(["demo", "--patients", "24", "--seed", "7", "--today", TODAY]);
        // The port it takes is told in the first line: one that was free a moment ago may be somebody else's by now.
        command.args(["--listen", "127.0.0.1:0", "--data"]).arg(data);
        if let Some(database) = database {
            command.args(["--database", database]);
        }
        command.stdin(Stdio::null()).stdout(log.try_clone().expect("a log")).stderr(log).process_group(0);
        let mut child = command.spawn().expect("the program starts");
        let until = Instant::now() + Duration::from_mins(5);
        let port = loop {
            if let Some(status) = child.try_wait().expect("its state") {
                panic!("the program ended ({status}):\n{}", std::fs::read_to_string(log_of(data)).unwrap_or_default());
            }
            if let Some(port) = port_told(&std::fs::read_to_string(log_of(data)).unwrap_or_default())
                && let Ok(mut connection) = Connection::open(port)
                && connection.get("/readyz", "").is_ok_and(|(status, _)| status == 200)
            {
                break port;
            }
            assert!(
                Instant::now() < until,
                "not ready:\n{}",
                std::fs::read_to_string(log_of(data)).unwrap_or_default()
            );
            std::thread::sleep(Duration::from_millis(20));
        };
        let demo = std::fs::read_to_string(data.join("demo.json")).expect("demo.json");
        Self { child, port, demo: serde_json::from_str(&demo).expect("demo.json is JSON"), log: log_of(data) }
    }

    /// What a power cut is to a process: no chance to finish anything.
    pub fn kill(mut self) {
        self.signal("KILL");
        self.child.wait().expect("its end");
    }

    /// Asks it to stop, as a supervisor would.
    pub fn stop(mut self) -> ExitStatus {
        self.signal("TERM");
        let until = Instant::now() + Duration::from_mins(2);
        loop {
            if let Some(status) = self.child.try_wait().expect("its state") {
                return status;
            }
            assert!(Instant::now() < until, "the program does not stop when asked to");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// To the whole group: a tracer that dies alone leaves the traced program running.
    fn signal(&self, name: &str) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("sh").args(["-c", "kill -s \"$0\" -- \"$1\"", name, &group]).status();
    }

    /// An access token of the client that may do everything.
    pub fn token(&self) -> String {
        let clients = self.demo["api_clients"].as_array().expect("api clients");
        let client = clients.iter().find(|c| c["client_id"] == "provider-test").expect("provider-test");
        let field = |name: &str| encode(client[name].as_str().unwrap_or_default());
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}&scope={}",
            field("client_id"),
            field("client_secret"),
            field("scope")
        );
        let mut connection = Connection::open(self.port).expect("a connection");
        let (status, body) = connection
            .post("/oauth/token", "", "application/x-www-form-urlencoded", form.as_bytes())
            .expect("an answer");
        let said: Value = serde_json::from_slice(&body).unwrap_or_default();
        let token = said["access_token"].as_str();
        token.unwrap_or_else(|| panic!("no token: {status} {said}")).to_owned()
    }

    /// The patients of the region as FHIR gives them.
    pub fn patients(&self, token: &str) -> Vec<Value> {
        let mut connection = Connection::open(self.port).expect("a connection");
        let all = self.demo["patients"].as_array().expect("patients");
        let ids = all.iter().filter_map(|p| p["id"].as_str());
        ids.map(|id| {
            let (status, body) = connection.get(&format!("/fhir/r4/Patient/{id}"), token).expect("an answer");
            assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
            serde_json::from_slice(&body).expect("a Patient")
        })
        .collect()
    }

    /// Everything that the forms of a patient say, over all pages.
    pub fn forms(&self, token: &str, id: &str) -> String {
        self.pages_of_forms(token, id).concat()
    }

    /// The forms of a patient, newest first, page by page.
    pub fn pages_of_forms(&self, token: &str, id: &str) -> Vec<String> {
        let mut connection = Connection::open(self.port).expect("a connection");
        let mut next = Some(format!("/fhir/r4/QuestionnaireResponse?subject=Patient/{id}"));
        let mut all = Vec::new();
        while let Some(path) = next {
            let (status, body) = connection.get(&path, token).expect("an answer");
            let text = String::from_utf8_lossy(&body).into_owned();
            assert_eq!(status, 200, "{text}");
            let page: Value = serde_json::from_str(&text).expect("a Bundle");
            // Another start has another port.
            all.push(text.replace(&format!("http://localhost:{}", self.port), ""));
            let links = page["link"].as_array().cloned().unwrap_or_default();
            let link = links.iter().find(|l| l["relation"] == "next").and_then(|l| l["url"].as_str());
            next = link.map(|url| {
                let path =
                    url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
                format!("/{path}")
            });
        }
        all
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if self.child.try_wait().ok().flatten().is_none() {
            self.signal("KILL");
            let _ = self.child.wait();
        }
    }
}

fn log_of(data: &Path) -> PathBuf {
    data.with_extension("log")
}

/// The port in the line that says where the program listens, when that line is whole.
fn port_told(log: &str) -> Option<u16> {
    let (_, rest) = log.split_once(" luistert op http://localhost:")?;
    rest.split_once('\n')?.0.trim().parse().ok()
}

/// `tijdig log verify` on a data folder: did it find the log whole, and what did it say.
pub fn verify_log(data: &Path) -> (bool, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_tijdig"))
        .args(["log", "verify", "--data"])
        .arg(data)
        .output()
        .expect("log verify starts");
    (
        done.status.success(),
        format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr)),
    )
}

/// A transaction Bundle: the patient, a doctor, and a form whose care wish is `mark`.
pub fn bundle(patient: &Value, mark: &str) -> Vec<u8> {
    let bsn = patient["identifier"].as_array().into_iter().flatten().find(|id| id["system"] == BSN);
    let bsn = bsn.and_then(|id| id["value"].as_str()).expect("a BSN");
    let [person, doctor, role, form] =
        ["a", "b", "c", "d"].map(|n| format!("urn:uuid:00000000-0000-4000-8000-00000000000{n}"));
    let answer = |link: &str, value: Value| json!({"linkId": link, "answer": [value]});
    let coded = |system: &str, code: &str| json!({"valueCoding": {"system": system, "code": code}});
    let snomed = "http://snomed.info/sct";
    let entry = |url: &str, address: &str, resource: Value| json!({"fullUrl": address, "resource": resource, "request": {"method": "POST", "url": url}});
    let mut first = entry(
        "Patient",
        &person,
        json!({"resourceType": "Patient", "identifier": [{"system": BSN, "value": bsn}], "name": patient["name"], "birthDate": patient["birthDate"]}),
    );
    first["request"]["ifNoneExist"] = json!(format!("identifier={BSN}|{bsn}"));
    let response = json!({
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020",
        "status": "completed",
        "subject": {"reference": person},
        "author": {"reference": role},
        "authored": TODAY,
        "item": [
            answer("963", json!({"valueDateTime": TODAY})),
            answer("967", json!({"valueDate": patient["birthDate"]})),
            {"linkId": "83", "item": [{"linkId": "1409", "item": [
                answer("1410", coded(snomed, "89666000")),
                answer("1386", coded("urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.25.1", "2")),
            ]}]},
            {"linkId": "107", "item": [{"linkId": "1427", "item": [
                answer("1428", coded(snomed, "153851000146100")),
                answer("1190", json!({"valueString": mark})),
                answer("1648", coded(snomed, "370819000")),
            ]}]},
        ],
    });
    let family = json!({"use": "official", "family": "Proef", "_family": {"extension": [
        {"url": "http://hl7.org/fhir/StructureDefinition/humanname-own-name", "valueString": "Proef"}]}});
    let all = json!({"resourceType": "Bundle", "type": "transaction", "entry": [
        first,
        entry("Practitioner", &doctor, json!({"resourceType": "Practitioner", "name": [family]})),
        entry("PractitionerRole", &role, json!({
            "resourceType": "PractitionerRole",
            "practitioner": {"reference": doctor},
            "specialty": [{"coding": [{"system": "urn:oid:2.16.840.1.113883.2.4.6.7", "code": "0100"}]}],
        })),
        entry("QuestionnaireResponse", &form, response),
    ]});
    all.to_string().into_bytes()
}

/// A kept HTTP connection.
pub struct Connection(BufReader<TcpStream>);

/// Status and body.
type Answer = (u16, Vec<u8>);

impl Connection {
    pub fn open(port: u16) -> io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        Ok(Self(BufReader::new(stream)))
    }

    pub fn get(&mut self, path: &str, token: &str) -> io::Result<Answer> {
        self.send(&format!("GET {path} HTTP/1.1\r\n{}\r\n", headers(token)), b"")
    }

    pub fn post(&mut self, path: &str, token: &str, kind: &str, body: &[u8]) -> io::Result<Answer> {
        let head = format!(
            "POST {path} HTTP/1.1\r\n{}content-type: {kind}\r\ncontent-length: {}\r\n\r\n",
            headers(token),
            body.len()
        );
        self.send(&head, body)
    }

    /// Sends a plan in.
    pub fn transaction(&mut self, token: &str, bundle: &[u8]) -> io::Result<Answer> {
        self.post("/fhir/r4", token, "application/fhir+json", bundle)
    }

    fn send(&mut self, head: &str, body: &[u8]) -> io::Result<Answer> {
        self.0.get_mut().write_all(&[head.as_bytes(), body].concat())?;
        let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(|| wrong("no status"))?;
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line()?;
            match line.split_once(':') {
                None if line.is_empty() => break,
                Some((key, value)) if key.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().map_err(|_| wrong("length"))?;
                }
                Some((key, _)) if key.eq_ignore_ascii_case("transfer-encoding") => chunked = true,
                _ => {}
            }
        }
        let mut answer = Vec::new();
        loop {
            let part =
                if chunked { usize::from_str_radix(&self.line()?, 16).map_err(|_| wrong("chunk"))? } else { length };
            let from = answer.len();
            answer.resize(from + part, 0);
            self.0.read_exact(&mut answer[from..])?;
            if !chunked {
                return Ok((status, answer));
            }
            self.line()?;
            if part == 0 {
                return Ok((status, answer));
            }
        }
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.0.read_line(&mut line)? {
            0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server hung up")),
            _ => Ok(line.trim_end().to_owned()),
        }
    }
}

fn headers(token: &str) -> String {
    let bearer = if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
    format!("host: localhost\r\naccept: application/fhir+json\r\n{bearer}")
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
