//! `rolecall show` on streams: records that come in by a pipe, output that goes into one, and text that would steer a terminal.

use crate::program::{Folder, rolecall, run};
use regex::Regex;
use rolecall::document::{Annotation, Document};
use rolecall::exchange::marked;
use rolecall::write::back::Annotated;
use rolecall::write::offsets::OffsetUnit;
use rolecall::write::record::{Record, Run};
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

/// A line of the record of an annotated article.
pub fn record(document: &Document, annotation: &Annotation) -> String {
    let made_by = Run { tool: "rolecall 0.1.0".into(), model: "none".into(), rules: "none".into(), precision: "none".into() };
    serde_json::to_string(&Record::new(document, annotation, &made_by, OffsetUnit::Utf16)).unwrap() + "\n"
}

/// A line of the record of a marked article.
pub fn compiled(id: &str, source: &str) -> String {
    let Annotated { document, annotation, .. } = marked::compile(id, source, &["panel_chair"].into()).unwrap().annotated;
    record(&document, &annotation)
}

const HEARING: &str = "+++
split = \"train\"
[party.tarn]
panel_chair = \"chaired\"
+++
👮 {{Ivo Tarn|PER tarn}} chaired.
";

#[test]
fn standard_input_is_read_and_shown_in_eighty_columns_without_colour() {
    let ended = run(rolecall(&["show", "-"]).env("COLUMNS", "40").write_stdin(compiled("a", HEARING)));
    assert_eq!((ended.code, &*ended.messages), (0, ""));
    let expected = format!(
        "── a {}\n\n👮 ⟦Ivo Tarn⟧¹·panel_chair chaired.\n\nPeople\n    ¹ Ivo Tarn  PER name, 1 mention\n       \
         panel_chair 1.00, accepted\n         “👮 Ivo Tarn ‹chaired›.”  annotator\n\n",
        "─".repeat(75)
    );
    assert_eq!(ended.output, expected);
}

#[test]
fn gold_can_come_by_the_pipe() {
    let folder = Folder::new();
    let file = folder.write("predicted.jsonl", compiled("a", HEARING));
    let gold = compiled("a", &HEARING.replace("[party.tarn]\npanel_chair = \"chaired\"\n", ""));
    let ended = run(rolecall(&["show", &file, "--gold", "-", "--color", "never"]).write_stdin(gold));
    assert_eq!(ended.code, 0, "{}", ended.messages);
    assert!(ended.output.contains("\n     + panel_chair 1.00"), "{}", ended.output);
    assert!(ended.output.contains("roles     0 right, − 0 missed, + 1 spurious"), "{}", ended.output);
}

/// Whoever reads no further, as `head` does, has all he wanted.
#[test]
fn a_pipe_that_is_closed_early_is_success() {
    let folder = Folder::new();
    let file = folder.write("many.jsonl", compiled("a", HEARING).repeat(3000));
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(["show", &file])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("── a "), "{first}");
    let mut messages = String::new();
    child.stderr.take().unwrap().read_to_string(&mut messages).unwrap();
    assert_eq!((child.wait().unwrap().code(), &*messages), (Some(0), ""));
}

/// An article could move the cursor, set the title of the window, or turn the order of what stands around it.
#[test]
fn an_article_can_t_steer_the_terminal() {
    let hostile = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}\u{8}\r{{Ivo \u{1b}[8mTarn|PER tarn}}";
    let line = compiled("\u{1b}[5mid", &HEARING.replace("👮 {{Ivo Tarn|PER tarn}}", hostile));
    let broken = line.replace("\"unit\"", "").replace("rolecall/1", "rolecall/\u{202e}9");
    let styles = Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    for colour in ["always", "never"] {
        let ended = run(rolecall(&["show", "-", "--color", colour]).write_stdin(line.clone() + &broken));
        assert_eq!(ended.code, 3);
        let rest = styles.replace_all(&ended.output, "");
        assert!(rest.contains("␛]0;owned␇␛[2J⟨U+009B⟩31m⟨U+202E⟩␈"), "{rest}");
        assert!(rest.contains("␛[5mid") && rest.contains("␛[8mTarn"), "{rest}");
        for text in [&*rest, &*ended.messages] {
            let steers = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
            assert!(!text.contains(steers), "{text:?}");
        }
        assert_eq!(rest == ended.output, colour == "never");
    }
}
