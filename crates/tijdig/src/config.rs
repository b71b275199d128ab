//! Configuration: file first, command line before it, checked once.

use crate::args::Where;
use serde::Deserialize;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The configuration file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address to listen on.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// Address as others see it; `http://localhost:PORT` where absent (decision 56).
    #[serde(default)]
    pub base_url: Option<String>,
    /// Data folder.
    #[serde(default)]
    pub data: Option<PathBuf>,
    /// postgres://…; SQLite in the data folder where absent. With a password in it, the file is a secret.
    #[serde(default)]
    pub database: Option<String>,
    /// File with the address of the database, where it is kept apart as a secret.
    #[serde(default)]
    pub database_file: Option<PathBuf>,
    /// File with the master key; `master.key` in the data folder where absent.
    #[serde(default)]
    pub master_key_file: Option<PathBuf>,
    /// File with the key of the backups; `--key` goes before it.
    #[serde(default)]
    pub backup_key_file: Option<PathBuf>,
    /// Certificate and key; plain where absent.
    #[serde(default)]
    pub tls: Option<TlsFiles>,
    /// Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses or networks.
    #[serde(default)]
    pub proxies: Vec<Proxy>,
    /// Most connections at once.
    #[serde(default)]
    pub connections: Option<NonZeroUsize>,
    /// An OpenID provider that people may sign in through.
    #[serde(default)]
    pub openid: Option<web::OpenIdSettings>,
    /// Record systems that may open a patient here.
    #[serde(default)]
    pub smart: Vec<web::SmartSettings>,
    /// How mail is sent; none where absent.
    #[serde(default)]
    pub mail: Option<web::MailSettings>,
    /// Ask once a day whether the addresses of the toolkit still answer. Only the public web is asked.
    #[serde(default)]
    pub check_links: bool,
    /// How systems are told of changes.
    #[serde(default)]
    pub hooks: web::HookSettings,
    /// Other sources that may be asked for the plan of a patient.
    #[serde(default)]
    pub sources: Vec<web::SourceSettings>,
    /// Groups of fewer people than this are not shown in figures; 5 where absent.
    #[serde(default)]
    pub smallest_group: Option<u32>,
    /// Months after which a plan wants looking at again.
    #[serde(default = "default_review_months")]
    pub review_months: i32,
}

/// Where certificate and key are, both PEM.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    /// The certificate, and those between it and the root.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// A proxy, checked when the file is read, so that a mistake is told with its line.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub struct Proxy(pub web::Network);

impl TryFrom<String> for Proxy {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self)
    }
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

fn default_review_months() -> i32 {
    6
}

/// Why a configuration cannot be used; one sentence.
pub type Wrong = String;

impl Config {
    /// Reads the file that the command line names, and lays the command line over it.
    pub fn of(at: &Where) -> Result<Self, Wrong> {
        let mut config = match &at.config {
            Some(path) => Self::read(path)?,
            None => Self::empty(),
        };
        if at.data.is_some() {
            config.data.clone_from(&at.data);
        }
        if let Some(url) = &at.database {
            // What stands on a command line stands in the list of processes too.
            if has_password(url) {
                return Err("Zet een database met wachtwoord niet op de opdrachtregel, maar in TIJDIG_DATABASE, of \
                            noem het bestand in database_file."
                    .to_owned());
            }
            config.database = Some(url.clone());
        } else if let Some(url) = secret("TIJDIG_DATABASE") {
            config.database = Some(url);
        } else if let Some(file) = &config.database_file {
            config.database = Some(read_secret(file)?);
        }
        if config.data.is_none() {
            return Err("Noem een map met --data DIR, of in het bestand van --config.".to_owned());
        }
        Ok(config)
    }

    /// Configuration with nothing set.
    pub fn empty() -> Self {
        Self {
            listen: default_listen(),
            base_url: None,
            data: None,
            database: None,
            master_key_file: None,
            backup_key_file: None,
            database_file: None,
            tls: None,
            proxies: Vec::new(),
            connections: None,
            openid: None,
            smart: Vec::new(),
            mail: None,
            check_links: false,
            hooks: web::HookSettings::default(),
            sources: Vec::new(),
            smallest_group: None,
            review_months: default_review_months(),
        }
    }

    fn read(path: &Path) -> Result<Self, Wrong> {
        let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        toml::from_str(&text).map_err(|e| {
            // The message alone: what toml shows of the line may be a secret.
            let line = e.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            format!("{}, regel {line}: {}", path.display(), e.message())
        })
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        self.data.as_deref().unwrap_or(Path::new("."))
    }

    /// Settings of the store.
    pub fn store(&self) -> web::StoreSettings {
        let mut settings = match &self.database {
            Some(url) => web::StoreSettings::postgres(url, self.data()),
            None => web::StoreSettings::folder(self.data()),
        };
        if let Some(text) = secret("TIJDIG_MASTER_KEY") {
            settings.master_key = web::MasterKey::Text(text.into());
        } else if let Some(file) = &self.master_key_file {
            settings.master_key = web::MasterKey::File(file.clone());
        }
        settings
    }

