//! `/invoering/afspraken`: agreements that stand in daily work, where they stand, and whether they work.

use super::{HERE, frame, reading, writes, writing};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::days::typed_day;
use crate::pages::dutch::date_to_type;
use crate::pages::field::{Field, Problem};
use crate::pages::frame::{Frame, Notice};
use crate::pages::note_form::{NoteForm, NotePage, Ticks, changed, plain, problems, typed};
use crate::pages::render::{Answer, Told, done, page, refused, show};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::date::FhirDateTime;
use domain::ident::NoteId;
use domain::implementation::Anchor;
use domain::implementation::given::{AnchorGiven, anchor as given};
use domain::words::day;
use jiff::civil::Date;
use store::notes::Kept;

/// The page.
#[derive(Template)]
#[template(path = "implementation/anchors.html")]
pub struct AnchorsPage {
    /// Title, menu.
    pub frame: Frame,
    /// What is to be looked at first, then what works.
    pub rows: Vec<AnchorRow>,
    /// For who writes: a new one.
    pub form: Option<NoteForm>,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// An agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnchorRow {
    /// Its page.
    pub href: String,
    /// What was agreed.
    pub what: String,
    /// Where it stands, and who sees to it.
    pub fine: String,
    /// How it stands.
    pub state: String,
    /// It works.
    pub works: bool,
    /// Its day is over.
    pub late: bool,
}

fn groups(fields: &Fields) -> Vec<crate::pages::note_form::Group> {
    let mut all = plain(vec![
        Field::area("wat", "Wat is er afgesproken?", fields.get("wat")).hint("Zet hier niets in over patiënten."),
        Field::text("waar", "Waar staat de afspraak?", fields.get("waar"))
            .hint("Bijvoorbeeld op de agenda van het MDO, of in de checklist bij opname."),
        Field::text("wie", "Wie zorgt ervoor?", fields.get("wie")),
        Field::short("dag", "Wanneer kijkt u of het werkt?", fields.get("dag")).hint("Bijvoorbeeld 30-06-2027."),
    ]);
    if let Some(group) = all.first_mut() {
        group.ticks = Some(Ticks {
            name: "werkt".to_owned(),
            label: "Werkt de afspraak?".to_owned(),
            all: vec![("ja".to_owned(), "Ja, nagekeken: het werkt zo".to_owned(), fields.get("werkt") == "ja")],
            error: None,
        });
    }
    all
}

fn typed_of(anchor: &Anchor) -> Fields {
    typed([
        ("wat", anchor.what.clone()),
        ("waar", anchor.place.clone()),
        ("wie", anchor.owner.clone()),
        ("dag", date_to_type(&FhirDateTime::of_day(anchor.check_on))),
        ("werkt", if anchor.works_since.is_some() { "ja" } else { "" }.to_owned()),
    ])
}

fn read(fields: &Fields, before: Option<Date>, today: Date) -> Result<Anchor, Vec<Problem>> {
    let typed = AnchorGiven {
        what: fields.get("wat"),
        place: fields.get("waar"),
        owner: fields.get("wie"),
        works: fields.get("werkt") == "ja",
    };
    given(typed, typed_day(fields.get("dag")), (before, today)).map_err(problems)
}

fn stands(anchor: &Anchor) -> String {
    match anchor.works_since {
        Some(since) => format!("werkt, nagekeken op {}", day(since)),
        None => format!("kijk na op {}", day(anchor.check_on)),
    }
}

/// The page of all.
pub fn list_view(
    frame: Frame,
    kept: &[Kept<Anchor>],
    today: Date,
    typed: Option<&Fields>,
    errors: Vec<Problem>,
) -> AnchorsPage {
    let frame = frame.failing(!errors.is_empty());
    let mut all: Vec<_> = kept.iter().collect();
    all.sort_by_key(|k| (k.note.works_since.is_some(), k.note.check_on));
    let row = |k: &Kept<Anchor>| AnchorRow {
        href: format!("{HERE}/afspraken/{}", k.id),
        what: k.note.what.clone(),
        fine: format!("{}; {}", k.note.place, k.note.owner),
        state: stands(&k.note),
        works: k.note.works_since.is_some(),
        late: k.note.is_late(today),
    };
    let form = typed.map(|fields| {
        let label = ("Leg een afspraak vast", "Leg vast");
        NoteForm::new(&format!("{HERE}/afspraken"), &frame, label, groups(fields)).checked(&errors)
    });
    AnchorsPage { rows: all.into_iter().map(row).collect(), form, frame, errors }
}

