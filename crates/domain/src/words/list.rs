//! Sentences from parts.

/// `a`, `a en b`, `a, b en c`.
pub fn join<S: AsRef<str>>(parts: &[S]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} en {}", most.join(", "), last.as_ref())
        }
    }
}

/// With a capital first letter.
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

/// A number with points between thousands, as one writes it here: `146.239`.
pub fn number(n: impl Into<u64>) -> String {
    let digits = n.into().to_string();
    let mut written = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            written.push('.');
        }
        written.push(digit);
    }
    written
}

/// A number with its noun: `1 onderwerp`, `3 onderwerpen`.
pub fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// A text that somebody typed, fit to stand inside a sentence: without blanks around it and without its full stop.
pub(crate) fn trimmed(text: &str) -> &str {
    let text = text.trim();
    text.strip_suffix('.').filter(|t| !t.ends_with('.')).unwrap_or(text)
}

/// A text that somebody typed, in quotation marks.
pub(crate) fn quoted(text: &str) -> String {
    format!("‘{}’", trimmed(text))
}
