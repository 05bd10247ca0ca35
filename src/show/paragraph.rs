//! Takes styled text and marks that stick to it, gives lines of a terminal, wrapped where Unicode's line breaking algorithm
//! (UAX #14) lets a line end, and anywhere where no such place is left. Widths are columns: wide characters take two, combining
//! marks none. All text passes through [`visible`](super::visible) here, so that none reaches the terminal raw. Refuses nothing.

use super::visible::{stand_in, visible};
use anstyle::Style;
use std::collections::BTreeSet;
use std::fmt::Write;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// One line of an article, or one entry of a list, before it is wrapped.
#[derive(Default)]
pub(super) struct Paragraph {
    /// What lines are broken by: the text without its marks.
    text: String,
    pieces: Vec<Piece>,
}

struct Piece {
    kind: Kind,
    text: String,
    style: Style,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    /// Stays with what follows it.
    Opening,
    /// Stays with what it follows.
    Closing,
}

/// What a line is made of: a grapheme cluster of text or of a mark.
struct Glyph<'a> {
    text: &'a str,
    style: Style,
    width: usize,
    /// Whether a line may begin with it.
    begins: bool,
}

impl Paragraph {
    /// Adds text; what of it is a stand-in is inverted.
    pub(super) fn text(&mut self, text: &str, style: Style) -> &mut Self {
        let mut rest = text;
        while let Some((at, c, shown)) = rest.char_indices().find_map(|(at, c)| Some((at, c, stand_in(c)?))) {
            self.run(&rest[..at], style);
            self.run(&shown, if c.is_whitespace() && shown == " " { style } else { style.invert() });
            rest = &rest[at + c.len_utf8()..];
        }
        self.run(rest, style);
        self
    }

    /// Adds a mark that stays with the text after it.
    pub(super) fn open(&mut self, mark: &str, style: Style) -> &mut Self {
        self.mark(Kind::Opening, mark, style)
    }

    /// Adds a mark that stays with the text before it.
    pub(super) fn close(&mut self, mark: &str, style: Style) -> &mut Self {
        self.mark(Kind::Closing, mark, style)
    }

    fn run(&mut self, text: &str, style: Style) {
        if !text.is_empty() {
            self.text.push_str(text);
            self.pieces.push(Piece { kind: Kind::Text, text: text.to_owned(), style });
        }
    }

    fn mark(&mut self, kind: Kind, mark: &str, style: Style) -> &mut Self {
        if !mark.is_empty() {
            self.pieces.push(Piece { kind, text: visible(mark).into_owned(), style });
        }
        self
    }

    /// Writes it to `out` as lines of at most `width` columns, all but the first behind `indent` spaces.
    pub(super) fn write(&self, out: &mut String, width: usize, indent: usize, coloured: bool) {
        let glyphs = self.glyphs();
        let mut rest = &glyphs[..];
        let mut margin = 0;
        loop {
            let (line, after) = rest.split_at(fitting(rest, width.saturating_sub(margin)));
            if !line.is_empty() {
                out.extend(std::iter::repeat_n(' ', margin));
            }
            write_line(out, line, coloured);
            out.push('\n');
            if after.is_empty() {
                break;
            }
            (rest, margin) = (after, indent);
        }
    }

    fn glyphs(&self) -> Vec<Glyph<'_>> {
        let breaks: BTreeSet<usize> = unicode_linebreak::linebreaks(&self.text).map(|(at, _)| at).collect();
        // A line may begin with the first of the marks that open at a break, and then not with what they open.
        let (mut glyphs, mut at, mut opened) = (Vec::new(), 0, false);
        for piece in &self.pieces {
            let mut begins = piece.kind != Kind::Closing && !opened && breaks.contains(&at);
            for cluster in piece.text.graphemes(true) {
                glyphs.push(Glyph { text: cluster, style: piece.style, width: cluster.width(), begins });
                at += if piece.kind == Kind::Text { cluster.len() } else { 0 };
                begins = piece.kind == Kind::Text && breaks.contains(&at);
            }
            opened = piece.kind == Kind::Opening || (opened && piece.kind == Kind::Closing);
        }
        glyphs
    }
}

