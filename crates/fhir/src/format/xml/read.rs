//! A resource from XML text.

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;
use serde_json::{Map, Value};

use super::FHIR;
use crate::format::MAX_DEPTH;
use crate::format::narrative::{MOST_ATTRIBUTES, XHTML, attribute_value, known_reference};
use crate::format::path::{Path, is_name, shown};
use crate::format::primitive::{Primitive, printable};
use crate::format::problem::{Kind, Problem};
use crate::format::table::{Element, Property, Shape, Tables, TypeDef, Version, tables};

mod collect;
mod xhtml;

use collect::Collected;

/// An R4 resource from XML. Whether it is a sound one is for [`crate::format::check`].
///
/// Problem, with line and place: what is not well-formed XML 1.0, a DTD, an entity other than XML's own five, another namespace, text
/// between elements, an attribute that FHIR does not have there, a resource type that is not in the table, and nesting beyond
/// [`MAX_DEPTH`] (counted as JSON).
///
/// Elements may stand in any order. One that the table does not know is kept as well as XML tells what it is (a text, an object, a list
/// where it repeats), for the check to name. A number or boolean that does not read as one stays a text, for the check to refuse.
pub fn from_xml(text: &str) -> Result<Value, Vec<Problem>> {
    from_xml_as(Version::R4, text)
}

/// As [`from_xml`], for a version of FHIR.
pub fn from_xml_as(version: Version, text: &str) -> Result<Value, Vec<Problem>> {
    let source = text.strip_prefix('\u{feff}').unwrap_or(text);
    // XML sees one kind of line end (section 2.11); a carriage return that counts is written as a reference.
    let source = &*if source.contains('\r') {
        std::borrow::Cow::Owned(source.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        std::borrow::Cow::Borrowed(source)
    };
    let mut events = NsReader::from_str(source);
    events.config_mut().check_comments = true;
    let mut reader = Reader { source, events, tables: tables(version), start: 0 };
    reader.document().map_err(|problem| vec![problem])
}

/// The next thing that matters inside an element.
enum Next<'i> {
    /// A child: its tag, whether it is empty, whether it is XHTML rather than FHIR.
    Child { tag: BytesStart<'i>, empty: bool, xhtml: bool },
    /// The end of the element.
    End,
}

struct Reader<'i> {
    source: &'i str,
    events: NsReader<&'i [u8]>,
    tables: &'static Tables,
    /// Where the last event starts.
    start: usize,
}

impl<'i> Reader<'i> {
    /// The whole text: what may come before and after the one resource, and that resource.
    fn document(&mut self) -> Result<Value, Problem> {
        let nowhere = Path::root("");
        if self.source.trim().is_empty() {
            return Err(Problem::found(Kind::Syntax, "", "Er is geen inhoud. Stuur een FHIR-resource mee."));
        }
        if let Some(at) = self.source.char_indices().find(|(_, c)| !printable(*c)).map(|(at, _)| at) {
            self.start = at;
            return Err(self.refuse(&nowhere, "staat een teken dat in XML niet mag. Haal het weg"));
        }
        let mut resource = None;
        loop {
            let (namespace, event) = self.event(&nowhere)?;
            match event {
                Event::Start(tag) if resource.is_none() => resource = Some(self.root(&tag, false, namespace)?),
                Event::Empty(tag) if resource.is_none() => resource = Some(self.root(&tag, true, namespace)?),
                Event::Decl(decl) if self.start == 0 => {
                    if decl.version().ok().as_deref() != Some("1.0") {
                        return Err(self.refuse(&nowhere, "staat een andere versie van XML. Gebruik versie 1.0"));
                    }
                }
                Event::Comment(_) | Event::PI(_) => {}
                Event::Text(text) if text.trim().is_empty() => {}
                Event::DocType(_) => return Err(self.refuse_dtd(&nowhere)),
                Event::Eof => break,
                _ => return Err(self.refuse(&nowhere, "staat iets buiten de resource. Stuur precies één resource")),
            }
        }
        resource.ok_or_else(|| self.refuse(&nowhere, "houdt de tekst op zonder resource. Stuur hem heel"))
    }

