//! What a function of the project calls and hands off, kept for functions that edits inside tests do not move.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::callee::Definition;
use super::handoff::{self, HandOff};
use super::{Role, Subject};
use crate::facts::{NodeId, NodeKind};

#[derive(Debug, Default)]
pub struct Outgoing {
    /// By the expression that is called; `None` for what is no function of the project.
    pub callees: FxHashMap<NodeId, Option<Definition>>,
    hand_offs: OnceLock<Vec<HandOff>>,
}

impl Subject<'_> {
    /// `None` in files with tests, whose items are too short-lived to be worth keeping.
    pub fn outgoing(&self) -> Option<Arc<Outgoing>> {
        if self.role == Role::Test {
            return None;
        }
        let path = self.path();
        let is_conftest = path.file_name().is_some_and(|name| name == "conftest.py");
        if !is_conftest && self.project.looks_like_tests(path) {
            return None;
        }
        let key = (self.module.file.id, self.item);
        if let Some(known) = self.project.outgoing.get(&key) {
            return Some(known.clone());
        }
        let callees = self.body().filter_map(|node| match self.code().kind(node) {
            NodeKind::Call { func, .. } => Some((*func, self.find_definition(*func))),
            _ => None,
        });
        let outgoing = Arc::new(Outgoing { callees: callees.collect(), hand_offs: OnceLock::new() });
        self.project.outgoing.insert(key, outgoing.clone());
        Some(outgoing)
    }

    /// Every hand-off that the subject's own function makes, in source order.
    pub fn hand_offs(&self) -> Vec<HandOff> {
        match self.outgoing() {
            Some(outgoing) => outgoing.hand_offs.get_or_init(|| handoff::find(self)).clone(),
            None => handoff::find(self),
        }
    }
}
