//! The care team, who leads, and consent: on the pages, and at the very next request elsewhere.

use crate::browser::Browser;
use crate::harness::{Server, server};
use axum::http::StatusCode;
use domain::access::Sharing;

/// A patient whom the doctor of the first practice and home care both see.
async fn shared(server: &Server) -> String {
    let (gp, nurse) = (Browser::of(server, "gp").await, Browser::of(server, "district-nurse").await);
    for patient in &server.sheet.patients {
        let path = format!("/patienten/{}/zorgteam", patient.id);
        if gp.get(&path).await.status == StatusCode::OK && nurse.get(&path).await.status == StatusCode::OK {
            return patient.id.clone();
        }
    }
    panic!("no patient of both")
}

/// Value of the choice with these words in a page.
fn choice(page: &str, words: &str) -> String {
    let at = page.find(&format!(">{words}")).unwrap_or_else(|| panic!("no choice {words} in {page}"));
    let from = page[..at].rfind("value=\"").unwrap() + 7;
    page[from..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn one_leads_after_being_asked_and_accepting() {
    let server = server(30).await;
    let id = shared(&server).await;
    let here = format!("/patienten/{id}/zorgteam");
    let (gp, nurse) = (Browser::of(&server, "gp").await, Browser::of(&server, "district-nurse").await);
    let page = gp.get(&here).await.text();
    let somebody = choice(&page, "een wijkverpleegkundige van Thuiszorg Nabij");
    let asked =
        gp.submit(&here, &here, &[("doe", "vragen"), ("kandidaat", &somebody), ("regie-reden", "Kent mevrouw")]).await;
    assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, format!("{here}?gedaan=gevraagd").as_str()));
    // Who was not asked cannot take it; whoever was, once.
    let number = |page: &str| choice_number(page);
    let nurses = nurse.get(&here).await.text();
    let n = number(&nurses).expect("the nurse may answer");
    assert!(number(&gp.get(&here).await.text()).is_none(), "the doctor is not asked");
    let stolen = gp.submit(&here, &here, &[("doe", "aannemen"), ("nummer", &n)]).await;
    assert_eq!(stolen.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stolen.text().contains("aan iemand anders gesteld"));
    let taken = nurse.submit(&here, &here, &[("doe", "aannemen"), ("nummer", &n)]).await;
    assert_eq!(taken.location(), format!("{here}?gedaan=regie"));
    let again = nurse.submit(&here, &here, &[("doe", "aannemen"), ("nummer", &n)]).await;
    assert!(again.text().contains("niet meer open"));
    assert!(gp.get(&here).await.text().contains("De regie heeft Saskia de Wit, wijkverpleegkundige"));
    // Nobody can be asked whom the page does not offer.
    let forged = gp.submit(&here, &here, &[("doe", "vragen"), ("kandidaat", "x/gp")]).await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(forged.text().contains("Kies wie u vraagt"));
}

fn choice_number(page: &str) -> Option<String> {
    let at = page.find("name=\"nummer\" value=\"")? + 21;
    page[at..].split('"').next().map(str::to_owned)
}

#[tokio::test]
async fn whoever_leaves_the_team_sees_nothing_from_then_on() {
    let server = server(30).await;
    let id = shared(&server).await;
    let here = format!("/patienten/{id}/zorgteam");
    let (gp, nurse) = (Browser::of(&server, "gp").await, Browser::of(&server, "district-nurse").await);
    let nothing = gp.submit(&here, &here, &[("doe", "toevoegen"), ("lid", ""), ("woord", "de patiënt")]).await;
    assert!(nothing.text().contains("Kies een organisatie of een collega"));
    let page = gp.get(&here).await.text();
    let at = page.find("<strong>Thuiszorg Nabij</strong>").unwrap();
    let from = at + page[at..].find("name=\"lid\" value=\"").unwrap() + 18;
    let member = page[from..].split('"').next().unwrap().to_owned();
    let ended = gp.submit(&here, &here, &[("doe", "beeindigen"), ("lid", &member), ("reden", "zorg beëindigd")]).await;
    assert_eq!(ended.location(), format!("{here}?gedaan=zorgteam"));
    // Consent could still open it to them: close that, and the very next request of an open session is refused.
    let consent = format!("/patienten/{id}/toestemming");
    say(&gp, &consent, &[("voor", "allen"), ("waarde", "refused")]).await;
    assert_eq!(nurse.get(&here).await.status, StatusCode::FORBIDDEN);
    assert_eq!(nurse.get(&format!("/patienten/{id}/plan")).await.status, StatusCode::FORBIDDEN);
    let back = [("doe", "toevoegen"), ("lid", member.as_str()), ("woord", "de patiënt"), ("rol", "district-nurse")];
    assert_eq!(gp.submit(&here, &here, &back).await.status, StatusCode::SEE_OTHER);
    let seen = nurse.get(&here).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(seen.text().contains("op verzoek van de patiënt, toegevoegd door Sanne van Huissen"));
    assert!(seen.text().contains("zorg beëindigd"));
}

