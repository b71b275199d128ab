//! Who a patient is, as a form: for registering and for correcting.

use super::days::typed_day;
use super::dutch;
use super::field::{Choice, Field, Problem};
use domain::code::{CodeSet, ContactUse, Gender, TelecomType};
use domain::ident::{Bsn, Postcode, Uzovi};
use domain::patient::{Living, Patient};
use domain::people::{Address, Email, Name, NameUsage, Telephone};
use jiff::civil::Date;

/// The questions with what was typed.
#[derive(Debug, Clone)]
pub struct PatientForm {
    /// BSN.
    pub bsn: Field,
    /// First names.
    pub given: Field,
    /// Initials.
    pub initials: Field,
    /// Name people call them by.
    pub called: Field,
    /// Prefix of the own name.
    pub prefix: Field,
    /// Own family name.
    pub family: Field,
    /// Prefix of the partner's name.
    pub partner_prefix: Field,
    /// Partner's name.
    pub partner_family: Field,
    /// Which name is used.
    pub usage: Field,
    /// Birth date.
    pub birth_date: Field,
    /// Sex.
    pub gender: Field,
    /// Place of living.
    pub living: Field,
    /// Street.
    pub street: Field,
    /// House number.
    pub house_number: Field,
    /// Letter or addition.
    pub addition: Field,
    /// Postcode.
    pub postcode: Field,
    /// Place.
    pub city: Field,
    /// Telephone.
    pub telephone: Field,
    /// E-mail.
    pub email: Field,
    /// GP or practice.
    pub general_practitioner: Field,
    /// Insurer.
    pub insurer: Field,
    /// Day of death; only where one is known, so that what came by mistake can be taken back.
    pub died_on: Option<Field>,
}

const USAGES: [(NameUsage, &str, &str); 4] = [
    (NameUsage::Own, "own", "Eigen naam"),
    (NameUsage::Partner, "partner", "Naam van de partner"),
    (NameUsage::PartnerOwn, "partner-own", "Naam van de partner, dan eigen naam"),
    (NameUsage::OwnPartner, "own-partner", "Eigen naam, dan naam van de partner"),
];

/// Longest text that a field of identity takes; longer is a mistake or an attack.
const LONGEST: usize = 200;

impl PatientForm {
    /// The questions, with what `typed` gives for each name, and the errors at their fields.
    pub fn new<'a>(typed: impl Fn(&str) -> &'a str, errors: &[Problem]) -> Self {
        let with = |f: Field| f.checked(errors);
        let text = |name: &str, label: &str| Field::text(name, label, typed(name));
        let radios = |name: &str, label: &str, choices| Field::radios(name, label, typed(name), choices);
        let usages = std::iter::once(Choice::of("", "Niet opgegeven"))
            .chain(USAGES.iter().map(|(_, code, label)| Choice::of(*code, *label)))
            .collect();
        let genders = Gender::ALL.iter().map(|g| Choice::of(g.code(), g.display())).collect();
        let living = Living::ALL.iter().map(|l| Choice::of(l.code(), domain::words::capitalised(l.dutch()))).collect();
        Self {
            bsn: with(
                Field::short("bsn", "BSN", typed("bsn")).hint("Negen cijfers, van een identiteitsbewijs.").digits(),
            ),
            given: with(text("voornamen", "Voornamen").growing()),
            initials: with(Field::shorter("voorletters", "Voorletters", typed("voorletters"))),
            called: with(text("roepnaam", "Roepnaam (als die anders is)")),
            prefix: with(Field::shorter("tussenvoegsel", "Tussenvoegsel", typed("tussenvoegsel"))),
            family: with(text("achternaam", "Achternaam").growing()),
            partner_prefix: with(Field::shorter(
                "partner-tussenvoegsel",
                "Tussenvoegsel van de partner",
                typed("partner-tussenvoegsel"),
            )),
            partner_family: with(text("partner-achternaam", "Achternaam van de partner").growing()),
            usage: with(Field::select("naamgebruik", "Welke naam gebruikt de patiënt?", typed("naamgebruik"), usages)),
            birth_date: with(
                Field::short("geboortedatum", "Geboortedatum", typed("geboortedatum"))
                    .hint("Bijvoorbeeld 12-03-1941. Is alleen het jaar bekend, schrijf dan het jaar."),
            ),
            gender: with(radios("geslacht", "Geslacht", genders)),
            living: with(
                radios("verblijf", "Verblijfplaats", living).hint("Dit bepaalt welke arts eindverantwoordelijk is."),
            ),
            street: with(text("straat", "Straat").growing()),
            house_number: with(Field::shorter("huisnummer", "Huisnummer", typed("huisnummer"))),
            addition: with(Field::shorter("toevoeging", "Toevoeging", typed("toevoeging"))),
            postcode: with(Field::shorter("postcode", "Postcode", typed("postcode"))),
            city: with(text("plaats", "Plaats").growing()),
            telephone: with(Field::text("telefoon", "Telefoon", typed("telefoon"))),
            email: with(text("email", "E-mail")),
            general_practitioner: with(text("huisarts", "Huisarts of praktijk")),
            insurer: with(
                Field::shorter("uzovi", "UZOVI-code van de zorgverzekeraar", typed("uzovi"))
                    .hint("Vier cijfers, op de zorgpas.")
                    .digits(),
            ),
            died_on: None,
        }
    }

    /// The questions, answered with who the patient is now.
    pub fn of(patient: &Patient) -> Self {
        let values = typed(patient);
        let value = |name: &str| values.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v.as_str());
        Self::new(value, &[]).about(patient, value, &[])
    }

    /// With what is asked of this patient alone.
    #[must_use]
    pub fn about<'a>(mut self, patient: &Patient, typed: impl Fn(&str) -> &'a str, errors: &[Problem]) -> Self {
        self.died_on = patient.died_on.map(|_| {
            Field::short("overleden", "Overleden op", typed("overleden"))
                .hint("Klopt het niet dat de patiënt is overleden, maak dit dan leeg.")
                .checked(errors)
        });
        self
    }
}

