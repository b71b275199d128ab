//! The plan's form as a page: sections with their parts, each folded to one line when there is nothing to do.

use super::desk::Desk;
use super::extra::{self, state_code};
use super::node::{Node, Opt, Shape, Sheet, condition};
use super::part::{Part, SECTIONS};
use super::typed::{Typed, name};
use crate::pages::dutch;
use crate::pages::field::Problem;
use crate::pages::frame::Frame;
use crate::pages::mark::{Mark, UNKNOWN};
use crate::pages::talks::guide::Guide;
use crate::pages::talks::known::Known;
use askama::Template;
use domain::form::{LimitsAs, question};
use domain::plan::{AgreementState, DraftTopic, LifeDomain, TopicId};
use domain::words;
use jiff::civil::Date;

/// The page.
#[derive(Template)]
#[template(path = "edit/page.html")]
pub struct EditPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// Something else that must be known before going on.
    pub warning: Option<String>,
    /// How far one is.
    pub progress: Progress,
    /// The sections.
    pub sections: Vec<SectionView>,
    /// Version of the plan that this was written on.
    pub based_on: u32,
    /// When it was last saved.
    pub saved: String,
    /// There is a draft to throw away.
    pub has_draft: bool,
    /// What is known already, beside the form.
    pub known: Known,
    /// The guide for the conversation.
    pub guide: Guide,
}

/// How far one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Topics of which nothing is known yet.
    pub left: usize,
    /// Deliberately not discussed.
    pub skipped: usize,
    /// All topics that are asked.
    pub of: usize,
}

impl Progress {
    /// 'Nog 4 onderwerpen, 2 bewust niet besproken.'
    pub fn sentence(&self) -> String {
        let left = match self.left {
            0 => "Alle onderwerpen zijn besproken of bewust overgeslagen".to_owned(),
            n => format!("Nog {}", words::counted(n, "onderwerp", "onderwerpen")),
        };
        match self.skipped {
            0 => format!("{left}."),
            n => format!("{left}, {n} bewust niet besproken."),
        }
    }

    /// Topics that are done.
    pub fn done(&self) -> usize {
        self.of - self.left
    }
}

/// One section.
pub struct SectionView {
    /// Id on the page.
    pub anchor: String,
    /// Number in the form.
    pub number: &'static str,
    /// Heading.
    pub title: &'static str,
    /// Said under the heading.
    pub note: &'static str,
    /// Its parts.
    pub parts: Vec<PartView>,
}

/// One part.
#[expect(clippy::struct_excessive_bools, reason = "what a template asks, one by one")]
pub struct PartView {
    /// Code in field names.
    pub code: &'static str,
    /// Its name.
    pub label: String,
    /// How it stands, in one line.
    pub state: String,
    /// What became of it: `new`, `bad` or empty.
    pub state_class: &'static str,
    /// The mark of what was decided or stands.
    pub mark: Mark,
    /// Unfolded.
    pub open: bool,
    /// Revision in the draft.
    pub revision: u32,
    /// Its questions.
    pub nodes: Vec<Node>,
    /// It can be left out on purpose.
    pub may_skip: bool,
    /// It is left out on purpose.
    pub skipped: bool,
    /// It can begin with what the plan says.
    pub may_carry: bool,
    /// There is something to clear.
    pub may_clear: bool,
    /// What is proposed on it, in a line.
    pub proposed: Option<String>,
    /// When the plan's statement was made.
    pub since: Option<String>,
    /// What somebody else saved meanwhile.
    pub theirs: Option<Theirs>,
    /// Where it was taken over from.
    pub origin: Option<String>,
    /// The condition under which it is asked.
    pub when: Option<String>,
}

/// What somebody else saved meanwhile.
pub struct Theirs {
    /// Who, and when.
    pub who: String,
    /// What it says, question by question.
    pub said: Vec<(String, String)>,
}

impl Theirs {
    /// What a kept topic says, in words.
    pub fn of(part: Part, kept: &DraftTopic, today: Date) -> Self {
        let typed = match part {
            Part::Life | Part::Other => extra::typed(&kept.answers),
            _ => Typed::of(&kept.answers),
        };
        let none = Typed::default();
        let sheet = Sheet { typed: &none, plan: &typed, errors: &[], known: &[] };
        let mut said = Vec::new();
        match part {
            Part::Life => rows(&typed, &extra::LIFE[2..6], &mut said),
            Part::Other => rows(&typed, &extra::OTHER[1..3], &mut said),
            _ => collect(&sheet.nodes(&part.questions()), &mut said),
        }
        if kept.skipped {
            said.push(("Bewust niet besproken".to_owned(), "ja".to_owned()));
        }
        Self { who: format!("{}, {}", kept.saved_by, dutch::recently(kept.saved_at, today)), said }
    }
}

