//! Takes a command as it was parsed, runs it, gives its exit code. A file a command; the short ones that only print stand here.
//! Refuses nothing itself.

mod agreement;
mod annotate;
mod evaluate;
mod export;
mod gold;
mod import;
pub mod messages;
mod progress;
mod report;
mod review;
mod rules;
mod show;
mod stats;

use crate::cli::{Cli, Command};
use anyhow::Context;
use clap::CommandFactory;
use messages::Messages;
use rolecall::write::record::SCHEMA;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

/// How the program ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// All done, or the reader of the output wanted no more.
    Done = 0,
    /// The run failed.
    Failed = 1,
    /// The arguments are wrong, and nothing was made.
    Usage = 2,
    /// Done, but some documents were refused.
    Refused = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error of the arguments: ends with [`Exit::Usage`].
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Usage(Box<dyn std::error::Error + Send + Sync>);

impl Usage {
    fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

/// Runs `cli`.
///
/// # Errors
/// When the run fails; a [`Usage`] when the arguments are wrong.
pub fn run(cli: Cli, messages: &Messages) -> anyhow::Result<Exit> {
    match cli.command {
        Command::Agreement(args) => agreement::run(&args, messages),
        Command::Annotate(args) => annotate::run(*args, &cli.global, messages),
        Command::Evaluate(args) => evaluate::run(&args, messages),
        Command::Export(args) => export::run(&args, messages),
        Command::Gold(args) => gold::run(&args, messages),
        Command::Import(args) => import::run(&args, messages),
        Command::Report(args) => report::run(&args, messages),
        Command::Review(args) => review::run(&args, messages),
        Command::Rules(args) => rules::run(&args, &cli.global, messages),
        Command::Show(args) => show::run(&args, &cli.global, messages),
        Command::Stats(args) => stats::run(&args, messages),
        Command::Schema => print(SCHEMA.as_bytes()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "rolecall", &mut script);
            print(&script)
        }
        Command::Man { command } => print(&manual(command.as_deref())?),
    }
}

/// The manual page of the program, or of one of its commands, in roff.
fn manual(command: Option<&str>) -> anyhow::Result<Vec<u8>> {
    let mut program = Cli::command();
    program.build();
    let (title, of) = match command {
        None => ("rolecall".to_owned(), program),
        Some(name) => match program.find_subcommand(name) {
            Some(of) => (format!("rolecall-{name}"), of.clone()),
            None => return Err(Usage::new(format!("no such command: '{name}'")).into()),
        },
    };
    let mut page = Vec::new();
    let source = concat!("rolecall ", env!("CARGO_PKG_VERSION"));
    clap_mangen::Man::new(of).title(title).source(source).render(&mut page).context("the manual page can't be made")?;
    Ok(page)
}

/// Prints to standard output. That nobody reads it is no failure.
fn print(bytes: &[u8]) -> anyhow::Result<Exit> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("standard output can't be written"),
        _ => Ok(Exit::Done),
    }
}
