//! Finds the arguments of a call by position and by name.

use super::NodeId;
use super::code::{Argument, ArgumentKind};

/// The value of `name=value`.
pub fn keyword(args: &[Argument], name: &str) -> Option<NodeId> {
    args.iter().find(|a| matches!(&a.kind, ArgumentKind::Keyword(key) if key == name)).map(|a| a.value)
}

/// The positional argument at an index from 0; `None` behind a `*args`, where positions are not known.
pub fn positional(args: &[Argument], index: usize) -> Option<NodeId> {
    let leading = args.iter().take_while(|a| a.kind == ArgumentKind::Positional);
    leading.map(|a| a.value).nth(index)
}

/// The argument of a parameter that may be given by name or by position.
pub fn argument(args: &[Argument], index: usize, name: &str) -> Option<NodeId> {
    keyword(args, name).or_else(|| positional(args, index))
}
