//! A system that is told of changes: it listens on a port of its own and keeps what it was sent.

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use std::sync::{Arc, Mutex};

/// A message that came.
#[derive(Debug, Clone)]
pub struct Came {
    /// The path that it was posted to.
    pub path: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: String,
}

impl Came {
    /// A header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// The system.
#[derive(Clone)]
pub struct Receiver {
    /// Its port on this machine.
    pub port: u16,
    came: Arc<Mutex<Vec<Came>>>,
    answers: Arc<Mutex<StatusCode>>,
}

impl Receiver {
    /// Starts one.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let this = Self { port, came: Arc::default(), answers: Arc::new(Mutex::new(StatusCode::OK)) };
        let own = this.clone();
        let router = Router::new().fallback(move |request: Request| {
            let own = own.clone();
            async move {
                let (parts, body) = request.into_parts();
                let body = to_bytes(body, 1 << 20).await.unwrap();
                let path = parts.uri.path().to_owned();
                let body = String::from_utf8(body.to_vec()).unwrap();
                own.came.lock().unwrap().push(Came { path, headers: parts.headers, body });
                let answer = *own.answers.lock().unwrap();
                if answer.is_redirection() {
                    Redirect::temporary("/elders").into_response()
                } else {
                    answer.into_response()
                }
            }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        this
    }

    /// Its address, with this path.
    pub fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// What it answers from now on.
    pub fn answers(&self, status: StatusCode) {
        *self.answers.lock().unwrap() = status;
    }

    /// What came since it was last asked.
    pub fn came(&self) -> Vec<Came> {
        std::mem::take(&mut self.came.lock().unwrap())
    }
}
