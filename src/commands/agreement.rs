//! `rolecall agreement`: takes files of answers and of records, gives how far those who made them agree, and what they differ on.
//! Refuses wrong arguments before anything is made; says, and does not compare, what can't be compared.

use super::messages::Messages;
use super::progress::Number;
use super::{Exit, Usage, print};
use crate::cli;
use anyhow::{Context, bail};
use rolecall::review::agreement::Agreement;
use rolecall::review::agreement::raters::{Raters, RatersError};
use rolecall::review::agreement::report::{Disagreement, Matter, Report};
use rolecall::review::agreement::tables;
use rolecall::show::visible;
use rolecall::write::output::{Destination, Output};
use std::collections::BTreeMap;

/// Disagreements on a matter that are printed without being asked for.
const SHOWN: usize = 20;

/// Compares what `args` name.
///
/// # Errors
/// [`Usage`] when the arguments are wrong; any other when the run failed.
pub fn run(args: &cli::Agreement, messages: &Messages) -> anyhow::Result<Exit> {
    let destination = args.disagreements.as_deref().map(|path| Destination::new(Some(path), &args.answers)).transpose();
    let destination = destination.map_err(Usage::new)?;
    if destination == Some(Destination::Standard) {
        return Err(Usage::new("--disagreements: expected a file; standard output is where the figures go").into());
    }
    let mut passed = 0;
    let raters = Raters::open(&args.answers, |message| {
        passed += 1;
        messages.line(visible(&message));
    });
    let raters = raters.map_err(|error| match error {
        RatersError::Unreadable { .. } => anyhow::Error::new(error),
        RatersError::Usage(_) | RatersError::Twice(_) => Usage::new(error).into(),
    })?;
    let (raters, idle) = raters.without_idle().context("answers can't be read")?;
    idle.iter().for_each(|name| messages.note(format_args!("{} accepted no article; left out", visible(name))));
    if raters.names().count() < 2 {
        let found = raters.names().next().map_or("none".to_owned(), |name| format!("one, {}", visible(name)));
        bail!("expected two raters or more who accepted articles, found {found}; name the answers of another");
    }
    let mut run = Run {
        agreement: Agreement::new(raters.names().map(str::to_owned)),
        raters,
        messages,
        passed,
        room: if args.all { usize::MAX } else { SHOWN },
        shown: BTreeMap::new(),
        destination,
        file: None,
    };
    for article in run.raters.articles() {
        run.take(&article)?;
    }
    run.end(args)
}

/// A comparison on its way.
struct Run<'a> {
    raters: Raters,
    agreement: Agreement,
    messages: &'a Messages,
    /// Lines and annotations that were passed over.
    passed: u64,
    /// How many disagreements on a matter are printed.
    room: usize,
    /// The first disagreements on each matter, in words.
    shown: BTreeMap<Matter, Vec<String>>,
    /// Where they are listed, until it is made: not before there is something to compare.
    destination: Option<Destination>,
    file: Option<Output>,
}

impl Run<'_> {
    fn take(&mut self, article: &str) -> anyhow::Result<()> {
        let verdicts = self.raters.verdicts(article).context("answers can't be read")?;
        let compared = self.agreement.take(article, &verdicts);
        if self.agreement.articles().compared > 0 {
            self.file = self
                .file
                .take()
                .map_or_else(|| self.destination.take().map(Destination::open).transpose(), |file| Ok(Some(file)))?;
        }
        let id = visible(article);
        for (rater, how) in compared.unsound {
            self.passed += 1;
            let name = self.raters.names().nth(rater).unwrap_or_default();
            self.messages.line(format_args!("'{id}' as {} accepted it contradicts itself: {how}; left out", visible(name)));
        }
        if compared.different_text {
            self.messages.line(format_args!("'{id}' was accepted in texts that differ; not compared where they do"));
        }
        for disagreement in &compared.disagreements {
            self.note(disagreement)?;
        }
        Ok(())
    }

    fn note(&mut self, disagreement: &Disagreement) -> anyhow::Result<()> {
        let shown = self.shown.entry(disagreement.matter).or_default();
        if shown.len() < self.room {
            shown.push(disagreement.in_words());
        }
        if let Some(file) = &mut self.file {
            file.line(&serde_json::to_vec(disagreement).context("a disagreement can't be written")?)?;
        }
        Ok(())
    }

    fn end(mut self, args: &cli::Agreement) -> anyhow::Result<Exit> {
        if self.agreement.articles().compared == 0 {
            bail!("no article was accepted by two raters in one text; are they of the same articles?");
        }
        if let Some(file) = self.file.take() {
            file.finish()?;
        }
        let report = self.agreement.report();
        let printed = if args.json {
            let mut json = serde_json::to_string_pretty(&report).context("the report can't be written")?;
            json.push('\n');
            json
        } else {
            let page = tables::markdown(&report) + &self.disagreements(&report);
            format!("{}\n", page.trim_end_matches('\n'))
        };
        print(printed.as_bytes())?;
        if self.passed > 0 {
            self.messages.note(format_args!("{} passed over", Number(self.passed, "line")));
        }
        let complete = self.passed + report.articles.different_text == 0;
        Ok(if complete { Exit::Done } else { Exit::Refused })
    }

    /// The first disagreements on each matter.
    fn disagreements(&self, report: &Report) -> String {
        let mut page = String::new();
        for (matter, lines) in &self.shown {
            let all = report.disagreements[matter];
            page.push_str(&format!("## Disagreements on {}: {all}\n\n", matter.plural()));
            lines.iter().for_each(|line| page.push_str(&format!("- {line}\n")));
            let more = all - lines.len() as u64;
            if more > 0 {
                page.push_str(&format!("- and {more} more, which --all prints and --disagreements lists\n"));
            }
            page.push('\n');
        }
        page
    }
}
