//! The codes that may be chosen: systems, codes and displays are facts of the standard, labels are ours.

use super::super::specialties;
use super::{Choice, ValueSet};
use crate::code::system::{
    ADDRESS_USE, AGB_SPECIALTY, CONTACT_ROLE, DECISION, NULL_FLAVOR, ROLE_CODE, SNOMED, TELECOM_TYPE,
};

pub(super) const OTHER: Choice = Choice::of(NULL_FLAVOR, "OTH", "Anders", "Anders, namelijk");
pub(super) const YES: Choice = Choice::of(SNOMED, "373066001", "ja", "Ja");

pub(super) const PATIENT: &[Choice] =
    &[Choice { system: None, code: "Patiënt", display: "Patiënt", label: "Ja, de patiënt was erbij" }];

pub(super) const LAND_LINE: Choice = Choice::of(TELECOM_TYPE, "LL", "Land Line", "Vaste telefoon");
pub(super) const FAX: Choice = Choice::of(TELECOM_TYPE, "FAX", "Fax", "Fax");
pub(super) const PAGER: Choice = Choice::of(ADDRESS_USE, "PG", "Pieper", "Pieper");
pub(super) const MOBILE: Choice = Choice::of(ADDRESS_USE, "MC", "Mobiel telefoonnummer", "Mobiele telefoon");

pub(super) const NUMBER_USES: &[Choice] = &[
    Choice::of(ADDRESS_USE, "HP", "Telefoonnummer thuis", "Thuis"),
    Choice::of(ADDRESS_USE, "TMP", "Tijdelijk telefoonnummer", "Tijdelijk"),
    Choice::of(ADDRESS_USE, "WP", "Zakelijk telefoonnummer", "Werk"),
];
pub(super) const EMAIL_USES: &[Choice] = &[
    Choice::of(ADDRESS_USE, "HP", "Privé e-mailadres", "Privé"),
    Choice::of(ADDRESS_USE, "WP", "Zakelijk e-mailadres", "Werk"),
];

pub(super) const LEGAL_REPRESENTATIVE: Choice =
    Choice::of(CONTACT_ROLE, "24", "Wettelijke vertegenwoordiger", "Wettelijk vertegenwoordiger");
pub(super) const FIRST_CONTACT: Choice =
    Choice::of(CONTACT_ROLE, "01", "Eerste relatie/contactpersoon", "Eerste contactpersoon");
pub(super) const PROXY: Choice =
    Choice::of(SNOMED, "310141000146103", "Schriftelijk gemachtigde", "Schriftelijk gemachtigde");
pub(super) const CURATOR: Choice = Choice::of(CONTACT_ROLE, "03", "Curator (juridisch)", "Curator");
pub(super) const MENTOR: Choice = Choice::of(CONTACT_ROLE, "15", "Mentor", "Mentor");
pub(super) const OTHER_ROLE: Choice = Choice::of(CONTACT_ROLE, "09", "Anders", "Anders, namelijk");

pub(super) const RELATIONS: &[Choice] = &[
    Choice::of(ROLE_CODE, "DOMPART", "Partner", "Partner"),
    Choice::of(ROLE_CODE, "HUSB", "Echtgenoot", "Man"),
    Choice::of(ROLE_CODE, "WIFE", "Echtgenote", "Vrouw"),
    Choice::of(ROLE_CODE, "FTH", "Vader", "Vader"),
    Choice::of(ROLE_CODE, "MTH", "Moeder", "Moeder"),
    Choice::of(ROLE_CODE, "SONC", "Zoon", "Zoon"),
    Choice::of(ROLE_CODE, "DAUC", "Dochter", "Dochter"),
    Choice::of(ROLE_CODE, "BRO", "Broer", "Broer"),
    Choice::of(ROLE_CODE, "SIS", "Zuster", "Zus"),
    OTHER,
];

pub(super) const PERFORM: Choice = Choice::of(DECISION, "0", "Wel uitvoeren", "Wel uitvoeren");
pub(super) const OTHERWISE: Choice = Choice::of(DECISION, "1", "Anders", "Anders: onder voorwaarde");
pub(super) const DO_NOT: Choice = Choice::of(DECISION, "2", "Niet uitvoeren", "Niet uitvoeren");
pub(super) const DECISION_UNKNOWN: Choice = Choice::of(NULL_FLAVOR, "UNK", "Onbekend", "Onbekend");
pub(super) const DECISIONS: &[Choice] = &[PERFORM, OTHERWISE, DO_NOT, DECISION_UNKNOWN];
pub(super) const OTHER_DECISIONS: &[Choice] = &[PERFORM, DO_NOT, DECISION_UNKNOWN];
pub(super) const ICD_DECISIONS: &[Choice] = &[
    Choice::of(DECISION, "0", "Wel uitvoeren", "Ja: wel uitzetten"),
    Choice::of(NULL_FLAVOR, "ASKU", "Nee, nog geen besluit genomen", "Besproken, nog geen besluit"),
    Choice::of(NULL_FLAVOR, "NASK", "Niet besproken", "Niet besproken"),
];

pub(super) const SHARING: &[Choice] = &[
    Choice::of(SNOMED, "441898007", "Akkoord", "Ja, akkoord"),
    Choice::of(NULL_FLAVOR, "UNK", "Nog onbekend", "Nog niet bekend"),
];

