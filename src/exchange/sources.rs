//! Takes the arguments of an import (files, folders, globs, `-`), gives their bytes as streams, unpacked, in order. Refuses, as a
//! whole, arguments that name nothing; one by one, what can't be opened, and folders without a file that is read.

use crate::read::{self, Code, Refusal};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// A file, or standard input.
pub struct Source {
    /// As the user named it, or below what he named; `-` for standard input.
    pub path: String,
    /// Its bytes, unpacked.
    pub stream: Box<dyn BufRead + Send>,
}

/// An argument that names nothing.
#[derive(Debug, thiserror::Error)]
#[error("no such file or folder: '{0}'")]
pub struct Missing(String);

/// The files that `args` stand for. In folders, those are taken that end in one of `extensions`, packed or not.
///
/// # Errors
/// When an argument names nothing, also as a glob.
pub fn resolve(args: &[String], extensions: &[&str]) -> Result<Vec<Result<PathBuf, Refusal>>, Missing> {
    let mut paths = Vec::new();
    for arg in args {
        let path = Path::new(arg);
        if arg == "-" || path.exists() {
            take(path, extensions, &mut paths);
            continue;
        }
        let before = paths.len();
        for found in glob::glob(arg).map_err(|_| Missing(arg.clone()))?.flatten() {
            take(&found, extensions, &mut paths);
        }
        if paths.len() == before {
            return Err(Missing(arg.clone()));
        }
    }
    Ok(paths)
}

fn take(path: &Path, extensions: &[&str], paths: &mut Vec<Result<PathBuf, Refusal>>) {
    if !path.is_dir() {
        paths.push(Ok(path.to_owned()));
        return;
    }
    let before = paths.len();
    for entry in WalkDir::new(path).follow_links(true).sort_by_file_name() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let message = format!("expected to read it, but the system says: {error}");
                paths.push(Err(Refusal::new(Code::Unreadable, message).at(path.to_string_lossy())));
                continue;
            }
        };
        if entry.file_type().is_file() && ends_in(entry.path(), extensions) {
            paths.push(Ok(entry.into_path()));
        }
    }
    if paths.len() == before {
        let endings: Vec<String> = extensions.iter().map(|extension| format!(".{extension}")).collect();
        let message = format!("expected files that end in {}, found none in the folder", endings.join(", "));
        paths.push(Err(Refusal::new(Code::NoArticles, message).at(path.to_string_lossy())));
    }
}

fn ends_in(path: &Path, extensions: &[&str]) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    name.rsplit_once('.').is_some_and(|(_, ending)| extensions.contains(&ending))
}

/// Opens a file; `-` is standard input.
///
/// # Errors
/// When it can't be opened.
pub fn open(path: &Path) -> Result<Source, Refusal> {
    let shown = path.to_string_lossy().into_owned();
    let stream: Box<dyn BufRead + Send> = if shown == "-" {
        Box::new(BufReader::new(io::stdin()))
    } else {
        read::open(path).map_err(|refusal| refusal.at(&shown))?
    };
    Ok(Source { path: shown, stream })
}
