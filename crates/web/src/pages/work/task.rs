//! `/patienten/{id}/taken/{n}`: one task: take it, pass it on with a note, put it off with a date.

use super::list::next;
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::author::recorder;
use crate::pages::dutch::{recently, typed_date};
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Notice, Tab};
use crate::pages::render::{Answer, done, show};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::access::{Action, Actor, Permit};
use domain::ident::{OrganisationId, PatientId, PersonId};
use domain::meeting::Outcome;
use domain::role::Role;
use domain::task::{Assignee, Deed, Kind, Refused, Task, may_do};
use domain::words;
use jiff::civil::Date;
use store::tasks::Did;

/// The page.
#[derive(Template)]
#[template(path = "task.html")]
pub struct TaskPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Its own address.
    pub here: String,
    /// Kind of task.
    pub title: String,
    /// What is to be done.
    pub sentence: String,
    /// By when, since when, whose.
    pub fine: String,
    /// How many things were done with it when this page was made.
    pub seen: usize,
    /// What was done with it, in sentences.
    pub moves: Vec<String>,
    /// The next action.
    pub next: (String, &'static str),
    /// May it be taken?
    pub may_take: bool,
    /// To whom it may be passed.
    pub to: Field,
    /// With which words.
    pub pass_note: Field,
    /// Until when.
    pub until: Field,
    /// Why.
    pub off_note: Field,
    /// What a meeting agreed on; absent for every other kind.
    pub agreed: Option<Agreed>,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// What a meeting agreed on, and what came of it.
#[derive(Debug, Clone)]
pub struct Agreed {
    /// What, by whom.
    pub what: String,
    /// To report what came of it: absent where it is another's.
    pub report: Option<[Field; 2]>,
}

/// What a meeting agreed on, where the task is about that.
async fn agreed(
    app: &App,
    permit: &Permit,
    task: &Task,
    mine: bool,
    fields: &Fields,
    errors: &[Problem],
) -> Result<Option<Agreed>, store::Error> {
    if task.kind != Kind::Agreed {
        return Ok(None);
    }
    let path = app.store().path(permit, app.clock().now()).await?;
    let all = domain::meeting::tasks(&path.steps);
    Ok(all.iter().find(|t| t.step.number == task.about).map(|t| {
        let outcomes = Outcome::ALL.iter().map(|o| Choice::of(o.code(), words::capitalised(o.dutch()))).collect();
        Agreed {
            what: format!("{} ({})", t.agreed.what, t.agreed.who.words()),
            report: mine.then(|| {
                [
                    Field::radios("uitkomst", "Hoe is het gegaan?", fields.get("uitkomst"), outcomes).checked(errors),
                    Field::area("verslag", "Wat is er gedaan, of waarom niet?", fields.get("verslag")).checked(errors),
                ]
            }),
        }
    }))
}

/// Whoever may do it: roles of the team's organisations, and people there.
///
/// # Errors
/// Where the store fails.
pub async fn choices(app: &App, permit: &Permit, kind: Kind) -> Result<Vec<Choice>, store::Error> {
    let now = app.clock().now();
    let crew = app.store().crew(permit, now).await?;
    let mut all = Vec::new();
    for post in &crew.posts {
        let Some(organisation) = app.store().organisation(&post.organisation).await? else { continue };
        let may = |role: Role| {
            let somebody = Actor {
                role: Some(role),
                organisation: organisation.id.clone(),
                nurses_set_limits: organisation.nurses_set_limits,
                ..permit.actor().clone()
            };
            may_do(kind, &somebody)
        };
        let mut roles: Vec<Role> = post.roles.iter().copied().filter(|r| may(*r)).collect();
        roles.sort_unstable();
        roles.dedup();
        for role in roles {
            let label = format!("een {} van {}", role.dutch(), organisation.name);
            all.push(Choice::of(format!("{}/{}", organisation.id, role.code()), label));
        }
        for (person, role) in app.store().people_of(&organisation.id, now).await? {
            if person.active && may(role) {
                let label = format!("{}, {} ({})", person.name.full(), role.dutch(), organisation.name);
                all.push(Choice::of(format!("{}/{}/{}", organisation.id, role.code(), person.id), label));
            }
        }
    }
    Ok(all)
}

/// Reads whom from a choice.
pub fn assignee(text: &str) -> Option<Assignee> {
    let mut parts = text.split('/');
    let organisation = OrganisationId::parse(parts.next()?).ok()?;
    let role = Some(Role::of_code(parts.next()?)?);
    let person = parts.next().map(PersonId::parse).transpose().ok()?;
    Some(Assignee { organisation, role, person })
}

/// Whose it is, in words.
async fn whose(app: &App, task: &Task) -> Result<String, store::Error> {
    let Assignee { organisation, role, person } = &task.assignee;
    let organisation = app.store().organisation(organisation).await?.map_or_else(String::new, |o| o.name);
    let who = match person {
        Some(person) => app.store().person(person).await?.map(|p| p.name.full()),
        None => role.map(|r| format!("een {}", r.dutch())),
    };
    Ok(format!("{} ({organisation})", who.unwrap_or_else(|| "wie het oppakt".to_owned())))
}

async fn view(
    app: &App,
    who: &SignedIn,
    permit: &Permit,
    task: &Task,
    fields: &Fields,
    errors: Vec<Problem>,
) -> Result<TaskPage, PageError> {
    let (now, today) = (app.clock().now(), app.clock().today());
    let id = permit.patient();
    let record = app.store().read_patient(permit, now, "task").await?.ok_or(PageError::Forbidden)?;
    let moves = task.moves.iter().map(|m| {
        let note = m.note.as_deref().map(|n| format!(": {n}")).unwrap_or_default();
        format!("{} {} door {}{note}", words::capitalised(m.what.dutch()), recently(m.at, today), m.by.name)
    });
    let does = may_do(task.kind, &who.actor);
    let mine = task.assignee.person.as_ref() == Some(&who.person) && task.assignee.organisation == who.organisation.id;
    let put_off =
        if task.due == task.meant_for { String::new() } else { format!(", eerst {}", words::day(task.meant_for)) };
    let mut to = vec![Choice::of("", "Kies wie het doet")];
    to.extend(choices(app, permit, task.kind).await?);
    Ok(TaskPage {
        frame: Frame::about(app, who, "Taak", id, &record.patient, Tab::Beneath)
            .back_to("/", "Mijn werk")
            .failing(!errors.is_empty()),
        here: format!("/patienten/{id}/taken/{}", task.number),
        title: words::capitalised(task.kind.dutch()),
        sentence: format!("{}.", words::capitalised(task.kind.sentence())),
        fine: format!(
            "Uiterlijk {}{put_off}. Wacht sinds {}. Voor {}.",
            words::day(task.due),
            words::day(domain::date::local_day(task.made_at)),
            whose(app, task).await?
        ),
        seen: task.moves.len(),
        moves: moves.collect(),
        next: next(task.kind, id, does),
        may_take: does && !mine,
        to: Field::select("wie", "Wie doet het?", fields.get("wie"), to).checked(&errors),
        pass_note: Field::text("bericht", "Waarom, of wat moet de ander weten?", fields.get("bericht"))
            .checked(&errors),
        until: Field::short("tot", "Tot welke dag?", fields.get("tot"))
            .hint("Bijvoorbeeld 08-12-2026.")
            .checked(&errors),
        off_note: Field::text("waarom", "Waarom?", fields.get("waarom")).checked(&errors),
        agreed: agreed(app, permit, task, mine, fields, &errors).await?,
        errors,
    })
}

/// The task of this page; one that is gone leads back to the list, which no longer has it.
async fn find(app: &App, permit: &Permit, number: &str) -> Result<Option<Task>, PageError> {
    let Ok(number) = number.parse() else { return Err(PageError::Forbidden) };
    Ok(app.store().task(permit, number, app.clock().now()).await?)
}

/// `GET /patienten/{id}/taken/{n}`.
pub async fn get(State(app): State<App>, who: SignedIn, Path((id, number)): Path<(String, String)>) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::FollowUp, &id).await?;
    let Some(task) = find(&app, &permit, &number).await? else { return Ok(done("/", Notice::TaskGone)) };
    Ok(show(StatusCode::OK, &view(&app, &who, &permit, &task, &Fields::default(), Vec::new()).await?))
}