    fn root(&mut self, tag: &BytesStart<'i>, empty: bool, namespace: Option<bool>) -> Result<Value, Problem> {
        if namespace != Some(false) {
            return Err(self.refuse_namespace(&Path::root("")));
        }
        self.resource(tag, empty, &Path::root(""), true)
    }

    /// A resource, from its start tag on.
    fn resource(&mut self, tag: &BytesStart<'i>, empty: bool, path: &Path<'_>, root: bool) -> Result<Value, Problem> {
        let local = tag.local_name();
        let name = local.as_ref();
        let Some(type_def) = self.tables.resource(name) else {
            let text = format!(
                "Het resourceType {} is hier niet bekend. Stuur een resource die deze server ondersteunt.",
                shown(name)
            );
            return Err(Problem::found(Kind::UnknownResource, path.to_string(), text));
        };
        let here = if root { Path::root(type_def.name) } else { *path };
        let mut map = Map::new();
        map.insert("resourceType".into(), name.into());
        self.object(type_def, tag, empty, &here, false, &mut map)?;
        Ok(Value::Object(map))
    }

    /// An object of a known type into `map`, from its start tag on; gives the `value` attribute where that may be there.
    fn object(
        &mut self,
        type_def: &'static TypeDef,
        tag: &BytesStart<'i>,
        empty: bool,
        path: &Path<'_>,
        has_value: bool,
        map: &mut Map<String, Value>,
    ) -> Result<Option<String>, Problem> {
        deep_enough(path)?;
        let mut value = None;
        self.attributes(tag, path, |name, text| {
            if has_value && name == "value" {
                value = Some(text);
            } else if type_def.property(name).is_some_and(|(_, property)| type_def.element(property).attribute) {
                map.insert(name.to_owned(), Value::String(text));
            } else {
                return false;
            }
            true
        })?;
        if empty {
            return Ok(value);
        }
        let mut collected = Collected::new(map);
        while let Next::Child { tag, empty, xhtml } = self.next(path)? {
            self.child(type_def, &tag, empty, xhtml, path, &mut collected)?;
        }
        collected.finish();
        Ok(value)
    }

    /// An element of an object.
    fn child(
        &mut self,
        type_def: &'static TypeDef,
        tag: &BytesStart<'i>,
        empty: bool,
        xhtml: bool,
        path: &Path<'_>,
        into: &mut Collected<'_>,
    ) -> Result<(), Problem> {
        let local = tag.local_name();
        let name = local.as_ref();
        let known = type_def.property(name).map(|(_, property)| (type_def.element(property), property));
        let many = known.is_some_and(|(element, _)| element.many);
        let here = if many { path.nth(name, into.count(name)) } else { path.element(name) };
        if !is_name(name) || name == "resourceType" {
            return Err(self.refuse(&here, "staat een element met een naam die FHIR niet kent. Haal het weg"));
        }
        let narrative = known.is_some_and(|(_, property)| property.shape == Shape::Xhtml);
        if xhtml != narrative {
            return Err(self.refuse_namespace(&here));
        }
        let Some((element, property)) = known else {
            let value = self.unknown(tag, empty, &here)?;
            into.add_unknown(name, value);
            return Ok(());
        };
        self.known(element, property, tag, empty, &here, into)
    }

