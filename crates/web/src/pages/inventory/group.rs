//! `/regio/inventarisatie/werkgroep`: who pulls it, and when they meet.

use super::{HERE, allowed, frame};
use crate::app::App;
use crate::forms::{Fields, SignedForm};
use crate::pages::days::typed_day;
use crate::pages::dutch::date_to_type;
use crate::pages::field::{Field, Problem};
use crate::pages::frame::{Frame, Notice};
use crate::pages::note_form::{self, NoteForm, changed, problems};
use crate::pages::render::{Answer, Told, done, page, refused, show};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::date::FhirDateTime;
use domain::network::given::{MOST, ROWS, group as given};
use domain::network::{Group, Member};
use domain::words::day;
use store::notes::{Kept, only};

/// The page.
#[derive(Template)]
#[template(path = "inventory/group.html")]
pub struct GroupPage {
    /// Title, menu.
    pub frame: Frame,
    /// Its members.
    pub members: Vec<Member>,
    /// Its meetings, newest first: day and notes.
    pub sittings: Vec<(String, String)>,
    /// To change it.
    pub form: NoteForm,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

fn typed_of(group: &Group) -> Fields {
    let mut all = Vec::new();
    for (i, m) in group.members.iter().enumerate() {
        all.push((format!("naam.{i}"), m.name.clone()));
        all.push((format!("rol.{i}"), m.role.clone()));
        all.push((format!("organisatie.{i}"), m.organisation.clone()));
    }
    for (i, s) in group.sittings.iter().enumerate() {
        all.push((format!("dag.{i}"), date_to_type(&FhirDateTime::of_day(s.on))));
        all.push((format!("verslag.{i}"), s.notes.clone()));
    }
    Fields(all)
}

/// How many rows a form with these fields has: what was typed, and a few more.
fn rows(typed: &Fields, names: &[&str]) -> usize {
    let last = |name: &str| (0..MOST).rev().find(|i| typed.filled(&format!("{name}.{i}")).is_some());
    (names.iter().filter_map(|n| last(n)).max().map_or(0, |n| n + 1) + ROWS).min(MOST)
}

const OF_MEMBER: [&str; 3] = ["naam", "rol", "organisatie"];
const OF_SITTING: [&str; 2] = ["dag", "verslag"];

fn groups(typed: &Fields) -> Vec<note_form::Group> {
    let of = |name: &str, i: usize| format!("{name}.{i}");
    let member = |i: usize| {
        let text = |name: &str, label: &str| Field::text(&of(name, i), label, typed.get(&of(name, i)));
        note_form::Group {
            legend: format!("Lid {}", i + 1),
            fields: vec![text("naam", "Naam"), text("rol", "Rol"), text("organisatie", "Organisatie")],
            ticks: None,
        }
    };
    let sitting = |i: usize| {
        let (on, notes) = (of("dag", i), of("verslag", i));
        note_form::Group {
            legend: format!("Bijeenkomst {}", i + 1),
            fields: vec![
                Field::short(&on, "Op welke dag?", typed.get(&on)),
                Field::area(&notes, "Wat is er besproken en afgesproken?", typed.get(&notes)),
            ],
            ticks: None,
        }
    };
    let members = (0..rows(typed, &OF_MEMBER)).map(member);
    members.chain((0..rows(typed, &OF_SITTING)).map(sitting)).collect()
}

/// The page, of a group as it stands.
pub fn view(frame: Frame, (seen, group): (u32, &Group), typed: &Fields, errors: Vec<Problem>) -> GroupPage {
    let frame = frame.failing(!errors.is_empty());
    let label = ("Pas de werkgroep aan", "Leg vast");
    let form = NoteForm::new(&format!("{HERE}/werkgroep"), &frame, label, groups(typed)).of(seen);
    GroupPage {
        form: form.checked(&errors),
        members: group.members.clone(),
        sittings: group.sittings.iter().rev().map(|s| (day(s.on), s.notes.clone())).collect(),
        frame,
        errors,
    }
}

async fn found(app: &App, who: &SignedIn) -> Result<(u32, Group), store::Error> {
    let kept = app.store().note::<Group>(&who.organisation.id, &only()).await?;
    Ok(kept.map_or_else(|| (0, Group::default()), |Kept { revision, note, .. }| (revision, note)))
}

fn titled(who: &SignedIn) -> Frame {
    frame(who, "Werkgroep")
}

/// `GET /regio/inventarisatie/werkgroep`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    allowed(&who)?;
    let (seen, group) = found(&app, &who).await?;
    Ok(page(&view(titled(&who).told(&told), (seen, &group), &typed_of(&group), Vec::new())))
}

/// `POST /regio/inventarisatie/werkgroep`.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    allowed(&who)?;
    let get = |name: &str, i: usize| fields.get(&format!("{name}.{i}"));
    let members: Vec<[&str; 3]> =
        (0..rows(&fields, &OF_MEMBER)).map(|i| [get("naam", i), get("rol", i), get("organisatie", i)]).collect();
    let sitting = |i: usize| (fields.filled(&format!("dag.{i}")).map(typed_day), get("verslag", i));
    let sittings: Vec<_> = (0..rows(&fields, &OF_SITTING)).map(sitting).collect();
    let group = match given(&members, &sittings) {
        Ok(group) => group,
        Err(flaws) => {
            let (_, stands) = found(&app, &who).await?;
            let page = view(titled(&who), (fields.seen(), &stands), &fields, problems(flaws));
            return Ok(refused(&page));
        }
    };
    if app.store().write_note(&who.actor, &only(), &group, fields.seen(), app.clock().now()).await? {
        return Ok(done(&format!("{HERE}/werkgroep"), Notice::NoteKept));
    }
    let (seen, stands) = found(&app, &who).await?;
    Ok(show(StatusCode::CONFLICT, &view(titled(&who), (seen, &stands), &fields, changed())))
}
