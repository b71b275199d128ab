//! JSON or XML: what the client wants to have, and what it sent.

use super::failure::Failure;
use axum::http::{HeaderMap, StatusCode, header};
use fhir::format::Version;

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

    /// The format of a media type; `None` for another one, or where it says that it is of another version of FHIR.
    fn of_media(version: Version, media: &str) -> Option<Self> {
        let said = media.split(';').skip(1).find_map(|p| p.trim().strip_prefix("fhirVersion="));
        let own = version.number();
        if said.map(|v| v.trim_matches('"')).is_some_and(|v| v != own && !own.starts_with(&format!("{v}."))) {
            return None;
        }
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
    pub fn wanted(version: Version, headers: &HeaderMap, parameter: Option<&str>) -> Result<Self, Failure> {
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
            return Self::of_media(version, &parameter.replace(' ', "+")).ok_or_else(neither);
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
            let whole = part.trim();
            let weight =
                pieces.find_map(|p| p.trim().strip_prefix("q=")).and_then(|q| q.parse().ok()).unwrap_or(1.0_f32);
            let format = match media {
                "*/*" | "application/*" | "text/html" => Some(Self::Json),
                _ => Self::of_media(version, whole),
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
    pub fn sent(version: Version, headers: &HeaderMap) -> Result<Self, Failure> {
        headers
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| Self::of_media(version, v))
            .ok_or_else(|| {
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
        assert_eq!(Format::wanted(Version::R4, &accept("application/fhir+xml"), None).unwrap(), Format::Xml);
        assert_eq!(
            Format::wanted(Version::R4, &accept("application/fhir+xml;q=0.5, application/fhir+json"), None).unwrap(),
            Format::Json
        );
        assert_eq!(Format::wanted(Version::R4, &accept("application/fhir+xml"), Some("json")).unwrap(), Format::Json);
        assert_eq!(Format::wanted(Version::R4, &accept("text/html,*/*;q=0.8"), None).unwrap(), Format::Json);
        assert_eq!(Format::wanted(Version::R4, &HeaderMap::new(), Some("application/fhir xml")).unwrap(), Format::Xml);
        assert!(Format::wanted(Version::R4, &accept("image/png"), None).is_err());
        let of = |version| accept(&format!("application/fhir+xml; fhirVersion={version}"));
        assert_eq!(Format::wanted(Version::Stu3, &of("3.0"), None).unwrap(), Format::Xml);
        assert_eq!(Format::wanted(Version::R4, &of("4.0.1"), None).unwrap(), Format::Xml);
        assert!(Format::wanted(Version::Stu3, &of("4.0"), None).is_err());
        assert!(Format::wanted(Version::R4, &HeaderMap::new(), Some("turtle")).is_err());
    }
}
