//! Instruments and what they said (PROCESS S2, FACTS 'Instruments'). The outcome is recorded as it was judged by a
//! person; nothing is predicted and no treatment is advised.

use crate::coded::coded;
use serde::{Deserialize, Serialize};

/// The Surprise Question. The second one is asked only after 'no' to the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surprise {
    /// Would you be surprised if this patient died within twelve months?
    pub if_died: bool,
    /// Would you be surprised if they were still alive after that (double)?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_alive: Option<bool>,
}

coded! {
    /// General signs of decline, in words of our own; the texts of SPICT are others'.
    pub enum Decline {
        Functioning "functioning" "functioneren gaat achteruit";
        Dependent "dependent" "steeds meer hulp nodig bij het dagelijks leven";
        Carer "carer" "mantelzorger heeft meer steun nodig";
        Admissions "admissions" "onverwachte ziekenhuisopnames";
        Weight "weight" "valt af of blijft mager";
        Complaints "complaints" "klachten blijven, ook met goede behandeling";
        Choice "choice" "kiest zelf voor minder of geen behandeling";
    }
}

coded! {
    /// Groups of conditions, by name.
    pub enum Condition {
        Cancer "cancer" "kanker";
        Dementia "dementia" "dementie of kwetsbaarheid";
        Neurological "neurological" "neurologische ziekte";
        Heart "heart" "hart- of vaatziekte";
        Lung "lung" "longziekte";
        Kidney "kidney" "nierziekte";
        Liver "liver" "leverziekte";
        Other "other" "andere ernstige ziekte";
    }
}

/// An instrument that gives a number: its range, from where somebody counts as frail, and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scale {
    /// Code in forms and in what is kept.
    pub code: String,
    /// Name.
    pub name: String,
    /// Lowest score.
    pub lowest: u16,
    /// Highest score.
    pub highest: u16,
    /// From this score on: frail.
    pub frail_from: u16,
    /// Who says so; 'bron onbekend' where none was found.
    pub source: String,
}

/// What an instrument said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// Surprise Question, single or double.
    Surprise(Surprise),
    /// SPICT: signs and conditions, no score.
    Spict {
        /// General signs.
        signs: Vec<Decline>,
        /// Groups of conditions.
        conditions: Vec<Condition>,
    },
    /// A score, with the scale as it was when it was recorded: a later threshold changes nothing.
    Score {
        /// The scale.
        scale: Scale,
        /// The score.
        value: u16,
    },
    /// An instrument without a number, or one that is not in the list: its name and what it said.
    Other {
        /// Name.
        name: String,
        /// Outcome, in words.
        outcome: String,
    },
}

/// Code, name, lowest, highest, frail from, source: FACTS, 'Instruments'.
const SCALES: [(&str, &str, u16, u16, u16, &str); 6] = [
    ("gfi", "GFI (Groningen Frailty Indicator)", 0, 15, 5, "KNGF 2024: hoger dan 4; elders 4 of hoger"),
    ("cfs", "CFS (Clinical Frailty Scale)", 1, 9, 5, "bron onbekend"),
    ("prisma-7", "PRISMA-7", 0, 7, 3, "bron onbekend"),
    ("frail", "FRAIL-schaal", 0, 5, 3, "3 of hoger kwetsbaar; 1 en 2: bijna kwetsbaar"),
    ("tfi", "TFI (Tilburg Frailty Indicator)", 0, 15, 5, "bron onbekend"),
    ("isar-hp", "ISAR-HP", 0, 5, 2, "bron onbekend"),
];

/// The scales to choose from, before an organisation says otherwise.
pub fn scales() -> Vec<Scale> {
    let made = |(code, name, lowest, highest, frail_from, source): (&str, &str, u16, u16, u16, &str)| Scale {
        code: code.to_owned(),
        name: name.to_owned(),
        lowest,
        highest,
        frail_from,
        source: source.to_owned(),
    };
    SCALES.into_iter().map(made).collect()
}

coded! {
    /// How the Surprise Question is asked.
    pub enum Asks {
        Not "not" "niet";
        Single "single" "alleen de eerste vraag";
        Double "double" "ook de tweede vraag";
    }
}

/// Which instruments an organisation offers whoever signals (S2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instruments {
    /// The Surprise Question.
    pub surprise: Asks,
    /// SPICT.
    pub spict: bool,
    /// Scores, each with its threshold and who says so.
    pub scales: Vec<Scale>,
}

impl Default for Instruments {
    fn default() -> Self {
        Self { surprise: Asks::Double, spict: true, scales: scales() }
    }
}

/// The scale with this code.
pub fn scale<'a>(among: &'a [Scale], code: &str) -> Option<&'a Scale> {
    among.iter().find(|s| s.code == code)
}

impl Scale {
    /// Does this score count as frail?
    pub fn is_frail(&self, value: u16) -> bool {
        value >= self.frail_from
    }
}

impl Finding {
    /// In a sentence, with the arithmetic and its source.
    pub fn sentence(&self) -> String {
        match self {
            Self::Surprise(s) => {
                let no = |surprised: bool| if surprised { "wel" } else { "niet" };
                let alive =
                    s.if_alive.map(|a| format!("; nog in leven zijn zou {} verbazen", no(a))).unwrap_or_default();
                format!("Surprise Question: overlijden binnen een jaar zou {} verbazen{alive}", no(s.if_died))
            }
            Self::Spict { signs, conditions } => {
                let named: Vec<&str> =
                    signs.iter().map(|s| s.dutch()).chain(conditions.iter().map(|c| c.dutch())).collect();
                format!("SPICT: {}", crate::words::join(&named))
            }
            Self::Score { scale, value } => format!(
                "{}: {value} van {}, {} (grens: {} of hoger; {})",
                scale.name,
                scale.highest,
                if scale.is_frail(*value) { "kwetsbaar" } else { "niet kwetsbaar" },
                scale.frail_from,
                scale.source
            ),
            Self::Other { name, outcome } => format!("{name}: {outcome}"),
        }
    }
}
