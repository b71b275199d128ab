//! How a region brings proactive care planning about (PROCESS M5): who takes part, how they work now, what they wish, what is
//! going to be done, who pulls it, and how far it is. About organisations and professionals only, never about a patient.

pub mod given;

use crate::coded::coded;
use crate::ident::{NoteId, OrganisationId};
use crate::words;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

coded! {
    /// Where in the care of a region an organisation belongs.
    pub enum Sector {
        Gp "gp" "huisartsen en POH";
        Dementia "dementia" "keten dementie";
        Vvt "vvt" "verpleging, verzorging en thuiszorg";
        Hospital "hospital" "ziekenhuis";
        Palliative "palliative" "netwerk palliatieve zorg";
        Welfare "welfare" "welzijn";
        Other "other" "overig";
    }
}

coded! {
    /// What is asked about how an organisation works now.
    pub enum Question {
        Guideline "guideline" "Richtlijn bekend";
        Agreements "agreements" "Eigen of regionale afspraken";
        CaseManagement "case-management" "Vast in het casemanagement";
        Roles "roles" "Rollen duidelijk";
        Recording "recording" "Vastleggen en delen";
        Wider "wider" "Voor een bredere groep";
    }
}

impl Question {
    /// As it is asked.
    pub fn asked(self) -> &'static str {
        match self {
            Self::Guideline => "Kennen uw mensen de richtlijn over proactieve zorgplanning, en werken zij ernaar?",
            Self::Agreements => "Werkt u volgens afspraken over het gesprek: van uzelf, of van de hele regio?",
            Self::CaseManagement => "Hoort het gesprek standaard bij het casemanagement dementie?",
            Self::Roles => "Weet iedereen wie begint, wie het gesprek voert en wie vastlegt?",
            Self::Recording => "Is afgesproken waar wensen worden vastgelegd, en hoe anderen ze te zien krijgen?",
            Self::Wider => "Gelden er ook afspraken voor andere mensen dan mensen met dementie?",
        }
    }

    /// What its explanation is for.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Guideline => "Wie wel, wie nog niet?",
            Self::Agreements => "Welke afspraken, en met wie?",
            Self::CaseManagement => "Met welke hulpmiddelen werkt u?",
            Self::Roles => "Waar is het nog onduidelijk?",
            Self::Recording => "In welk formulier of systeem, en wie kan erbij?",
            Self::Wider => "Voor wie, en past dat ook bij mensen met dementie en hun naasten?",
        }
    }
}

coded! {
    /// How it is now.
    pub enum Level {
        Yes "yes" "ja";
        Partly "partly" "deels";
        No "no" "nee";
        Unknown "unknown" "weet niet";
    }
}

coded! {
    /// What is asked about how it should become.
    pub enum Wish {
        Cooperation "cooperation" "Samenwerking";
        Awareness "awareness" "Bewustwording";
        Skills "skills" "Gespreksvaardigheid";
        Training "training" "Scholing";
        Recording "recording" "Hoe cliënten wensen vastleggen";
        Sharing "sharing" "Afspraken over delen";
        Association "association" "Huisartsenvereniging betrokken";
    }
}

impl Wish {
    /// As it is asked.
    pub fn asked(self) -> &'static str {
        match self {
            Self::Cooperation => "Hoe moet de samenwerking tussen organisaties worden?",
            Self::Awareness => "Wat is nodig om collega's te laten zien waarom dit gesprek ertoe doet?",
            Self::Skills => "Wat is nodig om het gesprek goed te kunnen voeren?",
            Self::Training => "Is er scholing nodig?",
            Self::Recording => {
                "Hoe moet voor iedereen duidelijk worden welke wensen cliënten kunnen vastleggen, en hoe?"
            }
            Self::Sharing => "Welke afspraken zijn nodig om wensen met elkaar te delen, ook als zij veranderen?",
            Self::Association => "Hoe moet de huisartsenvereniging erbij betrokken zijn?",
        }
    }

    /// What its explanation is for.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Cooperation => "Met wie vooral, en waarover?",
            Self::Awareness => "Bij welke groep is dat het hardst nodig?",
            Self::Skills => "Wat vinden uw mensen het lastigst?",
            Self::Training => "Voor wie, en waarover?",
            Self::Recording => "Denk aan een levensverhaal, een vertegenwoordiger, een wilsverklaring.",
            Self::Sharing => "Wat ontbreekt nu?",
            Self::Association => "Wie kan het contact leggen?",
        }
    }
}

coded! {
    /// How much it asks.
    pub enum Need {
        Fine "fine" "goed zoals het is";
        Better "better" "kan beter";
        First "first" "hier eerst aan werken";
        Unknown "unknown" "weet niet";
    }
}

