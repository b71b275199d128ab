//! Identifiers that cannot be wrong once made: national numbers, and our own random ids.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is not the identifier it should be; the sentence is Dutch and fit to show at a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(pub &'static str);

macro_rules! text_newtype {
    ($name:ident) => {
        impl $name {
            /// The value as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl TryFrom<String> for $name {
            type Error = Invalid;
            fn try_from(text: String) -> Result<Self, Invalid> {
                Self::parse(&text)
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0
            }
        }
    };
}

/// Burgerservicenummer: nine digits, 11-test with weights 9,8,7,6,5,4,3,2,-1 (FACTS, law and norms).
///
/// `Debug` hides the number, so that it cannot reach a log line by accident (decision 54).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Bsn(String);
text_newtype!(Bsn);

impl fmt::Debug for Bsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bsn(…)")
    }
}

impl Bsn {
    /// Identifier system of the BSN in FHIR.
    pub const SYSTEM: &'static str = "http://fhir.nl/fhir/NamingSystem/bsn";

    /// Reads a BSN; blanks and dots between digits are allowed, eight digits get a leading zero.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let mut digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
        if digits.len() == 8 {
            digits.insert(0, '0');
        }
        if digits.len() != 9 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Invalid("Een BSN heeft negen cijfers."));
        }
        let sum: i32 = digits.bytes().zip([9, 8, 7, 6, 5, 4, 3, 2, -1]).map(|(b, w)| i32::from(b - b'0') * w).sum();
        if sum == 0 || sum % 11 != 0 {
            return Err(Invalid("Dit BSN klopt niet: controleer de cijfers."));
        }
        Ok(Self(digits))
    }

    /// Is it a number that is given to nobody, for tests and examples? Those that begin with a 9 (RvIG: test numbers are
    /// 9999…; none from 900 000 000 on is given out).
    pub fn is_for_tests(&self) -> bool {
        self.0.starts_with('9')
    }
}

/// AGB code of a professional or organisation: eight digits (Vektis).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Agb(String);
text_newtype!(Agb);

impl Agb {
    /// Identifier system of the AGB code in FHIR.
    pub const SYSTEM: &'static str = "http://fhir.nl/fhir/NamingSystem/agb-z";

    /// Reads an AGB code.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = text.trim();
        if digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(digits.to_owned()))
        } else {
            Err(Invalid("Een AGB-code heeft acht cijfers."))
        }
    }
}

/// UZI number of a card holder: one to nine digits (CIBG).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uzi(String);
text_newtype!(Uzi);

impl Uzi {
    /// Identifier system of the UZI number in FHIR.
    pub const SYSTEM: &'static str = "http://fhir.nl/fhir/NamingSystem/uzi-nr-pers";

    /// Reads a UZI number.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = text.trim();
        if (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(digits.to_owned()))
        } else {
            Err(Invalid("Een UZI-nummer heeft hoogstens negen cijfers."))
        }
    }
}

/// BIG registration number: eleven digits (CIBG).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Big(String);
text_newtype!(Big);

impl Big {
    /// Identifier system of the BIG number in FHIR.
    pub const SYSTEM: &'static str = "http://fhir.nl/fhir/NamingSystem/big";

    /// Reads a BIG number.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = text.trim();
        if digits.len() == 11 && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(digits.to_owned()))
        } else {
            Err(Invalid("Een BIG-nummer heeft elf cijfers."))
        }
    }
}

/// URA number of a care provider: eight digits, fewer are filled with zeros in front (UZI register, CIBG).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ura(String);
text_newtype!(Ura);

impl Ura {
    /// Identifier system of the URA number in FHIR.
    pub const SYSTEM: &'static str = "http://fhir.nl/fhir/NamingSystem/ura";

    /// Reads a URA number.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = text.trim();
        if (1..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(format!("{digits:0>8}")))
        } else {
            Err(Invalid("Een URA-nummer heeft hoogstens acht cijfers."))
        }
    }
}

/// Dutch postcode, kept as `1234 AB`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Postcode(String);
text_newtype!(Postcode);

impl Postcode {
    /// Reads a postcode with or without the blank, in either case.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let packed: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
        let bytes = packed.as_bytes();
        let fits = bytes.len() == 6
            && bytes[0] != b'0'
            && bytes[..4].iter().all(u8::is_ascii_digit)
            && bytes[4..].iter().all(u8::is_ascii_uppercase);
        if fits {
            Ok(Self(format!("{} {}", &packed[..4], &packed[4..])))
        } else {
            Err(Invalid("Een postcode heeft vier cijfers en twee letters, zoals 1234 AB."))
        }
    }
}

