//! Opened from a record system (SMART App Launch, EHR launch): the system opens an address here, this server asks its
//! authorization server for the patient at hand, with PKCE, and reads who that is from its FHIR server. Only systems that
//! whoever runs this server named are asked anything.
//!
//! The system says whom its user looks at, and nothing of who that user is: they sign in here as themselves, and see what
//! they may see.

use crate::outward::{Credentials, Outward, Redeemed, Unanswered, is_sound, with_query};
use crate::session::token_text;
use crate::sign_in::openid::check::challenge;
use domain::ident::Bsn;
use fhir::r4::search::is_id;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long what a system says of itself stays: its addresses hardly change.
const ABOUT_STAYS: Duration = Duration::from_mins(5);
/// Longest `launch` that is passed on.
const LONGEST_LAUNCH: usize = 2048;

/// One part `[[smart]]` of the configuration file: a record system.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What its users call it.
    pub name: String,
    /// Address of its FHIR server, which it names as `iss`: https, or http on this machine.
    pub issuer: String,
    /// What this server is called there.
    pub client_id: String,
    /// File with the secret; absent: a public client, which PKCE alone protects.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// Scopes that are asked for; the patient at hand and who that is where absent.
    #[serde(default)]
    pub scope: Vec<String>,
}

/// A record system that may open a patient here.
pub struct Ehr {
    /// How it was configured.
    pub settings: Settings,
    credentials: Credentials,
    http: Outward,
    /// What it said of itself lately.
    about: Mutex<Option<(Arc<About>, Instant)>>,
}

/// What its FHIR server says of its authorization server.
#[derive(Deserialize)]
struct About {
    authorization_endpoint: String,
    token_endpoint: String,
    #[serde(default)]
    issuer: Option<String>,
    #[serde(default)]
    capabilities: Vec<String>,
    #[serde(default)]
    code_challenge_methods_supported: Option<Vec<String>>,
}

/// What is remembered while it is asked.
#[derive(Debug, Serialize, Deserialize)]
pub struct Asked {
    /// Which system.
    pub issuer: String,
    verifier: String,
}

/// What came back in the address.
#[derive(Debug, Default, Deserialize)]
pub struct Back {
    #[serde(default)]
    code: String,
    /// By which the question is known.
    #[serde(default)]
    pub state: String,
    #[serde(default)]
    iss: Option<String>,
    #[serde(default)]
    error: Option<String>,
}

/// What comes for a code.
#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    #[serde(default)]
    patient: Option<String>,
}

/// Why no patient could be had. None of it holds what the system said of anybody.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The system does not answer, or not as it should.
    #[error("the system: {0}")]
    System(String),
    /// It let nobody in.
    #[error("it let nobody in")]
    Refused,
    /// It named no patient.
    #[error("it named no patient")]
    NoPatient,
    /// The patient has no BSN there.
    #[error("the patient has no BSN there")]
    NoBsn,
}

impl From<Unanswered> for Failed {
    fn from(why: Unanswered) -> Self {
        Self::System(why.0)
    }
}

impl Failed {
    /// What to tell whoever wanted to open a patient.
    pub fn dutch(&self) -> &'static str {
        match self {
            Self::System(_) => "Uw systeem gaf geen antwoord dat wij begrijpen.",
            Self::Refused => "Uw systeem gaf geen toestemming om de patiënt te openen.",
            Self::NoPatient => "Uw systeem gaf niet door welke patiënt u voor u hebt.",
            Self::NoBsn => "Bij deze patiënt staat in uw systeem geen BSN.",
        }
    }
}

impl Asked {
    /// A new question to a system.
    pub fn fresh(ehr: &Ehr) -> Self {
        Self { issuer: ehr.settings.issuer.clone(), verifier: token_text(&store::random::bytes()) }
    }
}

impl Ehr {
    /// Checks the settings, and reads the secret.
    ///
    /// # Errors
    /// A Dutch sentence that says what is wrong.
    pub fn new(settings: Settings) -> Result<Self, String> {
        if !is_sound(&settings.issuer) {
            return Err(format!("smart: issuer van '{}' begint met https://", settings.name));
        }
        let credentials = Credentials::read(&settings.client_id, settings.client_secret_file.as_deref())
            .map_err(|why| format!("smart: {why}"))?;
        Ok(Self { settings, credentials, http: Outward::default(), about: Mutex::default() })
    }

    /// Is this the system that goes by this `iss`?
    pub fn is(&self, iss: &str) -> bool {
        self.settings.issuer.trim_end_matches('/') == iss.trim_end_matches('/')
    }

    fn base(&self) -> &str {
        self.settings.issuer.trim_end_matches('/')
    }

    /// What it says of itself; asked once by however many who open a patient at once.
    async fn about(&self) -> Result<Arc<About>, Failed> {
        let mut lately = self.about.lock().await;
        if let Some((about, at)) = lately.as_ref()
            && at.elapsed() < ABOUT_STAYS
        {
            return Ok(Arc::clone(about));
        }
        *lately = None;
        let about = Arc::new(self.ask_about().await?);
        *lately = Some((Arc::clone(&about), Instant::now()));
        Ok(about)
    }

