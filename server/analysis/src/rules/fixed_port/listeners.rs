//! Functions and methods of libraries that listen where their argument says.

use super::address::Form;
use super::given::Given;
use crate::facts::{NodeId, NodeKind};
use crate::project::callee::Definition;
use crate::project::{Project, Subject};

/// Where a function takes its address: position, name and form.
type Parameter = (usize, &'static str, Form);

/// A parameter that has no place.
const NAMED: usize = usize::MAX;

const FUNCTIONS: &[(&str, Parameter)] = &[
    ("aiohttp.test_utils.RawTestServer", (NAMED, "port", Form::Port)),
    ("aiohttp.test_utils.TestServer", (NAMED, "port", Form::Port)),
    ("aiohttp.web.TCPSite", (2, "port", Form::Port)),
    ("aiohttp.web.run_app", (NAMED, "port", Form::Port)),
    ("aiosmtpd.controller.Controller", (2, "port", Form::Port)),
    ("anyio.create_tcp_listener", (NAMED, "local_port", Form::Port)),
    ("anyio.create_udp_socket", (NAMED, "local_port", Form::Port)),
    ("asyncio.start_server", (2, "port", Form::Port)),
    ("bottle.run", (NAMED, "port", Form::Port)),
    ("cheroot.wsgi.Server", (0, "bind_addr", Form::Pair)),
    ("dask.distributed.LocalCluster", (NAMED, "scheduler_port", Form::Port)),
    ("distributed.LocalCluster", (NAMED, "scheduler_port", Form::Port)),
    ("fakeredis.TcpFakeServer", (0, "server_address", Form::Pair)),
    ("gevent.pywsgi.WSGIServer", (0, "listener", Form::Pair)),
    ("gevent.server.StreamServer", (0, "listener", Form::Pair)),
    ("http.server.HTTPServer", (0, "server_address", Form::Pair)),
    ("http.server.ThreadingHTTPServer", (0, "server_address", Form::Pair)),
    ("moto.server.ThreadedMotoServer", (1, "port", Form::Port)),
    ("multiprocessing.connection.Listener", (0, "address", Form::Pair)),
    ("prometheus_client.start_http_server", (0, "port", Form::Port)),
    ("pyftpdlib.servers.FTPServer", (0, "address_or_socket", Form::Pair)),
    ("pytest_httpserver.HTTPServer", (1, "port", Form::Port)),
    ("socket.create_server", (0, "address", Form::Pair)),
    ("socketserver.TCPServer", (0, "server_address", Form::Pair)),
    ("socketserver.ThreadingTCPServer", (0, "server_address", Form::Pair)),
    ("socketserver.ThreadingUDPServer", (0, "server_address", Form::Pair)),
    ("socketserver.UDPServer", (0, "server_address", Form::Pair)),
    ("trio.open_tcp_listeners", (0, "port", Form::Port)),
    ("trio.serve_tcp", (1, "port", Form::Port)),
    ("twisted.internet.reactor.listenSSL", (0, "port", Form::Port)),
    ("twisted.internet.reactor.listenTCP", (0, "port", Form::Port)),
    ("twisted.internet.reactor.listenUDP", (0, "port", Form::Port)),
    ("uvicorn.run", (NAMED, "port", Form::Port)),
    ("waitress.create_server", (NAMED, "port", Form::Port)),
    ("waitress.serve", (NAMED, "port", Form::Port)),
    ("websockets.asyncio.server.serve", (2, "port", Form::Port)),
    ("websockets.legacy.server.serve", (2, "port", Form::Port)),
    ("websockets.serve", (2, "port", Form::Port)),
    ("websockets.server.serve", (2, "port", Form::Port)),
    ("websockets.sync.server.serve", (2, "port", Form::Port)),
    ("werkzeug.serving.make_server", (1, "port", Form::Port)),
    ("werkzeug.serving.run_simple", (1, "port", Form::Port)),
    ("wsgiref.simple_server.WSGIServer", (0, "server_address", Form::Pair)),
    ("wsgiref.simple_server.make_server", (1, "port", Form::Port)),
    ("xmlrpc.server.SimpleXMLRPCServer", (0, "addr", Form::Pair)),
];

/// Methods by what makes their object.
const METHODS: &[(&str, &str, Parameter)] = &[
    ("bottle.Bottle", "run", (NAMED, "port", Form::Port)),
    ("dash.Dash", "run", (NAMED, "port", Form::Port)),
    ("flask.Flask", "run", (1, "port", Form::Port)),
    ("gradio.Blocks", "launch", (NAMED, "server_port", Form::Port)),
    ("gradio.Interface", "launch", (NAMED, "server_port", Form::Port)),
    ("grpc.aio.server", "add_insecure_port", (0, "address", Form::Text)),
    ("grpc.aio.server", "add_secure_port", (0, "address", Form::Text)),
    ("grpc.server", "add_insecure_port", (0, "address", Form::Text)),
    ("grpc.server", "add_secure_port", (0, "address", Form::Text)),
    ("quart.Quart", "run", (1, "port", Form::Port)),
    ("sanic.Sanic", "run", (1, "port", Form::Port)),
    ("socket.socket", "bind", (0, "address", Form::Pair)),
    ("tornado.httpserver.HTTPServer", "bind", (0, "port", Form::Port)),
    ("tornado.httpserver.HTTPServer", "listen", (0, "port", Form::Port)),
    ("tornado.tcpserver.TCPServer", "bind", (0, "port", Form::Port)),
    ("tornado.tcpserver.TCPServer", "listen", (0, "port", Form::Port)),
    ("tornado.web.Application", "listen", (0, "port", Form::Port)),
];

/// Methods of event loops.
const OF_LOOPS: &[(&str, Parameter)] = &[
    ("create_datagram_endpoint", (NAMED, "local_addr", Form::Pair)),
    ("create_server", (2, "port", Form::Port)),
];

/// Bases of bases are followed this far.
const MAX_BASES: u32 = 4;

/// The address at which what is called listens, and its form.
pub fn address(subject: &Subject<'_>, given: &Given) -> Option<(NodeId, Form)> {
    let (index, name, form) = function(subject, given.func)
        .or_else(|| method(subject, given.func))
        .or_else(|| configuration(subject, given.func))?;
    if let Some(address) = given.argument(index, name) {
        return Some((address, form));
    }
    // `start_server(handle, *address)`
    let pair =
        (form == Form::Port && index > 0 && index != NAMED).then(|| given.rest_at(index - 1)).flatten()?;
    Some((pair, Form::Pair))
}

fn function(subject: &Subject<'_>, func: NodeId) -> Option<Parameter> {
    let path = subject.resolve(func)?;
    named(&path).or_else(|| {
        let (module, item) = subject.project.class_at(&path)?;
        derived(subject.project, &Definition { module, item }, MAX_BASES)
    })
}

fn named(path: &str) -> Option<Parameter> {
    FUNCTIONS.iter().find(|(known, _)| *known == path).map(|(_, parameter)| *parameter)
}

/// A class of the project that is made like the library's class that it derives from.
fn derived(project: &Project, class: &Definition, hops: u32) -> Option<Parameter> {
    let hops = hops.checked_sub(1)?;
    if project.method(class, "__init__").is_some() {
        return None;
    }
    let bases = project.base_names(&class.module, class.item);
    let of_library = bases.iter().find_map(|base| named(base));
    of_library.or_else(|| {
        let bases = project.bases(&class.module, class.item).into_iter();
        bases.map(|(module, item)| Definition { module, item }).find_map(|base| derived(project, &base, hops))
    })
}

fn method(subject: &Subject<'_>, func: NodeId) -> Option<Parameter> {
    let code = subject.code();
    let NodeKind::Attribute { value, attr, .. } = code.kind(func) else { return None };
    if let Some((_, parameter)) = OF_LOOPS.iter().find(|(name, _)| name == attr) {
        return is_loop(subject, *value).then_some(*parameter);
    }
    if !METHODS.iter().any(|(_, name, _)| name == attr) {
        return None;
    }
    let (maker, call) = subject.maker(*value)?;
    if attr == "bind" && is_zmq(&maker, call) {
        return Some((0, "addr", Form::Text));
    }
    let made_by = maker.callee(call)?;
    let known = METHODS.iter().find(|(path, name, _)| *path == made_by && name == attr);
    known.map(|(_, _, parameter)| *parameter)
}

/// `context.socket(zmq.REP)`
fn is_zmq(maker: &Subject<'_>, call: NodeId) -> bool {
    let code = maker.code();
    let NodeKind::Call { func, args } = code.kind(call) else { return false };
    code.kind(*func).last_name() == Some("socket")
        && args
            .first()
            .and_then(|kind| maker.resolve(kind.value))
            .is_some_and(|path| path.starts_with("zmq."))
}

fn is_loop(subject: &Subject<'_>, expr: NodeId) -> bool {
    let made_by = subject.maker(expr).and_then(|(maker, call)| maker.callee(call));
    match made_by {
        Some(path) => matches!(
            path.as_str(),
            "asyncio.get_event_loop" | "asyncio.get_running_loop" | "asyncio.new_event_loop"
        ),
        // Fixtures of pytest-asyncio and pytest-aiohttp.
        None => matches!(subject.code().kind(expr).as_name(), Some("event_loop" | "loop")),
    }
}

/// `uvicorn.Config(…)` where a server is made of it and run in the same function.
fn configuration(subject: &Subject<'_>, func: NodeId) -> Option<Parameter> {
    if subject.resolve(func).as_deref() != Some("uvicorn.Config") {
        return None;
    }
    let code = subject.code();
    let makes_server = subject.body().any(|node| {
        subject
            .callee(node)
            .is_some_and(|path| path == "uvicorn.Server" || derives_from_server(subject.project, &path))
    });
    let runs = subject.body().any(|node| {
        matches!(code.kind(node), NodeKind::Attribute { attr, .. } if matches!(attr.as_str(), "run" | "serve" | "startup" | "run_in_thread"))
    });
    (makes_server && runs).then_some((NAMED, "port", Form::Port))
}

fn derives_from_server(project: &Project, path: &str) -> bool {
    project.class_at(path).is_some_and(|(module, class)| {
        project.base_names(&module, class).iter().any(|base| base == "uvicorn.Server")
    })
}
