//! What another source says on a topic, taken over into the draft: nothing counts until the plan is recorded, and a limit not
//! until a doctor sets it. Where it came from goes along.

use super::Room;
use super::desk::typed_in;
use super::part::Part;
use super::save::save;
use crate::app::App;
use crate::error::PageError;
use crate::forms::Fields;
use crate::session::SignedIn;
use domain::plan::{Content, ConversationKey, CurrentPlan, Topic, TopicId, VersionKind};
use domain::words;
use store::drafts::Saved;

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It stands in the draft.
    Done,
    /// Something stands there already.
    Filled,
    /// This person writes no limits.
    NotYours,
    /// There is nothing that the form has a place for.
    Nothing,
}

/// Where the form has an explanation, or the words themselves, of a topic that may be taken over.
const EXPLAINED_AT: [(TopicId, &str); 13] = [
    (TopicId::Capacity, "1407"),
    (TopicId::Cpr, "1002"),
    (TopicId::Ventilation, "1389"),
    (TopicId::Icu, "1392"),
    (TopicId::Hospital, "1395"),
    (TopicId::Antibiotics, "1398"),
    (TopicId::BloodProduct, "1401"),
    (TopicId::Icd, "1009"),
    (TopicId::IcdDeactivation, "1010"),
    (TopicId::CareWishes, "1190"),
    (TopicId::PlaceOfDeath, "1192"),
    (TopicId::Euthanasia, "1194"),
    (TopicId::SenseOfPurpose, "1196"),
];

/// Those that the form explains nowhere: the version alone says where they came from.
const UNEXPLAINED: [TopicId; 3] = [TopicId::Goal, TopicId::OtherLimits, TopicId::OrganDonation];

/// May this topic be taken over? What was recorded earlier, who was there, and what was said about sharing are of each
/// plan its own.
pub fn may_take(topic: TopicId) -> bool {
    UNEXPLAINED.contains(&topic) || EXPLAINED_AT.iter().any(|(t, _)| *t == topic)
}

/// Puts what a plan from elsewhere says on a topic in the draft, where nothing stands yet; `origin` tells where it came from.
///
/// # Errors
/// No leave to record, or a store that fails.
pub async fn take_over(
    app: App,
    who: SignedIn,
    id: &str,
    topic: TopicId,
    theirs: &Content,
    origin: String,
) -> Result<Taken, PageError> {
    let mut room = Room::enter(app, who, id).await?;
    let part = Part::Topic(topic);
    if !room.desk.is_open_to_writer(part) {
        return Ok(Taken::NotYours);
    }
    if room.desk.is_filled(part) {
        return Ok(Taken::Filled);
    }
    let plan = as_plan(theirs, &room);
    let typed = typed_in(part, &plan, &room.patient);
    room.desk.set(part, typed);
    if !room.desk.is_filled(part) {
        return Ok(Taken::Nothing);
    }
    if let Some((_, link)) = EXPLAINED_AT.iter().find(|(t, _)| *t == topic) {
        let said = room.desk.typed(part).get(link).trim().to_owned();
        let from = words::capitalised(&origin);
        let text = if said.is_empty() { format!("{from}.") } else { format!("{said}\n({from})") };
        room.desk.write(part, link, text);
    }
    room.desk.came_from(part, origin);
    let revision = room.desk.kept(part).map_or(0, |kept| kept.revision);
    let fields = Fields(vec![(format!("rev.{}", part.code()), revision.to_string())]);
    Ok(match save(&room, part, &fields).await? {
        Saved::Done(_) => Taken::Done,
        Saved::Stale(_) => Taken::Filled,
    })
}

/// A plan from elsewhere as one that could be written down; what is merely proposed there is what it says.
fn as_plan(theirs: &Content, room: &Room) -> CurrentPlan {
    fn proposed<T: Clone>(topic: &mut Topic<T>) {
        if topic.current.is_none() {
            topic.current.clone_from(&topic.proposed);
        }
    }
    let mut content = theirs.clone();
    content.directives.values_mut().for_each(proposed);
    proposed(&mut content.other_limits);
    CurrentPlan {
        number: 0,
        kind: VersionKind::DeliveredBlocks,
        recorded_at: room.app.clock().now(),
        recorder: super::author::recorder(&room.who),
        conversation: content.newest_conversation().map_or(ConversationKey(1), |c| c.key),
        content,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::form::{Kind, question};

    #[test]
    fn each_explanation_is_a_text_of_its_topic() {
        for (topic, link) in EXPLAINED_AT {
            let asked = question(link).unwrap_or_else(|| panic!("{link}"));
            assert_eq!((asked.topic, asked.kind), (Some(topic), Kind::Text), "{link}");
            assert!(may_take(topic));
        }
        assert!(!may_take(TopicId::Sharing) && !may_take(TopicId::Attendance) && may_take(TopicId::Goal));
    }
}
