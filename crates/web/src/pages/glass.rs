//! What follows when somebody broke the glass: the team and the patient are told, somebody judges it, and it is counted.

pub mod cases;
pub mod judge;
pub mod report;
pub mod told;

use super::dutch;
use crate::app::App;
use domain::glass::Verdict;
use domain::ident::{OrganisationId, PersonId};
use domain::role::Role;
use domain::words;
use jiff::civil::Date;
use store::Error;
use store::glass::Broken;

/// A broken glass in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// `Iris Nachtegaal (spoedzorg, Huisartsenpost Overveld)`.
    pub who: String,
    /// `gisteren om 22:14`, `8 november 2026 om 22:14`.
    pub when: String,
    /// Kind of the reason.
    pub kind: &'static str,
    /// The reason in words.
    pub words: String,
    /// The patient had objected.
    pub despite: bool,
    /// What was thought of it; absent: not judged yet.
    pub judgement: Option<Opinion>,
}

/// A judgement in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// Whether there was good reason.
    pub justified: bool,
    /// `met goede reden`.
    pub verdict: &'static str,
    /// What was said with it.
    pub words: Option<String>,
    /// By whom.
    pub by: String,
    /// When.
    pub when: String,
}

/// When something was done, with its time however long ago.
fn moment(at: jiff::Timestamp, today: Date) -> String {
    let told = dutch::recently(at, today);
    if told.contains(" om ") { told } else { format!("{told} om {}", dutch::clock(at)) }
}

/// Somebody with role and organisation.
async fn named(
    app: &App,
    person: &PersonId,
    role: Option<Role>,
    organisation: &OrganisationId,
) -> Result<String, Error> {
    let name = app.store().person(person).await?.map_or_else(|| "Iemand".to_owned(), |p| p.name.full());
    let organisation = app.store().organisation(organisation).await?.map(|o| o.name);
    // Without what some roles have in brackets, for it stands in brackets itself.
    let role = role.and_then(|r| r.dutch().split(" (").next()).map(str::to_owned);
    let beside: Vec<String> = role.into_iter().chain(organisation).collect();
    Ok(if beside.is_empty() { name } else { format!("{name} ({})", beside.join(", ")) })
}

impl Told {
    /// A broken glass in words.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn of(app: &App, broken: &Broken) -> Result<Self, Error> {
        let today = app.clock().today();
        let judgement = match &broken.judgement {
            Some(j) => Some(Opinion {
                justified: j.verdict == Verdict::Justified,
                verdict: j.verdict.dutch(),
                words: j.words.clone(),
                by: named(app, &j.by, j.role, &j.organisation).await?,
                when: moment(j.at, today),
            }),
            None => None,
        };
        Ok(Self {
            who: named(app, &broken.person, broken.role, &broken.organisation).await?,
            when: moment(broken.at, today),
            kind: broken.reason.kind.short(),
            words: broken.reason.words.clone(),
            despite: broken.despite,
            judgement,
        })
    }

    /// Where it stands: `wacht op een oordeel`, `beoordeeld: met goede reden`.
    pub fn state(&self) -> String {
        self.judgement
            .as_ref()
            .map_or_else(|| "wacht op een oordeel".to_owned(), |j| format!("beoordeeld: {}", j.verdict))
    }

    /// The reason, as a sentence after its kind.
    pub fn reason(&self) -> String {
        format!("{}: {}", words::capitalised(self.kind), self.words)
    }
}
