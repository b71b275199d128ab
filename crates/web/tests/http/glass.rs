//! The emergency page and the broken glass (D5, decisions 52 to 54): who gets in, what a stranger learns, who is told,
//! who judges.

use crate::browser::Browser;
use crate::harness::{Answer, Server, server};
use axum::http::StatusCode;
use domain::access::{Action, Actor, Permit, Relation, Sharing, Who, permit};
use domain::glass::Reason;
use domain::ident::PatientId;
use domain::policy::Policy;
use domain::role::Role;
use jiff::SignedDuration;
use store::log::read::{Filter, LogRow, Which};
use store::team::{About, Member};
use web::demo::SheetPatient;

const NOBODY: &str = "999911120";
const WHY: [(&str, &str); 2] = [("soort", "acute"), ("reden", "Gevonden op straat, niet aanspreekbaar.")];

/// The n-th patient: of each five the first three agreed to share, the fourth was not asked, the fifth refused.
fn patient(server: &Server, n: usize, sharing: Sharing) -> &SheetPatient {
    let patient = &server.sheet.patients[n];
    assert_eq!(patient.sharing, sharing);
    patient
}

fn id(patient: &SheetPatient) -> PatientId {
    PatientId::parse(&patient.id).unwrap()
}

fn family(patient: &SheetPatient) -> &str {
    patient.name.rsplit([' ', '-']).next().unwrap()
}

/// Somebody of the demo as the store knows them.
async fn actor(server: &Server, username: &str) -> Actor {
    let now = web::Clock::default().real();
    let login = server.store.login(username, now).await.unwrap().unwrap();
    let grant = &login.roles[0];
    Actor {
        who: Who::Person(login.person.id.clone()),
        name: login.person.name.full(),
        role: Some(grant.role),
        organisation: grant.organisation.clone(),
        ..web::program(grant.organisation.clone())
    }
}

/// Leave as the rules give it to who is in the team.
async fn of_team(server: &Server, username: &str, action: Action, of: &SheetPatient) -> Permit {
    let team = Relation { team: true, ..Relation::default() };
    permit(&actor(server, username).await, action, &id(of), team).unwrap()
}

async fn log_of(server: &Server, of: &SheetPatient) -> Vec<LogRow> {
    let gp = of_team(server, "gp", Action::ReadLog, of).await;
    let which = Which { cursor: None, limit: 1000 };
    let now = web::Clock::default().now();
    server.store.patient_log(&gp, &Filter::default(), which, "test", now).await.unwrap().rows
}

async fn look_for(browser: &Browser<'_>, bsn: &str) -> Answer {
    browser.submit("/spoed", "/spoed", &[("bsn", bsn)]).await
}

async fn press(browser: &Browser<'_>, bsn: &str, more: &[(&str, &str)]) -> Answer {
    let fields = [&[("bsn", bsn)], &WHY[..], more].concat();
    browser.submit("/spoed", "/spoed/noodknop", &fields).await
}

/// Does the emergency view introduce the patient without a name?
fn is_nameless(text: &str) -> bool {
    ["Vrouw", "Man", "Patiënt"].iter().any(|sex| text.contains(&format!("<span class=\"name\">{sex}</span>")))
}

/// A page without what was typed: what is left must be alike.
fn without(answer: &Answer, bsn: &str) -> String {
    answer.text().replace(bsn, "…")
}

