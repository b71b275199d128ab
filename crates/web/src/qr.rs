//! An address as a QR code: its modules, for paper, and drawn as one path of an SVG.

use qrcode::{Color, EcLevel, QrCode};

/// A drawn code: its side in modules, and the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Side of the square, white included.
    pub side: usize,
    /// `d` of the path: a bar for each dark run.
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
    let (side, path) = paper::bars(&modules(address)?);
    Some(Drawn { side, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_square_with_three_corners() {
        let drawn = draw("http://localhost:8080/welkom?code=ABCD-EFGH-JKLM").unwrap();
        // The finders at the corners are seven wide, within four of white.
        let end = drawn.side - 4 - 7;
        for (x, y) in [(4, 4), (end, 4), (4, end)] {
            assert!(drawn.path.contains(&format!("M{x} {y}h7v1h-7z")), "a finder in the corner {x} {y}");
        }
        assert_eq!(draw(&"x".repeat(5000)), None);
    }
}
