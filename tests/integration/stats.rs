//! `rolecall stats` on streams: packed files, a pipe, and more articles than are held at once.

use crate::program::{Folder, rolecall, run};
use crate::show::compiled;
use serde_json::{Value, json};

const HEARING: &str = "+++
split = \"train\"
[party.tarn]
panel_chair = \"chaired\"
+++
{{Ivo Tarn|PER tarn}} chaired the panel. {{Tarn|PER tarn}} left.
";

fn stats(args: &[&str], input: &str) -> Value {
    let ended = run(rolecall(&[&["stats", "--json"], args].concat()).write_stdin(input));
    assert_eq!(ended.code, 0, "{}", ended.messages);
    serde_json::from_str(&ended.output).unwrap()
}

#[test]
fn files_folders_and_standard_input_are_counted_together() {
    let folder = Folder::new();
    folder.write("gold/a.jsonl", compiled("a", HEARING));
    let packed = zstd::encode_all(compiled("b", HEARING).as_bytes(), 1).unwrap();
    folder.write("gold/deeper/b.jsonl.zst", packed);
    let input = compiled("c", &HEARING.replace("train", "test"));
    let counted = stats(&[&folder.path("gold"), "-"], &input);
    assert_eq!(counted["articles"], 3);
    assert_eq!(counted["words"], 21);
    assert_eq!(counted["mentions"], json!({"total": 6, "by_label": {"PER": 6}, "by_kind": {"name": 6}}));
    assert_eq!(counted["groups"]["split"]["train"]["roles"], json!({"panel_chair": 2}));
    assert_eq!(counted["groups"]["split"]["test"]["articles"], 1);
    assert_eq!(counted["groups"].as_object().unwrap().len(), 1, "no article has a manner");
}

/// More than one batch, on all cores.
#[test]
fn many_articles_are_counted_once_each() {
    let mut lines = String::new();
    for number in 0..5000 {
        lines += &compiled(&number.to_string(), HEARING);
    }
    let counted = stats(&["-", "--by", "split"], &lines);
    assert_eq!((&counted["articles"], &counted["sentences"], &counted["words"]), (&json!(5000), &json!(10_000), &json!(35_000)));
    let role = json!({"entities": 5000, "articles": 5000, "predicted": 0, "accepted": 5000, "corrected": 0, "rejected": 0});
    assert_eq!(counted["roles"]["panel_chair"], role);
}
