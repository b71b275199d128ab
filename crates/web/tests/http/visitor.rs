//! Somebody who signed in and then sends what no page of ours would.

use crate::harness::{Answer, Server};
use axum::body::Body;
use axum::http::{Request, header};
use std::collections::HashMap;

/// A session, as its cookies.
pub struct Visitor<'a> {
    pub server: &'a Server,
    pub cookies: String,
}

/// A form of a page: where it goes, and its fields with what stands in them.
#[derive(Debug, Clone)]
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String, bool)>,
    /// Its buttons that say which of them was pressed.
    pub buttons: Vec<(String, String)>,
}

impl<'a> Visitor<'a> {
    pub async fn sign_in(server: &'a Server, username: &str) -> Self {
        let user = server.sheet.users.iter().find(|u| u.username == username).unwrap();
        let answer = server.form("/inloggen", &form(&[("naam", username), ("wachtwoord", &user.password)])).await;
        assert_eq!(answer.status.as_u16(), 303, "{}", answer.text());
        Self { server, cookies: cookies(&answer) }
    }

    pub async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, &self.cookies);
        self.server.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(path, fields, &[]).await
    }

    pub async fn post_with(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(path)
            .header(header::COOKIE, &self.cookies)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.server.send(request.body(Body::from(form(fields))).unwrap()).await
    }

    /// The token of this session's forms.
    pub async fn csrf(&self) -> String {
        let page = self.get("/").await.text();
        tags(&page, "input").iter().find(|t| t["name"] == "csrf").unwrap()["value"].clone()
    }
}

/// What the browser would send back of the cookies that it was given.
pub fn cookies(answer: &Answer) -> String {
    let set = answer.headers.get_all(header::SET_COOKIE).iter();
    let pairs: Vec<&str> = set.map(|v| v.to_str().unwrap().split(';').next().unwrap()).collect();
    pairs.join("; ")
}

pub fn form(fields: &[(&str, &str)]) -> String {
    let text = |t: &str| percent_encoding::utf8_percent_encode(t, percent_encoding::NON_ALPHANUMERIC).to_string();
    fields.iter().map(|(n, v)| format!("{}={}", text(n), text(v))).collect::<Vec<_>>().join("&")
}

/// Every tag of this name with its attributes, as a browser reads them.
pub fn tags(html: &str, name: &str) -> Vec<HashMap<String, String>> {
    let mut found = Vec::new();
    for piece in html.split('<').skip(1) {
        let Some(rest) = piece.strip_prefix(name).filter(|r| r.starts_with([' ', '\n', '>'])) else { continue };
        found.push(attributes(rest));
    }
    found
}

fn attributes(mut rest: &str) -> HashMap<String, String> {
    let mut all: HashMap<String, String> =
        ["name", "value", "type", "action", "method"].map(|n| (n.to_owned(), String::new())).into();
    loop {
        rest = rest.trim_start();
        let end = rest.find(['=', '>', ' ', '\n']).unwrap_or(rest.len());
        let name = &rest[..end];
        rest = &rest[end..];
        if name.is_empty() || name == "/" {
            return all;
        }
        let Some(after) = rest.strip_prefix("=\"") else {
            all.insert(name.to_owned(), String::new());
            if rest.starts_with('>') {
                return all;
            }
            continue;
        };
        let Some((value, behind)) = after.split_once('"') else { return all };
        let plain = value.replace("&#x2F;", "/").replace("&#47;", "/").replace("&quot;", "\"").replace("&#34;", "\"");
        let plain = plain.replace("&#39;", "'").replace("&lt;", "<").replace("&#60;", "<").replace("&gt;", ">");
        all.insert(name.to_owned(), plain.replace("&#62;", ">").replace("&amp;", "&").replace("&#38;", "&"));
        rest = behind;
    }
}

