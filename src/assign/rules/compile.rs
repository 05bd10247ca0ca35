//! Takes the parts of a rule file, gives rules that can run. Refuses, fault by fault, values out of range, names of what is nowhere
//! defined, and patterns that can't be read or can't match.

use super::fault::{At, Faults, Layer, Place, suggestion};
use super::form::Entry;
use super::merge::{ChangesBySection, File, Item, SECTIONS};
use super::traits::{self, Known};
use super::{Derived, Feature, Index, Role, Rule, Rules, Signs, TraitByName};
use crate::assign::pattern::{self, Lists, PatternError};
use crate::assign::syntax;
use crate::document::Label;
use std::collections::{BTreeMap, BTreeSet};

/// Marks that no word of an article has left when patterns see it, and with which no pattern can match.
const UNSEEN: [char; 12] = ['-', '–', '—', '"', '“', '”', '‘', '’', '!', '…', '{', '}'];

/// Compiles a file. What `changes` switched off is missed by nothing that is built in.
pub(super) fn compile(file: &File, changes: &ChangesBySection, faults: &mut Faults<'_>) -> Rules {
    let defined = file.entries("trait").iter().map(|item| item.id.as_str());
    let (traits, lists, asked) = (Known::new(defined), Lists::new(), BTreeSet::new());
    let mut compiler = Compiler { file, changes, traits, lists, watched: asked.clone(), asked };
    compiler.read_lists(faults);
    let roles = compiler.all("role", faults, Compiler::role);
    let features = compiler.all("feature", faults, Compiler::feature);
    let traits = compiler.all("trait", faults, Compiler::trait_by_name);
    let derived = compiler.all("derived", faults, Compiler::derived);
    let rules = compiler.all("rule", faults, Compiler::rule);
    for item in file.entries("derived").iter().filter(|item| file.entries("rule").iter().any(|rule| rule.id == item.id)) {
        faults.add(item.place, format!("the id '{}' is that of a rule, too", item.id));
    }

    let mut top = Entry::new("the file".to_owned(), &file.top, Place { layer: Layer::Own, at: 0 }, faults);
    top.knows(&SECTIONS);
    top.knows(&["lists", "extends"]);
    let groups = top.groups("exclusive").into_iter();
    let exclusive = groups.map(|group| compiler.references(&mut top, "role", group)).collect();
    let background = compiler.patterns(&mut top, "background", |p, lists| pattern::compile(p, lists, false)).concat();
    let background_counts = top.number_within("background_counts", 0.0, 1.0).unwrap_or(1.0);
    top.end();
    let Compiler { watched, asked, .. } = compiler;
    let index = Index::new(&rules);
    Rules {
        roles,
        rules,
        features,
        traits,
        exclusive,
        background,
        background_counts,
        derived,
        watched,
        asked,
        index,
        hash: String::new(),
    }
}

struct Compiler<'a> {
    file: &'a File,
    changes: &'a ChangesBySection,
    traits: Known,
    lists: Lists,
    /// The traits that some pattern forbids.
    watched: BTreeSet<String>,
    /// The traits that some pattern asks for or forbids.
    asked: BTreeSet<String>,
}

impl<'a> Compiler<'a> {
    /// Takes the lists. Phrases that can't be read are left out, so that no pattern is blamed for them.
    fn read_lists(&mut self, faults: &mut Faults<'_>) {
        let file = self.file;
        let mut entry = Entry::new("lists".to_owned(), &file.lists, Place { layer: Layer::Own, at: 0 }, faults);
        let mut phrases: BTreeMap<&str, Vec<At<String>>> = BTreeMap::new();
        for (name, field) in &file.lists {
            let found = entry.texts(name);
            if found.is_empty() {
                entry.fault(field.key, &format!("'{name}' holds no phrase, so that any words would do"));
            }
            phrases.insert(name, found);
        }
        let texts = |phrases: &[At<String>]| phrases.iter().map(|phrase| phrase.value.clone()).collect();
        self.lists = phrases.iter().map(|(name, phrases)| ((*name).to_owned(), texts(phrases))).collect();
        for phrases in phrases.values_mut() {
            phrases.retain(|phrase| match syntax::parse(&phrase.value, &self.lists) {
                Ok(_) => true,
                Err(reason) => {
                    entry.fault(phrase.place, &self.complaint(&phrase.value, &reason));
                    false
                }
            });
        }
        self.lists = phrases.iter().map(|(name, phrases)| ((*name).to_owned(), texts(phrases))).collect();
        phrases.values().flatten().for_each(|phrase| self.look_at(&mut entry, phrase));
    }

