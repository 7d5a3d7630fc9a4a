//! The database that a call gives: opened, wrapped, or returned by a function of the project.

use super::makers::{
    DATABASE_NAMES, Form, SAME_DATABASE, SERVER_NAMES, URL_NAMES, WRAPPED_NAMES, is_wrapper, maker,
};
use super::{Database, Frame, Sharing, address, environment, runs_in_tests};
use crate::facts::arguments::{argument, keyword, positional};
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::fixed_path::fixed_text;

impl Frame<'_> {
    pub(super) fn made(&self, func: NodeId, args: &[Argument], hops: u32) -> Option<Database> {
        let subject = &self.subject;
        let path = subject.resolve(func);
        if let Some(path) = &path {
            if matches!(path.as_str(), "os.environ.get" | "os.getenv") {
                let name = positional(args, 0)?;
                return environment::variable(self, name, name, argument(args, 1, "default"), hops);
            }
            if let Some(form) = maker(path) {
                return self.opened(form, args, path == "sqlite3.connect", hops);
            }
            if is_wrapper(path) {
                let names = WRAPPED_NAMES.iter().find_map(|name| keyword(args, name));
                return self.reached(names.or_else(|| positional(args, 0))?, hops);
            }
            if path.ends_with("engine.URL.create") || path == "sqlalchemy.URL.create" {
                return self.by_keywords(args, hops);
            }
        }
        if let Some(callee) = subject.definition(func).filter(|callee| callee.name() == callee.called_name())
        {
            return Frame::called(callee.subject(subject.project), self, args).result(hops);
        }
        match subject.code().kind(func) {
            NodeKind::Attribute { value, attr, .. } if SAME_DATABASE.contains(&attr.as_str()) => {
                self.reached(*value, hops)
            }
            NodeKind::Attribute { value, attr, .. } if attr == "replace" => {
                self.with_another_driver(*value, args, hops)
            }
            _ => self.reached(func, hops),
        }
    }

    /// `url.replace("postgresql://", "postgresql+asyncpg://")`.
    fn with_another_driver(&self, url: NodeId, args: &[Argument], hops: u32) -> Option<Database> {
        let is_fixed =
            |arg: &Argument| fixed_text(self.subject.scope(), self.subject.item, arg.value).is_some();
        args.iter().all(is_fixed).then(|| self.reached(url, hops)).flatten()
    }

    fn opened(&self, form: Form, args: &[Argument], is_sqlite3: bool, hops: u32) -> Option<Database> {
        match form {
            Form::Url => {
                let url =
                    URL_NAMES.iter().find_map(|name| keyword(args, name)).or_else(|| positional(args, 0));
                match url {
                    Some(url) => self.reached(url, hops),
                    None => self.by_keywords(args, hops),
                }
            }
            Form::File => {
                let path = argument(args, 0, "database")?;
                let fixed = self.subject.fixed_path(path)?;
                let shown = address::file(&fixed.shown()).filter(|_| !fixed.tail.is_empty())?;
                let mut found = Database::written(&self.subject, path, shown, Sharing::Fixed);
                found.is_opened_file = is_sqlite3 && runs_in_tests(&self.subject);
                Some(found)
            }
            Form::Name => {
                let name = argument(args, 0, "database")?;
                let shown = fixed_text(self.subject.scope(), self.subject.item, name)?;
                Some(Database::written(&self.subject, name, shown, Sharing::Fixed))
            }
        }
    }

    /// `host="localhost", dbname="shop"`: all of them constant, or some configured.
    fn by_keywords(&self, args: &[Argument], hops: u32) -> Option<Database> {
        let mut sharing = Sharing::Fixed;
        let mut said = |names: &[&str]| -> Option<Option<String>> {
            let Some(value) = names.iter().find_map(|name| keyword(args, name)) else { return Some(None) };
            if let Some(text) = fixed_text(self.subject.scope(), self.subject.item, value) {
                return Some(Some(text));
            }
            if let NodeKind::Int(Some(number)) = self.subject.code().kind(value) {
                return Some(Some(number.to_string()));
            }
            sharing = Sharing::Configured;
            self.is_configured(value, hops).then_some(None)
        };
        if args.iter().any(|arg| arg.kind == ArgumentKind::DoubleStar) {
            return None;
        }
        for name in SERVER_NAMES.iter().filter(|name| **name != "host") {
            said(&[name])?;
        }
        let host = said(&["host"])?;
        let database = said(DATABASE_NAMES)?;
        let at = DATABASE_NAMES.iter().find_map(|name| keyword(args, name))?;
        let database = database.unwrap_or_else(|| "the configured database".to_owned());
        let shown = match host {
            Some(host) => format!("{database} on {host}"),
            None => database,
        };
        Some(Database::written(&self.subject, at, shown, sharing))
    }

    /// Whether an expression asks the environment.
    fn is_configured(&self, expr: NodeId, hops: u32) -> bool {
        match self.subject.code().kind(expr) {
            NodeKind::Call { func, .. } => {
                matches!(self.subject.resolve(*func).as_deref(), Some("os.environ.get" | "os.getenv"))
            }
            NodeKind::Subscript { value, .. } => {
                self.subject.resolve(*value).as_deref() == Some("os.environ")
            }
            _ => self.reached(expr, hops).is_some(),
        }
    }
}
