//! What changed in a plan since somebody read it: who is told, who is not, and who hears of those who did not look.

use crate::browser::Browser;
use crate::harness::{Server, server};
use axum::http::StatusCode;

/// In the demo the hospital changed limits of a few patients, and a nurse wrote down a wish of others.
const PATIENTS: u32 = 60;

/// The address of a plan in the sentence that tells this.
fn told(page: &str, what: &str) -> Option<String> {
    let item = page.split("<li>").find(|item| item.contains("Het plan van ") && item.contains(what))?;
    let from = item.find("href=\"/patienten/")? + 6;
    item[from..].split('"').next().map(str::to_owned)
}

/// Is there news of the plan at this address?
fn has_news(page: &str, plan: &str) -> bool {
    page.split("<li>").any(|item| item.contains("Het plan van ") && item.contains(&format!("href=\"{plan}\"")))
}

async fn work(browser: &Browser<'_>, at: &str) -> String {
    let page = browser.get(at).await;
    assert_eq!(page.status, StatusCode::OK);
    page.text()
}

/// What was read stands beside the log's rows; both are on disk after this.
async fn settled(server: &Server) {
    server.store.flush().await.unwrap();
}

#[tokio::test]
async fn a_change_stands_on_the_work_page_until_the_plan_is_read() {
    let server = server(PATIENTS).await;
    for name in ["gp", "district-nurse"] {
        let reader = Browser::of(&server, name).await;
        let before = work(&reader, "/").await;
        assert!(before.contains("Veranderd sinds u het las"), "{before}");
        let limits = told(&before, "Reanimatie").expect("the hospital's change");
        let wish = told(&before, "Wensen voor goede zorg").expect("the nurse's change");
        // What counts in an emergency comes first, and says so.
        assert!(before.find(&limits) < before.find(&wish));
        assert!(before.contains("een behandelgrens is anders; u las versie "));
        // Reading the overview is not reading the plan.
        let glance = limits.trim_end_matches("/plan");
        assert_eq!(reader.get(glance).await.status, StatusCode::OK);
        settled(&server).await;
        assert!(has_news(&work(&reader, "/").await, &limits));
        let plan = reader.get(&limits).await.text();
        assert!(plan.contains("Veranderd sinds u dit plan las") && plan.contains("U las versie "));
        let compare = plan.split("href=\"").map(|p| p.split('"').next().unwrap());
        let compare = compare.into_iter().find(|p| p.contains("vergelijk?van=")).unwrap().replace("&#38;", "&");
        let compared = reader.get(&compare.replace("&amp;", "&")).await;
        assert!(compared.text().contains("Reanimatie"), "{compare}");
        settled(&server).await;
        let after = work(&reader, "/").await;
        assert!(!has_news(&after, &limits) && has_news(&after, &wish));
        assert!(!reader.get(&limits).await.text().contains("Veranderd sinds u dit plan las"), "it was read");
    }
}

#[tokio::test]
async fn who_has_nothing_to_do_with_it_is_told_nothing() {
    let server = server(PATIENTS).await;
    // Another practice, a carer who never opened it, who wrote it, and who sees no patients.
    for name in ["gp-2", "carer", "hospital-physician", "network-coordinator"] {
        let page = work(&Browser::of(&server, name).await, "/").await;
        assert!(!page.contains("Veranderd sinds u het las"), "{name}");
    }
    let gp = Browser::of(&server, "gp").await;
    assert!(!work(&gp, "/?wie=organisatie").await.contains("Veranderd sinds u het las"), "it is about persons");
    assert!(work(&gp, "/?wie=team").await.contains("Veranderd sinds u het las"), "whom the GP leads");
    let nurse = Browser::of(&server, "district-nurse").await;
    assert!(!work(&nurse, "/?wie=team").await.contains("Veranderd sinds u het las"), "leads nobody");
}

#[tokio::test]
async fn after_three_days_the_lead_hears_who_did_not_look() {
    let server = server(PATIENTS).await;
    let (gp, nurse) = (Browser::of(&server, "gp").await, Browser::of(&server, "district-nurse").await);
    let wish = told(&work(&gp, "/").await, "Wensen voor goede zorg").expect("five days ago");
    let glance = wish.trim_end_matches("/plan");
    let list = work(&gp, "/").await;
    assert!(list.contains("Nog niet gezien door anderen") && list.contains("Saskia de Wit heeft de wijziging van "));
    let page = gp.get(glance).await.text();
    assert!(page.contains("Saskia de Wit heeft de wijziging van ") && page.contains("Wie las het plan"));
    // It is for the lead; the team sees who read what.
    let page = nurse.get(glance).await.text();
    assert!(!page.contains("heeft de wijziging van ") && page.contains("Wie las het plan"));
    assert!(page.contains("nog niet</li>"));
    assert!(!work(&nurse, "/").await.contains("Nog niet gezien door anderen"));
    while let Some(wish) = told(&work(&nurse, "/").await, "Wensen voor goede zorg") {
        assert_eq!(nurse.get(&wish).await.status, StatusCode::OK);
        settled(&server).await;
    }
    assert!(!work(&gp, "/").await.contains("Nog niet gezien door anderen"), "she looked");
}
