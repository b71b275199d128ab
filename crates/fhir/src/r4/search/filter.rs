//! One condition of a search, evaluated on a resource without copying any of it.

use super::date::{DateTest, Stretch};
use super::table::Param;
use super::value::{Canonical, Target, Token};
use crate::r4::ResourceType;
use crate::r4::conformance::CodeList;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// What a condition may need beside the resource.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// Base URL of this server, without a slash at the end.
    pub base: &'a str,
    /// The resource that a reference points at.
    pub resolve: &'a dyn Fn(&str) -> Option<Value>,
}

/// A condition on one parameter.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    pub param: &'static Param,
    pub test: Test,
}

/// What is asked of the values.
#[derive(Clone, Debug)]
pub(super) enum Test {
    /// `:missing`.
    Missing(bool),
    /// One of these codes, or with `not` none of them.
    Tokens { any: Vec<Token>, not: bool },
    /// A code in a value set (`:in`), or with `not` no code in it.
    In { set: &'static CodeList, not: bool },
    /// The words of a code (`:text`), folded.
    Words(Vec<String>),
    /// One of these references.
    References(Vec<Target>),
    /// The identifier within a reference (`:identifier`).
    Identifiers(Vec<Token>),
    /// One of these canonicals.
    Canonicals(Vec<Canonical>),
    /// One of these dates.
    Dates(Vec<DateTest>),
    /// One of these texts.
    Texts { any: Vec<String>, how: TextMatch },
    /// One of these URIs; with `below` also what stands beneath them.
    Uris { any: Vec<String>, below: bool },
    /// The resource referred to satisfies a condition of its own type.
    Chain(Vec<(ResourceType, Filter)>),
}

/// How a text is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextMatch {
    /// A word of it begins so, whatever case or diacritics.
    Begins,
    /// It stands somewhere in it, whatever case or diacritics.
    Contains,
    /// To the letter.
    Exact,
}

impl Filter {
    /// Does the resource satisfy it?
    pub fn keeps(&self, resource: &Value, around: &Around<'_>) -> bool {
        match &self.test {
            Test::Missing(missing) => self.any(resource, &mut |value| !is_empty(value)) != *missing,
            Test::Tokens { any, not } => {
                self.any(resource, &mut |value| {
                    codes(value, self.param.system, &mut |system, code| any.iter().any(|t| t.matches(system, code)))
                }) != *not
            }
            Test::In { set, not } => {
                self.any(resource, &mut |value| {
                    codes(value, self.param.system, &mut |system, code| set.contains(system, code))
                }) != *not
            }
            Test::Words(any) => self.any(resource, &mut |value| words(value, any)),
            Test::References(any) => self.any(resource, &mut |value| {
                reference(value).is_some_and(|r| any.iter().any(|target| target.matches(r, around.base)))
            }),
            Test::Identifiers(any) => self.any(resource, &mut |value| {
                value
                    .get("identifier")
                    .is_some_and(|id| codes(id, "", &mut |system, code| any.iter().any(|t| t.matches(system, code))))
            }),
            Test::Canonicals(any) => self.any(resource, &mut |value| {
                value.as_str().is_some_and(|url| any.iter().any(|wanted| wanted.matches(url)))
            }),
            Test::Dates(any) => self.any(resource, &mut |value| {
                Stretch::of_element(value).is_some_and(|stretch| any.iter().any(|test| test.matches(stretch)))
            }),
            Test::Texts { any, how } => self.any(resource, &mut |value| {
                value.as_str().is_some_and(|text| any.iter().any(|wanted| text_fits(text, wanted, *how)))
            }),
            Test::Uris { any, below } => self.any(resource, &mut |value| {
                value
                    .as_str()
                    .is_some_and(|uri| any.iter().any(|wanted| uri == wanted || (*below && is_below(uri, wanted))))
            }),
            Test::Chain(inner) => self.any(resource, &mut |value| {
                let Some(target) = reference(value).and_then(|r| (around.resolve)(local(r, around.base))) else {
                    return false;
                };
                let kind = target.get("resourceType").and_then(Value::as_str).unwrap_or_default();
                inner.iter().any(|(of, filter)| of.as_str() == kind && filter.keeps(&target, around))
            }),
        }
    }

    fn any(&self, resource: &Value, test: &mut dyn FnMut(&Value) -> bool) -> bool {
        self.param.paths.iter().any(|path| any(resource, path, test))
    }
}

