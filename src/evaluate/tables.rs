//! Takes a report, gives it as tables in Markdown, which read well in a terminal and can be pasted elsewhere. Refuses nothing.

use super::measure::CORE;
use super::report::{Averaged, Classes, Comparison, Counted, Figures, GroupFigures, Intervals, Report};
use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use std::collections::BTreeMap;
use std::fmt::Write;

/// What is printed for a figure that is undefined.
const UNDEFINED: &str = "–";

/// The report in Markdown: a heading and a table an aspect. Figures that nothing was counted for are left out.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let mut page = String::new();
    let all = &report.all;
    let mut section = |title: &str, table: Option<Table>| {
        if let Some(table) = table {
            let _ = write!(page, "## {title}\n\n{table}\n\n");
        }
    };
    section("Mentions", mentions(all));
    section("Roles, by entity", roles(&all.roles_by_entity.of, |role| role_rows(all, role)));
    section("Links", links(all));
    section("Relations", classes(&all.relations));
    for (field, values) in &report.groups {
        section(&format!("By {field}"), groups(field, values));
    }
    section("How far role scores can be believed", reliability(report));
    if let Some(comparison) = &report.comparison {
        section("Compared with the other run, F1", Some(compared(comparison)));
    }
    page
}

/// Rows of a table of figures.
struct Rows(Vec<[String; 8]>);

impl Rows {
    fn counted(&mut self, name: &str, counted: &Counted) {
        let interval = counted.interval.as_ref();
        // For B-cubed the two credits differ, and neither is a number of hits.
        let right = if counted.found == counted.sound { number(counted.found) } else { UNDEFINED.to_owned() };
        self.0.push([
            name.to_owned(),
            counted.gold.to_string(),
            counted.predicted.to_string(),
            right,
            figure(counted.precision),
            figure(counted.recall),
            figure(counted.f1),
            ends(interval),
        ]);
    }

    fn averaged(&mut self, name: &str, averaged: &Averaged) {
        let blank = String::new;
        let [precision, recall, f1] = [averaged.precision, averaged.recall, averaged.f1].map(figure);
        self.0.push([name.to_owned(), blank(), blank(), blank(), precision, recall, f1, ends(averaged.interval.as_ref())]);
    }

    fn table(self, name: &str) -> Option<Table> {
        if self.0.is_empty() {
            return None;
        }
        Some(table(&[name, "gold", "predicted", "right", "precision", "recall", "F1", "95% of resamples"], self.0))
    }
}

/// A table of which the first column is words and the others numbers.
fn table<const N: usize>(head: &[&str; N], rows: Vec<[String; N]>) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(head);
    table.add_rows(rows);
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}

fn figure(value: Option<f64>) -> String {
    value.map_or(UNDEFINED.to_owned(), |value| format!("{value:.3}"))
}

fn ends(interval: Option<&Intervals>) -> String {
    interval.and_then(|interval| interval.f1).map_or(UNDEFINED.to_owned(), |(low, high)| format!("{low:.3}–{high:.3}"))
}

fn mentions(all: &Figures) -> Option<Table> {
    let strict = &all.mentions["strict"];
    if strict.micro.gold + strict.micro.predicted == 0 {
        return None;
    }
    let mut rows = Rows(vec![]);
    for (name, said) in [
        ("strict", "same ends, same label (strict)"),
        ("exact", "same ends (exact)"),
        ("partial", "overlap, half (partial)"),
        ("type", "overlap, same label (type)"),
    ] {
        rows.counted(said, &all.mentions[name].micro);
    }
    let readings = (&all.seqeval["default"], &all.seqeval["strict"]);
    if readings.0 != readings.1 {
        rows.counted("seqeval, default", &readings.0.micro);
        rows.counted("seqeval, strict", &readings.1.micro);
    }
    rows.averaged("strict, mean of labels", &strict.averaged);
    strict.of.iter().for_each(|(label, counted)| rows.counted(label, counted));
    if all.kinds.len() > 1 {
        all.kinds.iter().for_each(|(kind, counted)| rows.counted(&format!("{kind} (strict)"), counted));
    }
    rows.table("mentions")
}

fn roles(of: &BTreeMap<String, Counted>, rows: impl Fn(&BTreeMap<String, Counted>) -> Rows) -> Option<Table> {
    if of.is_empty() { None } else { rows(of).table("role") }
}

