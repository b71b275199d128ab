//! `/beheer/organisaties/{organisation}/mensen/{person}`: one person: name and numbers, roles here, and leaving. Nobody
//! changes their own roles: who manages people could make themselves a doctor otherwise.

use super::super::field::{Field, Problem};
use super::super::frame::{Frame, Notice};
use super::super::recoveries::may_ask;
use super::super::render::{Answer, Told, done, page, refused};
use super::people::{held, is_held, is_to_come, person_fields, read_person, read_role, role_fields};
use super::{desk, frame_at, refuse};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::ident::{Agb, Big, PersonId, Uzi};
use domain::role::Role;
use jiff::Timestamp;
use store::organisations::Organisation;
use store::people::{Person, RoleGrant};

/// The page.
#[derive(Template)]
#[template(path = "admin/person.html")]
pub struct PersonPage {
    /// Title, menu.
    pub frame: Frame,
    /// Path of this page.
    pub path: String,
    /// Name as it is.
    pub name: String,
    /// Name to sign in with.
    pub username: String,
    /// Name of the organisation.
    pub organisation: String,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// User name, names, numbers.
    pub person: Vec<Field>,
    /// May sign in.
    pub active: bool,
    /// Roles here.
    pub roles: Vec<HeldRow>,
    /// A role to give, and its period.
    pub role: Vec<Field>,
    /// Holds a role here, or will.
    pub works_here: bool,
    /// Is it the one who looks?
    pub is_me: bool,
    /// Why a code to sign in is asked, where whoever looks may ask it.
    pub code: Option<Field>,
}

/// A role of the person here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRow {
    /// Role and period.
    pub words: String,
    /// By which it is ended: code and beginning; absent: it has ended.
    pub ends: Option<(&'static str, String)>,
}

/// What is known of the person here.
struct Known {
    organisation: Organisation,
    person: Person,
    grants: Vec<RoleGrant>,
}

/// The person in a path, where they work, worked or will work at the organisation.
async fn known(app: &App, who: &SignedIn, organisation: &str, person: &str) -> Result<Known, PageError> {
    let organisation = desk(app, who, organisation).await?;
    let grants = match PersonId::parse(person) {
        Ok(id) => {
            let all = app.store().all_roles(&id).await?;
            let here: Vec<RoleGrant> = all.into_iter().filter(|g| g.organisation == organisation.id).collect();
            app.store().person(&id).await?.zip((!here.is_empty()).then_some(here))
        }
        Err(_) => None,
    };
    match grants {
        Some((person, grants)) => Ok(Known { organisation, person, grants }),
        None => Err(refuse(app, who).await),
    }
}

fn view(who: &SignedIn, known: &Known, typed: Option<&Fields>, errors: Vec<Problem>, now: Timestamp) -> PersonPage {
    let Known { organisation, person, grants } = known;
    let text = |t: Option<&str>| t.unwrap_or_default().to_owned();
    let value = |name: &str| match (typed.filter(|f| f.has("gebruikersnaam")), name) {
        (Some(fields), _) => fields.get(name).to_owned(),
        (None, "gebruikersnaam") => person.username.clone(),
        (None, "voornaam") => text(person.name.called.as_deref().or(person.name.given.as_deref())),
        (None, "tussenvoegsel") => text(person.name.prefix.as_deref()),
        (None, "achternaam") => text(person.name.family.as_deref()),
        (None, "agb") => text(person.agb.as_ref().map(Agb::as_str)),
        (None, "uzi") => text(person.uzi.as_ref().map(Uzi::as_str)),
        (None, "big") => text(person.big.as_ref().map(Big::as_str)),
        _ => String::new(),
    };
    let new_role = |name: &str| typed.map(|f| f.get(name).to_owned()).unwrap_or_default();
    let counts = |g: &RoleGrant| is_held(g, now) || is_to_come(g, now);
    let works_here = grants.iter().any(counts);
    // Only of the own organisation, as a person who is asked about there is known there.
    let may_ask = may_ask(who) && organisation.id == who.organisation.id;
    let asks = may_ask && works_here && person.active && person.id != who.person;
    PersonPage {
        frame: frame_at(who, "Medewerker", organisation, "mensen", "Mensen").failing(!errors.is_empty()),
        path: format!("/beheer/organisaties/{}/mensen/{}", organisation.id, person.id),
        name: person.name.full(),
        username: person.username.clone(),
        organisation: organisation.name.clone(),
        person: person_fields(value, &errors),
        active: person.active,
        roles: grants
            .iter()
            .rev()
            .map(|g| HeldRow {
                words: held(g, now),
                ends: counts(g).then(|| (g.role.code(), g.from.as_microsecond().to_string())),
            })
            .collect(),
        role: role_fields(new_role, &errors),
        works_here,
        is_me: person.id == who.person,
        code: asks.then(|| {
            Field::text("reden", "Waarom, en hoe weet u dat deze persoon het zelf vraagt?", "")
                .hint("Bijvoorbeeld: vandaag hier begonnen.")
        }),
        errors,
    }
}

/// `GET …/mensen/{person}`.
pub async fn get(
    State(app): State<App>,
    who: SignedIn,
    Path((organisation, person)): Path<(String, String)>,
    Query(told): Query<Told>,
) -> Answer {
    let known = known(&app, &who, &organisation, &person).await?;
    let mut view = view(&who, &known, None, Vec::new(), app.clock().real());
    view.frame = view.frame.told(&told);
    Ok(page(&view))
}

