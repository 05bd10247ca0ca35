//! `rolecall stats`: takes files of records, gives counts of what is in them, as tables or JSON. Refuses, line by line, what is
//! no record.

use super::messages::Messages;
use super::progress::Number;
use super::{Exit, Usage, print};
use crate::cli;
use rolecall::exchange::records::Records;
use rolecall::show::visible;
use rolecall::stats::Stats;

/// The fields that articles are counted by where no other is named.
const BY: [&str; 2] = ["split", "manner"];

/// Counts what `args` name.
///
/// # Errors
/// [`Usage`] when the arguments are wrong; any other when the output can't be written.
pub fn run(args: &cli::Stats, messages: &Messages) -> anyhow::Result<Exit> {
    let records = Records::open(&args.files).map_err(Usage::new)?;
    let by = if args.by.is_empty() { BY.map(str::to_owned).to_vec() } else { args.by.clone() };
    let mut refused = 0;
    let stats = Stats::count(records, &by, |refusal| {
        refused += 1;
        messages.line(visible(&refusal.to_string()));
    });
    for field in args.by.iter().filter(|field| !stats.groups.contains_key(*field)) {
        messages.note(format_args!("no article has a field '{}' in its meta", visible(field)));
    }
    if args.json {
        let mut json = serde_json::to_vec_pretty(&stats).expect("counts have no key that is not a string");
        json.push(b'\n');
        print(&json)?;
    } else {
        print(stats.tables(&by).as_bytes())?;
    }
    if refused > 0 {
        messages.note(format_args!("{} refused", Number(refused, "line")));
    }
    Ok(if refused == 0 { Exit::Done } else { Exit::Refused })
}
