//! A QuestionnaireResponse read: its answers, whom it is about, and what stands beside.

use super::is_form;
use crate::format::{IssueType, Problem, Severity};
use domain::code::Coding;
use domain::date::FhirDateTime;
use domain::form::{
    Answer, Answers, EnableWhen, FormProblem, Is, Item, MAX_PROBLEMS, ProblemKind, Question, Value as FormValue,
    question,
};
use domain::ident::Bsn;
use domain::plan::Identifier;
use serde_json::{Map, Value};

/// Whom a form is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A patient by type and id, relative or at an absolute URL.
    Reference {
        /// `Patient`.
        kind: String,
        /// The logical id.
        id: String,
    },
    /// An entry of the Bundle it came in (`urn:uuid:…`).
    InBundle(String),
    /// By citizen service number (decision 32).
    Bsn(Bsn),
    /// Nobody is named.
    Missing,
}

/// A form as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseIn {
    /// The answers, not yet held against the form.
    pub answers: Answers,
    /// Which form, as named.
    pub questionnaire: Option<String>,
    /// `completed` or `amended`.
    pub status: String,
    /// Whom it is about: the reference where there is one, else the BSN.
    pub subject: Subject,
    /// The BSN, also where a reference stands beside it.
    pub subject_bsn: Option<Bsn>,
    /// Reference to the author.
    pub author: Option<String>,
    /// Reference to who gave the answers.
    pub source: Option<String>,
    /// When it was written.
    pub authored: Option<FhirDateTime>,
    /// Business identifier: the same one is the same form (idempotency).
    pub identifier: Option<Identifier>,
    /// What has no place in the plan: kept with the source, and named in the answer (decision 31).
    pub kept: Vec<Problem>,
    /// Items that stood beside an answer and were put beneath it: from where in the answers, to where in the source.
    moved: Vec<(String, String)>,
}

impl ResponseIn {
    /// A problem of the domain with the path it has in this resource.
    ///
    /// What was answered without being asked is kept, and so a warning (decision 31).
    pub fn problem(&self, found: &FormProblem) -> Problem {
        let (severity, code) = match found.kind {
            ProblemKind::UnknownLinkId | ProblemKind::WrongPlace | ProblemKind::TooMany => {
                (Severity::Error, IssueType::Structure)
            }
            ProblemKind::WrongType | ProblemKind::Empty | ProblemKind::Future => (Severity::Error, IssueType::Value),
            ProblemKind::NotInSet => (Severity::Error, IssueType::CodeInvalid),
            ProblemKind::TooLong => (Severity::Error, IssueType::TooLong),
            ProblemKind::NotAsked => (Severity::Warning, IssueType::BusinessRule),
            ProblemKind::NobodySets => (Severity::Error, IssueType::BusinessRule),
        };
        let location = found.location();
        let source = self.moved.iter().rev().find_map(|(at, was)| {
            let rest = location.strip_prefix(at.as_str())?;
            (rest.is_empty() || rest.starts_with('.')).then(|| format!("{was}{rest}"))
        });
        let location = source.unwrap_or(location);
        let path = if location.is_empty() { ROOT.to_owned() } else { format!("{ROOT}.{location}") };
        Problem::new(severity, code, path, found.text.clone())
    }
}

const ROOT: &str = "QuestionnaireResponse";

/// Elements that carry nothing of the plan and are kept with the source.
const BESIDE: [&str; 6] = ["extension", "contained", "basedOn", "partOf", "encounter", "text"];

/// Reads a QuestionnaireResponse.
///
/// Children are read beneath an answer and beneath an item alike. The structure is best checked before
/// ([`crate::format::check`]); what is not as it should be is refused here too.
///
/// # Errors
///
/// Another resource, another form, a status that does not count, a modifier that is not known, and whatever of the items cannot be read.
pub fn from_response(resource: &Value) -> Result<ResponseIn, Vec<Problem>> {
    let mut reader = Reader::default();
    let read = reader.response(resource);
    match read {
        Some(response) if reader.errors.is_empty() => {
            Ok(ResponseIn { kept: reader.kept, moved: reader.moved, ..response })
        }
        _ => Err(reader.errors),
    }
}

#[derive(Default)]
struct Reader {
    errors: Vec<Problem>,
    kept: Vec<Problem>,
    moved: Vec<(String, String)>,
}

