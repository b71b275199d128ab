//! Asking one source: a token, the patient by BSN, the standard's requests, and what those refer to.

use super::{Source, Viewer};
use crate::hooks;
use domain::outbox;
use domain::patient::Patient;
use domain::plan::Content;
use domain::words;
use fhir::consult::{self, Asked, Ctx, Gathered, Identity, find_patient, identity, searches};
use fhir::format::from_json;
use jiff::Timestamp;
use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use store::log::Outcome;
use tokio::task::JoinSet;
use url::Url;
use zeroize::Zeroizing;

/// Largest answer to one request.
const MOST_BYTES: usize = 8 << 20;
/// Most that is read of one source in one go, all its answers together.
const MOST_IN_ALL: usize = 32 << 20;
/// Most pages of one search.
const MOST_PAGES: usize = 5;
/// Requests to one source at once.
const AT_ONCE: usize = 8;
/// How often what is referred to is asked for: a role, and then the person in it.
const DEPTH: usize = 2;

/// What a source gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Found {
    /// Its plan; absent: it has none.
    pub plan: Option<Content>,
    /// It knows the patient.
    pub known: bool,
    /// The name is spelled otherwise there.
    pub other_name: bool,
    /// How much of it could not be read or was not answered.
    pub left_out: usize,
}

/// Why a source gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Its time was over.
    Late,
    /// It cannot be reached.
    NoAnswer,
    /// The connection is not secure.
    NotSecure,
    /// It does not let us in.
    Refused,
    /// Our token counts no more.
    TokenGone,
    /// It answered that something went wrong.
    Answer(u16),
    /// What it answered is no FHIR.
    Nonsense,
    /// It answered too much.
    TooLarge,
    /// It has more than one patient with this BSN.
    Several,
    /// Its patient with this BSN has another date of birth.
    Another,
    /// Nothing of its plan can be read.
    Unreadable,
}

impl Failure {
    /// In a sentence, for who looks.
    pub fn sentence(self, source: &Source) -> String {
        match self {
            Self::Late => format!(
                "Gaf geen antwoord binnen {}.",
                words::counted(usize::try_from(source.limit.as_secs()).unwrap_or(0), "seconde", "seconden")
            ),
            Self::NoAnswer => "Is niet te bereiken.".to_owned(),
            Self::NotSecure => "Er kon geen beveiligde verbinding gemaakt worden.".to_owned(),
            Self::Refused | Self::TokenGone => "Laat onze organisatie niet toe.".to_owned(),
            Self::Answer(status) => format!("Antwoordde met een fout ({status})."),
            Self::Nonsense => "Gaf een antwoord dat geen plan en geen FHIR is.".to_owned(),
            Self::TooLarge => "Gaf een antwoord dat te groot is.".to_owned(),
            Self::Several => "Kent meer dan één patiënt met dit BSN. Daarom is niets getoond.".to_owned(),
            Self::Another => "Heeft bij dit BSN een andere geboortedatum. Daarom is niets getoond.".to_owned(),
            Self::Unreadable => "Heeft een plan dat hier niet te lezen is.".to_owned(),
        }
    }

    /// How it stands in the log.
    pub fn outcome(self) -> Outcome {
        if matches!(self, Self::Refused | Self::TokenGone) { Outcome::Refused } else { Outcome::Failed }
    }
}

/// A way to a source for whoever has a token.
#[derive(Clone)]
pub(super) struct Fetch {
    http: reqwest::Client,
    base: String,
    token: Zeroizing<String>,
    /// Bytes that may still be read.
    left: Arc<AtomicUsize>,
}

impl Fetch {
    pub(super) async fn send(request: RequestBuilder) -> Result<Response, Failure> {
        request.send().await.map_err(|error| match hooks::why(&error) {
            outbox::Failure::NotSecure => Failure::NotSecure,
            _ => Failure::NoAnswer,
        })
    }

