//! A plan as the sheets that [`paper`] sets: the same words, order and marks as the page, without ages.

use crate::pages::card::mark as in_ink;
use crate::pages::history::{marked, who as by_whom};
use crate::pages::mark::Mark;
use crate::pages::plan_view::{LimitView, Line, PersonView, PlanView, Section, Source, TopicView};
use crate::qr;
use domain::date::{FhirDateTime, local_day};
use domain::patient::Patient;
use domain::plan::{Content, Mark as Marked, PlanVersion, ReviewBy, TopicId};
use domain::words;
use paper::{Day, Fact, Form, Notice, Person, Qr, Statement, Topic};

/// What is printed.
pub struct Printed<'a> {
    /// Whose it is.
    pub patient: &'a Patient,
    /// The version.
    pub version: &'a PlanVersion,
    /// What it says.
    pub content: &'a Content,
    /// What went before, newest first.
    pub before: &'a [&'a Content],
    /// What was left out on purpose, and when.
    pub left_out: &'a [(TopicId, FhirDateTime)],
    /// The version was marked wrong or withdrawn.
    pub mark: Option<&'a Marked>,
    /// The newest version, where this is an older one.
    pub newest: Option<u32>,
    /// Months after which a plan wants looking at again.
    pub interval_months: u32,
    /// Where one sees whether this is the current version.
    pub code: Option<Code>,
}

/// The code of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The address it is printed as.
    pub address: String,
    /// What one types where it cannot be scanned.
    pub typed: String,
    /// Where one types it.
    pub typed_at: String,
}

impl Code {
    fn drawn(&self) -> Option<Qr> {
        Some(Qr {
            modules: qr::modules(&self.address)?,
            alt: "QR-code waarmee u ziet of dit de nieuwste versie is".to_owned(),
            caption: format!("Is dit de nieuwste versie? Scan, of ga naar {} en typ {}", self.typed_at, self.typed),
        })
    }
}

/// The form. It depends on the version and what became of it, not on the day: doubts are those of the day it was
/// recorded, and dates stand without ages.
pub fn form(printed: &Printed) -> Form {
    let Printed { patient, version, .. } = printed;
    let day = local_day(version.recorded_at);
    let view = PlanView::from_source(&Source {
        content: printed.content,
        before: printed.before,
        left_out: printed.left_out,
        by: ReviewBy { today: day, interval_months: printed.interval_months },
        ages: false,
    });
    let reason = version.reason.as_deref().map(|r| format!("Reden: {r}"));
    Form {
        title: "Plan voor zorg in de toekomst".to_owned(),
        name: patient.name.full(),
        facts: facts(patient),
        edition: format!("Versie {} van {}", version.number, words::day(day)),
        about: [Some(by_whom(version)), reason].into_iter().flatten().collect(),
        notices: notices(printed, &view),
        glance_title: "In een noodgeval".to_owned(),
        glance: view.emergency.iter().map(limit).collect(),
        sections: sections(&view.sections),
        people_title: "Mensen om de patiënt heen".to_owned(),
        people: view.people.iter().map(person).collect(),
        foot: vec!["Papier loopt achter: kijk of vraag na of er een nieuwere versie is.".to_owned()],
        summary: view.summary,
        qr: printed.code.as_ref().and_then(Code::drawn),
        dated: dated(day),
    }
}

/// A day for the file.
pub fn dated(day: jiff::civil::Date) -> Day {
    Day { year: day.year(), month: day.month(), day: day.day() }
}

fn facts(patient: &Patient) -> Vec<Fact> {
    [
        ("Geboren", Some(words::date(&patient.birth_date))),
        ("BSN", Some(patient.bsn.as_str().to_owned())),
        ("Huisarts", patient.general_practitioner.clone()),
    ]
    .into_iter()
    .filter_map(|(label, says)| Some(Fact { label: label.to_owned(), says: says? }))
    .collect()
}

