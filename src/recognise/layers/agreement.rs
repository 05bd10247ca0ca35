//! Takes the mentions of one article, gives them labels that agree: a surname is a person wherever it stands, a place that the
//! model once took for a person is a place. Refuses to touch pseudonyms and what stands after a title.

use super::Layers;
use super::lists::BODIES;
use crate::document::{Label, Mention};
use std::collections::{HashMap, HashSet};

/// What speaks for each label of one spelling: the sum of the scores.
#[derive(Default)]
struct Votes {
    per: f32,
    org: f32,
    loc: f32,
    misc: f32,
    /// How often a title stands before it.
    titled: usize,
}

/// What the mentions of one article tell of each other; all spellings in lower case.
struct Known {
    votes: HashMap<String, Votes>,
    surnames: HashSet<String>,
    firsts: HashSet<String>,
    regions: HashSet<String>,
}

impl Layers<'_> {
    /// Gives the mentions of one spelling one label, where what is known of the article decides it.
    pub(super) fn agree(&self, kept: &mut [Mention]) {
        let (surnames, firsts, regions) = (self.surnames(kept), self.firsts(kept), self.regions(kept));
        let known = Known { votes: self.votes(kept), surnames, firsts, regions };
        for mention in kept.iter_mut().filter(|m| !matches!(m.label, Label::Anon | Label::Other(_))) {
            mention.label = self.agreed(mention, &known);
        }
    }

    fn votes(&self, kept: &[Mention]) -> HashMap<String, Votes> {
        let mut votes: HashMap<String, Votes> = HashMap::new();
        for mention in kept {
            let vote = votes.entry(mention.span.of(self.text).to_lowercase()).or_default();
            match mention.label {
                Label::Per => vote.per += mention.score,
                Label::Org => vote.org += mention.score,
                Label::Loc => vote.loc += mention.score,
                Label::Misc => vote.misc += mention.score,
                Label::Anon | Label::Other(_) => {}
            }
            vote.titled += usize::from(self.is_titled(mention));
        }
        votes
    }

    /// The label that a mention should have.
    fn agreed(&self, mention: &Mention, known: &Known) -> Label {
        let spelling = mention.span.of(self.text).to_lowercase();
        let vote = &known.votes[&spelling];
        let of_a_person = known.surnames.contains(&spelling) || known.surnames.contains(spelling.trim_end_matches('s'));
        let one_word = !spelling.contains(' ');
        let of_a_region = known.regions.contains(&spelling);
        let of_a_place = of_a_region || (self.is_located(mention) && (one_word || vote.loc > 0.0));
        let body_or_place = || if vote.org > vote.loc { Label::Org } else { Label::Loc };
        let begins_a_body = one_word && vote.loc == 0.0 && known.firsts.contains(&spelling);
        let no_person = !of_a_person && vote.titled == 0;
        if self.is_titled(mention) || self.is_byline(mention) {
            return Label::Per;
        }
        if of_a_region && !of_a_person && self.is_a_force(mention) {
            return Label::Org;
        }
        match mention.label {
            Label::Per if no_person && !of_a_place && begins_a_body => Label::Org,
            Label::Per if no_person && (of_a_place || vote.loc.max(vote.org) > vote.per) => body_or_place(),
            Label::Misc if of_a_region && !of_a_person => Label::Loc,
            Label::Org | Label::Loc | Label::Misc if !of_a_place && !no_person => Label::Per,
            Label::Org | Label::Loc | Label::Misc if !of_a_place && vote.per > vote.loc + vote.org + vote.misc => Label::Per,
            Label::Misc if vote.org.max(vote.loc) > vote.misc => body_or_place(),
            ref label => label.clone(),
        }
    }

    fn is_titled(&self, mention: &Mention) -> bool {
        let first = self.index_at(mention.span.start());
        mention.label == Label::Per && self.title_ends_at(first)
    }

    /// "By Ada Quill", alone on its line: whoever wrote the article.
    fn is_byline(&self, mention: &Mention) -> bool {
        let (first, end) = self.range(mention.span);
        let by = first > 0 && self.word(first - 1).eq_ignore_ascii_case("by") && self.same_sentence(first - 1, first);
        let line = self.text[..mention.span.start()].rsplit('\n').next().unwrap_or_default();
        by && (2..5).contains(&(end - first)) && line.split_whitespace().count() < 3
    }

    /// The surnames of all who are named in full.
    fn surnames(&self, kept: &[Mention]) -> HashSet<String> {
        let full = kept.iter().filter(|m| m.label == Label::Per).map(|m| m.span.of(self.text));
        full.filter_map(|name| name.rsplit_once([' ', '\u{a0}'])).map(|(_, surname)| surname.to_lowercase()).collect()
    }

    /// The places that forces and other bodies are named after: "Wealdshire" of "Wealdshire Police".
    fn regions(&self, kept: &[Mention]) -> HashSet<String> {
        let bodies = kept.iter().filter(|m| m.label == Label::Org).map(|m| m.span.of(self.text));
        let before = |name: &str| {
            BODIES.endings.iter().chain(&BODIES.whole_endings).find_map(|ending| {
                name.strip_suffix(ending.as_str()).map(str::trim_end).filter(|place| !place.is_empty()).map(str::to_lowercase)
            })
        };
        bodies.filter_map(before).collect()
    }

    /// The first words of organisations of several words, less those that begin a person's name.
    fn firsts(&self, kept: &[Mention]) -> HashSet<String> {
        let of = |label: Label| {
            let names = kept.iter().filter(move |m| m.label == label).map(|m| m.span.of(self.text));
            let names = names.filter(|name| name.rsplit(' ').next().is_none_or(|last| !BODIES.papers.contains(last)));
            names.filter_map(|name| name.split_once(' ')).map(|(first, _)| first.to_lowercase()).collect::<HashSet<_>>()
        };
        &of(Label::Org) - &of(Label::Per)
    }

    /// Whether the words around the name of a county tell that its force is meant: "Wealdshire has apologised".
    fn is_a_force(&self, mention: &Mention) -> bool {
        let (first, end) = self.range(mention.span);
        let before = first > 0 && self.same_sentence(first - 1, first) && BODIES.done_to_forces.contains(self.word(first - 1));
        // "The Chief Constable of Wealdshire has …": the county.
        let of = first > 0 && self.word(first - 1) == "of";
        let after = !of && self.same_sentence(end - 1, end) && BODIES.done_by_forces.contains(self.word(end));
        before || after
    }

    /// Whether the words around it speak of a place: "in Tolland", "Tolland's police", "Old House, Tolland".
    fn is_located(&self, mention: &Mention) -> bool {
        let (first, end) = self.range(mention.span);
        let inside = first > 0 && self.same_sentence(first - 1, first);
        let before = if inside { self.word(first - 1) } else { "" };
        let owns = matches!(self.word(end), "'s" | "’s") && BODIES.owned_by_places.contains(self.word(end + 1));
        BODIES.before_places.contains(before) || owns
    }
}
