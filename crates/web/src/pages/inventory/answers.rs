//! `/regio/inventarisatie/antwoorden`: how it is and how it should become, beside each other, for each organisation; and what the
//! region wants together.

use super::party::said;
use super::{HERE, allowed, frame, load};
use crate::app::App;
use crate::forms::{Fields, SignedForm};
use crate::pages::field::{Field, Problem};
use crate::pages::frame::{Frame, Notice};
use crate::pages::note_form::{NoteForm, changed, plain, problems, typed};
use crate::pages::region::chart;
use crate::pages::render::{Answer, Told, done, page, refused, show};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::network::given::aim as given;
use domain::network::{Aim, Answers, Inventory, Level, Need, Party, Question, THEMES, Theme, Wish, tally};
use paper::Drawing;
use store::notes::{Kept, only};

/// The page.
#[derive(Template)]
#[template(path = "inventory/answers.html")]
pub struct AnswersPage {
    /// Title, menu.
    pub frame: Frame,
    /// How many sent it in.
    pub lead: String,
    /// The share of 'ja' for each question, drawn; nothing where nobody answered.
    pub chart: Option<String>,
    /// The questions, by theme.
    pub tables: Vec<Table>,
    /// What the region wants.
    pub aim: String,
    /// To change it.
    pub form: NoteForm,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// The questions of a theme, for each organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub title: &'static str,
    /// What each column asks; 'nu' or 'gewenst' before it.
    pub heads: Vec<String>,
    /// Name, and an answer for each column.
    pub rows: Vec<(String, Vec<String>)>,
    /// How often each answer was given.
    pub counts: Vec<String>,
}

fn counted<T: Copy + PartialEq>(all: &[T], given: Vec<Option<T>>, dutch: impl Fn(T) -> &'static str) -> String {
    let (counts, none) = tally(all, given);
    let given: Vec<String> =
        counts.iter().filter(|(_, n)| *n > 0).map(|(choice, n)| format!("{n} {}", dutch(*choice))).collect();
    let none = (none > 0).then(|| format!("{none} niet beantwoord"));
    given.into_iter().chain(none).collect::<Vec<_>>().join("; ")
}

/// Organisations that take part, and those that left but did answer.
fn shown(inventory: &Inventory) -> impl Iterator<Item = (&Party, Option<&Answers>)> {
    inventory.parties.iter().filter(|(_, p, a)| !p.left || a.is_some()).map(|(_, p, a)| (p, a.as_ref()))
}

fn level(answers: Option<&Answers>, question: Question) -> Option<Level> {
    answers?.now.get(&question)?.choice
}

fn need(answers: Option<&Answers>, wish: Wish) -> Option<Need> {
    answers?.wish.get(&wish)?.choice
}

fn table(theme: &Theme, inventory: &Inventory) -> Table {
    let row = |(party, answers): (&Party, Option<&Answers>)| {
        let now = theme.now.iter().map(|q| said(answers.and_then(|a| a.now.get(q)), Level::dutch));
        let wish = theme.wish.iter().map(|w| said(answers.and_then(|a| a.wish.get(w)), Need::dutch));
        let left = if party.left { " (doet niet meer mee)" } else { "" };
        (format!("{}{left}", party.name), now.chain(wish).collect())
    };
    let now = theme
        .now
        .iter()
        .map(|q| counted(Level::ALL, shown(inventory).map(|(_, a)| level(a, *q)).collect(), Level::dutch));
    let wish = theme
        .wish
        .iter()
        .map(|w| counted(Need::ALL, shown(inventory).map(|(_, a)| need(a, *w)).collect(), Need::dutch));
    let heads = theme.now.iter().map(|q| format!("Nu: {}", q.dutch()));
    let wanted = theme.wish.iter().map(|w| format!("Gewenst: {}", w.dutch()));
    Table {
        title: theme.title,
        heads: heads.chain(wanted).collect(),
        rows: shown(inventory).map(row).collect(),
        counts: now.chain(wish).collect(),
    }
}

