//! From answers to what they add to a plan: the touched topics, whole (decision 4; SPEC section 6).

mod limits;
mod people;
mod sheet;

use super::check::{FormProblem, ProblemKind, check};
use super::{Answers, question};
use crate::code::YesNoUnknown;
use crate::date::{FhirDateTime, local_day};
use crate::people::{Name, Professional, ProfessionalKey};
use crate::plan::{
    Content, Conversation, ConversationKey, EarlierRecorded, EncounterFacts, HeldBy, InformRelatives,
    MedicalPolicyGoal, OrganDonationChoice, Origin, Party, PlanInput, PositionRegardingEuthanasia,
    PreferredPlaceOfDeath, ProcedureFacts, SenseOfPurpose, SharingConsent, SourceFacts, SpecificCareWishes, Statement,
    Topic, VALUE_IN_TEXT,
};
use jiff::Timestamp;
use sheet::Sheet;

pub(super) use limits::{IN_DECISION_ORDER, LimitItems};
pub(super) use people::attending_roles;

/// How the limits of a form count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitsAs {
    /// The author sets them here (decision 2).
    SetHere,
    /// The author proposes them; a doctor sets (decision 1).
    Proposed,
    /// They come as set from elsewhere (decision 7).
    SetElsewhere,
}

/// What reading a form needs beside the form.
#[derive(Debug, Clone)]
pub struct ReadCtx {
    /// How its limits count.
    pub limits: LimitsAs,
    /// Who filled it in, where that is known apart from the form; else the form's own professional (968 to 1405).
    pub author: Option<Professional>,
    /// Day to count from where the form has no date (963).
    pub written_on: FhirDateTime,
    /// Now; days are Dutch ones.
    pub now: Timestamp,
}

/// Whom the form says it is about (decision 32).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FormIdentity {
    /// Name (964 to 966).
    pub name: Name,
    /// Date of birth (967).
    pub birth_date: Option<FhirDateTime>,
}

/// A form, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormRead {
    /// What it adds to a plan.
    pub input: PlanInput,
    /// Whom it is about.
    pub identity: FormIdentity,
    /// What it says without being asked, which has no place in the plan (decision 31).
    pub kept: Vec<FormProblem>,
}

/// Reads a form of the current version; [`super::modernise`] comes first.
///
/// # Errors
/// Every problem of [`check()`], or that nobody is named who sets the limits here.
pub fn read(answers: &Answers, ctx: &ReadCtx) -> Result<FormRead, Vec<FormProblem>> {
    let problems = check(answers, local_day(ctx.now));
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut sheet = Sheet::of(answers);
    let identity = FormIdentity { name: sheet.name(["964", "965", "966"]), birth_date: sheet.date("967") };
    let mut reading = Reading::begin(&sheet, ctx);
    let attendance = reading.people(&mut sheet);
    reading.limits(&sheet)?;
    reading.wishes(&sheet);
    let conversation = Conversation {
        key: CONVERSATION,
        held_on: reading.said_on,
        ended: None,
        written_on: ctx.written_on.clone(),
        held_by: reading.held_by.map(|professional| HeldBy { professional, part: None }).into_iter().collect(),
        attendance,
        encounter: EncounterFacts::default(),
        procedure: ProcedureFacts::default(),
        version: 0,
        recorded_at: ctx.now,
    };
    reading.content.conversations.push(conversation);
    let input =
        PlanInput { conversation: CONVERSATION, content: reading.content, rejected: Vec::new(), skipped: Vec::new() };
    Ok(FormRead { input, identity, kept: sheet.kept })
}

/// A form has one conversation.
const CONVERSATION: ConversationKey = ConversationKey(1);

struct Reading<'a> {
    ctx: &'a ReadCtx,
    content: Content,
    said_on: Option<FhirDateTime>,
    /// Who held the conversation.
    held_by: Option<ProfessionalKey>,
    /// Who wrote it down: the author, or else who held it.
    author: Option<ProfessionalKey>,
    patient_there: bool,
}

