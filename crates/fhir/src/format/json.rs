//! JSON in: as strict as FHIR asks, which is stricter than `serde_json` (a key twice is an error), and no deeper than is useful.

use std::cell::RefCell;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, error::Category};

use super::MAX_DEPTH;
use super::path::{Path, is_name, shown};
use super::problem::{Kind, Problem};

/// The key under which `serde_json` hands over a number, which it keeps as text (its feature `arbitrary_precision`): FHIR
/// wants a decimal's last zeros kept.
const NUMBER: &str = "$serde_json::private::Number";

/// A resource from JSON. Whether it is a sound one is for [`super::check`].
///
/// Refused, each with its place: what is not JSON in UTF-8, what is not an object, a key that occurs twice in one object (its second
/// value would silently win), and nesting beyond [`MAX_DEPTH`].
pub fn from_json(bytes: &[u8]) -> Result<Value, Vec<Problem>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(vec![Problem::found(Kind::Syntax, "", "Er is geen inhoud. Stuur een FHIR-resource mee.")]);
    }
    let found = RefCell::new(Found::default());
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let read = Reader { found: &found, path: Path::root("") }.deserialize(&mut deserializer);
    match read.and_then(|value| deserializer.end().map(|()| value)) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(vec![Problem::found(
            Kind::WrongType,
            "",
            "Een FHIR-resource is een JSON-object. Begin met { en een resourceType.",
        )]),
        Err(error) => Err(vec![found.into_inner().problem.unwrap_or_else(|| syntax(&error))]),
    }
}

fn syntax(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let text = if error.classify() == Category::Eof {
        format!("De JSON breekt af op regel {line}, teken {column}. Stuur hem heel.")
    } else {
        format!("Op regel {line}, teken {column} is dit geen geldige JSON in UTF-8. Herstel wat daar staat.")
    };
    Problem::found(Kind::Syntax, "", text)
}

/// What the walk remembers: the type at the root, to start paths with, and what was refused.
#[derive(Default)]
struct Found {
    resource_type: Option<String>,
    problem: Option<Problem>,
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    found: &'a RefCell<Found>,
    path: Path<'a>,
}

impl Reader<'_> {
    /// Keeps the problem and gives the error that stops `serde_json`.
    fn refuse<E: de::Error>(&self, kind: Kind, path: &Path<'_>, text: String) -> E {
        let mut found = self.found.borrow_mut();
        let path = match &found.resource_type {
            Some(name) => format!("{name}.{path}"),
            None => path.to_string(),
        };
        found.problem = Some(Problem::found(kind, path, text));
        E::custom("refused")
    }

    fn deep_enough<E: de::Error>(&self) -> Result<(), E> {
        if self.path.depth <= MAX_DEPTH {
            return Ok(());
        }
        Err(self.refuse(
            Kind::TooDeep,
            &self.path,
            format!("Dit is dieper genest dan {MAX_DEPTH} niveaus. Maak het vlakker."),
        ))
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.deep_enough()?;
        let mut list = Vec::new();
        while let Some(value) = items.next_element_seed(Reader { found: self.found, path: self.path.at(list.len()) })? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        self.deep_enough()?;
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.is_empty() && key == NUMBER {
                let text: String = entries.next_value()?;
                return text.parse().map(Value::Number).map_err(de::Error::custom);
            }
            let path = self.path.element(&key);
            if map.contains_key(&key) {
                let text = format!("Het element {} staat er twee keer. Laat er één staan.", shown(&key));
                return Err(self.refuse(Kind::DuplicateKey, &path, text));
            }
            let value = entries.next_value_seed(Reader { found: self.found, path })?;
            if path.is_at_root() && key == "resourceType" {
                self.found.borrow_mut().resource_type =
                    value.as_str().filter(|name| is_name(name)).map(|name| shown(name).to_owned());
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str) -> Problem {
        let mut problems = from_json(text.as_bytes()).unwrap_err();
        assert_eq!(problems.len(), 1);
        problems.remove(0)
    }

    #[test]
    fn values_come_in_as_they_are_in_their_order() {
        let text =
            r#"{"resourceType":"Patient","b":[1,-2,1.5,true,null,"\u00e9\n",{"z":1,"a":{}}],"a":9007199254740993}"#;
        let value = from_json(text.as_bytes()).unwrap();
        assert_eq!(value.to_string(), text.replace("\\u00e9", "é"));
        assert_eq!(from_json(format!("\u{feff} {text}\n").as_bytes()).unwrap(), value);
    }

    #[test]
    fn a_key_that_occurs_twice_is_refused_with_its_place() {
        let problem = refused(r#"{"resourceType":"Consent","provision":{"actor":[{},{"role":1,"role":2}]}}"#);
        assert_eq!((problem.kind, problem.path.as_str()), (Kind::DuplicateKey, "Consent.provision.actor[1].role"));
        // The same text written with an escape is the same key.
        assert_eq!(refused(r#"{"a":1,"\u0061":2}"#).kind, Kind::DuplicateKey);
    }

    #[test]
    fn a_key_that_may_identify_somebody_is_not_repeated() {
        let problem = refused(r#"{"999990019":1,"999990019":2}"#);
        assert!(!problem.to_string().contains("99999"), "{problem}");
    }

    #[test]
    fn nesting_has_a_limit() {
        let nested = |n: usize| format!("{{\"a\":{}{}}}", "[".repeat(n), "]".repeat(n));
        assert!(from_json(nested(MAX_DEPTH - 1).as_bytes()).is_ok());
        assert_eq!(refused(&nested(MAX_DEPTH)).kind, Kind::TooDeep);
        assert_eq!(refused(&nested(1_000_000)).kind, Kind::TooDeep);
    }

    #[test]
    fn what_is_not_json_is_refused_with_line_and_column() {
        let problem = refused("{\n \"a\": ,\n}");
        assert_eq!(problem.kind, Kind::Syntax);
        assert!(problem.text.contains("regel 2, teken 7"), "{problem}");
        assert!(refused("{\"a\": \"b").text.contains("breekt af"));
        for text in [
            "",
            "  \n",
            "{\"a\":1}x",
            "{'a':1}",
            "{\"a\":NaN}",
            "{\"a\":01}",
            "{\"a\":1,}",
            "{\"a\":\"\\ud800\"}",
            "<a/>",
        ] {
            assert_eq!(refused(text).kind, Kind::Syntax, "{text}");
        }
        assert_eq!(from_json(b"{\"a\":\"\xff\"}").unwrap_err()[0].kind, Kind::Syntax);
    }

    #[test]
    fn a_resource_is_an_object() {
        for text in ["[]", "1", "\"a\"", "null", "[{\"resourceType\":\"Patient\"}]"] {
            assert_eq!(refused(text).kind, Kind::WrongType, "{text}");
        }
    }

    #[test]
    fn a_decimal_keeps_its_text() {
        let value = from_json(br#"{"a":1.10,"b":0.000,"c":1e-7}"#).unwrap();
        assert_eq!(value.to_string(), r#"{"a":1.10,"b":0.000,"c":1e-7}"#);
    }
}
