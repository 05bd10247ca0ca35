//! Takes answers, gives a file of them that only grows: a line is on the disk before [`Locked::append`] returns, and several
//! programs can write to one file, each seeing what the others wrote before it adds to it. Refuses nothing; a line that is no answer
//! is handed on as a fault, and one that was cut short by a crash never spoils the next.

use super::answer::{Answer, AnswerError};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::ops::{Deref, DerefMut};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

/// An answers file.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: File,
    /// How many bytes of it were read; always the beginning of a line.
    read: u64,
    /// How many lines those are.
    lines: u64,
    /// Whether it was opened to be added to.
    written_to: bool,
}

/// Where a line of the file stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stand {
    /// Its first byte.
    pub at: u64,
    /// Its bytes, without its end.
    pub len: usize,
    /// Its number, counted from 1.
    pub line: u64,
}

/// A line, read.
pub type Line = (Stand, Result<Answer, AnswerError>);

/// Bytes that are read at once.
const BLOCK: usize = 1 << 20;

impl Log {
    /// Opens a file to read.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        Ok(Self { path: path.to_owned(), file, read: 0, lines: 0, written_to: false })
    }

    /// Opens a file to read and add to; makes it if it is not there.
    ///
    /// # Errors
    /// When it can't be made or written.
    pub fn open_or_make(path: &Path) -> io::Result<Self> {
        let new = !path.exists();
        if !new && !path.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        let file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        if new {
            // Else a crash could lose the name of a file whose lines are safe.
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            File::open(folder)?.sync_all()?;
        }
        let log = Self { path: path.to_owned(), file, read: 0, lines: 0, written_to: true };
        // Nobody is writing while we have the lock: a last line without an end is one that a crash has cut short, or an editor left.
        log.file.lock()?;
        let mended = log.mend();
        log.file.unlock()?;
        mended.map(|()| log)
    }

    /// Gives the last line an end if it has none.
    fn mend(&self) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        let mut last = [b'\n'];
        if length > 0 {
            self.file.read_exact_at(&mut last, length - 1)?;
        }
        if last != [b'\n'] { (&self.file).write_all(b"\n") } else { Ok(()) }
    }

    /// Fails when the file is no longer the one that was opened, or is shorter than what was read of it: nothing that is written to it
    /// would then be found again.
    fn check(&self) -> io::Result<()> {
        let (ours, there) = (self.file.metadata()?, fs::metadata(&self.path)?);
        if (ours.dev(), ours.ino()) != (there.dev(), there.ino()) || ours.len() < self.read {
            let path = self.path.display();
            return Err(io::Error::other(format!(
                "another program has replaced or shortened {path} since it was opened; put it back if it lacks something, and start again"
            )));
        }
        Ok(())
    }

    /// The file's name.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Hands on every whole line that was written since the last time.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn news(&mut self, mut take: impl FnMut(Line)) -> io::Result<()> {
        self.check()?;
        let mut bytes = Vec::new();
        loop {
            let held = bytes.len();
            bytes.resize(held + BLOCK, 0);
            let got = self.file.read_at(&mut bytes[held..], self.read + held as u64)?;
            bytes.truncate(held + got);
            let ended = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            // In a file that is only read, the last line counts without an end, too.
            let whole = if got == 0 && !self.written_to { bytes.len() } else { ended };
            for line in bytes[..whole].split_inclusive(|byte| *byte == b'\n') {
                self.lines += 1;
                let text = line.strip_suffix(b"\n").unwrap_or(line);
                let stand = Stand { at: self.read, len: text.len(), line: self.lines };
                self.read += line.len() as u64;
                let words = String::from_utf8_lossy(text);
                if !words.trim().is_empty() {
                    take((stand, Answer::read(&words)));
                }
            }
            bytes.drain(..whole);
            if got == 0 {
                return Ok(());
            }
        }
    }

    /// The line that stands there.
    ///
    /// # Errors
    /// When it can't be read, or is no answer any more.
    pub fn at(&self, stand: Stand) -> io::Result<Answer> {
        let mut bytes = vec![0; stand.len];
        self.file.read_exact_at(&mut bytes, stand.at)?;
        Answer::read(&String::from_utf8_lossy(&bytes)).map_err(io::Error::other)
    }

    /// Waits until nobody else writes to the file, and keeps others from it. What they have written meanwhile is handed on.
    ///
    /// # Errors
    /// When the file can't be locked or read.
    pub fn lock(&mut self, take: impl FnMut(Line)) -> io::Result<Locked<'_>> {
        self.file.lock()?;
        let locked = Locked(self);
        locked.0.news(take)?;
        Ok(locked)
    }
}

/// A file that nobody else writes to until this is dropped.
#[derive(Debug)]
pub struct Locked<'a>(&'a mut Log);