fn rows(typed: &Typed, names: &[&str], said: &mut Vec<(String, String)>) {
    for n in 0..typed.rows(names) {
        let row: Vec<&str> = names.iter().map(|f| typed.get(&name(f, Some(n)))).filter(|t| !t.is_empty()).collect();
        if !row.is_empty() {
            said.push((format!("Regel {}", n + 1), row.join(", ")));
        }
    }
}

fn collect(nodes: &[Node], said: &mut Vec<(String, String)>) {
    for node in nodes {
        if let Some(then) = &node.then {
            let label = node.context.as_ref().map_or_else(|| node.label.clone(), |c| format!("{c}: {}", node.label));
            said.push((label, then.clone()));
        }
        collect(&node.under, said);
    }
}

/// What was typed on a decision, in words.
fn decided(part: Part, typed: &Typed) -> Option<(String, Mark)> {
    let options = part.questions().into_iter().flat_map(|q| [q].into_iter().chain(q.children().iter().copied()));
    let sheet = Sheet { typed, plan: typed, errors: &[], known: &[] };
    for asked in options.filter(|q| !q.read_only) {
        let nodes = sheet.nodes(&[asked]);
        let chosen = nodes.iter().find_map(|n| match &n.shape {
            Shape::Radios(options) | Shape::Select(options) => {
                options.iter().find(|o| o.chosen).map(|o| (o.label.clone(), o.mark))
            }
            _ => None,
        });
        if chosen.is_some() {
            return chosen;
        }
    }
    None
}

impl Desk {
    /// How far one is.
    pub fn progress(&self) -> Progress {
        let mut progress = Progress { left: 0, skipped: 0, of: 0 };
        for part in Part::all().filter(|p| self.is_asked(*p)) {
            let Some(topic) = part.topic() else { continue };
            progress.of += 1;
            if self.is_skipped(part) && !self.is_filled(part) {
                progress.skipped += 1;
            } else if !self.is_filled(part) && !self.stands(topic) {
                progress.left += 1;
            }
        }
        progress
    }

    /// Is this part asked at all, of this person and this patient?
    fn is_asked(&self, part: Part) -> bool {
        let switching = part == Part::Topic(TopicId::IcdDeactivation);
        let icd = self.typed(Part::Topic(TopicId::Icd)).get("1006");
        let has_icd = if icd.is_empty() { self.has_icd() } else { Some(icd) == yes() };
        self.is_open_to_writer(part) && (!switching || has_icd)
    }

    fn stands(&self, topic: TopicId) -> bool {
        self.plan
            .as_ref()
            .is_some_and(|p| words::said(&p.content, topic).is_some() || words::proposed(&p.content, topic).is_some())
    }

    /// How a part stands, in one line.
    pub fn state(&self, part: Part, errors: bool) -> (String, &'static str, Mark) {
        let typed = self.typed(part);
        if errors {
            return ("Hier klopt iets nog niet".to_owned(), "bad", Mark::Plain);
        }
        if part == Part::Head {
            return (typed.get("963").to_owned(), "", Mark::Plain);
        }
        if self.is_filled(part) {
            return match decided(part, typed) {
                Some((label, mark)) => (format!("Nu ingevuld: {}", label.to_lowercase()), "new", mark),
                None => ("Nu ingevuld".to_owned(), "new", Mark::Plain),
            };
        }
        if self.is_skipped(part) {
            return ("Bewust niet besproken".to_owned(), "new", UNKNOWN);
        }
        let content = self.plan.as_ref().map(|p| &p.content);
        let said = part.topic().and_then(|t| words::said(content?, t));
        let proposed = part.topic().and_then(|t| words::proposed_line(content?, t));
        match (said, proposed, part) {
            // Each conversation tells anew who was there.
            (Some(said), _, Part::Topic(TopicId::Attendance)) => {
                (format!("Vorige keer: {}", short(&said.value)), "", Mark::Plain)
            }
            (Some(said), proposed, Part::Topic(topic)) => {
                let line = if topic.is_limit() { &said.line } else { &said.value };
                let waits = if proposed.is_some() { "; een voorstel wacht op een arts" } else { "" };
                (format!("Blijft: {}{waits}", short(line)), "", said.mark.into())
            }
            (None, Some(proposed), _) => (short(&proposed), "", UNKNOWN),
            (_, _, Part::Life) => {
                (counted(content.map_or(0, |c| c.life_wishes.len()), "wens", "wensen"), "", Mark::Plain)
            }
            (_, _, Part::Other) => {
                (counted(content.map_or(0, |c| c.agreements.len()), "afspraak", "afspraken"), "", Mark::Plain)
            }
            _ => ("Nog niet besproken".to_owned(), "", UNKNOWN),
        }
    }

