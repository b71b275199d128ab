//! SMART scopes for systems: `system/Consent.rs`, and the older `system/Consent.read`.

use std::fmt;

/// Scopes that a client can be given here.
pub const SUPPORTED: &[&str] = &[
    "system/*.rs",
    "system/*.cruds",
    "system/QuestionnaireResponse.crs",
    "system/Bundle.cru",
    "system/Subscription.crds",
];

/// What one of [`SUPPORTED`] allows, for who connects a system.
pub fn dutch(scope: &str) -> &'static str {
    match scope {
        "system/*.rs" => "alles lezen en zoeken",
        "system/*.cruds" => "alles wat de server kan: ook plannen aanleveren en abonnementen",
        "system/QuestionnaireResponse.crs" => "het formulier aanleveren, lezen en zoeken",
        "system/Bundle.cru" => {
            "een plan als bouwstenen aanleveren, een overdracht lezen en de ontvangst ervan bevestigen"
        }
        "system/Subscription.crds" => "eigen abonnementen maken, lezen, zoeken en verwijderen",
        _ => "één soort, met de letters c (aanleveren), r (lezen), s (zoeken), u (bevestigen), d (verwijderen)",
    }
}

/// What may be done with one resource type.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Scope {
    kind: String,
    letters: String,
}

/// A set of scopes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scopes(Vec<Scope>);

/// One of the things that a scope allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interaction {
    /// `c`: create.
    Create,
    /// `r`: read, vread and history.
    Read,
    /// `s`: search.
    Search,
    /// `u`: say of something that is there what came of it.
    Update,
    /// `d`: delete.
    Delete,
}

impl Interaction {
    /// Its letter in a scope.
    pub fn letter(self) -> char {
        match self {
            Self::Create => 'c',
            Self::Read => 'r',
            Self::Search => 's',
            Self::Update => 'u',
            Self::Delete => 'd',
        }
    }
}

impl Scopes {
    /// Reads scopes apart by blanks; what is not a system scope is left out.
    pub fn parse(text: &str) -> Self {
        Self(text.split_ascii_whitespace().filter_map(Scope::parse).collect())
    }

    /// Nothing is allowed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Is this interaction with this resource type allowed?
    pub fn allows(&self, kind: &str, interaction: Interaction) -> bool {
        self.0.iter().any(|s| (s.kind == "*" || s.kind == kind) && s.letters.contains(interaction.letter()))
    }

    /// What of these scopes lies within others.
    #[must_use]
    pub fn within(&self, others: &Self) -> Self {
        let mut common: Vec<Scope> = Vec::new();
        for (mine, other) in self.0.iter().flat_map(|m| others.0.iter().map(move |o| (m, o))) {
            let kind = match (mine.kind.as_str(), other.kind.as_str()) {
                (a, "*") => a,
                ("*", b) => b,
                (a, b) if a == b => a,
                _ => continue,
            };
            let letters: String = mine.letters.chars().filter(|l| other.letters.contains(*l)).collect();
            let scope = Scope { kind: kind.to_owned(), letters };
            if !scope.letters.is_empty() && !common.contains(&scope) {
                common.push(scope);
            }
        }
        Self(common)
    }
}

impl Scope {
    fn parse(text: &str) -> Option<Self> {
        let (kind, letters) = text.strip_prefix("system/")?.rsplit_once('.')?;
        let letters = match letters {
            "read" => "rs",
            "write" => "cud",
            "*" => "cruds",
            own if !own.is_empty() && own.chars().all(|c| "cruds".contains(c)) => own,
            _ => return None,
        };
        let named = kind == "*" || (!kind.is_empty() && kind.bytes().all(|b| b.is_ascii_alphabetic()));
        named.then(|| Self { kind: kind.to_owned(), letters: letters.to_owned() })
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, scope) in self.0.iter().enumerate() {
            write!(f, "{}system/{}.{}", if i == 0 { "" } else { " " }, scope.kind, scope.letters)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_allow_what_they_name() {
        let scopes = Scopes::parse("system/Consent.rs system/Goal.read openid patient/Goal.rs system/Observation.x");
        assert!(scopes.allows("Consent", Interaction::Search) && scopes.allows("Goal", Interaction::Read));
        assert!(!scopes.allows("Consent", Interaction::Create) && !scopes.allows("Observation", Interaction::Read));
        assert_eq!(scopes.to_string(), "system/Consent.rs system/Goal.rs");
    }

    #[test]
    fn every_scope_that_is_offered_is_told() {
        let told: std::collections::BTreeSet<_> = SUPPORTED.iter().map(|s| dutch(s)).collect();
        assert_eq!(told.len(), SUPPORTED.len());
        assert!(SUPPORTED.iter().all(|s| Scopes::parse(s).to_string() == *s && dutch(s) != dutch("")));
    }

    #[test]
    fn nobody_gets_more_than_registered() {
        let registered = Scopes::parse("system/Consent.rs system/Patient.r");
        assert_eq!(Scopes::parse("system/*.cruds").within(&registered), registered);
        assert!(Scopes::parse("system/Goal.rs").within(&registered).is_empty());
        assert_eq!(Scopes::parse("system/Patient.rs").within(&registered).to_string(), "system/Patient.r");
    }
}
