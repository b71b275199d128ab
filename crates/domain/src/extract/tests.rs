use super::*;
use std::collections::BTreeMap;

struct Typed(BTreeMap<Column, String>);

impl Cells for Typed {
    fn cell(&self, column: Column) -> &str {
        self.0.get(&column).map_or("", String::as_str)
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

const TODAY: Date = Date::constant(2026, 11, 30);

fn of(pairs: &[(Column, &str)]) -> Result<Row, Vec<Flaw>> {
    let mut all = BTreeMap::from([(Column::Bsn, "999911120".to_owned())]);
    all.extend(pairs.iter().map(|(c, v)| (*c, (*v).to_owned())));
    read(&Typed(all), &Layout::default(), TODAY, 7)
}

fn layout(text: &[(&str, &str)]) -> LayoutFile {
    let kolommen = text.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    LayoutFile { naam: "HIS".into(), kolommen, ..LayoutFile::default() }
}

#[test]
fn one_row_may_say_several_things() {
    let row = of(&[
        (Column::BirthDate, "12-03-1941"),
        (Column::Icpc, "a20"),
        (Column::EpisodeBegin, "2026-01-05"),
        (Column::ContactDate, "2026-02-03"),
        (Column::ContactKind, "Visite"),
        (Column::Claim, "12003"),
        (Column::Finding, "2808"),
        (Column::FindingValue, "ja"),
        (Column::FindingDate, "2026-02-03"),
        (Column::Insurer, "101"),
    ])
    .unwrap();
    let keys: Vec<_> = row.facts.iter().map(|f| (f.kind, f.code.as_str(), f.on, f.line)).collect();
    let (begin, contact) = (day("2026-01-05"), day("2026-02-03"));
    assert_eq!(
        keys,
        [
            (FactKind::Episode, "A20", begin, 7),
            (FactKind::Contact, "A20", contact, 7),
            (FactKind::Claim, "12003", contact, 7),
            (FactKind::Finding, "2808", contact, 7),
        ]
    );
    assert_eq!(row.who.born, Some(Born::Day(day("1941-03-12"))));
    assert_eq!(row.insurer.as_ref().map(Uzovi::as_str), Some("0101"));
    assert!(row.facts[0].is_active(TODAY) && a20_since(&row.facts) == Some(begin));
}

type Cell<'a> = (Column, &'a str);

#[test]
fn everything_that_is_wrong_is_told_at_its_column() {
    let cases: &[(&[Cell<'_>], Column, &str)] = &[
        (&[(Column::Bsn, "123")], Column::Bsn, "negen cijfers"),
        (&[(Column::Icpc, "Z999"), (Column::ContactDate, "2026-01-01")], Column::Icpc, "geen ICPC"),
        (&[(Column::Icpc, "A20"), (Column::EpisodeBegin, "31-02-2026")], Column::EpisodeBegin, "geen dag"),
        (&[(Column::Icpc, "A20"), (Column::EpisodeBegin, "2027-01-01")], Column::EpisodeBegin, "moet nog komen"),
        (&[(Column::Icpc, "A20"), (Column::EpisodeBegin, "1776-07-04")], Column::EpisodeBegin, "voor 1900"),
        (&[(Column::Icpc, "A20")], Column::Icpc, "geen dag bij"),
        (
            &[(Column::Icpc, "A20"), (Column::EpisodeBegin, "2026-02-01"), (Column::EpisodeEnd, "2026-01-01")],
            Column::EpisodeEnd,
            "voor het begin",
        ),
        (
            &[(Column::Icpc, "A20"), (Column::EpisodeBegin, "2026-02-01"), (Column::EpisodeState, "zoek")],
            Column::EpisodeState,
            "actief of afgesloten",
        ),
        (&[(Column::Claim, "13034")], Column::ContactDate, "dag van de declaratie"),
        (&[(Column::Claim, "1x"), (Column::ContactDate, "2026-01-01")], Column::Claim, "vier tot zes"),
        (&[(Column::Finding, "2808")], Column::FindingDate, "ontbreekt"),
        (&[(Column::FindingValue, "ja")], Column::Finding, "zonder nummer"),
        (&[(Column::ContactKind, "duif"), (Column::ContactDate, "2026-01-01")], Column::ContactKind, "niet bekend"),
        (&[(Column::BirthDate, "1880-01-01")], Column::BirthDate, "voor 1900"),
        (&[(Column::BirthYear, "1900")], Column::BirthYear, "Zo oud"),
        (&[(Column::BirthYear, "41")], Column::BirthYear, "geen jaar"),
        (&[(Column::BirthDate, "1941-01-01"), (Column::BirthYear, "1942")], Column::BirthYear, "ander jaar"),
        (&[(Column::Insurer, "abc")], Column::Insurer, "UZOVI"),
        (&[(Column::Practice, "1")], Column::Practice, "acht cijfers"),
        (&[(Column::Sex, "x"), (Column::BirthYear, "1941")], Column::Sex, "m, v of o"),
    ];
    for (cells, column, says) in cases {
        let flaws = of(cells).unwrap_err();
        let told = flaws.iter().any(|f| f.column == Some(*column) && f.sentence.contains(says));
        assert!(told, "{cells:?}: {flaws:?}");
        assert!(flaws.iter().all(|f| !f.words().contains("999911120")), "a flaw quotes nothing");
    }
    let long = "x".repeat(1_000_000);
    assert!(of(&[(Column::Icpc, &long)]).unwrap_err()[0].sentence.contains("te lang"));
    assert!(of(&[]).unwrap_err()[0].sentence.contains("niets"));
    let nobody = Typed(BTreeMap::from([(Column::BirthYear, "1941".to_owned())]));
    assert!(read(&nobody, &Layout::default(), TODAY, 1).unwrap_err()[0].sentence.contains("geen BSN"));
}

#[test]
fn a_layout_names_the_columns_of_another_system() {
    let mut file = layout(&[("bsn", "BSN-nr"), ("icpc", "Code"), ("episode_begin", "Start")]);
    file.datums = vec!["jjjjmmdd".into(), "mm/dd/jjjj".into()];
    file.waarden.insert("contact_soort".into(), BTreeMap::from([("C".into(), "consult".into())]));
    let layout = Layout::of(&file).unwrap();
    let names = |all: &[&str]| all.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    let header = Header::of(&names(&["\u{feff}bsn nr", "CODE", "start", "Huisdier", "rij"]), &layout).unwrap();
    assert_eq!((header.place(Column::Icpc), header.place(Column::Claim)), (Some(1), None));
    assert_eq!(header.passed_over, ["Huisdier"], "what a repair file has in front is ours");
    assert_eq!(layout.day("20261130"), Some(TODAY));
    assert_eq!(layout.day("11/30/2026 00:00:00"), Some(TODAY));
    assert_eq!(layout.day("2026-11-30"), None, "only as the file says");
    assert_eq!(layout.value(Column::ContactKind, "c"), "consult");
    let wrong = Header::of(&names(&["naam", "code", "code"]), &layout).unwrap_err().join(" ");
    for says in ["twee keer", "'bsn_nr' of 'patientnummer'", "'start'"] {
        assert!(wrong.contains(says), "{says}: {wrong}");
    }
}

#[test]
fn a_layout_that_is_wrong_says_where() {
    let mut file = layout(&[("huisdier", "x"), ("bsn", " ")]);
    file.scheiding = Some("::".into());
    file.tekens = Some("ebcdic".into());
    file.datums = vec!["eeuw".into()];
    file.waarden.insert("contact_soort".into(), BTreeMap::from([("C".into(), "duif".into())]));
    let wrong = Layout::of(&file).unwrap_err();
    assert_eq!(wrong.len(), 6, "{wrong:?}");
}

#[test]
fn only_what_a_rule_asks_for_is_kept() {
    let wanted = Wanted { codes: vec![(FactKind::Episode, "N99".into())], from_age: Some(86) };
    let fact = |kind, code: &str| Fact {
        kind,
        code: code.into(),
        on: TODAY,
        until: None,
        closed: false,
        value: None,
        line: 1,
    };
    assert!(wanted.keeps(&fact(FactKind::Episode, "N99.01")));
    assert!(!wanted.keeps(&fact(FactKind::Contact, "N99.01")) && !wanted.keeps(&fact(FactKind::Episode, "N9")));
    assert!(wanted.keeps_age(Some(Born::Year(1941)), TODAY), "85 this year, 86 the next");
    assert!(!wanted.keeps_age(Some(Born::Day(day("1941-12-01"))), TODAY) && !wanted.keeps_age(None, TODAY));
    assert_eq!(Born::Day(day("1940-02-29")).turns(86), day("2026-03-01"));
}

#[test]
fn the_newest_file_tells_how_an_episode_stands() {
    let open = Fact {
        kind: FactKind::Episode,
        code: "P70".into(),
        on: day("2020-01-01"),
        until: None,
        closed: false,
        value: None,
        line: 3,
    };
    let closed = Fact { closed: true, line: 9, ..open.clone() };
    let all = united([vec![closed.clone()], vec![open.clone(), Fact { code: "K77".into(), ..open }]]);
    assert_eq!((all.len(), &all[0]), (2, &closed));
}
