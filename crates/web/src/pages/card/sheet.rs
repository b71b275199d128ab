//! The card as it is set: what counts at once, whom to call, and the code. What is too long for a card is not shortened
//! into something else: it says that there is a condition, and where that stands.

use crate::pages::on_paper::{dated, person};
use crate::pages::plan_view::people::contact;
use crate::qr;
use domain::patient::Patient;
use domain::plan::{Content, EmergencyLine, EmergencyView};
use domain::words;
use jiff::civil::Date;
use paper::{Card, Limit, Person, Qr};
use store::cards::Issued;

/// Letters of a decision that fit on a card.
const LINE: usize = 50;
/// Letters of other lines.
const SHORT: usize = 66;
/// People on a card.
const PEOPLE: usize = 2;

/// What is printed.
pub struct CardSheet<'a> {
    /// Whose it is.
    pub patient: &'a Patient,
    /// What the plan says.
    pub content: &'a Content,
    /// What of it counts at once.
    pub view: &'a EmergencyView<'a>,
    /// Version.
    pub number: u32,
    /// Day on which it was recorded.
    pub day: Date,
    /// The code.
    pub issued: &'a Issued,
    /// The address that the code is printed as.
    pub address: &'a str,
    /// Where the code is typed.
    pub typed_at: &'a str,
    /// Without a sheet around it.
    pub bare: bool,
}

impl CardSheet<'_> {
    /// The card.
    pub fn card(&self) -> Card {
        let bare = self.bare;
        let view = self.view;
        let call: Vec<Person> =
            view.call.iter().take(PEOPLE).map(|p| near(&person(&contact(self.content, p)))).collect();
        let code = Qr {
            modules: qr::modules(self.address).unwrap_or_default(),
            alt: "QR-code waarmee u ziet of deze kaart nog geldt".to_owned(),
            caption: String::new(),
        };
        let steps = [
            "Knip de kaart uit langs de lijn.",
            "Vouw hem dubbel op de stippellijn. Plastificeer hem als u kunt.",
            "Bewaar hem bij uw identiteitsbewijs of verzekeringspas.",
            "Gooi een oude kaart weg.",
        ];
        let about = [
            "Op de kaart staan de afspraken over wat zorgverleners in een noodgeval doen. Het hele plan staat er niet op.",
            "Wie de code scant, ziet alleen of de kaart nog geldt. Een zorgverlener die is ingelogd, ziet ook wat er nu is afgesproken.",
            "Verandert het plan? Dan geldt deze kaart niet meer. Vraag dan om een nieuwe, of print hem zelf.",
        ];
        let owned = |all: &[&str]| if bare { Vec::new() } else { all.iter().map(|s| (*s).to_owned()).collect() };
        Card {
            title: "Noodkaart".to_owned(),
            edition: format!("versie {} van {}", self.number, words::day(self.day)),
            name: cut(&self.patient.name.full(), SHORT),
            born: format!("Geboren op {}", words::date(&self.patient.birth_date)),
            limits: view.first.iter().map(limit).collect(),
            goal: if view.goal.silent { String::new() } else { cut(&view.goal.text, SHORT) },
            set: set(self.content, &view.first).map(|who| cut(&who, SHORT + 20)).unwrap_or_default(),
            back_title: "Bel".to_owned(),
            address: cut(self.typed_at, 42),
            nobody: if call.is_empty() { "Er is niemand opgegeven om te bellen.".to_owned() } else { String::new() },
            call,
            check: format!("Klopt dit nog? Scan de code, of typ hem op {}", self.typed_at),
            code: self.issued.token.groups(),
            qr: Some(code).filter(|qr| !qr.modules.is_empty()),
            bare,
            steps_title: if bare { String::new() } else { "Zo maakt u de kaart".to_owned() },
            steps: owned(&steps),
            about: owned(&about),
            dated: dated(self.day),
        }
    }
}

/// A decision's mark in ink.
pub fn mark(mark: words::Mark) -> paper::Mark {
    match mark {
        words::Mark::Do => paper::Mark::Do,
        words::Mark::DoNot => paper::Mark::DoNot,
        words::Mark::But => paper::Mark::But,
        words::Mark::Unknown => paper::Mark::Unknown,
    }
}

fn limit(line: &EmergencyLine) -> Limit {
    let text = if line.text.chars().count() <= LINE {
        line.text.clone()
    } else {
        format!("{}: onder voorwaarde. Lees het plan.", words::title(line.topic))
    };
    Limit { mark: line.mark.map(mark), text, quiet: line.silent }
}

/// Who set what counts at once, where that is the same for all of it.
fn set(content: &Content, lines: &[EmergencyLine]) -> Option<String> {
    let mut by = lines.iter().filter(|l| !l.silent).map(|l| words::said(content, l.topic).and_then(|s| s.set_by));
    let first = by.next()??;
    by.all(|other| other.as_deref() == Some(first.as_str())).then(|| words::capitalised(&first))
}

/// Whom to call: a name and telephone numbers.
fn near(person: &Person) -> Person {
    let phone = |reach: &&String| !reach.contains('@');
    Person {
        name: cut(&person.name, 40),
        part: cut(&person.part, 48),
        reach: person.reach.iter().filter(phone).take(2).map(|r| cut(r, 30)).collect(),
    }
}

/// A text of at most so many letters.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::samples::sample;
    use domain::card::{Kind, Standing};
    use domain::plan::{ReviewBy, emergency_view};
    use store::Store;

    #[test]
    fn a_card_says_what_counts_and_its_code_says_no_name_no_birth_date_and_no_number() {
        let sample = sample();
        let plan = sample.current();
        let day = domain::date::local_day(plan.recorded_at);
        let view = emergency_view(&plan.content, ReviewBy { today: day, interval_months: 6 });
        let token = Store::fresh_token();
        let issued = Issued {
            number: 1,
            kind: Kind::Card,
            version: plan.number,
            made_at: plan.recorded_at,
            code: format!("{}#K1.20261120.c0v2i0hp.1.{}", token.as_str(), "s".repeat(86)),
            token,
            by: "Saskia van Huissen".to_owned(),
            standing: Standing::Current,
        };
        let address = format!("https://tijdig.example/kaart/{}", issued.code);
        let sheet = |bare| CardSheet {
            patient: &sample.patient,
            content: &plan.content,
            view: &view,
            number: plan.number,
            day,
            issued: &issued,
            address: &address,
            typed_at: "tijdig.example/kaart",
            bare,
        };
        let card = sheet(false).card();
        assert_eq!(card.limits.len(), 4);
        assert_eq!(card.limits[0].text, "Niet reanimeren");
        assert!(!card.call.is_empty() && card.call[0].reach.iter().all(|r| !r.contains('@')));
        for private in [sample.patient.name.family.as_deref().unwrap(), sample.patient.bsn.as_str(), "1941"] {
            assert!(!address.contains(private), "{private}");
        }
        assert!(!format!("{card:?}").contains(sample.patient.bsn.as_str()), "no BSN on a card");
        assert_eq!(card, sheet(false).card());
        let bare = sheet(true).card();
        assert!(bare.steps.is_empty() && bare.about.is_empty());
        bare.to_pdf().unwrap();
        card.to_pdf().unwrap();
    }

    #[test]
    fn what_does_not_fit_is_not_made_to_say_something_else() {
        assert_eq!(cut("Wilhelmina van den Broek", 12), "Wilhelmina…");
        assert_eq!(cut("kort", 12), "kort");
    }
}
