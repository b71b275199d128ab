//! The letters a sheet is set with, and what becomes of a character that none of them holds.
//!
//! Atkinson Hyperlegible for what is Latin (the same as on the pages, here as TrueType), DejaVu Sans for what it lacks:
//! Arabic, Greek, Cyrillic, Hebrew and signs. PDF/A forbids a missing glyph, so what neither has becomes an empty box:
//! one sees that something stood there.

use serde_json::Value;
use std::sync::LazyLock;
use typst::text::FontInfo;
use unicode_normalization::UnicodeNormalization;

/// The fonts, preferred first; regular and bold of each.
pub(crate) const FONTS: [fn() -> &'static [u8]; 4] = [
    || include_bytes!("../assets/fonts/atkinson-hyperlegible-400.ttf"),
    || include_bytes!("../assets/fonts/atkinson-hyperlegible-700.ttf"),
    dejavu::sans::regular,
    dejavu::sans::bold,
];

/// What stands for a character that cannot be shown.
const BOX: char = '\u{25A1}';

/// Which characters each pair of regular and bold holds.
static COVERED: LazyLock<Vec<FontInfo>> =
    LazyLock::new(|| FONTS.iter().filter_map(|file| FontInfo::new(file(), 0)).collect());

fn covered(c: char) -> bool {
    COVERED.chunks(2).any(|pair| pair.iter().all(|font| font.coverage.contains(u32::from(c))))
}

/// Makes every text of a sheet fit to be set.
pub(crate) fn clean(value: &mut Value) {
    match value {
        Value::String(text) if text.chars().all(|c| c == '\n' || c == ' ' || c.is_ascii_graphic()) => {}
        Value::String(text) => *text = cleaned(text),
        Value::Array(all) => all.iter_mut().for_each(clean),
        Value::Object(all) => all.values_mut().for_each(clean),
        _ => {}
    }
}

fn cleaned(text: &str) -> String {
    text.nfc().filter_map(shown).collect()
}

/// The character as it is set; none where it is not to be seen. Marks that turn the direction of what follows are
/// dropped: they could make a sentence read as something that was never written.
fn shown(c: char) -> Option<char> {
    match c {
        '\n' => Some(c),
        '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        _ if c.is_control() => None,
        '\u{200C}' | '\u{200D}' => Some(c).filter(|c| covered(*c)),
        '\u{00AD}' | '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}' => None,
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' => Some(BOX),
        _ if covered(c) => Some(c),
        _ => Some(BOX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_shown_stays_and_what_cannot_becomes_a_box() {
        assert_eq!(cleaned("Zoë Şahin-Łukasz ✓ ≈ محمد Ελένη Дарья"), "Zoë Şahin-Łukasz ✓ ≈ محمد Ελένη Дарья");
        assert_eq!(cleaned("王 🙂 \u{E123}"), "□ □ □");
        assert_eq!(cleaned("e\u{301}e\u{308}"), "éë");
    }

    #[test]
    fn what_is_not_to_be_seen_is_dropped() {
        assert_eq!(cleaned("niet\u{202E} reanimeren\u{0}\u{7}\u{FEFF}\u{AD}\ten\r\nverder"), "niet reanimeren en\nverder");
    }
}
