//! What a conversation may be claimed for (PROCESS F1, F2; FACTS 'Money'): contracts as data, rules as data with where they come
//! from, and for each conversation a line with its evidence, or in words why it cannot be claimed. No amount is known here that
//! nobody entered.

pub mod given;
mod rules;

pub use rules::{ClaimRule, Insured, Pays, RULES};

use crate::coded::coded;
use crate::ident::{Agb, ContractId, Uzovi};
use crate::organisation::OrganisationKind;
use crate::role::Role;
use crate::words;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Minutes from which a consult or a visit is a double one (FACTS: 12001 and 12003, '20 min and longer').
pub const DOUBLE_FROM: u16 = 20;
/// Codes of a double consult and a double visit (FACTS 'Money').
pub const DOUBLE: (&str, &str) = ("12001", "12003");
/// The longest conversation that is believed, in minutes.
pub use crate::talk::LONGEST_TALK as LONGEST;

coded! {
    /// What a row of the contracts is about.
    pub enum ContractKind {
        Acp "acp" "gesprek over toekomstige zorg, volgens een contract (addendum)";
        Tariff "tarief" "tarief van een prestatie van de NZa";
        TimeToTalk "time-to-talk" "ziekenhuis: facultatieve prestatie of zorgproduct";
    }
}

/// A contract or a tariff, as it was entered; what is not known yet is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// What it is about.
    pub kind: ContractKind,
    /// With whom: the name of an insurer in the practice's own list; empty for a tariff.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub with: String,
    /// First day.
    pub from: Date,
    /// Last day; absent: until further notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Code to claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Amount, in cents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cents: Option<u32>,
    /// At most so many for one patient in a calendar year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_a_year: Option<u32>,
    /// The conversation lasts at least so many minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least_minutes: Option<u16>,
    /// Where that stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// It was entered by mistake, and counts no more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
}

impl Contract {
    /// Does it hold on a day?
    pub fn holds_on(&self, day: Date) -> bool {
        !self.withdrawn && self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// What is still to be filled in, in words.
    pub fn lacks(&self) -> Vec<&'static str> {
        let all = [
            (self.code.is_none(), "de code"),
            (self.cents.is_none(), "het bedrag"),
            (self.source.is_none(), "waar dit staat"),
        ];
        all.into_iter().filter(|(lacks, _)| *lacks).map(|(_, what)| what).collect()
    }

    /// As one names it: 'contract met VGZ vanaf 1 januari 2026'.
    pub fn words(&self) -> String {
        let until = self.until.map(|day| format!(" tot en met {}", words::day(day))).unwrap_or_default();
        let what = match self.kind {
            ContractKind::Tariff => format!("tarief {}", self.code.as_deref().unwrap_or("zonder code")),
            _ => format!("contract met {}", self.with),
        };
        format!("{what} vanaf {}{until}", words::day(self.from))
    }
}

/// An insurer of the practice's own list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insurer {
    /// UZOVI code.
    pub uzovi: Uzovi,
    /// The concern, by which contracts are named: VGZ, CZ, or another.
    pub name: String,
}

/// Who claims, with what was agreed.
#[derive(Debug, Clone, Copy)]
pub struct House<'a> {
    /// What it is.
    pub kind: OrganisationKind,
    /// AGB code of the practice.
    pub agb: Option<&'a Agb>,
    /// Insurers by code.
    pub insurers: &'a [Insurer],
    /// Contracts and tariffs.
    pub contracts: &'a [(ContractId, Contract)],
}

/// A conversation, as far as a claim asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    /// The day.
    pub on: Date,
    /// How long it lasted.
    pub minutes: Option<u16>,
    /// At the patient's home.
    pub at_home: bool,
    /// Who held it.
    pub by: String,
    /// In which role.
    pub role: Option<Role>,
    /// AGB code of whoever held it.
    pub agb: Option<Agb>,
    /// The insurer on that day.
    pub insurer: Option<Uzovi>,
    /// Since when the HIS has an episode A20; absent: it has none, or nothing is known of it.
    pub a20_on: Option<Date>,
    /// It was claimed, or another of that day was.
    pub day_is_claimed: bool,
    /// How often the same code was claimed for this patient in that calendar year.
    pub this_year: Vec<(String, u32)>,
}

