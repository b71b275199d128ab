//! FHIR's primitive types and how each is written (FHIR R4, section 2.24).

use serde_json::{Number, Value};

/// A primitive type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Primitive {
    /// `base64Binary`
    Base64Binary,
    /// `boolean`
    Boolean,
    /// `canonical`
    Canonical,
    /// `code`
    Code,
    /// `date`
    Date,
    /// `dateTime`
    DateTime,
    /// `decimal`
    Decimal,
    /// `id`
    Id,
    /// `instant`
    Instant,
    /// `integer`
    Integer,
    /// `markdown`
    Markdown,
    /// `oid`
    Oid,
    /// `positiveInt`
    PositiveInt,
    /// `string`
    String,
    /// `time`
    Time,
    /// `unsignedInt`
    UnsignedInt,
    /// `uri`
    Uri,
    /// `url`
    Url,
    /// `uuid`
    Uuid,
}

/// What is wrong with the value of a primitive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Another JSON type than this primitive has.
    Type,
    /// An empty text.
    Empty,
    /// Not written as this primitive is.
    Format,
}

impl Primitive {
    /// The primitive type with this FHIR name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "base64Binary" => Primitive::Base64Binary,
            "boolean" => Primitive::Boolean,
            "canonical" => Primitive::Canonical,
            "code" => Primitive::Code,
            "date" => Primitive::Date,
            "dateTime" => Primitive::DateTime,
            "decimal" => Primitive::Decimal,
            "id" => Primitive::Id,
            "instant" => Primitive::Instant,
            "integer" => Primitive::Integer,
            "markdown" => Primitive::Markdown,
            "oid" => Primitive::Oid,
            "positiveInt" => Primitive::PositiveInt,
            "string" => Primitive::String,
            "time" => Primitive::Time,
            "unsignedInt" => Primitive::UnsignedInt,
            "uri" => Primitive::Uri,
            "url" => Primitive::Url,
            "uuid" => Primitive::Uuid,
            _ => return None,
        })
    }

    /// What is wrong with this value, if anything.
    pub(super) fn fault(self, value: &Value) -> Option<Fault> {
        let fits = match (self, value) {
            (Primitive::Boolean, Value::Bool(_)) | (Primitive::Decimal, Value::Number(_)) => true,
            (Primitive::Integer, Value::Number(number)) => whole(number, i64::from(i32::MIN)),
            (Primitive::UnsignedInt, Value::Number(number)) => whole(number, 0),
            (Primitive::PositiveInt, Value::Number(number)) => whole(number, 1),
            (
                Primitive::Boolean
                | Primitive::Decimal
                | Primitive::Integer
                | Primitive::UnsignedInt
                | Primitive::PositiveInt,
                _,
            ) => {
                return Some(Fault::Type);
            }
            (_, Value::String(text)) if text.is_empty() => return Some(Fault::Empty),
            (_, Value::String(text)) => self.reads(text),
            _ => return Some(Fault::Type),
        };
        (!fits).then_some(Fault::Format)
    }

    /// The JSON value of the `value` attribute in XML. What does not read as a number or boolean stays a text, for the check to find.
    pub(super) fn typed(self, text: String) -> Value {
        match self {
            Primitive::Boolean => match text.as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                _ => Value::String(text),
            },
            Primitive::Integer | Primitive::UnsignedInt | Primitive::PositiveInt => match integer(&text) {
                Some(number) => Value::Number(number.into()),
                None => Value::String(text),
            },
            Primitive::Decimal => match text.parse::<Number>() {
                Ok(number) => Value::Number(number),
                Err(_) => Value::String(text),
            },
            _ => Value::String(text),
        }
    }

    /// How this primitive is written, for a person who has to mend it.
    pub(super) fn advice(self) -> &'static str {
        match self {
            Primitive::Base64Binary => "Geef de inhoud als base64.",
            Primitive::Boolean => "Geef true of false.",
            Primitive::Canonical | Primitive::Uri | Primitive::Url => "Geef een adres of URI zonder spaties.",
            Primitive::Code => "Geef een code zonder spaties aan begin of eind en zonder dubbele spaties.",
            Primitive::Date => "Geef een bestaande datum als JJJJ, JJJJ-MM of JJJJ-MM-DD.",
            Primitive::DateTime => {
                "Geef een bestaande datum als JJJJ, JJJJ-MM of JJJJ-MM-DD, of met tijd en tijdzone als JJJJ-MM-DDTuu:mm:ss+01:00."
            }
            Primitive::Decimal => "Geef een getal, met een punt als decimaalteken.",
            Primitive::Id => "Geef een id van 1 tot 64 tekens: letters, cijfers, streepjes en punten.",
            Primitive::Instant => "Geef een tijdstip met seconden en tijdzone als JJJJ-MM-DDTuu:mm:ss+01:00.",
            Primitive::Integer => "Geef een geheel getal.",
            Primitive::Markdown | Primitive::String => "Geef tekst zonder stuurtekens (tab en regeleinde mogen).",
            Primitive::Oid => "Geef een OID als urn:oid:1.2.3.",
            Primitive::PositiveInt => "Geef een geheel getal van 1 of meer.",
            Primitive::Time => "Geef een tijd als uu:mm:ss.",
            Primitive::UnsignedInt => "Geef een geheel getal van 0 of meer.",
            Primitive::Uuid => "Geef een UUID als urn:uuid:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx, met kleine letters.",
        }
    }

    /// Whether a non-empty text is written as this primitive is.
    fn reads(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        match self {
            Primitive::Canonical | Primitive::Uri | Primitive::Url => {
                !text.contains(char::is_whitespace) && plain(text)
            }
            Primitive::Code => {
                plain(text)
                    && !text.starts_with(char::is_whitespace)
                    && !text.ends_with(char::is_whitespace)
                    && !text.as_bytes().windows(2).any(|pair| pair.iter().all(u8::is_ascii_whitespace))
            }
            Primitive::Date => date(bytes),
            Primitive::DateTime => date_time(bytes),
            Primitive::Id => {
                bytes.len() <= 64 && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
            }
            Primitive::Instant => bytes.len() > 10 && date_time(bytes),
            Primitive::Markdown | Primitive::String => plain(text),
            Primitive::Oid => oid(text),
            Primitive::Time => time(bytes).is_some_and(<[u8]>::is_empty),
            Primitive::Uuid => uuid(text),
            Primitive::Base64Binary => base64(bytes),
            // Not texts: their type has been looked at before.
            Primitive::Boolean
            | Primitive::Decimal
            | Primitive::Integer
            | Primitive::UnsignedInt
            | Primitive::PositiveInt => false,
        }
    }
}

