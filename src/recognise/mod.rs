//! Takes a text and its segments, gives mentions: what a token-classification model says of it.
//!
//! The trait here stands between the flow and the model. [`model`] is the transformer, [`gazetteer`] a list of names for tests
//! that need no model. [`layers`] completes and overrules what either found, with [`pseudonyms`] above all. Refuses nothing by itself; what a model folder lacks is an error of [`model`].

pub mod gazetteer;
pub mod layers;
pub mod model;
pub mod pseudonyms;

use crate::document::{Mention, Segments};

/// Something that finds mentions. It is shared by all threads; what can't be shared (a loaded model) lives in a worker.
pub trait Recogniser: Send + Sync {
    /// A document made ready for [`Recogniser::run`].
    type Encoded: Send;
    /// What one thread owns. It is made on that thread and never leaves it.
    type Worker;

    /// What the run section of a record says of this recogniser.
    fn identity(&self) -> Identity;

    /// Makes a document ready. Pure, runs on many threads at once.
    fn encode(&self, text: &str, segments: &Segments) -> Self::Encoded;

    /// Makes what one thread needs: loads the model.
    ///
    /// # Errors
    /// When the model can't be loaded.
    fn worker(&self) -> Result<Self::Worker, RecogniseError>;

    /// The mentions of one document, in order, not overlapping. Depends on nothing but the document.
    ///
    /// # Errors
    /// When the forward pass fails.
    fn run(&self, worker: &mut Self::Worker, encoded: Self::Encoded) -> Result<Vec<Mention>, RecogniseError>;
}

/// What a record says of the recogniser that made it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    /// `sha256:` and the hash of the model's files, or another fixed name.
    pub model: String,
    /// `bf16` or `f32`, or `none`.
    pub precision: String,
}

/// Why a recogniser failed.
#[derive(Debug, thiserror::Error)]
pub enum RecogniseError {
    /// The tokenizer refused a text.
    #[error("the text can't be encoded: {0}")]
    Encode(String),
    /// The model can't be loaded.
    #[error(transparent)]
    Model(#[from] model::ModelError),
    /// The model's forward pass failed.
    #[error("the model's forward pass failed: {0}")]
    Forward(String),
}
