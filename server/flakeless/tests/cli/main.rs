//! Drives the real binary over small projects, as a person in a terminal does.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod baseline;
mod cache;
mod check;
mod fix;
mod ignores;
mod json;
mod junit;
mod outline;
mod output_file;
mod project;
mod refuse;
mod reproduce;
mod rule;
mod sarif;
mod select;
mod since;
mod stdin;
#[cfg(unix)]
mod terminal;
