//! The format layer on real resources, on made-up ones, and against a converter that somebody else wrote.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fhir::format::{
    Element, Kind, Primitive, Shape, Tables, TypeDef, Version, check, check_as, from_json, from_xml, from_xml_as,
    has_errors, tables, to_xml, to_xml_as,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Says on stderr that a test did not run, and why: a silent pass would be a lie.
#[expect(clippy::print_stderr, reason = "a skipped test has to be seen")]
fn skipped(why: &str) {
    eprintln!("SKIPPED: {why}");
}

/// The folder with the standard's files, where there is one.
#[expect(clippy::disallowed_methods, reason = "tests have no configuration; the folder differs per machine")]
fn standard() -> Option<PathBuf> {
    let folder = std::env::var("TIJDIG_STANDARD")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/standard"), PathBuf::from);
    folder.join("examples").is_dir().then_some(folder)
}

/// Every resource of the standard that the table covers: examples, forms, value sets, search parameters, statements. By file name.
fn standards_resources() -> Option<Vec<(String, Value)>> {
    let folder = standard()?;
    let mut found = Vec::new();
    for part in ["examples", "definitions", "definitions/core", "definitions/nictiz"] {
        let Ok(files) = fs::read_dir(folder.join(part)) else { continue };
        for file in files.map(|file| file.expect("a readable folder").path()) {
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if file.extension().is_some_and(|kind| kind == "json") && !name.starts_with("StructureDefinition") {
                let bytes = fs::read(&file).expect("a readable file");
                let value = from_json(&bytes).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
                found.push((name, value));
            }
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Some(found)
}

#[track_caller]
fn round_trip(name: &str, resource: &Value) -> String {
    let xml = to_xml(resource);
    let back = from_xml(&xml).unwrap_or_else(|problems| panic!("{name}: {problems:?}\n{xml}"));
    assert_eq!(&back, resource, "{name}\n{xml}");
    assert_eq!(to_xml(&back), xml, "{name}: written twice, the same");
    xml
}

#[test]
fn the_standards_resources_are_sound_and_survive_xml() {
    let Some(resources) = standards_resources() else {
        return skipped("the round trip over the examples needs the standard's files");
    };
    assert!(resources.iter().filter(|(name, _)| name.contains("Pat1") || name.contains("Hartman")).count() >= 25);
    for (name, resource) in &resources {
        assert_eq!(check(resource), [], "{name}");
        round_trip(name, resource);
    }
}

#[test]
fn the_standards_resources_survive_xml_in_one_bundle() {
    let Some(resources) = standards_resources() else {
        return skipped("the round trip in a Bundle needs the standard's files");
    };
    let entries: Vec<Value> = resources.iter().map(|(_, resource)| json!({"resource": resource})).collect();
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": entries});
    assert_eq!(check(&bundle), []);
    round_trip("Bundle", &bundle);
}

/// A resource is damaged in one place at a time; each damage is found at that place.
#[test]
fn one_damage_is_one_problem_at_its_place() {
    let Some(resources) = standards_resources() else {
        return skipped("damaging the examples needs the standard's files");
    };
    let (_, response) =
        resources.iter().find(|(name, _)| name == "QuestionnaireResponse-HendrikHartman-20221108").unwrap();
    let damages: [(&str, Value, &str, Kind); 6] = [
        ("/item/0/linkId", json!(""), "QuestionnaireResponse.item[0].linkId", Kind::Empty),
        ("/item/1", json!("x"), "QuestionnaireResponse.item[1]", Kind::WrongType),
        ("/status", json!("klaar"), "QuestionnaireResponse.status", Kind::CodeOutsideSet),
        ("/authored", json!("8 november"), "QuestionnaireResponse.authored", Kind::Format),
        ("/subject", json!([]), "QuestionnaireResponse.subject", Kind::TooMany),
        ("/item", json!([]), "QuestionnaireResponse.item", Kind::Empty),
    ];
    for (place, value, path, kind) in damages {
        let mut broken = response.clone();
        *broken.pointer_mut(place).unwrap_or_else(|| panic!("{place} is not in the example")) = value;
        let problems: Vec<_> = check(&broken).into_iter().map(|problem| (problem.path, problem.kind)).collect();
        assert_eq!(problems, [(path.to_owned(), kind)]);
    }
}

// ---- made-up resources -------------------------------------------------------------------------------------------------------------

/// Makes sound resources of any type from a string of bytes, by the table: same bytes, same resource.
struct Maker<'a> {
    tables: &'static Tables,
    bytes: &'a [u8],
    /// Only what the other converter can read: see [`plain`](Self::text).
    plain: bool,
}

impl Maker<'_> {
    fn pick(&mut self, below: usize) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(*first) % below
    }

    fn resource(&mut self, type_def: &'static TypeDef, depth: usize) -> Value {
        let mut map = Map::from_iter([("resourceType".to_owned(), json!(type_def.name))]);
        self.object(type_def, &mut map, depth);
        Value::Object(map)
    }

    fn object(&mut self, type_def: &'static TypeDef, map: &mut Map<String, Value>, depth: usize) {
        let extension = type_def.name == "Extension";
        for (at, element) in type_def.elements.iter().enumerate() {
            let chosen = if self.bytes.is_empty() || depth > 5 { false } else { self.pick(3) == 0 };
            let needed = element.required || (extension && element.choice.is_some());
            if (extension && element.name == "extension") || !(needed || chosen) {
                continue;
            }
            let names: Vec<_> =
                type_def.properties().iter().filter(|property| usize::from(property.element) == at).collect();
            let mut property = names[self.pick(names.len())];
            if depth > 5 || (self.plain && matches!(property.shape, Shape::Primitive(Primitive::Uuid))) {
                property =
                    names.iter().find(|p| matches!(p.shape, Shape::Primitive(Primitive::String))).unwrap_or(&property);
            }
            self.element(element, &property.name, property.shape, map, depth);
        }
        if map.keys().all(|key| key == "id") {
            map.insert("extension".into(), json!([{"url": "http://example.org/e", "valueBoolean": true}]));
        }
    }

    fn element(&mut self, element: &Element, name: &str, shape: Shape, map: &mut Map<String, Value>, depth: usize) {
        let count = if element.many { 1 + self.pick(3) } else { 1 };
        let (mut values, mut besides) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let beside = match self.pick(8) {
                _ if element.attribute || shape.primitive().is_none() => Value::Null,
                0 => json!({"id": self.word()}),
                1 => json!({"extension": [{"url": "http://example.org/x", "valueCode": self.word()}]}),
                _ => Value::Null,
            };
            let absent = !beside.is_null() && !self.plain && self.pick(3) == 0;
            values.push(if absent { Value::Null } else { self.value(shape, depth) });
            besides.push(beside);
        }
        let (no_values, no_besides) = (values.iter().all(Value::is_null), besides.iter().all(Value::is_null));
        let whole = |mut list: Vec<Value>| if element.many { Value::Array(list) } else { list.remove(0) };
        if !no_values {
            map.insert(name.to_owned(), whole(values));
        }
        if !no_besides {
            map.insert(format!("_{name}"), whole(besides));
        }
    }

    fn value(&mut self, shape: Shape, depth: usize) -> Value {
        match shape {
            Shape::Primitive(primitive) => self.primitive(primitive),
            Shape::Code(set) => {
                let codes = self.tables.set(set);
                json!(codes[self.pick(codes.len())])
            }
            Shape::Complex(at) => {
                let mut map = Map::new();
                self.object(self.tables.at(at), &mut map, depth + 1);
                Value::Object(map)
            }
            Shape::Resource => {
                let name = ["Patient", "Organization", "Binary", "OperationOutcome"][self.pick(4)];
                self.resource(self.tables.resource(name).expect("in the table"), depth + 2)
            }
            Shape::Xhtml => {
                let text =
                    self.text().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#13;");
                json!(format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p class='a'>.{text}</p><br/></div>"))
            }
        }
    }

    fn primitive(&mut self, primitive: Primitive) -> Value {
        let of = |list: &[&str], at: usize| json!(list[at % list.len()]);
        let at = self.pick(256);
        match primitive {
            Primitive::Boolean => json!(at.is_multiple_of(2)),
            Primitive::Integer => json!([i32::MIN, -1, 0, 1, i32::MAX][at % 5]),
            Primitive::UnsignedInt => json!(at),
            Primitive::PositiveInt => json!(at + 1),
            Primitive::Decimal => {
                [json!(0.5), json!(-12.25), json!(3), json!(1e-7)][if self.plain { at % 3 } else { at % 4 }].clone()
            }
            Primitive::Date => of(&["2024", "2024-02", "2024-02-29"], at),
            Primitive::DateTime => {
                of(&["2024", "2024-02", "2024-02-29", "2024-02-29T10:11:12+01:00", "1999-12-31T23:59:59.123Z"], at)
            }
            Primitive::Instant => of(&["2024-02-29T10:11:12+01:00", "1999-12-31T23:59:59.123Z"], at),
            Primitive::Time => of(&["00:00:00", "23:59:59.5"], at),
            Primitive::Base64Binary => of(&["QUJD", "QQ=="], at),
            Primitive::Oid => of(&["urn:oid:2.16.840.1.113883.2.4.6.3"], at),
            Primitive::Uuid => of(&["urn:uuid:c757873d-ec9a-4326-a141-556f43239520"], at),
            Primitive::Uri | Primitive::Url | Primitive::Canonical => {
                of(&["http://example.org/?a=1&b='2'", "urn:x:1", "#a"], at)
            }
            Primitive::Id | Primitive::Code => json!(self.word()),
            Primitive::String | Primitive::Markdown => json!(self.text()),
        }
    }

    fn word(&mut self) -> String {
        format!("w{}", self.pick(256))
    }

    /// A text with what is hard to write. The other converter writes tabs as they are, so that they come back as spaces: none for it.
    fn text(&mut self) -> String {
        let hard = [
            "a", " ", "  ", "\n", "\r\n", "&", "<", ">", "\"", "'", "é", "漢字", "🙂", "\u{a0}", "]]>", "&#10;",
            "\u{2028}", "%", "\t", "\r",
        ];
        let hard = if self.plain { &hard[..11] } else { &hard[..] };
        let text: String = (0..=self.pick(12)).map(|_| hard[self.pick(hard.len())]).collect();
        if self.plain { format!("x{text}x") } else { text }
    }
}

