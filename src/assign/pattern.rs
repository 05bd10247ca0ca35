//! Takes a role pattern as it stands in a rule file, gives a regular expression over the line of a [`Scene`](super::scene::Scene),
//! and the words of which a stretch of that line must hold one to be worth trying.
//! Refuses a pattern that names an unknown list, has no slot X, or does not compile, with the words that are wrong.
//!
//! A pattern is a row of words, in lower case, each of which stands for one word of the article:
//!
//! | written | stands for |
//! |---|---|
//! | `chaired by` | these words |
//! | `( … \| … )`, `( … )?`, `( … )*` | alternatives, an optional part, a part that stands up to eight times |
//! | `word?` | an optional word, list or slot |
//! | `@list` | any phrase of a list of the rule file, which may hold patterns itself |
//! | `X` | the person whom the rule is about |
//! | `Y` | the person or body that the relation of the rule points to |
//! | `PER` `ANON` `ORG` `LOC` `MISC` `PARTY` | any mention of that label; `PARTY` is `PER` or `ANON` |
//! | `X[police]`, `X[!judge,female]` | a slot whose entity has, or has not, these traits; also `first`, the first mention of its entity, `again`, a later one, `pronoun`, "he" or "she" |
//! | `X+` | each of the parties of a list: "X, of the Met, Y and Z"; at the start or the end of a pattern |
//! | `#` | a number |
//! | `~3` | up to three words, none of them a mention or a punctuation mark |
//! | `~,9` | up to nine words, commas and colons among them, but no mentions |
//! | `~~9` | up to nine words, mentions and commas among them, within the sentence |
//! | `,` `:` `;` `.` `¶` | punctuation: brackets and dashes read as commas, `.` ends a sentence, `¶` a paragraph |
//!
//! A slot is no possessor ("Marl's") unless the pattern goes on with `'s` or `'`.
//! Quotation marks, square brackets and hyphens are not seen by patterns.

use super::syntax::{Node, parse};
use regex::{Regex, RegexBuilder};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Word lists by name, as the rule file has them.
pub(crate) type Lists = BTreeMap<String, Vec<String>>;

/// What is wrong with a pattern.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PatternError {
    /// A list that the rule file does not hold.
    #[error("there is no list @{0}")]
    UnknownList(String),
    /// Lists that hold each other.
    #[error("the list @{0} holds itself")]
    Circular(String),
    /// A slot that is none of those known.
    #[error("{0:?} is no slot: X, Y, PER, ANON, ORG, LOC, MISC and PARTY are")]
    UnknownSlot(String),
    /// Brackets that don't match, or another slip of form.
    #[error("{0:?} can't be read: {1}")]
    Form(String, String),
    /// It would match where nothing stands.
    #[error("it can match no words at all")]
    Empty,
    /// A list of bearers in the middle of a pattern, where its ends can't be told.
    #[error("X+ stands at the start or at the end of a pattern")]
    List,
    /// There is no X, so nobody could get the role.
    #[error("a pattern of a rule needs the slot X")]
    NoSubject,
}

/// One class of characters that no word of a scene's line holds, so that plain words can't match a slot.
pub(crate) const SLOT_OPEN: char = '<';
/// Closes a slot.
pub(crate) const SLOT_CLOSE: char = '>';
/// Marks the slot of a possessor.
pub(crate) const OWNER: char = '\'';
/// Ends a paragraph in a scene's line.
pub(crate) const PARAGRAPH: &str = "¶";

/// How often a starred part may stand: without a bound, a long text of nothing but its words would take for ever.
const MOST_REPEATED: usize = 8;

/// How many parties a list may hold beside the one that a match is for.
const MOST_LISTED: usize = 4;
/// A party of a list with what stands before the next one; the other way round for those that follow.
const LISTED_BEFORE: &str = "PARTY (, ~,7)? (and ~,4|,|;)";
const LISTED_AFTER: &str = "(, ~,7)? (and ~,4|,|;) PARTY";

/// A pattern, ready to run.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    regex: Regex,
    /// The groups that capture an X, and those that capture a Y: one for each place in which the pattern names it.
    subjects: Vec<usize>,
    others: Vec<usize>,
    /// Words of which every match holds at least one; nothing where no such words are known.
    triggers: Option<BTreeSet<String>>,
}