fn notices(printed: &Printed, view: &PlanView) -> Vec<Notice> {
    let mut all = Vec::new();
    if let Some(mark) = printed.mark {
        all.push(Notice { title: "Deze versie telt niet meer".to_owned(), lines: vec![marked(mark)] });
    }
    if let Some(newest) = printed.newest {
        let line = format!("Versie {newest} is de nieuwste. Gebruik dit blad alleen om terug te lezen.");
        all.push(Notice { title: "Dit is een oude versie".to_owned(), lines: vec![line] });
    }
    if !view.waiting.is_empty() {
        let title = if view.waiting.len() == 1 {
            "Eén behandelgrens is voorgesteld".to_owned()
        } else {
            format!("{} behandelgrenzen zijn voorgesteld", view.waiting.len())
        };
        all.push(Notice { title, lines: vec![view.waiting_sentence()] });
    }
    if !view.doubts.is_empty() {
        all.push(Notice { title: "Let op: kijk of dit nog klopt".to_owned(), lines: view.doubts.clone() });
    }
    all
}

fn limit(limit: &LimitView) -> Statement {
    let small = [Some(limit.fine.clone()).filter(|f| !f.is_empty()), limit.proposed.clone()];
    Statement {
        mark: mark(limit.mark),
        text: limit.text.clone(),
        quiet: limit.quiet,
        small: small.into_iter().flatten().collect(),
        ..Statement::default()
    }
}

/// The sections of a letter as a sheet has them.
pub fn sections(sections: &[Section]) -> Vec<paper::Section> {
    let one = |s: &Section| paper::Section {
        number: s.number.to_owned(),
        title: s.title.to_owned(),
        topics: s.topics.iter().map(topic).collect(),
    };
    sections.iter().map(one).collect()
}

fn topic(topic: &TopicView) -> Topic {
    Topic {
        label: topic.label.clone(),
        statements: topic.lines.iter().map(line).collect(),
        proposals: topic.proposals.iter().map(line).collect(),
    }
}

fn line(line: &Line) -> Statement {
    Statement {
        mark: mark(line.mark),
        text: line.text.clone(),
        quiet: line.quiet,
        told: line.told.clone(),
        why: line.why.as_ref().map(|why| format!("Waarom: {why}")),
        small: line.fine.clone(),
    }
}

fn mark(mark: Mark) -> Option<paper::Mark> {
    match mark {
        Mark::Of(mark) => Some(in_ink(mark)),
        Mark::Plain => None,
    }
}

/// Somebody around the patient, on a sheet.
pub fn person(person: &PersonView) -> Person {
    Person {
        name: person.name.clone(),
        part: person.part.clone(),
        reach: person.telephones.iter().map(|t| t.text.clone()).chain(person.emails.iter().cloned()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::samples::{Sample, sample};

    fn printed(sample: &Sample, newest: Option<u32>) -> Form {
        let stored = sample.versions.last().unwrap();
        form(&Printed {
            patient: &sample.patient,
            version: &stored.version,
            content: &stored.version.content,
            before: &[],
            left_out: &[],
            mark: stored.mark.as_ref(),
            newest,
            interval_months: 6,
            code: None,
        })
    }

    #[test]
    fn paper_says_what_the_page_says_and_nothing_that_another_day_makes_untrue() {
        let sample = sample();
        let form = printed(&sample, None);
        let text = paper::to_text(&form).split_whitespace().collect::<Vec<_>>().join(" ");
        for said in
            ["Niet reanimeren", "Waarom: Mijn hart is op.", "vastgesteld door Saskia van Huissen", "Mirjam Jansen"]
        {
            assert!(text.contains(said), "{said}: {text}");
        }
        for ago in ["geleden", "vandaag", "gisteren"] {
            assert!(!text.contains(ago), "{ago}: {text}");
        }
        assert_eq!(form.glance.len(), 4);
        assert_eq!(form, printed(&sample, None));
    }

    #[test]
    fn an_old_version_says_first_that_it_is_old() {
        let form = printed(&sample(), Some(9));
        assert_eq!(form.notices[0].title, "Dit is een oude versie");
        assert!(form.notices[0].lines[0].starts_with("Versie 9 is de nieuwste."));
    }
}
