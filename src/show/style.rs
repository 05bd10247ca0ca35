//! Takes labels, roles and verdicts, gives how they look: the styles for a terminal with colour, and the signs that say the same
//! without. Colour is never the only sign. Refuses nothing: a label or role that it does not know looks like "any other".

use crate::document::Label;
use anstyle::{Ansi256Color, AnsiColor, Color, Style};

/// Signs of a mention, entity or role beside gold.
pub(super) const RIGHT: &str = "=";
pub(super) const SPURIOUS: &str = "+";
pub(super) const MISSED: &str = "−";
pub(super) const DIFFERS: &str = "~";

/// What stands around a mention where there is no colour.
pub(super) const BRACKETS: (&str, &str) = ("⟦", "⟧");
/// What stands around evidence where there is no colour.
pub(super) const QUOTED: (&str, &str) = ("‹", "›");

/// Colours of the roles in the rules that are built in, from the 256 of xterm: each can be read on white and on black.
const ROLES: [(&str, u8); 10] = [
    ("panel_chair", 33),
    ("presenting_officer", 166),
    ("representative", 35),
    ("anonymised_officer", 133),
    ("subject_officer", 167),
    ("panel_member", 67),
    ("legal_adviser", 37),
    ("witness", 136),
    ("complainant", 169),
    ("spokesperson", 99),
];
const OTHER_ROLE: u8 = 244;

fn ink(color: impl Into<Color>) -> Style {
    Style::new().fg_color(Some(color.into()))
}

fn filled(color: impl Into<Color>) -> Style {
    ink(AnsiColor::Black).bg_color(Some(color.into()))
}

/// The words of a mention of `label`; underlined, so that one sees where it begins and ends without colour.
pub(super) fn label(label: &Label) -> Style {
    number(label).underline()
}

/// The number of a mention whose entity has no role.
pub(super) fn number(label: &Label) -> Style {
    let color = match label {
        Label::Per => AnsiColor::Cyan,
        Label::Anon => AnsiColor::Magenta,
        Label::Org => AnsiColor::Yellow,
        Label::Loc => AnsiColor::Green,
        Label::Misc => AnsiColor::Blue,
        Label::Other(_) => AnsiColor::BrightBlack,
    };
    ink(color)
}

/// The number of a mention whose entity has the role, and the role's name where it is no tag.
pub(super) fn role(name: &str) -> Style {
    let known = ROLES.iter().find(|known| known.0 == name);
    ink(Ansi256Color(known.map_or(OTHER_ROLE, |known| known.1))).bold()
}

/// The sign that says what a mention or role is beside gold, and the words of a mention that differs; plain where there is no sign.
pub(super) fn verdict(sign: &str) -> Style {
    match sign {
        MISSED => filled(AnsiColor::BrightRed),
        SPURIOUS => filled(AnsiColor::BrightYellow),
        DIFFERS => filled(AnsiColor::BrightMagenta),
        RIGHT => ink(AnsiColor::Green).bold(),
        _ => Style::new(),
    }
}

/// What is said about the article, apart from its own words.
pub(super) fn faint() -> Style {
    Style::new().dimmed()
}

/// Headings and names.
pub(super) fn strong() -> Style {
    Style::new().bold()
}

/// Words that prove something.
pub(super) fn evidence() -> Style {
    Style::new().bold().underline()
}

/// The number of an entity, counted from 0, as a superscript counted from 1 as in the ids of records.
pub(super) fn superscript(number: usize) -> String {
    (number + 1)
        .to_string()
        .chars()
        .map(|digit| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit as usize - '0' as usize).unwrap_or(digit))
        .collect()
}

/// The same for an entity that only gold has.
pub(super) fn superscript_of_gold(number: usize) -> String {
    format!("ᵍ{}", superscript(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assign::Rules;

    #[test]
    fn numbers_are_those_of_the_ids() {
        assert_eq!(superscript(0), "¹");
        assert_eq!(superscript_of_gold(1233), "ᵍ¹²³⁴");
    }

    #[test]
    fn every_role_of_the_rules_has_a_colour_of_its_own() {
        let mut colours: Vec<String> = Rules::builtin().roles().map(|name| role(name).render().to_string()).collect();
        colours.push(role("of another rule file").render().to_string());
        let count = colours.len();
        colours.sort();
        colours.dedup();
        assert_eq!(colours.len(), count);
    }
}
