//! Takes two names of persons, tells whether they can be one person's and why: equal, a part, a short form, misspelt. Refuses short
//! names that are near by spelling only, and two misspelt parts at once.

use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;
use strsim::damerau_levenshtein;

/// Longer words are not compared by their spelling.
const LONGEST: usize = 40;

/// Why two names can be one person's, and how strong a reason that is, 0 to 100.
pub(super) type Reason = (&'static str, i32);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    particles: BTreeSet<String>,
    nicknames: HashMap<String, BTreeSet<String>>,
}

static DATA: LazyLock<Data> =
    LazyLock::new(|| toml::from_str(include_str!("names.toml")).expect("a test reads the built-in nicknames"));

/// A name in words, lower case; a particle and the word after it are one ("ap huw").
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Name {
    words: Vec<String>,
    /// The one in brackets or quotation marks: "Joe (Jo) Marl".
    nickname: Option<String>,
}

impl Name {
    pub(super) fn new(surface: &str) -> Self {
        let marks = ['.', ',', '"', '“', '”', '‘', '’', '\'', '(', ')', '[', ']'];
        let clean = |w: &str| w.trim_matches(marks).replace('’', "'").to_lowercase();
        let (mut words, mut nickname, mut particles) = (Vec::new(), None, String::new());
        for word in surface.split_whitespace() {
            let cleaned = clean(word);
            if cleaned.is_empty() {
                continue;
            }
            let quoted = word.starts_with(['(', '"', '“', '‘']) && word.ends_with([')', '"', '”', '’']);
            if quoted && !words.is_empty() {
                nickname = Some(cleaned);
            } else if DATA.particles.contains(&cleaned) {
                particles = particles + &cleaned + " ";
            } else {
                words.push(std::mem::take(&mut particles) + &cleaned);
            }
        }
        // "QUILL, Ada Rose": the surname is put last.
        if surface.split_whitespace().next().is_some_and(|first| first.ends_with(',')) && !words.is_empty() {
            words.rotate_left(1);
        }
        Self { words: if words.is_empty() { vec![surface.to_lowercase()] } else { words }, nickname }
    }

    pub(super) fn last(&self) -> &str {
        self.words.last().expect("a name has words")
    }

    pub(super) fn first(&self) -> &str {
        &self.words[0]
    }

    pub(super) fn is_full(&self) -> bool {
        self.words.len() > 1
    }
}

/// Why both names can be one person's; the stronger of several reasons.
pub(super) fn like(a: &Name, b: &Name) -> Option<Reason> {
    if a.words == b.words {
        return Some(if a.is_full() { ("same_name", 100) } else { ("same_name", 90) });
    }
    match (a.is_full(), b.is_full()) {
        (true, true) => full_names(a, b).or_else(|| spaced(a, b)).or_else(|| spaced(b, a)),
        (true, false) => part_of(a, b.first()),
        (false, true) => part_of(b, a.first()),
        (false, false) => {
            surnames(a.first(), b.first()).or_else(|| shortened(a.first(), b.first()).then_some(("first_name", 30)))
        }
    }
}

/// Two full names of one person: the surnames and the first names each fit.
fn full_names(a: &Name, b: &Name) -> Option<Reason> {
    let (why, strength) = surnames(a.last(), b.last())?;
    let firsts = first_names(a.first(), b.first())?;
    // Both parts misspelt at once is another person rather.
    (strength >= 60 || firsts >= 20).then_some((if why == "surname" { "full_name" } else { why }, strength.min(95) + firsts / 10))
}

/// "Hallam Quill" for the surname of "Ada Hallam-Quill": a double surname that lost its hyphen.
fn spaced(full: &Name, surname: &Name) -> Option<Reason> {
    (surname.words.len() == 2 && surname.words.join("-") == full.last()).then_some(("surname", 85))
}

/// A name of one word against a full name: its surname, a half of it, its first name, a nickname, or a misspelt form.
fn part_of(full: &Name, word: &str) -> Option<Reason> {
    let reason = |holds: bool, why: &'static str, strength: i32| holds.then_some((why, strength));
    let inner = full.words[1..full.words.len() - 1].iter().any(|w| w == word);
    let candidates = [
        surnames(full.last(), word),
        reason(full.first() == word, "first_name", 50),
        reason(inner, "surname_part", 60),
        reason(full.nickname.as_deref() == Some(word), "nickname", 55),
        reason(shortened(full.first(), word), "first_name", 30),
        reason(is_nickname(word, full.first()), "nickname", 25),
    ];
    candidates.into_iter().flatten().max_by_key(|(_, strength)| *strength)
}

