//! Takes a party and a role, gives the rules that would fire for it if it were known as something that it is not ("X[judge]"), or
//! were not known as what it is ("X[!judge]"), with what that is. Refuses nothing.
//!
//! The article is laid out with the party known as everything that any pattern asks for. Of what then fires, one trait after the
//! other is taken back as long as it still does: what remains is missing.

use super::Case;
use crate::assign::pattern::{SLOT_CLOSE, SLOT_OPEN};
use crate::assign::rules::{OF_PLACE, Rule};
use crate::assign::scene::Scene;
use crate::assign::{described, evidence};
use crate::span::Span;
use std::collections::{BTreeMap, BTreeSet};

/// What nobody is who has a name; nor is he of a class of descriptions.
const OF_DESCRIPTIONS: &str = "nominal";

/// A rule that would have fired.
pub(super) struct Missed {
    /// Index into the rules.
    pub rule: usize,
    pub span: Span,
    /// The traits that the party lacks; with an exclamation mark those that it must not have.
    pub traits: Vec<String>,
}

/// The rules for a role that ask for another party than `entity` is, apart from those in `told`.
pub(super) fn by_traits(case: &Case<'_>, entity: usize, role: &str, told: &BTreeSet<usize>) -> Vec<Missed> {
    let missing = missing(case, entity);
    let mut traits = case.traits.clone();
    traits[entity].extend(missing.iter().filter(|t| !t.starts_with('!')).cloned());
    // Where a trait is there, a scene does not write that it is absent.
    traits[entity].extend(case.rules.watched.iter().filter(|t| !OF_PLACE.contains(&t.as_str())).map(|t| format!("!{t}")));
    let scenes = case.rules.scenes(case.text, case.segments, case.linked, &traits);
    let wanted = |rule: &Rule| rule.role == role && evidence::is_allowed(case.rules, rule, &case.features);
    let mut first: BTreeMap<usize, Span> = BTreeMap::new();
    for hit in evidence::collect(case.rules, case.text, &scenes, wanted, &mut ()) {
        let open = case.rules.is_open(case.linked, entity, &case.rules.rules[hit.rule]);
        if hit.entity == entity && open && !told.contains(&hit.rule) {
            first.entry(hit.rule).or_insert(hit.span);
        }
    }
    let missed = first.into_iter().map(|(rule, span)| {
        let traits = least(&case.rules.rules[rule], entity, &scenes, &missing);
        Missed { rule, span, traits }
    });
    missed.filter(|missed| !missed.traits.is_empty()).collect()
}

/// All that a pattern could ask of the party and that it is not: traits that it lacks, and those that it has as absent ones.
fn missing(case: &Case<'_>, entity: usize) -> BTreeSet<String> {
    let known = &case.traits[entity];
    let described = |t: &str| t == OF_DESCRIPTIONS || described::sorts().iter().any(|sort| sort.class == t);
    let lacking =
        case.rules.asked.iter().filter(|t| !known.contains(*t) && !OF_PLACE.contains(&t.as_str()) && !described(t)).cloned();
    lacking.chain(case.rules.watched.intersection(known).map(|t| format!("!{t}"))).collect()
}

/// The fewest of the traits with which a pattern of the rule matches.
fn least(rule: &Rule, entity: usize, scenes: &[Scene], missing: &BTreeSet<String>) -> Vec<String> {
    let matches = |line: &str| {
        rule.patterns.iter().any(|pattern| {
            let mut from = 0;
            while let Some(found) = pattern.find_at(line, from) {
                if found.subject.is_some_and(|(_, subject)| subject == entity) {
                    return true;
                }
                from = found.range.start + line[found.range.start..].find(' ').map_or(line.len(), |space| space + 1);
            }
            false
        })
    };
    let sentences = scenes.iter().flat_map(|scene| scene.sentences_with_parties().into_iter().map(|s| &scene.line()[s]));
    let Some(sentence) = sentences.into_iter().find(|sentence| matches(sentence)) else { return Vec::new() };
    let mut taken = BTreeSet::new();
    for name in missing {
        taken.insert(name.as_str());
        if !matches(&without(sentence, entity, &taken)) {
            taken.remove(name.as_str());
        }
    }
    missing.iter().filter(|name| !taken.contains(name.as_str())).cloned().collect()
}

/// A stretch of a scene's line in which the slots of an entity lack some traits.
fn without(line: &str, entity: usize, taken: &BTreeSet<&str>) -> String {
    let number = entity.to_string();
    let word = |word: &str| match word.strip_prefix(SLOT_OPEN).and_then(|slot| slot.strip_suffix(SLOT_CLOSE)) {
        Some(slot) if slot.split('|').next().is_some_and(|head| head[1..].trim_end_matches('\'') == number) => {
            let kept: Vec<&str> = slot.split('|').filter(|part| !taken.contains(part)).collect();
            format!("{SLOT_OPEN}{}{SLOT_CLOSE}", kept.join("|"))
        }
        _ => word.to_owned(),
    };
    line.split(' ').map(word).collect::<Vec<_>>().join(" ")
}