    /// What `read` makes of the entries of a section.
    fn all<T>(
        &mut self,
        section: &'static str,
        faults: &mut Faults<'_>,
        read: impl Fn(&mut Self, &mut Entry<'a, '_, '_>, &'a Item) -> Option<T>,
    ) -> Vec<T> {
        let compiled = self.file.entries(section).iter().filter_map(|item| {
            let mut entry = Entry::new(format!("{section} {}", item.id), &item.table, item.place, faults);
            entry.knows(&["id", "off"]);
            let compiled = read(self, &mut entry, item);
            entry.end();
            compiled
        });
        compiled.collect()
    }

    fn role(&mut self, entry: &mut Entry<'a, '_, '_>, item: &'a Item) -> Option<Role> {
        let bias = entry.required("bias", Entry::number);
        let least = entry.required("least", |entry, key| entry.number_within(key, 0.0, 1.0));
        let single = entry.number_within("single", 0.0, 1.0);
        let needs = entry.texts("needs");
        let outranks = entry.texts("outranks");
        let represents_role = entry.text("represents_role");
        Some(Role {
            id: item.id.clone(),
            needs: self.references(entry, "feature", needs),
            single,
            outranks: self.references(entry, "role", outranks),
            represents_role: represents_role.and_then(|role| self.reference(entry, "role", role)),
            represents_trait: self.known_traits(entry, "represents_trait"),
            bias: bias?.value,
            least: least?,
        })
    }

    fn feature(&mut self, entry: &mut Entry<'a, '_, '_>, item: &'a Item) -> Option<Feature> {
        let bias = entry.required("bias", Entry::number);
        let length = entry.number("length").map_or(0.0, |length| length.value);
        let groups = entry.required("signs", |entry, key| Some(entry.tables(key))).unwrap_or_default();
        let mut signs = Vec::with_capacity(groups.len());
        for (table, place) in groups {
            let mut group = entry.below(table, place);
            let weight = group.required("weight", Entry::number);
            let compile = |p: &str, lists: &Lists| pattern::compile(p, lists, false);
            let patterns = group.required("patterns", |group, key| Some(self.patterns(group, key, compile).concat()));
            group.end();
            signs.extend(weight.zip(patterns).map(|(weight, patterns)| Signs { weight: weight.value, patterns }));
        }
        Some(Feature { id: item.id.clone(), bias: bias?.value, length, signs })
    }

    fn trait_by_name(&mut self, entry: &mut Entry<'a, '_, '_>, item: &'a Item) -> Option<TraitByName> {
        let label = entry.required("label", Entry::text);
        if let Some(At { value, place }) = &label
            && matches!(Label::from_record(value), Label::Other(_))
        {
            entry.fault(*place, &format!("'label' is PER, ANON, ORG, LOC or MISC, found {value:?}"));
        }
        let words = entry.required("words", |entry, key| Some(entry.texts(key)));
        Some(TraitByName { id: item.id.clone(), label: label?.value, words: words?.into_iter().map(|w| w.value).collect() })
    }

    fn derived(&mut self, entry: &mut Entry<'a, '_, '_>, item: &'a Item) -> Option<Derived> {
        let role = entry.required("role", Entry::text).and_then(|role| self.reference(entry, "role", role));
        let from = entry.required("from", Entry::text).and_then(|role| self.reference(entry, "role", role));
        let needs = entry.required("trait", Entry::text);
        if let Some(name) = &needs {
            self.check_own_trait(entry, &name.value, name.place);
        }
        Some(Derived { id: item.id.clone(), role: role?, from: from?, needs: needs?.value })
    }

    fn rule(&mut self, entry: &mut Entry<'a, '_, '_>, item: &'a Item) -> Option<Rule> {
        let role = entry.required("role", Entry::text).and_then(|role| self.reference(entry, "role", role));
        let weight = entry.required("weight", |entry, key| entry.number_within(key, -10.0, 10.0));
        let (needs, lacks) = (entry.texts("needs"), entry.texts("lacks"));
        let patterns = entry.required("patterns", |entry, key| {
            Some(self.patterns(entry, key, |p, lists| pattern::compile(p, lists, true)).concat())
        });
        let rule = Rule {
            id: item.id.clone(),
            place: item.place,
            role: role.clone().unwrap_or_default(),
            weight: weight.unwrap_or_default(),
            fallback: entry.flag("fallback"),
            needs: self.references(entry, "feature", needs),
            lacks: self.references(entry, "feature", lacks),
            patterns: patterns.unwrap_or_default(),
            earlier: self.patterns(entry, "earlier", |p, lists| pattern::compile(p, lists, false)).concat(),
            unless_before: self.patterns(entry, "unless_before", |p, lists| pattern::compile_beside(p, lists, true)),
            unless_after: self.patterns(entry, "unless_after", |p, lists| pattern::compile_beside(p, lists, false)),
            relation: entry.flag("relation"),
            examples: entry.texts("examples"),
            counterexamples: entry.texts("counterexamples"),
        };
        (role.is_some() && weight.is_some()).then_some(rule)
    }

