//! `/beheer/organisaties/{organisation}/beleid`: what is known of an organisation, and what it decided for its own
//! people; and `/beheer/organisaties/nieuw`.

use super::super::field::{Choice, Field, Problem};
use super::super::frame::{Frame, Notice, Place};
use super::super::render::{Answer, Told, done, page, refused};
use super::{desk, frame_at, may_add, refuse};
use crate::app::App;
use crate::forms::{Fields, SignedForm};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::ident::{Agb, OrganisationId, Ura};
use domain::organisation::OrganisationKind;
use domain::policy::{Policy, REVIEW_MONTHS, may_be_let};
use domain::review::{Group, OfGroups};
use domain::role::Role;
use store::organisations::Organisation;

/// Longest name of an organisation or a place.
const LONGEST: usize = 120;

/// The page of one organisation.
#[derive(Template)]
#[template(path = "admin/policy.html")]
pub struct PolicyPage {
    /// Title, menu.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// Name as it is.
    pub organisation: String,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// Name, AGB, URA, place.
    pub known: Vec<Field>,
    /// May nurse specialists set limits?
    pub nurses: Field,
    /// Months between reviews.
    pub review: Field,
    /// The same for groups of patients.
    pub groups: Vec<Field>,
    /// Must there be a second factor?
    pub factor: Field,
    /// Who may break the glass.
    pub break_glass: Vec<Let>,
}

/// A role that may break the glass, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Let {
    /// Code of the role.
    pub code: &'static str,
    /// Role.
    pub label: &'static str,
    /// May it?
    pub may: bool,
}

/// The page of a new one.
#[derive(Template)]
#[template(path = "admin/organisation_new.html")]
pub struct NewOrganisationPage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// What it is.
    pub kind: Field,
    /// Name, AGB, URA, place.
    pub known: Vec<Field>,
}

/// Name of the field for a group.
fn group_name(group: Group) -> String {
    format!("evaluatie-{}", group.code())
}

/// Months as typed; empty: `None`.
fn read_months(fields: &Fields, name: &str, errors: &mut Vec<Problem>) -> Option<u32> {
    match fields.filled(name).map(str::parse) {
        None => None,
        Some(Ok(months)) if REVIEW_MONTHS.contains(&months) => Some(months),
        Some(_) => {
            errors.push(Problem::at(name, "Vul een aantal maanden in van 1 tot en met 12, of laat leeg."));
            None
        }
    }
}

fn yes_no() -> Vec<Choice> {
    vec![Choice::of("ja", "Ja"), Choice::of("nee", "Nee")]
}

fn ja(yes: bool) -> &'static str {
    if yes { "ja" } else { "nee" }
}

fn known(value: impl Fn(&str) -> String, errors: &[Problem]) -> Vec<Field> {
    vec![
        Field::text("naam", "Naam", &value("naam")).checked(errors),
        Field::short("agb", "AGB-code", &value("agb")).digits().hint("Acht cijfers.").checked(errors),
        Field::short("ura", "URA-nummer", &value("ura")).digits().hint("Hoogstens acht cijfers.").checked(errors),
        Field::text("plaats", "Plaats", &value("plaats")).checked(errors),
    ]
}

