//! A small builder of inputs and plans, for tests.

use super::{
    AdvanceDirective, Agreement, AgreementKey, AgreementState, Applied, Arrival, Attendance, Content, Conversation,
    ConversationKey, Decision, Directive, DocumentKey, EncounterFacts, Filed, Identifier, LegalCapacity, LifeDomain,
    LifeWish, MedicalPolicyGoal, Origin, OtherLimit, OtherLimits, PlanInput, PreferredPlaceOfDeath, ProcedureFacts,
    SetBy, SourceFacts, SpecificCareWishes, Statement, Topic, TopicId, Treatment, Why, WishKey, apply, fold,
};
use crate::code::{AdvanceDirectiveType, Coding, Place, PolicyGoal, RelationKind, system};
use crate::date::FhirDateTime;
use crate::people::{ContactPerson, Name, PersonKey, Professional, ProfessionalKey, RelationOf, Telephone};
use jiff::Timestamp;

/// Key of the doctor who sets limits in a sample.
pub(crate) const DOCTOR: ProfessionalKey = ProfessionalKey(1);
/// Key of the nurse who proposes them.
pub(crate) const NURSE: ProfessionalKey = ProfessionalKey(2);
const CONVERSATION: ConversationKey = ConversationKey(1);

pub(crate) fn date(text: &str) -> FhirDateTime {
    FhirDateTime::parse(text).unwrap()
}

/// The moment at which version `number` is recorded.
pub(crate) fn recorded(number: u32) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + i64::from(number) * 3600).unwrap()
}

pub(crate) fn identifier(value: &str) -> Identifier {
    Identifier { kind: None, system: Some("https://example.org/ids".to_owned()), value: Some(value.to_owned()) }
}

pub(crate) fn person(key: u32, given: &str, family: &str, relation: Option<RelationKind>) -> ContactPerson {
    ContactPerson {
        key: PersonKey(key),
        name: Name::of(given, "", family),
        telephones: Vec::new(),
        emails: Vec::new(),
        address: None,
        roles: Vec::new(),
        relations: relation.into_iter().map(|relation| RelationOf { relation, text: None }).collect(),
        identifiers: Vec::new(),
        changed_in: 0,
    }
}

pub(crate) fn with_phone(mut person: ContactPerson, number: &str) -> ContactPerson {
    person.telephones = vec![Telephone { number: Some(number.to_owned()), ..Telephone::default() }];
    person
}

pub(crate) fn professional(key: ProfessionalKey, name: Name, specialty: Option<Coding>) -> Professional {
    Professional {
        key,
        name,
        agb: None,
        uzi: None,
        big: None,
        specialty: specialty.into_iter().collect(),
        organisation: None,
        identifiers: Vec::new(),
        role_identifiers: Vec::new(),
        person: None,
        changed_in: 0,
    }
}

pub(crate) fn gp() -> Coding {
    Coding::new(system::UZI_ROLE, "01.015", "Huisarts")
}

pub(crate) fn nurse() -> Coding {
    Coding::new(system::UZI_ROLE, "30.000", "Verpleegkundige")
}

/// One conversation or delivery under construction.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    day: FhirDateTime,
    input: PlanInput,
}

impl Said {
    /// What was said on a day; the date of the conversation.
    pub(crate) fn on(day: &str) -> Self {
        let day = date(day);
        let conversation = Conversation {
            key: CONVERSATION,
            held_on: Some(day.clone()),
            ended: None,
            written_on: day.clone(),
            held_by: Vec::new(),
            attendance: None,
            encounter: EncounterFacts::default(),
            procedure: ProcedureFacts::default(),
            version: 0,
            recorded_at: recorded(0),
        };
        let content = Content { conversations: vec![conversation], ..Content::default() };
        Self {
            day,
            input: PlanInput { conversation: CONVERSATION, content, rejected: Vec::new(), skipped: Vec::new() },
        }
    }

    pub(crate) fn input(self) -> PlanInput {
        self.input
    }

