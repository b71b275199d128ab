//! Material that was given (V3): what, to whom, in which language, and how.

use super::Talk;
use crate::coded::coded;
use crate::path::{Step, What};
use crate::toolkit::Language;
use serde::{Deserialize, Serialize};

coded! {
    /// To whom.
    pub enum GivenTo {
        Patient "patient" "de patiënt";
        Relative "relative" "een naaste";
        Both "both" "de patiënt en een naaste";
    }
}

coded! {
    /// How.
    pub enum GivenHow {
        Explained "explained" "meegegeven en uitgelegd";
        Handed "handed" "meegegeven";
        Told "told" "verteld waar het staat";
        Sent "sent" "toegestuurd";
    }
}

/// Material that was given, on the day of the step. What it was called then stays here, whatever becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterialGiven {
    /// By which it is known in the toolkit.
    pub key: String,
    /// What it is called.
    pub title: String,
    /// Who made it.
    pub publisher: String,
    /// Where it is; absent for a file that is kept here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// In which language.
    pub language: Language,
    /// To whom.
    pub to: GivenTo,
    /// How.
    pub how: GivenHow,
    /// What was said with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

impl MaterialGiven {
    /// 'Notitieboekje (Pharos), in het Turks: meegegeven aan de patiënt'.
    pub fn sentence(&self) -> String {
        let language = match self.language {
            Language::Dutch => String::new(),
            Language::Other => ", in een andere taal".to_owned(),
            other => format!(", in het {}", other.dutch()),
        };
        let to = match self.how {
            GivenHow::Told => format!("aan {} verteld waar het staat", self.to.dutch()),
            how => format!("{} aan {}", how.dutch(), self.to.dutch()).replace("en uitgelegd aan", "aan"),
        };
        let explained = if self.how == GivenHow::Explained { " en uitgelegd" } else { "" };
        format!("{} ({}){language}: {to}{explained}", self.title, self.publisher)
    }
}

/// What was given, newest first.
pub fn materials(steps: &[Step]) -> Vec<(&Step, &MaterialGiven)> {
    let mut all: Vec<_> = steps
        .iter()
        .filter_map(|step| match &step.what {
            What::Talk(Talk::Given(given)) => Some((step, given)),
            _ => None,
        })
        .collect();
    all.sort_by_key(|(step, _)| std::cmp::Reverse((step.day, step.number)));
    all
}