#[tokio::test]
async fn each_role_comes_where_it_belongs() {
    let server = server(5).await;
    for user in &server.sheet.users {
        let role = Role::of_code(&user.role).unwrap();
        let care = role.is_care_professional();
        let acute = role == Role::OutOfHours;
        let watches = role == Role::PrivacyOfficer;
        let browser = Browser::of(&server, &user.username).await;
        for (path, allowed) in [
            ("/spoed", care || acute),
            ("/beheer/noodknop", care || watches),
            ("/beheer/noodknop/overzicht", watches || role == Role::OrganisationAdmin),
        ] {
            let status = browser.get(path).await.status;
            let expected = if allowed { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(status, expected, "{} at {path}", user.username);
        }
        for path in ["/spoed", "/spoed/noodknop"] {
            let at = if acute { "/spoed" } else { "/rol" };
            let status = browser.submit(at, path, &[]).await.status;
            let expected = if care || acute { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::FORBIDDEN };
            assert_eq!(status, expected, "{} posts to {path}", user.username);
        }
    }
    let stranger = Browser::new(&server);
    let somebody = &server.sheet.patients[0].id;
    let paths = ["/spoed", "/beheer/noodknop", "/beheer/noodknop/overzicht"].map(str::to_owned);
    for path in paths.into_iter().chain([format!("/spoed/{somebody}"), format!("/beheer/noodknop/{somebody}/1")]) {
        let answer = stranger.get(&path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.location().starts_with("/inloggen"), "{path}");
    }
    for path in ["/spoed", "/spoed/noodknop", &format!("/beheer/noodknop/{somebody}/1")] {
        assert_eq!(stranger.post(path, &[("bsn", NOBODY)]).await.location(), "/inloggen", "{path}");
        let acute = Browser::of(&server, "out-of-hours").await;
        let forged = acute.post(path, &[("bsn", NOBODY), ("csrf", "x")]).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN, "{path} without the token");
    }
}

#[tokio::test]
async fn with_consent_acute_care_sees_the_emergency_view_at_once_and_no_more() {
    let server = server(5).await;
    let agreed = patient(&server, 0, Sharing::Agreed);
    let acute = Browser::of(&server, "out-of-hours").await;
    assert_eq!(acute.get("/").await.location(), "/spoed", "where acute care begins");
    let answer = look_for(&acute, &agreed.bsn).await;
    let path = format!("/spoed/{}", agreed.id);
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, path.as_str()));
    let named = [("achternaam", family(agreed)), ("geboortedatum", agreed.birth_date.as_str())];
    assert_eq!(acute.submit("/spoed", "/spoed", &named).await.location(), path);
    let view = acute.get(&path).await;
    assert_eq!(view.status, StatusCode::OK);
    let text = view.text();
    assert!(text.contains("Behandelgrenzen") && text.contains(family(agreed)), "{text}");
    assert!(!text.contains("noodknop") && !text.contains("Lees het hele plan"), "{text}");
    assert_eq!(acute.get(&format!("/patienten/{}/plan", agreed.id)).await.status, StatusCode::FORBIDDEN);
    let rows = log_of(&server, agreed).await;
    let look = rows.iter().find(|r| r.action == "read-emergency").unwrap();
    assert_eq!((look.basis.as_deref(), look.role.as_deref()), (Some("consent"), Some("out-of-hours")));
    assert!(!rows.iter().any(|r| r.action.starts_with("break-glass")));

    // Withdrawn, it is shut at the very next request.
    let consent = of_team(&server, "gp", Action::RecordConsent, agreed).await;
    let said = [domain::consent::Said::for_everyone(Sharing::Refused)];
    server.store.set_sharing(&consent, &said, web::Clock::default().now()).await.unwrap();
    assert_eq!(acute.get(&path).await.status, StatusCode::FORBIDDEN);

    // The patient's own doctor sees it as team, and is led on to the whole plan.
    let gp = Browser::of(&server, "gp").await;
    let own = gp.get(&path).await.text();
    assert!(own.contains("Lees het hele plan"), "{own}");
}

#[tokio::test]
async fn looking_tells_a_stranger_nothing() {
    let server = server(10).await;
    let (unasked, refused) = (patient(&server, 8, Sharing::Unknown), patient(&server, 4, Sharing::Refused));
    for username in ["out-of-hours", "gp"] {
        let browser = Browser::of(&server, username).await;
        let nobody = look_for(&browser, NOBODY).await;
        assert_eq!(nobody.status, StatusCode::OK);
        assert!(nobody.text().contains("Gebruik de noodknop"));
        for known in [unasked, refused] {
            let answer = look_for(&browser, &known.bsn).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert_eq!(without(&answer, &known.bsn), without(&nobody, NOBODY), "{username}");
            // The address of somebody without a basis is that of nobody.
            let path = format!("/spoed/{}", known.id);
            let (shut, none) = (browser.get(&path).await, browser.get("/spoed/00000000000000000000000000").await);
            assert_eq!((shut.status, shut.bytes), (StatusCode::FORBIDDEN, none.bytes));
        }
        let wrong = look_for(&browser, "123456789").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(browser.get("/spoed").await.headers.get("referrer-policy").is_some());
    }
}

