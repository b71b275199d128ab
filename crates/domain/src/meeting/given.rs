//! From what was typed about a meeting to what is kept; everything that is wrong with it, each at its field.

use super::{Agreed, Attendee, Decision, Discussed, Event, Kind, Meeting};
use crate::ident::{MeetingId, OrganisationId};
use crate::path::given::FARTHEST;
use crate::signal::{LATEST, LONGEST};
use crate::talk::AskedOf;
use crate::talk::given::{LONGEST_LINE, MOST, time};
use jiff::civil::Date;

/// Which field something is wrong with; a task by its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Kind of meeting.
    Kind,
    /// The day.
    On,
    /// The hour.
    At,
    /// The place.
    Place,
    /// Who chairs.
    Chair,
    /// Who else attends.
    Others,
    /// Who else knows the patient.
    Knows,
    /// How it goes.
    Situation,
    /// What was decided.
    Decisions,
    /// The decision in words.
    Words,
    /// Who leads the plan, outside the list.
    Lead,
    /// Who of the team does it.
    Who(usize),
    /// Who outside the team does it.
    Outside(usize),
    /// What.
    What(usize),
    /// By which day.
    By(usize),
}

/// What is wrong, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Where.
    pub part: Part,
    /// Dutch sentence for the field.
    pub sentence: String,
}

/// Everything that is wrong.
type Flaws = Vec<Flaw>;

fn flaw(flaws: &mut Flaws, part: Part, sentence: impl Into<String>) {
    flaws.push(Flaw { part, sentence: sentence.into() });
}

fn text(typed: &str, part: Part, most: usize, flaws: &mut Flaws) -> Option<String> {
    let typed = typed.trim();
    if typed.chars().count() > most {
        flaw(flaws, part, format!("Schrijf het korter: in hoogstens {most} tekens."));
    }
    (!typed.is_empty()).then(|| typed.to_owned())
}

/// One a line, without blank ones and doubles.
fn lines(typed: &str, part: Part, flaws: &mut Flaws) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for line in typed.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if !all.iter().any(|l| l == line) {
            all.push(line.to_owned());
        }
    }
    if all.len() > MOST {
        flaw(flaws, part, "Schrijf hoogstens twintig regels.");
    }
    if all.iter().any(|l| l.chars().count() > LONGEST_LINE) {
        flaw(flaws, part, "Schrijf elke regel korter: in hoogstens 200 tekens.");
    }
    all
}

/// A meeting as typed; the day as `jjjj-mm-dd`.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each is the field of its name in `Meeting`")]
pub struct MeetingGiven {
    pub kind: String,
    pub on: String,
    pub at: String,
    pub place: String,
    pub chair: String,
    pub with: Vec<OrganisationId>,
    /// Who was ticked.
    pub attends: Vec<Attendee>,
    /// Who else, one a line.
    pub others: String,
}

/// A meeting that this organisation calls.
///
/// # Errors
/// Everything that is wrong with it.
pub fn meeting(given: &MeetingGiven, organisation: &OrganisationId, today: Date) -> Result<Meeting, Vec<Flaw>> {
    let mut flaws = Flaws::new();
    let kind = Kind::of_code(&given.kind).unwrap_or_else(|| {
        flaw(&mut flaws, Part::Kind, "Kies welk overleg het is.");
        Kind::Mdo
    });
    let on = match given.on.trim().parse::<Date>() {
        Ok(day) if today.until(day).is_ok_and(|s| s.get_days() > FARTHEST) => Err("Kies een dag binnen een jaar."),
        Ok(day) if day.until(today).is_ok_and(|s| i64::from(s.get_days()) > LATEST) => {
            Err("Kies een dag van het afgelopen jaar, of een die nog komt.")
        }
        Ok(day) => Ok(day),
        Err(_) if given.on.trim().is_empty() => Err("Kies de dag van het overleg."),
        Err(_) => Err("Dit is geen datum. Schrijf bijvoorbeeld 08-11-2026."),
    };
    let on = on.unwrap_or_else(|sentence| {
        flaw(&mut flaws, Part::On, sentence);
        today
    });
    let at = match given.at.trim() {
        "" => None,
        typed => time(typed).map_err(|sentence| flaw(&mut flaws, Part::At, sentence)).ok(),
    };
    let mut attends = given.attends.clone();
    let others = lines(&given.others, Part::Others, &mut flaws);
    attends.extend(others.into_iter().map(|words| Attendee { person: None, words }));
    let meeting = Meeting {
        kind,
        organisation: organisation.clone(),
        on,
        at,
        place: text(&given.place, Part::Place, LONGEST_LINE, &mut flaws),
        chair: text(&given.chair, Part::Chair, LONGEST_LINE, &mut flaws),
        with: given.with.iter().filter(|o| *o != organisation).cloned().collect(),
        attends,
    };
    if flaws.is_empty() { Ok(meeting) } else { Err(flaws) }
}

/// A task as typed; the day as `jjjj-mm-dd`.
#[derive(Debug, Clone, Default)]
pub struct TaskGiven {
    /// Who of the team, where one was chosen from the list.
    pub who: Option<AskedOf>,
    /// Who outside.
    pub outside: String,
    /// What.
    pub what: String,
    /// By which day.
    pub by: String,
}

impl TaskGiven {
    fn is_empty(&self) -> bool {
        self.who.is_none() && [&self.outside, &self.what, &self.by].into_iter().all(|t| t.trim().is_empty())
    }
}

