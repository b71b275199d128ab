//! Dutch addresses (nl-core-AddressInformation).

use super::codeable;
use super::extension;
use super::node::Node;
use super::object::Object;
use domain::ident::Postcode;
use domain::people::Address;
use serde_json::{Value, json};

const STREET: &str = "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-streetName";
const NUMBER: &str = "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-houseNumber";
const ADDITION: &str = "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-buildingNumberSuffix";
const LOCATOR: &str = "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-additionalLocator";
const UNIT: &str = "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-unitID";

/// An address; `None` where nothing of it is known.
pub(in crate::r4) fn write(of: &Address) -> Option<Value> {
    let line = line(of);
    let parts: Vec<Value> = [
        (STREET, &of.street),
        (NUMBER, &of.house_number),
        (ADDITION, &of.addition),
        (LOCATOR, &of.locator),
        (UNIT, &of.unit),
    ]
    .into_iter()
    .filter_map(|(url, part)| extension::text(url, part.as_deref()))
    .collect();
    let sort =
        of.sort.as_ref().map(|s| extension::of(extension::ADDRESS_TYPE, "valueCodeableConcept", codeable::concept(s)));
    let country = of.country_code.as_ref().map(|code| {
        json!({"extension": [extension::of(extension::CODE_SPECIFICATION, "valueCodeableConcept", codeable::concept(code))]})
    });
    Object::new()
        .list("extension", sort)
        .maybe("use", of.used_as.as_deref())
        .maybe("type", of.reached_as.as_deref())
        .list("line", line.map(Value::from))
        .list("_line", (!parts.is_empty()).then(|| json!({"extension": parts})))
        .maybe("city", of.city.as_deref())
        .maybe("district", of.municipality.as_deref())
        .maybe("postalCode", of.postcode.as_ref().map(|p| p.as_str().replace(' ', "")))
        .maybe("country", of.country.as_deref())
        .maybe("_country", country)
        .some()
}

/// Street, number with addition, and what is said beyond, as one line.
fn line(of: &Address) -> Option<String> {
    let number =
        format!("{}{}", of.house_number.as_deref().unwrap_or_default(), of.addition.as_deref().unwrap_or_default());
    let parts = [of.street.as_deref(), of.locator.as_deref(), Some(number.as_str()), of.unit.as_deref()];
    let line = parts.into_iter().flatten().filter(|p| !p.trim().is_empty()).collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

/// Takes the first address of a resource; further ones are left for naming.
pub(in crate::r4) fn take(resource: &Node<'_>) -> Option<Address> {
    let node = resource.each("address").into_iter().next()?;
    let mut address = Address { city: node.text("city"), municipality: node.text("district"), ..Address::default() };
    if let Some(beside) = node.each("_line").first() {
        address.street = extension::take_text(beside, STREET);
        address.house_number = extension::take_text(beside, NUMBER);
        address.addition = extension::take_text(beside, ADDITION);
        address.locator = extension::take_text(beside, LOCATOR);
        address.unit = extension::take_text(beside, UNIT);
    }
    if let Some(first) = node.each("line").first() {
        let whole = first.take().as_str().map(str::to_owned);
        if address.street.is_none() && address.house_number.is_none() {
            address.street = whole;
        }
    }
    if let Some(postcode) = node.peek("postalCode").and_then(|p| Postcode::parse(p).ok()) {
        node.text("postalCode");
        address.postcode = Some(postcode);
    }
    address.used_as = node.text("use");
    address.reached_as = node.text("type");
    address.sort = extension::all(&node, extension::ADDRESS_TYPE).first().and_then(take_specification);
    address.country = node.text("country");
    let beside = node.get("_country");
    address.country_code =
        beside.and_then(|b| extension::all(&b, extension::CODE_SPECIFICATION).first().and_then(take_specification));
    // The text repeats the parts.
    if address.street.is_some() || address.city.is_some() {
        node.text("text");
    }
    (address != Address::default()).then_some(address)
}

fn take_specification(extension: &Node<'_>) -> Option<domain::code::Coding> {
    let concept = extension.get("valueCodeableConcept")?;
    let coding = codeable::take_coding(concept.each("coding").first()?)?;
    extension.text("url");
    Some(coding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::r4::parts::node::Findings;

    fn read(address: &Value) -> (Option<Address>, Vec<String>) {
        let resource = json!({"resourceType": "Patient", "address": [address]});
        let findings = Findings::default();
        let node = Node::root(&resource, "Patient", &findings);
        let address = take(&node);
        node.name_the_rest();
        (address, findings.finish().into_iter().map(|p| p.path).collect())
    }

    #[test]
    fn an_address_comes_out_as_it_came_in() {
        let whole = json!({
            "extension": [{"url": "http://nictiz.nl/fhir/StructureDefinition/ext-AddressInformation.AddressType", "valueCodeableConcept": {
                "coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-AddressUse", "code": "HP", "display": "Primary Home"}]
            }}],
            "use": "home",
            "type": "both",
            "line": ["Dorpsstraat 24A BIS"],
            "_line": [{"extension": [
                {"url": "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-streetName", "valueString": "Dorpsstraat"},
                {"url": "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-houseNumber", "valueString": "24"},
                {"url": "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-buildingNumberSuffix", "valueString": "A"},
                {"url": "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-unitID", "valueString": "BIS"}
            ]}],
            "city": "Utrecht",
            "district": "Utrecht",
            "postalCode": "3511ZL",
            "country": "Nederland",
            "_country": {"extension": [{"url": "http://nictiz.nl/fhir/StructureDefinition/ext-CodeSpecification", "valueCodeableConcept": {
                "coding": [{"system": "urn:iso:std:iso:3166", "code": "NL", "display": "Netherlands"}]
            }}]}
        });
        let (address, rest) = read(&whole);
        assert_eq!(rest, Vec::<String>::new());
        assert_eq!(write(&address.unwrap()), Some(whole));
    }

    #[test]
    fn a_line_without_parts_is_kept_and_a_foreign_postcode_named() {
        let (address, rest) =
            read(&json!({"line": ["10 High Street", "Flat 2"], "city": "Leeds", "postalCode": "LS1 1AA"}));
        assert_eq!(address.unwrap().street.as_deref(), Some("10 High Street"));
        assert_eq!(rest, ["Patient.address[0].line[1]", "Patient.address[0].postalCode"]);
    }
}
