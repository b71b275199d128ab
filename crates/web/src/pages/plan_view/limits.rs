//! The limits that matter in an emergency, and the sentence that sums a plan up.

use super::{Source, lower_first, say, upper_first};
use crate::pages::dutch;
use crate::pages::mark::Mark;
use domain::code::PolicyGoal;
use domain::plan::{Content, Decision, Treatment};

/// One limit at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitView {
    /// Its mark.
    pub mark: Mark,
    /// In one line.
    pub text: String,
    /// Nothing is in force.
    pub quiet: bool,
    /// Who set it and since when.
    pub fine: String,
    /// What is proposed beside it.
    pub proposed: Option<String>,
}

/// In the order in which somebody at the door needs them.
const EMERGENCY: [Treatment; 4] = [Treatment::Cpr, Treatment::Ventilation, Treatment::Icu, Treatment::Hospital];

/// The limits for the page at a glance.
pub fn emergency(source: &Source) -> Vec<LimitView> {
    let content = source.content;
    EMERGENCY
        .into_iter()
        .map(|treatment| {
            let topic = content.directive(treatment);
            let proposed = topic.and_then(|t| t.proposed.as_ref()).map(|s| {
                format!("Voorgesteld, nog niet medisch vastgesteld: {}", lower_first(&say::decision(treatment, &s.value.decision)))
            });
            match topic.and_then(|t| t.current.as_ref()) {
                Some(s) => {
                    let by = s.value.set_by.as_ref().map(|b| say::set_by(content, b));
                    let fine: Vec<String> = source.since(s).into_iter().chain(by).collect();
                    LimitView {
                        mark: Mark::of(&s.value.decision),
                        text: say::decision(treatment, &s.value.decision),
                        quiet: false,
                        fine: fine.join(" · "),
                        proposed,
                    }
                }
                None => LimitView {
                    mark: Mark::Unknown,
                    text: format!("{}: niet besproken", say::topic_label(treatment.topic())),
                    quiet: true,
                    fine: String::new(),
                    proposed,
                },
            }
        })
        .collect()
}

/// One sentence or two: what is decided, what for, and what was not discussed.
pub fn summary(content: &Content) -> String {
    let decision_of = |t: Treatment| content.directive(t).and_then(|d| d.value()).map(|d| &d.decision);
    let decided: Vec<String> = EMERGENCY
        .into_iter()
        .filter_map(|t| {
            let known = decision_of(t).filter(|d| !matches!(d, Decision::Unknown | Decision::NotDiscussed | Decision::Undecided))?;
            Some(lower_first(&say::decision(t, known)))
        })
        .collect();
    let open: Vec<String> =
        EMERGENCY.into_iter().filter(|t| decision_of(*t).is_none()).map(|t| lower_first(say::topic_label(t.topic()))).collect();
    let goal = content.goal.value().map(|g| g.goal).filter(|g| *g != PolicyGoal::Unknown);
    let mut sentences = Vec::new();
    if !decided.is_empty() {
        sentences.push(format!("{}.", upper_first(&dutch::list(&decided))));
    }
    if let Some(goal) = goal {
        sentences.push(format!("Het doel is {}.", lower_first(&say::goal(goal))));
    }
    if open.len() == EMERGENCY.len() {
        sentences.push("Over reanimeren, beademen, intensive care en ziekenhuis is nog niets afgesproken.".to_owned());
    } else if !open.is_empty() {
        sentences.push(format!("Niet besproken: {}.", dutch::list(&open)));
    }
    sentences.join(" ")
}
