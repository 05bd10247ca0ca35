//! The integration tests: one binary, a module a topic.

mod agreement;
mod bad_input;
mod command_line;
mod corpus;
mod evaluate;
mod exchange;
mod figures;
mod flow;
mod models;
mod page;
mod program;
mod readme;
mod record;
mod report;
mod review;
mod schema;
mod seeds;
mod show;
mod stats;
mod structure;
mod tables;
