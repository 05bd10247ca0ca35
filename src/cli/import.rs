//! The arguments of `rolecall import`.

use super::{Layer, Offsets, format};
use clap::{Args, ValueHint};
use rolecall::exchange::Format;
use std::path::PathBuf;

/// The arguments of `rolecall import`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Import {
    /// Files (also with .gz or .zst), folders, globs; '-' reads standard input
    #[arg(value_name = "PATH", required = true, value_hint = ValueHint::AnyPath)]
    pub inputs: Vec<String>,
    /// What they hold
    #[arg(long, value_name = "FORMAT", value_parser = format(|format| format.import.is_some()))]
    pub from: &'static Format,
    /// Write to OUT, packed if it ends in .gz or .zst; it is OUT.part until it is complete [default: standard output]
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// The records that were exported: what the format can't hold comes from them, and other texts are refused
    #[arg(long, value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub records: Option<String>,
    /// Which annotation was exported; of the other that of --records stays
    #[arg(long, value_name = "LAYER", default_value = "both")]
    pub layer: Layer,
    /// What offsets count [default: what the tool counts: utf16 for doccano, else char]
    #[arg(long, value_name = "UNIT")]
    pub offsets: Option<Offsets>,
    /// Of marked articles, those without marks: each must be, character for character, what its marked one is without them
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub articles: Option<PathBuf>,
    /// A file of role rules that says which roles there are [default: built in]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub rules: Option<PathBuf>,
}

pub const EXAMPLES: &str = "\
Examples:
  What reviewers made of it in Label Studio (exported there as JSON):
    rolecall export --to label-studio annotated.jsonl -o tasks.json
    rolecall import --from label-studio export.json --records annotated.jsonl \\
      -o reviewed.jsonl

  The same with Prodigy:
    prodigy db-out hearings |
      rolecall import --from prodigy - --records annotated.jsonl > gold.jsonl

  Gold from marked articles, held against the articles as they were before:
    rolecall import --from marked marked/ --articles texts/ -o gold.jsonl

With --records, proofs, scores, kinds and links of what is unchanged come from
the records, and tags get their text back; without, a role's proof is the
mention that has it. Roles that a reviewer left are accepted, new ones too, or
corrected if they stand in for others; those that are gone are rejected. Give
the --layer that was exported: of the other, --records stays as it is. What
does not fit is said, by file and line, and left out. Nothing is moved
without a word.

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
  3  done, but some articles were refused, or something in them did not fit";
