//! Files with all that can be wrong with them, made here: read to the end, each wrong row named with its line and reason, each
//! right one counted; and what was mended reads.

use super::*;
use domain::ident::ExtractId;
use domain::organisation::OrganisationKind;
use std::io::Cursor;
use store::Settings;
use tempfile::TempDir;

const HEAD: &str = "praktijk_agb;bsn;patientnummer;geboortedatum;geslacht;uzovi;icpc;episode_begin;episode_einde;\
                    episode_status;contact_datum;contact_soort;declaratiecode;bepaling_code;bepaling_waarde;bepaling_datum";
const GOOD: &str = "41900000;999911120;17;12-03-1941;v;7095;P70;2024-03-03;;actief;;;;;;";

struct House {
    store: Store,
    practice: Organisation,
    _folder: TempDir,
}

async fn house() -> House {
    let folder = TempDir::new().unwrap();
    let store = Store::open(&Settings::folder(folder.path())).await.unwrap();
    let id = OrganisationId::from_bits(1);
    let mut practice = Organisation::new(id.clone(), "De Linde", OrganisationKind::GpPractice);
    practice.agb = Agb::parse("41900000").ok();
    House { store, practice, _folder: folder }
}

impl House {
    /// Brings a file in.
    async fn bring_in(&self, file: &str, mapping: &str) -> Found {
        let by = program(self.practice.id.clone());
        let (now, id) = ("2026-11-30T09:00:00Z".parse().unwrap(), ExtractId::from_bits(store::random::bits()));
        let begun = self.store.begin_extract(&by, &id, &[7; 32], &About::default(), None, now).await.unwrap();
        let run = self.store.start_extract(&by, &begun, now).await.unwrap();
        assert!(self.store.start_extract(&by, &begun, now).await.unwrap().is_none(), "one begins, and no other");
        let work = Work { run, writes: true, keeps_bad: true, ..self.work(file.as_bytes(), mapping) };
        super::run(&work, Cursor::new(file.as_bytes().to_vec())).await.unwrap()
    }

    fn work(&self, file: &[u8], mapping: &str) -> Work {
        Work {
            store: self.store.clone(),
            by: program(self.practice.id.clone()),
            run: None,
            writes: false,
            keeps_bad: false,
            desk: Desk::of(&self.practice),
            layout: layout(mapping).unwrap(),
            about: About::default(),
            bytes: file.len() as u64,
            now: "2026-11-30T09:00:00Z".parse().unwrap(),
            clock: None,
            today: "2026-11-30".parse().unwrap(),
            tells: None,
        }
    }

    async fn read(&self, file: &[u8], mapping: &str) -> Found {
        let work = self.work(file, mapping);
        run(&work, Cursor::new(file.to_vec())).await.unwrap()
    }
}

/// A row that is wrong in one way, with what it must say.
fn faults() -> Vec<(Vec<u8>, &'static str)> {
    let row = |at: usize, cell: &str| {
        let mut cells: Vec<&str> = GOOD.split(';').collect();
        cells[at] = cell;
        cells.join(";").into_bytes()
    };
    let with = |pairs: &[(usize, &str)]| {
        let mut cells: Vec<&str> = GOOD.split(';').collect();
        for (at, cell) in pairs {
            cells[*at] = cell;
        }
        cells.join(";").into_bytes()
    };
    let long = "x".repeat(1_000_000);
    let mut cut = b"41900000;999911120;".to_vec();
    cut.extend_from_slice(b"\x00\x01;;;;P70;2024-03-03;;;;;;;;");
    vec![
        (row(0, "41900009"), "praktijk_agb: Deze AGB-code is niet van een praktijk hier."),
        (row(0, "419"), "acht cijfers"),
        (row(1, "999911121"), "bsn: Dit BSN klopt niet"),
        (row(1, "12"), "negen cijfers"),
        (with(&[(1, ""), (2, "")]), "Er staat geen BSN en geen patiëntnummer."),
        (row(3, "31-02-1941"), "geboortedatum: Dit is geen dag"),
        (row(3, "12-03-2041"), "geboortedatum: Deze dag moet nog komen."),
        (row(3, "01-01-1899"), "voor 1900"),
        (row(3, "01-01-1900"), "Zo oud"),
        (row(3, "veertien"), "geen dag"),
        (row(4, "q"), "geslacht"),
        (row(5, "VGZ"), "UZOVI"),
        (row(6, "P7"), "icpc: Dit is geen ICPC-code"),
        (row(6, "C70"), "icpc: Dit is geen ICPC-code"),
        (row(6, "=HYPERLINK(\"http://x\")"), "icpc: Dit is geen ICPC-code"),
        (row(6, &long), "Deze rij is veel te lang"),
        (row(6, &long[..9_000]), "Deze cel is veel te lang"),
        (row(7, "2027-01-01"), "episode_begin: Deze dag moet nog komen."),
        (row(7, "03/31/2024"), "episode_begin: Dit is geen dag"),
        (row(7, ""), "Er staat geen dag bij"),
        (row(8, "2023-01-01"), "Het einde ligt voor het begin."),
        (row(9, "half"), "episode_status"),
        (row(11, "duif"), "contact_soort"),
        (row(11, "consult"), "De dag van het contact ontbreekt."),
        (with(&[(10, "2026-01-02"), (12, "eenheid")]), "declaratiecode"),
        (row(12, "13034"), "De dag van de declaratie ontbreekt."),
        (with(&[(13, "2808"), (15, "")]), "De dag van de bepaling ontbreekt."),
        (row(14, "ja"), "zonder nummer"),
        (with(&[(13, "x"), (15, "2026-01-01")]), "bepaling_code"),
        (b"41900000;999911120".to_vec(), "minder cellen"),
        ([GOOD.as_bytes(), b";;;rest"].concat(), "meer cellen"),
        (b"\"41900000;999911120;;;;;P70;2024-03-03;;;;;;;;".to_vec(), "aanhalingsteken wordt niet gesloten"),
        (b"\"41900000\"x;999911120;;;;;P70;2024-03-03;;;;;;;;".to_vec(), "Achter een aanhalingsteken"),
        (cut, "onleesbare tekens"),
        (b"41900000;999911120;;;;;;;;;;;;;;".to_vec(), "niets over de patiënt"),
    ]
}

