//! A page that everybody can find their way in: one heading, a title, labels, ids that stand once.

use std::collections::BTreeSet;

/// Holds a page against the house rules for pages (LOOK, 'Always').
pub fn sound(name: &str, html: &str) {
    assert_eq!(html.matches("<h1").count(), 1, "{name}: one h1");
    assert!(html.contains("<html lang=\"nl\"") && html.contains("<title>"), "{name}: language and title");
    assert!(html.contains(r##"<a class="skip" href="#inhoud">"##), "{name}: skip link");
    assert!(!html.contains(" style=") && !html.contains("onclick"), "{name}: nothing inline");
    let ids = values(html, "id");
    let once: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(once.len(), ids.len(), "{name}: ids stand once");
    for attribute in ["aria-labelledby", "aria-describedby", "for"] {
        for id in values(html, attribute).into_iter().flat_map(str::split_whitespace) {
            assert!(once.contains(id), "{name}: {attribute} {id} is there");
        }
    }
    for target in values(html, "href").into_iter().filter_map(|h| h.strip_prefix('#')).filter(|h| !h.is_empty()) {
        assert!(once.contains(target), "{name}: #{target} is there");
    }
    let labels = values(html, "for");
    for tag in html.split('<').filter(|t| ["input ", "select ", "textarea "].iter().any(|k| t.starts_with(k))) {
        if ["hidden", "radio", "checkbox"].iter().any(|kind| tag.contains(&format!("type=\"{kind}\""))) {
            continue;
        }
        let id = values(tag, "id").first().copied().unwrap_or_default();
        assert!(labels.contains(&id), "{name}: {tag} has a label");
    }
}

/// The values of an attribute, in order.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    html.match_indices(&start)
        .map(|(at, _)| {
            let rest = &html[at + start.len()..];
            &rest[..rest.find('"').unwrap()]
        })
        .collect()
}
