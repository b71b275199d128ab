//! What lies on the table while a plan is written: the plan as it stands, the draft, and what was typed just now; and
//! from that the input of the next version.

use super::extra;
use super::part::Part;
use super::typed::{Typed, Unasked, items, name};
use crate::forms::Fields;
use crate::pages::dutch;
use crate::pages::field::Problem;
use domain::access::Actor;
use domain::code::YesNoUnknown;
use domain::date::FhirDateTime;
use domain::form::{
    Answers, CurrentHead, FormProblem, Item, Kind, LimitsAs, QUESTIONS, Question, ReadCtx, Step, children, question,
    read, write,
};
use domain::patient::Patient;
use domain::people::{Professional, ProfessionalKey};
use domain::plan::{
    Content, CurrentPlan, Draft, DraftTopic, Origin, Party, PlanInput, SourceFacts, Statement, TopicId,
};
use domain::words;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The table.
pub struct Desk {
    /// The plan as it stands.
    pub plan: Option<CurrentPlan>,
    /// The draft as it is kept.
    pub draft: Option<Draft>,
    /// What the plan says, as typed answers.
    pub said: Typed,
    /// May the writer put limits into a plan at all?
    pub limits: Option<LimitsAs>,
    typed: BTreeMap<&'static str, Typed>,
    skipped: BTreeSet<&'static str>,
    /// Where parts were taken over from.
    origins: BTreeMap<&'static str, String>,
    head: Typed,
}

/// How the limits that this person writes count; `None`: they may write none (PROCESS, role table).
pub fn limits_of(actor: &Actor) -> Option<LimitsAs> {
    let role = actor.role?;
    if actor.may_set_limits() {
        Some(LimitsAs::SetHere)
    } else if role.may_propose_limits() {
        Some(LimitsAs::Proposed)
    } else {
        None
    }
}

/// The plan as typed answers: without proposals, and without the lines that have a part of their own.
fn said(plan: &CurrentPlan, patient: &Patient) -> Typed {
    let mut content = Content { life_wishes: BTreeMap::new(), agreements: BTreeMap::new(), ..plan.content.clone() };
    content.directives.values_mut().for_each(|t| t.proposed = None);
    content.other_limits.proposed = None;
    Typed::of(&write(&content, &CurrentHead { conversation: plan.conversation }, patient))
}

/// What any plan says in a part, as typed answers.
pub fn typed_in(part: Part, plan: &CurrentPlan, patient: &Patient) -> Typed {
    typed_of(part, &answers_of(part, &said(plan, patient)))
}

/// The head as it is filled in beforehand: today, and whoever writes.
fn head(writer: &Professional, today: Date) -> Typed {
    let mut typed = Typed::default();
    let own = |t: &Option<String>| t.clone().unwrap_or_default();
    typed.add("963", dutch::date_to_type(&FhirDateTime::of_day(today)));
    typed.add("968", own(&writer.name.called.clone().or(writer.name.given.clone()).or(writer.name.initials.clone())));
    typed.add("969", own(&writer.name.prefix));
    typed.add("970", own(&writer.name.family));
    typed.add("1405", writer.specialty.first().map(|s| s.code.clone()).unwrap_or_default());
    typed
}

/// The answers of a part, to keep in a draft.
pub fn answers_of(part: Part, typed: &Typed) -> Answers {
    match part {
        Part::Life => extra::answers(&extra::LIFE, typed),
        Part::Other => extra::answers(&extra::OTHER, typed),
        Part::Head | Part::Topic(_) => Answers { items: items(&part.questions(), typed, Unasked::Keep) },
    }
}

fn typed_of(part: Part, answers: &Answers) -> Typed {
    match part {
        Part::Life | Part::Other => extra::typed(answers),
        Part::Head | Part::Topic(_) => Typed::of(answers),
    }
}

impl Desk {
    /// Lays the table: the plan and the draft.
    pub fn new(
        plan: Option<CurrentPlan>,
        draft: Option<Draft>,
        patient: &Patient,
        actor: &Actor,
        writer: &Professional,
        today: Date,
    ) -> Self {
        let mut desk = Self {
            said: plan.as_ref().map(|p| said(p, patient)).unwrap_or_default(),
            limits: limits_of(actor),
            typed: BTreeMap::new(),
            skipped: BTreeSet::new(),
            origins: BTreeMap::new(),
            head: head(writer, today),
            plan,
            draft,
        };
        for part in Part::all() {
            desk.typed.insert(part.code(), desk.beforehand(part));
        }
        for topic in desk.draft.iter().flat_map(|d| &d.topics) {
            let Some(part) = Part::of_code(&topic.part) else { continue };
            desk.typed.insert(part.code(), typed_of(part, &topic.answers));
            if topic.skipped {
                desk.skipped.insert(part.code());
            }
            desk.origins.extend(topic.origin.clone().map(|origin| (part.code(), origin)));
        }
        desk
    }

