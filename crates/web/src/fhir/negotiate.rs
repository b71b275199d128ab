//! JSON or XML: what the client wants to have, and what it sent.

use super::failure::Failure;
use axum::http::{HeaderMap, StatusCode, header};

/// A wire format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// application/fhir+json.
    Json,
    /// application/fhir+xml.
    Xml,
}

impl Format {
    /// Media type to answer with.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/fhir+json; charset=utf-8",
            Self::Xml => "application/fhir+xml; charset=utf-8",
        }
    }

    fn of_media(media: &str) -> Option<Self> {
        match media.split(';').next().unwrap_or("").trim().to_ascii_lowercase().as_str() {
            "json" | "application/fhir+json" | "application/json" | "text/json" | "application/json+fhir" => {
                Some(Self::Json)
            }
            "xml" | "application/fhir+xml" | "application/xml" | "text/xml" | "application/xml+fhir" => Some(Self::Xml),
            _ => None,
        }
    }

    /// What the client wants: `_format` goes before Accept; JSON where it does not mind.
    ///
    /// # Errors
    /// 406 where it wants neither.
    pub fn wanted(headers: &HeaderMap, parameter: Option<&str>) -> Result<Self, Failure> {
        let neither = || {
            Failure::of(
                StatusCode::NOT_ACCEPTABLE,
                fhir::format::IssueType::NotSupported,
                "",
                "Vraag om application/fhir+json of application/fhir+xml.",
            )
        };
        if let Some(parameter) = parameter {
            // A plus in a URL arrives as a blank.
            return Self::of_media(&parameter.replace(' ', "+")).ok_or_else(neither);
        }
        let accept =
            headers.get_all(header::ACCEPT).iter().filter_map(|v| v.to_str().ok()).collect::<Vec<_>>().join(",");
        if accept.trim().is_empty() {
            return Ok(Self::Json);
        }
        let mut best: Option<(f32, Self)> = None;
        for part in accept.split(',') {
            let mut pieces = part.split(';');
            let media = pieces.next().unwrap_or("").trim();
            let weight =
                pieces.find_map(|p| p.trim().strip_prefix("q=")).and_then(|q| q.parse().ok()).unwrap_or(1.0_f32);
            let format = match media {
                "*/*" | "application/*" | "text/html" => Some(Self::Json),
                media => Self::of_media(media),
            };
            if let Some(format) = format.filter(|_| weight > best.map_or(0.0, |b| b.0)) {
                best = Some((weight, format));
            }
        }
        best.map(|b| b.1).ok_or_else(neither)
    }

    /// What the client sent.
    ///
    /// # Errors
    /// 415 where it is neither.
    pub fn sent(headers: &HeaderMap) -> Result<Self, Failure> {
        headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).and_then(Self::of_media).ok_or_else(|| {
            Failure::of(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                fhir::format::IssueType::NotSupported,
                "",
                "Stuur de inhoud als application/fhir+json of application/fhir+xml.",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT, value.parse().unwrap())])
    }

    #[test]
    fn the_client_gets_what_it_wants_most() {
        assert_eq!(Format::wanted(&accept("application/fhir+xml"), None).unwrap(), Format::Xml);
        assert_eq!(
            Format::wanted(&accept("application/fhir+xml;q=0.5, application/fhir+json"), None).unwrap(),
            Format::Json
        );
        assert_eq!(Format::wanted(&accept("application/fhir+xml"), Some("json")).unwrap(), Format::Json);
        assert_eq!(Format::wanted(&accept("text/html,*/*;q=0.8"), None).unwrap(), Format::Json);
        assert_eq!(Format::wanted(&HeaderMap::new(), Some("application/fhir xml")).unwrap(), Format::Xml);
        assert!(Format::wanted(&accept("image/png"), None).is_err());
        assert!(Format::wanted(&HeaderMap::new(), Some("turtle")).is_err());
    }
}
