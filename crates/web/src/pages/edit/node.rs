//! One question of the plan's form as it stands on the page, made from the form's one table.

use super::typed::{Typed, is_asked, name};
use crate::pages::field::{Problem, id_of};
use crate::pages::mark::Mark;
use askama::Template;
use domain::code::system;
use domain::form::{Choice, Is, Kind, QUESTIONS, Question, question};
use domain::words;

/// A question, or a group of them.
#[derive(Debug, Template)]
#[template(path = "edit/node.html")]
pub struct Node {
    /// How it is asked.
    pub shape: Shape,
    /// Name of the field.
    pub name: String,
    /// What is asked.
    pub label: String,
    /// What the label needs before it to be understood by itself; read out, not shown.
    pub context: Option<String>,
    /// Help.
    pub hint: Option<&'static str>,
    /// What is wrong.
    pub error: Option<String>,
    /// What was said last time.
    pub then: Option<String>,
    /// When it is asked.
    pub when: Option<When>,
    /// What is asked beneath it.
    pub under: Vec<Self>,
}

/// How a question is asked.
#[derive(Debug)]
pub enum Shape {
    /// Holds other questions.
    Group,
    /// Rows of questions, with an empty one at the end.
    Rows(Vec<Vec<Node>>),
    /// One line.
    Line {
        /// So far.
        value: String,
        /// Width class.
        width: &'static str,
        /// Autofill is not wanted, digits are.
        numeric: bool,
    },
    /// Several lines.
    Area {
        /// So far.
        value: String,
    },
    /// Sent along, not shown.
    Hidden {
        /// Value.
        value: String,
    },
    /// One of many.
    Select(Vec<Opt>),
    /// One of a few.
    Radios(Vec<Opt>),
    /// Some of a few.
    Checks(Vec<Opt>),
}

/// One answer to choose.
#[derive(Debug)]
pub struct Opt {
    /// Value sent.
    pub value: String,
    /// Words.
    pub label: String,
    /// Mark, for a decision.
    pub mark: Mark,
    /// Chosen so far.
    pub chosen: bool,
    /// Which condition it fulfils; the stylesheet shows what waits for it.
    pub opens: Option<String>,
}

/// The condition of a question.
#[derive(Debug)]
pub struct When {
    /// Name of the condition, as in [`Opt::opens`].
    pub key: String,
    /// In words, where the browser cannot hide what is not asked.
    pub words: String,
    /// Fulfilled so far.
    pub met: bool,
}

/// What the nodes are made from.
pub struct Sheet<'a> {
    /// What was typed.
    pub typed: &'a Typed,
    /// What the plan says now, as typed answers.
    pub plan: &'a Typed,
    /// What is wrong.
    pub errors: &'a [Problem],
    /// Conditions that the plan itself fulfils, so that they need not be answered again.
    pub known: &'a [&'static str],
}

/// The name of a condition, fit for an attribute: `1386-1`.
pub fn condition(question: &str, is: Is) -> String {
    match is {
        Is::Code(choice) => format!("{question}-{}", choice.code),
        Is::Boolean(yes) => format!("{question}-{yes}"),
    }
}