#[tokio::test]
async fn a_file_with_every_kind_of_fault_is_read_to_its_end() {
    let house = house().await;
    let faults = faults();
    assert!(faults.len() >= 30);
    let mut file = HEAD.as_bytes().to_vec();
    for (bad, _) in &faults {
        file.push(b'\n');
        file.extend_from_slice(bad);
        file.extend_from_slice(b"\r\n");
        file.extend_from_slice(GOOD.as_bytes());
    }
    let found = house.read(&file, "").await;
    let n = faults.len() as u64;
    assert_eq!((found.counts.rows, found.counts.wrong, found.counts.kept), (2 * n, n, n), "{:#?}", found.bad);
    assert!(found.about.whole && found.about.failed.is_none());
    for ((line, (_, says)), bad) in (2..).step_by(2).zip(&faults).zip(&found.bad) {
        assert_eq!(bad.line, line, "{bad:?}");
        assert!(bad.reasons.join(" ").contains(says), "row {line}: {says}: {:?}", bad.reasons);
    }
    // What was mended and sent again reads, with what the file of rows to mend has in front.
    let mended: Vec<BadRow> =
        found.bad.iter().map(|b| BadRow { cells: GOOD.split(';').map(str::to_owned).collect(), ..b.clone() }).collect();
    let again = house.read(&repair::file(&found.about.header, &mended), "").await;
    assert_eq!((again.counts.rows, again.counts.wrong), (n, 0), "{:#?}", again.bad);
}

#[tokio::test]
async fn a_file_that_is_none_says_why() {
    let house = house().await;
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain("bsn;icpc".bytes().flat_map(|b| [b, 0])).collect();
    for (file, says) in [
        (&b""[..], "leeg"),
        (b"\n\n", "leeg"),
        (&utf16, "UTF-16"),
        (b"naam;hond\nPiet;Bello\n", "'bsn' of 'patientnummer'"),
        (b"bsn;bsn;icpc;episode_begin\n", "twee keer"),
        (b"bsn;icpc\n", "hoort een kolom met de dag"),
        (b"%PDF-1.7\x00\x01\n", "geen CSV"),
    ] {
        let found = house.read(file, "").await;
        let why = found.about.failed.unwrap_or_default();
        assert!(why.contains(says) && !found.about.whole, "{says}: {why}");
    }
}