#[tokio::test]
async fn a_broken_glass_shows_the_emergency_view_to_who_broke_it() {
    let server = server(10).await;
    let unasked = patient(&server, 8, Sharing::Unknown);
    let acute = Browser::of(&server, "out-of-hours").await;
    let path = format!("/spoed/{}", unasked.id);
    for (soort, reden, wrong) in [("", "Gevonden op straat.", "Kies waarom"), ("acute", "spoed", "Schrijf in een zin")]
    {
        let fields = [("bsn", unasked.bsn.as_str()), ("soort", soort), ("reden", reden)];
        let answer = acute.submit("/spoed", "/spoed/noodknop", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(wrong), "{}", answer.text());
    }
    assert_eq!(acute.get(&path).await.status, StatusCode::FORBIDDEN, "nothing was broken by that");
    let answer = press(&acute, &unasked.bsn, &[]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, path.as_str()));
    let view = acute.get(&path).await;
    assert_eq!(view.status, StatusCode::OK);
    let text = view.text();
    assert!(text.contains("U gebruikt de noodknop") && text.contains("geboren in 19"), "{text}");
    // Found by number: no name is given away, but enough to see that the number was right.
    assert!(is_nameless(&text) && !text.contains(&unasked.name) && !text.contains(&unasked.bsn), "{text}");
    for elsewhere in ["", "/plan", "/plan/versies", "/gegevens"] {
        let status = acute.get(&format!("/patienten/{}{elsewhere}", unasked.id)).await.status;
        assert_eq!(status, StatusCode::FORBIDDEN, "{elsewhere}");
    }
    // Looking again leads straight to it; to others it stays shut, and to every system.
    assert_eq!(look_for(&acute, &unasked.bsn).await.location(), path);
    let gp = Browser::of(&server, "gp").await;
    assert_eq!(gp.get(&path).await.status, StatusCode::FORBIDDEN);
    let system = server.client("consulter-test").await;
    let asked = system.get(&format!("/Consent?patient=Patient/{}", unasked.id)).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    // A doctor of another practice who knows the name sees the name, and the same emergency view: not the plan.
    let named = [("achternaam", family(unasked)), ("geboortedatum", unasked.birth_date.as_str())];
    let fields = [&named[..], &WHY[..]].concat();
    assert_eq!(gp.submit("/spoed", "/spoed/noodknop", &fields).await.location(), path);
    let text = gp.get(&path).await.text();
    assert!(!is_nameless(&text) && text.contains(family(unasked)) && !text.contains("Lees het hele plan"), "{text}");
    assert_eq!(gp.get(&format!("/patienten/{}/plan", unasked.id)).await.status, StatusCode::FORBIDDEN);
    let asked = system.get(&format!("/Consent?patient=Patient/{}", unasked.id)).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN, "the exchange never breaks glass");

    let rows = log_of(&server, unasked).await;
    let broke: Vec<_> = rows.iter().filter(|r| r.action == "break-glass").collect();
    assert_eq!(broke.len(), 2);
    assert_eq!(broke[0].detail.as_deref(), Some(WHY[1].1));
    assert!(rows.iter().any(|r| r.action == "read-emergency" && r.basis.as_deref() == Some("break-glass")));
}

