//! The pages of conversations: what is known, the report, the guide.

use super::pages::of;
use super::plan::Sample;
use crate::forms::Fields;
use crate::pages::field::{Choice, Problem};
use crate::pages::frame::Tab;
use crate::pages::talks::guide::{GUIDE, GuidePage};
use crate::pages::talks::known::{Known, Note};
use crate::pages::talks::report::{ReportPage, form, view_of};
use crate::pages::talks::{TalksPage, forms, next_view, support};
use domain::ident::OrganisationId;
use domain::path::{Past, Step, What, planned};
use domain::plan::{Recorder, TopicId};
use domain::role::Role;
use domain::talk::{
    Appointment, AskedOf, Attended, Attention, Fact, Interpreter, LeftOpen, Place, Point, PointKind, Reply, ReplyKind,
    Report, SupportAsked, SupportKind, Talk, attention, reports,
};
use domain::words;
use jiff::civil::Date;
use jiff::civil::time;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// What happened to the sample patient around conversations.
fn steps() -> Vec<Step> {
    let by = Recorder {
        person: None,
        client: None,
        name: "Ayşe Yılmaz".into(),
        role: Some(Role::DistrictNurse),
        organisation: OrganisationId::from_bits(2),
        organisation_name: "Thuiszorg Nabij".into(),
    };
    let talk = [
        What::Talk(Talk::Attention(Attention {
            language: Some("Turks".into()),
            interpreter: Some(Interpreter::Professional),
            points: vec![Point { kind: PointKind::Culture, words: Some("de oudste zoon beslist mee <i>".into()) }],
        })),
        What::Talk(Talk::Fact(Fact {
            who: Some("haar zoon".into()),
            words: "Erover praten is voor haar nu te confronterend.".into(),
        })),
        What::Talk(Talk::Asked(SupportAsked {
            kind: SupportKind::SpiritualCarer,
            question: "Wilt u kennismaken en meedenken over rituelen?".into(),
            of: AskedOf::Outside { words: "Centrum voor levensvragen, per telefoon".into() },
            needed_by: day("2026-12-01"),
            referrer: None,
        })),
        What::Talk(Talk::Replied(Reply { asked: 3, kind: ReplyKind::Comes, words: "Ik kom donderdag langs.".into() })),
        What::Talk(Talk::Held(Report {
            attended: Attended { patient: true, representative: false, others: vec!["zoon Emre".into()] },
            minutes: Some(40),
            place: Some(Place::Home),
            subjective: Some("Wil thuis blijven.\nIs bang voor benauwdheid.".into()),
            plan: Some("Voorstel: geen opname meer.".into()),
            left_open: vec![LeftOpen::Topic(TopicId::PlaceOfDeath), LeftOpen::Words("contact met haar broer".into())],
            ..Report::default()
        })),
        What::Planned(Appointment {
            on: day("2026-12-08"),
            at: Some(time(10, 30, 0, 0)),
            place: Some(Place::Home),
            team: vec!["Ayşe Yılmaz, wijkverpleegkundige".into()],
            wished: vec!["zoon Emre".into()],
            bring: Some("Leg uw lijst met medicijnen klaar.".into()),
            ..Appointment::default()
        }),
    ];
    (1..)
        .zip(talk)
        .map(|(number, what)| {
            let at = "2026-11-20T10:00:00Z".parse().unwrap();
            Step { number, at, day: day("2026-11-20"), by: by.clone(), what }
        })
        .collect()
}

/// What is known of the sample patient.
pub fn known(sample: &Sample) -> Known {
    let path = store::path::Path {
        steps: steps(),
        spoken: None,
        draft_since: None,
        died_on: None,
        months: 6,
        tasks: Vec::new(),
    };
    let mut known = Known::of(&sample.id, &path, Some(&sample.current()), sample.today);
    known.heard.push(Note {
        day: words::day(sample.today),
        text: "Signaal: wordt kwetsbaarder".into(),
        more: Some("Valt <b>vaker</b>".into()),
        by: "Ayşe Yılmaz".into(),
    });
    known
}

/// The page of conversations, with something or nothing on it.
pub fn talks(sample: &Sample, some: bool, typed: &Fields, errors: Vec<Problem>) -> TalksPage {
    let steps = if some { steps() } else { Vec::new() };
    let past = Past { steps: &steps, spoken: None, draft_since: None, died_on: None, months: 6 };
    let next = planned(past);
    let asks = attention(&steps).map(|(_, a)| a.clone()).unwrap_or_default();
    let actor = super::actor(Role::DistrictNurse);
    let team = vec![Choice::of("x/gp", "een huisarts van De Linde")];
    TalksPage {
        frame: of(sample, "Gesprekken", Tab::Talks).failing(!errors.is_empty()),
        id: sample.id.to_string(),
        state: "In gesprek sinds 20 november 2026; er is nog iets vast te leggen.".to_owned(),
        seen: 6,
        known: if some { known(sample) } else { Known::default() },
        next: next.map(|a| next_view(&sample.id, a, asks.helps(), sample.today, true)),
        appointment: Some(forms::appointment(next, &actor, typed, &errors)),
        off: some.then(|| forms::off(typed, &errors)),
        attention: Some(forms::attention(&asks, typed, &errors)),
        fact: Some(forms::fact(typed, &errors)),
        requests: support::views(&steps, true, typed, &errors),
        support: Some(forms::support(team, actor.role, typed, &errors)),
        reports: reports(&steps).into_iter().map(|(step, r)| view_of(step, r)).collect(),
        may_report: true,
        tried: typed.get("doe").to_owned(),
        errors,
    }
}

/// The page of a report.
pub fn report(sample: &Sample, typed: &Fields, errors: Vec<Problem>) -> ReportPage {
    let frame = of(sample, "Verslag van een gesprek", Tab::Beneath);
    form(frame, sample.id.to_string(), known(sample), 6, typed, errors)
}

/// The guide.
pub fn guide(sample: &Sample) -> GuidePage {
    GuidePage { frame: of(sample, "Gesprekswijzer", Tab::Beneath), known: known(sample), guide: GUIDE }
}
