//! `rolecall gold`: takes predictions and the answers of reviewers, gives gold. Refuses wrong arguments before anything is made;
//! says, and leaves out, what reviewers differ in and what no longer fits.

use super::messages::Messages;
use super::progress::Number;
use super::{Exit, Usage};
use crate::cli;
use rayon::prelude::*;
use rolecall::exchange::records::Records;
use rolecall::review::Status;
use rolecall::review::answer::Answer;
use rolecall::review::book::Book;
use rolecall::review::gold::{Outcome, gold};
use rolecall::show::visible;
use rolecall::write::back::Annotated;
use rolecall::write::output::{Destination, Output, OutputError};
use rolecall::write::record::Record;
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

/// Articles that are made together, on all cores.
const BATCH: usize = 256;

/// How many articles that are not in the file are named.
const NAMED: usize = 5;

/// Makes gold of what `args` name.
///
/// # Errors
/// [`Usage`] when the arguments are wrong; any other when the run failed.
pub fn run(args: &cli::Gold, messages: &Messages) -> anyhow::Result<Exit> {
    let inputs = args.files.iter().map(Path::new).chain(args.answers.iter().map(|path| &**path));
    let destination = Destination::new(args.output.as_deref(), inputs).map_err(Usage::new)?;
    let whole: Vec<PathBuf> = args.answers.iter().filter_map(|path| path.canonicalize().ok()).collect();
    if let Some(twice) = (1..whole.len()).find(|&at| whole[..at].contains(&whole[at])) {
        return Err(Usage::new(format!("--answers: {} is given twice", whole[twice].display())).into());
    }
    let unreadable = |(path, error): (PathBuf, io::Error)| {
        Usage::new(format!("{}: can't be read: {error}; `rolecall review` writes such a file", path.display()))
    };
    let book = Book::open(&args.answers).map_err(unreadable)?;
    let reviewers = chosen(&book, &args.reviewers)?;
    let mut records = Records::open(&args.files).map_err(Usage::new)?;
    let shown = destination.name().display().to_string();
    let mut run =
        Run { args, messages, book, reviewers, output: destination.open()?, met: HashSet::new(), counts: Counts::default() };
    run.book.faults().iter().for_each(|fault| messages.line(visible(&fault.to_string())));
    run.counts.left += run.book.faults().len();
    loop {
        let mut batch = Vec::with_capacity(BATCH);
        for record in records.by_ref().take(BATCH) {
            match record {
                Ok(article) => batch.push(article),
                Err(refusal) => run.leave(&refusal.to_string()),
            }
        }
        if batch.is_empty() {
            break;
        }
        match run.take(batch) {
            Err(Failure::Output(OutputError::Closed)) => return Ok(Exit::Done),
            taken => taken?,
        }
    }
    Ok(run.end(&shown)?)
}

/// The places of the reviewers whose answers count.
fn chosen(book: &Book, names: &[String]) -> Result<Vec<usize>, Usage> {
    let known = |name: &str| book.reviewers().iter().any(|reviewer| reviewer.name == name);
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        let all: Vec<&str> = book.reviewers().iter().map(|reviewer| &*reviewer.name).collect();
        return Err(Usage::new(format!(
            "--reviewer: nobody is called '{unknown}' in the answers; there are: {}",
            all.join(", ")
        )));
    }
    let all = book.reviewers().iter().enumerate();
    Ok(all.filter(|(_, reviewer)| names.is_empty() || names.contains(&reviewer.name)).map(|(at, _)| at).collect())
}

/// An id, what has become of the article, and its line of gold.
type Made = (String, Outcome, Option<Vec<u8>>);

