//! What the topics of a plan are called.

use crate::plan::TopicId;

/// What is said of a topic without a statement; never 'N.v.t.', never 'no'.
pub const NOT_DISCUSSED: &str = "niet besproken";
/// What is said where the answer is that nobody knows yet.
pub const UNKNOWN: &str = "nog onbekend";

/// Short title: `Reanimatie`.
pub fn title(topic: TopicId) -> &'static str {
    match topic {
        TopicId::Capacity => "Wilsbekwaamheid en vertegenwoordiging",
        TopicId::Attendance => "Aanwezig bij het gesprek",
        TopicId::Goal => "Doel van de behandeling",
        TopicId::Cpr => "Reanimatie",
        TopicId::Ventilation => "Beademing",
        TopicId::Icu => "IC-opname",
        TopicId::Hospital => "Ziekenhuisopname",
        TopicId::Antibiotics => "Antibiotica",
        TopicId::BloodProduct => "Bloedproducten",
        TopicId::OtherLimits => "Overige behandelgrenzen",
        TopicId::Icd => "ICD",
        TopicId::IcdDeactivation => "ICD uitzetten",
        TopicId::CareWishes => "Wensen voor goede zorg",
        TopicId::PlaceOfDeath => "Plek van overlijden",
        TopicId::Euthanasia => "Euthanasie",
        TopicId::OrganDonation => "Orgaandonatie",
        TopicId::SenseOfPurpose => "Wat verder belangrijk is",
        TopicId::EarlierRecorded => "Eerder vastgelegde wensen",
        TopicId::InformRelatives => "Naasten informeren",
        TopicId::Sharing => "Delen met andere zorgverleners",
        TopicId::LifeWish(_) => "Levenswens",
        TopicId::Agreement(_) => "Andere afspraak",
    }
}

/// Title in full, where there is room to be precise.
pub fn long_title(topic: TopicId) -> &'static str {
    match topic {
        TopicId::Attendance => "Wie bij het gesprek aanwezig waren",
        TopicId::Goal => "Belangrijkste doel van de behandeling",
        TopicId::Cpr => "Reanimatie bij een hartstilstand",
        TopicId::Ventilation => "Kunstmatige beademing",
        TopicId::Icu => "Opname op de intensive care",
        TopicId::Hospital => "Opname in het ziekenhuis",
        TopicId::Antibiotics => "Behandeling met antibiotica",
        TopicId::BloodProduct => "Toediening van bloedproducten",
        TopicId::Icd => "Inwendige defibrillator (ICD)",
        TopicId::IcdDeactivation => "Uitzetten van de ICD in de laatste levensfase",
        TopicId::CareWishes => "Wat zorgverleners moeten weten om goede zorg te geven",
        TopicId::PlaceOfDeath => "Gewenste plek van overlijden",
        TopicId::Euthanasia => "Standpunt over euthanasie",
        TopicId::OrganDonation => "Keuze in het donorregister",
        TopicId::SenseOfPurpose => "Wat verder nog belangrijk is",
        TopicId::EarlierRecorded => "Eerder vastgelegde behandelwensen",
        TopicId::InformRelatives => "Zelf naasten informeren",
        TopicId::Sharing => "Delen van de afspraken met andere zorgverleners",
        TopicId::LifeWish(_) => "Wens of doel in het leven",
        TopicId::Agreement(_) => "Afspraak buiten het formulier",
        TopicId::Capacity | TopicId::OtherLimits => title(topic),
    }
}

/// The title inside a sentence: `reanimatie`, but `IC-opname`.
pub fn in_text(topic: TopicId) -> String {
    let title = title(topic);
    let mut chars = title.chars();
    let (first, second) = (chars.next(), chars.next());
    if second.is_some_and(char::is_uppercase) {
        return title.to_owned();
    }
    first.map(|c| c.to_lowercase().collect::<String>() + &title[c.len_utf8()..]).unwrap_or_default()
}

/// Does the title take 'zijn' rather than 'is'?
pub fn is_plural(topic: TopicId) -> bool {
    matches!(
        topic,
        TopicId::Capacity
            | TopicId::Antibiotics
            | TopicId::BloodProduct
            | TopicId::OtherLimits
            | TopicId::CareWishes
            | TopicId::EarlierRecorded
    )
}

/// The topic as the opening of a sentence with its verb: `Reanimatie is`, `Bloedproducten zijn`.
pub(crate) fn title_is(topic: TopicId) -> String {
    format!("{} {}", title(topic), if is_plural(topic) { "zijn" } else { "is" })
}
