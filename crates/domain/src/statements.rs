//! Statements for a team meeting (PROCESS T3): colleagues say what they think of each on their phones, and a team sees how that
//! changes over time. Nobody is known by what they said: only counts are kept.

use crate::coded::coded;
use crate::practice::given::{Flaw, flaw, text};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

coded! {
    /// What somebody thinks of a statement.
    pub enum Vote {
        Agree "agree" "eens";
        Disagree "disagree" "oneens";
        None "none" "geen mening";
    }
}

/// Our own statements. Who agrees with them is where a team wants to be.
pub const OURS: [&str; 10] = [
    "Ik weet wanneer ik over toekomstige zorg moet beginnen.",
    "Ik durf het onderwerp zelf aan te snijden.",
    "Wij beginnen erover voordat het te laat is.",
    "Ik weet wie van ons het gesprek voert en wie vastlegt.",
    "Ik kan vinden wat eerder met iemand is afgesproken.",
    "Wij vragen naar wat iemand belangrijk vindt, niet alleen naar behandelingen.",
    "Naasten en vertegenwoordigers doen bij ons op tijd mee.",
    "Wat wij afspreken, komt ook bij de huisarts en de huisartsenpost terecht.",
    "Wij kijken afspraken na als iemands gezondheid verandert.",
    "Ik heb genoeg geleerd om dit gesprek goed te voeren.",
];

/// Most statements of an organisation's own.
pub const MOST: usize = 15;
/// Longest statement, in characters.
pub const LONGEST: usize = 200;
/// A round closes by itself after so long.
pub const OPEN: SignedDuration = SignedDuration::from_hours(4);
/// Fewer answers than this are not shown; while a round is open, its outcome moves on by so many at a time.
pub const SMALLEST: u32 = 3;

/// An organisation's own statements. Sealed at rest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// In order.
    pub statements: Vec<String>,
}

/// A round. Sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Which team.
    pub team: String,
    /// The statements.
    pub statements: Vec<String>,
    /// Who leads it, as one introduces them.
    pub by: String,
    /// When it began.
    pub began: Timestamp,
    /// The code by which colleagues take part.
    pub code: Code,
}

/// Letters and digits of a code: none that look alike.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// What colleagues type, or scan.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Code(String);

impl Code {
    /// How many letters it has: 30 bits, for four hours, at a door that slows guessing down; it opens no more than a vote.
    pub const LENGTH: usize = 6;

    /// The code that these random bytes make.
    pub fn of(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes.iter().map(|b| char::from(LETTERS[usize::from(b % 32)])).collect())
    }

    /// A code as somebody types it: lower case, blanks and hyphens pass. `None`: it cannot be one.
    pub fn parse(typed: &str) -> Option<Self> {
        let plain: String = typed
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .take(Self::LENGTH + 1)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let fits = plain.len() == Self::LENGTH && plain.bytes().all(|b| LETTERS.contains(&b));
        fits.then_some(Self(plain))
    }

    /// As it stands in an address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As one reads it aloud: in two groups.
    pub fn groups(&self) -> String {
        format!("{} {}", &self.0[..3], &self.0[3..])
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code")
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.0
    }
}

impl TryFrom<String> for Code {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("no code of a round")
    }
}

/// What came of a statement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Agree.
    pub agree: u32,
    /// Disagree.
    pub disagree: u32,
    /// Have no opinion.
    pub none: u32,
}

impl Count {
    /// How many answered.
    pub fn all(self) -> u32 {
        self.agree + self.disagree + self.none
    }

    /// These, where enough answered to be shown.
    pub fn shown(self) -> Option<Self> {
        (self.all() >= SMALLEST).then_some(self)
    }

    /// Per cent of those who answered that agree; `None` where too few answered to be shown.
    pub fn agrees(self) -> Option<f64> {
        self.shown().map(|count| f64::from(count.agree) * 100.0 / f64::from(count.all()))
    }
}

/// Per cent that agree, over all statements of a round; `None` where too few answered.
pub fn agrees_with_all(counts: &[Count]) -> Option<f64> {
    let shares: Vec<f64> = counts.iter().filter_map(|c| c.agrees()).collect();
    let many = u32::try_from(shares.len()).ok().filter(|n| *n > 0)?;
    Some(shares.iter().sum::<f64>() / f64::from(many))
}

/// Which statements a round has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Ours.
    Ours,
    /// The organisation's own.
    Own,
    /// Both.
    Both,
}

impl Which {
    /// Every choice, with its code and its words.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Ours, "tijdig", "de tien stellingen van Tijdig"),
        (Self::Own, "eigen", "onze eigen stellingen"),
        (Self::Both, "beide", "allebei"),
    ];
}

/// The statements of an organisation as typed, one on each line.
///
/// # Errors
/// Where there are too many, or one is too long.
pub fn own(typed: &str) -> Result<Own, Vec<Flaw>> {
    let statements: Vec<String> =
        typed.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if statements.len() > MOST {
        return Err(vec![flaw("stellingen", "Dit zijn er te veel. Neem er hoogstens 15: een overleg is kort.")]);
    }
    if statements.iter().any(|s| s.chars().count() > LONGEST) {
        return Err(vec![flaw(
            "stellingen",
            "Een stelling is te lang. Gebruik hoogstens 200 tekens voor elke stelling.",
        )]);
    }
    Ok(Own { statements })
}

/// Team and statements of a round as typed.
///
/// # Errors
/// Everything that is wrong with it.
pub fn round(team: &str, which: &str, own: &Own) -> Result<(String, Vec<String>), Vec<Flaw>> {
    let mut flaws = Vec::new();
    let team = text(team, "team", &mut flaws);
    if team.is_empty() {
        flaws.push(flaw("team", "Vul de naam van het team in."));
    } else if team.chars().count() > LONGEST {
        flaws.push(flaw("team", "Geef het team een kortere naam: hoogstens 200 tekens."));
    }
    let ours = OURS.iter().map(|s| (*s).to_owned());
    let statements: Vec<String> = match Which::ALL.iter().find(|(_, code, _)| *code == which).map(|(w, ..)| *w) {
        Some(Which::Ours) => ours.collect(),
        Some(Which::Own) => own.statements.clone(),
        Some(Which::Both) => ours.chain(own.statements.iter().cloned()).collect(),
        None => {
            flaws.push(flaw("welke", "Kies welke stellingen u voorlegt."));
            Vec::new()
        }
    };
    if statements.is_empty() && flaws.is_empty() {
        flaws.push(flaw("welke", "U hebt nog geen eigen stellingen. Schrijf ze eerst hieronder op."));
    }
    if flaws.is_empty() { Ok((team, statements)) } else { Err(flaws) }
}

/// What somebody chose for each of so many statements; `field` gives what was sent for a number.
///
/// # Errors
/// Each statement without an answer.
pub fn votes(many: usize, field: &dyn Fn(usize) -> String) -> Result<Vec<Vote>, Vec<Flaw>> {
    let (mut flaws, mut all) = (Vec::new(), Vec::new());
    for n in 0..many {
        match Vote::of_code(&field(n)) {
            Some(vote) => all.push(vote),
            None => flaws.push(flaw(format!("stelling.{n}"), "Kies een antwoord. 'Geen mening' mag ook.")),
        }
    }
    if flaws.is_empty() { Ok(all) } else { Err(flaws) }
}

#[cfg(test)]
mod tests;
