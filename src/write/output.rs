//! Takes where the lines of a run should go, gives a place to write them that appears whole or not at all: `OUT` is `OUT.part`
//! until it is finished. Compresses by the extension of `OUT` (.gz, .zst). Refuses an `OUT` that is an input, a folder, or in
//! a folder that is not there, before anything is made.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Where the lines of a run go. Making one touches nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Destination {
    /// Standard output.
    Standard,
    /// A file, which is `part` until it is finished.
    File {
        /// Its name at the end.
        path: PathBuf,
        /// Its name until then.
        part: PathBuf,
    },
    /// Something that is there and no regular file (a named pipe, `/dev/null`): written to as it is.
    Special(PathBuf),
}

/// Why a path can't be the output of a run: a mistake in its arguments.
#[derive(Debug, thiserror::Error)]
pub enum DestinationError {
    /// It would replace what is read.
    #[error("{}: is there already and among the input; name another file to write to", path.display())]
    IsInput {
        /// The output.
        path: PathBuf,
    },
    /// It is a folder.
    #[error("{}: is a folder; name a file in it", path.display())]
    IsFolder {
        /// The output.
        path: PathBuf,
    },
    /// There is nowhere to put it.
    #[error("{}: can't be written, because the folder {} does not exist; make it first", path.display(), folder.display())]
    NoFolder {
        /// The output.
        path: PathBuf,
        /// The folder it should be in.
        folder: PathBuf,
    },
}

