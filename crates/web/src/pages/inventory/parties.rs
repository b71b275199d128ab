//! `/regio/inventarisatie/organisaties`: who takes part, by sector, with how far each is with the questionnaire.

use super::{HERE, allowed, choices, frame, load};
use crate::app::App;
use crate::forms::{Fields, SignedForm};
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Notice};
use crate::pages::note_form::{NoteForm, plain, problems};
use crate::pages::region;
use crate::pages::render::{Answer, Told, done, page, refused};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use domain::figures::report::Named;
use domain::ident::{NoteId, OrganisationId};
use domain::network::given::{PartyGiven, party as given};
use domain::network::{Answers, Inventory, Party, QUESTIONS, Sector};
use domain::words::{capitalised, day};

/// The page.
#[derive(Template)]
#[template(path = "inventory/parties.html")]
pub struct PartiesPage {
    /// Title, menu.
    pub frame: Frame,
    /// By sector, and at the end those who left.
    pub groups: Vec<(String, Vec<PartyRow>)>,
    /// A new one.
    pub form: NoteForm,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyRow {
    /// Its page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Whom to turn to.
    pub contact: String,
    /// How far it is with the questionnaire.
    pub answered: String,
}

/// How far an organisation is with the questionnaire, in words.
pub fn answered(answers: Option<&Answers>) -> String {
    match answers {
        None => "Nog niets ingevuld.".to_owned(),
        Some(Answers { sent_on: Some(on), .. }) => format!("Ingestuurd op {}.", day(*on)),
        Some(answers) => format!("{} van {QUESTIONS} vragen ingevuld, nog niet ingestuurd.", answers.answered()),
    }
}

/// The fields of an organisation.
pub fn fields(typed: &Fields, known: &[Named]) -> Vec<Field> {
    let own = known.iter().map(|n| Choice::of(n.id.as_str(), n.name.clone()));
    let own = std::iter::once(Choice::of("", "Geen van deze")).chain(own).collect();
    vec![
        Field::text("naam", "Naam van de organisatie", typed.get("naam")),
        Field::select(
            "sector",
            "Waar hoort zij bij?",
            typed.get("sector"),
            choices("Kies een sector", Sector::ALL.iter().map(|s| (s.code(), s.dutch()))),
        ),
        Field::text("contact", "Contactpersoon", typed.get("contact"))
            .hint("Een professional: naam, functie en hoe u hem of haar bereikt. Geen patiënten."),
        Field::select("bekend", "Werkt zij met Tijdig?", typed.get("bekend"), own),
    ]
}

/// What was typed.
pub fn read(fields: &Fields, known: &[Named]) -> Result<Party, Vec<Problem>> {
    let typed = PartyGiven {
        sector: fields.get("sector"),
        name: fields.get("naam"),
        contact: fields.get("contact"),
        known: fields.get("bekend"),
        left: fields.get("weg") == "ja",
    };
    let known: Vec<OrganisationId> = known.iter().map(|n| n.id.clone()).collect();
    given(typed, &known).map_err(problems)
}

fn row((id, party, answers): &(NoteId, Party, Option<Answers>)) -> PartyRow {
    PartyRow {
        href: format!("{HERE}/organisaties/{id}"),
        name: party.name.clone(),
        contact: party.contact.clone(),
        answered: answered(answers.as_ref()),
    }
}

/// The page, of an inventory.
pub fn view(frame: Frame, inventory: &Inventory, known: &[Named], typed: &Fields, errors: Vec<Problem>) -> PartiesPage {
    let mut groups: Vec<(String, Vec<PartyRow>)> = Vec::new();
    for sector in Sector::ALL {
        let rows: Vec<_> = inventory.taking_part().filter(|(_, p, _)| p.sector == *sector).map(row).collect();
        if !rows.is_empty() {
            groups.push((capitalised(sector.dutch()), rows));
        }
    }
    let left: Vec<_> = inventory.parties.iter().filter(|(_, p, _)| p.left).map(row).collect();
    if !left.is_empty() {
        groups.push(("Doen niet meer mee".to_owned(), left));
    }
    let frame = frame.failing(!errors.is_empty());
    let form = NoteForm::new(
        &format!("{HERE}/organisaties"),
        &frame,
        ("Voeg een organisatie toe", "Voeg toe"),
        plain(fields(typed, known)),
    );
    PartiesPage { form: form.checked(&errors), frame, groups, errors }
}

fn titled(who: &SignedIn) -> Frame {
    frame(who, "Wie doet mee?")
}

/// `GET /regio/inventarisatie/organisaties`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    allowed(&who)?;
    let region = &who.organisation.id;
    let (inventory, known) = (load(&app, region).await?, region::named(&app, region).await?);
    Ok(page(&view(titled(&who).told(&told), &inventory, &known, &Fields::default(), Vec::new())))
}

/// `POST /regio/inventarisatie/organisaties`: adds one.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    allowed(&who)?;
    let region = &who.organisation.id;
    let known = region::named(&app, region).await?;
    match read(&fields, &known) {
        Ok(party) => {
            let id = NoteId::from_bits(store::random::bits());
            app.store().write_note(&who.actor, &id, &party, 0, app.clock().now()).await?;
            Ok(done(&format!("{HERE}/organisaties/{id}"), Notice::NoteKept))
        }
        Err(errors) => Ok(refused(&view(titled(&who), &load(&app, region).await?, &known, &fields, errors))),
    }
}
