//! What can be wrong with a resource, as data, and as an OperationOutcome.

use std::fmt;

use serde_json::{Map, Value, json};

/// How bad it is (FHIR `issue-severity`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// Nothing else could be looked at.
    Fatal,
    /// Has to be mended before it can be accepted.
    Error,
    /// Accepted; worth looking at.
    Warning,
    /// For the reader to know.
    Information,
}

impl Severity {
    /// The code of FHIR's value set `issue-severity`.
    pub fn code(self) -> &'static str {
        match self {
            Severity::Fatal => "fatal",
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information => "information",
        }
    }
}

macro_rules! issue_types {
    ($($name:ident $code:literal)*) => {
        /// What sort of problem it is, in FHIR's own value set `issue-type`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum IssueType { $(#[doc = concat!("`", $code, "`")] $name,)* }

        impl IssueType {
            /// The code of FHIR's value set `issue-type`.
            pub fn code(self) -> &'static str {
                match self { $(IssueType::$name => $code,)* }
            }

            /// All of them.
            #[cfg(test)]
            const ALL: &'static [IssueType] = &[$(IssueType::$name,)*];
        }
    };
}

issue_types! {
    Invalid "invalid" Structure "structure" Required "required" Value "value" Invariant "invariant"
    Security "security" Login "login" Unknown "unknown" Expired "expired" Forbidden "forbidden" Suppressed "suppressed"
    Processing "processing" NotSupported "not-supported" Duplicate "duplicate" MultipleMatches "multiple-matches"
    NotFound "not-found" Deleted "deleted" TooLong "too-long" CodeInvalid "code-invalid" Extension "extension"
    TooCostly "too-costly" BusinessRule "business-rule" Conflict "conflict"
    Transient "transient" LockError "lock-error" NoStore "no-store" Exception "exception" Timeout "timeout"
    Incomplete "incomplete" Throttled "throttled" Informational "informational"
}

/// What was found, for a caller that decides by it: extra elements are kept and named, the rest is refused (decision 31).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Not JSON or not XML, or XML that is not FHIR's.
    Syntax,
    /// Nested deeper than [`super::MAX_DEPTH`].
    TooDeep,
    /// The same key twice in one JSON object.
    DuplicateKey,
    /// A `resourceType` that is not in the table.
    UnknownResource,
    /// An element that this type does not have. The only kind that is a warning: the value is whole without it.
    UnknownElement,
    /// A text where an object belongs, a single value where a list belongs, and so on.
    WrongType,
    /// A mandatory element is not there.
    Missing,
    /// A list where one value belongs.
    TooMany,
    /// A date, code, id, number … that does not read as one.
    Format,
    /// A code outside the set that its element requires.
    CodeOutsideSet,
    /// More than one type of a choice such as `value[x]`.
    ChoiceRepeated,
    /// An empty object, list or text.
    Empty,
    /// A value and its `_value` do not belong together.
    Pairing,
    /// The `div` of a narrative is not the XHTML that FHIR allows.
    Narrative,
    /// A rule over more than one element, such as an extension with both a value and extensions.
    Invariant,
    /// There was more than could be listed.
    Truncated,
    /// Found elsewhere: by a profile, a search, an access rule.
    Other,
}

/// One thing that is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// FHIR's code for it.
    pub code: IssueType,
    /// What was found.
    pub kind: Kind,
    /// Where: `QuestionnaireResponse.item[2].answer[0].valueCoding.code`; empty where no element can be named.
    pub path: String,
    /// A Dutch sentence a person can act on. Never holds a value from the resource.
    pub text: String,
}

impl Problem {
    /// A problem that was not found by the format layer.
    pub fn new(severity: Severity, code: IssueType, path: impl Into<String>, text: impl Into<String>) -> Self {
        Problem { severity, code, kind: Kind::Other, path: path.into(), text: text.into() }
    }

