//! Takes articles, gives JSON lines for Hugging Face's `datasets` and `transformers`: `{"id", "tokens", "ner_tags", "role_tags",
//! "sentences"}` a line, the tags in IOB2 as words. Beside them the lists of tags, for `ClassLabel`; in a folder of parts a dataset
//! card whose features say the same, so that `load_dataset` of the folder gives `ClassLabel`s by itself. Refuses nothing.
//!
//! `sentences` holds the place of each sentence's first token, for whoever trains on sentences; `role_tags` are of the roles of the
//! mention's entity, joined with `|`. The tags of a list stand in a fixed order: `O`, then B and I of the labels and roles that
//! rolecall knows, whether they occur or not, then others that occur.

use super::article::Article;
use super::tags;
use super::{Beside, Export, ExportError, Exporter, Format, Holds, Written, no_hint};
use crate::assign;
use crate::document::Label;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "hf",
    about: "JSON lines of tokens and tags for Hugging Face datasets, with their lists of tags",
    holds: Holds { text: false, spans: true, entities: false, roles: true, relations: false, kinds: false, evidence: false },
    offsets: None,
    export: Some(Export { extension: "jsonl", open: |_| Ok(Box::new(Lines)), beside, hint: no_hint }),
    import: None,
};

struct Lines;

/// A line.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    tokens: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ner_tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_tags: Option<Vec<String>>,
    sentences: Vec<usize>,
}

impl Exporter for Lines {
    fn article(&mut self, article: &Article, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let line = Line {
            id: &article.record.id,
            tokens: article.record.tokens.iter().map(|token| &*token.text).collect(),
            ner_tags: article.layer.ner().then(|| tags::of_labels(article)),
            role_tags: article.layer.roles().then(|| tags::of_roles(article)).transpose()?,
            sentences: article.sentences().into_iter().map(|sentence| sentence.start).collect(),
        };
        serde_json::to_writer(&mut *out, &line).expect("a line has no key that is not a string");
        out.push(b'\n');
        Ok(())
    }
}

/// The lists of tags.
#[derive(Serialize)]
struct Lists {
    #[serde(skip_serializing_if = "Option::is_none")]
    ner_tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_tags: Option<Vec<String>>,
}

impl Lists {
    fn new(written: &Written<'_>) -> Self {
        let ner = || list(Label::OURS.iter().map(|label| label.as_str()), written.labels);
        let roles = || list(assign::built_in_roles(), written.roles);
        Self { ner_tags: written.layer.ner().then(ner), role_tags: written.layer.roles().then(roles) }
    }

    fn each(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        let lists = [("ner_tags", &self.ner_tags), ("role_tags", &self.role_tags)];
        lists.into_iter().filter_map(|(name, list)| Some((name, list.as_deref()?)))
    }
}

/// `O`, and B and I of what is `known` and of `others`.
fn list<'a>(known: impl Iterator<Item = &'a str>, others: &BTreeSet<String>) -> Vec<String> {
    let known: Vec<&str> = known.collect();
    let others = others.iter().map(|other| &**other).filter(|other| !known.contains(other));
    let labels = known.iter().copied().chain(others);
    [tags::OUTSIDE.to_owned()].into_iter().chain(labels.flat_map(|label| [format!("B-{label}"), format!("I-{label}")])).collect()
}

fn beside(written: &Written<'_>) -> Vec<Beside> {
    let lists = Lists::new(written);
    let json = serde_json::to_string_pretty(&lists).expect("a list of tags has no key that is not a string") + "\n";
    let labels = Beside { name: "labels.json", content: json, mark: "_tags\": [\n    \"O\"" };
    let card = (!written.parts.is_empty()).then(|| Beside { name: "README.md", content: card(written, &lists), mark: MADE_BY });
    [labels].into_iter().chain(card).collect()
}

/// How the text of a card begins.
const MADE_BY: &str = "Articles annotated by rolecall";

/// The dataset card: what `datasets` reads of it stands between the dashes, in YAML.
fn card(written: &Written<'_>, lists: &Lists) -> String {
    let mut card = String::from("---\nconfigs:\n- config_name: default\n  data_files:\n");
    // The loader fails at a part without articles.
    for part in written.parts.iter().filter(|part| part.articles > 0) {
        let split = if part.name == "dev" { "validation" } else { part.name };
        let _ = writeln!(card, "  - split: {split}\n    path: {}", quoted(part.file));
    }
    card.push_str("dataset_info:\n  features:\n  - name: id\n    dtype: string\n  - name: tokens\n    list: string\n");
    for (name, list) in lists.each() {
        let _ = writeln!(card, "  - name: {name}\n    list:\n      class_label:\n        names:");
        for (at, tag) in list.iter().enumerate() {
            let _ = writeln!(card, "          '{at}': {}", quoted(tag));
        }
    }
    card.push_str("  - name: sentences\n    list: int64\ntask_categories:\n- token-classification\n---\n\n");
    card.push_str(
        "Articles annotated by rolecall: tokens, tags in IOB2, and the first token of each sentence. An article a line.\n",
    );
    card
}

/// A string of YAML, which JSON's are.
fn quoted(word: &str) -> String {
    serde_json::to_string(word).expect("a string is JSON")
}
