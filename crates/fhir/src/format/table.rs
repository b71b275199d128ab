//! The element table: which elements a type has, in which order, of which type and how often.
//!
//! The text (`r4.tables`) is made by `scripts/fhir-tables.mjs`; its head says how to read it. It is parsed once.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::primitive::Primitive;

/// A version of FHIR that there is a table for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// FHIR R4, 4.0.1.
    R4,
    /// FHIR STU3, 3.0.2.
    Stu3,
}

impl Version {
    /// As in `fhirVersion` of a CapabilityStatement.
    pub const fn number(self) -> &'static str {
        match self {
            Self::R4 => "4.0.1",
            Self::Stu3 => "3.0.2",
        }
    }
}

/// What sort of type a line describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A resource: has a `resourceType` and stands alone.
    Resource,
    /// A data type.
    DataType,
    /// Elements inside another type, named by their path (`Patient.contact`).
    Part,
}

/// What the value of an element looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A text, number or boolean, which may have an id and extensions beside it (`_name`).
    Primitive(Primitive),
    /// A `code` out of a required set: its place in the table, for [`Tables::set`].
    Code(u16),
    /// An object: the place of its type in the table, for [`Tables::at`].
    Complex(u16),
    /// Any resource.
    Resource,
    /// The `div` of a narrative.
    Xhtml,
}

impl Shape {
    /// The primitive type behind this shape, if it is one.
    pub fn primitive(self) -> Option<Primitive> {
        match self {
            Shape::Primitive(primitive) => Some(primitive),
            Shape::Code(_) => Some(Primitive::Code),
            Shape::Complex(_) | Shape::Resource | Shape::Xhtml => None,
        }
    }
}

/// An element of a type, at its place in the order of XML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its name; of a choice the part before the type (`value` of `valueCoding`).
    pub name: &'static str,
    /// At least one must be there.
    pub required: bool,
    /// A list in JSON.
    pub many: bool,
    /// An attribute in XML: the id of an element, the url of an extension.
    pub attribute: bool,
    /// Which of the type's choices this is, from 0; `None` where it is not a choice.
    pub choice: Option<u8>,
}

/// A name that may occur in an object: an element, or one type of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// As in JSON and XML: `birthDate`, `valueCoding`.
    pub name: Box<str>,
    /// The place of its element in [`TypeDef::elements`].
    pub element: u16,
    /// What its value looks like.
    pub shape: Shape,
}

/// A resource, data type or part.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// `Patient`, `HumanName`, `Patient.contact`.
    pub name: &'static str,
    /// What sort of type it is.
    pub sort: Sort,
    /// Its elements in the order of XML, those of its parents first.
    pub elements: Vec<Element>,
    /// Every name that may occur, sorted by name.
    properties: Vec<Property>,
    /// The elements that must be there: bit n is element n.
    pub(super) required: u128,
}

impl TypeDef {
    /// What a name means in this type, with its place among the names; `None` for an unknown one.
    pub fn property(&self, name: &str) -> Option<(u16, &Property)> {
        let at = self.properties.binary_search_by(|property| (*property.name).cmp(name)).ok()?;
        Some((u16::try_from(at).ok()?, &self.properties[at]))
    }

    /// Every name that may occur, sorted by name.
    pub fn properties(&self) -> &[Property] {
        &self.properties
    }

    /// The element of a property.
    pub fn element(&self, property: &Property) -> &Element {
        &self.elements[usize::from(property.element)]
    }
}

/// All types of a version.
#[derive(Debug)]
pub struct Tables {
    types: Vec<TypeDef>,
    by_name: HashMap<&'static str, u16>,
    sets: Vec<(&'static str, Vec<&'static str>)>,
    /// What the `_name` beside a primitive is: an id and extensions.
    pub(super) beside: u16,
    /// The type with the rule that a value and extensions exclude each other.
    pub(super) extension: u16,
}

impl Tables {
    /// A type by its name; parts are named by their path.
    pub fn type_def(&self, name: &str) -> Option<&TypeDef> {
        self.by_name.get(name).map(|&at| self.at(at))
    }

    /// A resource by its type; `None` too for the two that are only parents (`Resource`, `DomainResource`).
    pub fn resource(&self, name: &str) -> Option<&TypeDef> {
        let found = self.type_def(name)?;
        (found.sort == Sort::Resource && !matches!(name, "Resource" | "DomainResource")).then_some(found)
    }

    /// The type at a place in the table, as in [`Shape::Complex`].
    pub fn at(&self, place: u16) -> &TypeDef {
        &self.types[usize::from(place)]
    }

    /// The codes of the set at a place in the table, as in [`Shape::Code`].
    pub fn set(&self, place: u16) -> &[&'static str] {
        &self.sets[usize::from(place)].1
    }

    /// The codes of a required value set by the last part of its URL (`administrative-gender`).
    pub fn codes(&self, set: &str) -> Option<&[&'static str]> {
        self.sets.iter().find(|(name, _)| *name == set).map(|(_, codes)| codes.as_slice())
    }

