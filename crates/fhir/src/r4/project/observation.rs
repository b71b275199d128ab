//! The six Observations: ACP-LegallyCapable, ACP-SpecificCareWishes, ACP-PreferredPlaceOfDeath,
//! ACP-PositionRegardingEuthanasia, ACP-OrganDonationChoiceRegistration and ACP-SenseOfPurpose.

use super::{Told, conversation, filed_of};
use crate::r4::id::{Local, Subject};
use crate::r4::parts::{codeable, meta, reference};
use crate::r4::{ResourceType, View};
use domain::code::{CodeSet, Place, system};
use domain::date::FhirDateTime;
use domain::form::{agreement_lines, life_wish_lines};
use domain::plan::{
    Content, LegalCapacity, PreferredPlaceOfDeath, SenseOfPurpose, SourceFacts, SpecificCareWishes, Statement, Topic,
};
use serde_json::Value;

/// What is observed, in clinical order.
pub(super) const SUBJECTS: [Subject; 6] =
    [Subject::Capacity, Subject::Wishes, Subject::Place, Subject::Euthanasia, Subject::Donor, Subject::Purpose];

/// What makes an Observation of the standard: its profile, code and method.
pub(in crate::r4) struct Kind {
    /// What it is about.
    pub subject: Subject,
    /// Name of the profile.
    pub profile: &'static str,
    /// SNOMED code with display.
    pub code: (&'static str, &'static str),
    /// SNOMED code of the method with display, where one is fixed.
    pub method: Option<(&'static str, &'static str)>,
}

/// All of them.
pub(in crate::r4) static KINDS: [Kind; 6] = [
    Kind {
        subject: Subject::Capacity,
        profile: "ACP-LegallyCapable",
        code: ("665671000146101", "juridisch in staat om beslissingen te nemen over medische behandelingen"),
        method: None,
    },
    Kind {
        subject: Subject::Wishes,
        profile: "ACP-SpecificCareWishes",
        code: ("153851000146100", "wensen en verwachtingen met betrekking tot uitkomst van behandeling"),
        method: Some(("370819000", "vaststellen van persoonlijke waarden en wensen met betrekking tot zorg")),
    },
    Kind {
        subject: Subject::Place,
        profile: "ACP-PreferredPlaceOfDeath",
        code: ("395091006", "voorkeur voor plaats van overlijden"),
        method: None,
    },
    Kind {
        subject: Subject::Euthanasia,
        profile: "ACP-PositionRegardingEuthanasia",
        code: ("340171000146104", "standpunt ten opzichte van euthanasie"),
        method: None,
    },
    Kind {
        subject: Subject::Donor,
        profile: "ACP-OrganDonationChoiceRegistration",
        code: ("570801000146104", "geregistreerd in orgaan donorregister"),
        method: Some(("1156040003", "self reported")),
    },
    Kind {
        subject: Subject::Purpose,
        profile: "ACP-SenseOfPurpose",
        code: ("247751003", "gevoel van zingeving"),
        method: None,
    },
];

