//! How an organisation anchors proactive care planning in its own work (PROCESS T2): who pulls it, who is trained and must be
//! again, and which agreements stand in daily work. About its own people, never about a patient.

pub mod given;

use crate::ident::PersonId;
use crate::organisation::OrganisationKind;
use crate::practice::may_steer;
use crate::role::Role;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Somebody who pulls it (kartrekker).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Champion {
    /// Who.
    pub person: PersonId,
    /// Their name, which stays when they leave.
    pub name: String,
    /// Since when.
    pub since: Date,
    /// Until when, where that is known; that day included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

impl Champion {
    /// Do they pull it on this day?
    pub fn is_active(&self, on: Date) -> bool {
        self.since <= on && self.until.is_none_or(|until| until >= on)
    }
}

/// Who stands behind it. Sealed at rest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backing {
    /// Who of the management stands for it.
    #[serde(default)]
    pub sponsor: String,
    /// Who pulls it.
    #[serde(default)]
    pub champions: Vec<Champion>,
}

/// Somebody who was trained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trainee {
    /// Who.
    pub person: PersonId,
    /// Their name, which stays when they leave.
    pub name: String,
}

/// A training that was held. Sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// What about.
    pub what: String,
    /// When.
    pub on: Date,
    /// Who took part.
    pub people: Vec<Trainee>,
    /// After how many months it is to be followed again; none: once is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u8>,
}

impl Training {
    /// The day by which it is to be followed again.
    pub fn again(&self) -> Option<Date> {
        self.on.checked_add(i32::from(self.months?).months()).ok()
    }
}

/// Somebody who is to be trained again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Who.
    pub name: String,
    /// What about.
    pub what: String,
    /// By which day.
    pub by: Date,
    /// Is that day over?
    pub late: bool,
}

/// So many months before its day a training stands in the list.
const AHEAD: i32 = 3;

/// Who of those that work here is to be trained again within three months, the longest overdue first. Of each subject the
/// newest training counts, whatever its capitals.
pub fn due<'a>(trainings: impl IntoIterator<Item = &'a Training>, here: &[PersonId], today: Date) -> Vec<Due> {
    let mut newest: Vec<(&PersonId, String, &Training, &str)> = Vec::new();
    for training in trainings {
        let subject = training.what.trim().to_lowercase();
        for who in training.people.iter().filter(|t| here.contains(&t.person)) {
            match newest.iter_mut().find(|(person, what, ..)| **person == who.person && *what == subject) {
                Some(row) if row.2.on < training.on => row.2 = training,
                Some(_) => {}
                None => newest.push((&who.person, subject.clone(), training, &who.name)),
            }
        }
    }
    let until = today.checked_add(AHEAD.months()).unwrap_or(today);
    let of = |(_, _, training, name): (&PersonId, String, &Training, &str)| {
        let by = training.again().filter(|by| *by <= until)?;
        Some(Due { name: name.to_owned(), what: training.what.clone(), by, late: by < today })
    };
    let mut all: Vec<Due> = newest.into_iter().filter_map(of).collect();
    all.sort_by(|a, b| (a.by, &a.name).cmp(&(b.by, &b.name)));
    all
}

/// An agreement that stands in daily work. Sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// What was agreed.
    pub what: String,
    /// Where it is anchored: the agenda of a meeting, a checklist, a form.
    pub place: String,
    /// Who sees to it.
    pub owner: String,
    /// When one looks whether it works.
    pub check_on: Date,
    /// The day on which it was found to work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub works_since: Option<Date>,
}

impl Anchor {
    /// Is its day over, and nobody found that it works?
    pub fn is_late(&self, today: Date) -> bool {
        self.works_since.is_none() && self.check_on < today
    }
}

/// May somebody in this role read how an organisation of this kind anchors it: whoever works there, as long as it gives care?
pub fn may_read(role: Role, kind: OrganisationKind) -> bool {
    kind.gives_care() && !matches!(role, Role::Patient | Role::Representative | Role::Relative)
}

/// May somebody in this role write it down: in a general practice whoever steers it; elsewhere whoever may lead a patient's
/// path, and whoever manages?
pub fn may_write(role: Role, kind: OrganisationKind) -> bool {
    let manages = matches!(role, Role::PracticeManager | Role::OrganisationAdmin);
    match kind {
        OrganisationKind::GpPractice => may_steer(role, kind),
        _ => may_read(role, kind) && (role.may_lead() || manages),
    }
}

#[cfg(test)]
mod tests;
