//! Takes articles, gives them in the four columns of CoNLL-2003, parted by a blank: the token, `-X-` for want of a part of speech,
//! the tag of its role or `O`, the tag of its label; in IOB2, with a blank line after each sentence and `-DOCSTART- -X- O O` before
//! each article. Without labels the role is in the last column. Back: takes such files, also with two columns or more than four,
//! in IOB1, IOB2 or BIOES; gives drafts.
//!
//! Refuses articles with a token that a column can't hold: one with what Python takes for white space, or that is `-DOCSTART-`
//! itself. Reading, it refuses articles with a line that has no tag or is not UTF-8.

use super::article::Article;
use super::draft::{Draft, Given, Place, Region, Words};
use super::sources::Source;
use super::tags::{self, Tag};
use super::{Export, ExportError, Exporter, Format, Holds, Import, no_hint, nothing_beside};
use crate::read::{Code, Refusal};
use std::io::{self, BufRead, Read};

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

/// A line: the token, its role's tag if the line is one of ours, and the tag in the last column.
struct Row {
    token: String,
    role: Option<String>,
    last: String,
}

/// Reads articles.
struct Articles {
    path: String,
    stream: Box<dyn BufRead + Send>,
    line: u64,
    /// The line on which the article that comes next begins, if a line said so.
    began: Option<u64>,
    ended: bool,
}

impl Articles {
    fn new(source: Source) -> Self {
        let Source { path, stream } = source;
        Self { path, stream, line: 0, began: None, ended: false }
    }

    /// The next line, without its end and a byte order mark; none at the end.
    fn read_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        if self.stream.by_ref().take(LONGEST).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.line += 1;
        let marked = self.line == 1 && bytes.starts_with(b"\xef\xbb\xbf");
        Ok(Some(bytes[if marked { 3 } else { 0 }..].trim_ascii_end().to_owned()))
    }

    /// Reads to where the next article begins, or to the end; none if there was nothing. An article with a line that can't be read
    /// is refused whole, since it would lack words.
    fn article(&mut self) -> Option<Result<Draft, Refusal>> {
        let began = self.began.take();
        let mut sentences: Vec<Vec<Row>> = vec![Vec::new()];
        let (mut first, mut fault) = (began, None);
        loop {
            let line = match self.read_line() {
                Ok(Some(line)) => line,
                Ok(None) => {
                    self.ended = true;
                    break;
                }
                Err(error) => {
                    self.ended = true;
                    fault = Some(self.refusal(Code::Unreadable, format!("expected to read it, but the system says: {error}")));
                    break;
                }
            };
            if line.starts_with(START.as_bytes()) {
                self.began = Some(self.line);
                break;
            }
            if line.is_empty() {
                sentences.push(Vec::new());
                continue;
            }
            first.get_or_insert(self.line);
            match row(&line) {
                Ok(row) => sentences.last_mut().expect("there is a sentence from the start").push(row),
                Err(message) => fault = fault.or_else(|| Some(self.refusal(Code::BadRecord, message))),
            }
        }
        sentences.retain(|sentence| !sentence.is_empty());
        let place = Place { path: self.path.clone(), line: first? };
        Some(fault.map_or_else(|| Ok(draft(place, &sentences)), Err))
    }

    fn refusal(&self, code: Code, message: String) -> Refusal {
        Refusal::new(code, message).at(&self.path).on_line(self.line)
    }
}

/// The longest line that is read, in bytes.
const LONGEST: u64 = 16 << 20;

/// What a line says. Columns are parted by tabs where there is one, so that a token may hold other white space, else by blanks. The
/// third is a role's in files of ours alone, which have no parts of speech; elsewhere it is a phrase's.
fn row(line: &[u8]) -> Result<Row, String> {
    let line =
        std::str::from_utf8(line).map_err(|_| "expected UTF-8, found other bytes; convert the file; its article was left out")?;
    let columns: Vec<&str> = match line.contains('\t') {
        true => line.split('\t').map(str::trim).collect(),
        false => line.split(' ').filter(|column| !column.is_empty()).collect(),
    };
    match columns[..] {
        [token, .., last] if tags::read(last).is_some() && !token.is_empty() => {
            let role = match columns[..] {
                [_, NO_PART_OF_SPEECH, role, _] if tags::read(role).is_some() => Some(role.to_owned()),
                _ => None,
            };
            Ok(Row { token: token.to_owned(), role, last: last.to_owned() })
        }
        _ => Err(format!(
            "expected a token and a tag such as B-PER, I-PER or O, found {line:?}; mend the line; its article was left out"
        )),
    }
}