/// Why writing failed.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// Whoever read the output wants no more of it (`rolecall … | head`). No failure: the run ends here, quietly.
    #[error("the reader of the output closed it")]
    Closed,
    /// The file could not be made.
    #[error("{}: can't be made", path.display())]
    Create {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The disk is full, or the like.
    #[error("{}: can't be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Everything was written, but the file could not get its name.
    #[error("{}: can't be renamed to {}", part.display(), path.display())]
    Rename {
        /// The file as it is.
        part: PathBuf,
        /// The file as it should be.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Destination {
    /// The destination that `out` names: standard output without one, or for `-`.
    ///
    /// # Errors
    /// When `out` is a file that is there and is one of `inputs` (under whatever name, or as one of a glob's) or lies in a folder that is; when it is a
    /// folder, or in a folder that does not exist.
    pub fn new<P: AsRef<Path>>(out: Option<&Path>, inputs: impl IntoIterator<Item = P>) -> Result<Self, DestinationError> {
        let Some(out) = out.filter(|out| *out != Path::new("-")) else { return Ok(Self::Standard) };
        // Not by its canonical path: what `/dev/stdout` leads to is there, but may have none.
        let Ok(found) = fs::metadata(out) else {
            let folder = folder(out);
            if out.file_name().is_none() || !folder.is_dir() {
                return Err(DestinationError::NoFolder { path: out.to_owned(), folder: folder.to_owned() });
            }
            return Ok(Self::file(out.to_owned()));
        };
        if found.is_dir() {
            return Err(DestinationError::IsFolder { path: out.to_owned() });
        }
        let Some(there) = found.is_file().then(|| out.canonicalize().ok()).flatten() else {
            return Ok(Self::Special(out.to_owned()));
        };
        if inputs.into_iter().flat_map(|input| expanded(input.as_ref())).any(|input| there.starts_with(input)) {
            return Err(DestinationError::IsInput { path: out.to_owned() });
        }
        // A link stays one: the file behind it is replaced.
        Ok(Self::file(if out.is_symlink() { there } else { out.to_owned() }))
    }

    fn file(path: PathBuf) -> Self {
        let mut part = path.clone().into_os_string();
        part.push(".part");
        Self::File { path, part: part.into() }
    }

    /// Makes the output, empty. What an earlier run left under the name of the part is replaced.
    ///
    /// # Errors
    /// When the file can't be made.
    pub fn open(self) -> Result<Output, OutputError> {
        let create = |path: &Path| {
            let created = File::options().write(true).create(true).truncate(true).open(path);
            created.map_err(|source| OutputError::Create { path: path.to_owned(), source })
        };
        let stream: Box<dyn Write + Send> = match &self {
            Self::Standard => Box::new(io::stdout()),
            Self::Special(path) => Box::new(create(path)?),
            Self::File { part, .. } => Box::new(create(part)?),
        };
        let encoder = Encoder::new(BufWriter::new(stream), self.name().extension());
        let encoder = encoder.map_err(|source| OutputError::Create { path: self.name().to_owned(), source })?;
        Ok(Output { encoder, destination: self })
    }

    /// Whether `path`, however it is written, is the file that this makes, or its part.
    #[must_use]
    pub fn makes(&self, path: &Path) -> bool {
        let place = |path: &Path| Some((folder(path).canonicalize().ok()?, path.file_name()?.to_owned()));
        let made: &[&Path] = match self {
            Self::Standard => &[],
            Self::File { path, part } => &[path, part],
            Self::Special(path) => &[path],
        };
        made.iter().any(|made| *made == path || place(made).is_some_and(|made| place(path) == Some(made)))
    }

    /// The path that the result will have, or `standard output`.
    #[must_use]
    pub fn name(&self) -> &Path {
        match self {
            Self::Standard => Path::new("standard output"),
            Self::File { path, .. } | Self::Special(path) => path,
        }
    }
}

/// The files and folders that an input stands for, by their canonical paths: itself, or what it matches as a glob.
fn expanded(input: &Path) -> Vec<PathBuf> {
    match (input.canonicalize(), input.to_str()) {
        (Ok(path), _) => vec![path],
        (Err(_), Some(pattern)) => {
            let matches = glob::glob(pattern).into_iter().flatten().flatten();
            matches.filter_map(|path| path.canonicalize().ok()).collect()
        }
        (Err(_), None) => Vec::new(),
    }
}

/// The folder that `path` lies in.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// An open output. One that is dropped before [`Output::finish`] leaves its part behind, with what was written so far.
pub struct Output {
    encoder: Encoder,
    destination: Destination,
}

impl Output {
    /// Writes one line, and the line feed that ends it.
    ///
    /// # Errors
    /// When it can't be written; [`OutputError::Closed`] when nobody reads any more.
    pub fn line(&mut self, line: &[u8]) -> Result<(), OutputError> {
        let stream = self.encoder.stream();
        stream.write_all(line).and_then(|()| stream.write_all(b"\n")).map_err(|source| refused(&self.destination, source))
    }

    /// What `error` of [`Write`] means for the run.
    #[must_use]
    pub fn failure(&self, error: io::Error) -> OutputError {
        refused(&self.destination, error)
    }

    /// Ends the output: everything is on the disk before the file gets its name.
    ///
    /// # Errors
    /// As [`Output::line`], and when the file can't be renamed.
    pub fn finish(self) -> Result<(), OutputError> {
        let Self { encoder, destination } = self;
        encoder.finish().map_err(|source| refused(&destination, source))?;
        let Destination::File { path, part } = &destination else { return Ok(()) };
        File::open(part).and_then(|file| file.sync_all()).map_err(|source| refused(&destination, source))?;
        fs::rename(part, path).map_err(|source| OutputError::Rename { part: part.clone(), path: path.clone(), source })
    }
}

/// For what has no lines. [`Output::failure`] says what an error means.
impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.encoder.stream().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.encoder.stream().flush()
    }
}

fn refused(destination: &Destination, source: io::Error) -> OutputError {
    if source.kind() == ErrorKind::BrokenPipe {
        return OutputError::Closed;
    }
    let path = match destination {
        Destination::File { part, .. } => part,
        other => other.name(),
    };
    OutputError::Write { path: path.to_owned(), source }
}

type Stream = BufWriter<Box<dyn Write + Send>>;

