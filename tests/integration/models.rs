//! The transformer: the default model on invented text; below, every family against `transformers`, and broken folders.

mod families;
mod folders;

use rolecall::document::{Mention, Segments, Sentence, Token};
use rolecall::recognise::model::{ModelOptions, Precision, TransformerRecogniser, Worker};
use rolecall::recognise::{RecogniseError, Recogniser};
use rolecall::span::Span;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn fixture(name: &str) -> PathBuf {
    root().join("tests/fixtures/models").join(name)
}

fn open(dir: &Path, precision: Precision) -> TransformerRecogniser {
    let options = ModelOptions { precision, window: 160, ..ModelOptions::default() };
    TransformerRecogniser::open(dir, options).unwrap_or_else(|error| panic!("{error}"))
}

fn default_model(precision: Precision) -> TransformerRecogniser {
    let options = ModelOptions { precision, ..ModelOptions::default() };
    TransformerRecogniser::open(&root().join("models/rolecall-ner"), options).unwrap_or_else(|error| panic!("{error}"))
}

fn mentions(recogniser: &TransformerRecogniser, worker: &mut Worker, text: &str) -> Vec<Mention> {
    recogniser.run(worker, recogniser.encode(text, &segments(text))).unwrap()
}

/// `(text, label)` of each mention.
fn shown(mentions: &[Mention], text: &str) -> Vec<(String, String)> {
    mentions.iter().map(|mention| (mention.span.of(text).to_owned(), mention.label.to_string())).collect()
}

/// Words are runs of letters and digits, and every other sign; a sentence ends at `.` before a space; a line is a paragraph.
fn segments(text: &str) -> Segments {
    let words: Vec<(usize, usize)> =
        regex::Regex::new(r"\w+|[^\w\s]").unwrap().find_iter(text).map(|found| (found.start(), found.end())).collect();
    let mut segments = Segments::default();
    let mut first = 0;
    for (index, &(start, end)) in words.iter().enumerate() {
        let space_after = text[end..].starts_with(char::is_whitespace);
        segments.tokens.push(Token { span: Span::new(text, start, end).unwrap(), space_after });
        let gap = words.get(index + 1).map(|&(next, _)| &text[end..next]);
        if gap.is_none_or(|gap| gap.contains('\n') || (&text[start..end] == "." && !gap.is_empty())) {
            segments.sentences.push(Sentence {
                span: Span::new(text, words[first].0, end).unwrap(),
                tokens: first..index + 1,
                paragraph: text[..start].matches('\n').count(),
            });
            first = index + 1;
        }
    }
    segments
}

const REPORT: &str = "A police sergeant has been dismissed after a hearing at Fenwold Police headquarters in Castlebridge.\n\
    Daniel Smith-Jones, 41, of Harrowgate Road, sent messages to a colleague, the panel was told on Monday. Legally qualified \
    chair Helen Ashdown said “Smith-Jones” had shown no insight.\n\
    Rebecca Farley-Moore, for the chief constable, told the panel that Mr O’Leary had complained to Fenwold Police in May. \
    (Oliver Penrose) of the Police Federation represented the officer.";

#[test]
fn the_default_model_finds_who_is_named() {
    let recogniser = default_model(Precision::Auto);
    let found = mentions(&recogniser, &mut recogniser.worker().unwrap(), REPORT);
    let people: Vec<String> =
        shown(&found, REPORT).into_iter().filter(|(_, label)| label == "PER").map(|(text, _)| text).collect();
    let expected = ["Daniel Smith-Jones", "Helen Ashdown", "Smith-Jones", "Rebecca Farley-Moore", "O’Leary", "Oliver Penrose"];
    assert_eq!(people, expected);
    assert!(found.iter().all(|mention| mention.score > 0.3 && mention.score <= 1.0));
    assert!(found.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start()));
}

