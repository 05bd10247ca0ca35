//! Takes a file and how it is compressed, gives its bytes as a stream and counts what was taken from it. Refuses nothing when
//! opened: a damaged file gives the bytes before the damage, then an error that [`failure`] turns into a refusal.

use super::format::Compression;
use super::refusal::{Code, Refusal};
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const BUFFER: usize = 64 << 10;

/// Decompressed bytes.
pub(super) type Stream = Box<dyn BufRead + Send>;

/// The content of the file at `path`; `consumed` grows by its bytes on disk as they are taken.
///
/// Members of a gzip file and frames of a Zstandard file follow each other, as `cat` puts them together.
pub(super) fn open(path: &Path, compression: Compression, consumed: &Arc<AtomicU64>) -> io::Result<Stream> {
    let mut raw = buffered(File::open(path)?, consumed);
    // An empty file is no broken one, whatever its extension.
    if raw.fill_buf()?.is_empty() {
        return Ok(Box::new(io::empty()));
    }
    Ok(match compression {
        Compression::None => Box::new(raw),
        Compression::Gzip => Box::new(BufReader::with_capacity(BUFFER, flate2::bufread::MultiGzDecoder::new(raw))),
        Compression::Zstd => Box::new(BufReader::with_capacity(BUFFER, zstd::Decoder::with_buffer(raw)?)),
    })
}

/// `source`, buffered; `consumed` grows by the bytes taken.
pub(super) fn buffered<R: Read>(source: R, consumed: &Arc<AtomicU64>) -> BufReader<impl Read + use<R>> {
    BufReader::with_capacity(BUFFER, Counting { source, consumed: Arc::clone(consumed) })
}

/// The refusal for an error while reading.
pub(super) fn failure(error: &io::Error, compression: Compression) -> Refusal {
    // What the decoders report has no number of the system's.
    if compression == Compression::None || error.raw_os_error().is_some() {
        return unreadable(error);
    }
    let found =
        if error.kind() == ErrorKind::UnexpectedEof { "one that ends too early".into() } else { format!("damage: {error}") };
    let name = compression.name();
    let message = format!("expected a whole {name} file, found {found}; what stood before was read: fetch or compress it again");
    Refusal::new(Code::BrokenCompression, message)
}

/// The refusal for what the system does not let us open, list or read.
pub(super) fn unreadable(error: &io::Error) -> Refusal {
    Refusal::new(Code::Unreadable, format!("expected to read it, but the system says: {error}"))
}

struct Counting<R> {
    source: R,
    consumed: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.source.read(buffer) {
                // The decoders above would take an interruption for the end.
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Ok(count) => {
                    self.consumed.fetch_add(count as u64, Ordering::Relaxed);
                    return Ok(count);
                }
                Err(error) => return Err(error),
            }
        }
    }
}
