//! `rolecall evaluate`: takes gold and predictions, gives figures on standard output, and the mistakes where they are asked for.
//! Refuses wrong arguments before anything is made; says, and does not score, articles that can't be compared.

use super::messages::Messages;
use super::progress::Number;
use super::{Exit, Usage, print};
use crate::cli::Evaluate;
use anyhow::{Context, bail};
use rolecall::evaluate::bootstrap::Resampling;
use rolecall::evaluate::page::{Names, Page};
use rolecall::evaluate::pairing::{Entry, Met, Pairing, Stream};
use rolecall::evaluate::report::{Articles, Report};
use rolecall::evaluate::tags::Sentences;
use rolecall::evaluate::{Change, Evaluation, Judged, tables};
use rolecall::exchange::records::Records;
use rolecall::show::visible;
use rolecall::write::output::{Destination, Output};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// Articles that are judged together, on all cores.
const BATCH: usize = 512;

/// Mistakes that changed and are shown without being asked for.
const SHOWN: usize = 20;

/// Evaluates what `args` name.
///
/// # Errors
/// [`Usage`] when the arguments are wrong; any other when the run failed.
pub fn run(args: &Evaluate, messages: &Messages) -> anyhow::Result<Exit> {
    let names: Vec<&str> =
        [Some(&args.gold), Some(&args.pred), args.compare.as_ref()].into_iter().flatten().map(|s| &**s).collect();
    if names.iter().filter(|name| **name == "-").count() > 1 {
        return Err(Usage::new("'-' given more than once, but standard input can be read only once").into());
    }
    let streams = names.iter().map(|name| open(name)).collect::<anyhow::Result<Vec<_>>>()?;
    let destination =
        |path: &Option<PathBuf>| path.as_deref().map(|path| Destination::new(Some(path), &names)).transpose().map_err(Usage::new);
    let (errors, page) = (destination(&args.errors)?, destination(&args.html)?);
    if page == Some(Destination::Standard) {
        return Err(Usage::new("--html: expected a file; standard output is where the figures go").into());
    }
    if page.is_some() && page == errors {
        return Err(Usage::new("--errors and --html name the same file; give each its own").into());
    }
    let by = if args.by.is_empty() { vec!["split".to_owned(), "manner".to_owned()] } else { args.by.clone() };
    let resampling = Resampling { resamples: args.resamples, seed: args.seed };
    let mut run = Run {
        names,
        messages,
        evaluation: Evaluation::new(resampling, by, args.compare.is_some()),
        articles: Articles::default(),
        errors: errors.map(Destination::open).transpose()?,
        page: page.map(Page::open).transpose()?,
        changed: Vec::new(),
        waiting: Vec::new(),
    };
    for met in Pairing::new(streams) {
        run.take(met)?;
    }
    run.judge()?;
    run.end(args)
}

/// The articles of one argument.
fn open(name: &str) -> anyhow::Result<Stream> {
    let path = Path::new(name);
    if path.extension().is_some_and(|extension| ["conll", "iob2", "bio"].iter().any(|tags| extension == *tags)) {
        let file = File::open(path).map_err(|error| Usage::new(format!("{name}: can't be read: {error}")))?;
        let sentences = Sentences::new(name.to_owned(), BufReader::new(file));
        return Ok(Box::new(sentences.map(|sentence| sentence.map(Entry::from))));
    }
    let records = Records::open(&[name.to_owned()]).map_err(Usage::new)?;
    Ok(Box::new(records.map(|record| record.map(Entry::from))))
}

/// An evaluation on its way.
struct Run<'a> {
    /// Gold, the prediction, and the other if there is one, as they were named.
    names: Vec<&'a str>,
    messages: &'a Messages,
    evaluation: Evaluation,
    articles: Articles,
    errors: Option<Output>,
    page: Option<Page>,
    /// The first mistakes that one run makes and the other does not, in words.
    changed: Vec<String>,
    waiting: Vec<Vec<Entry>>,
}

