//! Takes a model folder's config.json, gives what the network, the tokenizer and the decoder need of it. Refuses families that
//! are not known, keys that are missing or out of range, and properties that the network would silently ignore.

use super::error::{ModelError, read};
use super::labels::LabelSet;
use rust_bert::Activation;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// The largest number accepted for a size: products of two stay far within 64 bits, and no real model comes near.
const LARGEST: i64 = 1 << 30;

/// A model architecture, by `model_type`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Family {
    Bert,
    DistilBert,
    Roberta,
    XlmRoberta,
    Electra,
}

impl Family {
    const ALL: [(&'static str, Self); 5] = [
        ("bert", Self::Bert),
        ("distilbert", Self::DistilBert),
        ("roberta", Self::Roberta),
        ("xlm-roberta", Self::XlmRoberta),
        ("electra", Self::Electra),
    ];

    /// Whether positions are counted from the row after the padding row, as in fairseq.
    pub fn is_roberta(self) -> bool {
        matches!(self, Self::Roberta | Self::XlmRoberta)
    }
}

/// What is fed as `token_type_ids`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TokenTypes {
    /// Zeros, as for any text that is one segment.
    Zeros,
    /// The casing of each wordpiece's word (`casing/1`).
    Casing,
}

/// The sizes and properties of one model.
#[derive(Clone, Debug)]
pub(super) struct ModelConfig {
    pub family: Family,
    pub vocab_size: i64,
    /// Width of the embeddings; only ELECTRA's differs from `hidden_size`.
    pub embedding_size: i64,
    pub hidden_size: i64,
    pub intermediate_size: i64,
    pub layers: i64,
    pub heads: i64,
    /// Rows of the position embedding.
    pub position_rows: i64,
    /// Rows of the token type embedding; 0 for DistilBERT, which has none.
    pub type_rows: i64,
    pub pad_token_id: i64,
    pub layer_norm_eps: f64,
    pub activation: Activation,
    pub token_types: TokenTypes,
    pub labels: LabelSet,
}

impl ModelConfig {
    /// Reads `config.json` in `dir`.
    pub fn open(dir: &Path) -> Result<Self, ModelError> {
        Source::open(dir.join("config.json"), "the configuration of a token-classification model")?.model()
    }

    /// The row of the first wordpiece in the position embedding.
    pub fn first_position(&self) -> i64 {
        if self.family.is_roberta() { self.pad_token_id + 1 } else { 0 }
    }

    /// How many wordpieces the model can read at once, special ones included: 512 for RoBERTa's 514 rows.
    pub fn longest(&self) -> usize {
        usize::try_from(self.position_rows - self.first_position()).expect("checked when read: there are positions")
    }
}

/// A JSON file and its keys.
pub(super) struct Source {
    path: PathBuf,
    keys: Map<String, Value>,
}

