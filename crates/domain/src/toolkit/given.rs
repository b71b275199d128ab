//! From what was typed about material to what is kept; everything that is wrong with it, each at its field.

use super::{Audience, Language, Material, Own, Place, Topic};
use crate::ident::OrganisationId;
use crate::path::What;
use crate::signal::LONGEST;
use crate::talk::given::LONGEST_LINE;
use crate::talk::{GivenHow, GivenTo, MaterialGiven, Talk};

/// The longest address, in characters.
pub const LONGEST_ADDRESS: usize = 500;

/// Which field something is wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// What it is called.
    Title,
    /// Who made it.
    Publisher,
    /// Its address.
    Address,
    /// Its file.
    File,
    /// For whom.
    Audience,
    /// About what.
    Topic,
    /// In which language.
    Language,
    /// For which region.
    Region,
    /// To whom it was given.
    To,
    /// How.
    How,
    /// Words.
    Words,
}

/// What is wrong, and how to mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flaw {
    /// Where.
    pub part: Part,
    /// Dutch sentence for the field.
    pub sentence: &'static str,
}

fn line(typed: &str, part: Part, flaws: &mut Vec<Flaw>) -> Option<String> {
    let typed = typed.trim();
    if typed.chars().count() > LONGEST_LINE {
        flaws.push(Flaw { part, sentence: "Schrijf het korter: in hoogstens 200 tekens." });
    }
    (!typed.is_empty()).then(|| typed.to_owned())
}

/// Own material as typed.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each is the field of its name in `Own`")]
pub struct OwnGiven {
    pub title: String,
    pub publisher: String,
    pub address: String,
    /// Media type of the file that came with it.
    pub file: Option<String>,
    pub audience: Vec<String>,
    pub topic: String,
    pub languages: Vec<String>,
    pub region: String,
}

/// Own material.
///
/// # Errors
/// Everything that is wrong with it.
pub fn own(given: &OwnGiven, organisation: &OrganisationId) -> Result<Own, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let title = line(&given.title, Part::Title, &mut flaws).unwrap_or_else(|| {
        flaws.push(Flaw { part: Part::Title, sentence: "Schrijf hoe het heet." });
        String::new()
    });
    let publisher = line(&given.publisher, Part::Publisher, &mut flaws);
    let region = line(&given.region, Part::Region, &mut flaws);
    let address = given.address.trim();
    let place = match (address.is_empty(), given.file.clone()) {
        (false, None) => {
            if !is_address(address) {
                let sentence = "Dit is geen adres van een webpagina. Schrijf het helemaal, met https:// ervoor.";
                flaws.push(Flaw { part: Part::Address, sentence });
            }
            Place::Address(address.to_owned())
        }
        (true, Some(media)) => Place::File(media),
        (true, None) => {
            flaws.push(Flaw { part: Part::Address, sentence: "Schrijf het adres, of kies een bestand." });
            Place::Address(String::new())
        }
        (false, Some(media)) => {
            let sentence = "U koos ook een bestand. Maak dit veld leeg, of kies geen bestand.";
            flaws.push(Flaw { part: Part::Address, sentence });
            Place::File(media)
        }
    };
    let among = |all: &[String], code: &str| all.iter().any(|c| c == code);
    let audience: Vec<_> = Audience::ALL.iter().copied().filter(|a| among(&given.audience, a.code())).collect();
    if audience.is_empty() {
        flaws.push(Flaw { part: Part::Audience, sentence: "Kies voor wie het is." });
    }
    let topic = Topic::of_code(&given.topic).unwrap_or_else(|| {
        flaws.push(Flaw { part: Part::Topic, sentence: "Kies waar het over gaat." });
        Topic::Prepare
    });
    let languages: Vec<_> = Language::ALL.iter().copied().filter(|l| among(&given.languages, l.code())).collect();
    if languages.is_empty() {
        flaws.push(Flaw { part: Part::Language, sentence: "Kies in welke taal het is." });
    }
    let own = Own {
        organisation: organisation.clone(),
        title,
        publisher,
        place,
        audience,
        topic,
        languages,
        region,
        ended_on: None,
    };
    if flaws.is_empty() { Ok(own) } else { Err(flaws) }
}

/// The address of a page on the web: http or https, a host with a dot in it, nothing that signs in.
pub fn is_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    text.chars().count() <= LONGEST_ADDRESS
        && text.chars().all(|c| !c.is_whitespace() && !c.is_control() && c != '"' && c != '<' && c != '>')
        && host.contains('.')
        && !host.contains('@')
        && !host.starts_with('.')
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':'))
}

/// What was given as typed.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each is the field of its name in `MaterialGiven`")]
pub struct GaveGiven {
    pub to: String,
    pub how: String,
    pub language: String,
    pub words: String,
}

/// Material that was given to a patient or somebody of theirs.
///
/// # Errors
/// Everything that is wrong with it.
pub fn gave(given: &GaveGiven, material: &Material) -> Result<What, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let to = GivenTo::of_code(&given.to).unwrap_or_else(|| {
        flaws.push(Flaw { part: Part::To, sentence: "Kies aan wie u het gaf." });
        GivenTo::Patient
    });
    let how = GivenHow::of_code(&given.how).unwrap_or_else(|| {
        flaws.push(Flaw { part: Part::How, sentence: "Kies hoe u het gaf." });
        GivenHow::Handed
    });
    let only = material.languages.first().copied().filter(|_| material.languages.len() == 1);
    let chosen = Language::of_code(&given.language).filter(|l| material.languages.contains(l)).or(only);
    let language = chosen.unwrap_or_else(|| {
        flaws.push(Flaw { part: Part::Language, sentence: "Kies in welke taal u het gaf." });
        Language::Dutch
    });
    let words = given.words.trim();
    if words.chars().count() > LONGEST {
        flaws.push(Flaw { part: Part::Words, sentence: "Schrijf het korter: in hoogstens 2000 tekens." });
    }
    let step = MaterialGiven {
        key: material.key.clone(),
        title: material.title.clone(),
        publisher: material.publisher.clone(),
        address: material.address().map(str::to_owned),
        language,
        to,
        how,
        words: (!words.is_empty()).then(|| words.to_owned()),
    };
    if flaws.is_empty() { Ok(What::Talk(Talk::Given(step))) } else { Err(flaws) }
}
