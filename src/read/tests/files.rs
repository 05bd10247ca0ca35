//! Which files the arguments stand for, in which order, under which ids.

use super::*;

#[test]
fn folders_are_read_in_order_of_names_and_other_files_passed_over() {
    let folder = Folder::new(&[
        ("in/b.txt", b"b"),
        ("in/B.TXT", b"B"),
        ("in/a-1.txt", b"a"),
        ("in/a/z.Txt.GZ", &gzip(b"z")),
        ("in/a/c/d.txt.zst", &zstandard(b"d")),
        ("in/README.md", b"no article"),
        ("in/a/notes", b"no article"),
        ("in/m.ndjson", b"{\"id\": \"m\", \"text\": \"\"}"),
    ]);
    let ids = ["+B.TXT", "+a/c/d.txt.zst", "+a/z.Txt.GZ", "+a-1.txt", "+b.txt", "+m"];
    assert_eq!(folder.outline(&["in"]), ids);
    assert_eq!(folder.outline(&["in/"]), ids);
    let paths: Vec<String> =
        folder.read(&["in"]).into_iter().map(|item| item.unwrap().meta["source"]["path"].to_string()).collect();
    assert_eq!(paths[2], format!("{:?}", folder.path("in/a/z.Txt.GZ")));
}

#[test]
fn order_and_ids_are_the_same_each_time() {
    let names: Vec<String> = (0..60).map(|n| format!("in/{}/{}.txt", n * 7 % 5, n * 31 % 60)).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), name.as_bytes())).collect();
    let mut turned = files.clone();
    turned.reverse();
    let (one, other) = (Folder::new(&files), Folder::new(&turned));
    let outline = one.outline(&["in"]);
    assert_eq!(outline.len(), 60);
    assert_eq!(outline, other.outline(&["in"]));
    assert_eq!(one.outline(&["in/*"]), other.outline(&["in/*"]));
}

#[test]
fn globs_count_as_files_given_themselves() {
    let folder = Folder::new(&[("in/b.txt", b"b"), ("in/a.txt", b"a"), ("in/s/c.txt", b"c"), ("in/s/d.html", b"d")]);
    assert_eq!(folder.outline(&["in/*.txt"]), ["+a.txt", "+b.txt"]);
    assert_eq!(folder.outline(&["in/**/*.txt"]), ["+a.txt", "+b.txt", "+c.txt"]);
    assert_eq!(folder.outline(&["in/s/*"]), ["+c.txt", "unknown_format in/s/d.html"]);
    assert_eq!(folder.outline(&["in/*"]), ["+a.txt", "+b.txt", "+c.txt"], "a folder that matches is read");
}

#[test]
fn a_name_that_exists_is_no_glob() {
    let folder = Folder::new(&[("a[1].txt", b"brackets"), ("a1.txt", b"one")]);
    assert_eq!(folder.outline(&["a[1].txt"]), ["+a[1].txt"]);
    assert_eq!(folder.outline(&["a[12].txt"]), ["+a1.txt"]);
}

#[test]
fn arguments_that_name_nothing_are_all_named_before_anything_is_read() {
    let folder = Folder::new(&[("a.txt", b"a")]);
    let error = folder.resolve(&["x.txt", "a.txt", "y*.txt", "-", "a.txt/b", "-", "[.txt"], &ReadOptions::default()).unwrap_err();
    assert_eq!(
        error.0,
        [
            Fault::RepeatedStdin,
            Fault::Missing(folder.path("x.txt")),
            Fault::NoMatch(folder.path("y*.txt")),
            Fault::Missing(folder.path("a.txt/b")),
            Fault::BadPattern { pattern: folder.path("[.txt"), reason: "invalid range pattern" },
        ]
    );
    let message = error.to_string();
    assert!(message.contains("; no such file or folder: '") && message.contains("y*.txt"), "{message}");
    assert_eq!(Inputs::resolve(&[], ReadOptions::default()).unwrap_err().0, [Fault::NoInput]);
    assert_eq!(Inputs::resolve(&[String::new()], ReadOptions::default()).unwrap_err().0, [Fault::Missing(String::new())]);
}

#[test]
fn ids_that_two_arguments_would_share_get_their_folder() {
    let folder = Folder::new(&[("n/a.txt", b"1"), ("s/a.txt", b"2"), ("s/b.txt", b"3"), ("s/t/a.txt", b"4")]);
    assert_eq!(folder.outline(&["n/a.txt", "s/a.txt"]), ["+n/a.txt", "+s/a.txt"]);
    assert_eq!(folder.outline(&["n", "s"]), ["+n/a.txt", "+s/a.txt", "+b.txt", "+t/a.txt"]);
    assert_eq!(folder.outline(&["*/a.txt"]), ["+n/a.txt", "+s/a.txt"]);
    assert_eq!(folder.outline(&["n", "s/t/a.txt"]), ["+n/a.txt", "+t/a.txt"]);
}

#[test]
fn a_file_given_twice_is_read_once() {
    let folder = Folder::new(&[("n/a.txt", b"1"), ("n/b.txt", b"2")]);
    assert_eq!(folder.outline(&["n", "n/b.txt"]), ["+a.txt", "+b.txt", "duplicate_id n/b.txt"]);
}

#[test]
fn a_folder_without_articles_is_refused() {
    let folder = Folder::new(&[("in/a.html", b"a"), ("in/s/b.json", b"{}"), ("x.txt", b"x")]);
    assert_eq!(folder.outline(&["in", "x.txt"]), ["no_articles in", "+x.txt"]);
}

