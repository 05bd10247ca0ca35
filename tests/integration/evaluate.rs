//! `rolecall import` and `rolecall evaluate` as their users run them: what is compared, what is said, and with which exit code.

use crate::program::{Ended, Folder, lines, rolecall, run};
use serde_json::{Value, json};

/// Articles in their marked form, as records.
pub fn records(folder: &Folder, name: &str, articles: &[(&str, &str)]) -> String {
    for (id, article) in articles {
        folder.write(&format!("{name}/{id}.txt"), article);
    }
    let out = folder.path(&format!("{name}.jsonl"));
    let ended = run(&mut rolecall(&["import", "--from", "marked", &folder.path(name), "-o", &out]));
    assert_eq!(ended.code, 0, "{}", ended.messages);
    out
}

pub fn evaluate(gold: &str, pred: &str, more: &[&str]) -> Ended {
    run(&mut rolecall(&[&["evaluate", "--gold", gold, "--pred", pred], more].concat()))
}

fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.output).unwrap_or_else(|error| panic!("{error}: {}", ended.output))
}

const GOLD: &str = "+++
manner = 'brief'
[party.a]
panel_chair = 'chaired'
+++
{{Ivo Tarn|PER a}} chaired. {{Bo Lisle|PER b}} of {{Leeds|LOC c}} wept. {{Tarn|PER a}} left.\n";

const WORSE: &str = "+++
[party.b]
witness = 'wept'
+++
{{Ivo Tarn|PER a}} chaired. {{Bo Lisle|PER b}} of {{Leeds|ORG c}} wept. Tarn left.\n";

#[test]
fn figures_and_mistakes_of_a_small_run() {
    let folder = Folder::new();
    let (gold, pred) = (records(&folder, "gold", &[("a", GOLD)]), records(&folder, "pred", &[("a", WORSE)]));
    let errors = folder.path("errors.jsonl");
    let ended = evaluate(&gold, &pred, &["--json", "--errors", &errors, "--resamples", "50"]);
    assert_eq!((ended.code, &*ended.messages), (0, ""));
    let report = json(&ended);
    assert_eq!(report["schema"], "rolecall-evaluation/1");
    assert_eq!(report["articles"], json!({"judged": 1, "missing": 0, "extra": 0, "different_text": 0, "refused": 0}));
    let strict = &report["all"]["mentions"]["strict"]["micro"];
    assert_eq!((&strict["gold"], &strict["predicted"], &strict["found"]), (&json!(4), &json!(3), &json!(2)));
    assert_eq!(strict["outcomes"], json!({"correct": 2, "incorrect": 1, "partial": 0, "missed": 1, "spurious": 0}));
    let chair = &report["all"]["roles_by_entity"]["of"]["panel_chair"];
    assert_eq!((&chair["precision"], &chair["recall"], &chair["f1"]), (&Value::Null, &json!(0.0), &json!(0.0)));
    assert_eq!(report["groups"]["manner"]["brief"]["articles"], 1);
    assert_eq!(report["comparison"], Value::Null);

    let mistakes = lines(&std::fs::read_to_string(errors).unwrap());
    let faults: Vec<&str> = mistakes.iter().map(|mistake| mistake["fault"].as_str().unwrap()).collect();
    assert_eq!(faults, ["missed_role", "spurious_role", "wrong_label", "missed_mention"]);
    let text =
        GOLD.split("+++\n").last().unwrap().replace("{{", "").replace("}}", "").replace("|PER a", "").replace("|PER b", "");
    assert!(text.starts_with("Ivo Tarn chaired. Bo Lisle"));
    let (label, context) = (&mistakes[2], &mistakes[2]["context"]);
    assert_eq!((&label["gold"]["label"], &label["predicted"]["label"]), (&json!("LOC"), &json!("ORG")));
    assert_eq!(label["gold"]["places"], json!([{"start": 30, "end": 35, "text": "Leeds"}]));
    assert_eq!(context, &json!({"start": 0, "end": 53, "text": "Ivo Tarn chaired. Bo Lisle of Leeds wept. Tarn left.\n"}));
    assert_eq!(mistakes[1]["predicted"]["rules"], json!(["annotator"]));
}