    /// A problem of this kind, with the severity and code that go with it.
    pub(super) fn found(kind: Kind, path: impl Into<String>, text: impl Into<String>) -> Self {
        let (severity, code) = match kind {
            Kind::Syntax => (Severity::Fatal, IssueType::Structure),
            Kind::TooDeep => (Severity::Fatal, IssueType::TooCostly),
            Kind::UnknownElement => (Severity::Warning, IssueType::Structure),
            Kind::Truncated => (Severity::Warning, IssueType::Incomplete),
            Kind::DuplicateKey | Kind::WrongType | Kind::TooMany | Kind::ChoiceRepeated | Kind::Pairing => {
                (Severity::Error, IssueType::Structure)
            }
            Kind::Missing => (Severity::Error, IssueType::Required),
            Kind::Format | Kind::Empty => (Severity::Error, IssueType::Value),
            Kind::CodeOutsideSet => (Severity::Error, IssueType::CodeInvalid),
            Kind::UnknownResource => (Severity::Error, IssueType::NotSupported),
            Kind::Narrative | Kind::Other => (Severity::Error, IssueType::Invalid),
            Kind::Invariant => (Severity::Error, IssueType::Invariant),
        };
        Problem { severity, code, kind, path: path.into(), text: text.into() }
    }

    /// Whether the resource cannot be accepted because of this.
    pub fn is_error(&self) -> bool {
        matches!(self.severity, Severity::Fatal | Severity::Error)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.text) } else { write!(f, "{}: {}", self.path, self.text) }
    }
}

/// Whether any of these stands in the way of accepting the resource.
pub fn has_errors(problems: &[Problem]) -> bool {
    problems.iter().any(Problem::is_error)
}

/// The problems as an OperationOutcome; without any, it says that all is well (an outcome must hold an issue).
pub fn outcome(problems: &[Problem]) -> Value {
    let mut issues: Vec<Value> = problems.iter().map(issue).collect();
    if issues.is_empty() {
        issues.push(issue(&Problem::new(Severity::Information, IssueType::Informational, "", "Alles is in orde.")));
    }
    json!({"resourceType": "OperationOutcome", "issue": issues})
}

fn issue(problem: &Problem) -> Value {
    let mut issue = Map::new();
    issue.insert("severity".into(), problem.severity.code().into());
    issue.insert("code".into(), problem.code.code().into());
    issue.insert("details".into(), json!({"text": problem.text}));
    if !problem.path.is_empty() {
        issue.insert("expression".into(), json!([problem.path]));
    }
    Value::Object(issue)
}

/// Problems as they are found: at most [`Problems::MOST`] errors and as many warnings, so that a hostile body cannot make an answer
/// larger than itself, and an error is never crowded out by warnings.
#[derive(Debug, Default)]
pub(super) struct Problems {
    list: Vec<Problem>,
    errors: usize,
    warnings: usize,
}

impl Problems {
    /// How many of each are listed.
    pub const MOST: usize = 100;

    /// Whether another of this kind would still be listed: asked before its text is made.
    pub fn wants(&mut self, error: bool) -> bool {
        let count = if error { &mut self.errors } else { &mut self.warnings };
        *count += 1;
        *count <= Self::MOST
    }

    /// Adds one that was wanted.
    pub fn push(&mut self, problem: Problem) {
        self.list.push(problem);
    }

    /// All of them, with a note where some were left out.
    pub fn finish(mut self) -> Vec<Problem> {
        let left_out = self.errors.saturating_sub(Self::MOST) + self.warnings.saturating_sub(Self::MOST);
        if left_out > 0 {
            let text = format!("Er zijn nog {left_out} andere meldingen. Verhelp eerst wat hierboven staat.");
            self.list.push(Problem::found(Kind::Truncated, "", text));
        }
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Version, check, tables};

    #[test]
    fn an_outcome_names_the_element_and_what_to_do() {
        let problem = Problem::found(Kind::Missing, "Consent.status", "Vul de status in.");
        let outcome = outcome(&[problem]);
        assert_eq!(
            outcome,
            json!({"resourceType": "OperationOutcome", "issue": [{
                "severity": "error", "code": "required", "details": {"text": "Vul de status in."}, "expression": ["Consent.status"]
            }]})
        );
        assert_eq!(check(&outcome), []);
    }

    #[test]
    fn an_outcome_without_problems_is_still_a_valid_outcome() {
        let outcome = outcome(&[]);
        assert_eq!(outcome["issue"][0]["severity"], "information");
        assert_eq!(check(&outcome), []);
    }

    #[test]
    fn every_code_is_in_the_standards_value_set() {
        let tables = tables(Version::R4);
        let codes = tables.codes("issue-type").unwrap();
        for code in IssueType::ALL {
            assert!(codes.contains(&code.code()), "{code:?}");
        }
        assert_eq!(codes.len(), IssueType::ALL.len());
        for severity in [Severity::Fatal, Severity::Error, Severity::Warning, Severity::Information] {
            assert!(tables.codes("issue-severity").unwrap().contains(&severity.code()));
        }
    }
}