/// Whether a character can stand in a FHIR text, which is also what XML 1.0 can hold.
pub(super) fn printable(c: char) -> bool {
    !matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}')
}

fn plain(text: &str) -> bool {
    text.chars().all(printable)
}

fn whole(number: &Number, least: i64) -> bool {
    number.as_i64().is_some_and(|value| value >= least && value <= i64::from(i32::MAX))
}

/// A whole number as FHIR writes it in XML: no spaces, no leading zeros; a plus sign is allowed and has no place in JSON.
fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let written = digits == "0" && digits == text || digits.starts_with(|c: char| matches!(c, '1'..='9'));
    (written && digits.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn two(bytes: &[u8]) -> Option<u32> {
    match bytes {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some(u32::from(tens - b'0') * 10 + u32::from(ones - b'0')),
        _ => None,
    }
}

/// `JJJJ`, `JJJJ-MM` or `JJJJ-MM-DD`, and that day exists.
fn date(bytes: &[u8]) -> bool {
    let (Some(century), Some(years)) = (bytes.get(..2).and_then(two), bytes.get(2..4).and_then(two)) else {
        return false;
    };
    let year = century * 100 + years;
    if year == 0 {
        return false;
    }
    let month = match &bytes[4..] {
        [] => return true,
        [b'-', month @ ..] if month.len() == 2 || month.get(2) == Some(&b'-') => two(&month[..2]),
        _ => None,
    };
    let Some(month @ 1..=12) = month else { return false };
    match bytes.get(8..) {
        None => true,
        Some(day) => two(day).is_some_and(|day| day >= 1 && day <= days(year, month)),
    }
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

/// A date, or a date with time and zone.
fn date_time(bytes: &[u8]) -> bool {
    match bytes.get(10) {
        None => date(bytes),
        Some(b'T') => date(&bytes[..10]) && time(&bytes[11..]).is_some_and(zone),
        Some(_) => false,
    }
}

/// What follows `uu:mm:ss` and its fraction; `None` where that is not there.
fn time(bytes: &[u8]) -> Option<&[u8]> {
    let [h, hh, b':', m, mm, b':', s, ss, rest @ ..] = bytes else { return None };
    // A leap second is written as 60.
    if two(&[*h, *hh])? > 23 || two(&[*m, *mm])? > 59 || two(&[*s, *ss])? > 60 {
        return None;
    }
    let Some(fraction) = rest.strip_prefix(b".") else { return Some(rest) };
    let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
    (digits > 0).then(|| &fraction[digits..])
}

/// `Z`, or a difference up to 14 hours.
fn zone(bytes: &[u8]) -> bool {
    match bytes {
        b"Z" => true,
        [b'+' | b'-', h, hh, b':', m, mm] => match (two(&[*h, *hh]), two(&[*m, *mm])) {
            (Some(hours), Some(minutes)) => hours < 14 && minutes < 60 || hours == 14 && minutes == 0,
            _ => false,
        },
        _ => false,
    }
}

fn oid(text: &str) -> bool {
    let Some(arcs) = text.strip_prefix("urn:oid:") else { return false };
    let mut arcs = arcs.split('.');
    let number =
        |arc: &str| !arc.is_empty() && arc.bytes().all(|b| b.is_ascii_digit()) && (arc == "0" || !arc.starts_with('0'));
    matches!(arcs.next(), Some("0" | "1" | "2")) && arcs.clone().next().is_some() && arcs.all(number)
}

fn uuid(text: &str) -> bool {
    let Some(uuid) = text.strip_prefix("urn:uuid:") else { return false };
    uuid.len() == 36
        && uuid.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_digit() || matches!(b, b'a'..=b'f'),
        })
}

/// Groups of four, with white space anywhere between them and padding only at the end.
fn base64(bytes: &[u8]) -> bool {
    let (mut count, mut padding) = (0_usize, 0_usize);
    for b in bytes {
        match b {
            b' ' | b'\t' | b'\n' | b'\r' => continue,
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => {}
            _ => return false,
        }
        count += 1;
    }
    count > 0 && count.is_multiple_of(4) && padding <= 2
}

#[cfg(test)]
mod tests;
