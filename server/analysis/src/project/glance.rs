//! An item as it is seen without being parsed.

use super::{Module, Place, Project, Role};

/// What a rule may ask before it says that it wants to look at an item: everything that costs no parse of it.
pub struct Glance<'p> {
    pub project: &'p Project,
    pub module: &'p Module,
    pub item: u32,
    pub role: Role,
}

impl<'p> Glance<'p> {
    pub fn new(project: &'p Project, module: &'p Module, item: u32) -> Glance<'p> {
        Glance { project, module, item, role: project.role(module, item) }
    }

    /// The item's text, decorators included.
    pub fn text(&self) -> &'p str {
        self.module.file.item_text(self.item)
    }

    /// The name of a function or class; empty for others.
    pub fn name(&self) -> &'p str {
        self.module.file.name(self.item)
    }

    /// Whether it is a function that is declared `async`.
    pub fn is_async(&self) -> bool {
        self.module.file.item(self.item).function().is_some_and(|head| head.is_async)
    }

    /// Whether a place begins in the item.
    pub fn holds(&self, place: &Place) -> bool {
        place.begins_in(&self.module.file, self.item)
    }
}
