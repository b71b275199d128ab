//! Who is in the demo region, and getting in: as a system with a token, as the doctor with a cookie.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::http::{Answer, Connection, encode, request};

/// What `tijdig demo` writes when it is ready.
#[derive(Debug, Deserialize)]
pub struct Demo {
    /// Address as a browser has it.
    pub base_url: String,
    /// One for every role, named by it.
    pub users: Vec<User>,
    /// Systems that may use the FHIR API.
    pub api_clients: Vec<Client>,
    /// Everybody.
    pub patients: Vec<Person>,
}

/// A person who may sign in.
#[derive(Debug, Deserialize)]
pub struct User {
    /// Name to sign in with.
    pub username: String,
    /// Password to sign in with.
    pub password: String,
}

/// A system.
#[derive(Debug, Deserialize)]
pub struct Client {
    /// Its name.
    #[serde(rename = "client_id")]
    pub id: String,
    /// Its secret.
    #[serde(rename = "client_secret")]
    pub secret: String,
    /// Everything that it may do.
    pub scope: String,
}

/// A patient.
#[derive(Debug, Clone, Deserialize)]
pub struct Person {
    /// The id in paths of pages and of FHIR.
    pub id: String,
    /// Citizen service number.
    pub bsn: String,
}

impl Demo {
    /// Where it is, in a data folder.
    pub fn file(data: &Path) -> PathBuf {
        data.join("demo.json")
    }

    /// Reads it.
    pub fn read(data: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(Self::file(data)).map_err(|e| format!("demo.json: {e}"))?;
        serde_json::from_str(&text).map_err(|e| format!("demo.json: {e}"))
    }

    /// Host and port as a browser has them.
    pub fn host(&self) -> &str {
        self.base_url.split_once("://").map_or(self.base_url.as_str(), |(_, rest)| rest.trim_end_matches('/'))
    }

    /// An access token for the system that may do everything.
    pub async fn token(&self, connection: &mut Connection) -> Result<String, String> {
        let client =
            self.api_clients.iter().find(|c| c.id == "provider-test").ok_or("demo.json has no provider-test")?;
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}&scope={}",
            encode(&client.id),
            encode(&client.secret),
            encode(&client.scope)
        );
        let asked = request("POST", "/oauth/token", self.host(), &[], Some((FORM, form.as_bytes())));
        let answer = connection.send(&asked).await.map_err(|e| format!("token: {e}"))?;
        let said: serde_json::Value = serde_json::from_slice(answer.body).unwrap_or_default();
        let token = said.get("access_token").and_then(serde_json::Value::as_str);
        token.map(str::to_owned).ok_or_else(|| format!("no token: {} {}", answer.status, answer.text()))
    }

    /// Signs somebody in through the page, as a browser without JavaScript would, and returns the cookies.
    pub async fn cookies(&self, connection: &mut Connection, username: &str) -> Result<String, String> {
        let known = self.users.iter().find(|u| u.username == username);
        let user = known.ok_or_else(|| format!("demo.json has no user {username}"))?;
        let mut jar = Jar::default();
        let (mut path, mut hops) = ("/account".to_owned(), 0);
        let page = loop {
            let cookie = jar.header();
            let asked = request("GET", &path, self.host(), &[cookie.as_str(), "accept: text/html"], None);
            let answer = connection.send(&asked).await.map_err(|e| format!("{path}: {e}"))?;
            jar.keep(&answer);
            match answer.header("location") {
                Some(to) if (300..400).contains(&answer.status) && hops < 5 => path = self.local(to),
                _ if answer.body.is_empty() => {
                    return Err(format!("{path}: {} and nothing to sign in with", answer.status));
                }
                _ => break answer.text(),
            }
            hops += 1;
        };
        let form = SignIn::find(&page).ok_or_else(|| format!("{path} has no form with a password"))?;
        let body = form.filled(&user.username, &user.password);
        let action = form.action.as_deref().map_or_else(|| path.clone(), |to| self.local(to));
        let origin = format!("origin: {}", self.base_url.trim_end_matches('/'));
        let cookie = jar.header();
        let headers = [cookie.as_str(), origin.as_str(), "accept: text/html", "sec-fetch-site: same-origin"];
        let asked = request("POST", &action, self.host(), &headers, Some((FORM, body.as_bytes())));
        let answer = connection.send(&asked).await.map_err(|e| format!("{action}: {e}"))?;
        if !(300..400).contains(&answer.status) {
            return Err(format!("signing in as {username} was answered with {}", answer.status));
        }
        jar.keep(&answer);
        Ok(jar.header())
    }

    fn local(&self, address: &str) -> String {
        address.strip_prefix(self.base_url.trim_end_matches('/')).unwrap_or(address).to_owned()
    }
}

