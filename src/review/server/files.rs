//! Gives the files that the page is made of, as they lie in `web` and `page`, compiled in. Takes a name; refuses none, but knows
//! no others.

/// A file of the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct File {
    /// Its name in the address; empty for the page itself.
    pub name: &'static str,
    /// What it holds.
    pub content: &'static str,
}

/// The files of `web` by name, each with what it holds.
macro_rules! of_web {
    ($($name:literal),* $(,)?) => {
        &[
            File { name: "", content: include_str!("../web/index.html") },
            File { name: "base.css", content: include_str!("../../page/base.css") },
            File { name: "elements.js", content: include_str!("../../page/elements.js") },
            $(File { name: $name, content: include_str!(concat!("../web/", $name)) }),*
        ]
    };
}

/// All of them.
pub(super) const FILES: &[File] = of_web![
    "api.js",
    "changes.js",
    "chooser.js",
    "commands.js",
    "decisions.js",
    "focus.js",
    "frame.js",
    "help.js",
    "keys.js",
    "messages.js",
    "names.js",
    "navigate.js",
    "offsets.js",
    "people.js",
    "queue.js",
    "review.css",
    "review.js",
    "spans.js",
    "state.js",
    "text.js",
    "trail.js",
];

impl File {
    /// The file of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        FILES.iter().find(|file| file.name == name)
    }

    /// Its media type.
    pub fn kind(&self) -> &'static str {
        match self.name.rsplit_once('.') {
            Some((_, "css")) => "text/css; charset=utf-8",
            Some((_, "js")) => "text/javascript; charset=utf-8",
            _ => "text/html; charset=utf-8",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    #[test]
    fn every_file_of_the_page_is_served() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/review/web");
        let there = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let there: BTreeSet<String> = there.filter(|name| name != "index.html").collect();
        let shared = ["", "base.css", "elements.js"];
        let served = FILES.iter().map(|file| file.name).filter(|name| !shared.contains(name)).map(str::to_owned).collect();
        assert_eq!(there, served);
    }

    #[test]
    fn no_file_of_the_page_can_turn_text_into_markup() {
        let handler = regex::Regex::new(r"\s(on[a-z]+|style)=").unwrap();
        for file in FILES {
            for way in
                ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "DOMParser", "srcdoc"]
            {
                assert!(!file.content.contains(way), "{} has {way}", file.name);
            }
        }
        assert!(!handler.is_match(File::named("").unwrap().content), "the policy forbids handlers and styles in attributes");
    }

    #[test]
    fn files_have_their_types() {
        for (name, kind) in [("", "text/html"), ("review.css", "text/css"), ("review.js", "text/javascript")] {
            assert!(File::named(name).unwrap().kind().starts_with(kind));
        }
        assert!(File::named("../web/index.html").is_none());
    }
}