impl Sheet<'_> {
    /// The questions of a part.
    pub fn nodes(&self, questions: &[&'static Question]) -> Vec<Node> {
        match questions {
            // A single group is the part itself, which has its heading already.
            [only] if only.kind == (Kind::Group { repeats: false }) => self.below(only, None),
            many => many.iter().filter_map(|q| self.node(q, None)).collect(),
        }
    }

    fn below(&self, question: &Question, row: Option<usize>) -> Vec<Node> {
        question.children().iter().filter_map(|q| self.node(q, row)).collect()
    }

    fn node(&self, question: &'static Question, row: Option<usize>) -> Option<Node> {
        if question.read_only {
            return None;
        }
        let field = name(question.link_id, row);
        let value = || self.typed.get(&field).to_owned();
        let shape = match question.kind {
            Kind::Group { repeats: false } => Shape::Group,
            Kind::Group { repeats: true } => {
                let names: Vec<&str> = question.children().iter().map(|q| q.link_id).collect();
                Shape::Rows((0..=self.typed.rows(&names)).map(|n| self.below(question, Some(n))).collect())
            }
            Kind::Text if is_long(question) => Shape::Area { value: value() },
            Kind::Text => Shape::Line { value: value(), width: width(question), numeric: false },
            Kind::Date | Kind::DateTime => Shape::Line { value: value(), width: "short number", numeric: false },
            Kind::Boolean => Shape::Radios(self.yes_no(question, &field)),
            Kind::Choice { repeats, .. } => {
                let options = self.options(question, &field);
                match (repeats || options.len() == 1, options.len()) {
                    (true, _) => Shape::Checks(options),
                    (_, ..=7) if row.is_none() => Shape::Radios(options),
                    _ => Shape::Select(options),
                }
            }
        };
        let is_rows = matches!(shape, Shape::Rows(_));
        Some(Node {
            shape,
            error: self.errors.iter().find(|e| e.field == field).map(|e| e.message.clone()),
            name: field,
            label: question.label.to_owned(),
            context: needs_context(question).then(|| context(question)).flatten(),
            hint: hint(question),
            then: if is_rows { self.rows_then(question) } else { self.then(question, row) },
            when: question.enable_when.filter(|w| !self.known.contains(&w.question)).map(|w| When {
                key: condition(w.question, w.is),
                words: when_words(w.question, w.is),
                met: is_asked(Some(w), self.typed, row),
            }),
            under: if is_rows { Vec::new() } else { self.below(question, row) },
        })
    }

    fn yes_no(&self, question: &Question, field: &str) -> Vec<Opt> {
        [(true, "Ja"), (false, "Nee")]
            .into_iter()
            .map(|(yes, label)| Opt {
                value: yes.to_string(),
                label: label.to_owned(),
                mark: Mark::Plain,
                chosen: self.typed.get(field) == yes.to_string(),
                opens: opens(question, |is| is == Is::Boolean(yes)).map(|is| condition(question.link_id, is)),
            })
            .collect()
    }

    fn options(&self, question: &'static Question, field: &str) -> Vec<Opt> {
        let chosen = self.typed.all(field);
        let option = |choice: &Choice| Opt {
            value: choice.code.to_owned(),
            label: choice.label.to_owned(),
            mark: mark(choice),
            chosen: chosen.iter().any(|v| v == choice.code),
            opens: opens(question, |is| is == Is::Code(*choice)).map(|is| condition(question.link_id, is)),
        };
        let mut options: Vec<Opt> = question.options().iter().map(option).collect();
        // What somebody else's system knew stays a choice, even though we do not offer it.
        for other in chosen.iter().filter(|v| !question.options().iter().any(|o| o.code == v.as_str())) {
            let code = other.rsplit_once('|').map_or(other.as_str(), |(_, code)| code);
            options.push(Opt {
                value: other.clone(),
                label: code.to_owned(),
                mark: Mark::Plain,
                chosen: true,
                opens: None,
            });
        }
        options
    }

    /// What the plan says on this question, in words.
    fn then(&self, question: &'static Question, row: Option<usize>) -> Option<String> {
        let said: Vec<String> =
            self.plan.all(&name(question.link_id, row)).iter().map(|v| in_words(question, v)).collect();
        (!said.is_empty()).then(|| words::join(&said))
    }

    /// What the plan says in a group that repeats: its rows in one.
    fn rows_then(&self, question: &'static Question) -> Option<String> {
        let names: Vec<&str> = question.children().iter().map(|q| q.link_id).collect();
        let rows: Vec<String> = (0..self.plan.rows(&names))
            .map(|n| question.children().iter().filter_map(|q| self.then(q, Some(n))).collect::<Vec<_>>().join(", "))
            .filter(|row| !row.is_empty())
            .collect();
        (!rows.is_empty()).then(|| rows.join("; "))
    }
}

/// A value as one says it.
fn in_words(question: &Question, value: &str) -> String {
    match question.kind {
        Kind::Boolean => if value == "true" { "ja" } else { "nee" }.to_owned(),
        Kind::Choice { .. } => {
            let label = question.options().iter().find(|o| o.code == value).map(|o| o.label);
            label.map_or_else(|| value.to_owned(), lower_first)
        }
        _ => value.to_owned(),
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |c| c.to_lowercase().chain(letters).collect())
}

fn opens(question: &Question, fits: impl Fn(Is) -> bool) -> Option<Is> {
    QUESTIONS.iter().filter_map(|q| q.enable_when).find(|w| w.question == question.link_id && fits(w.is)).map(|w| w.is)
}

fn when_words(of: &str, is: Is) -> String {
    let label = question(of).map_or("", |q| q.label);
    match is {
        Is::Code(choice) => format!("Alleen als bij ‘{label}’ is gekozen: {}.", choice.label),
        Is::Boolean(yes) => format!("Alleen als het antwoord op ‘{label}’ {} is.", if yes { "ja" } else { "nee" }),
    }
}

