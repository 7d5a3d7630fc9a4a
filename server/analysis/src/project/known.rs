//! What was found out about the expressions of one item, while rules look at it one after the other.

use std::cell::RefCell;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::callee::Definition;
use crate::facts::NodeId;

/// Answers by expression.
#[derive(Default)]
pub struct Known {
    paths: Answers<SmolStr>,
    definitions: Answers<Definition>,
}

type Answers<T> = RefCell<FxHashMap<NodeId, Option<T>>>;

impl Known {
    /// The dotted path of an expression.
    pub fn path(&self, expr: NodeId, find: impl FnOnce() -> Option<SmolStr>) -> Option<SmolStr> {
        answer(&self.paths, expr, find)
    }

    /// What a call of an expression runs.
    pub fn definition(&self, func: NodeId, find: impl FnOnce() -> Option<Definition>) -> Option<Definition> {
        answer(&self.definitions, func, find)
    }
}

fn answer<T: Clone>(known: &Answers<T>, expr: NodeId, find: impl FnOnce() -> Option<T>) -> Option<T> {
    if let Some(answer) = known.borrow().get(&expr) {
        return answer.clone();
    }
    // Not borrowed meanwhile: to find one answer may need others.
    let found = find();
    known.borrow_mut().insert(expr, found.clone());
    found
}
