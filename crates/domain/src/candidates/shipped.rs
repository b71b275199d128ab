//! The rule sets that come with the program, as one writes them; a practice may leave each out, and add its own.

use super::{RuleSet, rules};
use jiff::civil::Date;

/// A set as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Shipped {
    /// Code.
    pub code: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// First day.
    pub from: Date,
    /// Is it in use where a practice said nothing?
    pub used: bool,
    /// The rules.
    pub text: &'static str,
}

impl Shipped {
    /// The set. What does not read is left out; a test reads all.
    pub fn set(&self) -> RuleSet {
        RuleSet {
            code: self.code.to_owned(),
            name: self.name.to_owned(),
            source: self.source.to_owned(),
            from: self.from,
            until: None,
            rules: rules(self.text).unwrap_or_default(),
        }
    }
}

/// All of them.
pub const SHIPPED: &[Shipped] = &[
    Shipped {
        code: "viplive-acp",
        name: "VIPLive, Patiëntenlijst ACP",
        source: "VIPLive, 'Patiëntenlijst ACP'",
        from: Date::constant(2024, 1, 1),
        used: true,
        text: "\
icpc A20: gesprek over levenseinde of behandelwensen = asks
icpc A05: algehele achteruitgang = more-frail
icpc N87: ziekte van Parkinson
icpc P70: dementie
icpc N99.01: ALS
icpc N99.03: spierziekte
icpc N86: MS
icpc A89.01: pacemaker of ICD = arrest
declaratie 13034 binnen 12 maanden: intensieve zorg thuis, overdag
declaratie 13036 binnen 12 maanden: intensieve zorg thuis, buiten kantooruren
ouder dan 85 jaar: leeftijd",
    },
    Shipped {
        code: "toolkit-vvt",
        name: "Toolkit VVT: één aanleiding en minstens één kenmerk",
        source: "Toolkit proactieve zorgplanning VVT, netwerken palliatieve zorg Oost-Veluwe en Zutphen; welke codes erbij \
                 horen is een keuze van Tijdig (de toolkit noemt er geen)",
        from: Date::constant(2024, 1, 1),
        used: false,
        text: "\
aanleiding bepaling 2808 is ja: kwetsbaarheid
aanleiding bepaling 3686 is ja: kwetsbaarheid met complexe zorg
aanleiding icpc A49.01: kwetsbaarheid bepaald = frail
aanleiding declaratie 13034 binnen 12 maanden: intensieve zorg thuis
kenmerk vanaf 70 jaar: leeftijd
kenmerk icpc P70: dementie = cognition
kenmerk icpc N86: MS
kenmerk icpc N87: ziekte van Parkinson
kenmerk icpc N99: ALS of spierziekte
kenmerk icpc K77: hartfalen = arrest
kenmerk icpc R95: COPD
kenmerk icpc A89.01: pacemaker of ICD = arrest",
    },
];
