//! The code lists behind every ValueSet, its expansion and `:in`: the domain's enumerations, and a table of facts for the rest (SPEC section 3).

use domain::code::{CodeSet, ContactRole, ProcedureType};
use domain::form::{Choice, FORM_VERSION, VALUE_SETS, ValueSet};
use std::sync::LazyLock;

/// A code with what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concept {
    /// The code.
    pub code: &'static str,
    /// Dutch where the set has a Dutch word; empty where it has none at all.
    pub display: &'static str,
}

/// Which codes of a system belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The concepts listed.
    Listed,
    /// All of the system: the concepts listed.
    All,
    /// All of the system, which is not held here.
    Whole,
    /// Those that a rule gives, which are not held here.
    Filter {
        /// Property of the code system.
        property: &'static str,
        /// How it is compared.
        op: &'static str,
        /// With what.
        value: &'static str,
    },
    /// Not those listed.
    Except,
}

/// The codes of one system in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Code system.
    pub system: &'static str,
    /// Which of its codes.
    pub scope: Scope,
    /// The codes held here.
    pub concepts: Vec<Concept>,
}

/// A value set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeList {
    /// Computer's name.
    pub name: &'static str,
    /// Logical id at this server.
    pub id: &'static str,
    /// Canonical.
    pub url: &'static str,
    /// Version.
    pub version: &'static str,
    /// Its codes by system.
    pub parts: Vec<Part>,
}

impl CodeList {
    /// Is the code in the list? An empty system stands for a code without one, which no list has.
    pub fn contains(&self, system: &str, code: &str) -> bool {
        let of = |part: &&Part| part.system == system;
        let lists = |part: &Part| part.concepts.iter().any(|concept| concept.code == code);
        let excepted = self.parts.iter().filter(of).any(|part| part.scope == Scope::Except && lists(part));
        !excepted
            && self.parts.iter().filter(of).any(|part| match part.scope {
                Scope::Listed | Scope::All => lists(part),
                Scope::Whole => true,
                Scope::Filter { .. } | Scope::Except => false,
            })
    }

    /// Are all its codes held here?
    pub fn is_enumerable(&self) -> bool {
        self.parts.iter().all(|part| !matches!(part.scope, Scope::Whole | Scope::Filter { .. }))
    }

    /// Systems whose codes belong but are not held here.
    pub fn not_held(&self) -> impl Iterator<Item = &'static str> {
        self.parts
            .iter()
            .filter(|part| matches!(part.scope, Scope::Whole | Scope::Filter { .. }))
            .map(|part| part.system)
    }
}

/// The guide whose sets these are, and its version: one place each (SPEC section 0).
pub const GUIDE: &str = "https://api.iknl.nl/docs/pzp/r4";
/// Version of the guide.
pub const GUIDE_VERSION: &str = FORM_VERSION;

static LISTS: LazyLock<Vec<CodeList>> = LazyLock::new(|| {
    let mut lists: Vec<CodeList> = VALUE_SETS.iter().map(|set| of_form(set)).collect();
    lists.push(CodeList {
        parts: parts(ProcedureType::ALL),
        ..list("ACPProcedureTypeVS", "https://api.iknl.nl/docs/pzp/r4/ValueSet/ACP-ProcedureTypeVS", GUIDE_VERSION)
    });
    lists.push(CodeList {
        parts: parts(&[ContactRole::WrittenProxy]),
        ..list(
            "ACPContactPersonRoleVS",
            "https://api.iknl.nl/docs/pzp/r4/ValueSet/ACP-ContactPersonRole",
            GUIDE_VERSION,
        )
    });
    // The table is part of the program; a test reads it whole.
    lists.extend(parse(include_str!("sets.table")).unwrap_or_default());
    lists
});

/// Every list.
pub fn lists() -> &'static [CodeList] {
    &LISTS
}

/// The list with this canonical, with or without its version.
pub fn list_by_url(canonical: &str) -> Option<&'static CodeList> {
    let (url, version) = canonical.split_once('|').map_or((canonical, None), |(url, version)| (url, Some(version)));
    lists().iter().find(|list| list.url == url && version.is_none_or(|version| version == list.version))
}

/// The list with this logical id.
pub fn list_by_id(id: &str) -> Option<&'static CodeList> {
    lists().iter().find(|list| list.id == id)
}

fn list(name: &'static str, url: &'static str, version: &'static str) -> CodeList {
    CodeList { name, id: url.rsplit('/').next().unwrap_or(url), url, version, parts: Vec::new() }
}

/// A set that a question uses; of a whole code system also the codes that are read, but no longer offered.
fn of_form(set: &'static ValueSet) -> CodeList {
    // The one set of another publisher has its own version.
    let version = if set.canonical.starts_with(GUIDE) { GUIDE_VERSION } else { "2020-09-01T00:00:00" };
    let mut list = list(set.name, set.canonical, version);
    let scope = if set.open_system.is_some() { Scope::All } else { Scope::Listed };
    let closed: &[Choice] = if set.open_system.is_some() { set.retired } else { &[] };
    for choice in set.choices.iter().chain(closed) {
        let concept = Concept { code: choice.code, display: choice.display };
        let system = choice.system.unwrap_or_default();
        match list.parts.iter_mut().find(|part| part.system == system) {
            Some(part) => part.concepts.push(concept),
            None => list.parts.push(Part { system, scope, concepts: vec![concept] }),
        }
    }
    list.parts.extend(set.open_system.map(|system| Part { system, scope: Scope::Whole, concepts: Vec::new() }));
    list
}