/// Where a pattern matched.
pub(crate) struct Match {
    /// The stretch of the line.
    pub range: Range<usize>,
    /// Where X stands in the line, and its entity.
    pub subject: Option<(usize, usize)>,
    /// The entity of Y.
    pub other: Option<usize>,
}

impl Pattern {
    /// The first match in `line` that starts at byte `from`, where a word starts, or later.
    pub(crate) fn find_at(&self, line: &str, from: usize) -> Option<Match> {
        let groups = self.regex.captures_at(line, from.saturating_sub(1))?;
        let slot = |groups_of: &[usize]| {
            let group = groups_of.iter().find_map(|&g| groups.get(g))?;
            Some((group.start(), group.as_str().parse().ok()?))
        };
        let range = groups.name("B").expect("a match has a body").range();
        Some(Match { range, subject: slot(&self.subjects), other: slot(&self.others).map(|(_, entity)| entity) })
    }

    /// The stretches of `line` that it matches, without overlaps.
    pub(crate) fn ranges<'l>(&self, line: &'l str) -> impl Iterator<Item = Range<usize>> + use<'_, 'l> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let found = self.find_at(line, from)?.range;
            from = found.end;
            Some(found)
        })
    }

    /// Words of which every match holds at least one, where such are known.
    pub(crate) fn triggers(&self) -> Option<&BTreeSet<String>> {
        self.triggers.as_ref()
    }
}

/// Compiles `pattern` with its lists. A pattern with `X+` gives one for each place in the list.
///
/// # Errors
/// As [`PatternError`] says. `NoSubject` only when `subject` asks for an X.
pub(crate) fn compile(pattern: &str, lists: &Lists, subject: bool) -> Result<Vec<Pattern>, PatternError> {
    unlisted(parse(pattern, lists)?)?.iter().map(|node| compile_node(pattern, node, subject)).collect()
}

fn compile_node(pattern: &str, node: &Node, subject: bool) -> Result<Pattern, PatternError> {
    // A match begins where a word does; what matched is the group B.
    let regex = build(pattern, &format!("(?:^| )(?P<B>{})", expression(node, &mut 0, false)))?;
    if regex.is_match("") {
        return Err(PatternError::Empty);
    }
    let groups = |letter: char| {
        let named = regex.capture_names().enumerate();
        named.filter(|(_, name)| name.is_some_and(|n| n.starts_with(letter))).map(|(group, _)| group).collect::<Vec<_>>()
    };
    let (subjects, others) = (groups('X'), groups('Y'));
    if subject && subjects.is_empty() {
        return Err(PatternError::NoSubject);
    }
    Ok(Pattern { regex, subjects, others, triggers: triggers(node) })
}

/// The patterns that `node` with an `X+` stands for: the bearer alone, then with one, two … of the list between it and the rest.
fn unlisted(node: Node) -> Result<Vec<Node>, PatternError> {
    let is_list = |node: &Node| matches!(node, Node::Slot { listed: true, .. });
    let Node::Row(nodes) = &node else { return Ok(vec![node]) };
    let (at, item) = match nodes.iter().position(is_list) {
        None => return Ok(vec![node]),
        Some(0) => (1, LISTED_AFTER),
        Some(last) if last + 1 == nodes.len() => (last, LISTED_BEFORE),
        Some(_) => return Err(PatternError::List),
    };
    let item = parse(item, &Lists::new())?;
    let with = |count: usize| {
        let (head, tail) = nodes.split_at(at);
        Node::Row(head.iter().cloned().chain(std::iter::repeat_n(item.clone(), count)).chain(tail.iter().cloned()).collect())
    };
    Ok((0..=MOST_LISTED).map(with).collect())
}

/// As [`compile`], for a pattern that has to stand right before a match, or right after one.
pub(crate) fn compile_beside(pattern: &str, lists: &Lists, before: bool) -> Result<Regex, PatternError> {
    let source = expression(&parse(pattern, lists)?, &mut 0, false);
    let anchored = if before { format!("(?:^| )(?:{source})$") } else { format!("^(?:{source})") };
    let regex = build(pattern, &anchored)?;
    if regex.is_match("") { Err(PatternError::Empty) } else { Ok(regex) }
}

