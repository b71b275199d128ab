//! From a plan to the form: the whole plan as it stands, in the form's order, with current linkIds, codings and
//! displays (decisions 1, 20, 21 and 33 to 35).

pub(super) mod lines;
mod tree;

use super::read::{IN_DECISION_ORDER, LimitItems, attending_roles};
use super::{Answers, Value, question};
use crate::code::{CodeSet, Coding, ContactRole, RelationKind, YesNoUnknown, system};
use crate::patient::Patient;
use crate::people::{ContactPerson, Name, Professional, RelationOf, RoleOf};
use crate::plan::{
    Attendance, Content, Conversation, ConversationKey, Decision, Directive, OtherLimit, OtherLimits, Statement, Topic,
    Treatment, VALUE_IN_TEXT,
};
use tree::Sheet;

pub use lines::{agreements as agreement_lines, life_wishes as life_wish_lines};

/// The head of the form to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrentHead {
    /// The conversation whose date and professional stand in the head.
    pub conversation: ConversationKey,
}

/// The whole plan as answers. What the form cannot hold (filed statements, addresses, identifiers) is left out; a
/// proposal is a sentence in its Toelichting (decision 1).
pub fn write(content: &Content, head: &CurrentHead, patient: &Patient) -> Answers {
    let conversation = content.conversation(head.conversation).or_else(|| content.newest_conversation());
    let mut sheet = Sheet::default();
    write_head(&mut sheet, content, conversation, patient);
    write_capacity(&mut sheet, content);
    let attendance = conversation.and_then(|c| c.attendance.as_ref()).or_else(|| content.attended().map(|(_, a)| a));
    if let Some(attendance) = attendance {
        write_attendance(&mut sheet, content, attendance);
    }
    sheet.code("999", content.goal.value().map(|g| g.goal.coding()));
    for (treatment, topic) in &content.directives {
        write_directive(&mut sheet, content, *treatment, topic);
    }
    write_other_limits(&mut sheet, content);
    write_icd(&mut sheet, content);
    write_wishes(&mut sheet, content);
    sheet.build()
}

fn write_head(sheet: &mut Sheet, content: &Content, conversation: Option<&Conversation>, patient: &Patient) {
    sheet.put("963", conversation.and_then(|c| c.held_on.clone()).map(Value::DateTime));
    write_name(sheet, ["964", "965", "966"], &patient.name);
    sheet.put("967", crate::date::FhirDateTime::parse(&patient.birth_date.date_part()).ok().map(Value::Date));
    let held_by = conversation.and_then(|c| content.professional(c.held_by.first()?.professional));
    if let Some(professional) = held_by {
        write_name(sheet, ["968", "969", "970"], &professional.name);
        sheet.code("1405", specialty(professional));
    }
}

/// The name by which the form knows somebody: first names in full where they are known, else the call name or the
/// initials; own family name, or the partner's where that is the only one.
fn write_name(sheet: &mut Sheet, [given, prefix, family]: [&'static str; 3], name: &Name) {
    sheet.text(given, name.given.as_ref().or(name.called.as_ref()).or(name.initials.as_ref()));
    let own = name.family.is_some() || name.partner_family.is_none();
    let (before, last) = if own { (&name.prefix, &name.family) } else { (&name.partner_prefix, &name.partner_family) };
    sheet.text(prefix, before.as_ref());
    sheet.text(family, last.as_ref());
}

/// The UZI role code where there is one: the form's own list (SPEC section 9, trap 5).
fn specialty(professional: &Professional) -> Option<Coding> {
    let asked = question("1405")?;
    let mut fit = professional.specialty.iter().filter(|s| asked.accepts(s));
    let first = fit.clone().next();
    fit.find(|s| s.system.as_deref() == Some(system::UZI_ROLE)).or(first).cloned()
}

fn write_capacity(sheet: &mut Sheet, content: &Content) {
    let Some(capacity) = content.capacity.value() else { return };
    sheet.put("1651", capacity.capable.map(Value::Boolean));
    sheet.text("1407", capacity.comment.as_ref());
    if let Some(person) = content.representative() {
        write_person(
            sheet,
            person,
            ["973", "974", "975"],
            ("40", ["976", "977", "978", "979"]),
            ("41", ["980", "981"]),
        );
        for role in &person.roles {
            write_role(sheet, "982", "411", role);
        }
        write_one_relation(sheet, "983", "408", person);
    }
    if let Some(first) = content.first_contact() {
        let same = capacity.representative == capacity.first_contact;
        sheet.put("984", Some(Value::Boolean(same)));
        if !same {
            write_person(
                sheet,
                first,
                ["985", "986", "987"],
                ("62", ["988", "989", "990", "991"]),
                ("66", ["992", "993"]),
            );
            write_one_relation(sheet, "995", "412", first);
        }
    }
}

fn write_person(
    sheet: &mut Sheet,
    person: &ContactPerson,
    name: [&'static str; 3],
    (telephones, [number, kind, purpose, comment]): (&'static str, [&'static str; 4]),
    (emails, [address, email_purpose]): (&'static str, [&'static str; 2]),
) {
    write_name(sheet, name, &person.name);
    for t in &person.telephones {
        let mut row = Sheet::default();
        row.text(number, t.number.as_ref());
        row.code(kind, t.kind.map(CodeSet::coding));
        row.code(purpose, t.purpose.map(CodeSet::coding));
        row.text(comment, t.comment.as_ref());
        sheet.row(telephones, row);
    }
    for e in &person.emails {
        let mut row = Sheet::default();
        row.text(address, e.address.as_ref());
        row.code(email_purpose, e.purpose.map(CodeSet::coding));
        sheet.row(emails, row);
    }
}

