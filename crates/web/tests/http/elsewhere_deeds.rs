//! What one does with a plan from elsewhere: take a topic over, say that the plan here stands, try whether a source lets us in.

use crate::admin;
use crate::browser::Browser;
use crate::elsewhere::{ask, looks, may, of_gp, organisation};
use crate::harness::{Server, server};
use crate::hooks::change;
use crate::sources::{Source, Way, small, tijdig};
use axum::http::StatusCode;
use domain::access::Action;
use domain::ident::PatientId;
use domain::plan::Treatment;
use domain::task::Kind;
use std::path::Path;

/// A second Tijdig that says something else about resuscitation, as a source of the practice.
async fn beside(here: &Server, there: &Server, id: &PatientId, folder: &Path) {
    change(there, id, true).await;
    let second = Source::tijdig(there).await;
    let own = organisation(here, "gp");
    here.app.offer_sources(vec![tijdig("Ziekenhuis R4", &own, &second, there, folder)]).unwrap();
}

async fn waits(server: &Server, id: &PatientId) -> bool {
    let path = server.store.path(&may(Action::ReadPlan, id), web::Clock::default().now()).await.unwrap();
    path.tasks.iter().any(|t| t.kind == Kind::Elsewhere)
}

#[tokio::test]
async fn a_topic_is_taken_over_as_a_draft_that_says_where_it_came_from() {
    let (here, there) = (server(12).await, server(12).await);
    let folder = tempfile::tempdir().unwrap();
    let gp = Browser::of(&here, "gp").await;
    let id = of_gp(&here, &gp).await;
    beside(&here, &there, &id, folder.path()).await;
    let at = ask(&gp, &id).await;
    let page = looks(&gp, &at).await;
    let round = at.split("ronde=").nth(1).unwrap().to_owned();
    let post = format!("/patienten/{id}/elders");
    let take = [("doe", "neem"), ("ronde", &*round), ("bron", "0"), ("onderwerp", "4a")];
    assert!(page.contains("name=\"onderwerp\" value=\"4a\""), "{page}");
    let taken = gp.submit(&at, &post, &take).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
    let edit = format!("/patienten/{id}/plan/bewerken");
    assert!(taken.location().starts_with(&edit), "{}", taken.location());
    let draft = gp.get(taken.location()).await.text();
    assert!(draft.contains("Overgenomen van Ziekenhuis R4, gezegd op "), "{draft}");
    // Twice is once: what stands in the draft is not written over.
    let again = gp.submit(&at, &post, &take).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text().contains("in het concept staat hier al iets"));
    // What is not there, is not taken.
    for (source, topic) in [("7", "4a"), ("x", "4a"), ("0", "8b"), ("0", ""), ("0", "4z")] {
        let odd = [("doe", "neem"), ("ronde", &*round), ("bron", source), ("onderwerp", topic)];
        assert_eq!(gp.submit(&at, &post, &odd).await.status, StatusCode::CONFLICT, "{source} {topic}");
    }
    let gone = [("doe", "neem"), ("ronde", "een-andere"), ("bron", "0"), ("onderwerp", "4a")];
    assert!(gp.submit(&at, &post, &gone).await.text().contains("niet meer"));
    // Nothing counts until it is recorded; then the version says where it came from.
    let now = web::Clock::default().now();
    let newest = async || {
        let all = here.store.versions(&may(Action::ReadPlan, &id), now, "test").await.unwrap();
        all.into_iter().last().unwrap().version
    };
    let before = newest().await;
    let version = before.number.to_string();
    let recorded = gp.submit(&edit, &edit, &[("versie", &version), ("wat", "vast")]).await;
    assert_eq!(recorded.status, StatusCode::SEE_OTHER, "{}", recorded.text());
    let after = newest().await;
    assert_eq!(after.number, before.number + 1);
    let reason = after.reason.unwrap_or_default();
    assert!(reason.starts_with("Reanimatie overgenomen van Ziekenhuis R4, gezegd op "), "{reason}");
    let cpr = |v: &domain::plan::Content| v.directive(Treatment::Cpr).unwrap().value().unwrap().clone();
    assert_ne!(cpr(&after.content).decision, cpr(&before.content).decision);
    assert!(cpr(&after.content).comment.is_some_and(|c| c.contains("Overgenomen van Ziekenhuis R4")));
    // Asked again, nothing contradicts, and nobody has to look any more.
    assert!(waits(&here, &id).await);
    let at = ask(&gp, &id).await;
    let page = looks(&gp, &at).await;
    assert!(!page.contains("id=\"tegenspraak\""), "{page}");
    assert!(!waits(&here, &id).await);
}

