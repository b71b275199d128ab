//! TLS by rustls: certificate and key from files, read again when they change.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, version};
use tokio_rustls::server::TlsStream;

/// Certificate and key of the server.
#[derive(Debug)]
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    current: RwLock<Current>,
}

#[derive(Debug)]
struct Current {
    config: Arc<ServerConfig>,
    /// When the files were last changed, as read.
    changed: [Option<SystemTime>; 2],
}

impl Tls {
    /// Reads certificate (with its chain) and key, both PEM.
    ///
    /// # Errors
    /// A sentence that names the file; never anything that stands in it.
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, String> {
        let current = read(certificate, key)?;
        Ok(Self { certificate: certificate.to_owned(), key: key.to_owned(), current: RwLock::new(current) })
    }

    /// Reads the files again. Where they are not right, what was read before stays.
    ///
    /// # Errors
    /// As [`Tls::load`].
    pub fn reload(&self) -> Result<(), String> {
        let current = read(&self.certificate, &self.key)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = current;
        Ok(())
    }

    /// Reads the files again where they changed.
    pub(super) fn reload_if_changed(&self) {
        let known = self.current.read().unwrap_or_else(PoisonError::into_inner).changed;
        if known == changed(&self.certificate, &self.key) {
            return;
        }
        match self.reload() {
            Ok(()) => tracing::info!("certificate and key were read again"),
            Err(error) => tracing::error!(%error, "the new certificate cannot be used; the one before stays"),
        }
    }

    /// Shakes hands.
    ///
    /// # Errors
    /// Where the other end does not do its part.
    pub(super) async fn accept<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> std::io::Result<TlsStream<S>> {
        let config = Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner).config);
        TlsAcceptor::from(config).accept(stream).await
    }
}

fn changed(certificate: &Path, key: &Path) -> [Option<SystemTime>; 2] {
    [certificate, key].map(|path| fs::metadata(path).and_then(|m| m.modified()).ok())
}

fn read(certificate: &Path, key: &Path) -> Result<Current, String> {
    let about = |path: &Path, what: &str| format!("{}: {what}", path.display());
    // Noted before reading: a change in between is then found the next time.
    let changed = changed(certificate, key);
    let readable = |path: &Path| fs::File::open(path).map(drop).map_err(|e| about(path, &e.to_string()));
    readable(certificate)?;
    readable(key)?;
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|_| about(certificate, "geen leesbaar certificaat (PEM)"))?;
    if chain.is_empty() {
        return Err(about(certificate, "er staat geen certificaat in"));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|_| about(key, "geen leesbare sleutel (PEM)"))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])
        .map_err(|e| e.to_string())?
        .with_no_client_auth()
        .with_single_cert(chain, secret)
        .map_err(|_| about(key, "de sleutel hoort niet bij het certificaat"))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Current { config: Arc::new(config), changed })
}
