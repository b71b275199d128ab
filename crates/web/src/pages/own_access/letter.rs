//! The letter with an invitation as a PDF: the same words as the page, with the address where a window envelope shows it.

use super::LetterPage;
use crate::pages::on_paper::dated;
use crate::qr;
use domain::code::Gender;
use domain::patient::Patient;
use jiff::civil::Date;
use paper::{Letter, Part, Qr};

/// The letter. `patient`: where it is to the patient, whose address is known; `scan`: the address with the code.
pub fn sheet(page: &LetterPage, patient: Option<&Patient>, scan: &str, today: Date) -> Letter {
    let to_patient = page.about.is_empty();
    let whose = if to_patient { "uzelf".to_owned() } else { page.about.clone() };
    let what = if to_patient {
        "Wij hebben met u gesproken over uw zorg in de toekomst. Wat we hebben afgesproken, staat in een plan. U kunt dat plan zelf lezen op internet. U ziet er ook wie in uw plan keek. En u kiest wie het mag zien.".to_owned()
    } else {
        format!("Er is een plan voor de zorg van {}. U mag dat plan lezen op internet.", page.about)
    };
    let steps = vec![
        format!("Scan het plaatje hieronder met uw telefoon. Of ga naar {}", page.address),
        "Vul de code in die hieronder staat.".to_owned(),
        format!("Vul de geboortedatum in van {whose}."),
        "Kies een eigen gebruikersnaam en een wachtwoord.".to_owned(),
    ];
    let code = Qr {
        modules: qr::modules(scan).unwrap_or_default(),
        alt: "QR-code met het adres en de code uit deze brief".to_owned(),
        caption: "Scan dit met uw telefoon".to_owned(),
    };
    Letter {
        subject: "Lees het plan voor uw zorg".to_owned(),
        sender: vec![page.organisation.clone()],
        address: std::iter::once(page.to.clone()).chain(patient.map(street_and_place).unwrap_or_default()).collect(),
        date: page.today.clone(),
        reference: Vec::new(),
        greeting: patient.map_or_else(|| format!("Beste {},", page.to), |p| greeting(p, &page.to)),
        parts: vec![
            Part::text(what),
            Part::heading("Zo doet u het"),
            Part::Steps { steps },
            Part::Code {
                label: "Uw code".to_owned(),
                code: page.code.clone(),
                note: format!(
                    "De code werkt één keer, tot en met {}. Bewaar de brief goed en geef hem niet aan anderen.",
                    page.valid_until
                ),
                qr: Some(code).filter(|qr| !qr.modules.is_empty()),
            },
            Part::text("Lukt het niet? Bel ons. Wij helpen u."),
        ],
        closing: vec![
            "Met vriendelijke groet,".to_owned(),
            String::new(),
            page.from.clone(),
            page.organisation.clone(),
        ],
        foot: Vec::new(),
        dated: dated(today),
    }
}

/// How the letter begins.
pub fn greeting(patient: &Patient, name: &str) -> String {
    let family = domain::words::capitalised(&patient.name.family_used());
    match patient.gender {
        Some(Gender::Female) if !family.is_empty() => format!("Beste mevrouw {family},"),
        Some(Gender::Male) if !family.is_empty() => format!("Beste meneer {family},"),
        _ => format!("Beste {name},"),
    }
}

/// Street and place, for the window of the envelope.
pub fn street_and_place(patient: &Patient) -> Vec<String> {
    let Some(address) = &patient.address else { return Vec::new() };
    let join = |parts: [Option<&str>; 3]| parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let street = join([address.street.as_deref(), address.house_number.as_deref(), address.addition.as_deref()]);
    let place = join([address.postcode.as_ref().map(domain::ident::Postcode::as_str), address.city.as_deref(), None]);
    [street, place].into_iter().filter(|line| !line.is_empty()).collect()
}
