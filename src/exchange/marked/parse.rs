//! Takes a marked article, gives its front matter, its text without marks, and the marks. Refuses what is no front matter, and
//! braces that are no mark.

use super::MarkError;
use crate::document::{Kind, Label};
use crate::span::Span;
use regex::Regex;
use std::sync::LazyLock;

/// A marked article, taken apart.
pub(super) struct Parsed {
    /// Everything in the front matter but the parties.
    pub(super) meta: toml::Table,
    /// `party`: a table a key.
    pub(super) parties: toml::Table,
    /// The article.
    pub(super) text: String,
    /// Its mentions, in order.
    pub(super) marks: Vec<Mark>,
    /// Where the lines of the article begin in its text, each with its number in the file.
    lines: Vec<(usize, usize)>,
    /// The front matter as it stands.
    front: String,
}

/// A mention with its mark.
pub(super) struct Mark {
    pub(super) span: Span,
    pub(super) label: Label,
    pub(super) kind: Kind,
    pub(super) key: String,
}

/// The line that begins and ends the front matter.
const FENCE: &str = "+++\n";

impl Parsed {
    /// The line of the file on which byte `at` of the text stands.
    pub(super) fn line(&self, at: usize) -> usize {
        self.lines[self.lines.partition_point(|&(start, _)| start <= at) - 1].1
    }

    /// The line of the file on which the table of the party `key` begins; the first where it is written in another way.
    pub(super) fn party_line(&self, key: &str) -> usize {
        let head = format!("[party.{key}]");
        self.front.lines().position(|line| line.trim() == head).map_or(1, |at| at + 2)
    }
}

pub(super) fn parse(source: &str) -> Result<Parsed, MarkError> {
    let no_front = |line| {
        let found = if source.starts_with("+++\r\n") { "Windows line ends; convert the file" } else { "none" };
        MarkError { line, what: format!("expected a front matter between two lines '+++', found {found}") }
    };
    let rest = source.strip_prefix(FENCE).ok_or_else(|| no_front(1))?;
    let (front, body) = match rest.strip_prefix(FENCE) {
        Some(body) => ("", body),
        None => rest.split_once("\n+++\n").ok_or_else(|| no_front(1))?,
    };
    let mut meta: toml::Table = toml::from_str(front).map_err(|error| MarkError {
        line: 2 + error.span().map_or(0, |span| lines(&front[..span.start])),
        what: format!("expected a front matter in TOML, found a fault in it: {}", error.message()),
    })?;
    let parties = match meta.remove("party") {
        None => toml::Table::new(),
        Some(toml::Value::Table(parties)) => parties,
        Some(_) => return Err(MarkError { line: 1, what: "expected 'party' to hold tables, as [party.KEY] makes them".into() }),
    };
    let before = lines(&source[..source.len() - body.len()]);
    let article = marks(body, before)?;
    Ok(Parsed { meta, parties, front: front.to_owned(), ..article })
}

/// Takes the marks out of `body`, before which `before` lines stand in the file.
fn marks(body: &str, before: usize) -> Result<Parsed, MarkError> {
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\{\{([^{}|]+)\|(PER|ORG|LOC|MISC|ANON|NOM) ([a-z][a-z0-9_-]*)\}\}").expect("the pattern is a constant")
    });
    let mut text = String::with_capacity(body.len());
    let (mut marks, mut line_starts) = (Vec::new(), vec![(0, before + 1)]);
    let mut copy = |text: &mut String, from: usize, to: usize| {
        for (at, _) in body[from..to].match_indices('\n') {
            line_starts.push((text.len() + at + 1, before + 1 + lines(&body[..=from + at])));
        }
        text.push_str(&body[from..to]);
    };
    let mut done = 0;
    for found in MARK.captures_iter(body) {
        let (whole, words) = (found.get_match(), found.get(1).expect("the group is no optional one"));
        copy(&mut text, done, whole.start());
        let start = text.len();
        copy(&mut text, words.start(), words.end());
        done = whole.end();
        if words.as_str().trim() != words.as_str() {
            let what = format!("expected a mention without white space at its ends, found {:?}", words.as_str());
            return Err(MarkError { line: before + 1 + lines(&body[..whole.start()]), what });
        }
        let (label, kind) = match &found[2] {
            "NOM" => (Label::Anon, Kind::Nominal),
            "ANON" => (Label::Anon, Kind::Pseudonym),
            name => (Label::from_record(name), Kind::Name),
        };
        let span = Span::new(&text, start, text.len()).expect("pieces of a text end at its characters");
        marks.push(Mark { span, label, kind, key: found[3].to_owned() });
    }
    copy(&mut text, done, body.len());
    let parsed =
        Parsed { meta: toml::Table::new(), parties: toml::Table::new(), text, marks, lines: line_starts, front: String::new() };
    if let Some(at) = parsed.text.find("{{").or_else(|| parsed.text.find("}}")) {
        let found: String = parsed.text[at..].chars().take(40).collect();
        let what = format!("expected a mark '{{{{words|LABEL key}}}}' (PER, ORG, LOC, MISC, ANON or NOM), found {found:?}");
        return Err(MarkError { line: parsed.line(at), what });
    }
    Ok(parsed)
}

/// The number of line breaks.
fn lines(text: &str) -> usize {
    text.bytes().filter(|&byte| byte == b'\n').count()
}
