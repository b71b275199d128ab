//! What was decided about a treatment, in the words one would use for that treatment.

use super::{NOT_DISCUSSED, UNKNOWN, quoted, title, trimmed};
use crate::plan::{Decision, TopicId, Treatment};

struct Phrases {
    /// Opens a line: `Reanimeren: onder voorwaarde`.
    subject: &'static str,
    /// Lines of their own.
    line_do: &'static str,
    line_do_not: &'static str,
    /// Inside a sentence.
    phrase_do: &'static str,
    phrase_do_not: &'static str,
    /// Inside a sentence, before 'onder voorwaarde' or 'nog onbekend'.
    noun: &'static str,
    /// Behind the topic's title.
    verb: &'static str,
}

fn phrases(treatment: Treatment) -> &'static Phrases {
    match treatment {
        Treatment::Cpr => &Phrases {
            subject: "Reanimeren",
            line_do: "Wel reanimeren",
            line_do_not: "Niet reanimeren",
            phrase_do: "wel reanimeren",
            phrase_do_not: "niet reanimeren",
            noun: "reanimeren",
            verb: "uitvoeren",
        },
        Treatment::Ventilation => &Phrases {
            subject: "Beademing",
            line_do: "Wel beademen",
            line_do_not: "Niet beademen",
            phrase_do: "wel beademen",
            phrase_do_not: "niet beademen",
            noun: "beademing",
            verb: "uitvoeren",
        },
        Treatment::Icu => &Phrases {
            subject: "IC",
            line_do: "IC: ja",
            line_do_not: "Geen IC",
            phrase_do: "wel naar de IC",
            phrase_do_not: "geen IC",
            noun: "IC-opname",
            verb: "opnemen",
        },
        Treatment::Hospital => &Phrases {
            subject: "Ziekenhuis",
            line_do: "Ziekenhuis: ja",
            line_do_not: "Niet naar het ziekenhuis",
            phrase_do: "wel naar het ziekenhuis",
            phrase_do_not: "niet naar het ziekenhuis",
            noun: "ziekenhuisopname",
            verb: "opnemen",
        },
        Treatment::Antibiotics => &Phrases {
            subject: "Antibiotica",
            line_do: "Antibiotica: ja",
            line_do_not: "Geen antibiotica",
            phrase_do: "wel antibiotica",
            phrase_do_not: "geen antibiotica",
            noun: "antibiotica",
            verb: "geven",
        },
        Treatment::BloodProduct => &Phrases {
            subject: "Bloedproducten",
            line_do: "Bloedproducten: ja",
            line_do_not: "Geen bloedproducten",
            phrase_do: "wel bloedproducten",
            phrase_do_not: "geen bloedproducten",
            noun: "bloedproducten",
            verb: "geven",
        },
        Treatment::IcdDeactivation => &Phrases {
            subject: "ICD uitzetten",
            line_do: "ICD uitzetten in de laatste levensfase",
            line_do_not: "ICD niet uitzetten",
            phrase_do: "de ICD wel uitzetten",
            phrase_do_not: "de ICD niet uitzetten",
            noun: "uitzetten van de ICD",
            verb: "uitzetten",
        },
    }
}

/// The words that are alike for each treatment; `None` for doing and not doing.
fn common(decision: &Decision, condition: impl Fn(&str) -> String) -> Option<String> {
    match decision {
        Decision::Perform | Decision::DoNot => None,
        Decision::Otherwise(Some(text)) if !text.trim().is_empty() => Some(condition(text)),
        Decision::Otherwise(_) => Some("onder voorwaarde".to_owned()),
        Decision::Unknown => Some(UNKNOWN.to_owned()),
        Decision::Undecided => Some("nog geen besluit".to_owned()),
        Decision::NotDiscussed => Some(NOT_DISCUSSED.to_owned()),
    }
}

fn after_dash(text: &str) -> String {
    format!("onder voorwaarde – {}", text.trim())
}

fn in_brackets(text: &str) -> String {
    format!("onder voorwaarde ({})", quoted(text))
}

fn line(treatment: Treatment, decision: &Decision, condition: impl Fn(&str) -> String) -> String {
    let p = phrases(treatment);
    match common(decision, condition) {
        Some(words) => format!("{}: {words}", p.subject),
        None if *decision == Decision::Perform => p.line_do.to_owned(),
        None => p.line_do_not.to_owned(),
    }
}

/// A line of its own: `Niet reanimeren`, `Reanimeren: onder voorwaarde – alleen bij operatie`, `IC: nog onbekend`.
pub fn decision_line(treatment: Treatment, decision: &Decision) -> String {
    line(treatment, decision, after_dash)
}

/// The line for the emergency view, where the mark before it says 'onder voorwaarde': `Beademing: alleen bij operatie`.
pub fn decision_short(treatment: Treatment, decision: &Decision) -> String {
    line(treatment, decision, |text| trimmed(text).to_owned())
}

/// The line for a treatment that was not discussed: `Beademing: niet besproken`.
pub fn undiscussed_line(topic: TopicId) -> String {
    let subject = Treatment::of_topic(topic).map_or_else(|| title(topic), |t| phrases(t).subject);
    format!("{subject}: {NOT_DISCUSSED}")
}

/// Inside a sentence: `niet reanimeren`, `wel naar het ziekenhuis`, `beademing nog onbekend`.
pub fn decision_phrase(treatment: Treatment, decision: &Decision) -> String {
    let p = phrases(treatment);
    match common(decision, in_brackets) {
        Some(words) => format!("{} {words}", p.noun),
        None if *decision == Decision::Perform => p.phrase_do.to_owned(),
        None => p.phrase_do_not.to_owned(),
    }
}

/// Behind the topic's title: `wel uitvoeren`, `niet opnemen`, `onder voorwaarde (‘alleen bij operatie’)`.
pub fn decision_value(treatment: Treatment, decision: &Decision) -> String {
    with_verb(phrases(treatment).verb, decision)
}

/// Where the treatment is told in words of its own (4g): `niet uitvoeren`.
pub fn decision_words(decision: &Decision) -> String {
    with_verb("uitvoeren", decision)
}

fn with_verb(verb: &str, decision: &Decision) -> String {
    common(decision, in_brackets).unwrap_or_else(|| {
        let whether = if *decision == Decision::Perform { "wel" } else { "niet" };
        format!("{whether} {verb}")
    })
}
