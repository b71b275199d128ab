//! One document in a list.

use domain::date::local_day;
use domain::document::file::Media;
use domain::document::{Agrees, Standing};
use domain::ident::PatientId;
use domain::plan::{CurrentPlan, FileRef};
use domain::words;

/// A document as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRow {
    /// Its page.
    pub href: String,
    /// `Niet-reanimerenverklaring van 1 mei 2020`.
    pub title: String,
    /// It says something else than the plan.
    pub differs: bool,
    /// How it is with plan and doctor.
    pub flags: Vec<String>,
    /// Who represents the patient in it.
    pub representative: Option<String>,
    /// What else is to be known.
    pub comment: Option<String>,
    /// The file: where, and what it is.
    pub file: Option<(String, String)>,
    /// By whom and when it was added, or that it came with a plan.
    pub from: String,
    /// Why it counts no longer.
    pub ended: Option<String>,
}

/// `PDF, 1,2 MB`.
fn kind_and_size(file: &FileRef) -> String {
    let kind = Media::of_code(&file.media_type).map_or("bestand", Media::dutch);
    let size = match file.size {
        n if n < 1 << 20 => format!("{} kB", n.div_ceil(1 << 10)),
        n => format!("{},{} MB", n >> 20, ((n % (1 << 20)) * 10) >> 20),
    };
    format!("{kind}, {size}")
}

impl DocumentRow {
    /// The row of a document beside this plan.
    pub fn of(id: &PatientId, standing: &Standing, plan: Option<&CurrentPlan>) -> Self {
        let document = &standing.document;
        let href = format!("/patienten/{id}/documenten/{}", standing.name.code());
        let of_plan = document.person.and_then(|key| plan?.content.person(key)).map(words::person);
        let mut flags = standing.flags();
        // What was compared with an older plan may not hold for this one.
        if let Some((with, plan)) = document.compared_with.zip(plan).filter(|(with, plan)| *with < plan.number) {
            flags.push(format!("vergeleken met versie {with}; nu geldt versie {}", plan.number));
        }
        let from = match standing.history.first() {
            Some(noted) if noted.what.iter().any(|w| w == "toegevoegd") => {
                format!("Toegevoegd op {} door {}", words::day(local_day(noted.at)), noted.by.name)
            }
            _ => "Ontvangen met een plan van elders".to_owned(),
        };
        Self {
            title: document.title(),
            differs: document.agrees == Agrees::No,
            flags: flags.iter().map(|f| words::capitalised(f)).collect(),
            representative: of_plan.or_else(|| document.representative.clone()).map(|r| words::capitalised(&r)),
            comment: document.comment.clone(),
            file: document.file.as_ref().map(|f| (format!("{href}/bestand"), kind_and_size(f))),
            from,
            ended: standing.ended.as_ref().map(|e| {
                let day = words::day(local_day(e.at));
                format!("{} ({day}, {}): {}", words::capitalised(e.why.dutch()), e.by.name, e.reason)
            }),
            href,
        }
    }
}
