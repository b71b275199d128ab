//! The plan of action as a report on paper, and its actions as CSV.

use super::answers::{drawing, tables};
use super::overview::at;
use super::parties::answered;
use super::{allowed, load, load_actions, source};
use crate::app::App;
use crate::pages::on_paper::dated;
use crate::pages::render::Answer;
use crate::pages::table_file::{self, attached};
use crate::press::shown;
use crate::session::SignedIn;
use axum::extract::State;
use domain::network::{Action, Inventory, Stage};
use domain::words::{capitalised, day};
use jiff::civil::Date;
use paper::{Column, Exhibit, Fact, Report, ReportChapter, Table};

fn fact(label: &str, says: impl Into<String>) -> Fact {
    Fact { label: label.to_owned(), says: says.into() }
}

fn table(columns: &[(&str, u8)], rows: Vec<Vec<String>>) -> Table {
    Table { columns: columns.iter().map(|(title, share)| Column::new(title, *share)).collect(), rows }
}

fn chapter(stage: Stage, lead: String, exhibits: Vec<Exhibit>) -> ReportChapter {
    ReportChapter { title: stage.dutch().to_owned(), lead, exhibits, ..ReportChapter::default() }
}

fn exhibit(title: &str, table: Table) -> Exhibit {
    Exhibit { title: title.to_owned(), table, ..Exhibit::default() }
}

fn parties(inventory: &Inventory) -> Exhibit {
    let rows = inventory.parties.iter().map(|(_, party, answers)| {
        let says = if party.left { "Doet niet meer mee.".to_owned() } else { answered(answers.as_ref()) };
        vec![capitalised(party.sector.dutch()), party.name.clone(), party.contact.clone(), says]
    });
    let columns = [("Sector", 4), ("Organisatie", 5), ("Contactpersoon", 5), ("Vragenlijst", 4)];
    exhibit("De organisaties", table(&columns, rows.collect()))
}

fn compared(inventory: &Inventory) -> Vec<Exhibit> {
    let chart = drawing(inventory).map(|drawing| Exhibit {
        title: drawing.title.clone(),
        caption: "Van de organisaties die de vraag beantwoordden.".to_owned(),
        drawing: Some(drawing),
        ..Exhibit::default()
    });
    let themes = tables(inventory).into_iter().map(|of| {
        let heads: Vec<(&str, u8)> =
            std::iter::once(("Organisatie", 3)).chain(of.heads.iter().map(|h| (h.as_str(), 4))).collect();
        let counts = std::iter::once("Alle samen".to_owned()).chain(of.counts).collect();
        let rows = of.rows.into_iter().map(|(name, cells)| std::iter::once(name).chain(cells).collect());
        exhibit(of.title, table(&heads, rows.chain([counts]).collect()))
    });
    chart.into_iter().chain(themes).collect()
}

fn actions(inventory: &Inventory, today: Date) -> Exhibit {
    let rows = inventory.actions.iter().map(|(_, action)| {
        let late = if action.is_late(today) { ", te laat" } else { "" };
        let words = action.words.as_ref().map(|w| format!(": {w}")).unwrap_or_default();
        let state = format!("{}{late}{words}", action.state.dutch());
        vec![action.what.clone(), action.owner.clone(), day(action.by), state, source(inventory, action)]
    });
    let columns = [("Wat", 5), ("Wie", 4), ("Uiterlijk", 3), ("Stand", 4), ("Komt uit", 4)];
    exhibit("De acties", table(&columns, rows.collect()))
}

fn group(inventory: &Inventory) -> Vec<Exhibit> {
    let members = inventory.group.members.iter().map(|m| vec![m.name.clone(), m.role.clone(), m.organisation.clone()]);
    let sittings = inventory.group.sittings.iter().map(|s| vec![day(s.on), s.notes.clone()]);
    vec![
        exhibit("De leden", table(&[("Naam", 4), ("Rol", 4), ("Organisatie", 4)], members.collect())),
        exhibit("Bijeenkomsten", table(&[("Dag", 2), ("Besproken en afgesproken", 6)], sittings.collect())),
    ]
}

/// As a sheet of paper.
pub fn on_paper(region: &str, inventory: &Inventory, today: Date) -> Report {
    let stands = inventory.stands(today);
    let said = |stage: Stage| stands.iter().find(|s| s.stage == stage).map(|s| s.sentence.clone()).unwrap_or_default();
    let steps = stands.iter().map(|s| {
        let done = if s.done { "klaar" } else { "nog niet klaar" };
        vec![s.stage.dutch().to_owned(), done.to_owned(), s.sentence.clone()]
    });
    let aim = if inventory.aim.words.is_empty() { said(Stage::Wish) } else { inventory.aim.words.clone() };
    Report {
        title: "Proactieve zorgplanning: inventarisatie en plan van aanpak".to_owned(),
        edition: region.to_owned(),
        facts: vec![fact("Regio", region), fact("Gemaakt op", day(today)), fact("Stand", at(inventory, today))],
        intro: vec!["Dit plan gaat over organisaties en hun mensen. Er staat niets in over patiënten.".to_owned()],
        summary_title: "De stappen".to_owned(),
        summary: table(&[("Stap", 4), ("Klaar?", 2), ("Hoe het ervoor staat", 8)], steps.collect()),
        summary_note: String::new(),
        chapters: vec![
            chapter(Stage::Parties, said(Stage::Parties), vec![parties(inventory)]),
            chapter(Stage::Now, said(Stage::Now), compared(inventory)),
            chapter(Stage::Wish, aim, Vec::new()),
            chapter(Stage::Actions, said(Stage::Follow), vec![actions(inventory, today)]),
            chapter(Stage::Group, said(Stage::Group), group(inventory)),
        ],
        examples: Vec::new(),
        dated: dated(today),
    }
}

/// `GET /regio/inventarisatie/plan.pdf`.
pub async fn pdf(State(app): State<App>, who: SignedIn) -> Answer {
    allowed(&who)?;
    let inventory = load(&app, &who.organisation.id).await?;
    let (name, today) = (who.organisation.name.clone(), app.clock().today());
    let bytes = app.press().set(move || on_paper(&name, &inventory, today).to_pdf()).await?;
    Ok(shown(bytes, "plan-van-aanpak"))
}

/// Heads of the columns.
const HEADS: [&str; 7] = ["wat", "wie", "uiterlijk", "stand", "te laat", "toelichting", "komt uit"];

/// `GET /regio/inventarisatie/acties/acties.csv`.
pub async fn csv(State(app): State<App>, who: SignedIn) -> Answer {
    allowed(&who)?;
    let (inventory, today) = (load_actions(&app, &who.organisation.id).await?, app.clock().today());
    let cells = |action: &Action| {
        let late = if action.is_late(today) { "ja" } else { "nee" };
        let (by, words) = (action.by.to_string(), action.words.clone().unwrap_or_default());
        let source = source(&inventory, action);
        [&action.what, &action.owner, &by, action.state.dutch(), late, &words, &source].map(str::to_owned)
    };
    let rows = inventory.actions.iter().map(|(_, action)| cells(action));
    Ok(attached(table_file::csv(HEADS, rows)?, table_file::CSV, "acties.csv"))
}
