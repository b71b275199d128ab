//! The questions about a document, and from their answers to what the domain asks.

use crate::forms::Fields;
use crate::pages::dutch::{date_to_type, typed_date};
use crate::pages::field::{Choice, Field, Problem};
use domain::date::FhirDateTime;
use domain::document::given::{Field as At, Given, Wrong};
use domain::document::{Agrees, Copy, Document, Kind};
use domain::plan::CurrentPlan;
use domain::words;

/// The form.
#[derive(Debug, Clone)]
pub struct DocumentForm {
    /// What the document is; absent where the plan that brought it says so.
    pub described: Option<Described>,
    /// Does it agree, was it discussed, when, and is there a copy?
    pub beside: [Field; 4],
    /// The file; absent where it is there.
    pub file: Option<Field>,
}

/// What the document is.
#[derive(Debug, Clone)]
pub struct Described {
    /// Kind, and another kind in words.
    pub kind: [Field; 2],
    /// Its day.
    pub dated_on: Field,
    /// A person of the plan; absent where the plan has none.
    pub person: Option<Field>,
    /// Somebody else, and what else is to be known.
    pub more: [Field; 2],
}

/// Kinds of files as a browser's chooser shows them.
const ACCEPT: &str = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png";

fn choice(code: &str, dutch: &str) -> Choice {
    Choice::of(code, words::capitalised(dutch))
}

fn person_field(plan: Option<&CurrentPlan>, typed: &str) -> Option<Field> {
    let people = plan.map(|p| p.content.people.as_slice()).filter(|p| !p.is_empty())?;
    let mut all = vec![Choice::of("", "Niemand uit het plan")];
    all.extend(people.iter().map(|p| choice(&p.key.0.to_string(), &words::person(p))));
    Some(Field::select("vertegenwoordiger", "Wie vertegenwoordigt de patiënt hierin?", typed, all))
}

impl DocumentForm {
    /// The questions with what was typed: what it is (`described`), and the file where it is to be given (`with_file`).
    pub fn of(
        fields: &Fields,
        plan: Option<&CurrentPlan>,
        described: bool,
        with_file: bool,
        errors: &[Problem],
    ) -> Self {
        let typed = |name: &str| fields.get(name);
        let or = |name: &str, empty: &'static str| {
            if fields.has(name) { fields.get(name).to_owned() } else { empty.to_owned() }
        };
        let described = described.then(|| {
            let mut kinds = vec![Choice::of("", "Kies een soort")];
            kinds.extend(Kind::ALL.iter().map(|k| choice(k.code(), k.dutch())));
            let person = person_field(plan, typed("vertegenwoordiger"));
            let other = if person.is_some() {
                "Of iemand anders: naam en relatie"
            } else {
                "Wie vertegenwoordigt de patiënt hierin?"
            };
            Described {
                kind: [
                    Field::select("soort", "Wat is het?", typed("soort"), kinds).checked(errors),
                    Field::text("soort-anders", "Bij ‘andere verklaring’: wat voor?", typed("soort-anders"))
                        .checked(errors),
                ],
                dated_on: Field::short("datum", "Welke datum staat erop?", typed("datum"))
                    .hint("Bijvoorbeeld 08-11-2022. Alleen het jaar mag ook.")
                    .checked(errors),
                person: person.map(|p| p.checked(errors)),
                more: [
                    Field::text("vertegenwoordiger-anders", other, typed("vertegenwoordiger-anders")).checked(errors),
                    Field::area("toelichting", "Toelichting", typed("toelichting"))
                        .hint("Bijvoorbeeld waar het origineel ligt.")
                        .checked(errors),
                ],
            }
        });
        let agrees = Agrees::ALL.iter().map(|a| choice(a.code(), a.dutch())).collect();
        let copy = [(Copy::Yes, "Ja"), (Copy::No, "Nog niet"), (Copy::Unknown, "Niet bekend")];
        Self {
            described,
            beside: [
                Field::radios(
                    "komt-overeen",
                    "Komt het overeen met het plan?",
                    &or("komt-overeen", "not-compared"),
                    agrees,
                )
                .checked(errors),
                Field::radios(
                    "besproken",
                    "Is het met de arts besproken?",
                    &or("besproken", "no"),
                    vec![Choice::of("yes", "Ja"), Choice::of("no", "Nog niet")],
                )
                .hint("Bij ‘nog niet’ krijgt de arts er een taak voor. Een levensverhaal of donorformulier hoeft niet.")
                .checked(errors),
                Field::short("besproken-op", "Bij ‘ja’: op welke dag?", typed("besproken-op"))
                    .hint("Bijvoorbeeld 08-11-2026.")
                    .checked(errors),
                Field::radios(
                    "kopie",
                    "Heeft de arts een kopie?",
                    &or("kopie", "unknown"),
                    copy.map(|(c, label)| Choice::of(c.code(), label)).to_vec(),
                )
                .checked(errors),
            ],
            file: with_file.then(|| {
                Field::file("bestand", "Het document zelf (mag later)", ACCEPT)
                    .hint("Een PDF, of een foto (JPEG of PNG), tot 20 MB. Het wordt versleuteld bewaard.")
                    .checked(errors)
            }),
        }
    }
}

