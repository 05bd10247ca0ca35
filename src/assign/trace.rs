//! Takes what happens while an article is judged, gives it to whoever asked. Refuses nothing. Nobody asks when articles are
//! annotated, and then it costs nothing.

use super::rules::Role;
use super::verdict::Claim;
use crate::span::Span;

/// Whoever wants to know how a judgement comes about; `()` does not.
pub(super) trait Trace {
    /// A rule met its pattern, and was forbidden to fire.
    fn forbidden(&mut self, _how: impl FnOnce() -> Forbidden) {}

    /// Nobody has enough evidence for a role by other rules, so that its fallback rules are asked.
    fn falls_back(&mut self, _role: &Role) {}

    /// The claims that are left after a step.
    fn after(&mut self, _step: Step, _claims: &[Claim<'_>]) {}
}

impl Trace for () {}

/// A rule that words beside its match kept from firing.
pub(super) struct Forbidden {
    /// Index into the rules.
    pub rule: usize,
    pub entity: usize,
    /// The match.
    pub span: Span,
    /// What stands beside it.
    pub words: Span,
}

/// The steps in which claims become roles, in their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Step {
    /// Each has the least score that its role asks for.
    Scored,
    /// None is outranked by another role of the same party.
    Ranked,
    /// No party has two roles that exclude each other.
    Exclusive,
    /// A role of one holder has one, or several that are all sure.
    Single,
}
