//! Takes an article's mentions and entities, gives the entities their roles in the hearing, each with the rule that fired and the
//! words it fired on, the relations between them, and warnings. Refuses nothing; a rule file can be refused, see [`RuleError`].
//!
//! `scene` lays the article out as one line in which names are slots; `syntax` reads a rule's pattern, and `pattern` makes it
//! a regular expression over that line; `rules` loads the rule files; `evidence` collects what fired; `verdict` adds it up and settles
//! conflicts; `described` speaks for the parties that have neither name nor pseudonym. `check` says what is wrong with a rule file;
//! `examples` runs the rules' examples; `explain` says how a judgement came about, which it learns from a `trace`.

mod check;
mod described;
mod evidence;
mod examples;
mod explain;
mod pattern;
mod rules;
mod scene;
mod syntax;
mod trace;
mod verdict;

pub use check::{Check, Tally};
pub use explain::{Asked, Explanation, FeatureFound, Fired, Near, Outcome, Party, Quote, RoleExplained, Why};
pub use rules::{BUILT_IN, Changes, Fault, RuleError, Rules, built_in_roles};

use crate::document::{Annotation, Entity, Label, Mention, Segments};
use crate::link::{Linked, seats};
use evidence::Features;
use rules::Rule;
use scene::{Scene, Traits};
use trace::Trace;
use verdict::Verdict;

impl Rules {
    /// Gives roles to the entities of one article.
    ///
    /// Named and pseudonymous parties are judged first. Parties that are only described ("the female officer") stand beside them in a
    /// second judgement, and those who get their role stay.
    pub fn assign(&self, text: &str, segments: Segments, mut linked: Linked) -> Annotation {
        let named = linked.entities.len();
        let mut verdict = self.describe(text, &segments, &mut linked);
        if linked.entities.len() > named {
            (verdict, _) = self.judge(text, &segments, &linked, &mut ());
            drop_idle(&mut linked, &mut verdict, named);
        }
        let Linked { mentions, mut entities, .. } = linked;
        for (entity, roles) in entities.iter_mut().zip(verdict.roles) {
            entity.roles = roles;
        }
        let (relations, warnings) = (verdict.relations, verdict.warnings);
        let mut annotation = Annotation { segments, mentions: Vec::new(), entities: Vec::new(), relations, warnings };
        in_order(&mut annotation, mentions, entities);
        annotation
    }

    /// Judges the parties that there are, and adds those only described that may have the role they are looked for. They are known
    /// as `unspoken` where nobody else seems to have it; elsewhere it takes more than a description.
    fn describe(&self, text: &str, segments: &Segments, linked: &mut Linked) -> Verdict {
        let (verdict, features) = self.judge(text, segments, linked, &mut ());
        for sort in described::sorts() {
            if !self.allows(&sort.role, &features) {
                continue;
            }
            let unspoken = !is_spoken_for(sort, linked, &verdict, &features);
            // "The officer, who was granted anonymity" is then the one with the pseudonym.
            let mut holders = verdict.roles.iter().zip(&linked.entities);
            if holders.any(|(roles, e)| e.anonymised && roles.iter().any(|given| given.role == sort.role)) {
                continue;
            }
            for mut candidate in described::candidates(text, segments, &linked.mentions, sort) {
                if unspoken {
                    candidate.traits.insert("unspoken".to_owned());
                }
                linked.describe(text, candidate.mentions, candidate.traits);
            }
        }
        verdict
    }

    fn judge(&self, text: &str, segments: &Segments, linked: &Linked, trace: &mut impl Trace) -> (Verdict, Features) {
        let traits = self.traits(linked);
        let scenes = self.scenes(text, segments, linked, &traits);
        let features = evidence::features(&scenes[0], &self.features);
        let allowed = |rule: &Rule| evidence::is_allowed(self, rule, &features);
        let mut hits = evidence::collect(self, text, &scenes, allowed, trace);
        hits.retain(|hit| self.is_open(linked, hit.entity, &self.rules[hit.rule]));
        (verdict::settle(self, linked, &traits, &hits, trace), features)
    }

    /// Whether a rule can speak of a party: one that is only described can only get the role that it was looked for.
    fn is_open(&self, linked: &Linked, entity: usize, rule: &Rule) -> bool {
        let sort = described::sorts().iter().find(|sort| linked.traits[entity].contains(&sort.class));
        sort.is_none_or(|sort| sort.role == rule.role)
    }

