//! The pages for who connects a system.

use super::checks::whole_and_labelled;
use super::pages::frame;
use crate::pages::connect::ConnectPage;
use crate::pages::connect::open::NotOpenedPage;
use crate::pages::connect::self_test::{Ran, SelfTestPage, fields};
use crate::pages::field::Problem;
use crate::pages::frame::{Frame, Place};
use crate::self_test::Tried;
use ::fhir::format::Version;
use askama::Template;
use domain::ident::{ClientId, OrganisationId};
use domain::purpose::Purpose;
use fhir::standard;
use serde_json::json;
use std::time::Duration;
use store::clients::Client;

fn client(id: &str) -> Client {
    Client {
        id: ClientId::parse(id).unwrap(),
        name: id.to_owned(),
        organisation: OrganisationId::from_bits(1),
        scope: "system/*.rs".to_owned(),
        purpose: Purpose::Treatment,
        secret_hash: None,
        keys: None,
        active: true,
    }
}

fn tried(version: Version, status: u16) -> Vec<Tried> {
    let of = |what, request: String, found| Tried {
        version,
        what,
        request,
        status,
        found,
        took: Duration::from_micros(1234),
    };
    let mut all = vec![
        of("Wat de server kan", "metadata".to_owned(), None),
        of("De patiënt, op BSN", "Patient/_search (POST, identifier in de inhoud)".to_owned(), Some(1)),
    ];
    all.extend(standard::of(version).iter().map(|a| of(a.what, a.query("ID"), Some(3))));
    all
}

fn test(outcome: Option<Ran>, some: bool, errors: Vec<Problem>) -> String {
    let clients = if some { vec![client("his-de-linde"), client("ketenplatform")] } else { Vec::new() };
    let page = SelfTestPage {
        frame: frame("Zelftest van een koppeling", Place::BelowAdmin),
        fields: fields(&clients, "", "999911120", &errors),
        errors,
        outcome,
        ehrs: if some {
            vec![("HIS van De Linde".to_owned(), "https://his.voorbeeld.test/fhir".to_owned())]
        } else {
            Vec::new()
        },
    };
    page.render().unwrap()
}

#[test]
fn the_pages_for_who_connects_are_whole() {
    let statement = |_| {
        json!({"rest": [{"resource": [
            {"type": "Consent", "interaction": [{"code": "read"}], "searchParam": [{"name": "patient"}], "searchInclude": ["Consent:actor"]},
        ]}]})
    };
    let open = Frame { title: "Koppelen".to_owned(), ..Frame::default() };
    let not = |patients, emergency| NotOpenedPage {
        frame: frame("Deze patiënt is niet te openen", Place::BelowPatients),
        emergency,
        patients,
    };
    let all = [tried(Version::R4, 200), tried(Version::Stu3, 403)].concat();
    for (name, html) in [
        ("koppelen", ConnectPage::new(open, "https://pzp.voorbeeld.test", statement, false).render().unwrap()),
        (
            "koppelen-beheer",
            ConnectPage::new(frame("Koppelen", Place::None), "https://pzp.voorbeeld.test", statement, true)
                .render()
                .unwrap(),
        ),
        ("zelftest", test(None, true, Vec::new())),
        ("zelftest-leeg", test(None, false, Vec::new())),
        ("zelftest-fout", test(None, true, vec![Problem::at("bsn", "Een BSN heeft negen cijfers.")])),
        ("zelftest-klaar", test(Some(Ran::of(&all)), true, Vec::new())),
        ("niet-te-openen", not(true, true).render().unwrap()),
        ("niet-te-openen-spoed", not(false, true).render().unwrap()),
    ] {
        whole_and_labelled(name, &html);
    }
    let ran = Ran::of(&all);
    assert_eq!(ran.sentence, "11 van de 22 vragen zijn beantwoord.");
    assert_eq!(
        (ran.rows[0].found.as_str(), ran.rows[2].found.as_str(), ran.rows[2].took.as_str()),
        ("–", "3", "1,2\u{a0}ms")
    );
}
