//! The letters a sheet is set with, and what becomes of a character that none of them holds.
//!
//! Atkinson Hyperlegible for what is Latin (the same as on the pages, here as TrueType), DejaVu Sans for what it lacks:
//! Arabic, Greek, Cyrillic, Hebrew and signs. PDF/A forbids a missing glyph, so what neither has becomes an empty box:
//! one sees that something stood there.

use ciborium::Value;
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

/// A word of more characters may be wider than what it stands in.
const WIDE: usize = 40;

/// Such a word may be broken after so many.
const PIECE: usize = 20;

/// Makes every text of a sheet fit to be set.
pub(crate) fn clean(value: &mut Value) {
    match value {
        Value::Text(text) => {
            if !text.chars().all(|c| c == '\n' || c == ' ' || c.is_ascii_graphic()) {
                *text = cleaned(text);
            }
            if text.split_whitespace().any(is_wide) {
                *text = breakable(text);
            }
        }
        Value::Array(all) => all.iter_mut().for_each(clean),
        Value::Map(all) => all.iter_mut().for_each(|(_, value)| clean(value)),
        _ => {}
    }
}

fn cleaned(text: &str) -> String {
    text.nfc().filter_map(shown).collect()
}

/// Addresses break at their slashes.
fn is_wide(word: &str) -> bool {
    word.len() > WIDE && !word.contains("://")
}

/// With places in wide words where a line may end; they cannot be seen.
fn breakable(text: &str) -> String {
    let part = |word: &str| {
        let mut parted = String::new();
        let mut since = 0;
        for c in word.chars() {
            // Never between a letter and its mark.
            if since >= PIECE && c.is_alphanumeric() {
                parted.push('\u{200B}');
                since = 0;
            }
            parted.push(c);
            since += 1;
        }
        parted
    };
    let word = |word: &str| if is_wide(word.trim_end()) { part(word) } else { word.to_owned() };
    text.split_inclusive(char::is_whitespace).map(word).collect()
}

/// The character as it is set; none where it is not to be seen. Marks that turn the direction of what follows are
/// dropped: they could make a sentence read as something that was never written.
fn shown(c: char) -> Option<char> {
    match c {
        '\n' => Some(c),
        '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        _ if c.is_control() => None,
        '\u{200C}' | '\u{200D}' => Some(c).filter(|c| covered(*c)),
        '\u{00AD}'
        | '\u{061C}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}' => None,
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
    fn a_word_too_wide_for_a_line_may_be_broken_and_no_other() {
        let said = ["a".repeat(45), "een woord".to_owned(), format!("https://{}", "b".repeat(50))];
        let mut said = Value::serialized(&said).unwrap();
        clean(&mut said);
        let piece = "a".repeat(20);
        let said: Vec<&str> = said.as_array().unwrap().iter().filter_map(Value::as_text).collect();
        assert_eq!(said[0], format!("{piece}\u{200B}{piece}\u{200B}aaaaa"));
        assert_eq!((said[1], said[2].len()), ("een woord", 58));
    }

    #[test]
    fn what_is_not_to_be_seen_is_dropped() {
        assert_eq!(
            cleaned("niet\u{202E} reanimeren\u{0}\u{7}\u{FEFF}\u{AD}\ten\r\nverder"),
            "niet reanimeren en\nverder"
        );
    }
}
