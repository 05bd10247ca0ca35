//! The flow as a whole, with a list of names in place of the model: order, refusals, breaks and failures. Below, with the
//! default model: the same article gives the same bytes.

mod same_bytes;

use crate::program::articles;
use proptest::prelude::*;
use rolecall::assign::Rules;
use rolecall::document::{Annotation, Document, Label, Mention, Segments};
use rolecall::pipeline::{Pipeline, RunError};
use rolecall::read::{Code, Refusal};
use rolecall::recognise::gazetteer::Gazetteer;
use rolecall::recognise::{Identity, RecogniseError, Recogniser};
use rolecall::write::offsets::OffsetUnit;
use rolecall::write::record::{Record, Run};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

type Item = Result<Document, Refusal>;

fn document(id: &str, text: &str) -> Document {
    let meta = serde_json::json!({"source": {"path": "in.jsonl", "line": 7}});
    Document { id: id.to_owned(), text: text.to_owned(), meta: meta.as_object().unwrap().clone() }
}

fn names() -> Gazetteer {
    Gazetteer::new(["Ivo Tarn", "Bo Lisle", "Tarn", "Lisle", "Fenwold Police"].map(|name| (name, Label::Per))).unwrap()
}

fn pipeline<R: Recogniser>(recogniser: R, workers: usize) -> Pipeline<R> {
    Pipeline::new(recogniser, Rules::builtin(), NonZeroUsize::new(workers).unwrap()).unwrap()
}

/// What comes out: the id of each document, or `code id` of each refusal.
fn outline<R: Recogniser>(pipeline: &Pipeline<R>, items: impl Iterator<Item = Item> + Send) -> Vec<String> {
    let mut all = Vec::new();
    let id = |document: &Document, _: &Annotation| document.id.clone();
    let take = |item: Result<String, Refusal>| {
        all.push(item.unwrap_or_else(|refusal| format!("{} {}", refusal.code, refusal.id.unwrap_or_default())));
        ControlFlow::Continue(())
    };
    pipeline.run(items, id, take).unwrap();
    all
}

/// Runs `test` on a thread of its own, which must end by itself.
fn ends<T: Send + 'static>(test: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, ended) = mpsc::channel();
    std::thread::spawn(move || done.send(test()));
    ended.recv_timeout(Duration::from_secs(20)).expect("the run ends, and without a panic")
}

/// Finds nothing; does what the text says: `early panic`, `panic`, `error`, `slow`. Its workers load, but for the one numbered `broken`.
#[derive(Default)]
struct Obedient {
    workers: AtomicUsize,
    broken: Option<usize>,
}

impl Recogniser for Obedient {
    type Encoded = String;
    type Worker = ();

    fn identity(&self) -> Identity {
        Identity { model: "obedient".into(), precision: "none".into() }
    }

    fn encode(&self, text: &str, _: &Segments) -> String {
        assert_ne!(text, "early panic", "as the text says");
        text.to_owned()
    }

    fn worker(&self) -> Result<(), RecogniseError> {
        match Some(self.workers.fetch_add(1, Ordering::SeqCst)) == self.broken {
            true => Err(RecogniseError::Forward("no room".into())),
            false => Ok(()),
        }
    }

    fn run(&self, (): &mut (), text: String) -> Result<Vec<Mention>, RecogniseError> {
        match text.as_str() {
            "panic" => panic!("as the text says"),
            "error" => Err(RecogniseError::Forward("as the text says".into())),
            "slow" => {
                std::thread::sleep(Duration::from_millis(5));
                Ok(vec![])
            }
            _ => Ok(vec![]),
        }
    }
}

#[test]
fn results_come_in_the_order_of_the_input_with_refusals_in_their_places() {
    let items = (0..1000).map(|n| match n % 7 {
        3 => Err(Refusal::new(Code::NoText, "none").of(Some(n.to_string()))),
        // Those at the start of a chunk take longest.
        _ => Ok(document(&n.to_string(), if n % 32 < 3 { "slow" } else { "" })),
    });
    let expected: Vec<String> = (0..1000).map(|n| if n % 7 == 3 { format!("no_text {n}") } else { n.to_string() }).collect();
    assert_eq!(outline(&pipeline(Obedient::default(), 4), items), expected);
}