/// How many of the glyphs stand in a line of `width` columns: at least one if there is one.
fn fitting(glyphs: &[Glyph<'_>], width: usize) -> usize {
    let (mut used, mut last) = (0, None);
    for (at, glyph) in glyphs.iter().enumerate() {
        if at > 0 && glyph.begins {
            last = Some(at);
        }
        used += glyph.width;
        // White space at the end of a line takes no room.
        if used > width && at > 0 && !is_space(glyph) {
            return last.unwrap_or(at);
        }
    }
    glyphs.len()
}

fn is_space(glyph: &Glyph<'_>) -> bool {
    glyph.text.chars().all(char::is_whitespace)
}

/// Writes the glyphs without the white space at their end, with one escape sequence before and after each run of a style.
fn write_line(out: &mut String, line: &[Glyph<'_>], coloured: bool) {
    let end = line.iter().rposition(|glyph| !is_space(glyph)).map_or(0, |last| last + 1);
    for run in line[..end].chunk_by(|glyph, next| glyph.style == next.style) {
        let style = if coloured { run[0].style } else { Style::new() };
        let _ = write!(out, "{style}");
        out.extend(run.iter().map(|glyph| glyph.text));
        let _ = write!(out, "{style:#}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wrapped(paragraph: &Paragraph, width: usize) -> Vec<String> {
        let mut out = String::new();
        paragraph.write(&mut out, width, 0, false);
        out.lines().map(str::to_owned).collect()
    }

    fn plain(text: &str, width: usize) -> Vec<String> {
        wrapped(Paragraph::default().text(text, Style::new()), width)
    }

    #[test]
    fn lines_end_where_words_do() {
        assert_eq!(plain("The panel sat for three days.", 10), ["The panel", "sat for", "three", "days."]);
        assert_eq!(plain("", 10), [""]);
        assert_eq!(
            plain("24\u{a0}May", 4),
            ["24\u{a0}M", "ay"],
            "a space that forbids a break is broken only where nothing else helps"
        );
    }

    #[test]
    fn wide_characters_take_two_columns_and_combining_marks_none() {
        assert_eq!(plain("警察官の不正", 6), ["警察官", "の不正"]);
        assert_eq!(plain("e\u{301}e\u{301}e\u{301}e\u{301}", 2), ["e\u{301}e\u{301}", "e\u{301}e\u{301}"]);
        assert_eq!(plain("👩\u{200d}🚒👩\u{200d}🚒", 2), ["👩\u{200d}🚒", "👩\u{200d}🚒"]);
    }

    #[test]
    fn marks_stay_with_their_words() {
        let mut paragraph = Paragraph::default();
        paragraph.text("said ", Style::new()).open("⟦", Style::new()).text("Bo Lisle", Style::new());
        paragraph.close("⟧³", Style::new()).text(" today", Style::new());
        assert_eq!(wrapped(&paragraph, 9), ["said ⟦Bo", "Lisle⟧³", "today"]);
        assert_eq!(wrapped(&paragraph, 7), ["said", "⟦Bo", "Lisle⟧³", "today"]);
    }

    #[test]
    fn a_style_is_ended_at_the_end_of_each_line() {
        let mut out = String::new();
        Paragraph::default().text("Bo Lisle", Style::new().bold()).write(&mut out, 5, 2, true);
        assert_eq!(out, "\u{1b}[1mBo\u{1b}[0m\n  \u{1b}[1mLis\u{1b}[0m\n  \u{1b}[1mle\u{1b}[0m\n");
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_letter_is_lost(text in "(\\PC|[ \u{301}\u{1b}警]){0,60}", width in 2usize..30) {
            let lines = plain(&text, width);
            for line in &lines {
                // One cluster may be wider than a very narrow line.
                prop_assert!(line.width() <= width || line.graphemes(true).count() == 1, "{:?}", line);
            }
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&visible(&text)));
        }
    }
}
