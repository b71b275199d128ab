//! What the page shows: the sources, where plans disagree, and everything side by side.

use super::why;
use crate::forms::Fields;
use crate::pages::edit::may_take;
use crate::pages::field::{Field, Problem};
use crate::pages::frame::Frame;
use crate::pages::mark::{Mark, UNKNOWN};
use crate::pages::plan_view::{recorded_by, why_label};
use crate::viewer::{Answer, Found, Round, Source};
use askama::Template;
use domain::conflicts::{Cell, side_by_side};
use domain::elsewhere::{on_what, open};
use domain::ident::PatientId;
use domain::path::Step;
use domain::plan::{Content, CurrentPlan, TopicId};
use domain::words::{self, Said};
use jiff::civil::Date;
use std::sync::Arc;

/// The page.
#[derive(Template)]
#[template(path = "elsewhere/page.html")]
pub struct ElsewherePage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// The round that is shown; empty before anything was asked.
    pub round: String,
    /// Answers still come.
    pub busy: bool,
    /// A round was asked for that is there no more.
    pub gone: bool,
    /// How far it is, in a sentence.
    pub lead: String,
    /// Every source.
    pub sources: Vec<SourceRow>,
    /// What somebody has to settle.
    pub open: Vec<OpenRow>,
    /// Where plans disagree.
    pub conflicts: Vec<TopicRow>,
    /// Where one says what another does not, or in other words.
    pub others: Vec<TopicRow>,
    /// Where all that say anything say the same: title and line.
    pub same: Vec<(&'static str, String)>,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// A source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// Name.
    pub name: String,
    /// What it said, in sentences.
    pub told: String,
    /// How it stands: `busy`, `plan`, `none` or `failed`.
    pub class: &'static str,
}

/// A disagreement that nobody settled.
pub struct OpenRow {
    /// Name of the source.
    pub source: String,
    /// On what.
    pub sentence: String,
    /// To say that the plan here stands; absent: not for this person.
    pub why: Option<Field>,
}

/// A topic, side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicRow {
    /// Its title.
    pub label: &'static str,
    /// Number in the form.
    pub number: &'static str,
    /// What each plan says, the own one first.
    pub sides: Vec<Side>,
}

/// What one plan says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Side {
    /// Whose plan.
    pub who: String,
    /// The line.
    pub text: String,
    /// Its mark.
    pub mark: Mark,
    /// The explanation, to the letter.
    pub why: Option<String>,
    /// What the explanation is.
    pub why_label: &'static str,
    /// Since when, and by whom.
    pub fine: Vec<String>,
    /// It is the newest of them.
    pub newest: bool,
    /// What is proposed there.
    pub proposed: Option<String>,
    /// By which number the source is named, where this may be taken over.
    pub take: Option<usize>,
}

/// Above the side of the plan here.
const HERE: &str = "Hier";

/// What the page needs beside the round.
pub struct Beside<'a> {
    /// What happened.
    pub steps: &'a [Step],
    /// The plan here, where there is one.
    pub own: Option<&'a CurrentPlan>,
    /// This person may record.
    pub records: bool,
    /// And limits too, if only as a proposal.
    pub limits: bool,
    /// This person may settle a disagreement.
    pub weighs: bool,
    /// The sources of the organisation.
    pub sources: Vec<Arc<Source>>,
    /// Its name.
    pub organisation: &'a str,
    /// The day.
    pub today: Date,
    /// What was typed.
    pub fields: &'a Fields,
    /// What is wrong with it.
    pub errors: &'a [Problem],
}

/// The field in which is written why the plan here stands, for this source.
pub fn field_of(steps: &[Step], source: &str) -> String {
    let open = open(steps).into_iter().find(|o| o.source == source);
    format!("waarom-{}", open.map_or(0, |o| o.step.number))
}

