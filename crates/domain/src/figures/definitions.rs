//! What each figure counts, as data: a figure that is shown tells its definition and the version of it.

use super::Figure;
use crate::coded::coded;

coded! {
    /// Of which group of diagnoses somebody is; everybody is of exactly one, the first that fits.
    pub enum Group {
        Dementia "dementia" "dementie";
        Cancer "cancer" "kanker";
        Organ "organ" "orgaanfalen (hart, long, nier, lever)";
        Other "other" "overig of niet bekend";
    }
}

/// How an answer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Counts {
    /// In the numerator, and so in the denominator.
    Above,
    /// In the denominator only.
    Below,
    /// In neither: it is not known, or it says nothing of what the figure asks. How many is shown, so that it is clear how
    /// much the figure rests on.
    Unknown,
}

/// One of the answers that a figure tells apart; each person has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// In words.
    pub dutch: &'static str,
    /// How it counts.
    pub counts: Counts,
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// Which figure.
    pub figure: Figure,
    /// Counts up when what is counted changes; figures of different versions are not compared.
    pub version: u32,
    /// In a sentence.
    pub sentence: &'static str,
    /// Who is in the numerator.
    pub numerator: &'static str,
    /// Who is in the denominator.
    pub denominator: &'static str,
    /// Which day says in which period somebody counts.
    pub period: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Is more of it better?
    pub more_is_better: bool,
    /// The answers, in the order of their numbers in [`super::Counted`].
    pub answers: &'static [Answer],
}

/// How a figure stands: what of it is in the numerator and what in the denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Line {
    /// In the numerator.
    pub above: u32,
    /// In the denominator, the numerator included.
    pub of: u32,
    /// Left out.
    pub unknown: u32,
}

impl Line {
    /// Per cent, where there is anybody.
    pub fn percent(self) -> Option<f64> {
        (self.of > 0).then(|| 100.0 * f64::from(self.above) / f64::from(self.of))
    }
}

/// Everybody counts once, at one organisation.
pub const ONCE: &str = "Iedereen telt één keer mee, bij de organisatie van de regiebehandelaar; zonder regiebehandelaar \
     bij de huisartsenpraktijk in het zorgteam, anders bij de organisatie die het eerst in het zorgteam kwam.";

const fn above(dutch: &'static str) -> Answer {
    Answer { dutch, counts: Counts::Above }
}

const fn below(dutch: &'static str) -> Answer {
    Answer { dutch, counts: Counts::Below }
}

const fn unknown(dutch: &'static str) -> Answer {
    Answer { dutch, counts: Counts::Unknown }
}

