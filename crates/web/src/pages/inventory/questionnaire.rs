//! `/vragenlijst/{link}`: the questionnaire of an organisation, for whoever has its link; nobody signs in. It asks nothing about
//! patients. Kept as one goes, sent in, and amended as long as the link opens; two who answer at once lose nothing.

use super::party::said;
use crate::app::App;
use crate::error::PageError;
use crate::forms::Fields;
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Notice};
use crate::pages::note_form::problems;
use crate::pages::render::{Answer, Told, done, page, show};
use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::StatusCode;
use domain::ident::LinkToken;
use domain::network::given::{answers as given, choice_of, words_of};
use domain::network::{Answers, Level, Need, Party, QUESTIONS, Question, Wish};
use domain::words::{capitalised, day};
use jiff::civil::Date;
use std::net::SocketAddr;
use store::notes::Kept;
use store::questionnaires::Opened;

type Peer = Option<Extension<ConnectInfo<SocketAddr>>>;

/// The page.
#[derive(Template)]
#[template(path = "inventory/questionnaire.html")]
pub struct QuestionnairePage {
    /// Title.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// Where it is sent.
    pub here: String,
    /// Of which region.
    pub region: String,
    /// Who is asked.
    pub party: String,
    /// The last day on which it can be changed.
    pub until: String,
    /// How far it is.
    pub state: String,
    /// It was sent in.
    pub sent: bool,
    /// The revision that was read.
    pub seen: u32,
    /// How it is: a choice and its explanation for each question.
    pub now: Vec<[Field; 2]>,
    /// How it should become.
    pub wish: Vec<[Field; 2]>,
    /// Who fills it in.
    pub by: Field,
}

/// What is told of a link that opens nothing.
#[derive(Template)]
#[template(path = "inventory/closed.html")]
pub struct ClosedPage {
    /// Title.
    pub frame: Frame,
}

/// What the page is made of.
pub struct Asked<'a> {
    /// Its address.
    pub here: &'a str,
    /// Of which region.
    pub region: &'a str,
    /// Who is asked.
    pub party: &'a str,
    /// The last day on which the link opens.
    pub until: Date,
    /// What stands there, and its revision.
    pub stands: (u32, &'a Answers),
}

/// Answers as they are typed.
pub fn typed_of(answers: &Answers) -> Fields {
    let mut all = vec![("door".to_owned(), answers.by.clone())];
    for (question, reply) in &answers.now {
        all.push((choice_of(question.code(), false), reply.choice.map(Level::code).unwrap_or_default().to_owned()));
        all.push((words_of(question.code(), false), reply.words.clone()));
    }
    for (wish, reply) in &answers.wish {
        all.push((choice_of(wish.code(), true), reply.choice.map(Need::code).unwrap_or_default().to_owned()));
        all.push((words_of(wish.code(), true), reply.words.clone()));
    }
    Fields(all)
}

/// A question: its choice and its explanation. `theirs` is what a colleague sent meanwhile, where it is something else.
fn pair(
    (code, wish): (&str, bool),
    (asked, hint): (&str, &str),
    all: Vec<Choice>,
    typed: &Fields,
    theirs: Option<String>,
) -> [Field; 2] {
    let (choice, words) = (choice_of(code, wish), words_of(code, wish));
    let radios = Field::radios(&choice, asked, typed.get(&choice), all);
    let radios = match theirs {
        Some(theirs) => radios.hint(&format!("Een collega antwoordde intussen: {theirs}")),
        None => radios,
    };
    [radios, Field::area(&words, "Toelichting", typed.get(&words)).hint(hint)]
}

fn choices<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str, dutch: impl Fn(T) -> &'static str) -> Vec<Choice> {
    all.iter().map(|one| Choice::of(code(*one), capitalised(dutch(*one)))).collect()
}

/// Is what was typed for a question something else than what stands there?
fn differs(typed: &Fields, stands: &Fields, code: &str, wish: bool) -> bool {
    [choice_of(code, wish), words_of(code, wish)].iter().any(|name| typed.get(name).trim() != stands.get(name).trim())
}

/// What was typed, and where nothing was, what a colleague answered meanwhile: two who each fill in half make one whole.
fn together(typed: &Fields, stands: &Fields) -> Fields {
    let theirs = stands.0.iter().filter(|(name, _)| typed.get(name).trim().is_empty());
    let mine = typed.0.iter().filter(|(name, text)| !text.trim().is_empty() || stands.get(name).is_empty());
    Fields(mine.chain(theirs).cloned().collect())
}

