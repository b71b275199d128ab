//! Taking plans in, and refusing what may not be kept (decision 31): a clear error, and no trace.

use crate::harness::{Fhir, server};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

pub const BSN: &str = "999911120";
const SNOMED: &str = "http://snomed.info/sct";
const PROFILE: &str = "https://api.iknl.nl/docs/pzp/r4/StructureDefinition/";

fn entry(url: &str, resource: &Value) -> Value {
    let kind = resource["resourceType"].clone();
    json!({"fullUrl": url, "resource": resource, "request": {"method": "POST", "url": kind}})
}

pub fn patient(bsn: &str) -> Value {
    json!({
        "resourceType": "Patient",
        "meta": {"profile": [format!("{PROFILE}ACP-Patient")]},
        "identifier": [{"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": bsn}],
        "name": [{
            "use": "official", "family": "Hartman", "given": ["Hendrik"],
            "_family": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/humanname-own-name", "valueString": "Hartman"}]},
            "_given": [{"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-qualifier", "valueCode": "BR"}]}]
        }],
        "birthDate": "1961-01-01"
    })
}

fn directive(kind: &str) -> Value {
    json!({
        "resourceType": "Consent",
        "meta": {"profile": [format!("{PROFILE}ACP-TreatmentDirective")]},
        "identifier": [{"system": "https://voorbeeld.test/id", "value": "cpr-1"}],
        "status": "active",
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "treatment"}]},
        "category": [{"coding": [{"system": SNOMED, "code": "129125009"}]}],
        "patient": {"reference": "urn:uuid:patient"},
        "dateTime": "2022-11-08",
        "policy": [{"uri": "https://wetten.overheid.nl/"}],
        "provision": {"type": kind, "code": [{"coding": [{"system": SNOMED, "code": "89666000"}]}]}
    })
}

pub fn bundle(bsn: &str) -> Value {
    json!({"resourceType": "Bundle", "type": "transaction", "entry": [
        entry("urn:uuid:patient", &patient(bsn)),
        entry("urn:uuid:cpr", &directive("deny")),
    ]})
}

/// Nothing is known of the patient.
async fn unknown(own: &Fhir<'_>, bsn: &str) -> bool {
    let found = own.get(&format!("/Patient?identifier=http://fhir.nl/fhir/NamingSystem/bsn|{bsn}")).await;
    found.json()["total"] == 0
}

