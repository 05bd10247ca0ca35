//! `rolecall import`: takes annotation in another form, gives records. Refuses, one by one, what can't be compiled or does not fit,
//! with its file and line.

use super::messages::Messages;
use super::progress::Number;
use super::{Exit, Usage};
use crate::cli;
use anyhow::Context;
use rolecall::assign::{self, Rules};
use rolecall::document::Document;
use rolecall::exchange::Import;
use rolecall::exchange::assemble::{How, assemble, difference};
use rolecall::exchange::draft::{Draft, Drafts, Place};
use rolecall::exchange::marked::{self, Compiled};
use rolecall::exchange::originals::Originals;
use rolecall::exchange::records::Records;
use rolecall::exchange::sources::{self, Source};
use rolecall::read::{Code, Inputs, ReadOptions, Refusal};
use rolecall::segment::segment;
use rolecall::show::visible;
use rolecall::write::back::Annotated;
use rolecall::write::output::{Destination, Output, OutputError};
use rolecall::write::record::Record;
use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Imports what `args` name.
///
/// # Errors
/// [`Usage`] when the arguments are wrong; any other when the run failed.
pub fn run(args: &cli::Import, messages: &Messages) -> anyhow::Result<Exit> {
    let import = args.from.import.expect("the parser allows formats that are read alone");
    check(args, &import)?;
    let others =
        args.records.iter().chain(&args.inputs).map(Path::new).chain(args.rules.as_deref()).chain(args.articles.as_deref());
    let destination = Destination::new(args.output.as_deref(), others).map_err(Usage::new)?;
    let roles: BTreeSet<String> = match &args.rules {
        Some(file) => Rules::load(file).context("the rules can't be used")?.roles().map(str::to_owned).collect(),
        None => assign::built_in_roles().map(str::to_owned).collect(),
    };
    let mut articles = match import {
        Import::Records => Articles::Plain(Box::new(Records::open(&args.inputs).map_err(Usage::new)?.map(Item::from))),
        Import::Marked => {
            let inputs = Inputs::resolve(&args.inputs, ReadOptions::default()).map_err(Usage::new)?;
            Articles::Plain(Box::new(inputs.read().map(move |document| {
                let roles = roles.iter().map(|role| &**role).collect();
                document.and_then(|document| marked_article(&document, &roles, args, messages)).into()
            })))
        }
        Import::Drafts { extensions, read } => Articles::Drafted(Box::new(Drafted::new(args, extensions, read, roles)?)),
    };
    let shown = destination.name().display().to_string();
    let mut run = Run {
        messages,
        output: destination.open()?,
        ids: HashSet::new(),
        written: 0,
        refused: 0,
        unfit: 0,
        given: 0,
        taken_away: 0,
    };
    for article in &mut articles {
        match run.take(article) {
            Err(OutputError::Closed) => return Ok(Exit::Done),
            taken => taken?,
        }
    }
    if let Articles::Drafted(drafted) = articles {
        run.look_back(drafted.originals);
    }
    Ok(run.end(&shown)?)
}

/// Refuses arguments that are not for the format.
fn check(args: &cli::Import, import: &Import) -> Result<(), Usage> {
    let name = args.from.name;
    if args.articles.is_some() && !matches!(import, Import::Marked) {
        return Err(Usage::new(format!("--articles is for --from marked, not for {name}; name the records with --records")));
    }
    if args.records.is_some() && !matches!(import, Import::Drafts { .. }) {
        return Err(Usage::new(format!("--records is not for --from {name}, which holds everything itself")));
    }
    if args.offsets.is_some() && args.from.offsets.is_none() {
        return Err(Usage::new(format!("--offsets is not for {name}, whose offsets can't be chosen")));
    }
    let standard = args.inputs.iter().chain(&args.records).filter(|input| *input == "-").count();
    if standard > 1 {
        return Err(Usage::new("'-' given twice, but standard input can be read only once"));
    }
    Ok(())
}

/// What has become of an article.
struct Item {
    article: Result<Annotated, Refusal>,
    /// Where it stands, if it came from a draft.
    place: Option<Place>,
    unfit: Vec<Refusal>,
    given: usize,
    taken_away: usize,
}

impl From<Result<Annotated, Refusal>> for Item {
    fn from(article: Result<Annotated, Refusal>) -> Self {
        Self { article, place: None, unfit: Vec::new(), given: 0, taken_away: 0 }
    }
}

/// Articles on their way.
enum Articles<'a> {
    /// Whole as they are read.
    Plain(Box<dyn Iterator<Item = Item> + 'a>),
    Drafted(Box<Drafted>),
}

impl Iterator for Articles<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        match self {
            Self::Plain(articles) => articles.next(),
            Self::Drafted(articles) => articles.next(),
        }
    }
}

/// Articles that are assembled from drafts.
struct Drafted {
    files: std::vec::IntoIter<Result<PathBuf, Refusal>>,
    read: fn(Source) -> Drafts,
    drafts: Option<Drafts>,
    originals: Option<Originals>,
    how: How,
}

impl Drafted {
    fn new(args: &cli::Import, extensions: &[&str], read: fn(Source) -> Drafts, roles: BTreeSet<String>) -> anyhow::Result<Self> {
        let files = sources::resolve(&args.inputs, extensions).map_err(Usage::new)?.into_iter();
        let records =
            args.records.as_ref().map(|file| Records::open(std::slice::from_ref(file))).transpose().map_err(Usage::new)?;
        let unit = args.offsets.map(Into::into).or(args.from.offsets).unwrap_or_default();
        let how = How { layer: args.layer.into(), unit, roles };
        Ok(Self { files, read, drafts: None, originals: records.map(Originals::new), how })
    }

