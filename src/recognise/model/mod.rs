//! Takes a Hugging Face folder of a token-classification model (BERT, DistilBERT, RoBERTa, XLM-R, ELECTRA), gives a
//! [`Recogniser`]: mentions of the model's labels. Refuses a folder that lacks or contradicts anything, by file and key.
//!
//! Only this folder knows tch and rust-bert. The flow within it:
//! 1. `config`, `labels`, `tokenizer`, `weights`: the model folder, read and checked once;
//! 2. `tokenizer`, `casing`: a text's wordpieces, paragraph by paragraph, with exact bytes;
//! 3. `window`: stretches of wordpieces that the model can read, in batches of one document only, so that no record depends on
//!    its neighbours whatever the processor does with other batch shapes;
//! 4. `network`: the forward pass;
//! 5. `decode`: labels of words, and mentions of them.

mod casing;
mod config;
mod decode;
mod error;
mod labels;
mod network;
mod text;
mod tokenizer;
mod weights;
mod window;

pub use error::{ModelError, ShapeMismatch};

use super::{Identity, RecogniseError, Recogniser};
use crate::document::{Mention, Segments};
use config::ModelConfig;
use network::{Batch, Network};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};
use tch::Kind;
use text::EncodedText;
use tokenizer::{Pieces, TextEncoder};
use weights::Weights;
use window::{Layout, Window};

/// The precision of the forward pass. Logits are turned to float32 before probabilities are made of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Precision {
    /// bfloat16 on a CPU with instructions for it (AVX512-BF16, which every processor with AMX-BF16 has), else float32.
    #[default]
    Auto,
    /// bfloat16.
    Bf16,
    /// float32.
    F32,
}

/// Where the forward pass runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Device {
    /// The CPU, a thread a worker.
    #[default]
    Cpu,
    /// The CUDA device of this number; needs a libtorch with CUDA.
    Cuda(usize),
}

/// How a model is run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ModelOptions {
    /// The precision of the forward pass.
    pub precision: Precision,
    /// Where it runs.
    pub device: Device,
    /// The most padded wordpieces in a batch. Batches never mix documents.
    pub batch_tokens: usize,
    /// The most wordpieces in a window, special ones included; less where the model has fewer positions.
    pub window: usize,
    /// How many wordpieces of the neighbouring sentences a window reads on either side; at most a quarter of the window.
    pub context: usize,
}

/// Windows of 128 with 16 of context did best on the mean strict F1 of three public test sets (74.8; without context 74.7, with
/// windows of 64 and 256 74.4 and 74.5); differences below 0.5 are noise, so speed decided the rest.
impl Default for ModelOptions {
    fn default() -> Self {
        Self { precision: Precision::Auto, device: Device::Cpu, batch_tokens: 1536, window: 128, context: 16 }
    }
}

/// A model folder that was read and checked. The weights are held once, whatever the number of workers.
pub struct TransformerRecogniser {
    dir: PathBuf,
    config: ModelConfig,
    encoder: TextEncoder,
    weights: Weights,
    options: ModelOptions,
    layout: Layout,
    identity: Identity,
}

/// A network, owned by one thread.
pub struct Worker {
    network: Network,
}

/// A document's wordpieces and windows, ready for the network, or why the tokenizer refused it.
pub struct Encoded(Result<EncodedText, String>);

/// What the network says of a short text: for comparing with other implementations, and for finding out why a mention is missed.
#[derive(Clone, PartialEq, Debug)]
pub struct Diagnosis {
    /// The wordpieces' ids, special ones included.
    pub ids: Vec<u32>,
    /// Where each wordpiece stands, in bytes of the text, without white space; `None` for special ones.
    pub offsets: Vec<Option<(usize, usize)>>,
    /// What was fed as token types.
    pub token_type_ids: Vec<i64>,
    /// A row a wordpiece, a logit a label.
    pub logits: Vec<Vec<f32>>,
    /// The label with the highest logit of each wordpiece, by its name in config.json.
    pub labels: Vec<String>,
}

impl TransformerRecogniser {
    /// Loads and checks the model folder `dir`.
    ///
    /// # Errors
    /// When a file is missing or broken, contradicts another, or belongs to a model that is not known; when an option does not
    /// fit the model or the machine.
    pub fn open(dir: &Path, options: ModelOptions) -> Result<Self, ModelError> {
        let device = device(options.device)?;
        let kind = kind(options);
        single_threaded();
        let config = ModelConfig::open(dir)?;
        let encoder = TextEncoder::open(dir, &config)?;
        let layout = layout(options, &config, encoder.specials())?;
        let weights = Weights::open(dir, &config, kind, device)?;
        let mut files = vec![dir.join("config.json")];
        files.extend(encoder.files.iter().cloned());
        files.push(weights.file.clone());
        let precision = if kind == Kind::BFloat16 { "bf16" } else { "f32" };
        let identity = Identity { model: hash(&files)?, precision: precision.to_owned() };
        Ok(Self { dir: dir.to_owned(), config, encoder, weights, options, layout, identity })
    }

