//! `/patienten/{id}/gesprekken/uitnodiging.pdf`: the letter that invites the patient to the conversation that is planned
//! (V1), in plain language, about what matters to them (V5). Printing it is an act of its own in the log.

use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::pages::dutch::addressed;
use crate::pages::on_paper::dated;
use crate::pages::own_access::{greeting, street_and_place};
use crate::pages::render::Answer;
use crate::press::shown;
use crate::session::SignedIn;
use axum::extract::{Path, State};
use domain::access::Action;
use domain::path::planned;
use domain::patient::Patient;
use domain::talk::{Appointment, Attention, Place, PointKind, attention, time_words};
use domain::words;
use jiff::civil::{Date, Weekday};
use paper::{Letter, Part};

/// Who sends it.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'a> {
    /// Name.
    pub name: &'a str,
    /// Role, in the field's words.
    pub role: &'a str,
    /// Organisation.
    pub organisation: &'a str,
}

fn weekday(day: Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "maandag",
        Weekday::Tuesday => "dinsdag",
        Weekday::Wednesday => "woensdag",
        Weekday::Thursday => "donderdag",
        Weekday::Friday => "vrijdag",
        Weekday::Saturday => "zaterdag",
        Weekday::Sunday => "zondag",
    }
}

/// When and where.
fn when_and_where(next: &Appointment) -> Vec<Part> {
    let hour = next.at.map(|at| format!(" om {}", time_words(at))).unwrap_or_default();
    let mut parts = vec![Part::text(format!("Het gesprek is op {} {}{hour}.", weekday(next.on), words::day(next.on)))];
    let kind = next.place.map(Place::to_patient).filter(|w| !w.is_empty());
    match (kind, &next.place_words) {
        (Some(kind), Some(more)) => parts.push(Part::text(format!("Het gesprek is {kind}: {more}."))),
        (Some(kind), None) => parts.push(Part::text(format!("Het gesprek is {kind}."))),
        (None, Some(more)) => parts.push(Part::text(format!("De plaats is: {more}."))),
        (None, None) => {}
    }
    let missing = match (next.at, next.place.is_some() || next.place_words.is_some()) {
        (None, false) => Some("Hoe laat en waar het is, hoort u nog van ons."),
        (None, true) => Some("Hoe laat het is, hoort u nog van ons."),
        (Some(_), false) => Some("Waar het is, hoort u nog van ons."),
        (Some(_), true) => None,
    };
    parts.extend(missing.map(Part::text));
    parts
}

/// Who is there.
fn who(next: &Appointment, attention: &Attention) -> Vec<Part> {
    let mut parts = Vec::new();
    if !next.team.is_empty() {
        parts.push(Part::text(format!("U praat met {}.", words::join(&next.team))));
    }
    if attention.wants_interpreter() {
        let language = attention.language.as_ref().map(|l| format!(" voor de taal {l}")).unwrap_or_default();
        parts.push(Part::text(format!("Er is ook een tolk{language}.")));
    }
    parts.push(if next.wished.is_empty() {
        Part::text("U mag iemand meenemen die u vertrouwt, zoals uw partner, een kind of een vriend.")
    } else {
        let wished = words::join(&next.wished);
        Part::text(format!(
            "U wilt graag dat erbij is: {wished}. Wilt u dit zelf doorgeven? Lukt dat niet, dan helpen wij."
        ))
    });
    parts
}

/// The letter.
pub fn sheet(patient: &Patient, next: &Appointment, attention: &Attention, from: Sender<'_>, today: Date) -> Letter {
    let name = addressed(patient);
    let mut steps = vec![
        "Denk na over wat voor u een goede dag is.".to_owned(),
        "Schrijf op waar u zich zorgen over maakt, en wat u wilt vragen.".to_owned(),
        "Bedenk wie voor u mag praten als u dat zelf niet kunt.".to_owned(),
        "Hebt u al iets opgeschreven over uw wensen? Leg het klaar, of neem het mee.".to_owned(),
    ];
    steps.extend(next.bring.clone());
    let mut parts = vec![
        Part::text(
            "Wij praten graag met u over uw zorg, nu en in de toekomst. Wij horen graag wat u belangrijk vindt. Dan weet iedereen die voor u zorgt wat u wilt.",
        ),
        Part::heading("Wanneer en waar"),
    ];
    parts.extend(when_and_where(next));
    parts.push(Part::heading("Wie zijn erbij"));
    parts.extend(who(next, attention));
    parts.push(Part::heading("Wat kunt u vooraf doen"));
    parts.push(Part::Steps { steps });
    parts.push(Part::text("U hoeft nog niets te beslissen. U mag altijd iets anders kiezen."));
    if attention.has(PointKind::Literacy) {
        parts.push(Part::text("Is de brief moeilijk te lezen? Vraag iemand om hem voor te lezen, of bel ons."));
    }
    parts.push(Part::text("Kunt u niet, of hebt u een vraag? Bel ons. Wij helpen u."));
    let signed = if from.role.is_empty() { from.name.to_owned() } else { format!("{}, {}", from.name, from.role) };
    Letter {
        subject: "Een gesprek over uw zorg en wat u belangrijk vindt".to_owned(),
        sender: vec![from.organisation.to_owned()],
        address: std::iter::once(name.clone()).chain(street_and_place(patient)).collect(),
        date: words::day(today),
        reference: Vec::new(),
        greeting: greeting(patient, &name),
        parts,
        closing: vec!["Met vriendelijke groet,".to_owned(), String::new(), signed, from.organisation.to_owned()],
        foot: Vec::new(),
        dated: dated(today),
    }
}

