//! Which crate may import which: the house has these arrows and no others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

/// A crate and the crates of ours that it imports.
const ARROWS: [(&str, &[&str]); 7] = [
    ("tijdig", &["web"]),
    ("web", &["domain", "fhir", "paper", "store"]),
    ("store", &["domain"]),
    ("fhir", &["domain"]),
    ("paper", &[]),
    ("domain", &[]),
    ("xtask", &[]),
];

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    /// `None` for a normal one, else `dev` or `build`.
    kind: Option<String>,
    /// Set for a crate of this workspace.
    path: Option<String>,
}

/// Arrows that are missing, and arrows that should not be.
pub fn problems(root: &Path) -> Result<Vec<String>, String> {
    let said = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(root)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("cargo metadata: {e}"))?;
    let metadata: Metadata = serde_json::from_slice(&said.stdout)
        .map_err(|e| format!("cargo metadata: {e} {}", String::from_utf8_lossy(&said.stderr).trim()))?;
    Ok(judge(&metadata))
}

fn judge(metadata: &Metadata) -> Vec<String> {
    let drawn: BTreeMap<&str, BTreeSet<&str>> =
        ARROWS.iter().map(|(from, to)| (*from, to.iter().copied().collect())).collect();
    let mut problems = Vec::new();
    for package in &metadata.packages {
        let Some(allowed) = drawn.get(package.name.as_str()) else {
            problems.push(format!(
                "{}: a crate that the design does not have; draw its arrows in tidy first",
                package.name
            ));
            continue;
        };
        let ours = |dev: bool| -> BTreeSet<&str> {
            let of_kind = |d: &&Dependency| d.path.is_some() && (d.kind.as_deref() == Some("dev")) == dev;
            package.dependencies.iter().filter(of_kind).map(|d| d.name.as_str()).collect()
        };
        for extra in ours(false).difference(allowed) {
            problems.push(format!("{} imports {extra}: there is no such arrow in the design", package.name));
        }
        for missing in allowed.difference(&ours(false)) {
            problems.push(format!("{} does not import {missing}, though the design has that arrow", package.name));
        }
        // A test may look deeper, but only where its crate could reach.
        for extra in ours(true).difference(&reach(&drawn, &package.name)) {
            problems.push(format!("the tests of {} import {extra}, which it cannot reach", package.name));
        }
    }
    problems
}

/// Every crate that can be reached by arrows.
fn reach<'a>(drawn: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&str> = drawn.get(from).into_iter().flatten().copied().collect();
    while let Some(name) = next.pop() {
        if reached.insert(name) {
            next.extend(drawn.get(name).into_iter().flatten());
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[(&str, Option<&str>)]) -> Metadata {
        let dependencies = dependencies.iter().map(|(name, kind)| Dependency {
            name: (*name).to_owned(),
            kind: kind.map(str::to_owned),
            path: Some(String::new()),
        });
        Metadata { packages: vec![Package { name: name.to_owned(), dependencies: dependencies.collect() }] }
    }

    #[test]
    fn the_design_has_these_arrows_and_no_others() {
        assert!(judge(&package("store", &[("domain", None)])).is_empty());
        assert_eq!(judge(&package("store", &[("domain", None), ("fhir", None)])).len(), 1);
        assert_eq!(judge(&package("domain", &[("store", Some("build"))])).len(), 1);
        assert_eq!(judge(&package("web", &[("domain", None)])).len(), 3);
        assert_eq!(judge(&package("shed", &[])).len(), 1);
    }

    #[test]
    fn a_test_may_look_as_deep_as_its_crate_reaches() {
        assert!(judge(&package("tijdig", &[("web", None), ("domain", Some("dev"))])).is_empty());
        assert_eq!(judge(&package("fhir", &[("domain", None), ("store", Some("dev"))])).len(), 1);
    }
}