impl Reader {
    fn error(&mut self, code: IssueType, path: &str, text: impl Into<String>) {
        if self.errors.len() < MAX_PROBLEMS {
            self.errors.push(Problem::new(Severity::Error, code, at_root(path), text));
        }
    }

    fn keep(&mut self, path: &str, text: &str) {
        if self.kept.len() < MAX_PROBLEMS {
            self.kept.push(Problem::new(Severity::Information, IssueType::Informational, at_root(path), text));
        }
    }

    fn response(&mut self, resource: &Value) -> Option<ResponseIn> {
        if resource.get("resourceType").and_then(Value::as_str) != Some(ROOT) {
            self.errors.push(Problem::new(
                Severity::Error,
                IssueType::Invalid,
                "",
                "Hier hoort een QuestionnaireResponse te staan.",
            ));
            return None;
        }
        let map = resource.as_object()?;
        for modifier in ["modifierExtension", "implicitRules"] {
            if map.contains_key(modifier) {
                self.error(
                    IssueType::Extension,
                    modifier,
                    "Dit verandert de betekenis van het formulier en is hier niet bekend. Stuur het formulier zonder.",
                );
            }
        }
        for name in BESIDE {
            // A narrative only repeats the answers.
            if name != "text" && map.contains_key(name) {
                self.keep(name, "Dit element heeft geen plaats in het plan. Het is bij de bron bewaard.");
            }
        }
        let questionnaire = self.text(map, "questionnaire");
        match questionnaire.as_deref() {
            Some(canonical) if is_form(canonical) => {}
            Some(_) => self.error(
                IssueType::NotSupported,
                "questionnaire",
                "Dit formulier is hier niet bekend. Stuur antwoorden op ACP-zib2020 (https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020).",
            ),
            None => self.keep("questionnaire", "Er staat niet bij welk formulier dit is. Het is gelezen als ACP-zib2020."),
        }
        let status = self.status(map);
        let (subject, subject_bsn) = self.subject(map);
        let authored = self.text(map, "authored").and_then(|text| match FhirDateTime::parse(&text) {
            Ok(date) => Some(date),
            Err(invalid) => {
                self.error(IssueType::Value, "authored", invalid.0);
                None
            }
        });
        let items = self.items(map.get("item"), "item", "item");
        if items.is_empty() && self.errors.is_empty() {
            self.error(IssueType::Required, "item", "Dit formulier heeft geen antwoorden. Stuur er ten minste één.");
        }
        Some(ResponseIn {
            answers: Answers { items },
            questionnaire,
            status: status?,
            subject,
            subject_bsn,
            author: reference(map.get("author")),
            source: reference(map.get("source")),
            authored,
            identifier: map.get("identifier").and_then(identifier),
            kept: Vec::new(),
            moved: Vec::new(),
        })
    }

    fn text(&mut self, map: &Map<String, Value>, name: &str) -> Option<String> {
        match map.get(name)? {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            _ => {
                self.error(IssueType::Value, name, format!("Het element {name} is een tekst die niet leeg is."));
                None
            }
        }
    }

    fn status(&mut self, map: &Map<String, Value>) -> Option<String> {
        let Some(status) = map.get("status") else {
            self.error(
                IssueType::Required,
                "status",
                "De status ontbreekt. Een ingevuld formulier heeft status completed of amended.",
            );
            return None;
        };
        let refusal = match status.as_str() {
            Some(status @ ("completed" | "amended")) => return Some(status.to_owned()),
            Some("in-progress") => "Dit formulier is nog niet af. Stuur het als het klaar is, met status completed.",
            Some("entered-in-error") => {
                "Dit formulier is als fout aangemerkt en wordt niet als nieuw plan aangenomen. Laat de versie die hier al staat hier als onjuist markeren."
            }
            Some("stopped") => {
                "Het invullen van dit formulier is gestopt. Alleen een afgerond formulier (status completed of amended) wordt een plan."
            }
            _ => {
                self.error(IssueType::CodeInvalid, "status", "Deze status bestaat niet. Gebruik completed of amended.");
                return None;
            }
        };
        self.error(IssueType::BusinessRule, "status", refusal);
        None
    }

