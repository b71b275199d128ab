//! `/overleg/{overleg}/overleg.pdf`: the meeting on paper, with those of its list whom this person may print; and what was agreed
//! for one of them, to hand out. Printing is an act of its own in the log of each.

use super::said::Said;
use super::{facts, find};
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::pages::care_team::{Names, leads_sentence};
use crate::pages::dutch;
use crate::pages::on_paper::dated;
use crate::pages::render::Answer;
use crate::pages::rows::leaves;
use crate::press::shown;
use crate::session::SignedIn;
use axum::extract::{Path, State};
use domain::access::Action;
use domain::ident::PatientId;
use domain::meeting::discussed;
use domain::path::stands;
use domain::patient::Patient;
use domain::words;
use paper::{Block, Chapter, Column, Fact, Minutes, Table};
use store::meetings::Called;

fn fact(label: &str, says: impl Into<String>) -> Fact {
    Fact { label: label.to_owned(), says: says.into() }
}

/// What is said of one patient.
pub fn chapter(patient: &Patient, known: [String; 2], said: Option<&Said>, today: jiff::civil::Date) -> Chapter {
    let [state, leads] = known;
    let mut facts =
        vec![fact("Geboren", dutch::born(patient, today)), fact("Waar de patiënt staat", state), fact("Regie", leads)];
    let mut blocks = Vec::new();
    match said {
        None => facts.push(fact("Besluit", "Nog niet besproken in dit overleg.")),
        Some(said) => {
            let more = [
                ("Wie de patiënt kennen", Some(said.knows.clone())),
                ("Hoe het gaat", said.situation.clone()),
                ("Besluit", Some(said.decisions.clone())),
                ("Toelichting", said.words.clone()),
                ("Regie over het samenwerkingsplan", said.lead.clone()),
            ];
            facts.extend(more.into_iter().filter_map(|(l, s)| Some(fact(l, s.filter(|s| !s.is_empty())?))));
            if !said.tasks.is_empty() {
                blocks.push(Block::heading("Samenwerkingsplan"));
                let columns = [("Wie", 5), ("Wat", 6), ("Uiterlijk", 3), ("Hoe het staat", 5)];
                let columns = columns.map(|(title, share)| Column::new(title, share)).to_vec();
                let row =
                    |t: &super::said::TaskView| vec![t.who.clone(), t.what.clone(), t.by.clone(), t.state.clone()];
                blocks.push(Block::Table { table: Table { columns, rows: said.tasks.iter().map(row).collect() } });
            }
        }
    }
    blocks.insert(0, Block::Facts { facts });
    Chapter { title: dutch::addressed(patient), blocks }
}

/// A patient of the list as a chapter; `None`: this person may not print it, or the record was merged into another.
async fn chapter_of(app: &App, who: &SignedIn, called: &Called, id: &PatientId) -> Result<Option<Chapter>, PageError> {
    let (now, today) = (app.clock().now(), app.clock().today());
    let [print, read] = leaves(app, &who.actor, [Action::Print, Action::ReadPlan], id).await?;
    let (Some(print), Some(read)) = (print, read) else { return Ok(None) };
    let record = app.store().read_patient(&print, now, "meeting").await?;
    let Some(record) = record.filter(|r| r.merged_into.is_none()) else { return Ok(None) };
    let path = app.store().path(&read, now).await?;
    let leads = app.store().leads(&read, now).await?;
    let leads = leads_sentence(&Names::of(app), &leads, now).await?.0;
    let said = discussed(&path.steps).into_iter().find(|(_, d)| d.meeting == called.id);
    let said = said.map(|(step, d)| Said::of(step, d, &path.steps));
    let known = [stands(path.past(), today).sentence(), leads];
    Ok(Some(chapter(&record.patient, known, said.as_ref(), today)))
}

/// The sheet with these chapters, as an answer.
async fn sheet(
    app: &App,
    who: &SignedIn,
    called: &Called,
    chapters: Vec<Chapter>,
    more: Option<String>,
    name: &str,
) -> Answer {
    let (now, today) = (app.clock().now(), app.clock().today());
    let intro = format!(
        "Afgedrukt op {} door {}. Hierop staan gegevens van {}: bewaar het veilig, en vernietig het als u het niet meer nodig hebt.",
        words::moment(now),
        who.actor.name,
        if chapters.len() == 1 { "een patiënt" } else { "patiënten" },
    );
    let sheet = Minutes {
        title: called.meeting.title(),
        edition: words::day(today),
        facts: facts(app, called).await?.into_iter().map(|f| fact(f.label, f.value)).collect(),
        intro: std::iter::once(intro).chain(more).collect(),
        chapters,
        dated: dated(today),
    };
    let pdf = app.press().set(move || sheet.to_pdf()).await?;
    Ok(shown(pdf, name))
}

/// `GET /overleg/{overleg}/overleg.pdf`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>) -> Answer {
    let called = find(&app, &who, &id).await?;
    let (mut chapters, mut hidden) = (Vec::new(), 0);
    for listed in app.store().listed(&called.id).await? {
        match chapter_of(&app, &who, &called, &listed.patient).await? {
            Some(chapter) => chapters.push(chapter),
            None => hidden += 1,
        }
    }
    let missing = (hidden > 0).then(|| {
        let them = words::counted(hidden, "patiënt", "patiënten");
        format!("Van de lijst ontbreekt hier {them}: u hebt daar geen behandelrelatie mee.")
    });
    sheet(&app, &who, &called, chapters, missing, "overleg").await
}

/// `GET /overleg/{overleg}/patient/{id}/samenwerkingsplan.pdf`: what was agreed for one patient, to hand out.
pub async fn get_one(
    State(app): State<App>,
    who: SignedIn,
    Path((meeting, patient)): Path<(String, String)>,
) -> Answer {
    let called = find(&app, &who, &meeting).await?;
    let patient = patient_id(&patient)?;
    // Who may not print it is told so, and that they tried is noted.
    ask(&app, &who.actor, Action::Print, &patient).await?;
    if !app.store().listed(&called.id).await?.iter().any(|l| l.patient == patient) {
        return Err(PageError::NotFound);
    }
    match chapter_of(&app, &who, &called, &patient).await? {
        Some(chapter) => sheet(&app, &who, &called, vec![chapter], None, "samenwerkingsplan").await,
        None => Err(PageError::NotFound),
    }
}
