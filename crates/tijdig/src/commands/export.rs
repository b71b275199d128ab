//! `tijdig export patient`: a complete copy of one record, for the patient.

use super::{Done, Failure, close, open};
use crate::args::Where;
use crate::output::say;
use std::io::Write;
use std::path::Path;
use web::Clock;
use web::keeping::export_record;

/// Writes the copy to a new file that only its owner may read.
pub async fn patient(at: &Where, id: &str, to: &Path, json: bool) -> Done {
    if to.exists() {
        return Err(Failure::Failed(format!("{} bestaat al.", to.display())));
    }
    let (_, store) = open(at).await?;
    let copy = export_record(&store, id, Clock::default().real()).await;
    // First the log is on disk, then the copy leaves.
    close(store).await?;
    let copy = copy?;
    write(to, &serde_json::to_vec_pretty(&copy)?).map_err(|e| Failure::Failed(format!("{}: {e}", to.display())))?;
    let count = |part: &str| copy[part].as_array().map_or(0, Vec::len);
    let (versions, documents, log) = (count("versions"), count("documents"), count("log"));
    say(&if json {
        serde_json::json!({
            "file": to.display().to_string(), "versions": versions, "documents": documents, "log_rows": log,
        })
        .to_string()
    } else {
        format!(
            "Het dossier staat leesbaar in {}: {versions} versies, {documents} documenten, {log} regels logboek.",
            to.display()
        )
    });
    Ok(())
}

fn write(to: &Path, text: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(to)?;
    file.write_all(text)?;
    file.sync_all()
}