#[tokio::test]
async fn a_bundle_becomes_a_version_once() {
    let server = server(1).await;
    let own = server.client("provider-test").await;
    let first = own.post("", &bundle(BSN)).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let places: Vec<Value> = first.json()["entry"].as_array().unwrap().iter().map(|e| e["response"].clone()).collect();
    assert_eq!(places.len(), 2);
    assert!(places.iter().all(|r| r["status"].as_str().unwrap().starts_with("201")), "{places:?}");
    let location = places[1]["location"].as_str().unwrap().strip_prefix("http://localhost:8080/fhir/r4").unwrap();
    let consent = own.get(location).await.json();
    assert_eq!(consent["provision"]["type"], "deny");
    assert_eq!(consent["dateTime"], "2022-11-08");
    assert_eq!(consent["identifier"][0]["value"], "cpr-1");
    let again = own.post("", &bundle(BSN)).await;
    assert_eq!(again.status, StatusCode::OK);
    assert!(again.json()["entry"][1]["response"]["status"].as_str().unwrap().starts_with("200"));
    let (path, version) = location.split_once("/_history/").unwrap();
    assert_eq!(version, "1");
    let history = own.get(&format!("{path}/_history")).await.json();
    assert_eq!(history["entry"].as_array().unwrap().len(), 1);
    // As XML it is the same.
    let xml = fhir::format::to_xml(&bundle("111222333"));
    let answer = own.send("POST", "", "application/fhir+xml", xml).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

#[tokio::test]
async fn the_answer_says_where_each_part_stands_and_in_which_edition() {
    let server = server(1).await;
    let own = server.client("provider-test").await;
    let mut care = directive("deny");
    care["identifier"][0]["value"] = "icu-1".into();
    care["provision"]["code"][0]["coding"][0]["code"] = "305351004".into();
    let mut both = bundle(BSN);
    both["entry"].as_array_mut().unwrap().push(entry("urn:uuid:icu", &care));
    let editions = async |value: &Value| {
        let answer = own.post("", value).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let mut editions = Vec::new();
        for entry in answer.json()["entry"].as_array().unwrap() {
            let place = entry["response"]["location"].as_str().unwrap().replace("http://localhost:8080/fhir/r4", "");
            let found = own.get(&place).await;
            assert_eq!(found.status, StatusCode::OK, "{place}");
            assert_eq!(entry["response"]["etag"].as_str(), found.headers[header::ETAG].to_str().ok(), "{place}");
            editions.push(found.json()["meta"]["versionId"].as_str().unwrap().to_owned());
        }
        editions
    };
    assert_eq!(editions(&both).await, ["1", "1", "1"]);
    both["entry"][1]["resource"]["provision"]["type"] = "permit".into();
    both["entry"][1]["resource"]["dateTime"] = "2023-01-01".into();
    assert_eq!(editions(&both).await, ["1", "2", "1"], "what did not change is in the edition it was");
}

#[tokio::test]
async fn what_may_not_be_kept_is_refused_whole_and_leaves_no_trace() {
    let server = server(1).await;
    let own = server.client("provider-test").await;
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut value = bundle(BSN);
        change(&mut value);
        value
    };
    let cases: Vec<(&str, Value, &str)> = vec![
        (
            "two patients",
            changed(&|b| b["entry"].as_array_mut().unwrap().push(entry("urn:uuid:p2", &patient("111222333")))),
            "Bundle.entry",
        ),
        ("wrong BSN", bundle("999911121"), "identifier"),
        (
            "unresolved reference",
            changed(&|b| b["entry"][1]["resource"]["patient"]["reference"] = "urn:uuid:niemand".into()),
            "patient",
        ),
        (
            "code outside the set",
            changed(&|b| b["entry"][1]["resource"]["provision"]["code"][0]["coding"][0]["code"] = "123".into()),
            "provision",
        ),
        (
            "broken pattern",
            changed(&|b| b["entry"][1]["resource"]["category"][0]["coding"][0]["code"] = "1".into()),
            "category",
        ),
        (
            "missing status",
            changed(&|b| drop(b["entry"][1]["resource"].as_object_mut().unwrap().remove("status"))),
            "status",
        ),
        (
            "unknown modifier",
            changed(&|b| {
                b["entry"][1]["resource"]["modifierExtension"] =
                    json!([{"url": "https://x.test/m", "valueBoolean": true}]);
            }),
            "modifierExtension",
        ),
        ("date in the future", changed(&|b| b["entry"][1]["resource"]["dateTime"] = "2999-01-01".into()), "dateTime"),
        ("wrong type of value", changed(&|b| b["entry"][1]["resource"]["status"] = json!(7)), "status"),
        ("wrong root", json!({"resourceType": "Patient"}), ""),
    ];
    for (what, body, path) in cases {
        let answer = own.post("", &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}: {}", answer.text());
        assert!(
            answer.issues().iter().any(|(p, text)| p.contains(path) && !text.is_empty()),
            "{what}: {:?}",
            answer.issues()
        );
        assert!(!answer.text().contains(BSN) && !answer.text().contains("999911121"), "{what}");
        assert!(unknown(&own, BSN).await, "{what} left a trace");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let server = server(1).await;
    let own = server.client("provider-test").await;
    for (media, body, status) in [
        ("application/fhir+json", "{\"resourceType\": \"Bundle\",".to_owned(), 400),
        ("application/fhir+json", "niets".to_owned(), 400),
        ("application/fhir+xml", "<Bundle xmlns=\"http://hl7.org/fhir\"><type".to_owned(), 400),
        (
            "application/fhir+xml",
            "<!DOCTYPE x [<!ENTITY a \"b\">]><Bundle xmlns=\"http://hl7.org/fhir\"/>".to_owned(),
            400,
        ),
        ("text/plain", "hallo".to_owned(), 415),
        ("application/fhir+json", format!("{}1{}", "[".repeat(5000), "]".repeat(5000)), 400),
        ("application/fhir+json", " ".repeat(50 << 20), 413),
    ] {
        let answer = own.send("POST", "", media, body).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
        assert!(!answer.issues().is_empty());
    }
    assert_eq!(own.get("/metadata").await.status, StatusCode::OK);
}

#[tokio::test]
async fn single_parts_and_changes_are_not_taken() {
    let server = server(1).await;
    let own = server.client("provider-test").await;
    let id = &server.sheet.patients[0].id;
    for (method, path) in [
        ("POST", "/Consent".to_owned()),
        ("PUT", format!("/Patient/{id}")),
        ("DELETE", format!("/Consent/{id}-cpr")),
        ("PATCH", format!("/Patient/{id}")),
    ] {
        let answer = own.send(method, &path, "application/fhir+json", directive("deny").to_string()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        assert!(answer.issues()[0].1.contains("Bundle") || answer.issues()[0].1.contains("versie"));
    }
}

#[tokio::test]
async fn what_has_no_place_is_kept_and_named() {
    let server = server(1).await;
    let own = server.client("provider-test").await;
    let mut value = bundle(BSN);
    value["entry"][1]["resource"]["extension"] = json!([{"url": "https://x.test/eigen", "valueString": "iets"}]);
    value["entry"][1]["resource"]["kleur"] = "blauw".into();
    let answer = own.post("", &value).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let outcome = answer.json()["entry"][0]["response"]["outcome"].to_string();
    assert!(outcome.contains("kleur") && outcome.contains("extension"), "{outcome}");
}

#[tokio::test]
async fn who_asks_for_the_form_itself_gets_it_also_where_something_was_kept() {
    let server = server(1).await;
    let own = server.client("provider-test").await;
    let id = server.sheet.patients[0].id.clone();
    let newest = own.get(&format!("/QuestionnaireResponse?subject=Patient/{id}")).await.entries("match")[0].clone();
    let mut form = newest.clone();
    for name in ["id", "meta"] {
        form.as_object_mut().unwrap().remove(name);
    }
    form["kleur"] = "blauw".into();
    let ask = async |prefer: &'static str| {
        let request = Request::post("/fhir/r4/QuestionnaireResponse")
            .header(header::AUTHORIZATION, format!("Bearer {}", own.token))
            .header(header::CONTENT_TYPE, "application/fhir+json")
            .header("prefer", prefer)
            .body(Body::from(form.to_string()))
            .unwrap();
        server.send(request).await.json()["resourceType"].as_str().unwrap().to_owned()
    };
    assert_eq!(ask("respond-sync").await, "OperationOutcome");
    assert_eq!(ask("return=representation").await, "QuestionnaireResponse");
}

#[tokio::test]
async fn another_birth_date_is_refused_and_another_spelling_is_told() {
    let server = server(1).await;
    let own = server.client("provider-test").await;
    assert_eq!(own.post("", &bundle(BSN)).await.status, StatusCode::OK);
    let mut other = bundle(BSN);
    other["entry"][0]["resource"]["birthDate"] = "1962-01-01".into();
    assert_eq!(own.post("", &other).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut spelled = bundle(BSN);
    spelled["entry"][0]["resource"]["name"][0]["_family"]["extension"][0]["valueString"] = "Hartmann".into();
    spelled["entry"][1]["resource"]["provision"]["type"] = "permit".into();
    spelled["entry"][1]["resource"]["dateTime"] = "2023-01-01".into();
    let answer = own.post("", &spelled).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(answer.json()["entry"][0]["response"]["outcome"].to_string().contains("naam"));
}

/// A decimal's last zeros say how precise it is: FHIR wants them kept.
#[tokio::test]
async fn a_decimal_in_a_form_comes_out_with_its_last_zeros() {
    let server = server(1).await;
    let own = server.client("provider-test").await;
    let id = server.sheet.patients[0].id.clone();
    let newest = own.get(&format!("/QuestionnaireResponse?subject=Patient/{id}")).await.entries("match")[0].clone();
    let form = |written: &str| {
        let mut form = newest.clone();
        for name in ["id", "meta"] {
            form.as_object_mut().unwrap().remove(name);
        }
        form["extension"] = json!([{"url": "https://x.test/maat", "valueDecimal": "written"}]);
        form.to_string().replace("\"written\"", written)
    };
    let kept = async |media: &'static str, body: String, written: &str| {
        let answer = own.send("POST", "/QuestionnaireResponse", media, body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        let path = answer.headers[header::LOCATION].to_str().unwrap();
        let path = path.strip_prefix("http://localhost:8080/fhir/r4").unwrap().to_owned();
        let text = own.get(&path).await.text();
        assert!(text.contains(&format!("\"valueDecimal\":{written}")), "{text}");
        let xml = own.get(&format!("{path}?_format=xml")).await.text();
        assert!(xml.contains(&format!("<valueDecimal value=\"{written}\"/>")), "{xml}");
    };
    kept("application/fhir+json", form("1.50"), "1.50").await;
    let xml = fhir::format::to_xml(&serde_json::from_str(&form("2.00")).unwrap());
    kept("application/fhir+xml", xml, "2.00").await;
}
