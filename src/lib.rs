//! rolecall reads articles about misconduct hearings, finds who is named in them, and says what each is in the hearing: panel
//! chair, presenting officer, representative, anonymised officer, and more, each role with the words that prove it.
//!
//! The modules in the order of the flow; [`pipeline`] states that order:
//!
//! 1. [`read`]: files, folders, globs, standard input → documents, or refusals
//! 2. [`segment`]: sentences and words with exact offsets
//! 3. [`recognise`]: mentions, by a transformer and by the layers that overrule and complete it
//! 4. [`link`]: mentions → entities
//! 5. [`assign`]: entities → roles, by rules that live in a data file
//! 6. [`mod@write`]: records as JSON lines
//!
//! What is done with records afterwards: [`exchange`] reads them, and other formats, back in; [`evaluate`] compares them with gold,
//! [`stats`] counts what is in them, [`show`] sets them for a terminal, [`report`] for a browser ([`page`] is what its pages share).
//!
//! [`span`] and [`document`] are what they speak in. [`pipeline::Pipeline`] is where a program that uses rolecall starts.

pub mod assign;
pub mod document;
pub mod evaluate;
pub mod exchange;
pub mod link;
pub mod page;
pub mod pipeline;
pub mod read;
pub mod recognise;
pub mod report;
pub mod review;
pub mod segment;
pub mod show;
pub mod span;
pub mod stats;
pub mod write;
