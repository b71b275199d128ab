//! What happened, and a plan that is looked at again: who may, who may not, and what was typed wrong.

use crate::browser::Browser;
use crate::harness::{Answer, server};
use crate::work::{shared, task_of};
use axum::http::StatusCode;

fn here(id: &str) -> String {
    format!("/patienten/{id}/verloop")
}

/// Sends a form of the page as it stands.
async fn sends(browser: &Browser<'_>, id: &str, fields: &[(&str, &str)]) -> Answer {
    let here = here(id);
    let seen = browser.get(&here).await.hidden("gezien").unwrap();
    let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("gezien", seen.as_str())]).collect();
    browser.submit(&here, &here, &fields).await
}

async fn told(browser: &Browser<'_>, id: &str, fields: &[(&str, &str)], notice: &str) {
    let answer = sends(browser, id, fields).await;
    assert_eq!(answer.location(), format!("{}?gedaan={notice}", here(id)), "{fields:?}: {}", answer.text());
}

/// Number of the step that the page offers to take back, by its title.
fn number(page: &str, title: &str) -> String {
    let at = page.find(&format!("Klopt niet: {title}")).unwrap_or_else(|| panic!("{title} is not there: {page}"));
    let from = at + page[at..].find("name=\"stap\" value=\"").unwrap() + 19;
    page[from..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn what_happened_is_named_wherever_the_plan_is_read_and_taken_back() {
    let server = server(60).await;
    let id = shared(&server).await;
    let (carer, gp) = (Browser::of(&server, "carer").await, Browser::of(&server, "gp").await);
    let admitted = [
        ("doe", "admitted"),
        ("admitted-wat", "hospital"),
        ("admitted-naam", "Streekziekenhuis <b>"),
        ("admitted-woorden", "Gevallen in de badkamer"),
    ];
    told(&carer, &id, &admitted, "andere-plek").await;
    let page = gp.get(&here(&id)).await.text();
    assert!(page.contains("Opname in het ziekenhuis") && page.contains("Streekziekenhuis &#60;b&#62;"), "{page}");
    assert!(page.contains("Verblijf volgens de gegevens: ziekenhuis."), "the place follows");
    // On the plan, at a glance, and for acute care, who are told no more than the kind of thing it is.
    let reason = "daarna is dit plan niet opnieuw besproken";
    for path in ["", "/plan"] {
        assert!(gp.get(&format!("/patienten/{id}{path}")).await.text().contains(reason), "{path}");
    }
    let urgent = gp.get(&format!("/spoed/{id}")).await.text();
    assert!(urgent.contains(": een opname.") && !urgent.contains("Gevallen") && !urgent.contains(reason), "{urgent}");
    // Whoever leads looks at the plan within two weeks.
    let list = gp.get("/?wie=organisatie&soort=review").await;
    assert!(task_of(&list, &id).is_some() && list.text().contains(&format!("/patienten/{id}/bevestigen")));
    // A mistake is taken back by somebody who may correct who the patient is; a carer may not.
    let n = number(&page, "Opname in het ziekenhuis");
    let reason_field = format!("reden-{n}");
    let back = [("doe", "terug"), ("stap", n.as_str()), (reason_field.as_str(), "Het was haar zus")];
    assert_eq!(sends(&carer, &id, &back).await.status, StatusCode::FORBIDDEN);
    assert!(!carer.get(&here(&id)).await.text().contains("Klopt niet"));
    let empty = sends(&gp, &id, &[("doe", "terug"), ("stap", &n)]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Schrijf waarom dit niet klopt."));
    told(&gp, &id, &back, "niet-zo").await;
    let page = gp.get(&here(&id)).await.text();
    assert!(page.contains("Het was haar zus") && page.contains("gegevens: thuis."), "{page}");
    assert!(!gp.get(&format!("/patienten/{id}/plan")).await.text().contains(reason));
    let log = gp.get(&format!("/patienten/{id}/inzage")).await.text();
    assert!(log.contains("verloop vastleggen"), "{log}");
}

#[tokio::test]
async fn treatment_goes_on_with_a_goal_until_a_day() {
    let server = server(60).await;
    let id = shared(&server).await;
    let nurse = Browser::of(&server, "district-nurse").await;
    let until = web::Clock::default().today().saturating_add(jiff::Span::new().days(30)).to_string();
    let course = [
        ("doe", "course"),
        ("course-naam", "Bloedtransfusie"),
        ("course-doel", "minder moe"),
        ("course-tot", until.as_str()),
    ];
    told(&nurse, &id, &course, "gebeurd").await;
    let page = nurse.get(&here(&id)).await.text();
    assert!(page.contains("Wat er doorgaat") && page.contains("Doel: minder moe"), "{page}");
    let n = number(&page, "Gaat door: Bloedtransfusie");
    told(&nurse, &id, &[("doe", "gestopt"), ("stap", &n)], "gebeurd").await;
    let page = nurse.get(&here(&id)).await.text();
    assert!(!page.contains("Wat er doorgaat") && page.contains("Gestopt: Bloedtransfusie"));
    let again = sends(&nurse, &id, &[("doe", "gestopt"), ("stap", &n)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("gaat niet meer door"));
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_what_was_typed_stays() {
    let server = server(60).await;
    let id = shared(&server).await;
    let nurse = Browser::of(&server, "district-nurse").await;
    let long = "a".repeat(2001);
    for (fields, said) in [
        (vec![("doe", "changed"), ("changed-woorden", "anders")], "Kies minstens één: wat veranderde?"),
        (vec![("doe", "diagnosis"), ("diagnosis-woorden", &long)], "in hoogstens 2000 tekens"),
        (vec![("doe", "capacity"), ("capacity-woorden", "SO")], "Kies hoe het nu is."),
        (vec![("doe", "admitted"), ("admitted-wat", "home"), ("admitted-naam", "De Hof")], "Een opname is niet thuis"),
        (vec![("doe", "discharged"), ("discharged-dag", "31-02-2026")], "Dit is geen datum"),
        (vec![("doe", "moved"), ("moved-dag", "01-01-2099")], "Deze dag moet nog komen"),
        (vec![("doe", "home-care"), ("home-care-woorden", "kort")], "Kies intake of evaluatie."),
        (vec![("doe", "course"), ("course-naam", "Chemo")], "Schrijf met welk doel."),
        (vec![("doe", "died"), ("died-woorden", "rustig")], "Kies waar de patiënt overleed."),
    ] {
        let answer = sends(&nurse, &id, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        let text = answer.text();
        assert!(text.contains(said), "{said}: {text}");
        for (name, typed) in fields.iter().filter(|(n, _)| *n != "doe" && !n.ends_with("-wat")) {
            let kept = text.contains(&format!("value=\"{typed}\"")) || text.contains(&format!("\n{typed}</textarea>"));
            assert!(kept, "{name} keeps what was typed");
        }
    }
    assert!(nurse.get(&here(&id)).await.text().contains("Er is nog niets vastgelegd."), "nothing was written");
    assert_eq!(sends(&nurse, &id, &[("doe", "anders")]).await.status, StatusCode::BAD_REQUEST);
    // Two at once: the second reads what the first wrote, and loses nothing.
    let gp = Browser::of(&server, "gp").await;
    let stale = gp.get(&here(&id)).await.hidden("gezien").unwrap();
    told(&nurse, &id, &[("doe", "changed"), ("changed-wat", "goals")], "gebeurd").await;
    let fields = [("doe", "home-care"), ("home-care-wat", "intake"), ("home-care-woorden", "met de zoon")];
    let fields: Vec<_> = fields.into_iter().chain([("gezien", stale.as_str())]).collect();
    let late = gp.submit(&here(&id), &here(&id), &fields).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text().contains("Iemand anders legde hier intussen iets vast") && late.text().contains("met de zoon"));
}

#[tokio::test]
async fn death_closes_the_record_for_plans_and_can_be_taken_back() {
    let server = server(60).await;
    let id = shared(&server).await;
    let (gp, carer) = (Browser::of(&server, "gp").await, Browser::of(&server, "carer").await);
    let edit = format!("/patienten/{id}/plan/bewerken");
    let version = gp.get(&edit).await.hidden("versie").unwrap();
    let token = gp.get(&edit).await.hidden("csrf").unwrap();
    assert!(!carer.get(&here(&id)).await.text().contains("died-wat"), "a carer does not establish death");
    assert_eq!(sends(&carer, &id, &[("doe", "died"), ("died-wat", "264362003")]).await.status, StatusCode::FORBIDDEN);
    told(&gp, &id, &[("doe", "died"), ("died-wat", "264362003")], "overleden").await;
    let page = gp.get(&here(&id)).await.text();
    assert!(page.contains("de patiënt is overleden") && page.contains("Leg een gesprek met naasten vast"), "{page}");
    for path in [&edit, &format!("/patienten/{id}/plan")] {
        let answer = gp.get(path).await;
        assert!(
            !answer.text().contains("Werk het plan bij") && !answer.text().contains("Bevestig ongewijzigd"),
            "{path}"
        );
    }
    assert_eq!(gp.get(&edit).await.status, StatusCode::CONFLICT);
    let fields = [("csrf", token.as_str()), ("versie", version.as_str()), ("wat", "vast"), ("1190", "toch")];
    let refused = gp.post(&edit, &fields).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("De patiënt is overleden"));
    assert!(task_of(&gp.get("/?wie=organisatie").await, &id).is_none(), "tasks close");
    let signal = format!("/patienten/{id}/signalen");
    assert_eq!(
        gp.submit(&signal, &signal, &[("doe", "signaal"), ("reden", "asks")]).await.status,
        StatusCode::CONFLICT
    );
    // The talk with those who stay behind comes after it.
    told(&gp, &id, &[("doe", "nagesprek"), ("nagesprek-woorden", "met de dochter")], "gebeurd").await;
    // It was somebody else.
    let page = gp.get(&here(&id)).await.text();
    let n = number(&page, "Overleden");
    let name = format!("reden-{n}");
    told(&gp, &id, &[("doe", "terug"), ("stap", &n), (&name, "Verkeerde patiënt")], "niet-zo").await;
    assert_eq!(gp.get(&edit).await.status, StatusCode::OK);
    assert!(!gp.get(&format!("/patienten/{id}")).await.text().contains("overleden"), "she lives");
}

#[tokio::test]
async fn unchanged_is_confirmed_in_one_step_with_whom() {
    let server = server(60).await;
    let id = shared(&server).await;
    let (gp, carer) = (Browser::of(&server, "gp").await, Browser::of(&server, "carer").await);
    let here = format!("/patienten/{id}/bevestigen");
    for other in [carer, Browser::of(&server, "social-worker").await] {
        assert_eq!(other.get(&here).await.status, StatusCode::FORBIDDEN);
    }
    told(&gp, &id, &[("doe", "changed"), ("changed-wat", "health")], "gebeurd").await;
    let page = gp.get(&here).await;
    let text = page.text();
    assert!(text.contains("Waarom u ernaar kijkt") && text.contains("Veranderd: gezondheid"), "{text}");
    let version = page.hidden("versie").unwrap();
    for (fields, said) in [
        (vec![("woorden", "rustig gesprek")], "Kies met wie u dit besprak"),
        (vec![("wie", "patient"), ("dag", "01-01-2099")], "Deze dag moet nog komen"),
        (vec![("wie", "patient"), ("dag", "01-01-1999")], "Er is al een later gesprek"),
        (vec![("wie", "99999")], "Kies uit de lijst."),
    ] {
        let fields: Vec<_> = fields.into_iter().chain([("versie", version.as_str())]).collect();
        let answer = gp.submit(&here, &here, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(answer.text().contains(said), "{said}: {}", answer.text());
        for (name, typed) in fields.iter().filter(|(n, _)| ["woorden", "dag"].contains(n)) {
            assert!(answer.text().contains(&format!("value=\"{typed}\"")), "{name} keeps what was typed");
        }
    }
    let fields = [("wie", "patient"), ("woorden", "Alles nog zo"), ("versie", version.as_str())];
    let done = gp.submit(&here, &here, &fields).await;
    assert_eq!(done.location(), format!("/patienten/{id}/plan?gedaan=bevestigd"), "{}", done.text());
    let versions = gp.get(&format!("/patienten/{id}/plan/versies")).await.text();
    assert!(versions.contains("Ongewijzigd bevestigd door") && versions.contains("Alles nog zo"), "{versions}");
    let plan = gp.get(&format!("/patienten/{id}/plan")).await.text();
    assert!(!plan.contains("Veranderd: gezondheid"), "it was looked at");
    assert!(gp.get(&format!("/patienten/{id}")).await.text().contains("Actueel; opnieuw te bespreken uiterlijk"));
    let yesterday = web::Clock::default().today().yesterday().unwrap().to_string();
    let early = [("doe", "died"), ("died-wat", "264362003"), ("died-dag", yesterday.as_str())];
    let contradicts = sends(&gp, &id, &early).await;
    assert_eq!(contradicts.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(contradicts.text().contains("Er is nog een gesprek van"), "nobody talks after death");
    // Whoever read an older version reads the newer one first.
    let stale = gp.submit(&here, &here, &fields).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains("Het plan is veranderd terwijl u las"));
    // What is certainly not unchanged cannot be confirmed.
    let fhir = server.client("provider-test").await;
    let encounters = fhir.get(&format!("/Encounter?patient={id}")).await;
    assert_eq!(encounters.status, StatusCode::OK);
    told(&gp, &id, &[("doe", "capacity"), ("capacity-wat", "no")], "gebeurd").await;
    let page = gp.get(&here).await.text();
    let says = page.contains("Dit plan kunt u niet ongewijzigd bevestigen");
    assert_eq!(says, plan.contains("Wilsbekwaam"), "{page}");
}

#[tokio::test]
async fn a_death_that_was_told_in_the_course_is_not_undone_beside_it() {
    let server = server(60).await;
    let id = shared(&server).await;
    let gp = Browser::of(&server, "gp").await;
    let page = format!("/patienten/{id}/gegevens");
    assert!(!gp.get(&page).await.text().contains("Overleden op"), "of the living it is not asked");
    told(&gp, &id, &[("doe", "died"), ("died-wat", "264362003")], "overleden").await;
    let shown = gp.get(&page).await;
    assert!(shown.text().contains("Overleden op"), "{}", shown.text());
    let bsn = server.sheet.patients.iter().find(|p| p.id == id).unwrap().bsn.clone();
    let revision = shown.hidden("revisie").unwrap();
    let fields = [
        ("bsn", bsn.as_str()),
        ("achternaam", "Anders"),
        ("geboortedatum", "01-01-1941"),
        ("overleden", ""),
        ("revisie", revision.as_str()),
        ("reden", "Verwisseld"),
    ];
    let refused = gp.submit(&page, &page, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Het overlijden staat in het verloop: verbeter het daar."), "{}", refused.text());
    assert!(refused.text().contains("Anders") && refused.text().contains("Verwisseld"), "what was typed stays");
}