/// The page of a round, or before one.
pub fn view(frame: Frame, id: &PatientId, round: Option<&Round>, beside: &Beside<'_>) -> ElsewherePage {
    let answers = round.map(Round::answers).unwrap_or_default();
    let busy = round.is_some_and(|r| !r.is_done());
    let sources = match round {
        Some(round) => round.sources.iter().zip(&answers).map(|(s, a)| row(s, a.as_ref())).collect(),
        None => {
            beside.sources.iter().map(|s| SourceRow { name: s.name.clone(), told: String::new(), class: "" }).collect()
        }
    };
    let (conflicts, others, same) = round.map(|r| topics(r, &answers, beside)).unwrap_or_default();
    ElsewherePage {
        lead: lead(round, &answers, beside),
        frame,
        id: id.to_string(),
        round: round.map(|r| r.id.clone()).unwrap_or_default(),
        busy,
        gone: false,
        sources,
        open: open_rows(beside),
        conflicts,
        others,
        same,
        errors: beside.errors.to_vec(),
    }
}

fn lead(round: Option<&Round>, answers: &[Option<Answer>], beside: &Beside<'_>) -> String {
    let count = |n| words::counted(n, "bron", "bronnen");
    let Some(round) = round else {
        return match beside.sources.len() {
            0 => format!("Voor {} zijn geen andere bronnen ingesteld.", beside.organisation),
            n => format!("{} kan {} vragen of daar ook een plan van deze patiënt is.", beside.organisation, count(n)),
        };
    };
    let total = round.sources.len();
    let waits = answers.iter().filter(|a| a.is_none()).count();
    let plans = answers.iter().flatten().filter(|a| matches!(a, Ok(Found { plan: Some(_), .. }))).count();
    let failed = answers.iter().flatten().filter(|a| a.is_err()).count();
    if waits > 0 {
        return format!("{} gevraagd: {} klaar, {waits} nog bezig.", count(total), total - waits);
    }
    let have = match plans {
        0 => "geen enkele heeft een plan".to_owned(),
        1 => "1 heeft een plan".to_owned(),
        n => format!("{n} hebben een plan"),
    };
    let failed = match failed {
        0 => String::new(),
        1 => ", 1 gaf geen bruikbaar antwoord".to_owned(),
        n => format!(", {n} gaven geen bruikbaar antwoord"),
    };
    format!("{} gevraagd: {have}{failed}.", count(total))
}

fn row(source: &Source, answer: Option<&Answer>) -> SourceRow {
    let (told, class) = match answer {
        None => ("Nog bezig …".to_owned(), "busy"),
        Some(Err(failure)) => (failure.sentence(source), "failed"),
        Some(Ok(found)) => told(found),
    };
    SourceRow { name: source.name.clone(), told, class }
}

fn told(found: &Found) -> (String, &'static str) {
    let mut all = Vec::new();
    let class = match (&found.plan, found.known) {
        (Some(plan), _) => {
            all.push(about(plan));
            "plan"
        }
        (None, true) if found.left_out > 0 => {
            all.push("Kent de patiënt, en gaf niet op alles antwoord: of er een plan is, is niet bekend.".to_owned());
            return (all.concat(), "none");
        }
        (None, true) => {
            all.push("Kent de patiënt en heeft geen plan.".to_owned());
            "none"
        }
        (None, false) => {
            all.push("Kent de patiënt niet, of mag ons niets geven.".to_owned());
            "none"
        }
    };
    if found.other_name {
        all.push("De naam is daar anders geschreven: controleer of het dezelfde persoon is.".to_owned());
    }
    if found.left_out > 0 {
        let is = if found.left_out == 1 { "is" } else { "zijn" };
        let parts = words::counted(found.left_out, "onderdeel", "onderdelen");
        all.push(format!("{parts} daarvan {is} hier niet te lezen."));
    }
    (all.join(" "), class)
}

/// 'Heeft een plan; laatste gesprek op 8 november 2025, met dr. Van Huissen (huisarts).'
fn about(plan: &Content) -> String {
    let Some(newest) = plan.newest_conversation() else { return "Heeft een plan, zonder datum.".to_owned() };
    let with: Vec<domain::plan::Party> =
        newest.held_by.iter().map(|h| domain::plan::Party::Professional(h.professional)).collect();
    let by = if with.is_empty() { String::new() } else { format!(", door {}", words::parties(plan, &with)) };
    format!("Heeft een plan; laatste gesprek op {}{by}.", words::date(newest.date()))
}

