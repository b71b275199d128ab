//! Our own lines in what comes back: what the form has no item for stands as lines in one of its texts (decisions 1, 20,
//! 21, 34). Another system that read the form and sends it, changed or not, did not say these lines.

use super::write::lines;
use crate::plan::{Content, OtherLimits, PlanInput, Topic};

/// Takes the lines that this plan writes into texts out of what was delivered. A topic of which nothing else is left was
/// not spoken of.
pub fn without_own_lines(input: &mut PlanInput, plan: &Content) {
    let content = &mut input.content;
    strip(&mut content.care_wishes, &lines::life_wishes(plan), |said| &mut said.text, true);
    strip(&mut content.sense_of_purpose, &lines::agreements(plan), |said| &mut said.text, true);
    for (treatment, topic) in &mut content.directives {
        let own = plan.directives.get(treatment).and_then(|known| lines::directive_proposal(plan, known));
        strip(topic, own.as_slice(), |said| &mut said.comment, false);
    }
    content.directives.retain(|_, topic| !topic.is_empty());
    other_limits(&mut content.other_limits, plan);
}

/// Other limits are one text with one decision. Where several stand here, as long as text and decision are those that
/// we wrote nothing new is said; where one does, the text is its own but for what is proposed.
fn other_limits(topic: &mut Topic<OtherLimits>, plan: &Content) {
    let Some(statement) = &mut topic.current else { return };
    let [only] = statement.value.0.as_mut_slice() else { return };
    let known = plan.other_limits.value().map_or(&[] as &[_], |OtherLimits(known)| known.as_slice());
    let own = lines::other_limits(plan);
    let words_only = only.source.is_words_only();
    let nothing_new = if known.len() > 1 || !known.iter().all(lines::is_one_text) {
        let same = known.iter().all(|limit| limit.directive.decision == only.directive.decision);
        (words_only || same) && only.text.as_deref().is_some_and(|text| before(text, &own) == Some(""))
    } else {
        let proposal = lines::limits_proposal(plan);
        let rest = only.text.as_deref().and_then(|text| before(text, proposal.as_slice()));
        let rest = rest.map(|rest| (!rest.is_empty()).then(|| rest.to_owned()));
        if let Some(rest) = rest {
            only.text.clone_from(&rest);
            only.directive.comment = rest;
        }
        words_only && only.text.is_none()
    };
    if nothing_new {
        *topic = Topic::default();
    }
}

/// Takes lines off the end of a text. Where nothing is left and nothing else was said, there is no statement.
fn strip<T>(topic: &mut Topic<T>, own: &[String], text: impl Fn(&mut T) -> &mut Option<String>, is_all: bool) {
    let Some(statement) = &mut topic.current else { return };
    let is_all = is_all || statement.source.is_words_only();
    let text = text(&mut statement.value);
    let Some(rest) = text.as_deref().and_then(|text| before(text, own)) else { return };
    let rest = (!rest.is_empty()).then(|| rest.to_owned());
    let is_gone = rest.is_none() && is_all;
    *text = rest;
    if is_gone {
        *topic = Topic::default();
    }
}

/// What stands before these lines, where a text ends with them; blanks at line ends do not count.
fn before<'t>(text: &'t str, own: &[String]) -> Option<&'t str> {
    let end = own.join("\n");
    let rest = text.trim_end().strip_suffix(end.trim_end()).filter(|_| !end.is_empty())?;
    if rest.is_empty() { Some(rest) } else { rest.strip_suffix('\n').map(str::trim_end) }
}

#[cfg(test)]
mod tests;
