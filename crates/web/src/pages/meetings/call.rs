//! `/overleg/nieuw` and `/overleg/{overleg}/wijzigen`: call a meeting, or change when, where and with whom it is.

use super::fields::{head_problems, head_typed};
use super::{find, may_call};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::dutch::date_to_type;
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Notice, Place};
use crate::pages::render::{Answer, done, show};
use crate::pages::talks::forms::introduced;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::date::FhirDateTime;
use domain::ident::{MeetingId, OrganisationId, PersonId};
use domain::meeting::{Attendee, Kind, Meeting, given};
use domain::talk::time_words;
use domain::words;
use store::meetings::Called;
use store::organisations::Organisation;

/// Organisations, and people of one, that are offered.
const OFFERED: usize = 80;

/// The page.
#[derive(Template)]
#[template(path = "meetings/call.html")]
pub struct CallPage {
    /// Title, menu.
    pub frame: Frame,
    /// Where it is sent.
    pub here: String,
    /// Heading.
    pub title: &'static str,
    /// The button.
    pub button: &'static str,
    /// Revision that was read.
    pub seen: u32,
    /// Kind, day, hour, place, chair.
    pub kind: Field,
    /// Day and hour.
    pub when: [Field; 2],
    /// Place and chair.
    pub who: [Field; 2],
    /// Organisations to take part.
    pub with: Vec<(Choice, bool)>,
    /// People, by organisation.
    pub people: Vec<(String, Vec<(Choice, bool)>)>,
    /// Who else attends.
    pub others: Field,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// Who may be ticked.
#[derive(Default)]
pub struct Offered {
    organisations: Vec<Organisation>,
    people: Vec<(String, Vec<(PersonId, String)>)>,
}

impl Offered {
    /// Organisations that may take part, and the people of those that do.
    async fn read(app: &App, own: &OrganisationId, with: &[OrganisationId]) -> Result<Self, store::Error> {
        let now = app.clock().now();
        let all = app.store().organisations().await?;
        let mut people = Vec::new();
        for organisation in all.iter().filter(|o| o.id == *own || with.contains(&o.id)) {
            let there = app.store().people_of(&organisation.id, now).await?;
            let there = there.into_iter().filter(|(p, role)| p.active && role.is_care_professional());
            let there = there.take(OFFERED).map(|(person, role)| {
                let words = format!("{}, {} ({})", person.name.full(), role.dutch(), organisation.name);
                (person.id, words)
            });
            people.push((organisation.name.clone(), there.collect()));
        }
        let mut organisations: Vec<_> = all.into_iter().filter(|o| o.kind.gives_care() && o.id != *own).collect();
        organisations.sort_by(|a, b| a.name.cmp(&b.name));
        // Who takes part is offered, however many others there are.
        organisations.sort_by_key(|o| !with.contains(&o.id));
        organisations.truncate(OFFERED.max(with.len()));
        organisations.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { organisations, people })
    }

    fn everybody(&self) -> impl Iterator<Item = &(PersonId, String)> {
        self.people.iter().flat_map(|(_, people)| people)
    }
}

/// What the form begins with, for a meeting that is there.
fn begins(meeting: &Meeting, offered: &Offered) -> Fields {
    let is_offered = |a: &Attendee| a.person.as_ref().is_some_and(|p| offered.everybody().any(|(id, _)| id == p));
    let others: Vec<&str> = meeting.attends.iter().filter(|a| !is_offered(a)).map(|a| a.words.as_str()).collect();
    let hour = meeting.at.map(|at| time_words(at).replace(" uur", "").replace('.', ":"));
    let mut all = vec![
        ("soort", meeting.kind.code().to_owned()),
        ("dag", date_to_type(&FhirDateTime::of_day(meeting.on))),
        ("tijd", hour.unwrap_or_default()),
        ("plaats", meeting.place.clone().unwrap_or_default()),
        ("voorzitter", meeting.chair.clone().unwrap_or_default()),
        ("anders", others.join("\n")),
    ];
    all.extend(meeting.with.iter().map(|o| ("met", o.to_string())));
    all.extend(meeting.attends.iter().filter_map(|a| Some(("erbij", a.person.as_ref()?.to_string()))));
    Fields(all.into_iter().map(|(n, v)| (n.to_owned(), v)).collect())
}