/// How forms are sent.
pub const FORM: &str = "application/x-www-form-urlencoded";

#[derive(Debug, Default)]
struct Jar(Vec<(String, String)>);

impl Jar {
    fn keep(&mut self, answer: &Answer<'_>) {
        for line in answer.all("set-cookie") {
            if let Some((name, value)) = line.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.0.retain(|(known, _)| known != name);
                self.0.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    fn header(&self) -> String {
        let pairs: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("cookie: {}", pairs.join("; "))
    }
}

/// The form of a page that asks for a password.
#[derive(Debug)]
struct SignIn {
    action: Option<String>,
    /// Hidden fields with their values.
    hidden: Vec<(String, String)>,
    name: String,
    password: String,
}

impl SignIn {
    fn find(page: &str) -> Option<Self> {
        page.split("<form").skip(1).find_map(|rest| {
            let form = rest.split("</form").next()?;
            let mut found = Self {
                action: attribute(form.split('>').next()?, "action").filter(|action| !action.is_empty()),
                hidden: Vec::new(),
                name: String::new(),
                password: String::new(),
            };
            for input in form.split("<input").skip(1).filter_map(|tag| tag.split('>').next()) {
                let Some(name) = attribute(input, "name") else { continue };
                match attribute(input, "type").as_deref() {
                    Some("hidden") => found.hidden.push((name, attribute(input, "value").unwrap_or_default())),
                    Some("password") => found.password = name,
                    None | Some("text" | "email") if found.name.is_empty() => found.name = name,
                    _ => {}
                }
            }
            (!found.password.is_empty() && !found.name.is_empty()).then_some(found)
        })
    }

    fn filled(&self, name: &str, password: &str) -> String {
        let asked = [(self.name.as_str(), name), (self.password.as_str(), password)];
        let hidden = self.hidden.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        let pairs: Vec<String> =
            hidden.chain(asked).map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
        pairs.join("&")
    }
}

/// The value of an attribute in a tag's text.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.match_indices(name).find_map(|(at, _)| {
        let before = tag[..at].chars().next_back();
        let after = tag[at + name.len()..].strip_prefix("=\"")?;
        before.is_none_or(char::is_whitespace).then_some(after)
    })?;
    let value = start.split('"').next()?;
    Some(value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_with_a_password_is_found_and_filled() {
        let page = r#"<form action="/zoek"><input name="q"></form>
            <form method="post" action="/inloggen?next=%2F&amp;x=1">
              <input type="hidden" name="csrf" value="a&amp;b+">
              <label>Naam <input id="n" name="gebruiker" autocomplete="username"></label>
              <input type="password" name="wachtwoord" data-name="x"><button name="go">In</button></form>"#;
        let form = SignIn::find(page).unwrap();
        assert_eq!(form.action.as_deref(), Some("/inloggen?next=%2F&x=1"));
        assert_eq!(form.filled("gp", "s e"), "csrf=a%26b%2B&gebruiker=gp&wachtwoord=s%20e");
        assert!(SignIn::find("<form><input name=q></form>").is_none());
    }

    #[test]
    fn the_contract_of_demo_json_is_read() {
        let text = r#"{"base_url":"http://localhost:8080","users":[{"username":"gp","password":"p","role":"gp","name":"n","organisation":"o"}],
            "api_clients":[{"client_id":"provider-test","client_secret":"s","scope":"system/*.rs","organisation":"o"}],
            "patients":[{"id":"i","bsn":"b","name":"n","birth_date":"1940-01-01","sharing":"agreed"}]}"#;
        let demo: Demo = serde_json::from_str(text).unwrap();
        assert_eq!(demo.host(), "localhost:8080");
        assert_eq!(demo.local("http://localhost:8080/in"), "/in");
        assert_eq!(demo.patients[0].id, "i");
    }
}
