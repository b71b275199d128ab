//! `/kaart`: does a card or a plan on paper still hold? For anybody, and it says nothing else: not whose it is, nor what
//! stands on it (decision 54). Whoever gives care and signed in goes on from here to the emergency view, by decision 52.
//!
//! Opening the address of a code tells the server the token alone. With a script the page sends the rest after it, so
//! that a signature that is not ours is told as well; without, the code can be typed or pasted.

use crate::app::App;
use crate::card;
use crate::error::PageError;
use crate::forms::Fields;
use crate::pages::emergency::find::{self, Wanted};
use crate::pages::emergency::may_enter;
use crate::pages::field::{Field, Problem};
use crate::pages::frame::{Frame, Place};
use crate::pages::mark::Mark;
use crate::pages::render::{Answer, page, refused};
use crate::session::SignedIn;
use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Path, State};
use axum::response::{IntoResponse, Redirect};
use domain::card::{Scanned, Standing, Token};
use domain::words;
use std::net::SocketAddr;

type Peer = Option<Extension<ConnectInfo<SocketAddr>>>;

/// What is wrong with something that cannot be a code.
pub const NO_CODE: &str =
    "Dit is geen code van een kaart. Scan de code opnieuw, of typ de vier groepjes van vier over.";
/// What is said of a code that we did not make, where somebody looks for a patient by it.
pub const NOT_OURS: &str = "Deze kaart is niet van ons. Vertrouw niet op wat erop staat. Zoek op BSN, of op naam.";

/// The page.
#[derive(Template)]
#[template(path = "card/check.html")]
pub struct CheckPage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong with what was typed.
    pub errors: Vec<Problem>,
    /// What it is worth; absent before anything was asked.
    pub outcome: Option<Outcome>,
    /// The code.
    pub code: Field,
    /// For who may look further: the token.
    pub look: Option<String>,
}

/// What a card is worth, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// As heading.
    pub title: String,
    /// What that means.
    pub means: &'static str,
    /// The mark beside it.
    pub mark: Mark,
}

impl Outcome {
    /// What is said of it; the same for everybody.
    pub fn of(standing: Standing) -> Self {
        let (title, means, mark) = match standing {
            Standing::Current => ("Actueel".to_owned(), "Dit is de nieuwste versie.", Mark::Of(words::Mark::Do)),
            Standing::Replaced(day) => {
                let means = "Er is een nieuwere versie. Gebruik deze niet meer.";
                (format!("Vervangen op {}", words::day(day)), means, Mark::Of(words::Mark::But))
            }
            Standing::Withdrawn => {
                ("Ingetrokken".to_owned(), "Deze geldt niet meer. Gebruik hem niet.", Mark::Of(words::Mark::DoNot))
            }
            Standing::Unknown => {
                let means = "Wij hebben deze code niet gemaakt. Vertrouw niet op wat erbij staat.";
                ("Niet van ons".to_owned(), means, Mark::Of(words::Mark::DoNot))
            }
        };
        Self { title, means, mark }
    }
}

impl CheckPage {
    /// The page with what was typed and what came of it.
    pub fn new(frame: Frame, typed: &str, standing: Option<Standing>, errors: Vec<Problem>) -> Self {
        let outcome = standing.map(Outcome::of);
        let title = outcome.as_ref().map_or("Geldt deze kaart nog?", |o| &o.title).to_owned();
        Self {
            frame: Frame { title, ..frame }.failing(!errors.is_empty()),
            outcome,
            code: Field::text("code", "De code bij het plaatje", typed)
                .hint("Vier groepjes van vier letters en cijfers. U kunt ook de hele code plakken.")
                .checked(&errors),
            look: None,
            errors,
        }
    }
}

fn frame(who: Option<&SignedIn>) -> Frame {
    who.map_or_else(Frame::default, |who| Frame::signed(who, "", Place::None))
}

/// Whoever gives care, and may look further.
fn carer(who: &Result<SignedIn, PageError>) -> Option<&SignedIn> {
    who.as_ref().ok().filter(|who| may_enter(who.actor.role))
}

/// `GET /kaart`.
pub async fn get(who: Result<SignedIn, PageError>) -> Answer {
    Ok(page(&CheckPage::new(frame(who.as_ref().ok()), "", None, Vec::new())))
}

/// `GET /kaart/{token}`: what the code's address opens.
pub async fn get_token(
    State(app): State<App>,
    who: Result<SignedIn, PageError>,
    peer: Peer,
    Path(token): Path<String>,
) -> Answer {
    let scanned = Token::parse(&token).map(Scanned::Token);
    let standing = match &scanned {
        Some(scanned) => asked(&app, scanned, &peer).await?,
        None => Standing::Unknown,
    };
    let mut view = CheckPage::new(frame(who.as_ref().ok()), "", Some(standing), Vec::new());
    let known = scanned.filter(|_| standing != Standing::Unknown);
    if let (Some(who), Some(scanned)) = (carer(&who), known) {
        let wanted = Wanted::Card(scanned);
        find::log(&app, who, &wanted).await?;
        let (seen, _) = find::candidates(&app, who, &wanted).await?;
        if let Some(one) = seen.first() {
            return Ok(Redirect::to(&format!("/spoed/{}", one.patient())).into_response());
        }
        view.look = wanted.code();
    }
    Ok(page(&view))
}

/// `POST /kaart`: what was typed, pasted, or sent after the address was opened.
pub async fn post(State(app): State<App>, who: Result<SignedIn, PageError>, peer: Peer, body: Bytes) -> Answer {
    let fields = Fields::parse(&body);
    let typed = fields.get("code");
    let frame = frame(who.as_ref().ok());
    let standing = match Scanned::read(typed) {
        Some(scanned) => {
            let standing = asked(&app, &scanned, &peer).await?;
            let mut view = CheckPage::new(frame, "", Some(standing), Vec::new());
            view.look = carer(&who).filter(|_| standing != Standing::Unknown).map(|_| scanned.token().groups());
            return Ok(page(&view));
        }
        // It has the shape of a code, and says what none of ours says.
        None if typed.contains('#') || typed.contains(domain::card::PATH) => Standing::Unknown,
        None => {
            let errors = vec![Problem::at("code", NO_CODE)];
            return Ok(refused(&CheckPage::new(frame, typed, None, errors)));
        }
    };
    Ok(page(&CheckPage::new(frame, "", Some(standing), Vec::new())))
}

/// What it is worth. Whoever asks for codes that are not there is slowed down; one that is does not count.
async fn asked(app: &App, scanned: &Scanned, peer: &Peer) -> Result<Standing, PageError> {
    let address = crate::peer(peer.as_ref().map(|Extension(info)| info));
    let attempt = app.throttle().card(&address).map_err(|wait| PageError::TooMany(wait.as_secs() + 1))?;
    let standing = card::standing(app, scanned).await?;
    let outcome = match standing {
        Standing::Current => "current",
        Standing::Replaced(_) => "replaced",
        Standing::Withdrawn => "withdrawn",
        Standing::Unknown => "unknown",
    };
    metrics::counter!("tijdig_card_checks_total", "outcome" => outcome).increment(1);
    if standing != Standing::Unknown {
        app.throttle().succeeded(attempt);
    }
    Ok(standing)
}
