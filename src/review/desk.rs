//! Takes a file of records, a file of answers and a reviewer, gives the articles as this reviewer has them, and takes decisions on them.
//! A decision counts when it is in the file of answers. Refuses one on a version of the article that is no longer the last,
//! and one that makes no sense; nothing is then written.

use super::answer::{Answer, VERSION};
use super::book::Book;
use super::decision::Decision;
use super::history::{Case, anchor};
use super::reading::Reading;
use super::shelf::{Facet, Shelf, ShelfError, Wanted};
use super::{Fingerprints, Status};
use crate::assign::built_in_roles;
use crate::document::{Annotation, Document, Kind, Label, Segments};
use crate::recognise::pseudonyms;
use crate::segment::segment;
use crate::span::Span;
use crate::write::back::Annotated;
use crate::write::offsets::{OffsetUnit, Offsets};
use crate::write::record::NamedKind;
use serde::Deserialize;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Time between two looks at whether an article has been read.
const PAUSE: Duration = Duration::from_millis(20);

/// A reviewer at work.
#[derive(Debug)]
pub struct Desk {
    /// The name of the reviewer.
    pub reviewer: String,
    /// The file of records.
    pub file: PathBuf,
    /// The file of answers.
    pub answers: PathBuf,
    shelf: RwLock<Shelf>,
    book: Mutex<Book>,
}

/// A stretch of the article's text, as the page counts it: UTF-16 units, half-open.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ends {
    /// Where it begins.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
}

/// An article on the desk.
#[derive(Clone, PartialEq, Debug)]
pub struct Open {
    /// Its place in the file, from 0.
    pub place: usize,
    /// The article.
    pub document: Document,
    /// What was made of it so far, segments and all.
    pub annotation: Annotation,
    /// How it came to that; its sheet is that annotation.
    pub case: Case,
}

/// Why something can't be had or done.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such article.
    #[error("there is no article number {0} in the file, counted from 0")]
    NoArticle(usize),
    /// The article is another by now.
    #[error("this article was changed elsewhere in the meantime: this is how it is now, and your last step was not taken")]
    Outdated(Box<Open>),
    /// The decision makes no sense.
    #[error("{0}")]
    Senseless(String),
    /// It is so already: nothing was written, and nothing is lost.
    #[error("it is so already")]
    Unchanged,
    /// The file of records can't be read.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// The file of answers can't be read or written.
    #[error("nothing is saved: the file of answers can't be read or written: {0}")]
    Answers(#[from] io::Error),
}

/// Why nothing was added to the file of answers.
enum Stopped {
    /// The article is another by now.
    Outdated,
    By(DeskError),
}

impl From<DeskError> for Stopped {
    fn from(error: DeskError) -> Self {
        Self::By(error)
    }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::By(error.into())
    }
}

impl Desk {
    /// A desk for these files.
    #[must_use]
    pub fn new(shelf: Shelf, book: Book, reviewer: &str, file: PathBuf, answers: PathBuf) -> Self {
        Self { reviewer: reviewer.to_owned(), file, answers, shelf: RwLock::new(shelf), book: Mutex::new(book) }
    }

    /// Puts the next articles on the desk; gives whether there may be more.
    pub fn read(&self, reading: &mut Reading) -> bool {
        reading.step(&self.shelf, |article, now| {
            let Ok(answers) = self.book().answers_of(&self.reviewer, &article.document.id) else { return Default::default() };
            if answers.is_empty() {
                return Default::default();
            }
            let case = Case::new(&article.document.text, &article.annotation, now, &answers);
            (case.status, case.decisions)
        })
    }

    /// The articles.
    pub fn shelf(&self) -> RwLockReadGuard<'_, Shelf> {
        // Whoever panicked with the lock has left whole entries behind.
        self.shelf.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many lines of the answers file are no answers; and once all articles are there, how many articles of it are not.
    #[must_use]
    pub fn unread_and_lost(&self) -> (usize, usize) {
        // Nobody waits for the shelf with the book in hand: whoever fills the shelf waits for the book.
        let complete = self.shelf().is_complete();
        let (unread, decided) = {
            let book = self.book();
            let decided: Vec<String> = book.articles().filter(|_| complete).map(str::to_owned).collect();
            (book.faults().len(), decided)
        };
        let shelf = self.shelf();
        (unread, decided.iter().filter(|id| shelf.place(id).is_none()).count())
    }

    /// The places of the articles that are wanted, in order.
    #[must_use]
    pub fn list(&self, wanted: &Wanted) -> Vec<usize> {
        self.shelf.write().unwrap_or_else(PoisonError::into_inner).sort();
        self.shelf().list(wanted)
    }

