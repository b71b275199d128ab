//! From what was typed about a conversation to a step; everything that is wrong with it, each at its field.

use super::{
    Appointment, AskedOf, Attended, Attention, Fact, Interpreter, LONGEST_REPORT, LONGEST_TALK, LeftOpen, Place, Point,
    PointKind, Referrer, Reply, ReplyKind, Report, Request, SupportAsked, SupportKind, Talk,
};
use crate::path::What;
use crate::path::given::FARTHEST;
use crate::plan::TopicId;
use crate::signal::{LATEST, LONGEST};
use jiff::civil::{Date, Time};

/// At most so many people, or things left open.
pub const MOST: usize = 20;
/// The longest name of somebody, place or language, in characters.
pub const LONGEST_LINE: usize = 200;

/// Which field something is wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The day.
    On,
    /// The hour.
    At,
    /// Kind of place.
    Place,
    /// Address, room or number.
    PlaceWords,
    /// Who comes of those who give care.
    Team,
    /// Whom the patient wants there.
    Wished,
    /// What to bring.
    Bring,
    /// Words, a reason, a question or an answer.
    Words,
    /// Who said it.
    Who,
    /// The language.
    Language,
    /// The interpreter.
    Interpreter,
    /// Words of one point of attention.
    Point(PointKind),
    /// Which support, or which answer.
    Kind,
    /// Of whom it is asked.
    Of,
    /// Of whom it is asked, outside.
    Outside,
    /// By when.
    NeededBy,
    /// Who refers.
    Referrer,
    /// Who was there.
    Attended,
    /// One of the four letters.
    Soep(char),
    /// What remains, in words.
    LeftOpen,
    /// How long it lasted.
    Minutes,
}

/// What is wrong, and how to mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flaw {
    /// Where.
    pub part: Part,
    /// Dutch sentence for the field.
    pub sentence: &'static str,
}

/// Everything that is wrong.
type Flaws = Vec<Flaw>;

const TOO_LONG: &str = "Schrijf het korter: in hoogstens 2000 tekens.";
const LONG_LINE: &str = "Schrijf het korter: in hoogstens 200 tekens.";
const LONG_REPORT: &str = "Schrijf het korter: in hoogstens 5000 tekens.";
const NO_DAY: &str = "Dit is geen datum. Schrijf bijvoorbeeld 08-11-2026.";

fn text(typed: &str, part: Part, most: usize, flaws: &mut Flaws) -> Option<String> {
    let typed = typed.trim();
    if typed.chars().count() > most {
        let sentence = match most {
            LONGEST_LINE => LONG_LINE,
            LONGEST_REPORT => LONG_REPORT,
            _ => TOO_LONG,
        };
        flaws.push(Flaw { part, sentence });
    }
    (!typed.is_empty()).then(|| typed.to_owned())
}

fn needed(typed: &str, part: Part, sentence: &'static str, flaws: &mut Flaws) -> String {
    text(typed, part, LONGEST, flaws).unwrap_or_else(|| {
        flaws.push(Flaw { part, sentence });
        String::new()
    })
}

/// One a line, without blank ones and doubles.
fn lines(typed: &str, part: Part, flaws: &mut Flaws) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for line in typed.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if !all.iter().any(|l| l == line) {
            all.push(line.to_owned());
        }
    }
    if all.len() > MOST {
        flaws.push(Flaw { part, sentence: "Schrijf hoogstens twintig regels." });
    }
    if all.iter().any(|l| l.chars().count() > LONGEST_LINE) {
        flaws.push(Flaw { part, sentence: "Schrijf elke regel korter: in hoogstens 200 tekens." });
    }
    all
}

fn done<T>(value: T, flaws: Flaws) -> Result<T, Flaws> {
    if flaws.is_empty() { Ok(value) } else { Err(flaws) }
}

/// A day that lies behind, or today where nothing is typed.
fn past_day(typed: &str, today: Date, flaws: &mut Flaws) -> Date {
    let wrong = match typed.trim() {
        "" => return today,
        typed => match typed.parse::<Date>() {
            Ok(day) if day > today => "Deze dag moet nog komen. Kies vandaag of een eerdere dag.",
            Ok(day) if day.until(today).is_ok_and(|s| i64::from(s.get_days()) > LATEST) => {
                "Kies een dag van het afgelopen jaar."
            }
            Ok(day) => return day,
            Err(_) => NO_DAY,
        },
    };
    flaws.push(Flaw { part: Part::On, sentence: wrong });
    today
}

