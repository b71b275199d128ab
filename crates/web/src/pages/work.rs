//! `/`: my work, in sentences: what waits for me, what I or my organisation began, what changed.

use super::dutch;
use super::frame::{Frame, Place};
use super::glass::told::Notice;
use super::render::{Answer, Told, page, review_by, sees_patients};
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use domain::access::{Action, Permit, permit};
use domain::date::local_day;
use domain::ident::PatientId;
use domain::plan::{CurrentPlan, Draft, ReviewBy, doubts as plan_doubts, open_proposals};
use domain::role::Role;
use domain::words;
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::Mutex;

/// Patients looked at for this page; beyond that it says that there are more.
const MOST: usize = 200;
/// Sentences in a group.
const SHOWN: usize = 12;
/// Days for which a change is recent.
const RECENT: i64 = 14;

/// The page.
#[derive(Template)]
#[template(path = "work.html")]
pub struct WorkPage {
    /// Title, menu.
    pub frame: Frame,
    /// What there is, in a sentence.
    pub lead: String,
    /// Broken glasses that this person hears of.
    pub glass: Vec<Notice>,
    /// What waits, grouped.
    pub groups: Vec<Group>,
    /// May this role register patients?
    pub may_register: bool,
    /// Not every patient was looked at.
    pub partial: Option<String>,
}

/// Sentences of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Heading.
    pub title: &'static str,
    /// The sentences.
    pub tasks: Vec<Task>,
    /// How many more there are.
    pub more: usize,
}

/// One sentence with the one next action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Whom it is about.
    pub name: String,
    /// What.
    pub sentence: String,
    /// Since when.
    pub since: String,
    /// What to do.
    pub next: (String, &'static str),
    /// Order: oldest first for what waits, newest first for what changed.
    at: Timestamp,
}

/// One patient of the caseload.
pub struct Case {
    /// Id in paths.
    pub id: String,
    /// Name as one says it.
    pub name: String,
    /// The plan.
    pub plan: Option<CurrentPlan>,
    /// The draft of the organisation.
    pub draft: Option<Draft>,
}

