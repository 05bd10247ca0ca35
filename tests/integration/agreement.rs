//! `rolecall agreement` on files: what it writes and what it leaves alone, packed records, standard input.

use crate::program::{Folder, lines, rolecall, root, run};
use crate::show::compiled;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;

const CHAIR: &str = "+++
[party.tarn]
panel_chair = \"chaired\"
+++
{{Ivo Tarn|PER tarn}} chaired the panel. {{Bo Lisle|PER lisle}} wept.
";

/// Records with the chair a witness.
fn witness(records: &str) -> String {
    records.replace("\"role\":\"panel_chair\"", "\"role\":\"witness\"")
}

/// A file of answers of the golden command lines.
fn answers(name: &str) -> String {
    root().join("tests/cmd/agreement.in").join(name).to_str().unwrap().to_owned()
}

#[test]
fn disagreements_are_listed_in_the_order_of_the_articles() {
    let folder = Folder::new();
    let listed = folder.path("differ.jsonl");
    let before = fs::read(answers("anna.answers.jsonl")).unwrap();
    let ended =
        run(&mut rolecall(&["agreement", &answers("anna.answers.jsonl"), &answers("ben.answers.jsonl"), "--errors", &listed]));
    assert_eq!((ended.code, &*ended.messages), (0, ""));
    let found = lines(&fs::read_to_string(&listed).unwrap());
    let about: Vec<&Value> = found.iter().map(|line| &line["about"]).collect();
    assert_eq!(about, ["role", "role", "relation", "person", "mention"]);
    let said = json!([
        {"rater": "anna", "person": "Bo Lisle", "roles": ["presenting_officer"]},
        {"rater": "ben", "person": "Bo Lisle", "roles": ["witness"]},
    ]);
    assert_eq!(found[1], json!({"id": "hearing.txt", "about": "role", "start": 64, "end": 72, "text": "Bo Lisle", "said": said}));
    assert_eq!(found[2]["relation"], json!({"type": "represents", "from": "Bo Lisle", "to": "the force"}));
    assert_eq!(found[3]["said"][1]["people"][1][0], json!({"start": 50, "end": 60, "text": "Mr Reedham", "label": "PER"}));
    assert_eq!(fs::read(answers("anna.answers.jsonl")).unwrap(), before);
}

#[test]
fn where_nothing_can_be_compared_no_file_is_made() {
    let folder = Folder::new();
    let alone = folder.write("alone.jsonl", compiled("of nobody else", CHAIR));
    let listed = folder.path("differ.jsonl");
    let ended = run(&mut rolecall(&["agreement", &answers("anna.answers.jsonl"), &alone, "--disagreements", &listed]));
    assert_eq!(ended.code, 1, "{}", ended.messages);
    assert_eq!(folder.names(), ["alone.jsonl"]);
}

#[test]
fn records_are_raters_packed_and_piped() {
    let folder = Folder::new();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(compiled("a.txt", CHAIR).repeat(2).as_bytes()).unwrap();
    let packed = folder.write("gold.jsonl.gz", packed.finish().unwrap());
    let piped = witness(&compiled("a.txt", CHAIR)) + &compiled("b.txt", CHAIR);
    let ended = run(rolecall(&["agreement", "--json", &packed, "-"]).write_stdin(piped));
    assert_eq!(ended.code, 3, "an article comes twice");
    assert_eq!(ended.messages, format!("{packed}: 'a.txt' comes twice; only the first counts\n1 line passed over\n"));
    let report: Value = serde_json::from_str(&ended.output).unwrap();
    assert_eq!(report["raters"], json!([{"name": "gold.jsonl.gz", "accepted": 1}, {"name": "standard input", "accepted": 2}]));
    assert_eq!(report["roles"]["of"]["witness"]["by_rater"], json!([0, 1]));
    assert_eq!(report["pairs"][0]["mentions"]["strict"], json!({"counts": [2, 2], "same": 2, "f1": 1.0}));
}

#[test]
fn a_file_of_answers_in_which_nobody_has_decided_yet_has_no_rater() {
    let folder = Folder::new();
    let empty = folder.write("new.answers.jsonl", "");
    let ended = run(&mut rolecall(&["agreement", &answers("anna.answers.jsonl"), &empty]));
    assert_eq!(ended.code, 1);
    assert!(ended.messages.contains("found one, anna"), "{}", ended.messages);
}

#[test]
fn all_disagreements_are_printed_on_request() {
    let folder = Folder::new();
    let many: String = (0..30).map(|at| compiled(&format!("{at:02}"), CHAIR)).collect();
    let (one, other) = (folder.write("one.jsonl", &many), folder.write("two.jsonl", witness(&many)));
    let some = run(&mut rolecall(&["agreement", &one, &other]));
    assert!(some.output.ends_with("- 19 at 0: Ivo Tarn: one.jsonl panel_chair; two.jsonl witness\n- and 10 more, which --all prints and --disagreements lists\n"));
    let all = run(&mut rolecall(&["agreement", &one, &other, "--all"]));
    assert!(all.output.ends_with("- 29 at 0: Ivo Tarn: one.jsonl panel_chair; two.jsonl witness\n"));
}
