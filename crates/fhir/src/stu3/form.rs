//! The form ACP-zib2017: the questions of ACP-zib2020 under other linkIds, with other codes for yes, no and the limits.

mod table;

use super::codes::Permitted;
use super::up::Up;
use super::{FORM_CANONICAL, GUIDE, GUIDE_VERSION};
use crate::format::{IssueType, Kind};
use crate::r4::form::is_form as is_r4_form;
use domain::code::{Coding, system};
use domain::form::{FORM_CANONICAL as R4_CANONICAL, FORM_VERSION as R4_VERSION, Kind as Asked, question};
use serde_json::{Map, Value, json};
use table::{GROUPED, r4_of, stu3_of};

type Object = Map<String, Value>;

/// Last part of the canonical of this server's own Questionnaire on zib2017.
pub const OWN_FORM: &str = "tijdig-pzp-zib2017";

/// Is this the form on zib2017, whatever its version? The standard's canonical, and our own Questionnaire's.
pub fn is_form(canonical: &str) -> bool {
    let url = canonical.split_once('|').map_or(canonical, |(url, _)| url);
    url == FORM_CANONICAL || url.strip_suffix(OWN_FORM).is_some_and(|before| before.ends_with("/Questionnaire/"))
}

/// Is this form written in STU3? There it refers to its Questionnaire; one that names none is known by its linkIds.
pub fn is_stu3(response: &Value) -> bool {
    match response.get("questionnaire") {
        Some(Value::Object(_)) => true,
        Some(_) => false,
        None => {
            let items = response.get("item").and_then(Value::as_array).into_iter().flatten();
            let ids: Vec<&str> = items.filter_map(|i| i["linkId"].as_str()).collect();
            ids.iter().any(|id| *id == "385" || *id == "6")
        }
    }
}

/// A form of another system, kept to the letter in STU3, in the words of R4: for whoever asks for it there.
pub fn source_in_r4(response: &Value) -> Value {
    Up::at("QuestionnaireResponse", &|_| None).resource(response.clone())
}

// ---- responses -----------------------------------------------------------------------------------------------------------------

/// R4 to STU3.
pub(super) fn response_down(response: &mut Object) -> Object {
    let mut out = Object::new();
    if let Some(Value::String(canonical)) = response.remove("questionnaire") {
        let named = if is_r4_form(&canonical) { format!("{FORM_CANONICAL}|{GUIDE_VERSION}") } else { canonical };
        out.insert("questionnaire".into(), json!({"reference": named}));
    }
    let items = response.remove("item").map(items_down).unwrap_or_default();
    if !items.is_empty() {
        out.insert("item".into(), items.into());
    }
    out
}

fn items_down(items: Value) -> Vec<Value> {
    let Value::Array(items) = items else { return Vec::new() };
    let mut out = Vec::new();
    for item in items {
        let Value::Object(mut item) = item else { continue };
        let id = item.get("linkId").and_then(Value::as_str).unwrap_or_default().to_owned();
        let beneath = item.remove("item").map(items_down).unwrap_or_default();
        if id == GROUPED {
            out.extend(beneath);
            continue;
        }
        // What this form does not ask stays out.
        let Some(link_id) = stu3_of(&id) else { continue };
        item.insert("linkId".into(), link_id.into());
        for answer in item.get_mut("answer").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Value::Object(answer) = answer {
                answer_down(&id, answer);
            }
        }
        if !beneath.is_empty() {
            item.insert("item".into(), beneath.into());
        }
        out.push(Value::Object(item));
    }
    out
}

fn answer_down(id: &str, answer: &mut Object) {
    if let Some(beneath) = answer.remove("item").map(items_down).filter(|b| !b.is_empty()) {
        answer.insert("item".into(), beneath.into());
    }
    if let Some(Value::Bool(yes)) = answer.remove("valueBoolean") {
        answer.insert("valueCoding".into(), yes_or_no(yes));
    }
    let coding = answer.get("valueCoding").and_then(coding_of);
    if let Some(coding) = coding.and_then(|coding| coding_down(id, &coding)) {
        answer.insert("valueCoding".into(), coding);
    }
}

fn yes_or_no(yes: bool) -> Value {
    if yes { json!({"code": "1", "display": "Ja"}) } else { json!({"code": "0", "display": "Nee"}) }
}

/// A code of the R4 form that is another one here.
fn coding_down(id: &str, coding: &Coding) -> Option<Value> {
    if table::DECISIONS.contains(&id) {
        return Permitted::of_decision(coding).map(Permitted::coding);
    }
    let role = coding.code.strip_prefix('0').filter(|_| coding.system.as_deref() == Some(system::CONTACT_ROLE))?;
    let mut out = json!({"system": system::CONTACT_ROLE, "code": role});
    if let Some(display) = &coding.display {
        out["display"] = display.as_str().into();
    }
    Some(out)
}