impl Source {
    pub fn open(path: PathBuf, expected: &'static str) -> Result<Self, ModelError> {
        let bytes = read(&path, expected)?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(keys)) => Ok(Self { path, keys }),
            Ok(_) => Err(ModelError::Json { path, message: "another JSON value".to_owned() }),
            Err(error) => Err(ModelError::Json { path, message: error.to_string() }),
        }
    }

    /// The value of `key`, unless it is absent or null.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.keys.get(key).filter(|value| !value.is_null())
    }

    fn require(&self, key: &str) -> Result<&Value, ModelError> {
        self.get(key).ok_or_else(|| ModelError::MissingKey { path: self.path.clone(), key: key.to_owned() })
    }

    pub fn bad(&self, key: &str, expected: impl Into<String>, found: &Value) -> ModelError {
        ModelError::BadKey { path: self.path.clone(), key: key.to_owned(), expected: expected.into(), found: found.to_string() }
    }

    fn number(&self, key: &str, value: &Value, least: i64, most: i64) -> Result<i64, ModelError> {
        let number = value.as_i64().filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| self.bad(key, format!("a whole number from {least} to {most}"), value))
    }

    fn size(&self, key: &str) -> Result<i64, ModelError> {
        self.number(key, self.require(key)?, 1, LARGEST)
    }

    fn size_or(&self, key: &str, default: i64, least: i64) -> Result<i64, ModelError> {
        self.get(key).map_or(Ok(default), |value| self.number(key, value, least, LARGEST))
    }

    pub fn flag(&self, key: &str) -> Result<Option<bool>, ModelError> {
        self.get(key).map(|value| value.as_bool().ok_or_else(|| self.bad(key, "true or false", value))).transpose()
    }

    fn model(&self) -> Result<ModelConfig, ModelError> {
        let family = self.family()?;
        let distil = family == Family::DistilBert;
        let key = |usual: &'static str, distilled: &'static str| if distil { distilled } else { usual };
        let hidden_size = self.size(key("hidden_size", "dim"))?;
        let config = ModelConfig {
            family,
            vocab_size: self.size("vocab_size")?,
            embedding_size: if family == Family::Electra { self.size("embedding_size")? } else { hidden_size },
            hidden_size,
            intermediate_size: self.size(key("intermediate_size", "hidden_dim"))?,
            layers: self.number(
                key("num_hidden_layers", "n_layers"),
                self.require(key("num_hidden_layers", "n_layers"))?,
                1,
                1000,
            )?,
            heads: self.size(key("num_attention_heads", "n_heads"))?,
            position_rows: self.size("max_position_embeddings")?,
            type_rows: if distil { 0 } else { self.size_or("type_vocab_size", 2, 1)? },
            pad_token_id: self.size_or("pad_token_id", i64::from(family.is_roberta()), 0)?,
            layer_norm_eps: self.layer_norm_eps(distil)?,
            activation: self.activation(key("hidden_act", "activation"))?,
            token_types: self.token_types()?,
            labels: LabelSet::new(self.label_names()?).map_err(|(reason, found)| ModelError::Labels {
                path: self.path.clone(),
                reason,
                found,
            })?,
        };
        self.check(&config, key("num_attention_heads", "n_heads"))?;
        Ok(config)
    }

    fn family(&self) -> Result<Family, ModelError> {
        let value = self.require("model_type")?;
        Family::ALL.iter().find(|(name, _)| value == name).map(|(_, family)| *family).ok_or_else(|| {
            let names: Vec<_> = Family::ALL.iter().map(|(name, _)| *name).collect();
            self.bad("model_type", format!("one of {}", names.join(", ")), value)
        })
    }

    fn activation(&self, key: &str) -> Result<Activation, ModelError> {
        let Some(value) = self.get(key) else { return Ok(Activation::gelu) };
        Ok(match value.as_str() {
            Some("gelu") => Activation::gelu,
            Some("gelu_new" | "gelu_pytorch_tanh") => Activation::gelu_new,
            Some("relu") => Activation::relu,
            Some("silu" | "swish") => Activation::swish,
            Some("mish") => Activation::mish,
            Some("tanh") => Activation::tanh,
            _ => return Err(self.bad(key, "gelu, gelu_new, gelu_pytorch_tanh, relu, silu, swish, mish or tanh", value)),
        })
    }

    /// DistilBERT has no such key: its layers are written with 1e-12.
    fn layer_norm_eps(&self, distil: bool) -> Result<f64, ModelError> {
        let Some(value) = self.get("layer_norm_eps").filter(|_| !distil) else { return Ok(1e-12) };
        let eps = value.as_f64().filter(|eps| (0.0..=1e-3).contains(eps));
        eps.ok_or_else(|| self.bad("layer_norm_eps", "a number from 0 to 0.001", value))
    }

    fn token_types(&self) -> Result<TokenTypes, ModelError> {
        let Some(section) = self.get("rolecall") else { return Ok(TokenTypes::Zeros) };
        let keys = section.as_object().ok_or_else(|| self.bad("rolecall", "an object", section))?;
        match keys.get("token_type_ids") {
            None => Ok(TokenTypes::Zeros),
            Some(Value::String(name)) if name == "casing/1" => Ok(TokenTypes::Casing),
            Some(other) => Err(self.bad("rolecall.token_type_ids", "\"casing/1\"", other)),
        }
    }

    /// The labels in the order of their ids, which must be 0, 1, 2 …
    fn label_names(&self) -> Result<Vec<String>, ModelError> {
        let value = self.require("id2label")?;
        let expected = || "an object from \"0\", \"1\", … to label names";
        let map = value.as_object().ok_or_else(|| self.bad("id2label", expected(), value))?;
        (0..map.len())
            .map(|id| map.get(&id.to_string()).and_then(Value::as_str).map(str::to_owned))
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| self.bad("id2label", expected(), value))
    }

    /// What would make rust-bert panic, or give other figures than the model was trained with.
    fn check(&self, config: &ModelConfig, heads: &str) -> Result<(), ModelError> {
        let refuse = |key: &str, expected: String, found: i64| Err(self.bad(key, expected, &Value::from(found)));
        if config.hidden_size % config.heads != 0 {
            return refuse(heads, format!("a divisor of the hidden size {}", config.hidden_size), config.heads);
        }
        if config.pad_token_id >= config.vocab_size {
            return refuse("pad_token_id", format!("less than vocab_size {}", config.vocab_size), config.pad_token_id);
        }
        let least = config.first_position() + 8;
        if config.position_rows < least {
            return refuse("max_position_embeddings", format!("at least {least}"), config.position_rows);
        }
        if config.token_types == TokenTypes::Casing && config.type_rows < 4 {
            return refuse("type_vocab_size", "at least 4, for casing/1".to_owned(), config.type_rows);
        }
        if let Some(kind) = self.get("position_embedding_type").filter(|kind| *kind != "absolute") {
            return Err(self.bad("position_embedding_type", "\"absolute\"", kind));
        }
        if self.flag("is_decoder")? == Some(true) {
            return Err(self.bad("is_decoder", "false", &Value::Bool(true)));
        }
        Ok(())
    }
}
