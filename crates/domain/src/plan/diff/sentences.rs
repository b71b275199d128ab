//! The Dutch sentence that tells one change.

use super::{Both, Change, ChangeKind};
use crate::plan::{Content, TopicId, Why};
use crate::words::{self, Said, capitalised, in_text, quoted, title, title_is, trimmed};

/// A change to be told.
pub(super) struct Told<'a> {
    pub both: Both<'a>,
    pub topic: TopicId,
    pub kind: ChangeKind,
    pub before: Option<&'a Said>,
    pub after: Option<&'a Said>,
}

/// Is the explanation an agreement in itself (what will be done, or under which condition)?
pub(super) fn is_agreed_in_comment(topic: TopicId) -> bool {
    matches!(topic, TopicId::LifeWish(_) | TopicId::Agreement(_))
}

/// Topics in the patient's own words: too long for a sentence, and shown in full below it.
fn is_text(topic: TopicId) -> bool {
    matches!(topic, TopicId::CareWishes | TopicId::SenseOfPurpose)
}

impl Told<'_> {
    /// A change of what counts.
    pub(super) fn change(&self) -> Change {
        let sentence = match self.kind {
            ChangeKind::Added => self.added(),
            ChangeKind::Removed => self.removed(),
            ChangeKind::Set => self.set(),
            ChangeKind::Wording => self.wording(),
            _ => self.changed(),
        };
        self.with(self.before.map(|s| s.line.clone()), self.after.map(|s| s.line.clone()), sentence)
    }

    /// A change of what is proposed beside it.
    pub(super) fn proposal(&self) -> Change {
        let line = |content: &Content| words::proposed_line(content, self.topic);
        let (before, after, sentence) = match self.kind {
            ChangeKind::Proposed => (self.before.map(|s| s.line.clone()), line(self.both.b), self.proposed()),
            ChangeKind::ProposalEnded => (line(self.both.a), None, self.ended()),
            _ => {
                let topic = in_text(self.topic);
                let what = comment_change(self.before, self.after);
                (
                    line(self.both.a),
                    line(self.both.b),
                    format!("De toelichting bij het voorstel over {topic} is {what}."),
                )
            }
        };
        self.with(before, after, sentence)
    }

    fn with(&self, before: Option<String>, after: Option<String>, sentence: String) -> Change {
        Change {
            topic: self.topic,
            kind: self.kind,
            before,
            after,
            comment_before: self.before.and_then(|s| s.comment.clone()),
            comment_after: self.after.and_then(|s| s.comment.clone()),
            sentence,
        }
    }

    fn before_value(&self) -> &str {
        self.before.map_or(words::NOT_DISCUSSED, |s| trimmed(&s.value))
    }

    fn after_value(&self) -> &str {
        self.after.map_or(words::NOT_DISCUSSED, |s| trimmed(&s.value))
    }

    fn added(&self) -> String {
        let after = self.after_value();
        match self.topic {
            TopicId::Attendance => format!("Aanwezig bij het gesprek: {after}."),
            TopicId::LifeWish(_) => format!("Nieuwe levenswens: {}.", lower_domain(after)),
            TopicId::Agreement(_) => format!("Nieuwe afspraak: {after}."),
            topic if is_text(topic) => format!("{} voor het eerst besproken.", title_is(topic)),
            topic => format!("{} voor het eerst besproken: {after}.", title_is(topic)),
        }
    }

    fn changed(&self) -> String {
        let (before, after) = (self.before_value(), self.after_value());
        match self.topic {
            TopicId::Attendance => format!("Aanwezig bij het gesprek: {after} (eerder {before})."),
            TopicId::LifeWish(_) => self.wish_changed(),
            TopicId::Agreement(_) => self.agreement_changed(),
            topic if is_text(topic) => format!("{} aangepast.", title_is(topic)),
            topic => format!("{}: van {before} naar {after}.", title(topic)),
        }
    }

    fn wording(&self) -> String {
        if self.before.is_none() {
            return format!("{}: vastgelegd dat dit niet is besproken.", title(self.topic));
        }
        if self.before_value() != self.after_value() {
            return format!("{}: alleen de bewoording is aangepast.", title(self.topic));
        }
        format!("De toelichting bij {} is {}.", in_text(self.topic), comment_change(self.before, self.after))
    }

    fn removed(&self) -> String {
        let before = self.before_value();
        match self.topic {
            TopicId::LifeWish(_) => format!("Levenswens telt niet meer: {}.", lower_domain(before)),
            TopicId::Agreement(_) => format!("Afspraak telt niet meer: {before}."),
            topic => {
                let verb = if words::is_plural(topic) { "tellen" } else { "telt" };
                let was = if is_text(topic) { String::new() } else { format!(": eerder {before}") };
                format!("{} {verb} niet meer{was}.", title(topic))
            }
        }
    }

    fn set(&self) -> String {
        let after = self.after_value();
        match self.before {
            None => format!("{}: {after} is medisch vastgesteld.", title(self.topic)),
            Some(before) if before.value == self.after.map_or("", |s| &s.value) => {
                format!("{}: {after} is opnieuw medisch vastgesteld.", title(self.topic))
            }
            Some(_) => {
                format!("{}: {after} is medisch vastgesteld (eerder {}).", title(self.topic), self.before_value())
            }
        }
    }

    fn proposed(&self) -> String {
        let phrase = self.phrase(self.both.b, self.after_value());
        let stands = match words::said(self.both.b, self.topic) {
            Some(said) if said.value != words::NOT_DISCUSSED => {
                format!("; tot die tijd geldt: {}", trimmed(&said.value))
            }
            _ => String::new(),
        };
        format!("Voorgesteld: {phrase} (nog niet medisch vastgesteld){stands}.")
    }

    fn ended(&self) -> String {
        let phrase = self.phrase(self.both.a, self.before_value());
        // The last thing that was filed of this topic with the proposal's words tells how it ended.
        let why = words::filed(self.both.b, self.topic)
            .into_iter()
            .rev()
            .find(|f| Some(&f.said.value) == self.before.map(|s| &s.value))
            .map(|f| f.why);
        match why {
            Some(Why::Rejected { reason }) => {
                format!("Voorstel niet overgenomen: {phrase}. Reden: {}.", trimmed(&reason))
            }
            Some(Why::Overtaken) => format!("Voorstel vervallen: {phrase}, want er is daarna iets anders vastgesteld."),
            _ => format!("Voorstel vervallen: {phrase}."),
        }
    }

    /// A proposal in the words of its treatment; where it has none (4g), its title and value.
    fn phrase(&self, content: &Content, value: &str) -> String {
        words::phrase_of(content, self.topic).unwrap_or_else(|| format!("{} – {value}", in_text(self.topic)))
    }

    fn wish_changed(&self) -> String {
        let TopicId::LifeWish(key) = self.topic else { return String::new() };
        let wish = |content: &Content| content.life_wishes.get(&key).and_then(|t| t.value().cloned());
        match (wish(self.both.a), wish(self.both.b)) {
            (Some(a), Some(b)) if !a.withdrawn && b.withdrawn => {
                format!("Levenswens losgelaten: {}.", trimmed(&b.wish))
            }
            (Some(a), Some(b)) if a.withdrawn && !b.withdrawn => {
                format!("Levenswens weer opgepakt: {}.", trimmed(&b.wish))
            }
            (Some(a), Some(b)) if a.wish == b.wish && a.domain == b.domain => {
                let agreed = self.after.and_then(|s| s.comment.as_deref()).map(trimmed);
                let agreed = agreed.map_or_else(|| "geen afspraak meer".to_owned(), str::to_owned);
                format!("Afspraak bij levenswens {}: {agreed}.", quoted(&b.wish))
            }
            _ => format!("Levenswens aangepast: {}.", lower_domain(self.after_value())),
        }
    }

    fn agreement_changed(&self) -> String {
        let TopicId::Agreement(key) = self.topic else { return String::new() };
        let agreement = |content: &Content| content.agreements.get(&key).and_then(|t| t.value().cloned());
        match (agreement(self.both.a), agreement(self.both.b)) {
            (Some(a), Some(b)) if a.text == b.text && a.state != b.state => format!(
                "Afspraak {}: van {} naar {}.",
                quoted(&b.text),
                words::agreement_state(a.state),
                words::agreement_state(b.state)
            ),
            (Some(a), Some(b)) if a.text == b.text => {
                match b.condition.as_deref().map(trimmed).filter(|c| !c.is_empty()) {
                    Some(condition) => {
                        format!("Afspraak {}: nieuwe voorwaarde, {}.", quoted(&b.text), quoted(condition))
                    }
                    None => format!("Afspraak {}: zonder voorwaarde.", quoted(&b.text)),
                }
            }
            _ => format!("Afspraak aangepast: {}.", self.after_value()),
        }
    }
}

fn comment_change(before: Option<&Said>, after: Option<&Said>) -> &'static str {
    match (before.and_then(|s| s.comment.as_ref()), after.and_then(|s| s.comment.as_ref())) {
        (None, Some(_)) => "toegevoegd",
        (Some(_), None) => "vervallen",
        _ => "aangepast",
    }
}

/// The value of a life wish opens with its domain's name, which is lower case inside a sentence.
fn lower_domain(value: &str) -> String {
    let mut chars = value.chars();
    chars.next().map(|c| c.to_lowercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

/// A sentence of several parts.
pub(super) fn of_parts(parts: &[String]) -> String {
    format!("{}.", capitalised(&parts.join("; ")))
}
