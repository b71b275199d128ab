//! `/toolkit`: material by audience, topic, language and region (PROCESS T1), with filters in the address; one piece of it;
//! and giving it to a patient (V3), which stands where a conversation is prepared and on the patient's own page.

mod give;
mod manage;
mod one;
mod own;

pub use own::{GivenRow, rows as given_rows};
#[cfg(test)]
pub use {
    give::{GivePage, form as give_form},
    manage::{ManagePage, OwnRow, form as manage_form},
    one::{FoundRow, OnePage},
};

use super::field::{Choice, Field};
use super::frame::{Frame, Place as At};
use super::implementation;
use super::render::{Answer, page, sees_patients};
use crate::access::is_own;
use crate::app::App;
use crate::error::PageError;
use crate::routes::{Routes, get};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use domain::date::local_day;
use domain::toolkit::{Audience, LIBRARY, Language, Material, Place, Topic, Wanted};
use domain::words;
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use store::toolkit::Link;

/// The pages of the toolkit.
pub fn routes() -> Routes {
    Routes::new()
        .route("/toolkit", get(overview))
        .route("/toolkit/{stuk}", get(one::get).post(one::post))
        .route("/toolkit/{stuk}/bestand", get(one::file))
        .route("/patienten/{id}/materiaal", get(give::get).post(give::post))
        .route("/mijn/{id}/materiaal/{stuk}", get(own::file))
        .route(
            "/beheer/organisaties/{organisation}/materiaal",
            get(manage::get).post(manage::post).at_most(super::documents::MOST_BYTES),
        )
}

/// What the address asks for: codes, and the name of a region.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    voor: String,
    #[serde(default)]
    over: String,
    #[serde(default)]
    taal: String,
    #[serde(default)]
    regio: String,
}

impl Which {
    /// For whom, and about what.
    #[cfg(test)]
    pub fn of(voor: &str, over: &str) -> Self {
        Self { voor: voor.to_owned(), over: over.to_owned(), ..Self::default() }
    }

    fn wanted(&self) -> Wanted {
        Wanted {
            audience: Audience::of_code(&self.voor),
            topic: Topic::of_code(&self.over),
            language: Language::of_code(&self.taal),
            region: Some(self.regio.trim().to_owned()).filter(|r| !r.is_empty()),
        }
    }
}

/// The page.
#[derive(Template)]
#[template(path = "toolkit/overview.html")]
pub struct ToolkitPage {
    /// Title, menu.
    pub frame: Frame,
    /// How much there is, in a sentence.
    pub lead: String,
    /// May this person read how their organisation anchors it?
    pub anchors: bool,
    /// What to narrow to.
    pub filters: [Field; 4],
    /// What there is, by topic.
    pub groups: Vec<Group>,
}

/// Material about one topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The topic.
    pub title: String,
    /// What there is.
    pub rows: Vec<Row>,
}

/// One piece of material in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// What it is called.
    pub title: String,
    /// Who made it, for whom, in which language, for which region.
    pub fine: String,
    /// Where it is, with the word for the link.
    pub place: Option<(String, &'static str)>,
    /// Why it may not be there any more.
    pub broken: Option<String>,
}

/// What an address that does not answer is told as.
fn broken(link: Option<&Link>) -> Option<String> {
    let link = link?;
    let since = words::day(local_day(link.failing_since?));
    let why = link.why.as_deref().unwrap_or("er komt geen antwoord");
    let last = link.answered_at.map(|at| format!("; het laatst gezien op {}", words::day(local_day(at))));
    Some(format!("Werkt niet sinds {since}: {why}{}.", last.unwrap_or_default()))
}

/// Who made it, for whom, in which language, for which region.
fn fine(material: &Material) -> String {
    let audience: Vec<&str> = material.audience.iter().map(|a| a.dutch()).collect();
    let languages: Vec<&str> = material.languages.iter().map(|l| l.dutch()).collect();
    let mut parts = vec![material.publisher.clone(), format!("voor {}", words::join(&audience))];
    if material.languages != [Language::Dutch] {
        parts.push(words::join(&languages));
    }
    parts.extend(material.region.clone());
    parts.join("; ")
}

