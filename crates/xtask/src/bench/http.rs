//! A load client of our own: HTTP/1.1 over one kept connection, with as little work per request as can be, since it shares
//! its cores with the server that is measured.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection that is kept.
#[derive(Debug)]
pub struct Connection {
    address: String,
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer, as it lies in the connection's buffer.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// Status code.
    pub status: u16,
    head: &'a [u8],
    /// The body, without the framing of chunks.
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        headers(self.head).find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// All headers of this name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        headers(self.head).filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.body).into_owned()
    }
}

impl Connection {
    /// Connects to `host:port`.
    pub async fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { address: address.to_owned(), stream, buffer: Vec::with_capacity(64 << 10) })
    }

    /// Sends a whole request and reads the whole answer.
    pub async fn send(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let end = loop {
            self.fill().await?;
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
        };
        let (status, framing, close) = read_head(&self.buffer[..end])?;
        let length = match framing {
            Framing::Length(length) => {
                while self.buffer.len() < end + length {
                    self.fill().await?;
                }
                length
            }
            Framing::Chunked => loop {
                match unchunk(&self.buffer[end..])? {
                    Some(body) => {
                        self.buffer.truncate(end);
                        self.buffer.extend_from_slice(&body);
                        break body.len();
                    }
                    None => self.fill().await?,
                }
            },
        };
        if close {
            self.stream = TcpStream::connect(&self.address).await?;
            self.stream.set_nodelay(true)?;
        }
        Ok(Answer { status, head: &self.buffer[..end], body: &self.buffer[end..end + length] })
    }

    async fn fill(&mut self) -> io::Result<()> {
        self.buffer.reserve(16 << 10);
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server hung up")),
            _ => Ok(()),
        }
    }
}

enum Framing {
    Length(usize),
    Chunked,
}

fn headers(head: &[u8]) -> impl Iterator<Item = (&str, &str)> {
    let lines = std::str::from_utf8(head).unwrap_or_default().lines().skip(1);
    lines.filter_map(|line| line.split_once(':')).map(|(key, value)| (key.trim(), value.trim()))
}

fn read_head(head: &[u8]) -> io::Result<(u16, Framing, bool)> {
    let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, format!("not an HTTP answer: {what}"));
    let status = head
        .get(9..12)
        .and_then(|code| std::str::from_utf8(code).ok()?.parse().ok())
        .ok_or_else(|| wrong("no status"))?;
    let (mut framing, mut close) = (None, false);
    for (key, value) in headers(head) {
        if key.eq_ignore_ascii_case("content-length") {
            framing = Some(Framing::Length(value.parse().map_err(|_| wrong("content-length"))?));
        } else if key.eq_ignore_ascii_case("transfer-encoding") && value.eq_ignore_ascii_case("chunked") {
            framing = Some(Framing::Chunked);
        } else if key.eq_ignore_ascii_case("connection") && value.eq_ignore_ascii_case("close") {
            close = true;
        }
    }
    match framing {
        Some(framing) => Ok((status, framing, close)),
        None if matches!(status, 204 | 304) => Ok((status, Framing::Length(0), close)),
        None => Err(wrong("no length")),
    }
}

/// The body of a chunked answer, once its last chunk is there.
fn unchunk(mut raw: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::with_capacity(raw.len());
    loop {
        let Some(line) = find(raw, b"\r\n") else { return Ok(None) };
        let size = std::str::from_utf8(&raw[..line])
            .ok()
            .and_then(|text| usize::from_str_radix(text.split(';').next()?.trim(), 16).ok());
        let size = size.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a chunk without a size"))?;
        let (from, to) = (line + 2, line + 2 + size);
        if raw.len() < to + 2 {
            return Ok(None);
        }
        if size == 0 {
            return Ok(Some(body));
        }
        body.extend_from_slice(&raw[from..to]);
        raw = &raw[to + 2..];
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

/// The bytes of a request. `headers` are whole lines without their ends.
pub fn request(method: &str, path: &str, host: &str, headers: &[&str], body: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut bytes = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n").into_bytes();
    for header in headers {
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    if let Some((kind, body)) = body {
        bytes.extend_from_slice(format!("content-type: {kind}\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes());
        bytes.extend_from_slice(body);
    } else {
        bytes.extend_from_slice(b"\r\n");
    }
    bytes
}

/// Text as it may stand in a query or a form.
pub fn encode(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    /// Serves each of these answers to one request on one connection, and counts the connections.
    fn with_server(answers: Vec<&'static [u8]>, connections: usize, test: impl AsyncFnOnce(Connection)) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap().to_string();
            let server = tokio::spawn(async move {
                let mut answers = answers.into_iter();
                for _ in 0..connections {
                    let (mut stream, _) = listener.accept().await.unwrap();
                    let mut seen = vec![0; 4096];
                    while let Ok(n) = stream.read(&mut seen).await
                        && n > 0
                    {
                        let Some(answer) = answers.next() else { return };
                        for part in answer.chunks(7) {
                            stream.write_all(part).await.unwrap();
                            stream.flush().await.unwrap();
                        }
                        if find(answer, b"close").is_some() {
                            break;
                        }
                    }
                }
            });
            test(Connection::open(&address).await.unwrap()).await;
            server.abort();
        });
    }

    #[test]
    fn answers_come_whole_however_they_are_cut_and_framed() {
        let answers: Vec<&'static [u8]> = vec![
            b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\nset-cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nhello world",
            b"HTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n",
            b"HTTP/1.1 204 No Content\r\n\r\n",
        ];
        with_server(answers, 1, async |mut connection| {
            let get = request("GET", "/", "x", &[], None);
            let answer = connection.send(&get).await.unwrap();
            assert_eq!((answer.status, answer.text().as_str()), (200, "hello world"));
            assert_eq!((answer.header("content-length"), answer.all("set-cookie")), (Some("11"), vec!["a=1", "b=2"]));
            let answer = connection.send(&get).await.unwrap();
            assert_eq!((answer.status, answer.text().as_str()), (404, "hello world"));
            assert_eq!(connection.send(&get).await.unwrap().status, 204);
        });
    }

    #[test]
    fn a_closed_connection_is_opened_again_and_a_lost_one_is_an_error() {
        let answers: Vec<&'static [u8]> = vec![
            b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1\r\n\r\na",
            b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nb",
        ];
        with_server(answers, 2, async |mut connection| {
            let get = request("GET", "/", "x", &["accept: */*"], None);
            assert_eq!(connection.send(&get).await.unwrap().text(), "a");
            assert_eq!(connection.send(&get).await.unwrap().text(), "b");
            assert!(connection.send(&get).await.is_err());
        });
    }

    #[test]
    fn a_request_says_how_long_it_is() {
        let bytes = request("POST", "/x", "h:1", &["a: b"], Some(("text/plain", b"hi")));
        assert_eq!(
            bytes,
            b"POST /x HTTP/1.1\r\nhost: h:1\r\na: b\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nhi"
        );
        assert_eq!(encode("http://a|é b"), "http%3A%2F%2Fa%7C%C3%A9%20b");
    }
}
