//! Quarters of a year: the finest period that a figure knows.

use jiff::civil::Date;
use std::fmt;

/// A quarter of a calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quarter {
    /// The year.
    pub year: i16,
    /// 1 to 4.
    pub quarter: i8,
}

impl Quarter {
    /// The quarter a day falls in.
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), quarter: (day.month() - 1) / 3 + 1 }
    }

    /// The quarter with this code, `2026-3`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, quarter) = text.split_once('-')?;
        let (year, quarter) = (year.parse().ok()?, quarter.parse().ok()?);
        ((1900..=2999).contains(&year) && (1..=4).contains(&quarter)).then_some(Self { year, quarter })
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.year, self.quarter)
    }
}
