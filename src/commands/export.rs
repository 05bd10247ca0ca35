//! `rolecall export`: takes files of records, gives them in the form of another tool, in one file or split into parts, and the files
//! that belong beside. Refuses, one by one, lines that are no records and articles that the format can't hold.

use super::messages::Messages;
use super::progress::{Number, Reading};
use super::{Exit, Usage};
use crate::cli;
use anyhow::{Context, bail};
use rolecall::exchange::article::{Article, Choices};
use rolecall::exchange::records::Records;
use rolecall::exchange::split::Splitter;
use rolecall::exchange::{self, Beside, Export, ExportError, Exporter, Written, joined_roles};
use rolecall::show::visible;
use rolecall::write::output::{Destination, Output, OutputError};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Exports what `args` name.
///
/// # Errors
/// [`Usage`] when the arguments are wrong; any other when the run failed.
pub fn run(args: &cli::Export, messages: &Messages) -> anyhow::Result<Exit> {
    let choices = choices(args)?;
    let export = args.to.export.expect("the parser allows formats that are written alone");
    let records = Records::open(&args.files).map_err(Usage::new)?;
    let places = Places::new(args, &export, choices)?;
    let parts = places.files.iter().map(|(name, destination)| Part::open(name, destination.clone(), &export, choices));
    let mut run = Run {
        messages,
        choices,
        parts: parts.collect::<anyhow::Result<_>>()?,
        splitter: args.split.clone().map(|shares| Splitter::new(shares, args.seed)),
        labels: BTreeSet::new(),
        roles: BTreeSet::new(),
        relations: BTreeSet::new(),
        unseen: 0,
        refused: 0,
    };
    match run.write(records) {
        Err(error) if closed(&error) => return Ok(Exit::Done),
        written => written?,
    }
    let beside = run.beside(&export);
    for Beside { name, content, .. } in &beside {
        match places.beside(name) {
            Some(path) => write_whole(&path, content, &args.files)?,
            None => messages.note(format_args!("{name} belongs beside a file: name one with -o")),
        }
    }
    let refused = run.refused;
    run.end(&export, &places, &beside)?;
    Ok(if refused == 0 { Exit::Done } else { Exit::Refused })
}

fn choices(args: &cli::Export) -> Result<Choices, Usage> {
    let unit = match (args.offsets.map(Into::into), args.to.offsets) {
        (Some(_), None) => {
            return Err(Usage::new(format!("--offsets is not for {}, whose offsets can't be chosen", args.to.name)));
        }
        (asked, own) => asked.or(own).unwrap_or_default(),
    };
    Ok(Choices { layer: args.layer.into(), only_accepted: args.only.is_some(), min_score: args.min_score, unit })
}

/// Whether the reader of the output wants no more.
fn closed(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(OutputError::Closed))
}

/// Where everything goes.
struct Places {
    /// The folder of the parts, if there are any.
    folder: Option<PathBuf>,
    /// The name of each part, and its file.
    files: Vec<(&'static str, Destination)>,
    /// What the files of the format end in.
    extension: &'static str,
}

impl Places {
    /// Looks at what is there; makes the folder of the parts.
    fn new(args: &cli::Export, export: &Export, choices: Choices) -> anyhow::Result<Self> {
        let places = Self::files(args, export.extension)?;
        let none = BTreeSet::new();
        let parts = [exchange::Part { name: "", file: "", articles: 0 }];
        let parts = if places.folder.is_some() { &parts[..] } else { &[] };
        for beside in (export.beside)(&Written { layer: choices.layer, labels: &none, roles: &none, relations: &none, parts }) {
            let Some(path) = places.beside(beside.name) else { continue };
            let strange = fs::read_to_string(&path).map_or(path.exists(), |there| !there.contains(beside.mark));
            if strange {
                let message =
                    format!("{}: would be written over, and is no file of an export; name another place", path.display());
                return Err(Usage::new(message).into());
            }
        }
        Ok(places)
    }

    fn files(args: &cli::Export, extension: &'static str) -> anyhow::Result<Self> {
        let Some((shares, folder)) = args.split.as_ref().zip(args.output.clone()) else {
            let destination = Destination::new(args.output.as_deref(), &args.files).map_err(Usage::new)?;
            return Ok(Self { folder: None, files: vec![("", destination)], extension });
        };
        if folder.exists() && !folder.is_dir() || folder == Path::new("-") {
            let message = format!("{}: a split needs a folder to write to, and this is none", folder.display());
            return Err(Usage::new(message).into());
        }
        fs::create_dir_all(&folder).with_context(|| format!("{}: can't be made", folder.display()))?;
        let file = |name: &&'static str| {
            let path = folder.join(format!("{name}.{extension}"));
            Destination::new(Some(&path), &args.files).map(|destination| (*name, destination))
        };
        let files = shares.names().iter().map(file).collect::<Result<_, _>>().map_err(Usage::new)?;
        Ok(Self { folder: Some(folder), files, extension })
    }

    /// The path of a file that belongs beside; none beside standard output.
    fn beside(&self, name: &str) -> Option<PathBuf> {
        match (&self.folder, &self.files[0].1) {
            (Some(folder), _) => Some(folder.join(name)),
            (None, Destination::File { path, .. }) => {
                let without = |path: &Path, endings: &[&str]| match path.extension().and_then(|ending| ending.to_str()) {
                    Some(ending) if endings.contains(&ending) => path.with_extension(""),
                    _ => path.to_owned(),
                };
                let mut stem = without(&without(path, &["gz", "zst"]), &[self.extension]).into_os_string();
                stem.push(".");
                stem.push(name);
                Some(stem.into())
            }
            (None, _) => None,
        }
    }
}

