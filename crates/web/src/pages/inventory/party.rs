//! `/regio/inventarisatie/organisaties/{partij}`: one organisation: what is known of it, the link to its questionnaire, and what
//! it answered.

use super::parties::{answered, fields, read};
use super::{HERE, allowed, frame};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::days::typed_day;
use crate::pages::dutch::date_to_type;
use crate::pages::field::{Field, Problem};
use crate::pages::frame::{Frame, Notice};
use crate::pages::note_form::{NoteForm, Ticks, changed, plain, problems, typed};
use crate::pages::region;
use crate::pages::render::{Answer, Told, done, page, show};
use crate::qr;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::date::FhirDateTime;
use domain::figures::report::Named;
use domain::ident::NoteId;
use domain::network::given::{LINK_WEEKS, MOST_LINK_WEEKS, last_of_link, link_until};
use domain::network::{Answers, Level, Need, Party, Question, Reply, Wish};
use domain::words::{capitalised, day};
use jiff::ToSpan;
use jiff::civil::Date;
use store::notes::Kept;

/// The page.
#[derive(Template)]
#[template(path = "inventory/party.html")]
pub struct PartyPage {
    /// Title, menu.
    pub frame: Frame,
    /// Its address.
    pub here: String,
    /// Sector, contact and so on: label and words.
    pub facts: Vec<(&'static str, String)>,
    /// How far it is with the questionnaire.
    pub answered: String,
    /// The last day on which its link opens, where it has one; and whether that is over.
    pub link: Option<(String, bool)>,
    /// It takes part no more: no link opens anything.
    pub left: bool,
    /// Until when a new link opens.
    pub until: Field,
    /// What it answered: question, answer and explanation.
    pub answers: Vec<(&'static str, String)>,
    /// What is known of it, to change.
    pub form: NoteForm,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// A link that was made, shown once.
#[derive(Template)]
#[template(path = "inventory/link.html")]
pub struct LinkPage {
    /// Title, menu.
    pub frame: Frame,
    /// For which organisation.
    pub name: String,
    /// The address.
    pub address: String,
    /// Side and path of its QR code.
    pub qr: (usize, String),
    /// The last day on which it opens.
    pub until: String,
    /// Where one goes on.
    pub back: String,
}

/// What the page is made of.
pub struct PartyView<'a> {
    /// The organisation.
    pub kept: &'a Kept<Party>,
    /// What it answered.
    pub answers: Option<&'a Answers>,
    /// The last day on which its link opens.
    pub link: Option<Date>,
    /// Organisations that it may be.
    pub known: &'a [Named],
    /// The day.
    pub today: Date,
}

fn typed_of(party: &Party) -> Fields {
    typed([
        ("naam", party.name.clone()),
        ("sector", party.sector.code().to_owned()),
        ("contact", party.contact.clone()),
        ("bekend", party.known.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default()),
        ("weg", if party.left { "ja" } else { "" }.to_owned()),
    ])
}

/// An answer with its explanation, in words.
pub fn said<T: Copy>(reply: Option<&Reply<T>>, dutch: impl Fn(T) -> &'static str) -> String {
    let Some(reply) = reply else { return "nog niet beantwoord".to_owned() };
    let choice = reply.choice.map_or("nog niet gekozen", dutch);
    if reply.words.is_empty() { choice.to_owned() } else { format!("{choice}: {}", reply.words) }
}

fn facts(of: &PartyView<'_>) -> Vec<(&'static str, String)> {
    let party = &of.kept.note;
    let known = party.known.as_ref().and_then(|id| of.known.iter().find(|n| n.id == *id)).map(|n| n.name.clone());
    let all = [
        ("Sector", capitalised(party.sector.dutch())),
        ("Contactpersoon", party.contact.clone()),
        ("In Tijdig", known.unwrap_or_default()),
        ("Doet mee", if party.left { "nee, niet meer" } else { "ja" }.to_owned()),
    ];
    all.into_iter().filter(|(_, says)| !says.is_empty()).collect()
}

fn told(answers: &Answers) -> Vec<(&'static str, String)> {
    let now = Question::ALL.iter().map(|q| (q.asked(), said(answers.now.get(q), Level::dutch)));
    let wish = Wish::ALL.iter().map(|w| (w.asked(), said(answers.wish.get(w), Need::dutch)));
    let by = (!answers.by.is_empty()).then(|| ("Ingevuld door", answers.by.clone()));
    by.into_iter().chain(now).chain(wish).collect()
}

/// The page, of an organisation; `second` where somebody else changed it meanwhile.
pub fn view(frame: Frame, of: &PartyView<'_>, fields_typed: &Fields, errors: Vec<Problem>, second: bool) -> PartyPage {
    let here = format!("{HERE}/organisaties/{}", of.kept.id);
    let frame = frame.failing(!errors.is_empty());
    let mut groups = plain(fields(fields_typed, of.known));
    if let Some(group) = groups.first_mut() {
        group.ticks = Some(Ticks {
            name: "weg".to_owned(),
            label: "Doet deze organisatie niet meer mee?".to_owned(),
            all: vec![(
                "ja".to_owned(),
                "Zij doet niet meer mee; haar antwoorden blijven te lezen".to_owned(),
                fields_typed.get("weg") == "ja",
            )],
            error: None,
        });
    }
    let now = facts(of).into_iter().map(|(l, s)| (l.to_owned(), s));
    let now = if second {
        std::iter::once(("Naam".to_owned(), of.kept.note.name.clone())).chain(now).collect()
    } else {
        Vec::new()
    };
    let ends = of.today.checked_add(LINK_WEEKS.weeks()).unwrap_or(of.today);
    let until = fields_typed.filled("tot").map_or_else(|| date_to_type(&FhirDateTime::of_day(ends)), str::to_owned);
    let last = last_of_link(of.today);
    PartyPage {
        facts: facts(of),
        answered: answered(of.answers),
        left: !of.kept.note.answers_by_link(),
        link: of.link.map(|until| (day(until), until < of.today)),
        until: Field::short("tot", "Tot en met welke dag werkt de link?", &until)
            .hint(&format!(
                "Hoogstens {MOST_LINK_WEEKS} weken: tot en met {}.",
                date_to_type(&FhirDateTime::of_day(last))
            ))
            .checked(&errors),
        answers: of.answers.map(told).unwrap_or_default(),
        form: NoteForm::new(&here, &frame, ("Pas de gegevens aan", "Leg vast"), groups)
            .of(of.kept.revision)
            .checked(&errors)
            .beside(now),
        here,
        frame,
        errors,
    }
}

/// Everything of one organisation, or the refusal that strangers get.
struct Found {
    kept: Kept<Party>,
    answers: Option<Answers>,
    link: Option<Date>,
    known: Vec<Named>,
    today: Date,
}

impl Found {
    fn of(&self) -> PartyView<'_> {
        PartyView {
            kept: &self.kept,
            answers: self.answers.as_ref(),
            link: self.link,
            known: &self.known,
            today: self.today,
        }
    }
}

async fn find(app: &App, who: &SignedIn, id: &str) -> Result<Found, PageError> {
    allowed(who)?;
    let (region, store) = (&who.organisation.id, app.store());
    let id = NoteId::parse(id).map_err(|_| PageError::NotFound)?;
    Ok(Found {
        kept: store.note::<Party>(region, &id).await?.ok_or(PageError::NotFound)?,
        answers: store.note::<Answers>(region, &id).await?.map(|k| k.note),
        link: store.link_until(region, &id).await?,
        known: region::named(app, region).await?,
        today: app.clock().today(),
    })
}

fn titled(who: &SignedIn, name: &str) -> Frame {
    frame(who, name).back_to(format!("{HERE}/organisaties"), "Wie doet mee?")
}

/// `GET /regio/inventarisatie/organisaties/{partij}`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let found = find(&app, &who, &id).await?;
    let frame = titled(&who, &found.kept.note.name).told(&told);
    Ok(page(&view(frame, &found.of(), &typed_of(&found.kept.note), Vec::new(), false)))
}