fn view(who: &SignedIn, organisation: &Organisation, typed: Option<&Fields>, errors: Vec<Problem>) -> PolicyPage {
    let text = |t: Option<&str>| t.unwrap_or_default().to_owned();
    let value = |name: &str| match (typed, name) {
        (Some(fields), _) => fields.get(name).to_owned(),
        (None, "naam") => organisation.name.clone(),
        (None, "agb") => text(organisation.agb.as_ref().map(Agb::as_str)),
        (None, "ura") => text(organisation.ura.as_ref().map(Ura::as_str)),
        (None, "plaats") => text(organisation.city.as_deref()),
        (None, "grenzen") => ja(organisation.nurses_set_limits).to_owned(),
        (None, "evaluatie") => organisation.policy.review_months.map(|m| m.to_string()).unwrap_or_default(),
        (None, "factor") => ja(organisation.policy.second_factor).to_owned(),
        (None, name) => {
            let own = organisation.policy.review_groups.iter().find(|(group, _)| group_name(*group) == name);
            own.map(|(_, months)| months.to_string()).unwrap_or_default()
        }
    };
    let group = |group: &Group| {
        let name = group_name(*group);
        let usual = match group.months() {
            Some(months) => format!("Laat leeg voor {months} maanden; zo vraagt de richtlijn het."),
            None => "Laat leeg als voor hen hetzelfde geldt als voor anderen.".to_owned(),
        };
        Field::shorter(&name, &format!("Na hoeveel maanden voor {}?", group.dutch()), &value(&name))
            .digits()
            .hint(&format!("{usual} Geldt alleen waar dit korter is."))
            .checked(&errors)
    };
    let may = |role: Role| match typed {
        Some(fields) => fields.0.iter().any(|(n, v)| n == "noodknop" && v == role.code()),
        None => organisation.policy.may_break_glass(role),
    };
    PolicyPage {
        frame: frame_at(who, "Gegevens en beleid", organisation, "", "Beheer").failing(!errors.is_empty()),
        id: organisation.id.to_string(),
        organisation: organisation.name.clone(),
        known: known(value, &errors),
        nurses: Field::radios(
            "grenzen",
            "Mogen verpleegkundig specialisten en physician assistants hier behandelgrenzen vaststellen?",
            &value("grenzen"),
            yes_no(),
        )
        .hint("Bij nee doen zij een voorstel, dat een arts vaststelt.")
        .checked(&errors),
        review: Field::shorter("evaluatie", "Na hoeveel maanden is een plan toe aan evaluatie?", &value("evaluatie"))
            .digits()
            .hint("Laat leeg voor de afspraak van de regio. De richtlijn vraagt minstens twee keer per jaar.")
            .checked(&errors),
        groups: Group::ALL.iter().map(group).collect(),
        factor: Field::radios(
            "factor",
            "Is naast het wachtwoord een tweede stap verplicht?",
            &value("factor"),
            yes_no(),
        )
        .hint("Een code uit een app, of een passkey.")
        .checked(&errors),
        break_glass: Role::ALL
            .iter()
            .filter(|r| may_be_let(**r))
            .map(|r| Let { code: r.code(), label: r.dutch(), may: may(*r) })
            .collect(),
        errors,
    }
}

/// Name, AGB, URA and place as typed.
fn read_known(fields: &Fields, errors: &mut Vec<Problem>) -> (String, Option<Agb>, Option<Ura>, Option<String>) {
    let name = fields.filled("naam").unwrap_or_default().to_owned();
    if name.is_empty() {
        errors.push(Problem::at("naam", "Vul de naam van de organisatie in."));
    }
    for field in ["naam", "plaats"] {
        if fields.get(field).chars().count() > LONGEST {
            errors.push(Problem::at(field, format!("Maak dit korter dan {LONGEST} tekens.")));
        }
    }
    let agb = fields.filled("agb").map(Agb::parse).transpose().map_err(|e| errors.push(Problem::at("agb", e.0)));
    let ura = fields.filled("ura").map(Ura::parse).transpose().map_err(|e| errors.push(Problem::at("ura", e.0)));
    (name, agb.unwrap_or_default(), ura.unwrap_or_default(), fields.filled("plaats").map(str::to_owned))
}

fn read_yes_no(fields: &Fields, name: &str, errors: &mut Vec<Problem>) -> bool {
    match fields.get(name) {
        "ja" => true,
        "nee" => false,
        _ => {
            errors.push(Problem::at(name, "Kies ja of nee."));
            false
        }
    }
}

/// `GET …/beleid`.
pub async fn get(
    State(app): State<App>,
    who: SignedIn,
    Path(organisation): Path<String>,
    Query(told): Query<Told>,
) -> Answer {
    let organisation = desk(&app, &who, &organisation).await?;
    let mut view = view(&who, &organisation, None, Vec::new());
    view.frame = view.frame.told(&told);
    Ok(page(&view))
}

