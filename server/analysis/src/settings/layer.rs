//! One place that settings come from, and what is wrong there.

use std::path::{Path, PathBuf};

use super::KnownRule;
use super::patterns::Patterns;
use super::reading::{Reader, Said};
use crate::config_text::value::Value;
use crate::config_text::{ConfigFiles, Fault, Problem, decode, toml};
use crate::text::TextRange;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    #[default]
    Flags,
    Editor,
    File(PathBuf),
}

/// An unknown name or a wrong value; the rest counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingProblem {
    pub origin: Origin,
    /// Bytes of the file, when it is one.
    pub range: TextRange,
    pub message: String,
}

impl SettingProblem {
    /// The problem as one of a file, when it is in one.
    pub fn in_file(&self) -> Option<Problem> {
        let Origin::File(path) = &self.origin else { return None };
        Some(Problem { path: path.clone(), range: self.range, message: self.message.clone() })
    }
}

/// What one place says, by default nothing. Read once, so its problems are told once.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    pub origin: Origin,
    pub problems: Vec<SettingProblem>,
    pub(super) said: Said,
}

impl Layer {
    /// The nearest settings file from `dir` upwards to `limit`; in one directory `flakeless.toml` before
    /// `pyproject.toml`, which counts with a `[tool.flakeless]` only.
    pub fn nearest(dir: &Path, limit: &Path, files: &dyn ConfigFiles, rules: &[KnownRule]) -> Option<Layer> {
        let inside = dir.starts_with(limit);
        let bases = dir.ancestors().take_while(|base| !inside || base.starts_with(limit));
        bases.flat_map(|base| ["flakeless.toml", "pyproject.toml"].map(|name| base.join(name))).find_map(
            |path| {
                let bytes = files.read(&path)?;
                Layer::from_file(&path, &bytes, rules)
            },
        )
    }

    /// The settings in a `pyproject.toml` or a `flakeless.toml`; `None` when it has none to give.
    pub fn from_file(path: &Path, bytes: &[u8], rules: &[KnownRule]) -> Option<Layer> {
        let origin = Origin::File(path.to_path_buf());
        let base = path.parent().unwrap_or(Path::new(""));
        let whole = path.file_name().is_some_and(|name| name == "flakeless.toml");
        let text = match decode(bytes) {
            Ok(text) => text,
            Err(fault) => return whole.then(|| Layer::faulty(origin, fault)),
        };
        let read = toml::read(text);
        let table = if whole { Some(&read.root) } else { read.root.at(&["tool", "flakeless"]) };
        let mut layer = Layer::from_values(origin, base, table?, rules);
        if let Some(fault) = read.fault {
            layer.problems.insert(0, problem(&layer.origin, fault));
        }
        Some(layer)
    }

    /// What flags or an editor say: a table as in `[tool.flakeless]`. Relative paths are taken from `base`.
    pub fn from_values(origin: Origin, base: &Path, table: &Value, rules: &[KnownRule]) -> Layer {
        let mut reader = Reader::new(base, rules);
        reader.table(table);
        let problems = reader.faults.into_iter().map(|fault| problem(&origin, fault)).collect();
        Layer { origin, problems, said: reader.said }
    }

    /// The folder of the settings file, where it is one.
    pub(super) fn folder(&self) -> Option<&Path> {
        match &self.origin {
            Origin::File(path) => path.parent(),
            Origin::Flags | Origin::Editor => None,
        }
    }

    /// The patterns of `exclude` as written, for a walk over folders; `None` when they are not set here.
    pub fn exclude(&self) -> Option<&[String]> {
        self.said.exclude.as_ref().map(Patterns::texts)
    }

    /// The problem that `python` names no environment, if the file here is what names it.
    pub fn no_environment(&self) -> Option<Problem> {
        let (path, range) = self.said.python.as_ref()?;
        let message =
            format!("`python` names no environment: there is no `site-packages` for `{}`.", path.display());
        let fault = Fault::new(*range, message);
        problem(&self.origin, fault).in_file()
    }

    fn faulty(origin: Origin, fault: Fault) -> Layer {
        let problems = vec![problem(&origin, fault)];
        Layer { origin, problems, said: Said::default() }
    }
}

fn problem(origin: &Origin, fault: Fault) -> SettingProblem {
    SettingProblem { origin: origin.clone(), range: fault.range, message: fault.message }
}