    fn part(&self, part: Part, errors: &[Problem], theirs: Option<&DraftTopic>, today: Date) -> PartView {
        let own: Vec<Problem> = errors.iter().filter(|e| part_of(&e.field) == Some(part)).cloned().collect();
        let (state, state_class, mark) = self.state(part, !own.is_empty());
        let content = self.plan.as_ref().map(|p| &p.content);
        let topic = part.topic();
        let known: &[&'static str] = if self.has_icd() { &["1006"] } else { &[] };
        let nothing = Typed::default();
        // The head is filled in anew for each conversation: what stood there last time helps nobody.
        let plan = if part == Part::Head { &nothing } else { &self.said };
        let sheet = Sheet { typed: self.typed(part), plan, errors: &own, known };
        let nodes = match part {
            Part::Life => life_nodes(&sheet),
            Part::Other => other_nodes(&sheet),
            _ => sheet.nodes(&part.questions()),
        };
        let filled = self.is_filled(part);
        let said = topic.and_then(|t| words::said(content?, t));
        let switching = part == Part::Topic(TopicId::IcdDeactivation);
        PartView {
            code: part.code(),
            label: match part {
                Part::Head => "Wanneer en met wie".to_owned(),
                Part::Life => "Wat de patiënt graag wil".to_owned(),
                Part::Other => "Afspraken buiten het formulier".to_owned(),
                Part::Topic(topic) => words::title(topic).to_owned(),
            },
            state,
            state_class,
            mark,
            open: part == Part::Head
                || !own.is_empty()
                || theirs.is_some()
                || self.origin(part).is_some()
                || topic.is_some_and(|t| !filled && !self.stands(t) && !self.is_skipped(part)),
            revision: self.kept(part).map_or(0, |k| k.revision),
            nodes,
            may_skip: topic.is_some(),
            skipped: self.is_skipped(part),
            may_carry: said.is_some() && !filled,
            may_clear: topic.is_some() && filled,
            proposed: topic.and_then(|t| words::proposed_line(content?, t)),
            since: said.and_then(|s| s.said_on).map(|d| format!("{}, {}", words::date(&d), words::age_of(&d, today))),
            theirs: theirs.map(|t| Theirs::of(part, t, today)),
            origin: self.origin(part).filter(|_| filled).map(|o| words::capitalised(o)),
            when: (switching && !self.has_icd())
                .then(|| question("1425").and_then(|q| q.enable_when))
                .flatten()
                .map(|w| condition(w.question, w.is)),
        }
    }

    /// The page's sections.
    pub fn sections(&self, errors: &[Problem], theirs: &[DraftTopic], today: Date) -> Vec<SectionView> {
        SECTIONS
            .iter()
            .enumerate()
            .map(|(n, section)| SectionView {
                anchor: format!("deel-{}", n + 1),
                number: section.number,
                title: section.title,
                note: if section.number == "4" { self.limits_note() } else { "" },
                parts: section
                    .parts
                    .iter()
                    .filter(|p| self.is_open_to_writer(**p))
                    .map(|p| self.part(*p, errors, theirs.iter().find(|t| t.part == p.code()), today))
                    .collect(),
            })
            .collect()
    }

    /// How limits count that this person writes (R3).
    pub fn limits_note(&self) -> &'static str {
        match self.limits {
            Some(LimitsAs::SetHere) => "U bent arts: wat u hier vastlegt, geldt als medisch vastgesteld.",
            Some(_) => "U legt voorstellen vast. Een arts stelt ze vast; tot dan blijft gelden wat er stond.",
            None => {
                "In uw rol legt u geen behandelgrenzen vast. Geef door wat u hoort aan de huisarts of wijkverpleegkundige."
            }
        }
    }
}

fn yes() -> Option<&'static str> {
    match question("1425")?.enable_when?.is {
        domain::form::Is::Code(choice) => Some(choice.code),
        domain::form::Is::Boolean(_) => None,
    }
}

/// As much of a text as fits on one line.
fn short(text: &str) -> String {
    const MOST: usize = 64;
    let line = text.replace('\n', " ");
    if line.chars().count() <= MOST { line } else { line.chars().take(MOST).chain(['…']).collect() }
}

fn counted(n: usize, one: &str, many: &str) -> String {
    if n == 0 { "Nog niets vastgelegd".to_owned() } else { words::counted(n, one, many) }
}