/// Groups what the cases tell. `sets`: this person sets limits; then proposals are theirs to decide, else they are
/// something to know of.
pub fn groups(cases: &[Case], sets: bool, by: ReviewBy) -> Vec<Group> {
    let (mut wait, mut drafts, mut doubts, mut changed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let today = by.today;
    for case in cases {
        let path = |rest: &str| format!("/patienten/{}{rest}", case.id);
        if let Some(draft) = &case.draft {
            drafts.push(Task {
                name: case.name.clone(),
                sentence: format!("{}: een concept van {} is nog niet vastgelegd.", case.name, draft.begun_by.name),
                since: since(draft.begun_at, today),
                next: (path("/plan/bewerken"), "Ga verder"),
                at: draft.begun_at,
            });
        }
        let Some(plan) = &case.plan else { continue };
        let waiting: Vec<String> = open_proposals(&plan.content).into_iter().map(words::in_text).collect();
        if !waiting.is_empty() {
            let n = words::counted(waiting.len(), "grens", "grenzen");
            wait.push(Task {
                name: case.name.clone(),
                sentence: format!("{}: arts moet {n} vaststellen ({}).", case.name, words::join(&waiting)),
                since: since(plan.recorded_at, today),
                next: if sets {
                    (path("/plan/vaststellen"), "Lees en stel vast")
                } else {
                    (path("/plan"), "Lees het plan")
                },
                at: plan.recorded_at,
            });
        }
        if let Some(doubt) = plan_doubts(&plan.content, by).first() {
            doubts.push(Task {
                name: case.name.clone(),
                sentence: format!("{}: {}", case.name, doubt.sentence),
                since: String::new(),
                next: (path("/plan"), "Lees het plan"),
                at: plan.recorded_at,
            });
        }
        if days(plan.recorded_at, today) <= RECENT {
            changed.push(Task {
                name: case.name.clone(),
                sentence: format!("{}: {} door {}.", case.name, words::version_kind(plan.kind), plan.recorder.name),
                since: since(plan.recorded_at, today),
                next: (path("/plan"), "Lees het plan"),
                at: plan.recorded_at,
            });
        }
    }
    wait.sort_by_key(|t| t.at);
    drafts.sort_by_key(|t| t.at);
    doubts.sort_by_key(|t| t.at);
    changed.sort_by_key(|t| std::cmp::Reverse(t.at));
    let waits = if sets { "Wacht op u" } else { "Wacht op een arts" };
    [(waits, wait), ("Nog niet af", drafts), ("Kijk of dit nog klopt", doubts), ("Onlangs veranderd", changed)]
        .into_iter()
        .filter(|(_, tasks)| !tasks.is_empty())
        .map(|(title, mut tasks)| {
            let more = tasks.len().saturating_sub(SHOWN);
            tasks.truncate(SHOWN);
            Group { title, tasks, more }
        })
        .collect()
}

fn days(then: Timestamp, today: Date) -> i64 {
    i64::from(local_day(then).until(today).map_or(0, |s| s.get_days()))
}

fn since(then: Timestamp, today: Date) -> String {
    format!("({})", dutch::recently_ago(then, today))
}

/// The sentence on top.
pub fn lead(groups: &[Group], sets: bool) -> String {
    let of = |title: &str| groups.iter().find(|g| g.title == title).map_or(0, |g| g.tasks.len() + g.more);
    let waiting = of(if sets { "Wacht op u" } else { "Wacht op een arts" });
    let drafts = of("Nog niet af");
    let mut parts = Vec::new();
    if waiting > 0 {
        let who = if sets { "op u" } else { "op een arts" };
        parts.push(format!(
            "bij {} {} behandelgrenzen {who}",
            words::counted(waiting, "patiënt", "patiënten"),
            "wachten"
        ));
    }
    if drafts > 0 {
        let verb = if drafts == 1 { "is" } else { "zijn" };
        parts.push(format!("{} {verb} nog niet vastgelegd", words::counted(drafts, "concept", "concepten")));
    }
    match (parts.is_empty(), groups.is_empty()) {
        (false, _) => format!("{}.", words::capitalised(&words::join(&parts))),
        (true, false) => "Er wacht niets op u. Hieronder staat wat er onlangs veranderde.".to_owned(),
        (true, true) => "Er wacht niets op u.".to_owned(),
    }
}

/// Whom this person is asked to lead, and whom nobody leads for too long; among the patients looked at.
async fn leading(app: &App, who: &SignedIn, cases: &[Case]) -> Result<Option<Group>, store::Error> {
    let now = app.clock().now();
    let asked = app.store().asked_to_lead(&who.actor, MOST).await?;
    let long_ago = now - domain::lead::WITHOUT_LEAD;
    let without = app.store().without_lead(&who.actor, long_ago, MOST).await?;
    let task = |id: &PatientId, says: &str, next| {
        let case = cases.iter().find(|c| c.id == id.as_str())?;
        Some(Task {
            name: case.name.clone(),
            sentence: format!("{}: {says}", case.name),
            since: String::new(),
            next: (format!("/patienten/{id}/zorgteam"), next),
            at: now,
        })
    };
    let mut tasks: Vec<Task> =
        asked.iter().filter_map(|id| task(id, "u bent gevraagd om de regie te nemen.", "Antwoord")).collect();
    tasks.extend(
        without.iter().filter_map(|id| task(id, "niemand heeft de regie, al langer dan een week.", "Vraag iemand")),
    );
    let more = tasks.len().saturating_sub(SHOWN);
    tasks.truncate(SHOWN);
    Ok((!tasks.is_empty()).then_some(Group { title: "Regie", tasks, more }))
}

/// `GET /`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    let role = who.actor.role;
    if role == Some(Role::OutOfHours) {
        // Acute care has no work that waits: it begins where it looks for somebody.
        return Ok(Redirect::to("/spoed").into_response());
    }
    let sees_patients = sees_patients(&who);
    let (cases, more) = if sees_patients { cases(&app, &who).await? } else { (Vec::new(), false) };
    let sets = who.actor.may_set_limits();
    let groups = groups(&cases, sets, review_by(&app));
    let lead =
        if sees_patients { lead(&groups, sets) } else { "In uw rol ziet u geen gegevens van patiënten.".to_owned() };
    let mut groups = groups;
    groups.extend(leading(&app, &who, &cases).await?);
    let view = WorkPage {
        frame: Frame::signed(&who, "Mijn werk", Place::Work).told(&told),
        lead,
        glass: super::glass::told::for_work(&app, &who).await?,
        groups,
        may_register: role.is_some_and(Role::is_care_professional),
        partial: more.then(|| format!("Dit overzicht telt {MOST} van uw patiënten. Zoek de andere op bij Patiënten.")),
    };
    Ok(page(&view))
}

