//! What is wrong with a search, and what is not known.

use super::*;
use crate::format::{IssueType, Problem};

fn refused(url: &str) -> Vec<Problem> {
    ask_with(url, Handling::Lenient).err().unwrap_or_else(|| panic!("{url} was accepted"))
}

#[test]
fn a_wrong_value_is_always_refused_by_its_name() {
    for (url, path) in [
        ("Consent?patient=[id]&date=gisteren", "http.date"),
        ("Consent?patient=[id]&date=2020-02-30", "http.date"),
        ("Consent?patient=[id]&_lastUpdated=ge", "http._lastUpdated"),
        ("Consent?patient=[id]&category=|", "http.category"),
        ("Consent?patient=[id]&category=a|b|c", "http.category"),
        ("Consent?patient=[id]&category=a,,b", "http.category"),
        ("Consent?patient=a/b/c", "http.patient"),
        ("Consent?patient=%20", "http.patient"),
        ("Consent?patient=[id],00000000000000000000000001", "http.patient"),
        ("Consent?patient=[id]&actor=not+a+reference", "http.actor"),
        ("Consent?patient=[id]&actor:Device=x", "http.actor:Device"),
        ("Consent?patient=[id]&actor:Nothing.name=x", "http.actor:Nothing.name"),
        ("Consent?patient=[id]&_count=-1", "http._count"),
        ("Consent?patient=[id]&_count=veel", "http._count"),
        ("Consent?patient=[id]&_summary=all", "http._summary"),
        ("Consent?patient=[id]&_total=maybe", "http._total"),
        ("Consent?patient=[id]&_elements=a;b", "http._elements"),
        ("Consent?patient=[id]&_include=Consent", "http._include"),
        ("Consent?patient=[id]&_include:logical=Consent:actor", "http._include:logical"),
        ("Consent?patient=[id]&category:fuzzy=a", "http.category:fuzzy"),
        ("Consent?patient=[id]&date:exact=2020", "http.date:exact"),
        ("Consent?patient=[id]&category:missing=maybe", "http.category:missing"),
        ("Device?patient=[id]&type:in=http://unknown/ValueSet", "http.type:in"),
        ("DeviceUseStatement?patient=[id]&device.type:in=x", "http.type:in"),
        (
            "Observation?patient=[id]&encounter.reason-reference.encounter.participant.practitioner.name=a",
            "http.participant.practitioner.name",
        ),
        ("Patient?identifier=http://fhir.nl/fhir/NamingSystem/bsn|999911121", "http.identifier"),
        ("Patient?identifier=http://fhir.nl/fhir/NamingSystem/bsn|", "http.identifier"),
        ("Patient?identifier=999911120,111222333", "http.identifier"),
        ("Consent?patient.identifier=http://fhir.nl/fhir/NamingSystem/bsn|12", "http.patient.identifier"),
        ("Consent?patient=[id]&patient.identifier=999911120", "http.patient"),
        ("Consent?_page=AAAA", "http._page"),
        ("Consent?_page=AAAA&patient=[id]", "http._page"),
    ] {
        let problems = refused(url);
        assert_eq!(problems.len(), 1, "{url} {problems:?}");
        assert!(problems[0].is_error() && problems[0].path == path, "{url}: {problems:?}");
        assert!(problems[0].text.ends_with('.') && problems[0].text.len() > 20);
    }
}

#[test]
fn every_fault_is_named_at_once_and_no_value_is_repeated() {
    let problems = refused("Consent?patient=[id]&date=999911120&_count=x&category=|");
    assert_eq!(problems.len(), 3);
    let all = format!("{problems:?}");
    assert!(!all.contains("999911120") && !all.contains(patient().as_str()));
}

#[test]
fn what_is_not_known_goes_by_the_handling() {
    for name in [
        "nonsense",
        "_revinclude",
        "_has:Observation:patient:code",
        "code",
        "category.system",
        "_text",
        "patient.nonsense",
        "_include",
        "_sort",
    ] {
        let value = match name {
            "_revinclude" => "Procedure:encounter",
            "_include" => "Consent:nonsense",
            "_sort" => "nonsense",
            _ => "x",
        };
        let url = format!("Consent?patient=[id]&{name}={value}&_count=2");
        let problems = ask_with(&url, Handling::Strict).err().unwrap_or_else(|| panic!("{name}"));
        assert_eq!(
            (problems.len(), problems[0].code, problems[0].is_error()),
            (1, IssueType::NotSupported, true),
            "{name}"
        );
        let bundle = world().bundle(&url);
        let entries = bundle["entry"].as_array().unwrap();
        assert_eq!(entries.len(), 3, "{name}");
        let outcome = &entries[2];
        assert_eq!(
            (&outcome["search"]["mode"], &outcome["resource"]["resourceType"]),
            (&json!("outcome"), &json!("OperationOutcome"))
        );
        assert_eq!(outcome["resource"]["issue"][0]["severity"], "warning");
        assert!(!bundle["link"][0]["url"].as_str().unwrap().contains(name), "{name}");
    }
}

