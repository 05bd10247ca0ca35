//! `rolecall rules`: takes rule files, gives what is wrong with them; takes a record, gives how its roles come about. A file that
//! can't be read does not stop the others; an article or an entity that is not there fails the run.

use super::messages::Messages;
use super::progress::Number;
use super::show::{Wanted, columns};
use super::{Exit, Usage, print};
use crate::cli;
use anyhow::{Context, Error, bail};
use rolecall::assign::{Asked, BUILT_IN, Changes, Check, Explanation, RuleError, Rules, Tally};
use rolecall::document::Kind;
use rolecall::exchange::records::Records;
use rolecall::show::{self, Look, visible};
use rolecall::write::back::Annotated;
use serde_json::{Value, json};
use std::fmt::Write;
use std::io;

/// The form of what `explain --json` prints.
const EXPLANATION: &str = "rolecall-explanation/1";

/// The order in which changes are told.
const SECTIONS: [&str; 6] = ["rule", "role", "feature", "trait", "derived", "list"];

/// Does what `args` ask for.
///
/// # Errors
/// [`Usage`] when the arguments are wrong; any other when what is to be explained was not found, or the output can't be written.
pub fn run(args: &cli::Rules, global: &cli::Global, messages: &Messages) -> anyhow::Result<Exit> {
    match args {
        cli::Rules::Check(args) => check(args, messages),
        cli::Rules::Explain(args) => explain(args, global, messages),
    }
}

fn check(args: &cli::Check, messages: &Messages) -> anyhow::Result<Exit> {
    let checks: Vec<(String, Result<Check, RuleError>)> = match &args.files[..] {
        [] => vec![(BUILT_IN.to_owned(), Check::run(None))],
        files => files.iter().map(|file| (file.display().to_string(), Check::run(Some(file)))).collect(),
    };
    let (mut exit, mut summary) = (Exit::Done, String::new());
    for (origin, check) in checks {
        let check = match check {
            Ok(check) => check,
            Err(error) => {
                exit = Exit::Failed;
                messages.error(&Error::new(error));
                continue;
            }
        };
        if !check.faults.is_empty() {
            exit = Exit::Failed;
        }
        for fault in &check.faults {
            messages.line(visible(&fault.to_string()));
        }
        summary += &summed_up(&visible(&origin), &check);
    }
    print(summary.as_bytes())?;
    Ok(exit)
}

/// What a check found, in a line, and one more where rules that the file does not name fail for it.
fn summed_up(origin: &str, check: &Check) -> String {
    let found = match check.faults.len() {
        0 => "nothing is wrong".to_owned(),
        faults => Number(faults as u64, "fault").to_string(),
    };
    let mut line = format!("{origin}: {found}; {}", Number(check.rules as u64, "rule"));
    for (section, changes) in SECTIONS.iter().filter_map(|section| Some((section, check.changes.get(section)?))) {
        let Changes { added, changed, off } = changes;
        let counts = [(added.len(), "added"), (changed.len(), "changed"), (off.len(), "switched off")];
        let told: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        if !told.is_empty() {
            let name = if *section == "rule" { String::new() } else { format!("; {section}s") };
            let _ = write!(line, "{name}: {}", told.join(", "));
        }
    }
    let Tally { tried, hold, .. } = &check.examples;
    let _ = match tried {
        0 if !check.faults.is_empty() => writeln!(line, "; no example was tried"),
        _ => writeln!(line, "; {hold} of {} hold", Number(*tried as u64, "example")),
    };
    let Tally { tried, hold, failing } = &check.others;
    if hold < tried {
        let _ = writeln!(
            line,
            "{origin}: of the rules that it does not name, {} of {} hold; not those of {}",
            hold,
            Number(*tried as u64, "example"),
            failing.join(", ")
        );
    }
    line
}

fn explain(args: &cli::Explain, global: &cli::Global, messages: &Messages) -> anyhow::Result<Exit> {
    let rules = match &args.rules {
        Some(file) => Rules::load(file).context("the rules can't be used")?,
        None => Rules::builtin(),
    };
    if let Some(role) = args.role.as_deref().filter(|role| rules.roles().all(|known| known != *role)) {
        let known = rules.roles().collect::<Vec<_>>().join(", ");
        return Err(Usage::new(format!("no such role: '{}'; the rules have {known}", visible(role))).into());
    }
    let (article, refused) = find(args, messages)?;
    let Annotated { document, annotation, .. } = &article;
    // Descriptions are looked for again, with the rules.
    let mentions = annotation.mentions.iter().filter(|mention| mention.kind != Kind::Nominal).cloned().collect();
    let asked = Asked { entity: args.entity.as_deref(), role: args.role.as_deref() };
    let explanation = rules.explain(&document.text, mentions, asked);
    if let (Some(name), []) = (&args.entity, &explanation.parties[..]) {
        let names = explanation.names.join(", ");
        bail!("nobody in '{}' is called '{}'; there are: {}", visible(&document.id), visible(name), visible(&names));
    }
    let stdout = io::stdout();
    let look = Look {
        width: args.width.unwrap_or_else(|| columns(&stdout)),
        coloured: super::messages::coloured(global.color, &stdout),
    };
    match args.json {
        true => print(&as_json(&document.id, rules.hash(), &explanation))?,
        false => print(show::explanation(document, &explanation, look).as_bytes())?,
    };
    Ok(if refused == 0 { Exit::Done } else { Exit::Refused })
}

/// The article that is asked for, and how many lines before it were no records.
fn find(args: &cli::Explain, messages: &Messages) -> anyhow::Result<(Annotated, u64)> {
    let ids = [args.id.clone()];
    let mut wanted = Wanted::new(&ids);
    let mut refused = 0;
    for record in Records::open(std::slice::from_ref(&args.records)).map_err(Usage::new)? {
        match record {
            Ok(article) if wanted.takes(&article.document.id) => return Ok((article, refused)),
            Ok(_) => {}
            Err(refusal) => {
                refused += 1;
                messages.line(visible(&refusal.to_string()));
            }
        }
    }
    wanted.end()?;
    bail!("no article has the id '{}'", visible(&args.id))
}

fn as_json(id: &str, rules: &str, explanation: &Explanation) -> Vec<u8> {
    let mut object = json!({"schema": EXPLANATION, "id": id, "rules": rules});
    let value = serde_json::to_value(explanation).expect("an explanation has no key that is not a string");
    if let (Value::Object(object), Value::Object(value)) = (&mut object, value) {
        object.extend(value);
    }
    let mut json = serde_json::to_vec_pretty(&object).expect("a value has no key that is not a string");
    json.push(b'\n');
    json
}