/// Yes, no, unknown.
pub static YES_NO_UNKNOWN_SET: ValueSet = ValueSet {
    canonical: "https://api.iknl.nl/docs/pzp/r4/ValueSet/ACP-YesNoUnknownVS",
    name: "ACPYesNoUnknownVS",
    choices: &[
        YES,
        Choice::of(SNOMED, "373067005", "nee", "Nee"),
        Choice::of(NULL_FLAVOR, "UNK", "nog onbekend", "Nog niet bekend"),
    ],
    retired: &[],
    open_system: None,
};

/// Main goal of medical policy (3).
pub static GOAL_SET: ValueSet = ValueSet {
    canonical: "https://api.iknl.nl/docs/pzp/r4/ValueSet/ACP-MedicalPolicyGoal",
    name: "ACPMedicalPolicyGoalVS",
    choices: &[
        Choice::of(SNOMED, "385987000", "zorg bij ziekte en/of letsel", "Zorg bij ziekte of letsel"),
        Choice::of(SNOMED, "1351964001", "levensverlengende behandeling", "Langer leven"),
        Choice::of(SNOMED, "713148004", "voorkomen en behandelen van symptomen", "Klachten voorkomen en verlichten"),
        Choice::of(NULL_FLAVOR, "UNK", "nog onbekend", "Nog niet bekend"),
    ],
    retired: &[],
    open_system: None,
};

/// Preferred place of death (5b).
pub static PLACE_SET: ValueSet = ValueSet {
    canonical: "https://api.iknl.nl/docs/pzp/r4/ValueSet/ACP-PreferredPlaceOfDeath",
    name: "ACPPreferredPlaceOfDeathVS",
    choices: &[
        Choice::of(SNOMED, "264362003", "thuis", "Thuis"),
        Choice::of(SNOMED, "22232009", "ziekenhuis", "Ziekenhuis"),
        Choice::of(SNOMED, "108344006", "verpleeghuis", "Verpleeghuis"),
        Choice::of(SNOMED, "284546000", "hospice", "Hospice"),
        Choice::of(NULL_FLAVOR, "OTH", "Anders", "Ergens anders"),
        Choice::of(NULL_FLAVOR, "UNK", "nog onbekend", "Nog niet bekend"),
    ],
    retired: &[],
    open_system: None,
};

/// Position regarding euthanasia (5c).
pub static EUTHANASIA_SET: ValueSet = ValueSet {
    canonical: "https://api.iknl.nl/docs/pzp/r4/ValueSet/ACP-PositionRegardingEuthanasia",
    name: "ACPPositionRegardingEuthanasiaVS",
    choices: &[
        Choice::of(SNOMED, "340181000146102", "heeft euthanasieverklaring", "Heeft een euthanasieverklaring"),
        Choice::of(SNOMED, "340201000146103", "wil geen euthanasie", "Wil geen euthanasie"),
        Choice::of(SNOMED, "340191000146100", "heeft geen euthanasieverklaring", "Heeft geen euthanasieverklaring"),
        Choice::of(NULL_FLAVOR, "UNK", "nog onbekend", "Nog niet bekend"),
    ],
    retired: &[],
    open_system: None,
};

/// Kind of ICD (4h).
pub static ICD_TYPE_SET: ValueSet = ValueSet {
    canonical: "https://api.iknl.nl/docs/pzp/r4/ValueSet/ACP-MedicalDeviceProductType-ICD",
    name: "ACPMedicalDeviceProductTypeICDVS",
    choices: &[
        Choice::of(SNOMED, "72506001", "implanteerbare cardioverter-defibrillator", "ICD (soort niet genoemd)"),
        Choice::of(SNOMED, "465460004", "univentriculaire implanteerbare cardioverter-defibrillator", "Eenkamer-ICD"),
        Choice::of(SNOMED, "468542000", "implanteerbare tweekamercardioverter-defibrillator", "Tweekamer-ICD"),
        Choice::of(
            SNOMED,
            "704707009",
            "implanteerbare biventriculaire cardioverter-defibrillator",
            "Biventriculaire ICD",
        ),
        Choice::of(
            SNOMED,
            "1263462004",
            "pulsgenerator van defibrillator voor cardiale resynchronisatietherapie",
            "ICD met resynchronisatie (CRT-D)",
        ),
        Choice::of(
            SNOMED,
            "1236894001",
            "subcutane implanteerbare cardioverter-defibrillator",
            "Onderhuidse ICD (S-ICD)",
        ),
    ],
    retired: &[],
    open_system: None,
};

/// Specialty of the professional (1405): UZI role codes, and every code of COD016.
pub static SPECIALTY_SET: ValueSet = ValueSet {
    canonical: "http://decor.nictiz.nl/fhir/ValueSet/2.16.840.1.113883.2.4.3.11.60.121.11.22--20200901000000",
    name: "SpecialismeCodelijsten",
    choices: specialties::CURRENT,
    retired: specialties::RETIRED,
    open_system: Some(AGB_SPECIALTY),
};

/// Every set that a question of the form uses.
pub static VALUE_SETS: [&ValueSet; 6] =
    [&SPECIALTY_SET, &GOAL_SET, &YES_NO_UNKNOWN_SET, &ICD_TYPE_SET, &PLACE_SET, &EUTHANASIA_SET];