/// Where it is, with the word for the link.
fn place(material: &Material) -> Option<(String, &'static str)> {
    match material.place.as_ref()? {
        Place::Address(address) => Some((address.clone(), "Open de pagina")),
        Place::File(_) => Some((format!("/toolkit/{}/bestand", material.key), "Open het bestand")),
    }
}

fn row(material: &Material, links: &HashMap<String, Link>) -> Row {
    Row {
        href: format!("/toolkit/{}", material.key),
        title: material.title.clone(),
        fine: fine(material),
        place: place(material),
        broken: broken(material.address().and_then(|a| links.get(a))),
    }
}

/// What there is for this person: what their organisation has, and the library.
///
/// # Errors
/// Where the store fails.
pub async fn all(app: &App, who: &SignedIn) -> Result<Vec<Material>, store::Error> {
    let own = app.store().materials_of(&who.organisation.id).await?;
    let own = own.iter().map(|k| Material::own(&k.id, &k.own, &who.organisation.name));
    Ok(own.chain(LIBRARY.iter().map(Material::listed)).collect())
}

/// One piece of it.
async fn find(app: &App, who: &SignedIn, key: &str) -> Result<Material, PageError> {
    all(app, who).await?.into_iter().find(|m| m.key == key).ok_or(PageError::NotFound)
}

/// The toolkit is for who works with it; the patient and theirs find on their own page what they were given.
fn may_enter(who: &SignedIn) -> Result<(), PageError> {
    if is_own(&who.actor) { Err(PageError::Forbidden) } else { Ok(()) }
}

fn choices<T: Copy>(all: &[T], none: &str, of: fn(T) -> (&'static str, &'static str)) -> Vec<Choice> {
    let all = all.iter().map(|one| of(*one)).map(|(code, words)| Choice::of(code, words::capitalised(words)));
    std::iter::once(Choice::of("", none)).chain(all).collect()
}

/// The page, of what there is.
pub fn view(frame: Frame, all: &[Material], which: &Which, links: &HashMap<String, Link>) -> ToolkitPage {
    let wanted = which.wanted();
    let fits: Vec<&Material> = all.iter().filter(|m| wanted.fits(m)).collect();
    let groups = Topic::ALL.iter().map(|topic| Group {
        title: words::capitalised(topic.dutch()),
        rows: fits.iter().filter(|m| m.topic == *topic).map(|m| row(m, links)).collect(),
    });
    let regions: BTreeSet<&str> = all.iter().filter_map(|m| m.region.as_deref()).collect();
    let regions = regions.into_iter().map(|r| Choice::of(r, r));
    let regions = std::iter::once(Choice::of("", "Overal")).chain(regions).collect();
    let audience = choices(Audience::ALL, "Iedereen", |a| (a.code(), a.dutch()));
    let topics = choices(Topic::ALL, "Alles", |t| (t.code(), t.dutch()));
    let languages = choices(Language::ALL, "Elke taal", |l| (l.code(), l.dutch()));
    ToolkitPage {
        frame,
        lead: match fits.len() {
            0 => "Hier is nog niets voor. Kies minder filters.".to_owned(),
            n => format!("{}.", words::capitalised(&words::counted(n, "stuk", "stukken"))),
        },
        anchors: false,
        filters: [
            Field::select("voor", "Voor wie?", &which.voor, audience),
            Field::select("over", "Waarover?", &which.over, topics),
            Field::select("taal", "In welke taal?", &which.taal, languages),
            Field::select("regio", "Voor welke regio?", &which.regio, regions),
        ],
        groups: groups.filter(|g| !g.rows.is_empty()).collect(),
    }
}

/// `GET /toolkit`.
async fn overview(State(app): State<App>, who: SignedIn, Query(which): Query<Which>) -> Answer {
    may_enter(&who)?;
    let links = app.store().links().await?;
    let view = view(Frame::signed(&who, "Toolkit", At::Toolkit), &all(&app, &who).await?, &which, &links);
    Ok(page(&ToolkitPage { anchors: implementation::reads(&who), ..view }))
}

/// May this person give material to a patient?
fn may_give(who: &SignedIn) -> bool {
    sees_patients(who)
}
