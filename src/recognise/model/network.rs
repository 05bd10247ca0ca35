//! Takes a model's configuration and weights, gives its network on rust-bert's model classes; then takes batches of padded rows,
//! gives logits. Refuses nothing that was checked before: sizes, shapes and ids. What libtorch still refuses (memory) is caught.
//!
//! Three things of rust-bert 0.23 are worked around here: its BERT and RoBERTa embeddings normalise with an epsilon of 1e-12
//! whatever config.json says (so the embeddings are computed here, and only the encoder keeps it: its inputs have a variance
//! near 1, where 1e-5 or 1e-12 is no matter); its ELECTRA adds the mask to the attention scores as it is given (so it is given
//! what has to be added); and some of its functions panic where others return an error (so that panics are caught).

use super::config::{Family, ModelConfig};
use super::weights::Weights;
use rust_bert::RustBertError;
use rust_bert::bert::{BertConfig, BertEmbedding, BertModel};
use rust_bert::distilbert::{DistilBertConfig, DistilBertForTokenClassification};
use rust_bert::electra::{ElectraConfig, ElectraForTokenClassification};
use std::any::Any;
use std::borrow::Borrow;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tch::nn::{self, Module, VarStore};
use tch::{Device, Kind, Tensor};

/// Rows of equal, padded length; all three vectors hold `rows * length` numbers, row by row.
pub(super) struct Batch {
    pub rows: usize,
    pub length: usize,
    pub ids: Vec<i64>,
    /// Token types; read by the families that have them.
    pub types: Vec<i64>,
    /// 1 for a wordpiece, 0 for padding.
    pub mask: Vec<i64>,
}

/// A token-classification network on one device, owned by one thread.
pub(super) struct Network {
    classes: Classes,
    kind: Kind,
    device: Device,
}

enum Classes {
    Bert { embeddings: Embeddings, encoder: Box<BertModel<Computed>>, classifier: nn::Linear },
    DistilBert(Box<DistilBertForTokenClassification>),
    Electra(Box<ElectraForTokenClassification>),
}

impl Network {
    /// Builds the network and lets it point to the weights.
    ///
    /// # Errors
    /// What libtorch or rust-bert said, if they refuse.
    pub fn build(config: &ModelConfig, weights: &Weights) -> Result<Self, String> {
        caught(|| {
            let mut store = VarStore::new(weights.device);
            let handles = weights.handles();
            let classes = classes(config, &store, &handles)?;
            store.freeze();
            for (name, variable) in &mut store.variables() {
                let weight = handles.get(name).ok_or_else(|| format!("the network has an unknown tensor {name}"))?;
                variable.set_data(weight);
            }
            Ok(Self { classes, kind: weights.kind, device: weights.device })
        })
    }

    /// The logits of a batch, in float32 on the CPU, of shape (rows, length, labels).
    ///
    /// # Errors
    /// What libtorch said.
    pub fn logits(&self, batch: &Batch) -> Result<Tensor, String> {
        caught(|| tch::no_grad(|| self.forward(batch)).map(|logits| logits.to_kind(Kind::Float).to_device(Device::Cpu)))
    }

    fn forward(&self, batch: &Batch) -> Result<Tensor, String> {
        let shape = [batch.rows, batch.length].map(|size| i64::try_from(size).expect("a batch is small"));
        let tensor = |numbers: &[i64]| Tensor::from_slice(numbers).view(shape).to_device(self.device);
        let (ids, types, mask) = (tensor(&batch.ids), tensor(&batch.types), tensor(&batch.mask));
        let failed = |error: RustBertError| error.to_string();
        match &self.classes {
            Classes::Bert { embeddings, encoder, classifier } => {
                let embedded = embeddings.forward(&ids, &types);
                let output = encoder.forward_t(None, Some(&mask), None, None, Some(&embedded), None, None, false);
                Ok(classifier.forward(&output.map_err(failed)?.hidden_state))
            }
            Classes::DistilBert(model) => Ok(model.forward_t(Some(&ids), Some(&mask), None, false).map_err(failed)?.logits),
            Classes::Electra(model) => {
                // What rust-bert's other families add for padding: 0 keeps a wordpiece, -10000 leaves none of its weight.
                let added = ((mask - 1) * 10_000.0).to_kind(self.kind);
                Ok(model.forward_t(Some(&ids), Some(&added), Some(&types), None, None, false).logits)
            }
        }
    }
}

