//! Do these answers fit the form? Each problem names its place and says in Dutch what to mend, without what was
//! answered: a problem may be logged, an answer may not.

use super::{Answer, Answers, Item, Kind, Question, Value, children, question};
use crate::date::FhirDateTime;
use jiff::civil::Date;
use std::fmt;

/// Longest text of one answer, in characters.
pub const MAX_TEXT: usize = 20_000;

/// How many problems are named at most.
pub const MAX_PROBLEMS: usize = 100;

/// One step from the top of the answers to a place in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The n-th item, from 0.
    Item(usize),
    /// The n-th answer, from 0.
    Answer(usize),
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The form has no such item.
    UnknownLinkId,
    /// The item belongs elsewhere.
    WrongPlace,
    /// Another kind of answer was asked.
    WrongType,
    /// The code is not one of the question's.
    NotInSet,
    /// Answered, or standing, more than once.
    TooMany,
    /// Longer than [`MAX_TEXT`].
    TooLong,
    /// A text without a character.
    Empty,
    /// A date after today.
    Future,
    /// Answered although it is not asked; kept beside the plan (decision 31).
    NotAsked,
    /// A limit cannot be set without somebody who sets it.
    NobodySets,
}

/// One problem of a filled-in form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormProblem {
    /// The item.
    pub link_id: String,
    /// Link ids from the top, `83/1409/1386`.
    pub path: String,
    /// The same as places in the answers; see [`FormProblem::location`].
    pub steps: Vec<Step>,
    /// What is wrong.
    pub kind: ProblemKind,
    /// One or two Dutch sentences: what is wrong, where, and how to mend it.
    pub text: String,
}

impl FormProblem {
    /// The place below a QuestionnaireResponse: `item[2].item[0].answer[0]`; empty for the form as a whole.
    pub fn location(&self) -> String {
        let steps: Vec<String> = self
            .steps
            .iter()
            .map(|step| match step {
                Step::Item(n) => format!("item[{n}]"),
                Step::Answer(n) => format!("answer[{n}]"),
            })
            .collect();
        steps.join(".")
    }
}

impl fmt::Display for FormProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.text)
    }
}

/// Where one stands in the answers.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    steps: Vec<Step>,
    links: Vec<String>,
}

impl Place {
    pub(super) fn item(&self, n: usize, link_id: &str) -> Self {
        let mut place = self.clone();
        place.steps.push(Step::Item(n));
        place.links.push(shown(link_id));
        place
    }

    pub(super) fn answer(&self, n: usize) -> Self {
        let mut place = self.clone();
        place.steps.push(Step::Answer(n));
        place
    }

    pub(super) fn problem(&self, kind: ProblemKind, text: String) -> FormProblem {
        FormProblem {
            link_id: self.links.last().cloned().unwrap_or_default(),
            path: self.links.join("/"),
            steps: self.steps.clone(),
            kind,
            text,
        }
    }
}

/// A linkId fit to be shown: a sender may have put anything into it, a name or a BSN too.
fn shown(link_id: &str) -> String {
    let plain = link_id.len() <= 8 && link_id.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    if plain && !link_id.is_empty() { link_id.to_owned() } else { "?".to_owned() }
}

/// A question as it is named in a sentence.
pub(super) fn named(question: &Question) -> String {
    format!("‘{}’ ({})", question.full_label(), question.link_id)
}

/// Every problem of the answers, in their order; none: they fit the form. Conditions (enableWhen) are not looked at
/// here: reading keeps beside the plan what is answered without being asked.
pub fn check(answers: &Answers, today: Date) -> Vec<FormProblem> {
    let mut check = Check { today, problems: Vec::new() };
    check.level(&answers.items, None, &Place::default());
    check.problems.truncate(MAX_PROBLEMS);
    check.problems
}

struct Check {
    today: Date,
    problems: Vec<FormProblem>,
}

impl Check {
    fn say(&mut self, place: &Place, kind: ProblemKind, text: String) {
        self.problems.push(place.problem(kind, text));
    }

    fn level(&mut self, items: &[Item], parent: Option<&'static Question>, place: &Place) {
        for (n, item) in items.iter().enumerate() {
            if self.problems.len() > MAX_PROBLEMS {
                return;
            }
            let place = place.item(n, &item.link_id);
            let Some(asked) = question(&item.link_id) else {
                let text = format!(
                    "Vraag {} komt in dit formulier niet voor. Gebruik de linkId's van ACP-zib2020, of laat de vraag weg.",
                    shown(&item.link_id)
                );
                self.say(&place, ProblemKind::UnknownLinkId, text);
                continue;
            };
            if !children(parent.map(|p| p.link_id)).contains(&asked) {
                let above = asked
                    .parent()
                    .map_or_else(|| "bovenaan in het formulier".to_owned(), |p| format!("onder {}", named(p)));
                self.say(
                    &place,
                    ProblemKind::WrongPlace,
                    format!("{} staat niet op zijn plaats. Zet deze vraag {above}.", named(asked)),
                );
                continue;
            }
            let again = !asked.repeats() && items[..n].iter().any(|earlier| earlier.link_id == item.link_id);
            if again {
                self.say(
                    &place,
                    ProblemKind::TooMany,
                    format!("{} staat er meer dan één keer. Laat er één staan.", named(asked)),
                );
                continue;
            }
            self.item(item, asked, &place);
        }
    }

