//! From what was typed to what is kept; everything that is wrong with it, each at its field.

use super::{Action, Aim, Answers, Group, Level, Member, Need, Party, Question, Reply, Sector, Sitting, State, Wish};
use crate::ident::{NoteId, OrganisationId};
use crate::practice::given::{Flaw, Typed, flaw, optional, text};
use jiff::ToSpan;
use jiff::civil::Date;

/// Members and meetings that fit on the form beside those that are there.
pub const ROWS: usize = 3;
/// Most members or meetings of a group, and the most of its form that is read.
pub const MOST: usize = 60;

/// An organisation as typed.
#[derive(Debug, Clone, Copy, Default)]
#[expect(missing_docs, reason = "each is the field of its name in `Party`")]
pub struct PartyGiven<'a> {
    pub sector: &'a str,
    pub name: &'a str,
    pub contact: &'a str,
    pub known: &'a str,
    pub left: bool,
}

/// An organisation that takes part; `known` are those that may be chosen.
///
/// # Errors
/// Everything that is wrong with it.
pub fn party(given: PartyGiven<'_>, known: &[OrganisationId]) -> Result<Party, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let sector = Sector::of_code(given.sector);
    if sector.is_none() {
        flaws.push(flaw("sector", "Kies waar de organisatie bij hoort."));
    }
    let name = text(given.name, "naam", &mut flaws);
    if name.is_empty() {
        flaws.push(flaw("naam", "Vul de naam van de organisatie in."));
    }
    let contact = text(given.contact, "contact", &mut flaws);
    let link = known.iter().find(|id| id.as_str() == given.known).cloned();
    if link.is_none() && !given.known.is_empty() {
        flaws.push(flaw("bekend", "Kies een organisatie uit de lijst."));
    }
    match sector {
        Some(sector) if flaws.is_empty() => Ok(Party { sector, name, contact, known: link, left: given.left }),
        _ => Err(flaws),
    }
}

/// A link to the questionnaire works for so many weeks unless another day is chosen.
pub const LINK_WEEKS: i64 = 6;
/// And for no more than so many: whoever has it writes in the organisation's name, and people change jobs.
pub const MOST_LINK_WEEKS: i64 = 26;

/// The last day that can be chosen for a link that is made today.
pub fn last_of_link(today: Date) -> Date {
    today.saturating_add(MOST_LINK_WEEKS.weeks())
}

/// The last day on which a link for an organisation works; `typed` is the day as far as it could be read.
///
/// # Errors
/// What is wrong with it.
pub fn link_until(party: &Party, typed: Result<Date, &'static str>, today: Date) -> Result<Date, Flaw> {
    if !party.answers_by_link() {
        return Err(flaw("weg", "Deze organisatie doet niet meer mee. Haal eerst dit vinkje weg; maak dan een link."));
    }
    match typed {
        Ok(until) if until < today => Err(flaw("tot", "Deze dag is al voorbij. Kies een dag die nog komt.")),
        Ok(until) if until > last_of_link(today) => {
            Err(flaw("tot", "Een link werkt hoogstens 26 weken. Kies een eerdere dag; maak later zo nodig een nieuwe."))
        }
        Ok(until) => Ok(until),
        Err(sentence) => Err(flaw("tot", sentence)),
    }
}

/// Name of the field of a choice.
pub fn choice_of(code: &str, wish: bool) -> String {
    format!("{}-{code}", if wish { "wens" } else { "nu" })
}

/// Name of the field of its explanation.
pub fn words_of(code: &str, wish: bool) -> String {
    format!("{}-woorden", choice_of(code, wish))
}

fn reply<T>(
    (code, wish): (&str, bool),
    of_code: impl Fn(&str) -> Option<T>,
    field: &dyn Fn(&str) -> String,
    flaws: &mut Vec<Flaw>,
) -> Option<Reply<T>> {
    let (name, under) = (choice_of(code, wish), words_of(code, wish));
    let typed = field(&name);
    let choice = of_code(&typed);
    if choice.is_none() && !typed.is_empty() {
        flaws.push(flaw(name, "Kies een van de antwoorden."));
    }
    let words = text(&field(&under), &under, flaws);
    (choice.is_some() || !words.is_empty()).then_some(Reply { choice, words })
}