fn made_up(version: Version, which: usize, bytes: &[u8], plain: bool) -> (String, Value) {
    let tables = tables(version);
    let all: Vec<_> = tables.types().iter().filter(|type_def| tables.resource(type_def.name).is_some()).collect();
    let type_def = all[which % all.len()];
    (type_def.name.to_owned(), Maker { tables, bytes, plain }.resource(type_def, 0))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the table allows is sound, and goes to XML and JSON text and back without a difference.
    #[test]
    fn any_resource_survives(which in 0_usize..64, bytes in prop::collection::vec(any::<u8>(), 0..1500)) {
        let (name, resource) = made_up(Version::R4, which, &bytes, false);
        prop_assert_eq!(check(&resource), vec![], "{}", resource);
        round_trip(&name, &resource);
        prop_assert_eq!(from_json(resource.to_string().as_bytes()).unwrap(), resource);
    }

    /// The same in STU3, by its own table.
    #[test]
    fn any_resource_of_stu3_survives(which in 0_usize..64, bytes in prop::collection::vec(any::<u8>(), 0..1500)) {
        let (_, resource) = made_up(Version::Stu3, which, &bytes, false);
        prop_assert_eq!(check_as(Version::Stu3, &resource), vec![], "{}", resource);
        let xml = to_xml_as(Version::Stu3, &resource);
        prop_assert_eq!(from_xml_as(Version::Stu3, &xml).unwrap(), resource);
    }

    /// Taking any mandatory element away is found, and no damage to the text of XML or JSON makes the readers fall over.
    #[test]
    fn damage_is_survived(which in 0_usize..64, bytes in prop::collection::vec(any::<u8>(), 0..400), at in any::<prop::sample::Index>(), with in any::<char>()) {
        let (_, resource) = made_up(Version::R4, which, &bytes, false);
        for text in [to_xml(&resource), resource.to_string()] {
            let mut damaged: Vec<char> = text.chars().collect();
            let at = at.index(damaged.len());
            damaged[at] = with;
            let damaged: String = damaged.into_iter().collect();
            for value in [from_xml(&damaged), from_json(damaged.as_bytes())].into_iter().flatten() {
                let problems = check(&value);
                // What was let in can be written and read again; where it is sound, without a difference.
                let back = from_xml(&to_xml(&value));
                if problems.is_empty() {
                    prop_assert_eq!(back.unwrap(), value);
                } else {
                    prop_assert!(has_errors(&problems) || back.is_ok(), "{:?}", problems);
                }
            }
        }
    }
}

