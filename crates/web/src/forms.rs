//! A posted form as the browser sent it, already checked for the session's token (CSRF).

use crate::app::App;
use crate::error::PageError;
use crate::session::{Enrolling, SignedIn};
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use domain::access::{Action, permit};
use domain::ident::PatientId;
use store::log::{Event, Outcome};
use subtle::ConstantTimeEq;

/// Fields of a form in the order in which they came; a name may come more than once.
#[derive(Debug, Clone, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// Reads an urlencoded body.
    pub fn parse(body: &[u8]) -> Self {
        let mut fields = Vec::new();
        for pair in body.split(|b| *b == b'&').filter(|p| !p.is_empty()) {
            let mut halves = pair.splitn(2, |b| *b == b'=');
            let mut half = || decode(halves.next().unwrap_or_default());
            let name = half();
            fields.push((name, half()));
        }
        Self(fields)
    }

    /// First value of a field; empty where it is missing.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }

    /// Every value of a field that may come more than once.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The same, to keep.
    pub fn every(&self, name: &str) -> Vec<String> {
        self.all(name).map(str::to_owned).collect()
    }

    /// First value of a field without blanks around it; `None` where nothing is left.
    pub fn filled(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|v| !v.is_empty())
    }

    /// The revision that whoever sends it had read (`gezien`): 0 for something new. What is no number was read by nobody.
    pub fn seen(&self) -> u32 {
        match self.get("gezien") {
            "" => 0,
            typed => typed.parse().ok().filter(|_| typed.len() < 10).unwrap_or(u32::MAX),
        }
    }

    /// Was the field sent at all?
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }
}

/// Decodes one urlencoded half; line ends are put back to `\n`, as the text was typed.
fn decode(bytes: &[u8]) -> String {
    if bytes.iter().all(|b| b.is_ascii_graphic() && !matches!(b, b'+' | b'%')) {
        return bytes.iter().map(|b| char::from(*b)).collect();
    }
    let spaced: Vec<u8> = bytes.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    percent_encoding::percent_decode(&spaced).decode_utf8_lossy().replace("\r\n", "\n").replace('\0', "")
}

/// A form posted by somebody signed in, with the right token.
pub struct SignedForm {
    /// Who posted it.
    pub who: SignedIn,
    /// What was posted.
    pub fields: Fields,
}

impl FromRequest<App> for SignedForm {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let who = SignedIn::from_request_parts(&mut parts, app).await?;
        let fields = checked(parts, body, app, &who).await?;
        Ok(Self { who, fields })
    }
}

/// A form posted by somebody who may have to set up a second factor before anything else.
pub struct EnrolForm {
    /// Who posted it.
    pub who: Enrolling,
    /// What was posted.
    pub fields: Fields,
}

impl FromRequest<App> for EnrolForm {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let who = Enrolling::from_request_parts(&mut parts, app).await?;
        let fields = checked(parts, body, app, &who.who).await?;
        Ok(Self { who, fields })
    }
}

async fn checked(parts: Parts, body: Body, app: &App, who: &SignedIn) -> Result<Fields, PageError> {
    let body = Bytes::from_request(Request::from_parts(parts, body), app).await.map_err(|_| PageError::TooLarge)?;
    let fields = Fields::parse(&body);
    let same: bool = fields.get("csrf").as_bytes().ct_eq(who.csrf.as_bytes()).into();
    if !same {
        return Err(PageError::Csrf);
    }
    note_foreign(app, who, &fields).await?;
    Ok(fields)
}

/// Hardly a form of ours sends a patient's id: whom it is about stands in its address, and the list of a meeting offers only
/// whom its reader may see. One that names a patient whom the sender has nothing to do with was made by hand. Its field refuses it as it does an id that nobody has, so that the answer
/// tells nothing; the log tells who tried.
///
/// # Errors
/// Where the store fails.
pub async fn note_foreign(app: &App, who: &SignedIn, fields: &Fields) -> Result<(), store::Error> {
    let mut noted: Vec<PatientId> = Vec::new();
    for (name, value) in &fields.0 {
        // Some fields say before the id what it is of.
        let id = value.trim().rsplit(['.', ':']).next().and_then(|id| PatientId::parse(id).ok());
        let Some(id) = id.filter(|id| name != "csrf" && !noted.contains(id)) else { continue };
        let known = app.store().relation(&id, &who.actor, app.clock().now()).await?;
        if let Some(relation) = known
            && [Action::ReadEmergency, Action::ReadLog].iter().all(|a| permit(&who.actor, *a, &id, relation).is_err())
        {
            let event = Event {
                at: app.clock().now(),
                actor: Some(&who.actor),
                action: "refused",
                data: "form field",
                patient: Some(&id),
                outcome: Outcome::Refused,
                detail: Some("Het kenmerk van een andere patiënt in een veld van een formulier."),
            };
            app.store().event(event).await?;
            noted.push(id);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_as_typed() {
        let fields = Fields::parse(b"a=1&a=2&tekst=Caf%C3%A9+%26%0D%0Aregel&leeg=&los");
        assert_eq!(fields.0[..2], [("a".to_owned(), "1".to_owned()), ("a".to_owned(), "2".to_owned())]);
        assert_eq!(fields.get("tekst"), "Café &\nregel");
        assert_eq!(fields.filled("leeg"), None);
        assert!(fields.has("los") && !fields.has("weg"));
    }
}
