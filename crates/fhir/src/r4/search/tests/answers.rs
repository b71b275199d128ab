//! What each search finds.

use super::*;

/// Asks in every way that names the patient the same.
#[test]
fn each_search_of_the_standard_finds_what_it_should() {
    let world = world();
    let table: &[(&str, &[&str], &[&str])] = &[
        // SPEC 4.1, the list of rc3.
        (
            "Procedure?patient=Patient/[id]&code=http://snomed.info/sct|713603004&_include=Procedure:encounter",
            &["c1"],
            &["e1"],
        ),
        (
            "Consent?patient=Patient/[id]&scope=http://terminology.hl7.org/CodeSystem/consentscope|treatment&category=http://snomed.info/sct|129125009&_include=Consent:actor",
            &["cpr", "icu"],
            &["patient", "z1"],
        ),
        (
            "Consent?patient=Patient/[id]&scope=http://terminology.hl7.org/CodeSystem/consentscope|adr&category=http://terminology.hl7.org/CodeSystem/consentcategorycodes|acd&_include=Consent:actor",
            &["ad1"],
            &["p1"],
        ),
        ("Goal?patient=Patient/[id]&category=http://snomed.info/sct|713603004", &["goal"], &[]),
        (
            "Observation?patient=Patient/[id]&code=http://snomed.info/sct|665671000146101,153851000146100,395091006,340171000146104,247751003,570801000146104",
            &["capacity", "wishes", "place"],
            &[],
        ),
        (
            "DeviceUseStatement?patient=Patient/[id]&device.type=http://snomed.info/sct|72506001,465460004,468542000,704707009,1263462004,1236894001&_include=DeviceUseStatement:device",
            &["icd"],
            &["icd-device"],
        ),
        ("CommunicationRequest?patient=Patient/[id]&category=http://snomed.info/sct|223449006", &["inform"], &[]),
        // The earlier forms.
        (
            "Encounter?patient=Patient/[id]&reason-reference:Procedure.code=http://snomed.info/sct|713603004&_include=Encounter:reason-reference",
            &["e1"],
            &["c1"],
        ),
        (
            "DeviceUseStatement?patient=Patient/[id]&device.type:in=https://api.iknl.nl/docs/pzp/r4/ValueSet/ACP-MedicalDeviceProductType-ICD&_include=DeviceUseStatement:device",
            &["icd"],
            &["icd-device"],
        ),
        ("CommunicationRequest?patient=[id]&category=http://snomed.info/sct|223449006", &["inform"], &[]),
        ("Procedure?patient=[id]&code=sct|713603004&_include=Procedure:encounter", &["c1"], &["e1"]),
        ("Goal?patient=Patient/[id]&description=http://snomed.info/sct|385987000,1351964001,713148004", &["goal"], &[]),
        ("Communication?patient=Patient/[id]&reason-code=http://snomed.info/sct|713603004", &[], &[]),
        (
            "Observation?patient=Patient/[id]&code=http://snomed.info/sct|153851000146100,395091006,340171000146104,247751003,570801000146104",
            &["wishes", "place"],
            &[],
        ),
        // SPEC 4.2.
        (
            "QuestionnaireResponse?subject=Patient/[id]&questionnaire=https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020",
            &["v2", "v1"],
            &[],
        ),
        (
            "QuestionnaireResponse?patient=Patient/[id]&questionnaire=https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020|1.0.0-rc3",
            &["v2", "v1"],
            &[],
        ),
        (
            "QuestionnaireResponse?patient=Patient/[id]&questionnaire=https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020|1.0.0-rc2",
            &[],
            &[],
        ),
        // SPEC 4.3.
        ("Encounter?patient=Patient/[id]&reason-reference=Procedure/[id]-c2", &["e2"], &[]),
        ("DeviceUseStatement?patient=Patient/[id]&device=Device/[id]-icd-device", &["icd"], &[]),
        (
            "Device?patient=[id]&type:in=https://api.iknl.nl/docs/pzp/r4/ValueSet/ACP-MedicalDeviceProductType-ICD|1.0.0-rc3",
            &["icd-device"],
            &[],
        ),
    ];
    for (url, matches, included) in table {
        let (found, beside) = world.found(url);
        assert_eq!(
            (found.as_slice(), beside.as_slice()),
            (strings(matches).as_slice(), strings(included).as_slice()),
            "{url}"
        );
        assert!(ask_with(url, Handling::Strict).is_ok(), "{url}");
        for same in [format!("{BASE}/Patient/[id]"), "[id]".into()] {
            let other = url
                .replace("patient=Patient/[id]", &format!("patient={same}"))
                .replace("subject=Patient/[id]", &format!("subject={same}"));
            assert_eq!(world.found(&other), (found.clone(), beside.clone()), "{other}");
            assert_eq!(ask(&other).patient(), &PatientSelector::Id(patient()), "{other}");
        }
    }
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|&text| text.to_owned()).collect()
}

