//! Telling systems of a change: the message, its signature, and to which addresses anything is sent at all.
//!
//! Who registers an address administers an organisation, not this server: so nothing goes to addresses within the network
//! that the server stands in, unless whoever runs it says that it may. That is looked at when the name is resolved, for
//! each connection anew.

use crate::links::public::{Inside, Outside, is_outside};
use domain::hook::{Kind, State};
use domain::ident::HookId;
use domain::outbox::Failure;
use fhir::r4::handed;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use sha2::Sha256;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use store::clients::Client;
use store::hooks::{At, Hook};
use store::outbox::Message;
use tokio_rustls::rustls::Error as TlsError;
use url::{Host, Url};

/// Longest that a receiver may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most webhooks and addresses of one system.
pub const MOST: usize = 10;
/// Longest address.
const LONGEST: usize = 500;

/// What may be set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// May messages go to addresses of the own network, and over http to this machine?
    #[serde(default)]
    pub private_addresses: bool,
}

/// Who sends.
#[derive(Default)]
pub struct Sender {
    settings: OnceLock<Settings>,
    /// Made when it is first needed: it wants the system's certificates, which not every machine has.
    http: OnceLock<reqwest::Client>,
}

impl Sender {
    /// Sets what may be set; once, before serving.
    pub fn set(&self, settings: Settings) {
        let _ = self.settings.set(settings);
    }

    fn private(&self) -> bool {
        self.settings.get().is_some_and(|s| s.private_addresses)
    }

    /// The address that an administrator or a system names, where messages may go there.
    ///
    /// # Errors
    /// A Dutch sentence that says what is wrong with it.
    pub fn checked(&self, text: &str) -> Result<Url, String> {
        checked(text, self.private())
    }

    fn http(&self) -> Result<&reqwest::Client, reqwest::Error> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("tijdig/", env!("CARGO_PKG_VERSION")))
            // The address was registered; where it points on to was not.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE);
        if !self.private() {
            // A proxy would resolve names itself.
            builder = builder.no_proxy().dns_resolver(Arc::new(Outside));
        }
        let http = builder.build()?;
        Ok(self.http.get_or_init(|| http))
    }

    /// Posts a message to an address.
    ///
    /// # Errors
    /// Why it did not arrive.
    pub async fn post(&self, address: &str, headers: HeaderMap, body: String) -> Result<(), Failure> {
        // What may be sent to may have changed since it was registered.
        let url = self.checked(address).map_err(|_| Failure::Address)?;
        let http = self.http().map_err(|_| Failure::NotSecure)?;
        let answer = http.post(url).headers(headers).body(body).send().await.map_err(|e| why(&e))?;
        match answer.status().as_u16() {
            200..=299 => Ok(()),
            408 | 429 | 503 => Err(Failure::Later),
            410 => Err(Failure::Refused),
            _ => Err(Failure::Answer),
        }
    }
}

/// What goes to a webhook: body and headers. Anything that is not for systems is a message to try the address.
pub fn message(
    id: &str,
    secret: &str,
    message: &Message,
    happened_at: Timestamp,
    now: Timestamp,
) -> (HeaderMap, String) {
    let body = match message {
        Message::Version(told) => serde_json::json!({
            "id": id,
            "type": "plan.changed",
            "at": happened_at.to_string(),
            "patient": format!("Patient/{}", told.patient),
            "version": told.version,
            "urgent": told.urgent,
        }),
        Message::Handover(handed) => serde_json::json!({
            "id": id,
            "type": "plan.handed-over",
            "at": happened_at.to_string(),
            "patient": format!("Patient/{}", handed.patient),
            "document": format!("Bundle/{}", handed::id(&handed.patient, handed.number)),
        }),
        _ => serde_json::json!({"id": id, "type": "test", "at": happened_at.to_string()}),
    };
    let (body, timestamp) = (body.to_string(), now.as_second().to_string());
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in [
        ("tijdig-id", id),
        ("tijdig-timestamp", &timestamp),
        ("tijdig-signature", &signature(secret, &timestamp, &body)),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    (headers, body)
}

/// The headers that a subscription wants with each notification, each as `Name: value`.
pub fn headers(lines: &[String]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines.iter().filter_map(|line| header(line)) {
        headers.append(name, value);
    }
    headers
}

/// One such line, where it is a header that may be sent: none that the connection itself is made of.
pub fn header(line: &str) -> Option<(HeaderName, HeaderValue)> {
    const OURS: [&str; 9] = [
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "upgrade",
        "te",
        "trailer",
        "expect",
        "proxy-authorization",
    ];
    let (name, value) = line.split_once(':')?;
    let name = HeaderName::from_bytes(name.trim().as_bytes()).ok()?;
    let mut value = HeaderValue::from_str(value.trim()).ok()?;
    value.set_sensitive(true);
    (!OURS.contains(&name.as_str())).then_some((name, value))
}

/// `v1=` and the HMAC-SHA256 of moment, dot and body, with the secret's text as key.
pub fn signature(secret: &str, timestamp: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .unwrap_or_else(|_| unreachable!("HMAC takes keys of any size"));
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().iter().fold("v1=".to_owned(), |mut out, b| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// A new webhook, or address for subscriptions, of a system; a webhook gets a secret.
pub fn added(client: &Client, kind: Kind, url: &Url, now: Timestamp) -> Hook {
    let is_origin = kind == Kind::Origin;
    let at = At {
        address: if is_origin { origin(url) } else { url.to_string() },
        secret: if is_origin { String::new() } else { crate::fresh_secret() },
        ..At::default()
    };
    Hook {
        id: HookId::from_bits(store::random::bits()),
        client: client.id.clone(),
        kind,
        patient: None,
        state: State::Active,
        made_at: now,
        until: None,
        at,
        last: None,
    }
}

/// The beginning that addresses share: scheme, name and port.
pub fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn checked(text: &str, private: bool) -> Result<Url, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("Vul het adres in waar berichten heen gaan.".to_owned());
    }
    if text.len() > LONGEST {
        return Err(format!("Een adres is hoogstens {LONGEST} tekens."));
    }
    let url = Url::parse(text).map_err(|_| "Dit is geen adres, zoals https://his.voorbeeld.nl/tijdig.".to_owned())?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("Zet geen naam of wachtwoord in het adres.".to_owned());
    }
    if url.fragment().is_some() {
        return Err("Haal het deel vanaf # uit het adres.".to_owned());
    }
    let number = match url.host() {
        Some(Host::Ipv4(ip)) => Some(IpAddr::from(ip)),
        Some(Host::Ipv6(ip)) => Some(IpAddr::from(ip)),
        Some(Host::Domain(_)) => None,
        None => return Err("Dit is geen adres, zoals https://his.voorbeeld.nl/tijdig.".to_owned()),
    };
    let name = url.host_str().unwrap_or("").trim_end_matches('.');
    let here = number.map_or(name == "localhost" || name.ends_with(".localhost"), |ip| ip.is_loopback());
    if url.scheme() != "https" && !(url.scheme() == "http" && here && private) {
        return Err("Het adres begint met https://.".to_owned());
    }
    if !private && (here || number.is_some_and(|ip| !is_outside(ip))) {
        return Err("Dit adres ligt in het eigen netwerk van de server; daarheen gaan geen berichten.".to_owned());
    }
    Ok(url)
}

