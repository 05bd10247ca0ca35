//! Takes the pseudonymous mentions of one article, gives one cluster a bearer. Refuses to join on the letter alone: "Officer A"
//! and "Female A" are two; "PC X" and "Mr X" are one, since only the title changed; "PS Two" where all else says "PC Two" is
//! joined, with a warning.

use super::Cluster;
use crate::document::{Kind, Mention, Segments};
use crate::recognise::pseudonyms::{self, HeadClass, Pseudonym};
use std::collections::HashMap;

/// A warning about a cluster: its code, its message, the cluster's number.
pub(super) type Odd = (&'static str, String, usize);

/// Joins pseudonyms.
pub(super) fn join(text: &str, segments: &Segments, mentions: &[Mention]) -> (Vec<Cluster>, Vec<Odd>) {
    let known: HashMap<_, _> = pseudonyms::find(text, segments).into_iter().map(|p| (p.span, p)).collect();
    let sentence = |byte: usize| segments.sentences.partition_point(|s| s.span.end() <= byte);
    let mut joiner = Joiner { bearers: Vec::new(), odd: Vec::new() };
    for (m, mention) in mentions.iter().enumerate() {
        if mention.kind == Kind::Pseudonym
            && let Some(pseudonym) = known.get(&mention.span)
        {
            joiner.place(m, pseudonym, sentence(mention.span.start()));
        }
    }
    let (clusters, odd) = (joiner.bearers, joiner.odd);
    (clusters.into_iter().map(|b| b.cluster).collect(), odd)
}

/// Everybody who has borne a code so far.
struct Joiner {
    bearers: Vec<Bearer>,
    odd: Vec<Odd>,
}

struct Bearer {
    cluster: Cluster,
    code: String,
    /// Class and head of each form met, with the sentence of its last mention.
    forms: Vec<Form>,
    sex: Option<&'static str>,
    last: usize,
}

struct Form {
    class: HeadClass,
    head: String,
    sentence: usize,
}

impl Joiner {
    fn place(&mut self, m: usize, pseudonym: &Pseudonym, sentence: usize) {
        let found = self.bearer(pseudonym, sentence);
        let (b, why) = match found {
            Some(found) => found,
            None => {
                let mut cluster = Cluster::of(m);
                cluster.traits.insert("pseudonym".to_owned());
                let sex = pseudonym.sex;
                self.bearers.push(Bearer { cluster, code: pseudonym.code.clone(), forms: Vec::new(), sex, last: m });
                (self.bearers.len() - 1, "")
            }
        };
        let bearer = &mut self.bearers[b];
        if !why.is_empty() {
            bearer.cluster.join(m, why);
        }
        if why == "code_rank_differs" {
            let message = format!("{:?} is written with different ranks; taken for one party", pseudonym.code);
            self.odd.push(("rank_differs", message, b));
        }
        let bearer = &mut self.bearers[b];
        bearer.sex = bearer.sex.or(pseudonym.sex);
        bearer.last = m;
        bearer.cluster.traits.insert(class_trait(pseudonym.class).to_owned());
        if !pseudonym.head.is_empty() {
            bearer.cluster.traits.insert(format!("{}_code", pseudonym.head.replace(' ', "_")));
        }
        bearer.cluster.traits.extend(pseudonym.sex.map(str::to_owned));
        match bearer.forms.iter_mut().find(|f| f.head == pseudonym.head) {
            Some(form) => form.sentence = sentence,
            None => bearer.forms.push(Form { class: pseudonym.class, head: pseudonym.head.clone(), sentence }),
        }
    }

    /// The bearer that the pseudonym stands for: one with the same head, else one whose head only changed, else for a bare
    /// letter the one mentioned last.
    fn bearer(&self, p: &Pseudonym, sentence: usize) -> Option<(usize, &'static str)> {
        let same_code = || self.bearers.iter().enumerate().filter(|(_, b)| b.code == p.code);
        if let Some((b, _)) = same_code().find(|(_, b)| b.forms.iter().any(|f| f.head == p.head)) {
            return Some((b, "same_code"));
        }
        if p.class == HeadClass::Bare {
            return same_code().max_by_key(|(_, b)| b.last).map(|(b, _)| (b, "bare_code"));
        }
        let together = |b: &Bearer| b.forms.iter().any(|f| f.sentence == sentence && f.class != HeadClass::Bare);
        let same_sex = |b: &Bearer| b.sex.is_none() || p.sex.is_none() || b.sex == p.sex;
        let titled = |class: HeadClass| matches!(class, HeadClass::Officer | HeadClass::Open);
        same_code().filter(|(_, b)| same_sex(b) && !together(b)).find_map(|(i, b)| {
            let ranks = p.class == HeadClass::Officer && b.forms.iter().any(|f| f.class == HeadClass::Officer);
            let changed = titled(p.class) && b.forms.iter().all(|f| titled(f.class) || f.class == HeadClass::Bare);
            let bare = b.forms.iter().all(|f| f.class == HeadClass::Bare);
            match (ranks && p.head != "officer" && b.forms.iter().all(|f| f.head != "officer"), changed, bare) {
                (true, _, _) => Some((i, "code_rank_differs")),
                (_, true, _) => Some((i, "code_title_changes")),
                (_, _, true) => Some((i, "bare_code")),
                _ => None,
            }
        })
    }
}

/// What the class of a head tells of its bearer, in the words that rules use.
fn class_trait(class: HeadClass) -> &'static str {
    match class {
        HeadClass::Officer => "officer_code",
        HeadClass::Open => "open_code",
        HeadClass::Civilian => "civilian_code",
        HeadClass::Bare => "bare_code",
    }
}