/// Matches of searches that no guide prescribes.
#[test]
fn other_conditions_and_modifiers() {
    let world = world();
    for (url, matches) in [
        ("Encounter?patient=[id]", &["e2", "e1"][..]),
        ("Encounter?subject=[id]&date=2020-10", &["e1"]),
        ("Encounter?subject:Patient=[id]&date=ge2022-11-08", &["e2"]),
        ("Encounter?patient=[id]&status=finished", &["e2", "e1"]),
        ("Encounter?patient=[id]&status=http://hl7.org/fhir/encounter-status|finished", &["e2", "e1"]),
        ("Encounter?patient=[id]&status=http://hl7.org/fhir/other|finished", &[]),
        ("Encounter?patient=[id]&class=AMB", &["e2", "e1"]),
        ("Encounter?patient=[id]&participant=PractitionerRole/[id]-z1", &["e2", "e1"]),
        ("Encounter?patient=[id]&subject:missing=true", &["e1"]),
        ("Consent?patient=[id]&date=lt2019", &["ad1"]),
        ("Consent?patient=[id]&category=http://snomed.info/sct|", &["cpr", "icu"]),
        ("Consent?patient=[id]&category=|129125009", &[]),
        ("Consent?patient=[id]&scope=ADR", &["ad1"]),
        ("Consent?patient=[id]&scope:not=adr", &["cpr", "icu"]),
        ("Consent?patient=[id]&actor=RelatedPerson/[id]-p1", &["ad1"]),
        ("Consent?patient=[id]&actor:RelatedPerson=[id]-p1", &["ad1"]),
        ("Consent?patient=[id]&actor:RelatedPerson.name=yuk", &["ad1"]),
        ("Consent?patient=[id]&actor.name=yüks", &["ad1"]),
        ("Consent?patient=[id]&actor:PractitionerRole.practitioner.name=huissen", &["cpr", "icu"]),
        ("Consent?patient=[id]&_id=[id]-cpr,[id]-ad1", &["cpr", "ad1"]),
        ("Consent?_id=[id]-cpr", &["cpr"]),
        ("Consent?patient=[id]&_lastUpdated=gt2022", &[]),
        ("Consent?patient=[id]&_lastUpdated=2022-11-08", &["cpr", "icu"]),
        ("Consent?patient=[id]&_lastUpdated=ge2021&_lastUpdated=lt2022", &[]),
        ("Consent?patient=[id]&category:missing=true", &[]),
        (
            "Consent?patient=[id]&_profile=https://api.iknl.nl/docs/pzp/r4/StructureDefinition/ACP-Consent",
            &["cpr", "icu", "ad1"],
        ),
        ("Observation?patient=[id]&encounter=Encounter/[id]-e1&code=8867-4", &["heart"]),
        ("Observation?patient=[id]&encounter=[id]-e1&method=370819000", &["wishes"]),
        ("Observation?encounter=[id]-e1&value-concept=264362003", &["place"]),
        ("Observation?patient=[id]&performer=Practitioner/[id]-z1", &[]),
        ("Observation?patient=[id]&encounter.date=2020", &["capacity", "wishes", "place", "heart"]),
        ("QuestionnaireResponse?patient=[id]&authored=2022-11-08", &["v2"]),
        ("QuestionnaireResponse?patient=[id]&authored=eq2020-10-01,2022-11", &["v2", "v1"]),
        ("QuestionnaireResponse?patient=[id]&status=completed&_sort=authored", &["v1", "v2"]),
        ("QuestionnaireResponse?patient=[id]&_sort=-_lastUpdated", &["v2", "v1"]),
        ("Goal?patient=[id]&lifecycle-status=active&start-date=2020-10-01", &["goal"]),
        ("Goal?patient=[id]&category=http://snomed.info/sct|1", &[]),
        ("RelatedPerson?patient=[id]&relationship=01", &["p1"]),
        ("PractitionerRole?practitioner=Practitioner/[id]-z1", &["z1"]),
        ("Device?patient=[id]&type:not-in=ValueSet/ACP-MedicalDeviceProductType-ICD", &[]),
        ("Procedure?patient=[id]&code=411600B", &["c2"]),
        ("Procedure?patient=[id]&code:in=ValueSet/ACP-ProcedureTypeVS", &["c1", "c2"]),
        ("Patient?_id=[id]&gender=male", &["patient"]),
        ("Patient?identifier=http://fhir.nl/fhir/NamingSystem/bsn|999911120", &["patient"]),
        ("Patient?identifier=999911120&birthdate=1961-01-01", &["patient"]),
        ("Patient?identifier=999911120&birthdate=1961-01-02", &[]),
        ("Patient?identifier=999911120&family=hart", &["patient"]),
        ("Patient?identifier=999911120&family:exact=hart", &[]),
        ("Patient?identifier=999911120&given:contains=DRIK", &["patient"]),
    ] {
        assert_eq!(world.found(url).0, matches, "{url}");
    }
}

