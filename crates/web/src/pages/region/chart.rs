//! Charts: drawn once, for the page and for paper, so that they say the same in black and white. On a page they are SVG with a
//! title, beside a table; nothing in them is set by style attributes, which the pages do not allow.

use super::words::{SHORT, decimal};
use domain::figures::{Limits, limits};
use paper::{Anchor, At, Drawing, Pen, Shape};
use std::fmt::Write as _;

/// Something with a share, or without one that is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// What it is of.
    pub name: String,
    /// The share; absent: nothing to draw.
    pub percent: Option<f64>,
    /// Too few people, rather than nobody.
    pub hidden: bool,
}

/// An organisation in a funnel plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    /// Its number in the table, or what else it is called.
    pub label: String,
    /// How many people it is about.
    pub size: u32,
    /// The share.
    pub percent: f64,
    /// Further from the region than chance would bring it.
    pub outside: bool,
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 300.0;
/// Room for the words at the left and beneath.
const LEFT: f64 = 48.0;
const BOTTOM: f64 = 40.0;
const TOP: f64 = 16.0;

fn number(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// How high a share lies.
fn height(percent: f64) -> f64 {
    TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - percent / 100.0)
}

fn word(at: At, anchor: Anchor, text: impl Into<String>, strong: bool) -> Shape {
    Shape::Text { at, anchor, text: text.into(), strong }
}

/// A word at a point, above it where there is room.
fn value(x: f64, y: f64, text: String) -> Shape {
    let above = if y < TOP + 20.0 { y + 22.0 } else { y - 10.0 };
    word((x, above), Anchor::Middle, text, true)
}

/// The lines at each quarter of the height, with what they stand for.
fn grid() -> Vec<Shape> {
    let at = |percent: u32| {
        let y = height(f64::from(percent));
        let line = Shape::Line { points: vec![(LEFT, y), (WIDTH, y)], pen: Pen::Grid };
        [line, word((LEFT - 6.0, y + 4.0), Anchor::End, format!("{percent}%"), false)]
    };
    [0, 25, 50, 75, 100].into_iter().flat_map(at).collect()
}