fn parts<S: CodeSet>(members: &[S]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for member in members {
        let concept = Concept { code: member.code(), display: member.display() };
        match parts.iter_mut().find(|part| part.system == member.system()) {
            Some(part) => part.concepts.push(concept),
            None => parts.push(Part { system: member.system(), scope: Scope::Listed, concepts: vec![concept] }),
        }
    }
    parts
}

/// Reads the table; says which line it cannot read.
fn parse(text: &'static str) -> Result<Vec<CodeList>, String> {
    let mut lists: Vec<CodeList> = Vec::new();
    for (n, line) in text.lines().enumerate() {
        let wrong = || format!("line {}", n + 1);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(concept) = line.strip_prefix("  ") {
            let part = lists.last_mut().and_then(|list| list.parts.last_mut()).ok_or_else(wrong)?;
            let (code, display) = concept.split_once(' ').unwrap_or((concept, ""));
            part.concepts.push(Concept { code, display });
            continue;
        }
        let words: Vec<&'static str> = line.split(' ').collect();
        let scope = match words[..] {
            ["set", name, id, url, version] => {
                lists.push(CodeList { name, id, url, version, parts: Vec::new() });
                continue;
            }
            ["system", _] => Scope::Listed,
            ["all", _] => Scope::All,
            ["whole", _] => Scope::Whole,
            ["except", _] => Scope::Except,
            ["filter", _, property, op, value] => Scope::Filter { property, op, value },
            _ => return Err(wrong()),
        };
        let list = lists.last_mut().ok_or_else(wrong)?;
        list.parts.push(Part { system: words[1], scope, concepts: Vec::new() });
    }
    Ok(lists)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::code::{
        AdvanceDirectiveType, EuthanasiaPosition, Gender, IcdType, Place, PolicyGoal, RelationKind, TelecomType,
        YesNoUnknown, system,
    };

    #[test]
    fn the_table_reads_whole() {
        let lists = parse(include_str!("sets.table")).unwrap();
        assert!(lists.len() > 40);
        for list in &lists {
            assert!(!list.parts.is_empty(), "{}", list.name);
            for part in &list.parts {
                let held = matches!(part.scope, Scope::Listed | Scope::All | Scope::Except);
                assert_eq!(held, !part.concepts.is_empty(), "{} {}", list.name, part.system);
            }
        }
        assert!(parse("nonsense").is_err() && parse("  orphan").is_err());
    }

    #[test]
    fn ids_and_canonicals_are_unique() {
        for list in lists() {
            assert_eq!(list_by_id(list.id).unwrap().url, list.url);
            assert!(list.id.len() <= 64);
            assert_eq!(lists().iter().filter(|other| other.url == list.url).count(), 1);
        }
    }

    fn same_codes<S: CodeSet + std::fmt::Debug>(id: &str, without: &[S]) {
        let list = list_by_id(id).unwrap();
        let held: usize = list.parts.iter().map(|part| part.concepts.len()).sum();
        let members: Vec<&S> = S::ALL.iter().filter(|m| !without.contains(m)).collect();
        assert_eq!(held, members.len(), "{id}");
        for member in members {
            let part = list.parts.iter().find(|part| part.system == member.system()).unwrap();
            let concept = part.concepts.iter().find(|concept| concept.code == member.code()).unwrap();
            assert_eq!(concept.display, member.display(), "{id} {}", member.code());
        }
    }

    #[test]
    fn the_table_and_the_domain_say_the_same() {
        let nictiz = |oid: &str| format!("2.16.840.1.113883.2.4.3.11.60.40.2.{oid}--20200901000000");
        same_codes::<RelationKind>(&nictiz("3.1.1"), &[]);
        same_codes::<ContactRole>(&nictiz("3.1.2"), &[ContactRole::WrittenProxy]);
        same_codes::<AdvanceDirectiveType>(&nictiz("7.15.1"), &[]);
        same_codes::<Gender>(&nictiz("0.1.1"), &[]);
        same_codes::<TelecomType>(&nictiz("20.6.1"), &[]);
        same_codes::<PolicyGoal>("ACP-MedicalPolicyGoal", &[]);
        same_codes::<Place>("ACP-PreferredPlaceOfDeath", &[]);
        same_codes::<EuthanasiaPosition>("ACP-PositionRegardingEuthanasia", &[]);
        same_codes::<YesNoUnknown>("ACP-YesNoUnknownVS", &[]);
        same_codes::<IcdType>("ACP-MedicalDeviceProductType-ICD", &[]);
    }

    #[test]
    fn membership_knows_system_and_code() {
        let icd =
            list_by_url("https://api.iknl.nl/docs/pzp/r4/ValueSet/ACP-MedicalDeviceProductType-ICD|1.0.0-rc3").unwrap();
        assert!(
            icd.contains(system::SNOMED, "72506001")
                && !icd.contains("", "72506001")
                && !icd.contains(system::SNOMED, "1")
        );
        assert!(icd.is_enumerable());
        let specialties = list_by_id("2.16.840.1.113883.2.4.3.11.60.121.11.22--20200901000000").unwrap();
        assert!(
            specialties.contains(system::AGB_SPECIALTY, "0100") && specialties.contains(system::UZI_ROLE, "01.015")
        );
        assert!(!specialties.contains(system::UZI_ROLE, "99.999"));
        assert_eq!(specialties.not_held().collect::<Vec<_>>(), [system::AGB_SPECIALTY]);
        assert!(list_by_url("https://api.iknl.nl/docs/pzp/r4/ValueSet/ACP-MedicalPolicyGoal|9").is_none());
        let encounter = list_by_id("v3-ActEncounterCode").unwrap();
        assert!(!encounter.contains("http://terminology.hl7.org/CodeSystem/v3-ActCode", "_ActEncounterCode"));
    }
}
