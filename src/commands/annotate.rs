//! `rolecall annotate`: takes inputs, gives a record a document, in order, and a line about every document that is refused.
//! Refuses wrong arguments first, then a model or rules that can't be loaded: both before any output is there.

use super::messages::Messages;
use super::progress::{Counts, Number, Progress, closing};
use super::{Exit, Usage};
use crate::cli;
use crate::config::{self, Config, Show};
use anyhow::{Context, bail};
use indicatif::DecimalBytes;
use rolecall::assign::Rules;
use rolecall::document::{Annotation, Document};
use rolecall::pipeline::Pipeline;
use rolecall::read::{Inputs, Refusal};
use rolecall::recognise::Recogniser;
use rolecall::recognise::model::TransformerRecogniser;
use rolecall::write::output::{Destination, Output, OutputError};
use rolecall::write::record::{Record, Run};
use std::borrow::Cow;
use std::fs::File;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Annotates what `args` name.
///
/// # Errors
/// [`Usage`] when the arguments are wrong; any other when the run failed.
pub fn run(args: cli::Annotate, global: &cli::Global, messages: &Messages) -> anyhow::Result<Exit> {
    let config = Config::new(args, global).map_err(Usage::new)?;
    let inputs = Inputs::resolve(&config.inputs, config.read.clone()).map_err(Usage::new)?;
    let (pipeline, made_by) = open(&config, messages)?;
    if config.progress == Show::Plain {
        announce(&config, inputs.bytes(), messages);
    }
    let total = inputs.bytes();
    let reader = inputs.read();
    let progress = Progress::start(messages, config.progress, total, reader.consumed());
    let documents = progress.watch(reader);
    let mut results = Results::new(&config, messages, progress);
    let finish = |document: &Document, annotation: &Annotation| Line::new(document, annotation, &made_by, &config);
    let outcome = pipeline.run(documents, finish, |item| results.take(item));
    results.end(outcome.context("the run failed"))
}

/// Says what is being done, for whoever reads a log.
fn announce(config: &Config, bytes: Option<u64>, messages: &Messages) {
    let what = match config.inputs.as_slice() {
        [input] if input == "-" => "standard input".to_owned(),
        [input] => input.clone(),
        inputs => Number(inputs.len() as u64, "input").to_string(),
    };
    let size = bytes.map(|bytes| format!(" ({})", DecimalBytes(bytes))).unwrap_or_default();
    messages.note(format_args!("annotating {what}{size} with {}", Number(config.workers.get() as u64, "worker")));
}

/// Loads rules and model.
fn open(config: &Config, messages: &Messages) -> anyhow::Result<(Pipeline<TransformerRecogniser>, Run)> {
    let rules = match &config.rules {
        Some(file) => Rules::load(file).context("the rules can't be used")?,
        None => Rules::builtin(),
    };
    let folder = config::model_folder(config.model.as_deref())?;
    let recogniser = TransformerRecogniser::open(&folder, config.model_options).context("the model can't be loaded")?;
    let identity = recogniser.identity();
    let made_by = Run {
        tool: format!("rolecall {}", env!("CARGO_PKG_VERSION")),
        model: identity.model,
        rules: rules.hash().to_owned(),
        precision: identity.precision,
    };
    messages.detail(format_args!("model: {} ({}, {})", folder.display(), made_by.precision, made_by.model));
    let origin = config.rules.as_ref().map_or("built in".into(), |file| file.display().to_string());
    messages.detail(format_args!("rules: {origin} ({})", made_by.rules));
    messages.detail(format_args!("workers: {}", config.workers));
    Ok((Pipeline::new(recogniser, rules, config.workers)?, made_by))
}

/// A record as it is written, with what the closing line counts of it.
struct Line {
    json: Vec<u8>,
    bytes: u64,
    words: u64,
    roles: u64,
}

impl Line {
    fn new(document: &Document, annotation: &Annotation, made_by: &Run, config: &Config) -> Self {
        let annotation = scoring(annotation, config.min_score);
        let record = Record::new(document, &annotation, made_by, config.unit);
        let wordy = |text: &str| text.chars().any(char::is_alphanumeric);
        Self {
            json: serde_json::to_vec(&record).expect("a record has no key that is not a string"),
            bytes: document.text.len() as u64,
            words: annotation.segments.tokens.iter().filter(|token| wordy(token.span.of(&document.text))).count() as u64,
            roles: record.entities.iter().map(|entity| entity.roles.len() as u64).sum(),
        }
    }
}

/// The annotation with the roles that score at least `least`.
fn scoring(annotation: &Annotation, least: f32) -> Cow<'_, Annotation> {
    let mut roles = annotation.entities.iter().flat_map(|entity| &entity.roles);
    if roles.all(|role| role.score >= least) {
        return Cow::Borrowed(annotation);
    }
    let mut kept = annotation.clone();
    for entity in &mut kept.entities {
        entity.roles.retain(|role| role.score >= least);
    }
    Cow::Owned(kept)
}