/// The hour as people write it: '10:30', '10.30 uur', '10u30', '14 uur'.
///
/// # Errors
/// A sentence that says how to write it.
pub fn time(typed: &str) -> Result<Time, &'static str> {
    const WRONG: &str = "Dit is geen tijd. Schrijf bijvoorbeeld 10:30.";
    let plain = typed.trim().to_lowercase();
    let plain = plain.strip_suffix("uur").unwrap_or(&plain).trim_end();
    let (hour, minute) = plain.split_once([':', '.', 'u']).unwrap_or((plain, ""));
    let number = |part: &str| -> Option<i8> {
        let part = part.trim();
        (part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok()).flatten()
    };
    let minute = if minute.trim().is_empty() { Some(0) } else { number(minute) };
    match (number(hour), minute) {
        (Some(hour), Some(minute)) => Time::new(hour, minute, 0, 0).map_err(|_| WRONG),
        _ => Err(WRONG),
    }
}

/// An appointment as typed; the day as `jjjj-mm-dd`.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each is the field of its name in `Appointment`")]
pub struct AppointmentGiven {
    pub on: String,
    pub at: String,
    pub place: String,
    pub place_words: String,
    pub team: String,
    pub wished: String,
    pub bring: String,
    pub words: String,
}

/// A planned conversation.
///
/// # Errors
/// Everything that is wrong with it.
pub fn appointment(given: &AppointmentGiven, today: Date) -> Result<What, Vec<Flaw>> {
    let mut flaws = Flaws::new();
    let on = match given.on.trim().parse::<Date>() {
        Ok(day) if day < today => Err("Deze dag is al geweest. Kies vandaag of een dag die nog komt."),
        Ok(day) if today.until(day).is_ok_and(|s| s.get_days() > FARTHEST) => Err("Kies een dag binnen een jaar."),
        Ok(day) => Ok(day),
        Err(_) if given.on.trim().is_empty() => Err("Kies de dag van het gesprek."),
        Err(_) => Err(NO_DAY),
    };
    let on = on.unwrap_or_else(|sentence| {
        flaws.push(Flaw { part: Part::On, sentence });
        today
    });
    let at = match given.at.trim() {
        "" => None,
        typed => time(typed).map_err(|sentence| flaws.push(Flaw { part: Part::At, sentence })).ok(),
    };
    let place = Place::of_code(given.place.trim());
    if place.is_none() && !given.place.trim().is_empty() {
        flaws.push(Flaw { part: Part::Place, sentence: "Kies een plaats uit de lijst." });
    }
    let place_words = text(&given.place_words, Part::PlaceWords, LONGEST_LINE, &mut flaws);
    if place == Some(Place::Other) && place_words.is_none() {
        flaws.push(Flaw { part: Part::PlaceWords, sentence: "Schrijf waar het gesprek is." });
    }
    let appointment = Appointment {
        on,
        at,
        place,
        place_words,
        team: lines(&given.team, Part::Team, &mut flaws),
        wished: lines(&given.wished, Part::Wished, &mut flaws),
        bring: text(&given.bring, Part::Bring, LONGEST, &mut flaws),
        words: text(&given.words, Part::Words, LONGEST, &mut flaws),
    };
    done(What::Planned(appointment), flaws)
}

/// The planned conversation does not take place; `anew`: another is to be planned.
///
/// # Errors
/// Everything that is wrong with it.
pub fn off(anew: &str, reason: &str) -> Result<What, Vec<Flaw>> {
    let mut flaws = Flaws::new();
    let anew = match anew {
        "yes" => true,
        "no" => false,
        _ => {
            flaws.push(Flaw { part: Part::Kind, sentence: "Kies of er een nieuwe afspraak komt." });
            true
        }
    };
    let reason = needed(reason, Part::Words, "Schrijf kort waarom het gesprek niet doorgaat.", &mut flaws);
    let what = if anew { What::Cancelled { reason } } else { What::Talk(Talk::NotNeeded { reason }) };
    done(what, flaws)
}

