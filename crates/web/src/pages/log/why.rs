//! `/patienten/{id}/inzage/waarom`: why could somebody see this, at a moment? What tied them to the patient then, and
//! what follows from it by the rules of now; for who may read the patient's log.

use super::super::consent::{Ground, grounds};
use super::super::days::{end_of, typed_day};
use super::super::dutch;
use super::super::field::{Choice, Field, Problem};
use super::super::frame::{Frame, Place, Tab};
use super::super::render::{Answer, page, refused, sees_patients};
use super::names::Names;
use super::patient::{identity, leave};
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::access::{Action, Actor, Permit, Relation, Who, permit};
use domain::date::{TIME_ZONE, local_day};
use domain::ident::PersonId;
use domain::role::Role;
use domain::seen::Seen;
use domain::words;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use store::log::read::{Filter, Which};
use store::people::{Person, RoleGrant};

/// Rows of the log from which people can be chosen.
const ROWS: usize = 300;

/// The page.
#[derive(Template)]
#[template(path = "log/why.html")]
pub struct WhyPage {
    /// Title, menu.
    pub frame: Frame,
    /// Whose record it is, for who sees no patients otherwise.
    pub of: Option<String>,
    /// Path of this page.
    pub path: String,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// About whom, and when.
    pub fields: Vec<Field>,
    /// The answer, for each role held then.
    pub because: Vec<Because>,
    /// Where the log tells what they did that day.
    pub did: Option<String>,
}

/// What somebody could see in one role, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    /// In a sentence.
    pub lead: String,
    /// What it rested on.
    pub grounds: Vec<String>,
}

/// What an address asks: ids of who works here and a moment; nothing of a patient.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    wie: String,
    dag: String,
    tijd: String,
}

impl Asked {
    /// The moment meant: the end of that minute, or of that day; never later than now.
    fn moment(&self, now: Timestamp) -> Result<Timestamp, Vec<Problem>> {
        let mut errors = Vec::new();
        let day = match self.dag.trim() {
            "" => Some(local_day(now)),
            typed => typed_day(typed).map_err(|wrong| errors.push(Problem::at("dag", wrong))).ok(),
        };
        if day.is_some_and(|day| day > local_day(now)) {
            errors.push(Problem::at("dag", "Deze dag is nog niet geweest."));
        }
        let time = match self.tijd.trim() {
            "" => Some(None),
            typed => clock(typed).map(Some),
        };
        if time.is_none() {
            errors.push(Problem::at("tijd", "Schrijf een tijd als 14:03, of laat dit leeg."));
        }
        match (day, time) {
            (Some(day), Some(time)) if errors.is_empty() => {
                let zone = TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC);
                let minute = time.and_then(|t| day.to_datetime(t).to_zoned_datetime(zone).ok()).map(|z| z.timestamp());
                let end = minute.map_or_else(|| end_of(day), |m| m + SignedDuration::from_mins(1));
                Ok((end - SignedDuration::from_micros(1)).min(now))
            }
            _ => Err(errors),
        }
    }
}

/// A time of the day as people write it.
fn clock(typed: &str) -> Option<Time> {
    let (hour, minute) = typed.split_once([':', '.'])?;
    Time::new(hour.trim().parse().ok()?, minute.trim().parse().ok()?, 0, 0).ok()
}

/// `GET /patienten/{id}/inzage/waarom`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let (id, permit) = leave(&app, &who, &id).await?;
    let record = identity(&app, &permit).await?;
    let (now, mut errors) = (app.clock().now(), Vec::new());
    let moment = asked.moment(now).map_err(|wrong| errors.extend(wrong)).ok();
    let person = match asked.wie.strip_prefix("person:").and_then(|id| PersonId::parse(id).ok()) {
        Some(id) => app.store().person(&id).await?,
        None => None,
    };
    if person.is_none() && !asked.wie.is_empty() {
        errors.push(Problem::at("wie", "Kies over wie u dit vraagt."));
    }
    let (because, did) = match (&person, moment) {
        (Some(person), Some(at)) if errors.is_empty() => {
            let day = local_day(at).strftime("%d-%m-%Y").to_string();
            let did = format!("/patienten/{id}/inzage?van={day}&tot={day}&wie=person%3A{}", person.id);
            (reasons(&app, &permit, person, at).await?, Some(did))
        }
        _ => (Vec::new(), None),
    };
    let sees = sees_patients(&who);
    let title = "Waarom kon iemand dit zien";
    let frame = if sees {
        Frame::about(&app, &who, title, &id, &record.patient, Tab::Beneath)
    } else {
        Frame::signed(&who, title, Place::BelowAdmin)
    };
    let born = dutch::born(&record.patient, app.clock().today());
    let view = WhyPage {
        of: (!sees).then(|| format!("{}, {born}", dutch::addressed(&record.patient))),
        fields: fields(&app, &who, &permit, &asked, person.as_ref(), &errors).await?,
        frame: frame.back_to(format!("/patienten/{id}/inzage"), "Logboek").failing(!errors.is_empty()),
        path: format!("/patienten/{id}/inzage/waarom"),
        because,
        did,
        errors,
    };
    Ok(if view.errors.is_empty() { page(&view) } else { refused(&view) })
}

