//! The port that an address names, where it is written there.

use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;

/// In which form a listener takes its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `8000`
    Port,
    /// `("localhost", 8000)`
    Pair,
    /// `"localhost:8000"`, `"tcp://*:5555"`
    Text,
}

/// The fixed port of an address; `None` where it is computed, or left to the system.
pub fn port(subject: &Subject<'_>, address: NodeId, form: Form) -> Option<u16> {
    match form {
        Form::Port => number(subject, address),
        Form::Pair => {
            let pair = pair(subject, address)?;
            number(&pair.0, pair.1)
        }
        Form::Text => {
            let origin = subject.origin(address).followed(subject.project);
            match origin.kind() {
                NodeKind::Str(text) => behind_colon(text),
                NodeKind::FString { template, values } if template.ends_with(":{}") => {
                    number(&origin.subject(subject.project), *values.last()?)
                }
                _ => None,
            }
        }
    }
}

/// The second part of a pair, in the item where it is written.
pub fn pair<'p>(subject: &Subject<'p>, address: NodeId) -> Option<(Subject<'p>, NodeId)> {
    if let Some(name) = subject.code().kind(address).as_name()
        && let Some(fixture) = subject.fixture_subject(name)
    {
        let results = fixture.results();
        let [result] = results.as_slice() else { return None };
        let second = second(&fixture, *result)?;
        return Some((fixture, second));
    }
    let origin = subject.origin(address).followed(subject.project);
    let written = origin.subject(subject.project);
    let second = second(&written, origin.node)?;
    Some((written, second))
}

fn second(subject: &Subject<'_>, pair: NodeId) -> Option<NodeId> {
    match subject.code().kind(pair) {
        NodeKind::Tuple(parts) | NodeKind::List(parts) => match **parts {
            [_, port] | [_, port, _, _] => Some(port),
            _ => None,
        },
        _ => None,
    }
}

fn number(subject: &Subject<'_>, port: NodeId) -> Option<u16> {
    if let NodeKind::Str(text) = subject.origin(port).followed(subject.project).kind() {
        return text.parse().ok().filter(|port| *port > 0);
    }
    let number = subject.number(port)?;
    let is_port = number.fract() == 0.0 && (1.0..=65535.0).contains(&number);
    is_port.then_some(number as u16)
}

/// `127.0.0.1:8000`, `tcp://*:5555`, `:8000`
pub fn behind_colon(text: &str) -> Option<u16> {
    let (_, port) = text.rsplit_once(':')?;
    port.parse().ok().filter(|port| *port > 0)
}

#[cfg(test)]
mod tests {
    use super::behind_colon;

    #[test]
    fn ports_stand_behind_the_last_colon() {
        assert_eq!(behind_colon("[::]:50051"), Some(50051));
        assert_eq!(behind_colon("tcp://*:5555"), Some(5555));
        assert_eq!(behind_colon("localhost:0"), None);
        assert_eq!(behind_colon("tcp://*:*"), None);
        assert_eq!(behind_colon("localhost"), None);
        assert_eq!(behind_colon("unix:/tmp/a.sock"), None);
    }
}