    /// The place of the article by so many after that of `from` in the list that it begins with, whether or not `from` is wanted;
    /// the first of all without `from`. Also its number in the list, from 1, and how many there are.
    #[must_use]
    pub fn step(&self, wanted: &Wanted, from: Option<usize>, forward: bool) -> (Option<usize>, usize, usize) {
        let list = self.list(wanted);
        let place = match from.map(|from| (list.iter().position(|&place| place == from), from)) {
            None => Some(0),
            Some((Some(at), _)) if forward => Some(at + 1),
            Some((Some(at), _)) => at.checked_sub(1),
            // It is not in the list any more: where it would be, all others being where they are.
            Some((None, from)) => {
                let everything = self.list(&Wanted { order: wanted.order, ..Wanted::default() });
                let before: std::collections::HashSet<usize> =
                    everything.into_iter().take_while(|&place| place != from).collect();
                let at = list.iter().take_while(|place| before.contains(place)).count();
                if forward { Some(at) } else { at.checked_sub(1) }
            }
        };
        let place = place.filter(|&at| at < list.len());
        (place.map(|at| list[at]), place.map_or(0, |at| at + 1), list.len())
    }

    /// The article at that place, as the reviewer has it.
    ///
    /// # Errors
    /// When there is none, or a file can't be read.
    pub fn article(&self, place: usize) -> Result<Open, DeskError> {
        let article = self.predicted(place)?;
        let answers = {
            let mut book = self.book();
            // Another program may have added to it.
            book.refresh()?;
            book.answers_of(&self.reviewer, &article.document.id)?
        };
        let segments = segment(&article.document.text);
        Ok(self.lay_out(place, article, segments, &answers))
    }

    fn predicted(&self, place: usize) -> Result<Annotated, DeskError> {
        // A page that is opened at an article far down a long file waits until that has been read.
        while place >= self.shelf().entries().len() && !self.shelf().is_complete() {
            thread::sleep(PAUSE);
        }
        let shelf = self.shelf();
        match place < shelf.entries().len() {
            true => Ok(shelf.article(place)?),
            false => Err(DeskError::NoArticle(place)),
        }
    }

    /// The article after these answers; the shelf hears what has become of it.
    fn lay_out(&self, place: usize, article: Annotated, segments: Segments, answers: &[Answer]) -> Open {
        let Annotated { document, annotation, .. } = article;
        let now = Fingerprints::of(&document, &annotation);
        let case = Case::new(&document.text, &annotation, &now, answers);
        let known = { self.shelf().entries()[place].clone() };
        if (known.status, known.decisions as usize) != (case.status, case.decisions) {
            let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
            shelf.decided(place, case.status, case.decisions);
        }
        Open { place, annotation: case.sheet.annotation(&document.text, segments), document, case }
    }

    /// Makes a decision on the article at that place, of which the page has that version. It is on the disk when this returns.
    ///
    /// # Errors
    /// When it was not made, and why.
    pub fn decide(&self, place: usize, version: &str, decision: &Decision<Ends>) -> Result<Open, DeskError> {
        let article = self.predicted(place)?;
        let text = &article.document.text;
        let segments = segment(text);
        // Looked for once, and where they are needed alone: in a long text that takes a while.
        let pseudonyms = OnceCell::new();
        let made = spans(text, decision).and_then(|decision| match decision {
            Decision::Undo { of: Some(_) } | Decision::Redo { of: Some(_) } => {
                Err(DeskError::Senseless("expected undo and redo without an id".to_owned()))
            }
            decision => Ok(completed(decision, text, &|| pseudonyms.get_or_init(|| found(text, &segments)))),
        })?;
        let now = Fingerprints::of(&article.document, &article.annotation);
        let appended = self.book().append(&self.reviewer, &article.document.id, |answers| {
            let case = Case::new(text, &article.annotation, &now, &answers);
            if case.version != version {
                return Err(Stopped::Outdated);
            }
            Ok(self.answer(&article, now.clone(), case, made)?)
        });
        let outdated = match appended {
            Ok(()) | Err(Stopped::By(DeskError::Unchanged)) => false,
            Err(Stopped::Outdated) => true,
            Err(Stopped::By(error)) => return Err(error),
        };
        let answers = self.book().answers_of(&self.reviewer, &article.document.id)?;
        let open = self.lay_out(place, article, segments, &answers);
        if outdated { Err(DeskError::Outdated(Box::new(open))) } else { Ok(open) }
    }

