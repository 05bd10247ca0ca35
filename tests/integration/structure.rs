//! The layering that the source tree promises, read off its files: who knows the model's libraries, the wire format, `anyhow`,
//! the terminal; which stage knows which.

use crate::program::root;
use regex::Regex;
use rolecall::write::record::SCHEMA;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The most lines of a file.
const LONGEST: usize = 450;

/// The stages, in the order of the flow.
const STAGES: [&str; 6] = ["read", "segment", "recognise", "link", "assign", "write"];

/// A file: its path below the folder looked through, with `/`, and what it holds.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// The lines that are compiled into the program: no comments, no unit tests.
    fn code(&self) -> Vec<&str> {
        if self.path.ends_with("tests.rs") || self.path.contains("/tests/") {
            return vec![];
        }
        let lines = self.text.lines().take_while(|line| *line != "mod tests {");
        lines.filter(|line| !line.trim_start().starts_with("//")).collect()
    }

    fn lies_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path == *place || (place.ends_with('/') && self.path.starts_with(place)))
    }
}

fn collect(folder: &Path, top: &Path, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, top, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(top).unwrap().to_str().unwrap().replace('\\', "/");
            sources.push(Source { path: name, text: fs::read_to_string(&path).unwrap() });
        }
    }
}

fn below(folder: &str) -> Vec<Source> {
    let (top, mut sources) = (root().join(folder), Vec::new());
    collect(&top, &top, &mut sources);
    assert!(!sources.is_empty(), "no sources in {folder}");
    sources
}

/// Asserts that `pattern` is found in code at `places`, so that the check is one, and nowhere else.
fn only_in(places: &[&str], pattern: &str, why: &str) {
    let pattern = Regex::new(pattern).unwrap();
    let (mut at_home, mut strangers) = (0, Vec::new());
    for source in below("src") {
        for line in source.code().into_iter().filter(|line| pattern.is_match(line)) {
            match source.lies_in(places) {
                true => at_home += 1,
                false => strangers.push(format!("src/{}: {}", source.path, line.trim())),
            }
        }
    }
    assert!(strangers.is_empty(), "{why}:\n{}", strangers.join("\n"));
    assert!(at_home > 0, "{pattern} is not even found where it belongs");
}

#[test]
fn only_the_model_and_training_know_tch_and_rust_bert() {
    only_in(&["recognise/model/", "train/"], r"\b(tch|rust_bert)\b", "the model's libraries stay behind the Recogniser trait");
}

#[test]
fn only_the_program_uses_anyhow_and_speaks_to_the_terminal() {
    only_in(&["commands/", "main.rs"], r"\banyhow\b", "errors of the library are types");
    let terminal = r"\be?print(ln)?!|\b(stdout|stderr)\(\)|\benv::args|\bprocess::exit";
    only_in(
        &["commands/", "main.rs", "config.rs", "write/output.rs"],
        terminal,
        "the library reads no arguments and prints nothing",
    );
}

#[test]
fn only_the_record_knows_the_wire_format() {
    // The keys that are no everyday words, of every object in the schema.
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let kinds = std::iter::once(&schema).chain(schema["$defs"].as_object().unwrap().values());
    let properties = kinds.filter_map(|kind| kind["properties"].as_object()).flat_map(|properties| properties.keys());
    let keys: BTreeSet<&str> = properties.map(String::as_str).filter(|key| key.contains('_')).collect();
    assert!(keys.contains("token_start") && keys.contains("_input_hash"), "{keys:?}");
    let quoted: Vec<String> = keys.iter().map(|key| format!("\"{key}\"")).collect();
    // Prodigy's tasks have keys of the same names: the record took them from there.
    let rest = below("src").into_iter().filter(|source| !["write/record.rs", "exchange/prodigy.rs"].contains(&&*source.path));
    let strangers: Vec<String> = rest
        .filter(|source| source.code().iter().any(|line| quoted.iter().any(|key| line.contains(key.as_str()))))
        .map(|source| source.path)
        .collect();
    assert_eq!(strangers, [""; 0], "keys of the record are named outside write/record.rs");

    // A second set of wire types would have to be serialised. A refusal is a line of --errors; figures, counts and
    // explanations are what evaluate, stats and rules print, exports what other tools read, answers what reviewers decide: other formats.
    only_in(
        &[
            "write/record.rs",
            "write/offsets.rs",
            "read/refusal.rs",
            "evaluate/report.rs",
            "stats/mod.rs",
            "assign/explain/report.rs",
            "exchange/",
            "review/mod.rs",
            "review/answer.rs",
            "review/decision.rs",
            "review/agreement/report.rs",
            "review/server/view.rs",
        ],
        r"\bSerialize\b",
        "only records, refusals and reports are serialised",
    );
}

#[test]
fn a_stage_knows_only_those_before_it() {
    let names = Regex::new(r"\bcrate::(\w+)").unwrap();
    let mut seen = 0;
    for source in below("src") {
        let Some(stage) = STAGES.iter().position(|stage| source.path.starts_with(&format!("{stage}/"))) else { continue };
        let code = source.code().join("\n");
        for name in names.captures_iter(&code) {
            seen += 1;
            match STAGES.iter().position(|stage| stage == &&name[1]) {
                Some(other) => assert!(other <= stage, "src/{} uses crate::{}", source.path, &name[1]),
                None => assert!(["span", "document"].contains(&&name[1]), "src/{} uses crate::{}", source.path, &name[1]),
            }
        }
    }
    assert!(seen > 10, "the stages use nothing");
}

#[test]
fn every_file_says_what_it_is_and_can_be_read_in_one_go() {
    for folder in ["src", "tests"] {
        for source in below(folder) {
            assert!(source.text.starts_with("//! "), "{folder}/{} does not open with what it is", source.path);
            let lines = source.text.lines().count();
            assert!(lines <= LONGEST, "{folder}/{} has {lines} lines, more than {LONGEST}", source.path);
        }
    }
}

#[test]
fn nothing_is_unwrapped_outside_tests() {
    for source in below("src") {
        let found = source.code().into_iter().find(|line| line.contains(".unwrap()") || line.contains("todo!"));
        assert_eq!(found, None, "src/{}", source.path);
    }
}
