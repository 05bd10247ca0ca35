//! The program: takes arguments and standard input, gives an exit code. What it does is in `commands`, what it understands in
//! `cli`; errors end here, as one message on standard error.

mod cli;
mod commands;
mod config;

use clap::Parser;
use commands::messages::Messages;
use commands::{Exit, Usage};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let messages = Messages::new(&cli.global);
    let exit = commands::run(cli, &messages).unwrap_or_else(|error| {
        messages.error(&error);
        if error.is::<Usage>() { Exit::Usage } else { Exit::Failed }
    });
    exit.into()
}