/// The forms of a page that change something; each field with its value, and whether one can type in it.
pub fn forms(html: &str, at: &str) -> Vec<Form> {
    let mut found = Vec::new();
    for piece in html.split("<form").skip(1) {
        let (head, body) = piece.split_once('>').unwrap_or((piece, ""));
        let head = attributes(&format!(" {head}>"));
        if !head["method"].eq_ignore_ascii_case("post") {
            continue;
        }
        let body = body.split("</form>").next().unwrap_or("");
        let mut fields: Vec<(String, String, bool)> = Vec::new();
        for tag in tags(body, "input") {
            let typed = !matches!(tag["type"].as_str(), "hidden" | "radio" | "checkbox" | "submit" | "file");
            let file = tag["type"] == "file";
            let sent = typed || file || tag["type"] == "hidden" || tag.contains_key("checked");
            if sent && !tag["name"].is_empty() {
                fields.push((tag["name"].clone(), tag["value"].clone(), typed));
            }
        }
        // Of what must be chosen and is not yet, the first.
        for tag in tags(body, "input").iter().filter(|t| t["type"] == "radio") {
            if !fields.iter().any(|f| f.0 == tag["name"]) {
                fields.push((tag["name"].clone(), tag["value"].clone(), false));
            }
        }
        for piece in body.split("<select").skip(1) {
            let (head, options) = piece.split_once('>').unwrap_or((piece, ""));
            let name = attributes(&format!(" {head}>"))["name"].clone();
            let options = tags(options.split("</select>").next().unwrap_or(""), "option");
            let chosen = options.iter().find(|o| o.contains_key("selected") && !o["value"].is_empty());
            let chosen = chosen.or_else(|| options.iter().find(|o| !o["value"].is_empty()));
            fields.push((name, chosen.map(|o| o["value"].clone()).unwrap_or_default(), false));
        }
        for tag in tags(body, "textarea") {
            fields.push((tag["name"].clone(), String::new(), true));
        }
        let named = tags(body, "button").into_iter().filter(|b| !b["name"].is_empty());
        let buttons = named.map(|b| (b["name"].clone(), b["value"].clone())).collect();
        let action = if head["action"].is_empty() { at.to_owned() } else { head["action"].clone() };
        found.push(Form { action, fields, buttons });
    }
    found
}

/// Every page's path that is served, so that a new one is tried too.
pub fn routes() -> Vec<String> {
    let mut all: Vec<String> = web::routes().into_iter().map(|r| r.path).collect();
    all.retain(|p| p.starts_with('/') && !p.contains('*') && !p.starts_with("/fhir") && !p.starts_with("/oauth"));
    all.sort();
    all.dedup();
    assert!(all.iter().filter(|p| p.contains("{id}")).count() > 8, "{all:?}");
    all
}

/// Organisation and colleague of somebody of the demo, for the places of paths that want them.
pub async fn at_work(server: &Server, username: &str) -> [(&'static str, String); 2] {
    let user = server.sheet.users.iter().find(|u| u.username == username).unwrap();
    let all = server.store.organisations().await.unwrap();
    let Some(organisation) = all.into_iter().find(|o| o.name == user.organisation) else {
        return [("{organisation}", "1".to_owned()), ("{person}", "1".to_owned())];
    };
    let people = server.store.people_of(&organisation.id, web::Clock::default().real()).await.unwrap();
    let person = people.into_iter().map(|(p, _)| p).find(|p| p.username != username);
    let person = person.map_or_else(|| "1".to_owned(), |p| p.id.to_string());
    [("{organisation}", organisation.id.to_string()), ("{person}", person)]
}

/// A path with these places filled in.
pub fn filled_with(route: &str, patient: &str, places: &[(&str, String)]) -> String {
    let path = places.iter().fold(route.to_owned(), |path, (name, value)| path.replace(name, value));
    filled(&path, patient)
}

/// A path with its places filled in.
pub fn filled(route: &str, patient: &str) -> String {
    let mut path = route.replace("{id}", patient).replace("{patient}", patient);
    while let (Some(open), Some(close)) = (path.find('{'), path.find('}')) {
        path.replace_range(open..=close, "1");
    }
    path
}
