//! `/patienten/{id}/zorgteam`: who belongs to the care team, on whose word, and who leads.

use super::dutch;
use super::field::{Choice, Field, Problem};
use super::frame::{Frame, Notice, Tab};
use super::render::{Answer, Told, done, show};
use crate::access::{ask, patient_id, quietly};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::access::{Action, Permit};
use domain::ident::{OrganisationId, PatientId, PersonId};
use domain::lead::{State as LeadState, by_place, is_overdue};
use domain::patient::Patient;
use domain::role::Role;
use domain::words;
use jiff::Timestamp;
use store::leads::{Answered, Candidate, Lead, Leads};
use store::team::{About, Member, Membership};

/// The page.
#[derive(Template)]
#[template(path = "care_team.html")]
pub struct CareTeamPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// Who leads, in a sentence.
    pub leads: String,
    /// Nobody leads for too long.
    pub too_long: bool,
    /// Who is asked, in a sentence.
    pub asked: Option<String>,
    /// Number of the proposal that whoever is signed in may answer.
    pub mine: Option<u32>,
    /// Earlier leads and proposals.
    pub before: Vec<String>,
    /// Who belongs to the team now.
    pub members: Vec<MemberRow>,
    /// Who did.
    pub past: Vec<MemberRow>,
    /// Whom to ask.
    pub candidate: Field,
    /// Why.
    pub lead_reason: Field,
    /// Whom to add.
    pub member: Field,
    /// In which role.
    pub role: Field,
    /// On whose word.
    pub word: Field,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// May this person change the team?
    pub may_change: bool,
}

/// A membership, as shown.
#[derive(Debug, Clone)]
pub struct MemberRow {
    /// As it is sent back.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kind of organisation, or role.
    pub part: String,
    /// From when to when.
    pub period: String,
    /// On whose word, and who entered it.
    pub word: String,
    /// Why it ended.
    pub ended: Option<String>,
}

/// Names of organisations and people, asked once each.
pub struct Names<'a> {
    app: &'a App,
}

impl<'a> Names<'a> {
    /// Asks this store.
    pub fn of(app: &'a App) -> Self {
        Self { app }
    }

    /// An organisation's name and kind.
    async fn organisation(&self, id: &OrganisationId) -> Result<(String, String), store::Error> {
        let found = self.app.store().organisation(id).await?;
        Ok(found.map_or_else(
            || ("een organisatie die hier niet meer is".to_owned(), String::new()),
            |o| (o.name, o.kind.dutch().to_owned()),
        ))
    }

    /// A person's name.
    pub async fn person(&self, id: &PersonId) -> Result<String, store::Error> {
        let found = self.app.store().person(id).await?;
        Ok(found.map_or_else(|| "iemand die hier niet meer is".to_owned(), |p| p.name.full()))
    }

    /// Who entered something, from its code in the store.
    pub async fn actor(&self, code: &str) -> Result<String, store::Error> {
        match code.split_once(':') {
            Some(("person", id)) => match PersonId::parse(id) {
                Ok(id) => self.person(&id).await,
                Err(_) => Ok("onbekend".to_owned()),
            },
            Some(("client", id)) => Ok(format!("het systeem {id}")),
            _ => Ok("Tijdig".to_owned()),
        }
    }

    /// Somebody who leads or is asked to, as the lists of choices call them.
    pub async fn candidate(&self, candidate: &Candidate) -> Result<String, store::Error> {
        let organisation = self.organisation(&candidate.organisation).await?.0;
        let role = candidate.role.dutch();
        Ok(match &candidate.person {
            Some(person) => format!("{}, {role} ({organisation})", self.person(person).await?),
            None => format!("een {role} van {organisation}"),
        })
    }
}

fn day(at: Timestamp) -> String {
    words::day(domain::date::local_day(at))
}

async fn row(names: &Names<'_>, m: &Membership) -> Result<MemberRow, store::Error> {
    let (name, mut part) = match &m.member {
        Member::Organisation(id) => names.organisation(id).await?,
        Member::Person(id) => (names.person(id).await?, "persoonlijk betrokken".to_owned()),
    };
    if let Some(role) = m.about.role {
        part = if part.is_empty() { role.dutch().to_owned() } else { format!("{part}, als {}", role.dutch()) };
    }
    let period = match m.until {
        Some(until) => format!("van {} tot {}", day(m.from), day(until)),
        None => format!("sinds {}", day(m.from)),
    };
    let mut word = Vec::new();
    if !m.about.word.is_empty() {
        word.push(format!("op verzoek van {}", m.about.word));
    }
    if !m.about.by.is_empty() {
        word.push(format!("toegevoegd door {}", names.actor(&m.about.by).await?));
    }
    Ok(MemberRow {
        code: m.member.code(),
        name,
        part,
        period,
        word: word.join(", "),
        ended: m.about.ended_because.clone(),
    })
}

