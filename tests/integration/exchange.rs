//! Export and import as their users run them: parts, what is left out, standard input and output, what does not fit.

use crate::program::{Ended, Folder, lines, rolecall, root, run};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

fn gold() -> String {
    root().join("corpus/gold/development.jsonl").to_str().unwrap().to_owned()
}

fn export(args: &[&str]) -> Ended {
    run(rolecall(&["export"]).args(args))
}

fn import(args: &[&str]) -> Ended {
    run(rolecall(&["import"]).args(args))
}

/// The records of development with every role predicted but those of `accepted`.
fn predicted(folder: &Folder, accepted: &[&str]) -> String {
    let mut records = lines(&fs::read_to_string(gold()).unwrap());
    for record in &mut records {
        let seen = accepted.contains(&record["id"].as_str().unwrap());
        for span in record["spans"].as_array_mut().unwrap() {
            span["source"] = json!("model");
        }
        for role in record["entities"].as_array_mut().unwrap().iter_mut().flat_map(|e| e["roles"].as_array_mut().unwrap()) {
            role["status"] = json!(if seen { "accepted" } else { "predicted" });
            role["score"] = json!(0.6);
        }
        record["run"]["model"] = json!("sha256:1");
    }
    folder.write("predicted.jsonl", records.iter().map(|record| format!("{record}\n")).collect::<String>())
}

#[test]
fn parts_share_the_articles_out_and_a_seed_decides_how() {
    let folder = Folder::new();
    let ids = |name: &str| -> Vec<String> {
        let records = lines(&fs::read_to_string(folder.path(name)).unwrap());
        records.iter().map(|line| line["id"].as_str().unwrap().to_owned()).collect()
    };
    for (out, seed) in [("a", "1"), ("b", "1"), ("c", "2")] {
        let ended = export(&["--to", "hf", &gold(), "-o", &folder.path(out), "--split", "80/10/10", "--seed", seed]);
        assert_eq!(ended.code, 0, "{}", ended.messages);
    }
    let parts: Vec<Vec<String>> = ["train", "dev", "test"].iter().map(|part| ids(&format!("a/{part}.jsonl"))).collect();
    let all: BTreeSet<&String> = parts.iter().flatten().collect();
    assert_eq!((all.len(), parts.iter().map(Vec::len).sum::<usize>()), (54, 54));
    assert!(
        parts[0].len().abs_diff(43) <= 1 && parts[1].len().abs_diff(5) <= 1,
        "{:?}",
        parts.iter().map(Vec::len).collect::<Vec<_>>()
    );
    assert_eq!(parts[1], ids("b/dev.jsonl"));
    assert_ne!(parts[1], ids("c/dev.jsonl"));
    let card = fs::read_to_string(folder.path("a/README.md")).unwrap();
    assert!(card.contains("- split: validation\n    path: \"dev.jsonl\""), "{card}");
}

