//! The rules' own examples, and what the judgement does beyond single rules.

use super::*;
use crate::document::{Kind, Origin};
use crate::link::link;
use crate::recognise::layers::overlay;
use crate::segment::segment;
use crate::span::Span;

/// A text with marked mentions: `{X Alan Reedham}` is the bearer, `{PER …}`, `{ORG …}`, `{LOC …}` are others.
struct Marked {
    text: String,
    mentions: Vec<Mention>,
    bearer: Option<Span>,
}

fn read(marked: &str) -> Marked {
    let (mut text, mut spans, mut bearer) = (String::new(), Vec::new(), None);
    for (i, piece) in marked.split(['{', '}']).enumerate() {
        if i % 2 == 0 {
            text.push_str(piece);
            continue;
        }
        let (label, name) = piece.split_once(' ').expect("a label stands before a name");
        spans.push((label.to_owned(), text.len(), text.len() + name.len()));
        text.push_str(name);
    }
    let mut mentions = Vec::new();
    for (label, start, end) in spans {
        let span = Span::new(&text, start, end).unwrap();
        if label == "X" {
            bearer = Some(span);
        }
        let label = if label == "X" { Label::Per } else { Label::from_model(&label) };
        mentions.push(Mention { span, label, kind: Kind::Name, score: 1.0, origin: Origin::Gazetteer });
    }
    Marked { text, mentions, bearer }
}

/// The rules that fire for the bearer of a marked text. A bearer who is only described is made a party as the flow does it.
fn fired(rules: &Rules, marked: &str) -> Vec<String> {
    let Marked { text, mut mentions, bearer } = read(marked);
    let bearer = bearer.expect("an example marks its bearer");
    mentions.retain(|m| m.label != Label::Per || m.span.of(&text).contains(char::is_uppercase));
    let segments = segment(&text);
    let mut linked = link(&text, &segments, overlay(&text, &segments, mentions));
    let of_bearer = |linked: &Linked| {
        linked.entities.iter().position(|e| e.mentions.iter().any(|&m| linked.mentions[m].span.overlaps(bearer)))
    };
    if of_bearer(&linked).is_none() {
        for sort in described::sorts() {
            for candidate in described::candidates(&text, &segments, &linked.mentions, sort) {
                linked.describe(&text, candidate.mentions, candidate.traits);
            }
        }
    }
    let entity = of_bearer(&linked).unwrap_or_else(|| panic!("no entity for the bearer of {marked:?}"));
    let scenes = rules.scenes(&text, &segments, &linked, &rules.traits(&linked));
    let features = evidence::features(&scenes[0], &rules.features);
    let hits = evidence::collect(rules, &text, &scenes, &features);
    hits.iter().filter(|hit| hit.entity == entity).map(|hit| rules.rules[hit.rule].id.clone()).collect()
}

fn annotate(marked: &str) -> (String, Annotation) {
    let Marked { text, mentions, .. } = read(marked);
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
fn every_example_fires_its_rule_and_no_counterexample_does() {
    let rules = Rules::builtin();
    let mut wrong = Vec::new();
    for rule in &rules.rules {
        for example in &rule.examples {
            if !fired(&rules, example).contains(&rule.id) {
                wrong.push(format!("{} does not fire on {example:?}", rule.id));
            }
        }
        for example in &rule.counterexamples {
            if fired(&rules, example).contains(&rule.id) {
                wrong.push(format!("{} fires on {example:?}", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
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

#[test]
fn a_rule_file_is_refused_where_it_is_wrong() {
    let minimal = "[lists]\n[[role]]\nid = \"r\"\nleast = 0.5\n[[rule]]\nid = \"a\"\nrole = \"r\"\nweight = 0.5\npatterns = [\"chair X\"]\n";
    assert!(Rules::parse(minimal, "f").is_ok());
    for (from, to, expected) in [
        ("role = \"r\"", "role = \"q\"", "f: rule a: there is no role \"q\""),
        ("chair X", "chair @q X", "f: rule a: pattern \"chair @q X\": there is no list @q"),
        ("chair X", "chair", "f: rule a: pattern \"chair\": a pattern of a rule needs the slot X"),
        ("chair X", "chair Z", "f: rule a: pattern \"chair Z\": \"Z\" is no slot: X, Y, PER, ANON, ORG, LOC, MISC and PARTY are"),
        ("weight = 0.5", "weight = 5.0", "f: rule a: the weight 5 does not lie between -1 and 1"),
    ] {
        let message = Rules::parse(&minimal.replace(from, to), "f").err().map(|e| e.to_string());
        assert_eq!(message.as_deref(), Some(expected));
    }
    let unknown = Rules::parse(&minimal.replace("weight", "wait"), "f").err().map(|e| e.to_string()).unwrap_or_default();
    assert!(unknown.contains("line") && unknown.contains("wait"), "{unknown}");
}
