//! The flow, stated once: segment → recognise → link → assign. Takes documents (or refusals, which it passes on), gives whatever
//! the caller makes of each annotated document, in the order of the input. Refuses nothing but a model that can't be loaded; a
//! document that the recogniser fails on becomes a refusal and the others go on.
//!
//! Around the forward pass everything runs on a rayon pool; the forward pass runs on worker threads that own their model each.
//! Memory is bounded: a few chunks of documents are under way at a time, whatever the input's size.
//!
//! ```text
//! feeder ──chunk, encode (rayon)──> jobs ──> worker 1..N: forward pass ──> done ──> link, assign, finish (rayon) ──> sink, in order
//! ```

use crate::assign::Rules;
use crate::document::{Annotation, Document, Mention, Segments};
use crate::link;
use crate::read::{Code, Refusal};
use crate::recognise::{self, RecogniseError, Recogniser};
use crate::segment::segment;
use crossbeam_channel::{Receiver, Sender, bounded};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A chunk is closed when it holds this many documents …
const CHUNK_DOCUMENTS: usize = 32;
/// … or this many bytes of text.
const CHUNK_BYTES: usize = 1 << 20;

/// All stages, ready to annotate. Shared by threads; see [`Pipeline::session`] for one thread and one document at a time.
///
/// ```
/// use rolecall::{assign::Rules, document::Label, pipeline::Pipeline, recognise::gazetteer::Gazetteer};
/// use std::num::NonZeroUsize;
///
/// // A list of names stands in for the transformer here; `recognise::model::TransformerRecogniser` is used the same way.
/// let names = Gazetteer::new([("Alan Reedham", Label::Per)])?;
/// let pipeline = Pipeline::new(names, Rules::builtin(), NonZeroUsize::MIN)?;
/// let text = "A misconduct hearing was held in May. Panel chair Alan Reedham said PC One had lied.";
/// let annotation = pipeline.session()?.annotate(text)?;
///
/// let chair = &annotation.entities[0];
/// assert_eq!(chair.name, "Alan Reedham");
/// assert_eq!(chair.roles[0].role, "panel_chair");
/// assert_eq!(chair.roles[0].evidence[0].span.of(text), "Panel chair");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Pipeline<R> {
    recogniser: R,
    rules: Rules,
    workers: NonZeroUsize,
    pool: rayon::ThreadPool,
}

