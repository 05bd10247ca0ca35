//! Takes what is known of one person so far, tells how well a further mention fits: by name, title, sex, generation and nearness.
//! Refuses where sex or generation contradict.

use super::super::sexes::{Cue, Generation};
use super::super::{Cluster, Titled};
use super::likeness::{Name, Reason, like};
use crate::segment::titles::{Class, Level, Sex};
use std::collections::BTreeSet;

/// A mention with all that tells whose it is.
pub(super) struct Candidate<'a> {
    pub(super) mention: usize,
    pub(super) name: &'a Name,
    pub(super) titled: &'a Titled,
    pub(super) cue: Cue,
}

impl Candidate<'_> {
    /// Whether a rank or a courtesy title stands before it: then it is a surname, and no short form of a first name.
    fn has_title(&self) -> bool {
        self.titled.entries().any(|e| matches!(e.class, Class::Rank | Class::Courtesy))
    }
}

/// A person and the mentions that are theirs.
pub(super) struct Person {
    pub(super) cluster: Cluster,
    pub(super) forms: Vec<Name>,
    /// Its mentions by full name, in order, and the last by a single word.
    full: Vec<usize>,
    last_single: Option<usize>,
    pub(super) sex: Option<Sex>,
    generation: Option<Generation>,
    /// Whether a word of kinship introduced one of its mentions.
    pub(super) kin: bool,
    titles: BTreeSet<&'static str>,
    levels: BTreeSet<Level>,
    police: bool,
}

impl Person {
    pub(super) fn new(mention: usize) -> Self {
        Self {
            cluster: Cluster::of(mention),
            forms: Vec::new(),
            full: Vec::new(),
            last_single: None,
            sex: None,
            generation: None,
            kin: false,
            titles: BTreeSet::new(),
            levels: BTreeSet::new(),
            police: false,
        }
    }

    /// Takes in what a mention of this person tells.
    pub(super) fn learn(&mut self, candidate: &Candidate) {
        let Candidate { mention, name, titled, cue } = *candidate;
        if name.is_full() {
            self.full.push(mention);
        } else {
            self.last_single = Some(mention);
        }
        if !self.forms.contains(name) {
            self.forms.push(name.clone());
        }
        self.sex = self.sex.or(cue.sex);
        self.generation = self.generation.or(cue.generation);
        self.kin |= cue.kin;
        self.police |= titled.police();
        self.titles.extend(titled.entries().map(|e| e.id.as_str()));
        self.levels.extend(titled.entries().filter_map(|e| e.level));
    }

    /// Why a mention can be this person's, and how strong a reason that is with all that speaks for and against it; nothing where it
    /// cannot be.
    pub(super) fn fits(&self, candidate: &Candidate, both_frequent: impl Fn(&Name, &Name) -> bool) -> Option<Reason> {
        let reasons = self.forms.iter().filter_map(|form| {
            let reason = like(form, candidate.name)?;
            let spelling = reason.0 == "misspelt" && (both_frequent(form, candidate.name) || self.ranks_differ(candidate.titled));
            // "Mr Tom" is no Thomas: after a title stands a surname.
            let short = reason.1 <= 30 && candidate.has_title() && !candidate.name.is_full();
            (!spelling && !short).then_some(reason)
        });
        let (why, strength) = reasons.max_by_key(|(_, strength)| *strength)?;
        Some((why, strength + self.agrees(candidate)?))
    }

    /// How well title, sex and generation agree; nothing where they contradict each other.
    fn agrees(&self, candidate: &Candidate) -> Option<i32> {
        let Candidate { titled, cue, .. } = candidate;
        let against = |a: Option<Sex>, b: Option<Sex>| matches!((a, b), (Some(a), Some(b)) if a != b);
        if against(self.sex, cue.sex) {
            return None;
        }
        let generation = match (self.generation, cue.generation) {
            (Some(a), Some(b)) if a != b => return None,
            (Some(_), Some(_)) => 20,
            (None, Some(_)) => -10,
            // A father or grandfather is called so again; a bare surname is somebody else's.
            (Some(_), None) => -3,
            (None, None) => 0,
        };
        let pronoun = match (self.sex, cue.sex.is_none().then_some(cue.pronoun).flatten()) {
            (Some(a), Some(b)) => {
                if a == b {
                    4
                } else {
                    -8
                }
            }
            _ => 0,
        };
        let same_title = titled.entries().any(|e| self.titles.contains(e.id.as_str()));
        let both_police = self.police && titled.police();
        // A rank for somebody whose titles so far are others' speaks against them a little, and so does "Mr" for a constable.
        let rank_is_new = titled.police() && !self.police && !self.titles.is_empty();
        let rank_is_gone = self.police && !titled.police() && candidate.has_title() && !same_title;
        let titles = 6 * i32::from(same_title) + 3 * i32::from(both_police)
            - 3 * i32::from(rank_is_new)
            - 2 * i32::from(rank_is_gone)
            - 4 * i32::from(self.ranks_differ(titled));
        Some(titles + generation + pronoun)
    }

    /// Whether both have ranks, and none in common.
    fn ranks_differ(&self, titled: &Titled) -> bool {
        let mut levels = titled.entries().filter_map(|e| e.level).peekable();
        levels.peek().is_some() && !self.levels.is_empty() && levels.all(|level| !self.levels.contains(&level))
    }

    /// The nearer the last mention before `m`, the higher; those after it come last.
    pub(super) fn nearness(&self, m: usize) -> i64 {
        let place = |m: usize| i64::try_from(m).unwrap_or(i64::MAX);
        let by_full = self.full.partition_point(|&x| x < m).checked_sub(1).map(|i| self.full[i]);
        match by_full.max(self.last_single) {
            Some(before) => place(before) - place(m),
            None => i64::MIN / 2 - place(self.full.first().copied().unwrap_or(0)),
        }
    }

    /// Whether no full name is known.
    pub(super) fn is_half_named(&self) -> bool {
        self.full.is_empty()
    }
}
