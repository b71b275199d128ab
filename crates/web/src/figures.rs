//! Counts the figures anew while the server runs: each minute whatever changed since, so that no page has to.

use crate::app::App;
use domain::organisation::OrganisationKind;
use std::time::Duration;
use store::figures::{Pace, Refreshed};

/// How often.
const EVERY: Duration = Duration::from_mins(1);

/// Counts for as long as the server runs.
pub(crate) async fn run(app: App) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = refresh(&app, Pace::Aside).await {
            tracing::error!(%error, "the figures could not be counted");
        }
    }
}

/// Counts what changed since the last time.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn refresh(app: &App, pace: Pace) -> Result<Refreshed, store::Error> {
    let begun = std::time::Instant::now();
    let done = app.store().refresh_figures(pace, app.clock().today(), app.clock().now()).await?;
    metrics::histogram!("tijdig_figures_refresh_seconds").record(begun.elapsed());
    metrics::counter!("tijdig_figures_counted_total").increment(done.patients);
    Ok(done)
}

/// In which form figures are given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A report to read or print.
    Pdf,
    /// A table, `;` between the cells.
    Csv,
    /// A spreadsheet.
    Xlsx,
    /// FHIR R4 MeasureReports in a Bundle.
    Fhir,
}

impl Form {
    /// The form of a file with this ending.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_ascii_lowercase().as_str() {
            "pdf" => Some(Self::Pdf),
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            "json" => Some(Self::Fhir),
            _ => None,
        }
    }
}

/// What report of a region is asked for on the command line.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// Name of the region; absent: the only one there is.
    pub region: Option<&'a str>,
    /// The year; absent: this one.
    pub year: Option<i16>,
    /// In which form.
    pub form: Form,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum NoReport {
    /// Nobody tells which region.
    #[error("{0}")]
    NoRegion(String),
    /// Another program counts.
    #[error("De cijfers worden nu geteld. Probeer het over een minuut opnieuw.")]
    Counting,
    /// The file could not be made.
    #[error("Het rapport kon niet gemaakt worden.")]
    NotMade,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Counts what changed, and makes the report of a region.
///
/// # Errors
/// [`NoReport`].
pub async fn region_report(app: &App, ask: &Ask<'_>) -> Result<Vec<u8>, NoReport> {
    if !refresh(app, Pace::Full).await?.done {
        return Err(NoReport::Counting);
    }
    let regions = app.store().organisations().await?;
    let mut regions = regions.into_iter().filter(|o| o.kind == OrganisationKind::Region);
    let region = match ask.region {
        Some(name) => regions.find(|o| o.name == name),
        None => regions.next().filter(|_| regions.next().is_none()),
    };
    let told = "Er is niet precies één regio met die naam. Noem haar met --region NAAM, zoals zij bij Beheer heet.";
    let region = region.ok_or_else(|| NoReport::NoRegion(told.to_owned()))?;
    let today = app.clock().today();
    let year = ask.year.unwrap_or(today.year());
    let report = crate::pages::region_report(app, &region, year).await?;
    let counted = app.store().figures_counted_at().await?;
    let examples = crate::pages::examples(app, &region.id, year).await?;
    let base_url = &app.config().base_url;
    let given = crate::pages::Given { report: &report, examples: &examples, counted, today, base_url };
    crate::pages::region_file(&given, ask.form).map_err(|_| NoReport::NotMade)
}
