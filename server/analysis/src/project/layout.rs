//! Which file is which module.
//!
//! A file's own dotted name is what pytest's default import mode (`prepend`) gives it: the directories upwards
//! that hold an `__init__.py`, then the stem (pytest documentation, "pytest import mechanisms").

use std::path::{Path, PathBuf};

use indexmap::IndexSet;
use memchr::{memchr, memrchr};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use smol_str::SmolStr;

/// The Python files of a project by dotted module name.
#[derive(Debug, Default)]
pub struct Layout {
    files: IndexSet<PathBuf, FxBuildHasher>,
    /// The places in `files`: a file goes by several names.
    modules: FxHashMap<SmolStr, u32>,
    /// The first parts of the names: most paths lead out of the project, and are told by it.
    tops: FxHashSet<SmolStr>,
}

impl Layout {
    /// `roots` are directories whose files can also be imported by their path from there
    /// (rootdir, `pythonpath`), which matters for directories without `__init__.py`. Of files that go by one name the one
    /// below the first root counts: the others belong to projects beside it.
    pub fn new(files: impl IntoIterator<Item = PathBuf>, roots: &[PathBuf]) -> Layout {
        let mut layout = Layout { files: files.into_iter().collect(), ..Layout::default() };
        let is_beside = |path: &PathBuf| roots.first().is_some_and(|own| !path.starts_with(own));
        layout.files.sort_by(|a, b| (is_beside(a), a).cmp(&(is_beside(b), b)));
        for (path, index) in layout.files.iter().zip(0..) {
            layout.modules.entry(layout.module_name(path)).or_insert(index);
        }
        for (path, index) in layout.files.iter().zip(0..) {
            for root in roots {
                let Some(name) = path.strip_prefix(root).ok().and_then(dotted) else { continue };
                layout.modules.entry(name).or_insert(index);
            }
        }
        layout.tops = layout.modules.keys().map(|name| SmolStr::new(top(name))).collect();
        layout.files.shrink_to_fit();
        layout.modules.shrink_to_fit();
        layout
    }

    /// The dotted name under which pytest imports the file.
    pub fn module_name(&self, path: &Path) -> SmolStr {
        let is_package = |dir: &Path| self.files.contains(&dir.join("__init__.py"));
        let mut base = path.parent().unwrap_or(Path::new(""));
        while is_package(base) {
            let Some(parent) = base.parent() else { break };
            base = parent;
        }
        path.strip_prefix(base).ok().and_then(dotted).unwrap_or_default()
    }

    /// The file of a module, by its own name or by its path from a root.
    pub fn file_of(&self, module: &str) -> Option<&Path> {
        let index = self.modules.get(module)?;
        self.files.get_index(*index as usize).map(PathBuf::as_path)
    }

    pub fn contains(&self, path: &Path) -> bool {
        self.files.contains(path)
    }

    pub fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.files.iter()
    }

    /// Splits `a.b.C.d` into the file of the longest module prefix and the rest, `C.d`.
    pub fn split_path<'a>(&self, path: &'a str) -> Option<(&Path, &'a str)> {
        if !self.tops.contains(top(path)) {
            return None;
        }
        let mut end = path.len();
        loop {
            if let Some(file) = self.file_of(&path[..end]) {
                return Some((file, path[end..].trim_start_matches('.')));
            }
            end = memrchr(b'.', &path.as_bytes()[..end])?;
        }
    }
}

/// `a` of `a.b.c`.
fn top(name: &str) -> &str {
    memchr(b'.', name.as_bytes()).map_or(name, |dot| &name[..dot])
}

/// `a/b/c.py` as `a.b.c`, `a/b/__init__.py` as `a.b`.
fn dotted(relative: &Path) -> Option<SmolStr> {
    let mut parts: Vec<&str> = relative.parent()?.iter().map(|part| part.to_str()).collect::<Option<_>>()?;
    let stem = relative.file_stem()?.to_str()?;
    if stem != "__init__" {
        parts.push(stem);
    }
    Some(SmolStr::from(parts.join(".")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(files: &[&str]) -> Layout {
        Layout::new(files.iter().map(PathBuf::from), &[PathBuf::from("/p")])
    }

    #[test]
    fn a_package_is_named_from_its_top_directory() {
        let layout = layout(&["/p/src/shop/__init__.py", "/p/src/shop/cart.py"]);
        assert_eq!(layout.module_name(Path::new("/p/src/shop/cart.py")), "shop.cart");
        assert_eq!(layout.file_of("shop"), Some(Path::new("/p/src/shop/__init__.py")));
    }

    #[test]
    fn a_file_outside_packages_answers_to_both_its_names() {
        let layout = layout(&["/p/tests/lib.py"]);
        assert_eq!(layout.file_of("lib"), Some(Path::new("/p/tests/lib.py")));
        assert_eq!(layout.file_of("tests.lib"), Some(Path::new("/p/tests/lib.py")));
    }

    #[test]
    fn of_modules_with_one_name_the_projects_own_counts() {
        let files = ["/p/bank/app.py", "/p/shop/app.py", "/p/tax.py"].map(PathBuf::from);
        for (own, file) in [("/p/shop", "/p/shop/app.py"), ("/p/bank", "/p/bank/app.py")] {
            let layout = Layout::new(files.clone(), &[PathBuf::from(own), PathBuf::from("/p")]);
            assert_eq!(layout.file_of("app"), Some(Path::new(file)));
            assert_eq!(layout.file_of("tax"), Some(Path::new("/p/tax.py")));
        }
    }

    #[test]
    fn a_dotted_path_is_cut_behind_the_longest_module() {
        let layout = layout(&["/p/shop/__init__.py", "/p/shop/cart.py"]);
        assert_eq!(
            layout.split_path("shop.cart.Cart.total"),
            Some((Path::new("/p/shop/cart.py"), "Cart.total"))
        );
        assert_eq!(layout.split_path("os.environ"), None);
    }
}
