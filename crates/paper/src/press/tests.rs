//! Each sheet is set, and read back with the tools that others read it with.

use super::*;
use crate::{Block, Chapter, Dossier, Form, Letter, Part};
use ciborium::Value;
use std::process::Command;
use std::time::Instant;

#[path = "samples.rs"]
mod samples;

/// Says what went wrong; the sheets here are nobody's.
#[expect(clippy::print_stderr, reason = "a test tells what it saw")]
pub(super) fn tell(errors: &[SourceDiagnostic]) {
    for error in errors {
        eprintln!("{} {:?}", error.message, error.hints);
    }
}

#[expect(clippy::print_stderr, reason = "a test that could not look says so")]
fn skipped(tool: &str) {
    eprintln!("SKIPPED: reading a PDF back needs {tool}");
}

/// Writes the bytes where `TIJDIG_SAMPLES` says, to be looked at, or to a file that goes; runs a tool on it.
fn read_back(tool: &str, name: &str, pdf: &[u8], arguments: &[&str], last: &[&str]) -> Option<String> {
    let kept = std::env::var_os("TIJDIG_SAMPLES").map(std::path::PathBuf::from);
    let folder = kept.clone().unwrap_or_else(std::env::temp_dir);
    let path = folder.join(format!("tijdig-{}-{name}.pdf", if kept.is_some() { 0 } else { std::process::id() }));
    std::fs::write(&path, pdf).unwrap();
    let out = Command::new(tool).args(arguments).arg(&path).args(last).output();
    if kept.is_none() {
        std::fs::remove_file(&path).unwrap();
    }
    let Ok(out) = out else {
        skipped(tool);
        return None;
    };
    assert!(out.status.success(), "{tool}: {}", String::from_utf8_lossy(&out.stderr));
    Some(String::from_utf8_lossy(&out.stdout).into_owned())
}

fn text_of(name: &str, pdf: &[u8]) -> Option<String> {
    read_back("pdftotext", name, pdf, &["-raw"], &["-"])
}

/// A text without blanks: where lines were broken does not matter.
fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn words(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Text(text) => out.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|v| words(v, out)),
        // What only a machine reads: names of marks and kinds, a picture, and what is said of it.
        Value::Map(all) => all
            .iter()
            .filter(|(key, _)| !matches!(key.as_text(), Some("mark" | "kind" | "alt" | "svg")))
            .for_each(|(_, v)| words(v, out)),
        _ => {}
    }
}

/// Everything that a sheet says stands in the file.
fn says_it_all(name: &str, pdf: &[u8], sheet: &impl Serialize) {
    let Some(text) = text_of(name, pdf) else { return };
    let text = dense(&text);
    let mut all = Vec::new();
    words(&Value::serialized(sheet).unwrap(), &mut all);
    for said in all {
        // A text that runs over a page is parted by the foot of one and the head of the next: its words are all there.
        let whole = text.contains(&dense(&said));
        let long = said.len() > 150 && said.split_whitespace().all(|word| text.contains(word));
        assert!(whole || long, "{name} leaves out: {said}");
    }
}

fn pages(name: &str, pdf: &[u8]) -> Option<usize> {
    let info = read_back("pdfinfo", name, pdf, &[], &[])?;
    info.lines().find_map(|l| l.strip_prefix("Pages:")).map(|n| n.trim().parse().unwrap())
}

#[test]
fn the_form_says_everything_on_two_sheets_of_paper() {
    let form = samples::form();
    let pdf = form.to_pdf().unwrap();
    says_it_all("form", &pdf, &form);
    if let Some(pages) = pages("form", &pdf) {
        assert_eq!(pages, 2);
    }
}

