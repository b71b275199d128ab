//! What kind of file something is, by what is in it and not by what it is called.

use crate::coded::coded;

/// The largest file, in bytes: 20 MB.
pub const LARGEST: usize = 20 << 20;

coded! {
    /// Files that are taken.
    pub enum Media {
        Pdf "application/pdf" "PDF";
        Jpeg "image/jpeg" "JPEG";
        Png "image/png" "PNG";
    }
}

impl Media {
    /// How a file's name ends.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// There is nothing in it.
    #[error("Dit bestand is leeg. Kies een ander bestand.")]
    Empty,
    /// There is too much in it.
    #[error("Dit bestand is groter dan 20 MB. Scan het met een lagere resolutie, of in zwart-wit.")]
    TooLarge,
    /// It is something else, whatever it is called.
    #[error(
        "Dit bestand is geen PDF, JPEG of PNG, ook als de naam dat zegt. Sla het document op als PDF, of maak er een foto van."
    )]
    Other,
    /// Its end is missing.
    #[error("Dit bestand is niet heel: het einde ontbreekt. Maak het opnieuw en kies het nog eens.")]
    CutOff,
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|w| w == part)
}

/// Which kind of file this is.
///
/// # Errors
/// [`Unfit`], as a sentence.
pub fn media(bytes: &[u8]) -> Result<Media, Unfit> {
    if bytes.is_empty() {
        return Err(Unfit::Empty);
    }
    if bytes.len() > LARGEST {
        return Err(Unfit::TooLarge);
    }
    // Some scanners put something behind the end; more than this is no longer the end.
    let tail = &bytes[bytes.len().saturating_sub(4096)..];
    let (media, end): (Media, &[u8]) = if bytes.starts_with(b"%PDF-") {
        (Media::Pdf, b"%%EOF")
    } else if bytes.starts_with(b"\xFF\xD8\xFF") {
        (Media::Jpeg, b"\xFF\xD9")
    } else if bytes.starts_with(PNG) && bytes.get(12..16) == Some(b"IHDR") {
        (Media::Png, b"IEND")
    } else {
        return Err(Unfit::Other);
    };
    if holds(tail, end) { Ok(media) } else { Err(Unfit::CutOff) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_is_in_it() {
        let png = [PNG, b"\x00\x00\x00\x0dIHDR", &[7; 30], b"IEND\xAE\x42\x60\x82"].concat();
        for (bytes, is) in [
            (&b"%PDF-1.7\n1 0 obj\n%%EOF\n"[..], Ok(Media::Pdf)),
            (b"\xFF\xD8\xFF\xE0 photo \xFF\xD9", Ok(Media::Jpeg)),
            (&png, Ok(Media::Png)),
            (b"", Err(Unfit::Empty)),
            (b"%PDF-1.7\n1 0 obj\n", Err(Unfit::CutOff)),
            (&png[..40], Err(Unfit::CutOff)),
            (b"<!doctype html><script>alert(1)</script>%PDF-1.7 %%EOF", Err(Unfit::Other)),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", Err(Unfit::Other)),
            (b"PK\x03\x04 a document of another program", Err(Unfit::Other)),
            (b"MZ\x90\x00", Err(Unfit::Other)),
        ] {
            assert_eq!(media(bytes), is, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn twenty_megabytes_is_the_most() {
        let mut bytes = b"%PDF-1.7\n".to_vec();
        bytes.resize(LARGEST - 5, b' ');
        bytes.extend_from_slice(b"%%EOF");
        assert_eq!(media(&bytes), Ok(Media::Pdf));
        bytes.push(b'\n');
        assert_eq!(media(&bytes), Err(Unfit::TooLarge));
    }
}
