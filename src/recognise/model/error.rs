//! What can be wrong with a model folder, named by file and key, with what was expected and what was found.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why a model folder can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A file that the model needs is not there.
    #[error("{}: no such file; expected {expected}", path.display())]
    Missing {
        /// The file that was looked for.
        path: PathBuf,
        /// Which file or files would do.
        expected: &'static str,
    },
    /// A file can't be read.
    #[error("{}: can't be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is no JSON object.
    #[error("{}: not a JSON object: {message}", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// Where and why.
        message: String,
    },
    /// A key of the configuration is not there.
    #[error("{}: key `{key}` is missing", path.display())]
    MissingKey {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
    },
    /// A key of the configuration has a value that can't be used.
    #[error("{}: key `{key}`: expected {expected}, found {found}", path.display())]
    BadKey {
        /// The file.
        path: PathBuf,
        /// The key, with dots between levels.
        key: String,
        /// What would do.
        expected: String,
        /// What is there.
        found: String,
    },
    /// The labels follow no scheme that is known.
    #[error("{}: key `id2label`: {reason}; known are IO, IOB1, IOB2 and BIOES (also IOBES, BILOU), found {}", path.display(), found.join(", "))]
    Labels {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        reason: String,
        /// The labels, in order of their ids.
        found: Vec<String>,
    },
    /// The tokenizer can't be made from its files.
    #[error("{}: no usable tokenizer: {message}", path.display())]
    Tokenizer {
        /// The file.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// The tokenizer gives ids that the embedding does not have.
    #[error("{}: the tokenizer gives ids up to {highest}, but the embedding has {vocab_size} rows (`vocab_size` of config.json)", path.display())]
    Vocabulary {
        /// The file of the tokenizer.
        path: PathBuf,
        /// The highest id of the tokenizer.
        highest: u32,
        /// How many rows the word embedding has.
        vocab_size: i64,
    },
    /// The file of weights can't be read.
    #[error("{}: no readable weights: {message}", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// Tensors that the family needs are not in the file.
    #[error("{}: {} tensors are missing: {}", path.display(), names.len(), shortened(names))]
    MissingTensors {
        /// The file.
        path: PathBuf,
        /// All their names, in the order of the network.
        names: Vec<String>,
    },
    /// Tensors have other shapes than config.json says.
    #[error("{}: shapes differ from config.json: {}", path.display(), shortened(shapes))]
    Shapes {
        /// The file.
        path: PathBuf,
        /// Every tensor that differs.
        shapes: Vec<ShapeMismatch>,
    },
    /// An option does not fit the model.
    #[error("option `{option}`: expected {expected}, found {found}")]
    Option {
        /// Its name.
        option: &'static str,
        /// What would do.
        expected: String,
        /// What was given.
        found: String,
    },
    /// The network could not be built although everything was checked.
    #[error("{}: the network could not be built: {message}", path.display())]
    Build {
        /// The model folder.
        path: PathBuf,
        /// What libtorch said.
        message: String,
    },
}

/// A tensor with another shape than config.json says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShapeMismatch {
    /// The tensor.
    pub name: String,
    /// The shape that follows from config.json.
    pub expected: Vec<i64>,
    /// The shape in the file.
    pub found: Vec<i64>,
}

impl fmt::Display for ShapeMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {:?}, expected {:?}", self.name, self.found, self.expected)
    }
}

/// Reads a file that must be there.
pub(super) fn read(path: &Path, expected: &'static str) -> Result<Vec<u8>, ModelError> {
    std::fs::read(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => ModelError::Missing { path: path.to_owned(), expected },
        _ => ModelError::Read { path: path.to_owned(), source },
    })
}

/// The first few of a list, and how many more there are: a message stays readable for a model with hundreds of tensors.
fn shortened<T: fmt::Display>(items: &[T]) -> String {
    const SHOWN: usize = 8;
    let mut text = items.iter().take(SHOWN).map(T::to_string).collect::<Vec<_>>().join(", ");
    if items.len() > SHOWN {
        text += &format!(" and {} more", items.len() - SHOWN);
    }
    text
}
