//! Takes annotation that was written down, gives it in the crate's own types: [`records`] reads records of our own, [`marked`]
//! articles that a person marked. Refuses, one by one, what does not hold together.

pub mod marked;
pub mod records;
