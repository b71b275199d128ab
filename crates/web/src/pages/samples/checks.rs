//! What holds for every page, whatever it says.

/// What every page must be: whole, in Dutch, with a way in for a screen reader, and nothing inline.
pub fn whole_and_labelled(name: &str, html: &str) {
    assert_eq!(html.matches("<h1").count(), 1, "{name}: one h1");
    assert!(
        html.contains(r##"<a class="skip" href="#inhoud">"##) && html.contains(r#"<main id="inhoud""#),
        "{name}: skip link"
    );
    assert!(html.contains("<html lang=\"nl\""), "{name}: language");
    assert!(
        !html.contains(" style=") && !html.contains("<style") && !html.contains("onclick"),
        "{name}: nothing inline"
    );
    for script in html.split("<script").skip(1) {
        assert!(script.starts_with(r#" type="module" src="/assets/js/"#), "{name}: only our own scripts");
    }
    ids_are_unique_and_referred_to(name, html);
    every_control_is_labelled(name, html);
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

fn ids_are_unique_and_referred_to(page: &str, html: &str) {
    let ids = values(html, "id");
    let once: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(
        once.len(),
        ids.len(),
        "{page}: ids stand once, {:?}",
        ids.iter().filter(|i| ids.iter().filter(|j| j == i).count() > 1).collect::<Vec<_>>()
    );
    for attribute in ["aria-labelledby", "aria-describedby", "for"] {
        for id in values(html, attribute).into_iter().flat_map(str::split_whitespace) {
            assert!(once.contains(id), "{page}: {attribute} {id} is there");
        }
    }
    for target in values(html, "href").into_iter().filter_map(|h| h.strip_prefix('#')).filter(|h| !h.is_empty()) {
        assert!(once.contains(target), "{page}: #{target} is there");
    }
}

fn every_control_is_labelled(page: &str, html: &str) {
    let labels = values(html, "for");
    for tag in html.split('<').filter(|t| ["input ", "select ", "textarea "].iter().any(|k| t.starts_with(k))) {
        if tag.contains("type=\"hidden\"") || tag.contains("type=\"radio\"") || tag.contains("type=\"checkbox\"") {
            continue;
        }
        let id = values(tag, "id").first().copied().unwrap_or_default();
        assert!(labels.contains(&id), "{page}: {tag} has a label");
    }
    for group in html.split("<fieldset").skip(1) {
        assert!(
            group.trim_start_matches(|c| c != '>').trim_start_matches('>').trim_start().starts_with("<legend"),
            "{page}: a legend first"
        );
    }
}