/// Makes gold of an article, if it is to be gold.
fn make(book: &Book, reviewers: &[usize], args: &cli::Gold, article: Annotated) -> io::Result<Made> {
    let id = article.document.id.clone();
    let answers = |&reviewer: &usize| Ok((book.name(reviewer), book.answers(reviewer, &id)?));
    let answers = reviewers.iter().map(answers).collect::<io::Result<Vec<(String, Vec<Answer>)>>>()?;
    let outcome = gold(article, &answers, args.differing.into());
    let line = |gold: &Annotated| {
        let record = Record::new(&gold.document, &gold.annotation, &gold.made_by, gold.unit);
        serde_json::to_vec(&record).expect("a record is made of texts, numbers and lists")
    };
    let record = outcome.gold.as_ref().map(line);
    Ok((id, outcome, record))
}

/// Why a run ends early.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Output(#[from] OutputError),
    #[error("the answers can't be read: {0}")]
    Answers(#[from] io::Error),
}

#[derive(Default)]
struct Counts {
    gold: u64,
    rejected: u64,
    undecided: u64,
    differing: u64,
    /// What somebody decided on, and was left out.
    left: usize,
}

struct Run<'a> {
    args: &'a cli::Gold,
    messages: &'a Messages,
    book: Book,
    reviewers: Vec<usize>,
    output: Output,
    /// The ids of the articles so far that somebody decided on.
    met: HashSet<String>,
    counts: Counts,
}

impl Run<'_> {
    fn leave(&mut self, why: &str) {
        self.messages.line(visible(why));
        self.counts.left += 1;
    }

    fn take(&mut self, batch: Vec<Annotated>) -> Result<(), Failure> {
        let mut articles = Vec::with_capacity(batch.len());
        for article in batch {
            let id = &article.document.id;
            if !self.book.knows(id) {
                self.counts.undecided += 1;
            } else if self.met.insert(id.clone()) {
                articles.push(article);
            } else {
                self.leave(&format!("'{id}' comes twice; only the first counts"));
            }
        }
        let (book, reviewers, args) = (&self.book, &self.reviewers, self.args);
        let made: Vec<io::Result<Made>> = articles.into_par_iter().map(|article| make(book, reviewers, args, article)).collect();
        for made in made {
            let (id, outcome, record) = made?;
            self.count(&id, &outcome);
            if let Some(record) = record {
                self.output.line(&record)?;
            }
        }
        Ok(())
    }

    fn count(&mut self, id: &str, outcome: &Outcome) {
        outcome.unfit.iter().for_each(|unfit| self.leave(&format!("'{id}': {unfit}")));
        for difference in &outcome.differences {
            self.messages.line(visible(&format!("'{id}': reviewers differ: {difference}")));
        }
        if !outcome.differences.is_empty() {
            self.counts.differing += 1;
            self.counts.left += usize::from(outcome.gold.is_none());
        }
        match &outcome.gold {
            Some(_) => self.counts.gold += 1,
            None if outcome.statuses.contains(&Status::Rejected) => self.counts.rejected += 1,
            None if outcome.differences.is_empty() => self.counts.undecided += 1,
            None => {}
        }
    }

    fn end(mut self, shown: &str) -> Result<Exit, Failure> {
        let counts = |id: &&str| self.reviewers.iter().any(|&reviewer| self.book.has(reviewer, id));
        let lost = self.book.articles().filter(|id| !self.met.contains(*id)).filter(counts);
        let lost: Vec<String> = lost.map(|id| format!("'{id}'")).collect();
        if !lost.is_empty() {
            let more = if lost.len() > NAMED { " and others" } else { "" };
            let number = Number(lost.len() as u64, "article");
            self.leave(&format!("{number} decided on, but not in the file: {}{more}", lost[..lost.len().min(NAMED)].join(", ")));
        }
        self.output.finish()?;
        let Counts { gold, rejected, undecided, differing, left } = self.counts;
        self.messages.note(format_args!(
            "{} of gold in {shown}; {rejected} rejected, {undecided} undecided, {differing} that reviewers differ in",
            Number(gold, "article")
        ));
        Ok(if left == 0 { Exit::Done } else { Exit::Refused })
    }
}
