//! Devices on which an account signed in before: a cookie with a mark and its seal, for up to eight accounts.
//!
//! The mark opens nothing. It only makes that failures on this device are counted apart from those elsewhere, so that
//! somebody who guesses at an account from elsewhere does not lock its owner out (see `throttle`). No name stands in
//! it: a mark fits an account by its seal, and says nothing to whoever reads the cookie.

use crate::app::App;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt::Write;

/// Accounts that one device remembers; a desk in a practice is shared.
const ACCOUNTS: usize = 8;
/// Half a year, in seconds.
const KEPT: u32 = 180 * 24 * 3600;

fn name(app: &App) -> &'static str {
    if app.is_https() { "__Host-tijdig-device" } else { "tijdig-device" }
}

/// The mark of this device, where it is known for the account.
pub fn known(app: &App, jar: &CookieJar, account: &str) -> Option<String> {
    let kept = jar.get(name(app))?.value();
    mark_for(app.device_key(), kept, account)
}

/// Remembers that the account signed in on this device.
pub fn remember(app: &App, jar: CookieJar, account: &str) -> CookieJar {
    let kept = jar.get(name(app)).map(|c| c.value().to_owned()).unwrap_or_default();
    if mark_for(app.device_key(), &kept, account).is_some() {
        return jar;
    }
    let value = with(app.device_key(), &kept, account, &hex(&store::random::bytes::<8>()));
    // The only way to give a cookie an age without a crate for it.
    let Ok(mut cookie) = Cookie::parse(format!("{}={value}; Max-Age={KEPT}; Path=/; HttpOnly", name(app))) else {
        return jar;
    };
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(app.is_https());
    jar.add(cookie)
}

/// `mark-seal.mark-seal…`, newest first.
fn with(key: &[u8; 32], kept: &str, account: &str, mark: &str) -> String {
    let mut marks = vec![format!("{mark}-{}", hex(&seal(key, account, mark).finalize().into_bytes()))];
    marks.extend(kept.split('.').filter(|m| !m.is_empty()).take(ACCOUNTS - 1).map(str::to_owned));
    marks.join(".")
}

fn mark_for(key: &[u8; 32], kept: &str, account: &str) -> Option<String> {
    let marks = kept.split('.').take(ACCOUNTS).filter_map(|m| m.split_once('-'));
    let fits = |(mark, sealed): &(&str, &str)| {
        mark.len() == 16 && unhex(sealed).is_some_and(|bytes| seal(key, account, mark).verify_slice(&bytes).is_ok())
    };
    marks.into_iter().find(fits).map(|(mark, _)| mark.to_owned())
}

fn seal(key: &[u8; 32], account: &str, mark: &str) -> Hmac<Sha256> {
    // HMAC takes a key of any size: this cannot fail.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any size fits");
    mac.update(mark.as_bytes());
    mac.update(account.trim().to_lowercase().as_bytes());
    mac
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, b| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{b:02x}");
        out
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    Some(digits?.chunks(2).map(|pair| pair.iter().fold(0, |byte, d| byte << 4 | d)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_known_for_the_accounts_that_signed_in_on_it_only() {
        let key = [7; 32];
        let kept = with(&key, "", "gp", "0011223344556677");
        let kept = with(&key, &kept, "practice-nurse", "8899aabbccddeeff");
        assert_eq!(mark_for(&key, &kept, " GP ").as_deref(), Some("0011223344556677"));
        assert_eq!(mark_for(&key, &kept, "practice-nurse").as_deref(), Some("8899aabbccddeeff"));
        assert_eq!(mark_for(&key, &kept, "district-nurse"), None);
        assert_eq!(mark_for(&[8; 32], &kept, "gp"), None, "sealed with another key");
        assert!(!kept.contains("gp"), "no name in it");
        for forged in ["", "-", "0011223344556677-", "0011223344556677-zz", &kept.replace("00112233", "00112234")] {
            assert_eq!(mark_for(&key, forged, "gp"), None, "{forged}");
        }
    }

    #[test]
    fn a_shared_desk_remembers_the_last_eight() {
        let kept = (0..20).fold(String::new(), |kept, n| with(&[7; 32], &kept, &format!("p{n}"), "0011223344556677"));
        assert!(mark_for(&[7; 32], &kept, "p19").is_some() && mark_for(&[7; 32], &kept, "p12").is_some());
        assert!(mark_for(&[7; 32], &kept, "p11").is_none());
    }
}
