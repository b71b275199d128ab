use super::*;
use crate::people::new_organisation;
use domain::organisation::OrganisationKind;
use store::Settings;

struct Here {
    store: Store,
    house: Organisation,
    _folder: tempfile::TempDir,
}

async fn here() -> Here {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Settings::folder(folder.path())).await.unwrap();
    let house = Organisation {
        agb: Some(Agb::parse("41001234").unwrap()),
        ..new_organisation("Thuiszorg Zuid", OrganisationKind::HomeCare)
    };
    store.add_organisation(&crate::program(house.id.clone()), &house, at("2026-01-01T00:00:00Z")).await.unwrap();
    Here { store, house, _folder: folder }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl Here {
    async fn look(&self, text: &str, now: &str) -> Report {
        let desk = Desk { organisations: std::slice::from_ref(&self.house), own: Some(&self.house), me: None };
        plan(&self.store, desk, text, at(now)).await.unwrap()
    }

    async fn bring(&self, text: &str, now: &str) -> Report {
        let report = self.look(text, now).await;
        assert_eq!(report.wrong, []);
        let by = crate::program(self.house.id.clone());
        self.store.import_people(&by, &report.brought, at(now)).await.unwrap();
        report
    }
}

const HEAD: &str = "gebruikersnaam;voornaam;tussenvoegsel;achternaam;rol;agb;vanaf;tot en met\n";

#[tokio::test]
async fn a_list_comes_in_once_and_changes_nothing_the_second_time() {
    let here = here().await;
    let list =
        format!("{HEAD}mia;Mia;de;Groot;carer;;;\nsem;Sem;;Özil;wijkverpleegkundige;01234567;01-03-2026;31-12-2099\n");
    let report = here.bring(&list, "2026-06-01T10:00:00Z").await;
    assert_eq!((report.rows, report.changes.len(), report.same), (2, 2, 0));
    assert_eq!(report.changes[1], (3, "Sem Özil komt erbij; wijkverpleegkundige tot 1 januari 2100".to_owned()));
    let again = here.look(&list, "2026-07-01T10:00:00Z").await;
    assert_eq!((again.changes.len(), again.same, again.brought.len()), (0, 2, 0), "{:?}", again.changes);
    // A new name, an end, and one role more: each a change, and nothing else.
    let list = format!("{HEAD}MIA;Mia;;Groot;carer;;;\n");
    assert!(here.look(&list, "2026-07-01T10:00:00Z").await.wrong[0].1.contains("kleine letters"));
    let list = format!(
        "{HEAD}mia;Mia;;Groot-Smit;carer;;;30-06-2026\nsem;Sem;;Özil;district-nurse;;01-03-2026;31-12-2099\nsem;Sem;;Özil;carer;;;\n"
    );
    let report = here.bring(&list, "2026-07-01T10:00:00Z").await;
    assert_eq!(
        report.changes,
        [(2, "Mia Groot-Smit: gegevens veranderen; verzorgende eindigt".to_owned()), (4, "verzorgende".to_owned())]
    );
    assert_eq!(report.same, 1, "an empty cell leaves the number that is known");
    let now = here.store.people_of(&here.house.id, at("2026-07-01T10:00:01Z")).await.unwrap();
    assert_eq!(
        now.iter().map(|(p, r)| (p.username.as_str(), *r)).collect::<Vec<_>>(),
        [("sem", Role::Carer), ("sem", Role::DistrictNurse)]
    );
    assert_eq!(here.look(&list, "2026-07-02T10:00:00Z").await.changes, []);
}

