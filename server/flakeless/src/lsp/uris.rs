//! URIs as the client wrote them.
//!
//! `Url` writes some URIs in another way (spaces, letters beyond ASCII, `file://localhost/…`). A client may compare
//! what it gets back with what it sent, so what it sent is kept and put back into everything that is sent to it.

use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};
use tower_lsp::lsp_types::Url;

/// The URIs whose spelling differs; clones share them. Empty with the editors that escape as `Url` does.
#[derive(Clone, Default)]
pub(crate) struct ClientUris(Arc<RwLock<FxHashMap<String, String>>>);

impl ClientUris {
    /// Remembers the spelling in `params.textDocument.uri`.
    pub(crate) fn note(&self, params: Option<&Value>) {
        let Some(spelled) = params.and_then(|params| params.pointer("/textDocument/uri")?.as_str()) else {
            return;
        };
        let Ok(url) = Url::parse(spelled) else { return };
        if url.as_str() == spelled {
            return;
        }
        let mut spellings = self.0.write().unwrap_or_else(PoisonError::into_inner);
        spellings.insert(url.into(), spelled.to_owned());
    }

    /// The client's spelling of `url`.
    pub(crate) fn spelling(&self, url: &Url) -> String {
        let spellings = self.0.read().unwrap_or_else(PoisonError::into_inner);
        spellings.get(url.as_str()).cloned().unwrap_or_else(|| url.to_string())
    }

    /// Puts the client's spelling into each `uri` member and each key of a `changes` member of an answer.
    pub(crate) fn restore(&self, answer: &mut Value) {
        let spellings = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if spellings.is_empty() {
            return;
        }
        let mut left = vec![answer];
        while let Some(value) = left.pop() {
            match value {
                Value::Array(items) => left.extend(items),
                Value::Object(members) => {
                    if let Some(Value::Object(changes)) = members.get_mut("changes") {
                        respell_keys(changes, &spellings);
                    }
                    if let Some(Value::String(uri)) = members.get_mut("uri")
                        && let Some(spelled) = spellings.get(uri)
                    {
                        uri.clone_from(spelled);
                    }
                    left.extend(members.iter_mut().map(|(_, member)| member));
                }
                _ => {}
            }
        }
    }
}

fn respell_keys(changes: &mut Map<String, Value>, spellings: &FxHashMap<String, String>) {
    *changes = std::mem::take(changes)
        .into_iter()
        .map(|(uri, edits)| (spellings.get(&uri).cloned().unwrap_or(uri), edits))
        .collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn noted(uri: &str) -> ClientUris {
        let uris = ClientUris::default();
        uris.note(Some(&json!({"textDocument": {"uri": uri}})));
        uris
    }

    #[test]
    fn a_spelling_is_given_back_everywhere() {
        let spelled = "file:///tmp/日本 a.py";
        let uris = noted(spelled);
        let url = Url::parse(spelled).unwrap();
        assert_eq!(uris.spelling(&url), spelled);
        let mut answer = json!([{
            "edit": {"changes": {url.as_str(): [], "file:///other": []}},
            "diagnostics": [{"relatedInformation": [{"location": {"uri": url.as_str()}}]}],
        }]);
        uris.restore(&mut answer);
        assert_eq!(
            answer,
            json!([{
                "edit": {"changes": {spelled: [], "file:///other": []}},
                "diagnostics": [{"relatedInformation": [{"location": {"uri": spelled}}]}],
            }])
        );
    }

    #[test]
    fn an_escaped_colon_stays_escaped() {
        let spelled = "file:///c%3A/ws/test_a.py";
        let uris = noted(spelled);
        assert_eq!(uris.spelling(&Url::parse(spelled).unwrap()), spelled);
    }
}
