//! Takes files of records (JSON lines, packed or not, a folder of them, standard input), gives the articles with their
//! annotation, in order; parses on all cores and holds a bounded number of lines. Refuses, line by line, what is no record.

use crate::read::{Code, Inputs, RawLine, RawLines, ReadOptions, Refusal, UsageError};
use crate::write::back::{self, Annotated};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::VecDeque;
use std::iter::FusedIterator;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// Bytes of JSON that are parsed together: enough to keep the cores busy, few enough to be nothing beside the model.
const BATCH: usize = 4 << 20;

/// The longest line that is read, in bytes: a record takes some ten times the bytes of its text.
const LONGEST: usize = 256 << 20;

/// Reads records: an iterator over articles and refusals, in order.
pub struct Records {
    lines: RawLines,
    bytes: Option<u64>,
    ready: VecDeque<Result<Annotated, Refusal>>,
}

impl Records {
    /// The records in the files, folders and globs that `args` name; `-` is standard input.
    ///
    /// # Errors
    /// When an argument names nothing.
    pub fn open(args: &[String]) -> Result<Self, UsageError> {
        let inputs = Inputs::resolve(args, ReadOptions { max_bytes: LONGEST, ..ReadOptions::default() })?;
        Ok(Self { bytes: inputs.bytes(), lines: inputs.lines(), ready: VecDeque::new() })
    }

    /// The size of all files together, in bytes on disk; none when standard input is read.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        self.bytes
    }

    /// The bytes taken so far, as they are on disk.
    #[must_use]
    pub fn consumed(&self) -> Arc<AtomicU64> {
        self.lines.consumed()
    }
}

impl Iterator for Records {
    type Item = Result<Annotated, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty() {
            let (mut batch, mut size) = (Vec::new(), 0);
            while size < BATCH {
                let Some(line) = self.lines.next() else { break };
                size += line.as_ref().map_or(0, |line| line.text.len());
                batch.push(line);
            }
            self.ready = batch.into_par_iter().map(|line| parse(&line?)).collect::<Vec<_>>().into();
        }
        self.ready.pop_front()
    }
}

impl FusedIterator for Records {}

fn parse(line: &RawLine) -> Result<Annotated, Refusal> {
    back::read(&line.text).map_err(|error| {
        let id = serde_json::from_str::<Value>(&line.text).ok().and_then(|value| Some(value.get("id")?.as_str()?.to_owned()));
        Refusal::new(Code::BadRecord, error.to_string()).at(&line.path).on_line(line.line).of(id)
    })
}
