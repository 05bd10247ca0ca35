//! Every family, scheme and kind of tokenizer against the `transformers` library: ids, offsets, token types, logits, entities.
//! What the library says is in `tests/fixtures/models`, made by the script there.

use super::{fixture, open};
use rolecall::document::{Segments, Sentence, Token};
use rolecall::recognise::Recogniser;
use rolecall::recognise::model::{Precision, TransformerRecogniser, Worker};
use rolecall::span::Span;
use serde::Deserialize;
use std::fs;

#[derive(Deserialize)]
struct Expected {
    scheme: String,
    cases: Vec<Case>,
}

/// Offsets are characters.
#[derive(Deserialize)]
struct Case {
    text: String,
    input_ids: Vec<u32>,
    offsets: Vec<(usize, usize)>,
    words: Vec<(usize, usize)>,
    token_type_ids: Option<Vec<i64>>,
    logits: Vec<Vec<f32>>,
    labels: Vec<String>,
    entities: Vec<Entity>,
}

#[derive(Deserialize, Clone, PartialEq, Eq, Debug)]
struct Entity {
    start: usize,
    end: usize,
    label: String,
}

fn agrees_with_transformers(name: &str) {
    let dir = fixture(name);
    let expected: Expected = serde_json::from_slice(&fs::read(dir.join("expected.json")).unwrap()).unwrap();
    assert!(expected.cases.len() >= 5);
    let recogniser = open(&dir, Precision::F32);
    let mut worker = recogniser.worker().unwrap();
    for case in &expected.cases {
        same_network(&recogniser, &mut worker, case);
        same_entities(&recogniser, &mut worker, case, &expected.scheme);
    }
}

fn same_network(recogniser: &TransformerRecogniser, worker: &mut Worker, case: &Case) {
    let found = recogniser.diagnose(worker, &case.text).unwrap();
    assert_eq!(found.ids, case.input_ids, "{}", case.text);
    for (found, expected) in found.offsets.iter().zip(&case.offsets) {
        let found = found.map_or((0, 0), |(start, end)| (chars(&case.text, start), chars(&case.text, end)));
        assert_eq!(found, *expected, "{}", case.text);
    }
    if let Some(expected) = &case.token_type_ids {
        assert_eq!(&found.token_type_ids, expected, "{}", case.text);
    }
    assert_eq!(found.labels, case.labels, "{}", case.text);
    assert_eq!(found.logits.len(), case.logits.len());
    for (found, expected) in found.logits.iter().flatten().zip(case.logits.iter().flatten()) {
        assert!((found - expected).abs() < 1e-4, "logit {found}, expected {expected}: {}", case.text);
    }
}

fn same_entities(recogniser: &TransformerRecogniser, worker: &mut Worker, case: &Case, scheme: &str) {
    let byte = |at: usize| case.text.char_indices().nth(at).map_or(case.text.len(), |(byte, _)| byte);
    let span = |start: usize, end: usize| Span::new(&case.text, byte(start), byte(end)).unwrap();
    let tokens: Vec<Token> = case.words.iter().map(|&(a, b)| Token { span: span(a, b), space_after: false }).collect();
    let sentence = Sentence { span: Span::whole(&case.text), tokens: 0..tokens.len(), paragraph: 0 };
    let encoded = recogniser.encode(&case.text, &Segments { tokens, sentences: vec![sentence] });
    let found: Vec<Entity> = recogniser
        .run(worker, encoded)
        .unwrap()
        .iter()
        .map(|mention| Entity {
            start: chars(&case.text, mention.span.start()),
            end: chars(&case.text, mention.span.end()),
            label: mention.label.to_string(),
        })
        .collect();
    let expected: Vec<Entity> = case.entities.iter().filter_map(|entity| without_quotes(entity, &case.text)).collect();
    if scheme == "BIOES" {
        // The fixture drops a mention without its end; a name is worth more here than a scheme kept.
        let lost: Vec<_> = expected.iter().filter(|entity| !found.contains(entity)).collect();
        assert!(lost.is_empty(), "{lost:?} of {}", case.text);
        for more in found.iter().filter(|entity| !expected.contains(entity)) {
            assert!(!is_complete(more, case), "{more:?} of {}", case.text);
        }
    } else {
        assert_eq!(found, expected, "{}", case.text);
    }
}

/// The library takes quote marks into an entity where a label says so; a mention never has them at its ends.
fn without_quotes(entity: &Entity, text: &str) -> Option<Entity> {
    let letters: Vec<char> = text.chars().collect();
    let Entity { mut start, mut end, label } = entity.clone();
    while start < end {
        let (inner, last) = (&letters[start + 1..end], letters[end - 1]);
        match letters[start] {
            '”' => start += 1,
            '“' if last == '”' || !inner.contains(&'”') => start += 1,
            _ if last == '“' || (last == '”' && !letters[start..end].contains(&'“')) => end -= 1,
            c if c.is_whitespace() => start += 1,
            _ if last.is_whitespace() => end -= 1,
            _ => return Some(Entity { start, end, label }),
        }
    }
    None
}

/// Whether the labels of a mention's words are `S`, or `B`, any number of `I`, and `E`.
fn is_complete(entity: &Entity, case: &Case) -> bool {
    let parts: String = case
        .words
        .iter()
        .filter(|(start, end)| entity.start <= *start && *end <= entity.end)
        .map(|word| {
            let piece = case.offsets.iter().position(|piece| piece.0 < word.1 && word.0 < piece.1).unwrap();
            case.labels[piece].chars().next().unwrap()
        })
        .collect();
    parts == "S"
        || (parts.len() >= 2
            && parts.starts_with('B')
            && parts.ends_with('E')
            && parts[1..parts.len() - 1].chars().all(|c| c == 'I'))
}

fn chars(text: &str, byte: usize) -> usize {
    text[..byte].chars().count()
}

macro_rules! families {
    ($($test:ident: $name:literal,)*) => {
        $(#[test]
        fn $test() {
            agrees_with_transformers($name);
        })*

        #[test]
        fn every_fixture_has_its_test() {
            let mut folders: Vec<String> = fs::read_dir(fixture(""))
                .unwrap()
                .map(|entry| entry.unwrap())
                .filter(|entry| entry.path().join("expected.json").exists())
                .map(|entry| entry.file_name().into_string().unwrap())
                .collect();
            folders.sort();
            let mut tested = vec![$($name),*];
            tested.sort_unstable();
            assert_eq!(folders, tested);
        }
    };
}

families! {
    bert_in_iob2_with_a_vocabulary: "bert-iob2",
    bert_with_the_old_names_of_layer_norms: "bert-old-names",
    bert_with_the_casing_channel: "bert-casing",
    distilbert_in_io_with_truncation_and_padding_set: "distilbert-io",
    roberta_in_bioes: "roberta-bioes",
    roberta_with_vocabulary_and_merges: "roberta-vocab",
    xlm_roberta_in_iob1: "xlm-roberta-iob1",
    electra_in_iob2: "electra-iob2",
}
