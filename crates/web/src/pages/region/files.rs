//! The figures as files: CSV, a spreadsheet, paper, and FHIR's MeasureReport. Each is made of the one report that the page is
//! made of, so that each says the same.

use super::exhibits::{Exhibit, definition, exhibits, lead, more};
use super::words::{self, HIDDEN, WHY_HIDDEN};
use super::{Which, find};
use crate::app::App;
use crate::error::PageError;
use crate::figures::Form;
use crate::pages::on_paper::dated;
use crate::pages::render::Answer;
use crate::pages::table_file::{self, attached};
use crate::press::shown;
use crate::session::SignedIn;
use axum::extract::{Query, State};
use domain::figures::report::{Report as Figures, Told};
use domain::figures::{ONCE, Shown};
use domain::words::capitalised;
use jiff::Timestamp;
use jiff::civil::Date;
use paper::{Column, Fact, Report, ReportChapter, Table};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// Heads of the columns.
const HEADS: [&str; 11] = [
    "cijfer",
    "code",
    "versie",
    "jaar",
    "voor",
    "deel",
    "teller",
    "noemer",
    "procent",
    "telt niet mee",
    "middelste weken",
];

/// A row of the file.
struct Row {
    told: &'static str,
    code: &'static str,
    version: u32,
    year: String,
    unit: String,
    part: String,
    shown: Shown,
    weeks: Option<u16>,
}

fn rows(report: &Figures) -> Vec<Row> {
    let mut all = Vec::new();
    for told in &report.figures {
        let row = |year: String, unit: &str, part: &str, shown, weeks| Row {
            told: told.definition.figure.dutch(),
            code: told.definition.figure.code(),
            version: told.definition.version,
            year,
            unit: unit.to_owned(),
            part: part.to_owned(),
            shown,
            weeks,
        };
        let (year, whole) = (report.year.to_string(), &told.whole);
        all.push(row(year.clone(), &whole.name, "alles", whole.shown, whole.weeks));
        for part in told.trend.iter().filter(|p| p.code != year) {
            all.push(row(part.name.clone(), &whole.name, "alles", part.shown, None));
        }
        for part in told.groups.iter().chain(&told.quarters) {
            all.push(row(year.clone(), &whole.name, &part.name, part.shown, None));
        }
        for entry in told.kinds.iter().chain(&told.organisations).filter(|e| e.unit != whole.unit) {
            all.push(row(year.clone(), &entry.name, "alles", entry.shown, entry.weeks));
        }
    }
    all
}

/// As CSV.
///
/// # Errors
/// Where it cannot be written.
pub fn as_csv(report: &Figures) -> Result<Vec<u8>, PageError> {
    let cells = |row: Row| {
        let [above, of, percent, unknown] = words::file_cells(row.shown);
        [
            row.told.to_owned(),
            row.code.to_owned(),
            row.version.to_string(),
            row.year,
            row.unit,
            row.part,
            above,
            of,
            percent.trim_end_matches('%').to_owned(),
            unknown,
            row.weeks.map(|w| w.to_string()).unwrap_or_default(),
        ]
    };
    table_file::csv(HEADS, rows(report).into_iter().map(cells))
}

/// As a spreadsheet: the numbers on one sheet, what they count on the other.
///
/// # Errors
/// Where it cannot be written.
pub fn as_xlsx(report: &Figures) -> Result<Vec<u8>, PageError> {
    let write = || -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let bold = Format::new().set_bold();
        let sheet = book.add_worksheet().set_name("Cijfers")?;
        for (column, head) in (0_u16..).zip(HEADS) {
            sheet.write_string_with_format(0, column, capitalised(head), &bold)?;
        }
        for (line, row) in (1_u32..).zip(rows(report)) {
            for (column, text) in [(0, row.told), (1, row.code), (3, &row.year), (4, &row.unit), (5, &row.part)] {
                sheet.write_string(line, column, text)?;
            }
            sheet.write_number(line, 2, row.version)?;
            match row.shown.line() {
                Some(of) => {
                    sheet.write_number(line, 6, of.above)?.write_number(line, 7, of.of)?;
                    if let Some(percent) = of.percent() {
                        sheet.write_number(line, 8, (percent * 10.0).round() / 10.0)?;
                    }
                    sheet.write_number(line, 9, of.unknown)?;
                }
                None => {
                    sheet.write_string(line, 6, HIDDEN)?;
                }
            }
            if let Some(weeks) = row.weeks {
                sheet.write_number(line, 10, weeks)?;
            }
        }
        sheet.set_column_width(0, 44)?.set_column_width(4, 34)?.set_column_width(5, 30)?;
        let sheet = book.add_worksheet().set_name("Definities")?;
        sheet.write_string_with_format(0, 0, "Cijfer", &bold)?;
        for (line, told) in (1_u32..).zip(&report.figures) {
            sheet.write_string(line, 0, told.definition.figure.dutch())?;
            for (column, (label, says)) in (1_u16..).zip(definition(told)) {
                sheet.write_string_with_format(0, column, label, &bold)?.write_string(line, column, says)?;
            }
        }
        book.save_to_buffer()
    };
    write().map_err(|_| PageError::Broken(store::Error::Bug("a spreadsheet could not be written")))
}

fn fact(label: &str, says: impl Into<String>) -> Fact {
    Fact { label: label.to_owned(), says: says.into() }
}

