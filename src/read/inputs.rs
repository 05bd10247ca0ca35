//! Takes the arguments of a run, gives the files they stand for, in order: as the arguments are given, and sorted by name within
//! a folder or glob. Refuses, as a whole, arguments that name nothing; and one by one, in their place, links that lead nowhere,
//! what can't be read, folders without articles and files of another format. No file is opened here.

use super::ReadOptions;
use super::decode::unreadable;
use super::files::Files;
use super::format::{self, Compression, Content, Layout};
use super::names;
use super::raw::RawLines;
use super::reader::Reader;
use super::refusal::{Code, Refusal};
use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// The arguments that a run can't start with.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}", .0.iter().map(Fault::to_string).collect::<Vec<_>>().join("; "))]
pub struct UsageError(pub Vec<Fault>);

/// What is wrong with an argument.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Fault {
    /// There is no file or folder of that name, and it is no pattern.
    #[error("no such file or folder: '{0}'")]
    Missing(String),
    /// A pattern that matches nothing.
    #[error("no file matches '{0}'")]
    NoMatch(String),
    /// There is no file of that name, and as a pattern it can't be understood.
    #[error("no such file, and not a valid pattern: '{pattern}' ({reason})")]
    BadPattern {
        /// The argument.
        pattern: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// `-` more than once: standard input can be read only once.
    #[error("'-' given more than once, but standard input can be read only once")]
    RepeatedStdin,
    /// No argument at all.
    #[error("no input given: name files, folders, globs, or '-' for JSON lines on standard input")]
    NoInput,
}

/// What a run reads, in order.
#[derive(Clone, Debug)]
pub struct Inputs {
    items: Vec<Item>,
    options: ReadOptions,
}

/// One step of reading.
#[derive(Clone, Debug)]
pub(super) enum Item {
    Stdin,
    Text { file: TextFile, compression: Compression, size: u64 },
    Articles { file: ArticlesFile, size: u64 },
    Refused(Refusal),
}

/// A file of many articles.
#[derive(Clone, Debug)]
pub(super) struct ArticlesFile {
    pub(super) path: PathBuf,
    pub(super) layout: Layout,
    pub(super) compression: Compression,
}

/// A text file and the id of its article.
#[derive(Clone, Debug)]
pub(super) struct TextFile {
    pub(super) path: PathBuf,
    pub(super) id: String,
}

impl Inputs {
    /// Expands arguments: files, folders (with all below them), globs, and `-` for JSON lines on standard input.
    ///
    /// A name that exists is never taken for a glob. A glob may match folders, which are then read as folders. In folders, links
    /// are followed, except where they lead back to a folder that they lie in.
    ///
    /// # Errors
    /// When an argument does not exist, a glob matches nothing, `-` is there twice, or there is no argument; all such faults are
    /// named.
    pub fn resolve(args: &[String], options: ReadOptions) -> Result<Self, UsageError> {
        let mut items = Vec::new();
        let mut faults = Vec::new();
        if args.is_empty() {
            faults.push(Fault::NoInput);
        }
        if args.iter().filter(|arg| *arg == "-").count() > 1 {
            faults.push(Fault::RepeatedStdin);
        }
        for arg in args {
            if arg == "-" {
                items.push(Item::Stdin);
            } else if let Err(fault) = argument(arg, &mut items) {
                faults.push(fault);
            }
        }
        if !faults.is_empty() {
            return Err(UsageError(faults));
        }
        let texts = items.iter_mut().filter_map(|item| if let Item::Text { file, .. } = item { Some(file) } else { None });
        names::tell_apart(&mut texts.collect::<Vec<_>>());
        Ok(Self { items, options })
    }

    /// The size of all files together, in bytes on disk; none when standard input is read, whose size nobody knows.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        self.items
            .iter()
            .map(|item| match item {
                Item::Stdin => None,
                Item::Text { size, .. } | Item::Articles { size, .. } => Some(*size),
                Item::Refused(_) => Some(0),
            })
            .sum()
    }

    /// Reads them, one document after another.
    #[must_use]
    pub fn read(self) -> Reader {
        self.read_with(io::stdin())
    }

    /// Reads them line by line, for records. Of the options only the limit on a line's length counts.
    #[must_use]
    pub fn lines(self) -> RawLines {
        RawLines::new(Files::new(self.items, Box::new(io::stdin())), self.options.max_bytes)
    }

    /// The same as [`Inputs::read`], with another stream in place of standard input.
    #[must_use]
    pub fn read_with(self, stdin: impl Read + Send + 'static) -> Reader {
        Reader::new(Files::new(self.items, Box::new(stdin)), self.options)
    }
}

