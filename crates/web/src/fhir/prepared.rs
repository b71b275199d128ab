//! The standard's own searches, answered before they are asked: their entries are rendered once for all seven, when the
//! first is asked after a change, and kept sealed beside the plan: the others need neither typed plan nor projection, and
//! who writes does not wait for what perhaps nobody reads.
//!
//! What is kept is exactly what [`search`] makes, with the server's address left open; any other search goes the long way.

use domain::ident::PatientId;
use domain::plan::{CurrentPlan, Topic};
use fhir::format::Version;
use fhir::r4::search::{self, Handling, Options, PageKey};
use fhir::r4::{ResourceType, View, project};
use fhir::standard::{self, Asked};
use serde_json::Value;
use std::cell::RefCell;
use std::rc::Rc;
use store::patients::PatientRecord;
use store::plans::Projection;

/// Counts up when what is rendered changes; what was kept under another number is rendered anew.
pub const FORMAT: u32 = 1;

/// A plan whose documents bear files is not rendered beforehand above this: the files would be kept twice.
const MOST_BYTES: usize = 256 << 10;

/// Stands for the server's address while rendering.
const BASE: &str = "urn:x-tijdig:base";

/// Which of the standard's searches this is, and about whom.
pub fn which(kind: ResourceType, params: &[(String, String)]) -> Option<(u32, PatientId)> {
    let mut patient = None;
    let mut rest: Vec<(&str, &str)> = Vec::with_capacity(params.len());
    for (name, value) in params {
        match name.as_str() {
            "patient" if patient.is_none() => {
                patient = Some(PatientId::parse(value.strip_prefix("Patient/").unwrap_or(value)).ok()?);
            }
            "_format" => {}
            name => rest.push((name, value)),
        }
    }
    let same = |a: &Asked| a.kind == kind && a.params.len() == rest.len() && a.params.iter().all(|w| rest.contains(w));
    let nth = standard::blocks(Version::R4).iter().position(same)?;
    Some((u32::try_from(nth).ok()?, patient?))
}

/// Renders the standard's searches for one patient; `None` where there is too much to keep.
pub fn render(record: &PatientRecord, plan: &CurrentPlan) -> Option<Vec<u8>> {
    let has_file = |topic: &Topic<domain::plan::AdvanceDirective>| topic.statements().any(|s| s.value.file.is_some());
    if plan.content.documents.values().any(has_file) {
        return None;
    }
    let view = View {
        id: &record.id,
        patient: &record.patient,
        revision: record.revision,
        changed_at: record.changed_at,
        plan: Some(plan),
        files: &|_| None,
    };
    // Each kind is laid out once, however many searches and references ask for it.
    let laid_out: RefCell<Vec<(ResourceType, Rc<Vec<Value>>)>> = RefCell::default();
    let all_of = |kind: ResourceType| {
        let known = laid_out.borrow().iter().find(|(k, _)| *k == kind).map(|(_, all)| Rc::clone(all));
        known.unwrap_or_else(|| {
            let all = Rc::new(project::resources(&view, kind));
            laid_out.borrow_mut().push((kind, Rc::clone(&all)));
            all
        })
    };
    let key = PageKey::new(&[0; 32]);
    let options = Options { base: BASE, version: Version::R4, handling: Handling::Strict, key: &key };
    let mut blob = Vec::new();
    for asked in standard::blocks(Version::R4) {
        let mut params = vec![(asked.patient.to_owned(), format!("Patient/{}", record.id))];
        params.extend(asked.params.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        let query = search::parse(asked.kind, &params, &options).ok()?;
        let page = query.select(&|kind| all_of(kind).to_vec(), &|reference| resolve(&all_of, reference));
        if page.has_next() {
            return None;
        }
        let bundle = search::searchset(&query, page, &key);
        let entry = bundle.get("entry").map(serde_json::to_string).transpose().ok()?.unwrap_or_default();
        // No JSON text holds a zero byte, so it can stand for the address and end a part.
        let text = format!("{}\n{}", bundle["total"], entry.replace(&format!("\"fullUrl\":\"{BASE}/"), "\0"));
        blob.extend_from_slice(&u32::try_from(text.len()).ok()?.to_le_bytes());
        blob.extend_from_slice(text.as_bytes());
    }
    (blob.len() <= MOST_BYTES).then_some(blob)
}

fn resolve(all_of: &dyn Fn(ResourceType) -> Rc<Vec<Value>>, reference: &str) -> Option<Value> {
    let (kind, id) = reference.split_once('/')?;
    all_of(kind.parse().ok()?).iter().find(|resource| resource["id"] == id).cloned()
}

/// Puts one of the kept searches together as the Bundle that [`search::searchset`] would make.
pub fn answer(text: &[u8], base: &str, self_link: &str) -> Option<Vec<u8>> {
    let end = text.iter().position(|b| *b == b'\n')?;
    let (total, entry) = (&text[..end], &text[end + 1..]);
    let mut out = Vec::with_capacity(entry.len() + 2048);
    out.extend_from_slice(b"{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"total\":");
    out.extend_from_slice(total);
    out.extend_from_slice(b",\"link\":[{\"relation\":\"self\",\"url\":");
    out.extend_from_slice(serde_json::to_string(self_link).ok()?.as_bytes());
    out.extend_from_slice(b"}]");
    if !entry.is_empty() {
        out.extend_from_slice(b",\"entry\":");
        for (i, piece) in entry.split(|b| *b == 0).enumerate() {
            if i > 0 {
                out.extend_from_slice(b"\"fullUrl\":\"");
                out.extend_from_slice(base.as_bytes());
                out.push(b'/');
            }
            out.extend_from_slice(piece);
        }
    }
    out.push(b'}');
    Some(out)
}

/// What to keep beside a plan, as the store wants it.
pub fn projection(record: &PatientRecord, plan: &CurrentPlan) -> Option<Projection> {
    let bytes = render(record, plan)?;
    Some(Projection { format: FORMAT, number: plan.number, revision: record.revision, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(query: &str) -> Vec<(String, String)> {
        crate::forms::Fields::parse(query.as_bytes()).0
    }

    #[test]
    fn only_the_standards_own_searches_are_recognised() {
        let id = PatientId::from_bits(7);
        let goal = format!("patient=Patient/{id}&category=http://snomed.info/sct%7C713603004");
        assert_eq!(which(ResourceType::Goal, &params(&goal)), Some((3, id.clone())));
        assert_eq!(which(ResourceType::Goal, &params(&format!("{goal}&_format=json"))), Some((3, id)));
        for other in [format!("{goal}&_count=1"), goal.replace("713603004", "1"), goal.replace("patient=", "subject=")]
        {
            assert_eq!(which(ResourceType::Goal, &params(&other)), None, "{other}");
        }
        assert_eq!(which(ResourceType::Consent, &params(&goal)), None);
    }

    #[test]
    fn the_address_of_the_server_is_put_in_when_asked() {
        assert_eq!(answer(b"", "b", "s"), None);
        let text = String::from_utf8(answer(b"1\n[\0x]", "https://h", "https://h/Goal").unwrap()).unwrap();
        assert!(text.contains("\"entry\":[\"fullUrl\":\"https://h/x]") && text.contains("\"total\":1"));
    }
}