/// `POST …/mensen/{person}`: name, numbers, and whether they may sign in.
pub async fn post(
    State(app): State<App>,
    Path((organisation, person)): Path<(String, String)>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let known = known(&app, &who, &organisation, &person).await?;
    let now = app.clock().real();
    let mut errors = Vec::new();
    let active = fields.get("mag-inloggen") == "ja";
    if known.person.id == who.person && !active {
        errors.push(Problem::whole("U kunt zichzelf niet buitensluiten. Vraag het een andere beheerder."));
    }
    let changed = read_person(&fields, Some(&known.person), &mut errors);
    let Some(changed) = changed.filter(|_| errors.is_empty()) else {
        return Ok(refused(&view(&who, &known, Some(&fields), errors, now)));
    };
    match app.store().change_person(&who.actor, &Person { active, ..changed }, now).await {
        Ok(()) => Ok(done(&path(&known), Notice::Kept)),
        Err(store::Error::Taken(_)) => {
            let errors = vec![Problem::at("gebruikersnaam", "Deze gebruikersnaam is al in gebruik. Kies een andere.")];
            Ok(refused(&view(&who, &known, Some(&fields), errors, now)))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST …/mensen/{person}/rol`: gives a role.
pub async fn give(
    State(app): State<App>,
    Path((organisation, person)): Path<(String, String)>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let known = known(&app, &who, &organisation, &person).await?;
    let now = app.clock().real();
    let mut errors = Vec::new();
    let grant = read_role(&fields, &known.organisation, now, &mut errors);
    if let Some(grant) = &grant
        && known.grants.iter().any(|g| g.role == grant.role && overlaps(g, grant))
    {
        errors.push(Problem::at("rol", "Deze rol heeft deze persoon hier al in die tijd."));
    }
    mine(&known, &who, &mut errors);
    let Some(grant) = grant.filter(|_| errors.is_empty()) else {
        return Ok(refused(&view(&who, &known, Some(&fields), errors, now)));
    };
    app.store().grant_role(&who.actor, &known.person.id, &grant, now).await?;
    Ok(done(&path(&known), Notice::RoleGiven))
}

/// `POST …/mensen/{person}/rol-einde`: ends a role now.
pub async fn end(
    State(app): State<App>,
    Path((organisation, person)): Path<(String, String)>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let known = known(&app, &who, &organisation, &person).await?;
    let now = app.clock().real();
    let mut errors = Vec::new();
    mine(&known, &who, &mut errors);
    let role = Role::of_code(fields.get("rol"));
    let from = fields.get("vanaf").parse().ok().and_then(|m| Timestamp::from_microsecond(m).ok());
    let grant = known.grants.iter().find(|g| Some(g.role) == role && Some(g.from) == from);
    let gone = || Problem::whole("Deze rol was al beëindigd.");
    let Some(grant) = grant.filter(|_| errors.is_empty()) else {
        if errors.is_empty() {
            errors.push(gone());
        }
        return Ok(refused(&view(&who, &known, None, errors, now)));
    };
    // One that has not begun ends as it begins.
    let ended = RoleGrant { until: Some(now.max(grant.from)), ..grant.clone() };
    match app.store().end_role(&who.actor, &known.person.id, &ended, now).await {
        Ok(()) => Ok(done(&path(&known), Notice::RoleEnded)),
        Err(store::Error::Missing(_)) => Ok(refused(&view(&who, &known, None, vec![gone()], now))),
        Err(error) => Err(error.into()),
    }
}

/// `POST …/mensen/{person}/vertrek`: leaves the organisation now.
pub async fn leave(
    State(app): State<App>,
    Path((organisation, person)): Path<(String, String)>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let known = known(&app, &who, &organisation, &person).await?;
    let now = app.clock().real();
    let mut errors = Vec::new();
    mine(&known, &who, &mut errors);
    if errors.is_empty() && fields.get("zeker") != "ja" {
        errors.push(Problem::at("zeker", "Vink aan dat deze persoon hier niet meer werkt."));
    }
    if !errors.is_empty() {
        return Ok(refused(&view(&who, &known, None, errors, now)));
    }
    match app.store().leave(&who.actor, &known.person.id, &known.organisation.id, now).await {
        Ok(()) => Ok(done(&format!("/beheer/organisaties/{}/mensen", known.organisation.id), Notice::PersonLeft)),
        Err(store::Error::Missing(_)) => {
            let errors = vec![Problem::whole("Deze persoon werkte hier al niet meer.")];
            Ok(refused(&view(&who, &known, None, errors, now)))
        }
        Err(error) => Err(error.into()),
    }
}

fn mine(known: &Known, who: &SignedIn, errors: &mut Vec<Problem>) {
    if known.person.id == who.person {
        errors.push(Problem::whole("Uw eigen rollen verandert u niet zelf. Vraag het een andere beheerder."));
    }
}

fn overlaps(a: &RoleGrant, b: &RoleGrant) -> bool {
    let before = |x: &RoleGrant, y: &RoleGrant| x.until.is_some_and(|u| u <= y.from);
    !before(a, b) && !before(b, a)
}

fn path(known: &Known) -> String {
    format!("/beheer/organisaties/{}/mensen/{}", known.organisation.id, known.person.id)
}
