use super::given::{ContractGiven, Part, cents, contract, insurer_lines, insurers};
use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn id(n: u128) -> ContractId {
    ContractId::from_bits(n)
}

fn with(name: &str) -> Contract {
    Contract {
        kind: ContractKind::Acp,
        with: name.into(),
        from: day("2026-01-01"),
        until: None,
        code: Some(format!("{name}1")),
        cents: Some(5_000),
        most_a_year: None,
        least_minutes: None,
        source: Some("addendum".into()),
        withdrawn: false,
    }
}

fn list() -> Vec<Insurer> {
    insurers("7095 vgz\n101 VGZ\n9664 CZ\n3311 Ander\n3332 Nog een").unwrap()
}

fn talk(insurer: &str) -> Talk {
    Talk {
        on: day("2026-06-15"),
        minutes: Some(35),
        at_home: false,
        by: "Saskia van Huissen".into(),
        role: Some(Role::Gp),
        agb: Some(Agb::parse("01999999").unwrap()),
        insurer: Some(Uzovi::parse(insurer).unwrap()),
        a20_on: Some(day("2026-06-15")),
        day_is_claimed: false,
        this_year: Vec::new(),
    }
}

fn decide(contracts: &[Contract], talk: &Talk) -> Outcome {
    let contracts: Vec<_> = contracts.iter().enumerate().map(|(n, c)| (id(n as u128), c.clone())).collect();
    let agb = Agb::parse("41900000").unwrap();
    let insurers = list();
    let house =
        House { kind: OrganisationKind::GpPractice, agb: Some(&agb), insurers: &insurers, contracts: &contracts };
    claim(house, talk)
}

/// Rule, code and whether it is only expected; or a part of why not.
fn told(outcome: &Outcome) -> (String, String, bool) {
    match outcome {
        Ok(line) => (line.rule.clone(), line.code.clone(), line.expected),
        Err(why) => (String::new(), why.join(" "), false),
    }
}

/// The contracts, whom they are with, the insurer, the rule, what is told, and whether it is only expected.
type Row<'a> = (&'a str, &'a [&'a Contract], &'a str, &'a str, &'a str, bool);

#[test]
fn the_truth_table_of_the_source_holds() {
    let (vgz, cz, other) = (with("VGZ"), with("CZ"), with("Ander"));
    let table: &[Row<'_>] = &[
        ("VGZ only", &[&vgz], "7095", "vgz", "VGZ1", false),
        ("VGZ only, another code of VGZ", &[&vgz], "101", "vgz", "VGZ1", false),
        ("VGZ only", &[&vgz], "9664", "cz-volgt-vgz", "VGZ1", true),
        ("VGZ only", &[&vgz], "3311", "allen-volgen-vgz", "VGZ1", true),
        ("VGZ and CZ", &[&vgz, &cz], "7095", "vgz", "VGZ1", false),
        ("VGZ and CZ", &[&vgz, &cz], "9664", "cz-dubbel-consult", "12001", false),
        ("VGZ and CZ", &[&vgz, &cz], "3311", "", "geen contract met Ander", false),
        ("CZ only", &[&cz], "9664", "eigen-contract", "CZ1", false),
        ("CZ only", &[&cz], "7095", "", "geen contract met VGZ", false),
        ("CZ only", &[&cz], "3311", "", "geen contract met Ander", false),
        ("neither", &[], "7095", "", "geen contract met VGZ", false),
        ("neither", &[], "9664", "", "in de bron staat voor deze verzekerde geen regel", false),
        ("another only", &[&other], "3311", "eigen-contract", "Ander1", false),
        ("another only", &[&other], "9664", "", "geen contract met CZ", false),
        ("VGZ and another", &[&vgz, &other], "3311", "eigen-contract", "Ander1", false),
        ("VGZ and another", &[&vgz, &other], "9664", "cz-volgt-vgz", "VGZ1", true),
        ("VGZ and another", &[&vgz, &other], "3332", "", "geen contract met Nog een", false),
    ];
    for (contracts_are, contracts, insured, rule, says, expected) in table {
        let contracts: Vec<Contract> = contracts.iter().map(|c| (*c).clone()).collect();
        let found = told(&decide(&contracts, &talk(insured)));
        assert_eq!((found.0.as_str(), found.2), (*rule, *expected), "{contracts_are}, insured {insured}: {found:?}");
        assert!(found.1.contains(says), "{contracts_are}, insured {insured}: {found:?}");
    }
}

