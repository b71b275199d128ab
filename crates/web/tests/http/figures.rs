//! The figures of a region over HTTP: two hundred patients whose outcomes were counted by hand, and the same numbers on the
//! page, in CSV, in the spreadsheet, on paper and in FHIR; small groups nowhere; and nobody but the coordinator.

use crate::browser::Browser;
use crate::figures_world::{Alike, YEAR, add, house, region};
use crate::harness::{Answer, Server, server};
use axum::http::StatusCode;
use std::io::Write as _;
use std::process::Command;
use store::organisations::OrganisationKind;

/// Counted by hand from the groups in `figures_world`: practice A of 100 people, practice B of 60, home care C of 40. For each
/// figure: numerator, denominator, per cent and who is left out, and how that is said. Added up by hand:
///
/// | figure | A | B | C |
/// |---|---|---|---|
/// | coverage | 40+20+10 of 100 | 15+10+8 of 48 (12 died without a signal) | 28+5 of 40 |
/// | wait | 40 of 80; 10 did not want to | 15+10+8 of 48 | 28 of 35 (5 without a signal) |
/// | dementia | | 8 of 8 | |
/// | reviewed | 0 of 40+20+10 | 0 of 8 (due in this year) | 0 of 28+5 |
/// | late | 0 of 10 who died | 12 of 12 who died | |
/// | wished | 10 of 10, at home | 0 of 12, in hospital | |
/// | place | 10 of 10 | 0 of 12 | |
/// | last-month | 10 of 10, nine days before | 12 left out | |
/// | emergency | | 15 of 15+10 who were admitted | |
/// | complete | 0 of 70 | 0 of 33 | 33 of 33 |
/// | reasons | 40 of 40+20 with a limit | | |
/// | own-record | 40 of 70 | 0 of 33 | 0 of 33 |
const REGION: [(&str, &str, &str); 12] = [
    ("coverage", "136;188;72,3;0", "72,3% (136 van 188)"),
    ("wait", "101;163;62,0;10", "62,0% (101 van 163)"),
    ("dementia", "8;8;100,0;0", "100,0% (8 van 8)"),
    ("reviewed", "0;111;0,0;0", "0,0% (0 van 111)"),
    ("late", "12;22;54,5;0", "54,5% (12 van 22)"),
    ("wished", "10;22;45,5;0", "45,5% (10 van 22)"),
    ("place", "10;22;45,5;0", "45,5% (10 van 22)"),
    ("last-month", "10;10;100,0;12", "100,0% (10 van 10)"),
    ("emergency", "15;25;60,0;0", "60,0% (15 van 25)"),
    ("complete", "33;136;24,3;0", "24,3% (33 van 136)"),
    ("reasons", "40;60;66,7;0", "66,7% (40 van 60)"),
    ("own-record", "40;136;29,4;0", "29,4% (40 van 136)"),
];

/// Counted by hand for each organisation: figure, and as above for A, B and C; a number that is not there is nobody.
const HOUSES: [(&str, [&str; 3]); 12] = [
    ("coverage", ["70;100;70,0;0", "33;48;68,8;0", "33;40;82,5;0"]),
    ("wait", ["40;80;50,0;10", "33;48;68,8;0", "28;35;80,0;0"]),
    ("dementia", ["", "8;8;100,0;0", ""]),
    ("reviewed", ["0;70;0,0;0", "0;8;0,0;0", "0;33;0,0;0"]),
    ("late", ["0;10;0,0;0", "12;12;100,0;0", ""]),
    ("wished", ["10;10;100,0;0", "0;12;0,0;0", ""]),
    ("place", ["10;10;100,0;0", "0;12;0,0;0", ""]),
    ("last-month", ["10;10;100,0;0", "0;0;–;12", ""]),
    ("emergency", ["", "15;25;60,0;0", ""]),
    ("complete", ["0;70;0,0;0", "0;33;0,0;0", "33;33;100,0;0"]),
    ("reasons", ["40;60;66,7;0", "", ""]),
    ("own-record", ["40;70;57,1;0", "0;33;0,0;0", "0;33;0,0;0"]),
];

