//! A browser without JavaScript: keeps cookies, follows nothing by itself, and posts the forms that pages hold.

use crate::harness::{Answer, Server};
use axum::body::Body;
use axum::http::{Request, header};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// A browser at an address.
pub struct Browser<'a> {
    pub server: &'a Server,
    pub cookies: Mutex<BTreeMap<String, String>>,
    agent: &'static str,
}

/// What a form needs to be sent, percent-encoded.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

impl<'a> Browser<'a> {
    pub fn new(server: &'a Server) -> Self {
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        Self { server, cookies: Mutex::default(), agent }
    }

    /// One that says it is something else.
    pub fn that_is(self, agent: &'static str) -> Self {
        Self { agent, ..self }
    }

    /// One in which a person of the demo signed in.
    pub async fn of(server: &'a Server, username: &str) -> Self {
        let browser = Self::new(server);
        let answer = browser.sign_in(username, &server.password(username)).await;
        assert_eq!(answer.status.as_u16(), 303, "{username}: {}", answer.text());
        browser
    }

    pub async fn sign_in(&self, username: &str, password: &str) -> Answer {
        self.post("/inloggen", &[("naam", username), ("wachtwoord", password)]).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Posts fields as they are, without a token.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<_> = fields.iter().map(|(n, v)| format!("{}={}", encoded(n), encoded(v))).collect();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body.join("&"))).unwrap()).await
    }

    /// Fills in a form: takes the token from the page `at` and posts it to `path` with the fields.
    pub async fn submit(&self, at: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(at).await;
        let token = page.hidden("csrf").unwrap_or_else(|| panic!("{at} has no form: {} {}", page.status, page.text()));
        let mut all = vec![("csrf", token.as_str())];
        all.extend_from_slice(fields);
        self.post(path, &all).await
    }

    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        let cookies: Vec<String> = self.cookies.lock().unwrap().iter().map(|(n, v)| format!("{n}={v}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        request.headers_mut().insert(header::USER_AGENT, self.agent.parse().unwrap());
        let answer = self.server.send(request).await;
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let mut kept = self.cookies.lock().unwrap();
            if value.is_empty() {
                kept.remove(name);
            } else {
                kept.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

impl Server {
    /// Password of a person of the demo.
    pub fn password(&self, username: &str) -> String {
        self.sheet.users.iter().find(|u| u.username == username).unwrap().password.clone()
    }
}

impl Answer {
    /// Value of the first hidden field with this name.
    pub fn hidden(&self, name: &str) -> Option<String> {
        let text = self.text();
        let from = text.find(&format!("type=\"hidden\" name=\"{name}\" value=\""))?;
        text[from..].split('"').nth(5).map(str::to_owned)
    }

    /// Where it sends one on to.
    pub fn location(&self) -> &str {
        self.header(header::LOCATION)
    }
}