#[test]
fn the_patient_is_found_in_what_names_one() {
    let bsn = PatientSelector::Bsn(domain::ident::Bsn::parse("999911120").unwrap());
    let id = PatientSelector::Id(patient());
    for (url, selector) in [
        ("Consent?patient=Patient/[id]", id.clone()),
        ("Consent?patient=Patient/[id]&patient=[id]", id.clone()),
        ("Consent?patient.identifier=http://fhir.nl/fhir/NamingSystem/bsn|999911120", bsn.clone()),
        ("Consent?patient.identifier=urn:oid:2.16.840.1.113883.2.4.6.3|999911120", bsn.clone()),
        ("Consent?patient:identifier=http://fhir.nl/fhir/NamingSystem/bsn|999911120", bsn.clone()),
        ("Goal?subject:Patient.identifier=http://fhir.nl/fhir/NamingSystem/bsn%7C999911120", bsn.clone()),
        ("Goal?subject.identifier=999911120", bsn.clone()),
        ("Goal?patient._id=[id]", id.clone()),
        ("Patient?identifier=999911120", bsn.clone()),
        ("Patient?_id=[id]&identifier=999911120", id.clone()),
        ("PractitionerRole?_id=[id]-z1", id.clone()),
        ("Observation?encounter=Encounter/[id]-e1", id),
        ("Consent?patient=Patient/1", PatientSelector::Nobody),
        ("Consent?patient=https://elsewhere.example/Patient/[id]", PatientSelector::Nobody),
        ("Consent?patient=Group/[id]", PatientSelector::Nobody),
        ("Consent?patient=[id]&patient=00000000000000000000000001", PatientSelector::Nobody),
        ("Consent?patient.identifier=http://other|1", PatientSelector::Nobody),
        ("Consent?category=x", PatientSelector::Unnamed),
        ("Patient?birthdate=1961-01-01", PatientSelector::Unnamed),
        ("Patient?birthdate=1961&family=x", PatientSelector::Unnamed),
        ("Questionnaire?url=x", PatientSelector::Unnamed),
    ] {
        assert_eq!(ask(url).patient(), &selector, "{url}");
    }
    let named = ask("Patient?birthdate=1961-01-01&family=Van%20H%C3%A1rt");
    let PatientSelector::Named { birth_date, family } = named.patient() else { panic!() };
    assert_eq!((birth_date.as_str(), family.as_str()), ("1961-01-01", "Van Hárt"));
    assert!(ask("Consent?category=x").lacks_patient().is_some() && ask("Patient").lacks_patient().is_some());
    assert!(ask("Questionnaire").lacks_patient().is_none() && named.lacks_patient().is_none());
    assert_eq!(world().page(&ask("Consent?patient=Patient/1")).total, 0);
}