/// The page of one; `second` where somebody else changed it meanwhile.
pub fn one_view(frame: Frame, kept: &Kept<Anchor>, typed: &Fields, errors: Vec<Problem>, second: bool) -> NotePage {
    let frame = frame.failing(!errors.is_empty());
    let label = ("Pas de afspraak aan", "Leg vast");
    let here = format!("{HERE}/afspraken/{}", kept.id);
    let form = NoteForm::new(&here, &frame, label, groups(typed)).of(kept.revision).checked(&errors);
    let now = vec![
        ("Wat".to_owned(), kept.note.what.clone()),
        ("Waar".to_owned(), kept.note.place.clone()),
        ("Wie".to_owned(), kept.note.owner.clone()),
        ("Hoe het staat".to_owned(), stands(&kept.note)),
    ];
    let form = if second { form.beside(now) } else { form };
    NotePage { frame, lead: "Werkt zij, en klopt de rest nog?".to_owned(), form, errors }
}

fn titled(who: &SignedIn) -> Frame {
    frame(who, "Afspraken in het werk")
}

fn of_one(who: &SignedIn) -> Frame {
    frame(who, "Een afspraak").back_to(format!("{HERE}/afspraken"), "Afspraken in het werk")
}

/// `GET /invoering/afspraken`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    reading(&who)?;
    let (kept, none) = (app.store().notes::<Anchor>(&who.organisation.id).await?, Fields::default());
    let typed = writes(&who).then_some(&none);
    Ok(page(&list_view(titled(&who).told(&told), &kept, app.clock().today(), typed, Vec::new())))
}

/// `POST /invoering/afspraken`: writes one down.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    writing(&who)?;
    let today = app.clock().today();
    match read(&fields, None, today) {
        Ok(anchor) => {
            let id = NoteId::from_bits(store::random::bits());
            app.store().write_note(&who.actor, &id, &anchor, 0, app.clock().now()).await?;
            Ok(done(&format!("{HERE}/afspraken"), Notice::NoteKept))
        }
        Err(errors) => {
            let kept = app.store().notes::<Anchor>(&who.organisation.id).await?;
            Ok(refused(&list_view(titled(&who), &kept, today, Some(&fields), errors)))
        }
    }
}

async fn find(app: &App, who: &SignedIn, id: &str) -> Result<Kept<Anchor>, PageError> {
    writing(who)?;
    let id = NoteId::parse(id).map_err(|_| PageError::NotFound)?;
    app.store().note::<Anchor>(&who.organisation.id, &id).await?.ok_or(PageError::NotFound)
}

/// `GET /invoering/afspraken/{afspraak}`.
pub async fn get_one(State(app): State<App>, who: SignedIn, Path(id): Path<String>) -> Answer {
    let kept = find(&app, &who, &id).await?;
    Ok(page(&one_view(of_one(&who), &kept, &typed_of(&kept.note), Vec::new(), false)))
}

/// `POST /invoering/afspraken/{afspraak}`: changes one.
pub async fn post_one(
    State(app): State<App>,
    Path(id): Path<String>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let kept = find(&app, &who, &id).await?;
    let anchor = match read(&fields, kept.note.works_since, app.clock().today()) {
        Ok(anchor) => anchor,
        Err(errors) => return Ok(refused(&one_view(of_one(&who), &kept, &fields, errors, false).read_before(&fields))),
    };
    if app.store().write_note(&who.actor, &kept.id, &anchor, fields.seen(), app.clock().now()).await? {
        return Ok(done(&format!("{HERE}/afspraken"), Notice::NoteKept));
    }
    let kept = find(&app, &who, &id).await?;
    Ok(show(StatusCode::CONFLICT, &one_view(of_one(&who), &kept, &fields, changed(), true)))
}