#[test]
fn a_file_of_another_format_is_refused_with_a_hint() {
    let folder = Folder::new(&[("a.json", b"{}"), ("b", b"b")]);
    assert_eq!(folder.outline(&["a.json", "b"]), ["unknown_format a.json", "unknown_format b"]);
    let message = folder.read(&["b"]).remove(0).unwrap_err().message;
    assert!(message.contains(".jsonl") && message.contains("'-'"), "{message}");
}

#[test]
fn links_are_followed_and_circles_are_not() {
    let folder = Folder::new(&[("in/s/a.txt", b"a"), ("out/b.txt", b"b"), ("out/c.txt", b"c")]);
    symlink(folder.path("in"), folder.path("in/s/circle")).unwrap();
    symlink(folder.path("out"), folder.path("in/out")).unwrap();
    symlink(folder.path("out/c.txt"), folder.path("in/link.txt")).unwrap();
    assert_eq!(folder.outline(&["in"]), ["+link.txt", "+out/b.txt", "+out/c.txt", "+s/a.txt"]);
    symlink(folder.path("in"), folder.path("top")).unwrap();
    assert_eq!(folder.outline(&["top", "in/link.txt"]).len(), 5);
}

#[test]
fn links_that_lead_nowhere_are_refused() {
    let folder = Folder::new(&[("in/b.txt", b"b")]);
    symlink("gone.txt", folder.path("in/a.txt")).unwrap();
    symlink("self.txt", folder.path("in/self.txt")).unwrap();
    symlink("gone", folder.path("in/no-article")).unwrap();
    let refused = ["dangling_link in/a.txt", "+b.txt", "dangling_link in/self.txt"];
    assert_eq!(folder.outline(&["in"]), refused);
    assert_eq!(folder.outline(&["in/*.txt"]), refused);
    assert_eq!(folder.outline(&["in/a.txt", "in/no-article"]), ["dangling_link in/a.txt", "dangling_link in/no-article"]);
}

#[cfg(target_os = "linux")]
#[test]
fn what_the_system_does_not_read_is_refused() {
    // A process's memory is a regular file that anybody may open, and whose first byte nobody can read.
    let folder = Folder::new(&[("in/z.txt", b"z")]);
    symlink("/proc/self/mem", folder.path("in/a.txt")).unwrap();
    symlink("/proc/self/mem", folder.path("in/b.jsonl")).unwrap();
    symlink("/proc/self/mem", folder.path("in/c.jsonl.gz")).unwrap();
    let outline = folder.outline(&["in"]);
    assert_eq!(outline, ["unreadable in/a.txt", "unreadable in/b.jsonl", "unreadable in/c.jsonl.gz", "+z.txt"]);
}

#[test]
fn files_and_folders_without_permission_are_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new(&[("in/a.txt", b"a"), ("in/s/b.txt", b"b"), ("in/z.txt", b"z")]);
    let deny = |name: &str, mode| fs::set_permissions(folder.path(name), fs::Permissions::from_mode(mode)).unwrap();
    deny("in/a.txt", 0o000);
    deny("in/s", 0o000);
    if fs::read(folder.path("in/a.txt")).is_ok() {
        eprintln!("skipped: this user may read files without permission");
    } else {
        let unreadable = ["unreadable in/a.txt", "unreadable in/s", "+z.txt"];
        assert_eq!(folder.outline(&["in"]), unreadable);
        assert_eq!(folder.outline(&["in/s/b.txt"]), ["unreadable in/s/b.txt"]);
        assert_eq!(folder.outline(&["in/s/*"]), ["unreadable in/s"]);
    }
    deny("in/s", 0o700);
}

#[test]
fn sockets_are_refused_and_not_waited_for() {
    let folder = Folder::new(&[("in/b.txt", b"b")]);
    let _socket = std::os::unix::net::UnixListener::bind(folder.path("in/a.txt")).unwrap();
    assert_eq!(folder.outline(&["in", "in/a.txt"]), ["unreadable in/a.txt", "+b.txt", "unreadable in/a.txt"]);
}

#[test]
fn names_that_are_not_utf8_are_read() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new(&[("in/b.txt", b"b")]);
    let name = Path::new(&folder.path("in")).join(std::ffi::OsStr::from_bytes(b"a\xff.txt"));
    if let Err(error) = fs::write(name, b"a") {
        eprintln!("skipped: this file system wants names in UTF-8: {error}");
        return;
    }
    assert_eq!(folder.outline(&["in"]), ["+a\u{fffd}.txt", "+b.txt"]);
    assert!(folder.outline(&["in/*"]).contains(&"+b.txt".to_owned()));
}

#[test]
fn a_file_that_went_away_is_refused() {
    let folder = Folder::new(&[("a.txt", b"a"), ("b.jsonl", b"{}"), ("c.txt", b"c")]);
    let inputs = folder.resolve(&["a.txt", "b.jsonl", "c.txt"], &ReadOptions::default()).unwrap();
    fs::remove_file(folder.path("a.txt")).unwrap();
    fs::remove_file(folder.path("b.jsonl")).unwrap();
    let outline: Vec<String> = inputs.read().map(|item| folder.outline_of(&item)).collect();
    assert_eq!(outline, ["unreadable a.txt", "unreadable b.jsonl", "+c.txt"]);
}
