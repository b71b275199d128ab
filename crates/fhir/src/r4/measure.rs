//! Figures as MeasureReport (R4, type `summary`): a Bundle with one for each figure. What is not shown has no number here
//! either: its population carries a data-absent-reason `masked`.

use domain::figures::report::{Part, Report, Told};
use domain::figures::{Line, Shown};
use jiff::Timestamp;
use serde_json::{Value, json};

const POPULATION: &str = "http://terminology.hl7.org/CodeSystem/measure-population";
const NOTATION: &str = "http://terminology.hl7.org/CodeSystem/measure-improvement-notation";
const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// A collection of the report's figures.
pub fn bundle(report: &Report, base_url: &str, counted: Timestamp) -> Value {
    let entries: Vec<Value> = report
        .figures
        .iter()
        .map(|told| {
            let id = format!("{}-{}", told.definition.figure.code(), report.year);
            json!({
                "fullUrl": format!("{base_url}/regio/measurereport/{id}"),
                "resource": measure_report(report, told, base_url, &id, counted),
            })
        })
        .collect();
    json!({ "resourceType": "Bundle", "type": "collection", "timestamp": counted.to_string(), "entry": entries })
}

fn measure_report(report: &Report, told: &Told, base_url: &str, id: &str, counted: Timestamp) -> Value {
    let of = told.definition;
    let better = if of.more_is_better { "increase" } else { "decrease" };
    let mut groups =
        vec![group(&told.whole.name, told.whole.shown, &[("groep", &told.groups), ("kwartaal", &told.quarters)])];
    for entry in told.kinds.iter().chain(&told.organisations).filter(|e| e.unit != told.whole.unit) {
        groups.push(group(&entry.name, entry.shown, &[]));
    }
    json!({
        "resourceType": "MeasureReport",
        "id": id,
        "status": "complete",
        "type": "summary",
        "measure": format!("{base_url}/regio/cijfer/{}|{}", of.figure.code(), of.version),
        "date": counted.to_string(),
        "reporter": { "display": report.region },
        "period": { "start": format!("{}-01-01", report.year), "end": format!("{}-12-31", report.year) },
        "improvementNotation": { "coding": [{ "system": NOTATION, "code": better }] },
        "group": groups,
    })
}

fn group(name: &str, shown: Shown, stratifiers: &[(&str, &[Part])]) -> Value {
    let mut group = json!({ "code": { "text": name }, "population": population(shown) });
    if let Some(score) = score(shown) {
        group["measureScore"] = score;
    }
    let strata = |(what, parts): &(&str, &[Part])| {
        let stratum = |part: &Part| {
            let mut one = json!({ "value": { "text": part.name }, "population": population(part.shown) });
            if let Some(score) = score(part.shown) {
                one["measureScore"] = score;
            }
            one
        };
        json!({ "code": [{ "text": what }], "stratum": parts.iter().map(stratum).collect::<Vec<_>>() })
    };
    if !stratifiers.is_empty() {
        group["stratifier"] = stratifiers.iter().map(strata).collect();
    }
    group
}

fn score(shown: Shown) -> Option<Value> {
    let percent = shown.line().and_then(Line::percent)?;
    Some(
        json!({ "value": (percent * 10.0).round() / 10.0, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%" }),
    )
}

fn population(shown: Shown) -> Vec<Value> {
    let line = shown.line();
    let of = |code: &str, count: Option<u32>| {
        let code = json!({ "coding": [{ "system": POPULATION, "code": code }] });
        match count {
            Some(count) => json!({ "code": code, "count": count }),
            None => json!({ "code": code, "_count": { "extension": [{ "url": ABSENT, "valueCode": "masked" }] } }),
        }
    };
    vec![
        of("initial-population", line.map(|l| l.of + l.unknown)),
        of("denominator-exclusion", line.map(|l| l.unknown)),
        of("denominator", line.map(|l| l.of)),
        of("numerator", line.map(|l| l.above)),
    ]
}
