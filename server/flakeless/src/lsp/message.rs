//! One body of the stream as a JSON-RPC 2.0 message, or the answer that it deserves.

use serde_json::{Map, Value};
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};

/// What a client sends.
#[derive(Debug)]
pub(crate) enum Incoming {
    /// A request, or a notification when it has no id.
    Call(Request),
    Answer(Response),
}

/// Reads one body.
///
/// # Errors
/// The answer to send instead: `-32700` for what is no JSON in UTF-8, `-32600` for what is no single JSON-RPC 2.0
/// message, with the message's id where it has a usable one and `null` otherwise (JSON-RPC 2.0, section 5.1).
pub(crate) fn read_message(body: &[u8]) -> Result<Incoming, Response> {
    let value: Value = serde_json::from_slice(body).map_err(|error| {
        let why = if std::str::from_utf8(body).is_err() { "not UTF-8".to_owned() } else { error.to_string() };
        refuse(Id::Null, ErrorCode::ParseError, format!("the message is not JSON: {why}"))
    })?;
    match value {
        Value::Object(object) => read_object(object),
        Value::Array(_) => Err(invalid(Id::Null, "batches are not part of LSP")),
        _ => Err(invalid(Id::Null, "a message is a JSON object")),
    }
}

fn read_object(mut object: Map<String, Value>) -> Result<Incoming, Response> {
    let id = match object.remove("id") {
        None => None,
        Some(id) => Some(
            serde_json::from_value::<Id>(id)
                .map_err(|_| invalid(Id::Null, "an id is an integer or a string"))?,
        ),
    };
    let reply_to = id.clone().unwrap_or_default();
    if object.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return Err(invalid(reply_to, "the member \"jsonrpc\" must be \"2.0\""));
    }
    match object.remove("method") {
        Some(Value::String(method)) => Ok(Incoming::Call(call(method, id, object.remove("params")))),
        Some(_) => Err(invalid(reply_to, "the member \"method\" must be a string")),
        None => read_answer(id, &mut object),
    }
}

/// `params: null` counts as left out, and `shutdown` and `exit` lose theirs: several clients send some.
fn call(method: String, id: Option<Id>, params: Option<Value>) -> Request {
    let params = params.filter(|params| !params.is_null() && !matches!(method.as_str(), "shutdown" | "exit"));
    let params = if method == "initialize" { params.map(as_lsp_types_reads_it) } else { params };
    let mut request = Request::build(method);
    if let Some(params) = params {
        request = request.params(params);
    }
    if let Some(id) = id {
        request = request.id(id);
    }
    request.finish()
}

/// LSP 3.17 names a client's ability to refresh pulled diagnostics `workspace.diagnostics`; lsp-types 0.94, and
/// clients written with it (Helix), say `workspace.diagnostic`.
fn as_lsp_types_reads_it(mut params: Value) -> Value {
    if let Some(Value::Object(workspace)) = params.pointer_mut("/capabilities/workspace")
        && let Some(diagnostics) = workspace.remove("diagnostics")
    {
        workspace.entry("diagnostic").or_insert(diagnostics);
    }
    params
}

fn read_answer(id: Option<Id>, object: &mut Map<String, Value>) -> Result<Incoming, Response> {
    let nothing = || invalid(Id::Null, "neither a request, a notification nor a response");
    let id = id.ok_or_else(nothing)?;
    if let Some(error) = object.remove("error").filter(|error| !error.is_null()) {
        let error = serde_json::from_value(error)
            .unwrap_or_else(|_| Error { message: "malformed error".into(), ..Error::internal_error() });
        return Ok(Incoming::Answer(Response::from_error(id, error)));
    }
    let result = object.remove("result").ok_or_else(nothing)?;
    Ok(Incoming::Answer(Response::from_ok(id, result)))
}

/// The answer to bytes that are no frame.
pub(crate) fn broken_frame(what: &str) -> Response {
    refuse(Id::Null, ErrorCode::ParseError, what.to_owned())
}

fn invalid(id: Id, why: &'static str) -> Response {
    refuse(id, ErrorCode::InvalidRequest, why.to_owned())
}

fn refuse(id: Id, code: ErrorCode, why: String) -> Response {
    Response::from_error(id, Error { code, message: why.into(), data: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_and_id(body: &[u8]) -> (i64, Id) {
        let refusal = read_message(body).expect_err("it is refused");
        let (id, result) = refusal.into_parts();
        (result.expect_err("it is an error").code.code(), id)
    }

    #[test]
    fn what_is_no_json_is_a_parse_error() {
        assert_eq!(code_and_id(b"{\"jsonrpc\": "), (-32700, Id::Null));
        assert_eq!(code_and_id(b"{\"jsonrpc\": \"2.0\", \"method\": \"\xff\"}"), (-32700, Id::Null));
    }

    #[test]
    fn what_is_no_message_is_an_invalid_request() {
        assert_eq!(code_and_id(b"[]"), (-32600, Id::Null));
        assert_eq!(code_and_id(b"5"), (-32600, Id::Null));
        assert_eq!(code_and_id(br#"{"id": 3, "method": "a"}"#), (-32600, Id::Number(3)));
        assert_eq!(
            code_and_id(br#"{"jsonrpc": "1.0", "id": "x", "method": "a"}"#),
            (-32600, Id::String("x".into()))
        );
        assert_eq!(code_and_id(br#"{"jsonrpc": "2.0", "id": 1, "method": 7}"#), (-32600, Id::Number(1)));
        assert_eq!(code_and_id(br#"{"jsonrpc": "2.0", "id": 1.5, "method": "a"}"#), (-32600, Id::Null));
        assert_eq!(code_and_id(br#"{"jsonrpc": "2.0", "id": 1}"#), (-32600, Id::Null));
    }

    #[test]
    fn null_params_are_no_params() {
        let Ok(Incoming::Call(request)) =
            read_message(br#"{"jsonrpc": "2.0", "id": 1, "method": "a", "params": null}"#)
        else {
            panic!("a request")
        };
        assert_eq!(request.params(), None);
    }

    #[test]
    fn an_answer_may_hold_null_or_an_error() {
        let Ok(Incoming::Answer(answer)) = read_message(br#"{"jsonrpc": "2.0", "id": 1, "result": null}"#)
        else {
            panic!("an answer")
        };
        assert!(answer.is_ok());
        let body =
            br#"{"jsonrpc": "2.0", "id": 1, "result": null, "error": {"code": -32601, "message": "no"}}"#;
        let Ok(Incoming::Answer(answer)) = read_message(body) else { panic!("an answer") };
        assert_eq!(answer.error().map(|error| error.code.code()), Some(-32601));
    }
}
