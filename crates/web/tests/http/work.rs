//! Signals, the path and the work that follows: who may, who may not, and what was typed wrong.

use crate::browser::Browser;
use crate::harness::{Answer, Server, server};
use axum::http::StatusCode;

/// A patient with a plan and without a signal, whom home care and the first practice both see.
pub async fn shared(server: &Server) -> String {
    let (gp, nurse) = (Browser::of(server, "gp").await, Browser::of(server, "district-nurse").await);
    for patient in &server.sheet.patients {
        let path = format!("/patienten/{}", patient.id);
        let page = gp.get(&path).await;
        let both = page.status == StatusCode::OK && nurse.get(&path).await.status == StatusCode::OK;
        if both && page.text().contains("Lees het hele plan") && !page.text().contains("Signaal:") {
            return patient.id.clone();
        }
    }
    panic!("no patient of both")
}

/// The address of the first task in a page that belongs to this patient.
pub fn task_of(page: &Answer, id: &str) -> Option<String> {
    let text = page.text();
    let from = text.find(&format!("/patienten/{id}/taken/"))?;
    text[from..].split('"').next().map(str::to_owned)
}

#[tokio::test]
async fn a_carers_signal_becomes_the_nurses_work_and_comes_back_on_its_day() {
    let server = server(60).await;
    let id = shared(&server).await;
    let here = format!("/patienten/{id}/signalen");
    let carer = Browser::of(&server, "carer").await;
    let nurse = Browser::of(&server, "district-nurse").await;
    assert!(task_of(&nurse.get("/").await, &id).is_none());
    let fields = [("doe", "signaal"), ("reden", "more-frail"), ("reden", "seventy"), ("woorden", "Valt <b>vaker</b>")];
    let done = carer.submit(&here, &here, &fields).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, format!("{here}?gedaan=gesignaleerd").as_str()));
    let page = carer.get(&here).await.text();
    assert!(page.contains("Signaal: wordt kwetsbaarder en 70 jaar of ouder"), "{page}");
    assert!(page.contains("Valt &#60;b&#62;vaker") && !page.contains("<b>vaker"), "no markup of theirs");
    // The nurse finds it, takes it from the list, and is at the patient.
    let list = nurse.get("/").await;
    assert!(list.text().contains("er is een signaal; nog niemand pakte het op"));
    let task = task_of(&list, &id).expect("the nurse's task");
    let taken = nurse.submit("/", &task, &[("doe", "oppakken")]).await;
    assert_eq!(taken.location(), format!("{here}?gedaan=opgepakt"));
    assert!(nurse.get("/").await.text().contains("vraag of de patiënt open staat voor een gesprek"));
    let plan = nurse.get(&format!("/patienten/{id}/plan")).await.text();
    assert!(plan.contains("Na het laatste gesprek, op ") && plan.contains("gesignaleerd: wordt kwetsbaarder"));
    assert!(carer.get("/").await.text().contains("Er wacht niets"), "a carer hands on");
    let again = nurse.submit("/", &task, &[("doe", "oppakken")]).await;
    assert_eq!(again.location(), "/?gedaan=niet-meer");
    // Not now: gone from the list until its day, and told on the patient's page.
    let seen = nurse.get(&here).await.hidden("gezien").unwrap();
    let not_now = |seen: &str| {
        [("doe", "antwoord"), ("open", "not-now"), ("opnieuw", "08-01-2099"), ("materiaal", "given")]
            .into_iter()
            .chain([("gezien", seen)])
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .collect::<Vec<_>>()
    };
    let too_far = post(&nurse, &here, &not_now(&seen)).await;
    assert_eq!(too_far.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(too_far.text().contains("Kies een dag binnen een jaar.") && too_far.text().contains("08-01-2099"));
    let day = web::Clock::default().today().saturating_add(jiff::Span::new().days(90));
    let mut fields = not_now(&seen);
    fields[2].1 = day.to_string();
    assert_eq!(post(&nurse, &here, &fields).await.location(), format!("{here}?gedaan=verloop"));
    assert!(task_of(&nurse.get("/").await, &id).is_none(), "it is no work until then");
    let page = nurse.get(&format!("/patienten/{id}")).await.text();
    assert!(page.contains("Nu niet: vanaf") && page.contains("Opnieuw vragen"));
    // Who had the page open before that is told, and loses nothing.
    let gp = Browser::of(&server, "gp").await;
    let stale = gp
        .submit(&here, &here, &[("doe", "antwoord"), ("open", "no"), ("reden-nee", "wil niet"), ("gezien", &seen)])
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains("Iemand anders legde hier intussen iets vast") && stale.text().contains("wil niet"));
}

