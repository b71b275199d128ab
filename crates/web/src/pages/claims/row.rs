//! One conversation: what is known of it, what may be claimed for it, and what was.

use crate::app::App;
use crate::pages::dutch;
use crate::pages::rows::leaves;
use crate::session::SignedIn;
use domain::access::Action;
use domain::claims::{self, Contract, Insurer, Outcome, Talk, euros, insured_on};
use domain::date::local_day;
use domain::ident::{Agb, ContractId, Uzovi};
use domain::organisation::OrganisationKind;
use domain::path::What;
use domain::talk::{Place, Talk as Told};
use domain::words;
use jiff::civil::Date;
use store::claims::{ClaimEvent, Claimed, Held, Written};
use store::patients::PatientRecord;

/// Who claims, with what was agreed.
pub struct House {
    kind: OrganisationKind,
    agb: Option<Agb>,
    insurers: Vec<Insurer>,
    contracts: Vec<(ContractId, Contract)>,
}

impl House {
    /// Of whoever is signed in.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn of(app: &App, who: &SignedIn) -> Result<Self, store::Error> {
        let organisation = &who.organisation;
        let contracts = app.store().contracts(&organisation.id).await?;
        Ok(Self {
            kind: organisation.kind,
            agb: organisation.agb.clone(),
            insurers: app.store().insurers(&organisation.id).await?.all,
            contracts: contracts.into_iter().map(|a| (a.id, a.contract)).collect(),
        })
    }

    fn as_rules_ask(&self) -> claims::House<'_> {
        claims::House { kind: self.kind, agb: self.agb.as_ref(), insurers: &self.insurers, contracts: &self.contracts }
    }

    /// What is to be filled in, in sentences.
    pub fn lacks(&self) -> Vec<String> {
        let mut all = Vec::new();
        if self.insurers.is_empty() {
            all.push("Vul in welke verzekeraars uw patiënten hebben: hun UZOVI-code en naam.".to_owned());
        }
        if self.contracts.iter().all(|(_, c)| c.withdrawn) {
            all.push("Vul in welke contracten u hebt. Zonder contract staat er geen bedrag.".to_owned());
        }
        let lacking = self.contracts.iter().filter(|(_, c)| !c.withdrawn && !c.lacks().is_empty());
        all.extend(lacking.map(|(_, c)| {
            let lacks: Vec<String> = c.lacks().into_iter().map(str::to_owned).collect();
            format!("Vul bij het {} in: {}.", c.words(), words::join(&lacks))
        }));
        all
    }
}

/// How a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It may be claimed.
    Open,
    /// It was claimed.
    Claimed,
    /// It cannot be.
    Not,
}

/// A conversation on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRow {
    /// Id in paths.
    pub patient: String,
    /// Who.
    pub name: String,
    /// The day, as sent.
    pub on: String,
    /// The record in which it was reported, as sent.
    pub record: String,
    /// The step, as sent.
    pub step: u32,
    /// Day, length and who held it.
    pub fine: String,
    /// How it stands.
    pub stands: Stands,
    /// Code and amount, or why there is none.
    pub lines: Vec<String>,
    /// What it rests on.
    pub evidence: Vec<String>,
    /// What is still to be seen to.
    pub missing: Vec<String>,
    /// What was claimed and withdrawn before.
    pub past: Vec<String>,
}

impl ClaimRow {
    /// How it stands, in a word.
    pub fn heading(&self) -> &'static str {
        match self.stands {
            Stands::Open => "Te declareren:",
            Stands::Claimed => "Gedeclareerd:",
            Stands::Not => "Kan niet:",
        }
    }

    /// It was claimed.
    pub fn is_claimed(&self) -> bool {
        self.stands == Stands::Claimed
    }

    /// It may be claimed.
    pub fn is_open(&self) -> bool {
        self.stands == Stands::Open
    }
}

/// What was found of a conversation.
pub struct Found {
    /// Who.
    pub record: PatientRecord,
    /// What a claim asks.
    pub talk: Talk,
    /// What may be claimed.
    pub outcome: Outcome,
    /// What was claimed and withdrawn for this patient.
    pub claimed: Vec<Claimed>,
    held: Held,
}

impl Found {
    /// The line that counts for this conversation.
    pub fn counts(&self) -> Option<&Written> {
        let own = |c: &&Claimed| c.record == self.held.record && c.written.step == self.held.step;
        counting(&self.claimed).filter(|c| c.written.on == self.held.on).find(own).map(|c| &c.written)
    }

    /// Lines that count for the day: more than one where two records of a patient each had one before they were merged.
    fn of_day(&self) -> usize {
        counting(&self.claimed).filter(|c| c.written.on == self.held.on).count()
    }
}

/// Was this line claimed, and not withdrawn since?
pub fn is_counting(all: &[Claimed], one: &Claimed) -> bool {
    let withdraws = |c: &Claimed| {
        c.record == one.record && matches!(c.written.what, ClaimEvent::Withdrawn { of, .. } if of == one.written.number)
    };
    matches!(one.written.what, ClaimEvent::Claimed(_)) && !all.iter().any(withdraws)
}

/// Lines that were not withdrawn.
fn counting(all: &[Claimed]) -> impl Iterator<Item = &Claimed> {
    all.iter().filter(|one| is_counting(all, one))
}

