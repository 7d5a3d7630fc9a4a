//! Programs that tests run as subprocesses.

use super::Subject;
use crate::facts::arguments::keyword;
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};

/// Functions that run a program.
const RUNNERS: &[&str] = &[
    "asyncio.create_subprocess_exec",
    "asyncio.create_subprocess_shell",
    "os.system",
    "subprocess.Popen",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "subprocess.run",
];

/// The words of the command that a call runs, as far as they are literal; `None` for other calls.
pub fn command(subject: &Subject<'_>, func: NodeId, args: &[Argument]) -> Option<Vec<String>> {
    RUNNERS.contains(&subject.resolve(func)?.as_str()).then(|| words(subject, args))
}

/// The words of a command, as far as they are literal.
pub fn words(subject: &Subject<'_>, args: &[Argument]) -> Vec<String> {
    let positional = args.iter().filter(|arg| arg.kind == ArgumentKind::Positional);
    let named = keyword(args, "args").into_iter();
    let parts = positional.map(|arg| arg.value).chain(named);
    parts
        .flat_map(|part| {
            let origin = subject.origin(part);
            let origin = origin.followed(subject.project);
            let literal = |kind: &NodeKind| match kind {
                NodeKind::Str(text) | NodeKind::FString { template: text, .. } => text.to_string(),
                _ => "…".to_owned(),
            };
            match origin.kind() {
                NodeKind::List(items) | NodeKind::Tuple(items) => {
                    items.iter().map(|item| literal(origin.kind_of(*item))).collect()
                }
                kind => literal(kind).split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
            }
        })
        .collect()
}
