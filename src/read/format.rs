//! Takes a path, gives what its extension says of the content; refuses extensions that are none of ours.

use std::path::Path;

/// The extensions that are read, for messages.
pub(super) const EXTENSIONS: &str = ".txt, .jsonl, .ndjson, .csv or .tsv, each alone or with .gz or .zst after it, or .parquet";

/// What a file holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Content {
    /// One article.
    Text,
    /// Many articles.
    Articles(Layout),
}

/// How a file of many articles holds them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Layout {
    JsonLines,
    Csv,
    Tsv,
    Parquet,
}

impl Layout {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::JsonLines => "JSON lines",
            Self::Csv => "a CSV file",
            Self::Tsv => "a TSV file",
            Self::Parquet => "a Parquet file",
        }
    }
}

/// How a file is compressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Compression {
    None,
    Gzip,
    Zstd,
}

impl Compression {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::None => "uncompressed",
            Self::Gzip => "gzip",
            Self::Zstd => "Zstandard",
        }
    }
}

/// How `path`'s extension says that it is compressed.
pub(super) fn compression(path: &Path) -> Compression {
    match path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("gz") => Compression::Gzip,
        Some("zst") => Compression::Zstd,
        _ => Compression::None,
    }
}

/// What `path`'s extension says, in letters of either case; none for an extension that is not ours.
pub(super) fn of(path: &Path) -> Option<(Content, Compression)> {
    let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
    let (name, compression) = if let Some(name) = name.strip_suffix(".gz") {
        (name, Compression::Gzip)
    } else if let Some(name) = name.strip_suffix(".zst") {
        (name, Compression::Zstd)
    } else {
        (name.as_str(), Compression::None)
    };
    let (_, extension) = name.rsplit_once('.')?;
    let content = match extension {
        "txt" => Content::Text,
        "jsonl" | "ndjson" => Content::Articles(Layout::JsonLines),
        "csv" => Content::Articles(Layout::Csv),
        "tsv" => Content::Articles(Layout::Tsv),
        "parquet" => Content::Articles(Layout::Parquet),
        _ => return None,
    };
    Some((content, compression))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_in_either_case() {
        let of = |name: &str| of(Path::new(name));
        assert_eq!(of("a/b.txt"), Some((Content::Text, Compression::None)));
        assert_eq!(of("A.TXT.Gz"), Some((Content::Text, Compression::Gzip)));
        let articles = |layout, compression| Some((Content::Articles(layout), compression));
        assert_eq!(of("a.ndJson"), articles(Layout::JsonLines, Compression::None));
        assert_eq!(of("a.b.jsonl.ZST"), articles(Layout::JsonLines, Compression::Zstd));
        assert_eq!(of("a.CSV"), articles(Layout::Csv, Compression::None));
        assert_eq!(of("a.tsv.gz"), articles(Layout::Tsv, Compression::Gzip));
        assert_eq!(of("part-0.snappy.parquet"), articles(Layout::Parquet, Compression::None));
        for name in ["a.json", "a.gz", "txt", "a.txt.bz2", "a.gz.txt.", "..", ""] {
            assert_eq!(of(name), None, "{name}");
        }
    }
}
