//! Whether draws give the same values in every process.

use super::Project;
use super::constant::Origin;
use crate::facts::NodeId;

/// `random.seed(…)` at the module's top level makes `random` give the same values in every process.
pub fn is_seeded(project: &Project, origin: &Origin, path: &str) -> bool {
    if !path.starts_with("random.") && !path.starts_with("numpy.random.") {
        return false;
    }
    let file = &origin.module.file;
    (0..origin.item).filter(|item| file.name(*item).is_empty()).any(|item| {
        file.item_text(item).contains("seed(")
            && (0..file.facts(item).code.nodes.len() as u32).map(NodeId).any(|node| {
                let here = Origin { module: origin.module.clone(), item, node };
                here.scope(project).callee(node).is_some_and(|callee| {
                    matches!(callee.as_str(), "random.seed" | "numpy.random.seed")
                        && callee.split('.').next() == path.split('.').next()
                })
            })
    })
}
