//! Takes what the program has to say, gives it on standard error, a line at a time, without tearing the progress bar. Refuses
//! nothing: if standard error is closed, there is nobody to tell.

use crate::cli::{Color, Global};
use indicatif::ProgressBar;
use std::env;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

/// The way to standard error.
pub struct Messages {
    coloured: bool,
    quiet: bool,
    verbose: bool,
    /// The bar that is stepped aside for; hidden when none is shown.
    pub bar: ProgressBar,
}

impl Messages {
    /// Decides on colour once.
    pub fn new(global: &Global) -> Self {
        let coloured = coloured(global.color, &io::stderr());
        Self { coloured, quiet: global.quiet, verbose: global.verbose, bar: ProgressBar::hidden() }
    }

    /// Whether somebody watches and wants to.
    pub fn watched(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Says why the program ends: the error and its causes, in one line unless they hold more.
    pub fn error(&self, error: &anyhow::Error) {
        let label = if self.coloured { "\x1b[1;31merror:\x1b[0m" } else { "error:" };
        self.line(format_args!("{label} {error:#}"));
    }

    /// Says something that went wrong without ending the program.
    pub fn line(&self, message: impl Display) {
        // One write, so that lines of several programs do not mix.
        let line = format!("{message}\n");
        self.bar.suspend(|| {
            let _ = io::stderr().write_all(line.as_bytes());
        });
    }

    /// Says what goes on, unless `--quiet`.
    pub fn note(&self, message: impl Display) {
        if !self.quiet {
            self.line(message);
        }
    }

    /// Says what only `--verbose` asks for.
    pub fn detail(&self, message: impl Display) {
        if self.verbose && !self.quiet {
            self.line(message);
        }
    }
}

/// Whether what goes to `stream` is to be coloured.
pub fn coloured(color: Color, stream: &impl IsTerminal) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => stream.is_terminal() && colour_wanted(env::var_os("NO_COLOR"), env::var_os("TERM")),
    }
}

/// Whether a terminal's user takes colour (no-color.org: any value but the empty one says no).
fn colour_wanted(no_color: Option<std::ffi::OsString>, term: Option<std::ffi::OsString>) -> bool {
    no_color.is_none_or(|value| value.is_empty()) && term.is_none_or(|term| term != "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_color_and_dumb_terminals_are_respected() {
        assert!(colour_wanted(None, Some("xterm".into())));
        assert!(colour_wanted(Some("".into()), None));
        assert!(!colour_wanted(Some("1".into()), Some("xterm".into())));
        assert!(!colour_wanted(None, Some("dumb".into())));
    }
}
