//! A form with a file, posted by somebody signed in, checked for the session's token as any other form (CSRF).

use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, note_foreign};
use crate::session::SignedIn;
use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::{StatusCode, header};
use domain::document::file::LARGEST;
use subtle::ConstantTimeEq;

/// The file of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// None was chosen.
    Nothing,
    /// One with nothing in it.
    Empty,
    /// One larger than any that is taken; it was not kept.
    TooLarge,
    /// One, whatever it was called: names of files are nobody's business.
    File(Vec<u8>),
}

/// What was posted.
pub struct SignedUpload {
    /// Who posted it.
    pub who: SignedIn,
    /// The fields beside the file.
    pub fields: Fields,
    /// The file.
    pub file: Sent,
}

impl SignedUpload {
    /// Reads what somebody posted, who was asked already whether they may.
    ///
    /// # Errors
    /// A form that cannot be read, or that does not carry the session's token.
    pub async fn read(app: &App, who: SignedIn, request: Request) -> Result<Self, PageError> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let (fields, file) = if kind.starts_with("multipart/") {
            // What is no form with a file has no token in it either.
            parts(Multipart::from_request(request, app).await.map_err(|_| PageError::Csrf)?).await?
        } else {
            let body = Bytes::from_request(request, app).await.map_err(|_| PageError::TooLarge)?;
            (Fields::parse(&body), Sent::Nothing)
        };
        let same: bool = fields.get("csrf").as_bytes().ct_eq(who.csrf.as_bytes()).into();
        if !same {
            return Err(PageError::Csrf);
        }
        note_foreign(app, &who, &fields).await?;
        Ok(Self { who, fields, file })
    }
}

async fn parts(mut posted: Multipart) -> Result<(Fields, Sent), PageError> {
    let (mut fields, mut file) = (Fields::default(), Sent::Nothing);
    while let Some(part) = posted.next_field().await.map_err(|e| broken(&e))? {
        let name = part.name().unwrap_or_default().to_owned();
        if let Some(called) = part.file_name().map(str::to_owned) {
            file = match sent(part).await? {
                // A browser sends an empty part without a name where nobody chose a file.
                Sent::Empty if called.is_empty() => Sent::Nothing,
                sent => sent,
            };
        } else {
            let bytes = part.bytes().await.map_err(|e| broken(&e))?;
            let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n").replace('\0', "");
            fields.0.push((name, text));
        }
    }
    Ok((fields, file))
}

/// Reads a file to its end: whoever sends one that is too large is told so only when all of it was sent, and what they
/// typed is not lost.
async fn sent(mut part: Field<'_>) -> Result<Sent, PageError> {
    let (mut bytes, mut too_large) = (Vec::new(), false);
    while let Some(chunk) = part.chunk().await.map_err(|e| broken(&e))? {
        too_large |= bytes.len() + chunk.len() > LARGEST;
        if too_large {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok(match (too_large, bytes.is_empty()) {
        (true, _) => Sent::TooLarge,
        (false, true) => Sent::Empty,
        (false, false) => Sent::File(bytes),
    })
}

fn broken(error: &MultipartError) -> PageError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => PageError::TooLarge,
        _ => PageError::BadRequest("Het formulier met het bestand is niet te lezen.".to_owned()),
    }
}

impl FromRequest<App> for SignedUpload {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let who = SignedIn::from_request_parts(&mut parts, app).await?;
        Self::read(app, who, Request::from_parts(parts, body)).await
    }
}
