//! What goes wrong over FHIR: a status and an OperationOutcome. Never a stack trace, never a BSN.

use crate::access::Denied;
use crate::refused::Trace;
use axum::http::StatusCode;
use fhir::format::{IssueType, Problem, Severity};

/// A request that is not done.
#[derive(Debug)]
pub struct Failure {
    /// Status of the answer.
    pub status: StatusCode,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// `WWW-Authenticate`, where signing in would help.
    pub challenge: Option<&'static str>,
    /// `Allow`, where another method would do.
    pub allow: Option<&'static str>,
    /// What the log is told of it, where it is a refusal.
    pub mark: Option<Trace>,
}

impl Failure {
    /// A failure with one problem.
    pub fn of(status: StatusCode, code: IssueType, path: &str, text: &str) -> Self {
        Self::all(status, vec![Problem::new(Severity::Error, code, path, text)])
    }

    /// A failure with its problems.
    pub fn all(status: StatusCode, problems: Vec<Problem>) -> Self {
        Self { status, problems, challenge: None, allow: None, mark: None }
    }

    /// 401: no token, or one that is not good.
    pub fn token(code: IssueType, challenge: &'static str, text: &str) -> Self {
        let mark = Some(Trace::Because("Geen token, of een dat niet geldt."));
        Self { challenge: Some(challenge), mark, ..Self::of(StatusCode::UNAUTHORIZED, code, "", text) }
    }

    /// 403 for a scope that is too small.
    pub fn scope(kind: &str, letter: char) -> Self {
        let text = format!("Hiervoor is de scope system/{kind}.{letter} nodig.");
        Self {
            challenge: Some("Bearer error=\"insufficient_scope\""),
            mark: Some(Trace::Because("De scope van het token reikt niet zo ver.")),
            ..Self::of(StatusCode::FORBIDDEN, IssueType::Forbidden, "", &text)
        }
    }

    /// The one answer for whoever has no basis, and for every unknown patient (decision 53).
    pub fn no_basis() -> Self {
        Self::of(
            StatusCode::FORBIDDEN,
            IssueType::Forbidden,
            "",
            "U hebt geen grondslag om dit in te zien, of het bestaat niet.",
        )
    }

    /// 404 for something of a patient that is ours to see.
    pub fn not_found() -> Self {
        Self::of(StatusCode::NOT_FOUND, IssueType::NotFound, "", "Dit onderdeel is er niet.")
    }

    /// 405 with what is possible instead.
    pub fn method(allow: &'static str, text: &str) -> Self {
        Self { allow: Some(allow), ..Self::of(StatusCode::METHOD_NOT_ALLOWED, IssueType::NotSupported, "", text) }
    }

    /// 400 for what cannot be read.
    pub fn bad(problems: Vec<Problem>) -> Self {
        Self::all(StatusCode::BAD_REQUEST, problems)
    }

    /// 422 for what can be read and may not be kept.
    pub fn refused(problems: Vec<Problem>) -> Self {
        Self::all(StatusCode::UNPROCESSABLE_ENTITY, problems)
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        if matches!(error, store::Error::Merged(_)) {
            let sentence =
                "Dit dossier is intussen samengevoegd met een ander. Zoek de patiënt opnieuw op, met het BSN.";
            return Self::of(StatusCode::CONFLICT, IssueType::Conflict, "", sentence);
        }
        tracing::error!(%error, "a FHIR request failed");
        let (status, code) = if error.is_temporary() {
            (StatusCode::SERVICE_UNAVAILABLE, IssueType::Transient)
        } else {
            (StatusCode::INTERNAL_SERVER_ERROR, IssueType::Exception)
        };
        Self::of(status, code, "", "Er ging iets mis aan onze kant; er is niets gewijzigd. Probeer het opnieuw.")
    }
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NoBasis => Self { mark: Some(Trace::Noted), ..Self::no_basis() },
            Denied::Broken(error) => error.into(),
        }
    }
}
