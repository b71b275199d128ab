//! Every page template is used: a page without a door is dead weight.

use super::Tree;

const FOLDER: &str = "crates/web/templates/";

/// Templates that no Rust file renders and no other template extends, includes or imports.
pub fn problems(tree: &Tree) -> Vec<String> {
    let web: Vec<_> = tree.files.iter().filter(|(path, _)| path.starts_with("crates/web/")).collect();
    let templates = web.iter().filter_map(|(path, _)| path.strip_prefix(FOLDER));
    let unused = templates.filter(|name| {
        let (quoted, own) = (format!("\"{name}\""), format!("{FOLDER}{name}"));
        !web.iter().any(|(path, text)| *path != own && text.contains(&quoted))
    });
    unused.map(|name| format!("{FOLDER}{name}: no page and no template uses it")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_needs_a_page_or_a_template_that_uses_it() {
        let files = [
            ("crates/web/src/pages/plan.rs", "#[template(path = \"plan/plan.html\")]"),
            ("crates/web/templates/plan/plan.html", "{% extends \"base.html\" %}"),
            ("crates/web/templates/base.html", "<!doctype html>"),
            ("crates/web/templates/plan/old.html", "{% extends \"base.html\" %} see \"plan/old.html\""),
        ];
        let tree = Tree { files: files.map(|(path, text)| (path.to_owned(), text.to_owned())).to_vec() };
        assert_eq!(problems(&tree), ["crates/web/templates/plan/old.html: no page and no template uses it"]);
    }
}
