//! `/mijn/{id}/kopie.pdf`: the complete copy on paper (Wabvpz 15d and 15e): who the patient is, every version of the plan
//! in full, choices about sharing, the care team, own words and requests, and everybody who did something.

use super::copy::{documents, leave, log};
use super::{Id, SaidRow, Visit, said_row};
use crate::app::App;
use crate::error::PageError;
use crate::pages::history::{marked, who as recorded_by};
use crate::pages::log::who_looked::{Looked, LookedDay, told};
use crate::pages::on_paper::{dated, person, sections};
use crate::pages::patient::facts;
use crate::pages::plan_view::{PlanView, Source};
use crate::pages::render::{Answer, review_by};
use crate::press::shown;
use crate::session::SignedIn;
use axum::extract::{Path, State};
use domain::consent::Scope;
use domain::date::local_day;
use domain::plan::ReviewBy;
use domain::words;
use jiff::Timestamp;
use paper::{Block, Chapter, Column, Dossier, Fact, Table};
use store::plans::StoredVersion;
use store::sharing::SharingEvent;
use store::team::{Member, Membership};

/// `GET /mijn/{id}/kopie.pdf`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Id) -> Answer {
    let (visit, permit) = leave(&app, who, &id).await?;
    let (store, now, today) = (app.store(), app.clock().now(), app.clock().today());
    let versions = store.versions(&permit, now, "copy").await?;
    let (_, events) = store.sharing(&permit, now).await?;
    let team = store.team(&permit, now).await?;
    let said: Vec<SaidRow> = store.own_words(&permit, now).await?.iter().map(|w| said_row(w, "", today)).collect();
    let looked = told(&app, &log(&app, &permit).await?).await?;
    let whose = if visit.is_me() { "u".to_owned() } else { visit.name() };
    let months = review_by(&app, &permit).await?.interval_months;
    let sheet = Dossier {
        title: format!("Alles wat over {whose} is bewaard"),
        name: visit.patient.name.full(),
        facts: vec![
            fact("Geboren", words::date(&visit.patient.birth_date)),
            fact("BSN", visit.patient.bsn.as_str()),
            fact("Gemaakt op", words::moment(now)),
        ],
        edition: words::day(local_day(now)),
        intro: intro(&visit),
        contents_title: "Wat erin staat".to_owned(),
        chapters: vec![
            chapter("Gegevens", identity(&visit)),
            chapter("Het plan, elke versie", plan(&versions, months)),
            chapter("Documenten", papers(documents(&app, &visit, &permit).await?)),
            chapter("Keuzes over delen", sharing(&app, &events).await?),
            chapter("Zorgteam", circle(&app, team).await?),
            chapter("Eigen woorden en verzoeken", own_words(&said)),
            chapter("Wie deed wat met het dossier", log_table(looked)),
        ],
        dated: dated(local_day(now)),
    };
    let pdf = app.press().set(move || sheet.to_pdf()).await?;
    Ok(shown(pdf, "kopie-dossier"))
}

fn fact(label: &str, says: impl Into<String>) -> Fact {
    Fact { label: label.to_owned(), says: says.into() }
}

fn chapter(title: &str, blocks: Vec<Block>) -> Chapter {
    Chapter { title: title.to_owned(), blocks }
}

fn intro(visit: &Visit) -> Vec<String> {
    let right = if visit.is_me() {
        "U hebt recht op een kopie van alles wat er over u is bewaard. U mag ook weten wie erin keek. Dit is die kopie."
            .to_owned()
    } else {
        format!(
            "U spreekt namens {}. Daarom mag u een kopie hebben van alles wat er is bewaard, en weten wie erin keek. Dit is die kopie.",
            visit.name()
        )
    };
    let care = "Er staat veel persoonlijks in. Bewaar de kopie op een veilige plek, en laat hem alleen lezen aan wie u vertrouwt.";
    vec![right, care.to_owned()]
}

fn identity(visit: &Visit) -> Vec<Block> {
    vec![Block::Facts { facts: facts(&visit.patient).into_iter().map(|f| fact(f.label, f.value)).collect() }]
}

/// Each version as it stood, newest first; ages are left out and doubts are those of its own day.
fn plan(versions: &[StoredVersion], interval_months: u32) -> Vec<Block> {
    if versions.is_empty() {
        return vec![Block::text("Er is nog geen plan.")];
    }
    let mut blocks = Vec::new();
    for stored in versions.iter().rev() {
        let version = &stored.version;
        let today = local_day(version.recorded_at);
        let by = ReviewBy { today, interval_months };
        let source = Source { content: &version.content, before: &[], left_out: &[], by, ages: false };
        let view = PlanView::from_source(&source);
        blocks.push(Block::heading(format!("Versie {} van {}", version.number, words::day(today))));
        blocks.extend(stored.mark.as_ref().map(|mark| Block::text(marked(mark))));
        blocks.push(Block::text(format!("{}.", recorded_by(version))));
        blocks.extend(version.reason.as_ref().map(|reason| Block::text(format!("Reden: {reason}"))));
        blocks.push(Block::text(view.summary));
        blocks.push(Block::Sections { sections: sections(&view.sections) });
        if !view.people.is_empty() {
            blocks.push(Block::People { people: view.people.iter().map(person).collect() });
        }
    }
    blocks
}

