//! Filters of the log, as they stand in an address: codes, days and ids of who works here; never anything of a patient.

use super::super::days::{end_of, midnight, typed_day};
use super::super::field::{Choice, Field, Problem};
use jiff::civil::Date;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use std::fmt::Write as _;
use store::log::Outcome;
use store::log::read::{Filter, LogPage, Which};

/// What an address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// From this day.
    van: String,
    /// Until this day, it included.
    tot: String,
    /// By whom, as the log writes it.
    pub wie: String,
    /// What kind of thing.
    wat: String,
    /// How it ended.
    uitkomst: String,
    /// Where the page begins.
    verder: String,
}

/// A group of actions: code in the address, words, actions.
type Group = (&'static str, &'static str, &'static [&'static str]);

/// What can be asked of a patient's log.
pub const OF_PATIENT: &[Group] = &[
    ("inzien", "Inzien", &["read-patient", "read-plan", "read-emergency"]),
    (
        "vastleggen",
        "Vastleggen en wijzigen",
        &[
            "register-patient",
            "correct-patient",
            "record-plan",
            "confirm-plan",
            "set-limits",
            "deliver-plan",
            "manage-team",
            "record-consent",
            "invite",
            "own-words",
            "answer-request",
            "erase-patient",
        ],
    ),
    ("noodknop", "Noodknop", &["break-glass", "break-glass-refused", "judge-glass"]),
    ("kopie", "Kopie of afdruk", &["export-record", "print"]),
    ("logboek", "Logboek bekijken", &["read-log"]),
];

/// What can be asked of the instance's log.
pub const OF_INSTANCE: &[Group] = &[
    ("inloggen", "In- en uitloggen", &["sign-in", "sign-out", "choose-role", "token"]),
    ("zoeken", "Zoeken", &["search", "launch"]),
    (
        "instellingen",
        "Mensen, beleid en koppelingen",
        &[
            "administer",
            "add-person",
            "change-person",
            "set-password",
            "grant-role",
            "end-role",
            "leave",
            "import-people",
            "add-organisation",
            "change-organisation",
            "add-client",
            "change-client",
            "self-test",
        ],
    ),
    ("logboek", "Logboek bekijken", &["read-log"]),
];

impl Asked {
    /// The filter that is meant, or what is wrong with it.
    pub fn filter(&self, groups: &[Group]) -> Result<Filter, Vec<Problem>> {
        let mut errors = Vec::new();
        let from = day(&self.van, "van", &mut errors).map(midnight);
        let until = day(&self.tot, "tot", &mut errors).map(end_of);
        if from.zip(until).is_some_and(|(from, until)| until <= from) {
            errors.push(Problem::at("tot", "Deze dag ligt voor de eerste dag."));
        }
        let group = groups.iter().find(|g| g.0 == self.wat);
        let outcome = match self.uitkomst.as_str() {
            "gedaan" => Some(Outcome::Done),
            "geweigerd" => Some(Outcome::Refused),
            "mislukt" => Some(Outcome::Failed),
            _ => None,
        };
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Filter {
            from,
            until,
            actor: Some(self.wie.clone()).filter(|w| !w.is_empty()),
            actions: group.map(|g| g.2.to_vec()).unwrap_or_default(),
            outcome,
            organisations: None,
            nobody_too: false,
        })
    }

    /// Where the page begins that is meant.
    pub fn cursor(&self) -> Option<u64> {
        self.verder.parse().ok()
    }

    /// The page that is meant.
    pub fn which(&self, limit: usize) -> Which {
        Which { cursor: self.cursor(), limit }
    }

    /// The questions, with the people of this page to choose from.
    pub fn fields(&self, groups: &[Group], people: &[(String, String)], errors: &[Problem]) -> Vec<Field> {
        let mut who = vec![Choice::of("", "Iedereen")];
        who.extend(people.iter().map(|(id, name)| Choice::of(id, name)));
        let mut what = vec![Choice::of("", "Alles")];
        what.extend(groups.iter().map(|(code, words, _)| Choice::of(*code, *words)));
        let outcomes = [("", "Alle"), ("gedaan", "Gedaan"), ("geweigerd", "Geweigerd"), ("mislukt", "Mislukt")];
        vec![
            Field::short("van", "Van", &self.van).checked(errors),
            Field::short("tot", "Tot en met", &self.tot).checked(errors),
            Field::select("wie", "Wie", &self.wie, who),
            Field::select("wat", "Wat", &self.wat, what),
            Field::select("uitkomst", "Uitkomst", &self.uitkomst, outcomes.map(|(c, w)| Choice::of(c, w)).to_vec()),
        ]
    }

    /// The same filters at another address, from another row on.
    pub fn at(&self, path: &str, cursor: Option<u64>) -> String {
        let mut out = path.to_owned();
        let cursor = cursor.map(|c| c.to_string()).unwrap_or_default();
        let parts = [
            ("van", &self.van),
            ("tot", &self.tot),
            ("wie", &self.wie),
            ("wat", &self.wat),
            ("uitkomst", &self.uitkomst),
            ("verder", &cursor),
        ];
        for (name, value) in parts.into_iter().filter(|(_, v)| !v.is_empty()) {
            let mark = if out.contains('?') { '&' } else { '?' };
            // Writing to a string cannot fail.
            let _ = write!(out, "{mark}{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC));
        }
        out
    }

    /// Address of the next page.
    pub fn next(&self, path: &str, page: &LogPage) -> Option<String> {
        page.next.map(|cursor| self.at(path, Some(cursor)))
    }

    /// Does it begin further down than the newest row?
    pub fn is_further(&self) -> bool {
        !self.verder.is_empty()
    }
}

fn day(typed: &str, name: &str, errors: &mut Vec<Problem>) -> Option<Date> {
    let typed = Some(typed.trim()).filter(|t| !t.is_empty())?;
    typed_day(typed).map_err(|wrong| errors.push(Problem::at(name, wrong))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_stay_in_the_address_from_page_to_page() {
        let asked = Asked { van: "01-11-2026".into(), wie: "person:abc".into(), ..Asked::default() };
        assert_eq!(asked.at("/x", Some(7)), "/x?van=01%2D11%2D2026&wie=person%3Aabc&verder=7");
        assert_eq!(asked.filter(OF_PATIENT).unwrap().from.unwrap().to_string(), "2026-10-31T23:00:00Z");
        let wrong = Asked { van: "gisteren".into(), ..Asked::default() };
        assert_eq!(wrong.filter(OF_PATIENT).unwrap_err()[0].field, "van");
        let backwards = Asked { van: "2-1-2026".into(), tot: "1-1-2026".into(), ..Asked::default() };
        assert_eq!(backwards.filter(OF_PATIENT).unwrap_err()[0].field, "tot");
    }
}
