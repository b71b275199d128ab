//! A drawing: lines, shapes and words at places of a plane, for charts. On paper it is set in black and greys; whoever
//! shows it elsewhere draws the same shapes.

use serde::Serialize;

/// A place: from the left, from the top.
pub type At = (f64, f64);

/// How a line is drawn. Each has a look of its own, so that none needs a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pen {
    /// Thin and soft: to measure by.
    Grid,
    /// Thick: what it is about.
    Main,
    /// Thin: a middle, or what others are held against.
    Middle,
    /// In dashes: a limit.
    Limit,
    /// In dots: a limit further away.
    Far,
}

/// To which side of its place a word goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Anchor {
    /// It begins there.
    Start,
    /// It has its middle there.
    Middle,
    /// It ends there.
    End,
}

/// One shape.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Shape {
    /// A line through points.
    Line {
        /// The points; two or more.
        points: Vec<At>,
        /// How.
        pen: Pen,
    },
    /// A filled rectangle.
    Rect {
        /// Its corner at the top left.
        at: At,
        /// Width and height.
        size: At,
    },
    /// A filled circle.
    Circle {
        /// Its middle.
        at: At,
        /// Its radius.
        radius: f64,
    },
    /// A word on a line.
    Text {
        /// Where its line is.
        at: At,
        /// To which side.
        anchor: Anchor,
        /// The word.
        text: String,
        /// What it is about, rather than what it is measured by.
        strong: bool,
    },
}

/// A drawing.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Drawing {
    /// What it is.
    pub title: String,
    /// What it shows, for who cannot see it.
    pub alt: String,
    /// How wide it is, in the units of its places.
    pub width: f64,
    /// How high.
    pub height: f64,
    /// What is drawn, from the back to the front.
    pub shapes: Vec<Shape>,
}
