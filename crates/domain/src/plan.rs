//! The plan: one immutable document per version, topic by topic in the standard's own terms (DESIGN section 2).

mod apply;
pub mod confirm;
mod content;
mod conversation;
mod correct;
mod diff;
mod emergency;
mod keys;
mod record;
mod review;
#[cfg(test)]
pub(crate) mod sample;
mod topic;
mod values;
mod version;

pub use apply::{Applied, Arrival, KnownAs, PlanInput, apply, fold};
pub use content::{Content, TopicValue, TopicVisitor};
pub use conversation::{Attendance, Conversation, ConversationKey, EncounterFacts, ProcedureFacts};
pub use correct::{MayNot, may_mark};
pub(crate) use diff::alike;
pub use diff::{Change, ChangeKind, diff, summary};
pub use emergency::{EmergencyLine, EmergencyView, emergency_view};
pub use keys::KeyMap;
pub use record::{NextVersion, Verdict, decide, newly_shared};
pub(crate) use review::to_settle;
pub use review::{Doubt, DoubtKind, ReviewBy, doubts, open_proposals, sum_up};
pub use topic::{Filed, Identifier, Origin, Party, SourceFacts, Statement, Topic, TopicId, VALUE_IN_TEXT, Why};
pub use values::*;
pub use version::{CurrentOf, CurrentPlan, Draft, DraftTopic, Mark, MarkKind, PlanVersion, Recorder, VersionKind};
