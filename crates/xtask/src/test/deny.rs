//! Licences, bans and sources of dependencies, as `deny.toml` has them.
//!
//! `cargo deny` does this where it is installed. Building it takes many minutes, and the one that can be had ready-made
//! does not know today's licence names; so where it is missing, what `deny.toml` says is checked here, from what cargo
//! itself knows. Advisories need cargo-deny and the network, and are said to be unchecked without them.

use serde::Deserialize;
use serde_json::Value;
use std::path::Path;

/// What of `deny.toml` is checked here.
#[derive(Debug, Deserialize)]
pub struct Rules {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Debug, Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Debug, Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

/// Where cargo may have a crate from, beside the workspace itself.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Everything that breaks a rule, a line each.
///
/// # Errors
/// Where `deny.toml` or cargo's answer cannot be read.
pub fn problems(root: &Path, metadata: &[u8]) -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(root.join("deny.toml")).map_err(|e| format!("deny.toml: {e}"))?;
    let rules: Rules = toml::from_str(&text).map_err(|e| format!("deny.toml: {e}"))?;
    let metadata: Value = serde_json::from_slice(metadata).map_err(|e| format!("cargo metadata: {e}"))?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata names no packages")?;
    let mut found = Vec::new();
    for package in packages {
        let part = |name: &str| package[name].as_str().unwrap_or("");
        let (name, version) = (part("name"), part("version"));
        // A crate of the workspace has no source.
        if package["source"].is_null() {
            continue;
        }
        if part("source") != REGISTRY {
            found.push(format!("{name} {version} comes from {}", part("source")));
        }
        if !allowed(part("license"), &rules.licenses.allow) {
            found.push(format!("{name} {version} has a licence that is not allowed: '{}'", part("license")));
        }
        found.extend(
            rules
                .bans
                .deny
                .iter()
                .filter(|ban| ban.hits(name, version))
                .map(|ban| format!("{name} {version} is banned: {}", ban.reason)),
        );
    }
    Ok(found)
}

impl Ban {
    /// `name`, or `name:<0.10` for versions below one.
    fn hits(&self, name: &str, version: &str) -> bool {
        match self.name.split_once(":<") {
            None => self.name == name,
            Some((banned, below)) => banned == name && numbers(version) < numbers(below),
        }
    }
}

fn numbers(version: &str) -> Vec<u64> {
    version.split(['.', '-', '+']).take(3).map(|n| n.parse().unwrap_or(0)).collect()
}

/// Does an SPDX expression leave a choice that is allowed? `/` is how it used to be written.
fn allowed(expression: &str, allow: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let holds = any(&words, &mut at, allow);
    holds && at == words.len()
}

fn any(words: &[&str], at: &mut usize, allow: &[String]) -> bool {
    let mut holds = all(words, at, allow);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        holds |= all(words, at, allow);
    }
    holds
}

fn all(words: &[&str], at: &mut usize, allow: &[String]) -> bool {
    let mut holds = one(words, at, allow);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        holds &= one(words, at, allow);
    }
    holds
}

fn one(words: &[&str], at: &mut usize, allow: &[String]) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let holds = any(words, at, allow);
        let closed = words.get(*at) == Some(&")");
        *at += 1;
        return holds && closed;
    }
    let mut licence = (*word).to_owned();
    if words.get(*at) == Some(&"WITH") {
        licence = format!("{licence} WITH {}", words.get(*at + 1).unwrap_or(&""));
        *at += 2;
    }
    allow.contains(&licence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_allowed_where_it_leaves_an_allowed_choice() {
        let allow = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "Unicode-3.0"].map(str::to_owned);
        for good in [
            "MIT",
            "MIT OR GPL-3.0",
            "GPL-3.0/MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
            "MIT AND (GPL-3.0 OR Apache-2.0)",
        ] {
            assert!(allowed(good, &allow), "{good}");
        }
        for bad in ["", "GPL-3.0", "MIT AND GPL-3.0", "MIT WITH x", "(MIT", "MIT MIT", "BUSL-1.1", "OR MIT"] {
            assert!(!allowed(bad, &allow), "{bad}");
        }
    }

    #[test]
    fn bans_sources_and_licences_are_found() {
        let folder = std::env::temp_dir().join(format!("tijdig-deny-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let rules = "[licenses]\nallow = [\"MIT\"]\n[bans]\ndeny = [{ crate = \"rsa:<0.10\", reason = \"r\" }, { crate = \"sqlx\", reason = \"s\" }]\n";
        std::fs::write(folder.join("deny.toml"), rules).expect("a file");
        let package = |name: &str, version: &str, license: &str, source: Value| serde_json::json!({"name": name, "version": version, "license": license, "source": source});
        let answer = serde_json::json!({"packages": [
            package("own", "0.1.0", "", Value::Null),
            package("good", "1.0.0", "MIT OR Apache-2.0", REGISTRY.into()),
            package("rsa", "0.9.6", "MIT", REGISTRY.into()),
            package("rsa", "0.10.1", "MIT", REGISTRY.into()),
            package("sqlx", "9.0.0", "MIT", REGISTRY.into()),
            package("odd", "1.0.0", "BUSL-1.1", REGISTRY.into()),
            package("git", "1.0.0", "MIT", "git+https://example.nl/x".into()),
        ]});
        let found = problems(&folder, answer.to_string().as_bytes());
        std::fs::remove_dir_all(&folder).expect("it goes");
        let found = found.expect("it can be read").join("\n");
        assert_eq!(found.lines().count(), 4, "{found}");
        for part in ["rsa 0.9.6", "sqlx 9.0.0", "odd 1.0.0", "git 1.0.0"] {
            assert!(found.contains(part), "{part}: {found}");
        }
    }
}