    fn subject(&mut self, map: &Map<String, Value>) -> (Subject, Option<Bsn>) {
        let Some(subject) = map.get("subject") else { return (Subject::Missing, None) };
        let mut bsn = None;
        if let Some(number) =
            subject.get("identifier").filter(|id| id.get("system").and_then(Value::as_str) == Some(Bsn::SYSTEM))
        {
            match Bsn::parse(number.get("value").and_then(Value::as_str).unwrap_or_default()) {
                Ok(number) => bsn = Some(number),
                Err(invalid) => self.error(IssueType::Value, "subject.identifier.value", invalid.0),
            }
        }
        let named = match subject.get("reference").and_then(Value::as_str) {
            Some(urn) if urn.starts_with("urn:") => Subject::InBundle(urn.to_owned()),
            Some(text) => {
                if let Some(("Patient", id)) = split_reference(text) {
                    Subject::Reference { kind: "Patient".into(), id: id.to_owned() }
                } else {
                    self.error(
                        IssueType::Value,
                        "subject.reference",
                        "Het formulier gaat over een patiënt. Verwijs met Patient/[id] of met het BSN.",
                    );
                    Subject::Missing
                }
            }
            None => bsn.clone().map_or(Subject::Missing, Subject::Bsn),
        };
        (named, bsn)
    }

    /// A list of items; `at` is where they stand among the answers, `was` where they stood in the source.
    fn items(&mut self, value: Option<&Value>, at: &str, was: &str) -> Vec<Item> {
        let Some(value) = value else { return Vec::new() };
        let Some(list) = value.as_array() else {
            self.error(IssueType::Structure, was, "Hier hoort een lijst van vragen te staan.");
            return Vec::new();
        };
        list.iter()
            .enumerate()
            .filter_map(|(n, item)| self.item(item, &format!("{at}[{n}]"), &format!("{was}[{n}]")))
            .collect()
    }

    fn item(&mut self, value: &Value, at: &str, was: &str) -> Option<Item> {
        let Some(map) = value.as_object() else {
            self.error(IssueType::Structure, was, "Hier hoort een vraag met linkId te staan.");
            return None;
        };
        self.extensions(map, was);
        let link_id = match map.get("linkId") {
            Some(Value::String(id)) if !id.is_empty() => id.clone(),
            _ => {
                self.error(
                    IssueType::Required,
                    &format!("{was}.linkId"),
                    "Deze vraag heeft geen linkId. Vul het in zoals in ACP-zib2020.",
                );
                return None;
            }
        };
        let mut answers = Vec::new();
        match map.get("answer") {
            None => {}
            Some(Value::Array(list)) => {
                for (n, answer) in list.iter().enumerate() {
                    answers.extend(self.answer(answer, &format!("{at}.answer[{n}]"), &format!("{was}.answer[{n}]")));
                }
            }
            Some(_) => self.error(
                IssueType::Structure,
                &format!("{was}.answer"),
                "Hier hoort een lijst van antwoorden te staan.",
            ),
        }
        let beneath = self.items(map.get("item"), &format!("{at}.item"), &format!("{was}.item"));
        if answers.is_empty() || beneath.is_empty() {
            return Some(Item { link_id, answers, items: beneath });
        }
        // Beside an answer: FHIR wants them beneath it.
        for (n, child) in beneath.into_iter().enumerate() {
            let to = answer_for(&answers, &child.link_id);
            let place = answers[to].items.len();
            self.moved.push((format!("{at}.answer[{to}].item[{place}]"), format!("{was}.item[{n}]")));
            answers[to].items.push(child);
        }
        Some(Item { link_id, answers, items: Vec::new() })
    }

    fn answer(&mut self, value: &Value, at: &str, was: &str) -> Option<Answer> {
        let Some(map) = value.as_object() else {
            self.error(IssueType::Structure, was, "Hier hoort een antwoord te staan.");
            return None;
        };
        self.extensions(map, was);
        let mut values = map.iter().filter(|(name, _)| name.starts_with("value"));
        let read = match (values.next(), values.next()) {
            (Some((name, value)), None) => self.value(name, value, &format!("{was}.{name}")),
            (None, _) => {
                self.error(
                    IssueType::Required,
                    &format!("{was}.value[x]"),
                    "Dit antwoord heeft geen waarde. Vul hem in of laat het antwoord weg.",
                );
                None
            }
            _ => {
                self.error(
                    IssueType::Structure,
                    &format!("{was}.value[x]"),
                    "Dit antwoord heeft meer dan één waarde. Laat er één staan.",
                );
                None
            }
        };
        let items = self.items(map.get("item"), &format!("{at}.item"), &format!("{was}.item"));
        Some(Answer { value: read?, items })
    }

