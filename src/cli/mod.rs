//! Takes the arguments of the program, gives them typed: what clap can check without looking at anything outside them. Refuses
//! what can't be read, with exit code 2. [`crate::config`] makes of them what a run needs.

mod agreement;
mod annotate;
mod evaluate;
mod export;
mod gold;
mod import;
mod report;
mod review;
mod rules;
mod show;
mod stats;

pub use agreement::Agreement;
pub use annotate::{Annotate, Device, Offsets, Precision, Progress};
use clap::builder::{NonEmptyStringValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
pub use evaluate::Evaluate;
pub use export::{Export, Layer};
pub use gold::Gold;
pub use import::Import;
pub use report::Report;
pub use review::Review;
use rolecall::exchange::{self, FORMATS, Format};
pub use rules::{Check, Explain, Rules};
pub use show::Show;
pub use stats::Stats;
use std::num::NonZeroUsize;

/// Annotates articles about misconduct hearings: who is named, and what each is in the hearing, with the words that prove it.
#[derive(Parser, Debug)]
#[command(name = "rolecall", version, max_term_width = 100, propagate_version = true, after_help = AFTER_HELP)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command understands.
#[derive(Args, Debug)]
pub struct Global {
    /// Say nothing but what went wrong
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Messages", display_order = 90)]
    pub quiet: bool,
    /// Say more of what is being done
    #[arg(short, long, global = true, help_heading = "Messages", display_order = 91)]
    pub verbose: bool,
    /// Colour messages (auto: on a terminal, unless NO_COLOR is set)
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Messages", display_order = 92)]
    pub color: Color,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Annotate articles: JSON lines, one article each
    Annotate(Box<Annotate>),
    /// Say how far reviewers agree, by kappa and F1, and what they differ on
    Agreement(Agreement),
    /// Say how good an annotation is, by gold: figures, intervals, mistakes
    Evaluate(Evaluate),
    /// Write annotated articles for another tool, or as training data
    Export(Export),
    /// Make gold of records and what reviewers decided on them
    Gold(Gold),
    /// Make records of annotation in another form
    Import(Import),
    /// Write a page to look through annotated articles in a browser
    Report(Report),
    /// Look through annotated articles and correct them, in the browser
    Review(Review),
    /// Check rule files, and explain what rules did
    #[command(subcommand)]
    Rules(Rules),
    /// Show annotated articles in the terminal, alone or beside their gold
    Show(Show),
    /// Describe annotated articles: how much of what is in them
    Stats(Stats),
    /// Print the JSON Schema of what annotate writes
    Schema,
    /// Print the completions for a shell
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    #[command(after_help = MAN_EXAMPLES)]
    Man {
        /// The command whose page to print [default: the overview]
        command: Option<String>,
    },
}

/// When messages are coloured.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Color {
    Auto,
    Always,
    Never,
}

fn field() -> NonEmptyStringValueParser {
    NonEmptyStringValueParser::new()
}

/// Reads the name of one of the formats that `fits` says it of, and lists them in the help.
fn format(fits: fn(&Format) -> bool) -> impl TypedValueParser<Value = &'static Format> {
    let named = |format: &'static Format| PossibleValue::new(format.name).help(format.about);
    PossibleValuesParser::new(FORMATS.iter().filter(|format| fits(format)).map(named))
        .map(|name| exchange::format(&name).expect("the parser allows the names of formats alone"))
}

fn count(word: &str) -> Result<NonZeroUsize, String> {
    word.parse().map_err(|_| "expected a whole number from 1".to_owned())
}

fn score(word: &str) -> Result<f32, String> {
    word.parse().ok().filter(|score| (0.0..=1.0).contains(score)).ok_or_else(|| "expected a number from 0 to 1".to_owned())
}

const AFTER_HELP: &str = "\
Examples:
  rolecall annotate articles/ -o annotated.jsonl
  rolecall annotate --help

Exit codes:
  0  all done
  1  the run failed
  2  the arguments are wrong
  3  done, but some documents were refused";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  rolecall completions bash > /etc/bash_completion.d/rolecall
  rolecall completions zsh > ~/.zfunc/_rolecall
  rolecall completions fish > ~/.config/fish/completions/rolecall.fish";

const MAN_EXAMPLES: &str = "\
Examples:
  rolecall man | man -l -
  rolecall man annotate > ~/.local/share/man/man1/rolecall-annotate.1";

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn annotate(words: &str) -> Result<Annotate, clap::Error> {
        let cli = Cli::try_parse_from(["rolecall", "annotate"].into_iter().chain(words.split_whitespace()))?;
        match cli.command {
            Command::Annotate(args) => Ok(*args),
            other => panic!("expected annotate, found {other:?}"),
        }
    }

    #[test]
    fn the_definition_holds_clap_s_own_rules() {
        Cli::command().debug_assert();
    }

    #[test]
    fn devices_and_scores_are_checked() {
        assert_eq!(annotate("a --device cuda:1").unwrap().device, Device::Cuda(1));
        assert_eq!(annotate("a").unwrap().device, Device::Cpu);
        for wrong in [
            "--device gpu",
            "--device cuda:x",
            "--min-score 1.5",
            "--min-score NaN",
            "--workers 0",
            "--batch-tokens x",
            "--text-field=",
        ] {
            assert_eq!(annotate(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }

    #[test]
    fn examples_fit_eighty_columns() {
        for text in [
            AFTER_HELP,
            agreement::EXAMPLES,
            annotate::EXAMPLES,
            evaluate::EXAMPLES,
            export::EXAMPLES,
            gold::EXAMPLES,
            import::EXAMPLES,
            report::EXAMPLES,
            review::EXAMPLES,
            rules::CHECK_EXAMPLES,
            rules::EXPLAIN_EXAMPLES,
            show::EXAMPLES,
            stats::EXAMPLES,
            COMPLETIONS_EXAMPLES,
            MAN_EXAMPLES,
        ] {
            for line in text.lines() {
                assert!(line.len() <= 80, "{line}");
            }
        }
    }
}