/// Who the patient is, as one would type it.
fn typed(patient: &Patient) -> Vec<(&'static str, String)> {
    let name = &patient.name;
    let address = patient.address.clone().unwrap_or_default();
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let telephone = patient.telephones.first().and_then(|t| t.number.clone()).unwrap_or_default();
    let email = patient.emails.first().and_then(|e| e.address.clone()).unwrap_or_default();
    let usage = name.usage.and_then(|u| USAGES.iter().find(|(v, ..)| *v == u)).map_or("", |(_, code, _)| code);
    vec![
        ("bsn", patient.bsn.as_str().to_owned()),
        ("voornamen", text(&name.given)),
        ("voorletters", text(&name.initials)),
        ("roepnaam", text(&name.called)),
        ("tussenvoegsel", text(&name.prefix)),
        ("achternaam", text(&name.family)),
        ("partner-tussenvoegsel", text(&name.partner_prefix)),
        ("partner-achternaam", text(&name.partner_family)),
        ("naamgebruik", usage.to_owned()),
        ("geboortedatum", dutch::date_to_type(&patient.birth_date)),
        ("geslacht", patient.gender.map(|g| g.code().to_owned()).unwrap_or_default()),
        ("verblijf", patient.living.map(|l| l.code().to_owned()).unwrap_or_default()),
        ("straat", text(&address.street)),
        ("huisnummer", text(&address.house_number)),
        ("toevoeging", text(&address.addition)),
        ("postcode", address.postcode.map(|p| p.as_str().to_owned()).unwrap_or_default()),
        ("plaats", text(&address.city)),
        ("telefoon", telephone),
        ("email", email),
        ("huisarts", text(&patient.general_practitioner)),
        ("uzovi", patient.insurer.as_ref().map(|u| u.as_str().to_owned()).unwrap_or_default()),
        ("overleden", patient.died_on.map(|d| d.strftime("%d-%m-%Y").to_string()).unwrap_or_default()),
    ]
}