    /// What of `names` are entries of a section.
    fn references(&self, entry: &mut Entry<'a, '_, '_>, section: &str, names: Vec<At<String>>) -> Vec<String> {
        names.into_iter().filter_map(|name| self.reference(entry, section, name)).collect()
    }

    /// The name, if it is that of an entry of a section.
    fn reference(&self, entry: &mut Entry<'a, '_, '_>, section: &str, name: At<String>) -> Option<String> {
        let known = self.file.entries(section).iter().map(|item| item.id.as_str());
        let At { value: name, place } = name;
        if known.clone().any(|id| id == name) {
            return Some(name);
        }
        match (self.is_off(section, &name), place.is_built_in()) {
            (true, true) => {}
            (true, false) => entry.fault(place, &format!("the {section} '{name}' is switched off")),
            (false, _) => entry.fault(place, &format!("there is no {section} '{name}'{}", suggestion(&name, known))),
        }
        None
    }

    fn is_off(&self, section: &str, name: &str) -> bool {
        self.changes.get(section).is_some_and(|changes| changes.off.contains(name))
    }

    fn known_traits(&self, entry: &mut Entry<'a, '_, '_>, key: &'a str) -> Vec<String> {
        let names = entry.texts(key);
        names.iter().for_each(|name| self.check_own_trait(entry, &name.value, name.place));
        names.into_iter().map(|name| name.value).collect()
    }

    /// As [`Self::check_trait`], for traits that an entity has to have, wherever it stands.
    fn check_own_trait(&self, entry: &mut Entry<'a, '_, '_>, name: &str, place: Place) {
        if traits::OF_PLACE.contains(&name) {
            entry.fault(place, &format!("'{name}' is of a place in the text, for patterns alone: no entity has it"));
        } else {
            self.check_trait(entry, name, place);
        }
    }

    fn check_trait(&self, entry: &mut Entry<'a, '_, '_>, name: &str, place: Place) {
        let known = self.traits.has(name) || (place.is_built_in() && self.is_off("trait", name));
        if !known {
            entry.fault(place, &format!("there is no trait '{name}'{}", suggestion(name, self.traits.names())));
        }
    }

    /// The patterns of a list, each as `compile` makes it.
    fn patterns<T>(
        &mut self,
        entry: &mut Entry<'a, '_, '_>,
        key: &'a str,
        compile: impl Fn(&str, &Lists) -> Result<T, PatternError>,
    ) -> Vec<T> {
        let mut compiled = Vec::new();
        for text in entry.texts(key) {
            match compile(&text.value, &self.lists) {
                Ok(pattern) => compiled.push(pattern),
                Err(reason) => entry.fault(text.place, &self.complaint(&text.value, &reason)),
            }
            self.look_at(entry, &text);
        }
        compiled
    }

    /// Looks for what can be read in a pattern and can't be meant, and remembers the traits that it forbids.
    fn look_at(&mut self, entry: &mut Entry<'a, '_, '_>, pattern: &At<String>) {
        let At { value: pattern, place } = pattern;
        if pattern.trim().is_empty() {
            entry.fault(*place, "a pattern without words");
        }
        if let Some(unseen) = traits::outside(pattern).find(|c| UNSEEN.contains(c)) {
            entry.fault(
                *place,
                &format!("{pattern:?}: patterns do not see {unseen:?}; leave it out, or write a space or ' in its place"),
            );
        }
        traits::named_in(pattern).for_each(|name| self.check_trait(entry, name, *place));
        self.asked.extend(traits::named_in(pattern).map(str::to_owned));
        self.watched.extend(pattern::forbidden_traits(pattern).map(str::to_owned));
    }

    /// What is wrong with a pattern, in words.
    fn complaint(&self, pattern: &str, reason: &PatternError) -> String {
        match reason {
            PatternError::Form(of, why) if of == pattern => format!("{pattern:?} can't be read: {why}"),
            PatternError::UnknownList(name) => {
                format!("{pattern:?}: {reason}{}", suggestion(name, self.lists.keys().map(String::as_str)))
            }
            _ => format!("{pattern:?}: {reason}"),
        }
    }
}
