//! Mail: how it is sent, and the few texts there are. Nothing of a patient is ever in one (D4). Texts and headers are
//! ASCII, so that every mail server and every mail program shows them as they are.

mod smtp;

use domain::outbox::Failure;
use jiff::Timestamp;
use rustls_platform_verifier::BuilderVerifierExt;
use serde::Deserialize;
use smtp::{Letter, Server};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, version};
use zeroize::Zeroizing;

/// A mail server that has not taken a message in this time is not there.
const PATIENCE: Duration = Duration::from_mins(1);

/// How mail is sent; `[mail]` in the configuration. Without it there is none.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Name of the mail server.
    pub host: String,
    /// Its port; 587 for `starttls`, 465 for `tls`, 25 for `none`.
    #[serde(default)]
    pub port: Option<u16>,
    /// How the connection is made safe.
    #[serde(default)]
    pub security: Security,
    /// Certificate of the authority that vouches for the mail server, where that is one of one's own.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Who signs in there; nobody where absent.
    #[serde(default)]
    pub username: Option<String>,
    /// File with the password, which stands in no configuration.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// From which address.
    pub from: String,
}

/// How a connection is made safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Plain at first, then TLS, or not at all.
    #[default]
    StartTls,
    /// TLS from the start.
    Tls,
    /// Plain: for a mail server on this machine only.
    None,
}

/// Sends mail.
pub struct Mailer {
    server: Server,
    from: String,
    base_url: String,
}

impl Mailer {
    /// Reads the password and checks what is set; nothing is sent yet.
    ///
    /// # Errors
    /// A Dutch sentence that says what is wrong with the settings.
    pub fn new(settings: &Settings, base_url: &str) -> Result<Self, String> {
        if !is_address(&settings.from) {
            return Err("[mail] from: schrijf een adres als tijdig@voorbeeld.nl.".to_owned());
        }
        let local = matches!(settings.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        let port = match settings.security {
            Security::StartTls => 587,
            Security::Tls => 465,
            Security::None if local => 25,
            Security::None => {
                return Err("[mail] security: zonder versleuteling mag alleen naar een mailserver op deze machine \
                            zelf."
                    .to_owned());
            }
        };
        let login = match (&settings.username, &settings.password_file) {
            (Some(user), Some(file)) => {
                let read = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
                let read = Zeroizing::new(read);
                Some((user.clone(), Zeroizing::new(read.trim_end().to_owned())))
            }
            (None, None) => None,
            _ => return Err("[mail] username en password_file horen bij elkaar.".to_owned()),
        };
        if login.is_some() && settings.security == Security::None {
            return Err("[mail] username: een wachtwoord gaat niet over een open lijn.".to_owned());
        }
        let host = base_url.split("://").nth(1).unwrap_or(base_url);
        let hello = host.split(['/', ':']).next().filter(|d| !d.is_empty()).unwrap_or("localhost").to_owned();
        let server = Server {
            host: settings.host.clone(),
            port: settings.port.unwrap_or(port),
            security: settings.security,
            tls: Arc::new(trusting(settings.ca_file.as_deref())?),
            hello,
            login,
        };
        Ok(Self { server, from: settings.from.clone(), base_url: base_url.to_owned() })
    }

    /// Something changed: sign in and look. Not of whom, not what, not how urgent.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn changed(&self, to: &str, id: &str, now: Timestamp) -> Result<(), Failure> {
        let url = &self.base_url;
        let text = format!(
            "Er is iets veranderd in Tijdig dat voor u van belang is.\n\nLog in om het te lezen:\n{url}/\n\nMeer staat \
             hier met opzet niet. U krijgt deze mail omdat u daar zelf om\nvroeg; uitzetten kan op\n{url}/account/mail\n"
        );
        self.send(to, id, "er is iets veranderd", &text, now).await
    }

