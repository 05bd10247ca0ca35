//! Takes tag sequences (a token and its tag a line, as CoNLL-2003 has them), gives the entities in them as seqeval reads them.
//! Refuses, by line, what has fewer than two columns and tags of no scheme.
//!
//! Columns are parted by blanks; the first is the token, the last its tag; a blank line ends a sentence, `-DOCSTART-` lines are
//! passed over. Each sentence counts as an article of its own, called by its number: `sentence 1`;
//! intervals are then over sentences.

use super::measure::Reading;
use crate::document::{Annotation, Document, Kind, Label, Mention, Origin, Segments};
use crate::exchange::tags::{self, Tag};
use crate::read::{Code, Refusal};
use crate::span::Span;
use crate::write::back::Annotated;
use crate::write::offsets::OffsetUnit;
use crate::write::record::Run;
use serde_json::Map;
use std::io::BufRead;

/// The entities of a sequence: the label, the first token and the last, inclusive.
fn entities<'a>(tags: &[Tag<'a>], reading: Reading) -> Vec<(&'a str, usize, usize)> {
    match reading {
        Reading::Default => tags::entities(tags),
        Reading::Strict => strict(tags),
    }
}

/// IOB2 knows B, I and O alone; any other prefix is outside, and so is what goes on from nothing.
fn strict<'a>(tags: &[Tag<'a>]) -> Vec<(&'a str, usize, usize)> {
    let mut found: Vec<(&str, usize, usize)> = Vec::new();
    let mut open = false;
    for (at, &(prefix, label)) in tags.iter().enumerate() {
        match (prefix, found.last_mut()) {
            ('B', _) => {
                found.push((label, at, at));
                open = true;
            }
            ('I', Some((of, _, last))) if open && *of == label => *last = at,
            _ => open = false,
        }
    }
    found
}

/// A sentence of tagged tokens, and its entities in both readings.
#[derive(Clone, PartialEq, Debug)]
pub struct Tagged {
    /// The tokens joined by blanks, with the entities of [`Reading::Default`].
    pub annotated: Annotated,
    /// The entities of [`Reading::Strict`].
    pub strict: Vec<(Span, Label)>,
}

/// Reads sentences from a stream.
pub struct Sentences<R> {
    path: String,
    lines: std::io::Lines<R>,
    line: u64,
    sentence: u64,
    ended: bool,
}

impl<R: BufRead> Sentences<R> {
    /// The sentences of `stream`, which messages call `path`.
    pub fn new(path: String, stream: R) -> Self {
        Self { path, lines: stream.lines(), line: 0, sentence: 0, ended: false }
    }

    fn refusal(&self, code: Code, message: String) -> Refusal {
        Refusal::new(code, message).at(&self.path).on_line(self.line)
    }

    /// The tokens and tags up to the next blank line; none at the end.
    fn sentence(&mut self) -> Result<Option<Vec<(String, String)>>, Refusal> {
        let mut rows: Vec<(String, String)> = Vec::new();
        loop {
            let Some(line) = self.lines.next() else {
                self.ended = true;
                return Ok(Some(rows).filter(|rows| !rows.is_empty()));
            };
            self.line += 1;
            let line = line.map_err(|error| {
                self.ended = true;
                self.refusal(Code::Unreadable, format!("expected text in UTF-8, but the system says: {error}"))
            })?;
            let columns: Vec<&str> = line.split_whitespace().collect();
            match columns[..] {
                [] if rows.is_empty() => {}
                [] => return Ok(Some(rows)),
                // A document ends the sentence before it, blank line or not.
                ["-DOCSTART-", ..] if rows.is_empty() => {}
                ["-DOCSTART-", ..] => return Ok(Some(rows)),
                [token, .., last] if tags::read(last).is_some() => rows.push((token.to_owned(), last.to_owned())),
                _ => {
                    self.ended = true;
                    let message = format!("expected a token and a tag such as B-PER, I-PER or O, found {line:?}; mend the file");
                    return Err(self.refusal(Code::BadRecord, message));
                }
            }
        }
    }
}

