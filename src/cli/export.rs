//! The arguments of `rolecall export`.

use super::{Offsets, format, score};
use clap::{Args, ValueEnum, ValueHint};
use rolecall::exchange::Format;
use rolecall::exchange::split::Shares;
use std::path::PathBuf;

/// The arguments of `rolecall export`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Export {
    /// Files of records (.jsonl, also with .gz or .zst), folders, globs; '-' reads standard input
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::AnyPath)]
    pub files: Vec<String>,
    /// What to write
    #[arg(long, value_name = "FORMAT", value_parser = format(|format| format.export.is_some()))]
    pub to: &'static Format,
    /// Write to PATH, packed if it ends in .gz or .zst; with --split a folder [default: standard output]
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub output: Option<PathBuf>,

    /// Mentions by their labels, those of entities with a role by their roles, or both
    #[arg(long, value_name = "LAYER", default_value = "both", help_heading = "What to leave out")]
    pub layer: Layer,
    /// Leave out what no reviewer has seen: roles still predicted, and articles of which nothing was decided
    #[arg(long, value_name = "STATUS", help_heading = "What to leave out")]
    pub only: Option<Only>,
    /// Leave out roles scored below X, from 0 to 1
    #[arg(long, value_name = "X", default_value = "0", value_parser = score, help_heading = "What to leave out")]
    pub min_score: f32,

    /// What offsets count [default: what the tool counts: utf16 for doccano, else char]
    #[arg(long, value_name = "UNIT", help_heading = "Output")]
    pub offsets: Option<Offsets>,

    /// Split the articles by these shares, into train, dev and test, or train and test
    #[arg(long, value_name = "80/10/10", requires = "output", help_heading = "Split")]
    pub split: Option<Shares>,
    /// What the split depends on
    #[arg(long, value_name = "N", default_value = "1", requires = "split", help_heading = "Split")]
    pub seed: u64,
}

/// Which annotation.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layer {
    Ner,
    Roles,
    Both,
}

impl From<Layer> for rolecall::exchange::article::Layer {
    fn from(layer: Layer) -> Self {
        match layer {
            Layer::Ner => Self::Ner,
            Layer::Roles => Self::Roles,
            Layer::Both => Self::Both,
        }
    }
}

/// What roles may have become.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Only {
    Accepted,
}

pub const EXAMPLES: &str = "\
Examples:
  A project of Label Studio, its configuration in tasks.config.xml:
    rolecall export --to label-studio annotated.jsonl -o tasks.json

  Training data for spaCy: data/train.spacy, data/dev.spacy, data/test.spacy
    rolecall export --to spacy gold.jsonl -o data --split 80/10/10

  For Hugging Face, names alone; load_dataset(\"data\") knows the tags:
    rolecall export --to hf gold.jsonl -o data --split 90/10 --layer ner

  Who is who, for a spreadsheet:
    rolecall annotate -q articles/ | rolecall export --to csv - -o roles.csv

  What reviewers agreed to, as sequences of tags:
    rolecall export --to conll reviewed.jsonl --only accepted > tags.conll

A split is by article, and articles of one text stay together. It is the same
for the same input and seed, and articles added at the end change nothing.
What a format can't hold comes back with `rolecall import --records`.

Exit codes:
  0  all done, or the reader of the output wanted no more
  1  the run failed
  2  the arguments are wrong; nothing was made
  3  done, but some lines were no records, or the format can't hold them";
