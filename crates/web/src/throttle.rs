//! Slows guessing down, without locking the rightful owner out.
//!
//! What counts is failure: an attempt takes its place before the password is looked at, so that a thousand at once are
//! counted too, and a right one gives its place back. Four limits stand between a stranger and an account:
//!
//! * per account and address, ten in a row, then one each 30 seconds: one guesser at one desk;
//! * per account from all addresses together, fifty, then one a minute: many machines guessing at one person;
//! * per address over all accounts, a hundred, then one each five seconds: one machine guessing at many people. A
//!   practice's people may share an address; only their mistakes count;
//! * per account and known device, ten, then one each 30 seconds. A device on which this account signed in before has a
//!   cookie that says so (`sign_in::device`) and is counted by itself alone. So whoever guesses at an account from
//!   elsewhere does not keep its owner out on the device they use.
//!
//! The limits are this small type and not a crate's (`governor`), because a place has to be given back.
//!
//! An account that does not exist is counted like any other, so nobody learns from a limit which ones do.

use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many entries, and those that have run out are cleared away.
const SWEEP: usize = 4096;

type Key = [u8; 32];

/// One limit, over many keys: `burst` at once, then one each `period`.
#[derive(Debug)]
struct Limit {
    period: Duration,
    burst: u32,
    /// When all that a key took has come back.
    whole: Mutex<HashMap<Key, Instant>>,
}

impl Limit {
    fn new(burst: u32, period: Duration) -> Self {
        Self { period, burst, whole: Mutex::new(HashMap::new()) }
    }

    /// Takes one; `Err` tells how long to wait.
    fn take(&self, key: Key, now: Instant) -> Result<(), Duration> {
        let mut whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
        if whole.len() >= SWEEP {
            whole.retain(|_, at| *at > now);
        }
        let at = whole.get(&key).copied().unwrap_or(now).max(now);
        let latest = now + self.period * (self.burst - 1);
        if at > latest {
            return Err(at - latest);
        }
        whole.insert(key, at + self.period);
        Ok(())
    }

    /// Gives one back.
    fn give_back(&self, key: &Key) {
        let mut whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = whole.get_mut(key)
            && let Some(earlier) = at.checked_sub(self.period)
        {
            *at = earlier;
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    AccountAddress,
    Account,
    Address,
    Device,
    Code,
    CodeDevice,
    Search,
    Card,
    Launch,
    Door,
}

/// An attempt that took its place. Dropped, it counts as failed.
#[derive(Debug)]
#[must_use = "an attempt that succeeded gives its place back"]
pub struct Attempt(Vec<(Kind, Key)>);

/// All limits.
#[derive(Debug)]
pub struct Throttle {
    account_address: Limit,
    account: Limit,
    address: Limit,
    device: Limit,
    code: Limit,
    code_device: Limit,
    search: Limit,
    card: Limit,
    launch: Limit,
    door: Limit,
}

impl Default for Throttle {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            account_address: Limit::new(10, seconds(30)),
            account: Limit::new(50, seconds(60)),
            address: Limit::new(100, seconds(5)),
            device: Limit::new(10, seconds(30)),
            // A code has six digits, and three are right at a time: five, then one each five minutes, is one chance in
            // a thousand a day for somebody who knows the password already.
            code: Limit::new(5, seconds(300)),
            code_device: Limit::new(5, seconds(60)),
            // Nobody looks for more people in an hour's surgery; a list of names is not worked through (decision 74).
            search: Limit::new(40, seconds(15)),
            // Of 80 bits nobody guesses one; whoever tries is noticed, and costs nothing.
            card: Limit::new(20, seconds(30)),
            // A hospital may be one address: a morning's surgeries begin at once. Each costs a row for ten minutes.
            launch: Limit::new(300, seconds(1)),
            // A code of a round has 30 bits and holds four hours: sixty, then four a minute, is one chance in a million. A
            // whole team may share an address, and only its slips count.
            door: Limit::new(60, seconds(15)),
        }
    }
}

impl Throttle {
    /// An attempt at an account's password, or a recovery code, from an address; `device` is the mark of a device that
    /// is known for this account.
    ///
    /// # Errors
    /// The time to wait.
    pub fn password(&self, account: &str, address: &str, device: Option<&str>) -> Result<Attempt, Duration> {
        let account = account.trim().to_lowercase();
        if let Some(device) = device {
            return self.all(vec![(Kind::Device, key(&["device", &account, device]))]);
        }
        let network = network(address);
        self.all(vec![
            (Kind::Address, key(&["address", &network])),
            (Kind::AccountAddress, key(&["account-address", &account, &network])),
            (Kind::Account, key(&["account", &account])),
        ])
    }

    /// An attempt at the second step of somebody whose password was right.
    ///
    /// # Errors
    /// The time to wait.
    pub fn code(&self, person: &str, device: Option<&str>) -> Result<Attempt, Duration> {
        match device {
            Some(device) => self.all(vec![(Kind::CodeDevice, key(&["code-device", person, device]))]),
            None => self.all(vec![(Kind::Code, key(&["code", person]))]),
        }
    }

    /// An attempt of a system, that failed, at an address.
    ///
    /// # Errors
    /// The time to wait.
    pub fn attempt(&self, account: &str, address: &str) -> Result<(), Duration> {
        self.password(account, address, None).map(|_| ())
    }

    /// Somebody looks for a patient (decision 74); every search counts.
    ///
    /// # Errors
    /// The time to wait.
    pub fn search(&self, person: &str) -> Result<(), Duration> {
        self.all(vec![(Kind::Search, key(&["search", person]))]).map(|_| ())
    }