    fn known(
        &mut self,
        element: &Element,
        property: &Property,
        tag: &BytesStart<'i>,
        empty: bool,
        path: &Path<'_>,
        into: &mut Collected<'_>,
    ) -> Result<(), Problem> {
        let name = &*property.name;
        if element.attribute {
            return Err(self.refuse(path, "staat als element wat in XML een attribuut is. Schrijf het als attribuut"));
        }
        match property.shape {
            Shape::Primitive(_) | Shape::Code(_) => {
                let primitive = property.shape.primitive().unwrap_or(Primitive::String);
                let mut beside = Map::new();
                let type_def = self.tables.at(self.tables.beside);
                let value = self.object(type_def, tag, empty, path, true, &mut beside)?;
                into.add_primitive(name, element.many, value.map(|text| primitive.typed(text)), beside);
            }
            Shape::Complex(at) => {
                let mut map = Map::new();
                self.object(self.tables.at(at), tag, empty, path, false, &mut map)?;
                into.add(name, element.many, Value::Object(map));
            }
            Shape::Resource => {
                let value = self.inner_resource(tag, empty, path)?;
                into.add(name, element.many, value);
            }
            Shape::Xhtml => {
                let value = self.narrative(tag, empty, path)?;
                into.add(name, element.many, Value::String(value));
            }
        }
        Ok(())
    }

    /// The one resource inside an element such as `contained`.
    fn inner_resource(&mut self, tag: &BytesStart<'i>, empty: bool, path: &Path<'_>) -> Result<Value, Problem> {
        self.attributes(tag, path, |_, _| false)?;
        let first = if empty { Next::End } else { self.next(path)? };
        let Next::Child { tag, empty, xhtml: false } = first else {
            return Err(self.refuse(path, "ontbreekt een resource. Zet er precies één in"));
        };
        let value = self.resource(&tag, empty, path, false)?;
        match self.next(path)? {
            Next::End => Ok(value),
            Next::Child { .. } => Err(self.refuse(path, "staat meer dan één resource. Zet er precies één in")),
        }
    }

    /// An element that the table does not know, by what can be seen of it.
    fn unknown(&mut self, tag: &BytesStart<'i>, empty: bool, path: &Path<'_>) -> Result<Value, Problem> {
        deep_enough(path)?;
        let mut map = Map::new();
        self.attributes(tag, path, |name, text| {
            map.insert(name.to_owned(), Value::String(text));
            is_name(name)
        })?;
        if !empty {
            while let Next::Child { tag, empty, xhtml } = self.next(path)? {
                let local = tag.local_name();
                let name = local.as_ref();
                // Two levels each: an unknown element may turn out to be a list.
                let here = path.nth(name, 0);
                if xhtml {
                    return Err(self.refuse_namespace(&here));
                }
                if !is_name(name) {
                    return Err(self.refuse(&here, "staat een element met een naam die FHIR niet kent. Haal het weg"));
                }
                let value = self.unknown(&tag, empty, &here)?;
                Collected::new(&mut map).add_unknown(name, value);
            }
        }
        let only_value = if map.len() == 1 { map.shift_remove("value") } else { None };
        Ok(only_value.unwrap_or(Value::Object(map)))
    }

    /// The attributes of a tag, without those that belong to XML itself. `take` says whether the attribute may be there.
    fn attributes(
        &self,
        tag: &BytesStart<'i>,
        path: &Path<'_>,
        mut take: impl FnMut(&str, String) -> bool,
    ) -> Result<(), Problem> {
        for (at, attribute) in tag.attributes().enumerate() {
            let attribute = attribute.map_err(|_| self.refuse_xml(path))?;
            if at >= MOST_ATTRIBUTES {
                return Err(self.refuse(path, "heeft een element te veel attributen. Haal weg wat niet van FHIR is"));
            }
            let name = attribute.key.as_ref();
            let text = attribute_value(&attribute).ok_or_else(|| {
                self.refuse(path, "staat een waarde met een teken of verwijzing die niet mag. Gebruik alleen &lt; &gt; &amp; &quot; &apos; en &#…;")
            })?;
            // Declarations of namespaces, and hints for tools such as xsi:schemaLocation.
            if name == "xmlns" || name.contains(':') {
                continue;
            }
            if !take(name, text) {
                return Err(self
                    .refuse(path, &format!("staat een attribuut ({}) dat hier niet kan. Haal het weg", shown(name))));
            }
        }
        Ok(())
    }

