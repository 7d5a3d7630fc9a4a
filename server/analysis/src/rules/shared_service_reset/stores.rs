//! Servers that keep data, emptied through a client whose making is in sight.

use super::{Found, Kind};
use crate::facts::code::ArgumentKind;
use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::Subject;

/// Makers of clients, by the end of their path below the package.
const CLIENTS: &[(&str, &[&str])] = &[
    ("aioredis", &["Redis", "StrictRedis", "from_url"]),
    ("memcache", &["Client"]),
    ("pylibmc", &["Client"]),
    ("pymemcache", &["Client", "HashClient", "PooledClient"]),
    ("pymongo", &["AsyncMongoClient", "MongoClient"]),
    ("redis", &["Redis", "StrictRedis", "from_url"]),
];

/// Every call of the function itself that empties a server.
pub fn emptied(subject: &Subject<'_>) -> Vec<Found> {
    let code = subject.code();
    let calls = subject.body().filter(|node| subject.runs_here(*node));
    calls
        .filter_map(|call| {
            let NodeKind::Call { func, args } = code.kind(call) else { return None };
            let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else { return None };
            let (client, making) = subject.maker(*value).filter(|(client, it)| makes_client(client, *it))?;
            let package = client.callee(making)?;
            let package = package.split('.').next()?;
            let deed = deed(package, attr, args.first().and_then(|first| code.kind(first.value).as_str()))?;
            let is_elsewhere = !subject.is_item(&client.module, client.item);
            Some(Found {
                node: call,
                deed,
                kind: Kind::Store,
                written_at: is_elsewhere.then(|| client.place(client.code().range(making))),
                confidence: sureness(&client, making)?,
            })
        })
        .collect()
}

fn deed(package: &str, method: &str, first: Option<&str>) -> Option<String> {
    Some(match (package, method) {
        ("aioredis" | "redis", "flushall") => "empties the whole Redis server".to_owned(),
        ("aioredis" | "redis", "flushdb") => "empties a database of the Redis server".to_owned(),
        ("memcache" | "pylibmc" | "pymemcache", "flush_all") => "empties the memcached server".to_owned(),
        ("pymongo", "drop_database") => format!("drops the MongoDB database `{}`", first?),
        _ => return None,
    })
}

fn makes_client(subject: &Subject<'_>, call: NodeId) -> bool {
    let Some(path) = subject.callee(call) else { return false };
    let (Some(package), Some(name)) = (path.split('.').next(), path.rsplit('.').next()) else { return false };
    CLIENTS.iter().any(|(known, makers)| *known == package && makers.contains(&name))
}

/// How sure it is that all workers reach the same server: its address is written there, or comes from outside. `None` where
/// it is computed.
fn sureness(subject: &Subject<'_>, making: NodeId) -> Option<Confidence> {
    let source = subject.source(making);
    let is_configured = ["environ", "getenv", "settings"].iter().any(|word| source.contains(word));
    match is_fixed(subject, making) {
        true => Some(Confidence::Likely),
        false => is_configured.then_some(Confidence::Possible),
    }
}

/// Whether all that a client is made with is written there.
fn is_fixed(subject: &Subject<'_>, making: NodeId) -> bool {
    let code = subject.code();
    let NodeKind::Call { args, .. } = code.kind(making) else { return false };
    let is_literal = |node: NodeId| {
        matches!(
            code.kind(node),
            NodeKind::Str(_) | NodeKind::Int(_) | NodeKind::Bool(_) | NodeKind::Float(_) | NodeKind::None
        )
    };
    let is_plain = |node: NodeId| match code.kind(node) {
        NodeKind::Tuple(parts) | NodeKind::List(parts) => parts.iter().all(|part| is_literal(*part)),
        _ => is_literal(node),
    };
    args.iter().all(|argument| {
        !matches!(argument.kind, ArgumentKind::Star | ArgumentKind::DoubleStar) && is_plain(argument.value)
    })
}