#[test]
fn the_same_sheet_gives_the_same_bytes_and_another_other_ones() {
    let first = samples::form().to_pdf().unwrap();
    let letter = samples::letter().to_pdf().unwrap();
    assert_eq!(samples::form().to_pdf().unwrap(), first, "after another sheet too");
    assert_eq!(samples::letter().to_pdf().unwrap(), letter);
    let other = Form { edition: "Versie 5".to_owned(), ..samples::form() };
    assert_ne!(other.to_pdf().unwrap(), first);
}

#[test]
fn a_file_names_both_standards_its_title_and_its_language_and_is_tagged() {
    for (name, pdf, title, tags) in [
        ("form", samples::form().to_pdf().unwrap(), "Plan voor zorg in de toekomst", ["H1", "H2", "H3"]),
        ("letter", samples::letter().to_pdf().unwrap(), "Uw eigen pagina over uw zorgplan", ["H1", "Figure", "L"]),
        ("dossier", samples::dossier(60).to_pdf().unwrap(), "Alles wat wij over u bewaren", ["TOC", "Table", "TH"]),
        ("card", samples::card(false).to_pdf().unwrap(), "Noodkaart", ["H1", "H2", "Figure"]),
    ] {
        let raw = String::from_utf8_lossy(&pdf);
        assert!(raw.starts_with("%PDF-1.7"), "{name}");
        for (standard, part) in [("pdfuaid:part", "1"), ("pdfaid:part", "2"), ("pdfaid:conformance", "A")] {
            let named = raw.split(standard).nth(1).map(|rest| rest.trim_start_matches(['>', '=', '"']));
            assert!(named.is_some_and(|rest| rest.starts_with(part)), "{name}: {standard}");
        }
        if let Some(info) = read_back("pdfinfo", name, &pdf, &[], &[]) {
            let line = |key: &str| info.lines().find_map(|l| l.strip_prefix(key)).map(str::trim).unwrap_or_default();
            assert_eq!((line("Title:"), line("Tagged:"), line("JavaScript:")), (title, "yes", "no"), "{name}: {info}");
            assert!(line("Page size:").contains("A4"), "{info}");
        }
        if let Some(tree) = read_back("pdfinfo", name, &pdf, &["-struct"], &[]) {
            let has = |tag: &str| tree.lines().any(|l| l.trim_start().split([' ', '(', ':', '"']).next() == Some(tag));
            assert!(tags.into_iter().all(has), "{name}: {tree}");
        }
        if let Some(plain) = read_back("qpdf", name, &pdf, &["--qdf", "--object-streams=disable"], &["-"]) {
            assert!(plain.contains("/Lang (nl)"), "{name}: the language");
        }
    }
}

#[test]
fn nothing_that_somebody_typed_is_taken_for_markup() {
    let nasty = "#panic() #import \"parts.typ\": * #read(\"/etc/passwd\") $x^2$ *vet* _schuin_ `raw` <label> @verwijzing \
                 = kop - punt + een / term: uit \\ \\u{41} ~ -- --- ... 'enkel' \"dubbel\" // uit /* uit */ [haak] {accolade} \
                 https://voorbeeld.nl &amp; %PDF (a) ) >> endstream \u{0} \u{202E}om";
    let mut value = Value::serialized(&samples::form()).unwrap();
    let mut count = 0;
    spoil(&mut value, nasty, &mut count);
    assert!(count > 60);
    let pdf = print(Template::Form, &value, samples::DAY).unwrap();
    let Some(text) = text_of("nasty", &pdf) else { return };
    let mut shown = Value::Text(nasty.to_owned());
    glyphs::clean(&mut shown);
    let (text, shown) = (dense(&text), dense(shown.as_text().unwrap()));
    assert!(text.matches(&shown).count() > 50, "{text}");
    for template in [Template::Letter, Template::Dossier] {
        let mut value = match template {
            Template::Letter => Value::serialized(&samples::letter()).unwrap(),
            _ => Value::serialized(&samples::dossier(3)).unwrap(),
        };
        spoil(&mut value, nasty, &mut count);
        let pdf = print(template, &value, samples::DAY).unwrap();
        let Some(text) = text_of("nasty-too", &pdf) else { return };
        assert!(dense(&text).matches(&shown).count() > 8, "{text}");
    }
}

