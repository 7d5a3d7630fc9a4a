//! Fixtures that wait for each other: pytest ends every test that wants one of them.

use std::sync::Arc;

use smol_str::SmolStr;

use super::fixtures::Fixture;
use super::{Module, Project};

/// Fixtures of which each requests the next and the last the first.
#[derive(Clone, Debug)]
pub struct Cycle {
    /// Begins with the one that stands first in the module that was asked about.
    pub fixtures: Vec<Arc<Fixture>>,
}

impl Cycle {
    /// `a` → `b` → `a`
    pub fn names(&self) -> String {
        let names = self.fixtures.iter().chain(self.fixtures.first()).map(|it| format!("`{}`", it.name));
        names.collect::<Vec<_>>().join(" → ")
    }
}

impl Project {
    /// The cycles in which a fixture of the module is, each once. What is only looked up may never be, and does not count.
    pub fn fixture_cycles(&self, module: &Module) -> Vec<Cycle> {
        let mut found: Vec<Cycle> = Vec::new();
        let own = self.declared_fixtures(&module.file.path);
        for fixture in own.iter() {
            let is_known = found.iter().any(|cycle| cycle.fixtures.iter().any(|it| is_same(it, fixture)));
            if !is_known && let Some(fixtures) = self.cycle_from(fixture) {
                found.push(Cycle { fixtures });
            }
        }
        found
    }

    /// The way from a fixture back to itself, as fixtures are resolved where it is declared.
    fn cycle_from(&self, start: &Arc<Fixture>) -> Option<Vec<Arc<Fixture>>> {
        let levels = self.levels(&self.site(&start.module, start.item));
        let mut way: Vec<Arc<Fixture>> = vec![start.clone()];
        let mut pending: Vec<Vec<SmolStr>> = vec![requests(start)];
        let mut seen: Vec<Arc<Fixture>> = vec![start.clone()];
        while let Some(names) = pending.last_mut() {
            let Some(name) = names.pop() else {
                pending.pop();
                way.pop();
                continue;
            };
            let used = way.iter().filter(|fixture| fixture.name == name).count();
            let Some(next) = self.find_outwards(&levels, &name, used) else {
                // Where overrides request their own name only, the last may get a plugin's.
                if name == start.name && way.iter().any(|fixture| fixture.name != name) {
                    return Some(way);
                }
                continue;
            };
            if !seen.iter().any(|known| is_same(known, &next)) {
                seen.push(next.clone());
                pending.push(requests(&next));
                way.push(next);
            }
        }
        None
    }
}

fn requests(fixture: &Fixture) -> Vec<SmolStr> {
    fixture.requests.iter().filter(|name| !fixture.looked_up.contains(name)).cloned().collect()
}

fn is_same(a: &Fixture, b: &Fixture) -> bool {
    a.item == b.item && a.module.file.path == b.module.file.path
}
