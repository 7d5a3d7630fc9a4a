//! Ways to edit Python source that several rules share. Each returns nothing where its preconditions fail
//! (`pytest-facts.md`, B): a fix that might break a test is not offered.
pub mod cleanup_fixture;
pub mod configuration;
pub mod decorator;
pub mod depth;
mod extend_import;
pub mod fitted;
pub mod handle;
pub mod header;
pub mod import;
pub mod in_place;
pub mod keeping;
pub mod line;
pub mod monkeypatch;
pub mod no_parallel;
pub mod parameter;
pub mod poll;
pub mod put_back;
pub mod quotes;
pub mod register_cleanup;
pub mod set_up_fixture;
pub mod statement;
pub mod yield_restore;
