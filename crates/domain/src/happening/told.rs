//! What happened in words: for the line of the path, and as a reason to look at a plan again.

use super::{Change, Death, GoesOn, Happening, How, Move};
use crate::code;
use crate::patient::Living;
use crate::words;

/// `in het ziekenhuis`.
fn at(living: Living) -> &'static str {
    match living {
        Living::Home => "thuis",
        Living::NursingHome => "in een verpleeghuis",
        Living::Hospital => "in het ziekenhuis",
        Living::Hospice => "in een hospice",
        Living::ShortStay => "voor tijdelijk verblijf (GRZ, ELV)",
    }
}

/// `naar het ziekenhuis`.
fn to(living: Living) -> &'static str {
    match living {
        Living::Home => "naar huis",
        Living::NursingHome => "naar een verpleeghuis",
        Living::Hospital => "naar het ziekenhuis",
        Living::Hospice => "naar een hospice",
        Living::ShortStay => "naar tijdelijk verblijf (GRZ, ELV)",
    }
}

impl Move {
    /// `Opname in het ziekenhuis`, without the name of the place.
    pub fn title(&self) -> String {
        match self.how {
            How::Admitted => format!("Opname {}", at(self.to)),
            How::Discharged => format!("Ontslag {}", to(self.to)),
            How::Moved if self.to == Living::Home => "Woont nu thuis".to_owned(),
            How::Moved => format!("Verhuizing {}", to(self.to)),
        }
    }
}

impl GoesOn {
    /// `Chemotherapie, tot 1 maart 2027`.
    pub fn title(&self) -> String {
        match self.until {
            Some(day) => format!("{}, tot {}", self.what, words::day(day)),
            None => format!("{}, zonder einddatum", self.what),
        }
    }
}

impl Death {
    /// Where, where it was wished, and the last admission, each in a sentence.
    pub fn lines(&self) -> Vec<String> {
        let place = match self.place {
            code::Place::Unknown => "De plaats van overlijden is niet bekend.".to_owned(),
            code::Place::Other => "Overleden op een andere plek.".to_owned(),
            place => format!("Overleden {}.", words::place(place)),
        };
        let wished = match (self.wished, self.as_wished()) {
            (None, _) => "Over de plek van overlijden was niets vastgelegd.".to_owned(),
            (_, Some(true)) => "Dat was de gewenste plek.".to_owned(),
            (Some(wished), _) => format!("De wens was: {}.", words::place(wished)),
        };
        let admitted =
            self.admitted_on.map(|day| format!("Laatste bekende opname in het ziekenhuis: {}.", words::day(day)));
        [place, wished].into_iter().chain(admitted).chain(self.words.clone()).collect()
    }
}

fn changes(what: &[Change]) -> String {
    let names: Vec<&str> = what.iter().map(|c| c.dutch()).collect();
    words::join(&names)
}

impl Happening {
    /// In a few words, for the line and as a reason; nothing that somebody typed but what a course is called.
    pub fn title(&self) -> String {
        match self {
            Self::Changed { what, .. } => format!("Veranderd: {}", changes(what)),
            Self::Diagnosis { condition, .. } => format!("Nieuwe diagnose: {}", condition.dutch()),
            Self::Capacity { now, .. } => format!("Wilsbekwaamheid veranderd: {}", now.dutch()),
            Self::Moved(moved) => moved.title(),
            Self::HomeCare { which, .. } => words::capitalised(which.dutch()),
            Self::GoesOn(course) if course.instead_of.is_some() => format!("Gaat verder: {}", course.title()),
            Self::GoesOn(course) => format!("Gaat door: {}", course.title()),
            Self::Stopped { what, .. } => format!("Gestopt: {what}"),
            Self::Died(_) => "Overleden".to_owned(),
            Self::Aftercare { .. } => "Nagesprek met naasten".to_owned(),
            Self::Mistaken { title, .. } => format!("Ten onrechte vastgelegd: {title}"),
        }
    }

    /// More about it, each in a line.
    pub fn more(&self) -> Vec<String> {
        let some = |words: &Option<String>| words.iter().cloned().collect();
        match self {
            Self::Changed { words, .. }
            | Self::Diagnosis { words, .. }
            | Self::Capacity { words, .. }
            | Self::HomeCare { words, .. }
            | Self::Stopped { words, .. } => some(words),
            Self::Moved(moved) => moved.name.iter().chain(&moved.words).cloned().collect(),
            Self::GoesOn(course) => vec![format!("Doel: {}", course.goal)],
            Self::Died(death) => death.lines(),
            Self::Aftercare { words } => vec![words.clone()],
            Self::Mistaken { reason, .. } => vec![reason.clone()],
        }
    }

    /// The same for acute care, which need not know more than what kind of thing it was: `een opname in het ziekenhuis`.
    pub fn in_emergency(&self) -> &'static str {
        match self {
            Self::Diagnosis { .. } => "een nieuwe diagnose",
            Self::Capacity { .. } => "een verandering in wilsbekwaamheid",
            Self::Moved(Move { how: How::Admitted, .. }) => "een opname",
            Self::Moved(Move { how: How::Discharged, .. }) => "een ontslag",
            Self::Moved(_) => "een andere woonplek",
            Self::HomeCare { .. } => "een gesprek met de thuiszorg",
            _ => "een verandering",
        }
    }
}
