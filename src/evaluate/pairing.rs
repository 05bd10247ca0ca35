//! Takes streams of annotated articles, gold first, gives the articles that all of them have, and says which have none. Refuses
//! an id that comes twice in one stream.
//!
//! When the streams have their articles in one order, as rolecall's own output has, one article of each is held at a time.
//! Otherwise those wait that some stream has not come to yet; once a stream is at its end, what only it could complete goes.

use super::tags::Tagged;
use crate::document::Label;
use crate::read::Refusal;
use crate::span::Span;
use crate::write::back::Annotated;
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};

/// One annotation of an article.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The article with its annotation.
    pub annotated: Annotated,
    /// Of tag sequences: their entities in the strict reading.
    pub strict: Option<Vec<(Span, Label)>>,
}

impl From<Annotated> for Entry {
    fn from(annotated: Annotated) -> Self {
        Self { annotated, strict: None }
    }
}

impl From<Tagged> for Entry {
    fn from(tagged: Tagged) -> Self {
        Self { annotated: tagged.annotated, strict: Some(tagged.strict) }
    }
}

/// A stream of articles.
pub type Stream = Box<dyn Iterator<Item = Result<Entry, Refusal>>>;

/// What comes out of the streams.
#[derive(Debug)]
pub enum Met {
    /// The article in every stream, in the order of the streams, with one text.
    Together(Vec<Entry>),
    /// An article that some streams have and others have not: whether each has it.
    Apart {
        /// Its id.
        id: String,
        /// By stream.
        has: Vec<bool>,
    },
    /// An article that every stream has, but not with one text.
    DifferentText {
        /// Its id.
        id: String,
    },
    /// An article that comes twice in one stream. The first counts.
    Twice {
        /// Its id.
        id: String,
        /// The number of the stream.
        stream: usize,
    },
    /// What a stream refused.
    Refused(Refusal),
}

/// Brings the streams together.
pub struct Pairing {
    streams: Vec<Stream>,
    ended: Vec<bool>,
    waiting: HashMap<String, Vec<Option<Entry>>>,
    /// Articles that some stream has not.
    apart: BTreeSet<String>,
    /// Hashes of the ids that each stream has had, to notice repeats and absences: 8 bytes an article.
    done: Vec<HashSet<u64>>,
    hasher: RandomState,
    ready: VecDeque<Met>,
}

impl Pairing {
    /// Brings `streams` together.
    #[must_use]
    pub fn new(streams: Vec<Stream>) -> Self {
        let count = streams.len();
        Self {
            streams,
            ended: vec![false; count],
            waiting: HashMap::new(),
            apart: BTreeSet::new(),
            done: vec![HashSet::new(); count],
            hasher: RandomState::new(),
            ready: VecDeque::new(),
        }
    }

    /// Takes one article from each stream.
    fn round(&mut self) {
        for stream in 0..self.streams.len() {
            if self.ended[stream] {
                continue;
            }
            match self.streams[stream].next() {
                Some(Ok(entry)) => self.take(stream, entry),
                Some(Err(refusal)) => self.ready.push_back(Met::Refused(refusal)),
                None => {
                    self.ended[stream] = true;
                    self.give_up();
                }
            }
        }
    }

    fn take(&mut self, stream: usize, entry: Entry) {
        let id = entry.annotated.document.id.clone();
        if !self.done[stream].insert(self.hasher.hash_one(&id)) {
            self.ready.push_back(Met::Twice { id, stream });
            return;
        }
        if self.lacks(&id) {
            self.waiting.remove(&id);
            self.apart.insert(id);
            return;
        }
        let entries = self.waiting.entry(id.clone()).or_insert_with(|| vec![None; self.ended.len()]);
        entries[stream] = Some(entry);
        if entries.iter().all(Option::is_some) {
            let entries = self.waiting.remove(&id).unwrap_or_default().into_iter().flatten().collect();
            self.ready.push_back(met(id, entries));
        }
    }

    /// Whether a stream at its end has not had this article.
    fn lacks(&self, id: &str) -> bool {
        let hash = self.hasher.hash_one(id);
        self.ended.iter().zip(&self.done).any(|(ended, done)| *ended && !done.contains(&hash))
    }

