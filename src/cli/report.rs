//! The arguments of `rolecall report`.

use clap::{Args, ValueHint};
use std::path::PathBuf;

/// The arguments of `rolecall report`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Report {
    /// Files of records (.jsonl, also with .gz or .zst), folders, globs; '-' reads standard input
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::AnyPath)]
    pub files: Vec<String>,
    /// Write the page to PATH; it is PATH.part until it is complete. '-' is standard output
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,
    /// What the page is called [default: the names of the files]
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
}

pub const EXAMPLES: &str = "\
Examples:
  A page of what was annotated, to be opened in a browser:
    rolecall annotate articles/ -o annotated.jsonl
    rolecall report annotated.jsonl -o report.html

  The same in one go:
    rolecall annotate -q articles/ | rolecall report - -o report.html

  Of gold, with a title:
    rolecall report corpus/gold/train.jsonl -o train.html --title 'Train'

The page is one file, articles included, and needs no network and no server.
Ten thousand articles are no trouble: they lie packed in it, and are unpacked
as they are looked at. Its filters stand in its address, to be kept and sent.

Exit codes:
  0  all done, or the reader of the output wanted no more
  1  the run failed
  2  the arguments are wrong; nothing was made
  3  done, but some lines were no records: a message for each";