#[tokio::test]
async fn breaking_it_for_nobody_or_against_an_objection_gives_one_answer() {
    let server = server(10).await;
    let refused = patient(&server, 4, Sharing::Refused);
    // A doctor of another practice is not of acute care: an objection ends it.
    let gp = Browser::of(&server, "gp").await;
    let nobody = press(&gp, NOBODY, &[]).await;
    assert_eq!(nobody.status, StatusCode::OK);
    assert!(nobody.text().contains("Hier is niets te zien"), "{}", nobody.text());
    let objected = press(&gp, &refused.bsn, &[("bevestigd", "ja"), ("gevraagd", "ja")]).await;
    assert_eq!((objected.status, without(&objected, &refused.bsn)), (nobody.status, without(&nobody, NOBODY)));
    let rows = log_of(&server, refused).await;
    assert!(rows.iter().any(|r| r.action == "refused" && r.data == "break-glass"), "it stands in the patient's log");

    // Acute care confirms that the patient cannot be asked, and only then sees it.
    let acute = Browser::of(&server, "out-of-hours").await;
    let path = format!("/spoed/{}", refused.id);
    let asked = press(&acute, &refused.bsn, &[]).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.text().contains("De patiënt heeft bezwaar gemaakt"), "{}", asked.text());
    assert_eq!(acute.get(&path).await.status, StatusCode::FORBIDDEN);
    let unticked = press(&acute, &refused.bsn, &[("gevraagd", "ja")]).await;
    assert_eq!(unticked.status, StatusCode::UNPROCESSABLE_ENTITY);
    let confirmed = press(&acute, &refused.bsn, &[("gevraagd", "ja"), ("bevestigd", "ja")]).await;
    assert_eq!((confirmed.status, confirmed.location()), (StatusCode::SEE_OTHER, path.as_str()));
    assert_eq!(acute.get(&path).await.status, StatusCode::OK);
    assert!(log_of(&server, refused).await.iter().any(|r| r.action == "break-glass-refused"));
}

