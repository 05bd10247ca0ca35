//! Takes the case files of this folder and arbitrary texts, and holds the segmenter to both: to what each case says, and to the
//! invariants of [`Segments`] on anything.

use super::segment;
use super::titles::Titles;
use crate::document::Segments;
use proptest::prelude::*;
use std::time::Instant;
use unicode_segmentation::UnicodeSegmentation;

/// The cases of a file: blocks between lines of "===", the escapes \n, \r, \t, \u{…} undone. Lines that start with # are comments.
fn cases(file: &str) -> Vec<String> {
    let blocks = file.split("\n===\n").map(|block| {
        let lines: Vec<&str> = block.lines().filter(|line| !line.starts_with("# ")).collect();
        unescaped(lines.join("\n").trim_matches('\n'))
    });
    blocks.filter(|case| !case.is_empty()).collect()
}

fn unescaped(case: &str) -> String {
    let mut out = String::new();
    let mut rest = case;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let (c, length) = match after.as_bytes().first() {
            Some(b'n') => ('\n', 1),
            Some(b'r') => ('\r', 1),
            Some(b't') => ('\t', 1),
            Some(b'u') => {
                let end = after.find('}').expect("\\u{…} is closed");
                (u32::from_str_radix(&after[2..end], 16).ok().and_then(char::from_u32).expect("a character"), end + 1)
            }
            other => panic!("unknown escape {other:?} in {case:?}"),
        };
        out.push(c);
        rest = &after[length..];
    }
    out + rest
}

/// The text with `|` at the end of each sentence but the last, and `‖` where a paragraph ends as well.
fn marked_sentences(text: &str, segments: &Segments) -> String {
    let mut out = String::new();
    let mut at = 0;
    for pair in segments.sentences.windows(2) {
        out.push_str(&text[at..pair[0].span.end()]);
        out.push(if pair[0].paragraph == pair[1].paragraph { '|' } else { '‖' });
        at = pair[0].span.end();
    }
    out + &text[at..]
}

