//! `rolecall import`: takes annotation in another form, gives records. Refuses, one by one, what can't be compiled, with its file
//! and line.

use super::messages::Messages;
use super::progress::Number;
use super::{Exit, Usage};
use crate::cli::{Format, Import};
use anyhow::Context;
use rolecall::assign::Rules;
use rolecall::document::Document;
use rolecall::exchange::marked::{self, Compiled};
use rolecall::read::{Code, Inputs, ReadOptions, Refusal};
use rolecall::write::output::{Destination, Output, OutputError};
use rolecall::write::record::{Record, Run};
use std::collections::BTreeSet;
use std::fs;

/// Imports what `args` name.
///
/// # Errors
/// [`Usage`] when the arguments are wrong; any other when the run failed.
pub fn run(args: &Import, messages: &Messages) -> anyhow::Result<Exit> {
    let inputs = Inputs::resolve(&args.inputs, ReadOptions::default()).map_err(Usage::new)?;
    let destination = Destination::new(args.output.as_deref(), &args.inputs).map_err(Usage::new)?;
    let rules = match &args.rules {
        Some(file) => Rules::load(file).context("the rules can't be used")?,
        None => Rules::builtin(),
    };
    let roles: BTreeSet<&str> = rules.roles().collect();
    let name = destination.name().display().to_string();
    let mut output = destination.open()?;
    let (mut written, mut refused) = (0, 0);
    for document in inputs.read() {
        let record = document.and_then(|document| match args.from {
            Format::Marked => marked_record(&document, &roles, args, messages),
        });
        match record {
            Ok(record) => match write(&mut output, &record) {
                Err(OutputError::Closed) => return Ok(Exit::Done),
                result => {
                    result?;
                    written += 1;
                }
            },
            Err(refusal) => {
                messages.line(&refusal);
                refused += 1;
            }
        }
    }
    output.finish()?;
    let but = if refused == 0 { String::new() } else { format!("; {} refused", Number(refused, "article")) };
    messages.note(format_args!("{} -> {name}{but}", Number(written, "article")));
    Ok(if refused == 0 { Exit::Done } else { Exit::Refused })
}

fn write(output: &mut Output, record: &Record) -> Result<(), OutputError> {
    output.line(&serde_json::to_vec(record).expect("a record has no key that is not a string"))
}

/// The record of a marked article; says which names are marked in one place and not in another.
fn marked_record(document: &Document, roles: &BTreeSet<&str>, args: &Import, messages: &Messages) -> Result<Record, Refusal> {
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
    let made_by = Run {
        tool: format!("rolecall {}", env!("CARGO_PKG_VERSION")),
        model: "none".to_owned(),
        rules: "none".to_owned(),
        precision: "none".to_owned(),
    };
    Ok(Record::new(&annotated.document, &annotated.annotation, &made_by, annotated.unit))
}

/// Where two texts begin to differ, in words; none if they don't.
fn difference(expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let same = expected.chars().zip(found.chars()).take_while(|(a, b)| a == b).count();
    let from = |text: &str| -> String { text.chars().skip(same).take(20).collect() };
    Some(format!("found {:?} in place of {:?} at character {same}", from(found), from(expected)))
}
