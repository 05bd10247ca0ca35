//! Takes an article with its mentions, links and judges them anew, and gives how the roles came about: what fired, what it adds up
//! to, what became of it, and which rules nearly fired. Refuses nothing; an entity that nobody mentions has no explanation.

mod near;
mod report;

pub use report::{Explanation, FeatureFound, Fired, Near, Outcome, Party, Quote, RoleExplained, Why};

use super::evidence::{self, Features, Hit};
use super::rules::{Role, Rule, Rules};
use super::scene::{Scene, Traits};
use super::trace::{Forbidden, Step, Trace};
use super::verdict::{self, Claim, Verdict};
use crate::document::{Label, Mention, Segments};
use crate::link::{Linked, link};
use crate::segment::segment;
use std::collections::{BTreeMap, BTreeSet};

/// What is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// Whoever is mentioned by these words, whatever their case; without it, whoever has a role.
    pub entity: Option<&'a str>,
    /// This role alone.
    pub role: Option<&'a str>,
}

/// What the trace of a judgement left behind.
#[derive(Default)]
struct Log {
    forbidden: Vec<Forbidden>,
    /// The parties and roles that are left after each step.
    left: BTreeMap<Step, BTreeSet<(usize, String)>>,
    /// The roles that fallback rules were asked for.
    fallback: BTreeSet<String>,
}

impl Trace for Log {
    fn forbidden(&mut self, how: impl FnOnce() -> Forbidden) {
        self.forbidden.push(how());
    }

    fn after(&mut self, step: Step, claims: &[Claim<'_>]) {
        self.left.insert(step, claims.iter().map(|claim| (claim.entity, claim.role.id.clone())).collect());
    }

    fn falls_back(&mut self, role: &Role) {
        self.fallback.insert(role.id.clone());
    }
}

/// An article that was judged.
struct Case<'a> {
    rules: &'a Rules,
    text: &'a str,
    segments: &'a Segments,
    linked: &'a Linked,
    traits: Traits,
    features: Features,
    /// All that fires, whatever the article is about.
    hits: Vec<Hit>,
    log: Log,
    verdict: Verdict,
}

/// What fired for one role of one party.
struct Heard<'h> {
    /// What adds up to its score.
    counted: Vec<&'h Hit>,
    /// What would count if no other rule did.
    silent: Vec<&'h Hit>,
    /// What would count if the article were about something else.
    unable: Vec<&'h Hit>,
}

impl Rules {
    /// Explains the roles of an article with these mentions: names and pseudonyms, in order.
    #[must_use]
    pub fn explain(&self, text: &str, mentions: Vec<Mention>, asked: Asked<'_>) -> Explanation {
        let segments = segment(text);
        let mut linked = link(text, &segments, mentions);
        self.describe(text, &segments, &mut linked);
        let mut log = Log::default();
        let (verdict, features) = self.judge(text, &segments, &linked, &mut log);
        let traits = self.traits(&linked);
        let scenes = self.scenes(text, &segments, &linked, &traits);
        let mut hits = evidence::collect(self, text, &scenes, |_| true, &mut ());
        hits.retain(|hit| self.is_open(&linked, hit.entity, &self.rules[hit.rule]));
        let found = features_found(self, &scenes[0]);
        let case = Case { rules: self, text, segments: &segments, linked: &linked, traits, features, hits, log, verdict };

        let mut parties: Vec<usize> = (0..linked.entities.len()).filter(|&e| case.is_party(e)).collect();
        parties.sort_by_key(|&e| linked.entities[e].mentions.iter().map(|&m| linked.mentions[m].span).min());
        let names = parties.iter().map(|&e| linked.entities[e].name.clone()).collect();
        let wanted = parties.into_iter().filter(|&e| match asked.entity {
            Some(name) => case.is_called(e, name),
            None => !case.verdict.roles[e].is_empty(),
        });
        let parties = wanted.map(|e| case.party(e, asked.role)).collect();
        Explanation { features: found, parties, names }
    }
}

fn features_found(rules: &Rules, scene: &Scene) -> Vec<FeatureFound> {
    let found = rules.features.iter().zip(evidence::signs(scene, &rules.features));
    let found = found.map(|(feature, signs)| {
        let count = |speaks_for: bool| {
            let groups = feature.signs.iter().zip(&signs.counts).filter(|(group, _)| (group.weight > 0.0) == speaks_for);
            groups.map(|(_, count)| count).sum()
        };
        let (signs_for, signs_against) = (count(true), count(false));
        FeatureFound { id: feature.id.clone(), there: signs.sum >= 0.0, sum: signs.sum, signs_for, signs_against }
    });
    found.collect()
}