fn write_whole(path: &Path, content: &str, inputs: &[String]) -> anyhow::Result<()> {
    let mut output = Destination::new(Some(path), inputs).map_err(Usage::new)?.open()?;
    if let Err(error) = output.write_all(content.as_bytes()) {
        return Err(output.failure(error).into());
    }
    Ok(output.finish()?)
}

/// A file on its way.
struct Part {
    name: &'static str,
    shown: String,
    exporter: Box<dyn Exporter>,
    output: Output,
    written: u64,
}

impl Part {
    fn open(name: &'static str, destination: Destination, export: &Export, choices: Choices) -> anyhow::Result<Self> {
        let shown = destination.name().display().to_string();
        let exporter = (export.open)(choices.layer).context("there is no room for what is kept until the end")?;
        let mut part = Self { name, shown, exporter, output: destination.open()?, written: 0 };
        let mut bytes = Vec::new();
        part.exporter.begin(&mut bytes);
        part.write(&bytes)?;
        Ok(part)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        self.output.write_all(bytes).map_err(|error| self.output.failure(error))
    }

    fn finish(&mut self) -> Result<(), OutputError> {
        self.exporter.finish(&mut self.output).map_err(|error| self.output.failure(error))
    }
}

/// An export on its way.
struct Run<'a> {
    messages: &'a Messages,
    choices: Choices,
    parts: Vec<Part>,
    splitter: Option<Splitter>,
    labels: BTreeSet<String>,
    roles: BTreeSet<String>,
    relations: BTreeSet<String>,
    /// Articles that no reviewer has seen.
    unseen: u64,
    refused: u64,
}

impl Run<'_> {
    fn write(&mut self, records: Records) -> anyhow::Result<()> {
        let mut progress = Reading::start(self.messages, records.bytes(), records.consumed());
        let mut bytes = Vec::new();
        for record in records {
            match record {
                Ok(annotated) => match Article::new(annotated, &self.choices) {
                    Some(article) => self.take(&article, &mut bytes)?,
                    None => self.unseen += 1,
                },
                Err(refusal) => {
                    self.refused += 1;
                    self.messages.line(visible(&refusal.to_string()));
                }
            }
            progress.update(self.parts.iter().map(|part| part.written).sum());
        }
        progress.end();
        for part in &mut self.parts {
            part.finish()?;
        }
        Ok(())
    }

    fn take(&mut self, article: &Article, bytes: &mut Vec<u8>) -> anyhow::Result<()> {
        let at = self.splitter.as_mut().map_or(0, |splitter| splitter.part(&article.record.text));
        let part = &mut self.parts[at];
        bytes.clear();
        match part.exporter.article(article, bytes) {
            Ok(()) => {}
            Err(ExportError::Unfit(message)) => {
                self.refused += 1;
                self.messages.line(visible(&format!("'{}': {message}; left out", article.record.id)));
                return Ok(());
            }
            Err(ExportError::Kept(error)) => {
                bail!(anyhow::Error::new(error).context("what is kept until the end can't be written"))
            }
        }
        part.write(bytes)?;
        part.written += 1;
        for (at, span) in article.record.spans.iter().enumerate() {
            if !self.labels.contains(&span.label) {
                self.labels.insert(span.label.clone());
            }
            self.roles.extend(joined_roles(article, at));
        }
        self.relations.extend(article.record.relations.iter().map(|relation| relation.kind.clone()));
        Ok(())
    }

    /// The files that belong beside.
    fn beside(&self, export: &Export) -> Vec<Beside> {
        let split = self.splitter.is_some();
        let files: Vec<String> = self.parts.iter().map(|part| format!("{}.{}", part.name, export.extension)).collect();
        let parts = self.parts.iter().zip(&files).filter(|_| split);
        let parts: Vec<exchange::Part<'_>> =
            parts.map(|(part, file)| exchange::Part { name: part.name, file, articles: part.written }).collect();
        let written = Written {
            layer: self.choices.layer,
            labels: &self.labels,
            roles: &self.roles,
            relations: &self.relations,
            parts: &parts,
        };
        (export.beside)(&written)
    }

    /// Gives the files their names, and says what was written.
    fn end(self, export: &Export, places: &Places, beside: &[Beside]) -> anyhow::Result<()> {
        let mut made = Vec::new();
        for part in self.parts {
            made.push(format!("{} -> {}", Number(part.written, "article"), part.shown));
            match part.output.finish() {
                Err(OutputError::Closed) => return Ok(()),
                finished => finished?,
            }
        }
        made.extend(beside.iter().filter_map(|beside| Some(places.beside(beside.name)?.display().to_string())));
        let mut line = made.join(", ");
        if self.unseen > 0 {
            line += &format!("; {} left out that no reviewer has seen", Number(self.unseen, "article"));
        }
        if self.refused > 0 {
            line += &format!("; {} refused", self.refused);
        }
        self.messages.note(line);
        if let Some(hint) = (export.hint)(self.choices.layer) {
            self.messages.note(hint);
        }
        Ok(())
    }
}