    fn item(&mut self, item: &Item, asked: &'static Question, place: &Place) {
        if asked.is_group() {
            if !item.answers.is_empty() {
                let text = format!(
                    "{} is een kop en kan geen antwoord hebben. Zet het antwoord bij een vraag eronder.",
                    named(asked)
                );
                self.say(&place.answer(0), ProblemKind::WrongType, text);
            }
            self.level(&item.items, Some(asked), place);
            return;
        }
        if !asked.repeats() && item.answers.len() > 1 {
            self.say(
                &place.answer(1),
                ProblemKind::TooMany,
                format!("{} mag één antwoord hebben. Laat er één staan.", named(asked)),
            );
        }
        for (n, answer) in item.answers.iter().enumerate() {
            if self.problems.len() > MAX_PROBLEMS {
                return;
            }
            let place = place.answer(n);
            self.answer(answer, asked, &place);
            self.level(&answer.items, Some(asked), &place);
        }
        if !item.answers.is_empty() && !item.items.is_empty() {
            let text =
                format!("Bij {} staat een vraag naast het antwoord. Zet die vraag onder het antwoord.", named(asked));
            self.say(&place.item(0, &item.items[0].link_id), ProblemKind::WrongPlace, text);
        } else {
            self.level(&item.items, Some(asked), place);
        }
    }

    fn answer(&mut self, answer: &Answer, asked: &'static Question, place: &Place) {
        match (&answer.value, asked.kind) {
            (Value::Text(text), Kind::Text) => self.text(text, asked, place),
            (Value::Date(date), Kind::Date) if date.as_str().len() <= 10 => self.date(date, asked, place),
            (Value::DateTime(date), Kind::DateTime) => self.date(date, asked, place),
            (Value::Boolean(_), Kind::Boolean) => {}
            (Value::Coding(coding), Kind::Choice { .. }) => {
                if !asked.accepts(coding) {
                    let text =
                        format!("{} heeft een code die niet in de lijst staat. {}", named(asked), offered(asked));
                    self.say(place, ProblemKind::NotInSet, text);
                }
            }
            _ => {
                let text =
                    format!("{} heeft een antwoord van de verkeerde soort. Geef {}.", named(asked), wanted(asked.kind));
                self.say(place, ProblemKind::WrongType, text);
            }
        }
    }

    fn text(&mut self, text: &str, asked: &Question, place: &Place) {
        if text.is_empty() {
            self.say(
                place,
                ProblemKind::Empty,
                format!("{} heeft een leeg antwoord. Vul het in, of laat het antwoord weg.", named(asked)),
            );
        } else if text.len() > MAX_TEXT && text.chars().count() > MAX_TEXT {
            let text =
                format!("{} is langer dan 20.000 tekens. Kort de tekst in, of voeg een document toe.", named(asked));
            self.say(place, ProblemKind::TooLong, text);
        }
    }

    fn date(&mut self, date: &FhirDateTime, asked: &Question, place: &Place) {
        if date.first_day() > self.today {
            self.say(
                place,
                ProblemKind::Future,
                format!("{} ligt in de toekomst. Vul een datum tot en met vandaag in.", named(asked)),
            );
        }
    }
}

fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::Group { .. } => "geen antwoord",
        Kind::Text => "tekst (valueString)",
        Kind::Date => "een datum zonder tijd (valueDate)",
        Kind::DateTime => "een datum, zo nodig met tijd (valueDateTime)",
        Kind::Boolean => "ja of nee (valueBoolean)",
        Kind::Choice { .. } => "een keuze uit de lijst (valueCoding)",
    }
}

fn offered(asked: &Question) -> String {
    if asked.options().len() > 10 {
        return "Gebruik een UZI-rolcode of een code van COD016.".to_owned();
    }
    let codes: Vec<String> = asked
        .options()
        .iter()
        .map(|c| {
            c.system.map_or_else(|| format!("{} (zonder codesysteem)", c.code), |system| format!("{system}|{}", c.code))
        })
        .collect();
    format!("Gebruik: {}.", codes.join(", "))
}

#[cfg(test)]
mod tests;
