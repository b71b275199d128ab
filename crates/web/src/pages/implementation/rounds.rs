//! `/invoering/stellingen`: a round for a team meeting is begun here, and here a team sees what it said over time.

use super::over_time::{Past, Team, over_time};
use super::{HERE, frame, reading, writes, writing};
use crate::app::App;
use crate::forms::{Fields, SignedForm};
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Notice};
use crate::pages::note_form::{NoteForm, NotePage, changed, plain, problems, typed};
use crate::pages::render::{Answer, Told, done, page, refused, show};
use crate::pages::talks::forms::introduced;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::date::local_day;
use domain::ident::RoundId;
use domain::statements::{Code, OPEN, OURS, Own, Round, Which, own as given_own, round as given};
use domain::words::{capitalised, moment};
use store::notes::{Kept, only};
use store::random;
use store::rounds::Held;

/// Rounds that are looked back at.
const SHOWN: u32 = 60;
/// How often another code is tried where one is taken: of a thousand million codes hardly any is.
const TRIES: usize = 5;

/// The page.
#[derive(Template)]
#[template(path = "implementation/rounds.html")]
pub struct RoundsPage {
    /// Title, menu.
    pub frame: Frame,
    /// Rounds that are open: address and words.
    pub open: Vec<(String, String)>,
    /// What each team said over time.
    pub teams: Vec<Team>,
    /// Our statements.
    pub ours: &'static [&'static str],
    /// The organisation's own.
    pub own: Vec<String>,
    /// May this person change those?
    pub writes: bool,
    /// To begin a round.
    pub form: NoteForm,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// What the page is made of.
pub struct RoundsView {
    /// Rounds that are open.
    pub open: Vec<(String, String)>,
    /// Rounds that are over.
    pub past: Vec<Past>,
    /// The organisation's own statements.
    pub own: Own,
    /// May this person change those?
    pub writes: bool,
}

/// The page.
pub fn view(frame: Frame, given: RoundsView, typed: &Fields, errors: Vec<Problem>) -> RoundsPage {
    let frame = frame.failing(!errors.is_empty());
    let which = Which::ALL.iter().map(|(_, code, words)| Choice::of(*code, capitalised(words))).collect();
    let fields = vec![
        Field::text("team", "Welk team?", typed.get("team"))
            .hint("Gebruik steeds dezelfde naam: dan staan de rondes van het team naast elkaar."),
        Field::radios("welke", "Welke stellingen?", typed.get("welke"), which),
    ];
    let label = ("Begin een ronde", "Begin de ronde");
    let form = NoteForm::new(&format!("{HERE}/stellingen"), &frame, label, plain(fields));
    RoundsPage {
        form: form.checked(&errors),
        open: given.open,
        teams: over_time(&given.past),
        ours: &OURS,
        own: given.own.statements,
        writes: given.writes,
        frame,
        errors,
    }
}

async fn own(app: &App, who: &SignedIn) -> Result<(u32, Own), store::Error> {
    let kept = app.store().note::<Own>(&who.organisation.id, &only()).await?;
    Ok(kept.map_or_else(|| (0, Own::default()), |Kept { revision, note, .. }| (revision, note)))
}

async fn found(app: &App, who: &SignedIn) -> Result<RoundsView, store::Error> {
    let now = app.clock().now();
    let (mut open, mut past) = (Vec::new(), Vec::new());
    let (store, owner) = (app.store(), &who.organisation.id);
    let rounds = store.rounds(owner, SHOWN).await?;
    let counts = store.outcomes(owner, &rounds, now).await?;
    for (held, counts) in rounds.into_iter().zip(counts) {
        let href = format!("{HERE}/stellingen/{}", held.id);
        if held.closes > now {
            open.push((href, format!("{}, begonnen op {}", held.round.team, moment(held.round.began))));
            continue;
        }
        let Held { round, voters, .. } = held;
        let said = round.statements.into_iter().zip(counts).collect();
        past.push(Past { href, team: round.team, on: local_day(round.began), voters, said });
    }
    let (_, own) = own(app, who).await?;
    Ok(RoundsView { open, past, own, writes: writes(who) })
}

