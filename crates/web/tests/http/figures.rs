//! The figures of a region over HTTP: two hundred patients whose outcomes were counted by hand, and the same numbers on the
//! page, in CSV, in the spreadsheet, on paper and in FHIR; small groups nowhere; and nobody but the coordinator.

use crate::browser::Browser;
use crate::figures_world::{Alike, YEAR, add, house, region};
use crate::harness::{Answer, Server, server};
use axum::http::StatusCode;
use std::io::Write as _;
use std::process::Command;
use store::organisations::OrganisationKind;

/// Counted by hand: figure, above, below it included, not known, and how that is said.
const REGION: [(&str, &str, &str); 10] = [
    // A 70 of 100, B 33 of 48, C 33 of 40.
    ("coverage", "136;188;72,3;0", "72,3% (136 van 188)"),
    // A 40 of 80 and 10 who did not want to, B 33 of 48, C 30 of 37.
    ("wait", "103;165;62,4;10", "62,4% (103 van 165)"),
    ("dementia", "8;8;100,0;0", "100,0% (8 van 8)"),
    // Whose review was due in the year: A 70, B 8, C 33; none was done.
    ("reviewed", "0;111;0,0;0", "0,0% (0 van 111)"),
    // B's 12 never had a conversation; A's 10 did.
    ("late", "12;22;54,5;0", "54,5% (12 van 22)"),
    ("wished", "10;22;45,5;0", "45,5% (10 van 22)"),
    ("place", "10;22;45,5;0", "45,5% (10 van 22)"),
    ("last-month", "10;10;100,0;12", "100,0% (10 van 10)"),
    ("complete", "0;136;0,0;0", "0,0% (0 van 136)"),
    ("own-record", "0;136;0,0;0", "0,0% (0 van 136)"),
];

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
    // By organisation, by kind, by group and by quarter; the middle of the weeks that 123 people waited.
    for line in [
        "coverage;1;2025;Praktijk A;alles;70;100;70,0;0;",
        "coverage;1;2025;'=Praktijk B;alles;33;48;68,8;0;",
        "coverage;1;2025;Thuiszorg C;alles;33;40;82,5;0;",
        "coverage;1;2025;huisartsenpraktijken;alles;103;148;69,6;0;",
        &format!("coverage;1;2025;{};dementie;8;8;100,0;0;", region.name),
        &format!("coverage;1;2025;{};1e kwartaal;101;108;93,5;0;", region.name),
        &format!("coverage;1;2025;{};2e kwartaal;10;40;25,0;0;", region.name),
        &format!("coverage;1;2025;{};3e kwartaal;25;40;62,5;0;", region.name),
        &format!("wait;2;2025;{};alles;103;165;62,4;10;4", region.name),
    ] {
        assert!(csv.contains(line), "{line} is not in {csv}");
    }
    let xlsx = page(&coordinator, &format!("/regio/regio.xlsx?{asked}")).await.bytes;
    if let Some(sheet) = through("unzip", &["-p", "{}", "xl/worksheets/sheet1.xml"], &xlsx, "regio.xlsx") {
        let row = |n: usize| sheet.split("<row ").nth(n).unwrap_or_default().to_owned();
        for number in ["<v>136</v>", "<v>188</v>", "<v>72.3</v>"] {
            assert!(row(2).contains(number), "{number} is not in {}", row(2));
        }
        assert!(!sheet.contains("<f>"), "no cell is a formula");
    }
    of_one_kind(&coordinator).await;
    // A small practice comes: six people, three of them with a plan.
    let small = house(&server, &region, 4, "Praktijk Klein", OrganisationKind::GpPractice).await;
    let three = |talk| Alike { people: 3, signal: Some((2, 3)), talk, ..Alike::default() };
    add(&server, &small, &[three(Some((3, 3))), three(None)], &mut next).await;
    small_groups(&server).await;
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
