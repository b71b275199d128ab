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
use store::claims::{ClaimEvent, Claimed, Held};
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
    /// The line that counts for this day, by its number.
    pub fn counts(&self) -> Option<u32> {
        counting(&self.claimed).find(|c| c.on == self.held.on).map(|c| c.number)
    }
}

/// Lines that were not withdrawn.
pub fn counting(all: &[Claimed]) -> impl Iterator<Item = &Claimed> {
    let withdrawn =
        |number: u32| all.iter().any(|c| matches!(c.what, ClaimEvent::Withdrawn { of, .. } if of == number));
    all.iter().filter(move |c| matches!(c.what, ClaimEvent::Claimed(_)) && !withdrawn(c.number))
}

/// All that is known of a conversation; `None` where this person may not see it (any more), or nothing was reported.
///
/// # Errors
/// Where the store fails.
pub async fn found(app: &App, who: &SignedIn, house: &House, held: &Held) -> Result<Option<Found>, store::Error> {
    let (store, now) = (app.store(), app.clock().now());
    let [Some(leave)] = leaves(app, &who.actor, [Action::ReadPlan], &held.patient).await? else { return Ok(None) };
    let Some(record) = store.read_patient(&leave, now, "claim").await? else { return Ok(None) };
    let earlier = store.earlier_identities(&leave, now).await?;
    let path = store.path(&leave, now).await?;
    let step = path.steps.iter().find(|s| s.number == held.step && s.day == held.on);
    let Some((step, report)) = step.and_then(|s| match &s.what {
        What::Talk(Told::Held(report)) => Some((s, report)),
        _ => None,
    }) else {
        return Ok(None);
    };
    let person = match &step.by.person {
        Some(person) => store.person(person).await?,
        None => None,
    };
    let claimed = store.claims(&leave, now).await?;
    let known: Vec<(Date, Option<Uzovi>)> =
        earlier.iter().chain([&record]).map(|r| (local_day(r.changed_at), r.patient.insurer.clone())).collect();
    let talk = Talk {
        on: held.on,
        minutes: report.minutes,
        at_home: report.place == Some(Place::Home),
        by: step.by.name.clone(),
        role: step.by.role,
        agb: person.and_then(|p| p.agb),
        insurer: insured_on(&known, held.on),
        a20_on: store.a20_of(&leave).await?,
        day_is_claimed: counting(&claimed).any(|c| c.on == held.on),
        this_year: this_year(&claimed, held.on),
    };
    let outcome = claims::claim(house.as_rules_ask(), &talk);
    Ok(Some(Found { record, talk, outcome, claimed, held: held.clone() }))
}

/// How often each code was claimed in the calendar year of a day.
fn this_year(claimed: &[Claimed], day: Date) -> Vec<(String, u32)> {
    let mut all: Vec<(String, u32)> = Vec::new();
    for one in counting(claimed).filter(|c| c.on.year() == day.year()) {
        let ClaimEvent::Claimed(line) = &one.what else { continue };
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
    let counts = found.counts();
    let line = found.claimed.iter().find(|c| Some(c.number) == counts).and_then(|c| match &c.what {
        // Another conversation of the day was claimed: this one cannot be.
        ClaimEvent::Claimed(line) if c.step == held.step => Some(line.clone()),
        _ => None,
    });
    let minutes = found.talk.minutes.map(|m| format!(", {m} minuten")).unwrap_or_default();
    let fine = format!("{}{minutes}, door {}", words::day(held.on), found.talk.by);
    let past = found.claimed.iter().filter(|c| c.on == held.on && Some(c.number) != counts).map(past_words).collect();
    let (stands, lines, evidence, missing) = match (line, found.outcome) {
        (Some(line), _) => (Stands::Claimed, vec![line_words(&line)], line.evidence, line.missing),
        (None, Ok(line)) => (Stands::Open, vec![line_words(&line)], line.evidence, line.missing),
        (None, Err(why)) => (Stands::Not, why, Vec::new(), Vec::new()),
    };
    Ok(Some(ClaimRow {
        patient: held.patient.to_string(),
        name: dutch::addressed(&found.record.patient),
        on: held.on.to_string(),
        step: held.step,
        fine,
        stands,
        lines,
        evidence,
        missing,
        past,
    }))
}

fn past_words(claimed: &Claimed) -> String {
    let day = words::day(local_day(claimed.at));
    match &claimed.what {
        ClaimEvent::Claimed(line) => format!("Op {day} gedeclareerd door {}: {}.", claimed.by.name, line_words(line)),
        ClaimEvent::Withdrawn { reason, .. } => format!("Op {day} teruggetrokken door {}: {reason}", claimed.by.name),
    }
}
