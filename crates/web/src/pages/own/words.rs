//! Plain words (B1) for the patient's own pages: what each topic means, in one sentence; headings without jargon.

use domain::plan::TopicId;

/// What a topic is about, in one or two plain sentences; empty where its title says it.
pub fn meaning(topic: TopicId) -> &'static str {
    use TopicId as T;
    match topic {
        T::Capacity => {
            "Wilsbekwaam betekent: iemand kan zelf beslissen over de eigen zorg. Een vertegenwoordiger beslist mee, of beslist als dat zelf niet meer lukt."
        }
        T::Attendance => "Deze mensen waren bij het gesprek.",
        T::Goal => "Dit is waar de behandeling vooral voor bedoeld is.",
        T::Cpr => "Reanimeren is: proberen het hart weer te laten kloppen als het stilstaat.",
        T::Ventilation => "Beademen is: een machine helpt met ademen, of neemt het ademen over.",
        T::Icu => {
            "De IC is de afdeling van het ziekenhuis voor mensen die ernstig ziek zijn. Machines bewaken daar het lichaam."
        }
        T::Hospital => "Dit gaat over opname in het ziekenhuis als iemand zieker wordt.",
        T::Antibiotics => "Antibiotica zijn medicijnen tegen bacteriën, bijvoorbeeld bij een longontsteking.",
        T::BloodProduct => "Een bloedproduct is bloed van een ander, dat via een slangetje in het lichaam komt.",
        T::OtherLimits => "Hier staan afspraken over andere behandelingen.",
        T::Icd => "Een ICD is een kastje onder de huid dat een schok geeft als het hart gevaarlijk snel klopt.",
        T::IcdDeactivation => "De ICD kan uitgezet worden als het leven eindigt. Dan komen er geen schokken meer.",
        T::CareWishes => "Dit moeten zorgverleners weten om goed te kunnen zorgen.",
        T::PlaceOfDeath => "Dit is de plek waar iemand het liefst wil zijn als het leven eindigt.",
        T::Euthanasia => {
            "Euthanasie is: een arts maakt een einde aan het leven, op eigen verzoek, omdat iemand ondraaglijk lijdt."
        }
        T::OrganDonation => "In het Donorregister staat of iemand organen wil geven na het overlijden.",
        T::SenseOfPurpose => "Dit geeft het leven zin, en is belangrijk om te weten.",
        T::EarlierRecorded => "Misschien is er eerder iets opgeschreven, zoals een wilsverklaring.",
        T::InformRelatives => "Familie en vrienden vertellen wat er is afgesproken, doet iemand zelf.",
        T::Sharing => "Dit is wat er in het gesprek is gezegd over delen met andere zorgverleners.",
        T::LifeWish(_) | T::Agreement(_) => "",
    }
}

/// The heading of a section of the plan, for who is no professional.
pub fn heading(number: &str, title: &'static str) -> &'static str {
    match number {
        "1" => "Wie beslist er?",
        "2" => "Wie was bij het gesprek?",
        "3" => "Waar is de behandeling voor bedoeld?",
        "4" => "Welke behandelingen wel en niet?",
        "5" => "Wensen voor zorg en leven",
        "6" => "Wat is verder belangrijk?",
        "7" => "Wat was er al opgeschreven?",
        "8" => "Wie weet hiervan?",
        _ => title,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_topic_is_told_in_short_sentences() {
        for topic in TopicId::FORM {
            let text = meaning(topic);
            assert!(text.ends_with('.'), "{topic:?}");
            for sentence in text.split(['.', ':']) {
                assert!(sentence.split_whitespace().count() <= 20, "{topic:?}: {sentence}");
            }
        }
    }
}