/// Adds what `arg`, which is not `-`, stands for.
fn argument(arg: &str, items: &mut Vec<Item>) -> Result<(), Fault> {
    match fs::symlink_metadata(arg) {
        Ok(_) => given(Path::new(arg), items),
        Err(_) if arg.contains(['*', '?', '[']) => return matches(arg, items),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Err(Fault::Missing(arg.to_owned()));
        }
        Err(error) => items.push(refused(Path::new(arg), unreadable(&error))),
    }
    Ok(())
}

fn matches(pattern: &str, items: &mut Vec<Item>) -> Result<(), Fault> {
    let paths = glob::glob(pattern).map_err(|error| Fault::BadPattern { pattern: pattern.to_owned(), reason: error.msg })?;
    let before = items.len();
    for path in paths {
        match path {
            Ok(path) => given(&path, items),
            Err(error) => items.push(refused(error.path(), unreadable(error.error()))),
        }
    }
    if items.len() == before { Err(Fault::NoMatch(pattern.to_owned())) } else { Ok(()) }
}

/// Adds a file or folder that was itself named or matched.
fn given(path: &Path, items: &mut Vec<Item>) {
    match fs::metadata(path) {
        Err(error) => items.push(refused(path, no_access(path, &error))),
        Ok(metadata) if metadata.is_dir() => walk(path, items),
        Ok(metadata) => items.push(match format::of(path) {
            Some(format) => {
                let id = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
                file(path, format, &metadata, id)
            }
            None => refused(path, unknown_format()),
        }),
    }
}

/// Adds the articles below `folder`.
fn walk(folder: &Path, items: &mut Vec<Item>) {
    let before = items.len();
    for entry in WalkDir::new(folder).follow_links(true).sort_by_file_name() {
        let item = match entry {
            Ok(entry) if entry.file_type().is_dir() => None,
            Ok(entry) => entry_file(folder, entry.path()),
            Err(error) => entry_refused(folder, &error),
        };
        items.extend(item);
    }
    if items.len() == before {
        let message = format!("expected files with the extensions {}, found none in the folder", format::EXTENSIONS);
        items.push(refused(folder, Refusal::new(Code::NoArticles, message)));
    }
}

/// The file at `path` below `folder`; none where its extension is none of ours.
fn entry_file(folder: &Path, path: &Path) -> Option<Item> {
    let format = format::of(path)?;
    let below = path.strip_prefix(folder).unwrap_or(path);
    let names: Vec<_> = below.iter().map(|name| name.to_string_lossy()).collect();
    Some(match fs::metadata(path) {
        Ok(metadata) => file(path, format, &metadata, names.join("/")),
        Err(error) => refused(path, no_access(path, &error)),
    })
}

/// What a fault met while walking is to the run: nothing where a link leads in a circle, or leads nowhere under a name that is
/// none of ours.
fn entry_refused(folder: &Path, error: &walkdir::Error) -> Option<Item> {
    let path = error.path().unwrap_or(folder);
    let fault = error.io_error().filter(|_| error.loop_ancestor().is_none())?;
    let refusal = no_access(path, fault);
    (refusal.code != Code::DanglingLink || format::of(path).is_some()).then(|| refused(path, refusal))
}

fn file(path: &Path, (content, compression): (Content, Compression), metadata: &fs::Metadata, id: String) -> Item {
    if !metadata.is_file() {
        let message = "expected a file, found a pipe, socket or device; pipe JSON lines to standard input and name '-'";
        return refused(path, Refusal::new(Code::Unreadable, message));
    }
    let (path, size) = (path.to_path_buf(), metadata.len());
    match content {
        Content::Text => Item::Text { file: TextFile { path, id }, compression, size },
        Content::Articles(Layout::Parquet) if compression != Compression::None => {
            let message = format!(
                "expected a .parquet file as it is, found one in a {} file; unpack it: its columns are compressed already",
                compression.name()
            );
            refused(&path, Refusal::new(Code::UnknownFormat, message))
        }
        Content::Articles(layout) => Item::Articles { file: ArticlesFile { path, layout, compression }, size },
    }
}

fn refused(path: &Path, refusal: Refusal) -> Item {
    Item::Refused(refusal.at(path.to_string_lossy()))
}

/// The refusal for `path`, of which the system says `error` when it follows links.
fn no_access(path: &Path, error: &io::Error) -> Refusal {
    let link = error.kind() != ErrorKind::PermissionDenied && fs::metadata(path).is_err();
    match fs::read_link(path) {
        Ok(target) if link => {
            let target = target.to_string_lossy();
            Refusal::new(
                Code::DanglingLink,
                format!("expected a file, found a link that leads nowhere, to '{target}'; remove or mend it"),
            )
        }
        _ => unreadable(error),
    }
}

fn unknown_format() -> Refusal {
    let message = format!(
        "expected a file with the extension {}; rename it, or pipe JSON lines to standard input and name '-'",
        format::EXTENSIONS
    );
    Refusal::new(Code::UnknownFormat, message)
}
