//! Support in a complex case or doubt (V4): what is asked, of whom, the answer and the report. One question is open
//! until there is a report, a no, or it is needed no more.

use super::Talk;
use crate::coded::coded;
use crate::ident::{OrganisationId, PersonId};
use crate::path::{Step, What};
use crate::plan::Recorder;
use crate::role::Role;
use crate::task::{Assignee, Kind};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

coded! {
    /// Which support.
    pub enum SupportKind {
        PalliativeNurse "palliative-nurse" "palliatief verpleegkundige";
        PalliativeGp "palliative-gp" "kaderhuisarts palliatieve zorg";
        SpiritualCarer "spiritual-carer" "geestelijk verzorger";
        LifeQuestions "life-questions" "Centrum voor levensvragen";
        HomeVisit "home-visit" "continuïteitshuisbezoek (CHB) door een gespecialiseerd verpleegkundige";
        Other "other" "andere ondersteuning";
    }
}

coded! {
    /// Who refers for a continuïteitshuisbezoek.
    pub enum Referrer {
        Gp "gp" "de huisarts";
        Hospital "hospital" "het ziekenhuis";
    }
}

/// Of whom it is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AskedOf {
    /// A role, or somebody, at an organisation of the care team: they find it in their work.
    Team {
        /// The organisation.
        organisation: OrganisationId,
        /// In which role.
        role: Role,
        /// Who; absent: whoever has the role there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        /// As one reads it: 'een geestelijk verzorger van Thuiszorg Nabij'.
        words: String,
    },
    /// Somebody outside, in words: whoever asks also writes down the answer.
    Outside {
        /// Who, and how they were reached.
        words: String,
    },
}

impl AskedOf {
    /// As one reads it.
    pub fn words(&self) -> &str {
        match self {
            Self::Team { words, .. } | Self::Outside { words } => words,
        }
    }
}

/// A question for support.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportAsked {
    /// Which.
    pub kind: SupportKind,
    /// What is asked.
    pub question: String,
    /// Of whom.
    pub of: AskedOf,
    /// The day by which an answer is needed.
    pub needed_by: Date,
    /// Who refers, for a continuïteitshuisbezoek.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referrer: Option<Referrer>,
}

coded! {
    /// What was answered.
    pub enum ReplyKind {
        Comes "comes" "pakt het op; een verslag volgt";
        Report "report" "advies of verslag";
        No "no" "kan dit niet doen";
        Withdrawn "withdrawn" "niet meer nodig";
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Number of the step that asked.
    pub asked: u32,
    /// What.
    pub kind: ReplyKind,
    /// In words.
    pub words: String,
}

/// A question with what became of it.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The step that asked; its number names the question.
    pub step: &'a Step,
    /// What was asked.
    pub asked: &'a SupportAsked,
    /// Answers, oldest first.
    pub replies: Vec<(&'a Step, &'a Reply)>,
    /// Number of the last step with which whoever asked told that they read it; 0: never.
    read: u32,
}

impl Request<'_> {
    /// Does it wait for somebody's report?
    pub fn is_open(&self) -> bool {
        self.replies.iter().all(|(_, reply)| reply.kind == ReplyKind::Comes)
    }

    /// The newest answer that whoever asked did not read yet. What they wrote down themselves they know.
    pub fn unread(&self) -> Option<&Step> {
        let theirs = |by: &Recorder| by.person.is_none() || by.person != self.step.by.person;
        self.replies.iter().rev().map(|(step, _)| *step).find(|s| s.number > self.read && theirs(&s.by))
    }

    /// In a word: where it stands.
    pub fn state(&self) -> &'static str {
        match self.replies.last().map(|(_, reply)| reply.kind) {
            None => "wacht op antwoord",
            Some(ReplyKind::Comes) => "opgepakt; het verslag volgt",
            Some(ReplyKind::Report) => "beantwoord",
            Some(ReplyKind::No) => "kan niet",
            Some(ReplyKind::Withdrawn) => "niet meer nodig",
        }
    }
}

/// Every question for support, oldest first.
pub fn requests(steps: &[Step]) -> Vec<Request<'_>> {
    let mut all: Vec<Request<'_>> = Vec::new();
    for step in steps {
        let of = |all: &[Request<'_>], number: u32| all.iter().position(|r| r.step.number == number);
        match &step.what {
            What::Talk(Talk::Asked(asked)) => all.push(Request { step, asked, replies: Vec::new(), read: 0 }),
            What::Talk(Talk::Replied(reply)) => {
                if let Some(i) = of(&all, reply.asked) {
                    all[i].replies.push((step, reply));
                }
            }
            What::Talk(Talk::Read { asked, .. }) => {
                if let Some(i) = of(&all, *asked) {
                    all[i].read = step.number;
                }
            }
            _ => {}
        }
    }
    all
}

/// The question with this number.
pub fn request(steps: &[Step], number: u32) -> Option<Request<'_>> {
    requests(steps).into_iter().find(|r| r.step.number == number)
}

/// Whose a task about this question is: who was asked, and who asked where there is an answer, or where it was asked of
/// somebody outside.
pub fn assignee(steps: &[Step], kind: Kind, number: u32) -> Option<Assignee> {
    let request = request(steps, number)?;
    let by = &request.step.by;
    let asker = || Assignee { organisation: by.organisation.clone(), role: by.role, person: by.person.clone() };
    match (kind, &request.asked.of) {
        (Kind::Support, AskedOf::Team { organisation, role, person, .. }) => {
            Some(Assignee { organisation: organisation.clone(), role: Some(*role), person: person.clone() })
        }
        (Kind::Support | Kind::SupportAnswer, _) => Some(asker()),
        _ => None,
    }
}
