//! The arguments of `rolecall agreement`.

use clap::{Args, ValueHint};
use std::path::PathBuf;

/// The arguments of `rolecall agreement`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Agreement {
    /// Files of answers, as review writes them, each reviewer being a rater; or records made elsewhere (a file, a folder, '-' for
    /// standard input), each argument being a rater
    #[arg(value_name = "ANSWERS", required = true, value_hint = ValueHint::AnyPath)]
    pub answers: Vec<String>,

    /// Print every figure as JSON instead of tables
    #[arg(long, help_heading = "Output")]
    pub json: bool,
    /// List the disagreements in FILE, a JSON line each
    #[arg(long, value_name = "FILE", visible_alias = "errors", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub disagreements: Option<PathBuf>,
    /// Print all disagreements, not only the first twenty on each matter
    #[arg(long, conflicts_with = "json", help_heading = "Output")]
    pub all: bool,
}

pub const EXAMPLES: &str = "\
Examples:
  Two reviewers, each with a file of answers:
    rolecall agreement anna.answers.jsonl ben.answers.jsonl

  All reviewers who wrote to one file, and what they differ on as data:
    rolecall agreement out.answers.jsonl --disagreements differ.jsonl

  A reviewer and gold made elsewhere:
    rolecall agreement anna.answers.jsonl gold.jsonl

Articles count as they were accepted. Roles: Cohen's kappa of two raters,
Fleiss' of more, over the people and parties of the articles that all
accepted. Mentions, links and relations: F1 of every two raters. In records
every role counts that is not rejected.

Exit codes:
  0  all done
  1  the run failed, or no article was accepted by two raters
  2  the arguments are wrong; nothing was made
  3  done, but some lines were passed over, or an article was accepted in
     texts that differ";