/// A line that may be claimed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Code of the rule.
    pub rule: String,
    /// The contract or tariff it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// Code to claim.
    pub code: String,
    /// Amount in cents, where one was entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cents: Option<u32>,
    /// UZOVI code of the insurer it goes to.
    pub insurer: Uzovi,
    /// The source says 'naar verwachting'.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub expected: bool,
    /// What it rests on, each in words.
    pub evidence: Vec<String>,
    /// What is still to be seen to, each in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

/// What comes of a conversation: a line, or why there is none; each reason in words, with how to mend it.
pub type Outcome = Result<Line, Vec<String>>;

/// The insurer on a day, from what was known since when, oldest first: before the first that is known, that one.
pub fn insured_on(known: &[(Date, Option<Uzovi>)], day: Date) -> Option<Uzovi> {
    let named = || known.iter().filter(|(_, insurer)| insurer.is_some());
    named().rfind(|(since, _)| *since <= day).or_else(|| named().next()).and_then(|(_, insurer)| insurer.clone())
}

/// What may be claimed for a conversation.
///
/// # Errors
/// Why it cannot be claimed: everything that stands in the way.
pub fn claim(house: House<'_>, talk: &Talk) -> Outcome {
    let Some(uzovi) = &talk.insurer else {
        return Err(vec!["De verzekeraar is niet bekend. Vul hem in bij Gegevens.".to_owned()]);
    };
    let Some(insurer) = house.insurers.iter().find(|i| i.uzovi == *uzovi) else {
        let sentence = format!("UZOVI-code {} staat niet in uw lijst van verzekeraars. Zet hem erin.", uzovi.as_str());
        return Err(vec![sentence]);
    };
    let Some(rule) = rules::rule(house, &insurer.name, talk.on) else {
        return Err(vec![no_rule(house, insurer, talk.on)]);
    };
    let mut wrong = Vec::new();
    if talk.day_is_claimed {
        wrong.push("Voor deze patiënt is op deze dag al een gesprek gedeclareerd.".to_owned());
    }
    let (contract, code) = match rule.pays {
        Pays::Contract(_) => {
            let contract = rules::contract_of(house, rule, &insurer.name, talk.on);
            let code = contract.and_then(|(_, c)| c.code.clone());
            if let (Some((_, c)), None) = (contract, &code) {
                wrong.push(format!("Bij het {} staat nog geen code. Vul die in.", c.words()));
            }
            (contract, code)
        }
        Pays::DoubleConsult => {
            let code = if talk.at_home { DOUBLE.1 } else { DOUBLE.0 };
            (tariff(house, code, talk.on), Some(code.to_owned()))
        }
    };
    let least = match rule.pays {
        Pays::DoubleConsult => Some(DOUBLE_FROM),
        Pays::Contract(_) => contract.and_then(|(_, c)| c.least_minutes),
    };
    match (least, talk.minutes) {
        (Some(least), None) => {
            wrong.push(format!(
                "Hoe lang het gesprek duurde, staat er niet bij; het moet minstens {least} minuten zijn."
            ));
        }
        (Some(least), Some(minutes)) if minutes < least => {
            wrong.push(format!("Het gesprek duurde {minutes} minuten; dit kan vanaf {least} minuten."));
        }
        _ => {}
    }
    if let (Some((_, c)), Some(code)) = (contract, &code)
        && let Some(most) = c.most_a_year
        && talk.this_year.iter().any(|(claimed, times)| claimed == code && *times >= most)
    {
        wrong.push(format!("Dit is dit jaar al {most} keer gedeclareerd; meer kan niet volgens het {}.", c.words()));
    }
    let (Some(code), true) = (code, wrong.is_empty()) else { return Err(wrong) };
    let cents = contract.and_then(|(_, c)| c.cents);
    Ok(Line {
        rule: rule.code.to_owned(),
        contract: contract.map(|(id, _)| id.clone()),
        insurer: uzovi.clone(),
        expected: !rule.sure,
        evidence: evidence(house, talk, rule, contract, insurer),
        missing: missing(house, talk, rule, contract, cents),
        code,
        cents,
    })
}

fn tariff<'a>(house: House<'a>, code: &str, day: Date) -> Option<&'a (ContractId, Contract)> {
    let fits = |c: &Contract| c.kind == ContractKind::Tariff && c.code.as_deref() == Some(code) && c.holds_on(day);
    house.contracts.iter().find(|(_, c)| fits(c))
}