    /// Gives up the articles that a stream at its end has not had: of these only the ids are kept. When all are at their ends,
    /// says of each who had it.
    fn give_up(&mut self) {
        let hopeless: Vec<String> = self.waiting.keys().filter(|id| self.lacks(id)).cloned().collect();
        for id in hopeless {
            self.waiting.remove(&id);
            self.apart.insert(id);
        }
        if self.ended.iter().all(|ended| *ended) {
            for id in std::mem::take(&mut self.apart) {
                let hash = self.hasher.hash_one(&id);
                let has = self.done.iter().map(|done| done.contains(&hash)).collect();
                self.ready.push_back(Met::Apart { id, has });
            }
        }
    }
}

/// An article that every stream has.
fn met(id: String, entries: Vec<Entry>) -> Met {
    match entries.windows(2).all(|pair| pair[0].annotated.document.text == pair[1].annotated.document.text) {
        true => Met::Together(entries),
        false => Met::DifferentText { id },
    }
}

impl Iterator for Pairing {
    type Item = Met;

    fn next(&mut self) -> Option<Met> {
        while self.ready.is_empty() && !self.ended.iter().all(|ended| *ended) {
            self.round();
        }
        self.ready.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Annotation, Document};
    use crate::write::offsets::OffsetUnit;
    use crate::write::record::Run;

    fn stream(articles: &[(&str, &str)]) -> Stream {
        let entry = |(id, text): &(&str, &str)| {
            let document = Document { id: (*id).into(), text: (*text).into(), meta: serde_json::Map::new() };
            Ok(Annotated { document, annotation: Annotation::default(), unit: OffsetUnit::Char, made_by: Run::by_hand() }.into())
        };
        Box::new(articles.iter().map(entry).collect::<Vec<_>>().into_iter())
    }

    fn met(gold: &[(&str, &str)], predicted: &[(&str, &str)]) -> Vec<String> {
        let show = |met| match met {
            Met::Together(entries) => entries[0].annotated.document.id.clone(),
            Met::Apart { id, has } => format!("{id} {}{}", u8::from(has[0]), u8::from(has[1])),
            Met::DifferentText { id } => format!("{id} differs"),
            Met::Twice { id, stream } => format!("{id} twice in {stream}"),
            Met::Refused(refusal) => refusal.to_string(),
        };
        Pairing::new(vec![stream(gold), stream(predicted)]).map(show).collect()
    }

    #[test]
    fn articles_meet_in_any_order() {
        assert_eq!(met(&[("a", ""), ("b", ""), ("c", "")], &[("a", ""), ("b", ""), ("c", "")]), ["a", "b", "c"]);
        assert_eq!(met(&[("a", ""), ("b", ""), ("c", "")], &[("c", ""), ("b", ""), ("a", "")]), ["b", "c", "a"]);
    }

    #[test]
    fn what_does_not_meet_is_said_once() {
        assert_eq!(met(&[("a", ""), ("b", "")], &[("b", "")]), ["b", "a 10"]);
        assert_eq!(met(&[("b", "")], &[("a", ""), ("x", ""), ("b", "")]), ["b", "a 01", "x 01"]);
        assert_eq!(met(&[("a", "1")], &[("a", "2")]), ["a differs"]);
        assert_eq!(met(&[("a", "1"), ("a", "2")], &[("a", "1")]), ["a", "a twice in 0"]);
        assert_eq!(met(&[], &[("a", "")]), ["a 01"]);
    }

    /// Three streams: an article that one of them lacks is said once, with who has it, whatever the order.
    #[test]
    fn who_has_an_article_is_said_rightly_of_three_streams() {
        for mask in 0..8_u32 {
            for (forth, back) in [(false, true), (true, false), (true, true)] {
                let one = |stream: u32| {
                    let mut articles = vec![("a", ""), ("b", ""), ("c", "")];
                    articles.retain(|(id, _)| *id != "a" || mask & (1 << stream) != 0);
                    if (stream == 1 && forth) || (stream == 2 && back) {
                        articles.reverse();
                    }
                    self::stream(&articles)
                };
                let (mut together, mut apart) = (Vec::new(), Vec::new());
                for met in Pairing::new((0..3).map(one).collect()) {
                    match met {
                        Met::Together(entries) => together.push(entries[0].annotated.document.id.clone()),
                        Met::Apart { id, has } => apart.push((id, has)),
                        other => panic!("{other:?}"),
                    }
                }
                together.sort();
                let has: Vec<bool> = (0..3).map(|stream| mask & (1 << stream) != 0).collect();
                match mask {
                    0 => assert_eq!((together.join(""), apart), ("bc".into(), vec![])),
                    7 => assert_eq!((together.join(""), apart), ("abc".into(), vec![])),
                    _ => assert_eq!((together.join(""), apart), ("bc".into(), vec![("a".to_owned(), has)])),
                }
            }
        }
    }
}