impl<R: BufRead> Iterator for Sentences<R> {
    type Item = Result<Tagged, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let rows = self.sentence().transpose()?;
        self.sentence += 1;
        Some(rows.map(|rows| tagged(&format!("sentence {}", self.sentence), &rows)))
    }
}

fn tagged(id: &str, rows: &[(String, String)]) -> Tagged {
    let text = rows.iter().map(|(token, _)| &**token).collect::<Vec<_>>().join(" ");
    let mut ends: Vec<(usize, usize)> = Vec::with_capacity(rows.len());
    for (token, _) in rows {
        let start = ends.last().map_or(0, |(_, end)| end + 1);
        ends.push((start, start + token.len()));
    }
    let tags: Vec<Tag<'_>> = rows.iter().filter_map(|(_, word)| tags::read(word)).collect();
    let spans = |reading| -> Vec<(Span, Label)> {
        let span = |from: usize, to: usize| Span::new(&text, ends[from].0, ends[to].1).expect("tokens are whole words");
        entities(&tags, reading).into_iter().map(|(label, from, to)| (span(from, to), Label::from_record(label))).collect()
    };
    let mention = |(span, label)| Mention { span, label, kind: Kind::Name, score: 1.0, origin: Origin::Model };
    let annotation = Annotation {
        segments: Segments::default(),
        mentions: spans(Reading::Default).into_iter().map(mention).collect(),
        ..Annotation::default()
    };
    let strict = spans(Reading::Strict);
    let document = Document { id: id.to_owned(), text, meta: Map::new() };
    Tagged { annotated: Annotated { document, annotation, unit: OffsetUnit::Char, made_by: Run::by_hand() }, strict }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tags: &str, reading: Reading) -> String {
        let tags: Vec<Tag<'_>> = tags.split_whitespace().map(|word| tags::read(word).unwrap()).collect();
        let show = |(label, from, to): (&str, usize, usize)| format!("{label}{from}{to}");
        entities(&tags, reading).into_iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn both_readings_agree_on_iob2() {
        for (tags, expected) in [("O O", ""), ("B-P I-P O B-L", "P01 L33"), ("B-P B-P I-P", "P00 P12"), ("B-P I-P", "P01")] {
            assert_eq!(read(tags, Reading::Default), expected, "{tags}");
            assert_eq!(read(tags, Reading::Strict), expected, "{tags}");
        }
    }

    #[test]
    fn an_entity_without_a_beginning_counts_in_the_default_reading_alone() {
        for (tags, default, strict) in [
            ("I-P I-P O", "P01", ""),
            ("B-P I-L I-L", "P00 L12", "P00"),
            ("O I-L B-L", "L11 L22", "L22"),
            ("B-P E-P S-L", "P01 L22", "P00"),
            ("S-P S-P I-P", "P00 P11 P22", ""),
        ] {
            assert_eq!(read(tags, Reading::Default), default, "{tags}");
            assert_eq!(read(tags, Reading::Strict), strict, "{tags}");
        }
    }

    #[test]
    fn sentences_are_numbered_and_faults_have_their_line() {
        let file = "-DOCSTART- -X- O O\n\nIvo NNP B-NP B-PER\nTarn NNP I-NP I-PER\nsat VBD O O\n-DOCSTART- O\n\nBow B-LOC\n";
        let sentences: Vec<Tagged> = Sentences::new("a.conll".into(), file.as_bytes()).collect::<Result<_, _>>().unwrap();
        let of = |at: usize| (&*sentences[at].annotated.document.id, &*sentences[at].annotated.document.text);
        assert_eq!((of(0), of(1), sentences.len()), (("sentence 1", "Ivo Tarn sat"), ("sentence 2", "Bow"), 2));
        let mention = &sentences[0].annotated.annotation.mentions[0];
        assert_eq!((mention.span.of("Ivo Tarn sat"), &mention.label), ("Ivo Tarn", &Label::Per));
        let refusal = Sentences::new("a.conll".into(), "a O\nb X-PER\n".as_bytes()).next().unwrap().unwrap_err();
        assert_eq!(refusal.line, Some(2));
    }
}
