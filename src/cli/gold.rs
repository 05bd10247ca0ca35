//! The arguments of `rolecall gold`.

use clap::{Args, ValueEnum, ValueHint};
use std::path::PathBuf;

/// The arguments of `rolecall gold`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Gold {
    /// Files of records that were reviewed (.jsonl, also with .gz or .zst), folders, globs; '-' reads standard input
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::AnyPath)]
    pub files: Vec<String>,
    /// Files of answers, as `rolecall review` writes them; can be given several times
    #[arg(long, value_name = "ANSWERS", required = true, value_hint = ValueHint::FilePath)]
    pub answers: Vec<PathBuf>,
    /// Write to PATH, packed if it ends in .gz or .zst [default: standard output]
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Take the answers of this reviewer alone; can be given several times [default: all]
    #[arg(long = "reviewer", value_name = "NAME")]
    pub reviewers: Vec<String>,
    /// What becomes of an article that reviewers accepted differently
    #[arg(long, value_name = "HOW", default_value = "list")]
    pub differing: Differing,
}

/// What becomes of an article that reviewers differ in.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Differing {
    /// Leave it out, and say what they differ in
    List,
    /// Take of it what more than half of them say
    Majority,
}

impl From<Differing> for rolecall::review::gold::Differing {
    fn from(differing: Differing) -> Self {
        match differing {
            Differing::List => Self::List,
            Differing::Majority => Self::Majority,
        }
    }
}

pub const EXAMPLES: &str = "\
Examples:
  The articles that were accepted, as they were accepted:
    rolecall gold annotated.jsonl --answers annotated.answers.jsonl -o g.jsonl

  Of three reviewers, what two of them say:
    rolecall gold annotated.jsonl --answers anna.jsonl --answers berta.jsonl \\
      --answers carl.jsonl --differing majority -o gold.jsonl

  How good the predictions were:
    rolecall evaluate --gold g.jsonl --pred annotated.jsonl

An article is gold once a reviewer has accepted it. Rejected ones stay out.
FILE may have been annotated anew since: an accepted article stays as it was
accepted while its text is the same. What does not fit any more is listed.

Exit codes:
  0  all done
  1  the run failed
  2  the arguments are wrong
  3  done, but something was left out that somebody decided on: reviewers
     differ, an article has another text or is not there, a line is no record";