fn coding_of(value: &Value) -> Option<Coding> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Coding { system: text("system"), code: text("code")?, display: text("display") })
}

/// STU3 to R4.
pub(super) fn response_up(response: &mut Object, to: &mut Up<'_>) -> Object {
    let mut out = Object::new();
    if let Some(named) = response.remove("questionnaire") {
        match named.get("reference").and_then(Value::as_str) {
            Some(canonical) if is_form(canonical) => {
                out.insert("questionnaire".into(), format!("{R4_CANONICAL}|{R4_VERSION}").into());
            }
            _ => to.refuse(
                Kind::Other,
                IssueType::NotSupported,
                "questionnaire.reference",
                &format!("Dit formulier is hier niet bekend. Stuur antwoorden op ACP-zib2017 ({FORM_CANONICAL})."),
            ),
        }
    }
    // The guide's own forms name the patient as source alone.
    if !response.contains_key("subject") {
        let is_patient = |s: &&Value| {
            let to = s["reference"].as_str().unwrap_or_default();
            to.contains("Patient/") || to.starts_with("urn:") || s.get("identifier").is_some()
        };
        let subject = response.get("source").filter(is_patient).cloned();
        out.extend(subject.map(|subject| ("subject".to_owned(), subject)));
    }
    if let Some(items) = response.remove("item") {
        let items = items_up(items, "item", "item", to);
        if !items.is_empty() {
            out.insert("item".into(), items.into());
        }
    }
    out
}

/// A list of items: `at` is where they stand in R4, `was` where they stood in STU3.
fn items_up(items: Value, at: &str, was: &str, to: &mut Up<'_>) -> Vec<Value> {
    let Value::Array(items) = items else { return Vec::new() };
    let mut out: Vec<Value> = Vec::new();
    let mut group: Option<usize> = None;
    for (n, item) in items.into_iter().enumerate() {
        let Value::Object(item) = item else { continue };
        let was = format!("{was}[{n}]");
        let id = item.get("linkId").and_then(Value::as_str).unwrap_or_default();
        let Some(link_id) = r4_of(id) else {
            let text = "Het formulier ACP-zib2017 heeft geen vraag met dit linkId. Controleer het linkId.";
            to.refuse(Kind::Other, IssueType::Structure, &format!("{was}.linkId"), text);
            continue;
        };
        if table::IN_GROUP.contains(&link_id) {
            let place = *group.get_or_insert_with(|| {
                out.push(json!({"linkId": GROUPED, "item": []}));
                out.len() - 1
            });
            let inside = out[place]["item"].as_array().map_or(0, Vec::len);
            let item = item_up(item, link_id, &format!("{at}[{place}].item[{inside}]"), &was, to);
            if let Some(list) = out[place]["item"].as_array_mut() {
                list.push(item);
            }
            continue;
        }
        let place = out.len();
        let item = item_up(item, link_id, &format!("{at}[{place}]"), &was, to);
        out.push(item);
    }
    out
}

fn item_up(mut item: Object, link_id: &str, at: &str, was: &str, to: &mut Up<'_>) -> Value {
    if at != was {
        to.moved.push((at.to_owned(), was.to_owned()));
    }
    item.insert("linkId".into(), link_id.into());
    if let Some(beneath) = item.remove("item") {
        let beneath = items_up(beneath, &format!("{at}.item"), &format!("{was}.item"), to);
        item.insert("item".into(), beneath.into());
    }
    for (n, answer) in item.get_mut("answer").and_then(Value::as_array_mut).into_iter().flatten().enumerate() {
        let Value::Object(answer) = answer else { continue };
        if let Some(beneath) = answer.remove("item") {
            let beneath = items_up(beneath, &format!("{at}.answer[{n}].item"), &format!("{was}.answer[{n}].item"), to);
            answer.insert("item".into(), beneath.into());
        }
        answer_up(link_id, answer);
    }
    Value::Object(item)
}

/// A code of this form that the R4 form says otherwise; what is not one of them is left for the check of the form.
fn answer_up(link_id: &str, answer: &mut Object) {
    let Some(value) = answer.get("valueCoding") else { return };
    let code = value["code"].as_str().unwrap_or_default();
    if question(link_id).is_some_and(|q| q.kind == Asked::Boolean) {
        let yes = match code {
            "1" => true,
            "0" => false,
            _ => return,
        };
        answer.remove("valueCoding");
        answer.insert("valueBoolean".into(), yes.into());
    } else if table::DECISIONS.contains(&link_id) {
        if let Some(permitted) = Permitted::of(value) {
            answer.insert("valueCoding".into(), permitted.decision());
        }
    } else if matches!(code.as_bytes(), [b'1'..=b'9']) && value["system"] == system::CONTACT_ROLE {
        let mut coding = value.clone();
        coding["code"] = format!("0{code}").into();
        answer.insert("valueCoding".into(), coding);
    }
}

