//! What a practice's own system (HIS) gives twice a year (PROCESS M1, S5; FACTS 'Finding candidates'): episodes, contacts,
//! claims and determinations, a row each. Here is which columns there are, what a row says, and what of it is kept.

mod layout;
mod read;

pub use layout::{DateForm, Encoding, Header, Layout, LayoutFile, ignored};
pub use read::{Cells, Flaw, read};

use crate::coded::coded;
use crate::date::FhirDateTime;
use crate::ident::{Agb, Bsn, Uzovi};
use crate::organisation::OrganisationKind;
use crate::role::Role;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Years for which the last contact about an episode is looked for (VIPLive, 'Patiëntenlijst ACP').
pub const CONTACT_YEARS: i16 = 5;
/// The longest cell, in bytes; what is longer is no code, date or number.
pub const LONGEST_CELL: usize = 4_000;
/// The longest value of a determination that is kept, in characters.
pub const LONGEST_VALUE: usize = 40;
/// The episode under which conversations about future care are kept (ICPC).
pub const A20: &str = "A20";

coded! {
    /// The columns of our own layout, by the name in the file. A HIS's own names come by a [`Layout`].
    pub enum Column {
        Practice "praktijk_agb" "AGB-code van de praktijk; mag weg als alles van één praktijk is";
        Bsn "bsn" "burgerservicenummer; hieraan wordt een eigen patiënt herkend";
        Number "patientnummer" "nummer of pseudoniem in uw HIS, als er geen BSN is of erbij";
        BirthDate "geboortedatum" "dag van geboorte";
        BirthYear "geboortejaar" "in plaats van de geboortedatum";
        Sex "geslacht" "m, v, o of leeg; wordt gecontroleerd en niet bewaard";
        Insurer "uzovi" "UZOVI-code van de verzekeraar; wordt gecontroleerd en niet bewaard";
        Icpc "icpc" "ICPC-code van de episode of het contact";
        EpisodeBegin "episode_begin" "begin van de episode";
        EpisodeEnd "episode_einde" "einde van de episode";
        EpisodeState "episode_status" "actief of afgesloten";
        ContactDate "contact_datum" "dag van het contact; ook de dag van de declaratie";
        ContactKind "contact_soort" "consult, visite, telefonisch, e-consult of anders";
        Claim "declaratiecode" "code van wat is gedeclareerd";
        Finding "bepaling_code" "nummer van de bepaling (NHG-tabel 45)";
        FindingValue "bepaling_waarde" "uitkomst van de bepaling";
        FindingDate "bepaling_datum" "dag van de bepaling";
    }
}

coded! {
    /// How somebody was seen or spoken to.
    pub enum ContactKind {
        Consult "consult" "consult";
        Visit "visite" "visite";
        Phone "telefonisch" "telefonisch";
        Online "e-consult" "e-consult";
        Other "anders" "anders";
    }
}

coded! {
    /// What a fact is about.
    pub enum FactKind {
        Episode "e" "episode";
        Contact "c" "contact";
        Claim "d" "declaratie";
        Finding "b" "bepaling";
    }
}

/// One thing that a row says. Two facts of the same patient with the same kind, code and day are the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is about.
    pub kind: FactKind,
    /// ICPC, claim or determination.
    pub code: String,
    /// The day: begin of an episode, day of anything else.
    pub on: Date,
    /// End of an episode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The episode is closed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// Value of a determination.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Row of the file that says so.
    pub line: u64,
}

impl Fact {
    /// By which it is the same as another of the same patient.
    pub fn key(&self) -> (FactKind, &str, Date) {
        (self.kind, &self.code, self.on)
    }

    /// Is it an episode that still runs on a day?
    pub fn is_active(&self, today: Date) -> bool {
        self.kind == FactKind::Episode && !self.closed && self.until.is_none_or(|until| until > today)
    }
}

/// When somebody was born, as far as a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Born {
    /// The day.
    Day(Date),
    /// The year.
    Year(i16),
}