/// A patient with leave to read, and leave to set limits.
type Leave = (PatientId, Option<Permit>, Option<Permit>);

async fn cases(app: &App, who: &SignedIn) -> Result<(Vec<Case>, bool), PageError> {
    let now = app.clock().now();
    let actor = &who.actor;
    let leaves: Mutex<Vec<Leave>> = Mutex::new(Vec::new());
    // Who is in the caseload is asked without giving any names; each plan is then read by a permit of its own.
    app.store()
        .caseload_names(
            actor,
            None,
            MOST + 1,
            now,
            |id, relation| {
                let leave = |action| permit(actor, action, id, relation).ok();
                if let Ok(mut leaves) = leaves.lock() {
                    leaves.push((id.clone(), leave(Action::ReadPlan), leave(Action::RecordPlan)));
                }
                None
            },
            |_| false,
        )
        .await?;
    let mut leaves = leaves.into_inner().unwrap_or_default();
    let more = leaves.len() > MOST;
    leaves.truncate(MOST);
    let mut cases = Vec::new();
    for (id, read, write) in leaves {
        let Some(read) = read else { continue };
        let Some(record) = app.store().read(&read, now, "my-work").await? else { continue };
        if record.patient.merged_into.is_some() {
            continue;
        }
        let draft = match &write {
            Some(permit) => app.store().draft(permit, now).await?,
            None => None,
        };
        cases.push(Case {
            id: id.to_string(),
            name: dutch::addressed(&record.patient.patient),
            plan: record.plan,
            draft,
        });
    }
    Ok((cases, more))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::samples::sample;

    fn by() -> ReviewBy {
        ReviewBy { today: "2026-11-22".parse().unwrap(), interval_months: 6 }
    }

    fn case(plan: Option<CurrentPlan>, draft: Option<Draft>) -> Case {
        Case { id: "x".to_owned(), name: "Mw. S.M. Jansen".to_owned(), plan, draft }
    }

    #[test]
    fn a_doctor_is_told_what_waits_and_where_to_set_it() {
        let groups = groups(&[case(Some(sample().current()), None)], true, by());
        let waits = &groups[0];
        assert_eq!(waits.title, "Wacht op u");
        assert_eq!(
            waits.tasks[0].sentence,
            "Mw. S.M. Jansen: arts moet 2 grenzen vaststellen (ziekenhuisopname en bloedproducten)."
        );
        assert_eq!(waits.tasks[0].next, ("/patienten/x/plan/vaststellen".to_owned(), "Lees en stel vast"));
        assert_eq!(lead(&groups, true), "Bij 1 patiënt wachten behandelgrenzen op u.");
    }

    #[test]
    fn a_nurse_is_told_that_a_doctor_is_waited_for() {
        let groups = groups(&[case(Some(sample().current()), None)], false, by());
        assert_eq!(groups[0].title, "Wacht op een arts");
        assert_eq!(groups[0].tasks[0].next.1, "Lees het plan");
    }

    #[test]
    fn nothing_to_do_is_said_as_such() {
        assert_eq!(lead(&groups(&[case(None, None)], true, by()), true), "Er wacht niets op u.");
    }

    #[test]
    fn a_draft_is_found_again() {
        let sample = sample();
        let by_whom = sample.versions[0].version.recorder.clone();
        let at = "2026-11-22T09:00:00Z".parse().unwrap();
        let draft = Draft { based_on: 0, begun_by: by_whom, begun_at: at, topics: Vec::new() };
        let groups = groups(&[case(None, Some(draft))], true, by());
        assert_eq!(groups[0].tasks[0].next.0, "/patienten/x/plan/bewerken");
        assert_eq!(lead(&groups, true), "1 concept is nog niet vastgelegd.");
    }

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        let cases: Vec<Case> = (0..15).map(|_| case(Some(sample().current()), None)).collect();
        let groups = groups(&cases, true, by());
        assert_eq!((groups[0].tasks.len(), groups[0].more), (12, 3));
        assert!(lead(&groups, true).starts_with("Bij 15 patiënten"));
    }
}
