//! The structure of a resource against the table: one walk, every problem with its path.

use serde_json::{Map, Value};

use super::MAX_DEPTH;
use super::narrative;
use super::path::{Path, shown};
use super::primitive::{Fault, Primitive};
use super::problem::{Kind, Problem, Problems};
use super::table::{Element, MOST_CHOICES, Property, Shape, Tables, TypeDef, Version, tables};

/// What is wrong with the structure of an R4 resource, contained resources and those in a Bundle included.
///
/// Elements that are not in the table come as warnings of [`Kind::UnknownElement`], for the caller to keep and name (decision 31);
/// all else stands in the way ([`super::has_errors`]). What a resource means, by profile or terminology, is not looked at, save for
/// codes out of a set that FHIR itself requires.
pub fn check(resource: &Value) -> Vec<Problem> {
    check_as(Version::R4, resource)
}

/// As [`check`], for a version of FHIR.
pub fn check_as(version: Version, resource: &Value) -> Vec<Problem> {
    let mut walk = Walk { tables: tables(version), problems: Problems::default() };
    let name = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default();
    // A type that is not FHIR's is not repeated as the start of a path.
    let root = Path::root(if walk.tables.resource(name).is_some() { name } else { "" });
    walk.resource(resource, &root);
    walk.problems.finish()
}

struct Walk {
    tables: &'static Tables,
    problems: Problems,
}

impl Walk {
    fn found(&mut self, kind: Kind, path: &Path<'_>, text: impl FnOnce() -> String) {
        if self.problems.wants(kind != Kind::UnknownElement) {
            self.problems.push(Problem::found(kind, path.to_string(), text()));
        }
    }

    fn resource(&mut self, value: &Value, path: &Path<'_>) {
        let Value::Object(map) = value else {
            self.found(Kind::WrongType, path, || {
                "Hier hoort een FHIR-resource te staan, als JSON-object met resourceType.".into()
            });
            return;
        };
        match map.get("resourceType") {
            None => self.found(Kind::Missing, &path.element("resourceType"), || {
                "Het resourceType ontbreekt. Zet erin welke soort resource dit is.".into()
            }),
            Some(Value::String(name)) => match self.tables.resource(name) {
                Some(type_def) => self.object(type_def, map, path, true),
                None => self.found(Kind::UnknownResource, path, || {
                    format!(
                        "Het resourceType {} is hier niet bekend. Stuur een resource die deze server ondersteunt.",
                        shown(name)
                    )
                }),
            },
            Some(_) => {
                self.found(Kind::WrongType, &path.element("resourceType"), || "Het resourceType is een tekst.".into());
            }
        }
    }

    /// An object of a known type: every name in it, then what is missing.
    fn object(&mut self, type_def: &'static TypeDef, map: &Map<String, Value>, path: &Path<'_>, resource: bool) {
        if path.depth > MAX_DEPTH {
            self.found(Kind::TooDeep, path, || {
                format!("Dit is dieper genest dan {MAX_DEPTH} niveaus. Maak het vlakker.")
            });
            return;
        }
        if map.is_empty() || (!resource && map.len() == 1 && map.contains_key("id")) {
            self.found(Kind::Empty, path, || "Dit element is leeg. Vul het in of laat het weg.".into());
        }
        let mut seen = 0_u128;
        let mut chosen = [u16::MAX; MOST_CHOICES];
        for (key, value) in map {
            if resource && key == "resourceType" {
                continue;
            }
            let (name, beside) = key.strip_prefix('_').map_or((key.as_str(), false), |name| (name, true));
            let Some((at, property)) = type_def.property(name) else {
                self.unknown(type_def, key, path);
                continue;
            };
            let element = type_def.element(property);
            seen |= 1 << property.element;
            if let Some(slot) = element.choice {
                let chosen = &mut chosen[usize::from(slot)];
                if *chosen != u16::MAX && *chosen != at {
                    self.found(Kind::ChoiceRepeated, &path.element(key), || {
                        format!("Van {0}[x] mag er maar één soort zijn. Laat één {0}… staan.", element.name)
                    });
                }
                *chosen = at;
            }
            if beside {
                self.beside(element, property, key, map, path);
            } else {
                self.element(element, property, key, value, map, path);
            }
        }
        let mut missing = type_def.required & !seen;
        while missing != 0 {
            let element = &type_def.elements[missing.trailing_zeros() as usize];
            missing &= missing - 1;
            self.found(Kind::Missing, &path.element(element.name), || {
                let choice = if element.choice.is_some() { "[x]" } else { "" };
                format!("Het verplichte element {}{choice} ontbreekt. Vul het in.", element.name)
            });
        }
        if std::ptr::eq(type_def, self.tables.at(self.tables.extension)) {
            let (value, nested) = (chosen[0] != u16::MAX, map.contains_key("extension"));
            if value == nested {
                self.found(Kind::Invariant, path, || {
                    "Een extension heeft óf een waarde óf extensions daarbinnen. Laat precies een van beide staan."
                        .into()
                });
            }
        }
    }

    fn unknown(&mut self, type_def: &TypeDef, key: &str, path: &Path<'_>) {
        self.found(Kind::UnknownElement, &path.element(key), || {
            format!(
                "Het element {} bestaat niet in {}. Het telt niet mee; laat het weg of gebruik een extension.",
                shown(key),
                type_def.name
            )
        });
    }

