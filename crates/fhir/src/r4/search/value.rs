//! The values of search parameters as they are written: alternatives, escapes, tokens, references (FHIR R4, 3.1.1.5).

use domain::code::system::SNOMED;

/// One of the alternatives between commas, still escaped.
pub(super) fn alternatives(text: &str) -> Vec<&str> {
    split(text, b',')
}

/// Splits at a byte that is not escaped with a backslash.
fn split(text: &str, at: u8) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut parts, mut start, mut n) = (Vec::new(), 0, 0);
    while n < bytes.len() {
        if bytes[n] == b'\\' {
            n += 1;
        } else if bytes[n] == at {
            parts.push(&text[start..n]);
            start = n + 1;
        }
        n += 1;
    }
    parts.push(&text[start..]);
    parts
}

/// Takes the escapes `\,` `\|` `\$` `\\` away; any other backslash stays.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(&next) if c == '\\' && matches!(next, ',' | '|' | '$' | '\\') => {
                out.push(next);
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}

/// What a token says of the code system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum System {
    /// `code`: any, or none.
    Any,
    /// `|code`: none.
    Without,
    /// `system|code`.
    Is(String),
}

/// `system|code`, `system|`, `|code` or `code`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub system: System,
    /// The code; absent for `system|`, which is any code of it.
    pub code: Option<String>,
}

impl Token {
    /// Reads one alternative; `None` where there is neither system nor code.
    ///
    /// `sct` for SNOMED's system is the shorthand of the guide's diagrams (SPEC 4.1).
    pub fn parse(text: &str) -> Option<Self> {
        let parts = split(text, b'|');
        match parts[..] {
            [""] | ["", ""] => None,
            [code] => Some(Self { system: System::Any, code: Some(unescape(code)) }),
            ["", code] => Some(Self { system: System::Without, code: Some(unescape(code)) }),
            [system, code] => {
                let system = if system.eq_ignore_ascii_case("sct") { SNOMED.to_owned() } else { unescape(system) };
                Some(Self { system: System::Is(system), code: (!code.is_empty()).then(|| unescape(code)) })
            }
            _ => None,
        }
    }

    /// Does a code of this system (empty for none) satisfy the token?
    pub fn matches(&self, system: &str, code: &str) -> bool {
        let fits = match &self.system {
            System::Any => true,
            System::Without => system.is_empty(),
            System::Is(wanted) => wanted == system,
        };
        fits && self.code.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(code))
    }
}

/// What a reference parameter points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A resource of this server: its type where named, and its id.
    Here {
        /// The type.
        kind: Option<String>,
        /// The logical id.
        id: String,
    },
    /// A resource elsewhere, compared to the letter.
    Elsewhere(String),
}

impl Target {
    /// Reads `Type/id`, `id`, `[base]/Type/id` (all with or without `/_history/n`), or a URL of another server.
    pub fn parse(text: &str, base: &str) -> Option<Self> {
        let text = unescape(text);
        let base = base.trim_end_matches('/');
        let local = match text.strip_prefix(base).and_then(|rest| rest.strip_prefix('/')) {
            Some(local) if !base.is_empty() => local,
            _ if text.contains("://") || text.starts_with("urn:") => return Some(Self::Elsewhere(text)),
            _ => text.as_str(),
        };
        let local = local.split_once("/_history/").map_or(local, |(before, _)| before);
        let (kind, id) = match local.split_once('/') {
            Some((kind, id)) if is_type_name(kind) => (Some(kind), id),
            Some(_) => return None,
            None => (None, local),
        };
        is_id(id).then(|| Self::Here { kind: kind.map(str::to_owned), id: id.to_owned() })
    }

    /// Is this the reference of a resource, as it stands there?
    pub fn matches(&self, reference: &str, base: &str) -> bool {
        match self {
            Self::Elsewhere(url) => url == reference,
            Self::Here { kind, id } => {
                let local = reference.strip_prefix(base).map_or(reference, |rest| rest.trim_start_matches('/'));
                let local = local.split_once("/_history/").map_or(local, |(before, _)| before);
                match local.split_once('/') {
                    Some((of, at)) => at == id && kind.as_deref().is_none_or(|kind| kind == of),
                    None => false,
                }
            }
        }
    }
}