/// Questions that are read beside each other: how it is, and how it should become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Its name.
    pub title: &'static str,
    /// How it is.
    pub now: &'static [Question],
    /// How it should become.
    pub wish: &'static [Wish],
}

/// Every question, in the themes under which they are compared.
pub const THEMES: [Theme; 4] = [
    Theme {
        title: "Weten en kunnen",
        now: &[Question::Guideline],
        wish: &[Wish::Awareness, Wish::Skills, Wish::Training],
    },
    Theme {
        title: "Samenwerken",
        now: &[Question::Agreements, Question::Roles],
        wish: &[Wish::Cooperation, Wish::Association],
    },
    Theme {
        title: "Vast in het werk, en vastgelegd",
        now: &[Question::CaseManagement, Question::Recording],
        wish: &[Wish::Recording, Wish::Sharing],
    },
    Theme { title: "Andere groepen", now: &[Question::Wider], wish: &[] },
];

/// An organisation that takes part. Sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Where it belongs.
    pub sector: Sector,
    /// Name.
    pub name: String,
    /// The professional to turn to, with how to reach them.
    #[serde(default)]
    pub contact: String,
    /// The organisation here that it is, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<OrganisationId>,
    /// Takes part no more; what it answered stays to be read.
    #[serde(default)]
    pub left: bool,
}

impl Party {
    /// May it answer by its link? Who takes part no more may not: the link opens nothing from then on.
    pub fn answers_by_link(&self) -> bool {
        !self.left
    }
}

/// An answer with its explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply<T> {
    /// The choice; none where only something was written.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub choice: Option<T>,
    /// Explanation.
    #[serde(default)]
    pub words: String,
}

/// What an organisation answered. Sealed at rest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// Who filled it in: name and function of a professional.
    #[serde(default)]
    pub by: String,
    /// How it is.
    #[serde(default)]
    pub now: BTreeMap<Question, Reply<Level>>,
    /// How it should become.
    #[serde(default)]
    pub wish: BTreeMap<Wish, Reply<Need>>,
    /// The day on which it was sent in; it can be amended afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_on: Option<Date>,
}

/// How many questions there are.
pub const QUESTIONS: usize = Question::ALL.len() + Wish::ALL.len();

impl Answers {
    /// How many questions have an answer.
    pub fn answered(&self) -> usize {
        self.now.values().filter(|r| r.choice.is_some()).count()
            + self.wish.values().filter(|r| r.choice.is_some()).count()
    }
}

/// How often each answer was given to a question, and how many organisations did not answer it.
pub fn tally<T: Copy + PartialEq>(
    choices: &[T],
    given: impl IntoIterator<Item = Option<T>>,
) -> (Vec<(T, usize)>, usize) {
    let mut counts: Vec<(T, usize)> = choices.iter().map(|c| (*c, 0)).collect();
    let mut none = 0;
    for one in given {
        match counts.iter_mut().find(|(c, _)| Some(*c) == one) {
            Some((_, n)) => *n += 1,
            None => none += 1,
        }
    }
    (counts, none)
}

/// What the region wants together, in the coordinator's words. Sealed at rest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aim {
    /// In words.
    pub words: String,
}

coded! {
    /// How far an action is.
    pub enum State {
        Open "open" "te doen";
        Busy "busy" "mee bezig";
        Done "done" "klaar";
        Dropped "dropped" "vervalt";
    }
}

/// Something that is going to be done. Sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What.
    pub what: String,
    /// Who sees to it.
    pub owner: String,
    /// By which day.
    pub by: Date,
    /// How far it is.
    pub state: State,
    /// Why it is dropped, or what came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// The wish it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wish: Option<Wish>,
    /// The organisation it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<NoteId>,
}

impl Action {
    /// Is somebody still to do something?
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Open | State::Busy)
    }

    /// Is its day over, and it is not done?
    pub fn is_late(&self, today: Date) -> bool {
        self.is_open() && self.by < today
    }
}

/// Somebody of the working group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Name.
    pub name: String,
    /// Role.
    pub role: String,
    /// For which organisation.
    pub organisation: String,
}

/// A meeting of the working group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    /// When.
    pub on: Date,
    /// What was said and agreed.
    pub notes: String,
}

/// Who pulls it. Sealed at rest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its members.
    pub members: Vec<Member>,
    /// Its meetings, the earliest first.
    pub sittings: Vec<Sitting>,
}

/// Everything of a region's inventory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Who takes part, each with its answers.
    pub parties: Vec<(NoteId, Party, Option<Answers>)>,
    /// What the region wants.
    pub aim: Aim,
    /// What is going to be done.
    pub actions: Vec<(NoteId, Action)>,
    /// Who pulls it.
    pub group: Group,
}

