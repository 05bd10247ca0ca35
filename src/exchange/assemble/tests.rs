//! Drafts as tools give them, with and without the records they came from.

use super::*;
use crate::document::{Kind, Label, Origin, Status};
use crate::exchange::draft::{Given, Place, Region, Related};
use crate::exchange::marked;

const ARTICLE: &str = "+++
[party.tarn]
panel_chair = 'chaired'
[party.one]
anonymised_officer = 'PC One'
subject_officer = 'had lied'
[party.lisle]
representative = 'for'
represents.one = 'for'
+++
{{Ivo Tarn|PER tarn}} chaired the panel. {{Bo Lisle|PER lisle}}, for {{PC One|ANON one}}, spoke. {{Tarn|PER tarn}} said 👮🏽‍♀️ {{PC One|ANON one}} had lied.
";

fn record() -> Annotated {
    let roles = ["panel_chair", "anonymised_officer", "subject_officer", "representative"].into();
    marked::compile("a.txt", ARTICLE, &roles).unwrap().annotated
}

fn how(layer: Layer) -> How {
    let roles = crate::assign::built_in_roles().map(str::to_owned).collect();
    How { layer, unit: OffsetUnit::Char, roles }
}

/// Where the `nth` of some words stands, in characters.
fn at(text: &str, words: &str, nth: usize) -> std::ops::Range<usize> {
    let byte = text.match_indices(words).nth(nth).unwrap().0;
    let start = text[..byte].chars().count();
    start..start + words.chars().count()
}

/// A draft with these words of the record's text, each with its labels.
fn draft(regions: &[(&str, usize, &[&str])]) -> Draft {
    let text = record().document.text;
    let place = Place { path: "t.jsonl".into(), line: 7 };
    let region = |&(words, nth, labels): &(&str, usize, &[&str])| {
        Region::new(at(&text, words, nth), labels.iter().map(|label| Given::of(label)).collect())
    };
    Draft { regions: regions.iter().map(region).collect(), ..Draft::new(place, Words::Text(text.clone())) }
}

fn roles(assembled: &Assembled) -> Vec<(String, String, Status)> {
    let entities = &assembled.annotated.annotation.entities;
    entities.iter().flat_map(|e| e.roles.iter().map(|r| (e.name.clone(), r.role.clone(), r.status))).collect()
}

fn messages(assembled: &Assembled) -> Vec<String> {
    assembled.unfit.iter().map(ToString::to_string).collect()
}

#[test]
fn without_a_record_mentions_are_linked_and_proofs_are_the_mentions() {
    let regions: &[(&str, usize, &[&str])] = &[
        ("Ivo Tarn", 0, &["PER", "panel_chair"]),
        ("Tarn", 1, &["PER"]),
        ("PC One", 0, &["ANON"]),
        ("PC One", 1, &["subject_officer"]),
    ];
    let assembled = assemble(draft(regions), None, &how(Layer::Both)).unwrap();
    assert_eq!(messages(&assembled), [""; 0]);
    let annotation = &assembled.annotated.annotation;
    let names: Vec<(&str, usize)> = annotation.entities.iter().map(|e| (&*e.name, e.mentions.len())).collect();
    assert_eq!(names, [("Ivo Tarn", 2), ("PC One", 2)]);
    let text = &assembled.annotated.document.text;
    let proof = &annotation.entities[0].roles[0].evidence[0];
    assert_eq!((&*proof.rule, proof.span.of(text)), ("imported", "Ivo Tarn"));
    assert_eq!(annotation.mentions[3].kind, Kind::Pseudonym, "a role on a pseudonym alone makes it one");
    assert_eq!(roles(&assembled).len(), 2);
    assert!(annotation.mentions.iter().all(|mention| mention.origin == Origin::Annotator));
    assert_eq!(assembled.annotated.document.id, "t.jsonl:7");
}