/// A name that a resource type could have.
fn is_type_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// A FHIR id: 1 to 64 of letters, digits, `-` and `.`.
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

/// A canonical URL with or without version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Canonical {
    pub url: String,
    pub version: Option<String>,
}

impl Canonical {
    /// Reads `url` or `url|version`.
    pub fn parse(text: &str) -> Self {
        // Commas and bars may be escaped, but a canonical's own bar is not one of a token.
        let text = unescape(text);
        match text.split_once('|') {
            Some((url, version)) => {
                Self { url: url.to_owned(), version: (!version.is_empty()).then(|| version.to_owned()) }
            }
            None => Self { url: text, version: None },
        }
    }

    /// Does a canonical in a resource satisfy this? Without a version any version does (SPEC 4.2).
    pub fn matches(&self, canonical: &str) -> bool {
        let (url, version) = canonical.split_once('|').map_or((canonical, None), |(url, version)| (url, Some(version)));
        url == self.url && (self.version.is_none() || self.version.as_deref() == version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> Token {
        Token::parse(text).unwrap()
    }

    #[test]
    fn the_system_of_the_first_alternative_is_not_that_of_the_next() {
        let all: Vec<_> = alternatives("http://snomed.info/sct|1,2,3").into_iter().map(token).collect();
        assert_eq!(all[0].system, System::Is(SNOMED.into()));
        assert_eq!(all[1], Token { system: System::Any, code: Some("2".into()) });
        assert_eq!(all.len(), 3);
        assert!(all[1].matches("urn:oid:1", "2") && all[1].matches("", "2"));
        assert!(!all[0].matches("urn:oid:1", "1") && all[0].matches(SNOMED, "1"));
    }

    #[test]
    fn a_token_may_leave_out_either_side() {
        assert!(token("|a").matches("", "a") && !token("|a").matches("s", "a"));
        assert!(token("s|").matches("s", "anything") && !token("s|").matches("", "anything"));
        assert!(token("sct|713603004").matches(SNOMED, "713603004"));
        assert_eq!(Token::parse(""), None);
        assert_eq!(Token::parse("|"), None);
        assert_eq!(Token::parse("a|b|c"), None);
    }

    #[test]
    fn escapes_belong_to_the_value() {
        assert_eq!(alternatives(r"a\,b,c"), [r"a\,b", "c"]);
        assert_eq!(unescape(r"a\,b\|c\\d\e"), r"a,b|c\d\e");
        assert_eq!(token(r"s\|t|c"), Token { system: System::Is("s|t".into()), code: Some("c".into()) });
        assert_eq!(unescape("é\\"), "é\\");
    }

    #[test]
    fn a_reference_may_be_relative_absolute_or_bare() {
        let base = "https://here.example/fhir/r4";
        let here = Target::Here { kind: Some("Patient".into()), id: "a".into() };
        for text in ["Patient/a", "https://here.example/fhir/r4/Patient/a", "Patient/a/_history/3"] {
            assert_eq!(Target::parse(text, base), Some(here.clone()), "{text}");
        }
        assert_eq!(Target::parse("a", base), Some(Target::Here { kind: None, id: "a".into() }));
        assert_eq!(
            Target::parse("https://there.example/Patient/a", base),
            Some(Target::Elsewhere("https://there.example/Patient/a".into()))
        );
        for wrong in ["", "Patient/", "patient/a", "Patient/a/b", "a b", "../x"] {
            assert_eq!(Target::parse(wrong, base), None, "{wrong}");
        }
        assert!(here.matches("Patient/a", base) && here.matches("https://here.example/fhir/r4/Patient/a", base));
        assert!(!here.matches("Patient/b", base) && !here.matches("Group/a", base));
        assert!(Target::parse("a", base).unwrap().matches("Device/a", base));
    }

    #[test]
    fn a_canonical_without_version_is_any_version() {
        assert!(Canonical::parse("http://q").matches("http://q|1.0.0-rc3"));
        assert!(Canonical::parse("http://q|1.0.0-rc3").matches("http://q|1.0.0-rc3"));
        assert!(!Canonical::parse("http://q|1").matches("http://q|1.0.0-rc3"));
        assert!(!Canonical::parse("http://q|1").matches("http://q"));
        assert!(!Canonical::parse("http://q").matches("http://q2"));
    }
}
