//! `/patienten/{id}/eigen-toegang`: who of the patient's own has access to the plan; inviting on paper, and ending it.

mod letter;

pub use letter::{greeting, street_and_place};

use super::dutch;
use super::field::{Choice, Field, Problem};
use super::frame::{Frame, Notice, Tab};
use super::render::{Answer, Told, done, page, refused};
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::people::split_name;
use crate::press::shown;
use crate::qr::{Drawn, draw};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::access::{Action, Own, Permit};
use domain::date::{TIME_ZONE, local_day};
use domain::ident::{PatientId, PersonId};
use domain::patient::Patient;
use domain::words;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::accounts::{Account, Code, Invitation, Invite, Stand};

/// The page.
#[derive(Template)]
#[template(path = "own_access.html")]
pub struct OwnAccessPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// Who has access, or had it.
    pub accounts: Vec<AccountRow>,
    /// Invitations that were not used.
    pub invitations: Vec<InvitationRow>,
    /// As what to invite.
    pub own: Field,
    /// Who.
    pub name: Field,
    /// What they are to the patient.
    pub relation: Field,
    /// Until when.
    pub until: Field,
}

/// The letter, shown once.
#[derive(Template)]
#[template(path = "invitation_letter.html")]
pub struct LetterPage {
    /// Title, menu.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// To whom.
    pub to: String,
    /// About whose plan; empty in a letter to the patient.
    pub about: String,
    /// The code in groups.
    pub code: String,
    /// Address to type.
    pub address: String,
    /// The address with the code.
    pub qr: Option<Drawn>,
    /// Last day on which it can be used.
    pub valid_until: String,
    /// Day of the letter.
    pub today: String,
    /// Who sends it.
    pub from: String,
    /// For which organisation.
    pub organisation: String,
}

/// Somebody who has access, or had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Who, in the form.
    pub person: String,
    /// Name.
    pub name: String,
    /// As what, and from when to when.
    pub part: String,
    /// Still has it.
    pub runs: bool,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationRow {
    /// Number.
    pub number: u32,
    /// For whom.
    pub name: String,
    /// As what, and how it stands.
    pub part: String,
    /// Can still be used.
    pub open: bool,
}

fn account_row(account: Account, now: Timestamp) -> AccountRow {
    let day = |at| words::day(local_day(at));
    let runs = account.until.is_none_or(|until| until > now);
    let until = match account.until {
        None => String::new(),
        Some(until) if until > now => format!(" tot {}", day(until)),
        Some(until) => format!(", beëindigd op {}", day(until)),
    };
    let relation = account.about.relation.map(|r| format!(" ({r})")).unwrap_or_default();
    let why = account.about.ended_because.map(|r| format!(": {r}")).unwrap_or_default();
    AccountRow {
        person: account.person.to_string(),
        name: account.about.name.full(),
        part: format!("{}{relation}, sinds {}{until}{why}", account.own.role().dutch(), day(account.from)),
        runs,
    }
}

fn invitation_row(invitation: &Invitation) -> Option<InvitationRow> {
    let day = |at| words::day(local_day(at));
    let how = match invitation.stand {
        // That one stands among those who have access.
        Stand::Used(_) => return None,
        Stand::Open => format!("de brief is geldig tot en met {}", day(invitation.valid_until)),
        Stand::Withdrawn(at) => format!("ingetrokken op {}", day(at)),
        Stand::Expired => "niet op tijd gebruikt".to_owned(),
        Stand::Void => "vervallen: te vaak een verkeerde geboortedatum".to_owned(),
    };
    Some(InvitationRow {
        number: invitation.number,
        name: invitation.about.name.full(),
        part: format!("{}, uitgenodigd op {}; {how}", invitation.own.role().dutch(), day(invitation.made_at)),
        open: invitation.stand == Stand::Open,
    })
}

struct Room {
    who: SignedIn,
    id: PatientId,
    permit: Permit,
    patient: Patient,
}

async fn enter(app: &App, who: SignedIn, id: &str) -> Result<Room, PageError> {
    let id = patient_id(id)?;
    let permit = ask(app, &who.actor, Action::Invite, &id).await?;
    let record = app.store().read_patient(&permit, app.clock().now(), "own access").await?;
    let record = record.filter(|r| r.merged_into.is_none()).ok_or(PageError::Forbidden)?;
    Ok(Room { who, id, permit, patient: record.patient })
}

async fn view(app: &App, room: &Room, typed: &Fields, errors: Vec<Problem>) -> Result<OwnAccessPage, PageError> {
    let now = app.clock().now();
    let accounts = app.store().accounts(&room.permit, now).await?;
    let invitations = app.store().invitations(&room.permit, now).await?;
    let choices = [
        (Own::Patient, "De patiënt zelf: ziet en kiest alles"),
        (Own::Representative, "De vertegenwoordiger: ziet en kiest alles, zolang de vertegenwoordiging loopt"),
        (Own::Relative, "Een naaste: leest wat de patiënt toestaat"),
    ];
    let choices = choices.into_iter().map(|(own, label)| Choice::of(own.code(), label)).collect();
    Ok(OwnAccessPage {
        frame: Frame::about(app, &room.who, "Eigen toegang", &room.id, &room.patient, Tab::Beneath)
            .back_to(format!("/patienten/{}", room.id), "Overzicht")
            .failing(!errors.is_empty()),
        id: room.id.to_string(),
        accounts: accounts.into_iter().map(|a| account_row(a, now)).collect(),
        invitations: invitations.iter().filter_map(invitation_row).collect(),
        own: Field::radios("wie", "Wie nodigt u uit?", typed.get("wie"), choices).checked(&errors),
        name: Field::text("naam", "Naam van de vertegenwoordiger of naaste", typed.get("naam"))
            .hint("Niet nodig als u de patiënt zelf uitnodigt.")
            .checked(&errors),
        relation: Field::text("relatie", "Wat is deze persoon van de patiënt?", typed.get("relatie"))
            .hint("Bijvoorbeeld: dochter, mentor."),
        until: Field::short("tot", "Tot en met welke dag?", typed.get("tot"))
            .hint("Alleen als u de einddatum weet. Anders loopt de toegang tot iemand haar beëindigt.")
            .checked(&errors),
        errors,
    })
}