#[test]
fn what_no_reviewer_has_seen_and_what_scores_low_is_left_out() {
    let folder = Folder::new();
    let first = lines(&fs::read_to_string(gold()).unwrap())[0]["id"].as_str().unwrap().to_owned();
    let records = predicted(&folder, &[&first]);
    let roles = |args: &[&str]| {
        let ended = export(&[&["--to", "csv", "--layer", "roles", &records][..], args].concat());
        assert_eq!(ended.code, 0, "{}", ended.messages);
        ended.output.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    assert!(roles(&[]).len() > 20);
    assert_eq!(roles(&["--only", "accepted"]), [first].into());
    assert_eq!(roles(&["--min-score", "0.7"]), BTreeSet::new());
}

#[test]
fn predictions_stay_predictions_until_somebody_decides() {
    let folder = Folder::new();
    let records = predicted(&folder, &[]);
    for (format, name) in [("label-studio", "tasks.json"), ("prodigy", "tasks.jsonl")] {
        let tasks = folder.path(name);
        assert_eq!(export(&["--to", format, &records, "-o", &tasks]).code, 0);
        let back = import(&["--from", format, &tasks, "--records", &records]);
        assert_eq!(back.code, 0, "{}", back.messages);
        let before = fs::read_to_string(&records).unwrap();
        assert_eq!(back.records(), lines(&before), "{format}");
    }
    let tasks = folder.path("tasks.jsonl");
    let accepted = fs::read_to_string(&tasks).unwrap().replace("{\"id\":", "{\"answer\":\"accept\",\"id\":");
    folder.write("accepted.jsonl", accepted);
    let back = import(&["--from", "prodigy", &folder.path("accepted.jsonl"), "--records", &records]);
    let roles: Vec<Value> = back.records().iter().flat_map(|record| record["entities"].as_array().unwrap().clone()).collect();
    let statuses: BTreeSet<String> =
        roles.iter().flat_map(|e| e["roles"].as_array().unwrap()).map(|role| role["status"].to_string()).collect();
    assert_eq!(statuses, ["\"accepted\"".to_owned()].into());
}

#[test]
fn a_filter_on_both_sides() {
    let folder = Folder::new();
    let input = fs::read_to_string(gold()).unwrap();
    let exported = run(rolecall(&["export", "--to", "prodigy", "-"]).write_stdin(input.clone()));
    assert_eq!(exported.code, 0, "{}", exported.messages);
    let records = folder.write("gold.jsonl", &input);
    let back =
        run(rolecall(&["import", "--from", "prodigy", "-", "--records", &records, "-o", "-"]).write_stdin(exported.output));
    assert_eq!(back.records(), lines(&input));
    let config = run(rolecall(&["export", "--to", "label-studio", "-"]).write_stdin(input));
    assert!(config.messages.contains("config.xml belongs beside a file: name one with -o"), "{}", config.messages);
    serde_json::from_str::<Vec<Value>>(&config.output).unwrap();
}

#[test]
fn what_does_not_fit_is_said_by_file_and_line() {
    let folder = Folder::new();
    let tasks = [
        json!({"id": "a", "text": "Ivo Tarn sat.", "spans": [{"start": 0, "end": 8, "label": "PER"}, {"start": 4, "end": 80, "label": "PER"}]}),
        json!({"id": "b", "text": "No.", "spans": [], "answer": "reject"}),
        json!({"id": "a", "text": "Again.", "spans": []}),
        json!({"spans": []}),
    ];
    let file = folder.write("t.jsonl", tasks.iter().map(|task| format!("{task}\n")).collect::<String>() + "{\"id\": ");
    let ended = import(&["--from", "prodigy", &file]);
    assert_eq!(ended.code, 3);
    assert_eq!(ended.records().len(), 1);
    let messages: Vec<&str> = ended.messages.lines().collect();
    for (line, what) in [
        (1, "PER from 4 to 80: expected a stretch of the text, which has 13 characters; left out"),
        (2, "expected a task that was accepted, found one answered with \"reject\"; left out"),
        (4, "missing field `text`"),
        (5, "EOF while parsing"),
    ] {
        let found = messages.iter().find(|message| message.starts_with(&format!("{file}:{line}: ")));
        assert!(found.is_some_and(|message| message.contains(what)), "{line}: {messages:#?}");
    }
    assert!(ended.messages.contains("found 'a' a second time"), "{}", ended.messages);
    assert!(
        ended.messages.ends_with("1 article -> standard output; 4 articles refused; 1 thing that did not fit\n"),
        "{}",
        ended.messages
    );
}

#[test]
fn an_article_that_a_format_can_t_hold_is_left_out_and_said() {
    let folder = Folder::new();
    let marked = folder.write("in/odd.txt", "+++\n+++\nA\u{1c}b {{Ivo Tarn|PER a}} sat.\n");
    let records = folder.path("odd.jsonl");
    assert_eq!(import(&["--from", "marked", &marked, "-o", &records]).code, 0);
    let ended = export(&["--to", "conll", &records, "-o", &folder.path("odd.conll")]);
    assert_eq!(ended.code, 3);
    assert!(
        ended.messages.contains("'odd.txt': expected columns without white space, found \"\\u{1c}\"; left out"),
        "{}",
        ended.messages
    );
    assert_eq!(fs::read_to_string(folder.path("odd.conll")).unwrap(), "");
}

#[test]
fn wrong_arguments_are_named() {
    let folder = Folder::new();
    let (gold, file) = (gold(), folder.write("file", ""));
    for (args, what) in [
        (vec!["export", "--to", "word", &*gold], "[possible values: prodigy"),
        (vec!["export", "--to", "hf", &*gold, "--split", "80/10/10"], "--output"),
        (vec!["export", "--to", "hf", &*gold, "--split", "80", "-o", "x"], "expected two or three shares such as 80/20"),
        (vec!["export", "--to", "hf", &*gold, "--split", "80/20", "-o", &*file], "a split needs a folder"),
        (vec!["export", "--to", "spacy", &*gold, "--offsets", "utf16"], "--offsets is not for spacy"),
        (vec!["export", "--to", "csv", "nowhere.jsonl"], "no such file or folder"),
        (vec!["import", "--from", "csv", &*gold], "[possible values: rolecall"),
        (vec!["import", "--from", "conll", "nowhere.conll"], "no such file or folder: 'nowhere.conll'"),
        (vec!["import", "--from", "conll", &*file, "--articles", "x"], "--articles is for --from marked"),
        (vec!["import", "--from", "rolecall", &*gold, "--records", &*gold], "--records is not for --from rolecall"),
        (vec!["import", "--from", "prodigy", "-", "--records", "-"], "'-' given twice"),
    ] {
        let ended = run(&mut rolecall(&args));
        assert_eq!(ended.code, 2, "{args:?}: {}", ended.messages);
        assert!(ended.messages.contains(what), "{args:?}: {}", ended.messages);
    }
}

#[test]
fn records_are_checked_and_written_anew() {
    let folder = Folder::new();
    let records = fs::read_to_string(gold()).unwrap();
    let good = folder.write("good.jsonl", &records);
    let ended = import(&["--from", "rolecall", &good]);
    assert_eq!((ended.code, ended.output), (0, records));
    let bad = folder.write("bad.jsonl", "{\"schema\": \"rolecall/9\"}\n");
    let ended = import(&["--from", "rolecall", &bad]);
    assert_eq!(ended.code, 3);
    assert!(ended.messages.contains("bad.jsonl:1: expected a record of the format rolecall/1"), "{}", ended.messages);
}
