//! The `div` of a narrative: well-formed XHTML, and only what FHIR lets into it (invariants txt-1 and txt-2).

use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::primitive::printable;

/// The namespace of a narrative.
pub(super) const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// How many attributes one tag may have: each is compared with all before it.
pub(super) const MOST_ATTRIBUTES: usize = 64;

/// What is wrong with a narrative, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// Not XML that can stand inside a resource.
    Malformed,
    /// Not one div in the namespace of XHTML.
    NotADiv,
    /// A script, form, frame or other thing that may not be in a narrative.
    Forbidden,
    /// Nothing to read in it.
    Empty,
}

impl Fault {
    /// What to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Fault::Malformed => {
                "De leesbare tekst is geen welgevormde XHTML. Sluit elk element, en schrijf &nbsp; als &#160;."
            }
            Fault::NotADiv => {
                "De leesbare tekst is niet één div. Begin met <div xmlns=\"http://www.w3.org/1999/xhtml\">."
            }
            Fault::Forbidden => {
                "De leesbare tekst bevat wat daarin niet mag, zoals een script, formulier of onbekend attribuut. Gebruik alleen gewone opmaak."
            }
            Fault::Empty => "De leesbare tekst is leeg. Zet er tekst in of laat hem weg.",
        }
    }
}

/// Elements of XHTML that a narrative may hold: HTML 4.0 chapters 7 to 11 and 15, links and images.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "area",
    "b",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "kbd",
    "li",
    "map",
    "ol",
    "p",
    "pre",
    "q",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "ul",
    "var",
];

/// Attributes that those elements may carry.
const ATTRIBUTES: &[&str] = &[
    "abbr",
    "accesskey",
    "align",
    "alt",
    "axis",
    "border",
    "cellpadding",
    "cellspacing",
    "char",
    "charoff",
    "charset",
    "cite",
    "class",
    "colspan",
    "coords",
    "dir",
    "frame",
    "headers",
    "height",
    "href",
    "hreflang",
    "id",
    "ismap",
    "lang",
    "longdesc",
    "name",
    "nohref",
    "nowrap",
    "rel",
    "rev",
    "rowspan",
    "rules",
    "scope",
    "shape",
    "space",
    "span",
    "src",
    "style",
    "summary",
    "tabindex",
    "title",
    "type",
    "usemap",
    "valign",
    "width",
    "xml:lang",
    "xml:space",
    "xmlns",
];

/// Looks a narrative over; the worst fault is given.
pub(super) fn check(div: &str) -> Result<(), Fault> {
    if !div.chars().all(printable) {
        return Err(Fault::Malformed);
    }
    let mut reader = Reader::from_str(div);
    reader.config_mut().check_comments = true;
    let (mut open, mut roots, mut content) = (0_usize, 0_usize, false);
    let mut worst: Option<Fault> = None;
    let mut note = |fault: Fault| worst = Some(worst.map_or(fault, |known| known.min(fault)));
    loop {
        let event = reader.read_event().map_err(|_| Fault::Malformed)?;
        let empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(tag) | Event::Empty(tag) => {
                if open == 0 {
                    roots += 1;
                    if tag.name().as_ref() != "div" || !is_xhtml(&tag) {
                        note(Fault::NotADiv);
                    }
                }
                if !element(&tag)? {
                    note(Fault::Forbidden);
                }
                content |= tag.name().as_ref() == "img";
                open += usize::from(!empty);
            }
            Event::End(_) => open = open.checked_sub(1).ok_or(Fault::Malformed)?,
            Event::Text(text) => {
                let text = text.into_inner();
                if text.contains("]]>") {
                    return Err(Fault::Malformed);
                }
                let blank = text.trim().is_empty();
                content |= !blank;
                if open == 0 && !blank {
                    note(Fault::NotADiv);
                }
            }
            Event::GeneralRef(reference) if open > 0 && known_reference(&reference) => content = true,
            Event::CData(text) if open > 0 => content |= !text.trim().is_empty(),
            Event::Comment(_) => {}
            Event::PI(_) if open > 0 => note(Fault::Forbidden),
            Event::PI(_) | Event::GeneralRef(_) | Event::CData(_) | Event::Decl(_) | Event::DocType(_) => {
                return Err(Fault::Malformed);
            }
            Event::Eof => break,
        }
    }
    if open > 0 {
        return Err(Fault::Malformed);
    }
    if roots != 1 {
        note(Fault::NotADiv);
    }
    if !content {
        note(Fault::Empty);
    }
    worst.map_or(Ok(()), Err)
}

/// Whether this narrative can stand in an XML document as it is.
pub(super) fn can_be_embedded(div: &str) -> bool {
    !matches!(check(div), Err(Fault::Malformed | Fault::NotADiv))
}

/// Whether a reference in the text is to a character or to one of XML's own five; all others need a DTD.
pub(super) fn known_reference(reference: &BytesRef<'_>) -> bool {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => printable(c),
        Ok(None) => matches!(&**reference, "lt" | "gt" | "amp" | "apos" | "quot"),
        Err(_) => false,
    }
}

/// The value of an attribute as XML 1.0 says to read it; `None` where it holds what XML cannot.
pub(super) fn attribute_value(attribute: &Attribute<'_>) -> Option<String> {
    if attribute.value.contains('<') {
        return None;
    }
    let value = attribute.normalized_value(XmlVersion::Explicit1_0).ok()?;
    value.chars().all(printable).then(|| value.into_owned())
}

