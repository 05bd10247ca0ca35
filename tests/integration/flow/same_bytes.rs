//! The default model through the program: one article, one record, whatever stands around it.

use crate::program::{Folder, articles, json_lines, lines, rolecall, run};
use serde_json::Value;
use std::collections::BTreeMap;

/// The article that is looked at: longer than one window of the model, and with several people.
fn article() -> (String, String) {
    let text = std::fs::read_to_string(crate::program::root().join("corpus/articles/train/spray-hearing-day-two.txt")).unwrap();
    ("looked-at".to_owned(), text)
}

/// Records by id, in the bytes of their lines, without where they were read from.
fn by_id(output: &str) -> BTreeMap<String, String> {
    let entry = |mut record: Value| {
        record["meta"].as_object_mut().unwrap().shift_remove("source").expect("a record says where its article was read");
        (record["id"].as_str().unwrap().to_owned(), record.to_string())
    };
    lines(output).into_iter().map(entry).collect()
}

/// rust-bert's own pipeline gives the windows of later articles the words of earlier ones as soon as one call has more windows
/// than a batch (rust-bert 0.23.0, pipelines/token_classification.rs, line 998: `&features[sentence_idx]` where the batch
/// begins at `start`). Here nothing of an article's record may depend on its neighbours, on workers, or on where it is read from.
#[test]
fn an_article_alone_and_among_500_others_has_one_record() {
    let folder = Folder::new();
    let mut all = articles(500);
    all.insert(250, article());
    let mixed = folder.write("mixed.jsonl", json_lines(&all));

    let two = run(&mut rolecall(&["annotate", &mixed, "-q", "--workers", "2"]));
    let one = run(&mut rolecall(&["annotate", &mixed, "-q", "--workers", "1"]));
    assert_eq!((two.code, one.code), (0, 0), "{}{}", two.messages, one.messages);
    assert!(two.output == one.output, "1 and 2 workers gave other bytes");

    let ids: Vec<Value> = two.records().iter().map(|record| record["id"].clone()).collect();
    assert_eq!(ids, all.iter().map(|(id, _)| Value::from(id.as_str())).collect::<Vec<_>>());
    let found = two.records().iter().filter(|record| !record["spans"].as_array().unwrap().is_empty()).count();
    assert!(found > 490, "only {found} articles have a name");

    let turned = run(rolecall(&["annotate", "-", "-q", "--workers", "2"]).write_stdin(json_lines(all.iter().rev())));
    let (of_file, of_stream) = (by_id(&two.output), by_id(&turned.output));
    assert_eq!(of_file.len(), 501);
    for (id, record) in &of_file {
        assert_eq!(Some(record), of_stream.get(id), "{id} through '-', in another order");
    }

    let alone = run(rolecall(&["annotate", "-", "-q"]).write_stdin(json_lines([&article()])));
    assert_eq!(by_id(&alone.output)["looked-at"], of_file["looked-at"], "alone");
    let file = folder.write("looked-at.txt", article().1);
    let alone = run(&mut rolecall(&["annotate", &file, "-q"]));
    assert_eq!(by_id(&alone.output)["looked-at.txt"], of_file["looked-at"].replace("\"looked-at\"", "\"looked-at.txt\""));
}

#[test]
fn a_result_in_a_file_is_the_result_on_the_screen() {
    let folder = Folder::new();
    let input = folder.write("in.jsonl", json_lines(&articles(5)));
    let out = folder.path("out.jsonl.gz");
    let screen = run(&mut rolecall(&["annotate", &input, "-q"]));
    let file = run(&mut rolecall(&["annotate", &input, "-q", "-o", &out]));
    assert_eq!((screen.code, file.code, file.output.as_str()), (0, 0, ""));
    let mut text = String::new();
    let packed = std::fs::File::open(&out).unwrap();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(packed), &mut text).unwrap();
    assert_eq!(text, screen.output);
    assert_eq!(screen.records().len(), 5);
    assert_eq!(folder.names(), ["in.jsonl", "out.jsonl.gz"], "the part is renamed");
}