#[test]
fn a_contract_counts_on_the_day_of_the_conversation() {
    let mid = Contract { until: Some(day("2026-06-15")), ..with("VGZ") };
    assert!(decide(std::slice::from_ref(&mid), &talk("7095")).is_ok(), "its last day");
    let later = Talk { on: day("2026-06-16"), ..talk("7095") };
    let why = told(&decide(std::slice::from_ref(&mid), &later)).1;
    assert!(why.contains("tot en met 15 juni 2026 gold niet meer op deze dag"), "{why}");
    let coming = Contract { from: day("2026-07-01"), ..with("VGZ") };
    assert!(told(&decide(std::slice::from_ref(&coming), &talk("7095"))).1.contains("gold nog niet"));
    // The contract with CZ ended in the middle of the month: from then on CZ follows VGZ again.
    let both = [with("VGZ"), Contract { until: Some(day("2026-06-15")), ..with("CZ") }];
    assert_eq!(told(&decide(&both, &talk("9664"))).0, "cz-dubbel-consult");
    assert_eq!(told(&decide(&both, &Talk { on: day("2026-06-16"), ..talk("9664") })).0, "cz-volgt-vgz");
    assert!(decide(&[Contract { withdrawn: true, ..with("VGZ") }], &talk("7095")).is_err());
    // The newest of two that overlap.
    let raised = Contract { from: day("2026-06-01"), cents: Some(6_000), ..with("VGZ") };
    assert_eq!(decide(&[raised, with("VGZ")], &talk("7095")).unwrap().cents, Some(6_000));
}

#[test]
fn two_insurers_in_one_year_each_have_their_time() {
    let (vgz, cz) = (Uzovi::parse("7095").unwrap(), Uzovi::parse("9664").unwrap());
    let known =
        [(day("2026-01-10"), Some(vgz.clone())), (day("2026-04-01"), None), (day("2026-07-01"), Some(cz.clone()))];
    assert_eq!(insured_on(&known, day("2026-01-01")), Some(vgz.clone()), "before the first that is known");
    assert_eq!(insured_on(&known, day("2026-05-05")), Some(vgz), "what nobody said changes nothing");
    assert_eq!(insured_on(&known, day("2026-07-01")), Some(cz));
    assert_eq!(insured_on(&[], day("2026-07-01")), None);
}

#[test]
fn a_double_consult_takes_twenty_minutes() {
    let both = [with("VGZ"), with("CZ")];
    let short = told(&decide(&both, &Talk { minutes: Some(19), ..talk("9664") })).1;
    assert!(short.contains("duurde 19 minuten; dit kan vanaf 20"), "{short}");
    let unknown = told(&decide(&both, &Talk { minutes: None, ..talk("9664") })).1;
    assert!(unknown.contains("staat er niet bij"), "{unknown}");
    let visit = decide(&both, &Talk { minutes: Some(20), at_home: true, ..talk("9664") }).unwrap();
    assert_eq!((visit.code.as_str(), visit.cents), ("12003", None));
    assert!(visit.missing.iter().any(|m| m.contains("tarief van 12001 of 12003")), "no amount without a source");
    let tariff = Contract { kind: ContractKind::Tariff, with: String::new(), code: Some("12003".into()), ..with("") };
    let all = [with("VGZ"), with("CZ"), tariff];
    assert_eq!(decide(&all, &Talk { at_home: true, ..talk("9664") }).unwrap().cents, Some(5_000));
    let least = Contract { least_minutes: Some(40), ..with("VGZ") };
    assert!(told(&decide(&[least], &talk("7095"))).1.contains("vanaf 40 minuten"));
}

