//! Takes a text, gives its tokens: words, numbers and punctuation marks, as the module's own page ([`super`]) lists them.
//! Refuses nothing: every character that is not white space ends up in exactly one token, and no grapheme cluster is cut,
//! except where a cluster itself holds white space.

use super::addresses::addresses;
use super::lexicon::{Follows, Lexicon};
use super::pieces::{Kind, Piece, pieces};
use super::titles::Titles;
use crate::document::Token;
use crate::span::Span;

/// The longest word that is looked up behind an initial, in characters; no opener or title is longer.
const LONGEST_PEEK: usize = 24;

/// The tokens of `text`, in order.
pub(super) fn words(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut list = Vec::new();
    let mut rest = 0;
    while let Some(skipped) = text[rest..].find(|c: char| !c.is_whitespace()) {
        let start = rest + skipped;
        let end = text[start..].find(char::is_whitespace).map_or(text.len(), |length| start + length);
        list.clear();
        pieces(&text[start..end], start, &mut list);
        let mut from = 0;
        for address in addresses(&text[start..end], start, &list) {
            Cutter { text, pieces: &list[from..address.start] }.cut(&mut tokens);
            push(text, &list[address.clone()], &mut tokens);
            from = address.end;
        }
        Cutter { text, pieces: &list[from..] }.cut(&mut tokens);
        if let Some(last) = tokens.last_mut() {
            last.space_after = end < text.len();
        }
        rest = end;
    }
    tokens
}

fn push(text: &str, pieces: &[Piece], tokens: &mut Vec<Token>) {
    if let (Some(first), Some(last)) = (pieces.first(), pieces.last()) {
        let span = Span::new(text, first.start, last.end).expect("pieces are slices of the text, in order");
        tokens.push(Token { span, space_after: false });
    }
}

/// Cuts pieces that touch each other into tokens.
struct Cutter<'t> {
    text: &'t str,
    pieces: &'t [Piece],
}

impl<'t> Cutter<'t> {
    fn cut(&self, tokens: &mut Vec<Token>) {
        let mut i = 0;
        while i < self.pieces.len() {
            let before = tokens.last().map_or("", |token| token.span.of(self.text));
            let end = match self.pieces[i].kind {
                Kind::Letters | Kind::Digits => self.with_stop(i, self.word(i), before),
                Kind::Mark if self.is_apostrophe(i) && self.is_possessive(i + 1) && i > 0 => i + 2,
                Kind::Mark | Kind::Run | Kind::Joiner => i + 1,
            };
            push(self.text, &self.pieces[i..end], tokens);
            i = end;
        }
    }

