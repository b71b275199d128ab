//! Logical ids: a resource's id is the patient's id and the resource's place in the plan, so that it stays through
//! every version and a read needs no index.

use super::ResourceType;
use domain::ident::PatientId;
use domain::people::{PersonKey, ProfessionalKey};
use domain::plan::{ConversationKey, DocumentKey, Treatment};
use std::fmt;

/// A resource's logical id: `{patient}-{local}`; a Patient's own is the bare patient id.
pub fn resource_id(patient: &PatientId, local: &str) -> String {
    if local.is_empty() { patient.to_string() } else { format!("{patient}-{local}") }
}

/// The patient and the local part of a logical id; the local part of a Patient's own is empty. `None` for what this
/// server cannot have given out.
pub fn split_id(id: &str) -> Option<(PatientId, &str)> {
    let Some((patient, local)) = id.split_once('-') else {
        return Some((PatientId::parse(id).ok()?, ""));
    };
    let known = Local::parse(local).is_some_and(|l| l != Local::Patient);
    if known { Some((PatientId::parse(patient).ok()?, local)) } else { None }
}

/// A resource's place in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Local {
    /// The patient; no local part.
    Patient,
    /// `e{key}`: a conversation as Encounter.
    Encounter(ConversationKey),
    /// `c{key}`: the same conversation as Procedure.
    Procedure(ConversationKey),
    /// `z{key}`: a professional, as PractitionerRole and as Practitioner.
    Professional(ProfessionalKey),
    /// `p{key}`: a contact person.
    Person(PersonKey),
    /// `ad{key}`: an earlier written wish.
    Document(DocumentKey),
    /// A topic; with `-proposed` the proposal that stands beside what is in force (decision 1).
    Topic(Subject, Standing),
    /// `v{number}`: a version as QuestionnaireResponse.
    Form(u32),
}

/// In force, or proposed beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// What counts.
    Current,
    /// Proposed, not set medically.
    Proposed,
}

/// What a topic's resource is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// Topic 3.
    Goal,
    /// Topics 4a to 4f and 4i.
    Treatment(Treatment),
    /// Topic 4g: the n-th other limit, from 1.
    Other(u32),
    /// Topic 4h: that there is an ICD.
    Icd,
    /// Topic 4h: the ICD itself.
    IcdDevice,
    /// Topic 1.
    Capacity,
    /// Topic 5a.
    Wishes,
    /// Topic 5b.
    Place,
    /// Topic 5c.
    Euthanasia,
    /// Topic 5d.
    Donor,
    /// Topic 6.
    Purpose,
    /// Topic 7 where no document is held (decision 35).
    Earlier,
    /// Topic 8a.
    Inform,
}

/// The names of the topics that do not carry a number.
const NAMES: [(&str, Subject); 18] = [
    ("goal", Subject::Goal),
    ("cpr", Subject::Treatment(Treatment::Cpr)),
    ("ventilation", Subject::Treatment(Treatment::Ventilation)),
    ("icu", Subject::Treatment(Treatment::Icu)),
    ("hospital", Subject::Treatment(Treatment::Hospital)),
    ("antibiotics", Subject::Treatment(Treatment::Antibiotics)),
    ("blood", Subject::Treatment(Treatment::BloodProduct)),
    ("icd-off", Subject::Treatment(Treatment::IcdDeactivation)),
    ("icd", Subject::Icd),
    ("icd-device", Subject::IcdDevice),
    ("capacity", Subject::Capacity),
    ("wishes", Subject::Wishes),
    ("place", Subject::Place),
    ("euthanasia", Subject::Euthanasia),
    ("donor", Subject::Donor),
    ("purpose", Subject::Purpose),
    ("ad-earlier", Subject::Earlier),
    ("inform", Subject::Inform),
];

const PROPOSED: &str = "-proposed";

impl Subject {
    /// May a proposal stand beside it? The goal and the limits (decision 1).
    fn may_be_proposed(self) -> bool {
        matches!(self, Self::Goal | Self::Treatment(_) | Self::Other(_))
    }
}

impl Local {
    /// What counts on a topic.
    pub const fn of(subject: Subject) -> Self {
        Self::Topic(subject, Standing::Current)
    }

