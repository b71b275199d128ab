//! `tijdig import`: plans as FHIR, and the standard's Questionnaire.

use super::{Done, Failure, close, open, organisation};
use crate::args::Where;
use crate::output::{complain, say};
use std::path::{Path, PathBuf};
use web::{App, AppConfig};

/// `tijdig import fhir FILE…`: each file whole or not at all; exit 1 where any was refused.
pub async fn fhir(at: &Where, of: &str, files: &[PathBuf], json: bool) -> Done {
    let (config, store) = open(at).await?;
    let organisation = organisation(&store, of, None).await?;
    let app_config = AppConfig { base_url: config.base_url(0), today: None, review_months: config.review_months };
    let app = App::new(store.clone(), app_config, web::install_metrics()?).await?;
    let mut refused = 0;
    for file in files {
        let name = file.display().to_string();
        let outcome = match std::fs::read(file) {
            Ok(bytes) => web::deliver(&app, &web::program(organisation.id.clone()), &bytes).await,
            Err(error) => Err(vec![error.to_string()]),
        };
        match outcome {
            Ok(done) if json => say(
                &serde_json::json!({"file": name, "version": done.version, "new": done.new, "kept_beside": done.kept})
                    .to_string(),
            ),
            Ok(done) => {
                let what = if done.new { "vastgelegd" } else { "was er al" };
                say(&format!("{name}: versie {} {what}", done.version));
                for kept in &done.kept {
                    say(&format!("  bewaard bij de bron: {kept}"));
                }
            }
            Err(problems) => {
                refused += 1;
                if json {
                    say(&serde_json::json!({"file": name, "problems": problems}).to_string());
                } else {
                    for problem in &problems {
                        complain(&format!("{name}: {problem}"));
                    }
                }
            }
        }
    }
    close(store).await?;
    if refused == 0 {
        Ok(())
    } else {
        Err(Failure::Failed(format!("{refused} van {} bestanden geweigerd.", files.len())))
    }
}

/// `tijdig import questionnaire FILE` (decision 37).
pub async fn questionnaire(at: &Where, file: &Path) -> Done {
    let (_, store) = open(at).await?;
    let bytes = std::fs::read(file).map_err(|e| Failure::Failed(format!("{}: {e}", file.display())))?;
    let canonical = web::import_questionnaire(&store, &bytes).await.map_err(Failure::Failed)?;
    say(&format!("De vragenlijst wordt voortaan geleverd onder {canonical}."));
    close(store).await
}
