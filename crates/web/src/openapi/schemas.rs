//! Shapes of what goes in and comes out.

use serde_json::{Value, json};

/// An object with these properties, each with its schema; those named first must be there.
fn object(required: &[&str], properties: &Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties})
}

/// Every shape that a row names.
pub fn all() -> Value {
    let text = json!({"type": "string"});
    let count = json!({"type": "integer", "minimum": 0});
    json!({
        "Health": object(&["status"], &json!({"status": {"const": "ok"}, "pad": text})),
        "Ready": object(&["status", "database"], &json!({
            "status": {"enum": ["ready", "not ready"]},
            "database": {"type": "boolean"},
            "keys": {"type": "boolean"},
            "migrations": {"type": "boolean"},
        })),
        "SmartConfiguration": object(&["issuer", "token_endpoint", "grant_types_supported", "scopes_supported", "capabilities"], &json!({
            "issuer": text,
            "token_endpoint": {"type": "string", "format": "uri"},
            "grant_types_supported": {"type": "array", "items": text},
            "token_endpoint_auth_methods_supported": {"type": "array", "items": text},
            "token_endpoint_auth_signing_alg_values_supported": {"type": "array", "items": text},
            "scopes_supported": {"type": "array", "items": text},
            "capabilities": {"type": "array", "items": text},
        })),
        "TokenRequest": object(&["grant_type"], &json!({
            "grant_type": {"const": "client_credentials"},
            "scope": {"type": "string", "description": "Gescheiden door spaties; weggelaten: alles waarvoor het systeem is geregistreerd."},
            "client_id": text,
            "client_secret": text,
            "client_assertion_type": {"const": crate::oauth::assertion::TYPE},
            "client_assertion": {"type": "string", "description": "Een JWT met iss, sub, aud, exp (hoogstens vijf minuten) en jti."},
        })),
        "Token": object(&["access_token", "token_type", "expires_in", "scope"], &json!({
            "access_token": text,
            "token_type": {"const": "bearer"},
            "expires_in": {"type": "integer", "description": "Seconden."},
            "scope": text,
        })),
        "OAuthError": object(&["error"], &json!({"error": text, "error_description": text})),
        "JwkSet": object(&["keys"], &json!({"keys": {"type": "array", "items": {"type": "object"}}})),
        "CardCode": object(&["code"], &json!({
            "code": {"type": "string", "description": "Vier groepjes van vier tekens, of de hele code met handtekening."},
        })),
        "OpenRequest": object(&["jwt"], &json!({
            "jwt": {
                "type": "string",
                "description": "Ondertekend met RS384 of ES384. Kop: alg, typ (JWT), kid. Inhoud: iss en sub (het client-id), aud (dit adres), iat, exp (hoogstens een minuut), jti (steeds een andere) en bsn.",
            },
        })),
        "Csrf": object(&["csrf"], &json!({"csrf": {"type": "string", "description": "Het teken van de sessie, dat op elke pagina staat."}})),
        "Passkey": {"type": "object", "description": "Zoals WebAuthn het beschrijft."},
        "DraftKept": object(&["revision", "saved", "state", "class", "progress", "done", "of"], &json!({
            "revision": count,
            "saved": text,
            "state": text,
            "class": text,
            "progress": text,
            "done": count,
            "of": count,
            "theirs": object(&["who", "said"], &json!({
                "who": text,
                "said": {"type": "array", "items": {"type": "array", "items": text}},
            })),
        })),
        "Preparation": object(&["csrf"], &json!({
            "csrf": text,
            "revisie": count,
            "in": {"type": "string", "description": "De taal."},
        })),
        "PreparationKept": object(&["revision", "text"], &json!({"revision": count, "text": text})),
        "Changed": object(&["id", "type", "at"], &json!({
            "id": {"type": "string", "description": "Waaraan het bericht te herkennen is; bij elke poging hetzelfde."},
            "type": {"enum": ["plan.changed", "plan.handed-over", "test"]},
            "at": {"type": "string", "format": "date-time"},
            "patient": {"type": "string", "description": "Verwijzing naar de patiënt op de FHIR-server, zoals Patient/…"},
            "version": count,
            "urgent": {"type": "boolean", "description": "Een behandelgrens die in nood telt, veranderde."},
            "document": {"type": "string", "description": "Bij een overdracht: verwijzing naar het FHIR-document, zoals Bundle/…"},
        })),
    })
}

/// What a webhook gets (docs/webhooks.md).
pub fn webhook() -> Value {
    let header = |name: &str, about: &str| json!({"name": name, "in": "header", "required": true, "description": about, "schema": {"type": "string"}});
    json!({
        "summary": "Een plan veranderde of werd overgedragen, of een beheerder probeert het adres.",
        "parameters": [
            header("Tijdig-Id", "Hetzelfde als id."),
            header("Tijdig-Timestamp", "Wanneer het is verstuurd: seconden sinds 1970."),
            header("Tijdig-Signature", "v1= en de HMAC-SHA256 van tijdstip, punt en inhoud, in hexadecimale cijfers."),
        ],
        "requestBody": {
            "required": true,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Changed"}}},
        },
        "responses": {
            "2XX": {"description": "Ontvangen."},
            "410": {"description": "Niet meer nodig: er wordt niet opnieuw geprobeerd."},
            "default": {"description": "Wordt later opnieuw geprobeerd."},
        },
    })
}

/// How one is let in.
pub fn security() -> Value {
    json!({
        "geheim": {"type": "http", "scheme": "basic", "description": "client_id en geheim. Dat mag ook in de inhoud; wie een sleutel heeft, stuurt in de inhoud een ondertekend bewijs."},
        "sessie": {"type": "apiKey", "in": "cookie", "name": "__Host-tijdig", "description": "Van wie in de browser is ingelogd."},
    })
}
