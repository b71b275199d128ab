//! Who may be a candidate for a conversation, by what a practice's own system holds (PROCESS S5; FACTS 'Finding
//! candidates'): rule sets as data, and for whoever they find which code and which day caused it. A rule finds somebody to
//! think of; whether it is time to talk is for whoever knows them.

mod rules;
mod shipped;

pub use rules::{Amiss, lines, rules};
pub use shipped::SHIPPED;

use crate::extract::{A20, Born, CONTACT_YEARS, Fact, FactKind, Wanted, covers};
use crate::path::{Past, State, stands};
use crate::signal::{Reason, Signal};
use crate::words;
use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Months after which a practice looks at its list again (S5: at least every half year).
pub const CHECK_MONTHS: i32 = 6;
/// So many days before it is due, it is asked for.
pub const CHECK_AHEAD: i64 = 14;
/// Most rules of one set.
pub const MOST_RULES: usize = 60;

/// What makes somebody a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Match {
    /// An episode with this code of ICPC, or beneath it.
    Episode {
        /// The code.
        icpc: String,
        /// Also one that is closed.
        ever: bool,
    },
    /// A claim within so many months.
    Claim {
        /// The code.
        code: String,
        /// Months.
        months: i32,
    },
    /// A determination; with this value, where one is named.
    Finding {
        /// Number in NHG table 45.
        code: String,
        /// Value, in lower case.
        value: Option<String>,
    },
    /// This old, in whole years.
    Age {
        /// From this age on.
        from: i16,
    },
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// An occasion or a feature; absent: enough by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<RulePart>,
    /// What it looks for.
    pub what: Match,
    /// What that stands for, in words.
    pub words: String,
    /// The reason that a signal gives which comes of it.
    pub reason: Reason,
}

crate::coded::coded! {
    /// Of which kind a rule is, where a set asks for one of each (the VVT toolkit).
    pub enum RulePart {
        Occasion "aanleiding" "aanleiding";
        Feature "kenmerk" "kenmerk";
    }
}

/// A set of rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSet {
    /// Code.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// Where it comes from.
    pub source: String,
    /// First day on which it holds.
    pub from: Date,
    /// Last day; absent: until further notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The rules. Where some are an occasion or a feature, one of each is asked for; any other is enough by itself.
    pub rules: Vec<Rule>,
}

/// Why somebody is on the list: one rule with the code and the day that caused it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The set.
    pub set: String,
    /// In words: 'P70 (dementie), episode sinds 3 maart 2021'.
    pub words: String,
    /// The day that caused it.
    pub on: Date,
    /// Row of the file that says so; 0 where it follows from the age.
    pub line: u64,
    /// The reason that a signal gives.
    pub reason: Reason,
}

