//! The reasons for a signal, of two kinds (PROCESS S1): an occasion, and features of the person.

use crate::coded::coded;

/// Of which kind a reason is. The VVT toolkit asks for one occasion and one or more features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Something happened.
    Occasion,
    /// Something that is so.
    Feature,
}

coded! {
    /// Why somebody thinks it is time to talk (PROCESS S1), and what makes a plan want looking at again (E1).
    pub enum Reason {
        Asks "asks" "patiënt vraagt naar zorg rond het levenseinde";
        RelativeAsks "relative-asks" "naaste vraagt ernaar";
        WithinYear "within-year" "overlijden binnen een jaar zou niet verbazen";
        Frail "frail" "kwetsbaar volgens screening";
        MoreFrail "more-frail" "wordt kwetsbaarder";
        Admitted "admitted" "opname in een zorginstelling";
        Hospital "hospital" "opname in of ontslag uit het ziekenhuis";
        Dementia "dementia" "diagnose dementie";
        Diagnosis "diagnosis" "nieuwe ernstige diagnose";
        Palliative "palliative" "palliatieve fase gemarkeerd";
        HomeVisit "home-visit" "verwijzing voor een continuïteitshuisbezoek";
        Worse "worse" "gezondheid of functioneren veranderde";
        Goals "goals" "wensen of doelen veranderden";
        Capacity "capacity" "wilsbekwaamheid veranderde";
        Place "place" "andere woonplek";
        Incurable "incurable" "ongeneeslijke, chronische of voortschrijdende ziekte";
        Seventy "seventy" "70 jaar of ouder";
        Arrest "arrest" "verhoogde kans op een hart- of ademstilstand";
        Cognition "cognition" "(beginnende) cognitieve beperkingen";
        Disability "disability" "verhoogde kans op ernstige, blijvende beperkingen";
    }
}

impl Reason {
    /// Of which kind it is.
    pub fn part(self) -> Part {
        match self {
            Self::Incurable | Self::Seventy | Self::Arrest | Self::Cognition | Self::Disability => Part::Feature,
            _ => Part::Occasion,
        }
    }
}
