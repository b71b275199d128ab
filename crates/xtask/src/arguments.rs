//! What was asked for, parsed once into checked types.

use crate::bench::Settings;
use crate::test::Part;

/// Shown for `help` and for wrong use.
pub const USAGE: &str = "\
cargo xtask test [--only PART]...   everything that must pass; PART is one of fmt, tidy, clippy, doc, rust, deny, clients, browser
cargo xtask tidy                    the house rules alone
cargo xtask bench [options]         the performance table, on a release build
    --patients N      size of the demo region (default 1000); given twice, both sizes are measured and compared
    --seconds S       length of each row (default 3)
    --connections C   load (default 16)
    --seed S          of the demo and of the order in which patients are asked for (default 1)
    --region N        patients of the wide region whose figures are measured, and once more with twice as many (default 10000)
    --only TEXT       rows whose names hold this text; may be given more than once
    --database URL    measure on this empty PostgreSQL database instead of SQLite
    --postgres        the same on a PostgreSQL that is started for it
    --json            the figures as JSON on standard output, progress on standard error";

/// One task with its settings.
#[derive(Debug, PartialEq)]
pub enum Task {
    /// `help`, or nothing at all.
    Help,
    /// The house rules.
    Tidy,
    /// The tests; every part where none is named.
    Test(Vec<Part>),
    /// The performance table.
    Bench(Settings),
}

/// Reads the words after `cargo xtask`. The error is a sentence for the person who typed them.
pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Task, String> {
    let mut words = words.into_iter();
    match words.next().as_deref() {
        None | Some("help" | "--help" | "-h") => Ok(Task::Help),
        Some("tidy") => {
            words.next().map_or(Ok(Task::Tidy), |word| Err(format!("tidy takes no argument, but got {word}")))
        }
        Some("test") => test(words),
        Some("bench") => bench(words),
        Some(other) => Err(format!("there is no task {other}")),
    }
}

fn test(mut words: impl Iterator<Item = String>) -> Result<Task, String> {
    let mut parts = Vec::new();
    while let Some(word) = words.next() {
        if word != "--only" {
            return Err(format!("test does not know {word}"));
        }
        let name = words.next().ok_or("--only needs a part")?;
        parts.push(Part::of_name(&name).ok_or_else(|| format!("there is no part {name}"))?);
    }
    Ok(Task::Test(parts))
}

fn bench(mut words: impl Iterator<Item = String>) -> Result<Task, String> {
    let mut settings = Settings::default();
    let mut patients = Vec::new();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--json" => settings.json = true,
            "--postgres" => settings.own_postgres = true,
            "--only" => settings.only.push(value()?),
            "--database" => settings.database = Some(value()?),
            "--patients" => patients.push(number(&word, &value()?)?),
            "--region" => settings.region = number(&word, &value()?)?,
            "--seconds" => settings.seconds = number(&word, &value()?)?,
            "--connections" => settings.connections = number(&word, &value()?)?,
            "--seed" => settings.seed = number(&word, &value()?)?,
            _ => return Err(format!("bench does not know {word}")),
        }
    }
    if !patients.is_empty() {
        settings.patients = patients;
    }
    if settings.database.is_some() && (settings.own_postgres || settings.patients.len() > 1) {
        return Err("--database is for one size on one database".to_owned());
    }
    Ok(Task::Bench(settings))
}

/// A whole number above zero.
fn number<T: std::str::FromStr + PartialEq + From<u8>>(option: &str, text: &str) -> Result<T, String> {
    text.parse()
        .ok()
        .filter(|parsed| *parsed != T::from(0))
        .ok_or_else(|| format!("{option} needs a whole number above zero, not {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Result<Task, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn parts_add_up_and_a_wrong_one_is_named() {
        assert_eq!(words("test").unwrap(), Task::Test(vec![]));
        assert_eq!(words("test --only tidy --only rust").unwrap(), Task::Test(vec![Part::Tidy, Part::Rust]));
        assert!(words("test --only everything").unwrap_err().contains("everything"));
        assert!(words("test --only").unwrap_err().contains("needs"));
    }

    #[test]
    fn sizes_of_a_bench_are_kept_in_order() {
        let Task::Bench(settings) = words("bench --patients 10 --patients 1000 --json").unwrap() else { panic!() };
        assert_eq!((settings.patients, settings.json, settings.connections), (vec![10, 1000], true, 16));
        assert!(words("bench --patients none").unwrap_err().contains("--patients"));
        assert!(words("bench --patients 0").unwrap_err().contains("above zero"));
        assert!(words("bench --database postgres://x --patients 1 --patients 2").is_err());
    }
}