/// Why no rule fits: a contract that is over or not begun is named.
fn no_rule(house: House<'_>, insurer: &Insurer, day: Date) -> String {
    let own = house.contracts.iter().map(|(_, c)| c).filter(|c| c.with == insurer.name && !c.withdrawn);
    match own.max_by_key(|c| c.from) {
        Some(c) if c.until.is_some_and(|until| until < day) => {
            format!("Het {} gold niet meer op deze dag, en in de bron staat geen andere regel.", c.words())
        }
        Some(c) if c.from > day => {
            format!("Het {} gold nog niet op deze dag, en in de bron staat geen andere regel.", c.words())
        }
        _ => format!("Er is geen contract met {}, en in de bron staat voor deze verzekerde geen regel.", insurer.name),
    }
}

fn evidence(
    house: House<'_>,
    talk: &Talk,
    rule: &ClaimRule,
    contract: Option<&(ContractId, Contract)>,
    insurer: &Insurer,
) -> Vec<String> {
    let place = if talk.at_home { ", bij de patiënt thuis" } else { "" };
    let minutes = talk.minutes.map(|m| format!(", {m} minuten")).unwrap_or_default();
    let acting = talk.role.map(|r| format!(", {}", r.dutch())).unwrap_or_default();
    let coded = |agb: &Agb| format!(", AGB {}", agb.as_str());
    let mut all = vec![
        format!("gesprek op {}{minutes}{place}", words::day(talk.on)),
        format!("gehouden door {}{acting}{}", talk.by, talk.agb.as_ref().map(coded).unwrap_or_default()),
        format!("verzekerd bij {} (UZOVI {})", insurer.name, insurer.uzovi.as_str()),
    ];
    all.extend(house.agb.map(|a| format!("praktijk{}", coded(a))));
    all.extend(talk.a20_on.map(|day| format!("episode A20 sinds {}", words::day(day))));
    all.extend(contract.map(|(_, c)| c.words()));
    all.push(format!("regel: {} (bron: {})", rule.words, rule.source));
    all
}

fn missing(
    house: House<'_>,
    talk: &Talk,
    rule: &ClaimRule,
    contract: Option<&(ContractId, Contract)>,
    cents: Option<u32>,
) -> Vec<String> {
    let mut all = Vec::new();
    match (contract, cents, rule.pays) {
        (Some((_, c)), None, _) => all.push(format!("Vul het bedrag in bij het {}.", c.words())),
        (None, None, Pays::DoubleConsult) => {
            all.push(format!("Vul bij Contracten het tarief van {} of {} in dat dan gold.", DOUBLE.0, DOUBLE.1));
        }
        _ => {}
    }
    if talk.minutes.is_none() {
        all.push("Hoe lang het gesprek duurde, staat er niet bij.".to_owned());
    }
    if talk.agb.is_none() {
        all.push(format!("De AGB-code van {} is niet bekend.", talk.by));
    }
    if house.agb.is_none() {
        all.push("De AGB-code van de praktijk is niet bekend.".to_owned());
    }
    if house.kind == OrganisationKind::GpPractice && talk.a20_on.is_none() {
        all.push("In het laatste HIS-extract staat geen episode A20.".to_owned());
    }
    all
}

/// An amount as one writes it: `€ 1.234,50`.
pub fn euros(cents: u32) -> String {
    let whole = (cents / 100).to_string();
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    format!("€ {grouped},{:02}", cents % 100)
}

/// May somebody in this role, at such an organisation, change its contracts? Who manages it, and its doctors.
pub fn may_contract(role: Role, kind: OrganisationKind) -> bool {
    match kind {
        OrganisationKind::GpPractice => matches!(role, Role::PracticeManager | Role::Gp),
        OrganisationKind::Hospital => matches!(role, Role::PracticeManager | Role::HospitalPhysician),
        _ => false,
    }
}

/// May somebody see what is claimed for whom: who gives care there?
pub fn may_claim(role: Role, kind: OrganisationKind) -> bool {
    match kind {
        OrganisationKind::GpPractice => crate::extract::works_with_list(role, kind),
        OrganisationKind::Hospital => {
            matches!(role, Role::HospitalPhysician | Role::NurseSpecialist | Role::PhysicianAssistant)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