/// `POST /regio/inventarisatie/organisaties/{partij}`: changes what is known of it.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let found = find(&app, &who, &id).await?;
    let answer = |status, found: &Found, errors, second| {
        let mut page = view(titled(&who, &found.kept.note.name), &found.of(), &fields, errors, second);
        if !second {
            // Mending a mistake must not overwrite what somebody else wrote meanwhile.
            page.form.seen = fields.seen();
        }
        show(status, &page)
    };
    let party = match read(&fields, &found.known) {
        Ok(party) => party,
        Err(errors) => return Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &found, errors, false)),
    };
    let now = app.clock().now();
    if app.store().write_note(&who.actor, &found.kept.id, &party, fields.seen(), now).await? {
        return Ok(done(&format!("{HERE}/organisaties/{id}"), Notice::NoteKept));
    }
    let found = find(&app, &who, &id).await?;
    Ok(answer(StatusCode::CONFLICT, &found, changed(), true))
}

/// `POST /regio/inventarisatie/organisaties/{partij}/link`: makes a link, or withdraws the one there is.
pub async fn post_link(
    State(app): State<App>,
    Path(id): Path<String>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let found = find(&app, &who, &id).await?;
    let (name, now) = (&found.kept.note.name, app.clock().now());
    if fields.get("doe") == "trek-in" {
        app.store().withdraw_link(&who.actor, &found.kept.id, now).await?;
        return Ok(done(&format!("{HERE}/organisaties/{id}"), Notice::LinkWithdrawn));
    }
    let until = match link_until(&found.kept.note, typed_day(fields.get("tot")), found.today) {
        Ok(until) => until,
        Err(flaw) => {
            let mut all = typed_of(&found.kept.note);
            all.0.push(("tot".to_owned(), fields.get("tot").to_owned()));
            let page = view(titled(&who, name), &found.of(), &all, problems(vec![flaw]), false);
            return Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    let token = app.store().issue_link(&who.actor, &found.kept.id, until, now).await?;
    let address = format!("{}/vragenlijst/{token}", app.config().base_url);
    Ok(page(&LinkPage {
        frame: titled(&who, "De link naar de vragenlijst"),
        name: name.clone(),
        qr: qr::draw(&address).map_or_else(Default::default, |d| (d.side, d.path)),
        address,
        until: day(until),
        back: format!("{HERE}/organisaties/{id}"),
    }))
}
