//! 5 (wishes), 6 (what else matters), 7 (recorded earlier) and 8 (sharing).

use super::sets::{EUTHANASIA_SET, PLACE_SET, SHARING, YES, YES_NO_UNKNOWN_SET};
use super::{Choice, Question as Q};
use crate::code::system::SNOMED;
use crate::plan::TopicId as T;

const WHY: &str = "Waarom / toelichting";
const FIXED: &str = "Onderwerp (vaste code)";
const METHOD: &str = "Hoe dit is gevraagd (vaste code)";

pub(super) const ROWS: &[Q] = &[
    Q::group("107", "", "Wensen voor de zorg").no("5"),
    Q::group("1427", "107", "Goed om te weten bij de zorg").no("a)").on(T::CareWishes),
    Q::preset(
        "1428",
        "1427",
        FIXED,
        &[Choice::of(
            SNOMED,
            "153851000146100",
            "Wensen en verwachtingen met betrekking tot uitkomst van behandeling",
            "Wensen en verwachtingen",
        )],
    )
    .on(T::CareWishes),
    Q::text("1190", "1427", "Wensen, in woorden van de patiënt").on(T::CareWishes),
    Q::preset(
        "1648",
        "1427",
        METHOD,
        &[Choice::of(
            SNOMED,
            "370819000",
            "Vaststellen van persoonlijke waarden en wensen met betrekking tot zorg",
            "In gesprek over waarden en wensen",
        )],
    )
    .on(T::CareWishes),
    Q::group("1429", "107", "Plaats van overlijden").no("b)").on(T::PlaceOfDeath),
    Q::preset(
        "1649",
        "1429",
        FIXED,
        &[Choice::of(
            SNOMED,
            "395091006",
            "Voorkeur voor plaats van overlijden (waarneembare entiteit)",
            "Plaats van overlijden",
        )],
    )
    .on(T::PlaceOfDeath),
    Q::of_set("1191", "1429", "Waar wil de patiënt het liefst overlijden?", &PLACE_SET).on(T::PlaceOfDeath),
    Q::text("1192", "1191", WHY).on(T::PlaceOfDeath),
    Q::group("1431", "107", "Euthanasie").no("c)").on(T::Euthanasia),
    Q::preset(
        "1432",
        "1431",
        FIXED,
        &[Choice::of(
            SNOMED,
            "340171000146104",
            "Standpunt ten opzichte van euthanasie (waarneembare entiteit)",
            "Euthanasie",
        )],
    )
    .on(T::Euthanasia),
    Q::of_set("1193", "1431", "Hoe denkt de patiënt over euthanasie?", &EUTHANASIA_SET).on(T::Euthanasia),
    Q::text("1194", "1193", WHY).on(T::Euthanasia),
    Q::group("1433", "107", "Donorregister").no("d)").on(T::OrganDonation),
    Q::preset(
        "1434",
        "1433",
        FIXED,
        &[Choice::of(SNOMED, "570801000146104", "Geregistreerd in orgaan donorregister (bevinding)", "Donorregister")],
    )
    .on(T::OrganDonation),
    Q::of_set("1435", "1433", "Staat er een keuze in het donorregister?", &YES_NO_UNKNOWN_SET).on(T::OrganDonation),
    Q::preset(
        "1650",
        "1433",
        METHOD,
        &[Choice::of(SNOMED, "1156040003", "Self reported (qualifier value)", "Volgens de patiënt zelf")],
    )
    .on(T::OrganDonation),
    Q::group("598", "", "Wat verder telt").no("6").on(T::SenseOfPurpose),
    Q::preset(
        "1436",
        "598",
        FIXED,
        &[Choice::of(SNOMED, "247751003", "Gevoel van zingeving (waarneembare entiteit)", "Zingeving")],
    )
    .on(T::SenseOfPurpose),
    Q::text("1196", "598", "Wat telt voor de patiënt?").on(T::SenseOfPurpose),
    Q::group("115", "", "Eerder vastgelegd").no("7").on(T::EarlierRecorded),
    Q::of_set("1197", "115", "Is er eerder iets vastgelegd?", &YES_NO_UNKNOWN_SET).no("a)").on(T::EarlierRecorded),
    Q::text("1198", "1197", WHY).on(T::EarlierRecorded),
    Q::of_set("1199", "115", "Staat daarin iets anders dan in dit plan?", &YES_NO_UNKNOWN_SET)
        .no("b)")
        .when("1197", YES)
        .on(T::EarlierRecorded),
    Q::group("119", "", "Delen met anderen").no("8"),
    Q::boolean("1200", "119", "Is verteld dat de patiënt zelf de naasten inlicht?").no("a)").on(T::InformRelatives),
    Q::one("1201", "119", "Mogen andere zorgverleners dit plan zien?", SHARING).no("b)").on(T::Sharing),
];
