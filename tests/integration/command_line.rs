//! The golden command lines of `tests/cmd`: what the program says to its arguments, to the letter. `TRYCMD=overwrite` writes
//! them anew.

#[test]
fn golden_command_lines() {
    trycmd::TestCases::new().env("COLUMNS", "100").case("tests/cmd/*.toml").case("tests/cmd/*.md");
}
