//! What is measured: each row is a thing that a user or a system does, and the requests it takes.

use super::bundle::{self, Template};
use super::demo::{Demo, Person};
use super::http::{encode, request};
use super::random::Random;

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// A static JSON answer of 8 KB: what the same server could do if it had nothing to do.
    Ceiling,
    /// Read of a Patient.
    Patient,
    /// Patient by BSN, which is not in the address.
    Bsn,
    /// One of the seven searches of SPEC 4.1.
    Search(usize),
    /// The seven in sequence for one patient.
    Plan,
    /// The forms of a patient (SPEC 4.2).
    Form,
    /// The page of a plan, signed in.
    Page,
    /// The list of work, signed in: the whole page with names, whatever the number of patients with open work.
    Work,
    /// The figures of the region, signed in as its coordinator: all of them, whatever the number of patients.
    Region,
    /// The emergency view, signed in.
    Emergency,
    /// The plan on paper, the card, and the letter in plain words: one sheet at a time.
    OnPaper(Paper),
    /// A transaction Bundle with building blocks, acknowledged when it is on disk.
    Bundle,
    /// A filled-in form, acknowledged when it is on disk.
    FormIn,
}

/// A sheet that is set when it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// The plan as it stands.
    Form,
    /// The emergency card.
    Card,
    /// The letter to the patient.
    Letter,
}

impl Paper {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Form, Self::Card, Self::Letter];

    fn path(self) -> &'static str {
        match self {
            Self::Form => "plan.pdf",
            Self::Card => "kaart.pdf",
            Self::Letter => "plan/brief.pdf",
        }
    }
}

/// The seven searches of SPEC 4.1: short name, resource type, and the rest of the query.
pub const SEARCHES: [(&str, &str, &str); 7] = [
    ("1 procedure", "Procedure", "code=http://snomed.info/sct|713603004&_include=Procedure:encounter"),
    (
        "2 treatment directives",
        "Consent",
        "scope=http://terminology.hl7.org/CodeSystem/consentscope|treatment&category=http://snomed.info/sct|129125009&_include=Consent:actor",
    ),
    (
        "3 advance directives",
        "Consent",
        "scope=http://terminology.hl7.org/CodeSystem/consentscope|adr&category=http://terminology.hl7.org/CodeSystem/consentcategorycodes|acd&_include=Consent:actor",
    ),
    ("4 goal", "Goal", "category=http://snomed.info/sct|713603004"),
    (
        "5 observations",
        "Observation",
        "code=http://snomed.info/sct|665671000146101,153851000146100,395091006,340171000146104,247751003,570801000146104",
    ),
    (
        "6 device",
        "DeviceUseStatement",
        "device.type=http://snomed.info/sct|72506001,465460004,468542000,704707009,1263462004,1236894001&_include=DeviceUseStatement:device",
    ),
    ("7 inform relatives", "CommunicationRequest", "category=http://snomed.info/sct|223449006"),
];

impl Row {
    /// What is only read, in the order of the table.
    pub fn reads() -> Vec<Self> {
        let mut rows = vec![Self::Ceiling, Self::Patient, Self::Bsn];
        rows.extend((0..SEARCHES.len()).map(Self::Search));
        rows.extend([Self::Plan, Self::Form, Self::Page, Self::Work, Self::Emergency, Self::Region]);
        rows.extend(Paper::ALL.map(Self::OnPaper));
        rows
    }

    /// What writes.
    pub const WRITES: [Self; 2] = [Self::Bundle, Self::FormIn];

    /// In the table.
    pub fn name(self) -> String {
        match self {
            Self::Ceiling => "ceiling (healthz, 8 KB)".to_owned(),
            Self::Patient => "Patient, read".to_owned(),
            Self::Bsn => "Patient by BSN".to_owned(),
            Self::Search(n) => format!("search {}", SEARCHES[n].0),
            Self::Plan => "plan retrieval (seven searches)".to_owned(),
            Self::Form => "form (QuestionnaireResponse)".to_owned(),
            Self::Page => "page of a plan".to_owned(),
            Self::Work => "my work (target: under 50 ms)".to_owned(),
            Self::Emergency => "emergency view".to_owned(),
            Self::Region => "figures of the region (under 1 s)".to_owned(),
            Self::OnPaper(Paper::Form) => "plan on paper".to_owned(),
            Self::OnPaper(Paper::Card) => "emergency card".to_owned(),
            Self::OnPaper(Paper::Letter) => "letter to the patient".to_owned(),
            Self::Bundle => "transaction Bundle in".to_owned(),
            Self::FormIn => "form in".to_owned(),
        }
    }

