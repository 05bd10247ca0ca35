//! What is counted of articles whose annotation is known.

use super::*;
use crate::exchange::marked;
use crate::read::Code;
use serde_json::json;

const HEARING: &str = "+++
manner = \"tab|loid\"
year = 2025
[party.tarn]
panel_chair = [\"chair\", \"ruled\"]
[party.lisle]
witness = \"saw\"
represents.one = \"for PC One\"
+++
The chair, {{Ivo Tarn|PER tarn}}, ruled. {{Bo Lisle|PER lisle}}, for {{PC One|ANON one}}, saw it: 9.30 - no!
{{Tarn|PER tarn}} left.
";

fn compiled(source: &str) -> Annotated {
    marked::compile("a.txt", source, &["panel_chair", "witness"].into()).unwrap().annotated
}

fn fields(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn count(articles: &[Annotated], by: &[&str]) -> Stats {
    Stats::count(articles.iter().cloned().map(Ok), &fields(by), |refusal| panic!("{refusal}"))
}

#[test]
fn the_json_is_as_documented() {
    let mut rejected = compiled(HEARING);
    rejected.document.meta.shift_remove("manner");
    rejected.annotation.entities[1].roles[0].status = Status::Rejected;
    let stats = count(&[compiled(HEARING), rejected], &["manner", "year", "split"]);
    let role = |counts: [u64; 6]| {
        let [entities, articles, predicted, accepted, corrected, rejected] = counts;
        json!({"entities": entities, "articles": articles, "predicted": predicted, "accepted": accepted,
               "corrected": corrected, "rejected": rejected})
    };
    let group = |articles: u64, roles: Value| json!({"articles": articles, "words": 16 * articles, "mentions": 4 * articles, "entities": 3 * articles, "roles": roles});
    let expected = json!({
        "articles": 2, "words": 32, "sentences": 6,
        "mentions": {"total": 8, "by_label": {"ANON": 2, "PER": 6}, "by_kind": {"name": 6, "pseudonym": 2}},
        "entities": {"total": 6, "anonymised": 2, "by_label": {"ANON": 2, "PER": 4}},
        "roles": {"panel_chair": role([2, 2, 0, 2, 0, 0]), "witness": role([1, 1, 0, 1, 0, 1])},
        "relations": {"represents": 2},
        "rules": {"annotator": 5},
        "warnings": {},
        "groups": {
            "manner": {"tab|loid": group(1, json!({"panel_chair": 1, "witness": 1})), "(none)": group(1, json!({"panel_chair": 1}))},
            "year": {"2025": group(2, json!({"panel_chair": 2, "witness": 1}))},
        },
    });
    assert_eq!(serde_json::to_value(&stats).unwrap(), expected);
}

#[test]
fn tables_are_markdown_and_aligned() {
    let tables = count(&[compiled(HEARING)], &["manner", "split"]).tables(&fields(&["manner", "split", "manner"]));
    let parts: Vec<&str> = tables.trim_end().split("\n\n").collect();
    assert_eq!(parts.len(), 7, "{tables}");
    let roles = "\
| role        | entities | articles | predicted | accepted | corrected | rejected |
|-------------|----------|----------|-----------|----------|-----------|----------|
| panel_chair |        1 |        1 |         0 |        1 |         0 |        0 |
| witness     |        1 |        1 |         0 |        1 |         0 |        0 |";
    assert_eq!(parts[3], roles);
    let manner = "\
| manner    | articles | words | mentions | entities | panel_chair | witness |
|-----------|----------|-------|----------|----------|-------------|---------|
| tab\\|loid |        1 |    16 |        4 |        3 |           1 |       1 |";
    assert_eq!(parts[6], manner);
}

#[test]
fn thousands_have_commas_and_what_there_is_most_of_stands_first() {
    let stats = Stats {
        words: 1_234_567,
        rules: Counts::from([("a".into(), 7), ("b".into(), 1000), ("c\u{1b}".into(), 7)]),
        ..Stats::default()
    };
    let tables = stats.tables(&[]);
    assert!(tables.contains("| words               | 1,234,567 |"), "{tables}");
    assert!(tables.ends_with("| b    |    1,000 |\n| a    |        7 |\n| c␛   |        7 |\n"), "{tables}");
}

/// Batches are counted on all cores; neither their bounds nor their order may show.
#[test]
fn many_articles_count_as_often_as_one_does() {
    let mut long = compiled(HEARING);
    long.document.text += &"One more. ".repeat(BATCH / 40);
    let (one, n) = (count(&[long.clone()], &["manner"]), 11);
    let many = count(&vec![long; n], &["manner"]);
    let n = n as u64;
    assert_eq!((many.articles, many.words, many.sentences), (n, n * one.words, n * one.sentences));
    assert_eq!(many.groups["manner"]["tab|loid"].roles["witness"], n);
    assert_eq!(many.roles["witness"], Role { entities: n, articles: n, accepted: n, ..Role::default() });
}

#[test]
fn what_was_refused_is_handed_on_and_nothing_counts_for_nothing() {
    let mut refused = Vec::new();
    let articles = [Err(Refusal::new(Code::BadRecord, "no record")), Ok(compiled(HEARING))];
    let stats = Stats::count(articles, &[], |refusal| refused.push(refusal.clone()));
    assert_eq!((stats.articles, refused.len()), (1, 1));
    assert_eq!(count(&[], &["manner"]), Stats::default());
}