#[tokio::test]
async fn a_row_that_cannot_be_is_named_with_its_reason() {
    let here = here().await;
    here.bring(&format!("{HEAD}mia;Mia;de;Groot;carer;;;\n"), "2026-06-01T10:00:00Z").await;
    let list = format!(
        "{HEAD}goed;Jan;;Jansen;carer;;;\nNiet Goed;;;;kapitein;12;gisteren;\n\nmia;Piet;;Pietersen;carer;;;\n\
         laat;Jan;;Laat;carer;;01-02-2027;01-01-2027\noud;Jan;;Oud;carer;;;01-01-2020\ntwee;A;;Een;carer;;;\ntwee;B;;Twee;carer;;;\n"
    );
    let report = here.look(&list, "2026-06-02T10:00:00Z").await;
    let told: Vec<(u64, &str)> = report.wrong.iter().map(|(n, t)| (*n, t.as_str())).collect();
    assert_eq!(told.iter().map(|t| t.0).collect::<Vec<_>>(), [3, 6, 7, 9]);
    for message in ["kleine letters", "achternaam ontbreekt", "'kapitein'", "acht cijfers", "vanaf: Dit is geen datum"]
    {
        assert!(told[0].1.contains(message), "{message}: {}", told[0].1);
    }
    assert!(told[1].1.contains("voor het begin") && told[2].1.contains("verleden") && told[3].1.contains("Rij 8"));
    // Somebody who works here may come to be called otherwise, by a first row about them.
    assert!(report.changes.iter().any(|(n, t)| *n == 5 && t.contains("Piet Pietersen: gegevens veranderen")));
}

#[tokio::test]
async fn nobody_takes_somebody_of_elsewhere_by_their_user_name() {
    let here = here().await;
    here.bring(&format!("{HEAD}mia;Mia;de;Groot;carer;;;\n"), "2026-06-01T10:00:00Z").await;
    let other = new_organisation("Elders", OrganisationKind::HomeCare);
    let desk = Desk { organisations: std::slice::from_ref(&other), own: Some(&other), me: None };
    let now = at("2026-06-02T10:00:00Z");
    let stolen = plan(&here.store, desk, &format!("{HEAD}mia;Mia;;Anders;carer;;;\n"), now).await.unwrap();
    assert!(stolen.wrong[0].1.contains("andere achternaam"));
    let shared = plan(&here.store, desk, &format!("{HEAD}mia;Maria;;Groot;carer;;;\n"), now).await.unwrap();
    assert_eq!(shared.changes, [(2, "verzorgende".to_owned())], "a role, and nothing of who she is");
    let elsewhere = "gebruikersnaam;achternaam;rol;organisatie\nmia;Groot;carer;Thuiszorg Zuid\n";
    let refused = plan(&here.store, desk, elsewhere, now).await.unwrap();
    assert!(refused.wrong[0].1.contains("niet, of u beheert haar niet"));
    let me = here.store.person_named("mia").await.unwrap().unwrap().id;
    let desk = Desk { organisations: std::slice::from_ref(&here.house), own: Some(&here.house), me: Some(&me) };
    let own = plan(&here.store, desk, &format!("{HEAD}mia;Mia;de;Groot;gp;;;\n"), now).await.unwrap();
    assert!(own.wrong[0].1.contains("eigen rollen"));
}

#[tokio::test]
async fn a_list_without_its_columns_says_which() {
    let here = here().await;
    let report = here.look("naam;functie\nMia;arts\n", "2026-06-01T10:00:00Z").await;
    assert!(report.wrong[0].1.contains("gebruikersnaam, achternaam, rol"), "{:?}", report.wrong);
    let report = here.look("gebruikersnaam,achternaam,rol,salaris\nmia,Groot,carer,9\n", "2026-06-01T10:00:00Z").await;
    assert!(report.wrong[0].1.contains("'salaris'") && report.changes.len() == 1, "commas do as well");
    assert_eq!(here.look("", "2026-06-01T10:00:00Z").await.wrong.len(), 1);
}

#[test]
fn both_ways_of_writing_letters_are_read() {
    assert_eq!(decode("Özil;é".as_bytes()), "Özil;é");
    assert_eq!(decode(&[0xEF, 0xBB, 0xBF, b'a']), "a");
    assert_eq!(decode(&[0xD6, b'z', b'i', b'l', b';', 0xE9]), "Özil;é");
}

#[test]
fn a_list_is_text_that_names_a_column() {
    for list in ["gebruikersnaam;achternaam;rol\n", "\u{feff}Gebruikersnaam\tRol\nx\ty\n", "\"AGB\",\"UZI\"\r\n"] {
        assert!(is_list(list.as_bytes()), "{list:?}");
    }
    for other in [&b"MZ\x90\x00"[..], b"%PDF-1.7\n", b"<html>", b"gebruikersnaam;rol\n\0", b"", b"naam;functie\n"] {
        assert!(!is_list(other), "{other:?}");
    }
}
