//! What a figure shows: each chart with its table, in one form for the page and for paper.

use super::chart::{self, Dot, Point};
use super::words::{self, WHY_HIDDEN};
use domain::figures::report::{Entry, Part, Told};
use domain::figures::{Line, Shown, Unit};
use domain::words::{capitalised, join};
use paper::Drawing;

/// A chart with the table that says the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Exhibit {
    /// Short name, for anchors.
    pub id: &'static str,
    /// Heading.
    pub title: &'static str,
    /// The chart, where there is something to draw.
    pub drawing: Option<Drawing>,
    /// How it is read.
    pub caption: &'static str,
    /// Heads of the table, each with its share of the width.
    pub columns: Vec<(&'static str, u8)>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
    /// What must be known to read it.
    pub note: String,
}

impl Exhibit {
    /// The column that says whose a row is.
    pub fn named(&self) -> usize {
        usize::from(self.id == "spreiding")
    }

    /// The chart as SVG.
    pub fn svg(&self) -> Option<String> {
        self.drawing.as_ref().map(chart::svg)
    }
}

const NUMBERS: [(&str, u8); 4] = [("Teller", 3), ("Noemer", 3), ("Deel", 3), ("Telt niet mee", 3)];

const FUNNEL: &str = "Elk teken is een organisatie, met haar nummer uit de tabel. De lijn is de hele regio. Tussen de streeplijnen \
    vallen 95 van de 100 organisaties door toeval alleen, tussen de stippellijnen 998 van de 1000. Wie daarbuiten ligt, heeft \
    een vierkant: dat is een reden om te vragen hoe het komt, geen oordeel. Waar tekens bij elkaar liggen, staat niet elk nummer.";

fn title(told: &Told, what: &str) -> String {
    format!("{}: {what}", told.definition.figure.dutch())
}

fn point(part: &Part) -> Point {
    let line = part.shown.line();
    Point { name: part.name.clone(), percent: line.and_then(Line::percent), hidden: line.is_none() }
}

fn rows(parts: &[Part]) -> Vec<Vec<String>> {
    let row = |p: &Part| std::iter::once(capitalised(&p.name)).chain(words::cells(p.shown)).collect();
    parts.iter().map(row).collect()
}

fn columns(first: &'static str) -> Vec<(&'static str, u8)> {
    std::iter::once((first, 6)).chain(NUMBERS).collect()
}

fn parts(told: &Told, (id, heading, first): (&'static str, &'static str, &'static str), parts: &[Part]) -> Exhibit {
    let points: Vec<Point> = parts.iter().map(point).collect();
    let any = points.iter().any(|p| p.percent.is_some());
    let draw = || match id {
        "jaren" => chart::trend(&title(told, "door de jaren"), &points),
        _ => chart::bars(&title(told, heading), &points),
    };
    let is_hidden = |p: &Part| p.shown == Shown::Hidden;
    Exhibit {
        id,
        title: heading,
        drawing: any.then(draw),
        caption: "",
        columns: columns(first),
        // A table in which nothing is shown tells no more than the note does.
        rows: if parts.iter().all(is_hidden) { Vec::new() } else { rows(parts) },
        note: if parts.iter().any(is_hidden) { WHY_HIDDEN.to_owned() } else { String::new() },
    }
}

/// Where an organisation lies against what chance alone would do.
fn against_chance(entry: &Entry) -> Option<&'static str> {
    let (percent, limits) = entry.shown.line().and_then(Line::percent).zip(entry.limits)?;
    let share = percent / 100.0;
    let beyond = |(low, high): (f64, f64)| share < low || share > high;
    Some(match (beyond(limits.outer), beyond(limits.inner)) {
        (true, _) => "buiten 99,8%-grens",
        (_, true) => "buiten 95%-grens",
        _ => "past bij de regio",
    })
}

/// More organisations than this are not named one by one.
const MOST_NAMED: usize = 12;

