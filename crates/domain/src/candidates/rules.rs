//! Rules as one writes them, a line each, so that a practice may add its own without a program:
//!
//! ```text
//! icpc P70: dementie
//! icpc K77 ooit: hartfalen
//! declaratie 13034 binnen 12 maanden: intensieve zorg
//! bepaling 2808 is ja: kwetsbaarheid
//! vanaf 86 jaar
//! aanleiding bepaling 2808: kwetsbaarheid
//! kenmerk vanaf 70 jaar
//! ```
//!
//! Behind the colon stands what it means; behind `=` at the end the reason of a signal, by its code, where the usual one does
//! not fit.

use super::{MOST_RULES, Match, Rule, RulePart};
use crate::signal::Reason;

/// A line that is no rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amiss {
    /// The line, from 1; 0: the whole.
    pub line: usize,
    /// Dutch sentence.
    pub sentence: &'static str,
}

/// The longest line, in characters.
const LONGEST: usize = 200;

/// Reads rules; empty lines and those that begin with `#` are passed over.
///
/// # Errors
/// Each line that is none.
pub fn rules(text: &str) -> Result<Vec<Rule>, Vec<Amiss>> {
    let (mut all, mut wrong) = (Vec::new(), Vec::new());
    for (at, line) in text.lines().enumerate().map(|(i, l)| (i + 1, l.trim())) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match rule(line) {
            Ok(rule) => all.push(rule),
            Err(sentence) => wrong.push(Amiss { line: at, sentence }),
        }
    }
    if all.is_empty() && wrong.is_empty() {
        wrong.push(Amiss { line: 0, sentence: "Schrijf minstens één regel." });
    }
    if all.len() > MOST_RULES {
        wrong.push(Amiss { line: 0, sentence: "Dit zijn te veel regels: hoogstens 60." });
    }
    let has = |part| all.iter().any(|r: &Rule| r.part == Some(part));
    if wrong.is_empty() && has(RulePart::Occasion) != has(RulePart::Feature) {
        wrong.push(Amiss { line: 0, sentence: "Bij een aanleiding hoort minstens één kenmerk, en andersom." });
    }
    if wrong.is_empty() { Ok(all) } else { Err(wrong) }
}

fn rule(line: &str) -> Result<Rule, &'static str> {
    if line.chars().count() > LONGEST {
        return Err("Schrijf deze regel korter: in hoogstens 200 tekens.");
    }
    let (line, reason) = match line.rsplit_once('=') {
        Some((line, code)) => {
            let reason = Reason::of_code(code.trim()).ok_or("Achter = staat geen reden van een signaal.")?;
            (line, Some(reason))
        }
        None => (line, None),
    };
    let (what, words) = line.split_once(':').unwrap_or((line, ""));
    let mut all: Vec<&str> = what.split_whitespace().collect();
    let part = all.first().and_then(|first| RulePart::of_code(&first.to_lowercase()));
    if part.is_some() {
        all.remove(0);
    }
    let lower: Vec<String> = all.iter().map(|w| w.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let what = match lower.as_slice() {
        ["icpc", code] => Match::Episode { icpc: icpc(code)?, ever: false },
        ["icpc", code, "ooit"] => Match::Episode { icpc: icpc(code)?, ever: true },
        ["declaratie", code, "binnen", months, "maanden" | "maand"] => {
            let months = months.parse().ok().filter(|m| (1..=120).contains(m));
            Match::Claim { code: digits(code, 6)?, months: months.ok_or("Noem 1 tot 120 maanden.")? }
        }
        ["bepaling", code] => Match::Finding { code: digits(code, 5)?, value: None },
        ["bepaling", code, "is", value] => Match::Finding { code: digits(code, 5)?, value: Some((*value).to_owned()) },
        ["vanaf", age, "jaar"] => Match::Age { from: years(age)? },
        ["ouder", "dan", age] | ["ouder", "dan", age, "jaar"] => Match::Age { from: years(age)? + 1 },
        _ => {
            return Err(
                "Dit is geen regel. Begin met icpc, declaratie, bepaling, vanaf of ouder dan; zie de voorbeelden.",
            );
        }
    };
    let usual = match &what {
        Match::Episode { icpc, .. } if icpc == "P70" => Reason::Dementia,
        Match::Episode { .. } => Reason::Incurable,
        Match::Claim { .. } => Reason::Palliative,
        Match::Finding { .. } => Reason::Frail,
        Match::Age { .. } => Reason::Seventy,
    };
    Ok(Rule { part, what, words: words.trim().to_owned(), reason: reason.unwrap_or(usual) })
}

fn icpc(code: &str) -> Result<String, &'static str> {
    let bytes = code.as_bytes();
    let fits = code.is_ascii()
        && bytes[0].is_ascii_lowercase()
        && match bytes.len() {
            3 => bytes[1..].iter().all(u8::is_ascii_digit),
            6 => bytes[3] == b'.' && bytes[1..3].iter().chain(&bytes[4..]).all(u8::is_ascii_digit),
            _ => false,
        };
    if fits { Ok(code.to_uppercase()) } else { Err("Dit is geen ICPC-code, zoals P70 of N99.01.") }
}

fn digits(code: &str, most: usize) -> Result<String, &'static str> {
    let fits = (1..=most).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
    if fits { Ok(code.to_owned()) } else { Err("Deze code bestaat uit cijfers.") }
}

fn years(age: &str) -> Result<i16, &'static str> {
    age.parse().ok().filter(|a| (1..=110).contains(a)).ok_or("Noem een leeftijd van 1 tot 110 jaar.")
}

/// Rules as they are written.
pub fn lines(rules: &[Rule]) -> String {
    let line = |rule: &Rule| {
        let part = rule.part.map(|p| format!("{} ", p.code())).unwrap_or_default();
        let what = match &rule.what {
            Match::Episode { icpc, ever } => format!("icpc {icpc}{}", if *ever { " ooit" } else { "" }),
            Match::Claim { code, months } => format!("declaratie {code} binnen {months} maanden"),
            Match::Finding { code, value: None } => format!("bepaling {code}"),
            Match::Finding { code, value: Some(value) } => format!("bepaling {code} is {value}"),
            Match::Age { from } => format!("vanaf {from} jaar"),
        };
        let words = if rule.words.is_empty() { String::new() } else { format!(": {}", rule.words) };
        format!("{part}{what}{words} = {}", rule.reason.code())
    };
    rules.iter().map(line).collect::<Vec<_>>().join("\n")
}