#[test]
fn includes_follow_what_is_asked_and_nothing_twice() {
    let world = world();
    for (url, included) in [
        ("Consent?patient=[id]&_include=Consent:actor:PractitionerRole", &["z1"][..]),
        ("Consent?_id=[id]-cpr&_include=Consent:actor&_include=Consent:patient", &["patient", "z1"]),
        ("Consent?_id=[id]-ad1&_include=*", &["patient", "p1"]),
        ("Consent?_id=[id]-ad1&_include=Consent:*", &["patient", "p1"]),
        ("Procedure?_id=[id]-c1&_include=Procedure:encounter&_include:iterate=Encounter:participant", &["e1", "z1"]),
        ("Procedure?_id=[id]-c1&_include=Procedure:encounter&_include=Encounter:participant", &["e1"]),
        ("Device?patient=[id]&_include=DeviceUseStatement:device", &[]),
        (
            "Encounter?patient=[id]&_include:iterate=Encounter:reason-reference&_include:iterate=Procedure:encounter",
            &["c2", "c1"],
        ),
    ] {
        assert_eq!(world.found(url).1, included, "{url}");
    }
    // A practitioner and the role have the same id: the type tells them apart.
    let bundle = world.bundle("PractitionerRole?_id=[id]-z1&_include=PractitionerRole:practitioner");
    assert_eq!(bundle["entry"][1]["fullUrl"], format!("{BASE}/Practitioner/{}", id("z1")));
    assert_eq!(bundle["entry"][1]["search"]["mode"], "include");
}

#[test]
fn a_reference_into_the_void_is_left_out() {
    let mut world = world();
    world.0.retain(|r| r["resourceType"] != "Encounter");
    assert_eq!(world.found("Procedure?patient=[id]&_include=Procedure:encounter").1, Vec::<String>::new());
    assert_eq!(world.found("Procedure?patient=[id]&encounter.status=finished").0, Vec::<String>::new());
}

#[test]
fn pages_follow_each_other_to_the_end() {
    let world = world();
    let first = world.bundle("Consent?patient=[id]&_count=1&_include=Consent:actor&_sort=-date&_format=xml");
    let (mut seen, mut bundle) = (Vec::new(), first);
    loop {
        assert_eq!(bundle["total"], 3);
        let matches: Vec<_> =
            bundle["entry"].as_array().unwrap().iter().filter(|e| e["search"]["mode"] == "match").collect();
        assert_eq!(matches.len(), 1);
        seen.push(matches[0]["resource"]["id"].as_str().unwrap().to_owned());
        // What the page's match refers to is on its page.
        assert!(bundle["entry"].as_array().unwrap().len() > 1);
        let Some(next) = link(&bundle, "next") else { break };
        assert!(next.ends_with("&_format=xml") && !next.contains("date") && !next.contains(patient().as_str()));
        bundle = world.bundle(next.strip_prefix(&format!("{BASE}/")).unwrap());
        assert!(link(&bundle, "self").unwrap().starts_with(&format!("{BASE}/Consent?_page=")));
    }
    assert_eq!(seen, [id("cpr"), id("icu"), id("ad1")]);
}

fn link(bundle: &Value, relation: &str) -> Option<String> {
    let links = bundle["link"].as_array().unwrap();
    links.iter().find(|l| l["relation"] == relation).map(|l| l["url"].as_str().unwrap().to_owned())
}

