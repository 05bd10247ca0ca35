//! The arguments of `rolecall review`.

use clap::{Args, ValueHint};
use std::path::{Path, PathBuf};

/// The arguments of `rolecall review`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Review {
    /// A file of records (.jsonl, also with .gz or .zst); it is never written to
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// The file that decisions are added to; several reviewers can share it [default: FILE with .answers.jsonl for .jsonl]
    #[arg(long, value_name = "ANSWERS", value_hint = ValueHint::FilePath)]
    pub answers: Option<PathBuf>,
    /// Who reviews; each reviewer sees the predictions and their own decisions [default: the user's name]
    #[arg(
        long, value_name = "NAME", env = "USER", hide_env = true, default_value = "reviewer", hide_default_value = true,
        value_parser = name
    )]
    pub reviewer: String,
    /// The port of 127.0.0.1 to serve the page at; 0 is any that is free
    #[arg(long, value_name = "N", default_value = "0")]
    pub port: u16,
    /// Only print the address of the page, and open no browser
    #[arg(long)]
    pub no_open: bool,
}

fn name(word: &str) -> Result<String, String> {
    let good = !word.trim().is_empty() && !word.chars().any(char::is_control);
    good.then(|| word.to_owned()).ok_or_else(|| "expected a name of visible characters".to_owned())
}

impl Review {
    /// The file of answers.
    pub fn answers(&self) -> PathBuf {
        self.answers.clone().unwrap_or_else(|| beside(&self.file))
    }
}

/// The file of answers that belongs to a file of records where no other is named.
fn beside(file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    let name = name.strip_suffix(".jsonl").or_else(|| name.strip_suffix(".ndjson")).unwrap_or(name);
    file.with_file_name(format!("{name}.answers.jsonl"))
}

pub const EXAMPLES: &str = "\
Examples:
  Look through what was found, the doubtful first, in the browser:
    rolecall review annotated.jsonl

  A second reviewer, who sees nothing of the first:
    rolecall review annotated.jsonl --reviewer berta

  From another machine, through a tunnel, without a browser here:
    rolecall review annotated.jsonl --no-open --port 7700

Press ? in the page for its keys. Every decision is on the disk before the
page says so: close it, kill it, come back. Ctrl-C ends it. Then:
    rolecall gold annotated.jsonl --answers annotated.answers.jsonl -o g.jsonl

The page is served to this machine alone, and to whoever has the address that
is printed.

Exit codes:
  0  ended by Ctrl-C
  1  the run failed
  2  the arguments are wrong
  3  ended by Ctrl-C; some lines of FILE were no records: a message for each";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_lie_beside_the_records() {
        for (file, answers) in [
            ("annotated.jsonl", "annotated.answers.jsonl"),
            ("a/b.ndjson.gz", "a/b.answers.jsonl"),
            ("a/b.jsonl.zst", "a/b.answers.jsonl"),
            ("records", "records.answers.jsonl"),
        ] {
            assert_eq!(beside(Path::new(file)), Path::new(answers));
        }
    }
}
