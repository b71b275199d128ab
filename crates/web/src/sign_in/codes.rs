//! One-time codes that people keep on paper: sixteen letters and digits (80 bits), in four groups.

use domain::ident::PersonId;
use sha2::{Digest, Sha256};

/// How many recovery codes somebody gets.
pub const MANY: usize = 10;

/// Without those that look alike: I, L, O, U.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code, as it is shown once: `7H2K-…`.
pub fn fresh() -> String {
    let mut out = String::new();
    for (i, byte) in store::random::bytes::<16>().iter().enumerate() {
        if i > 0 && i % 4 == 0 {
            out.push('-');
        }
        out.push(char::from(LETTERS[usize::from(byte % 32)]));
    }
    out
}

/// Hash under which a person's code is kept: 80 random bits need no slow one. Blanks, hyphens and case do not count,
/// and letters that look like a digit are read as it.
pub fn hash(person: &PersonId, typed: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(person.as_str().as_bytes());
    hash.update([0]);
    for c in typed.chars().filter(char::is_ascii_alphanumeric) {
        let c = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        };
        hash.update([u8::try_from(c).unwrap_or_default()]);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it_and_is_one_persons() {
        let (anna, bert) = (PersonId::from_bits(1), PersonId::from_bits(2));
        let code = fresh();
        assert_eq!(code.len(), 19);
        assert_ne!(code, fresh());
        assert_eq!(hash(&anna, &code), hash(&anna, &format!(" {} ", code.replace('-', " ").to_lowercase())));
        assert_eq!(hash(&anna, "0123-4567-89AB-CDE1"), hash(&anna, "o123 4567 89ab cdel"));
        assert_ne!(hash(&anna, &code), hash(&bert, &code));
        assert_ne!(hash(&anna, &code), hash(&anna, &fresh()));
    }
}
