//! `rolecall report`: takes files of records, gives a page to look through them in a browser. Refuses, line by line, what is no
//! record.

use super::messages::Messages;
use super::progress::{Number, Reading};
use super::{Exit, Usage};
use crate::cli;
use rolecall::exchange::records::Records;
use rolecall::report::{About, Report};
use rolecall::show::visible;
use rolecall::write::output::{Destination, OutputError};

/// Makes the page that `args` ask for.
///
/// # Errors
/// [`Usage`] when the arguments are wrong; any other when the page can't be written.
pub fn run(args: &cli::Report, messages: &Messages) -> anyhow::Result<Exit> {
    let records = Records::open(&args.files).map_err(Usage::new)?;
    let destination = Destination::new(Some(&args.output), &args.files).map_err(Usage::new)?;
    let name = destination.name().display().to_string();
    let mut run = Run { args, messages, articles: 0, refused: 0 };
    match run.write(records, destination) {
        Err(OutputError::Closed) => return Ok(Exit::Done),
        written => written?,
    }
    let refused = if run.refused == 0 { String::new() } else { format!(", {} refused", Number(run.refused, "line")) };
    messages.note(format_args!("{name}: {}{refused}", Number(run.articles, "article")));
    Ok(if run.refused == 0 { Exit::Done } else { Exit::Refused })
}

/// A page on its way.
struct Run<'a> {
    args: &'a cli::Report,
    messages: &'a Messages,
    articles: u64,
    refused: u64,
}

impl Run<'_> {
    fn write(&mut self, records: Records, destination: Destination) -> Result<(), OutputError> {
        let mut report = Report::open(destination)?;
        let mut progress = Reading::start(self.messages, records.bytes(), records.consumed());
        for record in records {
            match record {
                Ok(article) => {
                    report.article(&article)?;
                    self.articles += 1;
                }
                Err(refusal) => {
                    self.refused += 1;
                    self.messages.line(visible(&refusal.to_string()));
                }
            }
            progress.update(self.articles);
        }
        progress.end();
        report.finish(&About { title: self.args.title.as_deref(), files: &self.args.files, refused: self.refused })
    }
}