/// Every definition that holds now, in the order in which figures are shown.
pub const DEFINITIONS: &[Definition] = &[
    Definition {
        figure: Figure::Coverage,
        version: 1,
        sentence: "Van de mensen voor wie het tijd werd voor een gesprek, het deel met een plan.",
        numerator: "wie een plan heeft dat op een gesprek rust",
        denominator: "wie een signaal had, of zonder signaal een gesprek; ook wie (nu) geen gesprek wil",
        period: "de dag van het eerste signaal of, als dat eerder was, van het eerste gesprek",
        source: "Netwerkcoördinator (handreiking dementie): gebeurt het?",
        more_is_better: true,
        answers: &[
            above("heeft een plan"),
            below("is gevraagd en wil (nu) geen gesprek"),
            below("heeft nog geen plan"),
        ],
    },
    Definition {
        figure: Figure::Wait,
        version: 3,
        sentence: "Van de mensen met een signaal en nog geen gesprek, het deel dat binnen zes weken een gesprek had. Wie \
                   binnen die zes weken geen gesprek had en voor het eerste gesprek zei dat (nu) niet te willen, telt niet mee; \
                   wie zonder gesprek naar elders verhuisde ook niet.",
        numerator: "wie binnen 42 dagen na het eerste signaal een gesprek had",
        denominator: "wie een gesprek had na het eerste signaal, of bij wie dat 42 dagen geleden of langer is; niet wie voor \
                      het eerste gesprek zei (nu) geen gesprek te willen en binnen 42 dagen geen gesprek had, en niet wie zonder \
                      gesprek naar elders verhuisde",
        period: "de dag van het eerste signaal",
        source: "Zes weken is een keuze van dit programma; de richtlijn noemt geen termijn.",
        more_is_better: true,
        answers: &[
            above("gesprek binnen zes weken"),
            below("gesprek na meer dan zes weken"),
            below("na zes weken nog geen gesprek"),
            unknown("wilde (nu) geen gesprek"),
        ],
    },
    Definition {
        figure: Figure::Dementia,
        version: 1,
        sentence: "Van de mensen bij wie dementie werd vastgesteld, het deel dat binnen een half jaar daarna een gesprek had, \
                   of er al een had gehad.",
        numerator: "wie voor de diagnose of binnen 182 dagen erna een gesprek had",
        denominator: "bij wie de diagnose dementie uit een signaal of gebeurtenis bekend is en die een gesprek had, of bij \
                      wie dat 182 dagen geleden of langer is",
        period: "de dag van de diagnose, zoals die is vastgelegd",
        source: "Zorgstandaard Dementie: direct na de diagnose. Het half jaar is een keuze van dit programma.",
        more_is_better: true,
        answers: &[
            above("gesprek binnen een half jaar"),
            above("gesprek al voor de diagnose"),
            below("gesprek later"),
            below("nog geen gesprek"),
        ],
    },
    Definition {
        figure: Figure::Reviewed,
        version: 1,
        sentence: "Van de plannen waarvoor een evaluatie aan de beurt was, het deel waarbij die op tijd is gedaan.",
        numerator: "bij wie het laatste vervolggesprek binnen de termijn was",
        denominator: "wie een vervolggesprek had, of bij wie de termijn na het laatste gesprek voorbij is; de laatste keer telt",
        period: "de dag van dat vervolggesprek, of de dag waarop het uiterlijk had gemoeten",
        source: "Richtlijn en Zorgstandaard Dementie: ten minste twee keer per jaar; de termijn stelt de organisatie in.",
        more_is_better: true,
        answers: &[above("op tijd geëvalueerd"), below("later geëvalueerd"), below("nog niet geëvalueerd")],
    },
    Definition {
        figure: Figure::Late,
        version: 1,
        sentence: "Van de mensen die werden opgenomen in een verpleeghuis, wilsonbekwaam werden of overleden, het deel dat \
                   toen nog geen gesprek had gehad.",
        numerator: "wie voor het eerste van deze drie nog geen gesprek had",
        denominator: "bij wie een van deze drie is vastgelegd",
        period: "de dag van het eerste van deze drie",
        source: "Zorgstandaard Dementie: te laat is bij opname in een verpleeghuis of bij wilsonbekwaamheid; en nooit voor \
                 het overlijden. Opnames zijn alleen bekend als ze zijn vastgelegd.",
        more_is_better: false,
        answers: &[
            below("gesprek op tijd"),
            above("te laat: opgenomen in een verpleeghuis"),
            above("te laat: wilsonbekwaam"),
            above("te laat: nooit voor het overlijden"),
        ],
    },
    Definition {
        figure: Figure::Wished,
        version: 1,
        sentence: "Van de overledenen van wie de gewenste en de werkelijke plek bekend zijn, het deel dat op de gewenste plek \
                   overleed.",
        numerator: "wie overleed op de plek die in het plan stond",
        denominator: "wie overleed, met een wens en een plek van overlijden die bekend zijn",
        period: "de dag van overlijden",
        source: "IKNL en NPPZ: overlijden op de plek van voorkeur.",
        more_is_better: true,
        answers: &[above("op de gewenste plek"), below("op een andere plek"), unknown("wens of plek niet bekend")],
    },
    Definition {
        figure: Figure::Place,
        version: 1,
        sentence: "Van de overledenen van wie de plek bekend is, het deel dat niet in een ziekenhuis overleed.",
        numerator: "wie ergens anders dan in een ziekenhuis overleed",
        denominator: "wie overleed op een plek die bekend is",
        period: "de dag van overlijden",
        source: "Vastgelegd bij het overlijden.",
        more_is_better: true,
        answers: &[
            above("thuis"),
            above("in een verpleeghuis"),
            above("in een hospice"),
            above("elders"),
            below("in een ziekenhuis"),
            unknown("plek niet bekend"),
        ],
    },
    Definition {
        figure: Figure::LastMonth,
        version: 1,
        sentence: "Van de overledenen van wie opnames zijn vastgelegd, het deel dat in de laatste 30 dagen in een ziekenhuis \
                   werd opgenomen.",
        numerator: "wie in de laatste 30 dagen voor het overlijden in een ziekenhuis werd opgenomen",
        denominator: "wie overleed, en van wie een verplaatsing of de laatste opname is vastgelegd",
        period: "de dag van overlijden",
        source: "Alleen uit vastgelegde verplaatsingen; hoe vaak die ontbreken, staat erbij.",
        more_is_better: false,
        answers: &[
            above("opgenomen in de laatste 30 dagen"),
            below("niet opgenomen in de laatste 30 dagen"),
            unknown("geen verplaatsing vastgelegd"),
        ],
    },
    Definition {
        figure: Figure::Emergency,
        version: 1,
        sentence: "Van de mensen met een plan die in een ziekenhuis werden opgenomen, het deel bij wie de spoedzorg of het \
                   ziekenhuis het plan toen las.",
        numerator: "bij wie het plan van twee dagen voor tot twee dagen na de opname werd gelezen door spoedzorg of ziekenhuis",
        denominator: "wie met een plan werd opgenomen in een ziekenhuis; de laatste opname telt",
        period: "de dag van de opname",
        source: "Het logboek: wie het spoedoverzicht of het plan opende. Opnames alleen als ze zijn vastgelegd.",
        more_is_better: true,
        answers: &[above("plan gelezen"), below("plan niet gelezen")],
    },
    Definition {
        figure: Figure::Complete,
        version: 1,
        sentence: "Van de plannen, het deel waarin de negen kernonderwerpen alle zijn besproken.",
        numerator: "bij wie alle negen een antwoord hebben",
        denominator: "wie een plan heeft dat op een gesprek rust",
        period: "de dag van het laatste gesprek",
        source: "Richtlijn proactieve zorgplanning 2023, uniform formulier: 1, 3, 4a tot en met 4f en 5b. Wat niet is \
                 besproken kan een goede reden hebben.",
        more_is_better: true,
        answers: &[
            above("alle negen besproken"),
            below("vijf tot en met acht besproken"),
            below("minder dan vijf besproken"),
        ],
    },
    Definition {
        figure: Figure::Reasons,
        version: 1,
        sentence: "Van de plannen met een grens (niet doen, of alleen onder een voorwaarde), het deel waarin bij elke grens \
                   een reden of uitleg staat.",
        numerator: "bij wie elke grens een toelichting of voorwaarde heeft",
        denominator: "wie een plan heeft met ten minste één grens",
        period: "de dag van het laatste gesprek",
        source: "Redenen bij grenzen worden elders zelden opgeschreven (Eli 2021).",
        more_is_better: true,
        answers: &[above("bij elke grens een reden"), below("bij een grens ontbreekt de reden")],
    },
    Definition {
        figure: Figure::Own,
        version: 1,
        sentence: "Van de plannen, het deel dat sinds het laatste gesprek ook in een eigen dossier (HIS, ECD, EPD) is \
                   bijgewerkt.",
        numerator: "bij wie op of na de dag van het laatste gesprek is afgevinkt: ook vastgelegd in HIS, ECD of EPD",
        denominator: "wie een plan heeft dat op een gesprek rust",
        period: "de dag van het laatste gesprek",
        source: "ZIO, PDCA: leg de uitkomst vast in het HIS (A20), en vul het HIS aan na veranderingen.",
        more_is_better: true,
        answers: &[above("ook in het eigen dossier"), below("niet afgevinkt")],
    },
];

/// What a figure counts.
pub fn definition(figure: Figure) -> &'static Definition {
    // Each figure has a definition; a test sees to it.
    DEFINITIONS.iter().find(|d| d.figure == figure).unwrap_or(&DEFINITIONS[0])
}