    fn str(&self, i: usize) -> &'t str {
        self.pieces.get(i).map_or("", |piece| &self.text[piece.start..piece.end])
    }

    fn slice(&self, from: usize, to: usize) -> &'t str {
        &self.text[self.pieces[from].start..self.pieces[to - 1].end]
    }

    fn kind(&self, i: usize) -> Option<Kind> {
        self.pieces.get(i).map(|piece| piece.kind)
    }

    fn is_letters(&self, i: usize) -> bool {
        self.kind(i) == Some(Kind::Letters)
    }

    fn is_digits(&self, i: usize) -> bool {
        self.kind(i) == Some(Kind::Digits)
    }

    fn is_apostrophe(&self, i: usize) -> bool {
        matches!(self.str(i), "'" | "’" | "＇")
    }

    /// One letter, with its marks.
    fn is_single(&self, i: usize) -> bool {
        self.is_letters(i) && {
            let letters = self.str(i);
            letters.len() == 1 || letters.chars().filter(|c| c.is_alphabetic()).nth(1).is_none()
        }
    }

    /// Whether the piece after an apostrophe is the s of a possessive.
    fn is_possessive(&self, i: usize) -> bool {
        matches!(self.str(i), "s" | "S") && !self.is_digits(i + 1)
    }

    /// The end of the word or number that starts at `i`, without a full stop of its own.
    fn word(&self, i: usize) -> usize {
        let mut end = i + 1;
        while let Some(more) = self.goes_on(i, end) {
            end += more;
        }
        end
    }

    /// How many of the pieces at `at` belong to the word `i..at`.
    fn goes_on(&self, i: usize, at: usize) -> Option<usize> {
        match self.kind(at)? {
            Kind::Letters | Kind::Digits => (!self.is_page_noise(at)).then_some(1),
            Kind::Joiner => self.is_letters(at + 1).then_some(2),
            Kind::Run => None,
            Kind::Mark => match self.str(at) {
                "." => (self.is_digits(at - 1) && self.is_digits(at + 1)).then_some(2),
                "," => (self.is_digits(at - 1) && self.is_digits(at + 1) && self.str(at + 1).chars().count() == 3).then_some(2),
                ":" => (self.is_digits(at - 1) && self.is_digits(at + 1) && self.str(at + 1).chars().count() == 2).then_some(2),
                "&" => (at == i + 1 && self.is_upper(i) && self.is_upper(at + 1)).then_some(2),
                "/" => (at == i + 1 && self.is_letters(at + 1) && Titles::get().is_slashed(self.slice(i, at + 2))).then_some(2),
                "‘" => (at == i + 1 && self.is_single(i) && self.is_letters(at + 1)).then_some(2),
                _ if self.is_apostrophe(at) && self.is_letters(at - 1) && self.is_letters(at + 1) => {
                    (!self.is_possessive(at + 1) || Lexicon::get().is_contracted_with_s(self.slice(i, at))).then_some(2)
                }
                _ => None,
            },
        }
    }

    /// At most two capital letters, as on either side of the "&" in "A&E".
    fn is_upper(&self, i: usize) -> bool {
        self.is_letters(i) && self.str(i).len() <= 2 && self.str(i).chars().all(char::is_uppercase)
    }

    /// Whether a number and a capitalised word ran together on the page before `at`: "2023The", "2024-11-19A", but not "1St" or
    /// "3D".
    fn is_page_noise(&self, at: usize) -> bool {
        if !self.is_letters(at) || !self.is_digits(at - 1) {
            return false;
        }
        let mut letters = self.str(at).chars();
        let upper = letters.next().is_some_and(char::is_uppercase);
        let word = letters.next().is_some_and(char::is_lowercase) && (letters.next().is_some() || self.str(at - 1).len() >= 4);
        upper && (word || self.ends_date(at - 1))
    }

    /// Whether the digits at `at` end a date in digits: "2024-11-19", "19/11/2024".
    fn ends_date(&self, at: usize) -> bool {
        let separator = |i: usize| matches!(self.str(i), "-" | "/");
        at >= 4 && separator(at - 1) && self.is_digits(at - 2) && separator(at - 3) && self.is_digits(at - 4)
    }

    /// The end of the token whose word is `i..end`, with the full stops that belong to it. `before` is the token before.
    fn with_stop(&self, i: usize, end: usize, before: &str) -> usize {
        if self.str(end) != "." {
            return end;
        }
        if end == i + 1 && self.is_single(i) {
            let acronym = self.acronym(i);
            if acronym > end + 1 {
                return acronym;
            }
            if self.str(i).chars().next().is_some_and(char::is_uppercase) {
                return end + usize::from(self.is_initial(end + 1, before));
            }
        }
        // "Ph.D." has a stop inside.
        if self.is_letters(end + 1) && self.str(end + 2) == "." && Lexicon::get().abbreviation(self.slice(i, end + 2)).is_some() {
            return end + 3;
        }
        match Lexicon::get().abbreviation(self.slice(i, end)) {
            Some(Follows::BeforeNumber) if !self.peek(end + 1).starts_with(char::is_numeric) => end,
            Some(_) => end + 1,
            None => end,
        }
    }

    /// The end of "U.K.", "a.m.", "U.K": single letters with a full stop between each two.
    fn acronym(&self, i: usize) -> usize {
        let mut end = i;
        while self.is_single(end) && self.str(end + 1) == "." {
            end += 2;
        }
        let last_without_stop = end > i && self.is_single(end) && !matches!(self.kind(end + 1), Some(Kind::Digits | Kind::Run));
        end + usize::from(last_without_stop)
    }

    /// Whether a capital letter and a full stop before `next` are an initial, and not a letter at the end of a sentence: a name
    /// must follow, on the same line, and the letter must not be the pseudonym of the word `before` ("PC A. Lawyers said").
    fn is_initial(&self, next: usize, before: &str) -> bool {
        if matches!(self.str(next), "," | "-") {
            return true;
        }
        let word = self.peek(next);
        let stop = &word[word.trim_end_matches('.').len()..];
        let word = word.trim_end_matches('.');
        let one_letter = word.chars().nth(1).is_none();
        word.starts_with(char::is_uppercase)
            && if one_letter {
                !stop.is_empty()
            } else {
                !Lexicon::get().is_opener_or_title(word) && !Lexicon::get().heads_pseudonym(before)
            }
    }

    /// The letters or digits at piece `i`, with a full stop behind them; at the end of the pieces, those after the white space
    /// that follows, if that holds no line break. Cut at [`LONGEST_PEEK`].
    fn peek(&self, i: usize) -> &'t str {
        let at = match self.pieces.get(i) {
            Some(piece) => piece.start,
            None => {
                let end = self.pieces.last().map_or(self.text.len(), |piece| piece.end);
                let gap = self.text[end..].find(|c: char| !c.is_whitespace()).unwrap_or(0);
                if self.text[end..end + gap].contains(is_line_break) {
                    return "";
                }
                end + gap
            }
        };
        let rest = &self.text[at..];
        let mut length = 0;
        for c in rest.chars().take(LONGEST_PEEK) {
            if c == '.' {
                length += 1;
                break;
            }
            if !c.is_alphanumeric() {
                break;
            }
            length += c.len_utf8();
        }
        &rest[..length]
    }
}

/// Whether `c` ends a line: line feed, carriage return, vertical tab, form feed, next line, line and paragraph separator
/// (Unicode Standard, section 5.8).
pub(super) fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