#[tokio::test]
async fn the_lead_says_that_the_plan_here_stands() {
    let (here, there) = (server(12).await, server(12).await);
    let folder = tempfile::tempdir().unwrap();
    let gp = Browser::of(&here, "gp").await;
    let id = of_gp(&here, &gp).await;
    beside(&here, &there, &id, folder.path()).await;
    let at = ask(&gp, &id).await;
    let page = looks(&gp, &at).await;
    assert!(waits(&here, &id).await && page.contains("Ziekenhuis R4"));
    let field = page.split("name=\"waarom-").nth(1).unwrap().split('"').next().unwrap();
    let (field, round) = (format!("waarom-{field}"), at.split("ronde=").nth(1).unwrap());
    let post = format!("/patienten/{id}/elders");
    let weigh = |words: &str| {
        vec![
            ("doe", "weeg".to_owned()),
            ("ronde", round.to_owned()),
            ("bron", "Ziekenhuis R4".to_owned()),
            ("w", words.to_owned()),
        ]
    };
    let send = async |words: &str| {
        let all = weigh(words);
        let all: Vec<(&str, &str)> =
            all.iter().map(|(n, v)| (if *n == "w" { field.as_str() } else { n }, v.as_str())).collect();
        gp.submit(&at, &post, &all).await
    };
    let empty = send(" ").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Schrijf kort waarom"));
    let long = "x".repeat(501);
    let too_long = send(&long).await;
    assert_eq!(too_long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(too_long.text().contains(&long), "what was typed stays");
    // Who only writes facts down does not settle it.
    let carer = Browser::of(&here, "carer").await;
    let token = carer.get("/account").await.hidden("csrf").unwrap();
    let all = weigh("Het plan hier klopt.");
    let mut all: Vec<(&str, &str)> =
        all.iter().map(|(n, v)| (if *n == "w" { field.as_str() } else { n }, v.as_str())).collect();
    all.push(("csrf", &token));
    let theirs = carer.post(&post, &all).await;
    assert!(
        theirs.status == StatusCode::UNPROCESSABLE_ENTITY && theirs.text().contains("In uw rol kunt u dit niet doen")
    );
    assert!(waits(&here, &id).await);
    let done = send("Met mevrouw besproken: wat hier staat, klopt.").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert!(!waits(&here, &id).await);
    let again = send("Nog eens.").await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    // Asked again, it still disagrees, and was weighed.
    let at = ask(&gp, &id).await;
    let page = looks(&gp, &at).await;
    assert!(page.contains("id=\"tegenspraak\"") && !page.contains("Dit ligt bij de regiebehandelaar"), "{page}");
    assert!(!waits(&here, &id).await);
}

#[tokio::test]
async fn an_administrator_sees_whether_a_source_lets_us_in() {
    let here = server(1).await;
    let folder = tempfile::tempdir().unwrap();
    let admin = Browser::of(&here, "organisation-admin").await;
    let own = admin::organisation(&admin, 0).await;
    let name = organisation(&here, "organisation-admin");
    let (open, shut) =
        (Source::small(Way::Forms(serde_json::json!({}), Vec::new())).await, Source::small(Way::Shut).await);
    let all = vec![small("Open", &name, &open, folder.path()), small("Dicht", &name, &shut, folder.path())];
    here.app.offer_sources(all).unwrap();
    let page = format!("{own}/bronnen");
    let shown = admin.get(&page).await.text();
    assert!(
        shown.contains("127.0.0.1") && !shown.contains("geheim") && shown.contains("FHIR R4, bouwstenen"),
        "{shown}"
    );
    let tried = admin.submit(&page, &page, &[("doe", "proef"), ("bron", "0")]).await.text();
    assert!(tried.contains("Laat ons toe en spreekt FHIR."), "{tried}");
    assert!(open.heard.lock().unwrap().iter().all(|(asked, _)| !asked.contains("Patient")), "of nobody anything");
    let tried = admin.submit(&page, &page, &[("doe", "proef"), ("bron", "1")]).await.text();
    assert!(tried.contains("Laat onze organisatie niet toe."), "{tried}");
    assert_eq!((here.log_holds("try-source", "done").await, here.log_holds("try-source", "refused").await), (1, 1));
    let odd = admin.submit(&page, &page, &[("doe", "proef"), ("bron", "9")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
}
