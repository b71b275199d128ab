//! What somebody of acute care gets to see, and nothing beside it (D5): the limits, the goal, whom to call, the
//! preferred place, how old it is and what is doubtful. Explanations, wishes and reports stay in the plan.

use super::{Content, ReviewBy, TopicId, Treatment, doubts};
use crate::code::YesNoUnknown;
use crate::people::ContactPerson;
use crate::words::{self, Mark, Said};
use jiff::civil::Date;

/// The emergency view of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct EmergencyView<'a> {
    /// What must be seen at once: resuscitation, ventilation, intensive care, hospital.
    pub first: Vec<EmergencyLine>,
    /// Antibiotics, blood products, other limits, and the ICD.
    pub more: Vec<EmergencyLine>,
    /// Main goal of medical policy.
    pub goal: EmergencyLine,
    /// Preferred place of death.
    pub place: EmergencyLine,
    /// Representative, and the first contact where that is somebody else.
    pub call: Vec<&'a ContactPerson>,
    /// Who set what must be seen at once, and since when, where that is the same for all of it; then it stands with none.
    pub set: Option<String>,
    /// When it was last talked about and how old that is: `Besproken op 8 november 2025, 12 maanden oud`.
    pub talked: Option<String>,
    /// What may be out of date or is missing, each in a sentence, the weightiest first.
    pub doubts: Vec<String>,
}

/// One statement of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmergencyLine {
    /// What it is about.
    pub topic: TopicId,
    /// Its mark, where it is a decision or nothing is known.
    pub mark: Option<Mark>,
    /// In one line. 'Not discussed', 'nothing set yet' and 'nog onbekend' are three things (R2).
    pub text: String,
    /// Nothing is in force.
    pub silent: bool,
    /// Who set it and since when.
    pub fine: String,
    /// What is proposed beside it, not medically set (decision 1).
    pub proposed: Option<String>,
}

/// In the order in which somebody at the door needs them.
const FIRST: [Treatment; 4] = [Treatment::Cpr, Treatment::Ventilation, Treatment::Icu, Treatment::Hospital];

/// Makes the emergency view of a plan.
pub fn emergency_view(content: &Content, by: ReviewBy) -> EmergencyView<'_> {
    let line = |topic| line(content, topic, by.today);
    let mut more = vec![line(TopicId::Antibiotics), line(TopicId::BloodProduct)];
    // Where nothing was said of other limits there is nothing to say; what is asked of everybody is different.
    more.extend(Some(line(TopicId::OtherLimits)).filter(|l| !l.silent || l.proposed.is_some()));
    more.push(line(TopicId::Icd));
    let has_icd = content.icd.value().is_some_and(|i| i.present == YesNoUnknown::Yes);
    let switched = content.directive(Treatment::IcdDeactivation).is_some_and(|t| !t.is_empty());
    more.extend((has_icd || switched).then(|| line(TopicId::IcdDeactivation)));
    let mut first: Vec<EmergencyLine> = FIRST.into_iter().map(|t| line(t.topic())).collect();
    let set = once(&mut first);
    EmergencyView {
        first,
        set,
        more,
        goal: line(TopicId::Goal),
        place: line(TopicId::PlaceOfDeath),
        call: to_call(content),
        talked: talked(content, by.today),
        doubts: doubts(content, by).into_iter().map(|d| d.sentence).collect(),
    }
}

fn line(content: &Content, topic: TopicId, today: Date) -> EmergencyLine {
    let proposed = words::proposed_line(content, topic).map(|line| format!("{line}. Nog niet medisch vastgesteld."));
    let Some(said) = words::said(content, topic) else {
        // Beside a proposal 'not discussed' would be untrue.
        let text = match &proposed {
            Some(_) => format!("{}: nog niets vastgesteld", words::title(topic)),
            None => words::undiscussed_line(topic),
        };
        return EmergencyLine { topic, mark: Some(Mark::Unknown), text, silent: true, fine: String::new(), proposed };
    };
    let fine: Vec<String> = said.set_by.clone().into_iter().chain(since(&said, today)).collect();
    EmergencyLine {
        topic,
        mark: said.mark,
        text: short(content, topic).unwrap_or(said.line),
        silent: false,
        fine: words::capitalised(&fine.join(", ")),
        proposed,
    }
}

/// The small print that all share, taken from each.
fn once(lines: &mut [EmergencyLine]) -> Option<String> {
    let mut said = lines.iter().filter(|l| !l.silent).map(|l| &l.fine);
    let shared = said.next().filter(|f| !f.is_empty()).cloned()?;
    if said.any(|f| *f != shared) {
        return None;
    }
    for line in lines {
        line.fine.clear();
    }
    Some(shared)
}

/// A condition without 'under condition' before it, which the mark says; a limit with an end keeps its whole line.
fn short(content: &Content, topic: TopicId) -> Option<String> {
    let treatment = Treatment::of_topic(topic)?;
    let directive = content.directive(treatment)?.value()?;
    directive.ended.is_none().then(|| words::decision_short(treatment, &directive.decision))
}