fn said(points: &[Point]) -> String {
    let one = |p: &Point| match p.percent {
        Some(percent) => format!("{}: {}%", p.name, decimal(percent)),
        None if p.hidden => format!("{}: {SHORT}", p.name),
        None => format!("{}: niemand", p.name),
    };
    points.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// A line through the years; a year that is not shown breaks it.
pub fn trend(title: &str, points: &[Point]) -> Drawing {
    let mut shapes = grid();
    let step = (WIDTH - LEFT) / number(points.len().max(1));
    let place = |i: usize, percent: f64| (LEFT + step * (number(i) + 0.5), height(percent));
    for (i, pair) in points.windows(2).enumerate() {
        if let (Some(from), Some(to)) = (pair[0].percent, pair[1].percent) {
            shapes.push(Shape::Line { points: vec![place(i, from), place(i + 1, to)], pen: Pen::Main });
        }
    }
    for (i, point) in points.iter().enumerate() {
        let (x, y) = place(i, point.percent.unwrap_or(0.0));
        if let Some(percent) = point.percent {
            shapes.push(Shape::Circle { at: (x, y), radius: 5.0 });
            shapes.push(value(x, y, format!("{}%", decimal(percent))));
        }
        shapes.push(word((x, HEIGHT - 14.0), Anchor::Middle, point.name.clone(), false));
    }
    Drawing { title: title.to_owned(), alt: said(points), width: WIDTH, height: HEIGHT, shapes }
}

/// Bars beneath their names.
pub fn bars(title: &str, points: &[Point]) -> Drawing {
    const ROW: f64 = 52.0;
    let mut shapes = Vec::new();
    for (i, point) in points.iter().enumerate() {
        let y = ROW * number(i) + 8.0;
        let long = (WIDTH - 120.0) * point.percent.unwrap_or(0.0) / 100.0;
        let says = match point.percent {
            Some(percent) => format!("{}%", decimal(percent)),
            None if point.hidden => SHORT.to_owned(),
            None => "niemand".to_owned(),
        };
        shapes.push(word((0.0, y + 12.0), Anchor::Start, domain::words::capitalised(&point.name), false));
        shapes.push(Shape::Rect { at: (0.0, y + 18.0), size: (long.max(1.0), 18.0) });
        shapes.push(word((long + 8.0, y + 32.0), Anchor::Start, says, true));
    }
    Drawing {
        title: title.to_owned(),
        alt: said(points),
        width: WIDTH,
        height: ROW * number(points.len()) + 8.0,
        shapes,
    }
}

/// Sizes at which the limits are drawn: closer together where they bend most.
fn sizes(largest: u32) -> Vec<u32> {
    let at = |i: u64| u32::try_from(u64::from(largest) * i * i / 1600).unwrap_or(largest).max(1);
    let mut all: Vec<u32> = (0..=40).map(at).collect();
    all.dedup();
    all
}

/// The numbers of dots, as far as each can be read: those outside the limits first.
fn labels(dots: &[Dot], at: impl Fn(&Dot) -> At) -> Vec<Shape> {
    let mut placed: Vec<At> = Vec::new();
    let mut shapes = Vec::new();
    for dot in dots.iter().filter(|d| d.outside).chain(dots.iter().filter(|d| !d.outside)) {
        let here = at(dot);
        if placed.iter().all(|there| (there.0 - here.0).abs() > 18.0 || (there.1 - here.1).abs() > 14.0) {
            placed.push(here);
            shapes.push(value(here.0, here.1, dot.label.clone()));
        }
    }
    shapes
}

/// A funnel plot: organisations by size and share, between the limits of chance around the region's share.
pub fn funnel(title: &str, region: f64, dots: &[Dot]) -> Drawing {
    let mut shapes = grid();
    let most = dots.iter().map(|d| d.size).max().unwrap_or(1);
    let largest = most.saturating_add(most / 10).saturating_add(1);
    let x = |size: u32| LEFT + (WIDTH - LEFT - 8.0) * f64::from(size) / f64::from(largest);
    let y = height(region);
    shapes.push(Shape::Line { points: vec![(LEFT, y), (WIDTH, y)], pen: Pen::Middle });
    let all: Vec<(u32, Limits)> =
        sizes(largest).into_iter().filter_map(|n| Some((n, limits(region / 100.0, n)?))).collect();
    let mut curve = |pen, of: &dyn Fn(&Limits) -> f64| {
        let points = all.iter().map(|(n, l)| (x(*n), height(of(l) * 100.0))).collect();
        shapes.push(Shape::Line { points, pen });
    };
    curve(Pen::Limit, &|l| l.inner.0);
    curve(Pen::Limit, &|l| l.inner.1);
    curve(Pen::Far, &|l| l.outer.0);
    curve(Pen::Far, &|l| l.outer.1);
    for dot in dots {
        let at = (x(dot.size), height(dot.percent));
        shapes.push(if dot.outside {
            Shape::Rect { at: (at.0 - 5.0, at.1 - 5.0), size: (10.0, 10.0) }
        } else {
            Shape::Circle { at, radius: 5.0 }
        });
    }
    shapes.extend(labels(dots, |dot| (x(dot.size), height(dot.percent))));
    for (size, anchor) in [(0, Anchor::Middle), (largest / 2, Anchor::Middle), (largest, Anchor::End)] {
        shapes.push(word((x(size), HEIGHT - 22.0), anchor, size.to_string(), false));
    }
    shapes.push(word((WIDTH, HEIGHT - 4.0), Anchor::End, "aantal mensen in de noemer", false));
    let outside = dots.iter().filter(|d| d.outside).count();
    let alt = format!(
        "{} organisaties rond {}% van de hele regio; {outside} daarvan verder weg dan toeval verklaart",
        dots.len(),
        decimal(region)
    );
    Drawing { title: title.to_owned(), alt, width: WIDTH, height: HEIGHT, shapes }
}

/// Text as it may stand in SVG.
fn safe(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A drawing as SVG, to be put into a page.
pub fn svg(drawing: &Drawing) -> String {
    let (title, alt) = (safe(&drawing.title), safe(&drawing.alt));
    let mut out = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{title}. {alt}.\">\
         <title>{title}</title><desc>{alt}</desc>",
        drawing.width, drawing.height
    );
    for shape in &drawing.shapes {
        let _ = match shape {
            Shape::Line { points, pen } => {
                let class = match pen {
                    Pen::Grid => "grid",
                    Pen::Main => "main",
                    Pen::Middle => "middle",
                    Pen::Limit => "limit",
                    Pen::Far => "far",
                };
                let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
                write!(out, "<polyline class=\"{class}\" points=\"{}\"/>", points.join(" "))
            }
            Shape::Rect { at: (x, y), size: (wide, high) } => {
                write!(out, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\"/>")
            }
            Shape::Circle { at: (x, y), radius } => {
                write!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"/>")
            }
            Shape::Text { at: (x, y), anchor, text, strong } => {
                let anchor = match anchor {
                    Anchor::Start => "start",
                    Anchor::Middle => "middle",
                    Anchor::End => "end",
                };
                let class = if *strong { "value" } else { "label" };
                write!(
                    out,
                    "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>",
                    safe(text)
                )
            }
        };
    }
    out.push_str("</svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_tells_in_words_what_it_draws_and_takes_no_markup() {
        let point = |name: &str, percent, hidden| Point { name: name.to_owned(), percent, hidden };
        let svg =
            svg(&trend("Heeft een \"plan\"", &[point("2025", Some(61.25), false), point("2026 <b>", None, true)]));
        assert!(svg.contains("<title>Heeft een &quot;plan&quot;</title>"), "{svg}");
        assert!(svg.contains("2025: 61,2%; 2026 &lt;b&gt;: verborgen"), "{svg}");
        assert!(!svg.contains("style=") && !svg.contains("<b>"), "{svg}");
    }

    #[test]
    fn who_is_outside_the_limits_has_another_shape() {
        let dot = |label: &str, outside| Dot { label: label.to_owned(), size: 40, percent: 50.0, outside };
        let svg = svg(&funnel("Spreiding", 50.0, &[dot("1", false), dot("2", true)]));
        assert_eq!((svg.matches("<circle").count(), svg.matches("<rect").count()), (1, 1));
        assert!(svg.contains("1 daarvan verder weg dan toeval verklaart"), "{svg}");
        assert_eq!((svg.matches("class=\"limit\"").count(), svg.matches("class=\"far\"").count()), (2, 2));
    }

    #[test]
    fn numbers_that_would_cover_each_other_give_way_to_those_outside() {
        let dot = |label: &str, size, outside| Dot { label: label.to_owned(), size, percent: 50.0, outside };
        let svg = svg(&funnel("Spreiding", 50.0, &[dot("1", 40, false), dot("2", 41, true), dot("3", 20, false)]));
        assert!(svg.contains(">2</text>") && svg.contains(">3</text>") && !svg.contains(">1</text>"), "{svg}");
    }

    #[test]
    fn the_limits_are_drawn_from_the_smallest_to_the_largest() {
        let all = sizes(1000);
        assert!(all.is_sorted() && all[0] == 1 && *all.last().unwrap() == 1000);
        assert_eq!(sizes(1), [1]);
    }
}
