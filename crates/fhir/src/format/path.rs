//! Where in a resource something is, as a chain on the stack that is only written out when there is something to say.

use std::fmt;

/// One step of a path; the chain of `parent` leads to the root.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    name: &'a str,
    index: Option<usize>,
    /// Objects and arrays that are open here.
    pub depth: usize,
}

impl<'a> Path<'a> {
    /// The resource itself, by its type.
    pub fn root(name: &'a str) -> Self {
        Path { parent: None, name, index: None, depth: 1 }
    }

    /// An element of this one, single.
    pub fn element(&'a self, name: &'a str) -> Path<'a> {
        Path { parent: Some(self), name, index: None, depth: self.depth + 1 }
    }

    /// An element of this one, the `index`th of several (from 0).
    pub fn nth(&'a self, name: &'a str, index: usize) -> Path<'a> {
        Path { parent: Some(self), name, index: Some(index), depth: self.depth + 2 }
    }

    /// The `index`th of this one, which turns out to be a list while it is read.
    pub fn at(&self, index: usize) -> Path<'a> {
        Path { parent: self.parent, name: self.name, index: Some(index), depth: self.depth + 1 }
    }

    /// Whether this is an element of the root.
    pub fn is_at_root(&self) -> bool {
        self.parent.is_some_and(|parent| parent.parent.is_none())
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        // A nameless root (a body whose type is not known yet) leaves no dot behind.
        if self.parent.is_some_and(|parent| parent.parent.is_some() || !parent.name.is_empty()) {
            f.write_str(".")?;
        }
        f.write_str(shown(self.name))?;
        self.index.map_or(Ok(()), |index| write!(f, "[{index}]"))
    }
}

/// A name as it may be repeated in an answer: names come from the sender, and a key can be a number that identifies somebody.
pub(super) fn shown(name: &str) -> &str {
    let letters = name.strip_prefix('_').unwrap_or(name);
    let digits = letters.bytes().filter(u8::is_ascii_digit).count();
    if name.is_empty() || (is_name(letters) && letters.len() <= 64 && digits < 4) { name } else { "(onbekende naam)" }
}

/// Whether this can be the name of a FHIR element or resource: a letter, then letters and digits.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_like_fhirpath() {
        let root = Path::root("QuestionnaireResponse");
        let item = root.nth("item", 2);
        let answer = item.nth("answer", 0);
        let coding = answer.element("valueCoding");
        assert_eq!(coding.element("code").to_string(), "QuestionnaireResponse.item[2].answer[0].valueCoding.code");
        assert_eq!(coding.depth, 6);
        let nameless = Path::root("");
        assert_eq!(nameless.nth("item", 1).to_string(), "item[1]");
        assert_eq!(nameless.nth("item", 1).element("text").to_string(), "item[1].text");
    }

    #[test]
    fn a_name_that_may_identify_somebody_is_not_repeated() {
        assert_eq!(shown("_birthDate"), "_birthDate");
        assert_eq!(shown("999990019"), "(onbekende naam)");
        assert_eq!(shown("bsn999990019"), "(onbekende naam)");
        assert_eq!(shown("Jan Jansen"), "(onbekende naam)");
    }
}
