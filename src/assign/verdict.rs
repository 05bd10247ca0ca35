//! Takes what fired, gives each entity its roles with scores, and says what is odd. Refuses nothing.
//!
//! Evidence for one role of one entity adds up in log-odds, as in logistic regression (Cox 1958), by which the weights of the
//! built-in rules were fitted: the score is the share of such parties that have the role. A rule counts once, however often it
//! fires; one with a negative weight speaks against the role; what fires where something else is spoken of counts less.

use super::evidence::Hit;
use super::rules::{Role, Rule, Rules};
use super::scene::Traits;
use super::trace::{Step, Trace};
use crate::document::{Evidence, Relation, RoleGiven, Status, Warning};
use crate::link::Linked;
use crate::span::Span;
use std::collections::{BTreeMap, BTreeSet};

/// At most this many pieces of evidence are kept for a role, the strongest first …
const KEPT_EVIDENCE: usize = 6;
/// … and at most this many of one rule, the first in the text.
const KEPT_OF_A_RULE: usize = 2;

/// A score that comes so near to a higher one leaves doubt.
const NEAR: f32 = 0.05;

/// What was decided of one article.
pub(super) struct Verdict {
    /// The roles of each entity, in the rule file's order of roles.
    pub roles: Vec<Vec<RoleGiven>>,
    pub relations: Vec<Relation>,
    pub warnings: Vec<Warning>,
}

/// A role that an entity may get.
pub(super) struct Claim<'a> {
    pub role: &'a Role,
    pub entity: usize,
    pub score: f32,
    pub hits: Vec<&'a Hit>,
}

/// Adds up, settles conflicts, derives what follows.
pub(super) fn settle(rules: &Rules, linked: &Linked, traits: &Traits, hits: &[Hit], trace: &mut impl Trace) -> Verdict {
    let mut warnings = linked.warnings.clone();
    let mut claims = Vec::new();
    for role in &rules.roles {
        let mut found = claims_of(rules, role, hits, |rule| !rule.fallback);
        if found.is_empty() {
            trace.falls_back(role);
            found = claims_of(rules, role, hits, |_| true);
        }
        claims.append(&mut found);
    }
    trace.after(Step::Scored, &claims);
    outrank(&mut claims);
    trace.after(Step::Ranked, &claims);
    exclude(rules, &mut claims, &mut warnings);
    trace.after(Step::Exclusive, &claims);
    single(rules, &mut claims, &mut warnings);
    trace.after(Step::Single, &claims);
    let relations = relations(rules, linked, traits, &claims);
    let mut roles: Vec<Vec<RoleGiven>> = linked.entities.iter().map(|_| Vec::new()).collect();
    for claim in &claims {
        roles[claim.entity].push(claim.given(rules));
    }
    derive(rules, linked, traits, &mut roles);
    Verdict { roles, relations, warnings }
}

/// Who has enough evidence for `role` by the rules that `counts` lets through.
fn claims_of<'a>(rules: &Rules, role: &'a Role, hits: &'a [Hit], counts: impl Fn(&Rule) -> bool) -> Vec<Claim<'a>> {
    let mut by_entity: BTreeMap<usize, Vec<&Hit>> = BTreeMap::new();
    for hit in hits {
        let rule = &rules.rules[hit.rule];
        if rule.role == role.id && counts(rule) {
            by_entity.entry(hit.entity).or_default().push(hit);
        }
    }
    let claims = by_entity.into_iter().map(|(entity, hits)| Claim { role, entity, score: score(rules, role, &hits), hits });
    let speaks_for = |hit: &&Hit| rules.rules[hit.rule].weight > 0.0;
    claims.filter(|claim| claim.score >= role.least && claim.hits.iter().any(speaks_for)).collect()
}

