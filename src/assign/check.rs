//! Takes a rule file, or the rules that are built in, gives what is wrong with it and a count of what it holds: what can't be read
//! or refers to nothing, and the examples that do not hold. Refuses a file that can't be read at all.

use super::examples::{Example, ExampleError, Shown};
use super::rules::{self, At, Changes, Fault, Faults, Reading, Rule, RuleError, Rules};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What a check found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Check {
    /// What is wrong, in the order of the file.
    pub faults: Vec<Fault>,
    /// How many rules there are in all, with those that are built in.
    pub rules: usize,
    /// What the file changes, by section: `rule`, `role`, `feature`, `trait`, `derived`, and `list` for the word lists.
    pub changes: BTreeMap<&'static str, Changes>,
    /// Examples and counterexamples of the file's own rules, and how many of them hold. None are tried where the file has
    /// other faults.
    pub examples: Tally,
    /// Those of the built-in rules that the file does not touch, which may fail for its lists, features and traits.
    pub others: Tally,
}

/// How many examples there are and hold.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// All.
    pub tried: usize,
    /// Those on which their rule does what it should.
    pub hold: usize,
    /// The rules of those that do not hold.
    pub failing: Vec<String>,
}

impl Check {
    /// Checks a rule file; without one, what is built in.
    ///
    /// # Errors
    /// [`RuleError::Read`] when the file can't be read. What is wrong in it are [`Check::faults`].
    pub fn run(file: Option<&Path>) -> Result<Self, RuleError> {
        let own = match file {
            Some(path) => Some((path.display().to_string(), rules::text(path)?)),
            None => None,
        };
        let Reading { rules, changes, mut faults } = Reading::of(own.as_ref().map(|(origin, text)| (&**origin, &**text)));
        let (mut examples, mut others) = (Tally::default(), Tally::default());
        if faults.is_empty() {
            let of_file = |rule: &Rule| {
                let touched = changes.get("rule").is_some_and(|c| c.added.contains(&rule.id) || c.changed.contains(&rule.id));
                own.is_none() || touched
            };
            let (mine, rest): (Vec<&Rule>, Vec<&Rule>) = rules.rules.iter().partition(|rule| of_file(rule));
            for (rule, trial) in examples.count(&rules, &mine) {
                trial.tell(rule, &mut faults);
            }
            others.count(&rules, &rest);
        }
        Ok(Self { faults: faults.into_sorted(), rules: rules.rules.len(), changes, examples, others })
    }
}

impl Tally {
    /// Tries the examples of `of`, and gives those that do not hold, with their rules.
    fn count<'r>(&mut self, rules: &Rules, of: &[&'r Rule]) -> Vec<(&'r Rule, Trial<'r>)> {
        let trials: Vec<(&Rule, Trial<'_>)> = of.par_iter().flat_map_iter(|rule| trials(rules, rule)).collect();
        self.tried = trials.len();
        let failed: Vec<_> = trials.into_iter().filter(|(rule, trial)| !trial.holds(rule)).collect();
        self.hold = self.tried - failed.len();
        self.failing = failed.iter().map(|(rule, _)| rule.id.clone()).collect();
        self.failing.dedup();
        failed
    }
}

/// An example, tried.
struct Trial<'r> {
    example: &'r At<String>,
    /// Whether the rule is to fire.
    expected: bool,
    shown: Result<Shown, ExampleError>,
    /// Features that the rule needs and the example has not.
    missing: Vec<String>,
}

/// Tries the examples and counterexamples of a rule.
fn trials<'r>(rules: &Rules, rule: &'r Rule) -> Vec<(&'r Rule, Trial<'r>)> {
    let examples = rule.examples.iter().map(|example| (example, true));
    let all = examples.chain(rule.counterexamples.iter().map(|example| (example, false)));
    let needs = || rules.roles.iter().filter(|role| role.id == rule.role).flat_map(|role| &role.needs).chain(&rule.needs);
    let run = |(example, expected): (&'r At<String>, bool)| {
        let shown = Example::read(&example.value).and_then(|read| read.run(rules));
        let lacks = |shown: &Shown| needs().filter(|f| !shown.features.contains(*f)).cloned().collect();
        let missing = shown.as_ref().map(lacks).unwrap_or_default();
        (rule, Trial { example, expected, shown, missing })
    };
    all.map(run).collect()
}

impl Trial<'_> {
    fn holds(&self, rule: &Rule) -> bool {
        self.shown.as_ref().is_ok_and(|shown| shown.fired.contains(&rule.id) == self.expected)
    }

    /// Says how it fails.
    fn tell(&self, rule: &Rule, faults: &mut Faults<'_>) {
        let kind = if self.expected { "example" } else { "counterexample" };
        // A built-in example that fails for a change is told of where the change is.
        let elsewhere = self.example.place.is_built_in() && !rule.place.is_built_in();
        let (place, which) = match elsewhere {
            true => (rule.place, format!("its built-in {kind} {:?}", self.example.value)),
            false => (self.example.place, format!("this {kind}")),
        };
        let message = match &self.shown {
            Err(error) => format!("{which}: {error}"),
            Ok(_) if !self.expected => format!("fires on {which}"),
            Ok(shown) => {
                let why = match (&self.missing[..], &listed(&shown.fired)[..]) {
                    ([feature, ..], _) => format!("which has too few signs of the feature '{feature}' that it needs"),
                    (_, "") => "where no rule fires for X".to_owned(),
                    (_, others) => format!("where for X fires: {others}"),
                };
                format!("does not fire on {which}, {why}")
            }
        };
        faults.add(place, format!("rule {}: {message}", rule.id));
    }
}

fn listed(ids: &BTreeSet<String>) -> String {
    ids.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}
