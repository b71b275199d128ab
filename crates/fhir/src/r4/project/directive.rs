//! ACP-TreatmentDirective: one Consent per treatment, and one per other limit (decisions 1, 9 and 34).

use super::{Told, filed_of};
use crate::r4::id::{Local, Standing, Subject};
use crate::r4::parts::object::Object;
use crate::r4::parts::{codeable, extension, meta, reference};
use crate::r4::{ResourceType, View};
use domain::code::system;
use domain::date::FhirDateTime;
use domain::plan::{
    Content, Decision, Directive, DocumentKey, OtherLimit, OtherLimits, SourceFacts, Statement, Topic, Treatment, Why,
};
use serde_json::{Value, json};

/// `provision.code.text` of the agreement to switch the ICD off: the guide's own.
pub(crate) const ICD_OFF_TEXT: &str =
    "uitzetten van cardioverter-defibrillator in laatste levensfase (SNOMED CT - 400231000146108)";
/// `provision.code.text` of an other limit without words of its own (decision 34).
pub(in crate::r4) const OTHER_LIMITS_TEXT: &str = "Overige behandelgrenzen";
/// Specification of a decision that is unknown.
pub(crate) const UNKNOWN_TEXT: &str = "Onbekend";
/// Specification of ASKU for the ICD.
pub(crate) const NO_DECISION_YET: &str = "Nee, nog geen besluit genomen";
/// Specification of NASK for the ICD.
pub(crate) const NOT_DISCUSSED: &str = "Niet besproken";
/// Policy of every Consent: the guide's own (invariant ppc-1).
pub(super) const POLICY: &str = "https://wetten.overheid.nl/";

/// Where a limit stands or is proposed, in clinical order.
pub(super) fn locals(content: &Content) -> Vec<Local> {
    let both = |subject| [Local::of(subject), Local::Topic(subject, Standing::Proposed)];
    let others = (1..).take(other_texts(&content.other_limits).len()).map(Subject::Other);
    // 4g stands before the ICD in the form.
    let (asked, icd) = Treatment::ALL.split_at(Treatment::ALL.len() - 1);
    let of = |list: &[Treatment]| list.iter().map(|t| Subject::Treatment(*t)).collect::<Vec<_>>();
    of(asked).into_iter().chain(others).chain(of(icd)).flat_map(both).collect()
}

/// The limit for a treatment, in force or proposed.
pub(super) fn current(view: &View<'_>, treatment: Treatment, standing: Standing) -> Option<Value> {
    let topic = view.content()?.directive(treatment)?;
    let (statement, told) = standing_of(topic, standing)?;
    Some(of_treatment(view, treatment, statement, told))
}

/// What was said earlier about a treatment.
pub(super) fn earlier(view: &View<'_>, treatment: Treatment) -> Vec<Value> {
    let Some(topic) = view.content().and_then(|c| c.directive(treatment)) else { return Vec::new() };
    filed_of(view, topic).into_iter().map(|(statement, told)| of_treatment(view, treatment, statement, told)).collect()
}

fn standing_of<T>(topic: &Topic<T>, standing: Standing) -> Option<(&Statement<T>, Told<'_>)> {
    match standing {
        Standing::Current => Some((topic.current.as_ref()?, Told::Now)),
        Standing::Proposed => Some((topic.proposed.as_ref()?, Told::Proposed)),
    }
}

fn of_treatment(view: &View<'_>, treatment: Treatment, statement: &Statement<Directive>, told: Told<'_>) -> Value {
    let (code, display) = treatment.snomed();
    let code = match treatment {
        Treatment::IcdDeactivation => other_code(ICD_OFF_TEXT),
        _ => codeable::fixed(system::SNOMED, code, Some(display)),
    };
    let local = Local::Topic(Subject::Treatment(treatment), standing(told));
    let said = Said { directive: &statement.value, date: statement.said_on.as_ref(), source: &statement.source, code };
    consent(view, local, statement, &said, told)
}

fn standing(told: Told<'_>) -> Standing {
    if matches!(told, Told::Proposed) { Standing::Proposed } else { Standing::Current }
}

/// The n-th other limit (from 1), in force or proposed.
pub(super) fn other(view: &View<'_>, n: u32, standing: Standing) -> Option<Value> {
    let topic = &view.content()?.other_limits;
    let text = other_texts(topic).into_iter().nth(index(n)?)?;
    let (statement, told) = standing_of(topic, standing)?;
    let limit = statement.value.0.iter().find(|l| l.text == *text)?;
    Some(of_other(view, n, statement, limit, told))
}

/// What was said earlier about the n-th other limit.
pub(super) fn earlier_other(view: &View<'_>, n: u32) -> Vec<Value> {
    let Some(topic) = view.content().map(|c| &c.other_limits) else { return Vec::new() };
    let Some(text) = index(n).and_then(|i| other_texts(topic).into_iter().nth(i)) else { return Vec::new() };
    let same = |(statement, told)| {
        let statement: &Statement<OtherLimits> = statement;
        let limit = statement.value.0.iter().find(|l| l.text == *text)?;
        Some(of_other(view, n, statement, limit, told))
    };
    filed_of(view, topic).into_iter().filter_map(same).collect()
}

fn index(n: u32) -> Option<usize> {
    usize::try_from(n).ok()?.checked_sub(1)
}