    /// The next draft, of whatever file.
    fn draft(&mut self) -> Option<Result<Draft, Refusal>> {
        loop {
            if let Some(draft) = self.drafts.as_mut().and_then(Iterator::next) {
                return Some(draft);
            }
            match self.files.next()?.and_then(|path| sources::open(&path)) {
                Ok(source) => self.drafts = Some((self.read)(source)),
                Err(refusal) => return Some(Err(refusal)),
            }
        }
    }
}

impl Iterator for Drafted {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let draft = match self.draft()? {
            Ok(draft) => draft,
            Err(refusal) => return Some(Err(refusal).into()),
        };
        let place = Some(draft.place.clone());
        let mut unfit = Vec::new();
        let mut original = None;
        if let Some(originals) = &mut self.originals {
            original = originals.take(&draft);
            unfit.append(&mut originals.refused);
            let again = draft.id.as_ref().is_some_and(|id| originals.taken(id));
            if original.is_none() && !again {
                unfit.push(draft.place.refusal(
                    draft.id.as_deref(),
                    "expected an article of --records, found none with its id or words; imported as it is",
                ));
            }
        }
        Some(match assemble(draft, original, &self.how) {
            Ok(assembled) => {
                unfit.extend(assembled.unfit);
                let (given, taken_away) = (assembled.given, assembled.taken_away);
                Item { article: Ok(assembled.annotated), place, unfit, given, taken_away }
            }
            Err(refusal) => Item { article: Err(refusal), place, unfit, given: 0, taken_away: 0 },
        })
    }
}

/// An import on its way.
struct Run<'a> {
    messages: &'a Messages,
    output: Output,
    /// The ids that were written.
    ids: HashSet<String>,
    written: u64,
    refused: u64,
    unfit: u64,
    given: u64,
    taken_away: u64,
}

impl Run<'_> {
    fn take(&mut self, item: Item) -> Result<(), OutputError> {
        for refusal in &item.unfit {
            self.unfit += 1;
            self.messages.line(visible(&refusal.to_string()));
        }
        self.given += item.given as u64;
        self.taken_away += item.taken_away as u64;
        let article = item.article.and_then(|mut article| {
            let id = &article.document.id;
            if !self.ids.insert(id.clone()) {
                let message =
                    format!("expected an id of its own for each article, found '{id}' a second time; the first is kept");
                let refusal = Refusal::new(Code::DuplicateId, message).of(Some(id.clone()));
                return Err(match item.place {
                    Some(Place { path, line }) => refusal.at(path).on_line(line),
                    None => refusal,
                });
            }
            article.annotation.segments = segment(&article.document.text);
            Ok(article)
        });
        match article {
            Ok(Annotated { document, annotation, unit, made_by }) => {
                let record = Record::new(&document, &annotation, &made_by, unit);
                self.output.line(&serde_json::to_vec(&record).expect("a record has no key that is not a string"))?;
                self.written += 1;
            }
            Err(refusal) => {
                self.messages.line(visible(&refusal.to_string()));
                self.refused += 1;
            }
        }
        Ok(())
    }

    /// Says what of the records was not imported, and whether a layer seems to be missing.
    fn look_back(&mut self, originals: Option<Originals>) {
        let Some(mut originals) = originals else { return };
        let left = originals.left() as u64;
        for refusal in originals.refused {
            self.unfit += 1;
            self.messages.line(visible(&refusal.to_string()));
        }
        if left > 0 {
            self.messages.note(format_args!("{} of --records not among what was imported", Number(left, "article")));
        }
        if self.given == 0 && self.taken_away > 0 {
            self.unfit += 1;
            let message = "no article has a role, so all roles of --records count as refused; if --layer ner was exported, import with --layer ner";
            self.messages.line(message);
        }
    }

    fn end(self, shown: &str) -> Result<Exit, OutputError> {
        self.output.finish()?;
        let mut line = format!("{} -> {shown}", Number(self.written, "article"));
        for (count, what) in [(self.refused, "article"), (self.unfit, "thing")] {
            if count > 0 {
                line += &format!("; {} {}", Number(count, what), if what == "article" { "refused" } else { "that did not fit" });
            }
        }
        if self.taken_away > 0 {
            line += &format!("; {} of --records not among them", Number(self.taken_away, "role"));
        }
        self.messages.note(line);
        Ok(if self.refused + self.unfit == 0 { Exit::Done } else { Exit::Refused })
    }
}

/// The article of a marked one; says which names are marked in one place and not in another.
fn marked_article(
    document: &Document,
    roles: &BTreeSet<&str>,
    args: &cli::Import,
    messages: &Messages,
) -> Result<Annotated, Refusal> {
    let path = document.meta.get("source").and_then(|source| source.get("path")?.as_str()).unwrap_or(&document.id);
    let refusal = |line: usize, what: String| {
        Refusal::new(Code::BadMarks, what).at(path).on_line(line as u64).of(Some(document.id.clone()))
    };
    let compiled = marked::compile(&document.id, &document.text, roles).map_err(|error| refusal(error.line, error.what))?;
    let Compiled { annotated, forgotten } = compiled;
    if let Some(folder) = &args.articles {
        let file = folder.join(&document.id);
        let plain = fs::read_to_string(&file)
            .map_err(|error| refusal(1, format!("expected the article without marks in {}: {error}", file.display())))?;
        if let Some(what) = difference(&plain, &annotated.document.text) {
            return Err(refusal(1, format!("expected the article in {} when the marks are taken away, {what}", file.display())));
        }
    }
    for place in forgotten {
        messages.detail(format_args!("{path}:{}: '{}' is marked elsewhere in the article and not here", place.line, place.words));
    }
    Ok(annotated)
}