/// The page, with what was typed; `second` where a colleague sent something meanwhile.
pub fn view(of: &Asked<'_>, typed: &Fields, errors: Vec<Problem>, second: bool) -> QuestionnairePage {
    let (seen, answers) = of.stands;
    let stands = typed_of(answers);
    let whole = if second { together(typed, &stands) } else { Fields::default() };
    let typed = if second { &whole } else { typed };
    let theirs = |code: &str, wish: bool, says: String| (second && differs(typed, &stands, code, wish)).then_some(says);
    let now = Question::ALL.iter().map(|q| {
        let theirs = theirs(q.code(), false, said(answers.now.get(q), Level::dutch));
        let all = choices(Level::ALL, Level::code, Level::dutch);
        pair((q.code(), false), (q.asked(), q.hint()), all, typed, theirs)
    });
    let wish = Wish::ALL.iter().map(|w| {
        let theirs = theirs(w.code(), true, said(answers.wish.get(w), Need::dutch));
        let all = choices(Need::ALL, Need::code, Need::dutch);
        pair((w.code(), true), (w.asked(), w.hint()), all, typed, theirs)
    });
    let checked = |pair: [Field; 2]| pair.map(|f| f.checked(&errors));
    let by = Field::text("door", "Uw naam en functie", typed.get("door"));
    let by = if second && !answers.by.is_empty() && typed.get("door").trim() != answers.by {
        by.hint(&format!("Een collega vulde intussen in: {}", answers.by))
    } else {
        by.hint("Dan weet de netwerkcoördinator bij wie zij terecht kan.")
    };
    QuestionnairePage {
        frame: Frame {
            title: "Vragenlijst proactieve zorgplanning".to_owned(),
            failed: !errors.is_empty(),
            ..Frame::default()
        },
        here: of.here.to_owned(),
        region: of.region.to_owned(),
        party: of.party.to_owned(),
        until: day(of.until),
        state: match answers.sent_on {
            Some(on) => format!("Ingestuurd op {}. U kunt nog aanpassen tot en met {}.", day(on), day(of.until)),
            None => format!("{} van {QUESTIONS} vragen beantwoord; nog niet ingestuurd.", answers.answered()),
        },
        sent: answers.sent_on.is_some(),
        seen,
        now: now.map(checked).collect(),
        wish: wish.map(checked).collect(),
        by: by.checked(&errors),
        errors,
    }
}

/// What a link opens.
struct Found {
    here: String,
    opened: Opened,
    region: String,
    party: Party,
    kept: Option<Kept<Answers>>,
}

impl Found {
    fn page(&self, typed: Option<&Fields>, errors: Vec<Problem>, second: bool) -> QuestionnairePage {
        let none = Answers::default();
        let (seen, answers) = self.kept.as_ref().map_or((0, &none), |k| (k.revision, &k.note));
        let of = Asked {
            here: &self.here,
            region: &self.region,
            party: &self.party.name,
            until: self.opened.until,
            stands: (seen, answers),
        };
        match typed {
            Some(typed) => view(&of, typed, errors, second),
            None => view(&of, &typed_of(answers), errors, second),
        }
    }
}

/// What the link opens; who tries links that open nothing is slowed down, and is told the same of each.
async fn find(app: &App, link: &str, peer: &Peer) -> Result<Option<Found>, PageError> {
    let address = crate::peer(peer.as_ref().map(|Extension(info)| info));
    let attempt =
        app.throttle().door("questionnaire", &address).map_err(|wait| PageError::TooMany(wait.as_secs() + 1))?;
    let Ok(token) = LinkToken::parse(link) else { return Ok(None) };
    let Some(opened) = app.store().open_link(&token, app.clock().today()).await? else { return Ok(None) };
    app.throttle().succeeded(attempt);
    let store = app.store();
    let party = store.note::<Party>(&opened.region, &opened.party).await?;
    let Some(party) = party.filter(|kept| kept.note.answers_by_link()) else { return Ok(None) };
    let region = store.organisation(&opened.region).await?.map(|o| o.name).unwrap_or_default();
    let kept = store.note::<Answers>(&opened.region, &opened.party).await?;
    Ok(Some(Found { here: format!("/vragenlijst/{token}"), opened, region, party: party.note, kept }))
}

fn closed() -> axum::response::Response {
    let frame = Frame { title: "Deze link opent geen vragenlijst".to_owned(), ..Frame::default() };
    show(StatusCode::NOT_FOUND, &ClosedPage { frame })
}

/// `GET /vragenlijst/{link}`.
pub async fn get(State(app): State<App>, peer: Peer, Path(link): Path<String>, Query(told): Query<Told>) -> Answer {
    let Some(found) = find(&app, &link, &peer).await? else { return Ok(closed()) };
    let mut view = found.page(None, Vec::new(), false);
    view.frame = view.frame.told(&told);
    Ok(page(&view))
}

/// `POST /vragenlijst/{link}`: keeps what was answered, or sends it in.
pub async fn post(State(app): State<App>, peer: Peer, Path(link): Path<String>, body: Bytes) -> Answer {
    let Some(found) = find(&app, &link, &peer).await? else { return Ok(closed()) };
    let fields = Fields::parse(&body);
    let before = found.kept.as_ref().and_then(|k| k.note.sent_on);
    let sends = (fields.get("doe") == "stuur").then(|| app.clock().today());
    let answers = match given(&|name| fields.get(name).to_owned(), sends, before) {
        Ok(answers) => answers,
        Err(flaws) => {
            let mut view = found.page(Some(&fields), problems(flaws), false);
            // What was read stays what was read: a colleague's newer answers are not overwritten by mending a mistake.
            view.seen = fields.seen();
            return Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &view));
        }
    };
    if app.store().write_answers(&found.opened, &answers, fields.seen(), app.clock().now()).await? {
        let notice = if sends.is_some() { Notice::AnswersSent } else { Notice::AnswersKept };
        return Ok(done(&found.here, notice));
    }
    let Some(found) = find(&app, &link, &peer).await? else { return Ok(closed()) };
    let sentence = "Een collega vulde deze vragenlijst intussen ook in. Er is niets overschreven. Bij elke vraag waar het \
                    verschilt, staat wat uw collega antwoordde; wat u typte, staat nog in de velden. Wat u leeg liet, is \
                    aangevuld met wat uw collega antwoordde. Kies wat moet gelden, en bewaar opnieuw.";
    Ok(show(StatusCode::CONFLICT, &found.page(Some(&fields), vec![Problem::whole(sentence)], true)))
}
