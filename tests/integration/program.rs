//! The program as its users run it: arguments and standard input in, exit code, output and messages out.

use assert_cmd::Command;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// The program, with no terminal, no colour and nothing on standard input.
pub fn rolecall(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command.args(args).env_remove("NO_COLOR").env_remove("RUST_BACKTRACE").timeout(Duration::from_secs(120));
    command
}

/// How a run of the program ended.
pub struct Ended {
    pub code: i32,
    pub output: String,
    pub messages: String,
}

impl Ended {
    pub fn records(&self) -> Vec<Value> {
        lines(&self.output)
    }
}

/// Runs it to its end.
pub fn run(command: &mut Command) -> Ended {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let code = output.status.code().expect("it ended by itself, in time");
    Ended { code, output: text(output.stdout), messages: text(output.stderr) }
}

/// JSON lines, parsed.
pub fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// A folder for the files of one test.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// Writes a file, and the folders it lies in; gives its path.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::create_dir_all(Path::new(&path).parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The names of all that lies in the folder itself, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// The checkout.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Short invented articles of varied length, the same each time: `(id, text)`.
pub fn articles(count: usize) -> Vec<(String, String)> {
    const FIRST: [&str; 7] = ["Ivo", "Bo", "Edda", "Marla", "Owen", "Petra", "Silas"];
    const LAST: [&str; 11] =
        ["Tarn", "Lisle", "Ashdown", "Oakes", "Penrose", "Quill", "Rudd", "Sorrel", "Thorne", "Umber", "Vance"];
    const SAID: [&str; 5] = [
        "told the misconduct hearing at Castlebridge that £5 had been taken.",
        "of the Fenwold Police Federation “regretted” what PC One had done – in public.",
        "chaired the panel, which sat for three days in May and heard from fourteen witnesses, two of them by video link.",
        "had left the room.",
        "represented Sergeant A, who was dismissed without notice.",
    ];
    let article = |n: usize| {
        let sentence = |s: usize| {
            let (first, last) = (FIRST[(n * 3 + s) % 7], LAST[(n * 5 + s * 2) % 11]);
            format!("{first} {last} {}{}", SAID[(n + s * s) % 5], if s % 3 == 2 { "\n\n" } else { " " })
        };
        (format!("article-{n}"), (0..n * 7 % 6 + 1).map(sentence).collect::<String>())
    };
    (0..count).map(article).collect()
}

/// Articles as JSON lines.
pub fn json_lines<'a>(articles: impl IntoIterator<Item = &'a (String, String)>) -> String {
    articles.into_iter().map(|(id, text)| serde_json::json!({"id": id, "text": text}).to_string() + "\n").collect()
}