    /// All types, parents before children.
    pub fn types(&self) -> &[TypeDef] {
        &self.types
    }
}

/// The table of a version.
pub fn tables(version: Version) -> &'static Tables {
    static R4: LazyLock<Tables> = LazyLock::new(|| built_in(include_str!("r4.tables")));
    static STU3: LazyLock<Tables> = LazyLock::new(|| built_in(include_str!("stu3.tables")));
    match version {
        Version::R4 => &R4,
        Version::Stu3 => &STU3,
    }
}

fn built_in(text: &'static str) -> Tables {
    match parse(text) {
        Ok(tables) => tables,
        Err(reason) => unreachable!("the built-in tables are checked by their own test: {reason}"),
    }
}

/// A line of the table, cut but not yet understood.
struct Line {
    sort: Sort,
    name: &'static str,
    parent: Option<&'static str>,
    elements: &'static str,
}

fn parse(text: &'static str) -> Result<Tables, String> {
    let mut sets = Vec::new();
    let mut any = "";
    let mut lines = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (word, rest) = line.split_once(' ').ok_or_else(|| format!("not a line of the table: {line}"))?;
        let sort = match word {
            "set" => {
                let (name, codes) = rest.split_once(' ').ok_or_else(|| format!("a set without codes: {line}"))?;
                sets.push((name, codes.split(' ').collect()));
                continue;
            }
            "any" => {
                any = rest;
                continue;
            }
            "resource" => Sort::Resource,
            "type" => Sort::DataType,
            "part" => Sort::Part,
            _ => return Err(format!("not a kind of line: {word}")),
        };
        let (head, elements) = rest.split_once(" :").ok_or_else(|| format!("a type without a colon: {line}"))?;
        let (name, parent) = head.split_once(" < ").map_or((head, None), |(name, parent)| (name, Some(parent)));
        lines.push(Line { sort, name, parent, elements });
    }
    let mut by_name = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        by_name.insert(line.name, u16::try_from(at).map_err(|_| "too many types")?);
    }
    let place = |name: &str| by_name.get(name).copied().ok_or_else(|| format!("the table has no type {name}"));
    let (beside, extension) = (place("Element")?, place("Extension")?);

    let mut types: Vec<TypeDef> = Vec::with_capacity(lines.len());
    for line in &lines {
        let mut made = match line.parent {
            None => {
                TypeDef { name: line.name, sort: line.sort, elements: Vec::new(), properties: Vec::new(), required: 0 }
            }
            Some(parent) => {
                let parent =
                    types.get(usize::from(place(parent)?)).ok_or_else(|| format!("{parent} comes after its child"))?;
                TypeDef { name: line.name, sort: line.sort, ..parent.clone() }
            }
        };
        for text in line.elements.split(' ').filter(|text| !text.is_empty()) {
            add_element(&mut made, text, any, &sets, &by_name)
                .map_err(|reason| format!("{} {text}: {reason}", line.name))?;
        }
        made.properties.sort_by(|a, b| a.name.cmp(&b.name));
        types.push(made);
    }
    Ok(Tables { types, by_name, sets, beside, extension })
}

/// Adds one element (`name[x]:type|type@*`) to a type, with the properties it gives.
fn add_element(
    to: &mut TypeDef,
    text: &'static str,
    any: &'static str,
    sets: &[(&'static str, Vec<&'static str>)],
    by_name: &HashMap<&'static str, u16>,
) -> Result<(), String> {
    let (name, kind) = text.split_once(':').ok_or("no type")?;
    let (kind, required, many) = match kind.as_bytes().last() {
        Some(b'!') => (&kind[..kind.len() - 1], true, false),
        Some(b'*') => (&kind[..kind.len() - 1], false, true),
        Some(b'+') => (&kind[..kind.len() - 1], true, true),
        _ => (kind, false, false),
    };
    let (kind, attribute) = kind.strip_suffix('@').map_or((kind, false), |kind| (kind, true));
    let (name, choice) = match name.strip_suffix("[x]") {
        None => (name, None),
        Some(name) => {
            let earlier = to.elements.iter().filter(|element| element.choice.is_some()).count();
            (name, Some(u8::try_from(earlier).map_err(|_| "too many choices")?))
        }
    };
    if choice.is_some_and(|slot| usize::from(slot) >= MOST_CHOICES) {
        return Err(format!("more than {MOST_CHOICES} choices"));
    }
    let element = u16::try_from(to.elements.len()).map_err(|_| "too many elements")?;
    if element >= 128 {
        return Err("more than 128 elements".into());
    }
    let options = if choice.is_some() && kind == "any" { any } else { kind };
    for option in options.split('|') {
        let shape = shape(option, sets, by_name)?;
        let name = if choice.is_some() { format!("{name}{}", capital(option)) } else { name.to_owned() };
        to.properties.push(Property { name: name.into(), element, shape });
    }
    if required {
        to.required |= 1 << element;
    }
    to.elements.push(Element { name, required, many, attribute, choice });
    Ok(())
}

/// How many choices one type may have: the check remembers what was chosen in a fixed array.
pub(super) const MOST_CHOICES: usize = 4;