    async fn ask_about(&self) -> Result<About, Failed> {
        let address = format!("{}/.well-known/smart-configuration", self.base());
        let about: About = self.http.get(&address, "application/json", None).await?;
        if ![&about.authorization_endpoint, &about.token_endpoint].iter().all(|a| is_sound(a)) {
            return Err(Failed::System("one of its addresses is not https".to_owned()));
        }
        let methods = about.code_challenge_methods_supported.as_deref();
        if methods.is_some_and(|methods| !methods.iter().any(|m| m == "S256")) {
            return Err(Failed::System("it does not take PKCE with S256".to_owned()));
        }
        Ok(about)
    }

    /// Where to send the browser, to be told whom it is about.
    ///
    /// # Errors
    /// [`Failed`].
    pub async fn address(&self, asked: &Asked, state: &str, launch: &str, redirect: &str) -> Result<String, Failed> {
        if launch.is_empty() || launch.len() > LONGEST_LAUNCH {
            return Err(Failed::NoPatient);
        }
        let about = self.about().await?;
        let scope = match self.settings.scope.as_slice() {
            [] if about.capabilities.iter().any(|c| c == "permission-v2") => "launch patient/Patient.r".to_owned(),
            [] => "launch patient/Patient.read".to_owned(),
            set => set.join(" "),
        };
        let challenge = challenge(&asked.verifier);
        let pairs = [
            ("response_type", "code"),
            ("client_id", self.settings.client_id.as_str()),
            ("redirect_uri", redirect),
            ("launch", launch),
            ("scope", &scope),
            ("state", state),
            ("aud", &self.settings.issuer),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        Ok(with_query(&about.authorization_endpoint, &pairs))
    }

    /// Whom it is about: the number that its FHIR server has of the patient at hand.
    ///
    /// # Errors
    /// [`Failed`].
    pub async fn patient(&self, asked: &Asked, back: &Back, redirect: &str) -> Result<Bsn, Failed> {
        if back.error.is_some() || back.code.is_empty() {
            return Err(Failed::Refused);
        }
        let about = self.about().await?;
        // An answer of another server, mixed in (RFC 9207).
        if let (Some(named), Some(own)) = (&back.iss, &about.issuer)
            && named != own
        {
            return Err(Failed::System("another issuer answered".to_owned()));
        }
        let endpoint = &about.token_endpoint;
        let redeemed = Redeemed { endpoint, code: &back.code, verifier: &asked.verifier, redirect };
        let tokens: Tokens = self.http.redeem(&self.credentials, &redeemed).await?;
        let id = tokens.patient.filter(|id| is_id(id)).ok_or(Failed::NoPatient)?;
        let address = format!("{}/Patient/{id}", self.base());
        let patient: Value = self.http.get(&address, "application/fhir+json", Some(&tokens.access_token)).await?;
        if patient["resourceType"] != "Patient" || patient["id"] != id.as_str() {
            return Err(Failed::System("it gave another resource than the patient".to_owned()));
        }
        bsn(&patient).ok_or(Failed::NoBsn)
    }
}

fn bsn(patient: &Value) -> Option<Bsn> {
    let identifiers = patient["identifier"].as_array()?;
    let number = identifiers.iter().find(|i| i["system"] == Bsn::SYSTEM && i["use"] != "old")?;
    Bsn::parse(number["value"].as_str()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_number_is_the_one_of_the_right_system() {
        let own = json!({"system": Bsn::SYSTEM, "value": "999911120"});
        let other = json!({"system": "urn:other", "value": "999900006"});
        assert_eq!(bsn(&json!({"identifier": [other, own]})).unwrap().as_str(), "999911120");
        for none in [
            json!({}),
            json!({"identifier": [other]}),
            json!({"identifier": [{"system": Bsn::SYSTEM, "value": "1"}]}),
            json!({"identifier": [{"system": Bsn::SYSTEM, "value": "999911120", "use": "old"}]}),
        ] {
            assert!(bsn(&none).is_none(), "{none}");
        }
    }

    #[test]
    fn an_id_leads_nowhere_else() {
        assert!(is_id("pat-1.2"));
        for bad in ["", "../Observation/1", "a b", "a/b", "a?b", "é", &"x".repeat(65)] {
            assert!(!is_id(bad), "{bad}");
        }
    }

    #[test]
    fn a_system_is_known_by_its_own_address_alone() {
        let settings = |issuer: &str| Settings {
            name: "HIS".to_owned(),
            issuer: issuer.to_owned(),
            client_id: "tijdig".to_owned(),
            client_secret_file: None,
            scope: Vec::new(),
        };
        let ehr = Ehr::new(settings("https://his.example/fhir")).unwrap();
        assert!(ehr.is("https://his.example/fhir") && ehr.is("https://his.example/fhir/"));
        assert!(!ehr.is("https://his.example/fhir/x") && !ehr.is("https://his.example.evil/fhir") && !ehr.is(""));
        assert!(Ehr::new(settings("http://his.example/fhir")).is_err());
    }
}
