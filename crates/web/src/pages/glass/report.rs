//! `/beheer/noodknop/overzicht`: how often the glass was broken, by month; counts, no patients, fit to be printed.

use crate::app::App;
use crate::error::PageError;
use crate::pages::frame::Frame;
use crate::pages::render::{Answer, page};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::State;
use domain::date::{TIME_ZONE, local_day};
use domain::glass::{Kind, Verdict};
use domain::organisation::OrganisationKind;
use domain::role::Role;
use domain::words;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use store::glass::{AboutPatients, Figure};

/// Months told.
const MONTHS: i32 = 12;

/// The page.
#[derive(Template)]
#[template(path = "glass/report.html")]
pub struct ReportPage {
    /// Title, menu.
    pub frame: Frame,
    /// Whose figures.
    pub organisation: String,
    /// The sentence on top.
    pub lead: String,
    /// The kinds of reasons, heads of columns.
    pub kinds: Vec<&'static str>,
    /// What the own people did, newest month first.
    pub own: Vec<Month>,
    /// What others did, for the organisation's patients, newest month first.
    pub others: Vec<MonthOfOthers>,
    /// The day it was made.
    pub made: String,
}

/// One month of the own people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Month {
    /// `november 2026`.
    pub name: String,
    /// How often.
    pub total: u32,
    /// By kind, in the order of the heads.
    pub kinds: Vec<u32>,
    /// For patients who had objected.
    pub despite: u32,
    /// Judged: with good reason.
    pub justified: u32,
    /// Judged: without.
    pub unjustified: u32,
    /// Not judged yet.
    pub open: u32,
}

/// One month of others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MonthOfOthers {
    /// `november 2026`.
    pub name: String,
    /// How often.
    pub total: u32,
    /// Not judged yet.
    pub open: u32,
}

/// May this person see the figures?
pub fn may_see(who: &SignedIn) -> bool {
    matches!(who.actor.role, Some(Role::PrivacyOfficer | Role::OrganisationAdmin))
}

/// The months told: their codes (`2026-11`) and names, newest first.
fn months(today: Date) -> Vec<(String, String)> {
    let first = today.first_of_month();
    (0..MONTHS)
        .filter_map(|back| first.checked_sub(back.months()).ok())
        .map(|day| (code(day), words::day(day).split_once(' ').map_or_else(String::new, |(_, m)| m.to_owned())))
        .collect()
}

fn code(day: Date) -> String {
    day.strftime("%Y-%m").to_string()
}

/// The own people's months; each month is there, also where nothing happened.
pub fn own_months(figures: &[Figure], today: Date) -> Vec<Month> {
    let count = |month: &str, wanted: &dyn Fn(&Figure) -> bool| {
        figures.iter().filter(|f| f.month == month && wanted(f)).map(|f| f.count).sum()
    };
    months(today)
        .into_iter()
        .map(|(code, name)| Month {
            name,
            total: count(&code, &|_| true),
            kinds: Kind::ALL.into_iter().map(|kind| count(&code, &|f| f.kind == kind)).collect(),
            despite: count(&code, &|f| f.despite),
            justified: count(&code, &|f| f.verdict == Some(Verdict::Justified)),
            unjustified: count(&code, &|f| f.verdict == Some(Verdict::Unjustified)),
            open: count(&code, &|f| f.verdict.is_none()),
        })
        .collect()
}

/// The months of others.
pub fn others_months(about: &[AboutPatients], today: Date) -> Vec<MonthOfOthers> {
    let number =
        |of: &dyn Fn(&AboutPatients) -> bool| u32::try_from(about.iter().filter(|a| of(a)).count()).unwrap_or(0);
    months(today)
        .into_iter()
        .map(|(month, name)| {
            let here = |a: &AboutPatients| code(local_day(a.at)) == month;
            MonthOfOthers { name, total: number(&here), open: number(&|a| here(a) && !a.judged) }
        })
        .collect()
}