/// The part that holds a field.
pub fn part_of(field: &str) -> Option<Part> {
    let link = field.split_once('.').map_or(field, |(link, _)| link);
    match link {
        _ if link.starts_with("life-") => Some(Part::Life),
        _ if link.starts_with("other-") => Some(Part::Other),
        _ => Part::of_question(link),
    }
}

impl Sheet<'_> {
    fn plain(&self, field: String, label: &str, context: &str, shape: Shape) -> Node {
        Node {
            error: self.errors.iter().find(|e| e.field == field).map(|e| e.message.clone()),
            shape,
            name: field,
            label: label.to_owned(),
            context: Some(context.to_owned()),
            hint: None,
            then: None,
            when: None,
            under: Vec::new(),
        }
    }

    fn line(&self, field: &str, n: usize, label: &str, context: &str) -> Node {
        let field = name(field, Some(n));
        let value = self.typed.get(&field).to_owned();
        self.plain(field, label, context, Shape::Line { value, width: "", numeric: false })
    }

    fn area(&self, field: &str, n: usize, label: &str, context: &str) -> Node {
        let field = name(field, Some(n));
        let value = self.typed.get(&field).to_owned();
        self.plain(field, label, context, Shape::Area { value })
    }

    fn hidden(&self, field: &str, n: usize, value: &str) -> Node {
        self.plain(name(field, Some(n)), "", "", Shape::Hidden { value: value.to_owned() })
    }
}

/// One group per domain, with the wishes there are and an empty row.
fn life_nodes(sheet: &Sheet) -> Vec<Node> {
    let rows = sheet.typed.rows(&extra::LIFE);
    let mut next = rows;
    LifeDomain::ALL
        .into_iter()
        .map(|domain| {
            let dutch = domain.dutch();
            let mut own: Vec<usize> =
                (0..rows).filter(|n| sheet.typed.get(&name("life-domain", Some(*n))) == domain.code()).collect();
            own.push(next);
            next += 1;
            let row = |n: usize| {
                let key = sheet.typed.get(&name("life-key", Some(n)));
                let mut row = vec![
                    sheet.hidden("life-key", n, key),
                    sheet.hidden("life-domain", n, domain.code()),
                    sheet.area("life-wish", n, "Wens of doel", dutch),
                    sheet.line("life-action", n, "Wat spreken we af", dutch),
                    sheet.line("life-by", n, "Wie doet dat", dutch),
                    sheet.line("life-until", n, "Tot wanneer (datum)", dutch),
                ];
                if !key.is_empty() {
                    let field = name("life-withdrawn", Some(n));
                    let option = Opt {
                        value: "ja".to_owned(),
                        label: "Losgelaten: deze wens geldt niet meer".to_owned(),
                        mark: Mark::Plain,
                        chosen: sheet.typed.get(&field) == "ja",
                        opens: None,
                    };
                    row.push(sheet.plain(field, "Geldt de wens nog?", dutch, Shape::Checks(vec![option])));
                }
                row
            };
            let group = sheet.plain(
                format!("life-{}", domain.code()),
                dutch,
                "",
                Shape::Rows(own.into_iter().map(row).collect()),
            );
            Node { context: None, ..group }
        })
        .collect()
}

fn other_nodes(sheet: &Sheet) -> Vec<Node> {
    const STATES: [(AgreementState, &str); 3] = [
        (AgreementState::Current, "Geldt nu"),
        (AgreementState::NotYetCurrent, "Nog niet aan de orde"),
        (AgreementState::Withdrawn, "Ingetrokken"),
    ];
    let row = |n: usize| {
        let context = format!("Afspraak {}", n + 1);
        let field = name("other-state", Some(n));
        let chosen = sheet.typed.get(&field);
        let options = STATES
            .into_iter()
            .map(|(state, label)| Opt {
                value: state_code(state).to_owned(),
                label: label.to_owned(),
                mark: Mark::Plain,
                chosen: chosen == state_code(state) || (chosen.is_empty() && state == AgreementState::Current),
                opens: None,
            })
            .collect();
        vec![
            sheet.hidden("other-key", n, sheet.typed.get(&name("other-key", Some(n)))),
            sheet.area("other-text", n, "Afspraak", &context),
            sheet.line("other-condition", n, "Onder welke voorwaarde", &context),
            sheet.plain(field, "Stand van zaken", &context, Shape::Select(options)),
        ]
    };
    let rows = (0..=sheet.typed.rows(&extra::OTHER)).map(row).collect();
    let group = sheet.plain(
        "other-rows".to_owned(),
        "Bijvoorbeeld over palliatieve sedatie of een euthanasieverzoek",
        "",
        Shape::Rows(rows),
    );
    vec![Node { context: None, ..group }]
}
