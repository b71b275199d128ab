//! Passwords: argon2id with a salt of their own.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// Hash to keep for a password.
pub fn hash(password: &str) -> String {
    let salt: [u8; 16] = store::random::bytes();
    Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map(|h| h.to_string()).unwrap_or_default()
}

/// Passwords checked at once: each takes 19 MiB and a core for a while.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// As [`hash`], off the threads that serve, a few at a time.
pub async fn make(password: &str) -> String {
    let password = Zeroizing::new(password.to_owned());
    let Ok(_turn) = AT_ONCE.acquire().await else { return String::new() };
    tokio::task::spawn_blocking(move || hash(&password)).await.unwrap_or_default()
}

/// As [`is_right`], off the threads that serve, a few at a time.
pub async fn verify(password: &str, kept: Option<&str>) -> bool {
    let (password, kept) = (Zeroizing::new(password.to_owned()), kept.map(str::to_owned));
    let Ok(_turn) = AT_ONCE.acquire().await else { return false };
    tokio::task::spawn_blocking(move || is_right(&password, kept.as_deref())).await.unwrap_or(false)
}

/// Does the password belong to the hash? A missing hash takes as long as a wrong password, so that nobody learns
/// which user names exist.
pub fn is_right(password: &str, kept: Option<&str>) -> bool {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let hash = argon2::password_hash::phc::PasswordHash::new(kept.unwrap_or(NOBODY));
    let fits = hash.is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok());
    fits && kept.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_hash_only() {
        let kept = hash("boterham met kaas");
        assert!(is_right("boterham met kaas", Some(&kept)));
        assert!(!is_right("boterham met jam", Some(&kept)));
        assert!(!is_right("boterham met kaas", None));
        assert_ne!(kept, hash("boterham met kaas"));
    }
}