    /// Whether an article with these features can have holders of a role.
    fn allows(&self, role: &str, features: &Features) -> bool {
        self.roles.iter().any(|r| r.id == role && r.needs.iter().all(|f| features.contains(f)))
    }

    /// What each entity is known as in slots: by its titles and mentions, and by the words of its name.
    fn traits(&self, linked: &Linked) -> Traits {
        let known = linked.entities.iter().zip(&linked.traits);
        known
            .map(|(entity, known)| {
                let by_name = self.traits_of(&entity.label, &entity.name).map(str::to_owned);
                known.iter().cloned().chain(by_name).collect()
            })
            .collect()
    }

    /// The article with persons alone as slots, and with all mentions.
    fn scenes(&self, text: &str, segments: &Segments, linked: &Linked, traits: &Traits) -> [Scene; 2] {
        let lay_out = |shown: fn(&Label) -> bool| Scene::new(text, segments, linked, traits, &self.watched, shown);
        [lay_out(|label| matches!(label, Label::Per | Label::Anon)), lay_out(|_| true)]
    }
}

/// Whether somebody with a name or a pseudonym has the role of such parties, or may well have it.
fn is_spoken_for(sort: &described::Description, linked: &Linked, verdict: &Verdict, features: &Features) -> bool {
    let strict = !features.contains(&sort.unless_feature);
    verdict.roles.iter().zip(&linked.traits).any(|(roles, traits)| {
        let counts = strict || traits.contains("much_mentioned");
        let fits = || sort.blocked_by.iter().any(|all| all.iter().all(|t| traits.contains(t)));
        roles.iter().any(|given| given.role == sort.role) || (roles.is_empty() && counts && fits())
    })
}

/// Drops the described parties, which are those from number `named` on, that got no role.
fn drop_idle(linked: &mut Linked, verdict: &mut Verdict, named: usize) {
    let stays: Vec<bool> = verdict.roles.iter().enumerate().map(|(e, roles)| e < named || !roles.is_empty()).collect();
    let seat = seats(&stays);
    linked.retain(&stays);
    let mut stay = stays.iter();
    verdict.roles.retain(|_| *stay.next().expect("one for each entity"));
    verdict.relations.retain(|r| stays[r.from] && stays[r.to]);
    for relation in &mut verdict.relations {
        (relation.from, relation.to) = (seat[relation.from], seat[relation.to]);
    }
    for warning in &mut verdict.warnings {
        warning.entities.retain(|&e| stays[e]);
        warning.entities.iter_mut().for_each(|e| *e = seat[*e]);
    }
    verdict.warnings.retain(|warning| !warning.entities.is_empty());
}

/// Puts mentions in the order of the text and entities in the order of their first mentions, and renumbers what refers to them.
fn in_order(annotation: &mut Annotation, mentions: Vec<Mention>, entities: Vec<Entity>) {
    let mut order: Vec<usize> = (0..mentions.len()).collect();
    order.sort_by_key(|&m| mentions[m].span);
    let mut place = vec![0; mentions.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old] = new;
    }
    annotation.mentions = order.into_iter().map(|m| mentions[m].clone()).collect();

    let mut entities: Vec<(usize, Entity)> = entities.into_iter().enumerate().collect();
    for (_, entity) in &mut entities {
        entity.mentions.iter_mut().for_each(|m| *m = place[*m]);
        entity.mentions.sort_unstable();
        entity.links.iter_mut().for_each(|link| link.mention = place[link.mention]);
        entity.links.sort_unstable_by_key(|link| link.mention);
    }
    entities.sort_by_key(|(_, entity)| entity.mentions[0]);
    let mut seat = vec![0; entities.len()];
    for (new, (old, _)) in entities.iter().enumerate() {
        seat[*old] = new;
    }
    for relation in &mut annotation.relations {
        (relation.from, relation.to) = (seat[relation.from], seat[relation.to]);
    }
    for warning in &mut annotation.warnings {
        warning.entities.iter_mut().for_each(|e| *e = seat[*e]);
    }
    annotation.entities = entities.into_iter().map(|(_, entity)| entity).collect();
}

#[cfg(test)]
mod tests;