/// The tables of every theme.
pub fn tables(inventory: &Inventory) -> Vec<Table> {
    THEMES.iter().map(|theme| table(theme, inventory)).collect()
}

/// The share of 'ja' among those who answered a question; nothing where nobody did.
pub fn drawing(inventory: &Inventory) -> Option<Drawing> {
    let share = |question: &Question| {
        let given: Vec<Level> = shown(inventory).filter_map(|(_, a)| level(a, *question)).collect();
        let of = u32::try_from(given.len()).ok().filter(|n| *n > 0)?;
        let yes = u32::try_from(given.iter().filter(|l| **l == Level::Yes).count()).ok()?;
        Some(f64::from(yes) * 100.0 / f64::from(of))
    };
    let points: Vec<chart::Point> = Question::ALL
        .iter()
        .map(|q| chart::Point { name: q.dutch().to_owned(), percent: share(q), hidden: false })
        .collect();
    points.iter().any(|p| p.percent.is_some()).then(|| chart::bars("Hoe vaak het antwoord 'ja' is", &points))
}

/// The page, of an inventory; `seen` is the revision of what the region wants.
pub fn view(frame: Frame, inventory: &Inventory, seen: u32, typed: &Fields, errors: Vec<Problem>) -> AnswersPage {
    let frame = frame.failing(!errors.is_empty());
    let sent = inventory.taking_part().filter(|(.., a)| a.as_ref().is_some_and(|a| a.sent_on.is_some())).count();
    let field = Field::area("samen", "Wat wil de regio samen bereiken?", typed.get("samen"))
        .hint("Schrijf op wat u met de organisaties afsprak. Zet hier niets in over patiënten.");
    let label = ("Schrijf op wat de regio samen wil", "Leg vast");
    let form = NoteForm::new(&format!("{HERE}/antwoorden"), &frame, label, plain(vec![field])).of(seen);
    AnswersPage {
        form: form.checked(&errors),
        lead: format!("{sent} van {} organisaties stuurden de vragenlijst in.", inventory.taking_part().count()),
        chart: drawing(inventory).map(|d| chart::svg(&d)),
        tables: tables(inventory),
        aim: inventory.aim.words.clone(),
        frame,
        errors,
    }
}

async fn aim(app: &App, who: &SignedIn) -> Result<(u32, Aim), store::Error> {
    let kept = app.store().note::<Aim>(&who.organisation.id, &only()).await?;
    Ok(kept.map_or_else(|| (0, Aim::default()), |Kept { revision, note, .. }| (revision, note)))
}

fn titled(who: &SignedIn) -> Frame {
    frame(who, "Nu en gewenst")
}

/// `GET /regio/inventarisatie/antwoorden`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    allowed(&who)?;
    let inventory = load(&app, &who.organisation.id).await?;
    let (seen, aim) = aim(&app, &who).await?;
    Ok(page(&view(titled(&who).told(&told), &inventory, seen, &typed([("samen", aim.words)]), Vec::new())))
}

/// `POST /regio/inventarisatie/antwoorden`: writes down what the region wants.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    allowed(&who)?;
    let wanted = match given(fields.get("samen")) {
        Ok(wanted) => wanted,
        Err(flaws) => {
            let inventory = load(&app, &who.organisation.id).await?;
            return Ok(refused(&view(titled(&who), &inventory, fields.seen(), &fields, problems(flaws))));
        }
    };
    if app.store().write_note(&who.actor, &only(), &wanted, fields.seen(), app.clock().now()).await? {
        return Ok(done(&format!("{HERE}/antwoorden"), Notice::NoteKept));
    }
    let inventory = load(&app, &who.organisation.id).await?;
    let (seen, _) = aim(&app, &who).await?;
    Ok(show(StatusCode::CONFLICT, &view(titled(&who), &inventory, seen, &fields, changed())))
}
