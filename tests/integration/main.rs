//! The integration tests: one binary, a module a topic.

mod models;
mod record;
mod schema;
