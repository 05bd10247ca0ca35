//! The arguments of `rolecall rules check` and `rolecall rules explain`.

use super::field;
use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

/// What can be done with rules.
#[derive(Subcommand, Debug)]
pub enum Rules {
    /// Say what is wrong with a rule file, and whether its rules do what their examples say
    Check(Check),
    /// Say how the roles of an article came about: which rules fired, which nearly did, what was made of it
    Explain(Explain),
}

/// The arguments of `rolecall rules check`.
#[derive(Args, Debug)]
#[command(after_help = CHECK_EXAMPLES)]
pub struct Check {
    /// Files of rules, each taken on its own [default: the rules that are built in]
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
}

/// The arguments of `rolecall rules explain`.
#[derive(Args, Debug)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub struct Explain {
    /// A file of records (.jsonl, also with .gz or .zst), a folder, a glob; '-' reads standard input
    #[arg(value_name = "RECORDS", value_hint = ValueHint::AnyPath)]
    pub records: String,
    /// The id of the article
    #[arg(long, value_name = "ID")]
    pub id: String,
    /// Only who is mentioned so; case does not matter
    #[arg(long, value_name = "NAME", value_parser = field())]
    pub entity: Option<String>,
    /// Only this role
    #[arg(long, value_name = "ROLE", value_parser = field())]
    pub role: Option<String>,
    /// A file of rules that changes those built in
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub rules: Option<PathBuf>,
    /// Columns to wrap at, from 20 [default: the terminal's, else 80]
    #[arg(long, value_name = "N", value_parser = super::show::width, conflicts_with = "json")]
    pub width: Option<usize>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

pub const CHECK_EXAMPLES: &str = "\
Examples:
  rolecall rules check mine.toml
  rolecall rules check

What is wrong goes to standard error, as FILE:LINE:COLUMN: message; a line
about each file to standard output. The examples of the rules that a file
adds or changes are tried once nothing else is wrong with it.

Exit codes:
  0  nothing is wrong
  1  something is wrong, or a file can't be read
  2  the arguments are wrong";

pub const EXPLAIN_EXAMPLES: &str = "\
Examples:
  How everybody in an article got a role, or nearly did:
    rolecall rules explain annotated.jsonl --id hearing.txt

  One person, with rules that are being written:
    rolecall rules explain out.jsonl --id a.txt --entity quill --rules mine.toml

The names and pseudonyms of the record are linked and judged anew with the
rules; the model is not needed. Roles that the record has from elsewhere,
gold for example, are not looked at.

Exit codes:
  0  explained, or the reader of the output wanted no more
  1  the run failed, or the article or the entity was not found
  2  the arguments are wrong
  3  explained, but some lines were no records: a message for each";