fn spoil(value: &mut Value, with: &str, count: &mut usize) {
    match value {
        Value::Text(text) => {
            with.clone_into(text);
            *count += 1;
        }
        Value::Array(all) => all.iter_mut().for_each(|v| spoil(v, with, count)),
        Value::Map(all) => all
            .iter_mut()
            .filter(|(key, _)| !matches!(key.as_text(), Some("mark" | "kind" | "svg")))
            .for_each(|(_, v)| spoil(v, with, count)),
        _ => {}
    }
}

#[test]
fn whatever_is_not_known_is_said_on_paper() {
    let form = samples::silent();
    let pdf = form.to_pdf().unwrap();
    says_it_all("silent", &pdf, &form);
    if let Some(text) = text_of("silent", &pdf) {
        assert!(text.matches("Niet besproken").count() >= 15, "{text}");
    }
}

#[test]
fn the_longest_texts_flow_over_and_lose_nothing() {
    let form = samples::long();
    let pdf = form.to_pdf().unwrap();
    says_it_all("long", &pdf, &form);
    if let Some(pages) = pages("long", &pdf) {
        assert!(pages > 5, "{pages}");
    }
    let unbroken = Form { summary: "a".repeat(4000), ..samples::form() };
    unbroken.to_pdf().unwrap();
    Form { dated: samples::DAY, ..Form::default() }.to_pdf().expect_err("a file without a title is no PDF/UA");
}

#[test]
fn nothing_runs_off_the_page_or_over_the_foot() {
    for (name, form) in [("whole", samples::form()), ("overfull", samples::overfull())] {
        let pdf = form.to_pdf().unwrap();
        let Some(boxes) = read_back("pdftotext", name, &pdf, &["-bbox"], &["-"]) else { return };
        let foot = format!("{} Blad van", form.foot[0]);
        for line in boxes.lines().filter(|l| l.contains("<word ")) {
            let number =
                |key: &str| -> f64 { line.split(key).nth(1).unwrap().split('"').nth(1).unwrap().parse().unwrap() };
            let word = line.split('>').nth(1).unwrap().trim_end_matches("</word");
            // A4 is 595 by 842 points, with 57 at either side; the foot begins at 808.
            assert!(number("xMin") > 56.0 && number("xMax") < 540.0, "{name}: {line}");
            let in_foot = foot.split(' ').any(|w| w == word) || word.parse::<u32>().is_ok();
            assert!(number("yMax") < 800.0 || in_foot, "{name}: {line}");
        }
    }
}

#[test]
fn names_in_other_scripts_are_set_and_read_back() {
    let names = ["محمد عبد الله", "Şükran Öztürk-Łukaszewska", "Дарья Иванова", "Ελένη Παπαδοπούλου"];
    let mut form = samples::form();
    form.name = names.join(", ");
    form.people[0].name = names[0].to_owned();
    let pdf = form.to_pdf().unwrap();
    let Some(text) = text_of("scripts", &pdf) else { return };
    for name in &names[1..] {
        assert!(dense(&text).contains(&dense(name)), "{name}: {text}");
    }
    // From right to left: in which order a tool hands the letters back is its own choice.
    let arabic = |c: &char| ('\u{600}'..='\u{6FF}').contains(c);
    let sorted = |text: &str| {
        let mut all: Vec<char> = text.chars().filter(arabic).collect();
        all.sort_unstable();
        all
    };
    assert_eq!(
        sorted(&text).iter().filter(|c| **c == 'ح').count(),
        3,
        "at the top, in the second head, among people: {text}"
    );
    assert!(sorted(names[0]).iter().all(|c| sorted(&text).contains(c)), "{text}");
}

