//! A region's inventory over HTTP: from who takes part to the plan on paper; the questionnaire by a link without an account; who
//! may, who may not, and what was typed wrong.

use crate::browser::Browser;
use crate::harness::{Answer, Server, server};
use crate::on_paper::said;
use crate::sound::sound;
use axum::http::{StatusCode, header};
use jiff::ToSpan;

const HERE: &str = "/regio/inventarisatie";

async fn ok(browser: &Browser<'_>, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    let text = answer.text();
    sound(path, &text);
    text
}

/// A day so many weeks from now, as it is typed.
fn in_weeks(weeks: i64) -> String {
    let on = web::Clock::default().today().saturating_add(weeks.weeks());
    on.strftime("%d-%m-%Y").to_string()
}

fn soon() -> String {
    in_weeks(8)
}

async fn sent(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    browser.submit(path, path, fields).await
}

/// Adds an organisation; its address.
async fn party(browser: &Browser<'_>, name: &str, sector: &str) -> String {
    let at = format!("{HERE}/organisaties");
    let made = sent(browser, &at, &[("naam", name), ("sector", sector), ("contact", "M. Koster")]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    made.location().split('?').next().unwrap().to_owned()
}

/// Makes a link for an organisation; its path.
async fn link(browser: &Browser<'_>, party: &str, until: &str) -> String {
    let made = browser.submit(party, &format!("{party}/link"), &[("doe", "maak"), ("tot", until)]).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    let text = made.text();
    sound("the link", &text);
    let at = text.find("/vragenlijst/").unwrap();
    text[at..].split('<').next().unwrap().to_owned()
}

fn seen(page: &str) -> String {
    page.split("name=\"gezien\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Everything answered.
fn whole(seen: &str) -> Vec<(String, String)> {
    let text = |s: &str| s.to_owned();
    let mut all = vec![(text("gezien"), text(seen)), (text("door"), text("Ellen Prins, casemanager"))];
    all.extend(domain::network::Question::ALL.iter().map(|q| (format!("nu-{}", q.code()), text("yes"))));
    all.extend(domain::network::Wish::ALL.iter().map(|w| (format!("wens-{}", w.code()), text("first"))));
    all
}

async fn post(browser: &Browser<'_>, path: &str, fields: &[(String, String)], more: &[(&str, &str)]) -> Answer {
    let mut all: Vec<(&str, &str)> = more.to_vec();
    all.extend(fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).filter(|(n, _)| !more.iter().any(|(m, _)| m == n)));
    browser.post(path, &all).await
}

#[tokio::test]
async fn the_coordinator_goes_from_who_takes_part_to_a_plan_on_paper() {
    let server = server(4).await;
    let own = Browser::of(&server, "network-coordinator").await;
    let page = ok(&own, HERE).await;
    // The demo is at the second step: one organisation did not answer.
    assert!(page.contains("U bent bij stap 2: Hoe werken zij nu?") && page.contains("4 van 5 stuurden"), "{page}");
    assert!(page.contains("1 te laat"), "{page}");
    let all = format!("{HERE}/organisaties");
    let wrong = sent(&own, &all, &[("naam", "blijft <b>staan"), ("sector", "x")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.text().contains("Kies waar de organisatie bij hoort.")
            && wrong.text().contains("blijft &#60;b&#62;staan")
    );
    let one = party(&own, "Hospice <b>De Ruimte", "palliative").await;
    assert!(ok(&own, &all).await.contains("Hospice &#60;b&#62;De Ruimte"));

    // Two who change it at once lose nothing.
    let first = seen(&ok(&own, &one).await);
    let fields =
        |name: &'static str| [("gezien", first.clone()), ("naam", name.into()), ("sector", "palliative".into())];
    for (name, status) in [("De Ruimte", StatusCode::SEE_OTHER), ("Een ander", StatusCode::CONFLICT)] {
        let fields = fields(name);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let answer = sent(&own, &one, &fields).await;
        assert_eq!(answer.status, status, "{name}");
        if status == StatusCode::CONFLICT {
            let text = answer.text();
            assert!(text.contains("value=\"Een ander\"") && text.contains("Wat er nu staat"), "{text}");
            assert!(text.contains("De Ruimte"), "{text}");
        }
    }

    // Nor does a mistake that is mended afterwards overwrite what came in between.
    let late = sent(&own, &one, &[("gezien", &first), ("naam", ""), ("sector", "palliative")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(seen(&late.text()), first);

    let acts = format!("{HERE}/acties");
    let action =
        [("wat", "=2+3 <b>"), ("wie", "Ellen"), ("dag", "01-01-2020"), ("stand", "open"), ("wens", "training")];
    let wrong = sent(&own, &acts, &[("wat", "blijft"), ("stand", "dropped")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("Schrijf waarom de actie vervalt.") && wrong.text().contains("value=\"blijft\""));
    assert_eq!(sent(&own, &acts, &action).await.status, StatusCode::SEE_OTHER);
    let list = ok(&own, &acts).await;
    assert!(list.contains("! te laat") && list.contains("=2+3 &#60;b&#62;") && !list.contains("=2+3 <b>"), "{list}");
    let id = list.split(&format!("href=\"{acts}/")).find(|p| p.contains("=2+3")).unwrap().split('"').next().unwrap();
    ok(&own, &format!("{acts}/{id}")).await;
    let csv = own.get(&format!("{acts}/acties.csv")).await;
    assert_eq!(csv.header(header::CONTENT_TYPE), "text/csv; charset=utf-8");
    assert!(csv.text().contains("'=2+3 <b>;Ellen;2020-01-01;te doen;ja"), "no formula: {}", csv.text());

    let group = format!("{HERE}/werkgroep");
    let shown = ok(&own, &group).await;
    let again = seen(&shown);
    let wrong = sent(&own, &group, &[("gezien", &again), ("rol.0", "voorzitter"), ("dag.0", "ooit")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("Vul de naam in.") && wrong.text().contains("value=\"voorzitter\""));
    let fields =
        [("gezien", again.as_str()), ("naam.0", "Hanneke Regt"), ("dag.0", "01-12-2026"), ("verslag.0", "Begonnen")];
    assert_eq!(sent(&own, &group, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(sent(&own, &group, &fields).await.status, StatusCode::CONFLICT, "what was read is not there any more");
    assert!(ok(&own, &group).await.contains("Begonnen"));

    let answers = format!("{HERE}/antwoorden");
    let page = ok(&own, &answers).await;
    for says in ["Nu: Richtlijn bekend", "Gewenst: Bewustwording", "niet beantwoord", "<title>Hoe vaak"] {
        assert!(page.contains(says), "{says}: {page}");
    }
    let long = "a".repeat(2001);
    let wrong = sent(&own, &answers, &[("gezien", &seen(&page)), ("samen", &long)]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let pdf = own.get(&format!("{HERE}/plan.pdf")).await;
    assert_eq!(pdf.header(header::CONTENT_TYPE), "application/pdf");
    assert!(pdf.bytes.starts_with(b"%PDF-1.7"));
    if let Some(text) = said(&pdf.bytes) {
        for says in ["De stappen", "Wie doet mee?", "De acties", "Ellen", "Begonnen"] {
            assert!(text.contains(says), "{says}: {text}");
        }
    }
    assert_eq!(own.get(&format!("{all}/x")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(own.get(&format!("{acts}/x")).await.status, StatusCode::NOT_FOUND);
    assert!(ok(&own, "/regio").await.contains(HERE), "the way there");
}

/// The link of an organisation that takes part no more opens nothing from the next request on, and no other is made.
async fn left(own: &Browser<'_>, one: &Browser<'_>, at: &str, closed: &str) {
    assert!(closed.contains("Vraag de netwerkcoördinator van uw regio"), "whom to ask");
    let path = link(own, at, &soon()).await;
    assert_eq!(one.get(&path).await.status, StatusCode::OK);
    let now = seen(&ok(own, at).await);
    let leaves = [("gezien", now.as_str()), ("naam", "Hospice De Ruimte"), ("sector", "palliative"), ("weg", "ja")];
    assert_eq!(sent(own, at, &leaves).await.status, StatusCode::SEE_OTHER);
    for answer in [one.get(&path).await, one.post(&path, &[("gezien", "3"), ("doe", "bewaar")]).await] {
        assert_eq!((answer.status, answer.text().as_str()), (StatusCode::NOT_FOUND, closed));
    }
    let page = ok(own, at).await;
    assert!(
        page.contains("De link opent niets zolang deze organisatie niet meedoet.") && !page.contains("Maak een link")
    );
    let more = own.submit(at, &format!("{at}/link"), &[("doe", "maak"), ("tot", &soon())]).await;
    assert_eq!(more.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = more.text();
    sound("a link for who left", &text);
    assert!(text.contains("href=\"#v-weg\"") && text.contains("Haal eerst dit vinkje weg"), "{text}");
}

#[tokio::test]
async fn an_organisation_answers_by_a_link_and_two_who_do_lose_nothing() {
    let server = server(2).await;
    let before = server.log().await.iter().filter(|row| row.data == "network: answers by link").count();
    let own = Browser::of(&server, "network-coordinator").await;
    let at = party(&own, "Hospice De Ruimte", "palliative").await;
    let late = in_weeks(27);
    let bad = [("ooit", "ooit"), ("01-01-2020", "Deze dag is al voorbij."), (&late, "hoogstens 26 weken")];
    for (until, says) in bad {
        let wrong = own.submit(&at, &format!("{at}/link"), &[("doe", "maak"), ("tot", until)]).await;
        assert!(wrong.text().contains(&format!("value=\"{until}\"")), "what was typed stays");
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().contains(says), "{}", wrong.text());
    }
    let path = link(&own, &at, &soon()).await;
    let (one, other) = (Browser::new(&server), Browser::new(&server));
    let answer = one.get(&path).await;
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(answer.header(header::REFERRER_POLICY), "same-origin");
    let page = ok(&one, &path).await;
    assert!(
        page.contains("<meta name=\"robots\" content=\"noindex\">")
            && page.contains("Zet hier niets in over patiënten")
    );
    assert!(page.contains("0 van 13 vragen beantwoord"), "{page}");
    // Half of it is kept as one goes.
    let first = seen(&page);
    let half = [
        ("gezien", first.as_str()),
        ("nu-roles", "no"),
        ("nu-roles-woorden", "nog <b>niet"),
        ("nu-wider", "no"),
        ("doe", "bewaar"),
    ];
    assert_eq!(one.post(&path, &half).await.location(), format!("{path}?gedaan=antwoorden"));
    let page = ok(&one, &path).await;
    assert!(
        page.contains("2 van 13") && page.contains("nog &#60;b&#62;niet") && !page.contains("nog <b>niet"),
        "{page}"
    );
    // A colleague who had read what was there before is shown both.
    let theirs = [("gezien", first.as_str()), ("nu-roles", "yes"), ("nu-guideline", "partly"), ("doe", "bewaar")];
    let second = other.post(&path, &theirs).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    let text = second.text();
    sound("two at once", &text);
    assert!(text.contains("Een collega antwoordde intussen: nee: nog &#60;b&#62;niet"), "{text}");
    assert!(text.contains("name=\"nu-roles\" value=\"yes\" checked"), "what was typed stays: {text}");
    assert!(text.contains("name=\"nu-wider\" value=\"no\" checked"), "what was left open is the colleague's: {text}");
    // Sent again as it is shown, both are there.
    let shown = [
        ("gezien", seen(&text)),
        ("nu-roles", "yes".to_owned()),
        ("nu-guideline", "partly".to_owned()),
        ("nu-wider", "no".to_owned()),
        ("doe", "bewaar".to_owned()),
    ];
    let shown: Vec<(&str, &str)> = shown.iter().map(|(name, text)| (*name, text.as_str())).collect();
    assert_eq!(other.post(&path, &shown).await.status, StatusCode::SEE_OTHER);
    assert!(ok(&one, &path).await.contains("3 van 13"));
    // A mistake is told at its question, and what was read stays what was read.
    let now = seen(&ok(&one, &path).await);
    let wrong = one.post(&path, &[("gezien", &now), ("nu-roles", "no"), ("doe", "stuur")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("href=\"#v-nu-guideline\"") && wrong.text().contains("Vul uw naam en functie in."));
    let odd = post(&one, &path, &whole(&now), &[("nu-roles", "<script>"), ("doe", "stuur")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = post(&one, &path, &whole(&now), &[("doe", "stuur")]).await;
    assert_eq!(done.location(), format!("{path}?gedaan=ingestuurd"), "{}", done.text());
    assert!(ok(&own, &at).await.contains("Ellen Prins, casemanager"));
    assert!(ok(&own, &format!("{HERE}/antwoorden")).await.contains("5 van 6 organisaties"));
    // It can be amended until it closes, and stays sent in.
    let again = seen(&ok(&one, &path).await);
    let more = post(&one, &path, &whole(&again), &[("nu-wider-woorden", "ook ouderen"), ("doe", "bewaar")]).await;
    assert_eq!(more.status, StatusCode::SEE_OTHER, "{}", more.text());
    assert!(ok(&own, &at).await.contains("ook ouderen") && ok(&own, &at).await.contains("Ingestuurd op"));

    // A new link takes the place of the one before; withdrawn, it opens nothing; all are told the same.
    let fresh = link(&own, &at, &soon()).await;
    assert_eq!(one.get(&fresh).await.status, StatusCode::OK);
    let mut told = vec![one.get(&path).await];
    let gone = own.submit(&at, &format!("{at}/link"), &[("doe", "trek-in")]).await;
    assert_eq!(gone.location(), format!("{at}?gedaan=link-ingetrokken"));
    told.push(one.get(&fresh).await);
    told.push(one.post(&fresh, &[("gezien", "3"), ("doe", "bewaar")]).await);
    told.push(one.get("/vragenlijst/00000000000000000000000000").await);
    told.push(one.get("/vragenlijst/%3Cb%3E").await);
    for answer in &told {
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(answer.text(), told[0].text());
    }
    left(&own, &one, &at, &told[0].text()).await;
    // The log of the region tells that it was done, by nobody known; and not the link.
    let log = server.log().await;
    let by_link: Vec<_> = log.iter().filter(|row| row.data == "network: answers by link").collect();
    assert_eq!(by_link.len() - before, 4, "kept, kept by both, sent in, amended");
    assert!(by_link.iter().all(|row| row.actor.is_empty() && row.organisation.is_some()));
    let token = path.rsplit('/').next().unwrap();
    assert!(log.iter().all(|row| !format!("{row:?}").contains(token)));
}

#[tokio::test]
async fn who_tries_links_is_slowed_down_and_others_may_not_look() {
    let server = server(2).await;
    let own = Browser::of(&server, "network-coordinator").await;
    let path = {
        let at = party(&own, "Hospice De Ruimte", "palliative").await;
        link(&own, &at, &soon()).await
    };
    let stranger = Browser::new(&server);
    for _ in 0..70 {
        assert_eq!(stranger.get(&path).await.status, StatusCode::OK, "who has a right one is not counted");
    }
    let mut last = StatusCode::OK;
    for n in 0..62 {
        last = stranger.get(&format!("/vragenlijst/{n:026}")).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    for username in ["gp", "practice-manager", "organisation-admin", "district-nurse", "privacy-officer", "patient"] {
        let browser = Browser::of(&server, username).await;
        for page in ["", "/organisaties", "/antwoorden", "/acties", "/acties/acties.csv", "/werkgroep", "/plan.pdf"] {
            let answer = browser.get(&format!("{HERE}{page}")).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{username} {page}");
        }
    }
}

/// The demo shows what it is for.
#[tokio::test]
async fn the_demo_has_an_inventory_that_was_begun() {
    let server: Server = server(2).await;
    let own = Browser::of(&server, "network-coordinator").await;
    let page = ok(&own, &format!("{HERE}/organisaties")).await;
    assert!(page.contains("Welzijn Overveld") && page.contains("Nog niets ingevuld."), "{page}");
    let page = ok(&own, &format!("{HERE}/acties")).await;
    assert_eq!(page.matches("! te laat").count(), 1, "{page}");
}
