//! `import` and `from … import`.

use smol_str::SmolStr;

use super::Lowering;
use crate::facts::code::{ImportedName, ImportedNames, NodeKind};
use crate::syntax::kinds::{Field, Kind};

impl Lowering<'_> {
    pub(super) fn import(&mut self) -> NodeKind {
        let mut names = Vec::new();
        self.children(|l, kind| {
            if l.field() == Field::Name {
                names.push(l.imported_name(kind));
            }
        });
        NodeKind::Import(names.into())
    }

    pub(super) fn import_from(&mut self, kind: Kind) -> NodeKind {
        let mut level = 0;
        let mut module = match kind {
            Kind::FutureImportStatement => SmolStr::new_static("__future__"),
            _ => SmolStr::default(),
        };
        let mut names = Vec::new();
        let mut is_star = false;
        self.children(|l, kind| match (l.field(), kind) {
            (Field::ModuleName, Kind::RelativeImport) => (level, module) = l.relative_import(),
            (Field::ModuleName, _) => module = l.dotted_name(),
            (Field::Name, _) => names.push(l.imported_name(kind)),
            (_, Kind::WildcardImport) => is_star = true,
            _ => {}
        });
        let names = if is_star { ImportedNames::Star } else { ImportedNames::Names(names.into()) };
        NodeKind::FromImport { level, module, names }
    }

    fn relative_import(&mut self) -> (u32, SmolStr) {
        let mut level = 0;
        let mut module = SmolStr::default();
        self.children(|l, kind| match kind {
            Kind::ImportPrefix => {
                let dots = l.slice().bytes().filter(|byte| *byte == b'.').count();
                level = u32::try_from(dots).unwrap_or(u32::MAX);
            }
            Kind::DottedName => module = l.dotted_name(),
            _ => {}
        });
        (level, module)
    }

    fn imported_name(&mut self, kind: Kind) -> ImportedName {
        let range = self.range();
        let mut name = SmolStr::default();
        let mut alias = None;
        match kind {
            Kind::AliasedImport => self.children(|l, kind| match (l.field(), kind) {
                (_, Kind::DottedName) => name = l.dotted_name(),
                (Field::Alias, _) => alias = Some(SmolStr::new(l.slice())),
                _ => {}
            }),
            _ => name = self.dotted_name(),
        }
        ImportedName { name, alias, range }
    }

    /// `a.b` without the spaces that may stand in it.
    fn dotted_name(&mut self) -> SmolStr {
        let text = self.slice();
        if text.bytes().all(|byte| byte == b'.' || byte == b'_' || byte.is_ascii_alphanumeric()) {
            return SmolStr::new(text);
        }
        let mut parts = Vec::new();
        self.children(|l, kind| {
            if kind == Kind::Identifier {
                parts.push(l.slice());
            }
        });
        SmolStr::new(parts.join("."))
    }
}