#[test]
fn a_card_says_everything_on_two_faces_of_its_size_or_on_a_sheet_to_cut() {
    for (name, card, sheets) in [
        ("card", samples::card(false), 1),
        ("card-bare", samples::card(true), 2),
        ("card-full", samples::full_card(), 2),
    ] {
        let pdf = card.to_pdf().unwrap();
        says_it_all(name, &pdf, &card);
        if let Some(pages) = pages(name, &pdf) {
            assert_eq!(pages, sheets, "{name}");
        }
        if let Some(info) = read_back("pdfinfo", name, &pdf, &[], &[]) {
            // 85.6 by 54 mm in points.
            let size = if card.bare { "242.646 x 153.071" } else { "A4" };
            assert!(info.contains(size), "{name}: {info}");
        }
        // Nothing is cut off at the foot of a face.
        let Some(boxes) = read_back("pdftotext", name, &pdf, &["-bbox"], &["-"]) else { return };
        for line in boxes.lines().filter(|l| l.contains("<word ") && card.bare) {
            let number =
                |key: &str| -> f64 { line.split(key).nth(1).unwrap().split('"').nth(1).unwrap().parse().unwrap() };
            assert!(number("yMax") < 147.0 && number("xMax") < 233.0, "{name}: {line}");
        }
    }
}

#[test]
fn the_letter_says_everything_on_one_page_with_the_address_in_the_window() {
    let letter = samples::letter();
    let pdf = letter.to_pdf().unwrap();
    says_it_all("letter", &pdf, &letter);
    if let Some(pages) = pages("letter", &pdf) {
        assert_eq!(pages, 1);
    }
    let Some(boxes) = read_back("pdftotext", "letter", &pdf, &["-bbox"], &["-"]) else { return };
    let line = boxes.lines().find(|l| l.contains(">Kerkstraat<")).expect("the street");
    let number = |key: &str| -> f64 { line.split(key).nth(1).unwrap().split('"').nth(1).unwrap().parse().unwrap() };
    let millimetres = |points: f64| points / 72.0 * 25.4;
    let (x, y) = (millimetres(number("xMin=")), millimetres(number("yMin=")));
    assert!((20.0..30.0).contains(&x) && (50.0..80.0).contains(&y), "{x} {y}");
}

#[test]
fn a_letter_of_one_line_and_a_dossier_without_chapters_can_be_set() {
    let letter = Letter {
        subject: "Kort".to_owned(),
        parts: vec![Part::text("Dag.")],
        dated: samples::DAY,
        ..Letter::default()
    };
    letter.to_pdf().unwrap();
    let empty = Chapter { title: "Leeg".to_owned(), blocks: vec![Block::Facts { facts: Vec::new() }] };
    let dossier =
        Dossier { title: "Niets".to_owned(), chapters: vec![empty], dated: samples::DAY, ..Dossier::default() };
    dossier.to_pdf().unwrap();
    Dossier { chapters: Vec::new(), ..dossier }.to_pdf().unwrap();
}

#[test]
#[expect(clippy::print_stderr, reason = "a test tells how long it took")]
fn a_log_of_two_thousand_rows_runs_over_many_pages_under_its_own_head() {
    let dossier = samples::dossier(2000);
    let from = Instant::now();
    let pdf = dossier.to_pdf().unwrap();
    eprintln!("2,000 rows in {:?}, {} kB", from.elapsed(), pdf.len() / 1000);
    let Some(text) = text_of("log", &pdf) else { return };
    for row in 0..2000 {
        assert!(text.contains(&format!("(regel {row})")), "row {row}");
    }
    let pages = pages("log", &pdf).unwrap_or_default();
    assert!(pages > 20 && text.matches("Waarom dit mocht").count() > 20, "{pages} pages");
}

#[test]
fn a_day_that_is_none_is_refused() {
    let form = Form { dated: Day { year: 2026, month: 13, day: 1 }, ..samples::form() };
    assert_eq!(form.to_pdf().unwrap_err().to_string(), "the press failed while dating the sheet");
}
