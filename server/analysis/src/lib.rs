//! The engine of flakeless: bytes in, hints out. Pure and synchronous.
pub mod actions;
pub mod baseline;
pub mod config_text;
mod evidence;
pub mod facts;
pub mod fix;
pub mod fixes;
pub mod hint;
pub mod hints;
pub mod hover;
pub mod paths;
pub mod project;
pub mod report;
pub mod rules;
pub mod settings;
pub mod store;
#[cfg(debug_assertions)]
pub mod stumble;
pub mod suppress;
pub mod syntax;
pub mod text;
pub mod workspace;
