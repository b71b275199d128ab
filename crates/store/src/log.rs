//! The log (NEN 7513, decision 71): who did what to whom, when, on what ground; append-only, chained.

pub mod read;
pub(crate) mod row;

use crate::job::{Job, Tx};
use crate::seal::Place;
use crate::{Result, Store};
use domain::access::Actor;
use domain::ident::PatientId;
use jiff::Timestamp;
use row::Entry;

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Refused.
    Refused,
    /// Failed.
    Failed,
}

impl Outcome {
    /// Code in the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// Something for the log that needs no permit: signing in, a refusal, a search, a change of settings.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// When.
    pub at: Timestamp,
    /// Who; absent: nobody known, as with a failed sign-in.
    pub actor: Option<&'a Actor>,
    /// What was done: a short code such as `sign-in`, `search`, `read`.
    pub action: &'static str,
    /// With what: a resource type, a path's pattern. Never a name, birth date or BSN.
    pub data: &'a str,
    /// The patient it concerned, for a refusal: a patient who is here. The row stands in the instance's chain and in
    /// the patient's own.
    pub patient: Option<&'a PatientId>,
    /// How it ended.
    pub outcome: Outcome,
    /// More; never about a patient.
    pub detail: Option<&'a str>,
}

/// Where a chain ends, asked in its turn among those who write; with the row for the asking, where it is logged.
pub(crate) struct HeadOf {
    pub chain: String,
    pub entry: Option<Entry>,
}

impl Store {
    /// Hands an event to the log of the instance, and to that of the patient it concerned; on disk with the next
    /// group.
    pub async fn event(&self, event: Event<'_>) -> Result<()> {
        let data = short(event.data);
        let mut entry = match event.actor {
            Some(actor) => Entry::by(actor, event.at, event.action, data),
            None => Entry::nobody(event.at, event.action, data),
        };
        entry.outcome = event.outcome.code().into();
        entry.patient = event.patient.map(|p| p.as_str().to_owned());
        if let Some(patient) = event.patient {
            let mut own = Entry { chain: patient.as_str().to_owned(), patient: None, ..entry.clone() };
            if let Some(detail) = event.detail {
                let keys = self.keys(patient).await?;
                own.detail = Some(keys.seal(Place::of("log.detail", patient.as_str()), short(detail).as_bytes())?);
            }
            self.spend(own).await?;
        }
        entry.detail = event.detail.map(|d| short(d).into_bytes());
        self.spend(entry).await
    }
}

impl Job for HeadOf {
    type Out = (i64, i64);

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(i64, i64)> {
        let head = tx.head(&self.chain).await?;
        if let Some(entry) = &self.entry {
            tx.append(std::slice::from_ref(entry))?;
        }
        Ok((head.id, head.seq))
    }
}

/// A text as the log takes it: one that came from outside must not fill it, nor hold what PostgreSQL refuses.
pub(crate) fn short(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(500).collect()
}