    /// What stands in a part before anybody types: the head is filled in, wishes and agreements are those of the plan,
    /// topics are open.
    pub fn beforehand(&self, part: Part) -> Typed {
        let content = self.plan.as_ref().map(|p| &p.content);
        match part {
            Part::Head => self.head.clone(),
            Part::Topic(_) => Typed::default(),
            Part::Life => content.map(extra::wishes_of).unwrap_or_default(),
            Part::Other => content.map(extra::agreements_of).unwrap_or_default(),
        }
    }

    /// Puts what was posted over the draft, for the parts that the form had.
    pub fn post(&mut self, fields: &Fields) {
        let posted = Typed::posted(fields);
        for part in Part::all().filter(|p| fields.has(&format!("rev.{}", p.code()))) {
            self.post_part(part, &posted, fields);
        }
    }

    /// The same for one part.
    pub fn post_part(&mut self, part: Part, posted: &Typed, fields: &Fields) {
        // By way of the answers, so that a part takes no more than its own.
        let typed = typed_of(part, &answers_of(part, posted));
        let skipped = fields.has(&format!("niet.{}", part.code()));
        self.set(part, typed);
        if skipped {
            self.skipped.insert(part.code())
        } else {
            self.skipped.remove(part.code())
        };
    }

    /// Puts something in a part.
    pub fn set(&mut self, part: Part, typed: Typed) {
        self.typed.insert(part.code(), typed);
    }

    /// Puts a text in one field of a part.
    pub fn write(&mut self, part: Part, field: &str, text: String) {
        let mut typed = self.typed(part).clone();
        typed.put(field, text);
        self.skipped.remove(part.code());
        self.set(part, typed);
    }

    /// Begins a part with what the plan says.
    pub fn carry(&mut self, part: Part) {
        let own: Typed = typed_of(part, &answers_of(part, &self.said));
        self.set(part, own);
    }

    /// Opens a part again: nothing was said.
    pub fn clear(&mut self, part: Part) {
        let before = self.beforehand(part);
        self.set(part, before);
        self.skipped.remove(part.code());
        self.origins.remove(part.code());
    }

    /// Says where a part was taken over from.
    pub fn came_from(&mut self, part: Part, origin: String) {
        self.skipped.remove(part.code());
        self.origins.insert(part.code(), origin);
    }

    /// Where a part was taken over from.
    pub fn origin(&self, part: Part) -> Option<&String> {
        self.origins.get(part.code())
    }

    /// Why the version changes the plan, where parts of it were taken over from elsewhere.
    pub fn reason(&self) -> Option<String> {
        let of = |part| Some((words::title(Part::topic(part)?), self.origin(part).filter(|_| self.is_filled(part))?));
        let all: Vec<String> = Part::all().filter_map(of).map(|(title, from)| format!("{title} {from}")).collect();
        (!all.is_empty()).then(|| format!("{}.", all.join("; ")))
    }

    /// What stands in a part.
    pub fn typed(&self, part: Part) -> &Typed {
        &self.typed[part.code()]
    }

    /// Is a part deliberately not discussed?
    pub fn is_skipped(&self, part: Part) -> bool {
        self.skipped.contains(part.code())
    }

    /// Does a part say something beyond what stood there beforehand?
    pub fn is_filled(&self, part: Part) -> bool {
        answers_of(part, self.typed(part)) != answers_of(part, &self.beforehand(part))
    }

    /// The part as the draft keeps it.
    pub fn kept(&self, part: Part) -> Option<&DraftTopic> {
        self.draft.iter().flat_map(|d| &d.topics).find(|t| t.part == part.code())
    }

    /// Must a part be saved: does it differ from what is kept?
    pub fn is_unsaved(&self, part: Part) -> bool {
        match self.kept(part) {
            Some(kept) => {
                kept.skipped != self.is_skipped(part)
                    || kept.origin.as_ref() != self.origin(part)
                    || kept.answers != answers_of(part, self.typed(part))
            }
            None => self.is_skipped(part) || self.is_filled(part),
        }
    }

    /// May this person fill this part in?
    pub fn is_open_to_writer(&self, part: Part) -> bool {
        self.limits.is_some() || part.topic().is_none_or(|t| !t.is_limit())
    }

    /// Is there an ICD, as the plan has it?
    pub fn has_icd(&self) -> bool {
        self.plan.as_ref().and_then(|p| p.content.icd.value()).is_some_and(|i| i.present == YesNoUnknown::Yes)
    }

