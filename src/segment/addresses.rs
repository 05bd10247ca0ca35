//! Takes a stretch of text without white space, gives where web addresses, e-mail addresses and @handles stand in it. Refuses
//! an address whose end lies inside a word or a grapheme cluster: that stretch is then cut like any other.

use super::lexicon::Lexicon;
use super::pieces::{Kind, Piece};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Web address with a scheme or "www."; e-mail address; handle; bare domain with a known last label. The local part of an
/// e-mail address is at most 64 bytes (RFC 5321), which also keeps the search linear.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    const REST: &str = r#"[^\s<>"“”‘’«»]"#;
    const LABELS: &str = r"(?:[A-Za-z0-9-]+\.)+";
    let domains = Lexicon::get().top_domains.join("|");
    let email = format!(r"[A-Za-z0-9._%+-]{{1,64}}@{LABELS}[A-Za-z]{{2,24}}");
    let pattern = format!(r"(?:[Hh]ttps?://|www\.){REST}+|{email}|@[A-Za-z0-9_]{{1,64}}|{LABELS}(?:{domains})(?:[/?#]{REST}*)?");
    Regex::new(&pattern).expect("the pattern is constant but for labels of plain letters")
});

/// The ranges of `pieces` that are addresses, in order. `chunk` is what the pieces are of and starts at byte `offset`.
pub(super) fn addresses(chunk: &str, offset: usize, pieces: &[Piece]) -> Vec<Range<usize>> {
    let (inner, _) = chunk.as_bytes().split_at(chunk.len().saturating_sub(1));
    if !inner.iter().any(|byte| matches!(byte, b'@' | b'/' | b'.')) {
        return Vec::new();
    }
    let range = |hit: regex::Match<'_>| {
        let first = pieces.binary_search_by_key(&(offset + hit.start()), |piece| piece.start).ok()?;
        let end = offset + hit.start() + trimmed(hit.as_str()).len();
        let last = pieces.binary_search_by_key(&end, |piece| piece.end).ok()?;
        let after_word = hit.as_str().starts_with('@') && first > 0 && pieces[first - 1].kind != Kind::Mark;
        (first <= last && !after_word).then_some(first..last + 1)
    };
    ADDRESS.find_iter(chunk).filter_map(range).collect()
}

/// The address without the punctuation of the sentence around it. A closing bracket stays where one was opened.
fn trimmed(address: &str) -> &str {
    let mut rest = address;
    loop {
        let cut = rest.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '…', ']', '}']);
        let cut = cut.strip_suffix(')').filter(|_| !cut.contains('(')).unwrap_or(cut);
        if cut.len() == rest.len() {
            return rest;
        }
        rest = cut;
    }
}

#[cfg(test)]
mod tests {
    use super::super::pieces::pieces;
    use super::*;

    fn found(chunk: &str) -> Vec<&str> {
        let mut list = Vec::new();
        pieces(chunk, 0, &mut list);
        let text = |range: Range<usize>| &chunk[list[range.start].start..list[range.end - 1].end];
        addresses(chunk, 0, &list).into_iter().map(text).collect()
    }

    #[test]
    fn addresses_end_before_the_punctuation_of_the_sentence() {
        assert_eq!(found("(https://force.example/a_(b)?c=1#d)."), ["https://force.example/a_(b)?c=1#d)"]);
        assert_eq!(found("(www.force.example/a)."), ["www.force.example/a"]);
        assert_eq!(found("panel@force.example,press@news.example."), ["panel@force.example", "press@news.example"]);
        assert_eq!(found("“@QuillNews_1”:"), ["@QuillNews_1"]);
        assert_eq!(found("norland.police.uk/hearings."), ["norland.police.uk/hearings"]);
    }

    #[test]
    fn what_only_looks_like_an_address_is_left() {
        for chunk in ["ended.The", "9.30am", "U.K.", "ended.community", "force.co\u{301}", "quill@force", "and/or", "."] {
            assert_eq!(found(chunk), [""; 0], "in {chunk:?}");
        }
    }
}