    /// Is it measured with one user alone? Setting a sheet takes a core for as long as it lasts: what is asked is how long
    /// that is, not how long one waits for others.
    pub fn is_alone(self) -> bool {
        matches!(self, Self::OnPaper(_) | Self::Region)
    }

    /// Is this the answer that was asked for? Looks at a few bytes only: the client shares the server's cores.
    pub fn is_right(self, status: u16, body: &[u8]) -> bool {
        let head = &body[..body.len().min(1024)];
        let has = |what: &[u8]| head.windows(what.len()).any(|window| window == what);
        match self {
            Self::Ceiling => status == 200 && body.len() == 8192,
            Self::Patient => status == 200 && has(b"\"Patient\""),
            Self::Bsn | Self::Search(_) | Self::Plan | Self::Form => status == 200 && has(b"searchset"),
            Self::OnPaper(_) => status == 200 && body.starts_with(b"%PDF-1.7"),
            Self::Page | Self::Work | Self::Emergency => is_page(status, body),
            // At the end of the page; where nothing is counted yet, it is a page without figures.
            Self::Region => is_page(status, body) && body.windows(COUNTED.len()).any(|window| window == COUNTED),
            // What was known already is answered too, but was not written.
            Self::Bundle => status == 200 && has(b"transaction-response") && has(b"201 Created"),
            Self::FormIn => status == 201,
        }
    }
}

/// What the region's page says once everything was counted.
const COUNTED: &[u8] = b"Geteld tot";

fn is_page(status: u16, body: &[u8]) -> bool {
    status == 200 && body.trim_ascii_end().ends_with(b"</html>")
}

/// What requests are made of.
#[derive(Debug)]
pub struct Ground {
    host: String,
    bearer: String,
    cookie: String,
    /// Cookie of the region's coordinator.
    coordinator: String,
    /// Everybody.
    pub patients: Vec<Person>,
    /// Those with a plan that the doctor may open and print.
    pub caseload: Vec<Person>,
    /// Plans to send in.
    pub sendings: Vec<Sending>,
}

/// One patient's plan, in both shapes in which it can be sent in.
#[derive(Debug)]
pub struct Sending {
    /// A transaction Bundle.
    pub blocks: Template,
    /// A filled-in form.
    pub form: Template,
}

impl Ground {
    /// With a fresh token, and fresh sessions of the doctor and of the region's coordinator.
    pub fn new(demo: &Demo, token: &str, [cookie, coordinator]: [String; 2], earlier: Option<Self>) -> Self {
        let (caseload, sendings) = earlier.map(|ground| (ground.caseload, ground.sendings)).unwrap_or_default();
        let bearer = format!("authorization: Bearer {token}");
        let (host, patients) = (demo.host().to_owned(), demo.patients.clone());
        Self { host, bearer, cookie, coordinator, patients, caseload, sendings }
    }

    fn get(&self, path: &str) -> Vec<u8> {
        request("GET", path, &self.host, &[&self.bearer, "accept: application/fhir+json"], None)
    }

    /// A read of this patient.
    pub fn read_patient(&self, id: &str) -> Vec<u8> {
        self.get(&format!("/fhir/r4/Patient/{id}"))
    }

    /// The page of this patient's plan.
    pub fn plan_page(&self, id: &str) -> Vec<u8> {
        self.signed_in(&format!("/patienten/{id}/plan"), "text/html")
    }

    /// The page of the region's figures.
    pub fn region_page(&self) -> Vec<u8> {
        request("GET", "/regio", &self.host, &[&self.coordinator, "accept: text/html"], None)
    }

    /// Counts the figures anew.
    pub fn count(&self, token: &str) -> Vec<u8> {
        let form = format!("csrf={}", encode(token));
        let headers = [self.coordinator.as_str(), "accept: text/html", "sec-fetch-site: same-origin"];
        request("POST", "/regio", &self.host, &headers, Some((super::demo::FORM, form.as_bytes())))
    }

    fn signed_in(&self, path: &str, media: &str) -> Vec<u8> {
        request("GET", path, &self.host, &[&self.cookie, &format!("accept: {media}")], None)
    }

    fn search(&self, n: usize, id: &str) -> Vec<u8> {
        let (_, kind, rest) = SEARCHES[n];
        self.get(&format!("/fhir/r4/{kind}?patient=Patient/{id}&{}", rest.replace('|', "%7C")))
    }