fn classes(config: &ModelConfig, store: &VarStore, handles: &HashMap<String, Tensor>) -> Result<Classes, String> {
    let root = store.root();
    let failed = |error: RustBertError| error.to_string();
    Ok(match config.family {
        Family::DistilBert => {
            let model = DistilBertForTokenClassification::new(&root, &distilbert_config(config)).map_err(failed)?;
            Classes::DistilBert(Box::new(model))
        }
        Family::Electra => {
            let model = ElectraForTokenClassification::new(&root, &electra_config(config)).map_err(failed)?;
            Classes::Electra(Box::new(model))
        }
        Family::Bert | Family::Roberta | Family::XlmRoberta => {
            let prefix = if config.family == Family::Bert { "bert" } else { "roberta" };
            let encoder = BertModel::new_with_optional_pooler(&root / prefix, &bert_config(config), false);
            let labels = i64::try_from(config.labels.len()).expect("a list of labels is short");
            let classifier = nn::linear(&root / "classifier", config.hidden_size, labels, nn::LinearConfig::default());
            Classes::Bert { embeddings: Embeddings::new(config, prefix, handles), encoder: Box::new(encoder), classifier }
        }
    })
}

/// The sum of the embeddings of words, positions and token types, normalised with the model's own epsilon.
struct Embeddings {
    words: Tensor,
    positions: Tensor,
    types: Tensor,
    norm: (Tensor, Tensor),
    first_position: i64,
    eps: f64,
}

impl Embeddings {
    fn new(config: &ModelConfig, prefix: &str, handles: &HashMap<String, Tensor>) -> Self {
        let get = |name: &str| handles[&format!("{prefix}.embeddings.{name}")].shallow_clone();
        Self {
            words: get("word_embeddings.weight"),
            positions: get("position_embeddings.weight"),
            types: get("token_type_embeddings.weight"),
            norm: (get("LayerNorm.weight"), get("LayerNorm.bias")),
            first_position: config.first_position(),
            eps: config.layer_norm_eps,
        }
    }

    /// Of ids and token types of shape (rows, length), in (rows, length, hidden size).
    fn forward(&self, ids: &Tensor, types: &Tensor) -> Tensor {
        let length = ids.size()[1];
        let lookup = |table: &Tensor, ids: &Tensor| Tensor::embedding(table, ids, -1, false, false);
        let sum = lookup(&self.words, ids) + self.positions.narrow(0, self.first_position, length) + lookup(&self.types, types);
        let (weight, bias) = &self.norm;
        sum.layer_norm([self.words.size()[1]], Some(weight), Some(bias), self.eps, false)
    }
}

/// The place of the embeddings in rust-bert's model: they come in computed.
struct Computed;

impl BertEmbedding for Computed {
    fn new<'p, P: Borrow<nn::Path<'p>>>(_: P, _: &BertConfig) -> Self {
        Self
    }

    fn forward_t(
        &self,
        _: Option<&Tensor>,
        _: Option<&Tensor>,
        _: Option<&Tensor>,
        computed: Option<&Tensor>,
        _: bool,
    ) -> Result<Tensor, RustBertError> {
        computed.map(Tensor::shallow_clone).ok_or_else(|| RustBertError::ValueError("no embeddings were given".to_owned()))
    }
}

/// rust-bert counts its labels by the map that it is given.
fn id2label(config: &ModelConfig) -> Option<HashMap<i64, String>> {
    Some((0..).zip((0..config.labels.len()).map(|id| config.labels.name(id).to_owned())).collect())
}

fn bert_config(config: &ModelConfig) -> BertConfig {
    BertConfig {
        hidden_act: config.activation,
        hidden_size: config.hidden_size,
        intermediate_size: config.intermediate_size,
        max_position_embeddings: config.position_rows,
        num_attention_heads: config.heads,
        num_hidden_layers: config.layers,
        type_vocab_size: config.type_rows,
        vocab_size: config.vocab_size,
        ..BertConfig::default()
    }
}

fn distilbert_config(config: &ModelConfig) -> DistilBertConfig {
    DistilBertConfig {
        activation: config.activation,
        dim: config.hidden_size,
        hidden_dim: config.intermediate_size,
        id2label: id2label(config),
        max_position_embeddings: config.position_rows,
        n_heads: config.heads,
        n_layers: config.layers,
        vocab_size: config.vocab_size,
        ..DistilBertConfig::default()
    }
}

fn electra_config(config: &ModelConfig) -> ElectraConfig {
    ElectraConfig {
        hidden_act: config.activation,
        embedding_size: config.embedding_size,
        hidden_size: config.hidden_size,
        layer_norm_eps: Some(config.layer_norm_eps),
        intermediate_size: config.intermediate_size,
        max_position_embeddings: config.position_rows,
        num_attention_heads: config.heads,
        num_hidden_layers: config.layers,
        type_vocab_size: config.type_rows,
        vocab_size: config.vocab_size,
        pad_token_id: config.pad_token_id,
        id2label: id2label(config),
        ..ElectraConfig::default()
    }
}

/// Runs what may panic inside tch or rust-bert. A network is not used again after it has.
fn caught<T>(action: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    let message = |panic: Box<dyn Any + Send>| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        text.and_then(|text| text.lines().next()).unwrap_or("a panic without a message").to_owned()
    };
    catch_unwind(AssertUnwindSafe(action)).unwrap_or_else(|panic| Err(message(panic)))
}