async fn past_lead(names: &Names<'_>, lead: &Lead) -> Result<String, store::Error> {
    let who = names.candidate(&lead.candidate).await?;
    let when = match (lead.state, lead.answered_at, lead.ended_at) {
        (LeadState::Ended, Some(from), Some(until)) => format!("van {} tot {}", day(from), day(until)),
        (_, Some(at), _) => format!("op {}", day(at)),
        _ => format!("gevraagd op {}", day(lead.proposed_at)),
    };
    let answer = lead.words.answer.as_deref().map(|a| format!(": {a}")).unwrap_or_default();
    Ok(format!("{who}: {} {when}{answer}", lead.state.dutch()))
}

/// Who leads, in a sentence; and whether nobody does for too long.
pub async fn leads_sentence(names: &Names<'_>, leads: &Leads, now: Timestamp) -> Result<(String, bool), store::Error> {
    if let Some(lead) = leads.now() {
        let since = lead.answered_at.map(|at| format!(" Sinds {}.", day(at))).unwrap_or_default();
        return Ok((format!("De regie heeft {}.{since}", names.candidate(&lead.candidate).await?), false));
    }
    let since = leads.without_since.map(|at| format!(" sinds {}", day(at))).unwrap_or_default();
    let long = leads.without_since.is_some_and(|at| is_overdue(at, now));
    Ok((format!("Niemand heeft de regie{since}."), long))
}

struct Choices {
    candidates: Vec<Choice>,
    members: Vec<Choice>,
}

/// Whom one may ask, and whom one may add. Values are codes that [`candidate_of`] and [`Member`] read back.
async fn choices(app: &App, who: &SignedIn, team: &[Membership], patient: &Patient) -> Result<Choices, store::Error> {
    let now = app.clock().now();
    let all = app.store().organisations().await?;
    let inside =
        |id: &OrganisationId| team.iter().any(|m| m.until.is_none() && m.member == Member::Organisation(id.clone()));
    let mut candidates = Vec::new();
    let by_default = patient.living.map(by_place);
    for organisation in all.iter().filter(|o| inside(&o.id)) {
        let people = app.store().people_of(&organisation.id, now).await?;
        let people: Vec<_> = people.into_iter().filter(|(p, role)| p.active && role.may_lead()).collect();
        let mut roles: Vec<Role> = people.iter().map(|(_, role)| *role).collect();
        roles.sort_unstable();
        roles.dedup();
        for role in roles {
            let usual = if by_default.is_some_and(|(r, k)| r == role && k == organisation.kind) {
                ", gebruikelijk"
            } else {
                ""
            };
            let label = format!("een {} van {}{usual}", role.dutch(), organisation.name);
            candidates.push(Choice::of(format!("{}/{}", organisation.id, role.code()), label));
        }
        for (person, role) in people {
            let label = format!("{}, {} ({})", person.name.full(), role.dutch(), organisation.name);
            candidates.push(Choice::of(format!("{}/{}/{}", organisation.id, role.code(), person.id), label));
        }
    }
    let mut members = vec![Choice::of("", "Kies wie erbij komt")];
    members.extend(
        all.iter()
            .filter(|o| o.kind.gives_care() && !inside(&o.id))
            .map(|o| Choice::of(Member::Organisation(o.id.clone()).code(), format!("{} ({})", o.name, o.kind.dutch()))),
    );
    for (person, role) in app.store().people_of(&who.organisation.id, now).await? {
        let member = Member::Person(person.id.clone());
        let known = team.iter().any(|m| m.until.is_none() && m.member == member);
        if person.active && role.is_care_professional() && !known {
            let label = format!("{}, {} (persoonlijk)", person.name.full(), role.dutch());
            members.push(Choice::of(member.code(), label));
        }
    }
    Ok(Choices { candidates, members })
}

fn roles() -> Vec<Choice> {
    let mut choices = vec![Choice::of("", "Niet nader bepaald")];
    let care = Role::ALL.iter().filter(|r| r.is_care_professional());
    choices.extend(care.map(|r| Choice::of(r.code(), r.dutch())));
    choices
}

const WORDS: [(&str, &str); 3] = [
    ("de patiënt", "De patiënt"),
    ("de vertegenwoordiger", "De vertegenwoordiger"),
    ("een collega", "Een collega, met medeweten van de patiënt"),
];