/// Where the results of a run go. Its files are made when the first result is there, hence after every model has been loaded.
struct Results<'a> {
    config: &'a Config,
    messages: &'a Messages,
    progress: Progress<'a>,
    files: Option<Files>,
    counts: Counts,
    /// Why the run was ended before the input was.
    stopped: Option<anyhow::Error>,
}

struct Files {
    output: Output,
    errors: Option<File>,
}

impl<'a> Results<'a> {
    fn new(config: &'a Config, messages: &'a Messages, progress: Progress<'a>) -> Self {
        Self { config, messages, progress, files: None, counts: Counts::default(), stopped: None }
    }

    /// Takes the next result, and breaks where it can't be written or the run is to end.
    fn take(&mut self, item: Result<Line, Refusal>) -> ControlFlow<()> {
        let taken = match item {
            Ok(line) => self.write(&line),
            Err(refusal) => self.refuse(&refusal),
        };
        self.progress.update(&self.counts);
        match taken {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.stopped = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    fn write(&mut self, line: &Line) -> anyhow::Result<()> {
        self.files()?.output.line(&line.json)?;
        self.counts.articles += 1;
        self.counts.bytes += line.bytes;
        self.counts.words += line.words;
        self.counts.roles += line.roles;
        Ok(())
    }

    fn refuse(&mut self, refusal: &Refusal) -> anyhow::Result<()> {
        self.counts.refused += 1;
        self.messages.line(refusal);
        if let Some(errors) = &mut self.files()?.errors {
            let mut line = serde_json::to_vec(refusal).expect("a refusal has no key that is not a string");
            line.push(b'\n');
            errors.write_all(&line).context("the list of errors can't be written")?;
        }
        if self.config.fail_fast {
            bail!("stopped at the first refused document, as --fail-fast asks");
        }
        Ok(())
    }

    fn files(&mut self) -> anyhow::Result<&mut Files> {
        match &mut self.files {
            Some(files) => Ok(files),
            none => Ok(none.insert(Files::open(self.config)?)),
        }
    }

    /// Ends the run: gives the output its name, and says what was done.
    fn end(mut self, outcome: anyhow::Result<()>) -> anyhow::Result<Exit> {
        let written = outcome.and_then(|()| match self.stopped.take() {
            Some(error) => Err(error),
            None => {
                self.files()?;
                Ok(self.files.take().map_or(Ok(()), |files| files.output.finish())?)
            }
        });
        let elapsed = self.progress.end();
        match written {
            Ok(()) => {}
            Err(error) if matches!(error.downcast_ref(), Some(OutputError::Closed)) => return Ok(Exit::Done),
            Err(error) => return Err(kept(error, &self.config.output, &self.counts)),
        }
        let refused = match self.counts.refused {
            0 => String::new(),
            refused => format!("; {} refused", Number(refused, "document")),
        };
        let name = self.config.output.name().display();
        self.messages.note(format_args!("{} -> {name}{refused}", closing(&self.counts, elapsed)));
        Ok(if self.counts.refused == 0 { Exit::Done } else { Exit::Refused })
    }
}

impl Files {
    fn open(config: &Config) -> anyhow::Result<Self> {
        let create = |path: &PathBuf| File::create(path).with_context(|| format!("{}: can't be made", path.display()));
        let output = config.output.clone().open()?;
        Ok(Self { output, errors: config.errors.as_ref().map(create).transpose()? })
    }
}

/// The error, with where the articles are that were written before it.
fn kept(error: anyhow::Error, output: &Destination, counts: &Counts) -> anyhow::Error {
    match output {
        Destination::File { part, .. } if counts.articles > 0 => {
            let articles = Number(counts.articles, "article");
            error.context(format!("the run ended early; {} keeps {articles}", part.display()))
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rolecall::document::{Entity, Label, RoleGiven, Status};

    #[test]
    fn roles_below_the_least_score_are_left_out_and_their_entities_stay() {
        let role = |role: &str, score| RoleGiven { role: role.into(), score, status: Status::Predicted, evidence: vec![] };
        let entity = Entity {
            label: Label::Per,
            name: "Ivo Tarn".into(),
            anonymised: false,
            mentions: vec![],
            links: vec![],
            roles: vec![role("panel_chair", 0.97), role("spokesperson", 0.4)],
        };
        let annotation = Annotation { entities: vec![entity], ..Annotation::default() };
        let roles = |least| -> Vec<String> {
            scoring(&annotation, least).entities[0].roles.iter().map(|role| role.role.clone()).collect()
        };
        assert_eq!(roles(0.4), ["panel_chair", "spokesperson"]);
        assert_eq!(roles(0.5), ["panel_chair"]);
        assert_eq!(roles(1.0), [""; 0]);
    }
}