    /// An answer in FHIR; `None` where the source says that it does not know the request, or has no such thing.
    async fn fhir(&self, request: RequestBuilder) -> Result<Option<Value>, Failure> {
        let request = request.header("accept", "application/fhir+json").bearer_auth(self.token.as_str());
        let answer = Self::send(request).await?;
        match answer.status().as_u16() {
            200 => {}
            401 => return Err(Failure::TokenGone),
            403 => return Err(Failure::Refused),
            400 | 404 | 405 | 410 | 501 => return Ok(None),
            status => return Err(Failure::Answer(status)),
        }
        let bytes = body(answer, MOST_BYTES.min(self.left.load(Relaxed))).await?;
        let take = |left: usize| left.checked_sub(bytes.len());
        self.left.fetch_update(Relaxed, Relaxed, take).map_err(|_| Failure::TooLarge)?;
        from_json(&bytes).map(Some).map_err(|_| Failure::Nonsense)
    }

    /// What stands at a path behind the base.
    async fn get(&self, rest: &str) -> Result<Option<Value>, Failure> {
        self.fhir(self.http.get(format!("{}/{rest}", self.base))).await
    }

    /// A search with its further pages; whether all of it came.
    async fn search(&self, rest: String) -> Result<(Vec<Value>, bool), Failure> {
        let mut pages = Vec::new();
        let mut next = Some(format!("{}/{rest}", self.base));
        while let Some(address) = next.take() {
            if pages.len() == MOST_PAGES {
                return Ok((pages, false));
            }
            let Some(page) = self.fhir(self.http.get(address)).await? else { return Ok((pages, false)) };
            if !consult::is_answer(&page) {
                return Err(Failure::Nonsense);
            }
            let link = consult::next(&page).map(str::to_owned);
            pages.push(page);
            if let Some(link) = link {
                // Elsewhere than at the source itself our token is nobody's business.
                let Some(own) = further(&self.base, &link) else { return Ok((pages, false)) };
                next = Some(own.into());
            }
        }
        Ok((pages, true))
    }
}

/// Where a further page is, as long as that is below the base of the source.
fn further(base: &str, link: &str) -> Option<Url> {
    let base = Url::parse(&format!("{base}/")).ok()?;
    let to = base.join(link).ok()?;
    let below = to.path().starts_with(base.path()) || to.path() == base.path().trim_end_matches('/');
    (to.origin() == base.origin() && below).then_some(to)
}

