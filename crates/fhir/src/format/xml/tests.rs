use serde_json::{Value, json};

use super::{from_xml, to_xml};
use crate::format::{Kind, MAX_DEPTH, Problem, check, has_errors};

/// A resource in FHIR's namespace around this.
fn patient(inner: &str) -> String {
    format!("<Patient xmlns=\"http://hl7.org/fhir\">{inner}</Patient>")
}

#[track_caller]
fn read(inner: &str) -> Value {
    from_xml(&patient(inner)).unwrap()
}

#[track_caller]
fn refused(text: &str) -> Problem {
    let mut problems = from_xml(text).expect_err(text);
    assert_eq!(problems.len(), 1);
    problems.remove(0)
}

/// To XML and back without a difference, order of elements included where the resource was in the standard's order.
#[track_caller]
fn round_trip(resource: &Value) -> String {
    let xml = to_xml(resource);
    let back = from_xml(&xml).expect(&xml);
    assert_eq!(&back, resource, "{xml}");
    xml
}

#[test]
fn a_resource_reads_as_the_standard_writes_it() {
    let resource = json!({
        "resourceType": "Patient",
        "id": "p1",
        "meta": {"profile": ["http://example.org/a"]},
        "active": true,
        "name": [{"id": "n", "family": "Jansen", "given": ["A", "B"]}],
        "birthDate": "1950-05",
        "multipleBirthInteger": 2,
    });
    assert_eq!(
        round_trip(&resource),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Patient xmlns=\"http://hl7.org/fhir\"><id value=\"p1\"/>\
         <meta><profile value=\"http://example.org/a\"/></meta><active value=\"true\"/>\
         <name id=\"n\"><family value=\"Jansen\"/><given value=\"A\"/><given value=\"B\"/></name>\
         <birthDate value=\"1950-05\"/><multipleBirthInteger value=\"2\"/></Patient>"
    );
}

#[test]
fn elements_come_out_in_the_order_of_the_standard() {
    let xml = to_xml(
        &json!({"birthDate": "1950", "_gender": {"id": "g"}, "name": [{"given": ["A"], "use": "usual"}], "id": "p",
        "gender": "male", "resourceType": "Patient", "extension": [{"valueString": "x", "url": "u", "id": "e"}]}),
    );
    assert!(xml.ends_with(
        "<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"p\"/><extension id=\"e\" url=\"u\"><valueString value=\"x\"/></extension>\
         <name><use value=\"usual\"/><given value=\"A\"/></name><gender id=\"g\" value=\"male\"/><birthDate value=\"1950\"/></Patient>"
    ));
}