/// The questions. One may choose whoever stands in the log of late, and everybody of the own organisation.
async fn fields(
    app: &App,
    who: &SignedIn,
    permit: &Permit,
    asked: &Asked,
    chosen: Option<&Person>,
    errors: &[Problem],
) -> Result<Vec<Field>, PageError> {
    let now = app.clock().now();
    let which = Which { cursor: None, limit: ROWS };
    let rows = app.store().patient_log(permit, &Filter::default(), which, "log", now).await?.rows;
    let mut people: Vec<(String, String)> = Names::of(app, &rows).await?.actors();
    people.retain(|(id, _)| id.starts_with("person:"));
    let own = app.store().people_of(&who.organisation.id, app.clock().real()).await?;
    people.extend(
        own.into_iter().map(|(p, _)| p).chain(chosen.cloned()).map(|p| (format!("person:{}", p.id), p.name.full())),
    );
    people.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
    people.dedup();
    let mut choices = vec![Choice::of("", "Kies iemand")];
    choices.extend(people.into_iter().map(|(id, name)| Choice::of(id, name)));
    Ok(vec![
        Field::select("wie", "Wie?", &asked.wie, choices).checked(errors),
        Field::short("dag", "Op welke dag?", &asked.dag).hint("Leeg: vandaag.").checked(errors),
        Field::short("tijd", "Hoe laat?", &asked.tijd)
            .hint("Bijvoorbeeld 14:03. Leeg: aan het eind van de dag.")
            .checked(errors),
    ])
}

/// What somebody could see at a moment, in each role held then.
async fn reasons(app: &App, permit: &Permit, person: &Person, at: Timestamp) -> Result<Vec<Because>, PageError> {
    let (store, now) = (app.store(), app.clock().now());
    let (ground, _) = Ground::of(app, permit).await?;
    let consent = ground.consent_at(at);
    let within = |from: Timestamp, until: Option<Timestamp>| from <= at && until.is_none_or(|u| u > at);
    let broken = store.glass_of_patient(permit, now).await?;
    let glass = broken.iter().find(|b| b.person == person.id && within(b.at, Some(b.until)));
    let when = format!("Op {} om {}", words::day(local_day(at)), dutch::clock(at));
    let name = person.name.full();
    let mut all = Vec::new();
    for grant in store.all_roles(&person.id).await?.into_iter().filter(|g| within(g.from, g.until)) {
        let Some(organisation) = store.organisation(&grant.organisation).await? else { continue };
        let mut relation = ground.relation(&organisation, &consent, at);
        let personally = ground.has_person(&person.id, at);
        relation.team |= personally;
        relation.glass = glass.is_some();
        let actor = acting(person, &grant, organisation.policy.break_glass.contains(&grant.role));
        let saw = Seen::of(&actor, relation).dutch();
        let mut told = grounds(relation);
        if personally {
            told.push("Hoorde zelf bij het zorgteam, los van de organisatie.".to_owned());
        }
        if let Some(glass) = glass {
            told.push(format!("Had de noodknop gebruikt, geldig tot {}.", dutch::clock(glass.until)));
        }
        if grant.role == Role::PrivacyOfficer && permit_log(&actor, permit, relation) {
            told.push("Mocht wel het logboek zien: toezicht op inzage.".to_owned());
        }
        let lead = format!("{when} kon {name}, als {} bij {}, dit zien: {saw}.", grant.role.dutch(), organisation.name);
        all.push(Because { lead, grounds: told });
    }
    for account in store.accounts(permit, now).await?.into_iter().filter(|a| a.person == person.id) {
        if within(account.from, account.until) {
            let relation = Relation { own: Some(account.own), ..Relation::default() };
            let grant = RoleGrant {
                role: account.own.role(),
                organisation: domain::access::Own::organisation(),
                from: account.from,
                until: account.until,
            };
            let saw = Seen::of(&acting(person, &grant, false), relation).dutch();
            let lead = format!("{when} kon {name}, als {}, dit zien: {saw}.", account.own.role().dutch());
            all.push(Because { lead, grounds: Vec::new() });
        }
    }
    if all.is_empty() {
        let lead = format!("{when} had {name} geen rol in Tijdig, en zag niets.");
        all.push(Because { lead, grounds: Vec::new() });
    }
    Ok(all)
}

fn permit_log(actor: &Actor, of: &Permit, relation: Relation) -> bool {
    permit(actor, Action::ReadLog, of.patient(), relation).is_ok()
}

/// The person as they acted in that role.
fn acting(person: &Person, grant: &RoleGrant, breaks_glass: bool) -> Actor {
    Actor {
        who: Who::Person(person.id.clone()),
        name: person.name.full(),
        role: Some(grant.role),
        organisation: grant.organisation.clone(),
        nurses_set_limits: false,
        breaks_glass,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_the_end_of_what_is_named() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let at = |dag: &str, tijd: &str| {
            Asked { wie: String::new(), dag: dag.to_owned(), tijd: tijd.to_owned() }.moment(now).map(|t| t.to_string())
        };
        assert_eq!(at("23-11-2026", "14:03"), Ok("2026-11-23T13:03:59.999999Z".to_owned()));
        assert_eq!(at("23-11-2026", ""), Ok("2026-11-23T22:59:59.999999Z".to_owned()));
        assert_eq!(at("", ""), Ok(now.to_string()), "never later than now");
        for (dag, tijd, field) in
            [("25-11-2026", "", "dag"), ("ooit", "", "dag"), ("", "25:00", "tijd"), ("", "x", "tijd")]
        {
            assert_eq!(at(dag, tijd).unwrap_err()[0].field, field, "{dag} {tijd}");
        }
    }
}
