//! The rules' own examples, and what the judgement does beyond single rules.

use super::examples::Example;
use super::*;
use crate::link::link;
use crate::recognise::layers::overlay;
use crate::segment::segment;

fn annotate(marked: &str) -> (String, Annotation) {
    let Example { text, mentions, .. } = Example::read(marked).unwrap();
    let segments = segment(&text);
    let linked = link(&text, &segments, overlay(&text, &segments, mentions));
    let annotation = Rules::builtin().assign(&text, segments, linked);
    (text, annotation)
}

/// Names and roles of all who have one.
fn roles(marked: &str) -> Vec<(String, Vec<String>)> {
    let (_, annotation) = annotate(marked);
    let given = annotation.entities.iter().filter(|e| !e.roles.is_empty());
    given.map(|e| (e.name.clone(), e.roles.iter().map(|r| r.role.clone()).collect())).collect()
}

#[test]
fn the_built_in_rules_have_no_fault_and_every_example_holds() {
    let Check { faults, examples, .. } = Check::run(None).unwrap();
    assert!(faults.is_empty(), "{}", RuleError::Faults(faults));
    assert_eq!(examples.hold, examples.tried);
}

#[test]
fn every_rule_that_gives_a_role_has_an_example() {
    let rules = Rules::builtin();
    let bare: Vec<_> = rules.rules.iter().filter(|r| r.examples.is_empty()).map(|r| r.id.as_str()).collect();
    assert!(bare.is_empty(), "{bare:?}");
}

#[test]
fn each_role_carries_the_words_that_prove_it() {
    let (text, annotation) = annotate(
        "The misconduct panel, chaired by {PER Una Marl}, was told by presenting officer {PER Jon Stroud} that he lied.",
    );
    let proof = |e: usize| annotation.entities[e].roles[0].evidence[0].span.of(&text);
    assert_eq!(proof(0), "panel, chaired by");
    assert_eq!(proof(1), "presenting officer");
}

#[test]
fn a_described_officer_is_a_party_only_where_nobody_named_is_accused() {
    let described = "The constable, who has not been named, was dismissed after a misconduct hearing. The officer had lied.";
    let expected = vec![("The constable".to_owned(), vec!["anonymised_officer".to_owned(), "subject_officer".to_owned()])];
    assert_eq!(roles(described), expected);
    let named = "PC {PER Joe Marl} was dismissed after a misconduct hearing. The officer had lied.";
    assert_eq!(roles(named), [("Joe Marl".to_owned(), vec!["subject_officer".to_owned()])]);
}

#[test]
fn an_article_about_no_hearing_has_no_roles() {
    let text = "Committee chairman {PER Bo Marl} thanked PC {PER Ada Quill}, who ran for charity. {PER Jo Stroud}, representing the council, cheered.";
    assert_eq!(roles(text), []);
}

#[test]
fn a_representative_is_related_to_the_party() {
    let (_, annotation) =
        annotate("The misconduct panel met. {PER Ada Quill}, representing PC {PER Bo Marl}, said he was sorry.");
    let names: Vec<_> = annotation
        .relations
        .iter()
        .map(|r| (annotation.entities[r.from].name.as_str(), annotation.entities[r.to].name.as_str()))
        .collect();
    assert_eq!(names, [("Ada Quill", "Bo Marl")]);
}

#[test]
fn the_force_is_the_one_that_is_named() {
    let (_, annotation) =
        annotate("{PER Jon Stroud}, for the force, told the misconduct panel that {ORG Wealdshire Police} expected better.");
    let ends: Vec<_> = annotation.relations.iter().map(|r| annotation.entities[r.to].name.as_str()).collect();
    assert_eq!(ends, ["Wealdshire Police"]);
}

#[test]
fn two_parties_in_one_role_of_one_holder_are_warned_of() {
    let (_, annotation) =
        annotate("Panel chair {PER Una Marl} opened the misconduct hearing. Later panel chair {PER Ivo Stroud} took over.");
    assert_eq!(annotation.warnings.iter().map(|w| &*w.code).collect::<Vec<_>>(), ["several_holders"]);
}

#[test]
fn mentions_are_in_order_and_each_belongs_to_one_entity() {
    let (_, annotation) = annotate(
        "The male and female constables, who have not been named, were dismissed after a misconduct hearing chaired by {PER Una Marl}. The male constable lied. The female was sorry.",
    );
    assert!(annotation.mentions.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start()));
    let mut seen: Vec<usize> = annotation.entities.iter().flat_map(|e| e.mentions.clone()).collect();
    seen.sort_unstable();
    assert_eq!(seen, (0..annotation.mentions.len()).collect::<Vec<_>>());
}
