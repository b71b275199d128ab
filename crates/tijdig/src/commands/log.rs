//! `tijdig log verify`: is the log whole (decision 71)?

use super::{Done, Failure, close, open};
use crate::args::Where;
use crate::output::say;
use web::LogReport;

/// Proves the log; exit 1 where anything was changed, removed, inserted or cut off.
pub async fn verify(at: &Where, json: bool) -> Done {
    let (_, store) = open(at).await?;
    let report = store.verify().await?;
    if json {
        say(&as_json(&report).to_string());
    } else {
        tell(&report);
    }
    close(store).await?;
    if report.is_whole() { Ok(()) } else { Err(Failure::Failed("Het logboek is niet heel.".to_owned())) }
}

pub(super) fn tell(report: &LogReport) {
    say(&format!(
        "{} regels in {} ketens, {} planversies, {} ankers.",
        report.rows, report.chains, report.versions, report.anchors
    ));
    match report.proven_until {
        Some((anchor, at)) => say(&format!(
            "Bewezen tot en met anker {anchor} van {at}; {} regels zijn daarna geschreven.",
            report.rows_after
        )),
        None => say("Er is nog geen anker: wat aan het eind is afgesneden, is nog niet te bewijzen."),
    }
    for finding in &report.findings {
        let chain = finding.chain.as_deref().unwrap_or("-");
        let seq = finding.seq.map_or_else(|| "-".to_owned(), |s| s.to_string());
        say(&format!("FOUT {:?}: keten {chain}, regel {seq}", finding.wrong));
    }
    say(if report.is_whole() { "Het logboek is heel." } else { "Het logboek is NIET heel." });
}

pub(super) fn as_json(report: &LogReport) -> serde_json::Value {
    let findings: Vec<_> = report
        .findings
        .iter()
        .map(|f| serde_json::json!({"wrong": format!("{:?}", f.wrong), "chain": f.chain, "seq": f.seq}))
        .collect();
    serde_json::json!({
        "whole": report.is_whole(),
        "rows": report.rows,
        "chains": report.chains,
        "versions": report.versions,
        "anchors": report.anchors,
        "proven_until": report.proven_until.map(|(anchor, at)| serde_json::json!({"anchor": anchor, "at": at.to_string()})),
        "rows_after": report.rows_after,
        "wrong": report.wrong,
        "findings": findings,
    })
}
