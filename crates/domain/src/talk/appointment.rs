//! The appointment for a conversation (V1): when, where, and who is there.

use crate::coded::coded;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

coded! {
    /// Where a conversation takes place.
    pub enum Place {
        Home "home" "bij de patiënt thuis";
        Practice "practice" "in de huisartsenpraktijk";
        Institution "institution" "op de locatie waar de patiënt verblijft";
        Hospital "hospital" "in het ziekenhuis";
        Remote "remote" "op afstand (telefoon of beeldbellen)";
        Other "other" "ergens anders";
    }
}

impl Place {
    /// As one says it to the patient.
    pub fn to_patient(self) -> &'static str {
        match self {
            Self::Home => "bij u thuis",
            Self::Practice => "in de huisartsenpraktijk",
            Self::Institution => "op de locatie waar u woont of verblijft",
            Self::Hospital => "in het ziekenhuis",
            Self::Remote => "op afstand: per telefoon of met beeldbellen",
            Self::Other => "",
        }
    }
}

/// A planned conversation. What was planned before there were places and people has a day and words only. Sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Appointment {
    /// The day.
    pub on: Date,
    /// The hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
    /// Which kind of place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Address, room or telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_words: Option<String>,
    /// Who comes of those who give care, each as one would introduce them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub team: Vec<String>,
    /// Whom the patient wants there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wished: Vec<String>,
    /// What to bring or prepare, in words for the patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bring: Option<String>,
    /// What the team should know; not for the letter. Earlier steps keep hour, place and people here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// '10.30 uur'.
pub fn time_words(at: Time) -> String {
    format!("{}.{:02} uur", at.hour(), at.minute())
}

impl Appointment {
    /// 'bij de patiënt thuis, Dorpsstraat 1'; absent where nothing is said of it.
    pub fn place_sentence(&self) -> Option<String> {
        let kind = self.place.filter(|p| *p != Place::Other).map(|p| p.dutch().to_owned());
        let parts: Vec<String> = kind.into_iter().chain(self.place_words.clone()).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// Day and hour: '8 december 2026 om 10.30 uur'.
    pub fn when(&self) -> String {
        let day = crate::words::day(self.on);
        self.at.map_or_else(|| day.clone(), |at| format!("{day} om {}", time_words(at)))
    }

    /// All but the day, each in a sentence.
    pub fn lines(&self) -> Vec<String> {
        let people = |label: &str, all: &[String]| (!all.is_empty()).then(|| format!("{label}: {}.", all.join("; ")));
        [
            self.at.map(|at| format!("Om {}.", time_words(at))),
            self.place_sentence().map(|p| format!("{}.", crate::words::capitalised(&p))),
            people("Van de zorg", &self.team),
            people("Op wens van de patiënt", &self.wished),
            self.words.clone(),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