#[test]
fn primitives_carry_ids_and_extensions_and_may_lack_a_value() {
    let absent = json!([{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]);
    let xml = round_trip(&json!({
        "resourceType": "Patient",
        "birthDate": "1950", "_birthDate": {"id": "b", "extension": absent},
        "_gender": {"extension": absent},
        "name": [
            {"given": ["A", null, "C"], "_given": [null, {"extension": absent}, {"id": "c"}]},
            {"_given": [{"id": "only"}]},
            {"given": ["A", "B"], "_given": [{"id": "a"}, null]},
        ],
    }));
    assert!(xml.contains("<given value=\"A\"/><given><extension url="), "{xml}");
    assert!(xml.contains("<given id=\"c\" value=\"C\"/>"), "{xml}");
}

#[test]
fn text_survives_to_the_letter() {
    let text = " dubbel  spatie\ttab\nregel\r\neinde\r <&>\"' é 漢 🙂 \u{a0}\u{2028}\u{85} ";
    let resource = json!({"resourceType": "Patient", "name": [{"text": text}]});
    let xml = round_trip(&resource);
    assert!(!xml.contains('\n') && !xml.contains('\t') && !xml.contains('\r'));
    assert!(xml.contains("&#9;tab&#10;regel&#13;&#10;einde&#13; &lt;&amp;&gt;&quot;'"), "{xml}");
}

#[test]
fn a_bare_line_end_in_an_attribute_is_a_space_as_xml_says() {
    assert_eq!(read("<name><text value=\"a\r\nb\tc\"/></name>")["name"][0]["text"], "a b c");
}

#[test]
fn characters_that_xml_cannot_hold_are_replaced_and_never_break_the_document() {
    let xml = to_xml(&json!({"resourceType": "Patient", "id": "a\u{0}b\u{1f}c\u{ffff}d\u{fffe}é\u{fffd}"}));
    assert_eq!(from_xml(&xml).unwrap()["id"], "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}é\u{fffd}");
}

#[test]
fn numbers_and_booleans_get_their_json_type_and_what_is_none_is_left_for_the_check() {
    let value = read(
        "<active value=\"ja\"/><multipleBirthInteger value=\"007\"/><extension url=\"u\"><valueDecimal value=\"1.5\"/></extension>",
    );
    assert_eq!((&value["active"], &value["multipleBirthInteger"]), (&json!("ja"), &json!("007")));
    assert_eq!(value["extension"][0]["valueDecimal"], json!(1.5));
    let kinds: Vec<_> = check(&value).iter().map(|p| (p.path.clone(), p.kind)).collect();
    assert_eq!(
        kinds,
        [("Patient.active".into(), Kind::WrongType), ("Patient.multipleBirthInteger".into(), Kind::WrongType)]
    );
}

#[test]
fn decimals_keep_their_text() {
    let xml = patient("<extension url=\"u\"><valueDecimal value=\"1.10\"/></extension>");
    let back = to_xml(&from_xml(&xml).unwrap());
    assert!(back.contains("value=\"1.10\""), "{back}");
}

#[test]
fn resources_stand_inside_resources() {
    let xml = round_trip(&json!({"resourceType": "Bundle", "type": "transaction", "entry": [
        {"fullUrl": "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
         "resource": {"resourceType": "Patient", "contained": [{"resourceType": "Organization", "id": "o", "name": "x"}]},
         "request": {"method": "POST", "url": "Patient"}},
        {"resource": {"resourceType": "Binary", "contentType": "text/plain", "data": "QUJD"}},
    ]}));
    assert!(xml.contains("<resource><Patient><contained><Organization><id value=\"o\"/>"), "{xml}");
    assert_eq!(xml.matches("xmlns").count(), 1);
}

#[test]
fn items_nest_in_items() {
    round_trip(&json!({"resourceType": "QuestionnaireResponse", "status": "completed", "item": [
        {"linkId": "1", "item": [{"linkId": "1.1", "answer": [{"valueCoding": {"code": "a"}, "item": [{"linkId": "1.1.1"}]}, {"valueBoolean": false}]}]}
    ]}));
}

#[test]
fn a_narrative_passes_as_it_is() {
    let div = "<div xmlns=\"http://www.w3.org/1999/xhtml\" class='a'>\n <p>a &lt; b &amp;  c&#160;<b>é</b></p><br/><!-- x --></div>";
    let resource = json!({"resourceType": "Patient", "text": {"status": "generated", "div": div}});
    assert!(round_trip(&resource).contains(div));
}

#[test]
fn a_narrative_that_is_not_xhtml_cannot_break_the_document() {
    for div in [
        "<div>x</div>",
        "a < b & c",
        "</div></text></Patient>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\">&nbsp;</div>",
    ] {
        let xml = to_xml(&json!({"resourceType": "Patient", "text": {"status": "generated", "div": div}}));
        let back = from_xml(&xml).expect(&xml);
        assert!(!has_errors(&check(&back)), "{back}");
    }
}

#[test]
fn a_narrative_whose_namespace_stands_elsewhere_is_made_whole() {
    let expected = "<div xmlns=\"http://www.w3.org/1999/xhtml\" id=\"d\"><p title='\"'>x &amp; y</p><br/></div>";
    for text in [
        "<Patient xmlns=\"http://hl7.org/fhir\" xmlns:h=\"http://www.w3.org/1999/xhtml\"><text><status value=\"generated\"/>\
         <h:div id=\"d\"><h:p title='\"'>x &amp; y</h:p><h:br/></h:div></text></Patient>",
        "<f:Patient xmlns:f=\"http://hl7.org/fhir\" xmlns=\"http://www.w3.org/1999/xhtml\"><f:text><f:status value=\"generated\"/>\
         <div id=\"d\"><p title='\"'>x &amp; y</p><br/></div></f:text></f:Patient>",
    ] {
        let value = from_xml(text).unwrap();
        assert_eq!(value["text"]["div"], expected);
        assert_eq!(check(&value), []);
    }
}

#[test]
fn what_a_parser_ignores_is_ignored() {
    let plain = read("<id value=\"a\"/><active value=\"true\"/>");
    let dressed = "\u{feff}<?xml version='1.0' encoding='utf-8'?>\r\n<?pi x?><!-- a --><f:Patient xmlns:f='http://hl7.org/fhir' \
                   xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='http://hl7.org/fhir x.xsd'>\r\n\
                   <!-- b --><f:active value = 'true' ></f:active>\n<f:id value='&#97;'/><?pi y?></f:Patient>\n<!-- c -->\n";
    assert_eq!(from_xml(dressed).unwrap(), plain);
}

#[test]
fn extra_elements_are_kept_and_named_in_both_directions() {
    let value = read(
        "<colour value=\"red\"/><shape a=\"1\"><side value=\"2\"/><side value=\"3\"/></shape><active value=\"true\"/>",
    );
    assert_eq!(value["colour"], "red");
    assert_eq!(value["shape"], json!({"a": "1", "side": ["2", "3"]}));
    let problems = check(&value);
    assert_eq!(problems.iter().map(|p| p.kind).collect::<Vec<_>>(), [Kind::UnknownElement; 2]);
    assert!(!has_errors(&problems));
    let xml = to_xml(&value);
    assert!(xml.contains("<active value=\"true\"/><colour value=\"red\"/><shape><a value=\"1\"/><side value=\"2\"/><side value=\"3\"/></shape>"));
    assert_eq!(from_xml(&xml).unwrap(), value);
}

#[test]
fn an_element_without_anything_is_left_for_the_check() {
    for inner in ["<birthDate/>", "<name/>", "<name><given/></name>", "<birthDate value=\"\"/>", "<active></active>"] {
        let problems = check(&read(inner));
        assert!(problems.iter().any(|p| p.kind == Kind::Empty), "{inner} {problems:?}");
    }
}

#[test]
fn a_single_element_that_repeats_is_left_for_the_check() {
    for inner in [
        "<birthDate value=\"1950\"/><birthDate value=\"1951\"/>",
        "<birthDate id=\"a\"/><birthDate value=\"1951\"/>",
        "<birthDate value=\"1950\"/><birthDate id=\"b\" value=\"1951\"/>",
        "<maritalStatus><text value=\"a\"/></maritalStatus><maritalStatus><text value=\"b\"/></maritalStatus>",
        "<deceasedBoolean value=\"true\"/><deceasedDateTime value=\"2024\"/>",
    ] {
        assert!(has_errors(&check(&read(inner))), "{inner}");
    }
}

#[test]
fn lists_may_come_in_pieces() {
    let value = read("<name><given id=\"a\"/><family value=\"x\"/><given value=\"B\"/></name>");
    assert_eq!(value["name"][0], json!({"given": [null, "B"], "_given": [{"id": "a"}, null], "family": "x"}));
    let value =
        read("<name><given value=\"A\"/><given value=\"B\"/><given id=\"c\" value=\"C\"/><given value=\"D\"/></name>");
    assert_eq!(value["name"][0], json!({"given": ["A", "B", "C", "D"], "_given": [null, null, {"id": "c"}, null]}));
}

#[test]
fn what_is_not_xml_is_refused_with_line_and_column() {
    let problem = refused("<Patient xmlns=\"http://hl7.org/fhir\">\n  <active value=\"true\">\n</Patient>");
    assert!(problem.text.contains("regel 3, teken 1"), "{problem}");
    assert_eq!(problem.path, "Patient.active");
    for inner in [
        "<active value=true/>",
        "<active value=\"a\" value=\"b\"/>",
        "<active value=\"<\"/>",
        "<active",
        "</active>",
        "<active value=\"&#0;\"/>",
        "<active value=\"&#xFFFF;\"/>",
        "<active value=\"\u{1}\"/>",
        "<!-- a -- b -->",
        "<active value=\"&\"/>",
        "<active value=\"&amp\"/>",
    ] {
        assert_eq!(refused(&patient(inner)).kind, Kind::Syntax, "{inner}");
    }
    for text in [
        "",
        " \n",
        "x",
        "{}",
        "<",
        "<!-- x -->",
        "<?xml version=\"1.0\"?>",
        &patient("")[..20],
        &format!("{}{0}", patient("")),
        &format!("{}x", patient("")),
    ] {
        assert_eq!(refused(text).kind, Kind::Syntax, "{text}");
    }
}

#[test]
fn entities_and_dtds_are_refused() {
    let bomb = "<!DOCTYPE Patient [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>";
    assert!(refused(&format!("{bomb}{}", patient("<id value=\"&b;\"/>"))).text.contains("DOCTYPE"));
    assert_eq!(refused(&patient("<id value=\"&b;\"/>")).kind, Kind::Syntax);
    assert_eq!(refused(&patient("&b;")).kind, Kind::Syntax);
    let narrative = |inner: &str| {
        patient(&format!(
            "<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div></text>"
        ))
    };
    assert!(refused(&narrative("&nbsp;")).text.contains("entiteit"));
    assert_eq!(refused(&narrative("<p title=\"&copy;\">x</p>")).kind, Kind::Syntax);
    assert!(from_xml(&narrative("&amp;&#160;")).is_ok());
    assert_eq!(refused("<?xml version=\"1.1\"?><Patient xmlns=\"http://hl7.org/fhir\"/>").kind, Kind::Syntax);
}

#[test]
fn other_namespaces_texts_and_attributes_are_refused() {
    for text in [
        "<Patient/>".to_owned(),
        "<Patient xmlns=\"urn:hl7-org:v3\"/>".into(),
        "<x:Patient/>".into(),
        "<Patient xmlns=\"http://www.w3.org/1999/xhtml\"/>".into(),
        patient("<active xmlns=\"urn:x\" value=\"true\"/>"),
        patient("<text><status value=\"generated\"/><div>x</div></text>"),
        patient("<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"),
        patient(
            "<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\"><p xmlns=\"urn:x\"/></div></text>",
        ),
        patient("tekst"),
        patient("<![CDATA[x]]>"),
        patient("&lt;"),
        patient("<active>true</active>"),
        patient("<active value=\"true\" colour=\"red\"/>"),
        patient("<name value=\"x\"/>"),
        patient("<name><id value=\"x\"/></name>"),
        patient("<extension><url value=\"u\"/></extension>"),
        patient("<resourceType value=\"x\"/>"),
        patient("<_active value=\"x\"/>"),
        patient("<contained/>"),
        patient("<contained id=\"x\"><Patient/></contained>"),
        patient("<contained><Patient/><Patient/></contained>"),
        "<Patient xmlns=\"http://hl7.org/fhir\" id=\"x\"/>".into(),
    ] {
        assert_eq!(refused(&text).kind, Kind::Syntax, "{text}");
    }
    assert_eq!(refused("<Ambulance xmlns=\"http://hl7.org/fhir\"/>").kind, Kind::UnknownResource);
    assert_eq!(refused(&patient("<contained><Ambulance/></contained>")).path, "Patient.contained[0]");
}

#[test]
fn nesting_has_a_limit_counted_as_json() {
    let nested = |levels: usize| {
        let (open, close) = ("<item><linkId value=\"1\"/>".repeat(levels), "</item>".repeat(levels));
        format!(
            "<QuestionnaireResponse xmlns=\"http://hl7.org/fhir\"><status value=\"completed\"/>{open}{close}</QuestionnaireResponse>"
        )
    };
    let deepest = (MAX_DEPTH - 2) / 2;
    let value = from_xml(&nested(deepest)).unwrap();
    assert_eq!(crate::format::from_json(value.to_string().as_bytes()).unwrap(), value);
    assert_eq!(check(&value), []);
    assert_eq!(refused(&nested(deepest + 1)).kind, Kind::TooDeep);
    assert_eq!(refused(&nested(100_000)).kind, Kind::TooDeep);
    assert_eq!(refused(&patient(&"<x>".repeat(100_000))).kind, Kind::TooDeep);
}

#[test]
fn what_cannot_be_a_resource_becomes_an_outcome() {
    for value in [json!(null), json!({}), json!([1]), json!({"resourceType": 1}), json!({"resourceType": "a b"})] {
        let back = from_xml(&to_xml(&value)).unwrap();
        assert_eq!(back["resourceType"], "OperationOutcome");
        assert_eq!(check(&back), []);
    }
}

#[test]
fn values_in_the_wrong_place_still_give_well_formed_xml() {
    for value in [
        json!({"resourceType": "Patient", "name": "x", "birthDate": {"a": 1}, "active": [true, [false]], "contained": ["x", {}]}),
        json!({"resourceType": "Patient", "": 1, "a b": 2, "<": 3, "_": {}, "__x": 4, "_name": [{}], "text": null, "_x": {"id": 5}}),
        json!({"resourceType": "Ambulance", "id": "a", "siren": {"on": true}}),
        json!({"resourceType": "Patient", "extension": [{"url": 5, "_url": {"id": "x"}, "valueString": ["a", "b"]}], "given": []}),
    ] {
        let xml = to_xml(&value);
        let mut reader = quick_xml::reader::Reader::from_str(&xml);
        loop {
            match reader.read_event().expect(&xml) {
                quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                    assert!(tag.attributes().all(|a| a.is_ok()), "{xml}");
                }
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
    }
}

#[test]
fn a_hostile_size_costs_no_more_than_its_length() {
    let started = std::time::Instant::now();
    let many =
        |attribute: &str| (0..100_000).fold(String::new(), |text, n| text + attribute + &n.to_string() + "=\"u\"");
    let attributes = many(" xmlns:x");
    assert!(from_xml(&format!("<Patient xmlns=\"http://hl7.org/fhir\"{attributes}/>")).is_err());
    let attributes = many(" x");
    let narrative = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"{attributes}>x</div>");
    assert!(from_xml(&patient(&format!("<text><status value=\"generated\"/>{narrative}</text>"))).is_err());
    assert!(has_errors(&check(&json!({"resourceType": "Patient", "text": {"status": "generated", "div": narrative}}))));
    let mut resource = serde_json::Map::from_iter([("resourceType".to_owned(), json!("Patient"))]);
    resource.extend((0..100_000).flat_map(|n| [(format!("x{n}"), json!(n)), (format!("_x{n}"), json!({"id": "a"}))]));
    let back = from_xml(&to_xml(&Value::Object(resource))).unwrap();
    assert_eq!(back["x99999"], json!({"id": "a", "value": "99999"}));
    assert!(!has_errors(&check(&back)));
    // Anything that compares each with all would take minutes.
    assert!(started.elapsed().as_secs() < 30);
}
