//! What pytest would see in a project: its configuration, its plugins.
pub mod plugins;
pub mod pytest_config;
pub mod version_range;