/// What was said of a patient as typed.
#[derive(Debug, Clone, Default)]
pub struct DiscussedGiven {
    /// Who knows the patient, of those who were ticked.
    pub knows: Vec<String>,
    /// Who else does, one a line.
    pub knows_too: String,
    /// How it goes.
    pub situation: String,
    /// Codes of decisions.
    pub decisions: Vec<String>,
    /// In words.
    pub words: String,
    /// Who leads the plan, of the team.
    pub lead: Option<String>,
    /// Who leads it, where that is somebody else.
    pub lead_outside: String,
    /// New tasks; empty rows are passed over.
    pub tasks: Vec<TaskGiven>,
}

/// What a meeting said of a patient, and the tasks that it agreed on.
///
/// # Errors
/// Everything that is wrong with it.
pub fn discussed(
    given: &DiscussedGiven,
    id: &MeetingId,
    meeting: &Meeting,
    today: Date,
) -> Result<(Discussed, Vec<Agreed>), Vec<Flaw>> {
    let mut flaws = Flaws::new();
    let mut knows = given.knows.clone();
    for line in lines(&given.knows_too, Part::Knows, &mut flaws) {
        if !knows.contains(&line) {
            knows.push(line);
        }
    }
    let decisions: Vec<Decision> =
        Decision::ALL.iter().copied().filter(|d| given.decisions.iter().any(|code| code == d.code())).collect();
    let words = text(&given.words, Part::Words, LONGEST, &mut flaws);
    decided(&decisions, words.is_some(), &mut flaws);
    let elsewhere = text(&given.lead_outside, Part::Lead, LONGEST_LINE, &mut flaws);
    if given.lead.is_some() && elsewhere.is_some() {
        let sentence = "U koos al iemand uit het zorgteam. Maak dit veld leeg, of kies bij het zorgteam niemand.";
        flaw(&mut flaws, Part::Lead, sentence);
    }
    let said = Discussed {
        meeting: id.clone(),
        kind: meeting.kind,
        knows,
        situation: text(&given.situation, Part::Situation, LONGEST, &mut flaws),
        decisions,
        words,
        lead: given.lead.clone().or(elsewhere),
    };
    let filled = given.tasks.iter().enumerate().filter(|(_, t)| !t.is_empty());
    let tasks = filled.filter_map(|(i, task)| agreed(i, task, id, meeting, today, &mut flaws)).collect();
    if flaws.is_empty() { Ok((said, tasks)) } else { Err(flaws) }
}

fn decided(decisions: &[Decision], in_words: bool, flaws: &mut Flaws) {
    if decisions.is_empty() {
        flaw(flaws, Part::Decisions, "Kies wat er is besloten. Ook ‘nu niets doen’ is een besluit.");
    }
    let does = |d: &&Decision| !matches!(d, Decision::Nothing | Decision::Again | Decision::Marked);
    if let (true, Some(other)) = (decisions.contains(&Decision::Nothing), decisions.iter().find(does)) {
        let sentence = format!("U koos ‘nu niets doen’ en ook ‘{}’. Haal er één van weg.", other.dutch());
        flaw(flaws, Part::Decisions, sentence);
    }
    if decisions.contains(&Decision::Other) && !in_words {
        flaw(flaws, Part::Words, "Schrijf wat er is besloten.");
    }
}

/// One row that somebody filled in.
fn agreed(
    i: usize,
    given: &TaskGiven,
    id: &MeetingId,
    meeting: &Meeting,
    today: Date,
    flaws: &mut Flaws,
) -> Option<Agreed> {
    let before = flaws.len();
    let outside = text(&given.outside, Part::Outside(i), LONGEST_LINE, flaws);
    let who = match (given.who.clone(), outside) {
        (Some(who), None) => Some(who),
        (None, Some(words)) => Some(AskedOf::Outside { words }),
        (None, None) => {
            flaw(flaws, Part::Who(i), "Kies wie dit doet, of schrijf op wie buiten het zorgteam.");
            None
        }
        (Some(_), Some(_)) => {
            let sentence = "U koos al iemand uit het zorgteam. Maak dit veld leeg, of kies bij het zorgteam niemand.";
            flaw(flaws, Part::Outside(i), sentence);
            None
        }
    };
    let what = text(&given.what, Part::What(i), LONGEST_LINE, flaws);
    if what.is_none() {
        flaw(flaws, Part::What(i), "Schrijf wat er gebeurt.");
    }
    let by = match given.by.trim().parse::<Date>() {
        Ok(day) if day < meeting.on => Err("Deze dag is voor het overleg. Kies een latere dag."),
        Ok(day) if today.until(day).is_ok_and(|s| s.get_days() > FARTHEST) => Err("Kies een dag binnen een jaar."),
        Ok(day) => Ok(day),
        Err(_) if given.by.trim().is_empty() => Err("Schrijf uiterlijk welke dag."),
        Err(_) => Err("Dit is geen datum. Schrijf bijvoorbeeld 08-11-2026."),
    };
    let by = by.map_err(|sentence| flaw(flaws, Part::By(i), sentence)).ok();
    if flaws.len() > before {
        return None;
    }
    Some(Agreed { meeting: id.clone(), who: who?, what: what?, by: by? })
}

/// What is new against what stood: what was said, where it differs; the tasks, and those that are taken back.
pub fn events(before: Option<&Discussed>, said: Discussed, tasks: Vec<Agreed>, dropped: &[u32]) -> Vec<Event> {
    let mut all = Vec::new();
    let meeting = said.meeting.clone();
    if before != Some(&said) {
        all.push(Event::Discussed(said));
    }
    all.extend(dropped.iter().map(|task| Event::Dropped { meeting: meeting.clone(), task: *task }));
    all.extend(tasks.into_iter().map(Event::Agreed));
    all
}
