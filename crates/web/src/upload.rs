//! A form with a file, posted by somebody signed in, checked for the session's token as any other form (CSRF).

use crate::app::App;
use crate::error::PageError;
use crate::forms::Fields;
use crate::session::SignedIn;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
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
        let mut posted = Multipart::from_request(Request::from_parts(parts, body), app).await.map_err(|_| bad())?;
        let (mut fields, mut file) = (Fields::default(), None);
        while let Some(part) = posted.next_field().await.map_err(|_| PageError::TooLarge)? {
            let name = part.name().unwrap_or_default().to_owned();
            let is_file = part.file_name().is_some();
            let bytes = part.bytes().await.map_err(|_| PageError::TooLarge)?;
            if is_file {
                file = Some(bytes.to_vec()).filter(|b| !b.is_empty());
            } else {
                fields.0.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        let same: bool = fields.get("csrf").as_bytes().ct_eq(who.csrf.as_bytes()).into();
        if same { Ok(Self { who, file }) } else { Err(PageError::Csrf) }
    }
}
