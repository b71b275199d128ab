//! An address as a QR code, drawn as one path of an SVG.

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// Modules of white around it, as readers want them.
const QUIET: usize = 4;

/// A drawn code: its side in modules, and the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Side of the square, white included.
    pub side: usize,
    /// `d` of the path: a square for each dark module.
    pub path: String,
}

/// Draws an address; `None` where it is too long for a code.
pub fn draw(address: &str) -> Option<Drawn> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (i, colour) in code.to_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            // Writing to a string cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", i % width + QUIET, i / width + QUIET);
        }
    }
    Some(Drawn { side: width + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_square_with_three_corners() {
        let drawn = draw("http://localhost:8080/welkom?code=ABCD-EFGH-JKLM").unwrap();
        let end = drawn.side - QUIET - 1;
        for (x, y) in [(QUIET, QUIET), (end, QUIET), (QUIET, end)] {
            assert!(drawn.path.contains(&format!("M{x} {y}h1v1h-1z")), "a finder in the corner {x} {y}");
        }
        assert_eq!(draw(&"x".repeat(5000)), None);
    }
}
