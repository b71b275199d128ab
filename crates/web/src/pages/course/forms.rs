//! A form for each kind of thing that may happen, folded until somebody needs it; so each asks what goes with it and
//! nothing else, with or without JavaScript.

use crate::forms::Fields;
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::signals::Tick;
use domain::code::{CodeSet, Place};
use domain::happening::{Capable, Change, HomeCare, Kind, courses};
use domain::path::Step;
use domain::patient::Living;
use domain::signal::Condition;
use domain::words::capitalised;

/// The form of one kind.
#[derive(Debug, Clone)]
pub struct KindForm {
    /// Code of the kind.
    pub code: &'static str,
    /// What happened, as a heading.
    pub title: String,
    /// To know before.
    pub note: Option<String>,
    /// Several of which any number may be taken.
    pub ticks: Option<Ticks>,
    /// The questions, in order.
    pub fields: Vec<Field>,
    /// What the button says.
    pub button: &'static str,
    /// It was tried, and comes back.
    pub open: bool,
}

/// Ticks with their question.
#[derive(Debug, Clone)]
pub struct Ticks {
    /// Name sent.
    pub name: String,
    /// Id of the group.
    pub anchor: String,
    /// The question.
    pub legend: &'static str,
    /// What is wrong.
    pub wrong: Option<String>,
    /// What can be taken.
    pub list: Vec<Tick>,
}

/// Name of a question of one kind.
pub fn name(kind: Kind, part: &str) -> String {
    format!("{}-{part}", kind.code())
}

struct Maker<'a> {
    kind: Kind,
    fields: &'a Fields,
    errors: &'a [Problem],
}

impl Maker<'_> {
    fn value(&self, part: &str) -> String {
        self.fields.get(&name(self.kind, part)).to_owned()
    }

    fn text(&self, part: &str, label: &str) -> Field {
        Field::text(&name(self.kind, part), label, &self.value(part)).checked(self.errors)
    }

    fn words(&self, label: &str) -> Field {
        Field::area(&name(self.kind, "woorden"), label, &self.value("woorden")).checked(self.errors)
    }

    fn day(&self, label: &str) -> Field {
        Field::short(&name(self.kind, "dag"), label, &self.value("dag"))
            .hint("Leeg: vandaag. Anders bijvoorbeeld 08-11-2026.")
            .checked(self.errors)
    }

    fn radios(&self, label: &str, choices: Vec<Choice>) -> Field {
        Field::radios(&name(self.kind, "wat"), label, &self.value("wat"), choices).checked(self.errors)
    }

    fn places(&self, label: &str, not: Living) -> Field {
        let all = Living::ALL.iter().filter(|l| **l != not);
        self.radios(label, all.map(|l| Choice::of(l.code(), capitalised(l.dutch()))).collect())
    }

    fn ticks(&self) -> Ticks {
        let name = name(self.kind, "wat");
        let on = |value: &str| self.fields.0.iter().any(|(n, v)| *n == name && v == value);
        let tick = |c: &Change| Tick { value: c.code().into(), label: capitalised(c.dutch()), on: on(c.code()) };
        Ticks {
            anchor: crate::pages::field::id_of(&name),
            legend: "Wat veranderde er?",
            wrong: self.errors.iter().find(|e| e.field == name).map(|e| e.message.clone()),
            list: Change::ALL.iter().map(tick).collect(),
            name,
        }
    }

    fn instead_of(&self, steps: &[Step]) -> Option<Field> {
        let going = courses(steps);
        if going.is_empty() {
            return None;
        }
        let mut choices = vec![Choice::of("", "Iets nieuws")];
        choices.extend(going.iter().map(|(step, course)| Choice::of(step.number.to_string(), course.title())));
        let label = "Komt dit in de plaats van iets dat al doorgaat?";
        Some(Field::select(&name(self.kind, "plaats"), label, &self.value("plaats"), choices).checked(self.errors))
    }

    fn questions(&self, steps: &[Step]) -> Vec<Field> {
        match self.kind {
            Kind::Changed => vec![self.words("Wat is er anders? (mag leeg blijven)"), self.day("Sinds wanneer?")],
            Kind::Diagnosis => vec![
                self.radios(
                    "Wat voor ziekte is het?",
                    Condition::ALL.iter().map(|c| Choice::of(c.code(), capitalised(c.dutch()))).collect(),
                ),
                self.words("Welke diagnose, en hoe is het verteld? (mag leeg blijven)"),
                self.day("Wanneer is de diagnose gesteld?"),
            ],
            Kind::Capacity => vec![
                self.radios(
                    "Hoe is het nu?",
                    Capable::ALL.iter().map(|c| Choice::of(c.code(), capitalised(c.dutch()))).collect(),
                ),
                self.words("Wie beoordeelde dit, en voor welke beslissing? (mag leeg blijven)"),
                self.day("Wanneer is het beoordeeld?"),
            ],
            Kind::Admitted => vec![
                self.places("Waar is de patiënt opgenomen?", Living::Home),
                self.text("naam", "Welk ziekenhuis of welke instelling? (mag leeg blijven)"),
                self.words("Waarom? (mag leeg blijven)"),
                self.day("Wanneer?"),
            ],
            Kind::Discharged => vec![
                self.places("Waar ging de patiënt heen?", Living::Hospital),
                self.text("naam", "Welke instelling? (mag leeg blijven)"),
                self.words("Wat is er afgesproken bij het ontslag? (mag leeg blijven)"),
                self.day("Wanneer?"),
            ],
            Kind::Moved => vec![
                self.places("Waar woont de patiënt nu?", Living::Hospital),
                self.text("naam", "Welk huis? (mag leeg blijven)"),
                self.words("Toelichting (mag leeg blijven)"),
                self.day("Sinds wanneer?"),
            ],
            Kind::HomeCare => vec![
                self.radios(
                    "Wat was het?",
                    HomeCare::ALL.iter().map(|h| Choice::of(h.code(), capitalised(h.dutch()))).collect(),
                ),
                self.words("Wat kwam eruit voor het plan? (mag leeg blijven)"),
                self.day("Wanneer?"),
            ],
            Kind::Course => {
                let mut all = vec![
                    self.text("naam", "Welke behandeling of zorg gaat door?"),
                    self.text("doel", "Met welk doel?"),
                    Field::short(&name(self.kind, "tot"), "Tot en met welke dag?", &self.value("tot"))
                        .hint("Bijvoorbeeld 08-03-2027. Leeg: zonder einddatum. Na die dag vraagt het plan aandacht.")
                        .checked(self.errors),
                ];
                all.extend(self.instead_of(steps));
                all.push(self.day("Wanneer is dit afgesproken?"));
                all
            }
            Kind::Died => vec![
                self.radios(
                    "Waar overleed de patiënt?",
                    Place::ALL.iter().map(|p| Choice::of(p.code(), capitalised(p.display()))).collect(),
                ),
                self.day("Op welke dag?"),
                self.words("Toelichting (mag leeg blijven)"),
            ],
        }
    }
}

