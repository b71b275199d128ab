//! Our own Questionnaire: the standard's linkIds and codes with our own labels (decision 37).

use super::GUIDE_VERSION;
use crate::r4::form::OWN_FORM;
use domain::form::{FORM_CANONICAL, FORM_VERSION, Is, Kind, Options, Question, children};
use serde_json::{Map, Value, json};

/// Canonical of our own Questionnaire at this server.
pub fn questionnaire_canonical(base: &str) -> String {
    format!("{}/Questionnaire/{OWN_FORM}", base.trim_end_matches('/'))
}

/// The form as Questionnaire. Like the standard's, it requires no answer.
pub fn questionnaire(base: &str) -> Value {
    json!({
        "resourceType": "Questionnaire",
        "id": OWN_FORM,
        "language": "nl-NL",
        "url": questionnaire_canonical(base),
        "version": GUIDE_VERSION,
        "name": "TijdigPZP",
        "title": "Proactieve zorgplanning",
        "derivedFrom": [format!("{FORM_CANONICAL}|{FORM_VERSION}")],
        "status": "active",
        "experimental": false,
        "subjectType": ["Patient"],
        "item": items(None)
    })
}

fn items(parent: Option<&str>) -> Vec<Value> {
    children(parent).iter().map(|question| item(question)).collect()
}

fn item(question: &Question) -> Value {
    let mut item = Map::new();
    item.insert("linkId".into(), question.link_id.into());
    if let Some(prefix) = question.prefix {
        item.insert("prefix".into(), prefix.into());
    }
    item.insert("text".into(), question.label.into());
    item.insert("type".into(), kind(question.kind).into());
    if let Some(when) = &question.enable_when {
        let mut condition = json!({"question": when.question, "operator": "="});
        match &when.is {
            Is::Code(choice) => condition["answerCoding"] = coding(choice),
            Is::Boolean(yes) => condition["answerBoolean"] = (*yes).into(),
        }
        item.insert("enableWhen".into(), json!([condition]));
    }
    if !question.is_group() {
        item.insert("required".into(), false.into());
    }
    item.insert("repeats".into(), question.repeats().into());
    if question.read_only {
        item.insert("readOnly".into(), true.into());
    }
    match question.kind {
        Kind::Choice { options: Options::Set(set), .. } => {
            item.insert("answerValueSet".into(), set.canonical.into());
        }
        Kind::Choice { options: Options::Listed(choices), .. } => {
            let option = |choice| {
                let mut option = json!({"valueCoding": coding(choice)});
                if question.initial.as_ref() == Some(choice) {
                    option["initialSelected"] = true.into();
                }
                option
            };
            item.insert("answerOption".into(), choices.iter().map(option).collect());
        }
        _ => {}
    }
    let beneath = items(Some(question.link_id));
    if !beneath.is_empty() {
        item.insert("item".into(), beneath.into());
    }
    Value::Object(item)
}

/// FHIR's `item-type`.
fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Group { .. } => "group",
        Kind::Text => "string",
        Kind::Date => "date",
        Kind::DateTime => "dateTime",
        Kind::Boolean => "boolean",
        Kind::Choice { .. } => "choice",
    }
}

fn coding(choice: &domain::form::Choice) -> Value {
    let mut coding = Map::new();
    if let Some(system) = choice.system {
        coding.insert("system".into(), system.into());
    }
    coding.insert("code".into(), choice.code.into());
    coding.insert("display".into(), choice.display.into());
    Value::Object(coding)
}