fn open_rows(beside: &Beside<'_>) -> Vec<OpenRow> {
    let all = open(beside.steps);
    let rows = all.iter().map(|open| {
        let name = format!("waarom-{}", open.step.number);
        OpenRow {
            source: open.source.to_owned(),
            sentence: on_what(open.topics),
            why: beside.weighs.then(|| why(&name, beside.fields.get(&name)).checked(beside.errors)),
        }
    });
    rows.collect()
}

/// One plan of those that are shown.
struct Shown<'a> {
    who: String,
    content: &'a Content,
    /// Number of the source; absent for the plan here.
    source: Option<usize>,
}

type Topics = (Vec<TopicRow>, Vec<TopicRow>, Vec<(&'static str, String)>);

fn topics(round: &Round, answers: &[Option<Answer>], beside: &Beside<'_>) -> Topics {
    let nothing = Content::default();
    let own = beside.own.map_or(&nothing, |p| &p.content);
    let mut shown = vec![Shown { who: HERE.to_owned(), content: own, source: None }];
    for (n, answer) in answers.iter().enumerate() {
        if let Some(Ok(Found { plan: Some(plan), .. })) = answer
            && let Some(source) = round.sources.get(n)
        {
            shown.push(Shown { who: source.name.clone(), content: plan, source: Some(n) });
        }
    }
    let (mut conflicts, mut others, mut same) = (Vec::new(), Vec::new(), Vec::new());
    if shown.len() == 1 {
        return (conflicts, others, same);
    }
    let plans: Vec<&Content> = shown.iter().map(|s| s.content).collect();
    for row in side_by_side(&plans) {
        let mut said = row.cells.iter().map(|c| c.said.as_ref().map(|s| (&s.value, &s.comment)));
        let first = said.next().flatten();
        let alike = first.is_some() && said.all(|s| s == first) && row.cells.iter().all(|c| c.proposed.is_none());
        let title = words::title(row.topic);
        if alike {
            let line = row.cells.first().and_then(|c| c.said.as_ref()).map(|s| s.line.clone());
            same.push((title, line.unwrap_or_default()));
            continue;
        }
        let own = row.cells.first().and_then(|c| c.said.as_ref()).map(|s| s.value.clone());
        let sides = shown.iter().zip(&row.cells).map(|(s, cell)| side(s, row.topic, cell, own.as_ref(), beside));
        let topic = TopicRow { label: title, number: row.topic.number(), sides: sides.collect() };
        if row.conflict { conflicts.push(topic) } else { others.push(topic) }
    }
    (conflicts, others, same)
}

fn side(shown: &Shown<'_>, topic: TopicId, cell: &Cell, own: Option<&String>, beside: &Beside<'_>) -> Side {
    let proposed = cell.proposed.as_ref().map(|p| format!("Voorgesteld, niet vastgesteld: {}", p.value));
    let differs = cell.said.as_ref().or(cell.proposed.as_ref()).is_some_and(|s| own != Some(&s.value));
    let may = beside.records && may_take(topic) && (beside.limits || !topic.is_limit());
    let take = shown.source.filter(|_| differs && may);
    let who = shown.who.clone();
    let Some(said) = &cell.said else {
        return Side { who, text: "Niet besproken".to_owned(), mark: UNKNOWN, proposed, take, ..Side::default() };
    };
    Side {
        who,
        text: words::capitalised(&said.line),
        mark: said.mark.into(),
        why: said.comment.clone(),
        why_label: why_label(topic),
        fine: fine(shown.content, topic, said, beside.today),
        newest: cell.newest,
        proposed,
        take,
    }
}

/// Since when, and by whom.
fn fine(content: &Content, topic: TopicId, said: &Said, today: Date) -> Vec<String> {
    let mut all = vec![said.said_on.as_ref().map_or_else(
        || "zonder datum".to_owned(),
        |on| format!("sinds {}, {}", words::date(on), words::age_of(on, today)),
    )];
    let by = recorded_by(content, topic);
    all.extend(
        said.set_by
            .clone()
            .or_else(|| (!by.is_empty()).then(|| format!("vastgelegd door {}", words::parties(content, by)))),
    );
    all
}
