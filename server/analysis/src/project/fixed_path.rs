//! Whether an expression is a file system path that is the same in every run.

use super::resolve::Scope;
use super::{Module, Project, Subject};
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, NodeId, NodeKind};

/// Names of names of names are followed this far.
const MAX_HOPS: u32 = 8;

/// A path that does not depend on the run: as far as it is known, with `/` between its parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FixedPath {
    pub base: Base,
    /// Below the base; may be empty.
    pub tail: String,
}

/// Where a fixed path starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Base {
    /// `/…`
    Root,
    /// The directory that the tests are run in.
    WorkingDirectory,
    /// `tempfile.gettempdir()`
    TemporaryDirectory,
    /// `~`
    Home,
    /// A directory of the source tree, by `__file__`.
    Source,
}

impl FixedPath {
    pub fn of_text(text: &str) -> FixedPath {
        let (base, tail) = match text {
            _ if text.starts_with('/') => (Base::Root, &text[1..]),
            _ if text == "~" || text.starts_with("~/") => {
                (Base::Home, text.trim_start_matches("~").trim_start_matches('/'))
            }
            _ => (Base::WorkingDirectory, text),
        };
        let mut path = FixedPath { base, tail: String::new() };
        path.push(tail);
        path
    }

    /// The last part; empty for a bare base.
    pub fn name(&self) -> &str {
        self.tail.rsplit('/').next().unwrap_or_default()
    }

    /// The path in words for a message.
    pub fn shown(&self) -> String {
        match self.base {
            Base::Root => format!("/{}", self.tail),
            Base::WorkingDirectory if self.tail.is_empty() => "the working directory".to_owned(),
            Base::WorkingDirectory => self.tail.clone(),
            Base::TemporaryDirectory => format!("<temporary directory>/{}", self.tail),
            Base::Home => format!("~/{}", self.tail),
            Base::Source => format!("<source directory>/{}", self.tail),
        }
    }

    /// The first part below the base, or below a directory that everybody writes to, such as `/tmp`.
    pub fn top(&self) -> FixedPath {
        let shared = match self.base {
            Base::Root => ["tmp/", "var/tmp/", "dev/shm/"]
                .iter()
                .find(|dir| self.tail.starts_with(**dir))
                .map_or(0, |d| d.len()),
            _ => 0,
        };
        let end = self.tail[shared..].find('/').map_or(self.tail.len(), |end| shared + end);
        FixedPath { base: self.base, tail: self.tail[..end].to_owned() }
    }

    /// Whether `other` is this path or lies below it.
    pub fn holds(&self, other: &FixedPath) -> bool {
        self.base == other.base
            && (self.tail.is_empty()
                || other.tail == self.tail
                || other.tail.strip_prefix(&self.tail).is_some_and(|rest| rest.starts_with('/')))
    }

    fn joined(mut self, text: &str) -> FixedPath {
        if text.starts_with('/') {
            return FixedPath::of_text(text);
        }
        self.push(text);
        self
    }

    fn parent(mut self) -> FixedPath {
        self.tail = self.tail.rsplit_once('/').map(|(head, _)| head.to_owned()).unwrap_or_default();
        self
    }

    fn push(&mut self, text: &str) {
        for part in text.split('/').filter(|part| !part.is_empty() && *part != ".") {
            if !self.tail.is_empty() {
                self.tail.push('/');
            }
            self.tail.push_str(part);
        }
    }
}

/// A value as far as paths are concerned.
enum Value {
    /// A string that may become part of a path.
    Text(String),
    Path(FixedPath),
}

impl Value {
    fn path(self) -> FixedPath {
        match self {
            Value::Text(text) => FixedPath::of_text(&text),
            Value::Path(path) => path,
        }
    }
}

impl Subject<'_> {
    /// The fixed path that an expression of the item gives; `None` where it may differ between runs, workers or
    /// tests, or is not known.
    pub fn fixed_path(&self, expr: NodeId) -> Option<FixedPath> {
        let evaluator = Evaluator { scope: self.scope(), item: self.item };
        evaluator.value(expr, MAX_HOPS).map(Value::path)
    }

    /// The same, where the expression is a path object and not text.
    pub fn fixed_path_object(&self, expr: NodeId) -> Option<FixedPath> {
        Evaluator { scope: self.scope(), item: self.item }.path_object(expr, MAX_HOPS)
    }
}