// ---- against another converter -----------------------------------------------------------------------------------------------------

/// Resources by hand, for what the examples do not have.
fn by_hand() -> Vec<(String, Value)> {
    let absent = json!([{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]);
    vec![
        (
            "Patient-by-hand".into(),
            json!({"resourceType": "Patient", "id": "p", "contained": [{"resourceType": "Organization", "id": "o", "name": "Praktijk & Zn. <\"De Linde\">"}],
                "name": [{"id": "n", "given": ["Zoë", "J."], "_given": [null, {"extension": [{"url": "http://example.org/q", "valueCode": "IN"}]}]}],
                "_gender": {"extension": absent}, "birthDate": "1950-05", "_birthDate": {"id": "b"}, "deceasedBoolean": false, "multipleBirthInteger": 2}),
        ),
        (
            "Observation-by-hand".into(),
            json!({"resourceType": "Observation", "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p class=\"a\">x &amp; <b>é</b></p><br/></div>"},
                "status": "final", "code": {"text": "regel een\nregel twee\r\neinde 🙂"}, "valueQuantity": {"value": 12.25, "unit": "kg"},
                "component": [{"code": {"coding": [{"system": "http://example.org", "code": "a", "userSelected": false}]}, "valueBoolean": false}]}),
        ),
        (
            "Bundle-by-hand".into(),
            json!({"resourceType": "Bundle", "type": "searchset", "total": 0, "entry": [{"fullUrl": "http://example.org/Binary/1",
                "resource": {"resourceType": "Binary", "contentType": "text/plain", "data": "QUJD"}, "search": {"mode": "match", "score": 1}}]}),
        ),
        (
            "Questionnaire-by-hand".into(),
            json!({"resourceType": "Questionnaire", "status": "active", "item": [{"linkId": "1", "type": "group", "item": [{"linkId": "1.1", "type": "choice", "required": true,
                "enableWhen": [{"question": "0", "operator": "=", "answerCoding": {"code": "a"}}], "answerOption": [{"valueCoding": {"code": "a"}}, {"valueString": "b"}]}]}]}),
        ),
    ]
}

