//! The arguments of `rolecall show`.

use clap::{Args, ValueHint};

/// The arguments of `rolecall show`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Show {
    /// Files of records (.jsonl, also with .gz or .zst), folders, globs; '-' reads standard input
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::AnyPath)]
    pub files: Vec<String>,
    /// Show only the article of this id; can be given several times
    #[arg(long = "id", value_name = "ID")]
    pub ids: Vec<String>,
    /// Mark what differs from the articles of the same ids in GOLD: a file or folder of records, held in memory
    #[arg(long, value_name = "GOLD", value_hint = ValueHint::AnyPath)]
    pub gold: Option<String>,
    /// Columns to wrap at, from 20 [default: the terminal's, else 80]
    #[arg(long, value_name = "N", value_parser = width)]
    pub width: Option<usize>,
}

pub(super) fn width(word: &str) -> Result<usize, String> {
    word.parse().ok().filter(|width| *width >= Show::NARROWEST).ok_or_else(|| "expected a whole number from 20".to_owned())
}

impl Show {
    /// The fewest columns that an article is shown in.
    pub const NARROWEST: usize = 20;
}

pub const EXAMPLES: &str = "\
Examples:
  One article of a file:
    rolecall show annotated.jsonl --id hearing.txt

  All of them, page by page, in colour:
    rolecall show annotated.jsonl --color always | less -R

  An article as it is annotated, without a file between:
    rolecall annotate -q hearing.txt | rolecall show -

  What is wrong in it:
    rolecall show annotated.jsonl --gold corpus/gold

A mention is marked ⟦like this⟧³, with the number of its entity, and
where the entity is mentioned first, with its roles. --color counts for the
articles, too. Control characters of an article are shown, not sent to the
terminal.

Exit codes:
  0  all done, or the reader of the output wanted no more
  1  the run failed, or an id was not found
  2  the arguments are wrong
  3  done, but some lines were no records: a message for each";
