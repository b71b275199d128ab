//! The caseload by name: those on one page, and somebody among them who is looked for by name (decision 74).

use super::dutch;
use super::field::{Field, Problem};
use super::patients::log;
use crate::app::App;
use crate::forms::Fields;
use crate::session::SignedIn;
use domain::access::{Action, permit};
use domain::date::FhirDateTime;
use domain::ident::PatientId;
use domain::patient::{Patient, normalise_family, typed_family};
use std::sync::Mutex;
use store::log::Outcome;
use store::patients::PatientRecord;

/// Patients on a page.
pub const PAGE: usize = 25;

/// What was found: the first of them, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    /// At most a page of them.
    pub rows: Vec<T>,
    /// How many there are in all.
    pub total: usize,
}

impl<T> Found<T> {
    /// All of them.
    pub fn all(rows: Vec<T>) -> Self {
        Self { total: rows.len(), rows }
    }

    /// As something else.
    pub fn map<U>(self, to: impl Fn(T) -> U) -> Found<U> {
        Found { rows: self.rows.into_iter().map(to).collect(), total: self.total }
    }

    /// That there are more than the page shows, and how to find the one who is meant.
    pub fn cut(&self) -> Option<String> {
        let (shown, total) = (self.rows.len(), self.total);
        (shown < total).then(|| {
            format!("Dit zijn de eerste {shown} van {total}. Schrijf meer van de naam, of vul ook de geboortedatum in.")
        })
    }
}

/// Who is looked for.
#[derive(Debug, Clone)]
pub struct Wanted<'f> {
    /// The surname, or how it begins.
    pub family: &'f str,
    /// The birth date, or its year.
    pub born: Option<FhirDateTime>,
}

impl<'f> Wanted<'f> {
    /// Out of the fields `achternaam` and `geboortedatum`, the latter may be empty.
    ///
    /// # Errors
    /// What is wrong with which of the two.
    pub fn read(fields: &'f Fields) -> Result<Self, Problem> {
        let family = fields.filled("achternaam");
        let family = family.ok_or_else(|| Problem::at("achternaam", "Schrijf de achternaam, of het begin ervan."))?;
        let born = fields.filled("geboortedatum").map(dutch::typed_date).transpose();
        Ok(Self { family, born: born.map_err(|sentence| Problem::at("geboortedatum", sentence))? })
    }

    fn is_born(&self, patient: &FhirDateTime) -> bool {
        let Some(born) = &self.born else { return true };
        let (typed, known) = (born.to_string(), patient.to_string());
        known.starts_with(&typed) || typed.starts_with(&known)
    }
}

/// The two fields that [`Wanted::read`] reads.
pub fn search_fields(label: &str, fields: &Fields, errors: &[Problem]) -> [Field; 2] {
    let born =
        Field::short("geboortedatum", "Geboortedatum of geboortejaar (mag leeg blijven)", fields.get("geboortedatum"));
    [Field::text("achternaam", label, fields.get("achternaam")).growing().checked(errors), born.checked(errors)]
}

/// Has the patient a name that begins as each of these?
fn bears(patient: &Patient, begins: &[String]) -> bool {
    let names = patient.search_names();
    begins.iter().all(|start| names.iter().any(|name| name.starts_with(start)))
}

/// Whose surname begins so, within the caseload (decision 74) and besides some; the search is logged.
///
/// # Errors
/// Where the store fails.
pub async fn named_in_caseload(
    app: &App,
    who: &SignedIn,
    wanted: &Wanted<'_>,
    besides: &[PatientId],
) -> Result<Found<PatientRecord>, store::Error> {
    log(app, who, "name-in-caseload", Outcome::Done).await?;
    let ways = typed_family(wanted.family);
    let is_meant = |r: &PatientRecord| {
        wanted.is_born(&r.patient.birth_date)
            && ways.iter().any(|way| bears(&r.patient, way))
            && !besides.contains(&r.id)
    };
    caseload(app, who, is_meant, 0).await
}

/// The caseload by name: how many there are, and those of one page. Looking for the order unseals names without giving
/// them; only those of the page are given, and so only those are logged.
///
/// # Errors
/// Where the store fails.
pub async fn caseload(
    app: &App,
    who: &SignedIn,
    wanted: impl Fn(&PatientRecord) -> bool + Send + Sync,
    skip: usize,
) -> Result<Found<PatientRecord>, store::Error> {
    let actor = &who.actor;
    let now = app.clock().now();
    let leave = |id: &PatientId, relation| permit(actor, Action::ReadPatient, id, relation).ok();
    let order: Mutex<Vec<(String, PatientId)>> = Mutex::new(Vec::new());
    let note = |r: &PatientRecord| {
        if r.merged_into.is_none()
            && wanted(r)
            && let Ok(mut order) = order.lock()
        {
            let name = &r.patient.name;
            let key = format!("{}\u{1}{}", normalise_family(&name.family_used()), name.full().to_lowercase());
            order.push((key, r.id.clone()));
        }
        false
    };
    app.store().caseload_names(actor, None, usize::MAX, now, leave, note).await?;
    let mut order = order.into_inner().unwrap_or_default();
    order.sort();
    let total = order.len();
    let shown: Vec<PatientId> = order.into_iter().skip(skip).take(PAGE).map(|(_, id)| id).collect();
    if shown.is_empty() {
        return Ok(Found { rows: Vec::new(), total });
    }
    let mut rows = app.store().caseload_names(actor, None, shown.len(), now, leave, |r| shown.contains(&r.id)).await?;
    rows.sort_by_key(|r| shown.iter().position(|id| *id == r.id));
    Ok(Found { rows, total })
}
