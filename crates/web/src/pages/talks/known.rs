//! What is known already (V2): shown before anything else is asked, on the page, beside the report and beside the form.

use crate::pages::frame::Link;
use domain::ident::PatientId;
use domain::path::{Step, What};
use domain::plan::{Content, CurrentPlan, sum_up};
use domain::signal::{Openness, Signal};
use domain::talk;
use domain::words;
use jiff::civil::Date;
use store::path::Path;
use store::preparations::Preparation;

/// What is known already.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// What asks for attention, each in a sentence; on top of everything (V5).
    pub attention: Vec<String>,
    /// The plan, in a sentence, and where it is.
    pub plan: Option<(String, Link)>,
    /// What remains of earlier conversations.
    pub open: Vec<String>,
    /// Signals and what the patient answered, newest first.
    pub heard: Vec<Note>,
    /// What carers and others wrote down, newest first.
    pub facts: Vec<Note>,
    /// Advice and reports of whoever was asked for support, newest first.
    pub reports: Vec<Note>,
    /// Material that was given, newest first.
    pub given: Vec<String>,
    /// What was written down earlier, and what there is elsewhere: documents, plans of others.
    pub papers: Vec<String>,
    /// What the patient or the representative prepared at home (V3), newest first.
    pub prepared: Vec<AtHome>,
}

/// What one person prepared at home, for who holds the conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtHome {
    /// By whom, in which language, when.
    pub origin: String,
    /// Code of the language.
    pub language: &'static str,
    /// The questions in Dutch, the answers as they were written.
    pub answers: Vec<Answered>,
}

/// An answer that was prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The question, in Dutch.
    pub question: String,
    /// The answer, to the letter.
    pub text: String,
    /// What the button sends that takes it over into the plan, and the topic it goes to.
    pub take: Option<(String, String)>,
}

impl AtHome {
    fn of(preparation: &Preparation) -> Self {
        let prepared = &preparation.prepared;
        let answers = prepared.answers.iter().map(|(question, text)| Answered {
            question: words::capitalised(question.dutch()),
            text: text.clone(),
            take: question
                .taken_to()
                .map(|(topic, _)| (format!("neem:{}:{}", preparation.person, question.code()), words::in_text(topic))),
        });
        Self {
            origin: format!("{}: {}", prepared.name, prepared.origin()),
            language: prepared.language.code(),
            answers: answers.collect(),
        }
    }
}

/// Something that was written down, with its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The day.
    pub day: String,
    /// What.
    pub text: String,
    /// More about it.
    pub more: Option<String>,
    /// By whom.
    pub by: String,
}

/// At most so many of each: the line has them all.
const MOST: usize = 8;

impl Known {
    /// All of it.
    pub fn of(id: &PatientId, path: &Path, plan: Option<&CurrentPlan>, today: Date) -> Self {
        let steps = &path.steps;
        let content = plan.map(|p| &p.content);
        let left = |open: talk::StillOpen| {
            format!("{} (blijft liggen sinds {})", words::capitalised(&open.what.words()), words::day(open.since))
        };
        let note = |step: &Step, text: String, more: Option<String>| Note {
            day: words::day(step.day),
            text,
            more,
            by: step.by.name.clone(),
        };
        let facts = talk::facts(steps).into_iter().map(|(step, fact)| note(step, fact.sentence(), None));
        let requests = talk::requests(steps);
        let told = requests.iter().flat_map(|r| {
            let title = words::capitalised(r.asked.kind.dutch());
            r.replies.iter().map(move |(step, reply)| note(step, title.clone(), Some(reply.words.clone())))
        });
        let mut reports: Vec<Note> = told.collect();
        reports.reverse();
        reports.truncate(MOST);
        Self {
            attention: talk::attention(steps).map(|(_, a)| a.lines()).unwrap_or_default(),
            plan: content.map(|content| {
                let link = Link::to(format!("/patienten/{id}/plan"), "Lees het hele plan");
                (sum_up(content, Some(today)), link)
            }),
            open: talk::still_open(steps, content).into_iter().map(left).collect(),
            heard: steps.iter().rev().filter_map(|s| heard(s).map(|(t, m)| note(s, t, m))).take(MOST).collect(),
            facts: facts.collect(),
            reports,
            given: talk::materials(steps).into_iter().take(MOST).map(material).collect(),
            papers: content.map(papers).unwrap_or_default(),
            prepared: Vec::new(),
        }
    }

    /// With what was prepared at home.
    pub fn with(self, prepared: &[Preparation]) -> Self {
        Self { prepared: prepared.iter().filter(|p| !p.prepared.answers.is_empty()).map(AtHome::of).collect(), ..self }
    }

    /// The same, where there is no form to take anything over into.
    pub fn without_taking(mut self) -> Self {
        self.prepared.iter_mut().flat_map(|p| &mut p.answers).for_each(|a| a.take = None);
        self
    }

    /// Is there nothing at all?
    pub fn is_empty(&self) -> bool {
        self.plan.is_none()
            && self.open.is_empty()
            && self.heard.is_empty()
            && self.reports.is_empty()
            && self.papers.is_empty()
            && self.given.is_empty()
            && self.prepared.is_empty()
    }
}

/// What was given, with its day.
pub fn material((step, given): (&Step, &talk::MaterialGiven)) -> String {
    format!("{} op {}", given.sentence(), words::day(step.day))
}

/// A signal or an answer, with what was said.
fn heard(step: &Step) -> Option<(String, Option<String>)> {
    match &step.what {
        What::Signal(signal) => Some((signal_words(signal), signal.words.clone())),
        What::Asked(Openness::Yes) => Some(("De patiënt staat open voor een gesprek".to_owned(), None)),
        What::Asked(Openness::NotNow { ask_again_on, material }) => Some((
            format!("De patiënt wil nu niet; opnieuw vragen vanaf {}", words::day(*ask_again_on)),
            Some(format!("Informatiemateriaal: {}.", material.dutch())),
        )),
        What::Asked(Openness::No { reason }) => Some(("De patiënt wil geen gesprek".to_owned(), Some(reason.clone()))),
        _ => None,
    }
}

fn signal_words(signal: &Signal) -> String {
    let reasons: Vec<&str> = signal.reasons.iter().map(|r| r.dutch()).collect();
    let with = signal.talks_with.as_ref().map(|who| format!("; praat graag met {who}")).unwrap_or_default();
    format!("Signaal: {}{with}", words::join(&reasons))
}

/// Earlier written wishes that the plan knows.
fn papers(plan: &Content) -> Vec<String> {
    plan.documents.values().filter_map(|document| words::document_line(plan, document)).collect()
}