// ---- the Questionnaire -----------------------------------------------------------------------------------------------------------

/// Our own Questionnaire of R4 in the words of STU3: other linkIds, options instead of answer sets, yes and no as codes.
pub(super) fn questionnaire_down(questionnaire: &mut Object) -> Object {
    let mut out = Object::new();
    if let Some(Value::String(url)) = questionnaire.get("url") {
        let base = url.rsplit_once('/').map_or("", |(base, _)| base);
        out.insert("url".into(), format!("{base}/{OWN_FORM}").into());
    }
    out.insert("id".into(), OWN_FORM.into());
    out.insert("version".into(), GUIDE_VERSION.into());
    out.insert("name".into(), "TijdigPZPzib2017".into());
    if let Some(items) = questionnaire.remove("item") {
        out.insert("item".into(), questions_down(items).into());
    }
    out
}

fn questions_down(items: Value) -> Vec<Value> {
    let Value::Array(items) = items else { return Vec::new() };
    let mut out = Vec::new();
    for item in items {
        let Value::Object(mut item) = item else { continue };
        let id = item.get("linkId").and_then(Value::as_str).unwrap_or_default().to_owned();
        let beneath = item.remove("item").map(questions_down).unwrap_or_default();
        if id == GROUPED {
            out.extend(beneath);
            continue;
        }
        let Some(link_id) = stu3_of(&id) else { continue };
        item.insert("linkId".into(), link_id.into());
        options_down(&id, &mut item);
        conditions_down(&mut item);
        if !beneath.is_empty() {
            item.insert("item".into(), beneath.into());
        }
        out.push(Value::Object(item));
    }
    out
}

fn options_down(id: &str, item: &mut Object) {
    if item.get("type").is_some_and(|t| t == "boolean") {
        item.insert("type".into(), "choice".into());
        item.insert("option".into(), json!([{"valueCoding": yes_or_no(true)}, {"valueCoding": yes_or_no(false)}]));
    }
    if let Some(Value::String(set)) = item.remove("answerValueSet") {
        item.insert("options".into(), json!({"reference": set_down(&set)}));
    }
    let Some(Value::Array(list)) = item.remove("answerOption") else { return };
    let mut options = Vec::new();
    for option in list {
        let coding = value_down(id, &option["valueCoding"]);
        if option["initialSelected"] == true {
            item.insert("initialCoding".into(), coding.clone());
        }
        options.push(json!({"valueCoding": coding}));
    }
    item.insert("option".into(), options.into());
}

fn conditions_down(item: &mut Object) {
    for condition in item.get_mut("enableWhen").and_then(Value::as_array_mut).into_iter().flatten() {
        let Value::Object(condition) = condition else { continue };
        condition.remove("operator");
        let asked = condition.get("question").and_then(Value::as_str).unwrap_or_default().to_owned();
        condition.insert("question".into(), stu3_of(&asked).unwrap_or_default().into());
        if let Some(Value::Bool(yes)) = condition.remove("answerBoolean") {
            condition.insert("answerCoding".into(), json!({"code": if yes { "1" } else { "0" }}));
        } else if let Some(coding) = condition.get("answerCoding").map(|c| value_down(&asked, c)) {
            condition.insert("answerCoding".into(), coding);
        }
    }
}

fn value_down(id: &str, coding: &Value) -> Value {
    coding_of(coding).and_then(|c| coding_down(id, &c)).unwrap_or_else(|| coding.clone())
}

/// The canonical of a set of codes in STU3, by that in R4; without a version, which is R4's.
pub fn set_down(canonical: &str) -> String {
    let url = canonical.split('|').next().unwrap_or(canonical);
    let Some(name) = url.strip_prefix("https://api.iknl.nl/docs/pzp/r4/ValueSet/") else { return url.to_owned() };
    let name = if name == "ACP-PositionRegardingEuthanasia" { "ACP-EuthanasiaStatement" } else { name };
    format!("{GUIDE}/ValueSet/{name}")
}

/// The canonical of a set of codes in R4, by that in STU3.
pub fn set_up(canonical: &str) -> String {
    let url = canonical.split('|').next().unwrap_or(canonical);
    let Some(name) = url.strip_prefix(GUIDE).and_then(|rest| rest.strip_prefix("/ValueSet/")) else {
        return canonical.to_owned();
    };
    let name = if name == "ACP-EuthanasiaStatement" { "ACP-PositionRegardingEuthanasia" } else { name };
    format!("https://api.iknl.nl/docs/pzp/r4/ValueSet/{name}")
}