    /// The answer that a decision on `case` is.
    fn answer(&self, article: &Annotated, now: Fingerprints, mut case: Case, made: Decision<Span>) -> Result<Answer, DeskError> {
        let senseless = |message: &str| Err(DeskError::Senseless(message.to_owned()));
        let text = &article.document.text;
        let offsets = Offsets::new(text, OffsetUnit::Char);
        let mut result = None;
        let made = match made {
            Decision::Undo { .. } => match case.undo {
                None => return senseless("there is nothing to undo in this article"),
                Some((id, _)) => Decision::Undo { of: Some(id) },
            },
            Decision::Redo { .. } => match case.redo {
                None => return senseless("there is nothing to redo in this article"),
                Some((id, _)) => Decision::Redo { of: Some(id) },
            },
            Decision::Accept {} if case.status == Status::Accepted => return Err(DeskError::Unchanged),
            Decision::Reject {} if case.status == Status::Rejected => return Err(DeskError::Unchanged),
            Decision::Skip {} if case.status == Status::Skipped => return Err(DeskError::Unchanged),
            Decision::Reopen {} if case.status == Status::Undecided => return Err(DeskError::Unchanged),
            Decision::Note { text } if text == case.note => return Err(DeskError::Unchanged),
            Decision::Accept {} => {
                case.sheet.accept();
                result = Some(case.sheet.verdict(text, &offsets));
                Decision::Accept {}
            }
            made => {
                case.sheet.make(text, &made).map_err(|error| DeskError::Senseless(error.to_string()))?;
                made
            }
        };
        let decision = made.try_map(&mut |span| Ok::<_, DeskError>(anchor(text, &offsets, *span)))?;
        Ok(Answer {
            schema: VERSION.to_owned(),
            id: name()?,
            reviewer: self.reviewer.clone(),
            time: time(),
            article: article.document.id.clone(),
            text_hash: now.text,
            predicted: now.predicted,
            decision,
            result,
        })
    }

    /// The ids of the roles that can be given: those that are built in, then those of the file.
    #[must_use]
    pub fn roles(&self) -> Vec<String> {
        let built_in = built_in_roles().map(str::to_owned);
        joined(built_in, &self.shelf().names(Facet::Role))
    }

    /// The labels that can be given: ours, then those of the file.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        joined(Label::OURS.iter().map(Label::to_string), &self.shelf().names(Facet::Label))
    }
}

fn joined(ours: impl Iterator<Item = String>, found: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = ours.collect();
    let others: Vec<String> =
        found.iter().filter(|name| !all.iter().any(|known| known == *name)).map(|name| (*name).to_owned()).collect();
    all.extend(others);
    all
}

/// The decision with the stretches that the page points at.
fn spans(text: &str, decision: &Decision<Ends>) -> Result<Decision<Span>, DeskError> {
    let offsets = Offsets::new(text, OffsetUnit::Utf16);
    decision.try_map(&mut |&Ends { start, end }| {
        let ends = offsets.byte(start).zip(offsets.byte(end)).filter(|(start, end)| start < end);
        let span = ends.and_then(|(start, end)| Span::new(text, start, end).ok());
        span.ok_or_else(|| DeskError::Senseless(format!("{start} to {end} is no stretch of the text")))
    })
}

/// The decision with what the page leaves to us: how a new mention refers, and that it does not begin or end with white space.
fn completed<'a>(decision: Decision<Span>, text: &str, pseudonyms: &impl Fn() -> &'a BTreeSet<Span>) -> Decision<Span> {
    match decision {
        Decision::Add { span, label, kind, person } => {
            let span = trimmed(text, span);
            let found = if Label::from_record(&label) != Label::Anon {
                Kind::Name
            } else if pseudonyms().contains(&span) {
                Kind::Pseudonym
            } else {
                Kind::Nominal
            };
            Decision::Add { span, label, kind: kind.or(Some(NamedKind(found))), person }
        }
        Decision::Move { mention, to } => Decision::Move { mention, to: trimmed(text, to) },
        Decision::Several { decisions } => {
            Decision::Several { decisions: decisions.into_iter().map(|decision| completed(decision, text, pseudonyms)).collect() }
        }
        decision => decision,
    }
}

/// The pseudonyms of a text.
fn found(text: &str, segments: &Segments) -> BTreeSet<Span> {
    pseudonyms::find(text, segments).into_iter().map(|found| found.span).collect()
}

/// Without white space at its ends, unless it is nothing else: that is refused where the reason can be said.
fn trimmed(text: &str, span: Span) -> Span {
    Some(span.trim(text)).filter(|words| !words.is_empty()).unwrap_or(span)
}

/// A name for an answer that no other has.
fn name() -> io::Result<String> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn time() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
    let time = chrono::DateTime::from_timestamp_millis(millis).unwrap_or_default();
    time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}
