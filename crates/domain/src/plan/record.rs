//! From an input to the next version: pure, so that it can be tried again when somebody else was first.

use super::{
    Applied, Arrival, Content, CurrentPlan, Party, PlanInput, PlanVersion, Recorder, SetBy, Topic, TopicId, Treatment,
    VersionKind, apply,
};
use crate::access::Sharing;
use crate::code::SharingAnswer;
use crate::people::{Professional, ProfessionalKey};
use jiff::Timestamp;

/// What is to become the next version.
#[derive(Debug, Clone)]
pub struct NextVersion {
    /// How it came to be.
    pub kind: VersionKind,
    /// Who records it.
    pub recorder: Recorder,
    /// Why it changes, where somebody said.
    pub reason: Option<String>,
    /// What was said.
    pub input: PlanInput,
    /// What of a delivered source has no place in the plan, named.
    pub kept_beside: Vec<String>,
}

impl NextVersion {
    /// Lays the input upon the plan as it stands now and gives the version that comes of it.
    pub fn after(self, current: Option<&CurrentPlan>, now: Timestamp) -> (PlanVersion, Applied) {
        let empty = Content::default();
        let base = current.map_or(&empty, |c| &c.content);
        let number = current.map_or(0, |c| c.number) + 1;
        let arrival = if self.kind.is_delivered() { Arrival::Elsewhere } else { Arrival::Here };
        let applied = apply(base, &self.input, arrival, number, now);
        // The conversation behind a version is the one it brought, or, for a doctor who sets what was proposed, the
        // one in which it was proposed.
        let conversation = applied
            .content
            .conversations
            .iter()
            .filter(|c| c.version == number)
            .max_by(|a, b| a.date().cmp_common(b.date()))
            .map_or(self.input.conversation, |c| c.key);
        let version = PlanVersion {
            number,
            kind: self.kind,
            recorded_at: now,
            recorder: self.recorder,
            reason: self.reason,
            conversation,
            input: self.input,
            content: applied.content.clone(),
            touched: applied.touched.clone(),
            kept_beside: self.kept_beside,
        };
        (version, applied)
    }
}

/// What a doctor decides about one proposal, after reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Set it medically.
    Set,
    /// Do not, for this reason.
    Reject(String),
}

/// The input by which a doctor sets or rejects proposed limits (decision 1). Topics without an open proposal are
/// passed over; `None` where nothing is left to decide.
pub fn decide(current: &CurrentPlan, verdicts: &[(TopicId, Verdict)], doctor: &Professional) -> Option<PlanInput> {
    let base = &current.content;
    let mut content = Content::default();
    let doctor_key = ProfessionalKey(base.last_key + 1);
    let mut rejected = Vec::new();
    let mut decided = false;
    for (topic, verdict) in verdicts {
        let open = match Treatment::of_topic(*topic) {
            Some(treatment) => base.directives.get(&treatment).is_some_and(|t| t.proposed.is_some()),
            None => *topic == TopicId::OtherLimits && base.other_limits.proposed.is_some(),
        };
        if !open {
            continue;
        }
        decided = true;
        if let Verdict::Reject(reason) = verdict {
            rejected.push((*topic, reason.clone()));
            continue;
        }
        let set = SetBy::Here(doctor_key);
        if let Some(treatment) = Treatment::of_topic(*topic)
            && let Some(mut statement) = base.directives.get(&treatment).and_then(|t| t.proposed.clone())
        {
            statement.value.set_by = Some(set);
            add_party(&mut statement.value.agreed_with, doctor_key);
            content.directives.insert(treatment, Topic::said(statement));
        } else if let Some(mut statement) = base.other_limits.proposed.clone() {
            for limit in &mut statement.value.0 {
                limit.directive.set_by = Some(set.clone());
                add_party(&mut limit.directive.agreed_with, doctor_key);
            }
            content.other_limits = Topic::said(statement);
        }
    }
    if !decided {
        return None;
    }
    content.professionals.push(Professional { key: doctor_key, ..doctor.clone() });
    Some(PlanInput { conversation: current.conversation, content, rejected, skipped: Vec::new() })
}

fn add_party(parties: &mut Vec<Party>, doctor: ProfessionalKey) {
    parties.push(Party::Professional(doctor));
}

/// Did this version newly answer the question on sharing, and how (decision 51)?
pub fn newly_shared(version: &PlanVersion) -> Option<Sharing> {
    let touched = version.touched.contains(&TopicId::Sharing);
    let answer = version.input.content.sharing.value().filter(|_| touched)?.answer;
    Some(match answer {
        SharingAnswer::Agreed => Sharing::Agreed,
        SharingAnswer::Unknown => Sharing::Unknown,
    })
}

impl PlanInput {
    /// The same input with its limits proposed rather than set, where `by` names who proposes (R3).
    #[must_use]
    pub fn proposing(mut self, by: Option<ProfessionalKey>) -> Self {
        let Some(by) = by else { return self };
        for topic in self.content.directives.values_mut() {
            propose(topic, |directive| {
                directive.set_by = None;
                directive.proposed_by = Some(by);
            });
        }
        propose(&mut self.content.other_limits, |limits| {
            for limit in &mut limits.0 {
                limit.directive.set_by = None;
                limit.directive.proposed_by = Some(by);
            }
        });
        self
    }
}

fn propose<T>(topic: &mut Topic<T>, change: impl FnOnce(&mut T)) {
    if let Some(mut statement) = topic.current.take() {
        change(&mut statement.value);
        topic.proposed = Some(statement);
    }
}
