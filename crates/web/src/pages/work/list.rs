//! The tasks as sentences, grouped by how soon; names are read by a permit each, for what is shown and nothing else.

use crate::access::quietly;
use crate::app::App;
use crate::pages::dutch;
use crate::session::SignedIn;
use domain::access::Action;
use domain::ident::PatientId;
use domain::rights::State;
use domain::task::{Kind, Soon, may_do};
use domain::words;
use jiff::civil::Date;
use std::collections::HashMap;
use store::Error;
use store::tasks::{Waiting, Whose};

/// Heading of what matters in an emergency.
pub const FIRST: &str = "Eerst: dit telt bij spoed";
/// Drafts and questions shown beside the tasks.
const BESIDE: usize = 8;

/// Sentences of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Heading.
    pub title: &'static str,
    /// The sentences.
    pub items: Vec<Item>,
}

/// One sentence with the one next action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Whom it is about.
    pub name: String,
    /// What.
    pub sentence: String,
    /// By when, since when, whose.
    pub fine: String,
    /// What to do.
    pub next: (String, &'static str),
    /// Where it is taken, with one button; absent where it is one's own, or not for this role.
    pub take: Option<String>,
    /// Where it is passed on or put off.
    pub page: Option<String>,
}

/// Names, each read once.
struct Names<'a> {
    app: &'a App,
    who: &'a SignedIn,
    known: HashMap<PatientId, Option<String>>,
}

impl Names<'_> {
    /// `None`: not for this person's eyes (any more).
    async fn of(&mut self, id: &PatientId) -> Result<Option<String>, Error> {
        if let Some(name) = self.known.get(id) {
            return Ok(name.clone());
        }
        let now = self.app.clock().now();
        let record = match quietly(self.app, &self.who.actor, Action::ReadPatient, id).await? {
            Some(permit) => self.app.store().read_patient(&permit, now, "my-work").await?,
            None => None,
        };
        let name = record.filter(|r| r.merged_into.is_none()).map(|r| dutch::addressed(&r.patient));
        self.known.insert(id.clone(), name.clone());
        Ok(name)
    }
}

/// What to do next, and where.
pub fn next(kind: Kind, id: &PatientId, does: bool) -> (String, &'static str) {
    let (rest, words) = match kind {
        Kind::SetLimits if does => ("/plan/vaststellen", "Lees en stel vast"),
        Kind::Review if does => ("/bevestigen", "Bevestig of werk bij"),
        Kind::SetLimits | Kind::Review | Kind::Settle | Kind::Representative => ("/plan", "Lees het plan"),
        Kind::Document => ("/documenten", "Lees het document"),
        Kind::Signal => ("/signalen", "Lees het signaal"),
        Kind::Ask => ("/signalen#vervolg", "Leg het antwoord vast"),
        Kind::Plan => ("/gesprekken#volgend", "Plan het gesprek"),
        Kind::Report if does => ("/gesprekken", "Bereid voor, of leg vast"),
        Kind::Report => ("/gesprekken", "Lees wat er gepland is"),
        Kind::Record if does => ("/plan/bewerken", "Leg vast in het plan"),
        Kind::Record => ("/gesprekken", "Lees het verslag"),
        Kind::Support => ("/gesprekken#ondersteuning", "Lees de vraag"),
        Kind::Agreed => ("", "Lees het samenwerkingsplan"),
        Kind::Elsewhere => ("/elders", "Bekijk het verschil"),
        Kind::SupportAnswer => ("/gesprekken#ondersteuning", "Lees het antwoord"),
    };
    (format!("/patienten/{id}{rest}"), words)
}

/// By when, and whose.
fn fine(task: &Waiting, today: Date, mine: bool) -> String {
    let by = match Soon::of(task.due, today) {
        Soon::Today => "vandaag".to_owned(),
        _ => format!("uiterlijk {}", words::day(task.due)),
    };
    let since = format!("ontstond {}", dutch::recently_ago(task.made_at, today));
    let put_off = if task.due == task.meant_for { "" } else { "; uitgesteld" };
    let whose = match (mine, &task.assignee.person, task.assignee.role) {
        (true, ..) => "van u".to_owned(),
        (false, Some(_), _) => "van een collega".to_owned(),
        (false, None, Some(role)) => format!("voor een {}", role.dutch()),
        (false, None, None) => "voor wie het oppakt".to_owned(),
    };
    format!("{by}; {since}{put_off}; {whose}")
}

/// Tasks in groups: what matters in an emergency, and then soonest first.
///
/// # Errors
/// Where the store fails.
pub async fn groups(app: &App, who: &SignedIn, tasks: &[Waiting], today: Date) -> Result<Vec<Group>, Error> {
    let mut names = Names { app, who, known: HashMap::new() };
    let mut sorted: Vec<&Waiting> = tasks.iter().collect();
    sorted.sort_by_key(|t| (t.kind.rank(), Soon::of(t.due, today), t.due, t.kind.weight()));
    let mut groups: Vec<Group> = Vec::new();
    for task in sorted {
        let Some(name) = names.of(&task.patient).await? else { continue };
        let mine =
            task.assignee.person.as_ref() == Some(&who.person) && task.assignee.organisation == who.organisation.id;
        let does = may_do(task.kind, &who.actor);
        let page = format!("/patienten/{}/taken/{}", task.patient, task.number);
        let item = Item {
            sentence: format!("{name}: {}.", task.kind.sentence()),
            name,
            fine: fine(task, today, mine),
            next: next(task.kind, &task.patient, does),
            take: (does && !mine).then(|| page.clone()),
            page: Some(page),
        };
        let title = if task.kind.rank() == 0 { FIRST } else { Soon::of(task.due, today).dutch() };
        match groups.iter_mut().find(|g| g.title == title) {
            Some(group) => group.items.push(item),
            None => groups.push(Group { title, items: vec![item] }),
        }
    }
    Ok(groups)
}