#[test]
fn an_odd_name_is_not_repeated() {
    for name in ["999911120", "a b", "<script>", &"x".repeat(100)] {
        let query = parse(
            ResourceType::Consent,
            &[(name.to_owned(), "1".to_owned())],
            &Options { version: crate::format::Version::R4, base: BASE, handling: Handling::Lenient, key: &key() },
        )
        .unwrap();
        assert_eq!(query.ignored()[0].path, "http.…");
        assert!(!query.ignored()[0].text.contains(name));
    }
}

#[test]
fn empty_values_do_not_count() {
    assert_eq!(world().found("Consent?patient=[id]&category=&_count=&=x&").0.len(), 3);
    assert!(ask("Consent?patient=").lacks_patient().is_some());
}

#[test]
fn a_token_belongs_to_its_server_and_type() {
    let bundle = world().bundle("Consent?patient=[id]&_count=1");
    let next = bundle["link"][1]["url"].as_str().unwrap();
    let query = next.split_once('?').unwrap().1;
    assert!(ask_with(&format!("Consent?{query}"), Handling::Strict).is_ok());
    assert!(ask_with(&format!("Goal?{query}"), Handling::Strict).is_err());
    let (kind, params) = kind_and_query(&format!("Consent?{query}"));
    let other = PageKey::new(&[4; 32]);
    assert!(
        parse(
            kind,
            &params,
            &Options { version: crate::format::Version::R4, base: BASE, handling: Handling::Lenient, key: &other }
        )
        .is_err()
    );
}

#[test]
fn prefer_is_read_as_http_has_it() {
    for (headers, strict) in [
        (&["handling=strict"][..], true),
        (&["return=minimal; handling=STRICT"], true),
        (&["return=minimal", "respond-async, handling=\"strict\""], true),
        (&["handling=lenient"], false),
        (&["strict"], false),
        (&[], false),
    ] {
        assert_eq!(Handling::of_prefer(headers.iter().copied()) == Handling::Strict, strict, "{headers:?}");
    }
}

proptest::proptest! {
    /// Whatever is asked, the answer is a sound Bundle or a list of problems, and neither says a private value again.
    #[test]
    fn nothing_that_is_asked_brings_it_down(
        names in proptest::collection::vec(proptest::sample::select(vec![
            "patient", "patient.identifier", "patient:identifier", "category", "date", "_lastUpdated", "actor", "actor.name", "actor:Patient.identifier",
            "_id", "_count", "_sort", "_include", "_summary", "_elements", "_page", "_total", "category:in", "category:text", "scope:not", "x", "",
        ]), 1..5),
        values in proptest::collection::vec(r"(ge|sa)?[0-9]{0,4}(-[0-9]{2}){0,2}(T[0-9:Z+.-]{0,12})?|[a-zé,|\\:/* -]{0,12}|.{0,8}", 5),
        strict in proptest::bool::ANY,
    ) {
        let secret = "geheim999911120";
        let mut params: Vec<(String, String)> = names.iter().zip(values).map(|(name, value)| ((*name).to_owned(), value)).collect();
        params.push(("actor.name".into(), secret.into()));
        let handling = if strict { Handling::Strict } else { Handling::Lenient };
        match parse(ResourceType::Consent, &params, &Options { version: crate::format::Version::R4, base: BASE, handling, key: &key() }) {
            Ok(query) => {
                let bundle = searchset(&query, world().page(&query), &key());
                proptest::prop_assert_eq!(crate::format::check(&bundle), vec![]);
                proptest::prop_assert!(!bundle.to_string().contains(secret));
            }
            Err(problems) => {
                let said = format!("{problems:?}");
                proptest::prop_assert!(!problems.is_empty() && !said.contains(secret));
            }
        }
    }
}
