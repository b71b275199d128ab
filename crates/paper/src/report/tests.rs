//! A report with its charts is set, tagged, and says everything.

use super::*;
use crate::{Anchor, Column, Pen, Shape};
use std::process::Command;

fn table(rows: usize) -> Table {
    let columns = [("Organisatie", 6), ("Teller", 2), ("Deel", 2)].map(|(t, share)| Column::new(t, share)).to_vec();
    let row = |i: usize| vec![format!("Praktijk {i} #let <x>"), i.to_string(), "61,2%".to_owned()];
    Table { columns, rows: (0..rows).map(row).collect() }
}

fn drawing() -> Drawing {
    let word = |text: &str, at, anchor, strong| Shape::Text { at, anchor, text: text.to_owned(), strong };
    let line = |pen, y| Shape::Line { points: vec![(40.0, y), (300.0, y - 20.0), (640.0, y)], pen };
    Drawing {
        title: "Heeft een plan: spreiding".to_owned(),
        alt: "drie organisaties rond 61,2%".to_owned(),
        width: 640.0,
        height: 300.0,
        shapes: vec![
            line(Pen::Grid, 50.0),
            line(Pen::Main, 100.0),
            line(Pen::Middle, 150.0),
            line(Pen::Limit, 200.0),
            line(Pen::Far, 250.0),
            Shape::Rect { at: (100.0, 100.0), size: (10.0, 10.0) },
            Shape::Circle { at: (200.0, 150.0), radius: 5.0 },
            word("links", (40.0, 290.0), Anchor::Start, false),
            word("midden", (320.0, 290.0), Anchor::Middle, true),
            word("rechts", (640.0, 290.0), Anchor::End, false),
        ],
    }
}

fn report(chapters: usize) -> Report {
    let fact = |label: &str, says: &str| Fact { label: label.to_owned(), says: says.to_owned() };
    let exhibit = |rows| Exhibit {
        title: "Spreiding tussen organisaties".to_owned(),
        drawing: Some(drawing()),
        caption: "De lijn is de hele regio.".to_owned(),
        table: table(rows),
        note: "Verborgen: te weinig mensen.".to_owned(),
    };
    let chapter = |i: usize| Chapter {
        title: format!("Cijfer {i}"),
        lead: "Heeft een plan: 61,2% (120 van 196).".to_owned(),
        more: "Van 3 is het niet bekend.".to_owned(),
        definition: vec![fact("Teller", "Wie een plan heeft"), fact("Versie van de definitie", "1")],
        exhibits: vec![exhibit(3), exhibit(40), Exhibit { title: "Leeg".to_owned(), ..Exhibit::default() }],
    };
    Report {
        title: "Cijfers van de regio".to_owned(),
        edition: "Overveld, 2026".to_owned(),
        facts: vec![fact("Regio", "Overveld")],
        intro: vec!["Iedereen telt één keer mee.".to_owned()],
        summary_title: "Alle cijfers".to_owned(),
        summary: table(12),
        summary_note: String::new(),
        chapters: (1..=chapters).map(chapter).collect(),
        examples: vec![fact("De Linde", "Elke maand MDO")],
        dated: Day { year: 2026, month: 11, day: 30 },
    }
}

#[test]
fn a_report_says_everything_and_its_charts_are_told_in_words() {
    let pdf = report(3).to_pdf().unwrap();
    assert_eq!(report(3).to_pdf().unwrap(), pdf, "the same report gives the same bytes");
    let folder = std::env::var_os("TIJDIG_SAMPLES").map_or_else(std::env::temp_dir, std::path::PathBuf::from);
    let path = folder.join(format!("tijdig-{}-report.pdf", std::process::id()));
    std::fs::write(&path, &pdf).unwrap();
    let read = |tool: &str, before: &[&str], after: &[&str]| {
        let out = Command::new(tool).args(before).arg(&path).args(after).output().ok()?;
        Some(String::from_utf8_lossy(&out.stdout).into_owned())
    };
    let (text, tree) = (read("pdftotext", &[], &["-"]), read("pdfinfo", &["-struct"], &[]));
    if std::env::var_os("TIJDIG_SAMPLES").is_none() {
        std::fs::remove_file(&path).unwrap();
    }
    for said in [
        "Cijfer 3",
        "61,2% (120 van 196)",
        "Praktijk 39 #let <x>",
        "midden",
        "rechts",
        "Elke maand MDO",
        "Alle cijfers",
    ] {
        assert!(text.as_ref().is_none_or(|t| t.contains(said)), "{said}: {text:?}");
    }
    let tags = ["H1", "H2", "H3", "Figure", "Table", "TH"];
    assert!(tree.as_ref().is_none_or(|t| tags.iter().all(|tag| t.contains(tag))), "{tree:?}");
}
