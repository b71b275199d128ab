//! The marks of the look: a shape of its own for each meaning, so that colour never carries it alone.

use domain::words;

/// What a statement means at a glance, as it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mark {
    /// A decision, or that nothing is known.
    Of(words::Mark),
    /// No decision: a text.
    #[default]
    Plain,
}

/// Nothing was said, or nobody knows.
pub const UNKNOWN: Mark = Mark::Of(words::Mark::Unknown);

impl From<Option<words::Mark>> for Mark {
    fn from(mark: Option<words::Mark>) -> Self {
        mark.map_or(Self::Plain, Self::Of)
    }
}

impl Mark {
    /// Is there something to see?
    pub fn is_shown(&self) -> bool {
        *self != Self::Plain
    }

    /// Name in the stylesheet.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Of(mark) => mark.token(),
            Self::Plain => "plain",
        }
    }

    /// The drawing, in a box of 24 by 24: a disc with a tick, an octagon with a cross, a diamond with waves, a broken
    /// ring with a question mark.
    pub fn shape(&self) -> &'static str {
        match self {
            Self::Of(words::Mark::Do) => {
                r#"<circle class="body" cx="12" cy="12" r="11"/><path class="sign" d="M6.8 12.6l3.6 3.6 6.9-7.6"/>"#
            }
            Self::Of(words::Mark::DoNot) => {
                r#"<path class="body" d="M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.6V7.4z"/><path class="sign" d="M8 8l8 8M16 8l-8 8"/>"#
            }
            Self::Of(words::Mark::But) => {
                r#"<path class="body" d="M12 .4L23.6 12 12 23.6.4 12z"/><path class="sign" d="M7.4 10.4c1.5-1.5 3.1-1.5 4.6 0s3.1 1.5 4.6 0M7.4 14.6c1.5-1.5 3.1-1.5 4.6 0s3.1 1.5 4.6 0"/>"#
            }
            Self::Of(words::Mark::Unknown) => {
                r#"<circle class="body" cx="12" cy="12" r="10.6"/><path class="sign" d="M9.3 9.4a2.8 2.8 0 1 1 4.1 2.5c-1 .6-1.4 1.1-1.4 2.1M12 17.2v.1"/>"#
            }
            Self::Plain => "",
        }
    }
}
