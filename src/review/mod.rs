//! Takes records that a model and rules made, and what reviewers decide on them; gives a page to decide on, files of answers, and
//! gold. Predictions are never changed: an article as a reviewer has it is made anew from the prediction and the answers.
//!
//! ```text
//! answers file ──log──> answers ──history (anchors to spans, undo)──> decisions ──decide──> sheet ──> annotation
//!                                                                                  ^ a prediction, from the shelf
//! ```

pub mod agreement;
pub mod answer;
pub mod book;
pub mod decide;
pub mod decision;
pub mod desk;
pub mod doubt;
pub mod gold;
pub mod history;
pub mod log;
pub mod reading;
pub mod server;
pub mod sheet;
pub mod shelf;

use crate::document::{Annotation, Document};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// What has become of an article in a review.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Nothing was decided on it as a whole, or something of it since.
    #[default]
    Undecided,
    /// All of it is right.
    Accepted,
    /// It is of no use.
    Rejected,
    /// It was left for later.
    Skipped,
    /// It was accepted or rejected, and its text is another now.
    Stale,
}

/// Which version of an article something was decided on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fingerprints {
    /// Of the text.
    pub text: String,
    /// Of what was predicted: mentions, entities, roles, relations; not of scores and proofs.
    pub predicted: String,
}

impl Fingerprints {
    /// Those of an article.
    #[must_use]
    pub fn of(document: &Document, annotation: &Annotation) -> Self {
        let mut predicted = Sha256::new();
        for mention in &annotation.mentions {
            let (start, end) = (mention.span.start(), mention.span.end());
            predicted.update(format!("m {start} {end} {} {:?}\n", mention.label, mention.kind));
        }
        for entity in &annotation.entities {
            predicted.update(format!("e {} {:?}\n", entity.label, entity.mentions));
            entity.roles.iter().for_each(|role| predicted.update(format!("r {} {}\n", role.role, role.status.as_str())));
        }
        for relation in &annotation.relations {
            predicted.update(format!("l {} {} {}\n", relation.kind, relation.from, relation.to));
        }
        Self { text: short(Sha256::digest(&document.text).as_ref()), predicted: short(predicted.finalize().as_ref()) }
    }
}

/// The first 16 bytes of a SHA-256, in hexadecimal.
fn short(hash: &[u8]) -> String {
    let digits: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digits}")
}

#[cfg(test)]
mod tests;
