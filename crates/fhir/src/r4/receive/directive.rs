//! Treatment limits of a delivery (decisions 7, 9 and 34).

use super::index::Entry;
use super::reading::{Candidate, Place, Reading, Stands, unusual};
use super::rules::{self, Held};
use crate::r4::id::{Local, Standing, Subject};
use crate::r4::parts::node::Node;
use crate::r4::parts::{codeable, extension};
use crate::r4::project::{ICD_OFF_TEXT, NO_DECISION_YET, NOT_DISCUSSED, OTHER_LIMITS_TEXT, UNKNOWN_TEXT};
use domain::code::{Coding, system};
use domain::date::FhirDateTime;
use domain::people::ProfessionalKey;
use domain::plan::{
    ConversationKey, Decision, Directive, DocumentKey, OtherLimit, OtherLimits, Party, SetBy, SourceFacts, Statement,
    Treatment,
};
use domain::role::Role;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

/// The code of switching the ICD off, which stands in the text of 'Anders'.
const ICD_OFF: &str = "400231000146108";

/// What a Consent is about.
enum About {
    Treatment(Treatment),
    Other(Option<String>),
}

impl<'a> Reading<'a, '_> {
    /// Takes every treatment limit.
    pub fn limits(&mut self, documents: &HashMap<usize, DocumentKey>) {
        let mut by_treatment: BTreeMap<Treatment, Vec<Candidate<Directive>>> = BTreeMap::new();
        let mut others: Vec<Candidate<OtherLimit>> = Vec::new();
        for (at, entry) in self.held(Held::TreatmentDirective) {
            let provision = entry.node.get("provision");
            let about = about(&entry.node, provision.as_ref());
            let is_icd = matches!(about, About::Treatment(Treatment::IcdDeactivation));
            let said_on = entry.node.date("dateTime");
            let (mut directive, mut source) = self.directive(entry, provision.as_ref(), is_icd, documents);
            let stands = self.stands(&directive, source.status.as_deref());
            source.status = unusual(source.status, if stands == Stands::Proposed { "proposed" } else { "active" });
            let statement = self.statement((), said_on, Vec::new(), SourceFacts::default(), None);
            self.who_set(&mut directive, stands, statement.origin.conversation);
            let standing = if stands == Stands::Proposed { Standing::Proposed } else { Standing::Current };
            let path = entry.node.path.to_string();
            match about {
                About::Treatment(treatment) => {
                    self.places.insert(at, Place::At(Local::Topic(Subject::Treatment(treatment), standing)));
                    let statement = with(statement, directive, source);
                    by_treatment.entry(treatment).or_default().push(Candidate { statement, stands, path });
                }
                About::Other(text) => {
                    self.places.insert(at, Place::Other(text.clone(), standing));
                    let limit = OtherLimit { text, said_on: None, directive, source };
                    others.push(Candidate { statement: with(statement, limit, SourceFacts::default()), stands, path });
                }
            }
        }
        for (treatment, candidates) in by_treatment {
            let topic = self.settle(candidates);
            self.content.directives.insert(treatment, topic);
        }
        self.other_limits(others);
    }

    /// The other limits as one topic: those with the same words are settled among each other, and what counts of each
    /// stands side by side.
    fn other_limits(&mut self, candidates: Vec<Candidate<OtherLimit>>) {
        let mut by_text: Vec<(Option<String>, Vec<Candidate<OtherLimit>>)> = Vec::new();
        for candidate in candidates {
            let text = candidate.statement.value.text.clone();
            match by_text.iter_mut().find(|(t, _)| *t == text) {
                Some((_, list)) => list.push(candidate),
                None => by_text.push((text, vec![candidate])),
            }
        }
        let (mut current, mut proposed) = (Vec::new(), Vec::new());
        for (_, list) in by_text {
            let topic = self.settle(list);
            current.extend(topic.current);
            proposed.extend(topic.proposed);
            for filed in topic.filed {
                let statement = filed.statement;
                let one = with_value(&statement, OtherLimits(vec![statement.value.clone()]));
                self.content.other_limits.filed.push(domain::plan::Filed {
                    why: filed.why,
                    filed_in: 0,
                    statement: one,
                });
            }
        }
        self.content.other_limits.current = side_by_side(current);
        self.content.other_limits.proposed = side_by_side(proposed);
    }

    fn directive(
        &self,
        entry: &Entry<'a>,
        provision: Option<&Node<'a>>,
        is_icd: bool,
        documents: &HashMap<usize, DocumentKey>,
    ) -> (Directive, SourceFacts) {
        let node = &entry.node;
        self.take_fixed(entry, "treatment", (system::SNOMED, "129125009"));
        let (decision, absent_reason) = decision(node, provision, is_icd);
        let mut directive =
            Directive { comment: extension::take_text(node, extension::COMMENT), ..Directive::of(decision) };
        if let Some(provision) = provision {
            for actor in provision.each("actor") {
                let role = actor.get("role").filter(|r| codeable::has(r.value, system::ROLE_CODE, "CONSENTER"));
                if let (Some(role), Some(reference)) = (role, actor.get("reference")) {
                    let party = self.party(entry, &reference);
                    if party.is_some() {
                        role.take();
                    }
                    directive.agreed_with.extend(party);
                }
            }
            directive.ended = provision.get("period").and_then(|p| p.date("end"));
            let mut reasons = Vec::new();
            for extension in extension::all(provision, extension::REASON_FOR_ENDING) {
                reasons.extend(extension.text("valueString"));
                extension.take();
            }
            directive.end_reason = (!reasons.is_empty()).then(|| reasons.join("\n"));
        }
        let source_reference = node.get("sourceReference");
        let more = extension::all(node, extension::ADVANCE_DIRECTIVE);
        let references = source_reference.into_iter().chain(more.iter().filter_map(|e| e.get("valueReference")));
        let mut found = Vec::new();
        for reference in references {
            if let Some(key) = self.target(entry, &reference).and_then(|at| documents.get(&at)) {
                reference.take();
                found.push(*key);
            }
        }
        more.iter().filter(|e| e.get("valueReference").is_some()).for_each(|e| {
            e.text("url");
        });
        let mut found = found.into_iter();
        directive.document = found.next();
        directive.more_documents = found.collect();
        let source = SourceFacts {
            identifiers: codeable::take_identifiers(node),
            status: node.text("status"),
            absent_reason,
            notes: Vec::new(),
        };
        (directive, source)
    }

    /// Takes what every Consent of a kind has the same.
    pub fn take_fixed(&self, entry: &Entry<'a>, scope: &str, (system, category): (&str, &str)) {
        let node = &entry.node;
        self.take_patient(entry, "patient");
        if let Some(concept) = node.get("scope") {
            codeable::take_code(&concept, "http://terminology.hl7.org/CodeSystem/consentscope", scope);
        }
        for concept in node.each("category") {
            codeable::take_code(&concept, system, category);
        }
        for policy in node.each("policy") {
            policy.text("uri");
        }
    }

    /// How a limit counts: by its status, and by its end where that has passed.
    fn stands(&self, directive: &Directive, status: Option<&str>) -> Stands {
        let today = FhirDateTime::of_day(self.today);
        let over = directive.ended.as_ref().is_some_and(|end| end.cmp_common(&today) == Ordering::Less);
        match status {
            Some("active") if !over => Stands::Current,
            Some("proposed") if !over => Stands::Proposed,
            _ => Stands::Ended,
        }
    }

    /// Who set a limit that comes as set, as far as the source tells: the professional it was agreed with, else the one
    /// who held the conversation; and whether that role may (decision 7).
    fn who_set(&self, directive: &mut Directive, stands: Stands, conversation: ConversationKey) {
        let agreed = directive.agreed_with.iter().find_map(|p| match p {
            Party::Professional(key) => Some(*key),
            _ => None,
        });
        let held = || self.content.conversation(conversation).and_then(|c| c.held_by.first()).map(|h| h.professional);
        match stands {
            Stands::Current => {
                let by = agreed.or_else(held);
                directive.set_by = Some(SetBy::Elsewhere { by, may: by.and_then(|key| self.may_set(key)) });
            }
            Stands::Proposed => directive.proposed_by = agreed,
            Stands::Ended => {}
        }
    }

    fn may_set(&self, key: ProfessionalKey) -> Option<bool> {
        let specialties = &self.content.professional(key)?.specialty;
        let told: Vec<bool> = specialties.iter().filter_map(Role::specialty_may_set).collect();
        if told.is_empty() { None } else { Some(told.contains(&true)) }
    }
}

