//! Questions of a page: a label, help, what was typed, and what is wrong with it.

use askama::Template;
use std::fmt::Write as _;

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// One line; the kind is an `input` type.
    Line {
        /// Type of `input`: `text`, `password`, `tel`.
        kind: &'static str,
        /// Shown narrow: dates and codes.
        width: Width,
    },
    /// Several lines.
    Area {
        /// Lines shown at first.
        rows: u8,
    },
    /// One of a few, all visible.
    Radios,
    /// One of many.
    Select,
    /// A file; of what kinds, as `accept` says it.
    File(&'static str),
}

/// How wide a line is shown; it hints at what belongs there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// As wide as there is room.
    Full,
    /// A date, a BSN.
    Short,
    /// A number, a prefix.
    Shorter,
}

/// One answer to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Value sent.
    pub value: String,
    /// Words.
    pub label: String,
}

impl Choice {
    /// A choice.
    pub fn of(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// One question with its answer so far.
#[derive(Debug, Clone, Template)]
#[template(path = "field.html")]
pub struct Field {
    /// Name sent; also its id.
    pub name: String,
    /// The question.
    pub label: String,
    /// Help below the label.
    pub hint: Option<String>,
    /// What is wrong and how to mend it.
    pub error: Option<String>,
    /// How it is answered.
    pub control: Control,
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// Takes the room that is left in a row.
    pub grows: bool,
    typed: String,
    autocomplete: &'static str,
    numeric: bool,
}

impl Field {
    fn new(name: &str, label: &str, typed: &str, control: Control) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: None,
            error: None,
            control,
            choices: Vec::new(),
            grows: false,
            typed: typed.to_owned(),
            autocomplete: "off",
            numeric: false,
        }
    }

    /// One line of text.
    pub fn text(name: &str, label: &str, typed: &str) -> Self {
        Self::new(name, label, typed, Control::Line { kind: "text", width: Width::Full })
    }

    /// A short line: a date or a code.
    pub fn short(name: &str, label: &str, typed: &str) -> Self {
        Self::new(name, label, typed, Control::Line { kind: "text", width: Width::Short })
    }

    /// A very short line.
    pub fn shorter(name: &str, label: &str, typed: &str) -> Self {
        Self::new(name, label, typed, Control::Line { kind: "text", width: Width::Shorter })
    }

    /// A password; what was typed never comes back.
    pub fn password(name: &str, label: &str) -> Self {
        Self::new(name, label, "", Control::Line { kind: "password", width: Width::Full })
            .completed_by("current-password")
    }

    /// Several lines of text.
    pub fn area(name: &str, label: &str, typed: &str) -> Self {
        Self::new(name, label, typed, Control::Area { rows: 3 })
    }

    /// One of a few.
    pub fn radios(name: &str, label: &str, typed: &str, choices: Vec<Choice>) -> Self {
        Self { choices, ..Self::new(name, label, typed, Control::Radios) }
    }

    /// One of many.
    pub fn select(name: &str, label: &str, typed: &str, choices: Vec<Choice>) -> Self {
        Self { choices, ..Self::new(name, label, typed, Control::Select) }
    }

    /// A file of these kinds. What was chosen never comes back: a browser does not let a page choose.
    pub fn file(name: &str, label: &str, accept: &'static str) -> Self {
        Self::new(name, label, "", Control::File(accept))
    }

    /// With help below the label.
    pub fn hint(self, hint: &str) -> Self {
        Self { hint: Some(hint.to_owned()), ..self }
    }

    /// With what the browser may fill in by itself (HTML autofill token).
    pub fn completed_by(self, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..self }
    }

    /// Asks a phone for its digits.
    pub fn digits(self) -> Self {
        Self { numeric: true, ..self }
    }

    /// Takes the room that is left in a row.
    pub fn growing(self) -> Self {
        Self { grows: true, ..self }
    }

    /// With the first error that is about this field.
    pub fn checked(self, errors: &[Problem]) -> Self {
        let error = errors.iter().find(|e| e.field == self.name).map(|e| e.message.clone());
        Self { error, ..self }
    }

    /// Its id on the page.
    pub fn id(&self) -> String {
        id_of(&self.name)
    }

    /// What was typed.
    pub fn value(&self) -> &str {
        &self.typed
    }

    /// Is this the answer so far?
    pub fn holds(&self, value: &str) -> bool {
        self.typed == value
    }

    /// A browser drops the first line end of a text area; this one is there to be dropped.
    #[expect(clippy::unused_self, reason = "the template asks the field")]
    pub fn line_break(&self) -> &'static str {
        "\n"
    }

    /// Type of the `input`.
    pub fn kind(&self) -> &'static str {
        match self.control {
            Control::Line { kind, .. } => kind,
            Control::File(_) => "file",
            _ => "text",
        }
    }

    /// Ids of help and error, for a screen reader.
    pub fn described(&self) -> Option<String> {
        let ids: Vec<String> = [(self.hint.is_some(), "uitleg"), (self.error.is_some(), "fout")]
            .into_iter()
            .filter(|(there, _)| *there)
            .map(|(_, part)| format!("{}-{part}", self.id()))
            .collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// Further attributes, made of our own fixed words and ids only: fit to go out unescaped.
    pub fn attributes(&self) -> String {
        let mut out = String::new();
        let mut put = |name: &str, value: &str| {
            // Writing to a string cannot fail.
            let _ = write!(out, r#" {name}="{value}""#);
        };
        if let Control::Line { width, .. } = self.control {
            match width {
                Width::Full => {}
                Width::Short => put("class", "short number"),
                Width::Shorter => put("class", "shorter number"),
            }
            put("autocomplete", self.autocomplete);
        }
        if let Control::File(accept) = self.control {
            put("accept", accept);
        }
        if self.numeric {
            put("inputmode", "numeric");
        }
        if self.error.is_some() {
            put("aria-invalid", "true");
        }
        if let Some(ids) = self.described() {
            put("aria-describedby", &ids);
        }
        out
    }
}

/// The id of a field's control: letters, digits and hyphens only, whatever its name.
pub fn id_of(name: &str) -> String {
    let safe: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("v-{safe}")
}

/// Something wrong with what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Name of the field; empty where it is about the whole.
    pub field: String,
    /// What is wrong and how to mend it, in Dutch.
    pub message: String,
    /// Id that the error summary links to; empty where it is about the whole.
    pub target: String,
}

impl Problem {
    /// A problem with a field.
    pub fn at(field: &str, message: impl Into<String>) -> Self {
        Self { field: field.to_owned(), message: message.into(), target: id_of(field) }
    }

    /// A problem with the whole.
    pub fn whole(message: impl Into<String>) -> Self {
        Self { field: String::new(), message: message.into(), target: String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_told_at_the_field_and_to_a_screen_reader() {
        let errors = [Problem::at("bsn", "Een BSN heeft negen cijfers.")];
        let field = Field::short("bsn", "BSN", "12").hint("Negen cijfers.").checked(&errors);
        assert_eq!(field.described().unwrap(), "v-bsn-uitleg v-bsn-fout");
        assert!(field.attributes().contains(r#"aria-invalid="true""#));
        assert_eq!(errors[0].target, field.id());
        assert_eq!(Field::text("naam", "Naam", "").checked(&errors).error, None);
    }

    #[test]
    fn ids_are_safe_whatever_the_name() {
        assert_eq!(id_of("976.0"), "v-976-0");
        assert_eq!(id_of("a\" onload"), "v-a--onload");
    }
}
