//! Runs the Markdown cases of the rules.
