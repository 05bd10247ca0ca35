//! The arguments of `rolecall evaluate`.

use super::field;
use clap::{Args, ValueHint};
use std::path::PathBuf;

/// The arguments of `rolecall evaluate`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Evaluate {
    /// The annotation that is right: a file of records, a folder of them, or tags (.conll, .iob2, .bio)
    #[arg(long, value_name = "GOLD", value_hint = ValueHint::AnyPath)]
    pub gold: String,
    /// The annotation to be judged, of the same articles; '-' reads records from standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub pred: String,
    /// Another annotation of them, to say which of the two is better, and what changed
    #[arg(long, value_name = "OTHER", value_hint = ValueHint::AnyPath)]
    pub compare: Option<String>,

    /// Print every figure as JSON instead of tables
    #[arg(long, help_heading = "Output")]
    pub json: bool,
    /// List the mistakes in FILE, a JSON line each
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub errors: Option<PathBuf>,
    /// Write a page of the mistakes with charts and filters, to be opened in a browser
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub html: Option<PathBuf>,
    /// Also give figures by the values of this field of gold's meta; may be repeated [default: split, manner]
    #[arg(long, value_name = "FIELD", value_parser = field(), help_heading = "Output")]
    pub by: Vec<String>,

    /// Resamples that confidence intervals are made of; 0 for none
    #[arg(long, value_name = "N", default_value = "1000", help_heading = "Intervals")]
    pub resamples: usize,
    /// What the resamples depend on
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Intervals")]
    pub seed: u64,
}

pub const EXAMPLES: &str = "\
Examples:
  How good rolecall is on the development articles:
    rolecall annotate corpus/gold/development.jsonl -o out.jsonl
    rolecall evaluate --gold corpus/gold/development.jsonl --pred out.jsonl

  The same in one go:
    rolecall annotate corpus/gold/development.jsonl |
      rolecall evaluate --gold corpus/gold/development.jsonl --pred -

  What is wrong, as data and as a page:
    rolecall evaluate --gold GOLD --pred out.jsonl --errors wrong.jsonl \\
      --html wrong.html

  Whether a change made it better:
    rolecall evaluate --gold GOLD --pred new.jsonl --compare old.jsonl

Articles are matched by id. Those that one side lacks, or whose texts
differ, are said and not scored. Intervals are over articles.

Exit codes:
  0  all done
  1  the run failed, or nothing could be compared
  2  the arguments are wrong; nothing was made
  3  done, but some of gold's articles have no prediction or one of another
     text, or some lines were refused";
