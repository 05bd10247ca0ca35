//! The arguments of `rolecall stats`.

use super::field;
use clap::{Args, ValueHint};

/// The arguments of `rolecall stats`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Stats {
    /// Files of records (.jsonl, also with .gz or .zst), folders, globs; '-' reads standard input
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::AnyPath)]
    pub files: Vec<String>,
    /// Count also by the values of this field of 'meta'; can be given several times [default: split, manner]
    #[arg(long, value_name = "FIELD", value_parser = field())]
    pub by: Vec<String>,
    /// Print one JSON object instead of tables
    #[arg(long)]
    pub json: bool,
}

pub const EXAMPLES: &str = "\
Examples:
  rolecall stats corpus/gold
  rolecall stats annotated.jsonl --by outlet --by year
  rolecall annotate -q articles/ | rolecall stats - --json | jq .roles

The tables are Markdown. A role that a reviewer rejected is counted in the
column 'rejected' alone. A field that no article has gets no table; articles
without it are counted as '(none)'.

Exit codes:
  0  all done, or the reader of the output wanted no more
  1  the run failed
  2  the arguments are wrong
  3  done, but some lines were no records: a message for each";
