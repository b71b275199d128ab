//! The versions of a plan as people read them: what changed, who did it, when, why.

use domain::date::{FhirDateTime, local_day};
use domain::plan::{Content, Mark, MarkKind, PlanVersion, TopicId, VersionKind, diff, summary};
use domain::words;
use store::plans::StoredVersion;

/// One version in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRow {
    /// Number.
    pub number: u32,
    /// When recorded.
    pub when: String,
    /// What it changed, in a sentence.
    pub summary: String,
    /// Who recorded it, in which role, and how it came to be.
    pub who: String,
    /// Why, where somebody said.
    pub reason: Option<String>,
    /// Marked wrong or withdrawn: by whom, when and why.
    pub wrong: Option<String>,
}

/// The list, newest first.
pub fn rows(versions: &[StoredVersion]) -> Vec<VersionRow> {
    let mut rows: Vec<VersionRow> = (0..versions.len()).map(|i| row(versions, i)).collect();
    rows.reverse();
    rows
}

fn row(versions: &[StoredVersion], i: usize) -> VersionRow {
    let version = &versions[i].version;
    let empty = Content::default();
    let before = i.checked_sub(1).map_or(&empty, |j| &versions[j].version.content);
    let changes = diff(before, &version.content);
    VersionRow {
        number: version.number,
        when: words::moment(version.recorded_at),
        summary: if changes.is_empty() { "Er is inhoudelijk niets veranderd.".to_owned() } else { summary(&changes) },
        who: who(version),
        reason: version.reason.clone(),
        wrong: versions[i].mark.as_ref().map(marked),
    }
}

/// 'Vastgelegd door S. de Wit, huisarts (Praktijk Zuid)'.
pub fn who(version: &PlanVersion) -> String {
    let by = &version.recorder;
    let how = match version.kind {
        VersionKind::Recorded => "Vastgelegd",
        VersionKind::LimitsSet => "Behandelgrenzen beoordeeld",
        VersionKind::Confirmed => "Ongewijzigd bevestigd",
        VersionKind::Corrected => "Verbeterd",
        VersionKind::Document => "Document vastgelegd",
        VersionKind::DeliveredForm => "Als formulier ontvangen",
        VersionKind::DeliveredBlocks => "Als bouwstenen ontvangen",
    };
    let role = by.role.map(|r| format!(", {}", r.dutch())).unwrap_or_default();
    let preposition = if version.kind.is_delivered() { "van" } else { "door" };
    let place = if by.organisation_name == by.name { String::new() } else { format!(" ({})", by.organisation_name) };
    format!("{how} {preposition} {}{role}{place}", by.name)
}

/// Topics that were left out on purpose, each with the day of the conversation, as the newest version that counts and
/// says so has it.
pub fn left_out(versions: &[StoredVersion]) -> Vec<(TopicId, FhirDateTime)> {
    let mut left: Vec<(TopicId, FhirDateTime)> = Vec::new();
    for version in versions.iter().rev().filter(|v| v.mark.is_none()).map(|v| &v.version) {
        let day = version.content.conversation(version.conversation).map(|c| c.date().clone());
        let day = day.unwrap_or_else(|| FhirDateTime::of_day(local_day(version.recorded_at)));
        for topic in &version.input.skipped {
            if !left.iter().any(|(t, _)| t == topic) {
                left.push((*topic, day.clone()));
            }
        }
    }
    left
}

/// By whom, when and why a version was marked.
pub fn marked(mark: &Mark) -> String {
    let kind = match mark.kind {
        MarkKind::Wrong => "Gemarkeerd als onjuist",
        MarkKind::Withdrawn => "Ingetrokken",
    };
    format!("{kind} door {} op {}: {}", mark.by.name, words::moment(mark.at), mark.reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::samples::sample;

    #[test]
    fn the_newest_version_stands_first_and_each_says_what_it_changed() {
        let rows = rows(&sample().versions);
        assert_eq!(rows.iter().map(|r| r.number).collect::<Vec<_>>(), [4, 3, 2, 1]);
        assert!(rows[2].summary.contains("medisch vastgesteld"), "{}", rows[2].summary);
        assert!(
            rows[2].who.starts_with("Behandelgrenzen beoordeeld door Saskia van Huissen, huisarts"),
            "{}",
            rows[2].who
        );
        assert_eq!(rows[0].reason.as_deref(), Some("Na de ziekenhuisopname anders gaan denken."));
        assert!(rows[3].wrong.as_ref().unwrap().contains("Het telefoonnummer hoorde bij een ander."));
    }

    #[test]
    fn what_was_left_out_on_purpose_is_known_until_its_version_is_wrong() {
        let mut versions = sample().versions;
        versions[3].version.input.skipped = vec![TopicId::OrganDonation];
        let left = left_out(&versions);
        assert_eq!(left.len(), 1);
        assert_eq!(words_of(&left[0]), (TopicId::OrganDonation, "2026-11-20".to_owned()));
        versions[3].mark = versions[0].mark.clone();
        assert!(left_out(&versions).is_empty());
    }

    fn words_of((topic, day): &(TopicId, FhirDateTime)) -> (TopicId, String) {
        (*topic, day.as_str().to_owned())
    }
}
