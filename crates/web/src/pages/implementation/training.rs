//! `/invoering/scholing`: who was trained in what, and who must be again.

use super::{HERE, frame, people, reading, writes, writing};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::days::typed_day;
use crate::pages::dutch::date_to_type;
use crate::pages::field::{Field, Problem};
use crate::pages::frame::{Frame, Notice};
use crate::pages::note_form::{Group, NoteForm, NotePage, Ticks, changed, problems, typed};
use crate::pages::render::{Answer, Told, done, page, refused, show};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::date::FhirDateTime;
use domain::ident::{NoteId, PersonId};
use domain::implementation::given::{Person, training as given};
use domain::implementation::{Training, due};
use domain::words::day;
use jiff::civil::Date;
use store::notes::Kept;

/// The page.
#[derive(Template)]
#[template(path = "implementation/training.html")]
pub struct TrainingPage {
    /// Title, menu.
    pub frame: Frame,
    /// Who must be trained again: who, what, by when, and whether that is over.
    pub due: Vec<(String, String, String, bool)>,
    /// Trainings that were held, newest first: address, what, when, who.
    pub rows: Vec<[String; 4]>,
    /// For who writes: a new one.
    pub form: Option<NoteForm>,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

fn groups(fields: &Fields, people: &[Person]) -> Vec<Group> {
    let ticked: Vec<&str> = fields.all("wie").collect();
    let all = people.iter().map(|(id, name)| (id.as_str().to_owned(), name.clone(), ticked.contains(&id.as_str())));
    vec![
        Group {
            legend: String::new(),
            fields: vec![
                Field::text("wat", "Waar ging de scholing over?", fields.get("wat"))
                    .hint("Gebruik voor dezelfde scholing steeds dezelfde naam."),
                Field::short("dag", "Op welke dag?", fields.get("dag")).hint("Bijvoorbeeld 20-01-2027."),
            ],
            ticks: Some(Ticks {
                name: "wie".to_owned(),
                label: "Wie waren erbij?".to_owned(),
                all: all.collect(),
                error: None,
            }),
        },
        Group {
            legend: String::new(),
            fields: vec![
                Field::shorter("maanden", "Na hoeveel maanden opnieuw?", fields.get("maanden"))
                    .hint("Leeg als één keer genoeg is.")
                    .digits(),
            ],
            ticks: None,
        },
    ]
}

fn typed_of(training: &Training) -> Fields {
    let mut all = typed([
        ("wat", training.what.clone()),
        ("dag", date_to_type(&FhirDateTime::of_day(training.on))),
        ("maanden", training.months.map(|m| m.to_string()).unwrap_or_default()),
    ]);
    all.0.extend(training.people.iter().map(|t| ("wie".to_owned(), t.person.as_str().to_owned())));
    all
}

fn names(training: &Training) -> String {
    training.people.iter().map(|t| t.name.as_str()).collect::<Vec<_>>().join("; ")
}

/// The page of all.
pub fn list_view(
    frame: Frame,
    kept: &[Kept<Training>],
    (people, today): (&[Person], Date),
    typed: Option<&Fields>,
    errors: Vec<Problem>,
) -> TrainingPage {
    let frame = frame.failing(!errors.is_empty());
    let here: Vec<PersonId> = people.iter().map(|(id, _)| id.clone()).collect();
    let mut newest: Vec<_> = kept.iter().collect();
    newest.sort_by_key(|k| std::cmp::Reverse(k.note.on));
    let row = |k: &Kept<Training>| {
        let again = k.note.again().map(|by| format!("; opnieuw voor {}", day(by))).unwrap_or_default();
        let when = format!("{}{again}", day(k.note.on));
        [format!("{HERE}/scholing/{}", k.id), k.note.what.clone(), when, names(&k.note)]
    };
    let due = due(kept.iter().map(|k| &k.note), &here, today);
    let form = typed.map(|fields| {
        let label = ("Leg een scholing vast", "Leg vast");
        NoteForm::new(&format!("{HERE}/scholing"), &frame, label, groups(fields, people)).checked(&errors)
    });
    TrainingPage {
        due: due.into_iter().map(|d| (d.name, d.what, day(d.by), d.late)).collect(),
        rows: newest.into_iter().map(row).collect(),
        form,
        frame,
        errors,
    }
}

/// The page of one; `second` where somebody else changed it meanwhile.
pub fn one_view(
    frame: Frame,
    kept: &Kept<Training>,
    people: &[Person],
    typed: &Fields,
    errors: Vec<Problem>,
    second: bool,
) -> NotePage {
    let frame = frame.failing(!errors.is_empty());
    let label = ("Pas de scholing aan", "Leg vast");
    let here = format!("{HERE}/scholing/{}", kept.id);
    let form = NoteForm::new(&here, &frame, label, groups(typed, people)).of(kept.revision).checked(&errors);
    let now = vec![
        ("Wat".to_owned(), kept.note.what.clone()),
        ("Dag".to_owned(), day(kept.note.on)),
        ("Wie erbij waren".to_owned(), names(&kept.note)),
    ];
    let form = if second { form.beside(now) } else { form };
    NotePage { frame, lead: "Verbeter wat niet klopt.".to_owned(), form, errors }
}

fn titled(who: &SignedIn) -> Frame {
    frame(who, "Scholing")
}

fn of_one(who: &SignedIn) -> Frame {
    frame(who, "Een scholing").back_to(format!("{HERE}/scholing"), "Scholing")
}

fn read(fields: &Fields, people: &[Person], today: Date) -> Result<Training, Vec<Problem>> {
    let who: Vec<&str> = fields.all("wie").collect();
    let on = typed_day(fields.get("dag"));
    given(fields.get("wat"), on, &who, fields.get("maanden"), (people, today)).map_err(problems)
}

/// `GET /invoering/scholing`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    reading(&who)?;
    let kept = app.store().notes::<Training>(&who.organisation.id).await?;
    let (people, none) = (people(&app, &who).await?, Fields::default());
    let typed = writes(&who).then_some(&none);
    let of = (people.as_slice(), app.clock().today());
    Ok(page(&list_view(titled(&who).told(&told), &kept, of, typed, Vec::new())))
}