/// Reads who the patient is. `before` is the identity to correct: what the form does not ask stays as it is.
///
/// # Errors
/// Every field that is not right, with what to do about it.
pub fn read<'a>(
    typed: impl Fn(&str) -> &'a str,
    before: Option<&Patient>,
    today: Date,
) -> Result<Patient, Vec<Problem>> {
    let mut errors = Vec::new();
    let filled = |name: &str| Some(typed(name).trim()).filter(|t| !t.is_empty());
    let owned = |name: &str| filled(name).map(str::to_owned);
    for name in [
        "voornamen",
        "voorletters",
        "roepnaam",
        "tussenvoegsel",
        "achternaam",
        "partner-tussenvoegsel",
        "partner-achternaam",
        "straat",
        "huisnummer",
        "toevoeging",
        "plaats",
        "telefoon",
        "email",
        "huisarts",
    ] {
        if typed(name).chars().count() > LONGEST {
            errors.push(Problem::at(name, format!("Dit is te lang: gebruik hoogstens {LONGEST} tekens.")));
        }
    }
    let bsn = match filled("bsn") {
        None => Err(Problem::at("bsn", "Vul het BSN in.")),
        Some(text) => Bsn::parse(text).map_err(|e| Problem::at("bsn", e.0)),
    };
    let birth_date = match filled("geboortedatum") {
        None => Err(Problem::at("geboortedatum", "Vul de geboortedatum in.")),
        Some(text) => match dutch::typed_date(text) {
            Err(message) => Err(Problem::at("geboortedatum", message)),
            Ok(date) if date.first_day() > today => {
                Err(Problem::at("geboortedatum", "Deze geboortedatum ligt in de toekomst: controleer de datum."))
            }
            Ok(date) if date.first_day().year() < today.year() - 130 => Err(Problem::at(
                "geboortedatum",
                "Deze geboortedatum is langer dan 130 jaar geleden: controleer het jaar.",
            )),
            Ok(date) => Ok(date),
        },
    };
    if filled("achternaam").is_none() {
        errors.push(Problem::at("achternaam", "Vul de achternaam in."));
    }
    let postcode = filled("postcode").map(|t| Postcode::parse(t).map_err(|e| Problem::at("postcode", e.0))).transpose();
    let insurer = filled("uzovi").map(|t| Uzovi::parse(t).map_err(|e| Problem::at("uzovi", e.0))).transpose();
    if filled("telefoon").is_some_and(|t| t.chars().filter(char::is_ascii_digit).count() < 4) {
        errors.push(Problem::at("telefoon", "Dit is geen telefoonnummer: vul cijfers in."));
    }
    if filled("email").is_some_and(|t| !t.contains('@') || t.contains(char::is_whitespace)) {
        errors.push(Problem::at("email", "Dit is geen e-mailadres: schrijf het als naam@voorbeeld.nl."));
    }
    // Asked only where one is known: left empty, the patient lives.
    let known_death = before.and_then(|p| p.died_on);
    let died_on = match known_death.and_then(|_| filled("overleden")).map(typed_day).transpose() {
        Ok(Some(day)) if day > today => {
            errors.push(Problem::at("overleden", "Deze datum ligt in de toekomst: controleer de datum."));
            None
        }
        Ok(day) => day,
        Err(message) => {
            errors.push(Problem::at("overleden", message));
            None
        }
    };
    let (bsn, birth_date, postcode, insurer) = match (bsn, birth_date, postcode, insurer) {
        (Ok(b), Ok(d), Ok(p), Ok(i)) if errors.is_empty() => (b, d, p, i),
        (b, d, p, i) => {
            errors.extend([b.err(), d.err(), p.err(), i.err()].into_iter().flatten());
            let order = |e: &Problem| typed_order(&e.field);
            errors.sort_by_key(order);
            return Err(errors);
        }
    };
    let address = Address {
        street: owned("straat"),
        house_number: owned("huisnummer"),
        addition: owned("toevoeging"),
        postcode,
        city: owned("plaats"),
        ..Address::default()
    };
    Ok(Patient {
        bsn,
        name: Name {
            given: owned("voornamen"),
            initials: owned("voorletters"),
            called: owned("roepnaam"),
            prefix: owned("tussenvoegsel"),
            family: owned("achternaam"),
            partner_prefix: owned("partner-tussenvoegsel"),
            partner_family: owned("partner-achternaam"),
            titles: before.and_then(|p| p.name.titles.clone()),
            usage: USAGES.iter().find(|(_, code, _)| *code == typed("naamgebruik")).map(|(u, ..)| *u),
        },
        birth_date,
        gender: Gender::ALL.iter().copied().find(|g| g.code() == typed("geslacht")),
        address: (address != Address::default()).then_some(address),
        telephones: first_replaced(
            before.map(|p| p.telephones.clone()).unwrap_or_default(),
            owned("telefoon"),
            |t| t.number.as_deref(),
            |number| {
                let mobile = number.trim_start_matches('+').replace([' ', '-'], "");
                let kind = if mobile.starts_with("06") || mobile.starts_with("316") {
                    TelecomType::Mobile
                } else {
                    TelecomType::LandLine
                };
                Telephone { number: Some(number), kind: Some(kind), purpose: Some(ContactUse::Home), comment: None }
            },
        ),
        emails: first_replaced(
            before.map(|p| p.emails.clone()).unwrap_or_default(),
            owned("email"),
            |e| e.address.as_deref(),
            |address| Email { address: Some(address), purpose: Some(ContactUse::Home) },
        ),
        living: Living::of_code(typed("verblijf")),
        general_practitioner: owned("huisarts"),
        insurer,
        died_on,
    })
}

/// The form asks one number and one address; further ones stay, and one that did not change keeps what it is for.
fn first_replaced<T>(
    mut known: Vec<T>,
    typed: Option<String>,
    text: impl Fn(&T) -> Option<&str>,
    make: impl Fn(String) -> T,
) -> Vec<T> {
    if known.first().and_then(&text) == typed.as_deref() {
        return known;
    }
    if !known.is_empty() {
        known.remove(0);
    }
    if let Some(typed) = typed {
        known.insert(0, make(typed));
    }
    known
}