/// What asks for attention as typed: language, interpreter, and for each point whether it is ticked and its words.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each is the field of its name in `Attention`")]
pub struct AttentionGiven {
    pub language: String,
    pub interpreter: String,
    pub points: Vec<(PointKind, bool, String)>,
}

/// What asks for attention; empty where nothing does any more.
///
/// # Errors
/// Everything that is wrong with it.
pub fn attention(given: &AttentionGiven) -> Result<What, Vec<Flaw>> {
    let mut flaws = Flaws::new();
    let language = text(&given.language, Part::Language, LONGEST_LINE, &mut flaws);
    let interpreter = Interpreter::of_code(&given.interpreter);
    let needs = matches!(interpreter, Some(Interpreter::Professional | Interpreter::Relative));
    if needs && language.is_none() {
        flaws.push(Flaw { part: Part::Language, sentence: "Schrijf in welke taal de patiënt het beste praat." });
    }
    let mut points = Vec::new();
    for (kind, ticked, words) in &given.points {
        let words = text(words, Part::Point(*kind), LONGEST, &mut flaws);
        if *kind == PointKind::Other && *ticked && words.is_none() {
            flaws.push(Flaw { part: Part::Point(*kind), sentence: "Schrijf wat er aandacht vraagt." });
        }
        // Who writes something means it, ticked or not.
        if *ticked || words.is_some() {
            points.push(Point { kind: *kind, words });
        }
    }
    done(What::Talk(Talk::Attention(Attention { language, interpreter, points })), flaws)
}

/// What somebody heard or saw, with the day.
///
/// # Errors
/// Everything that is wrong with it.
pub fn fact(on: &str, who: &str, words: &str, today: Date) -> Result<(Date, What), Vec<Flaw>> {
    let mut flaws = Flaws::new();
    let day = past_day(on, today, &mut flaws);
    let who = text(who, Part::Who, LONGEST_LINE, &mut flaws);
    let words = needed(words, Part::Words, "Schrijf op wat er gezegd of gezien is.", &mut flaws);
    done((day, What::Talk(Talk::Fact(Fact { who, words }))), flaws)
}

/// A question for support as typed. `of` is whom of the team it is asked, where one was chosen from the list.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each is the field of its name in `SupportAsked`")]
pub struct SupportGiven {
    pub kind: String,
    pub question: String,
    pub of: Option<AskedOf>,
    pub outside: String,
    pub needed_by: String,
    pub referrer: String,
}

/// Within so many days an answer is needed, where nobody says otherwise.
const ANSWER: i64 = 7;

/// A question for support.
///
/// # Errors
/// Everything that is wrong with it.
pub fn support(given: &SupportGiven, today: Date) -> Result<What, Vec<Flaw>> {
    let mut flaws = Flaws::new();
    let kind = SupportKind::of_code(&given.kind).unwrap_or_else(|| {
        flaws.push(Flaw { part: Part::Kind, sentence: "Kies welke ondersteuning u vraagt." });
        SupportKind::Other
    });
    let question = needed(&given.question, Part::Words, "Schrijf wat u vraagt.", &mut flaws);
    let outside = text(&given.outside, Part::Outside, LONGEST_LINE, &mut flaws);
    let of = match (given.of.clone(), outside) {
        (Some(of), None) => of,
        (None, Some(words)) => AskedOf::Outside { words },
        (None, None) => {
            let sentence = "Kies aan wie u het vraagt, of schrijf op wie u buiten het zorgteam vroeg.";
            flaws.push(Flaw { part: Part::Of, sentence });
            AskedOf::Outside { words: String::new() }
        }
        (Some(of), Some(_)) => {
            let sentence = "U koos al iemand uit het zorgteam. Maak dit veld leeg, of kies bij het zorgteam niemand.";
            flaws.push(Flaw { part: Part::Outside, sentence });
            of
        }
    };
    let needed_by = match given.needed_by.trim() {
        "" => today.saturating_add(jiff::Span::new().days(ANSWER)),
        typed => match typed.parse::<Date>() {
            Ok(day) if day >= today && today.until(day).is_ok_and(|s| s.get_days() <= FARTHEST) => day,
            Ok(_) => {
                flaws.push(Flaw { part: Part::NeededBy, sentence: "Kies vandaag of een dag binnen een jaar." });
                today
            }
            Err(_) => {
                flaws.push(Flaw { part: Part::NeededBy, sentence: NO_DAY });
                today
            }
        },
    };
    let referrer = Referrer::of_code(&given.referrer);
    if kind == SupportKind::HomeVisit && referrer.is_none() {
        let sentence = "Een continuïteitshuisbezoek gaat via huisarts of ziekenhuis. Kies wie verwijst.";
        flaws.push(Flaw { part: Part::Referrer, sentence });
    }
    let referrer = referrer.filter(|_| kind == SupportKind::HomeVisit);
    done(What::Talk(Talk::Asked(SupportAsked { kind, question, of, needed_by, referrer })), flaws)
}