/// The answers of an organisation; `field` gives what was typed in a field. `sends` is the day on which they are sent in,
/// `before` that on which they were earlier: then each question needs an answer, and somebody's name.
///
/// # Errors
/// Everything that is wrong with it.
pub fn answers(
    field: &dyn Fn(&str) -> String,
    sends: Option<Date>,
    before: Option<Date>,
) -> Result<Answers, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let mut all = Answers { sent_on: sends.or(before), ..Answers::default() };
    for question in Question::ALL {
        if let Some(reply) = reply((question.code(), false), Level::of_code, field, &mut flaws) {
            all.now.insert(*question, reply);
        }
    }
    for wish in Wish::ALL {
        if let Some(reply) = reply((wish.code(), true), Need::of_code, field, &mut flaws) {
            all.wish.insert(*wish, reply);
        }
    }
    all.by = text(&field("door"), "door", &mut flaws);
    if all.sent_on.is_some() {
        let open = |code: &str, wish| flaw(choice_of(code, wish), "Kies een antwoord. 'Weet niet' mag ook.");
        let now = Question::ALL.iter().filter(|q| all.now.get(q).is_none_or(|r| r.choice.is_none()));
        flaws.extend(now.map(|q| open(q.code(), false)));
        let wish = Wish::ALL.iter().filter(|w| all.wish.get(w).is_none_or(|r| r.choice.is_none()));
        flaws.extend(wish.map(|w| open(w.code(), true)));
        if all.by.is_empty() {
            flaws.push(flaw("door", "Vul uw naam en functie in."));
        }
    }
    if flaws.is_empty() { Ok(all) } else { Err(flaws) }
}

/// What the region wants.
///
/// # Errors
/// Where it is too long.
pub fn aim(typed: &str) -> Result<Aim, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let words = text(typed, "samen", &mut flaws);
    if flaws.is_empty() { Ok(Aim { words }) } else { Err(flaws) }
}

/// An action as typed.
#[derive(Debug, Clone, Copy, Default)]
#[expect(missing_docs, reason = "each is the field of its name in `Action`")]
pub struct ActionGiven<'a> {
    pub what: &'a str,
    pub owner: &'a str,
    pub state: &'a str,
    pub words: &'a str,
    pub wish: &'a str,
    pub party: &'a str,
}

/// An action; `by` is the day as far as it could be read, `parties` are the organisations that may be chosen.
///
/// # Errors
/// Everything that is wrong with it.
pub fn action(given: ActionGiven<'_>, by: Result<Date, &'static str>, parties: &[NoteId]) -> Result<Action, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let what = text(given.what, "wat", &mut flaws);
    if what.is_empty() {
        flaws.push(flaw("wat", "Schrijf wat er gaat gebeuren."));
    }
    let owner = text(given.owner, "wie", &mut flaws);
    if owner.is_empty() {
        flaws.push(flaw("wie", "Schrijf wie ervoor zorgt."));
    }
    let by = by.map_err(|sentence| flaws.push(flaw("dag", sentence))).ok();
    let state = State::of_code(given.state);
    if state.is_none() {
        flaws.push(flaw("stand", "Kies hoe ver het is."));
    }
    let words = optional(given.words, "woorden", &mut flaws);
    if state == Some(State::Dropped) && words.is_none() {
        flaws.push(flaw("woorden", "Schrijf waarom de actie vervalt."));
    }
    let wish = Wish::of_code(given.wish);
    if wish.is_none() && !given.wish.is_empty() {
        flaws.push(flaw("wens", "Kies een wens uit de lijst."));
    }
    let party = parties.iter().find(|id| id.as_str() == given.party).cloned();
    if party.is_none() && !given.party.is_empty() {
        flaws.push(flaw("partij", "Kies een organisatie uit de lijst."));
    }
    match (by, state) {
        (Some(by), Some(state)) if flaws.is_empty() => Ok(Action { what, owner, by, state, words, wish, party }),
        _ => Err(flaws),
    }
}

/// A working group: name, role and organisation of each member, day and notes of each meeting. A row of which all is empty
/// is none.
///
/// # Errors
/// Everything that is wrong with it.
pub fn group(members: &[[&str; 3]], sittings: &[(Typed, &str)]) -> Result<Group, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let mut all = Group::default();
    for (i, typed) in members.iter().enumerate() {
        let mut of = |n: usize, field: &str| text(typed[n], &format!("{field}.{i}"), &mut flaws);
        let member = Member { name: of(0, "naam"), role: of(1, "rol"), organisation: of(2, "organisatie") };
        if member.name.is_empty() && (!member.role.is_empty() || !member.organisation.is_empty()) {
            flaws.push(flaw(format!("naam.{i}"), "Vul de naam in."));
        } else if !member.name.is_empty() {
            all.members.push(member);
        }
    }
    for (i, (on, notes)) in sittings.iter().enumerate() {
        let notes = text(notes, &format!("verslag.{i}"), &mut flaws);
        match on {
            Some(Ok(on)) => all.sittings.push(Sitting { on: *on, notes }),
            Some(Err(sentence)) => flaws.push(flaw(format!("dag.{i}"), sentence)),
            None if !notes.is_empty() => flaws.push(flaw(format!("dag.{i}"), "Vul in wanneer het was.")),
            None => {}
        }
    }
    all.sittings.sort_by_key(|s| s.on);
    if flaws.is_empty() { Ok(all) } else { Err(flaws) }
}
