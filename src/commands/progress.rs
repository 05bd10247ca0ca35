//! Takes how far a run has come, gives it to whoever waits: a bar on a terminal, a line every ten seconds elsewhere. Also words
//! the closing line. Refuses nothing.

use super::messages::Messages;
use crate::config::Show;
use indicatif::{HumanCount, ProgressDrawTarget, ProgressStyle};
use rolecall::document::Document;
use rolecall::read::Refusal;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Time between two lines of progress.
const PAUSE: Duration = Duration::from_secs(10);

/// What a run has done so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Articles written.
    pub articles: u64,
    /// Bytes of their texts.
    pub bytes: u64,
    /// Tokens of theirs that hold a letter or a digit.
    pub words: u64,
    /// Roles given in them.
    pub roles: u64,
    /// Documents refused.
    pub refused: u64,
}

/// How far a run has come.
pub struct Progress<'a> {
    messages: &'a Messages,
    show: Show,
    started: Instant,
    next_line: Instant,
    /// Bytes of all input; none for standard input.
    total: Option<u64>,
    /// Bytes read so far.
    consumed: Arc<AtomicU64>,
    /// Bytes of the texts that were read so far: ahead of those that are written.
    texts: Arc<AtomicU64>,
}

impl<'a> Progress<'a> {
    /// Begins to show progress towards `total` bytes, of which `consumed` is kept up to date by the reader.
    pub fn start(messages: &'a Messages, show: Show, total: Option<u64>, consumed: Arc<AtomicU64>) -> Self {
        let started = Instant::now();
        if show == Show::Bar {
            // The message takes at most 52 columns, so that sixty leave some for the bar.
            let template = if total.is_some() { "{wide_bar} {msg}" } else { "{spinner} {wide_msg}" };
            let style = ProgressStyle::with_template(template).expect("the template is a constant");
            messages.bar.set_draw_target(ProgressDrawTarget::stderr());
            messages.bar.set_style(style);
            messages.bar.set_message("loading the model");
            total.inspect(|&total| messages.bar.set_length(total));
            messages.bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self { messages, show, started, next_line: started + PAUSE, total, consumed, texts: Arc::default() }
    }

    /// The same documents, counted as they are read. The first one is read when the models are loaded.
    pub fn watch<I>(&self, documents: I) -> impl Iterator<Item = Result<Document, Refusal>> + Send + use<I>
    where
        I: Iterator<Item = Result<Document, Refusal>> + Send,
    {
        let (texts, bar) = (Arc::clone(&self.texts), self.messages.bar.clone());
        documents.enumerate().map(move |(number, item)| {
            if number == 0 {
                bar.set_message("annotating the first articles");
            }
            texts.fetch_add(item.as_ref().map_or(0, |document| document.text.len() as u64), Ordering::Relaxed);
            item
        })
    }

    /// Shows that `counts` is what is done now.
    pub fn update(&mut self, counts: &Counts) {
        let consumed = done(self.consumed.load(Ordering::Relaxed), counts.bytes, self.texts.load(Ordering::Relaxed));
        let message = || standing(counts, self.started.elapsed(), self.total.map(|total| (consumed, total)));
        match self.show {
            Show::Nothing => {}
            Show::Bar => {
                self.messages.bar.set_position(consumed);
                self.messages.bar.set_message(message());
            }
            Show::Plain if Instant::now() >= self.next_line => {
                self.messages.note(message());
                self.next_line = Instant::now() + PAUSE;
            }
            Show::Plain => {}
        }
    }

    /// Stops showing it, and gives the time since the start.
    pub fn end(self) -> Duration {
        self.messages.bar.finish_and_clear();
        self.started.elapsed()
    }
}

/// How far records have been read.
pub struct Reading<'a> {
    messages: &'a Messages,
    started: Instant,
    next_line: Instant,
    total: Option<u64>,
    consumed: Arc<AtomicU64>,
}

impl<'a> Reading<'a> {
    /// Begins to show progress towards `total` bytes, of which `consumed` is kept up to date by the reader: a bar where somebody
    /// watches, else lines.
    pub fn start(messages: &'a Messages, total: Option<u64>, consumed: Arc<AtomicU64>) -> Self {
        if let Some(total) = total.filter(|_| messages.watched()) {
            let style = ProgressStyle::with_template("{wide_bar} {msg}").expect("the template is a constant");
            messages.bar.set_draw_target(ProgressDrawTarget::stderr());
            messages.bar.set_style(style);
            messages.bar.set_length(total);
        }
        let started = Instant::now();
        Self { messages, started, next_line: started + PAUSE, total, consumed }
    }