    /// Reads a local part.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::Patient);
        }
        let (name, standing) = match text.strip_suffix(PROPOSED) {
            Some(name) => (name, Standing::Proposed),
            None => (text, Standing::Current),
        };
        let subject = NAMES
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, s)| *s)
            .or_else(|| number(name.strip_prefix("other-")?).map(Subject::Other));
        if let Some(subject) = subject {
            return (standing == Standing::Current || subject.may_be_proposed())
                .then_some(Self::Topic(subject, standing));
        }
        let keyed = |prefix: &str| number(text.strip_prefix(prefix)?);
        keyed("ad")
            .map(|n| Self::Document(DocumentKey(n)))
            .or_else(|| keyed("e").map(|n| Self::Encounter(ConversationKey(n))))
            .or_else(|| keyed("c").map(|n| Self::Procedure(ConversationKey(n))))
            .or_else(|| keyed("z").map(|n| Self::Professional(ProfessionalKey(n))))
            .or_else(|| keyed("p").map(|n| Self::Person(PersonKey(n))))
            .or_else(|| keyed("v").map(Self::Form))
    }

    /// Can a resource of this type stand at this place?
    pub fn is_of(self, kind: ResourceType) -> bool {
        use ResourceType as R;
        match self {
            Self::Patient => kind == R::Patient,
            Self::Encounter(_) => kind == R::Encounter,
            Self::Procedure(_) => kind == R::Procedure,
            Self::Professional(_) => matches!(kind, R::PractitionerRole | R::Practitioner),
            Self::Person(_) => kind == R::RelatedPerson,
            Self::Document(_) => kind == R::Consent,
            Self::Form(_) => kind == R::QuestionnaireResponse,
            Self::Topic(subject, _) => kind == subject.kind(),
        }
    }
}

impl Subject {
    /// The type of the resource that tells it.
    pub fn kind(self) -> ResourceType {
        match self {
            Self::Goal => ResourceType::Goal,
            Self::Treatment(_) | Self::Other(_) | Self::Earlier => ResourceType::Consent,
            Self::Icd => ResourceType::DeviceUseStatement,
            Self::IcdDevice => ResourceType::Device,
            Self::Capacity | Self::Wishes | Self::Place | Self::Euthanasia | Self::Donor | Self::Purpose => {
                ResourceType::Observation
            }
            Self::Inform => ResourceType::CommunicationRequest,
        }
    }
}

/// A number as we write it: digits without a leading zero.
fn number(text: &str) -> Option<u32> {
    let n: u32 = text.parse().ok()?;
    (n > 0 && n.to_string() == text).then_some(n)
}

impl fmt::Display for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Patient => Ok(()),
            Self::Encounter(key) => write!(f, "e{}", key.0),
            Self::Procedure(key) => write!(f, "c{}", key.0),
            Self::Professional(key) => write!(f, "z{}", key.0),
            Self::Person(key) => write!(f, "p{}", key.0),
            Self::Document(key) => write!(f, "ad{}", key.0),
            Self::Form(number) => write!(f, "v{number}"),
            Self::Topic(subject, standing) => {
                match subject {
                    Subject::Other(n) => write!(f, "other-{n}")?,
                    named => f.write_str(NAMES.iter().find(|(_, s)| s == named).map_or("", |(n, _)| *n))?,
                }
                f.write_str(if *standing == Standing::Proposed { PROPOSED } else { "" })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_as_it_was_given() {
        let patient = PatientId::from_bits(7);
        for local in [
            "",
            "e1",
            "c12",
            "z3",
            "p4",
            "goal",
            "goal-proposed",
            "cpr",
            "cpr-proposed",
            "icd-off-proposed",
            "icd",
            "icd-device",
            "icd-off",
            "other-1",
            "other-12-proposed",
            "ad5",
            "ad-earlier",
            "capacity",
            "inform",
            "v3",
            "blood",
        ] {
            let id = resource_id(&patient, local);
            assert!(id.len() <= 64);
            assert_eq!(split_id(&id), Some((patient.clone(), local)), "{local}");
            assert_eq!(Local::parse(local).unwrap().to_string(), local);
        }
    }

    #[test]
    fn what_was_never_given_out_is_nobodys() {
        let patient = PatientId::from_bits(7);
        for local in [
            "e",
            "e0",
            "e01",
            "x1",
            "capacity-proposed",
            "other-0",
            "other-",
            "ad",
            "-",
            "v-1",
            "e1-proposed",
            "cpr-proposed-proposed",
        ] {
            assert_eq!(split_id(&format!("{patient}-{local}")), None, "{local}");
        }
        assert_eq!(split_id("1"), None);
        assert_eq!(split_id(&format!("{patient}-")), None);
    }

    #[test]
    fn a_place_belongs_to_one_type() {
        let of = |local: &str, kind| Local::parse(local).unwrap().is_of(kind);
        assert!(of("z1", ResourceType::Practitioner) && of("z1", ResourceType::PractitionerRole));
        assert!(of("ad-earlier", ResourceType::Consent) && of("icd-off", ResourceType::Consent));
        assert!(!of("icd", ResourceType::Device) && of("icd-device", ResourceType::Device));
        assert!(!of("e1", ResourceType::Procedure));
    }
}