enum Encoder {
    Plain(Stream),
    Gzip(GzEncoder<Stream>),
    Zstd(zstd::stream::write::Encoder<'static, Stream>),
}

impl Encoder {
    fn new(stream: Stream, extension: Option<&OsStr>) -> io::Result<Self> {
        Ok(match extension.and_then(OsStr::to_str) {
            Some("gz") => Self::Gzip(GzEncoder::new(stream, Compression::default())),
            Some("zst") => Self::Zstd(zstd::stream::write::Encoder::new(stream, zstd::DEFAULT_COMPRESSION_LEVEL)?),
            _ => Self::Plain(stream),
        })
    }

    fn stream(&mut self) -> &mut dyn Write {
        match self {
            Self::Plain(stream) => stream,
            Self::Gzip(encoder) => encoder,
            Self::Zstd(encoder) => encoder,
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream,
            Self::Gzip(encoder) => encoder.finish()?,
            Self::Zstd(encoder) => encoder.finish()?,
        }
        .flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    const NO_INPUTS: [&Path; 0] = [];

    fn written(path: &Path) -> Vec<u8> {
        let mut output = Destination::new(Some(path), NO_INPUTS).unwrap().open().unwrap();
        output.line(b"{\"id\":1}").unwrap();
        assert!(!path.exists(), "the file appeared before it was finished");
        output.finish().unwrap();
        fs::read(path).unwrap()
    }

    #[test]
    fn the_file_appears_whole_and_leaves_no_part() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(written(&folder.path().join("out.jsonl")), b"{\"id\":1}\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn the_extension_says_how_it_is_packed() {
        let folder = tempfile::tempdir().unwrap();
        let mut text = String::new();
        let gz = written(&folder.path().join("out.jsonl.gz"));
        flate2::read::GzDecoder::new(gz.as_slice()).read_to_string(&mut text).unwrap();
        assert_eq!(text, "{\"id\":1}\n");
        let zst = written(&folder.path().join("out.jsonl.zst"));
        assert_eq!(zstd::decode_all(zst.as_slice()).unwrap(), text.as_bytes());
    }

    #[test]
    fn an_unfinished_file_keeps_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        fs::write(&path, "earlier").unwrap();
        drop(Destination::new(Some(&path), NO_INPUTS).unwrap().open().unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"earlier");
        assert!(folder.path().join("out.jsonl.part").exists());
    }

    #[test]
    fn an_input_under_another_name_is_refused_and_so_is_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("in.jsonl");
        fs::write(&input, "").unwrap();
        let same = folder.path().join(".").join("in.jsonl");
        assert!(matches!(Destination::new(Some(&same), [&input]), Err(DestinationError::IsInput { .. })));
        assert!(matches!(Destination::new(Some(&input), [folder.path()]), Err(DestinationError::IsInput { .. })));
        assert!(Destination::new(Some(&folder.path().join("new.jsonl")), [folder.path()]).is_ok());
        assert!(matches!(Destination::new(Some(folder.path()), [&input]), Err(DestinationError::IsFolder { .. })));
        let nowhere = folder.path().join("none").join("out.jsonl");
        assert!(matches!(Destination::new(Some(&nowhere), [&input]), Err(DestinationError::NoFolder { .. })));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a refused output made something");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_device_stays_a_device() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file.jsonl"), folder.path().join("link.jsonl"));
        fs::write(&file, "").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        Destination::new(Some(&link), NO_INPUTS).unwrap().open().unwrap().finish().unwrap();
        assert!(link.is_symlink());
        let (_reader, writer) = io::pipe().unwrap();
        let pipe = PathBuf::from(format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&writer)));
        for special in [Path::new("/dev/null"), &pipe] {
            assert_eq!(Destination::new(Some(special), NO_INPUTS).unwrap(), Destination::Special(special.to_owned()));
        }
    }

    #[test]
    fn a_closed_pipe_is_told_from_a_failure() {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let encoder = Encoder::Plain(BufWriter::new(Box::new(writer)));
        let mut output = Output { encoder, destination: Destination::Standard };
        output.line(b"{}").unwrap();
        assert!(matches!(output.finish(), Err(OutputError::Closed)));
    }
}