    /// How the server is reached: TLS, proxies, limits. Reads the certificate.
    pub fn shell(&self) -> Result<web::Shell, Wrong> {
        let secure = self.base_url.as_deref().is_some_and(|url| url.starts_with("https://"));
        let open = self.base_url.as_deref().and_then(|url| url.strip_prefix("http://"));
        if let Some(rest) = open
            && !is_loopback(rest.split(['/', '?']).next().unwrap_or(""))
        {
            return Err("base_url: http:// mag alleen op deze machine zelf; gebruik https://.".to_owned());
        }
        if self.base_url.is_some() && !secure && open.is_none() {
            return Err("base_url: begint met https://.".to_owned());
        }
        if secure && self.tls.is_none() && self.proxies.is_empty() {
            return Err(
                "base_url is https, maar er is geen [tls] met certificate en key, en geen proxies: zo zou niemand \
                        binnenkomen."
                    .to_owned(),
            );
        }
        let tls = match &self.tls {
            Some(files) => {
                let tls = web::Tls::load(&files.certificate, &files.key).map_err(|e| format!("[tls] {e}"))?;
                Some(Arc::new(tls))
            }
            None => None,
        };
        let mut limits = web::Limits::default();
        if let Some(connections) = self.connections {
            limits.connections = connections.get();
        }
        Ok(web::Shell { tls, proxies: web::Proxies(self.proxies.iter().map(|p| p.0).collect()), limits })
    }

    /// Address as others see it, for a server that listens on this port.
    pub fn base_url(&self, port: u16) -> String {
        self.base_url.as_deref().map_or_else(
            || format!("{}://localhost:{port}", if self.tls.is_some() { "https" } else { "http" }),
            |url| url.trim_end_matches('/').to_owned(),
        )
    }
}

/// A secret of the environment.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn secret(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.is_empty())
}

/// A secret from a file; the error names the file and nothing of what is in it.
fn read_secret(file: &Path) -> Result<String, Wrong> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    Ok(text.trim().to_owned())
}

/// `postgres://user:password@host/…` or `…?password=`.
fn has_password(url: &str) -> bool {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest).split(['/', '?']).next().unwrap_or("");
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    user.split_once(':').is_some_and(|(_, password)| !password.is_empty()) || url.contains("password=")
}

fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(""),
        None => authority.split(':').next().unwrap_or(""),
    };
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_goes_before_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tijdig.toml");
        std::fs::write(
            &file,
            "listen = \"127.0.0.1:9000\"\ndata = \"/var/lib/tijdig\"\nbase_url = \"https://pzp.example/\"",
        )
        .unwrap();
        let at = Where { config: Some(file.clone()), data: Some("/elders".into()), database: None };
        let config = Config::of(&at).unwrap();
        assert_eq!(config.data(), Path::new("/elders"));
        assert_eq!(config.base_url(9000), "https://pzp.example");
        std::fs::write(&file, "lisen = \"127.0.0.1:9000\"").unwrap();
        assert!(Config::of(&at).unwrap_err().contains("lisen"));
        assert!(Config::of(&Where::default()).is_err());
    }

    fn parsed(text: &str) -> Result<Config, Wrong> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tijdig.toml");
        std::fs::write(&file, format!("data = \"/x\"\n{text}")).unwrap();
        Config::of(&Where { config: Some(file), ..Where::default() })
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_without_what_stands_there() {
        let told = |text: &str| parsed(text).unwrap_err();
        assert!(told("\nlisen = 1").contains("regel 3"), "{}", told("\nlisen = 1"));
        assert!(told("base_url = \"https://x\"\nproxies = [\"10.0.0.0/40\"]").contains("regel 3"));
        assert!(told("[tls]\ncertificate = \"a\"").contains("key"));
        assert!(told("[mail]\nhost = \"post.example\"").contains("from"));
        assert!(parsed("[mail]\nhost = \"post.example\"\nfrom = \"tijdig@pzp.example\"").is_ok());
        assert!(told("[hooks]\nprivate = true").contains("regel 3"));
        assert!(parsed("[hooks]\nprivate_addresses = true").unwrap().hooks.private_addresses);
        let secret = told("database = \"postgres://u:geheim@h/d");
        assert!(secret.contains("regel 2") && !secret.contains("geheim"), "{secret}");
    }

    #[test]
    fn a_password_is_not_taken_from_the_command_line() {
        let at = |url: &str| Where { data: Some("/x".into()), database: Some(url.to_owned()), ..Where::default() };
        assert!(Config::of(&at("postgres://tijdig@127.0.0.1:5432/tijdig")).is_ok());
        for url in ["postgres://u:geheim@h/d", "postgres://h/d?user=u&password=geheim"] {
            let told = Config::of(&at(url)).unwrap_err();
            assert!(told.contains("TIJDIG_DATABASE") && !told.contains("geheim"));
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("database");
        std::fs::write(&file, "postgres://u:geheim@h/d\n").unwrap();
        let config = parsed(&format!("database_file = \"{}\"", file.display())).unwrap();
        assert_eq!(config.database.as_deref(), Some("postgres://u:geheim@h/d"));
        assert!(parsed("database_file = \"/er/niet\"").unwrap_err().contains("/er/niet"));
    }

    #[test]
    fn nobody_signs_in_over_an_open_line() {
        let shell = |text: &str| parsed(text).unwrap().shell().map(drop);
        assert!(shell("").is_ok() && shell("base_url = \"http://localhost:8080\"").is_ok());
        assert!(shell("base_url = \"http://127.0.0.1:1\"").is_ok() && shell("base_url = \"http://[::1]:1\"").is_ok());
        assert!(shell("base_url = \"https://pzp.example\"\nproxies = [\"127.0.0.1\"]").is_ok());
        for wrong in [
            "base_url = \"http://pzp.example\"",
            "base_url = \"http://localhost.example\"",
            "base_url = \"pzp.example\"",
            "base_url = \"https://pzp.example\"",
            "[tls]\ncertificate = \"/er/niet.pem\"\nkey = \"/er/niet.key\"",
        ] {
            assert!(shell(wrong).is_err(), "{wrong}");
        }
    }
}