/// Says something about sharing, in the two steps of the page.
async fn say(browser: &Browser<'_>, at: &str, what: &[(&str, &str)]) {
    let mut fields = vec![("door", "patient"), ("hoe", "spoken")];
    fields.extend_from_slice(what);
    fields.push(("doe", "voorbeeld"));
    let preview = browser.submit(at, at, &fields).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.text());
    assert!(preview.text().contains("Dit verandert er"));
    fields.pop();
    fields.push(("doe", "vastleggen"));
    let done = browser.submit(at, at, &fields).await;
    assert_eq!(done.location(), format!("{at}?gedaan=toestemming"), "{}", done.text());
}

#[tokio::test]
async fn consent_withdrawn_in_one_browser_is_refused_at_the_next_request_elsewhere() {
    let server = server(60).await;
    let gp = Browser::of(&server, "gp").await;
    let stranger = server.client("consulter-test").await;
    let doctor = Browser::of(&server, "hospital-physician").await;
    let mut found = None;
    for patient in server.sheet.patients.iter().filter(|p| p.sharing == Sharing::Agreed) {
        let page = format!("/patienten/{}/toestemming", patient.id);
        let plan = format!("/patienten/{}/plan", patient.id);
        if gp.get(&page).await.status == StatusCode::OK && doctor.get(&plan).await.status == StatusCode::OK {
            found = Some((page, plan, format!("/Consent?patient=Patient/{}", patient.id)));
            break;
        }
    }
    let (page, plan, search) = found.expect("a patient who shares");
    assert_eq!(stranger.get(&search).await.status, StatusCode::OK);
    let text = gp.get(&page).await.text();
    let client_of = choice(&text, "Ambulancedienst Elders (koppeling)");
    // One organisation refused stays refused though all others may.
    say(&gp, &page, &[("voor", "organisatie"), ("organisatie", &client_of), ("waarde", "refused")]).await;
    assert_eq!(stranger.get(&search).await.status, StatusCode::FORBIDDEN);
    assert_eq!(doctor.get(&plan).await.status, StatusCode::OK);
    say(&gp, &page, &[("voor", "allen"), ("waarde", "agreed")]).await;
    assert_eq!(stranger.get(&search).await.status, StatusCode::FORBIDDEN, "the more specific holds");
    say(&gp, &page, &[("voor", "organisatie"), ("organisatie", &client_of), ("waarde", "unknown")]).await;
    assert_eq!(stranger.get(&search).await.status, StatusCode::OK);
    // By kind.
    say(&gp, &page, &[("voor", "soort"), ("soort", "out-of-hours"), ("waarde", "refused")]).await;
    assert_eq!(stranger.get(&search).await.status, StatusCode::FORBIDDEN);
    say(&gp, &page, &[("voor", "soort"), ("soort", "out-of-hours"), ("waarde", "unknown")]).await;
    // All.
    say(&gp, &page, &[("voor", "allen"), ("waarde", "refused")]).await;
    assert_eq!(stranger.get(&search).await.status, StatusCode::FORBIDDEN);
    let why = gp.submit(&page, &page, &[("doe", "waarom"), ("wie", &client_of), ("wanneer", "")]).await;
    assert!(why.text().contains("niets, want de patiënt wil dat niet"), "{}", why.text());
    assert!(why.text().contains("gezegd voor alle betrokken zorgverleners"));
    let whenever = gp.submit(&page, &page, &[("doe", "waarom"), ("wie", &client_of), ("wanneer", "ooit")]).await;
    assert_eq!(whenever.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_is_missing_is_named_and_what_was_typed_stays() {
    let server = server(30).await;
    let id = shared(&server).await;
    let page = format!("/patienten/{id}/toestemming");
    let gp = Browser::of(&server, "gp").await;
    let answer =
        gp.submit(&page, &page, &[("doe", "vastleggen"), ("voor", "soort"), ("notitie", "<b>eerst bellen</b>")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text();
    for said in
        ["Kies welke soort organisatie.", "Kies wat er gezegd is.", "Kies wie dit zei.", "Kies hoe dit gezegd is."]
    {
        assert!(text.contains(said), "{said}");
    }
    assert!(text.contains("&#60;b&#62;eerst bellen") && !text.contains("<b>eerst"), "kept, and no markup");
    // Roles that may not, and people of other patients, are refused alike.
    for username in ["out-of-hours", "network-coordinator", "organisation-admin", "privacy-officer"] {
        let other = Browser::of(&server, username).await;
        for path in [format!("/patienten/{id}/toestemming"), format!("/patienten/{id}/zorgteam")] {
            assert_eq!(other.get(&path).await.status, StatusCode::FORBIDDEN, "{username} {path}");
        }
    }
    let anonymous = Browser::new(&server).get(&page).await;
    assert_eq!(anonymous.status, StatusCode::SEE_OTHER);
    let carer = Browser::of(&server, "carer").await;
    let token = carer.get(&page).await.hidden("csrf");
    assert!(token.is_some(), "a carer reads it");
    assert_eq!(gp.post(&page, &[("doe", "vastleggen"), ("csrf", "x")]).await.status, StatusCode::FORBIDDEN);
}
