//! The arguments of `rolecall annotate`.

use super::{count, field, score};
use clap::{Args, ValueEnum, ValueHint};
use rolecall::write::offsets::OffsetUnit;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// The arguments of `rolecall annotate`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Annotate {
    /// Files (.txt, .jsonl, .csv, .tsv, each also with .gz or .zst; .parquet), folders, globs; '-' reads JSON lines from
    /// standard input
    #[arg(value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub inputs: Vec<String>,
    /// The field of a JSON line, or column of a table, that holds the text
    #[arg(long, value_name = "FIELD", default_value = "text", value_parser = field(), help_heading = "Input")]
    pub text_field: String,
    /// The field that holds the id; an article without one gets a hash of its text
    #[arg(long, value_name = "FIELD", default_value = "id", value_parser = field(), help_heading = "Input")]
    pub id_field: String,
    /// The field that holds a title, to be put before the text with an empty line between
    #[arg(long, value_name = "FIELD", value_parser = field(), help_heading = "Input")]
    pub title_field: Option<String>,
    /// The field that holds a date, to be meta.date of the record
    #[arg(long, value_name = "FIELD", value_parser = field(), help_heading = "Input")]
    pub date_field: Option<String>,

    /// Write to OUT, packed if it ends in .gz or .zst; it is OUT.part until it is complete [default: standard output]
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// What offsets count: characters as Python has them, bytes of UTF-8, or JavaScript's and Java's UTF-16 units
    #[arg(long, value_name = "UNIT", default_value = "char", help_heading = "Output")]
    pub offsets: Offsets,
    /// Leave out roles scored below X, from 0 to 1
    #[arg(long, value_name = "X", default_value = "0", value_parser = score, help_heading = "Output")]
    pub min_score: f32,
    /// List refused documents in FILE, a JSON line each
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub errors: Option<PathBuf>,
    /// Stop at the first document that is refused, with exit code 1
    #[arg(long, help_heading = "Output")]
    pub fail_fast: bool,

    /// The folder of a token-classification model [default: models/rolecall-ner, see below]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Model and rules")]
    pub model: Option<PathBuf>,
    /// A file of role rules, which adds to those built in, changes them, or switches them off
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Model and rules")]
    pub rules: Option<PathBuf>,

    /// Threads that run the model [default: one a core; 1 on a GPU]
    #[arg(long, value_name = "N", value_parser = count, help_heading = "Speed")]
    pub workers: Option<NonZeroUsize>,
    /// Most wordpieces in one forward pass, padding included [default: 1536]
    #[arg(long, value_name = "N", value_parser = count, help_heading = "Speed")]
    pub batch_tokens: Option<NonZeroUsize>,
    /// Number format of the forward pass (auto: bf16 where the processor has it)
    #[arg(long, value_name = "FORMAT", default_value = "auto", help_heading = "Speed")]
    pub precision: Precision,
    /// Where the model runs: cpu, or cuda:N for the GPU numbered N
    #[arg(long, value_name = "DEVICE", default_value = "cpu", value_parser = device, help_heading = "Speed")]
    pub device: Device,

    /// How to show progress (auto: a bar on a terminal, else lines)
    #[arg(long, value_name = "HOW", default_value = "auto", help_heading = "Messages")]
    pub progress: Progress,
}

/// What offsets count.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Offsets {
    Char,
    Byte,
    Utf16,
}

impl From<Offsets> for OffsetUnit {
    fn from(offsets: Offsets) -> Self {
        match offsets {
            Offsets::Char => Self::Char,
            Offsets::Byte => Self::Byte,
            Offsets::Utf16 => Self::Utf16,
        }
    }
}

/// The number format of the forward pass.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Precision {
    Auto,
    Bf16,
    F32,
}

/// How progress is shown.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    Auto,
    Bar,
    Plain,
    None,
}

/// Where the model runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Device {
    Cpu,
    /// The number of a GPU, from 0.
    Cuda(usize),
}

fn device(word: &str) -> Result<Device, String> {
    match word.split_once(':') {
        None if word == "cpu" => Ok(Device::Cpu),
        None if word == "cuda" => Ok(Device::Cuda(0)),
        Some(("cuda", number)) => number.parse().map(Device::Cuda).map_err(|_| format!("expected a number, found '{number}'")),
        _ => Err("expected cpu or cuda:N".to_owned()),
    }
}

pub const EXAMPLES: &str = "\
Examples:
  One article, on the screen:
    rolecall annotate hearing.txt

  A folder, with a list of what could not be read:
    rolecall annotate articles/ -o annotated.jsonl --errors refused.jsonl

  JSON lines in, JSON lines out, as a filter:
    zcat in.jsonl.gz | rolecall annotate - --text-field body > annotated.jsonl

  A table with a header (CSV, TSV, Parquet), an article a row:
    rolecall annotate news.csv --text-field body --title-field headline \\
      --date-field published -o annotated.jsonl

  Another model, in full precision:
    rolecall annotate articles/ -o out.jsonl.zst --model DIR --precision f32

The default model is looked for beside the program (models/rolecall-ner),
in the checkout that the program lies in or was built in, and in the data
folder ($XDG_DATA_HOME/rolecall/models/rolecall-ner).

Exit codes:
  0  all done, or the reader of the output wanted no more
  1  the run failed
  2  the arguments are wrong; nothing was made
  3  done, but some documents were refused: a message and a line of
     --errors for each";
