//! From what was typed to a contract, or to the list of insurers; everything that is wrong with it, each at its field.

use super::{Contract, ContractKind, Insurer, LONGEST};
use crate::ident::Uzovi;
use jiff::civil::Date;

/// A contract as a form brings it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContractGiven {
    /// Code of [`ContractKind`].
    pub kind: String,
    /// Name of an insurer.
    pub with: String,
    /// First day, where it could be read.
    pub from: Option<Date>,
    /// Last day; `Some(Err)` where it could not be read.
    pub until: Option<Result<Date, &'static str>>,
    /// Code to claim.
    pub code: String,
    /// Amount in euros.
    pub amount: String,
    /// At most so many a year.
    pub most_a_year: String,
    /// Minutes.
    pub least_minutes: String,
    /// Where it stands.
    pub source: String,
}

/// Which field something is wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Kind.
    Kind,
    /// With whom.
    With,
    /// First day.
    From,
    /// Last day.
    Until,
    /// Code.
    Code,
    /// Amount.
    Amount,
    /// At most a year.
    Most,
    /// Minutes.
    Minutes,
    /// Where it stands.
    Source,
}

/// What is wrong, and how to mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flaw {
    /// Where.
    pub part: Part,
    /// Dutch sentence.
    pub sentence: &'static str,
}

/// A contract from what was typed. Only what it is, with whom and since when has to be there.
///
/// # Errors
/// Everything that is wrong with it.
pub fn contract(given: &ContractGiven, insurers: &[Insurer]) -> Result<Contract, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let mut wrong = |part, sentence| flaws.push(Flaw { part, sentence });
    let kind = ContractKind::of_code(&given.kind);
    if kind.is_none() {
        wrong(Part::Kind, "Kies waar het over gaat.");
    }
    let with = given.with.trim();
    let is_tariff = kind == Some(ContractKind::Tariff);
    if !is_tariff && !insurers.iter().any(|i| i.name == with) {
        wrong(Part::With, "Kies een verzekeraar uit uw lijst. Staat hij er niet bij? Zet hem eerst in de lijst.");
    }
    if given.from.is_none() {
        wrong(Part::From, "Vul de eerste dag in, bijvoorbeeld 01-01-2026.");
    }
    let until = match given.until {
        Some(Err(sentence)) => {
            wrong(Part::Until, sentence);
            None
        }
        Some(Ok(day)) if given.from.is_some_and(|from| day < from) => {
            wrong(Part::Until, "De laatste dag ligt voor de eerste.");
            None
        }
        Some(Ok(day)) => Some(day),
        None => None,
    };
    let code = given.code.trim();
    if !code.is_empty() && (code.len() > 12 || !code.bytes().all(|b| b.is_ascii_alphanumeric())) {
        wrong(Part::Code, "Een code heeft hoogstens twaalf letters en cijfers.");
    } else if is_tariff && code.is_empty() {
        wrong(Part::Code, "Vul de code van de prestatie in, zoals 12001.");
    }
    let cents = match given.amount.trim() {
        "" => None,
        text => {
            let read = cents(text);
            if read.is_none() {
                wrong(Part::Amount, "Schrijf een bedrag in euro's, zoals 48,50.");
            }
            read
        }
    };
    let mut number = |part, text: &str, most: u32, sentence| match text.trim() {
        "" => None,
        text => {
            let read = text.parse::<u32>().ok().filter(|n| (1..=most).contains(n));
            if read.is_none() {
                wrong(part, sentence);
            }
            read
        }
    };
    let most_a_year = number(Part::Most, &given.most_a_year, 99, "Vul een getal in van 1 tot 99, of laat het leeg.");
    let least = "Vul een getal in van 1 tot 300, of laat het leeg.";
    let minutes = number(Part::Minutes, &given.least_minutes, u32::from(LONGEST), least);
    let source = given.source.trim();
    if source.chars().count() > 300 {
        wrong(Part::Source, "Schrijf het korter: in hoogstens 300 tekens.");
    }
    let (Some(kind), Some(from), true) = (kind, given.from, flaws.is_empty()) else { return Err(flaws) };
    Ok(Contract {
        kind,
        with: if is_tariff { String::new() } else { with.to_owned() },
        from,
        until,
        code: (!code.is_empty()).then(|| code.to_owned()),
        cents,
        most_a_year,
        least_minutes: minutes.and_then(|m| u16::try_from(m).ok()),
        source: (!source.is_empty()).then(|| source.to_owned()),
        withdrawn: false,
    })
}

/// An amount in euros as cents; at most a hundred thousand euros.
pub fn cents(text: &str) -> Option<u32> {
    let text = text.trim().trim_start_matches('€').trim();
    let (whole, rest) = text.split_once(',').unwrap_or((text, "00"));
    let whole = whole.replace('.', "");
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(&whole) || whole.len() > 5 || !digits(rest) || rest.len() != 2 {
        return None;
    }
    Some(whole.parse::<u32>().ok()? * 100 + rest.parse::<u32>().ok()?)
}

/// The list of insurers as it is written: a UZOVI code and a name on each line.
///
/// # Errors
/// Each line that is none, with its number.
pub fn insurers(text: &str) -> Result<Vec<Insurer>, Vec<(usize, &'static str)>> {
    let (mut all, mut wrong): (Vec<Insurer>, Vec<_>) = (Vec::new(), Vec::new());
    for (at, line) in text.lines().enumerate().map(|(i, l)| (i + 1, l.trim())).filter(|(_, l)| !l.is_empty()) {
        let (code, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let name = name.trim();
        match Uzovi::parse(code) {
            Err(_) => wrong.push((at, "Begin met een UZOVI-code van hoogstens vier cijfers.")),
            Ok(_) if name.is_empty() || name.chars().count() > 60 => {
                wrong.push((at, "Schrijf achter de code de naam van de verzekeraar, zoals VGZ of CZ."));
            }
            Ok(uzovi) if all.iter().any(|i| i.uzovi == uzovi) => {
                wrong.push((at, "Deze UZOVI-code staat er al."));
            }
            // The rules know two by name, however it is typed.
            Ok(uzovi) => all.push(Insurer {
                uzovi,
                name: match name.to_uppercase().as_str() {
                    upper @ ("VGZ" | "CZ") => upper.to_owned(),
                    _ => name.to_owned(),
                },
            }),
        }
    }
    if wrong.is_empty() { Ok(all) } else { Err(wrong) }
}

/// The list as it is written.
pub fn insurer_lines(insurers: &[Insurer]) -> String {
    let line = |i: &Insurer| format!("{} {}", i.uzovi.as_str(), i.name);
    insurers.iter().map(line).collect::<Vec<_>>().join("\n")
}
