//! A form with a file, posted by somebody signed in, checked for the session's token as any other form (CSRF).

use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, note_foreign};
use crate::session::SignedIn;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::StatusCode;
use subtle::ConstantTimeEq;

/// What was posted.
pub struct SignedUpload {
    /// Who posted it.
    pub who: SignedIn,
    /// The file; absent: none was chosen.
    pub file: Option<Vec<u8>>,
}

impl FromRequest<App> for SignedUpload {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let who = SignedIn::from_request_parts(&mut parts, app).await?;
        let bad = || PageError::BadRequest("Het formulier met het bestand is niet te lezen.".to_owned());
        // What is no form with a file has no token in it either.
        let posted = Multipart::from_request(Request::from_parts(parts, body), app).await;
        let mut posted = posted.map_err(|_| PageError::Csrf)?;
        let broken = |error: MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => PageError::TooLarge,
            _ => bad(),
        };
        let (mut fields, mut file) = (Fields::default(), None);
        while let Some(part) = posted.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            let is_file = part.file_name().is_some();
            let bytes = part.bytes().await.map_err(broken)?;
            if is_file {
                file = Some(bytes.to_vec()).filter(|b| !b.is_empty());
            } else {
                fields.0.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        let same: bool = fields.get("csrf").as_bytes().ct_eq(who.csrf.as_bytes()).into();
        if !same {
            return Err(PageError::Csrf);
        }
        note_foreign(app, &who, &fields).await?;
        Ok(Self { who, file })
    }
}
