//! Takes an explanation of an article's roles, gives it as text for a terminal. Refuses nothing.

use super::paragraph::Paragraph;
use super::style::{self, QUOTED};
use super::{Look, header};
use crate::assign::{Explanation, Fired, Near, Outcome, Party, Quote, RoleExplained, Why};
use crate::document::Document;
use anstyle::Style;
use unicode_width::UnicodeWidthStr;

/// Columns before a role, before a rule, and before what is said of it.
const ROLE: usize = 2;
const RULE: usize = 4;
const WORDS: usize = 11;

/// The most quotations of one rule.
const QUOTATIONS: usize = 3;

/// The text of an explanation, from the header of the article to an empty line.
#[must_use]
pub fn explanation(document: &Document, explanation: &Explanation, look: Look) -> String {
    let mut page = Page { out: String::new(), look };
    header(&mut page.out, document, look);
    page.out.push('\n');
    page.features(explanation);
    if explanation.parties.is_empty() {
        let names = explanation.names.join(", ");
        page.out.push('\n');
        page.line(0, 0).text("Nobody has a role; --entity NAME says why somebody has none. There are: ").text(&names).end();
    }
    explanation.parties.iter().for_each(|party| page.party(party));
    page.out.push('\n');
    page.out
}

struct Page {
    out: String,
    look: Look,
}

/// A line that is being written.
struct Line<'p> {
    page: &'p mut Page,
    paragraph: Paragraph,
    /// Columns before all of its lines but the first.
    hang: usize,
}

impl Line<'_> {
    fn styled(mut self, text: &str, style: Style) -> Self {
        self.paragraph.text(text, style);
        self
    }

    fn text(self, text: &str) -> Self {
        self.styled(text, Style::new())
    }

    /// Words of the article, behind their place.
    fn quote(mut self, quote: &Quote) -> Self {
        let coloured = self.page.look.coloured;
        let (open, close) = if coloured { ("", "") } else { QUOTED };
        let look = style::evidence();
        self.paragraph.text(&format!("{}:{} ", quote.line, quote.column), style::faint());
        self.paragraph.open(open, look).text(&quote.text, look).close(close, look);
        self
    }

    fn end(self) {
        let Look { width, coloured } = self.page.look;
        self.paragraph.write(&mut self.page.out, width, self.hang, coloured);
    }
}

impl Page {
    /// A line behind `indent` spaces; what is wrapped stands behind `hang`.
    fn line(&mut self, indent: usize, hang: usize) -> Line<'_> {
        let mut paragraph = Paragraph::default();
        paragraph.text(&" ".repeat(indent), Style::new());
        Line { page: self, paragraph, hang }
    }

    fn features(&mut self, explanation: &Explanation) {
        let widest = explanation.features.iter().map(|feature| feature.id.width()).max().unwrap_or(0);
        for feature in &explanation.features {
            let (there, look) = if feature.there { ("there    ", style::strong()) } else { ("not there", style::faint()) };
            let name = format!("feature {}{}  ", feature.id, " ".repeat(widest - feature.id.width()));
            let signs =
                format!("  {}: {} signs for it, {} against", signed(feature.sum), feature.signs_for, feature.signs_against);
            self.line(0, WORDS).text(&name).styled(there, look).text(&signs).end();
        }
    }

    fn party(&mut self, party: &Party) {
        self.out.push('\n');
        let known = format!("  {}; known as {}", party.label, party.traits.join(", "));
        self.line(0, ROLE).styled(&party.name, style::strong()).styled(&known, style::faint()).end();
        if party.roles.is_empty() {
            self.line(ROLE, ROLE).text("no rule fired, or nearly did").end();
        }
        party.roles.iter().for_each(|role| self.role(role));
    }

    fn role(&mut self, role: &RoleExplained) {
        let score = if role.fired.is_empty() { String::new() } else { format!(" {:.2}", role.score) };
        self.line(ROLE, RULE).styled(&role.role, style::role(&role.role)).text(&score).text(": ").text(&outcome(role)).end();
        role.fired.iter().for_each(|fired| self.fired(fired));
        if !role.fired.is_empty() {
            self.line(RULE, WORDS).styled(&sum(role), style::faint()).end();
        }
        role.near.iter().for_each(|near| self.near(near));
    }

    fn fired(&mut self, fired: &Fired) {
        let line = self.line(RULE, WORDS).styled(&format!("{:<7}", signed(fired.counts)), style::strong()).text(&fired.rule);
        let line = match fired.counts == fired.weight {
            true => line,
            false => line.text(&format!(": {}, and less where something else is spoken of", signed(fired.weight))),
        };
        line.end();
        for quote in fired.quotes.iter().take(QUOTATIONS) {
            let aside =
                if quote.background && fired.counts == fired.weight { " (something else is spoken of there)" } else { "" };
            self.line(WORDS, WORDS).quote(quote).text(aside).end();
        }
        if fired.quotes.len() > QUOTATIONS {
            self.line(WORDS, WORDS).text(&format!("and {} more times", fired.quotes.len() - QUOTATIONS)).end();
        }
    }

    fn near(&mut self, near: &Near) {
        self.line(RULE, WORDS).styled(&format!("({:<7}", signed(near.weight) + ")"), style::faint()).text(&near.rule).end();
        let line = self.line(WORDS, WORDS).quote(&near.quote);
        match &near.why {
            Why::Forbidden { words } => line.text(" does not count beside ").quote(words),
            why => line.text(&reason(why)),
        }
        .end();
    }
}

