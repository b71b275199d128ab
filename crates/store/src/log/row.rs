//! A row of the log as it is written, and its seal: an HMAC over the row and over the seal of the row before it.

use crate::readings::Reading;
use crate::seal::Keyed;
use crate::value::micros;
use domain::access::{Actor, Permit, Who};
use domain::role::Role;
use jiff::Timestamp;
use std::borrow::Cow;

/// Chain of what concerns no patient.
pub(crate) const INSTANCE: &str = "instance";

/// A row to be put at the end of its chain.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub chain: String,
    pub at: i64,
    pub actor: String,
    pub role: Option<Cow<'static, str>>,
    pub organisation: Option<String>,
    /// On whose behalf: `patient:{id}`; absent: on no other's than the organisation's.
    pub behalf: Option<String>,
    pub action: Cow<'static, str>,
    pub data: Cow<'static, str>,
    pub basis: Option<Cow<'static, str>>,
    pub outcome: Cow<'static, str>,
    /// Patient that a row of the instance's chain is about.
    pub patient: Option<String>,
    /// Digest of what was written.
    pub digest: Option<[u8; 32]>,
    /// Sealed where the chain is a patient's.
    pub detail: Option<Vec<u8>>,
    /// Who read or was told what, where the chain is a patient's: written with the row, and no part of it.
    pub readings: Vec<Reading>,
}

/// The last row of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub seq: i64,
    pub id: i64,
    /// Empty before the first row.
    pub mac: Vec<u8>,
}

impl Head {
    /// Of a chain without rows.
    pub const NONE: Self = Self { seq: 0, id: 0, mac: Vec::new() };
}

impl Entry {
    /// The row for what a permit was given for.
    pub fn of(permit: &Permit, now: Timestamp, data: impl Into<Cow<'static, str>>) -> Self {
        let mut entry = Self::by(permit.actor(), now, permit.action().code(), data);
        permit.patient().as_str().clone_into(&mut entry.chain);
        entry.basis = Some(permit.basis().code().into());
        if permit.actor().role == Some(Role::Representative) {
            entry.behalf = Some(["patient:", permit.patient().as_str()].concat());
        }
        entry
    }

    /// The row for something done that concerns no patient.
    pub fn by(actor: &Actor, now: Timestamp, action: &'static str, data: impl Into<Cow<'static, str>>) -> Self {
        let mut entry = Self::nobody(now, action, data);
        entry.actor = actor_code(&actor.who);
        entry.role = match (&actor.who, actor.role) {
            (Who::Client(_, purpose), _) => Some(purpose.code().into()),
            (_, role) => role.map(|r| r.code().into()),
        };
        entry.organisation = Some(actor.organisation.as_str().to_owned());
        entry
    }

    /// The row for something the program does on its own or on the command line.
    pub fn program(now: Timestamp, action: &'static str, data: impl Into<Cow<'static, str>>) -> Self {
        Self { actor: actor_code(&Who::Program), ..Self::nobody(now, action, data) }
    }

    /// The row for something done by nobody known.
    pub fn nobody(now: Timestamp, action: &'static str, data: impl Into<Cow<'static, str>>) -> Self {
        Self {
            chain: INSTANCE.to_owned(),
            at: micros(now),
            actor: String::new(),
            role: None,
            organisation: None,
            behalf: None,
            action: action.into(),
            data: data.into(),
            basis: None,
            outcome: "done".into(),
            patient: None,
            digest: None,
            detail: None,
            readings: Vec::new(),
        }
    }

    /// The seal of this row as the `seq`-th of its chain, `id`-th of all, after `previous`.
    pub fn mac(&self, key: &Keyed, previous: &[u8], id: i64, seq: i64) -> [u8; 32] {
        let mut bytes = Vec::with_capacity(256);
        let text = |bytes: &mut Vec<u8>, part: Option<&[u8]>| {
            // A length of all ones stands for "nothing", which no real part can have.
            bytes.extend_from_slice(&part.map_or(u64::MAX, |p| p.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part.unwrap_or_default());
        };
        for number in [id, seq, self.at] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        for part in [&self.chain, &self.actor] {
            text(&mut bytes, Some(part.as_bytes()));
        }
        for part in [&self.action, &self.data, &self.outcome] {
            text(&mut bytes, Some(part.as_bytes()));
        }
        for part in [&self.role, &self.basis] {
            text(&mut bytes, part.as_deref().map(str::as_bytes));
        }
        for part in [&self.organisation, &self.patient] {
            text(&mut bytes, part.as_deref().map(str::as_bytes));
        }
        text(&mut bytes, self.digest.as_ref().map(<[u8; 32]>::as_slice));
        text(&mut bytes, self.detail.as_deref());
        // Came later; rows without it keep the seal they were given.
        if let Some(behalf) = &self.behalf {
            text(&mut bytes, Some(behalf.as_bytes()));
        }
        key.raw(previous, &bytes)
    }
}

/// Who, as the log writes it.
fn actor_code(who: &Who) -> String {
    let (kind, id) = match who {
        Who::Person(id) => ("person:", id.as_str()),
        Who::Client(id, _) => ("client:", id.as_str()),
        Who::Program => ("program", ""),
    };
    [kind, id].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::Hashes;

    #[test]
    fn the_seal_covers_every_column() {
        let key = Hashes::new(&[1; 32]).log;
        let entry = Entry {
            chain: "c".into(),
            at: 1,
            actor: "a".into(),
            role: Some("r".into()),
            organisation: Some("o".into()),
            behalf: None,
            action: "x".into(),
            data: "d".into(),
            basis: Some("b".into()),
            outcome: "done".into(),
            patient: None,
            digest: None,
            detail: None,
            readings: Vec::new(),
        };
        let seal = |e: &Entry| e.mac(&key, b"p", 1, 1);
        let changes: [fn(&mut Entry); 13] = [
            |e| e.chain = "d".into(),
            |e| e.at = 2,
            |e| e.actor = "b".into(),
            |e| e.role = None,
            |e| e.organisation = Some(String::new()),
            |e| e.action = "y".into(),
            |e| e.data = "dd".into(),
            |e| e.basis = None,
            |e| e.outcome = "failed".into(),
            |e| e.patient = Some(String::new()),
            |e| e.digest = Some([0; 32]),
            |e| e.detail = Some(vec![]),
            |e| e.behalf = Some(String::new()),
        ];
        for (i, change) in changes.into_iter().enumerate() {
            let mut other = entry.clone();
            change(&mut other);
            assert_ne!(seal(&entry), seal(&other), "column {i}");
        }
        assert_ne!(seal(&entry), entry.mac(&key, b"p", 2, 1));
        assert_ne!(seal(&entry), entry.mac(&key, b"p", 1, 2));
        assert_ne!(seal(&entry), entry.mac(&key, b"q", 1, 1));
    }
}
