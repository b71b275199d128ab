//! The searches of the standard over the guide's own example resources, where they are present.

use super::*;
use crate::r4::standard_files;

fn examples() -> Option<World> {
    let texts = standard_files::texts("examples", "the searches over the guide's own resources")?;
    let mut resources: Vec<Value> = texts
        .iter()
        .map(|text| serde_json::from_str(&text.replace("ACP-Patient-HendrikHartman-Pat1", patient().as_str())).unwrap())
        .collect();
    resources.sort_by(|a, b| a["id"].as_str().cmp(&b["id"].as_str()));
    Some(World(resources))
}

#[test]
fn each_search_finds_the_guides_own_resources() {
    let Some(world) = examples() else { return };
    let sct = "http://snomed.info/sct";
    for (url, matches, included) in [
        (format!("Procedure?patient=Patient/[id]&code={sct}|713603004&_include=Procedure:encounter"), 1, &["ACP-Encounter-Pat1"][..]),
        (
            format!("Consent?patient=Patient/[id]&scope=http://terminology.hl7.org/CodeSystem/consentscope|treatment&category={sct}|129125009&_include=Consent:actor"),
            8,
            &["patient", "ACP-HealthProfessional-PractitionerRole-DrVanHuissen-Pat1", "ACP-ContactPerson-MichielHartman-Pat1"],
        ),
        (
            "Consent?patient=Patient/[id]&scope=http://terminology.hl7.org/CodeSystem/consentscope|adr&category=http://terminology.hl7.org/CodeSystem/consentcategorycodes|acd&_include=Consent:actor".into(),
            1,
            &["ACP-ContactPerson-MichielHartman-Pat1"],
        ),
        (format!("Goal?patient=Patient/[id]&category={sct}|713603004"), 1, &[]),
        (
            format!("Observation?patient=Patient/[id]&code={sct}|665671000146101,153851000146100,395091006,340171000146104,247751003,570801000146104"),
            6,
            &[],
        ),
        (
            format!("DeviceUseStatement?patient=Patient/[id]&device.type={sct}|72506001,465460004,468542000,704707009,1263462004,1236894001&_include=DeviceUseStatement:device"),
            1,
            &["ACP-MedicalDeviceProduct-ICD-Pat1"],
        ),
        (
            "DeviceUseStatement?patient=Patient/[id]&device.type:in=https://api.iknl.nl/docs/pzp/r4/ValueSet/ACP-MedicalDeviceProductType-ICD&_include=DeviceUseStatement:device".into(),
            1,
            &["ACP-MedicalDeviceProduct-ICD-Pat1"],
        ),
        (format!("CommunicationRequest?patient=Patient/[id]&category={sct}|223449006"), 1, &[]),
        (
            format!("Encounter?patient=Patient/[id]&reason-reference:Procedure.code={sct}|713603004&_include=Encounter:reason-reference"),
            1,
            &["ACP-Procedure-Pat1"],
        ),
        (format!("Goal?patient=Patient/[id]&description={sct}|385987000,1351964001,713148004"), 1, &[]),
        (format!("Communication?patient=Patient/[id]&reason-code={sct}|713603004"), 0, &[]),
        (
            "QuestionnaireResponse?subject=Patient/[id]&questionnaire=https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020".into(),
            2,
            &[],
        ),
    ] {
        let (found, beside) = world.found(&url);
        assert_eq!(found.len(), matches, "{url}");
        let (mut beside, mut included) = (beside, included.to_vec());
        beside.sort_unstable();
        included.sort_unstable();
        assert_eq!(beside, included, "{url}");
        assert!(ask_with(&url, Handling::Strict).is_ok(), "{url}");
        world.bundle(&url);
    }
}
