//! Head of the form, 1 (capacity and who speaks for the patient) and 2 (who was there).

use super::sets::{
    CURATOR, EMAIL_USES, FAX, FIRST_CONTACT, LAND_LINE, LEGAL_REPRESENTATIVE, MENTOR, MOBILE, NUMBER_USES, OTHER,
    OTHER_ROLE, PAGER, PATIENT, PROXY, RELATIONS, SPECIALTY_SET,
};
use super::{Choice, Kind, Question as Q};
use crate::plan::TopicId;

const fn capacity(question: Q) -> Q {
    question.on(TopicId::Capacity)
}

const fn presence(question: Q) -> Q {
    question.on(TopicId::Attendance)
}

pub(super) const HEAD: &[Q] = &[
    Q::row("963", "", "Datum van het gesprek", Kind::DateTime),
    Q::group("7", "", "Patiënt"),
    Q::text("964", "7", "Voornaam"),
    Q::text("965", "7", "Tussenvoegsel"),
    Q::text("966", "7", "Achternaam"),
    Q::row("967", "", "Geboortedatum", Kind::Date),
    Q::group("8", "", "Wie voerde het gesprek?"),
    Q::group("16", "8", "Zorgverlener"),
    Q::text("968", "16", "Voornaam"),
    Q::text("969", "16", "Tussenvoegsel"),
    Q::text("970", "16", "Achternaam"),
    Q::of_set("1405", "8", "Functie of specialisme", &SPECIALTY_SET),
];

const REPRESENTATIVE_ROLES: &[Choice] = &[LEGAL_REPRESENTATIVE, FIRST_CONTACT, PROXY, CURATOR, MENTOR, OTHER_ROLE];

pub(super) const SPEAKERS: &[Q] = &[
    capacity(Q::group("26", "", "Wilsbekwaamheid en vertegenwoordiging").no("1")),
    capacity(Q::boolean("1651", "26", "Kan de patiënt nu zelf medische beslissingen nemen?")),
    capacity(Q::text("1407", "1651", "Waarom / toelichting")),
    capacity(Q::group("29", "26", "Wie beslist als de patiënt dat niet kan?")),
    capacity(Q::group("30", "29", "Naam van de vertegenwoordiger").no("a)")),
    capacity(Q::text("973", "30", "Voornaam")),
    capacity(Q::text("974", "30", "Tussenvoegsel")),
    capacity(Q::text("975", "30", "Achternaam")),
    capacity(Q::group("39", "29", "Vertegenwoordiger bereiken").no("b)")),
    capacity(Q::groups("40", "39", "Telefoon van de vertegenwoordiger")),
    capacity(Q::text("976", "40", "Nummer")),
    capacity(Q::one("977", "40", "Soort toestel", &[LAND_LINE, FAX, PAGER, MOBILE])),
    capacity(Q::one("978", "40", "Soort nummer", NUMBER_USES)),
    capacity(Q::text("979", "40", "Opmerking bij het nummer")),
    capacity(Q::groups("41", "39", "E-mail van de vertegenwoordiger")),
    capacity(Q::text("980", "41", "E-mailadres")),
    capacity(Q::one("981", "41", "Soort adres", EMAIL_USES)),
    capacity(
        Q::many("982", "29", "Rol van de vertegenwoordiger", REPRESENTATIVE_ROLES)
            .no("c)")
            .initially(LEGAL_REPRESENTATIVE),
    ),
    capacity(Q::text("411", "982", "Welke rol?").when("982", OTHER_ROLE)),
    capacity(Q::one("983", "29", "Relatie van de vertegenwoordiger", RELATIONS).no("c)")),
    capacity(Q::text("408", "983", "Welke relatie?").when("983", OTHER)),
    capacity(Q::boolean("984", "29", "Is de vertegenwoordiger ook de eerste contactpersoon?").no("d)")),
    capacity(Q::group("53", "29", "Naam van de eerste contactpersoon").no("e)").when_no("984")),
    capacity(Q::text("985", "53", "Voornaam")),
    capacity(Q::text("986", "53", "Tussenvoegsel")),
    capacity(Q::text("987", "53", "Achternaam")),
    capacity(Q::group("61", "29", "Eerste contactpersoon bereiken").no("f)").when_no("984")),
    capacity(Q::groups("62", "61", "Telefoon van de eerste contactpersoon")),
    capacity(Q::text("988", "62", "Nummer")),
    capacity(Q::one("989", "62", "Soort toestel", &[LAND_LINE, FAX, MOBILE, PAGER])),
    capacity(Q::one("990", "62", "Soort nummer", NUMBER_USES)),
    capacity(Q::text("991", "62", "Opmerking bij het nummer")),
    capacity(Q::groups("66", "61", "E-mail van de eerste contactpersoon")),
    capacity(Q::text("992", "66", "E-mailadres")),
    capacity(Q::one("993", "66", "Soort adres", EMAIL_USES)),
    capacity(Q::preset("1644", "29", "Rol van de eerste contactpersoon", &[FIRST_CONTACT]).when_no("984")),
    capacity(Q::one("995", "29", "Relatie van de eerste contactpersoon", RELATIONS).no("g)").when_no("984")),
    capacity(Q::text("412", "995", "Welke relatie?").when("995", OTHER)),
];

pub(super) const PRESENT: &[Q] = &[
    presence(Q::group("78", "", "Wie waren bij het gesprek?").no("2")),
    presence(Q::one("82", "78", "Was de patiënt erbij?", PATIENT)),
    presence(Q::group("1652", "78", "Naasten bij het gesprek")),
    presence(Q::many("997", "1652", "Rol", &[CURATOR, MENTOR, PROXY, OTHER_ROLE])),
    presence(Q::text("414", "997", "Welke rol?").when("997", OTHER_ROLE)),
    presence(Q::many("998", "1652", "Relatie met de patiënt", RELATIONS)),
    presence(Q::text("413", "998", "Welke relatie?").when("998", OTHER)),
];