    /// What the network says of each wordpiece of `text`, which must fit the model without windows.
    ///
    /// # Errors
    /// When the text is longer than the model can read, when the tokenizer refuses it, or when the forward pass fails.
    pub fn diagnose(&self, worker: &mut Worker, text: &str) -> Result<Diagnosis, RecogniseError> {
        let mut pieces = Pieces::default();
        self.encoder.encode(text, (0, text.len()), &mut pieces).map_err(RecogniseError::Encode)?;
        if pieces.ids.len() + self.encoder.specials() > self.config.longest() {
            return Err(RecogniseError::Encode(format!("{} wordpieces are more than the model can read", pieces.ids.len())));
        }
        let types = text::token_types(text, &pieces, self.config.token_types);
        let whole = 0..pieces.ids.len();
        let batch = self.batch(&pieces.ids, &types, &[Window { read: whole.clone(), label: whole }], &[0]);
        let logits = worker.network.logits(&batch).map_err(RecogniseError::Forward)?;
        let logits: Vec<f32> = flat(&logits)?;
        let (before, after) = (self.encoder.before.len(), self.encoder.after.len());
        let length = before + pieces.ids.len() + after;
        let rows: Vec<Vec<f32>> = logits.chunks(self.config.labels.len()).take(length).map(<[f32]>::to_vec).collect();
        Ok(Diagnosis {
            ids: [self.encoder.before.as_slice(), &pieces.ids, &self.encoder.after].concat(),
            offsets: [vec![None; before], pieces.spans.into_iter().map(Some).collect(), vec![None; after]].concat(),
            token_type_ids: batch.types[..length].to_vec(),
            labels: rows.iter().map(|row| self.config.labels.name(best(row).0).to_owned()).collect(),
            logits: rows,
        })
    }

    /// How many wordpieces a document has, without special ones and context; 0 when the tokenizer refused it.
    pub fn wordpieces(&self, encoded: &Encoded) -> usize {
        encoded.0.as_ref().map_or(0, |text| text.ids.len())
    }

    /// The padded length of rows of which the longest holds `length` wordpieces: a multiple of 8 where the model has the
    /// positions, which the matrix kernels prefer.
    fn padded(&self, length: usize) -> usize {
        length.next_multiple_of(8).min(self.config.longest())
    }

    /// The length of a window's row, special wordpieces included.
    fn row_length(&self, window: &Window) -> usize {
        window.read.len() + self.encoder.specials()
    }

    /// The rows of the windows `rows`, the longest first.
    fn batch(&self, ids: &[u32], types: &[u8], windows: &[Window], rows: &[usize]) -> Batch {
        let length = self.padded(self.row_length(&windows[rows[0]]));
        let pad = self.config.pad_token_id;
        let size = rows.len() * length;
        let mut batch = Batch { rows: rows.len(), length, ids: vec![pad; size], types: vec![0; size], mask: vec![0; size] };
        for (row, &window) in rows.iter().enumerate() {
            let window = &windows[window];
            let start = row * length;
            let within = ids[window.read.clone()].iter();
            let all = self.encoder.before.iter().chain(within).chain(&self.encoder.after);
            for (at, &id) in all.enumerate() {
                batch.ids[start + at] = i64::from(id);
                batch.mask[start + at] = 1;
            }
            let first = start + self.encoder.before.len();
            for (at, &kind) in types[window.read.clone()].iter().enumerate() {
                batch.types[first + at] = i64::from(kind);
            }
        }
        batch
    }

    /// The label of every wordpiece and its probability.
    fn choices(&self, worker: &Worker, text: &EncodedText) -> Result<Vec<decode::Choice>, RecogniseError> {
        let mut choices = vec![(0, 0.0); text.ids.len()];
        let lengths: Vec<usize> = text.windows.iter().map(|window| self.row_length(window)).collect();
        let labels = self.config.labels.len();
        for rows in window::batches(&lengths, self.options.batch_tokens, |length| self.padded(length)) {
            let batch = self.batch(&text.ids, &text.types, &text.windows, &rows);
            let logits = worker.network.logits(&batch).map_err(RecogniseError::Forward)?;
            let probabilities: Vec<f32> = flat(&logits.softmax(-1, Kind::Float))?;
            for (row, &window) in rows.iter().enumerate() {
                let Window { read, label } = &text.windows[window];
                for piece in label.clone() {
                    let at = row * batch.length + self.encoder.before.len() + (piece - read.start);
                    choices[piece] = best(&probabilities[at * labels..(at + 1) * labels]);
                }
            }
        }
        Ok(choices)
    }
}

