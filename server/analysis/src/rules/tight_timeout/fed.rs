//! Waits for what the test has put there itself: they end at once.

use super::timed::Timed;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;

/// Methods that put something where the next wait of the same object finds it.
const FEEDS: &[&str] = &["feed_data", "feed_eof", "put", "put_nowait", "set", "set_exception", "set_result"];

/// Whether the test has fed what the call waits for in the line before, or in lines that do nothing but feed.
pub fn is_fed(subject: &Subject<'_>, timed: &Timed) -> bool {
    let code = subject.code();
    let Some(object) = object(subject, timed.call) else { return false };
    let statement = code.statement_of(timed.call);
    let before = subject.body().take_while(|node| *node < statement);
    let mut calls = before.filter(|node| matches!(code.kind(*node), NodeKind::Call { .. }));
    let last = calls
        .by_ref()
        .filter(|node| code.node(code.statement_of(*node)).parent == code.node(statement).parent);
    last.last().is_some_and(|call| {
        let NodeKind::Call { func, .. } = code.kind(call) else { return false };
        let feeds = code.kind(*func).last_name().is_some_and(|name| FEEDS.contains(&name));
        feeds && subject.runs_here(call) && root(subject, *func) == Some(object)
    })
}

/// The name of the object that is waited on: `inbox` of `inbox.get(timeout=1)` and of `wait_for(inbox.get(), 1)`.
fn object<'s>(subject: &'s Subject<'_>, call: NodeId) -> Option<&'s str> {
    let code = subject.code();
    let NodeKind::Call { func, args } = code.kind(call) else { return None };
    let is_of_asyncio = subject.resolve(*func).is_some_and(|path| path.starts_with("asyncio."));
    if !is_of_asyncio {
        return root(subject, *func);
    }
    let NodeKind::Call { func, .. } = code.kind(args.first()?.value) else { return None };
    root(subject, *func)
}

fn root<'s>(subject: &'s Subject<'_>, func: NodeId) -> Option<&'s str> {
    let code = subject.code();
    let mut at = func;
    while let NodeKind::Attribute { value, .. } = code.kind(at) {
        at = *value;
    }
    code.kind(at).as_name().filter(|name| at != func && *name != "self")
}
