//! The forms of the page, with what was typed, or with what is there already.

use super::fields::{has, point};
use crate::forms::Fields;
use crate::pages::dutch::date_to_type;
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::signals::Tick;
use domain::access::Actor;
use domain::date::FhirDateTime;
use domain::role::Role;
use domain::talk::{
    Appointment, Attention, Interpreter, Place, PointKind, Referrer, ReplyKind, SupportKind, time_words,
};
use domain::words::capitalised;

/// When, where, who.
#[derive(Debug, Clone)]
pub struct AppointmentForm {
    /// Another appointment stands, and is moved.
    pub moves: bool,
    /// Day and hour.
    pub when: [Field; 2],
    /// Kind of place, and the place.
    pub place: [Field; 2],
    /// Who comes, and whom the patient wants there.
    pub people: [Field; 2],
    /// What to bring, and what the team should know.
    pub words: [Field; 2],
}

/// It does not take place.
#[derive(Debug, Clone)]
pub struct OffForm {
    /// Is another to be planned?
    pub anew: Field,
    /// Why.
    pub reason: Field,
}

/// One point: a tick with its words.
#[derive(Debug, Clone)]
pub struct PointField {
    /// Ticked or not.
    pub tick: Tick,
    /// More about it.
    pub words: Field,
}

/// What asks for attention.
#[derive(Debug, Clone)]
pub struct AttentionForm {
    /// Something is there already.
    pub changes: bool,
    /// Language.
    pub language: Field,
    /// Interpreter.
    pub interpreter: Field,
    /// What else.
    pub points: Vec<PointField>,
}

/// What somebody heard or saw.
#[derive(Debug, Clone)]
pub struct FactForm {
    /// Who said it, and when.
    pub about: [Field; 2],
    /// What.
    pub words: Field,
}

/// A question for support.
#[derive(Debug, Clone)]
pub struct SupportForm {
    /// Which.
    pub kind: Field,
    /// Who refers, for a home visit.
    pub referrer: Field,
    /// What is asked.
    pub question: Field,
    /// Whom of the team, or somebody outside.
    pub of: [Field; 2],
    /// By when.
    pub needed_by: Field,
}

fn choices<T: Copy>(all: &[T], said: fn(T) -> (&'static str, &'static str)) -> Vec<Choice> {
    all.iter().map(|i| said(*i)).map(|(value, words)| Choice::of(value, capitalised(words))).collect()
}

