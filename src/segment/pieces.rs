//! Takes a stretch of text without white space, gives its pieces: the smallest parts that a word may be put together from, each
//! a run of letters, a run of digits, or one mark. Refuses nothing. A piece begins and ends between grapheme clusters (Unicode
//! Standard Annex 29, extended clusters), so whatever is made of whole pieces never cuts a cluster.

use unicode_segmentation::UnicodeSegmentation;

/// What a piece is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A run of letters of any script, with their combining marks.
    Letters,
    /// A run of digits.
    Digits,
    /// Two or more full stops in a row, or two or more hyphens.
    Run,
    /// An invisible character that may stand inside a word: soft hyphen, word joiner, direction mark.
    Joiner,
    /// One cluster of any other sort: punctuation, symbol, emoji, control or zero-width character.
    Mark,
}

/// A part of a text, in bytes of the whole text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
}

/// The pieces of `chunk`, which starts at byte `offset` of its text, in order, without gaps, appended to `pieces`.
pub(super) fn pieces(chunk: &str, offset: usize, pieces: &mut Vec<Piece>) {
    let mut put = |start: usize, cluster: &str| {
        let kind = kind_of(cluster);
        let piece = Piece { start: offset + start, end: offset + start + cluster.len(), kind };
        match pieces.last_mut().filter(|last| last.end == piece.start) {
            Some(last) if last.kind == kind && matches!(kind, Kind::Letters | Kind::Digits) => last.end = piece.end,
            Some(last) if is_run(&chunk[last.start - offset..last.end - offset], cluster) => {
                *last = Piece { end: piece.end, kind: Kind::Run, ..*last };
            }
            _ => pieces.push(piece),
        }
    };
    if chunk.is_ascii() {
        (0..chunk.len()).for_each(|at| put(at, &chunk[at..=at]));
    } else {
        chunk.grapheme_indices(true).for_each(|(at, cluster)| put(at, cluster));
    }
}

/// Whether `next` goes on with a run of full stops or hyphens that `last` is or begins.
fn is_run(last: &str, next: &str) -> bool {
    matches!(next, "." | "-") && last.ends_with(next) && last.starts_with(next)
}

fn kind_of(cluster: &str) -> Kind {
    match cluster.chars().next() {
        Some(first) if first.is_alphabetic() => Kind::Letters,
        Some(first) if first.is_numeric() => Kind::Digits,
        Some('\u{ad}' | '\u{2060}' | '\u{200e}' | '\u{200f}' | '\u{61c}') => Kind::Joiner,
        _ => Kind::Mark,
    }
}

/// Whether `token` is nothing but invisible characters: zero-width spaces, byte order marks, direction controls, control
/// characters.
pub(super) fn is_invisible(token: &str) -> bool {
    token.chars().all(|c| {
        c.is_control() || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(chunk: &str) -> Vec<&str> {
        let mut list = Vec::new();
        pieces(chunk, 0, &mut list);
        list.iter().map(|piece| &chunk[piece.start..piece.end]).collect()
    }

    #[test]
    fn letters_digits_and_marks_are_apart() {
        assert_eq!(cut("PC1234's..."), ["PC", "1234", "'", "s", "..."]);
        assert_eq!(cut("a--b.-"), ["a", "--", "b", ".", "-"]);
    }

    #[test]
    fn clusters_stay_whole() {
        assert_eq!(cut("nai\u{308}ve!\u{301}"), ["nai\u{308}ve", "!\u{301}"]);
        assert_eq!(cut("👮🏽\u{200d}♀\u{fe0f}🇬🇧🇮🇪"), ["👮🏽\u{200d}♀\u{fe0f}", "🇬🇧", "🇮🇪"]);
    }
}
