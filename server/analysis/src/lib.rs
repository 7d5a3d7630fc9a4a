//! The engine of flakeless: bytes in, hints out. Pure and synchronous.
pub mod config_text;
pub mod facts;
pub mod fix;
pub mod hint;
pub mod project;
pub mod rules;
pub mod syntax;
pub mod text;