/// `POST /invoering/scholing`: writes one down.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    writing(&who)?;
    let (people, today) = (people(&app, &who).await?, app.clock().today());
    match read(&fields, &people, today) {
        Ok(training) => {
            let id = NoteId::from_bits(store::random::bits());
            app.store().write_note(&who.actor, &id, &training, 0, app.clock().now()).await?;
            Ok(done(&format!("{HERE}/scholing"), Notice::NoteKept))
        }
        Err(errors) => {
            let kept = app.store().notes::<Training>(&who.organisation.id).await?;
            Ok(refused(&list_view(titled(&who), &kept, (&people, today), Some(&fields), errors)))
        }
    }
}

/// One training, and who may be chosen: who works there, and who took part and left.
async fn find(app: &App, who: &SignedIn, id: &str) -> Result<(Kept<Training>, Vec<Person>), PageError> {
    writing(who)?;
    let id = NoteId::parse(id).map_err(|_| PageError::NotFound)?;
    let kept = app.store().note::<Training>(&who.organisation.id, &id).await?.ok_or(PageError::NotFound)?;
    let mut people = people(app, who).await?;
    for trainee in &kept.note.people {
        if !people.iter().any(|(id, _)| *id == trainee.person) {
            people.push((trainee.person.clone(), trainee.name.clone()));
        }
    }
    Ok((kept, people))
}

/// `GET /invoering/scholing/{scholing}`.
pub async fn get_one(State(app): State<App>, who: SignedIn, Path(id): Path<String>) -> Answer {
    let (kept, people) = find(&app, &who, &id).await?;
    Ok(page(&one_view(of_one(&who), &kept, &people, &typed_of(&kept.note), Vec::new(), false)))
}

/// `POST /invoering/scholing/{scholing}`: mends one.
pub async fn post_one(
    State(app): State<App>,
    Path(id): Path<String>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let (kept, people) = find(&app, &who, &id).await?;
    let training = match read(&fields, &people, app.clock().today()) {
        Ok(training) => training,
        Err(errors) => {
            return Ok(refused(&one_view(of_one(&who), &kept, &people, &fields, errors, false).read_before(&fields)));
        }
    };
    if app.store().write_note(&who.actor, &kept.id, &training, fields.seen(), app.clock().now()).await? {
        return Ok(done(&format!("{HERE}/scholing"), Notice::NoteKept));
    }
    let (kept, people) = find(&app, &who, &id).await?;
    Ok(show(StatusCode::CONFLICT, &one_view(of_one(&who), &kept, &people, &fields, changed(), true)))
}