fn read(fields: &Fields) -> Result<Option<Deed>, Problem> {
    Ok(Some(match fields.get("doe") {
        "oppakken" => Deed::Take,
        "doorgeven" => {
            let to = assignee(fields.get("wie")).ok_or_else(|| Problem::at("wie", "Kies wie het doet."))?;
            Deed::Pass { to, note: fields.get("bericht").to_owned() }
        }
        "uitstellen" => {
            let wrong = |sentence| Problem::at("tot", sentence);
            let until = typed_date(fields.get("tot")).map_err(wrong)?;
            let until: Date = until.day().ok_or_else(|| wrong("Schrijf een hele dag, bijvoorbeeld 08-12-2026."))?;
            Deed::PutOff { until, note: fields.get("waarom").to_owned() }
        }
        "afmelden" => {
            let outcome = Outcome::of_code(fields.get("uitkomst"));
            let outcome = outcome.ok_or_else(|| Problem::at("uitkomst", "Kies hoe het is gegaan."))?;
            Deed::Report { outcome, words: fields.get("verslag").to_owned() }
        }
        _ => return Ok(None),
    }))
}

fn problem(refused: Refused, deed: &Deed) -> Problem {
    let note = match deed {
        Deed::Pass { .. } => "bericht",
        Deed::Report { .. } => "verslag",
        Deed::Take | Deed::PutOff { .. } => "waarom",
    };
    match refused {
        Refused::NoNote | Refused::TooLong | Refused::NoWords => Problem::at(note, refused.to_string()),
        Refused::Past | Refused::TooFar => Problem::at("tot", refused.to_string()),
        Refused::TheirRole => Problem::at("wie", refused.to_string()),
        Refused::Role | Refused::Yours | Refused::ByItself | Refused::NotYours => Problem::whole(refused.to_string()),
    }
}