async fn view(
    app: &App,
    who: &SignedIn,
    permit: &Permit,
    id: &PatientId,
    fields: &Fields,
    errors: Vec<Problem>,
) -> Result<CareTeamPage, PageError> {
    let now = app.clock().now();
    let record = app.store().read_patient(permit, now, "team").await?.ok_or(PageError::Forbidden)?;
    let team = app.store().team(permit, now).await?;
    let leads = app.store().leads(permit, now).await?;
    let names = Names::of(app);
    let (mut members, mut past) = (Vec::new(), Vec::new());
    for m in &team {
        let row = row(&names, m).await?;
        if m.until.is_some_and(|until| until <= now) { past.push(row) } else { members.push(row) }
    }
    let (sentence, too_long) = leads_sentence(&names, &leads, now).await?;
    let mut asked = None;
    let mut mine = None;
    if let Some(lead) = leads.asked() {
        let why = lead.words.reason.as_deref().map(|r| format!(" Reden: {r}")).unwrap_or_default();
        asked = Some(format!(
            "Gevraagd: {}, {}.{why}",
            names.candidate(&lead.candidate).await?,
            dutch::recently(lead.proposed_at, app.clock().today())
        ));
        mine = is_for(&lead.candidate, who).then_some(lead.number);
    }
    let mut before = Vec::new();
    for lead in leads.all.iter().filter(|l| !matches!(l.state, LeadState::Accepted | LeadState::Proposed)) {
        before.push(past_lead(&names, lead).await?);
    }
    let may_change = quietly(app, &who.actor, Action::ManageTeam, id).await?.is_some();
    let choices = choices(app, who, &team, &record.patient).await?;
    let words = WORDS.iter().map(|(value, label)| Choice::of(*value, *label)).collect();
    Ok(CareTeamPage {
        frame: Frame::about(app, who, "Zorgteam van een patiënt", id, &record.patient, Tab::Team)
            .failing(!errors.is_empty()),
        id: id.to_string(),
        leads: sentence,
        too_long,
        asked,
        mine,
        before,
        members,
        past,
        candidate: Field::select("kandidaat", "Wie vraagt u?", fields.get("kandidaat"), choices.candidates)
            .checked(&errors),
        lead_reason: Field::text("regie-reden", "Waarom? (mag leeg blijven)", fields.get("regie-reden"))
            .checked(&errors),
        member: Field::select("lid", "Wie komt erbij?", fields.get("lid"), choices.members).checked(&errors),
        role: Field::select("rol", "In welke rol?", fields.get("rol"), roles()),
        word: Field::radios("woord", "Op wiens verzoek?", fields.get("woord"), words).checked(&errors),
        errors,
        may_change,
    })
}

fn is_for(candidate: &Candidate, who: &SignedIn) -> bool {
    candidate.organisation == who.organisation.id
        && Some(candidate.role) == who.actor.role
        && candidate.person.as_ref().is_none_or(|p| *p == who.person)
}

/// `GET /patienten/{id}/zorgteam`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::ReadPatient, &id).await?;
    let mut page = view(&app, &who, &permit, &id, &Fields::default(), Vec::new()).await?;
    page.frame = page.frame.told(&told);
    Ok(show(StatusCode::OK, &page))
}

/// Reads a candidate back from a choice.
fn candidate_of(text: &str) -> Option<Candidate> {
    let mut parts = text.split('/');
    let organisation = OrganisationId::parse(parts.next()?).ok()?;
    let role = Role::of_code(parts.next()?)?;
    let person = parts.next().map(PersonId::parse).transpose().ok()?;
    Some(Candidate { organisation, role, person })
}