    /// A change that the builder has no word for.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Content)) -> Self {
        change(&mut self.input.content);
        self
    }

    pub(crate) fn statement<T>(&self, value: T) -> Statement<T> {
        Statement {
            value,
            said_on: Some(self.day.clone()),
            by: Vec::new(),
            origin: Origin { conversation: CONVERSATION, version: 0, recorded_at: recorded(0) },
            source: SourceFacts::default(),
        }
    }

    fn doctor(&mut self) {
        let listed = &mut self.input.content.professionals;
        if !listed.iter().any(|p| p.key == DOCTOR) {
            listed.push(professional(DOCTOR, Name::of("", "van", "Huissen"), Some(gp())));
        }
    }

    fn nurse(&mut self) {
        let listed = &mut self.input.content.professionals;
        if !listed.iter().any(|p| p.key == NURSE) {
            listed.push(professional(NURSE, Name::of("Els", "", "Bos"), Some(nurse())));
        }
    }

    fn topic(&mut self, treatment: Treatment) -> &mut Topic<Directive> {
        self.input.content.directives.entry(treatment).or_default()
    }

    /// A limit that the doctor sets here.
    pub(crate) fn limit(self, treatment: Treatment, decision: Decision) -> Self {
        self.limit_because(treatment, decision, None)
    }

    pub(crate) fn limit_because(mut self, treatment: Treatment, decision: Decision, comment: Option<&str>) -> Self {
        self.doctor();
        let comment = comment.map(str::to_owned);
        let directive = Directive { set_by: Some(SetBy::Here(DOCTOR)), comment, ..Directive::of(decision) };
        let statement = self.statement(directive);
        self.topic(treatment).current = Some(statement);
        self
    }

    /// A limit that came as set from elsewhere.
    pub(crate) fn limit_elsewhere(mut self, treatment: Treatment, decision: Decision, may: Option<bool>) -> Self {
        let set_by = Some(SetBy::Elsewhere { by: None, may });
        let statement = self.statement(Directive { set_by, ..Directive::of(decision) });
        self.topic(treatment).current = Some(statement);
        self
    }

    /// A limit that the nurse proposes.
    pub(crate) fn propose(mut self, treatment: Treatment, decision: Decision) -> Self {
        self.nurse();
        let statement = self.statement(Directive { proposed_by: Some(NURSE), ..Directive::of(decision) });
        self.topic(treatment).proposed = Some(statement);
        self
    }

    /// An earlier or ended limit that came with the delivery.
    pub(crate) fn filed(mut self, treatment: Treatment, decision: Decision, why: Why, day: &str) -> Self {
        let statement = Statement { said_on: Some(date(day)), ..self.statement(Directive::of(decision)) };
        self.topic(treatment).filed.push(Filed { why, filed_in: 0, statement });
        self
    }

    /// Identifier of the limit's source, on whatever of it was told last.
    pub(crate) fn known_as(mut self, treatment: Treatment, id: &str) -> Self {
        let topic = self.topic(treatment);
        let last = topic.filed.last_mut().map(|f| &mut f.statement);
        let last = last.or(topic.proposed.as_mut()).or(topic.current.as_mut());
        last.unwrap().source.identifiers = vec![identifier(id)];
        self
    }

    pub(crate) fn reject(mut self, topic: TopicId, reason: &str) -> Self {
        self.input.rejected.push((topic, reason.to_owned()));
        self
    }

    pub(crate) fn goal(mut self, goal: PolicyGoal) -> Self {
        self.input.content.goal = Topic::said(self.statement(MedicalPolicyGoal { goal, comment: None, start: None }));
        self
    }

    pub(crate) fn place(mut self, place: Place, comment: Option<&str>) -> Self {
        let value = PreferredPlaceOfDeath { place, comment: comment.map(str::to_owned) };
        self.input.content.place_of_death = Topic::said(self.statement(value));
        self
    }

    pub(crate) fn wishes(mut self, text: &str) -> Self {
        let value = SpecificCareWishes { text: Some(text.to_owned()) };
        self.input.content.care_wishes = Topic::said(self.statement(value));
        self
    }

    pub(crate) fn person(mut self, person: ContactPerson) -> Self {
        self.input.content.people.push(person);
        self
    }

    pub(crate) fn capacity(
        mut self,
        capable: Option<bool>,
        representative: Option<u32>,
        first_contact: Option<u32>,
    ) -> Self {
        let value = LegalCapacity {
            capable,
            representative: representative.map(PersonKey),
            first_contact: first_contact.map(PersonKey),
            ..LegalCapacity::default()
        };
        self.input.content.capacity = Topic::said(self.statement(value));
        self
    }

    pub(crate) fn attended(mut self, patient: bool, people: &[u32]) -> Self {
        let people = people.iter().map(|k| PersonKey(*k)).collect();
        self.input.content.conversations[0].attendance = Some(Attendance { patient, people });
        self
    }

    /// Identifier of the conversation's Encounter.
    pub(crate) fn encounter(mut self, id: &str) -> Self {
        self.input.content.conversations[0].encounter.source.identifiers = vec![identifier(id)];
        self
    }

    pub(crate) fn document(
        mut self,
        key: u32,
        kind: AdvanceDirectiveType,
        day: Option<&str>,
        id: Option<&str>,
    ) -> Self {
        let value = AdvanceDirective { kind, kind_text: None, comment: None, representative: None, file: None };
        let mut statement = Statement { said_on: day.map(date), ..self.statement(value) };
        statement.source.identifiers = id.into_iter().map(identifier).collect();
        self.input.content.documents.insert(DocumentKey(key), Topic::said(statement));
        self
    }

    pub(crate) fn other_limit(mut self, text: Option<&str>, decision: Decision) -> Self {
        self.doctor();
        let limit = OtherLimit {
            text: text.map(str::to_owned),
            said_on: None,
            directive: Directive { set_by: Some(SetBy::Here(DOCTOR)), ..Directive::of(decision) },
            source: SourceFacts::default(),
        };
        let mut limits = self.input.content.other_limits.value().cloned().unwrap_or_default();
        limits.0.push(limit);
        self.input.content.other_limits = Topic::said(self.statement::<OtherLimits>(limits));
        self
    }

    pub(crate) fn life_wish(mut self, key: u32, domain: LifeDomain, wish: &str, action: Option<&str>) -> Self {
        let value = LifeWish {
            domain,
            wish: wish.to_owned(),
            action: action.map(str::to_owned),
            by_whom: None,
            until: None,
            withdrawn: false,
        };
        let topic = Topic::said(self.statement(value));
        self.input.content.life_wishes.insert(WishKey(key), topic);
        self
    }

    pub(crate) fn agreement(mut self, key: u32, text: &str, state: AgreementState) -> Self {
        let value = Agreement { text: text.to_owned(), condition: None, state };
        let topic = Topic::said(self.statement(value));
        self.input.content.agreements.insert(AgreementKey(key), topic);
        self
    }
}