fn about(node: &Node<'_>, provision: Option<&Node<'_>>) -> About {
    let Some(concept) = provision.and_then(|p| p.each("code").into_iter().next()) else {
        node.findings.keep(
            node.path.clone(),
            "Deze behandelgrens noemt geen behandeling. Zij staat bij de overige behandelgrenzen.",
        );
        return About::Other(None);
    };
    if let Some(treatment) = codeable::take_known(&concept, rules::treatment) {
        return About::Treatment(treatment);
    }
    codeable::take_known(&concept, |c| rules::is_other(c).then_some(()));
    let also_icd = codeable::take_known(&concept, |c: &Coding| c.is(system::SNOMED, ICD_OFF).then_some(())).is_some();
    let text = concept.text("text");
    match text {
        Some(text) if text == ICD_OFF_TEXT || text.contains(ICD_OFF) => About::Treatment(Treatment::IcdDeactivation),
        _ if also_icd => About::Treatment(Treatment::IcdDeactivation),
        Some(text) if text == OTHER_LIMITS_TEXT => About::Other(None),
        text => About::Other(text),
    }
}

/// The decision, and why there is none where the source says so (SPEC section 9, traps 1 and 2).
fn decision(node: &Node<'_>, provision: Option<&Node<'_>>, is_icd: bool) -> (Decision, Option<String>) {
    let mut texts = Vec::new();
    for modifier in node.each("modifierExtension") {
        if modifier.peek("url") == Some(extension::SPECIFICATION_OTHER) {
            texts.extend(modifier.text("valueString"));
            modifier.take();
        }
    }
    let text = (!texts.is_empty()).then(|| texts.join("\n"));
    match provision.and_then(|p| p.text("type")).as_deref() {
        Some("permit") => return (Decision::Perform, None),
        Some("deny") => return (Decision::DoNot, None),
        _ => {}
    }
    let absent = provision.and_then(|p| p.get("_type")).and_then(|beside| {
        let extension = extension::all(&beside, extension::DATA_ABSENT).into_iter().next()?;
        let reason = extension.text("valueCode")?;
        extension.take();
        Some(reason)
    });
    let decision = match text.as_deref() {
        Some(UNKNOWN_TEXT) => Decision::Unknown,
        Some(NO_DECISION_YET) if is_icd => Decision::Undecided,
        Some(NOT_DISCUSSED) if is_icd => Decision::NotDiscussed,
        None if absent.is_some() => return (Decision::Unknown, absent),
        _ => Decision::Otherwise(text),
    };
    (decision, None)
}

fn with<T>(of: Statement<()>, value: T, source: SourceFacts) -> Statement<T> {
    Statement { value, said_on: of.said_on, by: of.by, origin: of.origin, source }
}

fn with_value<T, U>(of: &Statement<T>, value: U) -> Statement<U> {
    let (said_on, by) = (of.said_on.clone(), of.by.clone());
    Statement { value, said_on, by, origin: of.origin.clone(), source: of.source.clone() }
}

/// Several limits as one statement of the newest date; a limit of another date keeps its own.
fn side_by_side(statements: Vec<Statement<OtherLimit>>) -> Option<Statement<OtherLimits>> {
    let later = |a: &Option<FhirDateTime>, b: &Option<FhirDateTime>| match (a, b) {
        (Some(a), Some(b)) => a.cmp_common(b) == Ordering::Greater,
        (a, _) => a.is_some(),
    };
    let newest = statements.iter().reduce(|best, s| if later(&s.said_on, &best.said_on) { s } else { best })?.clone();
    let limits = statements.into_iter().map(|s| {
        let own = s.said_on.filter(|d| newest.said_on.as_ref() != Some(d));
        OtherLimit { said_on: own, ..s.value }
    });
    Some(with_value(&newest, OtherLimits(limits.collect())))
}