    /// The input of the next version, on the plan as it stands at that moment.
    ///
    /// # Errors
    /// Every field that is not right, or that nothing was filled in.
    pub fn input(
        &self,
        current: Option<&CurrentPlan>,
        writer: &Professional,
        now: Timestamp,
    ) -> Result<PlanInput, Vec<Problem>> {
        let mut all = Typed::default();
        for part in Part::all().filter(|p| self.is_open_to_writer(*p) && !matches!(p, Part::Life | Part::Other)) {
            all.extend(self.typed(part).clone());
        }
        let (icd, off) = (Part::Topic(TopicId::Icd), Part::Topic(TopicId::IcdDeactivation));
        if self.is_filled(off) && !self.is_filled(icd) && self.has_icd() {
            // The form asks about switching off only beneath 'there is an ICD': who answers that confirms the ICD.
            all.extend(typed_of(icd, &answers_of(icd, &self.said)));
        }
        let answers = Answers { items: items(children(None), &all, Unasked::Drop) };
        let today = domain::date::local_day(now);
        let ctx = ReadCtx {
            limits: self.limits.unwrap_or(LimitsAs::Proposed),
            author: Some(writer.clone()),
            written_on: FhirDateTime::of_day(today),
            now,
        };
        let outcome = read(&answers, &ctx);
        let mut errors: Vec<Problem> =
            outcome.as_ref().err().into_iter().flatten().map(|p| at_field(p, &answers)).collect();
        let mut input = outcome.map_or_else(|_| empty(), |r| r.input);
        let mut rows = self.typed(Part::Life).clone();
        rows.extend(self.typed(Part::Other).clone());
        let like = Statement {
            value: (),
            said_on: dutch::typed_date(all.get("963")).ok(),
            by: vec![Party::Professional(ProfessionalKey(1))],
            origin: Origin { conversation: input.conversation, version: 0, recorded_at: now },
            source: SourceFacts::default(),
        };
        let nothing = Content::default();
        let plan = current.map_or(&nothing, |c| &c.content);
        errors.extend(words::without_answer(plan, &input.content).into_iter().filter_map(|topic| {
            let choice =
                |q: &&Question| q.topic == Some(topic) && !q.read_only && matches!(q.kind, Kind::Choice { .. });
            let asked = QUESTIONS.iter().find(choice)?;
            let stands = words::said(plan, topic)?.line;
            Some(Problem::at(
                &name(asked.link_id, None),
                format!("{}: kies ook een antwoord. Er staat nu: {stands}.", words::title(topic)),
            ))
        }));
        if let Err(more) = extra::touched(&rows, plan, &like, &mut input.content) {
            errors.extend(more);
        }
        input.skipped =
            Part::all().filter(|p| self.is_skipped(*p) && !self.is_filled(*p)).filter_map(Part::topic).collect();
        let filled = Part::all().any(|p| p != Part::Head && self.is_open_to_writer(p) && self.is_filled(p));
        if errors.is_empty() && !filled && input.skipped.is_empty() {
            errors.push(Problem::whole("Er is nog niets ingevuld: beantwoord minstens één onderwerp."));
        }
        if errors.is_empty() { Ok(input) } else { Err(errors) }
    }
}

fn empty() -> PlanInput {
    PlanInput {
        conversation: domain::plan::ConversationKey(1),
        content: Content::default(),
        rejected: Vec::new(),
        skipped: Vec::new(),
    }
}

/// A problem of the form, at the field of the page.
fn at_field(problem: &FormProblem, answers: &Answers) -> Problem {
    let field = name(&problem.link_id, row(&problem.steps, &answers.items));
    let is_date = question(&problem.link_id).is_some_and(|q| matches!(q.kind, Kind::Date | Kind::DateTime));
    let typed = answers.find(&problem.link_id).and_then(|i| i.answers.first());
    match typed.map(|a| &a.value) {
        Some(domain::form::Value::Text(text)) if is_date => {
            let label = question(&problem.link_id).map_or("", |q| q.label);
            let wrong = dutch::typed_date(text).err().unwrap_or("Dit is geen datum.");
            Problem::at(&field, format!("{label}: {}", wrong.replacen('D', "d", 1)))
        }
        _ => Problem::at(&field, problem.text.clone()),
    }
}

/// The row of a repeating group in which a place lies.
fn row(steps: &[Step], mut items: &[Item]) -> Option<usize> {
    let mut row = None;
    let mut at: Option<&Item> = None;
    for step in steps {
        match *step {
            Step::Item(n) => {
                let item = items.get(n)?;
                if question(&item.link_id).is_some_and(|q| q.kind == (Kind::Group { repeats: true })) {
                    row = Some(items[..n].iter().filter(|i| i.link_id == item.link_id).count());
                }
                items = &item.items;
                at = Some(item);
            }
            Step::Answer(n) => items = &at?.answers.get(n)?.items,
        }
    }
    row
}

#[cfg(test)]
mod tests;
