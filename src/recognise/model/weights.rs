//! Takes a model folder's `model.safetensors` or `rust_model.ot`, gives the tensors that the network needs, at the precision
//! that it runs at. Refuses a file that lacks any of them or has them in other shapes than config.json says, so that building
//! the network, which panics on such things, can't fail for them.

use super::config::{Family, ModelConfig};
use super::error::{ModelError, ShapeMismatch};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tch::{Device, Kind, Tensor};

/// The tensors of a model. Workers share their memory: nothing ever writes to it.
pub(super) struct Weights {
    /// `Tensor` may change threads but not be shared, so that handles are copied under a lock.
    tensors: Mutex<HashMap<String, Tensor>>,
    /// The file that they are from.
    pub file: PathBuf,
    pub kind: Kind,
    pub device: Device,
}

impl Weights {
    /// Reads and checks the weights in `dir`.
    pub fn open(dir: &Path, config: &ModelConfig, kind: Kind, device: Device) -> Result<Self, ModelError> {
        let (file, found) = load(dir)?;
        let mut found: HashMap<String, Tensor> = found.into_iter().map(|(name, tensor)| (current_name(name), tensor)).collect();
        let (mut missing, mut shapes) = (Vec::new(), Vec::new());
        let mut tensors = HashMap::new();
        for (name, expected) in expected(config) {
            match found.remove(&name) {
                None => missing.push(name),
                Some(tensor) if tensor.size() != expected => {
                    shapes.push(ShapeMismatch { name, expected, found: tensor.size() });
                }
                Some(tensor) => {
                    tensors.insert(name, tensor.to_kind(kind).to_device(device));
                }
            }
        }
        if !missing.is_empty() {
            return Err(ModelError::MissingTensors { path: file, names: missing });
        }
        if !shapes.is_empty() {
            return Err(ModelError::Shapes { path: file, shapes });
        }
        Ok(Self { tensors: Mutex::new(tensors), file, kind, device })
    }

    /// Handles of all tensors, on the same memory.
    pub fn handles(&self) -> HashMap<String, Tensor> {
        let tensors = self.tensors.lock().unwrap_or_else(PoisonError::into_inner);
        tensors.iter().map(|(name, tensor)| (name.clone(), tensor.shallow_clone())).collect()
    }
}

type Named = Vec<(String, Tensor)>;

fn load(dir: &Path) -> Result<(PathBuf, Named), ModelError> {
    let (safe, ot) = (dir.join("model.safetensors"), dir.join("rust_model.ot"));
    let (file, named) = if safe.exists() {
        let named = Tensor::read_safetensors(&safe);
        (safe, named)
    } else if ot.exists() {
        let named = Tensor::load_multi(&ot);
        (ot, named)
    } else {
        return Err(ModelError::Missing {
            path: safe,
            expected: "model.safetensors or rust_model.ot (convert other formats to one)",
        });
    };
    match named {
        Ok(named) => Ok((file, named)),
        // The first line: libtorch appends a stack trace.
        Err(error) => {
            let message = error.to_string().lines().next().unwrap_or_default().to_owned();
            Err(ModelError::Weights { path: file, message })
        }
    }
}

/// Layer norms were once named as in TensorFlow.
fn current_name(name: String) -> String {
    if let Some(stem) = name.strip_suffix("LayerNorm.gamma") {
        format!("{stem}LayerNorm.weight")
    } else if let Some(stem) = name.strip_suffix("LayerNorm.beta") {
        format!("{stem}LayerNorm.bias")
    } else {
        name
    }
}

/// The names and shapes of all tensors of a model, in the order of the network.
fn expected(config: &ModelConfig) -> Vec<(String, Vec<i64>)> {
    let prefix = match config.family {
        Family::Bert => "bert",
        Family::DistilBert => "distilbert",
        Family::Roberta | Family::XlmRoberta => "roberta",
        Family::Electra => "electra",
    };
    let (hidden, embedded, inner) = (config.hidden_size, config.embedding_size, config.intermediate_size);
    let mut list = Expected(Vec::new());
    let embeddings = format!("{prefix}.embeddings");
    list.matrix(&format!("{embeddings}.word_embeddings"), config.vocab_size, embedded);
    list.matrix(&format!("{embeddings}.position_embeddings"), config.position_rows, embedded);
    if config.type_rows > 0 {
        list.matrix(&format!("{embeddings}.token_type_embeddings"), config.type_rows, embedded);
    }
    list.norm(&format!("{embeddings}.LayerNorm"), embedded);
    if embedded != hidden {
        list.linear(&format!("{prefix}.embeddings_project"), hidden, embedded);
    }
    for layer in 0..config.layers {
        if config.family == Family::DistilBert {
            let layer = format!("{prefix}.transformer.layer.{layer}");
            for part in ["q_lin", "k_lin", "v_lin", "out_lin"] {
                list.linear(&format!("{layer}.attention.{part}"), hidden, hidden);
            }
            list.norm(&format!("{layer}.sa_layer_norm"), hidden);
            list.linear(&format!("{layer}.ffn.lin1"), inner, hidden);
            list.linear(&format!("{layer}.ffn.lin2"), hidden, inner);
            list.norm(&format!("{layer}.output_layer_norm"), hidden);
        } else {
            let layer = format!("{prefix}.encoder.layer.{layer}");
            for part in ["self.query", "self.key", "self.value", "output.dense"] {
                list.linear(&format!("{layer}.attention.{part}"), hidden, hidden);
            }
            list.norm(&format!("{layer}.attention.output.LayerNorm"), hidden);
            list.linear(&format!("{layer}.intermediate.dense"), inner, hidden);
            list.linear(&format!("{layer}.output.dense"), hidden, inner);
            list.norm(&format!("{layer}.output.LayerNorm"), hidden);
        }
    }
    let labels = i64::try_from(config.labels.len()).expect("a list of labels is short");
    list.linear("classifier", labels, hidden);
    list.0
}

struct Expected(Vec<(String, Vec<i64>)>);

impl Expected {
    fn matrix(&mut self, name: &str, rows: i64, columns: i64) {
        self.0.push((format!("{name}.weight"), vec![rows, columns]));
    }

    fn linear(&mut self, name: &str, rows: i64, columns: i64) {
        self.matrix(name, rows, columns);
        self.0.push((format!("{name}.bias"), vec![rows]));
    }

    fn norm(&mut self, name: &str, size: i64) {
        self.0.push((format!("{name}.weight"), vec![size]));
        self.0.push((format!("{name}.bias"), vec![size]));
    }
}
