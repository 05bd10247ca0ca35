//! The figures that the project publishes are those that it has: annotates the development split anew and holds the result to
//! `corpus/figures/development.md`, and the README to both files of figures. `make figures` writes them.
//!
//! The test split is not annotated here: its figures are for the README alone, so that nobody tunes to them.

use crate::program::root;
use rolecall::assign::Rules;
use rolecall::document::{Annotation, Document};
use rolecall::evaluate::bootstrap::Resampling;
use rolecall::evaluate::pairing::Entry;
use rolecall::evaluate::report::{Articles, Report};
use rolecall::evaluate::{Evaluation, tables};
use rolecall::exchange::records::Records;
use rolecall::pipeline::Pipeline;
use rolecall::read::{Inputs, ReadOptions};
use rolecall::recognise::model::{ModelOptions, Precision, TransformerRecogniser};
use rolecall::write::back::Annotated;
use rolecall::write::offsets::OffsetUnit;
use rolecall::write::record::Run;
use std::fs;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

/// Most by which a figure may differ: processors do not add up alike, which can turn a mention that hangs in the balance.
const NEAR: f64 = 0.005;

/// Most by which a count may differ.
const NEAR_COUNT: f64 = 3.0;

fn gold() -> String {
    root().join("corpus/gold/development.jsonl").to_str().unwrap().to_owned()
}

/// The tables of the development split, made now, in full precision.
fn tables_now() -> String {
    let options = ModelOptions { precision: Precision::F32, ..ModelOptions::default() };
    let model = TransformerRecogniser::open(&root().join("models/rolecall-ner"), options).unwrap();
    let pipeline = Pipeline::new(model, Rules::builtin(), NonZeroUsize::new(2).unwrap()).unwrap();
    let mut gold = Records::open(&[gold()]).unwrap().map(Result::unwrap);
    let mut articles = Vec::new();
    let keep = |document: &Document, annotation: &Annotation| Annotated {
        document: document.clone(),
        annotation: annotation.clone(),
        unit: OffsetUnit::Char,
        made_by: Run::by_hand(),
    };
    let documents = Inputs::resolve(&[self::gold()], ReadOptions::default()).unwrap().read();
    pipeline
        .run(documents, keep, |predicted| {
            articles.push(vec![Entry::from(gold.next().unwrap()), Entry::from(predicted.unwrap())]);
            ControlFlow::Continue(())
        })
        .unwrap();
    let fields = vec!["hearing".to_owned(), "manner".to_owned()];
    let mut evaluation = Evaluation::new(Resampling::default(), fields, false);
    evaluation.judge(articles);
    tables::markdown(&Report::new(&evaluation, Articles { judged: evaluation.articles, ..Articles::default() }))
}

/// The cells of a line of a table.
fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

/// Whether two cells say the same: the same words, or numbers that are near each other.
fn alike(published: &str, now: &str) -> bool {
    let numbers = |cell: &str| -> Option<Vec<f64>> { cell.split('–').map(|part| part.trim().parse().ok()).collect() };
    let near = |a: &str, b: &str| {
        let most = if a.contains('.') { NEAR } else { NEAR_COUNT };
        let (a, b) = (numbers(a)?, numbers(b)?);
        Some(a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| (a - b).abs() <= most))
    };
    published == now || near(published, now).unwrap_or(false)
}

#[test]
fn the_figures_of_the_development_split_are_as_published() {
    let path = root().join("corpus/figures/development.md");
    let published = fs::read_to_string(&path).unwrap();
    // The first lines name the files that were compared.
    let published = published.split_once("\n\n").unwrap().1;
    let now = tables_now();
    let differ: Vec<String> = published
        .lines()
        .zip(now.lines())
        .filter(|(published, now)| {
            let (published, now) = (cells(published), cells(now));
            published.len() != now.len() || published.iter().zip(&now).any(|(a, b)| !alike(a, b) && !a.starts_with("--"))
        })
        .map(|(published, now)| format!("published {published}\n      now {now}"))
        .collect();
    assert!(
        differ.is_empty() && published.lines().count() == now.lines().count(),
        "the figures are no longer those of {}; if they should be, write them anew with 'make figures', and say why they changed \
         in the commit, on a line that begins with 'Figures:'\n{}",
        path.display(),
        differ.join("\n")
    );
}

#[test]
fn the_readme_shows_the_published_figures() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for split in ["development", "test"] {
        let published = fs::read_to_string(root().join(format!("corpus/figures/{split}.md"))).unwrap();
        let published: Vec<Vec<&str>> = published.lines().filter(|line| line.starts_with('|')).map(cells).collect();
        let heading = format!("<!-- figures: {split} -->");
        let shown = readme.split_once(&heading).unwrap_or_else(|| panic!("the README has no {heading}")).1;
        let shown: Vec<Vec<&str>> =
            shown.split("<!-- end of figures -->").next().unwrap().lines().filter(|l| l.starts_with('|')).map(cells).collect();
        assert!(shown.len() > 10, "the README shows {} lines of {split}", shown.len());
        for row in shown.iter().filter(|row| !row[0].starts_with("--")) {
            assert!(published.contains(row), "the README's line is none of corpus/figures/{split}.md: {row:?}");
        }
    }
}

#[test]
fn a_change_is_told_from_noise() {
    assert!(alike("0.853", "0.857") && !alike("0.853", "0.859") && alike("12", "15") && !alike("12", "16"));
    assert!(alike("0.823–0.880", "0.825–0.878") && !alike("0.823–0.880", "0.823–0.890"));
    assert!(alike("strict", "strict") && !alike("strict", "exact") && !alike("–", "0.5"));
}