/// Two forms of a surname: equal, one a half of the other, with a lost apostrophe, or misspelt.
fn surnames(a: &str, b: &str) -> Option<Reason> {
    if a == b {
        return Some(("surname", 90));
    }
    let half = |whole: &str, part: &str| whole.contains(['-', ' ']) && whole.split(['-', ' ']).any(|p| p == part && p.len() > 2);
    if half(a, b) || half(b, a) {
        return Some(("surname_part", 70));
    }
    let lost = |long: &str, short: &str| long.strip_suffix('s') == Some(short) && short.len() > 2;
    if lost(a, b) || lost(b, a) {
        return Some(("lost_apostrophe", 60));
    }
    misspelt(a, b).then_some(("misspelt", 40))
}

/// How well two first names fit: equal, an initial, a short form, or misspelt.
fn first_names(a: &str, b: &str) -> Option<i32> {
    let initial = |short: &str, long: &str| short.chars().count() == 1 && long.starts_with(short);
    let short = |a: &str, b: &str| initial(a, b) || (shortened(b, a) && a.chars().count() > 2) || is_nickname(a, b);
    if a == b {
        Some(40)
    } else if short(a, b) || short(b, a) {
        Some(30)
    } else {
        // Beside a surname that fits, one edit in four letters is enough.
        let lengths = [a.chars().count(), b.chars().count()];
        let near = lengths.iter().all(|l| (4..LONGEST).contains(l)) && damerau_levenshtein(a, b) <= 1;
        (near || misspelt(a, b)).then_some(10)
    }
}

/// Whether `short` is the beginning of `long` ("Parm" of "Parminder").
fn shortened(long: &str, short: &str) -> bool {
    short.chars().count() >= 2 && long.chars().count() > short.chars().count() && long.starts_with(short)
}

/// Whether `short` is a pet form of `given` ("Gaz" of "Gareth").
fn is_nickname(short: &str, given: &str) -> bool {
    DATA.nicknames.get(short).is_some_and(|names| names.contains(given))
}

/// Whether two words are spellings of one name: the same first letter, and one edit in five letters or two in eight; in four, a
/// doubled letter more or less. Shorter names are too close to each other to judge.
fn misspelt(a: &str, b: &str) -> bool {
    let lengths = [a.chars().count(), b.chars().count()];
    let (short, long) = (lengths[0].min(lengths[1]), lengths[0].max(lengths[1]));
    if long > LONGEST || a.chars().next() != b.chars().next() {
        return false;
    }
    let undoubled = |word: &str| {
        let mut chars: Vec<char> = word.chars().collect();
        chars.dedup();
        chars
    };
    let allowed = match short {
        0..4 => return false,
        4 => return undoubled(a) == undoubled(b),
        5..8 => 1,
        _ => 2,
    };
    long - short <= allowed && damerau_levenshtein(a, b) <= allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_joins_and_why() {
        for (a, b, expected) in [
            ("Alan Reedham", "Reedham", Some("surname")),
            ("Alan Reedham", "Reedhams", Some("lost_apostrophe")),
            ("Alan Reedham", "Readham", Some("misspelt")),
            ("Alan Reedham", "A. Reedham", Some("full_name")),
            ("Allan Reedham", "Alan Reedham", Some("full_name")),
            ("Alan REEDHAM", "REEDHAM, Alan John", Some("full_name")),
            ("Ada Quill-Stroud", "Stroud", Some("surname_part")),
            ("Ada Quill-Stroud", "Quill Stroud", Some("surname")),
            ("Ada Quill Stroud", "Ada Quill-Stroud", Some("surname_part")),
            ("Parminder Marl", "Parm", Some("first_name")),
            ("Gareth Marl", "Gaz", Some("nickname")),
            ("Alan (Bunny) Reedham", "Bunny", Some("nickname")),
            ("(Alan) Reedham", "Alan Reedham", Some("same_name")),
            ("Iestyn ap Quill", "ap Quill", Some("surname")),
            ("Marjorie", "Marj", Some("first_name")),
            ("Joe Snell", "Snel", Some("misspelt")),
            ("Joe Marl", "Marsh", None),
            ("Joe Marl", "Ada Marl", None),
            ("Joe Marl", "Mark", None),
            ("Alan Reedham", "Stroud", None),
        ] {
            assert_eq!(like(&Name::new(a), &Name::new(b)).map(|(why, _)| why), expected, "{a} / {b}");
        }
    }
}