/// `POST …/beleid`.
pub async fn post(
    State(app): State<App>,
    Path(organisation): Path<String>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let organisation = desk(&app, &who, &organisation).await?;
    let mut errors = Vec::new();
    let (name, agb, ura, city) = read_known(&fields, &mut errors);
    let review_months = read_months(&fields, "evaluatie", &mut errors);
    let of_group = |group: &Group| Some((*group, read_months(&fields, &group_name(*group), &mut errors)?));
    let review_groups: OfGroups = Group::ALL.iter().filter_map(of_group).collect();
    let nurses_set_limits = read_yes_no(&fields, "grenzen", &mut errors);
    let second_factor = read_yes_no(&fields, "factor", &mut errors);
    if !errors.is_empty() {
        return Ok(refused(&view(&who, &organisation, Some(&fields), errors)));
    }
    let asked: Vec<&str> = fields.all("noodknop").collect();
    let policy = Policy {
        review_months,
        review_groups,
        break_glass: Policy::break_glass_of(&asked.join(" ")),
        second_factor,
        instruments: organisation.policy.instruments.clone(),
    };
    let intervals = |policy: &Policy| (policy.review_months, policy.review_groups.clone());
    let same = intervals(&organisation.policy) == intervals(&policy);
    let changed = Organisation { name, agb, ura, city, nurses_set_limits, policy, ..organisation };
    app.store().change_organisation(&who.actor, &changed, app.clock().real()).await?;
    if !same {
        // As many patients as this organisation leads: nobody waits for that. What is cut off is made up for when
        // anything happens to the patient.
        let (store, id, now) = (app.store().clone(), changed.id.clone(), app.clock().now());
        tokio::spawn(async move {
            if let Err(error) = store.review_anew(&id, now).await {
                tracing::error!(%error, "tasks do not follow the new policy yet");
            }
        });
    }
    Ok(done(&format!("/beheer/organisaties/{}/beleid", changed.id), Notice::Kept))
}

fn new_view(who: &SignedIn, fields: &Fields, errors: Vec<Problem>) -> NewOrganisationPage {
    let mut kinds = vec![Choice::of("", "Kies een soort")];
    kinds.extend(OrganisationKind::ALL.iter().map(|k| Choice::of(k.code(), k.dutch())));
    NewOrganisationPage {
        frame: Frame::signed(who, "Nieuwe organisatie", Place::BelowAdmin)
            .back_to("/beheer", "Beheer")
            .failing(!errors.is_empty()),
        kind: Field::select("soort", "Soort organisatie", fields.get("soort"), kinds).checked(&errors),
        known: known(|name| fields.get(name).to_owned(), &errors),
        errors,
    }
}

/// `GET /beheer/organisaties/nieuw`.
pub async fn new_get(State(app): State<App>, who: SignedIn) -> Answer {
    if !may_add(&who) {
        return Err(refuse(&app, &who).await);
    }
    Ok(page(&new_view(&who, &Fields::default(), Vec::new())))
}

/// `POST /beheer/organisaties/nieuw`.
pub async fn new_post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    if !may_add(&who) {
        return Err(refuse(&app, &who).await);
    }
    let mut errors = Vec::new();
    let kind = OrganisationKind::of_code(fields.get("soort"));
    if kind.is_none() {
        errors.push(Problem::at("soort", "Kies wat voor organisatie het is."));
    }
    let (name, agb, ura, city) = read_known(&fields, &mut errors);
    let others = app.store().organisations().await?;
    if agb.is_some() && others.iter().any(|o| o.agb == agb) {
        errors.push(Problem::at("agb", "Er is al een organisatie met deze AGB-code."));
    }
    let Some(kind) = kind.filter(|_| errors.is_empty()) else {
        return Ok(refused(&new_view(&who, &fields, errors)));
    };
    let id = OrganisationId::from_bits(store::random::bits());
    let region = Some(who.organisation.id.clone());
    let organisation = Organisation { agb, ura, city, region, ..Organisation::new(id, &name, kind) };
    app.store().add_organisation(&who.actor, &organisation, app.clock().real()).await?;
    Ok(done(&format!("/beheer/organisaties/{}/beleid", organisation.id), Notice::OrganisationAdded))
}