/// The sentence on top: what this month brought, and what of all months waits for a judgement.
pub fn lead(own: &[Month], others: &[MonthOfOthers]) -> String {
    let Some(now) = own.first() else { return String::new() };
    let times = |n: u32| match n {
        0 => "niet".to_owned(),
        n => format!("{n} keer"),
    };
    let open = own.iter().map(|m| m.open).chain(others.iter().map(|m| m.open)).sum::<u32>();
    let waits = match open {
        0 => "Alles is beoordeeld.".to_owned(),
        1 => "Eén keer wacht nog op een oordeel.".to_owned(),
        n => format!("{n} keer wacht nog op een oordeel."),
    };
    let of_others =
        others.first().map_or_else(String::new, |m| format!(", en anderen bij uw patiënten {}", times(m.total)));
    format!("In {} gebruikten uw mensen de noodknop {}{of_others}. {waits}", now.name, times(now.total))
}

/// `GET /beheer/noodknop/overzicht`.
pub async fn get(State(app): State<App>, who: SignedIn) -> Answer {
    if !may_see(&who) {
        return Err(PageError::Forbidden);
    }
    let today = app.clock().today();
    let since = today.first_of_month().checked_sub((MONTHS - 1).months()).unwrap_or(today);
    let begin = since
        .to_zoned_datetime(TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC))
        .map_or(Timestamp::UNIX_EPOCH, |z| z.timestamp());
    let mut organisations = vec![who.organisation.clone()];
    // A region watches over all that belong to it; figures only, as everything there.
    if who.organisation.kind == OrganisationKind::Region {
        organisations.extend(app.store().organisations_of(&who.organisation.id).await?);
    }
    let (mut figures, mut about) = (Vec::new(), Vec::new());
    for organisation in &organisations {
        figures.extend(app.store().glass_figures(&organisation.id, &code(since)).await?);
        about.extend(app.store().glass_about_patients(&organisation.id, begin, app.clock().now()).await?);
    }
    let own = own_months(&figures, today);
    // Of a region the patients are those of its organisations, several of which may care for one: that would count twice.
    let others = if organisations.len() > 1 { Vec::new() } else { others_months(&about, today) };
    let view = ReportPage {
        frame: super::cases::frame(&who, "Noodknop per maand"),
        organisation: who.organisation.name.clone(),
        lead: lead(&own, &others),
        kinds: Kind::ALL.iter().map(|k| k.short()).collect(),
        own,
        others,
        made: words::day(today),
    };
    Ok(page(&view))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(month: &str, kind: Kind, despite: bool, verdict: Option<Verdict>, count: u32) -> Figure {
        Figure { month: month.to_owned(), kind, despite, verdict, count }
    }

    #[test]
    fn each_month_adds_up() {
        let today = jiff::civil::date(2026, 1, 31);
        let figures = [
            figure("2026-01", Kind::Acute, false, None, 2),
            figure("2026-01", Kind::New, true, Some(Verdict::Justified), 1),
            figure("2025-12", Kind::Acute, false, Some(Verdict::Unjustified), 3),
            figure("2024-12", Kind::Acute, false, None, 9),
        ];
        let own = own_months(&figures, today);
        assert_eq!((own.len(), own[0].name.as_str(), own[1].name.as_str()), (12, "januari 2026", "december 2025"));
        assert_eq!((own[0].total, own[0].despite, own[0].justified, own[0].open), (3, 1, 1, 2));
        assert_eq!(own[0].kinds, [2, 0, 1, 0]);
        assert_eq!((own[1].total, own[1].unjustified), (3, 3));
        assert_eq!(own[2], Month { name: "november 2025".to_owned(), kinds: vec![0; 4], ..Month::default() });
        assert_eq!(
            lead(&own, &[]),
            "In januari 2026 gebruikten uw mensen de noodknop 3 keer. 2 keer wacht nog op een oordeel."
        );
        let quiet = own_months(&[], today);
        let others =
            others_months(&[AboutPatients { at: "2026-01-02T12:00:00Z".parse().unwrap(), judged: false }], today);
        assert_eq!(
            lead(&quiet, &others),
            "In januari 2026 gebruikten uw mensen de noodknop niet, en anderen bij uw patiënten 1 keer. \
             Eén keer wacht nog op een oordeel."
        );
    }

    #[test]
    fn a_month_is_that_of_the_netherlands() {
        let at = |text: &str| AboutPatients { at: text.parse().unwrap(), judged: false };
        let months = others_months(&[at("2025-12-31T23:30:00Z")], jiff::civil::date(2026, 1, 2));
        assert_eq!((months[0].total, months[1].total), (1, 0));
    }
}