#[test]
fn workers_and_neighbours_change_nothing() {
    let records = |workers, articles: &[(String, String)]| {
        let made_by = Run { tool: "t".into(), model: "m".into(), rules: "r".into(), precision: "none".into() };
        let items = articles.iter().map(|(id, text)| Ok(document(id, text)));
        let finish = |document: &Document, annotation: &Annotation| {
            serde_json::to_string(&Record::new(document, annotation, &made_by, OffsetUnit::Char)).unwrap()
        };
        let mut lines = Vec::new();
        pipeline(names(), workers)
            .run(items, finish, |line| {
                lines.push(line.unwrap());
                ControlFlow::Continue(())
            })
            .unwrap();
        lines
    };
    let articles = articles(300);
    let one = records(1, &articles);
    assert!(one.iter().any(|line| line.contains("\"panel_chair\"")));
    assert_eq!(one, records(4, &articles));
    assert_eq!(one[217..218], records(4, &articles[217..218]));
}

/// The run once waited for ever: its threads for each other's channels, which nobody read any more. Where they wait depends on
/// how large the documents are: of some, a chunk holds many, of others one.
#[test]
fn a_sink_that_breaks_ends_the_run_although_the_input_has_no_end() {
    for (workers, text) in [(1, String::new()), (4, String::new()), (2, " ".repeat(1 << 20))] {
        for taken in [1, 10, 100] {
            let text = text.clone();
            let count = ends(move || {
                let mut count = 0;
                let endless = (0..).map(|n: u64| Ok(document(&n.to_string(), &text)));
                let take = |_: Result<(), Refusal>| {
                    count += 1;
                    if count < taken {
                        return ControlFlow::Continue(());
                    }
                    // Until every queue is full.
                    std::thread::sleep(Duration::from_millis(100));
                    ControlFlow::Break(())
                };
                pipeline(names(), workers).run(endless, |_, _| (), take).unwrap();
                count
            });
            assert_eq!(count, taken, "results after the break");
        }
    }
}

#[test]
fn reading_keeps_a_few_chunks_ahead_of_writing() {
    let read = AtomicUsize::new(0);
    let items = (0..2000).map(|n| {
        read.fetch_add(1, Ordering::SeqCst);
        Ok(document(&n.to_string(), ""))
    });
    let (mut written, mut ahead) = (0, 0);
    let take = |_: Result<(), Refusal>| {
        written += 1;
        ahead = ahead.max(read.load(Ordering::SeqCst) - written);
        ControlFlow::Continue(())
    };
    pipeline(names(), 2).run(items, |_, _| (), take).unwrap();
    assert_eq!(written, 2000);
    assert!(ahead <= 4 * 32, "{ahead} documents were under way at once");
}

#[test]
fn a_recogniser_that_fails_on_one_document_refuses_only_that_one() {
    let texts = ["", "panic", "slow", "error", "panic", "", "error"];
    let items = (0..140).map(|n| Ok(document(&n.to_string(), texts[n % 7])));
    let expected: Vec<String> = (0..140)
        .map(|n| if matches!(texts[n % 7], "panic" | "error") { format!("recognise_failed {n}") } else { n.to_string() })
        .collect();
    assert_eq!(outline(&pipeline(Obedient::default(), 2), items), expected);
}

#[test]
fn a_panic_before_or_after_the_forward_pass_refuses_one_document_alone() {
    let texts = ["", "early panic", "late panic", ""];
    let items = texts.into_iter().enumerate().map(|(n, text)| Ok(document(&n.to_string(), text)));
    let mut seen = Vec::new();
    let finish = |document: &Document, _: &Annotation| {
        assert_ne!(document.text, "late panic", "as the text says");
        document.id.clone()
    };
    let take = |item: Result<String, Refusal>| {
        seen.push(item.map_err(|refusal| (refusal.id, refusal.code)));
        ControlFlow::Continue(())
    };
    pipeline(Obedient::default(), 2).run(items, finish, take).unwrap();
    let refused = |id: &str| Err((Some(id.to_owned()), Code::RecogniseFailed));
    assert_eq!(seen, [Ok("0".to_owned()), refused("1"), refused("2"), Ok("3".to_owned())]);
}

