//! Objects that belong to one event loop.

use smol_str::SmolStr;

use crate::facts::arguments::keyword;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::Subject;

/// When an object comes to belong to a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bond {
    /// When it is made, in the loop that runs then.
    Made,
    /// By the connections that it keeps: each belongs to the loop in which it was first used.
    Used,
}

/// An object, and the call that makes it.
#[derive(Clone, Debug)]
pub struct Bound {
    pub made: NodeId,
    /// The class or function that makes it, as messages call it.
    pub maker: SmolStr,
    pub bond: Bond,
}

/// Makers of clients and connections, and when what they make is bound.
const MAKERS: &[(&str, Bond)] = &[
    ("aiohttp.ClientSession", Bond::Made),
    ("aiohttp.client.ClientSession", Bond::Made),
    ("asyncio.open_connection", Bond::Made),
    ("asyncio.open_unix_connection", Bond::Made),
    ("asyncpg.connect", Bond::Made),
    ("asyncpg.create_pool", Bond::Made),
    ("httpx.AsyncClient", Bond::Used),
    ("redis.asyncio.Redis", Bond::Used),
    ("redis.asyncio.from_url", Bond::Used),
    ("redis.asyncio.Redis.from_url", Bond::Used),
];

/// The object that an expression gives: made there, awaited, entered, or kept under a local name.
pub fn given(subject: &Subject<'_>, expr: NodeId) -> Option<Bound> {
    let code = subject.code();
    match code.kind(expr) {
        NodeKind::Await(inner) => given(subject, *inner),
        NodeKind::Call { .. } => made(subject, expr),
        NodeKind::Name(name) => {
            let bound = subject.facts.bindings().visible(code, name, expr);
            let [only] = bound.as_slice() else { return None };
            match only.kind {
                BindingKind::Value(value) | BindingKind::Entered(value) if value != expr => {
                    let value = match code.kind(value) {
                        NodeKind::Await(inner) => *inner,
                        _ => value,
                    };
                    made(subject, value)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn made(subject: &Subject<'_>, call: NodeId) -> Option<Bound> {
    let NodeKind::Call { func, args } = subject.code().kind(call) else { return None };
    let path = subject.callee(call);
    let known = path.as_deref().and_then(|path| MAKERS.iter().find(|(maker, _)| *maker == path));
    let Some((maker, bond)) = known else { return made_by_helper(subject, call, *func) };
    // A transport of its own, as for an application in the same process, keeps no connection that is known of.
    let is_local = ["app", "connector", "connection_pool", "mounts", "transport"]
        .iter()
        .any(|name| keyword(args, name).is_some());
    (!is_local).then(|| Bound { made: call, maker: SmolStr::new(maker), bond: *bond })
}

/// What a function of the project makes and returns, in one place alone: the call of it stands for the making.
fn made_by_helper(subject: &Subject<'_>, call: NodeId, func: NodeId) -> Option<Bound> {
    let helper = subject.definition(func)?.subject(subject.project);
    let is_plain = helper.function().is_some_and(|function| function.decorators.is_empty());
    let results = helper.results();
    let [only] = results.as_slice() else { return None };
    let code = helper.code();
    let making = match code.kind(*only) {
        NodeKind::Await(inner) => *inner,
        _ => *only,
    };
    let path = helper.callee(making).filter(|_| is_plain)?;
    // Only what is made there: a helper of a helper is followed no further.
    MAKERS.iter().any(|(maker, _)| *maker == path).then_some(())?;
    Some(Bound { made: call, ..made(&helper, making)? })
}
