//! `/koppelen`: for who connects a system. Addresses, scopes, the standard's requests to try with a client of one's own, and
//! what the server offers in words, made from the CapabilityStatement itself. It is for anybody, and holds no data; the
//! self-test is for whoever administers the organisation of a system.

pub mod launch;
pub mod offered;
pub mod open;
pub mod self_test;

use super::frame::{Frame, Place};
use super::render::{Answer, page};
use crate::app::App;
use crate::error::PageError;
use crate::fhir::{PATHS, service};
use crate::oauth::scope;
use crate::routes::{Routes, get, post};
use crate::session::SignedIn;
use ::fhir::format::Version;
use askama::Template;
use axum::extract::State;
use domain::administration::administers;
use domain::ident::Bsn;
use offered::Offered;

/// Where a signed request to open a patient is posted.
pub const OPEN: &str = "/koppelen/openen";
/// Largest of those.
const MOST_BYTES: usize = 32 << 10;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .route("/koppelen", get(self::get_page))
        .route("/koppelen/zelftest", get(self_test::get).post(self_test::post))
        .route(OPEN, post(open::post).at_most(MOST_BYTES))
        .route("/koppelen/verder/{token}", get(open::go_on))
        .route("/smart/launch", get(launch::go))
        .route("/smart/terug", get(launch::back))
}

/// The page.
#[derive(Template)]
#[template(path = "connect/page.html")]
pub struct ConnectPage {
    /// Title, menu.
    pub frame: Frame,
    /// Addresses.
    pub addresses: Vec<Address>,
    /// How to get a token.
    pub token: String,
    /// Scopes.
    pub scopes: Vec<(&'static str, &'static str)>,
    /// The versions of FHIR.
    pub apis: Vec<Api>,
    /// For a record system that opens a patient here: where it does.
    pub launch: Vec<Address>,
    /// An example of what is signed to open a patient without SMART.
    pub claims: String,
    /// The self-test is for whoever looks.
    pub may_test: bool,
}

/// An address, and what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// What is there.
    pub what: &'static str,
    /// The address.
    pub url: String,
}

/// What is asked of one version of FHIR.
pub struct Api {
    /// `R4` or `STU3`.
    pub name: &'static str,
    /// For ids on the page.
    pub id: &'static str,
    /// How the patient's id is found.
    pub find: String,
    /// The standard's requests.
    pub requests: Vec<Try>,
    /// What the server offers.
    pub offered: Vec<Offered>,
}

/// A request to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// What it gives.
    pub what: &'static str,
    /// As a command.
    pub command: String,
}

/// `R4` or `STU3`.
pub fn name(version: Version) -> &'static str {
    match version {
        Version::R4 => "R4",
        Version::Stu3 => "STU3",
    }
}

impl ConnectPage {
    /// The page for a server with this address; `statement` gives the CapabilityStatement of a version.
    pub fn new(frame: Frame, base: &str, statement: impl Fn(Version) -> serde_json::Value, may_test: bool) -> Self {
        let at = |what, path: &str| Address { what, url: format!("{base}{path}") };
        let apis = PATHS.into_iter().map(|(path, version)| {
            let api = format!("{base}{path}");
            Api {
                name: name(version),
                id: if version == Version::R4 { "r4" } else { "stu3" },
                find: format!(
                    "curl -H \"Authorization: Bearer $TOKEN\" \\\n  --data-urlencode \"identifier={}|$BSN\" \\\n  \"{api}/Patient/_search\"",
                    Bsn::SYSTEM
                ),
                requests: ::fhir::standard::of(version)
                    .iter()
                    .map(|asked| Try {
                        what: asked.what,
                        command: format!(
                            "curl -H \"Authorization: Bearer $TOKEN\" \\\n  \"{api}/{}\"",
                            asked.query("$ID")
                        ),
                    })
                    .collect(),
                offered: offered::of(&statement(version)),
            }
        });
        Self {
            addresses: vec![
                at("FHIR R4", "/fhir/r4"),
                at("FHIR STU3", "/fhir/stu3"),
                at("CapabilityStatement van R4", "/fhir/r4/metadata"),
                at("CapabilityStatement van STU3", "/fhir/stu3/metadata"),
                at("Token (OAuth 2, client credentials)", "/oauth/token"),
                at("SMART-configuratie", "/.well-known/smart-configuration"),
                at("Openbare sleutels van noodkaarten (JWKS)", "/.well-known/tijdig-kaart.json"),
                at("Wat geen FHIR is (OpenAPI)", "/openapi.json"),
            ],
            token: format!(
                "curl -u \"$CLIENT_ID:$GEHEIM\" \\\n  -d grant_type=client_credentials \\\n  \"{base}/oauth/token\""
            ),
            scopes: scope::SUPPORTED.iter().map(|s| (*s, scope::dutch(s))).collect(),
            apis: apis.collect(),
            launch: vec![
                at("Openen (EHR launch)", "/smart/launch"),
                at("Terug (redirect_uri)", "/smart/terug"),
                at("Openen met een ondertekend bericht", OPEN),
            ],
            claims: format!(
                "{{\n  \"iss\": \"uw-client-id\",\n  \"sub\": \"uw-client-id\",\n  \"aud\": \"{base}{OPEN}\",\n  \"iat\": 1795428000,\n  \"exp\": 1795428060,\n  \"jti\": \"steeds een nieuwe\",\n  \"bsn\": \"999911120\"\n}}"
            ),
            may_test,
            frame,
        }
    }
}

/// `GET /koppelen`.
pub async fn get_page(State(app): State<App>, who: Result<SignedIn, PageError>) -> Answer {
    let who = who.ok();
    let frame = match &who {
        Some(who) => Frame::signed(who, "Koppelen", Place::None),
        None => Frame { title: "Koppelen".to_owned(), ..Frame::default() },
    };
    let may_test = who.is_some_and(|who| who.actor.role.is_some_and(administers));
    let statement = |version| service::statement(&app, version);
    Ok(page(&ConnectPage::new(frame, &app.config().base_url, statement, may_test)))
}