impl RuleSet {
    /// Does it hold on a day?
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

impl Rule {
    /// What of these facts caused it, the newest.
    fn cause(&self, set: &RuleSet, born: Option<Born>, facts: &[Fact], today: Date) -> Option<Cause> {
        let (on, line, tail) = match &self.what {
            Match::Age { from } => {
                let born = born.filter(|b| b.age_on(today) >= *from)?;
                (born.turns(*from), 0, format!("{} jaar", born.age_on(today)))
            }
            Match::Episode { icpc, ever } => {
                let found = facts.iter().filter(|f| f.kind == FactKind::Episode && covers(icpc, &f.code));
                let fact = found.filter(|f| *ever || f.is_active(today)).max_by_key(|f| f.on)?;
                (fact.on, fact.line, format!("{}, episode sinds {}", fact.code, words::day(fact.on)))
            }
            Match::Claim { code, months } => {
                let since = today.saturating_sub(Span::new().months(*months));
                let found = facts.iter().filter(|f| f.kind == FactKind::Claim && f.code == *code && f.on >= since);
                let fact = found.max_by_key(|f| f.on)?;
                (fact.on, fact.line, format!("declaratie {} op {}", fact.code, words::day(fact.on)))
            }
            Match::Finding { code, value } => {
                let same = |f: &&Fact| f.kind == FactKind::Finding && f.code == *code;
                // The newest counts: who was frail once and is so no more is no candidate for that.
                let fact = facts.iter().filter(same).max_by_key(|f| f.on)?;
                let found = fact.value.as_deref().unwrap_or_default().to_lowercase();
                if value.as_ref().is_some_and(|v| *v != found) {
                    return None;
                }
                (fact.on, fact.line, format!("bepaling {} op {}", fact.code, words::day(fact.on)))
            }
        };
        let said = if self.words.is_empty() { tail } else { format!("{} ({tail})", self.words) };
        Some(Cause { set: set.code.clone(), words: said, on, line, reason: self.reason })
    }
}

/// Why somebody is a candidate by these sets on a day; nothing where they are none.
pub fn causes(sets: &[RuleSet], born: Option<Born>, facts: &[Fact], today: Date) -> Vec<Cause> {
    let mut all = Vec::new();
    for set in sets.iter().filter(|s| s.holds_on(today)) {
        let found: Vec<(Option<RulePart>, Cause)> =
            set.rules.iter().filter_map(|rule| Some((rule.part, rule.cause(set, born, facts, today)?))).collect();
        let has = |part| found.iter().any(|(p, _)| *p == part);
        let both = has(Some(RulePart::Occasion)) && has(Some(RulePart::Feature));
        all.extend(found.into_iter().filter(|(part, _)| part.is_none() || both).map(|(_, cause)| cause));
    }
    all
}

/// The last contact under A20 within five years (a column of VIPLive's list).
pub fn last_a20(facts: &[Fact], today: Date) -> Option<Date> {
    let since = today.saturating_sub(Span::new().years(CONTACT_YEARS));
    let found = facts.iter().filter(|f| f.kind == FactKind::Contact && covers(A20, &f.code) && f.on >= since);
    found.map(|f| f.on).max()
}

/// Since when somebody is a candidate: the newest of the days that caused it.
pub fn since(causes: &[Cause]) -> Option<Date> {
    causes.iter().map(|c| c.on).max()
}

/// What is kept of a file, for these sets: their codes, and always the episode for conversations about future care.
pub fn wanted(sets: &[RuleSet]) -> Wanted {
    let mut wanted = Wanted {
        codes: vec![(FactKind::Episode, A20.to_owned()), (FactKind::Contact, A20.to_owned())],
        from_age: None,
    };
    for rule in sets.iter().flat_map(|s| &s.rules) {
        match &rule.what {
            Match::Episode { icpc, .. } => wanted.codes.push((FactKind::Episode, icpc.clone())),
            Match::Claim { code, .. } => wanted.codes.push((FactKind::Claim, code.clone())),
            Match::Finding { code, .. } => wanted.codes.push((FactKind::Finding, code.clone())),
            // Age beside an occasion finds nobody by itself.
            Match::Age { from } if rule.part.is_none() => {
                wanted.from_age = Some(wanted.from_age.map_or(*from, |age| age.min(*from)));
            }
            Match::Age { .. } => {}
        }
    }
    wanted.codes.sort();
    wanted.codes.dedup();
    wanted
}

/// Is somebody on the path already: with a plan, an answer, a signal, or at its end? Then they are no candidate.
pub fn is_on_path(past: Past<'_>, today: Date) -> bool {
    stands(past, today) != State::NoSignal
}

/// The signal that a candidate becomes, with the codes and days that caused it as its words.
pub fn signal(causes: &[Cause], today: Date) -> Signal {
    let mut reasons: Vec<Reason> = causes.iter().map(|c| c.reason).collect();
    reasons.sort_unstable();
    reasons.dedup();
    // The words of an organisation's own rules may be long, and a signal's are bounded.
    let lines: Vec<String> = causes.iter().map(|c| c.words.clone()).collect();
    let words: String =
        format!("Uit het HIS-extract: {}.", lines.join("; ")).chars().take(crate::signal::LONGEST).collect();
    Signal { noticed_on: today, reasons, findings: Vec::new(), words: Some(words), thought: None, talks_with: None }
}

/// By which day the list is to be looked at again; at once where that never happened.
pub fn check_by(checked: Option<Date>, today: Date) -> Date {
    checked.map_or(today, |on| on.saturating_add(Span::new().months(CHECK_MONTHS)))
}

/// Is it time to ask for it?
pub fn asks_for_check(checked: Option<Date>, today: Date) -> bool {
    check_by(checked, today) <= today.saturating_add(Span::new().days(CHECK_AHEAD))
}

#[cfg(test)]
mod tests;
