//! Why a command did not do its work, in the operator's language, with what to do about it. What is not the operator's to
//! mend is told as the program says it.

use web::StoreError;
use web::backup::Unfit;

/// Why a command did not do its work.
#[derive(Debug)]
pub enum Failure {
    /// It was used in a wrong way.
    Use(String),
    /// It failed.
    Failed(String),
}

impl<E: std::error::Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let any: &(dyn std::error::Error + 'static) = &error;
        Self::Failed(any.downcast_ref().map_or_else(|| error.to_string(), told))
    }
}

fn told(error: &StoreError) -> String {
    match error {
        StoreError::NoConnection(why) => {
            format!("De database antwoordt niet ({why}). Draait zij, en klopt het adres bij --database of in de configuratie?")
        }
        StoreError::File { path, source } => {
            format!("{}: kan niet gelezen of geschreven worden ({source}).", path.display())
        }
        StoreError::Newer { found, known } => format!(
            "Deze database is van een nieuwere versie van Tijdig (schema {found}; deze kent tot {known}). Gebruik die versie."
        ),
        StoreError::OtherMigration(number) => format!(
            "Migratie {number} van deze database is een andere dan die van dit programma: zij is met een ander programma gemaakt."
        ),
        StoreError::NoMasterKey(path) => {
            format!("{} is er niet. Zonder de hoofdsleutel zijn de gegevens niet te lezen: zet het bestand terug.", path.display())
        }
        StoreError::BadMasterKey(why) => format!("Het bestand met de hoofdsleutel is geen sleutel ({why})."),
        StoreError::WrongMasterKey => {
            "Deze hoofdsleutel past niet: de gegevens zijn met een andere verzegeld. Zet de goede terug.".to_owned()
        }
        StoreError::WrongKeyStore(why) => format!(
            "Het sleutelbestand hoort niet bij deze database ({why}). Zet de twee van hetzelfde moment bij elkaar."
        ),
        StoreError::NoPatient => "Deze patiënt is er niet.".to_owned(),
        StoreError::NoKey => {
            "De sleutel van dit dossier is er niet: het is vernietigd, of het sleutelbestand is een oudere kopie.".to_owned()
        }
        StoreError::Merged(id) => format!("Dit dossier is samengevoegd met {id}. Gebruik dat."),
        StoreError::Taken(what) => format!("Dit bestaat al ({what}). Kies een andere naam."),
        StoreError::Missing(what) => format!("Dit is er niet ({what})."),
        StoreError::Commit(why) => format!("Het kon niet weggeschreven worden ({why}). Er is niets veranderd."),
        StoreError::LogStalled => {
            "Het logboek kan niet geschreven worden; tot dat weer kan, wordt ook niets gelezen. Is er nog ruimte op de schijf?".to_owned()
        }
        StoreError::KeysChanged => "De sleutels zijn ondertussen vervangen. Probeer het opnieuw.".to_owned(),
        StoreError::Unfit(unfit) => unfit_told(unfit),
        other => other.to_string(),
    }
}

fn unfit_told(unfit: &Unfit) -> String {
    match unfit {
        Unfit::NoBackup => "Dit bestand is geen reservekopie van Tijdig.".to_owned(),
        Unfit::Newer => "Deze reservekopie is van een nieuwere versie van Tijdig. Gebruik die versie.".to_owned(),
        Unfit::WrongKey => "De sleutel past niet bij deze reservekopie: zij is met een andere verzegeld.".to_owned(),
        Unfit::Changed(block) => {
            format!("Deze reservekopie is beschadigd: blok {block} is veranderd. Gebruik een andere kopie.")
        }
        Unfit::CutOff(block) => format!("Deze reservekopie is afgebroken: zij houdt op na blok {block}."),
        Unfit::OtherDatabase(of, target) => {
            format!("Deze reservekopie is van {of} en het doel is {target}. Zij kan alleen terug naar dezelfde soort.")
        }
        Unfit::NotEmpty(_) => "Het doel is niet leeg. Zet een reservekopie terug waar nog niets is.".to_owned(),
        Unfit::NoKeyStore => {
            "Het sleutelbestand ontbreekt. Geef ook de reservekopie daarvan; zonder is niets te lezen.".to_owned()
        }
        Unfit::BrokenOff => {
            "Een eerdere poging om hier terug te zetten is afgebroken. Maak de database leeg en begin opnieuw."
                .to_owned()
        }
        Unfit::Exists(path) => format!("{} bestaat al.", path.display()),
        Unfit::OtherContent(_) => {
            "In dit bestand zit het andere deel: wissel de kopie van de database en die van het sleutelbestand om."
                .to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_operator_can_mend_is_told_in_their_language_and_the_rest_as_it_is() {
        let told = |error: StoreError| match Failure::from(error) {
            Failure::Failed(why) => why,
            Failure::Use(why) => panic!("{why}"),
        };
        assert!(told(StoreError::WrongMasterKey).starts_with("Deze hoofdsleutel past niet"));
        assert!(told(Unfit::Changed(3).into()).contains("blok 3 is veranderd"));
        assert!(told(StoreError::Bug("x")).contains("mistake"));
        let Failure::Failed(other) = Failure::from(std::fmt::Error) else { panic!() };
        assert_eq!(other, std::fmt::Error.to_string());
    }
}
