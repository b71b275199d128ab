//! A mail server as far as mail is handed to one: it speaks SMTP on a port of its own and keeps what it was given.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A message that was taken.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// To whom.
    pub to: String,
    /// Headers and text.
    pub data: String,
    /// It came over TLS.
    pub secure: bool,
    /// What it was signed in with.
    pub login: String,
}

/// The server.
#[derive(Clone)]
pub struct MailServer {
    /// Its port on this machine.
    pub port: u16,
    taken: Arc<Mutex<Vec<Taken>>>,
    /// What it answers to a recipient, where it does not take mail.
    says: Arc<Mutex<Option<&'static str>>>,
    /// Where it has a certificate, it offers STARTTLS.
    tls: Option<TlsAcceptor>,
}

impl MailServer {
    /// Starts one.
    pub async fn start() -> Self {
        Self::start_with(None).await
    }

    /// Starts one that can speak TLS.
    pub async fn start_with(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self { port, taken: Arc::default(), says: Arc::default(), tls };
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    stream.write_all(b"220 post.test ESMTP\r\n").await.unwrap();
                    if own.talk(&mut stream, false).await {
                        let secure = own.tls.as_ref().unwrap().accept(stream.into_inner()).await;
                        let Ok(secure) = secure else { return };
                        own.talk(&mut BufReader::new(secure), true).await;
                    }
                });
            }
        });
        server
    }

    /// What it answers to every recipient from now; `None`: it takes mail.
    pub fn answers(&self, says: Option<&'static str>) {
        *self.says.lock().unwrap() = says;
    }

    /// What it was given.
    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }

    /// Speaks until the other end is done; `true` where it wants to go on over TLS.
    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: &mut BufReader<S>, secure: bool) -> bool {
        let mut message = Taken { secure, ..Taken::default() };
        loop {
            let Some(line) = line(stream).await else { return false };
            let answer = match line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
                "EHLO" if self.tls.is_some() && !secure => "250-post.test\r\n250 STARTTLS",
                "EHLO" => "250-post.test\r\n250 AUTH PLAIN",
                "STARTTLS" => {
                    stream.write_all(b"220 go on\r\n").await.unwrap();
                    return true;
                }
                "AUTH" => {
                    line.clone_into(&mut message.login);
                    "235 ok"
                }
                "RCPT" => {
                    message.to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    self.says.lock().unwrap().unwrap_or("250 ok")
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await.unwrap();
                    while let Some(line) = self::line(stream).await.filter(|line| line != ".") {
                        message.data.push_str(&line);
                        message.data.push('\n');
                    }
                    self.taken.lock().unwrap().push(message.clone());
                    "250 taken"
                }
                _ => "250 ok",
            };
            if stream.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                return false;
            }
        }
    }
}

async fn line<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> Option<String> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await.unwrap_or(0);
    (read > 0).then(|| line.trim_end().to_owned())
}
