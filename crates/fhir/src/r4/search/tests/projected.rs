//! The searches of the standard over what the projection really gives.

use super::*;
use crate::r4::form::testing;
use crate::r4::id::split_id;
use crate::r4::{View, project, standard_files};
use domain::plan::{CurrentPlan, PlanVersion};

/// How many match and how many come along, per search of SPEC 4.1.
fn found(version: &PlanVersion) -> Vec<(usize, usize)> {
    let (id, person) = (patient(), testing::patient());
    let plan = CurrentPlan::from(version);
    let view = View {
        id: &id,
        patient: &person,
        revision: 1,
        changed_at: version.recorded_at,
        plan: Some(&plan),
        files: &|_| None,
    };
    let resolve = |reference: &str| {
        let (kind, id) = reference.split_once('/')?;
        project::resource(&view, kind.parse().ok()?, split_id(id)?.1)
    };
    let page = |url: &str| {
        let query = ask_with(url, Handling::Strict).unwrap();
        assert_eq!(query.patient(), &PatientSelector::Id(patient()));
        let page = query.select(&|kind| project::resources(&view, kind), &resolve);
        let included = page.entries.iter().filter(|entry| entry.mode == Mode::Include).count();
        let found = (page.total, included);
        let bundle = searchset(&query, page, &key());
        assert_eq!(crate::format::check(&bundle), [], "{url}");
        found
    };
    [
        "Procedure?patient=Patient/[id]&code=http://snomed.info/sct|713603004&_include=Procedure:encounter",
        "Encounter?patient=Patient/[id]&reason-reference:Procedure.code=http://snomed.info/sct|713603004&_include=Encounter:reason-reference",
        "Consent?patient=Patient/[id]&scope=http://terminology.hl7.org/CodeSystem/consentscope|treatment&category=http://snomed.info/sct|129125009&_include=Consent:actor",
        "Consent?patient=Patient/[id]&scope=http://terminology.hl7.org/CodeSystem/consentscope|adr&category=http://terminology.hl7.org/CodeSystem/consentcategorycodes|acd&_include=Consent:actor",
        "Goal?patient=Patient/[id]&category=http://snomed.info/sct|713603004",
        "Observation?patient=Patient/[id]&code=http://snomed.info/sct|665671000146101,153851000146100,395091006,340171000146104,247751003,570801000146104",
        "DeviceUseStatement?patient=Patient/[id]&device.type=http://snomed.info/sct|72506001,465460004,468542000,704707009,1263462004,1236894001&_include=DeviceUseStatement:device",
        "CommunicationRequest?patient=Patient/[id]&category=http://snomed.info/sct|223449006",
        &format!("PractitionerRole?_id=[id]-z{}&_include=PractitionerRole:practitioner", version.content.professionals[0].key.0),
    ]
    .map(page)
    .to_vec()
}

#[test]
fn a_small_plan_answers_each_search() {
    // One limit, agreed in one conversation: nothing else was said. Who agreed to it comes along.
    let found = found(&testing::version());
    assert_eq!([found[0], found[1]], [(1, 1), (1, 1)]);
    assert_eq!((found[2].0, &found[3..8], found[8]), (1, &[(0, 0); 5][..], (1, 1)));
}

#[test]
fn the_guides_own_form_answers_each_search() {
    let what = "searching a plan made of the guide's form";
    let Some(text) = standard_files::text("examples/QuestionnaireResponse-HendrikHartman-20201001.json", what) else {
        return;
    };
    let found = found(&testing::version_of(&serde_json::from_str(&text).unwrap()));
    let matches: Vec<usize> = found.iter().map(|(matches, _)| *matches).collect();
    // Nothing was recorded earlier: 1197 is answered with no (decision 33).
    assert_eq!(matches, [1, 1, 8, 0, 1, 6, 1, 1, 1]);
}
