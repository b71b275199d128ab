//! Mapping files: TOML, as the configuration is.

use domain::extract::{Layout, LayoutFile};

/// The layout that a mapping file describes; the own one where it is empty.
///
/// # Errors
/// Dutch sentences: what is wrong with it, and where.
pub fn layout(text: &str) -> Result<Layout, Vec<String>> {
    if text.trim().is_empty() {
        return Ok(Layout::default());
    }
    let file: LayoutFile = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        vec![format!("Regel {line} van de indeling is niet te lezen: {}.", error.message().trim_end_matches('.'))]
    })?;
    Layout::of(&file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::extract::Encoding;

    #[test]
    fn a_mapping_file_is_toml() {
        let text = "naam = \"Voorbeeld-HIS\"\nscheiding = \"tab\"\ntekens = \"windows-1252\"\ndatums = [\"dd-mm-jjjj\"]\n\
                    [kolommen]\nbsn = \"BSN nummer\"\n[waarden.episode_status]\nlopend = \"actief\"\n";
        let layout = layout(text).unwrap();
        assert_eq!((layout.name.as_str(), layout.separator), ("Voorbeeld-HIS", Some(b'\t')));
        assert_eq!(layout.encoding, Encoding::Windows1252);
        assert_eq!(super::layout("  \n").unwrap(), Layout::default());
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line() {
        assert!(layout("naam = \"x\"\nkolom = 1\n").unwrap_err()[0].starts_with("Regel 2 "));
        assert!(layout("datums = [\"eeuw\"]").unwrap_err()[0].starts_with("datums:"));
    }
}