/// How likely the role is: the logistic function of its bias and the weights of the rules that fired, each counted once.
pub(super) fn score(rules: &Rules, role: &Role, hits: &[&Hit]) -> f32 {
    let mut weights: BTreeMap<usize, f32> = BTreeMap::new();
    for hit in hits {
        let weight = worth(rules, hit);
        let known = weights.entry(hit.rule).or_insert(weight);
        if weight.abs() > known.abs() {
            *known = weight;
        }
    }
    1.0 / (1.0 + (-role.bias - weights.values().sum::<f32>()).exp())
}

/// What a rule that fired counts: its weight, or less where something else is spoken of.
pub(super) fn worth(rules: &Rules, hit: &Hit) -> f32 {
    let full = rules.rules[hit.rule].weight;
    if hit.aside { full * rules.background_counts } else { full }
}

impl Claim<'_> {
    fn given(&self, rules: &Rules) -> RoleGiven {
        let mut hits: Vec<&&Hit> = self.hits.iter().filter(|hit| rules.rules[hit.rule].weight > 0.0).collect();
        hits.sort_by(|a, b| worth(rules, b).total_cmp(&worth(rules, a)).then(a.span.cmp(&b.span)));
        let mut evidence: Vec<Evidence> = Vec::new();
        for hit in hits {
            let rule = &rules.rules[hit.rule].id;
            let same_rule = evidence.iter().filter(|e| e.rule == *rule);
            if same_rule.clone().count() < KEPT_OF_A_RULE && same_rule.into_iter().all(|e| e.span != hit.span) {
                evidence.push(Evidence { rule: rule.clone(), span: hit.span });
            }
        }
        evidence.truncate(KEPT_EVIDENCE);
        RoleGiven { role: self.role.id.clone(), score: self.score, status: Status::Predicted, evidence }
    }
}

/// Drops roles that another one outranks.
fn outrank(claims: &mut Vec<Claim>) {
    let outranked: BTreeSet<(usize, &str)> =
        claims.iter().flat_map(|c| c.role.outranks.iter().map(|role| (c.entity, role.as_str()))).collect();
    claims.retain(|c| !outranked.contains(&(c.entity, c.role.id.as_str())));
}

/// Of roles that nobody holds together, an entity keeps the one with the higher score; the one named first wins a tie. Where another
/// comes near, a reviewer should look.
fn exclude(rules: &Rules, claims: &mut Vec<Claim>, warnings: &mut Vec<Warning>) {
    for group in &rules.exclusive {
        let rank = |claim: &Claim| group.iter().position(|role| *role == claim.role.id);
        let mut best: BTreeMap<usize, (f32, usize)> = BTreeMap::new();
        for claim in claims.iter() {
            if let Some(rank) = rank(claim) {
                let entry = best.entry(claim.entity).or_insert((claim.score, rank));
                if claim.score > entry.0 || (claim.score == entry.0 && rank < entry.1) {
                    *entry = (claim.score, rank);
                }
            }
        }
        let wins = |claim: &Claim| rank(claim).is_none_or(|rank| best[&claim.entity].1 == rank);
        for claim in claims.iter().filter(|claim| !wins(claim)) {
            let (score, rank) = best[&claim.entity];
            if score - claim.score < NEAR {
                warnings.push(Warning {
                    code: "contradictory_roles".into(),
                    message: format!(
                        "nearly as much speaks for the role {} as for {}, which was given",
                        claim.role.id, group[rank]
                    ),
                    entities: vec![claim.entity],
                });
            }
        }
        claims.retain(wins);
    }
}