fn papers(lines: Vec<String>) -> Vec<Block> {
    if lines.is_empty() {
        return vec![Block::text("Er zijn geen documenten bewaard.")];
    }
    lines.into_iter().map(Block::text).collect()
}

async fn sharing(app: &App, events: &[SharingEvent]) -> Result<Vec<Block>, PageError> {
    if events.is_empty() {
        return Ok(vec![Block::text("Er is nog niets gekozen over delen.")]);
    }
    let mut rows = Vec::new();
    for event in events.iter().rev() {
        let said = &event.said;
        let whom = match &said.scope {
            Scope::Everyone => "alle betrokken zorgverleners".to_owned(),
            Scope::Kind(kind) => format!("elke organisatie van de soort {}", kind.dutch()),
            Scope::Organisation(id) => app.store().organisation(id).await?.map_or_else(gone, |o| o.name),
            Scope::Relatives(part) => format!("naasten, het deel ‘{}’", part.dutch()),
        };
        let by = format!("{}, {}", said.by.dutch(), said.how.dutch());
        rows.push(vec![words::moment(event.at), words::capitalised(&whom), said.value.dutch().to_owned(), by]);
    }
    let columns = vec![
        Column::new("Wanneer", 5),
        Column::new("Delen met", 6),
        Column::new("Keuze", 3),
        Column::new("Gezegd door", 4),
    ];
    Ok(vec![Block::Table { table: Table { columns, rows } }])
}

fn gone() -> String {
    "een organisatie die hier niet meer is".to_owned()
}

async fn circle(app: &App, team: Vec<Membership>) -> Result<Vec<Block>, PageError> {
    let day = |at: Timestamp| words::day(local_day(at));
    let mut rows = Vec::new();
    for membership in team {
        let name = match &membership.member {
            Member::Organisation(id) => app.store().organisation(id).await?.map_or_else(gone, |o| o.name),
            Member::Person(id) => app
                .store()
                .person(id)
                .await?
                .map_or_else(|| "iemand die hier niet meer is".to_owned(), |p| p.name.full()),
        };
        let about = membership.about;
        let word = if about.word.is_empty() { String::new() } else { format!("op verzoek van {}", about.word) };
        let until = match (membership.until, about.ended_because) {
            (None, _) => "nu nog".to_owned(),
            (Some(until), None) => day(until),
            (Some(until), Some(why)) => format!("{}: {why}", day(until)),
        };
        let role = about.role.map_or("", domain::role::Role::dutch);
        rows.push(vec![name, role.to_owned(), word, day(membership.from), until]);
    }
    if rows.is_empty() {
        return Ok(vec![Block::text("Er is nog niemand in het zorgteam.")]);
    }
    let columns =
        [("Wie", 5), ("Rol", 4), ("Waarom", 4), ("Vanaf", 3), ("Tot", 4)].map(|(t, s)| Column::new(t, s)).to_vec();
    Ok(vec![Block::Table { table: Table { columns, rows } }])
}

fn own_words(said: &[SaidRow]) -> Vec<Block> {
    if said.is_empty() {
        return vec![Block::text("Er is niets bijgeschreven of gevraagd.")];
    }
    let block = |s: &SaidRow| {
        [Block::heading(s.title.clone()), Block::text(s.text.clone()), Block::text(s.state.clone())]
            .into_iter()
            .chain(s.answer.clone().map(Block::text))
            .collect::<Vec<_>>()
    };
    said.iter().flat_map(block).collect()
}

/// The whole log in the patient's words, newest first.
fn log_table(days: Vec<LookedDay>) -> Vec<Block> {
    let row = |day: &str, looked: Looked| {
        let who = if looked.part.is_empty() { looked.who } else { format!("{}, {}", looked.who, looked.part) };
        vec![day.to_owned(), looked.time, who, words::capitalised(&format!("{}.", looked.what)), looked.ground]
    };
    let rows: Vec<Vec<String>> =
        days.into_iter().flat_map(|d| d.rows.into_iter().map(move |r| row(&d.title, r))).collect();
    let columns = [("Dag", 5), ("Tijd", 3), ("Wie", 5), ("Wat", 6), ("Waarom dit mocht", 6)];
    let columns = columns.map(|(title, share)| Column::new(title, share)).to_vec();
    vec![
        Block::text(
            "Het nieuwste staat bovenaan. Wat iemand op een dag vaker deed, staat er één keer, met de eerste en de laatste tijd.",
        ),
        Block::Table { table: Table { columns, rows } },
    ]
}
