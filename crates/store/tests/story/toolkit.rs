//! An organisation's own material, and what is known of addresses.

use crate::world::{Place, at, gp, organisation};
use domain::ident::MaterialId;
use domain::toolkit::{Audience, Language, Own, Place as Where, Topic};
use store::toolkit::Asked;

fn own(n: u128, place: Where) -> Own {
    Own {
        organisation: organisation(n),
        title: "Reanimatiebeleid".into(),
        publisher: None,
        place,
        audience: vec![Audience::Professional],
        topic: Topic::Organise,
        languages: vec![Language::Dutch],
        region: None,
        ended_on: None,
    }
}

fn asked(address: &str, failed: Option<&str>) -> Asked {
    Asked { address: address.into(), failed: failed.map(Into::into) }
}

pub async fn story(place: Place) {
    let store = place.open().await;
    let (file, link) = (MaterialId::from_bits(1), MaterialId::from_bits(2));
    let pdf = own(1, Where::File("application/pdf".into()));
    assert!(store.write_material(&gp(1), &file, &pdf, Some(b"%PDF"), 0, at(0)).await.unwrap());
    let page = own(1, Where::Address("https://a.example/x".into()));
    assert!(store.write_material(&gp(1), &link, &page, None, 0, at(1)).await.unwrap());
    let all = store.materials_of(&organisation(1)).await.unwrap();
    assert_eq!(all.iter().map(|k| (&k.id, k.revision)).collect::<Vec<_>>(), [(&file, 1), (&link, 1)]);
    assert!(store.materials_of(&organisation(2)).await.unwrap().is_empty());
    assert_eq!(store.material_file(&file).await.unwrap(), Some(("application/pdf".into(), b"%PDF".to_vec())));
    assert_eq!(store.material_file(&link).await.unwrap(), None);
    assert_eq!(store.material_addresses().await.unwrap(), ["https://a.example/x"]);
    // Changed once per revision, by its own organisation; a file stays where none comes.
    let renamed = Own { title: "Beleid".into(), ..pdf.clone() };
    assert!(store.write_material(&gp(1), &file, &renamed, None, 1, at(2)).await.unwrap());
    assert!(!store.write_material(&gp(1), &file, &pdf, None, 1, at(2)).await.unwrap(), "somebody was first");
    let stolen = Own { organisation: organisation(2), ..pdf };
    assert!(!store.write_material(&gp(2), &file, &stolen, None, 2, at(2)).await.unwrap(), "it is another's");
    assert_eq!(store.material_file(&file).await.unwrap().unwrap().1, b"%PDF");
    // What is used no more is offered no more, and can still be read by who was given it.
    let ended = Own { ended_on: Some("2026-11-23".parse().unwrap()), ..renamed };
    assert!(store.write_material(&gp(1), &file, &ended, None, 2, at(3)).await.unwrap());
    assert_eq!(store.materials_of(&organisation(1)).await.unwrap().len(), 1);
    assert!(store.material_file(&file).await.unwrap().is_some());
    // Since when an address does not answer stays, and when it last did.
    store.note_links(&[asked("https://a.example/x", None), asked("https://b.example", None)], at(10)).await.unwrap();
    for minute in [20, 30] {
        store.note_links(&[asked("https://a.example/x", Some("weg"))], at(minute)).await.unwrap();
    }
    let links = store.links().await.unwrap();
    assert_eq!(links.len(), 1, "what is in no toolkit any more is forgotten");
    let known = &links["https://a.example/x"];
    assert_eq!((known.checked_at, known.answered_at, known.failing_since), (at(30), Some(at(10)), Some(at(20))));
    store.note_links(&[asked("https://a.example/x", None)], at(40)).await.unwrap();
    let known = &store.links().await.unwrap()["https://a.example/x"];
    assert_eq!((known.answered_at, known.failing_since, known.why.as_deref()), (Some(at(40)), None, None));
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}
