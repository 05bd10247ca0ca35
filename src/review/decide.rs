//! Takes a decision, its mentions as places in the text, and gives the sheet as it is then. Refuses one that makes no sense, in
//! words for the reviewer; the sheet is then as it was.

use super::decision::Decision;
use super::sheet::{Mark, Person, REVIEWER, Sheet, decide, given};
use crate::document::{Kind, Label, Mention, Origin, Relation, Status};
use crate::span::Span;
use std::mem;

/// Why a decision can't be made.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Senseless {
    /// What it is about is no mention.
    #[error("“{0}” is no mention here")]
    NoMention(String),
    /// The new mention would share text with another.
    #[error("“{words}” overlaps the mention “{other}”; mentions never overlap")]
    Overlap {
        /// The words of the new mention.
        words: String,
        /// Those of the other.
        other: String,
    },
    /// The new mention has no words.
    #[error("white space is no mention")]
    Blank,
    /// There is no label or role in it.
    #[error("the {0} has no name")]
    Nameless(&'static str),
    /// It is so already.
    #[error("{0}")]
    Already(&'static str),
    /// It stands among several and is none of a mention or a person.
    #[error("only decisions on mentions and people can be made together, and not none of them")]
    Apart,
    /// What it would take away is not there.
    #[error("{0} is not there to be taken away")]
    Absent(String),
}

impl Senseless {
    /// Whether the sheet is as if the decision had been made, so that nothing is lost.
    #[must_use]
    pub fn is_moot(&self) -> bool {
        matches!(self, Self::Already(_) | Self::Absent(_))
    }
}

impl Sheet {
    /// Makes a decision. Those on the article as a whole, and notes, change nothing here.
    ///
    /// # Errors
    /// When it makes no sense.
    pub fn make(&mut self, text: &str, decision: &Decision<Span>) -> Result<(), Senseless> {
        let people = self.people.len();
        self.attempt(text, decision).inspect_err(|_| {
            // Somebody new may have been made for what then failed.
            self.people.truncate(people);
            self.marks.values_mut().for_each(|mark| mark.person = mark.person.filter(|&person| person < people));
        })
    }

    fn attempt(&mut self, text: &str, decision: &Decision<Span>) -> Result<(), Senseless> {
        match decision {
            Decision::Add { span, label, kind, person } => self.add(text, *span, label, kind.map(|kind| kind.0), *person),
            Decision::Delete { mention } => match self.marks.remove(mention) {
                Some(_) => Ok(()),
                None => Err(Senseless::Absent(format!("“{}”", mention.of(text)))),
            },
            Decision::Move { mention, to } => self.move_to(text, *mention, *to),
            Decision::Label { mention, label } => self.label(text, *mention, label),
            Decision::Kind { mention, kind } => self.kind(text, *mention, kind.0),
            Decision::Join { mention, person } => self.join(text, *mention, *person),
            Decision::Split { mention } => self.split(text, *mention),
            Decision::Merge { person, into } => self.merge(text, *person, *into),
            Decision::Role { person, role, holds } => self.role(text, *person, role, *holds),
            Decision::Relate { kind, from, to, holds } => self.relate(text, kind, *from, *to, *holds),
            Decision::Several { decisions } => self.several(text, decisions),
            Decision::Accept {}
            | Decision::Reject {}
            | Decision::Skip {}
            | Decision::Reopen {}
            | Decision::Undo { .. }
            | Decision::Redo { .. }
            | Decision::Note { .. } => Ok(()),
        }
    }

    fn several(&mut self, text: &str, decisions: &[Decision<Span>]) -> Result<(), Senseless> {
        if decisions.is_empty() || decisions.iter().any(|decision| !decision.is_of_parts()) {
            return Err(Senseless::Apart);
        }
        let before = self.clone();
        let made = decisions.iter().try_for_each(|decision| self.make(text, decision));
        made.inspect_err(|_| *self = before)
    }

    fn mark(&mut self, text: &str, mention: Span) -> Result<&mut Mark, Senseless> {
        self.marks.get_mut(&mention).ok_or_else(|| Senseless::NoMention(mention.of(text).to_owned()))
    }

    /// Whose mention it is. A mention of nobody's becomes one of somebody new.
    fn person(&mut self, text: &str, mention: Span) -> Result<usize, Senseless> {
        if let Some(person) = self.mark(text, mention)?.person {
            return Ok(person);
        }
        let person = self.newcomer();
        self.mark(text, mention)?.person = Some(person);
        Ok(person)
    }

    fn newcomer(&mut self) -> usize {
        self.people.push(Person::default());
        self.people.len() - 1
    }

    /// Refuses a stretch that is no place for a mention; `but` may stand there.
    fn free(&self, text: &str, span: Span, but: Option<Span>) -> Result<(), Senseless> {
        let words = span.of(text);
        if words.trim().is_empty() {
            return Err(Senseless::Blank);
        }
        match self.marks.keys().find(|other| Some(**other) != but && other.overlaps(span)) {
            None => Ok(()),
            Some(other) => Err(Senseless::Overlap { words: words.to_owned(), other: other.of(text).to_owned() }),
        }
    }

    fn add(&mut self, text: &str, span: Span, label: &str, kind: Option<Kind>, person: Option<Span>) -> Result<(), Senseless> {
        if nameless(label) {
            return Err(Senseless::Nameless("label"));
        }
        let label = Label::from_record(label);
        if self.marks.get(&span).is_some_and(|mark| mark.mention.label == label) {
            return match person {
                Some(person) => self.join(text, span, person),
                None => Err(Senseless::Already("that is a mention already")),
            };
        }
        self.free(text, span, None)?;
        let person = match person {
            Some(mention) => self.person(text, mention)?,
            None => self.newcomer(),
        };
        let kind = kind.unwrap_or(if label == Label::Anon { Kind::Nominal } else { Kind::Name });
        self.marks.insert(span, Mark { person: Some(person), why: Some(REVIEWER.into()), ..Mark::by_hand(span, label, kind) });
        Ok(())
    }

    fn move_to(&mut self, text: &str, mention: Span, to: Span) -> Result<(), Senseless> {
        if !self.marks.contains_key(&mention) && self.marks.contains_key(&to) {
            return Err(Senseless::Already("the mention stands there already"));
        }
        self.mark(text, mention)?;
        self.free(text, to, Some(mention))?;
        if let Some(mut mark) = self.marks.remove(&mention) {
            mark.mention.span = to;
            (mark.mention.origin, mark.mention.score) = (Origin::Annotator, 1.0);
            self.marks.insert(to, mark);
        }
        Ok(())
    }

    fn label(&mut self, text: &str, mention: Span, label: &str) -> Result<(), Senseless> {
        if nameless(label) {
            return Err(Senseless::Nameless("label"));
        }
        let label = Label::from_record(label);
        let Mark { mention: Mention { label: before, .. }, person, .. } = self.mark(text, mention)?.clone();
        if before == label {
            return Err(Senseless::Already("it has that label already"));
        }
        let same = self.marks.iter_mut().filter(|(span, mark)| {
            **span == mention || (person.is_some() && mark.person == person && mark.mention.label == before)
        });
        for (_, mark) in same {
            mark.mention.kind = match (label == Label::Anon, mark.mention.kind) {
                (true, Kind::Name) => Kind::Pseudonym,
                (true, kind) => kind,
                (false, _) => Kind::Name,
            };
            mark.mention.label = label.clone();
        }
        Ok(())
    }

    fn kind(&mut self, text: &str, mention: Span, kind: Kind) -> Result<(), Senseless> {
        let mark = self.mark(text, mention)?;
        if mark.mention.kind == kind {
            return Err(Senseless::Already("it refers in that way already"));
        }
        mark.mention.kind = kind;
        match (kind, &mark.mention.label) {
            (Kind::Name, Label::Anon) => mark.mention.label = Label::Per,
            (Kind::Pseudonym | Kind::Nominal, _) => mark.mention.label = Label::Anon,
            (Kind::Name, _) => {}
        }
        Ok(())
    }

    fn join(&mut self, text: &str, mention: Span, person: Span) -> Result<(), Senseless> {
        self.mark(text, mention)?;
        let to = self.person(text, person)?;
        let before = self.mark(text, mention)?.person;
        if before == Some(to) {
            return Err(Senseless::Already("it is a mention of that person already"));
        }
        // Whose only mention it is has nothing left: the two are one, roles and all.
        if before.is_some_and(|before| self.mentions_of(before).count() == 1) {
            return self.merge(text, mention, person);
        }
        let person = to;
        let mark = self.mark(text, mention)?;
        (mark.person, mark.why) = (Some(person), Some(REVIEWER.into()));
        Ok(())
    }

    fn split(&mut self, text: &str, mention: Span) -> Result<(), Senseless> {
        let person = self.mark(text, mention)?.person;
        if person.is_none_or(|person| self.mentions_of(person).count() == 1) {
            return Err(Senseless::Already("it is the only mention of its person already"));
        }
        let newcomer = self.newcomer();
        let mark = self.mark(text, mention)?;
        (mark.person, mark.why) = (Some(newcomer), None);
        Ok(())
    }

    fn merge(&mut self, text: &str, person: Span, into: Span) -> Result<(), Senseless> {
        self.mark(text, into)?;
        let (person, into) = (self.person(text, person)?, self.person(text, into)?);
        if person == into {
            return Err(Senseless::Already("the two are one already"));
        }
        for mark in self.marks.values_mut().filter(|mark| mark.person == Some(person)) {
            (mark.person, mark.why) = (Some(into), Some(REVIEWER.into()));
        }
        let gone = mem::take(&mut self.people[person]);
        self.people[into].take(gone);
        let mut relations: Vec<Relation> = Vec::new();
        for mut relation in mem::take(&mut self.relations) {
            for end in [&mut relation.from, &mut relation.to] {
                *end = if *end == person { into } else { *end };
            }
            if relation.from != relation.to
                && !relations.iter().any(|other| same(other, &relation.kind, relation.from, relation.to))
            {
                relations.push(relation);
            }
        }
        self.relations = relations;
        Ok(())
    }

    fn role(&mut self, text: &str, mention: Span, role: &str, holds: bool) -> Result<(), Senseless> {
        if nameless(role) {
            return Err(Senseless::Nameless("role"));
        }
        let at = self.person(text, mention)?;
        let first = self.mentions_of(at).next().unwrap_or(mention);
        let person = &mut self.people[at];
        let predicted = person.was_predicted(role);
        match (person.roles.iter_mut().find(|given| given.role == role), holds) {
            (Some(known), true) if matches!(known.status, Status::Accepted | Status::Corrected) => {
                return Err(Senseless::Already("that role is confirmed already"));
            }
            (Some(known), false) if known.status == Status::Rejected => {
                return Err(Senseless::Already("that role is rejected already"));
            }
            (Some(_), false) if !predicted => person.roles.retain(|given| given.role != role),
            (Some(known), _) => decide(known, holds),
            (None, true) => person.roles.push(given(role, &person.roles, first)),
            (None, false) => return Err(Senseless::Absent(format!("the role {}", role.replace('_', " ")))),
        }
        Ok(())
    }

    fn relate(&mut self, text: &str, kind: &str, from: Span, to: Span, holds: bool) -> Result<(), Senseless> {
        if nameless(kind) {
            return Err(Senseless::Nameless("relation"));
        }
        self.mark(text, to)?;
        let (from, to) = (self.person(text, from)?, self.person(text, to)?);
        if from == to {
            return Err(Senseless::Already("a person stands in no relation to themselves"));
        }
        let known = self.relations.iter().position(|relation| same(relation, kind, from, to));
        match (known, holds) {
            (Some(_), true) => return Err(Senseless::Already("that relation holds already")),
            (None, false) => return Err(Senseless::Absent(format!("the relation {kind}"))),
            (Some(at), false) => {
                self.relations.remove(at);
            }
            (None, true) => {
                let evidence = self.mentions_of(from).next().expect("the mention that was pointed at is one");
                self.relations.push(Relation { kind: kind.to_owned().into(), from, to, evidence });
            }
        }
        Ok(())
    }
}

fn same(relation: &Relation, kind: &str, from: usize, to: usize) -> bool {
    relation.kind == kind && relation.from == from && relation.to == to
}

/// Whether something is no name for a label, role or relation.
fn nameless(name: &str) -> bool {
    name.trim().is_empty() || name.chars().any(char::is_control)
}
