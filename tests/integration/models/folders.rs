//! Model folders that are broken in one way each, and the other file format of weights.

use super::{fixture, open};
use rolecall::recognise::Recogniser;
use rolecall::recognise::model::{Device, ModelError, ModelOptions, Precision, TransformerRecogniser};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

fn copy_of(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(fixture(name)).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    folder
}

fn refusal(folder: &tempfile::TempDir) -> ModelError {
    match TransformerRecogniser::open(folder.path(), ModelOptions::default()) {
        Ok(_) => panic!("a broken folder was opened"),
        Err(error) => error,
    }
}

/// The error of a copy of `bert-iob2` with some keys of config.json set, or removed where the value is null.
fn refusal_with(changes: Value) -> ModelError {
    let folder = copy_of("bert-iob2");
    let path = folder.path().join("config.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    for (key, value) in changes.as_object().unwrap() {
        config[key] = value.clone();
    }
    config.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    fs::write(&path, config.to_string()).unwrap();
    refusal(&folder)
}

#[test]
fn a_missing_or_unreadable_file_is_named() {
    for (model, file, named, expected) in [
        ("bert-iob2", "config.json", "config.json", "the configuration of a token-classification model"),
        ("bert-iob2", "model.safetensors", "model.safetensors", "rust_model.ot"),
        ("bert-iob2", "vocab.txt", "tokenizer.json", "vocab.txt"),
        ("roberta-vocab", "vocab.json", "tokenizer.json", "vocab.json and merges.txt"),
        ("roberta-vocab", "merges.txt", "merges.txt", "merges.txt"),
        ("xlm-roberta-iob1", "tokenizer.json", "tokenizer.json", "tokenizer.json"),
    ] {
        let folder = copy_of(model);
        fs::remove_file(folder.path().join(file)).unwrap();
        match refusal(&folder) {
            ModelError::Missing { path, expected: said } => assert!(path.ends_with(named) && said.contains(expected), "{said}"),
            other => panic!("{file}: {other}"),
        }
    }
}

#[test]
fn files_that_hold_something_else_are_refused() {
    let with = |file: &str, content: &str| {
        let folder = copy_of("bert-iob2");
        fs::write(folder.path().join(file), content).unwrap();
        refusal(&folder)
    };
    assert!(matches!(with("config.json", "{\"model_type\": "), ModelError::Json { .. }));
    assert!(matches!(with("config.json", "[]"), ModelError::Json { .. }));
    assert!(matches!(with("tokenizer_config.json", "x"), ModelError::Json { .. }));
    assert!(matches!(with("tokenizer.json", "{}"), ModelError::Tokenizer { .. }));
    assert!(matches!(with("vocab.txt", "[UNK]\na\nb\n"), ModelError::Tokenizer { .. }));
    assert!(matches!(with("model.safetensors", "none"), ModelError::Weights { .. }));
    let folder = copy_of("bert-iob2");
    fs::remove_file(folder.path().join("model.safetensors")).unwrap();
    fs::write(folder.path().join("rust_model.ot"), "none").unwrap();
    assert!(matches!(refusal(&folder), ModelError::Weights { .. }));
}