/// What the other converter's XML can be expected to keep. It writes narratives with other quotes and references (the script compares
/// those by their elements), and tabs as they are, which XML reads as spaces.
fn comparable(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().map(comparable).collect(),
        Value::Object(map) => {
            let rest = map.iter().filter(|(key, _)| *key != "div");
            rest.map(|(key, value)| (key.clone(), comparable(value))).collect::<Map<_, _>>().into()
        }
        Value::String(text) => text.replace('\t', " ").into(),
        other => other.clone(),
    }
}

#[test]
fn another_converter_reads_and_writes_the_same() {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fhir-xml");
    if !tool.join("node_modules/fhir").is_dir() || Command::new("node").arg("--version").output().is_err() {
        return skipped("the comparison with the npm package fhir needs node and `npm install` in tests/fhir-xml");
    }
    let mut resources = by_hand();
    match standards_resources() {
        Some(standards) => resources.extend(standards),
        None => skipped("the comparison with another converter leaves out the standard's files"),
    }
    for seed in 0..200_usize {
        // Bytes that differ enough per seed, and are the same in each run.
        let bytes: Vec<u8> =
            (0..600_usize).map(|n| ((seed * 7919 + n * 104_729) ^ (n * n * 31 + seed)).to_le_bytes()[1]).collect();
        let (name, resource) = made_up(Version::R4, seed, &bytes, true);
        resources.push((format!("{name}-made-up-{seed}"), resource));
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fhir-xml");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (name, resource) in &resources {
        assert_eq!(check(resource), [], "{name}");
        fs::write(folder.join(format!("{name}.json")), resource.to_string()).unwrap();
        fs::write(folder.join(format!("{name}.xml")), to_xml(resource)).unwrap();
    }
    let run = Command::new("node").arg(tool.join("cross.mjs")).arg(&folder).output().unwrap();
    assert!(run.status.success(), "{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    for (name, resource) in &resources {
        let theirs = fs::read_to_string(folder.join(format!("{name}.theirs.xml"))).unwrap();
        let back = from_xml(&theirs).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        assert_eq!(comparable(&back), comparable(resource), "{name}");
    }
}