/// How the organisations are called in a file.
const NAMES: [&str; 3] = ["Praktijk A", "=Praktijk B", "Thuiszorg C"];

async fn counted(server: &Server) -> Browser<'_> {
    let coordinator = Browser::of(server, "network-coordinator").await;
    let answer = coordinator.submit("/regio", "/regio", &[]).await;
    assert_eq!(answer.location(), "/regio?gedaan=geteld", "{}", answer.text());
    coordinator
}

async fn page(browser: &Browser<'_>, path: &str) -> Answer {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer
}

/// The row of a figure on the page of all of them.
fn row_of(overview: &str, figure: &str) -> String {
    let from = overview.find(&format!("href=\"/regio/cijfer/{figure}?"));
    overview[from.unwrap_or_else(|| panic!("{figure} has no row"))..]
        .split("</li>")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// The version of a figure's definition.
fn version(figure: &str) -> u32 {
    domain::figures::definition(domain::figures::Figure::of_code(figure).unwrap()).version
}

/// What a tool makes of bytes; nothing where the tool is not there.
fn through(tool: &str, arguments: &[&str], bytes: &[u8], name: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let path = path.to_str().unwrap();
    let arguments: Vec<&str> = arguments.iter().map(|a| if *a == "{}" { path } else { *a }).collect();
    let Ok(out) = Command::new(tool).args(arguments).output() else {
        let _ = std::io::stderr().write_all(format!("SKIPPED: reading {name} back needs {tool}\n").as_bytes());
        return None;
    };
    assert!(out.status.success(), "{tool}: {}", String::from_utf8_lossy(&out.stderr));
    Some(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// A text without blanks: where lines were broken does not matter.
fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[tokio::test]
async fn two_hundred_patients_give_the_same_figures_everywhere() {
    let server = server(10).await;
    let (region, mut next) = region(&server).await;
    let coordinator = counted(&server).await;
    let asked = format!("jaar={YEAR}");
    let csv = page(&coordinator, &format!("/regio/regio.csv?{asked}")).await.text();
    let fhir = page(&coordinator, &format!("/regio/measurereport.json?{asked}")).await.json();
    let overview = page(&coordinator, &format!("/regio?{asked}")).await.text();
    assert!(csv.contains("cijfer;code;versie;jaar"), "{csv}");
    assert!(!row_of(&overview, "wait").contains("niet bekend"), "of who wanted no conversation nothing is unknown");
    assert!(row_of(&overview, "wait").contains("10 tellen niet mee"), "{overview}");
    let pdf = page(&coordinator, &format!("/regio/regio.pdf?{asked}")).await;
    let paper = through("pdftotext", &["-layout", "{}", "-"], &pdf.bytes, "regio.pdf");
    for (figure, numbers, said) in REGION {
        let line = csv.lines().find(|l| l.contains(&format!(";{figure};")) && l.contains(";alles;")).unwrap();
        let version = version(figure);
        assert!(line.contains(&format!(";{figure};{version};{YEAR};{};alles;{numbers};", region.name)), "{line}");
        let alone = page(&coordinator, &format!("/regio/cijfer/{figure}?{asked}")).await.text();
        assert!(alone.contains(said), "{figure}: {alone}");
        let (percent, of) = said.split_once(" (").unwrap();
        let of = of.trim_end_matches(')');
        let row = row_of(&overview, figure);
        assert!(row.contains(&format!(">{percent}<")) && row.contains(of), "{figure}: {row}");
        if let Some(paper) = &paper {
            assert!(dense(paper).contains(&dense(said)), "{figure} on paper: {paper}");
        }
        let resources = fhir["entry"].as_array().unwrap();
        let report = resources.iter().map(|e| &e["resource"]).find(|r| r["id"] == format!("{figure}-{YEAR}")).unwrap();
        let of_region = &report["group"][0]["population"];
        let count = |n: usize| of_region[n]["count"].to_string();
        let parts: Vec<&str> = numbers.split(';').collect();
        assert_eq!([count(3), count(2), count(1)], [parts[0], parts[1], parts[3]], "{figure}: {of_region}");
    }
    for (figure, houses) in HOUSES {
        let version = version(figure);
        for (name, numbers) in NAMES.iter().zip(houses).filter(|(_, numbers)| !numbers.is_empty()) {
            let quoted = if name.starts_with('=') { format!("'{name}") } else { (*name).to_owned() };
            let line = format!(";{figure};{version};{YEAR};{quoted};alles;{numbers};");
            assert!(csv.contains(&line), "{line} is not in {csv}");
        }
    }
    // By kind, by group and by quarter; the middle of the weeks that 121 people waited.
    for line in [
        "coverage;1;2025;huisartsenpraktijken;alles;103;148;69,6;0;",
        &format!("coverage;1;2025;{};dementie;8;8;100,0;0;", region.name),
        &format!("coverage;1;2025;{};1e kwartaal;101;108;93,5;0;", region.name),
        &format!("coverage;1;2025;{};2e kwartaal;10;40;25,0;0;", region.name),
        &format!("coverage;1;2025;{};3e kwartaal;25;40;62,5;0;", region.name),
        &format!("wait;3;2025;{};alles;101;163;62,0;10;4", region.name),
    ] {
        assert!(csv.contains(line), "{line} is not in {csv}");
    }
    let xlsx = page(&coordinator, &format!("/regio/regio.xlsx?{asked}")).await.bytes;
    if let Some(rows) = spreadsheet(&xlsx) {
        let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(rows.len(), lines.len());
        for (figure, numbers, _) in REGION {
            let wanted = format!(";{figure};{};{YEAR};{};alles;{numbers};", version(figure), region.name);
            assert!(rows.iter().any(|row| row.contains(&wanted)), "{wanted} is not in {rows:?}");
        }
        for (figure, houses) in HOUSES {
            for (name, numbers) in NAMES.iter().zip(houses).filter(|(_, numbers)| !numbers.is_empty()) {
                // What there is no share of has an empty cell.
                let numbers = numbers.replace('–', "");
                let wanted = format!(";{figure};{};{YEAR};{name};alles;{numbers};", version(figure));
                assert!(rows.iter().any(|row| row.contains(&wanted)), "{wanted} is not in {rows:?}");
            }
        }
    }
    of_one_kind(&coordinator).await;
    // A small practice comes: six people, three of them with a plan.
    let small = house(&server, &region, 4, "Praktijk Klein", OrganisationKind::GpPractice).await;
    let three = |talk| Alike { people: 3, signal: Some((2, 3)), talk, ..Alike::default() };
    add(&server, &small, &[three(Some((3, 3))), three(None)], &mut next).await;
    small_groups(&server).await;
}

/// The first sheet of a spreadsheet read back, each row with `;` between its cells; numbers with a comma, as in CSV.
fn spreadsheet(bytes: &[u8]) -> Option<Vec<String>> {
    let part = |name| through("unzip", &["-p", "{}", name], bytes, "regio.xlsx");
    let (sheet, texts) = (part("xl/worksheets/sheet1.xml")?, part("xl/sharedStrings.xml")?);
    assert!(!sheet.contains("<f>"), "no cell is a formula");
    let within = |xml: &str, open: &str, close: &str| {
        let from = xml.find(open).map(|at| at + open.len())?;
        Some(xml[from..].split(close).next().unwrap_or_default().to_owned())
    };
    let plain = |xml: &str| xml.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let texts: Vec<String> = texts
        .split("<si>")
        .skip(1)
        .map(|text| plain(text.split("</t>").next().unwrap_or_default().rsplit('>').next().unwrap_or_default()))
        .collect();
    let row = |row: &str| {
        let mut cells = vec![String::new(); 11];
        for cell in row.split("<c ").skip(1) {
            let column = within(cell, "r=\"", "\"").unwrap().bytes().next().unwrap() - b'A';
            let value = within(cell, "<v>", "</v>").unwrap_or_default();
            let is_text = cell.split('>').next().unwrap().contains("t=\"s\"");
            // Per cents are written with one decimal in CSV.
            let is_whole = column == 8 && !value.contains('.');
            let number = if is_whole { format!("{value},0") } else { value.replace('.', ",") };
            cells[usize::from(column)] = if is_text { texts[value.parse::<usize>().unwrap()].clone() } else { number };
        }
        cells.join(";")
    };
    Some(sheet.split("<row ").skip(1).map(row).collect())
}

async fn of_one_kind(coordinator: &Browser<'_>) {
    let kind = page(coordinator, &format!("/regio?jaar={YEAR}&voor=home-care")).await.text();
    let kind = row_of(&kind, "coverage");
    assert!(kind.contains("82,5%") && kind.contains("33 van 40"), "{kind}");
    let quarter = page(coordinator, &format!("/regio?jaar={YEAR}&deel=2")).await.text();
    let quarter = row_of(&quarter, "coverage");
    assert!(quarter.contains("25,0%") && quarter.contains("10 van 40"), "{quarter}");
    let dementia = page(coordinator, &format!("/regio?jaar={YEAR}&deel=dementia")).await.text();
    let dementia = row_of(&dementia, "dementia");
    assert!(dementia.contains("8 van 8"), "{dementia}");
    let nonsense = page(coordinator, "/regio?jaar=12345&voor=%3Cb%3E&deel=99").await.text();
    assert!(!nonsense.contains("<b>"), "{nonsense}");
}

/// What is too small is nowhere, and neither is what it could be computed from.
async fn small_groups(server: &Server) {
    let coordinator = counted(server).await;
    let csv = page(&coordinator, &format!("/regio/regio.csv?jaar={YEAR}")).await.text();
    let line = |name: &str| {
        let wanted = format!("coverage;1;{YEAR};{name};alles;");
        csv.lines().find(|l| l.contains(&wanted)).unwrap_or_else(|| panic!("{name} is not in {csv}")).to_owned()
    };
    assert!(line("huisartsenpraktijken").contains(";106;154;68,8;0"), "the whole stays");
    for hidden in ["Praktijk Klein", "'=Praktijk B", "Praktijk A"] {
        assert!(line(hidden).contains("te weinig mensen om te tonen"), "{}", line(hidden));
    }
    assert!(line("Thuiszorg C").contains(";33;40;"), "of another kind, and no way to the small one");
    let alone = page(&coordinator, &format!("/regio/cijfer/coverage?jaar={YEAR}")).await.text();
    assert!(
        alone.contains("Te weinig mensen om te tonen") || alone.contains("te weinig mensen om te tonen"),
        "{alone}"
    );
    assert!(alone.contains("68,8%") && !alone.contains("Figuur"), "numbers, never a person");
}

#[tokio::test]
async fn only_the_coordinator_of_a_region_sees_its_figures() {
    let server = server(10).await;
    for username in ["gp", "practice-manager", "organisation-admin", "privacy-officer", "patient"] {
        let browser = Browser::of(&server, username).await;
        for path in ["/regio", "/regio/cijfer/coverage", "/regio/regio.csv", "/regio/regio.pdf", "/regio/regio.xlsx"] {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{username} {path}");
        }
    }
    let coordinator = Browser::of(&server, "network-coordinator").await;
    let page = page(&coordinator, "/regio").await.text();
    assert!(page.contains("Er is nog niets geteld.") && page.contains("href=\"/regio\""), "{page}");
    assert_eq!(coordinator.get("/regio/cijfer/what").await.status, StatusCode::NOT_FOUND);
    assert_eq!(coordinator.get("/patienten").await.status, StatusCode::FORBIDDEN, "and never a patient");
}
