//! What can go wrong for somebody who looks at a page.

use crate::refused::{Trace, marked};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

/// Why a page cannot be shown. What is told never names a patient, and is the same for whoever has no basis
/// (decision 53).
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// Nobody is signed in; the path to come back to after signing in.
    #[error("not signed in")]
    SignIn(Option<String>),
    /// Signed in, but a second factor has to be set up before anything else.
    #[error("a second factor is needed")]
    MustEnrol,
    /// No basis, unknown patient, or a role that may not: one answer for all. It goes into the log on its way out.
    #[error("no basis")]
    Forbidden,
    /// The same answer, where whoever refused wrote it in the log already.
    #[error("no basis, as the log says")]
    Denied,
    /// No such page.
    #[error("not found")]
    NotFound,
    /// The form did not carry the session's token.
    #[error("form without the session's token")]
    Csrf,
    /// The body is larger than what any form needs.
    #[error("body too large")]
    TooLarge,
    /// What was asked cannot be understood; a Dutch sentence says what and how to mend it.
    #[error("{0}")]
    BadRequest(String),
    /// Too many attempts; seconds to wait.
    #[error("too many attempts")]
    TooMany(u64),
    /// Too many searches for patients; seconds to wait (decision 74).
    #[error("too many searches")]
    TooManySearches(u64),
    /// Something broke.
    #[error("{0}")]
    Broken(#[from] store::Error),
    /// A sheet could not be set.
    #[error("{0}")]
    Unprinted(#[from] paper::Failure),
}

impl PageError {
    /// Status code of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::SignIn(_) | Self::MustEnrol => StatusCode::SEE_OTHER,
            Self::Forbidden | Self::Denied | Self::Csrf => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Broken(store::Error::Died | store::Error::Full | store::Error::Merged(_)) => StatusCode::CONFLICT,
            Self::TooMany(_) | Self::TooManySearches(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken(_) | Self::Unprinted(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        if let Self::SignIn(back) = &self {
            let target = back.as_deref().filter(|p| is_own_path(p) && *p != "/").map_or_else(
                || "/inloggen".to_owned(),
                |p| {
                    format!(
                        "/inloggen?naar={}",
                        percent_encoding::utf8_percent_encode(p, percent_encoding::NON_ALPHANUMERIC)
                    )
                },
            );
            return Redirect::to(&target).into_response();
        }
        if matches!(self, Self::MustEnrol) {
            return Redirect::to("/account/beveiligen").into_response();
        }
        match &self {
            Self::Broken(store::Error::Died | store::Error::Full | store::Error::Merged(_)) => {}
            Self::Broken(error) => tracing::error!(%error, "a page failed"),
            Self::Unprinted(error) => tracing::error!(%error, "a sheet failed"),
            _ => {}
        }
        let response = crate::pages::errors::respond(&self);
        match self {
            Self::Denied => marked(response, Trace::Noted),
            Self::Csrf => marked(response, Trace::Because("Een formulier zonder het teken van deze sessie.")),
            _ => response,
        }
    }
}

/// A path on this server, and nothing that a browser would take for another one (no open redirect).
pub fn is_own_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.bytes().all(|b| b.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_gone_back_to() {
        assert!(is_own_path("/patienten/abc?x=1"));
        for foreign in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "",
            "/a\r\nSet-Cookie: x",
        ] {
            assert!(!is_own_path(foreign), "{foreign}");
        }
    }
}