/// The mark of a decision.
fn mark(choice: &Choice) -> Mark {
    let mark = match (choice.system, choice.code) {
        (Some(system::DECISION), "0") => words::Mark::Do,
        (Some(system::DECISION), "1") => words::Mark::But,
        (Some(system::DECISION), "2") => words::Mark::DoNot,
        (Some(system::NULL_FLAVOR), "UNK" | "ASKU" | "NASK") => words::Mark::Unknown,
        _ => return Mark::Plain,
    };
    Mark::Of(mark)
}

/// Does the same label stand elsewhere in the form?
fn needs_context(question: &Question) -> bool {
    QUESTIONS.iter().filter(|q| !q.read_only && q.label == question.label).count() > 1
}

/// What the question is about, from the group or the topic around it.
fn context(question: &'static Question) -> Option<String> {
    let mut around = question.parent();
    while around.is_some_and(|q| !q.is_group()) {
        around = around.and_then(Question::parent);
    }
    Some(around?.label.to_owned())
}

/// Is it a text of more than a line?
fn is_long(question: &Question) -> bool {
    let parent_asks = question.parent().is_some_and(|p| !p.is_group());
    let names_other = question.label.starts_with("Welke r");
    (parent_asks && !names_other) || matches!(question.link_id, "1190" | "1196")
}

fn width(question: &Question) -> &'static str {
    match question.label {
        "Tussenvoegsel" => "shorter",
        _ => "",
    }
}

fn hint(question: &Question) -> Option<&'static str> {
    Some(match question.link_id {
        "963" => "Bijvoorbeeld 08-11-2022.",
        "1404" => "Schrijf eerst welke behandeling, dan waarom.",
        "984" => "Zo nee, dan vragen we hieronder wie dat is.",
        "1190" => "Schrijf het op zoals de patiënt het zegt.",
        _ => return None,
    })
}

impl Node {
    /// Id of its control or group.
    pub fn id(&self) -> String {
        id_of(&self.name)
    }

    /// Ids of what explains it.
    pub fn described(&self) -> Option<String> {
        let parts = [(self.hint.is_some(), "uitleg"), (self.error.is_some(), "fout"), (self.then.is_some(), "toen")];
        let ids: Vec<String> =
            parts.into_iter().filter(|(there, _)| *there).map(|(_, part)| format!("{}-{part}", self.id())).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// Takes a line of its own in a row.
    pub fn is_long(&self) -> bool {
        matches!(self.shape, Shape::Area { .. })
    }

    /// A long list of short words, shown in columns.
    pub fn is_many(&self) -> bool {
        matches!(&self.shape, Shape::Checks(options) | Shape::Radios(options) if options.len() > 3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every condition of the form.
    fn conditions() -> Vec<String> {
        let mut all: Vec<String> = QUESTIONS
            .iter()
            .filter(|q| !q.read_only)
            .filter_map(|q| q.enable_when)
            .map(|w| condition(w.question, w.is))
            .collect();
        all.sort();
        all.dedup();
        all
    }

    #[test]
    fn the_stylesheet_knows_every_condition_of_the_form() {
        let style = include_str!("../../../assets/tijdig.css");
        for key in conditions() {
            assert!(style.contains(&format!(r#"[data-opens="{key}"]"#)), "{key}");
            assert!(style.contains(&format!(r#"[data-if="{key}"]"#)), "{key}");
        }
    }

    #[test]
    fn labels_that_stand_twice_are_told_apart() {
        let cpr = question("1386").unwrap();
        assert!(needs_context(cpr));
        assert_eq!(context(cpr).as_deref(), Some("Reanimatie"));
        assert_eq!(context(question("1002").unwrap()).as_deref(), Some("Reanimatie"));
        assert!(!needs_context(question("1190").unwrap()));
    }

    #[test]
    fn what_the_plan_says_stands_beside_the_question_in_words() {
        let mut plan = Typed::default();
        plan.add("1386", "2".to_owned());
        plan.add("976.0", "06-12345678".to_owned());
        plan.add("977.0", "MC".to_owned());
        let typed = Typed::default();
        let sheet = Sheet { typed: &typed, plan: &plan, errors: &[], known: &[] };
        let cpr = sheet.node(question("1386").unwrap(), None).unwrap();
        assert_eq!(cpr.then.as_deref(), Some("niet uitvoeren"));
        let phones = sheet.node(question("40").unwrap(), None).unwrap();
        assert_eq!(phones.then.as_deref(), Some("06-12345678, mobiele telefoon"));
    }
}
