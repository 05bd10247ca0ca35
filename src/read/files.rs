//! Takes the files of a run and standard input, gives one after another to be opened, and keeps count of the bytes taken from
//! them. Refuses what `inputs` refused, in its place.

use super::decode::{self, Stream};
use super::format::Compression;
use super::inputs::{ArticlesFile, Item, TextFile};
use super::refusal::Refusal;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The files of a run that are still to be read.
pub(super) struct Files {
    items: std::vec::IntoIter<Item>,
    /// Standard input, until `-` comes.
    stdin: Option<Box<dyn Read + Send>>,
    consumed: Arc<AtomicU64>,
    /// What `consumed` is to be when the file being read is done with, however much of it was taken.
    done: u64,
}

/// The next to be read.
pub(super) enum Next {
    Stdin(Stream),
    /// Not yet opened.
    Text(TextFile, Compression),
    /// Not yet opened; with its size in bytes.
    Articles(ArticlesFile, u64),
}

impl Files {
    pub(super) fn new(items: Vec<Item>, stdin: Box<dyn Read + Send>) -> Self {
        Self { items: items.into_iter(), stdin: Some(stdin), consumed: Arc::default(), done: 0 }
    }

    /// The bytes taken so far, as they are on disk.
    pub(super) fn consumed(&self) -> &Arc<AtomicU64> {
        &self.consumed
    }

    /// Goes on to the next, the one before being done with.
    pub(super) fn next(&mut self) -> Option<Result<Next, Refusal>> {
        self.finish();
        let (next, size) = match self.items.next()? {
            Item::Refused(refusal) => return Some(Err(refusal)),
            // `-` is there once at most.
            Item::Stdin => (Next::Stdin(Box::new(decode::buffered(self.stdin.take()?, &self.consumed))), 0),
            Item::Text { file, compression, size } => (Next::Text(file, compression), size),
            Item::Articles { file, size } => (Next::Articles(file, size), size),
        };
        self.done = self.consumed.load(Ordering::Relaxed) + size;
        Some(Ok(next))
    }

    /// Counts the whole of the file being read as taken.
    pub(super) fn finish(&mut self) {
        self.consumed.fetch_max(self.done, Ordering::Relaxed);
    }
}