impl Born {
    /// Whole years on a day; where only the year is known, as old as one may be at most by the end of that year.
    pub fn age_on(self, day: Date) -> i16 {
        match self {
            Self::Day(born) => {
                let before = (day.month(), day.day()) < (born.month(), born.day());
                day.year() - born.year() - i16::from(before)
            }
            Self::Year(year) => day.year() - year,
        }
    }

    /// The first day on which somebody is this old.
    pub fn turns(self, age: i16) -> Date {
        let (year, month, day) = match self {
            Self::Day(born) => (born.year(), born.month(), born.day()),
            Self::Year(year) => (year, 1, 1),
        };
        // Who was born on 29 February is a year older on 1 March where there is no such day.
        Date::new(year + age, month, day).or_else(|_| Date::new(year + age, 3, 1)).unwrap_or(Date::MAX)
    }

    /// Of a birth date as a record has it.
    pub fn of(born: &FhirDateTime) -> Self {
        born.day().map_or_else(|| Self::Year(born.first_day().year()), Self::Day)
    }

    /// As one reads it.
    pub fn words(self) -> String {
        match self {
            Self::Day(day) => crate::words::day(day),
            Self::Year(year) => year.to_string(),
        }
    }
}

/// Whom a row is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The number by which own patients are known.
    pub bsn: Option<Bsn>,
    /// Number or pseudonym in the HIS.
    pub number: Option<String>,
    /// Birth date or year.
    pub born: Option<Born>,
}

/// A row that is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The practice, where the row names one.
    pub practice: Option<Agb>,
    /// Whom it is about.
    pub who: Who,
    /// With whom they are insured.
    pub insurer: Option<Uzovi>,
    /// What it says; may be nothing but that somebody is enlisted.
    pub facts: Vec<Fact>,
}

/// What is asked for, so that nothing else is kept of anybody (GDPR, data minimisation): codes of the rules in use, and
/// the age from which somebody may be found by age alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Codes by kind, sorted; a code of ICPC stands for what is beneath it too.
    pub codes: Vec<(FactKind, String)>,
    /// Whoever is this old, or will be within a year.
    pub from_age: Option<i16>,
}

impl Wanted {
    /// Is a fact kept?
    pub fn keeps(&self, fact: &Fact) -> bool {
        self.codes.iter().any(|(kind, code)| *kind == fact.kind && covers(code, &fact.code))
    }

    /// Is somebody kept for their age alone?
    pub fn keeps_age(&self, born: Option<Born>, today: Date) -> bool {
        match (born, self.from_age) {
            (Some(born), Some(age)) => born.age_on(today) + 1 >= age,
            _ => false,
        }
    }
}

/// Does a code of a rule stand for this code: itself, or for ICPC what is beneath it (`N99` for `N99.01`)?
pub fn covers(rule: &str, code: &str) -> bool {
    code.strip_prefix(rule).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// May somebody in this role at such an organisation bring in an extract? Those of a GP practice who work with the HIS.
pub fn may_import(role: Role, kind: OrganisationKind) -> bool {
    works_with_list(role, kind) || (role == Role::PracticeManager && kind == OrganisationKind::GpPractice)
}

/// May somebody work with the list of candidates, and see the rows that are to be mended? Who gives care in a GP practice.
pub fn works_with_list(role: Role, kind: OrganisationKind) -> bool {
    let gives_care = matches!(role, Role::Gp | Role::PracticeNurse | Role::NurseSpecialist | Role::PhysicianAssistant);
    kind == OrganisationKind::GpPractice && gives_care
}

/// Facts of several files, newest file first, each once: what a newer file says of an episode goes before.
pub fn united(files: impl IntoIterator<Item = Vec<Fact>>) -> Vec<Fact> {
    let mut all: Vec<Fact> = Vec::new();
    for fact in files.into_iter().flatten() {
        if !all.iter().any(|known| known.key() == fact.key()) {
            all.push(fact);
        }
    }
    all
}

/// The day on which the episode for conversations about future care began, the first of them.
pub fn a20_since(facts: &[Fact]) -> Option<Date> {
    let of_a20 = |f: &&Fact| f.kind == FactKind::Episode && covers(A20, &f.code);
    facts.iter().filter(of_a20).map(|f| f.on).min()
}

#[cfg(test)]
mod tests;
