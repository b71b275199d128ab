//! A sheet as text of a fixed width.

use crate::{Line, Section, Sheet};

/// Characters on a line: what most systems show without breaking it again.
const WIDTH: usize = 76;

/// Writes a sheet as text; words are never broken, line ends within a text are kept.
pub fn to_text(sheet: &Sheet) -> String {
    let mut out = String::new();
    push(&mut out, &sheet.title, 0);
    push(&mut out, &"=".repeat(sheet.title.chars().count().min(WIDTH)), 0);
    for line in &sheet.about {
        push(&mut out, line, 0);
    }
    for section in &sheet.sections {
        write_section(&mut out, section);
    }
    if !sheet.foot.is_empty() {
        out.push('\n');
        for line in &sheet.foot {
            push(&mut out, line, 0);
        }
    }
    out
}

fn write_section(out: &mut String, section: &Section) {
    out.push('\n');
    push(out, &section.heading, 0);
    push(out, &"-".repeat(section.heading.chars().count().min(WIDTH)), 0);
    for Line { label, says, because, small } in &section.lines {
        push(out, &if label.is_empty() { says.clone() } else { format!("{label}: {says}") }, 0);
        if let Some(text) = because {
            push(out, text, 2);
        }
        if let Some(text) = small {
            push(out, &format!("({text})"), 2);
        }
    }
}

/// One text on as many lines as it needs, each behind `indent` blanks.
fn push(out: &mut String, text: &str, indent: usize) {
    for line in text.lines() {
        let mut used = 0;
        for word in line.split_whitespace() {
            let length = word.chars().count();
            if used == 0 {
                out.push_str(&" ".repeat(indent));
                used = indent + length;
            } else if used + 1 + length > WIDTH {
                out.push('\n');
                out.push_str(&" ".repeat(indent));
                used = indent + length;
            } else {
                out.push(' ');
                used += 1 + length;
            }
            out.push_str(word);
        }
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_reads_as_a_letter() {
        let sheet = Sheet {
            title: "Plan".into(),
            about: vec!["Versie 2 van 8 november 2022".into()],
            sections: vec![Section {
                heading: "4 Behandelgrenzen".into(),
                lines: vec![Line {
                    label: "Reanimatie".into(),
                    says: "niet reanimeren".into(),
                    because: Some("Weinig kans om er goed uit te komen, en dat is wat ik het ergste vind van alles wat mij nog kan overkomen.".into()),
                    small: Some("sinds 8 november 2022".into()),
                }],
            }],
            foot: vec!["Blad 1".into()],
        };
        let text = to_text(&sheet);
        assert!(text.starts_with("Plan\n====\nVersie 2 van 8 november 2022\n\n4 Behandelgrenzen\n-----------------\nReanimatie: niet reanimeren\n  Weinig kans"));
        assert!(text.lines().all(|l| l.chars().count() <= WIDTH));
        assert!(text.contains("  (sinds 8 november 2022)\n\nBlad 1\n"));
    }
}
