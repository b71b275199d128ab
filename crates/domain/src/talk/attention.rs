//! What asks for attention in a conversation (V5): language, culture and religion, health literacy, dementia. Shown on
//! top of whatever is prepared, and the newest one holds.

use super::Talk;
use crate::coded::coded;
use crate::path::{Step, What};
use crate::words;
use serde::{Deserialize, Serialize};

coded! {
    /// Is an interpreter needed?
    pub enum Interpreter {
        Professional "professional" "een tolk is nodig";
        Relative "relative" "een naaste tolkt, omdat de patiënt dat wil";
        NotNeeded "not-needed" "geen tolk nodig";
    }
}

coded! {
    /// What else asks for attention.
    pub enum PointKind {
        Culture "culture" "cultuur en religie";
        Literacy "literacy" "moeite met lezen, schrijven of informatie over gezondheid";
        Dementia "dementia" "dementie of problemen met geheugen of denken";
        Other "other" "iets anders";
    }
}

impl PointKind {
    /// What helps, for whoever prepares.
    pub fn helps(self) -> &'static str {
        match self {
            Self::Culture => {
                "Vraag wie er in de familie meebeslist, wat gewoon is om te bespreken, en of een geestelijk verzorger gewenst is."
            }
            Self::Literacy => {
                "Gebruik korte zinnen en beelden. Laat de patiënt in eigen woorden vertellen wat er besproken is."
            }
            Self::Dementia => {
                "Kies een rustig moment van de dag, houd het kort, één onderwerp tegelijk, met een vertrouwd iemand erbij."
            }
            Self::Other => "Bespreek vooraf met het team wat hierbij helpt.",
        }
    }
}

/// One point, with what there is to know about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Which.
    pub kind: PointKind,
    /// More about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// What asks for attention.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Attention {
    /// The language in which the patient talks best, where it is not Dutch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Is an interpreter needed?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interpreter: Option<Interpreter>,
    /// What else.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<Point>,
}

impl Attention {
    /// Nothing asks for it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Must an interpreter be arranged?
    pub fn wants_interpreter(&self) -> bool {
        self.interpreter == Some(Interpreter::Professional)
    }

    /// Is there this point?
    pub fn has(&self, kind: PointKind) -> bool {
        self.points.iter().any(|p| p.kind == kind)
    }

    /// Each in a sentence.
    pub fn lines(&self) -> Vec<String> {
        let language = match (&self.language, self.interpreter) {
            (Some(language), Some(need)) => Some(format!("Taal: {language}; {}.", need.dutch())),
            (Some(language), None) => Some(format!("Taal: {language}.")),
            (None, Some(need)) => Some(format!("{}.", words::capitalised(need.dutch()))),
            (None, None) => None,
        };
        let point = |p: &Point| match &p.words {
            Some(more) => format!("{}: {more}", words::capitalised(p.kind.dutch())),
            None => format!("{}.", words::capitalised(p.kind.dutch())),
        };
        language.into_iter().chain(self.points.iter().map(point)).collect()
    }

    /// What helps, for whoever prepares.
    pub fn helps(&self) -> Vec<String> {
        let interpreter = self.wants_interpreter().then(|| match &self.language {
            Some(language) => format!("Regel op tijd een tolk ({language}), en plan de dubbele tijd."),
            None => "Regel op tijd een tolk, en plan de dubbele tijd.".to_owned(),
        });
        interpreter.into_iter().chain(self.points.iter().map(|p| p.kind.helps().to_owned())).collect()
    }
}

/// What asks for attention now, and the step that said so.
pub fn attention(steps: &[Step]) -> Option<(&Step, &Attention)> {
    let newest = steps.iter().rev().find_map(|step| match &step.what {
        What::Talk(Talk::Attention(attention)) => Some((step, attention)),
        _ => None,
    });
    newest.filter(|(_, attention)| !attention.is_empty())
}