#[test]
fn articles_that_cannot_be_compared_are_said_and_not_scored() {
    let folder = Folder::new();
    let other_text = GOLD.replace("wept", "slept");
    let gold = records(&folder, "gold", &[("a", GOLD), ("b", GOLD), ("c", GOLD)]);
    let pred = records(&folder, "pred", &[("a", GOLD), ("b", &other_text), ("d", GOLD)]);
    let ended = evaluate(&gold, &pred, &["--json"]);
    assert_eq!(ended.code, 3);
    let report = json(&ended);
    assert_eq!(report["articles"], json!({"judged": 1, "missing": 1, "extra": 1, "different_text": 1, "refused": 0}));
    assert_eq!(report["all"]["mentions"]["strict"]["micro"]["f1"], 1.0);
    for said in ["'b.txt' has another text than in", "'c.txt' is in gold, but not in", "1 predicted article not in gold"] {
        assert!(ended.messages.contains(said), "{said}: {}", ended.messages);
    }
    // A prediction of more than gold has is no fault.
    let fewer = records(&folder, "fewer", &[("a", GOLD)]);
    assert_eq!(evaluate(&fewer, &gold, &[]).code, 0);
    let nothing = records(&folder, "nothing", &[("z", GOLD)]);
    let ended = evaluate(&gold, &nothing, &[]);
    assert_eq!((ended.code, &*ended.output), (1, ""));
    assert!(ended.messages.contains("are the ids the same?"), "{}", ended.messages);
}

/// What is done to a record, and what is then said of it.
type Damage<'a> = (&'a dyn Fn(&mut Value), &'a str);

#[test]
fn a_record_that_contradicts_itself_is_refused_with_its_line() {
    let folder = Folder::new();
    let gold = records(&folder, "gold", &[("a", GOLD), ("b", GOLD)]);
    let lines = std::fs::read_to_string(&gold).unwrap();
    let records: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut second = records[1].clone();
        change(&mut second);
        folder.write("changed.jsonl", format!("{}\n{second}\n", records[0]))
    };
    let cases: [Damage<'_>; 8] = [
        (&|record| record["schema"] = json!("rolecall/2"), "found \"rolecall/2\""),
        (&|record| record["spans"][0]["end"] = json!(999), "past the text"),
        (&|record| record["spans"][0]["text"] = json!("Ivo Torn"), "counted in another unit"),
        (&|record| record["spans"][1]["id"] = json!("m1"), "'m1' twice"),
        (
            &|record| record["spans"][0]["entity"] = json!("e2"),
            "mention 'm1' says it is of entity 'e2', but is listed by entity 'e1'",
        ),
        (&|record| record["entities"][0]["mentions"] = json!([]), "entity 'e1' has no mention"),
        (&|record| record["entities"][0]["mentions"] = json!(["m9"]), "names 'm9'"),
        (&|record| record["spans"] = json!(3), "see `rolecall schema`"),
    ];
    for (change, said) in cases {
        let pred = changed(change);
        let ended = evaluate(&gold, &pred, &["--json"]);
        assert_eq!(ended.code, 3, "{said}");
        assert!(ended.messages.contains(said) && ended.messages.contains("changed.jsonl:2:"), "{said}: {}", ended.messages);
        assert_eq!(json(&ended)["articles"]["judged"], 1, "{said}");
    }
}

