//! `/beheer/organisaties/{organisation}/mensen`: who works there, who did and who will; and adding somebody.

use super::super::days::{end_of, midnight, typed_day};
use super::super::field::{Choice, Field, Problem};
use super::super::frame::{Frame, Notice};
use super::super::render::{Answer, Told, done, page, refused};
use super::{desk, frame_at};
use crate::app::App;
use crate::forms::{Fields, SignedForm};
use crate::people::{person_of, username};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::administration::can_be_given;
use domain::date::local_day;
use domain::ident::{Agb, Big, PersonId, Uzi};
use domain::role::Role;
use domain::words;
use jiff::Timestamp;
use jiff::civil::Date;
use store::organisations::Organisation;
use store::people::{Person, RoleGrant};

/// The list.
#[derive(Template)]
#[template(path = "admin/people.html")]
pub struct PeoplePage {
    /// Title, menu.
    pub frame: Frame,
    /// Id of the organisation in paths.
    pub id: String,
    /// Its name.
    pub organisation: String,
    /// Groups with a heading: now, later, not any more.
    pub groups: Vec<(&'static str, Vec<MemberRow>)>,
}

/// Somebody in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// Id in paths.
    pub id: String,
    /// Name.
    pub name: String,
    /// Name to sign in with.
    pub username: String,
    /// Roles, each with its period.
    pub roles: String,
    /// May not sign in at all.
    pub blocked: bool,
}

/// The page of somebody new.
#[derive(Template)]
#[template(path = "admin/person_new.html")]
pub struct NewPersonPage {
    /// Title, menu.
    pub frame: Frame,
    /// Id of the organisation in paths.
    pub id: String,
    /// Its name.
    pub organisation: String,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// User name, names, numbers.
    pub person: Vec<Field>,
    /// The first role and its period.
    pub role: Vec<Field>,
}

/// A role with its period, as one says it.
pub fn held(grant: &RoleGrant, now: Timestamp) -> String {
    let role = grant.role.dutch();
    let day = |t: Timestamp| words::day(local_day(t));
    // The last day on which it counts, not the first on which it does not.
    let last = |t: Timestamp| words::day(local_day(t.checked_sub(jiff::SignedDuration::from_secs(1)).unwrap_or(t)));
    match (grant.from > now, grant.until) {
        (true, Some(until)) if until <= grant.from => format!("{role}, nooit begonnen"),
        (true, None) => format!("{role}, vanaf {}", day(grant.from)),
        (true, Some(until)) => format!("{role}, van {} tot en met {}", day(grant.from), last(until)),
        (false, None) => format!("{role}, sinds {}", day(grant.from)),
        (false, Some(until)) if until > now => format!("{role}, tot en met {}", last(until)),
        (false, Some(until)) => format!("{role}, van {} tot {}", day(grant.from), day(until)),
    }
}

/// Does it count at this moment?
pub fn is_held(grant: &RoleGrant, now: Timestamp) -> bool {
    grant.from <= now && grant.until.is_none_or(|u| u > now)
}

/// Will it count later?
pub fn is_to_come(grant: &RoleGrant, now: Timestamp) -> bool {
    grant.from > now && grant.until.is_none_or(|u| u > grant.from)
}

fn groups(members: &[(Person, Vec<RoleGrant>)], now: Timestamp) -> Vec<(&'static str, Vec<MemberRow>)> {
    let mut groups =
        vec![("Werkt hier nu", Vec::new()), ("Begint nog", Vec::new()), ("Werkt hier niet meer", Vec::new())];
    for (person, grants) in members {
        let (place, counts): (usize, fn(&RoleGrant, Timestamp) -> bool) = if grants.iter().any(|g| is_held(g, now)) {
            (0, |g, now| is_held(g, now) || is_to_come(g, now))
        } else if grants.iter().any(|g| is_to_come(g, now)) {
            (1, is_to_come)
        } else {
            (2, |_, _| true)
        };
        let roles: Vec<String> = grants.iter().filter(|g| counts(g, now)).map(|g| held(g, now)).collect();
        groups[place].1.push(MemberRow {
            id: person.id.to_string(),
            name: person.name.full(),
            username: person.username.clone(),
            roles: roles.join("; "),
            blocked: !person.active,
        });
    }
    groups.retain(|(_, rows)| !rows.is_empty());
    groups
}

