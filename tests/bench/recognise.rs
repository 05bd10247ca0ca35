//! How fast the default model finds mentions: words and wordpieces a second, bfloat16 and float32, with 1 and 2 workers, on 50
//! invented articles of 400 words. `cargo bench --bench recognise`; a plain program, because divan has no column for two units.
//!
//! Fails when runs of one precision differ in what they find: the number of workers must not matter.

use rolecall::document::{Segments, Sentence, Token};
use rolecall::recognise::Recogniser;
use rolecall::recognise::model::{ModelOptions, Precision, TransformerRecogniser};
use rolecall::span::Span;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const ARTICLES: usize = 50;
const WORDS: usize = 400;
/// Every figure is the best of so many runs: other work on the machine only ever makes a run slower.
const RUNS: usize = 3;

/// Sentences of several lengths; `{}` is a name.
const SENTENCES: [&str; 6] = [
    "{} was dismissed without notice on Thursday .",
    "Panel chair {} told the hearing at Fenwold Police headquarters that the conduct of the officer had been deliberate , \
     that it had gone on for the better part of two years , and that no lesser sanction would do .",
    "The former constable , who joined Marlshire Police in 2009 , denied it .",
    "{} , for the chief constable , said that messages were sent to {} of the Lantern Office for Conduct in Castlebridge .",
    "“ It was a joke , ” he said .",
    "A spokesman for the Fenwold Police Federation said that {} had been supported throughout and would not be commenting .",
];
const FIRST: [&str; 5] = ["Helen", "Oliver", "Rebecca", "Daniel", "Marcus"];
const LAST: [&str; 7] = ["Ashdown", "Penrose", "Farley-Moore", "Oakes", "Whitfield", "Rowley", "Tillingham"];

struct Article {
    text: String,
    segments: Segments,
}

/// An article of whole sentences, each a paragraph, until it has `WORDS` words. `number` decides what it says.
fn article(number: usize) -> Article {
    let (mut text, mut segments) = (String::new(), Segments::default());
    for step in 0.. {
        if segments.tokens.len() >= WORDS {
            break;
        }
        let first = segments.tokens.len();
        let name = format!("{} {}", FIRST[(number + step) % FIRST.len()], LAST[(number * 3 + step) % LAST.len()]);
        let sentence = SENTENCES[(number * 5 + step) % SENTENCES.len()].replace("{}", &name);
        let begin = text.len();
        for word in sentence.split_whitespace() {
            let start = text.len();
            text.push_str(word);
            let span = Span::new(&text, start, text.len()).expect("a word ends at its characters");
            segments.tokens.push(Token { span, space_after: true });
            text.push(' ');
        }
        let span = Span::new(&text, begin, text.len() - 1).expect("a sentence ends at its characters");
        segments.sentences.push(Sentence { span, tokens: first..segments.tokens.len(), paragraph: step });
        text.push('\n');
    }
    Article { text, segments }
}

/// How many mentions all articles have, and how long it took to encode them and to find the mentions.
fn run(recogniser: &TransformerRecogniser, articles: &[Article], workers: usize) -> (usize, Duration) {
    let (next, found) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let ready = std::sync::Barrier::new(workers + 1);
    let begin = thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let mut worker = recogniser.worker().expect("the default model is there");
                ready.wait();
                while let Some(article) = articles.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let encoded = recogniser.encode(&article.text, &article.segments);
                    let mentions = recogniser.run(&mut worker, encoded).expect("an invented text can be read");
                    found.fetch_add(mentions.len(), Ordering::Relaxed);
                }
            });
        }
        ready.wait();
        Instant::now()
    });
    (found.into_inner(), begin.elapsed())
}

fn main() {
    let articles: Vec<Article> = (0..ARTICLES).map(article).collect();
    let words: usize = articles.iter().map(|article| article.segments.tokens.len()).sum();
    println!("default model, {ARTICLES} articles, {words} words, best of {RUNS} runs");
    println!("{:<10}{:>8}{:>12}{:>16}{:>10}", "precision", "workers", "words/s", "wordpieces/s", "mentions");
    for precision in [Precision::Bf16, Precision::F32] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/rolecall-ner");
        let options = ModelOptions { precision, ..ModelOptions::default() };
        let recogniser = TransformerRecogniser::open(&folder, options).expect("the default model is there");
        let pieces: usize =
            articles.iter().map(|article| recogniser.wordpieces(&recogniser.encode(&article.text, &article.segments))).sum();
        let mut counts = Vec::new();
        for workers in [1, 2] {
            let runs: Vec<(usize, Duration)> = (0..RUNS).map(|_| run(&recogniser, &articles, workers)).collect();
            let time = runs.iter().map(|(_, time)| time.as_secs_f64()).fold(f64::INFINITY, f64::min);
            counts.extend(runs.iter().map(|(mentions, _)| *mentions));
            let rate = |count: usize| count as f64 / time;
            let name = recogniser.identity().precision;
            println!("{name:<10}{workers:>8}{:>12.0}{:>16.0}{:>10}", rate(words), rate(pieces), counts[0]);
        }
        assert!(counts[0] > ARTICLES && counts.iter().all(|count| *count == counts[0]), "runs differ: {counts:?}");
    }
}
