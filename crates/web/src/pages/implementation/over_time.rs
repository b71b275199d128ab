//! What a team said over time: its rounds beside each other, as a table and drawn.

use crate::pages::region::chart::{self, Point};
use domain::statements::{Count, agrees_with_all};
use domain::words::short_day;
use jiff::civil::Date;

/// Rounds of a team that are put beside each other.
const BESIDE: usize = 6;

/// What a team said over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Team {
    /// Its name.
    pub name: String,
    /// The share that agrees in each round, drawn.
    pub svg: String,
    /// Days of its rounds, the earliest first.
    pub heads: Vec<String>,
    /// Each statement, with the share that agrees in each round.
    pub rows: Vec<(String, Vec<String>)>,
    /// The rounds: address and words.
    pub rounds: Vec<(String, String)>,
}

/// A round that is over.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// Its page.
    pub href: String,
    /// Which team.
    pub team: String,
    /// When it was.
    pub on: Date,
    /// How many took part.
    pub voters: u32,
    /// Each statement with what came of it.
    pub said: Vec<(String, Count)>,
}

/// The share that agrees, in words.
pub fn share(count: Option<Count>) -> String {
    match count.map(Count::agrees) {
        None => "niet gevraagd".to_owned(),
        Some(None) => "te weinig antwoorden".to_owned(),
        Some(Some(percent)) => format!("{percent:.0}%"),
    }
}

fn team(name: &str, mut rounds: Vec<&Past>) -> Team {
    rounds.sort_by_key(|r| r.on);
    let rounds = rounds.split_off(rounds.len().saturating_sub(BESIDE));
    let mut statements: Vec<&str> = Vec::new();
    for (statement, _) in rounds.iter().flat_map(|r| &r.said) {
        if !statements.contains(&statement.as_str()) {
            statements.push(statement);
        }
    }
    let counts = |round: &Past| round.said.iter().map(|(_, count)| *count).collect::<Vec<_>>();
    let points: Vec<Point> = rounds
        .iter()
        .map(|r| Point { name: short_day(r.on), percent: agrees_with_all(&counts(r)), hidden: true })
        .collect();
    let cell = |statement: &str, round: &Past| share(round.said.iter().find(|(s, _)| s == statement).map(|(_, c)| *c));
    Team {
        name: name.to_owned(),
        svg: chart::svg(&chart::trend(&format!("{name}: gemiddeld deel dat het eens is"), &points)),
        heads: rounds.iter().map(|r| short_day(r.on)).collect(),
        rows: statements.iter().map(|s| ((*s).to_owned(), rounds.iter().map(|r| cell(s, r)).collect())).collect(),
        rounds: rounds
            .iter()
            .rev()
            .map(|r| (r.href.clone(), format!("{}, {} antwoorden", short_day(r.on), r.voters)))
            .collect(),
    }
}

/// Every team, by name; the same name with other capitals is the same team.
pub fn over_time(past: &[Past]) -> Vec<Team> {
    let key = |team: &str| team.trim().to_lowercase();
    let mut names: Vec<&str> = Vec::new();
    for round in past {
        if !names.iter().any(|n| key(n) == key(&round.team)) {
            names.push(&round.team);
        }
    }
    names.sort_by_key(|n| key(n));
    names.into_iter().map(|name| team(name, past.iter().filter(|r| key(&r.team) == key(name)).collect())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(team: &str, on: &str, said: &[(&str, u32, u32)]) -> Past {
        let said = said
            .iter()
            .map(|(s, agree, disagree)| ((*s).to_owned(), Count { agree: *agree, disagree: *disagree, none: 0 }));
        Past { href: "/x".into(), team: team.into(), on: on.parse().unwrap(), voters: 4, said: said.collect() }
    }

    #[test]
    fn the_rounds_of_a_team_stand_beside_each_other_the_earliest_first() {
        let all = [
            past("team noord", "2026-11-10", &[("Ik durf het.", 3, 1), ("Nieuw.", 1, 1)]),
            past("Zuid", "2026-10-01", &[("Ik durf het.", 4, 0)]),
            past("Team Noord", "2025-11-10", &[("Ik durf het.", 1, 3)]),
        ];
        let teams = over_time(&all);
        assert_eq!(teams.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["team noord", "Zuid"]);
        let rows: Vec<_> = teams[0].rows.iter().map(|(s, cells)| (s.as_str(), cells.join(" "))).collect();
        assert_eq!(
            rows,
            [("Ik durf het.", "25% 75%".to_owned()), ("Nieuw.", "niet gevraagd te weinig antwoorden".to_owned())]
        );
        assert!(teams[0].svg.contains("<title>") && teams[0].svg.contains("25,0%"), "{}", teams[0].svg);
    }
}