impl<'a> Reading<'a> {
    fn begin(sheet: &Sheet<'_>, ctx: &'a ReadCtx) -> Self {
        let mut content = Content::default();
        let (held_by, author) = people::professionals(sheet, ctx.author.as_ref(), &mut content.professionals);
        let patient_there = sheet.answered("82");
        Self { ctx, content, said_on: sheet.date("963"), held_by, author, patient_there }
    }

    fn statement<T>(&self, value: T) -> Statement<T> {
        Statement {
            value,
            said_on: self.said_on.clone(),
            by: self.author.map(Party::Professional).into_iter().collect(),
            origin: Origin { conversation: CONVERSATION, version: 0, recorded_at: self.ctx.now },
            source: SourceFacts::default(),
        }
    }

    fn said<T>(&self, value: T) -> Topic<T> {
        Topic::said(self.statement(value))
    }

    /// A statement of a question, where it has an answer.
    fn answered<V, T>(&self, value: Option<V>, of: impl Fn(V) -> T) -> Topic<T> {
        value.map(|value| self.said(of(value))).unwrap_or_default()
    }

    /// A statement of a question that has at least an explanation; `unknown` where only that.
    fn explained<V, T>(
        &self,
        value: Option<V>,
        comment: Option<String>,
        unknown: V,
        of: impl Fn(V, Option<String>) -> T,
    ) -> Topic<T> {
        match (value, comment) {
            (None, None) => Topic::default(),
            (Some(value), comment) => self.said(of(value, comment)),
            (None, comment) => {
                let mut statement = self.statement(of(unknown, comment));
                statement.source.absent_reason = Some(VALUE_IN_TEXT.to_owned());
                Topic::said(statement)
            }
        }
    }

    fn wishes(&mut self, sheet: &Sheet<'_>) {
        use crate::code::{EuthanasiaPosition, Place};
        let content = Content {
            goal: self.answered(sheet.code("999"), |goal| MedicalPolicyGoal { goal, comment: None, start: None }),
            care_wishes: self.answered(sheet.text("1190"), |text| SpecificCareWishes { text: Some(text) }),
            place_of_death: self.explained(sheet.code("1191"), sheet.text("1192"), Place::Unknown, |place, comment| {
                PreferredPlaceOfDeath { place, comment }
            }),
            euthanasia: self.explained(
                sheet.code("1193"),
                sheet.text("1194"),
                EuthanasiaPosition::Unknown,
                |position, comment| PositionRegardingEuthanasia { position, comment },
            ),
            organ_donation: self.answered(sheet.code("1435"), |registered| OrganDonationChoice { registered }),
            sense_of_purpose: self.answered(sheet.text("1196"), |text| SenseOfPurpose { text: Some(text) }),
            earlier: self.explained(
                sheet.code("1197"),
                sheet.text("1198"),
                YesNoUnknown::Unknown,
                |recorded, comment| EarlierRecorded { recorded, comment, differs: sheet.code("1199") },
            ),
            inform_relatives: self.answered(sheet.boolean("1200"), |informed| {
                let told_by = self.held_by.or(self.author).filter(|_| informed);
                InformRelatives { informed, recipients: Vec::new(), told_by }
            }),
            sharing: self.answered(sheet.code("1201"), |answer| SharingConsent { answer }),
            ..std::mem::take(&mut self.content)
        };
        self.content = content;
    }
}

/// What was said without being asked, or what has no room.
fn not_asked(link_id: &str) -> FormProblem {
    let (path, name) = question(link_id)
        .map_or_else(|| (link_id.to_owned(), link_id.to_owned()), |q| (q.path(), super::check::named(q)));
    FormProblem {
        link_id: link_id.to_owned(),
        path,
        steps: Vec::new(),
        kind: ProblemKind::NotAsked,
        text: format!(
            "{name} is beantwoord terwijl de vraag niet aan de orde is. Het antwoord blijft bewaard bij de bron, niet in het plan."
        ),
    }
}

#[cfg(test)]
mod tests;