/// Is this somebody whom the page offers?
async fn offered(app: &App, permit: &Permit, kind: Kind, deed: &Deed, fields: &Fields) -> Result<bool, store::Error> {
    if !matches!(deed, Deed::Pass { .. }) {
        return Ok(true);
    }
    Ok(choices(app, permit, kind).await?.iter().any(|c| c.value == fields.get("wie")))
}

/// `POST /patienten/{id}/taken/{n}`.
pub async fn post(
    State(app): State<App>,
    Path((id, number)): Path<(String, String)>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let id: PatientId = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::FollowUp, &id).await?;
    let Some(task) = find(&app, &permit, &number).await? else { return Ok(done("/", Notice::TaskGone)) };
    let again = async |task: &Task, status, problem| -> Answer {
        Ok(show(status, &view(&app, &who, &permit, task, &fields, vec![problem]).await?))
    };
    let deed = match read(&fields) {
        Ok(Some(deed)) => deed,
        Ok(None) => return Err(PageError::BadRequest("Gebruik een van de knoppen op de bladzijde.".to_owned())),
        Err(problem) => return again(&task, StatusCode::UNPROCESSABLE_ENTITY, problem).await,
    };
    if !offered(&app, &permit, task.kind, &deed, &fields).await? {
        let problem = Problem::at("wie", "Kies iemand uit de lijst.");
        return again(&task, StatusCode::UNPROCESSABLE_ENTITY, problem).await;
    }
    // Taking from the list says nothing of what was seen: what is there now is taken.
    let seen = fields.filled("gezien").and_then(|n| n.parse().ok()).unwrap_or(task.moves.len());
    let (now, today) = (app.clock().now(), app.clock().today());
    match app.store().do_task(&permit, task.number, seen, &deed, &recorder(&who), now, today).await? {
        Did::Done => Ok(match deed {
            Deed::Take if task.kind == Kind::Signal => done(&format!("/patienten/{id}/signalen"), Notice::TaskTaken),
            Deed::Take => done("/", Notice::TaskTaken),
            Deed::Pass { .. } => done("/", Notice::TaskPassed),
            Deed::PutOff { .. } => done("/", Notice::TaskPutOff),
            Deed::Report { .. } => done(&format!("/patienten/{id}"), Notice::TaskReported),
        }),
        Did::Gone => Ok(done("/", Notice::TaskGone)),
        Did::Changed(task) => {
            let sentence =
                "Iemand anders deed intussen iets met deze taak; het staat hieronder. Wat u typte staat er nog.";
            again(&task, StatusCode::CONFLICT, Problem::whole(sentence)).await
        }
        Did::Refused(refused) => again(&task, StatusCode::UNPROCESSABLE_ENTITY, problem(refused, &deed)).await,
    }
}
