//! `/patienten/{id}/toestemming`: what the patient says about sharing; who would see what; why somebody could see this.

mod ground;

pub use ground::{Ground, grounds};

use super::care_team::Names;
use super::field::{Choice, Field, Problem};
use super::frame::{Frame, Notice, Tab};
use super::log::log_is_for;
use super::render::{Answer, Told, done, show};
use super::rows::leaves;
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::access::{Action, Permit};
use domain::consent::{GivenBy, How, Part, Said, Scope, Sharing};
use domain::ident::{OrganisationId, PatientId};
use domain::organisation::OrganisationKind;
use domain::seen::Seen;
use domain::words;
use jiff::civil::Date;
use store::organisations::Organisation;

/// The page.
#[derive(Template)]
#[template(path = "consent.html")]
pub struct ConsentPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// What holds, in sentences.
    pub holds: Vec<String>,
    /// What was said, newest first.
    pub events: Vec<EventRow>,
    /// The form, in the order of the page.
    pub form: Vec<Field>,
    /// What saving would change, once asked for.
    pub preview: Option<Preview>,
    /// Who sees what now.
    pub sees: Vec<SeesRow>,
    /// About whom one asks why, and when.
    pub why: [Field; 2],
    /// The answer to that.
    pub because: Vec<String>,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// May this person record it?
    pub may_record: bool,
    /// Where one asks the same about a person and a moment, for who may read the log.
    pub about_people: Option<String>,
}

/// One event.
#[derive(Debug, Clone)]
pub struct EventRow {
    /// What was said, for whom.
    pub what: String,
    /// When, by whom, how, and who recorded it.
    pub fine: String,
    /// What was said with it.
    pub note: Option<String>,
}

/// What saving would change.
#[derive(Debug, Clone)]
pub struct Preview {
    /// What is said.
    pub what: String,
    /// The organisations for which something changes.
    pub changes: Vec<SeesRow>,
}

/// What an organisation sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeesRow {
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: &'static str,
    /// Now.
    pub now: String,
    /// Once it is saved.
    pub then: String,
}

const VALUES: [Sharing; 3] = [Sharing::Agreed, Sharing::Refused, Sharing::Unknown];

fn form(ground: &Ground, fields: &Fields, errors: &[Problem]) -> Vec<Field> {
    let of = |code: &str| if fields.has(code) { fields.get(code).to_owned() } else { String::new() };
    let scopes = vec![
        Choice::of("allen", "Alle betrokken zorgverleners"),
        Choice::of("soort", "Eén soort organisatie"),
        Choice::of("organisatie", "Eén organisatie"),
        Choice::of("naasten", "Naasten, voor een deel van het plan"),
    ];
    let care = OrganisationKind::ALL.iter().filter(|k| k.gives_care());
    let pick = |first: &str| Choice::of("", first);
    let mut kinds = vec![pick("Kies een soort")];
    kinds.extend(care.map(|k| Choice::of(k.code(), k.dutch())));
    let mut organisations = vec![pick("Kies een organisatie")];
    organisations.extend(ground.organisations.iter().map(|o| Choice::of(o.id.to_string(), o.name.clone())));
    let mut parts = vec![pick("Kies een deel")];
    parts.extend(Part::ALL.iter().map(|p| Choice::of(p.code(), p.dutch())));
    let values = VALUES.iter().map(|v| Choice::of(v.code(), v.dutch())).collect();
    let by = vec![Choice::of("patient", "De patiënt"), Choice::of("representative", "De vertegenwoordiger")];
    let how = vec![Choice::of("spoken", "Mondeling"), Choice::of("written", "Schriftelijk")];
    [
        Field::radios("voor", "Voor wie?", &of("voor"), scopes),
        Field::select("soort", "Welke soort?", &of("soort"), kinds).hint("Alleen bij ‘één soort organisatie’."),
        Field::select("organisatie", "Welke organisatie?", &of("organisatie"), organisations)
            .hint("Alleen bij ‘één organisatie’."),
        Field::select("deel", "Welk deel?", &of("deel"), parts).hint("Alleen bij ‘naasten’."),
        Field::radios("waarde", "Wat is er gezegd?", &of("waarde"), values),
        Field::radios("door", "Wie zei dit?", &of("door"), by),
        Field::radios("hoe", "Hoe?", &of("hoe"), how),
        Field::text("notitie", "Toelichting (mag leeg blijven)", &of("notitie")),
    ]
    .into_iter()
    .map(|f| f.checked(errors))
    .collect()
}