/// The moment after a day.
fn after(day: Date) -> Timestamp {
    let zone = TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC);
    day.tomorrow().ok().and_then(|d| d.to_zoned_datetime(zone).ok()).map_or(Timestamp::MAX, |z| z.timestamp())
}

/// Whom the form invites.
fn read(fields: &Fields, patient: &Patient, now: Timestamp) -> Result<Invite, Vec<Problem>> {
    let mut wrong = Vec::new();
    let own = Own::of_code(fields.get("wie"));
    if own.is_none() {
        wrong.push(Problem::at("wie", "Kies wie u uitnodigt."));
    }
    let name = if own == Some(Own::Patient) { patient.name.clone() } else { split_name(fields.get("naam")) };
    if own.is_some() && name.is_empty() {
        wrong.push(Problem::at("naam", "Vul de naam in van wie u uitnodigt."));
    }
    let until = match fields.filled("tot").map(|t| dutch::typed_date(t).map(|d| d.day())) {
        None => None,
        Some(Ok(Some(day))) if day >= local_day(now) => Some(after(day)),
        Some(Ok(Some(_))) => {
            wrong.push(Problem::at("tot", "Deze dag is al voorbij. Vul een latere dag in, of laat het leeg."));
            None
        }
        Some(Ok(None)) => {
            wrong.push(Problem::at("tot", "Vul de hele datum in: dag, maand en jaar."));
            None
        }
        Some(Err(message)) => {
            wrong.push(Problem::at("tot", message));
            None
        }
    };
    match own {
        Some(own) if wrong.is_empty() => {
            Ok(Invite { own, name, relation: fields.filled("relatie").map(str::to_owned), from: now, until })
        }
        _ => Err(wrong),
    }
}

/// `GET /patienten/{id}/eigen-toegang`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let room = enter(&app, who, &id).await?;
    let mut view = view(&app, &room, &Fields::default(), Vec::new()).await?;
    view.frame = view.frame.told(&told);
    Ok(page(&view))
}

/// `POST /patienten/{id}/eigen-toegang`: invites, withdraws or ends.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let room = enter(&app, who, &id).await?;
    let (store, now) = (app.store(), app.clock().now());
    let back = format!("/patienten/{}/eigen-toegang", room.id);
    let gone = || vec![Problem::whole("Dit was al beëindigd of gebruikt. Hieronder staat hoe het nu is.")];
    match fields.get("wat") {
        "trek-in" => {
            let number = fields.get("nummer").parse().unwrap_or(0);
            if store.withdraw_invitation(&room.permit, number, now).await? {
                return Ok(done(&back, Notice::InvitationWithdrawn));
            }
            Ok(refused(&view(&app, &room, &Fields::default(), gone()).await?))
        }
        "beeindig" => {
            let ended = match PersonId::parse(fields.get("persoon")) {
                Ok(person) => store.end_account(&room.permit, &person, now, fields.filled("reden"), now).await?,
                Err(_) => false,
            };
            if ended {
                return Ok(done(&back, Notice::OwnAccessEnded));
            }
            Ok(refused(&view(&app, &room, &Fields::default(), gone()).await?))
        }
        _ => match read(&fields, &room.patient, now) {
            Ok(invite) => invited(&app, &room, &invite, fields.get("vorm") == "pdf").await,
            Err(errors) => Ok(refused(&view(&app, &room, &fields, errors).await?)),
        },
    }
}

/// Makes the code and shows the letter, as a page or as PDF; the code is nowhere else, so it cannot be shown again.
async fn invited(app: &App, room: &Room, invite: &Invite, as_pdf: bool) -> Answer {
    let now = app.clock().now();
    let code = Code::fresh();
    app.store().invite(&room.permit, &code, invite, now).await?;
    let base = &app.config().base_url;
    let code = code.groups();
    let scan = format!("{base}/welkom?code={code}");
    let letter = LetterPage {
        frame: Frame::signed(&room.who, "Brief met uitnodiging", super::frame::Place::BelowPatients)
            .back_to(format!("/patienten/{}/eigen-toegang", room.id), "Eigen toegang"),
        id: room.id.to_string(),
        to: invite.name.full(),
        about: if invite.own == Own::Patient { String::new() } else { dutch::addressed(&room.patient) },
        qr: draw(&scan),
        code,
        address: format!("{base}/welkom"),
        valid_until: words::day(local_day(now + store::accounts::VALID)),
        today: words::day(local_day(now)),
        from: room.who.actor.name.clone(),
        organisation: room.who.organisation.name.clone(),
    };
    if !as_pdf {
        return Ok(page(&letter));
    }
    let patient = Some(&room.patient).filter(|_| invite.own == Own::Patient);
    let sheet = letter::sheet(&letter, patient, &scan, local_day(now));
    Ok(shown(app.press().set(move || sheet.to_pdf()).await?, "uitnodiging"))
}