#[test]
fn sentences_end_where_the_cases_say() {
    let list = cases(include_str!("cases/sentences.txt"));
    assert!(list.len() >= 60, "{} cases", list.len());
    let mut wrong = Vec::new();
    for case in &list {
        let text = case.replace(['|', '‖'], "");
        check_invariants(&text);
        let found = marked_sentences(&text, &segment(&text));
        if found != *case {
            wrong.push(format!("expected {case:?}\n   found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), list.len(), wrong.join("\n"));
}

#[test]
fn tokens_are_what_the_cases_say() {
    let file = include_str!("cases/tokens.txt");
    let list: Vec<&str> = file.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")).collect();
    assert!(list.len() >= 60, "{} cases", list.len());
    let mut wrong = Vec::new();
    for case in &list {
        let (text, expected) = case.split_once("  =>  ").unwrap_or_else(|| panic!("no arrow in {case:?}"));
        let (text, expected) = (unescaped(text), unescaped(expected));
        let found: Vec<&str> = segment(&text).tokens.iter().map(|token| token.span.of(&text)).collect();
        if found.join("|") != expected {
            wrong.push(format!("{text:?}\nexpected {expected:?}\n   found {:?}", found.join("|")));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), list.len(), wrong.join("\n"));
}

/// Checks all that [`Segments`] promises, and that no grapheme cluster without white space is cut.
fn check_invariants(text: &str) {
    let segments = segment(text);
    let mut at = 0;
    for (i, token) in segments.tokens.iter().enumerate() {
        let slice = token.span.of(text);
        assert!(!slice.is_empty() && !slice.contains(char::is_whitespace), "token {i}: {slice:?}");
        assert!(token.span.start() >= at, "token {i} overlaps the one before");
        assert!(text[at..token.span.start()].chars().all(char::is_whitespace), "characters lost before token {i}");
        assert_eq!(token.space_after, text[token.span.end()..].starts_with(char::is_whitespace), "space after token {i}");
        at = token.span.end();
    }
    assert!(text[at..].chars().all(char::is_whitespace), "characters lost at the end");

    let mut next = 0;
    let mut paragraph = 0;
    for (i, sentence) in segments.sentences.iter().enumerate() {
        assert_eq!(sentence.tokens.start, next, "sentence {i} does not follow the one before");
        assert!(sentence.tokens.end > next, "sentence {i} is empty");
        next = sentence.tokens.end;
        assert_eq!(sentence.span.start(), segments.tokens[sentence.tokens.start].span.start());
        assert_eq!(sentence.span.end(), segments.tokens[next - 1].span.end());
        let expected = if i == 0 { 0..=0 } else { paragraph..=paragraph + 1 };
        assert!(expected.contains(&sentence.paragraph), "sentence {i} skips a paragraph");
        paragraph = sentence.paragraph;
    }
    assert_eq!(next, segments.tokens.len(), "tokens without a sentence");

    let cuts: std::collections::HashSet<usize> = segments.tokens.iter().flat_map(|t| [t.span.start(), t.span.end()]).collect();
    for chunk in text.split_whitespace() {
        let offset = chunk.as_ptr() as usize - text.as_ptr() as usize;
        for (start, cluster) in chunk.grapheme_indices(true) {
            let inside = (1..cluster.len()).find(|byte| cuts.contains(&(offset + start + byte)));
            assert_eq!(inside, None, "cluster {cluster:?} of {chunk:?} is cut");
        }
    }
}

/// Fragments of news text and of page noise, to be put together at random.
const FRAGMENTS: &[&str] = &[
    "PC",
    "T/DC",
    "A/Sgt.",
    "Det.",
    "Mr.",
    "J.",
    "Marl",
    "Quill",
    "O’Brien",
    "didn't",
    "Marl's",
    "Smiths'",
    "KC",
    "the",
    "The",
    "She",
    "said",
    "“",
    "”",
    "\"",
    "'",
    "‘",
    "’",
    "(",
    ")",
    "[",
    "]",
    ".",
    "..",
    "...",
    "…",
    "!",
    "?",
    ",",
    ":",
    ";",
    "-",
    "–",
    "—",
    "--",
    "/",
    "@",
    "£",
    "5",
    "1,200",
    "9.30",
    "am",
    "a.m.",
    "U.K.",
    "2023The",
    "ended.The",
    "www.force.example",
    "panel@force.example",
    "@quill",
    "https://",
    "%image(",
    "alt=\"",
    "•",
    "1.",
    "No.",
    " ",
    " ",
    " ",
    "\n",
    "\r\n",
    "\n\n",
    "\t",
    "\u{a0}",
    "\u{200b}",
    "\u{feff}",
    "\u{ad}",
    "\u{200f}",
    "\u{301}",
    "\u{200d}",
    "👮🏽\u{200d}♀\u{fe0f}",
    "🇬🇧",
    "שלום",
    "قال",
    "。",
    "नि",
    "\u{600}",
    "\u{2029}",
    "\0",
    "s",
    "S",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_invariants_hold_on_any_text(text in any::<String>()) {
        check_invariants(&text);
    }

    #[test]
    fn the_invariants_hold_on_news_fragments(parts in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..60)) {
        check_invariants(&parts.concat());
    }
}

#[test]
fn hostile_texts_take_linear_time() {
    const SIZE: usize = 2_000_000;
    for unit in [
        "a",
        "\n",
        " ",
        ".",
        "\"",
        "(",
        "a.",
        "A. ",
        "A.\n",
        "a@",
        "a.co%",
        "T/",
        "acting ",
        "'s",
        "1,",
        ". (",
        "🇬🇧",
        "e\u{301}",
        "\u{200d}",
        "-",
        "•",
        "%image(alt=\"",
    ] {
        let text = unit.repeat(SIZE / unit.len());
        let start = Instant::now();
        let tokens = segment(&text).tokens;
        let titles = (0..tokens.len()).filter(|&i| Titles::get().longest_at(&text, &tokens, i).is_some()).count();
        let took = start.elapsed();
        assert!(titles <= tokens.len() && tokens.len() <= SIZE);
        // One sees less than a second; ten leave room for a busy machine, and a quadratic pass would take minutes.
        assert!(took.as_secs() < 10, "{unit:?} took {took:?}");
    }
}