/// The sentence on top.
pub fn lead(groups: &[Group], shown: usize, more: bool) -> String {
    let late = groups.iter().find(|g| g.title == Soon::Late.dutch()).map_or(0, |g| g.items.len());
    match (shown, more) {
        (0, _) => "Er wacht niets.".to_owned(),
        (n, true) => format!("De eerste {n} taken staan hier; er zijn er meer. Begin bovenaan."),
        (n, false) if late == 0 => {
            format!("Er wachten {}.", words::counted(n, "taak", "taken")).replace("wachten 1", "wacht 1")
        }
        (n, false) => format!("Er wachten {}, waarvan {late} te laat.", words::counted(n, "taak", "taken"))
            .replace("wachten 1 ", "wacht 1 "),
    }
}

/// What waits beside the tasks: drafts of the organisation, and who is asked to lead or has nobody who does.
///
/// # Errors
/// Where the store fails.
pub async fn beside(app: &App, who: &SignedIn, whose: Whose) -> Result<Vec<Group>, Error> {
    let (now, today) = (app.clock().now(), app.clock().today());
    let store = app.store();
    let mut names = Names { app, who, known: HashMap::new() };
    let mut drafts = Vec::new();
    if whose != Whose::Team && who.actor.role.is_some_and(domain::role::Role::may_record_wishes) {
        for draft in store.drafts_of(&who.actor, BESIDE).await? {
            let Some(name) = names.of(&draft.patient).await? else { continue };
            drafts.push(Item {
                sentence: format!("{name}: een concept is nog niet vastgelegd."),
                fine: format!("begonnen {}", dutch::recently(draft.begun_at, today)),
                next: (format!("/patienten/{}/plan/bewerken", draft.patient), "Ga verder"),
                name,
                take: None,
                page: None,
            });
        }
    }
    let says = if whose == Whose::Organisation {
        ("niemand heeft de regie, al langer dan een week", "Vraag iemand")
    } else {
        ("u bent gevraagd om de regie te nemen", "Antwoord")
    };
    let ids = match whose {
        Whose::Own => store.asked_to_lead(&who.actor, BESIDE).await?,
        Whose::Organisation => store.without_lead(&who.actor, now - domain::lead::WITHOUT_LEAD, BESIDE).await?,
        Whose::Team => Vec::new(),
    };
    let mut leads = Vec::new();
    for id in ids {
        let Some(name) = names.of(&id).await? else { continue };
        leads.push(Item {
            sentence: format!("{name}: {}.", says.0),
            fine: String::new(),
            next: (format!("/patienten/{id}/zorgteam"), says.1),
            name,
            take: None,
            page: None,
        });
    }
    let groups = [("Nog niet af", drafts), ("Regie", leads)];
    Ok(groups.into_iter().filter(|g| !g.1.is_empty()).map(|(title, items)| Group { title, items }).collect())
}

/// What patients asked about their record, where somebody has to answer.
///
/// # Errors
/// Where the store fails.
pub async fn requests(app: &App, who: &SignedIn) -> Result<Option<Group>, Error> {
    let (now, today) = (app.clock().now(), app.clock().today());
    let mut names = Names { app, who, known: HashMap::new() };
    let mut items = Vec::new();
    for id in app.store().waiting_for_answer(&who.actor, BESIDE, now).await? {
        let Some(permit) = quietly(app, &who.actor, Action::AnswerRequest, &id).await? else { continue };
        let Some(name) = names.of(&id).await? else { continue };
        let asked = app.store().own_words(&permit, now).await?;
        items.extend(asked.iter().filter(|w| w.said.state == State::Open).map(|w| Item {
            name: name.clone(),
            sentence: format!("{name}: {} wacht op antwoord.", w.said.kind.dutch()),
            fine: format!("gevraagd {}", dutch::recently(w.said_at, today)),
            next: (format!("/patienten/{id}/verzoeken"), "Lees en antwoord"),
            take: None,
            page: None,
        }));
    }
    Ok((!items.is_empty()).then_some(Group { title: "Vraag van een patiënt", items }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(title: &'static str, n: usize) -> Group {
        let item = Item {
            name: "Mw. S. Jansen".into(),
            sentence: "Mw. S. Jansen: er is een signaal.".into(),
            fine: String::new(),
            next: ("/".into(), "Lees"),
            take: None,
            page: None,
        };
        Group { title, items: vec![item; n] }
    }

    #[test]
    fn the_lead_counts_what_waits_and_what_is_late() {
        assert_eq!(lead(&[], 0, false), "Er wacht niets.");
        assert_eq!(lead(&[group("Vandaag", 1)], 1, false), "Er wacht 1 taak.");
        assert_eq!(lead(&[group("Te laat", 2), group("Later", 1)], 3, false), "Er wachten 3 taken, waarvan 2 te laat.");
        assert!(lead(&[group("Te laat", 40)], 40, true).contains("er zijn er meer"));
    }
}