    /// Somebody asks what a card is worth, from an address, or looks for a patient by it; one that is ours does not count.
    ///
    /// # Errors
    /// The time to wait.
    pub fn card(&self, from: &str) -> Result<Attempt, Duration> {
        self.all(vec![(Kind::Card, key(&["card", &network(from)]))])
    }

    /// A record system opens a patient, by a browser at an address of which nobody knows yet whose it is; every one counts.
    ///
    /// # Errors
    /// The time to wait.
    pub fn launch(&self, from: &str) -> Result<(), Duration> {
        self.all(vec![(Kind::Launch, key(&["launch", &network(from)]))]).map(|_| ())
    }

    /// Somebody comes, from an address, with a link or code that opens a page without an account; one that is ours does not
    /// count. `which` page it is.
    ///
    /// # Errors
    /// The time to wait.
    pub fn door(&self, which: &'static str, from: &str) -> Result<Attempt, Duration> {
        self.all(vec![(Kind::Door, key(&["door", which, &network(from)]))])
    }

    /// It was right: it does not count.
    pub fn succeeded(&self, attempt: Attempt) {
        for (kind, key) in attempt.0 {
            self.limit(kind).give_back(&key);
        }
    }

    fn all(&self, wanted: Vec<(Kind, Key)>) -> Result<Attempt, Duration> {
        let now = Instant::now();
        for (i, (kind, key)) in wanted.iter().enumerate() {
            if let Err(wait) = self.limit(*kind).take(*key, now) {
                for (kind, key) in &wanted[..i] {
                    self.limit(*kind).give_back(key);
                }
                metrics::counter!("tijdig_throttled_total").increment(1);
                return Err(wait);
            }
        }
        Ok(Attempt(wanted))
    }

    fn limit(&self, kind: Kind) -> &Limit {
        match kind {
            Kind::AccountAddress => &self.account_address,
            Kind::Account => &self.account,
            Kind::Address => &self.address,
            Kind::Device => &self.device,
            Kind::Code => &self.code,
            Kind::CodeDevice => &self.code_device,
            Kind::Search => &self.search,
            Kind::Card => &self.card,
            Kind::Launch => &self.launch,
            Kind::Door => &self.door,
        }
    }
}

/// Whoever has one IPv6 address has its whole /64.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(six)) => six.to_ipv4_mapped().map_or_else(
            || {
                format!(
                    "{:x}:{:x}:{:x}:{:x}",
                    six.segments()[0],
                    six.segments()[1],
                    six.segments()[2],
                    six.segments()[3]
                )
            },
            |four| four.to_string(),
        ),
        _ => address.to_owned(),
    }
}

fn key(parts: &[&str]) -> Key {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_guess_waits_and_others_do_not() {
        let throttle = Throttle::default();
        for _ in 0..10 {
            assert!(throttle.password("Gp ", "10.0.0.1", None).is_ok());
        }
        let wait = throttle.password("gp", "10.0.0.1", None).unwrap_err();
        assert!(wait <= Duration::from_secs(30) && wait > Duration::from_secs(20), "{wait:?}");
        assert!(throttle.password("gp", "10.0.0.2", None).is_ok(), "another address");
        assert!(throttle.password("district-nurse", "10.0.0.1", None).is_ok(), "another account");
        assert!(throttle.password("gp", "10.0.0.1", Some("known")).is_ok(), "the owner's own device");
    }

    #[test]
    fn many_machines_guessing_at_one_person_are_stopped_and_the_owner_is_not() {
        let throttle = Throttle::default();
        let mut refused = 0;
        for n in 0..200 {
            refused += usize::from(throttle.password("gp", &format!("10.0.{n}.1"), None).is_err());
        }
        assert_eq!(refused, 150);
        for _ in 0..10 {
            assert!(throttle.password("gp", "10.9.9.9", Some("known")).is_ok());
        }
        assert!(throttle.password("gp", "10.9.9.9", Some("known")).is_err(), "a stolen device may not guess for ever");
    }

    #[test]
    fn one_machine_guessing_at_many_people_is_stopped() {
        let throttle = Throttle::default();
        let refused =
            (0..150).filter(|n| throttle.password(&format!("person-{n}"), "2001:db8::1", None).is_err()).count();
        assert_eq!(refused, 50);
        assert!(throttle.password("gp", "2001:db8::2:1", None).is_err(), "its other addresses are the same network");
        assert!(throttle.password("gp", "2001:db8:0:1::1", None).is_ok());
    }

    #[test]
    fn what_succeeds_does_not_count() {
        let throttle = Throttle::default();
        for _ in 0..500 {
            let attempt = throttle.password("gp", "10.0.0.1", None).unwrap();
            throttle.succeeded(attempt);
            throttle.succeeded(throttle.code("1", None).unwrap());
        }
    }

    #[test]
    fn who_opens_patients_without_end_waits_and_others_do_not() {
        let throttle = Throttle::default();
        let refused = (0..310).filter(|_| throttle.launch("10.0.0.1").is_err()).count();
        assert!((8..=10).contains(&refused), "{refused}");
        assert!(throttle.launch("10.0.0.2").is_ok());
    }

    #[test]
    fn what_was_taken_comes_back_in_time() {
        let limit = Limit::new(2, Duration::from_secs(10));
        let now = Instant::now();
        assert!(limit.take([0; 32], now).is_ok() && limit.take([0; 32], now).is_ok());
        assert_eq!(limit.take([0; 32], now).unwrap_err(), Duration::from_secs(10));
        let later = now + Duration::from_secs(10);
        assert!(limit.take([0; 32], later).is_ok() && limit.take([0; 32], later).is_err());
        limit.give_back(&[0; 32]);
        assert!(limit.take([0; 32], later).is_ok());
    }
}
