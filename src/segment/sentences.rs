//! Takes a text, its tokens and its paragraphs, gives its sentences. Refuses nothing: every token ends up in exactly one.
//!
//! A sentence ends at a full stop, an exclamation or question mark or an ellipsis, with the closing quotes and brackets behind
//! it, where white space and something that can start a sentence follow; where two sentences ran together ("ended.The"); before
//! an inline bullet; around the words of a caption in markup; and always with its paragraph.

use super::lexicon::{Follows, Lexicon};
use super::lines::list_number;
use super::pieces::is_invisible;
use crate::document::{Sentence, Token};
use std::ops::Range;

/// How many words may stand between a quotation and its reporting verb: "Really?" Det Ch Insp Eve Quill asked.
const REPORTED_NAME: usize = 6;

/// The sentences of `text`, in order. `paragraphs` are ranges of `tokens` that follow each other.
pub(super) fn sentences(text: &str, tokens: &[Token], paragraphs: &[Range<usize>]) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    for (paragraph, range) in paragraphs.iter().enumerate() {
        let caption = caption(text, tokens, range);
        let cuts = caption.map_or([range.end; 2], |caption| [caption.start, caption.end]);
        let mut start = range.start;
        for end in cuts.into_iter().chain([range.end]) {
            if start < end {
                Splitter { text, tokens, end, lexicon: Lexicon::get() }.split(start, paragraph, &mut sentences);
            }
            start = end;
        }
    }
    sentences
}

/// The tokens of the words of a caption in markup: in a paragraph that begins like `%image(` or `<img`, what stands between the
/// quotation mark behind `alt=` or `caption=` and the paragraph's last quotation mark.
fn caption(text: &str, tokens: &[Token], paragraph: &Range<usize>) -> Option<Range<usize>> {
    let own = &tokens[paragraph.clone()];
    let str = |i: usize| own.get(i).map_or("", |token| token.span.of(text));
    if !matches!(str(0), "%" | "<") {
        return None;
    }
    let is_key = |i: usize| matches!(str(i), "alt" | "caption") && str(i + 1) == "=" && str(i + 2) == "\"";
    let start = (0..own.len()).find(|&i| is_key(i))? + 3;
    let length = own[start..].iter().rposition(|token| token.span.of(text) == "\"")?;
    (length > 0).then_some(paragraph.start + start..paragraph.start + start + length)
}

/// Splits the tokens up to `end` into sentences.
struct Splitter<'t> {
    text: &'t str,
    tokens: &'t [Token],
    end: usize,
    lexicon: &'static Lexicon,
}

/// What a token can do to the sentence that it stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// Ends it, if what follows can start one.
    Full,
    /// As [`Stop::Full`], but a reporting clause may follow a quotation.
    Exclaims,
    /// An abbreviation with its full stop.
    Abbreviation(Follows),
}

impl<'t> Splitter<'t> {
    fn split(&self, mut start: usize, paragraph: usize, sentences: &mut Vec<Sentence>) {
        let mut quotes = 0;
        let number = list_number(self.text, &self.tokens[start..self.end]).filter(|&number| start + number < self.end);
        let mut i = start + number.unwrap_or(0);
        while i < self.end {
            let end = match self.stop(i) {
                Some(stop) => {
                    let close = self.close(i + 1, quotes);
                    (close, self.ends(stop, i, close))
                }
                None => (i + 1, self.is_before_bullet(i + 1)),
            };
            quotes += (i..end.0).filter(|&at| self.str(at) == "\"").count();
            i = end.0;
            if end.1 || i == self.end {
                let span = self.tokens[start].span.hull(self.tokens[i - 1].span);
                sentences.push(Sentence { span, tokens: start..i, paragraph });
                start = i;
            }
        }
    }

