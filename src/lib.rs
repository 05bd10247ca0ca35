//! rolecall reads articles about misconduct hearings, finds who is named in them, and says what each is in the hearing.

pub mod document;
pub mod recognise;
pub mod span;
