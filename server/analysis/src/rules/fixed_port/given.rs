//! What a function is given, by whoever calls it: the call itself, or a thread, process or executor that is to make it.

use smol_str::SmolStr;

use crate::facts::arguments::{argument, keyword};
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;

/// A function and its arguments.
pub struct Given {
    pub func: NodeId,
    positional: Vec<NodeId>,
    /// `*address` behind them.
    pub rest: Option<NodeId>,
    named: Vec<(SmolStr, NodeId)>,
}

/// Makers of threads and processes, which call `target`.
const STARTERS: &[&str] = &[
    "multiprocessing.Process",
    "multiprocessing.context.Process",
    "multiprocessing.process.Process",
    "threading.Thread",
];

impl Given {
    /// What `call` calls now or hands over to be called.
    pub fn of(subject: &Subject<'_>, call: NodeId) -> Option<Given> {
        let NodeKind::Call { func, args } = subject.code().kind(call) else { return None };
        let path = subject.resolve(*func);
        if path.as_deref().is_some_and(|path| STARTERS.contains(&path)) || is_process(subject, *func) {
            return started(subject, args);
        }
        let skipped = match (path.as_deref(), subject.code().kind(*func).last_name()) {
            (Some("asyncio.to_thread" | "functools.partial" | "anyio.to_thread.run_sync"), _) => 1,
            (_, Some("submit" | "apply_async")) => 1,
            (_, Some("run_in_executor")) => 2,
            _ => return Some(direct(*func, args)),
        };
        let func = args.get(skipped - 1)?.value;
        Some(direct(func, &args[skipped..]))
    }

    /// The argument of a parameter.
    pub fn argument(&self, index: usize, name: &str) -> Option<NodeId> {
        let named = self.named.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
        named.or_else(|| self.positional.get(index).copied())
    }

    /// The argument that `*rest` fills, if it begins at that place.
    pub fn rest_at(&self, index: usize) -> Option<NodeId> {
        self.rest.filter(|_| self.positional.len() == index)
    }

    pub fn values(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.positional.iter().copied().chain(self.named.iter().map(|(_, value)| *value))
    }
}

/// `multiprocessing.get_context("spawn").Process`
fn is_process(subject: &Subject<'_>, func: NodeId) -> bool {
    let code = subject.code();
    match code.kind(func) {
        NodeKind::Attribute { value, attr, .. } if attr == "Process" => {
            subject.maker(*value).is_some_and(|(maker, call)| {
                maker.callee(call).as_deref() == Some("multiprocessing.get_context")
            })
        }
        _ => false,
    }
}

fn direct(func: NodeId, args: &[Argument]) -> Given {
    let leading = args.iter().take_while(|argument| argument.kind == ArgumentKind::Positional);
    let positional: Vec<NodeId> = leading.map(|argument| argument.value).collect();
    let rest = args.get(positional.len()).filter(|next| next.kind == ArgumentKind::Star);
    let named = args.iter().filter_map(|argument| match &argument.kind {
        ArgumentKind::Keyword(name) => Some((name.clone(), argument.value)),
        _ => None,
    });
    Given { func, rest: rest.map(|rest| rest.value), named: named.collect(), positional }
}

fn started(subject: &Subject<'_>, args: &[Argument]) -> Option<Given> {
    let code = subject.code();
    let func = argument(args, 1, "target")?;
    let positional = match argument(args, 3, "args").map(|args| code.kind(args)) {
        Some(NodeKind::Tuple(parts) | NodeKind::List(parts)) => parts.to_vec(),
        _ => Vec::new(),
    };
    let named = match keyword(args, "kwargs").map(|kwargs| code.kind(kwargs)) {
        Some(NodeKind::Dict(pairs)) => pairs
            .iter()
            .filter_map(|(key, value)| Some((SmolStr::new(code.kind((*key)?).as_str()?), *value)))
            .collect(),
        Some(NodeKind::Call { args, .. }) => direct(func, args).named,
        _ => Vec::new(),
    };
    Some(Given { func, positional, rest: None, named })
}
