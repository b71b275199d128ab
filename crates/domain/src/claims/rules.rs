//! The rules of PROCESS F1, each with where it comes from and since when it holds. The first that fits counts.

use super::{Contract, ContractKind, House};
use crate::ident::ContractId;
use crate::organisation::OrganisationKind;
use jiff::civil::Date;

/// With whom somebody is insured, as far as the source tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Insured {
    /// VGZ.
    Vgz,
    /// CZ.
    Cz,
    /// Any other.
    Other,
    /// Anybody.
    Any,
}

/// Of what a rule makes a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pays {
    /// A contract: with VGZ, whoever somebody is insured with, or with their own insurer.
    Contract(Whose),
    /// A double consult or visit.
    DoubleConsult,
}

/// Whose contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// That of VGZ.
    Vgz,
    /// That of the own insurer.
    Own,
}

/// One rule.
#[derive(Debug, Clone, Copy)]
pub struct ClaimRule {
    /// Code.
    pub code: &'static str,
    /// In words.
    pub words: &'static str,
    /// Where it stands.
    pub source: &'static str,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Option<Date>,
    /// For which kind of organisation.
    pub of: OrganisationKind,
    /// For whom.
    pub insured: Insured,
    /// There is a contract with VGZ on that day, or there is none; absent: either.
    pub vgz: Option<bool>,
    /// The same with CZ.
    pub cz: Option<bool>,
    /// The same with the own insurer.
    pub own: Option<bool>,
    /// No contract but that with VGZ.
    pub vgz_only: bool,
    /// What it makes.
    pub pays: Pays,
    /// The source is sure of it; else it says 'naar verwachting'.
    pub sure: bool,
}

const ZIO: &str = "Proactieve zorgplanning in de huisartsenpraktijk (ZIO), hoofdstuk 6, Financiering";
const NZA: &str = "NZa, facultatieve prestatie 198703 'Time to talk'";
const SINCE: Date = Date::constant(2024, 1, 1);

const BASE: ClaimRule = ClaimRule {
    code: "",
    words: "",
    source: ZIO,
    from: SINCE,
    until: None,
    of: OrganisationKind::GpPractice,
    insured: Insured::Any,
    vgz: None,
    cz: None,
    own: None,
    vgz_only: false,
    pays: Pays::Contract(Whose::Own),
    sure: true,
};

/// All of them, in the order in which they are tried.
pub const RULES: &[ClaimRule] = &[
    ClaimRule {
        code: "vgz",
        words: "VGZ-verzekerde, contract met VGZ: volgens dat contract",
        insured: Insured::Vgz,
        vgz: Some(true),
        pays: Pays::Contract(Whose::Vgz),
        ..BASE
    },
    ClaimRule {
        code: "cz-volgt-vgz",
        words: "CZ-verzekerde, contract met VGZ en niet met CZ: CZ volgt naar verwachting de afspraken met VGZ",
        insured: Insured::Cz,
        vgz: Some(true),
        cz: Some(false),
        pays: Pays::Contract(Whose::Vgz),
        sure: false,
        ..BASE
    },
    ClaimRule {
        code: "cz-dubbel-consult",
        words: "CZ-verzekerde, contract met VGZ en met CZ: alleen als dubbel consult",
        insured: Insured::Cz,
        vgz: Some(true),
        cz: Some(true),
        pays: Pays::DoubleConsult,
        ..BASE
    },
    ClaimRule {
        code: "eigen-contract",
        words: "contract met de eigen verzekeraar: volgens dat contract",
        source: "het contract zelf",
        own: Some(true),
        ..BASE
    },
    ClaimRule {
        code: "allen-volgen-vgz",
        words: "alleen een contract met VGZ: naar verwachting voor alle verzekerden volgens de afspraken met VGZ",
        insured: Insured::Other,
        vgz_only: true,
        pays: Pays::Contract(Whose::Vgz),
        sure: false,
        ..BASE
    },
    ClaimRule {
        code: "time-to-talk",
        words: "ziekenhuis, met een contract voor de prestatie: volgens dat contract (vrij tarief)",
        source: NZA,
        from: Date::constant(2021, 11, 17),
        of: OrganisationKind::Hospital,
        own: Some(true),
        ..BASE
    },
];

fn kind_of(house: House<'_>) -> ContractKind {
    if house.kind == OrganisationKind::Hospital { ContractKind::TimeToTalk } else { ContractKind::Acp }
}

/// The contract with an insurer that holds on a day; the one that began last where there are several.
fn with<'a>(house: House<'a>, name: &str, day: Date) -> Option<&'a (ContractId, Contract)> {
    let kind = kind_of(house);
    let fits = |c: &Contract| c.kind == kind && c.with == name && c.holds_on(day);
    house.contracts.iter().filter(|(_, c)| fits(c)).max_by_key(|(_, c)| c.from)
}

/// The name of an insurer in lists and contracts.
pub(super) const VGZ: &str = "VGZ";
pub(super) const CZ: &str = "CZ";

/// The rule that fits.
pub(super) fn rule(house: House<'_>, insurer: &str, day: Date) -> Option<&'static ClaimRule> {
    let of = match insurer {
        VGZ => Insured::Vgz,
        CZ => Insured::Cz,
        _ => Insured::Other,
    };
    let (vgz, cz) = (with(house, VGZ, day).is_some(), with(house, CZ, day).is_some());
    let own = with(house, insurer, day).is_some();
    let kind = kind_of(house);
    let others = house.contracts.iter().any(|(_, c)| c.kind == kind && c.with != VGZ && c.holds_on(day));
    let is = |asked: Option<bool>, there: bool| asked.is_none_or(|asked| asked == there);
    RULES.iter().find(|r| {
        r.of == house.kind
            && r.from <= day
            && r.until.is_none_or(|until| day <= until)
            && (r.insured == Insured::Any || r.insured == of)
            && is(r.vgz, vgz)
            && is(r.cz, cz)
            && is(r.own, own)
            && (!r.vgz_only || (vgz && !others))
    })
}

/// The contract that a rule rests on.
pub(super) fn contract_of<'a>(
    house: House<'a>,
    rule: &ClaimRule,
    insurer: &str,
    day: Date,
) -> Option<&'a (ContractId, Contract)> {
    match rule.pays {
        Pays::Contract(Whose::Vgz) => with(house, VGZ, day),
        Pays::Contract(Whose::Own) => with(house, insurer, day),
        Pays::DoubleConsult => None,
    }
}