fn shape(
    option: &str,
    sets: &[(&'static str, Vec<&'static str>)],
    by_name: &HashMap<&'static str, u16>,
) -> Result<Shape, String> {
    if let Some(set) = option.strip_prefix("code(").and_then(|rest| rest.strip_suffix(')')) {
        let at = sets.iter().position(|(name, _)| *name == set).ok_or_else(|| format!("no set {set}"))?;
        return Ok(Shape::Code(u16::try_from(at).map_err(|_| "too many sets")?));
    }
    match option {
        "xhtml" => return Ok(Shape::Xhtml),
        "Resource" => return Ok(Shape::Resource),
        _ => {}
    }
    if let Some(primitive) = Primitive::named(option) {
        return Ok(Shape::Primitive(primitive));
    }
    by_name.get(option).map(|&at| Shape::Complex(at)).ok_or_else(|| format!("no type {option}"))
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn r4() -> &'static Tables {
        tables(Version::R4)
    }

    #[test]
    fn the_built_in_tables_parse() {
        for text in [include_str!("r4.tables"), include_str!("stu3.tables")] {
            assert!(parse(text).is_ok());
        }
    }

    #[test]
    fn each_version_has_its_own_elements() {
        let (r4, stu3) = (r4(), tables(Version::Stu3));
        for (kind, in_r4, in_stu3) in [
            ("Consent", "provision", "except"),
            ("Goal", "lifecycleStatus", "status"),
            ("Observation", "encounter", "context"),
            ("Encounter", "reasonReference", "reason"),
            ("Questionnaire.item", "answerOption", "option"),
        ] {
            let has = |tables: &Tables, name: &str| tables.type_def(kind).unwrap().property(name).is_some();
            assert_eq!((has(r4, in_r4), has(r4, in_stu3)), (true, false), "{kind}");
            assert_eq!((has(stu3, in_r4), has(stu3, in_stu3)), (false, true), "{kind}");
        }
        let many = |tables: &'static Tables| {
            let def = tables.resource("Consent").unwrap();
            def.element(def.property("identifier").unwrap().1).many
        };
        assert!(many(r4) && !many(stu3));
    }

    #[test]
    fn a_table_that_does_not_hang_together_is_refused_with_its_reason() {
        let base = "type Element : id:string@\ntype Extension < Element : url:uri@!\n";
        let with = |line: &str| parse(Box::leak(format!("{base}{line}").into_boxed_str())).unwrap_err();
        assert!(with("type A < Element : b:Nothing").contains("no type Nothing"));
        assert!(with("type A < B : x:string\ntype B < Element : y:string").contains("after its child"));
        assert!(with("type A < Element : b:code(none)").contains("no set none"));
        assert!(with("thing A : b:string").contains("not a kind of line"));
    }

    #[test]
    fn elements_stand_in_the_order_of_xml_with_the_parents_first() {
        let names: Vec<_> = r4().resource("QuestionnaireResponse").unwrap().elements.iter().map(|e| e.name).collect();
        assert_eq!(names[..4], ["id", "meta", "implicitRules", "language"]);
        assert_eq!(names[4..8], ["text", "contained", "extension", "modifierExtension"]);
        assert_eq!(names[8..12], ["identifier", "basedOn", "partOf", "questionnaire"]);
        assert_eq!(names[names.len() - 1], "item");
    }

    #[test]
    fn a_choice_has_a_name_per_type() {
        let answer = r4().type_def("QuestionnaireResponse.item.answer").unwrap();
        let (_, coding) = answer.property("valueCoding").unwrap();
        let (_, boolean) = answer.property("valueBoolean").unwrap();
        assert_eq!(coding.element, boolean.element);
        assert_eq!(answer.element(coding).choice, Some(0));
        assert_eq!(
            r4().at(match coding.shape {
                Shape::Complex(at) => at,
                _ => unreachable!(),
            })
            .name,
            "Coding"
        );
        assert!(answer.property("value").is_none() && answer.property("valueHumanName").is_none());
        assert!(r4().type_def("Extension").unwrap().property("valueMeta").is_some());
    }

    #[test]
    fn a_part_may_hold_itself() {
        let item = r4().type_def("QuestionnaireResponse.item").unwrap();
        let Shape::Complex(at) = item.property("item").unwrap().1.shape else { unreachable!() };
        assert_eq!(r4().at(at).name, "QuestionnaireResponse.item");
    }

    #[test]
    fn the_makers_own_additions_to_r4_are_not_in_the_table() {
        assert!(r4().type_def("Meta").unwrap().property("project").is_none());
        assert!(r4().type_def("Binary").unwrap().property("url").is_none());
        let response = r4().type_def("Bundle.entry.response").unwrap();
        assert_eq!(response.property("outcome").unwrap().1.shape, Shape::Resource);
    }

    #[test]
    fn resources_are_what_can_stand_alone() {
        assert!(r4().resource("Consent").is_some());
        for not in ["Coding", "Patient.contact", "DomainResource", "Resource", "Ambulance"] {
            assert!(r4().resource(not).is_none(), "{not}");
        }
    }
}
