//! Takes the records that were exported, gives the one that an imported article came from: by its id, or by its words where the
//! format has no ids. Holds those that were read over, none if both come in one order. Refuses, line by line, what is no record.

use super::draft::{Draft, Words};
use super::records::Records;
use crate::read::Refusal;
use crate::write::back::Annotated;
use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The records that were exported.
pub struct Originals {
    records: Records,
    held: HashMap<String, Annotated>,
    /// The ids of those held, by the hash of their words.
    by_words: HashMap<u64, VecDeque<String>>,
    /// Lines that were no records.
    pub refused: Vec<Refusal>,
}

impl Originals {
    /// Looks in `records`.
    #[must_use]
    pub fn new(records: Records) -> Self {
        Self { records, held: HashMap::new(), by_words: HashMap::new(), refused: Vec::new() }
    }

    /// The record of `draft`, which is then no longer there; none if there is none.
    pub fn take(&mut self, draft: &Draft) -> Option<Annotated> {
        let words = words(draft);
        loop {
            let id = match &draft.id {
                Some(id) => Some(id.clone()),
                None => self.by_words.get(&words).and_then(|ids| ids.front().cloned()),
            };
            if let Some(found) = id.and_then(|id| self.held.remove(&id)) {
                let of_text = hash(found.document.text.chars());
                if let Some(ids) = self.by_words.get_mut(&of_text) {
                    ids.retain(|id| *id != found.document.id);
                }
                return Some(found);
            }
            self.hold()?;
        }
    }

    /// How many records no article was of. Reads them to their end.
    pub fn left(&mut self) -> usize {
        while self.hold().is_some() {}
        self.held.len()
    }

    /// Reads one more record; none at the end.
    fn hold(&mut self) -> Option<()> {
        match self.records.next()? {
            Err(refusal) => self.refused.push(refusal),
            Ok(record) => {
                let of_text = hash(record.document.text.chars());
                self.by_words.entry(of_text).or_default().push_back(record.document.id.clone());
                self.held.insert(record.document.id.clone(), record);
            }
        }
        Some(())
    }
}

/// A hash of the words without what parts them, which formats of tokens don't keep.
fn words(draft: &Draft) -> u64 {
    match &draft.words {
        Words::Text(text) => hash(text.chars()),
        Words::Tokens(sentences) => hash(sentences.iter().flatten().flat_map(|token| token.chars())),
    }
}

fn hash(characters: impl Iterator<Item = char>) -> u64 {
    let mut hasher = DefaultHasher::new();
    characters.filter(|c| !c.is_whitespace()).for_each(|c| c.hash(&mut hasher));
    hasher.finish()
}