impl Locked<'_> {
    /// Adds an answer, and waits until it is on the disk.
    ///
    /// # Errors
    /// When that fails; the answer then does not count, and what there may be of its line never will.
    pub fn append(&mut self, answer: &Answer) -> io::Result<()> {
        let log = &mut self.0;
        // A line that a crash has cut short gets an end of its own, before which this one must not stand.
        let torn = log.file.metadata()?.len() > log.read;
        let line = if torn { format!("\n{}", answer.line()) } else { answer.line() };
        log.file.write_all(line.as_bytes())?;
        log.file.sync_data()
    }
}

impl Deref for Locked<'_> {
    type Target = Log;

    fn deref(&self) -> &Log {
        self.0
    }
}

impl DerefMut for Locked<'_> {
    fn deref_mut(&mut self) -> &mut Log {
        self.0
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        // Closing the file would do the same, and nothing else can be done about a failure.
        let _ = self.0.file.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::decision::Decision;

    fn answer(id: &str) -> Answer {
        Answer {
            schema: super::super::answer::VERSION.to_owned(),
            id: id.to_owned(),
            reviewer: "anna".to_owned(),
            time: String::new(),
            article: "a".to_owned(),
            text_hash: String::new(),
            predicted: String::new(),
            decision: Decision::Note { text: "“\u{2028}🦊\n".to_owned() },
            result: None,
        }
    }

    /// The ids of the new lines, `?` for one that is no answer.
    fn news(log: &mut Log) -> Vec<String> {
        let mut ids = Vec::new();
        log.news(|(_, line)| ids.push(line.map_or("?".to_owned(), |answer| answer.id))).unwrap();
        ids
    }

    #[test]
    fn two_programs_write_to_one_file_and_see_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        let (mut one, mut other) = (Log::open_or_make(&path).unwrap(), Log::open_or_make(&path).unwrap());
        one.lock(|_| ()).unwrap().append(&answer("1")).unwrap();
        let mut seen = 0;
        other.lock(|_| seen += 1).unwrap().append(&answer("2")).unwrap();
        assert_eq!(seen, 1);
        assert_eq!(news(&mut one), ["1", "2"]);
        assert_eq!(news(&mut one), [""; 0]);
        assert_eq!(news(&mut Log::open(&path).unwrap()), ["1", "2"]);
    }

    #[test]
    fn a_line_that_was_cut_short_spoils_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        let line = answer("1").line();
        // Cut at every byte, as a kill can; without the last the line is whole but for its end, and counts.
        for cut in 1..line.len() {
            std::fs::write(&path, &line.as_bytes()[..cut]).unwrap();
            let mut log = Log::open_or_make(&path).unwrap();
            let first = if cut == line.len() - 1 { "1" } else { "?" };
            assert_eq!(news(&mut log), [first], "cut at {cut}");
            log.lock(|_| ()).unwrap().append(&answer("2")).unwrap();
            assert_eq!(news(&mut log), ["2"], "cut at {cut}");
        }
    }

    #[test]
    fn a_last_line_without_an_end_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        std::fs::write(&path, answer("1").line().trim_end()).unwrap();
        assert_eq!(news(&mut Log::open(&path).unwrap()), ["1"]);
    }

    #[test]
    fn a_file_that_was_replaced_or_shortened_takes_no_answers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        for spoil in [
            (|path| std::fs::remove_file(path).unwrap()) as fn(&Path),
            |path| std::fs::write(path, "").unwrap(),
            |path| {
                std::fs::rename(path, path.with_extension("old")).unwrap();
                std::fs::write(path, "").unwrap();
            },
        ] {
            let mut log = Log::open_or_make(&path).unwrap();
            log.lock(|_| ()).unwrap().append(&answer("1")).unwrap();
            assert!(!news(&mut log).is_empty());
            spoil(&path);
            assert!(log.lock(|_| ()).is_err());
            assert!(log.news(|_| ()).is_err());
        }
        assert!(Log::open(folder.path()).is_err() && Log::open_or_make(Path::new("/dev/null")).is_err());
    }

    #[test]
    fn a_line_is_found_again_by_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Log::open_or_make(&folder.path().join("a.jsonl")).unwrap();
        for id in 0..40_000 {
            // Without waiting for the disk each time.
            log.file.write_all(answer(&format!("{id}")).line().as_bytes()).unwrap();
        }
        let mut stands = Vec::new();
        log.news(|(stand, line)| stands.push((stand, line.unwrap().id))).unwrap();
        assert_eq!(stands.len(), 40_000);
        for (at, (stand, id)) in stands.iter().enumerate().step_by(3_999) {
            assert_eq!((&*log.at(*stand).unwrap().id, stand.line as usize), (&**id, at + 1));
        }
    }
}
