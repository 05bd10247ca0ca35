//! Takes the pseudonymous mentions of one article, gives one cluster a bearer. Refuses to join on the letter alone: "Officer A"
//! and "Female A" are two, "PC A" and "Ms A" are too unless a pronoun says that the officer is a woman; "PC X" and "Mr X" are one,
//! since only the title changed; "PS Two" where all else says "PC Two" is joined, with a warning.
//!
//! Why a mention was joined: `same_code`, `code_title_changes`, `code_rank_differs`, `bare_code`.

use super::Cluster;
use super::sexes::Cue;
use crate::document::{Kind, Mention, Segments};
use crate::recognise::pseudonyms::{self, HeadClass, Pseudonym};
use crate::segment::titles::{Level, Sex};
use std::collections::HashMap;

/// A warning about a cluster: its code, its message, the cluster's number.
pub(super) type Odd = (&'static str, String, usize);

/// Joins pseudonyms.
pub(super) fn join(text: &str, segments: &Segments, mentions: &[Mention], cues: &[Cue]) -> (Vec<Cluster>, Vec<Odd>) {
    let known: HashMap<_, _> = pseudonyms::find(text, segments).into_iter().map(|p| (p.span, p)).collect();
    let sentence = |byte: usize| segments.sentences.partition_point(|s| s.span.end() <= byte);
    let found = mentions.iter().enumerate().filter(|(_, mention)| mention.kind == Kind::Pseudonym);
    let found: Vec<(usize, &Pseudonym)> = found.filter_map(|(m, mention)| Some((m, known.get(&mention.span)?))).collect();
    let mut joiner = Joiner::default();
    for &(m, pseudonym) in &found {
        let lean = joiner.leans.entry((pseudonym.head.clone(), pseudonym.code.clone())).or_default();
        *lean += match cues[m].pronoun {
            Some(Sex::Female) => 1,
            Some(Sex::Male) => -1,
            None => 0,
        };
    }
    for (m, pseudonym) in found {
        joiner.place(m, pseudonym, sentence(mentions[m].span.start()));
    }
    let (clusters, odd) = (joiner.bearers, joiner.odd);
    (clusters.into_iter().map(|b| b.cluster).collect(), odd)
}

/// Everybody who has borne a code so far.
#[derive(Default)]
struct Joiner {
    bearers: Vec<Bearer>,
    odd: Vec<Odd>,
    /// For each head and code, how many more pronouns after it are a woman's than a man's.
    leans: HashMap<(String, String), i32>,
}

struct Bearer {
    cluster: Cluster,
    code: String,
    /// The forms met.
    forms: Vec<Form>,
    sex: Option<&'static str>,
    last: usize,
}

/// A head with its class, its rank, and the sentence of its last mention.
struct Form {
    class: HeadClass,
    head: String,
    level: Option<Level>,
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
        bearer.sex = bearer.sex.or(pseudonym.sex);
        bearer.last = m;
        bearer.cluster.traits.insert(class_trait(pseudonym.class).to_owned());
        if !pseudonym.head.is_empty() {
            bearer.cluster.traits.insert(format!("{}_code", pseudonym.head.replace(' ', "_")));
        }
        bearer.cluster.traits.extend(pseudonym.sex.map(str::to_owned));
        match bearer.forms.iter_mut().find(|f| f.head == pseudonym.head) {
            Some(form) => form.sentence = sentence,
            None => {
                let Pseudonym { class, head, level, .. } = pseudonym.clone();
                bearer.forms.push(Form { class, head, level, sentence });
            }
        }
    }

    /// The bearer that the pseudonym stands for: one with the same head, else one whose head only changed, else for a bare letter
    /// the one mentioned last; a letter that is introduced by itself is somebody new.
    fn bearer(&self, p: &Pseudonym, sentence: usize) -> Option<(usize, &'static str)> {
        let same_code = || self.bearers.iter().enumerate().filter(|(_, b)| b.code == p.code);
        // "Dental Nurse 2", later "Nurse 2".
        let shortened = |f: &Form| f.class == p.class && !p.head.is_empty() && f.head.ends_with(&format!(" {}", p.head));
        let only_bare = |b: &Bearer| b.forms.iter().all(|f| f.class == HeadClass::Bare);
        if p.class == HeadClass::Bare {
            let fits = same_code().filter(|(_, b)| !p.introduced || only_bare(b));
            return fits.max_by_key(|(_, b)| b.last).map(|(i, b)| (i, if only_bare(b) { "same_code" } else { "bare_code" }));
        }
        if let Some((b, _)) = same_code().find(|(_, b)| b.forms.iter().any(|f| f.head == p.head || shortened(f))) {
            return Some((b, "same_code"));
        }
        let together = |b: &Bearer| b.forms.iter().any(|f| f.sentence == sentence && f.class != HeadClass::Bare);
        let titled = |class: HeadClass| matches!(class, HeadClass::Officer | HeadClass::Open);
        same_code().filter(|(_, b)| self.sexes_agree(p, b) && !together(b)).find_map(|(i, b)| {
            let ranks_differ = b.forms.iter().any(|f| matches!((f.level, p.level), (Some(a), Some(b)) if a != b));
            // An officer may become "Mr A"; a Mr A who was there first is hardly ever an officer.
            let promoted = p.class == HeadClass::Officer && b.forms.iter().all(|f| f.class == HeadClass::Open);
            let changed = titled(p.class) && !promoted && b.forms.iter().all(|f| titled(f.class) || f.class == HeadClass::Bare);
            let bare = only_bare(b);
            match (ranks_differ, changed, bare) {
                (true, true, _) => Some((i, "code_rank_differs")),
                (_, true, _) => Some((i, "code_title_changes")),
                (_, _, true) => Some((i, "bare_code")),
                _ => None,
            }
        })
    }

    /// Whether the two can be of one sex. A woman's title joins an officer's code only where a pronoun says "she": civilians are often
    /// "Ms A" in an article about an Officer A.
    fn sexes_agree(&self, p: &Pseudonym, b: &Bearer) -> bool {
        let lean = |head: &str| self.leans.get(&(head.to_owned(), p.code.clone())).copied().unwrap_or(0);
        let of_bearer: i32 = b.forms.iter().map(|f| lean(&f.head)).sum();
        let fits = |sex: Option<&str>, lean: i32, bare: bool| match sex {
            Some("female") => lean > 0 || (bare && lean == 0),
            Some(_) => lean <= 0,
            None => true,
        };
        match (p.sex, b.sex) {
            (Some(a), Some(b)) => a == b,
            (sex, None) => fits(sex, of_bearer, b.forms.iter().all(|f| f.class == HeadClass::Bare)),
            (None, sex) => fits(sex, lean(&p.head), false),
        }
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
