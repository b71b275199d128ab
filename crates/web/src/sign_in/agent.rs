//! Which browser somebody uses, in words one knows; what a browser says of itself is not kept.

use axum::http::{HeaderMap, header};

const BROWSERS: [(&str, &str); 9] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Safari/", "Safari"),
];

const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
];

/// 'Firefox op Windows'.
pub fn words(headers: &HeaderMap) -> String {
    said(headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default())
}

fn said(agent: &str) -> String {
    let first = |table: &[(&str, &'static str)]| table.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, w)| *w);
    match (first(&BROWSERS), first(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} op {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("Een onbekende browser op {system}"),
        (None, None) => "Een onbekende browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn browsers_are_named_as_people_name_them() {
        for (agent, words) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox op Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0",
                "Edge op Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari op iPhone",
            ),
            ("curl/8", "Een onbekende browser"),
            ("<script>", "Een onbekende browser"),
        ] {
            assert_eq!(said(agent), words);
        }
    }
}
