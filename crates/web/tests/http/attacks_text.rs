//! Script in every text field and SQL in every search field: what is typed is text, wherever it comes out.

use crate::fhir_in::bundle;
use crate::harness::{Answer, Fhir, Server, server};
use crate::visitor::{Visitor, at_work, filled, filled_with, form, forms, routes};
use axum::http::{StatusCode, header};
use serde_json::{Value, json};

/// Breaks out of an element, an attribute in either quote, a script, and a style.
const SCRIPT: &str = "zz</textarea></script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}zz";
const SQL: [&str; 5] = [
    "' OR '1'='1",
    "'; DROP TABLE patient; --",
    "\" OR 1=1 --",
    "%' UNION SELECT * FROM session --",
    "\\'; SELECT pg_sleep(9); --",
];

/// Who types, and the page by which a patient shows to be theirs.
const TYPISTS: [(&str, &str); 6] = [
    ("gp", "/patienten/{id}/plan/bewerken"),
    ("practice-manager", "/beheer"),
    ("organisation-admin", "/beheer"),
    ("privacy-officer", "/patienten/{id}/inzage"),
    ("out-of-hours", "/spoed"),
    ("patient", "/mijn/{id}/rechten"),
];

/// Forms that end the session, or take the account away from who tries them.
fn ends_it(action: &str) -> bool {
    action == "/rol" || ["uitloggen", "/account", "vertrek"].iter().any(|word| action.contains(word))
}

/// What goes into a field so that its form is taken: what stands there where only a number, a name to sign in with or a
/// day will do, else the text.
fn taken<'f>(name: &str, value: &'f str, text: &'f str) -> &'f str {
    let strict =
        ["gebruikersnaam", "bsn", "agb", "uzi", "ura", "big", "postcode", "maanden", "interval", "jaar", "tijd"];
    let day = ["datum", "dag", "tot", "tot-en-met", "van", "vanaf", "sinds", "wanneer"];
    if day.iter().any(|d| name == *d || name.ends_with(d)) {
        return if value.is_empty() && name.contains("datum") { "01-06-2026" } else { value };
    }
    if strict.iter().any(|s| name.contains(s)) { value } else { text }
}

fn assert_inert(html: &str, whence: &str) {
    for alive in ["<script>alert", "<img src=x", "</textarea></script>", "\"'><img", "onerror=alert(2)>"] {
        assert!(!html.contains(alive), "{whence} lets {alive} through");
    }
}

/// A page shows what was typed as text; a file says that it is no page.
fn assert_safe(answer: &Answer, whence: &str) {
    let media = answer.header(header::CONTENT_TYPE);
    if media.starts_with("text/html") || media.is_empty() {
        return assert_inert(&answer.text(), whence);
    }
    assert!(
        ["application/json", "application/fhir+json", "application/pdf", "text/csv", "text/plain"]
            .iter()
            .any(|m| media.starts_with(m)),
        "{whence}: {media}"
    );
    assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{whence}");
}

