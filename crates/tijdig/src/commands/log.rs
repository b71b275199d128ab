//! `tijdig log verify`: is the log whole (decision 71)?

use super::{Done, Failure, close, open};
use crate::args::Where;
use crate::output::say;
use web::verify::{Finding, Report, Wrong};

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

pub(super) fn tell(report: &Report) {
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
        say(&format!("FOUT: {}", in_words(finding)));
    }
    say(if report.is_whole() { "Het logboek is heel." } else { "Het logboek is NIET heel." });
}

/// A finding with its place.
fn in_words(finding: &Finding) -> String {
    let seq = finding.seq.map_or_else(|| "?".to_owned(), |seq| seq.to_string());
    let row = format!("regel {seq} van keten {}", finding.chain.as_deref().unwrap_or("?"));
    match finding.wrong {
        Wrong::Changed => format!("{row} is veranderd of ingevoegd"),
        Wrong::Inserted => format!("{row} is ingevoegd, of staat er twee keer"),
        Wrong::Moved => format!("{row} draagt een ander nummer dan waarmee hij is geschreven"),
        Wrong::Removed => format!("{row} is weg"),
        Wrong::CutOff => format!("{row} is weg, met alles erna"),
        Wrong::Anchor => format!("anker {seq} past niet bij het logboek: wat ervoor stond is veranderd of afgesneden"),
        Wrong::Outside => format!("anker {seq} buiten de database past niet bij wat erin staat"),
        Wrong::Version => {
            let patient = finding.chain.as_deref().unwrap_or("?");
            format!("versie {seq} van het plan van {patient} is niet wat er is vastgelegd, of weg")
        }
    }
}

pub(super) fn as_json(report: &Report) -> serde_json::Value {
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