fn titled(who: &SignedIn) -> Frame {
    frame(who, "Stellingen voor een overleg")
}

/// `GET /invoering/stellingen`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    reading(&who)?;
    let typed = typed([("welke", "tijdig".to_owned())]);
    Ok(page(&view(titled(&who).told(&told), found(&app, &who).await?, &typed, Vec::new())))
}

/// `POST /invoering/stellingen`: begins a round.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    reading(&who)?;
    let (_, own) = own(&app, &who).await?;
    let (team, statements) = match given(fields.get("team"), fields.get("welke"), &own) {
        Ok(given) => given,
        Err(flaws) => {
            return Ok(refused(&view(titled(&who), found(&app, &who).await?, &fields, problems(flaws))));
        }
    };
    let began = app.clock().now();
    let id = RoundId::from_bits(random::bits());
    for _ in 0..TRIES {
        let round = Round {
            team: team.clone(),
            statements: statements.clone(),
            by: introduced(&who.actor),
            began,
            code: Code::of(random::bytes()),
        };
        if app.store().begin_round(&who.actor, &id, &round, began + OPEN).await? {
            return Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(&format!(
                "{HERE}/stellingen/{id}"
            ))));
        }
    }
    Err(store::Error::Bug("no code of a round was free").into())
}

/// The page of an organisation's own statements; `second` where somebody else changed them meanwhile.
pub fn own_view(
    frame: Frame,
    (seen, stands): (u32, &Own),
    typed: &Fields,
    errors: Vec<Problem>,
    second: bool,
) -> NotePage {
    let frame = frame.failing(!errors.is_empty());
    let field = Field::area("stellingen", "Onze stellingen, elk op een eigen regel", typed.get("stellingen"))
        .hint("Hoogstens 15. Schrijf ze zo op dat 'eens' is waar u naartoe wilt. Zet hier niets in over patiënten.");
    let label = ("Onze eigen stellingen", "Leg vast");
    let form = NoteForm::new(&format!("{HERE}/stellingen/eigen"), &frame, label, plain(vec![field])).of(seen);
    let form = form.checked(&errors);
    let now = vec![("Onze stellingen".to_owned(), stands.statements.join("\n"))];
    let form = if second { form.beside(now) } else { form };
    let lead = "Wat u hier wijzigt, geldt voor de volgende ronde. Rondes die zijn geweest, houden hun stellingen.";
    NotePage { frame, lead: lead.to_owned(), form, errors }
}

fn of_own(who: &SignedIn) -> Frame {
    frame(who, "Onze eigen stellingen").back_to(format!("{HERE}/stellingen"), "Stellingen voor een overleg")
}

/// `GET /invoering/stellingen/eigen`.
pub async fn get_own(State(app): State<App>, who: SignedIn) -> Answer {
    writing(&who)?;
    let (seen, stands) = own(&app, &who).await?;
    let typed = typed([("stellingen", stands.statements.join("\n"))]);
    Ok(page(&own_view(of_own(&who), (seen, &stands), &typed, Vec::new(), false)))
}

/// `POST /invoering/stellingen/eigen`.
pub async fn post_own(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    writing(&who)?;
    let wanted = match given_own(fields.get("stellingen")) {
        Ok(wanted) => wanted,
        Err(flaws) => {
            let (_, stands) = own(&app, &who).await?;
            let stands = (fields.seen(), &stands);
            return Ok(refused(&own_view(of_own(&who), stands, &fields, problems(flaws), false)));
        }
    };
    if app.store().write_note(&who.actor, &only(), &wanted, fields.seen(), app.clock().now()).await? {
        return Ok(done(&format!("{HERE}/stellingen"), Notice::NoteKept));
    }
    let (seen, stands) = own(&app, &who).await?;
    Ok(show(StatusCode::CONFLICT, &own_view(of_own(&who), (seen, &stands), &fields, changed(), true)))
}
