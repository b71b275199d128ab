//! Preparing at home (V3): what somebody writes down before the conversation, in their own language. It is theirs, and no
//! decision: a professional reads it beside the form and takes over what belongs in the plan, answer by answer.

use crate::coded::coded;
use crate::plan::TopicId;
use crate::words;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Most characters of one answer.
pub const LONGEST: usize = 3_000;

coded! {
    /// What one may think about beforehand. The Dutch words are those that a professional reads.
    pub enum Question {
        Matters "matters" "wat belangrijk is in het leven";
        Worries "worries" "waar iemand zich zorgen over maakt";
        Care "care" "welke zorg iemand wel of niet wil";
        Speaks "speaks" "wie namens de patiënt mag praten";
        Present "present" "wie er bij het gesprek moet zijn";
        Ask "ask" "wat iemand wil vragen";
    }
}

coded! {
    /// The languages of the patient's own pages (decision 94).
    pub enum Language {
        Dutch "nl" "Nederlands";
        English "en" "Engels";
        German "de" "Duits";
        Turkish "tr" "Turks";
        Arabic "ar" "Arabisch";
        Polish "pl" "Pools";
        Chinese "zh" "Chinees";
    }
}

impl Question {
    /// Where in the plan an answer may be taken over to: the topic, and the form's question for its text. Who speaks for
    /// the patient and who is there are people, whom the form asks for by name; a question is answered in the conversation.
    pub fn taken_to(self) -> Option<(TopicId, &'static str)> {
        match self {
            Self::Matters => Some((TopicId::SenseOfPurpose, "1196")),
            Self::Worries | Self::Care => Some((TopicId::CareWishes, "1190")),
            Self::Speaks | Self::Present | Self::Ask => None,
        }
    }
}

/// What somebody prepared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    /// In which language.
    pub language: Language,
    /// The answers, in order of the questions; what is empty is absent.
    pub answers: Vec<(Question, String)>,
    /// Name of who wrote it.
    pub name: String,
    /// The representative wrote it.
    #[serde(default)]
    pub represented: bool,
    /// When it was last changed.
    pub at: Timestamp,
}

impl Prepared {
    /// What was answered to a question.
    pub fn answer(&self, question: Question) -> Option<&str> {
        self.answers.iter().find(|(q, _)| *q == question).map(|(_, text)| text.as_str())
    }

    /// Who wrote it, when and in which language: to the letter what a plan says of where it came from.
    pub fn origin(&self) -> String {
        let who = if self.represented { "de vertegenwoordiger" } else { "de patiënt" };
        let day = words::day(crate::date::local_day(self.at));
        let language = match self.language {
            Language::Dutch => String::new(),
            other => format!(", in het {}", other.dutch()),
        };
        format!("zelf opgeschreven door {who}{language}, {day}")
    }

    /// An answer as it stands in the plan once it was taken over: behind what stood there, in the writer's own words.
    pub fn taken_over(&self, question: Question, before: &str) -> Option<String> {
        let said = format!("‘{}’ ({})", self.answer(question)?.trim(), self.origin());
        let before = before.trim();
        if before.contains(&said) {
            return Some(before.to_owned());
        }
        Some(if before.is_empty() { said } else { format!("{before}\n{said}") })
    }
}

/// Answers from what was typed, in order of the questions.
///
/// # Errors
/// The questions whose answer is too long.
pub fn answers(typed: impl Fn(Question) -> String) -> Result<Vec<(Question, String)>, Vec<Question>> {
    let all = Question::ALL.iter().map(|q| (*q, typed(*q).trim().to_owned())).filter(|(_, text)| !text.is_empty());
    let all: Vec<_> = all.collect();
    let long: Vec<_> = all.iter().filter(|(_, text)| text.chars().count() > LONGEST).map(|(q, _)| *q).collect();
    if long.is_empty() { Ok(all) } else { Err(long) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(language: Language) -> Prepared {
        let typed = |q| match q {
            Question::Matters => " Torunlarım.\n".to_owned(),
            _ => " ".to_owned(),
        };
        Prepared {
            language,
            answers: answers(typed).unwrap(),
            name: "Fatma Demir".into(),
            represented: false,
            at: "2026-11-12T10:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn an_answer_that_is_taken_over_says_where_it_came_from_and_stands_behind_what_was_there() {
        let said = prepared(Language::Turkish);
        let taken = said.taken_over(Question::Matters, "").unwrap();
        assert_eq!(taken, "‘Torunlarım.’ (zelf opgeschreven door de patiënt, in het Turks, 12 november 2026)");
        let behind = said.taken_over(Question::Matters, "De kerk.\n").unwrap();
        assert_eq!(behind, format!("De kerk.\n{taken}"));
        assert_eq!(said.taken_over(Question::Matters, &behind).unwrap(), behind, "twice is once");
        assert_eq!(said.taken_over(Question::Worries, ""), None);
        let own = Prepared { represented: true, ..prepared(Language::Dutch) };
        assert_eq!(own.origin(), "zelf opgeschreven door de vertegenwoordiger, 12 november 2026");
    }

    #[test]
    fn an_answer_that_is_too_long_is_named() {
        let typed = |q| if q == Question::Ask { "x".repeat(LONGEST + 1) } else { String::new() };
        assert_eq!(answers(typed), Err(vec![Question::Ask]));
    }
}
