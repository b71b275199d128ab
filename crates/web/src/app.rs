//! What every handler has at hand.

use crate::clock::Clock;
use crate::fhir::caller;
use crate::hooks;
use crate::mail::{self, Mailer};
use crate::oauth::keys::KeyRing;
use crate::press::Press;
use crate::refused::Tally;
use crate::sign_in::openid::{Provider, Settings};
use crate::smart::{self, Ehr};
use crate::throttle::Throttle;
use crate::viewer::{self, Viewer};
use domain::access::{Actor, Who};
use domain::ident::OrganisationId;
use fhir::r4::search::PageKey;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use store::Store;

/// Tokens remembered as good; any other is checked anew.
const CALLERS: usize = 1000;

/// State of the server; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// How the server presents itself.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address of this server as others see it, without a slash at the end (decision 56).
    pub base_url: String,
    /// Day of care, where it is not the real one.
    pub today: Option<jiff::civil::Date>,
    /// Months after which a plan wants looking at again (E1).
    pub review_months: i32,
}

struct Inner {
    store: Store,
    clock: Clock,
    config: Config,
    token_key: zeroize::Zeroizing<[u8; 32]>,
    device_key: zeroize::Zeroizing<[u8; 32]>,
    passkeys: Option<webauthn_rs::Webauthn>,
    openid: OnceLock<Provider>,
    ehrs: OnceLock<Vec<Ehr>>,
    mailer: OnceLock<Mailer>,
    hooks: hooks::Sender,
    viewer: Viewer,
    page_key: PageKey,
    throttle: Throttle,
    callers: caller::Known,
    key_ring: KeyRing,
    tally: Tally,
    press: Press,
    checks_links: AtomicBool,
    smallest_group: AtomicU32,
    metrics: metrics_exporter_prometheus::PrometheusHandle,
}

impl App {
    /// Wires the server together.
    ///
    /// # Errors
    /// Where the store cannot give the key that signs tokens.
    pub async fn new(
        store: Store,
        config: Config,
        metrics: metrics_exporter_prometheus::PrometheusHandle,
    ) -> Result<Self, store::Error> {
        let token_key = store.secret("token").await?;
        let device_key = store.secret("device").await?;
        let passkeys = crate::sign_in::passkey::relying_party(&config.base_url);
        let page_key = PageKey::new(&token_key);
        let clock = Clock::new(config.today);
        store.review_every(u32::try_from(config.review_months).unwrap_or(0));
        let throttle = Throttle::default();
        let callers = caller::Known::new(CALLERS);
        let key_ring = KeyRing::default();
        let inner = Inner {
            store,
            clock,
            config,
            token_key,
            device_key,
            passkeys,
            openid: OnceLock::new(),
            ehrs: OnceLock::new(),
            mailer: OnceLock::new(),
            hooks: hooks::Sender::default(),
            viewer: Viewer::default(),
            page_key,
            throttle,
            callers,
            key_ring,
            tally: Tally::default(),
            press: Press::default(),
            checks_links: AtomicBool::new(false),
            smallest_group: AtomicU32::new(domain::figures::SMALLEST),
            metrics,
        };
        Ok(Self(Arc::new(inner)))
    }

