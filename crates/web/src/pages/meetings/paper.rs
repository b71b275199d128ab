//! `/overleg/{overleg}/overleg.pdf`: the meeting on paper, with those of its list whom this person may print. Printing is an
//! act of its own in the log of each.

use super::said::Said;
use super::{facts, find};
use crate::app::App;
use crate::pages::care_team::{Names, leads_sentence};
use crate::pages::dutch;
use crate::pages::on_paper::dated;
use crate::pages::render::Answer;
use crate::pages::rows::leaves;
use crate::press::shown;
use crate::session::SignedIn;
use axum::extract::{Path, State};
use domain::access::Action;
use domain::meeting::discussed;
use domain::path::stands;
use domain::patient::Patient;
use domain::words;
use paper::{Block, Chapter, Column, Fact, Minutes, Table};

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

/// `GET /overleg/{overleg}/overleg.pdf`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>) -> Answer {
    let called = find(&app, &who, &id).await?;
    let (now, today) = (app.clock().now(), app.clock().today());
    let (mut chapters, mut hidden) = (Vec::new(), 0);
    let names = Names::of(&app);
    for listed in app.store().listed(&called.id).await? {
        let [print, read] = leaves(&app, &who.actor, [Action::Print, Action::ReadPlan], &listed.patient).await?;
        let (Some(print), Some(read)) = (print, read) else {
            hidden += 1;
            continue;
        };
        let record = app.store().read_patient(&print, now, "meeting").await?;
        let Some(record) = record.filter(|r| r.merged_into.is_none()) else {
            hidden += 1;
            continue;
        };
        let path = app.store().path(&read, now).await?;
        let leads = app.store().leads(&read, now).await?;
        let leads = leads_sentence(&names, &leads, now).await?.0;
        let said = discussed(&path.steps).into_iter().find(|(_, d)| d.meeting == called.id);
        let said = said.map(|(step, d)| Said::of(step, d, &path.steps));
        let known = [stands(path.past(), today).sentence(), leads];
        chapters.push(chapter(&record.patient, known, said.as_ref(), today));
    }
    let mut intro = vec![format!(
        "Afgedrukt op {} door {}. Hierop staan gegevens van patiënten: bewaar het veilig, en vernietig het als u het niet meer nodig hebt.",
        words::moment(now),
        who.actor.name
    )];
    if hidden > 0 {
        let them = words::counted(hidden, "patiënt", "patiënten");
        intro.push(format!("Van de lijst ontbreekt hier {them}: u hebt daar geen behandelrelatie mee."));
    }
    let sheet = Minutes {
        title: called.meeting.title(),
        edition: words::day(today),
        facts: facts(&app, &called).await?.into_iter().map(|f| fact(f.label, f.value)).collect(),
        intro,
        chapters,
        dated: dated(today),
    };
    let pdf = app.press().set(move || sheet.to_pdf()).await?;
    Ok(shown(pdf, "overleg"))
}
