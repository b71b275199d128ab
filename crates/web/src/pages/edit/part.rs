//! The parts of the plan's form: what is saved, folded and carried over as one (decisions 4 and 6).

use domain::form::{QUESTIONS, Question, question};
use domain::plan::TopicId;

/// One part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// When, and by whom.
    Head,
    /// A topic of the form.
    Topic(TopicId),
    /// Life wishes (decision 20).
    Life,
    /// Other agreements (decision 21).
    Other,
}

/// One section of the page.
#[derive(Debug, Clone, Copy)]
pub struct SectionOf {
    /// Number in the form; empty for what is outside it.
    pub number: &'static str,
    /// Heading.
    pub title: &'static str,
    /// What it holds.
    pub parts: &'static [Part],
}

use TopicId as T;

/// The page: the form's own order, with life wishes before treatment (G1) and other agreements after what else counts.
pub const SECTIONS: [SectionOf; 11] = [
    SectionOf { number: "", title: "Het gesprek", parts: &[Part::Head] },
    SectionOf { number: "1", title: "Wilsbekwaamheid en vertegenwoordiging", parts: &[Part::Topic(T::Capacity)] },
    SectionOf { number: "2", title: "Wie erbij was", parts: &[Part::Topic(T::Attendance)] },
    SectionOf { number: "", title: "Levenswensen", parts: &[Part::Life] },
    SectionOf { number: "3", title: "Doel van de behandeling", parts: &[Part::Topic(T::Goal)] },
    SectionOf {
        number: "4",
        title: "Behandelgrenzen",
        parts: &[
            Part::Topic(T::Cpr),
            Part::Topic(T::Ventilation),
            Part::Topic(T::Icu),
            Part::Topic(T::Hospital),
            Part::Topic(T::Antibiotics),
            Part::Topic(T::BloodProduct),
            Part::Topic(T::OtherLimits),
            Part::Topic(T::Icd),
            Part::Topic(T::IcdDeactivation),
        ],
    },
    SectionOf {
        number: "5",
        title: "Wensen voor de zorg",
        parts: &[
            Part::Topic(T::CareWishes),
            Part::Topic(T::PlaceOfDeath),
            Part::Topic(T::Euthanasia),
            Part::Topic(T::OrganDonation),
        ],
    },
    SectionOf { number: "6", title: "Wat verder belangrijk is", parts: &[Part::Topic(T::SenseOfPurpose)] },
    SectionOf { number: "", title: "Andere afspraken", parts: &[Part::Other] },
    SectionOf { number: "7", title: "Eerder vastgelegd", parts: &[Part::Topic(T::EarlierRecorded)] },
    SectionOf { number: "8", title: "Delen", parts: &[Part::Topic(T::InformRelatives), Part::Topic(T::Sharing)] },
];

impl Part {
    /// Every part, in the page's order.
    pub fn all() -> impl Iterator<Item = Self> {
        SECTIONS.iter().flat_map(|s| s.parts).copied()
    }

    /// Code in field names, addresses and drafts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Topic(topic) => topic.number(),
            Self::Life => "life",
            Self::Other => "other",
        }
    }

    /// The part with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::all().find(|p| p.code() == code)
    }

    /// The part that holds a question of the form.
    pub fn of_question(link_id: &str) -> Option<Self> {
        let question = question(link_id)?;
        match question.topic {
            Some(topic) => Some(Self::Topic(topic)),
            None if ASKED_IN_HEAD.contains(&question.link_id) => Some(Self::Head),
            None => None,
        }
    }

    /// The topic, where it is one.
    pub fn topic(self) -> Option<TopicId> {
        match self {
            Self::Topic(topic) => Some(topic),
            _ => None,
        }
    }

    /// The questions at its top, in the form's order.
    pub fn questions(self) -> Vec<&'static Question> {
        match self {
            Self::Head => ["963", "8"].iter().filter_map(|id| question(id)).collect(),
            Self::Topic(topic) => {
                let own =
                    |q: &&'static Question| q.topic == Some(topic) && q.parent().is_none_or(|p| p.topic != Some(topic));
                QUESTIONS.iter().filter(own).collect()
            }
            Self::Life | Self::Other => Vec::new(),
        }
    }
}

/// The questions of the head that the page asks; name and birth date of the patient (7 and 967) are known.
const ASKED_IN_HEAD: [&str; 7] = ["963", "8", "16", "968", "969", "970", "1405"];

#[cfg(test)]
mod tests {
    use super::*;

    fn below(questions: &[&'static Question], seen: &mut Vec<&'static str>) {
        for question in questions {
            seen.push(question.link_id);
            below(question.children(), seen);
        }
    }

    #[test]
    fn the_page_asks_every_question_of_the_form_once() {
        let mut asked = Vec::new();
        for part in Part::all() {
            below(&part.questions(), &mut asked);
        }
        for question in &QUESTIONS {
            let known = question.link_id == "967" || question.link_id == "7" || question.parent == Some("7");
            let heading = question.is_group() && question.topic.is_none() && question.parent.is_none();
            let times = asked.iter().filter(|l| **l == question.link_id).count();
            assert_eq!(times, usize::from(!known && (!heading || question.link_id == "8")), "{}", question.link_id);
        }
    }

    #[test]
    fn each_part_has_a_code_of_its_own() {
        let codes: Vec<&str> = Part::all().map(Part::code).collect();
        let once: std::collections::BTreeSet<&str> = codes.iter().copied().collect();
        assert_eq!(once.len(), codes.len());
        assert_eq!(codes.len(), TopicId::FORM.len() + 3);
    }

    #[test]
    fn a_question_belongs_to_the_part_of_its_topic() {
        assert_eq!(Part::of_question("1001"), Some(Part::Topic(TopicId::Cpr)));
        assert_eq!(Part::of_question("968"), Some(Part::Head));
        assert_eq!(Part::of_question("964"), None);
        assert_eq!(Part::Topic(TopicId::Icd).questions()[0].link_id, "1006");
    }
}
