//! Passkeys (WebAuthn level 2), by `webauthn-rs`: bound to the name of this server, their user verified by the device.

use domain::ident::PersonId;
use domain::people::Name;
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::factors::{Factor, FactorKind};
use url::{Host, Url};
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyAuthentication, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};
use zeroize::Zeroizing;

/// Checks passkeys for this server; absent where its address is a number, to which no passkey can be bound.
pub fn relying_party(base_url: &str) -> Option<Webauthn> {
    let origin = Url::parse(base_url).ok()?;
    let Some(Host::Domain(name)) = origin.host() else { return None };
    WebauthnBuilder::new(name, &origin).ok()?.rp_name("Tijdig").build().ok()
}

/// By which a device knows whose passkey it holds: made from the id, and no name.
pub fn handle(person: &PersonId) -> Uuid {
    let digest = Sha256::digest([b"tijdig passkey\0", person.as_str().as_bytes()].concat());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Uuid::from_bytes(bytes)
}

/// By which a passkey is found.
pub fn digest(credential: &[u8]) -> [u8; 32] {
    Sha256::digest(credential).into()
}

fn of(factors: &[Factor]) -> Vec<Passkey> {
    let keys = factors.iter().filter(|f| f.kind == FactorKind::Passkey);
    keys.filter_map(|f| serde_json::from_slice(&f.secret).ok()).collect()
}

/// What a browser needs to make one, and what to remember until it has.
pub fn creation(
    party: &Webauthn,
    person: &PersonId,
    username: &str,
    name: &Name,
    factors: &[Factor],
) -> Option<(Value, PasskeyRegistration)> {
    let known = of(factors).iter().map(|k| k.cred_id().clone()).collect();
    let (options, state) =
        party.start_passkey_registration(handle(person), username, &name.full(), Some(known)).ok()?;
    let mut options = serde_json::to_value(options).ok()?;
    // Kept on the device, so that it can sign in alone. The library leaves it to the device; what it checks is the same.
    let selection = options.get_mut("publicKey")?.get_mut("authenticatorSelection")?.as_object_mut()?;
    selection.insert("residentKey".into(), "required".into());
    selection.insert("requireResidentKey".into(), true.into());
    Some((options, state))
}

/// The passkey a browser made, as it is kept.
pub fn created(party: &Webauthn, answer: &str, state: &PasskeyRegistration) -> Option<(Zeroizing<Vec<u8>>, [u8; 32])> {
    let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).ok()?;
    let key = party.finish_passkey_registration(&answer, state).map_err(not_right).ok()?;
    let digest = digest(key.cred_id().as_ref());
    Some((Zeroizing::new(serde_json::to_vec(&key).ok()?), digest))
}

/// What a browser needs to use one of somebody's.
pub fn request(party: &Webauthn, factors: &[Factor]) -> Option<(Value, PasskeyAuthentication)> {
    let keys = of(factors);
    if keys.is_empty() {
        return None;
    }
    let (options, state) = party.start_passkey_authentication(&keys).ok()?;
    Some((serde_json::to_value(options).ok()?, state))
}

/// What a browser needs to use one of anybody's.
pub fn request_any(party: &Webauthn) -> Option<(Value, DiscoverableAuthentication)> {
    let (options, state) = party.start_discoverable_authentication().ok()?;
    let mut options = serde_json::to_value(options).ok()?;
    // A button asks, not the field of the name.
    options.as_object_mut()?.remove("mediation");
    Some((options, state))
}

/// What a browser answered, and the digest of the passkey it used.
pub fn answer(text: &str) -> Option<(PublicKeyCredential, [u8; 32])> {
    let answer: PublicKeyCredential = serde_json::from_str(text).ok()?;
    let digest = digest(answer.get_credential_id());
    Some((answer, digest))
}

/// Is the answer right for one of somebody's? The factor as it is to be kept from now on.
pub fn used(
    party: &Webauthn,
    answer: &PublicKeyCredential,
    state: &PasskeyAuthentication,
    factor: Factor,
) -> Option<Factor> {
    let result = party.finish_passkey_authentication(answer, state).map_err(not_right).ok()?;
    after(&result, factor)
}

/// Is the answer right for the passkey that it names, and is that this person's?
pub fn used_any(
    party: &Webauthn,
    answer: &PublicKeyCredential,
    state: DiscoverableAuthentication,
    person: &PersonId,
    factor: Factor,
) -> Option<Factor> {
    let (user, _) = party.identify_discoverable_authentication(answer).map_err(not_right).ok()?;
    if user != handle(person) {
        return None;
    }
    let key: Passkey = serde_json::from_slice(&factor.secret).ok()?;
    let result = party.finish_discoverable_authentication_v2(answer, state, &key).map_err(not_right).ok()?;
    after(&result, factor)
}

fn after(result: &AuthenticationResult, mut factor: Factor) -> Option<Factor> {
    if !result.user_verified() {
        return None;
    }
    let mut key: Passkey = serde_json::from_slice(&factor.secret).ok()?;
    key.update_credential(result)?;
    factor.secret = Zeroizing::new(serde_json::to_vec(&key).ok()?);
    Some(factor)
}

/// The library's reason is for whoever runs the server; it names no person.
fn not_right(error: webauthn_rs::prelude::WebauthnError) -> webauthn_rs::prelude::WebauthnError {
    tracing::info!(%error, "a passkey was refused");
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_name() {
        assert!(relying_party("http://localhost:8080").is_some());
        assert!(relying_party("https://pzp.example").is_some());
        for number in ["http://127.0.0.1:8080", "https://[::1]", "nothing"] {
            assert!(relying_party(number).is_none(), "{number}");
        }
    }

    #[test]
    fn making_one_asks_that_the_device_keeps_it_and_verifies_its_user() {
        let party = relying_party("http://localhost:8080").unwrap();
        let person = PersonId::from_bits(1);
        let (options, _) = creation(&party, &person, "gp", &Name::of("Sanne", "van", "Huissen"), &[]).unwrap();
        let selection = &options["publicKey"]["authenticatorSelection"];
        assert_eq!(
            (selection["residentKey"].as_str(), selection["userVerification"].as_str()),
            (Some("required"), Some("required"))
        );
        assert!(!options.to_string().contains(person.as_str()));
        let (options, _) = request_any(&party).unwrap();
        assert_eq!(options["publicKey"]["userVerification"], "required");
        assert!(options.get("mediation").is_none());
    }
}
