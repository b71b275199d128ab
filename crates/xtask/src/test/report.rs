//! What ran, how it went and how long it took.

use std::fmt::Write as _;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

/// How a step went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// As it should.
    Passed,
    /// Wrong, in a few words.
    Failed(String),
    /// Not done, and why.
    Skipped(String),
}

impl Outcome {
    /// Of a program that was run.
    pub fn of(ended: Result<ExitStatus, String>) -> Self {
        match ended {
            Ok(status) if status.success() => Self::Passed,
            Ok(status) => Self::Failed(status.to_string()),
            Err(error) => Self::Failed(error),
        }
    }
}

/// The steps of one run.
#[derive(Debug)]
pub struct Report {
    steps: Vec<(String, Outcome, Duration)>,
    not_checked: Vec<String>,
    began: Instant,
}

impl Report {
    /// Nothing has run.
    pub fn new() -> Self {
        Self { steps: Vec::new(), not_checked: Vec::new(), began: Instant::now() }
    }

    /// Runs a step and keeps how it went; `true` when it passed.
    pub async fn step(&mut self, name: &str, work: impl Future<Output = Outcome>) -> bool {
        println!("\n── {name}");
        let began = Instant::now();
        let outcome = work.await;
        let passed = outcome == Outcome::Passed;
        self.steps.push((name.to_owned(), outcome, began.elapsed()));
        passed
    }

    /// Runs a step that makes something for others to use.
    pub async fn start<T>(&mut self, name: &str, work: impl Future<Output = Result<T, String>>) -> Option<T> {
        let mut made = None;
        let outcome = async {
            match work.await {
                Ok(value) => {
                    made = Some(value);
                    Outcome::Passed
                }
                Err(error) => Outcome::Failed(error),
            }
        };
        self.step(name, outcome).await;
        made
    }

    /// Keeps what tests said they could not check.
    pub fn not_checked(&mut self, what: Vec<String>) {
        self.not_checked.extend(what);
    }

    /// Prints the summary; `true` when nothing failed.
    pub fn finish(self) -> bool {
        print!("{}", self.summary());
        self.failed() == 0
    }

    fn failed(&self) -> usize {
        self.steps.iter().filter(|(_, outcome, _)| matches!(outcome, Outcome::Failed(_))).count()
    }

    fn summary(&self) -> String {
        let width = self.steps.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
        let mut text = String::from("\n── summary\n");
        for (name, outcome, took) in &self.steps {
            let (word, why) = match outcome {
                Outcome::Passed => ("passed", ""),
                Outcome::Failed(why) => ("FAILED", why.as_str()),
                Outcome::Skipped(why) => ("SKIPPED", why.as_str()),
            };
            let line = format!("{name:width$}  {word:7}  {:8.1} s  {why}", took.as_secs_f64());
            let _ = writeln!(text, "{}", line.trim_end());
        }
        for what in &self.not_checked {
            let _ = writeln!(text, "SKIPPED by a test: {what}");
        }
        let verdict = match self.failed() {
            0 => "all passed".to_owned(),
            n => format!("{n} of {} failed", self.steps.len()),
        };
        let _ = writeln!(text, "{verdict} in {:.0} s", self.began.elapsed().as_secs_f64());
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_counted_named_and_not_hidden_by_what_passes_after_it() {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
            let mut report = Report::new();
            assert!(!report.step("broken", async { Outcome::Failed("exit status: 1".to_owned()) }).await);
            assert!(report.step("fine", async { Outcome::Passed }).await);
            report.step("absent", async { Outcome::Skipped("not installed".to_owned()) }).await;
            let nothing: Option<u8> = report.start("server", async { Err("no port".to_owned()) }).await;
            assert_eq!(nothing, None);
            report.not_checked(vec!["needs the standard's files".to_owned()]);
            let text = report.summary();
            assert!(text.contains("broken  FAILED"), "{text}");
            assert!(text.contains("absent  SKIPPED") && text.contains("not installed"), "{text}");
            assert!(text.contains("SKIPPED by a test: needs the standard's files"), "{text}");
            assert!(text.contains("2 of 4 failed"), "{text}");
            assert!(!report.finish());
        });
    }
}