    fn str(&self, i: usize) -> &'t str {
        self.tokens[..self.end].get(i).map_or("", |token| token.span.of(self.text))
    }

    fn space_before(&self, i: usize) -> bool {
        self.tokens[i - 1].space_after
    }

    fn stop(&self, i: usize) -> Option<Stop> {
        let token = self.str(i);
        match token {
            "." | "。" | "۔" | "।" => Some(Stop::Full),
            "!" | "?" | "…" | "؟" | "！" | "？" | "‼" | "⁇" | "⁈" | "⁉" => Some(Stop::Exclaims),
            _ => {
                let word = token.strip_suffix('.')?;
                if word.ends_with('.') || word.is_empty() {
                    return Some(Stop::Exclaims); // "..."
                }
                let initial = word.chars().filter(|c| c.is_alphanumeric()).nth(1).is_none();
                let unlisted = if initial { Follows::Inside } else { Follows::Either };
                Some(Stop::Abbreviation(self.lexicon.abbreviation(word).unwrap_or(unlisted)))
            }
        }
    }

    /// The index after the stops and closing marks that start at `i`, where `quotes` straight quotation marks stood before.
    fn close(&self, i: usize, mut quotes: usize) -> usize {
        let mut at = i;
        while at < self.end && (self.is_closing(at, quotes) || (!self.space_before(at) && self.stop(at).is_some())) {
            quotes += usize::from(self.str(at) == "\"");
            at += 1;
        }
        at
    }

    fn is_closing(&self, at: usize, quotes: usize) -> bool {
        let token = self.str(at);
        let attached = !self.space_before(at);
        match token {
            ")" | "]" | "}" | "”" | "»" | "›" => true,
            "’" => attached,
            "\"" => attached && (self.is_free_behind(at) || quotes % 2 == 1),
            "'" => attached && self.is_free_behind(at),
            _ => attached && is_invisible(token),
        }
    }

    /// Whether no word is tied to the end of token `at`.
    fn is_free_behind(&self, at: usize) -> bool {
        self.tokens[at].space_after || !self.str(at + 1).starts_with(char::is_alphanumeric)
    }

    /// Whether the sentence ends before token `next`, after the stop at `i` and its closing marks.
    fn ends(&self, stop: Stop, i: usize, next: usize) -> bool {
        if next == self.end {
            return true;
        }
        let first = self.first_word(next);
        let word = self.str(first);
        let starts = can_start(word) && (self.space_before(next) || self.ran_together(i, next, first));
        match stop {
            _ if !starts => false,
            Stop::Full => true,
            Stop::Exclaims => next == i + 1 || !self.is_reporting_clause(first),
            Stop::Abbreviation(Follows::Inside | Follows::BeforeNumber) => false,
            Stop::Abbreviation(Follows::BeforeName) => self.lexicon.is_opener(word),
            Stop::Abbreviation(Follows::Either) => {
                next > i + 1 || self.lexicon.is_opener_or_title(word) || self.is_lone_opener(first)
            }
        }
    }

    /// The first token from `i` on that is no opening mark, dash or bullet; `end` if there is none.
    fn first_word(&self, i: usize) -> usize {
        let opening = |token: &str| {
            matches!(token, "“" | "‘" | "„" | "\"" | "'" | "(" | "[" | "{" | "«" | "‹" | "¿" | "¡" | "-" | "–" | "—" | "--")
                || self.lexicon.bullets.contains(token)
                || is_invisible(token)
        };
        (i..self.end).find(|&at| !opening(self.str(at))).unwrap_or(self.end)
    }

    /// Whether two sentences stand without white space between them: "ended.The", "ended.”The", "ended.“The".
    fn ran_together(&self, i: usize, next: usize, first: usize) -> bool {
        let before = if i > 0 { self.str(i - 1) } else { "" };
        let mut letters = self.str(first).chars();
        let capitalised = letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase);
        let word = before.chars().nth(1).is_some() && before.ends_with(|c: char| c.is_lowercase() || c.is_numeric());
        capitalised && (word || next > i + 1 || before.ends_with(['”', '’', ')', ']', '"', '%']))
    }

    /// "A" or "I" before a word in lower case, where a letter alone could as well be part of a name.
    fn is_lone_opener(&self, first: usize) -> bool {
        matches!(self.str(first), "A" | "I") && self.str(first + 1).starts_with(char::is_lowercase)
    }

    /// Whether a name and a reporting verb start at `first`.
    fn is_reporting_clause(&self, first: usize) -> bool {
        if self.lexicon.is_opener(self.str(first)) {
            return false;
        }
        let words = first..self.end.min(first + REPORTED_NAME);
        let verb = words.clone().find(|&at| !self.str(at).starts_with(|c: char| c.is_uppercase() || c.is_numeric()));
        verb.is_some_and(|verb| verb > first && self.lexicon.is_reporting(self.str(verb)))
    }

    fn is_before_bullet(&self, next: usize) -> bool {
        next < self.end
            && self.space_before(next)
            && self.tokens[next].space_after
            && self.lexicon.bullets.contains(self.str(next))
    }
}

/// Whether a sentence can start with this token: a word that is not in lower case, a number, a currency sign, an emoji …
fn can_start(token: &str) -> bool {
    let Some(first) = token.chars().next() else { return false };
    if first.is_alphabetic() {
        return !first.is_lowercase();
    }
    !matches!(
        first,
        ',' | ';'
            | ':'
            | '.'
            | '!'
            | '?'
            | '…'
            | ')'
            | ']'
            | '}'
            | '”'
            | '’'
            | '»'
            | '›'
            | '/'
            | '&'
            | '='
            | '+'
            | '|'
            | '\\'
            | '~'
            | '^'
            | '_'
            | '>'
            | '\''
    )
}