/// Whether a tag declares the namespace of XHTML as its default.
pub(super) fn is_xhtml(tag: &BytesStart<'_>) -> bool {
    tag.attributes()
        .take(MOST_ATTRIBUTES)
        .flatten()
        .any(|attribute| attribute.key.as_ref() == "xmlns" && &*attribute.value == XHTML)
}

/// Whether an element and its attributes may be in a narrative; an error where they cannot be in XML at all.
fn element(tag: &BytesStart<'_>) -> Result<bool, Fault> {
    let name = tag.name();
    if !name.as_ref().bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Fault::Malformed);
    }
    let mut allowed = ELEMENTS.contains(&name.as_ref());
    let mut end_of_last = None;
    for (at, attribute) in tag.attributes().enumerate() {
        let attribute = attribute.map_err(|_| Fault::Malformed)?;
        if at >= MOST_ATTRIBUTES {
            return Err(Fault::Malformed);
        }
        let key = attribute.key.as_ref();
        let sound = key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':'));
        if !sound
            || !key.starts_with(|c: char| c.is_ascii_alphabetic())
            || (key.contains(':') && !key.starts_with("xml:"))
        {
            return Err(Fault::Malformed);
        }
        // XML wants white space between attributes; the reader does not.
        let start = key.as_ptr() as usize;
        if end_of_last == Some(start) {
            return Err(Fault::Malformed);
        }
        end_of_last = Some(attribute.value.as_ptr() as usize + attribute.value.len() + 1);
        let value = attribute_value(&attribute).ok_or(Fault::Malformed)?;
        allowed &= ATTRIBUTES.contains(&key) && (key != "xmlns" || value == XHTML) && !is_script(key, &value);
    }
    Ok(allowed)
}

fn is_script(key: &str, value: &str) -> bool {
    let value: String =
        value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>().to_ascii_lowercase();
    match key {
        "href" | "src" | "cite" | "longdesc" | "usemap" => {
            ["javascript:", "vbscript:", "data:text"].iter().any(|no| value.starts_with(no))
        }
        "style" => value.contains("expression(") || value.contains("javascript:"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn div(inner: &str) -> String {
        format!("<div xmlns=\"{XHTML}\">{inner}</div>")
    }

    #[test]
    fn ordinary_markup_is_fine() {
        for inner in [
            "Tekst",
            "<p class='a' style=\"color:red\">a &lt; b &#160; &amp; &#xe9;</p><br/>",
            "<table border=\"1\"><tr><td colspan='2'>x</td></tr></table><!-- a comment -->",
            "<img src='#a' alt='x'/>",
            "<a href=\"https://example.org/?a=1&amp;b=2\">x</a>",
            "<![CDATA[ a < b ]]>",
            "&#65;",
        ] {
            assert_eq!(check(&div(inner)), Ok(()), "{inner}");
        }
        assert_eq!(check(&format!(" \n{}\n", div("x"))), Ok(()));
    }

    #[test]
    fn what_is_not_xml_is_malformed() {
        for inner in [
            "<p>",
            "</p>",
            "<p></b>",
            "&nbsp;",
            "a & b",
            "a < b",
            "<p a=1>x</p>",
            "<p a='1' a='2'>x</p>",
            "<p a='1'b='2'>x</p>",
            "<p a>x</p>",
            "<p title='&copy;'>x</p>",
            "<p title='<'>x</p>",
            "&#0;",
            "<x:p>x</x:p>",
            "<p x:y='1'>x</p>",
            "]]>",
            "<!-- a -- b -->",
            "<p",
            "<p 'a'>x</p>",
            "\u{1}",
            "<?xml version='1.0'?>x",
            "<!DOCTYPE html>x",
            "<!x>",
            "<p =''>x</p>",
            "<p a= >x</p>",
        ] {
            assert_eq!(check(&div(inner)), Err(Fault::Malformed), "{inner}");
            assert!(!can_be_embedded(&div(inner)));
        }
    }

    #[test]
    fn it_is_one_div_of_xhtml() {
        let one = div("x");
        for text in [
            "<div>x</div>",
            "x",
            "",
            "<p xmlns='http://www.w3.org/1999/xhtml'>x</p>",
            &format!("{one}{one}"),
            &format!("{one}x"),
        ] {
            assert_eq!(check(text), Err(Fault::NotADiv), "{text}");
        }
        assert!(!can_be_embedded("<div>x</div>"));
    }

    #[test]
    fn scripts_and_their_like_are_forbidden() {
        for inner in [
            "<script>x</script>",
            "<p onclick='x'>x</p>",
            "<form>x</form>",
            "<iframe src='x'>x</iframe>",
            "<a href=' JaVaScript:x'>x</a>",
            "<a href='java&#10;script:x'>x</a>",
            "<input/>x",
            "<object>x</object>",
            "<p xmlns='urn:x'>x</p>",
            "<svg>x</svg>",
            "<?pi x?>x",
        ] {
            assert_eq!(check(&div(inner)), Err(Fault::Forbidden), "{inner}");
            assert!(can_be_embedded(&div(inner)));
        }
    }

    #[test]
    fn there_is_something_to_read() {
        for inner in ["", "  \n", "<p></p>", "<!-- x -->"] {
            assert_eq!(check(&div(inner)), Err(Fault::Empty), "{inner}");
        }
        assert_eq!(check(&format!("<div xmlns=\"{XHTML}\"/>")), Err(Fault::Empty));
    }
}
