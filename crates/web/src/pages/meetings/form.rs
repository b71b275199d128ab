//! The form for what a meeting says of a patient: what was typed, else what stands.

use super::fields::{ROWS, in_row};
use super::said::TaskView;
use crate::forms::Fields;
use crate::pages::field::{Choice, Field, Problem};
use domain::meeting::{Decision, Discussed, Meeting};
use domain::words::capitalised;

/// A box to tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Box {
    /// Value sent.
    pub value: String,
    /// Words.
    pub label: String,
    /// Ticked or not.
    pub on: bool,
}

/// A row for a new task.
#[derive(Debug, Clone)]
pub struct TaskRow {
    /// Who of the team, and who else.
    pub who: [Field; 2],
    /// What.
    pub what: Field,
    /// By which day.
    pub by: Field,
}

/// The form.
#[derive(Debug, Clone)]
pub struct DiscussForm {
    /// Who attends, to tick who knows the patient.
    pub knows: Vec<Box>,
    /// Who else knows the patient.
    pub knows_too: Field,
    /// How it goes.
    pub situation: Field,
    /// What was decided.
    pub decisions: Vec<Box>,
    /// What is wrong with that.
    pub decisions_error: Option<String>,
    /// In words.
    pub words: Field,
    /// Who leads: of the team, or somebody else.
    pub lead: [Field; 2],
    /// Rows for new tasks.
    pub rows: Vec<TaskRow>,
    /// Tasks that may be taken back.
    pub open: Vec<(TaskView, bool)>,
}

/// What the form begins with: what stands, else who leads the patient's care.
pub fn begins(said: Option<&Discussed>, meeting: &Meeting, team: &[Choice], leads: Option<&str>) -> Fields {
    let mut begin: Vec<(&str, String)> = Vec::new();
    let lead = said.map_or(leads.map(str::to_owned), |d| d.lead.clone());
    match lead.as_ref().and_then(|words| team.iter().find(|c| c.label == *words)) {
        Some(choice) => begin.push(("regie", choice.value.clone())),
        None => begin.extend(lead.map(|words| ("regie-anders", words))),
    }
    if let Some(said) = said {
        let attends = |words: &&String| meeting.attends.iter().any(|a| a.words == **words);
        let (there, too): (Vec<_>, Vec<_>) = said.knows.iter().partition(attends);
        begin.extend(there.into_iter().map(|w| ("kent", w.clone())));
        begin.push(("kent-ook", too.into_iter().cloned().collect::<Vec<_>>().join("\n")));
        begin.push(("situatie", said.situation.clone().unwrap_or_default()));
        begin.extend(said.decisions.iter().map(|d| ("besluit", d.code().to_owned())));
        begin.push(("toelichting", said.words.clone().unwrap_or_default()));
    }
    Fields(begin.into_iter().map(|(n, v)| (n.to_owned(), v)).collect())
}

/// The form.
pub fn discuss_form(
    meeting: &Meeting,
    team: &[Choice],
    tasks: &[TaskView],
    fields: &Fields,
    errors: &[Problem],
) -> DiscussForm {
    let area = |name: &str, label: &str| Field::area(name, label, fields.get(name)).checked(errors);
    let text = |name: &str, label: &str| Field::text(name, label, fields.get(name)).checked(errors);
    let select = |name: &str, label: &str, none: &str| {
        let choices = std::iter::once(Choice::of("", none)).chain(team.iter().cloned()).collect();
        Field::select(name, label, fields.get(name), choices).checked(errors)
    };
    let ticked = |name: &str, value: &str| fields.all(name).any(|v| v == value);
    let knows = meeting.attends.iter().map(|a| Box {
        value: a.words.clone(),
        label: a.words.clone(),
        on: ticked("kent", &a.words),
    });
    let decisions = Decision::ALL.iter().map(|d| Box {
        value: d.code().to_owned(),
        label: capitalised(d.dutch()),
        on: ticked("besluit", d.code()),
    });
    let row = |i: usize| TaskRow {
        who: [
            select(&in_row("wie", i), "Wie doet het?", "Kies wie het doet"),
            text(&in_row("buiten", i), "Of wie buiten het zorgteam?"),
        ],
        what: text(&in_row("wat", i), "Wat gebeurt er?"),
        by: Field::short(&in_row("voor", i), "Uiterlijk", fields.get(&in_row("voor", i)))
            .hint("Bijvoorbeeld 08-12-2026.")
            .checked(errors),
    };
    let open = tasks.iter().filter(|t| t.open);
    DiscussForm {
        knows: knows.collect(),
        knows_too: area("kent-ook", "Wie kennen de patiënt nog meer?").hint("Eén per regel. Mag leeg blijven."),
        situation: area("situatie", "Hoe gaat het nu? (mag leeg blijven)"),
        decisions: decisions.collect(),
        decisions_error: errors.iter().find(|e| e.field == "besluit").map(|e| e.message.clone()),
        words: area("toelichting", "Toelichting bij het besluit"),
        lead: [
            select("regie", "Wie heeft de regie over het samenwerkingsplan?", "Nog niet afgesproken"),
            text("regie-anders", "Of wie buiten het zorgteam?"),
        ],
        rows: (0..ROWS).map(row).collect(),
        open: open.map(|t| (t.clone(), ticked("vervalt", &t.number.to_string()))).collect(),
    }
}