/// What an Observation says beside what all have.
struct Said {
    value: Option<(&'static str, Value)>,
    absent: Option<String>,
    note: Option<String>,
}

/// The Observation on a subject that counts.
pub(super) fn current(view: &View<'_>, subject: Subject) -> Option<Value> {
    let content = view.content()?;
    match subject {
        Subject::Capacity => now(view, subject, &content.capacity, capacity),
        Subject::Wishes => lines(view, subject, &with_life_wishes(content)?, |w| text(w.text.as_deref())),
        Subject::Place => now(view, subject, &content.place_of_death, |p, s| Some(place(p, s))),
        Subject::Euthanasia => {
            now(view, subject, &content.euthanasia, |e, s| Some(coded(e.position, s, e.comment.as_ref())))
        }
        Subject::Donor => now(view, subject, &content.organ_donation, |d, s| Some(coded(d.registered, s, None))),
        Subject::Purpose => lines(view, subject, &with_agreements(content)?, |p| text(p.text.as_deref())),
        _ => None,
    }
}

/// What was said earlier on a subject.
pub(super) fn earlier(view: &View<'_>, subject: Subject) -> Vec<Value> {
    let Some(content) = view.content() else { return Vec::new() };
    match subject {
        Subject::Capacity => before(view, subject, &content.capacity, capacity),
        Subject::Wishes => before(view, subject, &content.care_wishes, |w, s| Some(texted(w.text.as_deref(), s))),
        Subject::Place => before(view, subject, &content.place_of_death, |p, s| Some(place(p, s))),
        Subject::Euthanasia => {
            before(view, subject, &content.euthanasia, |e, s| Some(coded(e.position, s, e.comment.as_ref())))
        }
        Subject::Donor => before(view, subject, &content.organ_donation, |d, s| Some(coded(d.registered, s, None))),
        Subject::Purpose => before(view, subject, &content.sense_of_purpose, |p, s| Some(texted(p.text.as_deref(), s))),
        _ => Vec::new(),
    }
}

fn now<T>(
    view: &View<'_>,
    subject: Subject,
    topic: &Topic<T>,
    of: impl Fn(&T, &SourceFacts) -> Option<Said>,
) -> Option<Value> {
    let statement = topic.current.as_ref()?;
    write(view, subject, statement, of(&statement.value, &statement.source)?, Told::Now)
}

fn before<T>(
    view: &View<'_>,
    subject: Subject,
    topic: &Topic<T>,
    of: impl Fn(&T, &SourceFacts) -> Option<Said>,
) -> Vec<Value> {
    let tell = |(statement, told): (&Statement<T>, Told<'_>)| {
        write(view, subject, statement, of(&statement.value, &statement.source)?, told)
    };
    filed_of(view, topic).into_iter().filter_map(tell).collect()
}

fn lines<T>(
    view: &View<'_>,
    subject: Subject,
    statement: &Statement<T>,
    of: impl Fn(&T) -> Option<Value>,
) -> Option<Value> {
    let value = of(&statement.value).map(|v| ("valueString", v));
    let absent = if value.is_none() { Some(absent_reason(&statement.source)) } else { None };
    write(view, subject, statement, Said { value, absent, note: None }, Told::Now)
}

fn absent_reason(source: &SourceFacts) -> String {
    source.absent_reason.clone().unwrap_or_else(|| "unknown".to_owned())
}

fn text(text: Option<&str>) -> Option<Value> {
    text.filter(|t| !t.trim().is_empty()).map(Value::from)
}

fn texted(said: Option<&str>, source: &SourceFacts) -> Said {
    let value = text(said).map(|v| ("valueString", v));
    let absent = if value.is_none() { Some(absent_reason(source)) } else { None };
    Said { value, absent, note: None }
}

/// Capacity has an Observation where it was answered, explained, or said to be unknown; who speaks for the patient is in
/// the contact persons.
fn capacity(of: &LegalCapacity, source: &SourceFacts) -> Option<Said> {
    let value = of.capable.map(|c| ("valueBoolean", c.into()));
    let absent = source.absent_reason.clone().filter(|_| value.is_none());
    let says_something =
        value.is_some() || absent.is_some() || of.comment.is_some() || *source != SourceFacts::default();
    says_something.then(|| Said { value, absent, note: of.comment.clone() })
}

/// An unknown place is an absent value (SPEC section 9, trap 2), with the source's own reason where it gave one.
fn place(of: &PreferredPlaceOfDeath, source: &SourceFacts) -> Said {
    if of.place == Place::Unknown {
        let absent = source.absent_reason.clone().unwrap_or_else(|| "asked-unknown".to_owned());
        return Said { value: None, absent: Some(absent), note: of.comment.clone() };
    }
    coded(of.place, source, of.comment.as_ref())
}

/// A code, or where the source said why there is none, that.
fn coded<S: CodeSet>(code: S, source: &SourceFacts, note: Option<&String>) -> Said {
    let absent = source.absent_reason.clone();
    let value = absent.is_none().then(|| ("valueCodeableConcept", codeable::member(code)));
    Said { value, absent, note: note.cloned() }
}

/// 5a with the life wishes that still stand as lines (decision 20).
fn with_life_wishes(content: &Content) -> Option<Statement<SpecificCareWishes>> {
    let wishes = content.life_wishes.values().filter_map(|t| t.current.as_ref()).filter(|s| !s.value.withdrawn);
    let said = content.care_wishes.current.as_ref();
    let text = joined(said.and_then(|s| s.value.text.clone()), life_wish_lines(content));
    together(said, wishes.map(plain), SpecificCareWishes { text })
}

/// 6 with the other agreements as lines (decision 21).
fn with_agreements(content: &Content) -> Option<Statement<SenseOfPurpose>> {
    let agreements = content.agreements.values().filter_map(|t| t.current.as_ref());
    let said = content.sense_of_purpose.current.as_ref();
    let text = joined(said.and_then(|s| s.value.text.clone()), agreement_lines(content));
    together(said, agreements.map(plain), SenseOfPurpose { text })
}

fn joined(text: Option<String>, lines: Vec<String>) -> Option<String> {
    let all: Vec<String> = text.into_iter().chain(lines).collect();
    (!all.is_empty()).then(|| all.join("\n"))
}

fn plain<T>(of: &Statement<T>) -> Statement<()> {
    Statement {
        value: (),
        said_on: of.said_on.clone(),
        by: of.by.clone(),
        origin: of.origin.clone(),
        source: of.source.clone(),
    }
}

/// One statement out of a topic's own and the lines beside it: the newest tells when and by whom.
fn together<T>(
    said: Option<&Statement<T>>,
    beside: impl Iterator<Item = Statement<()>>,
    value: T,
) -> Option<Statement<T>> {
    let own = said.map(plain);
    let all: Vec<Statement<()>> = own.iter().cloned().chain(beside).collect();
    let newest = all.into_iter().reduce(|a, b| if b.origin.version > a.origin.version { b } else { a })?;
    let source = own.map(|s| s.source).unwrap_or_default();
    Some(Statement { value, said_on: newest.said_on, by: newest.by, origin: newest.origin, source })
}

fn write<T>(view: &View<'_>, subject: Subject, statement: &Statement<T>, said: Said, told: Told<'_>) -> Option<Value> {
    let kind = KINDS.iter().find(|k| k.subject == subject)?;
    let source = &statement.source;
    let note = said.note.iter().chain(&source.notes).map(String::as_str);
    let fixed = |(code, display): (&str, &str)| codeable::fixed(system::SNOMED, code, Some(display));
    let mut resource = meta::begin(
        view,
        ResourceType::Observation,
        Local::of(subject),
        kind.profile,
        told.edition(statement),
        told.history(),
    )
    .list("identifier", meta::identifiers(source))
    .with("status", meta::status(source, "final"))
    .with("code", fixed(kind.code))
    .with("subject", reference::patient(view))
    .maybe("encounter", conversation::refer(view, statement.origin.conversation))
    .maybe("effectiveDateTime", statement.said_on.as_ref().map(FhirDateTime::as_str))
    .list("performer", reference::parties(view, &statement.by));
    if let Some((name, value)) = said.value {
        resource = resource.with(name, value);
    }
    resource = resource
        .maybe("dataAbsentReason", said.absent.map(|code| codeable::fixed(system::DATA_ABSENT, &code, None)))
        .list("note", codeable::notes(note))
        .maybe("method", kind.method.map(fixed));
    Some(resource.build())
}