#[test]
fn a_configuration_that_can_not_be_followed_is_refused_by_key() {
    for (changes, key) in [
        (json!({"model_type": "t5"}), "model_type"),
        (json!({"hidden_size": "24"}), "hidden_size"),
        (json!({"hidden_size": 0}), "hidden_size"),
        (json!({"num_hidden_layers": 1_000_000_000}), "num_hidden_layers"),
        (json!({"num_attention_heads": 5}), "num_attention_heads"),
        (json!({"hidden_act": "gelu_fancy"}), "hidden_act"),
        (json!({"layer_norm_eps": 1}), "layer_norm_eps"),
        (json!({"position_embedding_type": "relative_key"}), "position_embedding_type"),
        (json!({"is_decoder": true}), "is_decoder"),
        (json!({"pad_token_id": 100_000}), "pad_token_id"),
        (json!({"max_position_embeddings": 4}), "max_position_embeddings"),
        (json!({"id2label": ["O", "PER"]}), "id2label"),
        (json!({"id2label": {"0": "O", "2": "PER"}}), "id2label"),
        (json!({"rolecall": {"token_type_ids": "casing/2"}}), "rolecall.token_type_ids"),
        (json!({"rolecall": {"token_type_ids": "casing/1"}}), "type_vocab_size"),
    ] {
        match refusal_with(changes.clone()) {
            ModelError::BadKey { path, key: named, .. } => {
                assert!(path.ends_with("config.json") && named == key, "{changes}: {named}")
            }
            other => panic!("{changes}: {other}"),
        }
    }
    for key in ["model_type", "vocab_size", "hidden_size", "num_hidden_layers", "max_position_embeddings", "id2label"] {
        match refusal_with(json!({ key: null })) {
            ModelError::MissingKey { key: named, .. } => assert_eq!(named, key),
            other => panic!("{key}: {other}"),
        }
    }
    for labels in [json!({"0": "LABEL_0", "1": "LABEL_1"}), json!({"0": "O"}), json!({"0": "O", "1": "B-PER", "2": "ORG"})] {
        assert!(matches!(refusal_with(json!({ "id2label": labels })), ModelError::Labels { .. }));
    }
}

#[test]
fn weights_that_do_not_fit_are_listed() {
    match refusal_with(json!({"num_hidden_layers": 3})) {
        ModelError::MissingTensors { path, names } => {
            assert!(path.ends_with("model.safetensors") && names.len() == 16, "{names:?}");
            assert!(names.iter().all(|name| name.starts_with("bert.encoder.layer.2.")));
        }
        other => panic!("{other}"),
    }
    let config: Value = serde_json::from_slice(&fs::read(fixture("bert-iob2").join("config.json")).unwrap()).unwrap();
    let (hidden, inner) = (config["hidden_size"].as_i64().unwrap(), config["intermediate_size"].as_i64().unwrap());
    match refusal_with(json!({"intermediate_size": inner + 2})) {
        ModelError::Shapes { shapes, .. } => {
            let first = shapes.iter().find(|shape| shape.name == "bert.encoder.layer.0.intermediate.dense.weight").unwrap();
            assert_eq!((&first.expected, &first.found), (&vec![inner + 2, hidden], &vec![inner, hidden]));
        }
        other => panic!("{other}"),
    }
    assert!(matches!(refusal_with(json!({"vocab_size": 30})), ModelError::Vocabulary { vocab_size: 30, .. }));
}

#[test]
fn options_that_do_not_fit_are_refused() {
    let with = |options| TransformerRecogniser::open(&fixture("bert-iob2"), options).map(|_| ());
    let window = ModelOptions { window: 5, ..ModelOptions::default() };
    assert!(matches!(with(window), Err(ModelError::Option { option: "window", .. })));
    let device = ModelOptions { device: Device::Cuda(99), ..ModelOptions::default() };
    assert!(matches!(with(device), Err(ModelError::Option { option: "device", .. })));
}

#[test]
fn a_rust_model_file_gives_what_safetensors_give() {
    let folder = copy_of("bert-iob2");
    let text = "Panel chair Orla Vennick opened the hearing in Kesterholt.";
    let logits = |dir: &Path| {
        let recogniser = open(dir, Precision::F32);
        let mut worker = recogniser.worker().unwrap();
        (recogniser.diagnose(&mut worker, text).unwrap().logits, recogniser.identity().model)
    };
    let (before, identity) = logits(folder.path());
    let tensors = tch::Tensor::read_safetensors(folder.path().join("model.safetensors")).unwrap();
    tch::Tensor::save_multi(&tensors, folder.path().join("rust_model.ot")).unwrap();
    fs::remove_file(folder.path().join("model.safetensors")).unwrap();
    let (after, other) = logits(folder.path());
    assert_eq!(before, after);
    assert!(identity.starts_with("sha256:") && identity.len() == 71 && identity != other);
}
