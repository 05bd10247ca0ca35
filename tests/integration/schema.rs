//! The JSON Schema of the record is itself right: draft 2020-12, closed, and described throughout.

use rolecall::write::record::SCHEMA;
use serde_json::Value;

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

#[test]
fn it_is_a_schema_of_the_draft_it_names() {
    assert_eq!(schema()["$schema"], "https://json-schema.org/draft/2020-12/schema");
    jsonschema::draft202012::meta::validate(&schema()).unwrap();
}

#[test]
fn every_object_of_ours_is_closed_and_complete_and_everything_is_described() {
    let schema = schema();
    let kinds: Vec<&Value> = std::iter::once(&schema).chain(schema["$defs"].as_object().unwrap().values()).collect();
    let objects: Vec<&Value> = kinds.iter().copied().filter(|kind| kind["type"] == "object").collect();
    assert_eq!(objects.len(), 11, "an object more or less");
    for object in objects {
        assert_eq!(object["additionalProperties"], false, "{object:#}");
        assert!(object["description"].is_string(), "{object:#}");
        let properties: Vec<&String> = object["properties"].as_object().unwrap().keys().collect();
        let required: Vec<&str> = object["required"].as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect();
        assert_eq!(properties, required);
        for (key, property) in object["properties"].as_object().unwrap() {
            assert!(
                property["description"].is_string() || property["$ref"].is_string() || key == "schema",
                "{key}: {property:#}"
            );
        }
    }
}