/// Goes to every page that a person may see and puts the text into everything that can be typed in, pressing each button;
/// then looks at every page again, as do the others. How many fields were typed in, and how many answers showed it.
async fn type_everywhere(
    server: &Server,
    who: (&str, &Visitor<'_>),
    patient: &str,
    text: &str,
    others: &[Visitor<'_>],
) -> (usize, usize) {
    let (mut typed, mut shown) = (0, 0);
    let (username, visitor) = who;
    let places = at_work(server, username).await;
    let pages: Vec<String> = routes().iter().map(|r| filled_with(r, patient, &places)).collect();
    for path in &pages {
        let page = visitor.get(path).await;
        if page.status != StatusCode::OK {
            continue;
        }
        for form in forms(&page.text(), path).into_iter().filter(|f| !ends_it(&f.action)) {
            let pressed: Vec<_> = form.buttons.iter().filter(|(_, value)| value != "weg").map(Some).collect();
            let pressed = if pressed.is_empty() { vec![None] } else { pressed };
            // In everything that is typed; and again so that the form is taken.
            for (button, all) in pressed.into_iter().flat_map(|b| [(b, true), (b, false)]) {
                let fields = form.fields.iter().map(|(name, value, open)| {
                    let put = if all { text } else { taken(name, value, text) };
                    (name.as_str(), if *open { put } else { value.as_str() })
                });
                let fields: Vec<_> = fields.chain(button.map(|(n, v)| (n.as_str(), v.as_str()))).collect();
                typed += form.fields.iter().filter(|f| f.2).count();
                let answer = visitor.post(&form.action, &fields).await;
                assert!(answer.status.as_u16() < 500, "{}: {}", form.action, answer.text());
                assert_safe(&answer, &format!("POST {} by {username}", form.action));
                shown += usize::from(answer.text().contains("alert(1)"));
            }
        }
    }
    for visitor in others.iter().chain([visitor]) {
        for path in &pages {
            let page = visitor.get(path).await;
            assert!(page.status.as_u16() < 500, "{path}");
            assert_safe(&page, path);
            shown += usize::from(page.text().contains("alert(1)"));
        }
    }
    // In the address too, where somebody may be sent to.
    let query = form(&[
        ("naar", text),
        ("pagina", text),
        ("van", text),
        ("tot", text),
        ("q", text),
        ("wie", text),
        ("dag", text),
        ("tijd", text),
        ("code", text),
        ("gedaan", text),
        ("verder", text),
    ]);
    for path in pages.iter().chain(&["/inloggen".to_owned(), "/er-is-niets".to_owned()]) {
        let page = visitor.get(&format!("{path}?{query}")).await;
        assert!(page.status.as_u16() < 500, "{path}");
        assert_safe(&page, path);
    }
    assert!(server.get("/readyz").await.json()["database"] == true);
    (typed, shown)
}

/// A patient whose page opens to this person.
async fn theirs(server: &Server, visitor: &Visitor<'_>, page: &str) -> String {
    for patient in &server.sheet.patients {
        if visitor.get(&page.replace("{id}", &patient.id)).await.status == StatusCode::OK {
            return patient.id.clone();
        }
    }
    panic!("{page} opens for nobody")
}

#[tokio::test]
async fn script_in_any_field_stays_text_whoever_types_and_whoever_reads() {
    let (mut typed, mut shown) = (0, Vec::new());
    for (username, page) in TYPISTS {
        let server = server(12).await;
        let visitor = Visitor::sign_in(&server, username).await;
        let others = [Visitor::sign_in(&server, "district-nurse").await, Visitor::sign_in(&server, "patient").await];
        let patient = theirs(&server, &visitor, page).await;
        let told = type_everywhere(&server, (username, &visitor), &patient, SCRIPT, &others).await;
        typed += told.0;
        shown.push((username, told.1));
        assert!(server.store.verify().await.unwrap().is_whole());
    }
    assert!(typed > 300, "{typed} fields were typed in");
    assert!(shown.iter().all(|(_, n)| *n > 3), "how many answers showed it: {shown:?}");
}

/// A system of the organisation that the demo's GP works for.
async fn of_the_practice(server: &Server) -> Fhir<'_> {
    let name = &server.sheet.users.iter().find(|u| u.username == "gp").unwrap().organisation;
    let all = server.store.organisations().await.unwrap();
    let practice = all.into_iter().find(|o| o.name == *name).unwrap().id;
    let secret = web::fresh_secret();
    let client = web::new_client("his", &practice, "system/*.cruds", "treatment", None).unwrap();
    let client = web::Client { secret_hash: Some(web::secret_hash(&secret)), ..client };
    server.store.add_client(&web::program(practice), &client, web::Clock::default().real()).await.unwrap();
    let body = format!("grant_type=client_credentials&client_id=his&client_secret={secret}");
    let answer = server.form("/oauth/token", &body).await;
    Fhir { token: answer.json()["access_token"].as_str().unwrap().to_owned(), server, api: web::R4 }
}

/// Puts the script in every text of the delivery that is not a code.
fn poison(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map.iter_mut() {
                if matches!(name.as_str(), "valueString" | "family" | "text" | "display") && inner.is_string() {
                    *inner = SCRIPT.into();
                } else {
                    poison(inner);
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(poison),
        _ => {}
    }
}

#[tokio::test]
async fn script_that_another_system_delivers_stays_text() {
    let server = server(1).await;
    let fhir = of_the_practice(&server).await;
    let mut value = bundle("999911120");
    value["entry"][0]["resource"]["name"][0]["given"] = json!([SCRIPT]);
    value["entry"][1]["resource"]["extension"] =
        json!([{"url": "http://nictiz.nl/fhir/StructureDefinition/ext-Comment", "valueString": "x"}]);
    poison(&mut value);
    let answer = fhir.post("", &value).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let location = answer.json()["entry"][0]["response"]["location"].as_str().unwrap().to_owned();
    let id = location.rsplit('/').next().unwrap().to_owned();
    // Over FHIR it comes out as it went in: it is the receiver's to show it as text. As JSON, and never as a page.
    let patient = fhir.get(&format!("/Patient/{id}")).await;
    assert!(patient.json().to_string().contains("alert(1)"));
    let media = patient.header(header::CONTENT_TYPE).to_owned();
    assert!(media.starts_with("application/fhir+json"), "{media}");
    assert_eq!(patient.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    let xml = fhir.get(&format!("/Patient/{id}?_format=xml")).await.text();
    assert!(!xml.contains("<script>") && xml.contains("&lt;script&gt;"), "{xml}");
    // Who delivered may see it on our pages, and sees text.
    let mut seen = 0;
    let visitor = Visitor::sign_in(&server, "gp").await;
    for route in routes() {
        let page = visitor.get(&filled(&route, &id)).await;
        assert_inert(&page.text(), &route);
        seen += usize::from(page.text().contains("alert(1)"));
    }
    assert!(seen > 2, "{seen} pages showed the text");
}

#[tokio::test]
async fn sql_in_any_field_is_only_text() {
    let server = server(3).await;
    let visitor = Visitor::sign_in(&server, "gp").await;
    let patient = server.sheet.patients[0].id.clone();
    for text in SQL {
        let csrf = visitor.csrf().await;
        for fields in [
            vec![("csrf", csrf.as_str()), ("bsn", text)],
            vec![("csrf", &csrf), ("achternaam", text), ("geboortedatum", "01-01-1950")],
            vec![("csrf", &csrf), ("achternaam", "x"), ("geboortedatum", text)],
        ] {
            let answer = visitor.post("/patienten", &fields).await;
            assert!(matches!(answer.status.as_u16(), 200 | 422), "{text}: {}", answer.status);
        }
        let login = server.form("/inloggen", &form(&[("naam", text), ("wachtwoord", text)])).await;
        assert!(matches!(login.status.as_u16(), 422 | 401 | 429), "{text}: {}", login.status);
        let token = form(&[("grant_type", "client_credentials"), ("client_id", text), ("client_secret", text)]);
        assert!(matches!(server.form("/oauth/token", &token).await.status.as_u16(), 401 | 429));
    }
    let (typed, _) = type_everywhere(&server, ("gp", &visitor), &patient, SQL[1], &[]).await;
    assert!(typed > 10);
    // Looking for somebody leaves a row, whatever is typed; and so does the log's own search.
    let officer = Visitor::sign_in(&server, "privacy-officer").await;
    let csrf = officer.csrf().await;
    for text in SQL {
        let before = server.log_holds("search", "done").await;
        let fields = [("csrf", csrf.as_str()), ("achternaam", text), ("geboortedatum", "01-01-1950")];
        assert_eq!(officer.post("/beheer/inzage", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
        let csrf = visitor.csrf().await;
        let fields = [("csrf", csrf.as_str()), ("achternaam", text), ("geboortedatum", "01-01-1950")];
        for path in ["/patienten", "/spoed"] {
            assert_eq!(visitor.post(path, &fields).await.status, StatusCode::OK, "{path}: {text}");
        }
        assert!(server.log_holds("search", "done").await >= before + 3, "{text}");
        let query = form(&[("wie", text), ("wat", text), ("uitkomst", text), ("verder", text)]);
        assert_eq!(officer.get(&format!("/beheer/logboek?{query}")).await.status, StatusCode::OK, "{text}");
    }
    let fhir = server.client("provider-test").await;
    for text in SQL {
        let text = form(&[("x", text)])[2..].to_owned();
        for query in [
            format!("/Patient?identifier=http://fhir.nl/fhir/NamingSystem/bsn%7C{text}"),
            format!("/Patient?family={text}&birthdate=1950-01-01"),
            format!("/Patient?_id={text}"),
            format!("/Consent?patient=Patient/{patient}&category={text}"),
            format!("/Consent?patient=Patient/{text}"),
            format!("/Observation?patient=Patient/{patient}&code={text}&_count={text}"),
            format!("/Consent/{text}"),
            format!("/Consent/{patient}-{text}"),
            format!("/Consent/{patient}-cpr/_history/{text}"),
            format!("/Questionnaire?url={text}"),
        ] {
            let answer = fhir.get(&query).await;
            assert!(answer.status.as_u16() < 500, "{query}: {}", answer.text());
            let matches = if answer.json()["resourceType"] == "Bundle" { answer.entries("match") } else { Vec::new() };
            assert!(matches.is_empty(), "{query} found something");
        }
    }
    // Everything is still there.
    assert_eq!(fhir.get(&format!("/Patient/{patient}")).await.status, StatusCode::OK);
    assert!(server.store.verify().await.unwrap().is_whole());
}