#[tokio::test]
async fn an_organisation_that_lets_nobody_break_it_lets_nobody() {
    let server = server(10).await;
    let unasked = patient(&server, 8, Sharing::Unknown);
    let organisation = actor(&server, "gp").await.organisation;
    let house = server.store.organisation(&organisation).await.unwrap().unwrap();
    let policy = Policy { break_glass: Vec::new(), ..house.policy.clone() };
    let house = store::organisations::Organisation { policy, ..house };
    let now = web::Clock::default().real();
    server.store.change_organisation(&web::program(organisation), &house, now).await.unwrap();
    let gp = Browser::of(&server, "gp").await;
    let (known, nobody) = (look_for(&gp, &unasked.bsn).await, look_for(&gp, NOBODY).await);
    assert_eq!(without(&known, &unasked.bsn), without(&nobody, NOBODY));
    assert!(!known.text().contains("Gebruik de noodknop"));
    let pressed = press(&gp, &unasked.bsn, &[]).await;
    assert_eq!(pressed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(gp.get(&format!("/spoed/{}", unasked.id)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn when_the_time_is_over_it_is_shut() {
    let server = server(10).await;
    let unasked = patient(&server, 8, Sharing::Unknown);
    let who = Actor { breaks_glass: true, ..actor(&server, "out-of-hours").await };
    let leave = permit(&who, Action::BreakGlass, &id(unasked), Relation::default()).unwrap();
    let reason = Reason::given(WHY[0].1, WHY[1].1).unwrap();
    let acute = Browser::of(&server, "out-of-hours").await;
    let path = format!("/spoed/{}", unasked.id);
    let ago = |minutes| web::Clock::default().now() - SignedDuration::from_mins(minutes);
    server.store.break_glass(&leave, &reason, false, ago(121)).await.unwrap();
    assert_eq!(acute.get(&path).await.status, StatusCode::FORBIDDEN);
    server.store.break_glass(&leave, &reason, false, ago(59)).await.unwrap();
    assert_eq!(acute.get(&path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_team_hears_of_it_and_judges_and_who_broke_it_does_not() {
    let server = server(10).await;
    let unasked = patient(&server, 8, Sharing::Unknown);
    let stranger = Browser::of(&server, "gp").await;
    assert_eq!(press(&stranger, &unasked.bsn, &[]).await.status, StatusCode::SEE_OTHER);
    let case = format!("/beheer/noodknop/{}/1", unasked.id);
    let own = Browser::of(&server, "gp-3").await;
    let work = own.get("/").await.text();
    assert!(work.contains("Noodknop gebruikt") && work.contains(&case), "{work}");
    let list = own.get("/beheer/noodknop").await.text();
    assert!(list.contains(WHY[1].1) && list.contains(&case), "{list}");
    for username in ["gp", "gp-2", "privacy-officer", "district-nurse-2"] {
        let other = Browser::of(&server, username).await;
        assert_eq!(other.get(&case).await.status == StatusCode::OK, username == "privacy-officer", "{username}");
        let fields = [("oordeel", "justified")];
        if username != "privacy-officer" {
            let answer = other.submit("/beheer/noodknop", &case, &fields).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{username}");
        }
    }
    // The privacy officer of whoever broke it sees the case, and neither name nor plan.
    let officer = Browser::of(&server, "privacy-officer").await;
    let seen = officer.get(&case).await.text();
    assert!(seen.contains(WHY[1].1) && !seen.contains(family(unasked)), "{seen}");
    assert!(officer.get("/").await.text().contains(&case));

    // Whoever broke it and has joined the team since does not judge their own.
    let manage = of_team(&server, "gp-3", Action::ManageTeam, unasked).await;
    let practice = Member::Organisation(actor(&server, "gp").await.organisation);
    let now = web::Clock::default().now();
    server.store.add_to_team(&manage, &practice, &About::default(), now).await.unwrap();
    let page = stranger.get(&case).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("U gebruikte deze noodknop zelf"));
    let judged = stranger.submit(&case, &case, &[("oordeel", "justified")]).await;
    assert_eq!(judged.status, StatusCode::FORBIDDEN);

    let page = own.get(&case).await.text();
    assert!(page.contains("niet bekeken") && page.contains(family(unasked)), "{page}");
    for (fields, wrong) in [
        (&[][..], "Kies of er een goede reden was"),
        (&[("oordeel", "unjustified")], "Schrijf waarom er geen goede reden was"),
    ] {
        let answer = own.submit(&case, &case, fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(wrong));
    }
    let fields = [("oordeel", "unjustified"), ("woorden", "De patiënt kon het zelf zeggen.")];
    let done = own.submit(&case, &case, &fields).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/beheer/noodknop?gedaan=beoordeeld"));
    let again = own.submit(&case, &case, &[("oordeel", "justified")]).await;
    assert_eq!(again.location(), "/beheer/noodknop?gedaan=al-beoordeeld");
    let page = own.get(&case).await.text();
    assert!(page.contains("zonder goede reden") && page.contains("De patiënt kon het zelf zeggen."), "{page}");
    assert!(own.get("/").await.text().contains("beoordeeld: zonder goede reden"), "and stays to be seen for a while");
    let nowhere = format!("/beheer/noodknop/{}/9", unasked.id);
    assert_eq!(own.get(&nowhere).await.status, StatusCode::NOT_FOUND);
    assert_eq!(own.get(&format!("/beheer/noodknop/{}/x", unasked.id)).await.status, StatusCode::NOT_FOUND);
    assert!(log_of(&server, unasked).await.iter().any(|r| r.data == "glass 1: unjustified"));
}

#[tokio::test]
async fn the_report_counts_and_names_nobody() {
    let server = server(10).await;
    let unasked = patient(&server, 8, Sharing::Unknown);
    let gp = Browser::of(&server, "gp").await;
    press(&gp, &unasked.bsn, &[]).await;
    let officer = Browser::of(&server, "privacy-officer").await;
    let text = officer.get("/beheer/noodknop/overzicht").await.text();
    // The practice's own press, and the other's at one of its patients, that the demo tells of.
    assert!(text.contains("gebruikten uw mensen de noodknop 1 keer, en anderen bij uw patiënten"), "{text}");
    assert!(!text.contains("Alles is beoordeeld"));
    assert!(text.contains("Door anderen, bij onze patiënten"));
    for patient in &server.sheet.patients {
        assert!(!text.contains(&patient.name) && !text.contains(&patient.id) && !text.contains(&patient.bsn));
    }
    // The region counts all that belong to it.
    let region = Browser::of(&server, "organisation-admin").await;
    let text = region.get("/beheer/noodknop/overzicht").await.text();
    assert!(text.contains("Nog te beoordelen") && !text.contains("niet. Alles is beoordeeld"), "{text}");
}