#[test]
fn the_self_link_says_what_was_used_and_nothing_of_a_person() {
    let world = world();
    let own = |url: &str| link(&world.bundle(url), "self").unwrap().strip_prefix(BASE).unwrap().to_owned();
    assert_eq!(
        own("Observation?patient=[id]&code=http://snomed.info/sct|1,2&nonsense=1&_count=20"),
        format!("/Observation?patient={}&code=http://snomed.info/sct%7C1,2&_count=20", patient())
    );
    assert_eq!(
        own("Patient?identifier=http://fhir.nl/fhir/NamingSystem/bsn|999911120"),
        "/Patient?identifier=http://fhir.nl/fhir/NamingSystem/bsn%7C"
    );
    assert_eq!(own("Patient?identifier=999911120"), "/Patient");
    assert_eq!(own("Patient?identifier=999911120|x"), "/Patient");
    assert_eq!(own("Patient?birthdate=1961-01-01&family=Hart&_count=1"), "/Patient?_count=1");
    assert_eq!(
        own("Goal?patient.identifier=http://fhir.nl/fhir/NamingSystem/bsn|999911120&category=a"),
        "/Goal?patient.identifier=http://fhir.nl/fhir/NamingSystem/bsn%7C&category=a"
    );
    assert_eq!(own("Consent?patient=[id]&actor.name=Y%C3%BCksel"), format!("/Consent?patient={}", patient()));
    for url in [
        "Consent?patient.identifier=999911120&_count=1",
        "Patient?identifier=http://fhir.nl/fhir/NamingSystem/bsn|999911120",
    ] {
        let links = world.bundle(url)["link"].to_string();
        assert!(!links.contains("999911120"), "{links}");
    }
}

#[test]
fn less_of_each_resource() {
    let world = world();
    let count = world.bundle("Consent?patient=[id]&_summary=count&_include=Consent:actor");
    assert_eq!((&count["total"], count.get("entry")), (&json!(3), None));
    assert_eq!(world.bundle("Consent?patient=[id]&_count=0")["total"], 3);
    assert!(world.bundle("Consent?patient=[id]&_count=0").get("entry").is_none());
    assert!(world.bundle("Consent?patient=[id]&_total=none").get("total").is_none());
    let summary = world.bundle("Consent?_id=[id]-cpr&_summary=true");
    assert!(
        summary["entry"][0]["resource"].get("policy").is_none()
            && summary["entry"][0]["resource"].get("provision").is_some()
    );
    let elements = world.bundle("Consent?_id=[id]-cpr&_elements=dateTime");
    assert!(
        elements["entry"][0]["resource"].get("provision").is_none()
            && elements["entry"][0]["resource"].get("dateTime").is_some()
    );
    assert_eq!(world.bundle("Consent?_id=[id]-cpr&_summary=false")["entry"][0]["resource"], world.0[8]);
}

#[test]
fn nothing_found_is_an_empty_bundle() {
    let bundle = world().bundle("Communication?patient=[id]");
    assert_eq!((&bundle["total"], &bundle["type"]), (&json!(0), &json!("searchset")));
    assert!(bundle.get("entry").is_none());
}

#[test]
fn a_history_has_its_own_bundle_and_pages() {
    let versions: Vec<Value> = (1..=3).rev().map(|n| form(1, "2020", &format!("202{n}-01-01T00:00:00.000Z"))).collect();
    let kind = ResourceType::QuestionnaireResponse;
    let asked = |query: &str| {
        History::parse(
            kind,
            &id("v1"),
            &params(query),
            &Options { version: crate::format::Version::R4, base: BASE, handling: Handling::Lenient, key: &key() },
        )
    };
    let whole = history(&asked("").unwrap(), versions.clone(), &key());
    assert_eq!(crate::format::check(&whole), []);
    let methods: Vec<_> =
        whole["entry"].as_array().unwrap().iter().map(|e| e["request"]["method"].as_str().unwrap()).collect();
    assert_eq!(methods, ["PUT", "PUT", "POST"]);
    assert_eq!(whole["entry"][0]["response"]["etag"], "W/\"2\"");
    assert_eq!(history(&asked("_since=2022-01-01T00:00:00Z").unwrap(), versions.clone(), &key())["total"], 2);
    let page = history(&asked("_count=2").unwrap(), versions.clone(), &key());
    let next = link(&page, "next").unwrap();
    let query = next.split_once('?').unwrap().1.to_owned();
    let rest = history(&asked(&query).unwrap(), versions, &key());
    assert_eq!((rest["entry"].as_array().unwrap().len(), link(&rest, "next")), (1, None));
    assert_eq!(rest["entry"][0]["request"]["method"], "POST");
    let other = History::parse(
        kind,
        &id("v2"),
        &params(&query),
        &Options { version: crate::format::Version::R4, base: BASE, handling: Handling::Lenient, key: &key() },
    );
    assert!(other.is_err(), "a token of another resource's history");
    assert!(asked("_count=-1").is_err() && asked("_since=x").is_err());
}
