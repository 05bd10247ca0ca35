//! Takes articles, gives them in the four columns of CoNLL-2003, parted by a blank: the token, `-X-` for want of a part of speech,
//! the tag of its role or `O`, the tag of its label; in IOB2, with a blank line after each sentence and `-DOCSTART- -X- O O` before
//! each article. Without labels the role is in the last column. Back: takes such files, also with two columns or more than four,
//! in IOB1, IOB2 or BIOES; gives drafts.
//!
//! Refuses articles with a token that a column can't hold: one with what Python takes for white space, or that is `-DOCSTART-`
//! itself. Reading, it refuses lines without a tag, and leaves the sentence at that.

use super::article::Article;
use super::draft::{Draft, Given, Place, Region, Words};
use super::sources::Source;
use super::tags::{self, Tag};
use super::{Export, ExportError, Exporter, Format, Holds, Import, no_hint, nothing_beside};
use crate::read::{Code, Refusal};
use std::collections::VecDeque;
use std::io::{BufRead, Lines};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "conll",
    about: "CoNLL-2003's four columns in IOB2, roles in the third",
    holds: Holds { text: false, spans: true, entities: false, roles: true, relations: false, kinds: false, evidence: false },
    offsets: None,
    export: Some(Export { extension: "conll", open: |_| Ok(Box::new(Columns)), beside: nothing_beside, hint: no_hint }),
    import: Some(Import::Drafts {
        extensions: &["conll", "iob", "iob2", "bio", "txt"],
        read: |source| Box::new(Articles::new(source)),
    }),
};

/// What stands in the first column before an article.
const START: &str = "-DOCSTART-";

/// What stands in the column of parts of speech.
const NO_PART_OF_SPEECH: &str = "-X-";

struct Columns;

impl Exporter for Columns {
    fn article(&mut self, article: &Article, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let outside = || vec![tags::OUTSIDE.to_owned(); article.record.tokens.len()];
        let roles = if article.layer.roles() { tags::of_roles(article)? } else { outside() };
        let (third, last) = if article.layer.ner() { (roles, tags::of_labels(article)) } else { (outside(), roles) };
        push(out, [START, NO_PART_OF_SPEECH, tags::OUTSIDE, tags::OUTSIDE])?;
        out.push(b'\n');
        for sentence in article.sentences() {
            for at in sentence {
                let token = &*article.record.tokens[at].text;
                if token == START {
                    return Err(ExportError::Unfit(format!(
                        "expected a token that is not {START} itself, which begins an article"
                    )));
                }
                push(out, [token, NO_PART_OF_SPEECH, &third[at], &last[at]])?;
            }
            out.push(b'\n');
        }
        Ok(())
    }
}

/// Appends a line.
fn push(out: &mut Vec<u8>, columns: [&str; 4]) -> Result<(), ExportError> {
    if let Some(odd) = columns.iter().find(|column| column.is_empty() || column.contains(blank)) {
        return Err(ExportError::Unfit(format!("expected columns without white space, found {odd:?}")));
    }
    out.extend_from_slice(columns.join(" ").as_bytes());
    out.push(b'\n');
    Ok(())
}

/// Whether Python, which most readers of the format are written in, splits at it.
fn blank(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// A line: the token and its tags, in the third column and in the last.
struct Row {
    token: String,
    third: Option<String>,
    last: String,
}

/// Reads articles.
struct Articles {
    path: String,
    lines: Lines<Box<dyn BufRead + Send>>,
    line: u64,
    /// Whether there was a line that begins an article.
    marked: bool,
    ready: VecDeque<Result<Draft, Refusal>>,
    ended: bool,
}

impl Articles {
    fn new(source: Source) -> Self {
        let Source { path, stream } = source;
        Self { path, lines: stream.lines(), line: 0, marked: false, ready: VecDeque::new(), ended: false }
    }

    /// Reads to where the next article begins, or to the end.
    fn article(&mut self) {
        let first = self.line + 1;
        let mut sentences: Vec<Vec<Row>> = vec![Vec::new()];
        let began = self.marked;
        loop {
            let Some(line) = self.lines.next() else {
                self.ended = true;
                break;
            };
            self.line += 1;
            let line = match line {
                Ok(line) => line,
                Err(error) => {
                    self.ended = true;
                    let message = format!("expected text in UTF-8, but the system says: {error}");
                    self.ready.push_back(Err(self.refusal(Code::Unreadable, message)));
                    break;
                }
            };
            let columns: Vec<&str> = line.split(blank).filter(|column| !column.is_empty()).collect();
            match columns[..] {
                [] => sentences.push(Vec::new()),
                [START, ..] => {
                    self.marked = true;
                    break;
                }
                [token, .., last] if tags::read(last).is_some() => {
                    let third = columns.get(2).filter(|_| columns.len() == 4).filter(|tag| tags::read(tag).is_some());
                    let row = Row { token: token.to_owned(), third: third.map(|&tag| tag.to_owned()), last: last.to_owned() };
                    sentences.last_mut().expect("there is a sentence from the start").push(row);
                }
                _ => {
                    let message = format!("expected a token and a tag such as B-PER, I-PER or O, found {line:?}; mend the line");
                    self.ready.push_back(Err(self.refusal(Code::BadRecord, message)));
                }
            }
        }
        sentences.retain(|sentence| !sentence.is_empty());
        // What stands before the first article is none, unless there is something.
        if began || !sentences.is_empty() {
            let place = Place { path: self.path.clone(), line: first.saturating_sub(u64::from(began)) };
            self.ready.push_back(Ok(draft(place, &sentences)));
        }
    }

    fn refusal(&self, code: Code, message: String) -> Refusal {
        Refusal::new(code, message).at(&self.path).on_line(self.line)
    }
}

impl Iterator for Articles {
    type Item = Result<Draft, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() && !self.ended {
            self.article();
        }
        self.ready.pop_front()
    }
}

/// The draft of an article. Its regions count tokens.
fn draft(place: Place, sentences: &[Vec<Row>]) -> Draft {
    let mut regions = Vec::new();
    let mut first = 0;
    for sentence in sentences {
        let third = |row: &Row| row.third.clone();
        let columns: [Vec<Option<String>>; 2] =
            [sentence.iter().map(|row| Some(row.last.clone())).collect(), sentence.iter().map(third).collect()];
        for column in &columns {
            let tags: Vec<Tag<'_>> = column.iter().map(|tag| tag.as_deref().and_then(tags::read).unwrap_or(('O', ""))).collect();
            for (label, from, to) in tags::entities(&tags) {
                let labels = label.split(tags::JOINT).map(Given::of).collect();
                regions.push(Region::new(first + from..first + to + 1, labels));
            }
        }
        first += sentence.len();
    }
    let tokens = sentences.iter().map(|sentence| sentence.iter().map(|row| row.token.clone()).collect()).collect();
    Draft { regions, ..Draft::new(place, Words::Tokens(tokens)) }
}
