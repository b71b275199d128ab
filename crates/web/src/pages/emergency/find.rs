//! Who is looked for, and who of them is known.

use super::LOOK;
use crate::access::quietly;
use crate::app::App;
use crate::forms::Fields;
use crate::pages::card::check::NO_CODE;
use crate::pages::dutch;
use crate::pages::field::Problem;
use crate::session::SignedIn;
use domain::access::Permit;
use domain::card::Scanned;
use domain::ident::{Bsn, PatientId};
use jiff::civil::Date;
use store::log::{Event, Outcome};

/// Who is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// By number.
    Bsn(Bsn),
    /// By the code on a card, or on a plan on paper.
    Card(Scanned),
    /// By name and birth date; a name alone would find strangers (decision 74).
    Name {
        /// Surname as typed.
        family: String,
        /// Birth date.
        born: Date,
    },
}

/// Reads what was typed.
///
/// # Errors
/// What is wrong with it.
pub fn wanted(fields: &Fields) -> Result<Wanted, Problem> {
    if let Some(code) = fields.filled("code") {
        return Scanned::read(code).map(Wanted::Card).ok_or_else(|| Problem::at("code", NO_CODE));
    }
    match (fields.filled("bsn"), fields.filled("achternaam"), fields.filled("geboortedatum")) {
        // A scanner types into the field that one stands in.
        (Some(bsn), ..) => Bsn::parse(bsn)
            .map(Wanted::Bsn)
            .or_else(|wrong| Scanned::read(bsn).map(Wanted::Card).ok_or_else(|| Problem::at("bsn", wrong.0))),
        (None, Some(family), Some(born)) => match dutch::typed_date(born).map(|d| d.day()) {
            Ok(Some(born)) => Ok(Wanted::Name { family: family.to_owned(), born }),
            Ok(None) => Err(Problem::at("geboortedatum", "Vul de hele geboortedatum in: dag, maand en jaar.")),
            Err(message) => Err(Problem::at("geboortedatum", message)),
        },
        (None, Some(_), None) => Err(Problem::at("geboortedatum", "Vul bij de achternaam ook de geboortedatum in.")),
        (None, None, Some(_)) => Err(Problem::at("achternaam", "Vul bij de geboortedatum ook de achternaam in.")),
        (None, None, None) => {
            Err(Problem::at("bsn", "Vul een BSN in, een achternaam met geboortedatum, of de code van een kaart."))
        }
    }
}

impl Wanted {
    /// Was it by name and birth date?
    pub fn by_name(&self) -> bool {
        matches!(self, Self::Name { .. })
    }

    /// The token of a card, as one types it.
    pub fn code(&self) -> Option<String> {
        match self {
            Self::Card(scanned) => Some(scanned.token().groups()),
            Self::Bsn(_) | Self::Name { .. } => None,
        }
    }

    /// What was typed, for the form that follows.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Bsn(bsn) => vec![("bsn", bsn.as_str().to_owned())],
            // Whose signature was looked at already is named by its token.
            Self::Card(_) => self.code().map(|code| ("code", code)).into_iter().collect(),
            Self::Name { family, born } => {
                vec![("achternaam", family.clone()), ("geboortedatum", born.to_string())]
            }
        }
    }
}

/// Notes that somebody looked, the same for known and unknown.
pub async fn log(app: &App, who: &SignedIn, wanted: &Wanted) -> Result<(), store::Error> {
    let event = Event {
        at: app.clock().now(),
        actor: Some(&who.actor),
        action: "search",
        data: match wanted {
            Wanted::Bsn(_) => "emergency: bsn",
            Wanted::Card(_) => "emergency: card",
            Wanted::Name { .. } => "emergency: name-and-birth-date",
        },
        patient: None,
        outcome: Outcome::Done,
        detail: None,
    };
    app.store().event(event).await
}

/// Who goes by this: leave for those to whom there is a basis, and the ids of the others.
pub async fn candidates(
    app: &App,
    who: &SignedIn,
    wanted: &Wanted,
) -> Result<(Vec<Permit>, Vec<PatientId>), store::Error> {
    let ids = match wanted {
        Wanted::Bsn(bsn) => app.store().find_by_bsn(bsn).await?.into_iter().collect(),
        Wanted::Card(scanned) => app.store().find_by_card(scanned.token()).await?.into_iter().collect(),
        Wanted::Name { family, born } => app.store().find_by_typed_name(*born, family).await?,
    };
    let (mut seen, mut strange) = (Vec::new(), Vec::new());
    for id in ids {
        match quietly(app, &who.actor, LOOK, &id).await? {
            Some(permit) => seen.push(permit),
            None => strange.push(id),
        }
    }
    Ok((seen, strange))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Result<Wanted, Problem> {
        wanted(&Fields(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()))
    }

    #[test]
    fn a_number_or_a_name_with_its_birth_date() {
        assert!(matches!(of(&[("bsn", "999911120")]), Ok(Wanted::Bsn(_))));
        let named = of(&[("achternaam", "van der Berg"), ("geboortedatum", "12-3-1941")]).unwrap();
        assert!(named.by_name());
        // What is sent on is read again as the same.
        let again: Vec<(String, String)> = named.fields().into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
        assert_eq!(wanted(&Fields(again)).unwrap(), named);
        // From a camera or a scanner, in the field for it or the one that one stands in.
        for (field, text) in [("code", "abcd-efgh-jklm-npqr"), ("bsn", "https://tijdig.example/kaart/ABCDEFGHJKLMNPQR")]
        {
            let scanned = of(&[(field, text)]).unwrap();
            assert_eq!(scanned.code().as_deref(), Some("ABCD-EFGH-JKLM-NPQR"), "{field}");
            assert!(!scanned.by_name());
        }
        for (wrong, at) in [
            (&[("code", "999911120")][..], "code"),
            (&[("bsn", "123456789")], "bsn"),
            (&[], "bsn"),
            (&[("achternaam", "Berg")], "geboortedatum"),
            (&[("geboortedatum", "12-03-1941")], "achternaam"),
            (&[("achternaam", "Berg"), ("geboortedatum", "1941")], "geboortedatum"),
        ] {
            assert_eq!(of(wrong).unwrap_err().field, at, "{wrong:?}");
        }
    }
}
