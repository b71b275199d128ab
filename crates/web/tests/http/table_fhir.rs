//! The half of the table that systems ask: every interaction that the CapabilityStatement names, in every situation, with
//! the letters of `table.rs`. An interaction or a type without a row fails the test.

use crate::harness::{Fhir, server};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::access::Sharing;

/// Which system asks, about whom.
const SITUATIONS: [&str; 6] = [
    "system of who keeps the record",
    "stranger, with consent",
    "stranger, sharing refused",
    "stranger, nothing known of sharing",
    "token for something else",
    "no token",
];

/// Interaction, whose resources it is about, and what each situation gets. Of a resource that nobody has (`-x`) one with a
/// basis learns that it is not there.
const ROWS: [(&str, Kind, &str); 20] = [
    ("read", Kind::Patient, "yynnns"),
    ("vread", Kind::Patient, "yynnns"),
    ("history-instance", Kind::Patient, "yynnns"),
    // Of a patient without a basis a search tells as little as of one who is not here (decision 53).
    ("search-type", Kind::Patient, "yyyyns"),
    ("read", Kind::OfPatient, "00nnns"),
    ("vread", Kind::OfPatient, "00nnns"),
    ("history-instance", Kind::OfPatient, "00nnns"),
    ("search-type", Kind::OfPatient, "yynnns"),
    ("create", Kind::OfPatient, "ynnnns"),
    ("read", Kind::Professional, "00nnns"),
    ("vread", Kind::Professional, "00nnns"),
    ("history-instance", Kind::Professional, "00nnns"),
    // Without a patient there is nothing to find: a bad request for everybody.
    ("search-type", Kind::Professional, "yyyyns"),
    ("read", Kind::OfNobody, "0000ns"),
    ("search-type", Kind::OfNobody, "yyyyns"),
    ("transaction", Kind::System, "yyyyys"),
    // Its own only: whoever may read at all sees that it has none.
    ("create", Kind::Own, "ynnnns"),
    ("read", Kind::Own, "0000ns"),
    ("delete", Kind::Own, "0nnnns"),
    ("search-type", Kind::Own, "yyyyns"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Patient,
    OfPatient,
    Professional,
    OfNobody,
    System,
    Own,
}

fn kind(name: &str) -> Kind {
    match name {
        "Patient" => Kind::Patient,
        "Questionnaire" | "ValueSet" | "SearchParameter" | "CapabilityStatement" => Kind::OfNobody,
        "Practitioner" | "PractitionerRole" => Kind::Professional,
        "" => Kind::System,
        "Subscription" => Kind::Own,
        _ => Kind::OfPatient,
    }
}

fn letter(status: StatusCode, what: &str) -> char {
    match status {
        StatusCode::OK | StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => 'y',
        StatusCode::FORBIDDEN => 'n',
        StatusCode::NOT_FOUND => '0',
        StatusCode::UNAUTHORIZED => 's',
        status => panic!("{what}: {status}"),
    }
}

async fn ask(
    client: Option<&Fhir<'_>>,
    (server, api): (&crate::harness::Server, &str),
    method: &str,
    path: &str,
    body: &str,
) -> char {
    let mut request = Request::builder().method(method).uri(format!("{api}{path}"));
    request = request.header("content-type", "application/fhir+json");
    if let Some(client) = client {
        request = request.header("authorization", format!("Bearer {}", client.token));
    }
    letter(server.send(request.body(Body::from(body.to_owned())).unwrap()).await.status, path)
}

#[tokio::test]
async fn every_interaction_has_a_row_and_every_row_holds() {
    holds(web::R4).await;
}

#[tokio::test]
async fn every_interaction_of_stu3_has_a_row_and_every_row_holds() {
    holds(web::STU3).await;
}

/// The table at the API of one version of FHIR.
async fn holds(api: &'static str) {
    let server = server(60).await;
    let own = server.client("provider-test").await;
    let stranger = server.client("consulter-test").await;
    let elsewhere =
        Fhir { token: server.token("provider-test", "system/StructureDefinition.r").await, server: &server, api };
    let about = |sharing: Sharing| server.sheet.patients.iter().find(|p| p.sharing == sharing).unwrap().id.clone();
    let (agreed, refused, unknown) = (about(Sharing::Agreed), about(Sharing::Refused), about(Sharing::Unknown));
    let cases: [(Option<&Fhir<'_>>, &str); 6] = [
        (Some(&own), &agreed),
        (Some(&stranger), &agreed),
        (Some(&stranger), &refused),
        (Some(&stranger), &unknown),
        (Some(&elsewhere), &agreed),
        (None, &agreed),
    ];
    let statement = Fhir { token: own.token.clone(), server: &server, api }.get("/metadata").await.json();
    let rest = &statement["rest"][0];
    let mut versions = std::collections::HashMap::new();
    for patient in [&agreed, &refused, &unknown] {
        let known =
            Fhir { token: own.token.clone(), server: &server, api }.get(&format!("/Patient/{patient}")).await.json();
        versions.insert(patient.clone(), known["meta"]["versionId"].as_str().unwrap().to_owned());
    }
    let mut asked: Vec<(String, String)> = Vec::new();
    for resource in rest["resource"].as_array().unwrap() {
        for interaction in resource["interaction"].as_array().unwrap() {
            let text = |v: &serde_json::Value| v.as_str().unwrap().to_owned();
            asked.push((text(&resource["type"]), text(&interaction["code"])));
        }
    }
    asked.extend(
        rest["interaction"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|i| (String::new(), i["code"].as_str().unwrap().to_owned())),
    );
    assert!(asked.len() > 40, "{asked:?}");
    let (mut wrong, mut unlogged, mut seen) = (Vec::new(), Vec::new(), 0);
    for (name, code) in &asked {
        let row = ROWS.iter().find(|(c, k, _)| c == code && *k == kind(name));
        let mut found = String::new();
        for (client, patient) in cases {
            let id = if kind(name) == Kind::Patient { patient.to_owned() } else { format!("{patient}-x") };
            let (method, path) = match (code.as_str(), kind(name)) {
                ("read", _) => ("GET", format!("/{name}/{id}")),
                ("vread", Kind::Patient) => ("GET", format!("/{name}/{id}/_history/{}", versions[patient])),
                ("vread", _) => ("GET", format!("/{name}/{id}/_history/1")),
                ("history-instance", _) => ("GET", format!("/{name}/{id}/_history")),
                ("search-type", Kind::Patient) => ("GET", format!("/Patient?_id={id}")),
                ("search-type", Kind::OfPatient) if name == "QuestionnaireResponse" => {
                    ("GET", format!("/{name}?subject=Patient/{patient}"))
                }
                ("search-type", Kind::OfPatient) => ("GET", format!("/{name}?patient=Patient/{patient}")),
                ("delete", _) => ("DELETE", format!("/{name}/{id}")),
                ("search-type", Kind::OfNobody | Kind::Professional | Kind::Own) => ("GET", format!("/{name}")),
                ("create", _) => ("POST", format!("/{name}")),
                ("transaction", _) => ("POST", String::new()),
                (other, _) => panic!("how is {other} asked?"),
            };
            let told = ask(client, (&server, api), method, &path, "{}").await;
            found.push(told);
            // A refusal stands in the log: of a system under its name, of whoever has no token under nobody's.
            if matches!(told, 'n' | 's') {
                let rows = server.refusals_since(&mut seen).await;
                if !rows.iter().any(|r| r.actor.starts_with("client:") == client.is_some()) {
                    unlogged.push(format!("{method} {path}: {rows:?}"));
                }
            }
        }
        let expected = row.map_or("", |r| r.2);
        if found != expected {
            wrong.push(format!("{code} of {name}: {found}, expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "in the order {SITUATIONS:?}:\n{}", wrong.join("\n"));
    assert!(unlogged.is_empty(), "refused, and not in the log:\n{}", unlogged.join("\n"));
}