/// All that is known of a conversation; `None` where this person may not see it (any more), or nothing was reported.
///
/// # Errors
/// Where the store fails.
pub async fn found(app: &App, who: &SignedIn, house: &House, held: &Held) -> Result<Option<Found>, store::Error> {
    let (store, now) = (app.store(), app.clock().now());
    let [Some(leave)] = leaves(app, &who.actor, [Action::ReadPlan], &held.patient).await? else { return Ok(None) };
    let Some(record) = store.read_patient(&leave, now, "claim").await? else { return Ok(None) };
    let Some(step) = store.held_report(&leave, held, now).await? else { return Ok(None) };
    let What::Talk(Told::Held(report)) = &step.what else { return Ok(None) };
    let earlier = store.earlier_identities(&leave, now).await?;
    let person = match &step.by.person {
        Some(person) => store.person(person).await?,
        None => None,
    };
    let claimed = store.claims(&leave, now).await?;
    let here = earlier.iter().chain([&record]).map(|r| (local_day(r.changed_at), r.patient.insurer.clone()));
    let by_files = store.insured_by_files(&leave).await?.into_iter().map(|i| (i.since, Some(i.insurer)));
    let mut known: Vec<(Date, Option<Uzovi>)> = here.chain(by_files).collect();
    known.sort_by_key(|(since, _)| *since);
    let talk = Talk {
        on: held.on,
        minutes: report.minutes,
        at_home: report.place == Some(Place::Home),
        by: step.by.name.clone(),
        role: step.by.role,
        agb: person.and_then(|p| p.agb),
        insurer: insured_on(&known, held.on),
        a20_on: store.a20_of(&leave).await?,
        day_is_claimed: counting(&claimed).any(|c| c.written.on == held.on),
        this_year: this_year(&claimed, held.on),
    };
    let outcome = claims::claim(house.as_rules_ask(), &talk);
    Ok(Some(Found { record, talk, outcome, claimed, held: held.clone() }))
}

/// How often each code was claimed in the calendar year of a day.
fn this_year(claimed: &[Claimed], day: Date) -> Vec<(String, u32)> {
    let mut all: Vec<(String, u32)> = Vec::new();
    for one in counting(claimed).filter(|c| c.written.on.year() == day.year()) {
        let ClaimEvent::Claimed(line) = &one.written.what else { continue };
        match all.iter_mut().find(|(code, _)| *code == line.code) {
            Some((_, times)) => *times += 1,
            None => all.push((line.code.clone(), 1)),
        }
    }
    all
}

/// Code and amount in words.
pub fn line_words(line: &claims::Line) -> String {
    let amount = line.cents.map_or_else(|| "bedrag nog niet ingevuld".to_owned(), euros);
    let expected = if line.expected { ", naar verwachting" } else { "" };
    format!("{} ({amount}){expected}", line.code)
}

/// The row of a conversation.
///
/// # Errors
/// Where the store fails.
pub async fn row(app: &App, who: &SignedIn, house: &House, held: &Held) -> Result<Option<ClaimRow>, store::Error> {
    let Some(found) = found(app, who, house, held).await? else { return Ok(None) };
    // Where another conversation of the day was claimed, this one cannot be.
    let line = found.counts().and_then(|written| match &written.what {
        ClaimEvent::Claimed(line) => Some(line.clone()),
        ClaimEvent::Withdrawn { .. } => None,
    });
    let minutes = found.talk.minutes.map(|m| format!(", {m} minuten")).unwrap_or_default();
    let fine = format!("{}{minutes}, door {}", words::day(held.on), found.talk.by);
    let earlier = found.claimed.iter().filter(|c| c.written.on == held.on && !is_counting(&found.claimed, c));
    let past = earlier.map(|c| past_words(&c.written)).collect();
    let twice = (line.is_some() && found.of_day() > 1).then(|| TWICE.to_owned());
    let (stands, lines, evidence, mut missing) = match (line, found.outcome) {
        (Some(line), _) => (Stands::Claimed, vec![line_words(&line)], line.evidence, line.missing),
        (None, Ok(line)) => (Stands::Open, vec![line_words(&line)], line.evidence, line.missing),
        (None, Err(why)) => (Stands::Not, why, Vec::new(), Vec::new()),
    };
    missing.extend(twice);
    Ok(Some(ClaimRow {
        patient: held.patient.to_string(),
        name: dutch::addressed(&found.record.patient),
        on: held.on.to_string(),
        record: held.record.to_string(),
        step: held.step,
        fine,
        stands,
        lines,
        evidence,
        missing,
        past,
    }))
}

/// Two records each had a line for the day before they were merged.
const TWICE: &str = "Deze dag is twee keer gedeclareerd, in twee dossiers die zijn samengevoegd. Trek er een terug.";

fn past_words(written: &Written) -> String {
    let day = words::day(local_day(written.at));
    match &written.what {
        ClaimEvent::Claimed(line) => format!("Op {day} gedeclareerd door {}: {}.", written.by.name, line_words(line)),
        ClaimEvent::Withdrawn { reason, .. } => format!("Op {day} teruggetrokken door {}: {reason}", written.by.name),
    }
}