/// The bytes of an answer, where there are not too many.
pub(super) async fn body(mut answer: Response, most: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| Failure::NoAnswer)? {
        if bytes.len() + chunk.len() > most {
            return Err(Failure::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

impl Viewer {
    /// Asks a source for the plan of a patient, within its time.
    ///
    /// # Errors
    /// Why it gave nothing.
    pub async fn ask(&self, source: &Source, patient: &Patient, now: Timestamp) -> Result<Found, Failure> {
        let asking = async {
            let http = self.http()?;
            match source.plan(http, patient, false, now).await {
                // A token may be taken back before its end.
                Err(Failure::TokenGone) => source.plan(http, patient, true, now).await,
                other => other,
            }
        };
        tokio::time::timeout(source.limit, asking).await.unwrap_or(Err(Failure::Late))
    }
}

impl Source {
    async fn fetch(&self, http: &reqwest::Client, fresh: bool, now: Timestamp) -> Result<Fetch, Failure> {
        let token = self.token(http, fresh, now).await?;
        let left = Arc::new(AtomicUsize::new(MOST_IN_ALL));
        Ok(Fetch { http: http.clone(), base: self.base.clone(), token, left })
    }

    async fn plan(
        &self,
        http: &reqwest::Client,
        patient: &Patient,
        fresh: bool,
        now: Timestamp,
    ) -> Result<Found, Failure> {
        let fetch = self.fetch(http, fresh, now).await?;
        let (path, sought) = find_patient(&patient.bsn);
        let request = http
            .post(format!("{}/{path}", self.base))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(sought);
        let found = fetch.fhir(request).await?.filter(consult::is_answer).ok_or(Failure::Nonsense)?;
        let theirs = match consult::patients(&found)[..] {
            [] => return Ok(Found::default()),
            [one] => one.clone(),
            _ => return Err(Failure::Several),
        };
        let same = identity(&theirs, patient);
        if same == Identity::Another {
            return Err(Failure::Another);
        }
        let id = theirs["id"].as_str().unwrap_or_default();
        let (gathered, unanswered) = self.gather(&fetch, id).await?;
        let (version, group, patient) = (self.version, self.group, patient.clone());
        // What a source sends may be much to read: not among those who answer requests.
        let reading = tokio::task::spawn_blocking(move || {
            let mut new_id = store::random::bits;
            let asked = Asked { version, group, patient: &patient, theirs: &theirs };
            gathered.read(asked, &mut Ctx { now, new_id: &mut new_id })
        });
        let read = reading.await.ok().flatten().ok_or(Failure::Unreadable)?;
        Ok(Found {
            plan: read.content,
            known: true,
            other_name: same == Identity::OtherName,
            left_out: read.left_out + unanswered,
        })
    }

    /// Everything that the standard's requests give, and what that refers to; how many requests were not answered whole.
    async fn gather(&self, fetch: &Fetch, patient: &str) -> Result<(Gathered, usize), Failure> {
        let (mut gathered, mut unanswered) = (Gathered::default(), 0);
        let all = searches(self.version, self.group, patient);
        let total = all.len();
        let mut asking: JoinSet<Result<(Vec<Value>, bool), Failure>> = JoinSet::new();
        for rest in all {
            let fetch = fetch.clone();
            asking.spawn(async move { fetch.search(rest).await });
        }
        let (mut nothing, mut why) = (0, Failure::Unreadable);
        while let Some(done) = asking.join_next().await {
            // What one search does not give is a gap, not the end of it.
            let (pages, whole) = done.map_err(|_| Failure::NoAnswer)?.unwrap_or_else(|failure| {
                why = failure;
                (Vec::new(), false)
            });
            unanswered += usize::from(!whole);
            nothing += usize::from(pages.is_empty());
            for page in pages {
                gathered.take(page);
            }
        }
        if nothing == total {
            return Err(why);
        }
        for _ in 0..DEPTH {
            let mut missing = gathered.missing(&self.base).into_iter();
            let mut reading: JoinSet<Result<Option<Value>, Failure>> = JoinSet::new();
            loop {
                while reading.len() < AT_ONCE {
                    let Some(rest) = missing.next() else { break };
                    let fetch = fetch.clone();
                    reading.spawn(async move { fetch.get(&rest).await });
                }
                let Some(done) = reading.join_next().await else { break };
                // What cannot be read is a gap, not the end of it.
                if let Ok(Ok(Some(resource))) = done {
                    gathered.add(resource);
                }
            }
        }
        Ok((gathered, unanswered))
    }
}

/// Does a source let us in, and is it FHIR? Asks nothing about anybody.
///
/// # Errors
/// Why not.
pub(crate) async fn try_out(viewer: &Viewer, source: &Source, now: Timestamp) -> Result<(), Failure> {
    let trying = async {
        let fetch = source.fetch(viewer.http()?, true, now).await?;
        let about = fetch.get("metadata").await?.ok_or(Failure::Nonsense)?;
        if about["resourceType"] == "CapabilityStatement" { Ok(()) } else { Err(Failure::Nonsense) }
    };
    tokio::time::timeout(source.limit, trying).await.unwrap_or(Err(Failure::Late))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_further_page_is_below_the_base_of_the_source() {
        let base = "https://bron.example/fhir/r4";
        for good in [
            "https://bron.example/fhir/r4/Consent?scope=http://terminology.example/a|b&page=2",
            "/fhir/r4/Consent?page=2",
            "Consent?page=2",
            "https://bron.example/fhir/r4?_getpages=x",
        ] {
            let to = further(base, good).unwrap_or_else(|| panic!("{good}"));
            assert!(to.as_str().starts_with(base), "{to}");
        }
        for bad in [
            "https://elders.example/fhir/r4/Consent",
            "//elders.example/fhir/r4/Consent",
            "http://bron.example/fhir/r4/Consent",
            "https://bron.example/fhir/r4x/Consent",
            "../admin",
            "/beheer",
        ] {
            assert_eq!(further(base, bad), None, "{bad}");
        }
    }
}