fn since(said: &Said, today: Date) -> Option<String> {
    said.said_on.as_ref().map(|d| format!("{} ({})", words::date(d), words::age_of(d, today)))
}

fn to_call(content: &Content) -> Vec<&ContactPerson> {
    let (one, other) = (content.representative(), content.first_contact());
    let other = other.filter(|o| one.is_none_or(|r| r.key != o.key));
    one.into_iter().chain(other).collect()
}

fn talked(content: &Content, today: Date) -> Option<String> {
    let date = content.newest_conversation()?.date();
    Some(format!("Besproken op {}, {}", words::date(date), words::old(date.first_day(), today)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{Place, PolicyGoal, RelationKind};
    use crate::plan::sample::{Said as Input, Story, person, with_phone};
    use crate::plan::{Decision, TopicId as T};

    const BY: ReviewBy = ReviewBy { today: jiff::civil::date(2022, 11, 10), interval_months: 6 };

    fn on(day: &str) -> Input {
        Input::on(day)
    }

    fn texts(lines: &[EmergencyLine]) -> Vec<&str> {
        lines.iter().map(|l| l.text.as_str()).collect()
    }

    #[test]
    fn what_is_not_said_not_set_and_not_known_stay_apart() {
        let plan = Story::of(
            on("2022-11-08")
                .limit(Treatment::Cpr, Decision::DoNot)
                .limit(Treatment::Icu, Decision::Unknown)
                .propose(Treatment::Hospital, Decision::DoNot),
        );
        let view = emergency_view(&plan.content, BY);
        assert_eq!(
            texts(&view.first),
            [
                "Niet reanimeren",
                "Beademing: niet besproken",
                "IC: nog onbekend",
                "Ziekenhuisopname: nog niets vastgesteld"
            ]
        );
        assert_eq!(view.first.iter().map(|l| l.silent).collect::<Vec<_>>(), [false, true, false, true]);
        let proposed = view.first[3].proposed.as_deref().unwrap();
        assert_eq!(proposed, "Voorgesteld: niet naar het ziekenhuis. Nog niet medisch vastgesteld.");
        assert_eq!((view.goal.text.as_str(), view.goal.silent), ("Doel van de behandeling: niet besproken", true));
        assert_eq!(view.talked.as_deref(), Some("Besproken op 8 november 2022, 2 dagen oud"));
    }

    #[test]
    fn a_condition_is_told_and_who_set_it_stands_once_where_it_is_the_same() {
        let otherwise = Decision::Otherwise(Some("alleen bij een operatie".to_owned()));
        let mut plan =
            Story::of(on("2022-11-08").limit(Treatment::Cpr, Decision::DoNot).limit(Treatment::Ventilation, otherwise));
        let view = emergency_view(&plan.content, BY);
        assert_eq!(
            (view.first[1].text.as_str(), view.first[1].mark),
            ("Beademing: alleen bij een operatie", Some(Mark::But))
        );
        let set = view.set.unwrap();
        assert!(set.starts_with("Vastgesteld door") && set.ends_with("8 november 2022 (2 dagen geleden)"), "{set}");
        assert!(view.first.iter().all(|l| l.fine.is_empty()));
        plan.here(on("2022-11-09").limit(Treatment::Icu, Decision::DoNot));
        let view = emergency_view(&plan.content, BY);
        assert_eq!(view.set, None);
        assert!(view.first[2].fine.ends_with("9 november 2022 (gisteren)"), "{}", view.first[2].fine);
    }

    #[test]
    fn it_holds_what_acute_care_needs_and_no_wishes_or_explanations() {
        let piet = with_phone(person(1, "Piet", "Smit", Some(RelationKind::Son)), "06-1");
        let plan = Story::of(
            on("2022-11-08")
                .limit_because(Treatment::Cpr, Decision::DoNot, Some("mijn eigen woorden"))
                .other_limit(Some("geen sondevoeding"), Decision::DoNot)
                .goal(PolicyGoal::Unknown)
                .place(Place::Home, Some("in de serre"))
                .wishes("muziek van Bach")
                .person(piet)
                .capacity(Some(false), Some(1), Some(1)),
        );
        let view = emergency_view(&plan.content, BY);
        assert_eq!(
            view.more.iter().map(|l| l.topic).collect::<Vec<_>>(),
            [T::Antibiotics, T::BloodProduct, T::OtherLimits, T::Icd]
        );
        assert_eq!(view.goal.text, "Doel: nog onbekend");
        assert_eq!(view.call.len(), 1, "one person, though asked for twice");
        let all = format!("{view:?}");
        let hidden = ["mijn eigen woorden", "in de serre", "Bach"];
        assert!(hidden.iter().all(|h| !all.contains(h)), "{all}");
    }
}