/// Why a rule did not count that nothing beside its words forbade.
fn reason(why: &Why) -> String {
    let both = |lacking: &[String], unwanted: &[String], needs: &str, not: &str| {
        let needs = (!lacking.is_empty()).then(|| format!("{needs} {}", lacking.join(", ")));
        let not = (!unwanted.is_empty()).then(|| format!("{not} {}", unwanted.join(", ")));
        needs.into_iter().chain(not).collect::<Vec<_>>().join(", and ")
    };
    match why {
        Why::Forbidden { .. } => String::new(),
        Why::Features { lacking, unwanted } => {
            format!(" would count if the article {}", both(lacking, unwanted, "had the feature", "had not"))
        }
        Why::Traits { lacking, unwanted } => {
            format!(" would count of somebody {}", both(lacking, unwanted, "known as", "not known as"))
        }
        Why::Fallback => " counts only where no other rule gives anybody the role".to_owned(),
    }
}

/// What came of a role.
fn outcome(role: &RoleExplained) -> String {
    match &role.outcome {
        Outcome::Given => format!("given, for it takes {:.2}", role.least),
        Outcome::Follows { rule, from, because } => format!("given by {rule}: follows from {from} for who is known as {because}"),
        Outcome::NoEvidence => "not given, for no rule fired that counts".to_owned(),
        Outcome::BelowLeast => format!("not given, for it takes {:.2}", role.least),
        Outcome::LacksFeatures { features } => format!("not given, for the article lacks the feature {}", features.join(", ")),
        Outcome::Outranked { by } => format!("not given to who has the role {by}"),
        Outcome::Excluded { by } => format!("not given, for nobody is that and {by}, for which there is more evidence"),
        Outcome::SecondHolder { first, needs } => format!("not given, for {first} has it, and a second holder takes {needs:.2}"),
    }
}

/// How bias and the rules that fired add up.
fn sum(role: &RoleExplained) -> String {
    let all: f32 = role.bias + role.fired.iter().map(|fired| fired.counts).sum::<f32>();
    let counts: Vec<String> = role.fired.iter().map(|fired| signed(fired.counts)).collect();
    format!("{} (bias) {} = {}, a score of {:.2}", signed(role.bias), counts.join(" "), signed(all), role.score)
}

/// A number with its sign.
fn signed(number: f32) -> String {
    format!("{}{:.1}", if number < 0.0 { "−" } else { "+" }, number.abs())
}