fn button(kind: Kind) -> &'static str {
    match kind {
        Kind::Changed => "Leg de verandering vast",
        Kind::Diagnosis => "Leg de diagnose vast",
        Kind::Capacity => "Leg de wilsbekwaamheid vast",
        Kind::Admitted => "Leg de opname vast",
        Kind::Discharged => "Leg het ontslag vast",
        Kind::Moved => "Leg de woonplek vast",
        Kind::HomeCare => "Leg het moment vast",
        Kind::Course => "Leg de behandeling vast",
        Kind::Died => "Leg het overlijden vast",
    }
}

/// The forms of these kinds. `draft`: since when a draft of the plan is open.
pub fn kind_forms(
    kinds: &[Kind],
    steps: &[Step],
    draft: Option<&str>,
    fields: &Fields,
    errors: &[Problem],
) -> Vec<KindForm> {
    let form = |kind: &Kind| {
        let maker = Maker { kind: *kind, fields, errors };
        let ends = draft.map(|day| format!(" Het concept van {day} vervalt.")).unwrap_or_default();
        let died = || {
            format!(
                "Alle taken vervallen, en er komt geen nieuw plan meer. Het plan en het verloop blijven te lezen.{ends}"
            )
        };
        KindForm {
            code: kind.code(),
            title: capitalised(kind.dutch()),
            note: (*kind == Kind::Died).then(died),
            ticks: (*kind == Kind::Changed).then(|| maker.ticks()),
            fields: maker.questions(steps),
            button: button(*kind),
            open: fields.get("doe") == kind.code(),
        }
    };
    kinds.iter().map(form).collect()
}

/// Day and words of a talk with those who stay behind.
pub fn aftercare_form(fields: &Fields, errors: &[Problem]) -> [Field; 2] {
    [
        Field::area("nagesprek-woorden", "Met wie sprak u, en wat kwam eruit?", fields.get("nagesprek-woorden"))
            .checked(errors),
        Field::short("nagesprek-dag", "Wanneer?", fields.get("nagesprek-dag"))
            .hint("Leeg: vandaag. Anders bijvoorbeeld 08-11-2026.")
            .checked(errors),
    ]
}