/// An answer to a question.
///
/// # Errors
/// Everything that is wrong with it.
pub fn reply(request: &Request<'_>, kind: &str, words: &str) -> Result<What, Vec<Flaw>> {
    let mut flaws = Flaws::new();
    let kind = ReplyKind::of_code(kind).unwrap_or_else(|| {
        flaws.push(Flaw { part: Part::Kind, sentence: "Kies wat het antwoord is." });
        ReplyKind::Report
    });
    let words =
        needed(words, Part::Words, "Schrijf het antwoord, of waarom het niet kan of niet meer nodig is.", &mut flaws);
    done(What::Talk(Talk::Replied(Reply { asked: request.step.number, kind, words })), flaws)
}

/// Whoever asked has read the answer.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(request: &Request<'_>, words: &str) -> Result<What, Vec<Flaw>> {
    let mut flaws = Flaws::new();
    let words = text(words, Part::Words, LONGEST, &mut flaws);
    done(What::Talk(Talk::Read { asked: request.step.number, words }), flaws)
}

/// A report as typed.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each is the field of its name in `Report`")]
pub struct ReportGiven {
    pub on: String,
    pub patient: bool,
    pub representative: bool,
    pub others: String,
    /// Minutes, or empty.
    pub minutes: String,
    /// Code of a place, or empty.
    pub place: String,
    pub soep: [String; 4],
    /// Numbers of topics of the form.
    pub topics: Vec<String>,
    /// What else remains, one a line.
    pub left_open: String,
}

/// The report of a conversation, with its day.
///
/// # Errors
/// Everything that is wrong with it.
pub fn report(given: &ReportGiven, today: Date) -> Result<(Date, What), Vec<Flaw>> {
    let mut flaws = Flaws::new();
    let day = past_day(&given.on, today, &mut flaws);
    let others = lines(&given.others, Part::Attended, &mut flaws);
    let attended = Attended { patient: given.patient, representative: given.representative, others };
    if attended == Attended::default() {
        flaws.push(Flaw { part: Part::Attended, sentence: "Kies of schrijf wie erbij waren." });
    }
    let minutes = match given.minutes.trim() {
        "" => None,
        typed => {
            let read = typed.parse().ok().filter(|m| (1..=LONGEST_TALK).contains(m));
            if read.is_none() {
                flaws.push(Flaw { part: Part::Minutes, sentence: "Vul een getal in van 1 tot 300, of laat het leeg." });
            }
            read
        }
    };
    let place = Place::of_code(&given.place);
    if place.is_none() && !given.place.is_empty() {
        flaws.push(Flaw { part: Part::Place, sentence: "Kies waar het gesprek was." });
    }
    let mut soep = ['S', 'O', 'E', 'P'].into_iter().zip(&given.soep);
    let [subjective, objective, evaluation, plan] = std::array::from_fn(|_| {
        let (letter, typed) = soep.next()?;
        text(typed, Part::Soep(letter), LONGEST_REPORT, &mut flaws)
    });
    let topics = given.topics.iter().filter_map(|n| TopicId::of_number(n)).map(LeftOpen::Topic);
    let words = lines(&given.left_open, Part::LeftOpen, &mut flaws).into_iter().map(LeftOpen::Words);
    let left_open = topics.chain(words).collect();
    let report = Report { attended, minutes, place, subjective, objective, evaluation, plan, left_open };
    if report.soep().is_empty() {
        flaws.push(Flaw {
            part: Part::Soep('S'),
            sentence: "Schrijf bij minstens één van de vier wat er besproken is.",
        });
    }
    done((day, What::Talk(Talk::Held(report))), flaws)
}