/// A plan with its versions, as they came.
#[derive(Debug, Default)]
pub(crate) struct Story {
    pub(crate) content: Content,
    pub(crate) versions: Vec<(Arrival, PlanInput)>,
}

impl Story {
    pub(crate) fn of(first: Said) -> Self {
        let mut story = Self::default();
        story.here(first);
        story
    }

    pub(crate) fn here(&mut self, said: Said) -> Applied {
        self.arrives(Arrival::Here, said.input)
    }

    pub(crate) fn elsewhere(&mut self, said: Said) -> Applied {
        self.arrives(Arrival::Elsewhere, said.input)
    }

    pub(crate) fn arrives(&mut self, arrival: Arrival, input: PlanInput) -> Applied {
        let number = u32::try_from(self.versions.len()).unwrap() + 1;
        let applied = apply(&self.content, &input, arrival, number, recorded(number));
        self.content = applied.content.clone();
        self.versions.push((arrival, input));
        applied
    }

    /// The plan as it stands when these versions are marked wrong.
    pub(crate) fn without(&self, wrong: &[u32]) -> Content {
        fold(
            self.versions
                .iter()
                .zip(1..)
                .map(|((arrival, input), n)| (n, recorded(n), *arrival, !wrong.contains(&n), input)),
        )
    }

    /// What counts for a treatment.
    pub(crate) fn decision(&self, treatment: Treatment) -> Option<&Decision> {
        self.content.directive(treatment)?.value().map(|d| &d.decision)
    }

    /// What is proposed for it.
    pub(crate) fn proposal(&self, treatment: Treatment) -> Option<&Decision> {
        self.content.directive(treatment)?.proposed.as_ref().map(|s| &s.value.decision)
    }

    /// What was filed for it.
    pub(crate) fn filed(&self, treatment: Treatment) -> Vec<(&Why, &Decision)> {
        let topic = self.content.directive(treatment);
        topic.iter().flat_map(|t| &t.filed).map(|f| (&f.why, &f.statement.value.decision)).collect()
    }
}
