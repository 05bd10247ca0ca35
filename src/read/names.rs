//! Takes the text files of a run with the ids they would have, gives ids that tell them apart: where two files would share one,
//! the name of the folder they lie in (the folder given, or the parent of the file given) goes before both, and the next one
//! above it while they still share it. Refuses nothing: one file given twice keeps one id, and the reader refuses the second.

use super::inputs::TextFile;
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

/// Puts folders' names before the ids that different files share.
pub(super) fn tell_apart(files: &mut [&mut TextFile]) {
    loop {
        let mut holders: HashMap<&str, (usize, bool)> = HashMap::with_capacity(files.len());
        for (index, file) in files.iter().enumerate() {
            holders
                .entry(&file.id)
                .and_modify(|(first, shared)| *shared = *shared || plain(&files[*first].path) != plain(&file.path))
                .or_insert((index, false));
        }
        let shared: Vec<usize> = (0..files.len()).filter(|&index| holders[files[index].id.as_str()].1).collect();
        let mut changed = false;
        for index in shared {
            let file = &mut *files[index];
            if let Some(id) = with_folder(&file.path, &file.id) {
                file.id = id;
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// `id`, the last names of `path`, with one name more before it; none when `path` has no further one.
fn with_folder(path: &Path, id: &str) -> Option<String> {
    let depth = id.split('/').count();
    let path = plain(path);
    let folder = path.ancestors().nth(depth)?.file_name()?;
    Some(format!("{}/{id}", folder.to_string_lossy()))
}

/// `path` from the root on, without `.` and `..`. Links are not resolved: the names are those that the user gave.
fn plain(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut plain = PathBuf::new();
    for component in absolute.components() {
        if component == Component::ParentDir {
            plain.pop();
        } else {
            plain.push(component);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(files: &[(&str, &str)]) -> Vec<String> {
        let mut files: Vec<TextFile> =
            files.iter().map(|(path, id)| TextFile { path: path.into(), id: (*id).to_owned() }).collect();
        tell_apart(&mut files.iter_mut().collect::<Vec<_>>());
        files.into_iter().map(|file| file.id).collect()
    }

    #[test]
    fn only_shared_ids_get_their_folder() {
        assert_eq!(ids(&[("n/a.txt", "a.txt"), ("s/a.txt", "a.txt"), ("s/b.txt", "b.txt")]), ["n/a.txt", "s/a.txt", "b.txt"]);
        assert_eq!(ids(&[("n/1/a.txt", "1/a.txt"), ("s/1/a.txt", "1/a.txt")]), ["n/1/a.txt", "s/1/a.txt"]);
        assert_eq!(ids(&[("/x/n/../m/a.txt", "a.txt"), ("/x/s/./a.txt", "a.txt")]), ["m/a.txt", "s/a.txt"]);
    }

    #[test]
    fn folders_of_one_name_get_the_next_one_above() {
        assert_eq!(ids(&[("/p/n/a.txt", "a.txt"), ("/q/n/a.txt", "a.txt")]), ["p/n/a.txt", "q/n/a.txt"]);
        assert_eq!(ids(&[("/n/a.txt", "a.txt"), ("/q/n/a.txt", "a.txt")]), ["n/a.txt", "q/n/a.txt"]);
    }

    #[test]
    fn an_id_made_longer_may_be_shared_again() {
        let ids = ids(&[("/n/a.txt", "a.txt"), ("/s/a.txt", "a.txt"), ("/t/n/a.txt", "n/a.txt")]);
        assert_eq!(ids, ["n/a.txt", "s/a.txt", "t/n/a.txt"]);
    }

    #[test]
    fn one_file_given_twice_keeps_one_id() {
        assert_eq!(ids(&[("n/a.txt", "a.txt"), ("./n/a.txt", "a.txt")]), ["a.txt", "a.txt"]);
        let shared = ids(&[("n/a.txt", "a.txt"), ("n/../n/a.txt", "a.txt"), ("s/a.txt", "a.txt")]);
        assert_eq!(shared, ["n/a.txt", "n/a.txt", "s/a.txt"]);
    }
}
