//! Drives the real binary over small projects, as a person in a terminal does.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
#![allow(clippy::print_stderr, reason = "a test that was not made says so")]

mod baseline;
mod cache;
mod check;
#[cfg(target_os = "linux")]
mod faults;
mod fix;
#[cfg(unix)]
mod full_disk;
mod ignores;
mod json;
mod junit;
mod mistakes;
#[cfg(target_os = "linux")]
mod odd_names;
mod outline;
mod output_file;
#[cfg(unix)]
mod owner;
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
