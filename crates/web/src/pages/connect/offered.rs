//! What a CapabilityStatement says, in words.

use serde_json::Value;

/// What is offered of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The type.
    pub kind: String,
    /// What can be done with it.
    pub may: String,
    /// What has to be known about it.
    pub about: String,
    /// By what it is found.
    pub by: String,
    /// What may come along.
    pub along: String,
}

/// The rows of a statement; what it says under a code that is not known here stands as it is.
pub fn of(statement: &Value) -> Vec<Offered> {
    let resources = statement["rest"][0]["resource"].as_array();
    resources.into_iter().flatten().map(row).collect()
}

fn row(resource: &Value) -> Offered {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |name: &str| resource[name].as_array().into_iter().flatten();
    let mut may: Vec<String> = list("interaction").map(|i| word(i["code"].as_str().unwrap_or_default())).collect();
    may.extend(list("operation").map(|o| format!("${}", text(&o["name"]))));
    Offered {
        kind: text(&resource["type"]),
        may: may.join(", "),
        about: text(&resource["documentation"]),
        by: list("searchParam").map(|p| text(&p["name"])).collect::<Vec<_>>().join(", "),
        along: list("searchInclude").map(text).collect::<Vec<_>>().join(", "),
    }
}

fn word(code: &str) -> String {
    match code {
        "read" => "lezen",
        "vread" => "een eerdere versie lezen",
        "history-instance" => "alle versies lezen",
        "search-type" => "zoeken",
        "create" => "aanleveren",
        "delete" => "verwijderen",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_statement_is_told_row_by_row() {
        let statement = json!({"rest": [{"resource": [
            {
                "type": "Consent",
                "interaction": [{"code": "read"}, {"code": "search-type"}, {"code": "patch"}],
                "searchParam": [{"name": "patient"}, {"name": "scope"}],
                "searchInclude": ["Consent:actor"],
            },
            {"type": "ValueSet", "interaction": [{"code": "read"}], "operation": [{"name": "expand"}]},
        ]}]});
        let rows = of(&statement);
        assert_eq!(rows[0].may, "lezen, zoeken, patch");
        assert_eq!((rows[0].by.as_str(), rows[0].along.as_str()), ("patient, scope", "Consent:actor"));
        assert_eq!(rows[1].may, "lezen, $expand");
        assert!(of(&json!({})).is_empty());
    }
}
