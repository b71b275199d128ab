use super::*;
use serde_json::json;

#[track_caller]
fn good(primitive: Primitive, values: &[Value]) {
    for value in values {
        assert_eq!(primitive.fault(value), None, "{primitive:?} {value}");
    }
}

#[track_caller]
fn bad(primitive: Primitive, values: &[Value]) {
    for value in values {
        assert!(primitive.fault(value).is_some(), "{primitive:?} {value}");
    }
}

#[test]
fn dates_exist_and_may_be_partial() {
    good(Primitive::Date, &["2024", "2024-02", "2024-02-29", "2000-02-29", "0001-01-01"].map(Value::from));
    let wrong = [
        "2023-02-29",
        "1900-02-29",
        "2024-04-31",
        "2024-00",
        "2024-13",
        "2024-1",
        "24",
        "0000",
        "2024-02-",
        "2024-02-2",
    ];
    bad(Primitive::Date, &wrong.map(Value::from));
    bad(
        Primitive::Date,
        &["2024-02-29T10:00:00Z", "20240229", "2024-02-29 ", " 2024", "2024/02/29", "vandaag"].map(Value::from),
    );
    bad(Primitive::Date, &[json!(2024), json!(true), json!(null), json!({})]);
}

#[test]
fn a_time_on_a_date_needs_seconds_and_a_zone() {
    let right = [
        "2024",
        "2024-05",
        "2024-05-01",
        "2024-05-01T10:11:12Z",
        "2024-05-01T10:11:12.345+02:00",
        "2024-12-31T23:59:60-14:00",
    ];
    good(Primitive::DateTime, &right.map(Value::from));
    let wrong = [
        "2024-05-01T10:11:12",
        "2024-05-01T10:11Z",
        "2024-05-01T24:00:00Z",
        "2024-05-01T10:60:00Z",
        "2024-05-01T10:11:12.Z",
        "2024-05-01T10:11:12+15:00",
        "2024-05-01T10:11:12+14:30",
        "2024-05-01T10:11:12+0200",
        "2024-05-01t10:11:12z",
        "2024-05-01 10:11:12Z",
        "2024-05T10:11:12Z",
        "2023-02-29T10:11:12Z",
    ];
    bad(Primitive::DateTime, &wrong.map(Value::from));
    good(Primitive::Instant, &["2024-05-01T10:11:12Z", "2024-05-01T10:11:12.3+02:00"].map(Value::from));
    bad(Primitive::Instant, &["2024", "2024-05-01", "2024-05-01T10:11:12"].map(Value::from));
    good(Primitive::Time, &["00:00:00", "23:59:60", "10:11:12.5"].map(Value::from));
    bad(Primitive::Time, &["24:00:00", "10:11", "10:11:12Z", "1:11:12", "10:11:12."].map(Value::from));
}

#[test]
fn a_date_of_any_characters_is_looked_at_without_falling_over() {
    bad(Primitive::Date, &["é024", "202é", "2024-é", "2024-0é", "2024-01-é1", "🙂", "2024-01🙂"].map(Value::from));
    bad(
        Primitive::DateTime,
        &["2024-01-01é", "2024-01-01Té", "2024-01-01T10:11:1é", "2024-01-01T10:11:12é"].map(Value::from),
    );
    bad(Primitive::Instant, &["🙂🙂🙂🙂🙂"].map(Value::from));
}

#[test]
fn numbers_and_booleans_are_json_numbers_and_booleans() {
    good(Primitive::Boolean, &[json!(true), json!(false)]);
    bad(Primitive::Boolean, &[json!("true"), json!(1), json!(null)]);
    good(Primitive::Integer, &[json!(0), json!(-2_147_483_648_i64), json!(2_147_483_647)]);
    bad(Primitive::Integer, &[json!(2_147_483_648_i64), json!(1.5), json!("1"), json!(true)]);
    good(Primitive::UnsignedInt, &[json!(0)]);
    bad(Primitive::UnsignedInt, &[json!(-1)]);
    good(Primitive::PositiveInt, &[json!(1)]);
    bad(Primitive::PositiveInt, &[json!(0)]);
    good(Primitive::Decimal, &[json!(1), json!(-0.5), json!(1e20)]);
    bad(Primitive::Decimal, &[json!("1.0")]);
}

#[test]
fn texts_are_not_empty_and_hold_no_control_characters() {
    good(Primitive::String, &["a", " ", "één\r\n\ttwee", "🙂"].map(Value::from));
    assert_eq!(Primitive::String.fault(&json!("")), Some(Fault::Empty));
    assert_eq!(Primitive::String.fault(&json!(1)), Some(Fault::Type));
    bad(Primitive::String, &["\0", "a\u{0b}b", "\u{1f}", "\u{ffff}"].map(Value::from));
    bad(Primitive::Markdown, &["\u{07}"].map(Value::from));
}

#[test]
fn codes_ids_and_addresses() {
    good(Primitive::Code, &["a", "a b", "entered-in-error", "="].map(Value::from));
    bad(Primitive::Code, &[" a", "a ", "a  b", "\ta", "a \nb"].map(Value::from));
    good(Primitive::Id, &["a", "A-1.b"].map(Value::from));
    good(Primitive::Id, &[json!("x".repeat(64))]);
    bad(Primitive::Id, &["a_b", "a/b", "a b", "é"].map(Value::from));
    bad(Primitive::Id, &[json!("x".repeat(65))]);
    good(Primitive::Uri, &["http://x", "urn:oid:1.2", "#a", "Patient/1"].map(Value::from));
    bad(Primitive::Canonical, &["http://x y", "a\n"].map(Value::from));
    good(Primitive::Oid, &["urn:oid:2.16.840.1.113883.2.4.6.3", "urn:oid:1.0"].map(Value::from));
    bad(Primitive::Oid, &["2.16.840", "urn:oid:3.1", "urn:oid:2", "urn:oid:2.01", "urn:oid:2..1"].map(Value::from));
    good(Primitive::Uuid, &[json!("urn:uuid:c757873d-ec9a-4326-a141-556f43239520")]);
    bad(
        Primitive::Uuid,
        &["c757873d-ec9a-4326-a141-556f43239520", "urn:uuid:C757873D-ec9a-4326-a141-556f43239520"].map(Value::from),
    );
    good(Primitive::Base64Binary, &["AAAA", "AA==", " AA A=\n", "AAAA\r\nBBB="].map(Value::from));
    bad(Primitive::Base64Binary, &["AAA", "A===", "AA=A", "é", "=", "    "].map(Value::from));
}

#[test]
fn what_stands_in_an_attribute_becomes_a_json_value() {
    assert_eq!(Primitive::Boolean.typed("true".into()), json!(true));
    assert_eq!(Primitive::Boolean.typed("ja".into()), json!("ja"));
    assert_eq!(Primitive::Integer.typed("-5".into()), json!(-5));
    assert_eq!(Primitive::Integer.typed("0".into()), json!(0));
    for not in ["007", "-0", "5 ", "5.0", "", "99999999999999999999"] {
        assert_eq!(Primitive::Integer.typed(not.into()), json!(not));
    }
    assert_eq!(Primitive::Decimal.typed("1.5".into()), json!(1.5));
    for not in ["1,5", "1.", ".5", "+1", "NaN", "Infinity", " 1"] {
        assert_eq!(Primitive::Decimal.typed(not.into()), json!(not));
    }
    assert_eq!(Primitive::Date.typed("2024".into()), json!("2024"));
}