/// The form with what was typed.
pub fn of_form(
    frame: Frame,
    of: Option<&Called>,
    offered: &Offered,
    fields: &Fields,
    errors: Vec<Problem>,
) -> CallPage {
    let get = |name: &str| fields.get(name);
    let has = |name: &str, value: &str| fields.0.iter().any(|(n, v)| n == name && v == value);
    let text = |name: &str, label: &str| Field::text(name, label, get(name)).checked(&errors);
    let short = |name: &str, label: &str, hint: &str| Field::short(name, label, get(name)).hint(hint).checked(&errors);
    let kinds = Kind::ALL.iter().map(|k| Choice::of(k.code(), words::capitalised(k.dutch()))).collect();
    let with = offered.organisations.iter().map(|o| {
        let place = o.city.as_ref().map(|c| format!(", {c}")).unwrap_or_default();
        (Choice::of(o.id.as_str(), format!("{}{place}", o.name)), has("met", o.id.as_str()))
    });
    let people = offered.people.iter().map(|(name, people)| {
        let one = |(id, words): &(PersonId, String)| {
            let words = words.strip_suffix(&format!(" ({name})")).unwrap_or(words);
            (Choice::of(id.as_str(), words), has("erbij", id.as_str()))
        };
        (name.clone(), people.iter().map(one).collect())
    });
    CallPage {
        frame: frame.failing(!errors.is_empty()),
        here: of.map_or_else(|| "/overleg/nieuw".to_owned(), |c| format!("/overleg/{}/wijzigen", c.id)),
        title: if of.is_some() { "Wijzig het overleg" } else { "Nieuw overleg" },
        button: if of.is_some() { "Bewaar het overleg" } else { "Maak het overleg" },
        seen: of.map_or(0, |c| c.revision),
        kind: Field::radios("soort", "Welk overleg is het?", get("soort"), kinds).checked(&errors),
        when: [
            short("dag", "Op welke dag?", "Bijvoorbeeld 08-12-2026."),
            short("tijd", "Hoe laat?", "Bijvoorbeeld 10:30. Mag leeg blijven."),
        ],
        who: [text("plaats", "Waar? (mag leeg blijven)"), text("voorzitter", "Wie zit voor?")],
        with: with.collect(),
        people: people.collect(),
        others: Field::area("anders", "Wie zijn er nog meer bij?", get("anders"))
            .hint("Eén per regel.")
            .checked(&errors),
        errors,
    }
}

fn frame(who: &SignedIn, of: Option<&Called>) -> Frame {
    let frame = Frame::signed(who, "Overleg", Place::BelowMeetings);
    match of {
        Some(called) => frame.back_to(format!("/overleg/{}", called.id), "Het overleg"),
        None => frame.back_to("/overleg", "Overleg"),
    }
}

/// Which organisations take part, of what was typed.
fn typed_with(fields: &Fields) -> Vec<OrganisationId> {
    fields.all("met").filter_map(|v| OrganisationId::parse(v).ok()).collect()
}

/// `GET /overleg/nieuw`.
pub async fn get_new(State(app): State<App>, who: SignedIn) -> Answer {
    if !may_call(&who) {
        return Err(PageError::Forbidden);
    }
    let offered = Offered::read(&app, &who.organisation.id, &[]).await?;
    let begins = [("voorzitter", introduced(&who.actor)), ("erbij", who.person.to_string())];
    let begins = Fields(begins.into_iter().map(|(n, v)| (n.to_owned(), v)).collect());
    Ok(show(StatusCode::OK, &of_form(frame(&who, None), None, &offered, &begins, Vec::new())))
}

/// `GET /overleg/{overleg}/wijzigen`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>) -> Answer {
    let called = own(&app, &who, &id).await?;
    let offered = Offered::read(&app, &called.meeting.organisation, &called.meeting.with).await?;
    let begins = begins(&called.meeting, &offered);
    Ok(show(StatusCode::OK, &of_form(frame(&who, Some(&called)), Some(&called), &offered, &begins, Vec::new())))
}

/// A meeting that this person's organisation calls: only its people change it.
async fn own(app: &App, who: &SignedIn, id: &str) -> Result<Called, PageError> {
    let called = find(app, who, id).await?;
    let may = may_call(who) && called.meeting.organisation == who.organisation.id;
    if may { Ok(called) } else { Err(PageError::Forbidden) }
}

/// `POST /overleg/nieuw`.
pub async fn post_new(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    if !may_call(&who) {
        return Err(PageError::Forbidden);
    }
    keep(&app, &who, None, &fields).await
}

/// `POST /overleg/{overleg}/wijzigen`.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let called = own(&app, &who, &id).await?;
    keep(&app, &who, Some(called), &fields).await
}

async fn keep(app: &App, who: &SignedIn, of: Option<Called>, fields: &Fields) -> Answer {
    let own = &who.organisation.id;
    let mut with = typed_with(fields);
    let offered = Offered::read(app, own, &with).await?;
    with.retain(|id| offered.organisations.iter().any(|o| o.id == *id));
    let again = |of: Option<&Called>, status, errors| -> Answer {
        Ok(show(status, &of_form(frame(who, of), of, &offered, fields, errors)))
    };
    let ticked = |id: &str| fields.0.iter().any(|(n, v)| n == "erbij" && v == id);
    let attends = offered.everybody().filter(|(id, _)| ticked(id.as_str()));
    let attends = attends.map(|(id, words)| Attendee { person: Some(id.clone()), words: words.clone() }).collect();
    let given = head_typed(fields, with, attends);
    let meeting = match given::meeting(&given, own, app.clock().today()) {
        Ok(meeting) => meeting,
        Err(flaws) => return again(of.as_ref(), StatusCode::UNPROCESSABLE_ENTITY, head_problems(flaws)),
    };
    let id = of.as_ref().map_or_else(|| MeetingId::from_bits(store::random::bits()), |c| c.id.clone());
    let seen = if of.is_some() { fields.get("gezien").parse().unwrap_or(u32::MAX) } else { 0 };
    if app.store().write_meeting(&who.actor, &id, &meeting, seen, app.clock().now()).await? {
        return Ok(done(&format!("/overleg/{id}"), Notice::MeetingKept));
    }
    let now = find(app, who, id.as_str()).await?;
    let sentence = format!(
        "Iemand anders wijzigde dit overleg intussen: {}. Wat u typte staat er nog; klopt het nog, bewaar het dan opnieuw.",
        [now.meeting.title(), now.meeting.when_and_where()]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    );
    again(Some(&now), StatusCode::CONFLICT, vec![Problem::whole(sentence)])
}