/// `GET /patienten/{id}/gesprekken/uitnodiging.pdf`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>) -> Answer {
    let id = patient_id(&id)?;
    let print = ask(&app, &who.actor, Action::Print, &id).await?;
    let (now, today) = (app.clock().now(), app.clock().today());
    let read = ask(&app, &who.actor, Action::ReadPlan, &id).await?;
    let path = app.store().path(&read, now).await?;
    let next = planned(path.past()).filter(|a| a.on >= today).ok_or(PageError::NotFound)?;
    let record = app.store().read_patient(&print, now, "invitation to talk").await?.ok_or(PageError::Forbidden)?;
    let from = Sender {
        name: &who.actor.name,
        role: who.actor.role.map_or("", domain::role::Role::dutch),
        organisation: &who.organisation.name,
    };
    let asks = attention(&path.steps).map(|(_, a)| a.clone()).unwrap_or_default();
    let letter = sheet(&record.patient, next, &asks, from, today);
    let pdf = app.press().set(move || letter.to_pdf()).await?;
    Ok(shown(pdf, "uitnodiging"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::samples;
    use domain::talk::{Interpreter, Point};

    fn text(letter: &Letter) -> String {
        let part = |part: &Part| match part {
            Part::Text { text } | Part::Heading { text } => text.clone(),
            Part::Steps { steps } => steps.join("\n"),
            Part::Code { .. } => String::new(),
        };
        let parts: Vec<String> = letter.parts.iter().map(part).collect();
        [letter.subject.clone(), letter.greeting.clone(), parts.join("\n"), letter.closing.join("\n")].join("\n")
    }

    fn written(next: &Appointment, attention: &Attention) -> Letter {
        let from = Sender { name: "S. de Wit", role: "wijkverpleegkundige", organisation: "Thuiszorg Nabij" };
        sheet(&samples::sample().patient, next, attention, from, "2026-11-30".parse().unwrap())
    }

    #[test]
    fn the_letter_says_when_where_who_and_what_to_prepare_in_plain_positive_words() {
        let next = Appointment {
            on: "2026-12-08".parse().unwrap(),
            at: Some(jiff::civil::time(10, 30, 0, 0)),
            place: Some(Place::Home),
            team: vec!["S. de Wit, wijkverpleegkundige".into(), "dr. Bos, huisarts".into()],
            wished: vec!["dochter Mirjam".into()],
            bring: Some("Leg uw lijst met medicijnen klaar.".into()),
            words: Some("belt niet graag; weet van de diagnose".into()),
            ..Appointment::default()
        };
        let attention = Attention {
            language: Some("Turks".into()),
            interpreter: Some(Interpreter::Professional),
            points: vec![Point { kind: PointKind::Literacy, words: Some("leest met moeite".into()) }],
        };
        let letter = written(&next, &attention);
        let said = text(&letter);
        for part in [
            "dinsdag 8 december 2026 om 10.30 uur",
            "bij u thuis",
            "S. de Wit, wijkverpleegkundige en dr. Bos, huisarts",
            "een tolk voor de taal Turks",
            "dochter Mirjam",
            "wat u belangrijk vindt",
            "Leg uw lijst met medicijnen klaar.",
            "voor te lezen",
            "nog niets te beslissen",
            "Thuiszorg Nabij",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        let patient = samples::sample().patient;
        for never in [
            "levenseinde",
            "dood",
            "palliatie",
            "reanim",
            "weet van de diagnose",
            "leest met moeite",
            patient.bsn.as_str(),
        ] {
            assert!(!said.to_lowercase().contains(never), "{never}: {said}");
        }
        // Sentences that somebody reads who reads little: few words each.
        for sentence in said.split(['.', '?', '\n']).filter(|s| !s.contains("de Wit") && !s.contains("groet")) {
            assert!(sentence.split_whitespace().count() <= 20, "long: {sentence}");
        }
        assert!(letter.to_pdf().unwrap().starts_with(b"%PDF-1.7"));
    }

    #[test]
    fn what_is_not_known_yet_is_told_so() {
        let next = Appointment { on: "2026-12-08".parse().unwrap(), ..Appointment::default() };
        let said = text(&written(&next, &Attention::default()));
        assert!(
            said.contains("Hoe laat en waar het is, hoort u nog van ons.") && said.contains("U mag iemand meenemen")
        );
        let phone =
            Appointment { place: Some(Place::Remote), place_words: Some("wij bellen u".into()), ..next.clone() };
        let said = text(&written(&phone, &Attention::default()));
        assert!(said.contains("met beeldbellen: wij bellen u.") && said.contains("Hoe laat het is, hoort"));
        let other = Appointment { place: Some(Place::Other), place_words: Some("buurthuis".into()), ..next };
        assert!(text(&written(&other, &Attention::default())).contains("De plaats is: buurthuis."));
    }
}
