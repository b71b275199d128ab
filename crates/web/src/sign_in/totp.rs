//! Codes by time (RFC 6238): six digits, 30 seconds, SHA-1, as every authenticator app has them; a clock may be one
//! step off. That a step counts once is the store's (`use_step`).

use totp_rs::{Builder, Secret, Totp};

/// Bits of a secret: as many as its hash has (RFC 4226 section 4).
pub const SECRET: usize = 20;

/// What the app shows as name of this service.
const ISSUER: &str = "Tijdig";

fn totp(secret: &[u8], account: &str) -> Option<Totp> {
    // A colon would divide the name in the address.
    let account = account.replace(':', " ");
    Builder::new().with_secret(secret).with_issuer(Some(ISSUER)).with_account_name(account).build().ok()
}

/// The step a code belongs to; `None` where it is wrong. `now` in seconds since 1970.
pub fn step(secret: &[u8], typed: &str, now: i64) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let step = totp(secret, "")?.check(&digits, u64::try_from(now).ok()?)?;
    i64::try_from(step).ok()
}

/// The secret in groups of four, to type over where a camera is of no use.
pub fn typed_over(secret: &[u8]) -> String {
    let text = Secret::from(secret).to_base32();
    let groups: Vec<&str> = text.as_bytes().chunks(4).filter_map(|c| std::str::from_utf8(c).ok()).collect();
    groups.join(" ")
}

/// The address an app reads from the QR code, and opens on the same phone.
pub fn address(secret: &[u8], account: &str) -> String {
    totp(secret, account).and_then(|t| t.to_url().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, last six digits of the SHA-1 column.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let secret = b"12345678901234567890";
        for (now, code, counter) in
            [(59, "287082", 1), (1_111_111_109, "081804", 37_037_036), (2_000_000_000, "279037", 66_666_666)]
        {
            assert_eq!(step(secret, code, now), Some(counter));
            assert_eq!(
                step(secret, &format!(" {} {}", &code[..3], &code[3..]), now + 30),
                Some(counter),
                "a step late"
            );
            assert_eq!(step(secret, code, now + 90), None, "too late");
        }
        for wrong in ["", "28708", "2870822", "abcdef", "287083", "28708²"] {
            assert_eq!(step(secret, wrong, 59), None, "{wrong}");
        }
    }

    #[test]
    fn an_app_reads_the_address() {
        let secret = [7; SECRET];
        let address = address(&secret, "gp");
        assert!(address.starts_with("otpauth://totp/Tijdig:gp?secret="), "{address}");
        assert!(address.contains(&typed_over(&secret).replace(' ', "")) && address.contains("issuer=Tijdig"));
        let crate::qr::Drawn { side, path } = crate::qr::draw(&address).unwrap();
        assert!(side > 30 && path.starts_with("M4 4h7v1h-7z"), "a finder in the corner");
    }
}
