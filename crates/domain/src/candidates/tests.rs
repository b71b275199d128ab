use super::*;

const TODAY: Date = Date::constant(2026, 11, 30);

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn fact(kind: FactKind, code: &str, on: &str) -> Fact {
    Fact { kind, code: code.into(), on: day(on), until: None, closed: false, value: None, line: 12 }
}

fn set(code: &str) -> RuleSet {
    SHIPPED.iter().find(|s| s.code == code).unwrap().set()
}

fn found(code: &str, born: i16, facts: &[Fact]) -> Vec<String> {
    causes(&[set(code)], Some(Born::Year(born)), facts, TODAY).into_iter().map(|c| c.words).collect()
}

#[test]
fn every_shipped_rule_reads_and_is_written_back_alike() {
    for shipped in SHIPPED {
        let read = rules(shipped.text).unwrap_or_else(|e| panic!("{}: {e:?}", shipped.code));
        assert_eq!(rules(&lines(&read)).unwrap(), read);
        assert!(!shipped.source.is_empty() && shipped.set().rules.len() == shipped.text.lines().count());
    }
}

#[test]
fn the_list_of_viplive_says_which_code_and_day_caused_it() {
    let facts = [fact(FactKind::Episode, "P70", "2024-03-03"), fact(FactKind::Claim, "13034", "2026-06-01")];
    let words = found("viplive-acp", 1950, &facts);
    assert_eq!(
        words,
        [
            "dementie (P70, episode sinds 3 maart 2024)",
            "intensieve zorg thuis, overdag (declaratie 13034 op 1 juni 2026)",
        ]
    );
    let causes = causes(&[set("viplive-acp")], Some(Born::Year(1950)), &facts, TODAY);
    assert_eq!((causes[0].on, causes[0].line, causes[0].reason), (day("2024-03-03"), 12, Reason::Dementia));
    assert_eq!(since(&causes), Some(day("2026-06-01")));
    // Older than 85 is 86.
    assert!(found("viplive-acp", 1941, &[]).is_empty());
    assert_eq!(found("viplive-acp", 1940, &[]), ["leeftijd (86 jaar)"]);
    let closed = Fact { closed: true, ..fact(FactKind::Episode, "N87", "2020-01-01") };
    let old = fact(FactKind::Claim, "13036", "2025-11-29");
    assert!(found("viplive-acp", 1960, &[closed, old]).is_empty(), "closed, and longer than twelve months ago");
}

#[test]
fn the_toolkit_asks_for_an_occasion_and_a_feature() {
    let frail = Fact { value: Some("Ja".into()), ..fact(FactKind::Finding, "2808", "2026-05-01") };
    assert!(found("toolkit-vvt", 1975, std::slice::from_ref(&frail)).is_empty(), "no feature");
    assert!(found("toolkit-vvt", 1945, &[]).is_empty(), "no occasion");
    assert_eq!(found("toolkit-vvt", 1945, std::slice::from_ref(&frail)).len(), 2);
    // The newest determination counts.
    let no_more = Fact { value: Some("nee".into()), ..fact(FactKind::Finding, "2808", "2026-09-01") };
    assert!(found("toolkit-vvt", 1945, &[frail, no_more]).is_empty());
}

#[test]
fn a_set_holds_in_its_time_and_a_file_keeps_what_the_sets_ask() {
    let ended = RuleSet { until: Some(day("2026-01-01")), ..set("viplive-acp") };
    assert!(causes(&[ended], Some(Born::Year(1930)), &[], TODAY).is_empty());
    let wanted = wanted(&[set("toolkit-vvt")]);
    assert_eq!(wanted.from_age, None, "70 is a feature, and finds nobody by itself");
    assert!(wanted.keeps(&fact(FactKind::Episode, "N99.03", "2026-01-01")));
    assert!(wanted.keeps(&fact(FactKind::Contact, "A20", "2026-01-01")), "to compare with the plans");
    assert!(!wanted.keeps(&fact(FactKind::Episode, "X76", "2026-01-01")), "nobody asks for it");
    assert_eq!(super::wanted(&[set("viplive-acp")]).from_age, Some(86));
}

#[test]
fn what_is_no_rule_is_told_by_its_line() {
    let wrong =
        rules("icpc P70\nicpc Q\n\n# uitleg\ndeclaratie 13034 binnen 0 maanden\niets\nvanaf 200 jaar\nicpc P70 = x");
    let at: Vec<usize> = wrong.unwrap_err().iter().map(|a| a.line).collect();
    assert_eq!(at, [2, 5, 6, 7, 8]);
    assert_eq!(rules("  \n").unwrap_err()[0].line, 0);
    assert!(rules("aanleiding icpc A49.01").unwrap_err()[0].sentence.contains("kenmerk"));
}

#[test]
fn who_is_on_the_path_is_no_candidate() {
    let past = Past { steps: &[], spoken: None, draft_since: None, died_on: None, months: 6 };
    assert!(!is_on_path(past, TODAY));
    assert!(is_on_path(Past { died_on: Some(TODAY), ..past }, TODAY));
    assert!(is_on_path(Past { draft_since: Some(TODAY), ..past }, TODAY));
}

#[test]
fn a_candidate_becomes_a_signal_that_says_why() {
    let facts = [fact(FactKind::Episode, "P70", "2024-03-03")];
    let causes = causes(&[set("viplive-acp")], Some(Born::Year(1930)), &facts, TODAY);
    let signal = signal(&causes, TODAY);
    assert_eq!(signal.reasons, [Reason::Dementia, Reason::Seventy]);
    assert!(signal.words.unwrap().starts_with("Uit het HIS-extract: dementie (P70, episode sinds 3 maart 2024)"));
}

#[test]
fn the_list_is_looked_at_every_half_year() {
    assert!(asks_for_check(None, TODAY));
    assert!(!asks_for_check(Some(day("2026-06-30")), TODAY));
    assert!(asks_for_check(Some(day("2026-06-10")), TODAY), "two weeks before");
    assert_eq!(last_a20(&[fact(FactKind::Contact, "A20", "2020-01-01")], TODAY), None, "longer than five years ago");
}