    /// An element by its own name: one value, or a list of them.
    fn element(
        &mut self,
        element: &Element,
        property: &Property,
        key: &str,
        value: &Value,
        of: &Map<String, Value>,
        path: &Path<'_>,
    ) {
        match (value, element.many) {
            (Value::Array(_), false) => self.found(Kind::TooMany, &path.element(key), || {
                format!("Het element {key} mag maar één keer voorkomen. Geef één waarde en geen lijst.")
            }),
            (Value::Array(list), true) => {
                if list.is_empty() {
                    self.found(Kind::Empty, &path.element(key), || "Deze lijst is leeg. Laat hem weg.".into());
                }
                for (at, value) in list.iter().enumerate() {
                    let path = path.nth(key, at);
                    if value.is_null() && property.shape.primitive().is_some() {
                        let beside = of.get(&format!("_{key}")).and_then(|beside| beside.get(at));
                        if !beside.is_some_and(Value::is_object) {
                            self.found(Kind::Pairing, &path, || {
                                format!("Op deze plaats staat null, en in _{key} niets. Vul een van beide in of laat de plaats weg.")
                            });
                        }
                    } else {
                        self.value(property.shape, value, &path);
                    }
                }
            }
            (_, true) => self.found(Kind::WrongType, &path.element(key), || {
                format!("Het element {key} mag vaker voorkomen en is daarom een lijst. Zet de waarde tussen [ en ].")
            }),
            (value, false) => self.value(property.shape, value, &path.element(key)),
        }
    }

    /// One value of an element.
    fn value(&mut self, shape: Shape, value: &Value, path: &Path<'_>) {
        match shape {
            Shape::Primitive(primitive) => {
                self.primitive(primitive, value, path);
            }
            Shape::Code(set) => {
                if self.primitive(Primitive::Code, value, path)
                    && !value.as_str().is_some_and(|code| self.tables.set(set).contains(&code))
                {
                    let tables = self.tables;
                    self.found(Kind::CodeOutsideSet, path, || {
                        format!("Deze code kan hier niet. Kies uit: {}.", tables.set(set).join(", "))
                    });
                }
            }
            Shape::Complex(at) => match value {
                Value::Object(map) => self.object(self.tables.at(at), map, path, false),
                _ => self.found(Kind::WrongType, path, || "Hier hoort een object met elementen te staan.".into()),
            },
            Shape::Resource => self.resource(value, path),
            Shape::Xhtml => match value {
                Value::String(div) => {
                    if let Err(fault) = narrative::check(div) {
                        self.found(Kind::Narrative, path, || fault.advice().into());
                    }
                }
                _ => self.found(Kind::WrongType, path, || "Hier hoort een tekst met XHTML te staan.".into()),
            },
        }
    }

    /// A primitive value; says whether it is sound.
    fn primitive(&mut self, primitive: Primitive, value: &Value, path: &Path<'_>) -> bool {
        let Some(fault) = primitive.fault(value) else { return true };
        match fault {
            Fault::Empty => {
                self.found(Kind::Empty, path, || "Deze tekst is leeg. Vul hem in of laat het element weg.".into());
            }
            Fault::Format => {
                self.found(Kind::Format, path, || format!("Deze waarde is niet geldig. {}", primitive.advice()));
            }
            Fault::Type => self.found(Kind::WrongType, path, || {
                format!("Deze waarde heeft het verkeerde type. {}", primitive.advice())
            }),
        }
        false
    }

    /// What stands beside a primitive, under its name with `_`: an id and extensions, or a list of those as long as the list of values.
    fn beside(&mut self, element: &Element, property: &Property, key: &str, of: &Map<String, Value>, path: &Path<'_>) {
        let base = &key[1..];
        let (Some(beside), value) = (of.get(key), of.get(base)) else { return };
        if property.shape.primitive().is_none() || element.attribute {
            self.found(Kind::Pairing, &path.element(key), || {
                format!("Bij {base} kan geen {key} staan. Zet id en extension in het element zelf.")
            });
            return;
        }
        match (beside, element.many) {
            (Value::Object(map), false) => self.id_and_extensions(map, &path.element(key)),
            (Value::Array(list), true) => {
                if list.is_empty() || list.iter().all(Value::is_null) {
                    self.found(Kind::Empty, &path.element(key), || "Deze lijst is leeg. Laat hem weg.".into());
                }
                if value.and_then(Value::as_array).is_some_and(|values| values.len() != list.len()) {
                    self.found(Kind::Pairing, &path.element(key), || {
                        format!("De lijsten {base} en {key} zijn niet even lang. Vul de kortste aan met null.")
                    });
                }
                for (at, value) in list.iter().enumerate() {
                    let path = path.nth(key, at);
                    match value {
                        Value::Null if of.contains_key(base) => {}
                        Value::Null => self.found(Kind::Pairing, &path, || {
                            format!("Op deze plaats staat null, en {base} ontbreekt. Laat de plaats weg.")
                        }),
                        Value::Object(map) => self.id_and_extensions(map, &path),
                        _ => self.not_beside(&path),
                    }
                }
            }
            (_, true) => self.found(Kind::WrongType, &path.element(key), || {
                format!("{base} is een lijst, dus {key} ook. Zet de waarde tussen [ en ].")
            }),
            (_, false) => self.not_beside(&path.element(key)),
        }
    }

    fn not_beside(&mut self, path: &Path<'_>) {
        self.found(Kind::WrongType, path, || "Hier hoort een object met id of extension te staan.".into());
    }

    fn id_and_extensions(&mut self, map: &Map<String, Value>, path: &Path<'_>) {
        let element = self.tables.at(self.tables.beside);
        // An id alone is enough here: it names the value beside it.
        if map.len() == 1 && map.contains_key("id") {
            self.primitive(Primitive::String, &map["id"], &path.element("id"));
        } else {
            self.object(element, map, path, false);
        }
    }
}

#[cfg(test)]
mod tests;