/// What is said of a document, as it is typed. Whether it agrees is asked anew where it was compared with an older plan
/// than this version.
pub fn typed(document: &Document, version: u32) -> Fields {
    let stale = document.compared_with.is_some_and(|with| with < version);
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let day = |d: jiff::civil::Date| date_to_type(&FhirDateTime::of_day(d));
    let pairs = [
        ("soort", document.kind.code().to_owned()),
        ("soort-anders", text(&document.kind_text)),
        ("datum", document.dated_on.as_ref().map(date_to_type).unwrap_or_default()),
        ("vertegenwoordiger", document.person.map(|k| k.0.to_string()).unwrap_or_default()),
        ("vertegenwoordiger-anders", text(&document.representative)),
        ("toelichting", text(&document.comment)),
        ("komt-overeen", if stale { "" } else { document.agrees.code() }.to_owned()),
        ("besproken", if document.discussed_on.is_some() { "yes" } else { "no" }.to_owned()),
        ("besproken-op", document.discussed_on.map(day).unwrap_or_default()),
        ("kopie", document.copy.code().to_owned()),
    ];
    Fields(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// A date as the domain reads it; what is none stays as typed, and is told so.
fn date(typed: &str) -> String {
    if typed.trim().is_empty() {
        return String::new();
    }
    typed_date(typed).map_or_else(|_| typed.trim().to_owned(), |d| d.as_str().to_owned())
}

/// What was typed.
pub fn given(fields: &Fields) -> Given {
    let text = |name: &str| fields.get(name).to_owned();
    Given {
        kind: text("soort"),
        kind_text: text("soort-anders"),
        dated_on: date(fields.get("datum")),
        person: text("vertegenwoordiger"),
        representative: text("vertegenwoordiger-anders"),
        comment: text("toelichting"),
        agrees: text("komt-overeen"),
        discussed: text("besproken"),
        discussed_on: date(fields.get("besproken-op")),
        copy: text("kopie"),
    }
}

fn name(field: At) -> &'static str {
    match field {
        At::Kind => "soort",
        At::KindText => "soort-anders",
        At::DatedOn => "datum",
        At::Person => "vertegenwoordiger",
        At::Representative => "vertegenwoordiger-anders",
        At::Comment => "toelichting",
        At::Agrees => "komt-overeen",
        At::Discussed => "besproken",
        At::DiscussedOn => "besproken-op",
        At::Copy => "kopie",
        At::Reason => "reden",
    }
}

/// What is wrong, at the fields of the page.
pub fn problems(wrong: Vec<Wrong>) -> Vec<Problem> {
    wrong.into_iter().map(problem).collect()
}

/// The same of one.
pub fn problem(wrong: Wrong) -> Problem {
    Problem::at(name(wrong.field), wrong.sentence)
}