    /// Shows that so many articles are done.
    pub fn update(&mut self, articles: u64) {
        let consumed = self.consumed.load(Ordering::Relaxed);
        self.messages.bar.set_position(consumed);
        if Instant::now() < self.next_line {
            return;
        }
        self.next_line = Instant::now() + PAUSE;
        let counts = Number(articles, "article");
        let elapsed = self.started.elapsed();
        let message = match self.total {
            Some(total) if consumed > 0 && total >= consumed => {
                let left = elapsed.mul_f64((total - consumed) as f64 / consumed as f64);
                format!("{counts}, {} left", Time(left))
            }
            _ => format!("{counts}, {}", Time(elapsed)),
        };
        if self.messages.watched() && self.total.is_some() {
            self.messages.bar.set_message(message);
        } else {
            self.messages.note(message);
        }
    }

    /// Stops showing it.
    pub fn end(self) {
        self.messages.bar.finish_and_clear();
    }
}

/// The bytes of input that are done with: of the `consumed` ones, the part that the `written` bytes of text are of those read.
fn done(consumed: u64, written: u64, read: u64) -> u64 {
    if read == 0 { consumed } else { (consumed as f64 * (written as f64 / read as f64)).round() as u64 }
}

/// A line about a run under way: at most 52 columns up to ten million articles.
fn standing(counts: &Counts, elapsed: Duration, bytes: Option<(u64, u64)>) -> String {
    let done = format!("{}, {} words/s", Number(counts.articles, "article"), HumanCount(rate(counts.words, elapsed)));
    match bytes {
        Some((consumed, total)) if consumed > 0 && total >= consumed => {
            let left = elapsed.mul_f64((total - consumed) as f64 / consumed as f64);
            format!("{done}, {} left", Time(left))
        }
        _ => format!("{done}, {}", Time(elapsed)),
    }
}

/// The closing line, without where the output is.
pub fn closing(counts: &Counts, elapsed: Duration) -> String {
    format!(
        "{}, {}, {} in {} ({} words/s)",
        Number(counts.articles, "article"),
        Number(counts.words, "word"),
        Number(counts.roles, "role"),
        Time(elapsed),
        HumanCount(rate(counts.words, elapsed)),
    )
}

fn rate(words: u64, elapsed: Duration) -> u64 {
    (words as f64 / elapsed.as_secs_f64().max(0.001)).round() as u64
}

/// A number of things, with the plural that most nouns have.
pub struct Number(pub u64, pub &'static str);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", HumanCount(self.0), self.1, if self.0 == 1 { "" } else { "s" })
    }
}

/// A time, as precisely as one wants to know it: 3.1 s, 42 s, 3 min 20 s, 1 h 5 min.
struct Time(Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
            (0, 0, 0..10) => write!(f, "{:.1} s", self.0.as_secs_f64()),
            (0, 0, s) => write!(f, "{s} s"),
            (0, min, s) => write!(f, "{min} min {s} s"),
            (h, min, _) => write!(f, "{} h {min} min", HumanCount(h)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_line_reads_as_documented() {
        let counts = Counts { articles: 42, words: 18_230, roles: 311, refused: 2, ..Counts::default() };
        let line = closing(&counts, Duration::from_millis(3100));
        assert_eq!(line, "42 articles, 18,230 words, 311 roles in 3.1 s (5,881 words/s)");
        let one = Counts { articles: 1, words: 1, roles: 1, ..Counts::default() };
        assert_eq!(closing(&one, Duration::ZERO), "1 article, 1 word, 1 role in 0.0 s (1,000 words/s)");
    }

    #[test]
    fn time_left_comes_from_the_bytes() {
        let counts = Counts { articles: 10, words: 500, ..Counts::default() };
        let line = |bytes| standing(&counts, Duration::from_secs(50), bytes);
        assert_eq!(line(Some((100, 500))), "10 articles, 10 words/s, 3 min 20 s left");
        assert_eq!(line(Some((0, 500))), "10 articles, 10 words/s, 50 s");
        assert_eq!(line(None), "10 articles, 10 words/s, 50 s");
    }

    /// The bar was once full, and no time left, as soon as all was read.
    #[test]
    fn what_is_read_but_not_written_is_not_done() {
        assert_eq!(done(1000, 20, 80), 250);
        assert_eq!(done(1000, 80, 80), 1000);
        assert_eq!(done(1000, 0, 80), 0);
        assert_eq!(done(7, 0, 0), 7, "everything was refused so far");
    }

    #[test]
    fn sixty_columns_hold_it() {
        let counts = Counts { articles: 9_999_999, words: 28_888_880_000, ..Counts::default() };
        let line = standing(&counts, Duration::from_secs(600_000), Some((900_000_000, 1_000_000_000)));
        assert!(line.len() <= 52, "{line}");
    }
}
