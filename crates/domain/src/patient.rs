//! Who a patient is: the record of identity, and what may be entered into it.

use crate::code::Gender;
use crate::date::FhirDateTime;
use crate::ident::{Bsn, Uzovi};
use crate::people::{Address, Email, Name, Telephone};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Where the patient lives; it says who is finally responsible (PROCESS.md, below the role table).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Living {
    /// At home: the GP.
    Home,
    /// Nursing home: the elderly care physician.
    NursingHome,
    /// Hospital: the treating specialist.
    Hospital,
    /// Hospice: as arranged, the GP by default.
    Hospice,
    /// Geriatric rehabilitation or short stay: the treating physician.
    ShortStay,
}

impl Living {
    /// Every place, in the order in which it is offered.
    pub const ALL: &'static [Self] = &[Self::Home, Self::NursingHome, Self::Hospital, Self::Hospice, Self::ShortStay];

    /// Code in forms and files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::NursingHome => "nursing-home",
            Self::Hospital => "hospital",
            Self::Hospice => "hospice",
            Self::ShortStay => "short-stay",
        }
    }

    /// What the field calls it.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Home => "thuis",
            Self::NursingHome => "verpleeghuis",
            Self::Hospital => "ziekenhuis",
            Self::Hospice => "hospice",
            Self::ShortStay => "tijdelijk verblijf (GRZ, ELV)",
        }
    }

    /// The place with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|l| l.code() == code)
    }
}

/// A patient's identity as it stands; sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patient {
    /// Citizen service number; a patient may be known without one only until it is found.
    pub bsn: Bsn,
    /// Name.
    pub name: Name,
    /// Date of birth; a year or month where no more is known.
    pub birth_date: FhirDateTime,
    /// Sex for administration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Telephone numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub telephones: Vec<Telephone>,
    /// E-mail addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Email>,
    /// Place of living.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub living: Option<Living>,
    /// Name of the GP or the practice, as told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub general_practitioner: Option<String>,
    /// Insurer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insurer: Option<Uzovi>,
    /// Day of death, where recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub died_on: Option<Date>,
}

impl Patient {
    /// Age in whole years on a day; `None` where the birth date is less precise than a year allows.
    pub fn age_on(&self, day: Date) -> i16 {
        let born = self.birth_date.first_day();
        let before_birthday = (day.month(), day.day()) < (born.month(), born.day());
        day.year() - born.year() - i16::from(before_birthday)
    }

    /// Family names by which the patient may be searched: own and partner's, normalised (decision 74).
    pub fn search_names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            [&self.name.family, &self.name.partner_family].into_iter().flatten().map(|n| normalise_family(n)).collect();
        names.retain(|n| !n.is_empty());
        names.dedup();
        names
    }
}

/// A surname for searching: lower case, without diacritics, prefixes, blanks and hyphens (decision 74).
pub fn normalise_family(text: &str) -> String {
    let plain: String =
        text.nfd().filter(|c| c.is_alphanumeric() || c.is_whitespace() || *c == '-').collect::<String>().to_lowercase();
    let words: Vec<&str> = plain.split(|c: char| c.is_whitespace() || c == '-').filter(|w| !w.is_empty()).collect();
    let start = words.iter().position(|w| !PREFIXES.contains(w)).unwrap_or(0);
    words[start..].concat()
}

/// Words that stand before a surname.
const PREFIXES: [&str; 19] = [
    "van", "de", "den", "der", "het", "t", "ter", "ten", "te", "op", "in", "el", "al", "la", "le", "du", "von", "d",
    "s",
];

/// How a surname that was typed may be meant, each as [`normalise_family`] writes it: as one name, and as two that somebody
/// bears, with a hyphen between them or only a blank. Whoever bears all names of one of these ways is meant.
pub fn typed_family(text: &str) -> Vec<Vec<String>> {
    let parts = |is_between: fn(char) -> bool| {
        let parts = text.split(is_between).map(normalise_family);
        parts.filter(|part| !part.is_empty() && !PREFIXES.contains(&part.as_str())).collect::<Vec<_>>()
    };
    let several = [parts(|c| c == '-'), parts(|c| c == '-' || c.is_whitespace())];
    let mut ways = vec![vec![normalise_family(text)]];
    ways.extend(several.into_iter().filter(|names| names.len() > 1));
    ways.dedup();
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_are_found_however_they_are_written() {
        assert_eq!(normalise_family("Van den Bérg"), "berg");
        assert_eq!(normalise_family("  YÜKSEL "), "yuksel");
        assert_eq!(normalise_family("Jansen-de Vries"), "jansendevries");
        assert_eq!(normalise_family("'t Hoen"), "hoen");
        assert_eq!(normalise_family("de"), "de");
    }

    #[test]
    fn two_names_are_found_by_both_of_them() {
        assert_eq!(typed_family("van den Berg"), [["berg"]]);
        assert_eq!(typed_family("de Wit-Ramdin"), [vec!["witramdin"], vec!["wit", "ramdin"]]);
        assert_eq!(typed_family("Wit van Dam"), [vec!["witvandam"], vec!["wit", "dam"]]);
        let three = [vec!["benalidevries"], vec!["benali", "vries"], vec!["ben", "ali", "vries"]];
        assert_eq!(typed_family("Ben Ali - de Vries")[..2], three[..2]);
        assert_eq!(typed_family("-"), [[""]]);
    }

    #[test]
    fn age_counts_birthdays() {
        let patient = Patient {
            bsn: Bsn::parse("999911120").unwrap(),
            name: Name::of("Hendrik", "", "Hartman"),
            birth_date: FhirDateTime::parse("1961-05-02").unwrap(),
            gender: None,
            address: None,
            telephones: vec![],
            emails: vec![],
            living: None,
            general_practitioner: None,
            insurer: None,
            died_on: None,
        };
        assert_eq!(patient.age_on("2022-05-01".parse().unwrap()), 60);
        assert_eq!(patient.age_on("2022-05-02".parse().unwrap()), 61);
    }
}