    /// The requests of one turn of a row, in order, for a random patient. Nothing where there is no patient for it.
    pub fn turn(&self, row: Row, random: &mut Random) -> Vec<Vec<u8>> {
        let body = |path: &str, kind: &str, body: &[u8]| {
            request("POST", path, &self.host, &[&self.bearer, "accept: application/fhir+json"], Some((kind, body)))
        };
        let one = match row {
            Row::Ceiling => Some(request("GET", "/healthz?pad=8192", &self.host, &[], None)),
            Row::Patient => random.pick(&self.patients).map(|p| self.read_patient(&p.id)),
            Row::Bsn => random.pick(&self.patients).map(|p| {
                let form = format!("identifier={}", encode(&format!("{}|{}", bundle::BSN, p.bsn)));
                body("/fhir/r4/Patient/_search", super::demo::FORM, form.as_bytes())
            }),
            Row::Search(n) => random.pick(&self.patients).map(|p| self.search(n, &p.id)),
            Row::Plan => {
                let patient = random.pick(&self.patients);
                return patient
                    .map(|p| (0..SEARCHES.len()).map(|n| self.search(n, &p.id)).collect())
                    .unwrap_or_default();
            }
            Row::Form => random.pick(&self.patients).map(|p| {
                let questionnaire = encode(bundle::QUESTIONNAIRE);
                self.get(&format!(
                    "/fhir/r4/QuestionnaireResponse?subject=Patient/{}&questionnaire={questionnaire}",
                    p.id
                ))
            }),
            Row::Work => (!self.caseload.is_empty())
                .then(|| request("GET", "/", &self.host, &[&self.cookie, "accept: text/html"], None)),
            Row::Region => Some(self.region_page()),
            Row::Emergency => {
                random.pick(&self.caseload).map(|p| self.signed_in(&format!("/spoed/{}", p.id), "text/html"))
            }
            Row::OnPaper(paper) => random
                .pick(&self.caseload)
                .map(|p| self.signed_in(&format!("/patienten/{}/{}", p.id, paper.path()), "application/pdf")),
            Row::Page => random.pick(&self.caseload).map(|p| self.plan_page(&p.id)),
            Row::Bundle => random.pick(&self.sendings).map(|s| body("/fhir/r4", FHIR_JSON, &s.blocks.salted(random))),
            Row::FormIn => {
                let sending = random.pick(&self.sendings);
                sending.map(|s| body("/fhir/r4/QuestionnaireResponse", FHIR_JSON, &s.form.salted(random)))
            }
        };
        one.into_iter().collect()
    }
}

const FHIR_JSON: &str = "application/fhir+json";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_seven_searches_for_one_patient() {
        let people = |n: u32| (0..n).map(|i| Person { id: format!("p{i}"), bsn: i.to_string() }).collect();
        let ground = Ground {
            host: "h".to_owned(),
            bearer: "authorization: Bearer t".to_owned(),
            cookie: "cookie: a=b".to_owned(),
            coordinator: "cookie: c=d".to_owned(),
            patients: people(50),
            caseload: vec![],
            sendings: vec![],
        };
        let turn = ground.turn(Row::Plan, &mut Random::new(5));
        let asked: Vec<String> =
            turn.iter().map(|r| String::from_utf8_lossy(r).lines().next().unwrap().to_owned()).collect();
        let patient = asked[0].split("patient=").nth(1).unwrap().split('&').next().unwrap();
        assert_eq!(asked.len(), 7);
        assert!(asked.iter().all(|line| line.contains(patient) && !line.contains('|')), "{asked:?}");
        for row in [Row::Page, Row::Work, Row::Emergency, Row::OnPaper(Paper::Card)] {
            assert!(ground.turn(row, &mut Random::new(5)).is_empty(), "no caseload, no page");
        }
        let bsn = ground.turn(Row::Bsn, &mut Random::new(5)).remove(0);
        assert!(String::from_utf8(bsn).unwrap().starts_with("POST /fhir/r4/Patient/_search HTTP/1.1"));
    }

    #[test]
    fn a_refusal_and_an_empty_page_are_not_the_answer() {
        assert!(Row::Patient.is_right(200, br#"{"resourceType":"Patient"}"#));
        assert!(!Row::Patient.is_right(200, br#"{"resourceType":"OperationOutcome"}"#));
        assert!(!Row::Search(1).is_right(403, br#"{"type":"searchset"}"#));
        assert!(!Row::Ceiling.is_right(200, b"{}"));
        assert!(Row::Page.is_right(200, b"<html></html>\n"));
        assert!(Row::Region.is_right(200, b"<html>Geteld tot 30 november 2026</html>\n"));
        assert!(!Row::Region.is_right(200, b"<html>Er is nog niets geteld.</html>\n"), "figures of nobody");
        assert!(Row::OnPaper(Paper::Form).is_right(200, b"%PDF-1.7 and so on"));
        assert!(!Row::OnPaper(Paper::Form).is_right(200, b"<html></html>"), "a page that says what went wrong");
    }
}
