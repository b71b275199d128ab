//! The toolkit (PROCESS T1, V3): material about talking in time, by audience, topic, language and region; an
//! organisation's own documents and links beside it. Facts only: what it is called, by whom, and where it is.

pub mod given;
mod library;

pub use library::LIBRARY;

use crate::coded::coded;
use crate::ident::{MaterialId, OrganisationId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

coded! {
    /// For whom it is.
    pub enum Audience {
        Patient "patient" "patiënt";
        Relative "relative" "naaste";
        Professional "professional" "zorgverlener";
        Coordinator "coordinator" "netwerkcoördinator";
    }
}

coded! {
    /// What it is about.
    pub enum Topic {
        Prepare "prepare" "een gesprek voorbereiden";
        Wishes "wishes" "wensen, keuzes en verklaringen";
        Dementia "dementia" "dementie";
        Meaning "meaning" "levensvragen en zingeving";
        Signal "signal" "signaleren";
        Guide "guide" "het gesprek voeren";
        Record "record" "vastleggen en delen";
        Palliative "palliative" "palliatieve zorg";
        Organise "organise" "afspraken en organisatie";
    }
}

coded! {
    /// In which language.
    pub enum Language {
        Dutch "nl" "Nederlands";
        English "en" "Engels";
        German "de" "Duits";
        Turkish "tr" "Turks";
        Arabic "ar" "Arabisch";
        Polish "pl" "Pools";
        Chinese "zh" "Chinees";
        Papiamentu "pap" "Papiamentu";
        Other "other" "een andere taal";
    }
}

coded! {
    /// The document that names it.
    pub enum Source {
        Vvt "vvt" "toolkit proactieve zorgplanning VVT, regio Apeldoorn en Zutphen";
        Dementia "dementia" "handreiking voor netwerkcoördinatoren dementie";
        Practice "practice" "PDCA voor de huisartsenpraktijk, Maastricht-Heuvelland";
        Standard "standard" "presentatie over de informatiestandaard proactieve zorgplanning";
        Rotterdam "rotterdam" "casus van het netwerk Rotterdam";
    }
}

/// Material of the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// By which it is known here.
    pub key: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// Who made it.
    pub publisher: &'static str,
    /// Where it is; absent where the document that names it has no address.
    pub address: Option<&'static str>,
    /// For whom.
    pub audience: &'static [Audience],
    /// About what.
    pub topic: Topic,
    /// In which languages.
    pub languages: &'static [Language],
    /// For which region; absent: the whole country.
    pub region: Option<&'static str>,
    /// Which document names it.
    pub source: Source,
}

/// Where an organisation's own material is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// At an address.
    Address(String),
    /// A file that is kept here, with its media type.
    File(String),
}

/// An organisation's own material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// Whose.
    pub organisation: OrganisationId,
    /// What it is called.
    pub title: String,
    /// Who made it; absent: the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Where it is.
    pub place: Place,
    /// For whom.
    pub audience: Vec<Audience>,
    /// About what.
    pub topic: Topic,
    /// In which languages.
    pub languages: Vec<Language>,
    /// For which region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The day since which it is used no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<Date>,
}

/// One piece of material, whosever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    /// By which it is known here: a key of the library, or the id of own material.
    pub key: String,
    /// What it is called.
    pub title: String,
    /// Who made it.
    pub publisher: String,
    /// Where it is.
    pub place: Option<Place>,
    /// For whom.
    pub audience: Vec<Audience>,
    /// About what.
    pub topic: Topic,
    /// In which languages.
    pub languages: Vec<Language>,
    /// For which region; absent: the whole country.
    pub region: Option<String>,
    /// Which document names it; absent for own material.
    pub source: Option<Source>,
}

impl Material {
    /// Of the library.
    pub fn listed(of: &Listed) -> Self {
        Self {
            key: of.key.to_owned(),
            title: of.title.to_owned(),
            publisher: of.publisher.to_owned(),
            place: of.address.map(|a| Place::Address(a.to_owned())),
            audience: of.audience.to_vec(),
            topic: of.topic,
            languages: of.languages.to_vec(),
            region: of.region.map(str::to_owned),
            source: Some(of.source),
        }
    }

    /// Of an organisation with this name.
    pub fn own(id: &MaterialId, own: &Own, organisation: &str) -> Self {
        Self {
            key: id.to_string(),
            title: own.title.clone(),
            publisher: own.publisher.clone().unwrap_or_else(|| organisation.to_owned()),
            place: Some(own.place.clone()),
            audience: own.audience.clone(),
            topic: own.topic,
            languages: own.languages.clone(),
            region: own.region.clone(),
            source: None,
        }
    }

    /// Where it is, where that is an address.
    pub fn address(&self) -> Option<&str> {
        match &self.place {
            Some(Place::Address(address)) => Some(address),
            Some(Place::File(_)) | None => None,
        }
    }

    /// May it be given to a patient or somebody of theirs?
    pub fn is_to_give(&self) -> bool {
        self.audience.iter().any(|a| matches!(a, Audience::Patient | Audience::Relative))
    }
}

/// What somebody looks for; what is absent does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// For whom.
    pub audience: Option<Audience>,
    /// About what.
    pub topic: Option<Topic>,
    /// In which language.
    pub language: Option<Language>,
    /// For which region: what is for the whole country is for every region.
    pub region: Option<String>,
}

impl Wanted {
    /// Is this what they look for?
    pub fn fits(&self, material: &Material) -> bool {
        self.audience.is_none_or(|a| material.audience.contains(&a))
            && self.topic.is_none_or(|t| material.topic == t)
            && self.language.is_none_or(|l| material.languages.contains(&l))
            && self.region.as_ref().is_none_or(|r| material.region.as_ref().is_none_or(|of| of == r))
    }
}

#[cfg(test)]
mod tests;
