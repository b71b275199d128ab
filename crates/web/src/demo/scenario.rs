//! Kinds of lives that the synthetic region knows, each with what such a person may say and what is agreed.

use domain::code::{EuthanasiaPosition, Place, PolicyGoal};
use domain::plan::{Decision, LifeDomain};

/// What a plan says at one moment in such a life.
#[derive(Debug, Clone, Copy)]
pub struct Stage {
    /// Main goal.
    pub goal: PolicyGoal,
    /// CPR, ventilation, ICU, hospital, antibiotics, blood product: decision and why.
    pub limits: [(Limit, &'static str); 6],
    /// What carers should know.
    pub wishes: &'static str,
    /// Preferred place of death.
    pub place: (Place, &'static str),
    /// Position regarding euthanasia.
    pub euthanasia: (EuthanasiaPosition, &'static str),
    /// What else matters.
    pub purpose: &'static str,
}

/// A decision in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Do.
    Do,
    /// Do not.
    Not,
    /// Under the condition that the text beside it names.
    If,
    /// Unknown.
    Unknown,
}

impl Limit {
    /// As the plan holds it; the text is the condition, or else the reason.
    pub fn split(self, text: &str) -> (Decision, Option<String>) {
        let reason = (!text.is_empty()).then(|| text.to_owned());
        match self {
            Self::Do => (Decision::Perform, reason),
            Self::Not => (Decision::DoNot, reason),
            Self::If => (Decision::Otherwise(reason), None),
            Self::Unknown => (Decision::Unknown, reason),
        }
    }
}

/// A life.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// Ages at which it happens.
    pub ages: (i16, i16),
    /// Capable of medical decisions at the last stage?
    pub capable: (bool, &'static str),
    /// Has an ICD.
    pub icd: bool,
    /// What the plan says, earliest first.
    pub stages: &'static [Stage],
    /// Life wishes: domain, wish, action.
    pub life: &'static [(LifeDomain, &'static str, &'static str)],
    /// Another agreement, where there is one.
    pub agreement: &'static str,
}

use Limit::{Do, If, Not, Unknown};

const ALL_DO: [(Limit, &str); 6] =
    [(Do, "Voelt zich goed en wil alle kansen benutten."), (Do, ""), (Do, ""), (Do, ""), (Do, ""), (Do, "")];

/// The lives.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        ages: (66, 82),
        capable: (true, ""),
        icd: true,
        stages: &[
            Stage {
                goal: PolicyGoal::ProlongLife,
                limits: ALL_DO,
                wishes: "Wil blijven tuinieren zolang het hart het toelaat. Graag vooraf uitleg bij elke nieuwe pil.",
                place: (Place::Unknown, "Wil hier later over praten"),
                euthanasia: (EuthanasiaPosition::Unknown, ""),
                purpose: "De kleinkinderen zien opgroeien.",
            },
            Stage {
                goal: PolicyGoal::CareForIllness,
                limits: [
                    (If, "Alleen bij een schokbaar ritme en als iemand erbij is"),
                    (If, "Kortdurend, bij een oorzaak die te behandelen is"),
                    (Not, "Een lange opname op de IC past niet meer bij wat nog haalbaar is."),
                    (Do, "Wel voor ontwateren, liefst dagbehandeling."),
                    (Do, ""),
                    (Do, ""),
                ],
                wishes: "Benauwdheid is wat mij het meeste angst geeft. Laat iemand bij mij blijven tot het zakt.",
                place: (Place::Home, "In de voorkamer, met uitzicht op de tuin"),
                euthanasia: (EuthanasiaPosition::HasNoStatement, "Heeft er wel over nagedacht"),
                purpose: "Vrijdagavond eten met het hele gezin.",
            },
        ],
        life: &[
            (
                LifeDomain::Physical,
                "Elke dag een rondje om het huis lopen.",
                "Fysiotherapeut oefent twee keer per week.",
            ),
            (LifeDomain::DailyLife, "De moestuin bijhouden.", "Zoon helpt met spitten."),
        ],
        agreement: "",
    },
    Scenario {
        ages: (78, 94),
        capable: (false, "Overziet de gevolgen van medische keuzes niet meer."),
        icd: false,
        stages: &[
            Stage {
                goal: PolicyGoal::CareForIllness,
                limits: [
                    (Not, "Wil niet verder als het hart stilstaat."),
                    (Not, "Geen slangen."),
                    (Not, ""),
                    (If, "Alleen bij een botbreuk of iets wat thuis niet te verzachten is"),
                    (Do, ""),
                    (Unknown, "Nog geen mening over."),
                ],
                wishes: "Is vroeger onderwijzeres geweest. Wordt rustig van muziek van Bach en van handen vasthouden.",
                place: (Place::Home, "Zolang het voor de mantelzorg gaat"),
                euthanasia: (EuthanasiaPosition::DoesNotWant, "Vanuit het geloof"),
                purpose: "Zondag naar de kerkdienst, desnoods via de tablet.",
            },
            Stage {
                goal: PolicyGoal::RelieveSymptoms,
                limits: [
                    (Not, "Eerder zelf zo gezegd, dochter bevestigt dit."),
                    (Not, ""),
                    (Not, ""),
                    (Not, "Een ziekenhuis maakt onrustig; zorg op de eigen kamer."),
                    (If, "Alleen als het benauwdheid of pijn verlicht"),
                    (Not, ""),
                ],
                wishes: "Aanraken mag, mits eerst aangekondigd. Schrikt van fel licht.",
                place: (Place::NursingHome, "De afdeling is nu het thuis"),
                euthanasia: (EuthanasiaPosition::DoesNotWant, "Vanuit het geloof"),
                purpose: "Muziek en familie om zich heen.",
            },
        ],
        life: &[
            (
                LifeDomain::Psychological,
                "Niet alleen zijn als het donker wordt.",
                "Avonddienst komt om zeven uur even zitten.",
            ),
            (LifeDomain::Spiritual, "De dominee blijft langskomen.", "Dochter maakt de afspraken."),
        ],
        agreement: "",
    },
    Scenario {
        ages: (54, 79),
        capable: (true, ""),
        icd: false,
        stages: &[
            Stage {
                goal: PolicyGoal::ProlongLife,
                limits: ALL_DO,
                wishes: "Wil elke behandeling proberen die tijd geeft. Eerlijke uitleg, ook als het slecht nieuws is.",
                place: (Place::Unknown, ""),
                euthanasia: (EuthanasiaPosition::Unknown, "Nog niet aan toe"),
                purpose: "De bruiloft van de jongste meemaken.",
            },
            Stage {
                goal: PolicyGoal::RelieveSymptoms,
                limits: [
                    (Not, "De ziekte is niet meer te genezen; reanimeren zou het lijden verlengen."),
                    (Not, ""),
                    (Not, ""),
                    (If, "Alleen als de pijn thuis niet te behandelen is"),
                    (Do, "Als het zich daar beter van voelt."),
                    (If, "Alleen als het klachten vermindert"),
                ],
                wishes: "Helder blijven is belangrijker dan helemaal zonder pijn zijn.",
                place: (Place::Home, "Bij partner en kinderen"),
                euthanasia: (EuthanasiaPosition::HasStatement, "Ligt bij de huisarts, in gesprek over het moment"),
                purpose: "Nog een keer naar zee.",
            },
        ],
        life: &[
            (LifeDomain::Social, "Afscheid nemen van de collega's.", "Maatschappelijk werk helpt met een bijeenkomst."),
            (LifeDomain::Care, "Zo veel mogelijk dezelfde gezichten.", "Klein team van drie verpleegkundigen."),
        ],
        agreement: "Palliatieve sedatie is besproken voor als pijn of benauwdheid niet meer te verlichten is.",
    },
    Scenario {
        ages: (83, 98),
        capable: (true, ""),
        icd: false,
        stages: &[Stage {
            goal: PolicyGoal::CareForIllness,
            limits: [
                (Not, "Vindt het leven voltooid genoeg."),
                (Not, ""),
                (Not, ""),
                (Do, "Voor een paar dagen, als er daarna weer naar huis kan worden gegaan."),
                (Do, ""),
                (Do, ""),
            ],
            wishes: "Slecht ter been, goed van geest. Praat langzaam en kijk mij aan, dan versta ik u.",
            place: (Place::Hospice, "Wil de kinderen niet belasten"),
            euthanasia: (EuthanasiaPosition::HasNoStatement, ""),
            purpose: "De kaartclub op dinsdag.",
        }],
        life: &[(LifeDomain::Social, "Blijven kaarten met de buren.", "Belbus rijdt op dinsdag.")],
        agreement: "",
    },
    Scenario {
        ages: (62, 86),
        capable: (true, ""),
        icd: false,
        stages: &[
            Stage {
                goal: PolicyGoal::Unknown,
                limits: [
                    (Unknown, "Wil eerst met de longarts praten."),
                    (If, "Alleen met een kapje, geen buis"),
                    (Unknown, ""),
                    (Do, ""),
                    (Do, ""),
                    (Do, ""),
                ],
                wishes: "Raakt in paniek bij benauwdheid. Raam open en rustig mee ademen helpt.",
                place: (Place::Other, "Bij zijn zus in huis"),
                euthanasia: (EuthanasiaPosition::Unknown, ""),
                purpose: "De hond.",
            },
            Stage {
                goal: PolicyGoal::CareForIllness,
                limits: [
                    (Not, "De longen zijn te slecht om er goed uit te komen."),
                    (If, "Alleen met een kapje, geen buis"),
                    (Not, ""),
                    (Do, "Bij een longaanval, hoogstens een week."),
                    (Do, ""),
                    (Do, ""),
                ],
                wishes: "Raakt in paniek bij benauwdheid. Raam open en rustig mee ademen helpt.",
                place: (Place::Home, "Met de hond op bed"),
                euthanasia: (EuthanasiaPosition::HasNoStatement, ""),
                purpose: "De hond, en de oude racefiets opknappen.",
            },
        ],
        life: &[(LifeDomain::Physical, "Zelf kunnen douchen.", "Ergotherapeut kijkt naar een zitje.")],
        agreement: "",
    },
];