    /// Where things are kept.
    pub fn store(&self) -> &Store {
        &self.0.store
    }
    /// Time.
    pub fn clock(&self) -> Clock {
        self.0.clock
    }
    /// How the server presents itself.
    pub fn config(&self) -> &Config {
        &self.0.config
    }
    /// Key of the page tokens, made from the one that signs access tokens.
    pub fn page_key(&self) -> &PageKey {
        &self.0.page_key
    }
    /// Key that signs access tokens.
    pub fn token_key(&self) -> &[u8; 32] {
        &self.0.token_key
    }
    /// Key that seals the marks of known devices.
    pub(crate) fn device_key(&self) -> &[u8; 32] {
        &self.0.device_key
    }
    /// Lets people sign in through an OpenID provider too; asked once, before serving.
    ///
    /// # Errors
    /// A Dutch sentence that says what is wrong with the settings.
    pub fn offer_openid(&self, settings: Settings) -> Result<(), String> {
        let provider = Provider::new(settings)?;
        self.0.openid.set(provider).map_err(|_| "openid is al ingesteld".to_owned())
    }
    /// The OpenID provider, where there is one.
    pub(crate) fn openid(&self) -> Option<&Provider> {
        self.0.openid.get()
    }
    /// Lets record systems open a patient here (SMART App Launch); asked once, before serving.
    ///
    /// # Errors
    /// A Dutch sentence that says what is wrong with the settings.
    pub fn offer_launches(&self, settings: Vec<smart::Settings>) -> Result<(), String> {
        let ehrs = settings.into_iter().map(Ehr::new).collect::<Result<Vec<_>, _>>()?;
        self.0.ehrs.set(ehrs).map_err(|_| "smart is al ingesteld".to_owned())
    }
    /// The record systems that may open a patient here.
    pub(crate) fn ehrs(&self) -> &[Ehr] {
        self.0.ehrs.get().map_or(&[], Vec::as_slice)
    }
    /// Sends mail through a mail server; asked once, before serving. Without it there is no mail.
    ///
    /// # Errors
    /// A Dutch sentence that says what is wrong with the settings.
    pub fn offer_mail(&self, settings: &mail::Settings) -> Result<(), String> {
        let mailer = Mailer::new(settings, &self.0.config.base_url)?;
        self.0.mailer.set(mailer).map_err(|_| "mail is al ingesteld".to_owned())?;
        self.0.store.sends_mail(true);
        Ok(())
    }
    /// Who sends mail, where there is a mail server.
    pub(crate) fn mailer(&self) -> Option<&Mailer> {
        self.0.mailer.get()
    }
    /// Asks once a day whether the addresses of the toolkit still answer; said once, before serving. Without it nobody
    /// outside is asked anything.
    pub fn check_links(&self) {
        self.0.checks_links.store(true, Ordering::Relaxed);
    }
    /// Are the addresses of the toolkit checked?
    pub(crate) fn checks_links(&self) -> bool {
        self.0.checks_links.load(Ordering::Relaxed)
    }
    /// Groups of fewer people than this are not shown in figures; said once, before serving.
    pub fn hide_groups_under(&self, people: u32) {
        self.0.smallest_group.store(people.max(1), Ordering::Relaxed);
    }
    /// Groups of fewer people than this are not shown.
    pub(crate) fn smallest_group(&self) -> u32 {
        self.0.smallest_group.load(Ordering::Relaxed)
    }
    /// How systems are told of changes, where that is not as usual; asked once, before serving.
    pub fn set_hooks(&self, settings: hooks::Settings) {
        self.0.hooks.set(settings);
    }
    /// Who tells systems of changes.
    pub(crate) fn hooks(&self) -> &hooks::Sender {
        &self.0.hooks
    }
    /// Lets people see what other sources hold; asked once, before serving. Reads the secrets.
    ///
    /// # Errors
    /// A Dutch sentence that says what is wrong with the settings.
    pub fn offer_sources(&self, settings: Vec<viewer::Settings>) -> Result<(), String> {
        self.0.viewer.offer(settings)
    }
    /// The other sources, and what they were asked lately.
    pub(crate) fn viewer(&self) -> &Viewer {
        &self.0.viewer
    }
    /// Checks passkeys, where this server's address has a name.
    pub(crate) fn passkeys(&self) -> Option<&webauthn_rs::Webauthn> {
        self.0.passkeys.as_ref()
    }
    /// Counts failed attempts.
    pub fn throttle(&self) -> &Throttle {
        &self.0.throttle
    }
    /// Systems that asked lately.
    pub(crate) fn callers(&self) -> &caller::Known {
        &self.0.callers
    }
    /// Public keys of clients, as fetched from where they are.
    pub(crate) fn key_ring(&self) -> &KeyRing {
        &self.0.key_ring
    }
    /// How many refusals each address had lately.
    pub(crate) fn tally(&self) -> &Tally {
        &self.0.tally
    }
    /// Sets sheets of paper.
    pub(crate) fn press(&self) -> &Press {
        &self.0.press
    }
    /// Figures about the running program.
    pub fn metrics(&self) -> &metrics_exporter_prometheus::PrometheusHandle {
        &self.0.metrics
    }
    /// Are cookies to be `Secure` and `__Host-` (decision 56)?
    pub fn is_https(&self) -> bool {
        self.0.config.base_url.starts_with("https://")
    }
}

/// The program itself as actor, for the command line and the demo.
pub fn program(organisation: OrganisationId) -> Actor {
    Actor {
        who: Who::Program,
        name: "Tijdig".to_owned(),
        role: None,
        organisation,
        nurses_set_limits: false,
        breaks_glass: false,
    }
}