coded! {
    /// The steps of the plan.
    pub enum Stage {
        Parties "parties" "Wie doet mee?";
        Now "now" "Hoe werken zij nu?";
        Wish "wish" "Wat willen wij?";
        Actions "actions" "Wat gaan wij doen?";
        Group "group" "Wie trekt het?";
        Follow "follow" "Gebeurt het ook?";
    }
}

/// How a step stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stands {
    /// Which.
    pub stage: Stage,
    /// Is it done?
    pub done: bool,
    /// How it stands, in a sentence.
    pub sentence: String,
}

impl Inventory {
    /// Who takes part, and did not leave.
    pub fn taking_part(&self) -> impl Iterator<Item = &(NoteId, Party, Option<Answers>)> {
        self.parties.iter().filter(|(_, party, _)| !party.left)
    }

    /// How each step stands, in order.
    pub fn stands(&self, today: Date) -> Vec<Stands> {
        Stage::ALL.iter().map(|stage| self.stand(*stage, today)).collect()
    }

    /// The step that one is at: the first that is not done.
    pub fn stage(&self, today: Date) -> Option<Stage> {
        self.stands(today).into_iter().find(|s| !s.done).map(|s| s.stage)
    }

    fn stand(&self, stage: Stage, today: Date) -> Stands {
        let (done, sentence) = match stage {
            Stage::Parties => self.parties_stand(),
            Stage::Now => self.answers_stand(),
            Stage::Wish if self.aim.words.is_empty() => {
                (false, "Nog niet opgeschreven wat de regio samen wil.".to_owned())
            }
            Stage::Wish => (true, "Opgeschreven wat de regio samen wil.".to_owned()),
            Stage::Actions => {
                let many = words::counted(self.actions.len(), "actie", "acties");
                let text = if self.actions.is_empty() {
                    "Nog geen actie.".to_owned()
                } else {
                    format!("{many}, elk met een naam en een dag.")
                };
                (!self.actions.is_empty(), text)
            }
            Stage::Group => self.group_stands(today),
            Stage::Follow => self.follow_stands(today),
        };
        Stands { stage, done, sentence }
    }

    fn parties_stand(&self) -> (bool, String) {
        let has = |sector: Sector| self.taking_part().any(|(_, p, _)| p.sector == sector);
        let number = self.taking_part().count();
        if number == 0 {
            return (false, "Nog niemand.".to_owned());
        }
        let missing: Vec<&str> =
            Sector::ALL.iter().filter(|s| **s != Sector::Other && !has(**s)).map(|s| s.dutch()).collect();
        let many = words::counted(number, "organisatie doet mee", "organisaties doen mee");
        let rest =
            if missing.is_empty() { String::new() } else { format!(" Nog niemand van: {}.", missing.join("; ")) };
        // Without the general practices there is nothing to agree on.
        (number > 1 && has(Sector::Gp), format!("{many}.{rest}"))
    }

    fn answers_stand(&self) -> (bool, String) {
        let number = self.taking_part().count();
        let sent = self.taking_part().filter(|(.., a)| a.as_ref().is_some_and(|a| a.sent_on.is_some())).count();
        (number > 0 && sent == number, format!("{sent} van {number} stuurden de vragenlijst in."))
    }

    fn group_stands(&self, today: Date) -> (bool, String) {
        let Group { members, sittings } = &self.group;
        if members.is_empty() {
            return (false, "Nog geen werkgroep.".to_owned());
        }
        let many = words::counted(members.len(), "lid", "leden");
        let next = sittings.iter().map(|s| s.on).filter(|on| *on >= today).min();
        let last = sittings.iter().map(|s| s.on).filter(|on| *on < today).max();
        let when = match (next, last) {
            (Some(on), _) => format!("De volgende bijeenkomst is op {}.", words::day(on)),
            (None, Some(on)) => format!("De laatste bijeenkomst was op {}; er is geen nieuwe gepland.", words::day(on)),
            (None, None) => "Er is nog geen bijeenkomst gepland.".to_owned(),
        };
        (!sittings.is_empty(), format!("{many}. {when}"))
    }

    fn follow_stands(&self, today: Date) -> (bool, String) {
        let of = |state| self.actions.iter().filter(|(_, a)| a.state == state).count();
        let late = self.actions.iter().filter(|(_, a)| a.is_late(today)).count();
        let open = self.actions.iter().any(|(_, a)| a.is_open());
        let text = format!(
            "{} klaar, {} mee bezig, {} te doen, {} vervallen; {late} te laat.",
            of(State::Done),
            of(State::Busy),
            of(State::Open),
            of(State::Dropped)
        );
        (!self.actions.is_empty() && !open, text)
    }
}

#[cfg(test)]
mod tests;
