//! 3 (main goal) and 4 (treatment limits).

use super::sets::{
    DECISIONS, GOAL_SET, ICD_DECISIONS, ICD_TYPE_SET, OTHER, OTHER_DECISIONS, OTHERWISE, YES, YES_NO_UNKNOWN_SET,
};
use super::{Choice, Question as Q};
use crate::code::system::SNOMED;
use crate::plan::TopicId as T;

const DECIDE: &str = "Wat spreken we af?";
const CONDITION: &str = "Onder welke voorwaarde?";
const WHY: &str = "Waarom / toelichting";
const FIXED: &str = "Behandeling (vaste code)";

pub(super) const ROWS: &[Q] = &[
    Q::group("586", "", "Doel van de behandeling").no("3").on(T::Goal),
    Q::preset(
        "1408",
        "586",
        "Onderwerp (vaste code)",
        &[Choice::of(
            SNOMED,
            "180771000146100",
            "Focus van behandeling (waarneembare entiteit)",
            "Doel van de behandeling",
        )],
    )
    .on(T::Goal),
    Q::of_set("999", "586", "Wat is nu het belangrijkste doel?", &GOAL_SET).on(T::Goal),
    Q::group("83", "", "Behandelgrenzen").no("4"),
    Q::group("1409", "83", "Reanimatie").no("a)").on(T::Cpr),
    Q::preset("1410", "1409", FIXED, &[Choice::of(SNOMED, "89666000", "cardiopulmonale resuscitatie", "Reanimatie")])
        .on(T::Cpr),
    Q::one("1386", "1409", DECIDE, DECISIONS).on(T::Cpr),
    Q::text("1001", "1386", CONDITION).when("1386", OTHERWISE).on(T::Cpr),
    Q::text("1002", "1386", WHY).on(T::Cpr),
    Q::group("1411", "83", "Beademing").no("b)").on(T::Ventilation),
    Q::preset("1412", "1411", FIXED, &[Choice::of(SNOMED, "40617009", "kunstmatige beademing", "Beademing")])
        .on(T::Ventilation),
    Q::one("1387", "1411", DECIDE, DECISIONS).on(T::Ventilation),
    Q::text("1388", "1387", CONDITION).when("1387", OTHERWISE).on(T::Ventilation),
    Q::text("1389", "1387", WHY).on(T::Ventilation),
    Q::group("1413", "83", "Intensive care (IC)").no("c)").on(T::Icu),
    Q::preset(
        "1414",
        "1413",
        FIXED,
        &[Choice::of(SNOMED, "305351004", "opname op intensive care", "Intensive care (IC)")],
    )
    .on(T::Icu),
    Q::one("1390", "1413", DECIDE, DECISIONS).on(T::Icu),
    Q::text("1391", "1390", CONDITION).when("1390", OTHERWISE).on(T::Icu),
    Q::text("1392", "1390", WHY).on(T::Icu),
    Q::group("1415", "83", "Ziekenhuisopname").no("d)").on(T::Hospital),
    Q::preset("1416", "1415", FIXED, &[Choice::of(SNOMED, "32485007", "opname in ziekenhuis", "Ziekenhuisopname")])
        .on(T::Hospital),
    Q::one("1393", "1415", DECIDE, DECISIONS).on(T::Hospital),
    Q::text("1394", "1393", CONDITION).when("1393", OTHERWISE).on(T::Hospital),
    Q::text("1395", "1393", WHY).on(T::Hospital),
    Q::group("1417", "83", "Antibiotica").no("e)").on(T::Antibiotics),
    Q::preset("1418", "1417", FIXED, &[Choice::of(SNOMED, "281789004", "antibiotische therapie", "Antibiotica")])
        .on(T::Antibiotics),
    Q::one("1396", "1417", DECIDE, DECISIONS).on(T::Antibiotics),
    Q::text("1397", "1396", CONDITION).when("1396", OTHERWISE).on(T::Antibiotics),
    Q::text("1398", "1396", WHY).on(T::Antibiotics),
    Q::group("1419", "83", "Bloedproduct").no("f)").on(T::BloodProduct),
    Q::preset("1420", "1419", FIXED, &[Choice::of(SNOMED, "116762002", "toediening van bloedproduct", "Bloedproduct")])
        .on(T::BloodProduct),
    Q::one("1399", "1419", DECIDE, DECISIONS).on(T::BloodProduct),
    Q::text("1400", "1399", CONDITION).when("1399", OTHERWISE).on(T::BloodProduct),
    Q::text("1401", "1399", WHY).on(T::BloodProduct),
    Q::group("1421", "83", "Andere behandelgrenzen").no("g)").on(T::OtherLimits),
    Q::preset("1422", "1421", FIXED, &[OTHER]).on(T::OtherLimits),
    Q::one("1402", "1421", DECIDE, OTHER_DECISIONS).on(T::OtherLimits),
    Q::text("1404", "1402", "Welke behandeling, en waarom?").on(T::OtherLimits),
    Q::of_set("1006", "83", "Is er een ICD?", &YES_NO_UNKNOWN_SET).no("h)").on(T::Icd),
    Q::of_set("1008", "1006", "Soort ICD", &ICD_TYPE_SET).when("1006", YES).on(T::Icd),
    Q::text("1009", "1006", "Toelichting bij de ICD").when("1006", YES).on(T::Icd),
    Q::group("1425", "83", "ICD uitzetten").no("i)").when("1006", YES).on(T::IcdDeactivation),
    Q::preset(
        "1426",
        "1425",
        FIXED,
        &[Choice::of(
            SNOMED,
            "400231000146108",
            "uitzetten van cardioverter-defibrillator in laatste levensfase (verrichting)",
            "ICD uitzetten",
        )],
    )
    .on(T::IcdDeactivation),
    Q::one("1005", "1425", DECIDE, ICD_DECISIONS).when("1006", YES).on(T::IcdDeactivation),
    Q::text("1010", "1005", WHY).on(T::IcdDeactivation),
];
