//! From what was typed to a signal or an answer; everything that is wrong with it, each at its field.

use super::{
    Asks, Condition, Decline, Finding, Instruments, LATEST, LONGEST, LONGEST_WAIT, Material, Open, Openness, Reason,
    Scale, Signal, Surprise, Thought, scale,
};
use jiff::civil::Date;

/// A signal as a form brings it. Codes that do not exist are wrong, not left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignalGiven {
    /// The day it was noticed; empty: today.
    pub noticed_on: String,
    /// Codes of reasons.
    pub reasons: Vec<String>,
    /// `yes`, `no` or empty: surprised by death within a year.
    pub if_died: String,
    /// The same, by being alive after it.
    pub if_alive: String,
    /// Codes of signs of decline.
    pub signs: Vec<String>,
    /// Codes of conditions.
    pub conditions: Vec<String>,
    /// Scale and score, each as typed; a score without a scale is wrong, and the other way round.
    pub scores: Vec<(String, String)>,
    /// Another instrument.
    pub other_name: String,
    /// What it said.
    pub other_outcome: String,
    /// Free text.
    pub words: String,
    /// Code of [`Thought`], or empty.
    pub thought: String,
    /// With whom the patient would like to talk.
    pub talks_with: String,
}

/// An answer as a form brings it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnswerGiven {
    /// Code of [`Open`].
    pub open: String,
    /// The day to ask again.
    pub ask_again_on: String,
    /// Code of [`Material`].
    pub material: String,
    /// Why not.
    pub reason: String,
}

/// Which field something is wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// Day noticed.
    NoticedOn,
    /// Reasons.
    Reasons,
    /// First Surprise Question.
    IfDied,
    /// Second.
    IfAlive,
    /// SPICT.
    Spict,
    /// A score.
    Score,
    /// Another instrument.
    Other,
    /// Free text.
    Words,
    /// Thought about it?
    Thought,
    /// With whom.
    TalksWith,
    /// Open to a conversation?
    Open,
    /// The day to ask again.
    AskAgainOn,
    /// Material.
    Material,
    /// Why not.
    Reason,
}

/// What is wrong, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Where.
    pub field: Field,
    /// Dutch sentence for the field.
    pub sentence: String,
}

fn wrong(field: Field, sentence: impl Into<String>) -> Wrong {
    Wrong { field, sentence: sentence.into() }
}

fn days(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).map_or(0, |span| span.get_days()))
}

fn text(field: Field, text: &str, all: &mut Vec<Wrong>) -> Option<String> {
    let text = text.trim();
    if text.chars().count() > LONGEST {
        all.push(wrong(field, format!("Schrijf het korter: in hoogstens {LONGEST} tekens.")));
    }
    (!text.is_empty()).then(|| text.to_owned())
}

fn codes<T>(field: Field, codes: &[String], of: fn(&str) -> Option<T>, all: &mut Vec<Wrong>) -> Vec<T> {
    let known: Vec<T> = codes.iter().filter_map(|c| of(c)).collect();
    if known.len() < codes.len() {
        all.push(wrong(field, "Kies uit de lijst."));
    }
    known
}

fn yes_no(field: Field, text: &str, all: &mut Vec<Wrong>) -> Option<bool> {
    match text {
        "" => None,
        "yes" => Some(true),
        "no" => Some(false),
        _ => {
            all.push(wrong(field, "Kies ja of nee."));
            None
        }
    }
}

/// A signal from what was typed, by the instruments that the organisation offers.
///
/// # Errors
/// Everything that is wrong with it, in the order of the form.
pub fn signal(given: &SignalGiven, offered: &Instruments, today: Date) -> Result<Signal, Vec<Wrong>> {
    let mut all = Vec::new();
    let noticed_on = noticed(given.noticed_on.trim(), today, &mut all);
    let mut reasons = codes(Field::Reasons, &given.reasons, Reason::of_code, &mut all);
    reasons.sort_unstable();
    reasons.dedup();
    if given.reasons.is_empty() {
        all.push(wrong(Field::Reasons, "Kies minstens één reden: wat viel op?"));
    }
    let mut findings = Vec::new();
    findings.extend(surprise(given, &reasons, offered.surprise, &mut all).map(Finding::Surprise));
    let signs = codes(Field::Spict, &given.signs, Decline::of_code, &mut all);
    let conditions = codes(Field::Spict, &given.conditions, Condition::of_code, &mut all);
    if !signs.is_empty() || !conditions.is_empty() {
        if !offered.spict {
            all.push(wrong(Field::Spict, NOT_OFFERED));
        }
        findings.push(Finding::Spict { signs, conditions });
    }
    for (code, value) in &given.scores {
        findings.extend(score(&offered.scales, code.trim(), value.trim(), &mut all));
    }
    let name = text(Field::Other, &given.other_name, &mut all);
    let outcome = text(Field::Other, &given.other_outcome, &mut all);
    match (name, outcome) {
        (Some(name), Some(outcome)) => findings.push(Finding::Other { name, outcome }),
        (None, None) => {}
        (Some(_), None) => all.push(wrong(Field::Other, "Schrijf ook wat de uitkomst was.")),
        (None, Some(_)) => all.push(wrong(Field::Other, "Schrijf ook welk instrument het was.")),
    }
    let words = text(Field::Words, &given.words, &mut all);
    let thought = match given.thought.as_str() {
        "" => None,
        code => Thought::of_code(code).or_else(|| {
            all.push(wrong(Field::Thought, "Kies uit de lijst."));
            None
        }),
    };
    let talks_with = text(Field::TalksWith, &given.talks_with, &mut all);
    if all.is_empty() { Ok(Signal { noticed_on, reasons, findings, words, thought, talks_with }) } else { Err(all) }
}

