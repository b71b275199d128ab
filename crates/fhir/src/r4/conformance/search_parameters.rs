//! Each SearchParameter that FHIR R4 does not have; the others are named by FHIR's own canonicals.

use crate::format::Version;
use crate::r4::ResourceType;
use crate::r4::search::table::{Param, params};
use serde_json::{Value, json};

/// Canonical of a parameter's definition.
pub(super) fn definition(param: &Param, base: &str) -> String {
    let at = if param.own { base } else { "http://hl7.org/fhir" };
    format!("{at}/SearchParameter/{}", param.definition)
}

/// The parameters that this server defines.
pub fn search_parameters(base: &str) -> Vec<Value> {
    let base = base.trim_end_matches('/');
    let own = |kind: &ResourceType| {
        let kind = *kind;
        params(Version::R4, kind).iter().filter(|param| param.own).map(move |param| search_parameter(kind, param, base))
    };
    ResourceType::ALL.iter().flat_map(own).collect()
}

fn search_parameter(kind: ResourceType, param: &Param, base: &str) -> Value {
    let expression: Vec<String> = param.paths.iter().map(|path| format!("{kind}.{}", path.join("."))).collect();
    let expression = expression.join(" | ");
    json!({
        "resourceType": "SearchParameter",
        "id": param.definition,
        "url": definition(param, base),
        "name": param.definition.replace('-', "_"),
        "status": "active",
        "description": format!("Zoekt {kind} op {expression}, zoals eerdere versies van de informatiestandaard PZP het vroegen."),
        "code": param.name,
        "base": [kind.as_str()],
        "type": param.sort.code(),
        "expression": expression
    })
}
