//! `tijdig report region`: the figures of a region as a file.

use super::{Done, Failure, close, open};
use crate::args::Where;
use crate::output::say;
use std::path::Path;
use web::{App, AppConfig, ReportAsk, ReportForm, region_report};

/// Counts what changed, and writes the report to a file.
pub async fn region(at: &Where, to: &Path, region: Option<&str>, year: Option<i16>) -> Done {
    let ending = to.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let form = ReportForm::of_ending(ending).ok_or_else(|| {
        Failure::Use("Laat de naam van het bestand eindigen op .pdf, .csv, .xlsx of .json.".to_owned())
    })?;
    let (config, store) = open(at).await?;
    let app_config = AppConfig { base_url: config.base_url(0), today: None, review_months: config.review_months };
    let app = App::new(store.clone(), app_config, web::install_metrics()?).await?;
    if let Some(people) = config.smallest_group {
        app.hide_groups_under(people);
    }
    let made = region_report(&app, &ReportAsk { region, year, form }).await;
    close(store).await?;
    let bytes = made?;
    std::fs::write(to, bytes).map_err(|e| Failure::Failed(format!("{}: {e}", to.display())))?;
    say(&format!("De cijfers van de regio staan in {}.", to.display()));
    Ok(())
}