fn noticed(typed: &str, today: Date, all: &mut Vec<Wrong>) -> Date {
    if typed.is_empty() {
        return today;
    }
    let Ok(day) = typed.parse::<Date>() else {
        all.push(wrong(Field::NoticedOn, "Dit is geen datum. Kies een dag."));
        return today;
    };
    if day > today {
        all.push(wrong(Field::NoticedOn, "Deze dag is nog niet geweest. Kies vandaag of een eerdere dag."));
    } else if days(day, today) > LATEST {
        all.push(wrong(Field::NoticedOn, "Deze dag is langer dan een jaar geleden. Kies een latere dag."));
    }
    day
}

const NOT_OFFERED: &str = "Uw organisatie gebruikt dit instrument niet. Maak dit leeg.";

fn surprise(given: &SignalGiven, reasons: &[Reason], asks: Asks, all: &mut Vec<Wrong>) -> Option<Surprise> {
    let if_died = yes_no(Field::IfDied, &given.if_died, all);
    let if_alive = yes_no(Field::IfAlive, &given.if_alive, all);
    if asks == Asks::Not && if_died.is_some() {
        all.push(wrong(Field::IfDied, NOT_OFFERED));
    }
    if asks != Asks::Double && if_alive.is_some() {
        all.push(wrong(Field::IfAlive, NOT_OFFERED));
    }
    match (if_died, if_alive) {
        (None, Some(_)) => {
            all.push(wrong(Field::IfDied, "Beantwoord eerst deze vraag; de tweede vraag hoort erbij."));
            None
        }
        (Some(true), Some(_)) => {
            let sentence = "Deze tweede vraag hoort alleen bij ‘nee’ op de eerste. Haal één van de antwoorden weg.";
            all.push(wrong(Field::IfAlive, sentence));
            None
        }
        (Some(true), None) if reasons.contains(&Reason::WithinYear) => {
            let sentence = "U koos als reden dat overlijden binnen een jaar niet zou verbazen, en hier dat het wel zou \
                            verbazen. Pas één van de twee aan.";
            all.push(wrong(Field::IfDied, sentence));
            None
        }
        (Some(if_died), if_alive) => Some(Surprise { if_died, if_alive }),
        (None, None) => None,
    }
}

fn score(among: &[Scale], code: &str, value: &str, all: &mut Vec<Wrong>) -> Option<Finding> {
    if code.is_empty() && value.is_empty() {
        return None;
    }
    let Some(scale) = scale(among, code) else {
        all.push(wrong(Field::Score, "Kies bij welk instrument deze score hoort."));
        return None;
    };
    match value.parse::<u16>() {
        Ok(value) if (scale.lowest..=scale.highest).contains(&value) => {
            Some(Finding::Score { scale: scale.clone(), value })
        }
        _ => {
            let sentence =
                format!("Vul bij {} een heel getal in van {} tot {}.", scale.name, scale.lowest, scale.highest);
            all.push(wrong(Field::Score, sentence));
            None
        }
    }
}

/// An answer from what was typed. What does not go with the answer contradicts it, and is not thrown away silently.
///
/// # Errors
/// Everything that is wrong with it, in the order of the form.
pub fn answer(given: &AnswerGiven, today: Date) -> Result<Openness, Vec<Wrong>> {
    let mut all = Vec::new();
    let again = given.ask_again_on.trim();
    let reason = text(Field::Reason, &given.reason, &mut all);
    let Some(open) = Open::of_code(&given.open) else {
        all.push(wrong(Field::Open, "Kies of de patiënt open staat voor een gesprek."));
        return Err(all);
    };
    if open != Open::NotNow && !again.is_empty() {
        let sentence = "Een dag om het opnieuw te vragen hoort bij ‘nu niet’. Kies ‘nu niet’, of maak dit veld leeg.";
        all.push(wrong(Field::AskAgainOn, sentence));
    }
    if open == Open::Yes && reason.is_some() {
        let sentence = "Een reden hoort bij ‘nee’. Kies ‘nee’, of maak dit veld leeg.";
        all.push(wrong(Field::Reason, sentence));
    }
    let answered = match open {
        Open::Yes => Openness::Yes,
        Open::No => {
            if reason.is_none() {
                all.push(wrong(Field::Reason, "Schrijf waarom de patiënt geen gesprek wil."));
            }
            Openness::No { reason: reason.unwrap_or_default() }
        }
        Open::NotNow => {
            let ask_again_on = again_on(again, today, &mut all);
            let material = Material::of_code(&given.material).unwrap_or_else(|| {
                all.push(wrong(Field::Material, "Kies of u informatiemateriaal gaf."));
                Material::NotYet
            });
            Openness::NotNow { ask_again_on, material }
        }
    };
    if all.is_empty() { Ok(answered) } else { Err(all) }
}

fn again_on(typed: &str, today: Date, all: &mut Vec<Wrong>) -> Date {
    let sentence = match typed.parse::<Date>() {
        Ok(day) if day > today && days(today, day) <= LONGEST_WAIT => return day,
        Ok(day) if day <= today => "Kies een dag die nog komt.",
        Ok(_) => "Kies een dag binnen een jaar.",
        Err(_) if typed.is_empty() => "Kies vanaf welke dag u het opnieuw mag vragen.",
        Err(_) => "Dit is geen datum. Kies een dag.",
    };
    all.push(wrong(Field::AskAgainOn, sentence));
    today
}
