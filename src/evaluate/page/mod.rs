//! Takes judged articles, then their report; gives a page to look through the mistakes in a browser: one file that needs no network.
//! Mistakes go into the file as they come. Refuses nothing; past a limit, mistakes are counted and left out.
//! What keeps the words of articles from becoming markup is said in [`page`](crate::page).

use super::Judged;
use super::measure::CORE;
use super::report::Report;
use crate::page::{escaped, filled, hash};
use crate::write::output::{Destination, Output, OutputError};
use serde_json::json;

/// The most mistakes in a page: what a browser can search without a pause.
pub const MOST: u64 = 50_000;

const MARKUP: &str = include_str!("page.html");
const STYLE: &str = concat!(include_str!("../../page/base.css"), "\n", include_str!("page.css"));
const SCRIPT: &str = concat!(
    "'use strict';\n{\n",
    include_str!("../../page/elements.js"),
    include_str!("../../page/panels.js"),
    include_str!("../../page/facets.js"),
    include_str!("data.js"),
    include_str!("figures.js"),
    include_str!("cards.js"),
    include_str!("page.js"),
    "}\n"
);

/// What the page shows that is in no report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Names<'a> {
    /// Where gold was read from.
    pub gold: &'a str,
    /// Where the prediction was read from.
    pub predicted: &'a str,
    /// Where the run was read from that it is compared with.
    pub other: Option<&'a str>,
}

/// A page on its way.
pub struct Page {
    output: Output,
    most: u64,
    shown: u64,
    left_out: u64,
}

impl Page {
    /// Begins a page.
    ///
    /// # Errors
    /// When it can't be made or written.
    pub fn open(destination: Destination) -> Result<Self, OutputError> {
        Self::with_most(destination, MOST)
    }

    fn with_most(destination: Destination, most: u64) -> Result<Self, OutputError> {
        let mut output = destination.open()?;
        output.line(parts().0.as_bytes())?;
        Ok(Self { output, most, shown: 0, left_out: 0 })
    }

    /// Puts the mistakes of an article into it.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn article(&mut self, judged: &Judged) -> Result<(), OutputError> {
        for line in judged.lines() {
            if self.shown == self.most {
                self.left_out += 1;
                continue;
            }
            let comma = if self.shown == 0 { "" } else { "," };
            let json = serde_json::to_string(&line).expect("a mistake is made of texts, numbers and lists");
            self.output.line(format!("{comma}{}", escaped(&json)).as_bytes())?;
            self.shown += 1;
        }
        Ok(())
    }

    /// Ends it with the figures.
    ///
    /// # Errors
    /// When they can't be written, or the file can't be given its name.
    pub fn finish(mut self, names: &Names, report: &Report) -> Result<(), OutputError> {
        let names = json!({"gold": names.gold, "predicted": names.predicted, "other": names.other});
        let rest = json!({"names": names, "left_out": self.left_out, "core": CORE, "report": report});
        self.output.line(parts().1.replace("{report}", &escaped(&rest.to_string())).as_bytes())?;
        self.output.finish()
    }
}

/// The page before its mistakes, and after them: there the place of the report is left.
fn parts() -> (String, String) {
    let (before, after) = MARKUP.split_once("{mistakes}\n").expect("the page has a place for mistakes");
    let hashes = [STYLE, SCRIPT].map(hash);
    let places = [("style", STYLE), ("style_hash", &*hashes[0]), ("script", SCRIPT), ("script_hash", &hashes[1])];
    (filled(before.trim_end(), &places), filled(after.trim_end(), &places))
}

#[cfg(test)]
mod tests;
