//! The integration tests: one binary, a module a topic.

mod bad_input;
mod command_line;
mod flow;
mod models;
mod program;
mod record;
mod roles;
mod schema;
mod structure;
