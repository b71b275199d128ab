//! Other sources (D7): systems that hold a plan of a patient too, asked as the standard has it when somebody wants to see
//! their plans beside the one here.
//!
//! Which sources there are stands in the configuration, as every system that this server connects to: whoever runs the
//! server names their addresses, so that one within the own network is allowed, and their secrets are read from files and
//! never in the database. What a source gives is held in memory for a quarter of an hour, and kept nowhere.

mod ask;
mod round;
mod token;

pub(crate) use ask::{Failure, Found, try_out};
pub(crate) use round::{Answer, Begin, Round};

use crate::outward::is_sound;
use fhir::consult::Group;
use fhir::format::Version;
use round::Rounds;
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use store::organisations::Organisation;
use token::Token;
use url::Url;
use zeroize::Zeroizing;

/// Longest that a source may be given, in seconds: the page waits for it.
const MOST_SECONDS: u64 = 60;
/// Most sources of one organisation.
const MOST_SOURCES: usize = 20;
/// Longest that connecting may take.
const CONNECT: Duration = Duration::from_secs(10);

/// A part `[[sources]]` of the configuration file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Name, as people read it.
    pub name: String,
    /// Name of the organisation of ours on whose behalf it is asked: the source decides by who asks.
    pub organisation: String,
    /// Version of FHIR.
    #[serde(default)]
    pub fhir: Fhir,
    /// Which of the standard's two groups it offers.
    #[serde(default)]
    pub offers: Offers,
    /// Address of its FHIR API: https, or http on this machine.
    pub address: String,
    /// Address at which it gives tokens.
    pub token: String,
    /// What this server is called there.
    pub client_id: String,
    /// File with the secret.
    pub client_secret_file: PathBuf,
    /// What is asked for.
    #[serde(default = "scope")]
    pub scope: String,
    /// Seconds that it gets.
    #[serde(default = "time_limit")]
    pub time_limit: u64,
}

/// Version of FHIR.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fhir {
    /// R4.
    #[default]
    R4,
    /// STU3.
    Stu3,
}

/// Which of the standard's groups of transactions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Offers {
    /// Building blocks.
    #[default]
    Blocks,
    /// The form.
    Form,
}

fn scope() -> String {
    "system/*.rs".to_owned()
}

fn time_limit() -> u64 {
    8
}

/// A source that may be asked. Never shown as a whole: it holds a secret.
pub(crate) struct Source {
    /// Name.
    pub name: String,
    /// Version of FHIR.
    pub version: Version,
    /// Which group.
    pub group: Group,
    /// Host of its address, as people recognise it.
    pub host: String,
    /// Time that it gets.
    pub limit: Duration,
    organisation: String,
    base: String,
    token_address: String,
    client_id: String,
    secret: Zeroizing<String>,
    scope: String,
    token: Token,
}

impl Source {
    fn new(settings: Settings) -> Result<Self, String> {
        let Settings { name, organisation, fhir, offers, address, token, client_id, client_secret_file, scope, .. } =
            settings;
        let name = name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 80 {
            return Err("sources.name: geef een naam van hoogstens 80 tekens".to_owned());
        }
        for (what, address) in [("address", &address), ("token", &token)] {
            if !is_sound(address) {
                return Err(format!(
                    "sources.{what} van '{name}': begint met https:// (http:// alleen op deze machine)"
                ));
            }
        }
        if !(1..=MOST_SECONDS).contains(&settings.time_limit) {
            return Err(format!("sources.time_limit van '{name}': kies 1 tot {MOST_SECONDS} seconden"));
        }
        let secret = std::fs::read_to_string(&client_secret_file)
            .map(|text| Zeroizing::new(text.trim().to_owned()))
            .map_err(|e| format!("sources.client_secret_file van '{name}': {}: {e}", client_secret_file.display()))?;
        Ok(Self {
            version: match fhir {
                Fhir::R4 => Version::R4,
                Fhir::Stu3 => Version::Stu3,
            },
            group: match offers {
                Offers::Blocks => Group::Blocks,
                Offers::Form => Group::Form,
            },
            host: Url::parse(&address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default(),
            limit: Duration::from_secs(settings.time_limit),
            base: address.trim_end_matches('/').to_owned(),
            name,
            organisation,
            token_address: token,
            client_id,
            secret,
            scope,
            token: Token::default(),
        })
    }

    /// What it offers, in words.
    pub fn offers(&self) -> &'static str {
        match (self.version, self.group) {
            (Version::R4, Group::Blocks) => "FHIR R4, bouwstenen",
            (Version::R4, Group::Form) => "FHIR R4, formulier",
            (Version::Stu3, Group::Blocks) => "FHIR STU3, bouwstenen",
            (Version::Stu3, Group::Form) => "FHIR STU3, formulier",
        }
    }