/// A role; one that the form does not list is 'other', with its name as text.
fn write_role(sheet: &mut Sheet, link_id: &'static str, text_id: &'static str, role: &RoleOf) {
    let other = RoleOf { role: ContactRole::Other, text: Some(role.role.display().to_owned()) };
    let role = if lists(link_id, role.role) { role } else { &other };
    sheet.also_code(link_id, &role.role.coding(), text_id, role.text.as_ref());
}

/// A relation; one that the form does not list is 'other', with its name as text.
fn write_relation(sheet: &mut Sheet, link_id: &'static str, text_id: &'static str, relation: &RelationOf) {
    let other = RelationOf { relation: RelationKind::Other, text: Some(relation.relation.display().to_owned()) };
    let relation = if lists(link_id, relation.relation) { relation } else { &other };
    sheet.also_code(link_id, &relation.relation.coding(), text_id, relation.text.as_ref());
}

/// The one relation that the form asks: the first it lists.
fn write_one_relation(sheet: &mut Sheet, link_id: &'static str, text_id: &'static str, person: &ContactPerson) {
    let listed = person.relations.iter().find(|r| lists(link_id, r.relation));
    if let Some(relation) = listed.or(person.relations.first()) {
        write_relation(sheet, link_id, text_id, relation);
    }
}

fn lists<S: CodeSet>(link_id: &str, member: S) -> bool {
    question(link_id).is_some_and(|q| q.accepts(&member.coding()))
}

fn write_attendance(sheet: &mut Sheet, content: &Content, attendance: &Attendance) {
    if attendance.patient {
        sheet.code("82", question("82").and_then(|q| q.options().first()).map(super::Choice::coding));
    }
    for person in attendance.people.iter().filter_map(|k| content.person(*k)) {
        let mut roles: Vec<&RoleOf> = attending_roles(person).collect();
        if roles.is_empty() && person.relations.is_empty() {
            // Nothing else tells that there was somebody.
            roles.extend(
                person
                    .roles
                    .iter()
                    .filter(|r| !matches!(r.role, ContactRole::FirstContact | ContactRole::LegalRepresentative)),
            );
        }
        for role in roles {
            write_role(sheet, "997", "414", role);
        }
        for relation in &person.relations {
            write_relation(sheet, "998", "413", relation);
        }
    }
}

/// Was the question itself left without an answer?
fn unanswered<T>(statement: &Statement<T>) -> bool {
    is_unanswered(statement.source.absent_reason.as_deref())
}

fn is_unanswered(absent_reason: Option<&str>) -> bool {
    matches!(absent_reason, Some(VALUE_IN_TEXT | "not-asked"))
}

