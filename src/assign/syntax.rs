//! Takes the text of a role pattern, gives its parts as a tree, with word lists put in. Refuses what
//! [`PatternError`] names. What the parts mean stands at the top of [`super::pattern`].

use super::pattern::{Lists, PatternError};

/// A part of a pattern.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// One word or mark, as it is.
    Word(String),
    /// A number.
    Number,
    /// Up to `most` words, each of which matches `class`.
    Gap { most: u8, class: &'static str },
    /// A mention: `kinds` is the class of its letters; it has all `traits`, in alphabetical order; `listed`, it may be one of several.
    Slot { name: String, kinds: &'static str, traits: Vec<String>, listed: bool },
    /// One after the other.
    Row(Vec<Node>),
    /// One of several.
    Any(Vec<Node>),
    /// What may be left out (`?`) or stand any number of times (`*`).
    Maybe(Box<Node>, char),
}

/// Reads `pattern`, with its lists put in.
pub(crate) fn parse(pattern: &str, lists: &Lists) -> Result<Node, PatternError> {
    Reader { pattern, rest: pattern, lists, open: &[] }.whole()
}

struct Reader<'a> {
    pattern: &'a str,
    rest: &'a str,
    lists: &'a Lists,
    /// The lists being put in.
    open: &'a [&'a str],
}

impl<'a> Reader<'a> {
    fn whole(mut self) -> Result<Node, PatternError> {
        let node = self.alternatives()?;
        if self.rest.is_empty() { Ok(node) } else { Err(self.slip("a ( is missing")) }
    }

    fn slip(&self, message: &str) -> PatternError {
        PatternError::Form(self.pattern.to_owned(), message.to_owned())
    }

    /// Rows between bars, up to a closing bracket or the end.
    fn alternatives(&mut self) -> Result<Node, PatternError> {
        let mut rows = vec![self.row()?];
        while let Some(rest) = self.rest.strip_prefix('|') {
            self.rest = rest;
            rows.push(self.row()?);
        }
        Ok(if rows.len() == 1 { rows.remove(0) } else { Node::Any(rows) })
    }

    fn row(&mut self) -> Result<Node, PatternError> {
        let mut nodes = Vec::new();
        loop {
            self.rest = self.rest.trim_start_matches(' ');
            if self.rest.is_empty() || self.rest.starts_with([')', '|']) {
                return Ok(Node::Row(nodes));
            }
            let node = if let Some(rest) = self.rest.strip_prefix('(') {
                self.rest = rest;
                let node = self.alternatives()?;
                self.rest = self.rest.strip_prefix(')').ok_or_else(|| self.slip("a ) is missing"))?;
                node
            } else {
                let end = self.rest.find([' ', '(', ')', '|', '?', '*']).unwrap_or(self.rest.len());
                if end == 0 {
                    return Err(self.slip("? and * follow a word or a bracket"));
                }
                let word = &self.rest[..end];
                self.rest = &self.rest[end..];
                self.element(word)?
            };
            nodes.push(match self.rest.chars().next() {
                Some(mark @ ('?' | '*')) => {
                    self.rest = &self.rest[1..];
                    Node::Maybe(Box::new(node), mark)
                }
                _ => node,
            });
        }
    }

    fn element(&self, word: &str) -> Result<Node, PatternError> {
        if let Some(name) = word.strip_prefix('@') {
            self.list(name)
        } else if let Some(gap) = word.strip_prefix('~') {
            self.gap(gap)
        } else if word == "#" {
            Ok(Node::Number)
        } else if word.starts_with(|c: char| c.is_ascii_uppercase()) {
            self.slot(word)
        } else {
            Ok(Node::Word(word.to_owned()))
        }
    }

    /// The phrases of a list, the longest first, since alternatives are tried in order.
    fn list(&self, name: &str) -> Result<Node, PatternError> {
        let (name, phrases) = self.lists.get_key_value(name).ok_or_else(|| PatternError::UnknownList(name.to_owned()))?;
        if self.open.contains(&name.as_str()) {
            return Err(PatternError::Circular(name.clone()));
        }
        let open: Vec<&str> = self.open.iter().copied().chain([name.as_str()]).collect();
        let mut sorted: Vec<&String> = phrases.iter().collect();
        sorted.sort_by_key(|phrase| std::cmp::Reverse(phrase.split(' ').count()));
        let read = |phrase: &String| Reader { pattern: phrase, rest: phrase, lists: self.lists, open: &open }.whole();
        Ok(Node::Any(sorted.into_iter().map(read).collect::<Result<_, _>>()?))
    }

    fn gap(&self, gap: &str) -> Result<Node, PatternError> {
        let (class, count) = if let Some(count) = gap.strip_prefix('~') {
            (r"[^\s.;¶]\S* ", count)
        } else if let Some(count) = gap.strip_prefix(',') {
            (r"[^\s<.;¶]\S* ", count)
        } else {
            (r"[^\s<.,;:¶]\S* ", gap)
        };
        let most = count.parse().map_err(|_| self.slip("a number from 0 to 255 follows ~"))?;
        Ok(Node::Gap { most, class })
    }

    /// `X[police,!judge]`. That a trait is absent can't be said in an expression without look-ahead, so a line carries the
    /// absence of each trait that any rule forbids as a trait of its own, `!judge`.
    fn slot(&self, word: &str) -> Result<Node, PatternError> {
        let (word, listed) = word.strip_suffix('+').map_or((word, false), |word| (word, true));
        let (name, traits) = match word.split_once('[') {
            Some((name, rest)) => {
                let inner = rest.strip_suffix(']').ok_or_else(|| self.slip("a ] is missing"))?;
                (name, inner.split(',').map(|t| t.trim().to_owned()).collect())
            }
            None => (word, Vec::new()),
        };
        let kinds = match name {
            "X" | "PARTY" => "[PA]",
            "Y" => "[A-Z]",
            "PER" => "P",
            "ANON" => "A",
            "ORG" => "O",
            "LOC" => "L",
            "MISC" => "M",
            _ => return Err(PatternError::UnknownSlot(name.to_owned())),
        };
        let mut traits: Vec<String> = traits;
        traits.sort_unstable();
        Ok(Node::Slot { name: name.to_owned(), kinds, traits, listed })
    }
}