#[test]
fn a_document_that_fails_is_refused_with_its_place() {
    let mut refused = Vec::new();
    let items = ["error", "panic"].into_iter().map(|text| Ok(document("a", text)));
    let take = |item: Result<(), Refusal>| {
        refused.push(item.unwrap_err());
        ControlFlow::Continue(())
    };
    pipeline(Obedient::default(), 1).run(items, |_, _| (), take).unwrap();
    for refusal in &refused {
        assert_eq!((refusal.path.as_deref(), refusal.line, refusal.id.as_deref()), (Some("in.jsonl"), Some(7), Some("a")));
        assert_eq!(refusal.code, Code::RecogniseFailed);
    }
    assert_eq!(refused[0].message, "the model's forward pass failed: as the text says");
    assert!(refused[1].message.contains("panicked"), "{}", refused[1].message);
}

#[test]
fn a_worker_that_can_t_load_ends_the_run_before_the_sink_is_called() {
    for broken in [0, 2] {
        let ended = ends(move || {
            let pipeline = pipeline(Obedient { broken: Some(broken), ..Obedient::default() }, 3);
            let items = (0..).map(|n: u64| Ok(document(&n.to_string(), "")));
            pipeline.run(items, |_, _| (), |_| panic!("there is no result to take"))
        });
        assert!(matches!(ended, Err(RunError::Worker(RecogniseError::Forward(_)))), "{ended:?}");
    }
}

/// Words and signs that have broken offsets, brackets and rules somewhere, in any order.
fn strange() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "PC",
        "PCs",
        "One",
        "One and Two",
        "Officer",
        "A",
        "B,",
        "Mr",
        "Mr.",
        "Det. Sgt.",
        "Ivo Tarn",
        "Tarn",
        "Bo Lisle",
        "Lisle’s",
        "Tarns",
        "panel chair",
        "chaired by",
        "representing",
        "for the",
        "Fenwold Police",
        "the officer",
        "said",
        "was dismissed",
        "“",
        "”",
        "\"",
        "'",
        "’",
        "(",
        ")",
        "[",
        "]",
        "known as",
        "–",
        "…",
        ".",
        ",",
        ";",
        ":",
        "•",
        "\n",
        "\r\n",
        "\n\n",
        "\u{a0}",
        "\u{2009}",
        "\u{200b}",
        "\u{feff}",
        "\u{ad}",
        "\u{85}",
        "\u{2028}",
        "👮🏽‍♀️",
        "e\u{301}",
        "ß",
        "İ",
        "ﬁ",
        "Ǆ",
        "١",
        "①",
        "قال",
        "警察官",
        "7",
        "21st",
        "\u{1b}[31m",
        "legally qualified",
        "misconduct",
        "hearing",
        "Ms",
        "J.",
        "K",
        "O’Tarn",
        "-",
        "PC-One",
        "Tarn-Lisle",
    ]);
    prop::collection::vec((words, prop::sample::select(vec![" ", " ", " ", "", "\u{a0}"])), 0..60)
        .prop_map(|parts| parts.into_iter().flat_map(|(word, gap)| [word, gap]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 300 } else { 2000 }))]

    #[test]
    fn every_text_has_a_record_that_holds_its_promises(text in strange()) {
        let flow = pipeline(names(), 1);
        let annotation = flow.session().unwrap().annotate(&text).unwrap();
        let letters: String = annotation.segments.tokens.iter().map(|token| token.span.of(&text)).collect();
        prop_assert_eq!(letters, text.split_whitespace().collect::<String>());
        prop_assert!(annotation.mentions.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start()));
        let mut owners = vec![0; annotation.mentions.len()];
        for entity in &annotation.entities {
            prop_assert!(entity.mentions.iter().any(|&m| annotation.mentions[m].span.of(&text) == entity.name));
            entity.mentions.iter().for_each(|&m| owners[m] += 1);
            for role in &entity.roles {
                prop_assert!((0.0..=1.0).contains(&role.score) && !role.evidence.is_empty());
            }
        }
        prop_assert!(owners.iter().all(|&count| count <= 1), "a mention of two entities");
        let made_by = Run { tool: "t".into(), model: "m".into(), rules: "r".into(), precision: "none".into() };
        let record = Record::new(&document("a", &text), &annotation, &made_by, OffsetUnit::Char);
        let characters: Vec<char> = text.chars().collect();
        for span in &record.spans {
            prop_assert_eq!(&span.text, &characters[span.start..span.end].iter().collect::<String>());
            prop_assert!(!span.text.trim().is_empty());
        }
        for evidence in record.entities.iter().flat_map(|entity| &entity.roles).flat_map(|role| &role.evidence) {
            prop_assert_eq!(&evidence.text, &characters[evidence.start..evidence.end].iter().collect::<String>());
        }
    }
}