    /// The next child, or the end of the element that is open.
    fn next(&mut self, path: &Path<'_>) -> Result<Next<'i>, Problem> {
        loop {
            let (namespace, event) = self.event(path)?;
            let empty = matches!(event, Event::Empty(_));
            match event {
                Event::Start(tag) | Event::Empty(tag) => {
                    let Some(xhtml) = namespace else { return Err(self.refuse_namespace(path)) };
                    return Ok(Next::Child { tag, empty, xhtml });
                }
                Event::End(_) => return Ok(Next::End),
                Event::Comment(_) | Event::PI(_) => {}
                Event::Text(text) if text.trim().is_empty() => {}
                Event::Text(_) | Event::CData(_) => {
                    return Err(self
                        .refuse(path, "staat losse tekst tussen de elementen. Zet een waarde in het attribuut value"));
                }
                Event::GeneralRef(reference) if known_reference(&reference) => {
                    return Err(self
                        .refuse(path, "staat losse tekst tussen de elementen. Zet een waarde in het attribuut value"));
                }
                Event::GeneralRef(_) => {
                    return Err(self.refuse(path, "staat een entiteit. Schrijf het teken zelf of als &#…;"));
                }
                Event::DocType(_) => return Err(self.refuse_dtd(path)),
                Event::Decl(_) => return Err(self.refuse_xml(path)),
                Event::Eof => return Err(self.refuse(path, "breekt de XML af. Stuur hem heel")),
            }
        }
    }

    /// The next event, with its namespace: false for FHIR, true for XHTML, `None` for any other.
    fn event(&mut self, path: &Path<'_>) -> Result<(Option<bool>, Event<'i>), Problem> {
        self.start = usize::try_from(self.events.buffer_position()).unwrap_or(usize::MAX);
        match self.events.read_resolved_event() {
            Ok((ResolveResult::Bound(Namespace(name)), event)) if name == FHIR => Ok((Some(false), event)),
            Ok((ResolveResult::Bound(Namespace(name)), event)) if name == XHTML => Ok((Some(true), event)),
            Ok((_, event)) => Ok((None, event)),
            Err(_) => Err(self.refuse_xml(path)),
        }
    }

    fn refuse_xml(&self, path: &Path<'_>) -> Problem {
        self.refuse(path, "is dit geen welgevormde XML. Sluit elk element en zet elke waarde tussen aanhalingstekens")
    }

    fn refuse_dtd(&self, path: &Path<'_>) -> Problem {
        self.refuse(path, "staat een DOCTYPE. FHIR staat dat niet toe; haal het weg")
    }

    fn refuse_namespace(&self, path: &Path<'_>) -> Problem {
        self.refuse(path, "staat een element uit een andere naamruimte. Gebruik xmlns=\"http://hl7.org/fhir\", en alleen voor de div van de leesbare tekst die van XHTML")
    }

    /// A problem at the last event: 'Op regel 3, teken 7 …'.
    fn refuse(&self, path: &Path<'_>, what: &str) -> Problem {
        let mut at = self.start.min(self.source.len());
        while !self.source.is_char_boundary(at) {
            at -= 1;
        }
        let before = &self.source[..at];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Problem::found(Kind::Syntax, path.to_string(), format!("Op regel {line}, teken {column} {what}."))
    }
}

fn deep_enough(path: &Path<'_>) -> Result<(), Problem> {
    if path.depth <= MAX_DEPTH {
        return Ok(());
    }
    Err(Problem::found(
        Kind::TooDeep,
        path.to_string(),
        format!("Dit is dieper genest dan {MAX_DEPTH} niveaus. Maak het vlakker."),
    ))
}
