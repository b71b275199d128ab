//! The narrative in XML: taken over to the letter, so that it stands on its own in JSON.

use quick_xml::events::{BytesStart, Event};

use super::Reader;
use crate::format::narrative::{MOST_ATTRIBUTES, XHTML, attribute_value, is_xhtml, known_reference};
use crate::format::path::Path;
use crate::format::problem::Problem;

impl<'i> Reader<'i> {
    /// The `div` from its start tag to its end, as text.
    ///
    /// Nearly always that is the source itself. Where the namespace comes from elsewhere in the document (a prefix, or a default
    /// declared further out), names lose their prefix and the div gets its own declaration.
    pub(super) fn narrative(&mut self, tag: &BytesStart<'i>, empty: bool, path: &Path<'_>) -> Result<String, Problem> {
        let from = self.start;
        let own = !tag.name().as_ref().contains(':') && is_xhtml(tag);
        let mut copy = (!own).then(String::new);
        self.xhtml_tag(tag, empty, true, path, &mut copy)?;
        let mut open = usize::from(!empty);
        while open > 0 {
            let (namespace, event) = self.event(path)?;
            let empty = matches!(event, Event::Empty(_));
            match event {
                Event::Start(tag) | Event::Empty(tag) => {
                    if namespace != Some(true) || (copy.is_none() && tag.name().as_ref().contains(':')) {
                        return Err(self.refuse_namespace(path));
                    }
                    self.xhtml_tag(&tag, empty, false, path, &mut copy)?;
                    open += usize::from(!empty);
                }
                Event::End(tag) => {
                    open -= 1;
                    if let Some(copy) = &mut copy {
                        copy.push_str("</");
                        copy.push_str(tag.local_name().as_ref());
                        copy.push('>');
                    }
                }
                Event::Text(_) | Event::CData(_) | Event::Comment(_) | Event::PI(_) => self.verbatim(&mut copy),
                Event::GeneralRef(reference) if known_reference(&reference) => self.verbatim(&mut copy),
                Event::GeneralRef(_) => {
                    return Err(self.refuse(path, "staat een entiteit. Schrijf het teken zelf of als &#…;"));
                }
                Event::DocType(_) => return Err(self.refuse_dtd(path)),
                Event::Decl(_) => return Err(self.refuse_xml(path)),
                Event::Eof => return Err(self.refuse(path, "breekt de XML af. Stuur hem heel")),
            }
        }
        Ok(copy.unwrap_or_else(|| self.source[from..self.position()].to_owned()))
    }

    /// Checks a tag of the narrative, and copies it without prefixes where that is asked.
    fn xhtml_tag(
        &self,
        tag: &BytesStart<'i>,
        empty: bool,
        root: bool,
        path: &Path<'_>,
        copy: &mut Option<String>,
    ) -> Result<(), Problem> {
        if let Some(copy) = copy {
            copy.push('<');
            copy.push_str(tag.local_name().as_ref());
            if root {
                copy.push_str(" xmlns=\"");
                copy.push_str(XHTML);
                copy.push('"');
            }
        }
        for (at, attribute) in tag.attributes().enumerate() {
            let attribute = attribute.map_err(|_| self.refuse_xml(path))?;
            if at >= MOST_ATTRIBUTES {
                return Err(self.refuse(path, "heeft een element te veel attributen. Haal weg wat geen opmaak is"));
            }
            if attribute_value(&attribute).is_none() {
                return Err(self.refuse(path, "staat een waarde met een teken of verwijzing die niet mag. Gebruik alleen &lt; &gt; &amp; &quot; &apos; en &#…;"));
            }
            let key = attribute.key.as_ref();
            if let Some(copy) = copy
                && key != "xmlns"
                && !key.starts_with("xmlns:")
            {
                let quote = if attribute.value.contains('"') { '\'' } else { '"' };
                copy.push(' ');
                copy.push_str(key);
                copy.push('=');
                copy.push(quote);
                copy.push_str(&attribute.value);
                copy.push(quote);
            }
        }
        if let Some(copy) = copy {
            copy.push_str(if empty { "/>" } else { ">" });
        }
        Ok(())
    }

    /// Copies the last event as it stands in the source.
    fn verbatim(&self, copy: &mut Option<String>) {
        if let Some(copy) = copy {
            copy.push_str(&self.source[self.start..self.position()]);
        }
    }

    /// Where the last event ends.
    fn position(&self) -> usize {
        usize::try_from(self.events.buffer_position()).unwrap_or(usize::MAX).min(self.source.len())
    }
}
