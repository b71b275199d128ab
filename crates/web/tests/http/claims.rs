//! Claims: a conversation, what may be claimed for it, and contracts that are empty until somebody fills them in.

use crate::browser::Browser;
use crate::harness::server;
use crate::sound::sound;
use axum::http::StatusCode;

const HERE: &str = "/declaraties";
const CONTRACTS: &str = "/declaraties/contracten";

/// A field that is sent along, in the form after a place in a page.
fn hidden(form: &str, name: &str) -> String {
    let at = form.find(&format!("name=\"{name}\" value=\"")).unwrap();
    form[at..].split('"').nth(3).unwrap().to_owned()
}

/// The months that the demo's conversations may be in, newest first.
async fn month_with(browser: &Browser<'_>, says: &str) -> String {
    let mut path = HERE.to_owned();
    for _ in 0..8 {
        let page = browser.get(&path).await;
        assert_eq!(page.status, StatusCode::OK);
        if page.text().contains(says) {
            return path;
        }
        let text = page.text();
        let at = text.find("/declaraties?maand=").unwrap();
        text[at..].split('"').next().unwrap().clone_into(&mut path);
    }
    panic!("{says} in no month");
}

#[tokio::test]
async fn a_line_is_claimed_with_its_evidence_and_withdrawn_with_a_reason() {
    let server = server(120).await;
    let gp = Browser::of(&server, "gp").await;
    let path = month_with(&gp, "Te declareren:").await;
    let page = gp.get(&path).await;
    sound(&path, &page.text());
    let text = page.text();
    // The form of the first conversation that may be claimed.
    let form = text.split("Te declareren:").nth(1).unwrap();
    let [month, patient, day, step] = ["maand", "patient", "dag", "stap"].map(|name| hidden(form, name));
    let fields =
        [("maand", month.as_str()), ("patient", &patient), ("dossier", &patient), ("dag", &day), ("stap", &step)];
    assert!(text.contains("verzekerd bij") && text.contains("regel: ") && text.contains("AGB "), "{text}");
    let further = gp.get(&format!("{HERE}?maand={month}&pagina=9")).await;
    assert!(further.status == StatusCode::OK && further.text().contains("In deze maand is geen gesprek vastgelegd"));
    let none = gp.submit(&path, HERE, &[("maand", &month)]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let other = Browser::of(&server, "gp-2").await;
    assert_eq!(other.submit(HERE, HERE, &fields).await.status, StatusCode::FORBIDDEN);
    let made = gp.submit(&path, HERE, &fields).await;
    assert_eq!(made.location(), format!("{HERE}?maand={month}&gedaan=declaratie"), "{}", made.text());
    let twice = gp.submit(&path, HERE, &fields).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert!(twice.text().contains("op deze dag al een gesprek gedeclareerd"));
    let csv = gp.get(&format!("{HERE}/declaraties.csv?maand={month}")).await.text();
    assert!(csv.starts_with("\u{feff}datum;stand;bsn;naam;") && csv.contains(";gedeclareerd;"), "{csv}");
    let bsn = &server.sheet.patients.iter().find(|p| p.id == patient).unwrap().bsn;
    assert!(csv.contains(bsn.as_str()));
    let back =
        |reason: &'static str| fields.into_iter().chain([("doe", "trek-terug"), ("reden", reason)]).collect::<Vec<_>>();
    let bare = gp.submit(&path, HERE, &back("")).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = gp.submit(&path, HERE, &back("=verkeerd <b>")).await;
    assert_eq!(done.location(), format!("{HERE}?maand={month}&gedaan=declaratie-terug"), "{}", done.text());
    let after = gp.get(&path).await.text();
    assert!(after.contains("teruggetrokken door") && !after.contains("verkeerd <b>"));
    let csv = gp.get(&format!("{HERE}/declaraties.csv?maand={month}")).await.text();
    assert!(csv.contains("gedeclareerd en later teruggetrokken") && csv.contains("'=verkeerd <b>"), "{csv}");
    assert_eq!(gp.submit(&path, HERE, &back("nog eens")).await.status, StatusCode::CONFLICT);
    let officer = Browser::of(&server, "privacy-officer").await;
    let log = officer.get(&format!("/patienten/{patient}/inzage")).await.text();
    assert!(log.contains("declaratie"), "{log}");
}

#[tokio::test]
async fn what_was_claimed_goes_along_when_two_records_become_one() {
    let server = server(120).await;
    let gp = Browser::of(&server, "gp").await;
    let path = month_with(&gp, "Te declareren:").await;
    let text = gp.get(&path).await.text();
    let form = text.split("Te declareren:").nth(1).unwrap();
    let [month, dropped, day, step] = ["maand", "patient", "dag", "stap"].map(|name| hidden(form, name));
    let claim = |patient: &str| {
        let of = [("maand", &month), ("dossier", &dropped), ("dag", &day), ("stap", &step)];
        let mut fields: Vec<_> = of.map(|(name, value)| (name, value.clone())).to_vec();
        fields.push(("patient", patient.to_owned()));
        fields
    };
    let send = async |mut fields: Vec<(&'static str, String)>, more: &[(&'static str, &str)]| {
        fields.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        gp.submit(&path, HERE, &fields).await
    };
    assert_eq!(send(claim(&dropped), &[]).await.status, StatusCode::SEE_OTHER);
    // Another patient whom this doctor spoke with: as if it were the same person.
    let ids = text.split("href=\"/patienten/").skip(1).map(|after| after.split('/').next().unwrap());
    let kept = ids.filter(|id| **id != *dropped).find(|id| id.len() == dropped.len()).unwrap().to_owned();
    let bsn = |id: &str| server.sheet.patients.iter().find(|p| p.id == id).unwrap().bsn.clone();
    let join = [("ander-bsn", bsn(&dropped)), ("samenvoegreden", "zelfde persoon".into()), ("zeker", "ja".into())];
    let join: Vec<_> = join.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = gp.submit(&path, &format!("/patienten/{kept}/samenvoegen"), &join).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    // The line stands with the record that stays, and can be withdrawn there; it is not claimed a second time.
    let after = gp.get(&path).await.text();
    assert!(!after.contains(&format!("name=\"patient\" value=\"{dropped}\"")));
    let claimed = after.split("Gedeclareerd:").skip(1).find(|form| form.contains(&dropped)).unwrap();
    assert_eq!((hidden(claimed, "patient"), hidden(claimed, "dossier")), (kept.clone(), dropped.clone()));
    assert_eq!(send(claim(&kept), &[]).await.status, StatusCode::CONFLICT);
    let csv = gp.get(&format!("{HERE}/declaraties.csv?maand={month}")).await.text();
    let line = csv.lines().find(|l| l.starts_with(&day) && l.contains(&bsn(&kept))).unwrap();
    assert!(line.contains(";gedeclareerd;") && !csv.contains(&bsn(&dropped)), "{csv}");
    let reason = [("doe", "trek-terug"), ("reden", "dubbel dossier")];
    let stale = send(claim(&dropped), &reason).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "from a page of before");
    assert!(stale.text().contains("Iemand anders veranderde dit intussen"));
    assert_eq!(send(claim(&kept), &reason).await.status, StatusCode::SEE_OTHER);
    assert!(gp.get(&path).await.text().contains("dubbel dossier"));
    let stranger = Browser::of(&server, "gp-2").await;
    let fields = claim(&kept);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(stranger.submit(HERE, HERE, &fields).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_manager_fills_in_contracts_and_sees_no_patient() {
    let server = server(120).await;
    let manager = Browser::of(&server, "practice-manager").await;
    assert_eq!(manager.get(HERE).await.location(), CONTRACTS);
    assert_eq!(manager.get("/declaraties/declaraties.csv").await.status, StatusCode::FORBIDDEN);
    let page = manager.get(CONTRACTS).await.text();
    sound(CONTRACTS, &page);
    assert!(page.contains("Contract met VGZ") && page.contains("hoofdstuk 6, Financiering"));
    let bad = [("doe", "contract"), ("soort", "acp"), ("bron", "<b>"), ("vanaf", "morgen"), ("bedrag", "veel")];
    let wrong = manager.submit(CONTRACTS, CONTRACTS, &bad).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for says in ["Kies een verzekeraar uit uw lijst.", "Vul de eerste dag in", "Schrijf een bedrag", "value=\"veel\""] {
        assert!(wrong.text().contains(says), "{says}");
    }
    assert!(!wrong.text().contains("<b>"));
    let list = [("doe", "verzekeraars"), ("verzekeraars", "7095 VGZ\n7095 CZ"), ("gezien", "1")];
    let wrong = manager.submit(CONTRACTS, CONTRACTS, &list).await;
    assert!(wrong.text().contains("Regel 2: Deze UZOVI-code staat er al."));
    let list = [("doe", "verzekeraars"), ("verzekeraars", "7095 VGZ\n9664 CZ\n1 Nieuw"), ("gezien", "1")];
    assert_eq!(manager.submit(CONTRACTS, CONTRACTS, &list).await.location(), format!("{CONTRACTS}?gedaan=contract"));
    assert_eq!(manager.submit(CONTRACTS, CONTRACTS, &list).await.status, StatusCode::CONFLICT);
    let new = [("doe", "contract"), ("soort", "acp"), ("met", "Nieuw"), ("vanaf", "01-01-2026")];
    assert_eq!(manager.submit(CONTRACTS, CONTRACTS, &new).await.status, StatusCode::SEE_OTHER);
    let page = manager.get(CONTRACTS).await.text();
    assert!(page.contains("Contract met Nieuw vanaf 1 januari 2026"));
    assert!(page.contains("<strong>Nog in te vullen:</strong> de code, het bedrag en waar dit staat"), "{page}");
    // Changed, with what it was before; then withdrawn.
    let at = page.find("wijzig=").unwrap() + 7;
    let id = page[at..].split('#').next().unwrap().to_owned();
    let form = manager.get(&format!("{CONTRACTS}?wijzig={id}")).await;
    sound(CONTRACTS, &form.text());
    let end = [("doe", "intrekken"), ("contract", id.as_str()), ("gezien", "1")];
    assert_eq!(manager.submit(CONTRACTS, CONTRACTS, &end).await.status, StatusCode::SEE_OTHER);
    assert_eq!(manager.submit(CONTRACTS, CONTRACTS, &end).await.status, StatusCode::CONFLICT);
    let unknown = [("doe", "intrekken"), ("contract", "x"), ("gezien", "1")];
    assert_eq!(manager.submit(CONTRACTS, CONTRACTS, &unknown).await.status, StatusCode::NOT_FOUND);
    assert!(manager.get(CONTRACTS).await.text().contains("(ingetrokken, telt niet mee)"));
    let nurse = Browser::of(&server, "practice-nurse").await;
    assert!(!nurse.get(CONTRACTS).await.text().contains("Bewaar de lijst"), "a practice nurse reads them");
    assert_eq!(nurse.submit(HERE, CONTRACTS, &new).await.status, StatusCode::FORBIDDEN);
}
