//! Numbers in words, on every page of figures alike.

use domain::figures::{Line, Shown};
use domain::words::number;

/// What stands in a file where there are too few people.
pub const HIDDEN: &str = "te weinig mensen om te tonen";

/// What stands on the page and on paper: some of these are large groups, hidden for the sake of a small one.
pub const SHORT: &str = "verborgen";

/// What that word means.
pub const WHY_HIDDEN: &str =
    "Verborgen: te weinig mensen om te tonen, of genoeg, maar dan zou een te kleine groep terug te rekenen zijn.";

/// Per cent with one decimal, as it is written here: `61,2%`.
pub fn percent(line: Line) -> Option<String> {
    line.percent().map(|p| format!("{}%", decimal(p)))
}

/// A number with one decimal and a comma.
pub fn decimal(number: f64) -> String {
    format!("{number:.1}").replace('.', ",")
}

/// A share with its numbers: `61,2% (120 van 196)`.
pub fn line(line: Line) -> String {
    match percent(line) {
        Some(percent) => format!("{percent} ({} van {})", number(line.above), number(line.of)),
        None => "niemand".to_owned(),
    }
}

/// Weeks, in words.
pub fn weeks(weeks: u16) -> String {
    match weeks {
        0 => "minder dan een week".to_owned(),
        1 => "een week".to_owned(),
        n => format!("{n} weken"),
    }
}

/// The cells of a row for a person: numerator, denominator, per cent, left out; or in the first why nothing stands there.
pub fn cells(shown: Shown) -> [String; 4] {
    cells_with(shown, SHORT, number)
}

/// The same for a program, which wants a number as its digits.
pub fn file_cells(shown: Shown) -> [String; 4] {
    cells_with(shown, HIDDEN, |count| count.to_string())
}

fn cells_with(shown: Shown, instead: &str, number: impl Fn(u32) -> String) -> [String; 4] {
    match shown.line() {
        Some(of) => {
            let percent = percent(of).unwrap_or_else(|| "–".to_owned());
            [number(of.above), number(of.of), percent, number(of.unknown)]
        }
        None => [instead.to_owned(), String::new(), String::new(), String::new()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_as_one_says_them_here() {
        let of = Line { above: 1, of: 3, unknown: 0 };
        assert_eq!((line(of), line(Line::default())), ("33,3% (1 van 3)".into(), "niemand".into()));
        assert_eq!(cells(Shown::Hidden), [SHORT, "", "", ""]);
        assert_eq!((weeks(0), weeks(1), weeks(7)), ("minder dan een week".into(), "een week".into(), "7 weken".into()));
        assert_eq!(cells(Shown::Line(of)), ["1", "3", "33,3%", "0"]);
        let many = Shown::Line(Line { above: 1000, of: 2000, unknown: 0 });
        assert_eq!((cells(many)[0].as_str(), file_cells(many)[0].as_str()), ("1.000", "1000"));
        assert_eq!(file_cells(Shown::Hidden)[0], HIDDEN);
    }
}
