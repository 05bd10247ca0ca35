//! Takes a report, gives it as tables in Markdown. Refuses nothing; what a table can't hold as it is (control characters, the bar) is
//! escaped.

use super::report::{Alike, Articles, Pair, Report, Role};
use crate::evaluate::measure::CORE;
use crate::show::visible;
use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use std::fmt::Write;

/// What is printed for a figure that is undefined.
const UNDEFINED: &str = "–";

/// From which share of alike judgements on, up to which kappa, a word is said on what kappa depends on.
const OFTEN: f64 = 0.9;
const LOW: f64 = 0.6;

/// The report in Markdown.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let mut page = format!("# How far {} agree\n\n{}\n\n", title(report), articles(report));
    match (report.raters.len(), report.articles.by_all) {
        (2, _) => drop(write!(page, "## Roles, Cohen's kappa\n\n{}\n\n", cohen(report))),
        (_, 0) => {}
        _ => drop(write!(page, "## Roles, Fleiss' kappa\n\n{}\n\n", fleiss(report))),
    }
    if let Some(caveat) = caveat(report) {
        let _ = write!(page, "{caveat}\n\n");
    }
    match &report.pairs[..] {
        [pair] => drop(write!(page, "## Mentions, links and relations\n\n{}\n\n", one_pair(pair))),
        pairs => drop(write!(
            page,
            "## Mentions, links and relations, F1 of pairs\n\n{}\n\n## Pairs\n\n{}\n\n",
            spread(pairs),
            each_pair(pairs)
        )),
    }
    page
}