fn table(columns: &[(&str, u8)], rows: Vec<Vec<String>>) -> Table {
    Table { columns: columns.iter().map(|(title, share)| Column::new(title, *share)).collect(), rows }
}

fn exhibit(of: Exhibit) -> paper::Exhibit {
    paper::Exhibit {
        title: of.title.to_owned(),
        drawing: of.drawing,
        caption: of.caption.to_owned(),
        table: table(&of.columns, of.rows),
        note: of.note,
    }
}

fn chapter(told: &Told) -> ReportChapter {
    ReportChapter {
        title: told.definition.figure.dutch().to_owned(),
        lead: lead(told),
        more: more(told),
        definition: definition(told).into_iter().map(|(label, says)| fact(label, says)).collect(),
        exhibits: exhibits(told).into_iter().map(exhibit).collect(),
    }
}

/// As a sheet of paper.
pub fn on_paper(report: &Figures, examples: &[(String, String)], counted: Option<Timestamp>, today: Date) -> Report {
    let summary = report.figures.iter().map(|told| {
        std::iter::once(told.definition.figure.dutch().to_owned()).chain(words::cells(told.whole.shown)).collect()
    });
    let is_hidden = report.figures.iter().any(|told| told.whole.shown == Shown::Hidden);
    let columns = [("Cijfer", 8), ("Teller", 4), ("Noemer", 3), ("Deel", 3), ("Telt niet mee", 3)];
    Report {
        title: "Tijdig in gesprek: cijfers van de regio".to_owned(),
        edition: format!("{}, {}", report.unit_name(), report.year),
        facts: vec![
            fact("Regio", report.region.clone()),
            fact("Voor", capitalised(report.unit_name())),
            fact("Jaar", report.year.to_string()),
            fact("Geteld tot", counted.map_or_else(|| "nog niet geteld".to_owned(), domain::words::moment)),
            fact("Gemaakt op", domain::words::day(today)),
        ],
        intro: vec![
            ONCE.to_owned(),
            format!(
                "Groepen van minder dan {} mensen zijn verborgen, en ook wat daaruit is terug te rekenen. Van opnames \
                 en overlijden telt alleen wat is vastgelegd; hoeveel mensen daardoor of \
                 om een andere reden niet meetellen, staat erbij.",
                report.smallest
            ),
        ],
        summary_title: "Alle cijfers".to_owned(),
        summary: table(&columns, summary.collect()),
        summary_note: if is_hidden { WHY_HIDDEN.to_owned() } else { String::new() },
        chapters: report.figures.iter().map(chapter).collect(),
        examples: examples.iter().map(|(name, says)| fact(name, says.clone())).collect(),
        dated: dated(today),
    }
}

/// What a file is made of.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The figures.
    pub report: &'a Figures,
    /// What went well at practices that agreed to share it.
    pub examples: &'a [(String, String)],
    /// Up to when everything is counted.
    pub counted: Option<Timestamp>,
    /// The day it is made.
    pub today: Date,
    /// Address of this server.
    pub base_url: &'a str,
}

/// The report in a form.
///
/// # Errors
/// Where it cannot be made.
pub fn file(given: &Given<'_>, form: Form) -> Result<Vec<u8>, PageError> {
    let Given { report, examples, counted, today, base_url } = *given;
    match form {
        Form::Csv => as_csv(report),
        Form::Xlsx => as_xlsx(report),
        Form::Pdf => Ok(on_paper(report, examples, counted, today).to_pdf()?),
        Form::Fhir => {
            let counted = counted.unwrap_or(Timestamp::UNIX_EPOCH);
            Ok(fhir::r4::measure::bundle(report, base_url, counted).to_string().into_bytes())
        }
    }
}

/// The figures that were asked for, in a form.
async fn given(app: &App, who: &SignedIn, which: Which, form: Form) -> Result<Vec<u8>, PageError> {
    let found = find(app, who, which, None).await?;
    let counted = app.store().figures_counted_at().await?;
    let (today, base_url) = (app.clock().today(), app.config().base_url.clone());
    let made = move || {
        let (report, examples) = (&found.report, &found.examples);
        file(&Given { report, examples, counted, today, base_url: &base_url }, form)
    };
    app.press().turn(made).await?
}

/// `GET /regio/regio.csv`.
pub async fn csv(State(app): State<App>, who: SignedIn, Query(which): Query<Which>) -> Answer {
    Ok(attached(given(&app, &who, which, Form::Csv).await?, table_file::CSV, "regio.csv"))
}

/// `GET /regio/regio.xlsx`.
pub async fn xlsx(State(app): State<App>, who: SignedIn, Query(which): Query<Which>) -> Answer {
    let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(attached(given(&app, &who, which, Form::Xlsx).await?, media, "regio.xlsx"))
}

/// `GET /regio/regio.pdf`.
pub async fn pdf(State(app): State<App>, who: SignedIn, Query(which): Query<Which>) -> Answer {
    Ok(shown(given(&app, &who, which, Form::Pdf).await?, "regio"))
}

/// `GET /regio/measurereport.json`.
pub async fn fhir(State(app): State<App>, who: SignedIn, Query(which): Query<Which>) -> Answer {
    let media = "application/fhir+json; charset=utf-8";
    Ok(attached(given(&app, &who, which, Form::Fhir).await?, media, "measurereport.json"))
}
