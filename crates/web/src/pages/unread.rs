//! What changed in a plan since somebody read it: on the work page, with the plan itself, and who did not look yet.

use super::care_team::Names;
use super::dutch;
use super::patient::Open;
use super::work::list::{Group, Item};
use crate::access::quietly;
use crate::app::App;
use crate::session::SignedIn;
use domain::access::{Action, Basis, Permit};
use domain::date::local_day;
use domain::plan::{Content, diff};
use domain::unread::{News, Reader, news};
use domain::words;
use jiff::Timestamp;
use jiff::civil::Date;
use store::Error;
use store::plans::StoredVersion;
use store::readings::Unread;
use store::tasks::Whose;

/// Changes told at once on the work page.
const SHOWN: usize = 12;
/// Rows looked at for them: some may be of patients who are no longer this person's.
const LOOKED_AT: usize = 40;

/// What changed since somebody read the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// What they read, in a sentence.
    pub about: String,
    /// The weightiest changes.
    pub sentences: Vec<String>,
    /// How many more there are, in a sentence.
    pub more: Option<String>,
    /// Where both are compared.
    pub compare: String,
}

/// Who read what, as the patient's page tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderRow {
    /// Name.
    pub name: String,
    /// What they read, and what not.
    pub says: String,
    /// They were told of a change and have not read it.
    pub unread: bool,
}

impl Since {
    /// What changed for this reader, who opens version `number` now; nothing where they have read it, and where there
    /// was no plan before.
    pub fn of(reader: &Reader, versions: &[StoredVersion], number: u32, now: &Content, id: &str) -> Option<Self> {
        let knows = reader.knows();
        let before = versions.iter().find(|v| v.version.number == knows && knows < number)?;
        let News { sentences, more } = news(&diff(&before.version.content, now));
        let about = match reader.read_at.filter(|_| reader.read > 0) {
            Some(at) => format!("U las versie {knows} op {}.", words::day(local_day(at))),
            None => "U las dit plan nog niet eerder. Dit is er het laatst in veranderd.".to_owned(),
        };
        Some(Self {
            about,
            sentences,
            more: (more > 0).then(|| format!("En nog {}.", words::counted(more, "onderwerp", "onderwerpen"))),
            compare: format!("/patienten/{id}/plan/vergelijk?van={knows}&tot={number}"),
        })
    }
}

/// 'Het plan van mw. S. Jansen veranderde op 3 november 2026: …'
fn sentence(name: &str, on: Date, first: bool, told: &News) -> String {
    let name = dutch::within(name);
    if first {
        return format!("Het eerste plan van {name} is vastgelegd op {}.", words::day(on));
    }
    format!("Het plan van {name} veranderde op {}: {}", words::day(on), told.text())
}

/// Small print: what makes it weigh, and what somebody read before.
fn fine(reader: &Reader, urgent: bool) -> String {
    let read = match reader.read_at.filter(|_| reader.read > 0) {
        Some(at) => format!("u las versie {} op {}", reader.read, words::day(local_day(at))),
        None => "u las dit plan nog niet eerder".to_owned(),
    };
    if urgent { format!("een behandelgrens is anders; {read}") } else { read }
}

/// Changes that this person has not read, as sentences; those that count in an emergency first.
///
/// # Errors
/// Where the store fails.
pub async fn group(app: &App, who: &SignedIn, whose: Whose) -> Result<Option<Group>, Error> {
    let now = app.clock().now();
    let mut items = Vec::new();
    for Unread { patient, reader } in app.store().unread(&who.actor, whose, LOOKED_AT, now).await? {
        if items.len() == SHOWN {
            break;
        }
        let Some(told) = reader.told else { continue };
        let Some(item) = item(app, who, &patient, &reader, told.urgent, now).await? else { continue };
        items.push(item);
    }
    let title =
        if items.len() < SHOWN { "Veranderd sinds u het las" } else { "Veranderd sinds u het las: de eerste twaalf" };
    Ok((!items.is_empty()).then_some(Group { title, items }))
}

async fn item(
    app: &App,
    who: &SignedIn,
    id: &domain::ident::PatientId,
    reader: &Reader,
    urgent: bool,
    now: Timestamp,
) -> Result<Option<Item>, Error> {
    // Acute care reads the emergency view; whoever has no leave any more is told nothing (decision 53).
    let Some(permit) = quietly(app, &who.actor, Action::ReadPlan, id).await? else { return Ok(None) };
    let Some(identity) = quietly(app, &who.actor, Action::ReadPatient, id).await? else { return Ok(None) };
    let Some(record) = app.store().read_patient(&identity, now, "my-work").await? else { return Ok(None) };
    if record.merged_into.is_some() {
        return Ok(None);
    }
    let (before, newest) = app.store().before_and_now(&permit, reader.knows(), now).await?;
    let Some(newest) = newest else { return Ok(None) };
    let empty = Content::default();
    let told = news(&diff(before.as_ref().map_or(&empty, |b| &b.version.content), &newest.version.content));
    let name = dutch::addressed(&record.patient);
    Ok(Some(Item {
        sentence: sentence(&name, local_day(newest.version.recorded_at), before.is_none(), &told),
        name,
        fine: fine(reader, urgent),
        next: (format!("/patienten/{id}/plan"), "Lees het plan"),
        take: None,
        page: None,
    }))
}