impl Iterator for Articles {
    type Item = Result<Draft, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let article = self.article();
            if article.is_some() {
                return article;
            }
        }
        None
    }
}

/// A tag taken apart; none is one outside.
fn tag(word: Option<&str>) -> Tag<'_> {
    word.and_then(tags::read).unwrap_or(('O', ""))
}

/// The draft of an article. Its regions count tokens.
fn draft(place: Place, sentences: &[Vec<Row>]) -> Draft {
    let mut regions = Vec::new();
    let mut first = 0;
    for sentence in sentences {
        let last: Vec<Tag<'_>> = sentence.iter().map(|row| tag(Some(&row.last))).collect();
        let roles: Vec<Tag<'_>> = sentence.iter().map(|row| tag(row.role.as_deref())).collect();
        let given = |label: &str| label.split(tags::JOINT).map(Given::of).collect();
        for (label, from, to) in tags::entities(&last) {
            regions.push(Region::new(first + from..first + to + 1, given(label)));
        }
        for (label, from, to) in tags::entities(&roles) {
            let region = Region::new(first + from..first + to + 1, Vec::new());
            regions.push(Region { roles: given(label), ..region });
        }
        first += sentence.len();
    }
    let tokens = sentences.iter().map(|sentence| sentence.iter().map(|row| row.token.clone()).collect()).collect();
    Draft { regions, ..Draft::new(place, Words::Tokens(tokens)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn read(file: &[u8]) -> Vec<Result<Draft, Refusal>> {
        Articles::new(Source { path: "a.conll".into(), stream: Box::new(Cursor::new(file.to_owned())) }).collect()
    }

    fn words(draft: &Draft) -> String {
        let Words::Tokens(sentences) = &draft.words else { panic!("no tokens") };
        sentences.iter().map(|sentence| sentence.join("+")).collect::<Vec<_>>().join(" | ")
    }

    fn labels(draft: &Draft) -> Vec<String> {
        let named = |region: &Region| {
            region.labels.iter().chain(&region.roles).map(|given| given.name.clone()).collect::<Vec<_>>().join("|")
        };
        draft.regions.iter().map(|region| format!("{}-{} {}", region.at.start, region.at.end, named(region))).collect()
    }

    #[test]
    fn phrases_of_another_corpus_are_no_roles() {
        let file = "-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\nGerman JJ B-NP I-MISC\n";
        let draft = read(file.as_bytes()).remove(0).unwrap();
        assert_eq!(
            (words(&draft), labels(&draft)),
            ("EU+rejects | German".to_owned(), vec!["0-1 ORG".into(), "2-3 MISC".into()])
        );
        let ours = "Ivo -X- B-panel_chair|witness B-PER\nTarn -X- I-panel_chair|witness I-PER\n";
        assert_eq!(labels(read(ours.as_bytes())[0].as_ref().unwrap()), ["0-2 PER", "0-2 panel_chair|witness"]);
    }

    #[test]
    fn marks_tabs_and_line_ends_are_understood() {
        let file = "\u{feff}-DOCSTART- -X- O O\r\n\r\n10\u{a0}000\tB-MISC\r\nNew York\tS-LOC\r\n";
        let drafts = read(file.as_bytes());
        assert_eq!((drafts.len(), words(drafts[0].as_ref().unwrap())), (1, "10\u{a0}000+New York".to_owned()));
        assert_eq!(drafts[0].as_ref().unwrap().place.line, 1);
    }

    #[test]
    fn an_article_with_a_broken_line_is_refused_whole_and_the_next_is_read() {
        let file =
            b"-DOCSTART- O\n\nIvo B-PER\nTarn\nsat O\n-DOCSTART- O\n\nBo\xff O\n-DOCSTART- O\n\nLeeds B-LOC\n-DOCSTART- O\n";
        let drafts = read(file);
        let lines: Vec<Option<u64>> = drafts.iter().map(|draft| draft.as_ref().err().and_then(|refusal| refusal.line)).collect();
        assert_eq!(lines, [Some(4), Some(8), None, None]);
        assert_eq!(words(drafts[2].as_ref().unwrap()), "Leeds");
        assert_eq!(words(drafts[3].as_ref().unwrap()), "", "an article without words");
    }
}
