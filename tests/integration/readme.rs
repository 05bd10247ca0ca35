//! What the README says of rules of one's own: its file is right, and its commands run as they stand.

use crate::program::{Folder, rolecall, root, run};
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
