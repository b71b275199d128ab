//! From what was typed to what is kept; everything that is wrong with it, each at its field.

use super::{Anchor, Backing, Champion, Trainee, Training};
use crate::ident::PersonId;
use crate::practice::given::{Flaw, Typed, flaw, text};
use jiff::civil::Date;

/// Rows for kartrekkers that are free on the form.
pub const ROWS: usize = 2;
/// Most rows of the form that are read.
pub const MOST: usize = 60;
/// Longest time after which a training is followed again, in months.
pub const MOST_MONTHS: u8 = 120;

/// Somebody who may be chosen.
pub type Person = (PersonId, String);

/// Who stands behind it. `people` are those who may be chosen; of each row who, since when and until when. A row without
/// anybody is none.
///
/// # Errors
/// Everything that is wrong with it.
pub fn backing(sponsor: &str, rows: &[(&str, Typed, Typed)], people: &[Person]) -> Result<Backing, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let mut all = Backing { sponsor: text(sponsor, "bestuur", &mut flaws), champions: Vec::new() };
    for (i, (who, since, until)) in rows.iter().enumerate() {
        let day = |typed: &Typed, field: &str, flaws: &mut Vec<Flaw>| match typed {
            Some(Err(sentence)) => {
                flaws.push(flaw(format!("{field}.{i}"), sentence));
                None
            }
            Some(Ok(day)) => Some(*day),
            None => None,
        };
        let (from, to) = (day(since, "sinds", &mut flaws), day(until, "tot", &mut flaws));
        if who.is_empty() {
            if from.is_some() || to.is_some() {
                flaws.push(flaw(format!("wie.{i}"), "Kies wie het is."));
            }
            continue;
        }
        let Some((person, name)) = people.iter().find(|(id, _)| id.as_str() == *who) else {
            flaws.push(flaw(format!("wie.{i}"), "Kies iemand uit de lijst."));
            continue;
        };
        match (from, to) {
            (None, _) if since.is_none() => flaws.push(flaw(format!("sinds.{i}"), "Vul in sinds wanneer.")),
            (Some(since), Some(to)) if to < since => {
                flaws.push(flaw(format!("tot.{i}"), "Deze dag ligt voor de eerste dag."));
            }
            (Some(since), until) => {
                all.champions.push(Champion { person: person.clone(), name: name.clone(), since, until });
            }
            _ => {}
        }
    }
    if flaws.is_empty() { Ok(all) } else { Err(flaws) }
}

/// A training that was held; `who` are the ids of who took part, `months` after how many months it is to be followed again.
///
/// # Errors
/// Everything that is wrong with it.
pub fn training(
    what: &str,
    on: Result<Date, &'static str>,
    who: &[&str],
    months: &str,
    (people, today): (&[Person], Date),
) -> Result<Training, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let what = text(what, "wat", &mut flaws);
    if what.is_empty() {
        flaws.push(flaw("wat", "Schrijf waar de scholing over ging."));
    }
    let on = match on {
        Ok(day) if day > today => {
            flaws.push(flaw("dag", "Deze dag moet nog komen. Leg de scholing vast als zij is geweest."));
            None
        }
        Ok(day) => Some(day),
        Err(sentence) => {
            flaws.push(flaw("dag", sentence));
            None
        }
    };
    let took_part = people.iter().filter(|(id, _)| who.contains(&id.as_str()));
    let took_part: Vec<Trainee> =
        took_part.map(|(person, name)| Trainee { person: person.clone(), name: name.clone() }).collect();
    if took_part.is_empty() || who.iter().any(|id| !people.iter().any(|(known, _)| known.as_str() == *id)) {
        flaws.push(flaw("wie", "Kies wie erbij waren."));
    }
    let typed = months.trim();
    let months = typed.parse::<u8>().ok().filter(|m| (1..=MOST_MONTHS).contains(m));
    if months.is_none() && !typed.is_empty() {
        flaws.push(flaw("maanden", "Vul een heel getal van 1 tot en met 120 in, of laat het leeg."));
    }
    match on {
        Some(on) if flaws.is_empty() => Ok(Training { what, on, people: took_part, months }),
        _ => Err(flaws),
    }
}

/// An agreement as typed.
#[derive(Debug, Clone, Copy, Default)]
#[expect(missing_docs, reason = "each is the field of its name in `Anchor`")]
pub struct AnchorGiven<'a> {
    pub what: &'a str,
    pub place: &'a str,
    pub owner: &'a str,
    pub works: bool,
}

/// An agreement; `before` is since when it works as far as it is known.
///
/// # Errors
/// Everything that is wrong with it.
pub fn anchor(
    given: AnchorGiven<'_>,
    check_on: Result<Date, &'static str>,
    (before, today): (Option<Date>, Date),
) -> Result<Anchor, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let mut wanted = |typed: &str, field: &str, sentence: &'static str| {
        let typed = text(typed, field, &mut flaws);
        if typed.is_empty() {
            flaws.push(flaw(field, sentence));
        }
        typed
    };
    let what = wanted(given.what, "wat", "Schrijf wat er is afgesproken.");
    let place = wanted(given.place, "waar", "Schrijf waar de afspraak staat.");
    let owner = wanted(given.owner, "wie", "Schrijf wie ervoor zorgt.");
    let check_on = check_on.map_err(|sentence| flaws.push(flaw("dag", sentence))).ok();
    let works_since = given.works.then(|| before.unwrap_or(today));
    match check_on {
        Some(check_on) if flaws.is_empty() => Ok(Anchor { what, place, owner, check_on, works_since }),
        _ => Err(flaws),
    }
}