fn role_rows(all: &Figures, of: &BTreeMap<String, Counted>) -> Rows {
    let mut rows = Rows(vec![]);
    let (by_entity, by_mention) = (&all.roles_by_entity, &all.roles_by_mention);
    rows.counted("core", &by_entity.core);
    rows.averaged("core, mean of roles", &by_entity.core_macro);
    rows.counted("all ten", &by_entity.all);
    rows.averaged("all, mean of roles", &by_entity.all_macro);
    let core = CORE.iter().filter_map(|role| Some((*role, of.get(*role)?)));
    let others = of.iter().map(|(role, counted)| (&**role, counted)).filter(|(role, _)| !CORE.contains(role));
    core.chain(others).for_each(|(role, counted)| rows.counted(role, counted));
    rows.counted("core, by mention", &by_mention.core);
    rows.counted("all, by mention", &by_mention.all);
    rows
}

fn links(all: &Figures) -> Option<Table> {
    let (b_cubed, exact) = (&all.b_cubed, &all.exact_entities);
    if exact.all.gold + exact.all.predicted == 0 {
        return None;
    }
    let mut rows = Rows(vec![]);
    rows.counted("B-cubed, people", &b_cubed.people);
    rows.counted("B-cubed, all", &b_cubed.all);
    rows.counted("exact entities, people", &exact.people);
    rows.counted("exact entities, all", &exact.all);
    exact.of.iter().for_each(|(label, counted)| rows.counted(&format!("exact entities, {label}"), counted));
    rows.table("links")
}

fn classes(classes: &Classes) -> Option<Table> {
    let mut rows = Rows(vec![]);
    classes.of.iter().for_each(|(name, counted)| rows.counted(name, counted));
    rows.table("relation")
}

fn groups(field: &str, values: &BTreeMap<String, GroupFigures>) -> Option<Table> {
    let row = |(value, group): (&String, &GroupFigures)| {
        let figures = &group.figures;
        let (core, all) = (&figures.roles_by_entity.core, &figures.roles_by_entity.all);
        // Where gold has none, the number of those predicted says more than an F1 of 0.
        let f1 = |counted: &Counted| figure(counted.f1.filter(|_| counted.gold > 0));
        [
            value.clone(),
            group.articles.to_string(),
            figures.mentions["strict"].micro.gold.to_string(),
            figure(figures.mentions["strict"].micro.f1),
            core.gold.to_string(),
            core.predicted.to_string(),
            f1(core),
            all.gold.to_string(),
            all.predicted.to_string(),
            f1(all),
            figure(figures.b_cubed.people.f1),
        ]
    };
    let head =
        [field, "articles", "mentions", "F1", "core roles", "predicted", "F1", "all roles", "predicted", "F1", "B-cubed, people"];
    (!values.is_empty()).then(|| table(&head, values.iter().map(row).collect()))
}

fn reliability(report: &Report) -> Option<Table> {
    let error = report.calibration.expected_error?;
    let row = |bin: &super::report::ReliabilityBin| {
        [
            format!("{:.1}–{:.1}", bin.above, bin.up_to),
            bin.predicted.to_string(),
            bin.right.to_string(),
            figure(bin.mean_score),
            figure(bin.precision),
        ]
    };
    let mut rows: Vec<_> = report.calibration.bins.iter().filter(|bin| bin.predicted > 0).map(row).collect();
    rows.push(["expected error".to_owned(), String::new(), String::new(), String::new(), figure(Some(error))]);
    Some(table(&["score", "predicted", "right", "mean score", "share right"], rows))
}

fn compared(comparison: &Comparison) -> Table {
    let signed = |value: Option<f64>| value.map_or(UNDEFINED.to_owned(), |value| format!("{value:+.3}"));
    let row = |compared: &super::report::Compared| {
        [
            compared.name.clone(),
            figure(compared.f1),
            figure(compared.other),
            signed(compared.difference),
            compared.interval.map_or(UNDEFINED.to_owned(), |(low, high)| format!("{low:+.3} to {high:+.3}")),
            figure(compared.p_value),
        ]
    };
    let head = ["measure", "this", "other", "difference", "95% of resamples", "p"];
    table(&head, comparison.figures.iter().map(row).collect())
}