/// The other limits by their texts: those in force in their order, then what is proposed, then what was said before.
/// The place in this list is the limit's number.
pub(in crate::r4) fn other_texts(topic: &Topic<OtherLimits>) -> Vec<&Option<String>> {
    let mut texts = Vec::new();
    for limit in topic.statements().flat_map(|s| &s.value.0) {
        if !texts.contains(&&limit.text) {
            texts.push(&limit.text);
        }
    }
    texts
}

fn of_other(view: &View<'_>, n: u32, statement: &Statement<OtherLimits>, limit: &OtherLimit, told: Told<'_>) -> Value {
    let local = Local::Topic(Subject::Other(n), standing(told));
    // Decision 34: words for the treatment, else the explanation, else what 4g is called.
    let text = limit.text.as_deref().or(limit.directive.comment.as_deref()).unwrap_or(OTHER_LIMITS_TEXT);
    let said = Said {
        directive: &limit.directive,
        date: limit.said_on.as_ref().or(statement.said_on.as_ref()),
        source: &limit.source,
        code: other_code(text),
    };
    consent(view, local, statement, &said, told)
}

fn other_code(text: &str) -> Value {
    json!({"coding": [{"system": system::NULL_FLAVOR, "code": "OTH"}], "text": text})
}

struct Said<'a> {
    directive: &'a Directive,
    date: Option<&'a FhirDateTime>,
    source: &'a SourceFacts,
    code: Value,
}

fn consent<T>(view: &View<'_>, local: Local, statement: &Statement<T>, said: &Said<'_>, told: Told<'_>) -> Value {
    let directive = said.directive;
    let (kind, absent, specification) = decision(&directive.decision, said.source);
    let mut documents = directive.document.iter().chain(&directive.more_documents);
    let source = documents.next().map(|key| document(view, *key));
    let more = documents.map(|key| extension::of(extension::ADVANCE_DIRECTIVE, "valueReference", document(view, *key)));
    let comment = extension::text(extension::COMMENT, directive.comment.as_deref());
    let reason = extension::text(extension::REASON_FOR_ENDING, directive.end_reason.as_deref());
    let actors = directive.agreed_with.iter().filter_map(|party| {
        let role = codeable::fixed(system::ROLE_CODE, "CONSENTER", None);
        Some(json!({"role": role, "reference": reference::party(view, *party)?}))
    });
    let provision = Object::new()
        .list("extension", reason)
        .maybe("type", kind)
        .maybe("_type", absent)
        .maybe("period", directive.ended.as_ref().map(|end| json!({"end": end.as_str()})))
        .list("actor", actors)
        .list("code", [said.code.clone()]);
    meta::begin(view, ResourceType::Consent, local, "ACP-TreatmentDirective", told.edition(statement), told.history())
        .list("extension", comment.into_iter().chain(more))
        .list("modifierExtension", extension::text(extension::SPECIFICATION_OTHER, specification))
        .list("identifier", meta::identifiers(said.source))
        .with("status", status(said.source, told))
        .with("scope", codeable::fixed("http://terminology.hl7.org/CodeSystem/consentscope", "treatment", None))
        .list("category", [codeable::fixed(system::SNOMED, "129125009", None)])
        .with("patient", reference::patient(view))
        .maybe("dateTime", said.date.map(FhirDateTime::as_str))
        .maybe("sourceReference", source)
        .list("policy", [json!({"uri": POLICY})])
        .with("provision", provision.build())
        .build()
}

fn document(view: &View<'_>, key: DocumentKey) -> Value {
    reference::to(view, "Consent", Local::Document(key), "Eerder vastgelegde behandelwens")
}

/// `provision.type`, why it is absent, and the specification (SPEC section 9, traps 1 and 2). Where the question has
/// no answer, but an explanation, nothing is specified: the type says that it was not answered.
fn decision<'a>(
    decision: &'a Decision,
    source: &SourceFacts,
) -> (Option<&'static str>, Option<Value>, Option<&'a str>) {
    if let Some(reason) = source.absent_reason.as_deref() {
        return (None, Some(json!({"extension": [extension::code(extension::DATA_ABSENT, reason)]})), None);
    }
    match decision {
        Decision::Perform => (Some("permit"), None, None),
        Decision::DoNot => (Some("deny"), None, None),
        Decision::Otherwise(condition) => (None, None, condition.as_deref()),
        Decision::Unknown => (None, None, Some(UNKNOWN_TEXT)),
        Decision::Undecided => (None, None, Some(NO_DECISION_YET)),
        Decision::NotDiscussed => (None, None, Some(NOT_DISCUSSED)),
    }
}

/// The status of a Consent. The source's own is kept where it fits; what does not count is never told as in force, also
/// where its source still has it so (decision 9).
pub(super) fn status<'a>(source: &'a SourceFacts, told: Told<'_>) -> &'a str {
    let own = source.status.as_deref();
    match told {
        Told::Now => own.unwrap_or("active"),
        Told::Proposed => own.unwrap_or("proposed"),
        Told::Filed { why: Why::Rejected { .. }, .. } => "rejected",
        Told::Filed { .. } => own.filter(|s| !matches!(*s, "active" | "proposed")).unwrap_or("inactive"),
    }
}
