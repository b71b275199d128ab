//! From the fields of the pages to what the domain asks, and from what is wrong back to the fields.

use crate::forms::Fields;
use crate::pages::field::{Choice, Problem};
use crate::pages::talks::fields::{asked_of, day};
use domain::ident::OrganisationId;
use domain::meeting::Attendee;
use domain::meeting::given::{DiscussedGiven, Flaw, MeetingGiven, Part, TaskGiven};

/// Rows for new tasks on the page.
pub const ROWS: usize = 3;

/// The name of a field in a row for a task.
pub fn in_row(name: &str, i: usize) -> String {
    format!("{name}.{i}")
}

fn name_of(part: Part) -> String {
    match part {
        Part::Kind => "soort",
        Part::On => "dag",
        Part::At => "tijd",
        Part::Place => "plaats",
        Part::Chair => "voorzitter",
        Part::Others => "anders",
        Part::Knows => "kent-ook",
        Part::Situation => "situatie",
        Part::Decisions => "besluit",
        Part::Words => "toelichting",
        Part::Lead => "regie-anders",
        Part::Who(i) => return in_row("wie", i),
        Part::Outside(i) => return in_row("buiten", i),
        Part::What(i) => return in_row("wat", i),
        Part::By(i) => return in_row("voor", i),
    }
    .to_owned()
}

/// What is wrong, each at its field.
pub fn head_problems(flaws: Vec<Flaw>) -> Vec<Problem> {
    flaws.into_iter().map(|f| Problem::at(&name_of(f.part), f.sentence)).collect()
}

/// A meeting as typed.
pub fn head_typed(fields: &Fields, with: Vec<OrganisationId>, attends: Vec<Attendee>) -> MeetingGiven {
    let text = |name: &str| fields.get(name).to_owned();
    MeetingGiven {
        kind: text("soort"),
        on: day(fields.get("dag")),
        at: text("tijd"),
        place: text("plaats"),
        chair: text("voorzitter"),
        with,
        attends,
        others: text("anders"),
    }
}

/// What was said of a patient as typed; `offered` is who attends, `team` whom the page offered for a task.
pub fn discussed_typed(fields: &Fields, offered: &[String], team: &[Choice]) -> DiscussedGiven {
    let task = |i: usize| TaskGiven {
        who: asked_of(fields.get(&in_row("wie", i)), team),
        outside: fields.get(&in_row("buiten", i)).to_owned(),
        what: fields.get(&in_row("wat", i)).to_owned(),
        by: day(fields.get(&in_row("voor", i))),
    };
    let lead = asked_of(fields.get("regie"), team).map(|of| of.words().to_owned());
    DiscussedGiven {
        knows: offered.iter().filter(|words| fields.all("kent").any(|v| v == *words)).cloned().collect(),
        knows_too: fields.get("kent-ook").to_owned(),
        situation: fields.get("situatie").to_owned(),
        decisions: fields.every("besluit"),
        words: fields.get("toelichting").to_owned(),
        lead,
        lead_outside: fields.get("regie-anders").to_owned(),
        tasks: (0..ROWS).map(task).collect(),
    }
}