#[test]
fn what_is_unchanged_comes_from_the_record_and_what_is_changed_does_not() {
    let mut before = record();
    before.annotation.entities.iter_mut().flat_map(|e| &mut e.roles).for_each(|role| role.status = Status::Predicted);
    // The chair became a witness, the pseudonym lost a role, one mention was deleted, another added.
    let regions: &[(&str, usize, &[&str])] = &[
        ("Ivo Tarn", 0, &["PER", "witness"]),
        ("Bo Lisle", 0, &["PER", "representative"]),
        ("PC One", 0, &["ANON", "anonymised_officer"]),
        ("PC One", 1, &["ANON"]),
        ("panel", 0, &["ORG"]),
    ];
    let assembled = assemble(draft(regions), Some(before.clone()), &how(Layer::Both)).unwrap();
    assert_eq!(messages(&assembled), [""; 0]);
    let given = |name: &str, role: &str, status| (name.to_owned(), role.to_owned(), status);
    let expected = [
        given("Ivo Tarn", "witness", Status::Corrected),
        given("Ivo Tarn", "panel_chair", Status::Rejected),
        given("Bo Lisle", "representative", Status::Accepted),
        given("PC One", "anonymised_officer", Status::Accepted),
        given("PC One", "subject_officer", Status::Rejected),
    ];
    assert_eq!(roles(&assembled), expected);
    assert_eq!(assembled.taken_away, 2);
    let annotation = &assembled.annotated.annotation;
    assert_eq!(annotation.entities.iter().map(|e| e.mentions.len()).collect::<Vec<_>>(), [1, 1, 1, 2]);
    let bo = annotation.entities.iter().find(|e| e.name == "Bo Lisle").unwrap();
    assert_eq!(bo.roles[0].evidence, before.annotation.entities[1].roles[0].evidence);
    assert_eq!(annotation.relations.len(), 1, "the draft has no relations, so the record's stay");
    assert_eq!(assembled.annotated.document.id, "a.txt");
}

#[test]
fn a_layer_that_was_not_exported_stays_as_it_was() {
    let before = record();
    let ner: &[(&str, usize, &[&str])] = &[("Ivo Tarn", 0, &["PER"]), ("Tarn", 1, &["PER"]), ("PC One", 1, &["ANON"])];
    let assembled = assemble(draft(ner), Some(before.clone()), &how(Layer::Ner)).unwrap();
    let names: Vec<String> = roles(&assembled).into_iter().map(|(name, role, _)| format!("{name} {role}")).collect();
    assert_eq!(names, ["Ivo Tarn panel_chair", "PC One anonymised_officer", "PC One subject_officer"]);

    let only: &[(&str, usize, &[&str])] = &[("Ivo Tarn", 0, &["panel_chair"])];
    let assembled = assemble(draft(only), Some(before.clone()), &how(Layer::Roles)).unwrap();
    let annotation = &assembled.annotated.annotation;
    assert_eq!(annotation.mentions, before.annotation.mentions);
    let stand = roles(&assembled).into_iter().filter(|(_, _, status)| *status != Status::Rejected);
    assert_eq!((stand.count(), assembled.taken_away), (1, 3));
}

#[test]
fn what_does_not_fit_is_said_and_left_out() {
    let mut bad = draft(&[
        ("Ivo Tarn", 0, &["PER"]),
        ("Ivo", 0, &["PER"]),
        ("Bo Lisle", 0, &["PER"]),
        ("Bo Lisle", 0, &["ORG"]),
        (" for ", 0, &["MISC"]),
    ]);
    bad.regions.push(Region { at: -1..3, ..Region::new(0..0, vec![Given::of("PER")]) });
    bad.regions.push(Region::new(5..5, vec![Given::of("PER")]));
    bad.regions.push(Region::new(5..5000, vec![Given::of("PER")]));
    let words = at(&record().document.text, "PC One", 0);
    bad.regions.push(Region { text: Some("PC Two".into()), ..Region::new(words, vec![Given::of("ANON")]) });
    let assembled = assemble(bad, None, &how(Layer::Both)).unwrap();
    let said = messages(&assembled);
    let expected = [
        "one label for a stretch, which is PER already",
        "begins or ends with white space",
        "PER from -1 to 3: expected a stretch of the text, which has 90 characters",
        "begins before it ends",
        "PER from 5 to 5000: expected a stretch of the text",
        "expected the words that stand there, \"PC One\", found \"PC Two\"",
        "\"Ivo Tarn\" overlaps \"Ivo\"",
    ];
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    for (message, expected) in said.iter().zip(expected) {
        assert!(message.starts_with("t.jsonl:7: ") && message.contains(expected), "{message}");
    }
    let text = &assembled.annotated.document.text;
    let left: Vec<&str> = assembled.annotated.annotation.mentions.iter().map(|mention| mention.span.of(text)).collect();
    assert_eq!(left, ["Ivo", "Bo Lisle", "for"]);
}