#[tokio::test]
async fn another_layout_reads_as_its_mapping_says() {
    let house = house().await;
    let mapping = "naam = \"Ander\"\nscheiding = \"|\"\ntekens = \"windows-1252\"\ndatums = [\"dd-mm-jjjj\"]\n\
                   [kolommen]\npatientnummer = \"Pati\u{eb}nt\"\nicpc = \"Code\"\nepisode_begin = \"Van\"\n\
                   episode_status = \"Loopt\"\n[waarden.episode_status]\nja = \"actief\"\nnee = \"afgesloten\"\n";
    let file = b"Pati\xEBnt|Code|Van|Loopt|Opmerking\nZ\xF8|P70|3-3-2024|ja|x\nB|P70|2024-03-03|nee|x\n";
    let found = house.read(file, mapping).await;
    assert_eq!((found.counts.rows, found.counts.wrong, found.counts.kept), (2, 1, 1), "{found:?}");
    assert_eq!(found.about.passed_over, ["Opmerking"]);
    assert!(found.bad[0].reasons[0].contains("geen dag zoals de indeling"));
}

#[tokio::test]
async fn what_no_rule_asks_for_is_not_kept() {
    let house = house().await;
    let rows = ["X76;2024-03-03;1960", "P70;2024-03-03;1960", ";;1930", ";;1960"];
    let body: Vec<String> = rows.iter().enumerate().map(|(i, r)| format!("{i};{r}")).collect();
    let body = body.join("\n");
    let file = format!("patientnummer;icpc;episode_begin;geboortejaar\n{body}");
    let found = house.read(file.as_bytes(), "").await;
    let c = found.counts;
    assert_eq!((c.rows, c.wrong, c.kept, c.patients, c.own), (4, 0, 2, 2, 0), "a code that is asked for, and an age");
}

#[tokio::test]
async fn the_same_file_is_known_again_until_the_rules_ask_for_more() {
    let house = house().await;
    let desk = Desk::of(&house.practice);
    let content = digest(Cursor::new(b"x")).unwrap();
    let first = digest_for(&house.store, &desk, &content, "").await.unwrap();
    assert_eq!(first, digest_for(&house.store, &desk, &content, " ").await.unwrap());
    let other = digest_for(&house.store, &desk, &content, "naam = \"x\"").await.unwrap();
    assert_ne!(first, other, "read in another way");
    let mut sets = house.store.rule_sets(&house.practice.id).await.unwrap();
    let more = store::candidates::Chosen { used: true, ..sets.remove(1) };
    let by = program(house.practice.id.clone());
    assert!(house.store.write_rule_set(&by, &more, "2026-11-30T09:00:00Z".parse().unwrap()).await.unwrap());
    assert_ne!(first, digest_for(&house.store, &desk, &content, "").await.unwrap());
}

#[tokio::test]
async fn rows_that_name_one_patient_differently_are_of_one_patient() {
    let house = house().await;
    let file = "bsn;patientnummer;geboortejaar;icpc;episode_begin\n\
                999911120;17;1941;P70;2024-03-03\n\
                999911120;;;N87;2024-03-04\n\
                999911120;17;;A20;2024-05-05\n\
                ;17;1941;N86;2025-05-05\n\
                ;18;1941;P7;2025-05-05\n";
    let found = house.bring_in(file, "koppel_patientnummer = true").await;
    let c = found.counts;
    assert_eq!((c.rows, c.wrong, c.kept, c.patients, c.new, c.known), (5, 1, 4, 1, 4, 0), "{found:?}");
    assert!(found.bad.is_empty(), "rows to mend stand by the file");
    let by = program(house.practice.id.clone());
    let list = house.store.candidates(&by, None, 9, "2026-11-30T09:00:00Z".parse().unwrap()).await.unwrap();
    let codes: Vec<_> = list.iter().flat_map(|c| c.standing.iter().flat_map(|s| &s.causes)).map(|c| &c.words).collect();
    assert_eq!((list.len(), codes.len()), (1, 4), "{codes:?}");
}

#[tokio::test]
async fn each_practice_keeps_what_its_own_rules_ask_for() {
    let house = house().await;
    let other = OrganisationId::from_bits(2);
    let mut sets = house.store.rule_sets(&other).await.unwrap();
    let off = store::candidates::Chosen { used: false, ..sets.remove(0) };
    let now = "2026-11-30T09:00:00Z".parse().unwrap();
    assert!(house.store.write_rule_set(&program(other.clone()), &off, now).await.unwrap());
    let file = b"praktijk_agb;patientnummer;icpc;episode_begin\n\
                 41900000;1;P70;2024-03-03\n41900001;2;P70;2024-03-03\n";
    let mut work = house.work(file, "");
    work.desk.practices.insert("41900001".to_owned(), other);
    let found = run(&work, Cursor::new(file.to_vec())).await.unwrap();
    assert_eq!((found.counts.rows, found.counts.kept, found.practices.len()), (2, 1, 2), "{found:?}");
}
