//! What a plan is held against today, for every page that names what is doubtful: the interval, what happened since, and
//! documents beside it. The domain says what that makes doubtful (`domain::review`).

use crate::app::App;
use domain::access::Permit;
use domain::path::{Past, Spoken, Step};
use domain::plan::{Content, CurrentPlan, ReviewBy};
use domain::review::{doubtful, doubtful_in_emergency};
use jiff::civil::Date;

/// What happened beside a plan, and how often it is looked at again.
pub struct Back {
    /// What happened, in order of writing.
    pub steps: Vec<Step>,
    spoken: Option<Spoken>,
    months: u32,
    today: Date,
}

impl Back {
    /// Of one patient, with leave to see the plan.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn at(app: &App, permit: &Permit, plan: Option<&CurrentPlan>) -> Result<Self, store::Error> {
        let (steps, months) = app.store().looking_back(permit).await?;
        Ok(Self::of(steps, months, plan, app.clock().today()))
    }

    /// Of what was read.
    pub fn of(steps: Vec<Step>, months: u32, plan: Option<&CurrentPlan>, today: Date) -> Self {
        let spoken = plan.and_then(|p| Spoken::of(&p.content, p.recorded_at));
        Self { steps, spoken, months, today }
    }

    /// What the domain computes from.
    pub fn past(&self) -> Past<'_> {
        Past { steps: &self.steps, spoken: self.spoken.as_ref(), draft_since: None, died_on: None, months: self.months }
    }

    /// For the letter of the plan.
    pub fn by(&self) -> ReviewBy {
        ReviewBy { today: self.today, interval_months: self.months }
    }

    /// All that is doubtful, each in a sentence.
    pub fn doubts(&self, content: &Content) -> Vec<String> {
        doubtful(content, self.past(), self.today)
    }

    /// The same for acute care.
    pub fn doubts_in_emergency(&self, content: &Content) -> Vec<String> {
        doubtful_in_emergency(content, self.past(), self.today)
    }
}
