//! One message handed to a mail server (RFC 5321), over a connection of its own: with TLS from the start or by STARTTLS
//! (RFC 3207), and signed in with PLAIN (RFC 4954) where the settings say as whom.

use super::Security;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::outbox::Failure;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;
use zeroize::Zeroizing;

/// An answer longer than this is none of a mail server's.
const LONGEST_ANSWER: u64 = 64 << 10;

/// The mail server, and how it is spoken to.
pub struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub tls: Arc<ClientConfig>,
    /// Name by which this server says hello.
    pub hello: String,
    /// Who signs in, and with what.
    pub login: Option<(String, Zeroizing<String>)>,
}

/// A message: whom it is from and for, and its headers and text, in ASCII.
pub struct Letter<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub data: &'a str,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A conversation with the server.
struct Talk<S: Stream> {
    stream: BufReader<S>,
}

/// What it answered: a code, and the lines behind it.
struct Said {
    code: u16,
    lines: Vec<String>,
}

impl Said {
    /// Is it of this hundred?
    fn expect(self, hundreds: u16) -> Result<Self, Failure> {
        match self.code / 100 {
            found if found == hundreds => Ok(self),
            4 => Err(Failure::Later),
            5 => Err(Failure::Refused),
            _ => Err(Failure::Unknown),
        }
    }
}

impl Server {
    /// Hands over one message.
    pub async fn send(&self, letter: &Letter<'_>) -> Result<(), Failure> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(|_| Failure::NoAnswer)?;
        match self.security {
            Security::None => {
                let mut talk = Talk::new(stream);
                talk.greeted(&self.hello).await?;
                talk.hand_over(self, letter).await
            }
            Security::Tls => {
                let mut talk = Talk::new(self.secured(stream).await?);
                talk.greeted(&self.hello).await?;
                talk.hand_over(self, letter).await
            }
            Security::StartTls => {
                let mut talk = Talk::new(stream);
                let offers = talk.greeted(&self.hello).await?;
                if !offers.lines.iter().any(|line| line.eq_ignore_ascii_case("STARTTLS")) {
                    // Never in the open: whoever strips the offer gets nothing.
                    return Err(Failure::NotSecure);
                }
                talk.ask("STARTTLS").await?.expect(2)?;
                let plain = talk.stream.into_inner();
                let mut talk = Talk::new(self.secured(plain).await?);
                talk.ask(&format!("EHLO {}", self.hello)).await?.expect(2)?;
                talk.hand_over(self, letter).await
            }
        }
    }

    async fn secured(&self, stream: TcpStream) -> Result<TlsStream<TcpStream>, Failure> {
        let name = ServerName::try_from(self.host.clone()).map_err(|_| Failure::NotSecure)?;
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        connector.connect(name, stream).await.map_err(|_| Failure::NotSecure)
    }
}

impl<S: Stream> Talk<S> {
    fn new(stream: S) -> Self {
        Self { stream: BufReader::new(stream) }
    }

    /// Waits for the greeting and says hello.
    async fn greeted(&mut self, hello: &str) -> Result<Said, Failure> {
        self.answer().await?.expect(2)?;
        self.ask(&format!("EHLO {hello}")).await?.expect(2)
    }

    async fn hand_over(&mut self, server: &Server, letter: &Letter<'_>) -> Result<(), Failure> {
        if let Some((user, password)) = &server.login {
            let plain = Zeroizing::new(format!("\0{user}\0{}", password.as_str()));
            let line = Zeroizing::new(format!("AUTH PLAIN {}", STANDARD.encode(plain.as_bytes())));
            self.ask(&line).await?.expect(2)?;
        }
        self.ask(&format!("MAIL FROM:<{}>", letter.from)).await?.expect(2)?;
        self.ask(&format!("RCPT TO:<{}>", letter.to)).await?.expect(2)?;
        self.ask("DATA").await?.expect(3)?;
        let mut data = String::with_capacity(letter.data.len() + 16);
        for line in letter.data.lines() {
            // A line that is a dot alone would end the message.
            if line.starts_with('.') {
                data.push('.');
            }
            data.push_str(line);
            data.push_str("\r\n");
        }
        data.push('.');
        self.ask(&data).await?.expect(2)?;
        // It was taken; how the goodbye goes does not matter.
        let _ = self.ask("QUIT").await;
        Ok(())
    }

    async fn ask(&mut self, line: &str) -> Result<Said, Failure> {
        let whole = Zeroizing::new([line, "\r\n"].concat());
        self.stream.write_all(whole.as_bytes()).await.map_err(|_| Failure::NoAnswer)?;
        self.stream.flush().await.map_err(|_| Failure::NoAnswer)?;
        self.answer().await
    }

    async fn answer(&mut self) -> Result<Said, Failure> {
        let mut said = Said { code: 0, lines: Vec::new() };
        let mut left = (&mut self.stream).take(LONGEST_ANSWER);
        loop {
            let mut line = String::new();
            let read = left.read_line(&mut line).await.map_err(|_| Failure::NoAnswer)?;
            if read == 0 || !line.ends_with('\n') {
                return Err(Failure::NoAnswer);
            }
            let line = line.trim_end();
            said.code = line.get(..3).and_then(|code| code.parse().ok()).ok_or(Failure::Unknown)?;
            said.lines.push(line.get(4..).unwrap_or_default().to_owned());
            // The last line has no hyphen behind its code.
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(said);
            }
        }
    }
}