/// Why a run could not be made. Documents that fail are no errors of the run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A worker could not load its model.
    #[error("a worker could not load the model")]
    Worker(#[source] RecogniseError),
    /// The threads could not be started.
    #[error("the threads could not be started")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// A document with what the recogniser needs.
struct Prepared<E> {
    document: Document,
    segments: Segments,
    encoded: E,
}

/// A document with what the recogniser said.
struct Recognised {
    document: Document,
    segments: Segments,
    mentions: Vec<Mention>,
}

/// Place of a document: number of its chunk, place in the chunk.
type Place = (u64, usize);

enum Done {
    /// A chunk of this many documents has been begun.
    Chunk(u64, usize),
    /// One document of a chunk is through; boxed, since it waits for the rest of its chunk.
    Document(Place, Result<Box<Recognised>, Refusal>),
}

impl<R: Recogniser> Pipeline<R> {
    /// Puts the stages together, with `workers` threads for the forward pass and as many for the rest.
    ///
    /// # Errors
    /// When the threads can't be started.
    pub fn new(recogniser: R, rules: Rules, workers: NonZeroUsize) -> Result<Self, RunError> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(workers.get()).thread_name(|i| format!("rayon-{i}")).build()?;
        Ok(Self { recogniser, rules, workers, pool })
    }

    /// The recogniser.
    pub fn recogniser(&self) -> &R {
        &self.recogniser
    }

    /// The role rules.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Loads a worker for the calling thread, which then annotates text after text.
    ///
    /// # Errors
    /// When the model can't be loaded.
    pub fn session(&self) -> Result<Session<'_, R>, RecogniseError> {
        Ok(Session { pipeline: self, worker: self.recogniser.worker()? })
    }

    /// Annotates all `documents`. `finish` is called on many threads and makes of each what the caller wants; `sink` gets the
    /// results on the calling thread in the order of the input, refusals among them, until it breaks.
    ///
    /// # Errors
    /// When a worker can't load its model; `sink` has not been called then.
    pub fn run<T, I, F, S>(&self, documents: I, finish: F, mut sink: S) -> Result<(), RunError>
    where
        T: Send,
        I: Iterator<Item = Result<Document, Refusal>> + Send,
        F: Fn(&Document, &Annotation) -> T + Sync,
        S: FnMut(Result<T, Refusal>) -> ControlFlow<()>,
    {
        let workers = self.workers.get();
        let (ready, loaded) = bounded(workers);
        let (jobs, work) = bounded::<(Place, Prepared<R::Encoded>)>(2 * workers);
        let (done, results) = bounded(CHUNK_DOCUMENTS);
        // One permit a chunk under way: one being worked on, one being encoded, one being written.
        let (permits, released) = bounded::<()>(3);
        std::thread::scope(|scope| {
            for _ in 0..workers {
                let (ready, work, done) = (ready.clone(), work.clone(), done.clone());
                scope.spawn(move || self.work(&ready, &work, &done));
            }
            drop((ready, work));
            for _ in 0..workers {
                loaded.recv().expect("every worker reports once").map_err(RunError::Worker)?;
            }
            scope.spawn(move || self.feed(documents, &permits, &jobs, &done));
            self.drain(results, released, &finish, &mut sink);
            Ok(())
        })
    }

    /// Reads chunks, encodes them, hands them to the workers. Ends when the input does, or when nobody listens any more.
    fn feed<I>(&self, mut documents: I, permits: &Sender<()>, jobs: &Sender<(Place, Prepared<R::Encoded>)>, done: &Sender<Done>)
    where
        I: Iterator<Item = Result<Document, Refusal>> + Send,
    {
        for number in 0.. {
            if permits.send(()).is_err() {
                return;
            }
            let chunk = next_chunk(&mut documents);
            if chunk.is_empty() || done.send(Done::Chunk(number, chunk.len())).is_err() {
                return;
            }
            let prepared: Vec<_> = self
                .pool
                .install(|| chunk.into_par_iter().map(|item| item.and_then(|document| self.prepare(document))).collect());
            for (place, item) in prepared.into_iter().enumerate() {
                let sent = match item {
                    Ok(prepared) => jobs.send(((number, place), prepared)).is_ok(),
                    Err(refusal) => done.send(Done::Document((number, place), Err(refusal))).is_ok(),
                };
                if !sent {
                    return;
                }
            }
        }
    }

    /// One worker: loads its model, says so, and runs it on job after job.
    fn work(
        &self,
        ready: &Sender<Result<(), RecogniseError>>,
        work: &Receiver<(Place, Prepared<R::Encoded>)>,
        done: &Sender<Done>,
    ) {
        let mut worker = match self.recogniser.worker() {
            Ok(worker) => {
                let _ = ready.send(Ok(()));
                worker
            }
            Err(error) => {
                let _ = ready.send(Err(error));
                return;
            }
        };
        for (place, prepared) in work {
            let Prepared { document, segments, encoded } = prepared;
            // libtorch reports by panic through its bindings: one article must not take the others with it.
            let outcome = catch_unwind(AssertUnwindSafe(|| self.recogniser.run(&mut worker, encoded)))
                .unwrap_or_else(|_| Err(RecogniseError::Forward("the model library panicked".to_owned())));
            let result = match outcome {
                Ok(mentions) => Ok(Box::new(Recognised { document, segments, mentions })),
                Err(error) => Err(refuse(&document, &error)),
            };
            if done.send(Done::Document(place, result)).is_err() {
                return;
            }
        }
    }

    /// Puts chunks together again and hands them to the sink in order.
    fn drain<T, F, S>(&self, results: Receiver<Done>, released: Receiver<()>, finish: &F, sink: &mut S)
    where
        T: Send,
        F: Fn(&Document, &Annotation) -> T + Sync,
        S: FnMut(Result<T, Refusal>) -> ControlFlow<()>,
    {
        let mut open: BTreeMap<u64, Chunk> = BTreeMap::new();
        let mut next = 0;
        for message in results {
            match message {
                Done::Chunk(number, len) => {
                    open.insert(number, Chunk { missing: len, items: (0..len).map(|_| None).collect() });
                }
                Done::Document((number, place), result) => {
                    let chunk = open.get_mut(&number).expect("a chunk is announced before its documents");
                    chunk.items[place] = Some(result);
                    chunk.missing -= 1;
                }
            }
            while open.get(&next).is_some_and(|chunk| chunk.missing == 0) {
                let chunk = open.remove(&next).expect("it was just looked at");
                next += 1;
                let finished: Vec<_> = self.pool.install(|| {
                    chunk
                        .items
                        .into_par_iter()
                        .map(|item| item.expect("none is missing").and_then(|recognised| self.finish(*recognised, finish)))
                        .collect()
                });
                for item in finished {
                    if sink(item).is_break() {
                        return;
                    }
                }
                let _ = released.recv();
            }
        }
    }

    /// Everything before the forward pass.
    fn prepare(&self, document: Document) -> Result<Prepared<R::Encoded>, Refusal> {
        let (segments, encoded) = guarded(&document, || {
            let segments = segment(&document.text);
            let encoded = self.recogniser.encode(&document.text, &segments);
            (segments, encoded)
        })?;
        Ok(Prepared { document, segments, encoded })
    }

    fn finish<T>(&self, recognised: Recognised, finish: &impl Fn(&Document, &Annotation) -> T) -> Result<T, Refusal> {
        let Recognised { document, segments, mentions } = recognised;
        guarded(&document, || finish(&document, &self.annotation(&document.text, segments, mentions)))
    }

    /// Everything after the forward pass.
    fn annotation(&self, text: &str, segments: Segments, found: Vec<Mention>) -> Annotation {
        let mentions = recognise::layers::overlay(text, &segments, found);
        let linked = link::link(text, &segments, mentions);
        self.rules.assign(text, segments, linked)
    }
}

