//! The arguments of `rolecall import`.

use clap::{Args, ValueEnum, ValueHint};
use std::path::PathBuf;

/// The arguments of `rolecall import`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Import {
    /// Files and folders to import
    #[arg(value_name = "PATH", required = true, value_hint = ValueHint::AnyPath)]
    pub inputs: Vec<String>,
    /// What they hold
    #[arg(long, value_name = "FORMAT")]
    pub from: Format,
    /// Write to OUT, packed if it ends in .gz or .zst; it is OUT.part until it is complete [default: standard output]
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// The articles without marks: each must be, character for character, what its marked one is without them
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub articles: Option<PathBuf>,
    /// A file of role rules that says which roles there are [default: built in]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub rules: Option<PathBuf>,
}

/// What can be imported.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Articles with marks in the text, {{words|LABEL key}}: gold that people write
    Marked,
}

pub const EXAMPLES: &str = "\
Examples:
  Gold from marked articles:
    rolecall import --from marked marked/ -o gold.jsonl

  The same, held against the articles as they were before:
    rolecall import --from marked marked/ --articles texts/ -o gold.jsonl

A marked article is the article with its mentions between braces, after a
front matter in TOML that says who plays which role, with the words that
prove it. All else in the front matter becomes meta.

  +++
  manner = \"tabloid\"

  [party.reedham]
  panel_chair = \"Panel chair\"

  [party.quill]
  representative = \"for PC One\"
  represents.one = \"for PC One\"
  +++
  Panel chair {{Alan Reedham|PER reedham}} and {{Eve Quill|PER quill}},
  for {{PC One|ANON one}}, met in {{Leeds|LOC leeds}}.

LABEL is PER, ORG, LOC, MISC, ANON for a pseudonym, or NOM for a party who
is only described (\"the female officer\"). Mentions of one person or thing
have one key.

Exit codes:
  0  all done
  1  the run failed
  2  the arguments are wrong; nothing was made
  3  done, but some articles were refused";