    /// A source of samples.
    #[cfg(test)]
    pub(crate) fn sample(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: Version::R4,
            group: Group::Blocks,
            host: "fhir.voorbeeld.test".to_owned(),
            limit: Duration::from_secs(8),
            organisation: String::new(),
            base: String::new(),
            token_address: String::new(),
            client_id: String::new(),
            secret: Zeroizing::default(),
            scope: String::new(),
            token: Token::default(),
        }
    }
}

/// The other sources, and what they were asked lately.
#[derive(Default)]
pub(crate) struct Viewer {
    sources: OnceLock<Vec<Arc<Source>>>,
    /// Made when it is first needed: it wants the system's certificates, which not every machine has.
    http: OnceLock<reqwest::Client>,
    rounds: Rounds,
}

impl Viewer {
    /// Checks the settings, and reads the secrets.
    ///
    /// # Errors
    /// A Dutch sentence that says what is wrong.
    pub fn offer(&self, settings: Vec<Settings>) -> Result<(), String> {
        let mut all: Vec<Arc<Source>> = Vec::new();
        for one in settings {
            let source = Source::new(one)?;
            let of_same = || all.iter().filter(|s| s.organisation == source.organisation);
            if of_same().any(|s| s.name == source.name) {
                return Err(format!("sources: '{}' staat er twee keer voor '{}'", source.name, source.organisation));
            }
            if of_same().count() == MOST_SOURCES {
                return Err(format!("sources: '{}' heeft hoogstens {MOST_SOURCES} bronnen", source.organisation));
            }
            all.push(Arc::new(source));
        }
        self.sources.set(all).map_err(|_| "sources is al ingesteld".to_owned())
    }

    /// The sources that may be asked on behalf of an organisation.
    pub fn sources_of(&self, organisation: &Organisation) -> Vec<Arc<Source>> {
        let all = self.sources.get().map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(|s| s.organisation == organisation.name).cloned().collect()
    }

    /// What was asked lately.
    pub fn rounds(&self) -> &Rounds {
        &self.rounds
    }

    fn http(&self) -> Result<&reqwest::Client, Failure> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let http = reqwest::Client::builder()
            .user_agent(concat!("tijdig/", env!("CARGO_PKG_VERSION")))
            // The address was named; where it points on to was not, and would get our token.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .build()
            .map_err(|_| Failure::NotSecure)?;
        Ok(self.http.get_or_init(|| http))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(address: &str, secret: &std::path::Path) -> Settings {
        Settings {
            name: "Ziekenhuis Gelre".to_owned(),
            organisation: "Huisartsenpraktijk De Linde".to_owned(),
            fhir: Fhir::R4,
            offers: Offers::Blocks,
            address: address.to_owned(),
            token: "https://fhir.example/token".to_owned(),
            client_id: "tijdig".to_owned(),
            client_secret_file: secret.to_owned(),
            scope: scope(),
            time_limit: time_limit(),
        }
    }

    #[test]
    fn sources_are_checked_before_the_server_starts() {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("gelre.secret");
        let viewer = Viewer::default();
        let good = settings("https://fhir.example/r4/", &secret);
        assert!(viewer.offer(vec![good.clone()]).unwrap_err().contains("client_secret_file"));
        std::fs::write(&secret, " geheim\n").unwrap();
        for bad in ["http://fhir.example/r4", "ftp://fhir.example", "https://a:b@fhir.example", ""] {
            assert!(viewer.offer(vec![settings(bad, &secret)]).unwrap_err().contains("https://"), "{bad}");
        }
        let slow = Settings { time_limit: 0, ..good.clone() };
        assert!(viewer.offer(vec![slow]).unwrap_err().contains("seconden"));
        assert!(viewer.offer(vec![good.clone(), good.clone()]).unwrap_err().contains("twee keer"));
        let other = Settings { organisation: "Thuiszorg Nabij".to_owned(), ..good.clone() };
        viewer.offer(vec![good, other]).unwrap();
        let all = viewer.sources.get().unwrap();
        assert_eq!((all.len(), all[0].secret.as_str(), all[0].base.as_str()), (2, "geheim", "https://fhir.example/r4"));
    }
}
