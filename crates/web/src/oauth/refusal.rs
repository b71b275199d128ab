//! Why a token is not given: an OAuth error answer (RFC 6749 section 5.2).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An OAuth error answer.
#[derive(Debug)]
pub struct Refused {
    /// Status of the answer.
    pub status: StatusCode,
    error: &'static str,
    /// What a person who connects a system can act on; also the detail in the log.
    pub description: &'static str,
}

impl Refused {
    /// 400: the request is not one that can be answered.
    pub fn bad(error: &'static str, description: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description }
    }

    /// 401: the client did not show who it is.
    pub fn client(description: &'static str) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, error: "invalid_client", description }
    }

    /// 401 for an unknown client and for a wrong secret or signature alike.
    pub fn unknown() -> Self {
        Self::client("Onbekende client, of het geheim of de handtekening klopt niet.")
    }

    /// 403: the client is known, and may not.
    pub fn scope(description: &'static str) -> Self {
        Self { status: StatusCode::FORBIDDEN, error: "insufficient_scope", description }
    }

    /// 429: too many refusals.
    pub fn slow_down() -> Self {
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            error: "slow_down",
            description: "Te veel pogingen; probeer het over een halve minuut opnieuw.",
        }
    }

    /// 500.
    pub fn broken(error: &dyn std::error::Error) -> Self {
        tracing::error!(%error, "token request failed");
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            error: "server_error",
            description: "Er ging iets mis aan onze kant.",
        }
    }

    /// Something broke; it says nothing about who asked.
    pub fn is_broken(&self) -> bool {
        self.status == StatusCode::INTERNAL_SERVER_ERROR
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = Json(json!({"error": self.error, "error_description": self.description}));
        let mut response = (self.status, [(header::PRAGMA, "no-cache")], body).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"tijdig\""));
        }
        response
    }
}
