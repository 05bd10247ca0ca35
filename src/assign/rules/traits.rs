//! Takes the traits that a rule file defines, gives all that the entity of a slot can be known as. Refuses nothing.

use crate::assign::described;
use crate::segment::titles::{Level, Sex, Titles};
use std::collections::BTreeSet;

/// What is learnt beside titles: of parties by name, by pseudonym and by description, whether anybody else seems to have the role
/// that one described is looked for, and how often a party is mentioned.
const LINKED: [&str; 11] = [
    "person",
    "police",
    "pseudonym",
    "officer_code",
    "open_code",
    "civilian_code",
    "bare_code",
    "nominal",
    "unspoken",
    "much_mentioned",
    "most_mentioned",
];

/// What a slot is known as for where it stands, not for who stands there.
pub(in crate::assign) const OF_PLACE: [&str; 3] = ["first", "again", "pronoun"];

/// What ends the traits that the head of a pseudonym gives: "Witness A" is known as `witness_code`.
const BY_HEAD: &str = "_code";

/// The traits that slots can have.
pub(super) struct Known(BTreeSet<String>);

impl Known {
    /// Those that nothing in a rule file is needed for, and `defined`.
    pub(super) fn new<'d>(defined: impl Iterator<Item = &'d str>) -> Self {
        let titles = Titles::get().entries().iter().flat_map(|title| {
            let (level, sex) = (title.level.map(Level::as_str), title.sex.map(Sex::as_str));
            [Some(title.id.as_str()), level, sex].into_iter().flatten()
        });
        let described = described::sorts().iter().map(|sort| sort.class.as_str());
        Self(titles.chain(described).chain(LINKED).chain(OF_PLACE).chain(defined).map(str::to_owned).collect())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains(name) || name.ends_with(BY_HEAD)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// The traits that a pattern asks for or forbids, without exclamation marks.
pub(super) fn named_in(pattern: &str) -> impl Iterator<Item = &str> {
    let inner = pattern.split('[').skip(1).filter_map(|rest| Some(rest.split_once(']')?.0));
    inner.flat_map(|inner| inner.split(',')).map(|name| name.trim().trim_start_matches('!'))
}

/// The characters of a pattern without those traits.
pub(super) fn outside(pattern: &str) -> impl Iterator<Item = char> {
    let mut inside = false;
    pattern.chars().filter(move |c| {
        inside = *c == '[' || (inside && *c != ']');
        !inside
    })
}
