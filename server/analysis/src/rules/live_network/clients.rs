//! Calls of known clients that open a connection to a host which is written there.

use super::quiet;
use super::urls::{named_host, url_host};
use crate::facts::arguments::{argument, keyword};
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;

/// A connection to a host.
pub struct Connection {
    pub call: NodeId,
    /// The argument that says where to.
    pub at: NodeId,
    pub host: String,
}

/// Where a function takes its address: position and name.
type Parameter = (usize, &'static str);

const VERBS: &[&str] = &["delete", "get", "head", "options", "patch", "post", "put"];

/// Modules with a function for each verb, `request(method, url)` and more of that kind.
const MODULES: &[&str] = &["httpx", "niquests", "requests", "requests.api"];

/// Functions that open a URL.
const OPENERS: &[(&str, Parameter)] = &[
    ("aiohttp.request", (1, "url")),
    ("httpx.stream", (1, "url")),
    ("pandas.read_csv", (0, "filepath_or_buffer")),
    ("pandas.read_excel", (0, "io")),
    ("pandas.read_html", (0, "io")),
    ("pandas.read_json", (0, "path_or_buf")),
    ("pandas.read_parquet", (0, "path")),
    ("pandas.read_xml", (0, "path_or_buffer")),
    ("pooch.retrieve", (0, "url")),
    ("urllib.request.urlopen", (0, "url")),
    ("urllib.request.urlretrieve", (0, "url")),
    ("urllib3.request", (1, "url")),
    ("websocket.create_connection", (0, "url")),
    ("websockets.connect", (0, "uri")),
    ("websockets.asyncio.client.connect", (0, "uri")),
    ("websockets.sync.client.connect", (0, "uri")),
    ("wget.download", (0, "url")),
];

/// Functions that take the name of a host.
const NAMED: &[(&str, Parameter)] = &[
    ("asyncio.open_connection", (0, "host")),
    ("ftplib.FTP", (0, "host")),
    ("ftplib.FTP_TLS", (0, "host")),
    ("imaplib.IMAP4_SSL", (0, "host")),
    ("smtplib.SMTP", (0, "host")),
    ("smtplib.SMTP_SSL", (0, "host")),
    ("socket.create_connection", (0, "address")),
    ("socket.getaddrinfo", (0, "host")),
    ("socket.gethostbyname", (0, "hostname")),
];

/// Clients, and those of their makers' arguments that put something in the place of the network.
const CLIENTS: &[(&str, &[&str])] = &[
    ("aiohttp.ClientSession", &["connector", "request_class"]),
    ("httpx.AsyncClient", &["app", "mounts", "transport"]),
    ("httpx.Client", &["app", "mounts", "transport"]),
    ("niquests.Session", &[]),
    ("requests.Session", &[]),
    ("requests.session", &[]),
    ("requests.sessions.Session", &[]),
    ("urllib3.PoolManager", &[]),
];

/// The connection that a call opens.
pub fn connection(subject: &Subject<'_>, call: NodeId) -> Option<Connection> {
    let NodeKind::Call { func, args } = subject.code().kind(call) else { return None };
    let found = |at: NodeId, host: String| Some(Connection { call, at, host });
    if let Some(path) = subject.resolve(*func) {
        let (module, name) = path.rsplit_once('.')?;
        if MODULES.contains(&module) {
            let at = verb_argument(name, args)?;
            return found(at, url_host(subject, at)?);
        }
        if let Some((_, (index, name))) = OPENERS.iter().find(|(known, _)| *known == path) {
            let at = argument(args, *index, name)?;
            return found(at, url_host(subject, at)?);
        }
        if let Some((_, (index, name))) = NAMED.iter().find(|(known, _)| *known == path) {
            let at = argument(args, *index, name)?;
            return found(at, named_host(subject, at)?);
        }
    }
    let NodeKind::Attribute { value, attr, .. } = subject.code().kind(*func) else { return None };
    let at = verb_argument(attr, args)?;
    if quiet::is_refitted(subject, *value) {
        return None;
    }
    let (maker, making) = subject.maker(*value)?;
    let host = client_host(subject, at, &maker, making)?;
    found(at, host)
}

fn verb_argument(name: &str, args: &[Argument]) -> Option<NodeId> {
    match name {
        "request" | "stream" => argument(args, 1, "url"),
        "ws_connect" => argument(args, 0, "url"),
        _ if VERBS.contains(&name) => argument(args, 0, "url"),
        _ => None,
    }
}

/// The host that a client asks: the URL's, or that of the client's base.
fn client_host(subject: &Subject<'_>, url: NodeId, maker: &Subject<'_>, making: NodeId) -> Option<String> {
    let made_by = maker.callee(making)?;
    let (_, replacing) = CLIENTS.iter().find(|(known, _)| *known == made_by)?;
    let NodeKind::Call { args, .. } = maker.code().kind(making) else { return None };
    let is_replaced = args.iter().any(|arg| match &arg.kind {
        ArgumentKind::Keyword(name) => replacing.contains(&name.as_str()),
        ArgumentKind::DoubleStar | ArgumentKind::Star => true,
        ArgumentKind::Positional => false,
    });
    if is_replaced {
        return None;
    }
    if let Some(host) = url_host(subject, url) {
        return Some(host);
    }
    let is_relative = match subject.origin(url).followed(subject.project).kind() {
        NodeKind::Str(text) | NodeKind::FString { template: text, .. } => {
            !text.contains("://") && !text.starts_with('{')
        }
        _ => false,
    };
    let base = keyword(args, "base_url").or_else(|| argument(args, 0, "base_url")).filter(|_| is_relative)?;
    url_host(maker, base)
}
