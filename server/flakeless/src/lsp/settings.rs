//! The editor's settings, JSON under `flakeless.*`, as a layer of the engine's.

use std::path::Path;

use analysis::config_text::value::{Kind, Member, Value};
use analysis::settings::{Layer, Origin};
use analysis::text::TextRange;
use analysis::workspace::known_rules;
use serde_json::{Map, Value as Json};

/// What is no setting of the engine: it speaks to the editor's extension, or is read when the server starts.
const EDITORS_OWN: [&str; 3] = ["path", "trace", TRUSTED];
const TRUSTED: &str = "trusted";

/// Whether a person may have code of the project run. An editor that knows of workspaces which are not trusted says
/// `"trusted": false` in `initializationOptions`; nothing that comes with a project is asked.
pub(crate) fn may_run(options: &Json) -> bool {
    options.get("flakeless").unwrap_or(options).get(TRUSTED) != Some(&Json::Bool(false))
}

/// What the editor says at several places, the last one winning setting by setting. Each says it under `flakeless`
/// or bare: Helix sends its whole configuration when it starts the server. `base` is the folder that relative paths
/// count from. Anything but an object says nothing.
pub(crate) fn layer(places: &[&Json], base: &Path) -> Layer {
    let mut said: Map<String, Json> = Map::new();
    for settings in places {
        let Json::Object(members) = settings.get("flakeless").unwrap_or(settings) else { continue };
        let chosen = members.iter().filter(|(_, value)| !value.is_null());
        said.extend(chosen.map(|(name, value)| (name.clone(), value.clone())));
    }
    let members = said.iter().filter(|(name, _)| !EDITORS_OWN.contains(&name.as_str()));
    let table = value(Kind::Table(members.filter_map(member).collect()));
    Layer::from_values(Origin::Editor, base, &table, &known_rules())
}

/// `null` means that nothing was chosen: editors send it for settings without a default.
fn member((name, json): (&String, &Json)) -> Option<Member> {
    Some(Member { key: name.clone(), key_range: TextRange::default(), value: of_json(json)? })
}

fn of_json(json: &Json) -> Option<Value> {
    Some(value(match json {
        Json::Null => return None,
        Json::Bool(choice) => Kind::Bool(*choice),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => Kind::Integer(integer),
            None => Kind::Float(number.as_f64()?),
        },
        Json::String(text) => Kind::Text(text.clone()),
        Json::Array(items) => Kind::List(items.iter().filter_map(of_json).collect()),
        Json::Object(members) => Kind::Table(members.iter().filter_map(member).collect()),
    }))
}

fn value(kind: Kind) -> Value {
    Value::new(TextRange::default(), kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn problems(settings: &Json) -> Vec<String> {
        layer(&[settings], Path::new("/p")).problems.into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn what_is_not_chosen_is_not_said() {
        for nothing in [json!(null), json!({}), json!({"select": null, "path": "flakeless"}), json!([])] {
            assert_eq!(problems(&nothing), [""; 0], "{nothing}");
            assert_eq!(layer(&[&nothing], Path::new("/p")).exclude(), None);
        }
    }

    #[test]
    fn a_whole_configuration_is_unwrapped() {
        let said = json!({"flakeless": {"exclude": ["legacy"]}});
        assert_eq!(problems(&said), [""; 0]);
        assert_eq!(layer(&[&said], Path::new("/p")).exclude(), Some(&["legacy".to_owned()][..]));
    }

    #[test]
    fn what_is_said_later_wins_setting_by_setting() {
        let (first, then) =
            (json!({"exclude": ["a"], "colour": 1}), json!({"flakeless": {"exclude": ["b"]}}));
        let both = layer(&[&first, &then], Path::new("/p"));
        assert_eq!(both.exclude(), Some(&["b".to_owned()][..]));
        assert_eq!(both.problems.len(), 1);
        for nothing in [json!(null), json!({}), json!({"exclude": null})] {
            assert_eq!(layer(&[&first, &nothing], Path::new("/p")).exclude(), Some(&["a".to_owned()][..]));
        }
    }

    #[test]
    fn choices_and_mistakes_arrive() {
        let said =
            json!({"exclude": ["legacy"], "min-confidence": "likely", "max-file-size": 5, "colour": "red"});
        assert_eq!(layer(&[&said], Path::new("/p")).exclude(), Some(&["legacy".to_owned()][..]));
        let problems = problems(&said);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains("colour"), "{problems:?}");
    }
}