#[test]
fn line_breaks_that_a_tool_writes_otherwise_are_the_same_words() {
    let place = Place { path: "t".into(), line: 1 };
    let words = Words::Text("Ivo\r\nTarn".to_owned());
    let region = Region { text: Some("Ivo\\n\\nTarn".into()), ..Region::new(0..9, vec![Given::of("PER")]) };
    let assembled = assemble(Draft { regions: vec![region], ..Draft::new(place, words) }, None, &how(Layer::Both)).unwrap();
    assert_eq!(messages(&assembled), [""; 0]);
    assert_eq!(assembled.annotated.annotation.mentions[0].span.end(), 9);
}

#[test]
fn keys_and_relations_of_the_draft_count() {
    let regions: &[(&str, usize, &[&str])] =
        &[("Ivo Tarn", 0, &["PER"]), ("Bo Lisle", 0, &["PER"]), ("PC One", 0, &["ANON"]), ("PC One", 1, &["ANON"])];
    let mut draft = draft(regions);
    draft.join(&[(0, 1)]);
    draft.relations =
        Some(vec![Related { kind: "represents".into(), from: 1, to: 3 }, Related { kind: "represents".into(), from: 0, to: 3 }]);
    let assembled = assemble(draft, Some(record()), &how(Layer::Both)).unwrap();
    let annotation = &assembled.annotated.annotation;
    let sizes: Vec<usize> = annotation.entities.iter().map(|e| e.mentions.len()).collect();
    assert_eq!(sizes, [2, 1, 1], "what the draft keeps apart is apart, also what the record and the linker would join");
    let ends: Vec<(usize, usize)> = annotation.relations.iter().map(|relation| (relation.from, relation.to)).collect();
    assert_eq!(ends, [(0, 2)]);
    assert_eq!(annotation.entities[0].label, Label::Per);
}

