//! Takes the records that were exported, gives the one that an imported article came from: by its id, or by its words where the
//! format has no ids. Holds those that were read over, none if both come in one order. Refuses, line by line, what is no record.

use super::draft::{Draft, Words};
use super::records::Records;
use crate::read::Refusal;
use crate::write::back::Annotated;
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The records that were exported.
pub struct Originals {
    records: Records,
    held: HashMap<String, Annotated>,
    /// The ids of those held, by the hash of their words.
    by_words: HashMap<u64, VecDeque<String>>,
    taken: HashSet<String>,
    /// Lines that were no records.
    pub refused: Vec<Refusal>,
}

impl Originals {
    /// Looks in `records`.
    #[must_use]
    pub fn new(records: Records) -> Self {
        Self { records, held: HashMap::new(), by_words: HashMap::new(), taken: HashSet::new(), refused: Vec::new() }
    }

    /// The record of `draft`, which is then no longer there: the one of its id, else the first of its words; none if there is none.
    pub fn take(&mut self, draft: &Draft) -> Option<Annotated> {
        loop {
            let known = draft.id.as_ref().filter(|id| self.held.contains_key(*id)).cloned();
            let known = known.or_else(|| draft.id.is_none().then(|| self.of_words(draft))?);
            if let Some(id) = known {
                return self.give(&id);
            }
            if self.hold().is_none() {
                return self.of_words(draft).and_then(|id| self.give(&id));
            }
        }
    }

    /// Whether the record of that id was taken.
    #[must_use]
    pub fn taken(&self, id: &str) -> bool {
        self.taken.contains(id)
    }

    /// The id of the first record with the draft's words.
    fn of_words(&self, draft: &Draft) -> Option<String> {
        self.by_words.get(&words(draft))?.front().cloned()
    }

    fn give(&mut self, id: &str) -> Option<Annotated> {
        let found = self.held.remove(id)?;
        if let Some(ids) = self.by_words.get_mut(&hash(found.document.text.chars())) {
            ids.retain(|other| other != id);
        }
        self.taken.insert(id.to_owned());
        Some(found)
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
