//! Takes a file of records, puts its articles on a [`Shelf`] batch by batch, the first ones at once, so that a reviewer does not wait
//! for the rest. A file that is packed is unpacked into a temporary one, which goes when the shelf goes. Refuses, line by line,
//! what is no record; a file that can't be opened as a whole.

use super::doubt::Doubt;
use super::shelf::{Arrival, Shelf, named};
use super::{Fingerprints, Status};
use crate::read::{self, Refusal};
use crate::write::back::{self, Annotated};
use rayon::prelude::*;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// Bytes that are read before the first articles are there, and between them and the next.
const FIRST: usize = 1 << 18;
const BATCH: usize = 8 << 20;

/// The byte order mark, which can stand before any line of a file that was put together from others.
const MARK: &str = "\u{feff}";

/// A file on its way to a shelf.
pub struct Reading {
    path: PathBuf,
    lines: Box<dyn BufRead + Send>,
    /// Where the lines of a packed file are put.
    unpacked: Option<Arc<File>>,
    /// Bytes of the lines so far.
    at: u64,
    line: u64,
}

/// A line as it stands.
struct Raw {
    at: u64,
    line: u64,
    bytes: Vec<u8>,
}

/// Opens a file of records: a shelf, empty still, and what will fill it.
///
/// # Errors
/// When it can't be opened, or is no regular file.
pub fn open(path: &Path) -> Result<(Shelf, Reading), Refusal> {
    let fault = |error: io::Error| {
        let message = format!("expected to read it, but the system says: {error}");
        Refusal::new(read::Code::Unreadable, message).at(path.to_string_lossy())
    };
    let file = File::open(path).map_err(fault)?;
    if !file.metadata().map_err(fault)?.is_file() {
        return Err(fault(io::Error::other(
            "it is no regular file; an article is read when it is looked at, so a file is needed",
        )));
    }
    let packed = path.extension().is_some_and(|extension| extension == "gz" || extension == "zst");
    let (file, lines, unpacked): (Arc<File>, Box<dyn BufRead + Send>, _) = if packed {
        let file = Arc::new(tempfile::tempfile().map_err(fault)?);
        let lines = read::open(path).map_err(|refusal| refusal.at(path.to_string_lossy()))?;
        (Arc::clone(&file), lines, Some(file))
    } else {
        (Arc::new(file), Box::new(BufReader::with_capacity(1 << 20, File::open(path).map_err(fault)?)), None)
    };
    Ok((Shelf::new(file), Reading { path: path.to_owned(), lines, unpacked, at: 0, line: 0 }))
}

impl Reading {
    /// Puts the next articles on the shelf; gives whether there may be more. `decided` says of an article what became of it, and how
    /// many decisions on it stand.
    pub fn step(&mut self, shelf: &RwLock<Shelf>, decided: impl Fn(&Annotated, &Fingerprints) -> (Status, usize) + Sync) -> bool {
        let wanted = if self.line == 0 { FIRST } else { BATCH };
        let (batch, end) = self.batch(wanted);
        let (done, failure) = (end.is_some(), end.and_then(Result::err));
        let path = self.path.display();
        let arrive = |raw: Raw| arrive(&raw, &decided).map_err(|why| format!("{path}:{}: {why}", raw.line));
        let arrivals: Vec<Result<Arrival, String>> = batch.into_par_iter().map(arrive).collect();
        let (mut good, mut refused) = (Vec::new(), Vec::new());
        arrivals.into_iter().for_each(|arrival| match arrival {
            Ok(arrival) => good.push(arrival),
            Err(why) => refused.push(why),
        });
        refused.extend(failure.map(|error| format!("{path}: could be read no further: {error}")));
        let mut shelf = shelf.write().unwrap_or_else(PoisonError::into_inner);
        shelf.put(good);
        shelf.refused.extend(refused);
        shelf.complete = done;
        !done
    }

    /// The next lines, so many bytes of them, and whether there are no more: since that is all, or since it could not be read on.
    fn batch(&mut self, wanted: usize) -> (Vec<Raw>, Option<io::Result<()>>) {
        let (mut batch, mut size) = (Vec::new(), 0);
        while size < wanted {
            let mut bytes = Vec::new();
            let read = self.lines.read_until(b'\n', &mut bytes).and_then(|read| {
                self.unpacked.as_deref().map_or(Ok(()), |mut file| file.write_all(&bytes))?;
                Ok(read)
            });
            match read {
                Err(error) => return (batch, Some(Err(error))),
                Ok(0) => return (batch, Some(Ok(()))),
                Ok(read) => {
                    self.line += 1;
                    let mark = if bytes.starts_with(MARK.as_bytes()) { MARK.len() } else { 0 };
                    let at = self.at + mark as u64;
                    self.at += read as u64;
                    size += read;
                    bytes.truncate(bytes.trim_ascii_end().len());
                    bytes.drain(..mark);
                    if !bytes.is_empty() {
                        batch.push(Raw { at, line: self.line, bytes });
                    }
                }
            }
        }
        (batch, None)
    }
}

fn arrive(raw: &Raw, decided: &impl Fn(&Annotated, &Fingerprints) -> (Status, usize)) -> Result<Arrival, String> {
    let line = str::from_utf8(&raw.bytes).map_err(|error| format!("expected UTF-8, found something else ({error})"))?;
    let len = u32::try_from(line.len()).map_err(|_| "expected a line of less than 4 GB".to_owned())?;
    let article = back::read(line).map_err(|error| error.to_string())?;
    let doubt = Doubt::of(&article.annotation);
    let (status, decisions) = decided(&article, &Fingerprints::of(&article.document, &article.annotation));
    Ok(Arrival {
        at: raw.at,
        len,
        text: text_of(line, &article.document.text),
        named: named(&article.annotation, &doubt),
        doubt,
        status,
        decisions: u32::try_from(decisions).unwrap_or(u32::MAX),
        id: article.document.id,
    })
}

/// Where a line has the text, as a JSON string; no length where it is not found.
fn text_of(line: &str, text: &str) -> (u32, u32) {
    // Within strings there is no such key, since quotation marks are escaped there.
    for (at, key) in line.match_indices("\"text\":") {
        let from = at + key.len();
        let mut values = serde_json::Deserializer::from_str(&line[from..]).into_iter::<String>();
        if values.next().and_then(Result::ok).is_some_and(|value| value == text) {
            let place = u32::try_from(from).ok().zip(u32::try_from(values.byte_offset()).ok());
            return place.unwrap_or_default();
        }
    }
    (0, 0)
}