    /// The code that confirms an address.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn code(&self, to: &str, id: &str, code: &str, now: Timestamp) -> Result<(), Failure> {
        let text = format!(
            "Uw code is {code}\n\nVul hem binnen een uur in op\n{}/account/mail\n\nVroeg u hier niet om? Dan hoeft u \
             niets te doen: zonder de code\nkomt er geen mail meer.\n",
            self.base_url
        );
        self.send(to, id, "bevestig uw e-mailadres", &text, now).await
    }

    async fn send(&self, to: &str, id: &str, subject: &str, text: &str, now: Timestamp) -> Result<(), Failure> {
        if !is_address(to) {
            return Err(Failure::Address);
        }
        let sent_at = jiff::fmt::rfc2822::to_string(&now.to_zoned_datetime(jiff::tz::TimeZone::UTC))
            .map_err(|_| Failure::Unknown)?;
        // The same id at each try: a mail server that was asked twice knows it again. Nobody's absence is answered to
        // what a program wrote (RFC 3834).
        let data = format!(
            "From: Tijdig <{}>\nTo: <{to}>\nSubject: Tijdig: {subject}\nDate: {sent_at}\nMessage-ID: <{id}@{}>\n\
             Auto-Submitted: auto-generated\nMIME-Version: 1.0\nContent-Type: text/plain; charset=us-ascii\n\
             Content-Language: nl\n\n{text}",
            self.from, self.server.hello
        );
        let letter = Letter { from: &self.from, to, data: &data };
        tokio::time::timeout(PATIENCE, self.server.send(&letter)).await.unwrap_or(Err(Failure::NoAnswer))
    }
}

/// Whom the other end must be vouched for by: an authority of one's own, or those that this machine trusts.
fn trusting(authority: Option<&Path>) -> Result<ClientConfig, String> {
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])
        .map_err(|e| e.to_string())?;
    let Some(file) = authority else {
        let builder = builder.with_platform_verifier().map_err(|e| format!("[mail] {e}"))?;
        return Ok(builder.with_no_client_auth());
    };
    let unreadable = |_| format!("{}: geen leesbaar certificaat (PEM)", file.display());
    let certificate = CertificateDer::from_pem_file(file).map_err(unreadable)?;
    let mut roots = RootCertStore::empty();
    roots.add(certificate).map_err(|_| format!("{}: dit certificaat kan niet gebruikt worden", file.display()))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Is this an address that mail can go to? In ASCII, without quotes: nothing in it can be taken for more than an address.
pub fn is_address(text: &str) -> bool {
    let atom = |t: &str, more: &str| {
        !t.is_empty() && t.bytes().all(|b| b.is_ascii_alphanumeric() || more.as_bytes().contains(&b))
    };
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    text.len() <= 254
        && local.len() <= 64
        && local.split('.').all(|part| atom(part, "!#$%&'*+/=?^_`{|}~-"))
        && domain.contains('.')
        && domain.split('.').all(|label| atom(label, "-") && !label.starts_with('-') && !label.ends_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(security: Security, host: &str) -> Settings {
        Settings {
            host: host.to_owned(),
            port: None,
            security,
            ca_file: None,
            username: None,
            password_file: None,
            from: "tijdig@voorbeeld.test".to_owned(),
        }
    }

    #[test]
    fn mail_goes_unprotected_to_this_machine_only() {
        let new = |settings: &Settings| Mailer::new(settings, "https://tijdig.voorbeeld.test").map(|_| ());
        assert!(new(&settings(Security::None, "127.0.0.1")).is_ok());
        let refused = new(&settings(Security::None, "mail.voorbeeld.test"));
        assert!(refused.unwrap_err().contains("zonder versleuteling"));
        assert!(new(&settings(Security::StartTls, "mail.voorbeeld.test")).is_ok());
        let mut half = settings(Security::Tls, "mail.voorbeeld.test");
        half.username = Some("tijdig".to_owned());
        assert!(new(&half).unwrap_err().contains("horen bij elkaar"));
        half.username = None;
        half.from = "niemand".to_owned();
        assert!(new(&half).unwrap_err().contains("from"));
    }

    #[test]
    fn an_address_is_one() {
        for right in ["s.dewit@thuiszorg.test", "a+b@x-y.nl"] {
            assert!(is_address(right), "{right}");
        }
        let long = format!("{}@x.test", "a".repeat(300));
        for wrong in ["", "iemand", "a@b@c", "iemand @x.test", "a@x.test\r\nBcc: b@x.test", "a@x", "<a@x.test>", &long]
        {
            assert!(!is_address(wrong), "{wrong}");
        }
    }
}