/// What was typed in this form; else what it begins with.
fn typed(fields: &Fields, form: &str, begins: &[(&str, String)]) -> Fields {
    if fields.get("doe") == form {
        return fields.clone();
    }
    Fields(begins.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
}

/// 'S. de Wit, wijkverpleegkundige'.
pub fn introduced(actor: &Actor) -> String {
    match actor.role {
        Some(role) => format!("{}, {}", actor.name, role.dutch()),
        None => actor.name.clone(),
    }
}

/// The form of an appointment: what was typed, else the one that stands, else whoever plans comes.
pub fn appointment(next: Option<&Appointment>, actor: &Actor, fields: &Fields, errors: &[Problem]) -> AppointmentForm {
    let begins = match next {
        Some(next) => vec![
            ("afspraak-dag", date_to_type(&FhirDateTime::of_day(next.on))),
            (
                "afspraak-tijd",
                next.at.map(|at| time_words(at).replace(" uur", "").replace('.', ":")).unwrap_or_default(),
            ),
            ("afspraak-plaats", next.place.map(|p| p.code().to_owned()).unwrap_or_default()),
            ("afspraak-waar", next.place_words.clone().unwrap_or_default()),
            ("afspraak-zorg", next.team.join("\n")),
            ("afspraak-wens", next.wished.join("\n")),
            ("afspraak-meenemen", next.bring.clone().unwrap_or_default()),
            ("afspraak-woorden", next.words.clone().unwrap_or_default()),
        ],
        None => vec![("afspraak-zorg", introduced(actor))],
    };
    appointment_of(&typed(fields, "afspraak", &begins), next.is_some(), errors)
}

/// The same with exactly what these fields hold.
pub fn appointment_of(fields: &Fields, moves: bool, errors: &[Problem]) -> AppointmentForm {
    let get = |name: &str| fields.get(name).to_owned();
    let mut places = vec![Choice::of("", "Nog niet bekend")];
    places.extend(choices(Place::ALL, |p| (p.code(), p.dutch())));
    AppointmentForm {
        moves,
        when: [
            Field::short("afspraak-dag", "Op welke dag?", &get("afspraak-dag"))
                .hint("Bijvoorbeeld 08-12-2026.")
                .checked(errors),
            Field::short("afspraak-tijd", "Hoe laat?", &get("afspraak-tijd"))
                .hint("Bijvoorbeeld 10:30.")
                .checked(errors),
        ],
        place: [
            Field::select("afspraak-plaats", "Waar?", &get("afspraak-plaats"), places).checked(errors),
            Field::text("afspraak-waar", "Adres, kamer of telefoonnummer", &get("afspraak-waar"))
                .growing()
                .checked(errors),
        ],
        people: [
            Field::area("afspraak-zorg", "Wie komen er van de zorg?", &get("afspraak-zorg"))
                .hint("Op elke regel één, met naam en beroep. Dit staat in de uitnodiging.")
                .checked(errors),
            Field::area("afspraak-wens", "Wie wil de patiënt erbij hebben?", &get("afspraak-wens"))
                .hint("Op elke regel één, bijvoorbeeld: dochter Mirjam. Dit staat in de uitnodiging.")
                .checked(errors),
        ],
        words: [
            Field::area("afspraak-meenemen", "Wat kan de patiënt klaarleggen of meenemen?", &get("afspraak-meenemen"))
                .hint("In gewone taal; dit staat in de uitnodiging.")
                .checked(errors),
            Field::area("afspraak-woorden", "Wat moet het team weten?", &get("afspraak-woorden"))
                .hint("Dit staat niet in de uitnodiging.")
                .checked(errors),
        ],
    }
}

/// The form for an appointment that does not take place.
pub fn off(fields: &Fields, errors: &[Problem]) -> OffForm {
    let anew =
        vec![Choice::of("yes", "Ja, er is een nieuwe afspraak nodig"), Choice::of("no", "Nee, het is niet meer nodig")];
    OffForm {
        anew: Field::radios("afzeggen-opnieuw", "Komt er een nieuwe afspraak?", fields.get("afzeggen-opnieuw"), anew)
            .checked(errors),
        reason: Field::text("afzeggen", "Waarom gaat het niet door?", fields.get("afzeggen")).checked(errors),
    }
}

/// The form of what asks for attention: what was typed, else what is so now.
pub fn attention(now: &Attention, fields: &Fields, errors: &[Problem]) -> AttentionForm {
    let mut begins = vec![
        ("taal", now.language.clone().unwrap_or_default()),
        ("tolk", now.interpreter.map(|i| i.code().to_owned()).unwrap_or_default()),
    ];
    begins.extend(now.points.iter().map(|p| ("punt", p.kind.code().to_owned())));
    let mut fields = typed(fields, "aandacht", &begins);
    if fields.get("doe").is_empty() {
        fields.0.extend(now.points.iter().map(|p| (point(p.kind), p.words.clone().unwrap_or_default())));
    }
    let one = |kind: PointKind| PointField {
        tick: Tick {
            value: kind.code().into(),
            label: capitalised(kind.dutch()),
            on: has(&fields, "punt", kind.code()),
        },
        words: Field::text(&point(kind), &format!("Toelichting bij {}", kind.dutch()), fields.get(&point(kind)))
            .checked(errors),
    };
    AttentionForm {
        changes: !now.is_empty(),
        language: Field::text(
            "taal",
            "In welke taal praat de patiënt het beste, als dat geen Nederlands is?",
            fields.get("taal"),
        )
        .checked(errors),
        interpreter: Field::radios(
            "tolk",
            "Is er een tolk nodig?",
            fields.get("tolk"),
            choices(Interpreter::ALL, |i| (i.code(), i.dutch())),
        )
        .checked(errors),
        points: PointKind::ALL.iter().copied().map(one).collect(),
    }
}

/// The form of what somebody heard or saw.
pub fn fact(fields: &Fields, errors: &[Problem]) -> FactForm {
    FactForm {
        words: Field::area("feit", "Wat is er gezegd of gezien?", fields.get("feit"))
            .hint("Zo letterlijk als u het weet, zonder oordeel.")
            .checked(errors),
        about: [
            Field::text("feit-wie", "Wie zei het? (mag leeg blijven)", fields.get("feit-wie"))
                .hint("Bijvoorbeeld: de heer, haar zoon.")
                .growing()
                .checked(errors),
            Field::short("feit-dag", "Wanneer? (leeg: vandaag)", fields.get("feit-dag"))
                .hint("Bijvoorbeeld 08-11-2026.")
                .checked(errors),
        ],
    }
}

/// The form of a question for support.
pub fn support(of_team: Vec<Choice>, role: Option<Role>, fields: &Fields, errors: &[Problem]) -> SupportForm {
    let mut team = vec![Choice::of("", "Niemand uit het zorgteam")];
    team.extend(of_team);
    // Who is a doctor refers themselves.
    let own = match role {
        Some(Role::Gp) => Referrer::Gp.code(),
        Some(Role::HospitalPhysician) => Referrer::Hospital.code(),
        _ => "",
    };
    let fields = typed(fields, "steun", &[("steun-verwijzer", own.to_owned())]);
    SupportForm {
        kind: Field::radios(
            "steun-soort",
            "Welke ondersteuning?",
            fields.get("steun-soort"),
            choices(SupportKind::ALL, |k| (k.code(), k.dutch())),
        )
        .checked(errors),
        referrer: Field::radios(
            "steun-verwijzer",
            "Bij een continuïteitshuisbezoek: wie verwijst?",
            fields.get("steun-verwijzer"),
            choices(Referrer::ALL, |r| (r.code(), r.dutch())),
        )
        .checked(errors),
        question: Field::area("steun-vraag", "Wat vraagt u?", fields.get("steun-vraag")).checked(errors),
        of: [
            Field::select("steun-wie", "Aan wie in het zorgteam?", fields.get("steun-wie"), team)
                .hint("Deze persoon of functie vindt de vraag bij ‘Mijn werk’.")
                .checked(errors),
            Field::text("steun-buiten", "Of aan wie daarbuiten?", fields.get("steun-buiten"))
                .hint("Naam, organisatie en hoe u hen bereikte. U legt dan zelf het antwoord vast.")
                .checked(errors),
        ],
        needed_by: Field::short(
            "steun-dag",
            "Wanneer hebt u het antwoord nodig? (leeg: binnen een week)",
            fields.get("steun-dag"),
        )
        .hint("Bijvoorbeeld 08-12-2026.")
        .checked(errors),
    }
}

/// What may be answered.
pub fn replies() -> Vec<Choice> {
    choices(ReplyKind::ALL, |k| (k.code(), k.dutch()))
}
