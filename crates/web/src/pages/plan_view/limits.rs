//! The limits that matter in an emergency.

use super::{Source, topics};
use crate::pages::mark::{Mark, UNKNOWN};
use domain::plan::Treatment;
use domain::words;

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
    EMERGENCY.into_iter().map(|treatment| limit(source, treatment)).collect()
}

fn limit(source: &Source, treatment: Treatment) -> LimitView {
    let content = source.content;
    let topic = treatment.topic();
    let proposed = words::proposed_line(content, topic).map(|line| format!("{line}. Nog niet medisch vastgesteld."));
    let Some(said) = words::said(content, topic) else {
        return LimitView {
            mark: UNKNOWN,
            text: words::undiscussed_line(topic),
            quiet: true,
            fine: String::new(),
            proposed,
        };
    };
    let text = content
        .directive(treatment)
        .and_then(|t| t.value())
        .map_or_else(|| said.line.clone(), |d| words::decision_short(treatment, &d.decision));
    let fine: Vec<String> = topics::since(source, said.said_on.as_ref()).into_iter().chain(said.set_by).collect();
    LimitView { mark: said.mark.into(), text, quiet: false, fine: fine.join(" · "), proposed }
}
