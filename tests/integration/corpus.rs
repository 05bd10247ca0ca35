//! The corpus is what its README says: gold is what the marked articles compile to, the articles are those without their marks,
//! and the splits share neither writers nor wording. Of the test split nothing but counts is printed.

use crate::program::{Folder, rolecall, root, run};
use rolecall::segment::segment;
use rolecall::write::record::SCHEMA;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const SPLITS: [&str; 3] = ["train", "development", "test"];

fn path(below: &str) -> String {
    root().join("corpus").join(below).to_str().unwrap().to_owned()
}

fn gold(split: &str) -> Vec<Value> {
    let lines = fs::read_to_string(path(&format!("gold/{split}.jsonl"))).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn gold_is_what_the_marked_articles_say() {
    for split in SPLITS {
        let (folder, marked, articles) = (Folder::new(), format!("marked/{split}"), format!("articles/{split}"));
        let out = folder.path("gold.jsonl");
        let args = ["import", "--from", "marked", &path(&marked), "--articles", &path(&articles), "-o", &out];
        let ended = run(&mut rolecall(&args));
        assert_eq!(ended.code, 0, "{split}: {} lines of messages", ended.messages.lines().count());
        let compiled = fs::read_to_string(&out).unwrap();
        let compiled: Vec<Value> = compiled.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        // Which version compiled it is no matter.
        let without_run = |mut record: Value| {
            record["run"] = json!(null);
            record
        };
        let same = compiled.into_iter().map(without_run).eq(gold(split).into_iter().map(without_run));
        assert!(same, "corpus/gold/{split}.jsonl is not what corpus/marked/{split} compiles to; 'make gold' writes it anew");
        let plain = fs::read_dir(path(&articles)).unwrap().count();
        assert_eq!(plain, gold(split).len(), "articles of {split}");
    }
}

#[test]
fn gold_holds_to_the_schema() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for split in SPLITS {
        for record in gold(split) {
            assert!(validator.is_valid(&record), "{split}: {}", record["id"]);
            let roles =
                record["entities"].as_array().unwrap().iter().flat_map(|entity| entity["roles"].as_array().unwrap().clone());
            assert!(roles.into_iter().all(|role| role["status"] == "accepted"), "{split}: {}", record["id"]);
        }
    }
}

#[test]
fn the_splits_are_three_fifths_and_two_of_one_and_share_no_writer() {
    let mut writers: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    let (mut sizes, mut elsewhere) = (Vec::new(), 0);
    for split in SPLITS {
        let records = gold(split);
        sizes.push(records.len() as f64);
        for record in &records {
            let meta =
                |field: &str| record["meta"][field].as_str().unwrap_or_else(|| panic!("{}: no {field}", record["id"])).to_owned();
            writers.entry(meta("writer")).or_default().insert(split);
            assert_eq!(meta("split"), split);
            assert!(!meta("manner").is_empty());
            elsewhere += usize::from(meta("hearing") != "police");
            assert!(ids.insert(record["id"].as_str().unwrap().to_owned()), "{} twice", record["id"]);
        }
    }
    let all: f64 = sizes.iter().sum();
    assert!(all >= 120.0);
    for (size, share) in sizes.iter().zip([0.6, 0.2, 0.2]) {
        assert!((size / all - share).abs() < 0.04, "{sizes:?}");
    }
    assert!(elsewhere as f64 >= all / 4.0, "{elsewhere} of {all} are about no hearing or another kind");
    assert!(writers.values().all(|splits| splits.len() == 1), "{writers:?}");
}

#[test]
fn no_sentence_stands_in_two_splits() {
    let sentences = |split: &str| -> BTreeSet<String> {
        let texts = gold(split).into_iter().map(|record| record["text"].as_str().unwrap().to_owned());
        let of = |text: String| {
            let sentences = segment(&text).sentences;
            let words = |span: rolecall::span::Span| {
                span.of(&text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).count()
            };
            let long = sentences.into_iter().filter(|sentence| words(sentence.span) >= 8);
            long.map(|sentence| sentence.span.of(&text).to_lowercase()).collect::<Vec<_>>()
        };
        texts.flat_map(of).collect()
    };
    let all = SPLITS.map(sentences);
    for (at, one) in all.iter().enumerate() {
        assert!(one.len() > 100);
        for other in &all[at + 1..] {
            assert_eq!(one.intersection(other).count(), 0, "{} and a later split share sentences", SPLITS[at]);
        }
    }
}