#[test]
fn nothing_is_claimed_twice_or_more_often_than_agreed() {
    let again = Talk { day_is_claimed: true, ..talk("7095") };
    assert!(told(&decide(&[with("VGZ")], &again)).1.contains("op deze dag al een gesprek gedeclareerd"));
    let most = Contract { most_a_year: Some(2), ..with("VGZ") };
    let second = Talk { this_year: vec![("VGZ1".into(), 1)], ..talk("7095") };
    assert!(decide(std::slice::from_ref(&most), &second).is_ok());
    let third = Talk { this_year: vec![("VGZ1".into(), 2)], ..talk("7095") };
    assert!(told(&decide(&[most], &third)).1.contains("al 2 keer gedeclareerd"));
}

#[test]
fn an_empty_contract_says_what_to_fill_in() {
    let empty = Contract { code: None, cents: None, source: None, ..with("VGZ") };
    assert_eq!(empty.lacks(), ["de code", "het bedrag", "waar dit staat"]);
    assert!(told(&decide(&[empty], &talk("7095"))).1.contains("staat nog geen code. Vul die in."));
    let free = Contract { cents: None, ..with("VGZ") };
    let bare = Talk { agb: None, a20_on: None, minutes: None, ..talk("7095") };
    let line = decide(&[free], &bare).unwrap();
    assert_eq!((line.cents, line.missing.len()), (None, 4), "{:?}", line.missing);
    let whole = decide(&[with("VGZ")], &talk("7095")).unwrap();
    assert!(whole.missing.is_empty());
    let said = whole.evidence.join("; ");
    for says in
        ["35 minuten", "huisarts, AGB 01999999", "praktijk, AGB 41900000", "A20 sinds", "contract met VGZ", "ZIO"]
    {
        assert!(said.contains(says), "{says}: {said}");
    }
    let nobody = Talk { insurer: None, ..talk("7095") };
    assert!(told(&decide(&[], &nobody)).1.contains("verzekeraar is niet bekend"));
    assert!(told(&decide(&[], &talk("1"))).1.contains("UZOVI-code 0001 staat niet in uw lijst"));
}

#[test]
fn a_hospital_claims_by_its_own_contract() {
    let contract = Contract { kind: ContractKind::TimeToTalk, code: Some("198703".into()), ..with("Ander") };
    let contracts = [(id(1), contract)];
    let insurers = list();
    let house = House { kind: OrganisationKind::Hospital, agb: None, insurers: &insurers, contracts: &contracts };
    assert_eq!(claim(house, &talk("3311")).unwrap().code, "198703");
    assert!(claim(house, &talk("7095")).is_err());
}

#[test]
fn what_is_typed_becomes_a_contract_or_says_what_is_wrong() {
    let given = ContractGiven {
        kind: "acp".into(),
        with: "VGZ".into(),
        from: Some(day("2026-01-01")),
        until: Some(Ok(day("2026-12-31"))),
        amount: "1.048,50".into(),
        most_a_year: "2".into(),
        least_minutes: "30".into(),
        ..ContractGiven::default()
    };
    let made = contract(&given, &list()).unwrap();
    assert_eq!((made.cents, made.code, made.least_minutes), (Some(104_850), None, Some(30)));
    let bad = ContractGiven {
        kind: "x".into(),
        with: "Onbekend".into(),
        from: None,
        until: Some(Err("Geen dag.")),
        code: "a b".into(),
        amount: "veel".into(),
        most_a_year: "0".into(),
        least_minutes: "x".into(),
        source: "x".repeat(301),
    };
    let parts: Vec<Part> = contract(&bad, &list()).unwrap_err().iter().map(|f| f.part).collect();
    let all = [
        Part::Kind,
        Part::With,
        Part::From,
        Part::Until,
        Part::Code,
        Part::Amount,
        Part::Most,
        Part::Minutes,
        Part::Source,
    ];
    assert_eq!(parts, all);
    assert_eq!([cents("48,5"), cents("€ 48,50"), cents("-1"), cents("")], [None, Some(4_850), None, None]);
    assert_eq!(insurers("x VGZ\n7095\n1 A\n0001 B").unwrap_err().iter().map(|w| w.0).collect::<Vec<_>>(), [1, 2, 4]);
    assert_eq!(insurers(&insurer_lines(&list())).unwrap(), list());
    assert_eq!(euros(104_850), "€ 1.048,50");
}
