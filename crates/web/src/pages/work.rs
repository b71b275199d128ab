//! `/`: my work, in sentences: what waits for me, for the patients I know, and at my organisation.

pub mod list;
pub mod task;

use list::Group;

use super::frame::{Frame, Link, Place};
use super::glass::told::Notice as Broken;
use super::render::{Answer, Told, page, sees_patients};
use super::retention;
use crate::access::is_own;
use crate::app::App;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use domain::ident::PatientId;
use domain::role::Role;
use domain::task::{AHEAD, Kind};
use jiff::Span;
use jiff::civil::Date;
use serde::Deserialize;
use store::tasks::{After, Asked, Whose};

/// Tasks on one page.
const PAGE: usize = 40;

/// The page.
#[derive(Template)]
#[template(path = "work.html")]
pub struct WorkPage {
    /// Title, menu.
    pub frame: Frame,
    /// What there is, in a sentence.
    pub lead: String,
    /// Broken glasses that this person hears of.
    pub glass: Vec<Broken>,
    /// The half-yearly look at the list of candidates, where it is time for it.
    pub reminder: Option<Link>,
    /// Mine, my teams', my organisation's; and which is shown.
    pub views: Vec<Way>,
    /// Kinds to narrow to.
    pub kinds: Vec<Way>,
    /// What waits, grouped.
    pub groups: Vec<Group>,
    /// What an empty list means.
    pub empty: &'static str,
    /// The next page.
    pub more: Option<String>,
    /// May this role register patients?
    pub may_register: bool,
    /// May this role see which records need be kept no longer?
    pub sees_retention: bool,
}

/// What the address says: whose, of which kind, after which one. Only codes and ids.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    wie: String,
    #[serde(default)]
    soort: String,
    #[serde(default)]
    na: String,
}

impl Which {
    fn whose(&self) -> Whose {
        match self.wie.as_str() {
            "team" => Whose::Team,
            "organisatie" => Whose::Organisation,
            _ => Whose::Own,
        }
    }

    fn kind(&self) -> Option<Kind> {
        Kind::of_code(&self.soort)
    }

    /// `rank_day_patient_number`.
    fn after(&self) -> Option<After> {
        let mut parts = self.na.split('_');
        Some(After {
            rank: parts.next()?.parse().ok()?,
            due: parts.next()?.parse().ok()?,
            patient: PatientId::parse(parts.next()?).ok()?,
            number: parts.next()?.parse().ok()?,
        })
    }
}

/// Address of a list.
fn address(whose: Whose, kind: Option<Kind>, after: Option<&str>) -> String {
    let mut parts = Vec::new();
    match whose {
        Whose::Own => {}
        Whose::Team => parts.push("wie=team".to_owned()),
        Whose::Organisation => parts.push("wie=organisatie".to_owned()),
    }
    parts.extend(kind.map(|k| format!("soort={}", k.code())));
    parts.extend(after.map(|a| format!("na={a}")));
    if parts.is_empty() { "/".to_owned() } else { format!("/?{}", parts.join("&")) }
}

fn title(whose: Whose) -> &'static str {
    match whose {
        Whose::Own => "Van mij",
        Whose::Team => "Van mijn patiënten",
        Whose::Organisation => "Van mijn organisatie",
    }
}

/// A link, and whether it leads to what is shown.
pub type Way = (Link, bool);

/// Links to the views and to the kinds.
pub fn links(whose: Whose, kind: Option<Kind>) -> (Vec<Way>, Vec<Way>) {
    let views = [Whose::Own, Whose::Team, Whose::Organisation]
        .map(|w| (Link::to(address(w, kind, None), title(w)), w == whose))
        .to_vec();
    let mut kinds = vec![(Link::to(address(whose, None, None), "alles"), kind.is_none())];
    kinds.extend(Kind::ALL.iter().map(|k| (Link::to(address(whose, Some(*k), None), k.dutch()), kind == Some(*k))));
    (views, kinds)
}

/// What it means that nothing is there.
pub fn empty(whose: Whose, kind: Option<Kind>) -> &'static str {
    match (kind, whose) {
        (Some(_), _) => "Van deze soort wacht er nu niets. Kies ‘alles’ om de rest te zien.",
        (None, Whose::Own) => {
            "Er wacht niets op u. Hier komt wat u oppakte en wat op uw rol wacht: een signaal, een gesprek, een grens, of \
             een plan dat binnen vier weken opnieuw besproken moet worden."
        }
        (None, Whose::Team) => {
            "Er wacht niets bij de patiënten van wie u de regie hebt of bij wie u op naam in het zorgteam staat. Hebt u \
             zulke patiënten niet, dan blijft deze lijst leeg."
        }
        (None, Whose::Organisation) => "Bij uw organisatie wacht niets op iemand, ook niet op een collega.",
    }
}