fn title(report: &Report) -> String {
    let names: Vec<_> = report.raters.iter().map(|rater| visible(&rater.name)).collect();
    match names.split_last() {
        Some((last, [])) => last.to_string(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// Which articles the figures are of.
fn articles(report: &Report) -> String {
    let Articles { compared, by_all, by_one, different_text } = report.articles;
    let number = |count: u64, what: &str| format!("{count} article{} {what}", if count == 1 { "" } else { "s" });
    let accepted = |rater: &super::report::Rater| format!("{} accepted {}", visible(&rater.name), rater.accepted);
    let mut words = vec![report.raters.iter().map(accepted).collect::<Vec<_>>().join(", ")];
    match report.raters.len() {
        2 => words.push(number(compared, "by both, which are compared")),
        all => {
            words.push(number(compared, "by two or more, which are compared"));
            words.push(match by_all {
                0 => format!("none by all {all}, so that there is no Fleiss' kappa, but Cohen's of the pairs"),
                _ => number(by_all, &format!("by all {all}, of which Fleiss' kappa is made")),
            });
        }
    }
    if by_one > 0 {
        words.push(number(by_one, "by one alone, left out"));
    }
    if different_text > 0 {
        words.push(number(different_text, "in texts that differ, not compared where they do"));
    }
    words.join("; ") + "."
}

/// The roles in the order of the page: the core first.
fn in_order(report: &Report) -> Vec<(&str, &Role)> {
    let core = CORE.iter().filter_map(|role| Some((*role, report.roles.of.get(*role)?)));
    let others = report.roles.of.iter().map(|(role, figures)| (&**role, figures)).filter(|(role, _)| !CORE.contains(role));
    [("all, as sets", &report.roles.all)].into_iter().chain(core).chain(others).collect()
}

fn cohen(report: &Report) -> Table {
    let row = |(name, role): (&str, &Role)| {
        let [neither, _, both] = role.by_number[..] else { unreachable!("two raters") };
        let counts = [role.units, both, role.by_rater[0] - both, role.by_rater[1] - both, neither].map(|count| count.to_string());
        row(name, counts.into_iter().chain([role.observed, role.kappa, role.f1].map(figure)))
    };
    let only = [0, 1].map(|rater| format!("only {}", report.raters[rater].name));
    let head = ["role", "people", "both", &only[0], &only[1], "neither", "alike", "kappa", "F1"];
    table(&head, in_order(report).into_iter().map(row))
}

fn fleiss(report: &Report) -> Table {
    let row = |(name, role): (&str, &Role)| {
        let (none, all) = (role.by_number[0], role.by_number[report.raters.len()]);
        let counts = [role.units, all, role.units - none - all, none].map(|count| count.to_string());
        row(name, counts.into_iter().chain([role.observed, role.kappa, role.f1].map(figure)))
    };
    table(&["role", "people", "all", "some", "none", "alike", "kappa", "F1"], in_order(report).into_iter().map(row))
}

/// A word on the rows where kappa is low though nearly all judgements are alike.
fn caveat(report: &Report) -> Option<String> {
    let deceives = |role: &Role| role.observed.is_some_and(|alike| alike >= OFTEN) && role.kappa.is_some_and(|kappa| kappa < LOW);
    let rows: Vec<_> = in_order(report).into_iter().filter(|(_, role)| deceives(role)).map(|(name, _)| visible(name)).collect();
    (!rows.is_empty()).then(|| {
        format!(
            "Low kappa beside many alike judgements ({}): nearly nobody, or nearly everybody, has the role, so that chance alone would give much agreement, and kappa hangs on a few people (Feinstein and Cicchetti 1990). Look at the counts and F1.",
            rows.join(", ")
        )
    })
}

/// Everything that is measured of a pair by F1, in the order of the page. The label of those that are by label.
fn measures(pair: &Pair) -> Vec<(String, &Alike)> {
    let mentions = &pair.mentions;
    let mut measures = vec![
        ("mentions, same ends and label (strict)".to_owned(), &mentions.strict),
        ("mentions, same ends".to_owned(), &mentions.ends),
    ];
    measures.extend(mentions.of.iter().map(|(label, alike)| (format!("{label} (strict)"), alike)));
    measures.push(("links of people (B-cubed)".to_owned(), &pair.links));
    measures.push(("relations".to_owned(), &pair.relations));
    measures
}

fn one_pair(pair: &Pair) -> Table {
    let row = |(name, alike): (String, &Alike)| {
        let same = alike.same.map_or(UNDEFINED.to_owned(), |same| same.to_string());
        row(&name, [alike.counts[0].to_string(), alike.counts[1].to_string(), same, figure(alike.f1)])
    };
    table(&["what", &pair.raters[0], &pair.raters[1], "same", "F1"], measures(pair).into_iter().map(row))
}

/// Mean, lowest and highest F1 of the pairs that have one.
fn spread(pairs: &[Pair]) -> Table {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in pairs.iter().flat_map(measures) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    // Labels that the first pair has not would else come after what is not by label.
    names.sort_by_key(|name| ["links", "relations"].iter().position(|last| name.starts_with(last)).map_or(0, |place| place + 1));
    let row = |name: String| {
        let of = |pair| measures(pair).into_iter().find(|(other, _)| *other == name).and_then(|(_, alike)| alike.f1);
        let f1: Vec<f64> = pairs.iter().filter_map(of).collect();
        let mean = (!f1.is_empty()).then(|| f1.iter().sum::<f64>() / f1.len() as f64);
        let ends = [f1.iter().copied().reduce(f64::min), f1.iter().copied().reduce(f64::max)];
        row(&name, [mean, ends[0], ends[1]].map(figure))
    };
    table(&["what", "mean of pairs", "lowest", "highest"], names.into_iter().map(row))
}

fn each_pair(pairs: &[Pair]) -> Table {
    let row = |pair: &Pair| {
        let Pair { raters: [one, other], articles, roles, mentions, links, relations } = pair;
        let figures =
            [roles.all.observed, roles.all.kappa, mentions.strict.f1, mentions.ends.f1, links.f1, relations.f1].map(figure);
        row(&format!("{one}, {other}"), [articles.to_string()].into_iter().chain(figures))
    };
    let head =
        ["pair", "articles", "roles alike", "Cohen's kappa", "mentions, strict", "same ends", "B-cubed, people", "relations"];
    table(&head, pairs.iter().map(row))
}

fn row(name: &str, cells: impl IntoIterator<Item = String>) -> Vec<String> {
    std::iter::once(cell(name)).chain(cells).collect()
}

/// A table of which the first column is words and the others numbers.
fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(head.iter().map(|name| cell(name)).collect::<Vec<_>>()).add_rows(rows);
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}

/// Any text as a cell of a Markdown table.
fn cell(text: &str) -> String {
    visible(text).replace('\\', "\\\\").replace('|', "\\|")
}

fn figure(value: Option<f64>) -> String {
    value.map_or(UNDEFINED.to_owned(), |value| format!("{value:.3}"))
}
