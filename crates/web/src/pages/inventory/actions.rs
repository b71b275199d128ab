//! `/regio/inventarisatie/acties`: what is going to be done, by whom and by when.

use super::{HERE, allowed, choices, frame, load_actions, load_parties, source};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::days::typed_day;
use crate::pages::dutch::date_to_type;
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Notice};
use crate::pages::note_form::{NoteForm, NotePage, changed, plain, problems, typed};
use crate::pages::render::{Answer, Told, done, page, refused, show};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::date::FhirDateTime;
use domain::ident::NoteId;
use domain::network::given::{ActionGiven, action as given};
use domain::network::{Action, Inventory, State as Stand, Wish};
use domain::words::{capitalised, day};
use jiff::civil::Date;
use store::notes::Kept;

/// The page.
#[derive(Template)]
#[template(path = "inventory/actions.html")]
pub struct ActionsPage {
    /// Title, menu.
    pub frame: Frame,
    /// How it goes, in a sentence.
    pub lead: String,
    /// Open ones first, the soonest first.
    pub rows: Vec<ActionRow>,
    /// A new one.
    pub form: NoteForm,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// An action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionRow {
    /// Its page.
    pub href: String,
    /// What.
    pub what: String,
    /// Who, by when, from what.
    pub fine: String,
    /// How far it is.
    pub state: &'static str,
    /// Done?
    pub done: bool,
    /// Its day is over.
    pub late: bool,
    /// Why it is dropped, or what came of it.
    pub words: Option<String>,
}

fn fields(typed: &Fields, inventory: &Inventory) -> Vec<Field> {
    let states = Stand::ALL.iter().map(|s| Choice::of(s.code(), capitalised(s.dutch()))).collect();
    let parties = inventory.parties.iter().map(|(id, party, _)| Choice::of(id.as_str(), party.name.clone()));
    let parties = std::iter::once(Choice::of("", "Geen")).chain(parties).collect();
    vec![
        Field::text("wat", "Wat gaat er gebeuren?", typed.get("wat")),
        Field::text("wie", "Wie zorgt ervoor?", typed.get("wie")).hint("Een naam, met organisatie."),
        Field::short("dag", "Uiterlijk wanneer?", typed.get("dag")).hint("Bijvoorbeeld 30-06-2027."),
        Field::radios("stand", "Hoe ver is het?", typed.get("stand"), states),
        Field::area("woorden", "Toelichting", typed.get("woorden"))
            .hint("Vervalt de actie? Schrijf dan waarom. Zet hier niets in over patiënten."),
        Field::select(
            "wens",
            "Uit welke wens komt zij voort?",
            typed.get("wens"),
            choices("Geen", Wish::ALL.iter().map(|w| (w.code(), w.dutch()))),
        ),
        Field::select("partij", "Bij welke organisatie hoort zij?", typed.get("partij"), parties),
    ]
}

fn read(fields: &Fields, inventory: &Inventory) -> Result<Action, Vec<Problem>> {
    let typed = ActionGiven {
        what: fields.get("wat"),
        owner: fields.get("wie"),
        state: fields.get("stand"),
        words: fields.get("woorden"),
        wish: fields.get("wens"),
        party: fields.get("partij"),
    };
    let parties: Vec<NoteId> = inventory.parties.iter().map(|(id, ..)| id.clone()).collect();
    given(typed, typed_day(fields.get("dag")), &parties).map_err(problems)
}

fn typed_of(action: &Action) -> Fields {
    typed([
        ("wat", action.what.clone()),
        ("wie", action.owner.clone()),
        ("dag", date_to_type(&FhirDateTime::of_day(action.by))),
        ("stand", action.state.code().to_owned()),
        ("woorden", action.words.clone().unwrap_or_default()),
        ("wens", action.wish.map(Wish::code).unwrap_or_default().to_owned()),
        ("partij", action.party.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default()),
    ])
}

fn row((id, action): &(NoteId, Action), inventory: &Inventory, today: Date) -> ActionRow {
    let source = source(inventory, action);
    let from = if source.is_empty() { String::new() } else { format!(" Uit {source}.") };
    ActionRow {
        href: format!("{HERE}/acties/{id}"),
        what: action.what.clone(),
        fine: format!("{}, uiterlijk {}.{from}", action.owner, day(action.by)),
        state: action.state.dutch(),
        done: action.state == Stand::Done,
        late: action.is_late(today),
        words: action.words.clone(),
    }
}

