//! `/invoering/kartrekkers`: who pulls it, and who of the management stands for it.

use super::{HERE, frame, people, writing};
use crate::app::App;
use crate::forms::{Fields, SignedForm};
use crate::pages::days::typed_day;
use crate::pages::dutch::date_to_type;
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Notice};
use crate::pages::note_form::{Group, NoteForm, NotePage, changed, plain, problems};
use crate::pages::render::{Answer, done, page, refused, show};
use crate::session::SignedIn;
use axum::extract::State;
use axum::http::StatusCode;
use domain::date::FhirDateTime;
use domain::implementation::Backing;
use domain::implementation::given::{MOST, Person, ROWS, backing as given};
use domain::words::day;
use store::notes::{Kept, only};

fn typed_of(backing: &Backing) -> Fields {
    let typed = |day| date_to_type(&FhirDateTime::of_day(day));
    let mut all = vec![("bestuur".to_owned(), backing.sponsor.clone())];
    for (i, c) in backing.champions.iter().enumerate() {
        all.push((format!("wie.{i}"), c.person.as_str().to_owned()));
        all.push((format!("sinds.{i}"), typed(c.since)));
        all.push((format!("tot.{i}"), c.until.map(typed).unwrap_or_default()));
    }
    Fields(all)
}

fn rows(typed: &Fields) -> usize {
    let is_there = |i: &usize| ["wie", "sinds", "tot"].iter().any(|n| typed.filled(&format!("{n}.{i}")).is_some());
    ((0..MOST).rev().find(is_there).map_or(0, |n| n + 1) + ROWS).min(MOST)
}

/// Who may be chosen: who works there, and who pulled it before and left.
fn to_choose(mut people: Vec<Person>, backing: &Backing) -> Vec<Person> {
    for champion in &backing.champions {
        if !people.iter().any(|(id, _)| *id == champion.person) {
            people.push((champion.person.clone(), champion.name.clone()));
        }
    }
    people
}

fn groups(typed: &Fields, people: &[Person]) -> Vec<Group> {
    let mut all = plain(vec![
        Field::text("bestuur", "Wie van de leiding staat erachter?", typed.get("bestuur"))
            .hint("Naam en functie. Mag leeg blijven."),
    ]);
    all.extend((0..rows(typed)).map(|i| {
        let choices = people.iter().map(|(id, name)| Choice::of(id.as_str(), name.clone()));
        let choices = std::iter::once(Choice::of("", "Kies een collega")).chain(choices).collect();
        let [who, since, until] = ["wie", "sinds", "tot"].map(|n| format!("{n}.{i}"));
        Group {
            legend: format!("Kartrekker {}", i + 1),
            fields: vec![
                Field::select(&who, "Wie?", typed.get(&who), choices),
                Field::short(&since, "Vanaf", typed.get(&since)).hint("Bijvoorbeeld 01-02-2027."),
                Field::short(&until, "Tot en met", typed.get(&until)).hint("Leeg zolang het doorgaat."),
            ],
            ticks: None,
        }
    }));
    all
}

/// The page, of what stands; `second` where somebody else changed it meanwhile.
pub fn view(
    frame: Frame,
    (seen, stands): (u32, &Backing),
    people: &[Person],
    typed: &Fields,
    errors: Vec<Problem>,
    second: bool,
) -> NotePage {
    let frame = frame.failing(!errors.is_empty());
    let label = ("Wie het trekt", "Leg vast");
    let form = NoteForm::new(&format!("{HERE}/kartrekkers"), &frame, label, groups(typed, people)).of(seen);
    let now = if second {
        let names = stands.champions.iter().map(|c| format!("{}, vanaf {}", c.name, day(c.since)));
        vec![
            ("Vanuit de leiding".to_owned(), stands.sponsor.clone()),
            ("Kartrekkers".to_owned(), names.collect::<Vec<_>>().join("; ")),
        ]
    } else {
        Vec::new()
    };
    let form = form.checked(&errors).beside(now);
    let lead =
        "Kartrekkers houden het onderwerp gaande in hun team. Wie stopt, krijgt een laatste dag en blijft staan.";
    NotePage { frame, lead: lead.to_owned(), form, errors }
}

async fn found(app: &App, who: &SignedIn) -> Result<(u32, Backing), store::Error> {
    let kept = app.store().note::<Backing>(&who.organisation.id, &only()).await?;
    Ok(kept.map_or_else(|| (0, Backing::default()), |Kept { revision, note, .. }| (revision, note)))
}

fn titled(who: &SignedIn) -> Frame {
    frame(who, "Wie het trekt")
}

/// `GET /invoering/kartrekkers`.
pub async fn get(State(app): State<App>, who: SignedIn) -> Answer {
    writing(&who)?;
    let (seen, stands) = found(&app, &who).await?;
    let people = to_choose(people(&app, &who).await?, &stands);
    Ok(page(&view(titled(&who), (seen, &stands), &people, &typed_of(&stands), Vec::new(), false)))
}

/// `POST /invoering/kartrekkers`.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    writing(&who)?;
    let (_, stands) = found(&app, &who).await?;
    let people = to_choose(people(&app, &who).await?, &stands);
    let day = |name: &str, i: usize| fields.filled(&format!("{name}.{i}")).map(typed_day);
    let names: Vec<String> = (0..rows(&fields)).map(|i| format!("wie.{i}")).collect();
    let rows: Vec<_> =
        names.iter().enumerate().map(|(i, name)| (fields.get(name), day("sinds", i), day("tot", i))).collect();
    let backing = match given(fields.get("bestuur"), &rows, &people) {
        Ok(backing) => backing,
        Err(flaws) => {
            let stands = (fields.seen(), &stands);
            return Ok(refused(&view(titled(&who), stands, &people, &fields, problems(flaws), false)));
        }
    };
    if app.store().write_note(&who.actor, &only(), &backing, fields.seen(), app.clock().now()).await? {
        return Ok(done(HERE, Notice::NoteKept));
    }
    let (seen, stands) = found(&app, &who).await?;
    Ok(show(StatusCode::CONFLICT, &view(titled(&who), (seen, &stands), &people, &fields, changed(), true)))
}