impl Run<'_> {
    fn take(&mut self, met: Met) -> anyhow::Result<()> {
        match met {
            Met::Together(entries) => {
                self.waiting.push(entries);
                if self.waiting.len() == BATCH {
                    self.judge()?;
                }
            }
            Met::Apart { id, has } => self.apart(&id, &has),
            Met::DifferentText { id } => {
                self.articles.different_text += 1;
                let gold = self.names[0];
                let id = visible(&id);
                self.messages.line(format_args!("'{id}' has another text than in {gold}; not scored: annotate gold's own text"));
            }
            Met::Twice { id, stream } => {
                self.articles.refused += 1;
                let id = visible(&id);
                self.messages.line(format_args!("{}: '{id}' comes twice; only the first counts", self.names[stream]));
            }
            Met::Refused(refusal) => {
                self.articles.refused += 1;
                self.messages.line(refusal);
            }
        }
        Ok(())
    }

    fn apart(&mut self, id: &str, has: &[bool]) {
        let id = visible(id);
        if has[0] {
            self.articles.missing += 1;
            let lacking = self.names.iter().zip(has).filter(|(_, has)| !**has).map(|(name, _)| *name).collect::<Vec<_>>();
            self.messages.line(format_args!("'{id}' is in gold, but not in {}; not scored", lacking.join(" and ")));
        } else {
            self.articles.extra += 1;
            self.messages.detail(format_args!("'{id}' was predicted, but is not in gold; not scored"));
        }
    }

    /// Judges what waits.
    fn judge(&mut self) -> anyhow::Result<()> {
        for judged in self.evaluation.judge(std::mem::take(&mut self.waiting)) {
            if let Some(errors) = &mut self.errors {
                for line in judged.lines() {
                    errors.line(&serde_json::to_vec(&line).context("a mistake can't be written")?)?;
                }
            }
            if let Some(page) = &mut self.page {
                page.article(&judged)?;
            }
            self.note_changes(&judged);
        }
        Ok(())
    }

    fn note_changes(&mut self, judged: &Judged) {
        if self.evaluation.other.is_none() {
            return;
        }
        let changed = judged.lines().filter(|line| line.change.is_some_and(|change| change != Change::Same.as_str()));
        let room = SHOWN - self.changed.len();
        self.changed.extend(changed.take(room).map(|line| line.in_words()));
    }

    fn end(mut self, args: &Evaluate) -> anyhow::Result<Exit> {
        self.articles.judged = self.evaluation.articles;
        if let Some(errors) = self.errors.take() {
            errors.finish()?;
        }
        if self.articles.extra > 0 {
            let extra = Number(self.articles.extra, "predicted article");
            self.messages.note(format_args!("{extra} not in gold; not scored"));
        }
        if self.articles.judged == 0 {
            let [gold, pred] = [self.names[0], self.names[1]].map(|name| if name == "-" { "standard input" } else { name });
            bail!("no article of {pred} could be compared with {gold}; are the ids the same?");
        }
        for field in args.by.iter().filter(|field| self.evaluation.groups.keys().all(|(of, _)| of != *field)) {
            self.messages
                .note(format_args!("no article of gold has '{}' in its meta, as a text, number or truth value", visible(field)));
        }
        let articles = self.articles.clone();
        let report = Report::new(&self.evaluation, articles.clone());
        if let Some(page) = self.page.take() {
            let names = Names { gold: self.names[0], predicted: self.names[1], other: self.names.get(2).copied() };
            page.finish(&names, &report)?;
        }
        let printed = if args.json {
            let mut json = serde_json::to_string_pretty(&report).context("the report can't be written")?;
            json.push('\n');
            json
        } else {
            self.in_words(&report)
        };
        print(printed.as_bytes())?;
        let complete = articles.missing + articles.different_text + articles.refused == 0;
        Ok(if complete { Exit::Done } else { Exit::Refused })
    }

    fn in_words(&self, report: &Report) -> String {
        let judged = Number(self.articles.judged, "article");
        let mut page = format!("# {} against {}: {judged}\n\n{}", self.names[1], self.names[0], tables::markdown(report));
        if let (Some(comparison), Some(other)) = (&report.comparison, self.names.get(2)) {
            let count = |change: Change| comparison.mistakes[change.as_str()];
            page.push_str(&format!(
                "Of the mistakes, {} are new, {} of {other} are gone, {} are in both.\n",
                count(Change::New),
                count(Change::Fixed),
                count(Change::Same)
            ));
            self.changed.iter().for_each(|line| page.push_str(&format!("- {line}\n")));
            let more = count(Change::New) + count(Change::Fixed) - self.changed.len() as u64;
            if more > 0 {
                page.push_str(&format!("- and {more} more, which --errors lists\n"));
            }
        }
        page
    }
}
