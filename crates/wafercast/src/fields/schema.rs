//! The JSON Schema of scenario files (draft 2020-12), for editors.
//!
//! It describes one file. What spans files or needs the fact base (references, units, sources) only `wafercast check` sees.

use serde_json::{Map, Value, json};

use super::{FORM, Field, Kind, Presence, Shape, TOP};

/// The schema of a scenario file.
pub fn schema() -> Value {
    let mut root = table(&TOP, false);
    root.insert(
        "$schema".into(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    root.insert("title".into(), json!("Wafercast scenario"));
    root.insert(
        "$defs".into(),
        json!({
            "quantity": quantity(),
            "date": { "type": ["string", "integer"], "description": "2026, 2026-Q3, 2026-03 or 2026-03-15" },
            "facts": { "type": "array", "items": { "type": "string" } },
        }),
    );
    Value::Object(root)
}

/// Required keys are only required where the file is sure to hold the whole table: included files and overlays may say
/// part of it.
fn table(shape: &Shape, with_required: bool) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in shape.fields {
        properties.insert(field.key.to_owned(), property(field));
        if with_required && field.presence == Presence::Required {
            required.push(json!(field.key));
        }
    }
    let mut object = Map::new();
    object.insert("type".into(), json!("object"));
    object.insert("description".into(), json!(shape.doc));
    object.insert("properties".into(), Value::Object(properties));
    object.insert("additionalProperties".into(), json!(false));
    if !required.is_empty() {
        object.insert("required".into(), Value::Array(required));
    }
    object
}

fn property(field: &Field) -> Value {
    let mut value = kind(&field.kind);
    if let Value::Object(object) = &mut value {
        object.insert("description".into(), json!(field.doc));
        if let Presence::Default(text) = field.presence {
            object.insert("default".into(), json!(text));
        }
    }
    value
}

fn kind(kind: &Kind) -> Value {
    match kind {
        Kind::Text | Kind::Reference(_) | Kind::QuantityName | Kind::Condition | Kind::Metric => {
            json!({ "type": "string" })
        }
        Kind::Country => json!({ "type": "string", "pattern": "^[A-Z]{2}$" }),
        Kind::Part => json!({ "type": "string", "pattern": "^(die|memory)\\." }),
        Kind::Date => json!({ "$ref": "#/$defs/date" }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Integer => json!({ "type": "integer" }),
        Kind::Count { least, most } => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Kind::Number {
            least,
            most,
            open: false,
        } => json!({ "type": "number", "minimum": least, "maximum": most }),
        Kind::Number { least, most, .. } => {
            json!({ "type": "number", "exclusiveMinimum": least, "exclusiveMaximum": most })
        }
        Kind::Choice(words) => json!({ "enum": words }),
        Kind::Fixed(_) => json!({ "type": ["string", "number"] }),
        Kind::Quantity(_) | Kind::QuantityOrWord(..) => json!({ "$ref": "#/$defs/quantity" }),
        Kind::QuantityOr(_, shape) => {
            json!({ "anyOf": [{ "$ref": "#/$defs/quantity" }, Value::Object(table(shape, true))] })
        }
        Kind::QuantityPair => {
            json!({ "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 2 })
        }
        Kind::Facts => json!({ "$ref": "#/$defs/facts" }),
        Kind::Files => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Dates => json!({ "type": "array", "items": { "$ref": "#/$defs/date" } }),
        Kind::Table(shape) => Value::Object(table(shape, false)),
        Kind::Tables(shape) => {
            json!({ "type": "array", "items": Value::Object(table(shape, true)) })
        }
        Kind::Weights(..) => {
            json!({ "type": "object", "additionalProperties": { "$ref": "#/$defs/quantity" } })
        }
        Kind::Words(_) => {
            json!({ "type": "object", "additionalProperties": { "type": "string" } })
        }
        Kind::Numbers(_) => json!({
            "type": "object",
            "additionalProperties": { "type": "number", "exclusiveMinimum": 0 },
            "minProperties": 1,
        }),
        Kind::Counts => json!({
            "type": "object",
            "additionalProperties": { "type": "integer", "minimum": 1 },
        }),
        Kind::Section(shape) => json!({
            "type": "object",
            "propertyNames": { "pattern": "^[A-Za-z0-9_-]+$" },
            // `false` in an overlay removes a table of its base
            "additionalProperties": { "anyOf": [{ "const": false }, Value::Object(table(shape, false))] },
        }),
    }
}

/// A number, text in the number notation, or one of the table forms.
fn quantity() -> Value {
    let notation = json!({ "type": ["string", "number"] });
    let mut form = table(&FORM, false);
    if let Some(Value::Object(properties)) = form.get_mut("properties") {
        let anchor = json!({
            "anyOf": [
                notation,
                {
                    "type": "object",
                    "properties": { "value": notation, "source": { "$ref": "#/$defs/facts" }, "note": { "type": "string" } },
                    "required": ["value"],
                    "additionalProperties": false,
                },
            ],
        });
        let by_date = |inner: Value| json!({ "type": "object", "minProperties": 1, "additionalProperties": inner });
        properties.insert("value".into(), notation.clone());
        properties.insert("growth".into(), notation.clone());
        properties.insert("path".into(), by_date(anchor));
        properties.insert(
            "vintages".into(),
            by_date(json!({ "$ref": "#/$defs/quantity" })),
        );
    }
    json!({ "anyOf": [notation, Value::Object(form)] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_is_described() {
        let schema = schema();
        for (name, shape) in crate::fields::sections() {
            let tables = &schema["properties"][name]["additionalProperties"]["anyOf"][1];
            for key in shape.keys() {
                assert!(tables["properties"][key].is_object(), "{name}.{key}");
            }
        }
    }
}
