//! What was found out about the expressions of one item, while rules look at it one after the other.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::callee::Definition;
use super::closure::Closed;
use super::marks::Mark;
use crate::facts::NodeId;

/// Answers about the item, and by expression.
#[derive(Default)]
pub struct Known {
    closure: OnceCell<Rc<Vec<Closed>>>,
    marks: OnceCell<Rc<Vec<Mark>>>,
    paths: Answers<SmolStr>,
    definitions: Answers<Definition>,
}

type Answers<T> = RefCell<FxHashMap<NodeId, Option<T>>>;

impl Known {
    pub fn closure(&self, find: impl FnOnce() -> Vec<Closed>) -> Rc<Vec<Closed>> {
        self.closure.get_or_init(|| Rc::new(find())).clone()
    }

    pub fn marks(&self, find: impl FnOnce() -> Vec<Mark>) -> Rc<Vec<Mark>> {
        self.marks.get_or_init(|| Rc::new(find())).clone()
    }

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