/// The text that an expression of an item gives in every run; `None` also for path objects.
pub fn fixed_text(scope: Scope<'_>, item: u32, expr: NodeId) -> Option<String> {
    match (Evaluator { scope, item }).value(expr, MAX_HOPS)? {
        Value::Text(text) => Some(text),
        Value::Path(_) => None,
    }
}

struct Evaluator<'a> {
    scope: Scope<'a>,
    item: u32,
}

impl Evaluator<'_> {
    fn value(&self, expr: NodeId, hops: u32) -> Option<Value> {
        let hops = hops.checked_sub(1)?;
        match self.scope.code().kind(expr) {
            NodeKind::Str(text) => Some(Value::Text(text.to_string())),
            NodeKind::FString { template, values } => self.template(template, values, hops),
            NodeKind::Name(name) => self.name(name, expr, hops),
            NodeKind::Attribute { value, attr, .. } => self.attribute(expr, *value, attr, hops),
            NodeKind::Binary { op, left, right } => self.binary(op, *left, *right, hops),
            NodeKind::Call { func, args } => self.call(*func, args, hops),
            _ => None,
        }
    }

    fn template(&self, template: &str, values: &[NodeId], hops: u32) -> Option<Value> {
        let mut text = String::new();
        let mut values = values.iter();
        let mut base = None;
        for (index, part) in template.split("{}").enumerate() {
            if index > 0 {
                match self.value(*values.next()?, hops)? {
                    Value::Text(value) => text.push_str(&value),
                    Value::Path(path) if text.is_empty() => base = Some(path),
                    Value::Path(_) => return None,
                }
            }
            text.push_str(part);
        }
        Some(match base {
            Some(path) => Value::Path(path.joined(text.trim_start_matches('/'))),
            None => Value::Text(text),
        })
    }

    fn name(&self, name: &str, at: NodeId, hops: u32) -> Option<Value> {
        if name == "__file__" {
            return Some(Value::Path(FixedPath { base: Base::Source, tail: self.file_name()? }));
        }
        let local = self.scope.facts.bindings().visible(self.scope.code(), name, at);
        match local.as_slice() {
            [] => self.module_constant(self.scope.module, name, hops).or_else(|| self.imported(at, hops)),
            [one] => match &one.kind {
                BindingKind::Value(value) => self.value(*value, hops),
                BindingKind::Param(_) => self.fixture_value(name, hops),
                BindingKind::FromImport { .. } => self.imported(at, hops),
                _ => None,
            },
            _ => None,
        }
    }

    fn file_name(&self) -> Option<String> {
        Some(self.scope.module.file.path.file_name()?.to_str()?.to_owned())
    }

    /// A module-level name that is bound once, to a fixed value.
    fn module_constant(&self, module: &Module, name: &str, hops: u32) -> Option<Value> {
        let [binding] = module.file.scope().get(name) else { return None };
        let ModuleBindingKind::Bound { kind: BindingKind::Value(value), .. } = &binding.kind else {
            return None;
        };
        let facts = module.file.facts(binding.item);
        let scope = Scope { project: self.scope.project, module, facts };
        Evaluator { scope, item: binding.item }.value(*value, hops)
    }

    /// A constant imported from a module of the project, or a known one of the standard library.
    fn imported(&self, expr: NodeId, hops: u32) -> Option<Value> {
        let path = self.scope.path(expr)?;
        let project: &Project = self.scope.project;
        let (file, rest) = project.layout.split_path(&path)?;
        if rest.is_empty() || rest.contains('.') {
            return None;
        }
        self.module_constant(&project.module(file)?, rest, hops)
    }

    /// What a fixture of the project returns or yields, where that is one fixed path.
    fn fixture_value(&self, name: &str, hops: u32) -> Option<Value> {
        let project = self.scope.project;
        let fixture = project.fixture(self.scope.module, self.item, name)?;
        let facts = fixture.module.file.facts(fixture.item);
        let code = &facts.code;
        let function = code.function()?;
        let mut given =
            function.body.iter().flat_map(|statement| code.subtree(*statement)).filter_map(|node| match code
                .kind(node)
            {
                NodeKind::Return(Some(value)) | NodeKind::Yield { value: Some(value), from: false } => {
                    Some(*value)
                }
                _ => None,
            });
        let (first, rest) = (given.next()?, given.next());
        if rest.is_some()
            || (fixture.module.file.path == self.scope.module.file.path && fixture.item == self.item)
        {
            return None;
        }
        let scope = Scope { project, module: &fixture.module, facts };
        Evaluator { scope, item: fixture.item }.value(first, hops)
    }

    fn attribute(&self, expr: NodeId, value: NodeId, attr: &str, hops: u32) -> Option<Value> {
        match self.scope.path(expr).as_deref() {
            Some("tempfile.tempdir") => return Some(base(Base::TemporaryDirectory)),
            Some("os.curdir") => return Some(base(Base::WorkingDirectory)),
            Some("os.sep") => return Some(Value::Text("/".to_owned())),
            _ => {}
        }
        if attr == "parent" {
            return Some(Value::Path(self.path_object(value, hops)?.parent()));
        }
        self.imported(expr, hops)
    }

    /// A value that is a path already, not just text.
    fn path_object(&self, expr: NodeId, hops: u32) -> Option<FixedPath> {
        match self.value(expr, hops)? {
            Value::Path(path) => Some(path),
            Value::Text(_) => None,
        }
    }

    fn binary(&self, op: &str, left: NodeId, right: NodeId, hops: u32) -> Option<Value> {
        match (op, self.value(left, hops)?, self.value(right, hops)?) {
            ("+", Value::Text(left), Value::Text(right)) => Some(Value::Text(left + &right)),
            ("+", Value::Path(left), Value::Text(right)) => {
                let path = if right.starts_with('/') {
                    left.joined(right.trim_start_matches('/'))
                } else {
                    FixedPath { base: left.base, tail: left.tail + &right }
                };
                Some(Value::Path(path))
            }
            ("/", Value::Path(left), Value::Text(right)) => Some(Value::Path(left.joined(&right))),
            _ => None,
        }
    }

    fn call(&self, func: NodeId, args: &[Argument], hops: u32) -> Option<Value> {
        if let Some(path) = self.scope.path(func) {
            return self.known_call(&path, args, hops);
        }
        let NodeKind::Attribute { value, attr, .. } = self.scope.code().kind(func) else { return None };
        let receiver = || self.path_object(*value, hops);
        match (attr.as_str(), args) {
            ("resolve" | "absolute" | "expanduser" | "as_posix" | "__str__", []) => {
                Some(Value::Path(receiver()?))
            }
            ("joinpath", parts) => self.joined(receiver()?, parts, hops),
            ("with_name", [part]) => {
                let Value::Text(name) = self.positional(part, hops)? else { return None };
                Some(Value::Path(receiver()?.parent().joined(&name)))
            }
            ("with_suffix", [part]) => {
                let Value::Text(suffix) = self.positional(part, hops)? else { return None };
                let path = receiver()?;
                let stem = path.name().rsplit_once('.').map_or(path.name(), |(stem, _)| stem).to_owned();
                Some(Value::Path(path.parent().joined(&format!("{stem}{suffix}"))))
            }
            _ => None,
        }
    }

    fn known_call(&self, path: &str, args: &[Argument], hops: u32) -> Option<Value> {
        let first = || self.positional(args.first()?, hops);
        match path {
            "tempfile.gettempdir" => Some(base(Base::TemporaryDirectory)),
            "os.getcwd" | "pathlib.Path.cwd" => Some(base(Base::WorkingDirectory)),
            "pathlib.Path.home" => Some(base(Base::Home)),
            "os.path.join" => {
                let start = first()?.path();
                self.joined(start, &args[1..], hops)
            }
            "pathlib.Path" | "pathlib.PosixPath" | "pathlib.PurePath" | "anyio.Path" | "trio.Path"
            | "py.path.local" => {
                if args.is_empty() {
                    return Some(base(Base::WorkingDirectory));
                }
                let start = first()?.path();
                self.joined(start, &args[1..], hops)
            }
            "os.path.dirname" => Some(Value::Path(first()?.path().parent())),
            "os.path.abspath" | "os.path.realpath" | "os.path.normpath" | "os.path.expanduser" => {
                Some(Value::Path(first()?.path()))
            }
            "os.fspath" | "builtins.str" => first(),
            _ => None,
        }
    }

    fn joined(&self, mut start: FixedPath, parts: &[Argument], hops: u32) -> Option<Value> {
        for part in parts {
            match self.positional(part, hops)? {
                Value::Text(text) => start = start.joined(&text),
                Value::Path(path) => start = path,
            }
        }
        Some(Value::Path(start))
    }

    fn positional(&self, argument: &Argument, hops: u32) -> Option<Value> {
        match argument.kind {
            ArgumentKind::Positional => self.value(argument.value, hops),
            _ => None,
        }
    }
}

fn base(base: Base) -> Value {
    Value::Path(FixedPath { base, tail: String::new() })
}