/// Does any value at this path satisfy the test?
pub(super) fn any(value: &Value, path: &[&str], test: &mut dyn FnMut(&Value) -> bool) -> bool {
    match (value, path) {
        (Value::Array(list), _) => list.iter().any(|value| any(value, path, test)),
        (_, []) => test(value),
        (_, [name, rest @ ..]) => value.get(name).is_some_and(|value| any(value, rest, test)),
    }
}

/// A reference without the base of this server and without a version.
pub(super) fn local<'a>(reference: &'a str, base: &str) -> &'a str {
    let local = reference.strip_prefix(base).map_or(reference, |rest| rest.trim_start_matches('/'));
    local.split_once("/_history/").map_or(local, |(before, _)| before)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(map) => map.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

/// The text of a Reference.
pub(super) fn reference(value: &Value) -> Option<&str> {
    value.get("reference").and_then(Value::as_str)
}

/// Does any code of a value satisfy the test? A CodeableConcept, Coding, Identifier, code or boolean.
fn codes(value: &Value, system: &str, test: &mut dyn FnMut(&str, &str) -> bool) -> bool {
    match value {
        // A plain code has the system of its binding, and may be asked for as if it had none.
        Value::String(code) => test(system, code) || (!system.is_empty() && test("", code)),
        Value::Bool(yes) => test("", if *yes { "true" } else { "false" }),
        Value::Object(map) => {
            if let Some(codings) = map.get("coding").and_then(Value::as_array) {
                return codings.iter().any(|coding| codes(coding, system, test));
            }
            let part = |name: &str| map.get(name).and_then(Value::as_str);
            let Some(code) = part("code").or_else(|| part("value")) else { return false };
            test(part("system").unwrap_or_default(), code)
        }
        _ => false,
    }
}

/// Do the words of a concept hold one of these?
fn words(value: &Value, any: &[String]) -> bool {
    let fits = |text: Option<&Value>| {
        text.and_then(Value::as_str)
            .is_some_and(|text| any.iter().any(|wanted| text_fits(text, wanted, TextMatch::Begins)))
    };
    fits(value.get("text"))
        || fits(value.get("display"))
        || fits(value.pointer("/type/text"))
        || value
            .get("coding")
            .and_then(Value::as_array)
            .is_some_and(|list| list.iter().any(|coding| fits(coding.get("display"))))
}

/// Lower case without diacritics.
pub(in crate::r4) fn fold(text: &str) -> String {
    text.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).flat_map(char::to_lowercase).collect()
}

fn text_fits(text: &str, wanted: &str, how: TextMatch) -> bool {
    match how {
        TextMatch::Exact => text == wanted,
        TextMatch::Contains => fold(text).contains(wanted),
        TextMatch::Begins => {
            let text = fold(text);
            let starts = text.match_indices(|c: char| !c.is_alphanumeric()).map(|(at, gap)| at + gap.len());
            std::iter::once(0).chain(starts).any(|at| text[at..].starts_with(wanted))
        }
    }
}

fn is_below(uri: &str, wanted: &str) -> bool {
    uri.strip_prefix(wanted).is_some_and(|rest| wanted.ends_with('/') || rest.starts_with(['/', '#', '|']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_walks_through_lists() {
        let consent = json!({"provision": {"actor": [{"reference": {"reference": "Patient/a"}}, {"reference": {"reference": "PractitionerRole/b"}}]}});
        let mut seen = Vec::new();
        any(&consent, &["provision", "actor", "reference"], &mut |value| {
            seen.push(reference(value).unwrap().to_owned());
            false
        });
        assert_eq!(seen, ["Patient/a", "PractitionerRole/b"]);
    }

    #[test]
    fn words_are_found_by_their_beginning_whatever_the_accents() {
        for (text, wanted, fits) in [
            ("van Huissen", "huis", true),
            ("Jansen-de Vries", "de vries", true),
            ("Yüksel", "yuk", true),
            ("Hartman", "man", false),
        ] {
            assert_eq!(text_fits(text, wanted, TextMatch::Begins), fits, "{text}");
        }
        assert!(text_fits("Hartman", "man", TextMatch::Contains));
        assert!(!text_fits("Hartman", "hartman", TextMatch::Exact));
    }

    #[test]
    fn what_stands_beneath_a_uri() {
        assert!(is_below("http://a/b/c", "http://a/b") && !is_below("http://a/bc", "http://a/b"));
    }
}
