//! People around a plan: names, ways to reach them, contact persons and professionals.

use crate::code::{Coding, ContactRole, ContactUse, RelationKind, TelecomType};
use crate::ident::{Agb, Big, Postcode, Uzi};
use crate::plan::Identifier;
use serde::{Deserialize, Serialize};

/// Which family name a person uses (HumanNameAssemblyOrder NL1 to NL4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameUsage {
    /// NL1: own name.
    #[default]
    Own,
    /// NL2: partner's name.
    Partner,
    /// NL3: partner's name, then own.
    PartnerOwn,
    /// NL4: own name, then partner's.
    OwnPartner,
}

/// A Dutch name in its parts (zib NameInformation); each part to the letter as entered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Name {
    /// First names in full, separated by blanks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    /// Initials, such as `J.P.`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initials: Option<String>,
    /// The name people call them by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub called: Option<String>,
    /// Prefix of the own family name: `van de`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// Own family name without prefix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// Prefix of the partner's family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_prefix: Option<String>,
    /// Partner's family name without prefix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_family: Option<String>,
    /// Titles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub titles: Option<String>,
    /// Which of both names is used; absent where nobody said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<NameUsage>,
}

impl Name {
    /// A name of given names, prefix and family name; empty parts are absent.
    pub fn of(given: &str, prefix: &str, family: &str) -> Self {
        let part = |t: &str| (!t.trim().is_empty()).then(|| t.to_owned());
        Self { given: part(given), prefix: part(prefix), family: part(family), ..Self::default() }
    }

    /// Own family name with its prefix.
    pub fn own_family(&self) -> String {
        join(&[self.prefix.as_deref(), self.family.as_deref()])
    }

    /// Family name in the way the person uses it.
    pub fn family_used(&self) -> String {
        let own = self.own_family();
        let partner = join(&[self.partner_prefix.as_deref(), self.partner_family.as_deref()]);
        match (self.usage.unwrap_or_default(), partner.is_empty(), own.is_empty()) {
            (NameUsage::Own, ..) | (_, true, _) => own,
            (NameUsage::Partner, ..) | (_, _, true) => partner,
            (NameUsage::PartnerOwn, ..) => format!("{partner}-{own}"),
            (NameUsage::OwnPartner, ..) => format!("{own}-{partner}"),
        }
    }

    /// The whole name for people to read: `Hendrik Hartman`.
    pub fn full(&self) -> String {
        let first = self.called.as_deref().or(self.given.as_deref()).or(self.initials.as_deref());
        let family = self.family_used();
        join(&[first, (!family.is_empty()).then_some(family.as_str())])
    }

    /// Nothing is known of the name.
    pub fn is_empty(&self) -> bool {
        self.full().is_empty()
    }
}

fn join(parts: &[Option<&str>]) -> String {
    parts.iter().flatten().map(|p| p.trim()).filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A telephone number (zib ContactInformation); every part may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Telephone {
    /// The number as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Land line, mobile, fax, pager.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<TelecomType>,
    /// Home, work, temporary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<ContactUse>,
    /// Explanation, such as "alleen 's avonds".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// An e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Email {
    /// The address as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Home or work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<ContactUse>,
}

/// A Dutch address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Street without number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// House number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub house_number: Option<String>,
    /// Letter or addition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addition: Option<String>,
    /// Postcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<Postcode>,
    /// Place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// `by` or `to` at the number (AanduidingBijHuisnummer), as exchanged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locator: Option<String>,
    /// What is said beyond the number (AdditioneleInformatie), such as a flat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Municipality (Gemeente).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality: Option<String>,
    /// Country in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Country as a code (LandCodelijsten).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<Coding>,
    /// Kind of address (AdresSoort) as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<Coding>,
    /// FHIR `Address.use` as it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_as: Option<String>,
    /// FHIR `Address.type` as it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reached_as: Option<String>,
}

/// A role with the text that goes with code 09 'Anders'.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RoleOf {
    /// The role.
    pub role: ContactRole,
    /// What 'Anders' means here.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<String>,
}

/// A relation with the text that goes with code OTH 'Anders'.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RelationOf {
    /// The relation.
    pub relation: RelationKind,
    /// What 'Anders' means here.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<String>,
}

macro_rules! plan_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);
    };
}
pub(crate) use plan_key;

plan_key! {
    /// A contact person within one plan; given once, never used again for somebody else.
    PersonKey
}
plan_key! {
    /// A professional within one plan.
    ProfessionalKey
}

/// A contact person (ACP-ContactPerson). Whether someone is the representative or first contact stands in the plan's
/// capacity topic, not here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPerson {
    /// Key within the plan.
    pub key: PersonKey,
    /// Name, as far as known: the form may tell no more than a relation.
    #[serde(default, skip_serializing_if = "Name::is_empty")]
    pub name: Name,
    /// Telephone numbers in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub telephones: Vec<Telephone>,
    /// E-mail addresses in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Email>,
    /// Address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Roles, as said; 24 and 01 stand here only where the sender wrote them (decision 33).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<RoleOf>,
    /// Relations to the patient.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<RelationOf>,
    /// Business identifiers of the source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// Plan version in which this last changed.
    #[serde(default)]
    pub changed_in: u32,
}

/// A professional as the plan knows them (ACP-HealthProfessional-Practitioner and -PractitionerRole).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Professional {
    /// Key within the plan.
    pub key: ProfessionalKey,
    /// Name, as far as known.
    #[serde(default, skip_serializing_if = "Name::is_empty")]
    pub name: Name,
    /// AGB code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agb: Option<Agb>,
    /// UZI number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uzi: Option<Uzi>,
    /// BIG number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub big: Option<Big>,
    /// Specialty, in either code system (SPEC section 9, trap 5).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub specialty: Vec<Coding>,
    /// Organisation's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Business identifiers of the Practitioner that are none of the above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// Business identifiers of the PractitionerRole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub role_identifiers: Vec<Identifier>,
    /// The person in this system, where it is one of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<crate::ident::PersonId>,
    /// Plan version in which this last changed.
    #[serde(default)]
    pub changed_in: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_as_people_write_them() {
        let mut name = Name::of("Mirjam", "", "Hartman");
        name.partner_prefix = Some("de".into());
        name.partner_family = Some("Leeuw".into());
        name.usage = Some(NameUsage::PartnerOwn);
        assert_eq!(name.full(), "Mirjam de Leeuw-Hartman");
        assert_eq!(Name::of("", "van", "Huissen").full(), "van Huissen");
        assert!(Name::of(" ", "", "").is_empty());
    }
}
