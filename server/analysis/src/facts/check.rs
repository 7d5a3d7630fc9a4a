//! Whether [`Code`] keeps what it promises. For tests.

use super::code::{Code, NodeId};

/// Finds a broken promise: pre-order, parents, subtree ends, ranges inside the parent's, comments in order.
///
/// # Errors
/// The first broken promise, in words.
pub fn check(code: &Code, text: &str) -> Result<(), String> {
    let mut open: Vec<NodeId> = Vec::new();
    let mut roots = Vec::new();
    for (index, node) in code.nodes.iter().enumerate() {
        let id = NodeId(u32::try_from(index).map_err(|_| "too many nodes")?);
        while open.last().is_some_and(|last| code.node(*last).subtree_end <= id.0) {
            open.pop();
        }
        if text.get(node.range.start as usize..node.range.end as usize).is_none() {
            return Err(format!("{id:?}: {:?} lies outside the text or cuts a character", node.range));
        }
        match open.last() {
            None if node.parent == id => roots.push(id),
            Some(parent) if node.parent == *parent => {
                if !code.range(*parent).contains_range(node.range) {
                    return Err(format!("{id:?}: {node:?} is not inside {:?}", code.node(*parent)));
                }
                if node.subtree_end > code.node(*parent).subtree_end {
                    return Err(format!("{id:?}: subtree passes the parent's end"));
                }
            }
            expected => return Err(format!("{id:?}: parent is {:?}, not {expected:?}", node.parent)),
        }
        if node.subtree_end <= id.0 || node.subtree_end as usize > code.nodes.len() {
            return Err(format!("{id:?}: subtree ends at {}", node.subtree_end));
        }
        open.push(id);
    }
    if *roots != *code.roots {
        return Err(format!("roots are {:?}, not {roots:?}", code.roots));
    }
    if !code.comments.is_sorted() || code.comments.iter().any(|range| !range.slice(text).starts_with('#')) {
        return Err(format!("comments: {:?}", code.comments));
    }
    Ok(())
}
