//! Takes files of answers and of records, gives who accepted which articles how. Refuses files that can't be read; lines that are no
//! answer or no record are said, and stop nothing.
//!
//! Answers stay in their files. Of records the annotation is held, of those articles alone that somebody else can have accepted.

use crate::exchange::records::Records;
use crate::read::UsageError;
use crate::review::Fingerprints;
use crate::review::answer::{VERSION, Verdict};
use crate::review::book::Book;
use crate::review::sheet::Sheet;
use crate::write::offsets::{OffsetUnit, Offsets};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Everybody who accepted articles.
#[derive(Debug)]
pub struct Raters {
    book: Book,
    files: Vec<Recorded>,
    raters: Vec<(String, Source)>,
}

/// Where the articles of a rater are.
#[derive(Clone, Copy, Debug)]
enum Source {
    /// A reviewer of the book.
    Answers(usize),
    /// A file of records.
    Records(usize),
}

/// A file of records.
#[derive(Debug, Default)]
struct Recorded(BTreeMap<String, (String, Verdict)>);

/// Why files can't be read.
#[derive(Debug, thiserror::Error)]
pub enum RatersError {
    /// An argument that names nothing.
    #[error(transparent)]
    Usage(#[from] UsageError),
    /// A file that is given twice: it would agree with itself.
    #[error("'{0}' is given twice; whoever wrote it would agree with themselves")]
    Twice(String),
    /// A file of answers that can't be read.
    #[error("{}: can't be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Raters {
    /// The raters of `args`: reviewers of answers files first, in the order of the files and of their first answers, and then each
    /// file or folder of records. `say` is given what was passed over, a message each.
    ///
    /// # Errors
    /// See [`RatersError`].
    pub fn open(args: &[String], mut say: impl FnMut(String)) -> Result<Self, RatersError> {
        twice(args)?;
        let (mut answers, mut records) = (Vec::new(), Vec::new());
        for arg in args {
            match is_answers(arg).map_err(|source| RatersError::Unreadable { path: arg.into(), source })? {
                true => answers.push(PathBuf::from(arg)),
                false => records.push(arg),
            }
        }
        // Before anything is read at length: an argument may name nothing.
        let records = records.into_iter().map(|arg| Ok((arg, Records::open(std::slice::from_ref(arg))?)));
        let records = records.collect::<Result<Vec<(&String, Records)>, UsageError>>()?;
        let book = Book::open(&answers).map_err(|(path, source)| RatersError::Unreadable { path, source })?;
        book.faults().iter().for_each(|fault| say(fault.to_string()));
        let mut raters: Vec<(String, Source)> =
            (0..book.reviewers().len()).map(|reviewer| (book.name(reviewer), Source::Answers(reviewer))).collect();
        let several = records.len() > 1;
        let mut files = Vec::new();
        for (arg, records) in records {
            raters.push((name(arg, args), Source::Records(files.len())));
            files.push(Recorded::read(arg, records, |id| several || book.knows(id), &mut say));
        }
        Ok(Self { book, files, raters })
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.raters.iter().map(|(name, _)| &**name)
    }

    /// The ids of the articles that any of them may have accepted, sorted.
    #[must_use]
    pub fn articles(&self) -> BTreeSet<String> {
        let recorded = self.files.iter().flat_map(|file| file.0.keys().map(String::as_str));
        self.book.articles().chain(recorded).map(str::to_owned).collect()
    }

    /// An article as each of them accepted it, with the fingerprint of its text; none where they did not.
    ///
    /// # Errors
    /// When answers can't be read.
    pub fn verdicts(&self, article: &str) -> io::Result<Vec<Option<(String, Verdict)>>> {
        let verdict = |(_, source): &(String, Source)| match *source {
            Source::Answers(reviewer) => self.book.verdict(reviewer, article),
            Source::Records(file) => Ok(self.files[file].0.get(article).cloned()),
        };
        self.raters.iter().map(verdict).collect()
    }

    /// Leaves out those who accepted nothing, and gives their names.
    ///
    /// # Errors
    /// When answers can't be read.
    pub fn without_idle(mut self) -> io::Result<(Self, Vec<String>)> {
        let mut busy = vec![false; self.raters.len()];
        for article in self.articles() {
            busy.iter_mut().zip(self.verdicts(&article)?).for_each(|(busy, verdict)| *busy |= verdict.is_some());
        }
        let (busy, idle): (Vec<_>, Vec<_>) = self.raters.into_iter().zip(busy).partition(|(_, busy)| *busy);
        self.raters = busy.into_iter().map(|(rater, _)| rater).collect();
        Ok((self, idle.into_iter().map(|((name, _), _)| name).collect()))
    }
}

impl Recorded {
    fn read(arg: &str, records: Records, wanted: impl Fn(&str) -> bool, say: &mut impl FnMut(String)) -> Self {
        let mut articles = BTreeMap::new();
        for record in records {
            let (document, annotation) = match record {
                Ok(article) => (article.document, article.annotation),
                Err(refusal) => {
                    say(refusal.to_string());
                    continue;
                }
            };
            if !wanted(&document.id) {
                continue;
            }
            if articles.contains_key(&document.id) {
                say(format!("{arg}: '{}' comes twice; only the first counts", document.id));
                continue;
            }
            let verdict = Sheet::new(&annotation).verdict(&document.text, &Offsets::new(&document.text, OffsetUnit::Char));
            articles.insert(document.id.clone(), (Fingerprints::of(&document, &annotation).text, verdict));
        }
        Self(articles)
    }
}

/// What the rater of a file of records is called: as the file, and where another has that name by its folder, too.
fn name(arg: &str, args: &[String]) -> String {
    let file = |arg: &str| Path::new(arg).file_name().map(|name| name.to_string_lossy().into_owned());
    let others = args.iter().filter(|other| *other != arg).map(|other| file(other));
    match file(arg) {
        _ if arg == "-" => "standard input".to_owned(),
        Some(name) if others.into_iter().all(|other| other.as_ref() != Some(&name)) => name,
        _ => arg.to_owned(),
    }
}

/// Refuses an argument that is there twice, under whatever name.
fn twice(args: &[String]) -> Result<(), RatersError> {
    let place = |arg: &String| Path::new(arg).canonicalize().unwrap_or_else(|_| arg.into());
    let mut seen = BTreeSet::new();
    match args.iter().find(|arg| !seen.insert(place(arg))) {
        Some(arg) => Err(RatersError::Twice(arg.clone())),
        None => Ok(()),
    }
}

/// Whether a file holds answers: its first line that says of what format it is decides, and one without is a file of answers that
/// nobody has given yet. What is packed, no file, or a folder can only be records.
fn is_answers(arg: &str) -> io::Result<bool> {
    #[derive(Deserialize)]
    struct Header {
        schema: String,
    }
    let path = Path::new(arg);
    let packed = path.extension().is_some_and(|extension| extension == "gz" || extension == "zst");
    if packed || !path.is_file() {
        return Ok(false);
    }
    let format = VERSION.split('/').next().unwrap_or(VERSION);
    for line in BufReader::new(File::open(path)?).split(b'\n') {
        if let Ok(Header { schema }) = serde_json::from_slice(&line?) {
            return Ok(schema.split('/').next() == Some(format));
        }
    }
    Ok(true)
}