/// UZOVI code of a health insurer: one to four digits, kept with leading zeros (Vektis).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uzovi(String);
text_newtype!(Uzovi);

impl Uzovi {
    /// Reads a UZOVI code.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = text.trim();
        if (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(format!("{digits:0>4}")))
        } else {
            Err(Invalid("Een UZOVI-code heeft hoogstens vier cijfers."))
        }
    }
}

/// Alphabet of our own ids: Crockford's base 32 in lower case, so that an id survives being read aloud.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Writes 128 random bits as 26 characters.
pub fn id_text(bits: u128) -> String {
    (0..26).rev().map(|i| char::from(ALPHABET[usize::try_from((bits >> (i * 5)) & 31).unwrap_or(0)])).collect()
}

fn is_id(text: &str) -> bool {
    text.len() == 26 && text.bytes().all(|b| ALPHABET.contains(&b))
}

macro_rules! own_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);
        text_newtype!($name);
        impl $name {
            /// Makes an id from 128 random bits.
            pub fn from_bits(bits: u128) -> Self {
                Self(id_text(bits))
            }
            /// Reads an id; anything but 26 characters of its alphabet is refused.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                if is_id(text) { Ok(Self(text.to_owned())) } else { Err(Invalid("Dit is geen geldig kenmerk.")) }
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

own_id! {
    /// A patient in this system: random, in `/patienten/{id}` and `Patient/{id}` (decision 54).
    PatientId
}
own_id! {
    /// A person who can sign in.
    PersonId
}
own_id! {
    /// An organisation.
    OrganisationId
}
own_id! {
    /// Material of an organisation.
    MaterialId
}
own_id! {
    /// A visit to a practice.
    VisitId
}
own_id! {
    /// Something that an organisation keeps of its own work, about no patient: a party of the inventory, an action, a training.
    NoteId
}
own_id! {
    /// The name of a questionnaire's link: 128 random bits, kept nowhere but as a keyed hash.
    LinkToken
}
own_id! {
    /// A round of statements.
    RoundId
}
own_id! {
    /// A meeting about patients.
    MeetingId
}
own_id! {
    /// Where a system is told of changes: a webhook or a subscription.
    HookId
}
own_id! {
    /// A file of a practice's own system that was brought in.
    ExtractId
}
own_id! {
    /// A contract or tariff of an organisation.
    ContractId
}
own_id! {
    /// A file that belongs to a patient's document.
    AttachmentId
}

/// An API client's name, chosen by an administrator: 1 to 64 of letters, digits, `-`, `_` and `.`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientId(String);
text_newtype!(ClientId);

impl ClientId {
    /// Reads a client id.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("Een client-id bestaat uit letters, cijfers, -, _ en punt."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bsn_takes_the_eleven_test() {
        assert_eq!(Bsn::parse("999911120").unwrap().as_str(), "999911120");
        assert_eq!(Bsn::parse("1112.22.333").unwrap().as_str(), "111222333");
        for wrong in ["999911121", "000000000", "12345678a", "", "9999111200"] {
            assert!(Bsn::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(format!("{:?}", Bsn::parse("999911120").unwrap()), "Bsn(…)");
        assert!(Bsn::parse("999911120").unwrap().is_for_tests() && !Bsn::parse("111222333").unwrap().is_for_tests());
    }

    #[test]
    fn postcode_is_kept_in_one_way() {
        assert_eq!(Postcode::parse("1234ab").unwrap().as_str(), "1234 AB");
        assert!(Postcode::parse("0234 AB").is_err());
        assert!(Postcode::parse("12345").is_err());
    }

    #[test]
    fn own_ids_are_26_characters_and_differ() {
        let id = PatientId::from_bits(u128::MAX);
        assert_eq!(id.as_str().len(), 26);
        assert_eq!(PatientId::parse(id.as_str()).unwrap(), id);
        assert_ne!(PatientId::from_bits(1), PatientId::from_bits(2));
        assert!(PatientId::parse("../../etc/passwd").is_err());
    }

    #[test]
    fn codes_keep_their_shape() {
        assert!(Agb::parse("01999999").is_ok());
        assert!(Agb::parse("1999999").is_err());
        assert_eq!(Uzovi::parse("101").unwrap().as_str(), "0101");
        assert!(Uzi::parse("1234567890").is_err());
        assert!(Big::parse("19012345601").is_ok());
        assert_eq!(Ura::parse("1234").unwrap().as_str(), "00001234");
        assert!(Ura::parse("123456789").is_err());
    }
}