fn decision_coding(decision: &Decision) -> Option<Coding> {
    let plain = if let Decision::Otherwise(_) = decision { Decision::Otherwise(None) } else { decision.clone() };
    let (_, system, code) = IN_DECISION_ORDER.into_iter().find(|(d, ..)| *d == plain)?;
    Some(Coding { system: Some(system.to_owned()), code: code.to_owned(), display: None })
}

/// Writes a decision with its condition; what the question has no code for is left unanswered.
fn write_decision(sheet: &mut Sheet, items: LimitItems, decision: &Decision) {
    let coding = decision_coding(decision);
    sheet.code(items.decision, coding.filter(|c| question(items.decision).is_some_and(|q| q.accepts(c))));
    if let (Decision::Otherwise(condition), Some(link_id)) = (decision, items.condition) {
        sheet.text(link_id, condition.as_ref());
    }
}

fn write_directive(sheet: &mut Sheet, content: &Content, treatment: Treatment, topic: &Topic<Directive>) {
    let has_icd = content.icd.value().is_none_or(|i| i.present == YesNoUnknown::Yes);
    if treatment == Treatment::IcdDeactivation && !has_icd {
        return;
    }
    let items = LimitItems::of(treatment);
    let mut said = Vec::new();
    if let Some(statement) = &topic.current {
        if !unanswered(statement) {
            write_decision(sheet, items, &statement.value.decision);
        }
        said.extend(statement.value.comment.clone());
    }
    said.extend(lines::directive_proposal(content, topic));
    sheet.lines(items.comment, &said);
}

fn write_other_limits(sheet: &mut Sheet, content: &Content) {
    let items = LimitItems::OTHER;
    let topic = &content.other_limits;
    if let Some(OtherLimits(limits)) = topic.value() {
        let decided = |l: &OtherLimit| !is_unanswered(l.source.absent_reason.as_deref());
        let agree = limits.iter().all(|l| decided(l) && l.directive.decision == limits[0].directive.decision);
        if let (Some(first), true) = (limits.first(), agree && topic.current.as_ref().is_some_and(|s| !unanswered(s))) {
            write_decision(sheet, items, &first.directive.decision);
        }
    }
    sheet.lines(items.comment, &lines::other_limits(content));
}

fn write_icd(sheet: &mut Sheet, content: &Content) {
    let Some(icd) = content.icd.value() else { return };
    sheet.code("1006", Some(icd.present.coding()));
    if icd.present == YesNoUnknown::Yes {
        sheet.code("1008", icd.kind.map(CodeSet::coding));
        sheet.text("1009", icd.comment.as_ref());
    }
}

/// A coded answer with its explanation beneath.
fn write_explained<T, S: CodeSet>(
    sheet: &mut Sheet,
    [link_id, comment_id]: [&'static str; 2],
    topic: &Topic<T>,
    of: impl Fn(&T) -> (S, &Option<String>),
) {
    let Some(statement) = &topic.current else { return };
    let (value, comment) = of(&statement.value);
    sheet.code(link_id, (!unanswered(statement)).then(|| value.coding()));
    sheet.text(comment_id, comment.as_ref());
}

fn write_wishes(sheet: &mut Sheet, content: &Content) {
    let wishes = content.care_wishes.value().and_then(|w| w.text.clone());
    sheet.lines("1190", &wishes.into_iter().chain(lines::life_wishes(content)).collect::<Vec<_>>());
    write_explained(sheet, ["1191", "1192"], &content.place_of_death, |p| (p.place, &p.comment));
    write_explained(sheet, ["1193", "1194"], &content.euthanasia, |e| (e.position, &e.comment));
    sheet.code("1435", content.organ_donation.value().map(|o| o.registered.coding()));
    let purpose = content.sense_of_purpose.value().and_then(|p| p.text.clone());
    sheet.lines("1196", &purpose.into_iter().chain(lines::agreements(content)).collect::<Vec<_>>());
    write_explained(sheet, ["1197", "1198"], &content.earlier, |e| (e.recorded, &e.comment));
    if let Some(earlier) = content.earlier.value()
        && earlier.recorded == YesNoUnknown::Yes
    {
        sheet.code("1199", earlier.differs.map(CodeSet::coding));
    }
    sheet.put("1200", content.inform_relatives.value().map(|i| Value::Boolean(i.informed)));
    sheet.code("1201", content.sharing.value().map(|s| s.answer.coding()));
}

#[cfg(test)]
mod tests;
