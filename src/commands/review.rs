//! `rolecall review`: takes a file of records, serves a page to decide on them, adds what is decided to a file of answers. Refuses
//! files that can't be used before anything is made; lines that are no records, one by one.

use super::messages::Messages;
use super::progress::Number;
use super::{Exit, Usage, print};
use crate::cli;
use anyhow::Context;
use rolecall::review::book::Book;
use rolecall::review::desk::Desk;
use rolecall::review::server::Server;
use rolecall::review::{Status, reading};
use rolecall::show::visible;
use std::path::Path;
use std::sync::Arc;
use std::thread;

/// How many lines that are no records, and no answers, are told one by one.
const TOLD: usize = 10;

/// Serves what `args` name, until it is interrupted.
///
/// # Errors
/// [`Usage`] when the arguments are wrong; any other when the run failed.
pub fn run(args: &cli::Review, messages: &Messages) -> anyhow::Result<Exit> {
    let answers = args.answers();
    let (shelf, mut reading) =
        reading::open(&args.file).map_err(|refusal| Usage::new(visible(&refusal.to_string()).into_owned()))?;
    let book = book(&args.file, &answers)?;
    tell(messages, book.faults());
    let server = Server::bind(args.port).with_context(|| format!("port {} can't be had", args.port))?;
    let url = server.url();
    let desk = Arc::new(Desk::new(shelf, book, &args.reviewer, args.file.clone(), answers));
    // The first articles are there before the page can ask for them; the others follow while it is used.
    if desk.read(&mut reading) {
        let reader = Arc::clone(&desk);
        thread::spawn(move || while reader.read(&mut reading) {});
    }
    messages.note(format_args!(
        "{} reviews {}; decisions go to {}; end with Ctrl-C",
        visible(&args.reviewer),
        visible(&args.file.to_string_lossy()),
        visible(&desk.answers.to_string_lossy())
    ));
    print(format!("{url}\n").as_bytes())?;
    if !args.no_open
        && let Err(error) = open::that_detached(&url)
    {
        messages.note(format_args!("no browser could be started ({error}); open the address yourself"));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("the page can't be served")?;
    runtime.block_on(server.serve(Arc::clone(&desk), interrupted())).context("the page can't be served any more")?;
    // What is still being read is of no use any more.
    runtime.shutdown_background();
    Ok(end(&desk, messages))
}

/// The file of answers, refused where it is something else.
fn book(file: &Path, answers: &Path) -> anyhow::Result<Book> {
    let same = file.canonicalize().ok().zip(answers.canonicalize().ok()).is_some_and(|(file, answers)| file == answers);
    let there = answers.exists();
    let book = match same {
        true => return Err(Usage::new("--answers names the file of records; name another, which is added to").into()),
        false => Book::open_or_make(answers)
            .map_err(|error| Usage::new(format!("{}: can't be written: {error}", answers.display())))?,
    };
    if there && book.reviewers().is_empty() && !book.faults().is_empty() {
        return Err(Usage::new(format!("{}: is no file of answers; name another", answers.display())).into());
    }
    Ok(book)
}

/// Until Ctrl-C is pressed, or the system asks for an end.
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut asked) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = asked.recv() => {}
    }
}

fn tell<T: ToString>(messages: &Messages, faults: &[T]) {
    faults.iter().take(TOLD).for_each(|fault| messages.line(visible(&fault.to_string())));
    if faults.len() > TOLD {
        messages.line(format_args!("and {} more", faults.len() - TOLD));
    }
}

/// The closing words.
fn end(desk: &Desk, messages: &Messages) -> Exit {
    let shelf = desk.shelf();
    tell(messages, shelf.refused());
    let of = |status| shelf.entries().iter().filter(|entry| entry.status == status).count();
    messages.note(format_args!(
        "{}: {} accepted, {} rejected, {} skipped, {} undecided",
        Number(shelf.entries().len() as u64, "article"),
        of(Status::Accepted),
        of(Status::Rejected),
        of(Status::Skipped),
        of(Status::Undecided) + of(Status::Stale)
    ));
    if shelf.refused().is_empty() { Exit::Done } else { Exit::Refused }
}