    fn value(&mut self, name: &str, value: &Value, was: &str) -> Option<FormValue> {
        let text = || value.as_str();
        let read = match name {
            "valueString" => text().map(|text| FormValue::Text(text.to_owned())),
            "valueBoolean" => value.as_bool().map(FormValue::Boolean),
            "valueDate" => text()
                .filter(|text| text.len() <= 10)
                .and_then(|text| FhirDateTime::parse(text).ok())
                .map(FormValue::Date),
            "valueDateTime" => text().and_then(|text| FhirDateTime::parse(text).ok()).map(FormValue::DateTime),
            "valueCoding" => return self.coding(value, was),
            _ => {
                self.error(
                    IssueType::NotSupported,
                    was,
                    "Dit soort antwoord komt in het formulier niet voor. Gebruik valueString, valueCoding, valueBoolean, valueDate of valueDateTime.",
                );
                return None;
            }
        };
        if read.is_none() {
            let text = match name {
                "valueString" => "Een valueString is een tekst.",
                "valueBoolean" => "Een valueBoolean is true of false.",
                "valueDate" => "Dit is geen datum. Gebruik jjjj, jjjj-mm of jjjj-mm-dd.",
                _ => "Dit is geen datum. Gebruik jjjj, jjjj-mm, jjjj-mm-dd of een tijdstip met seconden en tijdzone.",
            };
            self.error(IssueType::Value, was, text);
        }
        read
    }

    fn coding(&mut self, value: &Value, was: &str) -> Option<FormValue> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        if value.get("extension").is_some() {
            self.keep(
                &format!("{was}.extension"),
                "Deze extension heeft geen plaats in het plan. Zij is bij de bron bewaard.",
            );
        }
        let Some(code) = text("code").filter(|code| !code.is_empty()) else {
            self.error(
                IssueType::Required,
                &format!("{was}.code"),
                "Dit antwoord heeft geen code. Kies een code uit de lijst van de vraag.",
            );
            return None;
        };
        Some(FormValue::Coding(Coding { system: text("system"), code, display: text("display") }))
    }

    fn extensions(&mut self, map: &Map<String, Value>, was: &str) {
        if map.contains_key("modifierExtension") {
            let text =
                "Deze modifierExtension verandert de betekenis en is hier niet bekend. Stuur het formulier zonder.";
            self.error(IssueType::Extension, &format!("{was}.modifierExtension"), text);
        }
        if map.contains_key("extension") {
            self.keep(
                &format!("{was}.extension"),
                "Deze extension heeft geen plaats in het plan. Zij is bij de bron bewaard.",
            );
        }
    }
}

/// The answer that a question beneath belongs to: the one that makes it asked, else the first.
fn answer_for(answers: &[Answer], link_id: &str) -> usize {
    let Some(Question { enable_when: Some(EnableWhen { is, .. }), .. }) = question(link_id) else { return 0 };
    let makes_asked = |answer: &Answer| match (is, &answer.value) {
        (Is::Code(choice), FormValue::Coding(coding)) => choice.means(coding),
        (Is::Boolean(wanted), FormValue::Boolean(is)) => wanted == is,
        _ => false,
    };
    answers.iter().position(makes_asked).unwrap_or(0)
}

fn at_root(path: &str) -> String {
    format!("{ROOT}.{path}")
}

fn reference(value: Option<&Value>) -> Option<String> {
    value?.get("reference")?.as_str().map(str::to_owned)
}

/// Type and id of a relative or absolute reference, with or without version.
fn split_reference(text: &str) -> Option<(&str, &str)> {
    let local = text.split_once("/_history/").map_or(text, |(before, _)| before);
    let (before, id) = local.rsplit_once('/')?;
    let kind = before.rsplit('/').next()?;
    let plain =
        !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
    plain.then_some((kind, id))
}

fn identifier(value: &Value) -> Option<Identifier> {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let kind = value.pointer("/type/coding/0").and_then(|coding| {
        Some(Coding { system: text(coding, "system"), code: text(coding, "code")?, display: text(coding, "display") })
    });
    let found = Identifier { kind, system: text(value, "system"), value: text(value, "value") };
    found.value.is_some().then_some(found)
}
