//! Randomness: the one place of the project that asks the operating system for it. Ids, keys, nonces and secrets all
//! come from here.

/// `N` random bytes, fit for keys and secrets.
///
/// # Panics
/// Where the operating system has no randomness to give: nothing safe can be done without it.
#[expect(clippy::disallowed_methods, reason = "this is the one place that may ask for randomness")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    getrandom::fill(&mut out).expect("the operating system gives randomness");
    out
}

/// 128 random bits, for the ids of `domain::ident`.
///
/// # Panics
/// As [`bytes`].
pub fn bits() -> u128 {
    u128::from_be_bytes(bytes())
}

#[cfg(test)]
mod tests {
    #[test]
    fn two_draws_differ() {
        assert_ne!(super::bits(), super::bits());
        assert_ne!(super::bytes::<32>(), [0; 32]);
    }
}