fn spread(told: &Told) -> Exhibit {
    let (mut rows, mut dots) = (Vec::new(), Vec::new());
    let is_about_time = told.kinds.iter().chain(&told.organisations).any(|e| e.weeks.is_some());
    // Organisations of which nothing is shown are named beneath the table.
    let is_named = |e: &&Entry| matches!(e.unit, Unit::Organisation(_)) && e.shown == Shown::Hidden;
    let beneath: Vec<&str> = told.organisations.iter().filter(is_named).map(|e| e.name.as_str()).collect();
    let is_hidden = !beneath.is_empty() || told.kinds.iter().any(|e| e.shown == Shown::Hidden);
    let note = match beneath.len() {
        0 if is_hidden => WHY_HIDDEN.to_owned(),
        0 => String::new(),
        // A page of names tells nobody anything.
        many if many > MOST_NAMED => format!("{WHY_HIDDEN} Dat geldt voor {many} organisaties."),
        _ => format!("{WHY_HIDDEN} Dat geldt voor {}.", join(&beneath)),
    };
    for entry in told.kinds.iter().chain(&told.organisations).filter(|e| !is_named(e)) {
        let place = against_chance(entry);
        let line = entry.shown.line().filter(|l| l.of > 0);
        let mut number = String::new();
        if let (Some(line), Some(place)) = (line, place)
            && let Some(percent) = line.percent()
        {
            number = (dots.len() + 1).to_string();
            dots.push(Dot { label: number.clone(), size: line.of, percent, outside: place != "past bij de regio" });
        }
        let mut row = vec![number, capitalised(&entry.name)];
        row.extend(words::cells(entry.shown));
        row.push(place.unwrap_or_default().to_owned());
        if is_about_time {
            row.push(entry.weeks.map(words::weeks).unwrap_or_default());
        }
        rows.push(row);
    }
    let mut columns = vec![("Nr", 1), ("Organisatie", 7)];
    columns.extend(NUMBERS);
    columns.push(("Naast toeval", 5));
    if is_about_time {
        columns.push(("Middelste wachttijd", 4));
    }
    let region = told.region.filter(|_| !dots.is_empty());
    Exhibit {
        id: "spreiding",
        title: "Spreiding tussen organisaties",
        drawing: region.map(|region| chart::funnel(&title(told, "spreiding"), region, &dots)),
        caption: if region.is_some() { FUNNEL } else { "" },
        columns,
        rows,
        note,
    }
}

fn answers(told: &Told) -> Exhibit {
    let row = |(answer, people): (&domain::figures::Answer, String)| vec![capitalised(answer.dutch), people];
    let all = told.definition.answers;
    let rows = match &told.answers {
        Some(people) => all.iter().zip(people.iter().map(u32::to_string)).map(row).collect(),
        None => Vec::new(),
    };
    let note = if told.answers.is_none() { WHY_HIDDEN } else { "" };
    Exhibit {
        id: "antwoorden",
        title: "Uit welke antwoorden het bestaat",
        columns: vec![("Antwoord", 8), ("Mensen", 3)],
        rows,
        note: note.to_owned(),
        ..Exhibit::default()
    }
}

/// Everything that one figure shows, in order.
pub fn exhibits(told: &Told) -> Vec<Exhibit> {
    vec![
        parts(told, ("jaren", "Door de jaren", "Jaar"), &told.trend),
        spread(told),
        parts(told, ("groepen", "Naar diagnosegroep", "Groep"), &told.groups),
        parts(told, ("kwartalen", "Naar kwartaal", "Kwartaal"), &told.quarters),
        answers(told),
    ]
}

/// The number of a figure in a sentence.
pub fn lead(told: &Told) -> String {
    match told.whole.shown.line() {
        Some(line) if line.of > 0 => format!("{}: {}.", told.definition.figure.dutch(), words::line(line)),
        Some(_) => "In deze periode telde niemand mee.".to_owned(),
        None => WHY_HIDDEN.to_owned(),
    }
}

/// What more is known of it: the weeks in the middle, and how many are left out.
pub fn more(told: &Told) -> String {
    let middle = told.whole.weeks.map(|w| format!("De middelste van hen wachtte {}.", words::weeks(w)));
    let unknown = told.whole.shown.line().filter(|l| l.unknown > 0).map(|l| {
        let tells = if l.unknown == 1 { "telt" } else { "tellen" };
        format!("Van de {} mensen {tells} er {} niet mee; waarom staat bij de antwoorden.", l.of + l.unknown, l.unknown)
    });
    middle.into_iter().chain(unknown).collect::<Vec<_>>().join(" ")
}

/// What a figure counts: label and words.
pub fn definition(told: &Told) -> Vec<(&'static str, String)> {
    let of = told.definition;
    vec![
        ("Wat het telt", of.sentence.to_owned()),
        ("Teller", capitalised(of.numerator)),
        ("Noemer", capitalised(of.denominator)),
        ("In welke periode", capitalised(of.period)),
        ("Herkomst", of.source.to_owned()),
        ("Versie van de definitie", of.version.to_string()),
    ]
}
