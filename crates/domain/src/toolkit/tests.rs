use super::given::{GaveGiven, OwnGiven, Part, gave, is_address, own};
use super::*;
use crate::path::What;
use crate::talk::Talk;
use std::collections::BTreeSet;

fn parts(flaws: &[given::Flaw]) -> Vec<Part> {
    flaws.iter().map(|f| f.part).collect()
}

#[test]
fn the_library_is_facts_each_once() {
    let keys: BTreeSet<_> = LIBRARY.iter().map(|l| l.key).collect();
    assert_eq!(keys.len(), LIBRARY.len());
    for listed in LIBRARY {
        assert!(!listed.title.is_empty() && !listed.publisher.is_empty(), "{}", listed.key);
        assert!(!listed.audience.is_empty() && !listed.languages.is_empty(), "{}", listed.key);
        assert!(listed.address.is_none_or(is_address), "{}", listed.key);
        assert!(listed.key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", listed.key);
        assert!(MaterialId::parse(listed.key).is_err(), "no key can be taken for an id");
    }
    for source in Source::ALL {
        assert!(LIBRARY.iter().any(|l| l.source == *source), "{source:?} names something");
    }
    let turkish = Wanted { language: Some(Language::Turkish), ..Wanted::default() };
    let all: Vec<Material> = LIBRARY.iter().map(Material::listed).collect();
    assert_eq!(all.iter().filter(|m| turkish.fits(m)).count(), 1);
    let rotterdam = Wanted { region: Some("Rotterdam".into()), audience: Some(Audience::Patient), ..Wanted::default() };
    let fits: Vec<_> = all.iter().filter(|m| rotterdam.fits(m)).map(|m| m.key.as_str()).collect();
    assert!(fits.contains(&"levensvragen-rotterdam") && fits.contains(&"thuisarts-levenseinde"));
    assert!(!fits.contains(&"notitieboekje") && !fits.contains(&"netwerk-rotterdam"));
}

#[test]
fn own_material_has_a_name_and_one_place() {
    let organisation = OrganisationId::from_bits(1);
    let wrong = |given: &OwnGiven| parts(&own(given, &organisation).unwrap_err());
    assert_eq!(wrong(&OwnGiven::default()), [Part::Title, Part::Address, Part::Audience, Part::Topic, Part::Language]);
    let good = OwnGiven {
        title: "Reanimatiebeleid".into(),
        address: "https://intranet.example/beleid?x=1#a".into(),
        audience: vec!["professional".into()],
        topic: "organise".into(),
        languages: vec!["nl".into()],
        ..OwnGiven::default()
    };
    assert!(own(&good, &organisation).is_ok());
    assert_eq!(wrong(&OwnGiven { file: Some("application/pdf".into()), ..good.clone() }), [Part::Address]);
    assert_eq!(wrong(&OwnGiven { title: "a".repeat(201), ..good.clone() }), [Part::Title]);
    for bad in [
        "javascript:alert(1)",
        "http://localhost/x",
        "https://a b.nl",
        "file:///etc/passwd",
        "www.x.nl",
        "https://u:p@x.nl",
        "https://x.nl/\"onload",
    ] {
        assert!(!is_address(bad), "{bad}");
        assert_eq!(wrong(&OwnGiven { address: bad.into(), ..good.clone() }), [Part::Address]);
    }
    assert!(
        is_address(&format!("https://a.nl/{}", "x".repeat(487)))
            && !is_address(&format!("https://a.nl/{}", "x".repeat(488)))
    );
}

#[test]
fn what_was_given_is_told_as_it_was_then() {
    let cards = Material::listed(LIBRARY.iter().find(|l| l.key == "pharos-kaarten").unwrap());
    let wrong = gave(&GaveGiven { words: "a".repeat(2001), ..GaveGiven::default() }, &cards).unwrap_err();
    assert_eq!(parts(&wrong), [Part::To, Part::How, Part::Language, Part::Words]);
    let given = GaveGiven { to: "both".into(), how: "explained".into(), language: "tr".into(), words: " ".into() };
    let What::Talk(Talk::Given(step)) = gave(&given, &cards).unwrap() else { panic!("a step") };
    let said = "Informatiekaarten over palliatieve zorg (Pharos), in het Turks: meegegeven aan de patiënt en een naaste en uitgelegd";
    assert_eq!((step.sentence().as_str(), step.words), (said, None));
    let film = Material::listed(LIBRARY.iter().find(|l| l.key == "weet-wat-u-wilt-film").unwrap());
    let told = GaveGiven { to: "relative".into(), how: "told".into(), ..GaveGiven::default() };
    let What::Talk(Talk::Given(step)) = gave(&told, &film).unwrap() else { panic!("a step") };
    assert!(step.sentence().ends_with("(film op YouTube): aan een naaste verteld waar het staat"));
    assert!(film.is_to_give() && !Material::listed(LIBRARY.iter().find(|l| l.key == "spict").unwrap()).is_to_give());
}
