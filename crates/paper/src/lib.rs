//! A plan on paper. A sheet is plain: headings, lines, small print; whoever fills it knows what a plan is, this crate
//! does not. So far a sheet becomes text, to copy into another record (R7) or to print.

mod text;

pub use text::to_text;

/// One document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// Title.
    pub title: String,
    /// Lines under the title: whose plan, which version.
    pub about: Vec<String>,
    /// Sections, in order.
    pub sections: Vec<Section>,
    /// Lines at the end.
    pub foot: Vec<String>,
}

/// One section of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// Heading, with its number.
    pub heading: String,
    /// What stands there.
    pub lines: Vec<Line>,
}

/// One line of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is about.
    pub label: String,
    /// What is said.
    pub says: String,
    /// Why, and further explanation.
    pub because: Option<String>,
    /// Small print: since when, by whom.
    pub small: Option<String>,
}