/// `GET …/mensen`.
pub async fn get(
    State(app): State<App>,
    who: SignedIn,
    Path(organisation): Path<String>,
    Query(told): Query<Told>,
) -> Answer {
    let organisation = desk(&app, &who, &organisation).await?;
    let members = app.store().members(&organisation.id).await?;
    Ok(page(&PeoplePage {
        frame: frame_at(&who, "Mensen", &organisation, "", "Beheer").told(&told),
        id: organisation.id.to_string(),
        groups: groups(&members, app.clock().real()),
        organisation: organisation.name,
    }))
}

/// The questions about a person.
pub fn person_fields(value: impl Fn(&str) -> String, errors: &[Problem]) -> Vec<Field> {
    vec![
        Field::text("gebruikersnaam", "Gebruikersnaam", &value("gebruikersnaam"))
            .hint("Kleine letters, cijfers, punt, streepje en @. Hiermee logt deze persoon in.")
            .checked(errors),
        Field::text("voornaam", "Voornaam", &value("voornaam")).checked(errors),
        Field::shorter("tussenvoegsel", "Tussenvoegsel", &value("tussenvoegsel")).checked(errors),
        Field::text("achternaam", "Achternaam", &value("achternaam")).checked(errors),
        Field::short("agb", "AGB-code", &value("agb")).digits().checked(errors),
        Field::short("uzi", "UZI-nummer", &value("uzi")).digits().checked(errors),
        Field::short("big", "BIG-nummer", &value("big")).digits().checked(errors),
    ]
}

/// The questions about a role and its period.
pub fn role_fields(value: impl Fn(&str) -> String, errors: &[Problem]) -> Vec<Field> {
    let mut roles = vec![Choice::of("", "Kies een rol")];
    roles.extend(Role::ALL.iter().filter(|r| can_be_given(**r)).map(|r| Choice::of(r.code(), r.dutch())));
    vec![
        Field::select("rol", "Rol", &value("rol"), roles).checked(errors),
        Field::short("vanaf", "Vanaf", &value("vanaf")).hint("Laat leeg voor: vanaf nu.").checked(errors),
        Field::short("tot-en-met", "Tot en met", &value("tot-en-met"))
            .hint("Laat leeg als het einde nog niet bekend is.")
            .checked(errors),
    ]
}

/// A day as typed, or nothing.
fn day(fields: &Fields, name: &str, errors: &mut Vec<Problem>) -> Option<Date> {
    typed_day(fields.filled(name)?).map_err(|wrong| errors.push(Problem::at(name, wrong))).ok()
}

/// A role as typed, at an organisation.
pub fn read_role(
    fields: &Fields,
    organisation: &Organisation,
    now: Timestamp,
    errors: &mut Vec<Problem>,
) -> Option<RoleGrant> {
    let role = Role::of_code(fields.get("rol")).filter(|r| can_be_given(*r));
    if role.is_none() {
        errors.push(Problem::at("rol", "Kies een rol."));
    }
    let from = day(fields, "vanaf", errors).map(midnight);
    // Today means now: a day that has begun cannot be given back.
    let from = from.filter(|f| local_day(*f) != local_day(now)).unwrap_or(now);
    let until = day(fields, "tot-en-met", errors).map(end_of);
    if until.is_some_and(|u| u <= from || u <= now) {
        errors.push(Problem::at("tot-en-met", "Het einde moet na het begin liggen, en niet in het verleden."));
    }
    Some(RoleGrant { organisation: organisation.id.clone(), role: role?, from, until })
}

/// Longest name.
const LONGEST: usize = 120;

/// A person as typed; `before` is who it was.
pub fn read_person(fields: &Fields, before: Option<&Person>, errors: &mut Vec<Problem>) -> Option<Person> {
    let name = username(fields.get("gebruikersnaam")).map_err(|e| errors.push(Problem::at("gebruikersnaam", e)));
    if fields.filled("achternaam").is_none() {
        errors.push(Problem::at("achternaam", "Vul de achternaam in."));
    }
    for field in ["voornaam", "tussenvoegsel", "achternaam"] {
        if fields.get(field).chars().count() > LONGEST {
            errors.push(Problem::at(field, format!("Maak dit korter dan {LONGEST} tekens.")));
        }
    }
    let agb = fields.filled("agb").map(Agb::parse).transpose().map_err(|e| errors.push(Problem::at("agb", e.0)));
    let uzi = fields.filled("uzi").map(Uzi::parse).transpose().map_err(|e| errors.push(Problem::at("uzi", e.0)));
    let big = fields.filled("big").map(Big::parse).transpose().map_err(|e| errors.push(Problem::at("big", e.0)));
    let parts = ["voornaam", "tussenvoegsel", "achternaam"].map(|n| fields.get(n).trim().to_owned());
    let id = before.map_or_else(|| PersonId::from_bits(store::random::bits()), |p| p.id.clone());
    let typed = person_of(id, &name.ok()?, &parts, before);
    Some(Person { agb: agb.ok()?, uzi: uzi.ok()?, big: big.ok()?, ..typed })
}

