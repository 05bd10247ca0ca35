//! Takes a text and its tokens, gives its paragraphs: stretches of tokens between hard line breaks. Refuses nothing.
//!
//! A blank line is always a hard break, and so are a form feed and a paragraph separator. A single line break is hard, too, for
//! news text mostly has a paragraph a line, unless the block (the lines between two blank ones) is hard-wrapped prose. It is when
//!
//! - its widest line has 40 to 120 characters;
//! - at three breaks in four the line is full: the next line's first word would have made it wider than the widest;
//! - more than half of its lines but the last end without final punctuation;
//! - at a third of those, at least, the next line goes on in lower case; in a block of two lines, at that one.
//!
//! In hard-wrapped prose a break is still hard before a list bullet, and after a line that has final punctuation and is not full.

use super::lexicon::Lexicon;
use super::words::is_line_break;
use crate::document::Token;
use std::ops::Range;

/// The widths, in characters, that the widest line of hard-wrapped prose may have.
const WRAP_WIDTHS: std::ops::RangeInclusive<usize> = 40..=120;

/// A line that holds at least one token.
struct Line {
    tokens: Range<usize>,
    /// Whether the break before it is more than one line break.
    after_blank: bool,
    /// Width in characters, without the white space at either end.
    width: usize,
    /// Width of its first stretch without white space.
    first_word: usize,
    /// Whether it ends in final punctuation.
    closed: bool,
    starts_lower: bool,
    bullet: Option<Bullet>,
}

/// A mark or a number before a list item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bullet {
    /// A mark that is nothing else: "•".
    Sure,
    /// A dash, an asterisk, a number.
    Likely,
}

/// The tokens of each paragraph of `text`, in order; together they are all tokens.
pub(super) fn paragraphs(text: &str, tokens: &[Token]) -> Vec<Range<usize>> {
    let lines = lines(text, tokens);
    let mut paragraphs: Vec<Range<usize>> = Vec::new();
    for block in lines.chunk_by(|_, next| !next.after_blank) {
        let widest = widest(block);
        let wrapped = is_wrapped(block);
        for (i, line) in block.iter().enumerate() {
            match paragraphs.last_mut() {
                Some(last) if wrapped && i > 0 && is_soft(&block[i - 1], line, widest) => last.end = line.tokens.end,
                _ => paragraphs.push(line.tokens.clone()),
            }
        }
    }
    paragraphs
}

fn widest(block: &[Line]) -> usize {
    block.iter().map(|line| line.width).max().unwrap_or(0)
}

/// Whether a greedy typesetter of this width would have broken here.
fn is_full(line: &Line, next: &Line, widest: usize) -> bool {
    line.width + 1 + next.first_word > widest
}

fn is_soft(line: &Line, next: &Line, widest: usize) -> bool {
    let ended = line.closed && !is_full(line, next, widest);
    match next.bullet {
        Some(Bullet::Sure) => false,
        Some(Bullet::Likely) => !line.closed,
        None => !ended,
    }
}

/// Whether the lines of a block are hard-wrapped prose; the rule is in this module's own page.
fn is_wrapped(block: &[Line]) -> bool {
    let widest = widest(block);
    let breaks = block.len().saturating_sub(1);
    if breaks == 0 || !WRAP_WIDTHS.contains(&widest) {
        return false;
    }
    let pairs = || block.iter().zip(&block[1..]);
    let full = pairs().filter(|(line, next)| is_full(line, next, widest)).count();
    let open = pairs().filter(|(line, _)| !line.closed).count();
    let lower = pairs().filter(|(line, next)| !line.closed && next.starts_lower).count();
    full * 4 >= breaks * 3 && open * 2 > breaks && lower * 3 >= open
}

fn lines(text: &str, tokens: &[Token]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut after_blank = false;
    for i in 0..tokens.len() {
        let breaks = match tokens.get(i + 1) {
            None => 1,
            Some(_) if !tokens[i].space_after => 0,
            Some(next) => count_breaks(&text[tokens[i].span.end()..next.span.start()]),
        };
        if breaks > 0 {
            lines.push(Line::new(text, tokens, start..i + 1, after_blank));
            start = i + 1;
            after_blank = breaks > 1;
        }
    }
    lines
}

/// The number of line breaks in white space; a form feed or a paragraph separator counts as two.
fn count_breaks(gap: &str) -> usize {
    let mut before = ' ';
    let weigh = |c: char| {
        let second_half = before == '\r' && c == '\n';
        before = c;
        match c {
            '\u{c}' | '\u{2029}' => 2,
            c => usize::from(is_line_break(c) && !second_half),
        }
    };
    gap.chars().map(weigh).sum()
}

impl Line {
    fn new(text: &str, tokens: &[Token], range: Range<usize>, after_blank: bool) -> Self {
        let own = &tokens[range.clone()];
        let line = own[0].span.hull(own[own.len() - 1].span).of(text);
        let closing = |c: char| matches!(c, '"' | '\'' | '”' | '’' | ')' | ']' | '»');
        Self {
            width: line.chars().count(),
            first_word: line.split_whitespace().next().map_or(0, |word| word.chars().count()),
            closed: line.trim_end_matches(closing).ends_with(['.', '!', '?', '…', ':', ';']),
            starts_lower: line.starts_with(char::is_lowercase),
            bullet: bullet(text, own),
            tokens: range,
            after_blank,
        }
    }
}

fn bullet(text: &str, line: &[Token]) -> Option<Bullet> {
    let first = line[0].span.of(text);
    let lexicon = Lexicon::get();
    if lexicon.bullets.contains(first) {
        Some(Bullet::Sure)
    } else if list_number(text, line).is_some() || (line[0].space_after && lexicon.line_bullets.contains(first)) {
        Some(Bullet::Likely)
    } else {
        None
    }
}

/// The number of tokens of the list number that a line starts with: "1.", "12)", "(3)", "(a)", "b)".
pub(super) fn list_number(text: &str, line: &[Token]) -> Option<usize> {
    let str = |i: usize| line.get(i).map_or("", |token| token.span.of(text));
    let bracket = usize::from(str(0) == "(");
    let number = str(bracket);
    let digits = number.len() <= 3 && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let letter = number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_lowercase());
    let end = str(bracket + 1);
    let closes = end == ")" || (end == "." && digits && bracket == 0);
    ((digits || letter) && closes && line[bracket + 1].space_after).then_some(bracket + 2)
}
