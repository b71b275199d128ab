//! What the form has no item for, as Dutch lines in a text: proposals (decision 1), life wishes (20), other
//! agreements (21) and several other limits (34).

use crate::people::{Professional, ProfessionalKey};
use crate::plan::{Content, Directive, LifeDomain, OtherLimit, OtherLimits, Statement, Topic};
use crate::words;

/// What a limit without a name of its own is called (decision 34).
const OTHER_LIMITS: &str = "Overige behandelgrenzen";

/// `decision; comment`, or the comment alone where nothing was decided.
pub(super) fn directive(directive: &Directive, unanswered: bool) -> String {
    let decision = (!unanswered).then(|| words::decision_words(&directive.decision));
    decision.into_iter().chain(directive.comment.clone()).collect::<Vec<_>>().join("; ")
}

/// Treatment and explanation are one text, as the form has them, or there is no name for the treatment.
pub(in crate::form) fn is_one_text(limit: &OtherLimit) -> bool {
    match &limit.text {
        None => true,
        Some(text) => limit.directive.comment.as_ref().map_or(text == OTHER_LIMITS, |comment| comment == text),
    }
}

/// `text: decision; comment` (decision 34); a text that is its own explanation is said once.
pub(super) fn other_limit(limit: &OtherLimit) -> String {
    let unanswered = super::is_unanswered(limit.source.absent_reason.as_deref());
    if is_one_text(limit) {
        let name = limit.directive.comment.as_deref().unwrap_or(OTHER_LIMITS);
        return if unanswered {
            name.to_owned()
        } else {
            format!("{name}: {}", words::decision_words(&limit.directive.decision))
        };
    }
    let said = directive(&limit.directive, unanswered);
    match &limit.text {
        Some(text) if said.is_empty() => text.clone(),
        Some(text) => format!("{text}: {said}"),
        None => said,
    }
}

/// A limit that is proposed, where one is.
pub(in crate::form) fn directive_proposal(content: &Content, topic: &Topic<Directive>) -> Option<String> {
    let p = topic.proposed.as_ref()?;
    let what = directive(&p.value, super::is_unanswered(p.source.absent_reason.as_deref()));
    Some(proposal(content, p, p.value.proposed_by, &what))
}

/// Other limits that are proposed, where some are.
pub(in crate::form) fn limits_proposal(content: &Content) -> Option<String> {
    let proposed = content.other_limits.proposed.as_ref()?;
    let by = proposed.value.0.iter().find_map(|l| l.directive.proposed_by);
    let what: Vec<String> = proposed.value.0.iter().map(other_limit).collect();
    Some(proposal(content, proposed, by, &what.join("; ")))
}

/// The text of the other limits: those that count, and those that are proposed.
pub(in crate::form) fn other_limits(content: &Content) -> Vec<String> {
    let limits = content.other_limits.value().map_or(&[] as &[_], |OtherLimits(limits)| limits.as_slice());
    let said: Vec<String> = match limits {
        [only] if is_one_text(only) => only.directive.comment.clone().into_iter().collect(),
        several => several.iter().map(other_limit).collect(),
    };
    said.into_iter().chain(limits_proposal(content)).collect()
}

/// `Voorgesteld door S. de Wit (verpleegkundige) op 8 november 2022: niet uitvoeren. Nog niet medisch vastgesteld.`
pub(super) fn proposal<T>(
    content: &Content,
    statement: &Statement<T>,
    by: Option<ProfessionalKey>,
    what: &str,
) -> String {
    let who = by.and_then(|key| content.professional(key)).map(signature).filter(|s| !s.is_empty());
    let conversation = || content.conversation(statement.origin.conversation).map(|c| c.date().clone());
    let when = statement.said_on.clone().or_else(conversation);
    let who = who.map_or_else(String::new, |w| format!(" door {w}"));
    let when = when.map_or_else(String::new, |d| {
        let before = if d.day().is_some() { "op" } else { "in" };
        format!(" {before} {}", words::date(&d))
    });
    let end = if what.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("Voorgesteld{who}{when}: {what}{end} Nog niet medisch vastgesteld.")
}

/// `S. de Wit (verpleegkundige)`.
fn signature(professional: &Professional) -> String {
    let name = &professional.name;
    let initials = name.initials.clone().or_else(|| {
        let first = name.given.as_ref().or(name.called.as_ref())?;
        Some(first.split_whitespace().filter_map(|n| n.chars().next()).flat_map(|c| [c, '.']).collect())
    });
    let parts: Vec<String> = initials.into_iter().chain([name.family_used()]).filter(|p| !p.is_empty()).collect();
    match (parts.join(" "), words::function(professional)) {
        (name, None) => name,
        (name, Some(role)) if name.is_empty() => role,
        (name, Some(role)) => format!("{name} ({role})"),
    }
}

/// One line per life wish that still stands, under its domain (decision 20).
pub fn life_wishes(content: &Content) -> Vec<String> {
    let wishes = || content.life_wishes.values().filter_map(|t| t.value()).filter(|w| !w.withdrawn);
    LifeDomain::ALL
        .into_iter()
        .flat_map(|domain| wishes().filter(move |w| w.domain == domain))
        .map(|wish| {
            let agreed = [
                ("afspraak", wish.action.clone()),
                ("door", wish.by_whom.clone()),
                ("tot", wish.until.as_ref().map(words::date)),
            ];
            let agreed = agreed.into_iter().filter_map(|(name, said)| Some(format!("{name}: {}", said?)));
            let line = format!("{}: {}", wish.domain.dutch(), wish.wish);
            std::iter::once(line).chain(agreed).collect::<Vec<_>>().join("; ")
        })
        .collect()
}

/// One line per other agreement, with where it stands and since when (decision 21).
pub fn agreements(content: &Content) -> Vec<String> {
    content
        .agreements
        .values()
        .filter_map(|t| t.current.as_ref())
        .map(|statement| {
            let agreement = &statement.value;
            let condition = agreement.condition.as_ref().map_or_else(String::new, |c| format!("; voorwaarde: {c}"));
            let state = words::agreement_state(agreement.state);
            let said_on = statement.said_on.as_ref().map_or_else(String::new, |d| format!(", {}", words::date(d)));
            format!("Afspraak: {}{condition} ({state}{said_on})", agreement.text)
        })
        .collect()
}
