//! Configuration: file first, command line before it, checked once.

use crate::args::Where;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

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
    /// postgres://…; SQLite in the data folder where absent.
    #[serde(default)]
    pub database: Option<String>,
    /// File with the master key; `master.key` in the data folder where absent.
    #[serde(default)]
    pub master_key_file: Option<PathBuf>,
    /// File with the key of the backups; `--key` goes before it.
    #[serde(default)]
    pub backup_key_file: Option<PathBuf>,
    /// Months after which a plan wants looking at again.
    #[serde(default = "default_review_months")]
    pub review_months: i32,
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
        if at.database.is_some() {
            config.database.clone_from(&at.database);
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
            review_months: default_review_months(),
        }
    }

    fn read(path: &Path) -> Result<Self, Wrong> {
        let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        toml::from_str(&text).map_err(|e| format!("{}: {}", path.display(), e.message()))
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
        if let Some(file) = &self.master_key_file {
            settings.master_key = web::MasterKey::File(file.clone());
        }
        settings
    }

    /// Address as others see it, for a server that listens on this port.
    pub fn base_url(&self, port: u16) -> String {
        self.base_url
            .as_deref()
            .map_or_else(|| format!("http://localhost:{port}"), |url| url.trim_end_matches('/').to_owned())
    }
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
}