#[test]
fn two_runs_are_compared_on_the_same_resamples() {
    let folder = Folder::new();
    let many = |article: &'static str| -> Vec<(String, &str)> { (0..8).map(|at| (format!("{at}"), article)).collect() };
    let as_names = |articles: &[(String, &'static str)]| -> Vec<(&'static str, &'static str)> {
        articles.iter().map(|(id, article)| (&*String::leak(id.clone()), *article)).collect()
    };
    let gold = records(&folder, "gold", &as_names(&many(GOLD)));
    let worse = records(&folder, "worse", &as_names(&many(WORSE)));
    let ended = evaluate(&gold, &gold, &["--compare", &worse, "--json"]);
    assert_eq!(ended.code, 0, "{}", ended.messages);
    let comparison = &json(&ended)["comparison"];
    assert_eq!(comparison["mistakes"], json!({"new": 0, "fixed": 32, "same": 0}));
    let core = comparison["figures"].as_array().unwrap().iter().find(|figure| figure["name"] == "roles by entity, core").unwrap();
    assert_eq!((&core["f1"], &core["other"], &core["difference"]), (&json!(1.0), &json!(0.0), &json!(1.0)));
    assert_eq!((&core["interval"], core["p_value"].as_f64().unwrap() < 0.01), (&json!([1.0, 1.0]), true));
    let words = evaluate(&gold, &gold, &["--compare", &worse]).output;
    assert!(
        words.contains("Of the mistakes, 0 are new, 32 of ") && words.contains("- and 12 more, which --errors lists"),
        "{words}"
    );
    assert!(words.contains("- fixed missed_mention in 0.txt: Tarn (PER) → nothing"), "{words}");
}

#[test]
fn the_order_of_the_files_and_the_seed_are_what_figures_depend_on() {
    let folder = Folder::new();
    let ids: Vec<String> = (0..15).map(|at| format!("{at:02}")).collect();
    let every = |third: usize| -> Vec<(&str, &str)> {
        ids.iter().enumerate().map(|(at, id)| (&**id, if at % 3 == third { WORSE } else { GOLD })).collect()
    };
    let (gold, pred) = (records(&folder, "gold", &every(0)), records(&folder, "pred", &every(1)));
    let backwards: String = std::fs::read_to_string(&pred).unwrap().lines().rev().map(|line| format!("{line}\n")).collect();
    let backwards = folder.write("backwards.jsonl", backwards);
    let figures = |pred: &str, more: &[&str]| json(&evaluate(&gold, pred, &[&["--json"], more].concat()))["all"].clone();
    let first = figures(&pred, &[]);
    assert!(first == figures(&backwards, &[]), "another order, other figures");
    assert!(first == figures(&pred, &["--seed", "1"]), "one seed, two sets of figures");
    assert!(first != figures(&pred, &["--seed", "2"]), "the seed is not used");
    let none = figures(&pred, &["--resamples", "0"]);
    assert_eq!(none["mentions"]["strict"]["micro"].get("interval"), None);
}

#[test]
fn tag_files_are_read_in_both_ways() {
    let folder = Folder::new();
    let gold = folder.write("gold.conll", "Ivo B-PER\nTarn I-PER\nsat O\n\nBow B-LOC\n");
    let pred = folder.write("pred.conll", "Ivo I-PER\nTarn I-PER\nsat O\n\nBow B-LOC\n");
    let ended = evaluate(&gold, &pred, &["--json"]);
    assert_eq!(ended.code, 0, "{}", ended.messages);
    let seqeval = &json(&ended)["all"]["seqeval"];
    assert_eq!(seqeval["default"]["micro"]["f1"], 1.0);
    assert_eq!((&seqeval["strict"]["micro"]["found"], &seqeval["strict"]["micro"]["predicted"]), (&json!(1), &json!(1)));
    let other = folder.write("other.conll", "Ivo I-PER\nTorn I-PER\nsat O\n\nBow B-LOC\n");
    assert_eq!(evaluate(&gold, &other, &[]).code, 3);
}

#[test]
fn marks_that_do_not_hold_together_are_refused_with_their_line() {
    let folder = Folder::new();
    folder.write("marked/a.txt", GOLD);
    folder.write("marked/b.txt", GOLD.replace("PER b", "PRE b"));
    folder.write("marked/c.txt", GOLD.replace("'chaired'", "'presided'"));
    let ended = run(&mut rolecall(&["import", "--from", "marked", &folder.path("marked")]));
    assert_eq!((ended.code, ended.records().len()), (3, 1));
    assert!(ended.messages.contains("b.txt:6: expected a mark"), "{}", ended.messages);
    assert!(
        ended.messages.contains("c.txt:3: [party.a]: panel_chair: the article does not hold \"presided\""),
        "{}",
        ended.messages
    );
    folder.write("plain/a.txt", "Ivo Tarn chaired. Bo Lisle of York wept. Tarn left.\n");
    let args = ["import", "--from", "marked", &folder.path("marked/a.txt"), "--articles", &folder.path("plain")];
    let ended = run(&mut rolecall(&args));
    assert_eq!((ended.code, ended.records().len()), (3, 0));
    assert!(
        ended.messages.contains("found \"Leeds wept. Tarn lef\" in place of \"York wept. Tarn left\" at character 30"),
        "{}",
        ended.messages
    );
}

#[test]
fn wrong_arguments_end_before_anything_is_made() {
    let folder = Folder::new();
    let gold = records(&folder, "gold", &[("a", GOLD)]);
    for (pred, more) in [
        ("missing.jsonl", &[][..]),
        ("-", &["--compare", "-"]),
        (&*gold, &["--errors", "no/such/folder/errors.jsonl"]),
        (&*gold, &["--errors", &*gold]),
    ] {
        let ended = evaluate(&gold, pred, more);
        assert_eq!((ended.code, &*ended.output), (2, ""), "{pred} {more:?}: {}", ended.messages);
    }
}