impl Case<'_> {
    fn is_party(&self, entity: usize) -> bool {
        matches!(self.linked.entities[entity].label, Label::Per | Label::Anon)
    }

    /// Whether the words of `name` are in a mention of the entity.
    fn is_called(&self, entity: usize, name: &str) -> bool {
        let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
        let name = words(name);
        let mentions =
            self.linked.entities[entity].mentions.iter().map(|&m| self.linked.titled[m].whole(self.linked.mentions[m].span));
        mentions.map(|span| words(span.of(self.text))).any(|mention| mention.windows(name.len().max(1)).any(|part| part == name))
    }

    fn party(&self, entity: usize, role: Option<&str>) -> Party {
        let known = &self.linked.entities[entity];
        let roles = self.rules.roles.iter().filter(|r| role.is_none_or(|role| role == r.id));
        let mut roles: Vec<RoleExplained> = roles.filter_map(|r| self.role(entity, r, role.is_some())).collect();
        let rank = |r: &RoleExplained| !matches!(r.outcome, Outcome::Given | Outcome::Follows { .. });
        roles.sort_by(|a, b| rank(a).cmp(&rank(b)).then(b.score.total_cmp(&a.score)));
        Party {
            name: known.name.clone(),
            label: known.label.to_string(),
            traits: self.traits[entity].iter().cloned().collect(),
            roles,
        }
    }

    /// What there is to say of a role; nothing where there is no evidence, unless it was `asked` for.
    fn role(&self, entity: usize, role: &Role, asked: bool) -> Option<RoleExplained> {
        let heard = self.heard(entity, role);
        let near = self.nearly(entity, role, &heard, asked);
        let score = verdict::score(self.rules, role, &heard.counted);
        let speaks_for = |hit: &&Hit| self.rules.rules[hit.rule].weight > 0.0;
        let outcome = self.outcome(entity, role, score, heard.counted.iter().any(speaks_for));
        let there = asked || !near.is_empty() || outcome != Outcome::NoEvidence;
        let fired = self.fired(&heard.counted);
        there.then(|| RoleExplained { role: role.id.clone(), outcome, score, bias: role.bias, least: role.least, fired, near })
    }

    /// What fired for a role of a party, by whether it counts.
    fn heard(&self, entity: usize, role: &Role) -> Heard<'_> {
        let rule = |hit: &Hit| &self.rules.rules[hit.rule];
        let of_role = self.hits.iter().filter(|hit| hit.entity == entity && rule(hit).role == role.id);
        let (able, unable): (Vec<&Hit>, Vec<&Hit>) = of_role.partition(|hit| self.lacking(rule(hit)).is_none());
        let counts = |hit: &&Hit| !rule(hit).fallback || self.log.fallback.contains(&role.id);
        let (counted, silent) = able.into_iter().partition(counts);
        Heard { counted, silent, unable }
    }

    /// The rules that nearly fired, or fired and do not count, each once. Those that only ask for another party are told where there
    /// is other evidence, or the role was asked for: there are such for everybody.
    fn nearly(&self, entity: usize, role: &Role, heard: &Heard<'_>, asked: bool) -> Vec<Near> {
        let rules = &self.rules.rules;
        let silent = heard.silent.iter().map(|hit| (hit.rule, self.quote(hit), Why::Fallback));
        let forbidden = self.log.forbidden.iter().filter(|f| f.entity == entity && rules[f.rule].role == role.id);
        let forbidden = forbidden.map(|f| {
            let words = Quote::new(self.text, f.words, false);
            (f.rule, Quote::new(self.text, f.span, false), Why::Forbidden { words })
        });
        let unable = heard.unable.iter().filter_map(|hit| Some((hit.rule, self.quote(hit), self.lacking(&rules[hit.rule])?)));
        let mut told: BTreeSet<usize> = heard.counted.iter().map(|hit| hit.rule).collect();
        let mut near: Vec<(usize, Quote, Why)> = silent.chain(forbidden).chain(unable).collect();
        near.retain(|(rule, ..)| told.insert(*rule));
        if asked || !told.is_empty() {
            near.extend(near::by_traits(self, entity, &role.id, &told).into_iter().map(|missed| {
                let (unwanted, lacking): (Vec<String>, Vec<String>) = missed.traits.into_iter().partition(|t| t.starts_with('!'));
                let unwanted = unwanted.iter().map(|t| t[1..].to_owned()).collect();
                (missed.rule, Quote::new(self.text, missed.span, false), Why::Traits { lacking, unwanted })
            }));
        }
        let tell = |(rule, quote, why): (usize, Quote, Why)| Near {
            rule: rules[rule].id.clone(),
            weight: rules[rule].weight,
            quote,
            why,
        };
        near.into_iter().map(tell).collect()
    }

    fn quote(&self, hit: &Hit) -> Quote {
        Quote::new(self.text, hit.span, hit.aside)
    }

    /// The features that keep a rule of a role from firing, apart from those that the role needs.
    fn lacking(&self, rule: &Rule) -> Option<Why> {
        let there = |f: &&String| self.features.contains(*f);
        let lacking: Vec<String> = rule.needs.iter().filter(|f| !there(f)).cloned().collect();
        let unwanted: Vec<String> = rule.lacks.iter().filter(there).cloned().collect();
        (!lacking.is_empty() || !unwanted.is_empty()).then_some(Why::Features { lacking, unwanted })
    }

    /// The rules of these hits: what speaks for the role first, and what counts most.
    fn fired(&self, hits: &[&Hit]) -> Vec<Fired> {
        let mut by_rule: BTreeMap<usize, Vec<&Hit>> = BTreeMap::new();
        hits.iter().for_each(|hit| by_rule.entry(hit.rule).or_default().push(hit));
        let fired = by_rule.into_iter().map(|(rule, mut hits)| {
            hits.sort_by_key(|hit| (hit.aside, hit.span));
            let rule = &self.rules.rules[rule];
            let quotes = hits.iter().map(|hit| self.quote(hit)).collect();
            Fired { rule: rule.id.clone(), weight: rule.weight, counts: verdict::worth(self.rules, hits[0]), quotes }
        });
        let mut fired: Vec<Fired> = fired.collect();
        fired.sort_by(|a, b| (b.weight > 0.0).cmp(&(a.weight > 0.0)).then(b.counts.abs().total_cmp(&a.counts.abs())));
        fired
    }

    /// Whether a claim that `fits` is left after a step.
    fn is_left(&self, step: Step, fits: impl Fn(usize, &str) -> bool) -> bool {
        self.log.left.get(&step).is_some_and(|left| left.iter().any(|(entity, role)| fits(*entity, role)))
    }

    /// What came of the evidence for a role.
    fn outcome(&self, entity: usize, role: &Role, score: f32, evidence: bool) -> Outcome {
        let claimed = |step| self.is_left(step, |e, r| e == entity && r == role.id);
        let also = |step, fits: &dyn Fn(&Role) -> bool| {
            let others = self.rules.roles.iter().filter(|r| r.id != role.id && fits(r));
            others.map(|r| r.id.clone()).find(|id| self.is_left(step, |e, r| e == entity && r == id)).unwrap_or_default()
        };
        let given = self.verdict.roles[entity].iter().find(|given| given.role == role.id);
        if let Some(given) = given {
            let derived = self.rules.derived.iter().find(|d| given.evidence.iter().any(|e| e.rule == d.id));
            return derived.map_or(Outcome::Given, |derived| Outcome::Follows {
                rule: derived.id.clone(),
                from: derived.from.clone(),
                because: derived.needs.clone(),
            });
        }
        let features: Vec<String> = role.needs.iter().filter(|f| !self.features.contains(*f)).cloned().collect();
        if !evidence {
            Outcome::NoEvidence
        } else if !features.is_empty() {
            Outcome::LacksFeatures { features }
        } else if score < role.least {
            Outcome::BelowLeast
        } else if !claimed(Step::Ranked) {
            Outcome::Outranked { by: also(Step::Scored, &|r| r.outranks.contains(&role.id)) }
        } else if !claimed(Step::Exclusive) {
            let together = |r: &Role| self.rules.exclusive.iter().any(|group| group.contains(&r.id) && group.contains(&role.id));
            Outcome::Excluded { by: also(Step::Exclusive, &together) }
        } else {
            let holder =
                (0..self.linked.entities.len()).find(|&e| self.is_left(Step::Single, |other, r| other == e && r == role.id));
            let first = holder.map(|e| self.linked.entities[e].name.clone()).unwrap_or_default();
            Outcome::SecondHolder { first, needs: role.single.unwrap_or(role.least) }
        }
    }
}

#[cfg(test)]
mod tests;