/// Reads what is said from the form.
fn read(fields: &Fields, ground: &Ground) -> Result<Said, Vec<Problem>> {
    let mut errors = Vec::new();
    let mut wrong = |field: &str, message: &str| errors.push(Problem::at(field, message));
    let scope = match fields.get("voor") {
        "allen" => Some(Scope::Everyone),
        "soort" => OrganisationKind::of_code(fields.get("soort")).filter(|k| k.gives_care()).map(Scope::Kind),
        "organisatie" => OrganisationId::parse(fields.get("organisatie"))
            .ok()
            .filter(|id| ground.organisations.iter().any(|o| o.id == *id))
            .map(Scope::Organisation),
        "naasten" => Part::of_code(fields.get("deel")).map(Scope::Relatives),
        _ => {
            wrong("voor", "Kies voor wie dit geldt.");
            None
        }
    };
    if scope.is_none() {
        match fields.get("voor") {
            "soort" => wrong("soort", "Kies welke soort organisatie."),
            "organisatie" => wrong("organisatie", "Kies welke organisatie."),
            "naasten" => wrong("deel", "Kies welk deel van het plan."),
            _ => {}
        }
    }
    let value = VALUES.into_iter().find(|v| v.code() == fields.get("waarde"));
    if value.is_none() {
        wrong("waarde", "Kies wat er gezegd is.");
    }
    let by = match fields.get("door") {
        "patient" => Some(GivenBy::Patient),
        "representative" => Some(GivenBy::Representative),
        _ => None,
    };
    if by.is_none() {
        wrong("door", "Kies wie dit zei.");
    }
    let how = match fields.get("hoe") {
        "spoken" => Some(How::Spoken),
        "written" => Some(How::Written),
        _ => None,
    };
    if how.is_none() {
        wrong("hoe", "Kies hoe dit gezegd is.");
    }
    match (scope, value, by, how) {
        (Some(scope), Some(value), Some(by), Some(how)) => {
            Ok(Said { scope, value, by, how, note: fields.filled("notitie").map(str::to_owned) })
        }
        _ => Err(errors),
    }
}

/// What a request adds to the page.
#[derive(Default)]
struct Extra {
    preview: Option<Said>,
    because: Vec<String>,
    errors: Vec<Problem>,
}

async fn view(
    app: &App,
    who: &SignedIn,
    permit: &Permit,
    id: &PatientId,
    fields: &Fields,
    extra: Extra,
) -> Result<ConsentPage, PageError> {
    let now = app.clock().now();
    let record = app.store().read_patient(permit, now, "sharing").await?.ok_or(PageError::Forbidden)?;
    let (ground, consent) = Ground::of(app, permit).await?;
    let names = Names::of(app);
    let mut events = Vec::new();
    for e in ground.events.iter().rev() {
        let mut fine =
            format!("{}, {} door {}", words::day(domain::date::local_day(e.at)), e.said.how.dutch(), e.said.by.dutch());
        if !e.recorded_by.is_empty() {
            fine = format!("{fine}; vastgelegd door {}", names.actor(&e.recorded_by).await?);
        }
        if let Some(version) = e.version {
            fine = format!("{fine} (versie {version} van het plan)");
        }
        events.push(EventRow { what: ground.said(&e.said), fine, note: e.said.note.clone() });
    }
    let preview = extra.preview.map(|said| {
        let mut then = consent.clone();
        then.hear(&said);
        let mut changes = ground.sees(&consent, &then, now);
        changes.retain(|row| row.now != row.then);
        Preview { what: ground.said(&said), changes }
    });
    let mut asked = vec![Choice::of("", "Kies een organisatie")];
    asked.extend(ground.organisations.iter().map(|o| Choice::of(o.id.to_string(), o.name.clone())));
    let [records, reads_log] = leaves(app, &who.actor, [Action::RecordConsent, Action::ReadLog], id).await?;
    let leads = app.store().leads(permit, now).await?;
    let about_people = reads_log.filter(|_| log_is_for(who, &leads)).map(|_| format!("/patienten/{id}/inzage/waarom"));
    Ok(ConsentPage {
        frame: Frame::about(app, who, "Toestemming om te delen", id, &record.patient, Tab::Consent)
            .failing(!extra.errors.is_empty()),
        id: id.to_string(),
        holds: ground.holds(&consent),
        events,
        form: form(&ground, fields, &extra.errors),
        preview,
        sees: ground.sees(&consent, &consent, now),
        why: [
            Field::select("wie", "Welke organisatie?", fields.get("wie"), asked).checked(&extra.errors),
            Field::short("wanneer", "Op welke dag?", fields.get("wanneer"))
                .hint("Bijvoorbeeld 3-11-2026. Het antwoord geldt voor het eind van die dag.")
                .checked(&extra.errors),
        ],
        because: extra.because,
        errors: extra.errors,
        may_record: records.is_some(),
        about_people,
    })
}

