//! Takes the ids of a run one by one, says whether each is new; gives ids to articles that have none. Keeps 8 bytes an id
//! (beside the table's own room), so that ids of any length can be told apart in a run of any size.

use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The ids seen so far, as 64-bit hashes: of a hundred million ids, two share a hash by chance in one run of 3,700.
#[derive(Default)]
pub(super) struct Ids {
    seen: HashSet<u64>,
    /// How often a text without an id came, for those that came more than once.
    repeats: HashMap<u64, u64>,
}

impl Ids {
    /// Whether `id` is new. From then on it is not.
    pub(super) fn claim(&mut self, id: &str) -> bool {
        self.seen.insert(key(id))
    }

    /// An id for an article that has none: the first 16 hex digits of its text's SHA-256, then with `-2`, `-3` …
    pub(super) fn of_text(&mut self, text: &str) -> String {
        let digest = Sha256::digest(text);
        let id: String = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        if self.claim(&id) {
            return id;
        }
        let count = self.repeats.entry(key(&id)).or_insert(1);
        loop {
            *count += 1;
            let repeat = format!("{id}-{count}");
            if self.seen.insert(key(&repeat)) {
                return repeat;
            }
        }
    }
}

/// Fixed keys, unlike those of `HashSet`: a run that is repeated refuses the same documents.
fn key(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_new_once() {
        let mut ids = Ids::default();
        assert!(ids.claim("a") && ids.claim("b") && !ids.claim("a"));
    }

    #[test]
    fn a_text_gets_its_hash_then_a_count() {
        let mut ids = Ids::default();
        // printf abc | sha256sum
        assert_eq!(ids.of_text("abc"), "ba7816bf8f01cfea");
        assert!(ids.claim("ba7816bf8f01cfea-2"));
        assert_eq!(ids.of_text("abc"), "ba7816bf8f01cfea-3");
        assert_eq!(ids.of_text(""), "e3b0c44298fc1c14");
        assert!(!ids.claim("ba7816bf8f01cfea"));
    }
}