/// Why nothing arrived. What the library says may name the address: it goes nowhere.
pub(crate) fn why(error: &reqwest::Error) -> Failure {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(this) = cause {
        if this.is::<Inside>() {
            return Failure::Address;
        }
        let inner = this.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let inner = inner.and_then(|e| e.downcast_ref::<TlsError>());
        if this.is::<TlsError>() || inner.is_some() {
            return Failure::NotSecure;
        }
        cause = this.source();
    }
    Failure::NoAnswer
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ident::PatientId;
    use store::outbox::Told;

    #[test]
    fn a_message_tells_where_to_look_and_is_signed() {
        let told = Told { patient: PatientId::from_bits(7), version: 3, urgent: true };
        let at: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        let now: Timestamp = "2026-11-23T10:00:05Z".parse().unwrap();
        let (headers, body) = message("abc", "geheim", &Message::Version(told.clone()), at, now);
        let value: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(value["patient"], format!("Patient/{}", told.patient));
        assert_eq!((value["type"].as_str(), value["version"].as_u64()), (Some("plan.changed"), Some(3)));
        assert_eq!((value["at"].as_str(), value["urgent"].as_bool()), (Some("2026-11-23T10:00:00Z"), Some(true)));
        assert_eq!(value.as_object().unwrap().len(), 6, "and nothing more");
        assert_eq!(headers["tijdig-id"], "abc");
        assert_eq!(headers["tijdig-timestamp"], "1795428005");
        assert_eq!(headers["tijdig-signature"], signature("geheim", "1795428005", &body));
        let (_, test) = message("abc", "geheim", &Message::Test, at, now);
        assert!(!test.contains("patient"));
    }

    #[test]
    fn the_signature_is_the_one_that_the_manual_shows() {
        // docs/webhooks.md holds the same example.
        let body = r#"{"id":"1","type":"test","at":"2026-11-23T10:00:00Z"}"#;
        let made = signature("voorbeeldgeheim", "1795428000", body);
        let manual = include_str!("../../../docs/webhooks.md");
        assert!(manual.contains(body) && manual.contains(&made), "{made}");
    }

    #[test]
    fn messages_go_over_https_and_not_into_the_own_network() {
        for good in ["https://his.example/tijdig", "https://his.example:8443/a?b=c", "https://203.0.114.1/"] {
            assert!(checked(good, false).is_ok(), "{good}");
        }
        for bad in [
            "",
            "his.example",
            "http://his.example/",
            "ftp://his.example/",
            "https://a:b@his.example/",
            "https://his.example/#x",
            "https://localhost/",
            "https://x.localhost/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://0x7f000001/",
            "https://10.1.2.3/",
            "https://169.254.169.254/latest",
            "https://[::1]/",
            "https://[fd00::1]/",
            "https://[::ffff:10.0.0.1]/",
            "http://127.0.0.1:9/",
        ] {
            assert!(checked(bad, false).is_err(), "{bad}");
        }
        assert!(checked("http://127.0.0.1:9/", true).is_ok() && checked("https://10.1.2.3/", true).is_ok());
        assert!(checked("http://his.example/", true).is_err(), "unprotected to this machine only");
        assert!(checked(&format!("https://his.example/{}", "a".repeat(500)), false).is_err());
    }

    #[tokio::test]
    async fn a_name_of_the_own_network_is_found_out_when_it_is_resolved() {
        let sender = Sender::default();
        let http = sender.http().unwrap();
        let refused = http.post("https://localhost:9/").send().await.unwrap_err();
        assert_eq!(why(&refused), Failure::Address);
    }
}
