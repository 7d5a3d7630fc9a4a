//! `import` and `from … import`.

use ruff_python_ast::{Alias, StmtImport, StmtImportFrom};
use smol_str::SmolStr;

use super::range;
use crate::facts::code::{ImportedName, ImportedNames, NodeKind};

pub(super) fn import(statement: &StmtImport) -> NodeKind {
    NodeKind::Import(statement.names.iter().map(imported_name).collect())
}

pub(super) fn import_from(statement: &StmtImportFrom) -> NodeKind {
    let module = statement.module.as_ref().map_or("", |module| module.as_str());
    let names = match statement.names.as_slice() {
        [star] if star.name.as_str() == "*" => ImportedNames::Star,
        names => ImportedNames::Names(names.iter().map(imported_name).collect()),
    };
    NodeKind::FromImport { level: statement.level, module: SmolStr::new(module), names }
}

fn imported_name(alias: &Alias) -> ImportedName {
    ImportedName {
        name: SmolStr::new(alias.name.as_str()),
        alias: alias.asname.as_ref().map(|name| SmolStr::new(name.as_str())),
        range: range(alias),
    }
}