/// `POST /patienten/{id}/zorgteam`: adds, ends, asks for the lead, or answers.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::ManageTeam, &id).await?;
    let here = format!("/patienten/{id}/zorgteam");
    let store = app.store();
    let now = app.clock().now();
    let problem = match fields.get("doe") {
        "toevoegen" => match add(&app, &who, &permit, &fields).await? {
            None => return Ok(done(&here, Notice::TeamChanged)),
            Some(problem) => problem,
        },
        "beeindigen" => {
            let Ok(member) = Member::of_code(fields.get("lid")) else { return Err(PageError::Forbidden) };
            store.leave_team(&permit, &member, fields.filled("reden"), now).await?;
            // Whoever took their own organisation out of the team may not see the record any more.
            let still = quietly(&app, &who.actor, Action::ReadPatient, &id).await?.is_some();
            return Ok(done(if still { &here } else { "/" }, Notice::TeamChanged));
        }
        "vragen" => {
            let offered = offered(&app, &who, &permit).await?;
            match candidate_of(fields.get("kandidaat"))
                .filter(|_| offered.contains(&fields.get("kandidaat").to_owned()))
            {
                Some(candidate) => {
                    store.propose_lead(&permit, &candidate, fields.filled("regie-reden"), now).await?;
                    return Ok(done(&here, Notice::LeadAsked));
                }
                None => Problem::at("kandidaat", "Kies wie u vraagt om de regie te nemen."),
            }
        }
        answer @ ("aannemen" | "afwijzen") => {
            let number = fields.get("nummer").parse().unwrap_or(0);
            let accepts = answer == "aannemen";
            match store.answer_lead(&permit, number, accepts, fields.filled("antwoord"), now).await? {
                Answered::Done if accepts => return Ok(done(&here, Notice::LeadTaken)),
                Answered::Done => return Ok(done(&here, Notice::LeadDeclined)),
                Answered::Gone => Problem::whole(
                    "Deze vraag staat niet meer open: iemand was u voor, of er is een nieuwe vraag gesteld.",
                ),
                Answered::NotYours => Problem::whole("Deze vraag is aan iemand anders gesteld."),
            }
        }
        _ => Problem::whole("Kies wat u wilt doen."),
    };
    Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &view(&app, &who, &permit, &id, &fields, vec![problem]).await?))
}

/// The candidates that the page offers now; nobody else can be asked.
async fn offered(app: &App, who: &SignedIn, permit: &Permit) -> Result<Vec<String>, PageError> {
    let now = app.clock().now();
    let record = app.store().read_patient(permit, now, "team").await?.ok_or(PageError::Forbidden)?;
    let team = app.store().team(permit, now).await?;
    Ok(choices(app, who, &team, &record.patient).await?.candidates.into_iter().map(|c| c.value).collect())
}

async fn add(app: &App, who: &SignedIn, permit: &Permit, fields: &Fields) -> Result<Option<Problem>, PageError> {
    let now = app.clock().now();
    let team = app.store().team(permit, now).await?;
    let record = app.store().read_patient(permit, now, "team").await?.ok_or(PageError::Forbidden)?;
    let offered = choices(app, who, &team, &record.patient).await?.members;
    let chosen = fields.get("lid");
    let member =
        Member::of_code(chosen).ok().filter(|_| offered.iter().any(|c| c.value == chosen && !chosen.is_empty()));
    let Some(member) = member else {
        return Ok(Some(Problem::at("lid", "Kies een organisatie of een collega die nog niet in het zorgteam zit.")));
    };
    let Some((word, _)) = WORDS.iter().find(|(value, _)| *value == fields.get("woord")) else {
        return Ok(Some(Problem::at("woord", "Kies op wiens verzoek dit gebeurt.")));
    };
    let about = About { role: Role::of_code(fields.get("rol")), word: (*word).to_owned(), ..About::default() };
    app.store().add_to_team(permit, &member, &about, now).await?;
    // Who comes with the place where the patient lives now is asked to lead, also where they joined after the move.
    if let Member::Organisation(id) = &member
        && let Some((_, kind)) = record.patient.living.map(by_place)
        && app.store().organisation(id).await?.is_some_and(|o| o.kind == kind)
    {
        let reason = "Kwam in het zorgteam, en hoort bij de plaats waar de patiënt woont.";
        propose_by_place(app, permit, &record.patient, reason).await?;
    }
    Ok(None)
}

/// Asks for the lead that goes with the place where a patient lives now, where another leads and such an organisation is
/// in the team (PROCESS.md: a change of place proposes the change of lead).
///
/// # Errors
/// Where the store fails.
pub async fn propose_by_place(app: &App, permit: &Permit, patient: &Patient, reason: &str) -> Result<(), store::Error> {
    let Some((role, kind)) = patient.living.map(by_place) else { return Ok(()) };
    let now = app.clock().now();
    let leads = app.store().leads(permit, now).await?;
    let members = app.store().team(permit, now).await?;
    for m in members.iter().filter(|m| m.until.is_none()) {
        let Member::Organisation(id) = &m.member else { continue };
        if app.store().organisation(id).await?.is_none_or(|o| o.kind != kind) {
            continue;
        }
        let candidate = Candidate { organisation: id.clone(), role, person: None };
        let same = |l: &Lead| l.candidate.organisation == candidate.organisation && l.candidate.role == role;
        if leads.now().is_some_and(same) || leads.asked().is_some_and(same) {
            return Ok(());
        }
        return app.store().propose_lead(permit, &candidate, Some(reason), now).await;
    }
    Ok(())
}