/// For the lead: patients of whose team somebody has not seen a change after three days.
///
/// # Errors
/// Where the store fails.
pub async fn late(app: &App, who: &SignedIn) -> Result<Option<Group>, Error> {
    let now = app.clock().now();
    let mut items = Vec::new();
    for id in app.store().late_readers(&who.actor, SHOWN, now).await? {
        let Some(permit) = quietly(app, &who.actor, Action::ReadPlan, &id).await? else { continue };
        let Some(identity) = quietly(app, &who.actor, Action::ReadPatient, &id).await? else { continue };
        let Some(record) = app.store().read_patient(&identity, now, "my-work").await? else { continue };
        let readers = app.store().readers(&permit, now).await?;
        let Some(said) = late_sentence(app, &who.person, &readers, now).await? else { continue };
        let name = dutch::addressed(&record.patient);
        items.push(Item {
            sentence: format!("{name}: {said}"),
            name,
            fine: "u hebt de regie".to_owned(),
            next: (format!("/patienten/{id}#gelezen"), "Kijk wie het las"),
            take: None,
            page: None,
        });
    }
    Ok((!items.is_empty()).then_some(Group { title: "Nog niet gezien door anderen", items }))
}

/// 'S. de Wit en D. Hoek zagen de wijziging van 3 november nog niet.'; nothing where all looked in time.
async fn late_sentence(
    app: &App,
    own: &domain::ident::PersonId,
    readers: &[Reader],
    now: Timestamp,
) -> Result<Option<String>, Error> {
    let late: Vec<&Reader> = readers.iter().filter(|r| r.person != *own && r.is_late(now)).collect();
    let Some(since) = late.iter().filter_map(|r| r.told).map(|t| t.at).min() else { return Ok(None) };
    let names = Names::of(app);
    let mut who = Vec::new();
    for reader in &late {
        who.push(names.person(&reader.person).await?);
    }
    let saw = if who.len() == 1 { "heeft" } else { "hebben" };
    Ok(Some(format!("{} {saw} de wijziging van {} nog niet gezien.", words::join(&who), words::day(local_day(since)))))
}

/// Who read this plan, for the team; and for the lead a line that says who is late.
///
/// # Errors
/// Where the store fails.
pub async fn readers(
    app: &App,
    who: &SignedIn,
    permit: &Permit,
    leads: bool,
) -> Result<(Vec<ReaderRow>, Option<Open>), Error> {
    if permit.basis() != Basis::Team {
        return Ok((Vec::new(), None));
    }
    let now = app.clock().now();
    let readers = app.store().readers(permit, now).await?;
    let names = Names::of(app);
    let mut rows = Vec::new();
    for reader in readers.iter().filter(|r| r.tie.is_some()) {
        let name = names.person(&reader.person).await?;
        rows.push(ReaderRow { name, says: says(reader), unread: reader.told.is_some() });
    }
    let late = if leads { late_sentence(app, &who.person, &readers, now).await? } else { None };
    Ok((rows, late.map(|sentence| Open { sentence, next: None })))
}

/// What one person read, and what not.
fn says(reader: &Reader) -> String {
    let read = match reader.read_at.filter(|_| reader.read > 0) {
        Some(at) => format!("las versie {} op {}", reader.read, words::day(local_day(at))),
        None => "las het plan nog niet".to_owned(),
    };
    match reader.told {
        Some(told) if reader.read > 0 => format!("{read}; versie {} nog niet", told.newest),
        _ => read,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ident::PersonId;
    use domain::unread::{Tie, Told};

    fn at(day: i64) -> Timestamp {
        "2026-11-01T09:00:00Z".parse::<Timestamp>().unwrap() + jiff::SignedDuration::from_hours(24 * day)
    }

    #[test]
    fn what_somebody_read_and_what_not() {
        let mut reader = Reader { tie: Some(Tie::Named), ..Reader::new(PersonId::from_bits(1)) };
        assert_eq!(says(&reader), "las het plan nog niet");
        assert_eq!(fine(&reader, false), "u las dit plan nog niet eerder");
        reader = Reader { read: 2, read_at: Some(at(0)), ..reader };
        assert_eq!(says(&reader), "las versie 2 op 1 november 2026");
        reader.told = Some(Told { first: 3, newest: 4, at: at(2), urgent: true });
        assert_eq!(says(&reader), "las versie 2 op 1 november 2026; versie 4 nog niet");
        assert_eq!(fine(&reader, true), "een behandelgrens is anders; u las versie 2 op 1 november 2026");
    }

    #[test]
    fn a_change_is_told_in_one_sentence() {
        let told = News { sentences: vec!["Reanimatie: van ja naar nee.".into()], more: 2 };
        let on: Date = "2026-11-03".parse().unwrap();
        assert_eq!(
            sentence("Mw. S. Jansen", on, false, &told),
            "Het plan van mw. S. Jansen veranderde op 3 november 2026: Reanimatie: van ja naar nee. En nog 2 onderwerpen."
        );
        assert_eq!(
            sentence("Dhr. A. Bos", on, true, &told),
            "Het eerste plan van dhr. A. Bos is vastgelegd op 3 november 2026."
        );
    }
}
