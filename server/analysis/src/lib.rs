//! The engine of flakeless: bytes in, hints out. Pure and synchronous.
pub mod actions;
pub mod config_text;
mod evidence;
pub mod facts;
pub mod fix;
pub mod fixes;
pub mod hint;
pub mod hints;
pub mod hover;
pub mod project;
pub mod report;
pub mod rules;
pub mod settings;
pub mod store;
pub mod suppress;
pub mod syntax;
pub mod text;
pub mod workspace;
