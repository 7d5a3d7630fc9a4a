//! Adds a name to a `from … import …` line that the module has already.

use crate::facts::NodeKind;
use crate::facts::code::ImportedNames;
use crate::project::{Module, line_length};
use crate::syntax::split::ItemKind;

/// What to insert where, in bytes of the file. `None` where no such line stands on its own at module level, or it would
/// get too long.
pub fn extended(module: &Module, path: &str, name: &str) -> Option<(u32, String)> {
    let file = &module.file;
    let is_import =
        |item: &u32| file.item(*item).kind == ItemKind::Import && file.item(*item).owner.is_none();
    (0..file.items().len() as u32).filter(is_import).find_map(|item| {
        let code = &file.facts(item).code;
        let [line] = *code.roots else { return None };
        let NodeKind::FromImport { level: 0, module: from, names: ImportedNames::Names(names) } =
            code.kind(line)
        else {
            return None;
        };
        let text = code.range(line).slice(file.item_text(item));
        let is_open = text.contains(['(', '\\', '\n']) || text.len() + name.len() + 2 > line_length::DEFAULT;
        if from != path || is_open {
            return None;
        }
        let (at, text) = match names.iter().find(|known| order(&known.name) > order(name)) {
            Some(next) => (next.range.start, format!("{name}, ")),
            None => (names.last()?.range.end, format!(", {name}")),
        };
        Some((file.absolute(item, crate::text::TextRange::empty(at)).start, text))
    })
}

/// isort's: constants, then classes, then the rest, each by name.
fn order(name: &str) -> (u8, String) {
    let is_upper = |c: char| !c.is_lowercase();
    let kind = match () {
        () if name.chars().count() > 1 && name.chars().all(is_upper) => 0,
        () if name.starts_with(char::is_uppercase) => 1,
        () => 2,
    };
    (kind, name.to_lowercase())
}