#[test]
fn another_text_is_refused_and_tokens_find_their_place_in_it() {
    let mut other = draft(&[]);
    other.words = Words::Text("Ivo Tarn charied".to_owned());
    let message = assemble(other, Some(record()), &how(Layer::Both)).unwrap_err().to_string();
    assert!(message.contains("found \"ried\" in place of \"ired the panel. Bo L\" at character 12"), "{message}");

    let tokens = |words: &str| Words::Tokens(vec![words.split(' ').map(str::to_owned).collect()]);
    let mut spaced = record();
    spaced.document.text = "Ivo\u{a0}Tarn\n\nsat.".to_owned();
    spaced.annotation = Annotation::default();
    let region = Region::new(0..2, vec![Given::of("PER")]);
    let draft = |words| Draft { regions: vec![region.clone()], ..Draft::new(Place { path: "t".into(), line: 1 }, words) };
    let assembled = assemble(draft(tokens("Ivo Tarn sat .")), Some(spaced.clone()), &how(Layer::Both)).unwrap();
    assert_eq!(assembled.annotated.annotation.mentions[0].span.of(&spaced.document.text), "Ivo\u{a0}Tarn");
    for (wrong, expected) in
        [("Ivo Tarn sits .", "found \"sits\" where that has \"sat.\""), ("Ivo Tarn", "found none for \"sat.\"")]
    {
        let message = assemble(draft(tokens(wrong)), Some(spaced.clone()), &how(Layer::Both)).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
    let alone = assemble(draft(tokens("Ivo Tarn sat .")), None, &how(Layer::Both)).unwrap();
    assert_eq!(alone.annotated.document.text, "Ivo Tarn sat .");
}

/// The draft of a tool that joins all mentions to the first, and has the roles there.
fn starred(regions: &[(&str, usize, &[&str])], same: &[(usize, usize)]) -> Draft {
    let mut draft = draft(regions);
    draft.roles_on_first = true;
    draft.relations = Some(Vec::new());
    draft.join(same);
    draft
}

/// A deleted first mention once took the whole entity with it.
#[test]
fn what_hung_on_a_deleted_first_mention_stays() {
    let regions: &[(&str, usize, &[&str])] =
        &[("Bo Lisle", 0, &["PER", "representative"]), ("PC One", 1, &["ANON"]), ("Tarn", 1, &["PER"])];
    let assembled = assemble(starred(regions, &[]), Some(record()), &how(Layer::Both)).unwrap();
    let names: Vec<String> = roles(&assembled).into_iter().map(|(name, role, _)| format!("{name} {role}")).collect();
    assert_eq!(names, ["Bo Lisle representative", "Tarn panel_chair", "PC One anonymised_officer", "PC One subject_officer"]);
    assert_eq!(assembled.annotated.annotation.relations.len(), 1);
    assert_eq!(assembled.taken_away, 0);
}

/// A reviewer who parts two mentions once got two panel chairs.
#[test]
fn the_roles_of_an_entity_that_was_parted_go_with_the_greater_part() {
    let regions: &[(&str, usize, &[&str])] =
        &[("Ivo Tarn", 0, &["PER"]), ("Tarn", 1, &["PER"]), ("PC One", 0, &["ANON"]), ("PC One", 1, &["ANON"])];
    let mut parted = draft(regions);
    parted.join(&[(2, 3)]);
    let assembled = assemble(parted, Some(record()), &how(Layer::Ner)).unwrap();
    let names: Vec<String> = roles(&assembled).into_iter().map(|(name, role, _)| format!("{name} {role}")).collect();
    assert_eq!(names, ["Ivo Tarn panel_chair", "PC One anonymised_officer", "PC One subject_officer"]);
    assert_eq!(assembled.taken_away, 1, "Bo Lisle is gone, and his role");
}

#[test]
fn that_somebody_decided_is_kept_even_where_nothing_is_left_to_show_it() {
    let mut before = record();
    before.made_by.model = "sha256:1".into();
    before.annotation.entities.iter_mut().for_each(|entity| entity.roles.clear());
    before.annotation.mentions.iter_mut().for_each(|mention| mention.origin = Origin::Model);
    for regions in [&[][..], &[("Ivo Tarn", 0, &["PER"][..])][..]] {
        let seen = assemble(draft(regions), Some(before.clone()), &how(Layer::Both)).unwrap().annotated;
        assert!(article::reviewed(&seen));
        let unseen = Draft { reviewed: false, ..draft(regions) };
        assert!(!article::reviewed(&assemble(unseen.clone(), Some(before.clone()), &how(Layer::Both)).unwrap().annotated));
        assert!(!article::reviewed(&assemble(unseen, None, &how(Layer::Both)).unwrap().annotated));
    }
}

#[test]
fn roles_of_other_rules_are_roles_and_odd_scores_are_none() {
    let mut before = record();
    before.annotation.entities[0].roles[0].role = "clerk".into();
    let mut draft = draft(&[("Ivo Tarn", 0, &["PER", "clerk"])]);
    draft.regions[0].labels[0].score = Some(f32::INFINITY);
    draft.regions.push(Region::new(0..3, vec![Given::of("")]));
    draft
        .regions
        .push(Region { roles: vec![Given::of("mayor")], ..Region::new(at(&record().document.text, "Bo Lisle", 0), vec![]) });
    let assembled = assemble(draft, Some(before), &how(Layer::Both)).unwrap();
    assert_eq!(roles(&assembled)[0].1, "clerk");
    assert_eq!(assembled.annotated.annotation.mentions[0].score, 1.0);
    let said = messages(&assembled);
    assert!(said[0].contains("expected a label, found an empty one"), "{said:?}");
    assert!(
        said[1].contains("expected a role, one of anonymised_officer, clerk, ") && said[1].contains("found 'mayor'"),
        "{said:?}"
    );
}
