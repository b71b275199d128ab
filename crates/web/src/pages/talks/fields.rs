//! From the fields of the pages to what the domain asks, and from what is wrong back to the fields.

use crate::forms::Fields;
use crate::pages::dutch::typed_date;
use crate::pages::field::{Choice, Problem};
use crate::pages::work::task::assignee;
use domain::path::What;
use domain::talk::given::{self, AppointmentGiven, AttentionGiven, Flaw, Part, ReportGiven, SupportGiven};
use domain::talk::{AskedOf, PointKind};
use jiff::civil::Date;

/// A day as the domain reads it; what is none stays as typed, and is told so.
pub fn day(typed: &str) -> String {
    typed_date(typed).ok().and_then(|d| d.day()).map_or_else(|| typed.trim().to_owned(), |d| d.to_string())
}

/// Was this tick or choice among what was sent?
pub fn has(fields: &Fields, name: &str, value: &str) -> bool {
    fields.0.iter().any(|(n, v)| n == name && v == value)
}

/// The field of a point's words.
pub fn point(kind: PointKind) -> String {
    format!("punt-{}", kind.code())
}

/// What is wrong, each at the field that `name` gives it.
fn at(name: impl Fn(Part) -> String) -> impl Fn(Vec<Flaw>) -> Vec<Problem> {
    move |flaws| flaws.into_iter().map(|f| Problem::at(&name(f.part), f.sentence)).collect()
}

fn appointment_field(part: Part) -> String {
    match part {
        Part::At => "afspraak-tijd",
        Part::Place => "afspraak-plaats",
        Part::PlaceWords => "afspraak-waar",
        Part::Team => "afspraak-zorg",
        Part::Wished => "afspraak-wens",
        Part::Bring => "afspraak-meenemen",
        Part::Words => "afspraak-woorden",
        _ => "afspraak-dag",
    }
    .to_owned()
}

/// The appointment.
pub fn appointment(fields: &Fields, today: Date) -> Result<What, Vec<Problem>> {
    let text = |name: &str| fields.get(name).to_owned();
    let given = AppointmentGiven {
        on: day(fields.get("afspraak-dag")),
        at: text("afspraak-tijd"),
        place: text("afspraak-plaats"),
        place_words: text("afspraak-waar"),
        team: text("afspraak-zorg"),
        wished: text("afspraak-wens"),
        bring: text("afspraak-meenemen"),
        words: text("afspraak-woorden"),
    };
    given::appointment(&given, today).map_err(at(appointment_field))
}

/// No appointment after all.
pub fn off(fields: &Fields) -> Result<What, Vec<Problem>> {
    let name = |part: Part| if part == Part::Kind { "afzeggen-opnieuw" } else { "afzeggen" }.to_owned();
    given::off(fields.get("afzeggen-opnieuw"), fields.get("afzeggen")).map_err(at(name))
}

/// What asks for attention.
pub fn attention(fields: &Fields) -> Result<What, Vec<Problem>> {
    let one = |kind: PointKind| (kind, has(fields, "punt", kind.code()), fields.get(&point(kind)).to_owned());
    let given = AttentionGiven {
        language: fields.get("taal").to_owned(),
        interpreter: fields.get("tolk").to_owned(),
        points: PointKind::ALL.iter().copied().map(one).collect(),
    };
    let name = |part| match part {
        Part::Point(kind) => point(kind),
        Part::Interpreter => "tolk".to_owned(),
        _ => "taal".to_owned(),
    };
    given::attention(&given).map_err(at(name))
}

/// What somebody heard or saw.
pub fn fact(fields: &Fields, today: Date) -> Result<(Date, What), Vec<Problem>> {
    let name = |part| match part {
        Part::On => "feit-dag".to_owned(),
        Part::Who => "feit-wie".to_owned(),
        _ => "feit".to_owned(),
    };
    given::fact(&day(fields.get("feit-dag")), fields.get("feit-wie"), fields.get("feit"), today).map_err(at(name))
}

/// Whom of the team, from the list that the page offered.
pub fn asked_of(value: &str, of_team: &[Choice]) -> Option<AskedOf> {
    let choice = of_team.iter().find(|c| !value.is_empty() && c.value == value)?;
    let to = assignee(value)?;
    Some(AskedOf::Team {
        organisation: to.organisation,
        role: to.role?,
        person: to.person,
        words: choice.label.clone(),
    })
}

/// A question for support.
pub fn support(fields: &Fields, of_team: &[Choice], today: Date) -> Result<What, Vec<Problem>> {
    let given = SupportGiven {
        kind: fields.get("steun-soort").to_owned(),
        question: fields.get("steun-vraag").to_owned(),
        of: asked_of(fields.get("steun-wie"), of_team),
        outside: fields.get("steun-buiten").to_owned(),
        needed_by: day(fields.get("steun-dag")),
        referrer: fields.get("steun-verwijzer").to_owned(),
    };
    let name = |part| {
        match part {
            Part::Kind => "steun-soort",
            Part::Of => "steun-wie",
            Part::Outside => "steun-buiten",
            Part::NeededBy => "steun-dag",
            Part::Referrer => "steun-verwijzer",
            _ => "steun-vraag",
        }
        .to_owned()
    };
    given::support(&given, today).map_err(at(name))
}

/// What is wrong with an answer to question `number`, each at its field.
pub fn of_reply(number: u32) -> impl Fn(Vec<Flaw>) -> Vec<Problem> {
    at(move |part| if part == Part::Kind { format!("antwoord-{number}") } else { format!("antwoord-woorden-{number}") })
}

/// What is wrong with what somebody says who read an answer.
pub fn of_read(number: u32) -> impl Fn(Vec<Flaw>) -> Vec<Problem> {
    at(move |_| format!("gelezen-{number}"))
}

/// The report, and the further appointment where a day for it was filled in.
pub fn report(fields: &Fields, today: Date) -> Result<Vec<(Date, What)>, Vec<Problem>> {
    let given = ReportGiven {
        on: day(fields.get("verslag-dag")),
        patient: has(fields, "wie", "patient"),
        representative: has(fields, "wie", "representative"),
        others: fields.get("wie-anders").to_owned(),
        minutes: fields.get("minuten").to_owned(),
        place: fields.get("waar").to_owned(),
        soep: ["soep-s", "soep-o", "soep-e", "soep-p"].map(|name| fields.get(name).to_owned()),
        topics: fields.every("onderwerp"),
        left_open: fields.get("verder").to_owned(),
    };
    let name = |part| match part {
        Part::Attended => "wie-anders".to_owned(),
        Part::Soep(letter) => format!("soep-{}", letter.to_ascii_lowercase()),
        Part::LeftOpen => "verder".to_owned(),
        Part::Minutes => "minuten".to_owned(),
        Part::Place => "waar".to_owned(),
        _ => "verslag-dag".to_owned(),
    };
    let held = given::report(&given, today).map_err(at(name));
    let typed = ["afspraak-dag", "afspraak-tijd", "afspraak-plaats", "afspraak-waar", "afspraak-wens"];
    if !typed.iter().any(|name| fields.filled(name).is_some()) {
        return held.map(|held| vec![held]);
    }
    match (held, appointment(fields, today)) {
        (Ok(held), Ok(next)) => Ok(vec![held, (today, next)]),
        (held, next) => Err(held.err().into_iter().chain(next.err()).flatten().collect()),
    }
}
