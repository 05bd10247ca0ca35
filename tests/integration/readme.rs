//! What the README says of rules of one's own and of other tools: its file and its table are right, and its commands run as they
//! stand.

use crate::program::{Folder, rolecall, root, run};
use rolecall::exchange::{FORMATS, Format, Holds};
use std::fs;

/// The program in the README's commands.
const PROGRAM: &str = "target/release/rolecall";

/// The text of the first block of `language` in `section`.
fn block<'s>(section: &'s str, language: &str) -> &'s str {
    let start = section.split_once(&format!("```{language}\n")).unwrap_or_else(|| panic!("no block of {language}")).1;
    start.split_once("```").unwrap().0
}

#[test]
fn the_rule_file_of_the_readme_is_right_and_its_commands_run() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let section = readme.split_once("### Rules of your own\n").expect("the README has that section").1;
    let folder = Folder::new();
    folder.write("mine.toml", block(section, "toml"));
    for name in ["corpus", "models"] {
        std::os::unix::fs::symlink(root().join(name), folder.path(name)).unwrap();
    }
    let mut commands = 0;
    for line in block(section, "sh").lines() {
        let command = line.split(" #").next().unwrap().trim();
        let args: Vec<&str> = command.strip_prefix(PROGRAM).expect("a command of ours").split_whitespace().collect();
        let ended = run(rolecall(&args).current_dir(folder.path("")));
        assert_eq!(ended.code, 0, "{command}: {}", ended.messages);
        commands += 1;
    }
    assert_eq!(commands, 4);
    assert!(folder.names().contains(&"mine.jsonl".to_owned()));
}

/// The rows of the README's table of formats.
fn rows() -> Vec<String> {
    let tick = |holds: bool| if holds { "yes" } else { "–" };
    let row = |format: &Format| {
        let Holds { text, spans, entities, roles, relations, kinds, evidence } = format.holds;
        let cells = [format.export.is_some(), format.import.is_some(), text, spans, entities, roles, relations, kinds, evidence];
        format!("| `{}` | {} |", format.name, cells.map(tick).join(" | "))
    };
    FORMATS.iter().map(row).collect()
}

#[test]
fn the_table_of_formats_is_the_list_of_formats() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let table = rows().join("\n");
    assert!(readme.contains(&table), "the README has not the table:\n{table}");
}

#[test]
fn the_commands_of_exchange_in_the_readme_run() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let section = readme.split_once("## In and out of other tools\n").expect("the README has that section").1;
    let folder = Folder::new();
    for name in ["corpus", "models"] {
        std::os::unix::fs::symlink(root().join(name), folder.path(name)).unwrap();
    }
    fs::copy(root().join("corpus/gold/development.jsonl"), folder.path("out.jsonl")).unwrap();
    let mut commands = 0;
    for line in block(section, "sh").lines() {
        let command = line.split(" #").next().unwrap().split(" |").next().unwrap().trim();
        let args: Vec<&str> = command.strip_prefix(PROGRAM).expect("a command of ours").split_whitespace().collect();
        let ended = run(rolecall(&args).current_dir(folder.path("")));
        assert_eq!(ended.code, 0, "{command}: {}", ended.messages);
        commands += 1;
    }
    assert_eq!(commands, 6);
    for made in
        ["tasks.config.xml", "data/train.spacy", "data/test.spacy", "hub/dev.jsonl", "hub/README.md", "who.csv", "reviewed.jsonl"]
    {
        assert!(fs::metadata(folder.path(made)).is_ok(), "{made} was not made");
    }
}