fn typed_order(field: &str) -> usize {
    const ORDER: [&str; 18] = [
        "bsn",
        "voornamen",
        "voorletters",
        "roepnaam",
        "tussenvoegsel",
        "achternaam",
        "partner-tussenvoegsel",
        "partner-achternaam",
        "geboortedatum",
        "straat",
        "huisnummer",
        "toevoeging",
        "postcode",
        "plaats",
        "telefoon",
        "email",
        "huisarts",
        "overleden",
    ];
    ORDER.iter().position(|f| *f == field).unwrap_or(ORDER.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form<'a>(pairs: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> &'a str {
        move |name| pairs.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v)
    }

    const DAY: &str = "2026-11-22";

    #[test]
    fn every_mistake_is_named_at_its_field_in_the_order_of_the_page() {
        let typed =
            form(&[("bsn", "123456789"), ("geboortedatum", "31-02-1941"), ("postcode", "12"), ("email", "geen")]);
        let errors = read(typed, None, DAY.parse().unwrap()).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["bsn", "achternaam", "geboortedatum", "postcode", "email"]);
    }

    #[test]
    fn what_is_typed_is_what_is_registered_and_comes_back() {
        let typed = form(&[
            ("bsn", "999911120"),
            ("voornamen", "Saskia Maria"),
            ("tussenvoegsel", "van der"),
            ("achternaam", "Berg"),
            ("geboortedatum", "12-3-1941"),
            ("geslacht", "F"),
            ("verblijf", "home"),
            ("straat", "Dorpsstraat"),
            ("huisnummer", "7"),
            ("postcode", "7311ab"),
            ("plaats", "Apeldoorn"),
            ("telefoon", "06 1234 5678"),
            ("uzovi", "101"),
        ]);
        let patient = read(typed, None, DAY.parse().unwrap()).unwrap();
        assert_eq!(dutch::addressed(&patient), "Mw. S.M. van der Berg");
        assert_eq!(patient.birth_date.as_str(), "1941-03-12");
        assert_eq!(patient.telephones[0].kind, Some(TelecomType::Mobile));
        let again = PatientForm::of(&patient);
        assert_eq!(again.birth_date.value(), "12-03-1941");
        assert_eq!(again.postcode.value(), "7311 AB");
        assert!(again.gender.holds("F"));
    }

    #[test]
    fn a_death_that_came_by_mistake_can_be_emptied_and_none_is_made_here() {
        let base = [("bsn", "999911120"), ("achternaam", "Berg"), ("geboortedatum", "1941")];
        let with = |day: &'static str| base.iter().copied().chain([("overleden", day)]).collect::<Vec<_>>();
        let today = DAY.parse().unwrap();
        let told = with("01-11-2026");
        let alive = read(form(&told), None, today).unwrap();
        assert_eq!(alive.died_on, None, "who is registered is not told dead here");
        let dead = Patient { died_on: Some("2026-11-02".parse().unwrap()), ..alive.clone() };
        assert_eq!(read(form(&told), Some(&dead), today).unwrap().died_on, Some("2026-11-01".parse().unwrap()));
        assert_eq!(read(form(&with("")), Some(&dead), today).unwrap().died_on, None);
        for wrong in ["2026", "gisteren", "01-12-2026"] {
            let errors = read(form(&with(wrong)), Some(&dead), today).unwrap_err();
            assert_eq!(errors[0].field, "overleden", "{wrong}");
        }
        assert_eq!(PatientForm::of(&dead).died_on.unwrap().value(), "02-11-2026");
        assert!(PatientForm::of(&alive).died_on.is_none());
    }

    #[test]
    fn correcting_keeps_what_the_form_does_not_ask() {
        let typed = form(&[
            ("bsn", "999911120"),
            ("achternaam", "Berg"),
            ("geboortedatum", "1941"),
            ("telefoon", "055-1234567"),
        ]);
        let mut patient = read(&typed, None, DAY.parse().unwrap()).unwrap();
        patient.telephones[0].comment = Some("alleen overdag".to_owned());
        patient.telephones.push(Telephone { number: Some("06-1".into()), ..Telephone::default() });
        patient.name.titles = Some("dr.".to_owned());
        let again = read(&typed, Some(&patient), DAY.parse().unwrap()).unwrap();
        assert_eq!(again, patient);
    }

    #[test]
    fn a_birth_date_must_be_possible() {
        for wrong in ["01-01-2027", "01-01-1850"] {
            let typed = [("bsn", "999911120"), ("achternaam", "Berg"), ("geboortedatum", wrong)];
            let errors = read(form(&typed), None, DAY.parse().unwrap()).unwrap_err();
            assert_eq!(errors[0].field, "geboortedatum", "{wrong}");
        }
    }
}