impl Recogniser for TransformerRecogniser {
    type Encoded = Encoded;
    type Worker = Worker;

    fn identity(&self) -> Identity {
        self.identity.clone()
    }

    fn encode(&self, text: &str, segments: &Segments) -> Encoded {
        Encoded(text::encode(text, segments, &self.encoder, self.config.token_types, self.layout))
    }

    fn worker(&self) -> Result<Worker, RecogniseError> {
        single_threaded();
        let built = Network::build(&self.config, &self.weights);
        let network = built.map_err(|message| ModelError::Build { path: self.dir.clone(), message })?;
        Ok(Worker { network })
    }

    fn run(&self, worker: &mut Worker, encoded: Encoded) -> Result<Vec<Mention>, RecogniseError> {
        let text = encoded.0.map_err(RecogniseError::Encode)?;
        let choices = self.choices(worker, &text)?;
        Ok(decode::mentions(&text.words, &choices, &self.config.labels))
    }
}

/// The index and the value of the highest number, the first one of equals.
fn best(row: &[f32]) -> decode::Choice {
    row.iter().copied().enumerate().fold((0, f32::NEG_INFINITY), |best, this| if this.1 > best.1 { this } else { best })
}

fn flat(tensor: &tch::Tensor) -> Result<Vec<f32>, RecogniseError> {
    Vec::<f32>::try_from(tensor.contiguous().view(-1)).map_err(|error| RecogniseError::Forward(error.to_string()))
}

/// A worker is one thread: libtorch must not start more. The setting is one for the process and one for each thread that
/// OpenMP sees, so that every worker makes it.
fn single_threaded() {
    tch::set_num_threads(1);
}

fn kind(options: ModelOptions) -> Kind {
    match options.precision {
        Precision::F32 => Kind::Float,
        Precision::Auto if options.device != Device::Cpu || !has_bf16() => Kind::Float,
        Precision::Auto | Precision::Bf16 => Kind::BFloat16,
    }
}

#[cfg(target_arch = "x86_64")]
fn has_bf16() -> bool {
    std::arch::is_x86_feature_detected!("avx512bf16")
}

#[cfg(not(target_arch = "x86_64"))]
fn has_bf16() -> bool {
    false
}

fn device(device: Device) -> Result<tch::Device, ModelError> {
    match device {
        Device::Cpu => Ok(tch::Device::Cpu),
        Device::Cuda(number) => {
            let there = if tch::Cuda::is_available() { usize::try_from(tch::Cuda::device_count()).unwrap_or(0) } else { 0 };
            let found = format!("cuda:{number}");
            let expected = if there == 0 {
                "cpu (no CUDA device can be used here)".to_owned()
            } else {
                format!("cpu or cuda:0 to cuda:{}", there - 1)
            };
            if number < there {
                Ok(tch::Device::Cuda(number))
            } else {
                Err(ModelError::Option { option: "device", expected, found })
            }
        }
    }
}

fn layout(options: ModelOptions, config: &ModelConfig, specials: usize) -> Result<Layout, ModelError> {
    let window = options.window.min(config.longest());
    if window < specials + 4 {
        let expected = format!("at least {}", specials + 4);
        return Err(ModelError::Option { option: "window", expected, found: window.to_string() });
    }
    let limit = window - specials;
    Ok(Layout { limit, context: options.context.min(limit / 4) })
}

/// `sha256:` and the hash over each file's name, its length (8 bytes, little-endian) and its bytes.
fn hash(files: &[PathBuf]) -> Result<String, ModelError> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    for path in files {
        let failed = |source| ModelError::Read { path: path.clone(), source };
        let mut file = std::fs::File::open(path).map_err(failed)?;
        hasher.update(path.file_name().map(|name| name.as_encoded_bytes()).unwrap_or_default());
        hasher.update(file.metadata().map_err(failed)?.len().to_le_bytes());
        loop {
            match file.read(&mut buffer).map_err(failed)? {
                0 => break,
                read => hasher.update(&buffer[..read]),
            }
        }
    }
    let mut name = "sha256:".to_owned();
    for byte in hasher.finalize() {
        write!(name, "{byte:02x}").expect("writing to a string never fails");
    }
    Ok(name)
}