/// The page of all, of an inventory.
pub fn list_view(
    frame: Frame,
    inventory: &Inventory,
    typed: &Fields,
    today: Date,
    errors: Vec<Problem>,
) -> ActionsPage {
    let frame = frame.failing(!errors.is_empty());
    let label = ("Voeg een actie toe", "Voeg toe");
    let form = NoteForm::new(&format!("{HERE}/acties"), &frame, label, plain(fields(typed, inventory)));
    let goes = inventory.stands(today).pop();
    ActionsPage {
        form: form.checked(&errors),
        lead: goes.map(|s| s.sentence).unwrap_or_default(),
        rows: inventory.actions.iter().map(|a| row(a, inventory, today)).collect(),
        frame,
        errors,
    }
}

/// The page of one; `now` is what stands there where somebody else changed it meanwhile.
pub fn one_view(
    frame: Frame,
    kept: &Kept<Action>,
    inventory: &Inventory,
    typed: &Fields,
    errors: Vec<Problem>,
    second: bool,
) -> NotePage {
    let frame = frame.failing(!errors.is_empty());
    let (here, note) = (format!("{HERE}/acties/{}", kept.id), &kept.note);
    let now = vec![
        ("Wat".to_owned(), note.what.clone()),
        ("Wie".to_owned(), note.owner.clone()),
        ("Uiterlijk".to_owned(), day(note.by)),
        ("Hoe ver".to_owned(), note.state.dutch().to_owned()),
        ("Toelichting".to_owned(), note.words.clone().unwrap_or_default()),
        ("Uit".to_owned(), source(inventory, note)),
    ];
    let form = NoteForm::new(&here, &frame, ("Pas de actie aan", "Leg vast"), plain(fields(typed, inventory)))
        .of(kept.revision)
        .checked(&errors);
    let form = if second { form.beside(now) } else { form };
    let lead = "Hoe ver is zij, en klopt de rest nog?".to_owned();
    NotePage { frame, lead, form, errors }
}

fn titled(who: &SignedIn) -> Frame {
    frame(who, "Wat gaan wij doen?")
}

fn of_one(who: &SignedIn) -> Frame {
    frame(who, "Een actie").back_to(format!("{HERE}/acties"), "Wat gaan wij doen?")
}

/// `GET /regio/inventarisatie/acties`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    allowed(&who)?;
    let inventory = load_actions(&app, &who.organisation.id).await?;
    let typed = typed([("stand", Stand::Open.code().to_owned())]);
    Ok(page(&list_view(titled(&who).told(&told), &inventory, &typed, app.clock().today(), Vec::new())))
}

/// `POST /regio/inventarisatie/acties`: adds one.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    allowed(&who)?;
    let inventory = load_actions(&app, &who.organisation.id).await?;
    match read(&fields, &inventory) {
        Ok(action) => {
            let id = NoteId::from_bits(store::random::bits());
            app.store().write_note(&who.actor, &id, &action, 0, app.clock().now()).await?;
            Ok(done(&format!("{HERE}/acties"), Notice::NoteKept))
        }
        Err(errors) => Ok(refused(&list_view(titled(&who), &inventory, &fields, app.clock().today(), errors))),
    }
}

async fn find(app: &App, who: &SignedIn, id: &str) -> Result<Kept<Action>, PageError> {
    allowed(who)?;
    let id = NoteId::parse(id).map_err(|_| PageError::NotFound)?;
    app.store().note::<Action>(&who.organisation.id, &id).await?.ok_or(PageError::NotFound)
}

/// `GET /regio/inventarisatie/acties/{actie}`.
pub async fn get_one(State(app): State<App>, who: SignedIn, Path(id): Path<String>) -> Answer {
    let kept = find(&app, &who, &id).await?;
    let inventory = load_parties(&app, &who.organisation.id).await?;
    Ok(page(&one_view(of_one(&who), &kept, &inventory, &typed_of(&kept.note), Vec::new(), false)))
}

/// `POST /regio/inventarisatie/acties/{actie}`: changes one.
pub async fn post_one(
    State(app): State<App>,
    Path(id): Path<String>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let kept = find(&app, &who, &id).await?;
    let inventory = load_parties(&app, &who.organisation.id).await?;
    let action = match read(&fields, &inventory) {
        Ok(action) => action,
        Err(errors) => {
            return Ok(refused(
                &one_view(of_one(&who), &kept, &inventory, &fields, errors, false).read_before(&fields),
            ));
        }
    };
    if app.store().write_note(&who.actor, &kept.id, &action, fields.seen(), app.clock().now()).await? {
        return Ok(done(&format!("{HERE}/acties"), Notice::NoteKept));
    }
    let kept = find(&app, &who, &id).await?;
    Ok(show(StatusCode::CONFLICT, &one_view(of_one(&who), &kept, &inventory, &fields, changed(), true)))
}