async fn post(browser: &Browser<'_>, at: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.submit(at, at, &fields).await
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_what_was_typed_stays() {
    let server = server(30).await;
    let id = shared(&server).await;
    let here = format!("/patienten/{id}/signalen");
    let nurse = Browser::of(&server, "district-nurse").await;
    let long = "a".repeat(2001);
    for (fields, said) in [
        (vec![("doe", "signaal"), ("woorden", "iets")], "Kies minstens één reden"),
        (vec![("doe", "signaal"), ("reden", "nonsense")], "Kies uit de lijst"),
        (vec![("doe", "signaal"), ("reden", "asks"), ("woorden", &long)], "in hoogstens 2000 tekens"),
        (vec![("doe", "signaal"), ("reden", "asks"), ("dag", "31-02-2026")], "Dit is geen datum"),
        (vec![("doe", "signaal"), ("reden", "within-year"), ("overlijden", "yes")], "Pas één van de twee aan"),
        (vec![("doe", "signaal"), ("reden", "frail"), ("schaal", "gfi"), ("score", "veel")], "een heel getal"),
        (vec![("doe", "antwoord"), ("gezien", "0")], "Kies of de patiënt open staat"),
        (vec![("doe", "antwoord"), ("open", "yes"), ("reden-nee", "nee toch")], "Een reden hoort bij"),
        (vec![("doe", "einde"), ("einde", "declined")], "Kies waarom dit eindigt"),
    ] {
        let answer = nurse.submit(&here, &here, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        let text = answer.text();
        assert!(text.contains(said), "{said}: {text}");
        for (name, typed) in fields.iter().filter(|(n, v)| *n != "doe" && *n != "gezien" && !v.is_empty()) {
            let kept = text.contains(&format!("value=\"{typed}\"")) || text.contains(&format!("\n{typed}</textarea>"));
            assert!(kept || *typed == "nonsense" || *typed == "declined", "{name} keeps what was typed");
        }
    }
    // Nothing of it was written.
    assert!(!nurse.get(&here).await.text().contains("Signaal:"));
    assert_eq!(nurse.submit(&here, &here, &[("doe", "anders")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(nurse.post(&here, &[("doe", "signaal"), ("csrf", "x")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn roles_that_may_not_and_strangers_are_refused() {
    let server = server(60).await;
    let id = shared(&server).await;
    let here = format!("/patienten/{id}/signalen");
    for username in ["out-of-hours", "network-coordinator", "practice-manager", "organisation-admin", "privacy-officer"]
    {
        let other = Browser::of(&server, username).await;
        for path in [here.clone(), format!("/patienten/{id}/taken/1")] {
            assert_eq!(other.get(&path).await.status, StatusCode::FORBIDDEN, "{username} {path}");
        }
    }
    assert_eq!(Browser::new(&server).get(&here).await.status, StatusCode::SEE_OTHER);
    let unknown = "/patienten/00000000-0000-4000-8000-000000000000/signalen";
    let gp = Browser::of(&server, "gp").await;
    assert_eq!(gp.get(unknown).await.status, StatusCode::FORBIDDEN);
    assert_eq!(gp.get(&format!("/patienten/{id}/taken/x")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(gp.get(&format!("/patienten/{id}/taken/999")).await.location(), "/?gedaan=niet-meer");
    // Who reads by consent alone does not write.
    let doctor = Browser::of(&server, "hospital-physician").await;
    for patient in &server.sheet.patients {
        let here = format!("/patienten/{}/signalen", patient.id);
        let page = doctor.get(&here).await;
        if page.status == StatusCode::OK && page.hidden("doe").is_none() {
            let token = page.hidden("csrf").unwrap();
            let fields = [("doe", "signaal"), ("reden", "asks"), ("csrf", &*token)];
            assert_eq!(doctor.post(&here, &fields).await.status, StatusCode::FORBIDDEN);
            return;
        }
    }
    panic!("nobody whom the hospital sees by consent")
}

#[tokio::test]
async fn a_task_is_passed_on_with_a_note_and_put_off_with_a_date() {
    let server = server(60).await;
    let id = shared(&server).await;
    let here = format!("/patienten/{id}/signalen");
    let gp = Browser::of(&server, "gp").await;
    let nurse = Browser::of(&server, "district-nurse").await;
    gp.submit(&here, &here, &[("doe", "signaal"), ("reden", "asks")]).await;
    // A signal of the practice waits for its practice nurse; the doctor sees it at the organisation's list.
    let practice = Browser::of(&server, "practice-nurse").await;
    let task = task_of(&practice.get("/").await, &id).expect("the practice nurse's task");
    assert!(task_of(&gp.get("/?soort=signal").await, &id).is_none());
    assert!(task_of(&gp.get("/?wie=organisatie&soort=signal").await, &id).is_some());
    assert_ne!(task_of(&gp.get("/?wie=organisatie&soort=review").await, &id), Some(task.clone()));
    let page = gp.get(&task).await.text();
    assert!(page.contains("Signaal oppakken") && page.contains("een praktijkondersteuner"));
    let pick = |words: &str| {
        let at = page.find(&format!(">{words}")).unwrap_or_else(|| panic!("no choice {words}"));
        let from = page[..at].rfind("value=\"").unwrap() + 7;
        page[from..].split('"').next().unwrap().to_owned()
    };
    let to = pick("een wijkverpleegkundige van Thuiszorg Nabij");
    for (fields, said) in [
        (vec![("doe", "doorgeven"), ("wie", ""), ("bericht", "x")], "Kies wie het doet"),
        (vec![("doe", "doorgeven"), ("wie", "x/gp"), ("bericht", "x")], "Kies wie het doet"),
        (vec![("doe", "doorgeven"), ("wie", &to), ("bericht", " ")], "Schrijf kort waarom"),
        (vec![("doe", "uitstellen"), ("tot", "01-01-2020"), ("waarom", "druk")], "Kies een dag die nog komt"),
        (vec![("doe", "uitstellen"), ("tot", "morgen"), ("waarom", "druk")], "Dit is geen datum"),
    ] {
        let answer = gp.submit(&task, &task, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(answer.text().contains(said), "{said}");
    }
    let seen = gp.get(&task).await.hidden("gezien").unwrap();
    let pass =
        [("doe", "doorgeven"), ("wie", to.as_str()), ("bericht", "Kent mevrouw goed"), ("gezien", seen.as_str())];
    assert_eq!(gp.submit(&task, &task, &pass).await.location(), "/?gedaan=doorgegeven");
    let stale = gp.submit(&task, &task, &pass).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "it was passed on already");
    assert!(task_of(&practice.get("/").await, &id).is_none());
    assert_eq!(task_of(&nurse.get("/").await, &id), Some(task.clone()));
    assert!(nurse.get(&task).await.text().contains("Kent mevrouw goed"));
    let off = [("doe", "uitstellen"), ("tot", "2026-12-31"), ("waarom", "eerst de uitslag")];
    let day = web::Clock::default().today().saturating_add(jiff::Span::new().days(60));
    let day = day.to_string();
    let off = [off[0], ("tot", day.as_str()), off[2]];
    assert_eq!(nurse.submit(&task, &task, &off).await.location(), "/?gedaan=uitgesteld");
    assert!(task_of(&nurse.get("/").await, &id).is_none(), "put off beyond what the list shows");
}

#[tokio::test]
async fn an_empty_list_says_what_that_means_and_views_are_addresses() {
    let server = server(60).await;
    let nurse = Browser::of(&server, "social-worker").await;
    for (path, said) in [
        ("/?soort=representative", "Van deze soort wacht er nu niets"),
        ("/?wie=team", "op naam in het zorgteam"),
        ("/?na=1_2026-01-01_kapot_1&soort=settle", "Van deze soort"),
    ] {
        let page = nurse.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.text().contains(said), "{path}: {}", page.text());
    }
    let gp = Browser::of(&server, "gp").await;
    let page = gp.get("/?wie=organisatie").await.text();
    assert!(page.contains("het plan moet opnieuw besproken worden") && page.contains("Te laat"));
    assert_eq!(page.matches("aria-current=\"page\"").count(), 3, "the menu, the view and the kind");
    // No name or number of a patient in any address.
    for patient in &server.sheet.patients {
        let (name, bsn) = (&patient.name, &patient.bsn);
        let link = |text: &str| page.split("href=\"").skip(1).any(|p| p.split('"').next().unwrap().contains(text));
        assert!(!link(bsn) && !link(name.split(' ').next_back().unwrap()), "{name}");
    }
    let coordinator = Browser::of(&server, "network-coordinator").await.get("/").await;
    assert!(coordinator.text().contains("In uw rol ziet u geen gegevens van patiënten"));
}
