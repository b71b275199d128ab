//! An address as a QR code: its modules, for paper, and drawn as one path of an SVG.

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

/// The modules of an address, row by row; true is dark. `None` where it is too long for a code.
pub fn modules(address: &str) -> Option<Vec<Vec<bool>>> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let dark: Vec<bool> = code.to_colors().into_iter().map(|c| c == Color::Dark).collect();
    Some(dark.chunks(code.width()).map(<[bool]>::to_vec).collect())
}

/// Draws an address; `None` where it is too long for a code.
pub fn draw(address: &str) -> Option<Drawn> {
    let modules = modules(address)?;
    let mut path = String::new();
    for (y, row) in modules.iter().enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, dark)| **dark) {
            // Writing to a string cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    Some(Drawn { side: modules.len() + 2 * QUIET, path })
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
