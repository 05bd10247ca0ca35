//! Takes documents with their annotations, gives records: JSON lines on standard output or in a file that appears whole.
//! Refuses an output that is one of the inputs; every other trouble is one with the file system.
//!
//! [`record`] knows what a record looks like, [`back`] reads one, [`offsets`] turns bytes into characters, [`output`] knows where
//! records go.

pub mod back;
pub mod offsets;
pub mod output;
pub mod record;
