//! `rolecall show`: takes files of records, gives each article as text for a terminal, beside its gold if asked. Refuses, line by
//! line, what is no record; an id that no article has fails the run after all others are shown.

use super::messages::{Messages, coloured};
use super::progress::Number;
use super::{Exit, Usage};
use crate::cli;
use anyhow::{Context, bail};
use rolecall::exchange::records::Records;
use rolecall::show::{self, Against, Look, visible};
use rolecall::write::back::Annotated;
use std::collections::HashMap;
use std::io::{self, BufWriter, ErrorKind, Write};

/// Columns where there is no terminal.
const WIDTH: usize = 80;

/// How alike two ids must be for one to be suggested for the other (Jaro and Winkler's measure, 0 to 1), and how many are.
const ALIKE: f64 = 0.8;
const SUGGESTED: usize = 3;

/// Shows what `args` name.
///
/// # Errors
/// [`Usage`] when the arguments are wrong; any other when an id was not found, or the output can't be written.
pub fn run(args: &cli::Show, global: &cli::Global, messages: &Messages) -> anyhow::Result<Exit> {
    if args.gold.as_deref() == Some("-") && args.files.iter().any(|file| file == "-") {
        return Err(Usage::new("'-' given twice, but standard input can be read only once").into());
    }
    let records = Records::open(&args.files).map_err(Usage::new)?;
    let mut refused = 0;
    let gold = args.gold.as_ref().map(|gold| read_gold(gold, messages, &mut refused)).transpose()?;
    let stdout = io::stdout();
    let look = Look { width: args.width.unwrap_or_else(|| columns(&stdout)), coloured: coloured(global.color, &stdout) };
    let mut wanted = Wanted::new(&args.ids);
    let mut out = BufWriter::new(stdout.lock());
    let mut legend = show::legend(gold.is_some(), look);
    for record in records {
        let article = match record {
            Ok(article) if wanted.takes(&article.document.id) => article,
            Ok(_) => continue,
            Err(refusal) => {
                refused += 1;
                messages.line(visible(&refusal.to_string()));
                continue;
            }
        };
        let against = match &gold {
            None => Against::Nothing,
            Some(gold) => gold.get(&article.document.id).map_or(Against::NotInGold, Against::Gold),
        };
        let text = std::mem::take(&mut legend) + &show::article(&article, against, look);
        // Flushed article by article, so that one sees what a slow filter before it has given so far.
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(Exit::Done),
            written => written.context("standard output can't be written")?,
        }
    }
    wanted.end()?;
    if refused > 0 {
        messages.note(format_args!("{} refused", Number(refused, "line")));
    }
    Ok(if refused == 0 { Exit::Done } else { Exit::Refused })
}

/// The columns of the terminal, if it is one and has enough.
pub(super) fn columns(stdout: &io::Stdout) -> usize {
    terminal_size::terminal_size_of(stdout).map_or(WIDTH, |(width, _)| usize::from(width.0).max(cli::Show::NARROWEST))
}

/// The articles of gold by their ids. The first one of an id counts.
fn read_gold(file: &str, messages: &Messages, refused: &mut u64) -> anyhow::Result<HashMap<String, Annotated>> {
    let mut gold = HashMap::new();
    for record in Records::open(&[file.to_owned()]).map_err(Usage::new)? {
        match record {
            Ok(article) => {
                let id = article.document.id.clone();
                gold.entry(id).or_insert(article);
            }
            Err(refusal) => {
                *refused += 1;
                messages.line(visible(&refusal.to_string()));
            }
        }
    }
    Ok(gold)
}

/// The ids that were asked for.
pub(super) struct Wanted<'a> {
    ids: Vec<WantedId<'a>>,
}

struct WantedId<'a> {
    id: &'a str,
    found: bool,
    /// The ids most like it, the most alike first.
    close: Vec<(f64, String)>,
}

impl<'a> Wanted<'a> {
    pub(super) fn new(ids: &'a [String]) -> Self {
        Self { ids: ids.iter().map(|id| WantedId { id, found: false, close: Vec::new() }).collect() }
    }

    /// Whether the article of this id is to be shown.
    pub(super) fn takes(&mut self, id: &str) -> bool {
        let mut takes = self.ids.is_empty();
        for wanted in &mut self.ids {
            if wanted.id == id {
                (wanted.found, takes) = (true, true);
            } else if !wanted.found {
                wanted.compare(id);
            }
        }
        takes
    }

    /// Fails when one was not found.
    pub(super) fn end(self) -> anyhow::Result<()> {
        let missing: Vec<String> = self.ids.iter().filter(|wanted| !wanted.found).map(WantedId::complaint).collect();
        if !missing.is_empty() {
            bail!("{}", missing.join("; "));
        }
        Ok(())
    }
}

impl WantedId<'_> {
    fn compare(&mut self, id: &str) {
        let alike = if id.contains(self.id) { 1.0 } else { strsim::jaro_winkler(id, self.id) };
        let place = self.close.partition_point(|(other, _)| *other >= alike);
        if alike >= ALIKE && place < SUGGESTED {
            self.close.insert(place, (alike, id.to_owned()));
            self.close.truncate(SUGGESTED);
        }
    }

    fn complaint(&self) -> String {
        let close: Vec<String> = self.close.iter().map(|(_, id)| format!("'{}'", visible(id))).collect();
        let hint = if close.is_empty() { String::new() } else { format!("; close to it: {}", close.join(", ")) };
        format!("no article has the id '{}'{hint}", visible(self.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_ids_are_suggested() {
        let ids = ["hearing-2.txt".to_owned(), "002".to_owned()];
        let mut wanted = Wanted::new(&ids);
        for id in ["002", "hearing-1.txt", "hearing-3.txt", "zebra", "a/hearing-2.txt", "hearing-4.txt"] {
            assert_eq!(wanted.takes(id), id == "002");
        }
        let error = wanted.end().unwrap_err().to_string();
        let expected = "no article has the id 'hearing-2.txt'; close to it: 'a/hearing-2.txt', 'hearing-1.txt', 'hearing-3.txt'";
        assert_eq!(error, expected);
    }

    #[test]
    fn all_are_shown_where_none_is_named() {
        let mut wanted = Wanted::new(&[]);
        assert!(wanted.takes("any"));
        assert!(wanted.end().is_ok());
    }
}
