//! Takes files of records (JSON lines, packed or not, a folder of them, standard input), gives the articles with their
//! annotation, in order; parses ahead of who asks, on all cores, and holds a bounded number of lines. Refuses, line by line, what
//! is no record.

use super::{Format, Holds, Import};
use crate::read::{Code, Inputs, RawLine, RawLines, ReadOptions, Refusal, UsageError};
use crate::write::back::{self, Annotated};
use crossbeam_channel::{Receiver, bounded};
use rayon::prelude::*;
use serde_json::Value;
use std::iter::FusedIterator;
use std::panic;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread::{self, JoinHandle};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "rolecall",
    about: "records, as annotate writes them",
    holds: Holds::ALL,
    offsets: None,
    export: None,
    import: Some(Import::Records),
};

/// Bytes of JSON that are parsed together: enough to keep the cores busy, few enough to be nothing beside the model.
const BATCH: usize = 4 << 20;

/// Batches that are ready before they are asked for.
const AHEAD: usize = 1;

/// The longest line that is read, in bytes: a record takes some ten times the bytes of its text.
const LONGEST: usize = 256 << 20;

/// What became of some lines.
type Batch = Vec<Result<Annotated, Refusal>>;

/// Reads records: an iterator over articles and refusals, in order.
pub struct Records {
    bytes: Option<u64>,
    consumed: Arc<AtomicU64>,
    source: Source,
    ready: std::vec::IntoIter<Result<Annotated, Refusal>>,
}

/// Where batches come from.
enum Source {
    /// Nothing was asked for yet.
    Lines(Box<RawLines>),
    /// Another thread reads lines and has them parsed.
    Ahead(Receiver<Batch>, JoinHandle<()>),
    /// All is read.
    Ended,
}

impl Records {
    /// The records in the files, folders and globs that `args` name; `-` is standard input.
    ///
    /// # Errors
    /// When an argument names nothing.
    pub fn open(args: &[String]) -> Result<Self, UsageError> {
        let inputs = Inputs::resolve(args, ReadOptions { max_bytes: LONGEST, ..ReadOptions::default() })?;
        let (bytes, lines) = (inputs.bytes(), inputs.lines());
        Ok(Self { bytes, consumed: lines.consumed(), source: Source::Lines(Box::new(lines)), ready: vec![].into_iter() })
    }

    /// The size of all files together, in bytes on disk; none when standard input is read.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        self.bytes
    }

    /// The bytes taken so far, as they are on disk.
    #[must_use]
    pub fn consumed(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.consumed)
    }

    /// The next batch; none at the end.
    fn batch(&mut self) -> Option<Batch> {
        self.source = match std::mem::replace(&mut self.source, Source::Ended) {
            Source::Lines(lines) => ahead(*lines),
            source => source,
        };
        let Source::Ahead(batches, _) = &self.source else { return None };
        if let Ok(batch) = batches.recv() {
            return Some(batch);
        }
        // The thread is at its end; what made it panic is not to look like the end of the files.
        if let Source::Ahead(_, thread) = std::mem::replace(&mut self.source, Source::Ended) {
            thread.join().unwrap_or_else(|cause| panic::resume_unwind(cause));
        }
        None
    }
}

impl Iterator for Records {
    type Item = Result<Annotated, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.ready.next() {
                None => self.ready = self.batch()?.into_iter(),
                next => return next,
            }
        }
    }
}

impl FusedIterator for Records {}

/// Reads and parses on a thread of its own, until nobody takes the batches.
fn ahead(mut lines: RawLines) -> Source {
    let (sender, receiver) = bounded(AHEAD);
    let thread = thread::spawn(move || {
        loop {
            let batch = read(&mut lines);
            if batch.is_empty() || sender.send(batch).is_err() {
                break;
            }
        }
    });
    Source::Ahead(receiver, thread)
}

/// The next records, [`BATCH`] bytes of them; none at the end.
fn read(lines: &mut RawLines) -> Batch {
    let (mut batch, mut size) = (Vec::new(), 0);
    while size < BATCH {
        let Some(line) = lines.next() else { break };
        size += line.as_ref().map_or(0, |line| line.text.len());
        batch.push(line);
    }
    batch.into_par_iter().map(|line| parse(&line?)).collect()
}

fn parse(line: &RawLine) -> Result<Annotated, Refusal> {
    back::read(&line.text).map_err(|error| {
        let id = serde_json::from_str::<Value>(&line.text).ok().and_then(|value| Some(value.get("id")?.as_str()?.to_owned()));
        Refusal::new(Code::BadRecord, error.to_string()).at(&line.path).on_line(line.line).of(id)
    })
}
