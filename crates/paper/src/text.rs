//! A form as text of a fixed width.

use crate::{Form, Statement, Topic};

/// Characters on a line: what most systems show without breaking it again.
const WIDTH: usize = 76;

/// Writes a form as text, to copy into another record (R7); words are never broken, line ends within a text are kept.
pub fn to_text(form: &Form) -> String {
    let mut out = String::new();
    heading(&mut out, &form.title, '=');
    push(&mut out, &form.name, 0);
    for fact in &form.facts {
        push(&mut out, &format!("{}: {}", fact.label, fact.says), 0);
    }
    push(&mut out, &form.edition, 0);
    for line in &form.about {
        push(&mut out, line, 0);
    }
    if !form.summary.is_empty() {
        out.push('\n');
        push(&mut out, &form.summary, 0);
    }
    for notice in &form.notices {
        out.push('\n');
        push(&mut out, &format!("! {}", notice.title), 0);
        for line in &notice.lines {
            push(&mut out, line, 2);
        }
    }
    for section in &form.sections {
        out.push('\n');
        heading(&mut out, format!("{} {}", section.number, section.title).trim(), '-');
        for topic in &section.topics {
            write_topic(&mut out, topic, &section.title);
        }
    }
    if !form.people.is_empty() {
        out.push('\n');
        heading(&mut out, &form.people_title, '-');
        for person in &form.people {
            let said: Vec<&str> = [person.name.as_str(), person.part.as_str()]
                .into_iter()
                .chain(person.reach.iter().map(String::as_str))
                .filter(|s| !s.is_empty())
                .collect();
            push(&mut out, &said.join(", "), 0);
        }
    }
    if !form.foot.is_empty() {
        out.push('\n');
        for line in &form.foot {
            push(&mut out, line, 0);
        }
    }
    out
}

fn heading(out: &mut String, text: &str, under: char) {
    push(out, text, 0);
    push(out, &under.to_string().repeat(text.chars().count().min(WIDTH)), 0);
}

fn write_topic(out: &mut String, topic: &Topic, section: &str) {
    let label = if topic.label == section { "" } else { topic.label.as_str() };
    for said in &topic.statements {
        write_statement(out, label, said);
    }
    for said in &topic.proposals {
        write_statement(out, &format!("Voorgesteld, nog niet medisch vastgesteld ({})", topic.label), said);
    }
}

fn write_statement(out: &mut String, label: &str, said: &Statement) {
    let told = said.told.as_deref();
    let (first, rest) =
        if said.text.is_empty() { (told.unwrap_or_default(), None) } else { (said.text.as_str(), told) };
    push(out, &if label.is_empty() { first.to_owned() } else { format!("{label}: {first}") }, 0);
    for text in rest.into_iter().chain(said.why.as_deref()) {
        push(out, text, 2);
    }
    if !said.small.is_empty() {
        push(out, &format!("({})", said.small.join("; ")), 2);
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
    use crate::Section;

    #[test]
    fn a_form_reads_as_a_letter() {
        let said = Statement {
            text: "Niet reanimeren".into(),
            why: Some("Weinig kans om er goed uit te komen, en dat is wat ik het ergste vind van alles wat mij nog kan overkomen.".into()),
            small: vec!["sinds 8 november 2022".into(), "vastgesteld door Saskia van Huissen".into()],
            ..Statement::default()
        };
        let asked = Statement { text: "Geen IC".into(), ..Statement::default() };
        let form = Form {
            title: "Plan".into(),
            edition: "Versie 2 van 8 november 2022".into(),
            sections: vec![Section {
                number: "4".into(),
                title: "Behandelgrenzen".into(),
                topics: vec![Topic { label: "Reanimatie".into(), statements: vec![said], proposals: vec![asked] }],
            }],
            foot: vec!["Einde".into()],
            ..Form::default()
        };
        let text = to_text(&form);
        assert!(
            text.starts_with("Plan\n====\nVersie 2 van 8 november 2022\n\n4 Behandelgrenzen\n-----------------\nReanimatie: Niet reanimeren\n  Weinig kans"),
            "{text}"
        );
        assert!(text.lines().all(|l| l.chars().count() <= WIDTH));
        assert!(text.contains("  (sinds 8 november 2022; vastgesteld door Saskia van Huissen)\n"), "{text}");
        assert!(text.contains("Voorgesteld, nog niet medisch vastgesteld (Reanimatie): Geen IC\n\nEinde\n"), "{text}");
    }
}
