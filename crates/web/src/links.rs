//! Do the addresses of the toolkit still answer (T1)? Asked only where that was asked for: by `tijdig links check`, or once a
//! day where the configuration says so.
//!
//! Only what is on the public web is asked: http and https, at hosts that lie outside this network, also where one
//! address points on to another. What is on the page is not read. Where nothing at all answers, it is the network, and
//! nothing is marked.

pub mod public;

use crate::app::App;
use public::{Outside, is_public};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, Url};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use store::toolkit::Asked;
use store::{Error, Store};
use tokio::task::JoinSet;

/// One that has not answered in this time does not answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// Addresses asked at once.
const AT_ONCE: usize = 4;
/// From one address to the next, at most so many times.
const MOST_HOPS: usize = 5;
/// How often is looked whether it is time.
const EVERY: Duration = Duration::from_hours(1);
/// The time between two rounds.
const BETWEEN: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// What came of a round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Round {
    /// How many addresses were asked.
    pub asked: usize,
    /// Those that do not answer, each with why.
    pub failed: Vec<(String, String)>,
    /// Those that are not on the public web, and were not asked.
    pub passed_over: Vec<String>,
    /// Nothing answered: there is no network, and nothing was marked.
    pub no_network: bool,
}

/// What came of one address.
enum Answer {
    Came,
    /// It answered, with something else than the page.
    Wrong(String),
    /// It did not answer at all.
    None(String),
    /// It was not asked.
    NotPublic,
}

/// Asks the addresses that a toolkit has.
pub struct Asker {
    http: Client,
    /// Tests ask their own server, on this machine.
    inside_too: bool,
}

impl Asker {
    /// One that asks the public web.
    ///
    /// # Errors
    /// Where this machine has no certificates to check others by.
    pub fn new() -> Result<Self, reqwest::Error> {
        Self::of(false)
    }

    fn of(inside_too: bool) -> Result<Self, reqwest::Error> {
        let mut http = Client::builder()
            .user_agent(concat!("tijdig/", env!("CARGO_PKG_VERSION"), " (link check)"))
            .redirect(Policy::custom(move |hop| {
                if hop.previous().len() > MOST_HOPS {
                    hop.error("too many redirects")
                } else if inside_too || is_public(hop.url()) {
                    hop.follow()
                } else {
                    hop.error("points to an address that is not public")
                }
            }))
            .no_proxy()
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE);
        if !inside_too {
            http = http.dns_resolver(Arc::new(Outside));
        }
        Ok(Self { http: http.build()?, inside_too })
    }

    async fn ask(&self, address: &str) -> Answer {
        let Some(url) = Url::parse(address).ok().filter(|url| self.inside_too || is_public(url)) else {
            return Answer::NotPublic;
        };
        // The head alone is asked for; some servers answer that to nobody, or only to whoever wants the page.
        let head = self.http.head(url.clone()).send().await;
        let answer = match head {
            Ok(answer) if is_there(answer.status()) => return Answer::Came,
            Ok(_) => self.http.get(url).send().await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(answer) if is_there(answer.status()) => Answer::Came,
            Ok(answer) => Answer::Wrong(match answer.status() {
                StatusCode::NOT_FOUND | StatusCode::GONE => "de pagina is er niet meer".to_owned(),
                status => format!("de server antwoordt met een fout ({})", status.as_u16()),
            }),
            Err(error) if error.is_redirect() => Answer::Wrong("het adres verwijst verkeerd door".to_owned()),
            Err(error) if error.is_timeout() => Answer::None("er komt geen antwoord".to_owned()),
            Err(_) => Answer::None("de server is niet te bereiken".to_owned()),
        }
    }
}

/// Is there something, if only for who signs in or comes less often?
fn is_there(status: StatusCode) -> bool {
    status.is_success()
        || matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS)
}

/// Asks every address of the toolkit once, and writes what came of it.
///
/// # Errors
/// Where the store fails.
pub async fn check(store: &Store, asker: Asker, now: jiff::Timestamp) -> Result<Round, Error> {
    let mut addresses: BTreeSet<String> = store.material_addresses().await?.into_iter().collect();
    addresses.extend(domain::toolkit::LIBRARY.iter().filter_map(|l| l.address.map(str::to_owned)));
    ask_all(store, asker, addresses, now).await
}

async fn ask_all(
    store: &Store,
    asker: Asker,
    addresses: BTreeSet<String>,
    now: jiff::Timestamp,
) -> Result<Round, Error> {
    let asker = Arc::new(asker);
    let (mut round, mut told, mut any) = (Round::default(), Vec::new(), false);
    let mut waiting = addresses.into_iter();
    let mut asking: JoinSet<(String, Answer)> = JoinSet::new();
    loop {
        while asking.len() < AT_ONCE {
            let Some(address) = waiting.next() else { break };
            let asker = Arc::clone(&asker);
            asking.spawn(async move {
                let answer = asker.ask(&address).await;
                (address, answer)
            });
        }
        let Some(done) = asking.join_next().await else { break };
        let (address, answer) = done.map_err(|_| Error::Bug("asking an address stopped halfway"))?;
        any |= matches!(answer, Answer::Came | Answer::Wrong(_));
        match answer {
            Answer::NotPublic => round.passed_over.push(address),
            Answer::Came => told.push(Asked { address, failed: None }),
            Answer::Wrong(why) | Answer::None(why) => {
                round.failed.push((address.clone(), why.clone()));
                told.push(Asked { address, failed: Some(why) });
            }
        }
    }
    round.asked = told.len();
    round.failed.sort();
    round.passed_over.sort();
    if !any && !told.is_empty() {
        return Ok(Round { failed: Vec::new(), no_network: true, ..round });
    }
    store.note_links(&told, now).await?;
    Ok(round)
}

/// Checks once a day for as long as the server runs.
pub(crate) async fn run(app: App) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = round_when_due(&app).await {
            tracing::error!(%error, "the links of the toolkit could not be checked");
        }
    }
}

async fn round_when_due(app: &App) -> Result<(), Error> {
    let now = app.clock().real();
    let last = app.store().links().await?.values().map(|l| l.checked_at).max();
    if last.is_some_and(|at| now.duration_since(at) < BETWEEN) {
        return Ok(());
    }
    let Ok(asker) = Asker::new() else {
        tracing::warn!("the links of the toolkit were not checked: this machine has no certificates");
        return Ok(());
    };
    let round = check(app.store(), asker, now).await?;
    if round.no_network {
        tracing::warn!("the links of the toolkit were not checked: there is no network");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