/// The last day that a list shows.
pub fn horizon(today: Date) -> Date {
    today.saturating_add(Span::new().days(AHEAD))
}

/// `GET /`.
pub async fn get(
    State(app): State<App>,
    who: SignedIn,
    Query(which): Query<Which>,
    Query(told): Query<Told>,
) -> Answer {
    // The patient and theirs have a page of their own.
    if is_own(&who.actor) {
        return Ok(Redirect::to("/mijn").into_response());
    }
    let role = who.actor.role;
    if role == Some(Role::OutOfHours) {
        // Acute care has no work that waits: it begins where it looks for somebody.
        return Ok(Redirect::to("/spoed").into_response());
    }
    let (whose, kind, after) = (which.whose(), which.kind(), which.after());
    let first = after.is_none();
    let (views, kinds) = links(whose, kind);
    let mut view = WorkPage {
        frame: Frame::signed(&who, "Mijn werk", Place::Work).told(&told),
        lead: "In uw rol ziet u geen gegevens van patiënten.".to_owned(),
        glass: if first { super::glass::told::for_work(&app, &who).await? } else { Vec::new() },
        reminder: if first { super::candidates::reminder(&app, &who).await? } else { None },
        views,
        kinds,
        groups: Vec::new(),
        empty: empty(whose, kind),
        more: None,
        may_register: role.is_some_and(Role::is_care_professional),
        sees_retention: role.is_some_and(retention::may_open),
    };
    if !sees_patients(&who) {
        (view.views, view.kinds) = (Vec::new(), Vec::new());
        return Ok(page(&view));
    }
    let today = app.clock().today();
    let asked = Asked { whose, kind, until: horizon(today), after, limit: PAGE + 1 };
    let mut tasks = app.store().tasks(&who.actor, &asked, app.clock().now()).await?;
    if tasks.len() > PAGE {
        tasks.truncate(PAGE);
        let last = tasks.last().map(|t| format!("{}_{}_{}_{}", t.kind.rank(), t.due, t.patient, t.number));
        view.more = last.map(|last| address(whose, kind, Some(&last)));
    }
    view.groups = list::groups(&app, &who, &tasks, today).await?;
    let shown = view.groups.iter().map(|g| g.items.len()).sum();
    view.lead = list::lead(&view.groups, shown, view.more.is_some());
    if first && kind.is_none() {
        let unread = super::unread::group(&app, &who, whose).await?;
        // Below what already waits for a limit to be set, above the rest.
        let at = view.groups.iter().take_while(|g| g.title == list::FIRST).count();
        view.groups.splice(at..at, unread);
        if whose != Whose::Organisation {
            view.groups.extend(super::unread::late(&app, &who).await?);
        }
        view.groups.extend(list::beside(&app, &who, whose).await?);
        view.groups.extend(list::requests(&app, &who).await?);
    }
    Ok(page(&view))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_is_shown_and_nothing_of_a_patient_but_an_id() {
        assert_eq!(address(Whose::Own, None, None), "/");
        assert_eq!(address(Whose::Team, Some(Kind::Review), None), "/?wie=team&soort=review");
        let id = PatientId::from_bits(7);
        let which = Which { wie: "organisatie".into(), soort: "signal".into(), na: format!("1_2026-11-24_{id}_3") };
        assert_eq!((which.whose(), which.kind()), (Whose::Organisation, Some(Kind::Signal)));
        assert_eq!(which.after(), Some(After { rank: 1, due: "2026-11-24".parse().unwrap(), patient: id, number: 3 }));
        for na in ["", "x", "1_2026-11-24", "1_2026-11-24_x_1", "_;DROP_", "-1_2026-11-24_x_1"] {
            assert_eq!(Which { na: na.into(), ..Which::default() }.after(), None, "{na}");
        }
    }

    #[test]
    fn exactly_one_view_and_one_kind_are_current() {
        for whose in [Whose::Own, Whose::Team, Whose::Organisation] {
            for kind in [None, Some(Kind::Review)] {
                let (views, kinds) = links(whose, kind);
                assert_eq!(views.iter().filter(|v| v.1).count(), 1);
                assert_eq!(kinds.iter().filter(|k| k.1).count(), 1);
                assert!(!empty(whose, kind).is_empty());
            }
        }
    }
}