/// Of a role that a hearing has one holder of, further holders need a high score, and are warned of.
fn single(rules: &Rules, claims: &mut Vec<Claim>, warnings: &mut Vec<Warning>) {
    for role in &rules.roles {
        let Some(least) = role.single else { continue };
        let holders = |claims: &[Claim]| -> Vec<(usize, f32)> {
            claims.iter().filter(|c| c.role.id == role.id).map(|c| (c.entity, c.score)).collect()
        };
        let before = holders(claims);
        // The strongest stays; of equals the one mentioned first.
        let top = before.iter().rev().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(entity, _)| *entity);
        claims.retain(|c| c.role.id != role.id || Some(c.entity) == top || c.score >= least);
        let after = holders(claims);
        if after.len() > 1 {
            warnings.push(Warning {
                code: "several_holders".into(),
                message: format!("{} parties are given the role {}, which a hearing has one holder of", after.len(), role.id),
                entities: after.iter().map(|(entity, _)| *entity).collect(),
            });
        }
        if after.len() < before.len() {
            warnings.push(Warning {
                code: "weaker_claim_dropped".into(),
                message: format!("a party with weaker evidence was not given the role {}", role.id),
                entities: before.iter().map(|(e, _)| *e).filter(|e| !after.iter().any(|(a, _)| a == e)).collect(),
            });
        }
    }
}

/// Whom the holders of a role represent: what the Y of a rule stands for, else whom the role says that its holders represent.
fn relations(rules: &Rules, linked: &Linked, traits: &Traits, claims: &[Claim]) -> Vec<Relation> {
    let mut relations: Vec<Relation> = Vec::new();
    for claim in claims {
        let told = claim.hits.iter().filter(|hit| rules.rules[hit.rule].relation).filter_map(|hit| Some((hit.span, hit.other?)));
        let mut all: Vec<(Span, usize)> = told.collect();
        if all.is_empty() {
            all.extend(implied(linked, traits, claims, claim));
        }
        for (evidence, to) in all {
            let known = relations.iter().any(|r| r.from == claim.entity && r.to == to);
            if to != claim.entity && !known {
                relations.push(Relation { kind: "represents".into(), from: claim.entity, to, evidence });
            }
        }
    }
    relations.sort_by_key(|r| (r.from, r.to));
    relations
}

/// Whom the holder of a role represents where the words name nobody: "his barrister" is that of the accused last mentioned before,
/// "for the force" for the force that is mentioned most.
fn implied(linked: &Linked, traits: &Traits, claims: &[Claim], claim: &Claim) -> Option<(Span, usize)> {
    let cue = claim.hits.iter().max_by(|a, b| (!a.aside).cmp(&!b.aside).then(b.span.cmp(&a.span)))?.span;
    let mentions = |e: usize| linked.entities[e].mentions.iter().map(|&m| linked.mentions[m].span);
    if let Some(role) = &claim.role.represents_role {
        let holders = claims.iter().filter(|c| c.role.id == *role).map(|c| c.entity);
        let before = |e: usize| mentions(e).filter(|span| span.start() <= cue.start()).max();
        return Some((cue, holders.max_by_key(|&e| before(e))?));
    }
    for wanted in &claim.role.represents_trait {
        let having = (0..traits.len()).filter(|&e| traits[e].contains(wanted));
        // Of those mentioned equally often the first in the text.
        if let Some(most) = having.rev().max_by_key(|&e| mentions(e).count()) {
            return Some((cue, most));
        }
    }
    None
}

/// Roles that follow from others, for example that an accused under a pseudonym is an anonymised officer.
fn derive(rules: &Rules, linked: &Linked, traits: &Traits, roles: &mut [Vec<RoleGiven>]) {
    for derived in &rules.derived {
        for (entity, given) in roles.iter_mut().enumerate() {
            if given.iter().any(|g| g.role == derived.role) || !traits[entity].contains(&derived.needs) {
                continue;
            }
            let Some(source) = given.iter().find(|g| g.role == derived.from) else { continue };
            let first = linked.entities[entity].mentions[0];
            let name = Evidence { rule: derived.id.clone(), span: linked.mentions[first].span };
            let score = source.score;
            given.push(RoleGiven { role: derived.role.clone(), score, status: Status::Predicted, evidence: vec![name] });
        }
    }
    let order = |role: &str| rules.roles.iter().position(|r| r.id == role);
    for given in roles.iter_mut() {
        given.sort_by_key(|g| order(&g.role));
    }
}