/// A chunk of which some documents are through.
struct Chunk {
    missing: usize,
    items: Vec<Option<Result<Box<Recognised>, Refusal>>>,
}

fn next_chunk(documents: &mut impl Iterator<Item = Result<Document, Refusal>>) -> Vec<Result<Document, Refusal>> {
    let mut chunk = Vec::new();
    let mut bytes = 0;
    while chunk.len() < CHUNK_DOCUMENTS && bytes < CHUNK_BYTES {
        let Some(item) = documents.next() else { break };
        bytes += item.as_ref().map_or(0, |document| document.text.len());
        chunk.push(item);
    }
    chunk
}

/// A defect that shows on one article must not take the others with it: a panic becomes a refusal.
fn guarded<T>(document: &Document, work: impl FnOnce() -> T) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| refuse(document, &"rolecall failed on this article; please report it"))
}

fn refuse(document: &Document, error: &dyn std::fmt::Display) -> Refusal {
    let source = document.meta.get("source");
    Refusal {
        path: source.and_then(|s| s.get("path")).and_then(|p| p.as_str()).map(str::to_owned),
        line: source.and_then(|s| s.get("line")).and_then(serde_json::Value::as_u64),
        row: source.and_then(|s| s.get("row")).and_then(serde_json::Value::as_u64),
        id: Some(document.id.clone()),
        code: Code::RecogniseFailed,
        message: error.to_string(),
    }
}

/// A pipeline with a worker of its own, for one thread.
pub struct Session<'a, R: Recogniser> {
    pipeline: &'a Pipeline<R>,
    worker: R::Worker,
}

impl<R: Recogniser> Session<'_, R> {
    /// Annotates one text.
    ///
    /// # Errors
    /// When the forward pass fails.
    pub fn annotate(&mut self, text: &str) -> Result<Annotation, RecogniseError> {
        let segments = segment(text);
        let encoded = self.pipeline.recogniser.encode(text, &segments);
        let mentions = self.pipeline.recogniser.run(&mut self.worker, encoded)?;
        Ok(self.pipeline.annotation(text, segments, mentions))
    }
}