fn new_view(who: &SignedIn, organisation: &Organisation, fields: &Fields, errors: Vec<Problem>) -> NewPersonPage {
    let value = |name: &str| fields.get(name).to_owned();
    NewPersonPage {
        frame: frame_at(who, "Nieuwe medewerker", organisation, "mensen", "Mensen").failing(!errors.is_empty()),
        id: organisation.id.to_string(),
        organisation: organisation.name.clone(),
        person: person_fields(value, &errors),
        role: role_fields(value, &errors),
        errors,
    }
}

/// `GET …/mensen/nieuw`.
pub async fn new_get(State(app): State<App>, who: SignedIn, Path(organisation): Path<String>) -> Answer {
    let organisation = desk(&app, &who, &organisation).await?;
    Ok(page(&new_view(&who, &organisation, &Fields::default(), Vec::new())))
}

/// `POST …/mensen/nieuw`: somebody new; or somebody who works elsewhere already, where user name and surname are theirs.
pub async fn new_post(
    State(app): State<App>,
    Path(organisation): Path<String>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let organisation = desk(&app, &who, &organisation).await?;
    let now = app.clock().real();
    let mut errors = Vec::new();
    let person = read_person(&fields, None, &mut errors);
    let grant = read_role(&fields, &organisation, now, &mut errors);
    let (Some(person), Some(grant), true) = (person, grant, errors.is_empty()) else {
        return Ok(refused(&new_view(&who, &organisation, &fields, errors)));
    };
    let id = match app.store().person_named(&person.username).await? {
        None => match app.store().add_member(&who.actor, &person, &grant, now).await {
            Ok(()) => person.id,
            Err(store::Error::Taken(_)) => {
                let taken = "Deze gebruikersnaam is net door een ander in gebruik genomen. Kies een andere.";
                let errors = vec![Problem::at("gebruikersnaam", taken)];
                return Ok(refused(&new_view(&who, &organisation, &fields, errors)));
            }
            Err(error) => return Err(error.into()),
        },
        Some(known) if known.id != who.person && same_surname(&known, &person) => {
            app.store().grant_role(&who.actor, &known.id, &grant, now).await?;
            known.id
        }
        Some(_) => {
            let taken = "Deze gebruikersnaam is al in gebruik, bij iemand met een andere achternaam. Kies een andere.";
            let errors = vec![Problem::at("gebruikersnaam", taken)];
            return Ok(refused(&new_view(&who, &organisation, &fields, errors)));
        }
    };
    Ok(done(&format!("/beheer/organisaties/{}/mensen/{id}", organisation.id), Notice::PersonAdded))
}

fn same_surname(a: &Person, b: &Person) -> bool {
    let plain = |p: &Person| domain::patient::normalise_family(&p.name.own_family());
    plain(a) == plain(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_said_as_people_say_it() {
        let at = |t: &str| t.parse::<Timestamp>().unwrap();
        let now = at("2026-11-23T09:00:00Z");
        let grant = |from: &str, until: Option<&str>| RoleGrant {
            organisation: domain::ident::OrganisationId::from_bits(1),
            role: Role::Gp,
            from: at(from),
            until: until.map(at),
        };
        for (from, until, said, counts) in [
            ("2020-01-05T09:00:00Z", None, "huisarts, sinds 5 januari 2020", true),
            ("2020-01-05T09:00:00Z", Some("2026-12-31T23:00:00Z"), "huisarts, tot en met 31 december 2026", true),
            (
                "2020-01-05T09:00:00Z",
                Some("2021-01-01T10:00:00Z"),
                "huisarts, van 5 januari 2020 tot 1 januari 2021",
                false,
            ),
            ("2027-01-05T09:00:00Z", None, "huisarts, vanaf 5 januari 2027", false),
        ] {
            let grant = grant(from, until);
            assert_eq!((held(&grant, now).as_str(), is_held(&grant, now)), (said, counts));
        }
    }
}