#[test]
fn bfloat16_gives_the_labels_of_float32() {
    let of = |precision| {
        let recogniser = default_model(precision);
        let name = recogniser.identity().precision;
        (name, shown(&mentions(&recogniser, &mut recogniser.worker().unwrap(), REPORT), REPORT))
    };
    let ((bf16, half), (f32, full)) = (of(Precision::Bf16), of(Precision::F32));
    assert_eq!((bf16.as_str(), f32.as_str()), ("bf16", "f32"));
    assert!(!half.is_empty());
    assert_eq!(half, full);
}

#[test]
fn a_document_does_not_depend_on_those_before_it() {
    let recogniser = default_model(Precision::Auto);
    let alone = mentions(&recogniser, &mut recogniser.worker().unwrap(), REPORT);
    std::thread::scope(|scope| {
        for step in 1..=2 {
            let (recogniser, alone) = (&recogniser, &alone);
            scope.spawn(move || {
                let mut worker = recogniser.worker().unwrap();
                for number in 0..50 {
                    let other = "Mary Oakes of Tillingham Council met PC Dean Rowley. ".repeat(number * step % 13 + 1);
                    assert!(!mentions(recogniser, &mut worker, &other).is_empty());
                }
                // Scores too, to the bit: the record holds them.
                assert_eq!(&mentions(recogniser, &mut worker, REPORT), alone);
            });
        }
    });
}

/// Where rust-bert's own pipeline lost words or put them on other texts: a paragraph of 5,000 words in one sentence.
#[test]
fn a_paragraph_of_5000_words_keeps_every_name() {
    let names = ["Helen Ashdown", "Oliver Penrose", "Rebecca Farley", "Daniel Oakes", "Marcus Whitfield"];
    let text: String =
        (0..500).map(|index| format!("the panel was told that {} had left the room and ", names[index % 5])).collect();
    assert!(text.split_whitespace().count() >= 5000 && segments(&text).sentences.len() == 1);
    let of = |window| {
        let options = ModelOptions { window, ..ModelOptions::default() };
        let recogniser = TransformerRecogniser::open(&root().join("models/rolecall-ner"), options).unwrap();
        mentions(&recogniser, &mut recogniser.worker().unwrap(), &text)
    };
    let (short, long) = (of(128), of(192));
    for found in [&short, &long] {
        let people: Vec<(String, String)> = shown(found, &text);
        let expected: Vec<(String, String)> = (0..500).map(|index| (names[index % 5].to_owned(), "PER".to_owned())).collect();
        assert_eq!(people, expected);
    }
    let spans = |mentions: &[Mention]| mentions.iter().map(|mention| mention.span).collect::<Vec<_>>();
    assert_eq!(spans(&short), spans(&long));
}

#[test]
fn a_text_that_fits_gives_the_same_whatever_the_window() {
    let of = |window| {
        let options = ModelOptions { window, precision: Precision::F32, ..ModelOptions::default() };
        let recogniser = TransformerRecogniser::open(&root().join("models/rolecall-ner"), options).unwrap();
        mentions(&recogniser, &mut recogniser.worker().unwrap(), REPORT)
    };
    assert_eq!(of(160), of(512));
}

#[test]
fn text_without_words_or_full_of_signs_is_no_trouble() {
    let recogniser = default_model(Precision::Auto);
    let mut worker = recogniser.worker().unwrap();
    for text in ["", " \n ", "\u{200b}", "[SEP] [MASK] [CLS]", "🙂🙂 \u{fffd}\u{301}", "a\u{0}b", &"x".repeat(5000)] {
        let found = mentions(&recogniser, &mut worker, text);
        assert!(found.iter().all(|mention| !mention.span.is_empty()));
    }
    let ids = recogniser.diagnose(&mut worker, "[SEP]").unwrap().ids;
    assert!(ids.len() > 3, "a special token's name in an article is text: {ids:?}");
    let long = "word ".repeat(600);
    assert!(matches!(recogniser.diagnose(&mut worker, &long), Err(RecogniseError::Encode(_))));
}