/// `GET /patienten/{id}/toestemming`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::ReadPatient, &id).await?;
    let mut page = view(&app, &who, &permit, &id, &Fields::default(), Extra::default()).await?;
    page.frame = page.frame.told(&told);
    Ok(show(StatusCode::OK, &page))
}

/// `POST /patienten/{id}/toestemming`: shows what it would change, records it, or answers why.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let id = patient_id(&id)?;
    if fields.get("doe") == "waarom" {
        let permit = ask(&app, &who.actor, Action::ReadPatient, &id).await?;
        return why(&app, &who, &permit, &id, &fields).await;
    }
    let permit = ask(&app, &who.actor, Action::RecordConsent, &id).await?;
    let (ground, _) = Ground::of(&app, &permit).await?;
    let (status, extra) = match read(&fields, &ground) {
        Ok(said) if fields.get("doe") == "vastleggen" => {
            app.store().set_sharing(&permit, &[said], app.clock().now()).await?;
            return Ok(done(&format!("/patienten/{id}/toestemming"), Notice::ConsentRecorded));
        }
        Ok(said) => (StatusCode::OK, Extra { preview: Some(said), ..Extra::default() }),
        Err(errors) => (StatusCode::UNPROCESSABLE_ENTITY, Extra { errors, ..Extra::default() }),
    };
    Ok(show(status, &view(&app, &who, &permit, &id, &fields, extra).await?))
}

/// 'Why could X see this?', for a day.
async fn why(app: &App, who: &SignedIn, permit: &Permit, id: &PatientId, fields: &Fields) -> Answer {
    let (ground, _) = Ground::of(app, permit).await?;
    let today = app.clock().today();
    let day = match fields.filled("wanneer") {
        None => Some(today),
        Some(text) => super::dutch::typed_date(text).ok().and_then(|d| d.day()).filter(|d| *d <= today),
    };
    let organisation = OrganisationId::parse(fields.get("wie")).ok();
    let organisation = organisation.and_then(|id| ground.organisations.iter().find(|o| o.id == id));
    let mut errors = Vec::new();
    if organisation.is_none() {
        errors.push(Problem::at("wie", "Kies over welke organisatie u dit vraagt."));
    }
    if day.is_none() {
        errors.push(Problem::at("wanneer", "Schrijf een dag als 3-11-2026, niet later dan vandaag."));
    }
    let because = match (organisation, day) {
        (Some(organisation), Some(day)) => reasons(&ground, organisation, day),
        _ => Vec::new(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let extra = Extra { because, errors, ..Extra::default() };
    Ok(show(status, &view(app, who, permit, id, fields, extra).await?))
}

fn reasons(ground: &Ground, organisation: &Organisation, day: Date) -> Vec<String> {
    let at = domain::date::end_of_local_day(day);
    let consent = ground.consent_at(at);
    let relation = ground.relation(organisation, &consent, at);
    let saw = Seen::by(organisation.kind, relation).dutch();
    let mut all = vec![format!("Aan het eind van {} zag {}: {saw}.", words::day(day), organisation.name)];
    all.extend(grounds(relation));
    all
}