fn build(pattern: &str, source: &str) -> Result<Regex, PatternError> {
    let last_line = |message: String| message.lines().last().unwrap_or_default().trim().to_owned();
    RegexBuilder::new(source)
        .size_limit(64 << 20)
        .build()
        .map_err(|error| PatternError::Form(pattern.to_owned(), last_line(error.to_string())))
}

/// The regular expression of a pattern. Every word of a line ends in a space. `groups` numbers the capturing groups, since lists
/// bring the same slot in several alternatives; `owned` says whether a possessive follows.
fn expression(node: &Node, groups: &mut usize, owned: bool) -> String {
    match node {
        Node::Word(word) => format!("{} ", regex::escape(word)),
        Node::Number => r"\d[\d,.]* ".to_owned(),
        Node::Gap { most, class } => format!("(?:{class}){{0,{most}}}?"),
        Node::Slot { name, kinds, traits, .. } => {
            *groups += 1;
            let number = if matches!(name.as_str(), "X" | "Y") { format!(r"(?P<{name}{groups}>\d+)") } else { r"\d+".to_owned() };
            let traits: String = traits.iter().map(|t| format!(r"\|{}\b[^>]*", regex::escape(t))).collect();
            let owner = if owned { format!("{OWNER}?") } else { String::new() };
            format!("{SLOT_OPEN}{kinds}{number}{owner}\\|[^>]*?{traits}{SLOT_CLOSE} ")
        }
        Node::Row(nodes) => {
            let follows = |i: usize| opens_with_owner(&nodes[i + 1..]).unwrap_or(owned);
            nodes.iter().enumerate().map(|(i, n)| expression(n, groups, follows(i))).collect()
        }
        Node::Any(nodes) => {
            let parts: Vec<String> = nodes.iter().map(|n| expression(n, groups, owned)).collect();
            format!("(?:{})", parts.join("|"))
        }
        Node::Maybe(node, '*') => format!("(?:{}){{0,{MOST_REPEATED}}}", expression(node, groups, owned)),
        Node::Maybe(node, mark) => format!("(?:{}){mark}", expression(node, groups, owned)),
    }
}

/// Whether a row may begin with a possessive; nothing where it may be empty, so that what follows it decides.
fn opens_with_owner(row: &[Node]) -> Option<bool> {
    for node in row {
        let opens = match node {
            Node::Word(word) => Some(word == "'s" || word == "'"),
            Node::Number | Node::Slot { .. } => Some(false),
            Node::Gap { .. } => None,
            Node::Row(nodes) => opens_with_owner(nodes),
            Node::Any(nodes) => {
                let all: Vec<Option<bool>> = nodes.iter().map(|n| opens_with_owner(std::slice::from_ref(n))).collect();
                if all.contains(&Some(true)) { Some(true) } else { all.into_iter().min().flatten() }
            }
            Node::Maybe(node, _) => opens_with_owner(std::slice::from_ref(node)).filter(|opens| *opens),
        };
        if opens.is_some() {
            return opens;
        }
    }
    None
}

/// Words of which every match of `node` holds at least one. Of a row, the element with the fewest and rarest words decides.
fn triggers(node: &Node) -> Option<BTreeSet<String>> {
    match node {
        Node::Word(word) if word.chars().any(char::is_alphanumeric) => Some(BTreeSet::from([word.clone()])),
        Node::Word(_) | Node::Number | Node::Gap { .. } | Node::Slot { .. } | Node::Maybe(..) => None,
        Node::Row(nodes) => {
            // Short words are common ones.
            let cost = |words: &BTreeSet<String>| words.iter().map(|w| if w.len() < 4 { 40 } else { 1 }).sum::<usize>();
            nodes.iter().filter_map(triggers).min_by_key(cost)
        }
        Node::Any(nodes) => nodes.iter().map(triggers).try_fold(BTreeSet::new(), |mut all, words| {
            all.extend(words?);
            Some(all)
        }),
    }
}

/// The traits that `pattern` forbids, without their exclamation marks.
pub(crate) fn forbidden_traits(pattern: &str) -> impl Iterator<Item = &str> {
    pattern
        .split('[')
        .skip(1)
        .filter_map(|rest| rest.split_once(']'))
        .flat_map(|(inner, _)| inner.split(','))
        .filter_map(|t| t.trim().strip_prefix('!'))
}
