//! Takes answers files, gives the answers of each reviewer to each article, and the articles as they were accepted. Holds where answers
//! stand, not the answers. Refuses files that can't be read; a line that is no answer is a fault, which stops nothing.
//!
//! A reviewer is a name in a file: one name in two files is two reviewers, since nothing says that they are one.

use super::answer::{Answer, Verdict};
use super::history::Standing;
use super::log::{Line, Log, Stand};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Some answers files.
#[derive(Debug)]
pub struct Book {
    logs: Vec<Log>,
    pages: Pages,
}

/// What is in the files.
#[derive(Debug, Default)]
struct Pages {
    reviewers: Vec<Reviewer>,
    /// By article: whose answer, and where it stands in the file of its reviewer.
    answers: BTreeMap<Box<str>, Vec<(u32, Stand)>>,
    faults: Vec<Fault>,
}

/// Somebody who decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reviewer {
    /// The name.
    pub name: String,
    /// The place of the file among those that were opened.
    file: usize,
}

/// A line that is no answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}:{line}: {message}; the line is passed over", path.display())]
pub struct Fault {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from 1.
    pub line: u64,
    /// What is wrong.
    pub message: String,
}

impl Book {
    /// Opens answers files to read, and reads them.
    ///
    /// # Errors
    /// The file that can't be read, and why.
    pub fn open(paths: &[PathBuf]) -> Result<Self, (PathBuf, io::Error)> {
        let fault = |path: &Path, error| (path.to_owned(), error);
        let logs = paths.iter().map(|path| Log::open(path).map_err(|error| fault(path, error))).collect::<Result<Vec<_>, _>>()?;
        let mut book = Self { logs, pages: Pages::default() };
        for (file, path) in paths.iter().enumerate() {
            book.read(file).map_err(|error| fault(path, error))?;
        }
        Ok(book)
    }

    /// Opens an answers file that is written to, and reads it; it is made if it is not there.
    ///
    /// # Errors
    /// When it can't be made, read or written.
    pub fn open_or_make(path: &Path) -> io::Result<Self> {
        let mut book = Self { logs: vec![Log::open_or_make(path)?], pages: Pages::default() };
        book.read(0)?;
        Ok(book)
    }

    fn read(&mut self, file: usize) -> io::Result<()> {
        let log = &mut self.logs[file];
        let path = log.path().to_owned();
        log.news(|line| self.pages.take(file, &path, line))
    }

    /// Reads what was added to the one file of this book, adds to it what `make` gives, and reads that. Nobody else writes meanwhile.
    /// `make` is given the answers of that reviewer to that article, as they then are.
    ///
    /// # Errors
    /// When the file can't be read or written; what `make` refuses.
    pub fn append<E: From<io::Error>>(
        &mut self,
        reviewer: &str,
        article: &str,
        make: impl FnOnce(Vec<Answer>) -> Result<Answer, E>,
    ) -> Result<(), E> {
        let Self { logs, pages } = self;
        let log = logs.first_mut().expect("a book that is written to has a file");
        let path = log.path().to_owned();
        let mut locked = log.lock(|line| pages.take(0, &path, line))?;
        let known = pages.answers_of(reviewer, article, |stand| locked.at(stand))?;
        locked.append(&make(known)?)?;
        locked.news(|line| pages.take(0, &path, line))?;
        Ok(())
    }

    /// Reads what was added since to the one file of this book.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn refresh(&mut self) -> io::Result<()> {
        self.read(0)
    }

    /// Everybody who decided, by file and then in the order of their first answers.
    #[must_use]
    pub fn reviewers(&self) -> &[Reviewer] {
        &self.pages.reviewers
    }

    /// What a reviewer is called: by name, and where two files have that name by file, too.
    #[must_use]
    pub fn name(&self, reviewer: usize) -> String {
        let Reviewer { name, file } = &self.pages.reviewers[reviewer];
        match self.pages.reviewers.iter().filter(|other| other.name == *name).count() {
            1 => name.clone(),
            _ => format!("{name} ({})", self.logs[*file].path().display()),
        }
    }

    /// The lines that are no answers.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.pages.faults
    }

    /// The ids of the articles that somebody decided on, sorted.
    pub fn articles(&self) -> impl Iterator<Item = &str> {
        self.pages.answers.keys().map(|article| &**article)
    }

    /// Whether somebody decided on that article.
    #[must_use]
    pub fn knows(&self, article: &str) -> bool {
        self.pages.answers.contains_key(article)
    }

    /// Whether that reviewer decided on that article.
    #[must_use]
    pub fn has(&self, reviewer: usize, article: &str) -> bool {
        self.pages.stands(reviewer, article).next().is_some()
    }

    /// The answers of a reviewer to an article, in order.
    ///
    /// # Errors
    /// When they can't be read.
    pub fn answers(&self, reviewer: usize, article: &str) -> io::Result<Vec<Answer>> {
        let log = &self.logs[self.pages.reviewers[reviewer].file];
        self.pages.stands(reviewer, article).map(|stand| log.at(stand)).collect()
    }

    /// The answers of the reviewer of that name, of the first file, to an article, in order.
    ///
    /// # Errors
    /// When they can't be read.
    pub fn answers_of(&self, name: &str, article: &str) -> io::Result<Vec<Answer>> {
        self.pages.answers_of(name, article, |stand| self.logs[0].at(stand))
    }

    /// An article as a reviewer accepted it, with the fingerprint of its text; none where it is not accepted, or no longer.
    ///
    /// # Errors
    /// When the answers can't be read.
    pub fn verdict(&self, reviewer: usize, article: &str) -> io::Result<Option<(String, Verdict)>> {
        let answers = self.answers(reviewer, article)?;
        Ok(Standing::of(&answers).accepted().map(|(answer, verdict)| (answer.text_hash.clone(), verdict.clone())))
    }
}

impl Pages {
    fn take(&mut self, file: usize, path: &Path, (stand, line): Line) {
        match line {
            Err(error) => self.faults.push(Fault { path: path.to_owned(), line: stand.line, message: error.to_string() }),
            Ok(answer) => {
                let place = self.reviewers.iter().position(|known| known.file == file && known.name == answer.reviewer);
                let reviewer = place.unwrap_or_else(|| {
                    self.reviewers.push(Reviewer { name: answer.reviewer, file });
                    self.reviewers.len() - 1
                });
                let reviewer = u32::try_from(reviewer).expect("there are fewer reviewers than lines in four gigabytes");
                self.answers.entry(answer.article.into()).or_default().push((reviewer, stand));
            }
        }
    }

    fn stands(&self, reviewer: usize, article: &str) -> impl Iterator<Item = Stand> {
        let all = self.answers.get(article).into_iter().flatten();
        all.filter(move |(whose, _)| *whose as usize == reviewer).map(|(_, stand)| *stand)
    }

    fn answers_of(&self, name: &str, article: &str, read: impl Fn(Stand) -> io::Result<Answer>) -> io::Result<Vec<Answer>> {
        match self.reviewers.iter().position(|known| known.file == 0 && known.name == name) {
            None => Ok(Vec::new()),
            Some(reviewer) => self.stands(reviewer, article).map(read).collect(),
        }
    }
}
